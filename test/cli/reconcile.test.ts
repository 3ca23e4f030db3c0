import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type HostSettings, runMain, runOnce, withDirectory } from '../support/in-process.ts';
import { usageCsv } from '../support/tables.ts';
import { wideLines } from '../support/wide-lines.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const ACME = join(FIXTURES, 'acme');
const CSV = join(FIXTURES, 'acme-aws/cur');
const EUROPE = 'arn:aws:codewhisperer:eu-central-1:123456789012:profile/DEX2N6HVYPQM';
const PARQUET = join(FIXTURES, 'acme-aws/cur-parquet');

/** What is wrong with AWS's bill of March, by the script that made it: where, who, and the reason's beginning. */
const PLANTED: readonly Pick<SeatRow, 'profile_id' | 'user_id' | 'reason'>[] = JSON.parse(
  readFileSync(join(FIXTURES, 'acme-aws/planted-errors.json'), 'utf8'),
);

const HEADER =
  'month,account_id,profile_id,user_id,user_name,our_subscription,aws_subscription,our_overage,aws_overage,difference,verdict,reason,aws_net_charge';

function wordsOf(cur: string, args: readonly string[]): string[] {
  return ['reconcile', '--month', '2026-03', '--data', ACME, '--cur', cur, ...args];
}

function reconcile(cur: string, args: string[] = [], settings: HostSettings = {}) {
  return runOnce(wordsOf(cur, args), settings);
}

interface SeatRow {
  readonly profile_id: string;
  readonly user_id: string;
  readonly user_name: string;
  readonly verdict: string;
  readonly reason: string;
}

it('refuses the same bill joined to one CSV, and in Parquet under another name', async () => {
  const month = 'data/BILLING_PERIOD=2026-03';
  const [first, second] = ['00001', '00002'].map((part) =>
    gunzipSync(readFileSync(join(CSV, month, `acme-${part}.csv.gz`))),
  ) as [Buffer, Buffer];
  const joined = Buffer.concat([first, second.subarray(second.indexOf('\n') + 1)]);
  const parquet = readFileSync(join(PARQUET, month, 'acme-00001.snappy.parquet'));
  await withDirectory({ 'a.csv': joined, 'b.parquet': parquet }, async (directory) => {
    const { status, stderr } = await runMain(wordsOf(directory, []));
    expect(status).toBe(3);
    expect(stderr).toMatch(/b\.parquet: holds the same as .*a\.csv: remove one\n/);
  });
});

describe.each([
  ['gzipped CSV', CSV],
  ['Parquet', PARQUET],
])("AWS's bill of Acme as %s", (_, cur) => {
  it('has seven errors in March, of seven kinds: all are found, named, and nothing else', async () => {
    const { status, stdout } = await reconcile(cur, ['--format', 'json']);
    expect(status).toBe(1);
    const rows: SeatRow[] = JSON.parse(stdout).rows;
    const found = rows.filter(({ verdict }) => verdict !== 'match');
    expect(PLANTED).toHaveLength(7);
    expect(new Set(PLANTED.map(({ reason }) => reason)).size).toBe(7);
    for (const { profile_id, user_id, reason } of PLANTED) {
      const row = found.find((one) => one.user_id === user_id && one.profile_id === profile_id);
      expect(row?.reason, user_id).toMatch(new RegExp(`^${reason}`));
    }
    // A seat in another profile is missing in its own, which is a row of its own.
    const users = found.map((row) => row.user_id);
    expect(users).toHaveLength(8);
    expect(new Set(users)).toEqual(new Set(PLANTED.map(({ user_id }) => user_id)));
  });

  it('is right in February', async () => {
    const { status, stdout } = await reconcile(cur, ['--month', '2026-02', '--format', 'json']);
    const { rows, bridge } = JSON.parse(stdout);
    expect(rows.every(({ verdict }: SeatRow) => verdict === 'match')).toBe(true);
    expect(bridge.at(-1)).toEqual({ item: 'unexplained', detail: '', amount: '0.00' });
    expect(status).toBe(0);
  });
});

