import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { html } from '../../src/render/report/markup.ts';
import { EVIL, HOSTILE_FILES } from './hostile-files.ts';
import { ACME, proSince2025, reportOf, reportPage } from './making.ts';
import { partOf, tableRows } from './page-reader.ts';

test('names and ids that are HTML are text', async () => {
  const { page } = await reportOf(HOSTILE_FILES);
  expect(page.match(/<script>/g)).toHaveLength(1);
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).not.toMatch(/<(img|b)\b/);
  expect(bodyOf(page)).not.toMatch(/<[^>"]*("[^"]*"[^>"]*)* on[a-z]+=/);
  const rows = tableRows(partOf(page, 'seat-table'));
  expect(rows[0]).toMatchObject({
    User: `${EVIL}\\n\\u202eevil\nu${EVIL}`,
    Profile: EVIL,
    Group: EVIL,
    'Cost center': EVIL,
  });
  expect(rows.map(({ User }) => User)).toContain('" onfocus="alert(1)');
  expect(rows.map(({ User }) => User)).toContain('<b>nobody');
});

test('filters that hold HTML are text', async () => {
  const { page } = await reportOf(HOSTILE_FILES, ['--group', `g${EVIL}`]);
  expect(page.match(/<script>/g)).toHaveLength(1);
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).toContain('Only group g&lt;/script&gt;');
});

test('what is put into a template is escaped, in text and in attributes', () => {
  expect(html`<p title="${'"><b>'}">${'<b>&'}${["'", html`<i></i>`, undefined, 7]}</p>`.text).toBe(
    '<p title="&quot;&gt;&lt;b&gt;">&lt;b&gt;&amp;&#39;<i></i>7</p>',
  );
});

test('the policy allows nothing but the one script and the styles of the page', async () => {
  const { page } = await reportPage(['--data', ACME, '--month', '2026-03']);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] as string;
  const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style = '']) => style);
  expect(policy?.split('; ')).toEqual([
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src ${styles.map((style) => `'${hashOf(style)}'`).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page.match(/<style/g)).toHaveLength(2);
  expect(bodyOf(page)).not.toMatch(/<[^>]* (style=|src=|href="[^#]|on[a-z]+=)/);
});

test('the page is the same each time, and has no number of a drawing that would differ', async () => {
  const args = ['--data', ACME, '--month', '2026-02'];
  expect((await reportPage(args)).page).toBe((await reportPage(args)).page);
});

test('a profile without a name is called by its id', async () => {
  const { page } = await reportOf({ 'subscriptions.csv': proSince2025('ana') });
  expect(tableRows(partOf(page, 'by-profile'))[0]?.Profile).toBe('p1');
});

/** The page without its own script and style. */
function bodyOf(page: string): string {
  return page.replace(/<(script|style)>[\s\S]*?<\/\1>/g, '');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
