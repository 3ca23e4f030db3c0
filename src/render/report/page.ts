import { createHash } from 'node:crypto';
import type { WarningCode } from '../../domain/warning.ts';
import { countShown } from '../amounts.ts';
import { capitalized } from '../width.ts';
import { answerSection } from './answer.ts';
import { awsSection } from './aws.ts';
import { changeSection } from './change.ts';
import { chargesSection } from './charges.ts';
import { creditsSection } from './credits.ts';
import { dayName, monthName } from './figures.ts';
import { idleSection } from './idle.ts';
import { type Content, html, type Markup, trusted } from './markup.ts';
import { monthsSection } from './months.ts';
import { type Names, namesOf } from './names.ts';
import type { PageInput } from './page-input.ts';
import { savingsSection } from './savings.ts';
import { PAGE_SCRIPT } from './script.ts';
import { seatTableSection, seatTableStyle } from './seat-table.ts';
import { PAGE_STYLE } from './style.ts';
import { warningsSection } from './warnings.ts';

/**
 * A month's invoice as one self-contained HTML page, in pieces. Its content security policy allows
 * it to load nothing, and to run only the one script and style whose hashes it names.
 */
export function* reportPage(input: PageInput): Generator<string> {
  for (const part of pageParts(input)) yield part.text;
}

/** A section of the page between the answer and the table of seats. */
interface Section {
  readonly id: string;
  /** In the list of sections and, if it has no other heading, above it. */
  readonly title: string;
  readonly heading?: string;
  /** What it shows; `undefined` if that is nothing. */
  readonly body: (input: PageInput, names: Names) => Markup | undefined;
  /** Whether an empty month has it, too. */
  readonly isAlways?: boolean;
}

const SECTIONS: readonly Section[] = [
  { id: 'change', title: 'Why it changed', body: changeSection },
  { id: 'savings', title: 'Where to save', body: savingsSection },
  { id: 'aws', title: 'What AWS says', body: awsSection },
  { id: 'months', title: 'Month by month', body: monthsSection },
  {
    id: 'credits',
    title: 'Credits',
    heading: 'Credits against the allowance',
    body: creditsSection,
  },
  { id: 'charges', title: 'Who it is for', body: chargesSection },
  { id: 'idle', title: 'Idle seats', body: idleSection, isAlways: true },
  { id: 'warnings', title: 'Warnings', body: warningsSection, isAlways: true },
];

function* pageParts(input: PageInput): Generator<Markup> {
  const names = namesOf(input);
  const hasRows = input.report.seats.length > 0;
  const sections = SECTIONS.flatMap(({ body, ...section }) => {
    const shown = hasRows || section.isAlways ? body(input, names) : undefined;
    return shown === undefined ? [] : [{ ...section, shown }];
  });
  yield head(input, names);
  yield opening(input, names);
  yield html`${hasRows ? links(sections, input) : ''}
<main>
`;
  yield hasRows ? answerSection(input) : emptyMonth(input);
  for (const { id, title, heading = title, shown } of sections) {
    yield html`<section id="${id}">
<h2 id="${id}-title">${heading}</h2>
${shown}
</section>
`;
  }
  if (hasRows) yield* seatTableSection(input, names);
  yield closing(input);
}

function head(input: PageInput, names: Names): Markup {
  const { report } = input;
  const styles = [PAGE_STYLE, seatTableStyle(input, names)];
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(PAGE_SCRIPT)}'`,
    `style-src ${styles.map((style) => `'${hashOf(style)}'`).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Kiro charges, ${monthName(report.invoice.period)}</title>
${styles.map((style) => html`<style>${trusted(style)}</style>`)}
</head>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Links to the sections; that there are no warnings needs none. */
function links(
  sections: readonly Pick<Section, 'id' | 'title'>[],
  { warnings }: PageInput,
): Markup {
  const linked = sections.filter(({ id }) => id !== 'warnings' || warnings.length > 0);
  const all = [...linked, { id: 'seats', title: 'All seats' }];
  return html`<nav aria-label="Sections">${all.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>`;
}

/** The pattern of overage, which distinguishes it from a subscription without color. */
const HATCH = html`<svg class="defs" aria-hidden="true"><defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch-line" x1="0" y1="0" x2="0" y2="5"/></pattern></defs></svg>`;

function opening(input: PageInput, names: Names): Markup {
  const { report } = input;
  const { period } = report.invoice;
  return html`<body>
${HATCH}
<header>
<p class="eyebrow">Kiro seats and usage</p>
<h1>${monthName(period)}</h1>
<p>${scope(input)}</p>
${[...remarks(input), ...usageRemarks(input, names)].map((remark) => html`<p class="remark">${remark}</p>`)}
</header>
`;
}

/** `41 seats in 3 profiles · 1 March to 31 March 2026, UTC · USD`. */
function scope({ report }: PageInput): string {
  const { period, edition } = report.invoice;
  const profiles = report.byProfile.filter(({ seats }) => seats > 0).length;
  const year = period.month.slice(0, 4);
  return [
    `${countShown(report.totals.seats, 'seat')} in ${countShown(profiles, 'profile')}`,
    `${dayName(period.firstDate)} to ${dayName(period.lastDate)} ${year}, UTC`,
    edition.currency,
  ].join(' · ');
}

/** Limits of the figures. */
function remarks({ filters, notes, isOver, report, writtenOn }: PageInput): Content[] {
  return [
    ...(filters.length === 0
      ? []
      : [`Only ${filters.join(', ')}: all totals are of what is shown, not of the whole invoice.`]),
    ...(isOver
      ? []
      : [
          `${monthName(report.invoice.period)} was not over when this page was written, on ${writtenOn}: its figures can still rise.`,
        ]),
    ...(report.hasUsage || report.seats.length === 0
      ? []
      : [
          `The data hold no usage of these seats in ${monthName(report.invoice.period)}: all of them count as idle, and there is no overage.`,
        ]),
    ...notes,
  ];
}

/** In which direction the credits are wrong where usage is not whole, or counts twice. */
const WRONG_BY: Readonly<Partial<Record<WarningCode, 'low' | 'high'>>> = {
  'usage-none': 'low',
  'usage-begins': 'low',
  'usage-gap': 'low',
  'usage-ends': 'low',
  'usage-twice': 'high',
};

/** Why the total is not to be trusted; that a month has no usage at all is said by itself. */
function usageRemarks({ warnings, report }: PageInput, names: Names): Content[] {
  return warnings.flatMap(({ code, profileId, message }) => {
    const by = WRONG_BY[code];
    if (by === undefined || (code === 'usage-none' && !report.hasUsage)) return [];
    const whose = profileId === undefined ? '' : `${names.profile(profileId)}: `;
    return [
      html`${whose}${capitalized(message)}. Credits and overage may be too ${by}: see the <a href="#warnings">warnings</a>.`,
    ];
  });
}

function emptyMonth({ report }: PageInput): Markup {
  return html`<p>No seats and no usage in ${monthName(report.invoice.period)}.</p>
`;
}

function closing({ writtenOn, version, report }: PageInput): Markup {
  return html`</main>
<footer>
<p>Every charge is rounded once, on its line; all totals are sums of those lines. Credits are cut to whole ones; point at a figure to see all its digits. Taxes, discounts and credits on AWS’s own bill are not part of these figures. Prices are of the rate card edition ${report.invoice.edition.from}.</p>
<p>Written on ${writtenOn} by kiro-bill ${version}.</p>
</footer>
${report.seats.length > 0 ? html`<script>${trusted(PAGE_SCRIPT)}</script>` : ''}
</body>
</html>
`;
}
