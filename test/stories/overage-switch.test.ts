/** When exactly a switch of overage, a cap or a month end parts one row of usage from the next. */
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { runInProcess } from '../support/in-process.ts';
import { profilesCsv, subscriptionsCsv, usageCsv } from '../support/tables.ts';
import type { CsvRow } from './fixtures.ts';

/** Alice's row of the month: overage and unbilled credits. Changes are `INSTANT WORD CAP`. */
async function creditsOf(
  usage: Readonly<Record<string, string>>,
  changes: readonly string[],
  month = '2026-01',
): Promise<string> {
  const files = {
    'profiles.csv': profilesCsv('P1,111122223333,us-east-1'),
    'subscriptions.csv': subscriptionsCsv('P1,user,alice,Pro,2025-11-03'),
    'overage_changes.csv': [
      'profile_id,changed_at,overage,overage_cap',
      ...changes.map((change) => ['P1', ...change.split(' ')].join(',')),
    ].join('\n'),
    'usage.csv': usageCsv(
      ...Object.entries(usage).map(([at, credits]) => `${at},P1,alice,${credits}`),
    ),
  };
  const args = ['invoice', '--month', month, '--format', 'csv', '--quiet'];
  const { stdout, stderr, status } = await runInProcess(args, files);
  expect(status, stderr).toBe(0);
  const [row, ...more]: CsvRow[] = parse(stdout, { columns: true });
  expect(more).toEqual([]);
  return `overage ${row?.overage_credits} unbilled ${row?.unbilled_credits}`;
}

const AT = '2026-01-15T12:00:00Z';
const BEFORE = '2026-01-15T11:59:59.999999999Z';
const AFTER = '2026-01-15T12:00:00.000000001Z';

describe('a switch at the instant of a usage row', () => {
  it.each([
    ['a nanosecond before', BEFORE, 'overage 0.00 unbilled 100.00'],
    ['at the very instant', AT, 'overage 100.00 unbilled 0.00'],
    ['a nanosecond after', AFTER, 'overage 100.00 unbilled 0.00'],
  ])(
    'O2: switched on, a row %s it: only what lies before it is not billed',
    async (_, at, credits) => {
      expect(await creditsOf({ [at]: '1100' }, [`${AT} on `])).toBe(credits);
    },
  );

  it.each([
    ['a nanosecond before', BEFORE, 'overage 100.00 unbilled 0.00'],
    ['at the very instant', AT, 'overage 0.00 unbilled 100.00'],
    ['a nanosecond after', AFTER, 'overage 0.00 unbilled 100.00'],
  ])('O2: switched off, a row %s it', async (_, at, credits) => {
    expect(await creditsOf({ [at]: '1100' }, ['2025-12-01 on ', `${AT} off `])).toBe(credits);
  });

  it('O2: the instant is that in UTC, however it is written', async () => {
    const usage = { '2026-01-15T17:30:00+05:30': '1100' };
    expect(await creditsOf(usage, ['2026-01-15T07:00:00-05:00 on '])).toBe(
      'overage 100.00 unbilled 0.00',
    );
  });

  it('O2: a row that crosses the allowance is cut at the allowance', async () => {
    const usage = { [BEFORE]: '900.5', [AT]: '300' };
    expect(await creditsOf(usage, [`${AT} on `])).toBe('overage 200.50 unbilled 0.00');
  });

  it('O2: rows in any order, in stretches that come back to the same state', async () => {
    const usage = {
      '2026-01-25': '10',
      '2026-01-05': '1000',
      '2026-01-15': '20',
      '2026-01-10': '30',
    };
    const changes = ['2026-01-08 on ', '2026-01-12 off ', '2026-01-20 on '];
    expect(await creditsOf(usage, changes)).toBe('overage 40.00 unbilled 20.00');
    expect(await creditsOf(usage, [...changes].reverse())).toBe('overage 40.00 unbilled 20.00');
  });
});

describe('a change at the end of the month', () => {
  const usage = { '2026-01-15': '1100' };
  const on = '2025-12-01 on 40';

  it('O3: a cap changed in the last nanosecond is in force, one at the month end is not', async () => {
    expect(await creditsOf(usage, [on, '2026-01-31T23:59:59.999999999Z on 60'])).toBe(
      'overage 60.00 unbilled 40.00',
    );
    expect(await creditsOf(usage, [on, '2026-02-01 on 60'])).toBe('overage 40.00 unbilled 60.00');
  });

  it.each([
    ['a blank cap leaves it', '2026-01-20 on ', 'overage 40.00 unbilled 60.00'],
    ['`none` removes it', '2026-01-20 on none', 'overage 100.00 unbilled 0.00'],
    ['a lower cap takes back nothing', '2026-01-20 on 0', 'overage 40.00 unbilled 60.00'],
  ])('O3: %s', async (_, change, credits) => {
    expect(await creditsOf(usage, [on, change])).toBe(credits);
  });

  it('O1: rows belong to the month that they lie in, to the nanosecond', async () => {
    const rows = {
      '2025-12-31T23:59:59.999999999Z': '1',
      '2026-01-01T00:00:00Z': '1000',
      '2026-01-31T23:59:59.999999999Z': '4',
      '2026-02-01T00:00:00Z': '1007',
    };
    const always = ['2025-11-01 on '];
    expect(await creditsOf(rows, always, '2025-12')).toBe('overage 0.00 unbilled 0.00');
    expect(await creditsOf(rows, always, '2026-01')).toBe('overage 4.00 unbilled 0.00');
    expect(await creditsOf(rows, always, '2026-02')).toBe('overage 7.00 unbilled 0.00');
  });
});
