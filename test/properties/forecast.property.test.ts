/** `forecast` against the naive reference, on generated data directories. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantText } from '../../src/domain/instant.ts';
import { billingCases, filesOf } from '../reference/arbitraries.ts';
import { FORECAST_HEADER, forecastRows } from '../reference/forecast.ts';
import { monthsWithLackedTier } from '../reference/invoice-csv.ts';
import { monthNamed } from '../reference/time.ts';
import { runInProcess } from '../support/in-process.ts';

const DAY = 86_400_000_000_000n;
const NOW = new Date('2199-12-15T12:00:00Z');

/** The first, the last and any other instant of any day of the month, and those after its end. */
const asked = fc.record({
  month: fc.nat(2),
  day: fc.nat(34),
  time: fc.constantFrom(0n, 1n, DAY / 2n, DAY - 1n),
});

test('O2, O3, S1, S2, S3: each seat, by the pace of its days', async () => {
  const property = fc.asyncProperty(billingCases, asked, async (billingCase, { day, ...at }) => {
    const { directory, rateCard, months } = billingCase;
    const month = monthNamed(months[at.month % months.length] ?? '');
    fc.pre(monthsWithLackedTier(directory, month.name, rateCard).length === 0);
    const asOf = month.start + BigInt(day) * DAY + at.time;
    const args = ['--month', month.name, '--as-of', instantText(asOf)];
    const run = await runInProcess(
      ['forecast', ...args, '--quiet', '--format', 'csv'],
      filesOf(billingCase),
      { now: NOW },
    );
    expect(run.status, run.stderr).toBe(0);
    const rows = forecastRows(directory, month, asOf, rateCard);
    expect(run.stdout).toBe([FORECAST_HEADER, ...rows, ''].join('\n'));
  });
  await fc.assert(property, { numRuns: 80 });
});
