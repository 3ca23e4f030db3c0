import zlib from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

type Unpack = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

/** Present from Node 22.15 on. */
const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: Unpack };

/** What unpacks the pages of a codec: Node itself where it can, as that takes a fraction of the time. */
export const CODECS: Compressors = {
  ...compressors,
  GZIP: unpacking(zlib.gunzipSync),
  BROTLI: unpacking(zlib.brotliDecompressSync),
  ...(zstdDecompressSync === undefined ? {} : { ZSTD: unpacking(zstdDecompressSync) }),
};

function unpacking(unpack: Unpack): NonNullable<Compressors['GZIP']> {
  return (bytes, length) => {
    try {
      return unpack(bytes, { maxOutputLength: Math.max(1, length) });
    } catch {
      throw new Error('a page that cannot be unpacked');
    }
  };
}
