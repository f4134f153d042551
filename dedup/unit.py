"""What a paragraph can be. The native engine needs no more than these names, and nothing of `dedup.paragraphs`."""

from __future__ import annotations

import enum

HEAD_BYTES = 64 << 10
"""Of a document, by which its unit is chosen."""


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
