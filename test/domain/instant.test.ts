import { describe, expect, it } from 'vitest';
import {
  compareInstants,
  daysInMonth,
  earlierOf,
  instant,
  instantAfter,
  instantFromText,
  instantOf,
  instantText,
  laterOf,
  NANOS_PER_DAY,
  NANOS_PER_SECOND,
  shortInstantText,
  startOfDay,
  utcDate,
} from '../../src/domain/instant.ts';

function read(text: string): string | undefined {
  const at = instantFromText(text);
  return at === undefined ? undefined : instantText(at);
}

describe('instants that are read', () => {
  it.each([
    ['2026-01-15T09:30:00Z', '2026-01-15T09:30:00Z'],
    ['2026-01-15t09:30:00z', '2026-01-15T09:30:00Z'],
    ['2026-01-15 09:30:00Z', '2026-01-15T09:30:00Z'],
    ['2026-01-15T09:30:00', '2026-01-15T09:30:00Z'],
    ['2026-01-15 09:30:00', '2026-01-15T09:30:00Z'],
    ['2026-01-15T09:30', '2026-01-15T09:30:00Z'],
    ['2026-01-15T09:30Z', '2026-01-15T09:30:00Z'],
    ['2026-01-15 09:30', '2026-01-15T09:30:00Z'],
    ['2026-01-15 09:30+01', '2026-01-15T08:30:00Z'],
    ['2026-01-15', '2026-01-15T00:00:00Z'],
    ['2026-01-15T00:00:00Z', '2026-01-15T00:00:00Z'],
    ['2026-01-15T23:59:59Z', '2026-01-15T23:59:59Z'],
  ])('%s is %s', (text, at) => {
    expect(read(text)).toBe(at);
  });

  it.each([
    ['+05:30', '2026-01-15T04:00:00Z'],
    ['+0530', '2026-01-15T04:00:00Z'],
    ['+05', '2026-01-15T04:30:00Z'],
    ['-05:30', '2026-01-15T15:00:00Z'],
    ['-0530', '2026-01-15T15:00:00Z'],
    ['-05', '2026-01-15T14:30:00Z'],
    ['+00:00', '2026-01-15T09:30:00Z'],
    ['-00:00', '2026-01-15T09:30:00Z'],
    ['+00:01', '2026-01-15T09:29:00Z'],
    ['-00:30', '2026-01-15T10:00:00Z'],
    ['+23:59', '2026-01-14T09:31:00Z'],
    ['-23:59', '2026-01-16T09:29:00Z'],
    ['-2359', '2026-01-16T09:29:00Z'],
    ['+14', '2026-01-14T19:30:00Z'],
  ])('offset %s is taken off: %s', (offset, at) => {
    expect(read(`2026-01-15T09:30:00${offset}`)).toBe(at);
  });

  it.each([
    ['.1', '.1'],
    ['.10', '.1'],
    ['.123', '.123'],
    ['.000000001', '.000000001'],
    ['.999999999', '.999999999'],
    ['.120000000', '.12'],
    ['.0', ''],
    ['.000000000', ''],
  ])('a fraction %s of the second is kept to the nanosecond', (written, kept) => {
    expect(read(`2026-01-15T23:59:59${written}Z`)).toBe(`2026-01-15T23:59:59${kept}Z`);
    expect(read(`2026-01-15 23:59:59${written}`)).toBe(`2026-01-15T23:59:59${kept}Z`);
  });

  it('they are never rounded: nanoseconds apart are apart', () => {
    const last = instant('2026-01-31T23:59:59.999999999Z');
    expect(last).toBe(instant('2026-02-01') - 1n);
    expect(instant('2026-01-31T23:59:59.999999998Z')).toBe(last - 1n);
    expect(instant('2026-01-15T00:00:01Z') - instant('2026-01-15')).toBe(NANOS_PER_SECOND);
    expect(instant('2026-01-16') - instant('2026-01-15')).toBe(NANOS_PER_DAY);
    expect(instant('2000-01-01')).toBe(946_684_800n * NANOS_PER_SECOND);
  });

  it.each(['2024-02-29', '2000-02-29', '2028-02-29', '2196-02-29'])('%s is a leap day', (date) => {
    expect(read(date)).toBe(`${date}T00:00:00Z`);
  });

  it('years are those written, 2000 to 2199, wherever the offset leads', () => {
    expect(read('2000-01-01')).toBe('2000-01-01T00:00:00Z');
    expect(read('2000-01-01T00:00:00+05:30')).toBe('1999-12-31T18:30:00Z');
    expect(read('2199-12-31T23:59:59.999999999Z')).toBe('2199-12-31T23:59:59.999999999Z');
    expect(read('2199-12-31T23:59:59-23:59')).toBe('2200-01-01T23:58:59Z');
  });
});

