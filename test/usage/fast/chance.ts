import fc from 'fast-check';

/** More runs than usual, or others: `USAGE_FUZZ_ROUNDS=20 KIRO_BILL_SEED=7 npx vitest run … fast`. */
export const ROUNDS = Number(process.env.USAGE_FUZZ_ROUNDS ?? 1);

/** Checks so many random values; of those that fail, the simplest that fast-check finds is shown. */
export function holdsForAll<Value>(
  values: fc.Arbitrary<Value>,
  runs: number,
  check: (value: Value) => Promise<void>,
): Promise<void> {
  return fc.assert(fc.asyncProperty(values, check), { numRuns: runs * ROUNDS });
}

/** One of the values once in so many times, else nothing; 0 for never. */
export function seldom<Value>(
  times: number,
  values: fc.Arbitrary<Value>,
): fc.Arbitrary<Value | undefined> {
  if (times === 0) return fc.constant(undefined);
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(undefined), weight: times - 1 },
    { arbitrary: values, weight: 1 },
  );
}

/** True once in so many times; 0 for never. */
export function oneIn(times: number): fc.Arbitrary<boolean> {
  return seldom(times, fc.constant(true)).map((isSo) => isSo === true);
}

/** How often what is rare and what is bad comes. */
export interface Oddness {
  /** How rarely things are bad; 0 for never. */
  readonly badOneIn: number;
  /** How rarely things are of a rare kind; 1 for always. */
  readonly rareOneIn: number;
}

export const oddities: fc.Arbitrary<Oddness> = fc.record({
  badOneIn: fc.constantFrom(0, 8, 40),
  rareOneIn: fc.constantFrom(10, 2, 1),
});

/** Mostly the usual, or else any of those that are good or, now and then, bad. */
export function mostly(
  { badOneIn, rareOneIn }: Oddness,
  usual: fc.Arbitrary<string>,
  good: readonly string[],
  bad: readonly string[],
): fc.Arbitrary<string> {
  const goodShare = badOneIn === 0 ? 1 : badOneIn - 1;
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: usual, weight: goodShare * (rareOneIn - 1) },
    { arbitrary: fc.constantFrom(...good), weight: goodShare },
    { arbitrary: fc.constantFrom(...bad), weight: badOneIn === 0 ? 0 : rareOneIn },
  );
}

/** The bytes of a file, shown by fast-check as one text. */
export function shown(bytes: Buffer): Buffer {
  return Object.assign(bytes, {
    [fc.toStringMethod]: () => JSON.stringify(bytes.toString('latin1')),
  });
}
