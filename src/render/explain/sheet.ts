import type { Column, Row, Sheet } from '../../domain/sheet.ts';
import type { Item, Section, Story } from './section.ts';
import { storySections } from './story.ts';
import { NAMED_RULES } from './words.ts';

/** The columns of stories as rows. */
export const STORY_COLUMNS: readonly Column[] = [
  'month',
  'profile_id',
  'user_id',
  'section',
  'item',
  'statement',
  'rule',
].map((name) => ({ name, kind: 'text', adds: false }));

/**
 * The stories of one month as rows, one per statement, in the order of the text.
 * `item` is the date or name before a statement, `rule` the ids that it names, with spaces
 * between them.
 */
export function storySheet(stories: readonly Story[], month: string, currency: string): Sheet {
  const rows = stories.flatMap((story) =>
    storySections(story).flatMap((section) => sectionRows(section, story)),
  );
  return {
    month,
    currency,
    columns: STORY_COLUMNS,
    rows,
    totals: STORY_COLUMNS.map(() => undefined),
  };
}

function sectionRows({ title, items }: Section, { period, seat }: Story): Row[] {
  const { profile, userId } = seat;
  return items.map((item) => {
    const statement = statementOf(item);
    const rules = rulesIn(statement).join(' ');
    return [period.month, profile.profileId, userId, title, item.label ?? '', statement, rules];
  });
}

function statementOf({ text, note }: Item): string {
  return note === undefined ? text : `${text}. ${note}`;
}

/** The rules named in parentheses, each once. */
function rulesIn(statement: string): string[] {
  const named = statement.match(NAMED_RULES) ?? [];
  return [...new Set(named.flatMap((ids) => ids.slice(1, -1).split(', ')))];
}