describe('the CSV', () => {
  it('has all seats, sorted by account, profile and user', async () => {
    const { stdout } = await reconcile(CSV, ['--format', 'csv']);
    const [header, ...lines] = stdout.trimEnd().split('\n');
    expect(header).toBe(HEADER);
    expect(lines).toHaveLength(43);
    const keys = lines.map((line) => line.split(',').slice(1, 4).join('\n'));
    expect(keys).toEqual([...keys].sort());
    expect(stdout).toContain(',19.35,20.00,0.00,0.00,0.65,amount differs,"first-month proration: ');
  });

  it('leaves matches out with --only-differences, and is the header alone where there is nothing', async () => {
    const only = await reconcile(CSV, ['--format', 'csv', '--only-differences']);
    expect(only.stdout.trimEnd().split('\n')).toHaveLength(9);
    expect(only.stdout).not.toContain(',match,');
    const args = ['--month', '2026-02', '--format', 'csv', '--only-differences'];
    const none = await reconcile(CSV, args);
    expect(none).toMatchObject({ status: 0, stdout: `${HEADER}\n` });
  });

  it("goes to a file by its extension, and never over AWS's bill", async () => {
    await withDirectory({}, async (directory) => {
      const file = join(directory, 'differences.csv');
      expect((await reconcile(CSV, ['-o', file])).status).toBe(1);
      expect(readFileSync(file, 'utf8').startsWith(HEADER)).toBe(true);
      const over = await reconcile(file, ['--format', 'csv', '-o', file]);
      expect(over.status).toBe(2);
      expect(over.stderr).toMatch(/would overwrite the input/);
    });
  });
});

describe('the JSON', () => {
  it.each([
    ['a month with differences', ['--month', '2026-03']],
    ['a month without any', ['--month', '2026-02', '--only-differences']],
  ])('is as its schema says for %s', async (_, args) => {
    const file = new URL('../../src/render/schemas/reconcile.schema.json', import.meta.url);
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(
      JSON.parse(readFileSync(file, 'utf8')),
    );
    const { stdout } = await reconcile(CSV, [...args, '--format', 'json']);
    const value = JSON.parse(stdout);
    validate(value);
    expect(validate.errors ?? []).toEqual([]);
    expect(value.tolerance).toBe('0.01');
    expect(validate({ ...value, bridge: [{ item: 'other' }] })).toBe(false);
  });

  it('has the bridge from our total to that of AWS', async () => {
    const { bridge } = JSON.parse((await reconcile(CSV, ['--format', 'json'])).stdout);
    expect(bridge.map(({ item, amount }: Record<string, string>) => `${item} ${amount}`)).toEqual([
      'our_total 2177.54',
      'differences 48.06',
      'adjustment -25.00',
      'adjustment -47.13',
      'adjustment -1.20',
      'adjustment -4.50',
      'adjustment 92.29',
      'rounding 0.00',
      'aws_total 2240.06',
      'unexplained 0.00',
    ]);
  });
});

describe('the table', () => {
  it.each([40, 60, 80, 100, 110, 120, 160, 200])('fits %i columns', async (columns) => {
    const { stdout } = await reconcile(CSV, [], { columns });
    expect(wideLines(stdout, columns)).toEqual([]);
  });

  it('tells each seat that differs, the greatest difference first, with the reason below it', async () => {
    const { stdout } = await reconcile(CSV, [], { columns: 80 });
    const lines = stdout.split('\n');
    const at = (part: string): number => lines.findIndex((line) => line.includes(part));
    expect(lines[at('Jonas Weber')]).toMatch(/\$44\.00 +\$52\.50 +\+\$8\.50 +amount differs/);
    expect(lines[at('Jonas Weber') + 1]).toMatch(/^ {4}cap: our data cap overage at 600\.00/);
    expect(at('Jonas Weber')).toBeGreaterThan(at('Pieter de Vries'));
    expect(at('Ingrid Solberg')).toBeGreaterThan(at('Jonas Weber'));
    expect(stdout).toContain('35 seats match within 0.01, 8 seats differ.');
    expect(stdout).not.toContain('Maya Lindqvist');
  });

  it('tells each side in its parts where there is room', async () => {
    const { stdout } = await reconcile(CSV, [], { columns: 120 });
    expect(stdout).toMatch(/Our subscription +AWS's +Our overage +AWS's +Diff/);
  });

  it('ends with the bridge, and colors nothing but its look', async () => {
    const plain = await reconcile(CSV, [], { columns: 80 });
    expect(plain.stdout).toMatch(
      /\nAWS's bill of 2026-03, 2,139 rows of Kiro +\$2,240\.06\nUnexplained +\$0\.00\n$/,
    );
    const settings = { columns: 80, environment: { FORCE_COLOR: '1' } };
    const colored = (await reconcile(CSV, [], settings)).stdout;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: only colors may differ
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
    expect(colored).not.toBe(plain.stdout);
  });

  it('says so where a condition leaves no seat of those that differ', async () => {
    const { stdout } = await reconcile(CSV, ['--where', 'verdict = match']);
    expect(stdout).toContain('8 seats differ.\n\nNo seats to show.\n\nFrom our invoice');
  });

  it('says so where every seat matches', async () => {
    const { stdout } = await reconcile(CSV, ['--month', '2026-02']);
    expect(stdout).toMatch(
      /\nAll \d+ seats match within 0\.01\.\n\nFrom our invoice to AWS's bill\n/,
    );
  });
});

