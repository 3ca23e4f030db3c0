import type { BillingPeriod } from '../../domain/billing-period.ts';
import type { NextMonth, SeatInvoice } from '../../domain/invoice.ts';
import type { RateEdition } from '../../domain/rate-card.ts';
import type { MonthCoverage } from '../../domain/usage-days.ts';
import type { Palette } from '../palette.ts';

/** One seat in one month, or one user's usage without a seat, with all that its bill came from. */
export interface Story {
  readonly period: BillingPeriod;
  readonly edition: RateEdition;
  /** The days of the month with usage; missing where the days are not known. */
  readonly coverage?: MonthCoverage | undefined;
  readonly seat: SeatInvoice;
  /** Names of groups by id. */
  readonly groupNames: ReadonlyMap<string, string>;
  readonly next: NextMonth;
}

/** One section of a story, with its statements in order. */
export interface Section {
  readonly title: string;
  readonly items: readonly Item[];
}

/** A statement, with the date or name in the column before it. */
export interface Item {
  readonly label?: string;
  readonly text: string;
  /** The same as a text chart, where there is room for one. */
  readonly bar?: string;
  /** Belongs to the item above it. */
  readonly isNested?: boolean;
  /** A sentence below that says the same in words. */
  readonly note?: string;
  readonly look?: keyof Palette;
}
