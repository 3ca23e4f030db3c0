import { repeated } from '../domain/grouping.ts';
import { accountRegionKey, profileArn } from '../domain/ids.ts';
import type { Place, Problem } from '../domain/problem.ts';
import type { Profile } from '../domain/records.ts';
import { regionFromText } from '../domain/region.ts';
import { Aliases } from './aliases.ts';
import type { ByteSource } from './byte-source.ts';
import { accountId, cap, type FieldParser, id, overageSwitch, region } from './fields.ts';
import { TABLE_COLUMNS } from './known-columns.ts';
import type { ProblemLog } from './problem-log.ts';
import { isDefinedBefore, readTable, type TableRow } from './table.ts';
import { unknownProfiles } from './unknown-ids.ts';

/** A profile inferred from the data: account and Region from an ARN, otherwise blank; overage off. */
export function inferredProfile(profileId: string, place: Place): Profile {
  const arn = profileArn(profileId);
  return {
    profileId,
    accountId: arn?.accountId ?? '',
    region: regionFromText(arn?.region ?? '') ?? '',
    name: '',
    overageOn: false,
    place,
    isInferred: true,
  };
}

/**
 * The problem of inferred profiles, two of which have the same account and
 * Region: one was recreated, and would be billed twice. Reported at the later of the two.
 */
export function profilesMadeAnew(inferred: Iterable<Profile>): Problem[] {
  const places = new Map<string, Profile>();
  return [...inferred].flatMap((profile) => {
    const { profileId, accountId, place } = profile;
    const key = accountRegionKey(profile);
    const other = places.get(key);
    if (accountId === '' || other === undefined) {
      places.set(key, profile);
      return [];
    }
    const what = `the account has another profile in this Region, ${other.profileId} (${other.place.file}:${other.place.line}): a profiles.csv with aliases joins the two`;
    return [{ ...place, column: 'row', what, value: profileId }];
  });
}

/** The profiles that other rows may refer to. */
export class ProfileRegister {
  readonly profiles = new Map<string, Profile>();
  /** Ids that rows may name: those of the profiles, and of rows that have a problem. */
  readonly #named = new Map<string, Place>();
  readonly #placeOfRegion = new Map<string, Place>();
  readonly #aliasRows = new Aliases('profile_id', id);
  readonly #unknown = unknownProfiles(() => this.profiles.values());
  /** From an alias to the profile id; empty until all rows have been read. */
  aliases: ReadonlyMap<string, string> = new Map();
  /** Whether profiles are inferred from the data, because there is no profiles file. */
  readonly areInferred: boolean;
  /** Whether the profiles file could be read, so that a missing profile is a problem. */
  isComplete = true;

  constructor(areInferred: boolean) {
    this.areInferred = areInferred;
  }

  /** The ids that usage may name; nothing if any id is allowed. */
  get ids(): ReadonlySet<string> | undefined {
    return this.areInferred || !this.isComplete ? undefined : new Set(this.#named.keys());
  }

  /** The profile id that a field refers to, by any id of the profile. */
  id: FieldParser<string> = this.#idParser();

  /** Finds the problem of a row that refers to a profile, or infers the profile from it. */
  refer(row: TableRow, profileId: string | undefined): void {
    if (profileId === undefined) return;
    if (this.areInferred) this.infer(profileId, row.place);
    else if (this.isComplete && !this.#named.has(profileId)) {
      this.#unknown(row, 'profile_id', profileId);
    }
  }

  /** Infers a profile from the data, unless it is known. */
  infer(profileId: string, place: Place): void {
    if (this.profiles.has(profileId)) return;
    this.profiles.set(profileId, inferredProfile(profileId, place));
  }

  addRow(row: TableRow): void {
    const profileId = row.required('profile_id', id);
    const account = row.required('account_id', accountId);
    const regionCode = row.required('region', region);
    const overageOn = row.optional('overage', overageSwitch) ?? false;
    const capCredits = row.optional('overage_cap', cap);
    this.#refuseDuplicates(row, profileId, account, regionCode);
    let aliases: readonly string[] = [];
    if (profileId !== undefined && !this.#named.has(profileId)) {
      this.#named.set(profileId, row.place);
      aliases = this.#aliasRows.addRow(row, profileId);
    }
    if (!row.isGood || !profileId || !account || !regionCode) return;
    this.profiles.set(profileId, {
      profileId,
      accountId: account,
      region: regionCode,
      name: row.name('name'),
      overageOn,
      ...(capCredits === undefined || capCredits === 'none' ? {} : { capCredits }),
      ...(aliases.length === 0 ? {} : { aliases }),
      place: row.place,
    });
  }

  /** Accepts the aliases as names from now on; those that clash are problems of their rows. */
  resolveAliases(): void {
    this.aliases = this.#aliasRows.resolved((id) => this.#named.get(id)?.line);
    this.id = this.#idParser();
  }

  #idParser(): FieldParser<string> {
    return repeated((text) => {
      const parsed = id(text);
      return 'value' in parsed ? { value: this.aliases.get(parsed.value) ?? parsed.value } : parsed;
    });
  }

  #refuseDuplicates(
    row: TableRow,
    profileId: string | undefined,
    account: string | undefined,
    regionCode: string | undefined,
  ): void {
    if (isDefinedBefore(row, 'profile_id', this.#named.get(profileId ?? ''))) return;
    if (account === undefined || regionCode === undefined) return;
    const key = accountRegionKey({ accountId: account, region: regionCode });
    const sameRegion = this.#placeOfRegion.get(key);
    if (sameRegion === undefined) {
      this.#placeOfRegion.set(key, row.place);
      return;
    }
    const what = `the account has a profile in this Region already, in line ${sameRegion.line}`;
    row.problem('row', what, `${account}, ${regionCode}`);
  }
}

/** Reads `profiles.csv`; without the file, profiles are inferred from the data. */
export async function readProfiles(
  source: ByteSource | undefined,
  log: ProblemLog,
): Promise<ProfileRegister> {
  const register = new ProfileRegister(source === undefined);
  if (source !== undefined) {
    register.isComplete = await readTable(source, TABLE_COLUMNS.profiles, log, (row) =>
      register.addRow(row),
    );
    register.resolveAliases();
  }
  return register;
}
