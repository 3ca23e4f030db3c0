import { expect, test } from 'vitest';
import { runMain, withDirectory } from '../support/in-process.ts';
import {
  overageChangesCsv,
  profilesCsv,
  subscriptionsCsv,
  tierChangesCsv,
  usageCsv,
  usersCsv,
} from '../support/tables.ts';
import { ACME, PROFILES, proSince2025, reportOf, reportPage } from './making.ts';
import { figure, partOf, tableRows, textOf } from './page-reader.ts';

const USAGE = 'timestamp,profile_id,user_id,credits\n';

test('the days are those of UTC, each with its own sum', async () => {
  const usage = `${USAGE}2026-02-01T00:00:00Z,p1,ana,1.5\n2026-02-01T23:59:59.999999999Z,p1,ana,2.25\n2026-02-02T01:00:00+02:00,p1,ana,4\n2026-02-28T12:00:00Z,p1,bo,0.1\n2026-03-01T00:00:00Z,p1,ana,9\n`;
  const { page } = await reportOf({
    'profiles.csv': PROFILES,
    'subscriptions.csv': proSince2025('ana', 'bo'),
    'usage.csv': usage,
  });
  const days = tableRows(partOf(page, 'daily'));
  expect(days.filter(({ Credits }) => Credits !== '–')).toEqual([
    { Day: 'Sun 1 February', Credits: '7.75' },
    { Day: 'Sat 28 February', Credits: '0.10' },
  ]);
  expect(days).toHaveLength(28);
});

test('days do not change what a switch of overage makes of the credits', async () => {
  const usage = `${USAGE}2026-02-05T10:00:00Z,p1,ana,900\n2026-02-10T10:00:00Z,p1,ana,300\n2026-02-20T10:00:00Z,p1,ana,50\n`;
  const { page } = await reportOf({
    'profiles.csv': PROFILES,
    'overage_changes.csv': overageChangesCsv('p1,2026-02-15T12:00:00Z,enabled'),
    'subscriptions.csv': proSince2025('ana'),
    'usage.csv': usage,
  });
  const [seat] = tableRows(partOf(page, 'seat-table'));
  expect(seat).toMatchObject({ Unbilled: '200', Overage: '2.00' });
});

test('profiles taken as met have days, too', async () => {
  const { page } = await reportOf({
    'subscriptions.csv': proSince2025('ana'),
    'usage.csv': `${USAGE}2026-02-05T10:00:00Z,p1,ana,1\n2026-02-06T10:00:00Z,p2,bo,2\n`,
  });
  const days = tableRows(partOf(page, 'daily')).map(({ Credits }) => Credits);
  expect(days.slice(4, 6)).toEqual(['1', '2']);
  expect(tableRows(partOf(page, 'seat-table'))[1]).toMatchObject({
    User: 'bo',
    Profile: 'p2',
    Tier: 'No seat',
    Group: '',
  });
});

test('a usage summary has no days, which the page says; all other figures are the same', async () => {
  const { stdout } = await runMain(['summarize', '--data', ACME]);
  await withDirectory({ 'summary.csv': stdout }, async (directory) => {
    const usage = ['--usage', `${directory}/summary.csv`];
    const args = ['--data', ACME, '--month', '2026-03'];
    const whole = await reportPage(args);
    const { page, status } = await reportPage([...args, ...usage]);
    expect(status).toBe(0);
    expect(textOf(partOf(page, 'daily')).trim()).toBe(
      'The days are not known: some of the usage came as a usage summary, which holds the sums of longer stretches.',
    );
    expect(tableRows(partOf(page, 'daily'))).toEqual([]);
    const withoutDays = ({ page }: { page: string }): string =>
      page.replace(partOf(page, 'credits'), '').replace(partOf(page, 'coverage'), '');
    expect(withoutDays({ page })).toBe(withoutDays(whole));
  });
});

test('a month without usage in the data is said to be so, as all its seats look idle', async () => {
  const files = { 'profiles.csv': PROFILES, 'subscriptions.csv': proSince2025('ana', 'bo') };
  const { page, stderr } = await reportOf(files);
  expect(stderr).toContain(
    'warning: 2026-02: no usage is in the data: credits of 2 seats count as none',
  );
  expect(textOf(page)).toContain(
    'The data hold no usage of these seats in February 2026: all of them count as idle, and there is no overage.',
  );
  const { page: used } = await reportOf({
    ...files,
    'usage.csv': `${USAGE}2026-02-05T10:00:00Z,p1,ana,0\n`,
  });
  expect(used).not.toContain('no usage of these seats');
  expect(textOf(partOf(used, 'answer'))).toContain('Unchanged from January 2026, seat by seat.');
});

