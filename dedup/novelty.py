r"""What one paragraph adds to another: near is not the same.

A paragraph p is redundant beside an original q if it adds nothing to it. The two are aligned term by term, and
what differs is judged place by place:

- words of p that q does not have add something, but for function words, titles and other spellings;
- figures of p must stand in q in the same order; negations and modal verbs must agree;
- q may say more, unless that changes what p says: a longer name, a negation, a condition.

>>> added(b"Brazil suspended payments on February 22", b"Brazil suspended payments on February 20")
Addition(rule='figure', new=('22',))
>>> added(b"Ten pct of the organisation's profit", b"10% of the organization's profit") is None
True
>>> added(b"Head Start serves families", b"Early Head Start serves families")
Addition(rule='name', new=())
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import xxhash

from dedup.languages import Kind, hash_term, load_languages
from dedup.terms import Gap, Term, find_terms

MAX_DIFFERENCES = 512
"""Terms that may differ before two paragraphs are called different outright; bounds the cost of aligning."""
SPELLED_LETTERS = 5
"""Shortest word in which one typing error is tolerated."""
STEM_LETTERS = 4
"""Shortest stem that an ending is taken from."""
ACRONYM_LETTERS = 3
_POSSESSIVE = hash_term(b"s")
_UNITED_STATES = hash_term(b"united states")
_RULES = {Kind.FIGURE: "figure", Kind.NAME: "name", Kind.NEGATION: "negation"}


def _rule_of(term: Term) -> str:
    """The rule by which a new term is told; a capital makes a name of a word."""
    return _RULES.get(Kind.NAME if term.kind == Kind.WORD and term.capital else term.kind, "word")


class Addition(NamedTuple):
    """Why a paragraph is no repeat."""

    rule: str
    """What it adds: `figure`, `name`, `negation`, `word` or `order`."""
    new: tuple[str, ...]
    """The words, as they stand in the paragraph."""


class Difference(NamedTuple):
    """A place where two aligned texts differ: terms of one against terms of the other, either may be none."""

    p: range
    q: range


def added(p_text: bytes, q_text: bytes) -> Addition | None:
    """What the paragraph `p_text` adds to `q_text`; None if nothing: then it is redundant.

    Cost: O((n + m) * d) time for n and m terms of which d differ, at most MAX_DIFFERENCES.
    Source: the alignment is that of Myers 1986, "An O(ND) difference algorithm".
    """
    return _Comparison(p_text, q_text).judge()


def map_digits(text: bytes) -> int:
    """The runs of ASCII digits in a text, each as one of 63 bits.

    What has all bits of another may have all its figures.

    >>> map_digits(b"from 5 to 10") == map_digits(b"10, 5"), map_digits(b"5") & ~map_digits(b"6") > 0
    (True, True)
    """
    bits = 0
    for run in re.findall(b"[0-9]+", text):
        bits |= 1 << xxhash.xxh32_intdigest(run) % 63
    return bits


def align(p: list[int], q: list[int]) -> list[Difference] | None:
    """The differences between two lists of keys, in order; None if there are more than MAX_DIFFERENCES.

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


def _shortest_edit(p: list[int], q: list[int]) -> list[tuple[int, int]] | None:
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


class _Side:
    """The terms of a paragraph that weigh: all but the function words."""

    def __init__(self, text: bytes) -> None:
        self.all = find_terms(text)
        self.terms: list[Term] = []
        """Each with the widest gap since the one before."""
        self.at: list[int] = []
        """Where each stands in `all`."""
        gap = Gap.NONE
        for i, term in enumerate(self.all):
            gap = max(gap, term.gap)
            if term.kind != Kind.FUNCTION:
                self.terms.append(term._replace(gap=gap))
                self.at.append(i)
                gap = Gap.NONE

    def adjoin(self, i: int) -> bool:
        """Whether terms i and i + 1 are there and nothing but space stands between."""
        return i + 1 < len(self.at) and self.at[i + 1] == self.at[i] + 1 and self.terms[i + 1].gap <= Gap.SOFT

    def owns(self, i: int) -> bool:
        """Whether a possessive `'s` follows term i."""
        after = self.at[i] + 1
        return after < len(self.all) and self.all[after][:2] == (_POSSESSIVE, Kind.FUNCTION)

    def begins(self, i: int) -> bool:
        """Whether a sentence begins at term i, or the text ends."""
        return i == len(self.terms) or self.terms[i].gap == Gap.SENTENCE

    def around(self, span: range) -> list[Term]:
        """All terms between the one before a span and the one after it."""
        first = self.at[span.start - 1] + 1 if span.start else 0
        return self.all[first : self.at[span.stop] if span.stop < len(self.at) else len(self.all)]

    def run(self, span: range) -> list[Term]:
        """All terms from the first of a span to the one after it."""
        if not span:
            return []
        return self.all[self.at[span.start] : self.at[span.stop] if span.stop < len(self.at) else len(self.all)]


