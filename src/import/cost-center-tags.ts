import { firstNamed } from '../domain/counts.ts';
import { byKeys, compareBytes } from '../domain/text-order.ts';

const SHOWN_KEYS = 10;

/** Cost centers by the tags of bills: each user's newest one that is not blank. */
export class CostCenterTags {
  readonly #key: string | undefined;
  readonly #isKey: (key: string) => boolean;
  readonly #newest = new Map<string, Tag>();
  readonly #otherKeys = new Set<string>();

  /** `key`: the tag's key; without it, any key that ends with the words cost center. */
  constructor(key: string | undefined) {
    this.#key = key;
    const wanted = squeezed(key ?? 'cost center');
    this.#isKey = (one) => one === key || (wanted !== '' && squeezed(one).endsWith(wanted));
  }

  /** Adds the tags of a row of a month's bill. */
  add(month: string, userId: string, tags: ReadonlyMap<string, string>): void {
    for (const [key, text] of tags) {
      const costCenter = text.trim();
      if (userId === '' || costCenter === '') continue;
      if (!this.#isKey(key)) {
        this.#otherKeys.add(key);
        continue;
      }
      const tag = { month, key, costCenter };
      const known = this.#newest.get(userId) ?? tag;
      this.#newest.set(userId, isNewer(tag, known) ? tag : known);
    }
  }

  /** Where no row has the tag that was asked for, a note that says which there are. */
  notes(): string[] {
    if (this.#key === undefined || this.#newest.size > 0) return [];
    const others = [...this.#otherKeys].sort(compareBytes);
    const there =
      others.length === 0
        ? 'there is no tag'
        : `the tags there are ${firstNamed(others, SHOWN_KEYS)}`;
    return [
      `no row of Kiro in the CUR has the tag ${this.#key}, so it gives no cost centers: ${there}`,
    ];
  }

  /** With where it comes from. */
  byUser(): ReadonlyMap<string, { readonly costCenter: string; readonly source: string }> {
    return new Map(
      byKeys(this.#newest).map(([userId, { month, key, costCenter }]) => [
        userId,
        { costCenter, source: `tag ${key} in the CUR of ${month}` },
      ]),
    );
  }
}

interface Tag {
  readonly month: string;
  readonly key: string;
  readonly costCenter: string;
}

/** By month, and within a month bytewise, so that the order of rows does not matter. */
function isNewer(a: Tag, b: Tag): boolean {
  const order =
    compareBytes(a.month, b.month) ||
    b.key.length - a.key.length ||
    compareBytes(a.key, b.key) ||
    compareBytes(a.costCenter, b.costCenter);
  return order > 0;
}

/** Without case and punctuation. */
function squeezed(key: string): string {
  return key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
