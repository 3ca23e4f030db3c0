import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KiroRows } from '../../src/aws/kiro-rows.ts';
import type { ByteSource } from '../../src/input/byte-source.ts';
import { type CsvEntry, framedEntries, isBadRow } from '../../src/input/csv.ts';
import { PLAIN_FRAMING } from '../support/plain-framing.ts';
import { CUR_2 } from './cur-rows.ts';

/** A row: the line on which it begins, and its fields or what is wrong with it. */
type Row = readonly [line: number, fields: readonly string[] | string];

/** A CUR must have these columns, too. */
const OTHERS = CUR_2.filter(
  (name) => /^(line_item|bill)_/.test(name) && name !== 'line_item_product_code',
);
const BLANK = ','.repeat(OTHERS.length);
const HEADER = `note,line_item_product_code,more,${OTHERS}\n`;

function inChunks(text: string | Buffer, chunkBytes: number): ByteSource {
  async function* chunks(): AsyncGenerator<Buffer> {
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length; start += chunkBytes) {
      yield bytes.subarray(start, start + chunkBytes);
    }
  }
  return { file: 'cur.csv', stream: chunks() };
}

function rowsIn(entries: readonly CsvEntry[]): Row[] {
  return entries.map((entry) => [
    entry.line,
    isBadRow(entry) ? entry.defect.what : entry.fields.slice(0, 3),
  ]);
}

async function rowsOf(batches: AsyncIterable<CsvEntry[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const entries of batches) rows.push(...rowsIn(entries));
  return rows;
}

interface Picked {
  readonly rows: readonly Row[];
  /** How many rows were read in all. */
  readonly count: number;
}

async function picked(text: string | Buffer, chunkBytes = 1_000_000): Promise<Picked> {
  let count = 0;
  const progress = {
    onBytes: () => {},
    onRows: (more: number) => {
      count += more;
    },
  };
  const kiro = new KiroRows(inChunks(text, chunkBytes), progress);
  const header = (await kiro.header()) as CsvEntry;
  const rows = [...rowsIn([header]), ...(await rowsOf(kiro.entries(1)))];
  await kiro.close();
  return { rows, count };
}

const TEXT = [
  '\r\n',
  HEADER,
  `first,EC2,1${BLANK}\n`,
  `other,"two\nlines, ""Kir",""${BLANK}\n`,
  `x,Kiro,${BLANK}\r\n`,
  '\n',
  `Kiro in the note,EC2,Kiro${BLANK}\n`,
  `"a\nb",Kiro,${BLANK}\n`,
  `other,"Ki\nro",${BLANK}\n`,
  `y,"Kiro","{""a"": ""b""}"${BLANK}\n`,
  'short,EC2\n',
  'short,Kiro\n',
  `a "quote,EC2,${BLANK}\n`,
  `z,AmazonKiro,${BLANK}\n`,
].join('');

const WANTED: Row[] = [
  [2, ['note', 'line_item_product_code', 'more']],
  [3, ['first', 'EC2', '1']],
  [6, ['x', 'Kiro', '']],
  [9, ['a\nb', 'Kiro', '']],
  [13, ['y', 'Kiro', '{"a": "b"}']],
  [15, expect.stringContaining('too short') as unknown as string],
  [17, ['z', 'AmazonKiro', '']],
];

