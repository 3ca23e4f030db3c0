import { describe, expect, test } from 'vitest';
import {
  billed,
  FILE_NAMES,
  fileWith,
  GOOD_FILES,
  headerOf,
  problemsOf,
  REQUIRED_COLUMNS,
  rowOf,
} from './good-files.ts';

const BAD_QUOTE =
  'a bad quote: a field with quotes is quoted as a whole, and quotes in it are doubled';

/** The file with one more row, on line 3, given as text or bytes. */
function withThirdLine(name: (typeof FILE_NAMES)[number], line: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(GOOD_FILES[name]), Buffer.from(line)]);
}

/** The good row with something put before its first field's text. */
function firstField(name: (typeof FILE_NAMES)[number], text: string): string {
  return [text, ...rowOf(name).slice(1)].join(',');
}

test('the good files have no problem', async () => {
  const { csv } = await billed({});
  expect(csv.split('\n')).toHaveLength(3);
});

describe.each(FILE_NAMES)('%s', (name) => {
  const header = headerOf(name);
  const columns = header.length;
  const first = header[0] as string;
  const last = header.at(-1) as string;

  test.each(REQUIRED_COLUMNS[name])('lacks the required column %s', async (column) => {
    const index = header.indexOf(column);
    const without = GOOD_FILES[name]
      .split('\n')
      .map((line) => line.split(',').filter((_, at) => at !== index || line === ''))
      .map((fields) => fields.join(','))
      .join('\n');
    const text = columns === 1 ? 'other\nx\n' : without;
    const [problem, ...others] = await problemsOf({ [name]: text });
    expect(problem).toContain(`${name}:1: ${column}: the required column is missing`);
    expect(others).toEqual([]);
  });

  test.each(REQUIRED_COLUMNS[name])('has a blank %s', async (column) => {
    const problems = await problemsOf({ [name]: fileWith(name, { [column]: ' \t' }) });
    expect(problems[0]).toBe(`${name}:2: ${column}: must not be blank`);
  });

  test.each(header)('has the column %s twice', async (column) => {
    const lines = GOOD_FILES[name].trimEnd().split('\n');
    const text = `${lines[0]}, ${column.toUpperCase()} \n${lines[1]},x\n`;
    expect(await problemsOf({ [name]: text })).toEqual([
      `${name}:1: ${column}: the column is in the header twice`,
    ]);
  });

  test('is cut off before the last field', async () => {
    const row = rowOf(name).slice(0, -1).join(',');
    expect(await problemsOf({ [name]: withThirdLine(name, row) })).toEqual([
      `${name}:3: row: the row is too short: the header has ${columns} fields, the row ${columns - 1} field${columns === 2 ? '' : 's'} (${row})`,
    ]);
  });

  test('has a long row', async () => {
    const row = `${rowOf(name).join(',')},`;
    expect(await problemsOf({ [name]: withThirdLine(name, row) })).toEqual([
      `${name}:3: row: the row is too long: the header has ${columns} fields, the row ${columns + 1} fields (${row})`,
    ]);
  });

  test('has a line of spaces, which is a short row', async () => {
    expect(await problemsOf({ [name]: withThirdLine(name, '  \n') })).toEqual([
      `${name}:3: row: the row is too short: the header has ${columns} fields, the row 1 field (  )`,
    ]);
  });

  test('has a quote inside an unquoted field', async () => {
    const row = firstField(name, 'x"y"');
    expect(await problemsOf({ [name]: withThirdLine(name, `${row}\n`) })).toEqual([
      `${name}:3: row: ${BAD_QUOTE} (${row})`,
    ]);
  });

  test('has text behind a closing quote', async () => {
    const row = firstField(name, '"x"y');
    expect(await problemsOf({ [name]: withThirdLine(name, `${row}\n`) })).toEqual([
      `${name}:3: row: ${BAD_QUOTE} (${row})`,
    ]);
  });

  test('has a quote that is never closed: the line is that of its row', async () => {
    const text = withThirdLine(name, `${firstField(name, '"x')}\nmore\nlines`);
    const problems = await problemsOf({ [name]: text });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name}:3: row: a quoted field is never closed ("x`);
  });

  test('has bytes that are not UTF-8', async () => {
    const row = Buffer.from(`${firstField(name, 'x?')}\n`);
    row[1] = 0xe9;
    const problems = await problemsOf({ [name]: withThirdLine(name, row) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name}:3: ${first}: bytes that are not UTF-8`);
  });

  test('is UTF-16 without a mark', async () => {
    const problems = await problemsOf({ [name]: Buffer.from(GOOD_FILES[name], 'utf16le') });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toMatch(new RegExp(`^${name}:1: row: .*NUL`));
  });

  test('has a NUL byte', async () => {
    const row = [...rowOf(name).slice(0, -1), 'x\0y'].join(',');
    expect(await problemsOf({ [name]: withThirdLine(name, `${row}\n`) })).toEqual([
      `${name}:3: ${last}: a NUL byte: text that is UTF-16 must be saved as "CSV UTF-8" (${row.replace('\0', '\\x00')})`,
    ]);
  });

  test('has a NUL byte inside quotes, and behind a closing quote', async () => {
    for (const field of ['"x\0y"', '"x"\0', '"\0"']) {
      const problems = await problemsOf({
        [name]: withThirdLine(name, `${firstField(name, field)}\n`),
      });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(`${name}:3: ${first}: a NUL byte`);
    }
  });

  test('has a carriage return outside quotes that ends no line', async () => {
    for (const row of [firstField(name, 'x\ry'), `${firstField(name, 'x')}\r`]) {
      const problems = await problemsOf({ [name]: withThirdLine(name, row) });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(
        new RegExp(`^${name}:3: (${first}|${last}): a carriage return that does not belong`),
      );
    }
  });

  test('has a field of 65,537 bytes', async () => {
    for (const quote of ['', '"']) {
      const field = `${quote}${'é'.repeat(32_768)}x${quote}`;
      const row = [...rowOf(name), field].join(',');
      const text = `${header.join(',')},extra\n${rowOf(name).join(',')},\n${row}\n`;
      const problems = await problemsOf({ [name]: text });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(`${name}:3: extra: a field over 64 KiB (`);
      expect(problems[0]?.length).toBeLessThan(200);
    }
  });

  test('may have a field of 65,536 bytes, quotes and doubled quotes not counted', async () => {
    for (const field of ['x'.repeat(65_536), `"${'""'.repeat(65_536)}"`]) {
      const text = `${header.join(',')},extra\n${rowOf(name).join(',')},${field}\n`;
      await billed({ [name]: text });
    }
  });

  test('is empty', async () => {
    for (const text of ['', '\n', '\ufeff', '\r\n\r\n']) {
      expect(await problemsOf({ [name]: text })).toEqual([
        `${name}: the file is empty: it needs a header row with at least ${REQUIRED_COLUMNS[name].join(', ')}`,
      ]);
    }
  });

  test('goes on behind a bad row, and tells all of them', async () => {
    const text = withThirdLine(name, `x"y\n"a"b\n${rowOf(name).join(',')},z\n`);
    const problems = await problemsOf({ [name]: text });
    expect(problems.map((line) => line.split(' ')[0])).toEqual([
      `${name}:3:`,
      `${name}:4:`,
      `${name}:5:`,
    ]);
  });
});

test('a file that is not there, not a file, or not gzip is told as a whole', async () => {
  expect(
    await problemsOf({ 'subscriptions.csv': undefined, 'tier_changes.csv': undefined }),
  ).toEqual([
    'subscriptions.csv: there is no such file: name the folder that has it with --data DIR, make a sample with "kiro-bill init DIR", or import AWS\'s files with "kiro-bill import"',
  ]);
  expect(await problemsOf({ 'users.csv': undefined, 'users.csv/x': '' })).toEqual([
    'users.csv: it is a folder, and a file is needed here',
  ]);
  const [problem] = await problemsOf({ 'usage.csv': undefined, 'usage.csv.gz': 'no gzip' });
  expect(problem).toContain('usage.csv.gz: it is not valid gzip');
});
