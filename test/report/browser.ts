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

/** Opens a report as a file, as its reader does, and hears what the browser says of it. */
export async function opened<Result>(
  browser: Browser,
  html: string,
  use: (page: Page, heard: Heard) => Promise<Result>,
  options: BrowserContextOptions = {},
): Promise<Result> {
  return withDirectory({}, async (directory) => {
    const file = `${directory}/report.html`;
    await writeFile(file, html);
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      const heard: Heard = { messages: [], requests: [] };
      page.on('console', (message) => heard.messages.push(message.text()));
      page.on('pageerror', (error) => heard.messages.push(String(error)));
      page.on('dialog', (dialog) => heard.messages.push(`dialog: ${dialog.message()}`));
      page.on('request', (request) => heard.requests.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      return await use(page, heard);
    } finally {
      await context.close();
    }
  });
}
