import { describe, expect, it } from 'vitest';
import {
  drawnTable,
  figureColumn,
  type TableBlock,
  type TableColumn,
  type TablePage,
  type TotalsRow,
  zeroCell,
} from '../../src/render/block-table.ts';
import { paletteOf } from '../../src/render/palette.ts';
import { visible } from '../../src/render/terminal.ts';
import { NASTY_NAMES } from './samples.ts';

interface NamedRow {
  readonly name: string;
  readonly figure: string;
}

/** More than a screen, and more than a piece of output. */
const MANY = 700;

describe('a table of many rows', () => {
  it('draws the further rows as it draws the first ones', () => {
    const palette = paletteOf(true);
    const columns: TableColumn<NamedRow>[] = [
      {
        kind: 'name',
        heading: 'Name',
        shrink: { minimum: 6 },
        cell: ({ name }) => ({ text: name, paint: palette.faint }),
      },
      { kind: 'figure', heading: 'Figure', cell: ({ figure }) => ({ text: figure }) },
    ];
    const kinds = NASTY_NAMES.map((name, index) => ({
      name: visible(name),
      figure: String(10 ** (index % 9)),
    }));
    const rows = Array.from({ length: MANY }, (_, row) => kinds[row % kinds.length] as NamedRow);
    const { pages } = drawnTable(columns, [{ blocks: [{ rows }] }], { width: 40, palette });
    const lines = [...(pages[0] ?? [])].slice(2);
    expect(lines).toHaveLength(MANY);
    expect(lines.map((line, row) => line === lines[row % kinds.length])).not.toContain(false);
  });
});

interface Seat {
  readonly id: string;
  readonly name: string;
  readonly used: string;
  readonly cost: string;
}

const PLAIN = paletteOf(false);
const SEATS: readonly Seat[] = [
  { id: 'user-0001-abcdef', name: 'Ana Souza', used: '12.50', cost: '20.00' },
  { id: 'user-0002-abcdef', name: 'Benedikt Lang', used: '0', cost: '40.00' },
];

function figure(heading: string, of: 'used' | 'cost', drop?: number): TableColumn<Seat> {
  const cell = (seat: Seat) => (seat[of] === '0' ? zeroCell(PLAIN) : { text: seat[of] });
  return figureColumn(of, heading, drop, cell);
}

const NAME: TableColumn<Seat> = {
  name: 'name',
  kind: 'name',
  heading: 'Name',
  shrink: { comfort: 9, minimum: 6 },
  cell: ({ name }) => ({ text: name }),
};
const ID: TableColumn<Seat> = {
  name: 'id',
  kind: 'id',
  heading: 'Id',
  shrink: { comfort: 12, minimum: 8 },
  cell: ({ id }) => ({ text: id }),
};
const COLUMNS = [NAME, ID, figure('Used', 'used', 1), figure('Cost', 'cost')];

function totals(label: string, shortLabel?: string): TotalsRow<Seat> {
  const sums = { id: '', name: '', used: '12.50', cost: '60.00' };
  return { label, ...(shortLabel && { shortLabel }), totals: sums };
}

function drawn(
  width: number,
  columns: readonly TableColumn<Seat>[] = COLUMNS,
  page: TablePage<Seat> = { blocks: [{ rows: SEATS }] },
): { lines: string[]; leftOut: string } {
  const { pages, leftOut } = drawnTable(columns, [page], { width, palette: PLAIN });
  return { lines: [...(pages[0] ?? [])], leftOut: leftOut.join(' ') };
}

