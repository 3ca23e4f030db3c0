import type { Problem } from '../domain/problem.ts';

const ZIP = Buffer.from('PK\u0003\u0004');
const GZIP = Buffer.from([0x1f, 0x8b]);
const PARQUET = Buffer.from('PAR1');

/** The first bytes of files that are not CSV, what they are, and what to do. */
const FORMATS: readonly (readonly [start: Buffer, what: string])[] = [
  [
    ZIP,
    'this is a workbook (.xlsx, .ods) or a zip archive, not CSV: save the sheet as "CSV UTF-8", or unpack the archive',
  ],
  [
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0]),
    'this is a workbook of an older Excel (.xls), not CSV: save the sheet as "CSV UTF-8"',
  ],
  [Buffer.from('%PDF-'), 'this is a PDF, not CSV: get the same as CSV'],
  [
    PARQUET,
    "this is Parquet, not CSV: only usage and AWS's bills are read as Parquet, from files that are not packed",
  ],
  [GZIP, 'this is gzip, not CSV: unpack it'],
  [Buffer.from('BZh'), 'this is bzip2, not CSV: unpack it'],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 'this is zstd, not CSV: unpack it'],
  [Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]), 'this is xz, not CSV: unpack it'],
  [Buffer.from([0x37, 0x7a, 0xbc, 0xaf]), 'this is a 7z archive, not CSV: unpack it'],
  [Buffer.from('{\\rtf'), 'this is RTF, not CSV: save the table as "CSV UTF-8"'],
  [Buffer.from([0x89, 0x50, 0x4e, 0x47]), 'this is a picture (PNG), not CSV'],
  [Buffer.from([0xff, 0xd8, 0xff]), 'this is a picture (JPEG), not CSV'],
];

const HTML = /^\s*<(?:!doctype html|html|\?xml)/i;
const HTML_WHAT =
  'this is a web page or XML, not CSV: it may be a sign-in page, download the file again';

/** JSON, with its first key if it is an object. */
const JSON_START = /^\s*(?:\{\s*(?:"([^"]*)"|\})|\[\s*[[{"\]\d])/;
const IDENTITY_STORE_KEYS = /^(?:Users|Groups|GroupMemberships)$/;

function jsonWhat(start: string): string | undefined {
  const match = JSON_START.exec(start);
  if (match === null) return undefined;
  return IDENTITY_STORE_KEYS.test(match[1] ?? '')
    ? 'this is JSON of the Identity Store, which names people, not CSV: run kiro-bill import users PATH -o DIR'
    : 'this is JSON, not CSV: get the same as CSV';
}

/** Whether a file that begins with these bytes is Parquet. */
export function isParquet(start: Buffer | undefined): boolean {
  return beginsWith(start, PARQUET);
}

/** Whether a file that begins with these bytes is a zip archive, as workbooks are. */
export function isZip(start: Buffer | undefined): boolean {
  return beginsWith(start, ZIP);
}

function beginsWith(start: Buffer | undefined, mark: Buffer): boolean {
  return start?.subarray(0, mark.length).equals(mark) === true;
}

/** The problem of a file whose first bytes show that it is not CSV. */
export function otherFormat(file: string, start: Buffer): Problem | undefined {
  const known = FORMATS.find(([mark]) => beginsWith(start, mark));
  if (known !== undefined) {
    const [mark, what] = known;
    const canBeNamed = mark === GZIP && !/^(?:-|\/dev\/(?:stdin|fd\/\d+))$/.test(file);
    return { file, what: canBeNamed ? `${what}, or let its name end in .csv.gz` : what };
  }
  const text = start.subarray(0, 256).toString('latin1');
  const what = HTML.test(text) ? HTML_WHAT : jsonWhat(text);
  return what === undefined ? undefined : { file, what };
}