class _Comparison:
    """One paragraph beside another."""

    def __init__(self, p_text: bytes, q_text: bytes) -> None:
        self.text = p_text
        self.p, self.q = _Side(p_text), _Side(q_text)
        self.have = {term.key for term in self.q.terms}

    def judge(self) -> Addition | None:
        differences = align([term.key for term in self.p.terms], [term.key for term in self.q.terms])
        if differences is None:
            return self._addition("word", [])
        for difference in differences:
            addition = self._judge(difference)
            if addition is not None:
                return addition
        return None

    def _judge(self, difference: Difference) -> Addition | None:
        mine = [self.p.terms[i] for i in difference.p]
        theirs = [self.q.terms[i] for i in difference.q]
        if _same_letters(mine, theirs) or _same_letters(self.p.run(difference.p), self.q.run(difference.q)):
            return None
        left, left_theirs = _leave_spellings(mine, theirs)
        if left:
            functions = [term for term in self.q.around(difference.q) if term.kind == Kind.FUNCTION]
            left, _ = _leave_spellings(left, functions)
        return self._judge_mine(difference.p, left, left_theirs) or self._judge_theirs(difference, left_theirs)

    # --- what the paragraph has at a place and the original does not

    def _judge_mine(self, span: range, mine: list[Term], theirs: list[Term]) -> Addition | None:
        titled = any(term.kind == Kind.TITLE for term in theirs)
        content = [term for term in mine if titled or not self._is_form_of_address(span, term)]
        new = [term for term in content if term.key not in self.have]
        if new:
            if self._spells_out(content):
                return None
            return self._addition(_rule_of(new[0]), new)
        for term in content:
            if term.kind == Kind.NEGATION:
                return self._addition("negation", [term])
            if term.kind in (Kind.FIGURE, Kind.MODAL):
                return self._addition("order", [term])
        names = [term for term in content if term.kind == Kind.NAME]
        if names and any(term.kind == Kind.NAME for term in theirs):
            return self._addition("order", names)
        return None

    def _is_form_of_address(self, span: range, term: Term) -> bool:
        """`Senator` says nothing new, nor does the `U.S.` in `U.S. Senator`."""
        if term.key != _UNITED_STATES:
            return term.kind == Kind.TITLE
        i = next(i for i in span if self.p.terms[i].start == term.start)
        return self.p.adjoin(i) and self.p.terms[i + 1].kind == Kind.TITLE

    def _spells_out(self, names: list[Term]) -> bool:
        """Whether the original has the initials: `Community Development Block Grant (CDBG)` beside `CDBG`."""
        while names and names[-1].key in self.have:
            names = names[:-1]
        initials = b"".join(term.folded[:1] for term in names)
        long_enough = len(names) >= ACRONYM_LETTERS and all(term.kind == Kind.NAME for term in names)
        return long_enough and hash_term(initials) in self.have

    # --- what the original has at a place and the paragraph does not

    def _judge_theirs(self, difference: Difference, theirs: list[Term]) -> Addition | None:
        q = difference.q
        if not theirs or (not difference.p and self._says_more(q)):
            return None
        fragments = self._fragments(q)
        for i in fragments:
            term = self.q.terms[i]
            if term not in theirs:
                continue
            if term.kind == Kind.NEGATION:
                return self._addition("negation", [])
            if term.kind == Kind.MODAL or (i == q.stop - 1 and self._bounds(i)):
                return self._addition("word", [])
        if self._longer_name(q):
            return self._addition("name", [])
        return self._addition("word", []) if self._owned(difference) else None

    def _owned(self, difference: Difference) -> bool:
        """Whether the paragraph speaks of an owner where the original speaks of what he owns."""
        p, q = difference
        if p or q.start == 0 or not self.q.owns(q.start - 1):
            return False
        return p.start == 0 or not self.p.owns(p.start - 1)

    def _bounds(self, i: int) -> bool:
        """Whether term i is the `over` in `over 20`."""
        after = self.q.terms[i + 1 : i + 2]
        return self.q.terms[i].kind == Kind.MEASURE and bool(after) and after[0].kind == Kind.FIGURE

    def _says_more(self, q: range) -> bool:
        """Whether terms that only the original has are whole sentences, here or where they could as well be cut out.

        In "a b. a c." beside "a c.", what is left over may be seen as "a b" or as "b a".
        """
        return any(self.q.begins(each.start) and self.q.begins(each.stop) for each in self._cuts(q))

    def _cuts(self, q: range) -> Iterator[range]:
        terms = self.q.terms
        yield q
        start, stop = q.start, q.stop
        while start > 0 and terms[start - 1].key == terms[stop - 1].key:
            start, stop = start - 1, stop - 1
            yield range(start, stop)
        start, stop = q.start, q.stop
        while stop < len(terms) and terms[start].key == terms[stop].key:
            start, stop = start + 1, stop + 1
            yield range(start, stop)

    def _fragments(self, q: range) -> list[int]:
        """The terms at the ends of a stretch that are parts of sentences only."""
        begins = [i for i in range(q.start, q.stop + 1) if self.q.begins(i)]
        return [i for i in q if not begins or i < begins[0] or i >= begins[-1]]

    def _longer_name(self, q: range) -> bool:
        """Whether the original has more of a name than the paragraph."""
        return self._one_name(q.stop - 1) or (q.start > 0 and self._one_name(q.start - 1))

    def _one_name(self, i: int) -> bool:
        """Whether terms i and i + 1 of the original are parts of one name; `U.S. Senate` is the Senate."""
        if not self.q.adjoin(i):
            return False
        one, other = self.q.terms[i], self.q.terms[i + 1]
        if _UNITED_STATES in (one.key, other.key) or other.kind != Kind.NAME:
            return False
        return one.kind == Kind.NAME or (one.kind == Kind.WORD and one.capital)

    def _addition(self, rule: str, terms: list[Term]) -> Addition:
        return Addition(rule, tuple(term.text(self.text) for term in terms))


