/** The first row that names a profile: its unit of the reading, and its line in that unit. */
export interface FirstNamed {
  readonly unit: number;
  readonly line: number;
}

export function isBefore(a: FirstNamed, b: FirstNamed): boolean {
  return a.unit < b.unit || (a.unit === b.unit && a.line < b.line);
}
