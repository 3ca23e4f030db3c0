/** What AWS's bills show of seats, by the rules for imports on the data formats page. */

import { describe, expect, it } from 'vitest';
import { AwsBill } from '../../src/aws/aws-bill.ts';
import type { KiroLine } from '../../src/aws/kiro-line.ts';
import { decimal, decimalText } from '../../src/domain/decimal.ts';
import { instantText } from '../../src/domain/instant.ts';
import { BUILT_IN_RATE_CARD } from '../../src/domain/rate-card.ts';
import { evidenceOfBills } from '../../src/import/bill-evidence.ts';
import { CostCenterTags } from '../../src/import/cost-center-tags.ts';
import type { AccountRegion } from '../../src/import/evidence.ts';
import { cardTiers } from '../../src/import/tier-order.ts';
import { FEE as A_FEE } from '../support/kiro-line.ts';

const FEE: KiroLine = { ...A_FEE, accountId: '1' };
const CREDITS: KiroLine = {
  ...FEE,
  item: 'Credits',
  operation: 'Credits',
  charge: 'overage',
  cost: decimal('4'),
};
const FEBRUARY = { month: '2026-02' };
const UNKNOWN = { code: 'QQQ7', region: '' };
const REFUND = { lineType: 'Refund', column: 'refund' } as const;

type Reported = ReadonlyMap<string, readonly AccountRegion[]>;

function evidence(lines: readonly KiroLine[], reported: Reported = new Map()) {
  const bills = new Map<string, AwsBill>();
  for (const line of lines) {
    const bill = bills.get(line.month) ?? new AwsBill();
    bills.set(line.month, bill);
    bill.add(line, 'a.csv');
  }
  const seats = [...reported].flatMap(([userId, places]) =>
    places.map((place) => ({ userId, ...place })),
  );
  return evidenceOfBills(bills, { profiles: seats, seats }, cardTiers(BUILT_IN_RATE_CARD));
}

/** `user: month tier share final refunded` of each charged month, by profile. */
function charges(lines: readonly KiroLine[], reported?: Reported): string[] {
  return evidence(lines, reported).profiles.flatMap(({ accountRegion, signs }) =>
    signs.map(([userId, { month, tier, share, isFinal, refundedTier }]) =>
      [
        `${accountRegion.accountId} ${accountRegion.region} ${userId}:`,
        ...[month, tier ?? 'none', decimalText(share, 0), isFinal ? 'final' : 'open'],
        ...(refundedTier === undefined ? [] : [`after ${refundedTier}`]),
      ].join(' '),
    ),
  );
}

