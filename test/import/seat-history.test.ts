/** What the evidence of one seat says, by the rules for imports on the data formats page. */
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { instant, instantText } from '../../src/domain/instant.ts';
import { BUILT_IN_RATE_CARD } from '../../src/domain/rate-card.ts';
import type { ChargedMonth, Listing, SeatEvidence, Sighting } from '../../src/import/evidence.ts';
import { activatedLater, type SeatHistory, seatHistory } from '../../src/import/seat-history.ts';
import { cardTiers } from '../../src/import/tier-order.ts';

/** What files show of a seat, by their kinds. */
interface Shown extends Partial<Pick<SeatEvidence, 'listDays' | 'finalMonths'>> {
  readonly sightings?: readonly Sighting[];
  readonly charges?: readonly ChargedMonth[];
  readonly listings?: readonly Listing[];
}

function historyOf({ sightings = [], charges = [], listings = [], ...shown }: Shown): SeatHistory {
  const signs = [...charges, ...sightings, ...listings];
  const { rankOf } = cardTiers(BUILT_IN_RATE_CARD);
  return seatHistory({ listDays: [], finalMonths: [], ...shown, signs, rankOf });
}

function seen(date: string, tier?: string, isNewUser = false): Sighting {
  const at = instant(date);
  return {
    kind: 'sighting',
    at,
    isNewUser,
    source: 'r.csv:2',
    tier,
  };
}

function fee(month: string, tier: string, share = '1', isFinal = true): ChargedMonth {
  return {
    kind: 'charge',
    at: instant(`${month}-01`),
    month,
    tier,
    share: decimal(share),
    isFinal,
  };
}

function listed(
  date: string,
  status: Listing['status'],
  tier = 'Pro',
  activated?: string,
): Listing {
  const activatedAt = activated === undefined ? undefined : instant(activated);
  return { kind: 'listing', at: instant(date), status, tier, source: 'l.csv:2', activatedAt };
}

/** Subscriptions as `start..end tier@day ...`, and the activation. */
function told(evidence: Shown): { lives: string[]; activated?: string } {
  const { subscriptions, activation } = historyOf(evidence);
  const short = (at: bigint): string => instantText(at).replace('T00:00:00Z', '');
  return {
    lives: subscriptions.map(({ start, end, steps }) => {
      const [first, ...others] = steps;
      const later = others.map(({ at, tier }) => ` ${tier}@${short(at)}`).join('');
      return `${short(start)}..${end === undefined ? '' : short(end)} ${first?.tier}${later}`;
    }),
    ...(activation === undefined ? {} : { activated: short(activation.at) }),
  };
}

describe('reports', () => {
  it.each([
    ['no new user: from the first of the month', [seen('2026-01-15', 'Pro')], '2026-01-01.. Pro'],
    ['a new user: from that day', [seen('2026-01-15', 'Pro', true)], '2026-01-15.. Pro'],
    [
      'a lower plan in the same month: from the next',
      [seen('2026-01-15', 'Power'), seen('2026-01-20', 'Pro')],
      '2026-01-01.. Power Pro@2026-02-01',
    ],
    [
      'a lower plan that a higher one follows in the month: no change',
      [seen('2026-01-15', 'Power'), seen('2026-02-03', 'Pro'), seen('2026-02-09', 'Power')],
      '2026-01-01.. Power',
    ],
    [
      'a lower plan after months without a row: from the first without the higher one',
      [seen('2026-01-15', 'Power'), seen('2026-03-03', 'Pro')],
      '2026-01-01.. Power Pro@2026-02-01',
    ],
    [
      'a row without a tier shows the seat alone',
      [seen('2026-01-03'), seen('2026-01-20', 'Pro')],
      '2026-01-01.. Pro',
    ],
  ])('%s', (_, sightings, expected) => {
    expect(told({ sightings }).lives).toEqual([expected]);
  });

  it('two tiers of one day are named, and the higher one is taken', () => {
    const sightings = [seen('2026-01-15', 'Pro'), seen('2026-01-15', 'Power')];
    const { subscriptions, doubts } = historyOf({ sightings });
    expect(subscriptions[0]?.steps.map(({ tier }) => tier)).toEqual(['Power']);
    expect(doubts[0]).toMatch(/two plans on 2026-01-15/);
  });

  it('a seat without any tier is none', () => {
    expect(told({ sightings: [seen('2026-01-15')] }).lives).toEqual([]);
  });
});

