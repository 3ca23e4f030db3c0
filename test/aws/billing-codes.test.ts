import { describe, expect, it } from 'vitest';
import { codeOfRegion, regionOfCode, usageTypeParts } from '../../src/aws/billing-codes.ts';

/** AWS's billing codes of its Regions. */
const CODES = [
  'USE1 us-east-1, USE2 us-east-2, USW1 us-west-1, USW2 us-west-2, UGE1 us-gov-east-1, UGW1 us-gov-west-1',
  'AFS1 af-south-1, APE1 ap-east-1, APE2 ap-east-2, APN1 ap-northeast-1, APN2 ap-northeast-2, APN3 ap-northeast-3',
  'APS1 ap-southeast-1, APS2 ap-southeast-2, APS3 ap-south-1, APS4 ap-southeast-3, APS5 ap-south-2',
  'APS6 ap-southeast-4, APS7 ap-southeast-5, APS8 ap-southeast-6, APS9 ap-southeast-7',
  'CAN1 ca-central-1, CAN2 ca-west-1, EUC1 eu-central-1, EUC2 eu-central-2, EUN1 eu-north-1, EUS1 eu-south-1',
  'EUS2 eu-south-2, EU eu-west-1, EUW2 eu-west-2, EUW3 eu-west-3, ILC1 il-central-1, MEC1 me-central-1',
  'MES1 me-south-1, MXC1 mx-central-1, SAE1 sa-east-1',
]
  .flatMap((line) => line.split(', '))
  .map((pair) => pair.split(' ') as [code: string, region: string]);

describe('billing codes', () => {
  it.each(CODES)('%s is %s, in any case', (code, region) => {
    expect(regionOfCode(code)).toBe(region);
    expect(regionOfCode(code.toLowerCase())).toBe(region);
    expect(codeOfRegion(region)).toBe(code);
  });

  it('Ireland has a second one', () => {
    expect(regionOfCode('EUW1')).toBe('eu-west-1');
  });

  it.each(['', 'QQQ7', 'us-east-1'])('%j is none', (code) => {
    expect(regionOfCode(code)).toBeUndefined();
    expect(codeOfRegion(code)).toBe(code === 'us-east-1' ? 'USE1' : undefined);
  });
});

describe('usage types', () => {
  it.each([
    ['USE1-KiroEnterprise-ProPlus', 'USE1', 'ProPlus'],
    ['KiroEnterprise-Credits', 'KiroEnterprise', 'Credits'],
    ['Credits', '', 'Credits'],
    ['', '', ''],
  ])('%j has the code %j and the item %j', (usageType, code, item) => {
    expect(usageTypeParts(usageType)).toEqual({ code, item });
  });
});
