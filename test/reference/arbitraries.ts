/**
 * Small but nasty data directories, all of them valid: instants crowd around the boundaries of
 * months, ids and names are hostile text, credits have wildly different scales.
 *
 * Everything is drawn as plain choices first and only then made into rows (never drawn depending on
 * what was drawn before), so that a failing directory shrinks to a few rows.
 */
import fc from 'fast-check';
import { csvTexts, type Manner, PLAIN_MANNER } from './csv-text.ts';
import type { DataDirectory, Row } from './facts.ts';
import type { RateCard, RateEdition, TierOverride, TierRow } from './rate-card.ts';

/** A data directory with the months to bill, and how its files are written. */
export interface BillingCase {
  readonly months: readonly string[];
  readonly directory: DataDirectory;
  /** `undefined` for the built-in one. */
  readonly rateCard: RateCard | undefined;
  readonly areRatesNumbers: boolean;
  readonly manner: Manner;
}

const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const DAY = 24n * 60n * MINUTE;

// ---------------------------------------------------------------------------------------------
// Instants

/** A number that picks from a list, most often one of its first two, so that events meet. */
function fewOf(max: number): fc.Arbitrary<number> {
  return fc.oneof({ weight: 3, arbitrary: fc.nat(1) }, { weight: 2, arbitrary: fc.nat(max) });
}

interface InstantChoice {
  /** Which month's first instant, counted from the first billed month. */
  readonly anchor: number;
  readonly shift: bigint;
  readonly spelling: number;
}

interface Instant {
  readonly at: bigint;
  readonly text: string;
}

const SHIFTS: readonly bigint[] = [
  0n,
  14n * DAY,
  -1n,
  1n,
  4n * DAY + 9n * 60n * MINUTE + 30n * MINUTE,
  19n * DAY,
  -DAY,
  -SECOND,
  14n * DAY - 1n,
  14n * DAY + 1n,
  19n * DAY + 23n * 60n * MINUTE + 59n * MINUTE,
  -45n * DAY,
  DAY,
];

const instantChoice: fc.Arbitrary<InstantChoice> = fc.record({
  anchor: fewOf(3),
  shift: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...SHIFTS) },
    { weight: 1, arbitrary: fc.bigInt(0n, 28n * DAY) },
  ),
  spelling: fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.nat(10) },
  ),
});

/** Zones as they may be written, with the minutes they are ahead of UTC. */
const ZONES: readonly (readonly [zone: string, minutes: bigint])[] = [
  ['+05:30', 330n],
  ['-0800', -480n],
  ['+05', 300n],
  ['-00:30', -30n],
  ['+23:59', 1439n],
];

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

function localParts(at: bigint): { date: string; clock: string; second: string; digits: string } {
  const utc = new Date(Number(at / 1_000_000n));
  return {
    date: `${utc.getUTCFullYear()}-${pad(utc.getUTCMonth() + 1)}-${pad(utc.getUTCDate())}`,
    clock: `${pad(utc.getUTCHours())}:${pad(utc.getUTCMinutes())}`,
    second: pad(utc.getUTCSeconds()),
    digits: String(at % SECOND).padStart(9, '0'),
  };
}

/** An instant in one of the spellings that mean the same. */
function instantText(at: bigint, spelling: number): string {
  const [zone, minutes] = ZONES[spelling - 6] ?? ['Z', 0n];
  const { date, clock, second, digits } = localParts(at + minutes * MINUTE);
  const shortDigits = digits.replace(/0+$/, '');
  const seconds = `:${second}${shortDigits === '' ? '' : `.${shortDigits}`}`;
  if (spelling === 1) return `${date} ${clock}${seconds}`;
  if (spelling === 2) return `${date}t${clock}${seconds}z`;
  if (spelling === 3) return `${date}T${clock}:${second}.${digits}Z`;
  if (spelling === 4 && `${clock}${seconds}` === '00:00:00') return date;
  if (spelling === 5 && seconds === ':00') return `${date}T${clock}Z`;
  return `${date}T${clock}${seconds}${zone}`;
}

function monthName(first: string, later: number): string {
  const [year = 0, month = 0] = first.split('-').map(Number);
  const utc = new Date(Date.UTC(year, month - 1 + later, 1));
  return `${utc.getUTCFullYear()}-${pad(utc.getUTCMonth() + 1)}`;
}

