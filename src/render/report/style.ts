/** The look of the page, on a phone, a desk and paper; light, dark and printed. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff;
  --raised: #f5f7fa;
  --text: #1b1f24;
  --muted: #57606b;
  --line: #dde1e6;
  --accent: #2b5c9e;
  --accent-soft: #a9c0de;
  --overage: #d98324;
  --hatch: #6e3a05;
  --alarm: #b3261e;
  --up: #b3471e;
  --down: #2f7d4f;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #15181c;
    --raised: #1d2126;
    --text: #e7eaee;
    --muted: #a4adb8;
    --line: #343b44;
    --accent: #6f9fe0;
    --accent-soft: #41618c;
    --overage: #f0b45f;
    --hatch: #4a2c05;
    --alarm: #ff6b62;
    --up: #f2946b;
    --down: #6cc494;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto;
  max-width: 80rem;
  padding: 2rem 2rem 4rem;
  background: var(--page);
  color: var(--text);
  font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
h1 { margin: 0 0 0.25rem; font-size: 1.5rem; font-weight: 650; line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin: 0 0 0.5rem; font-size: 1.25rem; font-weight: 650; letter-spacing: -0.005em; }
h3 { margin: 1.25rem 0 0.5rem; font-size: 0.9375rem; font-weight: 600; }
p { margin: 0 0 0.75rem; max-width: 90ch; overflow-wrap: anywhere; }
code { font: 0.875em ui-monospace, Menlo, Consolas, monospace; }
header p { margin: 0; color: var(--muted); }
.remark { margin-top: 0.75rem; padding-left: 0.75rem; border-left: 3px solid var(--overage); color: var(--text); }
.note, caption { color: var(--muted); font-size: 0.8125rem; }
caption { padding-bottom: 0.25rem; text-align: left; }
small { display: block; color: var(--muted); font-size: 0.75rem; }
a { color: var(--accent); }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 1rem 0 0; padding: 0.5rem 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); font-size: 0.8125rem; }
nav a { text-decoration: none; }
section { margin-top: 3rem; }
#answer { margin-top: 1.5rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

.total { margin: 0; font-size: 3.5rem; font-weight: 700; line-height: 1.1; letter-spacing: -0.025em; }
.why { margin: 0.25rem 0 1.25rem; max-width: 75rem; font-size: 1.0625rem; text-wrap: pretty; }
#coverage { margin: 0.5rem 0 0; }
.facts { display: flex; flex-wrap: wrap; gap: 1px; margin: 0; background: var(--line); border: 1px solid var(--line); border-radius: 0.5rem; overflow: hidden; }
.facts div { flex: 1 1 10rem; padding: 0.75rem 1rem; background: var(--page); }
.facts dt { color: var(--muted); font-size: 0.8125rem; }
.facts dd { margin: 0; font-size: 1.125rem; font-weight: 600; overflow-wrap: anywhere; }
.facts .detail { color: var(--muted); font-size: 0.8125rem; font-weight: 400; }

.pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 3rem; align-items: start; }
svg { display: block; width: 100%; height: auto; font-family: inherit; }
svg.bar { height: 0.75rem; min-width: 5rem; border-radius: 1px; }
.drawn { width: 34%; vertical-align: middle; }
.accent { fill: var(--accent); }
.accent-soft { fill: var(--accent-soft); }
.overage { fill: var(--overage); }
.alarm { fill: var(--alarm); }
.up { fill: var(--up); }
.down { fill: var(--down); }
.hatch { fill: url(#hatch); }
.hatch-line { stroke: var(--hatch); stroke-width: 1.2; }
.words, .limit-words { paint-order: stroke; stroke: var(--page); stroke-width: 3px; stroke-linejoin: round; }
.words { fill: var(--text); font-size: 12px; }
.muted-words { fill: var(--muted); font-size: 12px; }
.grid { stroke: var(--line); stroke-width: 1; }
.limit { stroke: var(--alarm); stroke-width: 1.5; stroke-dasharray: 6 4; }
.limit-words { fill: var(--text); font-size: 12px; font-weight: 600; }
.line { fill: none; stroke: var(--accent); stroke-width: 2.5; }
.area { fill: var(--accent-soft); opacity: 0.4; }
.defs { position: absolute; width: 0; height: 0; }
.narrow, .sideways { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; max-width: none; margin: 0.25rem 0 0.5rem; color: var(--muted); font-size: 0.8125rem; }
.key { display: inline-block; width: 0.75rem; height: 0.75rem; margin-right: 0.4rem; vertical-align: -0.08rem; border-radius: 2px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.key.accent { background: var(--accent); }
.key.accent-soft { background: var(--accent-soft); }
.key.overage { background: repeating-linear-gradient(45deg, var(--overage) 0 3px, var(--hatch) 3px 4.2px); }
.key.alarm { background: var(--alarm); }

.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; line-height: 1.4; }
table.short { width: auto; min-width: min(34rem, 100%); }
.pair .short { width: 100%; min-width: 0; }
th, td { padding: 0.4375rem 0.625rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; overflow-wrap: break-word; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead td { border-bottom-color: var(--muted); }
thead th { color: var(--muted); font-size: 0.8125rem; vertical-align: bottom; border-bottom-color: var(--muted); }
tfoot th, tfoot td { border-bottom: 0; border-top: 2px solid var(--text); font-weight: 650; }
.bridge .end th, .bridge .end td { font-weight: 650; }
.n { text-align: right; white-space: nowrap; }
.figure { white-space: nowrap; }
thead .n { white-space: normal; }
.short thead .n { white-space: nowrap; }
td.alarm { color: var(--alarm); font-weight: 600; }
data[title] { cursor: help; }
.division { margin-top: 1.5rem; }
.choosable { cursor: pointer; }
.choosable:hover { background: var(--raised); }
.key-name button { padding: 0; border: 0; background: none; color: inherit; font-size: inherit; text-align: left; cursor: pointer; overflow-wrap: anywhere; }
.choosable:hover .key-name button { color: var(--accent); text-decoration: underline; }

details { margin-top: 0.75rem; }
summary { color: var(--accent); cursor: pointer; }
details table { margin-top: 0.5rem; }
ul { margin: 0 0 1rem; padding: 0; list-style: none; }
.warnings li { padding: 0.4375rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.names { columns: 18rem; }
.names li { break-inside: avoid; overflow-wrap: anywhere; }

#filters { display: flex; flex-wrap: wrap; align-items: end; gap: 0.75rem; margin: 0 0 1rem; }
#filters[hidden] { display: none; }
#filters label { display: flex; flex-direction: column; gap: 0.25rem; color: var(--muted); font-size: 0.8125rem; min-width: 0; }
#filters .search { flex: 1 1 14rem; }
#filters p { flex: 1 0 100%; margin: 0; color: var(--muted); font-size: 0.8125rem; }
input, select, button { font: inherit; color: var(--text); background: var(--page); border: 1px solid var(--muted); border-radius: 0.375rem; }
input, select, #filters button { height: 2.25rem; padding: 0 0.625rem; max-width: 9.5rem; }
#filters .search input { width: 100%; max-width: none; }
#filters button { cursor: pointer; }
::placeholder { color: var(--muted); opacity: 1; }
#print-filter { display: none; }

.tall { max-height: 85vh; overflow: auto; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); contain: content; }
tbody th, tfoot th { min-width: 9rem; overflow-wrap: anywhere; }
td:not(.n) { max-width: 16rem; }
@media (min-width: 40.01rem) { .short td:not(.n) { min-width: 9.5rem; } }
/* Rows of whole pixels: the line between two of them would be lost else. */
#seat-table { min-width: 68rem; font-size: 0.8125rem; line-height: 1.125rem; }
#seat-table th, #seat-table td { padding-left: 0.4rem; padding-right: 0.4rem; }
#seat-table th:first-child { padding-left: 0; }
#seat-table thead th { padding-top: 0.5rem; font-size: 0.75rem; }
#seat-table small { font-size: 0.6875rem; line-height: 1rem; letter-spacing: -0.01em; }
.opens tbody tr { cursor: pointer; }
.opens tbody tr:not(.opened):hover { background: var(--raised); }
tr.opened { cursor: auto; background: var(--raised); }
.opened pre { margin: 0; font: 0.8125rem/1.5 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
@media screen {
  #seat-table, #seat-table thead, #seat-table tbody, #seat-table tfoot { display: block; }
  #seat-table tr { display: grid; border-bottom: 1px solid var(--line); }
  #seat-table th, #seat-table td { min-width: 0; max-width: none; border-bottom: 0; border-top: 0; }
  #seat-table tr.opened { display: block; }
  #seat-table tr.opened td { display: block; padding: 0.75rem 1rem; }
  /* Of many rows, the blocks out of sight are not laid out, so that they sort and filter at once. */
  .many tbody:not(.part) { content-visibility: auto; contain-intrinsic-block-size: auto 153rem; }
  #seat-table thead, #seat-table tfoot { position: sticky; background: var(--page); }
  #seat-table thead { top: 0; z-index: 2; }
  #seat-table thead tr { align-items: end; border-bottom-color: var(--muted); }
  #seat-table tfoot { bottom: 0; border-top: 2px solid var(--text); z-index: 2; }
  .scroll th:first-child { position: sticky; left: 0; z-index: 1; background: inherit; }
  .scroll tr { background: var(--page); }
}
thead button { width: 100%; padding: 0; border: 0; background: none; color: inherit; font-size: inherit; text-align: inherit; cursor: pointer; }
thead button:hover { color: var(--accent); text-decoration: underline; }
[aria-sort] button { color: var(--text); font-weight: 600; }
[aria-sort=ascending] button::after { content: " ↑"; }
[aria-sort=descending] button::after { content: " ↓"; }

footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--muted); font-size: 0.8125rem; }

