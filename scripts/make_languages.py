"""Make dedup/engine/languages.bin, what both engines know of languages.

    pip install stopwordsiso==0.7.1 num2words==0.5.14 babel==2.18.0 us==4.0.0 pyspellchecker==0.9.1 xxhash
    python scripts/make_languages.py            # writes dedup/engine/languages.bin
    python scripts/make_languages.py --check    # exit status 1 if the file in the tree differs

Sources: months and days from CLDR (babel); number words from num2words; states and their abbreviations from
us; the words of a language from pyspellchecker. Closed classes of words (function words, negations, modal
verbs) stand in scripts/closed_classes.py, and every function word there must be a stop word of stopwordsiso, which
guards against a slip. What stands in no table is a content word: a table that is too short costs recall, never a fact.

The format, little-endian
-------------------------
    0   8 bytes  magic "deduplng"
    8   u32      format, 3
    12  u32      n_slots, a power of two
    16  u32      n_bits, a power of two
    20  u32      n_listed_bits, a power of two
    24  n_slots times
        u64      xxh64 of a phrase: its folded words with one space between; 0 in an empty slot
        u64      key: xxh64 of the canonical form
        u64      bits 0-7 class, 8-15 power of ten of a magnitude, bit 16 a longer phrase may begin so,
                 bit 17 it is an abbreviation, bit 18 a function word
                 of English, bit 19 a phrase of a sign and this word is there, too, 32-63 value of a number word
        bits[n_bits / 8]   Bloom filter of known words, of 4 letters and more: probes at
                 h + i * (h >> 32 | 1) modulo n_bits for i < 7, h = xxh64 of the folded word
        bits[n_listed_bits / 8]   the same of words of 2 letters and more, each after its language, as in "en word":
                 two words that one language lists are two, however alike; everyday words of English after "e+" as
                 well, and rare ones after "e-"

A phrase with "^" before it holds for words all in capitals, with "~" for capitalised words.
The slot of a phrase is its hash modulo n_slots, or the next free one after it.
"""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import babel
import num2words
import spellchecker
import stopwordsiso
import us
import xxhash
from closed_classes import EQUIVALENTS, FUNCTION_WORDS, MAGNITUDES, MEASURES, MODALS, NEGATIONS, RELATIONS, TITLES
from table_file import write_or_compare

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from dedup.words import split_words

TABLE = Path(__file__).resolve().parent.parent / "dedup" / "engine" / "languages.bin"
MAGIC = b"deduplng"
FORMAT = 3
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "ru", "ar", "hi", "zh", "ja")
WORD, FUNCTION, NEGATION, MODAL, TITLE, NUMBER, MEASURE, RELATION = (0, 1, 2, 3, 4, 5, 6, 8)
MAX_PHRASE_WORDS = 4
LONGEST_PHRASE = 96
PROBES = 7
COMMON = 3000
"""What pyspellchecker has for an everyday English word."""
ENGLISH = set(FUNCTION_WORDS["en"].split())
BITS_PER_WORD = 10
KNOWN_LETTERS = 4
LISTED_LETTERS = 2
KNOWN_WORDS = {"en": 160_000}
OTHER_KNOWN_WORDS = 30_000
"""Of another language at most, the most frequent ones: too many, and a slip in one is a word of another."""
LISTED_LANGUAGES = ("en", "de", "es", "fr", "it", "pt", "nl", "ru", "ar")
"""Those of pyspellchecker; the engines know them in this order."""
LISTED_WORDS = 25_000
"""Of a language but English at most, of 2 letters and more."""
LISTED_BITS_PER_WORD = 16
EVERYDAY_WORDS = 10_000
"""Of English: a rare English word beside one of them is a slip, `thees` for `these`."""
BORROWED = 10
"""A word that is so many times more frequent in English, by rank, is no word of the other language."""
RARE = 50
"""What pyspellchecker writes for a frequency of that or less."""


class Entry(NamedTuple):
    """What a phrase stands for."""

    canonical: str
    kind: int = WORD
    magnitude: int = 0
    value: int = 0
    abbreviation: bool = False
    """A full stop after it ends no sentence."""
    english: bool = False
    """A function word of English."""


def fold(text: str) -> str:
    """The folded words of a phrase with a space between; a sign of condition in front stays."""
    sign = text[0] if text[0] in "^~" else ""
    return sign + " ".join(word.decode() for word in split_words(text.encode()))


def make_entries() -> dict[str, Entry]:
    """Every phrase; the first that claims one keeps it."""
    entries: dict[str, Entry] = {}
    closed = (_negations, _measures, _modals, _function_words, _relations)
    for source in (*closed, _equivalents, _states, _titles, _magnitudes, _dates, _numbers):
        for phrase, entry in source():
            if phrase and phrase.count(" ") < MAX_PHRASE_WORDS:
                if len(phrase.encode()) > LONGEST_PHRASE:
                    raise AssertionError(f"{phrase!r} is longer than the native engine looks")
                entries.setdefault(phrase, entry)
    return entries


