import type { Profile } from '../../domain/records.ts';
import { GUARDED_ID_PATTERN } from '../summary/summary-columns.ts';
import type { SqlSource } from './choices.ts';
import {
  CREDITS_TYPE,
  type Dialect,
  type SourceColumn,
  type SqlInput,
  type Step,
} from './dialect.ts';
import type { KnownStretch } from './known-stretches.ts';

/** What a statement is to reduce, and what of the data directory it has to know. */
export interface Reduction {
  readonly source: SqlSource;
  readonly input: SqlInput;
  readonly stretches: readonly KnownStretch[];
  /** To which the profile ids of activity reports are matched. */
  readonly profiles: readonly Profile[];
}

const REQUEST_COLUMNS: readonly SourceColumn[] = [
  { name: 'timestamp', alias: 'instant_text' },
  { name: 'profile_id', alias: 'profile_text' },
  { name: 'user_id', alias: 'user_text' },
  { name: 'credits', alias: 'credits_text' },
];

const REPORT_COLUMNS: readonly SourceColumn[] = [
  { name: 'Date', alias: 'instant_text' },
  { name: 'UserId', alias: 'user_text' },
  { name: 'Client_Type', alias: 'client_text' },
  { name: 'ProfileId', alias: 'profile_text' },
  { name: 'Subscription_Tier', alias: 'tier_text', isOptional: true },
  { name: 'Credits_Used', alias: 'credits_text' },
  { name: 'Overage_Credits_Used', alias: 'overage_text', isOptional: true },
];

/** The statement that makes a usage summary, with how to run it in comments at its top. */
export function statement(dialect: Dialect, reduction: Reduction): string {
  const { source, input } = reduction;
  const isReports = source === 'activity';
  const request = {
    input,
    source,
    columns: isReports ? REPORT_COLUMNS : REQUEST_COLUMNS,
    ...(isReports ? { fileAlias: 'file_text' } : {}),
  };
  const steps = [
    stretchStep(dialect, reduction.stretches),
    ...dialect.source(request),
    ...(isReports ? reportSteps(dialect, reduction.profiles) : requestSteps(dialect)),
    sumStep(dialect),
  ];
  const comments = [...headComments(source), ...dialect.howToRun(request)];
  return [
    ...comments.map((line) => commentLine(line)),
    `WITH\n${steps.map((step) => stepText(step)).join(',\n')}`,
    `${finalSelect(dialect)};\n`,
  ].join('\n');
}

function headComments(source: SqlSource): string[] {
  const read =
    source === 'activity'
      ? [
          'Activity reports reduced to a usage summary: exact sums per seat and stretch of a month.',
          'A row that was delivered again counts once, from the newest file; FREE rows do not count.',
          'Two rows of one file for one user, day, client and profile that differ make it fail.',
        ]
      : [
          'Request usage reduced to a usage summary: exact sums per seat and stretch of a month.',
          'Every row counts, also one whose request_id came before.',
        ];
  return [
    ...read,
    'Credits beyond DECIMAL(38, 24), instants finer than a microsecond and values that are none',
    'make the statement fail; nothing is rounded. The stretches are those of overage_changes.csv:',
    'when that file changes, make the statement again.',
    '',
  ];
}

/** A line break would end the comment, and what follows would be run. */
function commentLine(text: string): string {
  return `-- ${text.replace(/[\r\n\u2028\u2029]+/g, ' ')}`.trimEnd();
}

function stepText({ name, columns, query, comment }: Step): string {
  const names = columns === undefined ? '' : ` (${columns.join(', ')})`;
  const body = query.replace(/^/gm, '  ');
  return `${commentLine(comment)}\n${name}${names} AS (\n${body}\n)`;
}

/** Rule O2. */
function stretchStep(dialect: Dialect, stretches: readonly KnownStretch[]): Step {
  const rows = stretches.map(({ profileId, startsAtMicros, endsAtMicros, from, to }) => [
    dialect.text(profileId),
    dialect.instantLiteral(startsAtMicros),
    dialect.instantLiteral(endsAtMicros),
    dialect.text(from),
    dialect.text(to),
  ]);
  const { textType, instantType } = dialect;
  return {
    ...valuesStep(
      ['profile_id', 'starts_at', 'ends_at', 'stretch_from', 'stretch_to'],
      [textType, instantType, instantType, textType, textType],
      rows,
    ),
    name: 'known_stretches',
    comment:
      'The stretches of months in which a profile has an overage change; all other months are one.',
  };
}

