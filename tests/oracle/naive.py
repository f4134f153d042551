"""The contract once more, as slowly and plainly as it can be said, to test the engines against.

Nothing is hashed but for the signatures, nothing is indexed, nothing is decided early: every paragraph is
compared with every earlier original, a block is the list of its members, and what it does is read off that
list at the end. It shares no code with the engines, but for the shape of the signature.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import datasketch
import xxhash

from dedup.matching.repeats import MAX_COMPARED
from dedup.minhash import choose_bands
from dedup.rule.novelty import added
from dedup.settings import Settings


@dataclass
class Paragraph:
    """A paragraph of ASCII text with what becomes of it."""

    g: int
    document: int
    text: bytes
    words: tuple[str, ...]
    long: bool
    original: Paragraph | None = None
    """The one it repeats; itself if it is long and repeats none."""
    block: NaiveBlock | None = None
    stray: bool = False
    """It equals another place of what its block borrows, and its fate is open."""
    removed: bool = False


@dataclass
class Member:
    """A repeat in a block."""

    repeat: Paragraph
    place: Paragraph
    original: Paragraph
    kind: str
    similarity: tuple[int, int] = (0, 0)
    sure: bool = True
    follows: bool = False
    """It is not sure, and directly followed what was borrowed."""


@dataclass(eq=False)
class Borrowed:
    """Neighbouring blocks that repeat one earlier document, and how many words stand at each place that they repeat."""

    document: int
    first: int
    begin: int
    blocks: list[NaiveBlock] = field(default_factory=list)
    joined: int = 0
    last: int = -1
    words: dict[int, int] = field(default_factory=dict)
    spent: set[int] = field(default_factory=set)

    def reaches(self, place: Paragraph) -> bool:
        return self.first - 32 <= place.g < self.first + 32 and place.document == self.document

    def lacks(self, place: Paragraph) -> bool:
        return self.reaches(place) and place.g not in self.words

    def is_spare(self, place: Paragraph) -> bool:
        return self.lacks(place) and place.g not in self.spent and place.g < self.begin

    def fills_half(self) -> bool:
        passage = range(min(self.words), max(self.words) + 1)
        return 2 * sum(g in self.words or g in self.spent for g in passage) >= len(passage)

    def adjoins(self, place: Paragraph) -> bool:
        return min(self.words) - 1 <= place.g <= max(self.words) + 1

    def strays(self) -> list[Member]:
        return [member for block in self.blocks for member in block.strays if member.repeat.stray]


@dataclass(eq=False)
class NaiveBlock:
    """Members in order; short ones that are not sure stand at the end."""

    members: list[Member] = field(default_factory=list)
    strays: list[Member] = field(default_factory=list)
    came: list[Member] = field(default_factory=list)
    """All that ever were strays of it."""
    borrowed: Borrowed = field(init=False)
    closed: bool = False

    @property
    def words(self) -> int:
        return sum(len(member.repeat.words) for member in self.members if member.sure)

    @property
    def within(self) -> bool:
        return self.members[0].place.document == self.members[0].repeat.document

    @property
    def last(self) -> Member:
        return self.members[-1]

    @property
    def anchor(self) -> Member:
        return [member for member in self.members if member.sure][-1]

    @property
    def parts(self) -> list[Member]:
        return sorted([*self.members, *self.strays], key=lambda member: member.repeat.g)

    @property
    def reach(self) -> Member:
        """The last that keeps it open: a stray does so whatever became of it."""
        return max([self.last, *self.came], key=lambda member: member.repeat.g)

    @property
    def first(self) -> Paragraph:
        return self.members[0].repeat

    def add(self, member: Member) -> None:
        self.members.append(member)
        member.repeat.block = self

    def hold(self, member: Member) -> None:
        """Take a stray."""
        self.strays.append(member)
        self.came.append(member)
        member.repeat.block = self
        member.repeat.stray = True
        self.borrowed.spent.add(member.place.g)

    def release(self, repeat: Paragraph) -> None:
        """Let a paragraph be no stray any more."""
        self.strays = [member for member in self.strays if member.repeat is not repeat]
        repeat.block = None
        repeat.stray = False

    def give_up_unsure(self) -> None:
        """Drop what is not sure, but for what may be a stray."""
        unsure = [member for member in self.members if not member.sure]
        self.drop_unsure()
        for member in unsure:
            if member.follows and member.repeat.words and self.borrowed.is_spare(member.place):
                self.hold(member)

    def drop_unsure(self) -> None:
        for member in self.members:
            if not member.sure:
                member.repeat.block = None
        self.members = [member for member in self.members if member.sure]


class FoundRepeat(NamedTuple):
    """A member of a block by numbers, to compare."""

    g: int
    original: int
    kind: str
    similarity: tuple[int, int]
    removed: bool


class FoundBlock(NamedTuple):
    """A block by numbers, to compare: its passages and its members."""

    passage: tuple[int, int]
    original: tuple[int, int]
    words: int
    repeats: tuple[FoundRepeat, ...]


class Answer(NamedTuple):
    """What the contract asks for."""

    removed: list[bool]
    blocks: list[FoundBlock]
    crowded: bool
    """A paragraph had so many candidates that an engine compares it with the closest of them alone."""


def find_answer(documents: list[list[bytes]], settings: Settings) -> Answer:
    """Apply the contract to documents given as lists of paragraphs of ASCII text."""
    search = _Search(settings)
    for number, paragraphs in enumerate(documents):
        for text in paragraphs:
            search.place(number, text)
        search.end_document()
    blocks = sorted(search.closed, key=lambda block: block.first.g)
    return Answer([p.removed for p in search.paragraphs], [_describe(block) for block in blocks], search.crowded)


def _describe(block: NaiveBlock) -> FoundBlock:
    members, parts = block.members, block.parts
    return FoundBlock(
        passage=(parts[0].repeat.g, parts[-1].repeat.g),
        original=(members[0].place.g, members[-1].place.g),
        words=sum(len(m.repeat.words) for m in parts),
        repeats=tuple(FoundRepeat(m.repeat.g, find_kept(m).g, m.kind, m.similarity, m.repeat.removed) for m in parts),
    )


def find_kept(member: Member) -> Paragraph:
    """Give the original, or where that is a short one removed itself, the one that it names."""
    original = member.original
    if not original.removed or original.block is None:
        return original
    (earlier,) = [each for each in original.block.parts if each.repeat is original]
    return find_kept(earlier)


@cache
def split_ascii_words(text: bytes) -> tuple[str, ...]:
    """Give the folded words of ASCII text."""
    return tuple(re.findall("[a-z0-9]+", text.decode("ascii").lower()))


@cache
def list_shingles(words: tuple[str, ...], size: int) -> frozenset[tuple[str, ...]]:
    """Give the distinct runs of `size` words, or all words if they are fewer."""
    if 0 < len(words) < size:
        return frozenset({words})
    return frozenset(words[i : i + size] for i in range(len(words) - size + 1))


@cache
def list_bands(words: tuple[str, ...], size: int, bands: int, rows: int) -> tuple[bytes, ...]:
    """Give the rows of each band of the signature, as datasketch makes it."""
    signature = datasketch.MinHash(num_perm=bands * rows, seed=1, scheme="affine32", hashfunc=lambda value: value)
    for shingle in list_shingles(words, size):
        hashes = [xxhash.xxh32(word.encode()).intdigest() for word in shingle]
        signature.update(xxhash.xxh32(struct.pack(f"<{len(hashes)}I", *hashes)).intdigest())
    return tuple(signature.hashvalues[b * rows : (b + 1) * rows].tobytes() for b in range(bands))


class _Search:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.bands = choose_bands(settings.threshold, settings.recall)
        self.threshold = Fraction(round(settings.threshold * 1_000_000), 1_000_000)
        self.half = Fraction(int(self.threshold * 500_000), 1_000_000)
        self.paragraphs: list[Paragraph] = []
        self.open: list[NaiveBlock] = []
        self.closed: list[NaiveBlock] = []
        self.shown: set[tuple[int, int]] = set()
        """Documents, and originals of which they have kept a repeat."""
        self.crowded = False

    def place(self, document: int, text: bytes) -> None:
        words = split_ascii_words(text)
        long = bool(words) and len(words) >= self.settings.min_words
        p = Paragraph(len(self.paragraphs), document, text, words, long)
        for block in list(self.open):
            if not self.reaches(block.reach, p):
                self.close(block)
        self.paragraphs.append(p)
        if p.long:
            self.place_long(p)
        else:
            self.place_short(p)
        for block in list(self.open):
            self.weigh(block.borrowed)
            self.judge(block.borrowed)

    def reaches(self, member: Member, p: Paragraph) -> bool:
        """At most max_gap paragraphs stand between."""
        return p.g - member.repeat.g - 1 <= self.settings.max_gap

    # --- which original does a long paragraph repeat

    def originals(self, p: Paragraph) -> list[Paragraph]:
        """Give the originals before p that it may be compared with."""
        scope = [q for q in self.paragraphs[: p.g] if q.original is q]
        return [q for q in scope if q.document == p.document or self.settings.scope == "corpus"]

    def similarity(self, p: Paragraph, q: Paragraph) -> tuple[int, int]:
        one, other = (list_shingles(each.words, self.settings.shingle_words) for each in (p, q))
        return len(one & other), len(one | other)

    def is_candidate(self, p: Paragraph, q: Paragraph) -> bool:
        """Tell whether they share a band whose bucket had room for q."""
        mine, theirs = self.bands_of(p), self.bands_of(q)
        for band, key in enumerate(mine):
            if theirs[band] == key:
                before = [o for o in self.originals(p) if o.g < q.g and self.bands_of(o)[band] == key]
                if len(before) < self.settings.bucket_capacity:
                    return True
        return False

    def is_crowded(self, p: Paragraph) -> bool:
        candidates = (q for q in self.originals(p) if q.words != p.words and self.is_candidate(p, q))
        return self.settings.remove == "redundant" and sum(1 for _ in candidates) > MAX_COMPARED

    def bands_of(self, p: Paragraph) -> tuple[bytes, ...]:
        return list_bands(p.words, self.settings.shingle_words, *self.bands)

    def is_near(self, p: Paragraph, q: Paragraph, expected: bool) -> bool:
        if p.words == q.words:
            return True
        if self.settings.remove == "exact" or not (expected or self.is_candidate(p, q)):
            return False
        similarity = Fraction(*self.similarity(p, q))
        mine, theirs = (list_shingles(each.words, self.settings.shingle_words) for each in (p, q))
        if self.settings.remove != "redundant":
            return similarity >= self.threshold
        is_long, share = len(mine) > 128, Fraction(len(mine & theirs), len(mine))
        contained = share >= (Fraction(19, 20) if is_long else Fraction(9, 10))
        contained = contained and not (is_long and len(mine - theirs) > 16)
        if contained:
            return similarity >= self.half
        longer = Fraction(len(mine & theirs), len(mine) + max(len(mine), len(theirs)) - len(mine & theirs))
        return not is_long and longer >= self.threshold

    def adds(self, p: Paragraph, q: Paragraph) -> bool:
        return self.settings.remove == "redundant" and added(p.text, q.text) is not None

    def repeats(self, p: Paragraph, q: Paragraph, expected: bool = False) -> bool:
        """Tell whether p repeats q; where it is expected to, they need be no candidates."""
        return self.is_near(p, q, expected) and not self.adds(p, q)

    def is_listed(self, p: Paragraph, q: Paragraph) -> bool:
        """Tell whether p repeats a line q of its own list that stands no farther than p is long."""
        lines = [each for each in self.paragraphs if each.document == p.document and each.g <= p.g]
        while lines and any(len(each.words) >= 16 for each in lines):
            del lines[0]
        between = self.paragraphs[q.g + 1 : p.g]
        near = sum(len(each.words) for each in between) <= len(p.words) and len(between) <= 14
        return len(lines) >= 6 and q in lines and near

    def member(self, p: Paragraph, place: Paragraph, original: Paragraph) -> Member:
        kind = "exact" if p.words == original.words else "near"
        return Member(p, place, original, kind, self.similarity(p, original))

    def place_long(self, p: Paragraph) -> None:
        self.crowded |= self.is_crowded(p)
        accepted = [q for q in self.originals(p) if self.repeats(p, q)]
        exact = [q for q in accepted if q.words == p.words]
        if exact:
            accepted = exact[:1]
        expected = accepted if exact else [q for q in self.originals(p) if self.repeats(p, q, expected=True)]
        p.original = self.follow(p, [q for q in expected if not self.is_listed(p, q)])
        if p.original is None and accepted:
            p.original = accepted[0]
            if not self.is_listed(p, p.original):
                self.begin(self.member(p, p.original, p.original))
        if p.original is None:
            p.original = p

    def after(self, block: NaiveBlock, member: Member) -> list[Paragraph]:
        """Give the places that may follow a member in its passage."""
        first = member.place.g + 1
        places = self.paragraphs[first : first + 1 + self.settings.max_gap]
        return [h for h in places if h.g < block.first.g and h.document == member.place.document]

    def follow(self, p: Paragraph, accepted: list[Paragraph]) -> Paragraph | None:
        for block in self.open:
            last, anchor = block.last, block.anchor
            for h in self.after(block, last) if self.reaches(last, p) else []:
                if h.long and h.original in accepted:
                    for member in block.members:
                        member.sure = True
                    block.add(self.member(p, h, h.original))
                    return h.original
            for h in self.after(block, anchor) if self.reaches(anchor, p) else []:
                if h.long and h.original in accepted:
                    block.give_up_unsure()
                    block.add(self.member(p, h, h.original))
                    return h.original
        return None

    def begin(self, member: Member) -> None:
        """Begin a block with this repeat, or let a lone repeat before it begin it."""
        for block in self.open:
            if sum(m.sure for m in block.members) == 1 and self.reaches(block.anchor, member.repeat):
                start = self.place_before(member.place, block)
                if start is not None:
                    block.drop_unsure()
                    for stray in [m.repeat for m in block.strays if m.repeat.stray]:
                        block.release(stray)
                    block.members[0].place = start
                    block.borrowed.blocks.remove(block)
                    self.judge(block.borrowed)
                    self.borrow(block)
                    self.weigh(block.borrowed)
                    self.judge(block.borrowed)
                    block.add(member)
                    return
        block = NaiveBlock()
        for short in self.left_edge(member):
            if short.repeat.block is not None:
                short.repeat.block.release(short.repeat)
            block.add(short)
        block.add(member)
        self.borrow(block)
        self.open.append(block)

    def place_before(self, place: Paragraph, block: NaiveBlock) -> Paragraph | None:
        """Find a copy of the block's one original directly before a place."""
        if place.g >= block.first.g:
            return None
        for j in range(place.g - 1, place.g - 2 - self.settings.max_gap, -1):
            if j < 0 or self.paragraphs[j].document != place.document:
                break
            if self.paragraphs[j].original is block.anchor.original:
                return self.paragraphs[j]
        return None

    # --- short paragraphs

    def left_edge(self, member: Member) -> list[Member]:
        shorts: list[Member] = []
        for i in range(1, 17):
            if member.place.g - i < 0 or member.place.g >= member.repeat.g - i:
                break
            near, far = self.paragraphs[member.repeat.g - i], self.paragraphs[member.place.g - i]
            same = near.document == member.repeat.document and far.document == member.place.document
            taken = near.block is not None and not near.stray
            if not same or taken or not self.equal(near, far):
                break
            shorts.insert(0, self.short_member(near, far))
        return shorts

    def equal(self, p: Paragraph, q: Paragraph) -> bool:
        if p.long or q.long:
            return False
        if p.words or q.words:
            return p.words == q.words
        return p.text.strip() == q.text.strip() != b""

    def short_member(self, p: Paragraph, place: Paragraph) -> Member:
        return Member(p, place, place, "short")

    def place_short(self, p: Paragraph) -> None:
        for block in self.open:
            last = block.last
            for h in self.after(block, last) if self.reaches(last, p) else []:
                if self.equal(p, h):
                    member = self.short_member(p, h)
                    step = (p.g - last.repeat.g, h.g - last.place.g)
                    member.sure = last.sure and step == (1, 1)
                    member.follows = not member.sure and block.borrowed.last == p.g - 1
                    if member.follows:
                        block.borrowed.last = p.g
                    block.add(member)
                    if sum(not m.sure for m in block.members) == 256:
                        self.close(block)
                    return
        if p.words:
            self.place_stray(p)

    def place_stray(self, p: Paragraph) -> None:
        """Let a short paragraph that directly follows what is borrowed come along from elsewhere in the passage."""
        for block in self.open:
            borrowed = block.borrowed
            if borrowed.last == p.g - 1:
                spare = [h for h in self.paragraphs[: p.g] if borrowed.is_spare(h) and self.equal(p, h)]
                if spare:
                    borrowed.last = p.g
                    block.hold(self.short_member(p, spare[0]))
                    return

    # --- what is removed

    def borrow(self, block: NaiveBlock) -> None:
        """Let a block count together with an open one beside it, if it brings another place of the same document."""
        (place,) = [member.place for member in block.members if member.kind != "short"]
        beside = [other.borrowed for other in self.open if other is not block]
        joined = [borrowed for borrowed in beside if borrowed.lacks(place)]
        block.borrowed = joined[0] if joined else Borrowed(place.document, place.g, block.first.g)
        block.borrowed.begin = min(block.borrowed.begin, block.first.g)
        block.borrowed.blocks.append(block)
        block.borrowed.joined += 1

    def weigh(self, borrowed: Borrowed) -> None:
        """Remove what blocks repeat together, if it is enough."""
        members = [member for block in borrowed.blocks for member in block.members if member.sure]
        for member in members:
            borrowed.last = max(borrowed.last, member.repeat.g)
            if borrowed.lacks(member.place):
                borrowed.words[member.place.g] = len(member.repeat.words)
        if (
            borrowed.joined > 1
            and sum(borrowed.words.values()) >= self.settings.min_block_words
            and borrowed.fills_half()
        ):
            for member in members:
                member.repeat.removed = True
            for member in borrowed.strays():
                if borrowed.adjoins(member.place):
                    member.repeat.removed, member.repeat.stray = True, False

    def end_document(self) -> None:
        for block in list(self.open):
            self.close(block)

    def close(self, block: NaiveBlock) -> None:
        block.give_up_unsure()
        self.open.remove(block)
        block.closed = True
        self.weigh(block.borrowed)
        self.judge(block.borrowed)

    def is_whole(self, block: NaiveBlock) -> bool:
        return block.within or block.words >= self.settings.min_block_words

    def judge(self, borrowed: Borrowed) -> None:
        """Settle the closed blocks, if no open one beside them is too short like them or may bring more."""
        waiting = [block for block in borrowed.blocks if not block.closed]
        if any(not self.is_whole(block) or borrowed.reaches(block.anchor.place) for block in waiting):
            return
        for member in borrowed.strays():
            assert member.repeat.block is not None
            member.repeat.block.release(member.repeat)
        closed = [block for block in borrowed.blocks if block.closed]
        for block in closed:
            for member in block.members:
                member.repeat.removed |= self.is_whole(block)
            borrowed.blocks.remove(block)
        self.closed += closed
        left = [m for block in closed for m in block.members if m.kind != "short" and not m.repeat.removed]
        for member in sorted(left, key=lambda member: member.repeat.g):
            seen = (member.repeat.document, member.original.g)
            member.repeat.removed = member.original.document == member.repeat.document or seen in self.shown
            if not member.repeat.removed:
                self.shown.add(seen)
