/** The likely reason of a difference: each is given where the figures or our records show it, and else none. */
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, CUR_2, credits, fee } from '../aws/cur-rows.ts';
import { tierChangesCsv } from '../support/tables.ts';
import { type Case, PRO, reconcile, USAGE } from './january.ts';

const POWER = `east,user,${ALICE},Power,2025-11-01,`;

/** Usage of Alice on 10 January. */
function used(amount: string): Record<string, string> {
  return { 'usage.csv': `${USAGE}2026-01-10,east,${ALICE},${amount}\n` };
}

function tierChange(at: string, tier: string): Record<string, string> {
  return {
    'tier_changes.csv': tierChangesCsv(`east,user,${ALICE},${at},${tier}`),
  };
}

function overage(...rows: string[]): Record<string, string> {
  return {
    'overage_changes.csv': `profile_id,changed_at,overage,overage_cap\n${rows.map((row) => `east,${row}\n`).join('')}`,
  };
}

function members(...rows: string[]): Record<string, string> {
  return {
    'group_members.csv': `group_id,user_id,joined_at,left_at\n${rows.map((row) => `${row}\n`).join('')}`,
  };
}

const share = (amount: string) => ({ line_item_usage_amount: amount });
const refund = (item: string, cost: string, amount = '-1') =>
  fee(ALICE, item, cost, { line_item_line_item_type: 'Refund', ...share(amount) });

/** A whole fee of Alice, credits within the plan, and credits beyond it at a cost. */
const charged = (amount: string, cost: string, within = '1000') => [
  fee(ALICE, 'Pro', '20'),
  credits(ALICE, within, '0'),
  credits(ALICE, amount, cost),
];

/** A title, the case, and the reason of its first row. */
type Row = readonly [string, Case, string];

async function expectReason(_: string, given: Case, reason: string): Promise<void> {
  const { rows } = await reconcile(given);
  expect(rows[0]?.reason).toBe(reason);
}

describe("of a seat that only AWS's bill has", () => {
  const none = 'our records have no subscription of this user here; AWS charges';
  const ended = (at: string) =>
    `missed cancellation: by our records the seat ended on ${at}; AWS still charges Pro`;
  const later = (at: string) => `by our records the seat starts only on ${at}; AWS charges Pro`;
  const cur = [fee(ALICE, 'Pro', '20')];
  const subscribed = (from: string, to = '') => `east,user,${ALICE},Pro,${from},${to}`;

  it.each<Row>([
    [
      'names each tier that is charged',
      { cur: [...cur, fee(ALICE, 'ProPlus', '40')] },
      `${none} Pro and Pro+`,
    ],
    [
      'names a tier that our card lacks as the bill does',
      { cur: [fee(ALICE, 'Gold', '50')] },
      `${none} gold`,
    ],
    [
      'does not name a tier that was refunded',
      { cur: [...cur, refund('Pro', '-20'), fee(ALICE, 'Power', '200')] },
      `${none} Power`,
    ],
    [
      'says credits where no tier is charged',
      { cur: [credits(ALICE, '100', '4')] },
      `${none} credits`,
    ],
    [
      'names the last end, in whatever order the subscriptions are',
      {
        subscriptions: [
          subscribed('2025-11-01', '2025-12-31'),
          subscribed('2025-10-01', '2025-10-15'),
        ],
        cur,
      },
      ended('2025-12-31'),
    ],
    [
      'names the last end of a group and a direct subscription',
      {
        subscriptions: [subscribed('2025-10-01', '2025-10-15'), 'east,group,g,Pro,2025-10-01,'],
        files: members(`g,${ALICE},,2025-12-12`),
        cur,
      },
      ended('2025-12-12'),
    ],
    [
      'H4: takes an end at the first instant of the month as before it',
      { subscriptions: [subscribed('2025-11-01', '2026-01-01')], cur },
      ended('2026-01-01'),
    ],
    [
      'takes an end before a later start',
      { subscriptions: [subscribed('2026-02-01'), subscribed('2025-11-01', '2025-12-31')], cur },
      ended('2025-12-31'),
    ],
    [
      'names a start at the end of the month',
      { subscriptions: [subscribed('2026-02-01')], cur },
      later('2026-02-01'),
    ],
    [
      'names the earliest of two starts, in whatever order the subscriptions are',
      {
        subscriptions: ['east,group,g,Pro,2026-02-05,', subscribed('2026-03-01')],
        files: members(`g,${ALICE},,`),
        cur,
      },
      later('2026-02-05'),
    ],
    [
      'names the earliest of two starts, the other way round',
      {
        subscriptions: [subscribed('2026-02-05'), 'east,group,g,Pro,2026-03-01,'],
        files: members(`g,${ALICE},,`),
        cur,
      },
      later('2026-02-05'),
    ],
    [
      'names no end of a life after the month',
      { subscriptions: [subscribed('2026-02-03', '2026-02-20')], cur },
      later('2026-02-03'),
    ],
  ])('%s', expectReason);
});

