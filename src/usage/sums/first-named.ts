/** The row that named a profile first: the unit of the reading in which it is, and its line in there. */
export interface FirstNamed {
  readonly unit: number;
  readonly line: number;
}

export function isBefore(a: FirstNamed, b: FirstNamed): boolean {
  return a.unit < b.unit || (a.unit === b.unit && a.line < b.line);
}