function instantOf(firstMonth: string, choice: InstantChoice): Instant {
  const anchor = BigInt(Date.parse(`${monthName(firstMonth, choice.anchor)}-01T00:00:00Z`));
  const at = anchor * 1_000_000n + choice.shift;
  return { at, text: instantText(at, choice.spelling) };
}

function byInstant(a: Instant, b: Instant): number {
  return a.at < b.at ? -1 : Number(a.at > b.at);
}

function uniqueBy<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return all.filter(
    (one, index) => all.findIndex((other) => keyOf(other) === keyOf(one)) === index,
  );
}

/** The member of a list that a free number picks. */
function pick<T>(all: readonly T[], number: number): T {
  const picked = all[number % all.length];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
}

// ---------------------------------------------------------------------------------------------
// Lives: the half-open intervals of a subscription or a membership

interface Life {
  readonly start: Instant;
  readonly end: Instant | null;
}

interface LivesChoice {
  readonly cuts: readonly InstantChoice[];
  /** Whether each life begins where the one before ends, or gaps lie between them. */
  readonly areTouching: boolean;
}

const livesChoice: fc.Arbitrary<LivesChoice> = fc.record({
  cuts: fc.array(instantChoice, { minLength: 1, maxLength: 5 }),
  areTouching: fc.boolean(),
});

/** Lives that do not overlap, the last one open where the cuts leave it so. */
function livesOf(firstMonth: string, choice: LivesChoice): Life[] {
  const instants = choice.cuts.map((cut) => instantOf(firstMonth, cut));
  const cuts = uniqueBy(instants, ({ at }) => String(at)).sort(byInstant);
  return cuts.flatMap((start, index) =>
    choice.areTouching || index % 2 === 0 ? [{ start, end: cuts[index + 1] ?? null }] : [],
  );
}

function isWithin({ at }: Instant, life: Life): boolean {
  return life.start.at <= at && (life.end === null || at < life.end.at);
}

// ---------------------------------------------------------------------------------------------
// People, groups and profiles

const UUID = '0a1b2c3d-4e5f-6789-abcd-ef0123456789';
const LONG_ID = '90677B4D21-0A1B2C3D-4E5F-6789-ABCD-EF0123456789';

/** Spellings of one user id; the first one is the key. */
const USERS: readonly (readonly string[])[] = [
  ['alice'],
  [UUID, `d-90677b4d21.${UUID}`, `arn:aws:identitystore:::user/${UUID}`],
  ['Alice'],
  [LONG_ID, `d-zzzzzzzzzz.${LONG_ID}`, `arn:aws-us-gov:identitystore:::user/${LONG_ID}`],
  ['=HYPERLINK("x";"y")'],
  ['-eve, "the dash"'],
  ['😀'],
  ['～tilde'],
  ['__proto__'],
  ['d-90677b4d21.bob'],
];

const NAMES: readonly string[] = [
  '',
  'Ann',
  '=1+1',
  'B, "C"',
  ' blank ',
  'two\nlines',
  '\rlone',
  '-',
  "O'Neil",
  '+49',
  '@x\r\ny',
];

const COST_CENTERS: readonly string[] = ['', 'R&D', '=cc', '😀', '～', 'a,b', ' ', 'R&D '];

const GROUPS: readonly string[] = ['A', 'team-1', '@ops', 'B, c', '～', 'constructor'];

interface Place {
  readonly accountId: string;
  readonly partition: string;
  /** Spellings of one Region; the first one is the code. */
  readonly region: readonly [string, ...string[]];
}

const VIRGINIA = [
  'us-east-1',
  'US East (N. Virginia)',
  'US-EAST-1',
  'us east (n. virginia)',
] as const;

const PLACES: readonly Place[] = [
  { accountId: '111122223333', partition: 'aws', region: [...VIRGINIA] },
  {
    accountId: '111122223333',
    partition: 'aws',
    region: ['eu-central-1', 'Europe (Frankfurt)', 'EU (Frankfurt)'],
  },
  { accountId: '000000000001', partition: 'aws', region: [...VIRGINIA] },
  {
    accountId: '111122223333',
    partition: 'aws-us-gov',
    region: ['us-gov-west-1', 'AWS GovCloud (US-West)'],
  },
  {
    accountId: '999988887777',
    partition: 'aws-us-gov',
    region: ['us-gov-east-1', 'aws govcloud (us-east)'],
  },
  { accountId: '999988887777', partition: 'aws-cn', region: ['cn-north-1'] },
];

/** The built-in card has no prices in China. */
const PLACES_OF_BUILT_IN_CARD = PLACES.slice(0, 5);

