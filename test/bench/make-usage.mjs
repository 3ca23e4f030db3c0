/**
 * Makes a data directory with a big `usage.csv`, the same bytes on every machine: by default
 * 411 MB, as a company's requests of one month are.
 *
 *   node test/bench/make-usage.mjs [DIR]
 *
 * ROWS=5000000   usage rows
 * SEATS=4574     seats that use something
 * IDS=short      users as `user-00042`, request ids as UUIDs; or `uuid`: users as UUIDs, request ids short
 * FORM=plain     how fields are written, see FORMS
 * DELIMITER=,    or a semicolon, and then decimal commas
 */
import { closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { randomFrom } from '../support/random.mjs';

export const BENCH_MONTH = '2026-01';
const MONTH_MS = 31 * 86_400_000;
const PROFILES = 7;
/** One in this many seats is the second seat of a user who has one elsewhere. */
const SEATS_PER_SECOND_SEAT = 26;
const FLUSH_BYTES = 1 << 20;
const LONGEST_ROW_BYTES = 256;

/** Makes the data in `folder` and returns its path. */
export function makeUsage(folder, wanted) {
  mkdirSync(folder, { recursive: true });
  const all = seatList(wanted.seats, wanted.ids);
  writeFileSync(join(folder, 'profiles.csv'), profileRows());
  writeFileSync(join(folder, 'subscriptions.csv'), subscriptionRows(all));
  writeFileSync(join(folder, 'overage_changes.csv'), overageRows());
  const unfinished = join(folder, 'usage.csv.unfinished');
  writeUsage(unfinished, wanted, all);
  renameSync(unfinished, join(folder, 'usage.csv'));
  return folder;
}

export function profileId(index) {
  return `team-${String(index + 1).padStart(2, '0')}`;
}

export function profileRows() {
  const rows = ['profile_id,account_id,region,overage'];
  for (let index = 0; index < PROFILES; index += 1) {
    const account = `1111${String(index).padStart(8, '0')}`;
    rows.push(
      `${profileId(index)},${account},us-east-1,${index % 2 === 0 ? 'enabled' : 'disabled'}`,
    );
  }
  return `${rows.join('\n')}\n`;
}

/** One profile switches overage in the middle of the month, so its seats have two stretches. */
function overageRows() {
  return `profile_id,changed_at,overage\n${profileId(1)},2026-01-16T12:00:00Z,enabled\n`;
}

const TIERS = ['Pro', 'Pro', 'Pro+', 'Power'];

export function subscriptionRows(seats) {
  const rows = ['profile_id,principal_type,principal_id,tier,subscribed_at'];
  for (const [index, { profile, user }] of seats.entries()) {
    rows.push(`${profile},user,${user},${TIERS[index % TIERS.length]},2025-11-03T08:00:00Z`);
  }
  return `${rows.join('\n')}\n`;
}

/** Adds the users of the data that are in `folder`. */
export function writeUsers(folder, { seats, ids }) {
  const users = new Set(seatList(seats, ids).map(({ user }) => user));
  const rows = [...users].map(
    (user) => `${user},Name of ${user},${user}@example.com,team ${user.at(-1)}`,
  );
  writeFileSync(join(folder, 'users.csv'), `user_id,name,email,cost_center\n${rows.join('\n')}\n`);
}

function seatList(count, ids) {
  return Array.from({ length: count }, (_, index) => {
    const isSecond = index % SEATS_PER_SECOND_SEAT === SEATS_PER_SECOND_SEAT - 1;
    const user = isSecond ? index - 1 : index;
    return { profile: profileId(index % PROFILES), user: userId(user, ids) };
  });
}

export function userId(index, ids) {
  if (ids === 'short') return `user-${String(index).padStart(5, '0')}`;
  const random = randomFrom(index + 1);
  const hex = () => (random() * 0x1_0000_0000).toString(16).slice(0, 8).padStart(8, '0');
  const digits = hex() + hex() + hex() + hex();
  return [8, 12, 16, 20, 32]
    .map((end, part, ends) => digits.slice(ends[part - 1] ?? 0, end))
    .join('-');
}

/** How systems write rows: how their rows differ from those of a plain file. */
export const FORMS = {
  plain: {},
  fractions: {
    instant: (at, random) => `${at}.${digits(random, 3 + 3 * Math.floor(random() * 3))}Z`,
  },
  quoted: { quote: '"', lineEnd: '\r\n' },
  offsets: { instant: (at) => `${at}+05:30` },
  digits: { credits: (credits, random) => credits + digits(random, 18 - credits.length) },
};

/** This many random digits. */
function digits(random, count) {
  let text = '';
  while (text.length < count)
    text += Math.floor(random() * 1e9)
      .toString()
      .padStart(9, '0');
  return text.slice(0, count);
}

const COLUMNS = ['timestamp', 'profile_id', 'user_id', 'request_id', 'credits'];

/** Rows in the order of time, as a log grows; credits mostly small, in hundredths. */
function writeUsage(file, { rows, ids, form, delimiter }, seats) {
  const {
    instant = (at) => `${at}Z`,
    credits = (text) => text,
    quote = '',
    lineEnd = '\n',
  } = FORMS[form];
  const between = `${quote}${delimiter}${quote}`;
  const random = randomFrom(20260101);
  const descriptor = openSync(file, 'w');
  const bytes = Buffer.alloc(FLUSH_BYTES + LONGEST_ROW_BYTES);
  let length = bytes.write(`${quote}${COLUMNS.join(between)}${quote}${lineEnd}`);
  const start = Date.UTC(2026, 0, 1);
  for (let row = 0; row < rows; row += 1) {
    const at = new Date(start + Math.floor((row / rows) * MONTH_MS)).toISOString().slice(0, 19);
    const { profile, user } = seats[Math.floor(random() * seats.length)];
    const hundredths = Math.floor(random() ** 3 * 2000) + 1;
    const used = credits((hundredths / 100).toFixed(2), random);
    const fields = [instant(at, random), profile, user, requestId(row, random, ids)];
    fields.push(delimiter === ',' ? used : used.replace('.', ','));
    length += bytes.latin1Write(`${quote}${fields.join(between)}${quote}${lineEnd}`, length);
    if (length >= FLUSH_BYTES) {
      writeSync(descriptor, bytes, 0, length);
      length = 0;
    }
  }
  writeSync(descriptor, bytes, 0, length);
  closeSync(descriptor);
}

function requestId(row, random, ids) {
  const hex = Math.floor(random() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0');
  if (ids !== 'short') return `q${row.toString(36).padStart(8, '0')}`;
  const tail = row.toString(16).padStart(12, '0');
  return `${hex}-${hex.slice(4)}-4${hex.slice(1, 4)}-a${hex.slice(5)}-${tail}`;
}

/** The data that the environment asks for, and the folder where they belong. */
export function wantedData() {
  const wanted = {
    rows: Number(process.env.ROWS ?? 5_000_000),
    seats: Number(process.env.SEATS ?? 4_574),
    ids: process.env.IDS ?? 'short',
    form: process.env.FORM ?? 'plain',
    delimiter: process.env.DELIMITER ?? ',',
  };
  return { wanted, folder: folderOf(wanted) };
}

export function folderOf({ rows, seats, ids, form, delimiter }) {
  const name = [rows, seats, ids, form, delimiter === ',' ? 'comma' : 'semicolon'].join('-');
  return resolve(import.meta.dirname, '../../.bench', name);
}

if (process.argv[1] === import.meta.filename) {
  const { wanted, folder } = wantedData();
  console.log(makeUsage(resolve(process.argv[2] ?? folder), wanted));
}
