import { createHash } from 'node:crypto';

/** A row of request usage as it is meant: exact, in UTC. */
export interface MeantRow {
  /** Microseconds since 1970. */
  readonly atMicros: bigint;
  readonly profileId: string;
  readonly userId: string;
  /** At most 12 digits before the point, and 18 after it. */
  readonly credits: string;
}

/** A row of an activity report as it is meant. */
export interface MeantReport {
  readonly date: string;
  readonly userId: string;
  readonly client: string;
  readonly profileId: string;
  readonly tier: string;
  readonly used: string;
  readonly overage: string;
  readonly file: string;
}

export const PROFILES = [
  'arn:aws:codewhisperer:us-east-1:123456789012:profile/EAST',
  'arn:aws:codewhisperer:eu-central-1:123456789012:profile/EUROPE',
  'arn:aws-us-gov:codewhisperer:us-gov-west-1:210987654321:profile/GOV',
] as const;

const UUID = '308da4d8-9511-70f1-8556-355ff92816aa';
const USERS = [
  UUID,
  `d-1234567890.${UUID}`,
  `arn:aws:identitystore:::user/${UUID}`,
  "o'brien",
  'back\\slash',
  '"quoted"',
  '=formula',
  "'=formula",
  '@at',
  'Ünïcode 名前',
  '%_like',
  '$1',
];

/** Random numbers that a seed decides. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  of<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }
}

const MICROS_PER_DAY = 86_400_000_000n;
const FIRST_MICROS = BigInt(Date.UTC(2027, 10, 28)) * 1000n;
const DAYS = 100;
/** Where something begins or ends: the year, leap day, months, and the overage changes below. */
const EDGES = [
  '2028-01-01T00:00:00Z',
  '2028-02-29T00:00:00Z',
  '2028-03-01T00:00:00Z',
  '2027-12-10T08:30:00Z',
];

export const TABLES = {
  'profiles.csv': `profile_id,account_id,region,overage
${PROFILES[0]},123456789012,us-east-1,on
${PROFILES[1]},123456789012,eu-central-1,off
${PROFILES[2]},210987654321,us-gov-west-1,on
`,
  'subscriptions.csv': `profile_id,principal_type,principal_id,tier,subscribed_at
${PROFILES.flatMap((profile) => USERS.slice(3).map((user) => `${profile},user,${csvField(user)},Pro,2026-01-01`)).join('\n')}
${PROFILES.map((profile) => `${profile},user,${UUID},Pro+,2026-01-01`).join('\n')}
`,
  'overage_changes.csv': `profile_id,changed_at,overage
${PROFILES[0]},2027-12-10T08:30:00Z,off
${PROFILES[0]},2027-12-20T00:00:00.000001Z,on
${PROFILES[1]},2027-12-31T23:59:59.999999Z,on
${PROFILES[1]},2028-02-29T00:00:00+01:00,off
${PROFILES[2]},2028-01-01T00:00:00Z,off
${PROFILES[2]},2028-02-28T23:59:59.9999995Z,on
`,
};

/** Random rows of request usage, many of them where something begins or ends. */
export function meantRows(random: Random, count: number): MeantRow[] {
  return Array.from({ length: count }, () => ({
    atMicros: instantOf(random),
    profileId: random.of(PROFILES),
    userId: random.of(USERS),
    credits: creditsOf(random),
  }));
}

function instantOf(random: Random): bigint {
  if (random.below(3) > 0) {
    return (
      FIRST_MICROS +
      BigInt(random.below(DAYS)) * MICROS_PER_DAY +
      BigInt(random.below(86_400_000)) * 1000n +
      BigInt(random.below(1000))
    );
  }
  return BigInt(Date.parse(random.of(EDGES))) * 1000n + BigInt(random.below(3) - 1);
}

function creditsOf(random: Random): string {
  const digits = random.of([1, 3, 6, 15, 18]);
  const fraction = Array.from({ length: digits }, () => random.below(10)).join('');
  return random.of([
    `${random.below(900)}.${fraction}`,
    `${random.below(3000)}`,
    `0.${fraction}`,
    '0',
  ]);
}

/** An instant in one of the spec's forms. */
export function spelledInstant(atMicros: bigint, random: Random): string {
  const offset = random.of(['', 'Z', 'z', '+05:30', '-0930', '+14', '+00']);
  const text = utcText(atMicros + BigInt(offsetMinutes(offset)) * 60_000_000n).replace(
    ' ',
    random.of(['T', ' ', 't']),
  );
  const whole = text.replace(/\.0+$/, '');
  const short = whole.endsWith(':00') && whole.length === 19 ? whole.slice(0, 16) : whole;
  return `${random.of([text, whole, short, text.length > 19 ? `${text}000` : text])}${offset}`;
}

function offsetMinutes(offset: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** `YYYY-MM-DD HH:MM:SS.ffffff` in UTC. */
export function utcText(micros: bigint): string {
  const text = new Date(Number(micros / 1000n)).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)}.${(micros % 1_000_000n).toString().padStart(6, '0')}`;
}

/** A number in one of the spec's forms. */
export function spelledCredits(credits: string, random: Random): string {
  const [whole = '0', fraction = ''] = credits.split('.');
  const forms = [credits, `00${credits}`];
  if (fraction !== '') forms.push(`${credits}0000`, whole === '0' ? `.${fraction}` : credits);
  if (fraction !== '' && whole === '0') {
    forms.push(`${fraction.slice(0, 1)}.${fraction.slice(1)}e-01`);
  }
  if (fraction === '') forms.push(`${whole}.`, `${whole}E+00`);
  return random.of(forms);
}

/** A field of a CSV: quoted where it must be, or by chance. */
export function csvField(text: string): string {
  const isPlain =
    !/[",\r\n]/.test(text) && createHash('md5').update(text).digest().readUInt8(0) % 2 === 0;
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}

/** Random rows of reports in several files: again delivered, split by model, of several parts. */
export function meantReports(random: Random, count: number): MeantReport[] {
  return Array.from({ length: count }, () => {
    const profileId = random.of(PROFILES);
    const date = utcText(FIRST_MICROS + BigInt(random.below(DAYS)) * MICROS_PER_DAY).slice(0, 10);
    const stamp = random.of(['0000', '0200', '0200', '0300']);
    const part = random.of(['', '', '_part_1', '_part_2']);
    const folder = random.of(['a', 'b']);
    const client = random.of(['KIRO_IDE', 'KIRO_CLI', 'kiro_ide']);
    return {
      date,
      userId: random.of(USERS),
      client,
      profileId,
      tier: random.of(['PRO', 'PRO_PLUS', '', 'FREE', 'Kiro Free']),
      used: creditsOf(random),
      overage: random.of(['0', '0.0', '12.5', creditsOf(random)]),
      file: `${folder}/KIRO_${random.below(2)}_user_report_${date.replaceAll('-', '')}${stamp}${part}.csv`,
    };
  });
}
