import { describe, expect, it } from 'vitest';
import { type CsvOpening, openCsv, openingOf } from '../../src/input/csv-opening.ts';
import { decodedText } from '../../src/input/text-encoding.ts';

const USERS = { required: ['user_id'], optional: ['name', 'email'] };
const USAGE = {
  required: ['timestamp', 'profile_id', 'user_id', 'credits'],
  optional: ['request_id'],
};
const SUMMARY = { required: ['month', 'profile_id', 'user_id', 'credits'], optional: [] };
const HEADER = 'timestamp,profile_id,user_id,credits';

function opened(text: string, candidates = [USAGE]): CsvOpening | undefined {
  return openingOf(Buffer.from(text), true, candidates);
}

describe('the opening of a CSV', () => {
  it('is that of a plain file', () => {
    expect(opened(`${HEADER}\n1,2,3,4\n`)).toEqual({
      delimiter: ',',
      headerLine: 1,
      headerAt: 0,
      names: ['timestamp', 'profile_id', 'user_id', 'credits'],
      columns: USAGE,
    });
  });

  it.each([',', ';', '\t'])('finds the delimiter %j by the known columns', (delimiter) => {
    const header = ` Timestamp ,"Profile_ID",user_id,credits,"note, more; of\tit"`;
    const text = header.replace(
      /^([^,]*),([^,]*),([^,]*),([^,]*),/,
      `$1${delimiter}$2${delimiter}$3${delimiter}$4${delimiter}`,
    );
    expect(opened(text)).toMatchObject({
      delimiter,
      names: ['timestamp', 'profile_id', 'user_id', 'credits', 'note, more; of\tit'],
    });
  });

  it.each([';', '\t'])('finds the delimiter %j after a name of several lines', (delimiter) => {
    const names = ['"a\nnote"', 'timestamp', 'profile_id', 'user_id', 'credits'];
    expect(opened(`${names.join(delimiter)}\n`)).toMatchObject({
      delimiter,
      names: ['a\nnote', ...names.slice(1)],
    });
  });

  it('takes the comma at equal counts, then the semicolon', () => {
    expect(opened('user_id;x\tname\n', [USERS])?.delimiter).toBe(';');
    expect(opened('user_id,x;name,y\n', [USERS])?.delimiter).toBe(',');
    expect(opened('x,y;z\tuser_id\n', [USERS])?.delimiter).toBe('\t');
    expect(opened('user_id\n', [USERS])?.delimiter).toBe(',');
    expect(opened('nothing known\n', [USERS])?.delimiter).toBe(',');
  });

  it.each([
    ['sep=;\n', ';'],
    ['sep=;\r\n', ';'],
    ['sep=\t\n', '\t'],
    ['SEP=,\n', ','],
  ])('skips the first line %j, which says the delimiter', (line, delimiter) => {
    const header = HEADER.replaceAll(',', delimiter);
    expect(opened(`${line}${header}\n`)).toMatchObject({
      delimiter,
      headerLine: 2,
      headerAt: line.length,
      names: HEADER.split(','),
    });
  });

  it.each([70_000, 2_000_000])('skips a row of %i empty fields before the header', async (many) => {
    const text = `${','.repeat(many)}\nuser_id,name\nu,x\n`;
    const read = openCsv('f.csv', [Buffer.from(text)], [USERS]);
    expect((await read)?.opening).toMatchObject({ headerLine: 2, names: ['user_id', 'name'] });
  });

  it('skips empty lines and rows of empty fields before the header', () => {
    const skipped = '\n\r\n,,,\n;;\n\t\t\n" ";;\r\n , \n';
    expect(opened(`${skipped}${HEADER}\n`)).toMatchObject({
      headerLine: 8,
      headerAt: skipped.length,
    });
  });

  it('does not take a line of spaces alone for an empty one', () => {
    expect(opened(`  \n${HEADER}\n`)?.misplaced?.line).toBe(1);
  });

  it.each([',', ';', '\t'])('finds a header further down, by %j', (delimiter) => {
    const header = HEADER.replaceAll(',', delimiter);
    expect(opened(`\nUsage "of" March\n,,,\nMade by, us\n${header}\n`)?.misplaced).toEqual({
      line: 2,
      what: 'this is not the header; line 5 seems to be: remove the lines above it',
    });
  });

  it('looks for the header in the next 20 rows', () => {
    expect(opened(`${'title\n'.repeat(20)}${HEADER}\n`)?.misplaced?.what).toContain('line 21 ');
    expect(opened(`${'title\n'.repeat(21)}${HEADER}\n`)?.misplaced).toBeUndefined();
    expect(opened(`title\n${'\n,,\n'.repeat(30)}${HEADER}\n`)?.misplaced?.what).toContain(
      'line 62 ',
    );
  });

  it('takes the kind that fits best', () => {
    const header = 'month,profile_id,user_id,credits';
    expect(opened(header, [USAGE, SUMMARY])?.columns).toBe(SUMMARY);
    expect(opened(`Summary\n${header}`, [USAGE, SUMMARY])?.misplaced?.what).toContain('line 2 ');
  });

  it('is not known before the first row has ended, nor of a text without one', () => {
    const open = (text: string): unknown => openingOf(Buffer.from(text), false, [USAGE]);
    expect(open('')).toBeUndefined();
    expect(open(HEADER)).toBeUndefined();
    expect(open(`${HEADER}\n`)).toBeDefined();
    expect(open('timestamp,"profile\n')).toBeUndefined();
    expect(open('title\nmore\n')).toBeUndefined();
    expect(opened('\n,,\n')).toBeUndefined();
  });
});

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function rowsIn(bytes: Buffer, size: number): Promise<unknown[]> {
  const rows: unknown[] = [];
  const opened = await openCsv('f.csv', pieces(bytes, size), [USERS]);
  const entries = opened === undefined ? [] : [opened.header];
  for await (const some of opened?.rows ?? []) entries.push(...some);
  rows.push(...entries.map((row) => ('fields' in row ? [row.line, ...row.fields] : row)));
  return rows;
}

