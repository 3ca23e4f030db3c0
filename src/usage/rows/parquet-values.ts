/**
 * The values of Parquet columns as exact texts. The library turns a DECIMAL into a float;
 * here the column is read as what it is stored as, whole numbers, and the decimal point is
 * set by its scale. A DOUBLE is taken as its shortest decimal text (M1).
 */
import { type FileMetaData, parquetSchema, type SchemaElement } from 'hyparquet';
import { decimalText } from '../../domain/decimal.ts';
import { instant, instantText, NANOS_PER_DAY } from '../../domain/instant.ts';

/** The text of one value of a column; blank for a missing one. */
type ValueText = (value: unknown) => string;

/** How the texts of a column are found. */
export interface ColumnText {
  readonly textOf: ValueText;
  /** Whether its values are maps, whose text is JSON. */
  readonly isMap: boolean;
  /** Whether its values are texts, as bytes. */
  readonly isText: boolean;
}

/** How the library is to read: instants as exact texts; texts as bytes, since few are looked at. */
export const PARQUET_PARSERS = {
  stringFromBytes: (bytes: Uint8Array) => bytes,
  timestampFromMilliseconds: (millis: bigint) => timestampText(millis, 1_000_000n),
  timestampFromMicroseconds: (micros: bigint) => timestampText(micros, 1000n),
  timestampFromNanoseconds: (nanos: bigint) => timestampText(nanos, 1n),
  dateFromDays: (days: number) => timestampText(BigInt(days), NANOS_PER_DAY).slice(0, 10),
  // The library's types ask for a Date, but it hands on whatever comes.
} as unknown as Record<string, never>;

/** The instants that have a text. */
const [FIRST, LAST] = [instant('2000-01-01'), instant('2199-12-31')];

/** An instant of so many units of nanoseconds; the bare number where it lies far beyond all that is billed. */
function timestampText(count: bigint, nanosPerUnit: bigint): string {
  const at = BigInt(count) * nanosPerUnit;
  const isNear = at >= FIRST - NANOS_PER_DAY && at <= LAST + 2n * NANOS_PER_DAY;
  return isNear ? instantText(at) : String(count);
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
    const isText = !isMap && !isDecimal(element);
    columns.set(element.name, { textOf: isMap ? jsonText : textOf(element), isMap, isText });
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
