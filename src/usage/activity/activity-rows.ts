import type { Header } from '../../input/table.ts';
import type { RowConsumer } from '../rows/row-consumer.ts';
import { fieldAt, type KeySpace, type RowKernel, type WantedColumn } from '../rows/row-kernel.ts';
import type { Amount } from './amounts.ts';
import type { ReportColumns } from './report-columns.ts';
import { type CollectedRows, newRowFigures } from './report-rows.ts';
import { FREE_TIER } from './report-words.ts';

const CREDITS = 'credits_used';
const OVERAGE = 'overage_credits_used';
const USER = 'userid';

/** The texts of the columns of words, which have the same numbers in all files. */
export type WordSpaces = ReadonlyMap<keyof ReportColumns, KeySpace>;

export function wordSpaces(kernel: RowKernel, columns: ReportColumns): WordSpaces {
  const names = Object.keys(columns) as (keyof ReportColumns)[];
  return new Map(names.map((name) => [name, kernel.newSpace((text) => columns[name](text) ?? -1)]));
}

/** Where in a row's ints a word is; a file without the column has the same one everywhere. */
interface WordField {
  readonly offset: number;
  readonly blank: number;
}

/** Adds the rows of activity reports to a `CollectedRows`. */
export class ActivityRows implements RowConsumer {
  readonly wanted: readonly WantedColumn[];
  readonly #reports: CollectedRows;
  readonly #offsets: ReadonlyMap<string, number>;
  readonly #row = newRowFigures();

  constructor({ indexOf }: Header, reports: CollectedRows, words: WordSpaces) {
    this.#reports = reports;
    const columnOf = (name: string): number => indexOf.get(name) ?? -1;
    const named: readonly { readonly name: string; readonly wanted: WantedColumn }[] = [
      { name: CREDITS, wanted: { column: columnOf(CREDITS), as: 'decimal' } },
      { name: OVERAGE, wanted: { column: columnOf(OVERAGE), as: 'decimal or blank' } },
      {
        name: USER,
        wanted: { column: columnOf(USER), as: 'key', space: reports.seats.users.userKeys },
      },
      ...[...words].map(([name, space]) => ({
        name,
        wanted: { column: columnOf(name), as: 'key', space } as const,
      })),
    ];
    const present = named.filter(({ wanted: { column } }) => column >= 0);
    this.wanted = present.map(({ wanted }) => wanted);
    this.#offsets = new Map(present.map(({ name }, index) => [name, fieldAt(index)]));
  }

  add(kernel: RowKernel): number {
    const { values, stride, count } = kernel;
    const reports = this.#reports;
    const [creditsAt, userAt] = [this.#offsets.get(CREDITS) ?? 0, this.#offsets.get(USER) ?? 0];
    const overageAt = this.#offsets.get(OVERAGE);
    const date = this.#word('date');
    const client = this.#word('client_type');
    const profile = this.#word('profileid');
    const tiers = this.#word('subscription_tier');
    const switches = this.#word('overage_enabled');
    const caps = this.#word('overage_cap');
    const limits = this.#word('usage_limit');
    const row = this.#row;
    for (let index = 0, at = 0; index < count; index += 1, at += stride) {
      const tier = wordOf(values, at, tiers);
      if (tier === FREE_TIER) {
        reports.addFreeRow();
        continue;
      }
      readAmount(values, at + creditsAt, row.used);
      if (overageAt !== undefined) readAmount(values, at + overageAt, row.overage);
      row.facts = reports.factsOf(
        wordOf(values, at, switches),
        wordOf(values, at, caps),
        tier,
        wordOf(values, at, limits),
      );
      row.line = kernel.lineOf(index);
      const user = values[at + userAt] as number;
      const seat = reports.seats.numberOf(user, wordOf(values, at, profile));
      reports.put(wordOf(values, at, date), wordOf(values, at, client), seat, row);
    }
    return count;
  }

  #word(name: keyof ReportColumns): WordField {
    const blank = this.#reports.columns[name]('') ?? -1;
    return { offset: this.#offsets.get(name) ?? -1, blank };
  }
}

function wordOf(values: Int32Array, row: number, { offset, blank }: WordField): number {
  return offset < 0 ? blank : (values[row + offset] as number);
}

function readAmount(values: Int32Array, at: number, into: Amount): void {
  into.whole = values[at] as number;
  into.billionths = values[at + 1] as number;
  into.rest = values[at + 2] as number;
}
