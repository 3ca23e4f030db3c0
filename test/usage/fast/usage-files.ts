import fc from 'fast-check';
import { mostly, type Oddness, oddities, oneIn, seldom, shown } from './chance.ts';
import { type Field, fieldOf, fieldText, type Style } from './fields.ts';
import { mutated, mutations } from './mutations.ts';

const COLUMNS = ['timestamp', 'profile_id', 'user_id', 'credits'] as const;
type Column = (typeof COLUMNS)[number] | 'request_id' | 'note';
const UUID = '0f8b2c4d-1111-4222-8333-9a0b1c2d3e4f';

const GOOD_INSTANTS = [
  '2026-01-15T09:30:00Z',
  '2026-01-31T23:59:59Z',
  '2026-02-01T00:00:00Z',
  '2026-01-16T12:00:00Z',
  '2026-01-16T11:59:59.999999999Z',
  '2026-01-16T12:00:00.5Z',
  '2025-12-31T23:59:59Z',
  '2026-01-20T10:00:00z',
  '2026-01-20t10:00:00Z',
  '2026-01-20 10:00:00Z',
  '2026-01-20 10:00:00',
  '2026-01-20T10:00:00',
  '2026-01-20T10:00',
  '2026-01-20T10:00Z',
  '2026-01-20T10:00:00.123Z',
  '2026-01-20T10:00:00.123456789',
  '2026-02-01T00:30:00+05:30',
  '2026-01-31T23:30:00-0530',
  '2026-01-31T23:30:00-05',
  '2026-01-31T23:59:59.1-23:59',
  '2026-01-20',
  '2000-01-01T00:00:00+23:59',
  '2199-12-31T23:59:59-23:59',
  '2024-02-29T00:00:00Z',
  '2100-02-28T00:00:00Z',
];
const BAD_INSTANTS = [
  '',
  '2026-02-30',
  '2026-02-29T00:00:00Z',
  '2100-02-29T00:00:00Z',
  '2026-01-20T24:00:00Z',
  '2026-01-20T10:60:00Z',
  '2026-01-20T10:00:60Z',
  '2026-01-20T10:00:00.Z',
  '2026-01-20T10:00:00.1234567890Z',
  '2026-01-20T10:00:00+24:00',
  '2026-01-20T10:00:00+05:60',
  '2026-01-20T10:00:00+5',
  '2026-01-20T10:00:00+05:3',
  '2026-01-20T10:00:00+053',
  '2026-01-20T10:00:00ZZ',
  '2026-01-20T10:00:0Z',
  '2026-1-20T10:00:00Z',
  '2026-00-20T10:00:00Z',
  '2026-13-20T10:00:00Z',
  '2026-01-00T10:00:00Z',
  '2026-01-32T10:00:00Z',
  '1999-12-31T23:59:59Z',
  '2200-01-01T00:00:00Z',
  '2026-01-20X10:00:00Z',
  '2026-01-20T10-00:00Z',
  '2026/01/20T10:00:00Z',
  '2026-01-20T3:00:00ZZ',
  '2026-01-4:T10:00:00Z',
  '2026-01-20T1::00:00Z',
  'yesterday',
  '２026-01-20',
];

const GOOD_PROFILES = ['p-1', 'team-1', 'ARN', 'p-2', 'prófil', 'a"b', 'x,y', 'p 2'];
const BAD_PROFILES = ['', 'nobody', 'p-1\u0007', 'p-1\u0085', `p${'x'.repeat(256)}`];

const GOOD_USERS = [
  'user-00042',
  'user-00043',
  'u',
  'a',
  'd',
  UUID,
  UUID.toUpperCase(),
  `d-1234567890.${UUID}`,
  `arn:aws:identitystore:::user/${UUID}`,
  `906712345f-${UUID}`,
  `d-1234567890.906712345f-${UUID}`,
  `d-123456789.${UUID}`,
  'Zoë',
  '田中',
  '"quoted"',
  "o'neil+kiro@example.com",
  'a b',
  '=HYPERLINK("x")',
  'é'.repeat(128),
  'x'.repeat(256),
  '😀',
];
const BAD_USERS = [
  '',
  ' ',
  'x'.repeat(257),
  'é'.repeat(129),
  'a\u0000b',
  'a\u001fb',
  'a\u007fb',
  'a\u0080b',
  'a\tb',
  'a\nb',
  'a\rb',
];

