import type { OutputStream } from './host.ts';
import { unwritable } from './output.ts';

/**
 * A standard stream that the run outlives: once its reader has gone (`| head`) or its disk is
 * full, what is still written goes nowhere. Only `flush` says that something failed.
 */
export class LastingStream implements OutputStream {
  readonly #stream: NodeJS.WriteStream;
  #failure: Error | undefined;
  #isReported = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    // The callback of the write has it already.
    stream.on('error', () => {});
  }

  get isTTY(): boolean {
    return this.#stream.isTTY;
  }

  /** A terminal that does not know how wide it is says 0. */
  get columns(): number | undefined {
    return this.#stream.columns || undefined;
  }

  write(chunk: string | Uint8Array): void {
    if (!this.#hasFailed) this.#stream.write(chunk, (error) => this.#hear(error));
  }

  /** What cannot be written is `WrongUsage`, once; a reader that has gone is no failure. */
  async flush(): Promise<void> {
    if (!this.#hasFailed) {
      await new Promise<void>((resolve) => {
        this.#stream.write('', (error) => {
          this.#hear(error);
          resolve();
        });
      });
    }
    const failure: NodeJS.ErrnoException | null = this.#failure ?? this.#stream.errored;
    if (failure == null || this.#isReported || failure.code === 'EPIPE') return;
    this.#isReported = true;
    throw unwritable('the output', failure);
  }

  /** Also before the stream has called back. */
  get #hasFailed(): boolean {
    return this.#failure !== undefined || this.#stream.errored != null;
  }

  #hear(error: Error | null | undefined): void {
    if (error != null) this.#failure ??= error;
  }
}
