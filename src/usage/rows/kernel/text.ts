import { TEXT_BYTES } from './layout';

/** How much of the text is searched at once: one bit for each byte. */
export const BLOCK_BYTES: usize = 64;

/** Padded so that a block can be read before and after the text. */
const space: usize = memory.data(<i32>(TEXT_BYTES + 2 * <u32>BLOCK_BYTES), 16);
export const text: usize = space + BLOCK_BYTES;

export const LF: u8 = 0x0a;
export const CR: u8 = 0x0d;
export const QUOTE: u8 = 0x22;
