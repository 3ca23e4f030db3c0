import type { Region } from '../domain/region.ts';

/**
 * The Regions by the billing code at the start of their usage types (`USE1-KiroEnterprise-Pro`). A
 * new AWS Region is one more line here.
 */
const REGION_BY_CODE: ReadonlyMap<string, Region> = new Map([
  ['USE1', 'us-east-1'],
  ['USE2', 'us-east-2'],
  ['USW1', 'us-west-1'],
  ['USW2', 'us-west-2'],
  ['UGE1', 'us-gov-east-1'],
  ['UGW1', 'us-gov-west-1'],
  ['AFS1', 'af-south-1'],
  ['APE1', 'ap-east-1'],
  ['APE2', 'ap-east-2'],
  ['APN1', 'ap-northeast-1'],
  ['APN2', 'ap-northeast-2'],
  ['APN3', 'ap-northeast-3'],
  ['APS1', 'ap-southeast-1'],
  ['APS2', 'ap-southeast-2'],
  ['APS3', 'ap-south-1'],
  ['APS4', 'ap-southeast-3'],
  ['APS5', 'ap-south-2'],
  ['APS6', 'ap-southeast-4'],
  ['APS7', 'ap-southeast-5'],
  ['APS8', 'ap-southeast-6'],
  ['APS9', 'ap-southeast-7'],
  ['CAN1', 'ca-central-1'],
  ['CAN2', 'ca-west-1'],
  ['EUC1', 'eu-central-1'],
  ['EUC2', 'eu-central-2'],
  ['EUN1', 'eu-north-1'],
  ['EUS1', 'eu-south-1'],
  ['EUS2', 'eu-south-2'],
  ['EU', 'eu-west-1'],
  ['EUW1', 'eu-west-1'],
  ['EUW2', 'eu-west-2'],
  ['EUW3', 'eu-west-3'],
  ['ILC1', 'il-central-1'],
  ['MEC1', 'me-central-1'],
  ['MES1', 'me-south-1'],
  ['MXC1', 'mx-central-1'],
  ['SAE1', 'sa-east-1'],
]);

/** The Region of a billing code; `undefined` if the code is not known. */
export function regionOfCode(code: string): Region | undefined {
  return REGION_BY_CODE.get(code.toUpperCase());
}

/** The code of a Region, the first of several; `undefined` if it is not known. */
export function codeOfRegion(region: Region): string | undefined {
  return CODE_BY_REGION.get(region);
}

const CODE_BY_REGION: ReadonlyMap<Region, string> = new Map(
  [...REGION_BY_CODE].reverse().map(([code, region]) => [region, code]),
);

/** The parts of a usage type. */
interface UsageType {
  /** The Region's billing code at its start: `USE1`; blank without a hyphen. */
  readonly code: string;
  /** What is charged: `Pro`, `ProPlus`, `Credits`. */
  readonly item: string;
}

/** Splits `USE1-KiroEnterprise-ProPlus` into its parts. */
export function usageTypeParts(usageType: string): UsageType {
  const [first, last] = [usageType.indexOf('-'), usageType.lastIndexOf('-')];
  return { code: usageType.slice(0, Math.max(0, first)), item: usageType.slice(last + 1) };
}
