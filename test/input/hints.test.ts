import { describe, expect, it, test } from 'vitest';
import {
  accountIdHint,
  instantForms,
  numberForms,
  regionSuggestion,
} from '../../src/input/hints.ts';
import { nearest } from '../../src/input/nearest.ts';
import { fileWith, problemsOf } from './good-files.ts';

describe('a wrong instant is answered with its right form', () => {
  it.each([
    ['15.01.2026', ['2026-01-15']],
    ['01/15/2026', ['2026-01-15']],
    ['05.05.2026', ['2026-05-05']],
    ['04/05/2026', ['2026-05-04', '2026-04-05']],
    ['2026-1-5', ['2026-01-05']],
    ['20260115', ['2026-01-15']],
    ['2026/01/15', ['2026-01-15']],
    ['15-Jan-26', ['2026-01-15']],
    ['January 15, 2026', ['2026-01-15']],
    ['1/15/2026 9:30 PM', ['2026-01-15T21:30:00Z']],
    ['15.01.2026 09:30', ['2026-01-15T09:30:00Z']],
    ['2026-01-05T24:00:00Z', ['2026-01-06T00:00:00Z']],
    ['2026-01-05T10:00:00,5Z', ['2026-01-05T10:00:00.5Z']],
    ['46037', ['2026-01-15']],
    ['1768469400', ['2026-01-15T09:30:00Z']],
    ['1768469400123', ['2026-01-15T09:30:00.123Z']],
    ['2026-02-30', []],
    ['yesterday', []],
    ['1.1.1999', []],
  ])('%s', (text, forms) => {
    expect(instantForms(text)).toEqual(forms);
  });

  test('at its place', async () => {
    const files = {
      'activations.csv': fileWith('activations.csv', { activated_at: '04/05/2026' }),
    };
    expect(await problemsOf(files)).toEqual([
      'activations.csv:2: activated_at: not an instant of 2000 to 2199: write 2026-05-04 or 2026-04-05 (04/05/2026)',
    ]);
  });
});

describe('M1: a wrong number is answered with its right form', () => {
  it.each([
    ['1.250,75', ['1250.75'], ['1250,75']],
    ['1,250.75', ['1250.75'], ['1250.75']],
    ['1250,75', ['1250.75'], ['1250,75']],
    ['1,250', ['1250', '1.25'], ['1250', '1,25']],
    ['1.250.000', ['1250000'], ['1250000']],
    ['1 250,5', ['1250.5'], ['1250,5']],
    ['+7', ['7'], ['7']],
    ['$7', ['7'], ['7']],
    ['1_000', ['1000'], ['1000']],
    ['1.2.3', [], []],
    ['x', [], []],
  ])('%s', (text, withCommas, withSemicolons) => {
    expect(numberForms(text, false)).toEqual(withCommas);
    expect(numberForms(text, true)).toEqual(withSemicolons);
  });
});

describe('a wrong account id is answered with what a spreadsheet did', () => {
  it.each([
    ['11112222333', 'Excel takes its leading zero away: write 011112222333'],
    ['1111222233', 'Excel takes its leading zeros away: write 001111222233'],
    ['1.11122223333E+11', 'Excel wrote it as a power of ten: write 111122223333'],
    ['1111-2222-3333', 'write 111122223333'],
    ['111122223333.0', 'write 111122223333'],
    ['12', undefined],
  ])('%s', (text, hint) => {
    expect(accountIdHint(text)).toBe(hint);
  });

  it('1.11E+11', () => {
    expect(accountIdHint('1.11E+11')).toContain('its last digits are lost');
    expect(accountIdHint('1,11E+11')).toContain('its last digits are lost');
  });
});

describe('the nearest name', () => {
  it.each([
    ['Frankfurt', 'Europe (Frankfurt)'],
    ['Frankfrut', 'Europe (Frankfurt)'],
    ['Virginia', 'US East (N. Virginia)'],
    ['useast1', 'us-east-1'],
    ['eu', undefined],
    ['nowhere', undefined],
  ])('of the Region %s', (text, name) => {
    expect(regionSuggestion(text)).toBe(name);
  });

  it('is a good one', () => {
    const tiers = ['Pro', 'Pro+', 'Pro Max', 'Power'];
    expect(nearest('Por+', tiers)).toBe('Pro+');
    expect(nearest('Powr', tiers)).toBe('Power');
    expect(nearest('Free', tiers)).toBeUndefined();
    expect(nearest('user_id', ['id', 'UserId'])).toBe('UserId');
    expect(nearest('total', ['overage_charge', 'total_charge'])).toBe('total_charge');
  });

  test('of a column is told wherever one is missing', async () => {
    expect(await problemsOf({ 'users.csv': 'UserId,name\nu1,x\n' })).toEqual([
      'users.csv:1: user_id: the required column is missing; is it the one named "UserId"?',
    ]);
  });

  test('a file without any known column is asked to be the right one, once', async () => {
    const missing = 'the required column is missing';
    const usage = ['timestamp', 'profile_id', 'user_id', 'credits'];
    const problems = usage.map((column) => `usage.csv:1: ${column}: ${missing}`);
    expect(await problemsOf({ 'usage.csv': 'Service,Total costs($)\nKiro,20\n' })).toEqual([
      `${problems[0]}, as all others are: is this the right file?`,
      ...problems.slice(1),
    ]);
    expect(await problemsOf({ 'usage.csv': 'timestamp,x\n2026-01-05,1\n' })).toEqual(
      problems.slice(1),
    );
  });
});
