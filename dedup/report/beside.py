"""What findings say, read beside the run by whichever thread is free: at its end little is left to read.

Only where C was built (`dedup.report.again`). Read are the id of each finding and the excerpts of its texts: which
findings have whole texts is not known before the end.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, NamedTuple

from dedup.batches import Batch
from dedup.findings import Decided
from dedup.flat import Blocks, Variants
from dedup.report.reading import Reading, RunText

MOST_WAITING = 4
"""Batches with findings that wait to be read; they are in memory."""


class Found(NamedTuple):
    """What was found when a batch was matched, and where its text is at hand."""

    blocks: Blocks
    variants: Variants
    documents: int
    """How many have begun."""
    end: int
    """Of the text that was matched."""
    start: int
    text: bytes | memoryview


class Beside:
    """Reads findings in the order in which they come."""

    def __init__(
        self,
        again: Any,
        reading: Reading,
        matcher: Any,
        starts: Sequence[int],
        later: Callable[[Callable[[], None]], None],
    ) -> None:
        """
        Args:
            again: the module `dedup.report.again`.
            reading: what is wanted.
            matcher: has the text of the run, and lets other threads read it.
            starts: where each document begins; grows with the run.
            later: has a thread that is free call something.
        """
        self._again = again
        self._level = "none" if reading.level == "none" else "excerpt"
        self._read_text = matcher.text
        self._reader = matcher.reader()
        self._starts = starts
        self._later = later
        self._known = array("Q")
        """Where documents begin, as the readers in C see it."""
        self._waiting: deque[Found] = deque()
        self._reading = Lock()
        self._error: BaseException | None = None
        self._early = again.Early()

    def take(self, decided: Decided, batch: Batch, end: int) -> None:
        """Have read what was found when a batch was matched, after which the matched text ends at `end`."""
        if not decided.blocks and not decided.variants:
            return
        found = Found(decided.blocks, decided.variants, len(self._starts), end, batch.start, batch.text)  # type: ignore[arg-type]
        self._waiting.append(found)
        if len(self._waiting) > MOST_WAITING:
            with self._reading:
                self._read_waiting()
        else:
            self._later(self._work)

    def finish(self) -> Any:
        """Everything that was read, as `Early`. Raises what reading raised."""
        with self._reading:
            self._read_waiting()
        if self._error is not None:
            raise self._error
        return self._early

    def _work(self) -> None:
        # Whoever comes while another reads leaves the work to that one, which looks again after it has let go.
        while self._waiting and self._reading.acquire(blocking=False):
            try:
                self._read_waiting()
            finally:
                self._reading.release()

    def _read_waiting(self) -> None:
        while self._waiting:
            found = self._waiting.popleft()
            if self._error is None:
                try:
                    self._read(found)
                except Exception as error:  # of a thread that nobody waits for: told at the end
                    self._error = error

    def _read(self, found: Found) -> None:
        blocks, variants, documents, end, start, text = found
        self._known.extend(self._starts[len(self._known) : documents])
        self._known.append(end)  # where the last of them ends as far as it was matched
        text_of = RunText(self._read_text, self._known, self._reader, (start, text))
        reader = self._again.Reader(blocks, variants, text_of, self._level, early=self._early)
        reader.read(0, len(reader))
        self._early.add(reader)
        del reader, text_of  # they look at the starts
        self._known.pop()
