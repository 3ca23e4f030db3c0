/**
 * The program against the naive reference, on generated data directories, and the invariants that
 * need no reference. A failure prints the shrunk data directory as its files.
 *
 * The seed is fixed, so that a run can be repeated; `KIRO_BILL_SEED` draws other cases and
 * `KIRO_BILL_RUNS` multiplies their number.
 */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BillingCase,
  billingCases,
  casesBeforeProMax,
  filesOf,
  printable,
  rangeOf,
} from '../reference/arbitraries.ts';
import { csvText } from '../reference/csv-text.ts';
import type { DataDirectory, Row } from '../reference/facts.ts';
import { factsOf } from '../reference/facts.ts';
import { tierSteps } from '../reference/held-tier.ts';
import { invoiceCsv, monthsWithLackedTier, VIEWS, type View } from '../reference/invoice-csv.ts';
import { BUILT_IN_RATE_CARD, termsFor } from '../reference/rate-card.ts';
import {
  fixedText,
  minus,
  parseDecimal,
  plus,
  type Rational,
  rational,
  smaller,
  sumOf,
} from '../reference/rational.ts';
import { dateText, dayOf, monthNamed } from '../reference/time.ts';
import { SEED } from '../support/cases.ts';
import { runInProcess } from '../support/in-process.ts';

const RUNS_FACTOR = Number(process.env.KIRO_BILL_RUNS ?? 1);
const PATIENCE_MS = 30_000 * RUNS_FACTOR;

/** The salt lets each property draw cases of its own. */
function settings(runs: number, salt: number) {
  return { seed: SEED + salt, numRuns: Math.ceil(runs * RUNS_FACTOR) };
}

async function billed(files: Record<string, string>, view: View, range: string): Promise<string> {
  const run = await runInProcess(
    ['invoice', '--month', range, '--by', view, '--format', 'csv'],
    files,
  );
  expect(run.status, run.stderr).toBe(0);
  return run.stdout;
}

function billedCase(billingCase: BillingCase, view: View): Promise<string> {
  return billed(filesOf(billingCase), view, rangeOf(billingCase));
}

function expectedCase(billingCase: BillingCase, view: View): string {
  const { directory, rateCard } = billingCase;
  return invoiceCsv(directory, view, rangeOf(billingCase), rateCard);
}

function records(csv: string): Row[] {
  return parse(csv, { columns: true });
}

function picked(rows: readonly Row[], columns: readonly string[]): string[] {
  return rows.map((row) => columns.map((column) => row[column]).join(' | '));
}

function signed(text: string): Rational {
  const size = parseDecimal(text.replace('-', ''));
  return text.startsWith('-') ? rational(-size.over, size.under) : size;
}

function total(rows: readonly Row[], column: string): Rational {
  return sumOf(rows.map((row) => signed(row[column] ?? '')));
}

/** The steps of the held tier of every seat, as the lines that must tell of them. */
function expectedSteps(billingCase: BillingCase): string[] {
  const facts = factsOf(billingCase.directory);
  const userIds = [
    ...facts.subscriptions.map(({ id }) => id),
    ...facts.memberships.map(({ userId }) => userId),
  ];
  const seats = facts.profiles.flatMap((profile) =>
    [...new Set(userIds)].map((userId) => ({ profile, profileId: profile.profileId, userId })),
  );
  return billingCase.months.map(monthNamed).flatMap((month) =>
    seats.flatMap((seat) => {
      const terms = termsFor(billingCase.rateCard ?? BUILT_IN_RATE_CARD, month, seat.profile);
      const steps = tierSteps(facts, seat, terms, month);
      return steps.map((step) =>
        [seat.profileId, seat.userId, dateText(month, dayOf(step.at, month)), step.terms.name]
          .map(guarded)
          .join(' | '),
      );
    }),
  );
}

/** Each seat that could hold a tier, activated long before the months of any case. */
function activationsOfAllSeats(directory: DataDirectory): Row[] {
  const facts = factsOf(directory);
  const userIds = [
    ...facts.subscriptions.filter(({ type }) => type === 'user').map(({ id }) => id),
    ...facts.memberships.map(({ userId }) => userId),
  ];
  return facts.profiles.flatMap(({ profileId }) =>
    [...new Set(userIds)].map((userId) => ({
      profile_id: profileId,
      user_id: userId,
      activated_at: '2020-02-29T23:59:59.999999999+00:00',
    })),
  );
}

