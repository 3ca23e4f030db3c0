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
import { PackedNumbers, presentIndexes } from './parquet-picker.ts';
import { PlainValues, sizeOf, type Values } from './parquet-plain.ts';
import { PARQUET_PARSERS } from './parquet-values.ts';

/** How much is read ahead, as pages are adjacent. */
const AHEAD_BYTES = 512 * 1024;
/** Usually enough for a page header; one with long statistics is read again. */
const HEADER_BYTES = [1024, 1024 * 1024];

type Decoder = Parameters<typeof readPage>[2];
type DataHeader = NonNullable<PageHeader['data_page_header'] | PageHeader['data_page_header_v2']>;

/** Values, each of which may occur in many rows. */
export interface PageValues {
  readonly values: Values;
  /** Whether they are the dictionary's, which all pages of the column share. */
  readonly isDictionary: boolean;
}

interface Decoded extends PageValues {
  /** For each row the index of its value, -1 for a null; missing if each row has the next value. */
  readonly positions: Int32Array | undefined;
  /** 0 where a row begins; empty if each value is a row. */
  readonly repetition: Uint8Array;
  /** How much of a value's path is defined; empty if all of it is. */
  readonly definition: Uint8Array;
}

/** The decoded rows `[start, end)` of the file; for a column with lists or maps, values of the row group. */
export interface Page extends Decoded {
  readonly start: number;
  readonly end: number;
}

/** The index among a page's values of a row's value, -1 for a null. */
export function positionOf({ start, positions }: Page, row: number): number {
  return positions === undefined ? row - start : (positions[row - start] as number);
}

/** The values of a page by row. */
export function pickerOf(page: Page): (row: number) => unknown {
  return (row) => {
    const position = positionOf(page, row);
    return position < 0 ? undefined : page.values.at(position);
  };
}

