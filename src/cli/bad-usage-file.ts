import { guardedText } from '../domain/guarded-text.ts';
import { CR, LF, QUOTE } from '../input/row-end.ts';
import type { BadUsageRow } from '../usage/plan.ts';
import type { Host } from './host.ts';
import { Replacement } from './output.ts';

/** Rows are collected up to this and written at once, so that memory does not grow with them. */
const COLLECTED_BYTES = 1024 * 1024;

/**
 * The file of `--skip-bad-usage`: a CSV of the place, the reason and the row, whose bytes
 * are those of the input. It appears only once the run has billed.
 */
export class BadUsageFile {
  readonly #replacement: Replacement;
  #rows: Buffer[] = [Buffer.from('file,line,reason,row\n')];
  #bytes = 0;

  private constructor(replacement: Replacement) {
    this.#replacement = replacement;
  }

  static async of(file: string, host: Host): Promise<BadUsageFile> {
    return new BadUsageFile(await Replacement.of(file, host));
  }

  add({ place, problems, bytes }: BadUsageRow): void {
    const reasons = problems.map(({ column, what }) => `${column}: ${what}`).join('; ');
    // A copy: the bytes may be a small slice of a large chunk.
    const row = Buffer.concat([
      quoted(Buffer.from(guardedText(place.file))),
      Buffer.from(`,${place.line},`),
      quoted(Buffer.from(guardedText(reasons))),
      Buffer.from(','),
      quoted(bytes),
      Buffer.from('\n'),
    ]);
    this.#rows.push(row);
    this.#bytes += row.length;
    if (this.#bytes > COLLECTED_BYTES) this.#flush();
  }

  #flush(): void {
    this.#replacement.writeNow(Buffer.concat(this.#rows));
    this.#rows = [];
    this.#bytes = 0;
  }

  /** Puts the file in place; a warning comes back where it had to be written over the old one. */
  async finish(): Promise<string | undefined> {
    try {
      this.#flush();
    } catch (error) {
      await this.discard();
      throw error;
    }
    return this.#replacement.finish();
  }

  async discard(): Promise<void> {
    await this.#replacement.discard();
  }
}

const NEEDS_QUOTES = new Set([QUOTE, 0x2c, LF, CR]);

/** RFC 4180 quoting of bytes, which need not be text. */
function quoted(field: Buffer): Buffer {
  if (!field.some((byte) => NEEDS_QUOTES.has(byte))) return field;
  const escaped = [...splitAfterQuotes(field)];
  return Buffer.concat([Buffer.of(QUOTE), ...escaped, Buffer.of(QUOTE)]);
}

/** The bytes in pieces, with every quote doubled. */
function* splitAfterQuotes(field: Buffer): Generator<Buffer> {
  let start = 0;
  for (let at = field.indexOf(QUOTE); at >= 0; at = field.indexOf(QUOTE, at + 1)) {
    yield field.subarray(start, at + 1);
    start = at;
  }
  yield field.subarray(start);
}
