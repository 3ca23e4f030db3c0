/** The worked examples of the rules page, by the whole program. */
import { describe, expect, it } from 'vitest';
import type { RuleId } from '../../src/domain/rule-id.ts';
import {
  type CsvRow,
  centsOf,
  expectedInvoices,
  invoiceCsv,
  invoiceRows,
  runOn,
  sumOfCents,
} from './fixtures.ts';

/** One row of the page's table: in each month the lines, and their sum. */
interface WorkedExample {
  readonly number: number;
  readonly rule: RuleId;
  readonly facts: string;
  readonly months: Readonly<Record<string, { lines: readonly string[]; net: string }>>;
}

const EXAMPLES: readonly WorkedExample[] = [
  {
    number: 1,
    rule: 'H4',
    facts: 'Alice, Pro through group A and Pro+ through group B, pays only Pro+',
    months: { '2026-01': { lines: ['2026-01-01 Pro+ 40.00 S1'], net: '40.00' } },
  },
  {
    number: 2,
    rule: 'H4',
    facts: 'Bob, Pro in two profiles, is charged twice',
    months: {
      '2026-01': { lines: ['2026-01-01 Pro 20.00 S1', '2026-01-01 Pro 20.00 S1'], net: '40.00' },
    },
  },
  {
    number: 3,
    rule: 'S4',
    facts: 'unsubscribed on the 10th, paid to the end of the month and gone in the next',
    months: {
      '2026-01': { lines: ['2026-01-01 Pro 20.00 S1'], net: '20.00' },
      '2026-02': { lines: [], net: '0.00' },
    },
  },
  {
    number: 4,
    rule: 'S3',
    facts: 'Pro since 2025, upgraded to Pro+ on the 15th',
    months: {
      '2026-01': {
        lines: ['2026-01-01 Pro 20.00 S1', '2026-01-15 Pro -20.00 S3', '2026-01-15 Pro+ 40.00 S3'],
        net: '40.00',
      },
    },
  },
  {
    number: 5,
    rule: 'S4',
    facts: 'Power, downgraded to Pro on the 15th, is Pro from February',
    months: {
      '2026-01': { lines: ['2026-01-01 Power 200.00 S1'], net: '200.00' },
      '2026-02': { lines: ['2026-02-01 Pro 20.00 S1'], net: '20.00' },
    },
  },
  {
    number: 6,
    rule: 'S2',
    facts: 'Pro from 15 April pays 16/30',
    months: { '2026-04': { lines: ['2026-04-15 Pro 10.67 S2'], net: '10.67' } },
  },
  {
    number: 7,
    rule: 'S3',
    facts: 'Pro from the 5th and Pro+ on the 20th, refunded what was prorated',
    months: {
      '2026-01': {
        lines: ['2026-01-05 Pro 17.42 S2', '2026-01-20 Pro -17.42 S3', '2026-01-20 Pro+ 40.00 S3'],
        net: '40.00',
      },
    },
  },
  {
    number: 8,
    rule: 'O4',
    facts: '1,250.75 credits on Pro with overage on',
    months: {
      '2026-01': { lines: ['2026-01-01 Pro 20.00 S1', '2026-01-31 Pro 10.03 O4'], net: '30.03' },
    },
  },
  {
    number: 9,
    rule: 'O5',
    facts: 'the same with overage off',
    months: { '2026-01': { lines: ['2026-01-01 Pro 20.00 S1'], net: '20.00' } },
  },
  {
    number: 10,
    rule: 'O1',
    facts: '1,010 credits, re-rated under Pro+ since the 20th: no overage',
    months: {
      '2026-01': {
        lines: ['2026-01-01 Pro 20.00 S1', '2026-01-20 Pro -20.00 S3', '2026-01-20 Pro+ 40.00 S3'],
        net: '40.00',
      },
    },
  },
  {
    number: 11,
    rule: 'H4',
    facts: 'Power down to Pro on the 5th and up to Pro+ on the 20th, Pro+ in February',
    months: {
      '2026-01': { lines: ['2026-01-01 Power 200.00 S1'], net: '200.00' },
      '2026-02': { lines: ['2026-02-01 Pro+ 40.00 S1'], net: '40.00' },
    },
  },
  {
    number: 12,
    rule: 'H4',
    facts: 'unsubscribed on the 5th and subscribed again on the 20th costs nothing more',
    months: { '2026-01': { lines: ['2026-01-01 Pro 20.00 S1'], net: '20.00' } },
  },
];

