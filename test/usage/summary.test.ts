import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { instant } from '../../src/domain/instant.ts';
import type { StretchUsage } from '../../src/domain/records.ts';
import type { ReductionPlan } from '../../src/usage/plan.ts';
import { isSummaryHeader } from '../../src/usage/summary/summary-columns.ts';
import { PLAIN_PLAN } from '../support/plain-plan.ts';
import { readSummaries, summaryCsv } from './summary-text.ts';

const HEADER = 'month,profile_id,user_id,stretch_from,stretch_to,credits,requests\n';
const ROW = '2026-01,P,u,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,1.50,3';

/** The good row with some of its fields replaced. */
function rowWith(fields: Record<string, string>): string {
  const values = ROW.split(',');
  const names = HEADER.trimEnd().split(',');
  return `${HEADER}${names.map((name, index) => fields[name] ?? values[index]).join(',')}\n`;
}

const CUT = instant('2026-01-10T08:00:00.000000001Z');

const WITH_CUT: ReductionPlan = {
  ...PLAIN_PLAN,
  cuts: { ofProfile: new Map([['P', [CUT]]]), ofAll: [] },
  profileIds: new Set(['P']),
};

describe('a usage summary is told by its header', () => {
  test.each([
    [true, 'month,profile_id,user_id,stretch_from,stretch_to,credits,requests'],
    [true, 'stretch_to,credits'],
    [false, 'timestamp,profile_id,user_id,credits'],
    [false, 'timestamp,profile_id,user_id,credits,stretch_from'],
    [false, 'month,credits,requests'],
  ])('%s: %s', (expected, names) => {
    expect(isSummaryHeader(names.split(','))).toBe(expected);
  });

  test('and a column that is missing or stands twice is a problem', async () => {
    const { problems } = await readSummaries([
      'month,profile_id,user_id,stretch_from,stretch_to,credits\n',
      `month,${HEADER}`,
    ]);
    expect(problems.map(({ column }) => column)).toEqual(['requests', 'month']);
  });
});

describe('a row of a summary is bad input', () => {
  test.each([
    [
      'that leaves its month at the start',
      'stretch_from',
      /leaves its month, 2026-01: summarize the usage again/,
      { stretch_from: '2025-12-31T23:59:59.999999999Z' },
    ],
    [
      'that leaves its month at the end',
      'stretch_to',
      /leaves its month, 2026-01: summarize the usage again/,
      { stretch_to: '2026-02-01T00:00:00.000000001Z' },
    ],
    ['of another month', 'stretch_to', /leaves its month, 2025-12/, { month: '2025-12' }],
    [
      'with an overage change strictly inside',
      'row',
      /changes inside the stretch, at 2026-01-10T08:00:00.000000001Z by overage_changes.csv: summarize the usage again/,
      {},
    ],
    [
      'that ends where it begins',
      'stretch_to',
      /must be after stretch_from/,
      { stretch_to: '2026-01-01' },
    ],
    ['of no month', 'month', /not a month/, { month: '2026-13' }],
    ['of no instant', 'stretch_from', /not an instant/, { stretch_from: '2026-01-32' }],
    ['of an unknown profile', 'profile_id', /no such profile/, { profile_id: 'Q' }],
    ['with negative credits', 'credits', /must not be negative/, { credits: '-1' }],
    [
      'with credits that are no number',
      'credits',
      /not a number/,
      { credits: '1,5'.replace(',', ';') },
    ],
    ['with a fraction of a request', 'requests', /a whole number from 1/, { requests: '1.5' }],
    ['with negative requests', 'requests', /a whole number from 1/, { requests: '-1' }],
    [
      'without requests: such a stretch has no row',
      'requests',
      /a whole number from 1/,
      { requests: '0' },
    ],
    [
      'with more requests than anybody counted',
      'requests',
      /a whole number from 1/,
      { requests: '1e13' },
    ],
    ['with a blank user', 'user_id', /must not be blank/, { user_id: '' }],
    [
      'with a control character in the user',
      'user_id',
      /control characters/,
      { user_id: 'a\u0007b' },
    ],
  ])('%s', async (_what, column, message, fields) => {
    const { problems, stretches } = await readSummaries([rowWith(fields)], WITH_CUT);
    expect(stretches).toEqual([]);
    const found = problems.filter((problem) => problem.column === column);
    expect(found.map(({ what }) => what)).toEqual([expect.stringMatching(message)]);
    expect(found[0]).toMatchObject({ file: 'summary.csv', line: 2 });
  });

  test('with each of its problems, together', async () => {
    const { problems } = await readSummaries([
      rowWith({ month: 'x', credits: 'y', requests: 'z' }),
    ]);
    expect(problems.map(({ column }) => column)).toEqual(['month', 'credits', 'requests']);
  });
});

