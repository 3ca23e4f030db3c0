/** The views in which a row sums whole seats, by the name of their key. */
export const ROLL_UPS = ['profile', 'account', 'region', 'tier', 'cost_center', 'group'] as const;

export type RollUpView = (typeof ROLL_UPS)[number];

/** The ways to look at one invoice; every one has the same total to the cent (M2). */
export const VIEWS = ['user', ...ROLL_UPS, 'line'] as const;

export type View = (typeof VIEWS)[number];

/** What a row of the invoice is: a view, or two keys of whole seats. */
export type Grouping = View | readonly [RollUpView, RollUpView];

/** What a row of a trend is: as in the invoice, except charge lines. */
export type TrendGrouping = Exclude<Grouping, 'line'>;

/** What a trend can compare. */
export const MEASURES = [
  'total_charge',
  'subscription_charge',
  'overage_charge',
  'credits_used',
  'overage_credits',
  'seats',
] as const;

export type Measure = (typeof MEASURES)[number];

/** The keys by which AWS's bill can be charged back. */
export const CHARGEBACK_VIEWS = [
  'cost_center',
  'group',
  'tier',
  'profile',
  'account',
  'region',
  'user',
] as const;

export type ChargebackView = (typeof CHARGEBACK_VIEWS)[number];
