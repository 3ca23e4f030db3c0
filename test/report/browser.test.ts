import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runMain } from '../support/in-process.ts';
import { profilesCsv, usageCsv, usersCsv } from '../support/tables.ts';
import { hasBrowser, launched, opened } from './browser.ts';
import { EVIL, HOSTILE_FILES } from './hostile-files.ts';
import { ACME, invoiceJson, PROFILES, proSince2025, reportOf, reportPage } from './making.ts';

const MARCH = ['--data', ACME, '--month', '2026-03'];

if (!hasBrowser)
  console.warn('No /usr/bin/chromium: the tests of the report in a browser are skipped.');

describe.skipIf(!hasBrowser)('in Chromium (skipped where /usr/bin/chromium is missing)', () => {
  let browser: Browser;
  let acme: string;

  beforeAll(async () => {
    browser = await launched();
    acme = (await reportPage(MARCH)).page;
  }, 60_000);

  afterAll(() => browser.close());

  test('opens without a message, and asks for nothing but itself', async () => {
    await opened(browser, acme, async (page, heard) => {
      await heading(page, 'User').click();
      await page.getByRole('searchbox').fill('jonas');
      await settled(page, '1 of 41 rows');
      expect(heard.messages).toEqual([]);
      expect(heard.requests).toHaveLength(1);
    });
  });

  test('text that is HTML stays text, and the policy refuses what is put in later', async () => {
    const { page: html } = await reportOf(HOSTILE_FILES);
    await opened(browser, html, async (page, heard) => {
      expect(await page.locator('#seat-table tbody th').first().textContent()).toContain(EVIL);
      expect(await page.locator('script').count()).toBe(2);
      expect(await page.locator('img').count()).toBe(0);
      await filters(page).getByLabel('Group').selectOption(EVIL);
      await heading(page, 'Group').click();
      await settled(page, '1 of 3 rows');
      expect(heard.messages).toEqual([]);
      await page.evaluate(
        `document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>')`,
      );
      await expect.poll(() => heard.messages.join(' ')).toContain('Content Security Policy');
      expect(heard.messages.join(' ')).not.toContain('dialog');
    });
  });

  test('sorts by each column, by mouse and keyboard, and says so', async () => {
    await opened(browser, acme, async (page) => {
      const total = page.locator('#seat-table thead th').nth(1);
      expect(await total.getAttribute('aria-sort')).toBe('descending');
      const user = page.locator('#seat-table thead th').first();
      await user.getByRole('button').focus();
      await page.keyboard.press('Enter');
      expect(await user.getAttribute('aria-sort')).toBe('ascending');
      expect(await total.getAttribute('aria-sort')).toBe(null);
      const names = await column(page, 1);
      expect(names).toEqual([...names].sort(new Intl.Collator('en').compare));
      await page.keyboard.press('Space');
      expect(await user.getAttribute('aria-sort')).toBe('descending');
      expect(await column(page, 1)).toEqual(
        [...names].sort((a, b) => new Intl.Collator('en').compare(b, a)),
      );
      await heading(page, 'Credits').click();
      const { rows } = await invoiceJson(MARCH, 'user');
      const used = rows.map((row) => Number(row.credits_used)).sort((a, b) => b - a);
      expect((await column(page, 5)).map(numberOf)).toEqual(used.map(Math.floor));
    });
  });

  test('sorts exactly where the figures shown are alike, and by the share exactly', async () => {
    const used = [
      '1.001',
      '1.0010000000000000000000001',
      '0.5',
      '1.00099999999999999999999999',
      '12',
    ];
    const rows = used.map((credits, index) => `2026-02-05,p1,u${index},${credits}`);
    const { page: html } = await reportOf({
      'profiles.csv': PROFILES,
      'subscriptions.csv': proSince2025('u0', 'u1', 'u2', 'u3', 'u4').replace(
        'u4,Pro,',
        'u4,Power,',
      ),
      'usage.csv': usageCsv(...rows),
    });
    await opened(browser, html, async (page) => {
      await heading(page, 'Credits').click();
      expect(await column(page, 1)).toEqual(['u4', 'u1', 'u0', 'u3', 'u2']);
      await heading(page, 'Credits').click();
      expect(await column(page, 1)).toEqual(['u2', 'u3', 'u0', 'u1', 'u4']);
      await heading(page, 'Used').click();
      expect(await column(page, 1)).toEqual(['u4', 'u1', 'u0', 'u3', 'u2']);
      await filters(page).getByLabel('Tier').selectOption('Pro');
      await settled(page, '4 of 5 rows');
      const total = page.locator('#seat-table tfoot td').nth(3).locator('data');
      expect(await total.getAttribute('value')).toBe('3.50300000000000000000000009');
      expect(await total.textContent()).toBe('3');
    });
  });

  test('filters, and its total is that of the invoice with the same filter', async () => {
    const { totals } = await invoiceJson([...MARCH, '--group', 'grp-web'], 'user');
    await opened(browser, acme, async (page) => {
      await filters(page).getByLabel('Group').selectOption('Web & Mobile');
      await settled(page, '11 of 41 rows');
      const footer = page.locator('#seat-table tfoot');
      expect(await footer.locator('th').textContent()).toBe('Total shown');
      expect(numberOf(await footer.locator('td').first().textContent())).toBe(
        Number(totals.total_charge),
      );
      expect(await column(page, 12)).toEqual(Array.from({ length: 11 }, () => 'Web & Mobile'));
      await page.getByRole('searchbox').fill('nobody of this name');
      await settled(page, '0 of 41 rows');
      expect(await page.getByText('No seat matches.').isVisible()).toBe(true);
      await page.getByRole('button', { name: 'Clear' }).click();
      await settled(page, '41 of 41 rows');
      expect(await footer.locator('th').textContent()).toBe('Total');
    });
  });

  test('searches without regard to case and accents, and by what seats are', async () => {
    await opened(browser, acme, async (page) => {
      await page.getByRole('searchbox').fill('novakova BACKEND');
      await settled(page, '1 of 41 rows');
      await page.getByRole('button', { name: 'Clear' }).click();
      await filters(page).getByLabel('Show').selectOption('Idle');
      await settled(page, '2 of 41 rows');
      await filters(page).getByLabel('Show').selectOption('With unbilled credits');
      await settled(page, '3 of 41 rows');
    });
  });

  test('opens a seat to its charges and their explanation, and closes it again', async () => {
    await opened(browser, acme, async (page, heard) => {
      const row = page.locator('#seat-table tbody tr:not(.opened)', { hasText: 'Jonas Weber' });
      await row.click();
      const story = page.locator('#seat-table tr.opened pre');
      await expect.poll(() => story.textContent()).toContain('Jonas Weber');
      const { stdout } = await runMain([
        'explain',
        ...MARCH,
        '--user',
        'Jonas Weber',
        '--no-color',
      ]);
      const words = (text: string | null): string => (text ?? '').replace(/\s+/g, ' ').trim();
      expect(words(await story.textContent())).toBe(words(stdout));
      await row.click();
      expect(await story.count()).toBe(0);
      await row.focus();
      await page.keyboard.press('Enter');
      await story.waitFor();
      await heading(page, 'User').click();
      expect(await story.count()).toBe(0);
      expect(heard.messages).toEqual([]);
    });
  });

  test('a row of a division filters the seats, and the address holds filters and order', async () => {
    await opened(browser, acme, async (page) => {
      await page.locator('#by-group').getByRole('button', { name: 'Web & Mobile' }).click();
      await settled(page, '11 of 41 rows');
      await heading(page, 'User').click();
      const address = await page.evaluate<string>('location.href');
      expect(address).toContain('#seats?Group=Web+%26+Mobile&sort=User+ascending');
      const users = await column(page, 1);
      await page.reload();
      await settled(page, '11 of 41 rows');
      expect(await column(page, 1)).toEqual(users);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('#print-filter').textContent()).toBe(
        'Only group Web & Mobile: 11 of 41 rows.',
      );
      expect(await page.locator('#print-filter').isVisible()).toBe(true);
    });
  });

  test('a tier filters the seats, too', async () => {
    const { rows } = await invoiceJson(MARCH, 'user');
    const power = rows.filter(({ tier }) => tier === 'Power').length;
    await opened(browser, acme, async (page) => {
      await page.locator('#by-tier').getByRole('button', { name: 'Power' }).click();
      await settled(page, `${power} of 41 rows`);
    });
  });

  test('saves the rows shown as CSV, exact and guarded', async () => {
    const { page: html } = await reportOf({
      'profiles.csv': PROFILES,
      'users.csv': 'user_id,name\nana,"=1+1, x"\n',
      'subscriptions.csv': proSince2025('ana'),
    });
    await opened(browser, html, async (page) => {
      expect(await savedCsv(page)).toContain(`\n"'=1+1, x",ana,20.00,`);
    });
    await opened(browser, acme, async (page) => {
      await filters(page).getByLabel('Group').selectOption('Web & Mobile');
      await settled(page, '11 of 41 rows');
      const lines = (await savedCsv(page)).trimEnd().split('\n');
      expect(lines[0]).toBe(
        'User,User id,Total,Change,Tier,Credits,Included,Used,Unbilled,Subscription,Overage,Profile,Group,Cost center',
      );
      const { rows } = await invoiceJson([...MARCH, '--group', 'grp-web'], 'user');
      const figures = (row: (typeof rows)[number]): string =>
        `,${row.user_id},${row.total_charge},`;
      expect(lines).toHaveLength(rows.length + 1);
      for (const row of rows) {
        const line = lines.find((one) => one.includes(figures(row)));
        expect(line).toContain(`,${String(row.credits_used).replace(/\.00$/, '')},`);
      }
    });
  });

  test('all seats are in the text of a page whose script does not run', async () => {
    await opened(
      browser,
      acme,
      async (page) => {
        expect(await page.locator('#seat-table tbody tr:visible').count()).toBe(41);
        expect(await page.locator('#filters').isVisible()).toBe(false);
      },
      { javaScriptEnabled: false },
    );
  });

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('axe finds nothing: %s, %i wide', async (colorScheme, width) => {
    const options = { colorScheme, viewport: { width, height: 900 }, bypassCSP: true };
    await opened(
      browser,
      acme,
      async (page) => {
        await page.addScriptTag({
          path: createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
        });
        const violations = await page.evaluate(async () => {
          type Axe = {
            run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
          };
          const found = await (globalThis as unknown as { axe: Axe }).axe.run();
          return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
        });
        expect(violations).toEqual([]);
      },
      options,
    );
  });

  test('the charts are in the colors of the scheme', async () => {
    const inks = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      inks.push(await opened(browser, acme, (page) => colorsOf(page), { colorScheme }));
    }
    expect(new Set(inks.map(({ bar }) => bar)).size).toBe(2);
    expect(new Set(inks.map(({ page }) => page)).size).toBe(2);
    for (const { bar, words, page } of inks) {
      expect(bar).toMatch(/^rgb/);
      expect(words).not.toBe(page);
    }
  });

  test.each([390, 768, 1280])(
    'at a width of %i the page does not scroll sideways',
    async (width) => {
      await opened(
        browser,
        acme,
        async (page) => {
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        },
        { viewport: { width, height: 844 } },
      );
    },
  );

  test('names and figures without end push nothing out of sight', async () => {
    const long = 'W'.repeat(180);
    const { page: html } = await reportOf({
      'profiles.csv': profilesCsv(`p1,111122223333,us-east-1,${long}`),
      'users.csv': usersCsv(`ana,${long},,${long}`),
      'subscriptions.csv': proSince2025('ana', `bo${'9'.repeat(240)}`),
      'usage.csv': usageCsv(`2026-02-05,p1,ana,${'9'.repeat(20)}`),
    });
    for (const width of [390, 1280]) {
      await opened(
        browser,
        html,
        async (page) => {
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
          if (width < 1280) return;
          const hidden = await page.evaluate(
            "[...document.querySelectorAll('.scroll:not(.tall)')].filter((one) => one.scrollWidth > one.clientWidth).length",
          );
          expect(hidden).toBe(0);
        },
        { viewport: { width, height: 844 } },
      );
    }
  });

  test.each(['A4', 'Letter'])(
    'prints to %s, in light colors and with all seats',
    async (format) => {
      await opened(
        browser,
        acme,
        async (page) => {
          const pdf = await page.pdf({ format });
          expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
          const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g) ?? [];
          expect(pages.length).toBeGreaterThanOrEqual(4);
          expect(pages.length).toBeLessThanOrEqual(9);
          await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
          expect((await colorsOf(page)).page).toBe('rgb(255, 255, 255)');
          expect(await page.locator('#filters').isVisible()).toBe(false);
          expect(await page.locator('#seat-table tbody tr:visible').count()).toBe(41);
        },
        { colorScheme: 'dark' },
      );
    },
  );

  test('warnings that are folded away are still counted on paper', async () => {
    const users = Array.from({ length: 30 }, (_, index) => `u${index}`);
    const { page: html } = await reportOf({
      'profiles.csv': PROFILES,
      'usage.csv': usageCsv(...users.map((user) => `2026-02-05,p1,${user},1`)),
      'subscriptions.csv': proSince2025('ana'),
    });
    await opened(browser, html, async (page) => {
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('#warnings summary:visible').textContent()).toBe('10 more');
    });
  });

  test('10,000 seats: all in the text, filtered and sorted', async () => {
    const users = Array.from(
      { length: 10_000 },
      (_, index) => `user-${String(index).padStart(5, '0')}`,
    );
    const usage = users.map((user, index) => `2026-02-${10 + (index % 10)},p1,${user},${index}.5`);
    const { page: html } = await reportOf({
      'profiles.csv': PROFILES,
      'subscriptions.csv': proSince2025(...users),
      'usage.csv': usageCsv(...usage),
    });
    await opened(browser, html, async (page, heard) => {
      await settled(page, '10,000 of 10,000 rows');
      await page.getByRole('searchbox').fill('user-0999');
      await settled(page, '10 of 10,000 rows');
      // The second and third time must be as quick as the first: nothing may pile up.
      for (const first of ['user-09999', 'user-09990', 'user-09999']) {
        await heading(page, 'Credits').click();
        expect((await column(page, 1))[0]).toBe(first);
      }
      await page.getByRole('button', { name: 'Clear' }).click();
      await settled(page, '10,000 of 10,000 rows');
      const byName = [...users].sort(new Intl.Collator('en').compare);
      for (const expected of [byName, [...byName].reverse(), byName]) {
        await heading(page, 'User').click();
        expect(await column(page, 1)).toEqual(expected);
      }
      expect(
        await page.evaluate(
          "[...document.querySelectorAll('#seat-table tbody')].flatMap((block) => [...block.childNodes]).length",
        ),
      ).toBe(10_000);
      // The texts of what a seat opens to are packed in many pieces.
      await page.getByRole('searchbox').fill('user-05432');
      await settled(page, '1 of 10,000 rows');
      await page.locator('#seat-table tbody tr:visible').click();
      await expect
        .poll(() => page.locator('#seat-table tr.opened pre').textContent())
        .toMatch(/^user-05432 · Acme \(p1\) · 2026-02/);
      expect(heard.messages).toEqual([]);
    });
  }, 120_000);
});

