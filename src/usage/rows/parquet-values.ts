/**
 * The values of Parquet columns as exact texts. The library turns a DECIMAL into a float;
 * here the column is read as what it is stored as, whole numbers, and the decimal point is
 * set by its scale. A DOUBLE is taken as its shortest decimal text (M1).
 */
import { type FileMetaData, type ParquetType, parquetSchema, type SchemaElement } from 'hyparquet';
import { decimalText } from '../../domain/decimal.ts';
import { instant, instantText, NANOS_PER_DAY, NANOS_PER_SECOND } from '../../domain/instant.ts';

/** The text of one value of a column; blank for a missing one. */
type ValueText = (value: unknown) => string;

/** What whole numbers in a column mean, counted from 1970 or from zero. */
type StoredAs =
  | { readonly kind: 'day' }
  | { readonly kind: 'instant'; readonly places: number }
  | { readonly kind: 'decimal'; readonly scale: number };

/** How a column's texts are derived. */
export interface ColumnText {
  readonly textOf: ValueText;
  /** Missing if its values are not signed whole numbers of 32, 64 or more bits. */
  readonly storedAs?: StoredAs;
  /** The type in which its values are stored; missing if the library has to interpret them. */
  readonly type?: ParquetType | undefined;
}

/** How the library decodes: texts as bytes, as few are needed; INT96 as nanoseconds. */
export const PARQUET_PARSERS = {
  stringFromBytes: (bytes: Uint8Array) => bytes,
  timestampFromNanoseconds: (nanos: bigint) => nanos,
  // The library's types demand a Date, but it passes on any value.
} as unknown as Record<string, never>;

const SECONDS_PER_DAY = NANOS_PER_DAY / NANOS_PER_SECOND;
/** The range of instants that are written as text. */
const [FIRST, LAST] = [instant('2000-01-01'), instant('2199-12-31')];

/** An instant from a count of seconds with decimal places; the bare number if it is far outside of all that is billed. */
function timestampText(count: bigint, places: number): string {
  const at = (count * NANOS_PER_SECOND) / 10n ** BigInt(places);
  const isNear = at >= FIRST - NANOS_PER_DAY && at <= LAST + 2n * NANOS_PER_DAY;
  return isNear ? instantText(at) : String(count);
}

/**
 * The columns of a file with their texts, by name in file order. If values are stored as whole
 * numbers, `metadata` is changed so that the library leaves them unchanged.
 */
export function exactColumns(metadata: FileMetaData): Map<string, ColumnText> {
  const columns = new Map<string, ColumnText>();
  for (const { element, children } of parquetSchema(metadata).children) {
    const isMap = children.length > 0;
    const storedAs = isMap ? undefined : storedAsOf(element);
    columns.set(element.name, {
      textOf: isMap ? jsonText : textOf(element, storedAs),
      type: storedAs !== undefined || isUninterpreted(element) ? element.type : undefined,
      ...(storedAs === undefined ? {} : { storedAs }),
    });
    if (storedAs === undefined) continue;
    delete element.converted_type;
    delete element.logical_type;
  }
  return columns;
}

const PLACES_OF_SECONDS: Readonly<Record<string, number>> = {
  MILLIS: 3,
  MICROS: 6,
  NANOS: 9,
  TIMESTAMP_MILLIS: 3,
  TIMESTAMP_MICROS: 6,
};

function storedAsOf({ type, converted_type: converted, ...element }: SchemaElement) {
  const { logical_type: logical, scale } = element;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    const places = (logical?.type === 'DECIMAL' ? logical.scale : scale) ?? 0;
    return { kind: 'decimal', scale: places } as const;
  }
  if (converted === 'DATE') return { kind: 'day' } as const;
  const unit = logical?.type === 'TIMESTAMP' ? logical.unit : converted;
  const places = type === 'INT96' ? PLACES_OF_SECONDS.NANOS : PLACES_OF_SECONDS[unit ?? ''];
  if (places !== undefined) return { kind: 'instant', places } as const;
  const isSigned = converted?.startsWith('INT_') ?? logical === undefined;
  const isWhole = (type === 'INT32' || type === 'INT64') && isSigned;
  return isWhole ? ({ kind: 'decimal', scale: 0 } as const) : undefined;
}

/** Whether the library leaves the values of a column as they are. */
function isUninterpreted({ converted_type: converted, logical_type: logical }: SchemaElement) {
  const types = [converted ?? 'UTF8', logical?.type ?? 'STRING'];
  return types.every((type) => type === 'UTF8' || type === 'STRING' || type === 'ENUM');
}

function jsonText(value: unknown): string {
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

function textOf({ type, name }: SchemaElement, storedAs: StoredAs | undefined): ValueText {
  if (storedAs === undefined) return type === 'FLOAT' ? floatText : plainText;
  // Other programs store the dates of activity reports as instants at midnight.
  const isReportDate = name.toLowerCase() === 'date';
  return (value) => {
    if (value === undefined || value === null) return '';
    const units = value instanceof Uint8Array ? signedInteger(value) : BigInt(value as bigint);
    const text = storedText(units, storedAs);
    return isReportDate ? text.replace(/T00:00:00Z$/, '') : text;
  };
}

function storedText(units: bigint, as: StoredAs): string {
  if (as.kind === 'decimal') return decimalText({ units, scale: as.scale }, 0);
  if (as.kind === 'instant') return timestampText(units, as.places);
  const day = timestampText(units * SECONDS_PER_DAY, 0);
  return day.endsWith('Z') ? day.slice(0, 10) : String(units);
}

/** A whole number in two's complement, most significant byte first. */
function signedInteger(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}

function plainText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return String(value);
}

/** The shortest text that parses to the same 32-bit float. */
function floatText(value: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return plainText(value);
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}
