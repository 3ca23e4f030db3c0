import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the engines are installed. */
export const ENGINES = join(import.meta.dirname, '../../.engines');

/** An engine that runs. */
export interface Engine {
  readonly name: 'spark' | 'athena' | 'duckdb';
  readonly version: string;
  /** Runs statements one after the other, and gives the rows of the last one, as text. */
  run(statements: readonly string[]): Promise<(string | null)[][]>;
  stop(): Promise<void>;
}

const JAVA_FOLDER = '/usr/lib/jvm';

/** The home of a Java of this version. */
export function javaHome(version: number): string {
  const homes = existsSync(JAVA_FOLDER) ? readdirSync(JAVA_FOLDER) : [];
  const isHome = (name: string): boolean => existsSync(join(JAVA_FOLDER, name, 'bin/java'));
  const home = homes
    .filter(isHome)
    .find((name) => new RegExp(`(^|\\D)${version}(\\D|$)`).test(name));
  if (home === undefined) throw new Error(`no Java ${version} below ${JAVA_FOLDER}`);
  return join(JAVA_FOLDER, home);
}
