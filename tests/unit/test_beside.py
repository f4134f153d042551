"""Findings are read beside the run in the order in which they come, by whoever is free."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest

from dedup.batches import Batch
from dedup.findings import Block, Decided, Place, Repeat
from dedup.flat import Blocks, Variants
from dedup.report.beside import MOST_WAITING, Beside
from dedup.report.reading import Reading, RunText
from dedup.run.workers import Workers


class Recorder:
    """Stands for `dedup.report.again`: notes what is read."""

    def __init__(self, fail_at: int = -1) -> None:
        self.read: list[tuple[int, str, list[int], tuple[int, bytes | memoryview]]] = []
        self.added: list[int] = []
        self.fail_at = fail_at

    def Early(self) -> Any:
        recorder = self

        class Early:
            def add(self, reader: Any) -> None:
                recorder.added.append(reader.start)

        return Early()

    def Reader(
        self, blocks: Blocks, variants: Variants, text: RunText, level: str, around: bool, whole: bytes, early: Any
    ) -> Any:
        recorder = self

        class Reader:
            start = blocks[0].place.start

            def read(self, first: int, last: int) -> None:
                assert (first, last) == (0, len(whole))
                if self.start == recorder.fail_at:
                    raise OSError(5, "gone")
                recorder.read.append((self.start, level, list(text.starts), text.at_hand))

        return Reader()


class Matcher:
    """Has the text of a run."""

    def text(self, start: int, end: int) -> bytes:
        return bytes(end - start)

    def reader(self) -> None:
        return None


def decided(start: int) -> Decided:
    """A block at some place."""
    place = Place(0, start, start + 1, 1, 1)
    found = Block(place, place, 1, 9, 1, 9, (Repeat(place, place, "exact", 9, 1, 1, True),))
    return Decided(start, [], Blocks([found]), [], Variants())  # type: ignore[arg-type]


def make(recorder: Recorder, starts: list[int], later: Callable[[Callable[[], None]], None]) -> Beside:
    return Beside(recorder, Reading("full"), Matcher(), starts, later)


def test_reads_where_the_text_is_at_hand() -> None:
    """Each part with the documents that had begun, the end of what was matched, and the batch in memory."""
    recorder, starts = Recorder(), [0]
    beside = make(recorder, starts, lambda step: step())
    beside.take(decided(3), Batch(b"abcdef", [], 0), 6)
    starts += [8, 9]
    beside.take(decided(7), Batch(b"ghijkl", [], 6), 12)
    beside.finish()
    assert recorder.read == [
        (3, "excerpt", [0, 6], (0, b"abcdef")),
        (7, "excerpt", [0, 8, 9, 12], (6, b"ghijkl")),
    ]
    assert recorder.added == [3, 7]


def test_nothing_found_is_nothing_to_read() -> None:
    """Most batches of clean text have no findings, and nobody is called for them."""
    called: list[Callable[[], None]] = []
    beside = make(Recorder(), [0], called.append)
    beside.take(Decided(4, [(0, 4)], Blocks(), [], Variants()), Batch(b"abcd", [], 0), 4)  # type: ignore[arg-type]
    assert called == []


def test_who_finds_findings_waits_for_the_reading_when_too_many_wait() -> None:
    """Their batches are in memory; so there is a bound."""
    recorder = Recorder()
    beside = make(recorder, [0], lambda step: None)
    for number in range(MOST_WAITING):
        beside.take(decided(number), Batch(b"", [], 0), 9)
    assert recorder.added == []
    beside.take(decided(MOST_WAITING), Batch(b"", [], 0), 9)
    assert recorder.added == list(range(MOST_WAITING + 1))


def test_the_order_is_kept_whoever_reads() -> None:
    """Several threads may come for the work at once."""
    recorder, threads = Recorder(), []

    def later(step: Callable[[], None]) -> None:
        threads.append(Thread(target=step))
        threads[-1].start()

    beside = make(recorder, [0], later)
    for number in range(300):
        beside.take(decided(number), Batch(b"", [], 0), 999)
    beside.finish()
    for thread in threads:
        thread.join()
    assert recorder.added == list(range(300))


def test_an_error_is_told_at_the_end() -> None:
    """The thread that reads has nobody to tell; what comes after is not read."""
    recorder = Recorder(fail_at=1)
    beside = make(recorder, [0], lambda step: step())
    for number in range(3):
        beside.take(decided(number), Batch(b"", [], 0), 9)
    with pytest.raises(OSError, match="gone"):
        beside.finish()
    assert recorder.added == [0]


def test_a_single_thread_does_steps_at_once() -> None:
    """Without helpers nobody else would."""
    done: list[int] = []
    workers = Workers(engine=None, threads=1, prepare=lambda batch: None)  # type: ignore[arg-type]
    workers.beside(lambda: done.append(1))
    assert done == [1]


def test_starts_are_an_array_of_64_bits() -> None:
    """As the reader in C takes them."""
    seen: list[str] = []

    class Watching(Recorder):
        def Reader(self, blocks: Blocks, variants: Variants, text: RunText, *rest: Any, early: Any) -> Any:
            assert isinstance(text.starts, array)
            seen.append(text.starts.typecode)
            return super().Reader(blocks, variants, text, *rest, early=early)

    beside = make(Watching(), [0], lambda step: step())
    beside.take(decided(1), Batch(b"", [], 0), 9)
    beside.finish()
    assert seen == ["Q"]
