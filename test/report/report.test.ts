import { expect, test } from 'vitest';
import { reportOf } from '../../src/billing/report.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { instant, NANOS_PER_DAY } from '../../src/domain/instant.ts';
import type { SeatInvoice } from '../../src/domain/invoice.ts';
import type { StretchUsage } from '../../src/domain/records.ts';
import { creditsSection } from '../../src/render/report/credits.ts';
import type { PageInput } from '../../src/render/report/page-input.ts';
import { MOST_ROWS, seatTableSection } from '../../src/render/report/seat-table.ts';
import { billed, subscription, usage } from '../billing/facts.ts';

const INVOICE = billed({
  subscriptions: [subscription('alice', 'Pro')],
  usage: [usage('5')],
});

function dayOfAlice(date: string, credits: string): StretchUsage {
  const from = instant(date);
  return { ...usage(credits), from, to: from + NANOS_PER_DAY };
}

function reported(stretches: readonly StretchUsage[], areDated: boolean) {
  const before = { period: billingPeriod('2025-12'), whyNot: 'it does not matter here' };
  const coverage = areDated ? { byProfile: new Map() } : {};
  return reportOf(INVOICE, before, { stretches, months: new Set(), coverage, isFiltered: true });
}

test('every day of the month has its credits, of the seats shown alone', () => {
  const other = { ...dayOfAlice('2026-01-03', '7'), userId: 'bo' };
  const used = [dayOfAlice('2026-01-03', '4'), dayOfAlice('2026-01-03', '1'), other];
  const { days } = reported(used, true);
  expect(days).toHaveLength(31);
  expect(days?.[2]).toEqual({ date: '2026-01-03', credits: decimal('5') });
});

test('usage that does not tell its days has none, and the page says why', () => {
  const report = reported([dayOfAlice('2026-01-01', '5')], false);
  expect(report.days).toBe(undefined);
  const { text } = creditsSection({ report } as PageInput);
  expect(text).toContain('The days are not known: some of the usage came as a usage summary');
});

test('beyond 20,000 seats the page lists those with the highest charges, and says where the rest is', () => {
  const report = reported([], true);
  const seats = Array.from({ length: MOST_ROWS + 1 }, () => report.seats[0] as SeatInvoice);
  const names = { profile: () => 'Acme', group: () => 'No group' };
  const section = seatTableSection(
    { report: { ...report, seats }, explained: () => '' } as unknown as PageInput,
    names,
  );
  const text = [...section].map((part) => part.text).join('');
  expect(text.match(/<tr>/g)).toHaveLength(MOST_ROWS + 2);
  expect(text).toContain(
    'The 20,000 with the highest charges, of 20,001 seats and users; the totals count all of them. The rest is in the CSV: kiro-bill invoice --by user --format csv.',
  );
});
