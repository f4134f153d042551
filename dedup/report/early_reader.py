"""What findings say, read beside the run by whichever thread is free: at its end little is left to read.

Only where C was built (`dedup.report.again`). Read are the id of each finding and the excerpts of its texts: which
findings have whole texts is not known before the end.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from dedup.batches import Batch
from dedup.findings import Decided
from dedup.report.reading import Reading, RunText


class Deferred(Protocol):
    """What is wanted of `dedup.run.deferred.Deferred`."""

    def add(self, step: Callable[[], None], /) -> None:
        """Have a step taken, after those before it."""

    def finish(self) -> None:
        """Wait for all of them. Raises what one has raised."""


class EarlyReader:
    """Reads findings in the order in which they come."""

    def __init__(
        self,
        again: Any,
        reading: Reading,
        matcher: Any,
        starts: Sequence[int],
        deferred: Deferred,
    ) -> None:
        """
        Args:
            again: the module `dedup.report.again`.
            reading: what is wanted.
            matcher: has the text of the run, and lets other threads read it.
            starts: where each document begins; grows with the run.
            deferred: has steps taken in order by threads that are free.
        """
        self._again = again
        self._level = "none" if reading.level == "none" else "excerpt"
        self._read_text = matcher.text
        self._reader = matcher.reader()
        self._starts = starts
        self._deferred = deferred
        self._known = array("Q")
        """Where documents begin, as the readers in C see it."""
        self._early = again.Early()

    def take(self, decided: Decided, batch: Batch, end: int) -> None:
        """Have read what was found when a batch was matched, after which the matched text ends at `end`."""
        if not decided.blocks and not decided.variants:
            return
        documents, text = len(self._starts), (batch.start, batch.text)
        self._deferred.add(partial(self._read, decided, documents, end, text))

    def finish(self) -> Any:
        """Everything that was read, as `Early`. Raises what reading raised."""
        self._deferred.finish()
        return self._early

    def _read(self, found: Decided, documents: int, end: int, at_hand: tuple[int, bytes | memoryview]) -> None:
        """Read findings in text that ends at `end`, in which so many documents have begun."""
        self._known.extend(self._starts[len(self._known) : documents])
        self._known.append(end)  # where the last of them ends as far as it was matched
        text_of = RunText(self._read_text, self._known, self._reader, at_hand)
        reader = self._again.Reader(found.blocks, found.variants, text_of, self._level, early=self._early)
        reader.read(0, len(reader))
        self._early.add(reader)
        del reader, text_of  # they look at the starts
        self._known.pop()
