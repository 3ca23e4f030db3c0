import { describe, expect, it } from 'vitest';
import { runMain } from '../support/in-process.ts';

const ACME = new URL('../../fixtures/acme', import.meta.url).pathname;

interface Row {
  readonly profile_id: string;
  readonly user_id: string;
  readonly [column: string]: string;
}

async function rows(...args: string[]): Promise<Row[]> {
  const run = await runMain([...args, '--format', 'json', '--data', ACME]);
  return (JSON.parse(run.stdout) as { rows: Row[] }).rows;
}

/** How a forecast stands to the truth. Floats are good enough to judge by. */
interface Backtest {
  /** Of all credits of the seats that were forecast, in percent. */
  readonly credits: number;
  /** Of the month's whole charge, in percent: also of seats that came later. */
  readonly charge: number;
  /** The median over the seats of by how much their credits were missed, in percent. */
  readonly median: number;
  /** Seats whose true credits lie between low and high, in percent. */
  readonly inside: number;
}

async function backtest(month: string, day: string): Promise<Backtest> {
  const truth = await rows('invoice', '--month', month);
  const usedBy = new Map(
    truth.map((row) => [`${row.profile_id} ${row.user_id}`, Number(row.credits_used)]),
  );
  const forecast = await rows('forecast', '--month', month, '--as-of', `${month}-${day}T23:59:59Z`);
  const seats = forecast.map((row) => ({
    used: usedBy.get(`${row.profile_id} ${row.user_id}`) ?? Number.NaN,
    low: Number(row.credits_low),
    middle: Number(row.credits_forecast),
    high: Number(row.credits_high),
  }));
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  const percentOff = (value: number, right: number): number => (100 * (value - right)) / right;
  const misses = seats
    .filter(({ used }) => used > 0)
    .map(({ used, middle }) => Math.abs(percentOff(middle, used)))
    .sort((a, b) => a - b);
  const inside = seats.filter(({ used, low, high }) => low <= used && used <= high);
  return {
    credits: percentOff(sum(seats.map(({ middle }) => middle)), sum(seats.map(({ used }) => used))),
    charge: percentOff(
      sum(forecast.map((row) => Number(row.charge_forecast))),
      sum(truth.map((row) => Number(row.total_charge))),
    ),
    median: misses[Math.floor(misses.length / 2)] ?? Number.NaN,
    inside: (100 * inside.length) / seats.length,
  };
}

describe('backtest on Acme: the forecast of day 10 and of day 20 against the true end', () => {
  it.each([
    ['2026-01', '10'],
    ['2026-01', '20'],
    ['2026-02', '10'],
    ['2026-02', '20'],
    ['2026-03', '10'],
    ['2026-03', '20'],
  ])('of %s on day %s', async (month, day) => {
    const { credits, charge, median, inside } = await backtest(month, day);
    const line = [credits, charge, median, inside].map((value) => value.toFixed(1)).join(' ');
    console.info(`${month} day ${day}: credits %, charge %, median miss %, inside %: ${line}`);
    expect(Math.abs(credits)).toBeLessThan(5);
    // Seats and upgrades that came later are not looked at: March's dearest is Ethan Clarke's of the 23rd.
    expect(Math.abs(charge)).toBeLessThan(7);
    expect(median).toBeLessThan(day === '10' ? 8 : 4);
    expect(inside).toBeGreaterThan(75);
  });

  it.each(['2026-01', '2026-02', '2026-03'])(
    'once %s is over, the forecast is the invoice',
    async (month) => {
      const truth = await rows('invoice', '--month', month);
      const forecast = await rows('forecast', '--month', month, '--as-of', '2026-04-10');
      const [low, middle, high] = ['charge_low', 'charge_forecast', 'charge_high'].map((column) =>
        forecast.map((row) => row[column]),
      );
      expect(middle).toEqual(truth.map(({ total_charge }) => total_charge));
      expect(low).toEqual(middle);
      expect(high).toEqual(middle);
      expect(forecast.map(({ credits_forecast }) => credits_forecast)).toEqual(
        truth.map(({ credits_used }) => credits_used),
      );
    },
  );
});
