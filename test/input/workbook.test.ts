import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openWorkbook } from '../../src/input/workbook.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
/** Style 1 shows dates, 2 a format of its own with a time, 3 money in red. */
const STYLES = `${HEAD}<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-407]dd.mm.yyyy\\ hh:mm"/><numFmt numFmtId="165" formatCode="[Red]#,##0.00&quot; dollars&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`;

interface Making {
  readonly is1904?: boolean;
  readonly shared?: string;
}

/** The bytes of a workbook with one sheet, `users`, that has these rows. */
function bookOf(rows: string, { is1904 = false, shared = '' }: Making = {}): Uint8Array {
  const text = (xml: string): Uint8Array => strToU8(`${HEAD}${xml}`);
  return zipSync({
    'xl/workbook.xml': text(
      `<workbook xmlns:r="r"><workbookPr date1904="${is1904 ? 1 : 0}"/><sheets><sheet name="users" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': text(
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    ),
    'xl/styles.xml': strToU8(STYLES),
    'xl/sharedStrings.xml': text(`<sst>${shared}</sst>`),
    'xl/worksheets/sheet1.xml': text(`<worksheet><sheetData>${rows}</sheetData></worksheet>`),
  });
}

interface ReadSheet {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly problems: unknown;
}

async function sheetOf(bytes: Uint8Array): Promise<ReadSheet> {
  const directory = await mkdtemp(join(tmpdir(), 'kiro-bill-book-'));
  try {
    const file = join(directory, 'Book.xlsx');
    await writeFile(file, bytes);
    const [sheet] = await openWorkbook(file);
    let text = '';
    let problems: unknown;
    try {
      for await (const chunk of sheet?.source.stream ?? []) text += chunk.toString();
    } catch (error) {
      problems = (error as { problems: unknown }).problems;
    }
    const shown = sheet?.source.file.slice(directory.length + 1) ?? '';
    return { name: sheet?.name ?? '', file: shown, text, problems };
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function textOf(rows: string, making: Making = {}): Promise<string> {
  return (await sheetOf(bookOf(rows, making))).text;
}

describe('a sheet of a workbook', () => {
  it('is a CSV whose lines are its rows', async () => {
    const rows =
      '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><t>na</t><t>me</t></is></c></row>' +
      '<row r="5"><c r="A5" t="str"><f>A1</f><v>u,1</v></c><c r="B5" s="1"/></row>';
    const shared = '<si><r><t>user</t></r><r><t>_id</t></r><rPh><t>x</t></rPh></si>';
    expect(await sheetOf(bookOf(rows, { shared }))).toEqual({
      name: 'users',
      file: 'Book.xlsx[users]',
      text: '\nuser_id,,name\n\n\n"u,1",,\n',
      problems: undefined,
    });
  });

  it.each([
    ['0.1', '0.1'],
    ['0.10000000000000001', '0.1'],
    ['114.45787414391377', '114.45787414391377'],
    ['111122223333', '111122223333'],
    ['1.0E-5', '0.00001'],
    ['1E+21', '1e+21'],
  ])('M1: has the number %s as the shortest decimal %s', async (value, text) => {
    expect(await textOf(`<row><c><v>${value}</v></c><c s="3"><v>${value}</v></c></row>`)).toBe(
      `${text},${text}\n`,
    );
  });

  it.each([
    ['46037', '2026-01-15'],
    ['46037.395833333336', '2026-01-15T09:30:00Z'],
    ['46037.395833333328', '2026-01-15T09:30:00Z'],
    ['46037.39583334491', '2026-01-15T09:30:00.001Z'],
  ])('has the day %s as the instant %s that it shows', async (value, text) => {
    const cells = `<row><c s="1"><v>${value}</v></c><c s="2"><v>${value}</v></c></row>`;
    expect(await textOf(cells)).toBe(`${text},${text}\n`);
    const later = Number(value) - 1462;
    const from1904 = await textOf(`<row><c s="1"><v>${later}</v></c></row>`, { is1904: true });
    expect(from1904.slice(0, 10)).toBe(text.slice(0, 10));
  });

  it('has characters that XML cannot contain as they were', async () => {
    const cell = '<c t="inlineStr"><is><t>a_x000A_b_x0041__x00g1_</t></is></c>';
    expect(await textOf(`<row>${cell}</row>`)).toBe('"a\nbA_x00g1_"\n');
  });

  it('is bad input where its XML is broken', async () => {
    const { text, problems } = await sheetOf(bookOf('<row><c><v>1</v></row>'));
    expect([text, problems]).toEqual([
      '',
      [
        {
          file: expect.stringMatching(/Book\.xlsx/),
          what: expect.stringContaining('save it as .xlsx again'),
        },
      ],
    ]);
  });

  it('has booleans as words, and dates that are text as they are', async () => {
    const rows =
      '<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="d"><v>2026-01-15T09:30:00</v></c></row>';
    expect(await textOf(rows)).toBe('true,false,2026-01-15T09:30:00\n');
  });

  it('has bad input where a cell holds an error or a formula without a stored value', async () => {
    const rows =
      '<row r="1"><c r="A1" t="inlineStr"><is><t>User_ID</t></is></c></row>' +
      '<row r="3"><c r="A3" t="e"><f>B9</f><v>#REF!</v></c></row>' +
      '<row r="4"><c r="A4"><f>A1</f></c><c r="AB4"><f>A1</f><v></v></c></row>' +
      '<row r="5"><c r="A5" t="str"><f>A1</f><v></v></c></row>';
    const { problems, text } = await sheetOf(bookOf(rows));
    expect(problems).toMatchObject([
      { line: 3, column: 'user_id', what: expect.stringContaining('an error'), value: '#REF!' },
      { line: 4, column: 'user_id', what: expect.stringContaining('without a stored value') },
      { line: 4, column: 'AB', what: expect.stringContaining('without a stored value') },
    ]);
    expect(text).not.toContain('REF');
  });

  it('is of a workbook that can be read', async () => {
    for (const bytes of [Buffer.from('no zip'), zipSync({ 'content.xml': strToU8('<x/>') })]) {
      await expect(sheetOf(bytes)).rejects.toMatchObject({
        problems: [{ what: expect.stringContaining('this workbook cannot be read') }],
      });
    }
  });
});
