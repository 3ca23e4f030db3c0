import stringWidth from 'string-width';

/** Marks that sit on the character before them; variation selectors are left to string-width. */
const MARKS = /(?![\ufe00-\ufe0f])[\p{Mn}\p{Me}]/gu;
/** Characters that take one column each anywhere: most characters, and quick to recognize. */
const NARROW = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u024f\u2013\u2026\u2588\u2591]*$/;
/** Made when it is needed, since that takes 10 ms. */
let graphemes: Intl.Segmenter | undefined;

/** Whether every character takes one column, so that the text's length is its width. */
function isNarrow(text: string): boolean {
  return NARROW.test(text);
}

/** The columns that a text without control characters takes on a terminal. */
export function displayWidth(text: string): number {
  return isNarrow(text) ? text.length : stringWidth(text.replace(MARKS, ''));
}

/** The text cut at its end to at most `width` columns, a cut one ending in `…`. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  return `${start(text, width - 1)}…`;
}

/**
 * The text cut in its middle to at most `width` columns: ids often begin alike, and
 * differ at their end.
 */
export function shortened(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 5) return truncate(text, width);
  const tail = Math.floor((width - 1) / 2);
  return `${start(text, width - 1 - tail)}…${end(text, tail)}`;
}

/** As much of the text's start as fits; never half a character. */
function start(text: string, width: number): string {
  if (isNarrow(text)) return text.slice(0, width);
  return fitting(charactersOf(text.slice(0, SAMPLE)), width).join('');
}

function end(text: string, width: number): string {
  if (isNarrow(text)) return width === 0 ? '' : text.slice(-width);
  return fitting(charactersOf(text.slice(-SAMPLE)).reverse(), width)
    .reverse()
    .join('');
}

/** Code units that are checked for what fits: more than any terminal is wide. */
const SAMPLE = 4096;

function charactersOf(text: string): string[] {
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return [...graphemes.segment(text)].map(({ segment }) => segment);
}

function fitting(characters: readonly string[], width: number): string[] {
  const kept: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += displayWidth(character);
    if (used > width) break;
    kept.push(character);
  }
  return kept;
}

/** The text filled up with spaces to `width` columns. */
export function padded(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + spaces : spaces + text;
}

/** A place to break a line at, which is not between a currency and its amount. */
const SPACE = /(?<!\b[A-Z]{3}(?= \d)) /;
/** The same, and not in what is in brackets, such as `(O2, O3)`, where it is short. */
const SPACE_OUTSIDE_BRACKETS = new RegExp(`${SPACE.source}(?![^()]{0,20}\\))`);

/** The text in lines of at most `width` columns, broken at spaces, and inside what is longer. */
export function wrapped(text: string, width: number): string[] {
  // Nothing is wider than two columns for each of its units.
  if (2 * text.length <= width && /^[^ ]/.test(text)) return [text];
  return filledLines(
    text.split(SPACE_OUTSIDE_BRACKETS).flatMap((word) => pieces(word, width)),
    width,
  );
}

/** The text in lines of at most `width` columns, except that a longer word is a line of its own: an id can be copied. */
export function wrappedWords(text: string, width: number): string[] {
  return filledLines(text.split(SPACE), width);
}

function filledLines(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let [line, lineWidth] = ['', 0];
  for (const word of words) {
    const wordWidth = displayWidth(word);
    if (line !== '' && lineWidth + 1 + wordWidth <= width) {
      line += ` ${word}`;
      lineWidth += 1 + wordWidth;
      continue;
    }
    if (line !== '') lines.push(line);
    [line, lineWidth] = [word, wordWidth];
  }
  return line === '' ? lines : [...lines, line];
}

function pieces(word: string, width: number): string[] {
  if (displayWidth(word) <= width) return [word];
  const parts: string[] = [];
  let characters = charactersOf(word);
  while (characters.length > 0) {
    const piece = fitting(characters, width);
    const length = Math.max(1, piece.length);
    parts.push(characters.slice(0, length).join(''));
    characters = characters.slice(length);
  }
  return parts;
}

/** Text of these lines, each ending in LF. */
export function textOfLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** The same of any number of lines, one by one. */
export function* chunksOfLines(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

/** The text with a capital first letter. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
