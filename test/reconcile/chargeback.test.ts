import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BillRow, REFERENCE_COLUMNS, referenceChargeback } from '../reference/chargeback.ts';
import { runMain, runOnce, withDirectory } from '../support/in-process.ts';
import { subscriptionsCsv } from '../support/tables.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const ACME = [
  ...['--month', '2026-03', '--data', join(FIXTURES, 'acme')],
  ...['--cur', join(FIXTURES, 'acme-aws/cur')],
];

async function rowsOf(args: readonly string[]): Promise<Record<string, string | number>[]> {
  const { stdout } = await runMain(['chargeback', ...args, '--format', 'json']);
  return JSON.parse(stdout).rows;
}

async function acmeRows(...args: string[]): ReturnType<typeof rowsOf> {
  const { stdout } = await runOnce(['chargeback', ...ACME, ...args, '--format', 'json']);
  return JSON.parse(stdout).rows;
}

const ACCOUNTS = ['111111111111', '222222222222', '333333333333'];
const PAYERS = ['999999999991', '999999999992'];
const USERS = ['u1', 'u2', 'u3', 'u4', 'stranger'];
const CENTERS: Readonly<Record<string, string>> = { u1: 'A', u2: 'A', u3: 'B', stranger: 'C' };
const TYPES = [
  ...['FlatRateSubscription', 'Usage', 'Refund', 'Credit', 'Tax', 'Fee'],
  ...['EdpDiscount', 'SppDiscount', 'BundledDiscount', 'PrivateRateDiscount', 'RIFee'],
];

const row: fc.Arbitrary<BillRow> = fc.record({
  payer: fc.constantFrom(...PAYERS),
  account: fc.constantFrom('', ...ACCOUNTS),
  type: fc.constantFrom(...TYPES),
  user: fc.oneof(fc.constant(''), fc.constantFrom(...USERS)),
  cost: fc.oneof(
    fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }),
    fc.bigInt({ min: -9n, max: 9n }).map((cents) => cents * 5n * 10n ** 7n),
  ),
});

/** As a bill has it: what is charged to a user is mostly above zero. */
const sensible = row.map((one) =>
  one.type === 'Usage' || one.type === 'FlatRateSubscription'
    ? { ...one, cost: one.cost < 0n ? -one.cost : one.cost }
    : one,
);

function filesOf(rows: readonly BillRow[]): Record<string, string> {
  const header =
    'bill_billing_period_start_date,bill_payer_account_id,line_item_usage_account_id,line_item_line_item_type,line_item_product_code,line_item_usage_type,line_item_operation,line_item_resource_id,line_item_usage_amount,line_item_currency_code,line_item_unblended_cost';
  const lines = rows.map(({ payer, account, type, user, cost }) => {
    const units = cost < 0n ? -cost : cost;
    const digits = String(units).padStart(11, '0');
    const amount = `${cost < 0n ? '-' : ''}${digits.slice(0, -10)}.${digits.slice(-10)}`;
    return `2026-01-01,${payer},${account},${type},Kiro,USE1-KiroEnterprise-Pro,Credits,${user},1,USD,${amount}`;
  });
  return {
    'cur.csv': `${[header, ...lines].join('\n')}\n`,
    'profiles.csv': `profile_id,account_id,region\n${ACCOUNTS.slice(0, 2)
      .map((account) => `p${account},${account},us-east-1\n`)
      .join('')}`,
    'users.csv': `user_id,cost_center\n${Object.entries(CENTERS)
      .map(([user, center]) => `${user},${center}\n`)
      .join('')}`,
    'subscriptions.csv': subscriptionsCsv('p111111111111,user,u1,Pro,2025-11-01'),
  };
}

const VIEWS: Readonly<Record<string, (account: string, user: string) => string>> = {
  cost_center: (_, user) => CENTERS[user] ?? '',
  account: (account) => account,
};

