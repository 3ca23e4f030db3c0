/** The many ways in which the inputs may write one thing, brought to the one that is shown. */

const HEX = '[0-9a-fA-F]';

/** User ids of the identity store: a UUID, or ten hex digits before one, in either case. */
const BARE_USER_ID = `(?:${HEX}{10}-)?${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`;
const STORE_PREFIXED = new RegExp(`^d-[0-9a-z]{10}\\.(${BARE_USER_ID})$`);
const USER_ARN = new RegExp(`^arn:[^:]+:identitystore:::user/(${BARE_USER_ID})$`);

export function trimmed(text: string): string {
  return text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '');
}

export function userKey(text: string): string {
  const id = trimmed(text);
  return STORE_PREFIXED.exec(id)?.[1] ?? USER_ARN.exec(id)?.[1] ?? id;
}

/** What is left of a tier's name when case, spaces, `_`, `-` and AWS's leading names do not count. */
export function tierKey(text: string): string {
  const key = text
    .toLowerCase()
    .replace(/[\s_-]/g, '')
    .replaceAll('+', 'plus');
  if (key === 'kiroenterprisepropower') return 'power';
  return ['kiroenterprise', 'qdeveloperstandalone', 'kiro'].reduce(
    (rest, name) =>
      rest === key && rest.startsWith(name) && rest !== name ? rest.slice(name.length) : rest,
    key,
  );
}

/** The names of AWS's Regions that the generated data directories use. */
const REGION_NAMES: Readonly<Record<string, string>> = {
  'us east (n. virginia)': 'us-east-1',
  'europe (frankfurt)': 'eu-central-1',
  'eu (frankfurt)': 'eu-central-1',
  'aws govcloud (us-east)': 'us-gov-east-1',
  'aws govcloud (us-west)': 'us-gov-west-1',
};

export function regionCode(text: string): string {
  const name = trimmed(text).toLowerCase();
  return REGION_NAMES[name] ?? name;
}

export function partitionOf(region: string): string {
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-iso')) return 'aws-iso';
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
}

/** Account and Region of a profile that only its id tells of; blank where the id is no ARN. */
export function placeInProfileId(profileId: string): { accountId: string; region: string } {
  const arn = /^arn:[^:]+:codewhisperer:([^:]+):(\d{12}):profile\/.+$/.exec(profileId);
  return { accountId: arn?.[2] ?? '', region: arn?.[1] ?? '' };
}

export function isEnabled(word: string): boolean {
  return ['enabled', 'true', 'on', 'yes'].includes(trimmed(word).toLowerCase());
}

const encoder = new TextEncoder();

/** The order of two texts by their UTF-8 bytes. */
export function byBytes(a: string, b: string): number {
  const [left, right] = [encoder.encode(a), encoder.encode(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const difference = Number(left[i]) - Number(right[i]);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
