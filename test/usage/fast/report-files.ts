import fc from 'fast-check';
import { mostly, type Oddness, oddities, oneIn, seldom, shown } from './chance.ts';
import { type Field, fieldOf, fieldText, type Style } from './fields.ts';
import { mutated, mutations } from './mutations.ts';

const COLUMNS = ['Date', 'UserId', 'Client_Type', 'Credits_Used', 'ProfileId'];
const OPTIONAL = [
  'Overage_Credits_Used',
  'Overage_Enabled',
  'Overage_Cap',
  'Subscription_Tier',
  'Usage_Limit',
  'New_User',
  'User_Email',
  'auto_messages',
];
const UUID = '0f8b2c4d-1111-4222-8333-9a0b1c2d3e4f';
const ARN = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/XYZ';

/** Values of each column by how they go, the most usual first. */
const VALUES: Readonly<Record<string, { good: readonly string[]; bad: readonly string[] }>> = {
  Date: {
    good: ['2026-01-15', '2026-01-16', '2026-01-31', '2026-02-01', '2025-12-31', '2024-02-29'],
    bad: ['', '2026-01-15T00:00:00Z', '2026-02-30', '2026-1-15', '1999-12-31', 'today'],
  },
  UserId: {
    good: [
      UUID,
      `d-1234567890.${UUID}`,
      'u-1',
      'u-2',
      'Zoë',
      '"u-1"',
      `arn:aws:identitystore:::user/${UUID}`,
    ],
    bad: ['', ' ', 'x'.repeat(257), 'a\u0007b'],
  },
  Client_Type: {
    good: ['KIRO_IDE', 'KIRO_CLI', 'kiro_ide', 'PLUGIN', '', 'a,b', 'straße'],
    bad: ['KIRO_IDE'],
  },
  Credits_Used: {
    good: [
      '1.5',
      '7.0',
      '114.45787414391377',
      '0',
      '0.10',
      '0.1',
      '1e-05',
      '0.00001',
      '1.5000000000000000000',
      '.5',
      '1234567890.5',
      '1234567890.50',
      '0.1234567890123456789',
      '999999999.999999999999999999',
      '1e40',
    ],
    bad: ['', '-1', '-0', 'NaN', '1,5', '1e41', '.'],
  },
  ProfileId: {
    good: [
      ARN,
      ARN.replace('us-east-1', 'eu-central-1'),
      'p-1',
      'prófil',
      'p-2',
      ARN.replace('XYZ', 'ABC'),
    ],
    bad: ['', 'p\u0000', 'x'.repeat(257), 'nobody'],
  },
  Overage_Credits_Used: {
    good: ['0.0', '0', '', '2.25', '2.250', '0.3333333333333333', '1e-05', '5000000000'],
    bad: ['-1', 'x', '1 2'],
  },
  Overage_Enabled: { good: ['true', 'false', 'TRUE', '', 'enabled'], bad: ['maybe', '1'] },
  Overage_Cap: { good: ['1000', '1000.0', '', '1e3', '250', '0'], bad: ['none', '-5', 'lots'] },
  Subscription_Tier: {
    good: ['PRO', 'ProPlus', 'PRO_PLUS', 'POWER', 'FREE', 'free', '', 'Kiro Free'],
    bad: ['PRO'],
  },
  Usage_Limit: { good: ['1000', '', '1000.0', '2000', '2.5e3'], bad: ['-1', 'none'] },
  New_User: { good: ['false', 'true', ''], bad: ['maybe'] },
  User_Email: { good: ['a@example.com', '', 'x, "y"', 'two\nlines'], bad: ['a@example.com'] },
  auto_messages: { good: ['3', '', 'many'], bad: ['3'] },
};

interface Row {
  readonly fields: Readonly<Record<string, Field>>;
  readonly isShort: boolean;
  /** Lines around it that hold nothing but commas, or nothing at all. */
  readonly hasCommasBefore: boolean;
  readonly hasBlankLineAfter: boolean;
}

function rowsLike({ badOneIn, rareOneIn }: Oddness, mostRows: number): fc.Arbitrary<Row[]> {
  const ofColumns = Object.entries(VALUES).map(([column, { good, bad }]) => {
    const usual = fc.constantFrom(...good.slice(0, 2));
    return [column, fieldOf(mostly({ badOneIn: 2 * badOneIn, rareOneIn }, usual, good, bad))];
  });
  const row = fc.record({
    fields: fc.record<Record<string, Field>>(Object.fromEntries(ofColumns)),
    isShort: oneIn(5 * badOneIn),
    hasCommasBefore: oneIn(20),
    hasBlankLineAfter: oneIn(30),
  });
  return fc.array(row, { maxLength: mostRows, size: 'max' });
}

const headers = fc
  .tuple(
    fc.shuffledSubarray([...COLUMNS, ...OPTIONAL], { minLength: COLUMNS.length + OPTIONAL.length }),
    fc.array(oneIn(4), { minLength: OPTIONAL.length, maxLength: OPTIONAL.length }),
  )
  .map(([columns, isLeft]) => columns.filter((name) => !isLeft[OPTIONAL.indexOf(name)]));

/** Random activity reports whose rows often have the same keys. */
export function reportFiles(mostRows: number): fc.Arbitrary<Buffer> {
  return oddities.chain((oddness) => reportFilesLike(oddness, mostRows));
}

function reportFilesLike(oddness: Oddness, mostRows: number): fc.Arbitrary<Buffer> {
  return fc
    .record({
      columns: headers,
      lineEnd: fc.constantFrom('\n', '\n', '\r\n'),
      style: fc.constantFrom<Style>('plain', 'quoted', 'mixed', 'spaced'),
      hasByteOrderMark: oneIn(5),
      rows: rowsLike(oddness, mostRows),
      endsWithoutLineEnd: oneIn(3),
      changes: seldom(oddness.badOneIn === 0 ? 0 : 4, mutations),
    })
    .map(({ columns, lineEnd, style, hasByteOrderMark, rows, endsWithoutLineEnd, changes }) => {
      let text = (hasByteOrderMark ? '\ufeff' : '') + columns.join(',') + lineEnd;
      for (const [index, { fields, isShort, ...around }] of rows.entries()) {
        const texts = columns.map((name) => fieldText(fields[name] as Field, style));
        if (isShort) texts.pop();
        if (around.hasCommasBefore) text += `${','.repeat(texts.length - 1)}${lineEnd}`;
        const isLast = index === rows.length - 1;
        text += texts.join(',') + (isLast && endsWithoutLineEnd ? '' : lineEnd);
        if (around.hasBlankLineAfter) text += lineEnd;
      }
      const bytes = Buffer.from(text);
      return shown(mutated(bytes, changes));
    });
}
