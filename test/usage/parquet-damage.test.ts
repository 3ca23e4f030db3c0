import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  type ColumnMetaData,
  type FileMetaData,
  type PageHeader,
  parquetMetadata,
} from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { ByteWriter, parquetWriteBuffer } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decimalText } from '../../src/domain/decimal.ts';
import { ProblemLog } from '../../src/input/problem-log.ts';
import { reduceUsage } from '../../src/usage/reduce.ts';
import { SCRATCH } from '../support/scratch.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(SCRATCH, 'kiro-bill-parquet-damage-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const ROWS = 3000;
const TIMES = Array.from({ length: ROWS }, () => '2026-01-05T00:00:00Z');

/** Rows of one credit each, in three row groups; the credits in several pages. */
function usageFile(users = TIMES.map((_, row) => `u${row % 3}`)): Buffer {
  const columnData = [
    { name: 'timestamp', data: TIMES, type: 'STRING' as const },
    { name: 'profile_id', data: TIMES.map(() => 'p'), type: 'STRING' as const },
    { name: 'user_id', data: users, type: 'STRING' as const },
    {
      name: 'credits',
      data: TIMES.map(() => 1),
      type: 'DOUBLE' as const,
      encoding: 'PLAIN' as const,
    },
  ];
  const sizes = { rowGroupSize: 1000, pageSize: 2000 };
  return Buffer.from(parquetWriteBuffer({ columnData, codec: 'UNCOMPRESSED', ...sizes }));
}

/** The same file with other metadata, and with what is put after its pages. */
function changed(
  file: Buffer,
  change: (metadata: FileMetaData, append: (bytes: Uint8Array) => bigint) => void,
): Buffer {
  const metadata = parquetMetadata(file);
  const writer = new ByteWriter();
  const pagesEnd = file.length - 8 - file.readUInt32LE(file.length - 8);
  writer.appendBytes(file.subarray(0, pagesEnd));
  change(metadata, (bytes) => {
    const at = BigInt(writer.offset);
    writer.appendBytes(bytes);
    return at;
  });
  writeMetadata(writer, metadata);
  writer.appendBytes(Buffer.from('PAR1'));
  return Buffer.from(writer.getBytes());
}

function group(metadata: FileMetaData, index: number) {
  return metadata.row_groups[index] as FileMetaData['row_groups'][number];
}

function chunk(metadata: FileMetaData, name: string, index = 0): ColumnMetaData {
  const found = group(metadata, index).columns.find(
    ({ meta_data: of }) => of?.path_in_schema[0] === name,
  );
  return found?.meta_data as ColumnMetaData;
}

/** A column of the first row group anew, each page with what `change` makes of its header and bytes. */
function withPages(
  change: (header: PageHeader, bytes: Buffer, index: number) => Buffer,
  name = 'credits',
): Buffer {
  const file = usageFile();
  return changed(file, (metadata, append) => {
    const of = chunk(metadata, name);
    const start = Number(of.dictionary_page_offset ?? of.data_page_offset);
    const pages = file.subarray(start, start + Number(of.total_compressed_size));
    const view = new DataView(pages.buffer, pages.byteOffset, pages.byteLength);
    const writer = new ByteWriter();
    for (let offset = 0, index = 0; offset < pages.length; index += 1) {
      const reader = { view, offset };
      const header = parquetHeader(reader);
      offset = reader.offset + header.compressed_page_size;
      const bytes = Buffer.from(pages.subarray(reader.offset, offset));
      const made = change(header, bytes, index);
      header.compressed_page_size = made.length;
      writePageHeader(writer, header);
      writer.appendBytes(made);
    }
    const at = append(writer.getBytes());
    if (of.dictionary_page_offset !== undefined) of.dictionary_page_offset = at;
    of.data_page_offset = at;
    of.total_compressed_size = BigInt(writer.offset);
  });
}

async function read(content: Buffer): Promise<{ credits: string[]; problems: string[] }> {
  const file = join(folder, 'usage.parquet');
  writeFileSync(file, content);
  const log = new ProblemLog();
  const plan = {
    cuts: { ofProfile: new Map(), ofAll: [] },
    dedupe: false,
    profileIds: new Set(['p']),
  };
  const { stretches } = await reduceUsage([{ file }], plan, log);
  return {
    credits: Array.from(stretches, ({ credits }) => decimalText(credits, 0)).sort(),
    problems: log.kept.map(({ file: of, what }) => `${of === file}: ${what}`),
  };
}

const ALL = { credits: ['1000', '1000', '1000'], problems: [] };

