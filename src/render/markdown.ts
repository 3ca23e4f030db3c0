import {
  type Column,
  cellText,
  isNumeric,
  type Row,
  type Sheet,
  totalOfMonths,
} from '../domain/sheet.ts';
import { visible } from './terminal.ts';

/**
 * A GitHub table per month, with the columns and figures of the CSV: numbers
 * right-aligned, totals bold in a row of their own. Several months have a heading each, and
 * end with the total of all.
 * Text from inputs is shown as it is and can neither format, nor leave its cell. `isPartial`: rows
 * were filtered or cut away, so that the totals say that they are of what is shown.
 */
export function markdownText(sheets: readonly Sheet[], isPartial = false): string {
  const allMonths = totalOfMonths(sheets);
  const shown = allMonths === undefined ? sheets : [...sheets, allMonths];
  const tables = shown.map((sheet) => {
    const hasTotals = sheet.rows.length > 0 || sheet === allMonths;
    const totals = hasTotals ? totalsRow(sheet, isPartial) : [];
    return `${headingOf(sheet, shown.length)}${tableOf(sheet, totals)}`;
  });
  return tables.join('\n');
}

function headingOf({ month }: Sheet, months: number): string {
  return months > 1 ? `## ${month}\n\n` : '';
}

function tableOf({ columns, rows }: Sheet, totals: readonly string[][]): string {
  const lines = [
    columns.map(({ name }) => name),
    columns.map(({ kind }) => (isNumeric(kind) ? '---:' : '---')),
    ...rows.map((row) => cells(columns, row)),
    ...totals,
  ];
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('');
}

function cells(columns: readonly Column[], row: Row): string[] {
  return columns.map(({ kind }, index) => markdownSafe(cellText(kind, row[index])));
}

/** None where nothing adds up. */
function totalsRow({ columns, totals }: Sheet, isPartial: boolean): string[][] {
  if (totals.every((total) => total === undefined)) return [];
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
