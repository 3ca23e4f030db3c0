import { describe, expect, it } from 'vitest';
import { type FocusVersion, focusRows } from '../../src/billing/focus.ts';
import { type Column, type ColumnKind, cellText, type Row } from '../../src/domain/sheet.ts';
import { billed, type Facts, member, profile, subscription, usage, user } from './facts.ts';
import { COLUMN_REQUIREMENTS } from './focus-requirements.ts';

const ALICE = '1a2b3c4d-0000-4000-8000-00000000000f';

/** Alice begins and goes up in a month with overage; Bo has a seat by a group in GovCloud; Cy none. */
const FACTS: Facts = {
  profiles: [
    profile('P1', { name: 'Platform', overageOn: true }),
    profile('P2', { accountId: '444455556666', region: 'us-gov-west-1' }),
  ],
  users: [user(ALICE, { name: 'Alice', costCenter: 'R&D' }), user('bo', { name: 'bo' })],
  subscriptions: [
    subscription(ALICE, 'Pro', { from: '2026-01-05', changes: { '2026-01-20': 'Pro+' } }),
    subscription('group:g', 'Power', { profileId: 'P2', line: 4 }),
  ],
  memberships: [member('g', 'bo')],
  usage: [usage('2100.5', { userId: ALICE }), usage('3', { userId: 'cy' })],
};

