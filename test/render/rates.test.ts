import { describe, expect, it } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import {
  BUILT_IN_RATE_CARD,
  type RateEdition,
  type TierOverride,
} from '../../src/domain/rate-card.ts';
import { csvText } from '../../src/render/csv.ts';
import { markdownText } from '../../src/render/markdown.ts';
import { ratesJson, ratesSheet, ratesTable } from '../../src/render/rates.ts';
import { wideLines } from '../support/wide-lines.ts';
import { NASTY_NAMES } from './samples.ts';

const BUILT_IN = BUILT_IN_RATE_CARD.editions[0] as RateEdition;
const PRIVATE: RateEdition = {
  ...BUILT_IN,
  firstMonth: 'full',
  overrides: new Map<string, Map<string, TierOverride>>([
    ['111122223333', new Map([['Pro', { price: decimal('18.5') }]])],
    [
      '__proto__',
      new Map([['Power', { credits: decimal('12000'), overageRate: decimal('0.03') }]]),
    ],
  ]),
};

describe('rates', () => {
  it('M3: has the edition and its currency in every row of the CSV', () => {
    expect([...csvText([ratesSheet(PRIVATE)])].join('').split('\n')).toEqual([
      'from,partition,applies_to,tier,rank,price,credits,overage_rate,currency,first_month,first_month_upgrade',
      '2025-10,aws,,Pro,1,20.00,1000.00,0.04,USD,full,full',
      '2025-10,aws,,Pro+,2,40.00,2000.00,0.04,USD,full,full',
      '2025-10,aws,,Power,4,200.00,10000.00,0.04,USD,full,full',
      '2025-10,aws-us-gov,,Pro,1,24.00,1000.00,0.048,USD,full,full',
      '2025-10,aws-us-gov,,Pro+,2,48.00,2000.00,0.048,USD,full,full',
      '2025-10,aws-us-gov,,Power,4,240.00,10000.00,0.048,USD,full,full',
      '2025-10,,111122223333,Pro,,18.50,,,USD,full,full',
      '2025-10,,__proto__,Power,,,12000.00,0.03,USD,full,full',
      '',
    ]);
    expect(markdownText([ratesSheet(PRIVATE)])).toContain(
      '| 2025-10 |  | 111122223333 | Pro |  | 18.50 |',
    );
  });

  it('gives JSON in the form of a rate card', () => {
    const card = JSON.parse(ratesJson(PRIVATE));
    expect(card.editions).toHaveLength(1);
    expect(card.editions[0]).toMatchObject({
      from: '2025-10',
      currency: 'USD',
      first_month: 'full',
      first_month_upgrade: 'full',
    });
    expect(card.editions[0].partitions['aws-us-gov'][0]).toEqual({
      name: 'Pro',
      rank: 1,
      price: '24',
      credits: '1000',
      overage_rate: '0.048',
    });
    expect(Object.entries(card.editions[0].overrides)).toEqual([
      ['111122223333', { Pro: { price: '18.5' } }],
      ['__proto__', { Power: { credits: '12000', overage_rate: '0.03' } }],
    ]);
    expect(JSON.parse(ratesJson(BUILT_IN)).editions[0]).not.toHaveProperty('overrides');
  });

  it('M4: is a table by partition, private prices below, approximate ones named', () => {
    const look = { width: 100, color: false, approximatePartitions: new Set(['aws-us-gov']) };
    const text = ratesTable(PRIVATE, look);
    expect(text).toMatch(/^Kiro rates from 2025-10 · USD · first month charged in full \(S2\)\n/);
    expect(text).toMatch(/aws-us-gov +Pro +\$24\.00 +1,000 +\$0\.048\n/);
    expect(text).toMatch(/Private prices\n111122223333 +Pro +\$18\.50 +same +same\n/);
    expect(text).toContain('aws-us-gov: approximate');
  });

  it('fits any width with any text', () => {
    const overrides = new Map(
      NASTY_NAMES.map((name) => [name, new Map([[name, { price: decimal('1') }]])]),
    );
    const approximatePartitions = new Set<never>();
    for (let width = 40; width <= 120; width += 1) {
      const look = { width, color: false, approximatePartitions };
      const text = ratesTable({ ...BUILT_IN, overrides }, look);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
      expect(wideLines(text, width)).toEqual([]);
    }
  });
});
