import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, ALICE, BOB, type CurTexts, credits, curCsv, fee } from '../aws/cur-rows.ts';
import { type Outcome, runMain, withDirectory } from '../support/in-process.ts';
import { profilesCsv, subscriptionsCsv, tierChangesCsv } from '../support/tables.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const BUCKET = join(FIXTURES, 'acme-aws/bucket');
const CUR = join(FIXTURES, 'acme-aws/cur');
const ARN = `arn:aws:codewhisperer:us-east-1:${ACCOUNT}:profile/ABC`;

interface Row {
  readonly date: string;
  readonly user?: string;
  readonly credits?: string;
  readonly tier?: string;
  readonly on?: string;
  readonly cap?: string;
  readonly isNew?: string;
  readonly email?: string;
}

function report(...rows: Row[]): string {
  const lines = rows.map((row) =>
    [
      row.date,
      `"${row.user ?? ALICE}"`,
      'KIRO_IDE',
      row.credits ?? '10',
      row.cap ?? '',
      '0',
      row.on ?? 'false',
      `"${ARN}"`,
      row.tier ?? 'PRO',
      row.isNew ?? 'false',
      `"${row.email ?? ''}"`,
    ].join(','),
  );
  const header =
    'Date,UserId,Client_Type,Credits_Used,Overage_Cap,Overage_Credits_Used,Overage_Enabled,ProfileId,Subscription_Tier,New_User,User_Email';
  return [header, ...lines, ''].join('\n');
}

interface Imported {
  readonly run: Outcome;
  /** The files written, without the column `inferred_from` and its header row. */
  readonly rows: Record<string, string[]>;
  /** The same as they are. */
  readonly texts: Record<string, string>;
  readonly check: Outcome;
}

/** Imports one file after another into one directory, and checks what came of it. */
async function imported(
  sources: readonly (readonly [kind: string, text: string])[],
  standing: Record<string, string> = {},
  args: string[] = [],
): Promise<Imported> {
  const files = Object.fromEntries([
    ...Object.entries(standing).map(([name, text]) => [`data/${name}`, text]),
    ...sources.map(([, text], index) => [`from/${index}.csv`, text]),
  ]);
  return withDirectory(files, async (directory) => {
    const data = join(directory, 'data');
    let run: Outcome = { status: 0, stdout: '', stderr: '' };
    for (const [index, [kind]] of sources.entries()) {
      const path = join(directory, 'from', `${index}.csv`);
      run = await runMain(['import', kind, path, '-o', data, ...args]);
    }
    const check = await runMain(['check', '--data', data]);
    const names = existsSync(data) ? readdirSync(data) : [];
    const texts = Object.fromEntries(
      names.map((name) => [name, readFileSync(join(data, name), 'utf8')]),
    );
    const clean = (text: string): string => text.replaceAll(`${directory}/`, '');
    return {
      run: { ...run, stdout: clean(run.stdout), stderr: clean(run.stderr) },
      rows: Object.fromEntries(
        names
          .filter((name) => name.endsWith('.csv'))
          .map((name) => [name, withoutInference(texts[name] ?? '')]),
      ),
      texts,
      check,
    };
  });
}

function withoutInference(text: string): string[] {
  const [, ...rows] = text.trimEnd().split('\n');
  return rows.map((row) => row.replace(/,("[^"]*"|[^",]*)$/, ''));
}

