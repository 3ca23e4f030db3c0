import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { optionsOf } from '../../src/cli/command-spec.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { VIEWS } from '../../src/domain/view.ts';
import { runMain, withDirectory } from '../support/in-process.ts';
import { profilesCsv, subscriptionsCsv, usageCsv, usersCsv } from '../support/tables.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/kiro-bill.js', import.meta.url));
const ARN = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/ONE';

/** Ids that mean something to a shell, and must mean nothing. */
const HOSTILE = [
  'a b',
  "it's",
  'say "hi"',
  '$(touch pwned)',
  '`touch pwned`',
  '$HOME',
  'back\\slash',
  'semi;colon',
  'x:y=z@w',
  'star*',
  '~',
  'naïve',
  'tab&pipe|',
  '-dash',
  '!bang',
];

const quotedCsv = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const FILES = {
  'profiles.csv': profilesCsv(`${ARN},111122223333,us-east-1`),
  'groups.csv': `group_id\n${HOSTILE.map(quotedCsv).join('\n')}\nevil\u202e\n`,
  'subscriptions.csv': subscriptionsCsv(`${ARN},Group,of-subscription,Pro,2025-12-05`),
  'group_members.csv': 'group_id,user_id\nof-membership,u\n',
  'usage.csv': usageCsv(`2026-02-03T10:00:00Z,${ARN},u,1`),
};

const NOW = new Date('2026-02-10T12:00:00Z');

const OTHERS = [...HOSTILE, 'of-subscription', 'of-membership'].sort();

let home = '';
const folder = (): string => join(home, 'my data');

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'kiro-bill-completion-'));
  mkdirSync(folder());
  mkdirSync(join(home, 'bin'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder(), name), text);
  const wrapper = join(home, 'bin', 'kiro-bill');
  writeFileSync(wrapper, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  chmodSync(wrapper, 0o755);
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = await runMain(['completion', shell]);
    writeFileSync(join(home, `completion.${shell}`), stdout);
  }
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function shellEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const PATH = `${join(home, 'bin')}:${process.env.PATH}`;
  return { PATH, HOME: home, LC_ALL: 'C.UTF-8', TERM: 'dumb', ...extra };
}

/** Runs a shell; what it says on standard error is a failure. */
function shellOutput(command: string, args: string[], extra: Record<string, string> = {}): string {
  const { stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    cwd: home,
    timeout: 20_000,
    env: shellEnvironment(extra),
  });
  expect(stderr).toBe('');
  return stdout;
}

function hasShell(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0;
}

const linesOf = (text: string): string[] => text.split('\n').filter((one) => one !== '');

/** What the program answers a shell: the kind of the place, then the values. */
async function answer(...words: string[]): Promise<string[]> {
  const { status, stdout, stderr } = await runMain(['complete', '--', ...words], { now: NOW });
  expect([status, stderr]).toEqual([0, '']);
  return linesOf(stdout).map((line) => line.split('\t')[0] as string);
}

