import { singleQuoted } from '../shell-word.ts';
import {
  type CompletedCommand,
  type CompletedOption,
  type Completion,
  type CompletionModel,
  flagsOf,
} from './model.ts';

/**
 * The script for zsh, to be sourced or to be put into a folder of `$fpath` as
 * `_kiro-bill`. `compadd` quotes the values that it is given.
 */
export function zshScript(model: CompletionModel): string {
  return `#compdef kiro-bill
# kiro-bill: completion for zsh. Put this file as _kiro-bill into a folder of $fpath, or source it.

# Offers what the data hold.
_kiro_bill_data() {
  local -a found
  found=("\${(@f)$(command kiro-bill completion values:$1 "\${inputs[@]}" 2>/dev/null)}")
  found=("\${(@)found:#}")
  compadd -- "\${(@)found}"
}

# A word without its quotes; a leading ~ is the home directory, all else is literal.
_kiro_bill_plain() {
  plain=\${(Q)1}
  [[ $1 == '~' || $1 == '~/'* ]] && plain=$HOME\${plain[2,-1]}
}

_kiro_bill() {
  local command='' option='' plain word i
  local -i operand=-1
  local -a inputs items
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    if [[ $word != -* && $words[i-1] != (${model.valuedFlags.join('|')}) ]]; then
      [[ -z $command ]] && command=$word
      ((operand += 1))
    fi
    case $word in
      (${model.inputFlags.join('|')})
        ((i + 1 < CURRENT)) || continue
        _kiro_bill_plain "$words[i+1]"
        inputs+=("$word" "$plain")
        ;;
      (${model.inputFlags
        .filter((flag) => flag.startsWith('--'))
        .map((flag) => `${flag}=*`)
        .join('|')})
        _kiro_bill_plain "\${word#*=}"
        inputs+=("\${word%%=*}=$plain")
        ;;
    esac
  done
  word=$words[CURRENT]
  if [[ $word == --*=* ]]; then
    option=\${word%%=*}
    compset -P "$option="
  elif ((CURRENT > 2)); then
    option=$words[CURRENT-1]
  fi
  case $command in
${model.commands.map(commandCase).join('')}    ('')
      if [[ $word == -* ]]; then
        items=(${items(model.options)})
        _describe -o option items
      else
        items=(${model.commands.map(({ name, summary }) => singleQuoted(described(name, summary))).join(' ')})
        _describe command items
      fi
      ;;
  esac
}

if [[ $funcstack[1] == _kiro-bill ]]; then
  _kiro_bill "$@"
else
  compdef _kiro_bill kiro-bill
fi
`;
}

function items(options: readonly CompletedOption[]): string {
  return options
    .map(({ long, description }) => singleQuoted(described(long, description)))
    .join(' ');
}

function described(word: string, description: string): string {
  return `${word.replaceAll(':', '\\:')}:${description}`;
}

function commandCase({ name, options, operands }: CompletedCommand): string {
  const valued = options.filter(({ value }) => value !== undefined);
  const cases = valued.map(
    (option) => `        (${flagsOf(option).join('|')}) ${actionOf(option.value)} ;;\n`,
  );
  const operandCases = operands.map(
    (operand, at) => `            (${at}) ${actionOf(operand)} ;;\n`,
  );
  const operandLines =
    operandCases.length === 0
      ? ''
      : `          if [[ $word != -* ]]; then
            case $operand in
${operandCases.join('')}            esac
          fi
`;
  return `    (${name})
      case $option in
${cases.join('')}        (*)
          if [[ -z $word || $word == -* ]]; then
            items=(${items(options)})
            _describe -o option items
          fi
${operandLines}          ;;
      esac
      ;;
`;
}

function actionOf(completion: Completion | undefined): string {
  if (completion?.kind === 'directory') return '_files -/';
  if (completion?.kind === 'file') return '_files';
  if (completion?.kind !== 'words') return ':';
  const { words, data } = completion;
  const actions = [
    ...(words.length === 0 ? [] : [`compadd -- ${words.map(singleQuoted).join(' ')}`]),
    ...(data === undefined ? [] : [`_kiro_bill_data ${data}`]),
  ];
  return actions.join('; ');
}
