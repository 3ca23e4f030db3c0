/** The settings of a directory, as imports add to them. */
import { describe, expect, it } from 'vitest';
import { WrongUsage } from '../../src/domain/problem.ts';
import { accountRegionOfArn, definedProfiles } from '../../src/import/evidence.ts';
import {
  type ImportSettings,
  settingsText,
  withImported,
} from '../../src/import/import-settings.ts';
import {
  ACCOUNT,
  arn,
  EAST,
  FEE,
  type Files,
  importOf,
  list,
  seen,
} from '../support/import-evidence.ts';

describe('what is imported', () => {
  it.each([
    ['activity', 'usage'],
    ['cur', 'cur'],
    ['users', 'people'],
  ] as const)('%s is added to %s: paths sorted, each once', (kind, key) => {
    const paths = ['b', 'a', 'b'];
    expect(withImported({ [key]: ['c', 'a'], dedupe: true }, { kind, paths })).toEqual({
      [key]: ['a', 'b', 'c'],
      dedupe: true,
    });
    expect(withImported({}, { kind, paths })).toEqual({ [key]: ['a', 'b'] });
  });

  it('decides on the tag and on reported credits only where they are given', () => {
    const decided: ImportSettings = { cost_center_tag: 'Team', reported_credits: 'inside' };
    const imported = { kind: 'cur', paths: ['a'] } as const;
    expect(withImported(decided, imported)).toEqual({ ...decided, cur: ['a'] });
    const given = { ...imported, costCenterTag: 'Cost', reportedCredits: 'beside' } as const;
    expect(withImported(decided, given)).toEqual({
      cur: ['a'],
      cost_center_tag: 'Cost',
      reported_credits: 'beside',
    });
  });

  it('lists stand with their profile and day, by path, each once', () => {
    const imported = { kind: 'subscriptions', paths: ['b', 'a', 'b'] } as const;
    expect(withImported({}, imported)).toStrictEqual({
      subscription_lists: [{ path: 'a' }, { path: 'b' }],
    });
    const known = {
      subscription_lists: [
        { path: 'b', profile: 'p', as_of: '2026-01-01' },
        { path: 'c', profile: 'q' },
      ],
    };
    const dated = { ...imported, paths: ['b', 'a'], asOf: '2026-02-01' };
    expect(withImported(known, dated)).toStrictEqual({
      subscription_lists: [
        { path: 'a', as_of: '2026-02-01' },
        { path: 'b', profile: 'p', as_of: '2026-02-01' },
        { path: 'c', profile: 'q' },
      ],
    });
    expect(withImported(known, { ...imported, paths: ['b'], profile: 'x' })).toStrictEqual({
      subscription_lists: [
        { path: 'b', profile: 'x' },
        { path: 'c', profile: 'q' },
      ],
    });
  });
});

describe('the text of the settings', () => {
  it('has what imports add first, without what is empty, and all else as it was', () => {
    const settings: ImportSettings = {
      dedupe: true,
      people: [],
      cost_center_tag: 'Team',
      cur: ['b'],
      usage: ['a'],
    };
    expect(settingsText(settings)).toBe(
      '{\n  "usage": [\n    "a"\n  ],\n  "cur": [\n    "b"\n  ],\n  "cost_center_tag": "Team",\n  "dedupe": true\n}\n',
    );
    expect(settingsText({})).toBe('{}\n');
  });
});

/** The message of the `WrongUsage` with which an import ends. */
function wrongUsage(files: Files): string {
  try {
    importOf(files);
  } catch (error) {
    if (error instanceof WrongUsage) return error.message;
  }
  throw new Error('no wrong usage');
}

