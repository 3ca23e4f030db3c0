import { countShown, grouped, moneyShown } from '../amounts.ts';
import { amount } from './figures.ts';
import { html, type Markup } from './markup.ts';
import type { Names } from './names.ts';
import type { PageInput } from './page-input.ts';
import { seatList } from './seat-list.ts';

/** What could be saved each month, and where. */
export function savingsSection({ report, savings }: PageInput, names: Names): Markup | undefined {
  if (savings === undefined || savings.count === 0) return undefined;
  const { currency } = report.invoice.edition;
  const rest = savings.count - savings.seats.length;
  return html`<p><strong>${moneyShown(savings.monthly, currency)} a month</strong>, from ${countShown(savings.count, 'seat')} not used, or on a tier that costs more than another would. <code>kiro-bill optimize</code> shows how each is worked out; its total also counts what upgrades of blocked seats would cost.</p>
${seatList(
  {
    headings: ['What to do', 'A month'],
    seats: savings.seats.map(({ seat, advice, monthly }) => ({
      seat,
      text: advice,
      amount: amount(monthly),
    })),
    ...(rest > 0 && { rest: `And ${grouped(rest)} smaller ones.` }),
  },
  names,
)}`;
}
