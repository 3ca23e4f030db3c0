import { type Look, type Paint, type Palette, paletteOf } from '../palette.ts';
import { padded, textOfLines, truncate, wrapped } from '../width.ts';
import { type Item, NAMED_RULES, type Section, type Story } from './section.ts';
import { storyFacts, storySections, storyTitle } from './story.ts';

/**
 * The story of one seat in one month, for people, ending in LF: who, where the seat comes
 * from, the tier held, the credits, each charge with its arithmetic, and what comes next.
 */
export function explainText(story: Story, { width, color }: Look): string {
  const palette = paletteOf(color);
  const lines = [
    ...wrapped(storyTitle(story), width).map(palette.strong),
    ...wrapped(storyFacts(story), width).map((text) => withRules(text, palette)),
    ...storySections(story).flatMap((section) => sectionLines(section, width, palette)),
  ];
  return textOfLines(lines);
}

const INDENT = '  ';
const LABEL_GAP = '  ';

function sectionLines({ title, items }: Section, width: number, palette: Palette): string[] {
  const labelWidth = Math.max(...items.map(({ label }) => label?.length ?? 0));
  return [
    '',
    palette.strong(truncate(title, width)),
    ...items.flatMap((item) => itemLines(item, labelWidth, width, palette)),
  ];
}

function itemLines(item: Item, labelWidth: number, width: number, palette: Palette): string[] {
  const label = item.label === undefined ? '' : `${padded(item.label, labelWidth)}${LABEL_GAP}`;
  const start = `${INDENT}${item.isNested ? '- ' : ''}${label}`;
  const room = Math.max(MINIMUM_ROOM, width - start.length);
  const paint: Paint = item.look === undefined ? (text) => text : palette[item.look];
  const text = item.bar === undefined ? item.text : `${item.text} ${item.bar}`;
  const statement = wrapped(text, room).map((line) => withRules(paint(line), palette));
  const note = wrapped(item.note ?? '', room).map((line) => palette.faint(line));
  return [...statement, ...note].map(
    (line, index) => `${index === 0 ? start : ' '.repeat(start.length)}${line}`,
  );
}

const MINIMUM_ROOM = 12;

/** Sets the ids of rules off by color. */
function withRules(text: string, palette: Palette): string {
  return text.replace(NAMED_RULES, (rules) => palette.rule(rules));
}
