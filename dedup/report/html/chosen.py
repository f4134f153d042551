"""The findings that the page has, of a report: made one by one, or left to C where that was built."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from dedup.flat import MANY
from dedup.report.compiled import REPEATS, Rows, finding_at, tables
from dedup.report.finding import VARIANT, Finding
from dedup.report.html.payload import CHUNK, MATCHES, MOST_PARTS, chunks, columns, match_of, parts, script_json
from dedup.report.html.texts import share_out

if TYPE_CHECKING:
    from dedup.report.model import Report

Longest = list[tuple[int, Finding]]
"""Findings with their positions on the page."""


class Chosen(Protocol):
    """The findings of the page, in input order."""

    documents: list[int]
    """Numbers of those that findings stand in or come from, rising."""

    def __len__(self) -> int: ...

    def counts(self) -> Sequence[int]:
        """How many there are of each of `MATCHES`."""

    def longest(self, most: int) -> Longest:
        """The repeats with the most words, the longest first; no variants."""

    def columns(self, number: Mapping[int, int]) -> bytes:
        """All but texts as JSON for a script element; `number` renumbers documents."""

    def parts(self) -> bytes:
        """Paragraphs of blocks as JSON for a script element."""

    def chunks(self) -> Iterator[bytes]:
        """The texts of `CHUNK` findings at a time, as JSON for a script element."""


class ChosenFindings:
    """Findings as they are; says what `ChosenRows` has to say."""

    def __init__(self, found: Sequence[Finding]) -> None:
        self._found = found
        self.documents = sorted({side.document for one in found for side in (one.place, one.original)})

    def __len__(self) -> int:
        return len(self._found)

    def counts(self) -> Sequence[int]:
        """See `Chosen`."""
        counted = Counter(map(match_of, self._found))
        return [counted[match] for match in MATCHES]

    def longest(self, most: int) -> Longest:
        """See `Chosen`."""
        return _longest(((i, one) for i, one in enumerate(self._found) if one.kind != VARIANT), most)

    def columns(self, number: Mapping[int, int]) -> bytes:
        """See `Chosen`."""
        return script_json(columns(self._found, number))

    def parts(self) -> bytes:
        """See `Chosen`."""
        return script_json(parts({i: one for i, one in enumerate(self._found) if len(one.repeats) > 1}))

    def chunks(self) -> Iterator[bytes]:
        """See `Chosen`."""
        return map(script_json, chunks(self._found))


class ChosenRows:
    """Findings as numbers, of which few are ever made."""

    def __init__(self, report: Report, rows: Rows, which: array[int]) -> None:
        self._report = report
        self._rows = rows
        self._which = which
        self.documents: list[int] = rows.documents if len(which) == len(rows) else rows.documents_of(which)

    def __len__(self) -> int:
        return len(self._which)

    def counts(self) -> Sequence[int]:
        """See `Chosen`."""
        counted: Sequence[int] = self._rows.matches(self._which)
        return counted

    def longest(self, most: int) -> Longest:
        """See `Chosen`."""
        # The page has the longest findings: of its repeats the longest are the longest of all.
        few = [number for number in self._rows.which(REPEATS, most) if number in self._which]
        return _longest(((self._which.index(number), finding_at(self._report, number)) for number in few), most)

    def columns(self, number: Mapping[int, int]) -> bytes:
        """See `Chosen`."""
        numbers = array("I", [number.get(document, 0) for document in self._rows.documents])
        made: bytes = self._rows.page_columns(numbers, self._which)
        return made

    def parts(self) -> bytes:
        """See `Chosen`."""
        if self._rows.members(self._which) > MOST_PARTS:
            return b"{}"
        many = tables(self._report)[0].column(MANY)
        blocks = {i: number for i, number in enumerate(self._which) if number < len(many) and many[number] > 1}
        return script_json(parts({i: finding_at(self._report, number, whole=True) for i, number in blocks.items()}))

    def chunks(self) -> Iterator[bytes]:
        """See `Chosen`."""
        limit = share_out(self._rows.text_sizes(self._which))
        yield from self._rows.page_chunks(self._which, limit, CHUNK)


def _longest(found: Iterable[tuple[int, Finding]], most: int) -> Longest:
    return sorted(found, key=lambda pair: -pair[1].words)[:most]


def longest_findings(found: Sequence[Finding], most: int) -> Chosen:
    """The longest findings, so many at most, in input order."""
    if len(found) > most:
        order = sorted(range(len(found)), key=lambda i: -found[i].words)[:most]
        found = [found[i] for i in sorted(order)]
    return ChosenFindings(found)
