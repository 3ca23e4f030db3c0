import type { Identities } from '../domain/identities.ts';
import type { Problem } from '../domain/problem.ts';
import { BUILT_IN_RATE_CARD, type RateCard, tiersOfCard } from '../domain/rate-card.ts';
import type { BillingRecords, OverageChange, Profile } from '../domain/records.ts';
import { knownTiers } from '../domain/tier.ts';
import type { ByteSource } from './byte-source.ts';
import { changedFiles, type FileStates, fileStates } from './changed-files.ts';
import type { InputFiles } from './data-directory.ts';
import { anyTier, tierField } from './fields.ts';
import { readGroups, readMemberships, UserRegister } from './people.ts';
import { ProblemLog } from './problem-log.ts';
import { type ProfileRegister, readProfiles } from './profiles.ts';
import { readSubscriptions } from './subscriptions.ts';
import { readActivations, readOverageChanges } from './switches.ts';

/** The tables to read, and the problems in finding them. */
type TablesAndProblems = Pick<InputFiles, 'tables' | 'problems'>;

/** Everything that was read except usage. */
export interface ReadRecords {
  /** Whether nothing is wrong with any of it: else it is not to be billed. */
  readonly areGood: boolean;
  readonly records: BillingRecords;
  readonly card: RateCard;
  readonly profiles: ProfileRegister;
  readonly identities: Identities;
  /** Notes on columns that were probably meant to be read. */
  readonly notes: readonly string[];
}

/** What is needed before usage can be read and tables can be checked. */
export interface RecordScope {
  readonly files: TablesAndProblems;
  /** The states of the tables before the first was read. */
  readonly states: FileStates;
  /** The rate card in force; nothing if the user's own has problems. */
  readonly card: RateCard | undefined;
  readonly profiles: ProfileRegister;
  readonly users: UserRegister;
  /** The ids by which usage may name profiles, and users once these have been read. */
  readonly identities: Identities;
  readonly overageChanges: readonly OverageChange[];
  /** The problems of the overage changes, whose file is reported after the other tables. */
  readonly overageProblems: ProblemLog;
}

/** Reads the rate card, the profiles and the changes of overage; problems go to `log`. */
export async function readScope(files: TablesAndProblems, log: ProblemLog): Promise<RecordScope> {
  const { tables } = files;
  for (const problem of files.problems) log.add(problem);
  const states = fileStates(Object.values(tables));
  const card = await rateCardOf(tables.rates, log);
  const profiles = await readProfiles(tables.profiles, log);
  for (const problem of overriddenTwice(tables.rates, card, profiles)) log.add(problem);
  const users = new UserRegister();
  const identities = { ...users.identities, profileAliases: profiles.aliases };
  const overageProblems = new ProblemLog();
  const overageChanges = await readOverageChanges(tables.overageChanges, profiles, overageProblems);
  return { files, states, card, profiles, users, identities, overageChanges, overageProblems };
}

/** Reads the rate card and the tables of a data directory; all problems go to `log`. */
export async function readRecords(files: TablesAndProblems, log: ProblemLog): Promise<ReadRecords> {
  return readWithin(await readScope(files, log), log);
}

/** Reads the other tables of a data directory; all problems go to `log`. */
export async function readWithin(scope: RecordScope, log: ProblemLog): Promise<ReadRecords> {
  const { files, card, profiles, users, identities, overageChanges, overageProblems } = scope;
  const { tables } = files;
  await users.read(tables.users, log);
  const groups = await readGroups(tables.groups, log);
  const memberships = await readMemberships(tables.groupMembers, users, groups, log);
  const subscriptions = await readSubscriptions(tables.subscriptions, tables.tierChanges, {
    profiles,
    users,
    groups,
    // The tiers are not known if the card cannot be read.
    tier: card === undefined ? anyTier : tierField(knownTiers(tiersOfCard(card))),
    log,
  });
  const activations = await readActivations(tables.activations, profiles, users, log);
  log.takeOver(overageProblems);
  for (const problem of changedFiles(scope.states)) log.add(problem);
  const records: BillingRecords = {
    profiles: profiles.profiles as ReadonlyMap<string, Profile>,
    users: users.users,
    groups: groups.groups,
    memberships,
    subscriptions,
    ...(activations === undefined ? {} : { activations }),
    overageChanges,
  };
  return {
    areGood: log.total === 0,
    records,
    card: card ?? BUILT_IN_RATE_CARD,
    profiles,
    identities,
    notes: log.notes,
  };
}

/** Where two overrides of an edition name one profile by two of its ids, it would be unclear which counts (M4). */
function overriddenTwice(
  rates: ByteSource | undefined,
  card: RateCard | undefined,
  { profiles }: ProfileRegister,
): Problem[] {
  if (rates === undefined || card === undefined) return [];
  return card.editions.flatMap(({ from, overrides }) =>
    [...profiles.values()].flatMap(({ profileId, aliases = [] }) => {
      const keys = [profileId, ...aliases].filter((key) => overrides.has(key));
      if (keys.length < 2) return [];
      const what = `in the edition from ${from}, the overrides ${keys.join(' and ')} are of one profile, ${profileId}: keep one of them`;
      return [{ file: rates.file, what }];
    }),
  );
}

/**
 * The user's card, or the built-in one if there is none; nothing if it has problems.
 * The JSON reader is only loaded for a user's own card.
 */
async function rateCardOf(
  source: ByteSource | undefined,
  log: ProblemLog,
): Promise<RateCard | undefined> {
  if (source === undefined) return BUILT_IN_RATE_CARD;
  const { readRateCard } = await import('./rate-card.ts');
  return readRateCard(source, log);
}

/** The same; a card with problems is `BadInput`. */
export async function usableRateCard(source: ByteSource | undefined): Promise<RateCard> {
  const log = new ProblemLog();
  const card = await rateCardOf(source, log);
  if (card === undefined) throw log.failure;
  return card;
}
