import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runMain, withDirectory } from '../../support/in-process.ts';
import { profilesCsv, subscriptionsCsv } from '../../support/tables.ts';

const ARN = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/ABC';
const HEADER =
  'Date,UserId,Client_Type,Credits_Used,Overage_Credits_Used,Overage_Enabled,ProfileId,Subscription_Tier,Usage_Limit';
const DATA = {
  'profiles.csv': profilesCsv('P,111122223333,us-east-1,,enabled'),
  'subscriptions.csv': subscriptionsCsv('P,user,a,Pro,2025-11-01', 'P,user,b,Pro,2025-11-01'),
};

interface Row {
  readonly date?: string;
  readonly user?: string;
  readonly client?: string;
  readonly used: string;
  readonly overage?: string;
  readonly tier?: string;
  readonly limit?: string;
}

function report(...rows: Row[]): string {
  const lines = rows.map(
    ({
      date = '2026-01-15',
      user = 'a',
      client = 'KIRO_IDE',
      used,
      overage = '0',
      tier = 'PRO',
      limit = '',
    }) => [date, user, client, used, overage, 'true', ARN, tier, limit].join(','),
  );
  return [HEADER, ...lines, ''].join('\n');
}

/** Bills January; `changed` gives files their times of change, in seconds. */
async function bill(
  files: Record<string, string>,
  args: readonly string[] = [],
  changed: Record<string, number> = {},
) {
  const bucket = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`bucket/${name}`, text]),
  );
  return withDirectory({ ...DATA, ...bucket }, async (directory) => {
    for (const [name, seconds] of Object.entries(changed))
      utimesSync(join(directory, 'bucket', name), seconds, seconds);
    const { status, stdout, stderr } = await runMain([
      ...['invoice', '--month', '2026-01', '--format', 'json', '--data', directory],
      ...['--usage', join(directory, 'bucket'), ...args],
    ]);
    const { rows, warnings } = JSON.parse(stdout);
    const used = Object.fromEntries(
      rows.map((row: Record<string, string>) => [row.user_id, row.credits_used]),
    );
    return { status, stderr, used, codes: warnings.map(({ code }: { code: string }) => code) };
  });
}

describe('what Credits_Used holds', () => {
  it('R1: is the overage where use beyond the allowance is more than half of it', async () => {
    const { used, stderr } = await bill({ 'a.csv': report({ used: '1250', overage: '250' }) });
    expect(used).toMatchObject({ a: '1250.00' });
    expect(stderr).toContain('note: Credits_Used holds the overage: 1 seat shows it');
  });

  it('R1: is not the overage where it ends at the allowance, or is less than the overage', async () => {
    const { used, stderr } = await bill({
      'a.csv': report(
        { used: '1000.4', overage: '250' },
        { user: 'b', used: '100', overage: '300', tier: '' },
      ),
    });
    expect(used).toMatchObject({ a: '1250.40', b: '400.00' });
    expect(stderr).toContain('note: Credits_Used does not hold the overage: 2 seats show it');
  });

  it('R1: takes the evidence of other months and seats', async () => {
    const { used } = await bill({
      'a.csv': report(
        { used: '600', overage: '100' },
        { user: 'b', date: '2026-02-03', used: '1250', overage: '250' },
      ),
    });
    expect(used).toMatchObject({ a: '600.00' });
  });

  it('R1: without evidence is taken to be beside, with a warning where there is overage', async () => {
    const { used, codes } = await bill({ 'a.csv': report({ used: '600', overage: '100' }) });
    expect(used).toMatchObject({ a: '700.00' });
    expect(codes).toContain('reported-credits');
    const none = await bill({ 'a.csv': report({ used: '600' }) });
    expect(none.codes).not.toContain('reported-credits');
  });

  it('R1: with evidence of both kinds is asked of each seat, the rest by the greater number', async () => {
    const { used, codes, stderr } = await bill({
      'a.csv': report(
        { used: '1250', overage: '250' },
        { user: 'b', used: '1000', overage: '250' },
        { user: 'c', used: '1400', overage: '400' },
        { user: 'd', used: '600', overage: '100' },
      ),
    });
    expect(used).toMatchObject({ a: '1250.00', b: '1250.00', c: '1400.00', d: '600.00' });
    expect(codes).toContain('reported-credits');
    expect(stderr).toMatch(/a in P, c in P.*b in P/);
  });

  it('R1: two tiers or two limits in the month are no evidence, save less used than overage', async () => {
    const { codes } = await bill({
      'a.csv': report(
        { used: '1000', overage: '250' },
        { date: '2026-01-16', used: '250', tier: 'PRO_PLUS' },
        { user: 'b', used: '1000', overage: '250', limit: '1000' },
        { user: 'b', date: '2026-01-16', used: '250', limit: '2000' },
        // Equal figures, so counted once; there are two tiers all the same.
        { user: 'c', used: '1250', overage: '250' },
        { user: 'c', used: '1250', overage: '250', tier: 'POWER' },
      ),
    });
    expect(codes).toContain('reported-credits');
  });

  it('R1: a Usage_Limit takes the place of the tier of the card, and a note says where they differ', async () => {
    const { used, stderr } = await bill({
      'a.csv': report({ used: '1750', overage: '250', limit: '1500' }),
    });
    expect(used).toMatchObject({ a: '1750.00' });
    expect(stderr).toMatch(
      /note: the reports have a Usage_Limit of 1500 for Pro in 2026-01, the rate card has 1000 credits \(first in .*a\.csv:2\)/,
    );
  });

  it.each([
    ['beside', '1500.00'],
    ['inside', '1250.00'],
  ])('R1: --reported-credits %s decides it for the run, without a note', async (where, credits) => {
    const { used, stderr } = await bill({ 'a.csv': report({ used: '1250', overage: '250' }) }, [
      '--reported-credits',
      where,
    ]);
    expect(used).toMatchObject({ a: credits });
    expect(stderr).not.toContain('Credits_Used');
  });
});