interface Profile {
  readonly profileId: string;
  /** The id and its aliases. */
  readonly ids: readonly string[];
  readonly place: Place;
  readonly row: Row;
}

interface ProfileChoice {
  readonly place: number;
  readonly idForm: number;
  readonly name: string;
  readonly overage: string;
  readonly cap: string;
  readonly spelling: number;
  readonly aliases: number;
}

const ENABLED = ['enabled', 'TRUE', 'on', 'Yes'] as const;
const DISABLED = ['disabled', 'false', 'Off', 'NO'] as const;
const CAPS = ['', 'none', '0', '250', '1e-05', '3.75', '100.5', '.5', 'NONE'] as const;

const profileChoice: fc.Arbitrary<ProfileChoice> = fc.record({
  place: fc.nat(PLACES.length - 1),
  idForm: fc.nat(4),
  name: fc.constantFrom(...NAMES),
  overage: fc.constantFrom(...ENABLED, ...ENABLED, ...DISABLED, ''),
  cap: fc.constantFrom('', '', ...CAPS),
  spelling: fc.nat(3),
  aliases: fc.nat(2),
});

function profileAliases({ place, aliases }: ProfileChoice, index: number): string[] {
  const { region, accountId, partition } = pick(PLACES, place);
  const arn = `arn:${partition}:codewhisperer:${region[0]}:${accountId}:profile/OLD${index}`;
  return [arn, `=old${index}`].slice(0, aliases);
}

function profileIdOf(place: Place, form: number, index: number): string {
  if (form === 1) {
    const [region] = place.region;
    return `arn:${place.partition}:codewhisperer:${region}:${place.accountId}:profile/P${index}`;
  }
  return `${pick(['P', 'p,', '=P', '😀', '～'], form)}${index}`;
}

function profilesOf(
  choices: readonly ProfileChoice[],
  places: readonly Place[],
  hasFile: boolean,
): Profile[] {
  const distinct = uniqueBy(choices, ({ place }) => String(place % places.length));
  return distinct.map((choice, index) => {
    const place = pick(places, choice.place);
    const profileId = profileIdOf(place, choice.idForm, index);
    const aliases = hasFile ? profileAliases(choice, index) : [];
    return {
      profileId,
      ids: [profileId, ...aliases],
      place,
      row: {
        profile_id: profileId,
        account_id: place.accountId,
        region: pick(place.region, choice.spelling),
        name: choice.name,
        overage: choice.overage,
        overage_cap: choice.cap,
        aliases: aliases.join('  '),
      },
    };
  });
}

// ---------------------------------------------------------------------------------------------
// Tiers and rate cards

/** Some months to bill, and the tiers that the built-in card has in all of them. */
interface Calendar {
  readonly firstMonth: string;
  readonly tiers: readonly string[];
}

const CALENDARS: readonly Calendar[] = [
  { firstMonth: '2026-01', tiers: ['Pro', 'Pro+', 'Power'] },
  { firstMonth: '2026-06', tiers: ['Pro', 'Pro+', 'Pro Max', 'Power'] },
  { firstMonth: '2028-01', tiers: ['Pro', 'Pro+', 'Pro Max', 'Power'] },
  { firstMonth: '2025-11', tiers: ['Pro', 'Pro+', 'Power'] },
];

const CUSTOM_TIERS = ['Pro', 'Team Lite', '@Crew', 'Ultra+'] as const;

function tierSpelling(name: string, spelling: number): string {
  const spellings = [
    name,
    name.toUpperCase().replaceAll(' ', '_').replaceAll('+', '_PLUS'),
    name.toLowerCase().replaceAll(' ', '').replaceAll('+', 'plus'),
    `Kiro ${name}`,
    name.toLowerCase().replaceAll(' ', '-'),
  ];
  return pick(spellings, spelling);
}

const PRICES = ['20', '0', '19.999', '0.155', '1234567890.12', '33.333333', '4e1', '200'] as const;
const CREDITS = ['1000', '0', '10.5', '100', '114.45787414391377', '1e-05'] as const;
const RATES = ['0.04', '0', '0.125', '1e-3', '0.0333333333333333', '2'] as const;

const tierTermsChoice = fc.record({
  price: fc.constantFrom(...PRICES),
  credits: fc.constantFrom(...CREDITS),
  overage_rate: fc.constantFrom(...RATES),
});

