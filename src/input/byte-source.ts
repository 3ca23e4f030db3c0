import { createReadStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { BadInput } from '../domain/problem.ts';

/** Where the bytes of one input come from. */
export interface ByteSource {
  /** The path as given or found, `-` for standard input: how messages name it. */
  readonly file: string;
  /** Bytes to read, before decompression; missing if unknown. */
  readonly sizeBytes?: number;
  /** The stream to read if the input is not a file. */
  readonly stream?: AsyncIterable<Buffer>;
  /** The first bytes of the stream, which can be read again. */
  readonly start?: Buffer;
  /** The digest of the stream, once it was read, where it may be the same as another input. */
  readonly digest?: () => string;
}

const CHUNK_BYTES = 256 * 1024;
/** How much is decompressed at once. */
const MOST_AT_ONCE = 4 * CHUNK_BYTES;

/**
 * The bytes of a source in chunks, decompressed if its name ends in `.gz`. A file that
 * cannot be read or is not valid gzip is `BadInput`. `onBytes` receives how many bytes were
 * read, before decompression.
 */
export async function* readBytes(
  source: ByteSource,
  onBytes: (count: number) => void = () => {},
): AsyncGenerator<Buffer> {
  try {
    const chunks = source.stream ?? chunksOf(source);
    if (isGzip(source.file)) yield* gunzip(chunks, onBytes);
    else yield* countBytes(chunks, onBytes);
  } catch (error) {
    throw readFailure(source.file, error);
  }
}

/**
 * All bytes of a source that is read in one go. More than so many MiB are `BadInput`: it is some
 * other file than the one `meant`, or a device without an end.
 */
export async function readWhole(
  source: ByteSource,
  mostMebibytes: number,
  meant: string,
): Promise<Buffer> {
  const most = mostMebibytes * 1024 * 1024;
  const chunks: Buffer[] = [];
  let length = 0;
  const refuseBeyond = (bytes: number): void => {
    if (bytes <= most) return;
    const what = `the file is over ${mostMebibytes} MiB: no ${meant}`;
    throw new BadInput([{ file: source.file, what }]);
  };
  refuseBeyond(source.sizeBytes ?? 0);
  for await (const chunk of readBytes(source)) {
    length += chunk.length;
    refuseBeyond(length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The chunks of a stream, and the digest of them, which is known once they were read. */
export async function digesting(
  chunks: AsyncIterable<Buffer>,
): Promise<Required<Pick<ByteSource, 'stream' | 'digest'>>> {
  // It takes some milliseconds to load, and is rarely needed.
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  async function* stream(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  }
  return { stream: stream(), digest: () => hash.digest('base64') };
}

/** The next chunks: at least so many bytes, if there are that many; and whether these are the last. */
export async function atLeast(
  chunks: AsyncIterator<Buffer>,
  bytes: number,
): Promise<{ readonly chunks: Buffer[]; readonly isEnd: boolean }> {
  const read: Buffer[] = [];
  for (let missing = bytes; missing > 0; ) {
    const next = await chunks.next();
    if (next.done) return { chunks: read, isEnd: true };
    read.push(next.value);
    missing -= next.value.length;
  }
  return { chunks: read, isEnd: false };
}

/** Bytes that were read already, and the rest. */
export async function* following(
  head: Buffer,
  rest: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}

/** A small file is read at once: a stream takes longer to set up than to read it. */
function chunksOf({ file, sizeBytes = 0 }: ByteSource): AsyncIterable<Buffer> | Buffer[] {
  // A pipe has no size either.
  const isSmall = sizeBytes > 0 && sizeBytes <= CHUNK_BYTES;
  return isSmall ? [readFileSync(file)] : createReadStream(file, { highWaterMark: CHUNK_BYTES });
}

/** Whether a file is gzipped, by its name in any case. */
export function isGzip(file: string): boolean {
  return file.toLowerCase().endsWith('.gz');
}

async function* countBytes(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function* gunzip(
  chunks: AsyncIterable<Buffer> | Buffer[],
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer> {
  if (Array.isArray(chunks)) {
    const [bytes] = chunks as [Buffer];
    const whole = gunzippedAtOnce(bytes);
    if (whole !== undefined) {
      onBytes(bytes.length);
      return yield whole;
    }
  }
  const decompressed = createGunzip({ chunkSize: CHUNK_BYTES });
  // The reader of `decompressed` receives the error; it needs no other handler.
  pipeline(countBytes(chunks, onBytes), decompressed, () => {});
  yield* decompressed;
}

/** Like a small file without a stream; nothing where it is much, or has an error, which comes after what is valid. */
function gunzippedAtOnce(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { chunkSize: CHUNK_BYTES, maxOutputLength: MOST_AT_ONCE });
  } catch {
    return undefined;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it cannot be read: permission denied',
  EISDIR: 'it is a folder, and a file is needed here',
  ENOTDIR: 'there is no such file, since part of the path before it is not a folder',
  ELOOP: 'it is a link that leads in a circle',
  ENAMETOOLONG: 'there is no such file, since its name is longer than the file system allows',
  ENXIO: 'it is a socket, or a device that is not there',
  EPERM: 'it cannot be read: permission denied',
  EIO: 'it cannot be read: the disk has a fault',
  EMFILE: 'it cannot be read: too many files are open',
  ENFILE: 'it cannot be read: too many files are open',
  Z_BUF_ERROR: 'the gzip data end too early: copy or download the file again',
  Z_DATA_ERROR: 'it is not valid gzip: copy or download the file again, or drop .gz from its name',
};

/** What a failed read of an input means to its user; an internal error is unchanged. */
export function readFailure(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (typeof code !== 'string' || error instanceof BadInput) return error;
  const isPipe = file === '-' && code === 'ENOENT';
  const known = REASONS[code] ?? (code.startsWith('Z_') ? REASONS.Z_DATA_ERROR : undefined);
  const what = isPipe ? 'standard input is not read here: name a file' : known;
  return new BadInput([{ file, what: what ?? `it cannot be read: ${code}` }]);
}

/** A failure of the system at a path that no reader has explained; what is written explains its own. */
export function unexplainedFailure(error: unknown): BadInput | undefined {
  const { path, syscall, cause } = (error ?? {}) as NodeJS.ErrnoException;
  if (cause !== undefined) return unexplainedFailure(cause);
  if (typeof path !== 'string' || syscall === undefined) return undefined;
  const failure = readFailure(path, error);
  return failure instanceof BadInput ? failure : undefined;
}
