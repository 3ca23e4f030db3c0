import { describe, expect, it } from 'vitest';
import { drawnTable, type TableColumn } from '../../src/render/block-table.ts';
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