describe('the profile of a list in the settings', () => {
  const NEW = arn('NEW');
  const own = (id: string) => ({
    profiles: ['profile_id,account_id,region', `${id},${ACCOUNT},us-east-1`],
  });
  const settingsOf = (...args: Parameters<typeof importOf>) =>
    importOf(...args).settings.subscription_lists;
  const listed = list('2026-01-20', ['alice'], NEW);
  const without = { ...listed, profile: undefined };

  it.each<[string, Parameters<typeof importOf>, string]>([
    [
      'is the ARN that is given, where no report has it',
      [{ lists: [listed], reports: [seen('2026-01-10')] }],
      NEW,
    ],
    [
      "is a person's id, where a report has that ARN",
      [
        { lists: [listed], reports: [seen('2026-01-10', 'alice', { profileId: NEW })] },
        own('mine'),
      ],
      'mine',
    ],
    [
      'is the newest id of the reports, where none is given',
      [
        {
          lists: [list('2026-01-20', ['alice'], 'EAST')],
          reports: [seen('2026-01-10'), seen('2026-01-15', 'alice', { profileId: NEW })],
        },
      ],
      NEW,
    ],
    [
      'is account and Region, where only a bill has it',
      [{ lists: [list('2026-01-20', ['alice'], `${ACCOUNT}/us-east-1`)], bill: [FEE] }],
      `${ACCOUNT}/us-east-1`,
    ],
    [
      "is a person's id, where only a person has it",
      [{ lists: [list('2026-01-20', ['alice'], 'mine')] }, own('mine')],
      'mine',
    ],
  ])('%s', (_, args, profile) => {
    expect(settingsOf(...args)).toEqual([{ path: '2026-01-20.csv', profile, as_of: '2026-01-20' }]);
  });

  it('is that of its own place', () => {
    const eu = arn('EU', 'eu-central-1');
    const tables = {
      profiles: [
        'profile_id,account_id,region',
        `bad,${ACCOUNT},nowhere`,
        `e,${ACCOUNT},eu-central-1`,
        `u,${ACCOUNT},us-east-1`,
      ],
    };
    const reports = [seen('2026-01-10'), seen('2026-01-10', 'bob', { profileId: eu })];
    const lists = [list('2026-01-20', ['alice'], EAST), list('2026-01-21', ['bob'], eu)];
    expect(settingsOf({ lists, reports }, tables)?.map(({ profile }) => profile)).toEqual([
      'u',
      'e',
    ]);
    expect(settingsOf({ lists, reports })?.map(({ profile }) => profile)).toEqual([EAST, eu]);
  });

  it('is the only one there is, where none is given; without lists nothing is said of them', () => {
    const { profile: _, ...unnamed } = without;
    expect(settingsOf({ lists: [unnamed], reports: [seen('2026-01-10')] })).toEqual([
      { path: '2026-01-20.csv', profile: EAST, as_of: '2026-01-20' },
    ]);
    expect(importOf({ reports: [seen('2026-01-10')] }).settings).not.toHaveProperty(
      'subscription_lists',
    );
  });

  it.each<[string, Parameters<typeof importOf>[0], string]>([
    [
      'and no profile is known',
      {},
      "it does not say whose list it is: give the profile's ARN with --profile",
    ],
    [
      'and several are known',
      { reports: [seen('2026-01-10')], bill: [{ ...FEE, userId: 'zoe', region: 'eu-west-1' }] },
      `it does not say whose list it is: give --profile ${ACCOUNT}/us-east-1 or --profile ${ACCOUNT}/eu-west-1`,
    ],
  ])('must be given where it is not, %s', (_, files, message) => {
    const { profile: __, ...unnamed } = without;
    expect(wrongUsage({ ...files, lists: [unnamed] })).toBe(`2026-01-20.csv: ${message}`);
  });

  it('must be one of the profiles, or an ARN', () => {
    const lists = [list('2026-01-20', ['alice'], 'xyz')];
    const wrong = '--profile xyz: no profile of the data has this id, and it is not a profile ARN';
    expect(wrongUsage({ lists })).toBe(wrong);
    const reports = [seen('2026-01-10')];
    const bill = [{ ...FEE, userId: 'zoe', region: 'eu-west-1' }];
    expect(wrongUsage({ lists, reports, bill })).toBe(
      `${wrong} (there is ${ACCOUNT}/us-east-1, ${ACCOUNT}/eu-west-1)`,
    );
  });

  it('may be that of another list, which makes it', () => {
    const lists = [list('2026-01-20', ['alice'], 'NEW'), list('2026-01-21', ['alice'], NEW)];
    expect(settingsOf({ lists })?.map(({ profile }) => profile)).toEqual([
      `${ACCOUNT}/us-east-1`,
      NEW,
    ]);
  });
});

describe('a place', () => {
  it('is an account in a Region, of a row or an ARN', () => {
    const place = { accountId: ACCOUNT, region: 'us-east-1' };
    const row = { account_id: ` ${ACCOUNT}`, region: 'US East (N. Virginia) ' };
    expect(definedProfiles([row]).map(({ accountRegion }) => accountRegion)).toEqual([place]);
    expect(definedProfiles([{ account_id: ACCOUNT, region: 'nowhere' }])).toEqual([]);
    expect(accountRegionOfArn(EAST)).toEqual(place);
    expect(accountRegionOfArn(arn('X', 'nowhere'))).toBeUndefined();
    expect(accountRegionOfArn('EAST')).toBeUndefined();
  });
});
