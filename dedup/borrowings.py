"""What one document borrows from one earlier document: neighbouring blocks of it, in whatever order they stand.

A block alone may have too few words to prove anything. Several that stand together in both documents prove what
one long block proves: the passage was copied, and its paragraphs changed places.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.blocks import OpenBlock

REACH = 32
"""Places of the earlier document are counted from so many before the first that is borrowed to as many after it, so
that a borrowing is bounded, and with it what waits for its end."""


@dataclass(slots=True, eq=False)
class Borrowing:
    """Blocks that count together toward `min_block_words`."""

    document: int
    """The earlier one."""
    first: int
    """The place in it that was borrowed first."""
    blocks: list[OpenBlock] = field(default_factory=list)
    """Those that are open, and closed ones whose fate depends on the others."""
    words: int = 0
    covered: int = 0
    """A bit for each place from `first - REACH` on: set if a block repeats it."""

    def lacks(self, place: int) -> bool:
        """Tell whether a place may be counted, and is not yet.

        >>> borrowing = Borrowing(document=0, first=7)
        >>> borrowing.count(7, 20)
        >>> borrowing.lacks(7), borrowing.lacks(8), borrowing.lacks(7 + REACH)
        (False, True, False)
        """
        bit = place - self.first + REACH
        return 0 <= bit < 2 * REACH and not self.covered >> bit & 1

    def count(self, place: int, words: int) -> None:
        """Take in a place that is repeated; one that is there already says nothing more."""
        if self.lacks(place):
            self.covered |= 1 << (place - self.first + REACH)
            self.words += words

    def proves(self, min_block_words: int) -> bool:
        """Tell whether there are enough words, and their places fill half of the passage from first to last.

        Repeats that lie scattered over the earlier document are what many documents say: "Qtly div 12-1/2 cts vs
        12-1/2 cts prior" is in every list of dividends.

        >>> borrowing = Borrowing(document=0, first=7)
        >>> borrowing.count(7, 20)
        >>> borrowing.count(12, 20)
        >>> borrowing.proves(40)
        False
        >>> borrowing.count(9, 20)
        >>> borrowing.proves(40)
        True
        """
        passage = self.covered.bit_length() - (self.covered & -self.covered).bit_length() + 1
        return self.words >= min_block_words and 2 * self.covered.bit_count() >= passage
