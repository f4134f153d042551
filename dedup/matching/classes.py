"""Which of 64 classes a paragraph's shingles fall into: what can be said of a pair before its text is read.

Two sets differ in at least as many shingles as their classes differ in, so the classes of two paragraphs bound
their similarity; and of several originals the closest in classes is most likely the closest in shingles.
"""

from __future__ import annotations

from collections.abc import Iterable

from dedup.matching.nearness import MILLION


def classes_of(shingles: Iterable[int]) -> int:
    """Give the classes as a set of 64 bits.

    >>> bin(classes_of([3, 64, 67]))
    '0b1001'
    """
    classes = 0
    for shingle in shingles:
        classes |= 1 << shingle % 64
    return classes


def apart(classes: int, original_classes: int) -> tuple[int, int]:
    """Give how many classes of a paragraph an original lacks, and how many it has that the paragraph has not.

    What a paragraph adds shows in the first number, which therefore ranks originals; the second decides between equals.

    >>> apart(0b0111, 0b1101)
    (1, 1)
    """
    return (classes & ~original_classes).bit_count(), (original_classes & ~classes).bit_count()


def may_reach(
    classes: int, shingles: int, original_classes: int, original_shingles: int, threshold_ppm: int, contained: bool
) -> bool:
    """Tell whether a paragraph can be near to an original, in integers.

    >>> may_reach(0b1111, 4, 0b111, 4, 600_000, contained=False), may_reach(0b1111, 4, 0b0, 4, 600_000, contained=False)
    (True, False)

    Args:
        classes: of the paragraph.
        shingles: of the paragraph; repeated ones may be counted.
        original_classes: of the original.
        original_shingles: of the original; repeated ones may be counted.
        threshold_ppm: the threshold in millionths.
        contained: a paragraph that stands in the original but for a tenth is near at half of the threshold, too, and
            one that is longer than the original has to share as much of itself as one of its own length.
    """
    apart, lacking = (classes ^ original_classes).bit_count(), (classes & ~original_classes).bit_count()
    near = apart * (MILLION + threshold_ppm) <= (MILLION - threshold_ppm) * (shingles + original_shingles)
    if not contained:
        return near
    enough = lacking * (MILLION + threshold_ppm) <= (MILLION - threshold_ppm) * shingles
    half = threshold_ppm // 2
    least = lacking * (MILLION + half) + original_classes.bit_count() * half
    return (near and enough) or (10 * lacking <= shingles and least <= MILLION * shingles)
