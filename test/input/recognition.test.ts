/** Files are found by their names in any spelling, and none that looks like an input is ignored in silence. */
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runMain, withDirectory } from '../support/in-process.ts';
import { billed, GOOD_FILES, problemsOf } from './good-files.ts';

const HEADER = 'timestamp,profile_id,user_id,credits\n';
const SUBSCRIPTIONS = GOOD_FILES['subscriptions.csv'];

/** The warnings of an invoice over the good files with `changes`, without the word `warning:`. */
async function warningsOf(
  changes: Record<string, string | undefined>,
  args: readonly string[] = [],
): Promise<string[]> {
  const { stderr } = await billed(changes, args);
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('warning: ') && line.includes('not read'))
    .map((line) => line.slice('warning: '.length));
}

describe('names of files', () => {
  test('are matched ignoring case, with -, _ and space alike', async () => {
    const { csv } = await billed({
      'tier_changes.csv': undefined,
      'Tier Changes.CSV': GOOD_FILES['tier_changes.csv'],
      'users.csv': undefined,
      'Users.CSV': GOOD_FILES['users.csv'],
      'subscriptions.csv': undefined,
      'SUBSCRIPTIONS.csv': SUBSCRIPTIONS,
      'usage.csv': undefined,
      'Usage.csv': GOOD_FILES['usage.csv'],
    });
    expect(csv.split('\n')[1]).toContain('u1,Uma,Pro+,');
    expect(csv.split('\n')[1]).toContain(',10.00,');
  });

  test('two that match one are bad input, told of the second by its bytes', async () => {
    expect(await problemsOf({ 'Tier-Changes.csv': GOOD_FILES['tier_changes.csv'] })).toEqual([
      'tier_changes.csv: it is one more tier_changes.csv beside Tier-Changes.csv: keep one of them',
    ]);
  });

  test('two are no problem where the option of the file is given', async () => {
    await withDirectory({ 'c.csv': GOOD_FILES['tier_changes.csv'] }, async (directory) => {
      await billed({ 'Tier-Changes.csv': GOOD_FILES['tier_changes.csv'] }, [
        '--tier-changes',
        join(directory, 'c.csv'),
      ]);
    });
  });
});

