import type { Dice } from './dice.ts';
import { mutated } from './mutated.ts';
import { type Style, styled } from './styled.ts';

const COLUMNS = ['timestamp', 'profile_id', 'user_id', 'credits'];
const UUID = '0f8b2c4d-1111-4222-8333-9a0b1c2d3e4f';

const GOOD_INSTANTS = [
  '2026-01-15T09:30:00Z',
  '2026-01-31T23:59:59Z',
  '2026-02-01T00:00:00Z',
  '2026-01-16T12:00:00Z',
  '2026-01-16T11:59:59.999999999Z',
  '2026-01-16T12:00:00.5Z',
  '2025-12-31T23:59:59Z',
  '2026-01-20T10:00:00z',
  '2026-01-20t10:00:00Z',
  '2026-01-20 10:00:00Z',
  '2026-01-20 10:00:00',
  '2026-01-20T10:00:00',
  '2026-01-20T10:00',
  '2026-01-20T10:00Z',
  '2026-01-20T10:00:00.123Z',
  '2026-01-20T10:00:00.123456789',
  '2026-02-01T00:30:00+05:30',
  '2026-01-31T23:30:00-0530',
  '2026-01-31T23:30:00-05',
  '2026-01-31T23:59:59.1-23:59',
  '2026-01-20',
  '2000-01-01T00:00:00+23:59',
  '2199-12-31T23:59:59-23:59',
  '2024-02-29T00:00:00Z',
  '2100-02-28T00:00:00Z',
];
const BAD_INSTANTS = [
  '',
  '2026-02-30',
  '2026-02-29T00:00:00Z',
  '2100-02-29T00:00:00Z',
  '2026-01-20T24:00:00Z',
  '2026-01-20T10:60:00Z',
  '2026-01-20T10:00:60Z',
  '2026-01-20T10:00:00.Z',
  '2026-01-20T10:00:00.1234567890Z',
  '2026-01-20T10:00:00+24:00',
  '2026-01-20T10:00:00+05:60',
  '2026-01-20T10:00:00+5',
  '2026-01-20T10:00:00+05:3',
  '2026-01-20T10:00:00+053',
  '2026-01-20T10:00:00ZZ',
  '2026-01-20T10:00:0Z',
  '2026-1-20T10:00:00Z',
  '2026-00-20T10:00:00Z',
  '2026-13-20T10:00:00Z',
  '2026-01-00T10:00:00Z',
  '2026-01-32T10:00:00Z',
  '1999-12-31T23:59:59Z',
  '2200-01-01T00:00:00Z',
  '2026-01-20X10:00:00Z',
  '2026-01-20T10-00:00Z',
  '2026/01/20T10:00:00Z',
  '2026-01-20T3:00:00ZZ',
  '2026-01-4:T10:00:00Z',
  '2026-01-20T1::00:00Z',
  'yesterday',
  '２026-01-20',
];

const GOOD_PROFILES = ['p-1', 'team-1', 'ARN', 'p-2', 'prófil', 'a"b', 'x,y', 'p 2'];
const BAD_PROFILES = ['', 'nobody', 'p-1\u0007', 'p-1\u0085', `p${'x'.repeat(256)}`];

const GOOD_USERS = [
  'user-00042',
  'user-00043',
  'u',
  'a',
  'd',
  UUID,
  UUID.toUpperCase(),
  `d-1234567890.${UUID}`,
  `arn:aws:identitystore:::user/${UUID}`,
  `906712345f-${UUID}`,
  `d-1234567890.906712345f-${UUID}`,
  `d-123456789.${UUID}`,
  'Zoë',
  '田中',
  '"quoted"',
  "o'neil+kiro@example.com",
  'a b',
  '=HYPERLINK("x")',
  'é'.repeat(128),
  'x'.repeat(256),
  '😀',
];
const BAD_USERS = [
  '',
  ' ',
  'x'.repeat(257),
  'é'.repeat(129),
  'a\u0000b',
  'a\u001fb',
  'a\u007fb',
  'a\u0080b',
  'a\tb',
  'a\nb',
  'a\rb',
];

const GOOD_CREDITS = [
  '7',
  '0',
  '7.0',
  '.5',
  '7.',
  '007',
  '4.17',
  '12.05',
  '1e-05',
  '1.2E+02',
  '1e40',
  '1E-40',
  '114.45787414391377',
  '0.123456789012345678',
  '0.1234567890123456789',
  '.123456789',
  '999999999.999999999',
  '1000000000',
  '99999999999999999999.5',
  '1234567890123456789012345678901234567890',
  '000000000000.10',
];
const BAD_CREDITS = [
  '',
  '.',
  '-1',
  '-0',
  '+1',
  '1,000',
  '1_000',
  '0x10',
  'NaN',
  'Infinity',
  '1e41',
  '1e',
  '1.2.3',
  '12a',
  '1 2',
  '１',
  '12345678901234567890123456789012345678901',
];

