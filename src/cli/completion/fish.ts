import {
  type CompletedCommand,
  type CompletedOption,
  type Completion,
  type CompletionModel,
  flagsOf,
} from './model.ts';

/** The script for fish (3.0 or later), which itself quotes the values that it is given. */
export function fishScript(model: CompletionModel): string {
  return `# kiro-bill: completion for fish. Put this file into ~/.config/fish/completions.

# Whether the line has the command $argv[1]; without an argument, whether it has none.
function __kiro_bill_has
    set -l tokens (commandline -opc)
    for token in $tokens[2..-1]
        string match -q -- '-*' $token; and continue
        test "$token" = "$argv[1]"
        return
    end
    test -z "$argv[1]"
end

# Whether $argv[1] operands stand between the command and the cursor.
function __kiro_bill_operand
    set -l before
    set -l count -1
    for token in (commandline -opc)[2..-1]
        if not string match -q -- '-*' $token; and not contains -- "$before" ${model.valuedFlags.join(' ')}
            set count (math $count + 1)
        end
        set before $token
    end
    test $count -eq $argv[1]
end

# What the data hold, asked with the options of the line that tell where they are.
function __kiro_bill_data
    set -l tokens (commandline -opc)
    set -l inputs
    set -l flag
    for token in $tokens[2..-1]
        if test -n "$flag"
            set -a inputs $flag (string replace -r -- '^~(?=/|$)' $HOME $token)
            set flag
        else if contains -- $token ${model.inputFlags.join(' ')}
            set flag $token
        else if contains -- (string split -m 1 -- = $token)[1] ${model.inputFlags.join(' ')}
            set -a inputs $token
        end
    end
    command kiro-bill completion values:$argv[1] $inputs 2>/dev/null
end

complete -c kiro-bill -e
complete -c kiro-bill -f
${model.options.map((option) => optionLine("-n '__kiro_bill_has'", option)).join('')}${model.commands.map(commandLines).join('')}`;
}

function commandLines({ name, summary, options, operands }: CompletedCommand): string {
  const inside = `-n '__kiro_bill_has ${name}'`;
  const operandLines = operands.map((operand, at) => {
    const here = `-n '__kiro_bill_has ${name}; and __kiro_bill_operand ${at}'`;
    return `complete -c kiro-bill ${here}${argumentsOf(operand)}\n`;
  });
  return [
    `complete -c kiro-bill -n '__kiro_bill_has' -a ${quoted(name)} -d ${quoted(summary)}\n`,
    ...operandLines,
    ...options.map((option) => optionLine(inside, option)),
  ].join('');
}

function optionLine(condition: string, option: CompletedOption): string {
  const flags = flagsOf(option).map((flag) =>
    flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`,
  );
  const value = option.value === undefined ? '' : ` -r${argumentsOf(option.value)}`;
  return `complete -c kiro-bill ${condition}${flags.join('')}${value} -d ${quoted(option.description)}\n`;
}

function argumentsOf(completion: Completion): string {
  if (completion.kind === 'file') return ' -F';
  if (completion.kind === 'directory') {
    return ` -f -a '(__fish_complete_directories (commandline -ct))'`;
  }
  if (completion.kind === 'none') return ' -f';
  const { words, data } = completion;
  const asked = data === undefined ? [] : [`(__kiro_bill_data ${data})`];
  return ` -f -a ${quoted([...words, ...asked].join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
