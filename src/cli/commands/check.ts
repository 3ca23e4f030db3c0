import { type Billing, pricingProblems } from '../../billing/invoice.ts';
import { unlistedRegion } from '../../billing/warnings.ts';
import { type BillingPeriod, billingPeriod, periodsBetween } from '../../domain/billing-period.ts';
import { BadInput, byFileAndLine, type Problem } from '../../domain/problem.ts';
import type { Warning } from '../../domain/warning.ts';
import type { CsvLook } from '../../render/csv.ts';
import { problemLine, problemsJson, problemsSheet } from '../../render/problems.ts';
import type { Context } from '../context.ts';
import { COMMON_FORMATS, type Format, formatAsked } from '../formats.ts';
import { EXIT, type ExitStatus } from '../host.ts';
import { type InputOptions, type Inputs, monthsOfData, readInputs } from '../inputs.ts';
import { currentPeriod } from '../months.ts';
import { noteInputs, readSummary } from '../notes.ts';
import { isForTerminal, writeOutput } from '../output.ts';

interface CheckOptions extends InputOptions {
  readonly format?: Format;
  readonly strict?: boolean;
}

interface Findings {
  readonly problems: readonly Problem[];
  readonly total: number;
  readonly inputs?: Inputs;
}

/** Reads all inputs and lists every problem in them; bills nothing. */
export async function run(context: Context, options: CheckOptions): Promise<ExitStatus> {
  const { host, messages } = context;
  const format = formatAsked(options, COMMON_FORMATS);
  const { problems, total, inputs } = await findings(options, context);
  const warnings = inputs === undefined ? [] : warningsOf(inputs.billing);
  await writeOutput(
    await rendered(format, problems, warnings, {
      isForTerminal: isForTerminal(options.output, host),
    }),
    options.output,
    host,
  );
  messages.warnings(warnings);
  if (inputs !== undefined) noteInputs(inputs, options, messages);
  if (total > problems.length) messages.note(`${total - problems.length} more are not listed`);
  const found = total === 0 ? 'No problems' : total === 1 ? '1 problem' : `${total} problems`;
  messages.close(
    inputs === undefined ? `${found} found.` : `${readSummary(inputs)}. ${found} found.`,
  );
  const isClean = total === 0 && !(options.strict && warnings.length > 0);
  return isClean ? EXIT.done : EXIT.findings;
}

/** What the inputs show without any invoice. */
function warningsOf({ records, inputWarnings }: Billing): Warning[] {
  return [...inputWarnings, ...[...records.profiles.values()].flatMap(unlistedRegion)];
}

async function rendered(
  format: Format,
  problems: readonly Problem[],
  warnings: readonly Warning[],
  look: CsvLook,
): Promise<Iterable<string>> {
  switch (format) {
    case 'csv': {
      const { csvText } = await import('../../render/csv.ts');
      return csvText([problemsSheet(problems)], look);
    }
    case 'json':
      return [problemsJson(problems, warnings)];
    case 'markdown': {
      const { markdownText } = await import('../../render/markdown.ts');
      return [markdownText([problemsSheet(problems)])];
    }
    case 'table':
      return problems.map((problem) => `${problemLine(problem)}\n`);
  }
}

async function findings(options: CheckOptions, context: Context): Promise<Findings> {
  try {
    const inputs = await readInputs(options, undefined, context);
    const problems = problemsOfMonths(inputs, periodsToPrice(inputs, context));
    return { problems, total: problems.length, inputs };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return { problems: error.problems, total: error.total };
  }
}

/** All months from the first that the data hold and the card prices, to the last or the running one. */
function periodsToPrice({ read, usage }: Inputs, { host }: Context): BillingPeriod[] {
  const months = monthsOfData(read.records, usage);
  const running = currentPeriod(host.now()).month;
  const cardStart = read.card.editions[0]?.from ?? running;
  const first = [cardStart, months[0] ?? running].sort().at(-1) ?? running;
  const last = [running, months.at(-1) ?? running].sort().at(-1) ?? running;
  return periodsBetween(billingPeriod(first), billingPeriod(last));
}

/** The prices that are missing in any month, by line, each row told for the first month that it concerns. */
function problemsOfMonths({ billing }: Inputs, periods: readonly BillingPeriod[]): Problem[] {
  const byRow = new Map<string, Problem>();
  for (const period of periods) {
    for (const problem of pricingProblems(billing, [period])) {
      const row = `${problem.file}:${problem.line}`;
      if (!byRow.has(row)) byRow.set(row, problem);
    }
  }
  return byFileAndLine(byRow.values());
}