def _closed(words: dict[str, str], kind: int) -> Iterator[tuple[str, Entry]]:
    for language in words:
        for word in words[language].split():
            folded = fold(word.replace("_", " "))
            yield folded, Entry(folded, kind)


def _negations() -> Iterator[tuple[str, Entry]]:
    yield "no", Entry("no", NEGATION, abbreviation=True)  # or a number: No. 5
    for phrase, canonical in EQUIVALENTS["negations"]:
        yield fold(phrase), Entry(fold(canonical), NEGATION)
    yield from _closed(NEGATIONS, NEGATION)


def _modals() -> Iterator[tuple[str, Entry]]:
    yield from _closed(MODALS, MODAL)


def _measures() -> Iterator[tuple[str, Entry]]:
    yield "more than", Entry("over", MEASURE)
    yield from _closed(MEASURES, MEASURE)


def _relations() -> Iterator[tuple[str, Entry]]:
    yield from _closed(RELATIONS, RELATION)


def _foreign(language: str, word: str, english: dict[str, int]) -> bool:
    """Whether a function word of another language is a content word of English: `war`, `son`, `die`."""
    return language != "en" and len(word) >= 3 and english.get(word, 0) > COMMON and word not in ENGLISH


def _function_words() -> Iterator[tuple[str, Entry]]:
    for language, words in FUNCTION_WORDS.items():
        known = {fold(word) for word in stopwordsiso.stopwords(language) if split_words(word.encode())}
        strange = [word for word in words.split() if fold(word.replace("_", " ")) not in known and " " not in word]
        if strange:
            print(f"{language}: not among the stop words: {' '.join(strange)}", file=sys.stderr)
    english = spellchecker.SpellChecker(language="en").word_frequency.dictionary
    own = {
        language: " ".join(word for word in words.split() if not _foreign(language, fold(word), english))
        for language, words in FUNCTION_WORDS.items()
    }
    for folded, entry in _closed(own, FUNCTION):
        yield folded, entry._replace(english=folded in ENGLISH)


def _equivalents() -> Iterator[tuple[str, Entry]]:
    for phrase, canonical in EQUIVALENTS["words"]:
        folded = fold(phrase)
        shorter = folded[0] == canonical[0] and len(folded) < len(canonical)
        yield folded, Entry(fold(canonical), abbreviation=shorter)
        yield fold(canonical), Entry(fold(canonical))


def _states() -> Iterator[tuple[str, Entry]]:
    for state in [*us.states.STATES, us.states.DC]:
        entry = Entry(fold(state.name))
        yield fold(state.name), entry
        yield "^" + fold(state.abbr), entry
        if state.ap_abbr and state.ap_abbr != state.name:
            words = fold(state.ap_abbr)
            yield words if " " in words else "~" + words, entry._replace(abbreviation=True)
            yield "^" + words.replace(" ", ""), entry


def _titles() -> Iterator[tuple[str, Entry]]:
    for phrase, canonical in TITLES:
        yield fold(phrase), Entry(fold(canonical), TITLE, abbreviation=len(phrase) < len(canonical) or len(phrase) < 4)
        yield fold(canonical), Entry(fold(canonical), TITLE)


def _magnitudes() -> Iterator[tuple[str, Entry]]:
    for words, power in MAGNITUDES:
        for word in words.split():
            yield fold(word), Entry(str(10**power), NUMBER, magnitude=power)


def _dates() -> Iterator[tuple[str, Entry]]:
    """Months and days of all languages; Jan., January and Januar are one."""
    for language in LANGUAGES:
        locale = babel.Locale.parse(language)
        for kind, names in (("month", locale.months), ("day", locale.days)):
            for context in ("format", "stand-alone"):
                for number in names[context]["wide"]:
                    entry = Entry(f"{kind} {number}")
                    short = entry._replace(
                        abbreviation=names[context]["abbreviated"][number] != names[context]["wide"][number]
                    )
                    yield from _one_word(names[context]["wide"][number], "", entry)
                    yield from _one_word(names[context]["abbreviated"][number], "~", short)
    yield "~sept", Entry("month 9", abbreviation=True)
    for spelling, number in (("tues", 1), ("thurs", 3), ("thur", 3), ("weds", 2)):
        yield "~" + spelling, Entry(f"day {number}", abbreviation=True)


def _one_word(name: str, sign: str, entry: Entry) -> Iterator[tuple[str, Entry]]:
    folded = fold(name)
    if len(folded) > 1 and " " not in folded:
        yield sign + folded, entry


