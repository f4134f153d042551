"""One paragraph of two that are compared: its terms that weigh."""

from __future__ import annotations

from dedup.rule.casing import Case
from dedup.rule.languages import Kind, hash_term
from dedup.rule.terms import CURRENCIES, Gap, Term, read_terms

_POSSESSIVE = hash_term(b"s")
_SIGNS = (b"%", *(sign.encode() for sign in CURRENCIES))


class Side:
    """The terms of a paragraph that weigh: all but the function words."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.all, self.words, case, self.english = read_terms(text)
        self.cased = case == Case.MIXED
        """Capital letters tell names."""
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
        self.keys = {term.key for term in self.terms}
        self.names = {term.key for term in self.terms if term.kind == Kind.NAME}

    def same_letters(self, other: Side) -> bool:
        """Whether two sides differ in case, in punctuation that is no part of a figure, and in where words end only."""
        if self.words.replace(b" ", b"") != other.words.replace(b" ", b""):
            return False
        same_words = self.words == other.words
        return self._firm(same_words) == other._firm(same_words)

    def _firm(self, same_words: bool) -> list[int]:
        """What equal letters do not make equal: figures, percent and currency signs, and negations.

        Equal words leave figures in digits and signs only: SEPT may be a month or seven, but is the same word.
        """
        return [term.key for term in self.terms if _is_firm(term, same_words) or term.folded in _SIGNS]

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
        return self.all[first : self._after(span)]

    def run(self, span: range) -> list[Term]:
        """All terms from the first of a span to the one after it."""
        return self.all[self.at[span.start] : self._after(span)] if span else []

    def _after(self, span: range) -> int:
        return self.at[span.stop] if span.stop < len(self.at) else len(self.all)

    def may_name(self, term: Term, other: Side) -> bool:
        """Whether a term is a name: in doubt it is, where capitals do not tell and the other side has no plain word."""
        if term.kind != Kind.WORD or self.cased:
            return term.kind == Kind.NAME
        return not other.cased or term.key in other.names or term.key not in other.keys


def _is_firm(term: Term, same_words: bool) -> bool:
    if term.kind == Kind.FIGURE:
        return not (same_words and term.in_words)
    return term.kind == Kind.NEGATION and not same_words  # `no table`, `notable`
