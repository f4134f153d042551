"""`dedup completion`: what the Tab key needs to know, as a script for a shell.

The script holds every command and option, made from the command line itself. Typer's own way asks the program
at every press of the key, which takes as long as a start of Python; this takes none.
"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from dedup.cli.tree import CommandLine, Flag, command_lines

EXAMPLES = """
Examples:

dedup completion bash > ~/.local/share/bash-completion/completions/dedup

dedup completion zsh > ~/.zfunc/_dedup

dedup completion fish > ~/.config/fish/completions/dedup.fish
"""


def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(metavar="bash|zsh|fish", help="Your shell.")],
) -> int:
    """Print a script that lets a shell complete the commands, options and values of dedup.

    Save it where the shell looks for completions, as in the examples, and open a new shell.
    """
    print(SCRIPTS[shell](command_lines()), end="")
    return 0


def bash(commands: list[CommandLine]) -> str:
    """The script for bash."""
    values = [
        f'        "{one.name} {name}") values="{" ".join(flag.choices)}" ;;'
        for one in commands
        for flag in one.flags
        if flag.choices and not flag.argument
        for name in flag.names
    ]
    names = [one.name for one in commands if one.name]
    words = [
        f'        "{one.name}") options="{" ".join(_options(one))}" words="{" ".join(_choices(one) or own)}" ;;'
        for one, own in zip(commands, [names] + [[]] * len(names), strict=True)
    ]
    return "\n".join(
        [
            "# Completion of dedup for bash.",
            "_dedup() {",
            "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}",
            '    local command="" options="" words="" values="" before="" i',
            "    COMPREPLY=()",
            "    # --unit=s is three words, or one where = is not in COMP_WORDBREAKS.",
            '    if [[ $cur == "=" ]]; then cur=""',
            '    elif [[ $prev == "=" ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}',
            '    elif [[ $cur == --*=* ]]; then prev=${cur%%=*}; before="$prev="; cur=${cur#*=}',
            "    fi",
            "    for ((i = 1; i < COMP_CWORD; i++)); do",
            f"        case ${{COMP_WORDS[i]}} in {'|'.join(names)}) command=${{COMP_WORDS[i]}}; break ;; esac",
            "    done",
            '    case "$command $prev" in',
            *values,
            "    esac",
            "    if [[ $values || $before ]]; then",
            '        COMPREPLY=($(compgen -P "$before" -W "$values" -- "$cur"))',
            "        return",
            "    fi",
            "    case $command in",
            *words,
            "    esac",
            "    if [[ $cur == -* ]]; then words=$options; fi",
            '    COMPREPLY=($(compgen -W "$words" -- "$cur"))',
            "}",
            "complete -o default -F _dedup dedup",
            "",
        ]
    )


def _options(command: CommandLine) -> list[str]:
    return [*(name for flag in command.flags if not flag.argument for name in flag.names), "--help"]


def _choices(command: CommandLine) -> list[str]:
    """What the argument of a command can be, if that is one of a few words."""
    return [choice for flag in command.flags if flag.argument for choice in flag.choices]


def zsh(commands: list[CommandLine]) -> str:
    """The script for zsh."""
    described = [f"    {_quoted(f'{one.name}:{_zsh_text(one.summary)}')}" for one in commands if one.name]
    cases: list[str] = []
    for one in commands[1:]:
        cases += [f"    {one.name})", "      _arguments -s -S \\"]
        cases += [f"        {spec} \\" for flag in one.flags for spec in _zsh_specs(flag)]
        cases += ["        '(- *)'{-h,--help}'[Show help.]' ;;"]
    own = [f"    {spec} \\" for flag in commands[0].flags for spec in _zsh_specs(flag)]
    return "\n".join(
        [
            "#compdef dedup",
            "# Completion of dedup for zsh.",
            "_dedup() {",
            "  local curcontext=$curcontext state line",
            "  local -a commands=(",
            *described,
            "  )",
            "  _arguments -C \\",
            *own,
            "    '(- *)'{-h,--help}'[Show help.]' \\",
            "    '1: :->command' '*:: :->rest' && return",
            "  if [[ $state == command ]]; then",
            "    _describe -t commands command commands",
            "    return",
            "  fi",
            "  case $line[1] in",
            *cases,
            "  esac",
            "}",
            'if [[ $funcstack[1] == _dedup ]]; then _dedup "$@"; else compdef _dedup dedup; fi',
            "",
        ]
    )


def _zsh_specs(flag: Flag) -> list[str]:
    action = f"({' '.join(flag.choices)})" if flag.choices else "_files" if _is_file(flag) else ""
    if flag.argument:
        return [_quoted(f"{'' if flag.choices else '*'}:{flag.names[0].replace(':', '')}:{action or '_files'}")]
    value = f":{_zsh_text(flag.value.partition('|')[0])}:{action}" if flag.value else ""
    return [_quoted(f"*{name}[{_zsh_text(flag.help)}]{value}") for name in flag.names]


def _zsh_text(text: str) -> str:
    return text.replace("[", "(").replace("]", ")").replace(":", "\\:")


def fish(commands: list[CommandLine]) -> str:
    """The script for fish."""
    lines = ["# Completion of dedup for fish."]
    for one in commands:
        where = f"__fish_seen_subcommand_from {one.name}" if one.name else "__fish_use_subcommand"
        if one.name:
            about = _quoted(one.summary)
            lines.append(f"complete -c dedup -n __fish_use_subcommand -f -a {one.name} -d {about}")
        lines += [f"complete -c dedup -n {_quoted(where)} {_fish_flag(flag)}" for flag in one.flags if _told(flag)]
    return "\n".join([*lines, "complete -c dedup -s h -l help -d 'Show help.'", ""])


def _told(flag: Flag) -> bool:
    """Whether fish needs a line for it: it offers files by itself."""
    return not flag.argument or bool(flag.choices)


def _fish_flag(flag: Flag) -> str:
    if flag.argument:
        return f"-f -a {_quoted(' '.join(flag.choices))}"
    names = [f"-l {one[2:]}" if one.startswith("--") else f"-s {one[1:]}" for one in flag.names]
    value = [f"-x -a {_quoted(' '.join(flag.choices))}"] if flag.choices else []
    if flag.value and not value:
        value = ["-r" if _is_file(flag) else "-x"]
    return " ".join([*names, *value, "-d", _quoted(flag.help)])


def _is_file(flag: Flag) -> bool:
    return any(word in flag.value for word in ("FILE", "DIR", "FOLDER"))


def _quoted(text: str) -> str:
    r"""
    >>> print(_quoted("it's"))
    'it'\''s'
    """
    return "'" + text.replace("'", "'\\''") + "'"


SCRIPTS = {"bash": bash, "zsh": zsh, "fish": fish}
