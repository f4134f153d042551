"""Measure the recall of candidates on real paragraphs: `python scripts/recall.py FILE`.

Takes the first paragraphs of a text file (a line each, of at least --min-words words; the same set of
shingles counts once, since it would be found or missed together), finds every pair whose Jaccard similarity
lies in [threshold, threshold + 0.02) by exhaustive comparison, and prints the share of them that have a band
key in common, beside the bar: --recall less 0.01. Signatures are datasketch's, a key is xxh32 over the rows
of a band.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice
from math import ceil
from pathlib import Path
from typing import NamedTuple

import xxhash
from datasketch import MinHash

from dedup.minhash import Bands, choose_bands
from dedup.words import hash_words, shingle, split_words

TOLERANCE = 0.01
Shingles = frozenset[int]


class Pair(NamedTuple):
    """Two sets of shingles by their numbers, and how alike they are."""

    a: int
    b: int
    similarity: Fraction


def read_paragraphs(path: Path, shingle_words: int, min_words: int) -> Iterator[Shingles]:
    """The distinct sets of shingle hashes of the lines of a file, in order."""
    seen: set[Shingles] = set()
    with path.open("rb") as lines:
        for line in lines:
            words = hash_words(split_words(line))
            shingles = frozenset(shingle(words, shingle_words)) if len(words) >= min_words else None
            if shingles and shingles not in seen:
                seen.add(shingles)
                yield shingles


def find_pairs(sets: Sequence[Shingles], low: Fraction, high: Fraction) -> Iterator[Pair]:
    """Every pair with low <= Jaccard similarity < high, compared as fractions.

    Two sets that are similar enough have one of their rarest shingles in common (the first
    len(s) - ceil(low * len(s)) + 1 in order of rarity), so that only those go into the inverted index, and
    the answer is exact all the same.

    Source: Chaudhuri, Ganti, Kaushik 2006, "A primitive operator for similarity joins" (prefix filter).
    """
    frequency = Counter(one for shingles in sets for one in shingles)
    index: dict[int, list[int]] = defaultdict(list)
    for a in sorted(range(len(sets)), key=lambda number: len(sets[number])):
        size = len(sets[a])
        least = ceil(low * size)
        prefix = sorted(sets[a], key=lambda one: (frequency[one], one))[: size - least + 1]
        for b in {b for one in prefix for b in index[one] if len(sets[b]) >= least}:
            common = len(sets[a] & sets[b])
            similarity = Fraction(common, size + len(sets[b]) - common)
            if low <= similarity < high:
                yield Pair(a, b, similarity)
        for one in prefix:
            index[one].append(a)


def band_keys(shingles: Iterable[int], bands: Bands) -> list[int]:
    """The key of each band of the signature: xxh32 over its rows as little-endian uint32."""
    signature = MinHash(num_perm=bands.bands * bands.rows, seed=1, scheme="affine32", hashfunc=int)
    signature.update_batch(shingles)
    rows = signature.hashvalues.astype("<u4").reshape(bands.bands, bands.rows)
    return [xxhash.xxh32_intdigest(row.tobytes()) for row in rows]


def count_found(sets: Sequence[Shingles], pairs: Sequence[Pair], bands: Bands) -> int:
    """How many of the pairs have a key in common in at least one band."""
    keys = {number: band_keys(sets[number], bands) for number in {n for p in pairs for n in (p.a, p.b)}}
    return sum(any(map(int.__eq__, keys[pair.a], keys[pair.b])) for pair in pairs)


def expected_share(pairs: Sequence[Pair], bands: Bands) -> float:
    """What theory promises for these pairs: the mean of 1 - (1 - J**rows)**bands."""
    missed = sum((1 - float(pair.similarity) ** bands.rows) ** bands.bands for pair in pairs)
    return float(1 - missed / len(pairs))


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("file", type=Path, help="text, a paragraph a line")
    parser.add_argument("--paragraphs", type=int, default=50_000, help="how many to compare (default 50000)")
    parser.add_argument("--threshold", type=Fraction, default=Fraction("0.7"), help="default 0.7")
    parser.add_argument("--width", type=Fraction, default=Fraction("0.02"), help="of the interval (default 0.02)")
    parser.add_argument("--recall", type=float, default=0.99, help="default 0.99")
    parser.add_argument("--shingle-words", type=int, default=3, help="default 3")
    parser.add_argument("--min-words", type=int, default=8, help="default 8")
    return parser.parse_args(argv)


def main() -> int:
    """Print pairs, share and bar."""
    options = parse()
    low, high = options.threshold, options.threshold + options.width
    bands = choose_bands(float(low), options.recall)
    paragraphs = read_paragraphs(options.file, options.shingle_words, options.min_words)
    sets = list(islice(paragraphs, options.paragraphs))
    pairs = list(find_pairs(sets, low, high))
    print(f"paragraphs   {len(sets):,} with different shingles")
    print(f"bands        {bands.bands} of {bands.rows} rows, for recall {options.recall} at {float(low)}")
    print(f"pairs        {len(pairs):,} with Jaccard similarity in [{float(low):.2f}, {float(high):.2f})")
    if not pairs:
        print("share found  not measured: no such pair")
        return 0
    share, bar = count_found(sets, pairs, bands) / len(pairs), options.recall - TOLERANCE
    print(f"share found  {share:.4f} (theory {expected_share(pairs, bands):.4f})")
    print(f"bar          >= {bar:.4f}: {'meets' if share >= bar else 'misses'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
