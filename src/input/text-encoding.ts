import { atLeast, following } from './byte-source.ts';

/** How the text of a file is encoded, by its byte order mark; UTF-8 without one. */
interface TextEncoding {
  readonly name: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** The bytes of the mark, which is not text. */
  readonly markBytes: number;
}

const MARKS: readonly (readonly [name: TextEncoding['name'], mark: Buffer])[] = [
  ['utf-8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf-16le', Buffer.from([0xff, 0xfe])],
  ['utf-16be', Buffer.from([0xfe, 0xff])],
];
const LONGEST_MARK = 3;

/** The encoding of a file that begins with these bytes: three, or the whole file if it is shorter. */
export function encodingOf(start: Uint8Array): TextEncoding {
  for (const [name, mark] of MARKS) {
    if (mark.equals(start.subarray(0, mark.length))) return { name, markBytes: mark.length };
  }
  return { name: 'utf-8', markBytes: 0 };
}

/**
 * The text of a file as UTF-8 without a byte order mark, chunk by chunk. UTF-8 is unchanged,
 * even if it is invalid. Half a surrogate pair and an odd last byte of UTF-16 become bytes that
 * are not UTF-8, so that the row reader reports them with their position.
 */
export async function* decodedText(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer> {
  const bytes = following(NOTHING, chunks);
  const first = (await atLeast(bytes, LONGEST_MARK)).chunks;
  const start = first.length === 1 ? (first[0] as Buffer) : Buffer.concat(first);
  const { name, markBytes } = encodingOf(start);
  const text = following(start.subarray(markBytes), bytes);
  if (name === 'utf-8') return yield* text;
  yield* utf8Of(text, name === 'utf-16be');
}

const LONE_SURROGATE = /[\ud800-\udfff]/gu;
/** A byte that never occurs in UTF-8. */
const NO_UTF8 = Buffer.from([0xff]);
const NOTHING = Buffer.alloc(0);

/** UTF-16 as UTF-8, wherever the chunks are cut. */
async function* utf8Of(
  chunks: AsyncIterable<Buffer>,
  isBigEndian: boolean,
): AsyncGenerator<Buffer> {
  // An odd byte, or the first half of a pair, whose rest has not arrived yet.
  let held = NOTHING;
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([held, chunk]);
    const even = bytes.length - (bytes.length % 2);
    const whole = Buffer.from(bytes.subarray(0, even));
    const text = (isBigEndian ? whole.swap16() : whole).toString('utf16le');
    const end = /[\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length;
    held = bytes.subarray(2 * end);
    const pieces = text
      .slice(0, end)
      .split(LONE_SURROGATE)
      .map((piece) => Buffer.from(piece));
    yield Buffer.concat(pieces.flatMap((piece, index) => (index === 0 ? piece : [NO_UTF8, piece])));
  }
  // What is left at the end is an incomplete character.
  if (held.length > 0) yield NO_UTF8;
}
