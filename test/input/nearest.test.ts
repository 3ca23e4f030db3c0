import { expect, test } from 'vitest';
import { nearest } from '../../src/input/nearest.ts';

test.each([
  ['Por+', ['Pro', 'Pro+', 'Pro Max', 'Power'], 'Pro+'],
  ['UserId', ['user_id', 'user_name'], 'user_id'],
  ['total', ['subscription_charge', 'total_charge'], 'total_charge'],
  ['recon', ['report', 'reconcile'], 'reconcile'],
  ['Frankfurt', ['Europe (Frankfurt)', 'Europe (Zurich)'], 'Europe (Frankfurt)'],
])('%s is nearest to a good name of %j', (text, candidates, wanted) => {
  expect(nearest(text, candidates)).toBe(wanted);
});

test.each([
  ['user', ['tier', 'account']],
  ['1.3', ['1.2', '1.4']],
  ['tcsh', ['bash', 'zsh', 'fish']],
])('%s is near to none of %j, of which half its letters differ', (text, candidates) => {
  expect(nearest(text, candidates)).toBeUndefined();
});
