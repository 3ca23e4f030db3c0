/**
 * The starts and ends of seats that lists alone show, against the sentences of the data formats page
 * asked one by one. Plans stay the same; when they change is asked in `tier-history.test.ts`.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareInstants, instant, instantText, NANOS_PER_DAY } from '../../src/domain/instant.ts';
import type { DatedList, ListedUser } from '../../src/import/evidence.ts';
import { EAST, importOf, rows } from '../support/import-evidence.ts';

type Status = ListedUser['status'];

/** What one list says of a user; without a status the list lacks the user. */
interface Entry {
  readonly day: bigint;
  readonly status: Status | undefined;
  readonly activatedAt: bigint | undefined;
}

interface Life {
  readonly entries: Entry[];
  /** The end of the life before. */
  readonly after: bigint | undefined;
  end?: bigint;
}

const entry = fc.record({
  status: fc.constantFrom<(Status | undefined)[]>(
    ...(['active', 'active', 'active', 'pending', 'canceled', 'other'] as const),
    undefined,
  ),
  /** Days before the list. */
  activated: fc.option(fc.integer({ min: -1, max: 60 }), { nil: undefined }),
});
/** Days from 1 June on; lists are often of the first of a month. */
const day = fc.oneof(fc.nat(100), fc.constantFrom(0, 30, 61, 92));
/** The lists of a profile: a day each, and what it says of three users. */
const lists = fc.uniqueArray(fc.record({ day, users: fc.tuple(entry, entry, entry) }), {
  minLength: 1,
  maxLength: 5,
  selector: ({ day }) => day,
});

function monthOf(at: bigint): string {
  return instantText(at).slice(0, 7);
}

function firstOf(at: bigint): bigint {
  return instant(`${monthOf(at)}-01`);
}

/** "It ends on that list's day, or, where the list before lies in an earlier month, at the first instant". */
function livesOf(entries: readonly Entry[]): Life[] {
  const lives: Life[] = [];
  for (const one of entries.filter(({ status }) => status !== 'other')) {
    const last = lives.at(-1);
    const open = last?.end === undefined ? last : undefined;
    if (one.status === 'active' || one.status === 'pending') {
      if (open === undefined) lives.push({ entries: [one], after: last?.end });
      else open.entries.push(one);
    } else if (open !== undefined) {
      const isSeen = open.entries.some(({ day }) => monthOf(day) === monthOf(one.day));
      open.end = isSeen ? one.day : firstOf(one.day);
    }
  }
  return lives;
}

/** "Of several lists the earliest start". */
function startOf(of: readonly Entry[], life: Life, all: readonly Entry[]): bigint {
  const isBefore = (one: Entry, day: bigint) => one.day < day && monthOf(one.day) === monthOf(day);
  const starts = of.map(({ day, status, activatedAt }) => {
    if (status === 'pending') return day;
    const isKnown = activatedAt !== undefined && activatedAt <= day + NANOS_PER_DAY;
    if (isKnown && (life.after === undefined || activatedAt > life.after)) return activatedAt;
    const lacks = all.some((other) => other.status !== 'other' && isBefore(other, day));
    return lacks ? day : firstOf(day);
  });
  return starts.toSorted(compareInstants)[0] as bigint;
}

function expectedRows(user: string, entries: readonly Entry[]) {
  const lives = livesOf(entries);
  const active = ({ status }: Entry) => status === 'active';
  const used = lives.find((life) => life.entries.some(active));
  return {
    subscriptions: lives.map((life) => {
      const start = instantText(startOf(life.entries, life, entries));
      return `${EAST},user,${user},Pro,${start},${life.end === undefined ? '' : instantText(life.end)}`;
    }),
    activations:
      used === undefined
        ? []
        : [`${EAST},${user},${instantText(startOf(used.entries.filter(active), used, entries))}`],
  };
}

it('H3: lists alone date starts, ends and activations', () => {
  const property = fc.property(lists, (drawn) => {
    const inTime = drawn.toSorted((a, b) => a.day - b.day);
    const names = ['ann', 'ben', 'cyd'];
    const entriesOf = (user: number): Entry[] =>
      inTime.map(({ day, users }) => {
        const { status, activated } = users[user] as (typeof users)[0];
        const at = instant('2026-06-01') + BigInt(day) * NANOS_PER_DAY;
        const activatedAt =
          activated === undefined ? undefined : at - BigInt(activated) * NANOS_PER_DAY;
        return { day: at, status, activatedAt };
      });
    const entries = names.map((_, user) => entriesOf(user));
    const entryOf = (user: number, index: number) => (entries[user] as Entry[])[index] as Entry;
    const files = inTime.map((_, index): DatedList => {
      const users = names.flatMap((name, user): ListedUser[] => {
        const { status, activatedAt } = entryOf(user, index);
        const seat = { names: [name] as [string], email: '', tier: 'Pro', source: 'l.csv:2' };
        return status === undefined ? [] : [{ ...seat, status, activatedAt }];
      });
      const { day } = entryOf(0, index);
      return { path: `${index}.csv`, profile: EAST, at: day, users, leftOut: [] };
    });
    const found = importOf({ lists: files });
    const expected = names.map((name, user) => expectedRows(name, entries[user] ?? []));
    expect(rows(found, 'subscriptions').sort()).toEqual(
      expected.flatMap(({ subscriptions }) => subscriptions).sort(),
    );
    expect(rows(found, 'activations').sort()).toEqual(
      expected.flatMap(({ activations }) => activations).sort(),
    );
  });
  fc.assert(property, { numRuns: 300 });
});
