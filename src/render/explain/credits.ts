import { compare, isPositive } from '../../domain/decimal.ts';
import { shortInstantText } from '../../domain/instant.ts';
import type { OverageStretch, SeatInvoice } from '../../domain/invoice.ts';
import { countShown, creditsShown } from '../amounts.ts';
import { visible } from '../terminal.ts';
import { usageBar, usageOf } from '../usage-bar.ts';
import type { Item, Section, Story } from './section.ts';

/** What was used, and how much of it is included, overage or unbilled (O1 to O6). */
export function creditsSection({ seat }: Story): Section {
  const title = 'Credits';
  const items: Item[] = [usedItem(seat)];
  if (seat.terms !== undefined) {
    items.push({
      label: 'allowance',
      text: `${creditsShown(seat.allowanceCredits, 0)} of ${visible(seat.terms.tier)}, the highest tier held, for the whole month (O1)`,
    });
  }
  if (seat.terms !== undefined && seat.usageRows > 0) items.push(...overageItems(seat));
  items.push(...unbilledItems(seat));
  return { title, items };
}

const BAR_CELLS = 12;

function usedItem({ usageRows, creditsUsed, allowanceCredits }: SeatInvoice): Item {
  const label = 'used';
  if (usageRows === 0) return { label, text: 'none' };
  const text = `${creditsShown(creditsUsed)} in ${countShown(usageRows, 'row')} of usage`;
  const usage = usageOf(creditsUsed, allowanceCredits);
  return usage === undefined ? { label, text } : { label, text, bar: usageBar(usage, BAR_CELLS) };
}

function overageItems(seat: SeatInvoice): Item[] {
  const { stretches, capCredits, overageCredits } = seat;
  const items: Item[] = stretches.map((stretch) => ({
    label: 'overage',
    text: stretchText(stretch),
  }));
  if (capCredits !== undefined) {
    const reached = compare(overageCredits, capCredits) >= 0 ? 'reached' : 'not reached';
    items.push({
      label: 'cap',
      text: `${creditsShown(capCredits, 0)} overage credits, the largest in force while overage was on: ${reached} (O3)`,
    });
  }
  if (isPositive(overageCredits)) {
    items.push({
      label: 'charged',
      text: `${creditsShown(overageCredits)} overage credits (O2${capCredits === undefined ? '' : ', O3'})`,
      look: 'overage',
    });
  }
  return items;
}

function stretchText({ from, to, on, usedBefore, usedAfter, overageCredits }: OverageStretch) {
  const state = `${on ? 'on' : 'off'} from ${shortInstantText(from)} to ${shortInstantText(to)}`;
  const used = `credits used rise from ${creditsShown(usedBefore)} to ${creditsShown(usedAfter)}`;
  const beyond = isPositive(overageCredits)
    ? `, ${creditsShown(overageCredits)} of it beyond the allowance`
    : on
      ? ', none of it beyond the allowance'
      : ', none of it overage';
  return `${state}: ${used}${beyond} (O2)`;
}

function unbilledItems({ unbilledCredits, terms }: SeatInvoice): Item[] {
  if (!isPositive(unbilledCredits)) return [];
  const credits = creditsShown(unbilledCredits);
  const why =
    terms === undefined
      ? 'no tier is held, so there is no allowance and no charge (O6)'
      : 'used beyond the allowance, but neither included nor charged: the vendor would have blocked them (O5)';
  return [{ label: 'unbilled', text: `${credits}: ${why}`, look: 'alarm' }];
}
