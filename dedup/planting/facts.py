"""Noise that changes what a text says: other words, figures, names, a negation; a sentence less."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from random import Random
from typing import NamedTuple

from dedup.paragraphs import ABBREVIATIONS, split_paragraphs
from dedup.planting.errors import ORDINARY, Change, is_ordinary
from dedup.unit import Unit

_FIGURE = re.compile(r"(?<![\w.,/\[-])\d(?:[\d,]*\d)?(?:\.\d+)?(?![\w/-]|[.,]\d)")
_LIST_NUMBER = re.compile(r"\s*[(\[]?\d+[.):\]]?\s")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?![\w'\u2019-])")
_NEGATION = re.compile(r"(?<=[a-z]) not(?= [a-z])")
_AUXILIARY = re.compile(
    r"(?<= )(?:is|are|was|were|will|would|can|could|should|has|have|had|must|may)(?= (?!not\b|never\b|no\b)[a-z])"
)
_CALENDAR = (
    "January February March April June July August September October November December Monday Tuesday Wednesday"
    " Thursday Friday Saturday Sunday"
)
_TITLES = (
    "Admiral Ambassador Archbishop Assemblyman Bishop Brigadier Captain Cardinal Chancellor Colonel Commander"
    " Commodore Congressman Congresswoman Corporal Councilman Count Deacon Detective Doctor Duke Ensign General"
    " Governor Honorable Inspector Justice King Lieutenant Madam Major Marshal Mayor Minister Miss Officer Pastor Petty"
    " Pope President Prince Princess Private Professor Queen Rabbi Representative Representatives Reverend Secretary"
    " Senator Senators Sergeant Sheriff Sister Specialist Superintendent"
)
_NOT_NAMES = frozenset(f"{_CALENDAR} {_TITLES}".split())
FEWEST_SENTENCES = 3
"""Paragraphs with fewer lose none: half of a text is another text."""


class Vocabulary(NamedTuple):
    """Words of the text at hand, sorted: what others are replaced by."""

    words: tuple[str, ...]
    """Ordinary ones."""
    names: tuple[str, ...]
    """Words that are written with a capital inside sentences, and never without."""


def collect(paragraphs: Iterable[str]) -> Vocabulary:
    """The vocabulary of a text.

    >>> collect(["He said that in Boston, and then in Boston again, the house was sold."]).names
    ('Boston',)
    >>> collect(["This was said by Sergeant Jones, and later on by Sergeant Jones again."]).names
    ('Jones',)
    """
    words: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for text in paragraphs:
        words.update(word for word in ORDINARY.findall(text) if is_ordinary(word))
        names.update(_NAME.findall(text))
    real = {name for name in names if name.lower() not in words and not _is_known(name)}
    return Vocabulary(tuple(sorted(words)), tuple(sorted(real)))


def _is_known(name: str) -> bool:
    """Whether it is a month, a day, or a title: "Sens" and "Sergeant" name nobody."""
    return name in _NOT_NAMES or name.lower().encode() in ABBREVIATIONS


def change_words(share: float, vocabulary: Vocabulary) -> Change:
    """Replace a share of the ordinary words of four letters or more by others.

    >>> change_words(1.0, Vocabulary(("tree",), ()))("The house was sold.", Random(1))
    'The tree was tree.'
    """
    words = [word for word in vocabulary.words if len(word) >= 4]

    def changed(text: str, chance: Random) -> str:
        def hit(match: re.Match[str]) -> str:
            word = match[0]
            spared = len(word) < 4 or not is_ordinary(word) or chance.random() >= share
            return word if spared or not words else chance.choice(words)

        return ORDINARY.sub(hit, text)

    return changed


def change_figure(text: str, chance: Random) -> str:
    """Change one digit of one figure; the number of a list item or of a note, [7], is none.

    >>> change_figure("It rose by 12 to 450 units.", Random(3))
    'It rose by 72 to 450 units.'
    >>> change_figure("2. No figure here [7]", Random(3))
    '2. No figure here [7]'
    """
    figures = _figures(text)
    if not figures:
        return text
    figure = chance.choice(figures)
    digits = [at for at in range(figure.start(), figure.end()) if text[at].isdigit()]
    at = chance.choice(digits)
    other = chance.choice([digit for digit in "123456789" if digit != text[at]])
    return text[:at] + other + text[at + 1 :]


def swap_figures(text: str, chance: Random) -> str:
    """Exchange two different figures.

    >>> swap_figures("It rose from 12 to 450.", Random(1))
    'It rose from 450 to 12.'
    """
    figures = _figures(text)
    pairs = [(one, other) for one, other in pairwise(figures) if one[0] != other[0]]
    if not pairs:
        return text
    one, other = chance.choice(pairs)
    between = text[one.end() : other.start()]
    return text[: one.start()] + other[0] + between + one[0] + text[other.end() :]


def _figures(text: str) -> list[re.Match[str]]:
    """The figures of a text, without the number of a list item at its start."""
    numbered = _LIST_NUMBER.match(text)
    return list(_FIGURE.finditer(text, numbered.end() if numbered else 0))


def change_name(vocabulary: Vocabulary) -> Change:
    """Replace one name by another that the paragraph does not have.

    >>> change_name(Vocabulary((), ("Boston", "Dover")))("He went to Boston on foot.", Random(1))
    'He went to Dover on foot.'
    """
    known = frozenset(vocabulary.names)

    def changed(text: str, chance: Random) -> str:
        found = [match for match in _NAME.finditer(text) if match[0] in known]
        if not found:
            return text
        name = chance.choice(found)
        for _ in range(20):
            other = chance.choice(vocabulary.names)
            if other.lower() not in text.lower():
                return text[: name.start()] + other + text[name.end() :]
        return text

    return changed


def change_negation(text: str, chance: Random) -> str:
    """Take one "not" out; where there is none, put one in after an auxiliary verb. English.

    >>> change_negation("The bill was not passed.", Random(1))
    'The bill was passed.'
    >>> change_negation("The bill was passed.", Random(1))
    'The bill was not passed.'
    """
    if found := list(_NEGATION.finditer(text)):
        word = chance.choice(found)
        return text[: word.start()] + text[word.end() :]
    if found := list(_AUXILIARY.finditer(text)):
        word = chance.choice(found)
        return f"{text[: word.end()]} not{text[word.end() :]}"
    return text


def drop_sentence(text: str, chance: Random) -> str:
    """Leave one sentence out where there are three or more.

    >>> drop_sentence("One came. Two came. Three came.", Random(2))
    'Two came. Three came.'
    """
    sentences = split_sentences(text)
    if len(sentences) < FEWEST_SENTENCES:
        return text
    del sentences[chance.randrange(len(sentences))]
    return " ".join(sentences)


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph, by the package's own rule."""
    data = text.encode("utf-8", "surrogateescape")
    starts = split_paragraphs(data, Unit.SENTENCE_WRAPPED, at_end=True)
    return [data[start:end].decode("utf-8", "surrogateescape").strip() for start, end in pairwise(starts)]


def reorder(paragraphs: Sequence[str], chance: Random) -> list[str]:
    """The paragraphs in another order; the same where all are alike.

    >>> reorder(["a", "b", "c"], Random(1)) != ["a", "b", "c"]
    True
    """
    shuffled = list(paragraphs)
    for _ in range(20):
        chance.shuffle(shuffled)
        if shuffled != list(paragraphs):
            break
    return shuffled
