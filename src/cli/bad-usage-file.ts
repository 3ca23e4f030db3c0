import { stringify } from 'csv-stringify/sync';
import { guardedText } from '../domain/guarded-text.ts';
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
  /** Each character is a byte, as those of a bad row need not be text. */
  #rows: string[][] = [['file', 'line', 'reason', 'row']];
  #bytes = 0;

  private constructor(replacement: Replacement) {
    this.#replacement = replacement;
  }

  static async of(file: string, host: Host): Promise<BadUsageFile> {
    return new BadUsageFile(await Replacement.of(file, host));
  }

  add({ place, problems, bytes }: BadUsageRow): void {
    const reasons = problems.map(({ column, what }) => `${column}: ${what}`).join('; ');
    const [file = '', reason = ''] = [place.file, reasons].map((text) =>
      Buffer.from(guardedText(text)).toString('latin1'),
    );
    const row = [file, String(place.line), reason, bytes.toString('latin1')];
    this.#rows.push(row);
    this.#bytes += row.join().length;
    if (this.#bytes > COLLECTED_BYTES) this.#flush();
  }

  #flush(): void {
    this.#replacement.writeNow(Buffer.from(stringify(this.#rows), 'latin1'));
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
