/** What spreadsheets write is read, or refused with what to do about it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { runMain, withDirectory } from '../support/in-process.ts';
import { billed, FILE_NAMES, type FileName, GOOD_FILES, problemsOf } from './good-files.ts';

const TABLES = FILE_NAMES.filter((name) => name !== 'usage.csv');

function separated(name: FileName, delimiter: string): string {
  return GOOD_FILES[name].replaceAll(',', delimiter);
}

async function sameAsGood(changes: Record<string, string | Buffer>): Promise<void> {
  expect(await billed(changes)).toEqual(await billed({}));
}

describe.each(TABLES)('%s', (name) => {
  test.each([';', '\t'])('is read separated by %j, in any encoding', async (delimiter) => {
    const text = separated(name, delimiter);
    await sameAsGood({ [name]: text });
    await sameAsGood({ [name]: Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le') });
    await sameAsGood({ [name]: `sep=${delimiter}\n${text}` });
  });

  test('is read with rows of empty fields', async () => {
    const [header, row] = GOOD_FILES[name].split('\n') as [string, string];
    await sameAsGood({ [name]: `,,\n${header}\n, ,\n${row}\n,,,,,,,,\n\n` });
  });

  test('has its header further down', async () => {
    expect(await problemsOf({ [name]: `Our list\n\n${GOOD_FILES[name]}` })).toEqual([
      `${name}:1: row: this is not the header; line 3 seems to be: remove the lines above it`,
    ]);
  });
});

describe('a row that lacks fields', () => {
  test('at its end that are optional has them blank', async () => {
    await sameAsGood({ 'users.csv': `${GOOD_FILES['users.csv']}u2\n` });
    await sameAsGood({
      'group_members.csv': 'group_id,user_id,joined_at,left_at\ng1,u1,2025-10-01\n',
    });
  });

  test('is short where one of them is required, or in a last line without a line end', async () => {
    expect(await problemsOf({ 'groups.csv': 'name,group_id\nOne,g1\nTwo\n' })).toEqual([
      'groups.csv:3: row: the row is too short: the header has 2 fields, the row 1 field (Two)',
    ]);
    expect(await problemsOf({ 'groups.csv': 'group_id,name\ng1,One\ng2' })).toEqual([
      'groups.csv:3: row: the row is too short: the header has 2 fields, the row 1 field (g2)',
    ]);
  });
});

describe('M1: the decimal comma', () => {
  const profiles = (...caps: string[]): string =>
    [
      'profile_id;account_id;region;overage;overage_cap',
      'p1;111122223333;us-east-1;enabled;',
      ...caps.map((cap, index) => `p${index + 2};11112222330${index};us-east-1;disabled;${cap}`),
      '',
    ].join('\n');

  test.each([
    ['1250,75'],
    [',5', '7,', '1,2E+02'],
    ['1,250', '12,5'],
    ['12.5', '1.250'],
    ['none', '7'],
  ])('is read in a file that is separated by semicolons: %s %s', async (...caps) => {
    await billed({ 'profiles.csv': profiles(...caps) });
  });

  test('is refused with a separator of thousands, or where it could be either', async () => {
    expect(await problemsOf({ 'profiles.csv': profiles('1.250,75', '1,250') })).toEqual([
      'profiles.csv:3: overage_cap: not a number: write 1250,75 (1.250,75)',
      'profiles.csv:4: overage_cap: could be 1250 or 1,25, and no other number of the file has that mark before its decimals: write 1250 or 1,25 (1,250)',
    ]);
  });

  test('that is not known is one line for many numbers, and a second one its own', async () => {
    const caps = ['1,250', '2,250', '3,250', '4,250', '12.5'];
    expect(await problemsOf({ 'profiles.csv': profiles(...caps) })).toEqual([
      'profiles.csv:3-6: overage_cap: could be 1250 or 1,25, and no other number of the file has that mark before its decimals: write 1250 or 1.25 (4 rows, the first: 1,250)',
    ]);
  });

  test('does not go with a point in one file', async () => {
    expect(await problemsOf({ 'profiles.csv': profiles('12,5', '12.5', '0.5') })).toEqual([
      'profiles.csv:4: overage_cap: the decimal mark is "." here, but "," in line 3 (12,5): use one of them in the whole file (12.5)',
    ]);
  });

  test('of usage is shown as it is written, and kept in what to write', async () => {
    const usage = 'timestamp;profile_id;user_id;credits\n2026-01-05;p1;u1;-1,5\n';
    expect(
      await problemsOf({
        'usage.csv': `${usage}2026-01-05;p1;u1;1.250,75\n2026-01-06;p1;u1;0,5\n`,
      }),
    ).toEqual([
      'usage.csv:2: credits: must not be negative (-1,5)',
      'usage.csv:3: credits: not a number: write 1250,75 (1.250,75)',
    ]);
  });

  test('is none in a file with commas', async () => {
    const [header] = GOOD_FILES['profiles.csv'].split('\n');
    const text = `${header}\np1,111122223333,us-east-1,One,enabled,"1250,75"\n`;
    expect(await problemsOf({ 'profiles.csv': text })).toEqual([
      'profiles.csv:2: overage_cap: not a number: write 1250.75 (1250,75)',
    ]);
  });
});

test('a line sep= that is not true of the header is the only problem of its file', async () => {
  for (const [said, used, what] of [
    [';', ',', 'semicolons separate the fields, but the header in line 2 has commas'],
    [',', '\t', 'commas separate the fields, but the header in line 2 has tabs'],
  ] as const) {
    const text = GOOD_FILES['users.csv'].replaceAll(',', used);
    expect(await problemsOf({ 'users.csv': `sep=${said}\n${text}` })).toEqual([
      `users.csv:1: row: this line says that ${what}: remove this line`,
    ]);
  }
});

test('a file in the code page of a European Windows says how to save it', async () => {
  const text = Buffer.from('user_id;name\nu1;J\u00f6rg\n', 'latin1');
  expect(await problemsOf({ 'users.csv': text })).toEqual([
    'users.csv:2: name: bytes that are not UTF-8: save the file as "CSV UTF-8" (u1;J\ufffdrg)',
  ]);
});

test('a workbook named as a table is called what it is', async () => {
  expect(await problemsOf({ 'users.csv': 'PK\u0003\u0004...' })).toEqual([
    'users.csv: this is a workbook (.xlsx, .ods) or a zip archive, not CSV: save the sheet as "CSV UTF-8", or unpack the archive',
  ]);
});

test('gzip without its ending is to be unpacked, or named; what has no name of its own, unpacked', async () => {
  const packed = gzipSync(GOOD_FILES['usage.csv']);
  await withDirectory(GOOD_FILES, async (directory) => {
    const file = join(directory, 'packed.csv');
    await writeFile(file, packed);
    for (const [path, remedy] of [
      [file, 'unpack it, or let its name end in .csv.gz'],
      ['-', 'unpack it'],
    ] as const) {
      const args = ['invoice', '2026-01', '--data', directory, '--usage', path];
      const { stderr } = await runMain(args, { stdin: packed });
      expect(stderr.split('\n')[0]).toBe(`${path}: this is gzip, not CSV: ${remedy}`);
    }
  });
});

describe('problems that differ in line and value alone', () => {
  const user = (id: string): string => `g1,u1,${id},\n`;
  const header = 'group_id,user_id,joined_at,left_at\n';

  test('are one line where there are more than three in a file', async () => {
    const rows = [user('15.01.2026'), user('16.01.2026'), user('2020-01-01'), user('x'), user('y')];
    expect(await problemsOf({ 'group_members.csv': `${header}${rows.join('')}` })).toEqual([
      'group_members.csv:2-3,5-6: joined_at: not an instant of 2000 to 2199: write 2026-01-15 (4 rows, the first: 15.01.2026)',
    ]);
    const three = await problemsOf({ 'group_members.csv': `${header}${user('x').repeat(3)}` });
    expect(three).toHaveLength(3);
  });

  test('have at most ten ranges of lines', async () => {
    const rows = `${user('x')}\n`.repeat(12);
    const [line] = await problemsOf({ 'group_members.csv': `${header}${rows}` });
    expect(line).toMatch(
      /^group_members\.csv:2,4,6,8,10,12,14,16,18,20,…: joined_at: .* \(12 rows, the first: x\)$/,
    );
  });
});
