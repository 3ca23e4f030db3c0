import { gzipSync } from 'node:zlib';
import { compare, ZERO } from '../../domain/decimal.ts';
import type { InvoiceTotals, SeatInvoice } from '../../domain/invoice.ts';
import type { Cents } from '../../domain/money.ts';
import type { MonthBefore } from '../../domain/report.ts';
import { seatKeyOf } from '../../domain/seat-key.ts';
import { grouped } from '../amounts.ts';
import { usageOf } from '../usage-bar.ts';
import {
  alarmCell,
  allowanceCell,
  amountCell,
  changeCell,
  creditsCell,
  numberCell,
} from './figures.ts';
import { type Content, html, type Markup, trusted } from './markup.ts';
import { type Names, NO_SEAT, userName } from './names.ts';
import type { PageInput } from './page-input.ts';

/** How the script sorts a column: as text, as an exact number, or by the share of used in included. */
type Sorting = 'text' | 'number' | 'share';

interface SeatColumn {
  readonly heading: string;
  readonly sorting: Sorting;
  readonly cell: (seat: SeatInvoice, page: SeatPage) => Markup;
  readonly total?: (totals: InvoiceTotals, page: SeatPage) => Markup;
  /** The cell's text, if the column can be filtered by it. */
  readonly text?: (seat: SeatInvoice, page: SeatPage) => string;
}

/** What the cells of a seat need besides the seat. */
interface SeatPage {
  readonly names: Pick<Names, 'profile' | 'group'>;
  /** Missing if the month before is unknown. */
  readonly before: MonthBefore | undefined;
}

function seatPage({ report }: PageInput, names: SeatPage['names']): SeatPage {
  return { names, before: 'totals' in report.before ? report.before : undefined };
}

function textColumn(
  heading: string,
  text: (seat: SeatInvoice, page: SeatPage) => string,
): SeatColumn {
  const cell = (seat: SeatInvoice, page: SeatPage): Markup => html`<td>${text(seat, page)}</td>`;
  return { heading, sorting: 'text', cell, text };
}

function moneyColumn(
  heading: string,
  name: 'subscriptionCharge' | 'overageCharge' | 'totalCharge',
): SeatColumn {
  const cell = (figures: Record<typeof name, Cents>): Markup => amountCell(figures[name]);
  return { heading, sorting: 'number', cell, total: cell };
}

/**
 * The script finds the columns that form a share by their position; on a phone the first three are
 * on the first line.
 */
const COLUMNS: readonly SeatColumn[] = [
  {
    heading: 'User',
    sorting: 'text',
    cell: (seat) => html`<th scope="row">${userName(seat)}</th>`,
  },
  moneyColumn('Total', 'totalCharge'),
  {
    heading: 'Change',
    sorting: 'number',
    cell: (seat, { before }) =>
      changeCell(seat.totalCharge, before && (before.bySeat.get(seatKeyOf(seat)) ?? 0n)),
    total: ({ totalCharge }, { before }) => changeCell(totalCharge, before?.totals.totalCharge),
  },
  textColumn('Tier', ({ terms }) => terms?.tier ?? NO_SEAT),
  {
    heading: 'Credits',
    sorting: 'number',
    cell: ({ creditsUsed }) => creditsCell(creditsUsed),
    total: ({ creditsUsed }) => creditsCell(creditsUsed),
  },
  {
    heading: 'Included',
    sorting: 'number',
    cell: ({ allowanceCredits }) => allowanceCell(allowanceCredits),
  },
  {
    heading: 'Used',
    sorting: 'share',
    cell: (seat) => numberCell(usageOf(seat.creditsUsed, seat.allowanceCredits)?.text ?? '–'),
  },
  {
    heading: 'Unbilled',
    sorting: 'number',
    cell: ({ unbilledCredits }) => alarmCell(unbilledCredits),
    total: ({ unbilledCredits }) => alarmCell(unbilledCredits),
  },
  moneyColumn('Subscription', 'subscriptionCharge'),
  moneyColumn('Overage', 'overageCharge'),
  textColumn('Profile', ({ profile }, { names }) => names.profile(profile.profileId)),
  textColumn('Group', ({ groupId, terms }, { names }) => (terms ? names.group(groupId) : '')),
  textColumn('Cost center', ({ costCenter }) => costCenter.trim()),
];

