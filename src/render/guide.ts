import { type Look, paletteOf } from './palette.ts';
import { wrapped } from './width.ts';

/** Text wider than this is hard to read. */
const WIDEST = 100;

/**
 * A page of the guide for a terminal: headings and words between `**` in bold, paragraphs and lists
 * wrapped, examples as they are, words in backquotes in color.
 */
export function guideText(page: string, look: Look): string {
  const palette = paletteOf(look.color);
  const width = Math.min(look.width, WIDEST);
  const lines = page.split('\n').flatMap((line) => {
    if (line.startsWith('#')) return [palette.strong(line.replace(/^#+ /, ''))];
    if (line === '' || line.startsWith('    ')) return [palette.good(line)];
    const isItem = line.startsWith('- ');
    const indent = isItem ? '  ' : '';
    return wrapped(isItem ? line.slice(2) : line, width - indent.length).map((text, index) => {
      const lead = isItem && index === 0 ? '- ' : indent;
      return lead + text;
    });
  });
  const text = painted(lines.join('\n'), /`([^`]+)`/g, palette.rule);
  return painted(text, /\*\*([^*]+)\*\*/g, palette.strong);
}

/** Paints what `marked` finds, without its marks; it may run on over a line end. */
function painted(text: string, marked: RegExp, paint: (text: string) => string): string {
  return text.replace(marked, (_, words: string) => words.split('\n').map(paint).join('\n'));
}
