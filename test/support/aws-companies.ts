/** Small companies as AWS's files and directories of people show them, drawn at random. */
import fc from 'fast-check';
import { type CurTexts, credits, curCsv, fee, userArn } from '../aws/cur-rows.ts';
import { profilesCsv, subscriptionsCsv, usersCsv } from './tables.ts';

const ACCOUNT = '111122223333';
const PROFILES = [
  `arn:aws:codewhisperer:us-east-1:${ACCOUNT}:profile/ABC`,
  `arn:aws:codewhisperer:us-east-1:${ACCOUNT}:profile/ABCNEW`,
  `arn:aws:codewhisperer:eu-central-1:${ACCOUNT}:profile/DEF`,
] as const;
const REGION_CODES = ['USE1', 'USE1', 'EUC1', 'XYZ1'] as const;

interface User {
  readonly id: string;
  readonly userName: string;
  readonly email: string;
  readonly name: string;
}

const USERS: readonly User[] = [
  ['1', 'ann', 'ann@example.com', 'Ann A'],
  ['2', 'bob@example.com', 'bob@example.com', 'Bob B'],
  ['3', 'cyd', 'Cyd@Example.com', 'Cyd C'],
  ['4', 'dan.d', 'dan@example.com', 'Ann A'],
].map(([digit = '', userName = '', email = '', name = '']) => ({
  id: `${digit.repeat(8)}-1111-4111-8111-111111111111`,
  userName,
  email,
  name,
}));

/** One import: the arguments before its paths, the files that it reads, and those after. */
export interface CompanyImport {
  readonly kind: 'activity' | 'cur' | 'subscriptions' | 'users';
  readonly path: string;
  readonly args: readonly string[];
}

export interface Company {
  readonly files: Readonly<Record<string, string>>;
  readonly imports: readonly CompanyImport[];
}

const month = fc.constantFrom('2026-01', '2026-02', '2026-03');
const day = fc.integer({ min: 1, max: 28 }).map((number) => String(number).padStart(2, '0'));
const date = fc.tuple(month, day).map((parts) => parts.join('-'));
const user = fc.constantFrom(...USERS);
const tier = fc.constantFrom('PRO', 'PRO_PLUS', 'POWER');

const reportRow = fc
  .record({
    date,
    user,
    spelling: fc.constantFrom('', 'd-90675c2e1b.'),
    tier: fc.oneof({ weight: 4, arbitrary: tier }, { weight: 1, arbitrary: fc.constant('') }),
    cap: fc.constantFrom('', '500', '1000'),
    isOn: fc.boolean(),
    overage: fc.constantFrom('0', '0', '2.5'),
    profile: fc.constantFrom(...PROFILES),
    isNew: fc.constantFrom('false', 'false', 'true'),
    hasEmail: fc.boolean(),
  })
  .map((row) =>
    [
      ...[row.date, `${row.spelling}${row.user.id}`, 'KIRO_IDE', '10', row.cap, row.overage],
      ...[row.isOn, row.profile, row.tier, row.isNew, row.hasEmail ? row.user.email : ''],
    ].join(','),
  );

const REPORT_HEADER =
  'Date,UserId,Client_Type,Credits_Used,Overage_Cap,Overage_Credits_Used,Overage_Enabled,ProfileId,Subscription_Tier,New_User,User_Email';

function lines(header: string, rows: readonly string[]): string {
  return [header, ...rows, ''].join('\n');
}

const reports = fc
  .array(reportRow, { minLength: 1, maxLength: 6 })
  .map((rows) => lines(REPORT_HEADER, rows));

const billRow = fc
  .record({
    user,
    code: fc.constantFrom(...REGION_CODES),
    what: fc.constantFrom('fee', 'fee', 'fee', 'refund', 'credits', 'tax'),
    tier: fc.constantFrom('Pro', 'ProPlus', 'Power'),
    share: fc.constantFrom('1', '1', '0.5', '0.3548387097'),
    costCenter: fc.constantFrom('', 'Sales', 'R&D'),
  })
  .map(({ user: { id }, code, what, tier: item, share, costCenter }): CurTexts => {
    const texts = {
      line_item_usage_type: `${code}-KiroEnterprise-${what === 'credits' ? 'Credits' : item}`,
      resource_tags: costCenter === '' ? '{}' : JSON.stringify({ cost_center: costCenter }),
    };
    if (what === 'credits') return credits(id, '100', '4', texts);
    if (what === 'tax') {
      return fee('', item, '3', { line_item_line_item_type: 'Tax', line_item_resource_id: '' });
    }
    const isRefund = what === 'refund';
    return fee(id, item, isRefund ? '-10' : '20', {
      ...texts,
      line_item_usage_amount: isRefund ? `-${share}` : share,
      line_item_resource_id: userArn(id),
      ...(isRefund ? { line_item_line_item_type: 'Refund' } : {}),
    });
  });

