import { describe, expect, it } from 'vitest';
import { billMonth } from '../../src/billing/invoice.ts';
import { nextMonth } from '../../src/billing/next-month.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { decimalText } from '../../src/domain/decimal.ts';
import type { NextMonth } from '../../src/domain/invoice.ts';
import {
  activation,
  billing,
  card,
  edition,
  type Facts,
  FEBRUARY,
  member,
  profile,
  subscription,
  usage,
} from './facts.ts';

/** What comes after the month of the first seat that the facts make. */
function following(facts: Facts, month = '2026-01'): NextMonth {
  const prepared = billing(facts);
  const period = billingPeriod(month);
  const [seat] = billMonth(prepared, period).seats;
  if (seat === undefined) throw new Error('there is no seat');
  return nextMonth(prepared, seat, period);
}

/** `MONTH TIER PRICE CREDITS CURRENCY`, `-` for what is missing. */
function shown({ month, step, terms, currency }: NextMonth): string {
  const priced = terms && `${decimalText(terms.price)} ${decimalText(terms.credits, 0)}`;
  return [month, step?.tier ?? '-', priced ?? '-', currency ?? '-'].join(' ');
}

function own(tier: string, facts: Parameters<typeof subscription>[2] = {}): Facts {
  return { subscriptions: [subscription('alice', tier, facts)] };
}