describe('bills', () => {
  it('S2: a final one dates the start by its proration, one that is not final does not', () => {
    const share = '0.5333333333';
    expect(told({ charges: [fee('2026-04', 'Pro', share)] }).lives).toEqual(['2026-04-15.. Pro']);
    expect(told({ charges: [fee('2026-04', 'Pro', share, false)] }).lives).toEqual([
      '2026-04-01.. Pro',
    ]);
  });

  it('S3: a fee that was refunded in the first month dates the start, and its tier comes first', () => {
    const charges = [{ ...fee('2026-01', 'Pro+', '0.870967742'), refundedTier: 'Pro' }];
    expect(told({ charges }).lives).toEqual(['2026-01-05.. Pro Pro+@2026-01-06']);
  });

  it('S3: a refunded tier begins a first month whose reports show only the higher one', () => {
    const charges = [{ ...fee('2026-07', 'Pro+', '0.2903225806'), refundedTier: 'Pro' }];
    const at = (...days: string[]) =>
      told({ charges, sightings: days.map((day) => seen(day, 'Pro+')) });
    expect(at('2026-07-29').lives).toEqual(['2026-07-23.. Pro Pro+@2026-07-29']);
    expect(at('2026-07-23', '2026-07-29').lives).toEqual(['2026-07-23.. Pro Pro+@2026-07-24']);
  });

  it('S3: a refunded tier of a later month is held until the reports show the higher one', () => {
    const charges = [fee('2026-01', 'Pro'), { ...fee('2026-02', 'Power'), refundedTier: 'Pro' }];
    const sightings = [seen('2026-01-07', 'Pro'), seen('2026-02-18', 'Power')];
    expect(told({ charges, sightings }).lives).toEqual(['2026-01-01.. Pro Power@2026-02-18']);
  });

  describe('S2: a final one that prorates a seat of the month before begins it anew', () => {
    const charges = [fee('2026-01', 'Power'), fee('2026-02', 'Pro', '0.5')];
    const anew = ['2026-01-01..2026-02-01 Power', '2026-02-15.. Pro'];

    it('whose fee, or whose use, it had then', () => {
      expect(told({ charges })).toEqual({ lives: anew, activated: '2026-01-01' });
      const sightings = [seen('2026-01-09', 'Power'), seen('2026-02-15', 'Pro')];
      expect(told({ charges: charges.slice(1), sightings }).lives).toEqual(anew);
    });

    it('at the earliest of two, in whatever order, where a list of its first days lacks it', () => {
      const [before, half] = charges as [ChargedMonth, ChargedMonth];
      const two = [half, fee('2026-02', 'Pro', '0.25')];
      const listings = [listed('2026-01-20', 'active', 'Power')];
      const listDays = [instant('2026-01-20'), instant('2026-02-10')];
      const sightings = [seen('2026-02-18', 'Pro')];
      for (const later of [two, two.toReversed()]) {
        const evidence = { charges: [before, ...later], listings, listDays, sightings };
        expect(told(evidence).lives).toEqual(anew);
      }
    });

    it('says why the seat ended', () => {
      const { subscriptions } = historyOf({ charges });
      expect(subscriptions[0]?.source).toMatch(/; prorated in that of 2026-02$/);
    });

    it('whatever a list of its first days lacks', () => {
      const listings = [listed('2026-01-20', 'active', 'Power'), listed('2026-02-20', 'active')];
      const listDays = [instant('2026-01-20'), instant('2026-02-03'), instant('2026-02-20')];
      expect(told({ charges, listings, listDays }).lives).toEqual(anew);
      const sightings = [seen('2026-02-18', 'Pro')];
      expect(told({ charges, listings, listDays, sightings }).lives).toEqual(anew);
    });

    it('not if it is not final, covers the month, or the seat was seen before in it', () => {
      const [before] = charges as [ChargedMonth];
      const later = (share: string, isFinal: boolean, sightings: Sighting[] = []) =>
        told({ charges: [before, fee('2026-02', 'Power', share, isFinal)], sightings }).lives;
      const whole = ['2026-01-01.. Power'];
      expect(later('0.5', false)).toEqual(whole);
      expect(later('0.9999999999', true)).toEqual(whole);
      expect(later('0.5', true, [seen('2026-02-14', 'Power')])).toEqual(whole);
    });

    it('H3: not if the seat was only pending before', () => {
      const listings = [listed('2026-01-20', 'pending')];
      expect(told({ charges: charges.slice(1), listings })).toEqual({
        lives: ['2026-01-20.. Pro'],
        activated: '2026-02-15',
      });
    });
  });

  it.each<[string, Shown, string]>([
    [
      'that a list shows lower later in the month',
      { listings: [listed('2026-08-26', 'active')] },
      '2026-08-09.. Power Pro@2026-09-01',
    ],
    [
      'that a list has pending with another plan before',
      { listings: [listed('2026-06-10', 'pending', 'Pro+'), listed('2026-08-26', 'active')] },
      '2026-06-10.. Pro+ Power@2026-08-09 Pro@2026-09-01',
    ],
    [
      'that reports show lower later in the month',
      { sightings: [seen('2026-08-20', 'Pro'), seen('2026-08-21', 'Pro')] },
      '2026-08-09.. Power Pro@2026-09-01',
    ],
    [
      'that reports show higher later in the month',
      { sightings: [seen('2026-08-12', 'Pro'), seen('2026-08-21', 'Power')] },
      '2026-08-09.. Pro Power@2026-08-21',
    ],
  ])('S2: a prorated fee without a refund is of the first tier, %s', (what, shown, life) => {
    const tier = what.includes('higher') ? 'Pro' : 'Power';
    const charges = [fee('2026-08', tier, '0.7419354839')];
    expect(told({ ...shown, charges }).lives).toEqual([life]);
  });

  it('a month of a final one without a fee ends the seat, unless the reports show use there', () => {
    const charges = [fee('2026-01', 'Pro')];
    const finalMonths = ['2026-01', '2026-02'];
    expect(told({ charges, finalMonths }).lives).toEqual(['2026-01-01..2026-02-01 Pro']);
    const used = { charges, finalMonths, sightings: [seen('2026-02-10', 'Pro')] };
    expect(told(used).lives).toEqual(['2026-01-01.. Pro']);
    expect(historyOf(used).doubts[0]).toMatch(/charges nothing for 2026-02.*show use/);
  });

  it('a month of one that is not final ends nothing', () => {
    expect(told({ charges: [fee('2026-01', 'Pro')], finalMonths: ['2026-01'] }).lives).toEqual([
      '2026-01-01.. Pro',
    ]);
  });

  it('a rise that only the bill shows comes after the last day with the lower tier', () => {
    const sightings = [seen('2026-01-21', 'Pro')];
    expect(told({ sightings, charges: [fee('2026-01', 'Pro+')] }).lives).toEqual([
      '2026-01-01.. Pro Pro+@2026-01-22',
    ]);
  });
});

