import { describe, expect, it } from 'vitest';
import { knownTiers, shownTier, tierKey } from '../../src/domain/tier.ts';

const known = knownTiers();

function named(spelling: string): string | undefined {
  return known.get(tierKey(spelling));
}

describe('tiers', () => {
  it.each([
    ['Pro', ['Pro', 'pro', 'PRO', 'pRo', 'Kiro Pro', 'KIRO_PRO', 'kiro-pro', 'KiroPro', ' p r o ']],
    [
      'Pro+',
      [
        'Pro+',
        'pro+',
        'Pro +',
        'PRO_PLUS',
        'ProPlus',
        'pro-plus',
        'Pro Plus',
        'pro_+',
        'Kiro Pro+',
        'KIRO_PRO_PLUS',
        'KIRO_ENTERPRISE_PRO_PLUS',
        'Q_DEVELOPER_STANDALONE_PRO_PLUS',
        'Kiro Enterprise Pro+',
        'kiroproplus',
      ],
    ],
    [
      'Pro Max',
      ['Pro Max', 'PRO_MAX', 'ProMax', 'pro-max', 'promax', 'Kiro Pro Max', 'P_R_O M-A-X'],
    ],
    ['Power', ['Power', 'power', 'POWER', 'Kiro Power', 'KIRO-POWER', 'Kiro__Power']],
  ])('are matched in any spelling, and shown as %s', (tier, spellings) => {
    for (const spelling of spellings) expect(named(spelling)).toBe(tier);
  });

  it.each([
    '',
    'Kiro',
    'Free',
    'Pr',
    'Prо',
    'Pro++',
    'Pro+ Max',
    'Plus',
    'Max',
    'Pro.',
    'Pro/Max',
    'Kiro Kiro Pro',
    'Amazon Pro',
    'PowerKiro',
  ])('%j is none', (spelling) => {
    expect(named(spelling)).toBeUndefined();
  });

  it.each([
    ['Q_DEVELOPER_STANDALONE_PRO', 'Pro'],
    ['KIRO_ENTERPRISE_PRO', 'Pro'],
    ['KIRO_ENTERPRISE_PRO_MAX', 'Pro Max'],
    ['KIRO_ENTERPRISE_POWER', 'Power'],
    ['KIRO_ENTERPRISE_PRO_POWER', 'Power'],
  ])("%s, as AWS's interfaces call it, is %s", (spelling, tier) => {
    expect(named(spelling)).toBe(tier);
  });

  it('without a card the four standard ones are known', () => {
    expect([...knownTiers().values()]).toEqual(['Pro', 'Pro+', 'Pro Max', 'Power']);
  });

  it('the name of the product is left out at the start alone', () => {
    expect(tierKey('Team Kiro Pro')).toBe('teamkiropro');
    expect(tierKey('Kiro')).toBe('kiro');
  });

  it("a card's own names are known beside them, in any spelling", () => {
    const own = knownTiers(['Team Plus', 'power']);
    expect(own.get(tierKey('TEAM+'))).toBe('Team Plus');
    expect(own.get(tierKey('kiro_team_plus'))).toBe('Team Plus');
    expect(own.get(tierKey('POWER'))).toBe('Power');
    expect(own.get(tierKey('Pro+'))).toBe('Pro+');
  });

  it("a standard tier is shown by its name, a card's own as it is written", () => {
    expect(shownTier('PRO_PLUS')).toBe('Pro+');
    expect(shownTier('kiro power')).toBe('Power');
    expect(shownTier('team plus')).toBe('team plus');
  });
});
