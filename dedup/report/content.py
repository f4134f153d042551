"""What findings say: an id made from their words, and their text for those who want to show it.

Renderers never see the sources. So the texts are read again at the end of the run, while the run can still
give them back, and travel in the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dedup.findings import Block, Place, Variant
from dedup.report.reading import Reading, TextOf

WHITE_SPACE = b" \t\n\v\f\r"
EXCERPT_BYTES = 240
FULL_BYTES = 20_000
AROUND_BYTES = 240
TOTAL_BYTES = 12 << 20
"""Texts at level `full` in one report. Where there are more the longest findings share it; others have excerpts."""
SHARING = 10_000
"""Findings that share it: those that a page has."""


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
    ids, found = Ids(), list(found)
    chosen, bounds = b"\0" * len(found), WHOLE
    if reading.level == "full":
        chosen, bounds = choose([one.words for one in found], [sides(one.place, one.original) for one in found])
    reader = TextReader(text_of, reading, bounds)
    return [reader.content(ids, one, whole > 0) for one, whole in zip(found, chosen, strict=True)]


class Bounds(NamedTuple):
    """How much is shown of a text at level `full`, and of what stands before and after it."""

    text: int
    around: int


WHOLE = Bounds(FULL_BYTES, AROUND_BYTES)


def choose(words: Sequence[int], sides: Sequence[tuple[int, int]]) -> tuple[bytes, Bounds]:
    """Which findings have their texts at level `full`, and how much of them.

    All have, where they are not too long together. Else those with the most words, the earlier of equals, share the
    total: as on the page, it is better that many can be compared than that few are endless.

    Args:
        words: of each finding.
        sides: bytes of its two texts, by `dedup.report.content.sides`.
    Returns:
        1 for each that has, 0 for each that has an excerpt; and the bounds.
    Cost: O(n log n) if they are too long; n = 55,000 takes 40 ms.
    """
    around = 4 * AROUND_BYTES * len(sides)
    if sum(map(sum, sides)) + around <= TOTAL_BYTES:
        return b"\1" * len(words), WHOLE
    chosen = bytearray(len(words))
    order = sorted(range(len(words)), key=words.__getitem__, reverse=True)  # a stable sort, reversed as well
    for number in order[:SHARING]:
        chosen[number] = 1
    limit = fair_limit([size for number in order[:SHARING] for size in sides[number]], TOTAL_BYTES)
    limit = max(EXCERPT_BYTES, min(FULL_BYTES, limit))
    return bytes(chosen), Bounds(limit, min(AROUND_BYTES, limit // 10))


def fair_limit(sizes: Iterable[int], total: int) -> int:
    """The largest equal limit with which all together stay within a total; the total if they do without one.

    >>> fair_limit([10, 100, 1000], 210), fair_limit([10, 100], 210)
    (100, 210)
    """
    ordered = sorted(sizes)
    left = total
    for position, size in enumerate(ordered):
        limit = left // (len(ordered) - position)
        if size > limit:
            return limit
        left -= size
    return total


def sides(place: Place, original: Place) -> tuple[int, int]:
    """The most that the two texts of a finding can take at level `full`."""
    return min(place.end - place.start, FULL_BYTES), min(original.end - original.start, FULL_BYTES)


def says_the_same(found: Block | Variant) -> bool:
    """Whether repeats in the same words make up both places: then an excerpt of the one is enough."""
    if not isinstance(found, Block) or any(one.kind == "near" for one in found.repeats):
        return False
    at, there = found.place.start, found.original.start
    for one in found.repeats:
        if (one.place.start, one.original.document, one.original.start) != (at, found.original.document, there):
            return False
        at, there = one.place.end, one.original.end
    return (at, there) == (found.place.end, found.original.end)


def excerpts(found: Block | Variant, texts: Texts) -> Texts:
    """The texts of a finding as level `excerpt` has them, from those of any level."""
    here = _excerpt(texts.repeat)
    return Texts(here, here if says_the_same(found) else _excerpt(texts.original))


def _excerpt(passage: Passage) -> Passage:
    data = passage.text.encode("utf-8", "surrogateescape")
    if len(data) <= EXCERPT_BYTES:
        return Passage(passage.text, cut=passage.cut)
    return Passage(_decode(_whole(data[:EXCERPT_BYTES])), cut=True)


def part_of(texts: Texts, whole: Block, left: Block) -> Texts | None:
    """The texts of what is left of a block, from those of the whole; None where these do not reach so far."""
    if texts.original is texts.repeat:
        here = there = _part(texts.repeat, whole.place, left.place)
    else:
        here, there = (
            _part(texts.repeat, whole.place, left.place),
            _part(texts.original, whole.original, left.original),
        )
    return None if here is None or there is None else Texts(here, there)


def _part(passage: Passage, whole: Place, left: Place) -> Passage | None:
    before, data, after = (
        text.encode("utf-8", "surrogateescape") for text in (passage.before, passage.text, passage.after)
    )
    start, end = left.start - whole.start, left.end - whole.start
    if left.document != whole.document or not 0 <= start < len(data):
        return None
    above, below = (before + data[:start])[-AROUND_BYTES:], (data[end:] + after)[:AROUND_BYTES]
    return Passage(
        _decode(data[start:end]),
        _decode(above[_first_character(above) :]),
        _decode(_whole(below)),
        end > len(data),
    )


class Ids:
    """Gives out ids: equal text gets the same one, told apart by `-2`, `-3`, ... in the order of the input."""

    def __init__(self) -> None:
        self.seen: dict[str | int, int] = {}
        """How often each text was seen, by its fingerprint; in C that is a number."""

    def give(self, paragraphs: Sequence[bytes]) -> str:
        """The id of a finding whose repeated paragraphs say this."""
        base = fingerprint(paragraphs)
        self.seen[base] = times = self.seen.get(base, 0) + 1
        return base if times == 1 else f"{base}-{times}"


def fingerprint(paragraphs: Iterable[bytes]) -> str:
    r"""xxh64 of paragraphs without their white space, one a line; 16 hexadecimal digits.

    Only the text counts: neither its place nor its name, nor how its lines are broken.

    >>> fingerprint([b"one  two\n", b"three"]) == fingerprint([b"one\r\ntwo", b" three\r\n"])
    True
    """
    from xxhash import xxh64_hexdigest

    return xxh64_hexdigest(b"\n".join([text.translate(None, WHITE_SPACE) for text in paragraphs]))


class TextReader:
    """Reads findings again, up to the wanted level."""

    def __init__(self, text_of: TextOf, reading: Reading, bounds: Bounds = WHOLE) -> None:
        self._text_of = text_of
        self._reading = reading
        self._bounds = bounds
        self._originals: dict[Place, str] = {}

    def content(self, ids: Ids, found: Block | Variant, whole: bool) -> Content:
        """The content of one finding; with `whole` its texts as far as level `full` has them."""
        place, level = found.place, self._reading.level
        whole = whole and level == "full"
        around, limit = (self._bounds.around, self._bounds.text) if whole else (0, EXCERPT_BYTES)
        base = max(0, place.start - around)
        data = self._text_of(place.document, base, place.end + around)
        repeats = found.repeats if isinstance(found, Block) else (found,)
        paragraphs = [data[one[0].start - base : one[0].end - base] for one in repeats]
        # With an empty paragraph before it, the id of a variant is never that of a block: how blocks are numbered does
        # not depend on variants.
        identity = ids.give(paragraphs if isinstance(found, Block) else [b"", *paragraphs])
        texts = None
        if level != "none":
            here = _passage(place, data, base, around, limit)
            alike = not whole and says_the_same(found)
            texts = Texts(here, here if alike else self._read(found.original, around, limit))
        if not self._reading.members:
            return Content(identity, texts)
        originals = [repeat.original for repeat in repeats]
        return Content(identity, texts, tuple(map(self._member, paragraphs, originals)))

    def _member(self, text: bytes, original: Place) -> Member:
        if original not in self._originals:
            self._originals[original] = fingerprint([self._text_of(original.document, original.start, original.end)])
        accepts = self._reading.accepts
        return Member(fingerprint([text]), self._originals[original], accepts is not None and accepts(text))

    def _read(self, place: Place, around: int, limit: int) -> Passage:
        """A passage with what is around it; no more of it is read than is shown."""
        base, end = max(0, place.start - around), place.end + around
        data = self._text_of(place.document, base, min(end, place.start + limit + around))
        return _passage(place, data, base, around, limit)


def _passage(place: Place, data: bytes, base: int, around: int, limit: int) -> Passage:
    """A passage from bytes that begin at `base`."""
    start, end = place.start - base, place.end - base
    cut = end - start > limit
    text = data[start : start + limit] if cut else data[start:end]
    before = data[:start] if around else b""
    after = data[end : end + around] if around and not cut else b""
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
