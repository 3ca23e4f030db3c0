import { expect, test } from 'vitest';
import { stepText } from '../../src/usage/sql/query.ts';

test('an id with a line separator in it stays the same id, whose cuts are found', () => {
  const query = "VALUES\n  ('p\u2028q\u2029r', 1)";
  const text = stepText({ name: 'cuts', query, comment: 'cuts of p\u2028q\nDROP TABLE x' });
  expect(text).toBe(
    "-- cuts of p q DROP TABLE x\ncuts AS (\n  VALUES\n    ('p\u2028q\u2029r', 1)\n)",
  );
});
