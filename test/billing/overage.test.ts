import { describe, expect, it } from 'vitest';
import {
  capOfMonth,
  type OverageHistory,
  overageAt,
  overageLines,
  seatCredits,
} from '../../src/billing/overage.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { decimal, decimalText } from '../../src/domain/decimal.ts';
import { instant } from '../../src/domain/instant.ts';
import type { OverageChange } from '../../src/domain/records.ts';
import {
  billed,
  card,
  creditsShown,
  edition,
  type Facts,
  FEBRUARY,
  LAST_OF_JANUARY,
  lineTexts,
  overageChange,
  profile,
  seatBilled,
  subscription,
  terms,
  usage,
} from './facts.ts';

const JANUARY = billingPeriod('2026-01');
const PRO = terms('Pro 1 20 1000 0.04');
const overageOn = { profiles: [profile('P1', { overageOn: true })] };
const subscriptions = [subscription('alice', 'Pro')];

function history(changes: OverageChange[], overageOnBefore = false, cap?: string): OverageHistory {
  const facts = { overageOn: overageOnBefore };
  return {
    profile: profile('P1', cap === undefined ? facts : { ...facts, capCredits: decimal(cap) }),
    changes,
  };
}

/** Alice on Pro, who used `credits` with overage on, and the cap of the profile. */
function used(credits: string, cap?: string): Facts {
  const facts = { overageOn: true, ...(cap === undefined ? {} : { capCredits: decimal(cap) }) };
  return { profiles: [profile('P1', facts)], subscriptions, usage: [usage(credits)] };
}

function overageShown(facts: Facts, month = '2026-01'): string {
  return creditsShown(seatBilled(facts, month));
}

describe('allowance', () => {
  it.each([
    ['Pro', 'used 700 included 1000 overage 0 unbilled 0'],
    ['Pro+', 'used 700 included 2000 overage 0 unbilled 0'],
    ['Power', 'used 700 included 10000 overage 0 unbilled 0'],
  ])('O1: it is the credits of %s, whole', (tier, credits) => {
    const facts = { subscriptions: [subscription('alice', tier)], usage: [usage('700')] };
    expect(overageShown(facts)).toBe(credits);
  });

  it('O1: the whole month is re-rated under the highest tier held in it', () => {
    const changes = { '2026-01-20': 'Pro+' };
    const facts = {
      ...overageOn,
      subscriptions: [subscription('alice', 'Pro', { changes })],
      usage: [usage('1010')],
    };
    expect(overageShown(facts)).toBe('used 1010 included 2000 overage 0 unbilled 0');
  });

  it('O1: also under a tier held for the last nanosecond only', () => {
    const facts = {
      ...overageOn,
      subscriptions: [subscription('alice', 'Pro', { changes: { [LAST_OF_JANUARY]: 'Power' } })],
      usage: [usage('10000.01')],
    };
    expect(overageShown(facts)).toBe('used 10000.01 included 10000 overage 0.01 unbilled 0');
  });

  it('O1: a downgrade in the month leaves the allowance as it is', () => {
    const facts = {
      ...overageOn,
      subscriptions: [subscription('alice', 'Pro+', { changes: { '2026-01-02': 'Pro' } })],
      usage: [usage('1500')],
    };
    expect(overageShown(facts)).toBe('used 1500 included 2000 overage 0 unbilled 0');
  });

  it('O1: nothing rolls over from an earlier month', () => {
    const facts = {
      ...overageOn,
      subscriptions,
      usage: [usage('1'), usage('1500', { month: '2026-02' })],
    };
    expect(overageShown(facts, '2026-01')).toBe('used 1 included 1000 overage 0 unbilled 0');
    expect(overageShown(facts, '2026-02')).toBe('used 1500 included 1000 overage 500 unbilled 0');
  });

  it('O1: credits are per seat: neither a colleague nor another profile helps out', () => {
    const { seats } = billed({
      profiles: [
        profile('P1', { overageOn: true }),
        profile('P2', { region: 'eu-central-1', overageOn: true }),
      ],
      subscriptions: [
        subscription('alice', 'Power'),
        subscription('alice', 'Pro', { profileId: 'P2' }),
        subscription('bob', 'Power', { profileId: 'P2' }),
      ],
      usage: [usage('1200', { profileId: 'P2' })],
    });
    expect(
      seats.map((seat) => `${seat.profile.profileId} ${seat.userId} ${creditsShown(seat)}`),
    ).toEqual([
      'P1 alice used 0 included 10000 overage 0 unbilled 0',
      'P2 alice used 1200 included 1000 overage 200 unbilled 0',
      'P2 bob used 0 included 10000 overage 0 unbilled 0',
    ]);
  });

  it("O1: usage before the seat's first instant counts too", () => {
    const facts = {
      ...overageOn,
      subscriptions: [subscription('alice', 'Pro', { from: '2026-01-20' })],
      overageChanges: [overageChange('2026-01-10', true)],
      usage: [
        usage('900', { to: '2026-01-10' }),
        usage('300.5', { from: '2026-01-10', to: FEBRUARY }),
      ],
    };
    expect(overageShown(facts)).toBe('used 1200.5 included 1000 overage 200.5 unbilled 0');
  });

  it('O1: the rows are counted, also those of 0 credits', () => {
    const facts = {
      subscriptions,
      overageChanges: [overageChange('2026-01-10', true)],
      usage: [
        usage('0', { to: '2026-01-10', rows: 3 }),
        usage('7.25', { from: '2026-01-10', rows: 2 }),
      ],
    };
    expect(seatBilled(facts).usageRows).toBe(5);
  });
});

