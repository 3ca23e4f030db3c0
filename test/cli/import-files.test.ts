/** AWS's files as they really are, through import: each case is small files made for it. */
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  ALICE,
  adjustment,
  BOB,
  CUR_2,
  type CurTexts,
  credits,
  curCsv,
  curRow,
  fee,
} from '../aws/cur-rows.ts';
import { runOrders } from '../support/import-orders.ts';
import { type Outcome, runMain, withDirectory } from '../support/in-process.ts';
import { usersCsv } from '../support/tables.ts';

const EAST = `arn:aws:codewhisperer:us-east-1:${ACCOUNT}:profile/EAST`;

interface Row {
  readonly date?: string;
  readonly user?: string;
  readonly credits?: string;
  readonly overage?: string;
  /** While overage is on. */
  readonly cap?: string;
  readonly tier?: string;
  readonly email?: string;
  readonly profile?: string;
}

function report(...rows: Row[]): string {
  const lines = rows.map(({ date = '2026-03-05', user = ALICE, ...row }) =>
    [
      ...[date, user, 'KIRO_IDE', row.credits ?? '10', row.overage ?? '0'],
      ...[String(row.cap !== undefined), row.cap ?? '', row.profile ?? EAST],
      ...[row.tier ?? 'PRO', row.email ?? ''],
    ].join(','),
  );
  const header =
    'Date,UserId,Client_Type,Credits_Used,Overage_Credits_Used,Overage_Enabled,Overage_Cap,ProfileId,Subscription_Tier,User_Email';
  return [header, ...lines, ''].join('\n');
}

const MARCH = { bill_billing_period_start_date: '2026-03-01T00:00:00Z', bill_invoice_id: '7' };

/** The bill of March with these rows, which has an invoice where they do not say otherwise. */
function bill(...rows: CurTexts[]): string {
  const columns = [...CUR_2, 'bill_invoice_id', 'product_region_code'];
  return curCsv(
    rows.map((row) => ({ ...row, ...MARCH, bill_invoice_id: row.bill_invoice_id ?? '7' })),
    columns,
  );
}

type Files = Record<string, string | Buffer>;

interface Folder {
  readonly path: (name: string) => string;
  /** Runs a command whose paths are in the folder; messages name them without it. */
  readonly run: (...args: string[]) => Promise<Outcome>;
  /** Imports into `data`: `activity reports`, `cur bill.csv --strict`. */
  readonly imports: (line: string) => Promise<Outcome>;
  readonly rows: (table: string) => string[];
}

function inFolder(files: Files, use: (folder: Folder) => Promise<void>): Promise<void> {
  return withDirectory(files, async (directory) => {
    const path = (name: string): string => join(directory, name);
    const run = async (...args: string[]): Promise<Outcome> => {
      const { status, stdout, stderr } = await runMain(args);
      const clean = (text: string): string => text.replaceAll(`${directory}/`, '');
      return { status, stdout: clean(stdout), stderr: clean(stderr) };
    };
    const imports = (line: string): Promise<Outcome> => {
      const [kind = '', ...words] = line.split(' ');
      const given = words.map((word) => (existsSync(path(word)) ? path(word) : word));
      return run('import', kind, ...given, '-o', path('data'));
    };
    const rows = (table: string): string[] => {
      const [, ...lines] = readFileSync(path(`data/${table}.csv`), 'utf8')
        .trimEnd()
        .split('\n');
      return lines;
    };
    await use({ path, run, imports, rows });
  });
}

/** The seats of the invoice of March, as JSON. */
async function invoiced({ run, path }: Folder): Promise<Record<string, string>[]> {
  const { stdout } = await run('invoice', '2026-03', '--data', path('data'), '--format', 'json');
  return JSON.parse(stdout).rows;
}

async function reconciled({ run, path }: Folder): Promise<Record<string, string>[]> {
  const { stdout } = await run('reconcile', '2026-03', '--data', path('data'), '--format', 'json');
  return JSON.parse(stdout).rows;
}

