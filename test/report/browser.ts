import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { withDirectory } from '../support/in-process.ts';

/** Where Debian puts its Chromium. */
const CHROMIUM = '/usr/bin/chromium';

export const hasBrowser = existsSync(CHROMIUM);

export function launched(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** What the browser said while a page was open: console messages, errors, and requests. */
export interface Heard {
  readonly messages: string[];
  readonly requests: string[];
}

/** One page for all tests of a browser: a context of its own takes longer to make than most reports to open. */
const pages = new WeakMap<Browser, Promise<Page>>();
const VIEWPORT = { width: 1280, height: 720 };

/** Opens a report as a file, as its reader does, and hears what the browser says of it. */
export async function opened<Result>(
  browser: Browser,
  html: string,
  use: (page: Page, heard: Heard) => Promise<Result>,
  { viewport = VIEWPORT, colorScheme = 'light', ...others }: BrowserContextOptions = {},
): Promise<Result> {
  return withDirectory({}, async (directory) => {
    const file = `${directory}/report.html`;
    await writeFile(file, html);
    const open = async (page: Page): Promise<Result> => {
      await page.setViewportSize(viewport ?? VIEWPORT);
      await page.emulateMedia({ media: null, colorScheme });
      return heardOn(page, async (heard) => {
        await page.goto(pathToFileURL(file).href);
        return use(page, heard);
      });
    };
    if (Object.keys(others).length === 0) return open(await pageOf(browser));
    const context = await browser.newContext(others);
    try {
      return await open(await context.newPage());
    } finally {
      await context.close();
    }
  });
}

function pageOf(browser: Browser): Promise<Page> {
  const page = pages.get(browser) ?? browser.newPage();
  pages.set(browser, page);
  return page;
}

async function heardOn<Result>(
  page: Page,
  use: (heard: Heard) => Promise<Result>,
): Promise<Result> {
  const heard: Heard = { messages: [], requests: [] };
  page.on('console', (message) => heard.messages.push(message.text()));
  page.on('pageerror', (error) => heard.messages.push(String(error)));
  page.on('dialog', (dialog) => heard.messages.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => heard.requests.push(request.url()));
  try {
    return await use(heard);
  } finally {
    for (const event of ['console', 'pageerror', 'dialog', 'request']) {
      page.removeAllListeners(event);
    }
  }
}
