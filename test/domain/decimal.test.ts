import { describe, expect, it } from 'vitest';
import {
  add,
  compare,
  type Decimal,
  decimal,
  decimalFromText,
  decimalText,
  isPositive,
  max,
  min,
  multiply,
  negate,
  powerOfTen,
  subtract,
  sum,
  unitsAt,
  writtenDecimal,
  ZERO,
} from '../../src/domain/decimal.ts';

/** The exact value, without trailing zeros. */
function read(text: string): string | undefined {
  const value = decimalFromText(text);
  return value === undefined ? undefined : decimalText(value, 0);
}

const DIGITS_40 = '1234567890'.repeat(4);

describe('numbers that are read', () => {
  it.each([
    ['7', '7'],
    ['7.0', '7'],
    ['.5', '0.5'],
    ['7.', '7'],
    ['007', '7'],
    ['0', '0'],
    ['0.00', '0'],
    ['1250.75', '1250.75'],
    ['114.45787414391377', '114.45787414391377'],
    ['1e-05', '0.00001'],
    ['1.2E+02', '120'],
    ['1.2e2', '120'],
    ['1.25e1', '12.5'],
    ['1.25E-1', '0.125'],
    ['.5e1', '5'],
    ['7.e1', '70'],
    ['1e0', '1'],
    ['1e+0', '1'],
    ['1e-0', '1'],
    ['1e5', '100000'],
    ['1e005', '100000'],
    ['-7', '-7'],
    ['-0.5', '-0.5'],
    ['-.5', '-0.5'],
    ['-1e-05', '-0.00001'],
    ['-0', '0'],
  ])('M1: %s is %s', (text, value) => {
    expect(read(text)).toBe(value);
  });

  it('M1: no digit of 40 is lost, wherever the point stands', () => {
    expect(read(DIGITS_40)).toBe(DIGITS_40);
    expect(read(`.${DIGITS_40}`)).toBe(`0.${DIGITS_40}`.replace(/0+$/, ''));
    expect(read(`12345.${'6'.repeat(35)}`)).toBe(`12345.${'6'.repeat(35)}`);
    expect(read(`${DIGITS_40}e40`)).toBe(DIGITS_40 + '0'.repeat(40));
    expect(read(`.${'9'.repeat(40)}e-40`)).toBe(`0.${'0'.repeat(40)}${'9'.repeat(40)}`);
  });

  it('M1: exponents go from -40 to 40', () => {
    expect(read('1e40')).toBe(`1${'0'.repeat(40)}`);
    expect(read('1E+40')).toBe(`1${'0'.repeat(40)}`);
    expect(read('1e-40')).toBe(`0.${'0'.repeat(39)}1`);
  });

  it('M1: what binary floating point cannot tell apart stays apart', () => {
    expect(compare(decimal('9007199254740993'), decimal('9007199254740992'))).toBe(1);
    expect(compare(decimal('0.1'), decimal('0.1000000000000000055511151231257827'))).toBe(-1);
  });
});

