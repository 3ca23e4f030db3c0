import { describe, expect, it } from 'vitest';
import { billMonths } from '../../src/billing/invoice.ts';
import { trendColumns, trendSheet } from '../../src/billing/trend.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { type Cell, cellText, type Sheet } from '../../src/domain/sheet.ts';
import { MEASURES, type Measure, type TrendGrouping } from '../../src/domain/view.ts';
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

/** Alice grows in P1, Bo leaves it, Cy comes to P2 in March, and Dee has usage without a seat. */
const FACTS: Facts = {
  profiles: [
    profile('P1', { name: 'Platform', overageOn: true }),
    profile('P2', { name: 'Europe', region: 'eu-central-1' }),
  ],
  users: [user('alice', { name: 'Alice', costCenter: 'R&D' }), user('bo', { costCenter: 'R&D' })],
  subscriptions: [
    subscription('alice', 'Pro', { changes: { '2026-02-01': 'Pro+' } }),
    subscription('bo', 'Pro', { until: '2026-02-10' }),
    subscription('cy', 'Power', { profileId: 'P2', from: '2026-03-01' }),
  ],
  usage: [
    usage('1100.5'),
    usage('2000', { month: '2026-02' }),
    usage('2250', { month: '2026-03' }),
    usage('7', { userId: 'dee', month: '2026-03' }),
  ],
};

const QUARTER = ['2026-01', '2026-02', '2026-03'];

function trend(grouping: TrendGrouping, measure: Measure, months = QUARTER, facts = FACTS): Sheet {
  const invoices = billMonths(billing(facts), months.map(billingPeriod));
  return trendSheet(invoices, grouping, measure);
}

function texts({ columns }: Sheet, row: readonly Cell[]): string {
  return row.map((cell, index) => cellText(columns[index]?.kind ?? 'text', cell)).join(',');
}

function rowTexts(sheet: Sheet): string[] {
  return [...sheet.rows, sheet.totals].map((row) => texts(sheet, row));
}