function damaged(reason: string) {
  const what = `not a whole Parquet file (${reason}): it is cut off or damaged, download it again`;
  return { problems: [`true: ${what}`] };
}

describe('Parquet that does not add up', () => {
  test('is read where nothing was changed', async () => {
    expect(await read(usageFile())).toEqual(ALL);
    expect(await read(changed(usageFile(), () => {}))).toEqual(ALL);
    expect(await read(withPages((_, bytes) => bytes))).toEqual(ALL);
  });

  test('is refused with another number of rows than its row groups have', async () => {
    const file = changed(usageFile(), (metadata) => {
      metadata.num_rows = 2000n;
    });
    expect(await read(file)).toMatchObject(damaged('2000 rows, but 3000 in its row groups'));
  });

  test('is refused with a row group less', async () => {
    const file = changed(usageFile(), (metadata) => {
      metadata.row_groups.pop();
    });
    expect(await read(file)).toMatchObject(damaged('3000 rows, but 2000 in its row groups'));
  });

  test('is refused with a row group that is listed twice', async () => {
    const file = changed(usageFile(), (metadata) => {
      metadata.row_groups[2] = group(metadata, 0);
    });
    expect(await read(file)).toMatchObject(damaged('row group 3 is listed twice'));
    const more = changed(usageFile(), (metadata) => {
      metadata.row_groups.push(group(metadata, 0));
      metadata.num_rows = 4000n;
    });
    expect(await read(more)).toMatchObject(damaged('row group 4 is listed twice'));
  });

  test('is refused with a column that has other rows than its row group', async () => {
    const file = changed(usageFile(), (metadata) => {
      chunk(metadata, 'credits', 1).num_values = 999n;
    });
    expect(await read(file)).toMatchObject(
      damaged('credits has 999 values for 1000 rows of row group 2'),
    );
  });

  test.each([999n, 1001n])(
    'is refused with pages of 1,000 rows for a row group of %d',
    async (rows) => {
      const file = changed(usageFile(), (metadata) => {
        metadata.num_rows += rows - 1000n;
        group(metadata, 0).num_rows = rows;
        for (const { meta_data: of } of group(metadata, 0).columns) {
          if (of !== undefined) of.num_values = rows;
        }
      });
      expect((await read(file)).problems).toEqual([
        expect.stringMatching(
          `true: not a whole Parquet file \\(the pages of \\w+ do not have the ${rows} rows of their row group\\)`,
        ),
      ]);
    },
  );

  test('is refused with a page that has fewer values than it says', async () => {
    const file = withPages(
      ({ data_page_header: page, data_page_header_v2: second }, bytes, index) => {
        for (const counts of [page, second]) {
          if (counts !== undefined && index < 2) counts.num_values += index === 0 ? 1 : -1;
        }
        return bytes;
      },
    );
    expect((await read(file)).problems).toEqual([expect.stringContaining('not a whole Parquet')]);
  });

  test('is refused with a page that has no positions in its dictionary', async () => {
    const file = withPages((header, bytes) => {
      if (header.type === 'DICTIONARY_PAGE') return bytes;
      const levels = header.data_page_header_v2?.definition_levels_byte_length ?? 0;
      header.uncompressed_page_size = levels;
      return bytes.subarray(0, levels);
    }, 'user_id');
    expect(await read(file)).toMatchObject(damaged('a page that ends too early'));
  });

  test('is refused with columns beyond its end', async () => {
    const file = changed(usageFile(), (metadata) => {
      chunk(metadata, 'credits').total_compressed_size = 1_000_000n;
    });
    expect(await read(file)).toMatchObject(damaged('credits is beyond the end of the file'));
  });

  test('is refused with a page that differs from its checksum', async () => {
    const sealed = withPages((header, bytes) => {
      header.crc = crc32(bytes) | 0;
      return bytes;
    });
    expect(await read(sealed)).toEqual(ALL);
    const flipped = withPages((header, bytes, index) => {
      header.crc = crc32(bytes) | 0;
      if (index === 1) bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
      return bytes;
    });
    expect(await read(flipped)).toMatchObject(
      damaged('a page of credits differs from its checksum'),
    );
  });

  test('is refused with a value beyond 64 KiB, at its row', async () => {
    const users = TIMES.map((_, row) => (row === 1500 ? 'x'.repeat(65_537) : 'u'));
    expect((await read(usageFile(users))).problems).toEqual([
      expect.stringContaining('a field over 64 KiB'),
    ]);
  });
});
