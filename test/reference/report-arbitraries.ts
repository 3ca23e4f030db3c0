/**
 * Activity reports whose figures lie on and beside the bounds of rule R1, delivered again, in parts and
 * in other months (R2). Drawn as plain choices first, as the data directories of `arbitraries.ts`.
 */
import fc from 'fast-check';
import type { Meaning, ReportFile } from './activity.ts';
import { csvTexts } from './csv-text.ts';
import type { DataDirectory, Row } from './facts.ts';
import { BUILT_IN_RATE_CARD, type RateCard } from './rate-card.ts';
import {
  exactText,
  minus,
  parseDecimal,
  plus,
  type Rational,
  rational,
  times,
} from './rational.ts';

/** A data directory with activity reports, and the month to bill. */
export interface ReportCase {
  readonly month: string;
  readonly directory: DataDirectory;
  readonly rateCard: RateCard | undefined;
  readonly reports: readonly ReportFile[];
  readonly decided: Meaning | undefined;
}

/** The middle one of three months is billed; of the first trio the card has no edition at first. */
const TRIOS = [
  ['2025-09', '2025-10', '2025-11'],
  ['2026-05', '2026-06', '2026-07'],
  ['2025-12', '2026-01', '2026-02'],
] as const;

const TIERS = [
  ['PRO', 'Q_DEVELOPER_STANDALONE_PRO', 'Pro'],
  ['PRO_PLUS', 'ProPlus', 'KIRO_ENTERPRISE_PRO_PLUS'],
  ['PRO_MAX', 'Pro Max', 'pro-max'],
  ['POWER', 'KIRO_ENTERPRISE_PRO_POWER', 'Kiro Power'],
  ['TEAM'],
] as const;

const CREDITS = ['1000', '2000', '5000', '10000', '1000'] as const;

const UUID = '0a1b2c3d-4e5f-6789-abcd-ef0123456789';

/** Spellings of one user, the id first; after it an alias of it, and its e-mail. */
const USERS = [
  [UUID, `d-90677b4d21.${UUID}`, `arn:aws:identitystore:::user/${UUID}`],
  ['ann', 'ann.old', 'ANN@example.com'],
  ['bob', 'bob', ' bob@example.com'],
  ['=eve', '=eve', '=eve'],
  ['Zoë', 'Zoë', 'Zoë'],
] as const;

const USER_ROWS: readonly Row[] = [
  { user_id: 'ann', name: 'Ann', email: 'ann@example.com', aliases: 'ann.old ann.older' },
  { user_id: 'bob', name: 'Bob', email: 'Bob@Example.com', aliases: '' },
];

const VIRGINIA = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/ABC';
const FRANKFURT = 'arn:aws:codewhisperer:eu-central-1:111122223333:profile/DEF';
const FRANKFURT_BEFORE = 'arn:aws:codewhisperer:eu-central-1:111122223333:profile/OLD';
const GOVCLOUD = 'arn:aws-us-gov:codewhisperer:us-gov-west-1:999988887777:profile/GOV';

/** By the spelling in reports the profile. */
const REPORTED_PROFILES: readonly (readonly [profileId: string, spellings: readonly string[]])[] = [
  [VIRGINIA, [VIRGINIA]],
  ['DEF', [FRANKFURT, FRANKFURT_BEFORE]],
  ['gov', [GOVCLOUD]],
];

const PROFILE_ROWS: readonly Row[] = [
  { profile_id: VIRGINIA, account_id: '111122223333', region: 'us-east-1', overage: 'on' },
  {
    ...{ profile_id: 'DEF', account_id: '111122223333', region: 'Europe (Frankfurt)' },
    ...{ overage: '', aliases: FRANKFURT_BEFORE },
  },
  { profile_id: 'gov', account_id: '999988887777', region: 'us-gov-west-1', overage: 'on' },
];

const FILES = [
  'a/KIRO_IDE_111122223333_user_report_202601160200.csv',
  'a/KIRO_IDE_111122223333_user_report_202601160200_part_1.csv',
  'a/KIRO_IDE_111122223333_user_report_202601160200_part_2.csv',
  'b/KIRO_IDE_111122223333_user_report_202601160200_part_1.csv',
  'b/KIRO_IDE_111122223333_user_report_202601170000.csv',
  'export.csv',
  'é/export.csv',
  'a/export-part_1.csv',
] as const;

