import { describe, expect, test } from 'vitest';
import { ACME, invoiceJson, reportPage } from './making.ts';
import { figure, type PageRow, partOf, tableRows, textOf } from './page-reader.ts';

const MONTHS = ['2026-01', '2026-02', '2026-03'];

function acme(month: string, ...more: string[]): string[] {
  return ['--data', ACME, '--month', month, ...more];
}

function byKey(rows: readonly PageRow[], heading: string): Map<string, PageRow> {
  return new Map(rows.map((row) => [(row[heading] as string).split('\n')[0] as string, row]));
}

describe.each(MONTHS)('every figure of the page is the invoice’s: %s', (month) => {
  const before = `${month.slice(0, 5)}${String(Number(month.slice(5)) - 1).padStart(2, '0')}`;
  const beforeMonth = month === '2026-01' ? '2025-12' : before;

  test('the totals, and their change', async () => {
    const { page } = await reportPage(acme(month));
    const { totals } = await invoiceJson(acme(month), 'profile');
    const old = (await invoiceJson(acme(beforeMonth), 'profile')).totals;
    const cards = [
      ...partOf(page, 'summary').matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd><dd[^>]*>(.*?)<\/dd>/g),
    ];
    const names = [
      'total_charge',
      'subscription_charge',
      'overage_charge',
      'seats',
      'credits_used',
      'unbilled_credits',
    ];
    expect(cards).toHaveLength(names.length);
    for (const [index, name] of names.entries()) {
      const [, , value = '', change = ''] = cards[index] as string[];
      const exact = /value="([^"]*)"/.exec(value)?.[1];
      expect(figure(exact ?? textOf(value))).toBe(figure(String(totals[name])));
      const difference = Number(totals[name]) - Number(old[name]);
      const told = textOf(change).split(' ')[0] as string;
      expect(told === 'unchanged' ? 0 : Number(figure(told))).toBeCloseTo(difference, 1);
    }
  });

  test.each([
    ['by-profile', 'Profile', 'profile', 'profile_name'],
    ['by-group', 'Group', 'group', 'group_id'],
    ['by-cost-center', 'Cost center', 'cost_center', 'cost_center'],
  ])('the charges %s', async (id, heading, view, key) => {
    const { page } = await reportPage(acme(month));
    const { rows, totals } = await invoiceJson(acme(month), view);
    const old = await invoiceJson(acme(beforeMonth), view);
    const shown = byKey(tableRows(partOf(page, id)), heading);
    for (const row of rows) {
      const name =
        BLANKS[`${view} ${row[key]}`] ?? GROUP_NAMES[row[key] as string] ?? `${row[key]}`;
      const earlier = old.rows.find((other) => other[key] === row[key]);
      expectCharges(shown.get(name), row);
      const change = Number(row.total_charge) - Number(earlier?.total_charge ?? 0);
      expect(Number(figure(shown.get(name)?.Change))).toBeCloseTo(change, 9);
    }
    expectCharges(shown.get('Total'), totals);
  });

  test('credits by tier', async () => {
    const { page } = await reportPage(acme(month));
    const { rows } = await invoiceJson(acme(month), 'tier');
    const shown = byKey(tableRows(partOf(page, 'allowance')), 'Tier');
    expect(shown.size).toBe(rows.length + 1);
    for (const row of rows) {
      const told = shown.get(row.tier === '' ? 'No seat' : (row.tier as string));
      expect(figure(told?.Used)).toBe(row.credits_used);
      expect(figure(told?.Overage)).toBe(row.overage_credits);
      expect(figure(told?.Unbilled)).toBe(row.unbilled_credits);
      expect(Number(told?.Seats)).toBe(row.seats);
    }
  });

  test('every seat, and every user without one', async () => {
    const { page } = await reportPage(acme(month));
    const { rows, totals } = await invoiceJson(acme(month), 'user');
    const shown = tableRows(partOf(page, 'seat-table'));
    const profiles = await invoiceJson(acme(month), 'profile');
    const names = new Map(profiles.rows.map((row) => [row.profile_id, row.profile_name]));
    const seats = new Map(shown.map((row) => [`${idOf(row)} ${row.Profile}`, row]));
    expect(seats.size).toBe(rows.length + 1);
    for (const row of rows) {
      const told = seats.get(`${row.user_id} ${names.get(row.profile_id as string)}`) as PageRow;
      expect(told.User?.split('\n')[0]).toBe(row.user_name === '' ? row.user_id : row.user_name);
      expect(told.Tier).toBe(row.tier === '' ? 'No seat' : row.tier);
      expectCharges(told, row);
      expectCredits(told, row);
      expect(figure(told.Included)).toBe(row.credits_included);
    }
    expectCharges(seats.get('Total '), totals);
    expectCredits(seats.get('Total '), totals);
  });

  test('the highest charges and the idle seats', async () => {
    const { page } = await reportPage(acme(month));
    const { rows } = await invoiceJson(acme(month), 'user');
    const highest = rows.map((row) => Number(row.total_charge)).sort((a, b) => b - a);
    const top = tableRows(partOf(page, 'top'));
    expect(top.map((row) => Number(figure(row.Total)))).toEqual(highest.slice(0, 10));
    const idle = rows.filter((row) => row.tier !== '' && Number(row.credits_used) === 0);
    const idleIds = idle.map((row) => row.user_id);
    const told = idle.length === 0 ? [] : tableRows(partOf(page, 'idle')).map(idOf);
    expect(told.sort()).toEqual(idleIds.sort());
  });

  test('the days add up to the credits used', async () => {
    const { page } = await reportPage(acme(month));
    const { totals } = await invoiceJson(acme(month), 'profile');
    const days = tableRows(partOf(page, 'daily'));
    expect(days).toHaveLength(new Date(Date.UTC(2026, Number(month.slice(5)), 0)).getUTCDate());
    expect(sum(days.map((row) => figure(row.Credits)))).toBe(totals.credits_used);
  });

  test('the warnings', async () => {
    const { page } = await reportPage(acme(month));
    const { warnings } = await invoiceJson(acme(month), 'user');
    const text = textOf(partOf(page, 'warnings')).toLowerCase();
    for (const { message } of warnings) expect(text).toContain(message.toLowerCase());
  });
});

