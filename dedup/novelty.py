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

from typing import NamedTuple

from dedup.languages import Kind, load_languages
from dedup.terms import Gap, Term, find_terms

MAX_DIFFERENCES = 512
"""Terms that may differ before two paragraphs are called different outright; bounds the cost of aligning."""
SPELLED_LETTERS = 5
"""Shortest word in which one typing error is tolerated."""
_RULES = {Kind.FIGURE: "figure", Kind.NAME: "name", Kind.NEGATION: "negation"}


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


class _Comparison:
    """One paragraph beside another."""

    def __init__(self, p_text: bytes, q_text: bytes) -> None:
        self.text = p_text
        self.all_p, self.all_q = find_terms(p_text), find_terms(q_text)
        self.p = [term for term in self.all_p if term.kind != Kind.FUNCTION]
        self.q = [term for term in self.all_q if term.kind != Kind.FUNCTION]
        self.have = {term.key for term in self.q}

    def judge(self) -> Addition | None:
        differences = align([term.key for term in self.p], [term.key for term in self.q])
        if differences is None:
            return self._addition("word", [])
        for difference in differences:
            addition = self._judge(difference)
            if addition is not None:
                return addition
        return None

    def _judge(self, difference: Difference) -> Addition | None:
        mine = [self.p[i] for i in difference.p]
        theirs = [self.q[i] for i in difference.q]
        if _same_letters(mine, theirs):
            return None
        mine, theirs = _leave_spellings(mine, theirs)
        return self._judge_mine(mine, theirs) or self._judge_theirs(difference, mine, theirs)

    def _judge_mine(self, mine: list[Term], theirs: list[Term]) -> Addition | None:
        """Judge what the paragraph has at a place and the original does not."""
        content = [term for term in mine if term.kind != Kind.TITLE]
        new = [term for term in content if term.key not in self.have]
        if new:
            return self._addition(_RULES.get(new[0].kind, "word"), new)
        for term in content:
            if term.kind == Kind.NEGATION:
                return self._addition("negation", [term])
            if term.kind in (Kind.FIGURE, Kind.MODAL):
                return self._addition("order", [term])
        if content and any(term.kind != Kind.TITLE for term in theirs):
            return self._addition("order", content)
        return None

    def _judge_theirs(self, difference: Difference, mine: list[Term], theirs: list[Term]) -> Addition | None:
        """Judge what the original has at a place and the paragraph does not."""
        if not theirs or self._is_whole(difference.q):
            return None
        if any(term.kind == Kind.NEGATION for term in theirs):
            return self._addition("negation", [])
        if any(term.kind == Kind.MODAL for term in theirs):
            return self._addition("word", [])
        return self._longer_name(difference, theirs)

    def _is_whole(self, q: range) -> bool:
        """Whether terms of the original are whole sentences: it says more, and nothing else."""
        at_end = q.stop == len(self.q)
        return self.q[q.start].gap == Gap.SENTENCE and (at_end or self.q[q.stop].gap == Gap.SENTENCE)

    def _longer_name(self, difference: Difference, theirs: list[Term]) -> Addition | None:
        """Whether the original has more of a name than the paragraph."""
        q = difference.q
        if q.stop < len(self.q) and self._one_name(q.stop - 1, q.stop):
            return self._addition("name", [])
        if q.start > 0 and self._one_name(q.start - 1, q.start):
            return self._addition("name", [])
        return None

    def _one_name(self, i: int, j: int) -> bool:
        """Whether two terms of the original are parts of one name."""
        one, other = self.q[i], self.q[j]
        return one.kind == Kind.NAME and other.kind == Kind.NAME and other.gap <= Gap.SOFT

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
    for one, other in zip(terms, terms[1:], strict=False):
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
    if one.kind != Kind.WORD or other.kind != Kind.WORD:
        return False
    a, b = one.folded, other.folded
    if a + b"s" == b or b + b"s" == a:
        return True
    if min(len(a), len(b)) < SPELLED_LETTERS or not _one_edit(a, b):
        return False
    if a.replace(b"z", b"s") == b.replace(b"z", b"s") or a.replace(b"our", b"or") == b.replace(b"our", b"or"):
        return True  # organise and organize, colour and color: both are known somewhere
    table = load_languages()
    return table.knows(a) != table.knows(b)


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