describe('reports', () => {
  it('R2: two rows of one key in one file add up, with or without the id of the directory', async () => {
    const parts = [{ credits: '120.50' }, { credits: '0', user: `d-90676b2f1a.${ALICE}` }];
    await inFolder({ 'r/a.csv': report(...parts) }, async (folder) => {
      await folder.imports('activity r');
      expect(await invoiced(folder)).toMatchObject([{ user_id: ALICE, credits_used: '120.50' }]);
    });
  });

  it('O3: of two caps of one day the larger counts, so that all overage reported is billed', async () => {
    const files = {
      'r/a.csv': report(
        { credits: '1000', overage: '4000', cap: '2500' },
        { user: BOB, cap: '5000' },
      ),
    };
    await inFolder(files, async (folder) => {
      const { stdout } = await folder.imports('activity r');
      expect(stdout).toContain('two caps on 2026-03-05: 5000');
      expect(await invoiced(folder)).toMatchObject([
        { overage_credits: '4000.00', unbilled_credits: '0.00', total_charge: '180.00' },
        { total_charge: '20.00' },
      ]);
    });
  });

  it('R2: a blank tier on one day refuses nothing', async () => {
    const files = { 'r/a.csv': report({ tier: '' }, { date: '2026-03-06', tier: 'PRO_PLUS' }) };
    await inFolder(files, async (folder) => {
      expect((await folder.imports('activity r')).status).toBe(0);
      expect(await invoiced(folder)).toMatchObject([{ tier: 'Pro+', credits_used: '20.00' }]);
    });
  });
});

describe('Regions of the bill', () => {
  const reports = { 'r/a.csv': report({ email: 'alice@example.com' }) };
  const from = (usageType: string, texts: CurTexts = {}): CurTexts => ({
    line_item_usage_type: usageType,
    ...texts,
  });

  it.each([
    ['a code that is known', from('EUW2-KiroEnterprise-Pro')],
    [
      'a column of the product',
      from('QQQ9-KiroEnterprise-Pro', { product_region_code: 'eu-west-2' }),
    ],
  ])(
    'one that fits no profile, by %s, is that of the one seat, for idle seats too',
    async (_, texts) => {
      const rows = [fee(ALICE, 'Pro', '20', texts), fee(BOB, 'Pro', '20', texts)];
      await inFolder({ ...reports, 'bill.csv': bill(...rows) }, async (folder) => {
        await folder.imports('activity r');
        const { status, stderr } = await folder.imports('cur bill.csv --strict');
        expect(status).toBe(1);
        expect(stderr).toMatch(
          /warning: alice@example\.com, 2026-03: AWS's bill has the seat in eu-west-2, .* in us-east-1\n/,
        );
        expect(folder.rows('profiles')).toHaveLength(1);
        expect(folder.rows('subscriptions')).toHaveLength(2);
        expect((await reconciled(folder)).map(({ verdict }) => verdict)).toEqual([
          'match',
          'match',
        ]);
      });
    },
  );

  it('one where a user is charged beside the seat that the reports show is a profile', async () => {
    const there = from('EUW2-KiroEnterprise-Pro');
    const rows = [fee(ALICE, 'Pro', '20'), fee(ALICE, 'Pro', '20', there)];
    await inFolder({ ...reports, 'bill.csv': bill(...rows) }, async (folder) => {
      await folder.imports('activity r');
      expect((await folder.imports('cur bill.csv --strict')).status).toBe(0);
      expect(folder.rows('profiles')).toHaveLength(2);
      expect(folder.rows('subscriptions')).toHaveLength(2);
    });
  });

  it('one that is unknown is never silence: what it left out is 1 under --strict', async () => {
    const rows = [fee(BOB, 'Pro', '20', from('QQQ9-KiroEnterprise-Pro'))];
    await inFolder({ ...reports, 'bill.csv': bill(...rows) }, async (folder) => {
      await folder.imports('activity r');
      expect((await folder.imports('cur bill.csv')).status).toBe(0);
      const { status, stderr } = await folder.imports('cur bill.csv --strict');
      expect(status).toBe(1);
      expect(stderr).toContain('Region code QQQ9, a Region that kiro-bill does not know: left out');
    });
  });
});

