import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type CsvEntry, framedEntries, isBadRow } from '../../src/input/csv.ts';
import { MAX_BATCH_ROWS } from '../../src/input/csv-framing.ts';
import { decodedText } from '../../src/input/text-encoding.ts';
import { PLAIN_FRAMING } from '../support/plain-framing.ts';
import {
  billed,
  FILE_NAMES,
  type Files,
  GOOD_FILES,
  headerOf,
  problemsOf,
  rowOf,
} from './good-files.ts';

/** Every file, changed in the same way. */
function allFiles(change: (text: string, name: string) => string | Buffer): Files {
  return Object.fromEntries(FILE_NAMES.map((name) => [name, change(GOOD_FILES[name], name)]));
}

function lines(text: string): string[] {
  return text.trimEnd().split('\n');
}

function mappedFields(text: string, change: (field: string) => string): string {
  return lines(text)
    .map((line) => `${line.split(',').map(change).join(',')}\n`)
    .join('');
}

describe('the same is read from files', () => {
  const cases: Readonly<Record<string, (text: string) => string | Buffer>> = {
    'with a byte order mark': (text) => `\ufeff${text}`,
    'with CRLF': (text) => text.replaceAll('\n', '\r\n'),
    'with CRLF and LF mixed': (text) => text.replace('\n', '\r\n'),
    'without a final newline': (text) => text.trimEnd(),
    'with every field quoted': (text) => mappedFields(text, (field) => `"${field}"`),
    'with headers in capitals': (text) => text.replace(/^.*/, (header) => header.toUpperCase()),
    'with empty lines anywhere': (text) => `\n\r\n${text.replaceAll('\n', '\n\n\r\n')}`,
    'with empty lines behind a byte order mark': (text) => `\ufeff\r\n\n${text}`,
    'with extra columns, of one name and of none': (text) =>
      lines(text)
        .map((line, row) => (row === 0 ? `x,${line},,X,x` : `"a,\n""b""",${line},1,2,3`))
        .join('\n'),
    'with the columns the other way round': (text) =>
      lines(text)
        .map((line) => line.split(',').reverse().join(','))
        .join('\n'),
  };

  test.each(Object.entries(cases))('%s', async (_, change) => {
    const { csv } = await billed({});
    expect((await billed(allFiles(change))).csv).toBe(csv);
  });

  test('with spaces and tabs around fields, within quotes or not, save in names', async () => {
    const { csv } = await billed({});
    const padded = (text: string): string => mappedFields(text, (field) => ` \t${field}\t `);
    const quoted = (text: string): string => mappedFields(text, (field) => `" \t${field}\t "`);
    for (const change of [padded, quoted]) {
      const files = { ...allFiles(change), 'users.csv': GOOD_FILES['users.csv'] };
      expect((await billed(files)).csv).toBe(csv);
    }
  });

  test('that end in .gz, whatever their option', async () => {
    const { csv } = await billed({});
    const files = {
      'usage.csv': undefined,
      'usage.csv.gz': gzipSync(GOOD_FILES['usage.csv']),
    };
    expect((await billed(files)).csv).toBe(csv);
  });

  test('in several gzip members, and with an upper-case name', async () => {
    const { csv } = await billed({});
    const [header = '', row = ''] = lines(GOOD_FILES['usage.csv']);
    const members = Buffer.concat([gzipSync(`${header}\n`), gzipSync(row)]);
    const files = { 'usage.csv': undefined, 'usage/January.CSV.GZ': members };
    expect((await billed(files)).csv).toBe(csv);
  });
});

test('gzip that ends too early is told, and nothing is billed', async () => {
  const rows = Array.from({ length: 2000 }, (_, index) => `2026-01-05,p1,u1,${index},r${index}\n`);
  const whole = gzipSync(`${headerOf('usage.csv').join(',')}\n${rows.join('')}`);
  const cut = whole.subarray(0, whole.length - 100);
  expect(await problemsOf({ 'usage.csv': undefined, 'usage.csv.gz': cut })).toEqual([
    'usage.csv.gz: the gzip data end too early: copy or download the file again',
  ]);
});

test('names keep their spaces, commas, quotes and line breaks as they came', async () => {
  const users = 'user_id,name,email,cost_center\n u1 ,"  Uma ""U"", R\r\nand\rB ", a@b ,  R&D\t\n';
  const { csv } = await billed({ 'users.csv': users });
  expect(csv).toContain(',u1,"  Uma ""U"", R\r\nand\rB ",Pro+,');
  const byCenter = await billed({ 'users.csv': users }, ['--by', 'cost_center']);
  expect(byCenter.csv).toContain('2026-01,  R&D\t,1,');
});

test('a lone carriage return inside quotes is text', async () => {
  const { csv } = await billed({ 'users.csv': 'user_id,name\nu1,"a\rb"\n' });
  expect(csv).toContain(',u1,"a\rb",');
});

test('a profile name keeps its spaces', async () => {
  const profiles = 'profile_id,account_id,region,name\np1,111122223333,us-east-1,  One \n';
  const { csv } = await billed({ 'profiles.csv': profiles }, ['--by', 'profile']);
  expect(csv).toContain(',us-east-1,  One ,1,');
});

test('a group without a name, and members without the optional columns', async () => {
  const files = {
    'groups.csv': 'group_id\ng1\n',
    'group_members.csv': 'user_id,group_id\nu1,g1\n',
  };
  const { csv } = await billed(files);
  expect(csv).toContain(',u1,Uma,Pro+,');
});

