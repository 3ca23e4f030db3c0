import type { AllowanceBand, TierCredits } from '../../domain/report.ts';
import { countShown, creditsShown, cutDecimals } from '../amounts.ts';
import { usageOf } from '../usage-bar.ts';
import { type Bar, barChart, legendItem } from './chart.ts';
import { alarmCell, allowanceCell, count, creditsCell, lengthOf, numberCell } from './figures.ts';
import { html, type Markup } from './markup.ts';
import { NO_SEAT } from './names.ts';
import type { PageInput } from './page-input.ts';

/** Credits against the allowance: how far seats go, and what lies beyond, tier by tier. */
export function allowanceSection({ report }: PageInput): Markup {
  const { bands, tiers, totals } = report;
  return html`<section id="allowance">
<h2 id="allowance-title">Credits against the allowance</h2>
<p>Each seat has its own allowance: credits that one seat leaves unused serve no other, and do not roll over.</p>
<div class="pair">
<div>
<h3 id="bands-title">Seats by the share of their allowance used</h3>
${bandChart(bands)}
</div>
<div>
<h3 id="tiers-title">Credits by tier</h3>
${tierChart(tiers)}
</div>
</div>
<p class="legend">${legendItem('accent', 'Within the allowance')} ${legendItem('overage', 'Overage, charged')} ${legendItem('alarm', 'Unbilled: beyond the allowance and not charged')}</p>
<div class="scroll" role="region" tabindex="0" aria-labelledby="tiers-title">
<table>
<thead><tr><th scope="col">Tier</th><th scope="col" class="n">Seats</th><th scope="col" class="n">Included</th><th scope="col" class="n">Used</th><th scope="col" class="n">Within allowance</th><th scope="col" class="n">Share</th><th scope="col" class="n">Overage</th><th scope="col" class="n">Unbilled</th></tr></thead>
<tbody>
${tiers.map(tierRow)}</tbody>
<tfoot><tr><th scope="row">Total</th>${numberCell(count(totals.seats))}<td></td>${creditsCell(totals.creditsUsed)}<td></td><td></td>${creditsCell(totals.overageCredits)}${alarmCell(totals.unbilledCredits)}</tr></tfoot>
</table>
</div>
</section>
`;
}

function bandName({ upToPercent }: AllowanceBand): string {
  if (upToPercent === undefined) return 'Over 100%';
  return upToPercent === 0 ? 'Idle' : `Up to ${upToPercent}%`;
}

function bandChart(bands: readonly AllowanceBand[]): Markup {
  const bars = bands.map((band): Bar => {
    const isOver = band.upToPercent === undefined;
    const parts = isOver ? [0, band.seats] : [band.seats, 0];
    return { label: bandName(band), parts, shown: count(band.seats) };
  });
  const told = bands
    .map((band) => `${bandName(band)}: ${countShown(band.seats, 'seat')}`)
    .join(', ');
  return barChart(bars, ['accent', 'overage'], `Seats by share of their allowance. ${told}.`);
}

function tierName({ tier }: TierCredits): string {
  return tier === '' ? NO_SEAT : tier;
}

function tierChart(tiers: readonly TierCredits[]): Markup {
  const bars = tiers.map((row): Bar => {
    const parts = [row.withinAllowance, row.overageCredits, row.unbilledCredits].map(lengthOf);
    return { label: tierName(row), parts, shown: cutDecimals(creditsShown(row.creditsUsed), 2) };
  });
  const told = bars.map(({ label, shown }) => `${label} ${shown}`).join(', ');
  return barChart(bars, ['accent', 'overage', 'alarm'], `Credits used by tier: ${told}.`);
}

function tierRow(row: TierCredits): Markup {
  const share = usageOf(row.withinAllowance, row.creditsIncluded)?.text ?? '–';
  return html`<tr><th scope="row">${tierName(row)}</th>${numberCell(count(row.seats))}${allowanceCell(row.creditsIncluded)}${creditsCell(row.creditsUsed)}${creditsCell(row.withinAllowance)}${numberCell(share)}${creditsCell(row.overageCredits)}${alarmCell(row.unbilledCredits)}</tr>
`;
}
