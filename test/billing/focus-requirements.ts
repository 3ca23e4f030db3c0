/**
 * What FOCUS 1.2 and 1.4 ask of each column of a Cost and Usage dataset, in our words, from the
 * specification's page of that column. A condition of presence that reads "when the
 * provider supports ..." is taken to hold where AWS does.
 */
export interface ColumnRequirement {
  readonly name: string;
  readonly level: 'Mandatory' | 'Conditional' | 'Recommended';
  readonly nulls: boolean;
  readonly type: 'String' | 'Decimal' | 'DateTime' | 'JSON';
  readonly allowed?: readonly string[];
  readonly format?: 'Currency' | 'Unit';
  readonly rules: readonly Rule[];
  /** The version that alone has it; missing for both. */
  readonly only?: '1.2' | '1.4';
}

/** A normative requirement on one row, its columns among each other included. */
export type Rule = readonly [says: string, holds: (row: FocusRow) => boolean];

/** One row, nulls as blank text. */
export type FocusRow = Readonly<Record<string, string>>;

const is = (row: FocusRow, column: string): string => row[column] ?? 'no such column';
const isNull = (row: FocusRow, column: string): boolean => is(row, column) === '';
const has = (row: FocusRow, column: string): boolean => !isNull(row, column);
const category = (row: FocusRow): string => is(row, 'ChargeCategory');
const isBought = (row: FocusRow): boolean => ['Usage', 'Purchase'].includes(category(row));
const isCorrection = (row: FocusRow): boolean => is(row, 'ChargeClass') === 'Correction';

/** A decimal's exact value in units of 10^-40. */
export function exact(text: string): bigint {
  const [whole = '', decimals = ''] = text.replace('-', '').split('.');
  const units = BigInt(whole + decimals.padEnd(40, '0'));
  return text.startsWith('-') ? -units : units;
}

/** Whether price x quantity is the cost, to the last digit. */
function productIs(cost: string, price: string, quantity: string): boolean {
  return exact(price) * exact(quantity) === exact(cost) * 10n ** 40n;
}

const nullWith = (column: string, other: string): Rule => [
  `null exactly where ${other} is null`,
  (row) => isNull(row, column) === isNull(row, other),
];

const nullWhereNull = (column: string, other: string): Rule => [
  `null where ${other} is null`,
  (row) => has(row, other) || isNull(row, column),
];

const bought = (column: string): Rule[] => [
  ['null on a tax', (row) => category(row) !== 'Tax' || isNull(row, column)],
  [
    'not null on usage and purchases that are no corrections',
    (row) => !isBought(row) || isCorrection(row) || has(row, column),
  ],
];

const unitPrice = (column: string): Rule[] => [
  ...bought(column),
  ['null exactly where SkuPriceId is', (row) => isNull(row, column) === isNull(row, 'SkuPriceId')],
  ['not negative', (row) => !is(row, column).startsWith('-')],
];

const product = (cost: string, price: string): Rule => [
  `${cost} = ${price} x PricingQuantity`,
  (row) =>
    isNull(row, price) ||
    isNull(row, 'PricingQuantity') ||
    isCorrection(row) ||
    productIs(is(row, cost), is(row, price), is(row, 'PricingQuantity')),
];

const matchesBilled = (column: string): Rule => [
  'BilledCost on what is neither usage, purchase nor tax',
  (row) => isBought(row) || category(row) === 'Tax' || row[column] === row.BilledCost,
];

const never = (what: string, column: string): Rule => [
  `null on a charge without ${what}`,
  (row) => isNull(row, column),
];

const text = { type: 'String', rules: [] } as const;
const decimal = { type: 'Decimal', rules: [] } as const;
const dateTime = { type: 'DateTime', nulls: false, level: 'Mandatory', rules: [] } as const;

const COMMITMENT_COLUMNS = ['Category', 'Id', 'Name', 'Status', 'Type', 'Unit'].map(
  (suffix): ColumnRequirement => ({
    ...text,
    name: `CommitmentDiscount${suffix}`,
    only: '1.2',
    level: 'Conditional',
    nulls: true,
    rules: [
      never('commitment discount', `CommitmentDiscount${suffix}`),
      nullWhereNull(`CommitmentDiscount${suffix}`, 'CommitmentDiscountId'),
    ],
  }),
);

