import { describe, expect, it } from 'vitest';
import { billMonth } from '../../src/billing/invoice.ts';
import { idleTimes } from '../../src/billing/optimize/idle.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { centsText } from '../../src/domain/money.ts';
import { dayText, epochDay } from '../../src/domain/usage-days.ts';
import {
  activation,
  billing,
  card,
  edition,
  type Facts,
  member,
  profile,
  subscription,
  usage,
} from './facts.ts';

interface UseTexts {
  /** By user of P1, the date of the last use. */
  readonly last?: Readonly<Record<string, string>>;
  readonly first?: string;
  /** The complete months that have usage. */
  readonly months?: readonly string[];
}

/** `PROFILE USER SINCE COST`, of the seats that are idle in March 2026. */
function idle(facts: Facts, { last = {}, first = '2026-01-01', months = [] }: UseTexts): string[] {
  const prepared = billing(facts);
  const times = idleTimes(prepared, billMonth(prepared, billingPeriod('2026-03')), {
    lastUse: (profileId, userId) =>
      profileId === 'P1' && userId in last ? epochDay(last[userId] as string) : undefined,
    firstDay: epochDay(first),
    periods: months.map(billingPeriod),
  });
  return [...times].map(
    ([key, { since, cost }]) => `${key.replace('\n', ' ')} ${dayText(since)} ${centsText(cost)}`,
  );
}

const QUARTER = ['2026-01', '2026-02', '2026-03'];
const pro = [subscription('alice', 'Pro')];

describe('since when a seat is idle', () => {
  it.each<[what: string, facts: Facts, uses: UseTexts, since: string[]]>([
    ['the day after its last use', {}, { last: { alice: '2026-01-31' } }, ['2026-02-01']],
    [
      'without a use, the first day of usage in the data',
      {},
      { first: '2026-01-07' },
      ['2026-01-07'],
    ],
    [
      'or its start, where that is later',
      { subscriptions: [subscription('alice', 'Pro', { from: '2026-02-10T23:00:00Z' })] },
      { first: '2026-01-07' },
      ['2026-02-10'],
    ],
    [
      'which is that of its first source',
      {
        subscriptions: [
          subscription('alice', 'Pro', { from: '2026-03-05' }),
          subscription('group:g', 'Pro', { from: '2026-02-10', line: 3 }),
          subscription('group:h', 'Pro', { from: '2026-02-20', line: 4 }),
        ],
        memberships: [member('g', 'alice'), member('h', 'alice')],
      },
      { first: '2026-01-07' },
      ['2026-02-10'],
    ],
    [
      'or its activation, where that is later still',
      { activations: [activation('alice', '2026-02-17T08:00:00Z')] },
      {},
      ['2026-02-17'],
    ],
    [
      'not an activation before it',
      {
        subscriptions: [subscription('alice', 'Pro', { from: '2026-02-10' })],
        activations: [activation('alice', '2025-12-01')],
      },
      {},
      ['2026-02-10'],
    ],
  ])('H1, H3: %s', (_, facts, uses, since) => {
    const found = idle({ subscriptions: pro, ...facts }, uses);
    expect(found.map((text) => text.split(' ')[2])).toEqual(since);
  });

  it('is known of seats that hold a tier and used no credits in the newest month', () => {
    const facts: Facts = {
      profiles: [profile('P1'), profile('P2')],
      subscriptions: [
        ...['alice', 'bo', 'cy', 'dee'].map((id) => subscription(id, 'Pro')),
        subscription('alice', 'Pro', { profileId: 'P2' }),
        subscription('eve', 'Pro', { until: '2026-02-20' }),
      ],
      usage: [
        usage('1', { userId: 'bo', month: '2026-03' }),
        usage('0', { userId: 'cy', month: '2026-03' }),
        usage('0', { userId: 'gus', month: '2026-03' }),
      ],
    };
    const uses = { last: { alice: '2026-02-03', eve: '2026-01-05' } };
    expect(idle(facts, uses)).toEqual([
      'P1 alice 2026-02-04 0.00',
      'P1 cy 2026-01-01 0.00',
      'P1 dee 2026-01-01 0.00',
      'P2 alice 2026-01-01 0.00',
    ]);
    expect(idle({}, {})).toEqual([]);
  });
});

describe('M2: what an idle seat has cost', () => {
  it.each<[what: string, facts: Facts, uses: UseTexts, cost: string]>([
    ['the months that have usage', {}, { months: ['2026-01', '2026-03'] }, '40.00'],
    ['none without such', {}, {}, '0.00'],
    [
      'those that lie wholly after',
      {},
      { last: { alice: '2026-01-05' }, months: QUARTER },
      '40.00',
    ],
    ['to the day', {}, { last: { alice: '2026-01-31' }, months: QUARTER }, '40.00'],
    ['not one day later', {}, { last: { alice: '2026-02-01' }, months: QUARTER }, '20.00'],
    [
      'an upgrade and its refund included, no overage',
      {
        profiles: [profile('P1', { overageOn: true })],
        subscriptions: [subscription('alice', 'Pro', { changes: { '2026-02-10': 'Pro+' } })],
        usage: [usage('5000', { month: '2026-02' })],
      },
      { months: QUARTER },
      '100.00',
    ],
    [
      'not months in another currency',
      {
        card: card(
          edition(['Pro 1 30 1000 0.04'], { currency: 'EUR' }),
          edition(['Pro 1 20 1000 0.04'], { from: '2026-02' }),
        ),
      },
      { months: QUARTER },
      '40.00',
    ],
    [
      'not months before the card',
      { card: card(edition(['Pro 1 20 1000 0.04'], { from: '2026-03' })) },
      { months: QUARTER },
      '20.00',
    ],
  ])('%s', (_, facts, uses, cost) => {
    const found = idle({ subscriptions: pro, ...facts }, uses);
    expect(found.map((text) => text.split(' ')[3])).toEqual([cost]);
  });

  it('each seat has its own', () => {
    const facts: Facts = {
      subscriptions: [...pro, subscription('bo', 'Power', { line: 3 })],
    };
    const uses = { last: { alice: '2026-02-10', bo: '2026-01-10' }, months: QUARTER };
    expect(idle(facts, uses)).toEqual(['P1 alice 2026-02-11 20.00', 'P1 bo 2026-01-11 400.00']);
  });

  it('M4: a month that cannot price the tier of a seat that is used does not matter', () => {
    const facts: Facts = {
      subscriptions: [
        ...pro,
        subscription('bo', 'Mini', { line: 3, changes: { '2026-02-01': 'Pro' } }),
      ],
      card: card(
        edition(['Pro 1 20 1000 0.04']),
        edition(['Pro 1 20 1000 0.04'], { from: '2026-02' }),
      ),
      usage: [usage('5', { userId: 'bo', month: '2026-03' })],
    };
    expect(idle(facts, { months: QUARTER })).toEqual(['P1 alice 2026-01-01 60.00']);
  });
});
