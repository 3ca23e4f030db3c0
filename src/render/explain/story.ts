import { shortProfileId } from '../../domain/ids.ts';
import { moneyShown } from '../amounts.ts';
import { visible } from '../terminal.ts';
import { chargesSection } from './charges.ts';
import { creditsSection } from './credits.ts';
import { tierSection } from './held-tier.ts';
import { nextSection } from './next-month.ts';
import { named, type Section, type Story } from './section.ts';
import { sourcesSection } from './sources.ts';

/** Who, where, when, and the answer: what the seat is charged in all. */
export function storyTitle({ seat, period, edition }: Story): string {
  const { profile, userId, userName, totalCharge } = seat;
  return [
    named(userName, userId),
    named(profile.name, shortProfileId(profile.profileId)),
    period.month,
    moneyShown(totalCharge, edition.currency),
  ].join(' · ');
}

/** The account, Region and cost center, as far as they are known, and whose prices count (M3, M4). */
export function storyFacts({ seat, edition }: Story): string {
  const { profile, costCenter } = seat;
  const facts = [
    profile.accountId === '' ? '' : `account ${visible(profile.accountId)}`,
    visible(profile.region),
    costCenter === '' ? '' : `cost center ${visible(costCenter)}`,
    `rates of ${edition.from} in ${visible(edition.currency)} (M3, M4)`,
  ];
  return facts.filter((fact) => fact !== '').join(', ');
}

/** Why each charge is what it is, in order; every statement names its rule. All figures are the engine's. */
export function storySections(story: Story): Section[] {
  return [
    sourcesSection(story),
    tierSection(story),
    creditsSection(story),
    chargesSection(story),
    nextSection(story),
  ].filter(({ items }) => items.length > 0);
}
