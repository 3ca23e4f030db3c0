/** Texts by number, from 0 on in the order in which they are met. */
export class Words {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  /** `first`: texts whose numbers are known beforehand. */
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
