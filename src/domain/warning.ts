import type { Decimal } from './decimal.ts';
import type { RuleId } from './rule-id.ts';

/** Something to check in an invoice; it does not stop billing. */
export interface Warning {
  readonly code: WarningCode;
  readonly rule?: RuleId;
  /** `YYYY-MM`; missing if it is not about a particular month. */
  readonly month?: string;
  readonly profileId?: string;
  readonly userId?: string;
  /** What is wrong. */
  readonly message: string;
  /** What to do about it: `give the missing files with --usage`. */
  readonly remedy?: string;
  /** The credits concerned, if those of several seats may be added up. */
  readonly credits?: Decimal;
  /** Why, in words that seats share: `overage is off`. */
  readonly reason?: string;
  /** What the user may have meant: `is it ann?`. */
  readonly hint?: string | undefined;
}

/** What is wrong and what to do about it: the message of every output. */
export function warningText({ message, remedy }: Pick<Warning, 'message' | 'remedy'>): string {
  return remedy === undefined ? message : `${message}; ${remedy}`;
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