test('usage that is not whole, or counts twice, is said above the total', async () => {
  const openingOf = async (usage: Record<string, string>): Promise<string> => {
    const { page } = await reportOf({ 'subscriptions.csv': proSince2025('ana'), ...usage });
    return textOf(page.slice(page.indexOf('<header>'), page.indexOf('</header>')));
  };
  const days = everyWeekday('ana');
  const gap = days.replace(/2026-02-(?:09|1[0-9]|20).*\n/g, '');
  expect(await openingOf({ 'usage.csv': `${USAGE}${days}` })).not.toContain('too');
  expect(await openingOf({ 'usage.csv': `${USAGE}${gap}` })).toContain(
    'There is no usage from 2026-02-09 to 2026-02-20 (10 workdays). Credits and overage may be too low: see the warnings.',
  );
  expect(
    await openingOf({ 'usage/a;1.csv': `${USAGE}${days}`, 'usage/b.csv': `${USAGE}${days}\n\n` }),
  ).toContain(
    'b.csv hold the same usage: it is counted twice. Credits and overage may be too high: see the warnings.',
  );
});

test('it is said on which days the data hold usage', async () => {
  const covered = async (usage: string, args: string[] = []): Promise<string> => {
    const files = { 'subscriptions.csv': proSince2025('ana'), 'usage.csv': `${USAGE}${usage}` };
    return textOf(partOf((await reportOf(files, args)).page, 'coverage'));
  };
  expect(await covered(everyWeekday('ana'))).toBe(
    'The data hold usage from 2 February to 27 February, some on every day from Monday to Friday.',
  );
  const gaps = everyWeekday('ana').replace(/2026-02-1[0-9].*\n/g, '');
  expect(await covered(gaps, ['--user', 'ana'])).toBe(
    'The data hold usage from 2 February to 27 February, of these and all other seats, but none on 8 days from Monday to Friday: 10 February, 11 February, 12 February, 13 February, 16 February and 3 more.',
  );
  expect(await covered('2026-02-11,p1,ana,1\n'.replace('02-11', '01-11'))).toBe(
    'The data hold no usage of February 2026.',
  );
});

test('overage does not rise from a month of which no usage is known', async () => {
  const { page } = await reportOf({
    'profiles.csv': PROFILES.replace('name\n', 'name,overage\n').replace(
      /Acme\n/,
      'Acme,enabled\n',
    ),
    'subscriptions.csv': proSince2025('ana'),
    'usage.csv': `${USAGE}2026-02-05,p1,ana,1500\n`,
  });
  expect(textOf(partOf(page, 'answer'))).toContain(
    'The data hold no usage of January 2026: its overage is missing from this comparison.',
  );
});

test('months of which the data hold no usage are named below the chart of months, whoever is shown', async () => {
  const months = async (usage: string, args: string[] = []): Promise<string> => {
    const files = {
      'profiles.csv': PROFILES,
      'subscriptions.csv': proSince2025('ana', 'bo'),
      'usage.csv': `${USAGE}${usage}2026-02-05,p1,ana,1\n`,
    };
    const { page } = await reportOf(files, args);
    return (
      textOf(partOf(page, 'months'))
        .match(/Amounts in USD\..*/)?.[0]
        .trim() ?? ''
    );
  };
  expect(await months('')).toBe(
    'Amounts in USD. The data hold no usage of November 2025, December 2025, January 2026: their overage is missing here.',
  );
  expect(await months('2025-11-05,p1,bo,1\n2026-01-05,p1,bo,1\n', ['--user', 'ana'])).toBe(
    'Amounts in USD. The data hold no usage of December 2025: its overage is missing here.',
  );
  const rows = ['2025-11-05', '2025-12-05', '2026-01-05'].map((day) => `${day},p1,bo,1\n`);
  const all = ['--user', 'ana'];
  expect(await months(rows.join(''), all)).toBe('Amounts in USD.');
  const january = { 'usage.csv': `${USAGE}2026-01-05,p1,bo,1\n2026-02-05,p1,ana,1500\n` };
  const { page } = await reportOf(
    { ...january, 'subscriptions.csv': proSince2025('ana', 'bo') },
    all,
  );
  expect(textOf(partOf(page, 'answer'))).not.toContain('no usage of January');
});