describe('a row of a summary is good', () => {
  test.each([
    ['that ends at an overage change', { stretch_to: '2026-01-10T08:00:00.000000001Z' }],
    ['that begins at an overage change', { stretch_from: '2026-01-10T08:00:00.000000001Z' }],
    [
      'with a narrower stretch, whose change is gone',
      { stretch_from: '2026-01-20', stretch_to: '2026-01-21' },
    ],
    [
      'with instants and numbers in other forms',
      { stretch_from: '2026-01-11 01:00+01', credits: '15e-1', requests: '3.0' },
    ],
  ])('%s', async (_what, fields) => {
    const { problems, stretches } = await readSummaries([rowWith(fields)], WITH_CUT);
    expect(problems).toEqual([]);
    expect(stretches).toMatchObject([
      { month: '2026-01', profileId: 'P', userId: 'u', requests: 3 },
    ]);
  });

  test('with a user id in any form, which names the bare one', async () => {
    const uuid = '308da4d8-9511-70f1-8556-355ff92816aa';
    const { stretches } = await readSummaries([
      rowWith({ user_id: `d-1234567890.${uuid}` }),
      rowWith({ user_id: uuid }),
    ]);
    expect(stretches).toMatchObject([{ userId: uuid, requests: 6 }]);
  });

  test('in the months to which an offset takes usage, and in the last one', async () => {
    const rows = [
      ['1999-12', '1999-12-01T00:00:00Z', '2000-01-01T00:00:00Z'],
      ['2199-12', '2199-12-01T00:00:00Z', '2200-01-01T00:00:00Z'],
      ['2200-01', '2200-01-01T00:00:00Z', '2200-02-01T00:00:00Z'],
    ].map(([month, from, to]) => `${month},P,u,${from},${to},1.00,1\n`);
    const text = HEADER + rows.join('');
    const { problems, stretches } = await readSummaries([text]);
    expect(problems).toEqual([]);
    expect(summaryCsv(stretches)).toBe(text);
    const outside = rowWith({
      month: '1999-11',
      stretch_from: '1999-11-01',
      stretch_to: '1999-12-01',
    });
    expect((await readSummaries([outside])).problems).toHaveLength(2);
  });
});

describe('ids that a spreadsheet would take for a formula', () => {
  test.each([
    ['=u', "'=u"],
    ['+u', "'+u"],
    ['-u', "'-u"],
    ['@u', "'@u"],
    ["'=u", "''=u"],
    ["''-u", "'''-u"],
    ["'u", "'u"],
    ["'", "'"],
    ['u=', 'u='],
  ])('%s is written as %s, and read back as it was', async (id, written) => {
    const usage = stretch({ userId: id, profileId: id });
    const text = summaryCsv([usage]);
    expect(text.split('\n')[1]).toMatch(
      new RegExp(`^2026-01,${escaped(written)},${escaped(written)},`),
    );
    const { stretches, problems } = await readSummaries([text], {
      ...PLAIN_PLAN,
      profileIds: new Set([id]),
    });
    expect(problems).toEqual([]);
    expect(stretches).toMatchObject([{ userId: id, profileId: id }]);
  });

  test('are read as they are where a summary was written by hand without a quote', async () => {
    const { stretches } = await readSummaries([rowWith({ user_id: '=u' })]);
    expect(stretches).toMatchObject([{ userId: '=u' }]);
  });

  test('are sorted by their own bytes, not by those of the quote', () => {
    const rows = ['=u', '"u', "'u", '-u', 'u'].map((userId) => stretch({ userId }));
    const users = summaryCsv(rows)
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.split(',')[2]);
    expect(users).toEqual(['"""u"', "'u", "'-u", "'=u", 'u']);
  });
});

