import { describe, expect, it } from 'vitest';
import {
  editionInForce,
  missingPartition,
  refuseMonthsBefore,
  termsFor,
  unusedOverrides,
} from '../../src/billing/rates.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { decimal, decimalText } from '../../src/domain/decimal.ts';
import { WrongUsage } from '../../src/domain/problem.ts';
import { BUILT_IN_RATE_CARD, type RateEdition } from '../../src/domain/rate-card.ts';
import type { Profile } from '../../src/domain/records.ts';
import { card, edition, placeAt, profile } from './facts.ts';

/** `TIER PRICE CREDITS RATE`, tier by tier. */
function termTexts(rateEdition: RateEdition, of: Profile): string[] {
  return [...(termsFor(rateEdition, of)?.values() ?? [])].map(
    ({ tier, price, credits, overageRate }) =>
      `${tier} ${[price, credits, overageRate].map((value) => decimalText(value, 0)).join(' ')}`,
  );
}

describe('edition in force', () => {
  const TWO = card(
    edition(['Pro 1 20 1000 0.04'], { from: '2026-02' }),
    edition(['Pro 1 25 1000 0.04'], { from: '2026-05' }),
  );

  it.each([
    ['2026-02', '2026-02'],
    ['2026-03', '2026-02'],
    ['2026-04', '2026-02'],
    ['2026-05', '2026-05'],
    ['2027-01', '2026-05'],
  ])('M3: %s uses the edition of %s, in force at its first instant', (month, from) => {
    expect(editionInForce(TWO, billingPeriod(month)).from).toBe(from);
  });

  it('M3: a month before the first edition is wrong usage, and says so', () => {
    const ask = (): RateEdition => editionInForce(TWO, billingPeriod('2026-01'));
    expect(ask).toThrow(WrongUsage);
    expect(ask).toThrow('2026-01');
    expect(ask).toThrow('2026-02');
  });

  it('M3: the built-in card begins in 2025-10', () => {
    expect(editionInForce(BUILT_IN_RATE_CARD, billingPeriod('2025-10')).from).toBe('2025-10');
    expect(() => editionInForce(BUILT_IN_RATE_CARD, billingPeriod('2025-09'))).toThrow(WrongUsage);
  });

  it.each([
    [['2026-01'], '2026-02 or a later one'],
    [['2025-12', '2026-01'], '2026-02 or a later one'],
    [['2026-01', '2026-02'], '2026-02'],
    [['2026-01', '2026-02', '2026-03', '2026-04', '2026-05'], '2026-02..2026-05'],
  ])('M3: of %j the message has the range that would do', (months, range) => {
    const first = months[0];
    const ask = (): void => refuseMonthsBefore(TWO, months.map(billingPeriod));
    expect(ask).toThrow(WrongUsage);
    expect(ask).toThrow(
      `${first} is before the rate card's first edition (2026-02): ask for --month ${range}, or give a card that covers it with --rates`,
    );
  });

  it('M3: months from the first edition on are not refused', () => {
    expect(() => refuseMonthsBefore(TWO, ['2026-02', '2026-05'].map(billingPeriod))).not.toThrow();
  });
});

describe('prices of a profile', () => {
  const BUILT_IN = editionInForce(BUILT_IN_RATE_CARD, billingPeriod('2026-06'));

  it.each(['us-east-1', 'eu-central-1', 'ap-southeast-9', ''])(
    'M4: Region "%s" pays commercial prices',
    (region) => {
      expect(termTexts(BUILT_IN, profile('P1', { region }))).toEqual([
        'Pro 20 1000 0.04',
        'Pro+ 40 2000 0.04',
        'Pro Max 100 5000 0.04',
        'Power 200 10000 0.04',
      ]);
    },
  );

  it.each(['us-gov-east-1', 'us-gov-west-1'])('M4: %s pays those of GovCloud', (region) => {
    expect(termTexts(BUILT_IN, profile('P1', { region }))).toEqual([
      'Pro 24 1000 0.048',
      'Pro+ 48 2000 0.048',
      'Pro Max 120 5000 0.048',
      'Power 240 10000 0.048',
    ]);
  });

  it.each(['cn-north-1', 'us-iso-east-1', 'us-isob-east-1', 'eusc-de-east-1'])(
    'M4: the built-in card has no prices for %s',
    (region) => {
      expect(termsFor(BUILT_IN, profile('P1', { region }))).toBeUndefined();
    },
  );

  it('M4: a missing partition is a problem that names the profile, at its row', () => {
    const china = profile('my-profile', {
      region: 'cn-north-1',
      place: placeAt(7, 'profiles.csv'),
    });
    const problem = missingPartition(BUILT_IN, china, billingPeriod('2026-07'));
    expect(problem).toMatchObject({
      file: 'profiles.csv',
      line: 7,
      column: 'region',
      value: 'cn-north-1',
    });
    expect(problem.what).toContain('my-profile');
    expect(problem.what).toContain('aws-cn');
    expect(problem.what).toContain('aws, aws-us-gov');
    expect(problem.what).toContain('2026-07');
  });

  it('M4: a profile taken as met stands in no file with a Region: its id is told', () => {
    const met = profile('P9', { region: 'cn-north-1', isInferred: true, place: placeAt(4) });
    expect(missingPartition(BUILT_IN, met, billingPeriod('2026-07'))).toMatchObject({
      file: 'subscriptions.csv',
      line: 4,
      column: 'profile_id',
      value: 'P9',
    });
  });
});