test('what is divided by nothing is left out', async () => {
  const { page } = await reportOf({
    'profiles.csv': PROFILES,
    'subscriptions.csv': proSince2025('ana'),
  });
  expect(page).toContain('By profile');
  expect(page).not.toContain('By group');
  expect(page).not.toContain('By cost center');
});

test('a warning tells what its code is', async () => {
  const { page } = await reportPage(['--data', ACME, '--month', '2026-03']);
  expect(textOf(partOf(page, 'warnings'))).toContain(
    'Codes such as M4 name the billing rule of a warning.',
  );
  const { page: none } = await reportOf({
    'subscriptions.csv': proSince2025('ana'),
    'usage.csv': `${USAGE}${everyWeekday('ana')}`,
  });
  expect(textOf(partOf(none, 'warnings')).trim()).toBe('Warnings\nThere are no warnings.');
});

test('what a seat was charged the month before stays in sight when it is gone', async () => {
  const { page } = await reportOf({
    'profiles.csv': `${PROFILES}p2,111122223333,us-west-2,Second\n`,
    'subscriptions.csv': `${proSince2025('ana')}p2,user,bo,Pro,2025-11-01,2026-01-10\n`,
  });
  expect(tableRows(partOf(page, 'by-profile')).map((row) => [row.Total, row.Change])).toEqual([
    ['20.00', '–'],
    ['–', '−20.00'],
    ['20.00', '−20.00'],
  ]);
  expect(textOf(partOf(page, 'answer'))).toContain('$20.00 (−50.0%) less than in January 2026');
});

test('a month before without seats and usage is compared with, and said to be empty', async () => {
  const { page } = await reportPage(['--data', ACME, '--month', '2025-11']);
  expect(page).toContain('October 2025 has no seats and no usage to compare with.');
});

test('a month before that the rate card does not reach is no reason to refuse', async () => {
  const { page, status } = await reportPage(['--data', ACME, '--month', '2025-10']);
  expect(status).toBe(0);
  expect(page).toContain('No seats and no usage in October 2025.');
  expect(textOf(partOf(page, 'idle'))).toContain('No seat was held.');
  const { page: other } = await reportOf({
    'subscriptions.csv': proSince2025('ana'),
    'rates.json': card('2026-02', ['Pro']),
  });
  const note = textOf(partOf(other, 'answer'));
  expect(note).toContain('There is no change against January 2026 to show: 2026-01 is before');
  expect(Object.keys(tableRows(partOf(other, 'by-profile'))[0] ?? {})).not.toContain('Change');
});

test('a month before whose tier has no price is told with its place', async () => {
  const { page, status } = await reportOf({
    'subscriptions.csv': `${proSince2025('ana')}p1,user,bo,Power,2025-11-01,2026-01-20\n`,
    'rates.json': card('2025-10', ['Pro']),
  });
  expect(status).toBe(0);
  expect(textOf(partOf(page, 'answer'))).toMatch(
    /no change against January 2026 to show: it cannot be billed\. .*subscriptions\.csv:3: tier: tier Power is not on the rate card in 2026-01/,
  );
});

test('a month before in another currency is not compared with', async () => {
  const { page } = await reportOf({
    'subscriptions.csv': proSince2025('ana'),
    'rates.json': JSON.stringify({
      editions: [edition('2025-10', ['Pro'], 'USD'), edition('2026-02', ['Pro'], 'EUR')],
    }),
  });
  expect(textOf(partOf(page, 'answer'))).toContain(
    'There is no change against January 2026 to show: it is billed in USD, and this month in EUR.',
  );
  expect(page).toContain('€20.00');
});

test('a change of prices is a cause of its own, in the sentence, the bridge and each seat', async () => {
  const { page } = await reportOf({
    'profiles.csv': PROFILES,
    'subscriptions.csv': proSince2025('ana'),
    'rates.json': JSON.stringify({
      editions: [edition('2025-10', ['Pro'], 'USD'), edition('2026-02', ['Pro'], 'USD', '25')],
    }),
  });
  expect(textOf(partOf(page, 'answer'))).toContain(
    '$5.00 (+25.0%) more than in January 2026, mostly by other prices (+$5.00)',
  );
  const change = partOf(page, 'change');
  expect(textOf(change)).toContain('Prices');
  const seats = tableRows(change.slice(change.indexOf('</table>')));
  expect(seats).toEqual([{ User: 'ana\nAcme', Why: 'other prices', Change: '+5.00' }]);
});

