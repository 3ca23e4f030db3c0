/** Where the seats of AWS's bill are in our data. */
import { describe, expect, it } from 'vitest';
import { AwsBill } from '../../src/aws/aws-bill.ts';
import type { KiroLine } from '../../src/aws/kiro-line.ts';
import type { Seats } from '../../src/billing/seats.ts';
import { decimal, decimalText } from '../../src/domain/decimal.ts';
import type { MonthInvoice } from '../../src/domain/invoice.ts';
import type { Profile } from '../../src/domain/records.ts';
import { billOfSeats, placedBill, placeName } from '../../src/reconcile/placed-bill.ts';
import { FEE as A_FEE } from '../support/kiro-line.ts';

const FEE: KiroLine = { ...A_FEE, payerId: '', accountId: '1' };
const { charge: _, ...NO_CHARGE } = FEE;
const CREDIT: KiroLine = {
  ...NO_CHARGE,
  lineType: 'Credit',
  column: 'credit',
  cost: decimal('-3'),
};

function profile(profileId: string, accountId: string, region: string): Profile {
  return { profileId, accountId, region } as Profile;
}

const EAST = profile('east', '1', 'us-east-1');
const EUROPE = profile('europe', '1', 'eu-central-1');
const OTHER = profile('other', '2', 'us-east-1');
/** A profile without a Region, as where profiles are inferred. */
const NOWHERE = profile('nowhere', '1', '');

interface Ours {
  readonly profiles?: readonly Profile[];
  /** The profiles in which Alice has a seat this month, and at any time. */
  readonly billed?: readonly Profile[];
  readonly known?: readonly Profile[];
}

function place(
  lines: readonly KiroLine[],
  { profiles = [EAST, EUROPE, OTHER], billed = [], known = [] }: Ours,
) {
  const bill = new AwsBill();
  for (const line of lines) bill.add(line, 'a.csv');
  const seats: Seats = new Map(
    known.map(({ profileId }) => [profileId, new Map([['alice', {}]])]),
  ) as never;
  const invoice = {
    seats: billed.map((at) => ({ profile: at, userId: 'alice' })),
  } as unknown as MonthInvoice;
  return placedBill(bill, { invoice, profiles, known: seats });
}

const inTokyo = { ...FEE, code: 'APN1', region: 'ap-northeast-1' };
const unknown = { ...FEE, code: 'QQQ7', region: '' };

