"""Which settings stand on the command line, and not in a configuration or in the table of defaults."""

from __future__ import annotations

import typer

from dedup.settings import OPTIONS


def settings_given(context: typer.Context) -> list[str]:
    """Names of the settings that the command line itself gives, in the order of the table."""
    return [name for name in OPTIONS if given_here(context, name)]


def given_here(context: typer.Context, name: str) -> bool:
    """Whether the command line itself gives a parameter."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
