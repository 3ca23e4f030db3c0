import { describe, expect, it } from 'vitest';
import { billMonths } from '../../src/billing/invoice.ts';
import { detailOf } from '../../src/billing/optimize/detail.ts';
import { seatAdvices, tiersOf, withSavingFrom } from '../../src/billing/optimize/optimize.ts';
import { OPTIMIZE_COLUMNS, optimizeSheet } from '../../src/billing/optimize/sheet.ts';
import type { OverageAsked } from '../../src/billing/optimize/what-if.ts';
import type { SeatAdvice } from '../../src/domain/advice.ts';
import { billingPeriod, periodsBetween } from '../../src/domain/billing-period.ts';
import { decimal, decimalText } from '../../src/domain/decimal.ts';
import type { MonthInvoice } from '../../src/domain/invoice.ts';
import { centsText } from '../../src/domain/money.ts';
import { seatKey, seatKeyOf } from '../../src/domain/seat-key.ts';
import { wholeSheet } from '../../src/domain/sheet.ts';
import {
  billing,
  card,
  edition,
  type Facts,
  member,
  overageChange,
  profile,
  subscription,
  terms,
  usage,
} from './facts.ts';

interface Asked {
  readonly from?: string;
  readonly to?: string;
  readonly overage?: OverageAsked;
}

function advices(facts: Facts, { from = '2026-01', to = from, overage }: Asked = {}): SeatAdvice[] {
  const prepared = billing(facts);
  const periods = periodsBetween(billingPeriod(from), billingPeriod(to));
  const invoices = billMonths(prepared, periods) as [MonthInvoice];
  return seatAdvices(prepared, invoices, overage);
}

/** `USER TIER -> TIER: CURRENT - RECOMMENDED = SAVING, ADVICE`, seat by seat. */
function shown(facts: Facts, asked: Asked = {}): string[] {
  return advices(facts, asked).map(({ seat, current, recommended, saving, advice }) => {
    const best = recommended?.tier ?? 'none';
    const cost = centsText(recommended?.cost ?? 0n);
    return `${seat.userId} ${current.tier} -> ${best}: ${centsText(current.cost)} - ${cost} = ${centsText(saving)}, ${advice}`;
  });
}

/** Alice's costs, tier by tier; `!` where the tier is not possible. */
function costs(facts: Facts, asked: Asked = {}): string[] {
  const [alice] = advices(facts, asked) as [SeatAdvice];
  return alice.options.map(
    ({ tier, cost, isPossible }) => `${tier} ${centsText(cost)}${isPossible ? '' : '!'}`,
  );
}

function detail(facts: Facts, asked: Asked = {}): string {
  const [alice] = advices(facts, asked) as [SeatAdvice];
  return detailOf(alice, {
    period: billingPeriod(asked.to ?? asked.from ?? '2026-01'),
    groups: new Map([['web', { groupId: 'web', name: 'Web & Mobile' }]]),
  });
}

const ON = [profile('P1', { overageOn: true })];
const pro = [subscription('alice', 'Pro')];

