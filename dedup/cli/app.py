"""The Typer application: which commands there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.main import get_command

from dedup.cli.check import EXAMPLES as CHECK_EXAMPLES
from dedup.cli.check import check
from dedup.cli.clean import EXAMPLES, clean
from dedup.cli.completion import EXAMPLES as COMPLETION_EXAMPLES
from dedup.cli.completion import completion
from dedup.cli.config import EXAMPLES as CONFIG_EXAMPLES
from dedup.cli.config import config
from dedup.cli.explain import EXAMPLES as EXPLAIN_EXAMPLES
from dedup.cli.explain import explain
from dedup.cli.options import Command, Group
from dedup.cli.report import EXAMPLES as REPORT_EXAMPLES
from dedup.cli.report import report
from dedup.cli.restore import EXAMPLES as RESTORE_EXAMPLES
from dedup.cli.restore import restore
from dedup.cli.self_test import EXAMPLES as SELF_TEST_EXAMPLES
from dedup.cli.self_test import self_test
from dedup.cli.tune import EXAMPLES as TUNE_EXAMPLES
from dedup.cli.tune import tune
from dedup.cli.version import EXAMPLES as VERSION_EXAMPLES
from dedup.cli.version import version

COMMANDS: tuple[tuple[str, Callable[..., int], str], ...] = (
    ("clean", clean, EXAMPLES),
    ("check", check, CHECK_EXAMPLES),
    ("report", report, REPORT_EXAMPLES),
    ("explain", explain, EXPLAIN_EXAMPLES),
    ("tune", tune, TUNE_EXAMPLES),
    ("config", config, CONFIG_EXAMPLES),
    ("restore", restore, RESTORE_EXAMPLES),
    ("completion", completion, COMPLETION_EXAMPLES),
    ("self-test", self_test, SELF_TEST_EXAMPLES),
    ("version", version, VERSION_EXAMPLES),
)
WITHOUT_CONFIG = ("report", "completion", "self-test", "version")
HELP = {"help_option_names": ["-h", "--help"]}


def build() -> Any:
    """The command line as one Click command; `make_context` and `invoke` run it."""
    app = typer.Typer(
        cls=Group,
        add_completion=False,
        invoke_without_command=True,
        context_settings=HELP,
        pretty_exceptions_enable=False,
    )
    app.callback()(dedup)
    for name, command, epilog in COMMANDS:
        app.command(name, cls=Command, help=_prose(command.__doc__), epilog=epilog, context_settings=HELP)(command)
    return get_command(app)


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
    if context.invoked_subcommand not in WITHOUT_CONFIG:
        from dedup.config import Config, find_config, load_config

        found = Config() if no_config else load_config(config_file) if config_file else find_config()
        context.obj, context.default_map = found, found.defaults()


def _prose(docstring: str | None) -> str:
    """A docstring with its paragraphs on one line each: Typer keeps line ends, and the terminal wraps."""
    paragraphs = (docstring or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
