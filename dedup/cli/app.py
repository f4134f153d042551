"""The Typer application: which commands there are."""

# Without `from __future__ import annotations`, which would have every start compile each annotation from a string.

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.main import get_command

from dedup.cli.options import Command, Group
from dedup.errors import UsageError

COMMANDS = (
    "clean",
    "check",
    "report",
    "explain",
    "tune",
    "config",
    "restore",
    "completion",
    "self-test",
    "version",
)
"""Each is the function of its name in the module of its name, with EXAMPLES beside it."""
WITHOUT_CONFIG = ("report", "completion", "self-test", "version")
HELP = {"help_option_names": ["-h", "--help"]}
_TAKES_A_VALUE = "--config"


def build(arguments: Sequence[str] = ()) -> Any:
    """The command line as one Click command; `make_context` and `invoke` run it.

    Args:
        arguments: those to come: if they name a command, only that one is imported, which halves the start.
    """
    app = typer.Typer(
        cls=Group,
        add_completion=False,
        invoke_without_command=True,
        context_settings=HELP,
        pretty_exceptions_enable=False,
    )
    app.callback()(dedup)
    for name in _wanted(arguments):
        module = import_module(f"dedup.cli.{_identifier(name)}")
        command: Callable[..., int] = getattr(module, _identifier(name))
        app.command(name, cls=Command, help=_prose(command.__doc__), epilog=module.EXAMPLES, context_settings=HELP)(
            command
        )
    return get_command(app)


def _wanted(arguments: Sequence[str]) -> Sequence[str]:
    """The command that the arguments name; all if they name none."""
    rest = iter(arguments)
    for argument in rest:
        if argument == _TAKES_A_VALUE:
            next(rest, None)
        elif not argument.startswith("-"):
            return (argument,) if argument in COMMANDS else COMMANDS
    return COMMANDS


def _identifier(name: str) -> str:
    return name.replace("-", "_")


def dedup(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    show_version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
    config_file: Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="Configuration to use instead of the one found.")
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Use no configuration.")] = False,
) -> None:
    """Find repeated blocks of text and remove them."""
    if show_version:
        from dedup import __version__

        print(f"dedup {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(2)
    if no_config and config_file is not None:
        raise UsageError("--config and --no-config exclude each other", "Give one of them.")
    if context.invoked_subcommand not in WITHOUT_CONFIG:
        from dedup.config import Config, find_config, load_config

        found = Config() if no_config else find_config() if config_file is None else load_config(config_file)
        context.obj, context.default_map = found, found.defaults()


def _prose(docstring: str | None) -> str:
    """A docstring with its paragraphs on one line each: Typer keeps line ends, and the terminal wraps.

    Brackets are escaped, for Rich takes `[tool.dedup]` for a style and drops it.
    """
    paragraphs = (docstring or "").replace("[", "\\[").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
