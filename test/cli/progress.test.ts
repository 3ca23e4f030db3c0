import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Host } from '../../src/cli/host.ts';
import { progressLine, UsageProgress } from '../../src/cli/progress.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the line', () => {
  test('tells bytes, rows, rate and the time that is left', () => {
    expect(progressLine(412_000_000, 1_650_000_000, 5_000_000, 2000)).toBe(
      '412 of 1,650 MB (24%), 5,000,000 rows, 2,500,000 rows/s, 7 s left',
    );
  });

  test('tells what is known where nobody knows how much there is', () => {
    expect(progressLine(412_000_000, undefined, 5_000_000, 2000)).toBe(
      '412 MB, 5,000,000 rows, 2,500,000 rows/s',
    );
  });
});

/** What a terminal gets while rows come at the given instants, and at the end. */
function shownAt(instantsMs: readonly number[], terminal: object, isWanted = true): string[] {
  const written: string[] = [];
  const stderr = { isTTY: true, write: (text: string) => written.push(text), ...terminal };
  const now = vi.spyOn(process, 'uptime').mockReturnValue(0);
  const sources = [{ file: 'a.csv', sizeBytes: 2_000_000 }];
  const progress = new UsageProgress(sources, { stderr } as unknown as Host, isWanted);
  for (const ms of instantsMs) {
    now.mockReturnValue(ms / 1000);
    progress.onBytes(100_000);
    progress.onRows(1000);
  }
  progress.stop();
  return written;
}

describe('progress', () => {
  test('holds back rate and time left until they mean something', () => {
    expect(progressLine(3_000_000, 1_650_000_000, 3, 600)).toBe('3 of 1,650 MB (0%), 3 rows');
    expect(progressLine(3_000_000, 1_650_000_000, 30_000, 1600)).toBe(
      '3 of 1,650 MB (0%), 30,000 rows, 18,750 rows/s',
    );
  });

  test('comes after half a second, then ten times a second, and goes at the end', () => {
    const written = shownAt([100, 499, 500, 550, 600], {});
    expect(written).toEqual([
      expect.stringMatching(/^\r.*reading usage: 0 of 2 MB \(15%\), 3,000 rows$/),
      expect.stringMatching(/^\r.*reading usage: .* 5,000 rows/),
      expect.stringMatching(/^\r[^ ]*K$/),
    ]);
  });

  test('is nothing on a quick run, without a terminal, and where it is not wanted', () => {
    expect(shownAt([100, 400], {})).toEqual([]);
    expect(shownAt([600, 900], { isTTY: false })).toEqual([]);
    expect(shownAt([600, 900], {}, false)).toEqual([]);
  });

  test('is never wider than the terminal, since a wrapped line could not be erased', () => {
    const [line = ''] = shownAt([600], { columns: 40 });
    expect(line.split('K')[1]).toHaveLength(39);
  });
});
