import { earlierOf, shortInstantText } from '../../domain/instant.ts';
import type { Source } from '../../domain/invoice.ts';
import { visible } from '../terminal.ts';
import { capitalized } from '../width.ts';
import { heldUntil, type Item, type Section, type Story, sourceName } from './section.ts';

/** Where the seat comes from, what changed, and whether it is active (H1, H2, H3). */
export function sourcesSection(story: Story): Section {
  const { seat } = story;
  const items = seat.sources.flatMap((source) => sourceItems(source, story));
  if (items.length === 0) {
    items.push({
      text: 'None: no subscription of the user, nor of a group of theirs, is alive in this profile in the month (H1).',
    });
  }
  return { title: 'Where the seat comes from', items: [...items, ...activationItems(story)] };
}

function sourceItems(source: Source, story: Story): Item[] {
  const { subscription, membership } = source;
  const { tier, subscribedAt, unsubscribedAt } = subscription;
  const ends = unsubscribedAt === undefined ? '' : ` until ${shortInstantText(unsubscribedAt)}`;
  const text = `${capitalized(sourceName(source, story))}: ${visible(tier)}, subscribed from ${shortInstantText(subscribedAt)}${ends}${stay(membership)} (H1).`;
  return [{ text }, ...changeItems(source, story), ...endItems(source, story)];
}

function stay(membership: Source['membership']): string {
  if (membership === undefined) return '';
  const { joinedAt, leftAt } = membership;
  if (joinedAt === undefined && leftAt === undefined) return '; always a member';
  const from = joinedAt === undefined ? '' : ` from ${shortInstantText(joinedAt)}`;
  return `; a member${from}${leftAt === undefined ? '' : ` until ${shortInstantText(leftAt)}`}`;
}

/**
 * The tier changes that decide what the source selects up to the month's end: also those
 * before the user joined the group.
 */
function changeItems({ subscription, until }: Source, { period }: Story): Item[] {
  const end = earlierOf(until ?? period.end, period.end);
  return subscription.tierChanges
    .filter(({ changedAt }) => changedAt < end)
    .map(({ changedAt, tier }) => ({
      isNested: true,
      text: `changed to ${visible(tier)} at ${shortInstantText(changedAt)} (H2)`,
    }));
}

function endItems({ until }: Source, story: Story): Item[] {
  const { period, seat } = story;
  if (until === undefined || until <= period.start || until >= period.end) return [];
  const isHeld =
    seat.steps.some(({ at }) => at < until) && seat.steps.every(({ at }) => at !== until);
  const stays = `: what was held by then stays paid and usable ${heldUntil(until, story)} (H4, S4)`;
  return [
    { isNested: true, text: `ends at ${shortInstantText(until)}${isHeld ? stays : ' (H1)'}` },
  ];
}

function activationItems({ seat, period }: Story): Item[] {
  const { activatedAt, sources } = seat;
  if (activatedAt === undefined || sources.length === 0) return [];
  if (activatedAt === 'never') return [{ text: 'Never activated (H3).' }];
  const late = activatedAt >= period.end ? ', after this month' : '';
  return [{ text: `Activated at ${shortInstantText(activatedAt)}${late} (H3).` }];
}
