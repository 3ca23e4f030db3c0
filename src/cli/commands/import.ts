import { readdir, realpath, rmdir } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { utcDate } from '../../domain/instant.ts';
import { BadInput, WrongUsage } from '../../domain/problem.ts';
import { tiersOfCard } from '../../domain/rate-card.ts';
import { compareBytes } from '../../domain/text-order.ts';
import { type KnownTiers, knownTiers } from '../../domain/tier.ts';
import {
  type Edits,
  type ExistingTables,
  editsOf,
  type ImportedTables,
  inTextOrder,
  isOwnFile,
  type MergedTables,
  mergeEdits,
} from '../../import/edits.ts';
import { type People, placeKey } from '../../import/evidence.ts';
import { type Inference, inferDirectory, type PlacedList, placeOfRow } from '../../import/infer.ts';
import { ListProfiles } from '../../import/list-profile.ts';
import type { ReportEvidence } from '../../import/report-evidence.ts';
import {
  type ExistingTable,
  factText,
  readTextTable,
  TABLES,
  type Table,
  type TextTables,
  tableText,
} from '../../import/table-rows.ts';
import { tierOrder } from '../../import/tier-order.ts';
import { type ByteSource, readFailure, readWhole } from '../../input/byte-source.ts';
import { readUnchanged } from '../../input/changed-files.ts';
import { DATA_FILES, type DataFile, DirectoryNames } from '../../input/data-files.ts';
import { exists, fileSource } from '../../input/folder.ts';
import { nearest } from '../../input/nearest.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { readRateCard } from '../../input/rate-card.ts';
import { readRecords } from '../../input/records.ts';
import { SETTINGS_FILE } from '../../input/settings.ts';
import { countShown } from '../../render/amounts.ts';
import type { CommandResult } from '../command-result.ts';
import type { Context } from '../context.ts';
import { withDirectoryLock } from '../directory-lock.ts';
import { makeFolder, recoverUnit, writeUnit } from '../directory-unit.ts';
import { widthOf } from '../host.ts';
import { shellWord } from '../shell-word.ts';
import {
  type BillsRead,
  type ListRead,
  type ReportsRead,
  readBillsOf,
  readListOf,
  readPeopleOf,
  readReportsOf,
} from './import-inputs.ts';
import { importReport, type RowCounts, unknownOf } from './import-report.ts';
import {
  type ImportSettings,
  pathFrom,
  readImportSettings,
  settingPath,
  settingsText,
  sortedPaths,
} from './import-settings.ts';

interface ImportOptions {
  readonly output: string;
  readonly force?: boolean;
  readonly costCenterTag?: string;
  /** `YYYY-MM-DD`. */
  readonly asOf?: string;
  readonly profile?: string;
  readonly reportedCredits?: 'beside' | 'inside';
}

const KINDS = ['activity', 'cur', 'subscriptions', 'users'] as const;
type Kind = (typeof KINDS)[number];

const IMPORTED_FILE = 'imported.json';

/**
 * Makes a data directory from everything that AWS's own files and directories of people show,
 * including files given to earlier imports.
 */
export async function run(
  context: Context,
  options: ImportOptions,
  [asked = '', ...paths]: readonly string[],
): Promise<CommandResult> {
  const kind = kindAsked(asked);
  refuseListOptions(kind, options);
  refuseReportOptions(kind, options);
  const { output: directory } = options;
  for (const path of paths) await refuseOwnOutput(path, directory);
  const isNew = await makeFolder(directory, 'import needs', '--output ');
  try {
    return await withDirectoryLock(directory, context.host, async () => {
      await recoverUnit(directory);
      return new Import(context, kind, paths, options).run();
    });
  } catch (error) {
    // rmdir removes only an empty folder.
    if (isNew) await rmdir(directory).catch(() => {});
    throw error;
  }
}

