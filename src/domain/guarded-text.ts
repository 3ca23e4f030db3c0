/** What a spreadsheet takes for the start of a formula, as a class of characters in a pattern. */
export const FORMULA_STARTS = '=+\\-@＝＋－＠';

/** A text that a spreadsheet would take for a formula. */
const FORMULA = new RegExp(`^[${FORMULA_STARTS}\\t\\r\\n]`);

/** Text with a `'` before it where a spreadsheet would take it for a formula. */
export function guardedText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
