import type { Column, Row, Sheet } from '../domain/sheet.ts';
import { isNumeric } from '../domain/sheet.ts';
import { visible } from './terminal.ts';
import { cellText } from './values.ts';

export interface MarkdownLook {
  /** Rows were filtered or cut away: the totals say that they are of what is shown. */
  readonly isPartial?: boolean;
  /** The totals of several months, as a sheet without rows. */
  readonly allMonths?: Sheet | undefined;
}

/**
 * A GitHub table per month, with the columns and figures of the CSV: numbers
 * right-aligned, totals bold in a row of their own. Several months have a heading each, and
 * end with the total of all.
 * Text from inputs is shown as it is and can neither format, nor leave its cell.
 */
export function markdownText(sheets: readonly Sheet[], look: MarkdownLook = {}): string {
  const { allMonths } = look;
  const shown = allMonths === undefined ? sheets : [...sheets, allMonths];
  const tables = shown.map((sheet) => `${headingOf(sheet, shown.length)}${tableOf(sheet, look)}`);
  return tables.join('\n');
}

function headingOf({ month }: Sheet, months: number): string {
  return months > 1 ? `## ${month}\n\n` : '';
}

function tableOf(sheet: Sheet, look: MarkdownLook): string {
  const { columns, rows } = sheet;
  const lines = [
    columns.map(({ name }) => name),
    columns.map(({ kind }) => (isNumeric(kind) ? '---:' : '---')),
    ...rows.map((row) => cells(columns, row)),
    ...totalsRow(sheet, look),
  ];
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('');
}

function cells(columns: readonly Column[], row: Row): string[] {
  return columns.map(({ kind }, index) => markdownSafe(cellText(kind, row[index])));
}

/** None where nothing adds up, or there is nothing to add. */
function totalsRow(sheet: Sheet, { isPartial, allMonths }: MarkdownLook): string[][] {
  const { columns, rows, totals } = sheet;
  if ((rows.length === 0 && sheet !== allMonths) || totals.every((total) => total === undefined))
    return [];
  const sums = cells(columns, totals).map((text) => (text === '' ? '' : `**${text}**`));
  const label = isPartial ? '**Total shown**' : '**Total**';
  return [sums.map((text, index) => (index === 0 && text === '' ? label : text))];
}

/** Where GitHub takes what follows for an address: an empty comment there, which is not shown, is the only thing that stops it. */
const BARE_ADDRESS = /\bwww(?=\.)|\b(?:https?|ftp|mailto|xmpp):|[\w.+-](?=@[\w-]+\.)/gi;

/**
 * Text that Markdown shows as it is: control characters made visible, no HTML, and
 * nothing that ends the cell, formats, or becomes a link. An `_` or `&` without a meaning stays.
 */
export function markdownSafe(text: string): string {
  return visible(text)
    .replace(/[\\`*[\]~|]/g, '\\$&')
    .replace(/(?<![a-z0-9])_|_(?![a-z0-9])/gi, '\\_')
    .replace(/&(?=[a-z0-9#])/gi, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(BARE_ADDRESS, '$&<!-- -->');
}