test('what rose and what fell to the same total is said to cancel out', async () => {
  const { page } = await reportOf({
    'profiles.csv': PROFILES,
    'subscriptions.csv': subscriptionsCsv(
      'p1,user,ana,Pro,2025-11-01,2026-02-01',
      'p1,user,bo,Pro,2026-02-01,',
    ),
  });
  expect(textOf(partOf(page, 'answer'))).toContain(
    'As much as in January 2026: what rose and what fell cancel out.',
  );
});

test('a month that is not over is said to be so', async () => {
  const files = { 'profiles.csv': PROFILES, 'subscriptions.csv': proSince2025('ana') };
  const now = new Date('2026-02-10T08:00:00Z');
  const { page } = await reportOf(files, [], { now });
  expect(page).toContain('February 2026 was not over when this page was written, on 2026-02-10');
  expect((await reportOf(files)).page).not.toContain('was not over');
});

test('pending seats are named, and not charged', async () => {
  const { page } = await reportOf({
    'profiles.csv': PROFILES,
    'users.csv': usersCsv('bo,Bo Berg'),
    'activations.csv': 'profile_id,user_id,activated_at\np1,ana,2025-11-02\n',
    'subscriptions.csv': proSince2025('ana', 'bo'),
  });
  expect(textOf(partOf(page, 'idle'))).toContain('1 seat: not charged');
  expect(textOf(partOf(page, 'idle'))).toContain('Bo Berg, Acme');
  expect(tableRows(partOf(page, 'seat-table'))).toHaveLength(2);
});

test('two groups with one name are told apart by their ids', async () => {
  const { page } = await reportOf({
    'profiles.csv': PROFILES,
    'groups.csv': 'group_id,name\ng1,Web\ng2,Web\n',
    'group_members.csv': 'group_id,user_id\ng1,ana\ng2,bo\n',
    'subscriptions.csv': subscriptionsCsv(
      'p1,group,g1,Pro,2025-11-01',
      'p1,group,g2,Pro,2025-11-01',
    ),
  });
  const groups = tableRows(partOf(page, 'by-group')).map(({ Group }) => Group);
  expect(groups).toEqual(['Web (g1)', 'Web (g2)', 'Total']);
});

test('a range shows its months side by side, and tells the newest in full', async () => {
  const { page } = await reportPage([
    '--data',
    ACME,
    '--month',
    '2026-01..2026-03',
    '--budget',
    '2000',
  ]);
  const months = partOf(page, 'months');
  expect(tableRows(months).map(({ Month }) => Month)).toEqual(['2026-01', '2026-02', '2026-03']);
  expect(textOf(months)).toContain('Budget $2,000.00');
  expect(page).toContain('<h1>March 2026</h1>');
});

test('a range is of months that can be billed in one currency, and each that lacks usage is warned of', async () => {
  const files = {
    'profiles.csv': PROFILES,
    'subscriptions.csv': proSince2025('ana'),
    'usage.csv': usageCsv('2026-02-05,p1,ana,1'),
  };
  const range = ['--month', '2026-01..2026-02'];
  const { page, stderr } = await reportOf(files, range);
  const warning = '2026-01: no usage is in the data';
  expect(stderr).toContain(`warning: ${warning}: credits of 1 seat count as none`);
  expect(page).not.toContain(warning);
  expect((await reportOf(files)).stderr).not.toContain(warning);

  const refusal = (card: object[]) =>
    withDirectory({ ...files, 'rates.json': JSON.stringify({ editions: card }) }, (directory) =>
      runMain(['report', ...range, '--data', directory, '-o', `${directory}/page.html`]),
    );
  const power = [edition('2025-10', ['Power']), edition('2026-02', ['Pro'])];
  expect(await refusal(power)).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('tier Pro is not on the rate card in 2026-01'),
  });
  const euro = [edition('2025-10', ['Pro']), edition('2026-02', ['Pro'], 'EUR')];
  expect(await refusal(euro)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('the rate card changes from USD to EUR in 2026-02'),
  });
});