describe('a month of a seat', () => {
  it.each<[string, readonly KiroLine[], readonly string[]]>([
    [
      'has the tier that is charged, and its share',
      [{ ...FEE, quantity: decimal('0.5') }],
      ['Pro 0.5 final'],
    ],
    [
      'has the highest tier of several',
      [FEE, { ...FEE, item: 'Power', quantity: decimal('0.25') }, { ...FEE, item: 'ProPlus' }],
      ['Power 0.25 final'],
    ],
    [
      'has no tier that costs nothing',
      [{ ...FEE, item: 'Power', cost: decimal('0') }, FEE],
      ['Pro 1 final'],
    ],
    ['has no tier that is not known', [{ ...FEE, item: 'Gold' }], ['none 0 final']],
    ['has none where credits alone are charged', [CREDITS], ['none 0 final']],
    ['is none where nothing is charged', [{ ...CREDITS, cost: decimal('0') }], []],
    [
      'is none where all is taken back',
      [FEE, { ...FEE, ...REFUND, cost: decimal('-20'), quantity: decimal('-1') }],
      [],
    ],
    [
      'S3: has the share of the first fee, which was taken back',
      [
        { ...FEE, quantity: decimal('0.25') },
        { ...FEE, item: 'Power' },
        { ...FEE, ...REFUND, cost: decimal('-20'), quantity: decimal('-0.25') },
      ],
      ['Power 0.25 final after Pro'],
    ],
    [
      'S3: has the lowest of two that were taken back, whatever the sign of its share',
      [
        { ...FEE, quantity: decimal('0.25') },
        { ...FEE, item: 'ProPlus' },
        { ...FEE, item: 'Power' },
        { ...FEE, ...REFUND, item: 'ProPlus', cost: decimal('-40'), quantity: decimal('-1') },
        { ...FEE, ...REFUND, cost: decimal('-20'), quantity: decimal('0.25') },
      ],
      ['Power 0.25 final after Pro'],
    ],
    [
      'S2: has the share of the whole fee, of which a part was taken back',
      [FEE, { ...FEE, ...REFUND, cost: decimal('-10'), quantity: decimal('-0.5') }],
      ['Pro 1 final after Pro'],
    ],
    [
      'S2: has the share of the first fee, of which a part was taken back before a higher one',
      [
        FEE,
        { ...FEE, ...REFUND, cost: decimal('-10'), quantity: decimal('-0.5') },
        { ...FEE, item: 'ProPlus', quantity: decimal('0.5') },
      ],
      ['Pro+ 1 final after Pro'],
    ],
    [
      'S3: has no fee of an earlier month that is taken back',
      [
        { ...FEE, item: 'Power', quantity: decimal('0.5') },
        { ...FEE, ...REFUND, cost: decimal('-20'), quantity: decimal('-1') },
      ],
      ['Power 0.5 final'],
    ],
    [
      'has no fee taken back without a share, nor of an unknown tier',
      [
        { ...FEE, item: 'Power' },
        { ...FEE, ...REFUND, cost: decimal('-1'), quantity: decimal('0') },
        { ...FEE, ...REFUND, item: 'Gold', cost: decimal('-1'), quantity: decimal('-1') },
      ],
      ['Power 1 final'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(charges(lines)).toEqual(expected.map((text) => `1 us-east-1 alice: 2026-01 ${text}`));
  });

  it('comes after those before it, in whatever order the bills are read', () => {
    const later = { ...FEE, ...FEBRUARY, item: 'Power' };
    const expected = [
      '1 us-east-1 alice: 2026-01 Pro 1 final',
      '1 us-east-1 alice: 2026-02 Power 1 final',
    ];
    expect(charges([FEE, later])).toEqual(expected);
    expect(charges([later, FEE])).toEqual(expected);
  });
});

describe('the profiles of bills', () => {
  it('are accounts in Regions, in their order, since their first month', () => {
    const lines = [
      { ...FEE, ...FEBRUARY, region: 'us-east-2', code: 'USE2' },
      { ...FEE, region: 'eu-central-1', code: 'EUC1' },
      { ...FEE, ...FEBRUARY, region: 'eu-central-1', code: 'eu-central-1' },
      { ...FEE, accountId: '0' },
      { ...FEE, accountId: '' },
    ];
    const { profiles, months } = evidence(lines);
    expect(months).toEqual(['2026-01', '2026-02']);
    expect(
      profiles.map(({ accountRegion, since, source }) => [
        accountRegion.accountId,
        accountRegion.region,
        instantText(since),
        source,
      ]),
    ).toEqual([
      [
        '0',
        'us-east-1',
        '2026-01-01T00:00:00Z',
        'account and usage type (USE1) of the CUR of 2026-01',
      ],
      [
        '1',
        'eu-central-1',
        '2026-01-01T00:00:00Z',
        'account and usage type (EUC1) of the CUR of 2026-01',
      ],
      [
        '1',
        'us-east-2',
        '2026-02-01T00:00:00Z',
        'account and usage type (USE2) of the CUR of 2026-02',
      ],
    ]);
  });

  it('O2: know the months in which overage was charged', () => {
    const later = { ...CREDITS, ...FEBRUARY };
    const { profiles } = evidence([
      later,
      FEE,
      { ...CREDITS, month: '2026-03', cost: decimal('0') },
    ]);
    expect(profiles.map(({ overageMonths }) => overageMonths)).toEqual([['2026-02']]);
    const unknown = evidence([{ ...CREDITS, operation: 'agents' }]);
    expect(unknown.profiles.map(({ overageMonths }) => overageMonths)).toEqual([[]]);
  });

  it('have no seat that is charged nothing', () => {
    const { profiles } = evidence([FEE, { ...CREDITS, userId: 'bob', cost: decimal('0') }]);
    expect(profiles.map(({ signs }) => signs.map(([userId]) => userId))).toEqual([['alice']]);
  });

  it.each<[string, readonly KiroLine[], readonly string[]]>([
    ['every month whose bill is final', [{ ...FEE, ...FEBRUARY }, FEE], ['2026-01', '2026-02']],
    [
      'a month without a row of the account',
      [FEE, { ...FEE, ...FEBRUARY, accountId: '2' }],
      ['2026-01', '2026-02'],
    ],
    [
      'no month of another payer',
      [FEE, { ...FEE, ...FEBRUARY, accountId: '2', payerId: 'other' }],
      ['2026-01'],
    ],
    ['no month whose bill is open', [FEE, { ...FEE, ...FEBRUARY, isInvoiced: false }], ['2026-01']],
    [
      'a month that is open for another payer',
      [FEE, { ...FEE, accountId: '2', payerId: 'other', isInvoiced: false }],
      ['2026-01'],
    ],
    [
      'no month that is open for one of two payers',
      [
        FEE,
        { ...FEE, ...FEBRUARY, payerId: 'other' },
        { ...FEE, payerId: 'other', accountId: '2', isInvoiced: false },
      ],
      ['2026-02'],
    ],
  ])('know as final %s', (_, lines, expected) => {
    const first = evidence(lines).profiles.find(
      ({ accountRegion }) => accountRegion.accountId === '1',
    );
    expect(first?.finalMonths).toEqual(expected);
  });
});

describe('a row of an unknown Region', () => {
  const at = (accountId: string, region = 'us-east-1') => ({ accountId, region });
  const lost = { ...FEE, ...UNKNOWN };

  it.each<[string, readonly KiroLine[], Reported, readonly string[]]>([
    [
      "counts for the user's only seat, as reports show it",
      [lost],
      new Map([['alice', [at('1')]]]),
      ['1 us-east-1 alice: 2026-01 Pro 1 final'],
    ],
    [
      'as other rows show it, of any month',
      [{ ...lost, ...FEBRUARY }, FEE],
      new Map(),
      ['1 us-east-1 alice: 2026-01 Pro 1 final', '1 us-east-1 alice: 2026-02 Pro 1 final'],
    ],
    [
      'with the other rows of the month',
      [lost, { ...FEE, item: 'Power' }],
      new Map(),
      ['1 us-east-1 alice: 2026-01 Power 1 final'],
    ],
    [
      'for none where there are two',
      [lost],
      new Map([['alice', [at('1'), at('1', 'eu-central-1')]]]),
      [],
    ],
    ['for none in another account', [lost], new Map([['alice', [at('2')]]]), []],
    ['for none of another user', [lost], new Map([['bob', [at('1')]]]), []],
    [
      'for none without an account',
      [{ ...lost, accountId: '' }],
      new Map([['alice', [at('')]]]),
      [],
    ],
  ])('%s', (_, lines, reported, expected) => {
    expect(charges(lines, reported)).toEqual(expected);
  });

  it('is a warning, for the seat or for the place', () => {
    const { warnings } = evidence(
      [
        lost,
        { ...lost, userId: 'bob' },
        { ...lost, userId: 'carla' },
        { ...FEE, ...UNKNOWN, accountId: '', code: '' },
      ],
      new Map([['alice', [at('1')]]]),
    );
    expect(warnings.map(({ code, month, userId }) => [code, month, userId])).toEqual([
      ['bill-region', '2026-01', 'alice'],
      ['bill-region-unknown', '2026-01', undefined],
      ['bill-region-unknown', '2026-01', undefined],
    ]);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /code that kiro-bill does not know, QQQ7: .* in that account, in us-east-1$/,
      ),
      expect.stringMatching(/has 2 seats in account 1, Region code QQQ7, a Region .* left out$/),
      expect.stringMatching(/has 1 seat in account \(blank\), Region code \(blank\), a Region/),
    ]);
    const blank = evidence([{ ...lost, code: '' }], new Map([['alice', [at('1')]]]));
    expect(blank.warnings[0]?.message).toContain('does not know, (blank): its rows');
  });
});

