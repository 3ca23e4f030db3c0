import { describe, expect, it } from 'vitest';
import { billMonth } from '../../src/billing/invoice.ts';
import { nextMonth } from '../../src/billing/next-month.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { decimal } from '../../src/domain/decimal.ts';
import { BUILT_IN_RATE_CARD } from '../../src/domain/rate-card.ts';
import { csvText } from '../../src/render/csv.ts';
import { explainJson } from '../../src/render/explain/json.ts';
import { explainMarkdown } from '../../src/render/explain/markdown.ts';
import type { Story } from '../../src/render/explain/section.ts';
import { storySheet } from '../../src/render/explain/sheet.ts';
import { explainText } from '../../src/render/explain/text.ts';
import { wideLines } from '../support/wide-lines.ts';
import { Company, NASTY_NAMES } from './samples.ts';

const GROUPS = new Map([['g-platform', { groupId: 'g-platform', name: 'Platform' }]]);

function storyOf(company: Company, userId: string, month = '2026-01'): Story {
  const billing = company.billing();
  const { period, edition, seats } = billMonth(billing, billingPeriod(month));
  const seat = seats.find((one) => one.userId === userId);
  if (seat === undefined) throw new Error(`no seat of ${userId}`);
  return { period, edition, seat, groups: GROUPS, next: nextMonth(billing, seat, period) };
}

/** The story as one line of words, so that a test does not depend on where lines break. */
function told(company: Company, userId: string, month?: string): string {
  const text = explainText(storyOf(company, userId, month), { width: 1000, color: false });
  return text.replace(/\s+/g, ' ');
}

