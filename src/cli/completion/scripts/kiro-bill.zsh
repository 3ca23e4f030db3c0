#compdef kiro-bill
# kiro-bill: completion for zsh. Put this file as _kiro-bill into a folder of $fpath, or source it.

_kiro_bill() {
  local word kind line
  local -a asked lines values shown
  for word in "${(@)words[2,CURRENT]}"; do
    asked+=("${(Q)word}")
  done
  lines=("${(@f)$(command kiro-bill complete -- "${asked[@]}" 2>/dev/null)}")
  kind=$lines[1]
  for line in "${(@)lines[2,-1]}"; do
    values+=("${line%%$'\t'*}")
    shown+=("${line/$'\t'/ -- }")
  done
  [[ $words[CURRENT] == --*=* ]] && compset -P '*='
  case $kind in
    (files) _files ;;
    (directories) _files -/ ;;
    (*) (( $#values )) && compadd -l -d shown -- "${(@)values}" ;;
  esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _kiro_bill "$@"
else
  compdef _kiro_bill kiro-bill
fi
