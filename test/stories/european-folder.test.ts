/**
 * A folder as a European spreadsheet saves it: LibreOffice with German settings turns a workbook
 * of the sample into CSV with semicolons, decimal commas and real dates.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import writeExcelFile, { type Cell } from 'write-excel-file/node';
import { runMain } from '../support/in-process.ts';

const OFFICE = '/usr/bin/soffice';
const SAMPLE = join(import.meta.dirname, '../../src/sample');
/** Semicolons, quotes where needed, UTF-8, cells as they are shown, all sheets. */
const AS_CSV = 'csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1';
const GERMAN_SETTINGS = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>de-DE</value></prop></item>
</oor:items>
`;

let root = '';
let saved = '';

/** A cell as a person has it: a number, a date, or text. */
function cellOf(text: string, column: string): Cell {
  if (text === '') return null;
  if (column === 'credits' || column === 'overage_cap')
    return { value: Number(text), type: Number };
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?$/.test(text)) return { value: text, type: String };
  const format = text.includes('T') ? 'yyyy-mm-dd hh:mm:ss' : 'yyyy-mm-dd';
  return { value: new Date(text), type: Date, format };
}

async function sampleSheets() {
  const names = (await readdir(SAMPLE)).filter((name) => name.endsWith('.csv'));
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(SAMPLE, name), 'utf8');
      const [header = [], ...rows] = text
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
      const cells = rows.map((row) =>
        row.map((value, at) => cellOf(value.replace('Ana Souza', 'Änne Müller'), header[at] ?? '')),
      );
      const names = header.map((value) => ({ value, type: String }));
      return { sheet: basename(name, '.csv'), data: [names, ...cells] };
    }),
  );
}

/** The rows of an invoice of the folder, or what is wrong with it, without the folder's path. */
async function billOf(folder: string): Promise<string[]> {
  const columns = ['--columns', 'user_id,user_name,tier,total_charge'];
  const args = ['invoice', '--month', '2026-01', '--format', 'csv', '--quiet', ...columns];
  const run = await runMain([...args, '--data', folder]);
  const text = run.status === 0 ? `${run.stdout}${run.stderr}` : run.stderr;
  return text.replaceAll(`${folder}/`, '').trimEnd().split('\n');
}

const GOOD = [
  'user_id,user_name,tier,total_charge',
  'u-dora,Dora Lindqvist,Pro+,40.00',
  'u-emil,Emil Novak,Power,200.00',
  'u-ana,Änne Müller,Pro+,40.00',
  'u-ben,Ben Okafor,Pro,33.67',
  'u-chen,Chen Wei,Pro,12.90',
];

type Change = (text: string) => string | Buffer;

/** The saved folder with files changed, or renamed where the change is a name. */
async function withChanges<Result>(
  changes: readonly (readonly [file: string, change: Change | string])[],
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(root, 'changed-'));
  await cp(saved, folder, { recursive: true });
  for (const [file, change] of changes) {
    const path = join(folder, file);
    if (typeof change === 'string') await rename(path, join(folder, change));
    else await writeFile(path, change(await readFile(path, 'utf8')));
  }
  return use(folder);
}

function replaced(from: string, to: string): Change {
  return (text) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };
}

const TITLE = 'Benutzer Januar;;;;\n;;;;\n';

/** What people do to such a folder, and the message that answers it. */
const MISTAKES: readonly (readonly [file: string, change: Change | string, message: string])[] = [
  [
    'profiles.csv',
    replaced('111122223333;us-east-1', '11122223333;us-east-1'),
    'profiles.csv:2: account_id: an account id has 12 digits: Excel takes its leading zero away: write 011122223333 (11122223333)',
  ],
  [
    'profiles.csv',
    replaced('enabled;500', 'ja;500'),
    'profiles.csv:2: overage: must be enabled or disabled (ja)',
  ],
  [
    'profiles.csv',
    replaced('eu-central-1', 'Frankfurt'),
    'profiles.csv:3: region: not a Region: write its code (us-east-1) or AWS\'s name for it, "US East (N. Virginia)"; did you mean Europe (Frankfurt)? (Frankfurt)',
  ],
  [
    'users.csv',
    (text) => TITLE + text,
    'users.csv:1: row: this is not the header; line 3 seems to be: remove the lines above it',
  ],
  [
    'groups.csv',
    (text) => Buffer.from(text.replace('Engineers', 'Entwicklung für alle'), 'latin1'),
    'groups.csv:2: name: bytes that are not UTF-8: save the file as "CSV UTF-8" (g-engineers;Entwicklung f\ufffdr alle)',
  ],
  [
    'subscriptions.csv',
    replaced('Pro+', 'Por+'),
    'subscriptions.csv:3: tier: not a tier (Pro, Pro+, Pro Max, Power); did you mean Pro+? (Por+)',
  ],
  [
    'subscriptions.csv',
    replaced('2025-12-03', '15.12.2025'),
    'subscriptions.csv:4: subscribed_at: not an instant of 2000 to 2199: write 2025-12-15 (15.12.2025)',
  ],
  [
    'usage.csv',
    replaced('640,5', '1.640,50'),
    'usage.csv:3: credits: not a number: write 1640,50 (1.640,50)',
  ],
  [
    'usage.csv',
    replaced('812,4', '812.4'),
    'usage.csv:4: credits: the decimal mark is "." here, but "," in line 2 (310,25): use one of them in the whole file (812.4)',
  ],
  [
    'tier_changes.csv',
    'wechsel.csv',
    'warning: wechsel.csv: it is not read, but looks like tier_changes.csv: give it that name, or move it away',
  ],
];

describe.skipIf(!existsSync(OFFICE))(
  'a folder that a European spreadsheet saved (skipped where LibreOffice is missing)',
  () => {
    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'kiro-bill-europe-'));
      saved = join(root, 'saved');
      const settings = join(root, 'profile/user');
      mkdirSync(settings, { recursive: true });
      writeFileSync(join(settings, 'registrymodifications.xcu'), GERMAN_SETTINGS);
      const book = join(root, 'x.xlsx');
      await writeFile(book, await writeExcelFile(await sampleSheets()).toBuffer());
      const profile = `-env:UserInstallation=file://${root}/profile`;
      execFileSync(
        OFFICE,
        [profile, '--headless', '--convert-to', AS_CSV, '--outdir', saved, book],
        { stdio: 'ignore', timeout: 110_000 },
      );
      for (const name of await readdir(saved)) {
        await rename(join(saved, name), join(saved, name.replace('x-', '')));
      }
    }, 120_000);

    afterAll(() => rm(root, { recursive: true, force: true }));

    test('M1: is billed as it came: semicolons, decimal commas, dates with a time', async () => {
      const usage = await readFile(join(saved, 'usage.csv'), 'utf8');
      expect(usage).toContain('\n2026-01-05 08:12:44;virginia;u-ana;310,25;r-0001\n');
      expect(await billOf(saved)).toEqual(GOOD);
    });

    test.each(['utf16le', 'utf16be'] as const)('is billed in %s', async (encoding) => {
      const encoded: Change = (text) => {
        const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
        return encoding === 'utf16le' ? bytes : bytes.swap16();
      };
      const files = (await readdir(saved)).map((name) => [name, encoded] as const);
      expect(await withChanges(files, billOf)).toEqual(GOOD);
    });

    test.each(MISTAKES)('%s with a mistake: where, what, and what to write', async (...one) => {
      const [file, change, message] = one;
      const lines = await withChanges([[file, change]], billOf);
      expect(lines.filter((line) => !/^error: |^u-|^user_id/.test(line))).toEqual([message]);
    });

    test('all mistakes together are reported in one run', async () => {
      const changes = MISTAKES.map(([file, change]) => [file, change] as const);
      const lines = await withChanges(changes, billOf);
      expect(lines).toEqual([
        ...MISTAKES.map(([, , message]) => message),
        'error: 9 problems in the input: nothing was billed, no output was written',
      ]);
    });
  },
);
