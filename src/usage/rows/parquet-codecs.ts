import zlib from 'node:zlib';
import type { CompressionCodec, Compressors } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

type Unpack = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

/** Present from Node 22.15 on. */
const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: Unpack };

/** What unpacks the pages of a codec: Node itself where it can, as that takes a fraction of the time. */
const CODECS: Compressors = {
  ...compressors,
  UNCOMPRESSED: (bytes) => bytes.slice(),
  GZIP: byNode(zlib.gunzipSync),
  BROTLI: byNode(zlib.brotliDecompressSync),
  ...(zstdDecompressSync === undefined ? {} : { ZSTD: byNode(zstdDecompressSync) }),
};

function byNode(unpack: Unpack): NonNullable<Compressors['GZIP']> {
  return (bytes, length) => unpack(bytes, { maxOutputLength: Math.max(1, length) });
}

/**
 * The `size` bytes that are packed in these, in a buffer of their own, so that no value can reach
 * beyond it; `undefined` if the codec is not known. Throws if there are not so many.
 */
export function unpackedBytes(
  bytes: Uint8Array,
  size: number,
  codec: CompressionCodec,
): Uint8Array | undefined {
  const unpack = CODECS[codec];
  if (unpack === undefined) return undefined;
  try {
    const found = unpack(bytes, size);
    if (found.length === size) return found;
  } catch {
    // Each codec has its own words for it.
  }
  throw new Error('a page that cannot be unpacked');
}
