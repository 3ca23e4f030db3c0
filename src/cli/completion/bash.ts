import { singleQuoted } from '../shell-word.ts';
import {
  type CompletedCommand,
  type CompletedOption,
  type Completion,
  type CompletionModel,
  flagsOf,
} from './model.ts';

/**
 * The script for bash (3.2 or later). Bash breaks words at `:` and `=`, which profile ids
 * and `--option=value` hold, so the script puts them together again, and gives readline
 * only what stands behind the last break. It evaluates nothing of the line.
 */
export function bashScript(model: CompletionModel): string {
  return `${HEAD}
_kiro_bill_inputs() {
  local i word
  inputs=()
  for ((i = 1; i < \${#words[@]} - 1; i++)); do
    word=\${words[i]}
    case $word in
      ${model.inputFlags.join(' | ')})
        ((i + 1 < \${#words[@]} - 1)) || continue
        _kiro_bill_plain "\${words[i + 1]}"
        inputs+=("$word" "$plain")
        ;;
      ${longFlags(model)
        .map((flag) => `${flag}=*`)
        .join(' | ')})
        _kiro_bill_plain "\${word#*=}"
        inputs+=("\${word%%=*}=$plain")
        ;;
    esac
  done
}

# Sets operand: how many operands stand between the command, the word at $1, and the cursor.
_kiro_bill_operand() {
  local i
  operand=0
  for ((i = $1 + 1; i < \${#words[@]} - 1; i++)); do
    [[ \${words[i]} == -* ]] && continue
    case \${words[i - 1]} in
      ${model.valuedFlags.join(' | ')}) continue ;;
    esac
    ((operand += 1))
  done
}

_kiro_bill_places() {
  case $1 in
${model.commands.map(commandCase).join('')}    '')
      _kiro_bill_add ${quotedWords(model.commands.map(({ name }) => name))}
      [[ $typed == -* ]] && _kiro_bill_add ${quotedWords(optionFlags(model.options))}
      ;;
  esac
}

${TAIL}`;
}

function longFlags({ inputFlags }: CompletionModel): string[] {
  return inputFlags.filter((flag) => flag.startsWith('--'));
}

function optionFlags(options: readonly CompletedOption[]): string[] {
  return options.map(({ long }) => long);
}

function commandCase({ name, options, operands }: CompletedCommand): string {
  const valued = options.filter(({ value }) => value !== undefined);
  const cases = valued.map(
    (option) => `        ${flagsOf(option).join(' | ')}) ${actionOf(option.value)} ;;\n`,
  );
  const operandCases = operands.map(
    (operand, at) => `              ${at}) ${actionOf(operand)} ;;\n`,
  );
  const operandLines =
    operandCases.length === 0
      ? ''
      : `          if [[ $typed != -* ]]; then
            case $operand in
${operandCases.join('')}            esac
          fi
`;
  return `    ${name})
      case $option in
${cases.join('')}        *)
${operandLines}          [[ -z $typed$files || $typed == -* ]] && _kiro_bill_add ${quotedWords(optionFlags(options))}
          ;;
      esac
      ;;
`;
}

function actionOf(completion: Completion | undefined): string {
  if (completion?.kind === 'directory') return '_kiro_bill_only dirnames';
  if (completion?.kind === 'file') return '_kiro_bill_only default';
  if (completion?.kind !== 'words') return ':';
  const { words, data } = completion;
  const actions = [
    ...(words.length === 0 ? [] : [`_kiro_bill_add ${quotedWords(words)}`]),
    ...(data === undefined ? [] : [`_kiro_bill_data ${data}`]),
  ];
  return actions.length === 0 ? ':' : actions.join('; ');
}

function quotedWords(words: readonly string[]): string {
  return words.map(singleQuoted).join(' ');
}

