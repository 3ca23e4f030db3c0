import code from './kernel/kernel.wasm';

/** What `kernel/kernel.ts` exports. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  textStart(): number;
  rowsStart(): number;
  scratchStart(): number;
  setFormat(
    columns: number,
    needed: number,
    isOpenEnded: boolean,
    delimiter: number,
    rowInts: number,
  ): void;
  setColumn(column: number, kind: number, offset: number, space: number): void;
  setDecimalMark(byte: number): void;
  setLine(line: number): void;
  setLines(count: number, firstLine: number): void;
  nextLine(): number;
  indexRows(from: number, to: number): void;
  scan(from: number, limit: number, isPlain: boolean): number;
  takenRows(): number;
  readValues(
    column: number,
    row: number,
    count: number,
    from: number,
    to: number,
    isPlain: boolean,
  ): number;
  putNumbers(
    column: number,
    row: number,
    count: number,
    from: number,
    form: number,
    size: number,
    places: number,
  ): number;
  newDictionary(dictionary: number, entries: number): number;
  putEntries(
    column: number,
    row: number,
    count: number,
    dictionary: number,
    entries: number,
    base: number,
    width: number,
    firstBit: number,
  ): number;
  newSpace(): number;
  entryOf(space: number, start: number, length: number): number;
  findEntry(space: number, start: number, length: number): number;
  keyOf(space: number, entry: number): number;
  addRows(count: number, kind: number, dedupes: boolean): number;
  setWindowSeconds(from: number, to: number): void;
  isSeen(entry: number): boolean;
  startSpan(): void;
  earliestSecond(): number;
  latestSecond(): number;
  cellOf(window: number, user: number): number;
  knownCell(window: number, user: number): number;
  addCell(cell: number, from: number): void;
  cellCount(): number;
  pageOf(number: number): number;
}

/** The part of the WebAssembly standard that is used, as the project has no browser types. */
declare const WebAssembly: {
  Module: new (code: Uint8Array) => KernelModule;
  Instance: new (module: KernelModule, imports: object) => { readonly exports: unknown };
};

/** The compiled kernel, in a form that can be sent to another thread. */
export interface KernelModule {
  readonly [Symbol.toStringTag]?: string;
}

let compiled: KernelModule | undefined;

/** The kernel, compiled once for all threads. */
export function kernelModule(): KernelModule {
  compiled ??= new WebAssembly.Module(Buffer.from(code, 'base64'));
  return compiled;
}

/** Starts a kernel with memory of its own; it calls `host` while it reads. */
export function startedKernel(module: KernelModule, host: object): KernelExports {
  return new WebAssembly.Instance(module, host).exports as KernelExports;
}