/** Rows of literals; without any, a query that gives none. */
function valuesStep(
  columns: readonly string[],
  types: readonly string[],
  rows: readonly (readonly string[])[],
): Pick<Step, 'columns' | 'query'> {
  if (rows.length > 0) {
    return { columns, query: `VALUES\n${rows.map((row) => `  (${row.join(', ')})`).join(',\n')}` };
  }
  const nulls = columns.map((name, index) => `CAST(NULL AS ${types[index]}) AS ${name}`);
  return { query: `SELECT ${nulls.join(', ')} WHERE 1 = 0` };
}

function requestSteps(dialect: Dialect): Step[] {
  const time = instantParsing(dialect);
  const used = creditsParsing(dialect, 'credits');
  const kept = REQUEST_COLUMNS.map(({ alias }) => alias);
  return [
    ...parsingSteps('raw_rows', kept, [time, used]),
    {
      name: 'usage_rows',
      query: select(
        [
          'profile_text AS profile_id',
          `${bareUserId(dialect, 'user_text')} AS user_id`,
          `${time.value} AS used_at`,
          `${used.value} AS credits`,
          '1 AS requests',
        ],
        'split_rows',
      ),
      comment: 'User ids in their bare form, instants in UTC, credits exact.',
    },
  ];
}

/** The steps that take values in uncommon forms apart. */
function parsingSteps(from: string, kept: readonly string[], parsings: readonly Parsing[]): Step[] {
  return [
    {
      name: 'odd_rows',
      query: select([...kept, ...parsings.map(({ odd }) => odd)], from),
      comment: 'Finds instants and numbers in uncommon forms; fails where something is neither.',
    },
    {
      name: 'split_rows',
      query: select([...kept, ...parsings.flatMap(({ split }) => split)], 'odd_rows'),
      comment: 'Takes these apart.',
    },
  ];
}

/** The key of a report row: of the rows that have it, the one of the newest file counts. */
const REPORT_KEY = ['report_date', 'user_id', 'client', 'profile_id'];

function reportSteps(dialect: Dialect, profiles: readonly Profile[]): Step[] {
  const date = dateParsing(dialect);
  const used = creditsParsing(dialect, 'credits');
  const overage = creditsParsing(dialect, 'overage');
  const passed = ['user_text', 'client_text', 'profile_text', 'file_text'];
  return [
    profileKeyStep(dialect, profiles),
    {
      name: 'charged_rows',
      query: select(
        [
          ...passed,
          'instant_text',
          'credits_text',
          `CASE WHEN overage_text = '' THEN '0' ELSE overage_text END AS overage_text`,
        ],
        'raw_rows',
        `WHERE NOT ${dialect.matches('tier_text', FREE)} AND NOT ${dialect.matches('file_text', BESIDE_REPORTS)}`,
      ),
      comment: 'FREE rows are passed over, and the analytics that a bucket has beside the reports.',
    },
    ...parsingSteps(
      'charged_rows',
      [...passed, 'credits_text', 'overage_text'],
      [date, used, overage],
    ),
    {
      name: 'told_rows',
      query: select(
        [
          `${date.value} AS report_date`,
          `${bareUserId(dialect, 'user_text')} AS user_id`,
          'upper(client_text) AS client',
          'profile_text',
          `${fileStamp(dialect)} AS file_stamp`,
          'file_text',
          `${used.value} AS used`,
          `${overage.value} AS overage`,
        ],
        'split_rows',
      ),
      comment: 'What each row tells, and the time stamp in the name of its file.',
    },
    {
      name: 'known_rows',
      query: select(
        ['told_rows.*', 'whole.profile_id AS whole_id', ...arnParts(dialect)],
        'told_rows',
        `LEFT JOIN profile_keys AS whole ON whole.kind = 'id' AND whole.lookup = profile_text`,
      ),
      comment: 'A profile is known by its whole ARN,',
    },
    {
      name: 'report_rows',
      query: select(
        [
          ...REPORT_KEY.slice(0, -1),
          'coalesce(whole_id, named.profile_id, placed.profile_id, profile_text) AS profile_id',
          `${reportStruct(dialect)} AS report`,
        ],
        'known_rows',
        `LEFT JOIN profile_keys AS named ON named.kind = 'id' AND named.lookup = arn_id
LEFT JOIN profile_keys AS placed ON placed.kind = 'at' AND placed.lookup = arn_place`,
      ),
      comment: 'by the last part of its ARN, or by account and Region.',
    },
    {
      name: 'report_keys',
      query: select(
        [...REPORT_KEY, `${dialect.arrayOf('report')} AS reports`],
        'report_rows',
        `GROUP BY ${REPORT_KEY.join(', ')}`,
      ),
      comment: 'All rows of one date, user, client and profile together,',
    },
    {
      name: 'newest_rows',
      query: select(
        [...REPORT_KEY, 'reports', `${dialect.greatest('reports')} AS newest`],
        'report_keys',
      ),
      comment: 'of which the one of the newest file counts.',
    },
    {
      name: 'counted_rows',
      query: select(
        [
          'profile_id',
          'user_id',
          'report_date AS used_at',
          `${undoubted(dialect)} AS used`,
          'newest.overage AS overage',
        ],
        'newest_rows',
      ),
      comment: 'Its credits.',
    },
    {
      name: 'usage_rows',
      query: dialect.addedReports('counted_rows'),
      comment: 'Both kinds of credits, at midnight UTC of the date.',
    },
  ];
}

