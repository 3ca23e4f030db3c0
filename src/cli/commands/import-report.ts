import { join } from 'node:path';
import type { BillEvidence } from '../../import/bill-evidence.ts';
import type { MergedTables } from '../../import/edits.ts';
import type { Inference } from '../../import/infer.ts';
import type { ReportEvidence } from '../../import/report-evidence.ts';
import { TABLES, type Table, type TextRow } from '../../import/table-rows.ts';
import { DATA_FILES } from '../../input/data-files.ts';
import { countShown } from '../../render/amounts.ts';
import { visible } from '../../render/terminal.ts';
import { wrapped } from '../../render/width.ts';

/** How many rows of each table are new, and how many existed already. */
export type RowCounts = Readonly<
  Record<Table, { readonly added: number; readonly kept: number; readonly gone: number }>
>;

/** Everything that an import reports. */
export interface ImportSummary {
  readonly directory: string;
  readonly written: readonly Table[];
  readonly counts: RowCounts;
  readonly inference: Inference;
  readonly replaced: MergedTables['replaced'];
  readonly leftOut: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * What was written, what is contradictory, what was left out, and what the files cannot show, for
 * the reader to act on.
 */
export function importReport(summary: ImportSummary, width: number): string[] {
  const { directory, written, counts, inference, replaced, leftOut, unknown } = summary;
  const files = written.map((table) => {
    const { added, kept, gone } = counts[table];
    const before = kept === 0 ? '' : `, ${countShown(kept, 'row')} kept`;
    const removed = gone === 0 ? '' : `, ${countShown(gone, 'row')} replaced`;
    return `${join(directory, DATA_FILES[table])}: ${countShown(added, 'row')} added${before}${removed}`;
  });
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [
      'Rows of yours that the files contradict, which were kept:',
      replacedTexts(replaced, inference),
    ],
    ['What to look at:', inference.doubts],
    ['What was left out:', leftOut],
    ['What these files cannot tell, for you to check and correct:', unknown],
  ];
  return [
    ...files,
    ...sections.flatMap(([title, items]) =>
      items.length === 0 ? [] : ['', title, ...items.flatMap((text) => item(text, width))],
    ),
  ];
}

const SHOWN_ROWS = 20;

/** What the files say about seats for which a person's rows are kept. */
function replacedTexts(replaced: MergedTables['replaced'], { users }: Inference): string[] {
  const texts = TABLES.flatMap((table) =>
    table === 'subscriptions'
      ? replaced[table].map((row) => replacedText(row, users.shown(row.principal_id ?? '')))
      : [],
  );
  const more = texts.length - SHOWN_ROWS;
  return more > 0 ? [...texts.slice(0, SHOWN_ROWS), `… and ${more} more`] : texts;
}

function replacedText(row: TextRow, shown: string): string {
  const { profile_id: profile, tier, subscribed_at: from = '', unsubscribed_at: to = '' } = row;
  const end = to === '' ? '' : ` to ${to.slice(0, 10)}`;
  return `${shown} in ${profile}: your row counts; the files show ${tier} from ${from.slice(0, 10)}${end} (${row.inferred_from})`;
}

/** A line of a list, wrapped. */
function item(text: string, width: number): string[] {
  return wrapped(visible(text), width - 4).map(
    (line, index) => `${index === 0 ? '  - ' : '    '}${line}`,
  );
}

/** What the files that were read cannot show about seats. */
export function unknownOf(
  { span, users }: ReportEvidence,
  { months }: BillEvidence,
  lists: readonly string[],
  hasGroups: boolean,
): string[] {
  const [firstMonth] = months;
  const hasBills = firstMonth !== undefined;
  const texts: string[] = [];
  if (span !== undefined) {
    texts.push(
      `The reports cover ${span.first} to ${span.last}: they show nothing before or after.`,
    );
  }
  if (hasBills) {
    texts.push(`The CUR covers ${spanText(months)}: it shows nothing before or after.`);
  }
  if (lists.length > 0) {
    texts.push(
      `The lists of subscriptions show only ${lists.join(', ')}: they do not show when plans changed or ended between them.`,
    );
  }
  if (span !== undefined && !hasBills) {
    texts.push(
      'Idle seats: users without activity are in no report, but are still charged. `import cur` into the same folder adds them.',
      'When seats ended: a user who stopped using Kiro looks the same as one whose seat was cancelled. `import cur` shows it from the next month on; else add unsubscribed_at.',
    );
  }
  if (span === undefined) {
    texts.push(
      hasBills
        ? 'Credits day by day, caps and switches of overage: `import activity` into the same folder adds them.'
        : 'Usage and overage: without reports all credits count as none. `import activity` adds them, and what AWS charged: `import cur`.',
    );
  }
  if (span !== undefined || hasBills) {
    texts.push(
      'When seats began: if no file shows the day, a seat starts on the first of the month in which it is first seen.',
      'When tiers changed: the day is the first on which the new tier was seen, or the first of the month if the old one was last seen in another month.',
    );
  }
  if (hasBills) {
    texts.push(
      'When within a month seats ended: they are paid to the end of the month, so they end at the start of the first month without a fee.',
    );
  }
  if (lists.length === 0)
    texts.push(
      'Pending seats, which are subscribed but not charged yet: `import subscriptions` adds them.',
    );
  if (span !== undefined) {
    texts.push(
      'Caps: each counts from the day on which it was seen; if overage is enabled and Overage_Cap is blank, no cap is assumed. While overage is off, the reports have a preset.',
    );
  }
  const hasNames = users.some(({ email }) => email !== '');
  texts.push(
    hasGroups
      ? 'Which groups are subscribed: every seat is written as a subscription of the user.'
      : 'Groups and cost centers: every seat is written as a subscription of the user. `import users` adds names, groups and cost centers.',
  );
  if (span !== undefined && !hasNames) {
    texts.push('Names: these reports have no User_Email, so users.csv has only ids.');
  }
  return texts;
}

function spanText(months: readonly string[]): string {
  return months.length === 1 ? (months[0] ?? '') : `${months[0]} to ${months.at(-1)}`;
}
