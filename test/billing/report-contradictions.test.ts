import { describe, expect, it } from 'vitest';
import { reportContradictions } from '../../src/billing/report-contradictions.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { instant } from '../../src/domain/instant.ts';
import type { OverageChange, ReportedOverage } from '../../src/domain/records.ts';
import { billing, overageChange, profile } from './facts.ts';

interface RowFacts {
  readonly on?: boolean;
  readonly credits?: string;
  readonly cap?: string;
  readonly profileId?: string;
  readonly file?: string;
  readonly line?: number;
}

/** A row of a report on a date; by default of P1, in line 2 of a.csv, and with nothing in it. */
function row(date: string, facts: RowFacts = {}): ReportedOverage {
  const { on, credits = '0', cap, profileId = 'P1', file = 'a.csv', line = 2 } = facts;
  return {
    profileId,
    date,
    at: instant(date),
    overageCredits: decimal(credits),
    ...(on === undefined ? {} : { overageOn: on }),
    ...(cap === undefined ? {} : { capCredits: cap === 'none' ? cap : decimal(cap) }),
    place: { file, line },
  };
}

interface Directory {
  readonly on?: boolean;
  readonly cap?: string;
  readonly changes?: readonly OverageChange[];
}

/** `MONTH PROFILE: MESSAGE`, without its ending. */
function contradictions(rows: readonly ReportedOverage[], directory: Directory = {}): string[] {
  const { on = false, cap, changes = [] } = directory;
  const facts = { overageOn: on, ...(cap === undefined ? {} : { capCredits: decimal(cap) }) };
  const { overage } = billing({
    profiles: [profile('P1', facts), profile('P2', facts)],
    overageChanges: changes,
  });
  return reportContradictions(rows, overage).map(({ code, month, profileId, message }) => {
    expect(code).toBe('report-contradiction');
    expect(message).toMatch(/; the data directory counts$/);
    return `${month} ${profileId}: ${message.replace(/; the data directory counts$/, '')}`;
  });
}

const CHARGED = 'the activity reports charge';
const OFF = 'while overage is off in the data directory';

