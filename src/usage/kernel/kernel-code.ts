import {
  BUCKETS,
  CELL_BYTES,
  CELL_KEYS,
  CELLS,
  COLUMN_KINDS,
  KEY_BYTES,
  KEYS,
  KEYS_END,
  MEMORY_PAGES,
  MONTHS,
  MOST_CELLS,
  POWERS,
  PROFILES,
  SLOTS_END,
  STATE,
} from './memory-layout.ts';
import {
  above,
  add,
  addLong,
  and,
  atLeast,
  below,
  block,
  branch,
  branchIf,
  bytesBelow,
  type Code,
  call,
  choose,
  equal,
  get,
  giveBack,
  highBits,
  I32,
  I64,
  int,
  isZero,
  loadByte,
  loadInt,
  loadLong,
  loadVector,
  long,
  longAtLeast,
  longBelow,
  longUnequal,
  loop,
  multiply,
  multiplyLong,
  or,
  sequence,
  set,
  shiftLeft,
  shiftLongLeft,
  shiftLongRight,
  shiftRight,
  splatByte,
  storeInt,
  storeLong,
  subtract,
  toInt,
  toLong,
  trailingZeros,
  unequal,
  type WasmFunction,
  wasmModule,
  when,
  xor,
  xorLong,
} from './wasm-code.ts';

/** What a column of a file is, as the kernel knows it. */
export const COLUMN = { skipped: 0, profile: 1, user: 2, instant: 3, credits: 4 } as const;

/** The space of profiles in the table of keys. Users are in the spaces of their windows, from -1 on. */
export const PROFILE_SPACE = -2;

const NOT_FOUND = -1;
const LONGEST_ROW_BYTES = 64 * 1024;
const MOST_ID_BYTES = 256;
const SECONDS_PER_DAY = 86_400n;

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const POINT = 0x2e;
const ZERO = 0x30;
const DELETE = 0x7f;

function state(name: keyof typeof STATE): Code {
  return loadInt(int(0), STATE[name]);
}

function setState(name: keyof typeof STATE, value: Code): Code {
  return storeInt(int(0), value, STATE[name]);
}

function increase(name: string, by: Code): Code {
  return set(name, add(get(name), by));
}

const HASH_FACTOR = long(0x9e3779b97f4a7c15n);

function mixIn(word: Code): Code {
  return sequence(
    set('hash', multiplyLong(xorLong(get('hash'), word), HASH_FACTOR)),
    set('hash', xorLong(get('hash'), shiftLongRight(get('hash'), long(32n)))),
  );
}

/** The last one to seven bytes of a key, the others shifted out. */
function tailAt(address: Code): Code {
  const surplusBits = subtract(int(64), shiftLeft(get('rest'), int(3)));
  return shiftLongLeft(loadLong(address), toLong(surplusBits));
}

/** The hash of the bytes from `start` to before `end`, in a space. */
const hashOf: WasmFunction = {
  name: 'hashOf',
  parameters: { space: I32, start: I32, end: I32 },
  hasResult: true,
  locals: { hash: I64, rest: I32, mixed: I32 },
  body: [
    set('hash', toLong(get('space'))),
    set('rest', subtract(get('end'), get('start'))),
    block(
      'done',
      loop(
        'words',
        branchIf('done', below(get('rest'), int(8))),
        mixIn(loadLong(get('start'))),
        increase('start', int(8)),
        increase('rest', int(-8)),
        branch('words'),
      ),
    ),
    when(get('rest'), mixIn(tailAt(get('start')))),
    set('mixed', toInt(get('hash'))),
    xor(get('mixed'), shiftRight(get('mixed'), int(15))),
  ],
};

/** The value of a key, or NOT_FOUND. */
const find: WasmFunction = {
  name: 'find',
  parameters: { space: I32, start: I32, end: I32, hash: I32 },
  hasResult: true,
  locals: { slot: I32, key: I32, position: I32, at: I32, rest: I32, length: I32 },
  body: [
    set('length', subtract(get('end'), get('start'))),
    set('slot', get('hash')),
    loop(
      'slots',
      set('slot', and(get('slot'), state('slotMask'))),
      set('key', loadInt(add(state('slots'), shiftLeft(get('slot'), int(2))))),
      when(isZero(get('key')), giveBack(int(NOT_FOUND))),
      increase('slot', int(1)),
      branchIf('slots', unequal(loadInt(get('key')), get('hash'))),
      branchIf('slots', unequal(loadInt(get('key'), 4), get('space'))),
      branchIf('slots', unequal(loadInt(get('key'), 8), get('length'))),
      set('position', get('start')),
      set('at', add(get('key'), int(KEY_BYTES))),
      set('rest', get('length')),
      block(
        'words done',
        loop(
          'words',
          branchIf('words done', below(get('rest'), int(8))),
          branchIf('slots', longUnequal(loadLong(get('position')), loadLong(get('at')))),
          increase('position', int(8)),
          increase('at', int(8)),
          increase('rest', int(-8)),
          branch('words'),
        ),
      ),
      when(get('rest'), branchIf('slots', longUnequal(tailAt(get('position')), tailAt(get('at'))))),
    ),
    loadInt(get('key'), 12),
  ],
};

