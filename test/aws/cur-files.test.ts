/** The files of AWS's bills and reports, and what is in them. */
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { containerOf, curFiles } from '../../src/aws/cur-files.ts';
import { readCur } from '../../src/aws/read-cur.ts';
import { zippedFiles } from '../../src/aws/zipped-files.ts';
import { BadInput } from '../../src/domain/problem.ts';
import { activityFiles } from '../../src/import/activity-files.ts';
import type { ByteSource } from '../../src/input/byte-source.ts';
import { ProblemLog } from '../../src/input/problem-log.ts';
import { readReports } from '../../src/usage/read-reports.ts';
import { withDirectory } from '../support/in-process.ts';
import { ALICE, curCsv, curParquet, fee } from './cur-rows.ts';

const CUR = curCsv([fee(ALICE, 'Pro', '20')]);
const ZIP = Buffer.from(zipSync({ 'cur.csv': Buffer.from(CUR) }));

/** The message of the `BadInput` that a promise ends with. */
async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BadInput)) throw new Error(`no bad input: ${error}`);
  return error.problems.map(({ file, what }) => `${file}: ${what}`).join('\n');
}

describe('the container of a file', () => {
  it.each([
    ['cur.csv', CUR, 'csv'],
    ['cur.csv', curParquet([fee(ALICE, 'Pro', '20')]), 'parquet'],
    ['cur.csv', ZIP, 'zip'],
    ['cur.PARQUET', 'x', 'parquet'],
    ['cur.parquet.csv', 'x', 'csv'],
    ['cur.csv.ZIP', 'x', 'zip'],
    ['cur.zip.csv', 'x', 'csv'],
    ['cur', 'PK', 'csv'],
    ['cur', '', 'csv'],
  ])('%s is told by its first bytes, else by its name', async (name, content, container) => {
    await withDirectory({ [name]: content }, async (directory) => {
      expect(containerOf({ file: join(directory, name) })).toBe(container);
    });
  });

  it('of a file that is not there is told by its name', async () => {
    expect(containerOf({ file: '/nowhere/cur.zip' })).toBe('zip');
  });

  it('of a stream is told by its name alone', async () => {
    const stream = (async function* () {
      yield ZIP;
    })();
    await withDirectory({ 'cur.csv': ZIP }, async (directory) => {
      expect(containerOf({ file: join(directory, 'cur.csv'), stream })).toBe('csv');
    });
    expect(containerOf({ file: 'cur.parquet', stream })).toBe('parquet');
  });
});

describe('the files of a bill', () => {
  const files = {
    'a/x.csv': CUR,
    'a/x.CSV.GZ': '',
    'a/y.csv.zip': ZIP,
    'a/z.zip': ZIP,
    'a/p.snappy.parquet': '',
    'a/x.csv.bak': '',
    'a/csv': '',
    'a/x-Manifest.json': '{}',
    'a/create.sql': '\n create external table x (\n',
    'a/list': ' ["a.csv"]',
    'a/Metadata/m.csv': '',
    'a/b/metadata/m.csv': '',
    'a/metadata.csv': CUR,
    'none/x.txt': '',
  };
  const found = (...paths: string[]) =>
    withDirectory(files, async (directory) => {
      const sources = await curFiles(...paths.map((path) => join(directory, path)));
      const short = (path: string | undefined) => path?.replace(`${directory}/`, '');
      return sources.map(({ file, folder, origin }) => [short(file), short(folder), short(origin)]);
    });

  it('in a folder are its data files, but none in metadata, in the order of their paths', async () => {
    expect((await found('a')).map(([file]) => file)).toEqual([
      'a/metadata.csv',
      'a/p.snappy.parquet',
      'a/x.CSV.GZ',
      'a/x.csv',
      'a/y.csv.zip',
      'a/z.zip',
    ]);
  });

  it('in a folder named metadata are read where it is given', async () => {
    expect(await found('a/Metadata')).toEqual([['a/Metadata/m.csv', 'a/Metadata', undefined]]);
  });

  it('know the folder, and the path where there are several', async () => {
    expect(await found('a/x.csv')).toEqual([['a/x.csv', undefined, undefined]]);
    expect(await found('a/b/metadata', 'a/x.csv')).toEqual([
      ['a/b/metadata/m.csv', 'a/b/metadata', 'a/b/metadata'],
      ['a/x.csv', undefined, 'a/x.csv'],
    ]);
  });

  it('that are not there are two where two are named: their reader says so', async () => {
    const paths = ['/nowhere/a.csv', '/nowhere/b.csv'];
    expect((await curFiles(...paths)).map(({ file }) => file)).toEqual(paths);
  });

  it('that two paths reach are read once, by links too', async () => {
    await withDirectory({ 'a/x.csv': CUR }, async (directory) => {
      await symlink(join(directory, 'a'), join(directory, 'link'));
      const paths = ['a', 'a/x.csv', 'link'].map((path) => join(directory, path));
      expect((await curFiles(...paths)).map(({ file }) => file)).toEqual([
        join(directory, 'a/x.csv'),
      ]);
    });
  });

  it.each([
    [
      'a/x-Manifest.json',
      /x-Manifest\.json: this describes a bill, but is not one: name the folder/,
    ],
    ['a/create.sql', /create\.sql: this describes a bill/],
    ['a/list', /list: this describes a bill/],
    ['none', /none: the folder has no \.csv, \.csv\.gz, \.zip or \.parquet file in it/],
  ])('are not in %s', async (path, message) => {
    const given = withDirectory(files, (directory) => curFiles(join(directory, path)));
    expect(await messageOf(given)).toMatch(message);
  });

  it('that are named are read, whatever their names', async () => {
    for (const name of ['x.json', 'x.sql', 'x.sql.gz', 'bill']) {
      await withDirectory({ [name]: CUR }, async (directory) => {
        expect(await curFiles(join(directory, name))).toHaveLength(1);
      });
    }
  });

  it('that are named as a bill and hold people are left to the reader, which says what they are', async () => {
    for (const key of ['Users', 'Groups', 'GroupMemberships']) {
      await withDirectory({ 'x.json': `{\n  "${key}": [] }` }, async (directory) => {
        const sources = await curFiles(join(directory, 'x.json'));
        const log = new ProblemLog();
        await readCur(sources, log, () => {}, {});
        expect(log.kept[0]?.what).toContain('run kiro-bill import users PATH -o DIR');
      });
    }
  });
});

