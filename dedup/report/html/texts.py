"""The texts of a finding, paragraph beside paragraph, within a budget for the whole page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dedup.findings import Repeat
from dedup.report.content import Passage, fair_limit
from dedup.report.finding import Finding, Side

TEXT_BYTES = 8_000_000
"""Text in one page, in UTF-8; with 10,000 findings each may show 800."""
MOST_BYTES = 16_000
"""Of one finding, however few there are."""
LEAST_BYTES = 240
CUT_CHARACTERS = 24
"""The rest of a cut word has fewer; where words have no spaces between them nothing is looked for longer."""
CONTEXT_BYTES = 240
"""Of what stands around a finding, before and after, on both sides; a tenth of the finding's limit if that is less."""

Pair = tuple[str | None, str | None]
"""Text of the original and of the repeat; None where there is none."""


class Row(NamedTuple):
    """One pair of paragraphs; None where a side has none."""

    original: str | None
    repeat: str | None
    original_line: int
    """Its first line, or 0 for what stands between two repeats and for an original that stands elsewhere."""
    line: int
    """The same, never 0 for a repeat."""
    cut: bool = False
    """The paragraph goes on."""


class Shown(NamedTuple):
    """What the page shows of one finding."""

    before: Pair
    rows: list[Row]
    after: Pair
    more: int
    """Paragraphs that found no room."""


NOTHING = Shown((None, None), [], (None, None), 0)


def share_out(sizes: Sequence[int], total: int = TEXT_BYTES) -> int:
    """The largest equal limit with which all texts together stay within the total.

    >>> share_out([10, 10, 10], total=600), share_out([100, 1000, 5000], total=3100)
    (600, 2000)
    """
    return max(LEAST_BYTES, min(MOST_BYTES, fair_limit(sizes, total)))


def text_size(finding: Finding) -> int:
    """About how many bytes of text a finding has to show: both sides where they differ, and what is around them."""
    if finding.texts is None:
        return 0
    repeat, original = finding.texts.repeat, finding.texts.original
    around = sum(min(CONTEXT_BYTES, len(text)) for one in (repeat, original) for text in (one.before, one.after))
    return _utf8(repeat.text) + (_utf8(original.text) if original.text != repeat.text else 0) + around


