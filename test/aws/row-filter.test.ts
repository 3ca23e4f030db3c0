import { describe, expect, it } from 'vitest';
import { RowFilter } from '../../src/aws/row-filter.ts';

function filtered(text: string, chunkBytes: number): [line: number, text: string][] {
  const filter = new RowFilter('Kiro');
  const bytes = Buffer.from(text);
  const rows = [];
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    rows.push(...filter.push(bytes.subarray(start, start + chunkBytes)));
  }
  rows.push(...filter.end());
  return rows.map(({ line, bytes: row }) => [line, row.toString()]);
}

const TEXT = [
  'a,b\n',
  'first,1\n',
  'other,"two\nlines, ""Kir"\n',
  'x,Kiro\r\n',
  'other,2\n',
  '"a\nb",Kiro\n',
  'other,"Ki\nro"\n',
  'y,"Kiro"\n',
].join('');

const WANTED = [
  [1, 'a,b\n'],
  [2, 'first,1\n'],
  [5, 'x,Kiro\r\n'],
  [7, '"a\nb",Kiro\n'],
  [11, 'y,"Kiro"\n'],
];

describe('the filter of rows', () => {
  it.each([1, 2, 3, 5, 7, 16, 1000])(
    'lets the header, the first row and the rows with the bytes through, in chunks of %i',
    (chunkBytes) => {
      expect(filtered(TEXT, chunkBytes)).toEqual(WANTED);
    },
  );

  it('gives the last row where no line end follows it, since it may be cut off', () => {
    expect(filtered('a,b\nc,d\ne,f\ng', 1000)).toEqual([
      [1, 'a,b\n'],
      [2, 'c,d\n'],
      [4, 'g'],
    ]);
  });

  it('knows that the text ends inside quotes, and where that row begins', () => {
    const filter = new RowFilter('Kiro');
    filter.push(Buffer.from('a,b\nc,d\ne,"f\ng\n'));
    expect(filter.isQuoted).toBe(true);
    expect(filter.openLine).toBe(3);
  });
});