describe('the overage switch', () => {
  it('O2: overage is off by default', () => {
    expect(overageAt({ profile: profile(), changes: [] }, JANUARY.start).on).toBe(false);
  });

  it.each([
    ['before the first change', '2026-01-09T23:59:59.999999999Z', false],
    ['at the instant of a change', '2026-01-10', true],
    ['between changes', '2026-01-15', true],
    ['at the next change', '2026-01-20', false],
    ['long after', '2027-01-01', false],
  ])('O2: it is as the latest change left it: %s', (_, at, isOn) => {
    const changes = [overageChange('2026-01-10', true), overageChange('2026-01-20', false)];
    expect(overageAt(history(changes), instant(at)).on).toBe(isOn);
  });

  it('O2: profiles.csv has the state before the first change', () => {
    const changes = [overageChange('2026-01-10', false)];
    expect(overageAt(history(changes, true), instant('2026-01-09')).on).toBe(true);
    expect(overageAt(history(changes, true), instant('2026-01-10')).on).toBe(false);
    expect(overageAt(history([], true), instant('2026-01-10')).on).toBe(true);
  });
});

describe('overage credits', () => {
  /** Alice on Pro; overage is switched on the 10th and on the 20th. */
  function inStretches(before: boolean, stretches: readonly [string, string, string]): string {
    const [first, second, third] = stretches;
    return overageShown({
      profiles: [profile('P1', { overageOn: before })],
      subscriptions,
      overageChanges: [overageChange('2026-01-10', !before), overageChange('2026-01-20', before)],
      usage: [
        usage(third, { from: '2026-01-20' }),
        usage(first, { to: '2026-01-10' }),
        usage(second, { from: '2026-01-10', to: '2026-01-20' }),
      ],
    });
  }

  it.each([
    [
      'off, on, off: only what the middle adds',
      false,
      ['800', '300', '400'],
      'overage 100 unbilled 400',
    ],
    [
      'off, on, off: nothing beyond in the middle',
      false,
      ['800', '100', '400'],
      'overage 0 unbilled 300',
    ],
    [
      'off, on, off: beyond from the start',
      false,
      ['1200', '300', '400'],
      'overage 300 unbilled 600',
    ],
    [
      'off, on, off: exactly the allowance before it',
      false,
      ['1000', '0.01', '0'],
      'overage 0.01 unbilled 0',
    ],
    [
      'off, on, off: exactly the allowance after it',
      false,
      ['800', '200', '7'],
      'overage 0 unbilled 7',
    ],
    [
      'on, off, on: the middle is not billed',
      true,
      ['1100', '50', '25'],
      'overage 125 unbilled 50',
    ],
    [
      'on, off, on: the middle uses the allowance up',
      true,
      ['900', '250', '25'],
      'overage 25 unbilled 150',
    ],
    ['on, off, on: all within', true, ['500', '300', '200'], 'overage 0 unbilled 0'],
  ] as const)('O2: stretches %s', (_, before, stretches, expected) => {
    expect(inStretches(before, stretches)).toMatch(expected);
  });

  it('O2: each stretch tells what was used before and after it, and what it adds', () => {
    const { stretches } = seatBilled({
      subscriptions,
      overageChanges: [overageChange('2026-01-10', true)],
      usage: [usage('400.5', { from: '2026-01-10' }), usage('900', { to: '2026-01-10' })],
    });
    const shown = stretches.map(
      ({ from, on, usedBefore, usedAfter, overageCredits }) =>
        `${from === instant('2026-01-10')} ${on} ${[usedBefore, usedAfter, overageCredits].map((value) => decimalText(value)).join(' ')}`,
    );
    expect(shown).toEqual(['false false 0.00 900.00 0.00', 'true true 900.00 1300.50 300.50']);
  });

  it('O2: the switch is of the profile, and leaves other profiles alone', () => {
    const facts = {
      profiles: [profile('P1'), profile('P2', { region: 'eu-central-1' })],
      subscriptions: [subscription('alice', 'Pro', { profileId: 'P2' })],
      overageChanges: [overageChange('2025-12-01', true)],
      usage: [usage('1200', { profileId: 'P2' })],
    };
    expect(overageShown(facts)).toBe('used 1200 included 1000 overage 0 unbilled 200');
  });

  it('O2: the changes may stand in any order', () => {
    const facts = {
      subscriptions,
      overageChanges: [
        overageChange('2025-12-20', false),
        overageChange('2025-11-20', true),
        overageChange('2025-12-25', true),
        overageChange('2025-12-01', true),
      ],
      usage: [usage('1200')],
    };
    expect(overageShown(facts)).toBe('used 1200 included 1000 overage 200 unbilled 0');
    const reversed = { ...facts, overageChanges: [...facts.overageChanges].reverse() };
    expect(overageShown(reversed)).toBe(overageShown(facts));
  });

  it('O2: a switch in an earlier month is still in force', () => {
    const facts = { subscriptions, usage: [usage('1200')] };
    const at = (instantOfChange: string): string =>
      overageShown({ ...facts, overageChanges: [overageChange(instantOfChange, true)] });
    expect(at('2025-06-01')).toMatch('overage 200 unbilled 0');
    expect(at('2026-01-01')).toMatch('overage 200 unbilled 0');
    expect(at(FEBRUARY)).toMatch('overage 0 unbilled 200');
  });
});

