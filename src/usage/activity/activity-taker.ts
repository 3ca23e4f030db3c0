import { decimalText } from '../../domain/decimal.ts';
import { NANOS_PER_DAY } from '../../domain/instant.ts';
import { tierKey } from '../../domain/tier.ts';
import { credits, type FieldParser, id, overageSwitch } from '../../input/fields.ts';
import type { Header } from '../../input/table.ts';
import type { ScanText } from '../bytes/scan-text.ts';
import type { RowTaker } from '../row-taker.ts';
import { fieldAt, ROWS_AT_ONCE, type RowScanner, type WantedField } from '../scan/row-scanner.ts';
import { type FieldColumn, RowBatch } from '../sums/row-batch.ts';
import { dateField } from './activity-row.ts';
import type { Amount } from './amounts.ts';
import {
  FREE_TIER,
  NO_CAP,
  newReportRow,
  OFF,
  ON,
  type ReportTable,
  UNTOLD,
} from './report-table.ts';
import { WordColumn } from './word-column.ts';

/** The amounts and the user stand first of all wanted fields, before the columns of words. */
const CREDITS = 'credits_used';
const OVERAGE = 'overage_credits_used';
const USER = 'userid';

/** Takes rows of activity reports in, column by column, into a `ReportTable`. */
export class ActivityTaker implements RowTaker {
  readonly wanted: readonly WantedField[];
  readonly isOrdered = false;
  readonly #reports: ReportTable;
  /** Where in a row's ints the fields of a column begin; missing for a column that the file has not. */
  readonly #offsets: ReadonlyMap<string, number>;
  readonly #days: WordColumn;
  readonly #clients: WordColumn;
  readonly #profiles: WordColumn;
  readonly #tiers: WordColumn;
  readonly #switches: WordColumn;
  readonly #caps: WordColumn;
  /** All of them, by the names of their columns. */
  readonly #words: readonly (readonly [string, WordColumn])[];
  readonly #seats = new Int32Array(ROWS_AT_ONCE);
  readonly #batch = new RowBatch();
  readonly #row = newReportRow();

  constructor({ indexOf }: Header, reports: ReportTable) {
    this.#reports = reports;
    const { clients, caps, tiers } = reports;
    this.#days = new WordColumn(required(dateField, (at) => Number(at / NANOS_PER_DAY)));
    this.#clients = new WordColumn((text) => clients.numberOf(text.toUpperCase()));
    this.#profiles = new WordColumn(required(id, (profile) => reports.matchProfile(profile)));
    this.#tiers = new WordColumn((text) => tiers.numberOf(tierKey(text)));
    this.#switches = new WordColumn(optional(overageSwitch, UNTOLD, (on) => (on ? ON : OFF)));
    this.#caps = new WordColumn(
      optional(credits, NO_CAP, (cap) => caps.numberOf(decimalText(cap, 0))),
    );
    this.#words = [
      ['date', this.#days],
      ['client_type', this.#clients],
      ['profileid', this.#profiles],
      ['subscription_tier', this.#tiers],
      ['overage_enabled', this.#switches],
      ['overage_cap', this.#caps],
      // Billing has no use for it, but it must be a word that it can be.
      ['new_user', new WordColumn(optional(overageSwitch, UNTOLD, () => UNTOLD))],
    ];
    const fields = [
      { name: CREDITS, as: 'credits' },
      { name: OVERAGE, as: 'optional credits' },
      { name: USER, as: 'key' },
      ...this.#words.map(([name]) => ({ name, as: 'key' }) as const),
    ] as const;
    const present = fields.filter(({ name }) => (indexOf.get(name) ?? -1) >= 0);
    this.wanted = present.map(({ name, as }) => ({ column: indexOf.get(name) as number, as }));
    this.#offsets = new Map(present.map(({ name }, index) => [name, fieldAt(index)]));
    for (const [name, column] of this.#words) if (!this.#offsets.has(name)) column.readBlanks();
  }

  take(text: ScanText, rows: RowScanner, first: number): number {
    const batch = this.#batch;
    batch.first = first;
    batch.end = rows.nextLeft(first);
    for (const [name, column] of this.#words) {
      const fields = this.#fields(rows, name);
      if (fields !== undefined) column.readAll(text, fields, batch);
    }
    const users = this.#fields(rows, USER) as FieldColumn;
    this.#reports.seats.findAll(text, users, batch, this.#profiles.numbers, this.#seats);
    this.#put(rows);
    return batch.end;
  }

  #fields({ values, stride }: RowScanner, name: string): FieldColumn | undefined {
    const offset = this.#offsets.get(name);
    return offset === undefined ? undefined : { values, stride, offset };
  }

  #put(rows: RowScanner): void {
    const reports = this.#reports;
    const { first, end } = this.#batch;
    const used = this.#fields(rows, CREDITS) as FieldColumn;
    const overage = this.#fields(rows, OVERAGE);
    const row = this.#row;
    for (let index = first; index < end; index += 1) {
      const tier = this.#tiers.numbers[index] as number;
      if (tier === FREE_TIER) {
        reports.addFreeRow();
        continue;
      }
      readAmount(used, index, row.credits);
      if (overage !== undefined) readAmount(overage, index, row.overage);
      row.told = reports.toldOf(
        this.#switches.numbers[index] as number,
        this.#caps.numbers[index] as number,
        tier,
      );
      row.line = rows.lineOf(index);
      const key = reports.keyOf(
        this.#days.numbers[index] as number,
        this.#clients.numbers[index] as number,
        this.#seats[index] as number,
      );
      reports.put(key, row);
    }
  }
}

function readAmount({ values, stride, offset }: FieldColumn, row: number, into: Amount): void {
  const at = row * stride + offset;
  into.whole = values[at] as number;
  into.billionths = values[at + 1] as number;
  into.rest = values[at + 2] as number;
}

/** Reads a text that must not be blank. */
function required<Value>(
  parse: FieldParser<Value>,
  numberOf: (value: Value) => number | undefined,
): (text: string) => number | undefined {
  return (text) => {
    const parsed = text === '' ? undefined : parse(text);
    return parsed !== undefined && 'value' in parsed ? numberOf(parsed.value) : undefined;
  };
}

function optional<Value>(
  parse: FieldParser<Value>,
  blank: number,
  numberOf: (value: Value) => number,
): (text: string) => number | undefined {
  const read = required(parse, numberOf);
  return (text) => (text === '' ? blank : read(text));
}
