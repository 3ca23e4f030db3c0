import { beforeAll, describe, expect, test } from 'vitest';
import { runOnce } from '../support/in-process.ts';
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

  let page: string;
  beforeAll(async () => {
    ({ page } = await reportPage(acme(month)));
  });

  test('the total, large, and the figures beside it', async () => {
    const { totals } = await invoiceJson(acme(month), 'profile');
    const answer = partOf(page, 'answer');
    expect(figure(/<p class="total">(.*?)<\/p>/.exec(answer)?.[1])).toBe(totals.total_charge);
    const facts = [...answer.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(
      ([, name = '', value = '']) => [
        name,
        figure(/value="([^"]*)"/.exec(value)?.[1] ?? textOf(value)),
      ],
    );
    expect(Object.fromEntries(facts)).toMatchObject({
      Subscriptions: totals.subscription_charge,
      Overage: totals.overage_charge,
      'Credits used': totals.credits_used,
      'Unbilled credits': totals.unbilled_credits,
    });
  });

  test('the bridge goes from the invoice of the month before to this one, to the cent', async () => {
    const { totals } = await invoiceJson(acme(month), 'profile');
    const old = (await invoiceJson(acme(beforeMonth), 'profile')).totals;
    const change = partOf(page, 'change');
    const bridge = tableRows(change.slice(0, change.indexOf('</table>')));
    const amounts = bridge.map((row) => figure(row.Amount));
    expect([amounts[0], amounts.at(-1)]).toEqual([old.total_charge, totals.total_charge]);
    const cents = (text = ''): bigint => BigInt(text.replace('.', ''));
    expect(amounts.slice(0, -1).reduce((sum, text) => sum + cents(text), 0n)).toBe(
      cents(amounts.at(-1)),
    );
    const steps = new Map(bridge.map((row) => [row.Cause?.split('\n')[0], figure(row.Amount)]));
    const overage = cents(totals.overage_charge as string) - cents(old.overage_charge as string);
    expect(cents(steps.get('Overage') ?? '0.00')).toBe(overage);
    const [now, earlier] = [await seatsOf(month), await seatsOf(beforeMonth)];
    const held = (seats: typeof now, key: string): boolean => (seats.get(key)?.tier ?? '') !== '';
    const charged = (seats: typeof now, others: typeof now): bigint =>
      [...seats.keys()]
        .filter((key) => held(seats, key) && !held(others, key))
        .reduce((sum, key) => sum + cents(seats.get(key)?.subscription_charge as string), 0n);
    expect(cents(steps.get('New seats') ?? '0.00')).toBe(charged(now, earlier));
    expect(-cents(steps.get('Ended seats') ?? '0.00')).toBe(charged(earlier, now));
  });

  test('the movers are the greatest changes of seats', async () => {
    const change = partOf(page, 'change');
    const movers = tableRows(change.slice(change.indexOf('</table>')));
    const [now, old] = [await seatsOf(month), await seatsOf(beforeMonth)];
    const changes = [...new Set([...now.keys(), ...old.keys()])]
      .map((key) => {
        const seat = now.get(key) ?? old.get(key);
        const [to, from] = [now, old].map((seats) => Number(seats.get(key)?.total_charge ?? 0));
        const change = Math.round(100 * ((to as number) - (from as number)));
        return { name: (seat?.user_name || seat?.user_id) as string, change };
      })
      .filter(({ change }) => change !== 0)
      .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
    const shown = movers.map((row) => ({
      name: row.User?.split('\n')[0] as string,
      change: Math.round(100 * Number(figure(row.Change))),
    }));
    expect(shown).toHaveLength(Math.min(10, changes.length));
    expect(shown.map(({ change }) => Math.abs(change))).toEqual(
      changes.slice(0, 10).map(({ change }) => Math.abs(change)),
    );
    for (const mover of shown) expect(changes).toContainEqual(mover);
  });

  test('the causes of a mover add up to its change', async () => {
    const change = partOf(page, 'change');
    for (const row of tableRows(change.slice(change.indexOf('</table>')))) {
      const causes = [...(row.Why as string).matchAll(/([+−])\$([\d,]+)\.(\d\d)/g)];
      if (causes.length === 0) continue;
      const sum = causes.reduce((total, [, sign, dollars = '', cents = '']) => {
        const amount = Number(dollars.replaceAll(',', '')) * 100 + Number(cents);
        return total + (sign === '+' ? amount : -amount);
      }, 0);
      expect(sum).toBe(Math.round(100 * Number(figure(row.Change))));
    }
  });

  test('the savings are those of optimize', async () => {
    const { stdout } = await runOnce(['optimize', ...acme(month), '--format', 'json']);
    const { rows } = JSON.parse(stdout) as { rows: Readonly<Record<string, string>>[] };
    const saving = rows.filter((row) => Number(row.saving) > 0);
    const savings = saving.map((row) => Number(row.saving));
    const total = savings.reduce((sum, saving) => sum + saving, 0);
    const text = textOf(partOf(page, 'savings'));
    expect(Number(figure(/\$([\d,.]+) a month/.exec(text)?.[1]))).toBeCloseTo(total, 9);
    expect(text).toContain(`from ${savings.length} seats`);
    const shown = tableRows(partOf(page, 'savings'));
    expect(shown.map((row) => Number(figure(row['A month'])))).toEqual(
      savings.sort((x, y) => y - x).slice(0, 10),
    );
    const advised = saving.map((row) => ({
      user: row.user_name || row.user_id,
      what:
        row.advice === 'idle' ? 'not used: unsubscribe' : `${row.tier} to ${row.recommended_tier}`,
      monthly: row.saving,
    }));
    for (const row of shown) {
      expect(advised).toContainEqual({
        user: row.User?.split('\n')[0],
        what: row['What to do'],
        monthly: figure(row['A month']),
      });
    }
  });

  test('the months side by side have the totals of their invoices', async () => {
    const shown = tableRows(partOf(page, 'months'));
    expect(shown.at(-1)?.Month).toBe(month);
    for (const row of shown) {
      const { totals } = await invoiceJson(acme(row.Month as string), 'profile');
      expect(figure(row.Total)).toBe(totals.total_charge);
      expect(figure(row.Overage)).toBe(totals.overage_charge);
    }
  });

  test.each([
    ['by-profile', 'Profile', 'profile', 'profile_name'],
    ['by-group', 'Group', 'group', 'group_id'],
    ['by-cost-center', 'Cost center', 'cost_center', 'cost_center'],
  ])('the charges %s', async (id, heading, view, key) => {
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
    const { rows } = await invoiceJson(acme(month), 'tier');
    const shown = byKey(
      tableRows(partOf(page, 'credits').replace(partOf(page, 'daily'), '')),
      'Tier',
    );
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

  test('the seats from the highest charge, and the idle ones', async () => {
    const { rows } = await invoiceJson(acme(month), 'user');
    const highest = rows.map((row) => Number(row.total_charge)).sort((a, b) => b - a);
    const shown = tableRows(partOf(page, 'seat-table')).slice(0, -1);
    expect(shown.map((row) => Number(figure(row.Total)))).toEqual(highest);
    const idle = rows.filter((row) => row.tier !== '' && Number(row.credits_used) === 0);
    const idleIds = idle.map((row) => row.user_id);
    const told = idle.length === 0 ? [] : tableRows(partOf(page, 'idle')).map(idOf);
    expect(told.sort()).toEqual(idleIds.sort());
  });

  test('the days add up to the credits used', async () => {
    const { totals } = await invoiceJson(acme(month), 'profile');
    const days = tableRows(partOf(page, 'daily'));
    expect(days).toHaveLength(new Date(Date.UTC(2026, Number(month.slice(5)), 0)).getUTCDate());
    expect(sum(days.map((row) => figure(row.Credits)))).toBe(totals.credits_used);
  });

  test('the warnings', async () => {
    const { warnings } = await invoiceJson(acme(month), 'user');
    const text = textOf(partOf(page, 'warnings')).toLowerCase();
    for (const { message } of warnings) expect(text).toContain(message.toLowerCase());
  });
});

/** The seats of a month's invoice by profile and user. */
async function seatsOf(
  month: string,
): Promise<Map<string, Readonly<Record<string, string | number>>>> {
  const { rows } = await invoiceJson(acme(month), 'user');
  return new Map(rows.map((row) => [`${row.profile_id} ${row.user_id}`, row]));
}

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
  expect(figure(told?.Credits)).toBe(row.credits_used);
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