/** Whatever comes first decides which of two rows is the newer one. */
function reportStruct(dialect: Dialect): string {
  return dialect.struct([
    ['file_stamp', dialect.textType],
    ['file_text', dialect.textType],
    ['used', CREDITS_TYPE],
    ['overage', CREDITS_TYPE],
  ]);
}

/** The credits of the newest row; fails where the newest file has another row that differs. */
function undoubted(dialect: Dialect): string {
  const isOther =
    'one.file_text = newest.file_text AND (one.used <> newest.used OR one.overage <> newest.overage)';
  const doubt = `'one file has two different rows of one day for user ' || user_id || ': ' || newest.file_text`;
  return `CASE WHEN ${dialect.hasElement('reports', 'one', isOther)} THEN ${dialect.fail(doubt, CREDITS_TYPE)} ELSE newest.used END`;
}

const ARN = '^arn:[0-9a-z-]+:codewhisperer:([0-9a-z-]+):([0-9]{12}):profile/(.+)\\z';

function arnParts(dialect: Dialect): string[] {
  const part = (group: number): string => dialect.part('profile_text', ARN, group);
  const ifUnknown = (text: string): string =>
    `CASE WHEN whole.profile_id IS NULL THEN ${text} ELSE '' END`;
  return [
    `${ifUnknown(part(3))} AS arn_id`,
    `${ifUnknown(`${part(2)} || '/' || ${part(1)}`)} AS arn_place`,
  ];
}

function profileKeyStep(dialect: Dialect, profiles: readonly Profile[]): Step {
  const keys = profiles.flatMap(({ profileId, accountId, region }) => {
    const own = ['id', profileId, profileId];
    const place = ['at', `${accountId}/${region}`, profileId];
    return accountId === '' || region === '' ? [own] : [own, place];
  });
  const rows = keys.map((key) => key.map((text) => dialect.text(text)));
  const { textType } = dialect;
  return {
    ...valuesStep(['kind', 'lookup', 'profile_id'], [textType, textType, textType], rows),
    name: 'profile_keys',
    comment: 'What a report may call each profile.',
  };
}

/** Blank where the name has none, so that any other is newer. */
function fileStamp(dialect: Dialect): string {
  return dialect.part('file_text', '(?i)_user_report_([0-9]{12})[^/]*\\z', 1);
}

/** The Free tier by the spec's spellings: case, separators and a leading Kiro do not matter. */
const FREE = `(?i)^[ _-]*(?:${spread('kiro')})?${spread('free')}\\z`;

/** A word with any separators behind its letters. */
function spread(word: string): string {
  return [...word].map((letter) => `${letter}[ _-]*`).join('');
}

const BESIDE_REPORTS = '(?i)(?:^|/)by_user_analytic/';

function sumStep(dialect: Dialect): Step {
  return {
    name: 'seat_sums',
    query: select(
      [
        'usage_rows.profile_id AS profile',
        'usage_rows.user_id AS seat_user',
        `${dialect.monthOf('used_at')} AS used_in`,
        'known_stretches.stretch_from AS known_from',
        'known_stretches.stretch_to AS known_to',
        `${dialect.exactSum('credits')} AS credits`,
        'sum(requests) AS requests',
      ],
      'usage_rows',
      `LEFT JOIN known_stretches
  ON known_stretches.profile_id = usage_rows.profile_id
  AND used_at >= known_stretches.starts_at
  AND used_at < known_stretches.ends_at
GROUP BY 1, 2, 3, 4, 5`,
    ),
    comment: 'The sums per seat and stretch.',
  };
}

