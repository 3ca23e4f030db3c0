import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../domain/problem.ts';
import { compareBytes } from '../domain/text-order.ts';
import { type ByteSource, readFailure } from '../input/byte-source.ts';

const CUR_FILE = /\.(csv|csv\.gz|parquet)$/i;

export function isParquet(file: string): boolean {
  return /\.parquet$/i.test(file);
}

/**
 * The files of a CUR: the one that `path` names, or all CSV, gzipped CSV and Parquet files
 * below the folder, by the bytes of their paths. A path with none is `BadInput`.
 */
export async function curFiles(path: string): Promise<ByteSource[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [await sizedSource(path)];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => !entry.isDirectory() && CUR_FILE.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort(compareBytes);
    if (paths.length > 0) return await Promise.all(paths.map(sizedSource));
  } catch (error) {
    throw readFailure(path, error);
  }
  const what = 'the folder has no .csv, .csv.gz or .parquet file in it';
  throw new BadInput([{ file: path, what }]);
}

async function sizedSource(file: string): Promise<ByteSource> {
  return { file, sizeBytes: (await stat(file)).size };
}