describe('cap', () => {
  it.each([
    ['below the overage', '100', 'overage 100 unbilled 150.75'],
    ['equal to it', '250.75', 'overage 250.75 unbilled 0'],
    ['above it', '251', 'overage 250.75 unbilled 0'],
    ['a fraction below it', '250.74999', 'overage 250.74999 unbilled 0.00001'],
    ['of 0', '0', 'overage 0 unbilled 250.75'],
    ['none', undefined, 'overage 250.75 unbilled 0'],
  ])('O3: overage credits are at most the cap: %s', (_, cap, expected) => {
    expect(overageShown(used('1250.75', cap))).toBe(`used 1250.75 included 1000 ${expected}`);
  });

  it('O3: it is per month: each month may reach it', () => {
    const facts = used('1500', '100');
    const both = { ...facts, usage: [usage('1500'), usage('1500', { month: '2026-02' })] };
    expect(overageShown(both, '2026-01')).toMatch('overage 100 unbilled 400');
    expect(overageShown(both, '2026-02')).toMatch('overage 100 unbilled 400');
  });

  it('O3: it is over the stretches together, not for each', () => {
    const facts = {
      profiles: [profile('P1', { overageOn: true, capCredits: decimal('120') })],
      subscriptions,
      overageChanges: [overageChange('2026-01-10', true)],
      usage: [usage('1100', { to: '2026-01-10' }), usage('100', { from: '2026-01-10' })],
    };
    expect(overageShown(facts)).toMatch('overage 120 unbilled 80');
  });

  function capShown(changes: OverageChange[], before?: string, overageOn = true): string {
    const inForce = capOfMonth(history(changes, overageOn, before), JANUARY);
    return inForce === undefined ? 'none' : decimalText(inForce, 0);
  }

  it('O3: without a change it is that of profiles.csv', () => {
    expect(capShown([])).toBe('none');
    expect(capShown([], '500')).toBe('500');
    expect(capShown([], '0')).toBe('0');
  });

  it.each([
    ['long before', '2025-06-01', '700'],
    ['in the month', '2026-01-15', '700'],
    ['in the last nanosecond', LAST_OF_JANUARY, '700'],
    ['exactly at the month end: not in force in it', FEBRUARY, '500'],
    ['in the next month', '2026-02-10', '500'],
  ])('O3: a cap that is raised counts from the month of the change: %s', (_, at, cap) => {
    expect(capShown([overageChange(at, true, '700')], '500')).toBe(cap);
  });

  it.each([
    ['long before', '2025-06-01', '50'],
    ['exactly at the month start', '2026-01-01', '50'],
    ['one nanosecond into the month', '2026-01-01T00:00:00.000000001Z', '500'],
    ['in the month', '2026-01-15', '500'],
  ])('O3: a cap that is lowered takes nothing back in its month: %s', (_, at, cap) => {
    expect(capShown([overageChange(at, true, '50')], '500')).toBe(cap);
  });

  it('O3: a larger one that was in force before the month does not count', () => {
    const changes = [
      overageChange('2025-12-01', true, '900'),
      overageChange('2025-12-20', true, '100'),
    ];
    expect(capShown(changes, '500')).toBe('100');
  });

  it('O3: the largest of several counts, wherever it lies', () => {
    const changes = ['50', '70', '60'].map((cap, index) =>
      overageChange(`2026-01-${10 + index}`, true, cap),
    );
    expect(capShown(changes, '40')).toBe('70');
  });

  it('O3: no cap at one instant at which overage is on is none', () => {
    expect(capShown([overageChange('2026-01-10', true, '50')])).toBe('none');
    expect(capShown([overageChange('2026-01-10', true, 'none')], '50')).toBe('none');
  });

  it('O3: caps in force only while overage is off do not count', () => {
    const changes = [
      overageChange('2026-01-10', true, '50'),
      overageChange('2026-01-20', false, '900'),
    ];
    expect(capShown(changes, '800', false)).toBe('50');
    expect(capShown(changes, undefined, false)).toBe('50');
    expect(capShown([], '800', false)).toBe('none');
  });

  it('O3: a blank cap leaves it as it was', () => {
    const blank = overageChange('2026-01-20', true);
    expect(capShown([blank], '500')).toBe('500');
    expect(capShown([blank])).toBe('none');
    expect(capShown([overageChange('2026-01-10', true, '50'), blank], '40')).toBe('50');
    expect(capShown([overageChange('2026-01-10', true, 'none'), blank], '500')).toBe('none');
    const before = [overageChange('2025-12-10', true, '50'), overageChange('2025-12-20', true)];
    expect(capShown(before, '40')).toBe('50');
  });

  it('O3: what was used under a larger cap stays billed when the cap is lowered', () => {
    const facts = {
      profiles: [profile('P1', { overageOn: true, capCredits: decimal('80') })],
      subscriptions,
      overageChanges: [overageChange('2026-01-20', true, '30')],
      usage: [usage('1100', { to: '2026-01-20' })],
    };
    expect(overageShown(facts)).toMatch('overage 80 unbilled 20');
  });

  it('O3: the invoice tells the cap where there is one', () => {
    expect(seatBilled(used('1', '0')).capCredits).toEqual(decimal('0'));
    expect(seatBilled(used('1')).capCredits).toBeUndefined();
  });
});