describe('the rows of a CUR that may be those of Kiro', () => {
  it.each([1, 2, 3, 5, 7, 16, 1000])(
    'are the header, the first row, and those with the product, in chunks of %i',
    async (chunkBytes) => {
      const { rows, count } = await picked(TEXT, chunkBytes);
      expect(rows).toEqual(WANTED);
      expect(count).toBe(11);
    },
  );

  it('are those that csv-parse would find, whatever the file is like', () => {
    const fields = fc.constantFrom(
      'Kiro',
      '"Kiro"',
      '"a\n""b"',
      'EC2',
      '',
      ' Kiro ',
      'x"y',
      '"',
      'é',
      '\0',
      '"Ki',
    );
    const row = fc
      .oneof(
        { arbitrary: fc.array(fields, { minLength: 3, maxLength: 3 }), weight: 7 },
        { arbitrary: fc.array(fields, { maxLength: 4 }), weight: 1 },
      )
      .map((values) => `${values}${BLANK}`);
    const bodies = fc
      .constantFrom(['\n'], ['\r\n'], ['\n', '\r\n', '\n\n'])
      .chain((ends) => fc.array(fc.tuple(row, fc.constantFrom(...ends)), { maxLength: 11 }))
      .map((rows) => rows.flat().join(''));
    const lastRows = fc.option(row, { nil: '', freq: 1 });
    return fc.assert(
      fc.asyncProperty(
        bodies,
        lastRows,
        fc.integer({ min: 1, max: 40 }),
        async (body, last, chunkBytes) => {
          const text = `${HEADER}first,,${BLANK}\n${body}${last}`;
          const bytes = inChunks(text, 1e6).stream as AsyncIterable<Buffer>;
          const all = await rowsOf(framedEntries(bytes, PLAIN_FRAMING));
          const { rows } = await picked(text, chunkBytes);
          const lines = new Set(rows.map(([line]) => line));
          const places = new Map(all.map((one) => [one[0], one]));
          for (const one of rows) expect(one).toEqual(places.get(one[0]));
          const isKiros = ([, found]: Row) => Array.isArray(found) && found[1]?.trim() === 'Kiro';
          for (const [line] of all.filter(isKiros)) expect(lines, `line ${line}`).toContain(line);
        },
      ),
      { seed: 1, numRuns: 400 },
    );
  });

  it('come through behind a row that is longer than any memory at hand', async () => {
    const long = `"${'x'.repeat(50_000)}\n${'y'.repeat(300_000)}",EC2,${BLANK}\n`;
    const behind = `other,EC2,${BLANK}\nx,Kiro,${BLANK}\n`;
    const { rows } = await picked(`${HEADER}first,,${BLANK}\n${long}${behind}`);
    expect(rows.slice(2)).toEqual([
      [3, 'a field over 64 KiB'],
      [5, ['other', 'EC2', '']],
      [6, ['x', 'Kiro', '']],
    ]);
  });

  it('are all rows behind a header whose end is not near', async () => {
    const header = HEADER.replace('more', 'm'.repeat(60_000)).replace(
      'note',
      `"${' \n'.repeat(100_000)}`,
    );
    const { rows } = await picked(`${header}`);
    expect(rows).toHaveLength(1);
  });

  it.each([
    ['', ','],
    [',,\n', ','],
    ['', ';'],
    ['sep=\t\n', '\t'],
  ])(
    'are the rows after a header of very many columns, after %j, separated by %j',
    async (before, delimiter) => {
      const tags = Array.from(
        { length: 9000 },
        (_, index) => `resource_tags_${'x'.repeat(30)}${index}`,
      );
      const blank = ','.repeat(tags.length);
      const row = (product: string) => `a,${product},b${BLANK}${blank}\n`;
      const header = `${HEADER.trimEnd()},${tags}\n`;
      const text = `${header}${row('EC2')}${row('Kiro')}`.replaceAll(',', delimiter);
      const { rows } = await picked(`${before}${text}`);
      const line = before === '' ? 1 : 2;
      expect(rows.map(([at, fields]) => [at, fields[1]])).toEqual([
        [line, 'line_item_product_code'],
        [line + 1, 'EC2'],
        [line + 2, 'Kiro'],
      ]);
    },
  );

  it('are none where a header without a line end is all that there is', async () => {
    const { rows } = await picked(HEADER.trimEnd().replaceAll(',', ';'));
    expect(rows).toEqual([[1, ['note', 'line_item_product_code', 'more']]]);
  });
});
