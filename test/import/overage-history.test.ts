/** A profile's overage through time, by what reports and bills show. */
import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { instant, utcDate } from '../../src/domain/instant.ts';
import type { OverageStep } from '../../src/import/evidence.ts';
import { capText, overageHistory } from '../../src/import/overage-history.ts';

function seen(date: string, on: boolean, cap?: string): OverageStep {
  const capCredits =
    cap === undefined ? {} : { capCredits: cap === 'none' ? ('none' as const) : decimal(cap) };
  return { at: instant(date), on, source: `r-${date}:${cap ?? ''}`, ...capCredits };
}

function shown({ at, on, capCredits }: OverageStep): string {
  return `${utcDate(at)} ${on ? 'on' : 'off'} ${capText(capCredits)}`.trim();
}

function history(
  sightings: readonly OverageStep[],
  months: readonly string[] = [],
  since?: string,
) {
  const found = overageHistory(sightings, months, since === undefined ? undefined : instant(since));
  return {
    first: found.first && shown(found.first),
    changes: found.changes.map(shown),
    conflicts: found.conflicts,
    sources: [...(found.first ? [found.first] : []), ...found.changes].map(({ source }) => source),
  };
}

const on = (...dates: string[]) => dates.map((date) => seen(date, true));

describe('O2: the switch', () => {
  it.each<
    [
      string,
      readonly OverageStep[],
      readonly string[],
      string | undefined,
      string | undefined,
      readonly string[],
    ]
  >([
    ['nothing is known', [], [], undefined, undefined, []],
    ['the first state holds before it', on('2026-01-10'), [], undefined, '2026-01-10 on', []],
    [
      'each change is a step',
      [seen('2026-01-10', false), seen('2026-01-20', true), seen('2026-02-01', false)],
      [],
      undefined,
      '2026-01-10 off',
      ['2026-01-20 on', '2026-02-01 off'],
    ],
    [
      'the same state is none',
      [...on('2026-01-10', '2026-01-11'), seen('2026-01-12', false), seen('2026-01-13', false)],
      [],
      undefined,
      '2026-01-10 on',
      ['2026-01-12 off'],
    ],
    [
      'on, where a row of a day has it on',
      [seen('2026-01-10', false), seen('2026-01-10', true)],
      [],
      undefined,
      '2026-01-10 on',
      [],
    ],
    [
      'a charged month without a report is on',
      [seen('2026-01-10', false)],
      ['2026-02'],
      undefined,
      '2026-01-10 off',
      ['2026-02-01 on'],
    ],
    [
      'a charged month in which a report has it on is as that has it',
      [seen('2026-01-10', false), seen('2026-02-15', true)],
      ['2026-02'],
      undefined,
      '2026-01-10 off',
      ['2026-02-15 on'],
    ],
    ['charged alone: on from the start', [], ['2026-01'], undefined, '2026-01-01 on', []],
    [
      'charged alone, and billed before: off until then',
      [],
      ['2026-02'],
      '2026-01-01',
      '2026-01-01 off',
      ['2026-02-01 on'],
    ],
    [
      'charged in the first month that is billed',
      [],
      ['2026-01'],
      '2026-01-01',
      '2026-01-01 on',
      [],
    ],
    [
      'reports come before the bills',
      on('2026-01-10'),
      ['2026-02'],
      '2025-12-01',
      '2026-01-10 on',
      [],
    ],
    [
      'off, seen first within a charged month: switched off there',
      [seen('2026-01-10', false)],
      ['2026-01'],
      undefined,
      '2026-01-01 on',
      ['2026-01-10 off'],
    ],
  ])('%s', (_, sightings, months, since, first, changes) => {
    expect(history(sightings, months, since)).toMatchObject({ first, changes, conflicts: [] });
  });

  it.each([
    ['seen off before', [seen('2025-12-10', false), seen('2026-01-10', false)]],
    ['seen off from its first instant', [seen('2026-01-01', false)]],
  ])('a charged month that reports have off throughout is a contradiction: %s', (_, sightings) => {
    const { changes, conflicts } = history(sightings, ['2026-01']);
    expect(changes).toEqual([]);
    expect(conflicts).toEqual([
      'AWS charges overage in 2026-01, and the reports have it disabled all through that month',
    ]);
  });

  it('has its sources', () => {
    expect(history([seen('2026-01-10', false)], ['2026-02']).sources).toEqual([
      'r-2026-01-10:',
      'Credits charged in the CUR of 2026-02',
    ]);
    expect(history([], ['2026-02'], '2026-01-01').sources).toEqual(
      Array(2).fill('Credits charged in the CUR of 2026-02'),
    );
  });
});

describe('O3: the cap', () => {
  it.each<[string, readonly OverageStep[], string, readonly string[]]>([
    [
      'stays where no row has one',
      [seen('2026-01-10', true, '50'), seen('2026-01-11', true)],
      '2026-01-10 on 50',
      [],
    ],
    [
      'is a step of its own',
      [
        seen('2026-01-10', true, '50'),
        seen('2026-01-11', true, '60'),
        seen('2026-01-12', true, 'none'),
        seen('2026-01-13', true, '70'),
      ],
      '2026-01-10 on 50',
      ['2026-01-11 on 60', '2026-01-12 on none', '2026-01-13 on 70'],
    ],
    [
      'of one value, however written, is no step',
      [seen('2026-01-10', true, '50'), seen('2026-01-11', true, '50.0')],
      '2026-01-10 on 50',
      [],
    ],
    [
      'none, where none was before, is no step',
      [seen('2026-01-10', true), seen('2026-01-11', true, 'none')],
      '2026-01-10 on',
      [],
    ],
    [
      'of a row that is off does not count',
      [seen('2026-01-10', true, '50'), seen('2026-01-10', false, '90')],
      '2026-01-10 on 50',
      [],
    ],
    [
      'of one row of a day, where others have none',
      [seen('2026-01-10', true), seen('2026-01-10', true, '50')],
      '2026-01-10 on 50',
      [],
    ],
  ])('%s', (_, sightings, first, changes) => {
    expect(history(sightings)).toMatchObject({ first, changes, conflicts: [] });
  });

  it.each([
    ['50', '60', '60'],
    ['60', '50', '60'],
    ['none', '60', 'none'],
    ['60', 'none', 'none'],
  ])('of %s and %s on one day is the larger one, and named', (a, b, larger) => {
    const { first, conflicts } = history([
      seen('2026-01-10', true, a),
      seen('2026-01-10', true, b),
    ]);
    const other = larger === a ? b : a;
    expect(first).toBe(`2026-01-10 on ${larger}`);
    expect(conflicts).toEqual([
      `two caps on 2026-01-10: ${larger} in r-2026-01-10:${larger}, and ${other} in r-2026-01-10:${other}; the larger one is written`,
    ]);
  });

  it.each(['50', 'none'])('of %s in two rows is none that differs', (cap) => {
    const sightings = [seen('2026-01-10', true, cap), seen('2026-01-10', true, cap)];
    expect(history(sightings).conflicts).toEqual([]);
  });

  it.each([
    [undefined, ''],
    ['none' as const, 'none'],
    [decimal('50.50'), '50.5'],
  ])('is written as it is read', (cap, text) => {
    expect(capText(cap)).toBe(text);
  });
});
