/** Memory is allocated in order: what grows is made of pages, or moves to twice the size and releases its old memory. */

export const VECTOR_BYTES: u32 = 16;

/** Stops reading with an error: throws. */
declare function outOfMemory(): void;

/** Released memory that has not been handed out again. */
let spare: usize = 0;
let spareEnd: usize = 0;
let next: usize = (__heap_base + 15) & ~(<usize>15);

/** Allocates zeroed bytes at a multiple of 16. */
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
  if (missing <= 0) return start;
  // Node collects garbage after each few times that memory grows, so it grows rarely.
  const ahead = max(missing, memory.size() >> 2);
  if (memory.grow(ahead) < 0 && memory.grow(missing) < 0) outOfMemory();
  return start;
}

/** Takes back allocated memory; of several pieces only the largest is reused. */
export function release(start: usize, bytes: usize): void {
  if (bytes <= spareEnd - spare) return;
  spare = start;
  spareEnd = start + bytes;
}
