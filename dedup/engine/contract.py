"""What an engine is: the names that the loop, the readers and the tools call, the same in both engines.

An engine is made once for some settings (`dedup.engine.select`) and sketches batches from any thread. Each run has a
matcher of its own, which is given the batches and their sketches in input order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from dedup.batches import Batch
from dedup.findings import Block, Decided
from dedup.unit import Unit

Text = bytes | bytearray | memoryview
Announce = Callable[[Callable[[], None]], None]
"""Has threads that are free call something."""
Sketches = Any
"""What `sketch` gives and `match` takes; each engine has its own, which nobody else looks into."""


class Engine(Protocol):
    """Sketches batches and hands out matchers; the settings do not change."""

    @property
    def name(self) -> str:
        """`native` or `reference`."""

    def sketch(self, batch: Batch, /) -> Sketches:
        """Split a batch into paragraphs and sketch each; threads may call it at once."""

    def cut(self, text: Text, unit: Unit, /) -> int:
        """Offset of a late paragraph boundary: what stands before it is whole, whatever follows; 0 if there is none."""

    def split(self, text: bytes, unit: Unit, at_end: bool, /) -> list[int]:
        """Starts of paragraphs, as `dedup.paragraphs.split_paragraphs` gives them."""

    def resolve_unit(self, name: str, head: Text, whole: bool, /) -> Unit:
        """What a paragraph of a document is, by the option and the document's beginning."""

    def resolve_units(self, name: str, text: Text, ends: list[int], /) -> list[Unit]:
        """The same for whole documents that lie end to end."""

    def matcher(self, details: bool = False, announce: Announce | None = None, /) -> Matcher:
        """Begin a run.

        Args:
            details: every call gives the blocks that it closed, with their repeats.
            announce: lets threads that are free share the matching.
        """


class Matcher(Protocol):
    """Matches the batches of one run in input order.

    One that lets other threads read the text of the run has `reader()` besides, for `dedup.report.again`.
    """

    @property
    def originals(self) -> int:
        """Paragraphs in the index so far."""

    @property
    def full_buckets(self) -> int:
        """Buckets that hold as many originals as they may."""

    @property
    def variants_by_rule(self) -> dict[str, int]:
        """How many near matches stay because they add something, by what they add."""

    def match(self, batch: Batch, sketches: Sketches, /) -> Decided:
        """Take the next batch; gives what is settled. Raises OSError: text cannot be read again."""

    def finish(self) -> Decided:
        """Nothing follows, so the index may go; gives what was left. Text can still be read."""

    def text(self, start: int, end: int, /) -> bytes:
        """Bytes [start, end) of the text of the run. Raises OSError: they cannot be read again."""

    def largest(self, n: int, /) -> list[Block]:
        """The n closed blocks with the most words removed, without their repeats; of equals the earlier."""
