import { shortInstantText } from '../../domain/instant.ts';
import type { Selection, TierStep } from '../../domain/invoice.ts';
import { visible } from '../terminal.ts';
import { heldUntil, type Item, type Section, type Story, sourceName } from './section.ts';

/** The steps of the held tier, and what is selected beside them (H3, H4, O6). */
export function tierSection(story: Story): Section {
  const { seat } = story;
  const title = 'Tier held';
  if (seat.pending) {
    return {
      title,
      items: [
        {
          text: 'Pending: subscribed, but not active meanwhile, so no tier is held and nothing is charged (H3).',
        },
      ],
    };
  }
  if (seat.steps.length === 0) {
    return { title, items: [{ text: 'None: the user has no seat in this month (O6).' }] };
  }
  const items = seat.steps.map((step, index) => stepItem(step, seat.steps[index - 1], story));
  return { title, items: [...items, ...unheldItems(story)] };
}

function stepItem(step: TierStep, before: TierStep | undefined, story: Story): Item {
  const through = `through ${sourceName(step.source, story)}`;
  const tier = visible(step.tier);
  const label = shortInstantText(step.at);
  if (before !== undefined) {
    const text = `${tier} ${through}: higher than ${visible(before.tier)}, so it counts at once (H4).`;
    return { label, text };
  }
  if (step.at === story.period.start) {
    return { label, text: `${tier} ${through}, held at the month's first instant (H4).` };
  }
  const why =
    step.at === story.seat.activatedAt
      ? 'the seat counts from its activation (H3, H4)'
      : 'the first tier that the seat holds in the month (H4)';
  return { label, text: `${tier} ${through}: ${why}.` };
}

/** What the sources select beside the steps: it counts, but raises nothing (H4). */
function unheldItems(story: Story): Item[] {
  const { selections, steps } = story.seat;
  return selections
    .filter((selection) => !isStep(selection, steps))
    .map((selection) => ({ text: unheldText(selection, story) }));
}

function isStep({ at, tier, source }: Selection, steps: readonly TierStep[]): boolean {
  return steps.some((step) => step.source === source && step.at === at && step.tier === tier);
}

function unheldText({ at, tier, source }: Selection, story: Story): string {
  const held = story.seat.steps.findLast((step) => step.at <= at)?.tier ?? '';
  const through = `${visible(tier)} through ${sourceName(source, story)}`;
  const since = at > story.period.start ? ` from ${shortInstantText(at)}` : '';
  if (tier === held) {
    return `${through}${since} counts too, but the tier is held once and charged once (H4).`;
  }
  const isChange = source.subscription.tierChanges.some(({ changedAt }) => changedAt === at);
  if (isChange && since !== '') {
    return `${through}${since} is lower than ${visible(held)}, which stays ${heldUntil(at, story)} (H4, S4).`;
  }
  return `${through}${since} counts too, but ${visible(held)} is higher (H4).`;
}