describe('lists', () => {
  const days = (...dates: string[]) => dates.map((date) => instant(date));

  it('active: from the activation date, with an activation', () => {
    const listings = [listed('2026-03-10', 'active', 'Pro', '2026-02-12T10:15:00+01:00')];
    expect(told({ listings, listDays: days('2026-03-10') })).toEqual({
      lives: ['2026-02-12T09:15:00Z.. Pro'],
      activated: '2026-02-12T09:15:00Z',
    });
  });

  it('active since a day after the list: from the first of the month, and the list is named', () => {
    const listings = [listed('2026-03-10', 'active', 'Pro', '2026-04-02')];
    expect(historyOf({ listings, listDays: days('2026-03-10') }).subscriptions).toMatchObject([
      {
        start: instant('2026-03-01'),
        source: expect.stringMatching(/, activated later, so from the first of the month$/),
      },
    ]);
    const users = ['2026-03-11', '2026-04-02', '2026-05-01'].map((day, index) => ({
      ...listed('2026-03-10', 'active', 'Pro', day),
      names: [`u${index}`] as [string],
      email: '',
      source: `l.csv:${index}`,
    }));
    expect(activatedLater({ at: instant('2026-03-10'), users })).toEqual([
      'the list of 2026-03-10: 2 users activated later, such as u1 on 2026-04-02 in l.csv:1: is that its day (--as-of)?',
    ]);
    expect(activatedLater({ at: instant('2026-05-01'), users })).toEqual([]);
  });

  it('active without a date: from the first of the month, or the day where an earlier list of it lacks the user', () => {
    const listings = [listed('2026-03-10', 'active')];
    expect(told({ listings, listDays: days('2026-03-10') })).toEqual({
      lives: ['2026-03-01.. Pro'],
      activated: '2026-03-01',
    });
    expect(told({ listings, listDays: days('2026-03-05', '2026-03-10') }).lives).toEqual([
      '2026-03-10.. Pro',
    ]);
    expect(told({ listings, listDays: days('2026-02-25', '2026-03-10') }).lives).toEqual([
      '2026-03-01.. Pro',
    ]);
  });

  it('H3: pending: from the day, without an activation; use activates it', () => {
    const listings = [listed('2026-03-10', 'pending')];
    const listDays = days('2026-03-10');
    expect(told({ listings, listDays })).toEqual({ lives: ['2026-03-10.. Pro'] });
    expect(told({ listings, listDays, sightings: [seen('2026-03-20', 'Pro')] })).toEqual({
      lives: ['2026-03-10.. Pro'],
      activated: '2026-03-20',
    });
    expect(told({ listings, listDays, finalMonths: ['2026-03', '2026-04'] }).lives).toEqual([
      '2026-03-10.. Pro',
    ]);
  });

  it.each([
    ['canceled in the same month', 'canceled', '2026-03-05', '2026-03-01..2026-03-20 Pro'],
    ['absent in the same month', undefined, '2026-03-05', '2026-03-01..2026-03-20 Pro'],
    [
      'canceled after a list of an earlier month',
      'canceled',
      '2026-02-25',
      '2026-02-01..2026-03-01 Pro',
    ],
    [
      'absent after a list of an earlier month',
      undefined,
      '2026-02-25',
      '2026-02-01..2026-03-01 Pro',
    ],
    ['unavailable says nothing', 'other', '2026-02-25', '2026-02-01.. Pro'],
  ] as const)('%s', (_, status, first, expected) => {
    const later = status === undefined ? [] : [listed('2026-03-20', status)];
    const listings = [listed(first, 'active'), ...later];
    const evidence = { listings, listDays: days(first, '2026-03-20') };
    expect(told(evidence).lives).toEqual([expected]);
    const mayBeLast = expect.stringMatching(
      /ended on 2026-03-01, and the month before may be its last/,
    );
    const isNamed = expected.includes('2026-03-01 ');
    expect(historyOf(evidence).doubts).toEqual(isNamed ? [mayBeLast] : []);
  });

  it('canceled, and nothing earlier knows the user: no seat', () => {
    const listings = [listed('2026-03-10', 'canceled', 'Pro', '2026-01-01')];
    expect(told({ listings, listDays: days('2026-03-10') }).lives).toEqual([]);
  });

  it('a seat that reports alone know is not ended by a list that lacks it', () => {
    const sightings = [seen('2026-02-10', 'Pro')];
    expect(told({ sightings, listDays: days('2026-03-10') }).lives).toEqual(['2026-02-01.. Pro']);
  });

  it('a higher plan begins on the later day, a lower one on the first of its month', () => {
    const listDays = days('2026-02-10', '2026-03-15', '2026-04-20');
    const listings = [
      listed('2026-02-10', 'active', 'Pro'),
      listed('2026-03-15', 'active', 'Power'),
      listed('2026-04-20', 'active', 'Pro+'),
    ];
    expect(told({ listings, listDays }).lives).toEqual([
      '2026-02-01.. Pro Power@2026-03-15 Pro+@2026-04-01',
    ]);
  });

  it('active, and pending on a later day: from the first of the month', () => {
    const listDays = days('2026-07-18', '2026-07-19');
    const listings = [listed('2026-07-18', 'active'), listed('2026-07-19', 'pending')];
    expect(told({ listings, listDays })).toEqual({
      lives: ['2026-07-01.. Pro'],
      activated: '2026-07-01',
    });
  });

  it.each(['2026-07-05', '2026-07-11T10:15:00Z', '2026-07-12'])(
    'of several lists the earliest start: from the first of the month, though a later one has %s',
    (activated) => {
      const listDays = days('2026-07-11', '2026-07-16');
      const listings = [
        listed('2026-07-11', 'active'),
        listed('2026-07-16', 'active', 'Pro', activated),
      ];
      expect(told({ listings, listDays }).lives).toEqual(['2026-07-01.. Pro']);
      const sightings = [seen('2026-07-09', 'Pro', true)];
      expect(told({ listings, listDays, sightings }).lives).toEqual(['2026-07-09.. Pro']);
    },
  );

  it('of several lists the earliest start', () => {
    const listDays = days('2026-02-10', '2026-03-15');
    const listings = [
      listed('2026-02-10', 'active', 'Pro', '2026-01-20'),
      listed('2026-03-15', 'active', 'Pro', '2026-02-01'),
    ];
    expect(told({ listings, listDays }).lives).toEqual(['2026-01-20.. Pro']);
  });
});