const bill = fc
  .record({
    month,
    isFinal: fc.constantFrom('1', '1', ''),
    rows: fc.array(billRow, { minLength: 1, maxLength: 5 }),
  })
  .map(({ month: of, isFinal, rows }) => {
    const all = rows.map((row) => ({
      ...row,
      bill_billing_period_start_date: `${of}-01T00:00:00Z`,
      bill_payer_account_id: ACCOUNT,
      bill_invoice_id: isFinal,
    }));
    return { month: of, text: curCsv(all, Object.keys(all[0] as object)) };
  });

const bills = fc.uniqueArray(bill, {
  minLength: 1,
  maxLength: 3,
  selector: ({ month: of }) => of,
});

const listRow = fc
  .record({
    user: fc.oneof({ weight: 6, arbitrary: user }, { weight: 1, arbitrary: fc.constant(null) }),
    by: fc.constantFrom('userName', 'email', 'id', 'name'),
    status: fc.constantFrom('Active', 'Active', 'Pending', 'Canceled', 'Unavailable'),
    plan: fc.constantFrom('Kiro Pro', 'Kiro Pro+', 'Kiro Power'),
    activation: fc.oneof(fc.constant(''), date),
  })
  .map(({ user: whose, by, status, plan, activation }) =>
    [whose === null ? 'stranger' : whose[by as keyof User], status, plan, activation].join(','),
  );

const list = fc
  .record({ rows: fc.array(listRow, { minLength: 1, maxLength: 5 }), asOf: date })
  .map(({ rows, asOf }) => ({
    text: lines('Name,Subscription status,Kiro plan,Activation date', rows),
    asOf,
  }));

const store = fc.subarray([...USERS], { minLength: 1 }).map((users) =>
  JSON.stringify({
    Users: users.map(({ id, userName, email, name }) => ({
      UserId: id,
      UserName: userName,
      DisplayName: name,
      Emails: [{ Value: email, Primary: true }],
    })),
    GroupMemberships: users.map(({ id }) => ({ GroupId: 'g-1', MemberId: { UserId: id } })),
  }),
);

const staff = fc
  .array(
    fc.record({ user, department: fc.constantFrom('', 'Sales', 'Legal'), hasId: fc.boolean() }),
  )
  .map((rows) =>
    lines(
      'id,mail,display_name,department',
      rows.map(({ user: { id, email, name }, department, hasId }) =>
        [hasId ? id : '', email.toUpperCase(), name, department].join(','),
      ),
    ),
  );

const OWN_TABLES = {
  'subscriptions.csv': subscriptionsCsv(
    `${PROFILES[0]},user,${USERS[0]?.id},Pro,2025-11-03,`,
    `${PROFILES[0]},user,dan@example.com,Power,2025-12-01,2026-02-10`,
  ),
  'users.csv': usersCsv(`${USERS[3]?.id},,dan@example.com,Mine`),
};

const OWN_ACTIVATIONS = `profile_id,user_id,activated_at\n${PROFILES[0]},${USERS[0]?.id},2025-11-05\n`;
const OWN_PROFILES = profilesCsv(`${PROFILES[0]},${ACCOUNT},us-east-1,East,enabled`);

/** A company, and four imports of its files. */
export const companies: fc.Arbitrary<Company> = fc
  .record({
    reports: fc.tuple(reports, reports),
    bills,
    lists: fc.tuple(list, list, fc.constantFrom(...PROFILES)),
    store,
    staff,
    ownTables: fc.constantFrom(
      {},
      OWN_TABLES,
      { ...OWN_TABLES, 'activations.csv': OWN_ACTIVATIONS },
      { ...OWN_TABLES, 'profiles.csv': OWN_PROFILES },
    ),
    which: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 4, maxLength: 4 }),
  })
  .map((drawn) => {
    const imports: CompanyImport[] = [
      { kind: 'activity', path: 'reports-1', args: [] },
      { kind: 'activity', path: 'reports-2', args: [] },
      { kind: 'cur', path: 'cur', args: [] },
      ...[0, 1].map((index): CompanyImport => {
        const { asOf } = drawn.lists[index as 0 | 1];
        const args = ['--as-of', asOf, '--profile', drawn.lists[2]];
        return { kind: 'subscriptions', path: `list-${index}.csv`, args };
      }),
      { kind: 'users', path: 'store.json', args: [] },
      { kind: 'users', path: 'staff.csv', args: [] },
    ];
    return {
      files: {
        'reports-1/a_user_report_202604010000.csv': drawn.reports[0],
        'reports-2/b_user_report_202604020000.csv': drawn.reports[1],
        ...Object.fromEntries(
          drawn.bills.map(({ month: of, text }) => [`cur/BILLING_PERIOD=${of}/x.csv`, text]),
        ),
        'list-0.csv': drawn.lists[0].text,
        'list-1.csv': drawn.lists[1].text,
        'store.json': drawn.store,
        'staff.csv': drawn.staff,
        ...Object.fromEntries(
          Object.entries(drawn.ownTables).map(([name, text]) => [`start/${name}`, text]),
        ),
      },
      imports: drawn.which.map((index) => imports[index] as CompanyImport),
    };
  });
