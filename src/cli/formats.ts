import { extname } from 'node:path';
import { WrongUsage } from '../domain/problem.ts';

/** What a command can write, where nothing else is said. */
export const COMMON_FORMATS = ['table', 'csv', 'json', 'markdown'] as const;
/** What the invoice can be written as: rows, or the FinOps Open Cost and Usage Specification. */
export const INVOICE_FORMATS = [...COMMON_FORMATS, 'focus'] as const;

export type Format = (typeof COMMON_FORMATS)[number];
export type InvoiceFormat = (typeof INVOICE_FORMATS)[number];

const FORMAT_BY_EXTENSION: Readonly<Record<string, string>> = {
  '.csv': 'csv',
  '.json': 'json',
  '.md': 'markdown',
  '.html': 'html',
};

/**
 * How to write: `--format`, else what the extension of the output says, else a table.
 * An extension that is none of the command's formats is `WrongUsage`.
 */
export function formatAsked<Known extends string>(
  options: { format?: string | undefined; output?: string | undefined },
  known: readonly Known[],
): Known {
  const { format, output } = options;
  const extension = output === undefined ? '' : extname(output).toLowerCase();
  const name = format ?? (extension === '' ? known[0] : FORMAT_BY_EXTENSION[extension]);
  const found = known.find((one) => one === name);
  if (found !== undefined) return found;
  const extensions = Object.entries(FORMAT_BY_EXTENSION)
    .filter(([, one]) => known.some((other) => other === one))
    .map(([one]) => one);
  throw new WrongUsage(
    `--output ${output}: this command cannot write ${extension}; name a file that ends in ${extensions.join(', ')}, or give --format ${known.join('|')}`,
  );
}
