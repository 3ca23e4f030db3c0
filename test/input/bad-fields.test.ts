import { describe, expect, test } from 'vitest';
import { billed, type FileName, fileWith, GOOD_FILES, problemsOf, rowWith } from './good-files.ts';

/** The columns of each kind that the files have. */
const INSTANTS: readonly (readonly [FileName, string])[] = [
  ['group_members.csv', 'joined_at'],
  ['group_members.csv', 'left_at'],
  ['subscriptions.csv', 'subscribed_at'],
  ['subscriptions.csv', 'unsubscribed_at'],
  ['tier_changes.csv', 'changed_at'],
  ['activations.csv', 'activated_at'],
  ['overage_changes.csv', 'changed_at'],
  ['usage.csv', 'timestamp'],
];
const IDS: readonly (readonly [FileName, string])[] = [
  ['profiles.csv', 'profile_id'],
  ['users.csv', 'user_id'],
  ['groups.csv', 'group_id'],
  ['group_members.csv', 'group_id'],
  ['group_members.csv', 'user_id'],
  ['subscriptions.csv', 'profile_id'],
  ['subscriptions.csv', 'principal_id'],
  ['tier_changes.csv', 'profile_id'],
  ['tier_changes.csv', 'principal_id'],
  ['activations.csv', 'profile_id'],
  ['activations.csv', 'user_id'],
  ['overage_changes.csv', 'profile_id'],
  ['usage.csv', 'profile_id'],
  ['usage.csv', 'user_id'],
];
const NUMBERS: readonly (readonly [FileName, string])[] = [
  ['profiles.csv', 'overage_cap'],
  ['overage_changes.csv', 'overage_cap'],
  ['usage.csv', 'credits'],
];
const TIERS: readonly (readonly [FileName, string])[] = [
  ['subscriptions.csv', 'tier'],
  ['tier_changes.csv', 'tier'],
  ['tier_changes.csv', 'from_tier'],
];

/** The problems of one field that stands in line 2 of its file, which is all that is wrong. */
async function problemOf(file: FileName, column: string, text: string): Promise<string> {
  const problems = await problemsOf(filesWithField(file, column, text));
  const own = problems.filter((line) => line.startsWith(`${file}:2: ${column}: `));
  expect(own).toHaveLength(1);
  return (own[0] as string).slice(`${file}:2: ${column}: `.length);
}

function filesWithField(file: FileName, column: string, text: string): Record<string, string> {
  const field = /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return { [file]: fileWith(file, { [column]: field }) };
}

const NOT_AN_INSTANT =
  'not an instant of 2000 to 2199: write it as 2026-01-15T09:30:00Z or 2026-01-15';

describe('an unparsable instant', () => {
  test.each(INSTANTS)('%s %s', async (file, column) => {
    expect(await problemOf(file, column, '2026-02-30')).toBe(`${NOT_AN_INSTANT} (2026-02-30)`);
  });

  test.each([
    'yesterday',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '1999-12-31',
    '2200-01-01',
    '2026-01-05T',
    '2026-01-05Z',
    '2026-01-05T10',
    '2026-01-05T23:60:00Z',
    '2026-01-05T23:59:60Z',
    '2026-01-05T10:00:00.',
    '2026-01-05T10:00:00.1234567890Z',
    '2026-01-05T10:00:00+24:00',
    '2026-01-05T10:00:00+05:60',
    '2026-01-05T10:00:00+5',
    '２０２６-01-05',
  ])('%s', async (text) => {
    expect(await problemOf('usage.csv', 'timestamp', text)).toBe(`${NOT_AN_INSTANT} (${text})`);
  });

  test.each([
    '2026-01-05T10:00:00Z',
    '2026-01-05t10:00:00z',
    '2026-01-05 10:00',
    '2026-01-05T10:00:00.123456789Z',
    '2026-01-05T10:00:00+05:30',
    '2026-01-05T10:00+0530',
    '2026-01-05T10:00-05',
    '2026-01-05T10:00:00+23:59',
    '2026-01-05',
  ])('but %s is one', async (text) => {
    const { csv } = await billed(filesWithField('usage.csv', 'timestamp', text));
    expect(csv).toContain(',10.00,2000.00,0.00,0.00,');
  });
});

const NOT_A_NUMBER =
  'not a number: write it as 1250.75, with at most 40 digits, no thousands separators';

