import { editionInForce } from '../../billing/rates.ts';
import { BadInput } from '../../domain/problem.ts';
import type { RateCard, RateEdition } from '../../domain/rate-card.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { rateCardOf } from '../../input/records.ts';
import type { Context } from '../context.ts';
import { COMMON_FORMATS, type Format, formatAsked } from '../formats.ts';
import { EXIT, type ExitStatus } from '../host.ts';
import { type InputOptions, locate } from '../inputs.ts';
import { periodAsked } from '../months.ts';
import { isForTerminal, tableLook, writeOutput } from '../output.ts';

interface RatesOptions extends InputOptions {
  readonly month: string;
  readonly format?: Format;
}

/** Writes the edition of the rate card that is in force in the month. Rule M3. */
export async function run(context: Context, options: RatesOptions): Promise<ExitStatus> {
  const { host } = context;
  const period = periodAsked(options.month, host.now());
  const format = formatAsked(options, COMMON_FORMATS);
  const card = await readCard(options, context);
  const edition = editionInForce(card, period);
  await writeOutput(
    [await rendered(format, { card, edition }, options, context)],
    options.output,
    host,
  );
  return EXIT.done;
}

async function readCard(options: RatesOptions, context: Context): Promise<RateCard> {
  const log = new ProblemLog();
  const { tables } = await locate(options, context);
  const card = await rateCardOf(tables.rates, log);
  if (card === undefined) throw new BadInput(log.kept, log.total);
  return card;
}

async function rendered(
  format: Format,
  { card, edition }: { card: RateCard; edition: RateEdition },
  { output }: RatesOptions,
  context: Context,
): Promise<string> {
  const { ratesCsv, ratesJson, ratesMarkdown, ratesTable } = await import('../../render/rates.ts');
  switch (format) {
    case 'csv':
      return ratesCsv(edition, { isForTerminal: isForTerminal(output, context.host) });
    case 'json':
      return ratesJson(edition);
    case 'markdown':
      return ratesMarkdown(edition);
    case 'table':
      return ratesTable(edition, {
        ...tableLook(output, context),
        approximatePartitions: card.approximatePartitions,
      });
  }
}
