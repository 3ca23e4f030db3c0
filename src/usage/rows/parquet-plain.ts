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
  /** Where texts begin, and where the last one ends. */
  readonly #starts: Uint32Array | undefined;
  readonly #decode: (bytes: Uint8Array) => unknown;
  readonly #decoded = new Map<number, unknown>();

  /** `size`: of each value; missing for texts. `decode`: the value in its bytes. Throws if bytes are missing. */
  constructor(
    bytes: Uint8Array,
    length: number,
    size: number | undefined,
    decode: (bytes: Uint8Array) => unknown,
  ) {
    this.bytes = bytes;
    this.length = length;
    this.size = size;
    this.#decode = decode;
    this.#starts = size === undefined ? startsOf(bytes, length) : undefined;
    // A type without bytes does not limit how many values there can be.
    if ((size === 0 && length > 0) || this.startOf(length) > bytes.length)
      throw new Error(TOO_EARLY);
  }

  at(index: number): unknown {
    const known = this.#decoded.get(index);
    if (known !== undefined) return known;
    const value = this.#decode(this.bytes.subarray(this.startOf(index), this.startOf(index + 1)));
    this.#decoded.set(index, value);
    return value;
  }

  /** Where a value begins; where the last one ends, for the number of values. */
  startOf(index: number): number {
    return this.#starts === undefined ? index * (this.size ?? 0) : (this.#starts[index] as number);
  }
}

const TOO_EARLY = 'a page that ends too early';

function startsOf(bytes: Uint8Array, length: number): Uint32Array {
  const view = viewOf(bytes);
  const starts = new Uint32Array(length + 1);
  let at = 0;
  for (let index = 0; index < length; index += 1) {
    if (at + LENGTH_BYTES > bytes.length) throw new Error(TOO_EARLY);
    at += LENGTH_BYTES + view.getUint32(at, true);
    if (at > bytes.length) throw new Error(TOO_EARLY);
    starts[index + 1] = at;
  }
  return starts;
}

/** The number of bytes per value of a type; `undefined` for texts, and where values are packed. */
export function sizeOf(type: string, fixedBytes: number | undefined): number | undefined {
  return type === 'FIXED_LEN_BYTE_ARRAY' ? fixedBytes : VALUE_BYTES[type];
}