describe('explain', () => {
  it('H1: says who, where, and by which sources', () => {
    const company = new Company()
      .profile('p', { name: 'Main' })
      .user('alice', 'Alice Adams', 'R&D')
      .subscribe('p', 'group:g-platform', 'Pro', '2025-11-01', '2026-06-01')
      .member('g-platform', 'alice', '2025-12-24')
      .subscribe('p', 'alice', 'Pro+', '2025-12-01');
    const text = told(company, 'alice');
    expect(text).toMatch(
      /^Alice Adams \(alice\) · Main \(p\) · 2026-01 · \$40\.00 account 111122223333, us-east-1, cost center R&D, /,
    );
    expect(text).toContain("The user's own subscription: Pro+, subscribed from 2025-12-01 (H1).");
    expect(text).toContain(
      'Group Platform (g-platform): Pro, subscribed from 2025-11-01 until 2026-06-01; a member from 2025-12-24 (H1).',
    );
    // The user's own comes first, whichever subscription is older or stands first in the file.
    expect(text.indexOf("The user's own")).toBeLessThan(text.indexOf('Group Platform'));
  });

  it('H2: tells the changes behind the tier, also one before the user joined, and none of later months', () => {
    const text = told(
      new Company()
        .profile('p')
        .subscribe('p', 'group:g-b', 'Pro', '2025-11-01', undefined, [
          ['2025-12-10', 'Pro+'],
          ['2026-02-01', 'Power'],
          ['2026-03-10', 'Pro'],
        ])
        .member('g-b', 'alice', '2026-01-05'),
      'alice',
    );
    expect(text).toContain(
      '(H1). - changed to Pro+ at 2025-12-10 (H2) Tier held 2026-01-05 Pro+ through group g-b: ',
    );
    expect(text.match(/changed to/g)).toHaveLength(1);
    expect(text).toContain('Power through group g-b takes the place of Pro+: $200.00');
  });

  it('H4: says what the highest tier overshadows', () => {
    const company = new Company()
      .profile('p')
      .subscribe('p', 'group:g-platform', 'Pro')
      .member('g-platform', 'alice')
      .subscribe('p', 'group:g-b', 'Pro+')
      .member('g-b', 'alice');
    const text = told(company, 'alice');
    expect(text).toContain(
      "2026-01-01 Pro+ through group g-b, held at the month's first instant (H4).",
    );
    expect(text).toContain(
      'Pro through group Platform (g-platform) counts too, but Pro+ is higher (H4).',
    );
    expect(text).toContain('2026-01-01 $40.00 x 1 = $40.00 (S1)');
  });

  it('S2: spells the proration out', () => {
    const company = new Company().profile('p').subscribe('p', 'u', 'Pro', '2026-04-15T13:00:00Z');
    const text = told(company, 'u', '2026-04');
    expect(text).toContain('2026-04-15 $20.00 x 16/30 = $10.67 (S2)');
    expect(text).toContain(
      'Pro for the 16 of 30 days from 2026-04-15 to 2026-04-30, both included',
    );
    expect(text).toContain("Pro through the user's own subscription goes on: $20.00");
  });

  it('S2: says that a card charges the first month in full', () => {
    const editions = BUILT_IN_RATE_CARD.editions.map((edition) => ({
      ...edition,
      firstMonth: 'full' as const,
    }));
    const company = new Company({ ...BUILT_IN_RATE_CARD, editions })
      .profile('p')
      .subscribe('p', 'u', 'Pro', '2026-01-15');
    expect(told(company, 'u')).toContain(
      '$20.00 x 1 = $20.00 (S2) New seat: the rate card charges',
    );
  });

  it('S3: tells an upgrade as a refund and a full charge', () => {
    const company = new Company()
      .profile('p')
      .subscribe('p', 'u', 'Pro', '2026-01-05', undefined, [['2026-01-20', 'Pro+']]);
    const text = told(company, 'u');
    expect(text).toContain('2026-01-05 $20.00 x 27/31 = $17.42 (S2)');
    expect(text).toContain(
      '2026-01-20 -$20.00 x 27/31 = -$17.42 (S3) Refund: takes back, to the cent, the Pro charge of 2026-01-05.',
    );
    expect(text).toContain('2026-01-20 $40.00 x 1 = $40.00 (S3) Upgrade:');
    expect(text).toContain('total $40.00');
  });

  it('S3: says that a card prorates the upgrades of a first month', () => {
    const editions = BUILT_IN_RATE_CARD.editions.map((edition) => ({
      ...edition,
      firstMonthUpgrade: 'prorated' as const,
    }));
    const company = new Company({ ...BUILT_IN_RATE_CARD, editions })
      .profile('p')
      .subscribe('p', 'u', 'Pro', '2026-01-05', undefined, [['2026-01-20', 'Pro+']]);
    expect(told(company, 'u')).toContain(
      '2026-01-20 $40.00 x 27/31 = $34.84 (S3) Upgrade: the rate card charges Pro+ for the 27 of 31 days that the new seat pays for.',
    );
  });

  it('S4: says that downgrades and ends wait for the next month', () => {
    const company = new Company()
      .profile('p')
      .subscribe('p', 'down', 'Power', '2025-11-01', undefined, [['2026-01-15', 'Pro']])
      .subscribe('p', 'gone', 'Pro', '2025-11-01', '2026-01-10');
    expect(told(company, 'down')).toContain(
      "Pro through the user's own subscription from 2026-01-15 is lower than Power, which stays to the end of the month (H4, S4).",
    );
    expect(told(company, 'down')).toContain(
      'takes the place of Power: $20.00, and a new allowance of 1,000',
    );
    expect(told(company, 'gone')).toContain(
      'ends at 2026-01-10: what was held by then stays paid and usable',
    );
    expect(told(company, 'gone')).toContain('The seat ends: no tier is held at the first instant');
  });

  it('H4: what is held stays only until a later upgrade', () => {
    const changes = [
      ['2026-01-05', 'Pro'],
      ['2026-01-20', 'Power'],
    ] as const;
    const company = new Company()
      .profile('p')
      .subscribe('p', 'up', 'Pro+', '2025-11-01', undefined, changes)
      .subscribe('p', 'again', 'Pro', '2025-11-01', '2026-01-10')
      .subscribe('p', 'again', 'Pro+', '2026-01-20')
      .subscribe('p', 'at-once', 'Pro', '2025-11-01', '2026-01-10')
      .subscribe('p', 'at-once', 'Pro+', '2026-01-10');
    expect(told(company, 'up')).toContain(
      "Pro through the user's own subscription from 2026-01-05 is lower than Pro+, which stays until 2026-01-20 (H4, S4).",
    );
    expect(told(company, 'again')).toContain(
      '- ends at 2026-01-10: what was held by then stays paid and usable until 2026-01-20 (H4, S4)',
    );
    expect(told(company, 'at-once')).toContain('- ends at 2026-01-10 (H1) The user');
  });

  it('O2-O5: tells overage stretch by stretch, with cap and the unbilled rest', () => {
    const company = new Company()
      .profile('p', { overageOn: true, capCredits: decimal('300') })
      .subscribe('p', 'u', 'Pro')
      .overage('p', '2026-01-10', false)
      .overage('p', '2026-01-20', true)
      .use('2026-01', 'p', 'u', '900', '2026-01-01', '2026-01-10')
      .use('2026-01', 'p', 'u', '250.75', '2026-01-10', '2026-01-20')
      .use('2026-01', 'p', 'u', '714.45787414391377', '2026-01-20', '2026-02-01');
    const text = told(company, 'u');
    expect(text).toContain(
      'allowance 1,000 of Pro, the highest tier held, for the whole month (O1)',
    );
    expect(text).toContain(
      'on from 2026-01-01 to 2026-01-10: credits used rise from 0.00 to 900.00, none of it beyond the allowance (O2)',
    );
    expect(text).toContain(
      'off from 2026-01-10 to 2026-01-20: credits used rise from 900.00 to 1,150.75, none of it overage (O2)',
    );
    expect(text).toContain('714.45787414391377 of it beyond the allowance (O2)');
    expect(text).toContain(
      'cap 300 overage credits, the largest in force while overage was on: reached (O3)',
    );
    expect(text).toContain('300.00 x $0.04 = $12.00 (O4)');
    expect(text).toContain('unbilled 565.20787414391377: used beyond the allowance');
    expect(text).toContain('total $32.00 = $20.00 subscription + $12.00 overage');
  });

  it('O6: has a story for usage without a seat', () => {
    const company = new Company().profile('p').use('2026-01', 'p', 'u', '12.5');
    const text = told(company, 'u');
    expect(text).toContain('None: the user has no seat in this month (O6).');
    expect(text).toContain(
      'unbilled 12.50: no tier is held, so there is no allowance and no charge (O6)',
    );
    expect(text).toContain('Charges None.');
  });

  it('H3: has a story for a pending seat, and dates a late activation', () => {
    const company = new Company()
      .profile('p')
      .subscribe('p', 'never', 'Pro')
      .subscribe('p', 'late', 'Pro')
      .activate('p', 'late', '2026-01-16T08:00:00Z');
    expect(told(company, 'never')).toContain(
      'Never activated (H3). Tier held Pending: subscribed, but not active',
    );
    expect(told(company, 'never')).toContain(
      'Still not charged, as long as the seat is not activated (H3).',
    );
    const late = told(company, 'late');
    expect(late).toContain('Activated at 2026-01-16T08:00:00Z (H3).');
    expect(late).toContain('the seat counts from its activation (H3, H4)');
    expect(late).toContain('$20.00 x 16/31 = $10.32 (S2)');
    expect(late).not.toContain('counts too');
  });

  it('S2: a seat that begins again inside the next month is charged from then on', () => {
    const company = new Company()
      .profile('p')
      .subscribe('p', 'back', 'Pro', '2026-01-01', '2026-01-20')
      .subscribe('p', 'back', 'Pro+', '2026-02-05')
      .subscribe('p', 'new', 'Pro', '2026-02-05T09:30:00Z')
      .use('2026-01', 'p', 'new', '1')
      .subscribe('p', 'late', 'Pro')
      .activate('p', 'back', '2026-01-01')
      .activate('p', 'new', '2026-01-01')
      .activate('p', 'late', '2026-02-07');
    expect(told(company, 'back')).toContain(
      "Next month, 2026-02 The seat ends (H4, S4), and begins again at 2026-02-05: Pro+ through the user's own subscription, as a new seat of that month (S2).",
    );
    expect(told(company, 'new')).toContain(
      "Next month, 2026-02 Pro through the user's own subscription from 2026-02-05T09:30:00Z, as a new seat of that month (S2).",
    );
    expect(told(company, 'late')).toContain(
      "Next month, 2026-02 Pro through the user's own subscription from 2026-02-07, as a new seat of that month (H3, S2).",
    );
  });

  it('H3: what ended before it was activated is not held, and waits for nothing', () => {
    const company = new Company()
      .profile('p')
      .subscribe('p', 'u', 'Pro', '2026-01-05', '2026-01-10')
      .activate('p', 'u', '2026-01-12');
    expect(told(company, 'u')).toContain('- ends at 2026-01-10 (H1) Activated at 2026-01-12 (H3)');
    expect(told(company, 'u')).toContain(
      'Next month, 2026-02 No seat either, from the subscriptions known now (H1).',
    );
  });

  it('fits any width with any text, without control characters', () => {
    for (const name of NASTY_NAMES) {
      const company = new Company()
        .profile(name, { name: `p ${name}`, region: 'us-east-1' })
        .user(name, `u ${name}`, name)
        .subscribe(name, `group:${name}`, 'Pro', '2025-12-01T01:02:03.123456789Z')
        .member(name, name)
        .subscribe(name, name, 'Pro', '2025-11-01', undefined, [['2026-01-15T09:30:00Z', 'Power']])
        .use('2026-01', name, name, '12345.678');
      const story = storyOf(company, name);
      for (const width of [40, 53, 80, 160]) {
        const plain = explainText(story, { width, color: false });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
        expect(plain).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
        expect(wideLines(plain, width)).toEqual([]);
        const colored = explainText(story, { width, color: true });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: only colors may remain
        expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(plain);
      }
    }
  });

  it('gives programs the days with usage of the month', () => {
    const company = new Company().profile('p').subscribe('p', 'u', 'Pro', '2026-01-16');
    const story = storyOf(company, 'u');
    const coverage = { firstDay: 20_458, lastDay: 20_459, weekdaysWithoutUsage: [20_454] };
    const [known] = JSON.parse(explainJson([{ ...story, coverage }]));
    expect(known.coverage).toEqual({
      first_day: '2026-01-05',
      last_day: '2026-01-06',
      weekdays_without_usage: ['2026-01-01'],
    });
    const [unknown] = JSON.parse(explainJson([{ ...story, coverage: undefined }]));
    expect(unknown.coverage).toBeNull();
  });

  it('gives programs the exact facts', () => {
    const company = new Company()
      .profile('p', { overageOn: true })
      .subscribe('p', 'u', 'Pro', '2026-01-16')
      .use('2026-01', 'p', 'u', '1250.75');
    const [story] = JSON.parse(explainJson([storyOf(company, 'u')]));
    expect(story).toMatchObject({
      user_id: 'u',
      status: 'billed',
      tier: 'Pro',
      sources: [
        { principal_type: 'user', principal_id: 'u', subscribed_at: '2026-01-16T00:00:00Z' },
      ],
      lines: [
        {
          line_type: 'subscription',
          days: 16,
          days_in_month: 31,
          unit_price: '20.00',
          amount: '10.32',
          rule: 'S2',
        },
        {
          line_type: 'overage',
          credits: '250.75',
          unit_price: '0.04',
          amount: '10.03',
          rule: 'O4',
        },
      ],
      total_charge: '20.35',
      next_month: { month: '2026-02', tier: 'Pro', price: '20.00', credits_included: '1000.00' },
    });
  });
});