describe('what the tiers would have cost', () => {
  it('three seats, by sums made by hand', () => {
    const facts: Facts = {
      profiles: ON,
      subscriptions: [
        subscription('alice', 'Pro'),
        subscription('bob', 'Power'),
        subscription('carol', 'Pro+'),
      ],
      usage: [
        usage('1890.85'),
        usage('655.1', { userId: 'bob' }),
        usage('1010', { userId: 'carol' }),
      ],
    };
    expect(shown(facts)).toEqual([
      // Pro: 20 + 890.85 x 0.04 = 20 + 35.634; Pro+: 40.
      'alice Pro -> Pro+: 55.63 - 40.00 = 15.63, upgrade',
      // Power: 200; Pro: 20, as 655.1 <= 1000.
      'bob Power -> Pro: 200.00 - 20.00 = 180.00, downgrade',
      // Pro+: 40; Pro: 20 + 10 x 0.04 = 20.40.
      'carol Pro+ -> Pro: 40.00 - 20.40 = 19.60, downgrade',
    ]);
  });

  it('K is 0 where overage is off at the end of the month, whatever it was before', () => {
    const facts: Facts = {
      profiles: ON,
      subscriptions: pro,
      overageChanges: [overageChange('2026-01-31T12:00:00Z', false)],
      usage: [usage('1500', { to: '2026-01-31T12:00:00Z' })],
    };
    expect(costs(facts)).toEqual(['Pro 20.00!', 'Pro+ 40.00', 'Power 200.00']);
  });

  it('a switch at the first instant of the next month is not of this month', () => {
    const facts: Facts = {
      profiles: ON,
      subscriptions: pro,
      overageChanges: [overageChange('2026-02-01', false, '1')],
      usage: [usage('1500')],
    };
    expect(costs(facts)).toEqual(['Pro 40.00', 'Pro+ 40.00', 'Power 200.00']);
  });

  it('K is the cap of the end of the month where there is one', () => {
    const facts: Facts = {
      profiles: [profile('P1', { overageOn: true, capCredits: decimal('9') })],
      subscriptions: pro,
      overageChanges: [overageChange('2026-01-20', true, '300')],
      usage: [usage('2299.99')],
    };
    // Pro: 20 + 300 x 0.04, and 999.99 are blocked; Pro+: 40 + 299.99 x 0.04 = 51.9996.
    expect(costs(facts)).toEqual(['Pro 32.00!', 'Pro+ 52.00', 'Power 200.00']);
  });

  it('a tier is possible up to its credits and K, both included', () => {
    const facts = (credits: string): Facts => ({
      profiles: [profile('P1', { overageOn: true, capCredits: decimal('300') })],
      subscriptions: pro,
      usage: [usage(credits)],
    });
    expect(costs(facts('1300'))[0]).toBe('Pro 32.00');
    expect(costs(facts('1300.00000000000000001'))[0]).toBe('Pro 32.00!');
  });

  it('the month is a full one at full price, also for a seat that started in it', () => {
    const started = [subscription('alice', 'Pro', { from: '2026-01-20' })];
    expect(costs({ subscriptions: started, usage: [usage('5')] })[0]).toBe('Pro 20.00');
  });

  it('an upgrade inside the month is no refund here, and the present tier is the highest held', () => {
    const changed = [subscription('alice', 'Pro', { changes: { '2026-01-20': 'Power' } })];
    expect(shown({ subscriptions: changed, usage: [usage('5')] })).toEqual([
      'alice Power -> Pro: 200.00 - 20.00 = 180.00, downgrade',
    ]);
  });

  it('M3, M4: prices are those of the month and of the profile, overrides included', () => {
    const cheaper = edition(['Pro 1 20 1000 0.04', 'Pro+ 2 40 2000 0.04'], {
      from: '2026-01',
      overrides: { P1: { 'Pro+': { price: decimal('15') } } },
    });
    const facts: Facts = {
      card: card(edition(['Pro 1 99 1 1']), cheaper),
      subscriptions: pro,
      usage: [usage('5')],
    };
    expect(costs(facts)).toEqual(['Pro 20.00', 'Pro+ 15.00']);
    expect(shown(facts)).toEqual(['alice Pro -> Pro+: 20.00 - 15.00 = 5.00, upgrade']);
  });

  it('M2: price and overage are rounded once each', () => {
    const odd = card(edition(['Pro 1 20.005 1000 0.005'], { from: '2026-01' }));
    const facts: Facts = { card: odd, profiles: ON, subscriptions: pro, usage: [usage('1001')] };
    expect(costs(facts)).toEqual(['Pro 20.02']);
  });

  it('usage of another profile, and seats without a tier, do not count', () => {
    const facts: Facts = {
      profiles: [profile('P1'), profile('P2')],
      subscriptions: pro,
      usage: [usage('5'), usage('5000', { profileId: 'P2' }), usage('7', { userId: 'robot' })],
    };
    expect(shown(facts)).toEqual(['alice Pro -> Pro: 20.00 - 20.00 = 0.00, keep']);
  });
});

