import { describe, expect, it } from 'vitest';
import { activeSelections, heldTierSteps, selectionsWithin } from '../../src/billing/held-tier.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { instant, instantText } from '../../src/domain/instant.ts';
import type { Source } from '../../src/domain/invoice.ts';
import type { Tier } from '../../src/domain/tier.ts';
import {
  activation,
  type Facts,
  FEBRUARY,
  LAST_OF_JANUARY,
  member,
  recordsOf,
  seatsIn,
  stepTexts,
  subscription,
} from './facts.ts';

const JANUARY = '2026-01-01T00:00:00Z';
const LAST_OF_DECEMBER = '2025-12-31T23:59:59.999999999Z';
const RANKS: Readonly<Record<Tier, number>> = { Pro: 1, 'Pro+': 2, 'Pro Max': 3, Power: 4 };

/** The steps of alice's held tier in P1. */
function steps(facts: Facts, month = '2026-01') {
  const seat = seatsIn(recordsOf(facts)).get('P1')?.get('alice');
  if (seat === undefined) throw new Error('alice has no seat');
  return heldTierSteps(
    activeSelections(seat, billingPeriod(month)),
    (tier) => RANKS[tier] ?? Number.NaN,
  );
}

function heldSteps(facts: Facts, month = '2026-01'): string[] {
  return stepTexts(steps(facts, month));
}

/** What alice's own subscription selects in January 2026. */
function selected(source: Source, from = JANUARY, to = FEBRUARY): string[] {
  return selectionsWithin(source, instant(from), instant(to)).map(
    ({ at, tier }) => `${instantText(at)} ${tier}`,
  );
}

function sourceOf(facts: Parameters<typeof subscription>[2], tier = 'Pro'): Source {
  const own = subscription('alice', tier, facts);
  const source = { subscription: own, from: own.subscribedAt };
  const { unsubscribedAt } = own;
  return unsubscribedAt === undefined ? source : { ...source, until: unsubscribedAt };
}

describe('selected tier', () => {
  it("H2: before any change it is the subscription's tier", () => {
    const source = sourceOf({ changes: { [LAST_OF_JANUARY]: 'Power' } });
    expect(selected(source)[0]).toBe(`${JANUARY} Pro`);
  });

  it('H2: it is the tier of the latest change, not of the first or the highest', () => {
    const source = sourceOf({
      changes: { '2025-11-10': 'Power', '2025-11-20': 'Pro+', '2025-12-05': 'Pro Max' },
    });
    expect(selected(source)).toEqual([`${JANUARY} Pro Max`]);
  });

  it('H2: a change at the very instant counts at it', () => {
    const source = sourceOf({ changes: { [JANUARY]: 'Power' } });
    expect(selected(source)).toEqual([`${JANUARY} Power`]);
  });

  it('H2: a change a nanosecond later does not', () => {
    const source = sourceOf({ changes: { '2026-01-01T00:00:00.000000001Z': 'Power' } });
    expect(selected(source)).toEqual([`${JANUARY} Pro`, '2026-01-01T00:00:00.000000001Z Power']);
  });

  it('H2: every change in the month is told, also a fall, in the order of time', () => {
    const source = sourceOf({ changes: { '2026-01-05': 'Pro+', '2026-01-10': 'Pro' } });
    expect(selected(source)).toEqual([
      `${JANUARY} Pro`,
      '2026-01-05T00:00:00Z Pro+',
      '2026-01-10T00:00:00Z Pro',
    ]);
  });

  it.each([
    ['in the last nanosecond', LAST_OF_JANUARY, [`${JANUARY} Pro`, `${LAST_OF_JANUARY} Power`]],
    ['at the end, which is no longer inside', FEBRUARY, [`${JANUARY} Pro`]],
  ])('H2: a change %s of the month', (_, at, selections) => {
    expect(selected(sourceOf({ changes: { [at]: 'Power' } }))).toEqual(selections);
  });

  it('H2: outside its life a source selects nothing', () => {
    const source = sourceOf({ from: '2026-01-10', until: '2026-01-20' });
    expect(selected(source)).toEqual(['2026-01-10T00:00:00Z Pro']);
    expect(selected(source, JANUARY, '2026-01-10')).toEqual([]);
    expect(selected(source, '2026-01-20')).toEqual([]);
    expect(selected(source, '2026-01-19T23:59:59.999999999Z')).toHaveLength(1);
  });

  it("H2: a member who joins after the group's change gets the changed tier", () => {
    const facts = {
      subscriptions: [subscription('group:g', 'Pro', { changes: { '2026-01-10': 'Power' } })],
      memberships: [member('g', 'alice', '2026-01-15')],
    };
    expect(heldSteps(facts)).toEqual(['2026-01-15T00:00:00Z Power']);
  });

  it("H2: a change after the member has left the group is none of the member's", () => {
    const facts = {
      subscriptions: [subscription('group:g', 'Pro', { changes: { '2026-01-10': 'Power' } })],
      memberships: [member('g', 'alice', undefined, '2026-01-10')],
    };
    expect(heldSteps(facts)).toEqual([`${JANUARY} Pro`]);
  });

  it('H2: changes belong to the subscription, not to the principal', () => {
    const facts = {
      subscriptions: [
        subscription('alice', 'Pro', { until: '2026-01-10', changes: { '2025-12-01': 'Power' } }),
        subscription('alice', 'Pro+', { from: '2026-02-03' }),
      ],
    };
    expect(heldSteps(facts, '2026-01')).toEqual([`${JANUARY} Power`]);
    expect(heldSteps(facts, '2026-02')).toEqual(['2026-02-03T00:00:00Z Pro+']);
  });
});

