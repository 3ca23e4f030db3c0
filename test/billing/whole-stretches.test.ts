import fc from 'fast-check';
import { expect, it } from 'vitest';
import { billMonth } from '../../src/billing/invoice.ts';
import type { OverageHistory } from '../../src/billing/overage.ts';
import { wholeStretches } from '../../src/billing/whole-stretches.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { instant } from '../../src/domain/instant.ts';
import type { SeatInvoice } from '../../src/domain/invoice.ts';
import { billing, overageChange, subscription, usage } from './facts.ts';

const CHANGES = [
  overageChange('2026-01-10T08:00:00Z', true),
  overageChange('2026-01-20T00:00:00Z', false),
];
const BOUNDS = ['2026-01-01', '2026-01-10T08:00:00Z', '2026-01-20', '2026-02-01'];

it('O2: usage cut at midnights is told in the stretches of the overage switch', () => {
  const day = fc.integer({ min: 0, max: 30 });
  const row = fc.record({ day, credits: fc.integer({ min: 0, max: 400 }) });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
      const used = (byDay: boolean): SeatInvoice | undefined => {
        const data = billing({
          subscriptions: [subscription('alice', 'Pro')],
          overageChanges: CHANGES,
          usage: summed(rows, byDay),
        });
        const [seat] = billMonth(data, billingPeriod('2026-01')).seats;
        const history = data.overage.get('P1') as OverageHistory;
        return seat && byDay
          ? {
              ...seat,
              stretches: wholeStretches(seat.stretches, history, billingPeriod('2026-01')),
            }
          : seat;
      };
      expect(used(true)?.stretches).toEqual(used(false)?.stretches);
    }),
  );
});

/** The usage of days, at noon, summed up per day or per stretch. */
function summed(rows: readonly { day: number; credits: number }[], byDay: boolean) {
  const sums = new Map<string, number>();
  for (const { day, credits } of rows) {
    const at = instant(`2026-01-${String(day + 1).padStart(2, '0')}T12:00:00Z`);
    const bounds = BOUNDS.map((text) => instant(text));
    const cuts = byDay ? [...bounds, ...midnights()].sort((a, b) => (a < b ? -1 : 1)) : bounds;
    const from = cuts.findLast((cut) => cut <= at);
    const to = cuts.find((cut) => cut > at);
    const key = `${from} ${to}`;
    sums.set(key, (sums.get(key) ?? 0) + credits);
  }
  return [...sums].map(([key, credits]) => {
    const [from = '', to = ''] = key.split(' ');
    return { ...usage(String(credits)), from: BigInt(from), to: BigInt(to) };
  });
}

function midnights(): bigint[] {
  return Array.from({ length: 31 }, (_, index) =>
    instant(`2026-01-${String(index + 1).padStart(2, '0')}`),
  );
}