describe('instants that are refused', () => {
  it.each([
    '2026-02-30',
    '2026-02-29',
    '2100-02-29',
    '2026-04-31',
    '2026-06-31',
    '2026-09-31',
    '2026-11-31',
    '2026-01-32',
    '2026-00-10',
    '2026-13-10',
    '2026-01-00',
  ])('the day %s does not exist, and is never rolled over', (text) => {
    expect(read(text)).toBeUndefined();
    expect(read(`${text}T09:30:00Z`)).toBeUndefined();
  });

  it.each(['24:00:00', '24:00', '25:00:00', '09:60:00', '09:30:60', '23:59:60', '09:30:99'])(
    'the time %s does not exist',
    (time) => {
      expect(read(`2026-01-15T${time}Z`)).toBeUndefined();
    },
  );

  it.each([
    '1999-12-31',
    '1999-12-31T23:59:59-05:00',
    '2200-01-01',
    '2200-01-01T00:00:00+05:00',
    '0026-01-15',
    '9999-01-01',
  ])('the year of %s is out of bounds', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each([
    '+24:00',
    '-24:00',
    '+24',
    '+2400',
    '+99:00',
    '+05:60',
    '+0560',
    '+5',
    '+5:30',
    '+053',
    '+05:3',
    '+05:',
    '+',
    '-',
    '05:30',
    'UTC',
    'ZZ',
    'z+01',
    '+05:30:00',
    '\u221205:30',
    ' Z',
    ' +05:30',
  ])('the offset %j', (offset) => {
    expect(read(`2026-01-15T09:30:00${offset}`)).toBeUndefined();
  });

  it.each([
    '',
    '2026',
    '2026-01',
    '2026-1-15',
    '2026-01-5',
    '26-01-15',
    '20260115',
    '2026/01/15',
    '15.01.2026',
    '01/15/2026',
    '2026-01-15T',
    '2026-01-15 ',
    ' 2026-01-15',
    '2026-01-15T09',
    '2026-01-15T9:30',
    '2026-01-15T09:3',
    '2026-01-15T0930',
    '2026-01-15T09:30:0',
    '2026-01-15  09:30:00',
    '2026-01-15\t09:30:00',
    '2026-01-15_09:30:00',
    '2026-01-15T09:30:00.',
    '2026-01-15T09:30:00.Z',
    '2026-01-15T09:30:00,5Z',
    '2026-01-15T09:30.5Z',
    '2026-01-15T09:30:00.1234567890Z',
    '2026-01-15T09:30:00.0000000000Z',
    '2026-01-15Z',
    '2026-01-15+05:30',
    '2026-01-15T09:30:00Z\n',
    '+2026-01-15',
    '-2026-01-15',
    '٢٠٢٦-٠١-١٥',
    '1768469400',
    'today',
  ])('%j is no instant', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('`instant` throws on them', () => {
    expect(() => instant('2026-02-30')).toThrow('2026-02-30');
  });
});

describe('dates', () => {
  it.each([
    ['2026-01-15T00:00:00Z', '2026-01-15'],
    ['2026-01-15T23:59:59.999999999Z', '2026-01-15'],
    ['2026-01-16T01:30:00+05:30', '2026-01-15'],
    ['2026-01-15T20:00:00-05:00', '2026-01-16'],
    ['2000-01-01T00:00:00+01:00', '1999-12-31'],
  ])('%s lies on %s in UTC', (text, date) => {
    expect(utcDate(instant(text))).toBe(date);
  });

  it('instants before 1970 fall on the day they lie in', () => {
    expect(utcDate(-1n)).toBe('1969-12-31');
    expect(utcDate(0n)).toBe('1970-01-01');
    expect(utcDate(-NANOS_PER_DAY)).toBe('1969-12-31');
    expect(instantText(-1n)).toBe('1969-12-31T23:59:59.999999999Z');
    expect(instantText(-NANOS_PER_SECOND)).toBe('1969-12-31T23:59:59Z');
  });

  it.each([
    [2026, 1, 31],
    [2026, 2, 28],
    [2028, 2, 29],
    [2000, 2, 29],
    [2100, 2, 28],
    [2026, 4, 30],
    [2026, 12, 31],
  ])('month %s-%s has %s days', (year, month, days) => {
    expect(daysInMonth(year, month)).toBe(days);
  });

  it('a clock has the instant of its milliseconds', () => {
    const now = '2026-01-05T09:30:00.123Z';
    expect(instantOf(new Date(now))).toBe(instant(now));
  });

  it('a day starts at its midnight in UTC', () => {
    expect(startOfDay(2026, 1, 15)).toBe(instant('2026-01-15'));
    expect(startOfDay(2026, 12, 31)).toBe(instant('2026-12-31'));
  });
});

describe('instants beside each other', () => {
  const [early, late] = [instant('2026-01-01'), instant('2026-01-01') + 1n];

  it('are before, at or after another', () => {
    expect(compareInstants(early, late)).toBeLessThan(0);
    expect(compareInstants(early, early)).toBe(0);
    expect(compareInstants(late, early)).toBeGreaterThan(0);
    expect([laterOf(early, late), laterOf(late, early)]).toEqual([late, late]);
    expect([earlierOf(early, late), earlierOf(late, early)]).toEqual([early, early]);
  });

  it('are written as a date where they are a midnight', () => {
    expect(shortInstantText(early)).toBe('2026-01-01');
    expect(shortInstantText(late)).toBe('2026-01-01T00:00:00.000000001Z');
  });

  it('are days, seconds and nanoseconds after 1970', () => {
    expect(instantText(instantAfter(1, 2, 3))).toBe('1970-01-02T00:00:02.000000003Z');
  });
});
