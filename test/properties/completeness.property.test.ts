/** Whether usage is whole, against the naive reference, on months with random days of usage. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CompletenessAsked,
  coverageOf,
  type Finding,
  findingsOf,
} from '../reference/completeness.ts';
import { csvTexts } from '../reference/csv-text.ts';
import type { DataDirectory, Row } from '../reference/facts.ts';
import { dateText, monthNamed } from '../reference/time.ts';
import { runInProcess } from '../support/in-process.ts';

const RUNS_FACTOR = Number(process.env.KIRO_BILL_RUNS ?? 1);

/** Times of a day in UTC as they may be written, with the days by which their date is off. */
const CLOCKS = [
  ['T09:30:00Z', 0],
  ['', 0],
  ['T23:59:59.999999999Z', 0],
  ['T05:29:59+05:30', 1],
  ['T16:00:00-08:00', -1],
] as const;

const dayNumbers = fc.nat(27);

const profileChoice = fc.record({
  seats: fc.constantFrom(10, 12, 0, 1, 4, 5, 9),
  users: fc.constantFrom(10, 9, 0, 1, 2, 3, 9, 11),
  firstUser: fc.constantFrom(0, 0, 5),
  starts: fc.constantFrom('2025-11-01', '2025-11-01', '2026-01-14', '2026-02-10T12:00:00Z'),
  ends: fc.constantFrom('', '', '2026-01-21', '2026-02-17T00:00:01Z'),
  /** Stretches of days without usage. */
  holes: fc.array(
    fc.record({ first: fc.nat(30), length: fc.constantFrom(1, 2, 3, 5, 7, 8, 14, 15, 31) }),
    { maxLength: 3 },
  ),
  daysOfWeek: fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
  hasAllDays: fc.boolean(),
  other: fc.array(fc.constantFrom('2025-12-31', '2026-01-30', '2026-02-02', '2026-03-01'), {
    maxLength: 2,
  }),
  clock: fc.nat(CLOCKS.length - 1),
});

const choices = fc.record({
  month: fc.constantFrom('2026-01', '2026-02'),
  profiles: fc.oneof(
    fc.array(profileChoice, { minLength: 1, maxLength: 2 }),
    fc.array(profileChoice, { minLength: 2, maxLength: 2 }),
  ),
  clock: fc.oneof(
    fc.constant('2026-04-15T12:00:00Z'),
    fc.constantFrom(
      ...['2026-01-20T12:00:00Z', '2026-02-13T00:00:00Z', '2026-02-20T23:59:59.999Z'],
      ...['2026-01-31T23:00:00Z', '2025-12-31T23:59:59Z', '2026-02-01T00:00:00Z'],
    ),
  ),
  daysOff: fc.array(dayNumbers, { maxLength: 4 }),
  pending: fc.option(fc.nat(3), { freq: 3 }),
  areDaysUnknown: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.constant(true)),
});

type ProfileChoice = typeof profileChoice extends fc.Arbitrary<infer T> ? T : never;
type Choices = typeof choices extends fc.Arbitrary<infer T> ? T : never;

function utcDay(date: string, days = 0): Date {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000);
}

/** A time that lies on a date in UTC. */
function timeOn(date: string, clock: number): string {
  const [time, daysOff] = CLOCKS[clock] as (typeof CLOCKS)[number];
  return utcDay(date, daysOff).toISOString().slice(0, 10) + time;
}

function usageDates(chosen: ProfileChoice, month: string): string[] {
  const { days } = monthNamed(month);
  const inMonth = Array.from({ length: days }, (_, index) => index)
    .filter(
      (day) => !chosen.holes.some(({ first, length }) => day >= first && day < first + length),
    )
    .map((day) => dateText(monthNamed(month), day + 1))
    .filter((date) => chosen.hasAllDays || chosen.daysOfWeek.includes(utcDay(date).getUTCDay()));
  return [...inMonth, ...chosen.other];
}

/** A row for each date, and of the first one for each user. */
function usageRows(chosen: ProfileChoice, profileId: string, month: string): Row[] {
  if (chosen.users === 0) return [];
  const user = (index: number) => `u${chosen.firstUser + (index % chosen.users)}`;
  const dates = usageDates(chosen, month);
  const first = Array.from({ length: chosen.users }, () => dates[0] ?? '');
  return [...dates, ...(dates.length === 0 ? [] : first)].map((date, index) => ({
    timestamp: timeOn(date, chosen.clock),
    profile_id: profileId,
    user_id: user(index),
    credits: '1',
  }));
}

