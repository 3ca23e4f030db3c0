import { describe, expect, it } from 'vitest';
import { decimalFromText } from '../../src/domain/decimal.ts';
import {
  DecimalMarks,
  shownMark,
  unambiguousForms,
  withPoint,
} from '../../src/domain/decimal-mark.ts';

function marksOf(texts: readonly string[], firstLine = 2): DecimalMarks {
  const marks = new DecimalMarks();
  for (const [index, text] of texts.entries()) {
    marks.add({ line: firstLine + index, column: 'credits', text });
  }
  return marks;
}

function findingsOf(...texts: string[]): string[] {
  return marksOf(texts).findings.map(({ number, what }) => `${number.line}: ${what}`);
}

describe('decimal marks', () => {
  it.each([
    '12,5',
    '0,250',
    '1250,75',
    ',5',
    '7,',
    '1,2E+02',
    '1234,567',
    '01,250',
    '1,25',
    '1,2500',
  ])('M1: %s shows that the comma is decimal', (text) => {
    expect(shownMark(text)).toEqual({ mark: ',', isCertain: true });
    expect(shownMark(text.replace(',', '.'))).toEqual({ mark: '.', isCertain: true });
    expect(decimalFromText(withPoint(text))).toEqual(decimalFromText(text.replace(',', '.')));
  });

  it.each(['1,250', '12,250', '123,250', '-1,250', '1,000'])('M1: %s could be either', (text) => {
    expect(shownMark(text)).toEqual({ mark: ',', isCertain: false });
    expect(shownMark(text.replace(',', '.'))).toEqual({ mark: '.', isCertain: false });
  });

  it('M1: a number without a mark shows nothing, one with two is no number', () => {
    for (const text of ['7', '1e5', '1.250,75', '1,250.75', '1.250.000', '1,2,3']) {
      expect(shownMark(text)).toBeUndefined();
    }
    for (const text of ['1.250,75', '1,250.75', '1,2,3']) {
      expect(decimalFromText(withPoint(text))).toBeUndefined();
    }
  });

  it('M1: an ambiguous number is read by what another number of the file shows', () => {
    expect(findingsOf('1,250', '12,5', '2,500')).toEqual([]);
    expect(findingsOf('1.250', '12.5')).toEqual([]);
    expect(findingsOf('7', '8')).toEqual([]);
  });

  it('M1: it is bad input where none does, or where another shows the other mark', () => {
    expect(findingsOf('1,250')).toEqual([
      '2: could be 1250 or 1,25, and no other number of the file has that mark before its decimals: write 1250 or 1,25',
    ]);
    const lines = findingsOf('1.250', '1,250', '2.250').map((text) => text.split(':')[0]);
    expect(lines).toEqual(['2', '3', '4']);
    expect(findingsOf('12,5', '1.250', '2.234')).toEqual([
      '3: could be 1250 or 1.25, and no other number of the file has that mark before its decimals: write 1250 or 1,25',
      '4: could be 2234 or 2.2340, and no other number of the file has that mark before its decimals: write 2234 or 2,2340',
    ]);
  });

  it('M1: a mark is proven by a number that can be read in one way alone', () => {
    expect(marksOf(['1.250', '12,5']).proven).toEqual([',']);
    expect(marksOf(['1.250', '1,250']).proven).toEqual([]);
    expect(marksOf(['1.5', '12,5']).proven).toEqual(['.', ',']);
  });

  it('M1: two marks in one file are bad input at the first of the second kind', () => {
    expect(findingsOf('7', '12,5', '3,5', '12.5', '13.5', '1.250')).toEqual([
      '5: the decimal mark is "." here, but "," in line 3 (12,5): use one of them in the whole file',
    ]);
    expect(findingsOf('12.5', '12,5')).toEqual([
      '3: the decimal mark is "," here, but "." in line 2 (12.5): use one of them in the whole file',
    ]);
  });

  it('M1: the forms of an ambiguous number are not ambiguous', () => {
    expect(unambiguousForms('1.000')).toEqual(['1000', '1.0']);
    expect(unambiguousForms('-12,340')).toEqual(['-12340', '-12,34']);
    expect(unambiguousForms('1,050')).toEqual(['1050', '1,05']);
    expect(unambiguousForms('1.234')).toEqual(['1234', '1.2340']);
  });

  it('M1: ambiguous numbers are of one kind, whatever would be right for each', () => {
    const kinds = marksOf(['1.250', '2.500', '1,250']).findings.map(({ kind }) => kind);
    expect(kinds).toEqual(Array(3).fill('could be a number of thousands or one with a fraction'));
  });
});