describe('trend: a row per key, a column per month', () => {
  it.each<[grouping: TrendGrouping, names: string]>([
    ['user', 'profile_id,user_id,user_name'],
    ['profile', 'profile_id,profile_name'],
    ['account', 'account_id'],
    ['region', 'region'],
    ['tier', 'tier'],
    ['cost_center', 'cost_center'],
    ['group', 'group_id'],
    [['profile', 'tier'], 'profile_id,tier'],
  ])('by %s its key is %s', (grouping, names) => {
    for (const { columns } of [trend(grouping, 'total_charge'), trend(grouping, 'seats')]) {
      const all = columns.map(({ name }) => name).join(',');
      expect(all).toBe(`${names},2026-01,2026-02,2026-03,total,change,currency`);
    }
  });

  it.each(MEASURES)('M2: what adds up of %s', (measure) => {
    const kind = { credits_used: 'credits', overage_credits: 'credits', seats: 'count' };
    const own = kind[measure as 'seats'] ?? 'money';
    const shown = (months: readonly string[]): string[] =>
      trendColumns(months.map(billingPeriod), 'group', measure).map(
        ({ name, kind: of, adds }) => `${name} ${of} ${adds}`,
      );
    const total = `total ${own} ${measure !== 'seats'}`;
    expect(shown(['2026-01'])).toEqual([
      'group_id id false',
      `2026-01 ${own} true`,
      total,
      `change ${own} false`,
      'currency text false',
    ]);
    expect(shown(['2026-01', '2026-02']).slice(2)).toEqual([
      `2026-02 ${own} true`,
      total,
      `change ${own} true`,
      'currency text false',
    ]);
  });

  it.each<[grouping: TrendGrouping, measure: Measure, rows: string[]]>([
    [
      'user',
      'total_charge',
      [
        'P1,alice,Alice,24.02,40.00,50.00,114.02,10.00,USD',
        'P1,bo,,20.00,20.00,0.00,40.00,-20.00,USD',
        'P1,dee,,0.00,0.00,0.00,0.00,0.00,USD',
        'P2,cy,,0.00,0.00,200.00,200.00,200.00,USD',
        ',,,44.02,60.00,250.00,354.02,190.00,',
      ],
    ],
    [
      'profile',
      'subscription_charge',
      [
        'P1,Platform,40.00,60.00,40.00,140.00,-20.00,USD',
        'P2,Europe,0.00,0.00,200.00,200.00,200.00,USD',
        ',,40.00,60.00,240.00,340.00,180.00,',
      ],
    ],
    [
      'cost_center',
      'overage_charge',
      [
        ',0.00,0.00,0.00,0.00,0.00,USD',
        'R&D,4.02,0.00,10.00,14.02,10.00,USD',
        ',4.02,0.00,10.00,14.02,10.00,',
      ],
    ],
    [
      'region',
      'credits_used',
      [
        'eu-central-1,0.00,0.00,0.00,0.00,0.00,',
        'us-east-1,1100.50,2000.00,2257.00,5357.50,257.00,',
        ',1100.50,2000.00,2257.00,5357.50,257.00,',
      ],
    ],
    [
      'account',
      'overage_credits',
      ['111122223333,100.50,0.00,250.00,350.50,250.00,', ',100.50,0.00,250.00,350.50,250.00,'],
    ],
    [
      ['profile', 'tier'],
      'seats',
      [
        'P1,,0,0,0,,0,',
        'P1,Pro,2,1,0,,-1,',
        'P1,Pro+,0,1,1,,0,',
        'P2,Power,0,0,1,,1,',
        ',,2,2,2,,0,',
      ],
    ],
  ])('M2: by %s the %s, 0 where it has none', (grouping, measure, rows) => {
    expect(rowTexts(trend(grouping, measure))).toEqual(rows);
  });

  it('M2: two keys are not one, whatever is in them', () => {
    const facts: Facts = {
      users: [user('u1', { costCenter: 'a' }), user('u2', { costCenter: 'ag' })],
      subscriptions: [subscription('group:gh', 'Pro'), subscription('group:h', 'Pro', { line: 3 })],
      memberships: [member('gh', 'u1'), member('h', 'u2')],
    };
    expect(trend(['cost_center', 'group'], 'seats', QUARTER, facts).rows).toHaveLength(2);
  });

  it('names the months from the first to the last, a single one alone, and has no change of it', () => {
    expect(trend('tier', 'total_charge').month).toBe('2026-01..2026-03');
    const sheet = trend('tier', 'total_charge', ['2026-01']);
    expect(sheet.month).toBe('2026-01');
    expect(rowTexts(sheet)).toEqual(['Pro,44.02,44.02,,USD', ',44.02,44.02,,']);
    expect(rowTexts(trend('tier', 'total_charge', ['2026-01', '2026-02']))[0]).toBe(
      'Pro,44.02,20.00,64.02,-24.02,USD',
    );
  });

  it('M3: has the currency of money alone', () => {
    const facts = { ...FACTS, card: card(edition(['Pro 1 20 1000 0.04'], { currency: 'EUR' })) };
    const euros = { ...facts, subscriptions: [subscription('alice', 'Pro')] };
    for (const measure of MEASURES) {
      const { currency, rows } = trend('tier', measure, ['2026-01'], euros);
      const expected = measure.endsWith('charge') ? 'EUR' : '';
      expect([currency, rows[0]?.at(-1)]).toEqual([expected, expected]);
    }
  });

  it('H3: a seat that is pending has no row', () => {
    const facts = { subscriptions: [subscription('alice', 'Pro')], activations: [] };
    expect(trend('user', 'seats', QUARTER, facts).rows).toEqual([]);
  });

  it('without months it is empty', () => {
    expect(trend('user', 'total_charge', [])).toMatchObject({ month: '', currency: '', rows: [] });
  });
});
