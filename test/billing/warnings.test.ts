import { describe, expect, it } from 'vitest';
import { unlistedRegion, warningSheet } from '../../src/billing/warnings.ts';
import { decimal } from '../../src/domain/decimal.ts';
import type { Warning } from '../../src/domain/warning.ts';
import {
  activation,
  billed,
  card,
  edition,
  type Facts,
  overageChange,
  profile,
  subscription,
  usage,
  user,
} from './facts.ts';

const subscriptions = [subscription('alice', 'Pro')];

function warnings(facts: Facts, month = '2026-01'): readonly Warning[] {
  return billed(facts, month).warnings;
}

function codes(facts: Facts): string[] {
  return warnings(facts).map(({ code, rule }) => `${code} ${rule ?? '-'}`);
}

describe('unbilled credits', () => {
  it('O5: they are a warning that names the seat, the month and the credits', () => {
    const [warning, ...more] = warnings({ subscriptions, usage: [usage('1250.75')] });
    expect(more).toEqual([]);
    expect(warning).toMatchObject({
      code: 'unbilled-credits',
      rule: 'O5',
      month: '2026-01',
      profileId: 'P1',
      userId: 'alice',
    });
    expect(warning?.message).toMatch(/^250\.75 credits beyond the allowance of 1,000 are unbilled/);
    expect(warning?.credits).toEqual(decimal('250.75'));
    expect(warning?.reason).toBe('overage is off');
  });

  it('O5: they name the user, where the users have a name', () => {
    const users = [user('alice', { name: 'Alice Moreau' })];
    const unbilled = { users, subscriptions, usage: [usage('1250.75')] };
    expect(warnings(unbilled)[0]?.message).toMatch(/^Alice Moreau, 250\.75 credits/);
    const without = { users, usage: [usage('12.5')] };
    expect(warnings(without)[0]?.message).toMatch(/^Alice Moreau, 12\.50 credits/);
  });

  it.each([
    ['nothing is used', { subscriptions }],
    ['the allowance is just used up', { subscriptions, usage: [usage('1000')] }],
    [
      'all beyond is billed',
      {
        profiles: [profile('P1', { overageOn: true, capCredits: decimal('250.75') })],
        subscriptions,
        usage: [usage('1250.75')],
      },
    ],
    ['usage without a seat is of 0 credits', { usage: [usage('0')] }],
    ['a pending seat used nothing', { subscriptions, activations: [] }],
  ])('O5: there is none where %s', (_, facts: Facts) => {
    expect(warnings(facts)).toEqual([]);
  });

  it('O5: the smallest part of a credit is one', () => {
    const facts = { subscriptions, usage: [usage('1000.00000000000001')] };
    expect(codes(facts)).toEqual(['unbilled-credits O5']);
    expect(warnings(facts)[0]?.message).toContain('0.00000000000001 credits');
  });

  const ON = profile('P1', { overageOn: true });
  const CAPPED = profile('P1', { overageOn: true, capCredits: decimal('100') });
  const change = [overageChange('2026-01-10', false)];
  const before = { to: '2026-01-10' };
  const after = { from: '2026-01-10' };

  it.each([
    ['overage is off', { usage: [usage('1250')] }, ['overage is off']],
    [
      'overage is off in every stretch, and the cap has no part in it',
      {
        profiles: [profile('P1', { capCredits: decimal('100') })],
        overageChanges: change,
        usage: [usage('800', before), usage('450', after)],
      },
      ['overage is off'],
    ],
    [
      'overage was off for a time',
      {
        profiles: [ON],
        overageChanges: change,
        usage: [usage('1100', before), usage('150', after)],
      },
      ['overage was off for a time'],
    ],
    [
      'the cap is reached',
      { profiles: [CAPPED], usage: [usage('1250')] },
      ['the overage cap is 100'],
    ],
    [
      'both',
      {
        profiles: [CAPPED],
        overageChanges: change,
        usage: [usage('1150', before), usage('100', after)],
      },
      ['overage was off for a time', 'the overage cap is 100'],
    ],
    [
      'a cap that is just not reached has no part in it',
      {
        profiles: [CAPPED],
        overageChanges: change,
        usage: [usage('1100', before), usage('150', after)],
      },
      ['overage was off for a time'],
    ],
    [
      'overage was off only before the allowance was passed, or up to exactly there',
      {
        profiles: [profile('P1', { overageOn: false, capCredits: decimal('100') })],
        overageChanges: [overageChange('2026-01-10', true)],
        usage: [usage('1000', before), usage('250', after)],
      },
      ['the overage cap is 100'],
    ],
  ])('O5: the warning says why: %s', (_, facts: Facts, reasons) => {
    const [warning] = warnings({ ...facts, subscriptions });
    expect(/\(([^()]*)\)$/.exec(warning?.message ?? '')?.[1]?.split('; ')).toEqual(reasons);
  });

  it('O3: a cap of 0 that blocks all overage is named', () => {
    const facts = {
      profiles: [profile('P1', { overageOn: true, capCredits: decimal('0') })],
      subscriptions,
      usage: [usage('1250')],
    };
    expect(warnings(facts)[0]?.message).toContain('the overage cap is 0');
  });
});

