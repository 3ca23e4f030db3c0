/** The ids of the billing rules, in the order of the rules page. */
export const RULE_IDS = [
  'H1',
  'H2',
  'H3',
  'H4',
  'S1',
  'S2',
  'S3',
  'S4',
  'O1',
  'O2',
  'O3',
  'O4',
  'O5',
  'O6',
  'R1',
  'R2',
  'M1',
  'M2',
  'M3',
  'M4',
] as const;

/** Names a billing rule; a misspelt one does not compile. */
export type RuleId = (typeof RULE_IDS)[number];