interface EditionChoice {
  readonly from: number;
  readonly currency: string;
  readonly firstMonth: 'prorated' | 'full';
  readonly firstMonthUpgrade: 'prorated' | 'full';
  readonly partitions: readonly { ranks: number[]; terms: Omit<TierRow, 'name' | 'rank'>[] }[];
  readonly overrides: readonly {
    owner: number;
    isOfProfile: boolean;
    tier: number;
    terms: { [K in keyof TierOverride]?: string };
  }[];
}

const editionChoice: fc.Arbitrary<EditionChoice> = fc.record({
  from: fc.nat(2),
  currency: fc.constantFrom('USD', 'EUR', 'JPY'),
  firstMonth: fc.constantFrom('prorated', 'full'),
  firstMonthUpgrade: fc.constantFrom('prorated', 'full'),
  partitions: fc.array(
    fc.record({
      ranks: fc.shuffledSubarray([1, 2, 5, 10], { minLength: 4, maxLength: 4 }),
      terms: fc.array(tierTermsChoice, { minLength: 4, maxLength: 4 }),
    }),
    { minLength: 3, maxLength: 3 },
  ),
  overrides: fc.array(
    fc.record({
      owner: fc.nat(2),
      isOfProfile: fc.boolean(),
      tier: fc.nat(3),
      terms: fc.record(
        {
          price: fc.constantFrom(...PRICES),
          credits: fc.constantFrom(...CREDITS),
          overage_rate: fc.constantFrom(...RATES),
        },
        { requiredKeys: [] },
      ),
    }),
    { maxLength: 4 },
  ),
});

const PARTITIONS = ['aws', 'aws-us-gov', 'aws-cn'] as const;

function partitionsOf(choice: EditionChoice): Record<string, TierRow[]> {
  return Object.fromEntries(
    PARTITIONS.map((partition, index) => {
      const { ranks, terms } = pick(choice.partitions, index);
      const rows = CUSTOM_TIERS.map((name, tier) => ({
        name,
        rank: pick(ranks, tier),
        ...pick(terms, tier),
      }));
      return [partition, rows];
    }),
  );
}

function overridesOf(
  choice: EditionChoice,
  profiles: readonly Profile[],
): Record<string, Record<string, TierOverride>> {
  const overrides: Record<string, Record<string, TierOverride>> = {};
  for (const { owner, isOfProfile, tier, terms } of choice.overrides) {
    const profile = pick(profiles, owner);
    // One id of a profile in all of an edition, as two of them could differ.
    const ownerId = isOfProfile ? (profile.ids.at(-1) ?? '') : profile.place.accountId;
    overrides[ownerId] = { ...overrides[ownerId], [pick(CUSTOM_TIERS, tier)]: terms };
  }
  return overrides;
}

/**
 * An edition from before the first month, perhaps another from some billed month on. They may stand
 * in either order: it is their date that tells which one is in force (M3).
 */
function rateCardOf(
  choices: readonly EditionChoice[],
  profiles: readonly Profile[],
  firstMonth: string,
  areReversed: boolean,
): RateCard {
  const editions = choices.map((choice, index): RateEdition => {
    const overrides = overridesOf(choice, profiles);
    return {
      from: index === 0 ? '2024-02' : monthName(firstMonth, choice.from),
      currency: choice.currency,
      first_month: choice.firstMonth,
      first_month_upgrade: choice.firstMonthUpgrade,
      partitions: partitionsOf(choice),
      ...(Object.keys(overrides).length === 0 ? {} : { overrides }),
    };
  });
  return { editions: areReversed ? editions.reverse() : editions };
}

// ---------------------------------------------------------------------------------------------
// Subscriptions and their tier changes

interface SubscriptionsChoice {
  readonly profile: number;
  readonly isOfGroup: boolean;
  readonly principal: number;
  readonly lives: LivesChoice;
  readonly tiers: readonly number[];
  readonly changes: readonly { at: InstantChoice; tier: number; isFromTold: boolean }[];
  /** A tier change at the very instant at which a life starts. */
  readonly changeAtStart: { life: number; tier: number } | null;
  readonly spelling: number;
}

const subscriptionsChoice: fc.Arbitrary<SubscriptionsChoice> = fc.record({
  profile: fewOf(2),
  isOfGroup: fc.boolean(),
  principal: fewOf(3),
  lives: livesChoice,
  tiers: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
  changes: fc.array(fc.record({ at: instantChoice, tier: fc.nat(3), isFromTold: fc.boolean() }), {
    maxLength: 4,
  }),
  changeAtStart: fc.option(fc.record({ life: fc.nat(2), tier: fc.nat(3) }), { freq: 3 }),
  spelling: fc.oneof(fc.constant(0), fc.nat(20)),
});