describe('the answer to a shell', () => {
  const FIXED = ['last', 'current', 'ytd'];

  const values = (kind: string, files: Record<string, string | Buffer> = FILES) =>
    withDirectory(files, async (directory) => {
      const [place, ...found] = await answer('invoice', '-d', directory, `--${kind}`, '');
      expect(place).toBe('words');
      return found.filter((value) => !FIXED.includes(value));
    });

  it('has every command, and all its options', async () => {
    expect(await answer('')).toEqual(['words', ...COMMANDS.map(({ name }) => name), 'help']);
    for (const spec of COMMANDS) {
      const flags = await answer(spec.name, '--');
      for (const option of optionsOf(spec)) {
        if (!option.hidden) expect(flags).toContain(option.long);
      }
    }
  });

  it('says what a candidate is for', async () => {
    const { stdout } = await runMain(['complete', '--', 'inv']);
    expect(stdout).toBe('words\ninvoice\twhat each seat and profile is charged\n');
  });

  it('completes the last of several values', async () => {
    expect(await answer('invoice', '--columns', 'user_id,tot')).toEqual([
      'words',
      'user_id,total_charge',
    ]);
    expect(await answer('invoice', '--by=tier,reg')).toEqual(['words', 'tier,region']);
    expect(await answer('invoice', '2025-12..la')).toEqual(['words', '2025-12..last']);
    expect(await answer('chargeback', '--by', 'tier,reg')).toEqual(['words']);
    expect(await answer('rates', '2025-12..la')).toEqual(['words']);
    expect(await answer('rates', '-m', 'y')).toEqual(['words']);
    expect(await answer('trend', '--of', 's')).toEqual(['words', 'subscription_charge', 'seats']);
  });

  it('has the columns of every command that sorts', async () => {
    for (const spec of COMMANDS) {
      if (!optionsOf(spec).some(({ long }) => long === '--sort')) continue;
      expect((await answer(spec.name, '--sort', '')).length, spec.name).toBeGreaterThan(1);
    }
  });

  it('knows what may be given bare', async () => {
    expect(await answer('check', 'x')).toEqual(['directories']);
    expect(await answer('invoice', 'cur')).toEqual(['words', 'current']);
    expect(await answer('help', 'exp')).toEqual(['words', 'explain']);
  });

  it('is the same where a shell loses the -- and writes a new word as a space', async () => {
    const asked = ['invoice', '--by', ''];
    const whole = await runMain(['complete', '--', ...asked]);
    expect(whole.stdout).toContain('\nuser\n');
    expect(await runMain(['complete', '--', 'invoice', '--by', ' '])).toEqual(whole);
    expect(await runMain(['complete', ...asked])).toEqual(whole);
  });

  it('is never an error', async () => {
    for (const words of [[], ['nothing', ''], ['invoice', '--nothing', ''], ['--', '--']]) {
      expect((await answer(...words))[0]).toBe('words');
    }
  });

  it('gives the profiles, of the profiles file or as met', async () => {
    expect(await values('profile')).toEqual([ARN]);
    const { 'profiles.csv': _, ...met } = FILES;
    expect(await values('profile', met)).toEqual([ARN]);
  });

  it('gives the users of the users file and of subscriptions, and the cost centers', async () => {
    const users = usersCsv('ann,,,Sales', 'bob,,,Legal', 'cyd,,,Sales');
    const subscriptions = subscriptionsCsv('p,user,dan,Pro,2025-11-01', 'p,group,g,Pro,2025-11-01');
    const files = { 'users.csv': users, 'subscriptions.csv': subscriptions };
    expect(await values('user', files)).toEqual(['ann', 'bob', 'cyd', 'dan']);
    expect(await values('cost-center', files)).toEqual(['Legal', 'Sales']);
  });

  it('gives the groups of every file, but none with characters that move a terminal', async () => {
    expect(await values('group')).toEqual(OTHERS);
  });

  it('gives the months from that of the first subscription to the running one', async () => {
    expect(await values('month')).toEqual(['2025-12', '2026-01', '2026-02']);
    const none = subscriptionsCsv('p,user,u,Pro,2026-03-01', 'p,user,v,Pro,tomorrow');
    expect(await values('month', { 'subscriptions.csv': none })).toEqual([]);
  });

  it('offers at most three years, the latest', async () => {
    const subscriptions = subscriptionsCsv('p,user,u,Pro,2020-01-01');
    const months = await values('month', { ...FILES, 'subscriptions.csv': subscriptions });
    expect(months).toHaveLength(36);
    expect(months.at(-1)).toBe('2026-02');
  });

  it.each(['month', 'profile', 'group'])(
    'is silent where there is no %s to be found',
    async (kind) => {
      expect(await values(kind, {})).toEqual([]);
      const broken = { ...FILES, 'usage.csv.gz': 'no gzip', 'profiles.csv': 'x\n"' };
      await values(kind, broken);
    },
  );
});

