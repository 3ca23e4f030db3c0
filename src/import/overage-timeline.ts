import { compare, type Decimal } from '../domain/decimal.ts';
import type { Instant } from '../domain/instant.ts';
import type { OverageChange } from '../domain/records.ts';
import type { FoundOverage, FoundProfile } from './findings.ts';

/** Overage before any change. */
export interface OverageState {
  readonly on: boolean;
  readonly capCredits?: Decimal;
}

/** The switch, and the cap where there is one. */
export function overageState(on: boolean, capCredits: Decimal | undefined): OverageState {
  return capCredits === undefined ? { on } : { on, capCredits };
}

/** What was found at the first sight of a profile is taken for its state before; later finds are changes. */
export function firstOverage({ overage, since }: FoundProfile): OverageState {
  const first = overage.find(({ from }) => from <= since);
  const cap = first?.capCredits;
  return overageState(first?.on ?? false, cap === 'none' ? undefined : cap);
}

interface OverageStep {
  readonly at: Instant;
  readonly on: boolean;
  readonly capCredits?: Decimal | 'none';
}

/** The overage switch and cap of one profile through time. Rules O2, O3. */
export class OverageTimeline {
  readonly #first: OverageState;
  readonly #steps: OverageStep[];

  constructor(first: OverageState, changes: readonly OverageChange[]) {
    this.#first = first;
    this.#steps = changes
      .map(({ changedAt, on: isOn, capCredits: cap }) => ({
        at: changedAt,
        on: isOn,
        ...(cap === undefined ? {} : { capCredits: cap }),
      }))
      .sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  /** Whether the switch, and the cap where one was found, were so at some time of the stretch. */
  agrees({ from, to, on, capCredits }: FoundOverage): boolean {
    const within = this.#steps.filter(({ at }) => at > from && at < to);
    const states = [this.#steps.findLast(({ at }) => at <= from)?.on ?? this.#first.on];
    const caps = [this.#capAt(from), ...within.map(({ at }) => this.#capAt(at))];
    const hasSwitch = [...states, ...within.map((step) => step.on)].includes(on);
    if (!hasSwitch || capCredits === undefined) return hasSwitch;
    if (capCredits === 'none') return caps.includes(undefined);
    return caps.some((cap) => cap !== undefined && compare(cap, capCredits) === 0);
  }

  #capAt(instant: Instant): Decimal | undefined {
    const latest = this.#steps.findLast(
      ({ at, capCredits }) => at <= instant && capCredits !== undefined,
    )?.capCredits;
    return latest === 'none' ? undefined : (latest ?? this.#first.capCredits);
  }

  /** Whether a change fits there: behind all others. */
  canChangeAt(at: Instant): boolean {
    return this.#steps.every((step) => step.at < at);
  }

  change({ from, on, capCredits }: FoundOverage): void {
    this.#steps.push({ at: from, on, ...(capCredits === undefined ? {} : { capCredits }) });
  }
}
