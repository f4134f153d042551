"""The command line as data: what shell completion and the reference are made from."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, get_args, get_origin


class Flag(NamedTuple):
    """One option of a command, or an argument."""

    names: tuple[str, ...]
    """`--output`, `-o`; of an argument its name in capital letters."""
    value: str
    """Stands for the value in help; empty for a switch."""
    choices: tuple[str, ...]
    default: str
    """As it is written on the command line; empty if there is none."""
    panel: str
    help: str
    argument: bool = False


class CommandLine(NamedTuple):
    """One command: its name, `""` for `dedup` itself."""

    name: str
    summary: str
    """The first sentence of its help."""
    text: str
    examples: tuple[str, ...]
    flags: tuple[Flag, ...]


def command_lines() -> list[CommandLine]:
    """`dedup` itself, then every command in the order of its help. Imports all of them."""
    from dedup.cli.app import build

    root = build()
    return [_command("", root), *(_command(name, one) for name, one in root.commands.items() if not one.hidden)]


def _command(name: str, command: Any) -> CommandLine:
    help = (command.help or "").replace("\\[", "[")
    text = " ".join(help.split("\n\n")[0].split())
    return CommandLine(
        name,
        text.partition(". ")[0].rstrip("."),
        help,
        tuple(line for line in (command.epilog or "").splitlines() if " " in line.strip()),
        tuple(map(_flag, command.params)),
    )


def _flag(parameter: Any) -> Flag:
    argument = parameter.param_type_name == "argument"
    kind = parameter.type_descriptor.annotation
    choices = get_args(kind) if get_origin(kind) is Literal else _alternatives(parameter.metavar)
    switch = not argument and parameter.is_flag
    return Flag(
        names=(parameter.metavar or "FILE",) if argument else (*parameter.opts, *parameter.secondary_opts),
        value="" if switch else "|".join(choices) or parameter.metavar or "",
        choices=() if switch else choices,
        default="" if switch or argument or parameter.default in (None, ()) else str(parameter.default),
        panel=getattr(parameter, "rich_help_panel", None) or "",
        help=parameter.help or "",
        argument=argument,
    )


def _alternatives(metavar: str | None) -> tuple[str, ...]:
    """`json|html` names its choices.

    >>> _alternatives("json|html"), _alternatives("FILE"), _alternatives(None)
    (('json', 'html'), (), ())
    """
    return tuple(metavar.split("|")) if metavar and "|" in metavar else ()
