import { describe, expect, test } from 'vitest';
import { billed, fileWith, problemsOf } from './good-files.ts';

const TIER = { name: 'Pro', rank: 1, price: '20', credits: '1000', overage_rate: '0.04' };
const EDITION = { from: '2025-10', currency: 'USD', partitions: { aws: [TIER] } };
/** Without tier changes, for cards that only know one tier. */
const NO_CHANGES = { 'tier_changes.csv': undefined };
const NOT_NEGATIVE = 'must be a number that is not negative, such as "20" or "0.04"';

function card(...editions: readonly unknown[]): string {
  return JSON.stringify({ editions });
}

async function problemsOfCard(text: string | Buffer): Promise<string[]> {
  const problems = await problemsOf({ ...NO_CHANGES, 'rates.json': text });
  return problems.map((line) => line.replace(/^rates\.json: /, ''));
}

function tierWith(field: string, value: unknown): string {
  return card({ ...EDITION, partitions: { aws: [{ ...TIER, [field]: value }] } });
}

test('a card with one tier bills', async () => {
  const { csv } = await billed({ ...NO_CHANGES, 'rates.json': card(EDITION) });
  expect(csv).toContain(',Pro,20.00,10.00,1000.00,');
});

test('of another name is no input that is missed where a card is read', async () => {
  const files = { 'rates.json': card(EDITION), 'last year.json': card(EDITION) };
  const { stderr } = await billed({ ...NO_CHANGES, ...files });
  expect(stderr).not.toContain('last year.json');
});

describe('a wrong tier', () => {
  const path = 'editions[0].partitions.aws[0]';

  test.each(['price', 'credits', 'overage_rate'])('%s', async (field) => {
    for (const [value, shown] of [
      ['x', ' (x)'],
      ['-1', ' (-1)'],
      ['-0', ' (-0)'],
      [-1, ' (-1)'],
      ['1,000', ' (1,000)'],
      ['', ''],
      [null, ' (null)'],
      [true, ' (true)'],
      [['1'], ' (["1"])'],
      [[20, { per: 2.5 }], ' ([20,{"per":2.5}])'],
      [undefined, ''],
    ] as const) {
      expect(await problemsOfCard(tierWith(field, value))).toEqual([
        `${path}.${field}: ${NOT_NEGATIVE}${shown}`,
      ]);
    }
  });

  test('rank', async () => {
    for (const [value, shown] of [
      ['1.5', ' (1.5)'],
      [1.5, ' (1.5)'],
      ['15e-1', ' (15e-1)'],
      ['1e30', ' (1e30)'],
      ['first', ' (first)'],
      [null, ' (null)'],
      [undefined, ''],
    ] as const) {
      expect(await problemsOfCard(tierWith('rank', value))).toEqual([
        `${path}.rank: must be a whole number that orders the tiers${shown}`,
      ]);
    }
  });

  test('name', async () => {
    expect(await problemsOfCard(tierWith('name', undefined))).toEqual([`${path}.name: is missing`]);
    expect(await problemsOfCard(tierWith('name', 7))).toEqual([`${path}.name: must be text (7)`]);
    expect(await problemsOfCard(tierWith('name', ' '))).toHaveLength(1);
  });

  test('the same name or rank twice in a partition', async () => {
    const twice = [TIER, { ...TIER, name: 'kiro_pro', rank: '1' }];
    expect(await problemsOfCard(card({ ...EDITION, partitions: { aws: twice } }))).toEqual([
      'editions[0].partitions.aws[1].name: two tiers have this name (pro)',
      'editions[0].partitions.aws[1].rank: two tiers have this rank (1)',
    ]);
  });

  test('is no object', async () => {
    const text = card({ ...EDITION, partitions: { aws: [TIER, 5] } });
    expect((await problemsOfCard(text))[0]).toBe(
      'editions[0].partitions.aws[1]: must be an object (5)',
    );
  });
});

