import { type ColumnOf, column, MONTH_COLUMN, type Sheet, sheetOf } from '../../domain/sheet.ts';
import { type Item, NAMED_RULES, type Story } from './section.ts';
import { storySections } from './story.ts';

/** A statement with the story and section that it is in. */
interface Statement {
  readonly story: Story;
  readonly section: string;
  readonly item: Item;
}

/**
 * The columns of stories as rows. `item` is the date or name before a statement, `rule` the ids
 * that it names, with spaces between them.
 */
export const STORY_COLUMNS: readonly ColumnOf<Statement>[] = [
  MONTH_COLUMN,
  column('profile_id', 'id', ({ story }) => story.seat.profile.profileId),
  column('user_id', 'id', ({ story }) => story.seat.userId),
  column('section', 'text', ({ section }) => section),
  column('item', 'text', ({ item }) => item.label ?? ''),
  column('statement', 'text', ({ item }) => statementOf(item)),
  column('rule', 'text', ({ item }) => rulesIn(statementOf(item)).join(' ')),
];

/** The stories of one month as rows, one per statement, in the order of the text. */
export function storySheet(stories: readonly Story[], month: string, currency: string): Sheet {
  const statements = stories.flatMap((story) =>
    storySections(story).flatMap(({ title, items }) =>
      items.map((item) => ({ story, section: title, item })),
    ),
  );
  return sheetOf({ month, currency }, STORY_COLUMNS, statements);
}

function statementOf({ text, note }: Item): string {
  return note === undefined ? text : `${text}. ${note}`;
}

/** The rules named in parentheses, each once. */
function rulesIn(statement: string): string[] {
  const named = statement.match(NAMED_RULES) ?? [];
  return [...new Set(named.flatMap((ids) => ids.slice(1, -1).split(', ')))];
}
