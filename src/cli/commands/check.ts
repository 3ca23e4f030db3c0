import { arranged, isAsItComes, isCut } from '../../billing/arrange.ts';
import { type Billing, pricingProblems } from '../../billing/invoice.ts';
import { unusedOverrides } from '../../billing/rates.ts';
import { unlistedRegion } from '../../billing/warnings.ts';
import { type BillingPeriod, billingPeriod, periodsBetween } from '../../domain/billing-period.ts';
import { BadInput, byFileAndLine, type Problem } from '../../domain/problem.ts';
import { pricedFrom } from '../../domain/rate-card.ts';
import type { Warning } from '../../domain/warning.ts';
import { refuseUnfinishedImport } from '../../input/unfinished-import.ts';
import { countShown, grouped } from '../../render/amounts.ts';
import {
  PROBLEM_COLUMNS,
  problemLines,
  problemsJson,
  problemsSheet,
} from '../../render/problems.ts';
import { type ArrangementOptions, arrangementAsked } from '../arrangement.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import {
  type InputOptions,
  type Inputs,
  inputChoice,
  monthsOfData,
  readInputs,
} from '../inputs.ts';
import { currentPeriod, periodAsked } from '../months.ts';
import { holdingsOf } from './check-holdings.ts';

interface CheckOptions extends InputOptions, ArrangementOptions {}

/** Reads all inputs and lists every problem in them; bills nothing. */
export async function run(context: Context, options: CheckOptions): Promise<CommandResult> {
  const arrangement = arrangementAsked(options, PROBLEM_COLUMNS);
  // If the directory changed while it was read, that is all that can be said about it.
  await refuseUnfinishedImport(inputChoice(options, context.host).dataDirectory);
  const { found, inputs } = await findings(options, context);
  const { problems, total } = found;
  const holdings =
    inputs === undefined || total > 0
      ? undefined
      : holdingsOf(inputs, periodAsked('last', context.host.now()), options.data);
  const warnings = [
    ...(inputs === undefined ? found.warnings : warningsOf(inputs.billing)),
    ...(holdings?.warnings ?? []),
  ];
  const sheet = arranged(problemsSheet(problems), arrangement);
  const more = total - problems.length;
  const count = total === 0 ? 'No problems' : countShown(total, 'problem');
  return {
    document: {
      sheets: [sheet],
      isPartial: isCut(arrangement),
      drawn: {
        json: () => [problemsJson(sheet, warnings, more)],
        ...(isAsItComes(arrangement) && {
          table: () => [
            ...shownProblems(found),
            ...(holdings?.lines ?? []).map((line) => `${line}\n`),
          ],
        }),
      },
    },
    warnings,
    ...(inputs && { inputs }),
    notes: [
      ...(holdings?.notes ?? []),
      ...(more > 0 ? [`${grouped(more)} more are not listed`] : []),
    ],
    closing: `${count} found.`,
    hasFindings: total > 0,
  };
}

function shownProblems(found: BadInput): string[] {
  const { lines, more } = problemLines(found);
  const rest = more === 0 ? [] : [`… and ${grouped(more)} more; --format csv lists each`];
  return [...lines, ...rest].map((line) => `${line}\n`);
}

/** The warnings that need no invoice. */
function warningsOf({ card, records, inputWarnings }: Billing): Warning[] {
  const profiles = [...records.profiles.values()];
  return [
    ...inputWarnings,
    ...card.editions.flatMap((edition) => unusedOverrides(edition, profiles)),
    ...profiles.flatMap(unlistedRegion),
  ];
}

async function findings(
  options: InputOptions,
  context: Context,
): Promise<{ readonly found: BadInput; readonly inputs?: Inputs }> {
  try {
    const inputs = await readInputs(options, undefined, context);
    const problems = problemsOfMonths(inputs, periodsToPrice(inputs, context));
    return { found: new BadInput(problems), inputs };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return { found: error };
  }
}

/** All months from the first with both data and prices, to the last with data or the running month. */
function periodsToPrice({ billing, usage }: Inputs, { host }: Context): BillingPeriod[] {
  const months = monthsOfData(billing.records, usage);
  const running = currentPeriod(host.now()).month;
  const first = [pricedFrom(billing.card), months[0] ?? running].sort().at(-1) ?? running;
  const last = [running, months.at(-1) ?? running].sort().at(-1) ?? running;
  return periodsBetween(billingPeriod(first), billingPeriod(last));
}

/** Missing prices in any month, by line; each row is reported for the first month that needs it. */
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
