import { groupBy } from '../../domain/grouping.ts';
import { type Warning, type WarningCode, warningText } from '../../domain/warning.ts';
import { grouped } from '../amounts.ts';
import { capitalized } from '../width.ts';
import { html, type Markup } from './markup.ts';
import type { Names } from './names.ts';
import type { PageInput } from './page-input.ts';

const TITLES: Readonly<Record<WarningCode, string>> = {
  'unbilled-credits': 'Unbilled credits',
  'usage-without-seat': 'Usage without a seat',
  'approximate-prices': 'Approximate prices',
  'unlisted-region': 'Regions that the vendor does not list',
  'report-contradiction': 'Contradictions in activity reports',
  'reported-credits': 'Credits of activity reports',
  'usage-none': 'Months without usage',
  'usage-ends': 'Usage that ends early',
  'usage-begins': 'Usage that begins late',
  'usage-gap': 'Days without usage',
  'usage-twice': 'Usage that is counted twice',
  'month-future': 'Months that have not begun',
  'rates-unused': 'Private prices that nothing uses',
  'file-unread': 'Files that are not read',
  'usage-left-out': 'Usage rows left out',
  'cost-centers-alike': 'Cost centers that look the same',
  'group-without-members': 'Group subscriptions without members',
  'bill-not-final': "AWS's bill is not final",
  'bill-region': "Regions of AWS's bill without a profile",
  'bill-region-unknown': "Regions of AWS's bill that are not known",
  'bill-operation': "Operations of AWS's bill that are not known",
};

const MOST_OPEN = 20;

/** All warnings of the invoice, code by code. */
export function warningsSection({ warnings }: PageInput, names: Names): Markup {
  const byCode = [...groupBy(warnings, ({ code }) => code)];
  return html`${warnings.length === 0 ? html`<p>There are no warnings.</p>` : ''}${codesNote(warnings)}${byCode.map(([code, ofCode]) => warningsOfCode(code, ofCode, names))}`;
}

function codesNote(warnings: readonly Warning[]): Markup | undefined {
  const rule = warnings.find((warning) => warning.rule !== undefined)?.rule;
  if (rule === undefined) return undefined;
  return html`<p class="note">Codes such as ${rule} name the billing rule of a warning.</p>`;
}

function warningsOfCode(code: WarningCode, warnings: readonly Warning[], names: Names): Markup {
  const items = warnings.map((warning) => warningItem(warning, names));
  const rest = items.slice(MOST_OPEN);
  return html`<h3>${TITLES[code]}${warnings.length > 1 ? ` (${grouped(warnings.length)})` : ''}</h3>
<ul class="warnings">${items.slice(0, MOST_OPEN)}</ul>
${rest.length === 0 ? '' : html`<details><summary>${grouped(rest.length)} more</summary><ul class="warnings">${rest}</ul></details>`}
`;
}

function warningItem(warning: Warning, names: Names): Markup {
  const { profileId, userId, rule } = warning;
  const where = [profileId && names.profile(profileId), userId].filter(
    (part) => part !== undefined,
  );
  const ruled = rule === undefined ? '' : ` (${rule})`;
  return html`<li>${capitalized(warningText(warning))}${ruled}.<small>${where.join(' · ')}</small></li>`;
}
