"""Paragraphs that are never removed: those that match a pattern, and those that stand in a list.

A protected paragraph repeats nothing and is no original: it stays where it is, and the block around it goes on
over it as over any paragraph that fails to match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dedup.errors import UsageError

if TYPE_CHECKING:
    import re


class Protection(NamedTuple):
    """What is protected."""

    pattern: re.Pattern[str] | None
    sequences: frozenset[int]
    """`hash_sequence` of the words of each protected paragraph."""

    def covers(self, text: bytes, sequence: int) -> bool:
        """Tell whether a paragraph is never removed.

        Args:
            text: the paragraph.
            sequence: `dedup.words.hash_sequence` of its words.
        """
        if sequence in self.sequences:
            return True
        if self.pattern is None:
            return False
        return self.pattern.search(readable(text)) is not None


def readable(paragraph: bytes) -> str:
    """A paragraph as patterns see it: without the white space around it."""
    return paragraph.decode("utf-8", "surrogateescape").strip()


def compile_pattern(pattern: str) -> re.Pattern[str] | None:
    """The regular expression; None for an empty text. Raises UsageError if it is none."""
    import re

    try:
        return re.compile(pattern) if pattern else None
    except re.error as error:
        raise UsageError(
            f"--keep-pattern is no regular expression: {error}: {pattern}",
            r"It is one of Python's, such as '^\* ' for list items; quote it for the shell.",
        ) from None