describe('a table in less and less room', () => {
  it('is as wide as its texts, figures at the right, and no line ends in spaces', () => {
    expect(drawn(80).lines).toEqual([
      'Name           Id                 Used   Cost',
      '─'.repeat(45),
      'Ana Souza      user-0001-abcdef  12.50  20.00',
      'Benedikt Lang  user-0002-abcdef      –  40.00',
    ]);
    expect(drawn(45).lines).toEqual(drawn(80).lines);
  });

  it('cuts texts down to where they are comfortable, ids first, in their middle', () => {
    expect(drawn(44).lines.at(-1)).toBe('Benedikt Lang  user-00…-abcdef      –  40.00');
    expect(drawn(41).lines.at(-1)).toBe('Benedikt Lang  user-0…bcdef      –  40.00');
    expect(drawn(38).lines.at(-1)).toBe('Benedikt …  user-0…bcdef      –  40.00');
    expect(drawn(37).lines.at(-1)).toBe('Benedikt…  user-0…bcdef      –  40.00');
    for (const width of [44, 41, 38, 37]) expect(drawn(width).leftOut).toBe('');
  });

  it('then drops columns, says so, and how to see them', () => {
    const { lines, leftOut } = drawn(36);
    expect(lines.at(-1)).toBe('Benedikt Lang  user-00…abcdef  40.00');
    expect(leftOut).toBe('No room for Used: widen the terminal, or choose with --columns (used).');
    expect(drawn(30).lines.at(-1)).toBe('Benedikt…  user-0…bcdef  40.00');
  });

  it('then cuts texts to their minimum, ids before names', () => {
    expect(drawn(29).lines.at(-1)).toBe('Benedikt…  user-…bcdef  40.00');
    expect(drawn(26).lines.at(-1)).toBe('Benedikt…  user…def  40.00');
    expect(drawn(25).lines.at(-1)).toBe('Benedik…  user…def  40.00');
    expect(drawn(23).lines.at(-1)).toBe('Bened…  user…def  40.00');
  });

  it('and is too wide where that is not enough', () => {
    expect(drawn(22).lines).toEqual(drawn(23).lines);
    expect(drawn(5).lines).toEqual(drawn(23).lines);
  });

  it('drops columns in their order, those that hold only zeros before all others', () => {
    const used = figure('Used', 'used', 2);
    const columns = [NAME, used, figure('Cost', 'cost', 1), figure('Left', 'cost')];
    const seats = SEATS.map((seat) => ({ ...seat, used: '0' }));
    const someZeros = drawn(29, columns);
    expect(someZeros.leftOut).toContain('No room for Cost:');
    const onlyZeros = drawn(29, columns, { blocks: [{ rows: seats }] });
    expect(onlyZeros.leftOut).toBe('');
    const narrow = drawn(25, columns, { blocks: [{ rows: seats }] });
    expect(narrow.leftOut).toBe('Not shown, as they are empty: Used.');
    expect(drawn(16, columns, { blocks: [{ rows: seats }] }).leftOut).toBe(
      'No room for Cost: widen the terminal, or choose with --columns (cost). Not shown, as they are empty: Used.',
    );
    expect(drawn(16, columns).leftOut).toBe(
      'No room for Used, Cost: widen the terminal, or choose with --columns (used, cost).',
    );
  });

  it('counts what is blank as nothing, too, and keeps what always stays, whatever it holds', () => {
    const blank = SEATS.map((seat) => ({ ...seat, used: seat.used === '0' ? '0' : '' }));
    const columns = [NAME, figure('Used', 'used', 2), figure('Cost', 'cost', 1)];
    const page = { blocks: [{ rows: blank }] };
    expect(drawn(20, columns, page).leftOut).toBe('Not shown, as they are empty: Used.');
    const staying = [NAME, figure('Used', 'used'), figure('Cost', 'cost', 1)];
    expect(drawn(20, staying, page).leftOut).toContain('No room for Cost:');
  });

  it('cuts a text that no blank cell after it may hold', () => {
    const { total: _, ...blank } = figure('Used', 'used');
    const columns = [{ ...NAME, shrink: { comfort: 6, minimum: 6 } }, blank];
    const rows = SEATS.map((seat) => ({ ...seat, used: '' }));
    expect(drawn(12, columns, { blocks: [{ rows }] }).lines.at(-1)).toBe('Bened…');
  });

  it('repeats no name of a column that is its heading', () => {
    const month = figure('2026-01', 'used', 1);
    const columns = [NAME, { ...month, name: '2026-01' }, figure('Cost', 'cost')];
    expect(drawn(20, columns).leftOut).toBe(
      'No room for 2026-01: widen the terminal, or choose with --columns.',
    );
  });

  it('names no option for what --columns does not know', () => {
    const { name: _, ...bar } = figure('Bar', 'used', 1);
    expect(drawn(20, [NAME, bar, figure('Cost', 'cost')]).leftOut).toBe(
      'No room for Bar: widen the terminal.',
    );
  });

  it('measures characters by the columns they take', () => {
    const wide = [{ id: 'x', name: '田中', used: '1', cost: '2' }];
    const { lines } = drawn(80, [NAME, figure('Cost', 'cost')], { blocks: [{ rows: wide }] });
    expect(lines).toEqual(['Name  Cost', '─'.repeat(10), '田中     2']);
  });
});

