import { type Billing, billingOf, billMonth } from '../../src/billing/invoice.ts';
import { billingPeriod } from '../../src/domain/billing-period.ts';
import { decimal } from '../../src/domain/decimal.ts';
import type { MonthInvoice } from '../../src/domain/invoice.ts';
import { BUILT_IN_RATE_CARD, type RateCard } from '../../src/domain/rate-card.ts';
import type {
  Activation,
  Membership,
  OverageChange,
  Profile,
  StretchUsage,
  Subscription,
  User,
} from '../../src/domain/records.ts';
import type { Cell, Column, ColumnKind, Row, Sheet } from '../../src/domain/sheet.ts';
import * as made from '../billing/facts.ts';
import { seatUsage } from '../support/seat-usage.ts';

/** A company to be billed, with short ways to say who is in it. */
export class Company {
  readonly #profiles: Profile[] = [];
  readonly #users: User[] = [];
  readonly #groups = new Map<string, { groupId: string; name: string }>();
  readonly #memberships: Membership[] = [];
  readonly #subscriptions: Subscription[] = [];
  readonly #overageChanges: OverageChange[] = [];
  readonly #usage: StretchUsage[] = [];
  #activations: Activation[] | undefined;
  readonly #card: RateCard;

  constructor(card: RateCard = BUILT_IN_RATE_CARD) {
    this.#card = card;
  }

  profile(profileId: string, facts: Partial<Profile> = {}): this {
    this.#profiles.push(made.profile(profileId, facts));
    return this;
  }

  user(userId: string, name: string, costCenter = ''): this {
    this.#users.push(made.user(userId, { name, costCenter }));
    return this;
  }

  group(groupId: string, name = ''): this {
    this.#groups.set(groupId, { groupId, name });
    return this;
  }

  member(groupId: string, userId: string, joined?: string, left?: string): this {
    this.#memberships.push(made.member(groupId, userId, joined, left));
    return this;
  }

  /** `who` is a user's id, or a group's after `group:`. Changes are `[instant, tier]`. */
  subscribe(
    profileId: string,
    who: string,
    tier: string,
    from = '2025-11-01',
    until?: string,
    changes: readonly (readonly [string, string])[] = [],
  ): this {
    const facts = { profileId, from, until, changes: Object.fromEntries(changes) };
    this.#subscriptions.push(made.subscription(who, tier, facts));
    return this;
  }

  activate(profileId: string, userId: string, at: string): this {
    this.#activations ??= [];
    this.#activations.push(made.activation(userId, at, profileId));
    return this;
  }

  overage(profileId: string, at: string, on: boolean, cap?: string): this {
    this.#overageChanges.push({ ...made.overageChange(at, on, cap), profileId });
    return this;
  }

  /** Credits in the stretch `[from, to)`, by default in all of `month`. */
  use(
    month: string,
    profileId: string,
    userId: string,
    credits: string,
    from?: string,
    to?: string,
  ): this {
    this.#usage.push(made.usage(credits, { month, profileId, userId, from, to }));
    return this;
  }

