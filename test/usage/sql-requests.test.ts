import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withDirectory } from '../support/in-process.ts';
import { duckdbCsv, duckdbSql, summaryOf } from './sql-duckdb.ts';

const ACME = join(import.meta.dirname, '../../fixtures/acme');

const UUID = '308da4d8-9511-70f1-8556-355FF92816aa';

const TABLES = {
  'profiles.csv': `profile_id,account_id,region
P,123456789012,us-east-1
=P,123456789012,us-east-2
'=P,123456789012,us-west-1
"p ""ü"", x",123456789012,eu-central-1
`,
  'subscriptions.csv': 'profile_id,principal_type,principal_id,tier,subscribed_at\n',
  'overage_changes.csv': `profile_id,changed_at,overage
P,2026-01-10T08:00:00.123456789Z,on
P,2026-01-10T08:00:00.1234568Z,off
P,2026-01-31T23:59:59.9999999Z,on
P,2026-02-01T00:00:00Z,off
=P,2026-02-28T23:30:00-01:00,on
`,
};

const HEADER = 'timestamp,profile_id,user_id,credits\n';

/** Compares DuckDB's summary of usage files with ours, byte by byte. */
async function compared(usage: Record<string, string | Buffer>): Promise<string> {
  const files = Object.entries(usage).map(([name, text]) => [`usage/${name}`, text]);
  return withDirectory({ ...TABLES, ...Object.fromEntries(files) }, async (directory) => {
    const path = join(directory, 'usage/**/*.csv*');
    const sql = await duckdbSql(['--data', directory, '--path', path]);
    const expected = await summaryOf(['--data', directory]);
    expect(await duckdbCsv(sql, directory)).toBe(expected);
    return expected;
  });
}

test('the statement for DuckDB makes the same summary of Acme as summarize, byte for byte', async () => {
  await withDirectory({}, async (directory) => {
    const sql = await duckdbSql(['--data', ACME, '--path', join(ACME, 'usage/*.csv*')]);
    expect(await duckdbCsv(sql, directory)).toBe(await summaryOf(['--data', ACME]));
  });
});