/** Puts a key into the first slot that is free for it. */
const place: WasmFunction = {
  name: 'place',
  parameters: { key: I32 },
  hasResult: false,
  locals: { slot: I32, address: I32 },
  body: [
    set('slot', loadInt(get('key'))),
    loop(
      'slots',
      set('slot', and(get('slot'), state('slotMask'))),
      set('address', add(state('slots'), shiftLeft(get('slot'), int(2)))),
      increase('slot', int(1)),
      branchIf('slots', loadInt(get('address'))),
    ),
    storeInt(get('address'), get('key')),
  ],
};

/** How many bytes a key takes whose own bytes are `length`. */
function keySize(length: Code): Code {
  return add(int(KEY_BYTES), and(add(length, int(8)), int(-8)));
}

/** Doubles the slots, where there is room for more. */
const growSlots: WasmFunction = {
  name: 'growSlots',
  parameters: {},
  hasResult: false,
  locals: { slots: I32, bytes: I32, key: I32 },
  body: [
    set('bytes', shiftLeft(add(state('slotMask'), int(1)), int(3))),
    set('slots', state('slotsEnd')),
    when(
      below(add(get('slots'), get('bytes')), int(SLOTS_END + 1)),
      setState('slots', get('slots')),
      setState('slotMask', subtract(shiftRight(get('bytes'), int(2)), int(1))),
      setState('slotsEnd', add(get('slots'), get('bytes'))),
      set('key', int(KEYS)),
      block(
        'done',
        loop(
          'keys',
          branchIf('done', atLeast(get('key'), state('keysEnd'))),
          call('place', get('key')),
          increase('key', keySize(loadInt(get('key'), 8))),
          branch('keys'),
        ),
      ),
    ),
  ],
};

/** Adds a key that is not in the table; gives where it is, or 0 where there is no room. */
const insert: WasmFunction = {
  name: 'insert',
  parameters: { space: I32, start: I32, end: I32, value: I32 },
  hasResult: true,
  locals: { key: I32, length: I32, at: I32, rest: I32 },
  body: [
    when(above(shiftLeft(state('keys'), int(2)), state('slotMask')), call('growSlots')),
    when(above(shiftLeft(state('keys'), int(1)), state('slotMask')), giveBack(int(0))),
    set('key', state('keysEnd')),
    set('length', subtract(get('end'), get('start'))),
    when(
      above(add(get('key'), keySize(get('length'))), int(KEYS_END - KEY_BYTES)),
      giveBack(int(0)),
    ),
    storeInt(get('key'), call('hashOf', get('space'), get('start'), get('end'))),
    storeInt(get('key'), get('space'), 4),
    storeInt(get('key'), get('length'), 8),
    storeInt(get('key'), get('value'), 12),
    set('at', add(get('key'), int(KEY_BYTES))),
    set('rest', get('length')),
    block(
      'done',
      loop(
        'words',
        branchIf('done', below(get('rest'), int(8))),
        storeLong(get('at'), loadLong(get('start'))),
        increase('start', int(8)),
        increase('at', int(8)),
        increase('rest', int(-8)),
        branch('words'),
      ),
    ),
    when(
      get('rest'),
      storeLong(
        get('at'),
        shiftLongRight(
          tailAt(get('start')),
          toLong(subtract(int(64), shiftLeft(get('rest'), int(3)))),
        ),
      ),
    ),
    setState('keysEnd', add(get('key'), keySize(get('length')))),
    setState('keys', add(state('keys'), int(1))),
    call('place', get('key')),
    get('key'),
  ],
};

