import { type BillingPeriod, billingPeriodFromText } from '../../domain/billing-period.ts';
import { type Instant, instantAfter } from '../../domain/instant.ts';
import { epochDayAt } from '../../domain/usage-days.ts';
import type { Header } from '../../input/table.ts';
import type { ReductionPlan } from '../plan.ts';
import { profileIdOf, userIdOf } from '../plan-ids.ts';
import type { RowConsumer } from '../rows/row-consumer.ts';
import type { Limbs, RowKernel } from '../rows/row-kernel.ts';
import { fieldAt, type KeySpace, type WantedColumn } from '../rows/typed-rows.ts';
import { UNWANTED } from '../sums/profile-usage.ts';
import { KIND_BITS, type SeatSums } from '../sums/seat-sums.ts';
import { idOfField } from './summary-columns.ts';

/** The wanted columns by their index. */
const COLUMNS = [
  { name: 'month', as: 'key' },
  { name: 'profile_id', as: 'key' },
  { name: 'user_id', as: 'key' },
  { name: 'stretch_from', as: 'instant' },
  { name: 'stretch_to', as: 'instant' },
  { name: 'credits', as: 'decimal' },
  { name: 'requests', as: 'decimal' },
] as const;
const MONTH = fieldAt(0);
const PROFILE = fieldAt(1);
const USER = fieldAt(2);
const FROM = fieldAt(3);
const TO = fieldAt(4);
const CREDITS = fieldAt(5);
const REQUESTS = fieldAt(6);

/** The texts of summaries: their ids are guarded, so they need other spaces than those of request usage. */
export class SummaryKeys {
  readonly spaces: Readonly<Record<'month' | 'profile_id' | 'user_id', KeySpace>>;
  readonly sums: SeatSums;
  readonly #periods: BillingPeriod[] = [];

  constructor(kernel: RowKernel, sums: SeatSums, plan: ReductionPlan) {
    this.sums = sums;
    this.spaces = {
      month: kernel.newSpace((text) => {
        const period = billingPeriodFromText(text);
        return period === undefined ? -1 : this.#periods.push(period) - 1;
      }),
      profile_id: kernel.newSpace((text) => {
        const profileId = profileIdOf(idOfField(text), plan);
        return profileId === undefined ? -1 : sums.profileNumber(profileId);
      }),
      user_id: kernel.newSpace((text) => {
        const userId = userIdOf(idOfField(text), plan);
        return userId === undefined ? -1 : sums.userNumber(userId);
      }),
    };
  }

  period(number: number): BillingPeriod {
    return this.#periods[number] as BillingPeriod;
  }
}

/** Adds rows of usage summaries (O2). */
export class SummaryRows implements RowConsumer {
  readonly wanted: readonly WantedColumn[];
  readonly #keys: SummaryKeys;
  readonly #onInstant: (at: Instant) => void;

  /** `onInstant` is called with the instants of rows, which the kernel does not sum. */
  constructor({ indexOf }: Header, keys: SummaryKeys, onInstant: (at: Instant) => void) {
    this.#keys = keys;
    this.#onInstant = onInstant;
    this.wanted = COLUMNS.map(({ name, as }) => {
      const column = indexOf.get(name) ?? -1;
      return as === 'key' ? { column, as, space: keys.spaces[name] } : { column, as };
    });
  }

  /** Adds rows up to one whose stretch or count is wrong. */
  add(kernel: RowKernel): number {
    const { stride, count } = kernel;
    for (let row = 0; row < count; row += 1) {
      // The values move once a new cell has made the memory grow.
      if (!this.#add(kernel.values, row * stride, kernel.lineOf(row))) return row;
    }
    return count;
  }

  #add(values: Int32Array, at: number, line: number): boolean {
    const { sums } = this.#keys;
    const period = this.#keys.period(values[at + MONTH] as number);
    const profile = values[at + PROFILE] as number;
    const [from, to] = [instantAt(values, at + FROM), instantAt(values, at + TO)];
    const [requests, ...fractions] = limbsAt(values, at + REQUESTS);
    if (requests === 0 || fractions.some((limb) => limb !== 0)) return false;
    if (to <= from || from < period.start || to > period.end) return false;
    if (sums.hasOwnCut(profile, from, to)) return false;
    const [user, credits] = [values[at + USER] as number, limbsAt(values, at + CREDITS)];
    this.#onInstant(from);
    sums.nameProfile(profile, { unit: sums.unit, line });
    const window = sums.noteUsageAt(profile, from, KIND_BITS.summaries);
    if (window === UNWANTED) return true;
    const lastDay = epochDayAt(to - 1n);
    sums.addLimbs(sums.cellOf(window, user), credits, requests, KIND_BITS.summaries, lastDay);
    return true;
  }
}

function limbsAt(values: Int32Array, at: number): Limbs {
  return [values[at] as number, values[at + 1] as number, values[at + 2] as number];
}

function instantAt(values: Int32Array, at: number): Instant {
  return instantAfter(...limbsAt(values, at));
}