describe('rows of the bill', () => {
  it('a month of q-developer-snapshot alone is imported, and charges nobody', async () => {
    const snapshot = curRow({
      line_item_operation: 'q-developer-snapshot',
      line_item_resource_id: `arn:aws:identitystore:::user/${ALICE}`,
    });
    await inFolder({ 'bill.csv': bill(snapshot) }, async (folder) => {
      const { status, stderr } = await folder.imports('cur bill.csv --strict');
      expect(status, stderr).toBe(0);
      expect(folder.rows('subscriptions')).toEqual([]);
      expect(await reconciled(folder)).toEqual([]);
    });
  });

  it('O2: an operation that is not known belongs to the seat, and is no overage', async () => {
    const agents = credits(ALICE, '1', '3.5', { line_item_operation: 'agent-hours' });
    await inFolder({ 'bill.csv': bill(fee(ALICE, 'Pro', '20'), agents) }, async (folder) => {
      const { status, stderr } = await folder.imports('cur bill.csv --strict');
      expect(status).toBe(1);
      expect(stderr).toContain('an operation that kiro-bill does not know, agent-hours');
      expect(folder.rows('profiles')[0]).toContain(',disabled,');
      expect(await reconciled(folder)).toMatchObject([
        { reason: 'AWS charges 3.50 for agent-hours, which kiro-bill does not know' },
      ]);
    });
  });

  it('a seat that is charged without a fee is named as left out', async () => {
    await inFolder({ 'bill.csv': bill(credits(ALICE, '10', '0.4')) }, async (folder) => {
      const { stdout } = await folder.imports('cur bill.csv');
      expect(folder.rows('subscriptions')).toEqual([]);
      expect(stdout).toMatch(/seats of .* without a plan in any row: 1\n/);
    });
  });

  it('S2: 22 of 31 days of a bill that is not final date no start', async () => {
    const open = fee(ALICE, 'Pro', '14.19', {
      line_item_usage_amount: '0.7096774194',
      bill_invoice_id: '',
    });
    await inFolder({ 'bill.csv': bill(open) }, async (folder) => {
      const { status, stderr } = await folder.imports('cur bill.csv --strict');
      expect(status).toBe(1);
      expect(stderr).toContain('is not final: it ends no seat, and dates no start');
      expect(folder.rows('subscriptions')[0]).toContain(',Pro,2026-03-01T00:00:00Z,,');
    });
  });

  it.each([2, 3])('a short row of another product on line %i is passed over', async (line) => {
    const lines = bill(fee(ALICE, 'Pro', '20'), fee(BOB, 'Pro', '20')).split('\n');
    lines.splice(line - 1, 0, 'x,2026-03-01T00:00:00Z,1,Usage,AmazonEC2');
    await inFolder({ 'bill.csv': lines.join('\n') }, async (folder) => {
      expect((await folder.imports('cur bill.csv')).status).toBe(0);
      expect(folder.rows('subscriptions')).toHaveLength(2);
    });
  });

  it('a .csv.zip is read', async () => {
    const zipped = zipSync({ 'bill.csv': Buffer.from(bill(fee(ALICE, 'Pro', '20'))) });
    await inFolder({ 'bill.csv.zip': Buffer.from(zipped) }, async (folder) => {
      expect((await folder.imports('cur bill.csv.zip')).status).toBe(0);
      expect(folder.rows('subscriptions')).toHaveLength(1);
    });
  });

  it('of any line item type that name a user are in the bridge of that user', async () => {
    const rows = [
      fee(ALICE, 'Pro', '20'),
      adjustment('Credit', '-5', {
        line_item_resource_id: `arn:aws:identitystore:::user/${ALICE}`,
      }),
      fee(BOB, 'Pro', '20'),
    ];
    await inFolder({ 'bill.csv': bill(...rows) }, async (folder) => {
      await folder.imports('cur bill.csv');
      const args = ['--data', folder.path('data'), '--user', ALICE, '--format', 'json'];
      const { stdout } = await folder.run('reconcile', '2026-03', ...args);
      expect(JSON.parse(stdout).bridge).toContainEqual(
        expect.objectContaining({ detail: 'Credit', amount: '-5.00' }),
      );
    });
  });

  it('users who are charged under Amazon Q, too, are a note with how many and how much', async () => {
    const q = fee(ALICE, 'x', '19', {
      line_item_product_code: 'AmazonQ',
      line_item_operation: 'q-dev-subscriptions',
    });
    await inFolder({ 'bill.csv': bill(fee(ALICE, 'Pro', '20'), q) }, async (folder) => {
      const { stderr } = await folder.imports('cur bill.csv');
      expect(stderr).toMatch(/note: 1 user .* charged under Amazon Q Developer, too: \$19\.00 /);
      expect(await invoiced(folder)).toMatchObject([{ total_charge: '20.00' }]);
    });
  });

  it('an id with the prefix of its directory is hinted at, and an alias joins the two', async () => {
    const files = {
      'r/a.csv': report({}),
      'bill.csv': bill(fee(`9067642ac7-${ALICE}`, 'Pro', '20')),
    };
    await inFolder(files, async (folder) => {
      await folder.imports('activity r');
      const hinted = await folder.imports('cur bill.csv');
      expect(hinted.stderr).toContain(`AWS's bill names 9067642ac7-${ALICE}, our data ${ALICE}`);
      expect(folder.rows('subscriptions')).toHaveLength(2);
      const users = usersCsv(`${ALICE},,,,9067642ac7-${ALICE}`);
      writeFileSync(folder.path('data/users.csv'), users);
      const joined = await folder.imports('cur bill.csv');
      expect(joined.stderr).not.toContain('is it the same user?');
      expect(folder.rows('subscriptions')).toHaveLength(1);
    });
  });
});

