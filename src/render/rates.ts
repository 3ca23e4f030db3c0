import { type Decimal, decimalText } from '../domain/decimal.ts';
import type { RateEdition, TierOverride, TierTerms } from '../domain/rate-card.ts';
import type { Partition } from '../domain/region.ts';
import {
  type ColumnOf,
  CURRENCY_COLUMN,
  column,
  type Sheet,
  type SheetMonth,
  sheetOf,
} from '../domain/sheet.ts';
import { creditsShown, priceShown } from './amounts.ts';
import { drawnPage, figureColumn, type TableCell, type TableColumn } from './block-table.ts';
import { type JsonValue, jsonText } from './json.ts';
import { type Look, type Palette, paletteOf } from './palette.ts';
import { visible } from './terminal.ts';
import { textOfLines, truncate, wrapped } from './width.ts';

/** A tier of a partition, or what an override replaces. */
interface RateRow {
  /** Blank for an override. */
  readonly partition: string;
  /** The account or profile of an override; blank for a tier of a partition. */
  readonly owner: string;
  readonly tier: string;
  readonly rank?: number;
  /** Missing where an override replaces nothing. */
  readonly figures: TierOverride;
}

/** The columns of a rate card as rows. */
export const RATE_COLUMNS: readonly ColumnOf<RateRow, RateEdition & SheetMonth>[] = [
  column('from', 'text', (_, { from }) => from),
  column('partition', 'text', ({ partition }) => partition),
  column('applies_to', 'text', ({ owner }) => owner),
  column('tier', 'text', ({ tier }) => tier),
  column('rank', 'count', ({ rank }) => rank, false),
  column('price', 'price', ({ figures }) => figures.price),
  column('credits', 'credits', ({ figures }) => figures.credits, false),
  column('overage_rate', 'price', ({ figures }) => figures.overageRate),
  CURRENCY_COLUMN,
  column('first_month', 'text', (_, { firstMonth }) => firstMonth),
  column('first_month_upgrade', 'text', (_, { firstMonthUpgrade }) => firstMonthUpgrade),
];

/** The edition as a sheet: a row per partition and tier, then a row per override. */
export function ratesSheet(edition: RateEdition): Sheet {
  const rows = [...partitionRows(edition), ...overrideRows(edition)];
  return sheetOf({ ...edition, month: edition.from }, RATE_COLUMNS, rows);
}

function partitionRows({ partitions }: RateEdition): RateRow[] {
  return [...partitions].flatMap(([partition, tiers]) =>
    tiers.map((terms) => {
      const { tier, rank } = terms;
      return { partition, owner: '', tier, rank, figures: terms };
    }),
  );
}

function overrideRows({ overrides }: RateEdition): RateRow[] {
  return [...overrides].flatMap(([owner, tiers]) =>
    [...tiers].map(([tier, figures]) => ({ partition: '', owner, tier, figures })),
  );
}

/** A rate card of this one edition, as `--rates` reads it; decimals are strings. */
export function ratesJson(edition: RateEdition): string {
  const partitions = [...edition.partitions].map(
    ([partition, tiers]) => [partition, tiers.map(tierObject)] as const,
  );
  const overrides = [...edition.overrides].map(
    ([owner, tiers]) =>
      [
        owner,
        Object.fromEntries([...tiers].map(([tier, figures]) => [tier, figureMembers(figures)])),
      ] as const,
  );
  return jsonText({
    editions: [
      {
        from: edition.from,
        currency: edition.currency,
        first_month: edition.firstMonth,
        first_month_upgrade: edition.firstMonthUpgrade,
        partitions: Object.fromEntries(partitions),
        overrides: overrides.length === 0 ? undefined : Object.fromEntries(overrides),
      },
    ],
  });
}

function tierObject({ tier, rank, ...figures }: TierTerms): JsonValue {
  return { name: tier, rank, ...figureMembers(figures) };
}

function figureMembers({ price, credits, overageRate }: TierOverride) {
  return {
    price: figure(price),
    credits: figure(credits),
    overage_rate: figure(overageRate),
  };
}

function figure(value: Decimal | undefined): string | undefined {
  return value === undefined ? undefined : decimalText(value, 0);
}

interface RatesLook extends Look {
  /** Partitions whose prices the vendor gives only approximately: said below the table. */
  readonly approximatePartitions: ReadonlySet<Partition>;
}

function tableColumns(
  { currency, partitions }: RateEdition,
  { faint }: Palette,
): TableColumn<RateRow>[] {
  const firstTiers = new Set<TierOverride | undefined>(
    [...partitions.values()].map(([first]) => first),
  );
  const figure = (text: string | undefined): TableCell =>
    text === undefined ? { text: 'same', paint: faint } : { text };
  return [
    {
      kind: 'id',
      heading: 'Partition',
      shrink: { comfort: 14, minimum: 6 },
      // The partition is named once, at its first tier.
      cell: ({ partition, owner, figures }) => ({
        text: visible(firstTiers.has(figures) ? partition : owner),
      }),
    },
    {
      name: 'tier',
      kind: 'name',
      heading: 'Tier',
      shrink: { comfort: 16, minimum: 6 },
      cell: ({ tier }) => ({ text: visible(tier) }),
    },
    figureColumn('price', 'Per month', undefined, ({ figures: { price } }) =>
      figure(price && priceShown(price, currency)),
    ),
    figureColumn('credits', 'Credits', 2, ({ figures: { credits } }) =>
      figure(credits && creditsShown(credits, 0)),
    ),
    figureColumn('overage_rate', 'Overage per credit', 1, ({ figures: { overageRate } }) =>
      figure(overageRate && priceShown(overageRate, currency)),
    ),
  ];
}

/** The edition as a table for people, with the overrides below the partitions' prices. */
export function ratesTable(edition: RateEdition, look: RatesLook): string {
  const palette = paletteOf(look.color);
  const { width } = look;
  const overrides = overrideRows(edition);
  const blocks = [
    { rows: partitionRows(edition) },
    ...(overrides.length === 0
      ? []
      : [{ heading: [palette.strong(truncate('Private prices', width))], rows: overrides }]),
  ];
  const lines = [
    ...wrapped(titleOf(edition), width).map(palette.strong),
    '',
    ...drawnPage(tableColumns(edition, palette), { blocks }, { width, palette }),
    ...notes(edition, look).map((line) => palette.overage(line)),
  ];
  return textOfLines(lines);
}

function titleOf({ from, currency, firstMonth, firstMonthUpgrade }: RateEdition): string {
  const policy = firstMonth === 'full' ? 'charged in full' : 'prorated by days';
  const upgrades = firstMonthUpgrade === 'full' ? '' : ', upgrades in it as well (S3)';
  return `Kiro rates from ${from} · ${visible(currency)} · first month ${policy} (S2)${upgrades}`;
}

function notes(edition: RateEdition, { approximatePartitions, width }: RatesLook): string[] {
  const approximate = [...edition.partitions.keys()].filter((p) => approximatePartitions.has(p));
  if (approximate.length === 0) return [];
  const text = `${approximate.map(visible).join(', ')}: approximate, the vendor only says about 20% higher (M4)`;
  return wrapped(text, width);
}
