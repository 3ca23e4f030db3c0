# kiro-bill: completion for bash (3.2 or later). Source this file, for instance in ~/.bashrc.
#
# Bash breaks words at :, = and @, which ids and --option=value hold, so this puts them together
# again, and gives readline only the text after the last break. It evaluates nothing of the line,
# nor of the program's answer.

# Sets words: the line up to the cursor, in words that only blanks part.
_kiro_bill_words() {
  local i piece rest=$COMP_LINE
  words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=${COMP_WORDS[i]}
    if ((i > 0)) && [[ $rest != [[:space:]]* ]]; then
      words[${#words[@]} - 1]+=$piece
    else
      words+=("$piece")
    fi
    rest=${rest#"${rest%%[![:space:]]*}"}
    rest=${rest#"$piece"}
  done
}

# Sets plain: a word without its quotes; a leading ~ is the home directory, all else is literal.
_kiro_bill_plain() {
  local text=$1 char quote='' i
  plain=''
  if [[ $text == '~' || $text == '~/'* ]]; then
    plain=$HOME
    text=${text:1}
  fi
  for ((i = 0; i < ${#text}; i++)); do
    char=${text:i:1}
    if [[ $quote == "'" ]]; then
      if [[ $char == "'" ]]; then quote=''; else plain+=$char; fi
    elif [[ $char == \\ ]]; then
      ((i += 1))
      plain+=${text:i:1}
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
  local value text whole i
  for value; do
    [[ $value == "$typed"* ]] || continue
    text=$value
    case $opened in
      "'") [[ $value == *"'"* ]] && continue ;;
      '"')
        [[ $value == *'!'* ]] && continue
        text=${text//\\/\\\\}
        text=${text//\"/\\\"}
        text=${text//\$/\\\$}
        text=${text//\`/\\\`}
        ;;
      *)
        printf -v text %q "$value"
        for ((i = 0; i < broken; i++)); do
          whole=$text
          text=${text#*[$breaks]}
        done
        # Readline replaces an @ along with what follows it.
        ((broken)) && [[ ${whole%"$text"} == *@ ]] && text=@$text
        ;;
    esac
    COMPREPLY+=("$lead$text")
  done
}

_kiro_bill() {
  local words plain typed opened='' lead='' breaks='' broken=0 kind='' value current rest i
  local -a asked=()
  COMPREPLY=()
  _kiro_bill_words
  for ((i = 1; i < ${#words[@]}; i++)); do
    _kiro_bill_plain "${words[i]}"
    asked+=("$plain")
  done
  current=${words[${#words[@]} - 1]}
  if [[ $current == --*=* ]]; then
    [[ $COMP_WORDBREAKS == *=* ]] || lead=${current%%=*}=
    current=${current#*=}
  fi
  case $current in
    "'"* | '"'*)
      opened=${current:0:1}
      typed=${current:1}
      ;;
    *)
      typed=${current//\\/}
      for i in : = @; do [[ $COMP_WORDBREAKS == *$i* ]] && breaks+=$i; done
      if [[ -n $breaks ]]; then
        rest=${current//[!$breaks]/}
        broken=${#rest}
      else
        breaks=:
      fi
      ;;
  esac
  {
    IFS= read -r kind
    while IFS=$'\t' read -r value _; do _kiro_bill_add "$value"; done
  } < <(command kiro-bill complete -- "${asked[@]}" 2>/dev/null)
  [[ $kind == files ]] && return
  compopt +o default 2>/dev/null
  [[ $kind == directories ]] && compopt -o dirnames 2>/dev/null
  return 0
}

complete -o default -F _kiro_bill kiro-bill