describe('the statement for DuckDB equals summarize', () => {
  test('on numbers in every form', async () => {
    const numbers = [
      '7',
      '7.0',
      '.5',
      '7.',
      '007',
      '1e-05',
      '1.2E+02',
      '0',
      '0e-40',
      '114.45787414391377',
    ];
    numbers.push(
      '99999999999999.999999999999999999999999',
      '1e-24',
      '000000000000000000001',
      '1e13',
    );
    numbers.push(
      '0.1230000000000000000000000000000',
      '120000e-05',
      '123.456e+3',
      '.00000001',
      '1234567890',
    );
    numbers.push(
      '1234567.89',
      '12345678.9',
      '5E0',
      '5e+00007',
      '0.000000000000000000000000',
      '100e-2',
    );
    const rows = numbers.map((number, index) => `2026-01-15,P,u${index},${number}\n`);
    const summary = await compared({ 'a.csv': HEADER + rows.join('') });
    expect(summary).toContain(',99999999999999.999999999999999999999999,1\n');
    expect(summary).toContain(',0.000000000000000000000001,1\n');
  });

  test('on instants in every form, at the bounds of months and of stretches', async () => {
    const instants = [
      '2026-01-10',
      '2026-01-10T08:00',
      '2026-01-10t08:00:00z',
      '2026-01-10 08:00:00.123456',
    ];
    instants.push(
      '2026-01-10T08:00:00.123457Z',
      '2026-01-10T08:00:00.123457000Z',
      '2026-01-31T23:59:59.999999Z',
    );
    instants.push(
      '2026-01-31T23:59:59-00:01',
      '2026-02-01T05:29:59.999999+0530',
      '2026-02-01T05:30:00+05:30',
    );
    instants.push('2026-01-31 19:00-05', '2026-02-28T23:59:59+00', '2000-01-01T00:00:00+23:59');
    instants.push('2199-12-31T23:59:59.999999-23:59', '2024-02-29T12:00Z', '2026-03-01T00:30:00Z');
    const rows = instants.flatMap((at) => [`${at},P,u,1\n`, `${at},=P,v,1\n`]);
    const summary = await compared({ 'a.csv': HEADER + rows.join('') });
    expect(summary).toContain('2026-01-10T08:00:00.123456789Z');
    expect(summary).toContain('1999-12,');
  });

  test('on ids in every form, also those that a spreadsheet would run', async () => {
    // None has a #, which DuckDB's writer of CSV quotes without need.
    const users = [
      UUID,
      `d-1234567890.${UUID}`,
      `arn:aws:identitystore:::user/${UUID}`,
      `0123456789-${UUID}`,
    ];
    users.push(
      `d-123456789z.0123456789-${UUID}`,
      `d-123456789.${UUID}`,
      `d-1234567890.${UUID}x`,
      UUID.toLowerCase(),
    );
    users.push(
      '=u',
      "'=u",
      "''=u",
      '+u',
      '-u',
      '@u',
      "'u",
      "'",
      '"a ""b"", c"',
      'ü',
      '\u{1f600}',
      '\uffee',
      'Z',
      'a',
    );
    users.push('  spaced \t', '\tx', 'in side', '1', 'NULL');
    const profiles = ['P', '=P', "'=P", '"p ""ü"", x"'];
    const rows = users.flatMap((user) =>
      profiles.map((profile) => `2026-01-15,${profile},${user},1.5\n`),
    );
    const summary = await compared({ 'a.csv': HEADER + rows.join('') });
    expect(summary).toContain(",'=P,'=u,");
    expect(summary).toContain(",''=P,''=u,");
    expect(summary).toContain(
      `,P,${UUID},2026-01-10T08:00:00.1234568Z,2026-01-31T23:59:59.9999999Z,4.50,3\n`,
    );
  });

  test('on files of any layout: column order, header case, CRLF, byte order mark, gzip, folders', async () => {
    const rows = '2026-01-15,P,u,1.1\n';
    await compared({
      'a.csv': HEADER + rows,
      'b.csv': '\ufeffCREDITS,User_Id,extra,TIMESTAMP,Profile_ID\r\n2.5,u,"x\ny",2026-01-15,P\r\n',
      'deep/c.csv.gz': gzipSync(`${HEADER}2026-01-15,"P","u","3"`),
    });
  });

  test('on any mix of digits and places', async () => {
    const digits = fc.stringMatching(/^[0-9]{1,12}$/);
    const number = fc
      .tuple(digits, fc.option(digits), fc.option(fc.integer({ min: -10, max: 2 })))
      .map(([whole, fraction, exponent]) =>
        [
          whole,
          fraction === null ? '' : `.${fraction}`,
          exponent === null ? '' : `e${exponent}`,
        ].join(''),
      );
    const at = fc
      .tuple(fc.integer({ min: 0, max: 58 }), fc.integer({ min: 0, max: 86_399_999_999 }))
      .map(([day, micros]) => {
        const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
        const time = new Date(Math.floor(micros / 1000)).toISOString().slice(11, 23);
        return `${date}T${time}${String(micros % 1000).padStart(3, '0')}`;
      });
    const zone = fc.constantFrom('', 'Z', 'z', '+05:30', '-0930', '+14');
    const row = fc
      .tuple(at, zone, fc.constantFrom('P', '=P'), fc.constantFrom('u', '-v'), number)
      .map(([instant, offset, ...others]) => [instant + offset, ...others].join(','));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (rows) => {
        await compared({ 'a.csv': `${HEADER}${rows.join('\n')}\n` });
      }),
      { numRuns: 15 },
    );
  });

  test('on a table with typed columns, in whatever time zone the session is', async () => {
    const usage = `${HEADER}2026-01-15T09:30:00.5Z,P,u,1.25\n2026-02-01T00:00:00Z,=P,v,1e-05\n`;
    await withDirectory({ ...TABLES, 'usage.csv': usage }, async (directory) => {
      const sql = await duckdbSql(['--data', directory, '--table', 'my "logs".usage']);
      for (const type of ['TIMESTAMP', 'TIMESTAMPTZ']) {
        const zone = type === 'TIMESTAMP' ? '' : '+00';
        const table = `SET TimeZone = 'Asia/Tokyo';
          CREATE OR REPLACE TABLE usage
          ("timestamp" ${type}, profile_id VARCHAR, user_id VARCHAR, credits DECIMAL(18, 6));
          INSERT INTO usage VALUES
          ('2026-01-15 09:30:00.5${zone}', 'P', 'u', 1.25), ('2026-02-01 00:00:00${zone}', '=P', 'v', 0.00001)`;
        const schema = `CREATE SCHEMA "my ""logs"""; USE "my ""logs""";`;
        expect(await duckdbCsv(sql, directory, `${schema} ${table}; USE main`)).toBe(
          await summaryOf(['--data', directory]),
        );
      }
    });
  });

  test('on whole numbers, and not on floating point, which has no exact sum', async () => {
    const usage = `${HEADER}2026-01-15,P,u,7\n`;
    await withDirectory({ ...TABLES, 'usage.csv': usage }, async (directory) => {
      const sql = await duckdbSql(['--data', directory]);
      const table = (type: string): string => `CREATE TABLE kiro_usage AS
        SELECT TIMESTAMP '2026-01-15' AS "timestamp", 'P' AS profile_id, 'u' AS user_id, CAST(7 AS ${type}) AS credits`;
      expect(await duckdbCsv(sql, directory, table('BIGINT'))).toBe(
        await summaryOf(['--data', directory]),
      );
      await expect(duckdbCsv(sql, directory, table('DOUBLE'))).rejects.toThrow(
        'credits must be DECIMAL, not DOUBLE',
      );
    });
  });

  test.each([
    ['are missing', 'NULL'],
    ['are negative', '-0.5'],
  ])('fails on a typed table whose credits %s', async (_what, credits) => {
    await withDirectory(TABLES, async (directory) => {
      const sql = await duckdbSql(['--data', directory]);
      const table = `CREATE TABLE kiro_usage AS
        SELECT TIMESTAMP '2026-01-15' AS "timestamp", 'P' AS profile_id, 'u' AS user_id, CAST(${credits} AS DECIMAL(9, 3)) AS credits`;
      await expect(duckdbCsv(sql, directory, table)).rejects.toThrow('no such credits');
    });
  });

  test('of the months asked for alone', async () => {
    const rows = [
      '2026-01-31T23:59:59.999999Z',
      '2026-02-01',
      '2026-02-28T23:59:59Z',
      '2026-03-01',
    ];
    const usage = HEADER + rows.map((at) => `${at},P,u,1\n`).join('');
    await withDirectory({ ...TABLES, 'usage.csv': usage }, async (directory) => {
      const months = ['--data', directory, '--month', '2026-02'];
      const sql = await duckdbSql([...months, '--path', join(directory, 'usage.csv')]);
      const summary = await duckdbCsv(sql, directory);
      expect(summary).toBe(await summaryOf(months));
      expect(summary.split('\n')).toHaveLength(3);
    });
  });

  test('on no usage at all', async () => {
    await compared({ 'a.csv': HEADER });
  });
});