interface World {
  readonly calendar: Calendar;
  readonly profiles: readonly Profile[];
  readonly users: readonly (readonly string[])[];
  readonly groups: readonly string[];
  readonly tiers: readonly string[];
}

interface TierAt {
  readonly at: Instant;
  readonly tier: number;
  readonly isFromTold: boolean;
}

function principalOf(world: World, choice: SubscriptionsChoice, spelling: number): Row {
  const isOfGroup = choice.isOfGroup && world.groups.length > 0;
  return {
    profile_id: pick(pick(world.profiles, choice.profile).ids, spelling),
    principal_type: pick(isOfGroup ? ['group', 'GROUP'] : ['user', 'User'], spelling),
    principal_id: isOfGroup
      ? pick(world.groups, choice.principal)
      : pick(pick(world.users, choice.principal), spelling),
  };
}

function principalKey(world: World, choice: SubscriptionsChoice): string {
  return Object.values(principalOf(world, choice, 0)).join('\n');
}

/** The changes of all lives, at distinct instants, each within a life. */
function changesOf(choice: SubscriptionsChoice, lives: readonly Life[], first: string): TierAt[] {
  const atStart = choice.changeAtStart;
  const changes = [
    ...(atStart === null
      ? []
      : [{ at: pick(lives, atStart.life).start, tier: atStart.tier, isFromTold: false }]),
    ...choice.changes.map((change) => ({ ...change, at: instantOf(first, change.at) })),
  ].filter(({ at }) => lives.some((life) => isWithin(at, life)));
  return uniqueBy(changes, ({ at }) => String(at.at)).sort((a, b) => byInstant(a.at, b.at));
}

/** What the subscription itself had just before a change; blank where nothing was before. */
function tierBefore(change: TierAt, life: Life, tier: number, changes: readonly TierAt[]): number {
  const before = changes.filter(({ at }) => isWithin(at, life) && at.at < change.at.at);
  return before.at(-1)?.tier ?? tier;
}

function subscriptionRows(
  world: World,
  choice: SubscriptionsChoice,
): { subscriptions: Row[]; changes: Row[] } {
  const first = world.calendar.firstMonth;
  const lives = livesOf(first, choice.lives);
  const changes = changesOf(choice, lives, first);
  const tierName = (tier: number, spelling: number) =>
    tierSpelling(pick(world.tiers, tier), spelling);
  const subscriptions = lives.map((life, index) => ({
    ...principalOf(world, choice, choice.spelling + index),
    tier: tierName(pick(choice.tiers, index), choice.spelling + index),
    subscribed_at: life.start.text,
    unsubscribed_at: life.end?.text ?? '',
  }));
  const changeRows = lives.flatMap((life, index) =>
    changes
      .filter(({ at }) => isWithin(at, life))
      .map((change) => {
        const from = tierBefore(change, life, pick(choice.tiers, index), changes);
        const isFromTold = change.isFromTold && change.at.at > life.start.at;
        return {
          ...principalOf(world, choice, choice.spelling + change.tier),
          changed_at: change.at.text,
          tier: tierName(change.tier, choice.spelling + change.tier),
          from_tier: isFromTold ? tierName(from, choice.spelling) : '',
        };
      }),
  );
  return { subscriptions, changes: changeRows };
}

// ---------------------------------------------------------------------------------------------
// Memberships, activations, overage changes, usage

interface MembershipsChoice {
  readonly group: number;
  readonly user: number;
  readonly lives: LivesChoice;
  readonly isSinceEver: boolean;
  readonly spelling: number;
}

const membershipsChoice: fc.Arbitrary<MembershipsChoice> = fc.record({
  group: fewOf(2),
  user: fewOf(3),
  lives: livesChoice,
  isSinceEver: fc.boolean(),
  spelling: fc.nat(5),
});

function membershipRows(world: World, choice: MembershipsChoice): Row[] {
  return livesOf(world.calendar.firstMonth, choice.lives).map((life, index) => ({
    group_id: pick(world.groups, choice.group),
    user_id: pick(pick(world.users, choice.user), choice.spelling + index),
    joined_at: choice.isSinceEver && index === 0 ? '' : life.start.text,
    left_at: life.end?.text ?? '',
  }));
}

