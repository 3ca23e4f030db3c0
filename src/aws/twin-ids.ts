import { countShown } from '../domain/counts.ts';
import { UUID } from '../domain/ids.ts';

/** An id of the Identity Store with the prefix of its directory: `9067642ac7-UUID`. */
const PREFIXED = new RegExp(`^[0-9a-fA-F]{10}-(${UUID})$`);

/** A note that names users whose ids in the bill and in our data differ only in the directory's prefix. */
export function twinNotes(billedIds: Iterable<string>, ourIds: ReadonlySet<string>): string[] {
  const oursByBareId = new Map([...ourIds].map((id) => [bareOf(id), id]));
  const twins = [...new Set(billedIds)].flatMap((billed) => {
    const ours = oursByBareId.get(bareOf(billed));
    return ours === undefined || ourIds.has(billed) ? [] : [{ billed, ours }];
  });
  const [first, ...others] = twins;
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : `, and ${countShown(others.length, 'more user')}`;
  return [
    `AWS's bill names ${first.billed}, our data ${first.ours}${more}: is it the same user? Then write the one into the aliases of the other in users.csv`,
  ];
}

function bareOf(id: string): string {
  return PREFIXED.exec(id)?.[1] ?? id;
}
