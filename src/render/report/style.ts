/** The look of the page, on a phone, a desk and paper; light, dark and printed. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff;
  --raised: #f6f7f9;
  --text: #1b1f24;
  --muted: #57606b;
  --line: #dde1e6;
  --accent: #2b5c9e;
  --accent-soft: #a9c0de;
  --overage: #c26a10;
  --alarm: #b3261e;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #15181c;
    --raised: #1d2126;
    --text: #e7eaee;
    --muted: #a4adb8;
    --line: #343b44;
    --accent: #79a6e4;
    --accent-soft: #41618c;
    --overage: #e59f55;
    --alarm: #f1928b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto;
  max-width: 80rem;
  padding: 2.5rem 2rem 4rem;
  background: var(--page);
  color: var(--text);
  font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
h1 { margin: 0 0 0.25rem; font-size: 2rem; font-weight: 650; line-height: 1.2; letter-spacing: -0.015em; }
h2 { margin: 0 0 0.5rem; font-size: 1.25rem; font-weight: 650; letter-spacing: -0.005em; }
h3 { margin: 0 0 0.75rem; font-size: 0.9375rem; font-weight: 600; }
p { margin: 0 0 0.75rem; max-width: 90ch; }
header p { margin: 0; color: var(--muted); }
.eyebrow { margin-bottom: 0.25rem; font-size: 0.8125rem; letter-spacing: 0.02em; }
header .remark { margin-top: 0.75rem; padding-left: 0.75rem; border-left: 3px solid var(--overage); color: var(--text); overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 1.25rem 0 0; padding: 0.625rem 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
section { margin-top: 3rem; }
#summary { margin-top: 1.75rem; }
section > h3 { margin: 1.5rem 0 0.25rem; }
.note, small { color: var(--muted); }
.note { font-size: 0.875rem; overflow-wrap: anywhere; }
small { display: block; font-size: 0.75rem; font-weight: 400; overflow-wrap: anywhere; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

.totals { display: grid; grid-template-columns: repeat(6, 1fr); margin: 0 0 0.75rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--raised); }
.totals div { min-width: 0; padding: 0.875rem 1rem; border-left: 1px solid var(--line); }
.totals div:first-child { border-left: 0; }
.totals dt { color: var(--muted); font-size: 0.8125rem; }
.totals dd { margin: 0; font-size: 1.25rem; font-weight: 600; overflow-wrap: anywhere; }
.totals .change { min-height: 1.2em; color: var(--muted); font-size: 0.8125rem; font-weight: 400; }

.pair { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 3rem; align-items: start; margin-top: 1.75rem; }
#allowance .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); margin-bottom: 1rem; }
svg { display: block; width: 100%; height: auto; font-family: inherit; }
.pair svg { max-width: 30rem; }
.narrow { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; max-width: none; margin: 0.25rem 0 0.5rem; color: var(--muted); font-size: 0.8125rem; }
.key { display: inline-block; width: 0.75rem; height: 0.75rem; margin-right: 0.4rem; vertical-align: -0.08rem; border-radius: 2px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.key.accent { background: var(--accent); }
.key.overage { background: var(--overage); }
.key.alarm { background: var(--alarm); }

.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; line-height: 1.4; }
th, td { padding: 0.4375rem 0.625rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; overflow-wrap: break-word; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-size: 0.8125rem; vertical-align: bottom; border-bottom-color: var(--muted); }
tfoot th, tfoot td { border-bottom: 0; font-weight: 600; }
.n { text-align: right; white-space: nowrap; }
thead .n { white-space: normal; }
td.alarm { color: var(--alarm); }
data[title] { cursor: help; }

details { margin-top: 0.75rem; }
summary { color: var(--accent); cursor: pointer; }
table.days { width: auto; min-width: 16rem; margin-top: 0.5rem; }
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
input, select, #filters button { height: 2.25rem; padding: 0 0.625rem; max-width: 14rem; }
#filters .search input { width: 100%; max-width: none; }
#filters button { cursor: pointer; }
::placeholder { color: var(--muted); opacity: 1; }

.tall { max-height: 85vh; overflow: auto; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); contain: content; }
tbody th, tfoot th { min-width: 9rem; overflow-wrap: anywhere; }
td:not(.n) { max-width: 14rem; }
#seat-table { min-width: 74rem; font-size: 0.8125rem; }
#seat-table th, #seat-table td { padding-left: 0.4rem; padding-right: 0.4rem; }
#seat-table th:first-child { padding-left: 0; }
#seat-table thead th { padding-top: 0.5rem; font-size: 0.75rem; }
#seat-table small { font-size: 0.6875rem; letter-spacing: -0.01em; }
@media screen {
  #seat-table, #seat-table thead, #seat-table tbody, #seat-table tfoot { display: block; }
  #seat-table tr {
    display: grid;
    grid-template-columns: 18.5fr 9fr 9fr 9fr 5.5fr 7.5fr 7.5fr 6fr 5.5fr 7fr 6.5fr 6.5fr 6.5fr;
    border-bottom: 1px solid var(--line);
  }
  #seat-table th, #seat-table td { min-width: 0; border-bottom: 0; }
  /* Of many rows, those out of sight are not laid out, so that they sort and filter at once. */
  .many tbody tr { content-visibility: auto; contain-intrinsic-block-size: auto 3.25rem; }
  #seat-table tr[hidden] { display: none; }
  #seat-table thead, #seat-table tfoot { position: sticky; background: var(--page); }
  #seat-table thead { top: 0; z-index: 1; }
  #seat-table thead tr { align-items: end; border-bottom-color: var(--muted); }
  #seat-table tfoot { bottom: 0; border-top: 1px solid var(--muted); }
}
thead button { width: 100%; padding: 0; border: 0; background: none; color: inherit; font-size: inherit; text-align: inherit; cursor: pointer; }
thead button:hover { color: var(--accent); text-decoration: underline; }
[aria-sort] button { color: var(--text); font-weight: 600; }
[aria-sort=ascending] button::after { content: " ↑"; }
[aria-sort=descending] button::after { content: " ↓"; }

footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--muted); font-size: 0.8125rem; }

@media screen and (max-width: 60rem) {
  .totals { grid-template-columns: repeat(3, 1fr); }
  .totals div:nth-child(4) { border-left: 0; }
  .totals div:nth-child(n + 4) { border-top: 1px solid var(--line); }
  .pair, #allowance .pair { grid-template-columns: minmax(0, 1fr); gap: 1rem; }
}
@media screen and (max-width: 40rem) {
  body { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.625rem; }
  section { margin-top: 2.5rem; }
  .totals { grid-template-columns: repeat(2, 1fr); }
  .totals div:nth-child(odd) { border-left: 0; }
  .totals div:nth-child(even) { border-left: 1px solid var(--line); }
  .totals div:nth-child(n + 3) { border-top: 1px solid var(--line); }
  .totals div { padding: 0.75rem; }
  .totals dd { font-size: 1.125rem; }
  .wide { display: none; }
  .narrow { display: block; }
  .scroll:not(.tall) table { min-width: 34rem; }
  #top .scroll table, #allowance .scroll table { min-width: 46rem; }
  #top th small, #idle th small { min-width: 8.5rem; }
  #filters label, #filters button { flex: 1 1 40%; }
  input, select, #filters button { max-width: none; }
}

@page { margin: 14mm 14mm 16mm; }
@page seats { size: landscape; margin: 12mm; }
@media print {
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  .totals { grid-template-columns: repeat(3, 1fr); }
  .totals div:nth-child(4) { border-left: 0; }
  .totals div:nth-child(n + 4) { border-top: 1px solid var(--line); }
  nav, #filters, #daily details, thead button::after { display: none; }
  /* What is folded away stays so on paper, but how much it is must be told. */
  summary { color: inherit; list-style: none; }
  /* A button in a heading would keep the heading from being repeated on each page. */
  thead button { display: contents; }
  section { margin-top: 1.75rem; }
  h2, h3, thead, .legend { break-after: avoid; }
  thead, tr, svg, dl, li { break-inside: avoid; }
  .pair { gap: 1.5rem; break-inside: avoid; }
  .scroll, .tall { overflow: visible; max-height: none; border: 0; contain: none; }
  table { font-size: 0.8125rem; }
  th, td { padding: 0.25rem 0.4rem; }
  tfoot { display: table-row-group; }
  #seats, footer { page: seats; }
  #seats { break-before: page; }
  #seat-table { min-width: 0; font-size: 7.5pt; }
  #seat-table small { font-size: 6pt; white-space: nowrap; }
  a { color: inherit; }
  footer { margin-top: 1rem; break-inside: avoid; }
}
`;
