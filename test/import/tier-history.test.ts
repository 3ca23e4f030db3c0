/** The tiers that a subscription selects, by what the files show of them. */
import { describe, expect, it } from 'vitest';
import { instant, utcDate } from '../../src/domain/instant.ts';
import { BUILT_IN_RATE_CARD } from '../../src/domain/rate-card.ts';
import { type TierSign, tierSteps } from '../../src/import/tier-history.ts';
import { cardTiers } from '../../src/import/tier-order.ts';

const KINDS = { s: 'sighting', l: 'listing', c: 'charge' } as const;

/** `s2026-01-05 Pro` is a row of a report, `l` a list, `c` a charge of the month. */
function sign(text: string): TierSign {
  const [day = '', tier = ''] = text.split(' ');
  const kind = KINDS[day.slice(0, 1) as keyof typeof KINDS];
  return { at: instant(day.slice(1)), kind, tier, source: text };
}

function steps(signs: string, start = '2026-01-01', end?: string) {
  const conflicts: string[] = [];
  const found = tierSteps(
    signs.split(', ').map(sign),
    instant(start),
    end === undefined ? undefined : instant(end),
    cardTiers(BUILT_IN_RATE_CARD).rankOf,
    conflicts,
  );
  return {
    tiers: found.map(({ at, tier }) => `${utcDate(at)} ${tier}`).join(', '),
    sources: found.map(({ source }) => source),
    conflicts,
  };
}

describe('H2: a higher tier', () => {
  it.each([
    ['holds from the start where it is the first', 's2026-01-15 Pro', '2026-01-01 Pro'],
    [
      'begins on the day on which a report shows it',
      's2026-01-05 Pro, s2026-01-15 Power',
      '2026-01-01 Pro, 2026-01-15 Power',
    ],
    [
      'twice in a month',
      's2026-01-05 Pro, s2026-01-15 Pro+, s2026-01-25 Power',
      '2026-01-01 Pro, 2026-01-15 Pro+, 2026-01-25 Power',
    ],
    [
      'first in a month by a report: that month began with it',
      's2026-01-05 Pro, s2026-02-15 Power',
      '2026-01-01 Pro, 2026-02-01 Power',
    ],
    [
      'first in a month by a list: on the day of the list',
      'l2026-01-05 Pro, l2026-02-15 Power',
      '2026-01-01 Pro, 2026-02-15 Power',
    ],
    [
      'after a lower one in a later month: on its day',
      's2026-01-05 Pro, s2026-02-10 Pro, s2026-02-15 Power',
      '2026-01-01 Pro, 2026-02-15 Power',
    ],
    [
      'that only the bill shows: after the last day with the lower one',
      's2026-01-05 Pro, s2026-01-20 Pro, c2026-01-01 Power',
      '2026-01-01 Pro, 2026-01-21 Power',
    ],
    [
      'that only the bill shows, after the last day of the month: on that day',
      's2026-01-31 Pro, c2026-01-01 Power',
      '2026-01-01 Pro, 2026-01-31 Power',
    ],
    [
      'that only the bill of a later month shows: from its start',
      's2026-01-05 Pro, c2026-02-01 Power',
      '2026-01-01 Pro, 2026-02-01 Power',
    ],
    [
      'charged after one that was taken back: the day after the start',
      'c2026-01-01 Pro, c2026-01-01 Power',
      '2026-01-01 Pro, 2026-01-02 Power',
    ],
    [
      'charged in the order of the tiers',
      'c2026-01-01 Power, c2026-01-01 Pro',
      '2026-01-01 Pro, 2026-01-02 Power',
    ],
    [
      'that the bill and a report show: on the day of the report',
      's2026-01-05 Pro, s2026-01-20 Power, c2026-01-01 Power',
      '2026-01-01 Pro, 2026-01-20 Power',
    ],
    ['charged as before', 'c2026-01-01 Pro, c2026-02-01 Pro', '2026-01-01 Pro'],
  ])('%s', (_, signs, tiers) => {
    expect(steps(signs)).toMatchObject({ tiers, conflicts: [] });
  });
});

