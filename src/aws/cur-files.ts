import { relative, sep } from 'node:path';
import { BadInput } from '../domain/problem.ts';
import type { ByteSource } from '../input/byte-source.ts';
import { isParquet, isZip } from '../input/file-format.ts';
import { eachOnce, fileSource, filesBelow, isFolder } from '../input/folder.ts';
import { startOf } from '../usage/rows/byte-feed.ts';

/** A file of a bill. */
export interface CurSource extends ByteSource {
  /** The given path at or below which the file lies; missing if there is only one path. */
  readonly origin?: string;
  /** The given folder in which it was found; missing if the file itself was named. */
  readonly folder?: string;
}

const CUR_FILE = /\.(csv|csv\.gz|csv\.zip|zip|parquet)$/i;

/** The container format of a file: by its first bytes, else by its name. */
export function containerOf(source: ByteSource): 'csv' | 'zip' | 'parquet' {
  const start = firstBytes(source);
  if (isParquet(start) || /\.parquet$/i.test(source.file)) return 'parquet';
  return isZip(start) || /\.zip$/i.test(source.file) ? 'zip' : 'csv';
}

/** What AWS puts beside a bill's data files: a manifest in JSON, and statements that create tables. */
const DESCRIPTION = /^\s*(?:\[|\{(?!\s*"(?:Users|Groups|GroupMemberships)")|CREATE\s)/i;

/** The first bytes; none of a pipe, or of a file that cannot be read, which its reader will report. */
function firstBytes(source: ByteSource): Buffer | undefined {
  try {
    return startOf(source);
  } catch {
    return undefined;
  }
}

/**
 * The files of a bill: those that the paths name, or all CSV (also gzipped or zipped) and Parquet
 * files below a folder, sorted bytewise by path, without manifests and anything in `metadata`. A
 * file that two paths reach is returned once. A path without files is `BadInput`.
 */
export async function curFiles(...paths: readonly string[]): Promise<CurSource[]> {
  const sources: CurSource[] = [];
  for (const origin of paths) {
    const found = await filesOf(origin);
    sources.push(...found.map((source) => (paths.length === 1 ? source : { ...source, origin })));
  }
  return eachOnce(sources);
}

async function filesOf(path: string): Promise<CurSource[]> {
  if (!(await isFolder(path))) {
    const source = await fileSource(path);
    if (!DESCRIPTION.test(firstBytes(source)?.toString('latin1') ?? '')) return [source];
    const what =
      'this describes a bill, but is not one: name the folder it is in, or its data files';
    throw new BadInput([{ file: path, what }]);
  }
  const files = (await filesBelow(path)).filter((file) => isBillFile(relative(path, file)));
  if (files.length > 0) {
    return Promise.all(files.map(async (file) => ({ ...(await fileSource(file)), folder: path })));
  }
  const what = 'the folder has no .csv, .csv.gz, .zip or .parquet file in it';
  throw new BadInput([{ file: path, what }]);
}

/** Whether a file of a bill's folder is read, by its path in the folder. */
export function isBillFile(below: string): boolean {
  return CUR_FILE.test(below) && !below.toLowerCase().split(sep).includes('metadata');
}
