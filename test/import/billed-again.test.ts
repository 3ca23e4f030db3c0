/** What AWS charges by the rules S1 to S3, an invoice on the imported directory charges again. */
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { instant, NANOS_PER_DAY, utcDate } from '../../src/domain/instant.ts';
import { BOB as ALWAYS, type CurTexts, curCsv, fee, ALICE as SEAT } from '../aws/cur-rows.ts';
import { runMain, withDirectory } from '../support/in-process.ts';
import { subscriptionsCsv, tierChangesCsv } from '../support/tables.ts';

const PROFILE = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/P';
const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04'];
const RANGE = '2026-01..2026-04';
const ITEMS: Readonly<Record<string, string>> = { Pro: 'Pro', 'Pro+': 'ProPlus', Power: 'Power' };

const tier = fc.constantFrom(...Object.keys(ITEMS));
const life = fc.record({
  gap: fc.nat(40),
  tier,
  changes: fc.array(fc.record({ after: fc.integer({ min: 1, max: 30 }), tier }), { maxLength: 3 }),
  last: fc.integer({ min: 1, max: 40 }),
});
const company = fc.record({
  lives: fc.array(life, { minLength: 1, maxLength: 3 }),
  goesOn: fc.boolean(),
  /** Whether AWS takes a half of the last fee of each month back, which an invoice does not. */
  isHalfRefunded: fc.boolean(),
  /** Whether a list of the first of the last month has the seat as canceled, where it has one fee. */
  isCanceled: fc.boolean(),
  usedDays: fc.uniqueArray(fc.nat(119), { maxLength: 12 }),
});

function dateOf(day: number): string {
  return utcDate(instant('2026-01-01') + BigInt(day) * NANOS_PER_DAY);
}

/** The tables of a seat that begins, changes and ends on these days, and of one that is always there. */
function tablesOf({ lives, goesOn }: { lives: readonly Life[]; goesOn: boolean }) {
  const seat = `${PROFILE},user,${SEAT}`;
  const subscriptions = [`${PROFILE},user,${ALWAYS},Pro,2025-11-01,`];
  const changes: string[] = [];
  let day = -30;
  for (const [index, { gap, tier: first, changes: later, last }] of lives.entries()) {
    day += gap;
    const start = day;
    for (const change of later) {
      day += change.after;
      changes.push(`${seat},${dateOf(day)},${change.tier}`);
    }
    day += last;
    const isOpen = goesOn && index === lives.length - 1;
    subscriptions.push(`${seat},${first},${dateOf(start)},${isOpen ? '' : dateOf(day)}`);
  }
  return {
    'truth/subscriptions.csv': subscriptionsCsv(...subscriptions),
    'truth/tier_changes.csv': tierChangesCsv(...changes),
  };
}
type Life = typeof life extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** A line of `invoice --by line`. */
type Line = Readonly<Record<'month' | 'user_id' | 'date' | 'tier' | 'quantity' | 'amount', string>>;

/** A half of the last fee, taken back. */
function halfOf(lines: readonly Line[]): Line[] {
  const last = lines.findLast((line) => line.user_id === SEAT);
  if (last === undefined) return [];
  const half = (text: string) => `${-Number(text) / 2}`;
  return [{ ...last, quantity: half(last.quantity), amount: half(last.amount) }];
}

/** AWS's bill of a month: a row for each charge line, so that a refund is one of its own. */
function billOf(lines: readonly Line[]): string {
  const rows = lines.map((line): CurTexts => {
    const isRefund = line.amount.startsWith('-');
    return fee(line.user_id, ITEMS[line.tier] ?? '', line.amount, {
      line_item_usage_amount: line.quantity,
      line_item_line_item_type: isRefund ? 'Refund' : 'FlatRateSubscription',
      bill_billing_period_start_date: `${line.month}-01T00:00:00Z`,
      bill_payer_account_id: '999988887777',
      bill_invoice_id: '1',
    });
  });
  return curCsv(rows, Object.keys(rows[0] as CurTexts));
}

/** A report of these days, with the tier that is held at their end, where one is (H4). */
function reportOf(days: readonly number[], lines: readonly Line[]): string {
  const rows = days.map(dateOf).flatMap((date) => {
    const held = lines.findLast(
      (line) => line.user_id === SEAT && line.month === date.slice(0, 7) && line.date <= date,
    );
    return held === undefined ? [] : [`${date},${SEAT},KIRO_IDE,1,0,${PROFILE},${held.tier}`];
  });
  const always = `2026-01-05,${ALWAYS},KIRO_IDE,1,0,${PROFILE},Pro`;
  const header =
    'Date,UserId,Client_Type,Credits_Used,Overage_Credits_Used,ProfileId,Subscription_Tier';
  return [header, always, ...rows, ''].join('\n');
}

it('S1, S2, S3: bills and reports of a seat give the charges that they show', async () => {
  const isBilledAgain = fc.asyncProperty(company, async (company) => {
    const { usedDays, isHalfRefunded, ...drawn } = company;
    const truth = tablesOf(drawn);
    const billed = await withDirectory(truth, async (directory) => {
      const args = ['invoice', RANGE, '--data', join(directory, 'truth'), '--format', 'csv'];
      const { stdout } = await runMain([...args, '--by', 'line']);
      return parse(stdout, { columns: true }) as Line[];
    });
    const bills = MONTHS.map((month) => {
      const lines = billed.filter((line) => line.month === month);
      const refunds = isHalfRefunded ? halfOf(lines) : [];
      return [`cur/BILLING_PERIOD=${month}/x.csv`, billOf([...lines, ...refunds])];
    });
    const lastFees = billed.filter(({ month, user_id }) => month === '2026-04' && user_id === SEAT);
    const isPaidLast = lastFees.length === 1 && lastFees[0]?.date === '2026-04-01';
    const isCanceled = drawn.isCanceled && isPaidLast;
    const files = {
      ...truth,
      ...Object.fromEntries(bills),
      'reports/a_user_report_202605010000.csv': reportOf(usedDays, billed),
      'list.csv': `user_id,plan,subscription status\n${ALWAYS},Pro,active\n${SEAT},Pro,canceled\n`,
    };
    await withDirectory(files, async (directory) => {
      const data = join(directory, 'data');
      await runMain(['import', 'cur', join(directory, 'cur'), '-o', data]);
      await runMain(['import', 'activity', join(directory, 'reports'), '-o', data]);
      if (isCanceled) {
        const list = join(directory, 'list.csv');
        await runMain(['import', 'subscriptions', list, '--as-of', '2026-04-01', '-o', data]);
      }
      const columns = ['--columns', 'month,user_id,subscription_charge', '--format', 'csv'];
      const [expected, found] = await Promise.all(
        [join(directory, 'truth'), data].map((from) =>
          runMain(['invoice', RANGE, '--data', from, ...columns]),
        ),
      );
      expect(found?.stdout).toBe(expected?.stdout);
      if (!isCanceled) return;
      const { stdout } = await runMain(['invoice', '2026-05', '--data', data, ...columns]);
      expect(stdout).toContain(ALWAYS);
      expect(stdout).not.toContain(SEAT);
    });
  });
  await fc.assert(isBilledAgain, { numRuns: 40 });
});
