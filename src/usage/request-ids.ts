import { ByteTable } from './bytes/byte-table.ts';
import { fieldText } from './bytes/field-text.ts';
import { type ScanText, scanTextOf } from './bytes/scan-text.ts';

const QUOTE = 0x22;
const SPACE = 0x20;
const TAB = 0x09;

/** The request ids of the rows so far. Memory grows with them. */
export class RequestIds {
  readonly #known = new ByteTable();

  /** Takes an id in; gives whether it was met before. A blank one tells nothing, so it never was. */
  meet(requestId: string): boolean {
    const { view, bytes } = scanTextOf(requestId);
    return this.#meet(view, 0, bytes.length);
  }

  /** The same for the id that a `key` field holds, whose values stand at `at`. */
  meetField(text: ScanText, values: Int32Array, at: number): boolean {
    const start = values[at] as number;
    const end = values[at + 1] as number;
    const { bytes, view } = text;
    const isBare = bytes[start] !== QUOTE && !isBlank(bytes[start]) && !isBlank(bytes[end - 1]);
    if (!isBare) return this.meet(fieldText(text, start, end));
    return this.#meet(view, start, end);
  }

  #meet(view: DataView, start: number, end: number): boolean {
    if (start === end) return false;
    if (this.#known.find(view, start, end, 0) >= 0) return true;
    this.#known.add(view, start, end, 0, 0);
    return false;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}
