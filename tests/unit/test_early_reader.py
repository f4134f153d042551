"""Findings are read beside the run, where their text is at hand."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

from dedup.batches import Batch
from dedup.findings import Block, Decided, Place, Repeat
from dedup.flat import Blocks, Variants
from dedup.report.early_reader import EarlyReader
from dedup.report.reading import Reading, RunText
from dedup.run.deferred import Deferred


class Recorder:
    """Stands for `dedup.report.again`: notes what is read."""

    def __init__(self) -> None:
        self.read: list[tuple[int, str, list[int], tuple[int, bytes | memoryview]]] = []
        self.added: list[int] = []

    def Early(self) -> Any:
        recorder = self

        class Early:
            def add(self, reader: Any) -> None:
                recorder.added.append(reader.start)

        return Early()

    def Reader(self, blocks: Blocks, variants: Variants, text: RunText, level: str, early: Any) -> Any:
        recorder = self

        class Reader:
            start = blocks[0].place.start

            def __len__(self) -> int:
                return len(blocks) + len(variants)

            def read(self, first: int, last: int) -> None:
                assert (first, last) == (0, len(self))
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


def make(recorder: Recorder, starts: list[int], later: Callable[[Callable[[], None]], None]) -> EarlyReader:
    return EarlyReader(recorder, Reading("full"), Matcher(), starts, Deferred(later))


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