function fixtureOf({ number }: WorkedExample): string {
  return `example-${String(number).padStart(2, '0')}`;
}

function lineText({ date, tier, amount, rule }: CsvRow): string {
  return `${date} ${tier} ${amount} ${rule}`;
}

const MONTHS = EXAMPLES.flatMap((example) =>
  Object.entries(example.months).map(([month, { lines, net }]) => ({
    title: `${example.rule}: example ${example.number} in ${month}: ${example.facts}`,
    fixture: fixtureOf(example),
    month,
    lines,
    net,
  })),
);

describe('the table of the rules page', () => {
  it.each(MONTHS)('$title', async ({ fixture, month, lines, net }) => {
    const charged = await invoiceRows(fixture, month, 'line');
    expect(charged.map(lineText)).toEqual(lines);
    expect(sumOfCents(charged.map(({ amount }) => amount))).toBe(centsOf(net));
    const users = await invoiceRows(fixture, month, 'user');
    expect(sumOfCents(users.map(({ total_charge }) => total_charge))).toBe(centsOf(net));
  });

  it('M2: has twelve examples, each with a fixture of its own', () => {
    expect(EXAMPLES.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const fixtures = new Set(expectedInvoices().map(({ fixture }) => fixture));
    for (const example of EXAMPLES) expect(fixtures).toContain(fixtureOf(example));
  });

  it('O4: example 8 bills 250.75 credits at 0.04', async () => {
    const overage = (await invoiceRows('example-08', '2026-01', 'line')).at(-1);
    expect(overage).toMatchObject({
      line_type: 'overage',
      quantity: '250.75',
      unit_price: '0.04',
      amount: '10.03',
    });
  });

  it('O5: example 9 leaves 250.75 credits unbilled, with a warning', async () => {
    const { stderr } = await runOn('example-09', ['invoice', '--month', '2026-01']);
    expect(stderr).toMatch(/^warning: .*250\.75 credits.*\(O5\)$/m);
    expect(await invoiceRows('example-09', '2026-01', 'user')).toMatchObject([
      { overage_credits: '0.00', unbilled_credits: '250.75', overage_charge: '0.00' },
    ]);
  });

  it('O1: example 10 has nothing unbilled, and no warning', async () => {
    const { stderr } = await runOn('example-10', ['invoice', '--month', '2026-01']);
    expect(stderr).not.toContain('warning');
    expect(await invoiceRows('example-10', '2026-01', 'user')).toMatchObject([
      { credits_used: '1010.00', credits_included: '2000.00', unbilled_credits: '0.00' },
    ]);
  });

  it('S4: example 3 has no seat in February', async () => {
    const csv = await invoiceCsv('example-03', '2026-02', 'user');
    expect(csv.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('what the fixtures expect', () => {
  const expected = expectedInvoices();

  it.each(expected)('M2: $fixture in $months by $view, byte for byte', async (invoice) => {
    const { fixture, months, view, csv } = invoice;
    expect(await invoiceCsv(fixture, months, view)).toBe(csv);
  });

  it.each(EXAMPLES)(
    'M2: example $number expects its table by user, profile and line',
    (example) => {
      const found = expected
        .filter(({ fixture }) => fixture === fixtureOf(example))
        .map(({ months, view }) => `${months} ${view}`);
      const wanted = Object.keys(example.months).flatMap((month) =>
        ['user', 'profile', 'line'].map((view) => `${month} ${view}`),
      );
      expect(found).toEqual(expect.arrayContaining(wanted));
    },
  );

  it('M3: the story of the rate change expects both its months in one run', () => {
    const ranges = expected.filter(({ fixture }) => fixture === 'rate-change');
    expect(ranges.map(({ months, view }) => `${months} ${view}`)).toEqual(
      expect.arrayContaining(['2026-01..2026-02 line', '2026-01..2026-02 user']),
    );
  });
});
