import { valueAt } from './grouping.ts';

/** What separates the whole part of a number from its fraction. */
export type DecimalMark = ',' | '.';

/** What a number shows about the decimal mark of its file. */
interface ShownMark {
  readonly mark: DecimalMark;
  /** Whether the mark can only be decimal; `1,250` and `1.250` could be thousands, too. */
  readonly isCertain: boolean;
}

const ONE_MARK = /^[^.,]*([.,])[^.,]*$/;
const EITHER = /^-?[1-9]\d{0,2}[.,]\d{3}$/;

/**
 * What a number in a file separated by semicolons or tabs shows about its decimal mark;
 * nothing if it has none, or more than one and is therefore not a number.
 */
export function shownMark(text: string): ShownMark | undefined {
  const mark = ONE_MARK.exec(text)?.[1] as DecimalMark | undefined;
  return mark === undefined ? undefined : { mark, isCertain: !EITHER.test(text) };
}

/**
 * Rewrites a number with a comma or a point to one with a point, which is read like
 * any other. A text with several marks is unchanged, and is not a number.
 */
export function withPoint(text: string): string {
  return ONE_MARK.test(text) ? text.replace(',', '.') : text;
}

/** How to write an ambiguous number: without a fraction, or with one. */
export function unambiguousForms(text: string): readonly [whole: string, fraction: string] {
  const [whole, fraction] = text.split(/[.,]/) as [string, string];
  const mark = text.includes(',') ? ',' : '.';
  const short = fraction.replace(/0+$/, '').padEnd(1, '0');
  return [`${whole}${fraction}`, `${whole}${mark}${short.length === 3 ? `${short}0` : short}`];
}

/** A number at some place of a file. */
export interface MarkedNumber {
  readonly line: number;
  readonly column: string;
  readonly text: string;
}

/** A number that is bad input because of its decimal mark, and why. */
export interface MarkFinding {
  readonly number: MarkedNumber;
  readonly what: string;
  /** What is wrong, without the correction for this number. */
  readonly kind: string;
}

const UNKNOWN_MARK = 'could be a number of thousands or one with a fraction';

/**
 * What the numbers in one file separated by semicolons or tabs show about its decimal
 * mark.
 */
export class DecimalMarks {
  /** For each mark, the first number that proves it decimal. */
  readonly #proofs = new Map<DecimalMark, MarkedNumber>();
  readonly #ambiguous = new Map<DecimalMark, MarkedNumber[]>();

  /** Adds a number as it is written in the file; numbers are added in the order of their lines. */
  add(number: MarkedNumber): void {
    const shown = shownMark(number.text);
    if (shown === undefined || this.#proofs.has(shown.mark)) return;
    if (shown.isCertain) this.#prove(shown.mark, number);
    else valueAt(this.#ambiguous, shown.mark, () => []).push(number);
  }

  /** The marks that the file has shown to be decimal, in the order of their proofs. */
  get proven(): readonly DecimalMark[] {
    return [...this.#proofs.keys()];
  }

  /**
   * The numbers that are bad input, in line order, once the whole file has been
   * read: the ambiguous ones, and the first that uses the other mark.
   */
  get findings(): readonly MarkFinding[] {
    const kept = [...this.#proofs.values(), ...[...this.#ambiguous.values()].flat()];
    return this.findingsAmong(kept.sort((a, b) => a.line - b.line));
  }

  /** Those of these numbers that are bad input by what the file has shown so far. */
  findingsAmong(numbers: readonly MarkedNumber[]): MarkFinding[] {
    const [first, second] = this.#proofs.values();
    return numbers.flatMap((number) => {
      const shown = shownMark(number.text);
      if (number === second) return [secondMark(number, first as MarkedNumber)];
      if (shown === undefined || this.#proofs.has(shown.mark)) return [];
      return [ambiguousMark(number, this.proven[0])];
    });
  }

  #prove(mark: DecimalMark, number: MarkedNumber): void {
    this.#proofs.set(mark, number);
    this.#ambiguous.delete(mark);
  }
}

/** A number whose mark could separate thousands or a fraction; `proven`: the decimal mark of its file, if known. */
function ambiguousMark(number: MarkedNumber, proven: DecimalMark | undefined): MarkFinding {
  const [whole, fraction] = unambiguousForms(number.text);
  const written = proven === undefined ? fraction : fraction.replace(/[.,]/, proven);
  const what = `could be ${whole} or ${fraction}, and no other number of the file has that mark before its decimals: write ${whole} or ${written}`;
  return { number, what, kind: UNKNOWN_MARK };
}

function secondMark(number: MarkedNumber, { text, line }: MarkedNumber): MarkFinding {
  const [mark, other] = text.includes(',') ? [',', '.'] : ['.', ','];
  const what = `the decimal mark is "${other}" here, but "${mark}" in line ${line} (${text}): use one of them in the whole file`;
  return { number, what, kind: what };
}