describe('a wrong edition', () => {
  test.each([
    ['from', undefined, 'is missing'],
    ['from', '2026', 'must be a month, written 2026-01 (2026)'],
    ['from', '2026-13', 'must be a month, written 2026-01 (2026-13)'],
    ['from', 202601, 'must be text (202601)'],
    ['currency', undefined, 'is missing'],
    ['currency', 'usd', 'must be an ISO code of three capital letters, such as USD (usd)'],
    ['currency', '$', 'must be an ISO code of three capital letters, such as USD ($)'],
    ['first_month', 'half', 'must be prorated or full (half)'],
    ['first_month_upgrade', 'half', 'must be prorated or full (half)'],
    [
      'overrides',
      { ' ': { Pro: { price: '18' } } },
      'the key must be an account id or a profile id ( )',
    ],
    ['partitions', [], 'must be an object ([])'],
  ] as const)('%s %s', async (field, value, what) => {
    const problems = await problemsOfCard(card({ ...EDITION, [field]: value }));
    expect(problems[0]).toBe(`editions[0].${field}: ${what}`);
  });

  test('without partitions or tiers', async () => {
    expect(await problemsOfCard(card({ ...EDITION, partitions: {} }))).toEqual([
      'editions[0].partitions: must name a partition',
    ]);
    expect((await problemsOfCard(card({ ...EDITION, partitions: { aws: [] } })))[0]).toBe(
      'editions[0].partitions.aws: must be a list with at least one entry ([])',
    );
  });

  test('two that start in one month', async () => {
    const later = { ...EDITION, from: '2026-01' };
    expect(await problemsOfCard(card(later, EDITION, later))).toEqual([
      'editions[2].from: two editions start in (2026-01)',
    ]);
  });

  test('editions in any order are good, and the one in force is taken', async () => {
    const later = { ...EDITION, from: '2026-01', first_month: 'FULL', currency: 'EUR' };
    const { csv } = await billed({ ...NO_CHANGES, 'rates.json': card(later, EDITION) });
    expect(csv).toContain(',20.00,EUR\n');
  });
});

describe('a wrong override', () => {
  const overrides = (value: unknown): string => card({ ...EDITION, overrides: value });

  test.each([
    [
      { '111122223333': { Pr0: { price: '1' } } },
      '.111122223333: no partition of the edition has this tier (Pr0)',
    ],
    [{ p1: { Pro: { price: 'x' } } }, `.p1.Pro.price: ${NOT_NEGATIVE} (x)`],
    [{ p1: { Pro: { credits: -1 } } }, `.p1.Pro.credits: ${NOT_NEGATIVE} (-1)`],
    [{ p1: { Pro: { overage_rate: null } } }, `.p1.Pro.overage_rate: ${NOT_NEGATIVE} (null)`],
    [{ p1: { Pro: 5 } }, '.p1.Pro: must be an object (5)'],
    [{ p1: 'Pro' }, '.p1: must be an object (Pro)'],
    [[], ': must be an object ([])'],
    [{ p1: {}, 'p1 ': {} }, ': two overrides have this key (p1)'],
    [
      { p1: { Pro: { price: '1' }, 'kiro pro': { credits: '1' } } },
      '.p1: the tier is overridden twice (kiro pro)',
    ],
  ])('%j', async (value, what) => {
    expect(await problemsOfCard(overrides(value))).toEqual([`editions[0].overrides${what}`]);
  });

  test('two keys that name one profile by two of its ids', async () => {
    const profiles = 'profile_id,account_id,region,aliases\np1,111122223333,us-east-1,old older\n';
    const given = { old: { Pro: { price: '1' } }, p1: { Pro: { price: '2' } }, other: {} };
    const problems = await problemsOf({
      ...NO_CHANGES,
      'profiles.csv': profiles,
      'rates.json': overrides(given),
    });
    expect(problems).toEqual([
      'rates.json: in the edition from 2025-10, the overrides p1 and old are of one profile, p1: keep one of them',
    ]);
  });

  test('a figure that no tier has', async () => {
    const problems = await problemsOfCard(overrides({ p1: { Pro: { prize: '1' } } }));
    expect(problems).toEqual([
      'editions[0].overrides.p1.Pro: an override has price, credits or overage_rate, not this (prize)',
    ]);
  });

  test('tiers are matched in any spelling, the profile before the account', async () => {
    const good = {
      '111122223333': { PRO: { price: 15, credits: '5' } },
      p1: { 'kiro pro': { price: '7.5' } },
    };
    const { csv } = await billed({ ...NO_CHANGES, 'rates.json': overrides(good) });
    expect(csv).toContain(',Pro,7.50,10.00,5.00,');
  });
});

