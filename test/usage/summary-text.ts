import { periodAt } from '../../src/domain/billing-period.ts';
import { add } from '../../src/domain/decimal.ts';
import { type Instant, instantText } from '../../src/domain/instant.ts';
import type { Problem } from '../../src/domain/problem.ts';
import type { StretchUsage } from '../../src/domain/records.ts';
import { NO_MONTH, sheetOf } from '../../src/domain/sheet.ts';
import { compareKeys } from '../../src/domain/text-order.ts';
import { type CsvEntry, framedEntries, isBadRow } from '../../src/input/csv.ts';
import { ProblemLog } from '../../src/input/problem-log.ts';
import { readHeader, TableRow } from '../../src/input/table.ts';
import { csvText } from '../../src/render/csv.ts';
import type { ReductionPlan } from '../../src/usage/plan.ts';
import { SUMMARY_COLUMNS, SUMMARY_SHEET_COLUMNS } from '../../src/usage/summary/summary-columns.ts';
import { type SummarySums, summaryReader } from '../../src/usage/summary/summary-reader.ts';
import { cutsOf } from '../../src/usage/usage-window.ts';
import { PLAIN_FRAMING } from '../support/plain-framing.ts';
import { PLAIN_PLAN } from '../support/plain-plan.ts';

/** The sums of all that was added, by the plainest means. */
class PlainSums implements SummarySums {
  readonly plan: ReductionPlan;
  readonly sums = new Map<string, StretchUsage>();

  constructor(plan: ReductionPlan) {
    this.plan = plan;
  }

  addStretch(usage: StretchUsage): void {
    const { start, end } = periodAt(usage.from);
    const cuts = cutsOf(this.plan.cuts, usage.profileId);
    const bounds: Instant[] = [start, ...cuts.filter((at) => start < at && at < end), end];
    const next = bounds.findIndex((bound) => bound > usage.from);
    const [from, to] = [bounds[next - 1] as Instant, bounds[next] as Instant];
    const key = JSON.stringify([usage.profileId, usage.userId, String(from)]);
    const before = this.sums.get(key);
    const credits = before === undefined ? usage.credits : add(before.credits, usage.credits);
    const requests = (before?.requests ?? 0) + usage.requests;
    this.sums.set(key, { ...usage, from, to, credits, requests });
  }
}

export interface SummaryReading {
  readonly stretches: readonly StretchUsage[];
  readonly problems: readonly Problem[];
}

/** Reads summaries one after another, adding them up. */
export async function readSummaries(
  texts: readonly string[],
  plan: ReductionPlan = PLAIN_PLAN,
): Promise<SummaryReading> {
  const sums = new PlainSums(plan);
  const reader = summaryReader(sums);
  const log = new ProblemLog();
  for (const text of texts) {
    const [first, ...others] = await entriesOf(text);
    const header = first && readHeader('summary.csv', first, SUMMARY_COLUMNS, log);
    if (header === undefined) continue;
    for (const row of others) {
      if (isBadRow(row)) throw new Error('not a row of CSV');
      reader.read(new TableRow('summary.csv', row, header, log));
    }
  }
  return { stretches: [...sums.sums.values()], problems: log.kept };
}

async function entriesOf(text: string): Promise<CsvEntry[]> {
  const entries: CsvEntry[] = [];
  for await (const some of framedEntries(chunksOf(text), PLAIN_FRAMING)) entries.push(...some);
  return entries;
}

async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

/** The CSV of a summary, as `summarize` writes it. */
export function summaryCsv(stretches: readonly StretchUsage[]): string {
  const keyOf = ({ month, profileId, userId, from, to }: StretchUsage): string[] => {
    return [month, profileId, userId, instantText(from), instantText(to)];
  };
  const sorted = stretches.toSorted((a, b) => compareKeys(keyOf(a), keyOf(b)));
  return [...csvText([sheetOf(NO_MONTH, SUMMARY_SHEET_COLUMNS, sorted)])].join('');
}
