import { compare, type Decimal, ZERO } from '../../domain/decimal.ts';
import type { SeatInvoice } from '../../domain/invoice.ts';
import type { Cents } from '../../domain/money.ts';
import type { ReportTotals } from '../../domain/report.ts';
import { usageOf } from '../usage-bar.ts';
import { alarmCell, allowanceCell, amountCell, count, creditsCell, numberCell } from './figures.ts';
import { type Content, html, type Markup } from './markup.ts';
import { type Names, NO_SEAT, userName } from './names.ts';
import type { PageInput } from './page-input.ts';

/** How the script sorts a column: by text, by exact number, or used by included. */
type Sorting = 'text' | 'number' | 'share';

interface SeatColumn {
  readonly heading: string;
  readonly sorting: Sorting;
  readonly cell: (seat: SeatInvoice, names: Names) => Markup;
  readonly total?: (totals: ReportTotals) => Markup;
  /** The text of the cell, where the column can be filtered by it. */
  readonly text?: (seat: SeatInvoice, names: Names) => string;
}

function textColumn(
  heading: string,
  text: (seat: SeatInvoice, names: Names) => string,
): SeatColumn {
  const cell = (seat: SeatInvoice, names: Names): Markup => html`<td>${text(seat, names)}</td>`;
  return { heading, sorting: 'text', cell, text };
}

function moneyColumn(
  heading: string,
  name: 'subscriptionCharge' | 'overageCharge' | 'totalCharge',
): SeatColumn {
  const cell = (figures: Record<typeof name, Cents>): Markup => amountCell(figures[name]);
  return { heading, sorting: 'number', cell, total: cell };
}

function creditsColumn(heading: string, name: 'creditsUsed' | 'overageCredits'): SeatColumn {
  const cell = (figures: Record<typeof name, Decimal>): Markup => creditsCell(figures[name]);
  return { heading, sorting: 'number', cell, total: cell };
}

/** The script finds the filtered columns, and those that make a share, by their place. */
const COLUMNS: readonly SeatColumn[] = [
  {
    heading: 'User',
    sorting: 'text',
    cell: (seat) => html`<th scope="row">${userName(seat)}</th>`,
  },
  textColumn('Profile', ({ profile }, names) => names.profile(profile.profileId)),
  textColumn('Group', ({ groupId, terms }, names) => (terms ? names.group(groupId) : '')),
  textColumn('Cost center', ({ costCenter }) => costCenter.trim()),
  textColumn('Tier', ({ terms }) => terms?.tier ?? NO_SEAT),
  moneyColumn('Subscription', 'subscriptionCharge'),
  creditsColumn('Credits used', 'creditsUsed'),
  {
    heading: 'Included',
    sorting: 'number',
    cell: ({ allowanceCredits }) => allowanceCell(allowanceCredits),
  },
  {
    heading: 'Share used',
    sorting: 'share',
    cell: (seat) => numberCell(usageOf(seat.creditsUsed, seat.allowanceCredits)?.text ?? '–'),
  },
  creditsColumn('Overage credits', 'overageCredits'),
  {
    heading: 'Unbilled',
    sorting: 'number',
    cell: ({ unbilledCredits }) => alarmCell(unbilledCredits),
    total: ({ unbilledCredits }) => alarmCell(unbilledCredits),
  },
  moneyColumn('Overage', 'overageCharge'),
  moneyColumn('Total', 'totalCharge'),
];

/** From here on a browser is spared the layout of rows out of sight. */
const MANY_ROWS = 500;
/** Most rows in one piece of the page. */
const PIECE_ROWS = 500;

/** The table of all seats, in pieces: without a script all of it, with one it sorts and filters. */
export function* seatTableSection(input: PageInput, names: Names): Generator<Markup> {
  const { seats, totals } = input.report;
  yield html`<section id="seats">
<h2 id="seats-title">All seats</h2>
<p class="note">All seats, and users with usage but no seat. Amounts in ${input.report.invoice.edition.currency}.</p>
${filterForm(seats, names)}
<div class="scroll tall" role="region" tabindex="0" aria-labelledby="seats-title">
<table id="seat-table"${seats.length > MANY_ROWS ? html` class="many"` : ''}>
<thead><tr>${COLUMNS.map(headingCell)}</tr></thead>
<tbody>
`;
  for (let start = 0; start < seats.length; start += PIECE_ROWS) {
    yield html`${seats.slice(start, start + PIECE_ROWS).map((seat) => seatRow(seat, names))}`;
  }
  yield html`</tbody>
<tfoot><tr>${COLUMNS.map((column, index) => totalCell(column, index, totals))}</tr></tfoot>
</table>
</div>
<p id="no-match" class="note" hidden>No seat matches.</p>
</section>
`;
}

function headingCell({ heading, sorting }: SeatColumn): Markup {
  const look = sorting === 'text' ? '' : html` class="n"`;
  const sorted = heading === 'Total' ? html` aria-sort="descending"` : '';
  return html`<th scope="col" data-sorting="${sorting}"${look}${sorted}>${heading}</th>`;
}

function seatRow(seat: SeatInvoice, names: Names): Markup {
  const flags = flagsOf(seat).join(' ');
  return html`<tr${flags === '' ? '' : html` data-is="${flags}"`}>${COLUMNS.map(({ cell }) => cell(seat, names))}</tr>
`;
}

function totalCell({ total }: SeatColumn, index: number, totals: ReportTotals): Markup {
  if (index === 0) return html`<th scope="row">Total</th>`;
  return total?.(totals) ?? html`<td></td>`;
}

/** What a seat can be found by, beside its columns. */
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

/** Hidden until the script, without which it would do nothing, shows it. */
function filterForm(seats: readonly SeatInvoice[], names: Names): Markup {
  return html`<form id="filters" role="search" aria-label="Filter the seats" hidden>
<label class="search">Search<input type="search" name="text" autocomplete="off" placeholder="Name, id, group …"></label>
${COLUMNS.map((column, index) => columnFilter(column, index, seats, names))}
<label>Show<select name="flag"><option value="">All seats</option>${FLAGS.map(([flag, text]) => html`<option value="${flag}">${text}</option>`)}</select></label>
<button type="reset">Clear</button>
<p><span role="status">${count(seats.length)} of ${count(seats.length)} rows</span>. Choose a heading to sort.</p>
</form>`;
}

function columnFilter(
  { heading, text }: SeatColumn,
  index: number,
  seats: readonly SeatInvoice[],
  names: Names,
): Content {
  const texts = new Set(text && seats.map((seat) => text(seat, names)));
  if (texts.size < 2) return '';
  const options = [...texts]
    .sort(new Intl.Collator('en').compare)
    .map((value) => html`<option value="${value}">${value || 'None'}</option>`);
  return html`<label>${heading}<select data-column="${index}"><option value="">All</option>${options}</select></label>`;
}
