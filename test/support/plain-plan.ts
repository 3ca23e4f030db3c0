import { NO_IDENTITIES } from '../../src/domain/identities.ts';
import type { ReductionPlan } from '../../src/usage/plan.ts';

/** How to reduce usage of which nothing is known: months are not cut, and all of it counts. */
export const PLAIN_PLAN: ReductionPlan = {
  identities: NO_IDENTITIES,
  cuts: { ofProfile: new Map(), ofAll: [] },
  dedupe: false,
};