interface Rows {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

function sheet(version: FocusVersion, facts = FACTS): Rows {
  const codeOf = (region: string): string | undefined =>
    region === 'us-east-1' ? 'USE1' : undefined;
  const { columns, rows } = focusRows(billed(facts), { version, codeOf });
  return { columns, rows: [...rows] };
}

/** The cells of a row that are not null, by name. */
function cells({ columns, rows }: Rows, index: number): Record<string, string> {
  const row = rows[index] ?? [];
  const named = columns.map(({ name, kind }, at) => [name, cellText(kind, row[at])] as const);
  return Object.fromEntries(named.filter((_, at) => row[at] !== undefined));
}

/** What every row has. */
const EVERY = {
  BillingAccountType: 'AWS Account',
  BillingCurrency: 'USD',
  BillingPeriodEnd: '2026-02-01T00:00:00Z',
  BillingPeriodStart: '2026-01-01T00:00:00Z',
  ChargePeriodEnd: '2026-02-01T00:00:00Z',
  InvoiceIssuerName: 'AWS',
  PricingCategory: 'Standard',
  PricingCurrency: 'USD',
  ResourceType: 'User',
  ServiceCategory: 'AI and Machine Learning',
  ServiceName: 'Kiro',
  ServiceSubcategory: 'Generative AI',
  SubAccountType: 'AWS Account',
  x_ServiceCode: 'Kiro',
};

const ACCOUNTS = ['BillingAccountId', 'BillingAccountName', 'SubAccountId', 'SubAccountName'];

/** What all rows of a seat have. */
function seatCells(account: string, cellsOfSeat: Record<string, string>): Record<string, string> {
  return {
    ...EVERY,
    ...Object.fromEntries(ACCOUNTS.map((name) => [name, account])),
    ...cellsOfSeat,
  };
}

const ALICES = seatCells('111122223333', {
  RegionId: 'us-east-1',
  RegionName: 'US East (N. Virginia)',
  ResourceId: `arn:aws:identitystore:::user/${ALICE}`,
  ResourceName: 'Alice',
});

const BOS = seatCells('444455556666', {
  RegionId: 'us-gov-west-1',
  RegionName: 'AWS GovCloud (US-West)',
  ResourceId: 'bo',
});

interface Expected {
  readonly seat: Record<string, string>;
  readonly billed: string;
  readonly price: string;
  /** Unit price x quantity, exact. */
  readonly cost: string;
  readonly quantity: string;
  readonly start: string;
  readonly sku: string;
  readonly meter: string;
  readonly tier: string;
  readonly description: string;
  readonly tags: Record<string, string>;
  /** Of an overage line, and only there. */
  readonly isUsage?: boolean;
  readonly frequency?: string;
}

function expectedCells(row: Expected): Record<string, string> {
  const { seat, billed: amount, price, cost, quantity, isUsage = false, tier } = row;
  const partition = seat.RegionId === 'us-east-1' ? 'aws' : 'aws-us-gov';
  const owner = partition === 'aws' ? { cost_center: 'R&D' } : {};
  const profileTags =
    partition === 'aws'
      ? { 'kiro-bill/profile_id': 'P1', 'kiro-bill/profile_name': 'Platform' }
      : { 'kiro-bill/profile_id': 'P2' };
  const skuPrice = `${partition}/${row.sku}`;
  return {
    ...seat,
    BilledCost: amount,
    EffectiveCost: amount,
    PricingCurrencyEffectiveCost: amount,
    ContractedUnitPrice: price,
    ListUnitPrice: price,
    PricingCurrencyContractedUnitPrice: price,
    PricingCurrencyListUnitPrice: price,
    ContractedCost: cost,
    ListCost: cost,
    PricingQuantity: quantity,
    PricingUnit: isUsage ? 'Credits' : 'User-Months',
    ...(isUsage ? { ConsumedQuantity: quantity, ConsumedUnit: 'Credits' } : {}),
    ChargeCategory: isUsage ? 'Usage' : 'Purchase',
    ChargeDescription: row.description,
    ChargeFrequency: row.frequency ?? 'Recurring',
    ChargePeriodStart: `${row.start}T00:00:00Z`,
    SkuId: row.sku,
    SkuMeter: row.meter,
    SkuPriceDetails: JSON.stringify({ x_Partition: partition, x_Tier: tier }),
    SkuPriceId: isUsage ? `${skuPrice}/ProPlus` : skuPrice,
    Tags: JSON.stringify({ ...owner, ...profileTags, ...row.tags }),
    x_Operation: isUsage ? 'Credits' : 'monthly-subscription',
  };
}

function lineTags(tier: string, line_type: string, rule: string): Record<string, string> {
  const tags = { tier, line_type, rule };
  return Object.fromEntries(Object.entries(tags).map(([key, tag]) => [`kiro-bill/${key}`, tag]));
}

const ROWS: readonly Expected[] = [
  {
    seat: ALICES,
    ...{ billed: '17.42', price: '20.00', cost: '17.4193548387', quantity: '0.870967741935' },
    ...{ start: '2026-01-05', sku: 'KiroEnterprise-Pro', meter: 'USE1-KiroEnterprise-Pro' },
    tier: 'Pro',
    description: 'Kiro Pro: new seat on 2026-01-05, 27 of 31 days at 20.00 USD per user and month',
    tags: lineTags('Pro', 'subscription', 'S2'),
  },
  {
    seat: ALICES,
    ...{ billed: '-17.42', price: '20.00', cost: '-17.4193548387', quantity: '-0.870967741935' },
    ...{ start: '2026-01-20', sku: 'KiroEnterprise-Pro', meter: 'USE1-KiroEnterprise-Pro' },
    ...{ tier: 'Pro', frequency: 'One-Time' },
    description:
      'Kiro Pro: refund at the upgrade on 2026-01-20, 27 of 31 days at 20.00 USD per user and month',
    tags: lineTags('Pro', 'refund', 'S3'),
  },
  {
    seat: ALICES,
    ...{ billed: '40.00', price: '40.00', cost: '40.00', quantity: '1', start: '2026-01-20' },
    ...{ sku: 'KiroEnterprise-ProPlus', meter: 'USE1-KiroEnterprise-ProPlus', tier: 'Pro+' },
    description: 'Kiro Pro+: upgrade on 2026-01-20, a whole month at 40.00 USD per user and month',
    tags: lineTags('Pro+', 'subscription', 'S3'),
  },
  {
    seat: ALICES,
    ...{ billed: '4.02', price: '0.04', cost: '4.02', quantity: '100.50', start: '2026-01-01' },
    ...{ sku: 'KiroEnterprise-Credits', meter: 'USE1-KiroEnterprise-Credits', tier: 'Pro+' },
    ...{ isUsage: true, frequency: 'Usage-Based' },
    description:
      'Kiro Pro+: overage of 2026-01, 100.50 credits beyond the allowance at 0.04 USD per credit',
    tags: lineTags('Pro+', 'overage', 'O4'),
  },
  {
    seat: BOS,
    ...{ billed: '240.00', price: '240.00', cost: '240.00', quantity: '1', start: '2026-01-01' },
    ...{ sku: 'KiroEnterprise-Power', meter: 'Monthly Subscription', tier: 'Power' },
    description:
      'Kiro Power: renewal on 2026-01-01, a whole month at 240.00 USD per user and month',
    tags: { 'kiro-bill/group_id': 'g', ...lineTags('Power', 'subscription', 'S1') },
  },
];

describe('the rows of FOCUS', () => {
  it.each(ROWS.map((row, index) => [row.description, row, index] as const))(
    'M2, S1 to S3, O4: %s',
    (_, row, index) => {
      const expected = expectedCells(row);
      const [old, recent] = [cells(sheet('1.2'), index), cells(sheet('1.4'), index)];
      expect(old).toEqual({ ...expected, ProviderName: 'AWS', PublisherName: 'AWS' });
      expect(recent).toEqual({ ...expected, HostProviderName: 'AWS', ServiceProviderName: 'AWS' });
    },
  );

  it('M2: are the charge lines, and have no totals', () => {
    const { columns, rows } = sheet('1.2');
    expect(rows).toHaveLength(ROWS.length);
    expect(columns.some(({ adds }) => adds)).toBe(false);
  });

  it('O4: the meter of a Region whose code is not known is in words', () => {
    const facts: Facts = {
      profiles: [profile('P1', { region: 'eu-central-1', overageOn: true })],
      subscriptions: [subscription('bo', 'Pro')],
      usage: [usage('1001', { userId: 'bo' })],
    };
    const meters = [0, 1].map((index) => cells(sheet('1.2', facts), index).SkuMeter);
    expect(meters).toEqual(['Monthly Subscription', 'Overage Credits']);
  });

  it('M4: a tier of several words is one', () => {
    const facts = { subscriptions: [subscription('bo', 'Pro Max', { from: '2026-06-01' })] };
    const options = { version: '1.2', codeOf: () => undefined } as const;
    const { columns, rows } = focusRows(billed(facts, '2026-06'), options);
    const sku = columns.findIndex(({ name }) => name === 'SkuId');
    expect([...rows][0]?.[sku]).toBe('KiroEnterprise-ProMax');
  });

  it('a user without a name has none', () => {
    const facts = { subscriptions: [subscription('bo', 'Pro')] };
    expect(cells(sheet('1.2', facts), 0)).not.toHaveProperty('ResourceName');
  });

  it('a profile with charges whose account is not known is wrong usage', () => {
    const unknown = [profile('P1', { accountId: '' })];
    const charged: Facts = { profiles: unknown, subscriptions: [subscription('bo', 'Pro')] };
    expect(() => sheet('1.2', charged)).toThrow(
      '--format focus needs the account of each profile, and that of P1 is not known: give a profiles.csv',
    );
    expect(sheet('1.2', { profiles: unknown, usage: [usage('5')] }).rows).toEqual([]);
  });
});

const VERSIONS: readonly FocusVersion[] = ['1.2', '1.4'];

describe('the columns of FOCUS', () => {
  const KINDS: Readonly<Record<string, ColumnKind>> = {
    BilledCost: 'money',
    BillingPeriodEnd: 'date',
    BillingPeriodStart: 'date',
    ChargePeriodEnd: 'date',
    ChargePeriodStart: 'date',
    CommitmentDiscountQuantity: 'quantity',
    ConsumedQuantity: 'quantity',
    ContractedCost: 'price',
    ContractedUnitPrice: 'price',
    EffectiveCost: 'money',
    ListCost: 'price',
    ListUnitPrice: 'price',
    PricingCurrencyContractedUnitPrice: 'price',
    PricingCurrencyEffectiveCost: 'money',
    PricingCurrencyListUnitPrice: 'price',
    PricingQuantity: 'quantity',
  };

  it.each(VERSIONS)('M1: those of %s are numbers, dates and texts as it says', (version) => {
    for (const { name, kind } of sheet(version).columns) {
      expect([name, kind]).toEqual([name, KINDS[name] ?? 'text']);
    }
  });

  it.each(VERSIONS)('those of %s are in the order of their names', (version) => {
    const names = sheet(version).columns.map(({ name }) => name);
    const own = COLUMN_REQUIREMENTS.filter(({ only = version }) => only === version);
    const expected = own.map(({ name }) => name).sort();
    expect(names).toEqual([...expected, 'x_Operation', 'x_ServiceCode']);
  });
});
