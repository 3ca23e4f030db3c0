import { add, type Decimal, sum, ZERO } from '../../domain/decimal.ts';
import type { TierCredits } from '../../domain/report.ts';
import { grouped, wholeCreditsShown } from '../amounts.ts';
import { usageOf } from '../usage-bar.ts';
import { cellBar, legendItem } from './charts/drawing.ts';
import { risingLine } from './charts/lines.ts';
import { alarmCell, allowanceCell, creditsCell, dayName, lengthOf, numberCell } from './figures.ts';
import { html, type Markup } from './markup.ts';
import { NO_SEAT } from './names.ts';
import type { PageInput } from './page-input.ts';

/** Credits through the month compared with the allowance, and their division by tier. */
export function creditsSection(input: PageInput): Markup {
  const { report } = input;
  const { tiers, totals } = report;
  return html`<p>Each seat has its own allowance: credits that one seat leaves unused serve no other, and do not roll over.</p>
${throughTheMonth(input)}
<p class="legend">${legendItem('accent', 'Within the allowance')} ${legendItem('overage', 'Overage, charged')} ${legendItem('alarm', 'Unbilled: beyond the allowance and not charged')}</p>
<div class="scroll" id="by-tier" role="region" tabindex="0" aria-labelledby="credits-title">
<table class="stack">
<thead><tr><th scope="col">Tier</th><td class="drawn"></td><th scope="col" class="n">Seats</th><th scope="col" class="n">Used</th><th scope="col" class="n">Included</th><th scope="col" class="n">Share used</th><th scope="col" class="n">Overage</th><th scope="col" class="n">Unbilled</th></tr></thead>
<tbody>
${tiers.map((row) => tierRow(row, tiers))}</tbody>
<tfoot><tr><th scope="row">Total</th><td class="drawn"></td>${numberCell(grouped(totals.seats), 'Seats')}${creditsCell(totals.creditsUsed, 'Used')}<td></td><td></td>${creditsCell(totals.overageCredits, 'Overage')}${alarmCell(totals.unbilledCredits, 'Unbilled')}</tr></tfoot>
</table>
</div>
<p class="note">Share used: credits used within each seat’s own allowance, of those included. Overage and unbilled credits lie beyond it, so a tier can have both and a share under 100%.</p>`;
}

function throughTheMonth({ report }: PageInput): Markup {
  const { days, tiers } = report;
  if (days === undefined) return WITHOUT_DAYS;
  const included = sum(tiers.map(({ creditsIncluded }) => creditsIncluded));
  const reached: Decimal[] = [];
  for (const { credits } of days) reached.push(add(reached.at(-1) ?? ZERO, credits));
  const last = days.findLastIndex(({ credits }) => credits.units !== 0n);
  const used = reached.at(-1) ?? ZERO;
  if (used.units === 0n) return html`<p class="note">No credits were used.</p>`;
  const alternative = `Credits used from the first of the month on: ${wholeCreditsShown(used)} in the end, of ${wholeCreditsShown(included)} included.`;
  const values = reached.slice(0, last + 1).map(lengthOf);
  const labels = [0, 9, 19, days.length - 1].map((place): [number, string] => [
    place,
    dayName(days[place]?.date ?? ''),
  ]);
  const limit = { value: lengthOf(included), name: `Included ${wholeCreditsShown(included)}` };
  const drawn = (width: number, height: number): Markup =>
    risingLine(values, { width, height, labels, limit, points: days.length }, alternative);
  return html`<div class="wide">${drawn(1000, 220)}</div>
<div class="narrow">${drawn(380, 200)}</div>
<details id="daily">
<summary>The figures of each day</summary>
<table class="short">
<thead><tr><th scope="col">Day</th><th scope="col" class="n">Credits</th></tr></thead>
<tbody>
${days.map((day) => html`<tr><th scope="row">${weekday(day.date)} ${dayName(day.date)}</th>${creditsCell(day.credits)}</tr>\n`)}</tbody>
</table>
</details>`;
}

const WITHOUT_DAYS = html`<p class="note" id="daily">The days are not known: some of the usage came as a usage summary, which holds the sums of longer stretches.</p>`;

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function weekday(date: string): string {
  return WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] as string;
}

function tierRow(row: TierCredits, tiers: readonly TierCredits[]): Markup {
  const longest = Math.max(1e-9, ...tiers.map(({ creditsUsed }) => lengthOf(creditsUsed)));
  const share = usageOf(row.withinAllowance, row.creditsIncluded)?.text ?? '–';
  const part = (value: Decimal): number => lengthOf(value) / longest;
  const bar = cellBar([
    ['accent', part(row.withinAllowance)],
    ['overage', part(row.overageCredits)],
    ['alarm', part(row.unbilledCredits)],
  ]);
  return html`<tr><th scope="row"><span class="key-name">${row.tier === '' ? NO_SEAT : row.tier}</span></th><td class="drawn">${bar}</td>${numberCell(grouped(row.seats), 'Seats')}${creditsCell(row.creditsUsed, 'Used')}${allowanceCell(row.creditsIncluded, 'Included')}${numberCell(share, 'Share used')}${creditsCell(row.overageCredits, 'Overage')}${alarmCell(row.unbilledCredits, 'Unbilled')}</tr>
`;
}
