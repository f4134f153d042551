"""Originals and repeats: the index, and the walk over the paragraphs in input order.

A paragraph repeats an earlier original if they are candidates, or a block goes on at a copy of it, and it is near to
it and, where that is asked, adds nothing. What repeats nothing is an original, and only originals are in the index:
the greedy, lexicographically first set, which depends on the input's order alone.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from dedup.matching.blocks import Blocks
from dedup.matching.classes import apart, may_reach
from dedup.matching.members import SHORT, Member, Places
from dedup.matching.nearness import MILLION, Similarity, is_near, jaccard
from dedup.rule.novelty import Addition, added

MAX_EXAMINED = 8
"""Originals that a paragraph is examined against for what it adds, those included where a block goes on."""
LIST_WORDS = 16
"""A line of a list has fewer words."""
LIST_RUN = 6
"""So many such lines in a row are a list."""
MAX_COMPARED = 3
"""Originals that a paragraph is compared with where it must add nothing: the closest as far as `apart` tells."""


class Sketch(NamedTuple):
    """What the search sees of one paragraph."""

    words: tuple[bytes, ...]
    """Folded."""
    sequence_hash: int
    """xxh64 of the word hashes in order."""
    shingles: frozenset[int]
    band_keys: tuple[int, ...]
    """One for each band; empty where no near repeats are looked for."""
    text: bytes = b""
    digits: int = 0
    """From `map_digits`."""
    classes: int = 0
    """From `classes_of`."""
    windows: int = 0
    """Shingles, repeated ones included."""
    protected: bool = False
    """Never removed, see `dedup.protection`."""


class Index:
    """The originals, by the hash of their words and by band.

    A bucket keeps its first `bucket_capacity` originals, so that boilerplate costs linear time.
    """

    def __init__(self, bucket_capacity: int) -> None:
        """Begin empty."""
        self.bucket_capacity = bucket_capacity
        self.originals = 0
        self.full_buckets = 0
        self.clear()

    def clear(self) -> None:
        """Forget the originals; the totals stay."""
        self.sketches: dict[int, Sketch] = {}
        self._exact: dict[int, list[int]] = {}
        self._buckets: dict[tuple[int, int], list[int]] = {}

    def find_exact(self, sketch: Sketch) -> list[int]:
        """Find the originals with the same words in the same order, the earliest first."""
        return [g for g in self._exact.get(sketch.sequence_hash, ()) if self.sketches[g].words == sketch.words]

    def find_candidates(self, sketch: Sketch) -> list[int]:
        """Find the originals that share a bucket, the earliest first."""
        return sorted({g for bucket in enumerate(sketch.band_keys) for g in self._buckets.get(bucket, ())})

    def add(self, g: int, sketch: Sketch) -> None:
        """Take in an original."""
        self.originals += 1
        self.sketches[g] = sketch
        self._exact.setdefault(sketch.sequence_hash, []).append(g)
        for key in enumerate(sketch.band_keys):
            bucket = self._buckets.setdefault(key, [])
            if len(bucket) < self.bucket_capacity:
                bucket.append(g)
                self.full_buckets += len(bucket) == self.bucket_capacity


class RepeatSettings(Protocol):
    """The settings that repeats depend on."""

    @property
    def threshold(self) -> float: ...

    @property
    def min_words(self) -> int: ...

    @property
    def bucket_capacity(self) -> int: ...

    @property
    def remove(self) -> str: ...


class Walk:
    """Goes through the paragraphs in input order and tells originals from repeats."""

    def __init__(self, settings: RepeatSettings, places: Places, blocks: Blocks) -> None:
        """Begin with an empty index.

        Args:
            settings: `threshold`, `min_words` and `bucket_capacity`.
            places: is grown by the walk.
            blocks: is told of every repeat and every short paragraph.
        """
        self.threshold_ppm = round(settings.threshold * MILLION)
        self.min_words = max(settings.min_words, 1)
        self.index = Index(settings.bucket_capacity)
        self.redundant = settings.remove == "redundant"
        self.places = places
        self.blocks = blocks
        self._list_document = -1
        self._list_lines = 0
        self.variants: list[Near] = []
        """The paragraphs that stay although they are near to an original."""

    def place(self, document: int, sketch: Sketch) -> None:
        """Take the next paragraph."""
        g = len(self.places.link)
        self.places.document.append(document)
        self.places.words.append(len(sketch.words))
        self._count_list(document, len(sketch.words))
        self.blocks.advance(g)
        if sketch.protected:
            self.places.link.append(SHORT)
        elif len(sketch.words) < self.min_words:
            self.places.link.append(SHORT)
            self.blocks.place_short(g)
        else:
            self.places.link.append(self._place_long(g, sketch))

    def _place_long(self, g: int, sketch: Sketch) -> int:
        """Follow a block, begin one, or be an original; give the link."""
        similar = _Accepted(self.index, sketch, self.threshold_ppm, self.redundant)
        for block, h, from_anchor in self.blocks.continuations(g):
            original = self.places.link[h]
            if original != SHORT and not self._is_listed(g, original) and similar.find(original, expected=True):
                self.blocks.join(block, similar.member(g, h, original), from_anchor)
                return original
        first = similar.first()
        if first is None:
            self.variants += similar.closest(g)
            self.index.add(g, sketch)
            return g
        if not self._is_listed(g, first):
            self._begin_block(similar.member(g, first, first))
        return first

    def _count_list(self, document: int, words: int) -> None:
        """Count the lines of a list up to and with the paragraph in hand."""
        same = document == self._list_document
        self._list_document = document
        self._list_lines = 0 if words >= LIST_WORDS else self._list_lines + 1 if same else 1

    def _is_listed(self, g: int, original: int) -> bool:
        """Tell whether a paragraph repeats a line of its own list that stands no farther than it is long."""
        lines = g - original + 1
        if lines > LIST_WORDS or self._list_lines < max(LIST_RUN, lines):
            return False
        return sum(self.places.words[original + 1 : g]) <= self.places.words[g]

    def _begin_block(self, member: Member) -> None:
        """Open a block, unless one that is open can be moved to stand before it."""
        moved = self.blocks.movable(member)
        if moved is None:
            self.blocks.open_block(member)
            return
        block, j = moved
        self.blocks.move(block, j)
        self.blocks.join(block, member, from_anchor=False)


class Near(NamedTuple):
    """A paragraph beside an original that it was examined against."""

    g: int
    original: int
    similarity: Similarity
    addition: Addition | None
    """What it adds; None if nothing: it is a repeat."""

    def is_closer(self, other: Near) -> bool:
        """Compare in integers; of equals the earlier original is closer."""
        mine = self.similarity.intersection * other.similarity.union
        theirs = other.similarity.intersection * self.similarity.union
        return mine > theirs or (mine == theirs and self.original < other.original)


class _Accepted:
    """The originals that one paragraph may repeat, each verified when it is asked for."""

    def __init__(self, index: Index, sketch: Sketch, threshold_ppm: int, redundant: bool) -> None:
        self.index = index
        self.sketch = sketch
        self.threshold_ppm = threshold_ppm
        self.redundant = redundant
        self.examined: dict[int, Near] = {}
        whole = Similarity(len(sketch.shingles), len(sketch.shingles))
        equal = index.find_exact(sketch)
        self.exact = next((original for original in equal if not self._adds(original, whole)), None)
        self.candidates = index.find_candidates(sketch)
        self._similarities: dict[int, Similarity | None] = {}

    def find(self, original: int, *, expected: bool = False) -> Similarity | None:
        """Give the similarity to an original, None if the paragraph does not repeat it.

        One that is expected here, since a block goes on there, need be no candidate: chance has no part in it.
        """
        if original not in self._similarities:
            if not (expected and self.sketch.band_keys) and self.exact is None and original not in self.candidates:
                return None
            self._similarities[original] = self._verify(original)
        return self._similarities[original]

    def _verify(self, original: int) -> Similarity | None:
        if self.exact is not None:
            whole = Similarity(len(self.sketch.shingles), len(self.sketch.shingles))
            return whole if original == self.exact else None
        mine = self.sketch.shingles
        similarity = jaccard(mine, self.index.sketches[original].shingles)
        near = is_near(similarity, len(mine), self.threshold_ppm, redundant=self.redundant)
        if not near or self._adds(original, similarity):
            return None
        return similarity

    def _adds(self, original: int, similarity: Similarity) -> bool:
        """Tell whether the paragraph adds something to an original that it is near to."""
        if not self.redundant:
            return False
        if original not in self.examined:
            if len(self.examined) == MAX_EXAMINED:
                return True
            addition = added(self.sketch.text, self.index.sketches[original].text)
            self.examined[original] = Near(-1, original, similarity, addition)
        return self.examined[original].addition is not None

    def first(self) -> int | None:
        """Give the exact original, else the earliest that is similar enough and to which nothing is added."""
        if self.exact is not None:
            return self.exact
        candidates = self._nearest() if self.redundant else self.candidates
        return next((original for original in candidates if self.find(original)), None)

    def _nearest(self) -> list[int]:
        """Give those worth a comparison, in input order: hundreds share a bucket with a paragraph of a template.

        Those that lack digits of the paragraph are not, since most of them have another figure; where all do, the
        closest is.
        """
        mine = self.sketch
        having: list[tuple[int, int, int]] = []
        lacking: list[tuple[int, int, int]] = []
        for g in self.candidates:
            other = self.index.sketches[g]
            if may_reach(mine.classes, mine.windows, other.classes, other.windows, self.threshold_ppm, self.redundant):
                kind = lacking if mine.digits & ~other.digits else having
                less, more = apart(mine.classes, other.classes)
                kind.append((less, more, g))
        return sorted(g for *_, g in sorted(having)[:MAX_COMPARED] or sorted(lacking)[:1])

    def closest(self, g: int) -> list[Near]:
        """Give the most similar original of those examined, the earliest of several; none if none was."""
        best: list[Near] = []
        for near in self.examined.values():
            if not best or near.is_closer(best[0]):
                best = [near]
        return [near._replace(g=g) for near in best]

    def member(self, g: int, h: int, original: int) -> Member:
        """Describe the paragraph as a repeat of an accepted original."""
        similarity = self.find(original)
        assert similarity is not None
        kind = "exact" if original == self.exact else "near"
        return Member(g, h, original, kind, len(self.sketch.words), *similarity)
