/** Activity reports against the naive reference of rules R1 and R2, on generated reports. */
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Reported, reported } from '../reference/activity.ts';
import { type DataDirectory, factsOf } from '../reference/facts.ts';
import { invoiceCsv } from '../reference/invoice-csv.ts';
import { namesOf } from '../reference/names.ts';
import { BUILT_IN_RATE_CARD } from '../reference/rate-card.ts';
import { type ReportCase, reportCases, reportFilesOf } from '../reference/report-arbitraries.ts';
import { placeInProfileId } from '../reference/spelling.ts';
import { runMain, withDirectory } from '../support/in-process.ts';

const RUNS_FACTOR = Number(process.env.KIRO_BILL_RUNS ?? 1);

/** A profile is also named by the account and Region, or the last piece, of an ARN. */
function reportedProfile(id: string, directory: DataDirectory): string {
  const { profiles } = factsOf(directory);
  if (profiles.some(({ profileId }) => profileId === id)) return id;
  const { accountId, region } = placeInProfileId(id);
  const named = profiles.find(
    (one) =>
      id.endsWith(`:profile/${one.profileId}`) ||
      (one.accountId === accountId && one.region === region),
  );
  if (named === undefined) throw new Error(`no profile is meant by ${id}`);
  return named.profileId;
}

function expectedOf({ directory, rateCard, reports, decided }: ReportCase): Reported {
  return reported(reports, {
    ...{ card: rateCard ?? BUILT_IN_RATE_CARD, profiles: factsOf(directory).profiles },
    ...namesOf(directory),
    profileIdOf: (arn) => reportedProfile(namesOf(directory).profileIdOf(arn), directory),
    ...(decided === undefined ? {} : { decided }),
  });
}

/** The invoice, and what is said of the meaning of the reports. */
function billed(reportCase: ReportCase) {
  const { month, reports, decided } = reportCase;
  return withDirectory(reportFilesOf(reportCase), async (directory) => {
    for (const { path, changedAt } of reports) {
      utimesSync(join(directory, 'usage', path), changedAt, changedAt);
    }
    const run = await runMain([
      ...['invoice', '--month', month, '--by', 'user', '--format', 'csv', '--data', directory],
      ...(decided === undefined ? [] : ['--reported-credits', decided]),
    ]);
    expect(run.status, run.stderr).toBe(0);
    const said = run.stderr.split('\n').filter((line) => line.includes('Credits_Used'));
    return { csv: run.stdout, said };
  });
}

test(
  'R1: reports count as what they show, and say so, as the reference reads them (R2)',
  async () => {
    await fc.assert(
      fc.asyncProperty(reportCases, async (reportCase) => {
        const { directory, month, rateCard } = reportCase;
        const { usage, notes, warnings } = expectedOf(reportCase);
        expect(await billed(reportCase)).toEqual({
          csv: invoiceCsv({ ...directory, 'usage.csv': usage }, 'user', month, rateCard),
          said: [
            ...warnings.map((warning) => `warning: ${warning} (R1)`),
            ...notes.map((note) => `note: ${note}`),
          ],
        });
      }),
      { numRuns: Math.ceil(80 * RUNS_FACTOR) },
    );
  },
  30_000 * RUNS_FACTOR,
);