/** A page whose header has been read. */
export interface PageSlot {
  readonly start: number;
  readonly end: number;
  /** The dictionary of the page; missing if it has its own values. */
  readonly dictionary: PageValues | undefined;
  decode(): Promise<Page>;
  /** Its values by rows requested in ascending order; `undefined` for a null. */
  picker(): Promise<(row: number) => unknown>;
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
  #dictionary: PageValues | undefined;

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
    const decode = async (): Promise<Page> => {
      const bytes = await this.#pageBytes(header, bytesAt);
      return { start, end, ...decodedPage(header, bytes, this.#decoder, dictionary) };
    };
    const picker = async () => {
      const bytes = await this.#pageBytes(header, bytesAt);
      const pick = pagePicker(header, bytes, this.#decoder, dictionary);
      return pick === undefined
        ? pickerOf(await decode())
        : (row: number): unknown => pick(row - start);
    };
    return { start, end, dictionary, decode, picker };
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
    const { codec, compressors: by } = this.#decoder;
    const bytes = decompressPage(packed, header.uncompressed_page_size, codec, by);
    const count = header.dictionary_page_header?.num_values ?? 0;
    this.#dictionary = {
      values: valuesOf(bytes, 'PLAIN', count, this.#decoder),
      isDictionary: true,
    };
  }

  /** The bytes of a page, in a buffer of their own, so that no value can reach beyond them. */
  async #pageBytes({ compressed_page_size: length, crc }: PageHeader, at: number) {
    const bytes = await this.#bytes.at(at, length);
    if (!(length >= 0) || bytes.length !== length) {
      throw new Error(`a page of ${this.#place.name} ends after its column`);
    }
    if (crc !== undefined && crc32(bytes) !== crc >>> 0) {
      throw new Error(`a page of ${this.#place.name} differs from its checksum`);
    }
    return bytes.slice();
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

function decodedPage(
  header: PageHeader,
  bytes: Uint8Array,
  decoder: Decoder,
  dictionary: PageValues | undefined,
): Decoded {
  const data = dataHeader(header) as DataHeader;
  const most = getMaxDefinitionLevel(decoder.schemaPath);
  const { num_values: rows, encoding } = data;
  const parts = pageParts(header, bytes, decoder);
  const definition = levelsOf(parts.definition, most, rows);
  const mostRepeated = getMaxRepetitionLevel(decoder.schemaPath);
  const repetition = levelsOf(parts.repetition, mostRepeated, rows);
  const present = definition.length === 0 ? rows : countOf(definition, most);
  if ('num_nulls' in data && repetition.length === 0) checkCount(rows - data.num_nulls, present);
  const spreadOf = (found?: Int32Array): Int32Array | undefined =>
    present === rows ? found : spread(definition, most, found);
  if (dictionary !== undefined) {
    const positions = spreadOf(dictionaryPositions(parts.rest, present, dictionary));
    return { ...dictionary, positions, repetition, definition };
  }
  const values = valuesOf(parts.rest, encoding, present, decoder);
  checkCount(values.length, present);
  return { values, isDictionary: false, positions: spreadOf(), repetition, definition };
}

/** The values of a page or dictionary: those in the plain encoding are not decoded yet. */
function valuesOf(
  bytes: Uint8Array,
  encoding: DataHeader['encoding'],
  count: number,
  decoder: Decoder,
): Values {
  const decode = () => decodedValues(bytes, encoding, count, decoder);
  const plain = encoding === 'PLAIN' ? plainValues(bytes, count, decoder, decode) : undefined;
  if (plain !== undefined) return plain;
  const decoded = decode();
  return isOfNumbers(decoded) ? plainNumbers(decoded) : Array.from(decoded);
}

/** Values in the plain encoding; `undefined` if they are not stored in bytes of their own. */
function plainValues(
  bytes: Uint8Array,
  count: number,
  { type, element }: Decoder,
  decode: () => ArrayLike<unknown>,
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
  return new PlainValues(
    new Uint8Array(buffer, byteOffset, byteLength),
    length,
    size,
    () => numbers,
  );
}

function decodedValues(
  bytes: Uint8Array,
  encoding: DataHeader['encoding'],
  count: number,
  decoder: Decoder,
): ArrayLike<unknown> {
  // Without levels the library reads the values of both page versions the same way.
  const flat = { ...decoder, schemaPath: decoder.schemaPath.slice(0, 1) };
  const plain = { encoding, num_values: count } as Parameters<typeof readDataPage>[1];
  return convert(readDataPage(bytes, plain, flat).dataPage, decoder);
}

/**
 * The values of a page by its rows, counted from 0 and requested in ascending order, without
 * decoding the others; `undefined` if that is impossible, as values are packed together.
 */
function pagePicker(
  header: PageHeader,
  bytes: Uint8Array,
  decoder: Decoder,
  dictionary: PageValues | undefined,
): ((row: number) => unknown) | undefined {
  const { encoding, num_values: rows } = dataHeader(header) as DataHeader;
  if (dictionary === undefined && encoding !== 'PLAIN') return undefined;
  const { definition, rest } = pageParts(header, bytes, decoder);
  const most = getMaxDefinitionLevel(decoder.schemaPath);
  const levels = () => definition && new PackedNumbers(definition, bitsOf(most));
  const valueAt = dictionary === undefined ? plainAt() : dictionaryAt(dictionary);
  if (valueAt === undefined) return undefined;
  const indexOf = presentIndexes(levels(), most);
  return (row) => {
    const index = indexOf(row);
    return index < 0 ? undefined : valueAt(index);
  };

  function plainAt(): ((index: number) => unknown) | undefined {
    const present = levels()?.countOf(most, 0, rows) ?? rows;
    const values = plainValues(rest, present, decoder, () => []);
    if (values === undefined) return undefined;
    return (index) => {
      const start = values.startOf(index);
      return decodedValues(rest.subarray(start, values.endOf(start)), encoding, 1, decoder)[0];
    };
  }

  function dictionaryAt({ values }: PageValues): (index: number) => unknown {
    const positions = new PackedNumbers(rest.subarray(1), rest[0] ?? 0);
    return (index) => {
      const position = positions.at(index);
      if (position >= values.length) throw new Error('a value that its dictionary lacks');
      return values.at(position);
    };
  }
}

function dictionaryPositions(bytes: Uint8Array, count: number, { values }: PageValues): Int32Array {
  const found = new Int32Array(count);
  if (count === 0) return found;
  const [width = 0] = bytes;
  if (width > 31) throw new Error('a dictionary of more than 31 bits');
  if (width > 0) new PackedNumbers(bytes.subarray(1), width).readInto(found);
  if (greatestOf(found) >= values.length) throw new Error('a value that its dictionary lacks');
  return found;
}

/** The parts of a page; levels are missing if the column has none, or if all of a value's path is defined. */
interface PageParts {
  readonly repetition: Uint8Array | undefined;
  readonly definition: Uint8Array | undefined;
  /** The values. */
  readonly rest: Uint8Array;
}

function pageParts(header: PageHeader, bytes: Uint8Array, decoder: Decoder): PageParts {
  const { codec, compressors: by, schemaPath } = decoder;
  const hasRepetition = getMaxRepetitionLevel(schemaPath) > 0;
  const hasDefinition = getMaxDefinitionLevel(schemaPath) > 0;
  const second = header.data_page_header_v2;
  if (second === undefined) {
    const page = decompressPage(bytes, header.uncompressed_page_size, codec, by);
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
    rest: isPacked ? decompressPage(values, size, codec, by) : values,
  };
}

/** Decodes this many levels; empty if all of them are the highest. */
function levelsOf(packed: Uint8Array | undefined, most: number, count: number): Uint8Array {
  if (packed === undefined || most === 0) return new Uint8Array(0);
  const numbers = new PackedNumbers(packed, bitsOf(most));
  if (numbers.areAll(most, count)) return new Uint8Array(0);
  const levels = new Uint8Array(count);
  numbers.readInto(levels);
  return levels;
}

function bitsOf(level: number): number {
  return 32 - Math.clz32(level);
}

function countOf(levels: Uint8Array, wanted: number): number {
  let count = 0;
  for (let at = 0; at < levels.length; at += 1) if (levels[at] === wanted) count += 1;
  return count;
}

/** The highest position, where a negative one is higher than all others; -1 without positions. */
function greatestOf(positions: Int32Array): number {
  let greatest = -1;
  for (let at = 0; at < positions.length; at += 1) {
    const position = (positions[at] as number) >>> 0;
    if (position > greatest) greatest = position;
  }
  return greatest;
}

/** Spreads values over the rows that have one: those with the highest level. */
function spread(levels: Uint8Array, most: number, found: Int32Array | undefined): Int32Array {
  const positions = new Int32Array(levels.length).fill(-1);
  let at = 0;
  for (let row = 0; row < levels.length; row += 1) {
    if (levels[row] !== most) continue;
    positions[row] = found === undefined ? at : (found[at] as number);
    at += 1;
  }
  return positions;
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
