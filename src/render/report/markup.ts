import { visible } from '../terminal.ts';

/** HTML that may stand in a page as it is. Only `html` and `trusted` make it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text is escaped, `undefined` leaves nothing. */
export type Content = string | number | Markup | undefined | readonly Content[];

/**
 * A piece of HTML. What is put into the template comes out as text, in an element as well
 * as in a quoted attribute: whatever an input holds, it makes no element, attribute or script.
 */
export function html(pieces: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let text = pieces[0] as string;
  for (const [index, content] of contents.entries()) {
    text += textOf(content) + pieces[index + 1];
  }
  return new Markup(text);
}

/** Markup of the program's own, such as a chart: never text of an input. */
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

/** The text as it reads, its control characters spelled out. */
function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
