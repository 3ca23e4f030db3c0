/** What to check in AWS's bill, and what it cannot show. */
import { describe, expect, it } from 'vitest';
import { AwsBill, type AwsSeat } from '../../src/aws/aws-bill.ts';
import { decimal } from '../../src/domain/decimal.ts';
import type { Profile } from '../../src/domain/records.ts';
import { billNotes, billWarnings } from '../../src/reconcile/bill-warnings.ts';
import type { PlacedBill, PlacedSeat } from '../../src/reconcile/placed-bill.ts';

const SUM = { rows: 1, quantity: decimal('1'), cost: decimal('1.505') };
const AWS: AwsSeat = {
  rows: 1,
  subscription: decimal('20'),
  overage: decimal('0'),
  fees: new Map(),
  refunds: new Map(),
  includedCredits: decimal('0'),
  chargedCredits: decimal('0'),
  adjustments: new Map(),
  columns: new Map(),
  otherOperations: new Map(),
};
const PROFILE = { profileId: 'east' } as Profile;
const SEAT: PlacedSeat = {
  accountId: '111122223333',
  code: 'USE1',
  region: 'us-east-1',
  userId: 'alice',
  aws: AWS,
  profile: PROFILE,
};
const { profile: _, ...UNPLACED } = SEAT;

function placed(...seats: readonly PlacedSeat[]): PlacedBill {
  return { seats, shared: [], total: decimal('20'), rows: 1 };
}

function billOf(parts: Partial<AwsBill>): AwsBill {
  return Object.assign(new AwsBill(), parts);
}

describe('a warning', () => {
  it('is one for each payer whose bill is not final', () => {
    const openInvoices = new Map([
      ['', { payerId: '', rows: 1, cost: decimal('0.125') }],
      ['9', { payerId: '9', rows: 2, cost: decimal('7') }],
    ]);
    const warnings = billWarnings(billOf({ openInvoices }), placed(SEAT), '2026-01');
    expect(warnings.map(({ code, month }) => [code, month])).toEqual([
      ['bill-not-final', '2026-01'],
      ['bill-not-final', '2026-01'],
    ]);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^AWS's bill of 2026-01 is not final: it has 1 Kiro row \(0\.13\)/),
      expect.stringMatching(
        /^AWS's bill of 2026-01 of payer 9 is not final: it has 2 Kiro rows \(7\.00\)/,
      ),
    ]);
  });

  it('names the place from which a seat was moved to the profile of the user', () => {
    const moved = { ...SEAT, movedFrom: '111122223333 QQQ7' };
    expect(billWarnings(new AwsBill(), placed(moved, SEAT), '2026-01')).toEqual([
      {
        code: 'bill-region',
        month: '2026-01',
        profileId: 'east',
        userId: 'alice',
        message: expect.stringContaining('has the seat in 111122223333 QQQ7'),
      },
    ]);
  });

  it('names each unknown operation that a seat is charged for', () => {
    const otherOperations = new Map([
      ['agents', SUM],
      ['more', { ...SUM, rows: 2, cost: decimal('3') }],
    ]);
    const aws = { ...AWS, otherOperations };
    const known = billWarnings(new AwsBill(), placed({ ...SEAT, aws }), '2026-01');
    expect(known).toEqual([
      {
        code: 'bill-operation',
        month: '2026-01',
        profileId: 'east',
        userId: 'alice',
        message: expect.stringMatching(/charges 1\.51 for .*, agents \(1 row\)/),
      },
      {
        code: 'bill-operation',
        month: '2026-01',
        profileId: 'east',
        userId: 'alice',
        message: expect.stringMatching(/charges 3\.00 for .*, more \(2 rows\)/),
      },
    ]);
    const elsewhere = billWarnings(new AwsBill(), placed({ ...UNPLACED, aws }), '2026-01');
    expect(elsewhere[0]).not.toHaveProperty('profileId');
  });

  it('counts the seats in each place whose Region is not known, and not those of an unknown account', () => {
    const unknown = { ...UNPLACED, unknown: 'code' as const, region: '', code: 'QQQ7' };
    const seats = [
      unknown,
      { ...unknown, userId: 'bob' },
      { ...unknown, code: 'QQQ8' },
      { ...UNPLACED, unknown: 'account' as const },
      SEAT,
    ];
    const warnings = billWarnings(new AwsBill(), placed(...seats), '2026-01');
    expect(warnings).toEqual(
      ['2 seats in 111122223333 QQQ7', '1 seat in 111122223333 QQQ8'].map((text) => ({
        code: 'bill-region-unknown',
        month: '2026-01',
        message: expect.stringContaining(`has ${text}, a Region`),
      })),
    );
  });
});

