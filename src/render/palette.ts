import { Chalk } from 'chalk';

/** Changes nothing but the look of a text. */
export type Paint = (text: string) => string;

/** What colors mean here. Without color each paint gives the text as it is. */
export interface Palette {
  /** Headings and totals. */
  readonly strong: Paint;
  /** Zeros, rules, ids beside names. */
  readonly faint: Paint;
  /** Money saved, and checks that passed. */
  readonly good: Paint;
  /** A seat that is paid and not used. */
  readonly idle: Paint;
  /** Use near the allowance. */
  readonly near: Paint;
  /** Use beyond the allowance, and what it costs. */
  readonly overage: Paint;
  readonly refund: Paint;
  /** Credits that are not charged: something to look at. */
  readonly alarm: Paint;
  readonly rule: Paint;
}

/** How a text for people is written: in lines of at most this many columns, with color or without. */
export interface Look {
  readonly width: number;
  readonly color: boolean;
}

/** The same with the colors that it has. */
export interface PaintedLook {
  readonly width: number;
  readonly palette: Palette;
}

/** The sixteen colors that every terminal theme sets, or none. */
export function paletteOf(color: boolean): Palette {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return {
    strong: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
    good: (text) => chalk.green(text),
    idle: (text) => chalk.blueBright(text),
    near: (text) => chalk.yellow(text),
    overage: (text) => chalk.yellow.bold(text),
    refund: (text) => chalk.cyan(text),
    alarm: (text) => chalk.red.bold(text),
    rule: (text) => chalk.magenta(text),
  };
}