const GOOD_CREDITS = [
  '7',
  '0',
  '7.0',
  '.5',
  '7.',
  '007',
  '4.17',
  '12.05',
  '1e-05',
  '1.2E+02',
  '1e40',
  '1E-40',
  '114.45787414391377',
  '0.123456789012345678',
  '0.1234567890123456789',
  '.123456789',
  '999999999.999999999',
  '1000000000',
  '99999999999999999999.5',
  '1234567890123456789012345678901234567890',
  '000000000000.10',
];
const BAD_CREDITS = [
  '',
  '.',
  '-1',
  '-0',
  '+1',
  '1,000',
  '1_000',
  '0x10',
  'NaN',
  'Infinity',
  '1e41',
  '1e',
  '1.2.3',
  '12a',
  '1 2',
  '１',
  '12345678901234567890123456789012345678901',
];

const GOOD_REQUESTS = ['', 'r-1', 'r-2', 'r-3', ' r-1', 'r-1 ', '"r-1"', 'ré', 'r-4'];
const NOTES = [
  '',
  'x',
  'a note',
  'two\nlines',
  'two\r\nlines',
  'say "hi"',
  ',',
  'ünïcode',
  '\t',
  '-',
];

/** What a row holds for each column that its file may have, and how it differs from its file's rows. */
interface Row {
  readonly fields: Readonly<Record<Column, Field>>;
  /** One field too few or too many. */
  readonly excess: -1 | 0 | 1;
  readonly blankLinesBefore: number;
  /** How the line ends in a file whose lines end in different ways. */
  readonly lineEnd: string;
}

function rowsLike(oddness: Oddness, users: number, mostRows: number): fc.Arbitrary<Row[]> {
  const field = (good: readonly string[], bad: readonly string[], usual = firstOf(good)) =>
    fieldOf(mostly(oddness, usual, good, bad));
  const row = fc.record({
    fields: fc.record({
      timestamp: field(GOOD_INSTANTS, BAD_INSTANTS),
      profile_id: field(GOOD_PROFILES, BAD_PROFILES),
      user_id: field(
        GOOD_USERS,
        BAD_USERS,
        fc.nat({ max: users - 1 }).map((user) => `user-${user}`),
      ),
      credits: field(
        GOOD_CREDITS,
        BAD_CREDITS,
        fc.nat({ max: 1999 }).map((hundredths) => (hundredths / 100).toFixed(2)),
      ),
      request_id: field(
        GOOD_REQUESTS,
        GOOD_REQUESTS,
        fc.nat({ max: 49 }).map((request) => `r-${request}`),
      ),
      note: field(NOTES, NOTES, fc.constant('a note')),
    }),
    excess: excesses(3 * oddness.badOneIn),
    blankLinesBefore: blankLines(10 * oddness.rareOneIn),
    lineEnd: fc.constantFrom('\n', '\r\n'),
  });
  return fc.array(row, { maxLength: mostRows, size: 'max' });
}

function firstOf(good: readonly string[]): fc.Arbitrary<string> {
  return fc.constantFrom(...good.slice(0, 4));
}

function blankLines(oneInTimes: number): fc.Arbitrary<number> {
  return seldom(oneInTimes, fc.integer({ min: 1, max: 3 })).map((lines = 0) => lines);
}

/** A field too few or too many, each once in so many times. */
function excesses(oneInTimes: number): fc.Arbitrary<-1 | 0 | 1> {
  return fc
    .tuple(oneIn(oneInTimes), oneIn(oneInTimes))
    .map(([isShort, isLong]) => (isShort === isLong ? 0 : isShort ? -1 : 1));
}