def _same_letters(mine: list[Term], theirs: list[Term]) -> bool:
    """Whether two runs of terms differ in where words end only: `Head Start`, `Headstart`."""
    if not mine or not theirs:
        return False
    joined = [_joined(terms) for terms in (mine, theirs)]
    return joined[0] == joined[1] and b"" not in joined


def _joined(terms: list[Term]) -> bytes:
    """The words end to end; nothing if two figures would run into one."""
    for one, other in pairwise(terms):
        if one.folded[-1:].isdigit() and other.folded[:1].isdigit():
            return b""
    return b"".join(term.folded for term in terms)


def _leave_spellings(mine: list[Term], theirs: list[Term]) -> tuple[list[Term], list[Term]]:
    """Leave out the terms that pair off, in order, as spellings of one word."""
    left: list[Term] = []
    start = 0
    theirs = list(theirs)
    for term in mine:
        found = next((i for i in range(start, len(theirs)) if is_spelling(term, theirs[i])), None)
        if found is None:
            left.append(term)
        else:
            del theirs[found]
            start = found
    return left, theirs


def is_spelling(one: Term, other: Term) -> bool:
    """Whether two terms are one ordinary word in two spellings."""
    kinds = {one.kind, other.kind}
    if not (_is_ordinary(one, other) and _is_ordinary(other, one)):
        return False
    a, b = one.folded, other.folded
    if kinds == {Kind.WORD} and _stem(a) == _stem(b):
        return True
    if one.capital or other.capital or max(len(a), len(b)) < SPELLED_LETTERS:
        return False  # at the head of a sentence a name looks like any word
    if _misread(a) == _misread(b) or _one_edit(a, b):
        return _is_slip(a, b)
    return False


def _is_ordinary(one: Term, other: Term) -> bool:
    """Whether a term can be a slip: no figure, and no name but at the head of a sentence."""
    both_begin = one.gap == other.gap == Gap.SENTENCE
    return one.kind not in (Kind.FIGURE, Kind.NAME) or (
        one.kind == Kind.NAME and both_begin and other.kind == Kind.WORD
    )


def _is_slip(a: bytes, b: bytes) -> bool:
    """Whether two words all but alike are one: only one of them is known, or only one is common.

    `country` and `county` are two words; `organise` and `organize` are one, though both are known somewhere.
    """
    if a.replace(b"z", b"s") == b.replace(b"z", b"s") or a.replace(b"our", b"or") == b.replace(b"our", b"or"):
        return True
    table = load_languages()
    return (a in table.known) != (b in table.known) or (a in table.common) != (b in table.common)


def _misread(word: bytes) -> bytes:
    """The word with what scanners take for one another made one."""
    return word.replace(b"rn", b"m").replace(b"cl", b"d").replace(b"vv", b"w")


def _stem(word: bytes) -> bytes:
    """The word without an ending that changes no fact: `projects`, `reducing`; `-ed` would tell another time."""
    for ending in (b"ing", b"es", b"s", b"e"):
        if word.endswith(ending) and not word.endswith(b"ss") and len(word) - len(ending) >= STEM_LETTERS:
            return word[: -len(ending)]
    return word


def _one_edit(a: bytes, b: bytes) -> bool:
    """Whether one byte was changed, left out or added, or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    first = 0
    while first < min(len(a), len(b)) and a[first] == b[first]:
        first += 1
    last = 0
    while last < min(len(a), len(b)) - first and a[-1 - last] == b[-1 - last]:
        last += 1
    rest_a, rest_b = a[first : len(a) - last], b[first : len(b) - last]
    if max(len(rest_a), len(rest_b)) <= 1:
        return True
    return len(rest_a) == len(rest_b) == 2 and rest_a == rest_b[::-1]
