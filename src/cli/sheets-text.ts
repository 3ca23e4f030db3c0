import type { Sheet } from '../domain/sheet.ts';
import type { Warning } from '../domain/warning.ts';
import type { InvoiceFormat } from './formats.ts';

/** What there is to write, and how. */
export interface SheetsRendering {
  readonly sheets: readonly Sheet[];
  /** Those of each sheet. */
  readonly warnings: readonly (readonly Warning[])[];
  /** Whether filters or `--top` left something out. */
  readonly isPartial: boolean;
  readonly isForTerminal: boolean;
  /** The table for people, which is the command's own. */
  readonly table: () => Promise<string>;
}

/** Sheets in a format, in pieces. Only the renderer that is needed is loaded. */
export async function sheetsText(
  format: InvoiceFormat,
  { sheets, warnings, isPartial, isForTerminal, table }: SheetsRendering,
): Promise<Iterable<string>> {
  switch (format) {
    case 'csv':
    case 'focus': {
      const { csvText } = await import('../render/csv.ts');
      return csvText(sheets, { isForTerminal });
    }
    case 'json': {
      const { sheetsJson } = await import('../render/json.ts');
      return [sheetsJson(sheets, warnings)];
    }
    case 'markdown': {
      const { markdownText } = await import('../render/markdown.ts');
      return [markdownText(sheets, { isPartial })];
    }
    case 'table':
      return [await table()];
  }
}