describe('overage line', () => {
  function overageLine(credits: string, tierTerms = PRO): string[] {
    return lineTexts(overageLines(decimal(credits), tierTerms, JANUARY));
  }

  it('O4: it is overage credits x the overage rate, dated the last day of the month', () => {
    expect(overageLine('250.75')).toEqual(['2026-01-31 overage Pro 250.75 x 0.04 = 10.03 O4']);
    expect(lineTexts(overageLines(decimal('1'), PRO, billingPeriod('2028-02')))).toEqual([
      '2028-02-29 overage Pro 1.00 x 0.04 = 0.04 O4',
    ]);
  });

  it('O4: there is one line, however many stretches there were', () => {
    const facts = {
      ...overageOn,
      subscriptions,
      overageChanges: [overageChange('2026-01-10', true)],
      usage: [usage('1100.5', { to: '2026-01-10' }), usage('200.1', { from: '2026-01-10' })],
    };
    expect(lineTexts(seatBilled(facts).lines)).toEqual([
      '2026-01-01 subscription Pro 31/31 x 20.00 = 20.00 S1',
      '2026-01-31 overage Pro 300.60 x 0.04 = 12.02 O4',
    ]);
  });

  it.each([
    ['0.12', '0.00'],
    ['0.125', '0.01'],
    ['0.1249999999999999999', '0.00'],
    ['0.375', '0.02'],
    ['1e-40', '0.00'],
  ])('O4: %s credits are a line of %s', (credits, amount) => {
    const [line = '', ...more] = overageLine(credits);
    expect(more).toEqual([]);
    expect(line).toContain(` = ${amount} O4`);
  });

  it('O4: without overage credits there is no line', () => {
    expect(overageLine('0')).toEqual([]);
    expect(overageLine('0.000')).toEqual([]);
    expect(lineTexts(seatBilled(used('1000')).lines)).toHaveLength(1);
  });

  it('O4: it is of the highest tier held, at the rate of that tier', () => {
    const facts = {
      ...overageOn,
      subscriptions: [subscription('alice', 'Pro', { changes: { '2026-01-20': 'Pro+' } })],
      usage: [usage('2100')],
      card: card(edition(['Pro 1 20 1000 0.04', 'Pro+ 2 40 2000 0.035'])),
    };
    expect(lineTexts(seatBilled(facts).lines).at(-1)).toBe(
      '2026-01-31 overage Pro+ 100.00 x 0.035 = 3.50 O4',
    );
  });

  it('O4: it counts in the totals of the seat', () => {
    const { subscriptionCharge, overageCharge, totalCharge } = seatBilled(used('1250.75'));
    expect([subscriptionCharge, overageCharge, totalCharge]).toEqual([2000n, 1003n, 3003n]);
  });
});

