// Thin on purpose: each script hands the words over to `headgate completion words` and shows what comes back, so that
// the verbs of the installed program are what is offered, and no shell evaluates a name.

#include "completion.hpp"
#include "headgate/base/assert.hpp"

namespace headgate::cli {
namespace {

constexpr const char* bash_script = R"script(# headgate completion for bash, from `headgate completion bash`.
_headgate() {
  local -a typed=() lines=()
  local i word line=${COMP_LINE#*"${COMP_WORDS[0]}"} piece also cur kept
  # Readline also splits words at = : and @; pieces without a blank between them are one word.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    piece=${COMP_WORDS[i]}
    if [[ $i == 1 || $line == [[:blank:]]* ]]; then typed+=("$piece"); else typed[-1]+=$piece; fi
    line=${line#*"$piece"}
  done
  mapfile -t lines < <("${1/#\~/$HOME}" completion words -- "${typed[@]}" 2>/dev/null)
  also=${lines[0]:-nothing}
  cur=${COMP_WORDS[COMP_CWORD]}
  [[ $cur == [=:@] ]] && cur=
  kept=${typed[-1]%"$cur"}
  COMPREPLY=()
  for line in "${lines[@]:1}"; do
    word=${line%%$'\t'*}
    COMPREPLY+=("${word#"$kept"}")
  done
  [[ $also == nothing ]] && return
  compopt -o filenames 2>/dev/null
  while IFS= read -r word; do
    if [[ -d ${word/#\~/$HOME} || $also == files || ( $also == files* && " ${also#files} " == *" ${word##*.} "* ) ]]; then
      COMPREPLY+=("$word")
    fi
  done < <(compgen -f -- "$cur")
}
complete -F _headgate headgate
)script";

constexpr const char* zsh_script = R"script(#compdef headgate
# headgate completion for zsh, from `headgate completion zsh`.
_headgate() {
  local -a lines candidates extensions
  local also line
  lines=("${(@f)$("${(Q)words[1]/#\~/$HOME}" completion words -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  also=${lines[1]:-nothing}
  for line in "${(@)lines[2,-1]}"; do
    [[ -n $line ]] && candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  (( $#candidates )) && _describe 'headgate' candidates
  case $also in
    folders) _files -/ ;;
    files) _files ;;
    files\ *)
      extensions=(${=also#files })
      _files -g "*.(${(j:|:)extensions})(-.)"
      ;;
  esac
}
if [[ $funcstack[1] == _headgate ]]; then _headgate "$@"; else compdef _headgate headgate; fi
)script";

constexpr const char* fish_script = R"script(# headgate completion for fish, from `headgate completion fish`.
function __headgate_complete
    set -l finished (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($finished[1] completion words -- $finished[2..-1] "$current" 2>/dev/null)
    test (count $lines) -gt 1; and printf '%s\n' $lines[2..-1]
    switch "$lines[1]"
        case folders
            __fish_complete_directories "$current" ''
        case files
            __fish_complete_path "$current"
        case 'files *'
            set -l extensions (string split ' ' -- $lines[1])[2..-1]
            __fish_complete_path "$current" | string match -r -- '^.*/(?:\t.*)?$|^.*\.(?:'(string join '|' $extensions)')(?:\t.*)?$'
    end
end
complete -c headgate -f -a '(__headgate_complete)'
)script";

}  // namespace

std::string completion_script(const std::string& shell) {
  if (shell == "bash") return bash_script;
  if (shell == "zsh") return zsh_script;
  HG_ASSERT(shell == "fish");
  return fish_script;
}

}  // namespace headgate::cli
