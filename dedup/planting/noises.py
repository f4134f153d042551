"""The table of noises: what is done to planted copies, and what should become of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import NamedTuple

from dedup.planting import errors, facts, surface
from dedup.planting.facts import Vocabulary

CLEAN, SURFACE, ERRORS, CUT, WORDS, FACTS = "clean", "surface", "errors", "cut", "words", "facts"
"""Groups: nothing changed; only its looks; slips of typing and scanning; less text or another order; other
words (similar, and no longer the same); other facts (must not be removed as adding nothing)."""

SHARES = (0.01, 0.03, 0.08)
WORD_SHARES = (0.03, 0.08, 0.15)
LONG_WORD = 5
"""Letters of an ordinary word in which one error is tolerated."""

ChangeAll = Callable[[Sequence[str], Random], list[str]]


class Noise(NamedTuple):
    """One thing that happens to copies."""

    name: str
    group: str
    change: ChangeAll
    """Paragraphs in, as many paragraphs out."""

    @property
    def keeps_facts(self) -> bool:
        """Whether the copy says nothing new, so that it should go."""
        return self.group not in (WORDS, FACTS)


def make_noises(vocabulary: Vocabulary) -> list[Noise]:
    """Every noise, with words and names of the text at hand for those that need them.

    >>> len({noise.name for noise in make_noises(Vocabulary((), ()))})
    28
    """
    known = frozenset(vocabulary.words)
    return [
        Noise("clean", CLEAN, lambda paragraphs, _: list(paragraphs)),
        _noise("case", SURFACE, surface.change_case),
        _noise("quotes", SURFACE, surface.change_quotes),
        _noise("dashes", SURFACE, surface.change_dashes),
        _noise("spacing", SURFACE, surface.change_spacing),
        _noise("re-wrapped", SURFACE, surface.wrap),
        _noise("hyphenated", SURFACE, surface.hyphenate),
        *_slips("typing errors", errors.misspell, known),
        *_slips("OCR errors", errors.misread, known),
        _noise("dropped sentence", CUT, facts.drop_sentence),
        Noise("reordered", CUT, facts.reorder),
        *(_noise(f"changed words {share:.0%}", WORDS, facts.change_words(share, vocabulary)) for share in WORD_SHARES),
        _noise("changed figure", FACTS, facts.change_figure),
        _noise("swapped figures", FACTS, facts.swap_figures),
        _noise("changed name", FACTS, facts.change_name(vocabulary)),
        _noise("changed negation", FACTS, facts.change_negation),
    ]


def _slips(name: str, make: Callable[..., errors.Change], known: frozenset[str]) -> list[Noise]:
    """Each share twice: in words of five letters or more, and in any."""
    return [
        _noise(f"{name} {share:.0%}{words}", ERRORS, make(share, least, known))
        for words, least in (("", LONG_WORD), (", short words too", 2))
        for share in SHARES
    ]


def _noise(name: str, group: str, change: errors.Change) -> Noise:
    return Noise(name, group, partial(_each, change))


def _each(change: errors.Change, paragraphs: Sequence[str], chance: Random) -> list[str]:
    return [change(text, chance) for text in paragraphs]