test('a filtered page has the figures of the invoice with the same filter', async () => {
  const args = acme('2026-03', '--group', 'grp-web');
  const { page, stderr } = await reportPage(args);
  const { rows, totals } = await invoiceJson(args, 'user');
  const shown = tableRows(partOf(page, 'seat-table'));
  expect(shown).toHaveLength(rows.length + 1);
  expectCharges(shown.at(-1), totals);
  const days = tableRows(partOf(page, 'daily'));
  expect(sum(days.map((row) => figure(row.Credits)))).toBe(totals.credits_used);
  expect(page).toContain('Only group grp-web: all totals are of what is shown');
  expect(stderr).toContain('the totals are of the seats shown');
});

const BLANKS: Readonly<Record<string, string>> = {
  'group ': 'No group',
  'cost_center ': 'No cost center',
};

const GROUP_NAMES: Readonly<Record<string, string>> = {
  'grp-platform': 'Platform Engineering',
  'grp-ai-guild': 'AI Guild',
  'grp-web': 'Web & Mobile',
  'grp-backend': 'Backend, Berlin',
  'grp-data': 'Data & Analytics',
  'grp-federal': 'Federal Programs',
};

function idOf(row: PageRow): string {
  return (row.User as string).split('\n').at(-1) as string;
}

function expectCharges(told: PageRow | undefined, row: Readonly<Record<string, unknown>>): void {
  expect(figure(told?.Subscription)).toBe(row.subscription_charge);
  expect(figure(told?.Overage)).toBe(row.overage_charge);
  expect(figure(told?.Total)).toBe(row.total_charge);
}

function expectCredits(told: PageRow | undefined, row: Readonly<Record<string, unknown>>): void {
  expect(figure(told?.['Credits used'])).toBe(row.credits_used);
  expect(figure(told?.['Overage credits'])).toBe(row.overage_credits);
  expect(figure(told?.Unbilled)).toBe(row.unbilled_credits);
}

/** The exact sum of decimals, written as the invoice does. */
function sum(numbers: readonly string[]): string {
  const places = 40;
  const units = numbers.map((number) => {
    const [whole, decimals = ''] = number.split('.');
    return BigInt(`${whole}${decimals.padEnd(places, '0')}`);
  });
  const total = String(units.reduce((a, b) => a + b, 0n)).padStart(places + 1, '0');
  return figure(`${total.slice(0, -places)}.${total.slice(-places).replace(/0+$/, '')}`);
}
