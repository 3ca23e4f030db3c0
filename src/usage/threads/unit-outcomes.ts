import type { UnitOutcome } from './job.ts';
import type { Unit } from './units.ts';

/** Connects the parts of files by their outcomes, which arrive in any order. */
export class UnitOutcomes {
  readonly #units: readonly Unit[];
  readonly #outcomes = new Map<number, UnitOutcome>();
  /** For each connected unit, the line from which its lines count. */
  readonly #firstLines: number[] = [];
  /** Where the last connected part ends, and the line after it. */
  #end = 0;
  #line = 0;

  constructor(units: readonly Unit[]) {
    this.#units = units;
  }

  /**
   * Adds an outcome; returns false if a part turns out to have begun inside of a row, as the line
   * feed before it is in a quoted field.
   */
  add(outcome: UnitOutcome): boolean {
    this.#outcomes.set(outcome.unit, outcome);
    for (;;) {
      const next = this.#outcomes.get(this.#firstLines.length);
      if (next === undefined) return true;
      if (!this.#connect(next)) return false;
    }
  }

  #connect({ unit, part: scanned }: UnitOutcome): boolean {
    const part = this.#units[unit]?.part;
    if (part === undefined || scanned === undefined) {
      this.#firstLines.push(0);
      return true;
    }
    if (part.from === part.file.bodyStart) {
      this.#end = part.from;
      this.#line = part.file.framing.firstLine;
    }
    if (scanned.start !== undefined && scanned.start !== this.#end) return false;
    this.#firstLines.push(this.#line);
    this.#end = scanned.end ?? this.#end;
    this.#line += scanned.lines;
    return true;
  }

  /** Whether all units have been read and connected. */
  get areComplete(): boolean {
    return this.#firstLines.length === this.#units.length;
  }

  /** The physical line of the file, for a line of a unit. */
  lineOf(unit: number, line: number): number {
    return (this.#firstLines[unit] as number) + line;
  }
}
