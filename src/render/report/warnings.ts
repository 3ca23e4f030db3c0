import { groupBy } from '../../domain/grouping.ts';
import type { Warning } from '../../domain/warning.ts';
import { count } from './figures.ts';
import { html, type Markup } from './markup.ts';
import type { Names } from './names.ts';
import type { PageInput } from './page-input.ts';

const TITLES: Readonly<Record<string, string>> = {
  unbilled_credits: 'Unbilled credits',
  usage_without_seat: 'Usage without a seat',
  approximate_prices: 'Approximate prices',
  unlisted_region: 'Regions that the vendor does not list',
  report_contradiction: 'Contradictions in activity reports',
};

const MOST_OPEN = 20;

/** All warnings of the invoice, kind by kind. */
export function warningsSection({ report }: PageInput, names: Names): Markup {
  const { warnings } = report.invoice;
  const kinds = [...groupBy(warnings, ({ kind }) => kind)];
  return html`<section id="warnings">
<h2 id="warnings-title">Warnings</h2>
${warnings.length === 0 ? html`<p>There are no warnings.</p>` : ''}${codesNote(warnings)}${kinds.map(([kind, ofKind]) => kindPart(kind, ofKind, names))}
</section>
`;
}

function codesNote(warnings: readonly Warning[]): Markup | undefined {
  const rule = warnings.find((warning) => warning.rule !== undefined)?.rule;
  if (rule === undefined) return undefined;
  return html`<p class="note">Codes such as ${rule} name the billing rule behind a warning.</p>`;
}

function kindPart(kind: string, warnings: readonly Warning[], names: Names): Markup {
  const items = warnings.map((warning) => warningItem(warning, names));
  const rest = items.slice(MOST_OPEN);
  return html`<h3>${TITLES[kind] ?? kind.replaceAll('_', ' ')}${warnings.length > 1 ? ` (${count(warnings.length)})` : ''}</h3>
<ul class="warnings">${items.slice(0, MOST_OPEN)}</ul>
${rest.length === 0 ? '' : html`<details><summary>${count(rest.length)} more</summary><ul class="warnings">${rest}</ul></details>`}
`;
}

function warningItem({ profileId, userId, message, rule }: Warning, names: Names): Markup {
  const where = [profileId && names.profile(profileId), userId].filter(
    (part) => part !== undefined,
  );
  const what = `${message.slice(0, 1).toUpperCase()}${message.slice(1)}`;
  const ruled = rule === undefined ? '' : ` (${rule})`;
  return html`<li>${what}${ruled}.<small>${where.join(' · ')}</small></li>`;
}
