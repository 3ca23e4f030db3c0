import fc from 'fast-check';

const JUNK = [
  [0x22],
  [0x22, 0x22],
  [0x0d],
  [0x0a],
  [0x00],
  [0xff],
  [0xc3],
  [0x2c],
  [0x20],
  [0x0d, 0x0a],
  [0xef, 0xbb, 0xbf],
];

/** Bytes put in the place of others, which is somewhere in the file. */
interface Mutation {
  readonly at: number;
  readonly cut: number;
  readonly put: readonly number[];
}

/** Up to three changes of what a CSV reader must not trip over, put in or taken out. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    at: fc.nat(),
    cut: fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 40 })),
    put: fc.oneof({ arbitrary: fc.constantFrom(...JUNK), weight: 3 }, fc.constant([])),
  }),
  { minLength: 1, maxLength: 3 },
);

export function mutated(bytes: Buffer, changes: readonly Mutation[] = []): Buffer {
  return changes.reduce((changed, { at, cut, put }) => {
    const start = at % (changed.length + 1);
    return Buffer.concat([
      changed.subarray(0, start),
      Buffer.from(put),
      changed.subarray(start + cut),
    ]);
  }, bytes);
}
