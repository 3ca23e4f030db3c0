import { describe, expect, it } from 'vitest';
import { instant } from '../../src/domain/instant.ts';
import {
  activation,
  member,
  profile,
  recordsOf,
  seatBilled,
  seatsIn,
  sourceTexts,
  subscription,
} from './facts.ts';

describe('sources', () => {
  it("H1: a user's own subscription is a source for as long as it lives", () => {
    const own = subscription('alice', 'Pro', { from: '2026-01-05', until: '2026-01-20' });
    expect(sourceTexts({ subscriptions: [own] })).toEqual([
      '2026-01-05T00:00:00Z..2026-01-20T00:00:00Z',
    ]);
  });

  it.each([
    ['joined later than subscribed', '2026-01-05', '2026-01-07', '2026-01-07T00:00:00Z'],
    ['joined at the same instant', '2026-01-05', '2026-01-05', '2026-01-05T00:00:00Z'],
    ['joined earlier', '2026-01-05', '2026-01-02', '2026-01-05T00:00:00Z'],
    ['a member since ever', '2026-01-05', undefined, '2026-01-05T00:00:00Z'],
  ])('H1: a group source lives from the later of both starts: %s', (_, from, joined, start) => {
    const facts = {
      subscriptions: [subscription('group:g', 'Pro', { from })],
      memberships: [member('g', 'alice', joined)],
    };
    expect(sourceTexts(facts)).toEqual([`${start}..`]);
  });

  it.each([
    ['left first', '2026-01-20', '2026-01-18', '2026-01-18T00:00:00Z'],
    ['unsubscribed first', '2026-01-18', '2026-01-20', '2026-01-18T00:00:00Z'],
    ['both at one instant', '2026-01-18', '2026-01-18', '2026-01-18T00:00:00Z'],
    ['still a member', '2026-01-20', undefined, '2026-01-20T00:00:00Z'],
    ['still subscribed', undefined, '2026-01-18', '2026-01-18T00:00:00Z'],
    ['neither has ended', undefined, undefined, ''],
  ])('H1: a group source lives to the earlier of both ends: %s', (_, until, left, end) => {
    const group = { from: '2026-01-05', ...(until === undefined ? {} : { until }) };
    const facts = {
      subscriptions: [subscription('group:g', 'Pro', group)],
      memberships: [member('g', 'alice', '2026-01-02', left)],
    };
    expect(sourceTexts(facts)).toEqual([`2026-01-05T00:00:00Z..${end}`]);
  });

  it.each([
    ['left before the group was subscribed', undefined, '2026-01-04', '2026-01-05', undefined],
    ['left as the group was subscribed', undefined, '2026-01-05', '2026-01-05', undefined],
    ['joined as the group was unsubscribed', '2026-01-09', undefined, '2026-01-05', '2026-01-09'],
    ['joined after it', '2026-01-10', undefined, '2026-01-05', '2026-01-09'],
  ])(
    'H1: lives that do not meet make no source, and no seat: %s',
    (_, joined, left, from, until) => {
      const group = { from, ...(until === undefined ? {} : { until }) };
      const records = recordsOf({
        subscriptions: [subscription('group:g', 'Pro', group)],
        memberships: [member('g', 'alice', joined, left)],
      });
      expect(seatsIn(records).get('P1')?.size).toBe(0);
    },
  );

  it('H1: each stay in a group is a source of its own', () => {
    const facts = {
      subscriptions: [subscription('group:g', 'Pro', { from: '2026-01-02', until: '2026-01-28' })],
      memberships: [
        member('g', 'alice', '2026-01-20'),
        member('g', 'alice', '2026-01-05', '2026-01-07'),
      ],
    };
    expect(sourceTexts(facts)).toEqual([
      '2026-01-05T00:00:00Z..2026-01-07T00:00:00Z',
      '2026-01-20T00:00:00Z..2026-01-28T00:00:00Z',
    ]);
  });

  it('H1: each subscription of a group is a source of each of its members', () => {
    const records = recordsOf({
      subscriptions: [
        subscription('group:g', 'Pro', { from: '2026-01-20' }),
        subscription('group:g', 'Pro', { from: '2026-01-02', until: '2026-01-05' }),
      ],
      memberships: [member('g', 'alice'), member('g', 'bob'), member('other', 'carol')],
    });
    const seats = seatsIn(records).get('P1');
    expect([...(seats?.keys() ?? [])]).toEqual(['alice', 'bob']);
    for (const seat of seats?.values() ?? []) {
      expect(seat.sources.map(({ from }) => from)).toEqual([
        instant('2026-01-02'),
        instant('2026-01-20'),
      ]);
    }
  });

  it("H1: a user is not a group of the same name, nor a group's member by its own id", () => {
    const records = recordsOf({
      subscriptions: [subscription('ops', 'Pro'), subscription('group:ops', 'Power')],
      memberships: [member('ops', 'alice')],
    });
    const seats = seatsIn(records).get('P1');
    const tiers = [...(seats?.values() ?? [])].map(({ userId, sources }) => [
      userId,
      sources.map(({ subscription: { tier } }) => tier),
    ]);
    expect(tiers).toEqual([
      ['ops', ['Pro']],
      ['alice', ['Power']],
    ]);
  });

  it('H1: sources never cross profiles', () => {
    const records = recordsOf({
      profiles: [profile('P1'), profile('P2', { region: 'eu-central-1' })],
      subscriptions: [
        subscription('alice', 'Pro'),
        subscription('alice', 'Power', { profileId: 'P2' }),
      ],
    });
    const tiersIn = (profileId: string) =>
      seatsIn(records)
        .get(profileId)
        ?.get('alice')
        ?.sources.map((source) => source.subscription.tier);
    expect(tiersIn('P1')).toEqual(['Pro']);
    expect(tiersIn('P2')).toEqual(['Power']);
  });

  it('H1: a direct source comes before those of groups, and these by the bytes of their ids', () => {
    const groups = ['team-b', 'team-\u{1f600}', 'team-a', 'Team-z', 'team-\uff5e'];
    const records = recordsOf({
      subscriptions: [
        ...groups.map((group) => subscription(`group:${group}`, 'Pro')),
        subscription('alice', 'Pro'),
      ],
      memberships: groups.map((group) => member(group, 'alice')),
    });
    const sources = seatsIn(records).get('P1')?.get('alice')?.sources ?? [];
    expect(sources.map((source) => source.subscription.principalId)).toEqual([
      'alice',
      'Team-z',
      'team-a',
      'team-b',
      'team-\uff5e',
      'team-\u{1f600}',
    ]);
  });

  it('H1: sources of one kind come by time', () => {
    const subscriptions = [
      subscription('alice', 'Pro', { from: '2026-02-01', line: 2 }),
      subscription('alice', 'Pro+', { from: '2026-01-01', until: '2026-01-20', line: 3 }),
      subscription('group:g', 'Pro', { line: 4 }),
    ];
    const memberships = [
      member('g', 'alice', '2026-03-01'),
      member('g', 'alice', '2026-01-10', '2026-02-01'),
    ];
    expect(sourceTexts({ subscriptions, memberships })).toEqual([
      '2026-01-01T00:00:00Z..2026-01-20T00:00:00Z',
      '2026-02-01T00:00:00Z..',
      '2026-01-10T00:00:00Z..2026-02-01T00:00:00Z',
      '2026-03-01T00:00:00Z..',
    ]);
  });

  it('H1: a subscription in a profile that is not there is a fault of our own, never a free seat', () => {
    const records = recordsOf({
      subscriptions: [subscription('alice', 'Pro', { profileId: 'P9' })],
    });
    expect(() => seatsIn(records)).toThrow('P9');
  });
});

