import { describe, expect, it } from 'vitest';
import { ALICE, adjustment, BOB, credits, fee, userArn } from '../aws/cur-rows.ts';
import { tierChangesCsv } from '../support/tables.ts';
import { CARLA, PRO, PROFILES, type Result, reconcile, USAGE } from './january.ts';

function amountOf({ bridge }: Result, item: string): string | undefined {
  return bridge.find((step) => step.item === item)?.amount;
}

it('a filter leaves out the warnings of other seats, and keeps those of the bill', async () => {
  const agents = { line_item_operation: 'agents' };
  const cur = [fee(ALICE, 'Pro', '20', agents), fee(BOB, 'Pro', '20', agents)];
  const warned = async (...args: string[]): Promise<string[]> => {
    const { stderr } = await reconcile({ subscriptions: [PRO], cur, args });
    return stderr.split('\n').filter((line) => line.includes('agents'));
  };
  expect(await warned()).toEqual([expect.stringContaining(ALICE), expect.stringContaining(BOB)]);
  expect(await warned('--user', ALICE)).toEqual([expect.stringContaining(ALICE)]);
});

describe('the verdict of a seat', () => {
  it('is match where both amounts are within the tolerance, and then all is well', async () => {
    const result = await reconcile({ subscriptions: [PRO], cur: [fee(ALICE, 'Pro', '20.0049')] });
    expect(result.rows).toMatchObject([{ verdict: 'match', difference: '0.00', reason: '' }]);
    expect(result.status).toBe(0);
  });

  it.each([
    ['0.01', 'match', 0],
    ['0.009', 'amount differs', 1],
    ['0', 'amount differs', 1],
  ])('with the tolerance %s and a cent of difference is %s', async (tolerance, verdict, status) => {
    const result = await reconcile({
      subscriptions: [PRO],
      cur: [fee(ALICE, 'Pro', '20.01')],
      args: ['--tolerance', tolerance],
    });
    expect(result.rows).toMatchObject([{ verdict, difference: '0.01' }]);
    expect(result.status).toBe(status);
  });

  it('looks at each amount by itself, although the two differences cancel out', async () => {
    const result = await reconcile({
      subscriptions: [PRO],
      files: { 'usage.csv': `${USAGE}2026-01-10,east,${ALICE},1250\n` },
      cur: [fee(ALICE, 'Pro', '25'), credits(ALICE, '1250', '5')],
    });
    expect(result.rows).toMatchObject([
      { our_overage: '10.00', aws_overage: '5.00', difference: '0.00', verdict: 'amount differs' },
    ]);
  });

  it("is only in AWS's bill, or only in our invoice, where one side charges nothing", async () => {
    const result = await reconcile({
      subscriptions: [PRO],
      cur: [fee(BOB, 'Pro', '20'), credits(CARLA, '7', '0')],
    });
    expect(result.rows.map(({ user_id, verdict }) => [user_id, verdict])).toEqual([
      [ALICE, 'only in our invoice'],
      [BOB, "only in AWS's bill"],
    ]);
    expect(result.status).toBe(1);
  });

  it('sums a seat exactly before it rounds: fees spread over the days, and refunds that name it', async () => {
    const daily = Array.from({ length: 31 }, () =>
      fee(ALICE, 'Pro', '0.6451612903', { line_item_usage_amount: '0.0322580645' }),
    );
    const upgrade = [
      fee(BOB, 'Pro', '20'),
      fee(BOB, 'Pro', '-20', { line_item_line_item_type: 'Refund', line_item_usage_amount: '-1' }),
      fee(BOB, 'ProPlus', '40'),
    ];
    const result = await reconcile({
      subscriptions: [PRO, `east,user,${BOB},Pro+,2025-11-01,`],
      cur: [...daily, ...upgrade],
    });
    expect(result.rows.map(({ verdict }) => verdict)).toEqual(['match', 'match']);
    expect(amountOf(result, 'unexplained')).toBe('0.00');
  });

  it('takes a refund with a resource id to its seat, also where it does not tell its operation', async () => {
    const back = { line_item_line_item_type: 'Refund', line_item_operation: '' };
    const result = await reconcile({
      subscriptions: [PRO],
      files: { 'usage.csv': `${USAGE}2026-01-10,east,${ALICE},1100\n` },
      cur: [
        fee(ALICE, 'Pro', '30'),
        fee(ALICE, 'Pro', '-10', back),
        credits(ALICE, '200', '8'),
        credits(ALICE, '-100', '-4', back),
      ],
    });
    expect(result.rows).toMatchObject([
      { aws_subscription: '20.00', aws_overage: '4.00', verdict: 'match' },
    ]);
    expect(result.bridge.some(({ item }) => item === 'adjustment')).toBe(false);
  });

  it('tells users by their bare ids, in whatever form the bill and our files have them', async () => {
    const result = await reconcile({
      subscriptions: [`east,user,d-1234567890.${ALICE},Pro,2025-11-01,`],
      cur: [fee(ALICE, 'Pro', '20', { line_item_resource_id: userArn(ALICE) })],
    });
    expect(result.rows).toMatchObject([{ user_id: ALICE, verdict: 'match' }]);
  });
});

