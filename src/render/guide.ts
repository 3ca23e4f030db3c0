import { paletteOf } from './palette.ts';
import { wrapped } from './width.ts';

/** Text wider than this is hard to read. */
const WIDEST = 100;

/**
 * A page of the guide for a terminal: headings in bold, paragraphs and lists wrapped, examples as
 * they are, words in backquotes in color.
 */
export function guideText(page: string, look: { width: number; color: boolean }): string {
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
  return withCode(lines.join('\n'), palette.rule);
}

/** Colors what stands in backquotes, which may run on over a line end. */
function withCode(text: string, paint: (text: string) => string): string {
  return text.replace(/`([^`]+)`/g, (_, code: string) => code.split('\n').map(paint).join('\n'));
}