describe('usage without a seat', () => {
  it('O6: it is a warning that names the seat', () => {
    const [warning, ...more] = warnings({ usage: [usage('12.5')] });
    expect(more).toEqual([]);
    expect(warning).toMatchObject({
      code: 'usage-without-seat',
      rule: 'O6',
      month: '2026-01',
      profileId: 'P1',
      userId: 'alice',
    });
    expect(warning?.message).toMatch(/^12\.50 credits/);
    expect(warning?.message).toContain('no seat');
  });

  it('O6: of a pending seat it says so', () => {
    const facts = { subscriptions, activations: [], usage: [usage('12.5')] };
    expect(codes(facts)).toEqual(['usage-without-seat O6']);
    expect(warnings(facts)[0]?.message).toContain('not active');
  });

  it.each<[what: string, facts: Facts, userId: string, meant: string | undefined]>([
    ['an id one edit away', {}, 'alise', 'alice'],
    [
      'the e-mail address, which is said beside the id',
      { users: [user('alice', { email: ' am@example.com ' })] },
      'AM@example.com',
      'alice am@example.com',
    ],
    [
      'an id that is its address, which is said once',
      {
        subscriptions: [subscription('am@example.com', 'Pro')],
        users: [user('am@example.com', { email: 'am@example.com' })],
      },
      'am@exmple.com',
      'am@example.com',
    ],
    ['nobody', {}, 'zoe', undefined],
    [
      'nobody who holds no tier',
      { subscriptions: [...subscriptions, subscription('berta', 'Pro', { from: '2026-02-01' })] },
      'bertha',
      undefined,
    ],
    [
      'not the user, with a seat elsewhere',
      {
        profiles: [profile('P1'), profile('P2')],
        subscriptions: [subscription('alice', 'Pro', { profileId: 'P2' })],
      },
      'alice',
      undefined,
    ],
  ])('O6: it asks whether a user with a seat was meant: %s', (_, facts, userId, meant) => {
    const [warning] = warnings({ subscriptions, ...facts, usage: [usage('12.5', { userId })] });
    const what = '12.50 credits used with no held tier (no seat): not charged';
    expect(warning).toMatchObject({
      ...{ code: 'usage-without-seat', rule: 'O6', month: '2026-01', profileId: 'P1', userId },
      message: meant === undefined ? what : `${what}; is it ${meant}?`,
      credits: decimal('12.5'),
      reason: 'no seat',
      hint: meant && `is it ${meant}?`,
    });
  });

  it('O6: of two users whom users.csv names neither is meant by the other', () => {
    const hints = (...known: string[]) =>
      warnings({
        subscriptions: [subscription('alice', 'Pro')],
        users: known.map((id) => user(id)),
        usage: [usage('1', { userId: 'alica' })],
      }).map(({ hint }) => hint);
    expect(hints('alice', 'alica')).toEqual([undefined]);
    expect(hints('alica')).toEqual(['is it alice?']);
  });

  it('O6: who has usage without a seat as well is not meant', () => {
    const users = ['berta', 'bertha'];
    const found = warnings({ usage: users.map((userId) => usage('1', { userId })) });
    expect(found.map(({ hint }) => hint)).toEqual([undefined, undefined]);
  });

  it('O6: of a pending seat nobody else is meant', () => {
    const pending = [subscription('alice', 'Pro'), subscription('alise', 'Pro', { line: 3 })];
    const [warning] = warnings({
      subscriptions: pending,
      activations: [activation('alice', '2025-12-01')],
      usage: [usage('12.5', { userId: 'alise' })],
    });
    expect(warning?.hint).toBeUndefined();
    expect(warning).toMatchObject({
      reason: 'the seat was not active in the month',
      message:
        '12.50 credits used with no held tier (the seat was not active in the month): not charged',
    });
  });

  it('H3: usage before the activation in the same month is no such warning', () => {
    const facts = {
      subscriptions,
      activations: [activation('alice', '2026-01-31')],
      usage: [usage('12.5')],
    };
    expect(warnings(facts)).toEqual([]);
  });
});

