import { expect, test } from 'vitest';
import { reportOf, type SeatDay } from '../../src/billing/report.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { creditsSection } from '../../src/render/report/credits.ts';
import type { PageInput } from '../../src/render/report/page-input.ts';
import { billed, subscription, usage } from '../billing/facts.ts';

const INVOICE = billed({
  subscriptions: [subscription('alice', 'Pro')],
  usage: [usage('5')],
});

function dayOfAlice(date: string, credits: string): SeatDay {
  return { profileId: 'P1', userId: 'alice', date, credits: decimal(credits) };
}

function reported(days: readonly SeatDay[] | undefined) {
  const before = { period: billingPeriod('2025-12'), whyNot: 'it does not matter here' };
  return reportOf(INVOICE, before, days);
}

test('days that add up to the credits used are told, every day of the month', () => {
  const { days } = reported([dayOfAlice('2026-01-03', '4'), dayOfAlice('2026-01-03', '1')]);
  expect(days).toHaveLength(31);
  expect(days?.[2]).toEqual({ date: '2026-01-03', credits: decimal('5') });
});

test.each([
  ['usage that does not tell its days', undefined],
  ['usage of which a part does not', [dayOfAlice('2026-01-03', '4')]],
])('%s has none, and the page says why', (_, seatDays) => {
  const report = reported(seatDays);
  expect(report.days).toBe(undefined);
  const { text } = creditsSection({ report } as PageInput);
  expect(text).toContain('The days are not known: some of the usage came as a usage summary');
});
