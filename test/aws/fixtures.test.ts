import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const FIXTURES = join(import.meta.dirname, '../../fixtures');

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

it("AWS's files of Acme are what the committed script makes", async () => {
  const script = pathToFileURL(join(FIXTURES, 'make-acme-aws.mjs')).href;
  const { acmeAwsFiles } = await import(script);
  const made: Record<string, string | Buffer> = acmeAwsFiles();
  const folder = join(FIXTURES, 'acme-aws');
  expect(filesBelow(folder).sort()).toEqual(
    Object.keys(made)
      .map((name) => join(folder, name))
      .sort(),
  );
  for (const [name, content] of Object.entries(made)) {
    const bytes = readFileSync(join(folder, name));
    const stands = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    expect(stands.equals(Buffer.from(content)), name).toBe(true);
  }
});

it("AWS's files of the sample company are what the committed script makes", async () => {
  const script = pathToFileURL(join(FIXTURES, 'make-sample-aws.mjs')).href;
  const { sampleAwsFiles } = await import(script);
  const made: Record<string, string> = sampleAwsFiles();
  const folder = join(FIXTURES, '../src/sample/aws');
  expect(filesBelow(folder).sort()).toEqual(
    Object.keys(made)
      .map((name) => join(folder, name))
      .sort(),
  );
  for (const [name, content] of Object.entries(made)) {
    expect(readFileSync(join(folder, name), 'utf8'), name).toBe(content);
  }
});

it('all fixtures together stay below 10 MB', () => {
  const bytes = filesBelow(FIXTURES).reduce((total, path) => total + statSync(path).size, 0);
  expect(bytes).toBeLessThan(10_000_000);
});
