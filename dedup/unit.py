"""What a paragraph can be. The native engine needs no more than these names, and nothing of `dedup.paragraphs`."""

from __future__ import annotations

import enum

HEAD_BYTES = 64 << 10
"""Of a document, by which its unit is chosen."""


def wanted_head(unit_name: str) -> int:
    """Bytes of a document that must be there, if it has so many, before its unit is known from the option.

    >>> wanted_head("auto"), wanted_head("line")
    (65536, 1)
    """
    return HEAD_BYTES if unit_name in ("auto", "sentence") else 1


class Unit(enum.IntEnum):
    """What a paragraph is."""

    LINE = 0
    BLANK = 1
    INDENT = 2
    SENTENCE = 3
    SENTENCE_WRAPPED = 4
    DOCUMENT = 5

    @property
    def label(self) -> str:
        """The name in options and reports; both sorts of sentence have the same."""
        return "sentence" if self is Unit.SENTENCE_WRAPPED else self.name.lower()
