import type { Framing } from '../../src/input/csv-framing.ts';

/** A text from the beginning of a file that is separated by commas. */
export const PLAIN_FRAMING: Framing = { delimiter: ',', firstLine: 1 };