test.each([
  ['2000', '2026-05-01', '$2,000.00passed by $177.54'],
  ['2177.54', '2026-05-01', '$2,177.54used up'],
  ['3000', '2026-05-01', '$3,000.00$822.46 left'],
  ['3000', '2026-03-31', '$3,000.00$822.46 left so far'],
])('the budget of %s stands beside the total on %s', async (budget, now, shown) => {
  const args = ['--data', ACME, '--month', '2026-03', '--budget', budget];
  const { page } = await reportPage(args, { now: new Date(now) });
  expect(textOf(partOf(page, 'answer'))).toContain(`Budget${shown}\n`);
});

test('a running month is forecast, from the days that are over', async () => {
  const now = new Date('2026-03-20T15:00:00Z');
  const args = ['--data', ACME, '--month', '2026-03'];
  const { page } = await reportPage(args, { now });
  const forecast = await runMain(
    ['forecast', ...args, '--as-of', '2026-03-19T23:59:59.999999999Z', '--format', 'json'],
    { now },
  );
  const { totals } = JSON.parse(forecast.stdout) as { totals: Record<string, string> };
  const [, near = '', low = '', high = ''] =
    /near \$(\S+), between \$(\S+) and \$(\S+)\./.exec(textOf(partOf(page, 'months'))) ?? [];
  expect([low, near, high].map(figure)).toEqual([
    totals.charge_low,
    totals.charge_forecast,
    totals.charge_high,
  ]);
});

test('what a running month is still to cost is drawn on its column', async () => {
  const days = ['02', '03', '04', '05', '06', '09', '10', '11', '12', '13'];
  const { page } = await reportOf(
    {
      'profiles.csv': profilesCsv('p1,111122223333,us-east-1,,enabled'),
      'subscriptions.csv': proSince2025('ana'),
      'usage.csv': `${USAGE}${days.map((day) => `2026-02-${day},p1,ana,100\n`).join('')}`,
    },
    [],
    { now: new Date('2026-02-14T08:00:00Z') },
  );
  const months = partOf(page, 'months');
  expect(textOf(months)).toContain('Forecast to the end of the month');
  for (const [, ink] of page.matchAll(/class="key ([\w-]+)"/g)) {
    expect(page, 'a color in the legend').toContain(`.key.${ink} {`);
  }
  expect(months.match(/<rect class="accent-soft"/g)).toHaveLength(2);
  const { page: over } = await reportPage(['--data', ACME, '--month', '2026-03']);
  expect(partOf(over, 'months')).not.toContain('accent-soft');
});

test('rows left out are told', async () => {
  await withDirectory({}, async (directory) => {
    const row = '2026-02-05T10:00:00Z,p1,ana,1,r1';
    const { page } = await reportOf(
      {
        'profiles.csv': PROFILES,
        'subscriptions.csv': proSince2025('ana'),
        'usage.csv': usageCsv(row, row, '2026-02-05,p1,ana,many,r2'),
      },
      ['--dedupe', '--skip-bad-usage', `${directory}/bad.csv`],
    );
    expect(page).toContain('1 usage row left out for a repeated request_id.');
    expect(page).toContain('1 usage row left out as bad input.');
  });
});

test('many warnings fold, but are all there', async () => {
  const users = Array.from({ length: 30 }, (_, index) => `user-${index}`);
  const rows = users.map((user) => `2026-02-05T10:00:00Z,p1,${user},7\n`).join('');
  const { page, status } = await reportOf(
    {
      'profiles.csv': PROFILES,
      'subscriptions.csv': proSince2025('ana'),
      'usage.csv': `${USAGE}${rows}`,
    },
    ['--strict'],
  );
  expect(status).toBe(1);
  const warnings = partOf(page, 'warnings');
  expect(warnings.match(/<li>/g)).toHaveLength(32);
  expect(warnings).toContain('<summary>10 more</summary>');
});

test('a long division folds all but the twelve highest, and says how many', async () => {
  const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
  const { page } = await reportOf({
    'profiles.csv': PROFILES,
    'users.csv': `user_id,cost_center\n${users.map((user) => `${user},CC ${user}\n`).join('')}`,
    'subscriptions.csv': proSince2025(...users),
  });
  expect(textOf(partOf(page, 'by-cost-center'))).toContain('8 more, and the total');
  const part = partOf(page, 'by-cost-center');
  expect(tableRows(part.slice(0, part.indexOf('</table>')))).toHaveLength(12);
  expect(tableRows(part.slice(part.indexOf('<details>')))).toHaveLength(9);
});

