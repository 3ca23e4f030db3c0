/** Characters that a spreadsheet takes for the start of a formula, if a text begins with one. */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/;

/** Text with a `'` before it where a spreadsheet would take it for a formula. */
export function guardedText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
