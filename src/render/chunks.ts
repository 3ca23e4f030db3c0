/** The characters of a chunk: memory does not grow with the length of an output, and writes are few. */
const CHUNK_LENGTH = 64 * 1024;

/** Pieces of a text, joined to chunks of whole pieces. */
export function* inChunks(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