interface SeatInstantChoice {
  readonly profile: number;
  readonly user: number;
  readonly at: InstantChoice;
  readonly spelling: number;
}

const seatInstantChoice = {
  profile: fewOf(2),
  user: fewOf(3),
  at: instantChoice,
  spelling: fc.nat(5),
};

interface ActivationsChoice {
  readonly told: readonly SeatInstantChoice[];
  /** Whether the seats that are not told are active since long ago, or pending. */
  readonly areOthersActive: boolean;
}

const activationsChoice: fc.Arbitrary<ActivationsChoice> = fc.record({
  told: fc.array(fc.record(seatInstantChoice), { maxLength: 6 }),
  areOthersActive: fc.boolean(),
});

function activationRow(world: World, choice: SeatInstantChoice): Row {
  return {
    profile_id: pick(pick(world.profiles, choice.profile).ids, choice.spelling),
    user_id: pick(pick(world.users, choice.user), choice.spelling),
    activated_at: instantOf(world.calendar.firstMonth, choice.at).text,
  };
}

function seatKey(world: World, choice: SeatInstantChoice): string {
  return `${choice.profile % world.profiles.length} ${choice.user % world.users.length}`;
}

function activationRows(world: World, choice: ActivationsChoice): Row[] {
  const toldKeys = choice.told.map((told) => seatKey(world, told));
  const longAgo = { anchor: 0, shift: -45n * DAY, spelling: 0 };
  const others = world.profiles
    .flatMap((_, profile) =>
      world.users.map((__, user) => ({ profile, user, at: longAgo, spelling: 0 })),
    )
    .filter((other) => choice.areOthersActive && !toldKeys.includes(seatKey(world, other)));
  return [...choice.told, ...others].map((one) => activationRow(world, one));
}

interface OverageChangeChoice {
  readonly profile: number;
  readonly at: InstantChoice;
  readonly overage: string;
  readonly cap: string;
}

const overageChangeChoice: fc.Arbitrary<OverageChangeChoice> = fc.record({
  profile: fewOf(2),
  at: instantChoice,
  overage: fc.constantFrom(...ENABLED, ...DISABLED),
  cap: fc.constantFrom('', '', ...CAPS),
});

function overageChangeRows(world: World, choices: readonly OverageChangeChoice[]): Row[] {
  const first = world.calendar.firstMonth;
  const keyOf = (choice: OverageChangeChoice) =>
    `${choice.profile % world.profiles.length} ${instantOf(first, choice.at).at}`;
  return uniqueBy(choices, keyOf).map((choice) => ({
    profile_id: pick(pick(world.profiles, choice.profile).ids, choice.at.spelling),
    changed_at: instantOf(first, choice.at).text,
    overage: choice.overage,
    overage_cap: choice.cap,
  }));
}

const CREDITS_USED = [
  '1000',
  '0',
  '1000.125',
  '250.75',
  '2000',
  '10000',
  '1e-05',
  '114.45787414391377',
  '999.99',
  '2000.125',
  '9999.999999999',
  '.5',
  '7.',
  '007',
  '1.2E+02',
  '10.5',
  '0.0000000000000000000000000000000000001',
  '12345678901234567890123456789012345.6789',
] as const;

interface UsageChoice extends SeatInstantChoice {
  readonly credits: string;
  readonly requestId: string;
}

const usageChoice: fc.Arbitrary<UsageChoice> = fc.record({
  ...seatInstantChoice,
  credits: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...CREDITS_USED) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.nat(3000), fc.nat(99)).map(([whole, part]) => `${whole}.${pad(part)}`),
    },
  ),
  requestId: fc.constantFrom('', 'r-1', 'r-2'),
});

function usageRow(world: World, choice: UsageChoice): Row {
  return {
    timestamp: instantOf(world.calendar.firstMonth, choice.at).text,
    profile_id: pick(pick(world.profiles, choice.profile).ids, choice.spelling),
    user_id: pick(pick(world.users, choice.user), choice.spelling),
    credits: choice.credits,
    request_id: choice.requestId,
  };
}

// ---------------------------------------------------------------------------------------------
// The whole data directory

const manner: fc.Arbitrary<Manner> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(PLAIN_MANNER) },
  {
    weight: 1,
    arbitrary: fc.record({
      withByteOrderMark: fc.boolean(),
      withCarriageReturns: fc.boolean(),
      withUpperCaseHeader: fc.boolean(),
      withColumnsReversed: fc.boolean(),
      withExtraColumn: fc.boolean(),
      withEmptyLines: fc.boolean(),
      withoutFinalNewline: fc.boolean(),
      withoutBlankColumns: fc.boolean(),
      withAllQuoted: fc.boolean(),
      withPadding: fc.boolean(),
    }),
  },
);

