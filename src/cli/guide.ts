import { readFile } from 'node:fs/promises';
import { guideText } from '../render/guide.ts';
import type { GuideTopic } from './guide-topics.ts';
import { type Host, hasColor, widthOf } from './host.ts';

/** The page of the guide on a topic, as it is shown on the host's standard output. */
export async function guidePage(topic: GuideTopic, color: boolean, host: Host): Promise<string> {
  const page = await readFile(new URL(`../guide/${topic}.md`, import.meta.url), 'utf8');
  return guideText(page, { width: widthOf(host), color: hasColor(host, host.stdout, color) });
}
