/** Acme, the company of the fixtures: all views of its months agree, and every rule is met. */
import { beforeAll, describe, expect, it } from 'vitest';
import { RULE_IDS, type RuleId } from '../../src/domain/rule-id.ts';
import { VIEWS, type View } from '../../src/domain/view.ts';
import {
  type CsvRow,
  type ExplainedLine,
  type ExplainedSeat,
  explained,
  explainedText,
  invoiceRows,
  runOn,
  sumOfCents,
  usersOf,
} from './fixtures.ts';

const MONTHS = ['2026-01', '2026-02', '2026-03'] as const;
const RANGE = '2026-01..2026-03';

const rows = {} as Record<View, readonly CsvRow[]>;
let seats: readonly ExplainedSeat[];

beforeAll(async () => {
  for (const view of VIEWS) rows[view] = await invoiceRows('acme', RANGE, view);
  const userIds = new Set(rows.user.map(({ user_id = '' }) => user_id));
  seats = await explained('acme', RANGE, [...userIds]);
}, 30_000);

function ofMonth(view: View, month: string): readonly CsvRow[] {
  return rows[view].filter((row) => row.month === month);
}

function totalOf(view: View, month: string): bigint {
  const column = view === 'line' ? 'amount' : 'total_charge';
  return sumOfCents(ofMonth(view, month).map((row) => row[column]));
}

/** A line as `--by line` and `explain` tell it alike; the quantity as `explain` has it. */
function lineText(seat: CsvRow | ExplainedSeat, line: CsvRow | ExplainedLine): string {
  const { date, line_type, tier, unit_price, amount, rule } = line;
  return [
    seat.month,
    seat.profile_id,
    seat.user_id,
    ...[date, line_type, tier, unit_price, amount, rule],
    seat.currency,
  ].join(' ');
}

/** The quantity of an explained line as CSV writes it, worked out anew. */
function quantityOf({ credits, days = 0, days_in_month: all = 1 }: ExplainedLine): string {
  if (credits !== undefined) return credits;
  if (Math.abs(days) === all) return String(Math.sign(days));
  const millionths = (2n * 1_000_000n * BigInt(Math.abs(days)) + BigInt(all)) / (2n * BigInt(all));
  return `${days < 0 ? '-' : ''}0.${String(millionths).padStart(6, '0')}`;
}

describe.each(MONTHS)('Acme in %s', (month) => {
  it('M2: all eight views have one total', () => {
    const total = totalOf('line', month);
    expect(total).toBeGreaterThan(100_000n);
    for (const view of VIEWS) expect(totalOf(view, month), view).toBe(total);
  });

  it('M2: and one sum of each other column', () => {
    const columns = ['subscription_charge', 'overage_charge'];
    for (const column of columns) {
      const sums = VIEWS.filter((view) => view !== 'line').map((view) =>
        sumOfCents(ofMonth(view, month).map((row) => row[column])),
      );
      expect(new Set(sums).size, column).toBe(1);
    }
    const lines = ofMonth('line', month);
    const charged = (isOverage: boolean): bigint =>
      sumOfCents(
        lines
          .filter(({ line_type }) => (line_type === 'overage') === isOverage)
          .map(({ amount }) => amount),
      );
    const byUser = (column: string): bigint =>
      sumOfCents(ofMonth('user', month).map((row) => row[column]));
    expect(charged(false)).toBe(byUser('subscription_charge'));
    expect(charged(true)).toBe(byUser('overage_charge'));
  });

  it('M2: the lines of each seat add up to its row', () => {
    for (const { profile_id, user_id, total_charge } of ofMonth('user', month)) {
      const lines = ofMonth('line', month).filter(
        (line) => line.profile_id === profile_id && line.user_id === user_id,
      );
      expect(sumOfCents(lines.map(({ amount }) => amount)), user_id).toBe(
        sumOfCents([total_charge]),
      );
    }
  });

  it('H1: every roll-up counts the seats that hold a tier', () => {
    const count = ofMonth('user', month).filter(({ tier }) => tier !== '').length;
    for (const view of VIEWS.filter((one) => one !== 'user' && one !== 'line')) {
      const counted = ofMonth(view, month).reduce((sum, row) => sum + Number(row.seats), 0);
      expect(counted, view).toBe(count);
    }
  });

  it('M3: alone it is what it is in the range', async () => {
    for (const view of ['user', 'line', 'group'] as const) {
      expect(await invoiceRows('acme', month, view), view).toEqual(ofMonth(view, month));
    }
  });

  it('M2: explain tells the lines of --by line, one for one', () => {
    const told = seats
      .filter((seat) => seat.month === month)
      .flatMap((seat) => seat.lines.map((line) => lineText(seat, line)));
    expect(told).toEqual(ofMonth('line', month).map((row) => lineText(row, row)));
  });

  it('M2: and their quantities', () => {
    const told = seats
      .filter((seat) => seat.month === month)
      .flatMap(({ lines }) => lines.map(quantityOf));
    expect(told).toEqual(ofMonth('line', month).map(({ quantity }) => quantity));
  });

  it('M2: and the totals of --by user', () => {
    const told = seats.filter((seat) => seat.month === month);
    for (const { profile_id, user_id, total_charge } of ofMonth('user', month)) {
      const seat = told.find((one) => one.profile_id === profile_id && one.user_id === user_id);
      expect(seat?.total_charge, user_id).toBe(total_charge);
    }
  });
});

