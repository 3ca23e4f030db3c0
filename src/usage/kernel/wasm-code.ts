/**
 * Writes WebAssembly from expressions: `add(get('row'), int(4))`. Only what the kernel uses
 * is here; the names are those of the instructions, and the operands come in their order.
 */

/** The types of values. */
export const I32 = 0x7f;
export const I64 = 0x7e;
const V128 = 0x7b;
/** The end of a block or a function, and the type of a block that gives nothing. */
const END = 0x0b;
const NO_RESULT = 0x40;

export type ValueType = typeof I32 | typeof I64 | typeof V128;

/** Where code stands: what its names mean. */
interface Scope {
  /** The locals of its function, by name. */
  readonly locals: ReadonlyMap<string, number>;
  /** The blocks around it, the innermost last. */
  readonly labels: readonly string[];
  /** The functions of the module, by name. */
  readonly functions: ReadonlyMap<string, number>;
}

/** Instructions: puts the bytes that they are, where they stand, behind others. */
export type Code = (out: number[], scope: Scope) => void;

/** A function of a module. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: Readonly<Record<string, ValueType>>;
  /** What it gives: an I32, or nothing. */
  readonly hasResult: boolean;
  readonly locals: Readonly<Record<string, ValueType>>;
  readonly body: readonly Code[];
}

/** A module that exports its functions and its memory, `pages` of 64 KiB. */
export function wasmModule(
  pages: number,
  functions: readonly WasmFunction[],
): Uint8Array<ArrayBuffer> {
  const indexes = new Map(functions.map(({ name }, index) => [name, index]));
  const exported = functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(functions.map(typeOf))),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(5, vector([[0x00, ...unsigned(pages)]])),
    ...section(7, vector([...exported, [...text('memory'), 0x02, 0x00]])),
    ...section(10, vector(functions.map((declared) => bodyOf(declared, indexes)))),
  ]);
}

function typeOf({ parameters, hasResult }: WasmFunction): number[] {
  const types = Object.values(parameters);
  return [0x60, ...unsigned(types.length), ...types, ...(hasResult ? [1, I32] : [0])];
}

function bodyOf(declared: WasmFunction, functions: ReadonlyMap<string, number>): number[] {
  const names = [...Object.keys(declared.parameters), ...Object.keys(declared.locals)];
  const locals = new Map(names.map((name, index) => [name, index]));
  const body = vector(Object.values(declared.locals).map((type) => [1, type]));
  put(body, { locals, labels: [], functions }, declared.body);
  body.push(END);
  return [...unsigned(body.length), ...body];
}

function put(out: number[], scope: Scope, parts: readonly Code[]): void {
  for (const part of parts) part(out, scope);
}

