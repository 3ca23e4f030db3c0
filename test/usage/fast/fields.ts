import fc from 'fast-check';

/** How the fields of a file are written; mixed: each in a way of its own. */
export type Style = 'plain' | 'quoted' | 'spaced' | 'mixed';

/** How one field is written. */
interface Form {
  readonly style: 'plain' | 'quoted' | 'spaced';
  /** Spaces around a field in the style that has them, and whether it is quoted all the same. */
  readonly before: string;
  readonly after: string;
  readonly isQuoted: boolean;
}

/** A value, and how it is written where the file leaves that open. */
export type Field = readonly [value: string, form: Form];

const SPACES = ['', ' ', '\t '];
const FORMS: readonly Form[] = (['plain', 'quoted', 'spaced'] as const).flatMap((style) =>
  SPACES.flatMap((before) =>
    SPACES.flatMap((after) =>
      [false, true].map((isQuoted) => ({ style, before, after, isQuoted })),
    ),
  ),
);
const forms = fc.constantFrom(...FORMS);

export function fieldOf(values: fc.Arbitrary<string>): fc.Arbitrary<Field> {
  return fc.tuple(values, forms);
}

/** A field as it stands in a file; quoted at least where it must be. */
export function fieldText([value, form]: Field, style: Style): string {
  const { style: chosen, before, after, isQuoted } = style === 'mixed' ? form : { ...form, style };
  const mustQuote = /[",\r\n]/.test(value);
  if (chosen === 'plain' && !mustQuote) return value;
  if (chosen === 'spaced' && !isQuoted && !mustQuote) return before + value + after;
  const quoted = value.replaceAll('"', '""');
  return chosen === 'spaced' ? `"${before}${quoted}${after}"` : `"${quoted}"`;
}