describe('an unparsable number', () => {
  test.each(NUMBERS)('%s %s', async (file, column) => {
    expect(await problemOf(file, column, '1x')).toBe(`${NOT_A_NUMBER} (1x)`);
  });

  test.each([
    'x',
    '.',
    '-',
    'e5',
    '0x1F',
    '1e41',
    '1e-41',
    '1e',
    '1e1.5',
    'NaN',
    'Infinity',
    '-Infinity',
    '--1',
    '1.2.3',
    '٧',
    '1'.repeat(41),
    `0.${'0'.repeat(40)}`,
    '1e99999999999999999999',
  ])('%s', async (text) => {
    const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
    expect(await problemOf('usage.csv', 'credits', text)).toBe(`${NOT_A_NUMBER} (${shown})`);
  });

  test.each([
    ['7', '7.00'],
    ['7.0', '7.00'],
    ['.5', '0.50'],
    ['7.', '7.00'],
    ['007', '7.00'],
    ['1e-05', '0.00001'],
    ['1.2E+02', '120.00'],
    ['1e-40', `0.${'0'.repeat(39)}1`],
    [`0.${'0'.repeat(38)}1`, `0.${'0'.repeat(38)}1`],
    ['0e40', '0.00'],
  ])('but %s is %s', async (text, shown) => {
    const { csv } = await billed(filesWithField('usage.csv', 'credits', text));
    expect(csv).toContain(`,${shown},2000.00,0.00,0.00,`);
  });
});

describe('a negative number', () => {
  test.each(NUMBERS)('%s %s', async (file, column) => {
    for (const text of ['-1', '-0', '-0.0', '-.5', '-1e-40']) {
      expect(await problemOf(file, column, text)).toBe(`must not be negative (${text})`);
    }
  });
});

describe('an unknown word', () => {
  test.each([
    ['profiles.csv', 'overage'],
    ['overage_changes.csv', 'overage'],
  ] as const)('%s %s', async (file, column) => {
    for (const text of ['maybe', '1', '0', 'enable', 'enabled.', 'none']) {
      expect(await problemOf(file, column, text)).toBe(`must be enabled or disabled (${text})`);
    }
    for (const text of ['Enabled', 'DISABLED', 'true', 'False', 'on', 'OFF', 'yes', 'No']) {
      await billed(filesWithField(file, column, text));
    }
  });

  test.each(['subscriptions.csv', 'tier_changes.csv'] as const)(
    '%s principal_type',
    async (file) => {
      for (const text of ['team', 'users', 'u']) {
        expect(await problemOf(file, 'principal_type', text)).toBe(
          `must be user or group (${text})`,
        );
      }
      await billed(filesWithField(file, 'principal_type', 'USER'));
    },
  );

  test('a cap may be none in any case, and nothing else', async () => {
    await billed(filesWithField('profiles.csv', 'overage_cap', 'NONE'));
    await billed(filesWithField('overage_changes.csv', 'overage_cap', 'None'));
    expect(await problemOf('profiles.csv', 'overage_cap', 'no')).toContain('not a number');
  });
});

describe('an unknown tier', () => {
  test.each(TIERS)('%s %s is answered with the nearest', async (file, column) => {
    expect(await problemOf(file, column, 'Porwer')).toBe(
      'not a tier (Pro, Pro+, Pro Max, Power); did you mean Power? (Porwer)',
    );
  });

  test.each(['Enterprise', 'Free', 'Pro++', 'Pro 1', 'Pro.', 'Kiro', '__proto__'])(
    '%s',
    async (text) => {
      expect(await problemOf('subscriptions.csv', 'tier', text)).toContain(
        'not a tier (Pro, Pro+, Pro Max, Power)',
      );
    },
  );

  test.each([
    ['pro', 'Pro'],
    ['PRO_PLUS', 'Pro+'],
    ['ProPlus', 'Pro+'],
    ['Kiro Pro+', 'Pro+'],
    ['kiro-power', 'Power'],
    [' power ', 'Power'],
    ['KIRO_POWER', 'Power'],
  ])('but %s is %s', async (text, shown) => {
    const { csv } = await billed({
      ...filesWithField('subscriptions.csv', 'tier', text),
      'tier_changes.csv': undefined,
    });
    expect(csv).toContain(`,u1,Uma,${shown},`);
  });
});

