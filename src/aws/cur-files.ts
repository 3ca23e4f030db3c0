import { BadInput } from '../domain/problem.ts';
import type { ByteSource } from '../input/byte-source.ts';
import { fileSource, filesBelow, isFolder } from '../input/folder.ts';

const CUR_FILE = /\.(csv|csv\.gz|parquet)$/i;

/** Whether a file is Parquet, by its name in any case. */
export function isParquet(file: string): boolean {
  return /\.parquet$/i.test(file);
}

/**
 * The files of a CUR: the one that `path` names, or all CSV, gzipped CSV and Parquet files
 * below the folder, by the bytes of their paths. A path with none is `BadInput`.
 */
export async function curFiles(path: string): Promise<ByteSource[]> {
  if (!(await isFolder(path))) return [await fileSource(path)];
  const files = (await filesBelow(path)).filter((file) => CUR_FILE.test(file));
  if (files.length > 0) return Promise.all(files.map(fileSource));
  const what = 'the folder has no .csv, .csv.gz or .parquet file in it';
  throw new BadInput([{ file: path, what }]);
}
