"""The texts of a finding, paragraph beside paragraph, within a budget for the whole page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dedup.findings import Repeat
from dedup.report.content import Passage
from dedup.report.finding import Finding, Side

TEXT_CHARACTERS = 7_500_000
"""Text in one page; with 10,000 findings each may show 750."""
MOST_CHARACTERS = 16_000
"""Of one finding, however few there are."""
LEAST_CHARACTERS = 240
CONTEXT_CHARACTERS = 240
"""Of what stands around a finding, on each side; a tenth of the finding's limit if that is less."""

Pair = tuple[str | None, str | None]
"""Text of the original and of the repeat; None where there is none."""


class Row(NamedTuple):
    """One pair of paragraphs; None where a side has none."""

    original: str | None
    repeat: str | None
    original_line: int
    """Its first line, or 0 for what stands between two repeats."""
    line: int
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


def share_out(sizes: Sequence[int], total: int = TEXT_CHARACTERS) -> int:
    """The largest equal limit with which all texts together stay within the total.

    >>> share_out([10, 10, 10], total=600), share_out([100, 1000, 5000], total=3100)
    (16000, 2000)
    """
    left = total
    for position, size in enumerate(sorted(sizes)):
        limit = left // (len(sizes) - position)
        if size > limit:
            return max(LEAST_CHARACTERS, min(MOST_CHARACTERS, limit))
        left -= size
    return MOST_CHARACTERS


def text_size(finding: Finding) -> int:
    """About how much text a finding has to show: both sides where they differ."""
    if finding.texts is None:
        return 0
    repeat, original = finding.texts.repeat.text, finding.texts.original.text
    return len(repeat) + (len(original) if original != repeat else 0)


def shown(finding: Finding, limit: int) -> Shown:
    """The rows of a finding, cut to `limit` characters, and what stands around it."""
    if finding.texts is None:
        return NOTHING
    repeat, original = finding.texts.repeat, finding.texts.original
    around = min(CONTEXT_CHARACTERS, limit // 10)
    rows, more = _within(list(_rows(finding)), limit)
    ended = not more and not (rows and rows[-1].cut)
    return Shown(
        (_before(original, finding.original, around), _before(repeat, finding.place, around)),
        rows,
        (_after(original, around), _after(repeat, around)) if ended else (None, None),
        more,
    )


def readable(data: bytes) -> str:
    """Text that can be written as UTF-8: what is not UTF-8 becomes U+FFFD."""
    return data.decode("utf-8", "replace")


def _rows(finding: Finding) -> Iterator[Row]:
    """Every repeated paragraph beside its original, and between them what repeats nothing."""
    assert finding.texts is not None
    here = _Reading(finding.texts.repeat, finding.place.start)
    there = _Reading(finding.texts.original, finding.original.start)
    if not finding.repeats:
        yield Row(there.rest(), here.rest(), finding.original.line, finding.place.line, here.cut or there.cut)
        return
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
    return Row(original, text, repeat.original.line, repeat.place.line, here.cut and here.spent)


class _Reading:
    """One passage, read from its start to its end by byte positions of its document."""

    def __init__(self, passage: Passage, start: int) -> None:
        self._bytes = passage.text.encode("utf-8", "surrogateescape")
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

    def rest(self) -> str:
        """Everything that is left."""
        return self.until(self._start + len(self._bytes))


def _within(rows: list[Row], limit: int) -> tuple[list[Row], int]:
    """The rows that fit, the last of them cut where it must be, and the number left out."""
    kept: list[Row] = []
    for position, row in enumerate(rows):
        size = _size(row)
        if size > limit:
            if kept and limit < LEAST_CHARACTERS:
                return kept, len(rows) - position
            return [*kept, _cut(row, limit)], len(rows) - position - 1
        kept.append(row)
        limit -= size
    return kept, 0


def _size(row: Row) -> int:
    return len(row.repeat or "") + (len(row.original or "") if row.original != row.repeat else 0)


def _cut(row: Row, limit: int) -> Row:
    """Both sides cut at the same length: beginnings can be compared."""
    most = limit if row.original == row.repeat else limit // 2
    return row._replace(
        original=row.original and row.original[:most], repeat=row.repeat and row.repeat[:most], cut=True
    )


def _before(passage: Passage, side: Side, most: int) -> str | None:
    data = passage.before.encode("utf-8", "surrogateescape")
    text = readable(data).strip("\r\n")
    if not text:
        return None
    return text if len(text) <= most and len(data) == side.start else f"…{text[-most:].lstrip()}"


def _after(passage: Passage, most: int) -> str | None:
    text = readable(passage.after.encode("utf-8", "surrogateescape")).strip("\r\n")
    return f"{text[:most].rstrip()}…" if text else None
