"""What one document borrows from one earlier document: neighbouring blocks of it, in whatever order they stand.

A block alone may have too few words to prove anything. Several that stand together in both documents prove what
one long block proves: the passage was copied, and its paragraphs changed places. The short ones among them went
along: a **stray** directly follows a paragraph that was borrowed, and equals a short one elsewhere in the passage.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.matching.members import OpenBlock

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
    begin: int
    """The first paragraph here that borrows: what it may name stands before it."""
    blocks: list[OpenBlock] = field(default_factory=list)
    """Those that are open, and closed ones whose fate depends on the others."""
    joined: int = 0
    """Blocks that ever were among them."""
    last: int = -1
    """The last paragraph here that is sure to be borrowed, if all is."""
    words: int = 0
    covered: int = 0
    """A bit for each place from `first - REACH` on: set if a block repeats it."""
    spent: int = 0
    """The same for the places that strays equal: one place lets one of them go."""
    strays: set[int] = field(default_factory=set)
    """Short paragraphs here whose fate is open."""

    def take(self, block: OpenBlock) -> None:
        """Let a block count with the others."""
        self.blocks.append(block)
        self.joined += 1
        self.begin = min(self.begin, block.first_g)

    def lacks(self, place: int) -> bool:
        """Tell whether a place may be counted, and is not yet.

        >>> borrowing = Borrowing(document=0, first=7, begin=90)
        >>> borrowing.count(7, 20)
        >>> borrowing.lacks(7), borrowing.lacks(8), borrowing.lacks(7 + REACH)
        (False, True, False)
        """
        return self.reaches(place) and not self.covered >> (place - self.first + REACH) & 1

    def reaches(self, place: int) -> bool:
        """Tell whether a place may be counted at all."""
        return -REACH <= place - self.first < REACH

    def count(self, place: int, words: int) -> None:
        """Take in a place that is repeated; one that is there already says nothing more."""
        if self.lacks(place):
            self.covered |= 1 << (place - self.first + REACH)
            self.words += words

    def proves(self, min_block_words: int) -> bool:
        """Tell whether there are enough words, and their places and the strays' fill half of the passage.

        Repeats that lie scattered over the earlier document are what many documents say: "Qtly div 12-1/2 cts vs
        12-1/2 cts prior" is in every list of dividends.

        >>> borrowing = Borrowing(document=0, first=7, begin=90)
        >>> borrowing.count(7, 20)
        >>> borrowing.count(12, 20)
        >>> borrowing.proves(40)
        False
        >>> borrowing.count(9, 20)
        >>> borrowing.proves(40)
        True
        """
        if self.words < min_block_words or not self.covered:
            return False
        first, last = (self.covered & -self.covered).bit_length() - 1, self.covered.bit_length()
        filled = (self.covered | self.spent) >> first & ((1 << last - first) - 1)
        return 2 * filled.bit_count() >= last - first

    def spares(self) -> range:
        """Give the places that strays may equal: all that are in reach and stand before what borrows."""
        return range(max(self.first - REACH, 0), min(self.first + REACH, self.begin))

    def spare(self, place: int) -> bool:
        """Tell whether a stray may equal this place: no block repeats it, and no other stray."""
        free = place < self.begin and self.lacks(place)
        return free and not self.spent >> (place - self.first + REACH) & 1

    def spend(self, place: int, g: int) -> None:
        """Take in a stray at g that equals what stands at a place."""
        self.spent |= 1 << (place - self.first + REACH)
        self.strays.add(g)

    def adjoins(self, place: int) -> bool:
        """Tell whether a place is in the passage from the first that a block repeats to the last, or beside it."""
        bit = place - self.first + REACH
        return (self.covered & -self.covered).bit_length() - 2 <= bit <= self.covered.bit_length()