describe('the statement for DuckDB fails, and rounds nothing', () => {
  test.each([
    ['credits finer than DECIMAL(38, 24)', '2026-01-15,P,u,0.1234567890123456789012345'],
    ['credits finer by their exponent', '2026-01-15,P,u,1e-25'],
    ['credits greater than DECIMAL(38, 24)', '2026-01-15,P,u,100000000000000'],
    ['credits greater by their exponent', '2026-01-15,P,u,1e14'],
    [
      'a sum greater than DECIMAL(38, 24)',
      '2026-01-15,P,u,99999999999999\n2026-01-15,P,u,99999999999999',
    ],
    ['more than 40 digits', '2026-01-15,P,u,0.0000000000000000000000000000000000000000'],
    ['an exponent above 40', '2026-01-15,P,u,0e41'],
    ['negative credits', '2026-01-15,P,u,-1'],
    ['minus zero', '2026-01-15,P,u,-0'],
    ['a leading plus', '2026-01-15,P,u,+1'],
    ['thousands separators', '2026-01-15,P,u,"1,000"'],
    ['NaN', '2026-01-15,P,u,NaN'],
    ['a lone point', '2026-01-15,P,u,.'],
    ['no credits', '2026-01-15,P,u,'],
    ['an instant finer than a microsecond', '2026-01-15T09:30:00.1234567Z,P,u,1'],
    ['a day that does not exist', '2026-02-30,P,u,1'],
    ['a day that does not exist, with an offset', '2026-02-30T00:00:00+01:00,P,u,1'],
    ['the hour 24', '2026-01-15T24:00:00Z,P,u,1'],
    ['the second 60', '2026-01-15T09:30:60Z,P,u,1'],
    ['a year before 2000', '1999-12-31,P,u,1'],
    ['a year after 2199', '2200-01-01,P,u,1'],
    ['a word for an instant', 'infinity,P,u,1'],
    ['no instant', ',P,u,1'],
    ['a short row', '2026-01-15,P,u'],
    ['a long row', '2026-01-15,P,u,1,2'],
  ])('on %s', async (_what, row) => {
    await withDirectory({ ...TABLES, 'usage.csv': `${HEADER}${row}\n` }, async (directory) => {
      const sql = await duckdbSql(['--data', directory, '--path', join(directory, 'usage.csv')]);
      await expect(duckdbCsv(sql, directory)).rejects.toThrow();
    });
  });
});
