import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `text` was most likely meant to be, ignoring case and what separates
 * words; nothing if none is near, or half of its letters would be wrong. Two letters
 * swapped are one mistake, and a whole word of a candidate, or its beginning, is
 * counted as one mistake.
 */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  const wanted = letters(text);
  if (wanted === '') return undefined;
  const most = Math.max(2, Math.floor(wanted.length / 3));
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: mistakes(wanted, candidate) }))
    .filter(({ candidate, edits }) => edits <= most && 2 * edits < letters(candidate).length)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate;
}

/** `; did you mean Pro+?`, the end of a message; blank if no candidate is near. */
export function suggestion(text: string, candidates: readonly string[]): string {
  const near = nearest(text, candidates);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[\s_.-]/g, '');
}

/** Shorter words match too many candidates. */
const SHORTEST_WORD = 4;

function mistakes(wanted: string, candidate: string): number {
  const edits = distanceWithSwaps(wanted, letters(candidate));
  const words = candidate.toLowerCase().split(/[\s_.()-]+/);
  const isOfIt = words.includes(wanted) || letters(candidate).startsWith(wanted);
  return isOfIt && wanted.length >= SHORTEST_WORD ? Math.min(1, edits) : edits;
}

function distanceWithSwaps(wanted: string, candidate: string): number {
  let least = distance(wanted, candidate);
  for (let at = 1; at < wanted.length; at += 1) {
    const swapped = `${wanted.slice(0, at - 1)}${wanted[at]}${wanted[at - 1]}${wanted.slice(at + 1)}`;
    least = Math.min(least, 1 + distance(swapped, candidate));
  }
  return least;
}
