import { describe, expect, it } from 'vitest';
import { type HostSettings, runInProcess, runMain, runOnce } from '../support/in-process.ts';
import { subscriptionsCsv } from '../support/tables.ts';
import { wideLines } from '../support/wide-lines.ts';

const ACME = new URL('../../fixtures/acme', import.meta.url).pathname;

async function table(args: string[] = [], host: HostSettings = {}): Promise<string> {
  const base = ['forecast', '--as-of', '2026-02-24T20:00:00Z', '--data', ACME];
  return (await runOnce([...base, ...args], host)).stdout;
}

describe('the table of forecast', () => {
  it.each([80, 100, 120, 160])('has no line wider than %i columns', async (columns) => {
    for (const args of [[], ['--top', '3'], ['--budget', '1000']]) {
      const text = await table(args, { columns });
      expect(wideLines(text, columns)).toEqual([]);
    }
  });

  it('puts the seats to look at first: used up, will be, could be, within, without a seat', async () => {
    const text = await table([], { columns: 160 });
    expect(text).toMatch(/^Kiro forecast · 2026-02 · USD · as of 2026-02-24T20:00:00Z\n/);
    const headings = text.match(/^(Allowance used up|Will use|Could use|Within|Usage without)/gm);
    expect(headings).toEqual([
      'Allowance used up',
      'Will use',
      'Could use',
      'Within',
      'Usage without',
    ]);
    expect(text).toMatch(/\nAllowance used up \(\d+ seats\)\nJonas Weber /);
    expect(text).toMatch(/\n32e12f08-18.* no seat /);
  });

  it('flags credits that the forecast leaves unbilled, and says what that means', async () => {
    const text = await table([], { columns: 120 });
    expect(text).toMatch(/Jonas Weber .*» .*% ! {2}2026-02-/);
    expect(text).toContain('! some of it is beyond the allowance and not charged');
    expect(await table(['--user', 'Grace Kim'])).not.toContain('!');
  });

  it('ends with the total and its range, what of it is certain, the budget and the method', async () => {
    const text = await table(['--budget', '1000'], { columns: 120 });
    const flat = text.replaceAll('\n', ' ');
    expect(flat).toMatch(
      /2026-02 would end at \$1,\d{3}\.\d\d, from \$1,\d{3}\.\d\d \(every seat low\) to /,
    );
    expect(flat).toMatch(
      /Of that, \$1,\d{3}\.\d\d are subscription charges already certain, and \$/,
    );
    expect(text).toContain('Budget $1,000.00: passed by the forecast.');
    expect(flat).toMatch(/Method: each seat's credits per working day/);
    expect(await table(['--budget', '9000'])).toContain('Budget $9,000.00: kept by the forecast.');
  });

  it('a month that is over has no range', async () => {
    const args = ['forecast', '--month', '2026-02', '--as-of', '2026-04-01', '--data', ACME];
    const { stdout } = await runMain(args, { columns: 160 });
    expect(stdout).toContain('\n2026-02 ended at $1,902.73.\n');
  });

  it('a month will end while it runs, and would end as seen from before its end', async () => {
    const sentence = async (now: string): Promise<string> =>
      /2026-02 \w+ \w+ at \$1/.exec(await table([], { now: new Date(now), columns: 160 }))?.[0] ??
      '';
    expect(await sentence('2026-02-28T23:59:59Z')).toBe('2026-02 will end at $1');
    expect(await sentence('2026-03-01T00:00:00Z')).toBe('2026-02 would end at $1');
  });

  it('says so where the totals are of the rows shown, and is then one list', async () => {
    const text = await table(['--top', '3'], { columns: 120 });
    expect(text).toContain('Total shown');
    expect(text).not.toMatch(/^Within/m);
    expect(await table(['--user', 'Grace Kim'])).toMatch(
      /\nTotal shown [\s\S]*\nFor the seats asked for, 2026-02 would end at \$20\.00\.\n/,
    );
  });

  it('color adds nothing but color', async () => {
    const plain = await table([], { columns: 120 });
    const colored = await table([], { columns: 120, environment: { FORCE_COLOR: '1' } });
    expect(colored).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colors are control characters
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  it('says so where there is nothing to forecast, and shows ids where there are no names', async () => {
    const files = {
      'subscriptions.csv': subscriptionsCsv('P1,user,alice,Pro,2025-11-01'),
    };
    const none = await runInProcess(['forecast', '--month', '2025-10'], files);
    expect(none.stdout).toContain('No seats and no usage in 2025-10.');
    const one = await runInProcess(['forecast', '--as-of', '2026-01-10'], files);
    expect(one.stdout).toMatch(/\nalice +Pro +0 +0 /);
  });
});
