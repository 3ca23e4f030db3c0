/** An import is a function of its files, keeps a person's edits, and is put in place whole. */
import { execFile, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import writeExcelFile from 'write-excel-file/node';
import { COMMANDS } from '../../src/cli/commands.ts';
import { ACCOUNT, ALICE, BOB, curCsv, fee } from '../aws/cur-rows.ts';
import { type Outcome, runMain, withDirectory } from '../support/in-process.ts';
import { profilesCsv, subscriptionsCsv } from '../support/tables.ts';
import { BIN, runBin } from './run-bin.ts';

const ARN = `arn:aws:codewhisperer:us-east-1:${ACCOUNT}:profile/ABC`;
const NEW_ARN = `arn:aws:codewhisperer:us-east-1:${ACCOUNT}:profile/NEW`;

type Row = readonly [date: string, user: string, tier: string, cap?: string, profile?: string];

function report(...rows: Row[]): string {
  const lines = rows.map(
    ([date, user, tier, cap = '', profile = ARN]) =>
      `${date},${user},KIRO_IDE,1${rows.length},${cap},0,${cap !== ''},${profile},${tier}`,
  );
  const header =
    'Date,UserId,Client_Type,Credits_Used,Overage_Cap,Overage_Credits_Used,Overage_Enabled,ProfileId,Subscription_Tier';
  return [header, ...lines, ''].join('\n');
}

/** What commands cannot do without, besides the data. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  explain: ['--user', ALICE],
  report: ['-o', 'page.html'],
  sql: ['--engine', 'duckdb'],
};

function contents(directory: string): Record<string, string> {
  const names = readdirSync(directory).sort();
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
  );
}

function replaceIn(file: string, from: string | RegExp, to: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}

describe("a person's rows that cannot be read", () => {
  const files = { 'r.csv': report(['2026-01-15', ALICE, 'PRO']) };
  const refusalOf = async (directory: string, data: string): Promise<string[]> => {
    const before = contents(data);
    const { status, stderr } = await runMain([
      'import',
      'activity',
      join(directory, 'r.csv'),
      '-o',
      data,
    ]);
    expect([status, contents(data)]).toEqual([3, before]);
    return stderr.replaceAll(`${data}/`, '').split('\n').slice(0, -2);
  };

  it('as no profiles.csv says where their profiles are, are answered with the rows that it takes', async () => {
    await withDirectory(files, async (directory) => {
      const data = join(directory, 'data');
      mkdirSync(data);
      const row = `virginia,user,${ALICE},Pro,2025-11-01`;
      writeFileSync(join(data, 'subscriptions.csv'), subscriptionsCsv(row));
      expect(await refusalOf(directory, data)).toEqual([
        'profiles.csv: there is no such file: write one with profile_id, account_id and region of the profiles that your rows name, and import again (virginia)',
      ]);
      writeFileSync(join(data, 'profiles.csv'), profilesCsv(`virginia,${ACCOUNT},us-east-1`));
      const args = ['import', 'activity', join(directory, 'r.csv'), '-o', data];
      expect((await runMain(args)).status).toBe(0);
    });
  });

  it('are named where they are, not where the import would have written them', async () => {
    await withDirectory(files, async (directory) => {
      const data = join(directory, 'data');
      await runMain(['import', 'activity', join(directory, 'r.csv'), '-o', data]);
      const table = join(data, 'subscriptions.csv');
      replaceIn(table, /$/, `virginia,user,${BOB},Pro,2025-11-01,,\n`);
      expect(await refusalOf(directory, data)).toEqual([
        'subscriptions.csv:3: profile_id: there is no such profile in profiles.csv (virginia)',
      ]);
    });
  });
});

describe("a person's edits", () => {
  const files = {
    'r/1.csv': report(['2026-01-15', ALICE, 'PRO'], ['2026-01-15', BOB, 'PRO']),
    'r2.csv': report(['2026-02-10', ALICE, 'POWER'], ['2026-02-10', BOB, 'PRO']),
  };

  it('stay: a changed row takes the place of all of its key, a removed one stays out', async () => {
    await withDirectory(files, async (directory) => {
      const data = join(directory, 'data');
      await runMain(['import', 'activity', join(directory, 'r'), '-o', data]);
      const table = join(data, 'subscriptions.csv');
      replaceIn(table, `${ALICE},Pro,2026-01-01T00:00:00Z`, `${ALICE},Pro,2025-11-03`);
      replaceIn(table, new RegExp(`^.*${BOB}.*\n`, 'm'), '');
      for (const path of ['r2.csv', 'r', 'r2.csv']) {
        const { status, stderr } = await runMain([
          'import',
          'activity',
          join(directory, path),
          '-o',
          data,
        ]);
        expect(status, stderr).toBe(0);
      }
      const subscriptions = readFileSync(table, 'utf8');
      expect(subscriptions).toContain(`${ALICE},Pro,2025-11-03,`);
      expect(subscriptions).not.toContain(BOB);
      expect(subscriptions.trimEnd().split('\n')).toHaveLength(2);
      // The change of plan that the reports show still belongs to the seat, active from its start.
      expect(readFileSync(join(data, 'tier_changes.csv'), 'utf8')).toContain(
        '2026-02-01T00:00:00Z,Pro,Power',
      );
      expect(readFileSync(join(data, 'activations.csv'), 'utf8')).toContain(`${ALICE},2025-11-03,`);
    });
  });

  it('are forgotten with --force', async () => {
    await withDirectory(files, async (directory) => {
      const data = join(directory, 'data');
      await runMain(['import', 'activity', join(directory, 'r'), '-o', data]);
      const before = contents(data);
      replaceIn(join(data, 'subscriptions.csv'), /,Pro,/g, ',Power,');
      await runMain(['import', 'activity', join(directory, 'r'), '-o', data, '--force']);
      expect(contents(data)).toEqual(before);
    });
  });

  it('a tag that the bill does not have is said, with those that it has', async () => {
    const row = { ...fee(ALICE, 'Pro', '20'), resource_tags: '{"user:Team":"A","user:App":"B"}' };
    const importWith = async (key: string): Promise<string> =>
      withDirectory({ 'bill.csv': curCsv([row], Object.keys(row)) }, async (directory) => {
        const args = ['import', 'cur', join(directory, 'bill.csv'), '-o', join(directory, 'data')];
        return (await runMain([...args, '--cost-center-tag', key])).stderr;
      });
    expect(await importWith('Taem')).toContain(
      'note: no row of Kiro in the CUR has the tag Taem, so it gives no cost centers: the tags there are user:App, user:Team\n',
    );
    expect(await importWith('Team')).not.toContain('tag');
  });

  it('a cost center is that of an edit, else of people, else of the newest tag', async () => {
    const tagged = (month: string, user: string, costCenter: string) => ({
      ...fee(user, 'Pro', '20'),
      bill_billing_period_start_date: `${month}-01T00:00:00Z`,
      resource_tags: JSON.stringify({ 'iam:cost_center': costCenter }),
    });
    const rows = [
      tagged('2026-01', ALICE, 'Old'),
      tagged('2026-02', ALICE, 'New'),
      tagged('2026-02', BOB, 'Tag'),
    ];
    const all = {
      'cur.csv': curCsv(rows, Object.keys(rows[0] as object)),
      'hr.csv': `user_id,department\n${BOB},People\nnobody,X\n`,
    };
    await withDirectory(all, async (directory) => {
      const data = join(directory, 'data');
      const users = (): string => readFileSync(join(data, 'users.csv'), 'utf8');
      await runMain(['import', 'cur', join(directory, 'cur.csv'), '-o', data]);
      expect(users()).toMatch(/1111,,,New,.*\n.*2222,,,Tag,/);
      const { stdout } = await runMain(['import', 'users', join(directory, 'hr.csv'), '-o', data]);
      expect(stdout).toContain('people who are not users here: 1 of 2');
      expect(users()).toMatch(/1111,,,New,.*\n.*2222,,,People,/);
      replaceIn(join(data, 'users.csv'), ',New,', ',Mine,');
      await runMain(['import', 'cur', join(directory, 'cur.csv'), '-o', data]);
      expect(users()).toContain(',Mine,');
      expect(users()).toContain(',People,');
    });
  });
});

describe('what a person has written before', () => {
  const subscriptions = subscriptionsCsv(`${NEW_ARN},user,zed,Pro,2025-11-01`);

  it('H3: stays active, and its profile is the one of its account and Region', async () => {
    const files = {
      'r.csv': report(['2026-01-15', ALICE, 'PRO']),
      'data/subscriptions.csv': subscriptions,
    };
    await withDirectory(files, async (directory) => {
      const data = join(directory, 'data');
      const again = () => runMain(['import', 'activity', join(directory, 'r.csv'), '-o', data]);
      expect((await again()).status).toBe(0);
      const once = contents(data);
      expect(once['profiles.csv']).toContain(
        `\n${ARN},${ACCOUNT},us-east-1,,disabled,,${NEW_ARN},`,
      );
      expect(once['activations.csv']).toContain('zed,2025-11-01,');
      expect((await again()).status).toBe(0);
      expect(contents(data)).toEqual(once);
    });
  });

  it('people of a workbook join it by e-mail, from the sheet that has them', async () => {
    const workbook = await writeExcelFile([
      { sheet: 'Notes', data: [[{ value: 'Ask Ana' }]] },
      {
        sheet: 'HR',
        data: [
          [{ value: 'Mail' }, { value: 'Display Name' }, { value: 'Department' }],
          [{ value: 'zed' }, { value: 'Zed Z' }, { value: 'Sales' }],
        ],
      },
    ]).toBuffer();
    await withDirectory(
      { 'hr.xlsx': workbook, 'data/subscriptions.csv': subscriptions },
      async (directory) => {
        const data = join(directory, 'data');
        const { status, stderr } = await runMain([
          'import',
          'users',
          join(directory, 'hr.xlsx'),
          '-o',
          data,
        ]);
        expect(status, stderr).toBe(0);
        expect(readFileSync(join(data, 'users.csv'), 'utf8')).toContain(
          '\nzed,Zed Z,zed,Sales,,hr.xlsx[HR]:2\n',
        );
        expect(readFileSync(join(data, 'subscriptions.csv'), 'utf8')).toBe(subscriptions);
        expect(existsSync(join(data, 'activations.csv'))).toBe(false);
      },
    );
  });
});

describe('a workbook with several sheets', () => {
  const texts = (...rows: string[]) =>
    rows.map((row) => row.split(',').map((value) => ({ value, type: String })));
  const list = (...rows: string[]) => texts('Name,Subscription status,Kiro plan', ...rows);
  const notes = { sheet: 'Notes', data: texts('Ask Ana') };
  const importOf = async (kind: string, sheets: Parameters<typeof writeExcelFile>[0]) => {
    const files = { 'book.xlsx': await writeExcelFile(sheets).toBuffer() };
    return withDirectory(files, async (directory) => {
      const options = kind === 'users' ? [] : ['--as-of', '2026-02-20', '--profile', ARN];
      const args = ['import', kind, join(directory, 'book.xlsx'), ...options];
      const { status, stderr } = await runMain([...args, '-o', join(directory, 'data')]);
      return { status, stderr, isWritten: existsSync(join(directory, 'data')) };
    });
  };

  it.each([
    ['before another table', [{ sheet: 'East', data: list('ann,Active,Proo') }, notes]],
    ['after another table', [notes, { sheet: 'East', data: list('ann,Active,Proo') }]],
    [
      'before another list',
      [
        { sheet: 'East', data: list('ann,Active,Proo') },
        { sheet: 'West', data: list('bob,Active,Kiro Pro') },
      ],
    ],
  ])('a bad row of a list is reported, in a sheet %s', async (_, sheets) => {
    const { status, stderr, isWritten } = await importOf('subscriptions', sheets);
    expect(stderr).toContain('book.xlsx[East]:2: Kiro plan: not a plan');
    expect({ status, isWritten }).toEqual({ status: 3, isWritten: false });
  });

  it('a bad row of people is reported', async () => {
    const people = { sheet: 'HR', data: texts('id,name', `${'x'.repeat(257)},Ann`) };
    const others = { sheet: 'More', data: texts('id,name', `${BOB},Bob`) };
    const { status, stderr } = await importOf('users', [people, others]);
    expect(stderr).toContain('book.xlsx[HR]:2: id: an id has at most 256 bytes');
    expect(status).toBe(3);
  });

  it('without any list says so of the first', async () => {
    const other = { sheet: 'More', data: texts('x,y', '1,2') };
    const { status, stderr } = await importOf('subscriptions', [notes, other]);
    expect(stderr).toContain('book.xlsx[Notes]:1: row: no column names a user');
    expect(status).toBe(3);
  });
});

describe('a table that a person has written', () => {
  /** What `check` finds in it, and what an import does with it. */
  async function importInto(name: string, table: string | Buffer) {
    const files = {
      'r.csv': report(['2026-01-15', ALICE, 'PRO']),
      'data/subscriptions.csv': subscriptionsCsv(`${ARN},user,${ALICE},Pro,2025-11-01`),
      [`data/${name}`]: table,
    };
    return withDirectory(files, async (directory) => {
      const data = join(directory, 'data');
      const before = contents(data);
      const { stdout: found } = await runMain(['check', data]);
      const { status, stderr } = await runMain([
        ...['import', 'activity', join(directory, 'r.csv'), '-o', data],
      ]);
      const after = contents(data);
      const isSame = JSON.stringify(after) === JSON.stringify(before);
      return { found: found.split('\n')[0] ?? '', status, stderr, table: after[name], isSame };
    });
  }

  it.each<[string, string, string | Buffer]>([
    ['a long row', 'users.csv', 'user_id,name\nann,Ann,x,y\nbob,Bob\n'],
    ['a bad quote', 'users.csv', 'user_id,name\nann,An"n\nbob,Bob\n'],
    ['an unclosed quote', 'users.csv', 'user_id,name\nann,"Ann\nbob,Bob\n'],
    ['a NUL byte', 'users.csv', 'user_id,name\nann,An\0n\nbob,Bob\n'],
    ['a last row that is cut off', 'users.csv', 'user_id,name\nann,Ann\nbob'],
    [
      'bytes that are not UTF-8',
      'users.csv',
      Buffer.from('user_id,name\nann,\xff\nbob,B\n', 'latin1'),
    ],
    ['a header further down', 'users.csv', 'Our people\n\nuser_id,name\nann,Ann\n'],
    ['no required column', 'users.csv', 'id,name\nann,Ann\n'],
    ['a column twice', 'users.csv', 'user_id,name,name\nann,Ann,Anna\n'],
    ['a blank id alone in its row', 'users.csv', 'user_id\n""\nann\n'],
    [
      'a number that could be either',
      'profiles.csv',
      `profile_id;account_id;region;overage_cap\n${ARN};${ACCOUNT};us-east-1;1.250\n`,
    ],
    [
      'a problem after other lines',
      'users.csv',
      'sep=;\n;\nuser_id;name\n\nann;"A\nB"\n\nann;Ann\n',
    ],
  ])('with %s is not written anew: the problem is that of check', async (_, name, table) => {
    const { found, status, stderr, isSame } = await importInto(name, table);
    expect(found).toContain(name);
    expect(stderr.split('\n')[0]).toBe(found);
    expect({ status, isSame }).toEqual({ status: 3, isSame: true });
  });

  it('may have decimal commas, which are written as points', async () => {
    const table = `profile_id;account_id;region;overage;overage_cap\n${ARN};${ACCOUNT};us-east-1;enabled;1250,75\n`;
    const { status, stderr, table: written } = await importInto('profiles.csv', table);
    expect(status, stderr).toBe(0);
    expect(written).toContain(`\n${ARN},${ACCOUNT},us-east-1,,enabled,1250.75,`);
  });
});