describe('a note', () => {
  const BARE = '11111111-1111-4111-8111-111111111111';
  const PREFIXED = `9067642ac7-${BARE}`;
  const USER = { costCenter: '', name: '', email: '' } as never;

  function notes(billed: readonly string[], users: readonly string[], others: readonly string[]) {
    const seats = billed.map((userId) => ({ ...SEAT, userId }));
    const ours = new Map(users.map((id) => [id, USER]));
    return billNotes(new AwsBill(), placed(...seats), ours, new Set(others));
  }

  it('says where the bill cannot show whether it is final', () => {
    const bill = billOf({ isFinalityUnknown: true });
    expect(billNotes(bill, placed(SEAT), new Map(), new Set())).toEqual([
      expect.stringContaining('it cannot be known whether it is final'),
    ]);
    expect(billNotes(new AwsBill(), placed(SEAT), new Map(), new Set())).toEqual([]);
  });

  it('asks whether rows are there twice where half of the seats are charged for more than a month', () => {
    const months = (...quantities: string[]) => {
      const seats = quantities.map((ofSeat) => {
        const fees = new Map(
          ofSeat.split(' ').map((quantity, tier) => {
            return [`tier ${tier}`, { ...SUM, quantity: decimal(quantity) }] as const;
          }),
        );
        return { ...SEAT, aws: { ...AWS, fees } };
      });
      return billNotes(new AwsBill(), placed(...seats, SEAT), new Map(), new Set());
    };
    expect(months('2', '1.3', '1.02', '1', '1', '0.5')).toEqual([
      expect.stringMatching(/charges 3 of 6 seats for more than one month: do two of its files/),
    ]);
    expect(months('2', '1.3', '1.02', '1', '1', '0.5', '1')).toEqual([]);
    expect(months('2', '2')).toEqual([]);
    expect(months('1.00999', '1.01', '1.01', '1.01')).toEqual([]);
    // Of several tiers one is enough.
    expect(months('2 1', '0.5 2', '1 1 2')).toHaveLength(1);
  });

  it.each([
    ['the bill, and users.csv has it bare', PREFIXED, [BARE], []],
    ['the bill, and another file has it bare', PREFIXED, [], [BARE]],
    ['our data, and the bill has it bare', BARE, [PREFIXED], []],
  ])(
    'asks whether an id with a prefix is the same user as one without: it is in %s',
    (_, billed, users, others) => {
      const ours = [...users, ...others][0];
      expect(notes([billed], users, others)).toEqual([
        expect.stringMatching(
          new RegExp(`^AWS's bill names ${billed}, our data ${ours}: is it the same user\\?`),
        ),
      ]);
    },
  );

  it('counts the other users, each once', () => {
    const [third, fourth] = ['3', '4'].map((digit) => BARE.replaceAll('1', digit));
    const ours = [PREFIXED, `0123456789-${third}`, `0123456789-${fourth}`];
    const more = (text: string) => [
      expect.stringContaining(`names ${BARE}, our data ${PREFIXED}${text}: is it`),
    ];
    expect(notes([BARE, BARE], ours, [])).toEqual(more(''));
    expect(notes([BARE, `${third}`], ours, [])).toEqual(more(', and 1 more user'));
    expect(notes([BARE, `${third}`, `${fourth}`], ours, [])).toEqual(more(', and 2 more users'));
  });

  it.each([
    ['both have it', [PREFIXED], [PREFIXED, BARE]],
    ['it is another user', [PREFIXED], [BARE.replaceAll('1', '2')]],
    ['the prefix is too short', [`067642ac7-${BARE}`], [BARE]],
    ['something precedes the prefix', [`x${PREFIXED}`], [BARE]],
    ['the prefix is no hexadecimal number', [`z067642ac7-${BARE}`], [BARE]],
    ['something follows', [`${PREFIXED}1`], [BARE]],
    [
      'a part is too short',
      [PREFIXED.replace('-1111-', '-111-')],
      [BARE.replace('-1111-', '-111-')],
    ],
    [
      'a part is no hexadecimal number',
      [PREFIXED.replace('-1111-', '-xxxx-')],
      [BARE.replace('-1111-', '-xxxx-')],
    ],
    [
      'the first part is too short',
      [PREFIXED.replace('11111111-1', '1-1')],
      [BARE.replace('11111111-1', '1-1')],
    ],
    [
      'the first part is no hexadecimal number',
      [PREFIXED.replace('11111111-', 'xxxxxxxx-')],
      [BARE.replace('11111111-', 'xxxxxxxx-')],
    ],
    ['a part is missing', [PREFIXED.replace('-4111-8111', '')], [BARE.replace('-4111-8111', '')]],
    ['the last part is too short', [PREFIXED.slice(0, -11)], [BARE.slice(0, -11)]],
    [
      'the last part is no hexadecimal number',
      [PREFIXED.replace(/.{12}$/, 'x'.repeat(12))],
      [BARE.replace(/.{12}$/, 'x'.repeat(12))],
    ],
  ])('is none where %s', (_, billed, ours) => {
    expect(notes(billed, ours, [])).toEqual([]);
  });
});