function subscriptionRows(chosen: ProfileChoice, profileId: string): Row[] {
  const isLater = chosen.ends !== '' && chosen.ends <= chosen.starts;
  return Array.from({ length: chosen.seats }, (_, index) => ({
    profile_id: profileId,
    ...{ principal_type: 'user', principal_id: `u${index}`, tier: 'Pro' },
    subscribed_at: chosen.starts,
    unsubscribed_at: isLater ? '' : chosen.ends,
  }));
}

function directoryOf({ month, profiles, pending }: Choices): DataDirectory {
  const ids = ['P1', 'P2'].slice(0, profiles.length);
  const activations = ids.flatMap((profile_id) =>
    Array.from({ length: 12 }, (_, index) => ({
      ...{ profile_id, user_id: `u${index}`, activated_at: '2025-11-01' },
    })).slice((pending ?? 0) * 4),
  );
  const of = (rows: (chosen: ProfileChoice, id: string) => Row[]) =>
    profiles.flatMap((chosen, index) => rows(chosen, ids[index] ?? ''));
  return {
    'profiles.csv': ids.map((profile_id, index) => ({
      ...{ profile_id, account_id: `11112222333${index}`, region: 'us-east-1' },
    })),
    'subscriptions.csv': of(subscriptionRows),
    'usage.csv': of((chosen, id) => usageRows(chosen, id, month)),
    ...(pending === null ? {} : { 'activations.csv': activations }),
  };
}

interface Case {
  readonly asked: CompletenessAsked;
  readonly files: Record<string, string>;
}

function caseOf(chosen: Choices): Case {
  const { month, clock, areDaysUnknown } = chosen;
  const daysOff = [...new Set(chosen.daysOff)].map((day) => dateText(monthNamed(month), day + 1));
  const directory = directoryOf(chosen);
  const asked = { directory, month, clock, daysOff, areDaysUnknown };
  const files = {
    ...csvTexts(directory),
    'kiro-bill.json': JSON.stringify({ days_off: daysOff }),
  };
  const printed = () =>
    [`clock ${clock}${areDaysUnknown ? ', as a summary' : ''}, --month ${month}`]
      .concat(Object.entries(files).map(([file, text]) => `--- ${file}\n${text}`))
      .join('\n');
  return Object.defineProperty({ asked, files }, fc.toStringMethod, { value: printed });
}

const CODES = ['usage-none', 'usage-ends', 'usage-begins', 'usage-gap', 'month-future'];

function findingOf({ code = '', profile_id: profileId = '', message = '' }: Row): Finding {
  const run = /from (\S+) to (\S+) \((\d+) workdays?\)/.exec(message);
  const seats = /credits of (\d+) seats? count as none/.exec(message)?.[1] ?? '';
  return { code, profileId, what: run === null ? seats : run.slice(1).join(' ') };
}

/** What `invoice` says of the usage, as itself or as a summary of it. */
async function said({ asked, files }: Case) {
  const settings = { now: new Date(asked.clock) };
  const given = { ...files };
  if (asked.areDaysUnknown) {
    const summary = await runInProcess(['summarize'], files, settings);
    expect(summary.status, summary.stderr).toBe(0);
    given['usage.csv'] = summary.stdout;
  }
  const command = ['invoice', '--month', asked.month, '--format', 'json'];
  const run = await runInProcess(command, given, settings);
  expect(run.status, run.stderr).toBe(0);
  const { warnings, coverage } = JSON.parse(run.stdout);
  const findings = warnings.filter(({ code }: Row) => CODES.includes(code ?? '')).map(findingOf);
  return { findings: sorted(findings), coverage };
}

function sorted(findings: readonly Finding[]): string[] {
  return findings.map((finding) => Object.values(finding).join(' | ')).sort();
}

test(
  'the findings and the coverage of a month are those of the reference',
  async () => {
    await fc.assert(
      fc.asyncProperty(choices.map(caseOf), async (one) => {
        expect(await said(one)).toEqual({
          findings: sorted(findingsOf(one.asked)),
          coverage: coverageOf(one.asked),
        });
      }),
      { numRuns: Math.ceil(100 * RUNS_FACTOR) },
    );
  },
  30_000 * RUNS_FACTOR,
);
