/**
 * Makes a data directory with a bucket of activity reports, the same bytes on every machine:
 * by default 1 GB, as the clients of a big company write them in a month. One row in fifty is
 * delivered again, one in five of these with other figures.
 *
 *   node test/bench/make-activity.mjs [DIR]
 *
 * ACTIVITY_ROWS=5000000   report rows
 * LAYOUT=days             a file per day and client; `parts`: of at most 1,000 rows each, as
 *                         AWS splits them; `one`: a single file of everything
 */
import { closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { randomFrom } from '../support/random.mjs';
import { BENCH_MONTH, profileId, profileRows, subscriptionRows, userId } from './make-usage.mjs';

const DAYS = 31;
const CLIENTS = ['KIRO_IDE', 'KIRO_CLI', 'PLUGIN'];
const HEADER =
  'Date,UserId,Client_Type,Chat_Conversations,Credits_Used,Overage_Cap,Overage_Credits_Used,Overage_Enabled,ProfileId,Subscription_Tier,Total_Messages,New_User,User_Email,Usage_Limit,auto_messages\n';
const TIERS = ['PRO', 'PRO', 'PRO_PLUS', 'POWER'];
const PROFILES = 7;
const ROWS_PER_PART = 1000;
/** Of the rows of a day, those that come again; and of these, those with other figures. */
const ROWS_PER_AGAIN = 50;
const AGAIN_PER_DIFFERING = 5;
/** One in this many users is idle with a client on a day. */
const USERS_PER_IDLE = 10;
const FLUSH_BYTES = 1 << 20;

/** Makes the data in `folder` and returns its path. */
export function makeActivity(folder, { rows, layout }) {
  const perFile = Math.round(
    (rows * ROWS_PER_AGAIN) / (ROWS_PER_AGAIN + 1) / DAYS / CLIENTS.length,
  );
  const users = seatList(Math.ceil((perFile * USERS_PER_IDLE) / (USERS_PER_IDLE - 1)));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'profiles.csv'), profileRows());
  writeFileSync(join(folder, 'subscriptions.csv'), subscriptionRows(users));
  const files = new ReportFiles(join(folder, 'bucket.unfinished'), layout);
  for (let day = 1; day <= DAYS; day += 1) writeDay(files, day, users, perFile);
  files.close();
  renameSync(join(folder, 'bucket.unfinished'), join(folder, 'bucket'));
  return folder;
}

function seatList(count) {
  return Array.from({ length: count }, (_, index) => ({
    profile: profileId(index % PROFILES),
    arn: profileArn(index % PROFILES),
    user: userId(index, 'uuid'),
    index,
  }));
}

function profileArn(index) {
  const account = `1111${String(index).padStart(8, '0')}`;
  return `arn:aws:codewhisperer:us-east-1:${account}:profile/${profileId(index)}`;
}

/** The reports of one day, and hours later those rows that are delivered again. */
function writeDay(files, day, users, perFile) {
  const date = `${BENCH_MONTH}-${String(day).padStart(2, '0')}`;
  const again = [];
  for (const [number, client] of CLIENTS.entries()) {
    const random = randomFrom(day * CLIENTS.length + number);
    const first = Math.floor(random() * users.length);
    files.open(date, client, '0200');
    for (let row = 0; row < perFile; row += 1) {
      const user = users[(first + row) % users.length];
      const facts = { date, client, user, ...figures(random) };
      files.write(rowText(facts));
      if (row % ROWS_PER_AGAIN === number) again.push(facts);
    }
  }
  const random = randomFrom(day);
  for (const [number, client] of CLIENTS.entries()) {
    files.open(date, client, `140${number}`);
    for (const [index, facts] of again.entries()) {
      if (facts.client !== client) continue;
      const isOther = index % AGAIN_PER_DIFFERING === 0;
      files.write(rowText(isOther ? { ...facts, ...figures(random) } : facts));
    }
  }
}

/** Half of the numbers are floats of full precision; few users are beyond their plan. */
function figures(random) {
  const credits = random() ** 3 * 100;
  return {
    credits: random() < 0.5 ? credits.toFixed(2) : credits.toFixed(14),
    overage: random() < 0.03 ? (random() * 20).toFixed(13) : '0.0',
    messages: 1 + Math.floor(random() * 40),
  };
}

function rowText({ date, client, user, credits, overage, messages }) {
  const { user: id, arn, index } = user;
  const tier = TIERS[index % TIERS.length];
  return `${date},"d-9067123456.${id}",${client},${messages >> 2},${credits},1000,${overage},true,"${arn}",${tier},${messages},false,"user-${index}@example.com",1000,${messages}\n`;
}

/** Report files of a bucket, written one after another. */
class ReportFiles {
  #folder;
  #layout;
  #descriptor;
  #bytes = Buffer.alloc(FLUSH_BYTES + 1024);
  #length = 0;
  #rows = 0;
  #name = {};
  #part = 0;

  constructor(folder, layout) {
    this.#folder = folder;
    this.#layout = layout;
    if (layout === 'one') this.#openFile('KIRO_user_report_202602010200.csv');
  }

  open(date, client, time) {
    if (this.#layout === 'one') return;
    this.#name = { date, client, time };
    this.#part = 0;
    this.#openPart();
  }

  #openPart() {
    const { date, client, time } = this.#name;
    this.#part += 1;
    const part = this.#layout === 'parts' ? `_part_${this.#part}` : '';
    const [year, month, day] = date.split('-');
    const stamp = `${year}${month}${day}${time}`;
    const folder = `AWSLogs/111100000000/KiroLogs/user_report/us-east-1/${year}/${month}/${day}/00`;
    this.#openFile(`${folder}/${client}_111100000000_user_report_${stamp}${part}.csv`);
  }

  #openFile(name) {
    this.close();
    const file = join(this.#folder, name);
    mkdirSync(dirname(file), { recursive: true });
    this.#descriptor = openSync(file, 'w');
    this.#rows = 0;
    this.#put(HEADER);
  }

  write(row) {
    if (this.#layout === 'parts' && this.#rows === ROWS_PER_PART) this.#openPart();
    this.#rows += 1;
    this.#put(row);
  }

  #put(text) {
    this.#length += this.#bytes.latin1Write(text, this.#length);
    if (this.#length >= FLUSH_BYTES) this.#flush();
  }

  #flush() {
    writeSync(this.#descriptor, this.#bytes, 0, this.#length);
    this.#length = 0;
  }

  close() {
    if (this.#descriptor === undefined) return;
    this.#flush();
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** The data that the environment asks for, and the folder where they belong. */
export function wantedActivity() {
  const rows = Number(process.env.ACTIVITY_ROWS ?? 5_000_000);
  const layout = process.env.LAYOUT ?? 'days';
  const folder = resolve(import.meta.dirname, '../../.bench', `activity-${rows}-${layout}`);
  return { wanted: { rows, layout }, folder };
}

if (process.argv[1] === import.meta.filename) {
  const { wanted, folder } = wantedActivity();
  console.log(makeActivity(resolve(process.argv[2] ?? folder), wanted));
}
