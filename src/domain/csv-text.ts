/** What makes a field be quoted: a lone CR, too. */
const QUOTED = /[",\r\n]/;

/** A row of CSV by RFC 4180, ending in LF; fields are quoted only where they need it. */
export function csvRow(fields: readonly string[]): string {
  return `${fields.map(quoted).join(',')}\n`;
}

function quoted(text: string): string {
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