function finalSelect(dialect: Dialect): string {
  const month = 'used_in';
  return `${select(
    [
      `${dialect.monthText(month)} AS month`,
      `${guarded(dialect, 'profile')} AS profile_id`,
      `${guarded(dialect, 'seat_user')} AS user_id`,
      `coalesce(known_from, ${dialect.monthStartText(month)}) AS stretch_from`,
      `coalesce(known_to, ${dialect.monthEndText(month)}) AS stretch_to`,
      `${dialect.creditsText('seat_sums.credits')} AS credits`,
      'CAST(seat_sums.requests AS BIGINT) AS requests',
    ],
    'seat_sums',
  )}
ORDER BY used_in, profile, seat_user, stretch_from, stretch_to`;
}

/** An id as a summary writes it: no spreadsheet takes it for a formula. */
function guarded(dialect: Dialect, id: string): string {
  const isFormula = dialect.matches(id, GUARDED_ID_PATTERN);
  return `CASE WHEN ${isFormula} THEN '''' || ${id} ELSE ${id} END`;
}

function select(columns: readonly string[], from: string, rest = ''): string {
  const list = columns.map((column) => `  ${column}`).join(',\n');
  return `SELECT\n${list}\nFROM ${from}${rest === '' ? '' : `\n${rest}`}`;
}

const HEX = '[0-9a-fA-F]';
const UUID = `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`;
const USER_ID = `(?:${HEX}{10}-)?${UUID}`;
const STORE_USER_ID = `^d-[0-9a-z]{10}[.]${USER_ID}\\z`;
const USER_ARN = `^arn:[0-9a-z-]+:identitystore:::user/(${USER_ID})\\z`;

/** The bare id of a decorated one. Only ids that start like one are looked at closer. */
function bareUserId(dialect: Dialect, id: string): string {
  const isOfStore = `substr(${id}, 1, 2) = 'd-' AND ${dialect.matches(id, STORE_USER_ID)}`;
  const ofArn = dialect.firstGroupOr(id, USER_ARN);
  return `CASE WHEN ${isOfStore} THEN substr(${id}, ${'d-XXXXXXXXXX.'.length + 1}) WHEN substr(${id}, 1, 4) = 'arn:' THEN ${ofArn} ELSE ${id} END`;
}

/** How a text becomes a value, in the three steps through which all rows go. */
interface Parsing {
  /** The column that has the text where it is in an uncommon form; fails where it is no value. */
  readonly odd: string;
  /** What an uncommon form is taken apart into. */
  readonly split: readonly string[];
  readonly value: string;
}

const DAY = '(?:20|21)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])';
const HOUR = '(?:[01][0-9]|2[0-3])';
const SIXTY = '[0-5][0-9]';
const ZONE = `(?:[Zz]|[+-]${HOUR}(?::?${SIXTY})?)`;

const PLAIN_INSTANT = `^${DAY}T${HOUR}:${SIXTY}:${SIXTY}(?:[.][0-9]{1,6})?Z?\\z`;
const INSTANT = `^${DAY}(?:[Tt ]${HOUR}:${SIXTY}(?::${SIXTY}(?:[.][0-9]{1,9})?)?${ZONE}?)?\\z`;
/** Digits behind the sixth of a fraction that are not all zero. */
const TOO_FINE = '[.][0-9]{6}[0-9]*[1-9]';
/** Of a known instant, from its seconds on: these, and the parts of its offset. */
const SECONDS = '^(:[0-9]{2}(?:[.][0-9]{1,6})?)';
const OFFSET = '([+-])([0-9]{2}):?([0-9]*)\\z';

/** An instant of the spec's forms, in UTC; fails where it is none or finer than a microsecond. */
function instantParsing(dialect: Dialect): Parsing {
  const isGood = `${dialect.matches('instant_text', INSTANT)} AND NOT ${dialect.matches('instant_text', TOO_FINE)}`;
  const what = 'no instant of 2000 to 2199, or finer than a microsecond';
  const behind = 'substr(odd_instant, 17)';
  const offset = (group: number): string => dialect.part(behind, OFFSET, group);
  const clock = `CASE WHEN length(odd_instant) > 10 THEN substr(odd_instant, 12, 5) ELSE '00:00' END`;
  const minutes = `CAST('0' || ${offset(2)} AS INTEGER) * 60 + CAST('0' || ${offset(3)} AS INTEGER)`;
  return {
    odd: `${oddText(dialect, 'instant_text', PLAIN_INSTANT, isGood, what)} AS odd_instant`,
    split: [
      'odd_instant',
      `CASE WHEN odd_instant = '' THEN '' ELSE substr(odd_instant, 1, 10) || ' ' || ${clock} END AS odd_clock`,
      `CASE WHEN odd_instant = '' THEN '' ELSE ${dialect.part(behind, SECONDS, 1)} END AS odd_seconds`,
      `CASE WHEN odd_instant = '' THEN 0 ELSE CASE ${offset(1)} WHEN '-' THEN -1 ELSE 1 END * (${minutes}) END AS odd_offset`,
    ],
    value: `CASE WHEN odd_instant = '' THEN ${dialect.plainInstant('instant_text')} ELSE ${dialect.instant(`(odd_clock || CASE WHEN odd_seconds = '' THEN ':00' ELSE odd_seconds END)`, 'odd_offset')} END`,
  };
}

