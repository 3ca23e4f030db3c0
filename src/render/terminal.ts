/**
 * What a terminal would obey or hide, as a class of characters in a pattern: DEL and C1, line and
 * paragraph separators, the bidirectional controls, and characters that are not seen at all. The
 * joiners (U+200C, U+200D) stay: scripts and emoji need them, and they move nothing.
 */
export const UNSEEN = String.raw`\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb`;

/** These, C0, and halves of characters. */
const HARMFUL = new RegExp(String.raw`[\u0000-\u001f${UNSEEN}\ud800-\udfff]`, 'gu');

/** Characters that are invisible to people, and more marks on one character than any script needs. */
const UNSEEN_TAGS = /[\u{e0000}-\u{e007f}]/gu;
const FLOOD_OF_MARKS = /(\p{M}{4})\p{M}+/gu;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * The text with harmful characters spelled out: `\n`, `\x1b`, `\u202e`. It stays on one line.
 * Tags, and marks beyond four on one character, are removed.
 */
export function visible(text: string): string {
  const seen = text.replace(UNSEEN_TAGS, '').replace(FLOOD_OF_MARKS, '$1');
  return seen.replace(HARMFUL, (character) => NAMED[character] ?? spelledOut(character));
}

function spelledOut(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
}
