import { arranged, isAsItComes, isCut } from '../../billing/arrange.ts';
import { editionInForce } from '../../billing/rates.ts';
import { BadInput } from '../../domain/problem.ts';
import { DATA_FILES } from '../../input/data-files.ts';
import { usableRateCard } from '../../input/records.ts';
import { type ArrangementOptions, arrangementAsked } from '../arrangement.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { type InputOptions, locate } from '../inputs.ts';
import { periodAsked } from '../months.ts';
import type { Look } from '../output.ts';
import { unreadWarnings } from '../unread.ts';

interface RatesOptions extends InputOptions, ArrangementOptions {
  readonly month: string;
}

/** Shows the edition of the rate card that is in force in the month (M3). */
export async function run(context: Context, options: RatesOptions): Promise<CommandResult> {
  const period = periodAsked(options.month, context.host.now());
  const { RATE_COLUMNS, ratesJson, ratesSheet, ratesTable } = await import('../../render/rates.ts');
  const arrangement = arrangementAsked(options, RATE_COLUMNS);
  const files = await locate(options, context);
  const { tables, problemsOfRates } = files;
  // Without them, the built-in card would stand in for one that cannot be found.
  if (problemsOfRates.length > 0) throw new BadInput(problemsOfRates);
  const card = await usableRateCard(tables.rates);
  const edition = editionInForce(card, period);
  const drawn = {
    json: () => [ratesJson(edition)],
    table: (look: Look) => [
      ratesTable(edition, { ...look, approximatePartitions: card.approximatePartitions }),
    ],
  };
  return {
    document: {
      sheets: [arranged(ratesSheet(edition), arrangement)],
      isPartial: isCut(arrangement),
      drawn: isAsItComes(arrangement) ? drawn : {},
    },
    warnings: await unreadWarnings(files, [DATA_FILES.rates]),
  };
}
