/** What the bytes of a page hold: its levels and values, unpacked and decoded. */
import type { ColumnMetaData, Encoding, PageHeader, ParquetType, SchemaTree } from 'hyparquet';
import type { readPage } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { readDataPage } from 'hyparquet/src/datapage.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import { unpackedBytes } from './parquet-codecs.ts';
import { deltaNumbers } from './parquet-deltas.ts';
import { PackedNumbers, viewOf } from './parquet-packed.ts';
import type { Levels, PageParts } from './parquet-page.ts';
import { PlainValues, sizeOf, type Values } from './parquet-plain.ts';
import { PARQUET_PARSERS } from './parquet-values.ts';

/** What a header says of a page of values, in either version of the format. */
export type DataHeader = NonNullable<
  PageHeader['data_page_header'] | PageHeader['data_page_header_v2']
>;

/** What the metadata say of the values of a column in one row group. */
export interface ChunkFacts {
  readonly name: string;
  readonly metadata: ColumnMetaData;
  readonly schemaPath: SchemaTree[];
}

/** How these values are stored. */
export type Decoder = Parameters<typeof readPage>[2];

/** A file that may be whole, but is stored in a way that is not read. */
export class ParquetNotRead extends Error {}

/** How the values of each type may be encoded, apart from plain ones and positions in a dictionary. */
const ENCODINGS: Readonly<Partial<Record<ParquetType, readonly Encoding[]>>> = {
  BOOLEAN: ['RLE'],
  INT32: ['DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT'],
  INT64: ['DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT'],
  FLOAT: ['BYTE_STREAM_SPLIT'],
  DOUBLE: ['BYTE_STREAM_SPLIT'],
  BYTE_ARRAY: ['DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'],
  FIXED_LEN_BYTE_ARRAY: ['DELTA_BYTE_ARRAY', 'BYTE_STREAM_SPLIT'],
};

/** How the values of a column in one row group are stored. */
export function decoderOf({ name, metadata, schemaPath }: ChunkFacts): Decoder {
  const { element } = schemaPath[schemaPath.length - 1] as SchemaTree;
  const parsers = { ...DEFAULT_PARSERS, ...PARQUET_PARSERS };
  const { type, codec } = metadata;
  return {
    pathInSchema: [name],
    type,
    codec,
    element,
    schemaPath,
    parsers,
    utf8: false,
  };
}

/** What a header says of a page of values; `undefined` of any other page. */
export function dataHeader(header: PageHeader): DataHeader | undefined {
  return header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : header.data_page_header;
}

/** The levels and values of a page, or the positions of its values in the dictionary. */
export function openedPage(
  header: PageHeader,
  bytes: Uint8Array,
  decoder: Decoder,
  dictionary: Values | undefined,
): Omit<PageParts, 'start' | 'end'> {
  const data = dataHeader(header) as DataHeader;
  const { num_values: rows, encoding } = data;
  const parts = unpackedPage(header, bytes, decoder);
  const mostDefined = getMaxDefinitionLevel(decoder.schemaPath);
  const definition = levelsOf(parts.definition, mostDefined, rows);
  const repetition = levelsOf(parts.repetition, getMaxRepetitionLevel(decoder.schemaPath), rows);
  const present = definition()?.countOf(mostDefined, 0, rows) ?? rows;
  const isFlat = parts.repetition === undefined;
  if ('num_nulls' in data && isFlat) checkCount(rows - data.num_nulls, present);
  const levels = { definition, mostDefined, repetition };
  if (dictionary !== undefined) {
    const positions = present === 0 ? undefined : dictionaryPositions(parts.rest);
    return { values: dictionary, positions, ...levels };
  }
  const values = valuesOf(parts.rest, encoding, present, decoder);
  checkCount(values.length, present);
  return { values, ...levels };
}

/** The values of a dictionary page. */
export function dictionaryValues(header: PageHeader, packed: Uint8Array, decoder: Decoder): Values {
  const bytes = unpacked(packed, header.uncompressed_page_size, decoder);
  const count = header.dictionary_page_header?.num_values ?? 0;
  if (!(count >= 0)) throw new Error(`a dictionary of ${count} values`);
  return valuesOf(bytes, 'PLAIN', count, decoder);
}

/** The values of a page or dictionary: those in the plain encoding are not decoded yet. */
function valuesOf(
  bytes: Uint8Array,
  encoding: DataHeader['encoding'],
  count: number,
  decoder: Decoder,
): Values {
  const decode = (of: Uint8Array, length: number) => decodedValues(of, encoding, length, decoder);
  const plain = encoding === 'PLAIN' ? plainValues(bytes, count, decoder, decode) : undefined;
  if (plain !== undefined) return plain;
  const decoded = decode(bytes, count);
  return isOfNumbers(decoded) ? plainNumbers(decoded) : Array.from(decoded);
}

