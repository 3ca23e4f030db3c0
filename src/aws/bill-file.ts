import { readCurCsv } from './cur-csv.ts';
import { type CurSource, containerOf } from './cur-files.ts';
import type { CurSink } from './cur-row.ts';

/** Passes on the rows of a file of a bill, or of all files of an archive. */
export async function readBillFile(source: CurSource, sink: CurSink): Promise<void> {
  switch (containerOf(source)) {
    case 'parquet': {
      const { readCurParquet } = await import('./cur-parquet.ts');
      return readCurParquet(source, sink);
    }
    case 'zip': {
      const { zippedFiles } = await import('./zipped-files.ts');
      const { progress } = sink;
      // The bytes are counted before unpacking.
      const ofRows = { onRows: (count: number) => progress.onRows?.(count) };
      for await (const file of zippedFiles(source, (count) => progress.onBytes?.(count))) {
        await readCurCsv(file, sink, ofRows);
      }
      return;
    }
    case 'csv':
      return readCurCsv(source, sink);
  }
}
