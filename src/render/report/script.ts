/**
 * What the page does by itself: the table of all seats sorts and filters, and its total
 * follows. Numbers are compared and added exactly, as BigInt. Plain JavaScript for any
 * browser of today; the page is whole without it.
 */
export const PAGE_SCRIPT = String.raw`'use strict';
(() => {
  const table = document.getElementById('seat-table');
  const form = document.getElementById('filters');
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const headings = [...table.tHead.rows[0].cells];
  const status = form.querySelector('[role=status]');
  const totals = [...table.tFoot.rows[0].cells];
  const totalsOfAll = totals.map((cell) => cell.innerHTML);
  const [USED, INCLUDED] = [6, 7];

  /* ---- figures ---- */

  function exactText(cell) {
    const data = cell.querySelector('data');
    return data ? data.value : cell.textContent.replace(/[^0-9.-]/g, '') || '0';
  }

  const columns = new Map();

  /** All figures of a column in one unit, 10^-scale. */
  function figuresOf(index) {
    if (!columns.has(index)) {
      const parts = rows.map((row) => exactText(row.cells[index]).split('.'));
      const scale = parts.reduce((most, [, decimals = '']) => Math.max(most, decimals.length), 2);
      const units = parts.map(([whole, decimals = '']) => BigInt(whole + decimals.padEnd(scale, '0')));
      columns.set(index, { units, scale });
    }
    return columns.get(index);
  }

  function shownText({ units, scale }) {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
    const whole = digits.slice(0, -scale).replace(/\B(?=(\d{3})+$)/g, ',');
    const decimals = digits.slice(-scale).replace(/0+$/, '').padEnd(2, '0');
    const cut = decimals.length > 2 ? decimals.slice(0, 2) + '…' : decimals;
    return { shown: (units < 0n ? '-' : '') + whole + '.' + cut, isCut: decimals.length > 2, exact: (units < 0n ? '-' : '') + digits.slice(0, -scale) + '.' + decimals };
  }

  /* ---- sorting ---- */

  const collator = new Intl.Collator('en');
  const differ = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  /** Compares two rows, by their places in the page as written, from the lowest. */
  function comparison(heading) {
    const index = heading.cellIndex;
    if (heading.dataset.sorting === 'text') {
      const texts = rows.map((row) => row.cells[index].textContent);
      return (a, b) => collator.compare(texts[a], texts[b]);
    }
    if (heading.dataset.sorting === 'number') {
      const { units } = figuresOf(index);
      return (a, b) => differ(units[a], units[b]);
    }
    const used = figuresOf(USED).units;
    const included = figuresOf(INCLUDED).units;
    return (a, b) => {
      if (included[a] === 0n || included[b] === 0n) return differ(included[a], included[b]);
      return differ(used[a] * included[b], used[b] * included[a]);
    };
  }

  function sortBy(heading) {
    const natural = heading.dataset.sorting === 'text' ? 'ascending' : 'descending';
    const turned = natural === 'ascending' ? 'descending' : 'ascending';
    const direction = heading.getAttribute('aria-sort') === natural ? turned : natural;
    for (const other of headings) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', direction);
    const compare = comparison(heading);
    const sign = direction === 'ascending' ? 1 : -1;
    const order = rows.map((_, place) => place);
    order.sort((a, b) => sign * compare(a, b) || a - b);
    const sorted = document.createDocumentFragment();
    for (const place of order) sorted.append(rows[place]);
    body.append(sorted);
  }

  for (const heading of headings) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = heading.textContent;
    button.addEventListener('click', () => sortBy(heading));
    heading.replaceChildren(button);
  }

  /* ---- filtering ---- */

  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  let searched;

  function searchTexts() {
    searched ??= rows.map((row) => plain([...row.cells].slice(0, 5).map((cell) => cell.textContent).join('\n')));
    return searched;
  }

  /** What a row must be, by its place; one test for each filter that is set. */
  function wantedTests() {
    const tests = [];
    const words = plain(form.elements.text.value).split(/\s+/).filter((word) => word !== '');
    if (words.length > 0) {
      const texts = searchTexts();
      tests.push((place) => words.every((word) => texts[place].includes(word)));
    }
    for (const select of form.querySelectorAll('select[data-column]')) {
      if (select.selectedIndex === 0) continue;
      const index = Number(select.dataset.column);
      tests.push((place) => rows[place].cells[index].textContent === select.value);
    }
    const flag = form.elements.flag.value;
    if (flag !== '') tests.push((place) => (rows[place].dataset.is ?? '').split(' ').includes(flag));
    return tests;
  }

  function filter() {
    const tests = wantedTests();
    const shown = [];
    for (const [place, row] of rows.entries()) {
      const isShown = tests.every((test) => test(place));
      if (row.hidden === isShown) row.hidden = !isShown;
      if (isShown) shown.push(place);
    }
    status.textContent = shown.length.toLocaleString('en-US') + ' of ' + rows.length.toLocaleString('en-US') + ' rows';
    document.getElementById('no-match').hidden = shown.length > 0;
    for (const [index, cell] of totals.entries()) showTotal(cell, index, shown);
  }

  /** The total is of the rows shown; of all rows it is the one that was written. */
  function showTotal(cell, index, shown) {
    if (shown.length === rows.length) {
      cell.innerHTML = totalsOfAll[index];
      return;
    }
    if (index === 0) cell.textContent = 'Total shown';
    if (index === 0 || totalsOfAll[index] === '') return;
    const { units, scale } = figuresOf(index);
    const sum = shown.reduce((total, place) => total + units[place], 0n);
    const { shown: text, isCut, exact } = shownText({ units: sum, scale });
    const data = document.createElement('data');
    data.value = exact;
    if (isCut) data.title = exact;
    data.textContent = sum === 0n ? '–' : text;
    cell.replaceChildren(data);
  }

  let waiting;
  function filterSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 60);
  }

  form.addEventListener('input', filterSoon);
  form.addEventListener('reset', filterSoon);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
`;
