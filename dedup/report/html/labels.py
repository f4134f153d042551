"""What the page calls a document: its file, its record, and both without what all of them share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from dedup.report.phrases import visible

if TYPE_CHECKING:
    from dedup.report.model import Report


class Labels:
    """Names of the documents that findings stand in or come from."""

    def __init__(self, report: Report, named: Sequence[int]) -> None:
        """`named` are the numbers of the documents, rising."""
        self._names = {document: visible(report.where(document)) for document in named}
        self.shared = len(shared_folder({visible(report.names[document]) for document in named}))
        """Characters of the folders that all names begin with: need not be read again and again."""

    def __contains__(self, document: int) -> bool:
        return document in self._names

    @property
    def documents(self) -> list[int]:
        """The numbers of the documents, in order."""
        return list(self._names)

    def full(self, document: int) -> str:
        """The whole name: `news/feed.jsonl:17`."""
        return self._names[document]

    def short(self, document: int, most: int = 44) -> str:
        """The name without what all share, at most so many characters, the last ones: that is where names differ."""
        name = self._names[document][self.shared :]
        return name if len(name) <= most else f"…{name[1 - most :]}"


def shared_folder(names: Iterable[str]) -> str:
    """The folders that all names begin with.

    >>> shared_folder(["news/a.txt", "news/2024/b.txt"]), shared_folder(["a.txt", "b.txt"]), shared_folder(["x/a"])
    ('news/', '', 'x/')
    """
    known = list(names)
    if not known:
        return ""
    first, last = min(known), max(known)
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[: first.rfind("/", 0, same) + 1]
