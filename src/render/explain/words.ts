import type { Source } from '../../domain/invoice.ts';
import { visible } from '../terminal.ts';
import type { Story } from './section.ts';

/** `Alice Adams (8f3c…)`, or the id where there is no name. */
export function named(name: string, id: string): string {
  const shown = visible(name).trim();
  return shown === '' || shown === id ? visible(id) : `${shown} (${visible(id)})`;
}

/** `the user's own subscription` or `group Platform (g-1)`. */
export function sourceName({ subscription }: Source, { groupNames }: Story): string {
  const { principalType, principalId } = subscription;
  if (principalType === 'user') return "the user's own subscription";
  return `group ${named(groupNames.get(principalId) ?? '', principalId)}`;
}

/** The ids of rules, as a statement names them: `(H4, S1)`. */
export const NAMED_RULES = /\((?:[HSOM]\d(?:, )?)+\)/g;