/** Everything of a seat: `start..end`, the tiers, and where they come from. */
function whole(evidence: Shown) {
  const { subscriptions, activation, doubts } = historyOf(evidence);
  return {
    lives: told(evidence).lives,
    sources: subscriptions.map(({ source }) => source),
    steps: subscriptions.flatMap(({ steps }) => steps.map(({ source }) => source)),
    activation: activation?.source,
    doubts,
  };
}

const at = (...dates: string[]) => dates.map((date) => instant(date));

describe('where a seat comes from', () => {
  it.each<[string, Shown, string, string]>([
    [
      'a new user',
      { sightings: [seen('2026-01-15', 'Pro', true)] },
      'first seen 2026-01-15 in r.csv:2: a new user on that day',
      'Pro first seen 2026-01-15 in r.csv:2',
    ],
    [
      'no new user',
      { sightings: [seen('2026-01-15', 'Pro')] },
      'first seen 2026-01-15 in r.csv:2: no new user there, so from the first of 2026-01',
      'Pro first seen 2026-01-15 in r.csv:2',
    ],
    [
      'a whole fee',
      { charges: [fee('2026-01', 'Pro')] },
      'fee of Pro in the CUR of 2026-01',
      'fee of Pro in the CUR of 2026-01',
    ],
    [
      'a prorated fee',
      { charges: [fee('2026-04', 'Pro', '0.5')] },
      'fee of Pro in the CUR of 2026-04: 0.5 of the month',
      'fee of Pro in the CUR of 2026-04',
    ],
    [
      'a fee of each day, which add up to almost a whole one',
      { charges: [fee('2026-02', 'Pro', '0.9999999996')] },
      'fee of Pro in the CUR of 2026-02',
      'fee of Pro in the CUR of 2026-02',
    ],
    [
      'a pending list',
      { listings: [listed('2026-01-10', 'pending')], listDays: at('2026-01-10') },
      'pending in l.csv:2',
      'Pro in l.csv:2',
    ],
    [
      'an activation',
      {
        listings: [listed('2026-01-10', 'active', 'Pro', '2026-01-05')],
        listDays: at('2026-01-10'),
      },
      'activation date in l.csv:2',
      'Pro in l.csv:2',
    ],
    [
      'an active list',
      { listings: [listed('2026-01-10', 'active')], listDays: at('2026-01-10') },
      'active in l.csv:2, without a day, so from the first of the month',
      'Pro in l.csv:2',
    ],
    [
      'an active list after one without the user',
      { listings: [listed('2026-01-10', 'active')], listDays: at('2026-01-05', '2026-01-10') },
      'active in l.csv:2, not in the list before it',
      'Pro in l.csv:2',
    ],
  ])('%s', (_, evidence, source, step) => {
    const found = whole(evidence);
    expect([found.sources, found.steps]).toEqual([[source], [step]]);
  });

  it('credits alone give a start, and the tier of a report', () => {
    const { tier: _, ...credits } = fee('2026-01', '', '0');
    const found = whole({ charges: [credits], sightings: [seen('2026-02-10', 'Pro')] });
    expect(found).toMatchObject({
      lives: ['2026-01-01.. Pro'],
      sources: ['credits in the CUR of 2026-01'],
    });
  });

  it.each<[string, Shown, string]>([
    [
      'the earliest of several signs, in whatever order they come',
      { sightings: [seen('2026-02-10', 'Pro')], charges: [fee('2026-01', 'Pro')] },
      '2026-01-01.. Pro',
    ],
    [
      'a day before a month',
      {
        sightings: [seen('2026-01-20', 'Pro', true)],
        charges: [fee('2026-01', 'Pro', '1', false)],
      },
      '2026-01-20.. Pro',
    ],
    [
      'the day of a use before the day of a proration',
      { sightings: [seen('2026-04-05', 'Pro')], charges: [fee('2026-04', 'Pro', '0.5')] },
      '2026-04-05.. Pro',
    ],
    [
      'a new user only where no row precedes it',
      { sightings: [seen('2026-01-10', 'Pro'), seen('2026-01-20', 'Pro', true)] },
      '2026-01-01.. Pro',
    ],
    [
      'a day of a later month does not count',
      {
        sightings: [seen('2026-01-10', 'Pro')],
        listings: [listed('2026-02-10', 'active', 'Pro', '2026-02-01')],
        listDays: at('2026-02-10'),
      },
      '2026-01-01.. Pro',
    ],
    [
      'the first use after a list of the month without the user',
      { sightings: [seen('2026-01-20', 'Pro')], listDays: at('2026-01-10') },
      '2026-01-20.. Pro',
    ],
    [
      'no list of the month before',
      { sightings: [seen('2026-01-20', 'Pro')], listDays: at('2025-12-31') },
      '2026-01-01.. Pro',
    ],
    [
      'a list of the first of the month without the user',
      { sightings: [seen('2026-01-20', 'Pro')], listDays: at('2026-01-01') },
      '2026-01-20.. Pro',
    ],
    [
      'no list of the day itself',
      { sightings: [seen('2026-01-20', 'Pro')], listDays: at('2026-01-20') },
      '2026-01-01.. Pro',
    ],
    [
      'no list that has the user as unavailable',
      {
        sightings: [seen('2026-01-20', 'Pro')],
        listings: [listed('2026-01-10', 'other')],
        listDays: at('2026-01-10'),
      },
      '2026-01-01.. Pro',
    ],
    [
      'an activation up to the day after the list',
      {
        listings: [listed('2026-01-10', 'active', 'Pro', '2026-01-11')],
        listDays: at('2026-01-10'),
      },
      '2026-01-11.. Pro',
    ],
    [
      'no activation later than that',
      {
        listings: [listed('2026-01-10', 'active', 'Pro', '2026-01-12')],
        listDays: at('2026-01-10'),
      },
      '2026-01-01.. Pro',
    ],
    [
      'an activation before a month that a bill shows',
      {
        charges: [fee('2026-01', 'Pro', '1', false)],
        listings: [listed('2026-01-25', 'active', 'Pro', '2026-01-20')],
        listDays: at('2026-01-25'),
      },
      '2026-01-20.. Pro',
    ],
    [
      'the day of a pending list before a month that a bill shows',
      {
        charges: [fee('2026-01', 'Pro', '1', false)],
        listings: [listed('2026-01-10', 'pending')],
        listDays: at('2026-01-10'),
      },
      '2026-01-10.. Pro',
    ],
    [
      'the day of a new user before a month that a list shows',
      {
        sightings: [seen('2026-01-15', 'Pro', true)],
        listings: [listed('2026-01-20', 'active')],
        listDays: at('2026-01-20'),
      },
      '2026-01-15.. Pro',
    ],
    [
      'after a list without the user, though a later one has the user as unavailable',
      {
        sightings: [seen('2026-01-20', 'Pro')],
        listings: [listed('2026-02-10', 'other')],
        listDays: at('2026-01-10', '2026-02-10'),
      },
      '2026-01-20.. Pro',
    ],
    [
      'the day of a proration, whatever the days of lists without an activation',
      {
        charges: [fee('2026-04', 'Pro', '0.5')],
        listings: [listed('2026-04-10', 'active')],
        listDays: at('2026-04-05', '2026-04-10'),
      },
      '2026-04-16.. Pro',
    ],
    [
      'the month that a bill shows, though a list of it lacks the user',
      {
        charges: [fee('2026-01', 'Pro', '1', false)],
        sightings: [seen('2026-01-12', 'Pro')],
        listDays: at('2026-01-05'),
      },
      '2026-01-01.. Pro',
    ],
    [
      'S2: the last day where the share is less than a day',
      { charges: [fee('2026-04', 'Pro', '0.001')] },
      '2026-04-30.. Pro',
    ],
  ])('starts: %s', (_, evidence, life) => {
    expect(told(evidence).lives).toEqual([life]);
  });
});