/** The cell of a user in a space, a new one if need be; NOT_FOUND where there is no room for it. */
const cellOf: WasmFunction = {
  name: 'cellOf',
  parameters: { space: I32, start: I32, end: I32 },
  hasResult: true,
  locals: { cell: I32, key: I32 },
  body: [
    set(
      'cell',
      call(
        'find',
        get('space'),
        get('start'),
        get('end'),
        call('hashOf', get('space'), get('start'), get('end')),
      ),
    ),
    when(unequal(get('cell'), int(NOT_FOUND)), giveBack(get('cell'))),
    set('cell', state('cells')),
    when(atLeast(get('cell'), int(MOST_CELLS)), giveBack(int(NOT_FOUND))),
    set('key', call('insert', get('space'), get('start'), get('end'), get('cell'))),
    when(isZero(get('key')), giveBack(int(NOT_FOUND))),
    storeInt(add(int(CELL_KEYS), shiftLeft(get('cell'), int(2))), get('key')),
    setState('cells', add(get('cell'), int(1))),
    get('cell'),
  ],
};

/**
 * Whether a field is the bare id of a user as it stands: printable ASCII, not too long, and
 * without the beginning of an id in another form, `d-` or `arn:`.
 */
const isBareId: WasmFunction = {
  name: 'isBareId',
  parameters: { start: I32, end: I32 },
  hasResult: true,
  locals: { byte: I32 },
  body: [
    when(atLeast(get('start'), get('end')), giveBack(int(0))),
    when(above(subtract(get('end'), get('start')), int(MOST_ID_BYTES)), giveBack(int(0))),
    set('byte', loadByte(get('start'))),
    when(equal(get('byte'), int(QUOTE)), giveBack(int(0))),
    when(equal(get('byte'), int(0x61)), giveBack(int(0))),
    when(equal(get('byte'), int(0x64)), giveBack(int(0))),
    loop(
      'bytes',
      set('byte', subtract(loadByte(get('start')), int(SPACE + 1))),
      when(atLeast(get('byte'), int(DELETE - SPACE - 1)), giveBack(int(0))),
      increase('start', int(1)),
      branchIf('bytes', below(get('start'), get('end'))),
    ),
    int(1),
  ],
};

/** Goes on to the byte that ends a field which is not quoted, or to one that the kernel leaves. */
const toFieldEnd: Code = loop(
  'field',
  set('special', highBits(bytesBelow(loadVector(get('position')), splatByte(int(0x2d))))),
  when(isZero(get('special')), increase('position', int(16)), branch('field')),
  increase('position', trailingZeros(get('special'))),
  set('byte', loadByte(get('position'))),
  // A space and the like are part of a field; a quote, a control character or UTF-8 is not for the kernel.
  when(
    and(
      below(subtract(get('byte'), int(SPACE)), int(COMMA - SPACE)),
      unequal(get('byte'), int(QUOTE)),
    ),
    increase('position', int(1)),
    branch('field'),
  ),
);

/** Leaves the row unless four bytes of an instant are within their limits, see `InstantReader`. */
function readFour(name: string, offset: number, text: number, limits: number): Code {
  return sequence(
    set(name, xor(loadInt(get('position'), offset), int(text))),
    branchIf('left', and(or(get(name), add(get(name), int(limits))), int(0x80808080))),
  );
}

function byteOf(name: string, index: number): Code {
  return and(shiftRight(get(name), int(8 * index)), int(0xff));
}

function twoDigits(tens: Code, ones: Code): Code {
  return add(multiply(tens, int(10)), ones);
}

/** Takes the month of `2026-01-` in, or leaves the row. */
const meetMonth: Code = sequence(
  ...[0, 1, 2, 3, 5, 6].map((offset) =>
    branchIf('left', above(subtract(loadByte(get('position'), offset), int(ZERO)), int(9))),
  ),
  branchIf('left', unequal(loadByte(get('position'), 4), int(0x2d))),
  branchIf('left', unequal(loadByte(get('position'), 7), int(0x2d))),
  set('month', twoDigits(digitAt(5), digitAt(6))),
  branchIf('left', above(subtract(get('month'), int(1)), int(11))),
  set(
    'year',
    add(multiply(twoDigits(digitAt(0), digitAt(1)), int(100)), twoDigits(digitAt(2), digitAt(3))),
  ),
  branchIf('left', above(subtract(get('year'), int(2000)), int(199))),
  set(
    'month',
    add(multiply(subtract(get('year'), int(2000)), int(12)), subtract(get('month'), int(1))),
  ),
  set('at', add(int(MONTHS), shiftLeft(get('month'), int(3)))),
  set('dayBefore', loadInt(get('at'))),
  set('monthDays', loadInt(get('at'), 4)),
  set('monthText', loadLong(get('position'))),
);

function digitAt(offset: number): Code {
  return subtract(loadByte(get('position'), offset), int(ZERO));
}

