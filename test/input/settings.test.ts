/** `kiro-bill.json` in the data directory, and the environment's `KIRO_BILL_DATA`. */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runMain, withDirectory } from '../support/in-process.ts';
import { billed, GOOD_FILES, problemsOf } from './good-files.ts';

const HEADER = 'timestamp,profile_id,user_id,credits,request_id\n';
const row = (credits: number, id = ''): string => `2026-01-05,p1,u1,${credits},${id}\n`;

/** A rate card in another currency than the built-in one. */
const CARD = JSON.stringify({
  editions: [
    {
      from: '2025-01',
      currency: 'EUR',
      first_month: 'full',
      partitions: {
        aws: [
          { name: 'Pro', rank: 1, price: '1', credits: '1', overage_rate: '1' },
          { name: 'Pro+', rank: 2, price: '2', credits: '2', overage_rate: '1' },
        ],
      },
    },
  ],
});

function settings(values: unknown): Record<string, string> {
  return { 'kiro-bill.json': JSON.stringify(values) };
}

/** The credits of the one seat, and the closing line. */
async function creditsOf(
  changes: Record<string, string | undefined>,
  args: readonly string[] = [],
): Promise<{ credits: string | undefined; stderr: string }> {
  const { csv, stderr } = await billed(changes, args);
  return { credits: csv.split('\n')[1]?.split(',')[8], stderr };
}

describe('settings', () => {
  test('name usage by paths relative to them, each file once, and the closing line says so', async () => {
    const { credits, stderr } = await creditsOf({
      ...settings({ usage: ['bucket', './bucket/a.csv', 'more.csv'] }),
      'usage.csv': undefined,
      'bucket/a.csv': HEADER + row(1),
      'bucket/b.csv': HEADER + row(2),
      'more.csv': HEADER + row(4),
    });
    expect(credits).toBe('7.00');
    expect(stderr).toContain('3 usage rows (usage from kiro-bill.json)');
  });

  test('stand in place of usage of the directory, which is then a warning', async () => {
    const { credits, stderr } = await creditsOf({
      ...settings({ usage: 'jan.csv' }),
      'jan.csv': HEADER + row(2),
    });
    expect(credits).toBe('2.00');
    expect(stderr).toContain(
      'warning: usage.csv: it is not read, as kiro-bill.json names other usage: move it away, or take it into "usage" there',
    );
    expect(stderr).not.toContain('jan.csv: it is not read');
  });

  test('may name the usage of the directory itself', async () => {
    const { stderr } = await creditsOf(settings({ usage: ['usage.csv'] }));
    expect(stderr).not.toContain('not read');
  });

  test('give way to options', async () => {
    await withDirectory({ 'x.csv': HEADER + row(3, 'r') + row(3, 'r') }, async (directory) => {
      const usage = ['--usage', join(directory, 'x.csv')];
      const { credits, stderr } = await creditsOf(settings({ usage: 'gone' }), usage);
      expect(credits).toBe('6.00');
      expect(stderr).not.toContain('kiro-bill.json');
    });
  });

  test('turn on --dedupe and name a rate card', async () => {
    const { credits, stderr } = await creditsOf({
      ...settings({ dedupe: true, threads: 1, rates: 'cards/ours.json' }),
      'usage.csv': HEADER + row(3, 'r') + row(3, 'r'),
      'cards/ours.json': CARD,
    });
    expect(credits).toBe('3.00');
    expect(stderr).toContain('1 usage row left out');
    expect(stderr).toContain('(rates, dedupe, threads from kiro-bill.json)');
  });

  test('name a rate card in place of that of the directory, which is then a warning', async () => {
    const files = { ...settings({ rates: 'ours.json' }), 'ours.json': CARD, 'Rates.json': CARD };
    const warning =
      'Rates.json: it is not read, as kiro-bill.json names another rate card: move it away, or name it in "rates" there';
    expect((await creditsOf(files)).stderr).toContain(`warning: ${warning}`);
    await withDirectory(files, async (directory) => {
      const rates = await runMain(['rates', '2026-01', '--data', directory, '--strict']);
      expect(rates.stderr.replaceAll(`${directory}/`, '')).toBe(`warning: ${warning}\n`);
      expect(rates.status).toBe(1);
      const given = ['--rates', join(directory, 'ours.json'), '--strict'];
      expect(await runMain(['rates', '2026-01', '--data', directory, ...given])).toMatchObject({
        status: 0,
        stderr: '',
      });
    });
    const own = await creditsOf({ ...settings({ rates: './rates.json' }), 'rates.json': CARD });
    expect(own.stderr).not.toContain('not read');
  });
});

