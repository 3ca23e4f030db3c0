import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  type HostSettings,
  type Outcome,
  runMain,
  runOnce,
  withDirectory,
} from '../support/in-process.ts';
import { profilesCsv, subscriptionsCsv } from '../support/tables.ts';

export const ACME = join(import.meta.dirname, '../../fixtures/acme');

/** Writes a report, and gives the page with what the command said. */
export function reportPage(
  args: string[],
  settings: HostSettings = {},
): Promise<Outcome & { page: string }> {
  return withDirectory({}, async (directory) => {
    const file = join(directory, 'report.html');
    const outcome = await runMain(['report', ...args, '-o', file], settings);
    return { ...outcome, page: await readFile(file, 'utf8') };
  });
}

/** The same over a data directory that holds `files`. */
export function reportOf(
  files: Record<string, string>,
  args: string[] = [],
  settings: HostSettings = {},
): Promise<Outcome & { page: string }> {
  return withDirectory(files, (directory) =>
    reportPage(['--month', '2026-02', ...args, '--data', directory], settings),
  );
}

type JsonRow = Readonly<Record<string, string | number>>;

export interface InvoiceJson {
  readonly rows: readonly JsonRow[];
  readonly totals: JsonRow;
  readonly warnings: readonly { readonly message: string }[];
}

/** The invoice of the same inputs, by a view, as its JSON. */
export async function invoiceJson(args: string[], by: string): Promise<InvoiceJson> {
  const { status, stdout } = await runOnce(['invoice', ...args, '--by', by, '--format', 'json']);
  expect(status).toBe(0);
  return JSON.parse(stdout) as InvoiceJson;
}

/** A profile of Acme, with overage as given. */
export const PROFILES = profilesCsv('p1,111122223333,us-east-1,Acme');

/** Subscriptions of users to Pro since 2025. */
export function proSince2025(...users: string[]): string {
  return subscriptionsCsv(...users.map((user) => `p1,user,${user},Pro,2025-11-01,`));
}
