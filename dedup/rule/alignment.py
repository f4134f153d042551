"""The differences between two sequences: the shortest edit script of Myers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MAX_DIFFERENCES = 512
"""Terms that may differ before two paragraphs are called different outright; bounds the cost of aligning."""


class Difference(NamedTuple):
    """A place where two aligned texts differ: terms of one against terms of the other, either may be none."""

    p: range
    q: range


def align(p: Sequence[int], q: Sequence[int]) -> list[Difference] | None:
    """The differences between two lists of keys, in order; None if there are more than MAX_DIFFERENCES.

    Cost: O((n + m) * d) time for n and m keys of which d differ.
    Source: Myers 1986, "An O(ND) difference algorithm".

    >>> align([1, 2, 3, 4], [1, 5, 3, 4, 6])
    [Difference(p=range(1, 2), q=range(1, 2)), Difference(p=range(4, 4), q=range(4, 5))]
    """
    first = 0
    while first < min(len(p), len(q)) and p[first] == q[first]:
        first += 1
    n, m = len(p), len(q)
    while n > first and m > first and p[n - 1] == q[m - 1]:
        n, m = n - 1, m - 1
    path = _shortest_edit(p[first:n], q[first:m])
    return None if path is None else _differences(path, first)


def _shortest_edit(p: Sequence[int], q: Sequence[int]) -> list[tuple[int, int]] | None:
    """The matched pairs of a shortest edit script, and the two lengths as the last one."""
    n, m = len(p), len(q)
    furthest = {1: 0}
    rounds: list[dict[int, int]] = []
    for d in range(min(n + m, MAX_DIFFERENCES) + 1):
        rounds.append(dict(furthest))
        for k in range(-d, d + 1, 2):
            down = k == -d or (k != d and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            while x < n and x - k < m and p[x] == q[x - k]:
                x += 1
            furthest[k] = x
            if x >= n and x - k >= m:
                return _trace(rounds, n, m)
    return None


def _trace(rounds: list[dict[int, int]], n: int, m: int) -> list[tuple[int, int]]:
    """Walk back from the end to the beginning along the furthest points of each round."""
    pairs = [(n, m)]
    x, y = n, m
    for d in range(len(rounds) - 1, 0, -1):
        furthest, k = rounds[d], x - y
        down = k == -d or (k != d and furthest[k - 1] < furthest[k + 1])
        before = k + 1 if down else k - 1
        start = furthest[before] if down else furthest[before] + 1
        pairs += [(i, i - k) for i in range(x - 1, start - 1, -1)]
        x = furthest[before]
        y = x - before
    pairs += [(i, i) for i in range(x - 1, -1, -1)]
    return pairs[::-1]


def _differences(pairs: list[tuple[int, int]], first: int) -> list[Difference]:
    """What lies between the matched pairs."""
    found: list[Difference] = []
    x = y = 0
    for i, j in pairs:
        if i > x or j > y:
            found.append(Difference(range(first + x, first + i), range(first + y, first + j)))
        x, y = i + 1, j + 1
    return found