describe('of a seat that only our invoice has', () => {
  const noRow = 'AWS has no row of this seat';
  const rows = 'AWS has rows of this seat, but charges nothing';
  const perhaps = ', and it was not used: perhaps canceled, or never activated';
  const subscribed = (to: string) => `east,user,${ALICE},Pro,2025-11-01,${to}`;
  const cancelled =
    'cancelled within the month, on 2026-01-20 by our records, so paid to its end; AWS charges nothing';
  const nobody = [fee(BOB, 'Pro', '0')];

  it.each<Row>([
    ['without a row and usage', { subscriptions: [PRO], cur: nobody }, `${noRow}${perhaps}`],
    [
      'without a row, in use',
      { subscriptions: [PRO], files: used('12.5'), cur: nobody },
      `${noRow}, though our usage shows it in use (12.50 credits)`,
    ],
    ['with rows of nothing', { subscriptions: [PRO], cur: [fee(ALICE, 'Pro', '0')] }, rows],
    [
      'with rows of nothing, in use',
      { subscriptions: [PRO], files: used('0.005'), cur: [fee(ALICE, 'Pro', '0')] },
      `${rows}, though our usage shows it in use (0.01 credits)`,
    ],
    [
      'H4: cancelled within the month',
      { subscriptions: [subscribed('2026-01-20')], cur: nobody },
      cancelled,
    ],
    [
      'cancelled at the end of the month',
      { subscriptions: [subscribed('2026-02-01')], cur: nobody },
      `${noRow}${perhaps}`,
    ],
    [
      'cancelled, and still in a group',
      {
        subscriptions: [subscribed('2026-01-20'), 'east,group,g,Pro,2025-10-01,'],
        files: members(`g,${ALICE},,`),
        cur: nobody,
      },
      `${noRow}${perhaps}`,
    ],
    [
      'in a group, and cancelled there, in the other order',
      {
        subscriptions: ['east,group,g,Pro,2025-10-01,', subscribed('')],
        files: members(`g,${ALICE},,2026-01-20`),
        cur: nobody,
      },
      `${noRow}${perhaps}`,
    ],
    [
      'cancelled twice, the last time within the month',
      {
        subscriptions: [subscribed('2026-01-20'), 'east,group,g,Pro,2025-10-01,'],
        files: members(`g,${ALICE},,2026-01-10`),
        cur: nobody,
      },
      cancelled,
    ],
    [
      'refunded in full',
      { subscriptions: [PRO], cur: [fee(ALICE, 'Pro', '20'), refund('Pro', '-20')] },
      'refund: AWS took 20.00 of its charges back',
    ],
  ])('%s', expectReason);
});