describe('import activity', () => {
  it('writes profiles, users and seats, and says in each row what it is inferred from', async () => {
    const { rows, texts, check, run } = await imported([
      ['activity', report({ date: '2026-01-15', email: 'a@example.com' }, { date: '2026-01-16' })],
    ]);
    expect(rows).toEqual({
      'profiles.csv': [`${ARN},${ACCOUNT},us-east-1,,disabled,,`],
      'users.csv': [`${ALICE},a@example.com,a@example.com,,`],
      'subscriptions.csv': [`${ARN},user,${ALICE},Pro,2026-01-01T00:00:00Z,`],
      'tier_changes.csv': [],
      'activations.csv': [`${ARN},${ALICE},2026-01-01T00:00:00Z`],
      'overage_changes.csv': [],
    });
    expect(texts['subscriptions.csv']).toContain(
      '"first seen 2026-01-15 in 0.csv:2: no new user there, so from the first of 2026-01"'.replaceAll(
        '"',
        '',
      ),
    );
    for (const [name, text] of Object.entries(texts)) {
      if (name.endsWith('.csv')) expect(text).toMatch(/^[^\n]*,inferred_from\n/);
    }
    expect(check.status).toBe(0);
    expect(run.stdout).toMatch(/data\/subscriptions\.csv: 1 row added/);
    expect(run.stdout).toMatch(
      /What these files cannot tell.*\n {2}- The reports cover 2026-01-15 to 2026-01-16/,
    );
    expect(run.stdout).toContain('Idle seats');
  });

  it('starts a seat on the day on which it is a new user', async () => {
    const { rows } = await imported([
      ['activity', report({ date: '2026-01-15', isNew: 'true' }, { date: '2026-01-16' })],
    ]);
    expect(rows['subscriptions.csv']).toEqual([`${ARN},user,${ALICE},Pro,2026-01-15T00:00:00Z,`]);
  });

  it('H4: dates a change of tier to the day seen, or between months to the first', async () => {
    const { rows, check } = await imported([
      [
        'activity',
        report(
          { date: '2026-01-15', tier: 'PRO' },
          { date: '2026-01-20', tier: 'ProPlus' },
          { date: '2026-02-09', tier: 'POWER' },
          { date: '2026-03-05', tier: 'Pro' },
        ),
      ],
    ]);
    expect(rows['tier_changes.csv']).toEqual([
      `${ARN},user,${ALICE},2026-01-20T00:00:00Z,Pro,Pro+`,
      `${ARN},user,${ALICE},2026-02-01T00:00:00Z,Pro+,Power`,
      `${ARN},user,${ALICE},2026-03-01T00:00:00Z,Power,Pro`,
    ]);
    expect(check.status).toBe(0);
  });

  it('O2: switches overage as the flags show, with the cap', async () => {
    const { rows, check } = await imported([
      [
        'activity',
        report(
          { date: '2026-01-15', on: 'true', cap: '500' },
          { date: '2026-01-16', on: 'true', cap: '500' },
          { date: '2026-01-17', on: 'false', cap: '10000' },
          { date: '2026-01-18', on: 'true', cap: '800.5' },
          { date: '2026-01-19', on: 'true', cap: '' },
        ),
      ],
    ]);
    expect(rows['profiles.csv']).toEqual([`${ARN},${ACCOUNT},us-east-1,,enabled,500,`]);
    expect(rows['overage_changes.csv']).toEqual([
      `${ARN},2026-01-17T00:00:00Z,disabled,`,
      `${ARN},2026-01-18T00:00:00Z,enabled,800.5`,
      `${ARN},2026-01-19T00:00:00Z,enabled,none`,
    ]);
    expect(check.status).toBe(0);
  });

  it('adds what is missing, and leaves what stands there as it is', async () => {
    const january = report({ date: '2026-01-15' });
    const march = report(
      { date: '2026-03-02', tier: 'POWER', on: 'true' },
      { date: '2026-03-03', user: BOB, on: 'true', email: '=cmd' },
    );
    const standing = {
      'users.csv': `"email",User_ID\r\n"a, b",${ALICE}\r\n`,
    };
    const once = await imported(
      [
        ['activity', january],
        ['activity', march],
      ],
      standing,
    );
    expect(once.check.stderr).toMatch(/No problems/);
    expect(once.texts['users.csv']).toBe(
      [
        'user_id,name,email,cost_center,aliases,inferred_from',
        `${ALICE},,"a, b",,,`,
        `${BOB},'=cmd,'=cmd,,,User_Email of 1.csv:3`,
        '',
      ].join('\n'),
    );
    expect(once.rows['subscriptions.csv']).toEqual([
      `${ARN},user,${ALICE},Pro,2026-01-01T00:00:00Z,`,
      `${ARN},user,${BOB},Pro,2026-03-01T00:00:00Z,`,
    ]);
    expect(once.rows['tier_changes.csv']).toEqual([
      `${ARN},user,${ALICE},2026-03-01T00:00:00Z,Pro,Power`,
    ]);
    expect(once.rows['overage_changes.csv']).toEqual([`${ARN},2026-03-02T00:00:00Z,enabled,none`]);
  });

  it('changes nothing the second time', async () => {
    const text = report({ date: '2026-01-15' }, { date: '2026-02-15', tier: 'POWER', on: 'true' });
    const once = await imported([['activity', text]]);
    const twice = await imported([
      ['activity', text],
      ['activity', text],
    ]);
    const renamed = (texts: Record<string, string>): string =>
      JSON.stringify(texts).replaceAll(/0\.csv|1\.csv/g, 'X');
    expect(renamed(twice.texts).replaceAll(/,\\n {4}\\"[^"]*X\\"/g, '')).toBe(renamed(once.texts));
    expect(twice.run.stdout).toMatch(/0 rows added, 1 row kept/);
  });

  it('writes the files anew with --force', async () => {
    const standing = {
      'subscriptions.csv': subscriptionsCsv('p,user,x,Pro,2026-01-01'),
      'tier_changes.csv': tierChangesCsv('p,user,x,2026-01-09,Power'),
    };
    const { rows } = await imported([['activity', report({ date: '2026-01-15' })]], standing, [
      '--force',
    ]);
    expect(rows['subscriptions.csv']).toEqual([`${ARN},user,${ALICE},Pro,2026-01-01T00:00:00Z,`]);
    expect(rows['tier_changes.csv']).toEqual([]);
  });

  it('writes nothing where anything is wrong: in the reports, or with what stands there', async () => {
    const bad = await imported([['activity', report({ date: '2026-01-15', tier: 'Gold' })]]);
    expect(bad.run.status).toBe(3);
    expect(bad.run.stderr).toMatch(/0\.csv:2: subscription_tier: not a tier .*Gold/);
    expect(bad.texts).toEqual({});
    const standing = { 'users.csv': `user_id\n${ALICE}\n${ALICE}\n` };
    const broken = await imported([['activity', report({ date: '2026-01-15' })]], standing);
    expect(broken.run.status).toBe(3);
    expect(broken.run.stderr).toMatch(/data\/users\.csv:3: user_id: already defined on line 2/);
    expect(broken.texts).toEqual(standing);
  });

  it('matches a profile that stands there by account and Region', async () => {
    const standing = {
      'profiles.csv': profilesCsv(`mine,${ACCOUNT},US East (N. Virginia)`),
    };
    const { rows } = await imported([['activity', report({ date: '2026-01-15' })]], standing);
    expect(rows['profiles.csv']).toEqual([`mine,${ACCOUNT},US East (N. Virginia),,,,`]);
    expect(rows['subscriptions.csv']).toEqual([`mine,user,${ALICE},Pro,2026-01-01T00:00:00Z,`]);
  });

  it('refuses a report that cannot be read, and does not pass it over', async () => {
    const files = {
      'bucket/a_user_report_202601160200.csv': report({ date: '2026-01-15' }),
      'bucket/b.csv.gz': gzipSync(report({ date: '2026-01-16' })).subarray(0, -9),
    };
    const run = await withDirectory(files, (directory) =>
      runMain(['import', 'activity', join(directory, 'bucket'), '-o', join(directory, 'data')]),
    );
    expect(run.status).toBe(3);
    expect(run.stderr).toMatch(/b\.csv\.gz: the gzip data end too early/);
    const utf16 = await withDirectory(
      {
        'a.csv': report({ date: '2026-01-15' }),
        'b.csv': Buffer.from(report({ date: '2026-01-16' }), 'utf16le'),
        'by_user_analytic/c.csv': Buffer.from('no report, and no text'.repeat(2), 'utf16le'),
      },
      (directory) => runMain(['import', 'activity', directory, '-o', `${directory}-data`]),
    );
    expect(utf16.status).toBe(3);
    expect(utf16.stderr).toMatch(/b\.csv:1: row: a NUL byte: text that is UTF-16/);
    expect(utf16.stderr).not.toContain('c.csv');
    const missing = await runMain(['import', 'activity', 'nowhere', '-o', 'unused']);
    expect(missing).toMatchObject({ status: 3, stdout: '' });
    expect(missing.stderr).toMatch(/nowhere: there is no such file/);
    for (const line of [
      'import cur - -o x',
      'import users - -o x',
      `reconcile --cur - --data ${FIXTURES}/acme`,
    ]) {
      const piped = await runMain(line.split(' '), { stdin: 'x' });
      expect(piped.stderr).toMatch(/^-: standard input is not read here: name a file\n/);
    }
  });

  it('reads a report that a spreadsheet has saved: semicolons, decimal commas', async () => {
    const plain = report({ date: '2026-01-15', on: 'true', cap: '99.5', tier: 'PRO_PLUS' });
    const saved = plain.replaceAll(',', ';').replaceAll('.', ',');
    const [first, second] = await Promise.all(
      [plain, saved].map((text) => imported([['activity', text]])),
    );
    expect(second?.run.status).toBe(0);
    expect(second?.rows['profiles.csv']?.[0]).toMatch(/enabled,99\.5/);
    expect(second?.rows).toEqual(first?.rows);
  });

  it('ends with a command to go on with, for the last month there is, fit for a shell', async () => {
    const files = {
      'my bucket/a.csv': report({ date: '2026-01-15' }, { date: '2026-02-03' }),
      'cur.csv': curCsv([fee(ALICE, 'Pro', '20')]),
    };
    await withDirectory(files, async (directory) => {
      const at = (name: string): string => join(directory, name);
      const activity = await runMain(['import', 'activity', at('my bucket'), '-o', at('data')]);
      expect(activity.stderr).toContain(
        `Now try: kiro-bill invoice --month 2026-02 --data ${at('data')}\n`,
      );
      const cur = await runMain(['import', 'cur', at('cur.csv'), '-o', at('data')]);
      expect(cur.stderr).toContain(
        `Now try: kiro-bill reconcile --month 2026-01 --data ${at('data')}\n`,
      );
    });
  });

  it('names no month to bill where nothing shows a seat, and says so', async () => {
    const files = { 'a.csv': report(), 'b.csv': report({ date: '2026-01-15' }) };
    await withDirectory(files, async (directory) => {
      const [data, note] = [
        join(directory, 'data'),
        /note: no seat is known yet, so there is nothing to bill: /,
      ];
      const empty = await runMain(['import', 'activity', join(directory, 'a.csv'), '-o', data]);
      expect(empty.stderr).toMatch(note);
      expect(empty.stderr).toContain(`Now try: kiro-bill check --data ${data}\n`);
      const seats = await runMain(['import', 'activity', join(directory, 'b.csv'), '-o', data]);
      expect(seats.stderr).not.toMatch(note);
    });
  });

  it('names a month to bill where people come to seats that a person has written', async () => {
    const files = {
      'own/subscriptions.csv': subscriptionsCsv(`${ARN},user,${ALICE},Pro,2026-01-01,`),
      'people.csv': `user_id,name\n${ALICE},Alice\n`,
    };
    await withDirectory(files, async (directory) => {
      const data = join(directory, 'own');
      const run = await runMain(['import', 'users', join(directory, 'people.csv'), '-o', data]);
      expect(run.stderr).not.toContain('no seat is known');
      expect(run.stderr).toContain(`Now try: kiro-bill invoice --month last --data ${data}\n`);
    });
  });

  it('asks for reports where a folder has none', async () => {
    const run = await withDirectory({ 'a.csv': 'x,y\n' }, (directory) =>
      runMain(['import', 'activity', directory, '-o', `${directory}-data`]),
    );
    expect(run.status).toBe(3);
    expect(run.stderr).toMatch(/there is no activity report/);
  });

  it.each([
    ['a CSV', 'cur.csv', Buffer.from(curCsv([fee(ALICE, 'Pro', '20')]))],
    ['a packed CSV', 'cur.csv.gz', gzipSync(curCsv([fee(ALICE, 'Pro', '20')]))],
    [
      'an archive',
      'cur.zip',
      Buffer.from(zipSync({ 'a.csv': Buffer.from(curCsv([fee(ALICE, 'Pro', '20')])) })),
    ],
  ])("calls AWS's bill in %s what it is where reports are wanted", async (_, name, content) => {
    const run = await withDirectory({ [`bill/${name}`]: content }, (directory) =>
      runMain(['import', 'activity', join(directory, 'bill'), '-o', join(directory, 'data')]),
    );
    expect(run.status).toBe(3);
    expect(run.stderr).toMatch(
      /bill: a Cost and Usage Report, which is a bill, not usage: .* kiro-bill import cur PATH -o DIR/,
    );
  });
});

function inMonth(month: string, row: CurTexts): CurTexts {
  return { ...row, bill_billing_period_start_date: `${month}-01T00:00:00Z` };
}

function share(amount: string): CurTexts {
  return { line_item_usage_amount: amount };
}

const PLACE = `${ACCOUNT}/us-east-1`;

describe('import cur', () => {
  it('S2: makes each seat with a fee a subscription, which a share of the first month starts later', async () => {
    const { rows, check } = await imported([
      [
        'cur',
        curCsv([
          inMonth('2026-04', fee(ALICE, 'Pro', '10.67', share('0.5333333333'))),
          inMonth('2026-04', fee(BOB, 'ProMax', '100')),
          inMonth('2026-05', fee(ALICE, 'Pro', '20')),
        ]),
      ],
    ]);
    expect(rows['profiles.csv']).toEqual([`${PLACE},${ACCOUNT},us-east-1,,disabled,,`]);
    expect(rows['subscriptions.csv']).toEqual([
      `${PLACE},user,${ALICE},Pro,2026-04-15T00:00:00Z,`,
      `${PLACE},user,${BOB},Pro Max,2026-04-01T00:00:00Z,2026-05-01T00:00:00Z`,
    ]);
    // Pro Max is on the vendor's card from 2026-06 on.
    expect(check.stdout).toMatch(/tier Pro Max is not on the rate card in 2026-04/);
  });

  it('dates another tier to the first of its month, and ends a seat with its last fee', async () => {
    const { rows } = await imported([
      [
        'cur',
        curCsv([
          inMonth('2026-01', fee(ALICE, 'Pro', '20')),
          inMonth('2026-02', fee(ALICE, 'Pro', '20')),
          inMonth('2026-02', fee(ALICE, 'Pro', '-20', { line_item_line_item_type: 'Refund' })),
          inMonth('2026-02', fee(ALICE, 'Power', '200')),
          inMonth('2026-03', fee(ALICE, 'ProPlus', '40')),
          inMonth('2026-01', fee(BOB, 'Pro', '20')),
          inMonth('2026-03', fee(BOB, 'Pro', '10', share('0.5161290323'))),
        ]),
      ],
    ]);
    expect(rows['subscriptions.csv']).toEqual([
      `${PLACE},user,${ALICE},Pro,2026-01-01T00:00:00Z,`,
      `${PLACE},user,${BOB},Pro,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z`,
      `${PLACE},user,${BOB},Pro,2026-03-16T00:00:00Z,`,
    ]);
    expect(rows['tier_changes.csv']).toEqual([
      `${PLACE},user,${ALICE},2026-02-01T00:00:00Z,Pro,Power`,
      `${PLACE},user,${ALICE},2026-03-01T00:00:00Z,Power,Pro+`,
    ]);
  });

  it('takes overage for on from the first month in which AWS charges any', async () => {
    const { rows } = await imported([
      [
        'cur',
        curCsv([
          inMonth('2026-01', fee(ALICE, 'Pro', '20')),
          inMonth('2026-01', credits(ALICE, '900', '0')),
          inMonth('2026-02', fee(ALICE, 'Pro', '20')),
          inMonth('2026-02', credits(ALICE, '100', '4')),
        ]),
      ],
    ]);
    expect(rows['profiles.csv']).toEqual([`${PLACE},${ACCOUNT},us-east-1,,disabled,,`]);
    expect(rows['overage_changes.csv']).toEqual([`${PLACE},2026-02-01T00:00:00Z,enabled,`]);
  });

  it('after import activity adds the idle seats, and the ends of seats', async () => {
    const { rows, check } = await imported([
      ['activity', report({ date: '2026-01-15' }, { date: '2026-01-20', tier: 'POWER' })],
      [
        'cur',
        curCsv([
          inMonth('2026-01', fee(ALICE, 'Power', '200')),
          inMonth('2026-01', fee(BOB, 'Pro', '20')),
          inMonth('2026-02', fee(BOB, 'Pro', '20')),
        ]),
      ],
    ]);
    expect(rows['profiles.csv']).toHaveLength(1);
    expect(rows['subscriptions.csv']).toEqual([
      `${ARN},user,${ALICE},Pro,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z`,
      `${ARN},user,${BOB},Pro,2026-01-01T00:00:00Z,`,
    ]);
    expect(rows['tier_changes.csv']).toHaveLength(1);
    expect(check.status).toBe(0);
  });

  it('tells of seats that stand there, and that AWS charges in no month', async () => {
    const standing = {
      'profiles.csv': profilesCsv(`mine,${ACCOUNT},us-east-1`),
      'subscriptions.csv': subscriptionsCsv(`mine,user,${BOB},Pro,2025-11-01`),
    };
    const { run } = await imported([['cur', curCsv([fee(ALICE, 'Pro', '20')])]], standing);
    expect(run.stdout.replace(/\s+/g, ' ')).toContain(
      `${BOB} in mine: the data have a seat here, but the CUR of 2026-01 has no fee for it`,
    );
  });

  it('leaves out Regions whose code it does not know, and says so', async () => {
    const { rows, run } = await imported([
      [
        'cur',
        curCsv([
          fee(ALICE, 'Pro', '20'),
          fee(BOB, 'Pro', '20', { line_item_usage_type: 'XYZ9-KiroEnterprise-Pro' }),
        ]),
      ],
    ]);
    expect(rows['subscriptions.csv']).toHaveLength(1);
    expect(run.stderr).toMatch(
      /1 seat in account \d+, Region code XYZ9, a Region that kiro-bill does not know: left out/,
    );
  });

  it('says of a CUR without Kiro, or without resource ids, what to do', async () => {
    const other = await imported([
      ['cur', curCsv([fee(ALICE, 'Pro', '1', { line_item_product_code: 'X' })])],
    ]);
    expect(other.run).toMatchObject({ status: 3 });
    expect(other.run.stderr).toMatch(/the CUR has no Kiro row/);
    const anonymous = fee(ALICE, 'Pro', '20', { line_item_resource_id: '' });
    const blank = await imported([['cur', curCsv([anonymous])]]);
    expect(blank.run.stderr).toMatch(/'Include resource IDs' selected/);
  });
});

describe("Acme from AWS's own files", () => {
  it('is billed in two commands, right as far as the reports can tell', async () => {
    await withDirectory({}, async (directory) => {
      const data = join(directory, 'acme');
      expect((await runMain(['import', 'activity', BUCKET, '-o', data])).status).toBe(0);
      const invoice = (...args: string[]): Promise<Outcome> =>
        runMain(['invoice', '--month', '2026-03', '--format', 'json', '--quiet', ...args]);
      const known = await invoice('--data', join(FIXTURES, 'acme'));
      const told = await invoice('--data', data, '--usage', BUCKET);
      expect(told.status).toBe(0);
      const charges = ({ stdout }: Outcome): Map<string, string> =>
        new Map(
          JSON.parse(stdout).rows.map((row: Record<string, string>) => [
            `${row.profile_id} ${row.user_id}`,
            `${row.tier} ${row.subscription_charge} ${row.credits_used}`,
          ]),
        );
      const [ours, theirs] = [charges(known), charges(told)];
      const wrong = [...ours].filter(([seat, charge]) => theirs.get(seat) !== charge);
      const idle = wrong.filter(([seat]) => !theirs.has(seat));
      expect(idle.map(([, charge]) => charge)).toEqual(['Pro 20.00 0.00', 'Pro 20.00 0.00']);
      // Ingrid came back on the 2nd, which no report tells; Omar was first seen on his second day.
      expect(wrong.filter(([seat]) => theirs.has(seat)).map(([, charge]) => charge)).toEqual([
        'Pro 19.35 571.60',
        'Pro 20.00 624.45',
      ]);
    });
  });

  it('has the idle seats too with import cur, and then every fee is that of the bill', async () => {
    await withDirectory({}, async (directory) => {
      const data = join(directory, 'acme');
      await runMain(['import', 'activity', BUCKET, '-o', data]);
      expect((await runMain(['import', 'cur', CUR, '-o', data])).status).toBe(0);
      expect((await runMain(['check', '--data', data, '--usage', BUCKET])).status).toBe(0);
      const args = ['--month', '2026-03', '--data', data, '--usage', BUCKET, '--cur', CUR];
      const { stdout } = await runMain(['reconcile', ...args, '--format', 'json']);
      const differing = JSON.parse(stdout).rows.filter(
        (row: Record<string, string>) => row.our_subscription !== row.aws_subscription,
      );
      const reasons: string[] = differing.map((row: Record<string, string>) => row.reason);
      // Of the bill's errors: Marta's seat, and a price.
      expect(reasons.map((reason) => reason.replace(/[:,].*/, '')).sort()).toEqual([
        'AWS has no row of this seat',
        'price',
      ]);
    });
  });
});

it('a file of the directory that cannot be read is bad input, in words', async () => {
  await withDirectory({ 'users.csv/a': '' }, async (directory) => {
    const { status, stderr } = await runMain(['import', 'cur', CUR, '-o', directory]);
    expect(status).toBe(3);
    expect(stderr).toMatch(/users\.csv: it is a folder, and a file is needed here/);
  });
});

describe('wrong usage', () => {
  it.each([
    [
      ['import', 'activty', 'x', '-o', 'y'],
      /error: activty: it must be one of activity, cur, subscriptions, users; did you mean activity\?\n/,
    ],
    [['import', 'activity', 'x'], /--output/],
    [
      ['import', 'activity', 'x', '-o', join(FIXTURES, 'README.md')],
      /is a file: import needs a folder/,
    ],
  ])('%j says what is right', async (args, message) => {
    const { status, stderr } = await runMain(args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});