/** The button in a heading of the table of all seats. */
function heading(page: Page, name: string): Locator {
  return page
    .locator('#seat-table thead')
    .getByRole('button', { name: new RegExp(`^${name}( [↑↓])?$`) });
}

function filters(page: Page): Locator {
  return page.locator('#filters');
}

/** What the page saves. */
async function savedCsv(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as CSV' }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}

/** Waits until the filters have done their work. */
async function settled(page: Page, text: string): Promise<void> {
  await page
    .getByRole('status')
    .filter({ hasText: new RegExp(`^${text}$`) })
    .waitFor();
}

/** What the shown rows say in a column, counted from 1; names without the ids below them. */
function column(page: Page, index: number): Promise<string[]> {
  return page
    .locator(`#seat-table tbody tr > :nth-child(${index})`)
    .evaluateAll((cells) => cells.map((cell) => cell.firstChild?.textContent ?? ''));
}

function numberOf(text: string | null): number {
  return Number((text ?? '').replace(/[^0-9.-]/g, ''));
}

function colorsOf(page: Page): Promise<{ bar: string; words: string; page: string }> {
  return page.evaluate(`({
    bar: getComputedStyle(document.querySelector('#by-group rect.accent')).fill,
    words: getComputedStyle(document.querySelector('#months text')).fill,
    page: getComputedStyle(document.body).backgroundColor,
  })`);
}
