import type { BillingPeriod } from '../../domain/billing-period.ts';
import { type Instant, shortInstantText } from '../../domain/instant.ts';
import type { NextMonth, SeatInvoice, Source } from '../../domain/invoice.ts';
import type { RateEdition } from '../../domain/rate-card.ts';
import type { Group } from '../../domain/records.ts';
import type { MonthCoverage } from '../../domain/usage-days.ts';
import { labelOf } from '../labels.ts';
import type { Palette } from '../palette.ts';
import { visible } from '../terminal.ts';

/** One seat in one month, or one user's usage without a seat, with all that its bill came from. */
export interface Story {
  readonly period: BillingPeriod;
  readonly edition: RateEdition;
  /** The days of the month with usage; missing where the days are not known. */
  readonly coverage?: MonthCoverage | undefined;
  readonly seat: SeatInvoice;
  /** By id. */
  readonly groups: ReadonlyMap<string, Group>;
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

/** `Alice Adams (8f3c…)`, or the id where there is no name. */
export function named(name: string, id: string): string {
  const [label, shownId] = [labelOf(id, name), visible(id)];
  return label === shownId ? shownId : `${label} (${shownId})`;
}

/** `the user's own subscription` or `group Platform (g-1)`. */
export function sourceName({ subscription }: Source, { groups }: Story): string {
  const { principalType, principalId } = subscription;
  if (principalType === 'user') return "the user's own subscription";
  return `group ${named(groups.get(principalId)?.name ?? '', principalId)}`;
}

/** How long the tier that is held at an instant stays: to the next upgrade, if there is one (H4). */
export function heldUntil(instant: Instant, { seat }: Story): string {
  const upgrade = seat.steps.find(({ at }) => at > instant);
  return upgrade === undefined
    ? 'to the end of the month'
    : `until ${shortInstantText(upgrade.at)}`;
}

/** The ids of rules, as a statement names them: `(H4, S1)`. */
export const NAMED_RULES = /\((?:[HSOM]\d(?:, )?)+\)/g;
