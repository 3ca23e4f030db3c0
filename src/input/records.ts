import { BUILT_IN_RATE_CARD, type RateCard, tiersOfCard } from '../domain/rate-card.ts';
import type { BillingRecords, Profile } from '../domain/records.ts';
import { knownTiers } from '../domain/tier.ts';
import type { ByteSource } from './byte-source.ts';
import type { InputFiles } from './data-directory.ts';
import { anyTier, tierField } from './fields.ts';
import { nearest } from './nearest.ts';
import { readGroups, readMemberships, readUsers } from './people.ts';
import type { ProblemLog } from './problem-log.ts';
import { type ProfileRegister, readProfiles } from './profiles.ts';
import { readSubscriptions } from './subscriptions.ts';
import { readActivations, readOverageChanges } from './switches.ts';

/** Everything that was read but usage. Where `log` got problems it is not to be billed. */
export interface ReadRecords {
  readonly records: BillingRecords;
  readonly card: RateCard;
  readonly profiles: ProfileRegister;
  readonly groupsAreMet: boolean;
}

/** Reads the rate card and the tables of a data directory; all problems go to `log`. */
export async function readRecords(files: InputFiles, log: ProblemLog): Promise<ReadRecords> {
  const { tables } = files;
  for (const problem of files.problems) log.add(problem);
  const ownCard = await rateCardOf(tables.rates, log);
  const card = ownCard ?? BUILT_IN_RATE_CARD;
  // What tiers there are is not known where the card cannot be read.
  const tier = ownCard === undefined ? anyTier : tierField(knownTiers(tiersOfCard(card)), nearest);
  const profiles = await readProfiles(tables.profiles, log);
  const users = await readUsers(tables.users, log);
  const groups = await readGroups(tables.groups, log);
  const memberships = await readMemberships(tables.groupMembers, groups, log);
  const subscriptions = await readSubscriptions(tables.subscriptions, tables.tierChanges, {
    profiles,
    groups,
    tier,
    log,
  });
  const activations = await readActivations(tables.activations, profiles, log);
  const overageChanges = await readOverageChanges(tables.overageChanges, profiles, log);
  const records: BillingRecords = {
    profiles: profiles.profiles as ReadonlyMap<string, Profile>,
    users,
    groups: groups.groups,
    memberships,
    subscriptions,
    ...(activations === undefined ? {} : { activations }),
    overageChanges,
  };
  return { records, card, profiles, groupsAreMet: tables.groups === undefined };
}

/**
 * The user's card, or the built-in one where there is none; nothing where it has problems.
 * The JSON reader is only loaded for a card of the user's own.
 */
export async function rateCardOf(
  source: ByteSource | undefined,
  log: ProblemLog,
): Promise<RateCard | undefined> {
  if (source === undefined) return BUILT_IN_RATE_CARD;
  const { readRateCard } = await import('./rate-card.ts');
  return readRateCard(source, log);
}