/** A text as a spreadsheet may see it. */
function guarded(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** The same rows in another order, drawn from a seed. */
function shuffled<T>(all: readonly T[], seed: number): T[] {
  const left = [...all];
  let state = seed;
  return all.flatMap(() => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return left.splice(state % left.length, 1);
  });
}

function shuffledDirectory(directory: DataDirectory, seed: number): DataDirectory {
  return Object.fromEntries(
    Object.entries(directory).map(([file, rows], index) => [file, shuffled(rows, seed + index)]),
  );
}

const PARTS = ['usage/a.csv', 'usage/b.CSV', 'usage/2026/01/c.csv'];

/** The usage rows dealt to the files of a folder, the other files as they were. */
function filesWithUsageSplit(billingCase: BillingCase, deals: readonly number[]) {
  const { 'usage.csv': _, ...others } = filesOf(billingCase);
  const rows = billingCase.directory['usage.csv'] ?? [];
  const parts = PARTS.map((file, part) => {
    const dealt = rows.filter((__, index) => (deals[index] ?? 0) === part);
    return [file, csvText(file, dealt, billingCase.manner)];
  });
  return { ...others, ...Object.fromEntries(parts) };
}

/** The subscription lines are exactly the steps of the held tier. Rule H4. */
function expectStepsOf(billingCase: BillingCase, rows: readonly Row[]): void {
  const charged = rows.filter(({ line_type }) => line_type === 'subscription');
  const columns = ['profile_id', 'user_id', 'date', 'tier'];
  expect(picked(charged, columns).sort()).toEqual(expectedSteps(billingCase).sort());
}

/** Each refund cancels the charge before it to the cent. Rule S3. */
function expectRefundsToCancel(rows: readonly Row[]): void {
  for (const [index, refund] of rows.entries()) {
    if (refund.line_type !== 'refund') continue;
    const { amount, tier, unit_price, quantity, ...seat } = rows[index - 1] ?? {};
    expect(seat).toMatchObject({
      month: refund.month,
      profile_id: refund.profile_id,
      user_id: refund.user_id,
      line_type: 'subscription',
    });
    expect([tier, unit_price]).toEqual([refund.tier, refund.unit_price]);
    expect(refund.quantity).toBe(`-${quantity}`);
    const net = plus(signed(amount ?? ''), signed(refund.amount ?? ''));
    expect(fixedText(net, 2)).toBe('0.00');
  }
}

/** Credits used are those within the allowance, the overage and the unbilled. Rule O5. */
function expectCreditsToAddUp(rows: readonly Row[]): void {
  for (const row of rows) {
    const credits = (column: string) => signed(row[column] ?? '');
    const billedOrNot = plus(credits('overage_credits'), credits('unbilled_credits'));
    expect(minus(credits('credits_used'), billedOrNot)).toEqual(
      smaller(credits('credits_used'), credits('credits_included')),
    );
  }
}

/** Against the reference, the whole CSV of a view; what holds of its rows by itself is asked of the same run. */
describe('every view against the reference', () => {
  test.each([
    ['M2', 'profile', 40],
    ['M2', 'account', 40],
    ['M4', 'region', 40],
    ['O1', 'tier', 40],
    ['O6', 'cost_center', 40],
    ['H1', 'group', 100],
  ] as const)(
    '%s: invoice --by %s is the CSV of the reference, byte for byte',
    async (_, view, runs) => {
      await fc.assert(
        fc.asyncProperty(billingCases, async (billingCase) => {
          expect(await billedCase(billingCase, view)).toBe(expectedCase(billingCase, view));
        }),
        settings(runs, VIEWS.indexOf(view)),
      );
    },
    PATIENCE_MS,
  );

  test(
    'O5: invoice --by user is the CSV of the reference, and its credits add up (O2)',
    async () => {
      await fc.assert(
        fc.asyncProperty(billingCases, async (billingCase) => {
          const csv = await billedCase(billingCase, 'user');
          expect(csv).toBe(expectedCase(billingCase, 'user'));
          expectCreditsToAddUp(records(csv));
        }),
        settings(130, 13),
      );
    },
    PATIENCE_MS,
  );

  test(
    'S3: invoice --by line is the CSV of the reference, the steps of the held tier (H4), and refunds cancel (S2)',
    async () => {
      await fc.assert(
        fc.asyncProperty(billingCases, async (billingCase) => {
          const csv = await billedCase(billingCase, 'line');
          expect(csv).toBe(expectedCase(billingCase, 'line'));
          const rows = records(csv);
          expectStepsOf(billingCase, rows);
          expectRefundsToCancel(rows);
        }),
        settings(150, 11),
      );
    },
    PATIENCE_MS,
  );
});

