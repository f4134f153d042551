"""Whether files can stand in one output: of one format and one encoding, under a name that says the same."""

from __future__ import annotations

import os
from typing import Protocol

from dedup.errors import DedupError, UsageError
from dedup.settings import Settings
from dedup.sources.detect import format_by_name
from dedup.sources.paths import Listing

FEW = 16
"""So many files are looked into before the run; of more the names alone tell."""


class Looked(Protocol):
    """A file of which it is known what it is."""

    name: str
    format: str
    encoding: str


def refuse_unlike(first: Looked, other: Looked) -> None:
    """Raise UsageError if two files cannot stand in one output."""
    for name in ("format", "encoding"):
        one, two = getattr(first, name), getattr(other, name)
        if one != two:
            raise _unlike(first.name, one, other.name, two)


def refuse_misnamed(output: str, container: Looked) -> None:
    """Raise UsageError if the ending of an output says another format than the first file has.

    What is written is what was read: a name that promises a conversion would be found out by the next program.
    An input whose own name says so too was meant (`--format text` for a file of records).
    """
    promised = format_by_name(output)
    if promised in ("", container.format, format_by_name(container.name)):
        return
    raise UsageError(
        f"{container.name} is {container.format}, and {output} says {promised}: the output has the format of the input",
        f"Name it otherwise, or say with --format what {container.name} is; nothing is converted.",
    )


def refuse_mixed(listing: Listing, settings: Settings) -> None:
    """Raise UsageError if it can be seen before the run that files cannot stand in one output.

    Cost: a look at every name; a look into each of a few regular files. Pipes are not touched.

    Args:
        listing: several files.
        settings: of the run.
    """
    if settings.format == "auto":
        _refuse_mixed_names(listing)
    if len(listing) <= FEW:
        _refuse_mixed_contents(listing, settings)


def _refuse_mixed_names(listing: Listing) -> None:
    endings: dict[str, str] = {}
    for path in listing.paths():
        endings.setdefault(path[path.rfind(".", 0, max(path.rfind("."), 0)) :], path)
    formats: dict[str, str] = {}
    for path in endings.values():
        if name := format_by_name(path):
            formats.setdefault(name, path)
    if len(formats) > 1:
        (one, first), (two, second) = list(formats.items())[:2]
        raise _unlike(first, one, second, two)


def _refuse_mixed_contents(listing: Listing, settings: Settings) -> None:
    from dedup.sources.container import open_container
    from dedup.sources.source import PathSource

    first: Looked | None = None
    for path in listing.paths():
        if not os.path.isfile(path):
            continue
        try:
            container = open_container(PathSource(path), settings)
        except DedupError:
            continue  # told when its turn comes
        container.close()
        if first is None:
            first = container
        refuse_unlike(first, container)


def _unlike(first: str, one: str, second: str, two: str) -> UsageError:
    return UsageError(
        f"{first} is {one} and {second} is {two}: they cannot stand in one output",
        "Give --output-dir DIR for an output file each, or clean them one by one.",
    )
