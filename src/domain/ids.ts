/** The pattern of a UUID, in either case. */
export const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
const DECORATED_USER_ID = new RegExp(
  `^(?:d-[0-9a-z]{10}\\.|arn:[0-9a-z-]+:identitystore:::user/)((?:[0-9a-fA-F]{10}-)?${UUID})$`,
);

const STORE_USER_ID = new RegExp(`^(?:[0-9a-fA-F]{10}-)?${UUID}$`);

/** Whether an id has the form of a bare Identity Store user id. */
export function isStoreUserId(id: string): boolean {
  return STORE_USER_ID.test(id);
}

/**
 * The bare Identity Store user id of `d-XXXXXXXXXX.ID` and of
 * `arn:PARTITION:identitystore:::user/ID`, its case kept; any other id as it is.
 */
export function bareUserId(id: string): string {
  return DECORATED_USER_ID.exec(id)?.[1] ?? id;
}

const MAX_ID_BYTES = 256;
/** UTF-8 bytes per 16-bit unit of text, at most. */
const MOST_BYTES_PER_UNIT = 3;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Why `id` cannot be an id, or `undefined` if it can. Ids are otherwise opaque. */
export function idDefect(id: string): string | undefined {
  if (CONTROL.test(id)) return 'an id must not have control characters';
  const mayBeLong = id.length * MOST_BYTES_PER_UNIT > MAX_ID_BYTES;
  if (mayBeLong && Buffer.byteLength(id) > MAX_ID_BYTES)
    return `an id has at most ${MAX_ID_BYTES} bytes`;
  return undefined;
}

const PROFILE_ARN = /^arn:[0-9a-z-]+:codewhisperer:([0-9a-zA-Z-]+):(\d{12}):profile\/(.+)$/;

/** What `arn:PARTITION:codewhisperer:REGION:ACCOUNT:profile/ID` says, the Region in lower case: its partition is that of the Region. */
interface ProfileArn {
  readonly region: string;
  readonly accountId: string;
  readonly id: string;
}

/** The parts of a profile ARN; `undefined` for any other id. */
export function profileArn(text: string): ProfileArn | undefined {
  const match = PROFILE_ARN.exec(text);
  if (match === null) return undefined;
  const [region, accountId, id] = match.slice(1) as [string, string, string];
  return { region: region.toLowerCase(), accountId, id };
}

/** The short id of a profile: the last segment of an ARN, which `--profile` also accepts. */
export function shortProfileId(profileId: string): string {
  return profileArn(profileId)?.id ?? profileId;
}

/** The display name of a profile: its name, or its short id. */
export function profileTitle({
  profileId,
  name,
}: {
  readonly profileId: string;
  readonly name: string;
}): string {
  return name.trim() || shortProfileId(profileId);
}

/** Whether a text is twelve digits. */
export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** `111122223333/us-east-1`: the key of the profile of an account in a Region. */
export function accountRegionKey({
  accountId,
  region,
}: {
  readonly accountId: string;
  readonly region: string;
}): string {
  return `${accountId}/${region}`;
}