it("a person's row without a cost center has that of people, and all else as it was", async () => {
  const files = {
    'data/subscriptions.csv': 'profile_id,principal_type,principal_id,tier,subscribed_at\n',
    'data/users.csv': `user_id,name,team\n${ALICE},My Alice,blue\n${BOB},Bob,red\n`,
    'hr.csv': `mail,user_id,cost_center,department\na@example.com,${ALICE},,Sales\n`,
    'hr2.csv': `user_id,department\n${ALICE},Legal\n`,
  };
  await withDirectory(files, async (directory) => {
    const data = join(directory, 'data');
    const afterImportOf = async (file: string): Promise<string> => {
      await runMain(['import', 'users', join(directory, file), '-o', data]);
      return readFileSync(join(data, 'users.csv'), 'utf8');
    };
    const header = 'user_id,name,email,cost_center,aliases,team,inferred_from';
    const rows = [`${ALICE},My Alice,,Sales,,blue,`, `${BOB},Bob,,,,red,`];
    expect(await afterImportOf('hr.csv')).toBe([header, ...rows, ''].join('\n'));
    expect(await afterImportOf('hr.csv')).toBe([header, ...rows, ''].join('\n'));
    // The row is still a person's without a cost center: the last path counts.
    expect(await afterImportOf('hr2.csv')).toContain(`${ALICE},My Alice,,Legal,,blue,`);
    replaceIn(join(data, 'users.csv'), ',Legal,', ',Mine,');
    expect(await afterImportOf('hr.csv')).toContain(`${ALICE},My Alice,,Mine,,blue,`);
  });
});

