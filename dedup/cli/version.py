"""`dedup version`: what is installed, and with -v what is in use and why."""

from __future__ import annotations

from typing import Annotated

import typer

EXAMPLES = """
Examples:

dedup version -v
"""
DEPENDENCIES = ("typer", "rich", "xxhash", "datasketch", "numpy")


def version(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also Python, engines, dependencies.")] = False,
) -> int:
    """Show the version."""
    from dedup import __version__

    print(f"dedup {__version__}")
    if verbose:
        for name, value in _facts().items():
            print(f"{name:<12} {value}")
    return 0


def _facts() -> dict[str, str]:
    import platform

    facts = {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
    }
    return facts | _engines() | {name: _installed(name) for name in DEPENDENCIES}


def _engines() -> dict[str, str]:
    """The engine that `--engine auto` takes, then each engine with its kind or why it is missing."""
    from dedup.engine import select

    there = select.available()
    in_use = "native" if "native" in there else "reference"
    described = {f"  {name}": text for name, text in select.describe().items()}
    return {"engine": in_use if in_use in there else "none"} | described


def _installed(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
