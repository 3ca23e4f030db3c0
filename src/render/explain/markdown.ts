import { markdownSafe } from '../markdown.ts';
import type { Item, Section, Story } from './section.ts';
import { storyFacts, storySections, storyTitle } from './story.ts';

/**
 * The stories as Markdown: a heading per seat and month, one per section, and a list of
 * what each states. Text from inputs is shown as it is and can neither format, nor begin
 * a heading or a list of its own.
 */
export function explainMarkdown(stories: readonly Story[]): string {
  return stories.map(storyMarkdown).join('\n');
}

function storyMarkdown(story: Story): string {
  const parts = [
    `## ${markdownSafe(storyTitle(story))}\n`,
    `${markdownSafe(storyFacts(story))}\n`,
    ...storySections(story).map(sectionMarkdown),
  ];
  return parts.join('\n');
}

function sectionMarkdown({ title, items }: Section): string {
  return `### ${title}\n\n${items.map(itemMarkdown).join('')}`;
}

/** The note is a line of its own in the same paragraph. */
function itemMarkdown({ label, text, note, isNested }: Item): string {
  const indent = isNested ? '  ' : '';
  const named = label === undefined ? '' : `**${label}** `;
  const below = note === undefined ? '' : `\\\n${indent}  ${paragraph(note)}`;
  return `${indent}- ${named}${paragraph(text)}${below}\n`;
}

/** Text that does not begin what Markdown takes for a heading, a list or a quote. */
function paragraph(text: string): string {
  return markdownSafe(text)
    .replace(/^[#+-]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}
