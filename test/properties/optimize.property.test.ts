/** `optimize` against the naive reference, on generated data directories. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { billingCases, filesOf } from '../reference/arbitraries.ts';
import { monthsWithLackedTier } from '../reference/invoice-csv.ts';
import { monthsWithUsage, OPTIMIZE_COLUMNS, optimizeRows } from '../reference/optimize.ts';
import { BUILT_IN_RATE_CARD, editionFor } from '../reference/rate-card.ts';
import { monthAfter, monthNamed } from '../reference/time.ts';
import { runInProcess } from '../support/in-process.ts';

/** All months of all cases are over. */
const NOW = new Date('2199-12-15T12:00:00Z');

test('H4, O2, O3, M2: each seat, the cheapest tier that covers its months', async () => {
  let compared = 0;
  const property = fc.asyncProperty(billingCases, async (billingCase) => {
    const { directory, rateCard: card = BUILT_IN_RATE_CARD } = billingCase;
    const months = billingCase.months.map(monthNamed);
    const used = monthsWithUsage(directory);
    const isUsed = months.every(({ name }) => used.some((month) => month.name === name));
    const last = months.at(-1);
    fc.pre(last !== undefined && isUsed);
    const touched = [...used, ...months, monthAfter(last)];
    const first = card.editions.map(({ from }) => from).sort()[0] ?? '';
    fc.pre(touched.every(({ name }) => name >= first));
    const currencies = new Set(months.map((month) => editionFor(card, month).currency));
    fc.pre(currencies.size === 1);
    fc.pre(touched.every(({ name }) => monthsWithLackedTier(directory, name, card).length === 0));
    const run = await runInProcess(
      [
        ...['optimize', '--month', last.name, '--months', String(months.length), '--quiet'],
        ...['--format', 'csv', '--columns', OPTIMIZE_COLUMNS],
      ],
      filesOf(billingCase),
      { now: NOW },
    );
    expect(run.status, run.stderr).toBe(0);
    const expected = [OPTIMIZE_COLUMNS, ...optimizeRows(directory, months, card), ''].join('\n');
    expect(run.stdout).toBe(expected);
    compared += 1;
  });
  await fc.assert(property, { numRuns: 60 });
  expect(compared).toBeGreaterThanOrEqual(60);
});
