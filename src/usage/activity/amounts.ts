import { type Decimal, decimalText, powerOfTen, unitsAt } from '../../domain/decimal.ts';
import { IntPages, type PackedPages } from '../bytes/int-pages.ts';
import type { ExactSums } from './exact-sums.ts';

const INTS = 3;
const LIMB = powerOfTen(9);
const SCALE = 18;

/**
 * Credits as three ints, as a `CreditReader` gives them: the whole ones, billionths, and
 * billionths of these. A number that does not fit there has its place in a list of `Decimal`
 * instead, and as the first int what is left of -1 and that place.
 */
export interface Amount {
  whole: number;
  billionths: number;
  rest: number;
}

export function isZero({ whole, billionths, rest }: Amount): boolean {
  return whole === 0 && billionths === 0 && rest === 0;
}

/** Amounts by number, of which 0 is that of no credits, and those that fit into no ints. */
export class Amounts {
  #amounts = new IntPages(INTS);
  #beyond: Decimal[] = [];

  constructor() {
    this.#amounts.push();
  }

  /** The amount of an exact number. There is one way alone to write it. */
  amountOf(value: Decimal): Amount {
    const scale = Math.max(value.scale, SCALE);
    const units = unitsAt(value, scale);
    const finer = powerOfTen(scale - SCALE);
    const whole = units / finer / LIMB / LIMB;
    if (units % finer !== 0n || whole >= LIMB) {
      return { whole: -this.#beyond.push(value), billionths: 0, rest: 0 };
    }
    const behind = (units / finer) % (LIMB * LIMB);
    return {
      whole: Number(whole),
      billionths: Number(behind / LIMB),
      rest: Number(behind % LIMB),
    };
  }

  /** Makes an amount of `others` one of these. */
  takeOver(amount: Amount, others: Amounts): void {
    if (amount.whole < 0) amount.whole = -this.#beyond.push(others.beyondOf(amount.whole));
  }

  /** The number that an amount stands for where it is none that fits into ints. */
  beyondOf(whole: number): Decimal {
    return this.#beyond[-whole - 1] as Decimal;
  }

  /** Adds an amount to a sum. */
  addTo(sums: ExactSums, cell: number, amount: Amount): void {
    if (amount.whole < 0) sums.addDecimal(cell, this.beyondOf(amount.whole));
    else sums.addLimbs(cell, amount);
  }

  /** The same text for equal amounts alone. */
  textOf({ whole, billionths, rest }: Amount): string {
    if (whole < 0) return decimalText(this.beyondOf(whole), 0);
    return `${whole},${billionths},${rest}`;
  }

  /** Keeps an amount; gives its number. `number`: one that is not needed any more. */
  keep(amount: Amount, number: number): number {
    if (isZero(amount)) return 0;
    const kept = number === 0 ? this.#amounts.push() : number;
    const page = this.#amounts.page(kept);
    const at = this.#amounts.at(kept);
    page[at] = amount.whole;
    page[at + 1] = amount.billionths;
    page[at + 2] = amount.rest;
    return kept;
  }

  /** Puts a kept amount into `into`. */
  read(number: number, into: Amount): void {
    const page = this.#amounts.page(number);
    const at = this.#amounts.at(number);
    into.whole = page[at] as number;
    into.billionths = page[at + 1] as number;
    into.rest = page[at + 2] as number;
  }

  pack(): PackedAmounts {
    return { ...this.#amounts.pack(), beyond: this.#beyond };
  }

  static of({ beyond, ...pages }: PackedAmounts): Amounts {
    const amounts = new Amounts();
    amounts.#amounts = IntPages.of(pages, INTS);
    amounts.#beyond = [...beyond];
    return amounts;
  }
}

export interface PackedAmounts extends PackedPages {
  readonly beyond: readonly Decimal[];
}
