import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runMain } from '../support/in-process.ts';
import { wideLines } from '../support/wide-lines.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const DATA = ['--data', join(FIXTURES, 'acme')];
const CUR = ['--cur', join(FIXTURES, 'acme-aws/cur')];

/** What people read, as a text beside this test; `vitest -u` writes it anew, to be read through. */
const SHOWN: readonly (readonly [name: string, columns: number, args: readonly string[]])[] = [
  ['invoice-range-80', 80, ['invoice', '2026-01..2026-02', '--cost-center', 'CC-430 Data']],
  ['invoice-60', 60, ['invoice', '2026-02', '--profile', 'Acme Federal, GovCloud']],
  ['explain-80', 80, ['explain', 'Ethan Clarke', '--month', '2026-03']],
  ['reconcile-100', 100, ['reconcile', '--month', '2026-03', ...CUR]],
  ['forecast-100', 100, ['forecast', '--as-of', '2026-02-20', '--profile', 'Acme Europe']],
  ['optimize-100', 100, ['optimize', '--month', '2026-03', '--profile', 'Acme Europe']],
  ['trend-80', 80, ['trend', '2026-01..2026-03']],
  ['chargeback-100', 100, ['chargeback', '--month', '2026-03', ...CUR]],
  ['chargeback-60', 60, ['chargeback', '--month', '2026-03', ...CUR]],
  ['rates-80', 80, ['rates', '--month', '2026-03']],
];

describe('what people read', () => {
  it.each(SHOWN)('%s', async (name, columns, args) => {
    const { stdout } = await runMain([...args, ...(args[0] === 'rates' ? [] : DATA)], { columns });
    expect(wideLines(stdout, columns)).toEqual([]);
    await expect(stdout).toMatchFileSnapshot(`goldens/${name}.txt`);
  });
});