describe('a tier of the card that is spelled in several ways is one tier', () => {
  const team = (name: string, price: string): unknown => ({ ...TIER, name, price });
  const files = {
    ...NO_CHANGES,
    'subscriptions.csv': fileWith('subscriptions.csv', { tier: 'te_am' }),
  };

  test('in two partitions, and in an override', async () => {
    const partitions = { aws: [team('Team', '30')], 'aws-us-gov': [team('TEAM', '36')] };
    const text = card({ ...EDITION, partitions, overrides: { p1: { team: { price: '18' } } } });
    for (const region of ['us-east-1', 'us-gov-west-1']) {
      const profiles = fileWith('profiles.csv', { region });
      const { csv } = await billed({ ...files, 'rates.json': text, 'profiles.csv': profiles });
      expect(csv).toContain(',Team,18.00,');
    }
  });

  test('in two editions, shown as the oldest has it', async () => {
    const newer = { ...EDITION, from: '2026-01', partitions: { aws: [team('TEAM', '32')] } };
    const older = { ...EDITION, partitions: { aws: [team('Team', '30')] } };
    const { csv } = await billed({ ...files, 'rates.json': card(newer, older) });
    expect(csv).toContain(',Team,32.00,');
  });

  test('a standard one is shown by its own name', async () => {
    const { csv } = await billed({
      'rates.json': card({
        ...EDITION,
        partitions: { aws: [TIER, { ...TIER, name: 'PRO_PLUS', rank: 2, price: '40' }] },
      }),
    });
    expect(csv).toContain(',Pro+,40.00,');
  });
});

describe('numbers are read by their text', () => {
  test.each(['2', '2.0', '2e0', '0.2e1', '"2"', '"2.0"'])('a rank %s is 2', async (rank) => {
    const ranks = (text: string): string => text.replace('"rank":9', `"rank":${rank}`);
    const plus = { ...TIER, name: 'Pro+', rank: 9, price: '40' };
    const partitions = { aws: [TIER, plus, { ...TIER, name: 'Power', rank: 2 }] };
    expect(await problemsOfCard(ranks(card({ ...EDITION, partitions })))).toEqual([
      'editions[0].partitions.aws[2].rank: two tiers have this rank (2)',
    ]);
    const { csv } = await billed({
      'rates.json': ranks(card({ ...EDITION, partitions: { aws: [TIER, plus] } })),
    });
    expect(csv).toContain(',Pro+,40.00,');
  });

  test('30 digits of an overage rate', async () => {
    const rate = '0.100000000000000000000000000001';
    const text = card({ ...EDITION, partitions: { aws: [{ ...TIER, credits: 0 }] } });
    const { csv } = await billed({ ...NO_CHANGES, 'rates.json': text.replace('"0.04"', rate) }, [
      '--by',
      'line',
    ]);
    expect(csv).toContain(`,overage,Pro,10.00,${rate},1.00,USD,O4`);
  });

  test('a huge exponent, or more than 40 digits in a form that is not written, are a problem', async () => {
    for (const price of ['1e400', `${'1'.repeat(41)}e0`, `0.${'1'.repeat(60)}E1`]) {
      const text = card(EDITION).replace('"price":"20"', `"price":${price}`);
      expect((await problemsOfCard(text))[0]).toContain(`price: ${NOT_NEGATIVE}`);
    }
  });
});