describe('of a subscription that differs', () => {
  const share16 = share('0.516129');
  const prorated = (aws: string, ours: string, from: string) =>
    `first-month proration: AWS charges ${aws}, our invoice ${ours} (from ${from})`;
  const from16 = `east,user,${ALICE},Pro,2026-01-16,`;

  it.each<Row>([
    [
      'S2: more days',
      { subscriptions: [from16], cur: [fee(ALICE, 'Pro', '11.61', share('0.580645'))] },
      prorated('18 of 31 days', '16 of 31 days', '2026-01-16'),
    ],
    [
      'S1: fewer days',
      { subscriptions: [PRO], cur: [fee(ALICE, 'Pro', '10.32', share16)] },
      prorated('16 of 31 days', 'the whole month', '2026-01-01'),
    ],
    [
      'charged twice',
      { subscriptions: [PRO], cur: [fee(ALICE, 'Pro', '20'), fee(ALICE, 'Pro', '20')] },
      'charged more than once: AWS charges 2 months',
    ],
    [
      'charged for one day more than a month',
      { subscriptions: [PRO], cur: [fee(ALICE, 'Pro', '20.65', share('1.0322'))] },
      'charged more than once: AWS charges 1.0322 months',
    ],
    [
      'the price of a share of the month',
      { subscriptions: [from16], cur: [fee(ALICE, 'Pro', '9', share('0.5'))] },
      'price: AWS charges 18.00 a month, our rate card has 20.00',
    ],
    [
      'S3: an upgrade is charged in full, so a share is another',
      {
        subscriptions: [`east,user,${ALICE},Pro,2026-01-05,`],
        files: tierChange('2026-01-10', 'Power'),
        cur: [fee(ALICE, 'Power', '174.19', share('0.870968'))],
      },
      prorated('27 of 31 days', 'the whole month', '2026-01-05'),
    ],
    [
      'S3: an upgrade is charged in full at another price',
      {
        subscriptions: [`east,user,${ALICE},Pro,2026-01-05,`],
        files: tierChange('2026-01-10', 'Power'),
        cur: [fee(ALICE, 'Power', '190')],
      },
      'price: AWS charges 190.00 a month, our rate card has 200.00',
    ],
    [
      'two tiers',
      { subscriptions: [POWER], cur: [fee(ALICE, 'Pro', '20'), fee(ALICE, 'Power', '200')] },
      'two tiers in one month: AWS charges Pro and Power, without taking the lower one back',
    ],
    [
      'none charged, but credits',
      { subscriptions: [PRO], files: used('1025'), cur: charged('25', '1').slice(1) },
      'we charge a subscription, and AWS charges none',
    ],
    [
      'the whole fee refunded, but credits charged',
      {
        subscriptions: [PRO],
        files: used('1025'),
        cur: [
          fee(ALICE, 'Pro', '20'),
          refund('Pro', '-20'),
          credits(ALICE, '25', '1'),
          credits(ALICE, '1000', '0'),
        ],
      },
      'refund: AWS took 20.00 of its charges back',
    ],
    [
      'part of the fee refunded',
      { subscriptions: [PRO], cur: [fee(ALICE, 'Pro', '20'), refund('Pro', '-4', '-0.2')] },
      'refund: AWS took 4.00 of its charges back',
    ],
    [
      'a refund of another price explains nothing',
      {
        subscriptions: [PRO],
        cur: [
          fee(ALICE, 'Pro', '18'),
          fee(ALICE, 'Pro', '2', share('0')),
          fee(ALICE, 'Pro', '4', share('0')),
          refund('Pro', '-5', '0'),
        ],
      },
      'price: AWS charges 19.00 a month, our rate card has 20.00',
    ],
    [
      'H4: a change at the start of the month',
      {
        subscriptions: [POWER],
        files: tierChange('2026-01-01', 'Pro'),
        cur: [fee(ALICE, 'Power', '200')],
      },
      'missed downgrade: AWS still charges Power, our invoice Pro',
    ],
    [
      'H4: a downgrade that comes',
      {
        subscriptions: [POWER],
        files: tierChange('2026-01-31', 'Pro'),
        cur: [fee(ALICE, 'Pro', '20')],
      },
      'downgrade of 2026-01-31 too early: AWS charges Pro in its month already, our invoice Power',
    ],
    [
      'a downgrade of the next month',
      {
        subscriptions: [POWER],
        files: tierChange('2026-02-01', 'Pro'),
        cur: [fee(ALICE, 'Pro', '20')],
      },
      'another tier: AWS charges Pro, our invoice Power',
    ],
    [
      'a tier that our records have nowhere',
      { subscriptions: [POWER], cur: [fee(ALICE, 'Pro', '20')] },
      'another tier: AWS charges Pro, our invoice Power',
    ],
  ])('%s', expectReason);
});