describe('lives after lives', () => {
  const ended = [listed('2026-01-05', 'active'), listed('2026-01-20', 'canceled')];

  it.each<[string, Shown, readonly string[]]>([
    [
      'H4: use in the month of the end is no new seat',
      {
        listings: ended,
        listDays: at('2026-01-05', '2026-01-20'),
        sightings: [seen('2026-01-25', 'Pro')],
      },
      ['2026-01-01..2026-01-20 Pro'],
    ],
    [
      'use in a later month is one',
      {
        listings: ended,
        listDays: at('2026-01-05', '2026-01-20'),
        sightings: [seen('2026-02-25', 'Pro')],
      },
      ['2026-01-01..2026-01-20 Pro', '2026-02-01.. Pro'],
    ],
    [
      'a list in the month of the end is one',
      {
        listings: [...ended, listed('2026-01-25', 'active')],
        listDays: at('2026-01-05', '2026-01-20', '2026-01-25'),
      },
      ['2026-01-01..2026-01-20 Pro', '2026-01-25.. Pro'],
    ],
    [
      'an activation before the end is of the life before',
      {
        listings: [...ended, listed('2026-02-25', 'active', 'Pro', '2026-01-10')],
        listDays: at('2026-01-05', '2026-01-20', '2026-02-25'),
      },
      ['2026-01-01..2026-01-20 Pro', '2026-02-01.. Pro'],
    ],
    [
      'so is one at the end itself',
      {
        listings: [...ended, listed('2026-02-25', 'active', 'Pro', '2026-01-20')],
        listDays: at('2026-01-05', '2026-01-20', '2026-02-25'),
      },
      ['2026-01-01..2026-01-20 Pro', '2026-02-01.. Pro'],
    ],
    [
      'a list that lacks who is in a later one alone ends nothing',
      {
        sightings: [seen('2026-01-10', 'Pro')],
        listings: [listed('2026-03-10', 'active')],
        listDays: at('2026-02-10', '2026-03-10'),
      },
      ['2026-01-01.. Pro'],
    ],
    [
      'a list that lacks who was unavailable in an earlier one ends nothing',
      {
        sightings: [seen('2026-01-10', 'Pro')],
        listings: [listed('2026-01-20', 'other')],
        listDays: at('2026-01-20', '2026-02-10'),
      },
      ['2026-01-01.. Pro'],
    ],
    [
      'a list in a month in which a later list alone has the seat ends it before that month',
      {
        listings: [listed('2026-01-05', 'active'), listed('2026-02-20', 'active')],
        listDays: at('2026-01-05', '2026-02-10', '2026-02-20'),
      },
      ['2026-01-01..2026-02-01 Pro', '2026-02-20.. Pro'],
    ],
    [
      'an activation after it is of the new one',
      {
        listings: [...ended, listed('2026-02-25', 'active', 'Pro', '2026-02-10')],
        listDays: at('2026-01-05', '2026-01-20', '2026-02-25'),
      },
      ['2026-01-01..2026-01-20 Pro', '2026-02-10.. Pro'],
    ],
    [
      'a month of a final bill without a fee parts two',
      {
        charges: [fee('2026-01', 'Pro'), fee('2026-03', 'Power')],
        finalMonths: ['2026-01', '2026-02', '2026-03'],
      },
      ['2026-01-01..2026-02-01 Pro', '2026-03-01.. Power'],
    ],
    [
      'a seat that ends at its start is none',
      {
        listings: [
          listed('2026-01-31', 'active', 'Pro', '2026-02-01'),
          listed('2026-02-01', 'canceled'),
        ],
        listDays: at('2026-01-31', '2026-02-01'),
      },
      [],
    ],
    [
      'a pending seat that a later list lacks ends',
      { listings: [listed('2026-01-05', 'pending')], listDays: at('2026-01-05', '2026-01-20') },
      ['2026-01-05..2026-01-20 Pro'],
    ],
    [
      'a pending seat is not ended by a bill, an active one is',
      {
        listings: [listed('2026-01-05', 'pending'), listed('2026-01-20', 'active')],
        listDays: at('2026-01-05', '2026-01-20'),
        finalMonths: ['2026-02'],
      },
      ['2026-01-05..2026-02-01 Pro'],
    ],
    [
      'a list in a month with use ends it on its day',
      {
        sightings: [seen('2026-02-03', 'Pro')],
        listings: [listed('2026-01-05', 'active')],
        listDays: at('2026-01-05', '2026-02-20'),
      },
      ['2026-01-01..2026-02-20 Pro'],
    ],
    [
      'a list in a month with use after it, too',
      {
        sightings: [seen('2026-02-25', 'Pro')],
        listings: [listed('2026-01-05', 'active')],
        listDays: at('2026-01-05', '2026-02-20'),
      },
      ['2026-01-01..2026-02-20 Pro'],
    ],
    [
      'a list before all that know the user ends nothing',
      { listings: [listed('2026-02-10', 'active')], listDays: at('2026-01-05', '2026-02-10') },
      ['2026-02-01.. Pro'],
    ],
  ])('%s', (_, evidence, lives) => {
    expect(told(evidence).lives).toEqual(lives);
  });

  it('say why they end', () => {
    const bill = whole({ charges: [fee('2026-01', 'Pro')], finalMonths: ['2026-02'] });
    expect(bill.sources).toEqual(['fee of Pro in the CUR of 2026-01; no fee in that of 2026-02']);
    const canceled = whole({ listings: ended, listDays: at('2026-01-05', '2026-01-20') });
    expect(canceled.sources[0]).toMatch(/; canceled in the list of 2026-01-20$/);
    const absent = whole({ listings: ended.slice(0, 1), listDays: at('2026-01-05', '2026-01-20') });
    expect(absent.sources[0]).toMatch(/; absent from the list of 2026-01-20$/);
    expect([...bill.doubts, ...canceled.doubts, ...absent.doubts]).toEqual([]);
  });

  it('name all months of use that a final bill does not charge', () => {
    const sightings = [
      seen('2026-01-10', 'Pro'),
      seen('2026-02-10', 'Pro'),
      seen('2026-03-10', 'Pro'),
    ];
    const finalMonths = ['2026-01', '2026-02', '2026-03', '2026-04'];
    expect(whole({ sightings, charges: [fee('2026-03', 'Pro')], finalMonths }).doubts).toEqual([
      'AWS charges nothing for 2026-01, 2026-02, and the reports show use there',
    ]);
  });
});