/** V, and S from it and from A: on the bounds of the rule, and a little beside them. */
const OVERAGES = ['2', '250', '0.5', '0', '3000', '0.00001', '1.75'] as const;
const USED: readonly ((a: Rational, v: Rational) => Rational)[] = [
  plus,
  (a) => a,
  (a, v) => plus(a, times(v, rational(1n, 2n))),
  (a, v) => plus(plus(a, times(v, rational(1n, 2n))), parseDecimal('1e-17')),
  (a) => plus(a, rational(1n)),
  (a) => minus(a, rational(1n)),
  (a) => minus(a, parseDecimal('1.0000000001')),
  (a) => plus(a, parseDecimal('1.0000000001')),
  (_, v) => v,
  (_, v) => times(v, rational(1n, 2n)),
  (a) => minus(a, rational(300n)),
  (a, v) => plus(plus(a, v), parseDecimal('0.3333333333333')),
];

const isRare = fc.oneof(
  { weight: 5, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

interface Redelivery {
  readonly file: number;
  readonly isOwnFile: boolean;
  readonly isOther: boolean;
}

const rowChoice = fc.record({
  day: fc.nat(27),
  client: fc.constantFrom('KIRO_IDE', 'kiro_ide', 'KIRO_CLI', 'PLUGIN', ''),
  file: fc.oneof(fc.constant(0), fc.nat(FILES.length - 1)),
  spelling: fc.nat(2),
  isTierBlank: isRare,
  otherTier: fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.nat(4) },
  ),
  /** The same row again: in its file, or in another one, perhaps with other figures. */
  again: fc.oneof(
    { weight: 2, arbitrary: fc.constant<Redelivery[]>([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.record({
          file: fc.nat(FILES.length - 1),
          isOwnFile: fc.boolean(),
          isOther: fc.boolean(),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    },
  ),
});

const seatMonthChoice = fc.record({
  month: fc.oneof(fc.constant(1), fc.nat(2)),
  profile: fc.oneof(fc.constant(0), fc.nat(2)),
  user: fc.nat(USERS.length - 1),
  tier: fc.oneof(fc.constant(0), fc.nat(TIERS.length - 1)),
  limit: fc.constantFrom('', '', '', '1000', '1000.0', '2000', '5000'),
  limitOfOthers: fc.constantFrom('', '', '', '', '1000', '1e3', '2000'),
  /** Its tier is blank, and days at equal distance before and after have two of them. */
  isBetweenTiers: isRare,
  overage: fc.oneof(fc.nat(1), fc.nat(OVERAGES.length - 1)),
  used: fc.nat(USED.length - 1),
  rows: fc.array(rowChoice, { minLength: 1, maxLength: 3 }),
});

type SeatMonthChoice = typeof seatMonthChoice extends fc.Arbitrary<infer T> ? T : never;

const choices = fc.record({
  trio: fc.nat(TRIOS.length - 1),
  seatMonths: fc.array(seatMonthChoice, { minLength: 1, maxLength: 6 }),
  changedAt: fc.array(fc.nat(2), { minLength: FILES.length, maxLength: FILES.length }),
  hasOverride: fc.boolean(),
  held: fc.array(
    fc.record({ profile: fc.nat(2), user: fc.nat(USERS.length - 1), spelling: fc.nat(2) }),
    { maxLength: 3 },
  ),
  decided: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom<Meaning[]>('beside', 'inside') },
  ),
});

type Choices = typeof choices extends fc.Arbitrary<infer T> ? T : never;

function pick<T>(all: readonly T[], number: number): T {
  return all[number % all.length] as T;
}

interface PlacedRow {
  readonly file: number;
  readonly row: Row;
}

/** Spelled in one of the ways in which a number may be. */
function spelled(credits: Rational, spelling: number): string {
  const text = exactText(credits);
  return pick([text, text.replace(/\.?0+$/, ''), `${text}0`], text === '0.00' ? 0 : spelling);
}

/** The rows of one seat in one month: the first has what the others, 1.25 credits each, leave. */
function placedRows(chosen: SeatMonthChoice, months: readonly string[]): PlacedRow[] {
  const allowance = parseDecimal(chosen.limit || pick(CREDITS, chosen.tier));
  const overage = parseDecimal(pick(OVERAGES, chosen.overage));
  const s = pick(USED, chosen.used)(allowance, overage);
  const share = parseDecimal('1.25');
  const others = times(share, rational(BigInt(chosen.rows.length - 1)));
  const isWhole = minus(s, others).over >= 0n;
  const ofMonth = chosen.rows.flatMap((one, index) => {
    const isFirst = index === 0;
    const used = isFirst ? (isWhole ? minus(s, others) : s) : isWhole ? share : rational(0n);
    return deliveries(one, {
      Date: `${pick(months, chosen.month)}-${String(one.day + 1).padStart(2, '0')}`,
      UserId: pick(pick(USERS, chosen.user), one.spelling),
      Client_Type: one.client,
      Credits_Used: spelled(used, one.spelling),
      Overage_Credits_Used: isFirst ? spelled(overage, one.spelling) : '',
      ProfileId: pick(pick(REPORTED_PROFILES, chosen.profile)[1], one.spelling),
      Subscription_Tier:
        one.isTierBlank || chosen.isBetweenTiers
          ? ''
          : pick(pick(TIERS, one.otherTier ?? chosen.tier) as readonly string[], one.spelling),
      Usage_Limit: isFirst ? chosen.limit : chosen.limitOfOthers,
    });
  });
  return [...ofMonth, ...(chosen.isBetweenTiers ? tiersAround(ofMonth, chosen) : [])];
}

/** Rows without credits some weeks before and after the first of these rows, of two tiers. */
function tiersAround([first]: readonly PlacedRow[], { tier }: SeatMonthChoice): PlacedRow[] {
  if (first === undefined) return [];
  const { file, row } = first;
  return [-35, 35].map((days, index) => {
    const day = new Date(Date.parse(`${row.Date}T00:00:00Z`) + days * 86_400_000);
    const [tierText = ''] = pick<readonly string[]>(TIERS, tier + index);
    const said = { Date: day.toISOString().slice(0, 10), Subscription_Tier: tierText };
    const none = { Credits_Used: '0', Overage_Credits_Used: '', Usage_Limit: '' };
    return { file, row: { ...row, ...said, ...none } };
  });
}

function deliveries(
  { file, again }: { readonly file: number; readonly again: readonly Redelivery[] },
  row: Row,
): PlacedRow[] {
  return [
    { file, row },
    ...again.map((other) => ({
      file: other.isOwnFile ? file : other.file,
      row: other.isOther ? { ...row, Credits_Used: '7.5' } : row,
    })),
  ];
}

function reportsOf(chosen: Choices, months: readonly string[]): ReportFile[] {
  const placed = chosen.seatMonths.flatMap((one) => placedRows(one, months));
  return FILES.map((path, file) => ({
    path,
    changedAt: 1_768_000_000 + (chosen.changedAt[file] ?? 0),
    rows: placed.filter((one) => one.file === file).map(({ row }) => row),
  })).filter(({ rows }) => rows.length > 0);
}

/** The built-in card with private allowances. */
const CARD_WITH_OVERRIDES: RateCard = {
  editions: BUILT_IN_RATE_CARD.editions.map((edition) => ({
    ...edition,
    overrides: {
      '111122223333': { Pro: { credits: '1500' }, 'Pro+': { credits: '2000' } },
      [FRANKFURT_BEFORE]: { Pro: { credits: '1000' } },
    },
  })),
};

function caseOf(chosen: Choices): ReportCase {
  const months = pick<readonly string[]>(TRIOS, chosen.trio);
  const held = chosen.held.map(({ profile, user, spelling }) => ({
    profile_id: pick(REPORTED_PROFILES, profile)[0],
    principal_type: 'user',
    principal_id: pick(pick(USERS, user), spelling).trim(),
    tier: 'Pro',
    subscribed_at: '2025-01-01',
  }));
  const keys = chosen.held.map(({ profile, user }) => `${profile} ${user}`);
  const reportCase: ReportCase = {
    month: months[1] as string,
    directory: {
      'profiles.csv': PROFILE_ROWS,
      'users.csv': USER_ROWS,
      'subscriptions.csv': held.filter((_, index) => keys.indexOf(keys[index] ?? '') === index),
    },
    rateCard: chosen.hasOverride ? CARD_WITH_OVERRIDES : undefined,
    reports: reportsOf(chosen, months),
    decided: chosen.decided,
  };
  return Object.defineProperty(reportCase, fc.toStringMethod, { value: () => printed(reportCase) });
}

const COLUMNS = [
  ...['Date', 'UserId', 'Client_Type', 'Credits_Used', 'Overage_Credits_Used', 'ProfileId'],
  ...['Subscription_Tier', 'Usage_Limit'],
];

function reportText({ rows }: ReportFile): string {
  const lines = rows.map((row) => COLUMNS.map((column) => `"${row[column] ?? ''}"`).join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\n');
}

/** The files of a case as texts, by their path in the data directory. */
export function reportFilesOf({ directory, rateCard, reports }: ReportCase) {
  return {
    ...csvTexts(directory),
    ...(rateCard === undefined ? {} : { 'rates.json': JSON.stringify(rateCard) }),
    ...Object.fromEntries(reports.map((report) => [`usage/${report.path}`, reportText(report)])),
  };
}

function printed(reportCase: ReportCase): string {
  const files = Object.entries(reportFilesOf(reportCase)).map(
    ([file, text]) => `--- ${file}\n${text}`,
  );
  const changed = reportCase.reports.map(({ path, changedAt }) => `${path} ${changedAt}`);
  const { month, decided } = reportCase;
  return `\n--month ${month} ${decided ?? ''}\n${changed.join('\n')}\n${files.join('')}`;
}

export const reportCases: fc.Arbitrary<ReportCase> = choices.map(caseOf);
