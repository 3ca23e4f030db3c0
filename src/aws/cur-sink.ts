import type { Problem } from '../domain/problem.ts';
import type { CurRow } from './kiro-line.ts';

/** Takes what a reader of a CUR finds; readers skip most rows of other products. */
export interface CurSink {
  /** Whether the tags of rows are looked at. */
  readonly wantsTags: boolean;
  row(row: CurRow): void;
  problem(problem: Problem): void;
  /** Hears how many bytes were read, before decompression, as a share of each file's size. */
  onBytes(count: number): void;
  /** Hears how many rows of any product were read. */
  onRows(count: number): void;
}
