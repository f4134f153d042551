"""`dedup config`: which options are in force here, and where each value comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import typer

from dedup.cli import safe
from dedup.config import CHECK
from dedup.errors import UsageError

if TYPE_CHECKING:
    from dedup.config import Config, Entry

EXAMPLES = """
Examples:

dedup config

dedup --config other.toml config

dedup --no-config config
"""


def config(context: typer.Context) -> int:
    """Show the options that are in force here, and where each value comes from.

    What is configured stands in dedup.toml or under [tool.dedup] in pyproject.toml, in the working
    directory or a folder above it; the nearest counts. The command line comes before it. What is
    printed can be used as a dedup.toml.
    """
    found: Config = context.find_root().obj
    print(f"# {safe(found.path) or 'no configuration: no dedup.toml, and no [tool.dedup] in a pyproject.toml'}")
    print("\n".join(_lines(found)))
    for command in ("clean", CHECK):
        _validate(found, command)
    return 0


def _validate(found: Config, command: str) -> None:
    """Try what a command refuses whatever else it is told: options that exclude each other, a missing file."""
    from dedup.run.protection import read_protection
    from dedup.settings import OPTIONS, Settings

    given = found.defaults().get(command, {})
    settings = Settings(**{name: value for name, value in given.items() if name in OPTIONS})
    try:
        if {"since", "baseline"} <= given.keys():
            raise UsageError("--since and --baseline are two answers to one question", "Take one of them out.")
        read_protection(settings)
    except UsageError as error:
        error.message = found.placed(error.message, command)
        raise


def _lines(found: Config) -> Iterator[str]:
    from dedup.checks import options
    from dedup.config import INPUT_KEYS
    from dedup.settings import DEFAULTS

    inputs: dict[str, Any] = {name: [] if kind is list else False for name, kind in INPUT_KEYS.items()}
    yield from _section(found.common, {**DEFAULTS, **inputs})
    yield "\n[check]"
    yield from _section(found.check, options.DEFAULTS)


def _section(entries: Mapping[str, Entry], defaults: dict[str, Any]) -> Iterator[str]:
    names = [*defaults, *(name for name in entries if name not in defaults)]
    rows = [(name, entries[name].value if name in entries else defaults[name]) for name in names]
    texts = [(name, f"{name.replace('_', '-')} = {_toml(value)}") for name, value in rows]
    width = min(48, max(len(text) for _, text in texts))
    for (name, value), (_, text) in zip(rows, texts, strict=True):
        where = safe(entries[name].where) if name in entries else "default"
        # What has no value has no form in TOML.
        yield f"{'# ' + text[: text.index(' =')] + ' is not set' if value is None else text:<{width}}  # {where}"


def _toml(value: Any) -> str:
    import json

    return "".join(map(_escaped, json.dumps(value, ensure_ascii=False)))


def _escaped(character: str) -> str:
    """JSON leaves U+007F as it is, which TOML does not take; others steer a terminal."""
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
