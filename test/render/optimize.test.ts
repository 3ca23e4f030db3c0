import { describe, expect, it } from 'vitest';
import { type HostSettings, runInProcess, runOnce } from '../support/in-process.ts';
import { profilesCsv, subscriptionsCsv, usageCsv } from '../support/tables.ts';
import { wideLines } from '../support/wide-lines.ts';
import { NASTY_NAMES } from './samples.ts';

const ACME = new URL('../../fixtures/acme', import.meta.url).pathname;

/** Somebody used the month, so that it is known. */
const USED = usageCsv('2026-01-05,P1,other,1');

async function table(args: string[], host: HostSettings = {}): Promise<string> {
  const run = await runOnce(['optimize', '--month', '2026-03', ...args, '--data', ACME], host);
  return run.stdout;
}

describe('the table of optimize', () => {
  it.each([80, 100, 120, 160])('has no line wider than %i columns', async (columns) => {
    for (const args of [[], ['--months', '3'], ['--top', '3']]) {
      const text = await table(args, { columns });
      expect(wideLines(text, columns)).toEqual([]);
    }
  });

  it('puts idle seats first, then what to do by the highest saving', async () => {
    const text = await table([], { columns: 120 });
    expect(text).toMatch(/^Kiro tiers · 2026-03 · USD\n/);
    const headings = text.match(/^(Not used|Downgrade|Upgrade|Keep)/gm);
    expect(headings).toEqual(['Not used', 'Downgrade', 'Upgrade', 'Keep']);
    expect(text).toContain('Not used: unsubscribe (2 seats, saves $40.00 per month)');
    expect(text.indexOf('Farid Nazari')).toBeLessThan(text.indexOf('Isabel Cortés'));
  });

  it('shows all tiers side by side, and marks those that would have blocked usage', async () => {
    const text = await table([], { columns: 160 });
    expect(text).toMatch(
      /Jonas Weber +Acme Europe +1,893 +Pro +\$44\.00! +\$40\.00 +\$200\.00 +↑ Pro\+ +\$4\.00\n/,
    );
    expect(text).toContain('! the tier would have blocked some of the usage');
    const fine = await table(['--user', 'Farid Nazari']);
    expect(fine).not.toContain('!');
  });

  it('ends with the totals and the top savings in words', async () => {
    const text = await table([], { columns: 120 });
    expect(text).toMatch(/\nTotal, 41 seats +\$320\.49\n/);
    expect(text).toContain(
      'On the tiers of next month the seats would have cost $2,021.95 for 2026-03, on the best ones $1,701.46.',
    );
    expect(text).toContain(
      '\n2 paid seats were not used: $40.00 per month, and $80.00 since the last use.\n',
    );
    expect(text).toMatch(/\$20\.00 {2}Tessa Vermeulen, .*\n? *.* Not used since 2026-01-03\.\n/);
    expect(text).toMatch(
      /\nTop savings per month\n\$180\.00 {2}Farid Nazari, Acme Engineering: Pro covers /,
    );
    expect((text.split('Top savings')[1] ?? '').match(/\$[\d.]+ {2}/g)).toHaveLength(5);
    expect(await table(['--user', 'Marcus Reed'])).not.toContain('Top savings');
  });

  it('says of a seat that was used after the month when it was used last', async () => {
    const { stdout } = await runInProcess(['optimize', '2026-01', '--quiet'], {
      'usage.csv': usageCsv('2026-01-05,P1,other,1', '2026-03-06,P1,ana,1'),
      'subscriptions.csv': subscriptionsCsv(
        'P1,user,ana,Pro,2025-11-01',
        'P1,user,bo,Pro,2025-11-01',
      ),
    });
    const said = stdout.replace(/\n +/g, ' ');
    expect(said).toMatch(
      / ana, P1: No credits used in 2026-01\..* Used later, last on 2026-03-06\.\n/,
    );
    expect(said).toMatch(/ bo, P1: No credits used in 2026-01\..* Not used since 2026-01-05\.\n/);
  });

  it('shows since when seats are idle and what that has cost, where any is', async () => {
    const wide = await table([], { columns: 160 });
    expect(wide).toMatch(/Tessa Vermeulen .* unsubscribe +\$20\.00 +2026-01-03 +\$40\.00\n/);
    expect(wide).toMatch(/\nTotal, 41 seats +\$320\.49 +\$80\.00\n/);
    expect(await table(['--user', 'Grace Kim'], { columns: 160 })).not.toContain('Idle since');
    const narrow = await table([], { columns: 80 });
    expect(narrow.replaceAll('\n', ' ')).toContain('(credits_used, idle_since, idle_cost)');
  });

  it('explains the mark of blocked usage only where it shows tiers', async () => {
    expect(await table([], { columns: 80 })).toContain('! the tier would have blocked');
    expect(await table([], { columns: 60 })).not.toContain('! the tier would have blocked');
  });

  it('says so where the totals are of what is shown, and how overage was taken', async () => {
    expect(await table(['--min-saving', '100'])).toContain('Total shown, 4 seats');
    expect(
      await table([
        '--profile',
        'arn:aws:codewhisperer:eu-central-1:123456789012:profile/DEX2N6HVYPQM',
      ]),
    ).toMatch(/Total shown, \d+ seats/);
    expect(await table(['--overage', 'off'])).toMatch(/^Kiro tiers .* · as if overage were off\n/);
    expect(await table(['--months', '3'])).toMatch(/^Kiro tiers · 3 months to 2026-03 · USD\n/);
  });

  it('is one list in the order asked for with --sort or --top', async () => {
    const text = await table(['--top', '3'], { columns: 120 });
    expect(text).not.toMatch(/^(Not used|Downgrade|Keep)/m);
    expect(text).toContain('Total shown, 3 seats');
    // None of the three is marked.
    expect(text).not.toContain('!');
  });

  it('tells the seats of one user in two profiles apart at any width', async () => {
    const wide = (await table([], { columns: 120 })).split('\n');
    const starts = wide.filter((line) => line.startsWith('Sofia')).map((line) => line.slice(0, 37));
    expect(new Set(starts).size).toBe(2);
    for (const columns of [60, 80]) {
      const narrow = await table([], { columns });
      for (const profile of ['Acme Engineering', 'Acme Europe']) {
        expect(narrow).toMatch(new RegExp(`\\nSofia \\S+ .*\\n {2}${profile}\\n`));
      }
    }
  });

  it.each([60, 80, 100, 160])(
    'tells users apart whose names are the same or begin alike, at %i columns',
    async (columns) => {
      const long = 'Wolfeschlegelsteinhausenbergerdorff von';
      const names = ['Ana Souza', 'Ana Souza', `${long} A`, `${long} B`, 'Bo'];
      const { stdout } = await runInProcess(
        ['optimize', '--month', '2026-01', '--quiet'],
        {
          'usage.csv': USED,
          'users.csv': `user_id,name\n${names.map((name, index) => `u-${index},${name}\n`).join('')}`,
          'subscriptions.csv': subscriptionsCsv(
            ...names.map((_, index) => `P1,user,u-${index},Pro,2025-11-01`),
          ),
        },
        { columns },
      );
      for (const id of ['u-0', 'u-1', 'u-2', 'u-3']) {
        expect(stdout).toMatch(new RegExp(`\\n(Ana|Wolfe).*\\n {2}${id}\\n`));
      }
      expect(stdout).not.toContain('u-4');
    },
  );

  it('color adds nothing but color', async () => {
    const plain = await table([], { columns: 120 });
    const colored = await table([], { columns: 120, environment: { FORCE_COLOR: '1' } });
    expect(colored).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colors are control characters
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  it('a seat of a partition without a tier that others have shows a dash', async () => {
    const tier = (name: string, rank: number): object => ({
      name,
      rank,
      price: '10',
      credits: '1000',
      overage_rate: '0.04',
    });
    const run = await runInProcess(['optimize', '--month', '2026-01', '--quiet'], {
      'rates.json': JSON.stringify({
        editions: [
          {
            from: '2025-10',
            currency: 'USD',
            partitions: { aws: [tier('Pro', 1), tier('Max', 2)], 'aws-us-gov': [tier('Pro', 1)] },
          },
        ],
      }),
      'usage.csv': USED,
      'profiles.csv': profilesCsv('P1,111122223333,us-east-1', 'P2,111122223333,us-gov-west-1'),
      'subscriptions.csv': subscriptionsCsv('P1,user,a,Pro,2025-11-01', 'P2,user,b,Pro,2025-11-01'),
    });
    expect(run.stdout).toMatch(
      /\nb +P2 +0 +Pro +\$10\.00 +– +unsubscribe +\$10\.00 +2026-01-05 +–\n/,
    );
  });

  it('says that a seat ends where the data has its end, and nothing to do about it', async () => {
    const run = await runInProcess(['optimize', '--month', '2026-01', '--quiet'], {
      'usage.csv': USED,
      'profiles.csv': profilesCsv('P1,111122223333,us-east-1'),
      'subscriptions.csv': subscriptionsCsv(
        'P1,user,a,Pro,2025-11-01,2026-01-10',
        'P1,user,other,Pro+,2025-11-01,2026-01-10',
      ),
    });
    expect(run.stdout).toMatch(/\na .* Pro → none .* ends +–/);
    expect(run.stdout).toMatch(/\nother .* Pro\+ → none .* ends +–/);
  });

  it('names that mean harm stay on their line, without control characters', async () => {
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const run = await runInProcess(
      ['optimize', '--month', '2026-01', '--quiet'],
      {
        'usage.csv': USED,
        'users.csv': [
          'user_id,name',
          ...NASTY_NAMES.map((name, i) => `u${i},${quoted(name)}`),
          '',
        ].join('\n'),
        'subscriptions.csv': subscriptionsCsv(
          ...NASTY_NAMES.map((_, i) => `P1,user,u${i},Pro,2025-11-01`),
        ),
      },
      { columns: 80 },
    );
    expect(run.status).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none
    expect(run.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2028]/);
    expect(wideLines(run.stdout, 80)).toEqual([]);
  });
});
