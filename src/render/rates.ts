import { type Decimal, decimalText } from '../domain/decimal.ts';
import type { RateEdition, TierOverride, TierTerms } from '../domain/rate-card.ts';
import type { Partition } from '../domain/region.ts';
import type { Column, Row, Sheet } from '../domain/sheet.ts';
import { creditsShown, priceShown } from './amounts.ts';
import { BLANK, Grid, type GridCell, type GridColumn, type GridRow } from './grid.ts';
import { type JsonValue, jsonObject, jsonText } from './json.ts';
import { type Palette, paletteOf } from './palette.ts';
import { visible } from './terminal.ts';
import { truncate, wrapped } from './width.ts';

/** The columns of a rate card as rows. */
export const RATE_COLUMNS: readonly Column[] = [
  { name: 'from', kind: 'text', adds: false },
  { name: 'partition', kind: 'text', adds: false },
  { name: 'applies_to', kind: 'text', adds: false },
  { name: 'tier', kind: 'text', adds: false },
  { name: 'rank', kind: 'count', adds: false },
  { name: 'price', kind: 'price', adds: false },
  { name: 'credits', kind: 'credits', adds: false },
  { name: 'overage_rate', kind: 'price', adds: false },
  { name: 'currency', kind: 'text', adds: false },
  { name: 'first_month', kind: 'text', adds: false },
  { name: 'first_month_upgrade', kind: 'text', adds: false },
];

/**
 * The edition as a sheet: a row per partition and tier, then a row per override, with the
 * account or profile in `applies_to`, a blank partition and rank, and blanks for the
 * figures that stay those of the partition.
 */
export function ratesSheet(edition: RateEdition): Sheet {
  const { from, currency, firstMonth, firstMonthUpgrade } = edition;
  const rows: Row[] = [];
  for (const [partition, tiers] of edition.partitions) {
    for (const { tier, rank, price, credits, overageRate } of tiers) {
      rows.push([
        from,
        partition,
        '',
        tier,
        rank,
        price,
        credits,
        overageRate,
        currency,
        firstMonth,
        firstMonthUpgrade,
      ]);
    }
  }
  for (const { owner, tier, figures } of overridesOf(edition)) {
    const { price, credits, overageRate } = figures;
    rows.push([
      from,
      '',
      owner,
      tier,
      undefined,
      price,
      credits,
      overageRate,
      currency,
      firstMonth,
      firstMonthUpgrade,
    ]);
  }
  return {
    month: from,
    currency,
    columns: RATE_COLUMNS,
    rows,
    totals: RATE_COLUMNS.map(() => undefined),
  };
}

interface Override {
  readonly owner: string;
  readonly tier: string;
  readonly figures: TierOverride;
}

function overridesOf({ overrides }: RateEdition): Override[] {
  return [...overrides].flatMap(([owner, tiers]) =>
    [...tiers].map(([tier, figures]) => ({ owner, tier, figures })),
  );
}

/** A rate card of this one edition, as `--rates` reads it; decimals are strings. */
export function ratesJson(edition: RateEdition): string {
  const partitions = [...edition.partitions].map(
    ([partition, tiers]) => [partition, tiers.map(tierObject)] as const,
  );
  const overrides = [...edition.overrides].map(
    ([owner, tiers]) => [owner, overrideObjects(tiers)] as const,
  );
  return jsonText({
    editions: [
      jsonObject([
        ['from', edition.from],
        ['currency', edition.currency],
        ['first_month', edition.firstMonth],
        ['first_month_upgrade', edition.firstMonthUpgrade],
        ['partitions', jsonObject(partitions)],
        ['overrides', overrides.length === 0 ? undefined : jsonObject(overrides)],
      ]),
    ],
  });
}

function tierObject({ tier, rank, price, credits, overageRate }: TierTerms): JsonValue {
  return jsonObject([
    ['name', tier],
    ['rank', rank],
    ...figureMembers({ price, credits, overageRate }),
  ]);
}