test.each([
  [['report', '--month', '2026-03'], 'report needs -o FILE.html, the page to write'],
  [['report', '--month', '2026-03', '-o', 'a.csv'], 'name a file that ends in .html'],
  [['report', '--month', '2026-03', '-o', '-'], 'name a file that ends in .html'],
  [['report', '--month', '2025-09', '-o', 'a.html'], "before the rate card's first edition"],
  [['report', '--month', '2025-08..2026-03', '-o', 'a.html'], 'ask for --month 2025-10..2026-03'],
])('wrong usage: %j', async (args, message) => {
  const { status, stderr } = await runMain([...args, '--data', ACME]);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});

test('an input is never overwritten, and bad input leaves the old page as it was', async () => {
  const files = {
    'subscriptions.csv': proSince2025('ana'),
    'usage.html': `${USAGE}2026-02-05T10:00:00Z,p1,ana,many\n`,
    'old.html': 'old',
  };
  await withDirectory(files, async (directory) => {
    const args = [
      'report',
      '--month',
      '2026-02',
      '--data',
      directory,
      '--usage',
      `${directory}/usage.html`,
    ];
    const refused = await runMain([...args, '-o', `${directory}/usage.html`]);
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain('would overwrite the input');
    expect(await runMain([...args, '-o', `${directory}/old.html`])).toMatchObject({ status: 3 });
    const { readFile, readdir } = await import('node:fs/promises');
    expect(await readFile(`${directory}/old.html`, 'utf8')).toBe('old');
    expect(await readdir(directory)).toHaveLength(3);
  });
});

/** Usage on each weekday of February 2026. */
function everyWeekday(user: string): string {
  const days = Array.from({ length: 28 }, (_, index) => new Date(Date.UTC(2026, 1, index + 1)));
  return days
    .filter((day) => day.getUTCDay() % 6 !== 0)
    .map((day) => `${day.toISOString().slice(0, 10)},p1,${user},1\n`)
    .join('');
}

function edition(from: string, tiers: readonly string[], currency = 'USD', price = '20'): object {
  const terms = tiers.map((name, index) => ({
    name,
    rank: index + 1,
    price,
    credits: '1000',
    overage_rate: '0.04',
  }));
  return { from, currency, first_month: 'prorated', partitions: { aws: terms } };
}

function card(from: string, tiers: readonly string[]): string {
  return JSON.stringify({ editions: [edition(from, tiers)] });
}

test('the table of seats says that ended ones count in the change, where there are any', async () => {
  const note = 'also counts seats that have ended';
  const files = { 'profiles.csv': PROFILES, 'usage.csv': USAGE };
  const both = proSince2025('ana', 'bob');
  const ended = both.replace('bob,Pro,2025-11-01,', 'bob,Pro,2025-11-01,2026-01-20');
  expect((await reportOf({ ...files, 'subscriptions.csv': both })).page).not.toContain(note);
  expect((await reportOf({ ...files, 'subscriptions.csv': ended })).page).toContain(note);
});

test('users of one name are told apart by their ids where they are listed', async () => {
  const { page } = await reportOf({
    'profiles.csv': PROFILES,
    'users.csv': usersCsv('u1,Ana Souza', 'u2,Ana Souza', 'u3,Bo Berg'),
    'subscriptions.csv': proSince2025('u1', 'u2', 'u3'),
    'usage.csv': `${USAGE}2026-02-05,p1,u3,1\n`,
    'tier_changes.csv': tierChangesCsv('p1,user,u1,2026-02-03,Power', 'p1,user,u3,2026-02-03,Pro+'),
  });
  const change = partOf(page, 'change');
  const movers = tableRows(change.slice(change.indexOf('</table>'))).map(({ User }) => User);
  expect(movers).toEqual(['Ana Souza\nAcme · u1', 'Bo Berg\nAcme']);
  const savings = tableRows(partOf(page, 'savings')).map(({ User }) => User);
  expect(savings.slice(0, 2)).toEqual(['Ana Souza\nAcme · u1', 'Ana Souza\nAcme · u2']);
});

test('the share of a tier says what it is of', async () => {
  const { page } = await reportPage(['--data', ACME, '--month', '2026-03']);
  const credits = textOf(partOf(page, 'credits'));
  expect(credits).toContain('Share used: credits used within each seat’s own allowance');
});
