import type { Header } from '../input/table.ts';

/** A usage file whose header has been read; it can go from one thread to another. */
export interface UsageFile {
  readonly file: string;
  /** The name of its `UsageKind`. */
  readonly kind: string;
  readonly header: Header;
  /** The header row with its line end, behind a byte order mark: what csv-parse is to see before any rows. */
  readonly headerBytes: Uint8Array;
  /** Where the rows begin: behind this many bytes, on this line. */
  readonly bodyStart: number;
  readonly bodyLine: number;
}
