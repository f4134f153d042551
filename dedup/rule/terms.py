r"""Terms: what one paragraph says to another, in canonical form.

Words are what `dedup.placed` makes of them; terms are words read with the table of `dedup.rule.languages`, so
that different spellings of the same have the same key:

>>> [term.text(b"The U.S. paid $1.5 mln") for term in find_terms(b"The U.S. paid $1.5 mln")]
['The', 'U.S', 'paid', '$1.5 mln']
>>> one, other = find_terms(b"Ten pct of Tenn."), find_terms(b"10% of TN")
>>> [term.key for term in one] == [term.key for term in other]
True
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from dedup.placed import Word, join_cut_words, place_words
from dedup.rule.casing import Case, find_case
from dedup.rule.languages import Entry, Kind, Languages, hash_term, load_languages

MAX_PHRASE_WORDS = 4
HEADING_LETTERS = 4
"""Bytes of the longest function word of English that may have a capital and be no name."""
HEAD_LETTERS = 4
"""Bytes of the shortest known word that is no name at the head of a sentence."""
MISREAD_LETTERS = 4
"""Letters of the shortest word in which a digit is an error of reading whatever stands beside: 10th is no loth."""
MARK_DIGITS = 3
FOREIGN_SHARE = 4
"""A text is English if it has more than so many English function words for one that is not."""
CURRENCIES = "$€£¥₹₽¢"
_MINUS = "-\u2212"
_SENTENCE = ".!?\u2026\u3002\uff01\uff1f\u061f\u0964"
_CLAUSE = ',;:()[]"\u201c\u201d\u201e\u00ab\u00bb\u2013\u2014\u060c\u3001\uff0c\uff1b\uff1a'
_JOINS = (b".", b",", b":", b"/", b"-")
_SHOUTED = re.compile(b"[A-Z]{2,}")
_APOSTROPHES = (b"'", "\u2019".encode())
_CLITICS = (b"s", b"d", b"ll", b"re", b"ve", b"m")
_FRACTIONS = {"1/2": "5", "1/4": "25", "3/4": "75", "1/8": "125", "3/8": "375", "5/8": "625", "7/8": "875"}
_DIGITS = re.compile(b"[0-9]")
_ABOUT = hash_term(b"about")
_PERCENT = hash_term(b"percent")


class Gap(IntEnum):
    """What stands before a term."""

    NONE = 0
    SOFT = 1
    """Spaces, hyphens, apostrophes, slashes."""
    CLAUSE = 2
    """Commas, colons, brackets, quotes, dashes."""
    SENTENCE = 3
    """A full stop or its like, or the beginning of the text."""


class Term(NamedTuple):
    """One thing said: a word, a name, a figure."""

    key: int
    """Equal for what means the same."""
    kind: Kind
    start: int
    end: int
    gap: Gap
    """Before it."""
    folded: bytes
    """Its words end to end, to compare spellings; of a figure its canonical form."""
    capital: bool = False
    """It begins with a capital letter."""
    in_words: bool = False
    """It is a number in words."""

    def text(self, paragraph: bytes) -> str:
        """As it stands in its paragraph."""
        return paragraph[self.start : self.end].decode("utf-8", "replace")


class Reading(NamedTuple):
    """What a paragraph says."""

    terms: list[Term]
    words: bytes
    """Its folded words with a space after each: equal where only case and punctuation differ."""
    case: Case
    english: bool
    """By its function words it is English."""


def find_terms(text: bytes) -> list[Term]:
    """The terms of a paragraph in order.

    Cost: O(len(text)) time and memory.
    """
    return read_terms(text).terms


def read_terms(text: bytes) -> Reading:
    """The terms of a paragraph, its words, whether capitals tell names in it, and whether it is English.

    Cost: O(len(text)) time and memory.
    """
    words = join_cut_words(text, place_words(text))
    reader = _Reader(text, words)
    terms = reader.read()
    spaced = b"".join(word.folded + b" " for word in words)
    return Reading(terms, spaced, reader.case, reader.english > FOREIGN_SHARE * reader.foreign)


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: bytes, words: list[Word]) -> None:
        self.text = text
        self.words = words
        self.case = find_case(text, words)
        self.table: Languages = load_languages()
        self.terms: list[Term] = []
        self.gap = Gap.SENTENCE
        self.after_abbreviation = False
        self.english = self.foreign = 0
        """Function words."""

    def read(self) -> list[Term]:
        i, end = 0, 0
        while i < len(self.words):
            self._read_gap(end, self.words[i].start, i)
            i = self._read_word(i)
            end = self.words[i - 1].end
        self._read_gap(end, len(self.text), len(self.words))
        return self.terms

    def _between(self, i: int) -> bytes:
        """What stands between word i and the next."""
        return self.text[self.words[i].end : self.words[i + 1].start]

    def _soft(self, i: int) -> bool:
        """Whether word i and the next may be parts of one phrase."""
        return i + 1 < len(self.words) and _gap_of(self._between(i)) <= Gap.SOFT

    def _read_gap(self, start: int, end: int, i: int) -> None:
        """Take in what stands before word i; a percent or currency sign by itself is a term."""
        gap = self.text[start:end]
        kind = Gap.SENTENCE if start == 0 else _gap_of(gap)
        self.gap = Gap.SOFT if self.after_abbreviation and kind == Gap.SENTENCE and start else kind
        figure = i < len(self.words) and self.words[i].figure
        at = start
        for character in gap.decode("utf-8", "replace"):
            size = len(character.encode())
            attached = figure and at + size == end
            if character == "%":
                self._add(_PERCENT, Kind.WORD, at, at + size, b"%")
            elif character in CURRENCIES and not attached:
                self._add(hash_term(character.encode()), Kind.WORD, at, at + size, character.encode())
            at += size

    def _add(self, key: int, kind: Kind, start: int, end: int, folded: bytes, capital: bool = False) -> None:
        self.terms.append(Term(key, kind, start, end, self.gap, folded, capital))
        self.gap = Gap.SOFT
        self.after_abbreviation = False

    def _read_word(self, i: int) -> int:
        """Add the term that begins with word i; give the number of the word after it."""
        word = self.words[i]
        if word.figure:
            letters = self._misread(word.folded)
            if letters:
                self._add(hash_term(letters), Kind.WORD, word.start, word.end, letters, self._is_capital(word))
                return i + 1
            return self._read_figure(i)
        j = self._end_of_acronym(i)
        if j > i + 1:
            return self._read_acronym(i, j)
        if word.folded in _CLITICS and i and self._between(i - 1) in _APOSTROPHES:
            self._add(hash_term(word.folded), Kind.FUNCTION, word.start, word.end, word.folded)
            return i + 1
        n, entry = self._longest_phrase(i)
        if entry is not None and entry.kind == Kind.FIGURE:
            return self._read_number_word(i, n, entry)
        folded = b"".join(each.folded for each in self.words[i : i + n])
        if entry is not None and entry.kind == Kind.FUNCTION:
            self.english += entry.english
            self.foreign += not entry.english
        key = hash_term(folded) if entry is None else entry.key
        kind = Kind.WORD if entry is None else entry.kind
        if self._is_capital(word) and self._is_name(word, n, kind, entry):
            kind = Kind.NAME
        if key == _ABOUT and self._soft(i) and self._is_number(self.words[i + 1]):
            kind = Kind.MEASURE
        self._add(key, kind, word.start, self.words[i + n - 1].end, folded, self._is_capital(word))
        self.after_abbreviation = word.capital and ((entry is not None and entry.abbreviation) or len(folded) == 1)
        return i + n

    def _is_number(self, word: Word) -> bool:
        entry = self.table.look_up(word.folded)
        return word.figure or (entry is not None and entry.kind == Kind.FIGURE)

    def _is_capital(self, word: Word) -> bool:
        """Whether a word is written with a capital where that says something."""
        return word.capital and self.case == Case.MIXED

    def _is_name(self, word: Word, n: int, kind: Kind, entry: Entry | None) -> bool:
        """Whether a capitalised word is a name: not a known word at the head of a sentence, nor a title.

        A single letter is one inside a sentence, `Plan A`, though not the pronoun I, and so is a function word,
        `Rep. Para`, but for the short ones of English: `in The Senate`.
        """
        if kind == Kind.FUNCTION:
            if n == 1 and len(word.folded) == 1:
                return word.folded != b"i" and self.gap != Gap.SENTENCE
            short = entry is not None and entry.english and len(word.folded) <= HEADING_LETTERS
            return not short and self.gap <= Gap.CLAUSE
        begins = self.gap == Gap.SENTENCE and len(word.folded) >= HEAD_LETTERS
        return kind == Kind.WORD and (entry is not None or not (begins and word.folded in self.table.known))

    def _misread(self, folded: bytes) -> bytes:
        """The known word in which a scanner has read o as 0, s as 5, or l or i as 1; nothing if there is none."""
        if len(_DIGITS.sub(b"", folded)) < MISREAD_LETTERS:
            return b""
        for one in (b"l", b"i"):
            letters = folded.replace(b"0", b"o").replace(b"5", b"s").replace(b"1", one)
            if not _DIGITS.search(letters) and letters in self.table.known:
                return letters
        return b""

    def _longest_phrase(self, i: int) -> tuple[int, Entry | None]:
        """The longest phrase of the table that begins with word i, in words, and what the table says of it."""
        word = self.words[i]
        found: tuple[int, Entry | None] = (1, self._conditional(i))
        phrase, n = word.folded, 1
        entry = self.table.look_up(phrase)
        if found[1] is None and entry and entry.key:
            found = (1, entry)
        while entry and entry.begins and n < MAX_PHRASE_WORDS and self._soft(i + n - 1):
            phrase += b" " + self.words[i + n].folded
            n += 1
            entry = self.table.look_up(phrase)
            if entry and entry.key:
                found = (n, entry)
        return found

    def _conditional(self, i: int) -> Entry | None:
        """What the table says of a word because it is written with capitals.

        In capitals, IN may be Indiana or not; where every word has one, Wash. is Washington and Wash may be no name.
        """
        word = self.words[i]
        if not word.capital or self.case == Case.CAPITALS:
            return None
        if _SHOUTED.fullmatch(self.text, word.start, word.end):
            entry = self.table.look_up(b"^" + word.folded)
            if entry:
                return entry
        if self.case == Case.TITLE and self.text[word.end : word.end + 1] != b".":
            return None
        return self.table.look_up(b"~" + word.folded)

    def _end_of_acronym(self, i: int) -> int:
        """One past the last word of a run of single letters with dots between, such as U.S."""
        while _is_letter(self.words[i].folded) and i + 1 < len(self.words) and self._between(i) == b".":
            if not _is_letter(self.words[i + 1].folded):
                break
            i += 1
        return i + 1

    def _read_acronym(self, i: int, j: int) -> int:
        folded = b"".join(word.folded for word in self.words[i:j])
        capital = all(word.capital for word in self.words[i:j])
        entry = self.table.look_up(b"^" + folded) if capital or self.case == Case.NONE else None
        key = entry.key if entry else hash_term(folded)
        capital = capital and self.case == Case.MIXED
        kind = Kind.NAME if capital else Kind.WORD
        self._add(key, kind, self.words[i].start, self.words[j - 1].end, folded, capital)
        self.after_abbreviation = True
        return j

    # --- figures

    def _read_figure(self, i: int) -> int:
        """Add the figure that begins with word i: 1,250.5, 12-1/2, 9:40 a.m., 5th, $2 million."""
        first, form = i, self.words[i].folded.decode("utf-8", "surrogateescape")
        while i + 1 < len(self.words) and self.words[i + 1].folded[:1].isdigit():
            between = self._between(i)
            if between not in _JOINS and not (between == b"" and self.words[i].end == self.words[i + 1].start):
                break
            form += (between.decode() or "/") + self.words[i + 1].folded.decode("utf-8", "surrogateescape")
            i += 1
        start, sign = self._sign(first)
        form, i = self._with_half_day(normalise_figure(form), i)
        form, i = self._with_magnitude(form, i)
        self._add_figure(sign + form, self._kind_of_mark(first, i), start, i)
        return i + 1

    def _add_figure(self, form: str, kind: Kind, start: int, last: int) -> None:
        written = form.encode("utf-8", "surrogateescape")
        self._add(hash_term(written), kind, start, self.words[last].end, written)

    def _read_number_word(self, i: int, n: int, entry: Entry) -> int:
        """Add a number in words, with the magnitude that may follow it."""
        start, last = self.words[i].start, i + n - 1
        if entry.magnitude:
            form = "1" + "0" * entry.magnitude
        else:
            form, last = self._with_magnitude(str(entry.value), last)
        self._add_figure(form, Kind.FIGURE, start, last)
        self.terms[-1] = self.terms[-1]._replace(in_words=True)
        return last + 1

    def _sign(self, i: int) -> tuple[int, str]:
        """Where the figure at word i starts with its signs, and these: currency, then minus."""
        left = self.words[i - 1].end if i else 0
        start, currency, minus = self.words[i].start, "", ""
        for character in reversed(self.text[left:start].decode("utf-8", "replace")):
            if character in CURRENCIES and not currency:
                currency = character
            elif character in _MINUS and not minus and (start - len(character.encode()) > left or not i):
                minus = "-"
            else:
                break
            start -= len(character.encode())
        return start, currency + minus

    def _with_half_day(self, form: str, i: int) -> tuple[str, int]:
        """A time of day with the a.m. or p.m. that follows: four digits."""
        if not re.fullmatch("[0-9]{1,2}|[0-9]{4}", form) or not self._soft(i):
            return form, i
        last = i + 1
        half = self.words[last].folded
        if half in (b"a", b"p") and last + 1 < len(self.words) and self._between(last) == b".":
            last += 1
            half += self.words[last].folded
        if half not in (b"am", b"pm"):
            return form, i
        hour, minute = (int(form[:-2]), form[-2:]) if len(form) == 4 else (int(form), "00")
        if not 1 <= hour <= 12:
            return form, i
        return f"{hour % 12 + 12 * (half == b'pm'):02}{minute}", last

    def _with_magnitude(self, form: str, i: int) -> tuple[str, int]:
        """A number times the million that follows it."""
        if not self._soft(i) or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", form):
            return form, i
        entry = self.table.look_up(self.words[i + 1].folded)
        if entry is None or not entry.magnitude:
            return form, i
        whole, _, rest = form.partition(".")
        moved = rest[: entry.magnitude].ljust(entry.magnitude, "0")
        left = rest[entry.magnitude :]
        return (whole + moved).lstrip("0") + ("." + left if left else ""), i + 1

    def _kind_of_mark(self, first: int, last: int) -> Kind:
        """A figure that is the number of a note, `Act[3]`, or of a list item, `3. Calls for`, is no more than a title.

        It says something in place of another one: `3. Mai` begins like a list item, too.
        """
        left = self.text[self.words[first - 1].end if first else 0 : self.words[first].start]
        right = self.text[self.words[last].end :]
        if first != last or len(self.words[first].folded) > MARK_DIGITS:
            return Kind.FIGURE
        if left.endswith(b"[") and right.startswith(b"]"):
            return Kind.TITLE
        return Kind.TITLE if first == 0 and right[:2] in (b". ", b") ") else Kind.FIGURE


def _is_letter(folded: bytes) -> bool:
    return len(folded) == 1 and 0x61 <= folded[0] <= 0x7A


def _gap_of(between: bytes) -> Gap:
    """How far apart two words with this between them are."""
    text = between.decode("utf-8", "replace")
    if any(character in _SENTENCE for character in text):
        return Gap.SENTENCE
    if "--" in text or any(character in _CLAUSE for character in text):
        return Gap.CLAUSE
    return Gap.SOFT if text else Gap.NONE


def normalise_figure(form: str) -> str:
    """One form for the same number. Section 5.1 is not section 5.10, and 1.000 may be a thousand.

    >>> [normalise_figure(form) for form in ("1,250", "5.00", "5.10", "9:40", "12-1/2", "1/2", "2004-08-01")]
    ['1250', '5', '5.10', '0940', '12.5', '0.5', '2004-08-01']
    """
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", form):
        form = form.replace(",", "")
    if time := re.fullmatch("([0-9]{1,2}):([0-9]{2})", form):
        return time[1].rjust(2, "0") + time[2]
    if mixed := re.fullmatch("(?:([0-9]+)-)?([0-9]/[0-9])", form):
        eighths = _FRACTIONS.get(mixed[2])
        return f"{mixed[1] or 0}.{eighths}" if eighths else form
    return re.sub(r"^([0-9]+)\.00?$", r"\1", form)