const GOOD_REQUESTS = ['', 'r-1', 'r-2', 'r-3', ' r-1', 'r-1 ', '"r-1"', 'ré', 'r-4'];
const NOTES = [
  '',
  'x',
  'a note',
  'two\nlines',
  'two\r\nlines',
  'say "hi"',
  ',',
  'ünïcode',
  '\t',
  '-',
];

/** How often fields are written in another way than the usual. */
export interface Oddness {
  /** How rarely things are bad; 0 for never. */
  readonly badOneIn: number;
  /** How rarely a field is of a rare kind; 1 for always. */
  readonly rareOneIn: number;
  /** How many users there are beside those that are hard to read. */
  readonly users: number;
}

/** Random usage files: most of their rows are good, in all the ways in which rows can be. */
export class UsageBytes {
  readonly #dice: Dice;
  readonly #badOneIn: number;
  readonly #rareOneIn: number;
  readonly #users: number;

  constructor(dice: Dice, { badOneIn, rareOneIn, users }: Oddness) {
    this.#dice = dice;
    this.#badOneIn = badOneIn;
    this.#rareOneIn = rareOneIn;
    this.#users = users;
  }

  /** A file of up to so many rows, mutated now and then. */
  file(mostRows: number): Buffer {
    const dice = this.#dice;
    const columns = this.#columns();
    const lines = dice.pick(['\n', '\n', '\n', '\r\n', 'mixed']);
    const lineEnd = (): string => (lines === 'mixed' ? dice.pick(['\n', '\r\n']) : lines);
    const style = this.#isRare()
      ? dice.pick<Style>(['plain', 'quoted', 'spaced', 'mixed'])
      : 'plain';
    const rows = dice.roll(mostRows + 1);
    let text = dice.oneIn(5) ? '\ufeff' : '';
    while (dice.oneIn(6)) text += lineEnd();
    text += columns.map((name) => this.#headerField(name)).join(',') + lineEnd();
    for (let row = 0; row < rows; row += 1) {
      while (this.#isRare() && dice.oneIn(10)) text += lineEnd();
      const fields = columns.map((name) => styled(dice, this.#value(name), style));
      if (this.#isBad(3)) fields.pop();
      if (this.#isBad(3)) fields.push('more');
      text += fields.join(',') + (row === rows - 1 && dice.oneIn(3) ? '' : lineEnd());
    }
    const bytes = Buffer.from(text);
    return this.#badOneIn > 0 && dice.oneIn(4) ? mutated(dice, bytes) : bytes;
  }

  #columns(): string[] {
    const dice = this.#dice;
    const columns = [...COLUMNS];
    if (dice.roll(3) > 0) columns.push('request_id');
    if (dice.oneIn(3)) columns.push('note');
    if (dice.oneIn(8)) columns.push('note');
    const shuffled = dice.oneIn(3) ? columns : dice.shuffled(columns);
    if (this.#isBad(4)) shuffled.splice(dice.roll(shuffled.length), 1);
    if (this.#isBad(4)) shuffled.push(dice.pick(COLUMNS));
    return shuffled;
  }

  #headerField(name: string): string {
    const cased = this.#dice.oneIn(6) ? name.toUpperCase() : name;
    return this.#dice.oneIn(6)
      ? this.#dice.pick([`"${cased}"`, ` ${cased}`, `" ${cased} "`])
      : cased;
  }

  #value(column: string): string {
    const dice = this.#dice;
    switch (column) {
      case 'timestamp':
        return this.#oneOf(GOOD_INSTANTS, BAD_INSTANTS);
      case 'profile_id':
        return this.#oneOf(GOOD_PROFILES, BAD_PROFILES);
      case 'user_id':
        return this.#oneOf(GOOD_USERS, BAD_USERS, `user-${dice.roll(this.#users)}`);
      case 'credits':
        return this.#oneOf(GOOD_CREDITS, BAD_CREDITS, (dice.roll(2000) / 100).toFixed(2));
      case 'request_id':
        return this.#oneOf(GOOD_REQUESTS, GOOD_REQUESTS, `r-${dice.roll(50)}`);
      default:
        return this.#oneOf(NOTES, NOTES, 'a note');
    }
  }

  /** Mostly the usual, or else any of those that are good or, now and then, bad. */
  #oneOf(good: readonly string[], bad: readonly string[], usual?: string): string {
    if (this.#isBad(1)) return this.#dice.pick(bad);
    if (this.#isRare()) return this.#dice.pick(good);
    return usual ?? (good[this.#dice.roll(4)] as string);
  }

  #isRare(): boolean {
    return this.#dice.oneIn(this.#rareOneIn);
  }

  #isBad(share: number): boolean {
    return this.#badOneIn > 0 && this.#dice.oneIn(this.#badOneIn * share);
  }
}