def shown(finding: Finding, limit: int) -> Shown:
    """The rows of a finding and what stands around it, cut to `limit` bytes in UTF-8."""
    if finding.texts is None:
        return NOTHING
    repeat, original = finding.texts.repeat, finding.texts.original
    around = min(CONTEXT_BYTES, limit // 10)
    before = _before(original, finding.original, around), _before(repeat, finding.place, around)
    after = _after(original, around), _after(repeat, around)
    beside = sum(_utf8(text) for text in (*before, *after) if text)
    rows, more = _within(list(_rows(finding)), max(0, limit - beside))
    ended = not more and not (rows and rows[-1].cut)
    return Shown(before, rows, after if ended else (None, None), more)


def readable(data: bytes) -> str:
    """Text that can be written as UTF-8: what is not UTF-8 becomes U+FFFD."""
    return data.decode("utf-8", "replace")


def _rows(finding: Finding) -> Iterator[Row]:
    """Every repeated paragraph beside its original, and between them what repeats nothing."""
    assert finding.texts is not None
    here, there = finding.texts.repeat, finding.texts.original
    if len(finding.repeats) < 2:  # most findings: the passages are the paragraphs
        yield Row(_whole(there), _whole(here), finding.original.line, finding.place.line, here.cut or there.cut)
    else:
        yield from _members(finding, _Reading(here, finding.place.start), _Reading(there, finding.original.start))


def _whole(passage: Passage) -> str:
    text = passage.text
    return (text if text.isascii() else _printable(text)).rstrip("\r\n")


def _printable(text: str) -> str:
    """Text without lone surrogates, each of which stands for a byte that is not UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _bytes(text: str) -> bytes:
    """The bytes of the document. A stored report may hold surrogates that no document has."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _members(finding: Finding, here: _Reading, there: _Reading) -> Iterator[Row]:
    for repeat in finding.repeats:
        if here.spent:
            return
        parallel = repeat.original.document == finding.original.document and repeat.original.start >= there.at
        gap = (there.until(repeat.original.start) if parallel else "", here.until(repeat.place.start))
        if any(gap):
            yield Row(gap[0] or None, gap[1] or None, 0, 0)
        yield _pair(repeat, here, there, parallel)


def _pair(repeat: Repeat, here: _Reading, there: _Reading, parallel: bool) -> Row:
    original = there.until(repeat.original.end) if parallel and not there.spent else None
    text = here.until(repeat.place.end)
    if original is None and repeat.kind == "exact":
        original = text  # it stands elsewhere, but its words are known: they are the same
    return Row(original, text, repeat.original.line if parallel else 0, repeat.place.line, here.cut and here.spent)


class _Reading:
    """One passage, read from its start to its end by byte positions of its document."""

    def __init__(self, passage: Passage, start: int) -> None:
        self._bytes = _bytes(passage.text)
        self._start = start
        self.at = start
        self.cut = passage.cut

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.at >= self._start + len(self._bytes)

    def until(self, end: int) -> str:
        """The text from where reading stands to `end`, without the line ends behind it."""
        text = self._bytes[self.at - self._start : max(0, end - self._start)]
        self.at = max(self.at, end)
        return readable(text).rstrip("\r\n")


def _within(rows: list[Row], limit: int) -> tuple[list[Row], int]:
    """The rows that fit, the last of them cut where it must be, and the number left out."""
    kept: list[Row] = []
    for position, row in enumerate(rows):
        size = _size(row)
        if size > limit:
            if kept and limit < LEAST_BYTES:
                return kept, len(rows) - position
            return [*kept, _cut(row, limit)], len(rows) - position - 1
        kept.append(row)
        limit -= size
    return kept, 0


def _size(row: Row) -> int:
    return _utf8(row.repeat or "") + (_utf8(row.original or "") if row.original != row.repeat else 0)


def _utf8(text: str) -> int:
    return len(text) if text.isascii() else len(_bytes(text))


def _cut(row: Row, limit: int) -> Row:
    """Both sides cut at the same length: beginnings can be compared."""
    most = limit if row.original == row.repeat else limit // 2
    return row._replace(
        original=row.original and _beginning(row.original, most),
        repeat=row.repeat and _beginning(row.repeat, most),
        cut=True,
    )


def _beginning(text: str, most_bytes: int) -> str:
    """
    >>> _beginning("née", 2), _beginning("née", 3)
    ('n', 'né')
    """
    return text[:most_bytes] if text.isascii() else text.encode("utf-8")[:most_bytes].decode("utf-8", "ignore")


def _before(passage: Passage, side: Side, most: int) -> str | None:
    if not passage.before:
        return None
    whole = len(passage.before) <= most and _utf8(passage.before) == side.start
    text = passage.before if whole else passage.before[-most:]
    text = (text if text.isascii() else _printable(text)).strip("\r\n")
    return (text if whole else f"…{_from_a_word(text)}") or None


def _from_a_word(text: str) -> str:
    """Without the rest of a word that was cut, if it ends soon.

    >>> _from_a_word("rnment Office to study"), _from_a_word("x" * 25)
    ('Office to study', 'xxxxxxxxxxxxxxxxxxxxxxxxx')
    """
    end = next((at for at, character in enumerate(text[:CUT_CHARACTERS]) if character.isspace()), 0)
    return text[end:].lstrip()


def _after(passage: Passage, most: int) -> str | None:
    text = passage.after[:most]
    text = (text if text.isascii() else _printable(text)).strip("\r\n")
    return f"{text.rstrip()}…" if text else None
