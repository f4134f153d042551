"""Names that change places: `Iraq attacked Iran` is not `Iran attacked Iraq`, though no word is new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import pairwise

from dedup.rule.alignment import Difference
from dedup.rule.languages import Kind, hash_term
from dedup.rule.sides import Side
from dedup.rule.terms import Term


class _Place(IntEnum):
    """Where a term of the paragraph stands in the original."""

    KEPT = 0
    """At the same place; or it is no word of the original."""
    MOVED = 1
    """Elsewhere."""
    REPEATED = 2
    """At the same place, for another of the paragraph."""


_AND = hash_term(b"and")
DATES = frozenset(hash_term(f"month {n}".encode()) for n in range(1, 13)) | frozenset(
    hash_term(f"day {n}".encode()) for n in range(7)
)
"""Days and months change places among themselves only: `on Monday Kerry said`, `Kerry said on Monday`."""
_LIST = re.compile(rb"[a-z ,.\t\r\n\x80-\xff]*", re.IGNORECASE)


def find_moved_names(p: Side, q: Side, differences: Sequence[Difference]) -> list[Term]:
    """Two names of one sentence of `p` that no sentence of `q` has in that order with the moved words between.

    Names in a list, `Kohl and Feingold`, stand in any order.

    Cost: O(n + m) time for n and m terms if nothing has moved, else O(n * m) at most.
    """
    left = {q.terms[i].key for difference in differences for i in difference.q}
    out = [_Place.KEPT] * len(p.terms)
    for i in (i for difference in differences for i in difference.p):
        if p.terms[i].key in q.keys and p.terms[i].kind in (Kind.WORD, Kind.NAME):
            out[i] = _Place.MOVED if p.terms[i].key in left else _Place.REPEATED
    if not any(out):
        return []
    for dates in (False, True):
        names = [i for i, term in enumerate(p.terms) if _is_name(p, q, term) and (term.key in DATES) == dates]
        for i, j in pairwise(names):
            if _is_moved(p, q, out, i, j):
                return [p.terms[i], p.terms[j]]
    return []


def _is_name(p: Side, q: Side, term: Term) -> bool:
    return p.may_name(term, q) or (term.kind == Kind.WORD and term.capital and term.key in q.names)


def _is_moved(p: Side, q: Side, out: Sequence[_Place], i: int, j: int) -> bool:
    """Whether names i and j of the paragraph stand in no such order in the original."""
    said_anew = _Place.MOVED in out[i : j + 1] or any(out[i + 1 : j]) or (out[i] and out[j])
    if not said_anew or any(p.begins(k) for k in range(i + 1, j + 1)):
        return False
    one, other = p.terms[i].key, p.terms[j].key
    between = {p.terms[k].key for k in range(i + 1, j) if out[k]}
    return one != other and not _is_list(p, i, j) and not _has_order(q, one, between, other)


def _is_list(p: Side, i: int, j: int) -> bool:
    """Whether nothing but commas, `and` and titles stand between terms i and j, and one of the first two does."""
    inner = p.all[p.at[i] + 1 : p.at[j]]
    gap = p.text[p.terms[i].end : p.terms[j].start]
    if not all(term.key == _AND or term.kind == Kind.TITLE for term in inner) or not _LIST.fullmatch(gap):
        return False
    return b"," in gap or any(term.key == _AND for term in inner)


def _has_order(q: Side, one: int, between: set[int], other: int) -> bool:
    """Whether a sentence, or two, have one before the other and what moved in between."""
    before: list[int] = []
    for sentence in _sentences(q):
        both = before + sentence
        before = sentence
        if one in both and other in both:
            first, last = both.index(one), len(both) - 1 - both[::-1].index(other)
            if first < last and between <= set(both[first:last]):
                return True
    return False


def _sentences(q: Side) -> Iterator[list[int]]:
    """The keys of every sentence."""
    start = 0
    for i in range(1, len(q.terms) + 1):
        if q.begins(i):
            yield [term.key for term in q.terms[start:i]]
            start = i