describe('which tier is recommended', () => {
  it('where none is possible, the highest', () => {
    const facts: Facts = { subscriptions: pro, usage: [usage('10000.01')] };
    expect(shown(facts)).toEqual(['alice Pro -> Power: 20.00 - 200.00 = -180.00, upgrade']);
    expect(detail(facts)).toBe(
      'No tier covers the 10,000.01 credits used in 2026-01: even Power blocks 0.01. It unblocks 9,000.00 credits that Pro blocks. An upgrade takes effect at once, with the charge for Pro refunded.',
    );
  });

  it('the saving is negative where the present tier blocks usage', () => {
    const facts: Facts = { subscriptions: pro, usage: [usage('1001')] };
    expect(shown(facts)).toEqual(['alice Pro -> Pro+: 20.00 - 40.00 = -20.00, upgrade']);
  });

  it('a profile without usage beside one that has some', () => {
    const facts: Facts = {
      profiles: [profile('P1'), profile('P2')],
      subscriptions: [...pro, subscription('bo', 'Pro', { profileId: 'P2' })],
      usage: [usage('5')],
    };
    expect(shown(facts)).toEqual([
      'bo Pro -> none: 20.00 - 0.00 = 20.00, idle',
      'alice Pro -> Pro: 20.00 - 20.00 = 0.00, keep',
    ]);
  });

  it('at equal costs the present tier stays, also a higher one', () => {
    const level = card(
      edition(['Pro 1 20 1000 0.04', 'Pro+ 2 20 2000 0.04', 'Max 3 20 3000 0.04']),
    );
    for (const tier of ['Pro', 'Pro+', 'Max']) {
      const facts = {
        card: level,
        subscriptions: [subscription('alice', tier)],
        usage: [usage('5')],
      };
      expect(shown(facts)).toEqual([`alice ${tier} -> ${tier}: 20.00 - 20.00 = 0.00, keep`]);
    }
  });

  it('at equal costs the present tier stays', () => {
    const facts: Facts = { profiles: ON, subscriptions: pro, usage: [usage('1500')] };
    expect(shown(facts)).toEqual(['alice Pro -> Pro: 40.00 - 40.00 = 0.00, keep']);
    const plus = { ...facts, subscriptions: [subscription('alice', 'Pro+')] };
    expect(shown(plus)).toEqual(['alice Pro+ -> Pro+: 40.00 - 40.00 = 0.00, keep']);
  });

  it('at equal costs of others the lower one is taken', () => {
    const power = { profiles: ON, subscriptions: [subscription('alice', 'Power')] };
    expect(shown({ ...power, usage: [usage('1500')] })).toEqual([
      'alice Power -> Pro: 200.00 - 40.00 = 160.00, downgrade',
    ]);
  });

  it('a seat without credits is idle, also with usage rows of 0, and idle seats come first', () => {
    const facts: Facts = {
      subscriptions: [...pro, subscription('bob', 'Pro+'), subscription('carol', 'Pro')],
      usage: [usage('5'), usage('0', { userId: 'bob' })],
    };
    expect(shown(facts)).toEqual([
      'bob Pro+ -> none: 40.00 - 0.00 = 40.00, idle',
      'carol Pro -> none: 20.00 - 0.00 = 20.00, idle',
      'alice Pro -> Pro: 20.00 - 20.00 = 0.00, keep',
    ]);
  });

  it('the switch can be asked for: on has the cap or none, off has no overage', () => {
    const capped = [profile('P1', { capCredits: decimal('100') })];
    const facts: Facts = { subscriptions: pro, usage: [usage('1200')] };
    expect(costs(facts)).toEqual(['Pro 20.00!', 'Pro+ 40.00', 'Power 200.00']);
    expect(costs(facts, { overage: 'on' })[0]).toBe('Pro 28.00');
    expect(costs({ ...facts, profiles: capped }, { overage: 'on' })[0]).toBe('Pro 24.00!');
    expect(costs({ ...facts, profiles: ON }, { overage: 'off' })[0]).toBe('Pro 20.00!');
  });

  it('small savings are left out, except upgrades', () => {
    const facts: Facts = {
      subscriptions: [...pro, subscription('bob', 'Pro+'), subscription('carol', 'Pro')],
      usage: [usage('1001'), usage('1', { userId: 'bob' }), usage('1', { userId: 'carol' })],
    };
    const left = (least: string): string[] =>
      withSavingFrom(advices(facts), decimal(least)).map(({ seat }) => seat.userId);
    expect(left('0')).toEqual(['alice', 'bob', 'carol']);
    expect(left('20')).toEqual(['alice', 'bob']);
    expect(left('20.001')).toEqual(['alice']);
  });
});

