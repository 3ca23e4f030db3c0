import { isAbsolute, join } from 'node:path';
import { idDefect } from '../domain/ids.ts';
import { dateFromText, instantFromText } from '../domain/instant.ts';
import { BadInput, type Problem } from '../domain/problem.ts';
import { exists, fileSource } from './folder.ts';
import { isJsonObject, readJson } from './json.ts';
import { nearest } from './nearest.ts';
import type { ProblemLog } from './problem-log.ts';

/** A list of subscriptions that was imported. */
export interface SubscriptionList {
  readonly path: string;
  readonly profile?: string | undefined;
  /** `YYYY-MM-DD`, or an instant. */
  readonly as_of?: string | undefined;
}

/** The settings file of a data directory; without the file there are no values. */
export interface Settings {
  readonly file: string;
  /** The folder that its paths are relative to. */
  readonly directory: string;
  readonly values: Readonly<Partial<SettingValues>>;
}

/** The result of reading a value: the value, or what is wrong with it and where in it. */
type Checked<Value> =
  | { readonly value: Value }
  | { readonly wrong: string; readonly given: unknown };
type Check<Value> = (json: unknown) => Checked<Value>;

function check<Value>(wrong: string, read: (json: unknown) => Value | undefined): Check<Value> {
  return (json) => {
    const value = read(json);
    return value === undefined ? { wrong, given: json } : { value };
  };
}

const text = (wrong: string): Check<string> =>
  check(wrong, (json) => (typeof json === 'string' && json.trim() !== '' ? json : undefined));

/** A list whose elements are read by `one`; with `alone`, a single element needs no list. */
function listOf<Value>(one: Check<Value>, wrong: string, alone: boolean): Check<readonly Value[]> {
  return (json) => {
    if (!Array.isArray(json)) {
      const single = alone ? one(json) : { wrong };
      return 'value' in single ? { value: [single.value] } : { wrong, given: json };
    }
    const values: Value[] = [];
    for (const element of json) {
      const checked = one(element);
      if ('wrong' in checked) return checked;
      values.push(checked.value);
    }
    return { value: values };
  };
}

const PATHS = 'must be a path or a list of paths';
const paths = listOf(text(PATHS), PATHS, true);
const LISTS = 'must be a list of { "path", "profile", "as_of" }';

const CHECKS = {
  usage: paths,
  cur: paths,
  people: paths,
  subscription_lists: listOf(check(LISTS, subscriptionList), LISTS, false),
  cost_center_tag: text('must be the key of a cost allocation tag'),
  rates: text('must be the path of a rate card'),
  dedupe: check('must be true or false', (json) => (typeof json === 'boolean' ? json : undefined)),
  threads: check('must be a whole number from 1', (json) =>
    Number.isInteger(json) && (json as number) >= 1 && (json as number) < 1e9
      ? (json as number)
      : undefined,
  ),
  reported_credits: check<'beside' | 'inside'>('must be "beside" or "inside"', (json) =>
    json === 'beside' || json === 'inside' ? json : undefined,
  ),
  days_off: listOf(
    check('must be a list of dates such as "2026-01-01"', (json) =>
      typeof json === 'string' && dateFromText(json) ? json : undefined,
    ),
    'must be a list of dates such as "2026-01-01"',
    false,
  ),
};

export type SettingKey = keyof typeof CHECKS;

const SETTING_KEYS = Object.keys(CHECKS) as readonly SettingKey[];

/** The settings of a data directory by their keys; paths as written. Each takes effect if its option is not given. */
export type SettingValues = {
  readonly [Key in SettingKey]: (typeof CHECKS)[Key] extends Check<infer Value> ? Value : never;
};

function subscriptionList(json: unknown): SubscriptionList | undefined {
  if (!isJsonObject(json)) return undefined;
  const { path, profile, as_of, ...others } = json;
  if (typeof path !== 'string' || path.trim() === '') return undefined;
  if (profile !== undefined && (typeof profile !== 'string' || idDefect(profile))) return undefined;
  if (as_of !== undefined && (typeof as_of !== 'string' || !instantFromText(as_of))) {
    return undefined;
  }
  if (Object.keys(others).length > 0) return undefined;
  return { path, profile, as_of };
}

/**
 * Reads the settings of a data directory; `file` may be missing. What is wrong goes to `log`,
 * by key, and a setting that is wrong has no value.
 */
export async function readSettings(
  file: string,
  directory: string,
  log: ProblemLog,
): Promise<Settings> {
  const none = { file, directory, values: {} };
  if (!(await exists(file))) return none;
  try {
    const json = await readJson(await fileSource(file), 'settings');
    if (!isJsonObject(json)) throw new BadInput([{ file, what: NO_OBJECT }]);
    return { ...none, values: valuesOf(file, json, log) };
  } catch (error) {
    log.addFailure(error);
    return none;
  }
}

const NO_OBJECT = 'must be an object such as { "usage": "reports/" }';

function valuesOf(
  file: string,
  json: Record<string, unknown>,
  log: ProblemLog,
): Partial<SettingValues> {
  const values: [string, unknown][] = [];
  for (const [key, given] of Object.entries(json)) {
    const checked = Object.hasOwn(CHECKS, key) ? CHECKS[key as SettingKey](given) : undefined;
    if (checked === undefined) log.add(settingProblem(file, key, unknownKey(key)));
    else if ('value' in checked) values.push([key, checked.value]);
    else log.add(settingProblem(file, key, checked.wrong, JSON.stringify(checked.given)));
  }
  return Object.fromEntries(values);
}

function unknownKey(key: string): string {
  const near = nearest(key, SETTING_KEYS);
  const hint = near === undefined ? ` (${SETTING_KEYS.join(', ')})` : `: did you mean ${near}?`;
  return `there is no such setting${hint}`;
}

/** A problem of one setting: `FILE: KEY: what is wrong`. */
function settingProblem(file: string, key: string, what: string, value?: string): Problem {
  return { file, column: key, what, ...(value === undefined ? {} : { value }) };
}

/** Where a path of the settings leads: it is relative to the folder of their file. */
export function settingPath({ directory }: Pick<Settings, 'directory'>, path: string): string {
  return isAbsolute(path) ? path : join(directory, path);
}

/** The settings that name files. */
type PathKey = 'usage' | 'cur' | 'people' | 'rates' | 'subscription_lists';

/** The paths of a setting, relative to the current directory. */
export function settingPaths(settings: Settings, key: PathKey): string[] | undefined {
  const named = settings.values[key];
  if (named === undefined) return undefined;
  return [named]
    .flat()
    .map((one) => settingPath(settings, typeof one === 'string' ? one : one.path));
}

/** The same that are there; those that no longer exist are problems, which go to `log`. */
export async function presentPaths(
  settings: Settings,
  key: PathKey,
  log: ProblemLog,
): Promise<string[] | undefined> {
  const present: string[] = [];
  for (const path of settingPaths(settings, key) ?? []) {
    const what = 'there is no such file or folder any more: correct or remove the path';
    if (await exists(path)) present.push(path);
    else log.add(settingProblem(settings.file, key, what, path));
  }
  return settings.values[key] === undefined ? undefined : present;
}
