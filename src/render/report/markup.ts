import { visible } from '../terminal.ts';

/** HTML that is safe to insert into a page. Only `html` and `trusted` create it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template accepts: text is escaped, `undefined` leaves nothing. */
export type Content = string | number | Markup | undefined | readonly Content[];

/**
 * A piece of HTML. Values in the template come out as text, in an element as well as in a quoted
 * attribute: whatever an input contains, it cannot create an element, attribute or script.
 */
export function html(pieces: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = pieces[0] as string;
  for (const [index, content] of contents.entries()) {
    text += textOf(content) + pieces[index + 1];
  }
  return new Markup(text);
}

/** The program's own markup, such as a chart: never text from an input. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function textOf(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (content === undefined) return '';
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escaped(content);
  return content.map(textOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The text with HTML escaped and control characters spelled out. */
function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