describe('H3: activations', () => {
  it('of a list that has only pending users are a header, so that none of them is charged', async () => {
    const list = 'Name,Subscription status,Kiro plan\nann@example.com,Pending,Kiro Pro\n';
    await withDirectory({ 'list.csv': list }, async (directory) => {
      const data = join(directory, 'data');
      const args = ['--as-of', '2026-03-10', '--profile', ARN, '-o', data];
      await runMain(['import', 'subscriptions', join(directory, 'list.csv'), ...args]);
      expect(readFileSync(join(data, 'activations.csv'), 'utf8').split('\n')).toHaveLength(2);
      const invoice = await runMain(['invoice', '2026-03', '--data', data, '--format', 'json']);
      expect(JSON.parse(invoice.stdout).rows).toEqual([]);
    });
  });

  it("that a person has written say who of the person's seats is pending, after each import", async () => {
    const files = {
      'r.csv': report(['2026-01-15', ALICE, 'PRO']),
      'data/subscriptions.csv': subscriptionsCsv(`${ARN},user,zed,Pro,2025-11-01`),
      'data/activations.csv': 'profile_id,user_id,activated_at\n',
    };
    await withDirectory(files, async (directory) => {
      const data = join(directory, 'data');
      for (let time = 0; time < 3; time += 1) {
        await runMain(['import', 'activity', join(directory, 'r.csv'), '-o', data]);
        const activations = readFileSync(join(data, 'activations.csv'), 'utf8');
        expect(activations).toContain(ALICE);
        expect(activations).not.toContain('zed');
      }
    });
  });
});