describe('the reason', () => {
  it('is told of first-month proration', async () => {
    const result = await reconcile({
      subscriptions: [`east,user,${ALICE},Pro,2026-01-16,`],
      cur: [fee(ALICE, 'Pro', '20')],
    });
    expect(result.rows[0]?.reason).toBe(
      'first-month proration: AWS charges the whole month, our invoice 16 of 31 days (from 2026-01-16)',
    );
  });

  it.each([
    ['Power,Pro', 'ProPlus', '40', /^another tier: AWS charges Pro\+, our invoice Pro$/],
    ['Power,Pro', 'Power', '200', /^missed downgrade: AWS still charges Power, our invoice Pro$/],
    ['Pro,Pro+', 'Pro', '20', /^missed upgrade: AWS still charges Pro, our invoice Pro\+$/],
  ])('is told of a change of tier %s where AWS charges %s', async (tiers, item, cost, reason) => {
    const [before = '', after = ''] = tiers.split(',');
    const result = await reconcile({
      subscriptions: [`east,user,${ALICE},${before},2025-11-01,`],
      files: {
        'tier_changes.csv': tierChangesCsv(`east,user,${ALICE},2026-01-01,${after}`),
      },
      cur: [fee(ALICE, item, cost)],
    });
    expect(result.rows[0]?.reason).toMatch(reason);
  });

  it('is told of a change that AWS missed months ago, within the month, or took too early', async () => {
    const change = (user: string, at: string, tier: string): string =>
      `east,user,${user},${at},${tier}\n`;
    const result = await reconcile({
      subscriptions: [
        `east,user,${ALICE},Power,2025-10-01,`,
        `east,user,${BOB},Pro,2026-01-03,`,
        `east,user,${CARLA},Power,2025-10-01,`,
      ],
      files: {
        'tier_changes.csv': `profile_id,principal_type,principal_id,changed_at,tier\n${change(ALICE, '2025-11-20', 'Pro')}${change(BOB, '2026-01-15', 'Pro+')}${change(CARLA, '2026-01-10', 'Pro')}`,
      },
      cur: [
        fee(ALICE, 'Power', '200'),
        fee(BOB, 'Pro', '18.71', { line_item_usage_amount: '0.935484' }),
        fee(CARLA, 'Pro', '20'),
      ],
    });
    expect(result.rows.map(({ reason }) => reason)).toEqual([
      'missed downgrade: AWS still charges Power, our invoice Pro',
      'missed upgrade: AWS still charges Pro, our invoice Pro+',
      'downgrade of 2026-01-10 too early: AWS charges Pro in its month already, our invoice Power',
    ]);
  });

  it('is told of a refund, of a seat cancelled within its month, and of an account unknown to us', async () => {
    const back = { line_item_line_item_type: 'Refund' };
    const result = await reconcile({
      subscriptions: [
        PRO,
        `east,user,${BOB},Pro,2025-11-01,2026-01-20`,
        `east,user,${CARLA},Pro,2025-11-01,`,
      ],
      cur: [
        fee(ALICE, 'Pro', '20'),
        fee(ALICE, 'Pro', '-10', { ...back, line_item_usage_amount: '-0.5' }),
        fee(CARLA, 'Pro', '20', { line_item_usage_account_id: '999988887777' }),
      ],
    });
    expect(result.rows.map(({ reason }) => reason)).toEqual([
      'refund: AWS took 10.00 of its charges back',
      'cancelled within the month, on 2026-01-20 by our records, so paid to its end; AWS charges nothing',
      'seat in another profile: AWS charges it in 999988887777 USE1, where none of our profiles is',
    ]);
  });

  it('is not told where a fee has no share of the month: neither proration nor price shows', async () => {
    const result = await reconcile({
      subscriptions: [PRO],
      cur: [fee(ALICE, 'Pro', '25', { line_item_usage_amount: '' })],
    });
    expect(result.rows[0]?.reason).toBe('');
  });

  it('is told of a missed cancellation, also of a group', async () => {
    const result = await reconcile({
      subscriptions: [
        `east,user,${ALICE},Pro,2025-11-01,2025-12-20`,
        'east,group,g,Pro,2025-11-01,',
      ],
      files: {
        'group_members.csv': `group_id,user_id,joined_at,left_at\ng,${BOB},,2025-12-31\n`,
      },
      cur: [fee(ALICE, 'Pro', '20'), fee(BOB, 'Pro', '20')],
    });
    expect(result.rows.map(({ reason }) => reason)).toEqual([
      'missed cancellation: by our records the seat ended on 2025-12-20; AWS still charges Pro',
      'missed cancellation: by our records the seat ended on 2025-12-31; AWS still charges Pro',
    ]);
  });

  it('is told of a seat that is pending, that starts later, or that nobody knows', async () => {
    const result = await reconcile({
      subscriptions: [PRO, `east,user,${BOB},Pro,2026-02-03,`],
      files: { 'activations.csv': 'profile_id,user_id,activated_at\n' },
      cur: [ALICE, BOB, CARLA].map((user) => fee(user, 'Pro', '20')),
    });
    expect(result.rows.map(({ reason }) => reason)).toEqual([
      'never activated by our records, so pending and not charged; AWS charges Pro',
      'by our records the seat starts only on 2026-02-03; AWS charges Pro',
      'our records have no subscription of this user here; AWS charges Pro',
    ]);
  });

  it('is told of a seat in another profile, on both sides', async () => {
    const result = await reconcile({
      subscriptions: [PRO],
      cur: [
        fee(BOB, 'Pro', '0'),
        fee(ALICE, 'Pro', '20', { line_item_usage_type: 'EUC1-KiroEnterprise-Pro' }),
      ],
    });
    expect(result.rows.map(({ profile_id, reason }) => [profile_id, reason])).toEqual([
      ['east', 'seat in another profile: AWS charges it in Europe'],
      ['europe', 'seat in another profile: our invoice charges it in East'],
    ]);
  });

  it('is told of the price of a tier, and of the rate of overage', async () => {
    const result = await reconcile({
      subscriptions: [PRO, `east,user,${BOB},Pro,2025-11-01,`],
      files: { 'usage.csv': `${USAGE}2026-01-10,east,${BOB},1100\n` },
      cur: [
        fee(ALICE, 'Pro', '18'),
        fee(BOB, 'Pro', '20'),
        credits(BOB, '1000', '0'),
        credits(BOB, '100', '5'),
      ],
    });
    expect(result.rows.map(({ reason }) => reason)).toEqual([
      'price: AWS charges 18.00 a month, our rate card has 20.00',
      'price: AWS charges 0.05 per overage credit, our rate card has 0.04',
    ]);
  });

  it('is told of overage that is off on our side, of a cap, and of other usage', async () => {
    const result = await reconcile({
      subscriptions: [
        PRO,
        `europe,user,${BOB},Pro,2025-11-01,`,
        `east,user,${CARLA},Pro,2025-11-01,`,
      ],
      files: {
        'profiles.csv': PROFILES.replace('East,enabled,', 'East,enabled,50'),
        'usage.csv': `${USAGE}2026-01-10,east,${ALICE},1100\n2026-01-10,europe,${BOB},1100\n2026-01-10,east,${CARLA},1010\n`,
      },
      cur: [
        ...[ALICE, CARLA].map((user) => fee(user, 'Pro', '20')),
        fee(BOB, 'Pro', '20', { line_item_usage_type: 'EUC1-KiroEnterprise-Pro' }),
        credits(ALICE, '1000', '0'),
        credits(ALICE, '100', '4'),
        credits(BOB, '1000', '0', { line_item_usage_type: 'EUC1-KiroEnterprise-Credits' }),
        credits(BOB, '100', '4', { line_item_usage_type: 'EUC1-KiroEnterprise-Credits' }),
        credits(CARLA, '1000', '0'),
        credits(CARLA, '30', '1.2'),
      ],
    });
    expect(result.rows.map(({ reason }) => reason)).toEqual([
      'cap: our data cap overage at 50.00 credits, AWS charges 100.00',
      'usage: AWS metered 1,030.00 credits, our usage has 1,010.00',
      'overage off on our side: 100.00 credits are unbilled here, AWS charges 100.00 in all',
    ]);
  });
});