describe('an archive', () => {
  function sourceOf(bytes: Uint8Array, file: string, chunkBytes: number): ByteSource {
    async function* chunks(): AsyncGenerator<Buffer> {
      for (let start = 0; start < bytes.length; start += chunkBytes) {
        yield Buffer.from(bytes.subarray(start, start + chunkBytes));
      }
    }
    return { file, stream: chunks() };
  }

  async function unpacked(entries: Record<string, string>, file = 'cur.zip', chunkBytes = 7) {
    const bytes = zipSync(
      Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, Buffer.from(text)])),
    );
    let read = 0;
    const texts: string[][] = [];
    const source = sourceOf(bytes, file, chunkBytes);
    for await (const one of zippedFiles(source, (count) => {
      read += count;
    })) {
      const chunks: Buffer[] = [];
      for await (const chunk of one.stream as AsyncIterable<Buffer>) chunks.push(chunk);
      texts.push([one.file, Buffer.concat(chunks).toString()]);
    }
    expect(read).toBe(bytes.length);
    return texts;
  }

  it.each([1, 7, 1000, 1e6])('has its CSV files, in pieces of %i bytes', async (chunkBytes) => {
    const files = {
      'a.json': '{}',
      'x/one.csv': CUR.repeat(50),
      'two.CSV': 'b',
      '.hidden.csv': 'c',
      'x/._two.csv': 'd',
      'a.csv.txt': '',
    };
    expect(await unpacked(files, 'cur.zip', chunkBytes)).toEqual([
      ['cur.zip[x/one.csv]', CUR.repeat(50)],
      ['cur.zip[two.CSV]', 'b'],
    ]);
  });

  it.each([
    ['a/cur.csv.zip', 'cur.csv', 'a/cur.csv.zip'],
    ['a/cur.zip', 'x/cur.csv', 'a/cur.zip'],
    ['a/cur.CSV.ZIP', 'cur.CSV', 'a/cur.CSV.ZIP'],
    ['a/cur.zip', 'may.csv', 'a/cur.zip[may.csv]'],
    ['a/cur.zip.zip', 'cur.csv', 'a/cur.zip.zip[cur.csv]'],
    ['a/cur.csv', 'cur.csv.csv', 'a/cur.csv'],
    ['a.zip.b.zip', 'a.zip.b.csv', 'a.zip.b.zip'],
    ['a.csv.b.zip', 'a.csv.b.csv', 'a.csv.b.zip'],
  ])('%s with %s is the place %s', async (archive, name, place) => {
    expect(await unpacked({ [name]: 'x' }, archive)).toEqual([[place, 'x']]);
  });

  async function readAll(bytes: Uint8Array): Promise<void> {
    for await (const { stream } of zippedFiles(sourceOf(bytes, 'cur.zip', 50), () => {})) {
      for await (const chunk of stream as AsyncIterable<Buffer>) void chunk;
    }
  }

  it('without a CSV file says so', async () => {
    expect(await messageOf(readAll(zipSync({ 'a.json': Buffer.from('{}') })))).toBe(
      'cur.zip: the archive has no .csv file in it',
    );
  });

  it('that is cut off, or damaged, says so', async () => {
    const whole = zipSync({ 'cur.csv': Buffer.from(CUR) });
    const damaged = Uint8Array.from(whole);
    damaged.fill(0xff, 60, 120);
    const message = 'cur.zip: not a whole zip archive: it is cut off or damaged, download it again';
    for (const bytes of [whole.subarray(0, 150), damaged]) {
      expect(await messageOf(readAll(bytes))).toBe(message);
    }
  });
});

