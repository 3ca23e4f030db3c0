/** A row of the Free tier, which costs nothing, by its `tierKey`. */
export const FREE = 'free';

/** Interns texts: numbers them from 0 in order of first appearance. */
export class Words {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  /** `first`: texts with numbers fixed beforehand. */
  constructor(first: readonly string[] = []) {
    for (const text of first) this.numberOf(text);
  }

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  textOf(number: number): string {
    return this.#texts[number] as string;
  }

  get texts(): readonly string[] {
    return this.#texts;
  }
}

/** The number of the Free tier, the first among the tiers. */
export const FREE_TIER = 0;
export const NO_TIER = 1;
export const NO_CAP = 0;
export const NO_LIMIT = 0;

/** The texts that are repeated in reports, by number. */
export class ReportWords {
  readonly clients = new Words();
  readonly profiles = new Words();
  readonly users = new Words();
  readonly tiers = new Words([FREE, '']);
  /** As plain decimals. */
  readonly caps = new Words(['']);
  readonly limits = new Words(['']);
  readonly emails = new Words(['']);
  /** Credits that are too large or too finely divided for ints, as plain decimals. */
  readonly credits = new Words();

  /** All texts, in a form that can be sent to another thread. */
  pack(): PackedWords {
    const texts = Object.entries(this).map(([kind, words]) => [kind, (words as Words).texts]);
    return Object.fromEntries(texts) as PackedWords;
  }

  /** Maps the numbers of another thread's words to ours. */
  numbersOf(packed: PackedWords): WordNumbers {
    const numbers = Object.entries(packed).map(([kind, texts]) => {
      const words = this[kind as keyof PackedWords];
      return [kind, texts.map((text) => words.numberOf(text))];
    });
    return Object.fromEntries(numbers);
  }
}

export type WordNumbers = Readonly<Record<keyof PackedWords, readonly number[]>>;

/** `ReportWords` as plain arrays. */
export type PackedWords = Readonly<
  Record<Exclude<keyof ReportWords, 'pack' | 'numbersOf'>, readonly string[]>
>;
