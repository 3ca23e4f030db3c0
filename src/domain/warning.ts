import type { Decimal } from './decimal.ts';
import type { RuleId } from './rule-id.ts';

/** Something to look at in an invoice that was billed all the same. */
export interface Warning {
  readonly code: WarningCode;
  readonly rule?: RuleId;
  /** `YYYY-MM`; missing where it is about no month in particular. */
  readonly month?: string;
  readonly profileId?: string;
  readonly userId?: string;
  readonly message: string;
  /** Credits that it is about, where those of several seats may be added up. */
  readonly credits?: Decimal;
  /** Why, in words that seats share: `overage is off`. */
  readonly reason?: string;
  /** What may be meant by the user: `is it ann?`. */
  readonly hint?: string;
}

/** Names a kind of warning, for programs that read the JSON. */
export type WarningCode =
  | 'unbilled-credits'
  | 'usage-without-seat'
  | 'approximate-prices'
  | 'unlisted-region'
  | 'report-contradiction'
  | 'reported-credits'
  | 'usage-none'
  | 'usage-ends'
  | 'usage-begins'
  | 'usage-gap'
  | 'usage-twice'
  | 'month-future'
  | 'rates-unused'
  | 'file-unread'
  | 'usage-left-out'
  | 'cost-centers-alike'
  | 'group-without-members'
  | 'bill-not-final'
  | 'bill-region'
  | 'bill-region-unknown'
  | 'bill-operation';
