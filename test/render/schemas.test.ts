import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { invoiceSheet } from '../../src/billing/views.ts';
import { decimal } from '../../src/domain/decimal.ts';
import type { MonthInvoice } from '../../src/domain/invoice.ts';
import { BUILT_IN_RATE_CARD } from '../../src/domain/rate-card.ts';
import { VIEWS } from '../../src/domain/view.ts';
import { explainJson } from '../../src/render/explain/json.ts';
import type { Story } from '../../src/render/explain/section.ts';
import { sheetsJson } from '../../src/render/json.ts';
import { problemsJson, problemsSheet } from '../../src/render/problems.ts';
import { ratesJson } from '../../src/render/rates.ts';
import { acme, Company } from './samples.ts';

function jsonOf(...sheets: Parameters<typeof sheetsJson>): string {
  return [...sheetsJson(...sheets)].join('');
}

function schema(name: string): ValidateFunction {
  const file = new URL(`../../src/render/schemas/${name}.schema.json`, import.meta.url);
  return new Ajv2020({ strict: true, allErrors: true }).compile(
    JSON.parse(readFileSync(file, 'utf8')),
  );
}

function defects(validate: ValidateFunction, json: unknown): unknown {
  validate(json);
  return validate.errors ?? [];
}

const JANUARY = acme().invoice('2026-01');
const FEBRUARY = acme().invoice('2026-02');

/** Coverage whose days are known. */
const KNOWN = { firstDay: 20_455, lastDay: 20_480, weekdaysWithoutUsage: [20_457] };

describe('the JSON Schemas', () => {
  it.each(VIEWS)('hold for the invoice by %s, of one month and of several', (view) => {
    const validate = schema('invoice');
    const sheets = [JANUARY, FEBRUARY].map((invoice) => invoiceSheet(invoice, view));
    const months = [JANUARY, { ...FEBRUARY, coverage: KNOWN }];
    expect(defects(validate, JSON.parse(jsonOf(sheets, months)))).toEqual([]);
    expect(defects(validate, JSON.parse(jsonOf(sheets.slice(1), months.slice(1))))).toEqual([]);
  });

  it('hold for the invoice by two keys', () => {
    const validate = schema('invoice');
    const sheets = [invoiceSheet(JANUARY, ['profile', 'tier'])];
    expect(
      defects(validate, JSON.parse(jsonOf(sheets, [{ ...JANUARY, coverage: KNOWN }]))),
    ).toEqual([]);
  });

  it('are strict about the invoice', () => {
    const validate = schema('invoice');
    const valid = JSON.parse(jsonOf([invoiceSheet(JANUARY, 'user')], [JANUARY]));
    for (const [path, value] of [
      ['total_charge', 40],
      ['total_charge', '40'],
      ['total_charge', '40.005'],
      ['credits_used', '1.500'],
      ['month', '2026-13'],
      ['more', 'x'],
    ] as const) {
      const changed = structuredClone(valid);
      changed.rows[0][path] = value;
      expect(validate(changed)).toBe(false);
    }
    expect(validate({ ...valid, more: 1 })).toBe(false);
    expect(validate({ ...valid, totals: {} })).toBe(false);
  });

  it('hold for explain, of seats of every kind', () => {
    const pending = new Company()
      .profile('p', { overageOn: true, capCredits: decimal('1') })
      .subscribe('p', 'never', 'Pro', '2025-11-01', '2026-02-01')
      .subscribe('p', 'group:g', 'Pro', '2025-11-01', undefined, [['2026-01-02', 'Pro+']])
      .member('g', 'late', '2026-01-01T10:00:00.123456789Z', '2026-01-31')
      .activate('p', 'late', '2026-01-16')
      .use('2026-01', 'p', 'late', '2345.67890123')
      .invoice('2026-01');
    const stories = [JANUARY, pending].flatMap(storiesOf);
    expect(defects(schema('explain'), JSON.parse(explainJson(stories)))).toEqual([]);
    expect(
      new Set(JSON.parse(explainJson(stories)).map((s: { status: string }) => s.status)),
    ).toEqual(new Set(['billed', 'pending', 'no_seat']));
  });

  it('hold for rates, also with overrides', () => {
    const validate = schema('rates');
    for (const edition of BUILT_IN_RATE_CARD.editions) {
      expect(defects(validate, JSON.parse(ratesJson(edition)))).toEqual([]);
      const overrides = new Map([['a', new Map([['Pro', { price: decimal('18.50') }]])]]);
      expect(defects(validate, JSON.parse(ratesJson({ ...edition, overrides })))).toEqual([]);
    }
  });

  it('hold for check', () => {
    const problems = [
      { file: 'f.csv', line: 2, column: 'row', what: 'w', value: '\u001b' },
      { file: 'f.csv', what: 'w' },
    ];
    const json = JSON.parse(problemsJson(problemsSheet(problems), JANUARY.warnings, 0));
    expect(json.warnings.length).toBeGreaterThan(0);
    expect(defects(schema('check'), json)).toEqual([]);
    const more = JSON.parse(problemsJson(problemsSheet(problems), [], 7));
    expect(more.unlisted_problems).toBe(7);
    expect(defects(schema('check'), more)).toEqual([]);
    expect(
      schema('check')({ problems: [{ file: 'f', line: 1, message: 'w' }], warnings: [] }),
    ).toBe(false);
  });
});

function storiesOf({ period, edition, seats }: MonthInvoice): Story[] {
  return seats.map((seat) => {
    const step = seat.steps.at(-1);
    const held = step === undefined || seat.terms === undefined ? {} : { step, terms: seat.terms };
    const next = { month: '2026-02', pending: false, ...held };
    return { period, edition, seat, groups: new Map(), next };
  });
}