it('import and reconcile say the same of a seat that is used and not charged, by its e-mail', async () => {
  const files = {
    'r/a.csv': report({ email: 'alice@example.com' }, { user: BOB }),
    'bill.csv': bill(fee(BOB, 'Pro', '20')),
  };
  await inFolder(files, async (folder) => {
    await folder.imports('activity r');
    const { stdout } = await folder.imports('cur bill.csv');
    expect(stdout).toContain(
      'alice@example.com in EAST: AWS charges nothing for 2026-03, and the reports show use there',
    );
    expect(stdout).not.toContain('add unsubscribed_at');
    expect(await reconciled(folder)).toMatchObject([
      { verdict: 'only in our invoice', reason: expect.stringContaining('shows it in use') },
      { verdict: 'match' },
    ]);
  });
});

describe('lists of subscriptions', () => {
  it('say what they left out, each reason once with its number', async () => {
    const list = [
      'Name,Subscription status,Kiro plan',
      ...['ann,Active,Kiro Pro', 'bob,Active,Kiro Free', 'cyd,Pending,', ',Active,Kiro Pro'],
      ...['dan,Canceled,Kiro Pro', 'eve,Unavailable,Kiro Pro'],
    ].join('\n');
    await inFolder({ 'list.csv': list }, async (folder) => {
      const of = `--as-of 2026-03-31 --profile ${EAST}`;
      const { stdout } = await folder.imports(`subscriptions list.csv ${of}`);
      expect(folder.rows('subscriptions')).toHaveLength(1);
      const [, leftOut = ''] = stdout.split('What was left out:\n');
      expect(leftOut.split('\n\n')[0]?.split('\n')).toEqual([
        '  - users without a paid plan: 2',
        '  - rows without a user: 1',
        '  - canceled users whom nothing earlier knows: 1',
        '  - unavailable users: 1',
      ]);
    });
  });
});

