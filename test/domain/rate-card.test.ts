import { describe, expect, it } from 'vitest';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { decimalText } from '../../src/domain/decimal.ts';
import {
  BUILT_IN_RATE_CARD,
  editionFor,
  type RateCard,
  type RateEdition,
  tiersOfCard,
} from '../../src/domain/rate-card.ts';

function builtIn(month: string): RateEdition | undefined {
  return editionFor(BUILT_IN_RATE_CARD, billingPeriod(month));
}

/** `TIER PRICE CREDITS RATE`, from the lowest rank. */
function figures(month: string, partition: string): string[] {
  return [...(builtIn(month)?.partitions.get(partition) ?? [])]
    .sort((a, b) => a.rank - b.rank)
    .map(({ tier, price, credits, overageRate }) =>
      [tier, ...[price, credits, overageRate].map((value) => decimalText(value, 0))].join(' '),
    );
}

const COMMERCIAL = ['Pro 20 1000 0.04', 'Pro+ 40 2000 0.04', 'Power 200 10000 0.04'];
const GOVCLOUD = ['Pro 24 1000 0.048', 'Pro+ 48 2000 0.048', 'Power 240 10000 0.048'];

describe('the built-in card', () => {
  it.each(['2025-10', '2026-01', '2026-05'])('M4: the figures of %s', (month) => {
    expect(figures(month, 'aws')).toEqual(COMMERCIAL);
    expect(figures(month, 'aws-us-gov')).toEqual(GOVCLOUD);
  });

  it.each(['2026-06', '2026-07', '2030-01'])(
    'M4: Pro Max is on it from 2026-06, in %s',
    (month) => {
      expect(figures(month, 'aws')).toEqual(COMMERCIAL.toSpliced(2, 0, 'Pro Max 100 5000 0.04'));
      expect(figures(month, 'aws-us-gov')).toEqual(
        GOVCLOUD.toSpliced(2, 0, 'Pro Max 120 5000 0.048'),
      );
    },
  );

  it('H4: its ranks order the tiers, each once', () => {
    for (const { partitions } of BUILT_IN_RATE_CARD.editions) {
      for (const terms of partitions.values()) {
        const inOrder = [...terms].sort((a, b) => a.rank - b.rank).map(({ tier }) => tier);
        const all = ['Pro', 'Pro+', 'Pro Max', 'Power'];
        expect(inOrder).toEqual(all.filter((tier) => inOrder.includes(tier)));
        expect(new Set(terms.map(({ rank }) => rank)).size).toBe(terms.length);
      }
    }
  });

  it('M4: it prices two partitions, GovCloud approximately', () => {
    for (const edition of BUILT_IN_RATE_CARD.editions) {
      expect([...edition.partitions.keys()].sort()).toEqual(['aws', 'aws-us-gov']);
    }
    expect([...BUILT_IN_RATE_CARD.approximatePartitions]).toEqual(['aws-us-gov']);
  });

  it('M3: every edition is in US dollars, prorates the first month and has no private prices', () => {
    for (const edition of BUILT_IN_RATE_CARD.editions) {
      const { currency, firstMonth, firstMonthUpgrade, overrides } = edition;
      expect([currency, firstMonth, overrides.size]).toEqual(['USD', 'prorated', 0]);
      // S3: an upgrade is charged in full, also in a seat's first month.
      expect(firstMonthUpgrade).toBe('full');
    }
  });

  it('M3: there is none before 2025-10', () => {
    expect(builtIn('2025-09')).toBeUndefined();
    expect(builtIn('2025-10')?.from).toBe('2025-10');
  });
});

describe('editions', () => {
  function cardFrom(...froms: string[]): RateCard {
    const editions = froms.map(
      (from): RateEdition => ({
        from,
        currency: 'USD',
        firstMonth: 'prorated',
        firstMonthUpgrade: 'full',
        partitions: new Map(),
        overrides: new Map(),
      }),
    );
    return { editions, approximatePartitions: new Set() };
  }

  it.each([
    ['2025-12', undefined],
    ['2026-01', '2026-01'],
    ['2026-02', '2026-01'],
    ['2026-03', '2026-03'],
    ['2026-12', '2026-03'],
    ['2027-02', '2027-02'],
  ])('M3: %s has the edition of %s', (month, from) => {
    const card = cardFrom('2026-01', '2026-03', '2027-02');
    expect(editionFor(card, billingPeriod(month))?.from).toBe(from);
  });

  it('M4: the tiers of a card are those of all its editions and partitions', () => {
    expect([...tiersOfCard(BUILT_IN_RATE_CARD)].sort()).toEqual([
      'Power',
      'Pro',
      'Pro Max',
      'Pro+',
    ]);
    expect(tiersOfCard(cardFrom('2026-01')).size).toBe(0);
  });
});
