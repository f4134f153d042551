"""Strays: short paragraphs that came along with a passage whose paragraphs changed places.

A short paragraph never matches on its own. One that directly follows what was borrowed from an earlier document, and
equals a short paragraph at another place there, goes if the blocks around it prove that the passage was copied.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dedup.matching.borrowings import Borrowing

if TYPE_CHECKING:
    from dedup.matching.members import Member, OpenBlock, Places


class Strays:
    """The strays of a run whose fate is open."""

    def __init__(self, places: Places, equal: Callable[[int, int], bool]) -> None:
        """Begin without any; `equal` tells whether two paragraphs are short and say the same."""
        self._places = places
        self._equal = equal
        self._held: dict[int, tuple[OpenBlock, Member]] = {}

    def __contains__(self, g: int) -> bool:
        """Tell whether paragraph g is a stray."""
        return g in self._held

    def numbers(self) -> set[int]:
        """Give the numbers of all."""
        return set(self._held)

    def find_place(self, g: int, borrowing: Borrowing) -> int | None:
        """Give the first place that the short paragraph g equals and nothing else does yet."""
        document = self._places.document
        near = (h for h in borrowing.spares() if document[h] == borrowing.document and borrowing.spare(h))
        return next((h for h in near if self._equal(g, h)), None)

    def hold(self, block: OpenBlock, member: Member) -> None:
        """Take a stray that came to a block; the block stays open for what follows it."""
        self._held[member.g] = block, member
        block.reach = max(block.reach, member.g)
        block.borrowing.spend(member.h, member.g)

    def release(self, g: int) -> tuple[OpenBlock, Member]:
        """Let paragraph g be a stray no longer."""
        block, member = self._held.pop(g)
        block.borrowing.strays.remove(g)
        return block, member

    def leave(self, block: OpenBlock) -> list[int]:
        """Let those that came to a block be strays no longer; give their numbers."""
        left = [g for g, (holder, _) in self._held.items() if holder is block]
        for g in left:
            self.release(g)
        return left

    def free(self, borrowing: Borrowing) -> list[Member]:
        """Let the strays of a passage go that is proved to be borrowed; give them."""
        adjoining = [g for g in sorted(borrowing.strays) if borrowing.adjoins(self._held[g][1].h)]
        freed = [self.release(g) for g in adjoining]
        for block, member in freed:
            block.strays.append(member)
        return [member for _, member in freed]

    def drop(self, borrowing: Borrowing) -> list[int]:
        """Let the strays of a passage stay that will not be proved; give their numbers."""
        dropped = sorted(borrowing.strays)
        for g in dropped:
            self.release(g)
        return dropped