describe('over several months', () => {
  const quietFebruary: Facts = {
    profiles: ON,
    subscriptions: [subscription('alice', 'Power')],
    usage: [usage('9000'), usage('10', { month: '2026-02' })],
  };

  it('costs add up, so that nobody is moved on one quiet month', () => {
    expect(shown(quietFebruary, { from: '2026-02' })).toEqual([
      'alice Power -> Pro: 200.00 - 20.00 = 180.00, downgrade',
    ]);
    // Pro: 20 + 8000 x 0.04 + 20 = 360; Pro+: 40 + 7000 x 0.04 + 40 = 360; Power: 400.
    expect(costs(quietFebruary, { from: '2026-01', to: '2026-02' })).toEqual([
      'Pro 360.00',
      'Pro+ 360.00',
      'Power 400.00',
    ]);
  });

  it('a tier must be possible in each month', () => {
    const off = { ...quietFebruary, profiles: [profile()] };
    expect(costs(off, { from: '2026-01', to: '2026-02' })).toEqual([
      'Pro 40.00!',
      'Pro+ 80.00!',
      'Power 400.00',
    ]);
  });

  it('a seat counts only the months in which it held a tier', () => {
    const facts: Facts = {
      subscriptions: [subscription('alice', 'Pro', { from: '2026-02-10' })],
      usage: [usage('4000'), usage('10', { month: '2026-02' })],
    };
    const [alice] = advices(facts, { from: '2026-01', to: '2026-02' }) as [SeatAdvice];
    expect(alice.months).toEqual(['2026-02']);
    expect(decimalText(alice.creditsUsed)).toBe('10.00');
    expect(alice.advice).toBe('keep');
  });

  it('only seats that hold a tier in the last month have a row', () => {
    const facts = { subscriptions: [subscription('alice', 'Pro', { until: '2026-01-09' })] };
    expect(shown(facts, { from: '2026-01', to: '2026-02' })).toEqual([]);
  });

  it('idle is who used no credits in any counted month', () => {
    const facts: Facts = { subscriptions: pro, usage: [usage('1')] };
    expect(shown(facts, { from: '2026-02' })[0]).toMatch(/idle$/);
    expect(shown(facts, { from: '2026-01', to: '2026-02' })[0]).toMatch(/keep$/);
    expect(detail({ subscriptions: pro }, { from: '2026-01', to: '2026-02' })).toMatch(
      /^No credits used in 2 months to 2026-02\./,
    );
  });

  it('a tier that a month lacks is not possible, and that month counts with the tier then held', () => {
    const facts: Facts = {
      card: card(
        edition(['Pro 1 20 1000 0.04', 'Power 4 200 10000 0.04'], { from: '2026-01' }),
        edition(['Pro 1 20 1000 0.04', 'Max 3 100 5000 0.04', 'Power 4 200 10000 0.04'], {
          from: '2026-02',
        }),
      ),
      subscriptions: [subscription('alice', 'Power', { changes: { '2026-02-01': 'Max' } })],
      usage: [usage('4000'), usage('4000', { month: '2026-02' })],
    };
    const asked = { from: '2026-01', to: '2026-02' };
    expect(costs(facts, asked)).toEqual(['Pro 40.00!', 'Max 300.00!', 'Power 400.00']);
    expect(detail(facts, asked)).toMatch(
      / The rate card of 2026-01 has no Max: the tier held then counts instead\.$/,
    );
  });
});