describe('explain as rows and as Markdown', () => {
  const company = new Company()
    .profile('p', { name: 'Main' })
    .user('u', '# Una', '')
    .subscribe('p', 'u', 'Pro', '2025-12-01', undefined, [['2026-01-10', 'Pro+']])
    .use('2026-01', 'p', 'u', '12.5');

  it('S3: is a row per statement in CSV, the rules in a column of their own', () => {
    const lines = [...csvText([storySheet([storyOf(company, 'u')], '2026-01', 'USD')])]
      .join('')
      .trimEnd()
      .split('\n');
    expect(lines[0]).toBe('month,profile_id,user_id,section,item,statement,rule');
    expect(lines).toContain(
      '2026-01,p,u,Where the seat comes from,,changed to Pro+ at 2026-01-10 (H2),H2',
    );
    expect(lines).toContain('2026-01,p,u,Credits,used,12.50 in 1 row of usage,');
    expect(lines).toContain(
      `2026-01,p,u,Charges,2026-01-10,"'-$20.00 x 1 = -$20.00  (S3). Refund: takes back, to the cent, the Pro charge of 2026-01-01.",S3`,
    );
    expect(lines.every((line) => /^(month|2026-01),/.test(line))).toBe(true);
  });

  it('is the header alone where there is nothing to tell', () => {
    expect([...csvText([storySheet([], '2026-01', 'USD')])].join('')).toBe(
      'month,profile_id,user_id,section,item,statement,rule\n',
    );
    expect(explainMarkdown([])).toBe('');
  });

  it('S3: is headings and lists in Markdown', () => {
    const text = explainMarkdown([storyOf(company, 'u')]);
    expect(text).toContain('## # Una (u) · Main (p) · 2026-01 · $40.00\n\naccount 111122223333, ');
    expect(text).toContain(
      "\n\n### Where the seat comes from\n\n- The user's own subscription: Pro, ",
    );
    expect(text).toContain('\n  - changed to Pro+ at 2026-01-10 (H2)\n');
    expect(text).toContain(
      '- **2026-01-10** $40.00 x 1 = $40.00  (S3)\\\n  Upgrade: Pro+ is charged in full, whatever the day.\n',
    );
    expect(text).not.toContain('█');
  });

  it.each(NASTY_NAMES)('keeps %j inside its line', (name) => {
    const storyWith = (text: string): Story => {
      const made = new Company().profile('p', { name: text }).user('u', text, text);
      return storyOf(made.subscribe('p', 'u', 'Pro', '2025-12-01'), 'u');
    };
    const linesOf = (text: string): number => explainMarkdown([storyWith(text)]).split('\n').length;
    expect(linesOf(name)).toBe(linesOf('x'));
  });
});
