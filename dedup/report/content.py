"""What findings say: an id made from their words, and their text for those who want to show it.

Renderers never see the sources. So the texts are read again at the end of the run, while the run can still
give them back, and travel in the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dedup.findings import Block, Place, Variant

TextOf = Callable[[int, int, int], bytes]
"""Gives bytes [start, end) of a document, given by its number."""

LEVELS = ("none", "excerpt", "full")
"""How much text a report carries: none; the beginning of both sides; both sides, with what is around them."""
EXCERPT_BYTES = 240
FULL_BYTES = 20_000
AROUND_BYTES = 240
TOTAL_BYTES = 64 << 20
"""Text in one report; findings after that get excerpts, so that memory stays bounded."""


class Passage(NamedTuple):
    """One side of a finding as text; bytes that are not UTF-8 are lone surrogates (`surrogateescape`)."""

    text: str
    before: str = ""
    """The end of what stands before it in its document."""
    after: str = ""
    cut: bool = False
    """The text goes on; only its beginning is here."""


class Texts(NamedTuple):
    """Both sides of a finding."""

    repeat: Passage
    original: Passage


class Content(NamedTuple):
    """What is known of a finding besides positions and counts."""

    id: str
    texts: Texts | None = None


def read_contents(
    blocks: Sequence[Block], variants: Sequence[Variant], text_of: TextOf, level: str = "none"
) -> list[Content]:
    """One content for each block, then one for each variant.

    Args:
        blocks: with their repeats.
        variants: may be empty.
        text_of: reads the text of the run again.
        level: one of `LEVELS`.
    Raises:
        OSError: the text is gone.
    Cost: reads both sides of every finding; about 5 microseconds each.
    """
    ids, reader = Ids(), TextReader(text_of, level)
    sides = [(one.place, one.original, [each.place for each in one.repeats]) for one in blocks]
    sides += [(one.place, one.original, [one.place]) for one in variants]
    return [reader.content(ids, place, original, members) for place, original, members in sides]


class Ids:
    """Gives out ids: equal text gets the same one, told apart by `-2`, `-3`, ... in the order of the input."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def give(self, paragraphs: Sequence[bytes]) -> str:
        """The id of a finding whose repeated paragraphs say this."""
        base = fingerprint(paragraphs)
        self._seen[base] += 1
        times = self._seen[base]
        return base if times == 1 else f"{base}-{times}"


def fingerprint(paragraphs: Sequence[bytes]) -> str:
    r"""xxh3_64 of paragraphs: their words apart by one space, one paragraph a line; 16 hexadecimal digits.

    Only the text counts: neither its place nor its name, nor how its lines are broken.

    >>> fingerprint([b"one  two\n", b"three"]) == fingerprint([b"one\r\ntwo", b" three\r\n"])
    True
    """
    import xxhash

    return xxhash.xxh3_64_hexdigest(b"\n".join([b" ".join(text.split()) for text in paragraphs]))


class TextReader:
    """Reads findings again, up to the wanted level and the total."""

    def __init__(self, text_of: TextOf, level: str) -> None:
        self._text_of = text_of
        self._level = level
        self._left = TOTAL_BYTES

    def content(self, ids: Ids, place: Place, original: Place, members: Sequence[Place]) -> Content:
        """The content of one finding; `members` are its repeated paragraphs, all inside `place`."""
        text, start = self._text_of(place.document, place.start, place.end), place.start
        identity = ids.give([text[one.start - start : one.end - start] for one in members or [place]])
        if self._level == "none":
            return Content(identity)
        return Content(identity, Texts(self._passage(place), self._passage(original)))

    def _passage(self, place: Place) -> Passage:
        full = self._level == "full" and self._left > 0
        limit, around = (FULL_BYTES, AROUND_BYTES) if full else (EXCERPT_BYTES, 0)
        first, last = max(0, place.start - around), min(place.end, place.start + limit)
        cut = last < place.end
        data = self._text_of(place.document, first, last if cut else last + around)
        self._left -= len(data)
        before, rest = data[: place.start - first], data[place.start - first :]
        text, after = rest[: last - place.start], rest[last - place.start :]
        return Passage(
            _decode(_whole(text) if cut else text),
            _decode(before[_first_character(before) if first else 0 :]),
            _decode(_whole(after)),
            cut,
        )


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _first_character(data: bytes) -> int:
    """Where the first whole character begins, in text that may start inside of one."""
    at = 0
    while at < min(len(data), 3) and data[at] & 0xC0 == 0x80:
        at += 1
    return at


def _whole(data: bytes) -> bytes:
    r"""Text without a last character that was cut through.

    >>> _whole("née".encode()[:2]), _whole("née".encode()[:3])
    (b'n', b'n\xc3\xa9')
    """
    for back in range(1, min(4, len(data)) + 1):
        lead = data[-back]
        if lead & 0xC0 != 0x80:
            size = 2 if lead >> 5 == 6 else 3 if lead >> 4 == 14 else 4 if lead >> 3 == 30 else 1
            return data[:-back] if size > back else data
    return data
