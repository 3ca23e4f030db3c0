import { styleText } from 'node:util';
import { countShown, firstOf, grouped } from '../domain/counts.ts';
import type { BadInput } from '../domain/problem.ts';
import type { Warning } from '../domain/warning.ts';
import { problemLines } from '../render/problems.ts';
import { visible } from '../render/terminal.ts';
import { IDS_ONLY, type WarningNames, warningLines } from '../render/warnings.ts';
import { wrappedWords } from '../render/width.ts';
import { type Host, hasColor } from './host.ts';

const SHOWN_WARNINGS = 20;
/** The indentation of a long text's further lines. */
const INDENT = 2;

type Color = 'red' | 'yellow' | 'cyan';

/** Says things on standard error: problems, warnings, notes and the closing line. */
export class Messages {
  readonly #host: Host;
  readonly #hasColor: boolean;
  readonly #isQuiet: boolean;

  constructor(host: Host, options: { color: boolean; quiet: boolean }) {
    this.#host = host;
    this.#hasColor = hasColor(host, host.stderr, options.color);
    this.#isQuiet = options.quiet;
  }

  error(text: string): void {
    this.#say('red', 'error', text);
  }

  warn(text: string): void {
    this.#say('yellow', 'warning', text);
  }

  note(text: string): void {
    if (!this.#isQuiet) this.#say('cyan', 'note', text);
  }

  /** The closing line of a command: what was read, what came of it, what to look at. */
  close(text: string): void {
    if (!this.#isQuiet) for (const line of this.#lines(visible(text))) this.#line(line);
  }

  /** The command to run next, in one line even where the terminal is narrower. */
  next(command: string): void {
    if (!this.#isQuiet) this.#line(`Now try: kiro-bill ${visible(command)}`);
  }

  /** The first problems, with their number where there are more, and what that means. */
  problems(found: BadInput): void {
    const { total, warnings } = found;
    const { lines, more } = problemLines(found, (place) => this.#painted('cyan', place));
    for (const line of lines) this.#line(line);
    if (more > 0) this.#line(`… and ${grouped(more)} more`);
    this.warnings(warnings, IDS_ONLY);
    this.error(
      `${countShown(total, 'problem')} in the input: nothing was billed, no output was written`,
    );
  }

  /** A line for each kind, profile and reason, with the names that people know; returns how many there are. */
  warnings(warnings: readonly Warning[], names: WarningNames): number {
    const texts = warningLines(warnings, names);
    const rest = (more: number): string =>
      `… and ${grouped(more)} more; --format json has them all`;
    for (const text of firstOf(texts, SHOWN_WARNINGS, rest)) this.warn(text);
    return texts.length;
  }

  #say(color: Color, word: string, text: string): void {
    const label = `${word}:`;
    const [first = '', ...more] = this.#lines(`${label} ${visible(text)}`);
    this.#line(this.#painted(color, label) + first.slice(label.length));
    for (const line of more) this.#line(`  ${line}`);
  }

  #painted(color: Color, text: string): string {
    // Node would ask whether standard output is a terminal.
    return this.#hasColor ? styleText(color, text, { validateStream: false }) : text;
  }

  /** The text as it is, except on a terminal, where it is wrapped between words. */
  #lines(text: string): string[] {
    const { isTTY, columns } = this.#host.stderr;
    return isTTY && columns !== undefined ? wrappedWords(text, columns - INDENT) : [text];
  }

  #line(text: string): void {
    this.#host.stderr.write(`${text}\n`);
  }
}

/** Characters of an argument that a message repeats. */
const SHOWN_ARGUMENT = 200;

/** The text with the arguments that it repeats cut, so that a huge one does not hide the message. */
export function withShortArguments(text: string, args: readonly string[]): string {
  const long = args
    .flatMap((arg) => [arg, arg.slice(arg.indexOf('=') + 1)])
    .filter((arg) => arg.length > SHOWN_ARGUMENT);
  return long.reduce(
    (shown, arg) => shown.replaceAll(arg, `${arg.slice(0, SHOWN_ARGUMENT - 1)}…`),
    text,
  );
}
