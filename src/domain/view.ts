/** The ways to look at one invoice; every one has the same total to the cent. Rule M2. */
export const VIEWS = [
  'user',
  'profile',
  'account',
  'region',
  'tier',
  'cost_center',
  'group',
  'line',
] as const;

export type View = (typeof VIEWS)[number];
