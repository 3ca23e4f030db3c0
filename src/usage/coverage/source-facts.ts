import { groupBy } from '../../domain/grouping.ts';
import type { ByteSource } from '../../input/byte-source.ts';
import type { UnitFacts } from '../kinds/reading-state.ts';
import type { Reading } from '../reading.ts';

/** What is known about a usage file once it has been read. */
export interface SourceFacts extends Omit<UnitFacts, 'unit'> {
  readonly source: ByteSource;
}

/** The facts of all sources that were read, combined from those of their units. */
export function sourceFacts(
  { state, units }: Reading,
  sources: readonly ByteSource[],
): SourceFacts[] {
  const bySource = groupBy(state.facts, ({ unit }) => units[unit]?.source ?? 0);
  return [...bySource].map(([index, facts]) => {
    const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one);
    return {
      source: sources[index] as ByteSource,
      // What comes before the first part is the header.
      bytes:
        sumOf(facts.map(({ bytes }) => bytes)) +
        Math.min(...facts.map(({ unit }) => units[unit]?.from ?? 0)),
      rows: sumOf(facts.map(({ rows }) => rows)),
      duplicates: sumOf(facts.map(({ duplicates }) => duplicates)),
      first: Math.min(...facts.map(({ first }) => first)),
      last: Math.max(...facts.map(({ last }) => last)),
    };
  });
}