describe('rows of a summary', () => {
  test('are sorted by the bytes of month, profile, user and both instants', () => {
    const rows = [
      stretch({ from: '2026-01-10T08:00:00Z' }),
      stretch({ from: '2026-01-10T08:00:00.5Z' }),
      stretch({ userId: 'U' }),
      stretch({ userId: '\u{1f600}' }),
      stretch({ userId: '\uffee' }),
      stretch({ profileId: 'A' }),
      stretch({ month: '2025-12' }),
    ];
    const keys = summaryCsv(rows)
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.split(',').slice(0, 4).join(' '));
    expect(keys).toEqual([
      '2025-12 P u 2026-01-01T00:00:00Z',
      '2026-01 A u 2026-01-01T00:00:00Z',
      '2026-01 P U 2026-01-01T00:00:00Z',
      '2026-01 P u 2026-01-10T08:00:00.5Z',
      '2026-01 P u 2026-01-10T08:00:00Z',
      '2026-01 P \uffee 2026-01-01T00:00:00Z',
      '2026-01 P \u{1f600} 2026-01-01T00:00:00Z',
    ]);
  });

  test('have exact credits, at least two decimals and no trailing zeros beyond', () => {
    const credits = ['7', '114.45787414391377', '1250.750', '1e-30', '0'];
    const written = credits.map((text, index) => stretch({ userId: `u${index}`, credits: text }));
    expect(summaryCsv(written).match(/[\d.]+(?=,1\n)/g)).toEqual([
      '7.00',
      '114.45787414391377',
      '1250.75',
      '0.000000000000000000000000000001',
      '0.00',
    ]);
  });
});

test('summaries of parts, summarized again, equal the summary of the whole', async () => {
  const user = fc.constantFrom('u', '=u', "'=u", 'v');
  const part = fc.constantFrom(0, 1, 2);
  const credits = fc.tuple(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: -20, max: 3 }));
  const row = fc.tuple(part, user, fc.constantFrom('P', '-P'), fc.boolean(), credits);
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (rows) => {
      const usage = rows.map(([which, userId, profileId, isEarly, [digits, exponent]]) => {
        const bounds = isEarly ? { to: CUT } : { from: CUT };
        const from = isEarly || profileId !== 'P' ? undefined : '2026-01-10T08:00:00.000000001Z';
        const made = stretch({
          userId,
          profileId,
          credits: `${digits}e${exponent}`,
          ...(from && { from }),
        });
        return { which, made: profileId === 'P' ? { ...made, ...bounds } : made };
      });
      const { cuts } = WITH_CUT;
      const summed = async (of: readonly (typeof usage)[number][]): Promise<string> => {
        const texts = of.map(({ made }) => summaryCsv([made]));
        return summaryCsv((await readSummaries(texts, { ...PLAIN_PLAN, cuts })).stretches);
      };
      const parts = await Promise.all(
        [0, 1, 2].map((which) => summed(usage.filter((one) => one.which === which))),
      );
      const again = await readSummaries(parts, { ...PLAIN_PLAN, cuts });
      expect(again.problems).toEqual([]);
      expect(summaryCsv(again.stretches)).toBe(await summed(usage));
    }),
    { numRuns: 60 },
  );
});

interface Given {
  readonly month?: string;
  readonly profileId?: string;
  readonly userId?: string;
  readonly from?: string;
  readonly credits?: string;
}

function stretch({
  month = '2026-01',
  profileId = 'P',
  userId = 'u',
  from = '2026-01-01',
  credits = '1',
}: Given): StretchUsage {
  return {
    month,
    profileId,
    userId,
    from: instant(from),
    to: instant('2026-02-01'),
    credits: decimal(credits),
    requests: 1,
  };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