describe('paths of the settings', () => {
  it("a month of one payer's bill in two of them is bad input, and nothing is written", async () => {
    const files = { 'a.csv': bill(fee(ALICE, 'Pro', '20')), 'b.csv': bill(fee(BOB, 'Pro', '20')) };
    await inFolder(files, async (folder) => {
      await folder.imports('cur a.csv');
      const { status, stderr } = await folder.imports('cur b.csv');
      expect(status).toBe(3);
      expect(stderr).toMatch(/b\.csv: it has AWS's bill of 2026-03 .* which is in a\.csv, too/);
      expect(folder.rows('subscriptions')).toHaveLength(1);
    });
  });

  it('a file that two of them reach is read once, also of people', async () => {
    const files = {
      'r/a.csv': report({ email: 'a@x' }),
      'bills/b.csv': bill(fee(ALICE, 'Pro', '20')),
      'people/hr.csv': 'mail,name\na@x,Alice\nzoe@x,Zoe\n',
    };
    await inFolder(files, async (folder) => {
      symlinkSync(folder.path('bills'), folder.path('link'));
      for (const line of ['activity r', 'cur bills', 'cur link', 'users people']) {
        expect((await folder.imports(line)).status).toBe(0);
      }
      const { stdout } = await folder.imports('users people/hr.csv');
      expect(stdout).toContain('people who are not users here: 1 of 2\n');
    });
  });

  it.each(['usage', 'cur', 'people', 'subscription_lists'])(
    'one of %s that is no longer there is named with its setting',
    async (key) => {
      const lists = [{ path: '../gone.csv', profile: EAST, as_of: '2026-03-10' }];
      const paths = key === 'subscription_lists' ? lists : ['../gone.csv'];
      const files = {
        'r/a.csv': report({}),
        'data/kiro-bill.json': JSON.stringify({ [key]: paths }),
      };
      await inFolder(files, async (folder) => {
        const { status, stderr } = await folder.imports('activity r');
        expect(status).toBe(3);
        expect(stderr).toContain(`data/kiro-bill.json: ${key}: there is no such file or folder`);
        expect(stderr).toContain('(gone.csv)');
      });
    },
  );

  it('the hint at the end is one line on any terminal, and bills no month before the first edition', async () => {
    const files = { 'reports/a.csv': report({ date: '2025-09-05' }) };
    await withDirectory(files, async (directory) => {
      const data = join(directory, 'data');
      const args = ['import', 'activity', join(directory, 'reports'), '-o', data];
      const { stderr } = await runMain(args, { isTerminal: true, columns: 40 });
      expect(stderr).toContain(`\nNow try: kiro-bill check --data ${data}\n`);
    });
  });

  it('the hint at the end runs as it stands, whatever is imported, and bills all of it', async () => {
    const files = {
      'my reports/a.csv': report({}),
      'more/b.csv': report({ user: BOB }),
      'bill.csv': bill(fee(ALICE, 'Pro', '20'), fee(BOB, 'Pro', '20')),
      'hr.csv': `id,name\n${ALICE},Alice\n`,
      'list.csv': `Name,Kiro plan\n${ALICE},Pro\n`,
    };
    const lines = [
      ['users', 'hr.csv'],
      ['activity', 'my reports'],
      ['activity', 'more'],
      ['cur', 'bill.csv'],
      ['subscriptions', 'list.csv', '--as-of', '2026-03-10'],
    ];
    await withDirectory(files, async (directory) => {
      for (const [kind = '', name = '', ...args] of lines) {
        const data = join(directory, 'data');
        const { stderr } = await runMain([
          'import',
          kind,
          join(directory, name),
          ...args,
          '-o',
          data,
        ]);
        const hint = /Now try: kiro-bill (.*)\n/.exec(stderr)?.[1] ?? '';
        const words = [...hint.matchAll(/'([^']*)'|(\S+)/g)].map(([, a, b]) => a ?? b ?? '');
        const outcome = await runMain(words);
        expect(outcome.status, `${hint}: ${outcome.stderr}`).toBe(0);
        if (name === 'more') expect(outcome.stderr).toContain('Billed 2 seats');
      }
    });
  });
});

describe('lists of the Identity Store that come in pages', () => {
  const page = (users: readonly string[], NextToken?: string) =>
    JSON.stringify({ Users: users.map((UserId) => ({ UserId })), NextToken });
  const members = (GroupId: string, NextToken?: string) =>
    JSON.stringify({ GroupMemberships: [{ GroupId, MemberId: { UserId: ALICE } }], NextToken });

  it.each<[what: string, files: Record<string, string>, shown: string[]]>([
    ['one that goes on', { 'p/a.json': page([ALICE], 'x') }, ['a.json is not']],
    [
      'the last page lacks',
      { 'p/a.json': page([ALICE], 'x'), 'p/b.json': page([BOB], 'y') },
      ['a.json, b.json are not'],
    ],
    ['all pages', { 'p/a.json': page([ALICE], 'x'), 'p/b.json': page([BOB]) }, []],
    [
      'of one group',
      { 'p/a.json': members('g', 'x'), 'p/b.json': members('h') },
      ['a.json is not'],
    ],
    [
      'of people whole, of groups not',
      { 'p/a.json': page([ALICE]), 'p/g.json': '{"Groups":[],"NextToken":"x"}' },
      ['g.json is not'],
    ],
    ['a blank token', { 'p/a.json': page([ALICE], '') }, []],
  ])('are named where the last page is missing: %s', async (_, files, shown) => {
    await withDirectory(files, async (directory) => {
      const args = ['import', 'users', join(directory, 'p'), '-o', join(directory, 'data')];
      const { stdout } = await runMain(args);
      const found = [
        ...stdout.replace(/\s+/g, ' ').matchAll(/- ([\w., ]*? (?:is|are) not) the whole list/g),
      ];
      expect(found.map(([, text]) => text)).toEqual(shown);
    });
  });
});

describe('JSON in place of a CSV is called what it is', () => {
  const store = JSON.stringify({ Users: [{ UserId: ALICE, UserName: 'alice' }] });
  it.each(['activity', 'subscriptions'])('import %s', async (kind) => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(store, 'utf16le')]);
    const files = { 'users.json': store, 'utf16.json': utf16, 'other.json': '[{"name":"a"}]' };
    await inFolder(files, async (folder) => {
      for (const name of ['users.json', 'utf16.json']) {
        const { status, stderr } = await folder.imports(`${kind} ${name}`);
        expect(status).toBe(3);
        expect(stderr).toContain(
          `${name}: this is JSON of the Identity Store, which names people, not CSV: run kiro-bill import users PATH -o DIR`,
        );
      }
      const { stderr } = await folder.imports(`${kind} other.json`);
      expect(stderr).toContain('other.json: this is JSON, not CSV: get the same as CSV');
    });
  });
});

it('lists of a profile made anew, with its ARNs and without, give the same in any order', async () => {
  const list = 'Name,Kiro plan\nann@example.com,Kiro Pro\n';
  const files = {
    'start.csv': bill(fee(ALICE, 'Pro', '20')),
    ...Object.fromEntries(['old', 'new', 'none'].map((name) => [`${name}.csv`, list])),
  };
  await inFolder(files, async ({ path, run }) => {
    await run('import', 'cur', path('start.csv'), '-o', path('start'));
    const given = (name: string, day: string, ...args: string[]) => [
      ['subscriptions', path(`${name}.csv`), '--as-of', day, ...args],
    ];
    const { differences, whole } = await runOrders(
      path('.'),
      [
        given('new', '2026-03-12', '--profile', EAST.replace('EAST', 'NEW')),
        given('old', '2026-03-08', '--profile', EAST),
        given('none', '2026-03-05'),
      ],
      path('start'),
    );
    expect(differences).toEqual([]);
    expect(whole.files['profiles.csv']).toContain(`${EAST.replace('EAST', 'NEW')},`);
    expect(whole.files['profiles.csv']).toContain(`,disabled,,${EAST},`);
  });
});
