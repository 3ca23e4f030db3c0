import type { ChargeLine, MonthShare } from '../../domain/charge-line.ts';
import { creditsShown, moneyShown, priceShown } from '../amounts.ts';
import { visible } from '../terminal.ts';
import type { Item, Section, Story } from './section.ts';

/** Each line with its arithmetic, and the total (S1, S2, S3, O4, M2). */
export function chargesSection(story: Story): Section {
  const { seat, edition } = story;
  const title = 'Charges';
  if (seat.lines.length === 0) return { title, items: [{ text: 'None.' }] };
  const lines = seat.lines.map((line, index) => chargeItem(line, seat.lines[index - 1], story));
  const total = `${moneyShown(seat.totalCharge, edition.currency)}${parts(story)}`;
  return {
    title,
    items: [...lines, { label: 'total', text: total, look: 'strong', note: ROUNDED }],
  };
}

const ROUNDED = 'Each line is rounded once, to the cent, half away from zero (M2).';

/** The two amounts that the total consists of, where there are two. */
function parts({ seat, edition }: Story): string {
  if (seat.overageCharge === 0n) return '';
  const { currency } = edition;
  return ` = ${moneyShown(seat.subscriptionCharge, currency)} subscription + ${moneyShown(seat.overageCharge, currency)} overage`;
}

function chargeItem(line: ChargeLine, before: ChargeLine | undefined, story: Story): Item {
  const { currency } = story.edition;
  const amount = moneyShown(line.amount, currency);
  const label = line.date;
  const price = priceShown(line.unitPrice, currency);
  if (line.quantity.unit === 'credits') {
    const text = `${creditsShown(line.quantity.credits)} x ${price} = ${amount}  (${line.rule})`;
    return {
      label,
      text,
      look: 'overage',
      note: `Overage credits x the rate of ${visible(line.tier)}.`,
    };
  }
  const { quantity } = line;
  const { sign, days, daysInMonth } = quantity;
  const minus = sign < 0 ? '-' : '';
  const share = days === daysInMonth ? '1' : `${days}/${daysInMonth}`;
  const text = `${minus}${price} x ${share} = ${amount}  (${line.rule})`;
  const note = subscriptionNote({ ...line, quantity }, before, story);
  return { label, text, note, ...(sign < 0 ? { look: 'refund' as const } : {}) };
}

function subscriptionNote(
  line: ChargeLine & { readonly quantity: MonthShare },
  before: ChargeLine | undefined,
  story: Story,
): string {
  const tier = visible(line.tier);
  if (line.lineType === 'refund') {
    return `Refund: takes back, to the cent, the ${tier} charge of ${before?.date ?? line.date}.`;
  }
  if (line.rule === 'S1') return `${tier} is held at the month's first instant: charged in full.`;
  const { days, daysInMonth } = line.quantity;
  if (line.rule === 'S3') {
    return days === daysInMonth
      ? `Upgrade: ${tier} is charged in full, whatever the day.`
      : `Upgrade: the rate card charges ${tier} for the ${days} of ${daysInMonth} days that the new seat pays for.`;
  }
  if (story.edition.firstMonth === 'full') {
    return `New seat: the rate card charges the first month of ${tier} in full.`;
  }
  return `New seat: ${tier} for the ${days} of ${daysInMonth} days from ${line.date} to ${story.period.lastDate}, both included.`;
}