describe('a seat of the bill', () => {
  it.each<[string, KiroLine, Ours, string]>([
    ['the profile of its account and Region', FEE, {}, 'east'],
    [
      'it, though the user has a seat in another',
      FEE,
      { billed: [EUROPE], known: [EUROPE] },
      'east',
    ],
    [
      'the only one where the user has a seat in the month',
      inTokyo,
      { billed: [EUROPE], known: [EAST, EUROPE] },
      'europe from 1 APN1',
    ],
    [
      'else the only one where the user had one at any time',
      inTokyo,
      { known: [EUROPE] },
      'europe from 1 APN1',
    ],
    ['none where the user has two', inTokyo, { billed: [EAST, EUROPE] }, 'region'],
    ['none where the user had two', inTokyo, { known: [EAST, EUROPE] }, 'region'],
    ['none where the user has none', inTokyo, {}, 'region'],
    ['none of another account', inTokyo, { billed: [OTHER], known: [OTHER] }, 'region'],
    [
      'none in an account without profiles',
      { ...FEE, accountId: '3' },
      { billed: [EAST] },
      'account',
    ],
    [
      'the only one of the user for an unknown Region',
      unknown,
      { billed: [EAST] },
      'east from 1 QQQ7',
    ],
    ['none for an unknown Region of an unknown user', unknown, {}, 'code'],
    [
      'none for an unknown Region of an unknown account',
      { ...unknown, accountId: '3' },
      {},
      'code',
    ],
    [
      'none for an unknown Region, though a profile has none',
      unknown,
      { profiles: [NOWHERE] },
      'code',
    ],
  ])('has %s', (_, line, ours, expected) => {
    const { seats } = place([line], ours);
    expect(seats).toHaveLength(1);
    const [seat] = seats;
    const from = seat?.movedFrom === undefined ? '' : ` from ${seat.movedFrom}`;
    expect(`${seat?.profile?.profileId ?? seat?.unknown}${from}`).toBe(expected);
    expect(seat?.profile !== undefined && seat?.unknown !== undefined).toBe(false);
  });

  it.each<[string, readonly KiroLine[], string | undefined]>([
    ['two places that are moved', [inTokyo, unknown], '1 APN1 and 1 QQQ7'],
    [
      'its own place and one that is moved',
      [{ ...FEE, code: 'EUC1', region: 'eu-central-1' }, unknown],
      '1 QQQ7',
    ],
    [
      'one that is moved and its own place',
      [unknown, { ...FEE, code: 'EUC1', region: 'eu-central-1' }],
      '1 QQQ7',
    ],
  ])('is one with all its rows, of %s', (_, lines, movedFrom) => {
    const { seats } = place(lines, { billed: [EUROPE] });
    expect(seats.map((seat) => [seat.profile?.profileId, seat.movedFrom])).toEqual([
      ['europe', movedFrom],
    ]);
    expect(seats.map(({ aws }) => [aws.rows, decimalText(aws.subscription)])).toEqual([
      [2, '40.00'],
    ]);
  });

  it('is one for each user, and for each place that is not ours', () => {
    const lines = [
      FEE,
      { ...FEE, userId: 'bob' },
      unknown,
      { ...unknown, code: 'QQQ8' },
      { ...unknown, accountId: '' },
    ];
    const { seats } = place(lines, {});
    expect(seats.map((seat) => `${seat.userId} ${placeName(seat)}`)).toEqual([
      'alice 1 USE1',
      'bob 1 USE1',
      'alice 1 QQQ7',
      'alice 1 QQQ8',
      'alice (no account) QQQ7',
    ]);
    expect(seats.map((seat) => seat.movedFrom)).toEqual(Array(5).fill(undefined));
  });
});

it('a seat in two Regions of one unknown code is one, and not moved', () => {
  const codes = ['eu-west-1', 'eu-west-2'].map((region) => ({ ...FEE, code: 'QQQ7', region }));
  const { seats } = place(codes, {});
  expect(seats).toHaveLength(1);
  expect(seats[0]).not.toHaveProperty('movedFrom');
  expect(seats[0]?.aws.rows).toBe(2);
});

it('a place is named by its account and code, else by its Region', () => {
  const named = [
    { accountId: '1', code: 'USE1', region: 'us-east-1' },
    { accountId: '', code: '', region: 'us-east-1' },
    { accountId: '', code: '', region: '' },
  ].map(placeName);
  expect(named).toEqual(['1 USE1', '(no account) us-east-1', '(no account) (no Region)']);
});

describe('the bill', () => {
  it('has all rows and their total, and the charges of no user', () => {
    const bill = place(
      [FEE, CREDIT, { ...CREDIT, userId: '', lineType: 'Tax', column: 'tax' }],
      {},
    );
    expect([bill.rows, decimalText(bill.total), bill.shared.length]).toEqual([3, '14.00', 1]);
  });

  it('of some seats has their rows of any type, and no other charges', () => {
    const tax: KiroLine = { ...CREDIT, userId: '', lineType: 'Tax', column: 'tax' };
    const bill = place(
      [FEE, CREDIT, tax, { ...FEE, userId: 'bob' }, { ...unknown, userId: 'bob' }],
      {},
    );
    const ofAlice = billOfSeats(bill, (_, userId) => userId === 'alice');
    expect([ofAlice.rows, decimalText(ofAlice.total), ofAlice.shared.length]).toEqual([
      2,
      '17.00',
      0,
    ]);
    const asked: string[] = [];
    const none = billOfSeats(bill, (...of) => {
      asked.push(of.join(' '));
      return false;
    });
    expect([none.rows, decimalText(none.total), none.seats.length]).toEqual([0, '0.00', 0]);
    expect(asked).toEqual(['east alice', 'east bob', ' bob']);
  });
});
