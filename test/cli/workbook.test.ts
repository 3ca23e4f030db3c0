/** A workbook as the data directory. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import writeExcelFile from 'write-excel-file/node';
import { GOOD_FILES } from '../input/good-files.ts';
import { runMain, withDirectory } from '../support/in-process.ts';

type Cells = (string | number | Date | null)[][];

/** The good files as sheets, with changes by name; undefined leaves a sheet out. */
function sheetsWith(
  changes: Readonly<Record<string, Cells | undefined>> = {},
): Record<string, Cells> {
  const good = Object.entries(GOOD_FILES).map(([name, text]): [string, Cells] => [
    name.replace('.csv', ''),
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(',').map((field) => (field === '' ? null : field))),
  ]);
  const all = new Map<string, Cells | undefined>([...good, ...Object.entries(changes)]);
  return Object.fromEntries([...all].filter(([, cells]) => cells !== undefined)) as Record<
    string,
    Cells
  >;
}

async function writeBook(file: string, sheets: Record<string, Cells>): Promise<void> {
  const written = Object.entries(sheets).map(([sheet, rows]) => ({
    sheet,
    dateFormat: 'yyyy-mm-dd hh:mm',
    data: rows.map((row) =>
      row.map((value) =>
        value === null ? null : { value, type: value.constructor as StringConstructor },
      ),
    ),
  }));
  await writeFile(file, await writeExcelFile(written as never).toBuffer());
}

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runOn(
  sheets: Record<string, Cells>,
  command: readonly string[] = ['invoice', '--month', '2026-01', '--format', 'csv'],
  files: Record<string, string> = {},
): Promise<Outcome> {
  return withDirectory(files, async (directory) => {
    const book = join(directory, 'Book.xlsx');
    await writeBook(book, sheets);
    const run = await runMain([...command, '--data', book]);
    return { ...run, stderr: run.stderr.replaceAll(`${directory}/`, '') };
  });
}

describe('a workbook', () => {
  it('is billed as the directory that it holds', async () => {
    const ofDirectory = await withDirectory(GOOD_FILES, (directory) =>
      runMain(['invoice', '--month', '2026-01', '--format', 'csv', '--data', directory]),
    );
    const run = await runOn(sheetsWith());
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toBe(ofDirectory.stdout);
    expect(run.stderr).not.toContain('hidden');
  });

  it('has its hidden rows read, too, which a note says', async () => {
    await withDirectory({}, async (directory) => {
      const book = join(directory, 'Book.xlsx');
      await writeBook(
        book,
        sheetsWith({
          'Our people': [
            ['user_id', 'name'],
            ['u', 'n'],
          ],
        }),
      );
      const parts = unzipSync(await readFile(book));
      for (const [name, bytes] of Object.entries(parts)) {
        if (!name.includes('worksheets/')) continue;
        const hidden = strFromU8(bytes).replaceAll('<row r="2"', '<row r="2" hidden="1"');
        parts[name] = strToU8(hidden);
      }
      await writeFile(book, zipSync(parts));
      const run = await runMain(['invoice', '--month', '2026-01', '--data', book]);
      expect(run.stderr).toContain(`note: ${book}[usage]: 1 hidden row is read, too\n`);
      expect(run.stderr).not.toContain('[Our people]: 1 hidden');
    });
  });

  it('has its sheets found as files are, with numbers and dates in their cells', async () => {
    const sheets = sheetsWith({
      usage: undefined,
      tier_changes: undefined,
      'Tier Changes': sheetsWith().tier_changes,
      USAGE: [
        ['timestamp', 'profile_id', 'user_id', 'credits'],
        [new Date('2026-01-05T10:00:00Z'), 'p1', 'u1', 0.1],
        [null, null, null, null],
        [new Date('2026-01-06T00:00:00Z'), 'p1', 'u1', 0.2],
      ],
    });
    const run = await runOn(sheets);
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toContain(',Pro+,40.00,0.30,');
  });

  it('has problems at the rows of its sheets', async () => {
    const run = await runOn(
      sheetsWith({
        profiles: [
          ['profile_id', 'account_id', 'region'],
          ['p1', 11112222333, 'Frankfurt'],
        ],
        groups: undefined,
        subscriptions: [['Seats of the team'], [null], ...(sheetsWith().subscriptions as Cells)],
      }),
      ['check'],
    );
    expect(
      run.stdout
        .split('Book.xlsx')
        .slice(1)
        .map((line) => line.split(' (')[0]?.trim()),
    ).toEqual([
      '[profiles]:2: account_id: an account id has 12 digits: Excel takes its leading zero away: write 011112222333',
      expect.stringMatching(/^\[profiles\]:2: region: /),
      '[subscriptions]:1: row: this is not the header; line 3 seems to be: remove the lines above it',
    ]);
  });

  it('that has two sheets for one file is bad input, and so is one without subscriptions', async () => {
    const twice = await runOn(sheetsWith({ 'Group Members': sheetsWith().group_members }));
    expect(twice.status).toBe(3);
    expect(twice.stderr).toContain(
      'Book.xlsx[group_members]: it is one more group_members beside Group Members: keep one of them',
    );
    const without = await runOn(sheetsWith({ subscriptions: undefined }));
    expect(without.status).toBe(3);
    expect(without.stderr).toContain('Book.xlsx[subscriptions]: there is no such sheet');
  });

  it('has warnings of what looks like an input and is not read', async () => {
    const run = await runOn(
      sheetsWith({
        'Our people': [
          ['user_id', 'name'],
          ['u1', 'Uma'],
        ],
        Notes: [['a'], ['b']],
        Rates: [['tier', 'price']],
      }),
      undefined,
      { 'users.csv': 'user_id\nu1\n' },
    );
    expect(run.status).toBe(0);
    expect(run.stderr).toContain('Book.xlsx[Our people]: it is not read, but looks like users');
    expect(run.stderr).toContain(
      'Book.xlsx[Rates]: it is not read, but looks like a rate card: give one in JSON with --rates, or move it away',
    );
    expect(run.stderr).toContain('users.csv: it is not read, as the data are in Book.xlsx');
    expect(run.stderr).not.toContain('Notes');
  });

  it('is never an output, and is what it is called', async () => {
    await withDirectory({ 'not.xlsx': 'text' }, async (directory) => {
      const book = join(directory, 'book.xlsx');
      await writeBook(book, sheetsWith());
      const before = await readFile(book);
      const onItself = await runMain([
        'invoice',
        '--month',
        '2026-01',
        '--data',
        book,
        '--format',
        'csv',
        '-o',
        book,
      ]);
      expect(onItself.status).toBe(2);
      expect(await readFile(book)).toEqual(before);
      const not = await runMain(['check', '--data', join(directory, 'not.xlsx')]);
      expect(not.stdout + not.stderr).toContain('this workbook cannot be read');
    });
  });
});

describe('init', () => {
  it('writes the sample as a workbook that bills the same, and never overwrites', async () => {
    await withDirectory({}, async (directory) => {
      const book = join(directory, 'book.xlsx');
      const folder = join(directory, 'folder');
      expect(await runMain(['init', book])).toMatchObject({ status: 0, stdout: `${book}\n` });
      expect(await runMain(['init', folder])).toMatchObject({ status: 0 });
      const [ofBook, ofFolder] = await Promise.all(
        [book, folder].map((data) =>
          runMain(['invoice', '--month', '2026-01', '--format', 'csv', '--data', data]),
        ),
      );
      expect(ofBook?.stdout).toBe(ofFolder?.stdout);
      expect((await runMain(['init', book])).status).toBe(2);
    });
  });
});