/* Where the table of all seats is wider than the page. */
@media screen and (min-width: 40.01rem) and (max-width: 72rem) {
  .sideways { display: inline; }
}
@media screen and (max-width: 60rem) {
  .pair { grid-template-columns: minmax(0, 1fr); gap: 1.5rem; }
}
@media screen and (max-width: 40rem) {
  body { padding: 1.25rem 1rem 3rem; }
  .total { font-size: 2.5rem; }
  section { margin-top: 2.25rem; }
  .facts div { flex-basis: 40%; padding: 0.625rem 0.75rem; }
  .wide { display: none; }
  .narrow { display: block; }
  .drawn { display: none; }
  .bridge .drawn { display: table-cell; width: 30%; }
  svg.bar { min-width: 3rem; }
  tbody th, tfoot th { min-width: 6.5rem; }
  #filters label, #filters button { flex: 1 1 40%; }
  input, select, #filters button { max-width: none; }
  /* Name, total and change on the first line; all else beneath, each with its name. */
  .stack, .stack tbody, .stack tfoot { display: block; }
  .stack thead { display: none; }
  .stack tr, #seat-table tr:not(.opened) { display: flex; flex-wrap: wrap; column-gap: 0.75rem; padding: 0.375rem 0; border-bottom: 1px solid var(--line); }
  .stack tfoot tr { border-bottom: 0; border-top: 2px solid var(--text); }
  #seat-table { min-width: 0; }
  .stack :is(th, td), #seat-table tr:not(.opened) > :is(th, td) { padding: 0; border: 0; }
  .stack tr > :first-child, #seat-table tr:not(.opened) > :first-child { flex: 1 1 35%; min-width: 0; }
  .stack tr > .n:not([data-name]), #seat-table tr:not(.opened) > .n:nth-child(-n + 3) { flex: 0 0 auto; min-width: 5.25rem; }
  .stack td:not(:nth-child(-n + 2)):not(.n), .stack td[data-name], #seat-table tbody tr:not(.opened) > td:nth-child(n + 4) { flex: 0 0 auto; max-width: 100%; color: var(--muted); font-size: 0.75rem; text-align: left; white-space: normal; overflow-wrap: anywhere; }
  .stack .drawn, #seat-table thead th:nth-child(n + 4), #seat-table tfoot td:nth-child(n + 4) { display: none; }
  /* Where the second line begins. */
  .stack tr::after, #seat-table tbody tr:not(.opened)::after { content: ""; order: 1; flex: 0 0 100%; }
  .stack td[data-name], .stack td:not(.n), #seat-table tbody tr:not(.opened) > td:nth-child(n + 4) { order: 2; }
  .stack td[data-name]::before { content: attr(data-name) " "; }
  #seat-table td:nth-child(5)::before { content: "Credits "; }
  #seat-table td:nth-child(6)::before { content: "of "; }
  #seat-table td:nth-child(8)::before { content: "Unbilled "; }
  #seat-table td:nth-child(9)::before { content: "Subscription "; }
  #seat-table td:nth-child(10)::before { content: "Overage "; }
  .many tbody:not(.part) { contain-intrinsic-block-size: auto 325rem; }
}