const choices = fc.record({
  calendar: fc.constantFrom(...CALENDARS),
  monthCount: fc.integer({ min: 1, max: 3 }),
  editions: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.array(editionChoice, { minLength: 1, maxLength: 2 }) },
  ),
  areEditionsReversed: fc.boolean(),
  areRatesNumbers: fc.boolean(),
  profiles: fc.array(profileChoice, { minLength: 1, maxLength: 3 }),
  hasProfilesFile: fc.oneof(
    { weight: 7, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  users: fc.uniqueArray(fc.nat(USERS.length - 1), { minLength: 1, maxLength: 4 }),
  userRows: fc.array(
    fc.record({
      name: fc.constantFrom(...NAMES),
      costCenter: fc.constantFrom(...COST_CENTERS),
      spelling: fc.nat(2),
      names: fc.nat(2),
    }),
    { maxLength: 4 },
  ),
  groups: fc.uniqueArray(fc.nat(GROUPS.length - 1), { maxLength: 3 }),
  hasGroupsFile: fc.boolean(),
  subscriptions: fc.oneof(
    { weight: 30, arbitrary: fc.array(subscriptionsChoice, { minLength: 1, maxLength: 6 }) },
    { weight: 1, arbitrary: fc.constant<SubscriptionsChoice[]>([]) },
  ),
  memberships: fc.array(membershipsChoice, { maxLength: 6 }),
  activations: fc.oneof(
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: activationsChoice },
  ),
  overageChanges: fc.array(overageChangeChoice, { maxLength: 5 }),
  usage: fc.array(usageChoice, { maxLength: 12 }),
  hasHeaderOnlyFiles: fc.boolean(),
  manner,
});

type Choices = typeof choices extends fc.Arbitrary<infer T> ? T : never;

/** An alias and an e-mail address of a user. */
function otherNames(user: number): { alias: string; email: string } {
  const alias = user % 2 === 0 ? `old.${user}@example.org` : `d0d0d0d0d${user}-${UUID}`;
  return { alias, email: `Zoë.${user}@Example.com` };
}

/** All spellings of a user that mean the same: with a row in `users.csv` its other names, too. */
function spellingsOf(user: number, row: Choices['userRows'][number] | undefined): string[] {
  const { alias, email } = otherNames(user);
  const names = [alias, email.toUpperCase().replace('Ë', 'ë')].slice(0, row?.names ?? 0);
  return [...pick(USERS, user), ...names];
}

function worldOf(chosen: Choices): World {
  const isCustom = chosen.editions !== null;
  const places = isCustom ? PLACES : PLACES_OF_BUILT_IN_CARD;
  return {
    calendar: chosen.calendar,
    profiles: profilesOf(chosen.profiles, places, chosen.hasProfilesFile),
    users: chosen.users.map((user, index) => spellingsOf(user, chosen.userRows[index])),
    groups: chosen.groups.map((group) => pick(GROUPS, group)),
    tiers: isCustom ? CUSTOM_TIERS : chosen.calendar.tiers,
  };
}

function tablesOf(world: World, chosen: Choices): DataDirectory {
  const histories = uniqueBy(chosen.subscriptions, (choice) => principalKey(world, choice)).map(
    (choice) => subscriptionRows(world, choice),
  );
  const memberships = world.groups.length === 0 ? [] : chosen.memberships;
  const memberKey = ({ group, user }: MembershipsChoice) =>
    `${group % world.groups.length} ${user % world.users.length}`;
  return {
    'users.csv': chosen.userRows.slice(0, world.users.length).map((row, index) => ({
      user_id: pick(pick(USERS, chosen.users[index] ?? 0), row.spelling),
      name: row.name,
      email: row.names > 1 ? ` ${otherNames(chosen.users[index] ?? 0).email}` : '',
      cost_center: row.costCenter,
      aliases: row.names > 0 ? otherNames(chosen.users[index] ?? 0).alias : '',
    })),
    'subscriptions.csv': histories.flatMap(({ subscriptions }) => subscriptions),
    'tier_changes.csv': histories.flatMap(({ changes }) => changes),
    'group_members.csv': uniqueBy(memberships, memberKey).flatMap((choice) =>
      membershipRows(world, choice),
    ),
    'overage_changes.csv': overageChangeRows(world, chosen.overageChanges),
    'usage.csv': chosen.usage.map((choice) => usageRow(world, choice)),
  };
}

