import { createRequire } from 'node:module';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  });

  afterAll(() => browser.close());

  test('opens without a message, and asks for nothing but itself', async () => {
    await opened(browser, acme, async (page, heard) => {
      await page.getByRole('button', { name: 'User' }).click();
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
      expect(await page.locator('script').count()).toBe(1);
      expect(await page.locator('img').count()).toBe(0);
      await filters(page).getByLabel('Group').selectOption(EVIL);
      await page.getByRole('button', { name: 'Group' }).click();
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
      const total = page.getByRole('columnheader', { name: 'Total' }).last();
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
      await page.getByRole('button', { name: 'Credits used' }).click();
      const { rows } = await invoiceJson(MARCH, 'user');
      const used = rows.map((row) => Number(row.credits_used)).sort((a, b) => b - a);
      expect((await column(page, 7)).map(numberOf)).toEqual(
        used.map((value) => Math.floor(value * 100 + 1e-6) / 100),
      );
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
    const rows = used.map((credits, index) => `2026-02-05,p1,u${index},${credits}\n`).join('');
    const { page: html } = await reportOf({
      'profiles.csv': PROFILES,
      'subscriptions.csv': proSince2025('u0', 'u1', 'u2', 'u3', 'u4').replace(
        'u4,Pro,',
        'u4,Power,',
      ),
      'usage.csv': `timestamp,profile_id,user_id,credits\n${rows}`,
    });
    await opened(browser, html, async (page) => {
      await page.getByRole('button', { name: 'Credits used' }).click();
      expect(await column(page, 1)).toEqual(['u4', 'u1', 'u0', 'u3', 'u2']);
      await page.getByRole('button', { name: 'Credits used' }).click();
      expect(await column(page, 1)).toEqual(['u2', 'u3', 'u0', 'u1', 'u4']);
      await page.getByRole('button', { name: 'Share used' }).click();
      expect(await column(page, 1)).toEqual(['u4', 'u1', 'u0', 'u3', 'u2']);
      await filters(page).getByLabel('Tier').selectOption('Pro');
      await settled(page, '4 of 5 rows');
      const total = page.locator('#seat-table tfoot td').nth(5).locator('data');
      expect(await total.getAttribute('value')).toBe('3.50300000000000000000000009');
      expect(await total.textContent()).toBe('3.50…');
    });
  });

  test('filters, and its total is that of the invoice with the same filter', async () => {
    const { totals } = await invoiceJson([...MARCH, '--group', 'grp-web'], 'user');
    await opened(browser, acme, async (page) => {
      await filters(page).getByLabel('Group').selectOption('Web & Mobile');
      await settled(page, '11 of 41 rows');
      const footer = page.locator('#seat-table tfoot');
      expect(await footer.locator('th').textContent()).toBe('Total shown');
      expect(numberOf(await footer.locator('td').last().textContent())).toBe(
        Number(totals.total_charge),
      );
      expect(await column(page, 3)).toEqual(Array.from({ length: 11 }, () => 'Web & Mobile'));
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
    const inks = await Promise.all(
      (['light', 'dark'] as const).map((colorScheme) =>
        opened(browser, acme, (page) => colorsOf(page), { colorScheme }),
      ),
    );
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
      'profiles.csv': `profile_id,account_id,region,name\np1,111122223333,us-east-1,${long}\n`,
      'users.csv': `user_id,name,cost_center\nana,${long},${long}\n`,
      'subscriptions.csv': proSince2025('ana', `bo${'9'.repeat(240)}`),
      'usage.csv': `timestamp,profile_id,user_id,credits\n2026-02-05,p1,ana,${'9'.repeat(20)}\n`,
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
      'usage.csv': `timestamp,profile_id,user_id,credits\n${users.map((user) => `2026-02-05,p1,${user},1\n`).join('')}`,
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
    const usage = users.map(
      (user, index) => `2026-02-${10 + (index % 10)},p1,${user},${index}.5\n`,
    );
    const { page: html } = await reportOf({
      'profiles.csv': PROFILES,
      'subscriptions.csv': proSince2025(...users),
      'usage.csv': `timestamp,profile_id,user_id,credits\n${usage.join('')}`,
    });
    await opened(browser, html, async (page, heard) => {
      await settled(page, '10,000 of 10,000 rows');
      await page.getByRole('searchbox').fill('user-0999');
      await settled(page, '10 of 10,000 rows');
      await page.getByRole('button', { name: 'Credits used' }).click();
      expect((await column(page, 1))[0]).toBe('user-09999');
      await page.getByRole('button', { name: 'Clear' }).click();
      await settled(page, '10,000 of 10,000 rows');
      expect(heard.messages).toEqual([]);
    });
  }, 120_000);
});

function filters(page: Page): Locator {
  return page.locator('#filters');
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
    .locator(`#seat-table tbody tr:not([hidden]) > :nth-child(${index})`)
    .evaluateAll((cells) => cells.map((cell) => cell.firstChild?.textContent ?? ''));
}

function numberOf(text: string | null): number {
  return Number((text ?? '').replace(/[^0-9.-]/g, ''));
}

function colorsOf(page: Page): Promise<{ bar: string; words: string; page: string }> {
  return page.evaluate(`({
    bar: getComputedStyle(document.querySelector('#by-group svg path')).fill,
    words: getComputedStyle(document.querySelector('#by-group svg text')).fill,
    page: getComputedStyle(document.body).backgroundColor,
  })`);
}
