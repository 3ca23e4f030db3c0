import type { Dice } from './dice.ts';

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

/** Bytes with what a CSV reader must not trip over put in, taken out or changed. */
export function mutated(dice: Dice, bytes: Buffer): Buffer {
  let changed = bytes;
  for (let times = 1 + dice.roll(3); times > 0; times -= 1) {
    const at = dice.roll(changed.length + 1);
    const junk = Buffer.from(dice.pick(JUNK));
    const cut = dice.pick([0, 0, 1, 1, dice.roll(40)]);
    const put = dice.oneIn(4) ? Buffer.alloc(0) : junk;
    changed = Buffer.concat([changed.subarray(0, at), put, changed.subarray(at + cut)]);
  }
  return changed;
}