def _numbers() -> Iterator[tuple[str, Entry]]:
    for language in LANGUAGES:
        if language in ("hi", "zh", "ja"):
            continue  # num2words has no Hindi; the numerals of Han are characters, each a word of its own
        for number in [*range(101), *range(200, 1000, 100), 1000]:
            if number == 1 and language != "en":
                continue  # it is the article there
            yield _spell(number, language), Entry(str(number), NUMBER, value=number)
        if language in ("en",):
            for number in range(1, 101):
                spelled = _spell(number, language, to="ordinal")
                yield spelled, Entry(num2words.num2words(number, to="ordinal_num", lang=language), WORD)


def _spell(number: int, language: str, to: str = "cardinal") -> str:
    try:
        return fold(num2words.num2words(number, lang=language, to=to))
    except NotImplementedError:
        return ""


def frequent_words(language: str, limit: int) -> list[bytes]:
    """The most frequent words of a language, folded; all that are no rarer than RARE, but of English all."""
    counted = spellchecker.SpellChecker(language=language).word_frequency.dictionary
    ranked = sorted(counted, key=lambda word: (-counted[word], word))
    frequent = [word for word in ranked if counted[word] > RARE or language == "en"]
    folded = [split_words(word.encode()) for word in frequent[:limit] if not re.search("[0-9]", word)]
    return [words[0] for words in folded if len(words) == 1]


def known_words() -> set[bytes]:
    """Words of all languages, of 4 letters and more."""
    found: set[bytes] = set()
    for language in LISTED_LANGUAGES:
        words = frequent_words(language, KNOWN_WORDS.get(language, OTHER_KNOWN_WORDS))
        found.update(word for word in words if len(word.decode()) >= KNOWN_LETTERS)
    return found


def listed_words() -> set[bytes]:
    """Words of all languages, each after its language."""
    found: set[bytes] = set()
    ranked = frequent_words("en", KNOWN_WORDS["en"])
    english = {word: rank for rank, word in enumerate(ranked)}
    found.update(b"e+ " + word for word in ranked[:EVERYDAY_WORDS])
    counted = spellchecker.SpellChecker(language="en").word_frequency.dictionary
    found.update(b"e- " + word for word in ranked if counted.get(word.decode(), 0) <= RARE)
    for language in LISTED_LANGUAGES:
        words = frequent_words(language, KNOWN_WORDS.get(language, LISTED_WORDS))
        for rank, word in enumerate(words):
            borrowed = BORROWED * english.get(word, rank) < rank
            if len(word.decode()) >= LISTED_LETTERS and not borrowed:
                found.add(language.encode() + b" " + word)
    return found


def make_slots(entries: dict[str, Entry]) -> bytes:
    """The phrases, hashed."""
    prefixes = {" ".join(p.split(" ")[:n]) for p in entries for n in range(1, p.count(" ") + 1)}
    signed = {phrase[1:] for phrase in entries if phrase[0] in "^~"}
    packed: dict[int, tuple[int, int]] = {}
    for phrase in sorted({*entries, *prefixes, *signed}):
        entry = entries.get(phrase)
        info = (phrase in prefixes) << 16 | (phrase in signed) << 19
        key = 0
        if entry:
            key = xxhash.xxh64_intdigest(entry.canonical.encode())
            info |= (
                entry.kind | entry.magnitude << 8 | entry.abbreviation << 17 | entry.english << 18 | entry.value << 32
            )
        packed[xxhash.xxh64_intdigest(phrase.encode())] = (key, info)
    n_slots = 1 << (2 * len(packed)).bit_length()
    slots: list[tuple[int, int, int]] = [(0, 0, 0)] * n_slots
    for hashed, (key, info) in packed.items():
        at = hashed % n_slots
        while slots[at][0]:
            at = (at + 1) % n_slots
        slots[at] = (hashed, key, info)
    return b"".join(struct.pack("<3Q", *slot) for slot in slots)


def make_filter(words: set[bytes], bits_per_word: int) -> bytes:
    """The Bloom filter of some words."""
    n_bits = 1 << (bits_per_word * len(words)).bit_length()
    bits = bytearray(n_bits // 8)
    for word in words:
        hashed = xxhash.xxh64_intdigest(word)
        for i in range(PROBES):
            at = (hashed + i * (hashed >> 32 | 1)) % n_bits
            bits[at >> 3] |= 1 << (at & 7)
    return bytes(bits)


def make_table() -> bytes:
    """The whole file."""
    slots = make_slots(make_entries())
    known, listed = make_filter(known_words(), BITS_PER_WORD), make_filter(listed_words(), LISTED_BITS_PER_WORD)
    header = struct.pack("<8s4I", MAGIC, FORMAT, len(slots) // 24, len(known) * 8, len(listed) * 8)
    return header + slots + known + listed


def main() -> int:
    """Write the table, or compare it with the one in the tree."""
    return write_or_compare(TABLE, make_table, "the installed packages")


if __name__ == "__main__":
    sys.exit(main())
