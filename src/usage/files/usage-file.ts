import type { DecimalMark } from '../../domain/decimal-mark.ts';
import type { Framing } from '../../input/csv-framing.ts';
import type { Header } from '../../input/table.ts';
import type { RowWindow } from '../rows/parquet-file.ts';

/** A usage file whose header has been read; it can go from one thread to another. */
export interface UsageFile {
  readonly file: string;
  /** The name of its `UsageKind`. */
  readonly kind: string;
  readonly header: Header;
  /** How its rows are separated. */
  readonly framing: Framing;
  /** The decimal mark where it is known; a file that has no commas between fields must show it. */
  readonly decimalMark?: DecimalMark;
  /** The header row with its line end: what csv-parse is to see before any rows. */
  readonly headerBytes: Uint8Array;
  /** Where the rows begin: after this many bytes, on this line. */
  readonly bodyStart: number;
  readonly bodyLine: number;
  /** Of Parquet its row groups, whose rows count from 0: parts and `bodyStart` count rows there. */
  readonly rowGroups?: readonly RowWindow[];
}
