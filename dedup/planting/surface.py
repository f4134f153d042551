"""Noise that changes how a text looks and not what it says. Every function: a paragraph, a seeded source of chance."""

from __future__ import annotations

import re
from random import Random

_SPACES = ("  ", "\t", "\u00a0", "\u2009 ", "   ")
_HYPHENS = ("\u2010", "\u2011")
_DASHES = (" \u2014 ", " \u2013 ", " -- ", "\u2014", " - ")
_HYPHEN_IN_WORD = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_DASH = re.compile(r"\s+(?:-{1,2}|[\u2013\u2014])\s+|(?<=[^\W\d_])(?:--|\u2014)(?=[^\W\d_])")
_TYPOGRAPHIC = re.compile("[\u2018\u2019\u201c\u201d]")
_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
_OPENING = re.compile(r"(?:(?<=[\s(\[\u2014-])|^)[\"']")
_CLOSING = str.maketrans("\"'", "\u201d\u2019")

NARROW, WIDE = 48, 76
"""Columns between which a page is wrapped."""


def change_case(text: str, chance: Random) -> str:
    """The paragraph in capitals, in small letters, or with every word capitalised.

    >>> change_case("The FBI agreed.", Random(1))
    'THE FBI AGREED.'
    """
    return chance.choice((str.upper, str.lower, _capitalise))(text)


def change_quotes(text: str, chance: Random) -> str:
    """Straight quotes for typographic ones; typographic ones where all are straight.

    >>> change_quotes('"It\\'s over," she said.', Random(1))
    '“It’s over,” she said.'
    >>> change_quotes("“It’s over,” she said.", Random(1))
    '"It\\'s over," she said.'
    """
    del chance  # nothing to choose
    if _TYPOGRAPHIC.search(text):
        return text.translate(_STRAIGHT)
    opened = _OPENING.sub(lambda mark: "\u201c" if mark[0] == '"' else "\u2018", text)
    return opened.translate(_CLOSING)


def change_dashes(text: str, chance: Random) -> str:
    """Other dashes between words, other hyphens inside them; those beside figures stay.

    >>> change_dashes("A well-known case - the first -- of 10-20.", Random(1)).count("-")
    1
    """
    text = _HYPHEN_IN_WORD.sub(lambda _: chance.choice(_HYPHENS), text)
    return _DASH.sub(lambda dash: chance.choice([one for one in _DASHES if one != dash[0]]), text)


def change_spacing(text: str, chance: Random) -> str:
    """One in four spaces becomes two, a tab, a no-break space; line ends are not touched.

    >>> change_spacing("one two three four five six", Random(1)).split()
    ['one', 'two', 'three', 'four', 'five', 'six']
    """
    return re.sub(" ", lambda _: chance.choice(_SPACES) if chance.random() < 0.25 else " ", text)


def wrap(text: str, chance: Random) -> str:
    """The paragraph in lines of 48 to 76 columns.

    >>> wrap("word " * 20, Random(1)).count(chr(10)) > 0
    True
    """
    import textwrap

    width = chance.randint(NARROW, WIDE)
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


def hyphenate(text: str, chance: Random) -> str:
    """The paragraph in lines of 48 to 76 columns, ordinary words cut at the ends of lines.

    >>> hyphenate("considerably " * 9, Random(2)).count("-" + chr(10)) > 0
    True
    """
    width = chance.randint(NARROW, WIDE)
    lines, line = [], ""
    for word in text.split():
        line = f"{line} {word}" if line else word
        if len(line) > width:
            full, line = _cut_line(line, width, len(line) - len(word))
            lines.append(full)
    return "\n".join([*lines, line] if line else lines)


def _cut_line(line: str, width: int, word_start: int) -> tuple[str, str]:
    """Cut a line that is too long inside its last word if that can be cut, else before it."""
    word = line[word_start:]
    letters = len(word.rstrip(".,;:)\"'\u2019\u201d"))
    cut = min(letters - 3, width - word_start - 1)
    if cut >= 3 and word[:letters].isalpha() and word.islower():
        return f"{line[: word_start + cut]}-", word[cut:]
    return (line[: word_start - 1], word) if word_start else (line, "")


def _capitalise(text: str) -> str:
    """Every word with a capital; `str.title` would write Don'T."""
    return re.sub(r"(?<![\w'\u2019])[^\W\d_]", lambda letter: letter[0].upper(), text)
