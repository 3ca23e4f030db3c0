/** How many bytes may be looked at behind a text's end, as several are looked at together. */
const PADDING_BYTES = 64;

/** Text in memory, as the readers of the hot path need it: by byte, by word, and for Node's own functions. */
export interface ScanText {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly buffer: Buffer;
}

/** Room for `length` bytes of text. */
export function scanText(length: number): ScanText {
  const memory = new ArrayBuffer(length + PADDING_BYTES);
  return {
    bytes: new Uint8Array(memory, 0, length),
    view: new DataView(memory),
    buffer: Buffer.from(memory, 0, length),
  };
}

/** The same of a text that is there already, in memory of its own. */
export function scanTextOf(text: string | Uint8Array): ScanText {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const copy = scanText(bytes.length);
  copy.bytes.set(bytes);
  return copy;
}