describe('a file that looks like an input', () => {
  test.each([
    ['Usage January.csv', GOOD_FILES['usage.csv'], 'usage.csv'],
    ['subs 2026.csv', SUBSCRIPTIONS, 'subscriptions.csv'],
    ['people.csv', 'user_id;name\nu;n\n', 'users.csv'],
    ['teams.csv', 'group_id,name\ng,n\n', 'groups.csv'],
    ['in-teams.csv', 'group_id,user_id,name\ng,u,n\n', 'group_members.csv'],
    ['changes.csv', GOOD_FILES['tier_changes.csv'], 'tier_changes.csv'],
    ['report.csv', 'Date,UserId,Client_Type,Credits_Used,ProfileId\n', 'usage.csv'],
    ['our prices.json', '{ "editions": [] }', 'rates.json'],
  ])('%s is a warning that names what it should be called', async (name, text, meant) => {
    expect(await warningsOf({ [name]: text })).toEqual([
      `${name}: it is not read, but looks like ${meant}: give it that name, or move it away`,
    ]);
  });

  test.each([
    ['ids.csv', 'user_id\nu\n'],
    ['team.csv', 'group_id,note\ng,n\n'],
    ['note.csv', 'a,b\n1,2\n'],
    ['sum.csv', 'month,profile_id,user_id,stretch_from,stretch_to,credits,requests\n'],
    [
      'january.csv',
      'month,profile_id,account_id,region,profile_name,seats,subscription_charge,credits_used,overage_credits,unbilled_credits,overage_charge,total_charge,currency\n',
    ],
    ['trend.csv', 'profile_id,account_id,region,2026-01,total,change,currency\n'],
    ['_old.csv', SUBSCRIPTIONS],
    ['~$old.csv', SUBSCRIPTIONS],
    ['.old.csv', SUBSCRIPTIONS],
    ['94482408-3061-7014-8c55-1f0a62d9be31.csv', SUBSCRIPTIONS],
    ['empty.csv', ''],
    ['notes.txt', 'x'],
    ['book.json', '{ "edition": [] }'],
    ['list.json', '[]'],
    ['cut off.json', '{ "editions": ['],
  ])('%s is none', async (name, text) => {
    expect(await warningsOf({ [name]: text })).toEqual([]);
  });

  test('by its name with another ending is a warning, which says what to do with a file of that kind', async () => {
    const { gzipSync } = await import('node:zlib');
    await withDirectory(
      {
        'subscriptions.csv': SUBSCRIPTIONS,
        'tier_changes.xlsx': 'x',
        'Users.csv.gz': gzipSync('user_id,name\nu1,Uma\n'),
        'activations.csv.zip': 'x',
        'usage.7z': 'x',
        'usage.csv.zst': 'x',
        'Usage.Parquet.gz': 'x',
        'usage.gz': 'x',
        'usage.ods': 'x',
        'january.csv.gz': gzipSync(`${HEADER}2026-01-05,p1,u1,1\n`),
        'users.tsv': 'x',
        'groups.parquet': 'x',
        'rates.json.gz': gzipSync('{}'),
        'rates.yaml': 'x',
        'groups.csv.txt': 'x',
        'Overage Changes.csv.bak': 'x',
        'group_members.csv.sha256': 'x',
      },
      async (directory) => {
        const { stdout } = await runMain(['check', '--data', directory, '--format', 'json']);
        const { warnings } = JSON.parse(stdout);
        const unread = warnings.filter(({ code }: { code: string }) => code === 'file-unread');
        expect(
          unread.map(({ message }: { message: string }) => message.slice(directory.length + 1)),
        ).toEqual([
          'Overage Changes.csv.bak: it is not read, but looks like overage_changes.csv: save it as CSV under that name, or move it away',
          'Usage.Parquet.gz: it is not read, but looks like usage.parquet: unpack it, and give it that name',
          'Users.csv.gz: it is not read, but looks like users.csv: unpack it, and give it that name',
          'activations.csv.zip: it is not read, but looks like activations.csv: unpack it, and give it that name',
          'groups.csv.txt: it is not read, but looks like groups.csv: give it that name, or move it away',
          'groups.parquet: it is not read, but looks like groups.csv: save it as CSV under that name, or move it away',
          'january.csv.gz: it is not read, but looks like usage.csv.gz: give it that name, or move it away',
          'rates.json.gz: it is not read, but looks like rates.json: unpack it, and give it that name',
          'rates.yaml: it is not read, but looks like rates.json: save it as JSON under that name, or move it away',
          'tier_changes.xlsx: it is not read, but looks like tier_changes.csv: save it as CSV under that name, or move it away',
          'usage.7z: it is not read, but looks like usage.csv: unpack it, and give it that name',
          'usage.csv.zst: it is not read, but looks like usage.csv: unpack it, and give it that name',
          'usage.gz: it is not read, but looks like usage.csv.gz: give it that name, or move it away',
          'usage.ods: it is not read, but looks like usage.csv: save it as CSV under that name, or move it away',
          'users.tsv: it is not read, but looks like users.csv: give it that name, or move it away',
        ]);
      },
    );
  });

  test('is a warning where an option replaces the name that it should have', async () => {
    await withDirectory(
      {
        'subscriptions.csv': SUBSCRIPTIONS,
        'jan.csv': `${HEADER}2026-01-05,p1,u1,1\n`,
        'feb.csv': `${HEADER}2026-02-05,p1,u1,1\n`,
      },
      async (directory) => {
        const args = ['invoice', '--month', '2026-01', '--data', directory];
        const { stderr } = await runMain([...args, '--usage', join(directory, 'jan.csv')]);
        expect(stderr).toContain('feb.csv: it is not read, but looks like usage.csv');
        expect(stderr).not.toContain('jan.csv: it is not read');
      },
    );
  });

  test('is a warning of rates and sql, too, where it would change what they write', async () => {
    await withDirectory(
      {
        'subscriptions.csv': SUBSCRIPTIONS,
        'jan.csv': `${HEADER}2026-01-05,p1,u1,1\n`,
        'overage changes (1).csv': GOOD_FILES['overage_changes.csv'] as string,
        'our prices.json': '{ "editions": [] }',
      },
      async (directory) => {
        const warned = async (...command: string[]): Promise<string[]> => {
          const { status, stderr } = await runMain([...command, '--data', directory, '--strict']);
          expect(status).toBe(1);
          return [...stderr.matchAll(/^warning: .*\/(.*): it is not read, but looks like /gm)].map(
            ([, name = '']) => name,
          );
        };
        expect(await warned('rates', '2026-01')).toEqual(['our prices.json']);
        expect(await warned('sql', '--engine', 'duckdb')).toEqual([
          'our prices.json',
          'overage changes (1).csv',
        ]);
      },
    );
    await withDirectory({ 'notes.json': '{}' }, async (directory) => {
      const { status, stderr } = await runMain(['rates', '--data', directory, '--strict']);
      expect([status, stderr]).toEqual([0, '']);
    });
  });

  test('is none where an option names it', async () => {
    await withDirectory(
      { 'subscriptions.csv': SUBSCRIPTIONS, 'jan.csv': `${HEADER}2026-01-05,p1,u1,1\n` },
      async (directory) => {
        const args = ['invoice', '--month', '2026-01', '--data', directory];
        const { stderr } = await runMain([...args, '--usage', join(directory, 'jan.csv')]);
        expect(stderr).not.toContain('not read');
      },
    );
  });

  test('in a folder of usage is one, except for what programs leave there', async () => {
    const rows = `${HEADER}2026-01-05,p1,u1,1\n`;
    const ignored = [
      '_SUCCESS',
      '.hidden',
      'a.md',
      'b.json',
      'a.csv.sha256',
      'SHA256SUMS',
      'desktop.ini',
    ];
    expect(
      await warningsOf({
        'usage.csv': undefined,
        'usage/a.csv': rows,
        'usage/b.tsv': 'x',
        'usage/deep/c.XLSX': 'x',
        'usage/empty.zip': '',
        ...Object.fromEntries(ignored.map((name) => [`usage/${name}`, 'x'])),
      }),
    ).toEqual([
      'usage/b.tsv: it is not read: usage is .csv, .csv.gz or .parquet',
      'usage/deep/c.XLSX: it is not read: usage is .csv, .csv.gz or .parquet',
    ]);
  });

  test('is named beside the problems of other files', async () => {
    const files = {
      'subscriptions.csv': SUBSCRIPTIONS,
      'users.txt': 'x',
      'tier_changes.csv':
        'profile_id,principal_type,principal_id,changed_at,tier\np1,user,u1,x,Pro\n',
    };
    const unread = 'users.txt: it is not read, but looks like users.csv';
    await withDirectory(files, async (directory) => {
      const bill = await runMain(['invoice', '--month', '2026-01', '--data', directory]);
      const lines = bill.stderr.replaceAll(`${directory}/`, '').trimEnd().split('\n');
      expect(lines).toEqual([
        expect.stringMatching(/^tier_changes.csv:2: changed_at: /),
        expect.stringContaining(`warning: ${unread}`),
        expect.stringMatching(/^error: 1 problem /),
      ]);
      const check = await runMain(['check', '--format', 'json', '--data', directory]);
      expect(JSON.parse(check.stdout).warnings).toEqual([
        expect.objectContaining({ code: 'file-unread', message: expect.stringContaining(unread) }),
      ]);
    });
  });

  test('makes --strict exit with 1', async () => {
    await withDirectory(
      { 'subscriptions.csv': SUBSCRIPTIONS, 'users.txt': 'x' },
      async (directory) => {
        expect((await runMain(['check', '--data', directory])).status).toBe(0);
        expect((await runMain(['check', '--strict', '--data', directory])).status).toBe(1);
      },
    );
  });
});