function kindAsked(text: string): Kind {
  const found = KINDS.find((kind) => kind === text.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(text, KINDS);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  const names = KINDS.map((kind) => `import ${kind}`);
  throw new WrongUsage(
    `import ${text}: there is ${names.slice(0, -1).join(', ')} and ${names.at(-1)}${hint}`,
  );
}

function refuseListOptions(kind: Kind, { asOf, profile }: ImportOptions): void {
  if (kind === 'subscriptions' || (asOf === undefined && profile === undefined)) return;
  const option = asOf === undefined ? '--profile' : '--as-of';
  throw new WrongUsage(
    `${option} is for import subscriptions: import ${kind} takes it from the files`,
  );
}

function refuseReportOptions(kind: Kind, { reportedCredits }: ImportOptions): void {
  if (kind === 'activity' || reportedCredits === undefined) return;
  throw new WrongUsage(
    `--reported-credits is for import activity: import ${kind} reads no activity reports`,
  );
}

/** Refuses inputs that contain the output, as a later import, or the bill, would read it. */
async function refuseOwnOutput(path: string, directory: string): Promise<void> {
  const [source, target] = [await realPath(path), await realPath(directory)];
  const names: readonly string[] = Object.values(DATA_FILES);
  const isTable = names.some((name) => source === join(target, name));
  const isAround = `${target}${sep}`.startsWith(`${source}${sep}`);
  if (!isTable && !isAround) return;
  throw new WrongUsage(
    `--output ${directory} would overwrite what import reads from ${path}: name another folder`,
  );
}

async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

/** The content of the directory before an import. */
interface Before {
  readonly existing: ExistingTables;
  readonly imported: ImportedTables;
  readonly edits: Edits;
}

class Import {
  readonly #context: Context;
  readonly #kind: Kind;
  readonly #paths: readonly string[];
  readonly #options: ImportOptions;
  readonly #directory: string;
  #tiers: KnownTiers = knownTiers();
  #rankOf = tierOrder();
  #cardFile = '';
  #names = new DirectoryNames([]);

  constructor(context: Context, kind: Kind, paths: readonly string[], options: ImportOptions) {
    this.#context = context;
    this.#kind = kind;
    this.#paths = paths;
    this.#options = options;
    this.#directory = options.output;
  }

  async run(): Promise<CommandResult> {
    const directory = this.#directory;
    await this.#findNames();
    const settings = this.#settings(
      await readImportSettings(directory, this.#nameOf(SETTINGS_FILE)),
    );
    await this.#readCard(settings);
    const before = await this.#before();
    const read = await this.#context.stopwatch.time('reading', () => this.#read(settings));
    const { reports, bills, people, lists } = read;
    const placed = this.#placedLists(lists, read, before.edits.own);
    const inference = inferDirectory({
      reports: reports.evidence,
      bills: bills.evidence,
      lists: placed,
      people,
      tags: bills.tags,
      own: before.edits.own,
      importedProfiles: importedPlaces(before.imported),
      rankOf: this.#rankOf,
    });
    const { existing, imported, edits } = before;
    const hasOwnActivations = isOwnFile('activations', existing, imported);
    const merged = mergeEdits(edits, inference, hasOwnActivations);
    const texts = tableTexts(before, merged, tablesOf(settings, people));
    await this.#refuseUnreadable(texts);
    const files = new Map<string, string>();
    for (const [table, text] of texts) files.set(this.#nameOf(DATA_FILES[table]), text);
    const written = importedTables(before, merged, [...texts.keys()]);
    files.set(IMPORTED_FILE, `${JSON.stringify({ tables: written })}\n`);
    files.set(
      this.#nameOf(SETTINGS_FILE),
      settingsText(settingsWithProfiles(settings, placed, inference, reports.evidence)),
    );
    await writeUnit(directory, files);
    const width = widthOf(this.#context.host);
    const unknown = unknownOf(
      reports.evidence,
      bills.evidence,
      [...new Set(lists.map(({ asOf }) => asOf))].sort(compareBytes),
      people.length > 0,
    );
    const lines = importReport(
      {
        directory,
        written: [...texts.keys()],
        counts: rowCounts(before.existing, merged),
        inference,
        replaced: merged.replaced,
        leftOut: [...countedLeftOut(lists), ...inference.leftOut],
        unknown,
      },
      width,
    );
    return {
      document: {
        drawn: { text: () => lines.map((line) => `${line}\n`) },
        isForStandardOutput: true,
      },
      warnings: bills.evidence.warnings,
      notes: [...this.#notes(read), ...unknownNameNotes(inference)],
      closing: `${summaryOf(read)} ${this.#hint(read)}`,
      hasFindings: inference.unknownNames > 0,
    };
  }

  /** Reads the names of the files in the directory, which are matched like those of data files. */
  async #findNames(): Promise<void> {
    try {
      this.#names = new DirectoryNames(await readdir(this.#directory));
      this.#cardFile = join(this.#directory, this.#nameOf(DATA_FILES.rates));
    } catch (error) {
      throw readFailure(this.#directory, error);
    }
  }

  /** The tiers of the rate card that the settings name, or that is in the directory. */
  async #readCard({ others: { rates } }: ImportSettings): Promise<void> {
    const isNamed = typeof rates === 'string';
    if (isNamed) this.#cardFile = pathFrom(this.#directory, rates);
    const bytes = await bytesOf(this.#cardFile);
    if (bytes === undefined && !isNamed) return;
    const stream = bytes && { stream: once(bytes) };
    const log = new ProblemLog();
    const card = await readRateCard({ file: this.#cardFile, ...stream }, log);
    if (card === undefined) throw new BadInput(log.kept, log.total);
    this.#tiers = knownTiers(tiersOfCard(card));
    this.#rankOf = tierOrder(card);
  }

  #nameOf(name: string): string {
    return this.#names.matching(name)[0] ?? name;
  }

  /** The settings, with the paths given to this import. */
  #settings(settings: ImportSettings): ImportSettings {
    const added = this.#paths.map((path) => settingPath(this.#directory, path));
    const { costCenterTag, profile, asOf, reportedCredits } = this.#options;
    const tagged =
      costCenterTag === undefined ? settings : { ...settings, cost_center_tag: costCenterTag };
    const withPaths = (key: 'usage' | 'cur' | 'people'): ImportSettings => ({
      ...tagged,
      [key]: sortedPaths([...tagged[key], ...added]),
    });
    if (this.#kind === 'activity') {
      const decided = reportedCredits && { reported_credits: reportedCredits };
      return { ...withPaths('usage'), others: { ...settings.others, ...decided } };
    }
    if (this.#kind === 'cur') return withPaths('cur');
    if (this.#kind === 'users') return withPaths('people');
    const others = tagged.subscription_lists.filter(({ path }) => !added.includes(path));
    const lists = [...new Set(added)].map((path) => {
      const known = tagged.subscription_lists.find((one) => one.path === path);
      const whose = profile ?? known?.profile;
      return {
        path,
        ...(whose === undefined ? {} : { profile: whose }),
        ...(asOf === undefined ? {} : { as_of: asOf }),
      };
    });
    const sorted = [...others, ...lists].sort((a, b) => compareBytes(a.path, b.path));
    return { ...tagged, subscription_lists: sorted };
  }

  /** The content of the directory; empty with `--force`. */
  async #before(): Promise<Before> {
    const existing: Partial<Record<Table, ExistingTable>> = {};
    if (this.#options.force !== true) {
      for (const table of TABLES) {
        const file = join(this.#directory, this.#nameOf(DATA_FILES[table]));
        const bytes = await bytesOf(file);
        if (bytes !== undefined)
          existing[table] = await readTextTable(table, { file, stream: once(bytes) });
      }
    }
    const imported = this.#options.force === true ? {} : await this.#imported();
    return { existing, imported, edits: editsOf(existing, imported) };
  }

  async #imported(): Promise<ImportedTables> {
    const file = join(this.#directory, IMPORTED_FILE);
    const bytes = await bytesOf(file);
    if (bytes === undefined) return {};
    try {
      return (JSON.parse(bytes.toString()) as { tables: ImportedTables }).tables;
    } catch {
      const what =
        'not what an import has written: restore it, or import with --force, which forgets what you changed';
      throw new BadInput([{ file, what }]);
    }
  }

  async #read(settings: ImportSettings): Promise<ImportRead> {
    const log = new ProblemLog();
    const here = (path: string): string => pathFrom(this.#directory, path);
    const wanted = new Set(
      this.#kind === 'activity'
        ? this.#paths.map((path) => here(settingPath(this.#directory, path)))
        : [],
    );
    const tiers = this.#tiers;
    const reports = await readReportsOf(
      settings.usage.map(here),
      wanted,
      tiers,
      log,
      this.#context,
    );
    const bills = await readBillsOf(
      settings.cur.map(here),
      reports.evidence,
      settings.cost_center_tag,
      tiers,
      this.#rankOf,
      log,
      this.#context,
    );
    const people = await readPeopleOf(settings.people.map(here), log);
    const lists: ListRead[] = [];
    const files = settings.subscription_lists.map(({ path }) => ({ file: here(path) }));
    await readUnchanged(files, log, async () => {
      for (const { path, profile, as_of } of settings.subscription_lists) {
        lists.push(await readListOf(here(path), profile, as_of, tiers, log));
      }
    });
    if (log.total > 0) throw log.failure;
    return { reports, bills, people, lists };
  }

  #placedLists(
    lists: readonly ListRead[],
    { reports, bills }: ImportRead,
    own: TextTables,
  ): PlacedList[] {
    const profiles = new ListProfiles(reports.evidence, bills.evidence, own.profiles);
    const named = lists.map((list) => ({
      list,
      place: list.profile === undefined ? undefined : profiles.named(list.profile),
    }));
    return named.map(({ list, place: known }) => {
      const place = known ?? (list.profile === undefined ? profiles.only() : undefined);
      if (place === undefined) throw noProfile(list, profiles);
      const isArn = list.profile?.startsWith('arn:') === true;
      const { at, name, users, profile } = list;
      return {
        place,
        at,
        name,
        users,
        ...(isArn && profile !== undefined ? { profileId: profile } : {}),
      };
    });
  }

  /** Everything written must be readable, together with the other files of the directory. */
  async #refuseUnreadable(texts: ReadonlyMap<Table, string>): Promise<void> {
    const log = new ProblemLog();
    const tables: { [Kind in DataFile]?: ByteSource } = {};
    for (const kind of Object.keys(DATA_FILES) as DataFile[]) {
      const isCard = kind === 'rates';
      const file = isCard ? this.#cardFile : join(this.#directory, this.#nameOf(DATA_FILES[kind]));
      const text = texts.get(kind as Table);
      const bytes = text === undefined ? await bytesOf(file) : Buffer.from(text);
      if (bytes !== undefined) tables[kind] = { file, stream: once(bytes) };
    }
    const { subscriptions, ...others } = tables;
    if (subscriptions === undefined) throw new Error('an import without subscriptions');
    await readRecords({ tables: { ...others, subscriptions }, problems: [] }, log);
    if (log.total > 0) throw log.failure;
  }

  #notes({ reports }: ImportRead): readonly string[] {
    return this.#kind === 'activity' ? reports.notes : [];
  }

  /** The next command, which runs without changes: the settings name what it reads. */
  #hint({ reports, bills, lists }: ImportRead): string {
    const data = `--data ${shellWord(this.#directory)}`;
    const billed = bills.evidence.months.at(-1);
    const reported = reports.evidence.span?.last.slice(0, 7);
    const listed = lists
      .map(({ asOf }) => asOf.slice(0, 7))
      .sort(compareBytes)
      .at(-1);
    const months = this.#kind === 'cur' ? [billed] : [reported, billed, listed];
    const month = months.find((one) => one !== undefined) ?? 'last';
    const command = this.#kind === 'cur' ? 'reconcile' : 'invoice';
    const here = (path: string): string =>
      shellWord(pathFrom(this.#directory, settingPath(this.#directory, path)));
    const input =
      this.#kind === 'cur'
        ? this.#paths.map((path) => ` --cur ${here(path)}`).join('')
        : this.#kind === 'activity'
          ? this.#paths.map((path) => ` --usage ${here(path)}`).join('')
          : '';
    return `Now try: kiro-bill ${command} --month ${month} ${data}${input}`;
  }
}

interface ImportRead {
  readonly reports: ReportsRead;
  readonly bills: BillsRead;
  readonly people: Awaited<ReturnType<typeof readPeopleOf>>;
  readonly lists: readonly ListRead[];
}

function noProfile({ path, profile }: ListRead, profiles: ListProfiles): Error {
  if (profile !== undefined) {
    const known = profiles.titles().join(', ');
    return new WrongUsage(
      `--profile ${profile}: no profile of the data has this id, and it is no profile ARN${known === '' ? '' : ` (there is ${known})`}`,
    );
  }
  const known = profiles.titles();
  const how =
    known.length === 0
      ? "give the profile's ARN with --profile"
      : `give ${known.map((title) => `--profile ${shellWord(title)}`).join(' or ')}`;
  return new WrongUsage(`${path}: it does not say whose list it is: ${how}`);
}

function importedPlaces({ profiles }: ImportedTables): Set<string> {
  const rows = [...(profiles?.rows ?? []), ...(profiles?.removed ?? [])];
  return new Set(rows.flatMap(placeOfRow).map(placeKey));
}

/** The tables that the files can fill, whether or not they have rows for them. */
function tablesOf({ usage, cur, subscription_lists }: ImportSettings, people: readonly People[]) {
  const tables = new Set<Table>(['users']);
  if (usage.length + cur.length + subscription_lists.length > 0) {
    // Even without rows, the activations file says that seats are pending (H3).
    for (const table of [...SEAT_TABLES, 'activations'] as const) tables.add(table);
  }
  if (people.some(({ groups, memberships }) => groups.length + memberships.length > 0)) {
    tables.add('groups').add('groupMembers');
  }
  return tables;
}

/** The tables that every import writes. */
const SEAT_TABLES = ['profiles', 'subscriptions', 'tierChanges', 'overageChanges'] as const;

/** The tables to write: those that the files can fill, and missing tables of seats. A person's other tables stay unchanged. */
function tableTexts(
  { existing, imported }: Before,
  { own, inferred }: MergedTables,
  fillable: ReadonlySet<Table>,
): Map<Table, string> {
  const missing = SEAT_TABLES.filter((table) => existing[table] === undefined);
  const all = new Set<Table>([...fillable, ...missing, ...(Object.keys(imported) as Table[])]);
  return new Map(
    TABLES.filter((table) => all.has(table)).map((table) => [
      table,
      tableText(table, own[table], inferred[table], existing[table]?.columns ?? []),
    ]),
  );
}

/** What the next import needs to know about the tables that are written. */
function importedTables(
  { existing, imported, edits }: Before,
  { inferred, filled }: MergedTables,
  written: readonly Table[],
): ImportedTables {
  return Object.fromEntries(
    written.map((table) => [
      table,
      {
        rows: inferred[table],
        removed: inTextOrder(table, edits.removed[table]),
        isOwn: isOwnFile(table, existing, imported),
        ...(table === 'users' ? { filled } : {}),
      },
    ]),
  );
}

function rowCounts(existing: ExistingTables, { own, inferred }: MergedTables): RowCounts {
  return Object.fromEntries(
    TABLES.map((table) => {
      const before = new Set((existing[table]?.rows ?? []).map((row) => factText(table, row)));
      const rows = [...own[table], ...inferred[table]].map((row) => factText(table, row));
      const kept = rows.filter((row) => before.has(row)).length;
      return [table, { added: rows.length - kept, kept, gone: Math.max(0, before.size - kept) }];
    }),
  ) as unknown as RowCounts;
}

/** The settings, each list with its day and its profile's id: the id that was given if only lists name the profile. */
function settingsWithProfiles(
  settings: ImportSettings,
  placed: readonly PlacedList[],
  { profileIds }: Inference,
  { profiles }: ReportEvidence,
): ImportSettings {
  const reported = new Set(profiles.flatMap(({ ids }) => [...ids.keys()]));
  const lists = settings.subscription_lists.map(({ path }, index) => {
    const { place, profileId: given, at } = placed[index] as PlacedList;
    const inferred = profileIds.get(placeKey(place)) ?? placeKey(place);
    const profile = given === undefined || reported.has(given) ? inferred : given;
    return { path, profile, as_of: utcDate(at) };
  });
  return { ...settings, subscription_lists: lists };
}

function countedLeftOut(lists: readonly ListRead[]): string[] {
  const counts = new Map<string, number>();
  for (const reason of lists.flatMap(({ leftOut }) => leftOut)) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `${reason}: ${count}`);
}

function unknownNameNotes({ unknownNames }: Inference): string[] {
  if (unknownNames === 0) return [];
  return [
    `${countShown(unknownNames, 'name')} in the lists ${unknownNames === 1 ? 'matches' : 'match'} no known user, so no seat was written: identify them with import users, from the Identity Store`,
  ];
}

function summaryOf({ reports, bills, people, lists }: ImportRead): string {
  const parts = [
    ...(reports.files === 0
      ? []
      : [
          `${countShown(reports.files, 'report')} with ${countShown(reports.rows, 'row')} that count${reports.skipped === 0 ? '' : `, ${countShown(reports.skipped, 'other file')} skipped`}`,
        ]),
    ...(bills.files === 0
      ? []
      : [
          `${countShown(bills.rows, 'Kiro row')} from ${countShown(bills.files, 'file')} of the CUR`,
        ]),
    ...(lists.length === 0 ? [] : [`${countShown(lists.length, 'list')} of subscriptions`]),
    ...(people.length === 0 ? [] : [`${countShown(people.length, 'file')} of people`]),
  ];
  return `Read ${parts.join('; ')}.`;
}

async function bytesOf(file: string): Promise<Buffer | undefined> {
  if (!(await exists(file))) return undefined;
  return readWhole(await fileSource(file), MOST_MEBIBYTES, 'table that can be imported into');
}

/** Tables of millions of rows are smaller. */
const MOST_MEBIBYTES = 512;

/** The bytes as a stream, for the readers of files. */
async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