/** From this size on, the browser does not lay out blocks of rows that are out of view. */
const MANY_ROWS = 500;
/** The rows of a block: laid out one by one, 10,000 rows take five times as long to sort. */
const BLOCK_ROWS = 50;
/** The rows whose explanations are packed together. */
const PACKED_ROWS = 500;
/** With more rows than this a page takes too long to open. */
export const MOST_ROWS = 20_000;

/**
 * The table of all seats, in pieces: complete without a script; with it sortable, filterable and
 * expandable.
 */
export function* seatTableSection(input: PageInput, names: SeatPage['names']): Generator<Markup> {
  const { seats, totals, invoice } = input.report;
  const listed = seats.slice(0, MOST_ROWS);
  const page = seatPage(input, names);
  yield html`<section id="seats">
<h2 id="seats-title">All seats</h2>
<p class="note">${listedText(seats.length)} Amounts in ${invoice.edition.currency}.${hasEnded(input) ? ' The change in the total also counts seats that have ended, which are not listed.' : ''}<span class="sideways"> Scroll sideways for more columns.</span></p>
${filterForm(listed, page)}
<p id="print-filter" class="remark" hidden></p>
<div class="scroll tall" role="region" tabindex="0" aria-labelledby="seats-title">
<table id="seat-table"${seats.length > MANY_ROWS ? html` class="many"` : ''}>
<thead><tr>${COLUMNS.map(headingCell)}</tr></thead>
`;
  for (let start = 0; start < listed.length; start += BLOCK_ROWS) {
    const rows = listed.slice(start, start + BLOCK_ROWS).map((seat) => seatRow(seat, page));
    yield html`<tbody>${rows}</tbody>
`;
  }
  yield html`<tfoot><tr>${COLUMNS.map((column, index) => totalCell(column, index, totals, page))}</tr></tfoot>
</table>
</div>
<p id="no-match" class="note" hidden>No seat matches.</p>
</section>
`;
  const { explained } = input;
  for (let start = 0; start < listed.length; start += PACKED_ROWS) {
    yield explanations(listed.slice(start, start + PACKED_ROWS).map(explained), start);
  }
}

/** Whether a seat of the month before has no row in this one. */
function hasEnded({ bridge }: PageInput): boolean {
  return bridge?.changes.some(({ seat, tier }) => tier === undefined && seat.terms) === true;
}

function listedText(seats: number): string {
  if (seats <= MOST_ROWS) return 'All seats, and users with usage but no seat.';
  return `The ${grouped(MOST_ROWS)} with the highest charges, of ${grouped(seats)} seats and users; the totals count all of them. The rest is in the CSV: kiro-bill invoice --by user --format csv.`;
}

/**
 * Why each charge is what it is, one text per row from the row `start` on, compressed: the texts
 * are much alike. The script decompresses them when the first of their seats is expanded.
 */
function explanations(texts: readonly string[], start: number): Markup {
  const packed = gzipSync(JSON.stringify(texts), { level: 9 }).toString('base64');
  return html`<script type="text/plain" class="explained" data-start="${start}">${trusted(packed)}</script>
`;
}