describe('a setting that is wrong is bad input', () => {
  test.each([
    [{ usages: 'x' }, 'usages: there is no such setting: did you mean usage?'],
    [{ usage: 3 }, 'usage: must be a path or a list of paths (3)'],
    [{ usage: ['a', ''] }, 'usage: must be a path or a list of paths ("")'],
    [{ cur: {} }, 'cur: must be a path or a list of paths ({})'],
    [{ people: null }, 'people: must be a path or a list of paths (null)'],
    [{ rates: [] }, 'rates: must be the path of a rate card ([])'],
    [{ dedupe: 'yes' }, 'dedupe: must be true or false ("yes")'],
    [{ threads: 0 }, 'threads: must be a whole number from 1 (0)'],
    [{ reported_credits: 'both' }, 'reported_credits: must be "beside" or "inside" ("both")'],
    [
      { days_off: ['2026-02-30'] },
      'days_off: must be a list of dates such as "2026-01-01" ("2026-02-30")',
    ],
    [{ cost_center_tag: '' }, 'cost_center_tag: must be the key of a cost allocation tag ("")'],
    [
      { subscription_lists: [{ file: 'x' }] },
      'subscription_lists: must be a list of { "path", "profile", "as_of" } ({"file":"x"})',
    ],
    [[], 'must be an object such as { "usage": "reports/" }'],
  ])('%j', async (values, problem) => {
    expect(await problemsOf(settings(values))).toEqual([`kiro-bill.json: ${problem}`]);
  });

  test.each([
    'x.csv',
    { path: ' ' },
    { path: 'x.csv', profile: 3 },
    { path: 'x.csv', profile: 'a\u0007b' },
    { path: 'x.csv', as_of: 20260131 },
    { path: 'x.csv', as_of: 'soon' },
    { path: 'x.csv', day: '2026-01-31' },
  ])('a subscription list as %j', async (list) => {
    const what = 'must be a list of { "path", "profile", "as_of" }';
    expect(await problemsOf(settings({ subscription_lists: [list] }))).toEqual([
      `kiro-bill.json: subscription_lists: ${what} (${JSON.stringify(list)})`,
    ]);
  });

  test('as is what is no JSON', async () => {
    const [problem] = await problemsOf({ 'kiro-bill.json': '{' });
    expect(problem).toMatch(/^kiro-bill\.json: the file is not valid JSON: /);
  });

  test('as is a setting that is there twice: one of them would be lost', async () => {
    const [problem] = await problemsOf({ 'kiro-bill.json': '{ "usage": ["a"], "usage": ["b"] }' });
    expect(problem).toMatch(/^kiro-bill\.json: the file is not valid JSON: Duplicate key 'usage'/);
  });

  test('a path at which there is nothing any more, for a command that reads it', async () => {
    const changes = settings({ usage: ['gone'], rates: 'cards.json', cur: 'gone', people: 'gone' });
    const what = 'there is no such file or folder any more: correct or remove the path';
    expect(await problemsOf(changes)).toEqual([
      `kiro-bill.json: rates: ${what} (cards.json)`,
      `kiro-bill.json: usage: ${what} (gone)`,
    ]);
  });
});

test('KIRO_BILL_DATA names the data directory where --data does not', async () => {
  await withDirectory({ ...GOOD_FILES }, async (directory) => {
    const environment = { KIRO_BILL_DATA: directory };
    const args = ['invoice', '--month', '2026-01', '--format', 'csv'];
    expect((await runMain(args, { environment })).stdout).toContain(',u1,Uma,');
    const other = await runMain([...args, '--data', join(directory, 'none')], { environment });
    expect(other.stderr).toContain('none: there is no such folder');
  });
});

test('a file of the settings that a link reaches, too, is read once', async () => {
  await withDirectory(
    { ...GOOD_FILES, ...settings({ usage: ['usage.csv', 'link.csv'] }) },
    async (directory) => {
      await symlink('usage.csv', join(directory, 'link.csv'));
      const { stdout } = await runMain([
        'invoice',
        '--month',
        '2026-01',
        '--format',
        'csv',
        '--data',
        directory,
      ]);
      expect(stdout).toContain(',10.00,');
    },
  );
});