describe('profiles', () => {
  const GOV = profile('P1', { region: 'us-gov-west-1' });

  it('M4: GovCloud prices of the built-in card are approximate, once per profile', () => {
    const facts = {
      profiles: [GOV],
      subscriptions: [...subscriptions, subscription('bob', 'Pro')],
    };
    const [warning, ...more] = warnings(facts);
    expect(more).toEqual([]);
    expect(warning).toMatchObject({
      code: 'approximate-prices',
      rule: 'M4',
      month: '2026-01',
      profileId: 'P1',
    });
    expect(warning).not.toHaveProperty('userId');
    expect(warning?.message).toContain('approximate');
    expect(warning?.remedy).toContain('--rates');
  });

  it("M4: a rate card of the user's own sets them: no warning", () => {
    const own = card(edition(['Pro 1 24 1000 0.048'], { partition: 'aws-us-gov' }));
    expect(warnings({ profiles: [GOV], subscriptions, card: own })).toEqual([]);
  });

  it('M4: where no seat holds a tier, no price is in the invoice to be approximate', () => {
    expect(warnings({ profiles: [GOV] })).toEqual([]);
    const pending = { profiles: [GOV], subscriptions, activations: [] };
    expect(warnings(pending)).toEqual([]);
    expect(warnings({ ...pending, usage: [usage('0')] })).toEqual([]);
    expect(codes({ profiles: [GOV], usage: [usage('1')] })).toEqual(['usage-without-seat O6']);
  });

  it('M4: a Region off the list is told of a profile with usage alone, but not of an empty one', () => {
    const facts = { profiles: [profile('P1', { region: 'us-west-2' })] };
    expect(warnings(facts)).toEqual([]);
    expect(codes({ ...facts, usage: [usage('0')] })).toEqual(['unlisted-region -']);
    expect(warnings({ ...facts, subscriptions, activations: [] })).toEqual([]);
  });

  it.each(['us-east-1', 'eu-central-1', 'us-gov-east-1', 'us-gov-west-1', ''])(
    "M4: Region '%s' is no surprise",
    (region) => {
      expect(unlistedRegion(profile('P1', { region }))).toEqual([]);
    },
  );

  it("M4: a Region that is not on the vendor's list is a warning that names it", () => {
    const [warning, ...more] = unlistedRegion(profile('P1', { region: 'us-west-2' }));
    expect(more).toEqual([]);
    expect(warning).toMatchObject({ code: 'unlisted-region', profileId: 'P1' });
    expect(warning?.message).toContain('us-west-2');
    expect(warning?.message).toContain('(us-east-1, eu-central-1, us-gov-east-1, us-gov-west-1)');
    expect(warning).not.toHaveProperty('month');
  });

  it('M4: in an invoice it is told with the month, once per profile', () => {
    const facts = {
      profiles: [profile('P1', { region: 'us-west-2' })],
      subscriptions: [...subscriptions, subscription('bob', 'Pro')],
    };
    const [warning, ...more] = warnings(facts);
    expect(more).toEqual([]);
    expect(warning).toMatchObject({ code: 'unlisted-region', month: '2026-01' });
  });
});

it('rows of warnings: month, code, rule, profile, user and message, those of all inputs once', () => {
  const warned = billed({ subscriptions, usage: [usage('1250.75')] });
  const { month, currency, columns, rows, totals } = warningSheet([warned, warned]);
  expect([month, currency]).toEqual(['', '']);
  expect(columns.map(({ name }) => name)).toEqual([
    'month',
    'code',
    'rule',
    'profile_id',
    'user_id',
    'message',
  ]);
  expect(new Set(columns.map(({ kind, adds }) => `${kind} ${adds}`))).toEqual(
    new Set(['text false']),
  );
  expect(rows).toEqual([
    [
      '2026-01',
      'unbilled-credits',
      'O5',
      'P1',
      'alice',
      '250.75 credits beyond the allowance of 1,000 are unbilled (overage is off)',
    ],
  ]);
  expect(totals).toEqual(columns.map(() => undefined));
});

describe('order', () => {
  it('O5: warnings of profiles come first, then those of seats by profile and user', () => {
    const facts = {
      profiles: [
        profile('P2', { region: 'us-west-2' }),
        profile('P1', { region: 'us-gov-west-1' }),
      ],
      subscriptions: [
        subscription('bob', 'Pro', { profileId: 'P2' }),
        subscription('bob', 'Pro'),
        subscription('alice', 'Pro'),
      ],
      usage: [
        usage('1001', { userId: 'bob', profileId: 'P2' }),
        usage('1001', { userId: 'bob' }),
        usage('1', { userId: 'aaron' }),
      ],
    };
    const told = warnings(facts).map(
      ({ code, profileId, userId = '' }) => `${code} ${profileId} ${userId}`,
    );
    expect(told).toEqual([
      'approximate-prices P1 ',
      'unlisted-region P2 ',
      'usage-without-seat P1 aaron',
      'unbilled-credits P1 bob',
      'unbilled-credits P2 bob',
    ]);
  });

  it('O5: each month has warnings of its own', () => {
    const facts = {
      subscriptions,
      usage: [usage('1001'), usage('1002', { month: '2026-02' })],
    };
    expect(warnings(facts, '2026-01').map(({ month }) => month)).toEqual(['2026-01']);
    expect(warnings(facts, '2026-02').map(({ message }) => message.split(' ')[0])).toEqual([
      '2.00',
    ]);
    expect(warnings(facts, '2026-03')).toEqual([]);
  });
});
