/*
 * Runs the tests for Stryker in its own process. Vitest's workers take seconds for each of many
 * thousand mutants; here only the modules are evaluated anew, as what one mutant left in them
 * must not reach the next, and tests run until one fails, those nearest to the mutant first.
 *
 * What a test file covers while it is loaded (tables of a module, facts of a `describe`) counts
 * as covered by a test of its own, `FILE loads`: such a mutant runs all tests of that file.
 */
import { readdirSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { getFn, startTests } from '@vitest/runner';
import { createServer, createServerModuleRunner } from 'vite';
import { kernelPlugin } from '../kernel-plugin.mjs';

/** The tests that run the source in this process, without the properties, which take long. */
const TESTS = [
  /^(domain|billing|reconcile|aws)\/[^/]+\.test\.ts$/,
  /^import\/(?!orders)[^/]+\.test\.ts$/,
  /^input\/(identities|bad-references)\.test\.ts$/,
  /^render\/(block-table|rates|optimize|forecast|explain|csv)\.test\.ts$/,
  /^cli\/(trend|rows|optimize|forecast|import|reconcile)\.test\.ts$/,
  /^report\/(report|figures)\.test\.ts$/,
  /^stories\/(worked-examples|rate-change|overage-switch)\.test\.ts$/,
];

/** What the instrumented source shares with the runner. */
globalThis.__stryker__ ??= {};
const shared = globalThis.__stryker__;

class InProcessRunner {
  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.server = await createServer({
      configFile: false,
      plugins: [kernelPlugin()],
      appType: 'custom',
      logLevel: 'error',
      server: { middlewareMode: true, watch: null, hmr: false, ws: false },
      optimizeDeps: { noDiscovery: true, include: [] },
    });
    this.modules = createServerModuleRunner(this.server.environments.ssr, {
      hmr: false,
      sourcemapInterceptor: false,
    });
  }

  async dryRun() {
    const tests = [];
    for (const file of testFiles()) {
      this.modules.clearCache();
      tests.push(...(await this.runFile(file)));
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage: shared.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, sandboxFileName }) {
    Object.assign(shared, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
    this.modules.clearCache();
    const ids = new Set(testFilter);
    const files = new Set(testFilter.map((id) => id.slice(0, id.indexOf(' '))));
    const tests = [];
    for (const file of nearestFirst(files, sandboxFileName)) {
      tests.push(...(await this.runFile(file, ids)));
      if (tests.some(hasFailed)) break;
    }
    const timeout = determineHitLimitReached(shared.hitCount, hitLimit);
    return toMutantRunResult(timeout ?? { status: DryRunStatus.Complete, tests });
  }

  /** The results of a file: all tests, or only those in `ids` until one fails. */
  async runFile(file, ids) {
    const loading = `${file} loads`;
    const isWanted = (id) => ids === undefined || ids.has(loading) || ids.has(id);
    let idOf = new Map();
    let isFailed = false;
    const start = performance.now();
    shared.currentTestId = loading;
    const [collected] = await startTests([resolve(file)], {
      config: CONFIG,
      pool: 'stryker',
      importFile: (path) => this.modules.import(path),
      onCollected: ([one]) => {
        idOf = idsOf(file, one);
      },
      onBeforeRunTask: (test) => {
        if ((isFailed && ids !== undefined) || !isWanted(idOf.get(test))) test.mode = 'skip';
      },
      onBeforeTryTask: (test) => {
        shared.currentTestId = idOf.get(test);
      },
      runTask: async (test) => {
        try {
          await getFn(test)();
        } catch (error) {
          // Without what was expected and found, whose difference would be worked out.
          throw new Error(String(error?.message ?? error));
        }
      },
      onAfterRunTask: (test) => {
        shared.currentTestId = loading;
        isFailed ||= test.result.state === 'fail';
      },
    });
    const ran = [...idOf].filter(([{ result }]) => /pass|fail/.test(result?.state));
    const results = ran.map(([test, id]) => testResult(file, id, test.result));
    const spent = results.reduce((sum, { timeSpentMs }) => sum + timeSpentMs, 0);
    const duration = performance.now() - start - spent;
    const errors = suitesOf(collected).flatMap(({ result }) => result?.errors ?? []);
    const state = errors.length > 0 ? 'fail' : 'pass';
    return [testResult(file, loading, { state, errors, duration }), ...results];
  }

  async dispose() {
    await this.modules?.close();
    await this.server?.close();
  }
}

const CONFIG = {
  root: process.cwd(),
  setupFiles: [],
  sequence: { hooks: 'stack' },
  testTimeout: 60_000,
  hookTimeout: 60_000,
  maxConcurrency: 1,
  tags: [],
};

function testFiles() {
  return readdirSync('test', { recursive: true })
    .filter((path) => TESTS.some((pattern) => pattern.test(path)))
    .map((path) => `test/${path}`)
    .sort();
}

/** The test files, those named like the mutant's file first, then those of its folder. */
function nearestFirst(files, sandboxFileName) {
  const source = relative('src', sandboxFileName);
  const [folder] = source.split('/');
  const name = basename(source, '.ts');
  const distance = (file) =>
    (basename(file).startsWith(`${name}.`) ? 0 : 2) + (file.startsWith(`test/${folder}/`) ? 0 : 1);
  return [...files].sort((a, b) => distance(a) - distance(b));
}

function testsOf(suite) {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task) : [task]));
}

function suitesOf(suite) {
  return [suite, ...suite.tasks.filter(({ type }) => type === 'suite').flatMap(suitesOf)];
}

/** The ids of a file's tests: the file and the title, numbered where a title comes again. */
function idsOf(file, collected) {
  const counts = new Map();
  const ids = testsOf(collected).map((test) => {
    const id = `${file} ${test.fullTestName}`;
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return [test, count === 1 ? id : `${id} (${count})`];
  });
  return new Map(ids);
}

function testResult(file, id, { state, errors = [], duration = 0 }) {
  const failed = state === 'fail';
  return {
    id,
    name: id,
    fileName: resolve(file),
    timeSpentMs: Math.round(duration),
    status: failed ? TestStatus.Failed : TestStatus.Success,
    ...(failed && { failureMessage: errors.map(({ message }) => message).join('\n') }),
  };
}

function hasFailed({ status }) {
  return status === TestStatus.Failed;
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner),
];
