"""How many bands of how many rows: the one decision of MinHash-LSH.

Two paragraphs of Jaccard similarity s share a band of r rows with probability s**r, so one of b bands with
1 - (1 - s**r)**b (Leskovec, Rajaraman, Ullman, *Mining of Massive Datasets*, 3.4). datasketch balances misses
against false candidates by areas under that curve; here candidates are verified, so recall is a demand
and only cost is left to choose. The module needs neither NumPy nor datasketch: every start imports it.
"""

from __future__ import annotations

import math
import operator
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

MAX_ROWS = 12
MAX_BANDS = 512

# Fitted to runs of 7 to 17 bands of 2 and 3 rows over 817,000 sentences of Senate releases.
SIGN_COST = 1.0
"""Of one permutation applied to a paragraph, some 5 ns; the unit of the others."""
INDEX_COST = 40.0
"""Of one band: hash its rows, look the bucket up, enter it; twice a miss of the cache."""
VERIFY_COST = 30.0
"""Of one false candidate: most fall by the classes of their shingles, before their text is read."""

# Pairs of paragraphs in real text: a paragraph meets PAIRS_SCALE * s**-PAIRS_EXPONENT others a unit of
# similarity around s. A power law has two unknowns, and two counts on the Senate releases at threshold 0.7
# give them: 0.6 false candidates a paragraph with 11 bands of 3 rows, 0.3 with 17 bands of 4.
PAIRS_SCALE = 0.127
PAIRS_EXPONENT = 2.88
INTEGRATION_STEPS = 100


class Bands(NamedTuple):
    """The shape of a signature: it has bands * rows values."""

    bands: int
    rows: int


def candidate_probability(similarity: float, bands: int, rows: int) -> float:
    """Give the chance that a pair shares at least one band.

    >>> round(candidate_probability(0.7, 11, 3), 3)
    0.99
    """
    missed = math.pow(1.0 - math.pow(similarity, rows), bands)
    return 1.0 - missed


def false_candidates(threshold: float, bands: int, rows: int) -> float:
    """Estimate the candidates below the threshold that one paragraph meets in running text.

    >>> round(false_candidates(0.7, 11, 3), 1), round(false_candidates(0.7, 17, 4), 1)
    (0.6, 0.3)
    """
    step = threshold / INTEGRATION_STEPS
    middles = [(i + 0.5) * step for i in range(INTEGRATION_STEPS)]
    densities = [PAIRS_SCALE * math.pow(s, -PAIRS_EXPONENT) for s in middles]
    found = [candidate_probability(s, bands, rows) for s in middles]
    return step * math.fsum(map(operator.mul, densities, found))


@lru_cache(maxsize=16)
def choose_bands(threshold: float, recall: float) -> Bands:
    """Choose the cheapest bands that find a pair exactly at the threshold often enough.

    >>> choose_bands(0.7, 0.99)
    Bands(bands=7, rows=2)

    Args:
        threshold: Jaccard similarity, above 0, at most 1.
        recall: the least probability that a pair at the threshold becomes a candidate, below 1.
    Raises:
        ValueError: no shape within MAX_BANDS and MAX_ROWS reaches the recall.
    Cost: some 100 microseconds, once for each pair of arguments.
    """
    cheapest, least = None, math.inf
    for rows in range(1, MAX_ROWS + 1):
        bands = _fewest_bands(threshold, recall, rows)
        fixed = SIGN_COST * bands * rows + INDEX_COST * bands
        if bands > MAX_BANDS or fixed >= least:
            break  # with more rows it takes more bands
        cost = fixed + VERIFY_COST * false_candidates(threshold, bands, rows)
        if cost < least:
            cheapest, least = Bands(bands, rows), cost
    if cheapest is None:
        message = f"no {MAX_BANDS} bands find pairs of similarity {threshold} with probability {recall}"
        raise ValueError(message)
    return cheapest


def _fewest_bands(threshold: float, recall: float, rows: int) -> int:
    """Give the least number of bands that reaches the recall with these rows, MAX_BANDS + 1 if none does."""
    reached = bisect_left(
        range(1, MAX_BANDS + 1), recall, key=lambda bands: candidate_probability(threshold, bands, rows)
    )
    return reached + 1


def permutations(count: int) -> bytes:
    """Give datasketch's affine32 permutations for seed 1: `count` odd multipliers, then `count` offsets, uint32.

    Drawn as `numpy.random.RandomState(1)` draws them: MT19937 (Matsumoto and Nishimura 1998). By hand, since NumPy
    and the module `random` take longer to import than a small file to clean.

    >>> [int.from_bytes(permutations(1)[i : i + 4], "little") for i in (0, 4)]
    [3582191691, 4282876139]
    """
    drawn = _mersenne_twister(2 * count)
    values = [(value & 0x7FFFFFFF) * 2 + 1 for value in drawn[:count]] + drawn[count:]
    return b"".join(value.to_bytes(4, "little") for value in values)


def _mersenne_twister(count: int) -> list[int]:
    """Give the first numbers of MT19937 with seed 1."""
    state = [1]
    for i in range(1, 624):
        state.append((1812433253 * (state[-1] ^ (state[-1] >> 30)) + i) & 0xFFFFFFFF)
    drawn = []
    for i in range(count):
        at = i % 624
        word = (state[at] & 0x80000000) | (state[(at + 1) % 624] & 0x7FFFFFFF)
        state[at] = state[(at + 397) % 624] ^ (word >> 1) ^ (0x9908B0DF if word & 1 else 0)
        word = state[at] ^ (state[at] >> 11)
        word ^= (word << 7) & 0x9D2C5680
        word ^= (word << 15) & 0xEFC60000
        drawn.append(word ^ (word >> 18))
    return drawn
