import type { Bridge, SeatChange } from '../../domain/bridge.ts';
import { countShown, grouped } from '../amounts.ts';
import { type BridgeRows, bridgeTable } from './bridge-table.ts';
import { CAUSES } from './causes.ts';
import { amount, monthName, signed, signedMoney } from './figures.ts';
import { type Content, html, type Markup } from './markup.ts';
import type { Names } from './names.ts';
import type { PageInput } from './page-input.ts';
import { type SeatList, seatList } from './seat-list.ts';

const MOST_MOVERS = 10;

/** Why the total changed: the bridge from month to month, and the seats that changed it most. */
export function changeSection(input: PageInput, names: Names): Markup | undefined {
  const { bridge } = input;
  if (bridge === undefined || bridge.steps.length === 0) return undefined;
  return html`<div class="pair">
<div>${bridgeTable(causes(bridge, input))}</div>
<div>${seatList(movers(bridge, input), names)}</div>
</div>`;
}

/** From month to month: each cause adds its amount. */
function causes({ before, totalBefore, steps, total }: Bridge, { report }: PageInput): BridgeRows {
  const [from, to] = [monthName(before), monthName(report.invoice.period)];
  return {
    caption: `From ${from} to ${to}, in ${report.invoice.edition.currency}`,
    heading: 'Cause',
    from: { label: from, amount: totalBefore },
    steps: steps.map(({ cause, amount, seats }) => ({
      label: CAUSES[cause].step,
      detail: countShown(seats, 'seat'),
      amount,
    })),
    to: { label: to, amount: total },
  };
}

function movers({ changes }: Bridge, { report }: PageInput): SeatList {
  const { currency } = report.invoice.edition;
  const shown = changes.filter(({ change }) => change !== 0n).slice(0, MOST_MOVERS);
  const rest = changes.length - shown.length;
  return {
    caption:
      rest > 0
        ? `The ${grouped(shown.length)} greatest of ${grouped(changes.length)} changes`
        : 'Each seat that changed',
    headings: ['Why', 'Change'],
    seats: shown.map((one) => ({
      seat: one.seat,
      text: why(one, currency),
      amount: signed(amount(one.change)),
    })),
    ...(rest > 0 && { rest: `${grouped(rest)} smaller changes are in the bridge.` }),
  };
}

/** `Pro to Power +$180.00, overage +$12.50`. */
function why(change: SeatChange, currency: string): Content {
  return change.causes.map(({ cause, amount: cents }, index) => {
    const what = CAUSES[cause].seat(change);
    if (change.causes.length === 1) return what;
    return html`${index === 0 ? '' : ', '}${what} <span class="figure">${signedMoney(cents, currency)}</span>`;
  });
}