describe('the reports of a bucket', () => {
  const HEADER = 'Date,UserId,Client_Type,Credits_Used,ProfileId\n';
  const REPORT = `${HEADER}2026-01-05,u,KIRO_IDE,1,p\n`;
  const BILL = 'line_item_product_code\nKiro\n';

  function read(files: Record<string, string | Buffer>, paths: readonly string[], wanted = paths) {
    return withDirectory(files, async (directory) => {
      const at = (path: string) => join(directory, path);
      for (const path of paths) await mkdir(at(path), { recursive: true }).catch(() => {});
      const log = new ProblemLog();
      const { sources, skipped } = await activityFiles(paths.map(at), new Set(wanted.map(at)), log);
      const { rows } = await readReports(sources, log, {});
      const problems = log.kept.map(
        ({ file, what }) => `${file.replace(`${directory}/`, '')}: ${what}`,
      );
      return { rows: rows.length, count: sources.length, skipped, problems };
    });
  }

  it('are read, and other files are counted', async () => {
    const files = {
      'b/r1.csv': REPORT,
      'b/r2.csv': REPORT.replace('05', '06'),
      'b/other.csv': 'a,b\n1,2\n',
      'b/x.json': '{}',
      'c/r3.CSV': REPORT.replace('05', '07'),
      'd.txt': REPORT.replace('05', '08'),
    };
    expect(await read(files, ['b', 'c', 'd.txt'])).toEqual({
      rows: 4,
      count: 4,
      skipped: 2,
      problems: [],
    });
  });

  it('are read in Parquet, too, which the bill of the imported directory reads', async () => {
    const fields = ['2026-01-06', 'u', 'KIRO_IDE', '1', 'p'];
    const names = HEADER.trim().split(',');
    const columnData = names.map((name, index) => ({ name, data: [fields[index]] }));
    const parquet = Buffer.from(parquetWriteBuffer({ columnData }));
    expect(await read({ 'b/r1.csv': REPORT, 'b/2026/r2.parquet': parquet }, ['b'])).toEqual({
      rows: 2,
      count: 2,
      skipped: 0,
      problems: [],
    });
  });

  it('that cannot be read are reported when they are', async () => {
    const { problems, count } = await read({ 'b/r.csv': REPORT, 'b/s.csv': '"x' }, ['b']);
    expect([problems.length, count]).toEqual([1, 2]);
  });

  const none =
    'there is no activity report: name a report, the folder user_report, or the bucket above it';

  it('are missed in each path that should have some', async () => {
    const files = { 'b/x.txt': '', 'c/x.csv': 'a,b\n', 'd/r.csv': REPORT };
    const { problems, rows } = await read(files, ['b', 'c', 'd'], ['c', 'd']);
    expect([problems, rows]).toEqual([[`c: ${none}`], 1]);
    expect((await read(files, ['b', 'c'])).problems).toEqual([`b: ${none}`, `c: ${none}`]);
  });

  it.each<[string, Record<string, string | Buffer>]>([
    ['as CSV', { 'b/x.csv': BILL }],
    ['in a zip', { 'b/x.zip': Buffer.from(zipSync({ 'x.csv': Buffer.from(BILL) })) }],
    ['beside other files', { 'b/a.csv': 'a,b\n', 'b/x.csv': BILL }],
  ])("are missed where AWS's bill is, which is said: %s", async (_, files) => {
    expect((await read(files, ['b'])).problems).toEqual([
      expect.stringMatching(/^b: a Cost and Usage Report, which is a bill, not usage: /),
    ]);
  });

  it('are missed in an archive without a CSV', async () => {
    const files = { 'b/x.zip': Buffer.from(zipSync({ 'x.txt': Buffer.from(BILL) })) };
    expect((await read(files, ['b'])).problems).toEqual([`b: ${none}`]);
  });
});
