import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { arranged } from '../../src/billing/arrange.ts';
import { invoiceSheet, viewColumns } from '../../src/billing/views.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { BUILT_IN_RATE_CARD, type RateCard } from '../../src/domain/rate-card.ts';
import { wholeSheet } from '../../src/domain/sheet.ts';
import { VIEWS, type View } from '../../src/domain/view.ts';
import { type InvoiceTable, invoiceTable } from '../../src/render/table.ts';
import { displayWidth } from '../../src/render/width.ts';
import { runMain } from '../support/in-process.ts';
import { wideLines } from '../support/wide-lines.ts';
import { acme, Company, NASTY_NAMES } from './samples.ts';

const ACME = new URL('../../fixtures/acme', import.meta.url).pathname;

type Options = Partial<Omit<InvoiceTable, 'months'>>;

const LOOK = { width: 100, color: false, partial: false, groups: new Map() };

function tableOf(
  company: Company,
  view: View,
  options: Options = {},
  months = ['2026-01'],
): string {
  return textOf({
    months: months.map((month) => {
      const invoice = company.invoice(month);
      const subtotals = invoiceSheet(invoice, 'profile');
      return { invoice, sheet: invoiceSheet(invoice, view), subtotals };
    }),
    ...LOOK,
    ...options,
  });
}

function textOf(table: InvoiceTable): string {
  return [...invoiceTable(table)].join('');
}