describe('the blocks of a table', () => {
  const [ana, ben] = SEATS as [Seat, Seat];
  const blocks: readonly TableBlock<Seat>[] = [
    { heading: ['Engineering', '(2026-01)'], rows: [ana], subtotal: totals('Sum') },
    { rows: [ben], below: ({ name }) => [`  of ${name}`, '  and no other'] },
  ];
  const columns = [NAME, figure('Used', 'used'), figure('Cost', 'cost')];

  it('have headings, rows with what is below them, subtotals, and the total at the end', () => {
    expect(drawn(80, columns, { blocks, total: totals('All') }).lines).toEqual([
      'Name            Used   Cost',
      '─'.repeat(27),
      'Engineering',
      '(2026-01)',
      'Ana Souza      12.50  20.00',
      'Sum            12.50  60.00',
      '',
      'Benedikt Lang      –  40.00',
      '  of Benedikt Lang',
      '  and no other',
      '═'.repeat(27),
      'All            12.50  60.00',
    ]);
  });

  it('have no rule below the headings where there are none', () => {
    expect(drawn(80, columns, { blocks: [], total: totals('All') }).lines).toEqual([
      'Name   Used   Cost',
      '═'.repeat(18),
      'All   12.50  60.00',
    ]);
    expect(drawn(80, columns, { blocks: [] }).lines).toEqual(['Name  Used  Cost']);
  });

  it('have labels of totals that run on over blank cells, and short ones where those end', () => {
    const label = 'Total of all of the seats';
    const page = { blocks: [{ rows: [ana] }], total: totals(label, 'Total') };
    const { total: _, ...blank } = figure('Used', 'used');
    expect(drawn(80, [NAME, ID, figure('Cost', 'cost')], page).lines.at(-1)).toBe(
      'Total of all of the seats    60.00',
    );
    expect(drawn(80, [NAME, blank, figure('Cost', 'cost')], page).lines.at(-1)).toBe(
      'Total             60.00',
    );
    expect(drawn(80, [NAME, figure('Cost', 'cost')], page).lines.at(-1)).toBe('Total      60.00');
    const exact = { ...page, total: totals('Ana or Ben', 'Both') };
    expect(
      drawn(80, [{ ...NAME, heading: 'The person' }, figure('Cost', 'cost')], exact).lines.at(-1),
    ).toBe('Ana or Ben  60.00');
    const byId = { blocks: [{ rows: [] }], total: totals('Total of all seats') };
    expect(drawn(19, [ID, figure('Cost', 'cost')], byId).lines.at(-1)).toBe('Total of al…  60.00');
    const long = { ...page, total: totals(label) };
    expect(drawn(18, [NAME, figure('Cost', 'cost')], long).lines.at(-1)).toBe('Total of a…  60.00');
  });

  it('have room for subtotals that are wider than all rows', () => {
    const free = [{ ...ana, used: '1', cost: '2' }];
    const page = { blocks: [{ rows: free, subtotal: totals('Sum') }] };
    expect(drawn(80, columns, page).lines.slice(-2)).toEqual([
      'Ana Souza      1      2',
      'Sum        12.50  60.00',
    ]);
  });

  it('have a column for the labels where the first one has totals', () => {
    const page = { blocks: [{ rows: SEATS }], total: totals('All') };
    expect(drawn(80, [figure('Cost', 'cost'), NAME], page).lines).toEqual([
      '      Cost  Name',
      '─'.repeat(25),
      '     20.00  Ana Souza',
      '     40.00  Benedikt Lang',
      '═'.repeat(25),
      'All  60.00',
    ]);
  });

  it('paint headings and the total strong, but no zero, and cut before they paint', () => {
    const marked = {
      ...PLAIN,
      strong: (text: string) => `<${text}>`,
      faint: (text: string) => `(${text})`,
    };
    const used: TableColumn<Seat> = {
      ...figure('Used', 'used'),
      total: () => zeroCell(marked),
      cell: ({ used: text }) => ({ text, paint: marked.faint }),
    };
    const page = { blocks: [{ rows: [ben], subtotal: totals('Sum') }], total: totals('All') };
    const cell = ({ cost: text }: Seat) => ({ text, paint: marked.faint });
    const cost: TableColumn<Seat> = { ...figure('Cost', 'cost'), cell, total: cell };
    const shrunk = { ...NAME, shrink: { comfort: 6 } };
    const { pages } = drawnTable([shrunk, used, cost], [page], {
      width: 19,
      palette: marked,
    });
    expect([...(pages[0] ?? [])]).toEqual([
      '<Name>    <Used>   <Cost>',
      '(───────────────────)',
      'Bened…     (0)  (40.00)',
      'Sum        (–)  (60.00)',
      '(═══════════════════)',
      '<All>        (–)  <60.00>',
    ]);
  });

  it('have a cell of another kind than its column cut as that is', () => {
    const named: TableColumn<Seat> = { ...NAME, cell: ({ id }) => ({ text: id, kind: 'id' }) };
    expect(drawn(16, [named, figure('Cost', 'cost')]).lines.at(-1)).toBe('user…cdef  40.00');
  });

  it('of several pages are as wide as each other, each with its own total', () => {
    const pageOf = (seat: Seat): TablePage<Seat> => ({ blocks: [{ rows: [seat] }] });
    const { pages, shown } = drawnTable(columns, [pageOf(ana), pageOf(ben)], {
      width: 80,
      palette: PLAIN,
    });
    expect(pages.map((lines) => [...lines])).toEqual([
      ['Name            Used   Cost', '─'.repeat(27), 'Ana Souza      12.50  20.00'],
      ['Name            Used   Cost', '─'.repeat(27), 'Benedikt Lang      –  40.00'],
    ]);
    expect(shown).toEqual(columns);
  });
});
