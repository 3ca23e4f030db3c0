import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bridgeOf } from '../../src/billing/bridge.ts';
import { billMonth } from '../../src/billing/invoice.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import type { Bridge } from '../../src/domain/bridge.ts';
import { centsText, sumCents } from '../../src/domain/money.ts';
import { billing, card, edition, type Facts, profile, subscription, usage } from './facts.ts';

function bridged(facts: Facts, before = '2026-01', now = '2026-02'): Bridge {
  const data = billing(facts);
  const [old, current] = [before, now].map((month) => billMonth(data, billingPeriod(month)));
  if (old === undefined || current === undefined) throw new Error('two months');
  return bridgeOf(old, current);
}

/** `CAUSE AMOUNT SEATS`, step by step. */
function stepTexts({ steps }: Bridge): string[] {
  return steps.map(({ cause, amount, seats }) => `${cause} ${centsText(amount)} ${seats}`);
}

describe('M2: the bridge between two months', () => {
  it.each<[what: string, facts: Facts, steps: string[]]>([
    ['nothing', { subscriptions: [subscription('alice', 'Pro')] }, []],
    ['usage without a seat that is gone', { usage: [usage('5')] }, []],
    ['usage without a seat that is new', { usage: [usage('5', { month: '2026-02' })] }, []],
    [
      'a tier of another name and price at the same rank, as an upgrade',
      {
        subscriptions: [subscription('bo', 'Mini', { changes: { '2026-02-01': 'Small' } })],
        card: card(
          edition(['Mini 1 5 100 0.04']),
          edition(['Small 1 4 100 0.04'], { from: '2026-02' }),
        ),
      },
      ['upgrade -1.00 1'],
    ],
    [
      'overage that a seat had which ended',
      {
        profiles: [profile('P1', { overageOn: true })],
        subscriptions: [subscription('alice', 'Pro', { until: '2026-01-10T00:00:00Z' })],
        usage: [usage('1100')],
      },
      ['ended -20.00 1', 'overage -4.00 1'],
    ],
    [
      'a new seat, charged in part',
      { subscriptions: [subscription('alice', 'Pro', { from: '2026-02-15T00:00:00Z' })] },
      ['new-seat 10.00 1'],
    ],
    [
      'an ended seat',
      { subscriptions: [subscription('alice', 'Pro+', { until: '2026-01-10T00:00:00Z' })] },
      ['ended -40.00 1'],
    ],
    [
      'an upgrade',
      { subscriptions: [subscription('alice', 'Pro', { changes: { '2026-02-10': 'Power' } })] },
      ['upgrade 180.00 1'],
    ],
    [
      'a downgrade, which takes effect in the month after',
      { subscriptions: [subscription('alice', 'Power', { changes: { '2026-01-10': 'Pro' } })] },
      ['downgrade -180.00 1'],
    ],
    [
      'the first whole month after a first one in part',
      { subscriptions: [subscription('alice', 'Pro', { from: '2026-01-17T00:00:00Z' })] },
      ['first-month 10.32 1'],
    ],
    [
      'overage that was not there, and less of another',
      {
        profiles: [profile('P1', { overageOn: true })],
        subscriptions: [subscription('alice', 'Pro'), subscription('bo', 'Pro', { line: 9 })],
        usage: [
          usage('1100', { month: '2026-02' }),
          usage('1500', { userId: 'bo' }),
          usage('1200', { userId: 'bo', month: '2026-02' }),
        ],
      },
      ['overage -8.00 2'],
    ],
    [
      'new prices, and an upgrade at the new ones',
      {
        subscriptions: [
          subscription('alice', 'Pro'),
          subscription('bo', 'Pro', { line: 9, changes: { '2026-02-01': 'Power' } }),
        ],
        card: card(
          edition(['Pro 1 20 1000 0.04', 'Power 2 200 10000 0.04']),
          edition(['Pro 1 22 1000 0.04', 'Power 2 210 10000 0.04'], { from: '2026-02' }),
        ),
      },
      ['upgrade 188.00 1', 'prices 4.00 2'],
    ],
    [
      'a tier that the new edition lacks: all is the change of tier',
      {
        subscriptions: [subscription('bo', 'Mini', { changes: { '2026-02-01': 'Pro' } })],
        card: card(
          edition(['Mini 1 5 100 0.04', 'Pro 2 20 1000 0.04']),
          edition(['Pro 2 22 1000 0.04'], { from: '2026-02' }),
        ),
      },
      ['upgrade 17.00 1'],
    ],
    [
      'a seat that ended and began again in the middle of the month',
      {
        subscriptions: [
          subscription('alice', 'Pro', { until: '2026-01-10T00:00:00Z' }),
          subscription('alice', 'Pro', { from: '2026-02-15T00:00:00Z', line: 3 }),
        ],
      },
      ['first-month -10.00 1'],
    ],
  ])('tells %s', (_, facts, steps) => {
    expect(stepTexts(bridged(facts))).toEqual(steps);
  });

  it('tells a mover with all its causes, the greatest change first', () => {
    const { changes } = bridged({
      profiles: [profile('P1', { overageOn: true })],
      subscriptions: [
        subscription('alice', 'Pro', { changes: { '2026-02-10': 'Pro+' } }),
        subscription('bo', 'Power', { line: 9, until: '2026-01-20T00:00:00Z' }),
      ],
      usage: [usage('2100', { month: '2026-02' })],
    });
    expect(
      changes.map(({ seat, tierBefore, tier, change, causes }) => [
        seat.userId,
        tierBefore,
        tier,
        centsText(change),
        causes.map(({ cause, amount }) => `${cause} ${centsText(amount)}`),
      ]),
    ).toEqual([
      ['bo', 'Power', undefined, '-200.00', ['ended -200.00']],
      ['alice', 'Pro', 'Pro+', '24.00', ['upgrade 20.00', 'overage 4.00']],
    ]);
  });

  it('has the seats that change alone, the greatest change up or down first, else in their order', () => {
    const { changes, before, total, totalBefore } = bridged({
      subscriptions: [
        subscription('u1', 'Pro'),
        subscription('u2', 'Pro', { line: 3, changes: { '2026-02-01': 'Pro+' } }),
        subscription('u3', 'Pro+', { line: 5, changes: { '2026-01-10': 'Pro' } }),
        subscription('u4', 'Power', { line: 7, until: '2026-01-10' }),
        subscription('u5', 'Pro', { line: 9, changes: { '2026-02-01': 'Power' } }),
        subscription('u6', 'Pro', { line: 11, from: '2026-02-01' }),
      ],
    });
    expect(changes.map(({ seat, change }) => `${seat.userId} ${centsText(change)}`)).toEqual([
      'u4 -200.00',
      'u5 180.00',
      'u2 20.00',
      'u3 -20.00',
      'u6 20.00',
    ]);
    expect(before.month).toBe('2026-01');
    expect([totalBefore, total].map(centsText)).toEqual(['300.00', '300.00']);
  });

  it('adds up, whatever happens', () => {
    const tier = fc.constantFrom('Pro', 'Pro+', 'Power');
    const day = fc.integer({ min: 1, max: 28 }).map((one) => String(one).padStart(2, '0'));
    const instantIn = fc
      .tuple(fc.constantFrom('2025-12', '2026-01', '2026-02'), day)
      .map(([month, date]) => `${month}-${date}T00:00:00Z`);
    const life = fc.record({
      user: fc.constantFrom('u1', 'u2', 'u3'),
      tier,
      from: instantIn,
      days: fc.integer({ min: 1, max: 60 }),
      change: fc.option(tier),
    });
    const credits = fc.integer({ min: 0, max: 30_000 });
    fc.assert(
      fc.property(fc.array(life, { maxLength: 6 }), credits, credits, (lives, used, usedBefore) => {
        const facts: Facts = {
          profiles: [profile('P1', { overageOn: true })],
          subscriptions: lives.map(({ user, tier: first, from, days, change }, index) => {
            const until = new Date(Date.parse(from) + days * 86_400_000).toISOString();
            const changed = new Date(Date.parse(from) + 43_200_000).toISOString();
            return subscription(user, first, {
              from,
              until,
              line: 10 * index,
              changes: change === null ? {} : { [changed]: change },
            });
          }),
          usage: [
            usage(String(usedBefore), { userId: 'u1' }),
            usage(String(used), { userId: 'u1', month: '2026-02' }),
          ],
        };
        const { totalBefore, total, steps, changes } = bridged(facts);
        expect(sumCents(steps.map(({ amount }) => amount))).toBe(total - totalBefore);
        expect(sumCents(changes.map(({ change }) => change))).toBe(total - totalBefore);
        for (const { change, causes } of changes) {
          expect(sumCents(causes.map(({ amount }) => amount))).toBe(change);
        }
      }),
      { numRuns: 300 },
    );
  });
});
