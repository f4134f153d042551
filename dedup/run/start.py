"""One run over what a caller gave, into a report: what `clean`, `scan` and `check` have in common."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Protocol, TypeAlias, TypeGuard

from dedup.arguments import name_of
from dedup.errors import InputSkipped, ReadError
from dedup.report.model import Report
from dedup.report.reading import Reading
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.sinks import Sink
    from dedup.sinks.outputs import Outputs
    from dedup.sources.bundles import Bundle
    from dedup.sources.paths import Listing
    from dedup.sources.source import Source

Path = str | os.PathLike[str]
Input: TypeAlias = "Path | Sequence[Path] | Listing | bytes | bytearray | memoryview | BinaryIO"
Observer = Callable[[int], None]
"""Called with the number of bytes read since the last call."""


class Wanted(NamedTuple):
    """What the caller wants to know besides the totals; the fields are arguments of `pipeline.run`."""

    details: bool
    map_removed: bool
    observe: Observer | None
    reading: Reading = Reading()


def run(source: Input, sink: Sink | Outputs, settings: Settings, wanted: Wanted) -> Report:
    """Clean `source` into a sink, which the caller commits. Raises what `dedup.api.clean` raises."""
    return run_inputs(Inputs(source, settings), sink, settings, wanted)


def run_inputs(opened: Opened, sink: Sink | Outputs, settings: Settings, wanted: Wanted) -> Report:
    """As `run`, with inputs that know how they are opened."""
    if settings.prefer == "first":
        from dedup.run import pipeline

        outcome = pipeline.run(opened.sources(), sink, settings, **wanted._asdict())
    else:
        from dedup.run import prefer
        from dedup.sinks.outputs import OneOutput, Outputs

        prefer.check(settings)
        outputs = sink if isinstance(sink, Outputs) else OneOutput(sink)
        outcome = prefer.run(opened.sources, outputs, settings, **wanted._asdict())
    skipped = [*opened.skipped, *outcome.skipped]
    if skipped and not outcome.files:
        raise nothing_read(skipped)
    detailed = wanted.details and wanted.reading.stream is None
    return Report.build(settings, outcome, detailed=detailed, skipped=opened.skipped)


class Opened(Protocol):
    """Inputs that know how they are opened."""

    @property
    def skipped(self) -> list[InputSkipped]:
        """What could not be, before any source was asked for."""

    def sources(self) -> Iterable[Source | Bundle]:
        """All inputs, from the beginning every time it is called."""


class Inputs:
    """The inputs of a caller: files are opened one after the other, each when its turn comes."""

    def __init__(self, source: Input, settings: Settings) -> None:
        self._source = source
        self._settings = settings
        self.skipped: list[InputSkipped] = []
        """Folders that could not be read."""

    def sources(self) -> Iterable[Source | Bundle]:
        """All inputs from the beginning. Raises ReadError with `on_error=stop`."""
        from dedup.sources import bundles
        from dedup.sources.source import from_bytes, from_file

        source, settings = self._source, self._settings
        if isinstance(source, (bytes, bytearray, memoryview)):
            return [from_bytes(bytes(source), "<bytes>")]
        if not is_paths(source):
            file: Any = source
            return [from_file(file, name_of(file))]
        self._source = listing = list_inputs(source)
        self.skipped = listing.skipped
        if settings.on_error == "stop" and listing.skipped:
            first = listing.skipped[0]
            raise ReadError(f"cannot read {first.path}: {first.reason}", "Without --on-error stop it is skipped.")
        opened = bundles.open_each(listing)
        if settings.threads == 1 or len(listing) <= bundles.FEW:
            return opened
        from dedup.sources.prefetch import Prefetch

        return Prefetch(opened)


class Text:
    """What was a string, as the one input."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.skipped: list[InputSkipped] = []

    def sources(self) -> Iterable[Source | Bundle]:
        """From the beginning."""
        from dedup.sources.source import from_text

        return [from_text(self._data, "<bytes>")]


def is_paths(source: Input) -> TypeGuard[Path | Sequence[Path] | Listing]:
    """Whether an input is named, and not given itself."""
    return not isinstance(source, (bytes, bytearray, memoryview)) and not hasattr(source, "read")


def list_inputs(source: Path | Sequence[Path] | Listing) -> Listing:
    """The files that names stand for; folders are looked into. Raises UsageError."""
    from dedup.sources.paths import Listing, list_files

    if isinstance(source, Listing):
        return source
    return list_files(source)


def nothing_read(skipped: Sequence[InputSkipped]) -> ReadError:
    """The error of a run that could read none of its inputs."""
    reasons = "; ".join(f"{one.path}: {one.reason}" for one in skipped[:3])
    more = f"; and {len(skipped) - 3} more" if len(skipped) > 3 else ""
    return ReadError(
        f"no input could be read: {reasons}{more}",
        "Check the names, the permissions and the options, then run again.",
    )