/** Reads `2026-01-15T09:30:00Z`, or leaves the row. */
const readInstant: Code = sequence(
  when(longUnequal(loadLong(get('position')), get('monthText')), meetMonth),
  readFour('dayText', 8, 0x30543030, 0x7d7f767c),
  readFour('minuteText', 12, 0x30303a30, 0x767a7f76),
  readFour('secondText', 16, 0x5a30303a, 0x7f767a7f),
  set('day', twoDigits(byteOf('dayText', 0), byteOf('dayText', 1))),
  branchIf('left', atLeast(subtract(get('day'), int(1)), get('monthDays'))),
  set('day', add(get('day'), get('dayBefore'))),
  set('second', twoDigits(byteOf('dayText', 3), byteOf('minuteText', 0))),
  branchIf('left', above(get('second'), int(23))),
  set(
    'second',
    add(
      multiply(get('second'), int(60)),
      twoDigits(byteOf('minuteText', 2), byteOf('minuteText', 3)),
    ),
  ),
  set(
    'second',
    add(
      multiply(get('second'), int(60)),
      twoDigits(byteOf('secondText', 1), byteOf('secondText', 2)),
    ),
  ),
  increase('position', int(20)),
  set('byte', loadByte(get('position'))),
);

/** Reads up to nine digits into `name`, as so many places behind the point; `placesOf` gets how many there are. */
function readFraction(name: string, placesOf: string): Code {
  return sequence(
    set('at', get('position')),
    block(
      'no digit',
      loop(
        'digits',
        set('digit', subtract(loadByte(get('position')), int(ZERO))),
        branchIf('no digit', above(get('digit'), int(9))),
        set(name, twoDigits(get(name), get('digit'))),
        increase('position', int(1)),
        branchIf('digits', below(subtract(get('position'), get('at')), int(9))),
      ),
    ),
    set(placesOf, subtract(get('position'), get('at'))),
    set(
      name,
      multiply(
        get(name),
        loadInt(add(int(POWERS), shiftLeft(subtract(int(9), get(placesOf)), int(2)))),
      ),
    ),
  );
}

/** Reads digits with at most eighteen of them behind a point, or leaves the row. */
const readCredits: Code = sequence(
  set('whole', int(0)),
  set('billionths', int(0)),
  set('rest', int(0)),
  set('places', int(0)),
  block(
    'no digit',
    loop(
      'digits',
      set('digit', subtract(loadByte(get('position')), int(ZERO))),
      branchIf('no digit', above(get('digit'), int(9))),
      set('whole', twoDigits(get('whole'), get('digit'))),
      increase('position', int(1)),
      branch('digits'),
    ),
  ),
  set('wholeDigits', subtract(get('position'), get('start'))),
  branchIf('left', above(get('wholeDigits'), int(9))),
  when(
    equal(get('digit'), int(POINT - ZERO)),
    increase('position', int(1)),
    readFraction('billionths', 'places'),
    when(
      equal(get('places'), int(9)),
      readFraction('rest', 'morePlaces'),
      increase('places', get('morePlaces')),
    ),
  ),
  branchIf('left', isZero(or(get('wholeDigits'), get('places')))),
  set('byte', loadByte(get('position'))),
);

/** Reads the field at `position`, and what comes behind it into `byte`. */
const readField: Code = block(
  'read',
  when(
    below(get('kind'), int(COLUMN.instant)),
    toFieldEnd,
    when(
      equal(get('kind'), int(COLUMN.profile)),
      set('profileStart', get('start')),
      set('profileEnd', get('position')),
    ),
    when(
      equal(get('kind'), int(COLUMN.user)),
      set('userStart', get('start')),
      set('userEnd', get('position')),
    ),
    branch('read'),
  ),
  when(equal(get('kind'), int(COLUMN.instant)), readInstant, branch('read')),
  readCredits,
);

/** Reads the fields of the row at `rowStart`, up to behind its line end. */
const readRow: Code = block(
  'read row',
  set('field', int(0)),
  loop(
    'fields',
    set('start', get('position')),
    set('kind', loadByte(add(int(COLUMN_KINDS), get('field')))),
    readField,
    increase('field', int(1)),
    increase('position', int(1)),
    when(
      equal(get('byte'), int(COMMA)),
      branchIf('fields', below(get('field'), state('columns'))),
      branch('left'),
    ),
    branchIf('left', unequal(get('field'), state('columns'))),
    branchIf('read row', equal(get('byte'), int(LF))),
    branchIf('left', unequal(get('byte'), int(CR))),
    branchIf('left', unequal(loadByte(get('position')), int(LF))),
    increase('position', int(1)),
  ),
);