describe('a rate card of the directory', () => {
  const tier = (name: string, rank: number) => ({
    ...{ name, rank, price: '30', credits: '1000', overage_rate: '0.04' },
  });
  const rates = JSON.stringify({
    editions: [
      {
        ...{ from: '2025-01', currency: 'USD' },
        partitions: { aws: [tier('Pro', 1), tier('Team', 2), tier('Power', 3)] },
      },
    ],
  });
  const files = {
    'r.csv': report(['2026-01-15', ALICE, 'TEAM'], ['2026-01-20', ALICE, 'POWER']),
    'cur.csv': curCsv([fee(BOB, 'Team', '30')]),
    'list.csv': 'Name,Kiro plan\nzed,Kiro Team\n',
  };
  const imports = [
    ['activity', 'r.csv'],
    ['cur', 'cur.csv'],
    ['subscriptions', 'list.csv', '--as-of', '2026-01-31', '--profile', NEW_ARN],
  ];

  it.each([
    ['rates.json', {}],
    ['../card.json', { 'data/kiro-bill.json': '{"rates":"../card.json"}' }],
  ])('names tiers and their order: %s', async (path, settings) => {
    const all = { ...files, ...settings, [join('data', path)]: rates };
    await withDirectory(all, async (directory) => {
      const data = join(directory, 'data');
      for (const [kind = '', file = '', ...args] of imports) {
        const run = await runMain(['import', kind, join(directory, file), ...args, '-o', data]);
        expect(run.status, run.stderr).toBeLessThan(2);
      }
      const text = readFileSync(join(data, 'subscriptions.csv'), 'utf8');
      expect(text).toContain(`user,${ALICE},Team,`);
      expect(text).toContain(`user,${BOB},Team,`);
      expect(readFileSync(join(data, 'tier_changes.csv'), 'utf8')).toContain(',Team,Power,');
    });
  });

  it('that is wrong is reported, and nothing is written', async () => {
    await withDirectory({ ...files, 'data/rates.json': '{}' }, async (directory) => {
      const data = join(directory, 'data');
      const run = await runMain(['import', 'activity', join(directory, 'r.csv'), '-o', data]);
      expect(run.status).toBe(3);
      expect(run.stderr).toContain('rates.json: editions: ');
      expect(readdirSync(data)).toEqual(['rates.json']);
    });
  });
});

