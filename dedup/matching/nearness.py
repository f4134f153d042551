"""When a paragraph is near to another: on the exact sets of shingles, in integers.

It is near if their similarity reaches the threshold. Where it must add nothing, three things are different:

- an original that says less counts as one that says as much: a longer paragraph says more than it;
- half of the threshold is enough for a paragraph that stands in the original, but for a tenth;
- a long paragraph has to stand there, but for a twentieth: what differs in more adds something, and to read it takes as
  long as a hundred sentences.
"""

from __future__ import annotations

from typing import NamedTuple

MILLION = 1_000_000
LONG_SHINGLES = 128
"""A paragraph of more is long."""
MOST_LACKING = 16
"""Shingles of a long paragraph, at most, that are not in what contains it: five or six words changed here and there."""


class Similarity(NamedTuple):
    """A Jaccard similarity as a pair of counts."""

    intersection: int
    union: int

    def reaches(self, threshold_ppm: int) -> bool:
        """Compare in integers.

        >>> Similarity(7, 10).reaches(700_000), Similarity(6, 9).reaches(700_000)
        (True, False)
        """
        return self.intersection * MILLION >= threshold_ppm * self.union

    def beside_less(self, shingles: int) -> Similarity:
        """Give what counts for a paragraph of so many shingles: an original that says less is taken to say as much.

        >>> Similarity(8, 10).beside_less(10), Similarity(8, 12).beside_less(10)
        (Similarity(intersection=8, union=12), Similarity(intersection=8, union=12))
        """
        return Similarity(self.intersection, max(self.union, 2 * shingles - self.intersection))

    def contains(self, shingles: int) -> bool:
        """Tell whether a paragraph of so many shingles stands in the other but for a tenth.

        A long one may lack a twentieth, and no more than `MOST_LACKING`.

        >>> Similarity(18, 36).contains(20), Similarity(17, 36).contains(20)
        (True, False)
        >>> Similarity(185, 210).contains(200), Similarity(190, 210).contains(200)
        (False, True)
        >>> Similarity(984, 1000).contains(1000), Similarity(983, 1000).contains(1000)
        (True, False)
        """
        lacking = shingles - self.intersection
        if shingles > LONG_SHINGLES:
            return 20 * lacking <= shingles and lacking <= MOST_LACKING
        return 10 * lacking <= shingles


def jaccard(one: frozenset[int], other: frozenset[int]) -> Similarity:
    """Count the shingles that both have and those that either has.

    >>> jaccard(frozenset({1, 2, 3}), frozenset({2, 3, 4}))
    Similarity(intersection=2, union=4)
    """
    shared = len(one & other)
    return Similarity(shared, len(one) + len(other) - shared)


def is_near(similarity: Similarity, shingles: int, threshold_ppm: int, *, redundant: bool) -> bool:
    """Tell whether a paragraph is near to another.

    >>> [is_near(Similarity(9, 18), 10, 600_000, redundant=redundant) for redundant in (True, False)]
    [True, False]

    Args:
        similarity: of the two.
        shingles: of the paragraph, distinct ones.
        threshold_ppm: the threshold in millionths.
        redundant: it must add nothing.
    """
    if not redundant:
        return similarity.reaches(threshold_ppm)
    if similarity.contains(shingles):
        return similarity.reaches(threshold_ppm // 2)
    return shingles <= LONG_SHINGLES and similarity.beside_less(shingles).reaches(threshold_ppm)
