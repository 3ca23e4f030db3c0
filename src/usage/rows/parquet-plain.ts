import { viewOf } from './parquet-packed.ts';

/** The values of a page or dictionary by their index. */
export interface Values {
  readonly length: number;
  at(index: number): unknown;
}

/** The number of bytes per value, for types of fixed size. */
const VALUE_BYTES: Readonly<Record<string, number>> = {
  INT32: 4,
  INT64: 8,
  INT96: 12,
  FLOAT: 4,
  DOUBLE: 8,
};

const LENGTH_BYTES = 4;

/**
 * Values as Parquet's plain encoding stores them, one after another: numbers of fixed size, or
 * texts, each after its length. They are decoded only where one is wanted by itself.
 */
export class PlainValues implements Values {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** The number of bytes per value; missing for texts. */
  readonly size: number | undefined;
  readonly #view: DataView;
  readonly #decode: (bytes: Uint8Array, count: number) => ArrayLike<unknown>;
  #decoded: ArrayLike<unknown> | undefined;
  /** The value whose start was requested last. */
  #index = 0;
  #start = 0;

  /** `size`: of each value; missing for texts. Throws if bytes are missing. */
  constructor(
    bytes: Uint8Array,
    length: number,
    size: number | undefined,
    decode: (bytes: Uint8Array, count: number) => ArrayLike<unknown>,
  ) {
    this.bytes = bytes;
    this.length = length;
    this.size = size;
    this.#view = viewOf(bytes);
    this.#decode = decode;
    if (this.#end() > bytes.length) throw new Error('a page that ends too early');
  }

  at(index: number): unknown {
    this.#decoded ??= this.#decode(this.bytes, this.length);
    return this.#decoded[index];
  }

  /** The same, without decoding the others; quick if requested in ascending order. */
  single(index: number): unknown {
    const start = this.startOf(index);
    return this.#decode(this.bytes.subarray(start, this.endOf(start)), 1)[0];
  }

  /** Where a value begins; quick if they are requested in ascending order. */
  startOf(index: number): number {
    if (this.size !== undefined) return index * this.size;
    if (index < this.#index) {
      this.#index = 0;
      this.#start = 0;
    }
    for (; this.#index < index; this.#index += 1) this.#start = this.endOf(this.#start);
    return this.#start;
  }

  /** Where the value ends that begins there. */
  endOf(start: number): number {
    return start + (this.size ?? LENGTH_BYTES + this.#view.getUint32(start, true));
  }

  /** Where the last value ends; infinite if a length is missing or values have no bytes. */
  #end(): number {
    // A type without bytes does not limit how many values there can be.
    if (this.size !== undefined) return this.length * (this.size || Number.POSITIVE_INFINITY);
    let end = 0;
    for (let index = 0; index < this.length; index += 1) {
      if (end + LENGTH_BYTES > this.bytes.length) return Number.POSITIVE_INFINITY;
      end = this.endOf(end);
    }
    return end;
  }
}

/** The number of bytes per value of a type; `undefined` for texts, and where values are packed. */
export function sizeOf(type: string, fixedBytes: number | undefined): number | undefined {
  return type === 'FIXED_LEN_BYTE_ARRAY' ? fixedBytes : VALUE_BYTES[type];
}