describe('line numbers', () => {
  test('count every physical line: in quotes, empty ones, with CRLF', async () => {
    const text = 'user_id,name\r\n\r\nu1,"a\r\nb\nc\r\r\n"\r\n\n\nu2,"x"\r\nu1,again\r\n"u3\n",bad';
    expect(await problemsOf({ 'users.csv': text })).toEqual([
      'users.csv:10: user_id: already defined on line 3 (u1)',
      'users.csv:11: user_id: an id must not have control characters (u3\\n)',
    ]);
  });

  test('are those of the file where the header comes after empty lines', async () => {
    const text = `\n\n${GOOD_FILES['users.csv']}u1,,,\n`;
    expect(await problemsOf({ 'users.csv': text })).toEqual([
      'users.csv:5: user_id: already defined on line 4 (u1)',
    ]);
    expect(await problemsOf({ 'users.csv': '\r\n\nname\nx\n' })).toEqual([
      'users.csv:3: user_id: the required column is missing',
    ]);
  });

  test('are right on both sides of the pieces in which a file is read', async () => {
    const rows = Array.from({ length: 9_000 }, (_, index) => {
      const credits = index % 1000 === 999 ? 'x' : '1';
      return `"2026-01-05",p1,"u1",${credits},"r\r\n${index}${'-'.repeat(index % 90)}"\r\n`;
    });
    const text = `${headerOf('usage.csv').join(',')}\r\n${rows.join('')}`;
    expect(text.length).toBeGreaterThan(512 * 1024);
    const problems = await problemsOf({ 'usage.csv': text });
    const lines = Array.from({ length: 9 }, (_, index) => 2 + 2 * (1000 * index + 999));
    expect(problems.map((line) => line.split(' ')[0])).toEqual([`usage.csv:${lines.join(',')}:`]);
  });
});

describe('the pieces in which bytes come change nothing', () => {
  const texts: Readonly<Record<string, Buffer>> = {
    good: Buffer.from('\ufeffa,b\r\n"1\r\n2","x""y"\r\n\r\n3,é\n"",\n5,6'),
    bad: Buffer.from('a,b\nx"y,2\n"z"q,\n1\n1,2,3\n\u0000,4\n5,6\r7\n8,9\n"open,\n'),
    'bad with CRLF': Buffer.from(
      'a,b\r\n1\r\nx"y,2\r\n"z"q\r\n1,2,3\r\n1,2,3\r\r\n\u0000\r\n5,6\r\n1,2,3\r',
    ),
    'cut in the byte order mark': Buffer.from([0xef, 0xbb]),
    'not UTF-8': Buffer.from('a,b\n1,\xe9\n2,3\n', 'latin1'),
    'ends in CR': Buffer.from('a,b\n1,2\r'),
  };

  async function entriesOf(bytes: Buffer, size: number, keepBytes = true): Promise<unknown[]> {
    async function* pieces(): AsyncGenerator<Buffer> {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    const all: CsvEntry[] = [];
    for await (const entries of framedEntries(decodedText(pieces()), {
      ...PLAIN_FRAMING,
      keepDefective: keepBytes,
    }))
      all.push(...entries);
    return all.map((entry) =>
      isBadRow(entry)
        ? [entry.line, entry.defect.what, entry.defect.field, entry.defect.bytes.toString('latin1')]
        : [entry.line, entry.fields, entry.bytes?.toString('latin1')],
    );
  }

  test.each(Object.entries(texts))('%s', async (_, bytes) => {
    const whole = await entriesOf(bytes, 1_000_000);
    expect(whole.length).toBeGreaterThan(0);
    for (let size = 1; size <= bytes.length; size += 1)
      expect(await entriesOf(bytes, size)).toEqual(whole);
  });

  test('what a message shows of a bad row', async () => {
    for (const length of [254, 255, 256, 257, 600]) {
      const bytes = Buffer.from(`a\n1,${'x'.repeat(length)}\r\n1\n`);
      const whole = await entriesOf(bytes, 1_000_000, false);
      for (let size = 1; size <= bytes.length; size += 1) {
        expect(await entriesOf(bytes, size, false)).toEqual(whole);
      }
    }
  });
});

test('a chunk of many short rows comes in pieces of bounded size', async () => {
  const text = `a,b\n${'x\n'.repeat(10_000)}${'1,2\n'.repeat(10_000)}`;
  async function* chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from(text);
  }
  const lineNumbers: number[] = [];
  for await (const entries of framedEntries(chunks(), PLAIN_FRAMING)) {
    expect(entries.length).toBeLessThanOrEqual(MAX_BATCH_ROWS);
    lineNumbers.push(...entries.map(({ line }) => line));
  }
  expect(lineNumbers).toEqual(Array.from({ length: 20_001 }, (_, index) => index + 1));
});

test('the header comes alone, so that nobody reads on who only wants to know the columns', async () => {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from('\n"a",b\r\n1,2\n3,4\n');
  }
  const batches: CsvEntry[][] = [];
  for await (const entries of framedEntries(chunks(), PLAIN_FRAMING)) batches.push(entries);
  const fields = batches.map((batch) => batch.map((row) => (isBadRow(row) ? [] : row.fields)));
  expect(fields).toEqual([
    [['a', 'b']],
    [
      ['1', '2'],
      ['3', '4'],
    ],
  ]);
});

test('a good row has as many fields as its header', () => {
  for (const name of FILE_NAMES) expect(rowOf(name)).toHaveLength(headerOf(name).length);
});
