import { describe, expect, it } from 'vitest';
import { problemLine, problemsJson, problemsSheet } from '../../src/render/problems.ts';

const PLACE = { file: 'data/usage.csv', line: 7, column: 'credits' };

describe('problems', () => {
  it('names the place, what is wrong and the value', () => {
    expect(problemLine({ ...PLACE, what: 'must not be negative', value: '-3' })).toBe(
      'data/usage.csv:7: credits: must not be negative (-3)',
    );
    expect(problemLine({ ...PLACE, what: 'must not be blank', value: '' })).toBe(
      'data/usage.csv:7: credits: must not be blank',
    );
    expect(problemLine({ file: 'data/usage.csv', what: 'is a folder' })).toBe(
      'data/usage.csv: is a folder',
    );
  });

  it('makes control characters of the value and of the path visible', () => {
    const line = problemLine({ ...PLACE, file: 'a\u001b[2J.csv', what: 'no', value: 'x\n\u0007' });
    expect(line).toBe('a\\x1b[2J.csv:7: credits: no (x\\n\\x07)');
  });

  it('cuts long values at 80 characters, between two of them', () => {
    const shown = (value: string): string =>
      problemLine({ file: 'f', what: 'w', value }).slice('f: w ('.length, -1);
    expect(shown('x'.repeat(80))).toBe('x'.repeat(80));
    expect(shown('x'.repeat(81))).toBe(`${'x'.repeat(79)}…`);
    expect(shown('😀'.repeat(60_000))).toBe(`${'😀'.repeat(79)}…`);
    expect(shown('\u001b'.repeat(100))).toBe(`${'\\x1b'.repeat(79)}…`);
  });

  it('gives programs the whole value, and leaves out what there is not', () => {
    const value = 'x'.repeat(500);
    const text = problemsJson(
      problemsSheet([
        { ...PLACE, what: 'w', value },
        { file: 'f', what: 'v' },
      ]),
      [],
      0,
    );
    expect(JSON.parse(text)).toEqual({
      problems: [
        { file: 'data/usage.csv', line: 7, column: 'credits', message: 'w', value },
        { file: 'f', message: 'v' },
      ],
      warnings: [],
    });
  });
});
