import { isUtf8 } from 'node:buffer';
import { parse } from 'lossless-json';
import type { Parsed } from './fields.ts';

/**
 * What the JSON of a file says, or what is wrong with it as a whole: a key that an object has twice,
 * too, of which JavaScript would take the last. `numberOf`: what the text of a number is read as.
 */
export function jsonIn(
  bytes: Buffer,
  numberOf: (text: string) => unknown = Number,
): Parsed<unknown> {
  if (!isUtf8(bytes)) return { wrong: 'the file is not UTF-8 text' };
  try {
    return { value: parse(bytes.toString().replace(/^\ufeff/, ''), undefined, numberOf) };
  } catch (error) {
    // Deep nesting ends in a RangeError; to the reader of the message both are bad JSON.
    return { wrong: `the file is not valid JSON: ${(error as Error).message}` };
  }
}

/** Whether a JSON value is an object, with keys. */
export function isJsonObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
