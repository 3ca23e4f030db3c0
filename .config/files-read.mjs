import { cpSync } from 'node:fs';
import { join } from 'node:path';

/** Copies what the program reads at run time from the folder of its source to that of its bundle. */
export function copyFilesRead(source, target) {
  for (const folder of ['sample', 'render/schemas', 'guide', 'cli/completion/scripts']) {
    cpSync(join(source, folder), join(target, folder), { recursive: true });
  }
}
