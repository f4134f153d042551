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
from typing import NamedTuple

from dedup.rule.alignment import Difference, align
from dedup.rule.languages import Kind, hash_term
from dedup.rule.moves import find_moved_names
from dedup.rule.sides import Side
from dedup.rule.spelling import leave_spellings, same_letters
from dedup.rule.terms import Term

ACRONYM_LETTERS = 3
FIBONACCI = 0x9E3779B97F4A7C15
"""2^64 over the golden ratio: the product's upper half is spread well (Knuth, The Art of Computer Programming, 6.4)."""
_UNITED_STATES = hash_term(b"united states")
_INSTITUTIONS = (hash_term(b"senate"), hash_term(b"congress"))
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


def added(p_text: bytes, q_text: bytes) -> Addition | None:
    """What the paragraph `p_text` adds to `q_text`; None if nothing: then it is redundant.

    Cost: O((n + m) * d) time for n and m terms of which d differ, at most MAX_DIFFERENCES.
    """
    return _Comparison(p_text, q_text).judge()


def map_digits(text: bytes) -> int:
    """The runs of ASCII digits in a text, each as one of 63 bits, by its first eight.

    What has all bits of another may have all its figures.

    >>> map_digits(b"from 5 to 10") == map_digits(b"10, 5"), map_digits(b"5") & ~map_digits(b"6") > 0
    (True, True)
    """
    bits = 0
    for run in re.findall(b"[0-9]+", text):
        product = int.from_bytes(run[:8], "little") * FIBONACCI & (1 << 64) - 1
        bits |= 1 << (product >> 32) % 63
    return bits