/** Widths that fit each column's longest figure, as a separate style. */
export function seatTableStyle(input: PageInput, names: SeatPage['names']): string {
  const { report } = input;
  const page = seatPage(input, names);
  const listed = report.seats.slice(0, MOST_ROWS);
  const widths = COLUMNS.map((column, index) => {
    if (index === 0) return 'minmax(8.5rem,3fr)';
    if (column.sorting === 'text') return index === 3 ? 'minmax(4.5rem,1fr)' : 'minmax(6rem,1.6fr)';
    const cells = listed.map((seat) => shownLength(column.cell(seat, page)));
    const total =
      column.total === undefined ? 0 : shownLength(column.total(report.totals, page)) + 1;
    const longest = cells.reduce((most, length) => Math.max(most, length), total);
    return `${Math.max(longest, column.heading.length) + 1.75}ch`;
  });
  return `#seat-table tr{grid-template-columns:${widths.join(' ')}}`;
}

function shownLength({ text }: Markup): number {
  return text.replace(/<[^>]*>/g, '').replace(/&\w+;/g, '_').length;
}

function headingCell({ heading, sorting }: SeatColumn): Markup {
  const look = sorting === 'text' ? '' : html` class="n"`;
  const sorted = heading === 'Total' ? html` aria-sort="descending"` : '';
  return html`<th scope="col" data-sorting="${sorting}"${look}${sorted}>${heading}</th>`;
}

/** No whitespace between rows: it would pile up when they are sorted. */
function seatRow(seat: SeatInvoice, page: SeatPage): Markup {
  const flags = flagsOf(seat).join(' ');
  return html`<tr${flags === '' ? '' : html` data-is="${flags}"`}>${COLUMNS.map(({ cell }) => cell(seat, page))}</tr>`;
}

function totalCell(
  { total }: SeatColumn,
  index: number,
  totals: InvoiceTotals,
  page: SeatPage,
): Markup {
  if (index === 0) return html`<th scope="row">Total</th>`;
  return total?.(totals, page) ?? html`<td></td>`;
}

/** What seats can be filtered by, besides their columns. */
const FLAGS = [
  ['over', 'Over their allowance'],
  ['unbilled', 'With unbilled credits'],
  ['idle', 'Idle'],
  ['none', 'Users without a seat'],
] as const;

function flagsOf(seat: SeatInvoice): string[] {
  const { terms, creditsUsed, allowanceCredits, unbilledCredits } = seat;
  const hasSeat = terms !== undefined;
  return [
    hasSeat && compare(creditsUsed, allowanceCredits) > 0 ? 'over' : '',
    compare(unbilledCredits, ZERO) > 0 ? 'unbilled' : '',
    hasSeat && creditsUsed.units === 0n ? 'idle' : '',
    hasSeat ? '' : 'none',
  ].filter((flag) => flag !== '');
}

/** Hidden until the script shows it, as it does nothing without the script. */
function filterForm(seats: readonly SeatInvoice[], page: SeatPage): Markup {
  return html`<form id="filters" role="search" aria-label="Filter the seats" hidden>
<label class="search">Search<input type="search" name="text" autocomplete="off" placeholder="Name, id, group …"></label>
${COLUMNS.map((column, index) => columnFilter(column, index, seats, page))}
<label>Show<select name="flag"><option value="">All seats</option>${FLAGS.map(([flag, text]) => html`<option value="${flag}">${text}</option>`)}</select></label>
<button type="reset">Clear</button>
<button type="button" id="save">Save as CSV</button>
<p><span role="status">${grouped(seats.length)} of ${grouped(seats.length)} rows</span>. Choose a heading to sort, a row to see its charges.</p>
</form>`;
}

function columnFilter(
  { heading, text }: SeatColumn,
  index: number,
  seats: readonly SeatInvoice[],
  page: SeatPage,
): Content {
  const texts = new Set(text && seats.map((seat) => text(seat, page)));
  if (texts.size < 2) return '';
  const options = [...texts]
    .sort(new Intl.Collator('en').compare)
    .map((value) => html`<option value="${value}">${value || 'None'}</option>`);
  return html`<label>${heading}<select data-column="${index}"><option value="">All</option>${options}</select></label>`;
}
