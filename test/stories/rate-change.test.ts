/** Two editions of a rate card, told line by line. */
import { describe, expect, it } from 'vitest';
import { invoiceRows } from './fixtures.ts';

const RANGE = '2026-01..2026-02';

async function pricesOf(month: string, userName: string): Promise<string[]> {
  const users = await invoiceRows('rate-change', month, 'user');
  const ids = users.filter(({ user_name }) => user_name === userName).map(({ user_id }) => user_id);
  const lines = await invoiceRows('rate-change', month, 'line');
  return lines
    .filter(({ user_id }) => ids.includes(user_id))
    .map(({ tier, quantity, unit_price, amount, rule }) =>
      [tier, quantity, 'x', unit_price, '=', amount, rule].join(' '),
    );
}

describe('a rate card with two editions', () => {
  it('M3: January has the old prices and credits, February the new ones', async () => {
    expect(await pricesOf('2026-01', 'Emil Novak')).toEqual(['Power 1 x 200.00 = 200.00 S1']);
    expect(await pricesOf('2026-02', 'Emil Novak')).toEqual(['Pro 1 x 22.50 = 22.50 S1']);
    const [january, february] = (await invoiceRows('rate-change', RANGE, 'user')).filter(
      ({ user_name }) => user_name === 'Ana Pereira',
    );
    expect(january?.credits_included).toBe('1000.00');
    expect(february?.credits_included).toBe('1200.00');
  });

  it('S2: the first month is prorated in January and full in February', async () => {
    expect(await pricesOf('2026-01', 'Fumiko Sato')).toEqual(['Pro+ 0.870968 x 40.00 = 34.84 S2']);
    expect(await pricesOf('2026-02', 'Fumiko Sato')).toEqual(['Pro+ 1 x 45.00 = 45.00 S2']);
  });

  it("M4: the profile's override comes before the account's, which fills in the rest", async () => {
    expect(await pricesOf('2026-02', 'Chiara Conti')).toEqual([
      'Pro 1 x 19.99 = 19.99 S1',
      'Pro 50.00 x 0.035 = 1.75 O4',
    ]);
    expect(await pricesOf('2026-02', 'Ana Pereira')).toEqual([
      'Pro 1 x 20.25 = 20.25 S1',
      'Pro 100.50 x 0.035 = 3.52 O4',
    ]);
  });

  it('M3: a range is its months, one after the other', async () => {
    for (const view of ['user', 'line'] as const) {
      const months = ['2026-01', '2026-02'].map((month) => invoiceRows('rate-change', month, view));
      expect(await invoiceRows('rate-change', RANGE, view)).toEqual(
        (await Promise.all(months)).flat(),
      );
    }
  });
});
