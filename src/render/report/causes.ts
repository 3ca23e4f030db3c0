import type { ChangeCause, SeatChange } from '../../domain/bridge.ts';

/** What a cause is called: in a sentence, as a step of the bridge, and of one seat. */
interface CauseWords {
  readonly sentence: string;
  readonly step: string;
  readonly seat: (change: SeatChange) => string;
}

const otherTier = ({ tierBefore, tier }: SeatChange): string => `${tierBefore} to ${tier}`;

export const CAUSES: Readonly<Record<ChangeCause, CauseWords>> = {
  'new-seat': { sentence: 'new seats', step: 'New seats', seat: ({ tier }) => `new: ${tier}` },
  ended: {
    sentence: 'ended seats',
    step: 'Ended seats',
    seat: ({ tierBefore }) => `ended: ${tierBefore}`,
  },
  upgrade: { sentence: 'upgrades', step: 'Upgrades', seat: otherTier },
  downgrade: { sentence: 'downgrades', step: 'Downgrades', seat: otherTier },
  'first-month': {
    sentence: 'first months charged in part',
    step: 'Full after a first month',
    seat: () => 'full after a first month',
  },
  overage: { sentence: 'overage', step: 'Overage', seat: () => 'overage' },
  prices: { sentence: 'other prices', step: 'Prices', seat: () => 'other prices' },
};