/** Values in the plain encoding; `undefined` if they are not stored in bytes of their own. */
function plainValues(
  bytes: Uint8Array,
  count: number,
  { type, element }: Decoder,
  decode: (bytes: Uint8Array, count: number) => ArrayLike<unknown>,
): PlainValues | undefined {
  const size = sizeOf(type, element.type_length);
  if (size === undefined && type !== 'BYTE_ARRAY') return undefined;
  return new PlainValues(bytes, count, size, decode);
}

function isOfNumbers(values: ArrayLike<unknown>): values is BigInt64Array | Int32Array {
  return values instanceof BigInt64Array || values instanceof Int32Array;
}

function plainNumbers(numbers: BigInt64Array | Int32Array): PlainValues {
  const { buffer, byteOffset, byteLength, length, BYTES_PER_ELEMENT: size } = numbers;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return new PlainValues(bytes, length, size, (of, count) => {
    const first = (of.byteOffset - byteOffset) / size;
    return numbers.subarray(first, first + count);
  });
}

function decodedValues(
  bytes: Uint8Array,
  encoding: DataHeader['encoding'],
  count: number,
  decoder: Decoder,
): ArrayLike<unknown> {
  const { type, pathInSchema } = decoder;
  if (encoding !== 'PLAIN' && !ENCODINGS[type]?.includes(encoding)) {
    throw new ParquetNotRead(`${pathInSchema} has ${type} values in ${encoding}`);
  }
  const isDelta = encoding === 'DELTA_BINARY_PACKED' && type === 'INT64' && count > 0;
  const numbers = isDelta ? deltaNumbers(bytes, count) : undefined;
  // Without levels the library reads the values of both page versions the same way.
  const flat = { ...decoder, schemaPath: decoder.schemaPath.slice(0, 1) };
  const plain = { encoding, num_values: count } as Parameters<typeof readDataPage>[1];
  return convert(numbers ?? readDataPage(bytes, plain, flat).dataPage, decoder);
}

function dictionaryPositions(bytes: Uint8Array): PackedNumbers {
  const [width] = bytes;
  if (width === undefined) throw new Error('a page that ends too early');
  if (width > 31) throw new Error('a dictionary of more than 31 bits');
  return new PackedNumbers(bytes.subarray(1), width);
}

/** The parts of a page; levels are missing if the column has none, or if all of a value's path is defined. */
interface Unpacked {
  readonly repetition: Uint8Array | undefined;
  readonly definition: Uint8Array | undefined;
  /** The values. */
  readonly rest: Uint8Array;
}

function unpackedPage(header: PageHeader, bytes: Uint8Array, decoder: Decoder): Unpacked {
  const { schemaPath } = decoder;
  const hasRepetition = getMaxRepetitionLevel(schemaPath) > 0;
  const hasDefinition = getMaxDefinitionLevel(schemaPath) > 0;
  const second = header.data_page_header_v2;
  if (second === undefined) {
    const page = unpacked(bytes, header.uncompressed_page_size, decoder);
    let at = 0;
    const levels = (isThere: boolean): Uint8Array | undefined => {
      if (!isThere) return undefined;
      const start = at + 4;
      at = start + viewOf(page).getUint32(at, true);
      return page.subarray(start, at);
    };
    const [repetition, definition] = [levels(hasRepetition), levels(hasDefinition)];
    return { repetition, definition, rest: page.subarray(at) };
  }
  const { repetition_levels_byte_length: before, definition_levels_byte_length: length } = second;
  const values = bytes.subarray(before + length);
  const size = header.uncompressed_page_size - before - length;
  const isPacked = second.is_compressed !== false;
  return {
    repetition: hasRepetition ? bytes.subarray(0, before) : undefined,
    definition: hasDefinition && length > 0 ? bytes.subarray(before, before + length) : undefined,
    rest: isPacked ? unpacked(values, size, decoder) : values.slice(),
  };
}

function unpacked(bytes: Uint8Array, size: number, { codec, pathInSchema }: Decoder): Uint8Array {
  const found = unpackedBytes(bytes, size, codec);
  if (found !== undefined) return found;
  throw new ParquetNotRead(`${pathInSchema} is packed with ${codec ?? 'an unknown codec'}`);
}

/** The levels of this many values, to be read from the first one on. */
function levelsOf(packed: Uint8Array | undefined, most: number, count: number): Levels {
  const read = packed && most > 0 ? () => new PackedNumbers(packed, bitsOf(most)) : () => undefined;
  return read()?.areAll(most, count) ? () => undefined : read;
}

function bitsOf(level: number): number {
  return 32 - Math.clz32(level);
}

function checkCount(values: number, rows: number): void {
  if (values !== rows) throw new Error(`a page with ${values} values for ${rows} rows`);
}
