import { extname } from 'node:path';
import { WrongUsage } from '../domain/problem.ts';

/** How rows can be written. */
export const ROW_FORMATS = ['table', 'csv', 'json', 'markdown', 'xlsx'] as const;
/** How the invoice can be written: as rows, or by the FinOps Open Cost and Usage Specification. */
export const INVOICE_FORMATS = [...ROW_FORMATS, 'focus'] as const;

/** `text` is what a command says that writes no file: `-o` of an import names a folder. */
export type Format = (typeof INVOICE_FORMATS)[number] | 'html' | 'sql' | 'text';

const FORMAT_BY_EXTENSION: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.json': 'json',
  '.md': 'markdown',
  '.xlsx': 'xlsx',
  '.html': 'html',
  '.sql': 'sql',
};

/**
 * How to write: `--format`, else what the extension of the output says, else the first of
 * the command's formats; `text` where it has none. An extension that is none of them is
 * `WrongUsage`.
 */
export function formatAsked(
  options: { readonly format?: string; readonly output?: string },
  known: readonly Format[],
): Format {
  const { format, output } = options;
  const [first = 'text', ...others] = known;
  if (known.length === 0) return first;
  const extension = output === undefined ? '' : extname(output).toLowerCase();
  const name = format ?? (extension === '' ? first : FORMAT_BY_EXTENSION[extension]);
  const found = known.find((one) => one === name);
  // A workbook is bytes, and nothing for a terminal.
  if (found === 'xlsx' && (output === undefined || output === '-')) {
    throw new WrongUsage('--format xlsx needs -o FILE.xlsx, the workbook to write');
  }
  if (found !== undefined) return found;
  const extensions = Object.entries(FORMAT_BY_EXTENSION)
    .filter(([, one]) => known.includes(one))
    .map(([one]) => one);
  const orFormat = others.length === 0 ? '' : `, or give --format ${known.join('|')}`;
  throw new WrongUsage(
    `--output ${output}: this command cannot write ${extension}; name a file that ends in ${extensions.join(', ')}${orFormat}`,
  );
}