function linesOf(text: string): string[] {
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

function lineWith(text: string, part: string): string {
  return linesOf(text).find((line) => line.includes(part)) ?? `no line with ${part}`;
}

/** Names, ids and profiles of every nasty kind, with charges of every kind. */
function nasty(): Company {
  const company = new Company();
  for (const [index, name] of NASTY_NAMES.entries()) {
    const profileId = `${name}-${index % 3}`.replaceAll('\n', '');
    company
      .profile(profileId, { name: index % 2 ? name : '', overageOn: index % 2 === 0 })
      .user(`${name}/id`, name, name)
      .subscribe(profileId, `${name}/id`, 'Pro', '2025-11-01', undefined, [['2026-01-15', 'Power']])
      .subscribe(profileId, `x-${name}`, 'Pro', '2026-01-20')
      .use('2026-01', profileId, `x-${name}`, '1234.45787414391377')
      .use('2026-01', profileId, `no seat ${name}`, '0.5');
  }
  return company;
}

const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

describe('the table', () => {
  const widths = Array.from({ length: 24 }, (_, index) => 40 + 7 * index);

  it.each(VIEWS)('fits any width with any text, by %s', (view) => {
    const company = nasty();
    const invoice = company.invoice('2026-01');
    const sheet = invoiceSheet(invoice, view);
    const subtotals = invoiceSheet(invoice, 'profile');
    const groups = new Map(NASTY_NAMES.map((name) => [name, { groupId: name, name }]));
    for (const width of widths) {
      for (const month of [
        { invoice, sheet, subtotals },
        { invoice, sheet },
      ]) {
        const text = textOf({ ...LOOK, months: [month], width, groups });
        expect(wideLines(text, width)).toEqual([]);
      }
    }
  });

  it.each(VIEWS)('lets no control character through, by %s', (view) => {
    const plain = tableOf(nasty(), view);
    expect(plain).not.toMatch(CONTROL);
    const colored = tableOf(nasty(), view, { color: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: only colors may remain
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(plain);
    expect(colored).not.toBe(plain);
  });

  it('keeps columns aligned whatever the script', () => {
    const company = new Company().profile('p');
    for (const name of ['Alice', '山田太郎', 'สุรชัย', 'e\u0301e\u0301', '👩‍👩‍👧‍👦', 'שָׁלוֹם']) {
      company.user(name, `${name} A.`).subscribe('p', name, 'Pro');
    }
    const rows = linesOf(tableOf(company, 'user')).filter((line) => line.includes(' A.'));
    expect(rows).toHaveLength(6);
    expect(new Set(rows.map(displayWidth)).size).toBe(1);
    expect(new Set(rows.map((row) => displayWidth(row.slice(0, row.indexOf('Pro'))))).size).toBe(1);
  });

  it('groups seats by profile, with a subtotal each and a grand total', () => {
    const text = tableOf(acme(), 'user');
    expect(lineWith(text, 'Platform')).toBe('Platform · 111122223333 · us-east-1 · prof-east');
    expect(lineWith(text, 'Subtotal, 3 seats')).toMatch(/\$279\.48 .*\$279\.48$/);
    expect(lineWith(text, 'Total, 42 seats')).toMatch(/\$1,510\.45 .*\$175\.79 +\$1,686\.24$/);
  });

  it('puts profiles and the seats in them by what they are charged, the highest first', async () => {
    const { stdout } = await runMain(['invoice', '2026-01', '--data', ACME], { columns: 100 });
    const order = [
      'Acme Engineering ·',
      'Farid',
      'Priya',
      'Grace',
      'Acme Europe ·',
      'Lena',
      'Zhang',
    ];
    const places = order.map((text) => stdout.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('M2: ends several months with the total of all, to the cent', async () => {
    const args = ['invoice', '2026-01..2026-03', '--by', 'profile', '--data', ACME];
    const { stdout } = await runMain(args, { columns: 100 });
    const total = stdout.split('Kiro invoice · 2026-01..2026-03 · USD')[1] ?? '';
    expect(lineWith(total, 'Total of all months')).toMatch(/\$5,900\.27$/);
    const { stdout: chosen } = await runMain([...args, '--columns', 'profile_name,total_charge']);
    expect(chosen).toMatch(/Total of all months +\$5,900\.27\n$/);
  });

  it.each(['profile', 'cost_center', 'tier', 'user', 'region,tier'])(
    'M2: ends several months with the sum of each key, which is the total of its trend, by %s',
    async (by) => {
      const args = ['2026-01..2026-03', '--by', by, '--data', ACME];
      const { stdout } = await runMain(['invoice', ...args], { columns: 160 });
      const trend = await runMain(['trend', ...args, '--format', 'json']);
      const { rows } = JSON.parse(trend.stdout) as { rows: { total: string }[] };
      const sums = rows.map(({ total }) => Number(total)).sort((a, b) => b - a);
      const page = stdout.split('Kiro invoice · 2026-01..2026-03 · USD')[1] ?? '';
      const shown = linesOf(page)
        .slice(3)
        .filter((line) => /\$[\d,.]+$/.test(line) && !/^( {2}Subtotal|Total)/.test(line))
        .map((line) => Number(/\$([\d,.]+)$/.exec(line)?.[1]?.replaceAll(',', '')));
      expect([...shown].sort((a, b) => b - a)).toEqual(sums);
      if (by !== 'user') expect(shown).toEqual(sums);
    },
  );

  it('M2: the rows shown by --top, and lines, have no sums by key', async () => {
    for (const more of [
      ['--top', '3'],
      ['--by', 'line'],
    ]) {
      const args = ['invoice', '2026-01..2026-03', ...more, '--data', ACME];
      const { stdout } = await runMain(args, { columns: 100 });
      const page = stdout.split('Kiro invoice · 2026-01..2026-03 · USD')[1] ?? '';
      expect(page.match(/\$[\d,.]+$/gm)).toHaveLength(1);
    }
  });

  it('says which columns have no room, and how to see them', () => {
    const text = tableOf(acme(), 'user', { width: 60 });
    expect(text).toMatch(/\nNo room for .*User id.*\n/);
    expect(text.replaceAll('\n', ' ')).toMatch(/--columns \(.*user_id.*\)\. $/);
    expect(tableOf(acme(), 'user', { width: 200 })).not.toContain('No room');
  });

  it('colors a seat by how near it is to its allowance, and little use not at all', () => {
    const company = new Company().profile('p', { overageOn: true });
    const used = { idle: '0', little: '60', near: '900', beyond: '1100' };
    for (const [user, credits] of Object.entries(used)) {
      company.subscribe('p', user, 'Pro').use('2026-01', 'p', user, credits);
    }
    const text = tableOf(company, 'user', { color: true });
    const barOf = (user: string): string => /\S*[█░]/.exec(lineWith(text, `  ${user} `))?.[0] ?? '';
    expect(barOf('little')).toMatch(/^█/);
    const paints = ['idle', 'near', 'beyond'].map(
      (user) => barOf(user).split('█')[0]?.split('░')[0],
    );
    expect(paints).toEqual(['\u001b[94m', '\u001b[33m', '\u001b[33m\u001b[1m']);
  });

  it('has no subtotal where there is one profile', () => {
    const company = new Company().profile('p').subscribe('p', 'alice', 'Pro');
    expect(tableOf(company, 'user')).not.toContain('Subtotal');
    expect(lineWith(tableOf(company, 'user'), 'Total, 1 seat')).toMatch(/\$20\.00$/);
  });

  it('never cuts the label of a total in its middle, however short the names are', () => {
    const company = new Company().profile('p', { overageOn: true }).profile('q');
    for (const id of ['p', 'q']) company.subscribe(id, 'u1', 'Pro').subscribe(id, 'u2', 'Power');
    for (const width of [60, 80, 120, 160]) {
      const text = tableOf(company, 'user', { width });
      expect(text).not.toContain('…');
      expect(text).toMatch(/^ {2}Subtotal/m);
      expect(text).toMatch(/^Total/m);
    }
  });

  it('is a flat list with the profile in a column when sorted and cut', () => {
    const invoice = acme().invoice('2026-01');
    const sortBy = { column: 'total_charge', reversed: false };
    const topOf = (top: number): string => {
      const sheet = arranged(invoiceSheet(invoice, 'user'), { sortBy, top });
      const months = [{ invoice, sheet }];
      return textOf({ ...LOOK, months, width: 80, partial: true });
    };
    const text = topOf(2);
    expect(lineWith(text, 'Henry Hill')).toMatch(/^Henry Hill +Public Sector +Power .*\$240\.00$/);
    expect(lineWith(text, 'Total of 2 rows shown')).toMatch(/\$440\.00$/);
    expect(topOf(1)).toContain('\nTotal of 1 row shown ');
  });

  it('says that totals are of what is shown', () => {
    const text = tableOf(acme(), 'user', { partial: true });
    expect(lineWith(text, 'Total shown')).toMatch(/^Total shown, 42 seats /);
  });

  it.each([40, 60, 80, 100, 160])(
    'always keeps the user, the tier and the total, at %d columns',
    (width) => {
      const text = tableOf(acme(), 'user', { width });
      expect(lineWith(text, 'Grace Green')).toMatch(/^ {2}Grace Green .*Pro .*\$44\.57$/);
    },
  );

  it('drops columns in their order, those with only zeros first', () => {
    const headings = (width: number): string[] =>
      (linesOf(tableOf(acme(), 'user', { width }))[2] ?? '').trim().split(/ {2,}/);
    expect(headings(200)).toEqual([
      'User',
      'User id',
      'Tier',
      'Subscription',
      'Credits',
      'Of allowance',
      'Allowance',
      'Over credits',
      'Unbilled',
      'Overage',
      'Total',
    ]);
    expect(headings(80)).toEqual([
      'User',
      'Tier',
      'Subscription',
      'Of allowance',
      'Overage',
      'Total',
    ]);
    expect(headings(40)).toEqual(['User', 'Tier', 'Total']);
    const quiet = new Company().profile('p').user('u', 'Ann').subscribe('p', 'u', 'Pro');
    const shown = linesOf(tableOf(quiet, 'user', { width: 60 }))[2];
    expect(shown).toContain('Subscription');
    expect(shown).not.toContain('Overage');
  });

  it('keeps ids beside names that do not tell two users apart', () => {
    const company = new Company().profile('p').user('u-1', 'Ann').user('u-2', 'Ann');
    company.subscribe('p', 'u-1', 'Pro').subscribe('p', 'u-2', 'Pro');
    const text = tableOf(company, 'user', { width: 40 });
    expect(text).toContain('u-1');
    expect(text).toContain('u-2');
  });

  it('O5: flags unbilled credits at any width, without color', () => {
    for (const width of [40, 80, 160]) {
      const text = tableOf(acme(), 'user', { width });
      expect(lineWith(text, '! 12 ')).toMatch(/^! 12 credits unbilled \(O5, O6\)/);
    }
    expect(lineWith(tableOf(acme(), 'user', { width: 80 }), '>100%')).toContain('█████» >100% !');
    const paid = new Company().profile('p').subscribe('p', 'u', 'Pro');
    expect(tableOf(paid, 'user')).not.toContain('!');
  });

  it('O6: says that a user has no seat', () => {
    const line = lineWith(tableOf(acme(), 'user', { width: 160 }), 'contractor');
    expect(line).toMatch(/ no seat .* 12 .* 12 .*\$0\.00$/);
  });

  it('M1: shows whole credits, cut and not rounded', () => {
    const company = new Company().profile('p').subscribe('p', 'u', 'Pro');
    company.use('2026-01', 'p', 'u', '114.95987414391377');
    expect(lineWith(tableOf(company, 'user'), ' u ')).toMatch(/ 114 /);
  });

  it('names the user once above their lines, refunds with a minus', () => {
    const text = linesOf(tableOf(acme(), 'line'));
    const start = text.findIndex((line) => line.includes('Alice Adams'));
    const [first, second, third] = text.slice(start, start + 3);
    expect(first).toMatch(
      /^ {2}Alice Adams .*2026-01-01 +subscription +Pro +1 +\$20\.00 +\$20\.00 +S1$/,
    );
    expect(second).toMatch(/^ +2026-01-15 +refund +Pro +-1 +\$20\.00 +-\$20\.00 +S3$/);
    expect(third).toMatch(/^ +2026-01-15 +subscription +Power +1 +\$200\.00 +\$200\.00 +S3$/);
  });

  it.each([
    ['tier', 'no seat'],
    ['group', 'no group'],
    ['cost_center', 'none'],
  ] as const)('names a blank key by %s', (view, name) => {
    expect(lineWith(tableOf(acme(), view), name)).toMatch(new RegExp(`^${name} `));
  });

  it('shows groups by name, with the id beside it', () => {
    const groups = new Map([['g-data', { groupId: 'g-data', name: 'Data scientists' }]]);
    const text = tableOf(acme(), 'group', { width: 120, groups });
    expect(lineWith(text, 'Data scientists')).toMatch(/^Data scientists +g-data /);
    expect(lineWith(text, 'g-web')).toMatch(/^g-web +g-web /);
  });

  it.each([
    ['EUR', '€20.00'],
    ['GBP', '£20.00'],
    ['JPY', '¥20.00'],
    ['CHF', 'CHF 20.00'],
    ['CNY', 'CNY 20.00'],
  ])('shows the sign or the code of %s', (currency, amount) => {
    const editions = BUILT_IN_RATE_CARD.editions.map((edition) => ({ ...edition, currency }));
    const card: RateCard = { ...BUILT_IN_RATE_CARD, editions };
    const company = new Company(card).profile('p').subscribe('p', 'u', 'Pro');
    expect(lineWith(tableOf(company, 'user'), ' u ').endsWith(amount)).toBe(true);
    expect(tableOf(company, 'user')).toContain(`Kiro invoice · 2026-01 · ${currency}`);
  });

  it('titles each month, also one without seats and usage', () => {
    const company = new Company().profile('p').subscribe('p', 'u', 'Pro', '2026-02-01');
    const lines = linesOf(tableOf(company, 'user', {}, ['2026-01', '2026-02']));
    expect(lines.slice(0, 4)).toEqual([
      'Kiro invoice · 2026-01 · USD',
      'No seats and no usage in 2026-01.',
      '',
      'Kiro invoice · 2026-02 · USD',
    ]);
  });

  it('never cuts a figure, even where it does not fit', () => {
    const terms = { tier: 'Pro', rank: 1, credits: decimal('1'), overageRate: decimal('1') };
    const price = decimal('123456789012345678901234567890');
    const edition = BUILT_IN_RATE_CARD.editions[0];
    if (edition === undefined) throw new Error('no edition');
    const card: RateCard = {
      ...BUILT_IN_RATE_CARD,
      editions: [{ ...edition, partitions: new Map([['aws', [{ ...terms, price }]]]) }],
    };
    const company = new Company(card).profile('p').subscribe('p', 'u', 'Pro');
    expect(tableOf(company, 'user', { width: 40 })).toContain(
      '$123,456,789,012,345,678,901,234,567,890.00',
    );
  });

  it('takes time by the number of rows, not by its square', () => {
    const readsOf = (users: number): number => {
      const company = new Company().profile('p');
      for (let index = 0; index < users; index += 1) company.subscribe('p', `u${index}`, 'Pro');
      const invoice = company.invoice('2026-01');
      const sheet = wholeSheet(invoiceSheet(invoice, 'user'));
      let reads = 0;
      const counted = <List extends readonly unknown[]>(list: List): List =>
        new Proxy(list, {
          get: (target, name) => {
            reads += 1;
            return Reflect.get(target, name);
          },
        });
      const months = [
        {
          invoice: { ...invoice, seats: counted(invoice.seats) },
          sheet: { ...sheet, rows: counted(sheet.rows) },
        },
      ];
      const lines = linesOf(textOf({ ...LOOK, months }));
      expect(lines.length).toBeGreaterThan(users);
      return reads;
    };
    expect(readsOf(100)).toBeGreaterThan(100);
    expect(readsOf(1000)).toBeLessThan(11 * readsOf(100));
  });

  it('knows a heading for every column of every view', () => {
    for (const view of VIEWS) {
      const heading = linesOf(tableOf(acme(), view, { width: 300 }))[2] ?? '';
      expect(heading).not.toContain('_');
      const own = viewColumns(view).filter(({ isOptional }) => !isOptional);
      expect(own.length).toBeLessThanOrEqual(heading.split(/ {2,}/).length + 6);
      expect(stringWidth(heading)).toBeGreaterThan(40);
    }
  });
});