describe('progress on a terminal', () => {
  afterEach(() => vi.restoreAllMocks());

  /** From here on every look at the clock is a second later. */
  function slowClock(): void {
    let seconds = 0;
    vi.spyOn(process, 'uptime').mockImplementation(() => {
      seconds += 1;
      return seconds;
    });
  }

  function slowly(cur: string, args: string[] = []) {
    slowClock();
    return runMain(wordsOf(cur, ['--format', 'csv', ...args]), { isTerminal: true });
  }

  it.each([
    ['gzipped CSV', CSV],
    ['Parquet', PARQUET],
  ])("tells how far AWS's bill is read, as %s, also of the months passed over", async (_, cur) => {
    const { stderr } = await slowly(cur);
    expect(stderr).toMatch(
      /reading AWS's bill: 0 of 0 MB \(100%\), [\d,]{5,} rows, \d+ rows\/s, 0 s left\r/,
    );
  });

  it("is drawn while import reads AWS's files, too", async () => {
    await withDirectory({}, async (directory) => {
      slowClock();
      const imported = (...args: string[]) =>
        runMain(['import', ...args, '-o', join(directory, 'data')], { isTerminal: true });
      const bucket = await imported('activity', join(FIXTURES, 'acme-aws/bucket'));
      expect(bucket.stderr).toMatch(/reading activity reports: 0 of 0 MB \(\d+%\), \d+ rows, /);
      const bill = await imported('cur', CSV);
      expect(bill.stderr).toMatch(/reading AWS's bill: 0 of 0 MB \(100%\), /);
    });
  });

  it("--timings tells of AWS's files, too", async () => {
    const { stderr } = await reconcile(CSV, ['--format', 'csv', '--timings']);
    expect(stderr).toMatch(/^read: \d+ files, 4,399 usage rows/m);
    expect(stderr).toMatch(
      /^tables: .*\nusage: .*\nbilling: .*\nCUR: .*\ncomparing: .*\noutput: /m,
    );
    expect(stderr).toMatch(/^read: AWS's bill: [\d,]+ rows, 0\.\d MB, [\d,]+ rows\/s$/m);
    await withDirectory({}, async (directory) => {
      const args = ['import', 'cur', CSV, '-o', directory, '--timings'];
      const imported = await runMain(args);
      expect(imported.stderr).toMatch(/^read: AWS's bill: /m);
      expect(imported.stderr).not.toContain('0 files');
    });
  });

  it('is not drawn with --no-progress', async () => {
    expect((await slowly(CSV, ['--no-progress'])).stderr).not.toContain('reading');
  });
});

describe('filters', () => {
  interface Shown {
    readonly rows: readonly SeatRow[];
    readonly bridge: readonly Record<string, unknown>[];
  }

  async function shown(...args: string[]): Promise<Shown & { status: number; stderr: string }> {
    const { status, stdout, stderr } = await reconcile(CSV, ['--format', 'json', ...args]);
    return { status, stderr, ...(JSON.parse(stdout) as Shown) };
  }

  const steps = ({ bridge }: Shown) => bridge.map(({ item, amount }) => `${item} ${amount}`);

  it('leave one user on both sides, with the bridge of those seats alone', async () => {
    const jonas = await shown('--user', 'Jonas Weber');
    expect(jonas.rows.map(({ user_name }) => user_name)).toEqual(['Jonas Weber']);
    expect(jonas.status).toBe(1);
    expect(steps(jonas)).toEqual([
      'our_total 44.00',
      'differences 8.50',
      'rounding 0.00',
      'aws_total 52.50',
      'unexplained 0.00',
    ]);
    expect(jonas.bridge[0]).toMatchObject({ rows: 1 });
    expect(jonas.stderr).toMatch(/the totals and the bridge are of the seats shown/);
    expect(jonas.stderr).not.toContain('Marcus Reed');
    expect(jonas.stderr).toMatch(/1 of 1 seat differs/);
    expect((await shown('--user', 'Maya Lindqvist')).status).toBe(0);
  });

  it("reach users whom only AWS's bill has, and reasons look at the seats left out, too", async () => {
    const profile = 'arn:aws:codewhisperer:us-east-1:123456789012:profile/ABJQ4ZC7WRTK';
    const moved = await shown(
      '--profile',
      profile,
      '--user',
      '3d70a078-3ab1-7052-500f-056bc6e5eeb7',
    );
    expect(moved.rows).toMatchObject([{ profile_id: profile, verdict: "only in AWS's bill" }]);
    expect(moved.rows[0]?.reason).toMatch(/our invoice charges it in Acme Europe/);
  });

  it('take the seats that --by group puts in a group', async () => {
    const group = await shown('--group', 'grp-backend');
    expect(group.rows.length).toBeGreaterThan(1);
    expect(group.rows.length).toBeLessThan(20);
    expect(group.rows.map(({ user_name }) => user_name)).toContain('Jonas Weber');
    expect(steps(group).at(-1)).toBe('unexplained 0.00');
  });
});

describe('--sort and --top', () => {
  async function names(...args: string[]): Promise<string[]> {
    const { stdout } = await reconcile(CSV, ['--format', 'json', ...args]);
    return JSON.parse(stdout).rows.map((row: SeatRow) => row.user_name);
  }

  it('without --sort takes the greatest differences, in whichever direction', async () => {
    const { stdout, stderr } = await reconcile(CSV, ['--format', 'csv', '--top', '3']);
    const lines = stdout.trimEnd().split('\n').slice(1);
    expect(lines.map((line) => line.split(',')[9])).toEqual(['20.00', '-20.00', '20.00']);
    expect(stderr).toMatch(/the totals are of the rows shown; the bridge is of all seats/);
    const filtered = await reconcile(CSV, ['--profile', EUROPE, '--top', '1']);
    expect(filtered.stderr).toMatch(
      /the totals are of the rows shown; the bridge is of the seats that the filters leave, without AWS's charges of no seat/,
    );
  });

  it('sorts by a column, also what differs in the table', async () => {
    const sorted = await names('--sort', '-difference', '--top', '2');
    expect(sorted[0]).toBe('Marta Wiśniewska');
    const { stdout } = await reconcile(CSV, ['--sort', 'user_name', '--top', '2'], { columns: 80 });
    expect(stdout.indexOf('Ingrid Solberg')).toBeLessThan(stdout.indexOf('Jonas Weber'));
    expect(stdout).toContain('35 seats match within 0.01, 8 seats differ.');
    expect(stdout).toMatch(/\n2 seats shown /);
    expect(stdout).toMatch(/Differences of seats \(8 seats differ\)/);
  });
});

it('Markdown has the seats and the bridge, and no sum over the steps of the bridge', async () => {
  const { stdout } = await reconcile(CSV, ['--format', 'markdown', '--only-differences']);
  const [seats = '', bridge = ''] = stdout.split('\n\n');
  expect(seats.split('\n')).toHaveLength(11);
  expect(seats).toContain('| **Total shown** |');
  const all = await reconcile(CSV, ['--format', 'markdown']);
  expect(all.stdout).toContain('| **Total** |');
  expect(bridge).toContain('| our_total |  | 41 | 2177.54 |');
  expect(bridge).not.toContain('Total**');
});

it('warns of a month of which the data hold no usage', async () => {
  const { stderr } = await withDirectory(
    { 'usage.csv': 'timestamp,profile_id,user_id,credits\n' },
    (directory) => reconcile(CSV, ['--usage', join(directory, 'usage.csv')]),
  );
  expect(stderr).toContain(
    'warning: 2026-03: no usage is in the data: credits of 41 seats count as none',
  );
});

it('--skip-bad-usage reconciles in spite of bad usage rows, and keeps them', async () => {
  const files = {
    'usage.csv': usageCsv(
      'yesterday,p,u,1',
      '2026-03-02,arn:aws:codewhisperer:us-east-1:123456789012:profile/ABJQ4ZC7WRTK,u,1',
    ),
  };
  await withDirectory(files, async (directory) => {
    const left = join(directory, 'left.csv');
    const args = ['--usage', join(directory, 'usage.csv'), '--skip-bad-usage', left, '-f', 'json'];
    const { status, stderr } = await reconcile(CSV, args);
    expect(status).toBe(1);
    expect(stderr).toMatch(/1 bad usage row of \d+ left out/);
    expect(readFileSync(left, 'utf8')).toContain('yesterday');
  });
});

describe('wrong usage', () => {
  it.each([
    [['--tolerance', '-1'], /--tolerance -1: it must be an amount/],
    [['--tolerance', 'x'], /--tolerance x: it must be an amount/],
    [['--month', '2026-01..2026-03'], /takes one month/],
    [['-o', 'x.html'], /cannot write \.html/],
    [['--sort', 'diference'], /there is no column diference; did you mean difference\?/],
    [['--user', 'Jonas Webber'], /did you mean Jonas Weber\?/],
  ])('%j says what is right', async (args, message) => {
    const { status, stderr } = await reconcile(CSV, args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('asks for --cur', async () => {
    const { status, stderr } = await runMain(['reconcile', '--data', ACME]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/--cur/);
  });

  it('a path that is not there, and a folder without any bill, are bad input', async () => {
    expect(await reconcile('nowhere')).toMatchObject({ status: 3, stdout: '' });
    const empty = await withDirectory({ 'a.txt': '' }, (directory) => reconcile(directory));
    expect(empty.status).toBe(3);
    expect(empty.stderr).toMatch(/the folder has no \.csv, \.csv\.gz, \.zip or \.parquet file/);
  });
});
