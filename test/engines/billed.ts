import { runMain } from '../support/in-process.ts';

/** What `invoice` makes of usage made by `usage-made.ts`, line by line and seat by seat. */
export async function billed(data: string, usage: string): Promise<string> {
  const outputs = await Promise.all(
    ['line', 'user'].map((view) =>
      runMain([
        'invoice',
        '--data',
        data,
        '--usage',
        usage,
        '--month',
        '2027-11..2028-03',
        '--by',
        view,
        '--format',
        'csv',
        '--quiet',
        '--threads',
        '1',
        // What the statements take the columns of reports to mean, where none is given.
        '--reported-credits',
        'beside',
      ]),
    ),
  );
  for (const { status, stderr } of outputs) if (status !== 0) throw new Error(stderr);
  return outputs.map(({ stdout }) => stdout).join('\n');
}