/** Files without rows are left out, save where their absence would mean something else. */
function directoryOf(world: World, chosen: Choices): DataDirectory {
  const tables = Object.entries(tablesOf(world, chosen)).filter(
    ([file, rows]) => rows.length > 0 || file === 'subscriptions.csv' || chosen.hasHeaderOnlyFiles,
  );
  const groups = world.groups.map((id) => ({ group_id: id, name: `group ${id}` }));
  return {
    ...(chosen.hasProfilesFile ? { 'profiles.csv': world.profiles.map(({ row }) => row) } : {}),
    ...(chosen.hasGroupsFile ? { 'groups.csv': groups } : {}),
    ...(chosen.activations === null
      ? {}
      : { 'activations.csv': activationRows(world, chosen.activations) }),
    ...Object.fromEntries(tables),
  };
}

/** `rates.json`, its decimals as strings or as numbers to be read by their text. */
function rateCardText(rateCard: RateCard, areRatesNumbers: boolean): string {
  const text = JSON.stringify(rateCard);
  return areRatesNumbers
    ? text.replace(/("(?:price|credits|overage_rate)":)"([^"]+)"/g, '$1$2')
    : text;
}

/** The files of a case as texts, by their path in the data directory. */
export function filesOf(billingCase: BillingCase): Record<string, string> {
  const { directory, rateCard, areRatesNumbers } = billingCase;
  return {
    ...csvTexts(directory, billingCase.manner),
    ...(rateCard === undefined ? {} : { 'rates.json': rateCardText(rateCard, areRatesNumbers) }),
  };
}

/** `2026-01`, or `2026-01..2026-03`, as `--month` takes it. */
export function rangeOf({ months }: BillingCase): string {
  return months.length === 1 ? (months[0] ?? '') : `${months[0]}..${months.at(-1)}`;
}

function printed(billingCase: BillingCase): string {
  const files = Object.entries(filesOf(billingCase)).map(
    ([file, text]) =>
      `--- ${file}\n${text.replaceAll('\r', '\\r').replaceAll('\uFEFF', '\\uFEFF')}`,
  );
  return `\n--month ${rangeOf(billingCase)}\n${files.join('')}`;
}

/** A case that fast-check prints as its files, so that a failure can be tried by hand. */
export function printable(billingCase: BillingCase): BillingCase {
  return Object.defineProperty({ ...billingCase }, fc.toStringMethod, {
    value: () => printed(billingCase),
  });
}

function caseOf(chosen: Choices): BillingCase {
  const world = worldOf(chosen);
  const { firstMonth } = chosen.calendar;
  return printable({
    months: Array.from({ length: chosen.monthCount }, (_, later) => monthName(firstMonth, later)),
    directory: directoryOf(world, chosen),
    rateCard:
      chosen.editions === null
        ? undefined
        : rateCardOf(chosen.editions, world.profiles, firstMonth, chosen.areEditionsReversed),
    areRatesNumbers: chosen.areRatesNumbers,
    manner: chosen.manner,
  });
}

/**
 * All events of a case crowded on one user in one profile, who may be in two groups and more, and
 * comes to the same tier in several ways.
 */
function crowded(chosen: Choices): Choices {
  return {
    ...chosen,
    profiles: chosen.profiles.slice(0, 1),
    users: chosen.users.slice(0, 1),
    groups: chosen.groups.length < 2 ? [0, 1] : chosen.groups,
    subscriptions: chosen.subscriptions.map((choice) => ({
      ...choice,
      tiers: choice.tiers.map((tier) => tier % 2),
    })),
  };
}

/** Valid data directories with one to three months to bill. */
export const billingCases: fc.Arbitrary<BillingCase> = fc.oneof(
  { weight: 3, arbitrary: choices.map(caseOf) },
  { weight: 2, arbitrary: choices.map((chosen) => caseOf(crowded(chosen))) },
);

/** The same about the month before Pro Max came: some of them select it too early. */
export const casesBeforeProMax: fc.Arbitrary<BillingCase> = choices.map((chosen) =>
  caseOf({
    ...chosen,
    editions: null,
    calendar: { firstMonth: '2026-05', tiers: ['Pro', 'Pro Max'] },
  }),
);