class _Comparison:
    """One paragraph beside another."""

    def __init__(self, p_text: bytes, q_text: bytes) -> None:
        self.text = p_text
        self.p, self.q = Side(p_text), Side(q_text)
        self.have = self.q.keys
        self.english = self.p.english and self.q.english
        self.told = self.p.cased or self.q.cased
        """Capitals tell the names of one of the two at least; else any word may be one."""

    def judge(self) -> Addition | None:
        if self.p.same_letters(self.q):
            return None
        differences = align([term.key for term in self.p.terms], [term.key for term in self.q.terms])
        if differences is None:
            return self._addition("word", [])
        for difference in differences:
            addition = self._judge(difference)
            if addition is not None:
                return addition
        moved = find_moved_names(self.p, self.q, differences)
        return self._addition("order", moved) if moved else None

    def _judge(self, difference: Difference) -> Addition | None:
        mine = [self.p.terms[i] for i in difference.p]
        theirs = [self.q.terms[i] for i in difference.q]
        if self._differ_in_ends(difference, mine, theirs):
            return None
        left, left_theirs = mine, theirs
        if self.told:
            left, left_theirs = leave_spellings(mine, theirs, self.english)
        if left and self.told:
            functions = [term for term in self.q.around(difference.q) if term.kind == Kind.FUNCTION]
            left, _ = leave_spellings(left, functions, self.english)
        return self._judge_mine(difference.p, left, left_theirs) or self._judge_theirs(difference, left_theirs)

    def _differ_in_ends(self, place: Difference, mine: list[Term], theirs: list[Term]) -> bool:
        """Whether the two differ here in where words end only, with function words or without."""
        if not mine and not theirs:
            return True
        return (
            same_letters(mine, theirs)
            or same_letters(self.p.run(place.p), self.q.run(place.q))
            or same_letters(self.p.around(place.p), self.q.around(place.q))
        )

    # --- what the paragraph has at a place and the original does not

    def _judge_mine(self, span: range, mine: list[Term], theirs: list[Term]) -> Addition | None:
        titled = any(term.kind == Kind.TITLE for term in theirs)
        content = [term for term in mine if titled or not self._is_form_of_address(span, term, bool(theirs))]
        new = [term for term in content if term.key not in self.have]
        if new:
            if self._spells_out(content, theirs):
                return None
            return self._addition(_rule_of(new[0]), new)
        for term in content:
            if term.kind == Kind.NEGATION:
                return self._addition("negation", [term])
            if term.kind in (Kind.FIGURE, Kind.MODAL):
                return self._addition("order", [term])
        if content and any(term.kind != Kind.TITLE for term in theirs):
            return self._addition("order", content)  # in place of something else
        return None

    def _is_form_of_address(self, span: range, term: Term, replaces: bool) -> bool:
        """`Senator` says nothing new before a name or in place of nothing, nor does the `U.S.` in `U.S. Senator`."""
        if term.key != _UNITED_STATES and term.kind != Kind.TITLE:
            return False
        i = next(i for i in span if self.p.terms[i].start == term.start)
        after = self.p.terms[i + 1] if self.p.adjoin(i) else None
        if term.kind == Kind.TITLE:
            return not replaces or (after is not None and self.p.may_name(after, self.q))
        return after is not None and (after.kind == Kind.TITLE or after.key in _INSTITUTIONS)

    def _spells_out(self, names: list[Term], theirs: list[Term]) -> bool:
        """Whether the original has the initials: `Community Development Block Grant (CDBG)` beside `CDBG`.

        Nothing else may stand in their place: another company may have the same initials.
        """
        while names and names[-1].key in self.have:
            names = names[:-1]
        if not names or any(term.kind != Kind.NAME for term in names):
            return False
        initials = hash_term(b"".join(term.folded[:1] for term in names))
        if len(names) >= ACRONYM_LETTERS and initials in self.have:
            return all(term.key == initials for term in theirs)
        return not theirs and self._defines(names)

    def _defines(self, names: list[Term]) -> bool:
        """Whether the paragraph itself says in brackets what it calls them, as the original does: `(DOE)`, `(MANPADS)`.

        These are the initials of all words, or letters of three names and more with each initial among them.
        """
        terms = self.p.all
        first, last = (
            next(i for i, one in enumerate(terms) if one.start == name.start) for name in (names[0], names[-1])
        )
        after = terms[last + 1] if last + 1 < len(terms) else None
        if after is None or after.kind != Kind.NAME or after.key not in self.have:
            return False
        if self.text[after.start - 1 : after.start] != b"(" or len(after.folded) < ACRONYM_LETTERS:
            return False
        words = [term.folded for term in terms[first : last + 1]]
        if after.folded == b"".join(word[:1] for word in words):
            return True
        initials = b"".join(term.folded[:1] for term in names)
        begun = after.folded[:1] == initials[:1] and len(names) >= ACRONYM_LETTERS
        return begun and _has_in_order(after.folded, initials) and _has_in_order(b"".join(words), after.folded)

    # --- what the original has at a place and the paragraph does not

    def _judge_theirs(self, difference: Difference, theirs: list[Term]) -> Addition | None:
        q = difference.q
        if not theirs:
            return None
        kinds = {term.kind for term in self.q.terms[q.start : q.stop]}
        if kinds <= {Kind.NEGATION, Kind.MODAL}:  # no sentence says that alone: it turned another one round
            return self._addition("negation" if Kind.NEGATION in kinds else "word", [])
        if not difference.p:
            if self._says_more(q):
                return None
            if self._runs_together(difference):
                return self._addition("order", [])
        fragments = self._fragments(q)
        for i in fragments:
            term = self.q.terms[i]
            if term not in theirs:
                continue
            if term.kind == Kind.NEGATION:
                return self._addition("negation", [])
            if term.kind == Kind.MODAL or (i == q.stop - 1 and self._bounds(i)):
                return self._addition("word", [])
            if term.kind in (Kind.RELATION, Kind.MEASURE) and self._replaces(difference):
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

    def _replaces(self, difference: Difference) -> bool:
        """Whether the paragraph has a function word where the original has another word: `for` beside `against`."""
        here = {term.key for term in self.q.around(difference.q)}
        return any(term.kind == Kind.FUNCTION and term.key not in here for term in self.p.around(difference.p))

    def _bounds(self, i: int) -> bool:
        """Whether term i is the `over` in `over 20`."""
        after = self.q.terms[i + 1 : i + 2]
        return self.q.terms[i].kind == Kind.MEASURE and bool(after) and after[0].kind == Kind.FIGURE

    def _says_more(self, q: range) -> bool:
        """Whether terms that only the original has are whole sentences, here or where they could as well be cut out.

        In "a b. a c." beside "a c.", what is left over may be seen as "a b" or as "b a".
        """
        return any(self.q.begins(each.start) and self.q.begins(each.stop) for each in self._cuts(q))

    def _runs_together(self, difference: Difference) -> bool:
        """Whether the paragraph has a figure or name in place of another, from another sentence of the original.

        "Due by May 1, 2008" has all it says from "Due by May 1, 2007. Starts in 2008", and in this order.
        """
        p, q = difference
        if p.start in (0, len(self.p.terms)) or self.p.begins(p.start):
            return False
        after = _is_instead(self.p.terms[p.start], self.q.terms[q.start])
        before = _is_instead(self.p.terms[p.start - 1], self.q.terms[q.stop - 1])
        return (after or before) and any(self.q.begins(i) for i in q)

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
        if _UNITED_STATES in (one.key, other.key) or not self.q.may_name(other, self.p):
            return False
        return self.q.may_name(one, self.p) or (one.kind == Kind.WORD and one.capital)

    def _addition(self, rule: str, terms: list[Term]) -> Addition:
        return Addition(rule, tuple(term.text(self.text) for term in terms))


def _is_instead(one: Term, other: Term) -> bool:
    """Whether a term of the paragraph may stand in the place of another one of the original."""
    return one.kind == other.kind and one.kind in (Kind.FIGURE, Kind.NAME) and one.key != other.key


def _has_in_order(letters: bytes, some: bytes) -> bool:
    """Whether some letters stand among others in their order."""
    left = iter(letters)
    return all(letter in left for letter in some)