describe('the company', () => {
  it.each(VIEWS)('M2: JSON by %s has the totals that the rows add up to', async (view) => {
    const args = ['invoice', '--month', RANGE, '--by', view, '--format', 'json'];
    const months: { month: string; totals: Record<string, string> }[] = JSON.parse(
      (await runOn('acme', args)).stdout,
    );
    expect(months.map(({ month }) => month)).toEqual(MONTHS);
    for (const { month, totals } of months) {
      const total = view === 'line' ? totals.amount : totals.total_charge;
      expect(sumOfCents([total]), month).toBe(totalOf(view, month));
    }
  });

  it('H1: is as large as its description says', () => {
    const count = (column: string): number => new Set(rows.user.map((row) => row[column])).size;
    expect(count('profile_id')).toBe(3);
    expect(count('account_id')).toBe(2);
    expect(count('user_id')).toBeGreaterThanOrEqual(40);
    expect(rows.group.filter(({ month }) => month === '2026-01').length).toBe(6 + 1);
    expect(new Set(rows.cost_center.map((row) => row.cost_center)).size).toBeGreaterThanOrEqual(4);
  });
});

describe('the rules that the fixtures meet', () => {
  /** That numbers are exact shows in every figure, and in no sentence of its own. */
  const UNTOLD: readonly RuleId[] = ['R1', 'R2', 'M1'];
  const FIXTURES = [
    ...Array.from({ length: 12 }, (_, index) => `example-${String(index + 1).padStart(2, '0')}`),
    'rate-change',
    'acme',
  ];

  function idsIn(text: string): Set<string> {
    return new Set(text.match(/\b[HSOM][1-9]\b/g));
  }

  async function storiesOf(fixture: string): Promise<string> {
    const months = fixture === 'acme' ? RANGE : '2026-01..2026-04';
    const users = await invoiceRows(fixture, months, 'user');
    const userIds = new Set([...usersOf(fixture), ...users.map(({ user_id = '' }) => user_id)]);
    return explainedText(fixture, months, [...userIds]);
  }

  it('M2: every id stands in a line or a sentence of `explain`', async () => {
    const told = idsIn((await Promise.all(FIXTURES.map(storiesOf))).join('\n'));
    expect(RULE_IDS.filter((id) => !told.has(id))).toEqual(UNTOLD);
  });

  it('S3: every rule that a line can name is one of a line of Acme', () => {
    const named = new Set(rows.line.map(({ rule }) => rule));
    expect([...named].sort()).toEqual(['O4', 'S1', 'S2', 'S3']);
  });

  it('O6: Acme has usage without a seat, unbilled credits and prices that are approximate', async () => {
    const { stderr } = await runOn('acme', ['invoice', '--month', RANGE]);
    for (const id of ['O5', 'O6', 'M4']) expect(idsIn(stderr), id).toContain(id);
  });
});
