/** An AWS Region by its code in lower case, `us-east-1`; blank if unknown. */
export type Region = string;

/** `aws`, `aws-us-gov`, `aws-cn`, `aws-iso` or `aws-eusc`. */
export type Partition = string;

/** The Regions on the vendor's list of places where a profile can be. */
export const VENDOR_REGIONS: ReadonlySet<Region> = new Set([
  'us-east-1',
  'eu-central-1',
  'us-gov-east-1',
  'us-gov-west-1',
]);

const CODE = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;

const NAMES: readonly (readonly [Region, ...string[]])[] = [
  ['us-east-1', 'US East (N. Virginia)'],
  ['us-east-2', 'US East (Ohio)'],
  ['us-west-1', 'US West (N. California)'],
  ['us-west-2', 'US West (Oregon)'],
  ['us-gov-east-1', 'AWS GovCloud (US-East)'],
  ['us-gov-west-1', 'AWS GovCloud (US-West)', 'AWS GovCloud (US)'],
  ['af-south-1', 'Africa (Cape Town)'],
  ['ap-east-1', 'Asia Pacific (Hong Kong)'],
  ['ap-east-2', 'Asia Pacific (Taipei)'],
  ['ap-northeast-1', 'Asia Pacific (Tokyo)'],
  ['ap-northeast-2', 'Asia Pacific (Seoul)'],
  ['ap-northeast-3', 'Asia Pacific (Osaka)', 'Asia Pacific (Osaka-Local)'],
  ['ap-south-1', 'Asia Pacific (Mumbai)'],
  ['ap-south-2', 'Asia Pacific (Hyderabad)'],
  ['ap-southeast-1', 'Asia Pacific (Singapore)'],
  ['ap-southeast-2', 'Asia Pacific (Sydney)'],
  ['ap-southeast-3', 'Asia Pacific (Jakarta)'],
  ['ap-southeast-4', 'Asia Pacific (Melbourne)'],
  ['ap-southeast-5', 'Asia Pacific (Malaysia)'],
  ['ap-southeast-6', 'Asia Pacific (New Zealand)'],
  ['ap-southeast-7', 'Asia Pacific (Thailand)'],
  ['ca-central-1', 'Canada (Central)'],
  ['ca-west-1', 'Canada West (Calgary)'],
  ['cn-north-1', 'China (Beijing)'],
  ['cn-northwest-1', 'China (Ningxia)'],
  ['eu-central-1', 'Europe (Frankfurt)', 'EU (Frankfurt)'],
  ['eu-central-2', 'Europe (Zurich)'],
  ['eu-north-1', 'Europe (Stockholm)', 'EU (Stockholm)'],
  ['eu-south-1', 'Europe (Milan)', 'EU (Milan)'],
  ['eu-south-2', 'Europe (Spain)'],
  ['eu-west-1', 'Europe (Ireland)', 'EU (Ireland)'],
  ['eu-west-2', 'Europe (London)', 'EU (London)'],
  ['eu-west-3', 'Europe (Paris)', 'EU (Paris)'],
  ['eusc-de-east-1', 'AWS European Sovereign Cloud (Germany)', 'EU Sovereign (Germany)'],
  ['il-central-1', 'Israel (Tel Aviv)'],
  ['me-central-1', 'Middle East (UAE)'],
  ['me-south-1', 'Middle East (Bahrain)'],
  ['mx-central-1', 'Mexico (Central)'],
  ['sa-east-1', 'South America (Sao Paulo)', 'South America (São Paulo)'],
];

const CODE_BY_NAME = new Map(
  NAMES.flatMap(([code, ...names]) => names.map((name) => [name.toLowerCase(), code] as const)),
);

/** The code of a Region given by code (any of that form) or by AWS's name, in any case. */
export function regionFromText(text: string): Region | undefined {
  const lower = text.toLowerCase();
  return CODE.test(lower) ? lower : CODE_BY_NAME.get(lower);
}

/** AWS's current names of the Regions, with their codes. */
export const REGION_NAMES: readonly { readonly code: Region; readonly name: string }[] = NAMES.map(
  ([code, name = code]) => ({ code, name }),
);

const NAME_BY_CODE = new Map(NAMES.map(([code, name = code]) => [code, name] as const));

/** AWS's current name of a Region; its code if the name is not known here. */
export function regionName(region: Region): string {
  return NAME_BY_CODE.get(region) ?? region;
}

/** The partition whose prices a profile in `region` pays; a blank Region pays commercial prices (M4). */
export function partitionOf(region: Region): Partition {
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-iso')) return 'aws-iso';
  if (region.startsWith('eusc-')) return 'aws-eusc';
  return 'aws';
}
