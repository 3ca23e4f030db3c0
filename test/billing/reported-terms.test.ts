import { describe, expect, it } from 'vitest';
import { reportedTerms } from '../../src/billing/reported-terms.ts';
import { decimal, decimalText } from '../../src/domain/decimal.ts';
import { card, edition, profile } from './facts.ts';

const CARD = card(
  edition(['Pro 1 20 1000 0.04', 'Pro+ 2 40 2000 0.04']),
  edition(['Pro 1 20 1500 0.04'], {
    from: '2026-02',
    overrides: { P2: { Pro: { credits: decimal('1700') } } },
  }),
);

describe('R1: the allowance of a tier that a report names', () => {
  const profiles = [profile('P1'), profile('P2'), profile('P3', { region: 'us-gov-west-1' })];
  const termsOf = reportedTerms(CARD, (id) => profiles.find(({ profileId }) => profileId === id));

  it.each([
    ['P1', '2026-01', 'pro', '1 1000'],
    ['P1', '2026-01', 'proplus', '2 2000'],
    ['P1', '2026-02', 'pro', '1 1500'],
    ['P2', '2026-02', 'pro', '1 1700'],
    ['P2', '2026-01', 'pro', '1 1000'],
    ['P1', '2026-02', 'proplus', undefined],
    ['P1', '2026-01', 'Pro', undefined],
    ['P1', '2025-09', 'pro', undefined],
    ['P3', '2026-01', 'pro', undefined],
    ['P9', '2026-01', 'pro', undefined],
  ])('M3, M4: of %s in %s, %s is by the edition in force and the prices there', (...row) => {
    const [profileId, month, tier, expected] = row;
    // Twice, as what is known is kept.
    for (const terms of [termsOf(profileId, month, tier), termsOf(profileId, month, tier)]) {
      expect(terms && `${terms.rank} ${decimalText(terms.credits, 0)}`).toBe(expected);
    }
  });
});
