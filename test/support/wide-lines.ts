import { displayWidth } from '../../src/render/width.ts';

/** The lines of a text that take more columns of a terminal than there are; no `expect` for each, of thousands. */
export function wideLines(text: string, columns: number): string[] {
  return text.split('\n').filter((line) => displayWidth(line) > columns);
}
