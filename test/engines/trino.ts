import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ENGINES, type Engine, javaHome } from './engine.ts';

/** Trino is what Athena runs: its server over a lake below `folder`, at this port of this machine. */
export async function startTrino(folder: string, port = 18_433): Promise<Engine> {
  const version = readdirSync(ENGINES).find((name) => name.startsWith('trino-')) as string;
  const home = serverBelow(folder, join(ENGINES, version), port);
  const java = javaHome(25);
  const child = spawn(join(home, 'bin/launcher'), ['run'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, JAVA_HOME: java, PATH: `${join(java, 'bin')}:${process.env.PATH}` },
  });
  await started(child.stdout, child.stderr);
  const address = `http://127.0.0.1:${port}/v1/statement`;
  return {
    name: 'athena',
    version,
    run: async (statements) => {
      let rows: (string | null)[][] = [];
      for (const statement of statements) rows = await query(address, statement);
      return rows;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

/** The server's folder, with settings of its own; what is large in it is linked. */
function serverBelow(folder: string, installed: string, port: number): string {
  const home = join(folder, 'trino');
  mkdirSync(join(home, 'etc/catalog'), { recursive: true });
  for (const name of ['lib', 'plugin', 'secrets-plugin']) {
    if (readdirSync(installed).includes(name)) symlinkSync(join(installed, name), join(home, name));
  }
  cpSync(join(installed, 'bin'), join(home, 'bin'), { recursive: true });
  const settings = {
    'node.properties': [
      'node.environment=test',
      'node.id=n1',
      `node.data-dir=${join(folder, 'trino-data')}`,
    ],
    'jvm.config': [
      '-server',
      '-Xmx4G',
      '-XX:+UseG1GC',
      '-Djdk.attach.allowAttachSelf=true',
      '--add-modules=jdk.incubator.vector',
    ],
    'config.properties': [
      'coordinator=true',
      'node-scheduler.include-coordinator=true',
      `http-server.http.port=${port}`,
      `discovery.uri=http://127.0.0.1:${port}`,
    ],
    'catalog/hive.properties': [
      'connector.name=hive',
      'hive.metastore=file',
      'hive.metastore.catalog.dir=local:///warehouse',
      'fs.native-local.enabled=true',
      `local.location=${join(folder, 'lake')}`,
      'hive.recursive-directories=true',
      'hive.timestamp-precision=MICROSECONDS',
    ],
  };
  mkdirSync(join(folder, 'lake'), { recursive: true });
  for (const [name, lines] of Object.entries(settings)) {
    writeFileSync(join(home, 'etc', name), `${lines.join('\n')}\n`);
  }
  return home;
}

async function started(...outputs: (NodeJS.ReadableStream | null)[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    for (const output of outputs) {
      const lines = createInterface({ input: output as NodeJS.ReadableStream });
      lines.on('line', (line) => line.includes('SERVER STARTED') && resolve());
      lines.on('close', () => reject(new Error('Trino ended')));
    }
  });
}

interface Answer {
  readonly nextUri?: string;
  readonly data?: unknown[][];
  readonly error?: { readonly message: string };
}

const HEADERS = { 'X-Trino-User': 'test', 'X-Trino-Catalog': 'hive', 'X-Trino-Schema': 'logs' };

async function query(address: string, statement: string): Promise<(string | null)[][]> {
  const headers = { ...HEADERS, 'X-Trino-Time-Zone': process.env.ENGINE_ZONE ?? 'Asia/Tokyo' };
  let answer = await json(await fetch(address, { method: 'POST', body: statement, headers }));
  const rows: unknown[][] = [];
  for (;;) {
    if (answer.error !== undefined) throw new Error(answer.error.message);
    rows.push(...(answer.data ?? []));
    if (answer.nextUri === undefined) break;
    answer = await json(await fetch(answer.nextUri, { headers }));
  }
  return rows.map((row) => row.map((cell) => (cell === null ? null : String(cell))));
}

async function json(response: Response): Promise<Answer> {
  return (await response.json()) as Answer;
}