describe('overrides', () => {
  function overridden(
    overrides: NonNullable<Parameters<typeof edition>[1]>['overrides'],
    of = profile(),
  ): string[] {
    const facts = overrides === undefined ? {} : { overrides };
    return termTexts(edition(['Pro 1 20 1000 0.04', 'Power 4 200 10000 0.04'], facts), of);
  }
  const OTHER = 'Power 200 10000 0.04';

  it.each([
    ['the price', { price: decimal('18') }, 'Pro 18 1000 0.04'],
    ['the credits', { credits: decimal('1200') }, 'Pro 20 1200 0.04'],
    ['the overage rate', { overageRate: decimal('0.03') }, 'Pro 20 1000 0.03'],
    ['a figure by 0', { price: decimal('0') }, 'Pro 0 1000 0.04'],
  ])('M4: an account id replaces %s of one tier, and nothing else', (_, override, expected) => {
    const overrides = { '111122223333': { Pro: override } };
    expect(overridden(overrides)).toEqual([expected, OTHER]);
    expect(overridden(overrides, profile('P2', { region: 'eu-central-1' }))).toEqual([
      expected,
      OTHER,
    ]);
    expect(overridden(overrides, profile('P1', { accountId: '444455556666' }))).toEqual([
      'Pro 20 1000 0.04',
      OTHER,
    ]);
  });

  it('M4: a profile id replaces them there, and not in another profile of the account', () => {
    const overrides = { P1: { Pro: { price: decimal('18') } } };
    expect(overridden(overrides)).toEqual(['Pro 18 1000 0.04', OTHER]);
    expect(overridden(overrides, profile('P2'))).toEqual(['Pro 20 1000 0.04', OTHER]);
  });

  it("M4: the profile's comes before the account's, field by field", () => {
    const overrides = {
      '111122223333': {
        Pro: { price: decimal('18'), credits: decimal('1100'), overageRate: decimal('0.03') },
      },
      P1: { Pro: { price: decimal('17') } },
    };
    expect(overridden(overrides)).toEqual(['Pro 17 1100 0.03', OTHER]);
    const reversed = Object.fromEntries(Object.entries(overrides).reverse());
    expect(overridden(reversed)).toEqual(['Pro 17 1100 0.03', OTHER]);
  });

  it('M4: both may speak of different tiers', () => {
    const overrides = {
      '111122223333': { Power: { price: decimal('180') } },
      P1: { Pro: { price: decimal('17') } },
    };
    expect(overridden(overrides)).toEqual(['Pro 17 1000 0.04', 'Power 180 10000 0.04']);
  });

  it('M4: an override of a tier that the partition lacks adds no tier', () => {
    expect(overridden({ P1: { 'Pro Max': { price: decimal('90') } } })).toEqual([
      'Pro 20 1000 0.04',
      OTHER,
    ]);
  });

  it('M4: an override keeps rank and name', () => {
    const overrides = { P1: { Power: { price: decimal('1') } } };
    const terms = termsFor(edition(['Power 4 200 10000 0.04'], { overrides }), profile());
    expect(terms?.get('Power')).toMatchObject({ tier: 'Power', rank: 4 });
  });
});

describe('keys of private prices', () => {
  const OVERRIDES = {
    '111122223333': { Pro: { price: decimal('18'), credits: decimal('1500') } },
    old: { Pro: { price: decimal('17') } },
    P1: { Pro: { overageRate: decimal('0.03') } },
    elsewhere: { Pro: { price: decimal('1') } },
  };
  const PRIVATE = edition(['Pro 1 20 1000 0.04'], { overrides: OVERRIDES });

  it("M4: an alias of the profile names it, and the profile's figures replace the account's", () => {
    const aliased = { ...profile('P1'), accountId: '111122223333', aliases: ['old'] };
    expect(termTexts(PRIVATE, aliased)).toEqual(['Pro 17 1500 0.03']);
    expect(termTexts(PRIVATE, profile('P2', { accountId: '111122223333' }))).toEqual([
      'Pro 18 1500 0.04',
    ]);
  });

  it('M4: one that names no account, profile or alias of the data is a warning', () => {
    const profiles = [{ ...profile('P1'), accountId: '111122223333', aliases: ['old'] }];
    const warnings = unusedOverrides(PRIVATE, profiles);
    expect(warnings.map(({ code }) => code)).toEqual(['rates-unused']);
    expect(warnings[0]?.message).toContain('overrides for elsewhere');
    expect(unusedOverrides(PRIVATE, [])).toHaveLength(4);
  });
});