describe('the tier that the seat will hold next month', () => {
  const down = subscription('alice', 'Power', { changes: { '2026-01-20': 'Pro+' } });

  it('is what the saving is measured against', () => {
    const facts: Facts = { subscriptions: [down], usage: [usage('5')] };
    const [alice] = advices(facts) as [SeatAdvice];
    expect(alice.current.tier).toBe('Power');
    // Pro+ 40 is certain: Pro at 20 saves 20, not 180.
    expect([alice.advice, alice.recommended?.tier, alice.saving]).toEqual([
      'downgrade',
      'Pro',
      2000n,
    ]);
  });

  it('is compared by the tier held now, where this month has no price for it', () => {
    const facts: Facts = {
      card: card(
        edition(['Pro 1 20 1000 0.04', 'Pro+ 2 40 2000 0.04']),
        edition(['Pro 1 20 1000 0.04', 'Max 9 300 9000 0.04'], { from: '2026-02' }),
      ),
      subscriptions: [subscription('alice', 'Pro+', { changes: { '2026-02-01': 'Max' } })],
      usage: [usage('5')],
    };
    const [alice] = advices(facts) as [SeatAdvice];
    expect([alice.next.step?.tier, alice.upcoming?.tier]).toEqual(['Max', 'Pro+']);
    expect([alice.advice, alice.recommended?.tier, alice.saving]).toEqual([
      'downgrade',
      'Pro',
      2000n,
    ]);
  });

  it('going down to it is no advice, and back up takes effect from next month', () => {
    const pro20: Facts = {
      subscriptions: [subscription('alice', 'Power', { changes: { '2026-01-20': 'Pro' } })],
      usage: [usage('5')],
    };
    const [alice] = advices(pro20) as [SeatAdvice];
    expect([alice.advice, alice.saving]).toEqual(['keep', 0n]);
    const much = { ...pro20, usage: [usage('1500')] };
    const [busy] = advices(much) as [SeatAdvice];
    expect([busy.advice, busy.recommended?.tier, busy.saving]).toEqual(['upgrade', 'Pro+', -2000n]);
    expect(detail(much)).toContain('The change takes effect from next month.');
  });

  it('where there will be no seat, nothing is saved', () => {
    const ended = [subscription('alice', 'Power', { until: '2026-01-20' })];
    const [idle] = advices({ subscriptions: ended }) as [SeatAdvice];
    expect([idle.advice, idle.saving]).toEqual(['idle', 0n]);
    const [used] = advices({ subscriptions: ended, usage: [usage('10001')] }) as [SeatAdvice];
    expect([used.advice, used.recommended?.tier, used.saving]).toEqual(['keep', 'Power', 0n]);
  });

  it('a seat that grew beyond the cheaper tier in the newest month is not advised to go down', () => {
    const facts = (february: string): Facts => ({
      profiles: ON,
      subscriptions: [subscription('alice', 'Pro+')],
      usage: [usage('10'), usage(february, { month: '2026-02' })],
    });
    const asked = { from: '2026-01', to: '2026-02' };
    // February on Pro: 20 + 500 x 0.04 = 40, as on Pro+; with 501 credits 40.04.
    expect(shown(facts('1500'), asked)[0]).toMatch(/Pro\+ -> Pro: .*downgrade$/);
    expect(shown(facts('1501'), asked)[0]).toMatch(/Pro\+ -> Pro\+: .* = 0.00, keep$/);
  });

  it('M2: the saving of a month is the saving divided by the counted months, rounded once', () => {
    const facts: Facts = {
      profiles: ON,
      subscriptions: [subscription('alice', 'Pro+')],
      // Pro: 20.01 + 20 + 20.
      usage: [usage('1000.25'), usage('5', { month: '2026-02' }), usage('5', { month: '2026-03' })],
    };
    const [alice] = advices(facts, { from: '2026-01', to: '2026-03' }) as [SeatAdvice];
    expect([alice.saving, alice.monthlySaving]).toEqual([5999n, 2000n]);
  });

  it('M2: the months looked at are those of the run, also of a seat that began in one of them', () => {
    const facts: Facts = {
      profiles: ON,
      subscriptions: [subscription('alice', 'Pro+', { from: '2026-03-01' })],
      usage: [usage('5', { month: '2026-03' })],
    };
    const [alice] = advices(facts, { from: '2026-01', to: '2026-03' }) as [SeatAdvice];
    expect([alice.saving, alice.monthlySaving]).toEqual([2000n, 667n]);
  });
});

