import { describe, expect, it } from 'vitest';
import {
  partitionOf,
  REGION_NAMES,
  regionFromText,
  regionName,
  VENDOR_REGIONS,
} from '../../src/domain/region.ts';

describe('Regions', () => {
  it.each([
    ['us-east-1', 'us-east-1'],
    ['US-EAST-1', 'us-east-1'],
    ['Eu-Central-1', 'eu-central-1'],
    ['us-gov-west-1', 'us-gov-west-1'],
    ['ap-southeast-7', 'ap-southeast-7'],
    ['us-isob-east-1', 'us-isob-east-1'],
    ['eusc-de-east-1', 'eusc-de-east-1'],
    ['cn-northwest-1', 'cn-northwest-1'],
    ['xx-nowhere-12', 'xx-nowhere-12'],
  ])('the code %s is %s, in lower case, any of that form', (text, code) => {
    expect(regionFromText(text)).toBe(code);
  });

  it.each([
    ['US East (N. Virginia)', 'us-east-1'],
    ['US East (Ohio)', 'us-east-2'],
    ['US West (N. California)', 'us-west-1'],
    ['US West (Oregon)', 'us-west-2'],
    ['Europe (Frankfurt)', 'eu-central-1'],
    ['Europe (Ireland)', 'eu-west-1'],
    ['Europe (London)', 'eu-west-2'],
    ['Europe (Paris)', 'eu-west-3'],
    ['Europe (Stockholm)', 'eu-north-1'],
    ['Europe (Milan)', 'eu-south-1'],
    ['Europe (Spain)', 'eu-south-2'],
    ['Europe (Zurich)', 'eu-central-2'],
    ['Asia Pacific (Tokyo)', 'ap-northeast-1'],
    ['Asia Pacific (Seoul)', 'ap-northeast-2'],
    ['Asia Pacific (Osaka)', 'ap-northeast-3'],
    ['Asia Pacific (Mumbai)', 'ap-south-1'],
    ['Asia Pacific (Hyderabad)', 'ap-south-2'],
    ['Asia Pacific (Singapore)', 'ap-southeast-1'],
    ['Asia Pacific (Sydney)', 'ap-southeast-2'],
    ['Asia Pacific (Jakarta)', 'ap-southeast-3'],
    ['Asia Pacific (Melbourne)', 'ap-southeast-4'],
    ['Asia Pacific (Hong Kong)', 'ap-east-1'],
    ['Canada (Central)', 'ca-central-1'],
    ['Canada West (Calgary)', 'ca-west-1'],
    ['South America (Sao Paulo)', 'sa-east-1'],
    ['Africa (Cape Town)', 'af-south-1'],
    ['Middle East (Bahrain)', 'me-south-1'],
    ['Middle East (UAE)', 'me-central-1'],
    ['Israel (Tel Aviv)', 'il-central-1'],
    ['Mexico (Central)', 'mx-central-1'],
    ['AWS GovCloud (US-East)', 'us-gov-east-1'],
    ['AWS GovCloud (US-West)', 'us-gov-west-1'],
    ['China (Beijing)', 'cn-north-1'],
    ['China (Ningxia)', 'cn-northwest-1'],
    ['Asia Pacific (Taipei)', 'ap-east-2'],
    ['Asia Pacific (Malaysia)', 'ap-southeast-5'],
    ['Asia Pacific (New Zealand)', 'ap-southeast-6'],
    ['Asia Pacific (Thailand)', 'ap-southeast-7'],
    ['AWS European Sovereign Cloud (Germany)', 'eusc-de-east-1'],
  ])("AWS's name %s is %s", (name, code) => {
    expect(regionFromText(name)).toBe(code);
    expect(regionName(code)).toBe(name);
  });

  it.each([
    ['us east (n. virginia)', 'us-east-1'],
    ['US EAST (N. VIRGINIA)', 'us-east-1'],
    ['EU (Frankfurt)', 'eu-central-1'],
    ['EU (Ireland)', 'eu-west-1'],
    ['AWS GovCloud (US)', 'us-gov-west-1'],
    ['Asia Pacific (Osaka-Local)', 'ap-northeast-3'],
    ['EU (Stockholm)', 'eu-north-1'],
    ['EU (Milan)', 'eu-south-1'],
    ['EU (London)', 'eu-west-2'],
    ['EU (Paris)', 'eu-west-3'],
    ['EU Sovereign (Germany)', 'eusc-de-east-1'],
    ['South America (São Paulo)', 'sa-east-1'],
  ])("AWS's older name, or one in another case, %s is %s", (name, code) => {
    expect(regionFromText(name)).toBe(code);
  });

  it('a Region is shown by its current name, one without by its code', () => {
    expect(regionName('us-east-1')).toBe('US East (N. Virginia)');
    expect(regionName('xx-nowhere-1')).toBe('xx-nowhere-1');
    expect(regionName('')).toBe('');
    expect(REGION_NAMES).toHaveLength(39);
    for (const { code, name } of REGION_NAMES) {
      expect([regionName(code), regionFromText(name)]).toEqual([name, code]);
    }
  });

  it.each([
    '',
    'Frankfurt',
    'Europe',
    'Virginia',
    'global',
    'us-east',
    'us-east-',
    'us-1',
    'us-east-1a',
    'us--east-1',
    '-us-east-1',
    'us-east-100',
    'us_east_1',
    'us east 1',
    'us-east-1 ',
    'us-east-1\n',
    'Europe (Atlantis)',
    '__proto__',
    'constructor',
  ])('%j is none', (text) => {
    expect(regionFromText(text)).toBeUndefined();
  });

  it("the vendor's list", () => {
    expect([...VENDOR_REGIONS].sort()).toEqual([
      'eu-central-1',
      'us-east-1',
      'us-gov-east-1',
      'us-gov-west-1',
    ]);
  });
});

describe('partitions', () => {
  it.each([
    ['us-gov-east-1', 'aws-us-gov'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-gov-central-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
    ['cn-northwest-1', 'aws-cn'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso'],
    ['us-isof-south-1', 'aws-iso'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-east-1', 'aws'],
    ['eu-central-1', 'aws'],
    ['ap-southeast-7', 'aws'],
    ['eu-isoe-west-1', 'aws'],
    ['', 'aws'],
  ])('M4: Region "%s" is in %s', (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
  });
});
