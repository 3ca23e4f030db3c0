import { addAt, type Decimal, decimalText, writtenDecimal } from '../../domain/decimal.ts';
import type { Limbs } from '../rows/row-kernel.ts';
import { limbsOf, sumOfLimbs } from '../sums/limbs.ts';
import type { Words } from './words.ts';

/**
 * Credits as the kernel stores them. A number that does not fit becomes a word, and the first int is
 * -1 minus the word's number. Equal credits are equal ints.
 */
export type Amount = Limbs;

/** An amount that is used for row after row. */
export type AmountBuffer = [whole: number, billionths: number, rest: number];

/** The amount of an exact number; `credits` has the words of numbers that do not fit into ints. */
export function amountOf(value: Decimal, credits: Words): Amount {
  return limbsOf(value) ?? [-1 - credits.numberOf(decimalText(value, 0)), 0, 0];
}

/** The exact number of an amount. */
export function decimalOf([whole, billionths, rest]: Amount, credits: Words): Decimal {
  if (whole < 0) return writtenDecimal(credits.textOf(-1 - whole)) as Decimal;
  return sumOfLimbs(BigInt(whole), BigInt(billionths), BigInt(rest));
}

/** Above this a sum no longer fits into ints. What one row adds to it is still exact. */
const MOST_WHOLE = 2 ** 52;
const LIMB = 10 ** 9;

/** Exact sums of amounts by cell, counted from 0 (M1). */
export class AmountSums {
  readonly #credits: Words;
  /** By cell the ints of an amount, each except the first below 10^9: adding allocates no object. */
  readonly #sums: number[] = [];
  /** By cell the part that does not fit there. */
  readonly #beyond = new Map<number, Decimal>();

  /** `credits`: the words of amounts that do not fit into ints. */
  constructor(credits: Words) {
    this.#credits = credits;
  }

  add(cell: number, amount: Amount): void {
    const [whole, billionths, rest] = amount;
    const sums = this.#sums;
    const at = cell * 3;
    while (sums.length <= at) sums.push(0, 0, 0);
    if (whole < 0) this.#addBeyond(cell, decimalOf(amount, this.#credits));
    else {
      const rests = (sums[at + 2] as number) + rest;
      const middle = (sums[at + 1] as number) + billionths + (rests >= LIMB ? 1 : 0);
      sums[at + 2] = rests >= LIMB ? rests - LIMB : rests;
      sums[at + 1] = middle >= LIMB ? middle - LIMB : middle;
      sums[at] = (sums[at] as number) + whole + (middle >= LIMB ? 1 : 0);
    }
    if ((sums[at] as number) > MOST_WHOLE) {
      this.#addBeyond(cell, { units: BigInt(sums[at] as number), scale: 0 });
      sums[at] = 0;
    }
  }

  #addBeyond(cell: number, credits: Decimal): void {
    addAt(this.#beyond, cell, credits);
  }

  /** The sum of a cell; 0 if nothing was added. */
  total(cell: number): Decimal {
    const [whole = 0, billionths = 0, rest = 0] = this.#sums.slice(cell * 3, cell * 3 + 3);
    return sumOfLimbs(BigInt(whole), BigInt(billionths), BigInt(rest), this.#beyond.get(cell));
  }
}
