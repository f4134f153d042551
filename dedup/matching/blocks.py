"""Blocks: runs of repeats parallel to one earlier passage, and what of them is removed.

A block goes if it is in one document, if it is long enough, or if the neighbouring blocks from the same earlier
document are long enough with it (`dedup.matching.borrowings`). All of this is bookkeeping over paragraph numbers: a
paragraph has the number g that it got in input order, and a member of a block is a repeat at g with the place h in the
earlier passage that it repeats. Text is only asked for through a callable that tells whether two short paragraphs are
equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from dedup.matching.borrowings import Borrowing
from dedup.matching.members import SHORT, Member, OpenBlock, Places
from dedup.matching.strays import Strays

MAX_PENDING = 256
LEFT_EDGE = 16
"""Short paragraphs that a block can take on its left; so many wait for what comes after them."""


class BlockSettings(Protocol):
    """The settings that blocks depend on."""

    @property
    def max_gap(self) -> int: ...

    @property
    def min_block_words(self) -> int: ...


class Blocks:
    """The open blocks of a run and the decisions on their members."""

    def __init__(self, settings: BlockSettings, places: Places, equal: Callable[[int, int], bool]) -> None:
        """Begin without blocks.

        Args:
            settings: `max_gap` and `min_block_words`.
            places: grown by the caller: it knows a paragraph before that is walked.
            equal: tells whether two short paragraphs say the same.
        """
        self.max_gap = settings.max_gap
        self.min_block_words = settings.min_block_words
        self.places = places
        self.equal = equal
        self.open: list[OpenBlock] = []
        self.removed: dict[int, Member] = {}
        """What is removed, by paragraph."""
        self.kept_repeats: set[int] = set()
        self.closed: list[OpenBlock] = []
        """Blocks that are closed and judged, and that the caller has not taken yet."""
        self._opened = 0
        self._taken: set[int] = set()
        """Every member of a block, pending ones and strays included."""
        self._strays = Strays(places, self._equal_shorts)
        self._shown: set[int] = set()

    def advance(self, g: int) -> None:
        """Close the blocks that paragraph g is too far from."""
        for block in [block for block in self.open if not self._reaches(max(block.g, block.reach), g)]:
            self._close(block)

    def _reaches(self, before: int, g: int) -> bool:
        """Tell whether at most `max_gap` paragraphs stand between two."""
        return g - before - 1 <= self.max_gap

    def end_document(self) -> None:
        """Close all blocks: they end with their document."""
        while self.open:
            self._close(self.open[0])
        self._shown.clear()

    def continuations(self, g: int) -> Iterator[tuple[OpenBlock, int, bool]]:
        """Give the places where the long paragraph g would continue a block, the best first.

        Yields:
            The block, the place in its earlier passage, and whether the step starts from its anchor.
        """
        for block in self.open:
            if self._reaches(block.g, g):
                yield from ((block, h, False) for h in self._next_places(block, block.h))
            moved_on = (block.anchor_g, block.anchor_h) != (block.g, block.h)
            if moved_on and self._reaches(block.anchor_g, g):
                yield from ((block, h, True) for h in self._next_places(block, block.anchor_h))

    def _next_places(self, block: OpenBlock, h: int) -> Iterator[int]:
        document = self.places.document
        for following in range(h + 1, min(h + 2 + self.max_gap, block.first_g)):
            if document[following] == document[h]:
                yield following

    def join(self, block: OpenBlock, member: Member, from_anchor: bool) -> None:
        """Add a long paragraph to a block; from (g, h) it confirms the pending short ones."""
        if from_anchor:
            self._give_up(block)
        block.members += block.pending
        block.pending = []
        block.members.append(member)
        self._taken.add(member.g)
        block.g = block.anchor_g = member.g
        block.h = block.anchor_h = member.h
        self._settle(block)

    def open_block(self, member: Member) -> None:
        """Begin a block with a long paragraph and the short ones directly before it."""
        g, h = member.g, member.h
        shorts = self._left_edge(g, h)
        same_document = self.places.document[g] == self.places.document[h]
        for short in shorts:
            if short.g in self._strays:
                self._strays.release(short.g)
        block = OpenBlock(self._opened, g - len(shorts), g, h, g, h, same_document, [*shorts, member])
        self._borrow(block)
        self._opened += 1
        self._taken.update(each.g for each in block.members)
        self.open.append(block)
        self._settle(block)

    def _borrow(self, block: OpenBlock) -> None:
        """Let a block count together with an open one from the same earlier document, if it repeats another place."""
        document = self.places.document[block.h]
        near = (other.borrowing for other in self.open if other is not block)
        joined = (borrowing for borrowing in near if borrowing.document == document and borrowing.lacks(block.h))
        block.borrowing = next(joined, None) or Borrowing(document, block.h, block.first_g)
        block.borrowing.take(block)

    def _left_edge(self, g: int, h: int) -> list[Member]:
        """Collect the equal short paragraphs before (g, h), in order; the long one at h ends them."""
        shorts: list[Member] = []
        for i in range(1, LEFT_EDGE + 1):
            near, far = g - i, h - i
            taken = near in self._taken and near not in self._strays
            if far < 0 or taken or not self._equal_shorts(near, far):
                break
            if not self._same_documents((near, far), (g, h)):
                break
            shorts.insert(0, self._short_member(near, far))
        return shorts

    def _same_documents(self, pair: tuple[int, int], other: tuple[int, int]) -> bool:
        document = self.places.document
        return all(document[one] == document[two] for one, two in zip(pair, other, strict=True))

    def _equal_shorts(self, g: int, h: int) -> bool:
        link = self.places.link
        return link[g] == SHORT and link[h] == SHORT and self.equal(g, h)

    def _short_member(self, g: int, h: int) -> Member:
        return Member(g, h, h, "short", self.places.words[g])

    def movable(self, member: Member) -> tuple[OpenBlock, int] | None:
        """Find a block of one long paragraph that would stand right before this member in its passage.

        Its one repeat named the earliest original, but the passage that is being repeated may begin at a
        later copy of that: a title or a lead seen in another document before.
        """
        for block in self.open:
            near = self._reaches(block.anchor_g, member.g) and member.h < block.first_g
            if not near or len(block.members) != 1:
                continue
            original = self.places.link[block.anchor_g]
            for j in range(member.h - 1, max(member.h - 2 - self.max_gap, -1), -1):
                same_document = self.places.document[j] == self.places.document[member.h]
                if same_document and self.places.link[j] == original:
                    return block, j
        return None

    def move(self, block: OpenBlock, j: int) -> None:
        """Let a block of one paragraph begin at place j of another passage; pending short ones are dropped.

        A block that was whole stays so: its member may be removed already. What it counted for the blocks beside
        it stays counted: the passage that it leaves has the paragraph, too.
        """
        moved = block.members[0]._replace(h=j)
        self._drop(block.pending)
        self._taken.difference_update(self._strays.leave(block))
        left = block.borrowing
        left.blocks = [other for other in left.blocks if other is not block]
        self._judge(left)
        block.members = [moved]
        block.settled = block.words = 0
        block.g = moved.g
        block.h = block.anchor_h = j
        block.same_document = self.places.document[moved.g] == self.places.document[j]
        self._borrow(block)
        self._settle(block)

    def place_short(self, g: int) -> None:
        """Let a short paragraph go with the first open block whose passage continues with the same."""
        for block in self.open:
            for h in self._next_places(block, block.h) if self._reaches(block.g, g) else ():
                if self._equal_shorts(g, h):
                    self._join_short(block, self._short_member(g, h))
                    return
        if self.places.words[g]:
            self._place_stray(g)

    def _place_stray(self, g: int) -> None:
        """Let a short paragraph that directly follows what is borrowed go with that, if it equals a place in reach."""
        for block in self.open:
            borrowing = block.borrowing
            h = self._strays.find_place(g, borrowing) if borrowing.last == g - 1 else None
            if h is not None:
                borrowing.last = g
                self._hold(block, self._short_member(g, h))
                self._weigh(borrowing)
                return

    def _hold(self, block: OpenBlock, member: Member) -> None:
        self._taken.add(member.g)
        self._strays.hold(block, member)

    def _join_short(self, block: OpenBlock, member: Member) -> None:
        """Add a short paragraph: sure if it directly follows what is sure, else until a long one follows."""
        self._taken.add(member.g)
        directly = not block.pending and (member.g, member.h) == (block.g + 1, block.h + 1)
        block.g, block.h = member.g, member.h
        if directly:
            block.anchor_g, block.anchor_h = member.g, member.h
            block.members.append(member)
            self._settle(block)
            return
        if block.borrowing.last == member.g - 1:
            block.borrowing.last = member.g
            block.following.add(member.g)
        block.pending.append(member)
        if len(block.pending) >= MAX_PENDING:
            self._close(block)

    def _give_up(self, block: OpenBlock) -> None:
        """Let pending shorts be none; those that directly followed what was borrowed may be strays at their places."""
        pending = block.pending.copy()
        self._drop(block.pending)
        for member in pending:
            if member.g in block.following and member.words and block.borrowing.spare(member.h):
                self._hold(block, member)

    def _drop(self, members: list[Member]) -> None:
        for member in members:
            self._taken.remove(member.g)
        members.clear()

    def _settle(self, block: OpenBlock) -> None:
        """Count the new members of a block, and remove what is now certain to go."""
        fresh = block.members[block.settled :]
        block.settled += len(fresh)
        block.words += sum(member.words for member in fresh)
        for member in fresh:
            block.borrowing.count(member.h, member.words)
            block.borrowing.last = max(block.borrowing.last, member.g)
        if not block.whole:
            block.whole = block.same_document or block.words >= self.min_block_words
            fresh = block.members
        if block.whole:
            self.removed.update((member.g, member) for member in fresh)
        self._weigh(block.borrowing)

    def _weigh(self, borrowing: Borrowing) -> None:
        """Remove what blocks prove together, and judge what is left if nothing more can be proved."""
        if borrowing.joined > 1 and borrowing.proves(self.min_block_words):
            for block in borrowing.blocks:
                if not block.whole:
                    self.removed.update((member.g, member) for member in block.members)
            self.removed.update((member.g, member) for member in self._strays.free(borrowing))
        self._judge(borrowing)

    def _close(self, block: OpenBlock) -> None:
        self.open.remove(block)
        self._give_up(block)
        block.closed = True
        self._weigh(block.borrowing)

    def _judge(self, borrowing: Borrowing) -> None:
        """Judge what the closed blocks have left, once no block beside them may bring more words.

        One that is whole and out of reach brings none: it may go on for ever.
        """
        if any(
            not block.closed and (not block.whole or borrowing.reaches(block.anchor_h)) for block in borrowing.blocks
        ):
            return
        self._taken.difference_update(self._strays.drop(borrowing))
        closed = [block for block in borrowing.blocks if block.closed]
        borrowing.blocks = [block for block in borrowing.blocks if not block.closed]
        members = (member for block in closed if not block.whole for member in block.members)
        for member in sorted(member for member in members if member.g not in self.removed):
            if member.kind != "short":
                self._judge_alone(member)
        self.closed += closed

    def _judge_alone(self, member: Member) -> None:
        """Remove a repeat that stands too alone only if its own document has shown the same before."""
        document = self.places.document
        if document[member.original] == document[member.g] or member.original in self._shown:
            self.removed[member.g] = member
        else:
            self._shown.add(member.original)
            self.kept_repeats.add(member.g)

    def take_closed(self) -> list[OpenBlock]:
        """Hand over the judged blocks that no other one precedes, in the order of their first paragraphs."""
        oldest = min((block.number for block in self._unjudged()), default=self._opened)
        ready = sorted((block for block in self.closed if block.number < oldest), key=lambda block: block.number)
        self.closed = [block for block in self.closed if block.number > oldest]
        return ready

    def _unjudged(self) -> Iterator[OpenBlock]:
        """Give the open blocks and the closed ones beside them that wait, some more than once."""
        for block in self.open:
            yield from block.borrowing.blocks

    def kept_original(self, member: Member) -> int:
        """Give the original of a member of a block that was handed over: one that is not removed itself.

        A short paragraph may equal one that went with a block; all fates before the block are final by now.
        """
        original = member.original
        while original in self.removed:
            original = self.removed[original].original
        return original

    def first_undecided(self, end: int) -> int:
        """Give the first paragraph before `end` whose fate is open, or `end`; the document goes on there."""
        waiting = [end]
        for block in self._unjudged():
            waiting += [*(member.g for member in block.pending), *block.borrowing.strays]
            waiting += [] if block.whole else [m.g for m in block.members if m.g not in self.removed]
        return min(*waiting, self._first_waiting_short(end))

    def _first_waiting_short(self, end: int) -> int:
        """Give the first of the last short paragraphs that a block on their right might take."""
        first = end
        unsure = {member.g for block in self.open for member in block.pending} | self._strays.numbers()
        while first > max(0, end - LEFT_EDGE):
            before = first - 1
            if self.places.link[before] != SHORT or (before in self._taken and before not in unsure):
                break
            if self.places.document[before] != self.places.document[end - 1]:
                break
            first = before
        return first