describe('of overage that differs', () => {
  it.each<Row>([
    [
      'O2: off for a time',
      {
        subscriptions: [PRO],
        files: {
          'usage.csv': `${used('1060')['usage.csv']}2026-01-15,east,${ALICE},40\n`,
          ...overage('2026-01-12,disabled,', '2026-01-20,enabled,'),
        },
        cur: charged('100', '4'),
      },
      'overage off on our side for a time: 40.00 credits are unbilled here, AWS charges 100.00 in all',
    ],
    [
      'O3: our cap, though overage was off for a time',
      {
        subscriptions: [PRO],
        files: { ...used('1100'), ...overage('2026-01-01,enabled,50', '2026-01-20,disabled,') },
        cur: charged('100', '4'),
      },
      'cap: our data cap overage at 50.00 credits, AWS charges 100.00',
    ],
    [
      'O3: a cap that AWS has',
      { subscriptions: [PRO], files: used('1100'), cur: charged('50', '2', '1050') },
      'cap: AWS charges 50.00 of our 100.00 overage credits, as if overage was capped or off',
    ],
    [
      'other usage, less',
      { subscriptions: [PRO], files: used('1100'), cur: charged('50', '2') },
      'usage: AWS metered 1,050.00 credits, our usage has 1,100.00',
    ],
    [
      'other usage, by more than 0.01',
      { subscriptions: [PRO], files: used('1100'), cur: charged('100.011', '5') },
      'usage: AWS metered 1,100.01 credits, our usage has 1,100.00',
    ],
    [
      'O2: other usage, of a bill without the credits that cost nothing',
      { subscriptions: [PRO], files: used('1100'), cur: charged('200', '8', '0') },
      'usage: AWS charges 200.00 overage credits, our usage has 100.00',
    ],
    [
      'O4: the rate, of a bill without the credits that cost nothing',
      { subscriptions: [PRO], files: used('1100'), cur: charged('100', '5', '0') },
      'price: AWS charges 0.05 per overage credit, our rate card has 0.04',
    ],
    [
      'O1: no allowance at all',
      { subscriptions: [PRO], files: used('1100'), cur: charged('1100', '44', '0') },
      'the allowance: AWS takes other credits for overage than we do',
    ],
    [
      'O4: the rate, where usage is the same to 0.01',
      { subscriptions: [PRO], files: used('1100'), cur: charged('100.01', '5.0005') },
      'price: AWS charges 0.05 per overage credit, our rate card has 0.04',
    ],
    [
      'O1: the allowance',
      { subscriptions: [PRO], files: used('1100'), cur: charged('200', '8', '900') },
      'the allowance: AWS takes other credits for overage than we do',
    ],
    [
      'O4: a lower rate',
      { subscriptions: [PRO], files: used('1100'), cur: charged('100', '3') },
      'price: AWS charges 0.03 per overage credit, our rate card has 0.04',
    ],
    [
      'O4: the same rate, to four decimals',
      { subscriptions: [PRO], files: used('11000'), cur: charged('10000', '400.4') },
      'the allowance: AWS takes other credits for overage than we do',
    ],
    [
      'a cost without credits',
      { subscriptions: [PRO], cur: charged('0', '5', '0') },
      'the allowance: AWS takes other credits for overage than we do',
    ],
    [
      'beside that of the subscription',
      {
        subscriptions: [PRO],
        files: used('1100'),
        cur: [fee(ALICE, 'Pro', '18'), ...charged('100', '5').slice(1)],
      },
      'price: AWS charges 18.00 a month, our rate card has 20.00; price: AWS charges 0.05 per overage credit, our rate card has 0.04',
    ],
  ])('%s', expectReason);
});

describe("of AWS's bill that is not final", () => {
  const columns = [...CUR_2, 'bill_invoice_id', 'bill_payer_account_id'];
  const payer = { bill_payer_account_id: '999988887777' };
  const open = { ...payer, bill_invoice_id: '' };
  const of = (rest: Partial<Case>, ...cur: Case['cur']): Case => ({
    subscriptions: [PRO],
    columns,
    cur,
    ...rest,
  });

  it.each<Row>([
    [
      'nothing is charged yet',
      of({}, fee(BOB, 'Pro', '20', open)),
      "AWS's bill is not final: AWS charges nothing yet",
    ],
    [
      'less overage is charged so far',
      of(
        { files: used('1100') },
        fee(ALICE, 'Pro', '20', open),
        credits(ALICE, '1000', '0', open),
        credits(ALICE, '50', '2', open),
      ),
      "AWS's bill is not final: AWS charges 2.00 of 4.00 so far",
    ],
    [
      'more is charged',
      of({}, fee(ALICE, 'Pro', '21', open)),
      'price: AWS charges 21.00 a month, our rate card has 20.00',
    ],
    [
      'another payer has the open bill',
      of(
        {},
        fee(ALICE, 'Pro', '18', { ...payer, bill_invoice_id: '7' }),
        fee(BOB, 'Pro', '20', {
          line_item_usage_account_id: '444455556666',
          bill_payer_account_id: '444455556666',
          bill_invoice_id: '',
        }),
      ),
      'price: AWS charges 18.00 a month, our rate card has 20.00',
    ],
  ])('%s', expectReason);
});
