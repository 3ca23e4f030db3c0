const MUST_QUOTE = /[",;\t\r\n]/;

/** A text as a field of CSV, with quotes where any delimiter needs them. */
export function csvField(text: string): string {
  return MUST_QUOTE.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
