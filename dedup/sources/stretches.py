"""Text that comes in a stream and never pauses, in stretches that end where paragraphs do.

A stretch is one buffer from the moment it is read: what the next one begins with is copied, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from dedup.sources.source import Source
from dedup.unit import HEAD_BYTES, Unit, wanted_head

PART_BYTES = 256 << 10
"""Asked of a source at once: what has just been expanded is still in the processor's cache when it is put in place."""


class Cutter(Protocol):
    """What cutting needs of an engine."""

    def cut(self, text: bytes | bytearray | memoryview, unit: Unit, /) -> int:
        """Offset of a late paragraph boundary of `text`, 0 if there is none."""

    def resolve_unit(self, name: str, head: bytes | memoryview, whole: bool, /) -> Unit:
        """The unit of a document that begins with `head`."""


class Stretch(NamedTuple):
    """A stretch of one document."""

    text: bytes | memoryview
    """May go on after `size`; those bytes come again in the next stretch."""
    size: int
    unit: Unit
    """Of the document."""
    last: bool
    """The document ends here."""


def cut_stretches(source: Source, cutter: Cutter, unit_name: str, size: int) -> Iterator[Stretch]:
    """Cut all text of a source, which is one document; an empty one gives one empty stretch.

    Args:
        source: read to its end.
        cutter: knows where paragraphs end.
        unit_name: the option.
        size: bytes to read for a stretch; more where a paragraph is longer.
    Raises:
        ReadError: as the source says.
    Cost: O(n), also for one paragraph of many stretches.
    """
    text, ended = _read_on(source, b"", max(size, wanted_head(unit_name)))
    unit = cutter.resolve_unit(unit_name, text[:HEAD_BYTES], ended)
    while not ended:
        end = cutter.cut(text, unit)
        if end:
            yield Stretch(text, end, unit, False)
        # Without an end one paragraph fills the stretch: look at twice as much of it.
        text, ended = _read_on(source, text[end:], size if end else 2 * len(text))
    yield Stretch(text, len(text), unit, True)


def _read_on(source: Source, text: bytes, size: int) -> tuple[bytes, bool]:
    """The text with what follows it, `size` bytes together, and whether the source has ended before."""
    parts, missing = [text] if text else [], size - len(text)
    while missing > 0:
        part = source.read(min(missing, PART_BYTES))
        if not part:
            return b"".join(parts), True
        parts.append(part)
        missing -= len(part)
    return b"".join(parts), False