describe('completion SHELL', () => {
  it('is told in help, its values are not', async () => {
    const { stdout } = await runMain(['completion', '--help']);
    expect(stdout).toContain('bash|zsh|fish|powershell');
    expect(stdout).not.toContain('--data');
  });

  it('refuses a shell that it does not know, with the nearest', async () => {
    const { status, stderr } = await runMain(['completion', 'fisch']);
    expect(status).toBe(2);
    expect(stderr).toContain('bash, zsh, fish, powershell; did you mean fish?');
    expect((await runMain(['completion', 'toString'])).status).toBe(2);
  });

  it.each(['bash', 'zsh', 'fish', 'powershell'])('%s: a stub asks the program', async (shell) => {
    const { stdout } = await runMain(['completion', shell]);
    expect(stdout).toContain('kiro-bill complete -- ');
    expect(stdout).not.toContain('invoice');
    expect(stdout).not.toMatch(/\beval\b|Invoke-Expression/);
  });
});

/** The words of a line as readline breaks them: at blanks, and around `:`, `=` and `@`. */
function readlineWords(line: string): string[] {
  const words = line.match(/\\.|"[^"]*"?|'[^']*'?|\s+|[:=@]+|[^\s:=@"'\\]+/g) ?? [];
  const glued: string[] = [];
  let previous = ' ';
  for (const word of words) {
    const isBreak = (text: string): boolean => /^[:=@\s]/.test(text);
    if (/^\s/.test(word)) previous = word;
    else {
      if (isBreak(word) || isBreak(previous)) glued.push(word);
      else glued.push((glued.pop() ?? '') + word);
      previous = word;
    }
  }
  return /\s$/.test(line) ? [...glued, ''] : glued;
}

