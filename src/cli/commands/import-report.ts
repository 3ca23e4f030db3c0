import { join } from 'node:path';
import { twinNotes } from '../../aws/twin-ids.ts';
import { spanText } from '../../domain/billing-period.ts';
import { countsOf, firstNamed, firstOf } from '../../domain/counts.ts';
import { groupBy } from '../../domain/grouping.ts';
import { shortProfileId } from '../../domain/ids.ts';
import { utcDate } from '../../domain/instant.ts';
import { shellWord } from '../../domain/shell-word.ts';
import { compareBytes } from '../../domain/text-order.ts';
import type { EvidenceRead, ImportedDirectory } from '../../import/directory.ts';
import type { MergedTables } from '../../import/edits.ts';
import type { DatedList, People } from '../../import/evidence.ts';
import type { ImportKind } from '../../import/import-settings.ts';
import type { Inference } from '../../import/infer.ts';
import type { TextRow } from '../../import/table-rows.ts';
import { DATA_FILES } from '../../input/data-files.ts';
import { countShown, grouped } from '../../render/amounts.ts';
import { visible } from '../../render/terminal.ts';
import { wrapped } from '../../render/width.ts';
import type { CommandResult } from '../command-result.ts';
import { amazonQNotes } from '../month-bill.ts';
import type { FilesRead } from './import-inputs.ts';

interface ImportEnd {
  readonly directory: string;
  readonly kind: ImportKind;
  readonly files: FilesRead;
  readonly imported: ImportedDirectory;
}

/** How an import ends: what it wrote, what to look at, and the next command. */
export function importResult(end: ImportEnd): CommandResult {
  const { kind, files, imported } = end;
  const { unknownNames } = imported.inference;
  return {
    document: {
      drawn: { text: ({ width }) => reportLines(end, width).map((line) => `${line}\n`) },
    },
    warnings: imported.bills.warnings,
    named: { users: imported.inference.users.named(), profiles: new Map() },
    notes: [
      ...(kind === 'activity' ? files.notes : []),
      ...(kind === 'cur' ? [...files.billNotes, ...billNotes(end)] : []),
      ...unknownNameNotes(unknownNames),
      ...(imported.hasSeats ? [] : [NO_SEATS]),
    ],
    closing: readText(files),
    next: nextCommand(end),
    hasFindings: unknownNames > 0,
  };
}

/**
 * What was written, what is contradictory, what was left out, and what the files cannot show, for
 * the reader to act on.
 */
function reportLines({ directory, files, imported }: ImportEnd, width: number): string[] {
  const { counts, inference, replaced } = imported;
  const written = [...counts].map(([table, { added, kept, gone }]) => {
    const before = kept === 0 ? '' : `, ${countShown(kept, 'row')} kept`;
    const removed = gone === 0 ? '' : `, ${countShown(gone, 'row')} replaced`;
    return `${join(directory, DATA_FILES[table])}: ${countShown(added, 'row')} added${before}${removed}`;
  });
  const reasons = files.evidence.lists.flatMap((list) => list.leftOut);
  const leftOut = [...counted([...reasons, ...inference.leftOutOfLists]), ...inference.leftOut];
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [
      'Rows of yours that the files contradict, which were kept:',
      replacedTexts(replaced, inference),
    ],
    ['What to look at:', [...inference.doubts, ...unfinishedLists(files.evidence.people)]],
    ['What was left out:', leftOut],
    [
      'What these files cannot tell, for you to check and correct:',
      unknownOf(files.evidence, imported.bills.months),
    ],
  ];
  return [
    ...written,
    ...sections.flatMap(([title, items]) =>
      items.length === 0 ? [] : ['', title, ...items.flatMap((text) => item(text, width))],
    ),
  ];
}

/** Lists of people without their last page: users on that page get no name and no cost center. */
function unfinishedLists(people: readonly People[]): string[] {
  const lists = groupBy(
    people.flatMap(({ pages }) => pages),
    ({ list }) => list,
  );
  return [...lists.values()]
    .filter((pages) => pages.every(({ goesOn }) => goesOn))
    .map((pages) => {
      const files = firstNamed(
        [...new Set(pages.map(({ source }) => source))].sort(compareBytes),
        3,
      );
      return `${files} ${pages.length === 1 ? 'is' : 'are'} not the whole list, which goes on (NextToken): save it without --max-items, or give its other pages, too.`;
    });
}

function counted(reasons: readonly string[]): string[] {
  return [...countsOf(reasons)].map(([reason, count]) => `${reason}: ${grouped(count)}`);
}

const SHOWN_ROWS = 20;

/** What the files say about seats for which a person's rows are kept. */
function replacedTexts(replaced: MergedTables['replaced'], { users }: Inference): string[] {
  const texts = replaced.map((row) => replacedText(row, users.shown(row.principal_id ?? '')));
  return firstOf(texts, SHOWN_ROWS);
}

function replacedText(row: TextRow, shown: string): string {
  const {
    profile_id: profile = '',
    tier,
    subscribed_at: from = '',
    unsubscribed_at: to = '',
  } = row;
  const end = to === '' ? '' : ` to ${to.slice(0, 10)}`;
  return `${shown} in ${shortProfileId(profile)}: your row counts; the files show ${tier} from ${from.slice(0, 10)}${end} (${row.inferred_from})`;
}

