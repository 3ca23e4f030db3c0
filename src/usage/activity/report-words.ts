import { FREE } from './activity-row.ts';
import { Words } from './words.ts';

/** The overage switch of a row, which may not tell it. */
export const UNTOLD = 0;
export const ON = 1;
export const OFF = 2;
/** How many these are. */
export const SWITCHES = 3;
/** The first of the words of their kind. */
export const FREE_TIER = 0;
export const NO_CAP = 0;
export const NO_LIMIT = 0;
export const NO_TIER = 1;

/** The texts of reports that come again and again, by number. */
export class ReportWords {
  readonly clients = new Words();
  readonly profiles = new Words();
  readonly tiers = new Words([FREE, '']);
  /** Both as plain decimals. */
  readonly caps = new Words(['']);
  readonly limits = new Words(['']);
}