/** Finds the window in which the row's instant lies, or leaves the row. */
const findWindow: Code = sequence(
  set(
    'profile',
    call(
      'find',
      int(PROFILE_SPACE),
      get('profileStart'),
      get('profileEnd'),
      call('hashOf', int(PROFILE_SPACE), get('profileStart'), get('profileEnd')),
    ),
  ),
  branchIf('left', equal(get('profile'), int(NOT_FOUND))),
  choose(state('byDay'), set('bucket', get('day')), set('bucket', get('month'))),
  set('bucket', subtract(get('bucket'), state('firstBucket'))),
  branchIf('left', atLeast(get('bucket'), int(BUCKETS))),
  set(
    'window',
    loadInt(
      add(
        loadInt(add(int(PROFILES), shiftLeft(get('profile'), int(2)))),
        shiftLeft(get('bucket'), int(2)),
      ),
    ),
  ),
  set(
    'instant',
    addLong(multiplyLong(toLong(get('day')), long(SECONDS_PER_DAY)), toLong(get('second'))),
  ),
  block(
    'found',
    loop(
      'windows',
      branchIf('left', isZero(get('window'))),
      branchIf(
        'found',
        and(
          longAtLeast(get('instant'), loadLong(get('window'))),
          longBelow(get('instant'), loadLong(get('window'), 8)),
        ),
      ),
      set('window', loadInt(get('window'), 20)),
      branch('windows'),
    ),
  ),
  set('space', loadInt(get('window'), 16)),
);

/** Finds the cell of the row's user in the window, or leaves the row. */
const findCell: Code = sequence(
  set(
    'cell',
    call(
      'find',
      get('space'),
      get('userStart'),
      get('userEnd'),
      call('hashOf', get('space'), get('userStart'), get('userEnd')),
    ),
  ),
  when(
    equal(get('cell'), int(NOT_FOUND)),
    branchIf('left', isZero(call('isBareId', get('userStart'), get('userEnd')))),
    set('cell', call('cellOf', get('space'), get('userStart'), get('userEnd'))),
    branchIf('left', equal(get('cell'), int(NOT_FOUND))),
  ),
);

function addToLong(offset: number, name: string): Code {
  return storeLong(get('at'), addLong(loadLong(get('at'), offset), toLong(get(name))), offset);
}

const addCredits: Code = sequence(
  set('at', add(int(CELLS), multiply(get('cell'), int(CELL_BYTES)))),
  addToLong(0, 'whole'),
  addToLong(8, 'billionths'),
  addToLong(16, 'rest'),
  storeInt(get('at'), add(loadInt(get('at'), 24), int(1)), 24),
  when(above(get('places'), loadInt(get('at'), 28)), storeInt(get('at'), get('places'), 28)),
);

/**
 * Takes rows in, from `position` to before `to`, which is behind a line feed; gives where
 * the first row begins that it leaves, or `to`.
 */
const run: WasmFunction = {
  name: 'run',
  parameters: { position: I32, to: I32 },
  hasResult: true,
  locals: {
    rowStart: I32,
    rows: I32,
    field: I32,
    kind: I32,
    start: I32,
    byte: I32,
    special: I32,
    profileStart: I32,
    profileEnd: I32,
    userStart: I32,
    userEnd: I32,
    monthText: I64,
    dayBefore: I32,
    monthDays: I32,
    year: I32,
    month: I32,
    dayText: I32,
    minuteText: I32,
    secondText: I32,
    day: I32,
    second: I32,
    digit: I32,
    wholeDigits: I32,
    whole: I32,
    billionths: I32,
    rest: I32,
    places: I32,
    morePlaces: I32,
    profile: I32,
    bucket: I32,
    window: I32,
    instant: I64,
    space: I32,
    cell: I32,
    at: I32,
  },
  body: [
    block(
      'left',
      loop(
        'rows',
        set('rowStart', get('position')),
        branchIf('left', atLeast(get('position'), get('to'))),
        readRow,
        branchIf('left', above(subtract(get('position'), get('rowStart')), int(LONGEST_ROW_BYTES))),
        findWindow,
        findCell,
        addCredits,
        increase('rows', int(1)),
        branch('rows'),
      ),
    ),
    setState('rows', get('rows')),
    get('rowStart'),
  ],
};

/** The code of the kernel, which takes rows of request usage in as long as they are of the plainest kind. */
export function kernelCode(): Uint8Array<ArrayBuffer> {
  return wasmModule(MEMORY_PAGES, [hashOf, find, place, growSlots, insert, cellOf, isBareId, run]);
}