describe('numbers that are refused', () => {
  it.each([
    '',
    ' ',
    '.',
    '-',
    '-.',
    '+7',
    '+.5',
    '--7',
    '- 7',
    '7-',
    '1,000',
    '1.000,50',
    '1_000',
    "1'000",
    '1 000',
    '1.2.3',
    '0x10',
    '0b1',
    '1n',
    'NaN',
    'nan',
    'Infinity',
    '-Infinity',
    'inf',
    'e5',
    '.e5',
    '1e',
    '1e+',
    '1e-',
    '1e1.5',
    '1e5e5',
    '1 e5',
    '1d5',
    '1e--5',
    '7 ',
    ' 7',
    '7\n',
    '7\u0000',
    '٧',
    '７',
    '½',
    '−7',
    '$7',
    '7%',
    'seven',
  ])('M1: %j is no number', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('M1: 41 digits are too many, also where they are zeros', () => {
    for (const text of [
      `${DIGITS_40}1`,
      `0${DIGITS_40}`,
      `.${DIGITS_40}1`,
      `0.${DIGITS_40}`,
      '0'.repeat(41),
      `1.${'0'.repeat(40)}`,
    ]) {
      expect(read(text)).toBeUndefined();
    }
    expect(read('0'.repeat(40))).toBe('0');
  });

  it.each([
    '1e41',
    '1e-41',
    '1E+41',
    '0e41',
    '1e999999999999999999999999',
    '1e-99999999999999999999',
  ])('M1: the exponent of %s is out of bounds', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('M1: `decimal` throws on them', () => {
    expect(() => decimal('1,000')).toThrow('1,000');
  });
});

describe('arithmetic', () => {
  const text = (value: Decimal): string => decimalText(value, 0);

  it('M1: sums are exact over any scales', () => {
    expect(text(add(decimal('0.1'), decimal('0.2')))).toBe('0.3');
    expect(text(add(decimal('1e40'), decimal('1e-40')))).toBe(
      `1${'0'.repeat(40)}.${'0'.repeat(39)}1`,
    );
    expect(text(sum(Array.from({ length: 10 }, () => decimal('0.1'))))).toBe('1');
    expect(text(sum([]))).toBe('0');
    expect(text(add(decimal('-1.5'), decimal('1')))).toBe('-0.5');
  });

  it('M1: differences and products are exact', () => {
    expect(text(subtract(decimal('1000'), decimal('0.000001')))).toBe('999.999999');
    expect(text(subtract(decimal('1'), decimal('2.5')))).toBe('-1.5');
    expect(text(multiply(decimal('250.75'), decimal('0.04')))).toBe('10.03');
    expect(text(multiply(decimal('-1e-20'), decimal('1e-20')))).toBe(`-0.${'0'.repeat(39)}1`);
    expect(text(negate(decimal('1.5')))).toBe('-1.5');
    expect(text(negate(decimal('-1.5')))).toBe('1.5');
  });

  it.each([
    ['1', '2', -1],
    ['2', '1', 1],
    ['7', '7.00', 0],
    ['7.00', '7', 0],
    ['-1', '1', -1],
    ['-1', '-1.5', 1],
    ['0', '-0', 0],
    ['0.999999999999999999', '1', -1],
  ])('M1: %s compared with %s is %s', (a, b, sign) => {
    expect(Math.sign(compare(decimal(a), decimal(b)))).toBe(sign);
  });

  it('M1: the lesser and the greater of two', () => {
    expect(text(min(decimal('1.5'), decimal('1.49')))).toBe('1.49');
    expect(text(min(decimal('1'), decimal('2')))).toBe('1');
    expect(text(max(decimal('1.5'), decimal('1.49')))).toBe('1.5');
    expect(text(max(decimal('-1'), ZERO))).toBe('0');
  });

  it('M1: only what is above zero is positive', () => {
    expect(isPositive(decimal('1e-40'))).toBe(true);
    expect(isPositive(decimal('0.00'))).toBe(false);
    expect(isPositive(decimal('-0.01'))).toBe(false);
  });

  it('M1: units at a finer scale', () => {
    expect(unitsAt(decimal('7.5'), 1)).toBe(75n);
    expect(unitsAt(decimal('7.5'), 4)).toBe(75000n);
    expect(powerOfTen(0)).toBe(1n);
    expect(powerOfTen(127)).toBe(10n ** 127n);
    expect(powerOfTen(500)).toBe(10n ** 500n);
  });
});

describe('what is equal in value', () => {
  it('M1: a whole number has no scale below 0', () => {
    expect(decimal('1e2')).toEqual({ units: 100n, scale: 0 });
  });

  it('M1: a sum of rising, falling and equal scales', () => {
    const texts = ['1.5', '0.25', '2', '0.125', '-3.875'];
    expect(sum(texts.map(decimal))).toEqual({ units: 0n, scale: 3 });
    expect(sum([decimal('1.5'), decimal('0.25')])).toEqual({ units: 175n, scale: 2 });
  });

  it('M1: of two equal numbers the first is the lesser and the greater', () => {
    const [a, b] = [decimal('1.0'), decimal('1.00')];
    expect(min(a, b)).toBe(a);
    expect(max(a, b)).toBe(a);
  });
});

describe('text', () => {
  it.each([
    ['1250.75', '1250.75'],
    ['7', '7.00'],
    ['7.5', '7.50'],
    ['7.500', '7.50'],
    ['7.5010', '7.501'],
    ['0', '0.00'],
    ['0.000', '0.00'],
    ['1e-05', '0.00001'],
    ['.5', '0.50'],
    ['1e3', '1000.00'],
    ['100', '100.00'],
    ['114.45787414391377', '114.45787414391377'],
    ['-20', '-20.00'],
    ['-0.5', '-0.50'],
    ['-0.005', '-0.005'],
    ['-0', '0.00'],
  ])('M1: %s is written %s: exact, at least two decimals, no zeros beyond', (value, text) => {
    expect(decimalText(decimal(value))).toBe(text);
  });

  it.each([
    ['1000', 0, '1000'],
    ['1000.0', 0, '1000'],
    ['1000.50', 0, '1000.5'],
    ['-3', 0, '-3'],
    ['0.5', 6, '0.500000'],
    ['-0.870968', 6, '-0.870968'],
    ['0.8709680', 6, '0.870968'],
    ['0.87096801', 6, '0.87096801'],
  ])('M1: %s with at least %s decimals is %s', (value, places, text) => {
    expect(decimalText(decimal(value), places)).toBe(text);
  });

  it('M1: what is written is read back as the same number', () => {
    for (const value of ['7', '1e-05', '-0.5', '114.45787414391377', `.${'9'.repeat(39)}`]) {
      expect(compare(decimal(decimalText(decimal(value))), decimal(value))).toBe(0);
    }
  });
});

describe('numbers that the program has written', () => {
  it.each([
    ['1e-40', '1e40'],
    ['1e-40', '7'],
    ['1e36', '.00001'],
  ])('M1: the exact sum of %s and %s is read back', (a, b) => {
    const total = add(decimal(a), decimal(b));
    const back = writtenDecimal(decimalText(total, 0));
    expect(back && compare(back, total)).toBe(0);
  });

  it('M1: what it does not write is read as any number is', () => {
    expect(writtenDecimal('.5')).toEqual(decimal('0.5'));
    expect(writtenDecimal('1e41')).toBeUndefined();
    const long = '12345678901234567890123456789012345678901234567890';
    expect(writtenDecimal(long)).toEqual({ units: BigInt(long), scale: 0 });
    expect(writtenDecimal('1,5')).toBeUndefined();
  });
});
