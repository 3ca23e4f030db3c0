import { describe, expect, it } from 'vitest';
import { billMonth } from '../../src/billing/invoice.ts';
import {
  comparableWith,
  type DatedUsage,
  type InvoiceBefore,
  reportOf,
} from '../../src/billing/report.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { type Decimal, decimalText } from '../../src/domain/decimal.ts';
import type { InvoiceTotals, MonthInvoice } from '../../src/domain/invoice.ts';
import { centsText } from '../../src/domain/money.ts';
import type { StretchUsage } from '../../src/domain/records.ts';
import type { Report, ReportRow } from '../../src/domain/report.ts';
import {
  billing,
  card,
  edition,
  type Facts,
  member,
  profile,
  subscription,
  usage,
  user,
} from './facts.ts';

/** Used in one day. */
function on(
  date: string,
  credits: string,
  facts: { userId?: string; profileId?: string } = {},
): StretchUsage {
  const to = `${date.slice(0, 8)}${String(Number(date.slice(8)) + 1).padStart(2, '0')}`;
  return usage(credits, { ...facts, month: date.slice(0, 7), from: date, to });
}

/** Two profiles, a group, two cost centers, a seat without usage, usage without a seat. */
const FACTS: Facts = {
  profiles: [profile('P1', { overageOn: true }), profile('P2')],
  users: [user('alice', { costCenter: 'R&D' }), user('bo', { costCenter: 'Sales' })],
  subscriptions: [
    subscription('alice', 'Pro'),
    subscription('bo', 'Power', { profileId: 'P2', from: '2026-02-01' }),
    subscription('group:g', 'Pro', { until: '2026-01-20' }),
    subscription('fay', 'Pro', { profileId: 'P2', line: 4 }),
  ],
  memberships: [member('g', 'cy')],
  usage: [
    on('2026-01-05', '600'),
    on('2026-02-05', '1000'),
    on('2026-02-07', '250'),
    on('2026-02-07', '1.5', { userId: 'dee' }),
    on('2026-02-07', '0', { userId: 'gus' }),
    on('2026-02-07', '1100', { userId: 'fay', profileId: 'P2' }),
  ],
};

const KNOWN: DatedUsage = {
  stretches: [],
  months: new Set(['2026-01', '2026-02']),
  coverage: { byProfile: new Map() },
  isFiltered: false,
};

function invoiceOf(month: string, facts: Facts = FACTS): MonthInvoice {
  return billMonth(billing(facts), billingPeriod(month));
}

function report(usageKnown: Partial<DatedUsage> = {}, before?: InvoiceBefore): Report {
  return reportOf(invoiceOf('2026-02'), before ?? { invoice: invoiceOf('2026-01') }, {
    ...KNOWN,
    ...usageKnown,
  });
}

function totalsText(totals: InvoiceTotals): string {
  const { seats, subscriptionCharge, overageCharge, totalCharge } = totals;
  const { creditsUsed, overageCredits, unbilledCredits } = totals;
  const money = [subscriptionCharge, overageCharge, totalCharge].map(centsText);
  const credits = [creditsUsed, overageCredits, unbilledCredits].map((one) => decimalText(one));
  return [seats, ...money, ...credits].join(' ');
}

function rowTexts(rows: readonly ReportRow[]): string[] {
  return rows.map(({ key, totalBefore, ...totals }) => {
    const before = totalBefore === undefined ? '' : ` before ${centsText(totalBefore)}`;
    return `${key}: ${totalsText(totals)}${before}`;
  });
}