/** A line of a list, wrapped. */
function item(text: string, width: number): string[] {
  return wrapped(visible(text), width - 4).map(
    (line, index) => `${index === 0 ? '  - ' : '    '}${line}`,
  );
}

/** What the files that were read cannot show about seats. */
function unknownOf({ reports, lists, people }: EvidenceRead, months: readonly string[]): string[] {
  const { span, users } = reports;
  const hasReports = span !== undefined;
  const hasBills = months.length > 0;
  const hasLists = lists.length > 0;
  const hasNames = users.some(({ email }) => email !== '');
  const texts: readonly (string | false)[] = [
    hasReports &&
      `The reports cover ${span.first} to ${span.last}: they show nothing before or after.`,
    hasBills && `The CUR covers ${spanText(months)}: it shows nothing before or after.`,
    hasLists &&
      `The lists of subscriptions show only ${listDays(lists).join(', ')}: they do not show when plans changed or ended between them.`,
    hasReports &&
      !hasBills &&
      'Idle seats: users without activity are in no report, but are still charged. `import cur` into the same folder adds them.',
    hasReports &&
      !hasBills &&
      'When seats ended: a user who stopped using Kiro looks the same as one whose seat was cancelled. `import cur` shows it from the next month on; else add unsubscribed_at.',
    !hasReports &&
      hasBills &&
      'Credits day by day, caps and switches of overage: `import activity` into the same folder adds them.',
    !hasReports &&
      !hasBills &&
      'Usage and overage: without reports all credits count as none. `import activity` adds them, and what AWS charged: `import cur`.',
    (hasReports || hasBills) &&
      'When seats began: if no file shows the day, a seat starts on the first of the month in which it is first seen.',
    (hasReports || hasBills) &&
      'When tiers changed: the day is the first on which the new tier was seen, or the first of the month if the old one was last seen in another month.',
    hasBills &&
      'When within a month seats ended: they are paid to the end of the month, so they end at the start of the first month without a fee.',
    !hasLists &&
      'Pending seats, which are subscribed but not charged yet: `import subscriptions` adds them.',
    hasReports &&
      'Caps: each counts from the day on which it was seen; if overage is enabled and Overage_Cap is blank, no cap is assumed. While overage is off, the reports have a preset.',
    people.length > 0 &&
      'Which groups are subscribed: every seat is written as a subscription of the user.',
    people.length === 0 &&
      'Groups and cost centers: every seat is written as a subscription of the user. `import users` adds names, groups and cost centers.',
    hasReports &&
      !hasNames &&
      'Names: these reports have no User_Email, so users.csv has only ids.',
  ];
  return texts.filter((text) => text !== false);
}

function listDays(lists: readonly DatedList[]): string[] {
  return [...new Set(lists.map(({ at }) => utcDate(at)))].sort(compareBytes);
}

/** Users of the bill who seem to be others of the reports, or are charged twice. */
function billNotes({ files: { evidence, amazonQ }, imported }: ImportEnd): string[] {
  const { users } = imported.inference;
  const bills = [...evidence.bills.values()];
  const billed = bills.flatMap((bill) => [...bill.userIds()]);
  const reported = evidence.reports.users.map(({ userId }) => users.canonical(userId));
  const [currency = ''] = bills.flatMap(({ currencies }) => [...currencies.keys()]);
  return [
    ...twinNotes(
      billed.map((userId) => users.canonical(userId)),
      new Set(reported),
    ),
    ...amazonQNotes(amazonQ, currency),
  ];
}

const NO_SEATS =
  'no seat is known yet, so there is nothing to bill: import activity, cur or subscriptions adds them';

function unknownNameNotes(unknownNames: number): string[] {
  if (unknownNames === 0) return [];
  return [
    `${countShown(unknownNames, 'name')} in the lists ${unknownNames === 1 ? 'matches' : 'match'} no known user, so no seat was written: identify them with import users, from the Identity Store`,
  ];
}

function readText({ reports, bills, evidence: { lists, people } }: FilesRead): string {
  const skipped =
    reports.skipped === 0 ? '' : `, ${countShown(reports.skipped, 'other file')} skipped`;
  const parts = [
    reports.files > 0 &&
      `${countShown(reports.files, 'report')} with ${countShown(reports.rows, 'row')} that count${skipped}`,
    bills.files > 0 &&
      `${countShown(bills.rows, 'Kiro row')} from ${countShown(bills.files, 'file')} of the CUR`,
    lists.length > 0 && `${countShown(lists.length, 'list')} of subscriptions`,
    people.length > 0 && `${countShown(people.length, 'file')} of people`,
  ];
  return `Read ${parts.filter((part) => part !== false).join('; ')}.`;
}

/** The next command, which runs without changes: the settings name what it reads. */
function nextCommand({ directory, kind, files, imported }: ImportEnd): string {
  const { reports, lists } = files.evidence;
  const billed = imported.bills.months.at(-1);
  const reported = reports.span?.last.slice(0, 7);
  const listed = listDays(lists).at(-1)?.slice(0, 7);
  const months = kind === 'cur' ? [billed] : [reported, billed, listed];
  const month = months.find((one) => one !== undefined) ?? 'last';
  if (!imported.hasSeats || month < files.evidence.tiers.since)
    return `check --data ${shellWord(directory)}`;
  const command = kind === 'cur' ? 'reconcile' : 'invoice';
  return `${command} --month ${month} --data ${shellWord(directory)}`;
}