describe('a row of a Region without a profile', () => {
  const at = (region: string, accountId = '1') => ({ accountId, region });
  const there = { ...FEE, region: 'eu-west-2', code: 'EUW2' };
  const bob = { ...there, userId: 'bob' };
  const east = at('us-east-1');
  const alice: Reported = new Map([['alice', [east]]]);

  it.each<[string, readonly KiroLine[], Reported, readonly string[]]>([
    ["counts for the user's one seat in the account", [there], alice, ['us-east-1 alice']],
    [
      'and those of idle users there for the one profile of the account',
      [there, bob],
      alice,
      ['us-east-1 alice', 'us-east-1 bob'],
    ],
    [
      'of an idle user stays where the account has two profiles',
      [there, bob],
      new Map([
        ['alice', [east]],
        ['carl', [at('eu-central-1')]],
      ]),
      ['eu-west-2 bob', 'us-east-1 alice'],
    ],
    [
      'stays where the user is billed for that seat, too',
      [there, FEE],
      alice,
      ['eu-west-2 alice', 'us-east-1 alice'],
    ],
    [
      'stays where one of its users is billed for the other seat, too',
      [there, bob, { ...bob, region: 'us-east-1' }],
      new Map([
        ['alice', [east]],
        ['bob', [east]],
      ]),
      ['eu-west-2 alice', 'eu-west-2 bob', 'us-east-1 bob'],
    ],
    [
      'counts for the seat, though others are billed where that is',
      [there, { ...bob, region: 'us-east-1' }],
      alice,
      ['us-east-1 alice', 'us-east-1 bob'],
    ],
    ['stays where nobody of it has a seat', [there], new Map(), ['eu-west-2 alice']],
    [
      'stays where its user has two seats in the account',
      [there],
      new Map([['alice', [east, at('eu-central-1')]]]),
      ['eu-west-2 alice'],
    ],
    [
      'stays where its user has the seat in another account',
      [there],
      new Map([['alice', [at('us-east-1', '2')]]]),
      ['eu-west-2 alice'],
    ],
    [
      'stays where a profile is known in that Region',
      [there],
      new Map([
        ['alice', [east]],
        ['carl', [at('eu-west-2')]],
      ]),
      ['eu-west-2 alice'],
    ],
  ])('%s', (_, lines, known, expected) => {
    const found = charges(lines, known).map((text) => text.replace(/^1 (.*):.*$/, '$1'));
    expect(found).toEqual(expected);
  });

  it('is a warning that names both Regions', () => {
    expect(evidence([there], alice).warnings).toEqual([
      {
        code: 'bill-region',
        month: '2026-01',
        userId: 'alice',
        message:
          "AWS's bill has the seat in eu-west-2, where no other file shows a profile: its rows count for the user's one seat in that account, in us-east-1",
      },
    ]);
    expect(evidence([FEE], alice).warnings).toEqual([]);
  });
});

