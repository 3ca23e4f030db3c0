import { uptimeMs } from '../input/clock.ts';
import { countShown, grouped } from '../render/amounts.ts';

/** What a run read and how long its stages took, for `--timings`. */
export class Stopwatch {
  volume = { files: 0, usageRows: 0, usageBytes: 0 };
  /** One line each about what was read besides tables and usage. */
  readonly alsoRead: string[] = [];
  readonly #stages: { name: string; elapsedMs: number }[] = [];
  /** The time of stages nested in the running one. */
  #insideMs = 0;

  /** Runs a stage and measures its time, without that of nested stages. */
  async time<Result>(name: string, stage: () => Promise<Result> | Result): Promise<Result> {
    const startedMs = uptimeMs();
    const besideMs = this.#insideMs;
    this.#insideMs = 0;
    try {
      return await stage();
    } finally {
      const stageMs = uptimeMs() - startedMs;
      this.#stages.push({ name, elapsedMs: stageMs - this.#insideMs });
      this.#insideMs = besideMs + stageMs;
    }
  }

  /** What was read, a line per stage, rows per second of reading usage, and peak memory. */
  report(): string[] {
    const { files, usageRows, usageBytes } = this.volume;
    const reading = this.#stages.find(({ name }) => name === 'usage');
    const perSecond = usageRows / ((reading?.elapsedMs ?? 0) / 1000);
    const peakMiB = process.resourceUsage().maxRSS / 1024;
    const read = `${countShown(files, 'file')}, ${countShown(usageRows, 'usage row')}, ${(usageBytes / 1e6).toFixed(1)} MB of usage`;
    return [
      ...[...(files === 0 ? [] : [read]), ...this.alsoRead].map((line) => `read: ${line}`),
      ...this.#stages.map(({ name, elapsedMs }) => `${name}: ${elapsedMs.toFixed(1)} ms`),
      ...(usageRows > 0 ? [`usage rows per second: ${grouped(Math.round(perSecond))}`] : []),
      `peak memory: ${peakMiB.toFixed(0)} MiB`,
    ];
  }
}
