/** Memory is handed out in order: what grows is made of pages, or starts anew twice as large and releases what it had. */

/** The text that is read: this many bytes, and room to read a vector beyond either end. */
export const TEXT_BYTES: u32 = 256 * 1024;
export const VECTOR_BYTES: u32 = 16;

/** Ends the reading, in words: throws. */
declare function outOfMemory(): void;

/** Released memory that has not been handed out again. */
let spare: usize = 0;
let spareEnd: usize = 0;
let next: usize = (__heap_base + 15) & ~(<usize>15);

/** So many bytes, all of them 0, that begin at a multiple of 16. */
export function allocate(bytes: usize): usize {
  if (bytes <= spareEnd - spare) {
    const reused = spare;
    spare += (bytes + 15) & ~(<usize>15);
    memory.fill(reused, 0, bytes);
    return reused;
  }
  const start = next;
  next = (start + bytes + 15) & ~(<usize>15);
  // An address above 2^32 has wrapped around.
  if (next < start) outOfMemory();
  const missing = <i32>((<u64>next + 0xffff) >> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) outOfMemory();
  return start;
}

/** Takes memory back that was allocated; of several pieces the largest is used again. */
export function release(start: usize, bytes: usize): void {
  if (bytes <= spareEnd - spare) return;
  spare = start;
  spareEnd = start + bytes;
}