const SUBCATEGORIES_OF_AI = [
  'AI Platforms',
  'Bots',
  'Generative AI',
  'Machine Learning',
  'Natural Language Processing',
  'Other (AI and Machine Learning)',
];

export const COLUMN_REQUIREMENTS: readonly ColumnRequirement[] = [
  {
    ...text,
    name: 'AvailabilityZone',
    only: '1.2',
    level: 'Recommended',
    nulls: true,
    rules: [never('availability zone', 'AvailabilityZone')],
  },
  { ...decimal, name: 'BilledCost', level: 'Mandatory', nulls: false },
  { ...text, name: 'BillingAccountId', level: 'Mandatory', nulls: false },
  {
    ...text,
    name: 'BillingAccountName',
    level: 'Mandatory',
    nulls: true,
    rules: [['not null where accounts have names', (row) => has(row, 'BillingAccountName')]],
  },
  {
    ...text,
    name: 'BillingAccountType',
    level: 'Conditional',
    nulls: true,
    rules: [nullWith('BillingAccountType', 'BillingAccountId')],
  },
  { ...text, name: 'BillingCurrency', level: 'Mandatory', nulls: false, format: 'Currency' },
  {
    ...dateTime,
    name: 'BillingPeriodEnd',
    rules: [
      ['after its start', (row) => is(row, 'BillingPeriodStart') < is(row, 'BillingPeriodEnd')],
    ],
  },
  { ...dateTime, name: 'BillingPeriodStart' },
  {
    ...text,
    name: 'CapacityReservationId',
    only: '1.2',
    level: 'Conditional',
    nulls: true,
    rules: [never('capacity reservation', 'CapacityReservationId')],
  },
  {
    ...text,
    name: 'CapacityReservationStatus',
    only: '1.2',
    level: 'Conditional',
    nulls: true,
    allowed: ['Used', 'Unused'],
    rules: [nullWhereNull('CapacityReservationStatus', 'CapacityReservationId')],
  },
  {
    ...text,
    name: 'ChargeCategory',
    level: 'Mandatory',
    nulls: false,
    allowed: ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'],
  },
  {
    ...text,
    name: 'ChargeClass',
    level: 'Mandatory',
    nulls: true,
    allowed: ['Correction'],
    rules: [
      [
        'null on what corrects nothing, or something of the same billing period',
        (row) => isNull(row, 'ChargeClass'),
      ],
    ],
  },
  {
    ...text,
    name: 'ChargeDescription',
    level: 'Mandatory',
    nulls: true,
    rules: [['should not be null', (row) => has(row, 'ChargeDescription')]],
  },
  {
    ...text,
    name: 'ChargeFrequency',
    level: 'Recommended',
    nulls: false,
    allowed: ['One-Time', 'Recurring', 'Usage-Based'],
    rules: [
      [
        'not usage-based on a purchase',
        (row) => category(row) !== 'Purchase' || is(row, 'ChargeFrequency') !== 'Usage-Based',
      ],
    ],
  },
  {
    ...dateTime,
    name: 'ChargePeriodEnd',
    rules: [
      ['after its start', (row) => is(row, 'ChargePeriodStart') < is(row, 'ChargePeriodEnd')],
      [
        'inside the billing period',
        (row) => is(row, 'ChargePeriodEnd') <= is(row, 'BillingPeriodEnd'),
      ],
    ],
  },
  {
    ...dateTime,
    name: 'ChargePeriodStart',
    rules: [
      [
        'inside the billing period',
        (row) => is(row, 'ChargePeriodStart') >= is(row, 'BillingPeriodStart'),
      ],
    ],
  },
  ...COMMITMENT_COLUMNS,
  {
    ...decimal,
    name: 'CommitmentDiscountQuantity',
    only: '1.2',
    level: 'Conditional',
    nulls: true,
    rules: [never('commitment discount', 'CommitmentDiscountQuantity')],
  },
  {
    ...decimal,
    name: 'ConsumedQuantity',
    level: 'Conditional',
    nulls: true,
    rules: [
      nullWhereNull('ConsumedQuantity', 'SkuPriceId'),
      [
        'null on all but usage, where it is not',
        (row) => has(row, 'ConsumedQuantity') === (category(row) === 'Usage'),
      ],
    ],
  },
  {
    ...text,
    name: 'ConsumedUnit',
    level: 'Conditional',
    nulls: true,
    format: 'Unit',
    rules: [nullWith('ConsumedUnit', 'ConsumedQuantity')],
  },
  {
    ...decimal,
    name: 'ContractedCost',
    level: 'Mandatory',
    nulls: false,
    rules: [product('ContractedCost', 'ContractedUnitPrice'), matchesBilled('ContractedCost')],
  },
  {
    ...decimal,
    name: 'ContractedUnitPrice',
    level: 'Conditional',
    nulls: true,
    rules: unitPrice('ContractedUnitPrice'),
  },
  {
    ...decimal,
    name: 'EffectiveCost',
    level: 'Mandatory',
    nulls: false,
    rules: [
      matchesBilled('EffectiveCost'),
      [
        'BilledCost where no prepaid purchase covers the charge, nor it others',
        (row) => row.EffectiveCost === row.BilledCost,
      ],
    ],
  },
  {
    ...text,
    name: 'InvoiceId',
    level: 'Recommended',
    nulls: true,
    rules: [['null without an invoice of the issuer', (row) => isNull(row, 'InvoiceId')]],
  },
  {
    ...text,
    name: 'InvoiceDetailId',
    only: '1.4',
    level: 'Conditional',
    nulls: true,
    rules: [nullWhereNull('InvoiceDetailId', 'InvoiceId')],
  },
  { ...text, name: 'HostProviderName', only: '1.4', level: 'Mandatory', nulls: false },
  { ...text, name: 'ServiceProviderName', only: '1.4', level: 'Mandatory', nulls: false },
  { ...text, name: 'InvoiceIssuerName', level: 'Mandatory', nulls: false },
  {
    ...decimal,
    name: 'ListCost',
    level: 'Mandatory',
    nulls: false,
    rules: [product('ListCost', 'ListUnitPrice'), matchesBilled('ListCost')],
  },
  {
    ...decimal,
    name: 'ListUnitPrice',
    level: 'Conditional',
    nulls: true,
    rules: unitPrice('ListUnitPrice'),
  },
  {
    ...text,
    name: 'PricingCategory',
    level: 'Conditional',
    nulls: true,
    allowed: ['Standard', 'Dynamic', 'Committed', 'Other'],
    rules: [
      ...bought('PricingCategory'),
      nullWhereNull('PricingCategory', 'SkuPriceId'),
      [
        'Standard at the rate agreed for the account',
        (row) => is(row, 'PricingCategory') === 'Standard',
      ],
    ],
  },
  { ...text, name: 'PricingCurrency', level: 'Conditional', nulls: false, format: 'Currency' },
  ...(['ContractedUnitPrice', 'ListUnitPrice'] as const).map(
    (column): ColumnRequirement => ({
      ...decimal,
      name: `PricingCurrency${column}`,
      level: 'Conditional',
      nulls: true,
      rules: [
        ...unitPrice(`PricingCurrency${column}`),
        [
          `${column} where both currencies are the same`,
          (row) =>
            row.PricingCurrency !== row.BillingCurrency ||
            row[`PricingCurrency${column}`] === row[column],
        ],
      ],
    }),
  ),
  {
    ...decimal,
    name: 'PricingCurrencyEffectiveCost',
    level: 'Conditional',
    nulls: false,
    rules: [
      [
        'EffectiveCost where both currencies are the same',
        (row) =>
          row.PricingCurrency !== row.BillingCurrency ||
          row.PricingCurrencyEffectiveCost === row.EffectiveCost,
      ],
    ],
  },
  {
    ...decimal,
    name: 'PricingQuantity',
    level: 'Mandatory',
    nulls: true,
    rules: [...bought('PricingQuantity'), nullWhereNull('PricingQuantity', 'SkuPriceId')],
  },
  {
    ...text,
    name: 'PricingUnit',
    level: 'Mandatory',
    nulls: true,
    format: 'Unit',
    rules: [nullWith('PricingUnit', 'PricingQuantity')],
  },
  { ...text, name: 'ProviderName', only: '1.2', level: 'Mandatory', nulls: false },
  { ...text, name: 'PublisherName', only: '1.2', level: 'Mandatory', nulls: false },
  {
    ...text,
    name: 'RegionId',
    level: 'Conditional',
    nulls: true,
    rules: [['not null for a service of a Region', (row) => has(row, 'RegionId')]],
  },
  {
    ...text,
    name: 'RegionName',
    level: 'Conditional',
    nulls: true,
    rules: [nullWith('RegionName', 'RegionId')],
  },
  {
    ...text,
    name: 'ResourceId',
    level: 'Conditional',
    nulls: true,
    rules: [['not null on a charge for a resource', (row) => has(row, 'ResourceId')]],
  },
  {
    ...text,
    name: 'ResourceName',
    level: 'Conditional',
    nulls: true,
    rules: [
      nullWhereNull('ResourceName', 'ResourceId'),
      ['does not repeat ResourceId', (row) => row.ResourceName !== row.ResourceId],
    ],
  },
  {
    ...text,
    name: 'ResourceType',
    level: 'Conditional',
    nulls: true,
    rules: [nullWith('ResourceType', 'ResourceId')],
  },
  {
    ...text,
    name: 'ServiceCategory',
    level: 'Mandatory',
    nulls: false,
    allowed: ['AI and Machine Learning', 'Developer Tools', 'Other'],
  },
  { ...text, name: 'ServiceName', level: 'Mandatory', nulls: false },
  {
    ...text,
    name: 'ServiceSubcategory',
    level: 'Recommended',
    nulls: false,
    rules: [
      [
        'has ServiceCategory as its parent',
        (row) =>
          row.ServiceCategory === 'AI and Machine Learning' &&
          SUBCATEGORIES_OF_AI.includes(is(row, 'ServiceSubcategory')),
      ],
    ],
  },
  { ...text, name: 'SkuId', level: 'Conditional', nulls: true, rules: bought('SkuId') },
  {
    ...text,
    name: 'SkuMeter',
    level: 'Conditional',
    nulls: true,
    rules: [nullWith('SkuMeter', 'SkuId')],
  },
  {
    name: 'SkuPriceDetails',
    type: 'JSON',
    level: 'Conditional',
    nulls: true,
    rules: [
      nullWhereNull('SkuPriceDetails', 'SkuPriceId'),
      [
        'keys that FOCUS does not define begin with x_',
        (row) =>
          Object.keys(JSON.parse(is(row, 'SkuPriceDetails'))).every((key) => /^x_/.test(key)),
      ],
    ],
  },
  { ...text, name: 'SkuPriceId', level: 'Conditional', nulls: true, rules: bought('SkuPriceId') },
  {
    ...text,
    name: 'SubAccountId',
    level: 'Conditional',
    nulls: true,
    rules: [['the account that is billed', (row) => row.SubAccountId === row.BillingAccountId]],
  },
  {
    ...text,
    name: 'SubAccountName',
    level: 'Conditional',
    nulls: true,
    rules: [nullWith('SubAccountName', 'SubAccountId')],
  },
  {
    ...text,
    name: 'SubAccountType',
    level: 'Conditional',
    nulls: true,
    rules: [nullWith('SubAccountType', 'SubAccountId')],
  },
  {
    name: 'Tags',
    type: 'JSON',
    level: 'Conditional',
    nulls: true,
    rules: [
      [
        'only the one scheme of the user has no prefix',
        (row) =>
          Object.keys(JSON.parse(is(row, 'Tags'))).every(
            (key) => key === 'cost_center' || key.startsWith('kiro-bill/'),
          ),
      ],
    ],
  },
];

/** What must be the same, or told apart, from row to row: a column is a function of others. */
export const DEPENDENCIES: readonly (readonly [column: string, of: readonly string[]])[] = [
  ['SkuId', ['SkuPriceId']],
  ['SkuMeter', ['SkuId', 'RegionId']],
  ['SkuPriceDetails', ['SkuPriceId']],
  ['ListUnitPrice', ['SkuPriceId', 'BillingPeriodStart']],
  ['ServiceCategory', ['ServiceName']],
  ['ServiceSubcategory', ['ServiceName']],
  ['RegionName', ['RegionId']],
  ['BillingAccountName', ['BillingAccountId']],
];
