"""Files that a run writes beside its product: a report or a removals file that took the place of an input, of an
output or of a backup would be the end of that text."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from itertools import combinations
from typing import TYPE_CHECKING

from dedup.errors import UsageError
from dedup.sinks import Target
from dedup.sources.paths import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
_NONE = (-1, -1)
_REPORT = "report"
_REMOVALS = "removals file"
_BASELINE = "baseline"


class SideFiles:
    """The reports, the removals file and the baseline that a run writes."""

    def __init__(
        self,
        reports: Sequence[str] = (),
        removals: str | os.PathLike[str] | None = None,
        baseline: str | os.PathLike[str] | None = None,
    ) -> None:
        """
        Args:
            reports: their paths; `-` is standard output.
            removals: the path of the removals file.
            baseline: that of the baseline.
        Raises:
            UsageError: two of them are one file, or one has no name.
        """
        given = [(os.fspath(baseline), _BASELINE)] if baseline is not None else []
        given += [(path, _REPORT) for path in reports]
        if removals is not None:
            given.append((os.fspath(removals), _REMOVALS))
        for path, what in given:
            if not path:
                raise UsageError(f"the {what} has an empty name", "Is a variable of the shell not set?")
        for (one, what), (other, other_what) in combinations(given, 2):
            _refuse_one_file(one, what, other, other_what)
        self.reports = list(reports)
        self._given = given
        self._what = {place_of(path): what for path, what in given}

    def refuse_output(self, output: Target | None, what: str = "output") -> None:
        """Raise UsageError if the output is one of them."""
        if isinstance(output, (str, os.PathLike)):
            for path, other in self._given:
                _refuse_one_file(os.fspath(output), what, path, other)

    def refuse_inputs(self, paths: Iterable[str]) -> None:
        """Raise UsageError if one of the inputs is one of them. Cost: a call to the system for each, mostly none."""
        self._refuse_among(paths, self._what)

    def refuse_texts(self, paths: Iterable[str], is_report: Callable[[str], bool]) -> None:
        """Raise UsageError if one of the inputs is one of them, and holds what no earlier run has written.

        In folders those that one has written are left out of the input, and replaced.

        Args:
            paths: of the inputs.
            is_report: tells of a path whether a report is there.
        """
        ours = {_REPORT: is_report, _REMOVALS: _is_removals, _BASELINE: _is_told_elsewhere}
        texts = [place for place, what in self._what.items() if _holds_something(place) and not ours[what](place)]
        self._refuse_among(paths, texts)

    def _refuse_among(self, paths: Iterable[str], places: Iterable[str]) -> None:
        known = {identity: place for place in places if (identity := _identity(place, of_output=True))}
        if set(known.values()) <= {"-"}:
            paths = [path for path in paths if path == "-"] if known else ()
        for path in paths:
            place = known.get(_identity(path) or _NONE)
            if place is not None and (path == "-" or place_of(path) == place):
                self._refuse(place, f"the input {'<stdin>' if path == '-' else path}")

    def refuse_old_removals(self) -> None:
        """Raise UsageError if there is a removals file already.

        Of what was cleaned in place before, or in part by a run that was killed, it is the only way back.
        """
        for path, what in self._given:
            if what == _REMOVALS and os.path.isfile(path) and os.path.getsize(path):
                raise UsageError(
                    f"{path} is there already: it may be the only way back to what was replaced before",
                    "Give --removals another name, or move it away. No file was replaced.",
                )

    def refuse_target(self, path: str, what: str) -> None:
        """Raise UsageError if a file that is written below a folder or beside an input is one of them."""
        if self._what and (place := place_of(path)) in self._what:
            self._refuse(place, what)

    def _refuse(self, place: str, what: str) -> None:
        name = self._what[place]
        raise UsageError(f"the {name} would take the place of {what}", f"Give the {name} a name of its own.")


def _holds_something(path: str) -> bool:
    return os.path.isfile(path) and os.path.getsize(path) > 0


def _is_removals(path: str) -> bool:
    from dedup.sinks.removals import MAGIC

    with suppress(OSError), open(path, "rb") as file:
        return file.read(len(MAGIC)) == MAGIC
    return False


def _is_told_elsewhere(_path: str) -> bool:
    """Of baselines `dedup.checks.baseline` tells, wherever they are."""
    return True


def _refuse_one_file(one: str, what: str, other: str, other_what: str) -> None:
    """One file cannot be two; a device can, but for standard output."""
    if _is_same(one, other):
        raise UsageError(
            f"{what} and {other_what} are the same file: {other if one == '-' else one}",
            f"Give the {other_what} a name of its own.",
        )


def _is_same(one: str, other: str) -> bool:
    files = [path for path in (one, other) if path not in STANDARD_OUTPUT]
    if len(files) < 2:
        output = _identity("-", of_output=True)
        return not files or (output is not None and output == _identity(files[0]))
    place = place_of(one)
    return place == place_of(other) and not place.startswith("/dev/")


def _identity(path: str, *, of_output: bool = False) -> tuple[int, int] | None:
    """Device and inode of a regular file, `-` being standard input; None for all else."""
    try:
        facts = os.fstat(1 if of_output else 0) if path == "-" else os.stat(path)
    except OSError:
        return None
    return (facts.st_dev, facts.st_ino) if stat.S_ISREG(facts.st_mode) else None
