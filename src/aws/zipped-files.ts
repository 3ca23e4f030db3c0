import { basename } from 'node:path';
import { Unzip, type UnzipFile, UnzipInflate } from 'fflate';
import { BadInput } from '../domain/problem.ts';
import { type ByteSource, readBytes } from '../input/byte-source.ts';

/** A file of an archive while it is being unpacked. */
interface Unpacked {
  readonly name: string;
  readonly chunks: Buffer[];
  isWhole: boolean;
}

/**
 * The CSV files of a zip archive one by one, unpacked as they are read; each must be read to its
 * end before the next is requested. A truncated or damaged archive, or one without a CSV, is
 * `BadInput`. `onBytes` is called with the number of bytes read, before unpacking.
 */
export async function* zippedFiles(
  source: ByteSource,
  onBytes: (count: number) => void,
): AsyncGenerator<ByteSource> {
  const archive = new Archive(source, onBytes);
  let count = 0;
  for (let file = await archive.next(); file !== undefined; file = await archive.next()) {
    count += 1;
    yield { file: placeOf(source.file, file.name), stream: archive.bytesOf(file) };
  }
  if (count > 0) return;
  throw new BadInput([{ file: source.file, what: 'the archive has no .csv file in it' }]);
}

/** `cur.csv.zip` for its `cur.csv`, else `cur.zip[january.csv]`. */
function placeOf(archive: string, name: string): string {
  const own = basename(archive).replace(/(\.csv)?\.zip$/i, '');
  return basename(name).replace(/\.csv$/i, '') === own ? archive : `${archive}[${name}]`;
}

class Archive {
  readonly #file: string;
  readonly #packed: AsyncGenerator<Buffer>;
  readonly #unzip: Unzip;
  readonly #files: Unpacked[] = [];
  #isRead = false;

  constructor(source: ByteSource, onBytes: (count: number) => void) {
    this.#file = source.file;
    this.#packed = readBytes(source, onBytes);
    this.#unzip = new Unzip((file) => this.#onFile(file));
    this.#unzip.register(UnzipInflate);
  }

  /** The next CSV file, as soon as its beginning has been read. */
  async next(): Promise<Unpacked | undefined> {
    while (this.#files.length === 0 && (await this.#readMore()));
    return this.#files.shift();
  }

  async *bytesOf(file: Unpacked): AsyncGenerator<Buffer> {
    for (;;) {
      yield* file.chunks.splice(0);
      if (file.isWhole) return;
      if (!(await this.#readMore()) && !file.isWhole) throw this.#damaged();
    }
  }

  async #readMore(): Promise<boolean> {
    if (this.#isRead) return false;
    const { done, value } = await this.#packed.next();
    this.#isRead = done === true;
    try {
      this.#unzip.push(value ?? new Uint8Array(), this.#isRead);
    } catch {
      throw this.#damaged();
    }
    return true;
  }

  #onFile(file: UnzipFile): void {
    if (!/\.csv$/i.test(file.name) || basename(file.name).startsWith('.')) return;
    const unpacked: Unpacked = { name: file.name, chunks: [], isWhole: false };
    this.#files.push(unpacked);
    file.ondata = (error, chunk, isLast) => {
      if (error) throw error;
      unpacked.chunks.push(Buffer.from(chunk));
      unpacked.isWhole = isLast;
    };
    file.start();
  }

  #damaged(): BadInput {
    const what = 'not a whole zip archive: it is cut off or damaged, download it again';
    return new BadInput([{ file: this.#file, what }]);
  }
}