/**
 * "Canceled, or absent from a later list: it ends on that list's day"; "reports and charged fees date
 * starts, changes of plan and ends where they show them": what shows use or a fee of the list's month
 * leaves that month paid.
 */
describe('a list of the first of a month that has no seat for a user of the one before', () => {
  const ended = '2026-01-01..2026-02-01 Pro';
  const paid = '2026-01-01..2026-02-02 Pro';
  const anew = '2026-02-15.. Pro';
  const rows = {
    none: [],
    'on that day': [seen('2026-02-01', 'Pro')],
    later: [seen('2026-02-20', 'Pro')],
  };
  const bills = {
    none: [],
    whole: [fee('2026-01', 'Pro'), fee('2026-02', 'Pro')],
    prorated: [fee('2026-01', 'Pro'), fee('2026-02', 'Pro', '0.5')],
  };
  const cases = [
    ['none', 'none', [ended]],
    ['none', 'on that day', [paid]],
    ['none', 'later', [paid]],
    ['whole', 'none', [paid]],
    ['whole', 'on that day', [paid]],
    ['whole', 'later', [paid]],
    ['prorated', 'none', [ended, anew]],
    ['prorated', 'on that day', [paid, anew]],
    ['prorated', 'later', [ended, anew]],
  ] as const;

  describe.each(['absent', 'canceled'])('%s', (status) => {
    it.each(cases)('S2, H4: bill of the month: %s; row of a report: %s', (bill, row, lives) => {
      const listings = [
        listed('2026-01-20', 'active'),
        ...(status === 'canceled' ? [listed('2026-02-01', 'canceled')] : []),
      ];
      const listDays = at('2026-01-20', '2026-02-01');
      const finalMonths = bill === 'none' ? [] : ['2026-01', '2026-02'];
      const evidence = { charges: bills[bill], sightings: rows[row], listings };
      expect(told({ ...evidence, listDays, finalMonths }).lives).toEqual(lives);
    });
  });

  it('S2: ends who has the first fee, or one after an end, in that month', () => {
    const charges = [fee('2026-02', 'Pro')];
    const canceled = { listings: [listed('2026-02-01', 'canceled')], listDays: at('2026-02-01') };
    expect(told({ charges, ...canceled }).lives).toEqual(['2026-02-01..2026-02-02 Pro']);
    const listings = [listed('2026-01-05', 'active')];
    const listDays = at('2026-01-05', '2026-01-20', '2026-02-01');
    expect(told({ charges, listings, listDays }).lives).toEqual([
      '2026-01-01..2026-01-20 Pro',
      '2026-02-01..2026-02-02 Pro',
    ]);
  });

  it('leaves who is first seen on that day: the list may be older', () => {
    const listings = [listed('2026-02-01', 'canceled')];
    const sightings = [seen('2026-02-01', 'Pro', true)];
    expect(told({ sightings, listings, listDays: at('2026-02-01') }).lives).toEqual([
      '2026-02-01.. Pro',
    ]);
  });

  it('has the plan that the fee of that month shows', () => {
    const charges = [fee('2026-01', 'Pro'), fee('2026-02', 'Power')];
    const listings = [listed('2026-01-20', 'active')];
    expect(told({ charges, listings, listDays: at('2026-01-20', '2026-02-01') }).lives).toEqual([
      '2026-01-01..2026-02-02 Pro Power@2026-02-01',
    ]);
  });
});

describe('H3: the activation', () => {
  it.each<[string, Shown, string | undefined]>([
    [
      'is the first use of a pending seat',
      {
        listings: [listed('2026-01-05', 'pending')],
        listDays: at('2026-01-05'),
        sightings: [seen('2026-01-20', 'Pro')],
      },
      '2026-01-20',
    ],
    [
      'is the first of the month of an active list, where none of it has the seat pending',
      {
        listings: [listed('2026-01-05', 'pending'), listed('2026-02-10', 'active')],
        listDays: at('2026-01-05', '2026-02-10'),
      },
      '2026-02-01',
    ],
    [
      'is the day of the list, where one of the month has the seat pending',
      {
        listings: [listed('2026-02-05', 'pending'), listed('2026-02-10', 'active')],
        listDays: at('2026-02-05', '2026-02-10'),
      },
      '2026-02-10',
    ],
    [
      'is none of a seat that was only pending',
      { listings: [listed('2026-01-05', 'pending')], listDays: at('2026-01-05') },
      undefined,
    ],
    ['is none where there is no seat', { sightings: [seen('2026-01-10')] }, undefined],
  ])('%s', (_, evidence, activated) => {
    expect(told(evidence).activated).toBe(activated);
  });
});
