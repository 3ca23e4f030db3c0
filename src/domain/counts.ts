import { type Decimal, decimalText } from './decimal.ts';

/** `4,399 usage rows`, `1 file`. Intl would do the commas, but takes 5 ms to load. */
export function countShown(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A number, or its text, with a comma at each thousand. */
export function grouped(number: string | number): string {
  const text = String(number);
  const point = text.indexOf('.');
  const [whole, rest] = point < 0 ? [text, ''] : [text.slice(0, point), text.slice(point)];
  return whole.replace(/\B(?=(?:\d{3})+$)/g, ',') + rest;
}

/** A decimal as people read it, exact, with at least `minimumPlaces` decimals: `1,250.75`. */
export function decimalShown(value: Decimal, minimumPlaces = 2): string {
  return grouped(decimalText(value, minimumPlaces));
}

/** The first `most` texts and, if there are more, one that says how many. */
export function firstOf(
  texts: readonly string[],
  most: number,
  moreText: (more: number) => string = (more) => `… and ${grouped(more)} more`,
): string[] {
  const more = texts.length - most;
  return more > 0 ? [...texts.slice(0, most), moreText(more)] : [...texts];
}

/** The first `most` texts in a sentence: `a, b and 3 more`. */
export function firstNamed(texts: readonly string[], most: number): string {
  const more = texts.length - most;
  return `${texts.slice(0, most).join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}`;
}

/** How often each text occurs, in the order of their first. */
export function countsOf(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