describe('the bridge', () => {
  const ADJUSTED = [
    fee(ALICE, 'Pro', '20'),
    adjustment('EdpDiscount', '-1.2345'),
    adjustment('EdpDiscount', '-1.0004'),
    adjustment('SppDiscount', '-0.4'),
    adjustment('Credit', '-3'),
    adjustment('Tax', '4.56'),
    adjustment('Refund', '-0.5'),
    adjustment('SavingsPlanNegation', '0.001'),
  ];

  it('leads from our total to the exact sum of all rows, rounded once', async () => {
    const result = await reconcile({ subscriptions: [PRO], cur: ADJUSTED });
    expect(result.bridge.map(({ item, detail, amount }) => [item, detail, amount])).toEqual([
      ['our_total', '', '20.00'],
      ['differences', '', '0.00'],
      ['adjustment', 'Credit', '-3.00'],
      ['adjustment', 'EdpDiscount', '-2.23'],
      ['adjustment', 'Refund', '-0.50'],
      ['adjustment', 'SavingsPlanNegation', '0.00'],
      ['adjustment', 'SppDiscount', '-0.40'],
      ['adjustment', 'Tax', '4.56'],
      ['rounding', '', '0.00'],
      ['aws_total', '', '18.43'],
      ['unexplained', '', '0.00'],
    ]);
  });

  it('adjustments alone do not make the status 1', async () => {
    expect((await reconcile({ subscriptions: [PRO], cur: ADJUSTED })).status).toBe(0);
  });

  it('has what rounding group by group left over, also of seats that round to nothing', async () => {
    const tiny = Array.from({ length: 9 }, (_, index) =>
      credits(`44444444-4444-4444-8444-44444444444${index}`, '0.1', '0.004'),
    );
    const result = await reconcile({
      subscriptions: [PRO],
      cur: [fee(ALICE, 'Pro', '20'), ...tiny],
    });
    expect(result.rows).toHaveLength(1);
    expect(amountOf(result, 'rounding')).toBe('0.04');
    expect(amountOf(result, 'aws_total')).toBe('20.04');
    expect(amountOf(result, 'unexplained')).toBe('0.00');
  });

  it.each([
    ['a half cent', '0.005'],
    ['a negative half cent', '-0.005'],
    ['cents that cancel out', '-19.995'],
  ])('is closed whichever way %s rounds', async (_, cost) => {
    const result = await reconcile({
      subscriptions: [PRO],
      cur: [fee(ALICE, 'Pro', '20'), adjustment('Tax', cost), adjustment('Credit', '-0.015')],
    });
    const [ourTotal, ...steps] = result.bridge.slice(0, -2);
    const cents = (amount = ''): number => Math.round(Number(amount) * 100);
    const sum = steps.reduce((total, { amount }) => total + cents(amount), cents(ourTotal?.amount));
    expect(sum).toBe(cents(amountOf(result, 'aws_total')));
    expect(amountOf(result, 'unexplained')).toBe('0.00');
  });

  it.each([
    [
      'account',
      { line_item_usage_account_id: '999988887777' },
      /^999988887777 USE1: no profile of ours is in this account$/,
    ],
    [
      'Region',
      { line_item_usage_type: 'UGW1-KiroEnterprise-Pro' },
      /^111122223333 UGW1: no profile .* Region \(us-gov-west-1\)$/,
    ],
    [
      'Region code',
      { line_item_usage_type: 'XYZ9-KiroEnterprise-Pro' },
      /^111122223333 XYZ9: the Region is unknown: neither the code nor a product column/,
    ],
  ])('lists rows of an unknown %s, counts them, and the status is 1', async (_, texts, detail) => {
    const result = await reconcile({
      subscriptions: [PRO],
      cur: [fee(ALICE, 'Pro', '20'), fee(BOB, 'Pro', '20', texts), fee(CARLA, 'Pro', '20', texts)],
    });
    const unknown = result.bridge.filter(({ item }) => item === 'unknown');
    expect(unknown).toMatchObject([{ rows: 2, amount: '40.00' }]);
    expect(unknown[0]?.detail).toMatch(detail);
    expect(amountOf(result, 'aws_total')).toBe('60.00');
    expect(amountOf(result, 'unexplained')).toBe('0.00');
    expect(result.rows).toMatchObject([{ verdict: 'match' }]);
    expect(result.status).toBe(1);
  });

  it('tells fees without a resource id and unknown operations apart from adjustments', async () => {
    const result = await reconcile({
      subscriptions: [PRO],
      cur: [
        fee(ALICE, 'Pro', '20'),
        fee(ALICE, 'Pro', '1', { line_item_resource_id: '' }),
        credits(ALICE, '1', '2', { line_item_operation: 'Agents', line_item_resource_id: '' }),
        credits(ALICE, '1', '3', { line_item_operation: 'Agents' }),
      ],
    });
    expect(result.rows).toMatchObject([{ aws_subscription: '20.00', aws_overage: '3.00' }]);
    expect(result.stderr).toMatch(
      /charges 3.00 for an operation that kiro-bill does not know, Agents/,
    );
    expect(result.bridge.filter(({ item }) => item === 'adjustment')).toMatchObject([
      { detail: 'FlatRateSubscription without a resource id', amount: '1.00' },
      { detail: 'Usage of operation Agents', amount: '2.00' },
    ]);
  });
});