/** The columns of a file in their order, one of them missing or there twice now and then. */
function headers({ badOneIn }: Oddness): fc.Arbitrary<readonly Column[]> {
  const any = [...COLUMNS, 'request_id', 'note', 'second note'] as const;
  const { length } = any;
  return fc
    .record({
      order: fc.oneof(fc.constant(any), {
        arbitrary: fc.shuffledSubarray([...any], { minLength: length }),
        weight: 2,
      }),
      hasNoRequests: oneIn(3),
      hasNote: oneIn(3),
      hasSecondNote: oneIn(8),
      missing: seldom(4 * badOneIn, fc.nat({ max: length - 1 })),
      again: seldom(4 * badOneIn, fc.constantFrom(...COLUMNS)),
    })
    .map(({ order, hasNoRequests, hasNote, hasSecondNote, missing, again }) => {
      const left = new Set<string>([
        ...(hasNoRequests ? ['request_id'] : []),
        ...(hasNote ? [] : ['note']),
        ...(hasSecondNote ? [] : ['second note']),
      ]);
      const columns = order
        .filter((name) => !left.has(name))
        .map((name) => (name === 'second note' ? 'note' : name));
      if (missing !== undefined) columns.splice(missing % columns.length, 1);
      return again === undefined ? columns : [...columns, again];
    });
}

const HEADER_FORMS: readonly ((name: string) => string)[] = [
  (name) => `"${name}"`,
  (name) => ` ${name}`,
  (name) => `" ${name} "`,
];

/** How names of columns are written: in capitals, in quotes or with spaces now and then. */
const headerForms = fc.tuple(oneIn(6), seldom(6, fc.constantFrom(...HEADER_FORMS))).map(
  ([isUpper, write = String]) =>
    (name: string): string =>
      write(isUpper ? name.toUpperCase() : name),
);

/** Random usage files: most of their rows are good, in all the ways in which rows can be. */
export function usageFilesLike(
  oddness: Oddness,
  { users, mostRows }: { readonly users: number; readonly mostRows: number },
): fc.Arbitrary<Buffer> {
  const { badOneIn, rareOneIn } = oddness;
  return fc
    .record({
      columns: headers(oddness),
      headerForms: fc.array(headerForms, { minLength: 8, maxLength: 8 }),
      lineEnds: fc.constantFrom('\n', '\n', '\n', '\r\n', 'mixed'),
      style: fc.oneof(
        { arbitrary: fc.constant<Style>('plain'), weight: rareOneIn - 1 },
        fc.constantFrom<Style>('plain', 'quoted', 'spaced', 'mixed'),
      ),
      hasByteOrderMark: oneIn(5),
      blankLinesBefore: blankLines(6),
      rows: rowsLike(oddness, users, mostRows),
      endsWithoutLineEnd: oneIn(3),
      changes: seldom(badOneIn === 0 ? 0 : 4, mutations),
    })
    .map((file) => {
      const { columns, lineEnds, rows, style } = file;
      const lineEndOf = (row?: Row): string =>
        lineEnds === 'mixed' ? (row?.lineEnd ?? '\n') : lineEnds;
      const header = columns.map((name, index) => file.headerForms[index]?.(name));
      const text = [
        file.hasByteOrderMark ? '\ufeff' : '',
        lineEndOf().repeat(file.blankLinesBefore),
        header.join(',') + lineEndOf(),
        ...rows.map((row, index) => {
          const isLast = index === rows.length - 1;
          const lineEnd = lineEndOf(row);
          return (
            lineEnd.repeat(row.blankLinesBefore) +
            rowText(row, columns, style) +
            (isLast && file.endsWithoutLineEnd ? '' : lineEnd)
          );
        }),
      ].join('');
      const bytes = Buffer.from(text);
      return shown(mutated(bytes, file.changes));
    });
}

/** Usage files of any kind. */
export function usageFiles(mostRows: number, users = 5): fc.Arbitrary<Buffer> {
  return oddities.chain((oddness) => usageFilesLike(oddness, { users, mostRows }));
}

function rowText({ fields, excess }: Row, columns: readonly Column[], style: Style): string {
  const texts = columns.map((name) => fieldText(fields[name], style));
  if (excess < 0) texts.pop();
  if (excess > 0) texts.push('more');
  return texts.join(',');
}