it('R1: the setting reported_credits decides it where the option is not given', async () => {
  const rows = report({ used: '1250', overage: '250' });
  const settings = { '../kiro-bill.json': '{ "reported_credits": "beside" }' };
  expect((await bill({ ...settings, 'a.csv': rows })).used).toMatchObject({ a: '1500.00' });
  const inside = await bill({ ...settings, 'a.csv': rows }, ['--reported-credits', 'inside']);
  expect(inside.used).toMatchObject({ a: '1250.00' });
});

describe('which rows count', () => {
  it('R2: those of one key in one file are added, equal figures once', async () => {
    const { used } = await bill({
      'a.csv': report({ used: '120.50' }, { used: '0' }, { used: '3' }, { used: '3.0' }),
    });
    expect(used).toMatchObject({ a: '123.50' });
  });

  it('R2: a UUID is one user with or without the id of its directory', async () => {
    const uuid = '0f8b2c4d-1111-4222-8333-9a0b1c2d3e4f';
    const { used } = await bill({
      'a.csv': report({ user: uuid, used: '2' }, { user: `d-1234567890.${uuid}`, used: '5' }),
    });
    expect(used).toMatchObject({ [uuid]: '7.00' });
  });

  it('R2: files that differ only in part_N are one file, in one folder', async () => {
    const stamp = 'KIRO_IDE_111122223333_user_report_202601160200';
    const parts = {
      [`${stamp}_part_1.csv`]: report({ used: '1' }),
      [`${stamp}_part_2.csv`]: report({ used: '2' }),
    };
    expect((await bill(parts)).used).toMatchObject({ a: '3.00' });
    const apart = Object.fromEntries(
      Object.entries(parts).map(([name, text], index) => [`${index}/${name}`, text]),
    );
    const same = { [`0/${stamp}_part_1.csv`]: 5, [`1/${stamp}_part_2.csv`]: 5 };
    expect((await bill(apart, [], same)).used).toMatchObject({ a: '2.00' });
  });

  it('R2: the stamp goes before the time of change, and that before the path', async () => {
    const name = (stamp: string): string => `KIRO_IDE_111122223333_user_report_${stamp}.csv`;
    const [old, fresh] = [name('202601150000'), name('202601160000')];
    const texts = { [`z/${old}`]: report({ used: '1' }), [`a/${fresh}`]: report({ used: '2' }) };
    const stamped = await bill(texts, [], { [`z/${old}`]: 9e8, [`a/${fresh}`]: 8e8 });
    expect(stamped.used).toMatchObject({ a: '2.00' });
    const copies = { [`a/${old}`]: report({ used: '3' }), [`z/${old}`]: report({ used: '4' }) };
    const changed = await bill(copies, [], { [`a/${old}`]: 9e8, [`z/${old}`]: 8e8 });
    expect(changed.used).toMatchObject({ a: '3.00' });
    const equal = await bill(copies, [], { [`a/${old}`]: 8e8, [`z/${old}`]: 8e8 });
    expect(equal.used).toMatchObject({ a: '4.00' });
    const unstamped = await bill({
      'z.csv': report({ used: '5' }),
      [`a/${old}`]: report({ used: '6' }),
    });
    expect(unstamped.used).toMatchObject({ a: '6.00' });
  });

  it('R2: a blank tier is that of the nearest day, the earlier at equal distance', async () => {
    const row = { used: '500', overage: '125' };
    const inside = await bill({
      'a.csv': report(
        { date: '2026-01-14', used: '500', tier: 'PRO' },
        { ...row, date: '2026-01-15', tier: '' },
        { date: '2026-02-16', used: '1', tier: 'PRO_PLUS' },
        { date: '2026-01-13', used: '125' },
      ),
    });
    expect(inside.used).toMatchObject({ a: '1125.00' });
    expect(inside.stderr).toContain('holds the overage: 1 seat shows it');
    const none = await bill({ 'a.csv': report({ used: '1125', overage: '125', tier: '' }) });
    expect(none.codes).toContain('reported-credits');
  });

  it('R2: a note names workdays without a report of a client that has most of them, up to five', async () => {
    const ide = days('KIRO_IDE', 1, 2, 5, 6, 7, 8, 9, 12, 13, 14, 29, 30);
    const cli = days('KIRO_CLI', 1, 2, 5, 6, 7, 8, 9, 12, 13, 14, 15);
    const { stderr } = await bill({ 'a.csv': report(...ide, ...cli) });
    expect(stderr).toContain(
      'note: no KIRO_IDE report of P on 2026-01-15, 2026-01-16, 2026-01-19, 2026-01-20, 2026-01-21 and 5 more\n',
    );
    expect(stderr).not.toContain('no KIRO_CLI report');
  });
});

/** Rows of one client on days of January 2026, of which the 1st is a Thursday. */
function days(client: string, ...ofMonth: number[]): Row[] {
  return ofMonth.map((day) => ({
    client,
    date: `2026-01-${String(day).padStart(2, '0')}`,
    used: '1',
  }));
}
