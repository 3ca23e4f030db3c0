import { isUtf8 } from 'node:buffer';
import { parse } from 'lossless-json';
import { BadInput } from '../domain/problem.ts';
import { type ByteSource, readWhole } from './byte-source.ts';

/** Room for many thousand paths, or private prices; anything longer is some other file. */
const MOST_MEBIBYTES = 8;

/**
 * What the JSON of a file says. `BadInput` if it is not JSON, or an object has a key twice, of which
 * JavaScript would take the last. `meant`: what the file is; `numberOf`: what the text of a number is
 * read as.
 */
export async function readJson(
  source: ByteSource,
  meant: string,
  numberOf: (text: string) => unknown = Number,
): Promise<unknown> {
  const bytes = await readWhole(source, MOST_MEBIBYTES, meant);
  const wrong = (what: string): BadInput => new BadInput([{ file: source.file, what }]);
  if (!isUtf8(bytes)) throw wrong('the file is not UTF-8 text');
  try {
    return parse(bytes.toString().replace(/^\ufeff/, ''), undefined, numberOf);
  } catch (error) {
    // Deep nesting ends in a RangeError; to the reader of the message both are bad JSON.
    throw wrong(`the file is not valid JSON: ${(error as Error).message}`);
  }
}

/** Whether a JSON value is an object, with keys. */
export function isJsonObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