describe('H4: a lower tier', () => {
  it.each([
    [
      'begins with the next month',
      's2026-01-05 Power, s2026-01-15 Pro',
      '2026-01-01 Power, 2026-02-01 Pro',
    ],
    ['of a list, too', 'l2026-01-05 Power, l2026-01-15 Pro', '2026-01-01 Power, 2026-02-01 Pro'],
    [
      'begins with the first month that has no higher one',
      's2026-01-05 Power, s2026-02-15 Pro',
      '2026-01-01 Power, 2026-02-01 Pro',
    ],
    [
      'after months that show nothing: in the first of them',
      's2026-01-05 Power, s2026-04-15 Pro',
      '2026-01-01 Power, 2026-02-01 Pro',
    ],
    [
      'that the bill shows',
      'c2026-01-01 Power, c2026-02-01 Pro',
      '2026-01-01 Power, 2026-02-01 Pro',
    ],
    [
      'is none where a higher one follows in its month',
      's2026-01-05 Power, s2026-02-05 Pro, s2026-02-10 Power',
      '2026-01-01 Power',
    ],
    [
      'is none where the bill has the higher one',
      's2026-01-05 Power, s2026-02-05 Pro, c2026-02-01 Power',
      '2026-01-01 Power, 2026-03-01 Pro',
    ],
    [
      'seen last, and the next month has it',
      's2026-01-05 Power, s2026-01-15 Pro, s2026-02-10 Pro',
      '2026-01-01 Power, 2026-02-01 Pro',
    ],
    [
      'seen last, and the next month has a higher one',
      's2026-01-05 Power, s2026-01-15 Pro, s2026-02-10 Pro+',
      '2026-01-01 Power, 2026-02-01 Pro+',
    ],
    [
      'of a list seen last, and the list of the next month has a higher one',
      'l2026-01-05 Power, l2026-01-15 Pro, l2026-02-10 Pro+',
      '2026-01-01 Power, 2026-02-01 Pro+',
    ],
    [
      'seen last, and a month later the higher one is back',
      's2026-01-05 Power, s2026-01-15 Pro, s2026-03-10 Power',
      '2026-01-01 Power, 2026-02-01 Pro, 2026-03-01 Power',
    ],
    [
      'with a higher one later in its month',
      's2026-01-05 Power, s2026-02-05 Pro, s2026-02-20 Pro+',
      '2026-01-01 Power, 2026-02-01 Pro, 2026-02-20 Pro+',
    ],
    [
      'before a rise that only the bill shows is no downgrade',
      's2026-01-05 Pro, c2026-01-01 Power',
      '2026-01-01 Pro, 2026-01-06 Power',
    ],
  ])('%s', (_, signs, tiers) => {
    expect(steps(signs)).toMatchObject({ tiers, conflicts: [] });
  });
});

it.each([
  [
    's2026-01-05 Pro, s2026-01-15 Power',
    '2026-01-10',
    undefined,
    '2026-01-10 Pro, 2026-01-15 Power',
  ],
  ['s2026-01-05 Pro, s2026-02-15 Power', '2026-01-01', '2026-02-01', '2026-01-01 Pro'],
  ['s2026-01-05 Power, s2026-01-15 Pro', '2026-01-01', '2026-02-01', '2026-01-01 Power'],
  [
    's2026-01-05 Power, s2026-01-15 Pro',
    '2026-01-01',
    '2026-02-02',
    '2026-01-01 Power, 2026-02-01 Pro',
  ],
  ['s2026-01-05 Pro, s2026-01-15 Power', '2026-01-20', undefined, '2026-01-20 Power'],
  ['s2026-01-05 Pro, s2026-01-15 Power', '2026-01-15', undefined, '2026-01-15 Power'],
])('steps of %s lie within the life from %s to %s', (signs, start, end, tiers) => {
  expect(steps(signs, start, end).tiers).toBe(tiers);
});

describe('two tiers of one day', () => {
  it.each(['s2026-01-05 Pro, s2026-01-05 Power', 's2026-01-05 Power, s2026-01-05 Pro'])(
    'are named, and the higher one counts: %s',
    (signs) => {
      const { tiers, conflicts } = steps(signs);
      expect(tiers).toBe('2026-01-01 Power');
      expect(conflicts).toEqual([
        'two plans on 2026-01-05: s2026-01-05 Power, and s2026-01-05 Pro; the higher one is written',
      ]);
    },
  );

  it('of one name are none', () => {
    expect(steps('s2026-01-05 Pro, l2026-01-05 Pro').conflicts).toEqual([]);
  });
});

it('each step says where it comes from', () => {
  expect(
    steps('s2026-01-05 Pro, s2026-01-15 Power, s2026-02-10 Pro+, s2026-02-12 Pro').sources,
  ).toEqual([
    's2026-01-05 Pro',
    's2026-01-15 Power, Pro last seen 2026-01-05',
    's2026-02-10 Pro+, no Power there',
    's2026-02-12 Pro, below Pro+ of the month before',
  ]);
  expect(steps('s2026-01-05 Power, s2026-01-15 Pro, s2026-02-10 Pro+').sources).toEqual([
    's2026-01-05 Power',
    's2026-02-10 Pro+, no Power there',
  ]);
  expect(steps('s2026-01-05 Pro, l2026-01-05 Pro').sources).toEqual(['s2026-01-05 Pro']);
  expect(steps('c2026-01-01 Pro, c2026-02-01 Power').sources).toEqual([
    'c2026-01-01 Pro',
    'c2026-02-01 Power',
  ]);
});
