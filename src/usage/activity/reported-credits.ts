import { countShown, firstNamed } from '../../domain/counts.ts';
import { add, compare, type Decimal, isPositive, subtract, ZERO } from '../../domain/decimal.ts';
import type { RankedCreditsAt } from '../../domain/rate-card.ts';
import type { StretchUsage } from '../../domain/records.ts';
import { seatKey } from '../../domain/seat-key.ts';
import type { Warning } from '../../domain/warning.ts';
import type { ReportedMeaning } from '../plan.ts';

type SeatMonth = Pick<StretchUsage, 'profileId' | 'userId' | 'month'>;

/** What reports say about one seat in one month. */
export interface ReportedSeatMonth extends SeatMonth {
  /** The sums over the rows that count, unchanged from the report. */
  readonly creditsUsed: Decimal;
  readonly overageCredits: Decimal;
  /** The tiers of the rows, by `tierKey`; a row without one takes that of the nearest day that has one. */
  readonly tiers: ReadonlySet<string>;
  /** The different values of `Usage_Limit`. */
  readonly limits: readonly Decimal[];
}

/** The conclusion from the evidence of a run. */
export interface CreditsVerdict {
  readonly meaningOf: (seatMonth: SeatMonth) => ReportedMeaning;
  readonly notes: readonly string[];
  readonly warnings: readonly Warning[];
}

/** The largest difference between a sum of rounded days and the allowance. */
const NOISE_CREDITS: Decimal = { units: 1n, scale: 0 };
const NAMED_SEATS = 3;

/** The meaning of the reports if an option or a setting decides it: no evidence is needed (R1). */
export function decidedVerdict(meaning: ReportedMeaning): CreditsVerdict {
  return { meaningOf: () => meaning, notes: [], warnings: [] };
}

/** Weighs what the seats of all months show; seats without overage credits show nothing. Rule R1. */
export function weighed(
  seatMonths: readonly ReportedSeatMonth[],
  termsAt: RankedCreditsAt,
  titleOf: (profileId: string) => string,
): CreditsVerdict {
  const withOverage = seatMonths.filter(({ overageCredits }) => isPositive(overageCredits));
  const shown = { beside: [] as ReportedSeatMonth[], inside: [] as ReportedSeatMonth[] };
  const own = new Map<string, ReportedMeaning>();
  for (const seatMonth of withOverage) {
    const meaning = evidenceOf(seatMonth, termsAt);
    if (meaning === undefined) continue;
    shown[meaning].push(seatMonth);
    own.set(keyOf(seatMonth), meaning);
  }
  const rest = shown.inside.length > shown.beside.length ? 'inside' : 'beside';
  return {
    meaningOf: (seatMonth) => own.get(keyOf(seatMonth)) ?? rest,
    notes: notesOf(shown),
    warnings: warningsOf(shown, withOverage, rest, titleOf),
  };
}

/** What one seat with overage credits shows in one month; `undefined` if its figures fit both meanings (R1). */
function evidenceOf(
  seatMonth: ReportedSeatMonth,
  termsAt: RankedCreditsAt,
): ReportedMeaning | undefined {
  const { profileId, month, creditsUsed, overageCredits } = seatMonth;
  if (compare(creditsUsed, overageCredits) < 0) return 'beside';
  const [tier, ...otherTiers] = seatMonth.tiers;
  const [limit, ...otherLimits] = seatMonth.limits;
  if (tier === undefined || otherTiers.length + otherLimits.length > 0) return undefined;
  const allowance = limit ?? termsAt(profileId, month, tier)?.credits;
  if (allowance === undefined) return undefined;
  const beyond = subtract(creditsUsed, allowance);
  if (compare(add(beyond, beyond), overageCredits) > 0) return 'inside';
  const distance = isPositive(beyond) ? beyond : subtract(ZERO, beyond);
  const isNear =
    compare(distance, NOISE_CREDITS) <= 0 && compare(add(distance, distance), overageCredits) <= 0;
  return isNear ? 'beside' : undefined;
}

function notesOf({
  beside,
  inside,
}: Record<ReportedMeaning, readonly ReportedSeatMonth[]>): string[] {
  if ((beside.length === 0) === (inside.length === 0)) return [];
  const [holds, shown] = inside.length > 0 ? ['holds', inside] : ['does not hold', beside];
  const seats = new Set(shown.map(({ profileId, userId }) => seatKey(profileId, userId))).size;
  const show = `${countShown(seats, 'seat')} ${seats === 1 ? 'shows' : 'show'} it`;
  return [`Credits_Used ${holds} the overage: ${show}`];
}

const OPTION = 'decide it with --reported-credits inside or beside';

function warningsOf(
  { beside, inside }: Record<ReportedMeaning, readonly ReportedSeatMonth[]>,
  withOverage: readonly ReportedSeatMonth[],
  rest: ReportedMeaning,
  titleOf: (profileId: string) => string,
): Warning[] {
  const named = (seatMonths: readonly ReportedSeatMonth[]): string =>
    namedSeats(seatMonths, titleOf);
  if (withOverage.length === 0 || (beside.length === 0) !== (inside.length === 0)) return [];
  const message =
    beside.length === 0
      ? `no seat of the activity reports shows whether Credits_Used holds the overage: the overage credits are added to it (${OPTION})`
      : `some seats of the activity reports show that Credits_Used holds the overage (${named(inside)}), others that it does not (${named(beside)}): each counts by its own figures, the rest as ${rest} (${OPTION})`;
  return [{ code: 'reported-credits', rule: 'R1', message }];
}

function namedSeats(
  seatMonths: readonly ReportedSeatMonth[],
  titleOf: (profileId: string) => string,
): string {
  const seats = [
    ...new Set(seatMonths.map(({ profileId, userId }) => `${userId} in ${titleOf(profileId)}`)),
  ];
  seats.sort();
  return firstNamed(seats, NAMED_SEATS);
}

function keyOf({ profileId, userId, month }: SeatMonth): string {
  return `${month} ${seatKey(profileId, userId)}`;
}