describe('a folder without subscriptions.csv', () => {
  test.each([
    ['subscription.csv', 'give it this name'],
    ['subscriptions.xlsx', 'save it as CSV under this name'],
  ])('says what to do, with the name beside it that is near: %s', async (near, remedy) => {
    await withDirectory({ [near]: SUBSCRIPTIONS }, async (directory) => {
      const { status, stderr } = await runMain(['invoice', '--data', directory]);
      expect(status).toBe(3);
      expect(stderr).toContain(
        `subscriptions.csv: there is no such file: name the folder that has it with --data DIR, make a sample with "kiro-bill init DIR", or import AWS's files with "kiro-bill import"; if ${near} is meant, ${remedy}\n`,
      );
    });
  });
});

describe('a path that is there but cannot be read is bad input', () => {
  const DATA = { 'subscriptions.csv': SUBSCRIPTIONS };

  async function refusal(prepare: (directory: string) => Promise<unknown>): Promise<string> {
    return withDirectory(DATA, async (directory) => {
      await prepare(directory);
      for (const command of ['invoice', 'check']) {
        const { status, stdout, stderr } = await runMain([command, '--data', directory]);
        expect(status).toBe(command === 'check' ? 1 : 3);
        if (command === 'check') return stdout.replaceAll(`${directory}/`, '').split('\n')[0] ?? '';
        expect(stderr).toContain(directory);
      }
      return '';
    });
  }

  test.each([
    [
      'a link to nowhere named usage',
      (d: string) => symlink(join(d, 'gone'), join(d, 'usage')),
      'usage: there is no such file',
    ],
    [
      'a looping one',
      (d: string) => symlink('usage', join(d, 'usage')),
      'usage: it is a link that leads in a circle',
    ],
    [
      'a plain file named usage',
      (d: string) => writeFile(join(d, 'usage'), HEADER),
      'usage: it is a file, and usage is a folder: name it usage.csv, usage.csv.gz or usage.parquet',
    ],
    [
      'a link to nowhere inside usage/',
      async (d: string) => {
        await mkdir(join(d, 'usage'));
        await symlink(join(d, 'gone'), join(d, 'usage/old'));
      },
      'usage/old: there is no such file',
    ],
    [
      'a pipe inside usage/',
      async (d: string) => {
        await mkdir(join(d, 'usage'));
        execFileSync('mkfifo', [join(d, 'usage/pipe')]);
      },
      'usage/pipe: it is a pipe, a socket or a device, which is not read in a folder: remove it',
    ],
    [
      'a link to nowhere in place of a table',
      (d: string) => symlink('gone', join(d, 'users.csv')),
      'users.csv: there is no such file',
    ],
    [
      'a link to nowhere in place of the settings',
      (d: string) => symlink('gone', join(d, 'kiro-bill.json')),
      'kiro-bill.json: there is no such file',
    ],
  ])('%s', async (_, prepare, problem) => {
    expect(await refusal(prepare)).toBe(problem);
  });

  test.each(['pipe.json', 'pipe.csv'])('a pipe %s beside the tables is not waited for', (name) =>
    withDirectory(DATA, async (directory) => {
      execFileSync('mkfifo', [join(directory, name)]);
      expect((await runMain(['check', '--data', directory])).status).toBe(0);
    }),
  );

  test.each([
    ['Delta', '_delta_log/00000000000000000000.json'],
    ['Iceberg', 'metadata/v1.metadata.json'],
  ])(
    'the folder of a table in %s format, whose files hold rows that no longer count',
    async (format, name) => {
      const [problem] = await problemsOf({
        'usage.csv': undefined,
        'usage/events/a.csv': `${HEADER}2026-01-05,p1,u1,1\n`,
        [`usage/events/${name}`]: '{}',
      });
      expect(problem).toContain(`usage/events: it is the folder of a table in ${format} format`);
    },
  );
});