describe('activations', () => {
  const subscriptions = [subscription('alice', 'Pro')];

  it('H3: without the file a seat has no activation to wait for', () => {
    const seat = seatsIn(recordsOf({ subscriptions })).get('P1')?.get('alice');
    expect(seat?.activatedAt).toBeUndefined();
  });

  it.each([
    ['a file without rows', []],
    ['a row of another user', [activation('bob', '2025-11-05')]],
    ['a row in another profile', [activation('alice', '2025-11-05', 'P2')]],
  ])('H3: with %s the seat was never activated', (_, activations) => {
    const records = recordsOf({
      profiles: [profile('P1'), profile('P2', { region: 'eu-central-1' })],
      subscriptions,
      activations,
    });
    expect(seatsIn(records).get('P1')?.get('alice')?.activatedAt).toBe('never');
  });

  it.each([
    ['first', ['2026-01-09', '2026-01-20', '2026-01-12']],
    ['last', ['2026-01-20', '2026-01-12', '2026-01-09']],
    ['twice', ['2026-01-09', '2026-01-09']],
    ['alone', ['2026-01-09']],
  ])('H3: the earliest activation counts, wherever it stands: %s', (_, instants) => {
    const activations = instants.map((at) => activation('alice', at));
    const seat = seatsIn(recordsOf({ subscriptions, activations })).get('P1')?.get('alice');
    expect(seat?.activatedAt).toBe(instant('2026-01-09'));
  });

  it('H3: each profile has activations of its own', () => {
    const records = recordsOf({
      profiles: [profile('P1'), profile('P2', { region: 'eu-central-1' })],
      subscriptions: [...subscriptions, subscription('alice', 'Pro', { profileId: 'P2' })],
      activations: [activation('alice', '2026-01-20', 'P2'), activation('alice', '2026-01-09')],
    });
    const seats = seatsIn(records);
    expect(seats.get('P1')?.get('alice')?.activatedAt).toBe(instant('2026-01-09'));
    expect(seats.get('P2')?.get('alice')?.activatedAt).toBe(instant('2026-01-20'));
  });

  it('H3: the invoice tells when a seat was activated', () => {
    const activations = [activation('alice', '2025-12-09')];
    expect(seatBilled({ subscriptions, activations }).activatedAt).toBe(instant('2025-12-09'));
    expect(seatBilled({ subscriptions }).activatedAt).toBeUndefined();
  });
});