describe('O2: where reports contradict the switch of the data directory', () => {
  it.each<[what: string, rows: ReportedOverage[], directory: Directory, told: string[]]>([
    ['nothing is said of it', [row('2026-01-15')], {}, []],
    ['nothing is said of it, and it is on', [row('2026-01-15')], { on: true }, []],
    ['both are off', [row('2026-01-15', { on: false })], {}, []],
    ['both are on', [row('2026-01-15', { on: true, credits: '3' })], { on: true }, []],
    [
      'overage is charged while it is off: the sum, and the first row',
      [
        row('2026-01-15', { on: true, credits: '1.5', line: 3 }),
        row('2026-01-16', { on: true, credits: '2', line: 4 }),
        row('2026-01-17', { on: true, line: 5 }),
      ],
      {},
      [`2026-01 P1: ${CHARGED} 3.50 overage credits ${OFF} (first on 2026-01-15, in a.csv:3)`],
    ],
    [
      'it is enabled while it is off',
      [row('2026-01-15', { on: true })],
      {},
      [
        '2026-01 P1: the activity reports have overage enabled while it is off in the data directory (first on 2026-01-15, in a.csv:2)',
      ],
    ],
    [
      'it is disabled while it is on',
      [row('2026-01-15', { on: false })],
      { on: true },
      [
        '2026-01 P1: the activity reports have overage disabled while it is on in the data directory (first on 2026-01-15, in a.csv:2)',
      ],
    ],
    [
      'it is disabled at the end of a day on which overage was charged',
      [row('2026-01-15', { on: false, credits: '3' }), row('2026-01-15', { on: false, line: 3 })],
      { on: true },
      [],
    ],
    [
      'and on the next day, without a charge',
      [row('2026-01-15', { on: false, credits: '3' }), row('2026-01-16', { on: false, line: 3 })],
      { on: true },
      [
        '2026-01 P1: the activity reports have overage disabled while it is on in the data directory (first on 2026-01-16, in a.csv:3)',
      ],
    ],
    [
      'it is switched in the middle of the day',
      [row('2026-01-15', { on: false }), row('2026-01-15', { on: true, credits: '9' })],
      { changes: [overageChange('2026-01-15T12:00:00Z', true)] },
      [],
    ],
    [
      'it is switched at its last instant',
      [row('2026-01-15', { on: true })],
      { changes: [overageChange('2026-01-15T23:59:59.999999999Z', true)] },
      [],
    ],
    [
      'it is switched at the first instant of the next',
      [row('2026-01-15', { on: true })],
      { changes: [overageChange('2026-01-16', true)] },
      [
        '2026-01 P1: the activity reports have overage enabled while it is off in the data directory (first on 2026-01-15, in a.csv:2)',
      ],
    ],
    [
      'it was switched at the first instant of the day',
      [row('2026-01-15', { on: false })],
      { changes: [overageChange('2026-01-15', true)] },
      [
        '2026-01 P1: the activity reports have overage disabled while it is on in the data directory (first on 2026-01-15, in a.csv:2)',
      ],
    ],
    ['the profile is not known', [row('2026-01-15', { on: true, profileId: 'P9' })], {}, []],
  ])('%s', (_, rows, directory, told) => {
    expect(contradictions(rows, directory)).toEqual(told);
  });

  it('tells of each month and profile once, by its first row in time, file and line', () => {
    const on = { on: true };
    const rows = [
      row('2026-02-01', on),
      row('2026-01-20', { ...on, file: 'b.csv' }),
      row('2026-01-20', { ...on, line: 9 }),
      row('2026-01-20', { ...on, line: 5 }),
      row('2026-01-31', { ...on, line: 1 }),
      row('2026-01-20', { ...on, profileId: 'P2', file: 'c.csv' }),
      row('2026-01-19', { ...on, profileId: 'P2', file: 'd.csv' }),
    ];
    const found = contradictions(rows).map((text) => text.replace(/: .*, in /, ' '));
    expect(found).toEqual(['2026-01 P1 a.csv:5)', '2026-01 P2 d.csv:2)', '2026-02 P1 a.csv:2)']);
  });
});

describe('O3: where reports contradict the cap of the data directory', () => {
  const other = (theirs: string, ours: string): string[] => [
    `2026-01 P1: the activity reports have an overage cap of ${theirs} credits, the data directory ${ours} (first on 2026-01-15, in a.csv:2)`,
  ];

  it.each<[what: string, cap: string, directory: Directory, told: string[]]>([
    ['the same', '500', { cap: '500.00' }, []],
    ['another', '500', { cap: '800' }, other('500', 'has 800')],
    ['one where there is none', '500.5', {}, other('500.5', 'has none')],
    ['none where there is one', 'none', { cap: '800' }, []],
    [
      'that of any time of the day',
      '300',
      { cap: '800', changes: [overageChange('2026-01-15T12:00:00Z', true, '300')] },
      [],
    ],
    [
      'none of the day: that of its start is told',
      '500',
      { cap: '800', changes: [overageChange('2026-01-15T12:00:00Z', true, '300')] },
      other('500', 'has 800'),
    ],
  ])('%s', (_, cap, directory, told) => {
    expect(
      contradictions([row('2026-01-15', { on: true, cap })], { on: true, ...directory }),
    ).toEqual(told);
  });

  it('says it of the first row that has one', () => {
    for (const before of [{}, { cap: 'none' }, { cap: '800' }]) {
      const rows = [row('2026-01-14', before), row('2026-01-15', { cap: '500' })];
      expect(contradictions(rows, { on: true, cap: '800' })).toEqual(other('500', 'has 800'));
    }
  });

  it('says it beside another switch, once', () => {
    const rows = [row('2026-01-15', { on: true, cap: '5' }), row('2026-01-16', { cap: '6' })];
    expect(contradictions(rows)).toHaveLength(2);
  });
});
