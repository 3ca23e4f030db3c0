import type { SeatInvoice } from '../../domain/invoice.ts';
import { creditsShown, priceShown } from '../amounts.ts';
import { visible } from '../terminal.ts';
import { type Section, type Story, sourceName } from './section.ts';

/** What becomes of the seat at the first instant of the next month (H1, H3, H4, S1, S4). */
export function nextSection(story: Story): Section {
  const { next } = story;
  return { title: `Next month, ${next.month}`, items: [{ text: nextText(story) }] };
}

function nextText(story: Story): string {
  const { seat, next } = story;
  if (next.step === undefined) return withoutNext(seat);
  const tier = visible(next.step.tier);
  const through = sourceName(next.step.source, story);
  return `${tier} through ${through}${changeTo(next.step.tier, seat)}${nextPrice(story)} (H4, S1).`;
}

function withoutNext({ terms, pending, sources }: SeatInvoice): string {
  if (terms !== undefined) {
    return 'The seat ends: no tier is held at the first instant, and nothing is charged from the subscriptions known now (H4, S4).';
  }
  if (pending) return 'Still not charged, as long as the seat is not activated (H3).';
  return sources.length === 0
    ? 'No seat either, from the subscriptions known now (H1).'
    : 'No tier is held at the first instant (H4).';
}

function changeTo(tier: string, { terms }: SeatInvoice): string {
  if (terms === undefined) return ', held from the first instant';
  if (terms.tier === tier) return ' goes on';
  return ` takes the place of ${visible(terms.tier)}`;
}

function nextPrice({ next, edition }: Story): string {
  if (next.terms === undefined) return '';
  const price = priceShown(next.terms.price, next.currency ?? edition.currency);
  return `: ${price}, and a new allowance of ${creditsShown(next.terms.credits, 0)} credits; unused ones do not roll over`;
}
