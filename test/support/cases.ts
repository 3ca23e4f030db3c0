/**
 * The random cases of tests are the same in each run, so that a run can be repeated:
 * `KIRO_BILL_SEED` draws others.
 */
import fc from 'fast-check';

export const SEED = Number(process.env.KIRO_BILL_SEED ?? 20260101);

fc.configureGlobal({ seed: SEED });
