import type { InvoiceTotals, SeatInvoice } from '../domain/invoice.ts';
import { type ColumnOf, column } from '../domain/sheet.ts';

/** Who and what a seat is, in every sheet that has it. */
const SEAT = {
  profile_id: column<SeatInvoice>('profile_id', 'id', ({ profile }) => profile.profileId),
  profile_name: column<SeatInvoice>('profile_name', 'name', ({ profile }) => profile.name),
  account_id: column<SeatInvoice>('account_id', 'id', ({ profile }) => profile.accountId),
  region: column<SeatInvoice>('region', 'text', ({ profile }) => profile.region),
  user_id: column<SeatInvoice>('user_id', 'id', ({ userId }) => userId),
  user_name: column<SeatInvoice>('user_name', 'name', ({ userName }) => userName),
  tier: column<SeatInvoice>('tier', 'text', ({ terms }) => terms?.tier ?? ''),
  cost_center: column<SeatInvoice>('cost_center', 'text', ({ costCenter }) => costCenter),
  group_id: column<SeatInvoice>('group_id', 'id', ({ groupId }) => groupId),
};

export type SheetColumn = keyof typeof SEAT;

/** These columns of seats, in this order. */
export function sheetColumns(...names: readonly SheetColumn[]): readonly ColumnOf<SeatInvoice>[] {
  return names.map((name) => SEAT[name]);
}

/** What a seat, or the sum of several, is charged and used. */
export const FIGURE_COLUMNS: readonly ColumnOf<Omit<InvoiceTotals, 'seats'>>[] = [
  column('subscription_charge', 'money', (of) => of.subscriptionCharge),
  column('credits_used', 'credits', (of) => of.creditsUsed),
  column('overage_credits', 'credits', (of) => of.overageCredits),
  column('unbilled_credits', 'credits', (of) => of.unbilledCredits),
  column('overage_charge', 'money', (of) => of.overageCharge),
  column('total_charge', 'money', (of) => of.totalCharge),
];