const HEAD = `# kiro-bill: completion for bash. Source this file, for instance in ~/.bashrc.

# Sets words: the line up to the cursor, in words that only blanks part.
_kiro_bill_words() {
  local i piece rest=$COMP_LINE
  words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=\${COMP_WORDS[i]}
    if ((i > 0)) && [[ $rest != [[:space:]]* ]]; then
      words[\${#words[@]} - 1]+=$piece
    else
      words+=("$piece")
    fi
    rest=\${rest#"\${rest%%[![:space:]]*}"}
    rest=\${rest#"$piece"}
  done
}

# Sets plain: a word without its quotes; a leading ~ is the home directory, all else is literal.
_kiro_bill_plain() {
  local text=$1 char quote='' i
  plain=''
  if [[ $text == '~' || $text == '~/'* ]]; then
    plain=$HOME
    text=\${text:1}
  fi
  for ((i = 0; i < \${#text}; i++)); do
    char=\${text:i:1}
    if [[ $quote == "'" ]]; then
      if [[ $char == "'" ]]; then quote=''; else plain+=$char; fi
    elif [[ $char == \\\\ ]]; then
      ((i += 1))
      plain+=\${text:i:1}
    elif [[ $char == '"' ]]; then
      if [[ -z $quote ]]; then quote='"'; else quote=''; fi
    elif [[ $char == "'" && -z $quote ]]; then
      quote="'"
    else
      plain+=$char
    fi
  done
}

# Offers the arguments that begin with what is typed, quoted as the word was begun; some
# cannot be: a ' between ', and a ! between ".
_kiro_bill_add() {
  local value text i
  for value; do
    [[ $value == "$typed"* ]] || continue
    text=$value
    case $opened in
      "'") [[ $value == *"'"* ]] && continue ;;
      '"')
        [[ $value == *'!'* ]] && continue
        text=\${text//\\\\/\\\\\\\\}
        text=\${text//\\"/\\\\\\"}
        text=\${text//\\$/\\\\\\$}
        text=\${text//\\\`/\\\\\\\`}
        ;;
      *)
        printf -v text %q "$value"
        for ((i = 0; i < broken; i++)); do text=\${text#*[$breaks]}; done
        ;;
    esac
    COMPREPLY+=("$lead$text")
  done
}

# Offers what the data hold.
_kiro_bill_data() {
  local value
  while IFS= read -r value; do
    _kiro_bill_add "$value"
  done < <(command kiro-bill completion "values:$1" \${inputs[@]+"\${inputs[@]}"} 2>/dev/null)
}

# Leaves the word to readline: files (default) or directories (dirnames).
_kiro_bill_only() {
  files=$1
}
`;

const TAIL = `_kiro_bill() {
  local words inputs plain typed option='' command='' opened='' lead='' breaks='' broken=0
  local files='' current operand rest i
  COMPREPLY=()
  _kiro_bill_words
  _kiro_bill_inputs
  current=\${words[\${#words[@]} - 1]}
  for ((i = 1; i < \${#words[@]} - 1; i++)); do
    [[ \${words[i]} == -* ]] && continue
    command=\${words[i]}
    break
  done
  _kiro_bill_operand "$i"
  if [[ $current == --*=* ]]; then
    option=\${current%%=*}
    [[ $COMP_WORDBREAKS == *=* ]] || lead=$option=
    current=\${current#*=}
  elif ((\${#words[@]} > 2)); then
    option=\${words[\${#words[@]} - 2]}
  fi
  case $current in
    "'"* | '"'*)
      opened=\${current:0:1}
      typed=\${current:1}
      ;;
    *)
      typed=\${current//\\\\/}
      for i in : = @; do [[ $COMP_WORDBREAKS == *$i* ]] && breaks+=$i; done
      if [[ -n $breaks ]]; then
        rest=\${current//[!$breaks]/}
        broken=\${#rest}
      else
        breaks=:
      fi
      ;;
  esac
  _kiro_bill_places "$command"
  [[ $files == default ]] && return
  compopt +o default 2>/dev/null
  [[ $files == dirnames ]] && compopt -o dirnames 2>/dev/null
  return 0
}

complete -o default -F _kiro_bill kiro-bill
`;