describe('the spreading', () => {
  it.each(Object.keys(VIEWS))('by %s agrees with the reference on random bills', async (view) => {
    const bills = fc.array(sensible, { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(bills, async (rows) => {
        const keyOf = VIEWS[view] as (account: string, user: string) => string;
        const expected = referenceChargeback(rows, keyOf).map(([key, seats, ...cents]) => [
          key,
          seats,
          ...cents.map(moneyText),
        ]);
        const found = await withDirectory(filesOf(rows), (directory) =>
          rowsOf([
            '--month=2026-01',
            `--data=${directory}`,
            `--cur=${directory}/cur.csv`,
            `--by=${view}`,
          ]),
        );
        const columns = [view === 'account' ? 'account_id' : view, 'seats'];
        const cells = found.map((one) =>
          [...columns, ...REFERENCE_COLUMNS, 'net_charge'].map((name) => one[name]),
        );
        expect(cells).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});

function moneyText(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/*
 * Acme's bill of March, by hand. The seats of account 123456789012 are charged 2,162.699199961
 * directly: CC-410 Platform 984.429999985 (share 0.45518581…), CC-420 Product 510.3771999846
 * (0.23599083…), CC-430 Data 647.8919999921 (0.29957564…), and nobody's 19.9999999993
 * (0.00924770…). All that names no user is of that account, so that GovCloud bears none of it:
 * EdpDiscount -47.1339567891 and SppDiscount -4.50 (together -51.6339567891), Credit -25.00,
 * Refund -1.20, Tax 92.29. The discount of CC-410 Platform is
 * -51.6339567891 x 984.429999985 / 2,162.699199961 = -23.5030…
 */
describe("Acme's bill of March", () => {
  const charges = (cents: string[]) => {
    const names = ['direct_charge', 'refund', 'discount', 'credit', 'tax', 'other', 'net_charge'];
    return Object.fromEntries(names.map((name, index) => [name, cents[index]]));
  };

  it.each([
    // -60 of its own, -1.20 x 0.45518581 = -0.5462 of the account's: -60.5462.
    ['CC-410 Platform', 11, ['984.43', '-60.55', '-23.50', '-11.38', '42.01', '0.00', '931.01']],
    // 647.8920; -0.3595; -15.4683; -7.4894; 27.6478.
    ['CC-430 Data', 7, ['647.89', '-0.36', '-15.47', '-7.49', '27.65', '0.00', '652.22']],
    // Another account: 142.9072 of its own, and no share of anything.
    ['CC-510 Federal', 5, ['142.91', '0.00', '0.00', '0.00', '0.00', '0.00', '142.91']],
  ])('%s is charged as by hand', async (center, seats, cents) => {
    const row = (await acmeRows()).find(({ cost_center }) => cost_center === center);
    expect(row).toMatchObject({ seats, ...charges(cents) });
  });

  it('the discount of all cost centers is that of the bill, to the cent', async () => {
    const rows = await acmeRows();
    expect(rows.map(({ discount }) => discount)).toEqual([
      '-0.48',
      '-23.50',
      '-12.19',
      '-15.47',
      '0.00',
    ]);
    const sum = rows.reduce((cents, { discount }) => cents + Math.round(Number(discount) * 100), 0);
    expect(sum).toBe(-5164); // -51.6339567891, and the bill's total rounds down.
  });

  it.each([
    ['cost_center', 'cost_center'],
    ['group', 'group_id'],
    ['tier', 'tier'],
    ['profile', 'profile_id,profile_name'],
    ['account', 'account_id'],
    ['region', 'region'],
    ['user', 'profile_id,user_id,user_name'],
  ])('by %s has its key, and the total of the bill', async (view, key) => {
    const { stdout, stderr } = await runOnce(['chargeback', ...ACME, '--by', view, '-f', 'csv']);
    const [header = '', ...lines] = stdout.trimEnd().split('\n');
    expect(header).toBe(
      `month,${key},seats,direct_charge,refund,discount,credit,tax,other,net_charge,currency`,
    );
    const net = lines.reduce((sum, line) => {
      const cents = line.split(',').at(-2) ?? '';
      return sum + Math.round(Number(cents) * 100);
    }, 0);
    expect(net).toBe(224006);
    expect(stderr).toContain(
      "Charged back $2,240.06; our invoice is $2,177.54, $62.52 less than AWS's bill.",
    );
    expect(stderr).toMatch(
      / Look at: 2 seats of the bill that are not in our data \((Pieter de Vries, Marta Wiśniewska|Marta Wiśniewska, Pieter de Vries)\), \d/,
    );
  });

  it('is what reconcile has as aws_net_charge', async () => {
    const byUser = await acmeRows('--by', 'user');
    const { stdout } = await runOnce(['reconcile', ...ACME, '--format', 'json']);
    const rows: Record<string, string>[] = JSON.parse(stdout).rows;
    const netOf = new Map(
      byUser.map(({ profile_id, user_id, net_charge }) => [`${profile_id} ${user_id}`, net_charge]),
    );
    for (const { profile_id, user_id, aws_net_charge } of rows) {
      expect(aws_net_charge).toBe(netOf.get(`${profile_id} ${user_id}`) ?? '0.00');
    }
  });
});

it.each(['cost_center', 'profile', 'user'])(
  'the JSON by %s is as its schema says',
  async (view) => {
    const file = new URL('../../src/render/schemas/chargeback.schema.json', import.meta.url);
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(
      JSON.parse(readFileSync(file, 'utf8')),
    );
    const { stdout } = await runOnce(['chargeback', ...ACME, '--by', view, '--format', 'json']);
    validate(JSON.parse(stdout));
    expect(validate.errors ?? []).toEqual([]);
  },
);

describe('filters', () => {
  it('choose rows after the rounding', async () => {
    const all = await acmeRows('--by', 'user');
    const some = await acmeRows('--by', 'user', '--user', 'Jonas Weber');
    expect(some).toEqual(all.filter(({ user_name }) => user_name === 'Jonas Weber'));
    const center = await acmeRows('--cost-center', 'CC-430 Data');
    expect(center).toMatchObject([{ cost_center: 'CC-430 Data', net_charge: '652.22' }]);
  });

  it.each([
    ['cost_center', '--user'],
    ['tier', '--group'],
    ['account', '--profile'],
    ['profile', '--cost-center'],
  ])('of --by %s, %s could split a row', async (view, flag) => {
    const { status, stderr } = await runOnce(['chargeback', ...ACME, '--by', view, flag, 'x']);
    expect(status).toBe(2);
    expect(stderr).toContain(`${flag} could split a row of --by ${view}: use it with --by user`);
  });
});

describe('the exit status', () => {
  const seat = {
    payer: '999999999991',
    account: '111111111111',
    type: 'Usage',
    user: 'u1',
    cost: 10n ** 10n,
  };

  const statusOf = (rows: readonly BillRow[], view: string): Promise<number> =>
    withDirectory(filesOf(rows), async (directory) => {
      const files = [`--data=${directory}`, `--cur=${directory}/cur.csv`];
      return (await runMain(['chargeback', '--month=2026-01', ...files, `--by=${view}`])).status;
    });

  it.each([
    ['a seat of ours', seat, 'cost_center', 0],
    ['a seat that the data lack', { ...seat, user: 'u2' }, 'cost_center', 1],
    ['an account that the data lack', { ...seat, account: '333333333333' }, 'region', 1],
    ['an empty group', seat, 'group', 0],
  ] as const)('of a bill of %s', async (_, one, view, status) => {
    expect(await statusOf([one], view)).toBe(status);
  });

  it('is 1 where nobody can bear a charge, which stands under no key', async () => {
    const tax = { ...seat, type: 'Tax', user: '' };
    expect(await statusOf([tax], 'account')).toBe(1);
  });
});

it('what costs nothing counts for a seat where it is a fee or credits, and has a row of 0.00', async () => {
  const free: BillRow = {
    payer: '999999999991',
    account: '111111111111',
    type: 'Usage',
    user: 'u3',
    cost: 0n,
  };
  const rows = await withDirectory(filesOf([free]), (directory) =>
    rowsOf(['--month=2026-01', `--data=${directory}`, `--cur=${directory}/cur.csv`]),
  );
  expect(rows).toMatchObject([{ cost_center: 'B', seats: 1, net_charge: '0.00' }]);
});

it('the last figures that a narrow table drops are the direct and the net charge', async () => {
  for (const columns of [60, 80]) {
    const { stdout } = await runOnce(['chargeback', ...ACME], { columns });
    expect(stdout).toMatch(/\nCost center .*Direct charge.*Net charge\n/);
    expect(stdout.replaceAll('\n', ' ')).toMatch(/No room for Seats/);
  }
});