function section(id: number, content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly number[][]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(name: string): number[] {
  return [...unsigned(name.length), ...Buffer.from(name)];
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: bigint): number[] {
  const isLast = value >= -0x40n && value < 0x40n;
  const low = Number(value & 0x7fn);
  return isLast ? [low] : [low | 0x80, ...signed(value >> 7n)];
}

/** Instructions one after the other. */
export function sequence(...parts: readonly Code[]): Code {
  return (out, scope) => put(out, scope, parts);
}

function instruction(opcode: readonly number[], ...operands: readonly Code[]): Code {
  return (out, scope) => {
    put(out, scope, operands);
    out.push(...opcode);
  };
}

type Unary = (operand: Code) => Code;
type Binary = (left: Code, right: Code) => Code;

function unary(...opcode: number[]): Unary {
  return (operand) => instruction(opcode, operand);
}

function binary(...opcode: number[]): Binary {
  return (left, right) => instruction(opcode, left, right);
}

/** A constant I32. */
export function int(value: number): Code {
  return instruction([0x41, ...signed(BigInt(value | 0))]);
}

/** A constant I64. */
export function long(value: bigint): Code {
  return instruction([0x42, ...signed(BigInt.asIntN(64, value))]);
}

export function get(name: string): Code {
  return (out, { locals }) => out.push(0x20, ...unsigned(known(locals, name)));
}

export function set(name: string, value: Code): Code {
  return (out, scope) => {
    value(out, scope);
    out.push(0x21, ...unsigned(known(scope.locals, name)));
  };
}

export function call(name: string, ...operands: readonly Code[]): Code {
  return (out, scope) => {
    put(out, scope, operands);
    out.push(0x10, ...unsigned(known(scope.functions, name)));
  };
}

function known(names: ReadonlyMap<string, number>, name: string): number {
  const index = names.get(name);
  if (index === undefined) throw new Error(`nothing has the name ${name}`);
  return index;
}

/** Code that a branch to `label` leaves at its end. */
export function block(label: string, ...body: readonly Code[]): Code {
  return labelled(0x02, label, body);
}

/** Code that a branch to `label` begins again; it ends where there is none. */
export function loop(label: string, ...body: readonly Code[]): Code {
  return labelled(0x03, label, body);
}

export function when(condition: Code, ...body: readonly Code[]): Code {
  return sequence(condition, labelled(0x04, '', body));
}

export function choose(condition: Code, body: Code, otherwise: Code): Code {
  return when(condition, body, instruction([0x05]), otherwise);
}

function labelled(opcode: number, label: string, body: readonly Code[]): Code {
  return (out, scope) => {
    out.push(opcode, NO_RESULT);
    put(out, { ...scope, labels: [...scope.labels, label] }, body);
    out.push(END);
  };
}

export function branch(label: string): Code {
  return (out, { labels }) => out.push(0x0c, ...unsigned(depthOf(labels, label)));
}

export function branchIf(label: string, condition: Code): Code {
  return (out, scope) => {
    condition(out, scope);
    out.push(0x0d, ...unsigned(depthOf(scope.labels, label)));
  };
}

function depthOf(labels: readonly string[], label: string): number {
  const index = labels.lastIndexOf(label);
  if (index < 0) throw new Error(`no block has the label ${label}`);
  return labels.length - 1 - index;
}

export function giveBack(value: Code): Code {
  return instruction([0x0f], value);
}

function load(opcode: readonly number[], alignment: number) {
  return (address: Code, offset = 0): Code =>
    instruction([...opcode, alignment, ...unsigned(offset)], address);
}

function store(opcode: number, alignment: number) {
  return (address: Code, value: Code, offset = 0): Code =>
    instruction([opcode, alignment, ...unsigned(offset)], address, value);
}

/** Loads take an address and an offset to it; so do stores, behind the value. */
export const loadByte = load([0x2d], 0);
export const loadInt = load([0x28], 0);
export const loadLong = load([0x29], 0);
export const loadVector = load([0xfd, 0x00], 0);
export const storeInt = store(0x36, 0);
export const storeLong = store(0x37, 0);

export const isZero = unary(0x45);
export const equal = binary(0x46);
export const unequal = binary(0x47);
export const below = binary(0x49);
export const above = binary(0x4b);
export const atLeast = binary(0x4f);
export const trailingZeros = unary(0x68);
export const add = binary(0x6a);
export const subtract = binary(0x6b);
export const multiply = binary(0x6c);
export const and = binary(0x71);
export const or = binary(0x72);
export const xor = binary(0x73);
export const shiftLeft = binary(0x74);
export const shiftRight = binary(0x76);

export const longUnequal = binary(0x52);
export const longBelow = binary(0x54);
export const longAtLeast = binary(0x5a);
export const addLong = binary(0x7c);
export const multiplyLong = binary(0x7e);
export const xorLong = binary(0x85);
export const shiftLongLeft = binary(0x86);
export const shiftLongRight = binary(0x88);
export const toInt = unary(0xa7);
export const toLong = unary(0xad);

/** Sixteen times the lowest byte of an I32. */
export const splatByte = unary(0xfd, 0x0f);
/** By byte: all bits where the left one is below the right one, both taken with a sign. */
export const bytesBelow = binary(0xfd, 0x25);
/** A bit for each byte: its highest. */
export const highBits = unary(0xfd, 0x64);
