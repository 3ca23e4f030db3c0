import type { Problem } from '../domain/problem.ts';
import type { CurRow } from './cur-row.ts';

/** Receives what a CUR reader finds; readers skip most rows of other products. */
export interface CurSink {
  /** Whether tags are read. */
  readonly wantsTags: boolean;
  row(row: CurRow): void;
  problem(problem: Problem): void;
  /** Called with the number of bytes read, before decompression, as a share of each file's size. */
  onBytes(count: number): void;
  /** Called with the number of rows read, of any product. */
  onRows(count: number): void;
}