describe('the detail says', () => {
  const few = [usage('5')];

  it('that the tier held blocks usage, where nothing can be changed any more', () => {
    const ended = [subscription('alice', 'Pro', { until: '2026-01-20' })];
    expect(detail({ subscriptions: ended, usage: [usage('1250.75')] })).toBe(
      'Pro blocks 250.75 of the 1,250.75 credits used in 2026-01. Already in the data: an unsubscribe on 2026-01-20. From 2026-02 there is no seat.',
    );
  });

  it('that an idle seat which ends has no need to be unsubscribed', () => {
    const ended = [subscription('alice', 'Pro', { until: '2026-01-20' })];
    expect(detail({ subscriptions: ended })).toBe(
      'No credits used in 2026-01. Already in the data: an unsubscribe on 2026-01-20. From 2026-02 there is no seat.',
    );
  });

  it('that keeping the tier held, which is to go down, takes effect from next month', () => {
    const changes = { '2026-01-10': 'Pro' };
    const facts = {
      subscriptions: [subscription('alice', 'Pro+', { changes })],
      usage: [usage('1500')],
    };
    expect(detail(facts)).toBe(
      'Pro+ covers the 1,500.00 credits used in 2026-01. It unblocks 500.00 credits that Pro blocks. The change takes effect from next month. Already in the data: a change to Pro on 2026-01-10. From 2026-02 the seat holds Pro.',
    );
  });

  it('nothing of further sources from before the month, or from its first instant', () => {
    const facts: Facts = {
      memberships: [member('web', 'alice'), member('ops', 'alice', '2026-01-01')],
      subscriptions: [
        ...pro,
        subscription('group:web', 'Pro', { line: 3 }),
        subscription('group:ops', 'Pro', { line: 4 }),
      ],
      usage: few,
    };
    expect(detail(facts)).not.toContain('Already in the data');
  });

  it.each([
    ['2026-01-20', '.'],
    ['2026-02-01', '.'],
    ['2026-02-02', ': take the user out of it.'],
    [undefined, ': take the user out of it.'],
  ])('no way to change a group seat that ends with the month: left %s', (left, ending) => {
    const facts = { memberships: [member('web', 'alice', undefined, left)], subscriptions: web };
    expect(detail(facts)).toContain(`The seat comes through group web (Web & Mobile)${ending}`);
  });

  it('all of the other sources that go on', () => {
    const groups = ['a', 'b', 'c'];
    const facts: Facts = {
      memberships: groups.map((group) => member(group, 'alice')),
      subscriptions: [
        subscription('alice', 'Power'),
        ...groups.map((group, index) => subscription(`group:${group}`, 'Pro', { line: 3 + index })),
      ],
    };
    expect(detail(facts)).toContain(
      'The user also has Pro through group a, Pro through group b and Pro through group c, which go on.',
    );
  });

  it('M3: which months lack the tiers that are compared', () => {
    const facts: Facts = {
      subscriptions: [subscription('alice', 'Old', { changes: { '2026-03-01': 'Mini' } })],
      usage: ['2026-01', '2026-02', '2026-03'].map((month) => usage('50', { month })),
      card: card(
        edition(['Old 1 10 100 0.04']),
        edition(['Mini 1 10 1000 0.04', 'Maxi 2 20 5000 0.04'], { from: '2026-03' }),
      ),
    };
    const lacks = (tier: string): string =>
      `The rate card of 2026-01, 2026-02 has no ${tier}: the tier held then counts instead.`;
    expect(detail(facts, { from: '2026-01', to: '2026-03' })).toContain(
      `${lacks('Mini')} ${lacks('Maxi')}`,
    );
  });

  it('that a downgrade takes effect from next month', () => {
    expect(detail({ subscriptions: [subscription('alice', 'Pro+')], usage: few })).toBe(
      'Pro covers the 5.00 credits used in 2026-01. A downgrade takes effect from next month.',
    );
  });

  it('what is unblocked, and that an upgrade takes effect at once, with a refund', () => {
    expect(detail({ subscriptions: pro, usage: [usage('1250.75')] })).toBe(
      'Pro+ covers the 1,250.75 credits used in 2026-01. It unblocks 250.75 credits that Pro blocks. An upgrade takes effect at once, with the charge for Pro refunded.',
    );
  });

  it('how much of the usage stays overage', () => {
    const facts: Facts = { profiles: ON, subscriptions: pro, usage: [usage('1250.75')] };
    expect(detail(facts)).toBe(
      'Pro is right for the 1,250.75 credits used in 2026-01, 250.75 of them as overage.',
    );
  });

  it('that an idle seat is to be unsubscribed, which takes effect from next month', () => {
    expect(detail({ subscriptions: pro })).toBe(
      'No credits used in 2026-01. Unsubscribing takes effect from next month.',
    );
  });

  it('that a start inside the month stands in the data', () => {
    const facts = {
      subscriptions: [subscription('alice', 'Pro', { from: '2026-01-20' })],
      usage: few,
    };
    expect(detail(facts)).toMatch(/ Already in the data: the seat started on 2026-01-20\.$/);
  });

  it('nothing of a start or a change at the first instant of the month', () => {
    const from = { from: '2026-01-01', changes: { '2026-01-01': 'Pro+' } };
    const facts = { subscriptions: [subscription('alice', 'Pro', from)], usage: few };
    expect(detail(facts)).not.toMatch(/Already/);
  });

  it('that changes inside the month stand in the data, in their order, and what comes of them', () => {
    const changes = { '2026-01-05T10:00:00Z': 'Power', '2026-01-20': 'Pro+' };
    const facts = { subscriptions: [subscription('alice', 'Pro', { changes })], usage: few };
    expect(detail(facts)).toMatch(
      / Already in the data: a change to Power on 2026-01-05, a change to Pro\+ on 2026-01-20\. From 2026-02 the seat holds Pro\+\.$/,
    );
  });

  it('that an unsubscribe inside the month stands in the data, and that the seat is gone then', () => {
    const facts = {
      subscriptions: [subscription('alice', 'Pro', { until: '2026-01-09' })],
      usage: few,
    };
    expect(detail(facts)).toMatch(
      / Already in the data: an unsubscribe on 2026-01-09\. From 2026-02 there is no seat\.$/,
    );
  });

  it('that a seat ends with the month, though nothing happens inside it', () => {
    const facts = {
      subscriptions: [subscription('alice', 'Pro', { until: '2026-02-01' })],
      usage: few,
    };
    expect(detail(facts)).toMatch(
      /^Pro is right for [^.]*\.00 [^.]*\. From 2026-02 there is no seat\.$/,
    );
  });

  const web = [subscription('group:web', 'Pro+')];

  it('for a group seat which group, and the ways to change it', () => {
    const facts = (credits: string): Facts => ({
      memberships: [member('web', 'alice')],
      subscriptions: web,
      usage: [usage(credits)],
    });
    const group = 'The seat comes through group web \\(Web & Mobile\\)';
    expect(detail(facts('0'))).toMatch(new RegExp(`${group}: take the user out of it\\.$`));
    expect(detail(facts('5'))).toMatch(new RegExp(`${group}: take .* or downgrade it for all its`));
    expect(detail(facts('1500'))).toMatch(new RegExp(`${group}\\.$`));
    expect(detail(facts('2500'))).toMatch(new RegExp(`${group}: subscribe the user directly as`));
  });

  it('for a downgrade out of a group, that the seat is to be had another way', () => {
    const facts = { memberships: [member('web', 'alice')], subscriptions: web, usage: few };
    expect(detail(facts)).toMatch(
      /: take the user out of it and subscribe the user to Pro directly, or downgrade it for all its members\.$/,
    );
  });

  it('which other sources of the seat go on, where one is to end', () => {
    const facts: Facts = {
      memberships: [member('web', 'alice'), member('ops', 'alice'), member('old', 'alice')],
      subscriptions: [
        ...web,
        subscription('group:ops', 'Pro', {
          changes: { '2026-01-09': 'Pro+', '2026-02-01': 'Pro' },
        }),
        subscription('group:old', 'Pro', { until: '2026-02-01' }),
        subscription('alice', 'Power'),
      ],
    };
    expect(detail(facts)).toMatch(
      / The user also has Pro through group ops and Pro\+ through group web \(Web & Mobile\), which go on\.$/,
    );
    expect(detail({ ...facts, usage: few })).toMatch(/, which go on\.$/);
    expect(detail({ ...facts, usage: [usage('9000')] })).not.toMatch(/go on/);
    const direct = { ...facts, subscriptions: [...web, subscription('alice', 'Pro')], usage: few };
    expect(detail(direct)).toMatch(
      /: take the user out of it, or downgrade it for all its members\. The user also has Pro directly, which goes on\.$/,
    );
  });

  it('that a further source started inside the month stands in the data', () => {
    const facts: Facts = {
      memberships: [member('web', 'alice', '2026-01-12'), member('ops', 'alice')],
      subscriptions: [
        subscription('group:web', 'Power'),
        subscription('group:ops', 'Pro', { from: '2026-01-14' }),
        subscription('alice', 'Pro', { until: '2026-01-05' }),
        subscription('alice', 'Pro', { from: '2026-01-20' }),
      ],
      usage: few,
    };
    expect(detail(facts)).toMatch(
      / Already in the data: an unsubscribe on 2026-01-05, joining group web on 2026-01-12, a subscription of group ops on 2026-01-14, a subscription on 2026-01-20\./,
    );
  });

  it('for a group without a name its id, and that leaving it stands in the data', () => {
    const facts: Facts = {
      memberships: [member('ops', 'alice', undefined, '2026-01-10')],
      subscriptions: [subscription('group:ops', 'Pro+')],
      usage: few,
    };
    expect(detail(facts)).toMatch(
      / Already in the data: leaving group ops on 2026-01-10\. From 2026-02 there is no seat\. The seat comes through group ops\.$/,
    );
  });

  it('that the group itself was changed or unsubscribed', () => {
    const facts: Facts = {
      memberships: [member('web', 'alice')],
      subscriptions: [
        subscription('group:web', 'Pro', {
          until: '2026-01-30',
          changes: { '2026-01-10': 'Pro+' },
        }),
      ],
      usage: few,
    };
    expect(detail(facts)).toMatch(
      / a change of group web to Pro\+ on 2026-01-10, an unsubscribe of group web on 2026-01-30\./,
    );
  });
});