describe('exactness', () => {
  it('M1: credits of 17 digits are summed and charged without loss', () => {
    const facts = {
      ...overageOn,
      subscriptions,
      overageChanges: [overageChange('2026-01-10', true)],
      usage: [
        usage('1114.45787414391377', { to: '2026-01-10' }),
        usage('1e-05', { from: '2026-01-10' }),
      ],
    };
    const seat = seatBilled(facts);
    expect(decimalText(seat.creditsUsed)).toBe('1114.45788414391377');
    expect(lineTexts(seat.lines).at(-1)).toBe(
      '2026-01-31 overage Pro 114.45788414391377 x 0.04 = 4.58 O4',
    );
  });

  it('M1: what binary floating point would miss by a hair is met', () => {
    // 0.1 + 0.2 is 0.30000000000000004 there, and 1000.30 would be beyond an allowance of it.
    const facts = {
      ...overageOn,
      subscriptions,
      overageChanges: [overageChange('2026-01-10', true)],
      usage: [usage('0.1', { to: '2026-01-10' }), usage('0.2', { from: '2026-01-10' })],
      card: card(edition(['Pro 1 20 0.3 0.04'])),
    };
    expect(overageShown(facts)).toBe('used 0.3 included 0.3 overage 0 unbilled 0');
    // 1.005 x 100 is 100.49999… there.
    expect(lineTexts(overageLines(decimal('1.005'), terms('Pro 1 20 0 1'), JANUARY))).toEqual([
      '2026-01-31 overage Pro 1.005 x 1.00 = 1.01 O4',
    ]);
  });

  it('M1: numbers of 40 digits go through whole', () => {
    const nines = '9'.repeat(40);
    expect(overageShown(used(nines))).toBe(
      `used ${nines} included 1000 overage ${'9'.repeat(36)}8999 unbilled 0`,
    );
  });
});