describe('a warning', () => {
  it('names each open bill, with its payer, and each unknown operation once', () => {
    const open = { isInvoiced: false };
    const agents = { ...CREDITS, operation: 'agents' };
    const { warnings } = evidence([
      { ...FEE, ...open },
      { ...FEE, ...open, payerId: '' },
      { ...agents, ...FEBRUARY, operation: 'beta' },
      { ...agents, ...FEBRUARY },
      { ...agents, ...FEBRUARY, userId: 'bob' },
      { ...agents, ...FEBRUARY, accountId: '2' },
    ]);
    expect(warnings.map(({ code, month }) => `${code} ${month}`)).toEqual([
      'bill-not-final 2026-01',
      'bill-not-final 2026-01',
      'bill-operation 2026-02',
      'bill-operation 2026-02',
    ]);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/bill of 2026-01 of payer payer is not final: it ends no seat/),
      expect.stringMatching(/bill of 2026-01 is not final: it ends no seat/),
      expect.stringMatching(/does not know, agents: it counts for the seat/),
      expect.stringMatching(/does not know, beta: it counts for the seat/),
    ]);
  });
});

describe('cost centers by tags', () => {
  type Row = readonly [month: string, user: string, tags: Readonly<Record<string, string>>];

  function tagged(rows: readonly Row[], key?: string): string[] {
    const found = [rows, [...rows].reverse()].map((inOrder) => {
      const tags = new CostCenterTags(key);
      for (const [month, user, texts] of inOrder)
        tags.add(month, user, new Map(Object.entries(texts)));
      return [...tags.byUser()].map(
        ([user, { costCenter, source }]) => `${user}: ${costCenter}, ${source}`,
      );
    });
    expect(found[1]).toEqual(found[0]);
    return found[0] ?? [];
  }

  it.each<[string, readonly Row[], string | undefined, readonly string[]]>([
    [
      'of a key that ends with the words',
      [['2026-01', 'a', { 'user:Cost-Center': ' A ', cost: 'B', cost_center_id: 'C' }]],
      undefined,
      ['a: A, tag user:Cost-Center in the CUR of 2026-01'],
    ],
    [
      'of the key that is given, as its end or as it is',
      [
        ['2026-01', 'a', { 'aws:team': 'A', cost_center: 'B' }],
        ['2026-01', 'b', { Te_am: 'C', teams: 'D' }],
      ],
      'Team',
      ['a: A, tag aws:team in the CUR of 2026-01', 'b: C, tag Te_am in the CUR of 2026-01'],
    ],
    [
      'of a key of punctuation alone',
      [['2026-01', 'a', { '§§': 'A', x: 'B' }]],
      '§§',
      ['a: A, tag §§ in the CUR of 2026-01'],
    ],
    [
      'of the newest month that has one',
      [
        ['2026-02', 'a', { costcenter: 'A' }],
        ['2026-01', 'a', { costcenter: 'B' }],
        ['2026-03', 'a', { costcenter: ' ' }],
      ],
      undefined,
      ['a: A, tag costcenter in the CUR of 2026-02'],
    ],
    [
      'of the shortest key of a month',
      [['2026-01', 'a', { 'x:costcenter': 'A', costcenter: 'B' }]],
      undefined,
      ['a: B, tag costcenter in the CUR of 2026-01'],
    ],
    [
      'of the last key by its bytes',
      [['2026-01', 'a', { 'x:costcenter': 'A', 'y:costcenter': 'B' }]],
      undefined,
      ['a: B, tag y:costcenter in the CUR of 2026-01'],
    ],
    [
      'of the last value by its bytes',
      [
        ['2026-01', 'a', { costcenter: 'B' }],
        ['2026-01', 'a', { costcenter: 'A' }],
      ],
      undefined,
      ['a: B, tag costcenter in the CUR of 2026-01'],
    ],
    ['not of rows without a user', [['2026-01', '', { costcenter: 'A' }]], undefined, []],
    [
      'by users in the order of their ids',
      [
        ['2026-01', 'b', { costcenter: 'A' }],
        ['2026-01', 'a', { costcenter: 'B' }],
      ],
      undefined,
      ['a: B, tag costcenter in the CUR of 2026-01', 'b: A, tag costcenter in the CUR of 2026-01'],
    ],
  ])('are those %s', (_, rows, key, expected) => {
    expect(tagged(rows, key)).toEqual(expected);
  });
});
