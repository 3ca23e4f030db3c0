/** The same files give the same directory, in whatever order and however often they are imported. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { companies } from '../support/aws-companies.ts';
import { contents, differenceText, type ImportStep, runOrders } from '../support/import-orders.ts';
import { runMain, withDirectory } from '../support/in-process.ts';
import { mergedFiles } from '../support/merged-acme.ts';

const ACME = join(import.meta.dirname, '../../fixtures/acme-aws');

const ACME_LISTS: ImportStep = [
  ['us', 'arn:aws:codewhisperer:us-east-1:123456789012:profile/ABJQ4ZC7WRTK'],
  ['eu', 'arn:aws:codewhisperer:eu-central-1:123456789012:profile/DEX2N6HVYPQM'],
  ['gov', 'arn:aws-us-gov:codewhisperer:us-gov-west-1:210987654321:profile/GVKW8T3LDSFA'],
].map(([name, profile = '']) => [
  'subscriptions',
  join(ACME, `subscriptions/${name}-2026-03-31.csv`),
  ...['--as-of', '2026-03-31', '--profile', profile],
]);

/** Tables without the places from which their rows come. */
function withoutPlaces(files: Readonly<Record<string, string>>): Record<string, unknown> {
  const tables = Object.entries(files).filter(([name]) => name.endsWith('.csv'));
  return Object.fromEntries(
    tables.map(([name, text]) => {
      const rows: Record<string, string>[] = parse(text, { columns: true });
      return [name, rows.map(({ inferred_from: _, ...row }) => row)];
    }),
  );
}

it('all 24 orders of the imports of Acme, and each of them again', async () => {
  const stepsFrom = (folder: string): ImportStep[] => [
    [['activity', join(folder, 'bucket')]],
    [['cur', join(folder, 'cur')]],
    ACME_LISTS,
    [['users', join(ACME, 'identity-store')]],
  ];
  await withDirectory(mergedFiles(ACME), async (directory) => {
    const { differences, whole } = await runOrders(directory, stepsFrom(directory));
    expect(differences.map(differenceText)).toEqual([]);
    expect(whole.status, whole.stderr).toBe(0);
    const { stderr, status } = await runMain(['check', '--data', whole.folder]);
    expect(status, stderr).toBe(0);
    const unmerged = join(directory, 'unmerged');
    // The long files last, as each import reads those before it again.
    for (const args of stepsFrom(ACME).toReversed().flat()) {
      await runMain(['import', ...args, '-o', unmerged]);
    }
    expect(withoutPlaces(await contents(unmerged))).toEqual(withoutPlaces(whole.files));
  });
}, 300_000);

/** The commands of the README, on its sample, and the lists with which a second path begins. */
it('all orders of the imports of the sample, to one bill', async () => {
  await withDirectory({}, async (directory) => {
    const sample = join(directory, 'my-data');
    await runMain(['init', sample]);
    const aws = (path: string): string => join(sample, 'aws', path);
    const virginia = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/VIRGINIA2026';
    const list = ['subscriptions', aws('subscriptions/virginia.csv'), '--as-of', '2026-01-31'];
    const { differences, whole } = await runOrders(directory, [
      [['activity', aws('reports')]],
      [['cur', aws('cur')]],
      [['users', aws('identity-store')]],
      [[...list, '--profile', virginia]],
    ]);
    expect(differences.map(differenceText)).toEqual([]);
    const data = ['2026-01', '--data', whole.folder];
    expect((await runMain(['check', whole.folder])).status).toBe(0);
    expect((await runMain(['invoice', ...data])).status).toBe(0);
    expect((await runMain(['reconcile', ...data])).status).toBeLessThanOrEqual(1);
  });
});

it("the console's lists alone give a first bill", async () => {
  await withDirectory({}, async (directory) => {
    const { whole } = await runOrders(directory, [ACME_LISTS]);
    const args = ['invoice', '--month', '2026-03', '--data', whole.folder, '--format', 'json'];
    const { seats } = JSON.parse((await runMain([...args, '--by', 'profile'])).stdout).totals;
    expect(seats).toBe(41);
    const pending = await runMain([...args, '--user', 'rebecca.stone@example.com']);
    expect(JSON.parse(pending.stdout).rows).toEqual([]);
  });
});

it('all orders of the imports of small companies', async () => {
  const allOrders = fc.asyncProperty(companies, async ({ files, imports }) => {
    const found = await withDirectory(files, async (directory) => {
      const start = join(directory, 'start');
      const steps = imports.map(({ kind, path, args }) => [[kind, join(directory, path), ...args]]);
      const { differences, whole } = await runOrders(
        directory,
        steps,
        existsSync(start) ? start : undefined,
      );
      const failed = whole.status > 1 ? [whole.stderr] : [];
      const texts = [...failed, ...differences.map(differenceText)];
      return texts.map((text) => text.replaceAll(directory, ''));
    });
    expect(found).toEqual([]);
  });
  await fc.assert(allOrders, { numRuns: 5 });
}, 300_000);
