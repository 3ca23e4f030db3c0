import { describe, expect, it } from 'vitest';
import { likelyUsers } from '../../src/billing/likely-user.ts';
import type { SeatInvoice } from '../../src/domain/invoice.ts';
import { seatBilled, subscription } from './facts.ts';

const HELD = seatBilled({ subscriptions: [subscription('alice', 'Pro')] });

/** Some users who hold a tier, Alice among them, and some who hold none. */
function seats(holders: number, others: number): SeatInvoice[] {
  const held = Array.from({ length: holders - 1 }, (_, at) => ({
    ...HELD,
    userId: `holder ${at}`,
  }));
  const without = Array.from({ length: others }, (_, at) => ({
    ...HELD,
    userId: `other ${at}`,
    terms: undefined,
  }));
  return [HELD, ...held, ...without];
}

describe('the user who was likely meant', () => {
  it('is found by one edit while there are at most fifty million pairs to compare', () => {
    expect(likelyUsers(seats(10_000, 5000), new Map())('alcie')).toBe('alice');
  });

  it('is found by the same name alone where there are more', () => {
    const likely = likelyUsers(seats(10_000, 5001), new Map());
    expect(likely('alcie')).toBeUndefined();
    expect(likely('ALICE')).toBe('alice');
  });
});