describe('M2: a report groups and adds the figures of the invoice', () => {
  it('has the totals of the month, and of the one before', () => {
    const { totals, before, hasUsage } = report();
    expect(totalsText(totals)).toBe('3 240.00 10.00 250.00 2351.50 250.00 101.50');
    expect(hasUsage).toBe(true);
    if (!('totals' in before)) throw new Error('no month before');
    expect(totalsText(before.totals)).toBe('3 60.00 0.00 60.00 600.00 0.00 0.00');
    expect([before.period.month, before.hasUsage]).toEqual(['2026-01', true]);
    expect([...('bySeat' in before ? before.bySeat : [])]).toEqual([
      ['P1\nalice', 2000n],
      ['P1\ncy', 2000n],
      ['P2\nfay', 2000n],
    ]);
  });

  it.each<[view: 'byProfile' | 'byGroup' | 'byCostCenter', rows: string[]]>([
    [
      'byProfile',
      [
        'P2: 2 220.00 0.00 220.00 1100.00 0.00 100.00 before 20.00',
        'P1: 1 20.00 10.00 30.00 1251.50 250.00 1.50 before 40.00',
      ],
    ],
    [
      'byGroup',
      [
        ': 3 240.00 10.00 250.00 2351.50 250.00 101.50 before 40.00',
        'g: 0 0.00 0.00 0.00 0.00 0.00 0.00 before 20.00',
      ],
    ],
    [
      'byCostCenter',
      [
        'Sales: 1 200.00 0.00 200.00 0.00 0.00 0.00 before 0.00',
        'R&D: 1 20.00 10.00 30.00 1250.00 250.00 0.00 before 20.00',
        ': 1 20.00 0.00 20.00 1101.50 0.00 101.50 before 40.00',
      ],
    ],
  ])('%s: the dearest first, and keys that only the month before has', (view, rows) => {
    expect(rowTexts(report()[view])).toEqual(rows);
  });

  it('sorts rows of equal charges by the bytes of their keys', () => {
    const centers = ['b', 'a', '\u{1f600}', '\uff5e'];
    const facts: Facts = {
      users: centers.map((costCenter, index) => user(`u${index}`, { costCenter })),
      subscriptions: centers.map((_, index) => subscription(`u${index}`, 'Pro')),
    };
    const invoice = invoiceOf('2026-02', facts);
    const { byCostCenter } = reportOf(invoice, { invoice }, KNOWN);
    expect(byCostCenter.map(({ key }) => key)).toEqual(['a', 'b', '\uff5e', '\u{1f600}']);
  });

  it('has the seats from the highest charge, then by credits, then as in the invoice', () => {
    const ids = ['u1', 'u2', 'u3', 'u4', 'u5'];
    const facts: Facts = {
      subscriptions: ids.map((id) => subscription(id, id === 'u4' ? 'Pro+' : 'Pro')),
      usage: [usage('7', { userId: 'u3' }), usage('9', { userId: 'u5' })],
    };
    const { seats } = reportOf(
      invoiceOf('2026-01', facts),
      { invoice: invoiceOf('2026-01') },
      KNOWN,
    );
    expect(seats.map(({ userId }) => userId)).toEqual(['u4', 'u5', 'u3', 'u1', 'u2']);
  });

  it('has the credits of each tier, from the lowest, those without a seat last', () => {
    const texts = report().tiers.map((tier) => {
      const { creditsUsed, creditsIncluded, withinAllowance } = tier;
      const credits = [creditsUsed, creditsIncluded, withinAllowance];
      const split = [tier.overageCredits, tier.unbilledCredits];
      return [tier.tier, tier.seats, ...[...credits, ...split].map((one) => decimalText(one))].join(
        ' ',
      );
    });
    expect(texts).toEqual([
      'Pro 2 2350.00 2000.00 2000.00 250.00 100.00',
      'Power 1 0.00 10000.00 0.00 0.00 0.00',
      ' 0 1.50 0.00 0.00 0.00 1.50',
    ]);
  });

  it('has the idle seats: those that hold a tier and used no credits', () => {
    expect(report().idle.map(({ userId }) => userId)).toEqual(['bo']);
  });

  it('H3: has the pending seats apart', () => {
    const invoice = invoiceOf('2026-02', { ...FACTS, activations: [] });
    const { seats, pending, idle } = reportOf(invoice, { invoice }, KNOWN);
    expect(pending.map(({ userId }) => userId)).toEqual(['alice', 'bo', 'fay']);
    expect(seats.map(({ userId }) => userId)).toEqual(['alice', 'fay', 'dee', 'gus']);
    expect(idle).toEqual([]);
  });
});

describe('the month before', () => {
  it('may not be known, and why is handed on', () => {
    const before = { period: billingPeriod('2026-01'), whyNot: 'it is before the card' };
    const { before: told, byProfile } = report({}, before);
    expect(told).toBe(before);
    expect(byProfile).toHaveLength(2);
    expect(rowTexts(byProfile)[1]).toBe('P1: 1 20.00 10.00 30.00 1251.50 250.00 1.50');
  });

  it('M3: cannot be compared in another currency', () => {
    const euros = card(
      edition(['Pro 1 20 1000 0.04', 'Power 2 200 10000 0.04'], { currency: 'EUR' }),
    );
    const invoice = invoiceOf('2026-01', { ...FACTS, card: euros });
    expect(comparableWith(invoiceOf('2026-02'), { invoice })).toEqual({
      period: billingPeriod('2026-01'),
      whyNot: 'it is billed in EUR, and this month in USD',
    });
  });

  it('may be without usage, of whatever seats', () => {
    const invoice = invoiceOf('2026-01', { ...FACTS, usage: [] });
    expect(report({}, { invoice }).before).toMatchObject({ hasUsage: true });
    const months = new Set(['2026-02']);
    expect(report({ months }, { invoice }).before).toMatchObject({ hasUsage: false });
  });
});

describe('the credits of each day', () => {
  const credits = (one: Decimal): string => decimalText(one, 0);
  const used = ({ days }: Report): string[] =>
    (days ?? [])
      .filter(({ credits: { units } }) => units > 0n)
      .map((day) => `${day.date} ${credits(day.credits)}`);
  const stretches = FACTS.usage ?? [];

  it('are of the month alone, every day of it', () => {
    const { days } = report({ stretches });
    expect(days).toHaveLength(28);
    expect([days?.[0]?.date, days?.at(-1)?.date]).toEqual(['2026-02-01', '2026-02-28']);
    expect(used(report({ stretches }))).toEqual(['2026-02-05 1000', '2026-02-07 1351.5']);
  });

  it('add up the pieces of a day', () => {
    const noon = usage('5', { month: '2026-02', from: '2026-02-07T12:00:00Z', to: '2026-02-08' });
    expect(used(report({ stretches: [...stretches, noon] }))[1]).toBe('2026-02-07 1356.5');
  });

  it('are those of the seats shown where seats were left out', () => {
    const invoice = invoiceOf('2026-02');
    const seats = invoice.seats.filter(({ userId }) => userId === 'alice');
    const shown = { ...invoice, seats };
    const asked = { ...KNOWN, stretches, isFiltered: true };
    expect(used(reportOf(shown, { invoice }, asked))).toEqual([
      '2026-02-05 1000',
      '2026-02-07 250',
    ]);
  });

  it('are none where the data have none, and not known where the usage has no days', () => {
    expect(used(report())).toEqual([]);
    expect(report().days).toHaveLength(28);
    expect(report({ stretches, coverage: {} }).days).toBeUndefined();
  });
});
