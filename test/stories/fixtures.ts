/** Ways to the data directories of `fixtures/`, and to what the program says of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { View } from '../../src/domain/view.ts';
import { type Outcome, runOnce } from '../support/in-process.ts';

const ROOT = join(import.meta.dirname, '../../fixtures');

export type CsvRow = Readonly<Record<string, string>>;

/** One invoice that a fixture says must come out, byte for byte. */
export interface ExpectedInvoice {
  readonly fixture: string;
  /** `YYYY-MM`, or a range of them. */
  readonly months: string;
  readonly view: string;
  readonly csv: string;
}

const EXPECTED_NAME = /^(\d{4}-\d\d(?:\.\.\d{4}-\d\d)?)-by-([a-z_]+)\.csv$/;

/** All files of all folders `expected/`; one whose name tells no month and view is refused. */
export function expectedInvoices(): ExpectedInvoice[] {
  return fixturesWithExpectations().flatMap((fixture) => {
    const folder = join(ROOT, fixture, 'expected');
    return readdirSync(folder).map((name) => {
      const [, months, view] = EXPECTED_NAME.exec(name) ?? [];
      if (months === undefined || view === undefined) {
        throw new Error(`${fixture}/expected/${name} is not named MONTH-by-VIEW.csv`);
      }
      return { fixture, months, view, csv: readFileSync(join(folder, name), 'utf8') };
    });
  });
}

function fixturesWithExpectations(): string[] {
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => readdirSync(join(ROOT, name)).includes('expected'))
    .sort();
}

/** Runs a command over a fixture; a status other than 0 is a failure that shows why. */
export async function runOn(fixture: string, args: readonly string[]): Promise<Outcome> {
  const outcome = await runOnce([...args, '--data', join(ROOT, fixture)]);
  if (outcome.status !== 0) {
    throw new Error(`${args.join(' ')} ends with ${outcome.status}: ${outcome.stderr}`);
  }
  return outcome;
}

export async function invoiceCsv(fixture: string, months: string, view: string): Promise<string> {
  const args = ['invoice', '--month', months, '--by', view, '--format', 'csv'];
  return (await runOn(fixture, args)).stdout;
}

export async function invoiceRows(fixture: string, months: string, view: View): Promise<CsvRow[]> {
  return parse(await invoiceCsv(fixture, months, view), { columns: true });
}

/** One charge line as `explain --format json` tells it. */
export interface ExplainedLine {
  readonly date: string;
  readonly line_type: string;
  readonly tier: string;
  readonly days?: number;
  readonly days_in_month?: number;
  readonly credits?: string;
  readonly unit_price: string;
  readonly amount: string;
  readonly rule: string;
}

export interface ExplainedSeat {
  readonly month: string;
  readonly profile_id: string;
  readonly user_id: string;
  readonly currency: string;
  readonly total_charge: string;
  readonly lines: readonly ExplainedLine[];
}

/** The seats of the given users, as `explain` tells them. */
export async function explained(
  fixture: string,
  months: string,
  userIds: readonly string[],
): Promise<ExplainedSeat[]> {
  const args = ['explain', '--month', months, '--format', 'json', ...userFlags(userIds)];
  return JSON.parse((await runOn(fixture, args)).stdout);
}

/** The stories of the given users, as people read them. */
export async function explainedText(
  fixture: string,
  months: string,
  userIds: readonly string[],
): Promise<string> {
  return (await runOn(fixture, ['explain', '--month', months, ...userFlags(userIds)])).stdout;
}

function userFlags(userIds: readonly string[]): string[] {
  return userIds.flatMap((userId) => ['--user', userId]);
}

/** All ids of the fixture's users. */
export function usersOf(fixture: string): string[] {
  const rows: CsvRow[] = parse(readFileSync(join(ROOT, fixture, 'users.csv')), { columns: true });
  return rows.map(({ user_id = '' }) => user_id);
}

/** Hundredths, from an amount as it is written. */
export function centsOf(amount = ''): bigint {
  if (!/^-?\d+\.\d\d$/.test(amount)) throw new Error(`not an amount of money: ${amount}`);
  return BigInt(amount.replace('.', ''));
}

export function sumOfCents(amounts: readonly (string | undefined)[]): bigint {
  return amounts.reduce((total, amount) => total + centsOf(amount), 0n);
}
