/**
 * The pages of one column in one row group, each decoded at most once, and only where it is
 * wanted. hyparquet takes single pages apart, but its scan decodes a page anew for every
 * range of rows, and checks neither counts nor checksums.
 */
import { crc32 } from 'node:zlib';
import type { AsyncBuffer, ColumnMetaData, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import {
  type ChunkFacts,
  type DataHeader,
  type Decoder,
  dataHeader,
  decoderOf,
  dictionaryValues,
  openedPage,
} from './parquet-decoding.ts';
import { viewOf } from './parquet-packed.ts';
import type { Page, PageRows, RowWindow } from './parquet-page.ts';
import type { Values } from './parquet-plain.ts';

/** How much is read ahead, as pages are adjacent. */
const AHEAD_BYTES = 512 * 1024;
/** Usually enough for a page header; one with long statistics is read again. */
const HEADER_BYTES = [1024, 1024 * 1024];

/** A page whose header has been read. */
export interface PageSlot extends PageRows {
  open(): Promise<Page>;
}

/** What is needed to find the pages; for a column with lists or maps, the rows are its values. */
type ChunkPlace = ChunkFacts & RowWindow;

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
      // There must be no more values.
      if (slot.end === this.#place.end) await this.next();
      return slot;
    }
    if (this.#row !== this.#place.end) throw this.#miscount();
    return undefined;
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
    const rows = { start, end, dictionary };
    const open = async (): Promise<Page> => {
      return openedPage(header, await this.#pageBytes(header, bytesAt), this.#decoder, rows);
    };
    return { ...rows, open };
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
    const bytes = await this.#pageBytes(header, bytesAt);
    this.#dictionary = dictionaryValues(header, bytes, this.#decoder);
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
