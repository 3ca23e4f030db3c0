/**
 * The pages of one column in one row group, each decoded at most once, and only where it is
 * wanted. hyparquet takes single pages apart, but its scan decodes a page anew for every
 * range of rows, and checks neither counts nor checksums.
 */
import { crc32 } from 'node:zlib';
import type { AsyncBuffer, ColumnMetaData, PageHeader, SchemaTree } from 'hyparquet';
import { parquetHeader, type readPage } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { decompressPage, readDataPage } from 'hyparquet/src/datapage.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import { CODECS } from './parquet-codecs.ts';
import { deltaNumbers } from './parquet-deltas.ts';
import { PackedNumbers } from './parquet-packed.ts';
import { type Levels, Page, type PageParts } from './parquet-page.ts';
import { PlainValues, sizeOf, type Values } from './parquet-plain.ts';
import { PARQUET_PARSERS } from './parquet-values.ts';

/** How much is read ahead, as pages are adjacent. */
const AHEAD_BYTES = 512 * 1024;
/** Usually enough for a page header; one with long statistics is read again. */
const HEADER_BYTES = [1024, 1024 * 1024];

type Decoder = Parameters<typeof readPage>[2];
type DataHeader = NonNullable<PageHeader['data_page_header'] | PageHeader['data_page_header_v2']>;

/** A page whose header has been read. */
export interface PageSlot {
  readonly start: number;
  readonly end: number;
  /** The dictionary of the page; missing if it has its own values. */
  readonly dictionary: Values | undefined;
  open(): Promise<Page>;
}

/** The metadata needed to find the pages. */
export interface ChunkPlace {
  readonly name: string;
  readonly metadata: ColumnMetaData;
  readonly schemaPath: SchemaTree[];
  /** The rows of the file in its row group; for a column with lists or maps, `[0, values)`. */
  readonly start: number;
  readonly end: number;
}

/** The pages of a column in one row group. Throws if their row counts do not add up. */
export class ColumnPages {
  readonly #place: ChunkPlace;
  readonly #decoder: Decoder;
  readonly #bytes: ChunkBytes;
  #offset: number;
  #row: number;
  #dictionary: Values | undefined;

  constructor(file: AsyncBuffer, place: ChunkPlace) {
    this.#place = place;
    this.#decoder = decoderOf(place);
    const { start, end } = chunkBytes(place.metadata);
    this.#offset = start;
    this.#bytes = new ChunkBytes(file, end);
    this.#row = place.start;
  }

