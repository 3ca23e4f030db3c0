/**
 * The script of the page: it sorts and filters the table of all seats, expands a seat to its
 * charges, saves the rows shown and updates their total; filters and order are kept in the
 * address. Numbers are compared and added exactly, as BigInt. Plain JavaScript for current
 * browsers; without it the page is complete except for the expanded charges.
 */
export const PAGE_SCRIPT = String.raw`'use strict';
(() => {
  const table = document.getElementById('seat-table');
  const form = document.getElementById('filters');
  const blocks = [...table.tBodies];
  const blockRows = blocks[0].rows.length;
  const rows = blocks.flatMap((block) => [...block.rows]);
  const headings = [...table.tHead.rows[0].cells];
  const titles = headings.map((heading) => heading.textContent);
  const status = form.querySelector('[role=status]');
  const printed = document.getElementById('print-filter');
  const totals = [...table.tFoot.rows[0].cells];
  const totalsOfAll = totals.map((cell) => cell.innerHTML);
  const selects = [...form.querySelectorAll('select[data-column]')];
  const at = (title) => titles.indexOf(title);
  const MONEY = ['Total', 'Change', 'Subscription', 'Overage'].map(at);

  /* ---- figures ---- */

  function exactText(cell) {
    const data = cell.querySelector('data');
    return data ? data.value : cell.textContent.replace('\u2212', '-').replace(/[^0-9.-]/g, '') || '0';
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

  function numberText(units, scale) {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
    const decimals = digits.slice(-scale).replace(/0+$/, '').padEnd(2, '0');
    return (units < 0n ? '-' : '') + digits.slice(0, -scale) + '.' + decimals;
  }

  function grouped(text) {
    return text.replace(/\B(?=(\d{3})+$)/g, ',');
  }

  /* ---- sorting ---- */

  const collator = new Intl.Collator('en');
  const differ = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  let order = rows.map((_, place) => place);
  const ranks = new Map();

  /** The rank of each row in a column from the lowest, by its place in the page as written; equal ones share a rank. */
  function ranksOf(heading) {
    if (!ranks.has(heading)) {
      const { values, compare } = sortable(heading);
      const sorted = [...new Set(values)].sort(compare);
      const rankOf = new Map();
      for (const [index, value] of sorted.entries()) {
        const isEqual = index > 0 && compare(sorted[index - 1], value) === 0;
        rankOf.set(value, isEqual ? rankOf.get(sorted[index - 1]) : index);
      }
      ranks.set(heading, values.map((value) => rankOf.get(value)));
    }
    return ranks.get(heading);
  }

  function sortable(heading) {
    const index = heading.cellIndex;
    if (heading.dataset.sorting === 'text') {
      return { values: rows.map((row) => row.cells[index].textContent), compare: collator.compare };
    }
    if (heading.dataset.sorting === 'number') return { values: figuresOf(index).units, compare: differ };
    const used = figuresOf(at('Credits')).units;
    const included = figuresOf(at('Included')).units;
    const compare = (a, b) => {
      if (included[a] === 0n || included[b] === 0n) return differ(included[a], included[b]);
      return differ(used[a] * included[b], used[b] * included[a]);
    };
    return { values: rows.map((_, place) => place), compare };
  }

  function sortBy(heading, wanted) {
    const natural = heading.dataset.sorting === 'text' ? 'ascending' : 'descending';
    const turned = natural === 'ascending' ? 'descending' : 'ascending';
    const direction = wanted ?? (heading.getAttribute('aria-sort') === natural ? turned : natural);
    for (const other of headings) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', direction);
    const ranked = ranksOf(heading);
    const sign = direction === 'ascending' ? 1 : -1;
    order = rows.map((_, place) => place).sort((a, b) => sign * (ranked[a] - ranked[b]) || a - b);
  }

  for (const heading of headings) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = heading.textContent;
    button.addEventListener('click', () => {
      sortBy(heading);
      show();
    });
    heading.replaceChildren(button);
  }

  /* ---- filtering ---- */

  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const SEARCHED = [0, ...selects.map((select) => Number(select.dataset.column))];
  let searched;
  /** The places of the rows in the table, in their order. */
  let shown = order;

  function searchTexts() {
    searched ??= rows.map((row) => plain(SEARCHED.map((index) => row.cells[index].textContent).join('\n')));
    return searched;
  }

  /** The filters that are set: what a row must be, by its place, and what they are called. */
  function wanted() {
    const tests = [];
    const names = [];
    const text = form.elements.text.value.trim();
    const words = plain(text).split(/\s+/).filter((word) => word !== '');
    if (words.length > 0) {
      const texts = searchTexts();
      tests.push((place) => words.every((word) => texts[place].includes(word)));
      names.push('“' + text + '”');
    }
    for (const select of selects) {
      if (select.selectedIndex === 0) continue;
      const index = Number(select.dataset.column);
      tests.push((place) => rows[place].cells[index].textContent === select.value);
      names.push(titles[index].toLowerCase() + ' ' + select.selectedOptions[0].textContent);
    }
    const { flag } = form.elements;
    if (flag.value !== '') {
      tests.push((place) => (rows[place].dataset.is ?? '').split(' ').includes(flag.value));
      names.push(flag.selectedOptions[0].textContent.toLowerCase());
    }
    return { tests, names };
  }

  /** Puts the rows that pass the filters into the table, in their order. */
  function show() {
    const { tests, names } = wanted();
    const places = order.filter((place) => tests.every((test) => test(place)));
    table.querySelector('tr.opened')?.remove();
    if (places.length !== shown.length || places.some((place, index) => place !== shown[index])) {
      shown = places;
      for (const [index, block] of blocks.entries()) {
        const ofBlock = shown.slice(index * blockRows, (index + 1) * blockRows);
        block.replaceChildren(...ofBlock.map((place) => rows[place]));
        block.classList.toggle('part', ofBlock.length < blockRows);
      }
    }
    status.textContent = shown.length.toLocaleString('en-US') + ' of ' + rows.length.toLocaleString('en-US') + ' rows';
    printed.hidden = names.length === 0;
    printed.textContent = names.length === 0 ? '' : 'Only ' + names.join(', ') + ': ' + status.textContent + '.';
    document.getElementById('no-match').hidden = shown.length > 0;
    for (const [index, cell] of totals.entries()) showTotal(cell, index);
    keepInAddress();
  }

  /** The total is of the rows shown; of all rows it is the one that was written. */
  function showTotal(cell, index) {
    if (shown.length === rows.length) {
      cell.innerHTML = totalsOfAll[index];
      return;
    }
    if (index === 0) cell.textContent = 'Total shown';
    if (index === 0 || totalsOfAll[index] === '') return;
    const { units, scale } = figuresOf(index);
    const sum = shown.reduce((total, place) => total + units[place], 0n);
    const exact = numberText(sum, scale);
    const [whole, decimals] = exact.replace('-', '').split('.');
    const isMoney = MONEY.includes(index);
    const sign = sum < 0n ? '\u2212' : isMoney && titles[index] === 'Change' ? '+' : '';
    const data = document.createElement('data');
    data.value = exact;
    data.title = exact;
    data.textContent = sum === 0n ? '–' : sign + (isMoney || whole !== '0' ? grouped(whole) : '<1') + (isMoney ? '.' + decimals : '');
    cell.replaceChildren(data);
  }

  let waiting;
  function filterSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(show, 60);
  }

  form.addEventListener('input', filterSoon);
  form.addEventListener('reset', filterSoon);
  form.addEventListener('submit', (event) => event.preventDefault());

  /** A row of a division filters the seats by it. */
  const KEYS = { 'by-tier': 'Tier', 'by-profile': 'Profile', 'by-group': 'Group', 'by-cost-center': 'Cost center' };
  for (const [id, title] of Object.entries(KEYS)) {
    const select = selects.find(({ dataset }) => Number(dataset.column) === at(title));
    if (select === undefined) continue;
    for (const name of document.querySelectorAll('#' + id + ' .key-name')) {
      const options = [...select.options];
      const place = options.findIndex(({ value }, index) => index > 0 && (value || 'No cost center') === name.textContent);
      if (place < 0) continue;
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = name.textContent;
      name.replaceChildren(button);
      name.closest('tr').classList.add('choosable');
      name.closest('tr').addEventListener('click', () => {
        form.reset();
        select.selectedIndex = place;
        clearTimeout(waiting);
        show();
        document.getElementById('seats').scrollIntoView();
      });
    }
  }

  /* ---- the address ---- */

  function keepInAddress() {
    const state = new URLSearchParams();
    if (form.elements.text.value !== '') state.set('text', form.elements.text.value);
    for (const select of selects) {
      if (select.selectedIndex > 0) state.set(titles[select.dataset.column], select.value);
    }
    if (form.elements.flag.value !== '') state.set('show', form.elements.flag.value);
    const sorted = headings.find((heading) => heading.hasAttribute('aria-sort'));
    const direction = sorted.getAttribute('aria-sort');
    if (sorted.cellIndex !== at('Total') || direction !== 'descending') state.set('sort', titles[sorted.cellIndex] + ' ' + direction);
    const text = state.toString();
    const hash = text === '' ? (location.hash.startsWith('#seats?') ? '#seats' : location.hash) : '#seats?' + text;
    if (hash !== location.hash) history.replaceState(null, '', hash === '' ? location.pathname : hash);
  }

  function takeFromAddress() {
    if (!location.hash.startsWith('#seats?')) return;
    const state = new URLSearchParams(location.hash.slice('#seats?'.length));
    form.elements.text.value = state.get('text') ?? '';
    for (const select of selects) {
      const value = state.get(titles[select.dataset.column]);
      const place = [...select.options].findIndex((option, index) => index > 0 && option.value === value);
      select.selectedIndex = Math.max(0, place);
    }
    form.elements.flag.value = state.get('show') ?? '';
    const [, title, direction] = /^(.*) (ascending|descending)$/.exec(state.get('sort') ?? '') ?? [];
    if (at(title) >= 0) sortBy(headings[at(title)], direction);
    document.getElementById('seats').scrollIntoView();
  }

  /* ---- a seat, opened ---- */

  const packedTexts = [...document.querySelectorAll('script.explained')];
  const unpacked = new Map();

  /** The text of a row. Texts are packed many together, which are unpacked once. */
  async function explained(place) {
    const packed = packedTexts.findLast(({ dataset }) => Number(dataset.start) <= place);
    if (!unpacked.has(packed)) unpacked.set(packed, textsIn(packed));
    return (await unpacked.get(packed))[place - Number(packed.dataset.start)];
  }

  function textsIn(packed) {
    const bytes = Uint8Array.from(atob(packed.textContent.trim()), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(stream).json();
  }

  async function open(row) {
    const opened = table.querySelector('tr.opened');
    const wasOpen = opened?.previousElementSibling === row;
    opened?.remove();
    if (wasOpen) return;
    const text = await explained(rows.indexOf(row));
    const line = document.createElement('tr');
    line.className = 'opened';
    const cell = document.createElement('td');
    cell.colSpan = headings.length;
    const story = document.createElement('pre');
    story.textContent = text;
    cell.append(story);
    line.append(cell);
    row.after(line);
  }

  if (packedTexts.length > 0) {
    for (const row of rows) row.tabIndex = 0;
    table.classList.add('opens');
    table.addEventListener('click', (event) => {
      const row = event.target.closest('tbody tr:not(.opened)');
      if (row && String(getSelection()) === '') open(row);
    });
    table.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.target.tagName !== 'TR') return;
      open(event.target);
    });
  }

  /* ---- saving ---- */

  /** A field of a CSV; text that a spreadsheet takes for a formula gets a quote before it. */
  function field(text) {
    const guarded = /^[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/.test(text) && !/^-?[0-9.]+$/.test(text) ? "'" + text : text;
    return /[",\r\n]/.test(guarded) ? '"' + guarded.replaceAll('"', '""') + '"' : guarded;
  }

  function csvRow(place) {
    const [user, ...others] = rows[place].cells;
    const id = user.querySelector('small')?.textContent ?? '';
    const name = id === '' ? user.textContent : user.firstChild.textContent;
    const cells = others.map((cell, index) => {
      const { sorting } = headings[index + 1].dataset;
      if (sorting === 'text' || sorting === 'share') return cell.textContent.replace('–', '');
      return MONEY.includes(index + 1) ? exactText(cell).replace(/^0$/, '0.00') : exactText(cell);
    });
    return [name, id || name, ...cells].map(field).join(',');
  }

  document.getElementById('save').addEventListener('click', () => {
    const header = ['User', 'User id', ...titles.slice(1)].map(field).join(',');
    const lines = shown.map(csvRow);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([[header, ...lines, ''].join('\n')], { type: 'text/csv' }));
    link.download = 'seats.csv';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  form.hidden = false;
  takeFromAddress();
  show();
})();
`;