function overrideObjects(tiers: ReadonlyMap<string, TierOverride>): JsonValue {
  return jsonObject(
    [...tiers].map(([tier, figures]) => [tier, jsonObject(figureMembers(figures))]),
  );
}

function figureMembers(figures: TierOverride): [string, JsonValue | undefined][] {
  return [
    ['price', figure(figures.price)],
    ['credits', figure(figures.credits)],
    ['overage_rate', figure(figures.overageRate)],
  ];
}

function figure(value: Decimal | undefined): string | undefined {
  return value === undefined ? undefined : decimalText(value, 0);
}

export interface RatesLook {
  readonly width: number;
  readonly color: boolean;
  /** Partitions whose prices the vendor tells only approximately: said below the table. */
  readonly approximatePartitions?: ReadonlySet<Partition>;
}

const TABLE_COLUMNS: readonly GridColumn[] = [
  { heading: 'Partition', align: 'left', cut: 'middle', comfort: 14, minimum: 6 },
  { heading: 'Tier', align: 'left', cut: 'end', comfort: 16, minimum: 6 },
  { heading: 'Price per month', shortHeading: 'Price', align: 'right' },
  { heading: 'Credits included', shortHeading: 'Credits', align: 'right', drop: 2 },
  { heading: 'Overage per credit', shortHeading: 'Overage', align: 'right', drop: 1 },
];

/** The edition as a table for people, with the overrides below the partitions' prices. */
export function ratesTable(edition: RateEdition, look: RatesLook): string {
  const palette = paletteOf(look.color);
  const tiers = [...edition.partitions].flatMap(([partition, terms]) =>
    termRows(partition, terms, edition.currency),
  );
  const overrides = overrideRows(edition, palette);
  const grid = new Grid(TABLE_COLUMNS, [...tiers, ...overrides], look.width);
  const rule = palette.faint('─'.repeat(grid.width));
  const lines = [
    palette.strong(truncate(titleOf(edition), look.width)),
    '',
    grid.headings(palette.strong),
    rule,
    ...grid.lines(tiers),
    ...(overrides.length === 0
      ? []
      : ['', palette.strong(truncate('Private prices', look.width)), ...grid.lines(overrides)]),
    ...notes(edition, look).map((line) => palette.overage(line)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function titleOf({ from, currency, firstMonth, firstMonthUpgrade }: RateEdition): string {
  const policy = firstMonth === 'full' ? 'charged in full' : 'prorated by days';
  const upgrades = firstMonthUpgrade === 'full' ? '' : ', upgrades in it as well (S3)';
  return `Kiro rates from ${from} · ${visible(currency)} · first month ${policy} (S2)${upgrades}`;
}

/** The partition is named once, at its first tier. */
function termRows(partition: Partition, terms: readonly TierTerms[], currency: string): GridRow[] {
  return terms.map((tier, index) => [
    index === 0 ? { text: visible(partition) } : BLANK,
    { text: visible(tier.tier) },
    ...figureCells(tier, currency, BLANK),
  ]);
}

function overrideRows(edition: RateEdition, { faint }: Palette): GridRow[] {
  const same: GridCell = { text: 'same', paint: faint };
  return overridesOf(edition).map(({ owner, tier, figures }) => [
    { text: visible(owner) },
    { text: visible(tier) },
    ...figureCells(figures, edition.currency, same),
  ]);
}

function figureCells(figures: TierOverride, currency: string, missing: GridCell): GridCell[] {
  const { price, credits, overageRate } = figures;
  return [
    price === undefined ? missing : { text: priceShown(price, currency) },
    credits === undefined ? missing : { text: creditsShown(credits, 0) },
    overageRate === undefined ? missing : { text: priceShown(overageRate, currency) },
  ];
}

function notes(edition: RateEdition, { approximatePartitions, width }: RatesLook): string[] {
  const approximate = [...edition.partitions.keys()].filter((p) => approximatePartitions?.has(p));
  if (approximate.length === 0) return [];
  const text = `${approximate.map(visible).join(', ')}: approximate, the vendor only says about 20% higher (M4)`;
  return wrapped(text, width);
}
