import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `text` was most likely meant to be, ignoring case and what stands
 * between words: the same but for that, else one letter away, else the first words of a
 * candidate, else the one with the fewest edits; nothing where none is near.
 */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  const wanted = wordsOf(text);
  if (wanted === '') return undefined;
  const most = Math.max(wanted.length < 4 ? 1 : 2, Math.floor(wanted.length / 3));
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: editsBetween(wanted, wordsOf(candidate)) }))
    .filter(({ candidate, edits }) => edits <= most && edits < candidate.length)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate;
}

/** Longer words than these may be the beginning of a name. */
const MIN_BEGINNING = 4;

function editsBetween(wanted: string, candidate: string): number {
  const [a, b] = [wanted.replaceAll(' ', ''), candidate.replaceAll(' ', '')];
  const edits = distance(a, b);
  const isBeginning = wanted.length >= MIN_BEGINNING && candidate.startsWith(`${wanted} `);
  return isBeginning ? Math.min(edits, 1.5) : edits;
}

/** `UserId`, `user-id` and `user_id` are the same words. */
function wordsOf(text: string): string {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
}
