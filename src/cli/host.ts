/** What the program takes from the machine it runs on. Tests give their own. */
export interface Host {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: AsyncIterable<Buffer>;
  readonly now: () => Date;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Registers how to undo unfinished work, for a run that is interrupted or fails. */
  readonly onInterrupt: (undo: () => void) => void;
}

export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(chunk: string | Uint8Array): unknown;
  /** Waits until all is written. What cannot be written is `WrongUsage`, except where the reader has gone. */
  flush?(): Promise<void>;
}

/** The statuses that the program ends with. */
export const EXIT = {
  done: 0,
  /** Done, and there is something to look at. */
  findings: 1,
  wrongUsage: 2,
  badInput: 3,
  interrupted: 130,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Where a table is written without a terminal, it is this wide. */
const WIDTH_WITHOUT_TERMINAL = 120;
const NARROWEST = 40;

/** How many columns a table may take: those of the terminal, of COLUMNS, or 120; at least 40. */
export function widthOf({ stdout, environment }: Host): number {
  const width = stdout.columns ?? Number(environment.COLUMNS);
  const isKnown = Number.isInteger(width) && width > 0;
  return isKnown ? Math.max(width, NARROWEST) : WIDTH_WITHOUT_TERMINAL;
}

/** Whether `stream` gets color: FORCE_COLOR decides, then NO_COLOR, then whether it is a terminal. */
export function hasColor(host: Host, stream: OutputStream, isAllowed: boolean): boolean {
  if (!isAllowed) return false;
  const { FORCE_COLOR, NO_COLOR, TERM } = host.environment;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return !/^(0|false)$/.test(FORCE_COLOR);
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return stream.isTTY === true && TERM !== 'dumb';
}
