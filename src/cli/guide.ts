import { readFile } from 'node:fs/promises';
import { type Host, hasColor, widthOf } from './host.ts';

/** The pages of `help` besides those of the commands. */
export const GUIDE_TOPICS = ['files', 'aws', 'rules', 'numbers', 'speed', 'scale'] as const;

/** The page of the guide on a topic, as it is shown on the host's standard output. */
export async function guidePage(
  topic: (typeof GUIDE_TOPICS)[number],
  color: boolean,
  host: Host,
): Promise<string> {
  const { guideText } = await import('../render/guide.ts');
  const page = await readFile(new URL(`../guide/${topic}.md`, import.meta.url), 'utf8');
  return guideText(page, { width: widthOf(host), color: hasColor(host, host.stdout, color) });
}
