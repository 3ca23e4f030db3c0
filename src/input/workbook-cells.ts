/** Converts the cells of a workbook's sheets to CSV text. */

import { readXml, type XmlElement } from './workbook-xml.ts';

/** What all sheets of a workbook share. */
export interface CellContext {
  readonly sharedTexts: readonly string[];
  /** Whether each style, by its index, shows a date or time. */
  readonly showsDates: readonly boolean[];
  /** Whether day 0 is 1904-01-01. */
  readonly is1904: boolean;
}

/** A cell, numbered from 0 in its row: its text, or what is wrong with it. */
interface Cell {
  readonly column: number;
  readonly text: string;
  readonly wrong?: string;
}

export interface SheetRow {
  /** From 1. */
  readonly row: number;
  readonly cells: readonly Cell[];
  /** Whether a filter or a person hides it. */
  readonly isHidden: boolean;
}

/** The rows of a sheet that have cells with anything in them, in the order of the sheet. */
export function sheetRows(xml: string, context: CellContext): SheetRow[] {
  const rows: SheetRow[] = [];
  let row = 0;
  let cells: Cell[] = [];
  let column = -1;
  let parts: CellParts = {};
  readXml(xml, {
    open(element) {
      if (element.name === 'row') {
        row = Number(element.attributes.get('r') ?? row + 1);
        cells = [];
        column = -1;
      } else if (element.name === 'c') {
        const reference = element.attributes.get('r');
        column = reference === undefined ? column + 1 : columnOf(reference);
        parts = {};
      } else if (element.name === 'f') parts = { ...parts, hasFormula: true };
    },
    close({ name, attributes }, text) {
      if (name === 'v') parts = { ...parts, value: text };
      else if (name === 't') parts = { ...parts, inline: `${parts.inline ?? ''}${text}` };
      else if (name === 'rPh') parts = { ...parts, inline: '' };
      else if (name === 'c') {
        const cell = cellOf(attributes, parts, context);
        if (cell.text !== '' || cell.wrong !== undefined) cells.push({ column, ...cell });
      } else if (name === 'row' && cells.length > 0) {
        rows.push({ row, cells, isHidden: /^(?:1|true)$/.test(attributes.get('hidden') ?? '') });
      }
    },
  });
  return rows;
}

/** `BC12` is column 54, from 0. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]+/i.exec(reference)?.[0].toUpperCase() ?? 'A';
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** The name of a column, from 0: `A`, `BC`. */
export function columnLetters(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : `${columnLetters(Math.floor(column / 26) - 1)}${letter}`;
}

interface CellParts {
  readonly hasFormula?: boolean;
  readonly value?: string;
  readonly inline?: string;
}

function cellOf(
  attributes: XmlElement['attributes'],
  { hasFormula = false, value, inline }: CellParts,
  { sharedTexts, showsDates, is1904 }: CellContext,
): Omit<Cell, 'column'> {
  const type = attributes.get('t') ?? 'n';
  if (type === 'e')
    return { text: value ?? '#ERROR', wrong: 'the cell holds an error: correct its formula' };
  if (type === 'inlineStr') return { text: unescaped(inline ?? '') };
  if (value === undefined) return { text: '', ...(hasFormula && { wrong: NO_VALUE }) };
  if (type === 's') return { text: sharedTexts[Number(value)] ?? '' };
  if (type === 'b') return { text: value.trim() === '1' ? 'true' : 'false' };
  if (type === 'str') return { text: unescaped(value) };
  if (type !== 'n' || value.trim() === '') {
    return value.trim() === '' && hasFormula ? { text: '', wrong: NO_VALUE } : { text: value };
  }
  const isDate = showsDates[Number(attributes.get('s') ?? 0)] === true;
  return { text: isDate ? shownInstant(Number(value), is1904) : shortestNumber(value) };
}

const NO_VALUE =
  'the cell holds a formula without a stored value: open the workbook in a spreadsheet program and save it';

/** The shortest decimal that reads back as the same number. */
function shortestNumber(text: string): string {
  const value = Number(text);
  return Number.isFinite(value) ? String(value) : text;
}

const DAY_MS = 86_400_000;
const DAY_ZERO_1900_MS = Date.UTC(1899, 11, 30);
const DAY_ZERO_1904_MS = Date.UTC(1904, 0, 1);

/** The instant that a day number shows, in UTC, to the nearest millisecond; midnight as a date. */
function shownInstant(days: number, is1904: boolean): string {
  const at = new Date(Math.round(days * DAY_MS) + (is1904 ? DAY_ZERO_1904_MS : DAY_ZERO_1900_MS));
  if (Number.isNaN(at.getTime())) return String(days);
  const iso = at.toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, -14) : iso.replace('.000Z', 'Z');
}

/** How characters that XML cannot contain are written. */
function unescaped(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** The texts that the cells of all sheets refer to by number. */
export function sharedTextsOf(xml: string): string[] {
  const texts: string[] = [];
  let text = '';
  let isPhonetic = false;
  readXml(xml, {
    open({ name }) {
      if (name === 'si') text = '';
      if (name === 'rPh') isPhonetic = true;
    },
    close({ name }, own) {
      if (name === 't' && !isPhonetic) text += own;
      if (name === 'rPh') isPhonetic = false;
      if (name === 'si') texts.push(unescaped(text));
    },
  });
  return texts;
}

/** The built-in date and time formats, which have only a number. */
function isDateNumber(id: number): boolean {
  return (
    (id >= 14 && id <= 22) ||
    (id >= 27 && id <= 36) ||
    (id >= 45 && id <= 47) ||
    (id >= 50 && id <= 58)
  );
}

/** Whether a format shows a date or time: a letter of theirs outside quotes, colors and conditions. */
function isDateFormat(format: string): boolean {
  const bare = format
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
    .replace(/General/gi, '');
  return /[dmyhs]/i.test(bare);
}

/** Whether each style, by its index, shows a date or time. */
export function dateStylesOf(xml: string): boolean[] {
  const formats = new Map<number, string>();
  const showsDates: boolean[] = [];
  let isCellStyle = false;
  readXml(xml, {
    open({ name, attributes }) {
      if (name === 'cellXfs') isCellStyle = true;
      const id = Number(attributes.get('numFmtId') ?? 0);
      if (name === 'numFmt') formats.set(id, attributes.get('formatCode') ?? '');
      if (name !== 'xf' || !isCellStyle) return;
      const format = formats.get(id);
      showsDates.push(format === undefined ? isDateNumber(id) : isDateFormat(format));
    },
    close({ name }) {
      if (name === 'cellXfs') isCellStyle = false;
    },
  });
  return showsDates;
}
