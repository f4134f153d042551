"""What findings say: an id made from their words, and their text for those who want to show it.

Renderers never see the sources. So the texts are read again at the end of the run, while the run can still
give them back, and travel in the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dedup.findings import Block, Place, Variant
from dedup.report.reading import Reading, TextOf

WHITE_SPACE = b" \t\n\v\f\r"
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


class Member(NamedTuple):
    """What `check` wants to know of one repeated paragraph."""

    fingerprint: str
    original: str
    """The fingerprint of the paragraph that it repeats."""
    accepted: bool
    """What `Reading.accepts` said of it."""


class Content(NamedTuple):
    """What is known of a finding besides positions and counts."""

    id: str
    texts: Texts | None = None
    members: tuple[Member, ...] = ()
    """One for each repeat, if they were asked for."""


def read_contents(found: Iterable[Block | Variant], text_of: TextOf, reading: Reading) -> list[Content]:
    """One content for each finding.

    Args:
        found: blocks with their repeats, and variants.
        text_of: reads the text of the run again.
        reading: what is wanted.
    Raises:
        OSError: the text is gone.
    Cost: reads both sides of every finding, every original once more for `members`.
    """
    ids, reader = Ids(), TextReader(text_of, reading)
    return [reader.content(ids, one) for one in found]


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


def fingerprint(paragraphs: Iterable[bytes]) -> str:
    r"""xxh3_64 of paragraphs without their white space, one a line; 16 hexadecimal digits.

    Only the text counts: neither its place nor its name, nor how its lines are broken.

    >>> fingerprint([b"one  two\n", b"three"]) == fingerprint([b"one\r\ntwo", b" three\r\n"])
    True
    """
    from xxhash import xxh3_64_hexdigest

    return xxh3_64_hexdigest(b"\n".join([text.translate(None, WHITE_SPACE) for text in paragraphs]))


class TextReader:
    """Reads findings again, up to the wanted level and the total."""

    def __init__(self, text_of: TextOf, reading: Reading) -> None:
        self._text_of = text_of
        self._reading = reading
        self._left = TOTAL_BYTES
        self._originals: dict[Place, str] = {}

    def content(self, ids: Ids, found: Block | Variant) -> Content:
        """The content of one finding."""
        place = found.place
        around = self._around()
        base = max(0, place.start - around)
        data = self._text_of(place.document, base, place.end + around)
        repeats = found.repeats if isinstance(found, Block) else (found,)
        paragraphs = [data[one[0].start - base : one[0].end - base] for one in repeats]
        # Behind an empty paragraph a variant has ids of its own: those of blocks do not depend on how many there are.
        identity = ids.give(paragraphs if isinstance(found, Block) else [b"", *paragraphs])
        texts = None
        if self._reading.level != "none":
            original = found.original
            texts = Texts(self._passage(place, data, base), self._passage(original, *self._read(original, around)))
        if not self._reading.members:
            return Content(identity, texts)
        originals = [repeat.original for repeat in repeats]
        return Content(identity, texts, tuple(map(self._member, paragraphs, originals)))

    def _member(self, text: bytes, original: Place) -> Member:
        if original not in self._originals:
            self._originals[original] = fingerprint([self._text_of(original.document, original.start, original.end)])
        accepts = self._reading.accepts
        return Member(fingerprint([text]), self._originals[original], accepts is not None and accepts(text))

    def _around(self) -> int:
        """Bytes to show around a passage."""
        return AROUND_BYTES if self._reading.around and self._is_full() else 0

    def _is_full(self) -> bool:
        return self._reading.level == "full" and self._left > 0

    def _read(self, place: Place, around: int) -> tuple[bytes, int]:
        """A passage with what is around it, no more of it than is shown; and where that begins."""
        base, end = max(0, place.start - around), place.end + around
        limit = FULL_BYTES if self._is_full() else EXCERPT_BYTES
        return self._text_of(place.document, base, min(end, place.start + limit + around)), base

    def _passage(self, place: Place, data: bytes, base: int) -> Passage:
        """A passage from bytes that begin at `base`."""
        around = self._around()
        limit = FULL_BYTES if self._is_full() else EXCERPT_BYTES
        start, end = place.start - base, place.end - base
        cut = end - start > limit
        text = data[start : start + limit] if cut else data[start:end]
        before = data[:start] if around else b""
        after = data[end : end + around] if around and not cut else b""
        self._left -= len(text) + len(before) + len(after)
        return Passage(
            _decode(_whole(text) if cut else text),
            _decode(before[_first_character(before) :] if base else before),
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