test('1,000 nested folders are walked in seconds', async () => {
  await withDirectory({ 'subscriptions.csv': SUBSCRIPTIONS }, async (directory) => {
    const deepest = join(directory, 'usage', ...Array<string>(1000).fill('d'));
    await mkdir(deepest, { recursive: true });
    await writeFile(join(deepest, 'a.csv'), `${HEADER}2026-01-05,p1,u1,1\n`);
    const args = ['invoice', '--month', '2026-01', '--format', 'csv', '--data', directory];
    expect((await runMain(args)).stdout).toContain(',1.00,');
  });
});

describe('an output that the next run would read is refused', () => {
  test.each([
    ['in the folder of usage', ['summarize', '-o', 'usage/sum.csv']],
    ['in a folder below it', ['summarize', '-o', 'usage/deep/sum.csv.gz.csv']],
    ['with the name of a table', ['invoice', '-o', 'Groups.csv']],
    ['with the name of the settings', ['invoice', '--format', 'json', '-o', 'kiro-bill.json']],
    ['for bad rows', ['invoice', '--skip-bad-usage', 'usage/bad.csv']],
  ])('%s', async (_, [command = '', ...args]) => {
    const files = {
      'subscriptions.csv': SUBSCRIPTIONS,
      'usage/a.csv': `${HEADER}2026-01-05,p1,u1,1\n`,
      'usage/deep/b.csv': `${HEADER}2026-01-05,p1,u1,1\n2026-01-06,p1,u1,1\n`,
    };
    await withDirectory(files, async (directory) => {
      const file = join(directory, args.at(-1) ?? '');
      const { status, stderr } = await runMain([
        command,
        ...args.slice(0, -1),
        file,
        '--data',
        directory,
      ]);
      expect(stderr).toContain('would be read as an input of');
      expect(status).toBe(2);
    });
  });

  test('and one that no later run reads is not', async () => {
    const files = {
      'subscriptions.csv': SUBSCRIPTIONS,
      'big/a.csv': `${HEADER}2026-01-05,p1,u1,1\n`,
    };
    await withDirectory(files, async (directory) => {
      const at = (name: string): string => join(directory, name);
      const args = ['--data', directory, '--usage', at('big')];
      expect((await runMain(['summarize', ...args, '-o', at('usage.csv')])).status).toBe(0);
      expect((await runMain(['invoice', ...args, '-o', at('big/notes.json')])).status).toBe(0);
    });
  });
});