describe('what cannot be billed, by the reference', () => {
  test(
    'M3: a tier before its first edition is an error exactly where a source selects it',
    async () => {
      await fc.assert(
        fc.asyncProperty(casesBeforeProMax, async (billingCase) => {
          const range = rangeOf(billingCase);
          const lacking = monthsWithLackedTier(billingCase.directory, range);
          const run = await runInProcess(
            ['invoice', '--month', range, '--by', 'line', '--format', 'csv'],
            filesOf(billingCase),
          );
          const isLackTold = lacking.some((month) => run.stderr.includes(month));
          expect([run.status, isLackTold], run.stderr).toEqual(
            lacking.length > 0 ? [3, true] : [0, false],
          );
          if (lacking.length > 0) expect(run.stderr).toContain('Pro Max');
          expect(run.stdout).toBe(lacking.length > 0 ? '' : expectedCase(billingCase, 'line'));
        }),
        settings(60, 21),
      );
    },
    PATIENCE_MS,
  );
});

describe('what holds without a reference', () => {
  test(
    'M2: all views of an invoice have one total, and one sum of credits',
    async () => {
      await fc.assert(
        fc.asyncProperty(billingCases, async (billingCase) => {
          const byUser = records(await billedCase(billingCase, 'user'));
          const byLine = records(await billedCase(billingCase, 'line'));
          expect(total(byLine, 'amount')).toEqual(total(byUser, 'total_charge'));
          for (const view of VIEWS.filter((other) => other !== 'user' && other !== 'line')) {
            const rows = records(await billedCase(billingCase, view));
            for (const column of [
              'subscription_charge',
              'credits_used',
              'overage_credits',
              'unbilled_credits',
              'overage_charge',
              'total_charge',
            ]) {
              expect(total(rows, column), `${column} by ${view}`).toEqual(total(byUser, column));
            }
          }
        }),
        settings(20, 14),
      );
    },
    PATIENCE_MS,
  );

  test(
    'M3: a range of months is its months, one after the other',
    async () => {
      const views = fc.constantFrom(...VIEWS);
      await fc.assert(
        fc.asyncProperty(billingCases, views, async (billingCase, view) => {
          const files = filesOf(billingCase);
          const wholeRange = await billedCase(billingCase, view);
          const header = wholeRange.slice(0, wholeRange.indexOf('\n') + 1);
          let monthByMonth = header;
          for (const month of billingCase.months) {
            monthByMonth += (await billed(files, view, month)).slice(header.length);
          }
          expect(wholeRange).toBe(monthByMonth);
        }),
        settings(30, 15),
      );
    },
    PATIENCE_MS,
  );

  test(
    'H1: the order of the rows of the inputs changes nothing',
    async () => {
      const views = fc.constantFrom(...VIEWS);
      await fc.assert(
        fc.asyncProperty(billingCases, views, fc.nat(), async (billingCase, view, seed) => {
          const directory = shuffledDirectory(billingCase.directory, seed);
          expect(await billedCase(printable({ ...billingCase, directory }), view)).toBe(
            await billedCase(billingCase, view),
          );
        }),
        settings(40, 16),
      );
    },
    PATIENCE_MS,
  );

  test(
    'O1: usage split into the files of a folder is the usage of one file',
    async () => {
      const deals = fc.array(fc.nat(PARTS.length - 1), { minLength: 12, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(billingCases, deals, async (billingCase, dealt) => {
          const files = filesWithUsageSplit(billingCase, dealt);
          expect(await billed(files, 'user', rangeOf(billingCase))).toBe(
            await billedCase(billingCase, 'user'),
          );
        }),
        settings(40, 17),
      );
    },
    PATIENCE_MS,
  );

  test(
    'H3: seats that were all activated before are billed as without the file',
    async () => {
      await fc.assert(
        fc.asyncProperty(billingCases, async (billingCase) => {
          const { 'activations.csv': _, ...without } = billingCase.directory;
          const directory = { ...without, 'activations.csv': activationsOfAllSeats(without) };
          expect(await billedCase(printable({ ...billingCase, directory }), 'line')).toBe(
            await billedCase(printable({ ...billingCase, directory: without }), 'line'),
          );
        }),
        settings(25, 18),
      );
    },
    PATIENCE_MS,
  );
});
