import { wholeSheet } from '../domain/sheet.ts';
import type { Warning } from '../domain/warning.ts';
import { countShown } from '../render/amounts.ts';
import { IDS_ONLY, namesIn } from '../render/warnings.ts';
import type { CommandResult, Document } from './command-result.ts';
import type { Context } from './context.ts';
import type { Format } from './formats.ts';
import { EXIT, type ExitStatus } from './host.ts';
import type { InputOptions, Inputs } from './inputs.ts';
import type { Messages } from './messages.ts';
import type { Chunks, Look } from './output.ts';
import { isStandardOutput, outputLook, writeOutput } from './output.ts';

/** The command's options that decide how it ends. */
interface EndingOptions extends InputOptions {
  readonly strict?: boolean;
}

/**
 * The one ending of a command: writes the document in the format asked for, puts in place
 * what goes with it, says on standard error what there is to say, and gives the exit status.
 */
export async function endCommand(
  result: CommandResult,
  options: EndingOptions,
  context: Context,
  messages: Messages,
): Promise<ExitStatus> {
  const { document, inputs, alarms = [], notes = [], hasFindings = false } = result;
  const warnings = result.warnings ?? warningsOf(document);
  const file = context.format === 'text' ? undefined : options.output;
  const written = await context.stopwatch.time('output', async () => {
    if (document === undefined) return [];
    const chunks = await documentChunks(document, context.format, outputLook(file, context));
    return [await writeOutput(chunks, file, context.host), await inputs?.badRows?.finish()];
  });
  const read = inputs && (await readingOf(inputs));
  const named = inputs?.billing.records ?? result.named;
  const lines = messages.warnings(warnings, named === undefined ? IDS_ONLY : namesIn(named));
  const raised = [...alarms, ...written].filter((alarm) => alarm !== undefined);
  for (const alarm of raised) messages.warn(alarm);
  for (const note of [...(read?.notes ?? []), ...notes]) messages.note(note);
  const last = [
    ...(result.closing === undefined
      ? []
      : [read?.summary, result.closing, lookAtText(result.lookAt, lines + raised.length)]),
    isStandardOutput(file) ? undefined : `Wrote ${file}.`,
  ].filter((text) => text !== undefined);
  if (last.length > 0) messages.close(last.join(' '));
  if (result.next !== undefined) messages.next(result.next);
  const hasWarned = lines + raised.length > 0;
  return hasFindings || (options.strict === true && hasWarned) ? EXIT.findings : EXIT.done;
}

/** `Look at: 2 warnings above.` */
function lookAtText(found: string | undefined, warningLines: number): string | undefined {
  const warnings = warningLines === 0 ? undefined : `${countShown(warningLines, 'warning')} above`;
  const all = [found, warnings].filter((one) => one !== undefined);
  return all.length === 0 ? undefined : `Look at: ${all.join(', ')}.`;
}

/** Those of all months. There may be millions of one, which are not copied. */
function warningsOf({ months = [] }: Document = {}): readonly Warning[] {
  const [first = [], ...others] = months.map(({ warnings }) => warnings);
  return others.length === 0 ? first : first.concat(...others);
}

/** What there is to say of what was read. Commands without inputs do not need this code. */
async function readingOf(
  inputs: Inputs,
): Promise<{ readonly notes: readonly string[]; readonly summary: string }> {
  const { inputNotes, readSummary } = await import('./notes.ts');
  return { notes: inputNotes(inputs), summary: `${readSummary(inputs)}.` };
}

/**
 * The document in the format: as the command draws it, else its rows. Only the renderer that is
 * needed is loaded.
 */
async function documentChunks(document: Document, format: Format, look: Look): Promise<Chunks> {
  const { drawn, sheets = [], months = [], isPartial = false, workbook } = document;
  const draw = drawn?.[format];
  if (draw !== undefined) return draw(look);
  switch (format) {
    case 'csv':
    case 'focus': {
      const { csvText } = await import('../render/csv.ts');
      return csvText(sheets, look);
    }
    case 'json': {
      const { sheetsJson } = await import('../render/json.ts');
      return sheetsJson(sheets, months, document);
    }
    case 'markdown': {
      const { markdownText } = await import('../render/markdown.ts');
      const beside = Object.values(document.beside ?? {}).filter(({ rows }) => rows.length > 0);
      return [
        markdownText(sheets.map(wholeSheet), isPartial),
        ...beside.flatMap((sheet) => ['\n', markdownText([sheet])]),
      ];
    }
    case 'xlsx': {
      const { workbookBytes } = await import('../render/workbook.ts');
      const named = workbook?.() ?? [{ name: 'Result', sheets }];
      return [await workbookBytes(named, isPartial)];
    }
    case 'table': {
      const { rowsTable } = await import('../render/rows-table.ts');
      return rowsTable(sheets.map(wholeSheet), { ...look, isPartial });
    }
    default:
      throw new Error(`nothing draws ${format}`);
  }
}
