import type { BadUsageRow } from '../usage/plan.ts';
import type { Host } from './host.ts';
import { Replacement } from './output.ts';

/**
 * The file of `--skip-bad-usage`: a CSV of the place, the reason and the row, whose bytes
 * are those that stood in the input. It appears when the run has billed, and not before.
 */
export class BadUsageFile {
  readonly #replacement: Replacement;
  #unwritten: Buffer[] = [Buffer.from('file,line,reason,row\n')];
  #writing: Promise<void> = Promise.resolve();

  private constructor(replacement: Replacement) {
    this.#replacement = replacement;
  }

  static async of(file: string, host: Host): Promise<BadUsageFile> {
    return new BadUsageFile(await Replacement.of(file, host));
  }

  add({ place, problems, bytes }: BadUsageRow): void {
    const reasons = problems.map(({ column, what }) => `${column}: ${what}`).join('; ');
    this.#unwritten.push(
      quoted(Buffer.from(place.file)),
      Buffer.from(`,${place.line},`),
      quoted(Buffer.from(reasons)),
      Buffer.from(','),
      quoted(bytes),
      Buffer.from('\n'),
    );
    if (this.#unwritten.length > 6_000) this.#flush();
  }

  #flush(): void {
    const text = Buffer.concat(this.#unwritten);
    this.#unwritten = [];
    this.#writing = this.#writing.then(() => this.#replacement.write(text));
  }

  async finish(): Promise<void> {
    this.#flush();
    await this.#writing;
    await this.#replacement.finish();
  }

  async discard(): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#replacement.discard();
  }
}

const QUOTE = 0x22;
const NEEDS_QUOTES = new Set([QUOTE, 0x2c, 0x0a, 0x0d]);

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
