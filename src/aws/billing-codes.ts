import type { Region } from '../domain/region.ts';

/**
 * The Regions by the code with which AWS's bill begins their usage types
 * (`USE1-KiroEnterprise-Pro`). A Region that AWS adds is one more line here.
 */
const REGION_BY_CODE: ReadonlyMap<string, Region> = new Map([
  ['USE1', 'us-east-1'],
  ['EUC1', 'eu-central-1'],
  ['UGE1', 'us-gov-east-1'],
  ['UGW1', 'us-gov-west-1'],
]);

/** The Region that a billing code names; nothing where the code is not known. */
export function regionOfCode(code: string): Region | undefined {
  return REGION_BY_CODE.get(code.toUpperCase());
}

/** The code of a Region; nothing where it is not known. */
export function codeOfRegion(region: Region): string | undefined {
  return [...REGION_BY_CODE].find(([, known]) => known === region)?.[0];
}

/** The codes that are known, for messages. */
export function knownCodes(): string[] {
  return [...REGION_BY_CODE.keys()];
}

/** What a usage type is made of. */
export interface UsageType {
  /** The Region's billing code: `USE1`. */
  readonly code: string;
  /** What is charged: `Pro`, `ProPlus`, `Credits`. */
  readonly item: string;
}

/** Takes `USE1-KiroEnterprise-ProPlus` apart; of a text without hyphens both parts are the text. */
export function usageTypeParts(usageType: string): UsageType {
  const parts = usageType.split('-');
  return { code: parts[0] ?? '', item: parts.at(-1) ?? '' };
}
