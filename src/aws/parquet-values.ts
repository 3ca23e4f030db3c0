/**
 * The values of Parquet columns as exact texts. The library turns a DECIMAL into a float;
 * here the column is read as what it is stored as, whole numbers, and the decimal point is
 * set by its scale. A DOUBLE is taken as its shortest decimal text. Rule M1.
 */
import { type FileMetaData, parquetSchema, type SchemaElement } from 'hyparquet';
import { decimalText } from '../domain/decimal.ts';

/** The text of one value of a column; blank for a missing one. */
type ValueText = (value: unknown) => string;

/** How the texts of a column are found. */
export interface ColumnText {
  readonly textOf: ValueText;
  /** Whether its values are maps, whose text is JSON. */
  readonly isMap: boolean;
}

/** How the library is to read: instants as texts; texts as bytes, since few are looked at. */
export const PARQUET_PARSERS = {
  stringFromBytes: (bytes: Uint8Array) => bytes,
  timestampFromMilliseconds: (millis: bigint) => isoText(Number(millis)),
  timestampFromMicroseconds: (micros: bigint) => isoText(Number(micros / 1000n)),
  timestampFromNanoseconds: (nanos: bigint) => isoText(Number(nanos / 1_000_000n)),
  dateFromDays: (days: number) => isoText(days * 86_400_000).slice(0, 10),
  // The library's types ask for a Date, but it hands on whatever comes.
} as unknown as Record<string, never>;

function isoText(millis: number): string {
  return Number.isFinite(millis) ? new Date(millis).toISOString() : '';
}

/**
 * The columns of a file with their texts, by name in the order of the file. The DECIMAL
 * columns in `metadata` are changed to their plain storage, so that the library leaves them
 * as they are.
 */
export function exactColumns(metadata: FileMetaData): Map<string, ColumnText> {
  const columns = new Map<string, ColumnText>();
  for (const { element, children } of parquetSchema(metadata).children) {
    const isMap = children.length > 0;
    columns.set(element.name, { textOf: isMap ? jsonText : textOf(element), isMap });
    if (!isDecimal(element)) continue;
    delete element.converted_type;
    delete element.logical_type;
  }
  return columns;
}

function jsonText(value: unknown): string {
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

function isDecimal({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type === 'DECIMAL' || logical_type?.type === 'DECIMAL';
}

function textOf(element: SchemaElement): ValueText {
  if (isDecimal(element)) {
    const { logical_type: logical, scale } = element;
    return decimalTextOf((logical?.type === 'DECIMAL' ? logical.scale : scale) ?? 0);
  }
  return element.type === 'FLOAT' ? floatText : plainText;
}

function decimalTextOf(scale: number): ValueText {
  return (value) => {
    if (value === undefined || value === null) return '';
    const units = value instanceof Uint8Array ? signedInteger(value) : BigInt(value as bigint);
    return decimalText({ units, scale }, 0);
  };
}

/** A whole number in two's complement, the highest byte first. */
function signedInteger(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}

function plainText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return String(value);
}

/** The shortest text that reads as the same 32-bit float. */
function floatText(value: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return plainText(value);
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}
