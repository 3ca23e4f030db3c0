import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { compareBytes } from '../../domain/text-order.ts';
import { ProblemLog } from '../../input/problem-log.ts';
import { readSettings, type SubscriptionList } from '../../input/settings.ts';

/** The settings that imports add to; paths are relative to the directory. */
export interface ImportSettings {
  readonly usage: readonly string[];
  readonly cur: readonly string[];
  readonly people: readonly string[];
  readonly subscription_lists: readonly SubscriptionList[];
  readonly cost_center_tag?: string;
  /** All other settings, unchanged. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** The settings of a directory; empty if there is no file. Wrong settings are `BadInput`. */
export async function readImportSettings(directory: string, name: string): Promise<ImportSettings> {
  const log = new ProblemLog();
  const { values } = await readSettings(join(directory, name), directory, log);
  if (log.total > 0) throw log.failure;
  const {
    usage = [],
    cur = [],
    people = [],
    subscription_lists = [],
    cost_center_tag: tag,
    ...others
  } = values;
  return {
    usage,
    cur,
    people,
    subscription_lists,
    ...(tag === undefined ? {} : { cost_center_tag: tag }),
    others,
  };
}

/** A path as written in the settings of a directory. */
export function settingPath(directory: string, path: string): string {
  return relative(resolve(directory), resolve(path)).split(sep).join('/') || '.';
}

/** A path of the settings, relative to the current directory. */
export function pathFrom(directory: string, path: string): string {
  return isAbsolute(path) ? path : join(directory, path);
}

/** The paths sorted, without duplicates. */
export function sortedPaths(paths: readonly string[]): string[] {
  return [...new Set(paths)].sort(compareBytes);
}

/** The text of the settings file. */
export function settingsText({ others, ...settings }: ImportSettings): string {
  const { usage, cur, people, subscription_lists: lists, cost_center_tag: tag } = settings;
  const ordered = {
    ...(usage.length === 0 ? {} : { usage }),
    ...(cur.length === 0 ? {} : { cur }),
    ...(people.length === 0 ? {} : { people }),
    ...(lists.length === 0 ? {} : { subscription_lists: lists }),
    ...(tag === undefined ? {} : { cost_center_tag: tag }),
    ...others,
  };
  return `${JSON.stringify(ordered, undefined, 2)}\n`;
}