function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

describe('an opened CSV', () => {
  const text = '\n,,\nuser_id;name;email\nu1;Jörg 😀\n\n;;\nu2;"a\nb";x\n';
  const rows = [
    [3, 'user_id', 'name', 'email'],
    [4, 'u1', 'Jörg 😀'],
    [7, 'u2', 'a\nb', 'x'],
  ];

  it.each([1, 2, 3, 7, 1000])(
    'is read the same in pieces of %i bytes, in any encoding',
    async (size) => {
      for (const bytes of [
        Buffer.from(text),
        Buffer.from(`\ufeff${text}`),
        Buffer.from(`\ufeff${text}`, 'utf16le'),
        utf16be(`\ufeff${text}`),
      ]) {
        expect(await rowsIn(bytes, size)).toEqual(rows);
      }
    },
  );

  it('has bytes that are no UTF-8 where half a surrogate pair or an odd byte was', async () => {
    for (const [bad, expected] of [
      ['a\ud83db', 'a\ufffdb'],
      ['\ude00\ud83d', '\ufffd\ufffd'],
    ] as const) {
      const bytes = utf16be(`\ufeffuser_id\n${bad}\n`);
      const decoded = Buffer.concat(await all(decodedText([bytes])));
      expect(decoded.toString()).toBe(`user_id\n${expected}\n`);
      const [, row] = await rowsIn(bytes, 5);
      expect(row).toMatchObject({ line: 2, defect: { field: 0 } });
    }
    const odd = Buffer.concat([Buffer.from('\ufeffuser_id\nu1\n', 'utf16le'), Buffer.from('x')]);
    expect((await rowsIn(odd, 5)).at(-1)).toMatchObject({ line: 3, defect: { field: 0 } });
  });

  it.each([
    ['PK\u0003\u0004rest', 'a workbook'],
    ['%PDF-1.7', 'a PDF'],
    ['PAR1xx', 'Parquet'],
    ['<!DOCTYPE html><html>', 'a web page'],
  ])('that begins with %j is %s', async (start, what) => {
    await expect(openCsv('f.csv', [Buffer.from(start)], [USERS])).rejects.toMatchObject({
      problems: [{ file: 'f.csv', what: expect.stringContaining(`this is ${what}`) }],
    });
  });
});