describe('activation', () => {
  const subscriptions = [subscription('alice', 'Pro')];
  const activatedAt = (at: string): Facts => ({
    subscriptions,
    activations: [activation('alice', at)],
  });

  it('H3: without the file a seat holds its tier from its start', () => {
    expect(heldSteps({ subscriptions })).toEqual([`${JANUARY} Pro`]);
  });

  it('H3: a seat that was never activated holds no tier', () => {
    expect(heldSteps({ subscriptions, activations: [] })).toEqual([]);
  });

  it.each([
    ['before the month', LAST_OF_DECEMBER, JANUARY],
    ['at the first instant', JANUARY, JANUARY],
    ['a nanosecond later', '2026-01-01T00:00:00.000000001Z', '2026-01-01T00:00:00.000000001Z'],
    ['inside the month', '2026-01-12T09:30:00Z', '2026-01-12T09:30:00Z'],
    ['in the last nanosecond', LAST_OF_JANUARY, LAST_OF_JANUARY],
  ])('H3: a seat counts from its activation: %s', (_, at, start) => {
    expect(heldSteps(activatedAt(at))).toEqual([`${start} Pro`]);
  });

  it('H3: activated as the month ends, it counts from the next', () => {
    expect(heldSteps(activatedAt(FEBRUARY))).toEqual([]);
    expect(heldSteps(activatedAt(FEBRUARY), '2026-02')).toEqual([`${FEBRUARY} Pro`]);
  });

  it('H3: what a source selected before the activation does not count, what it selects then does', () => {
    const changes = { '2026-01-08': 'Pro+', '2026-01-20': 'Power' };
    const facts = {
      subscriptions: [subscription('alice', 'Power', { changes })],
      activations: [activation('alice', '2026-01-12')],
    };
    expect(heldSteps(facts)).toEqual(['2026-01-12T00:00:00Z Pro+', '2026-01-20T00:00:00Z Power']);
  });

  it('H3: a change at the instant of the activation is the tier from the start', () => {
    const facts = {
      subscriptions: [subscription('alice', 'Power', { changes: { '2026-01-12': 'Pro' } })],
      activations: [activation('alice', '2026-01-12')],
    };
    expect(heldSteps(facts)).toEqual(['2026-01-12T00:00:00Z Pro']);
  });

  it('H3: a source that ended before the activation, or as it came, gives nothing', () => {
    for (const until of ['2026-01-11', '2026-01-12']) {
      const facts = {
        subscriptions: [subscription('alice', 'Pro', { until })],
        activations: [activation('alice', '2026-01-12')],
      };
      expect(heldSteps(facts)).toEqual([]);
    }
  });

  it('H3: an activation outlives an unsubscribe and a new subscription', () => {
    const facts = {
      subscriptions: [
        subscription('alice', 'Pro', { until: '2025-12-10' }),
        subscription('alice', 'Pro+', { from: '2026-01-20' }),
      ],
      activations: [activation('alice', '2025-11-05')],
    };
    expect(heldSteps(facts)).toEqual(['2026-01-20T00:00:00Z Pro+']);
  });

  it('H3: an activation before the first subscription counts for it', () => {
    const facts = {
      subscriptions: [subscription('alice', 'Pro', { from: '2026-01-20' })],
      activations: [activation('alice', '2025-06-01')],
    };
    expect(heldSteps(facts)).toEqual(['2026-01-20T00:00:00Z Pro']);
  });

  it('H3: an activation is of the seat, whichever source it came by', () => {
    const facts = {
      subscriptions: [
        subscription('alice', 'Pro', { until: '2025-12-01' }),
        subscription('group:g', 'Power', { from: '2026-01-10' }),
      ],
      memberships: [member('g', 'alice')],
      activations: [activation('alice', '2025-11-20')],
    };
    expect(heldSteps(facts)).toEqual(['2026-01-10T00:00:00Z Power']);
  });
});

