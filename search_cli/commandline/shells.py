"""The scripts by which bash, zsh and fish ask for completions, and what they are answered.

Click's own let fish cut an answer at its first comma, and all three put a space behind a `title:` that
wants a value. An answer is three lines: `plain`, `open` (no space behind it), `file` or `dir`; the
text; what it is, or `_`.
"""

from __future__ import annotations

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' kind text what
    COMPREPLY=()
    while read -r kind && read -r text && read -r what; do
        case $kind in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            open) compopt -o nospace; COMPREPLY+=("$text") ;;
            plain) COMPREPLY+=("$text") ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
%(complete_var)s=bash_complete "$1")
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a answer plain open described
    local kind text what
    (( ! $+commands[%(prog_name)s] )) && return 1
    answer=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \
%(complete_var)s=zsh_complete %(prog_name)s)}")
    for kind text what in ${answer}; do
        case $kind in
            dir) _path_files -/ ;;
            file) _path_files -f ;;
            open) open+=("$text") ;;
            plain) if [[ $what == _ ]]; then plain+=("$text"); else described+=("$text:$what"); fi ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described -U
    (( $#plain )) && compadd -U -V unsorted -a plain
    (( $#open )) && compadd -U -S '' -V unsorted -a open
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

_FISH = """\
function %(complete_func)s
    set -l answer (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp | string collect) \
COMP_CWORD=(commandline -t | string collect) %(prog_name)s)
    while test (count $answer) -ge 3
        switch $answer[1]
            case dir
                __fish_complete_directories (commandline -ct)
            case file
                __fish_complete_path (commandline -ct)
            case plain open
                if test $answer[3] = _
                    echo $answer[2]
                else
                    printf '%%s\\t%%s\\n' $answer[2] $answer[3]
                end
        end
        set -e answer[1..3]
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class Bash(BashComplete):
    """bash 4.4 or newer; a colon parts the words of a line there."""

    source_template = _BASH

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Three lines an answer."""
        return _answer(item, item.value)


class Zsh(ZshComplete):
    """zsh with its completion system loaded (`compinit`)."""

    source_template = _ZSH

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Three lines an answer; `_describe` takes a bare colon for the end of the text."""
        return _answer(item, item.value.replace(":", r"\:") if item.help else item.value)


class Fish(FishComplete):
    """fish 3.1 or newer, which itself leaves no space behind a colon."""

    source_template = _FISH

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Three lines an answer."""
        return _answer(item, item.value)


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}
for _name, _shell in SHELLS.items():
    add_completion_class(_shell, _name)


def _answer(item: CompletionItem[str], text: str) -> str:
    kind = "open" if item.type == "plain" and item.value.endswith(":") else item.type
    return f"{kind}\n{text}\n{item.help or '_'}"
