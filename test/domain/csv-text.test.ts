import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvRow } from '../../src/domain/csv-text.ts';

it.each([
  [['a', 'b'], 'a,b\n'],
  [['', '', ''], ',,\n'],
  [[' a ', "'=1"], " a ,'=1\n"],
  [['a,b', 'c'], '"a,b",c\n'],
  [['say "hi"', 'c'], '"say ""hi""",c\n'],
  [['a\nb', 'a\r\nb'], '"a\nb","a\r\nb"\n'],
  [['a\rb', '\r'], '"a\rb","\r"\n'],
  [['a;b', 'a\tb', 'é\u{1f600}'], 'a;b,a\tb,é\u{1f600}\n'],
])('a row is quoted only where it needs it: %j', (fields, text) => {
  expect(csvRow(fields)).toBe(text);
});

it('writes any fields as csv-stringify does', () => {
  const field = fc.array(fc.constantFrom('a', ',', '"', '\r', '\n', ' ', ';', '=', 'é'), {
    maxLength: 6,
  });
  const fields = fc.array(
    field.map((units) => units.join('')),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(fields, (row) => {
      expect(csvRow(row)).toBe(stringify([row]));
    }),
  );
});