describe('a card that is no card', () => {
  test.each([
    ['', 'the file is not valid JSON'],
    ['{', 'the file is not valid JSON'],
    ['{"editions":[}', 'the file is not valid JSON'],
    ["{'editions':[]}", 'the file is not valid JSON'],
    [`${'['.repeat(200_000)}`, 'the file is not valid JSON'],
    [`{"editions":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 'the file is not valid JSON'],
    ['[]', 'must be an object'],
    ['7', 'must be an object'],
    ['null', 'must be an object'],
    ['"x"', 'must be an object'],
    ['{}', 'editions: must be a list'],
    ['{"editions":[]}', 'editions: must be a list'],
    ['{"editions":{}}', 'editions: must be a list'],
    ['{"__proto__":{"editions":[]}}', 'editions: must be a list'],
  ])('%s', async (text, what) => {
    const problems = await problemsOfCard(text);
    expect(problems[0]).toContain(what);
    expect(problems.join('').length).toBeLessThan(400);
  });

  test('bytes that are not UTF-8', async () => {
    expect(await problemsOfCard(Buffer.from([0x7b, 0xff, 0x7d]))).toEqual([
      'the file is not UTF-8 text',
    ]);
  });

  test('a key that stands twice with two values', async () => {
    const text = card(EDITION).replace('"currency":"USD"', '"currency":"USD","currency":"EUR"');
    expect((await problemsOfCard(text))[0]).toContain("Duplicate key 'currency'");
  });
});

test('a mistyped key of an edition, which would be left out; any other key is a remark', async () => {
  const mistyped = { ...EDITION, fist_month: 'full', 'First Month Upgrade': 'full', note: 'x' };
  expect(await problemsOfCard(card({ ...mistyped, override: {} }))).toEqual([
    'editions[0].fist_month: did you mean first_month?',
    'editions[0].First Month Upgrade: did you mean first_month_upgrade?',
    'editions[0].override: did you mean overrides?',
  ]);
});

test('what an edition or a partition holds, one level too high or too low, where it would be left out', async () => {
  const overrides = { p: { Pro: { price: '18' } } };
  const tier = { ...TIER, first_month_upgrade: 'prorated', note: 'x' };
  const beside = { first_month: 'full', overrides, note: 'x', currency: 'USD' };
  const editions = [{ ...EDITION, partitions: { aws: [tier] } }];
  const belongs = 'belongs in an entry of editions, beside its partitions';
  expect(await problemsOfCard(JSON.stringify({ editions, ...beside }))).toEqual([
    `editions[0].partitions.aws[0].first_month_upgrade: ${belongs}`,
    `first_month: ${belongs}`,
    `overrides: ${belongs}`,
  ]);
});

describe('keys named like the insides of objects', () => {
  test('are only names', async () => {
    const text = card(EDITION).replace(
      '"partitions":{',
      '"overrides":{"__proto__":{"Pro":{"price":"1"}}},"partitions":{"constructor":[],"__proto__":[],',
    );
    const problems = await problemsOfCard(text);
    expect(problems[0]).toContain('editions[0].partitions.');
  });

  test('an override of a profile named __proto__ is one', async () => {
    const text = card(EDITION).replace(
      '"partitions"',
      '"overrides":{"__proto__":{"Pro":{"price":"1"}}},"partitions"',
    );
    const { csv } = await billed({
      'rates.json': text,
      'profiles.csv': fileWith('profiles.csv', { profile_id: '__proto__' }),
      'subscriptions.csv': fileWith('subscriptions.csv', { profile_id: '__proto__' }),
      'usage.csv': fileWith('usage.csv', { profile_id: '__proto__' }),
      'tier_changes.csv': undefined,
      'activations.csv': undefined,
      'overage_changes.csv': undefined,
    });
    expect(csv).toContain('2026-01,__proto__,111122223333,us-east-1,u1,Uma,Pro,1.00,');
  });
});

describe('a tier or partition that the card lacks', () => {
  test('a tier: the row that selects it, the tier and the month', async () => {
    const problems = await problemsOf({ 'rates.json': card(EDITION) });
    expect(problems[0]).toMatch(/^tier_changes.csv:2: tier: .*2026-01.*\(Pro\+\)$/);
  });

  test('a partition: the profile', async () => {
    const problems = await problemsOf({
      ...NO_CHANGES,
      'rates.json': card(EDITION),
      'profiles.csv': fileWith('profiles.csv', { region: 'us-gov-west-1' }),
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^profiles.csv:2: .*aws-us-gov/);
    expect(problems[0]).toContain('p1');
  });

  test('a partition of a profile that is only met: its id, once for all months', async () => {
    const arn = 'arn:aws-us-gov:codewhisperer:US-GOV-WEST-1:111122223333:profile/X';
    const other = arn.replace('111122223333', '111122223334');
    const row = (id: string, user: string): string => `${id},user,${user},Pro,2025-11-01\n`;
    const subscriptions = `profile_id,principal_type,principal_id,tier,subscribed_at\n`;
    const problems = await problemsOf(
      {
        ...NO_CHANGES,
        'rates.json': card(EDITION),
        'profiles.csv': undefined,
        'activations.csv': undefined,
        'overage_changes.csv': undefined,
        'usage.csv': undefined,
        'subscriptions.csv': `${subscriptions}${row(other, 'u1')}${row(arn, 'u1')}${row(arn, 'u2')}`,
      },
      ['--month', '2025-12..2026-02'],
    );
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^subscriptions.csv:2: profile_id: .*aws-us-gov.* 2025-12 /);
    expect(problems[1]).toMatch(/^subscriptions.csv:3: profile_id: .*aws-us-gov.* 2025-12 /);
    expect(problems[1]?.endsWith(` (${arn})`)).toBe(true);
  });

  test('a tier of its own is known, and the standard ones beside it', async () => {
    const own = { ...TIER, name: 'Kiro Ultra', rank: 9, price: '1000' };
    const text = card({ ...EDITION, partitions: { aws: [TIER, own] } });
    const { csv } = await billed({
      'rates.json': text,
      'tier_changes.csv': fileWith('tier_changes.csv', { tier: 'ULTRA' }),
    });
    expect(csv).toContain(',Kiro Ultra,1000.00,');
  });
});

test('a file that is too long to be a rate card', async () => {
  const long = `{"editions":"${'a'.repeat(8 * 1024 * 1024)}"}`;
  expect(await problemsOfCard(long)).toEqual(['the file is over 8 MiB: no rate card']);
});