describe.skipIf(!hasShell('bash'))('bash (skipped where it is missing)', () => {
  const BASH = `
    source "$HOME/completion.bash"
    COMP_POINT=\${#COMP_LINE}
    COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _kiro_bill
    printf '%s\\n' "\${COMPREPLY[@]}"
  `;

  function completed(line: string): string[] {
    const words = readlineWords(line);
    const args = ['--norc', '--noprofile', '-c', BASH, 'bash', ...words];
    return linesOf(shellOutput('bash', args, { COMP_LINE: line }));
  }

  /** The last word of the line, as bash reads it once the candidate stands in it. */
  function lastWord(line: string, candidate: string): string {
    const open = /(['"])[^'"]*$/.exec(line)?.[1];
    const kept =
      open === undefined ? line.replace(/@?[^\s:=@]*$/, '') : line.replace(/[^'"]*$/, '');
    const whole = `${kept}${candidate}${open ?? ''}`;
    const script = `eval "set -- $LINE"; printf '%s' "\${@: -1}"`;
    return shellOutput('bash', ['--norc', '--noprofile', '-c', script], { LINE: whole });
  }

  it('completes commands, options and their values', () => {
    expect(completed('kiro-bill ')).toEqual([...COMMANDS.map(({ name }) => name), 'help']);
    expect(completed('kiro-bill inv')).toEqual(['invoice']);
    expect(completed('kiro-bill --ver')).toEqual(['--version']);
    expect(completed('kiro-bill help exp')).toEqual(['explain']);
    expect(completed('kiro-bill completion ')).toEqual(
      expect.arrayContaining(['bash', 'zsh', 'fish']),
    );
    expect(completed('kiro-bill invoice --str')).toEqual(['--strict']);
    expect(completed('kiro-bill invoice --by ')).toEqual([...VIEWS]);
    expect(completed('kiro-bill invoice --by=co')).toEqual(['cost_center']);
    expect(completed('kiro-bill invoice -f fo')).toEqual(['focus']);
    expect(completed('kiro-bill invoice --sort overage_ch')).toEqual(['overage_charge']);
    expect(completed('kiro-bill optimize --sort sav')).toEqual(['saving']);
    expect(completed('kiro-bill invoice --top ')).toEqual([]);
  });

  it('completes months, profiles and groups of the data directory on the line', () => {
    const start = 'kiro-bill invoice --data my\\ data';
    expect(completed(`${start} --month `).slice(0, 3)).toEqual(['last', 'current', 'ytd']);
    expect(completed(`${start} --month 2025-`)).toEqual(['2025-12']);
    expect(completed(`kiro-bill invoice --data=~/'my data' -m 2026-02`)).toEqual(['2026-02']);
    expect(completed(`${start} --group of`)).toEqual(['of-membership', 'of-subscription']);
    expect(completed('kiro-bill invoice --data nowhere --group ')).toEqual([]);
  });

  it.each([
    ['--profile ', ARN],
    ['--profile ar', ARN],
    ['--profile=', 'arn:aws'],
    ['--profile arn:', 'aws:codewhisperer'],
    ['--profile=arn:aws:code', 'codewhisperer:us'],
    ['--profile "arn:aws', ARN],
    ["--profile='arn:aws", ARN],
  ])('puts an ARN together again that is begun as %s', (typed, start) => {
    const line = `kiro-bill invoice -d my\\ data ${typed}`;
    const [candidate = '', ...others] = completed(line);
    expect(others).toEqual([]);
    expect(candidate.startsWith(start)).toBe(true);
    expect(lastWord(line, candidate).replace('--profile=', '')).toBe(ARN);
  });

  it.each(['', '"', "'"])(
    'quotes hostile ids behind %j so that they are read as they are',
    (quote) => {
      const line = `kiro-bill invoice --data my\\ data --group ${quote}`;
      const candidates = completed(line);
      const impossible = { '': '\n', '"': '!', "'": "'" }[quote] as string;
      const expected = OTHERS.filter((id) => !id.includes(impossible));
      expect(candidates.map((candidate) => lastWord(line, candidate))).toEqual(expected);
    },
  );

  it('completes each operand at its own place, whatever options stand between', () => {
    expect(completed('kiro-bill import act')).toEqual(['activity']);
    expect(completed('kiro-bill import -o out act')).toEqual(['activity']);
    expect(completed('kiro-bill import activity ')).toEqual([]);
    expect(completed('kiro-bill import activity act')).toEqual([]);
    expect(completed('kiro-bill import activity --for')).toEqual(['--force']);
    expect(completed('kiro-bill completion bash ')).not.toContain('zsh');
    expect(completed('kiro-bill init ')).toEqual([]);
  });

  it('leaves files and directories to readline', () => {
    expect(completed('kiro-bill invoice --users ')).toEqual([]);
    expect(completed('kiro-bill invoice --data ')).toEqual([]);
    const registered = shellOutput('bash', [
      '-c',
      'source "$HOME/completion.bash"; complete -p kiro-bill',
    ]);
    expect(registered).toBe('complete -o default -F _kiro_bill kiro-bill\n');
  });
});

describe.skipIf(!hasShell('zsh'))('zsh (skipped where it is missing)', () => {
  /** The completion system stands in: it says what it is asked to offer. */
  const ZSH = `
    compdef() { }
    compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -rl -- "$@" }
    compset() { words[CURRENT]=\${words[CURRENT]#$2} }
    _describe() { local item; for item in "\${(@P)argv[-1]}"; do print -r -- "\${item%%:*}"; done }
    _files() { print -r -- "files $*" }
    source $HOME/completion.zsh
    words=("$@")
    CURRENT=$#
    _kiro_bill
    true
  `;

  const completed = (...words: string[]): string[] =>
    linesOf(shellOutput('zsh', ['-f', '-c', ZSH, 'zsh', 'kiro-bill', ...words]));

  it('completes commands, options and their values', () => {
    expect(completed('')).toEqual([...COMMANDS.map(({ name }) => name), 'help']);
    expect(completed('-')).toEqual(['--help', '--version']);
    expect(completed('invoice', '--by', '')).toEqual([...VIEWS]);
    expect(completed('invoice', '--by=')).toEqual([...VIEWS]);
    expect(completed('invoice', '-')).toContain('--skip-bad-usage');
    expect(completed('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
  });

  it('completes what the data hold, as it stands: zsh quotes it', () => {
    expect(completed('invoice', '--data', 'my\\ data', '--profile', 'arn:')).toEqual([ARN]);
    expect(completed('invoice', "--data=~/'my data'", '--group=')).toEqual(OTHERS);
    expect(completed('invoice', '-d', '"my data"', '-m', '')).toContain('2026-02');
    expect(completed('invoice', '-d', '$(touch pwned)', '-m', '')).toEqual([
      'last',
      'current',
      'ytd',
    ]);
  });

  it('completes each operand at its own place, whatever options stand between', () => {
    expect(completed('import', '--output', 'out', 'a')).toEqual(['activity']);
    expect(completed('import', 'activity', '-o', 'out', 'a')).toEqual(['files ']);
    expect(completed('completion', 'bash', 'z')).toEqual([]);
  });

  it('completes files and directories', () => {
    expect(completed('invoice', '--users', '')).toEqual(['files ']);
    expect(completed('invoice', '--data', '')).toEqual(['files -/']);
    expect(completed('init', '')).toContain('files -/');
  });

  it('offers through the real completion system', () => {
    const script = `
      zmodload zsh/zpty
      zpty terminal zsh -f -i
      zpty -w terminal "stty cols 250; PS1=; autoload -U compinit; compinit -u -D; source $HOME/completion.zsh; print rea''dy"
      zpty -r terminal answer '*ready*'
      zpty -n -w terminal $'kiro-bill invoice --data my\\\\ data --profile ar\t'
      zpty -r terminal answer '*profile/ONE*'
      print -r -- "$answer"
      zpty -d terminal
    `;
    const text = shellOutput('zsh', ['-f', '-c', script]);
    expect(text.replace(/\\/g, '')).toContain(ARN);
  });
});

describe.skipIf(!hasShell('fish'))('fish (skipped where it is missing)', () => {
  const FISH = 'source $HOME/completion.fish; complete -C $LINE';

  const completed = (line: string): string[] =>
    linesOf(shellOutput('fish', ['--no-config', '-c', FISH], { LINE: line })).map(
      (text) => text.split('\t')[0] ?? '',
    );

  it('completes commands, options and their values', () => {
    expect(completed('kiro-bill ').sort()).toEqual(
      [...COMMANDS.map(({ name }) => name), 'help'].sort(),
    );
    expect(completed('kiro-bill invoice --by ').sort()).toEqual([...VIEWS].sort());
    expect(completed('kiro-bill invoice --by=co')).toEqual(['--by=cost_center']);
    expect(completed('kiro-bill invoice --str')).toEqual(['--strict']);
    expect(completed('kiro-bill completion ')).toEqual(
      expect.arrayContaining(['bash', 'fish', 'powershell', 'zsh']),
    );
  });

  it('completes what the data hold, as it stands: fish quotes it', () => {
    const start = 'kiro-bill invoice --data my\\ data';
    expect(completed(`${start} --profile arn:aws`)).toEqual([ARN]);
    expect(completed(`${start} --group `).sort()).toEqual(OTHERS);
    expect(completed(`kiro-bill invoice --data='my data' -m 2025-`)).toEqual(['2025-12']);
  });

  it('completes each operand at its own place, whatever options stand between', () => {
    expect(completed('kiro-bill import -o out a')).toEqual(['activity']);
    expect(completed('kiro-bill import activity compl')).toContain('completion.fish');
    expect(completed('kiro-bill import activity a')).not.toContain('activity');
    expect(completed('kiro-bill completion bash z')).toEqual([]);
  });

  it('completes files and directories', () => {
    expect(completed('kiro-bill invoice --users compl')).toContain('completion.fish');
    expect(completed('kiro-bill invoice --data my')).toEqual(['my data/']);
  });
});

it('no shell has run what an id says', () => {
  expect(existsSync(join(home, 'pwned'))).toBe(false);
});
