import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  type ColumnMetaData,
  type Encoding,
  type FileMetaData,
  type PageHeader,
  parquetMetadata,
} from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { ByteWriter, type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { describe, expect, test } from 'vitest';
import { decimalText } from '../../src/domain/decimal.ts';
import { ProblemLog } from '../../src/input/problem-log.ts';
import { reduceUsage } from '../../src/usage/reduce.ts';
import { runMain, withDirectory } from '../support/in-process.ts';
import { PLAIN_PLAN } from '../support/plain-plan.ts';
import { scratchFolder } from '../support/scratch.ts';

const folder = scratchFolder();

const ROWS = 3000;
const TIMES = Array.from({ length: ROWS }, () => '2026-01-05T00:00:00Z');

/** Rows of one credit each. */
function usageColumns(users = TIMES.map((_, row) => `u${row % 3}`)): ColumnSource[] {
  return [
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
}

/** The same in a file, in three row groups; the credits in several pages. */
function usageFile(users?: string[]): Buffer {
  return written(usageColumns(users));
}

function written(columnData: ColumnSource[]): Buffer {
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

/** A page's header, and where it, its bytes and what follows begin. */
interface Place {
  readonly header: PageHeader;
  readonly at: number;
  readonly bytesAt: number;
  readonly end: number;
}

function pagesOf(file: Buffer, of: ColumnMetaData): Place[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const pages: Place[] = [];
  let at = Number(of.dictionary_page_offset ?? of.data_page_offset);
  for (const stop = at + Number(of.total_compressed_size); at < stop; ) {
    const reader = { view, offset: at };
    const header = parquetHeader(reader);
    const end = reader.offset + header.compressed_page_size;
    pages.push({ header, at, bytesAt: reader.offset, end });
    at = end;
  }
  return pages;
}

/** A column of the first row group anew, each page with what `change` makes of its header and bytes. */
function withPages(
  change: (header: PageHeader, bytes: Buffer, index: number) => Buffer,
  name = 'credits',
  file = usageFile(),
): Buffer {
  return changed(file, (metadata, append) => {
    const of = chunk(metadata, name);
    const writer = new ByteWriter();
    for (const [index, { header, bytesAt, end }] of pagesOf(file, of).entries()) {
      const made = change(header, Buffer.from(file.subarray(bytesAt, end)), index);
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
  const plan = { ...PLAIN_PLAN, profileIds: new Set(['p']) };
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

  test('ends where a column has a negative number of others in it', async () => {
    const file = changed(usageFile(), ({ schema }) => {
      for (const element of schema.slice(2)) element.num_children = -1;
    });
    expect(await read(file)).toEqual(ALL);
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

  type Change = Parameters<typeof withPages>[0];
  type SecondHeader = NonNullable<PageHeader['data_page_header_v2']>;

  const secondOf = (header: PageHeader) => header.data_page_header_v2 as SecondHeader;

  /** The same bytes, as many as the header says. */
  function sized(header: PageHeader, bytes: Buffer): Buffer {
    header.uncompressed_page_size = bytes.length;
    return bytes;
  }

  /** Changes the credits' pages of values; `index`: of such a page. */
  const values = (change: (header: PageHeader, bytes: Buffer, index: number) => Buffer): Buffer =>
    withPages(change);
  /** Changes the users' dictionary, or the pages of positions in it. */
  const dictionary = (change: Change): Buffer =>
    withPages(
      (header, bytes, index) =>
        header.type === 'DICTIONARY_PAGE' ? change(header, bytes, index) : bytes,
      'user_id',
    );
  const positions = (change: Change): Buffer =>
    withPages(
      (header, bytes, index) =>
        header.type === 'DICTIONARY_PAGE' ? bytes : change(header, bytes, index),
      'user_id',
    );
  const packedAs = (codec: ColumnMetaData['codec']): Buffer =>
    changed(usageFile(), (metadata) => {
      chunk(metadata, 'credits').codec = codec;
    });
  const encodedAs = (encoding: SecondHeader['encoding']): Buffer =>
    values((header, bytes) => {
      secondOf(header).encoding = encoding;
      return bytes;
    });
  const whole = usageFile();
  const withFooter = (footer: Buffer, length = footer.length): Buffer => {
    const size = Buffer.alloc(4);
    size.writeInt32LE(length);
    return Buffer.concat([whole.subarray(0, 2000), footer, size, Buffer.from('PAR1')]);
  };
  const tooEarly = 'a page that ends too early';
  const noSense = 'its bytes make no sense';
  const noEnd = 'its end is missing';

  test.each<[what: string, file: Buffer, reason: string]>([
    ['only the mark of Parquet', Buffer.from('PAR1'), noSense],
    ['the mark twice, with nothing between', Buffer.from('PAR1\0\0\0\0PAR1'), noSense],
    ['its last byte missing', whole.subarray(0, -1), noEnd],
    ['the end of its footer missing', whole.subarray(0, -8), noEnd],
    ['only its first half', whole.subarray(0, whole.length / 2), noEnd],
    ['a footer that is longer than the file', withFooter(Buffer.alloc(0), 2 ** 31 - 1), noEnd],
    ['a footer without metadata', withFooter(Buffer.alloc(100)), noSense],
    ['metadata that are cut off', withFooter(whole.subarray(-200, -100)), noSense],
    [
      'pages of zeros',
      Buffer.concat([whole.subarray(0, 4), Buffer.alloc(2000), whole.subarray(2004)]),
      'the pages of timestamp do not have the 1000 rows of their row group',
    ],
    [
      'a page header that is none',
      Buffer.concat([whole.subarray(0, 4), Buffer.alloc(2000, 0xff), whole.subarray(2004)]),
      noSense,
    ],
    [
      'a column that ends before its last page',
      changed(whole, (metadata) => {
        chunk(metadata, 'credits').total_compressed_size -= 10n;
      }),
      'a page of credits ends after its column',
    ],
    [
      'a column that ends within a page header',
      changed(whole, (metadata) => {
        chunk(metadata, 'credits').total_compressed_size -= 50n;
      }),
      noSense,
    ],
    [
      'pages packed otherwise than with Snappy',
      packedAs('SNAPPY'),
      'a page that cannot be unpacked',
    ],
    ['pages packed otherwise than with gzip', packedAs('GZIP'), 'a page that cannot be unpacked'],
    [
      'pages packed otherwise than with Zstandard',
      packedAs('ZSTD'),
      'a page that cannot be unpacked',
    ],
    [
      'pages packed otherwise than with Brotli',
      packedAs('BROTLI'),
      'a page that cannot be unpacked',
    ],
    ['pages packed otherwise than with LZ4', packedAs('LZ4_RAW'), 'a page that cannot be unpacked'],
    [
      'pages of another size than they say',
      values((header, bytes) => {
        header.uncompressed_page_size += 5;
        return bytes;
      }),
      'a page that cannot be unpacked',
    ],
    [
      'pages whose values are cut off',
      values((header, bytes) => sized(header, bytes.subarray(0, -8))),
      tooEarly,
    ],
    [
      'pages with fewer values than nulls and rows say',
      values((header, bytes) => {
        secondOf(header).num_nulls = 3;
        return bytes;
      }),
      'a page with 246 values for 249 rows',
    ],
    [
      'definition levels that are cut off',
      values((header, bytes) => {
        secondOf(header).definition_levels_byte_length = 1;
        return sized(header, bytes.subarray(2));
      }),
      tooEarly,
    ],
    [
      'definition levels above the highest',
      values((_, bytes) => {
        bytes[2] = 2;
        return bytes;
      }),
      'a page with 249 values for 0 rows',
    ],
    [
      'a page of a negative number of rows',
      values((header, bytes, index) => {
        if (index === 1) secondOf(header).num_values = -5;
        return bytes;
      }),
      'the pages of credits do not have the 1000 rows of their row group',
    ],
    [
      'a page less',
      values((header, bytes, index) => {
        if (index === 1) header.type = 'INDEX_PAGE';
        return bytes;
      }),
      'the pages of credits do not have the 1000 rows of their row group',
    ],
    [
      'more rows in its pages than in their row group',
      values((header, bytes, index) => {
        if (index === 4) secondOf(header).num_values += 1;
        return bytes;
      }),
      'the pages of credits do not have the 1000 rows of their row group',
    ],
    ['positions without a dictionary', encodedAs('RLE_DICTIONARY'), 'credits: no dictionary'],
    [
      'positions that the dictionary lacks',
      dictionary((header, bytes) => {
        if (header.dictionary_page_header) header.dictionary_page_header.num_values = 2;
        return sized(header, bytes.subarray(0, 12));
      }),
      'a value that its dictionary lacks',
    ],
    [
      'a dictionary of a negative number of values',
      withPages((header, bytes) => {
        if (header.dictionary_page_header) header.dictionary_page_header.num_values = -2;
        return bytes;
      }, 'profile_id'),
      'a dictionary of -2 values',
    ],
    [
      'values that are of another type than their column',
      changed(whole, (metadata) => {
        chunk(metadata, 'credits').type = 'FLOAT';
      }),
      'credits has FLOAT values in a column of DOUBLE',
    ],
    [
      'a dictionary that is cut off',
      dictionary((header, bytes) => sized(header, bytes.subarray(0, 12))),
      tooEarly,
    ],
    [
      'a text of the dictionary that is longer than it',
      dictionary((_, bytes) => {
        bytes.writeUInt32LE(1000);
        return bytes;
      }),
      tooEarly,
    ],
    [
      'positions of 40 bits',
      positions((header, bytes) => {
        bytes[secondOf(header).definition_levels_byte_length] = 40;
        return bytes;
      }),
      'a dictionary of more than 31 bits',
    ],
    [
      'positions that are cut off',
      positions((header, bytes) => sized(header, bytes.subarray(0, -10))),
      tooEarly,
    ],
    [
      'a run of positions whose length is cut off',
      positions((header, bytes) => {
        const runsAt = secondOf(header).definition_levels_byte_length + 1;
        return sized(header, Buffer.concat([bytes.subarray(0, runsAt), Buffer.from([0xff])]));
      }),
      tooEarly,
    ],
    [
      'a run of positions without a length',
      positions((header, bytes) => {
        bytes.fill(0xff, secondOf(header).definition_levels_byte_length + 1);
        return bytes;
      }),
      'a run without a length',
    ],
  ])('is refused with %s', async (_, file, reason) => {
    expect(await read(file)).toMatchObject(damaged(reason));
  });

  test.each<[what: string, file: Buffer, stored: string]>([
    ['a codec', packedAs('LZO'), 'credits is packed with LZO'],
    ['no encoding of values', encodedAs('BIT_PACKED'), 'credits has DOUBLE values in BIT_PACKED'],
    ['no encoding of this type', encodedAs('RLE'), 'credits has DOUBLE values in RLE'],
    [
      'an encoding of whole numbers',
      encodedAs('DELTA_BINARY_PACKED'),
      'credits has DOUBLE values in DELTA_BINARY_PACKED',
    ],
    [
      'an encoding of numbers',
      positions((header, bytes) => {
        secondOf(header).encoding = 'BYTE_STREAM_SPLIT';
        return bytes;
      }),
      'user_id has BYTE_ARRAY values in BYTE_STREAM_SPLIT',
    ],
  ])('is not read if it is stored in another way than any that is: %s', async (_, file, stored) => {
    const what = `Parquet that is not read (${stored}): write it anew with Snappy, and with plain values or dictionaries`;
    expect(await read(file)).toEqual({ credits: [], problems: [`true: ${what}`] });
  });

  test.each<[column: 'user_id' | 'credits', type: 'STRING' | 'INT64' | 'DOUBLE', Encoding]>([
    ['user_id', 'STRING', 'PLAIN'],
    ['user_id', 'STRING', 'DELTA_LENGTH_BYTE_ARRAY'],
    ['user_id', 'STRING', 'DELTA_BYTE_ARRAY'],
    ['credits', 'INT64', 'DELTA_BINARY_PACKED'],
    ['credits', 'INT64', 'BYTE_STREAM_SPLIT'],
    ['credits', 'DOUBLE', 'BYTE_STREAM_SPLIT'],
  ])(
    'has all of its rows or is refused, wherever a page of %s ends (%s, %s)',
    async (name, type, encoding) => {
      const data = TIMES.map((_, row) => {
        if (name === 'user_id') return `u${row % 3}`;
        return type === 'INT64' ? BigInt(1 + (row % 2)) : 1 + (row % 2);
      });
      const stored = { name, data, type, encoding };
      const kept = usageColumns().filter((column) => column.name !== name);
      const file = written([...kept, stored]);
      const expected = await read(file);
      expect(expected.problems).toEqual([]);
      for (let missing = 1; missing <= 24; missing += 1) {
        const cut = withPages(
          (header, bytes) => {
            header.uncompressed_page_size = bytes.length - missing;
            return bytes.subarray(0, -missing);
          },
          name,
          file,
        );
        const got = await read(cut);
        if (got.problems.length === 0) expect(got, `${missing} bytes`).toEqual(expected);
        else expect(got.problems).toEqual([expect.stringContaining('not a whole Parquet file')]);
      }
    },
  );
});

describe('a file of which a byte is another', () => {
  test('has all of its rows or is refused, if the byte is none of a value', {
    timeout: 60_000,
  }, async () => {
    const whole = usageFile();
    const { row_groups: groups } = parquetMetadata(whole);
    const chunks = groups.flatMap(({ columns }) =>
      columns.map((one) => one.meta_data as ColumnMetaData),
    );
    const ranges = chunks.flatMap((of) =>
      pagesOf(whole, of).map(({ header, at, bytesAt }) => {
        const levels = header.data_page_header_v2?.definition_levels_byte_length ?? 0;
        return { from: at, to: bytesAt + levels };
      }),
    );
    const footer = whole.length - 8 - whole.readUInt32LE(whole.length - 8);
    const bytes = [...ranges, { from: footer, to: whole.length - 4 }].flatMap(({ from, to }) =>
      Array.from({ length: to - from }, (_, index) => from + index),
    );
    for (const [index, at] of bytes.entries()) {
      if (index % 7 !== 0) continue;
      for (const flip of [1, 0xff]) {
        const file = Buffer.from(whole);
        file[at] = (whole[at] as number) ^ flip;
        const { credits, problems } = await read(file);
        if (problems.length === 0) expect(credits, `byte ${at} ^ ${flip}`).toEqual(ALL.credits);
      }
    }
  });
});

describe('a damaged file of usage', () => {
  test.each([
    ['first', (index: number) => index === 0],
    ['last', (index: number) => index === 4],
  ])('bills nothing and leaves no row out, where its %s page is damaged', async (_, isDamaged) => {
    const file = withPages((header, bytes, index) => {
      header.crc = isDamaged(index) ? 1 : crc32(bytes) | 0;
      return bytes;
    });
    const subscriptions =
      'profile_id,principal_type,principal_id,tier,subscribed_at\np,user,u0,Pro,2025-01-01\n';
    const files = { 'subscriptions.csv': subscriptions, 'usage.parquet': file };
    await withDirectory(files, async (directory) => {
      const left = join(directory, 'left.csv');
      const invoice = ['invoice', '--month', '2026-01', '--data', directory];
      const place = join(directory, 'usage.parquet');
      for (const more of [[], ['--skip-bad-usage', left]]) {
        const { status, stdout, stderr } = await runMain([...invoice, ...more]);
        expect([status, stdout]).toEqual([3, '']);
        expect(stderr).toContain(`${place}: not a whole Parquet file (a page of credits differs`);
        expect(stderr).toContain('download it again');
        expect(existsSync(left)).toBe(false);
      }
    });
  });
});