describe('unbilled credits', () => {
  it.each([
    ['overage off', { subscriptions, usage: [usage('1250.75')] }, 'overage 0 unbilled 250.75'],
    ['nothing used', { subscriptions }, 'used 0 included 1000 overage 0 unbilled 0'],
    ['exactly the allowance', { subscriptions, usage: [usage('1000.00')] }, 'unbilled 0'],
    ['a hair beyond', { subscriptions, usage: [usage('1000.00000001')] }, 'unbilled 0.00000001'],
    ['all of it billed', used('1250.75'), 'overage 250.75 unbilled 0'],
    ['beyond the cap', used('1250.75', '200.5'), 'overage 200.5 unbilled 50.25'],
  ])('O5: used, less what is included, less the overage: %s', (_, facts: Facts, expected) => {
    expect(overageShown(facts)).toContain(expected);
  });

  it('O5: a tier without credits has no allowance, yet is a seat', () => {
    const facts = { ...used('12.5'), card: card(edition(['Pro 1 0 0 0.04'])) };
    expect(overageShown(facts)).toBe('used 12.5 included 0 overage 12.5 unbilled 0');
  });
});

describe('usage without a held tier', () => {
  it.each([
    ['a user without any subscription', { ...overageOn, usage: [usage('12.5')] }],
    [
      'a seat that ended in an earlier month',
      {
        ...overageOn,
        subscriptions: [subscription('alice', 'Pro', { until: '2025-12-10' })],
        usage: [usage('12.5')],
      },
    ],
    [
      'a seat that begins in a later month',
      {
        ...overageOn,
        subscriptions: [subscription('alice', 'Pro', { from: FEBRUARY })],
        usage: [usage('12.5')],
      },
    ],
    ['a pending seat', { ...overageOn, subscriptions, activations: [], usage: [usage('12.5')] }],
    [
      'a seat in another profile only',
      {
        profiles: [
          profile('P1', { overageOn: true }),
          profile('P2', { region: 'eu-central-1', overageOn: true }),
        ],
        usage: [usage('12.5')],
      },
    ],
  ])('O6: allowance 0, no charge, all unbilled, with overage on: %s', (_, facts: Facts) => {
    const seat = seatBilled(facts);
    expect(creditsShown(seat)).toBe('used 12.5 included 0 overage 0 unbilled 12.5');
    expect(seat.lines).toEqual([]);
    expect(seat.totalCharge).toBe(0n);
    expect(seat.terms).toBeUndefined();
    expect(seat.groupId).toBe('');
  });

  it('O6: the same of the function itself, whatever the stretches add', () => {
    const credits = seatCredits([usage('12.5')], undefined, {
      history: history([], true, '5'),
      capCredits: decimal('5'),
    });
    expect(decimalText(credits.overageCredits)).toBe('0.00');
    expect(decimalText(credits.unbilledCredits)).toBe('12.50');
  });

  it('O6: no stretch adds overage credits either, with overage on', () => {
    const { stretches } = seatBilled({ ...overageOn, usage: [usage('12.5')] });
    expect(stretches.map(({ overageCredits }) => decimalText(overageCredits))).toEqual(['0.00']);
  });
});