describe('the tiers of all seats', () => {
  it('H4: come once each, from the lowest', () => {
    const facts: Facts = {
      profiles: [profile('P1'), profile('P2', { region: 'us-gov-west-1' })],
      subscriptions: [...pro, subscription('bo', 'Power', { profileId: 'P2' })],
      card: {
        editions: [
          {
            ...edition([]),
            partitions: new Map([
              ['aws', [terms('Pro 2 20 1000 0.04'), terms('Top 4 90 9000 0.04')]],
              ['aws-us-gov', [terms('Mini 1 5 100 0.04'), terms('Power 3 60 5000 0.04')]],
            ]),
          },
        ],
        approximatePartitions: new Set(),
      },
    };
    expect(tiersOf(advices(facts))).toEqual(['Mini', 'Pro', 'Power', 'Top']);
    expect(tiersOf([])).toEqual([]);
  });
});

describe('the sheet', () => {
  it('has a row per seat, and sums of credits, costs and savings', () => {
    const facts: Facts = {
      subscriptions: [...pro, subscription('bob', 'Pro+')],
      usage: [usage('5')],
    };
    expect(OPTIMIZE_COLUMNS.map(({ name, kind, adds }) => `${name} ${kind} ${adds}`)).toEqual([
      'profile_id id false',
      'user_id id false',
      'user_name name false',
      'tier text false',
      'months count false',
      'credits_used credits true',
      'current_cost money true',
      'recommended_tier text false',
      'recommended_cost money true',
      'saving money true',
      'advice text false',
      'detail text false',
      'idle_since date false',
      'idle_cost money true',
      'monthly_saving money true',
    ]);
    const prepared = billing(facts);
    const invoices = billMonths(prepared, [billingPeriod('2026-01')]) as [MonthInvoice];
    const bob = seatKey('P1', 'bob');
    const advices = seatAdvices(prepared, invoices).map((advice) =>
      seatKeyOf(advice.seat) === bob ? { ...advice, idle: { since: 20_455, cost: 4000n } } : advice,
    );
    const sheet = wholeSheet(optimizeSheet(advices, invoices[0], new Map()));
    expect(sheet.rows.map((row) => row.slice(1, 4))).toEqual([
      ['bob', '', 'Pro+'],
      ['alice', '', 'Pro'],
    ]);
    expect(sheet.rows.map((row) => [row[0], row[4]])).toEqual([
      ['P1', 1],
      ['P1', 1],
    ]);
    expect([sheet.month, sheet.currency]).toEqual(['2026-01', 'USD']);
    expect(sheet.rows[0]?.slice(6, 11)).toEqual([4000n, '', 0n, 4000n, 'idle']);
    expect(sheet.totals[6]).toBe(6000n);
    expect(sheet.totals[4]).toBeUndefined();
    expect(sheet.totals[9]).toBe(4000n);
    expect(sheet.rows.map((row) => row.slice(12))).toEqual([
      ['2026-01-02', 4000n, 4000n],
      ['', 0n, 0n],
    ]);
    expect(sheet.totals.slice(13)).toEqual([4000n, 4000n]);
  });
});
