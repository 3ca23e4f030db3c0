/** A row of a table of the page: by heading what a cell says, and its exact number if it is one. */
export type PageRow = Readonly<Record<string, string>>;

/** The part of the page with this id, up to the end of its element. */
export function partOf(page: string, id: string): string {
  const opening = new RegExp(
    `<(section|div|details|p|table)[^>]* id="${id}"|<(section|div) id="${id}"`,
  );
  const match = opening.exec(page);
  if (match === null) throw new Error(`the page has no part ${id}`);
  const name = (match[1] ?? match[2]) as string;
  let depth = 0;
  for (const tag of page.slice(match.index).matchAll(new RegExp(`<(/?)${name}[ >]`, 'g'))) {
    depth += tag[1] === '/' ? -1 : 1;
    if (depth === 0) return page.slice(match.index, match.index + tag.index);
  }
  throw new Error(`part ${id} does not end`);
}

/** The rows of the table in a part of the page, its total included. */
export function tableRows(part: string): PageRow[] {
  const rows = [...part.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row]) =>
    cellsOf(row as string),
  );
  const [headings = [], ...others] = rows;
  return others.map((cells) =>
    Object.fromEntries(headings.map((heading, index) => [heading, cells[index] ?? ''])),
  );
}

function cellsOf(row: string): string[] {
  return [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) =>
    cellText(cell as string),
  );
}

/** What a cell says; of a cut figure the whole, and small print after a line break. */
function cellText(cell: string): string {
  const exact = /^<data value="([^"]*)"/.exec(cell)?.[1];
  return exact ?? textOf(cell.replace('<small>', '\n'));
}

/** The text of a piece of HTML. */
export function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/** A figure as the invoice's JSON writes it, at two decimals or more: a dash is zero. */
export function figure(text: string | undefined): string {
  const plain = (text ?? '').replace(/[^0-9.−-]/g, '').replace('−', '-');
  return withTwoDecimals(plain === '' ? '0' : plain);
}

function withTwoDecimals(number: string): string {
  const [whole, decimals = ''] = number.split('.');
  return `${whole}.${decimals.padEnd(2, '0')}`;
}