  billing(): Billing {
    const records = made.recordsOf({
      profiles: this.#profiles,
      users: this.#users,
      memberships: this.#memberships,
      subscriptions: this.#subscriptions,
      activations: this.#activations,
      overageChanges: this.#overageChanges,
    });
    return billingOf({ ...records, groups: this.#groups }, this.#card, seatUsage(this.#usage));
  }

  invoice(month: string): MonthInvoice {
    return billMonth(this.billing(), billingPeriod(month));
  }
}

/** A sheet by hand: `['user_name', 'text'], …`; columns named in `adding` add up. */
export function sheetOf(
  columns: readonly (readonly [string, ColumnKind])[],
  rows: readonly Row[],
  totals: Readonly<Record<string, Cell>> = {},
  month = '2026-01',
): Sheet {
  const named: Column[] = columns.map(([name, kind]) => ({ name, kind, adds: name in totals }));
  return {
    month,
    currency: 'USD',
    columns: named,
    rows,
    totals: named.map(({ name }) => totals[name]),
  };
}

/** Names as they come from people who mean harm, or write in other scripts. */
export const NASTY_NAMES: readonly string[] = [
  '=HYPERLINK("http://x.example/","open")',
  '\u001b[31mred\u001b[0m \u001b]0;title\u0007',
  '山田太郎・プラットフォーム開発部',
  '👩‍👩‍👧‍👦 family 🇩🇪 ❤️',
  'e\u0301e\u0301e\u0301 combining',
  '\u202egnp.exe',
  'שָׁלוֹם עולם',
  'สุรชัย ศรีสุวรรณ',
  'two\nlines\r\nand\ttabs',
  '__proto__',
  '| pipe | <script>alert(1)</script>',
  'x'.repeat(300),
  'line\u2028separator\u0085next',
];

/** Three profiles, forty-odd seats, and most things that can happen to one in 2026-01. */
export function acme(): Company {
  const [east, frankfurt, gov] = ['prof-east', 'prof-frankfurt', 'prof-gov'] as const;
  const company = new Company()
    .profile(east, { name: 'Platform', overageOn: true, capCredits: decimal('2000') })
    .profile(frankfurt, { name: 'Product EU', region: 'eu-central-1', accountId: '444455556666' })
    .profile(gov, { name: 'Public Sector', region: 'us-gov-west-1', accountId: '444455556666' })
    .group('g-platform', 'Platform engineers')
    .group('g-data', 'Data')
    .group('g-web', 'Web');
  company
    .subscribe(east, 'group:g-platform', 'Pro')
    .subscribe(east, 'group:g-data', 'Pro+')
    .subscribe(frankfurt, 'group:g-web', 'Pro');
  const groups = ['g-platform', 'g-data', 'g-web'];
  for (const [index, name] of PEOPLE.entries()) {
    const userId = uuid(index);
    company.user(userId, name, ['R&D', 'Sales', 'Ops', ''][index % 4]);
    const group = groups[index % 3] ?? '';
    company.member(group, userId);
    const profileId = group === 'g-web' ? frankfurt : east;
    const credits = ((index * 7919) % 1700) + (index % 5) * 0.25;
    const text = index % 4 === 0 ? `${credits}4578741439` : `${credits}`;
    if (index % 9 !== 8)
      company.use('2026-01', profileId, userId, text.replace(/^(\d+)(4578)/, '$1.$2'));
  }
  return company
    .subscribe(east, uuid(0), 'Pro', '2025-12-10', undefined, [['2026-01-15T10:00:00Z', 'Power']])
    .subscribe(east, uuid(3), 'Pro', '2026-01-20', undefined, [['2026-01-25', 'Pro+']])
    .subscribe(frankfurt, uuid(1), 'Pro', '2026-01-15')
    .subscribe(gov, uuid(4), 'Pro')
    .subscribe(gov, uuid(7), 'Power', '2025-12-01', '2026-01-09')
    .subscribe(gov, uuid(10), 'Pro', '2026-01-12')
    .use('2026-01', gov, uuid(4), '1000.01')
    .use('2026-01', gov, uuid(7), '2.5')
    .use('2026-01', frankfurt, 'contractor-without-a-seat', '12.5');
}

export function uuid(index: number): string {
  const hex = ((index + 1) * 2654435761).toString(16).padStart(12, '0').slice(-12);
  return `${hex.slice(0, 8)}-4c1d-4e2f-9a3b-${hex}`;
}

const PEOPLE = (
  'Alice Adams,Bob Brown,Carol Clark,Dan Davis,Erin Evans,Frank Foster,Grace Green,Henry Hill,' +
  'Irene Ito,Jack Jones,Karen King,Leo Lopez,Mia Moore,Noah Nguyen,Olga Orlova,Paul Park,' +
  'Quinn Reed,Rosa Rossi,Sam Smith,Tina Turner-Montgomery,Uma Usman,Victor Vance,Wendy White,' +
  'Xavier Xu,Yara Young,Zoe Zimmer,山田太郎,Ana María Núñez,Björn Åkesson,Chloé Dubois,' +
  'Deepa Iyer,สุรชัย ศรีสุวรรณ,Fatima Farouk,Gita Gupta,Hugo Haas,Ivan Ivanov,Jana Janssen,Kofi Kane'
).split(',');
