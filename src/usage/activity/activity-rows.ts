import type { Header } from '../../input/table.ts';
import type { RowConsumer } from '../rows/row-consumer.ts';
import type { RowKernel } from '../rows/row-kernel.ts';
import { fieldAt, type KeySpace, type WantedColumn } from '../rows/typed-rows.ts';
import type { AmountBuffer } from './amount.ts';
import type { ReportColumns } from './report-columns.ts';
import { type CollectedRows, packedFlags } from './report-rows.ts';
import { FREE_TIER } from './words.ts';

const CREDITS = 'credits_used';
const OVERAGE = 'overage_credits_used';

/** The texts of the columns that are read as words, with the same numbers in all files. */
export type WordSpaces = ReadonlyMap<keyof ReportColumns, KeySpace>;

export function wordSpaces(kernel: RowKernel, columns: ReportColumns): WordSpaces {
  const named = Object.entries(columns) as [keyof ReportColumns, ReportColumns['date']][];
  return new Map(named.map(([name, { ofText }]) => [name, kernel.newSpace(ofText)]));
}

/** Where in a row's ints a word is; a file without the column has the same word in all rows. */
interface WordField {
  readonly offset: number;
  readonly blank: number;
}

/** Adds the rows of activity reports to a `CollectedRows`. */
export class ActivityRows implements RowConsumer {
  readonly wanted: readonly WantedColumn[];
  readonly #reports: CollectedRows;
  readonly #places: FieldPlaces;

  constructor({ indexOf }: Header, reports: CollectedRows, words: WordSpaces) {
    this.#reports = reports;
    const columnOf = (name: string): number => indexOf.get(name) ?? -1;
    const named: readonly { readonly name: string; readonly wanted: WantedColumn }[] = [
      { name: CREDITS, wanted: { column: columnOf(CREDITS), as: 'decimal' } },
      { name: OVERAGE, wanted: { column: columnOf(OVERAGE), as: 'decimal or blank' } },
      ...[...words].map(([name, space]) => ({
        name,
        wanted: { column: columnOf(name), as: 'key', space } as const,
      })),
    ];
    const present = named.filter(({ wanted: { column } }) => column >= 0);
    this.wanted = present.map(({ wanted }) => wanted);
    const offsets = new Map(present.map(({ name }, index) => [name, fieldAt(index)]));
    this.#places = fieldPlaces(offsets, reports.columns);
  }

  add(kernel: RowKernel): number {
    const { values, stride, count } = kernel;
    const reports = this.#reports;
    const { creditsAt, overageAt, words } = this.#places;
    const used: AmountBuffer = [0, 0, 0];
    const overage: AmountBuffer = [0, 0, 0];
    for (let index = 0, at = 0; index < count; index += 1, at += stride) {
      const tier = wordOf(values, at, words.tier);
      if (tier === FREE_TIER) {
        reports.addFreeRow();
        continue;
      }
      readAmount(values, at + creditsAt, used);
      if (overageAt !== undefined) readAmount(values, at + overageAt, overage);
      const group = reports.groupOf(
        wordOf(values, at, words.date),
        wordOf(values, at, words.client),
        wordOf(values, at, words.profile),
      );
      const facts = reports.factsOf(
        tier,
        wordOf(values, at, words.cap),
        wordOf(values, at, words.limit),
        packedFlags(
          wordOf(values, at, words.overageSwitch),
          wordOf(values, at, words.newUser),
          wordOf(values, at, words.email),
        ),
      );
      reports.put(
        group,
        wordOf(values, at, words.user),
        used,
        overage,
        facts,
        kernel.lineOf(index),
      );
    }
    return count;
  }
}

/** Where in a row's ints its fields are, by the offsets of the columns that the file has. */
function fieldPlaces(offsets: ReadonlyMap<string, number>, columns: ReportColumns) {
  const word = (name: keyof ReportColumns): WordField => ({
    offset: offsets.get(name) ?? -1,
    blank: columns[name]?.ofText('') ?? 0,
  });
  return {
    creditsAt: offsets.get(CREDITS) ?? 0,
    overageAt: offsets.get(OVERAGE),
    words: {
      date: word('date'),
      client: word('client_type'),
      profile: word('profileid'),
      user: word('userid'),
      tier: word('subscription_tier'),
      overageSwitch: word('overage_enabled'),
      cap: word('overage_cap'),
      limit: word('usage_limit'),
      newUser: word('new_user'),
      email: word('user_email'),
    },
  };
}

type FieldPlaces = ReturnType<typeof fieldPlaces>;

function wordOf(values: Int32Array, row: number, { offset, blank }: WordField): number {
  return offset < 0 ? blank : (values[row + offset] as number);
}

function readAmount(values: Int32Array, at: number, into: AmountBuffer): void {
  into[0] = values[at] as number;
  into[1] = values[at + 1] as number;
  into[2] = values[at + 2] as number;
}
