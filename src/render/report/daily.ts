import { compare } from '../../domain/decimal.ts';
import type { DayCredits } from '../../domain/report.ts';
import { creditsShown, cutDecimals } from '../amounts.ts';
import { type Column, columnChart } from './chart.ts';
import { creditsCell, dayName, lengthOf } from './figures.ts';
import { html, type Markup } from './markup.ts';
import type { PageInput } from './page-input.ts';

/** The credits of each day, or why they are not known. */
export function dailySection({ report: { days } }: PageInput): Markup {
  return html`<section id="daily">
<h2 id="daily-title">Daily usage</h2>
${days === undefined ? WITHOUT_DAYS : dailyPart(days)}
</section>
`;
}

const WITHOUT_DAYS = html`<p class="note">The days are not known: some of the usage came as a usage summary, which holds the sums of longer stretches.</p>`;

function dailyPart(days: readonly DayCredits[]): Markup {
  const most = days.reduce((best, day) => (compare(day.credits, best.credits) > 0 ? day : best));
  if (most.credits.units === 0n) return html`<p class="note">No credits were used.</p>`;
  const told = `${shown(most)} credits on ${dayName(most.date)}, the busiest day`;
  const alternative = `Credits used on each day of the month: ${told}. The figures of all days follow as a table.`;
  const columns = days.map(columnOf);
  return html`<p>Most on ${dayName(most.date)}, with ${shown(most)} credits. Days are in UTC; weekends are drawn lighter.</p>
<div class="wide">${columnChart(columns, { width: 1000, height: 230, labelEvery: 1 }, alternative)}</div>
<div class="narrow">${columnChart(columns, { width: 380, height: 200, labelEvery: 5 }, alternative)}</div>
<details>
<summary>The figures of each day</summary>
<table class="days">
<thead><tr><th scope="col">Day</th><th scope="col" class="n">Credits</th></tr></thead>
<tbody>
${days.map((day) => html`<tr><th scope="row">${weekday(day.date)} ${dayName(day.date)}</th>${creditsCell(day.credits)}</tr>\n`)}</tbody>
</table>
</details>`;
}

function shown({ credits }: DayCredits): string {
  return cutDecimals(creditsShown(credits), 2);
}

function columnOf({ date, credits }: DayCredits): Column {
  const isWeekend = /^S/.test(weekday(date));
  return {
    label: String(Number(date.slice(8))),
    value: lengthOf(credits),
    ink: isWeekend ? 'accentSoft' : 'accent',
  };
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function weekday(date: string): string {
  return WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] as string;
}