describe('held tier', () => {
  function own(tier: Tier, facts: Parameters<typeof subscription>[2] = {}): Facts {
    return { subscriptions: [subscription('alice', tier, facts)] };
  }

  it.each([
    ['since long', '2025-11-03', `${JANUARY} Pro`],
    ['since the last nanosecond of December', LAST_OF_DECEMBER, `${JANUARY} Pro`],
    ['from the first instant', JANUARY, `${JANUARY} Pro`],
    [
      'from a nanosecond later',
      '2026-01-01T00:00:00.000000001Z',
      '2026-01-01T00:00:00.000000001Z Pro',
    ],
    ['from the last nanosecond', LAST_OF_JANUARY, `${LAST_OF_JANUARY} Pro`],
  ])('H4: a seat subscribed %s of the month holds its tier from there', (_, from, step) => {
    expect(heldSteps(own('Pro', { from }))).toEqual([step]);
  });

  it('H4: a seat subscribed as the month ends holds nothing in it', () => {
    expect(heldSteps(own('Pro', { from: FEBRUARY }))).toEqual([]);
  });

  it('H4: an upgrade is immediate', () => {
    expect(heldSteps(own('Pro', { changes: { '2026-01-15T10:20:00Z': 'Pro+' } }))).toEqual([
      `${JANUARY} Pro`,
      '2026-01-15T10:20:00Z Pro+',
    ]);
  });

  it('H4: an upgrade at the first instant is the only step', () => {
    expect(heldSteps(own('Pro', { changes: { [JANUARY]: 'Power' } }))).toEqual([
      `${JANUARY} Power`,
    ]);
  });

  it('H4: a downgrade takes effect at the start of the next month', () => {
    const facts = own('Power', { changes: { '2026-01-15': 'Pro' } });
    expect(heldSteps(facts)).toEqual([`${JANUARY} Power`]);
    expect(heldSteps(facts, '2026-02')).toEqual([`${FEBRUARY} Pro`]);
  });

  it('H4: a downgrade at the first instant of a month is in force in it', () => {
    const facts = own('Power', { changes: { [FEBRUARY]: 'Pro' } });
    expect(heldSteps(facts, '2026-02')).toEqual([`${FEBRUARY} Pro`]);
  });

  it('H4: a downgrade a nanosecond into a month is not', () => {
    const facts = own('Power', { changes: { '2026-02-01T00:00:00.000000001Z': 'Pro' } });
    expect(heldSteps(facts, '2026-02')).toEqual([`${FEBRUARY} Power`]);
  });

  it('H4: a second change in the month replaces the pending one', () => {
    const facts = own('Power', { changes: { '2026-01-05': 'Pro', '2026-01-20': 'Pro+' } });
    expect(heldSteps(facts)).toEqual([`${JANUARY} Power`]);
    expect(heldSteps(facts, '2026-02')).toEqual([`${FEBRUARY} Pro+`]);
  });

  it('H4: up, down and up again is one step', () => {
    const changes = { '2026-01-05': 'Power', '2026-01-10': 'Pro', '2026-01-20': 'Power' };
    expect(heldSteps(own('Pro', { changes }))).toEqual([
      `${JANUARY} Pro`,
      '2026-01-05T00:00:00Z Power',
    ]);
  });

  it('H4: tiers are ordered by rank, and each rise is a step', () => {
    const changes = { '2026-01-05': 'Pro+', '2026-01-10': 'Pro Max', '2026-01-15': 'Power' };
    expect(heldSteps(own('Pro', { changes }))).toEqual([
      `${JANUARY} Pro`,
      '2026-01-05T00:00:00Z Pro+',
      '2026-01-10T00:00:00Z Pro Max',
      '2026-01-15T00:00:00Z Power',
    ]);
  });

  it('H4: an unsubscribed seat is held to the end of the month and gone in the next', () => {
    const facts = own('Pro', { until: '2026-01-10T17:45:00Z' });
    expect(heldSteps(facts)).toEqual([`${JANUARY} Pro`]);
    expect(heldSteps(facts, '2026-02')).toEqual([]);
  });

  it('H4: unsubscribed at the first instant of a month, it is gone in that month', () => {
    expect(heldSteps(own('Pro', { until: FEBRUARY }), '2026-02')).toEqual([]);
    expect(heldSteps(own('Pro', { until: FEBRUARY }), '2026-01')).toHaveLength(1);
  });

  it('H4: unsubscribed a nanosecond into a month, it is held in that month', () => {
    const facts = own('Pro', { until: '2026-02-01T00:00:00.000000001Z' });
    expect(heldSteps(facts, '2026-02')).toEqual([`${FEBRUARY} Pro`]);
  });

  it('H4: a seat that came and went inside the month held its tier', () => {
    const facts = own('Pro', { from: '2026-01-10', until: '2026-01-10T00:00:00.000000001Z' });
    expect(heldSteps(facts)).toEqual(['2026-01-10T00:00:00Z Pro']);
  });

  it('H4: subscribed again in the same month, it is the same seat with no further step', () => {
    const facts = {
      subscriptions: [
        subscription('alice', 'Pro', { until: '2026-01-05' }),
        subscription('alice', 'Pro', { from: '2026-01-20' }),
      ],
    };
    expect(heldSteps(facts)).toEqual([`${JANUARY} Pro`]);
    expect(heldSteps(facts, '2026-02')).toEqual([`${FEBRUARY} Pro`]);
  });

  it('H4: subscribed again in a higher tier is an upgrade, in a lower one nothing', () => {
    const again = (tier: Tier): Facts => ({
      subscriptions: [
        subscription('alice', 'Pro+', { until: '2026-01-05' }),
        subscription('alice', tier, { from: '2026-01-20' }),
      ],
    });
    expect(heldSteps(again('Power'))).toEqual([`${JANUARY} Pro+`, '2026-01-20T00:00:00Z Power']);
    expect(heldSteps(again('Pro'))).toEqual([`${JANUARY} Pro+`]);
  });

  it('H4: leaving a group takes effect at the start of the next month', () => {
    const facts = {
      subscriptions: [subscription('alice', 'Pro'), subscription('group:g', 'Power')],
      memberships: [member('g', 'alice', undefined, '2026-01-02')],
    };
    expect(heldSteps(facts)).toEqual([`${JANUARY} Power`]);
    expect(heldSteps(facts, '2026-02')).toEqual([`${FEBRUARY} Pro`]);
  });

  it('H4: moving to a lower group keeps the higher tier to the end of the month', () => {
    const facts = {
      subscriptions: [subscription('group:high', 'Pro+'), subscription('group:low', 'Pro')],
      memberships: [
        member('high', 'alice', undefined, '2026-01-10'),
        member('low', 'alice', '2026-01-10'),
      ],
    };
    expect(heldSteps(facts)).toEqual([`${JANUARY} Pro+`]);
    expect(heldSteps(facts, '2026-02')).toEqual([`${FEBRUARY} Pro`]);
  });

  it('H4: of several sources at one instant only the highest is a step', () => {
    const tiers = ['Pro+', 'Power', 'Pro'];
    const facts = {
      subscriptions: tiers.map((tier) => subscription(`group:${tier}`, tier)),
      memberships: tiers.map((tier) => member(tier, 'alice', '2026-01-12T10:00:00Z')),
    };
    expect(heldSteps(facts)).toEqual(['2026-01-12T10:00:00Z Power']);
  });

  it('H4: sources step by time, in whatever order they stand', () => {
    const facts = {
      subscriptions: [
        subscription('group:z', 'Pro', { from: '2026-01-05' }),
        subscription('group:a', 'Power', { from: '2026-01-20' }),
        subscription('alice', 'Pro+', { from: '2026-01-12' }),
      ],
      memberships: [member('a', 'alice'), member('z', 'alice')],
    };
    expect(heldSteps(facts)).toEqual([
      '2026-01-05T00:00:00Z Pro',
      '2026-01-12T00:00:00Z Pro+',
      '2026-01-20T00:00:00Z Power',
    ]);
  });

  it('H4: a lower source that starts later is no step', () => {
    const facts = {
      subscriptions: [
        subscription('group:g', 'Pro', { from: '2026-01-12' }),
        subscription('alice', 'Pro+'),
      ],
      memberships: [member('g', 'alice')],
    };
    expect(heldSteps(facts)).toEqual([`${JANUARY} Pro+`]);
  });

  it('H4: one source may fall at the instant at which another rises', () => {
    const at = '2026-01-12T10:00:00Z';
    const facts = {
      subscriptions: [
        subscription('alice', 'Pro+', { changes: { [at]: 'Pro' } }),
        subscription('group:g', 'Pro', { changes: { [at]: 'Pro+' } }),
      ],
      memberships: [member('g', 'alice')],
    };
    expect(heldSteps(facts)).toEqual([`${JANUARY} Pro+`]);
    expect(heldSteps(facts, '2026-02')).toEqual([`${FEBRUARY} Pro+`]);
  });

  describe('the source of a step', () => {
    const sourceIds = (facts: Facts): string[] =>
      steps(facts).map(({ source }) => source.subscription.principalId);

    it('H4: it is the one that first gave the tier', () => {
      const facts = {
        subscriptions: [
          subscription('alice', 'Pro', { from: '2026-01-20' }),
          subscription('group:a', 'Pro', { from: '2026-01-15' }),
          subscription('group:b', 'Pro', { from: '2026-01-10' }),
        ],
        memberships: [member('a', 'alice'), member('b', 'alice')],
      };
      expect(sourceIds(facts)).toEqual(['b']);
    });

    it('H4: at one instant a direct subscription comes before a group', () => {
      const facts = {
        subscriptions: [subscription('group:a', 'Pro'), subscription('alice', 'Pro')],
        memberships: [member('a', 'alice')],
      };
      expect(sourceIds(facts)).toEqual(['alice']);
    });

    it('H4: and groups come by their id', () => {
      const facts = {
        subscriptions: [subscription('group:b', 'Pro'), subscription('group:a', 'Pro')],
        memberships: [member('a', 'alice'), member('b', 'alice')],
      };
      expect(sourceIds(facts)).toEqual(['a']);
    });

    it('H4: but the higher tier wins over both', () => {
      const facts = {
        subscriptions: [
          subscription('alice', 'Pro'),
          subscription('group:a', 'Pro'),
          subscription('group:b', 'Pro+'),
        ],
        memberships: [member('a', 'alice'), member('b', 'alice')],
      };
      expect(sourceIds(facts)).toEqual(['b']);
    });
  });
});