describe('what the tables say', () => {
  const USERS = 'user_id,name,email,cost_center\n';

  test('a cost center of spaces alone is a warning of its own', async () => {
    const { stderr } = await billed({ 'users.csv': `${USERS}u1,,,\nu2,,," "\n` });
    expect(stderr).toContain(
      'warning: a cost center of spaces alone (" ") is billed apart from a blank one: leave it blank in users.csv\n',
    );
  });

  test('cost centers that differ only in case or spaces are a warning', async () => {
    const users = `${USERS}u1,,,Platform\nu2,,,Platform \nu3,,,mobile\nu4,,,Mobile\nu5,,,Other\n`;
    const { stderr } = await billed({ 'users.csv': users });
    expect(stderr).toContain(
      'warning: cost centers "Platform", "Platform " differ only in case or spaces, and are billed apart: write them alike in users.csv\n',
    );
    expect(stderr).toContain('cost centers "mobile", "Mobile" differ');
    expect(stderr).not.toContain('Other');
  });

  test('group subscriptions without a membership file are a warning', async () => {
    const { stderr } = await billed({
      'group_members.csv': undefined,
      'subscriptions.csv': `${SUBSCRIPTIONS}p1,group,g1,Pro,2025-11-01,\n`,
    });
    expect(stderr).toContain(
      'warning: group g1 is subscribed, but there is no group_members.csv: it gives no seat\n',
    );
  });

  test('of many group subscriptions without a membership file text names three, JSON each', async () => {
    const ids = ['g1', 'g2', 'g3', 'g4', 'g5'];
    const row = (id: string, from: string): string => `p1,group,${id},Pro,${from}\n`;
    const files = {
      'groups.csv': `group_id,name\n${ids.map((id) => `${id},\n`).join('')}`,
      'subscriptions.csv': `${SUBSCRIPTIONS}${ids.map((id) => row(id, '2025-11-01,2025-12-01') + row(id, '2025-12-01,')).join('')}`,
    };
    const isMissing = 'is subscribed, but there is no group_members.csv: it gives no seat';
    const { stderr } = await billed({ ...files, 'group_members.csv': undefined });
    expect(stderr.match(/^.*group_members.*$/gm)).toEqual([
      `warning: group g1 ${isMissing}`,
      `warning: group g2 ${isMissing}`,
      `warning: group g3 ${isMissing}; and 2 more of this kind`,
    ]);
    await withDirectory(files, async (directory) => {
      const ofGroup = ['invoice', '2026-01', '--data', directory, '--group', 'g5'];
      expect((await runMain(ofGroup)).stderr).toContain('; and 2 more of this kind\n');
      const { stdout } = await runMain(['check', '--data', directory, '--format', 'json']);
      expect(JSON.parse(stdout).warnings).toEqual(
        expect.arrayContaining(
          ids.map((id) => ({
            code: 'group-without-members',
            message: `group ${id} ${isMissing}`,
          })),
        ),
      );
    });
  });

  test.each([
    ['the id in another case', 'U-DORA'],
    ['one edit away', 'u-dorra'],
    ['two letters that changed places', 'u-droa'],
    ['an address one edit away', 'dora@exampel.com'],
  ])('O6: usage without a seat names the likely user: %s', async (_, user) => {
    const { stderr } = await billed({
      'users.csv': `${USERS}u-dora,Dora,dora@example.com,\n`,
      'subscriptions.csv':
        'profile_id,principal_type,principal_id,tier,subscribed_at\np1,user,u-dora,Pro,2025-11-01\n',
      'tier_changes.csv': undefined,
      'activations.csv': undefined,
      'usage.csv': `${HEADER}2026-01-05,p1,${user},1\n`,
    });
    expect(stderr).toContain(`warning: ${user} (is it u-dora dora@example.com?), One, 2026-01: `);
  });

  test('O6: check names usage without a seat, and the likely user, too', async () => {
    const files = { ...GOOD_FILES, 'usage.csv': `${HEADER}2026-01-05,p1,U1,1\n` };
    await withDirectory(files, async (directory) => {
      const { status, stderr } = await runMain(['check', '--data', directory]);
      expect(status).toBe(0);
      expect(stderr).toMatch(/U1 \(is it u1.*\?\).*used with no held tier are not charged/);
    });
  });

  test('O6: and nobody where nobody is near', async () => {
    const { stderr } = await billed({ 'usage.csv': `${HEADER}2026-01-05,p1,somebody,1\n` });
    expect(stderr).not.toContain('is it');
  });
});