  /** The next page with rows; `undefined` after the last row of the group. */
  async next(): Promise<PageSlot | undefined> {
    while (this.#offset < this.#bytes.end) {
      const { header, bytesAt } = await this.#header();
      this.#offset = bytesAt + header.compressed_page_size;
      if (header.type === 'DICTIONARY_PAGE') {
        await this.#readDictionary(header, bytesAt);
        continue;
      }
      const data = dataHeader(header);
      if (data === undefined || data.num_values === 0) continue;
      const slot = this.#slot(header, data, bytesAt);
      if (slot.end === this.#place.end) await this.#expectNoMore();
      return slot;
    }
    if (this.#row !== this.#place.end) throw this.#miscount();
    return undefined;
  }

  async #expectNoMore(): Promise<void> {
    while (this.#offset < this.#bytes.end) {
      const { header, bytesAt } = await this.#header();
      this.#offset = bytesAt + header.compressed_page_size;
      if (dataHeader(header)?.num_values) throw this.#miscount();
    }
  }

  #slot(header: PageHeader, data: DataHeader, bytesAt: number): PageSlot {
    const start = this.#row;
    const end = start + data.num_values;
    if (!(end > start && end <= this.#place.end)) throw this.#miscount();
    this.#row = end;
    const isIndexed = data.encoding.endsWith('_DICTIONARY');
    const dictionary = isIndexed ? this.#dictionary : undefined;
    if (isIndexed && dictionary === undefined)
      throw new Error(`${this.#place.name}: no dictionary`);
    const open = async (): Promise<Page> => {
      const bytes = await this.#pageBytes(header, bytesAt);
      return new Page({ start, end, ...openedPage(header, bytes, this.#decoder, dictionary) });
    };
    return { start, end, dictionary, open };
  }

  async #header(): Promise<{ header: PageHeader; bytesAt: number }> {
    for (const length of HEADER_BYTES) {
      const bytes = await this.#bytes.at(this.#offset, length);
      const reader = { view: viewOf(bytes), offset: 0 };
      try {
        const header = parquetHeader(reader);
        return { header, bytesAt: this.#offset + reader.offset };
      } catch (error) {
        if (bytes.length < length || length === HEADER_BYTES.at(-1)) throw error;
      }
    }
    throw new Error('a page without a header');
  }

  async #readDictionary(header: PageHeader, bytesAt: number): Promise<void> {
    const packed = await this.#pageBytes(header, bytesAt);
    const bytes = unpacked(packed, header.uncompressed_page_size, this.#decoder);
    const count = header.dictionary_page_header?.num_values ?? 0;
    this.#dictionary = valuesOf(bytes, 'PLAIN', count, this.#decoder);
  }

  /** The bytes of a page, as they are stored. */
  async #pageBytes({ compressed_page_size: length, crc }: PageHeader, at: number) {
    const bytes = await this.#bytes.at(at, length);
    if (!(length >= 0) || bytes.length !== length) {
      throw new Error(`a page of ${this.#place.name} ends after its column`);
    }
    if (crc !== undefined && crc32(bytes) !== crc >>> 0) {
      throw new Error(`a page of ${this.#place.name} differs from its checksum`);
    }
    return bytes;
  }

  #miscount(): Error {
    const { name, start, end } = this.#place;
    return new Error(`the pages of ${name} do not have the ${end - start} rows of their row group`);
  }
}

/** The position in the file of a column chunk's pages. */
export function chunkBytes(metadata: ColumnMetaData): { start: number; end: number } {
  const { dictionary_page_offset: dictionary, data_page_offset: data } = metadata;
  const start = Number(
    dictionary !== undefined && dictionary > 0n && dictionary < data ? dictionary : data,
  );
  return { start, end: start + Number(metadata.total_compressed_size) };
}

function decoderOf({ name, metadata, schemaPath }: ChunkPlace): Decoder {
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
    compressors: CODECS,
    utf8: false,
  };
}

function dataHeader(header: PageHeader): DataHeader | undefined {
  return header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : header.data_page_header;
}

function openedPage(
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
  const isDelta = encoding === 'DELTA_BINARY_PACKED' && decoder.type === 'INT64' && count > 0;
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

/** What is packed in these bytes, in a buffer of its own, so that no value can reach beyond it. */
function unpacked(bytes: Uint8Array, size: number, { codec, compressors }: Decoder): Uint8Array {
  const found = decompressPage(bytes, size, codec, compressors);
  return found === bytes ? bytes.slice() : found;
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

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes of a file up to the end of a column chunk, read ahead. */
class ChunkBytes {
  readonly end: number;
  readonly #file: AsyncBuffer;
  #start = 0;
  #bytes = new Uint8Array(0);

  constructor(file: AsyncBuffer, end: number) {
    this.#file = file;
    this.end = end;
  }

  /** This many bytes from there on, or fewer at the end of the chunk. */
  async at(offset: number, length: number): Promise<Uint8Array> {
    const stop = Math.min(this.end, offset + length);
    if (offset < this.#start || stop > this.#start + this.#bytes.length) {
      const ahead = Math.min(this.end, offset + Math.max(length, AHEAD_BYTES));
      this.#bytes = new Uint8Array(await this.#file.slice(offset, ahead));
      this.#start = offset;
    }
    return this.#bytes.subarray(offset - this.#start, stop - this.#start);
  }
}
