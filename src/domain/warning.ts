import type { RuleId } from './rule-id.ts';

/** Something to look at in an invoice that was billed all the same. */
export interface Warning {
  readonly kind: WarningKind;
  readonly rule?: RuleId;
  /** `YYYY-MM`; missing where it is about no month in particular. */
  readonly month?: string;
  readonly profileId?: string;
  readonly userId?: string;
  readonly message: string;
}

export type WarningKind =
  | 'unbilled_credits'
  | 'usage_without_seat'
  | 'approximate_prices'
  | 'unlisted_region'
  | 'report_contradiction';