const DATE = `^${DAY}\\z`;

/** The first instant of a report's date, in UTC; fails where it is none. */
function dateParsing(dialect: Dialect): Parsing {
  const isDate = dialect.matches('instant_text', DATE);
  const failure = dialect.fail(`'no date of 2000 to 2199: ' || instant_text`, dialect.instantType);
  const midnight = dialect.instant(`(instant_text || ' 00:00:00')`, '0');
  return {
    odd: 'instant_text',
    split: ['instant_text'],
    value: `CASE WHEN ${isDate} THEN ${midnight} ELSE ${failure} END`,
  };
}

const PLAIN_NUMBER = '^[0-9]{1,14}(?:[.][0-9]{1,24})?\\z';
const NUMBER = '^(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?0*(?:[0-3]?[0-9]|40))?\\z';

/** More than 40 digits before the exponent. */
const MANY_DIGITS = '^(?:[0-9][.]?|[.][0-9]){41}';

/**
 * Credits of the spec's forms, exact (rule M1); fails where they are no such number or do not
 * fit. Of an uncommon form it takes the digits and where the decimal point stands among them.
 */
function creditsParsing(dialect: Dialect, name: string): Parsing {
  const text = `${name}_text`;
  const odd = `odd_${name}`;
  const [digits, point] = [`${name}_digits`, `${name}_point`];
  const part = (pattern: string): string => dialect.part(odd, pattern, 1);
  const [whole, fraction, exponent] = [part('^([0-9]*)'), part('[.]([0-9]*)'), part('[eE](.*)\\z')];
  const what = 'no number of at most 40 digits that is not negative';
  const tooFine = dialect.fail(`'beyond ${CREDITS_TYPE}: ' || ${text}`, CREDITS_TYPE);
  const front = `CASE WHEN ${point} > 0 THEN ${dialect.without(`rpad(${digits}, ${point}, '0')`, '^0+')} ELSE '' END`;
  const allBehind = `CASE WHEN ${point} < 0 THEN lpad(${digits}, CAST(length(${digits}) AS INTEGER) - ${point}, '0') ELSE substr(${digits}, ${point} + 1) END`;
  const back = dialect.without(allBehind, '0+\\z');
  return {
    odd: `${oddText(dialect, text, PLAIN_NUMBER, `${dialect.matches(text, NUMBER)} AND NOT ${dialect.matches(text, MANY_DIGITS)}`, what)} AS ${odd}`,
    split: [
      odd,
      `CASE WHEN ${odd} = '' THEN '' ELSE ${whole} || ${fraction} END AS ${digits}`,
      `CASE WHEN ${odd} = '' THEN 0 ELSE CAST(length(${whole}) AS INTEGER) + CASE WHEN ${exponent} = '' THEN 0 ELSE CAST(${exponent} AS INTEGER) END END AS ${point}`,
    ],
    value: `CASE
    WHEN ${odd} = '' THEN ${dialect.plainCredits(text)}
    WHEN length(${front}) <= 14 AND length(${back}) <= 24
    THEN CAST('0' || ${front} || '.' || ${back} || '0' AS ${CREDITS_TYPE})
    ELSE ${tooFine}
  END`,
  };
}

/** The text where it is a value in an uncommon form, `''` where it is in the common one. */
function oddText(
  dialect: Dialect,
  text: string,
  plainPattern: string,
  isGood: string,
  what: string,
): string {
  const failure = dialect.fail(`'${what}: ' || ${text}`, dialect.textType);
  return `CASE WHEN ${dialect.matches(text, plainPattern)} THEN '' WHEN ${isGood} THEN ${text} ELSE ${failure} END`;
}