@page {
  margin: 14mm 14mm 16mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #57606b; }
}
@page seats { size: landscape; margin: 12mm 12mm 14mm; }
@media print {
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  nav, #filters, #months details, #daily, thead button::after { display: none; }
  #print-filter:not([hidden]) { display: block; }
  /* What is folded away stays so on paper, but how much it is must be said. */
  summary { color: inherit; list-style: none; }
  /* A button in a heading would keep the heading from being repeated on each page. */
  thead button, .key-name button { display: contents; }
  section { margin-top: 1.5rem; }
  p { orphans: 2; widows: 2; }
  h2, h3, h2 + p, thead, caption, .legend { break-after: avoid; }
  thead, tr, svg, dl, li, .bridge, #savings, #months { break-inside: avoid; }
  .facts div { flex-basis: 8rem; }
  .pair { gap: 1.5rem; }
  .scroll, .tall { overflow: visible; max-height: none; border: 0; contain: none; }
  table { font-size: 0.8125rem; }
  th, td { padding: 0.25rem 0.4rem; overflow-wrap: anywhere; }
  thead th, .short td { overflow-wrap: break-word; }
  /* Ids may break anywhere, so that a column would else be as narrow as a letter. */
  td:not(.n):not(.drawn) { min-width: 5.5em; }
  .n { overflow-wrap: normal; }
  svg rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  tfoot { display: table-row-group; }
  #seats, footer { page: seats; }
  #seats { break-before: page; }
  #seat-table { min-width: 0; font-size: 7pt; }
  #seat-table small { font-size: 6pt; }
  a { color: inherit; }
  footer { margin-top: 1rem; break-inside: avoid; }
}
`;