describe('what differs', () => {
  it('O3: of two caps of one day the larger is written, and both are listed', async () => {
    const text = report(['2026-01-15', ALICE, 'PRO', '500'], ['2026-01-15', BOB, 'PRO', '10000']);
    await withDirectory({ 'r.csv': text }, async (directory) => {
      const data = join(directory, 'data');
      const { stdout } = await runMain([
        'import',
        'activity',
        join(directory, 'r.csv'),
        '-o',
        data,
      ]);
      expect(stdout.replace(/\s+/g, ' ')).toContain('two caps on 2026-01-15: 10000 in');
      expect(readFileSync(join(data, 'profiles.csv'), 'utf8')).toContain('enabled,10000,');
    });
  });

  it('two profiles of one account and Region are one, made anew: the newest names it', async () => {
    const text = report(['2026-01-15', ALICE, 'PRO'], ['2026-02-15', ALICE, 'PRO', '', NEW_ARN]);
    await withDirectory({ 'r.csv': text }, async (directory) => {
      const data = join(directory, 'data');
      await runMain(['import', 'activity', join(directory, 'r.csv'), '-o', data]);
      expect(readFileSync(join(data, 'profiles.csv'), 'utf8')).toContain(
        `\n${NEW_ARN},${ACCOUNT},us-east-1,,disabled,,${ARN},`,
      );
      expect(readFileSync(join(data, 'subscriptions.csv'), 'utf8').match(/NEW,user/g)).toHaveLength(
        1,
      );
    });
  });

  it('people join subscriptions of profiles whose ids show no account, without a profiles.csv', async () => {
    const files = {
      'hr.csv': 'user_id,display_name,mail\nu1,Ann,ann@example.com\n',
      'data/subscriptions.csv': subscriptionsCsv(
        'virginia,user,u1,Pro,2025-11-01',
        `${ARN},user,u1,Pro,2025-11-01`,
      ),
    };
    await withDirectory(files, async (directory) => {
      const data = join(directory, 'data');
      const run = await runMain(['import', 'users', join(directory, 'hr.csv'), '-o', data]);
      expect(run.status, run.stderr).toBe(0);
      const written = contents(data);
      expect(written['users.csv']).toContain('\nu1,Ann,ann@example.com,');
      expect(written['profiles.csv']).toBeUndefined();
      const bill = await runMain(['invoice', '2026-01', '--data', data, '-f', 'csv']);
      expect(bill.stdout).toContain('virginia,,,u1,Ann,Pro,20.00');
      await runMain(['import', 'users', join(directory, 'hr.csv'), '-o', data]);
      expect(contents(data)).toEqual(written);
    });
  });

  it('names of a list that are nobody known write no seat where reports cover the profile, and exit 1', async () => {
    const files = {
      'r.csv': report(['2026-03-05', ALICE, 'PRO']),
      'list.csv': `Name,Kiro plan\n${ALICE},Pro\nstranger,Pro\n`,
    };
    await withDirectory(files, async (directory) => {
      const data = join(directory, 'data');
      const path = (name: string): string => join(directory, name);
      await runMain(['import', 'activity', path('r.csv'), '-o', data]);
      const run = await runMain([
        'import',
        'subscriptions',
        path('list.csv'),
        '--as-of',
        '2026-03-10',
        '-o',
        data,
      ]);
      expect(run.status).toBe(1);
      expect(run.stderr).toContain('1 name in the lists matches no known user');
      expect(run.stderr).toContain('import users');
      expect(readFileSync(join(data, 'subscriptions.csv'), 'utf8')).not.toContain('stranger');
      const settings = JSON.parse(readFileSync(join(data, 'kiro-bill.json'), 'utf8'));
      expect(settings).toEqual({
        usage: ['../r.csv'],
        subscription_lists: [{ path: '../list.csv', profile: ARN, as_of: '2026-03-10' }],
      });
    });
  });

  it.each([
    [['users', 'r.csv', '--as-of', '2026-01-01'], /--as-of is for import subscriptions/],
    [['subscriptions', 'list.csv'], /does not say whose list it is: give the profile's ARN/],
    [['subscriptions', 'list.csv', '--profile', 'xyz'], /no profile of the data has this id/],
  ])(
    '%j is wrong usage, and leaves no folder',
    async ([kind = '', file = '', ...args], message) => {
      await withDirectory({ 'list.csv': 'Name,Kiro plan\na,Pro\n' }, async (directory) => {
        const data = join(directory, 'data');
        const run = await runMain(['import', kind, join(directory, file), ...args, '-o', data]);
        expect(run.status).toBe(2);
        expect(run.stderr).toMatch(message);
        expect(existsSync(data)).toBe(false);
      });
    },
  );
});

it.each([
  ['{', 'no JSON'],
  ['{"tables":{"users":{"rows":[[]]}}}', 'JSON that no import writes'],
])('a record of imports that is %s is bad input: %s', async (record) => {
  const files = { 'r.csv': report(['2026-01-15', ALICE, 'PRO']), 'data/imported.json': record };
  await withDirectory(files, async (directory) => {
    const data = join(directory, 'data');
    const args = ['import', 'activity', join(directory, 'r.csv'), '-o', data];
    const { status, stderr } = await runMain(args);
    expect(status).toBe(3);
    expect(stderr).toContain(
      `${join(data, 'imported.json')}: not what an import has written: restore it, or import with --force`,
    );
    expect(readdirSync(data)).toEqual(['imported.json']);
    expect((await runMain([...args, '--force'])).status).toBe(0);
  });
});

describe('one unit', () => {
  const files = { 'r.csv': report(['2026-01-15', ALICE, 'PRO']) };
  const journal = '.kiro-bill-import.json';

  async function withData(use: (data: string, again: () => Promise<Outcome>) => Promise<void>) {
    await withDirectory(files, async (directory) => {
      const data = join(directory, 'data');
      const again = () => runMain(['import', 'activity', join(directory, 'r.csv'), '-o', data]);
      expect((await again()).status).toBe(0);
      await use(data, again);
    });
  }

  it('leaves nothing behind, and neither does init', async () => {
    await withData(async (data) => {
      expect(readdirSync(data).filter((name) => name.startsWith('.'))).toEqual([]);
      await runMain(['init', join(data, 'sample')]);
      expect(readdirSync(join(data, 'sample')).filter((name) => name.startsWith('.'))).toEqual([]);
    });
  });

  it('cut off while files are put in place: other commands refuse, the next import finishes it', async () => {
    await withData(async (data, again) => {
      const whole = contents(data);
      const parts = [
        { part: '.users.csv.1.part', target: 'users.csv' },
        { part: '.x.part', target: 'x' },
      ];
      writeFileSync(join(data, '.users.csv.1.part'), whole['users.csv'] ?? '');
      writeFileSync(join(data, 'users.csv'), 'user_id\nold\n');
      writeFileSync(join(data, journal), JSON.stringify({ state: 'placing', parts, folders: [] }));
      for (const { name, options } of COMMANDS) {
        if (!options.some(({ long }) => long === '--data')) continue;
        const needed = NEEDED[name] ?? [];
        const { status, stdout, stderr } = await runMain([name, ...needed, '--data', data]);
        expect([status, stdout], name).toEqual([3, '']);
        expect(stderr, name).toContain(`${data}: an import into this folder was cut off`);
      }
      expect((await again()).status).toBe(0);
      expect(contents(data)).toEqual(whole);
    });
  });

  it('cut off before that: the next import undoes it', async () => {
    await withData(async (data, again) => {
      const whole = contents(data);
      const parts = [{ part: '.users.csv.1.part', target: 'users.csv' }];
      writeFileSync(join(data, '.users.csv.1.part'), 'half');
      writeFileSync(
        join(data, journal),
        JSON.stringify({ state: 'writing', parts, folders: ['new'] }),
      );
      await mkdir(join(data, 'new'));
      expect((await again()).status).toBe(0);
      expect(contents(data)).toEqual(whole);
    });
  });

  it('killed at any time, it is whole after the next one', async () => {
    await withData(async (data, again) => {
      const whole = contents(data);
      for (const delayMs of [150, 250, 350]) {
        const run = execFile('node', [
          BIN,
          'import',
          'activity',
          join(data, '../r.csv'),
          '-o',
          data,
        ]);
        const ended = new Promise((resolve) => run.on('exit', resolve));
        setTimeout(() => run.kill('SIGKILL'), delayMs);
        await ended;
        expect((await again()).status).toBe(0);
        expect(contents(data)).toEqual(whole);
      }
    });
  });

  const SEATS = Array.from({ length: 4 }, (_, index) => `${index}${ALICE.slice(1)}`);

  /** Imports a report for each seat at once, into a folder that holds `before` already. */
  async function importAtOnce(before: (data: string) => void): Promise<void> {
    const reports = SEATS.map((seat, index) => [
      `${index}.csv`,
      report(['2026-01-15', seat, 'PRO']),
    ]);
    await withDirectory(Object.fromEntries(reports), async (directory) => {
      const data = join(directory, 'data');
      await mkdir(data);
      before(data);
      const outcomes = await Promise.all(
        SEATS.map((_, index) =>
          runBin(['import', 'activity', join(directory, `${index}.csv`), '-o', data]),
        ),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(SEATS.map(() => 0));
      const subscriptions = readFileSync(join(data, 'subscriptions.csv'), 'utf8');
      for (const seat of SEATS) expect(subscriptions).toContain(seat);
      expect(readdirSync(data).filter((name) => name.startsWith('.'))).toEqual([]);
    });
  }

  it('several at once: one after the other', async () => {
    await importAtOnce(() => {});
  });

  it('several at once where a dead run has left its lock', async () => {
    const pid = spawnSync('true').pid;
    await importAtOnce((data) => {
      mkdirSync(join(data, '.kiro-bill-import.lock'));
      const owner = JSON.stringify({ pid, host: hostname() });
      writeFileSync(join(data, '.kiro-bill-import.owner'), owner);
    });
  });

  it('a run that lasts is waited for, ten seconds, and then named', async () => {
    await withData(async (data, again) => {
      const whole = contents(data);
      mkdirSync(join(data, '.kiro-bill-import.lock'));
      const owner = join(data, '.kiro-bill-import.owner');
      writeFileSync(owner, JSON.stringify({ pid: process.ppid, host: hostname() }));
      let seconds = 0;
      const clock = vi.spyOn(process, 'uptime').mockImplementation(() => (seconds += 3));
      const { status, stdout, stderr } = await again().finally(() => clock.mockRestore());
      expect([status, stdout]).toEqual([3, '']);
      expect(stderr).toContain(`${data}: another import into this folder is running`);
      expect(seconds).toBeGreaterThan(10);
      rmSync(owner);
      rmdirSync(join(data, '.kiro-bill-import.lock'));
      expect(contents(data)).toEqual(whole);
    });
  });

  it.each([
    ['before it could name itself', undefined],
    ['while it named itself', ''],
  ])('several at once where a run died %s', async (_, owner) => {
    await importAtOnce((data) => {
      if (owner !== undefined) writeFileSync(join(data, '.kiro-bill-import.owner'), owner);
      mkdirSync(join(data, '.kiro-bill-import.lock'));
      const earlier = new Date(Date.now() - 9000);
      utimesSync(join(data, '.kiro-bill-import.lock'), earlier, earlier);
    });
  });

  it('init cut off while files are put in place is finished by the next one, which says so', async () => {
    await withDirectory({}, async (directory) => {
      const data = join(directory, 'data');
      const first = await runMain(['init', data]);
      const parts = readdirSync(join(import.meta.dirname, '../../src/sample'), {
        recursive: true,
        withFileTypes: true,
      }).filter((entry) => entry.isFile());
      const paths = parts.map((entry) =>
        join(entry.parentPath, entry.name).replace(/^.*src\/sample\//, ''),
      );
      const whole = readFileSync(join(data, 'users.csv'), 'utf8');
      renameSync(join(data, 'users.csv'), join(data, '.users.csv.1.part'));
      const placing = paths.map((target) => ({ part: `.${target}.1.part`, target }));
      writeFileSync(
        join(data, journal),
        JSON.stringify({ state: 'placing', parts: placing, folders: [] }),
      );
      expect(await runMain(['init', data])).toEqual(first);
      expect(readFileSync(join(data, 'users.csv'), 'utf8')).toBe(whole);
      expect((await runMain(['init', data])).stderr).toContain('init never overwrites');
    });
  });
});

describe('a decision about Credits_Used', () => {
  it('R1: is kept in the settings, and asked of activity reports alone', async () => {
    const files = { 'reports/a.csv': report(['2026-01-05', ALICE, 'PRO']) };
    await withDirectory(files, async (directory) => {
      const [data, reports] = [join(directory, 'data'), join(directory, 'reports')];
      const settings = (): Record<string, unknown> =>
        JSON.parse(readFileSync(join(data, 'kiro-bill.json'), 'utf8'));
      const decided = ['--reported-credits', 'inside'];
      const first = await runMain(['import', 'activity', reports, '-o', data, ...decided]);
      expect(first.status, first.stderr).toBe(0);
      expect(settings()).toEqual({ usage: ['../reports'], reported_credits: 'inside' });
      await runMain(['import', 'activity', reports, '-o', data]);
      expect(settings()).toMatchObject({ reported_credits: 'inside' });

      const other = await runMain(['import', 'users', reports, '-o', data, ...decided]);
      expect(other.status).toBe(2);
      expect(other.stderr).toContain('--reported-credits is for import activity');
    });
  });
});