describe('an impossible id', () => {
  test.each(IDS)('%s %s with control characters', async (file, column) => {
    for (const [text, shown] of [
      ['a\u001b[31m', 'a\\x1b[31m'],
      ['a\nb', 'a\\nb'],
      ['a\u007f', 'a\\x7f'],
      ['a\u009bb', 'a\\x9bb'],
      ['a\tb', 'a\\tb'],
    ] as const) {
      expect(await problemOf(file, column, text)).toBe(
        `an id must not have control characters (${shown})`,
      );
    }
  });

  test.each(IDS)('%s %s of 257 bytes', async (file, column) => {
    const text = `${'é'.repeat(128)}x`;
    expect(await problemOf(file, column, text)).toMatch(/^an id has at most 256 bytes \(é{79}…\)$/);
  });

  test('256 bytes are an id', async () => {
    await billed(filesWithField('users.csv', 'user_id', 'é'.repeat(128)));
  });

  test.each(['1111222233334', '11112222333x', '１１１１２２２２３３３３'])(
    'the account id %s',
    async (text) => {
      expect(await problemOf('profiles.csv', 'account_id', text)).toBe(
        `an account id has 12 digits (${text})`,
      );
    },
  );

  test.each(['nowhere'])('the Region %s', async (text) => {
    expect(await problemOf('profiles.csv', 'region', text)).toBe(
      `not a Region: write its code (us-east-1) or AWS's name for it, "US East (N. Virginia)" (${text})`,
    );
  });

  test.each([
    ['US-EAST-1', 'us-east-1'],
    ['us east (n. virginia)', 'us-east-1'],
    ['EU (Frankfurt)', 'eu-central-1'],
    ['Europe (Frankfurt)', 'eu-central-1'],
    ['AWS GovCloud (US-West)', 'us-gov-west-1'],
    ['xx-newplace-7', 'xx-newplace-7'],
  ])('but the Region %s is %s', async (text, code) => {
    const { csv } = await billed(filesWithField('profiles.csv', 'region', text));
    expect(csv).toContain(`,111122223333,${code},`);
  });
});

describe('the forms of a user id name one user', () => {
  const bare = '90676d1a0b-12345678-ABCD-4321-9876-1234567890ab';
  test.each([
    `d-90676d1a0b.${bare}`,
    `arn:aws:identitystore:::user/${bare}`,
    `arn:aws-us-gov:identitystore:::user/${bare}`,
  ])('%s', async (text) => {
    const { csv } = await billed({
      'users.csv': `user_id,name\n${bare},Bea\n`,
      'activations.csv': undefined,
      'tier_changes.csv': undefined,
      'subscriptions.csv': fileWith('subscriptions.csv', { principal_id: text }),
      'usage.csv': fileWith('usage.csv', { user_id: ` ${text}` }),
    });
    expect(csv.split('\n')[1]).toContain(`,${bare},Bea,Pro,20.00,10.00,`);
    expect(csv.trimEnd().split('\n')).toHaveLength(2);
  });

  test('two forms of one id in users.csv are a duplicate', async () => {
    const text = `${GOOD_FILES['users.csv']}${bare},,,\nd-90676d1a0b.${bare},,,\n`;
    expect(await problemsOf({ 'users.csv': text })).toEqual([
      `users.csv:4: user_id: already defined on line 3 (d-90676d1a0b.${bare})`,
    ]);
  });

  test('a group id keeps what looks like a directory in front', async () => {
    const text = `d-90676d1a0b.${bare}`;
    expect(
      await problemsOf({ 'group_members.csv': fileWith('group_members.csv', { group_id: text }) }),
    ).toEqual([`group_members.csv:2: group_id: there is no such group in groups.csv (${text})`]);
  });
});

test('all wrong fields of a row are told, in one go', async () => {
  const row = { timestamp: 'x', profile_id: 'nope', user_id: '', credits: '-5' };
  expect(await problemsOf({ 'usage.csv': fileWith('usage.csv', row) })).toEqual([
    `usage.csv:2: timestamp: ${NOT_AN_INSTANT} (x)`,
    'usage.csv:2: user_id: must not be blank',
    'usage.csv:2: credits: must not be negative (-5)',
    'usage.csv:2: profile_id: there is no such profile in profiles.csv (nope)',
  ]);
});

test('the place of a bad field counts the lines inside quotes before it', async () => {
  const users = `user_id,name\r\nu1,"two\r\nlines\r\nthree"\r\n\r\nu2,"a\nb"\n${'u'.repeat(300)},x\n`;
  expect((await problemsOf({ 'users.csv': users }))[0]).toMatch(/^users.csv:8: user_id: /);
});

test('rows of a good file are not needed: a header alone will do', async () => {
  for (const file of ['users.csv', 'groups.csv', 'tier_changes.csv', 'usage.csv'] as const) {
    const header = (GOOD_FILES[file].split('\n')[0] as string).toUpperCase();
    await billed({ [file]: header, 'group_members.csv': undefined });
  }
  expect(rowWith('users.csv', { name: 'x' })).toBe('u1,x,uma@example.com,R&D\n');
});