describe('the month after', () => {
  it.each([
    ['Power', 'Pro'],
    ['Pro', 'Power'],
  ])(
    'H4: of several sources at its first instant the highest tier holds: %s, %s',
    (direct, ofGroup) => {
      const facts: Facts = {
        memberships: [member('g', 'alice')],
        subscriptions: [
          subscription('alice', direct),
          subscription('group:g', ofGroup, { line: 3 }),
        ],
      };
      expect(shown(following(facts))).toBe('2026-02 Power 200.00 10000 USD');
    },
  );

  it.each([
    ['a seat that goes on', own('Pro'), '2026-02 Pro 20.00 1000 USD'],
    [
      'an upgrade',
      own('Pro', { changes: { '2026-01-15': 'Pro+' } }),
      '2026-02 Pro+ 40.00 2000 USD',
    ],
    [
      'a downgrade',
      own('Power', { changes: { '2026-01-15': 'Pro' } }),
      '2026-02 Pro 20.00 1000 USD',
    ],
    [
      'a downgrade as the month ends',
      own('Power', { changes: { [FEBRUARY]: 'Pro' } }),
      '2026-02 Pro 20.00 1000 USD',
    ],
    [
      'a change a nanosecond into it',
      own('Power', { changes: { '2026-02-01T00:00:00.000000001Z': 'Pro' } }),
      '2026-02 Power 200.00 10000 USD',
    ],
    ['an unsubscribe', own('Pro', { until: '2026-01-15' }), '2026-02 - - USD'],
    ['an unsubscribe as the month ends', own('Pro', { until: FEBRUARY }), '2026-02 - - USD'],
    ['an unsubscribe in it', own('Pro', { until: '2026-02-15' }), '2026-02 Pro 20.00 1000 USD'],
    [
      'leaving a group for a lower one',
      {
        subscriptions: [subscription('group:a', 'Power'), subscription('group:b', 'Pro')],
        memberships: [member('a', 'alice', undefined, '2026-01-10'), member('b', 'alice')],
      },
      '2026-02 Pro 20.00 1000 USD',
    ],
    [
      'an unsubscribe and a new subscription inside it',
      {
        subscriptions: [
          subscription('alice', 'Pro', { until: '2026-01-15' }),
          subscription('alice', 'Pro', { from: '2026-02-02' }),
        ],
      },
      '2026-02 - - USD',
    ],
  ])('H4: the tier held at its first instant: %s', (_, facts: Facts, expected) => {
    expect(shown(following(facts))).toBe(expected);
  });

  it('H4: of a rise inside it the first step counts', () => {
    const facts = own('Pro', { changes: { '2026-02-10': 'Power' } });
    expect(shown(following(facts))).toBe('2026-02 Pro 20.00 1000 USD');
  });

  it('H4: January follows December', () => {
    expect(shown(following(own('Pro'), '2026-12'))).toBe('2027-01 Pro 20.00 1000 USD');
  });

  it('H3: a pending seat holds nothing, one activated by then does', () => {
    expect(shown(following({ ...own('Pro'), activations: [] }))).toBe('2026-02 - - USD');
    const activations = [activation('alice', FEBRUARY)];
    expect(shown(following({ ...own('Pro'), activations }))).toBe('2026-02 Pro 20.00 1000 USD');
  });

  it('O6: a user without a seat has none', () => {
    expect(shown(following({ usage: [usage('1')] }))).toBe('2026-02 - - USD');
    const others = { usage: [usage('1')], ...own('Pro') };
    const ofZoe = { ...others, subscriptions: [subscription('zoe', 'Pro')] };
    expect(shown(following(ofZoe))).toBe('2026-02 - - USD');
  });

  it('M3: a tier that its edition lacks holds, without a price, above a lower one that it has', () => {
    const editions = card(
      edition(['Pro 1 20 1000 0.04', 'Max 9 300 20000 0.04'], { from: '2026-01' }),
      edition(['Pro 1 19 900 0.04'], { from: '2026-02' }),
    );
    const subscriptions = [
      subscription('alice', 'Max'),
      subscription('group:g', 'Pro', { line: 3 }),
    ];
    const facts = { subscriptions, memberships: [member('g', 'alice')], card: editions };
    expect(shown(following(facts))).toBe('2026-02 Max - USD');
  });

  it('M3: prices and currency are those of its own edition', () => {
    const editions = card(
      edition(['Pro 1 20 1000 0.04'], { from: '2026-01' }),
      edition(['Pro 1 19 900 0.04'], { from: '2026-02', currency: 'EUR' }),
    );
    expect(shown(following({ ...own('Pro'), card: editions }))).toBe('2026-02 Pro 19.00 900 EUR');
  });

  it('M3: a tier that its edition lacks is held, without a price', () => {
    const editions = card(
      edition(['Pro 1 20 1000 0.04', 'Power 4 200 10000 0.04'], { from: '2026-01' }),
      edition(['Pro 1 19 900 0.04'], { from: '2026-02' }),
    );
    expect(shown(following({ ...own('Power'), card: editions }))).toBe('2026-02 Power - USD');
  });

  it('M4: so is a tier in a partition that its edition lacks', () => {
    const editions = card(
      edition(['Pro 1 20 1000 0.04'], { from: '2026-01' }),
      edition(['Pro 1 24 1000 0.04'], { from: '2026-02', partition: 'aws-us-gov' }),
    );
    expect(shown(following({ ...own('Pro'), card: editions }))).toBe('2026-02 Pro - USD');
  });

  it('M3: before the first edition there is no price either', () => {
    const late = card(edition(['Pro 1 20 1000 0.04'], { from: '2026-06' }));
    const seat = billMonth(billing(own('Pro')), billingPeriod('2026-01')).seats[0];
    if (seat === undefined) throw new Error('there is no seat');
    const next = nextMonth(billing({ ...own('Pro'), card: late }), seat, billingPeriod('2026-01'));
    expect(shown(next)).toBe('2026-02 Pro - -');
  });

  it('M4: overrides of the profile count', () => {
    const price = { units: 18n, scale: 0 };
    const overrides = { P1: { Pro: { price } } };
    const facts = {
      ...own('Pro'),
      profiles: [profile('P1')],
      card: card(edition(['Pro 1 20 1000 0.04'], { overrides })),
    };
    expect(shown(following(facts))).toBe('2026-02 Pro 18.00 1000 USD');
  });
});
