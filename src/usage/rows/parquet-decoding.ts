/** What the bytes of a page hold: its levels and values, unpacked and decoded. */
import type { ColumnMetaData, Encoding, PageHeader, ParquetType, SchemaTree } from 'hyparquet';
import type { readPage } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { readDataPage } from 'hyparquet/src/datapage.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import { unpackedBytes } from './parquet-codecs.ts';
import { deltaNumbers } from './parquet-deltas.ts';
import { PackedNumbers, viewOf } from './parquet-packed.ts';
import { NULL, type Page, type PageRows } from './parquet-page.ts';
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

/** The page of these rows, from its bytes as they are stored. */
export function openedPage(
  header: PageHeader,
  bytes: Uint8Array,
  decoder: Decoder,
  place: PageRows,
): Page {
  const data = dataHeader(header) as DataHeader;
  const { num_values: rows, encoding } = data;
  const parts = unpackedPage(header, bytes, decoder);
  const mostDefined = getMaxDefinitionLevel(decoder.schemaPath);
  const definition = levelsOf(parts.definition, mostDefined, rows);
  const repetition = levelsOf(parts.repetition, getMaxRepetitionLevel(decoder.schemaPath), rows);
  const indexes = definition && indexesOf(definition, mostDefined);
  const present =
    indexes?.reduce((count, index) => (index === NULL ? count : count + 1), 0) ?? rows;
  if ('num_nulls' in data && parts.repetition === undefined) {
    checkCount(rows - data.num_nulls, present);
  }
  const levels = { indexes, definition, repetition };
  if (place.dictionary !== undefined) {
    const positions = present === 0 ? undefined : dictionaryPositions(parts.rest);
    return { ...place, values: place.dictionary, positions, ...levels };
  }
  const values = valuesOf(parts.rest, encoding, present, decoder);
  checkCount(values.length, present);
  return { ...place, values, ...levels };
}

/** For each level the index of its value among those that are defined, or NULL. */
function indexesOf(definition: Int32Array, mostDefined: number): Int32Array {
  let next = 0;
  return definition.map((level) => {
    if (level !== mostDefined) return NULL;
    next += 1;
    return next - 1;
  });
}

/** The values of a dictionary page. */
export function dictionaryValues(header: PageHeader, packed: Uint8Array, decoder: Decoder): Values {
  const bytes = unpacked(packed, header.uncompressed_page_size, decoder);
  const count = header.dictionary_page_header?.num_values ?? 0;
  if (!(count >= 0)) throw new Error(`a dictionary of ${count} values`);
  return valuesOf(bytes, 'PLAIN', count, decoder);
}

/** The values of a page or dictionary: those that are stored in bytes of their own are not decoded yet. */
function valuesOf(
  bytes: Uint8Array,
  encoding: DataHeader['encoding'],
  count: number,
  decoder: Decoder,
): Values {
  const { type, element } = decoder;
  const size = sizeOf(type, element.type_length);
  const plain = (of: Uint8Array, bytesPerValue: number | undefined): PlainValues =>
    new PlainValues(of, count, bytesPerValue, (one) => decodedValues(one, 'PLAIN', 1, decoder)[0]);
  if (encoding === 'PLAIN' && (size !== undefined || type === 'BYTE_ARRAY'))
    return plain(bytes, size);
  const decoded = decodedValues(bytes, encoding, count, decoder);
  if (!(decoded instanceof BigInt64Array || decoded instanceof Int32Array))
    return Array.from(decoded);
  checkCount(decoded.length, count);
  return plain(new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength), size);
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

/** The levels of this many values; `undefined` if all of them are the highest. */
function levelsOf(
  bytes: Uint8Array | undefined,
  most: number,
  count: number,
): Int32Array | undefined {
  if (bytes === undefined) return undefined;
  const packed = new PackedNumbers(bytes, 32 - Math.clz32(most));
  if (packed.areAll(most, count)) return undefined;
  return Int32Array.from({ length: count }, (_, index) => packed.at(index));
}

function checkCount(values: number, rows: number): void {
  if (values !== rows) throw new Error(`a page with ${values} values for ${rows} rows`);
}
