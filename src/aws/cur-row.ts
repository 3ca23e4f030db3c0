import { billingPeriodFromText } from '../domain/billing-period.ts';
import type { Problem } from '../domain/problem.ts';
import { type Region, regionFromText } from '../domain/region.ts';
import type { ReadingProgress } from '../usage/plan.ts';
import { regionOfCode, usageTypeParts } from './billing-codes.ts';
import { type CurField, type CurHeader, monthOfPath, type TagColumn } from './cur-columns.ts';

/** One row of a bill, as texts. */
export interface CurRow {
  readonly file: string;
  /** The physical line on which a CSV row begins, or the number of a Parquet row; both from 1. */
  readonly line: number;
  /** Whether it comes from AWS's FOCUS export. */
  readonly isFocus: boolean;
  /** The field's text, trimmed; blank if the file has no such column, or no value. */
  text(field: CurField): string;
  /** The name of the field's column in the file; missing if the file has none. */
  columnName(field: CurField): string | undefined;
  /** The tags of the row, unchanged, by key. */
  tags(): ReadonlyMap<string, string>;
}

/** Receives what a CUR reader finds; readers skip most rows of other products. */
export interface CurSink {
  /** Whether tags are read. */
  readonly wantsTags: boolean;
  /** Whether the fields are read that distinguish a row from another like it. */
  readonly wantsRowIds: boolean;
  /** Bytes are counted before decompression, as a share of each file's size, and rows of any product. */
  readonly progress: ReadingProgress;
  row(row: CurRow): void;
  problem(problem: Problem): void;
}

/** The product code of Kiro's rows. */
export const KIRO_PRODUCT = 'Kiro';
/**
 * The product code of Amazon Q Developer, from which companies move to Kiro: its users may still
 * be charged there.
 */
export const AMAZON_Q_PRODUCT = 'AmazonQ';
/** The products whose rows are read; all other rows are ignored. */
export const READ_PRODUCTS: readonly string[] = [KIRO_PRODUCT, AMAZON_Q_PRODUCT];

/** A row from the texts of its columns. */
export function rowOf(
  place: Pick<CurRow, 'file' | 'line'>,
  { columns, tags, isFocus }: CurHeader,
  textAt: (index: number) => string,
): CurRow {
  const columnOf = (field: CurField) => {
    const found = columns.get(field);
    return found?.find(({ index }) => textAt(index) !== '') ?? found?.[0];
  };
  return {
    ...place,
    isFocus,
    text: (field) => {
      const column = columnOf(field);
      return column === undefined ? '' : textAt(column.index);
    },
    columnName: (field) => columnOf(field)?.name,
    tags: () => tagsOf(tags, textAt),
  };
}

function tagsOf(
  columns: readonly TagColumn[],
  textAt: (index: number) => string,
): Map<string, string> {
  const tags = new Map<string, string>();
  for (const { index, key } of columns) {
    const text = textAt(index);
    if (key === undefined) {
      for (const [name, value] of Object.entries(textMap(text))) tags.set(name, value);
    } else if (text !== '') tags.set(key, text);
  }
  return tags;
}

/**
 * The billing period of any row, `YYYY-MM`: from its column, else from its folder; `undefined` if
 * neither has it.
 */
export function monthOfRow(row: CurRow): string | undefined {
  const month = row.text('periodStart').slice(0, 7) || (monthOfPath(row.file) ?? '');
  return billingPeriodFromText(month)?.month;
}

/** The Region: by a known billing code first, then by the product's columns. */
export function regionOfRow(row: CurRow): Region {
  const ofCode = regionOfCode(usageTypeParts(row.text('usageType')).code);
  if (ofCode !== undefined) return ofCode;
  const { region = '', region_code: regionCode = '' } = textMap(row.text('productMap'));
  const texts = [row.text('regionCode'), row.text('region'), regionCode, region];
  for (const text of texts) {
    const found = regionFromText(text);
    if (found !== undefined) return found;
  }
  return '';
}

/** A map as written in bills, `{"region":"us-east-1"}`; empty if the text is not a map. */
export function textMap(text: string): Readonly<Record<string, string>> {
  if (!text.startsWith('{')) return {};
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string')) as Record<
      string,
      string
    >;
  } catch {
    return {};
  }
}
