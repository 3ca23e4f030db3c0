import type { DecimalMark } from '../../domain/decimal-mark.ts';
import type { RowFraming } from '../../input/csv-framing.ts';
import type { Header } from '../../input/table.ts';
import type { RowWindow } from '../rows/parquet-page.ts';
import type { RowConsumer, RowsLeft } from '../rows/row-consumer.ts';
import type { RowKernel } from '../rows/row-kernel.ts';

/** A usage file whose header has been read; it can be sent to another thread. */
export interface UsageFile {
  readonly file: string;
  /** The name of its `UsageKind`. */
  readonly kind: string;
  readonly header: Header;
  /** How its rows are separated, and the line on which they begin. */
  readonly framing: RowFraming & { readonly firstLine: number };
  /** The decimal mark if known; in a file whose fields are not separated by commas, its rows must show it. */
  readonly decimalMark?: DecimalMark;
  /** After how many bytes the rows begin. */
  readonly bodyStart: number;
  /** The row groups of Parquet, whose rows count from 0: parts and `bodyStart` count rows there. */
  readonly rowGroups?: readonly RowWindow[];
}

/** Adds the rows of a file. */
export interface FileRows {
  readonly rows: RowConsumer;
  readonly left: RowsLeft;
}

/** Sets in the kernel how the rows of a file are written, and what is wanted of them. */
export function setFormat(
  kernel: RowKernel,
  { header, framing, decimalMark: known }: UsageFile,
  { wanted }: RowConsumer,
): void {
  const columns = header.names.length;
  const { delimiter, fewestFields: neededColumns = columns } = framing;
  const decimalMark = delimiter === ',' ? '.' : (known ?? '');
  kernel.setFormat({ columns, neededColumns, delimiter, decimalMark }, wanted);
}

/** The rows of a file that begin in one part of it. */
export interface PartRead {
  /** How many bytes of the file they occupy. */
  readonly bytes: number;
  /** Where the first of them begins, and where the last one ends; both missing if no row begins there. */
  readonly start?: number;
  readonly end?: number;
  /** How many physical lines they occupy. */
  readonly lines: number;
}
