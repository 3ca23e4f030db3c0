/** The text of the program and of its tests, for rules about the code itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the top of the repository, with `/`: `src/domain/decimal.ts`. */
  readonly path: string;
  readonly text: string;
}

/** All TypeScript files below a folder of the repository, by path. */
export function sourceFiles(folder: 'src' | 'test'): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(ROOT.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/**
 * Blanks out comments and leaves strings as they are. It does not know regular expressions:
 * a quote in one may hide what follows on its line, which is no import.
 */
export function withoutComments(text: string): string {
  return text.replace(
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (match, string: string | undefined) => string ?? match.replace(/[^\n]/g, ' '),
  );
}