describe('a filter', () => {
  it("finds a user whom AWS's bill alone names, also in an account that is unknown to us", async () => {
    const elsewhere = { line_item_usage_account_id: '999988887777' };
    const cur = [
      fee(ALICE, 'Pro', '20'),
      fee(BOB, 'Pro', '20'),
      fee(BOB, 'Power', '200', elsewhere),
      adjustment('Tax', '5'),
    ];
    const bob = await reconcile({ subscriptions: [PRO], cur, args: ['--user', BOB] });
    expect(bob.rows).toMatchObject([{ user_id: BOB, verdict: "only in AWS's bill" }]);
    expect(bob.bridge.map(({ item, amount }) => [item, amount])).toEqual([
      ['our_total', '0.00'],
      ['differences', '20.00'],
      ['unknown', '200.00'],
      ['rounding', '0.00'],
      ['aws_total', '220.00'],
      ['unexplained', '0.00'],
    ]);
    const east = await reconcile({ subscriptions: [PRO], cur, args: ['--profile', 'europe'] });
    expect(east).toMatchObject({ status: 0, rows: [] });
  });
});

describe("AWS's bill that cannot be compared", () => {
  it('has no resource ids on any row', async () => {
    const result = await reconcile({
      subscriptions: [PRO],
      cur: [fee(ALICE, 'Pro', '20', { line_item_resource_id: '' })],
    });
    expect(result.status).toBe(3);
    expect(result.stderr).toMatch(
      /no Kiro fee or usage row has a resource id: .*'Include resource IDs' selected/,
    );
  });

  it('is of another month', async () => {
    const texts = { bill_billing_period_start_date: '2026-03-01T00:00:00Z' };
    const result = await reconcile({ cur: [fee(ALICE, 'Pro', '20', texts)] });
    expect(result.status).toBe(3);
    expect(result.stderr).toMatch(
      /the CUR has no rows of 2026-01, only of 2026-03: ask for --month 2026-03/,
    );
  });

  it('is in another currency', async () => {
    const result = await reconcile({
      subscriptions: [PRO],
      cur: [fee(ALICE, 'Pro', '20', { line_item_currency_code: 'EUR' })],
    });
    expect(result.status).toBe(3);
    expect(result.stderr).toMatch(
      /AWS's bill is in EUR, and the rate card prices 2026-01 in USD: .*--rates/,
    );
  });
});

it('a month of which AWS has no Kiro row is all ours, with a note', async () => {
  const other = fee(ALICE, 'Pro', '1', { line_item_product_code: 'AmazonEC2' });
  const result = await reconcile({ subscriptions: [PRO], cur: [other] });
  expect(result.rows).toMatchObject([{ verdict: 'only in our invoice', aws_subscription: '0.00' }]);
  expect(result.stderr).toMatch(/AWS's bill has no Kiro row in 2026-01/);
});
