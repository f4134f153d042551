"""Words: the folding table against the interpreter's own Unicode data, the tokeniser, and the hashes.

The table is of a newer Unicode version than most interpreters, so only characters that the interpreter knows
are compared.
"""

from __future__ import annotations

import doctest
import sys
import unicodedata
from functools import cache

import pytest
import xxhash
from hypothesis import assume, example, given
from hypothesis import strategies as st

import dedup.words
from dedup.words import (
    count_invalid_bytes,
    fold_character,
    hash_sequence,
    hash_words,
    load_folding,
    parse_folding,
    shingle,
    split_words,
)


def words(text: str) -> list[str]:
    """The words of a text, for reading."""
    return [word.decode() for word in split_words(text.encode())]


@cache
def known_characters() -> list[str]:
    """Every character that the interpreter's Unicode version assigns."""
    characters = map(chr, range(sys.maxunicode + 1))
    return [character for character in characters if unicodedata.category(character) not in ("Cn", "Co", "Cs")]


@cache
def decomposing_characters() -> list[str]:
    """Every character with a canonical decomposition, and all marks that reorder."""
    return [
        character
        for character in known_characters()
        if unicodedata.combining(character) or unicodedata.normalize("NFD", character) != character
    ]


# --- the table ------------------------------------------------------------------------------------


def test_the_documented_examples_hold() -> None:
    """Every example in the docstrings of dedup.words gives what it shows."""
    results = doctest.testmod(dedup.words)
    assert results.attempted > 8
    assert results.failed == 0


def test_table_is_not_older_than_unicode_18() -> None:
    """The table in the tree is that of Unicode 18 or later."""
    assert load_folding().unicode_version >= (18, 0, 0)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda table: table[:10], "cut short"),
        (lambda table: table[:-4], "wrong length"),
        (lambda table: table + b"\0\0\0\0", "wrong length"),
        (lambda table: b"foldings" + table[8:], "another format"),
        (lambda table: table[:8] + b"\2" + table[9:], "another format"),
    ],
)
def test_a_damaged_table_is_refused(damage, message) -> None:  # type: ignore[no-untyped-def]
    """A table that is cut, too long or of another format raises and names the remedy."""
    path = dedup.words.resources.files("dedup") / "engine" / "folding.bin"
    with pytest.raises(ValueError, match=f"{message}; reinstall dedup"):
        parse_folding(damage(path.read_bytes()))


def test_every_letter_and_number_folds_to_its_casefolded_compatibility_form() -> None:
    """The letters and numbers of NFKD(casefold(NFKD(c))) stay, for every character the interpreter knows."""
    different = []
    for character in known_characters():
        if unicodedata.category(character) == "Cf" or 0xAC00 <= ord(character) <= 0xD7A3:
            continue
        decomposed = unicodedata.normalize("NFKD", character).replace("\u0345", "")
        folded = unicodedata.normalize("NFKD", decomposed.casefold())
        expected = [part for part in folded if unicodedata.category(part)[0] in "LN"]
        items = fold_character(character)
        got = [chr(item.code_point) for item in items if not item.separator and not item.mark]
        if got != expected:
            different.append(character)
    # The default-ignorable letters. A category may change from one Unicode version to the next; from 14 to 18
    # none did in a way that shows here.
    assert different == ["\u115f", "\u1160", "\u3164", "\uffa0"]


def test_characters_without_letters_separate() -> None:
    """Punctuation, symbols, spaces and controls are one separator each, whatever they decompose to."""
    for character in known_characters():
        categories = {unicodedata.category(part)[0] for part in unicodedata.normalize("NFKD", character)}
        if categories.isdisjoint("LN") and not categories <= {"M"} and unicodedata.category(character) != "Cf":
            assert [item.separator for item in fold_character(character)] == [True], ascii(character)


def test_marks_keep_their_combining_class() -> None:
    """Every mark that is not ignored folds to marks with the combining classes of its decomposition."""
    for character in known_characters():
        items = fold_character(character)
        if unicodedata.combining(character) and items:
            decomposed = unicodedata.normalize("NFD", character)
            assert [item.combining_class for item in items] == list(map(unicodedata.combining, decomposed))
            assert all(item.mark for item in items)


def test_unassigned_private_and_surrogate_code_points_separate() -> None:
    """A code point that is no character ends a word."""
    for character in ("\ue000", "\U000f0000", "\U0010ffff", "\ufdd0", "\ud800", "\udfff"):
        assert [item.separator for item in fold_character(character)] == [True]
    assert words("a\ue000b") == ["a", "b"]


def test_letters_newer_than_the_interpreter_fold_too() -> None:
    """Capitals of Unicode 16 and 17 fold to their small letters, whatever Unicode version Python has."""
    assert words("\U00010d50 \U00016ea0 \ua7cb") == ["\U00010d70", "\U00016ebb", "\u0264"]


# --- folding --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The SENATE", "the senate"),
        ("Straße", "STRASSE"),
        ("STRAẞE", "strasse"),
        ("ΟΔΟΣ", "οδος"),
        ("ΟΔΌΣ", "οδός"),
        ("Москва", "МОСКВА"),
        ("Ｆｕｌｌ　Ｗｉｄｔｈ　１２", "full width 12"),
        ("ﬁrst oﬃce", "first office"),
        ("x² ①", "x2 1"),
        ("ｶﾞｽ", "ガス"),
        ("don’t", "don't"),
        ("don´t", "don't"),
        ("“quoted” ‘single’ «guillemets»", '"quoted" \'single\' "guillemets"'),
        ("U.S.–Canada", "U.S.-Canada"),
        ("co\u00adoperation", "cooperation"),
        ("\ufeffBOM", "bom"),
        ("می\u200cخواهم", "میخواهم"),
        ("❤\ufe0f text", "❤ text"),
        ("a\u2060b", "ab"),
        ("tab\tnew\nline", "tab new line"),
        ("non\u00a0breaking", "non breaking"),
        ("zero\u200bwidth", "zero width"),
        ("snake_case", "snake case"),
        ("…dots…", "dots"),
        ("25℃", "25 c"),
        ("½", "1/2"),
        ("a ≠ b", "a =\u0338 b"),
        ("a \u0385 b", "a \u00a8\u0301 b"),
        ("ᾴ", "α\u0345\u0301"),
    ],
)
def test_texts_that_read_alike_have_the_same_words(one: str, other: str) -> None:
    """Case, width, ligatures, quotes, dashes and invisible characters make no difference."""
    assert words(one) == words(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [("résumé", "resume"), ("Müller", "Mueller"), ("12", "21"), ("ι", "\u0131"), ("が", "か"), ("3.9", "39")],
)
def test_texts_that_differ_in_letters_have_different_words(one: str, other: str) -> None:
    """Accents, digits and their order are part of a word."""
    assert words(one) != words(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t", []),
        ("-- * * * --", []),
        ("\u0301", []),
        ("\u0301a", ["a"]),
        ("12-1/2 cts", ["12", "1", "2", "cts"]),
        ("don´t", ["don", "t"]),
        ("½", ["1", "2"]),
        ("x℃y", ["x", "cy"]),
        ("東京都、2024年", ["東", "京", "都", "2024", "年"]),
        ("㈱", ["株"]),
        ("ラーメン", ["ラ", "ー", "メ", "ン"]),
        ("人々〇", ["人", "々", "〇"]),
        ("ㄅㄆ", ["ㄅ", "ㄆ"]),
        ("がぎ", ["か\u3099", "き\u3099"]),
        ("かきA", ["か", "き", "a"]),
        ("iPhone买", ["iphone", "买"]),
        ("ที่นี่", ["ท\u0e35\u0e48", "น\u0e35\u0e48"]),
        ("น้ำ", ["น\u0e49\u0e4d", "า"]),
        ("ລາວ", ["ລ", "າ", "ວ"]),
        ("ខ្មែរ", ["ខ\u17d2", "ម\u17c2", "រ"]),
        ("မြန်", ["မ\u103c", "န\u103a"]),
        ("हिन्दी समाचार", ["हिन्दी", "समाचार"]),
        ("서울 시", [unicodedata.normalize("NFD", "서울"), unicodedata.normalize("NFD", "시")]),
        ("q\u0323\u0307", ["q\u0323\u0307"]),
        ("q\u0307\u0323", ["q\u0323\u0307"]),
        ("か\u0323\u3099", ["か\u3099\u0323"]),
        ("か\u200d\u3099", ["か\u3099"]),
        ("か \u3099", ["か"]),
        ("か\u3099a\u0301", ["か\u3099", "a\u0301"]),
    ],
)
def test_words_of_many_scripts(text: str, expected: list[str]) -> None:
    """Words are runs of letters, numbers and marks; without spaces every letter with its marks is one."""
    assert words(text) == expected


def test_hangul_syllables_equal_their_jamo() -> None:
    """Every composed syllable has the word of its decomposed form."""
    for code_point in range(0xAC00, 0xD7A4):
        decomposed = unicodedata.normalize("NFD", chr(code_point))
        assert words(chr(code_point)) == words(decomposed) == [decomposed]


def test_decomposing_characters_have_the_words_of_their_decomposition() -> None:
    """NFC and NFD are alike for every character that decomposes, bare, after a letter and before marks."""
    for character in decomposing_characters():
        for text in (character, f"a{character}b", f"か{character}\u0323", f"= {character}\u0301\u0345\u0334"):
            composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
            assert words(composed) == words(decomposed), ascii(text)


def test_quotes_are_alike() -> None:
    """Every quotation mark, and the accents that are typed for one, separates."""
    quotes = "\"'`´‘’‚‛“”„‟«»‹›「」『』＂＇′″"
    assert {tuple(words(f"a{quote}b")) for quote in quotes} == {("a", "b")}


# --- bytes that are not UTF-8 ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected", "invalid"),
    [
        (b"caf\xe9 cr\xe8me", [b"caf\xe9", b"cr\xe8me"], 2),
        (b"\xff\xfe", [b"\xff\xfe"], 2),
        (b"CAF\xc3\x89", [b"cafe\xcc\x81"], 0),
        (b"cut \xe6\x9d", [b"cut", b"\xe6\x9d"], 2),
        (b"\xe6\x9d\xb1\xff\xe4\xba\xac", [b"\xe6\x9d\xb1", b"\xff", b"\xe4\xba\xac"], 1),
        (b"\xff\xcc\x81", [b"\xff\xcc\x81"], 1),
        (b"\xed\xa0\x80", [b"\xed\xa0\x80"], 3),
        (b"\xc0\xaf", [b"\xc0\xaf"], 2),
        (b"\xf4\x90\x80\x80", [b"\xf4\x90\x80\x80"], 4),
        (b"a\0b", [b"a", b"b"], 0),
    ],
)
def test_invalid_bytes_are_letters(text: bytes, expected: list[bytes], invalid: int) -> None:
    """A byte that is not UTF-8 belongs to the word around it, unchanged, and is counted."""
    assert split_words(text) == expected
    assert count_invalid_bytes(text) == invalid


# --- hashes ---------------------------------------------------------------------------------------


def test_anyone_can_recompute_a_shingle() -> None:
    """Three lines with the xxhash package give the hash of a shingle."""
    hashes = [xxhash.xxh32(word).intdigest() for word in (b"brazil", b"suspended", b"interest")]
    packed = b"".join(value.to_bytes(4, "little") for value in hashes)
    expected = xxhash.xxh32(packed).intdigest()

    assert shingle(hash_words(split_words(b"Brazil suspended interest")), 3) == [expected]
    assert hash_sequence(hashes) == xxhash.xxh64(packed).intdigest()


def test_known_hashes() -> None:
    """The hashes are those written down here, on every machine and version: indexes on disk hold them."""
    hashes = hash_words(split_words("“Ödön” SUSPENDED interest payments".encode()))
    assert hashes == [3667472554, 1563169386, 193466085, 258784919]
    assert hash_sequence(hashes) == 3159366493818237720
    assert shingle(hashes, 3) == [2369061954, 2307978215]


@pytest.mark.parametrize(
    ("n_words", "shingle_words", "n_shingles"),
    [(0, 3, 0), (1, 3, 1), (2, 3, 1), (3, 3, 1), (4, 3, 2), (9, 3, 7), (4, 1, 4), (0, 1, 0)],
)
def test_number_of_shingles(n_words: int, shingle_words: int, n_shingles: int) -> None:
    """There is one shingle a place, one for a paragraph that is too short, none without words."""
    assert len(shingle([7] * n_words, shingle_words)) == n_shingles


def test_a_short_paragraph_is_one_shingle_over_all_its_words() -> None:
    """Two words, asked for in threes, have the shingle that they have asked for in twos."""
    assert shingle([1, 2], 3) == shingle([1, 2], 2) != shingle([2, 1], 2)


def test_a_shingle_has_at_least_one_word() -> None:
    """Shingles of no words are refused."""
    with pytest.raises(ValueError, match="at least 1 word, not 0"):
        shingle([1, 2], 0)


# --- laws -----------------------------------------------------------------------------------------

characters = st.one_of(
    st.characters(exclude_categories=["Cs", "Cn", "Co"]),
    st.deferred(lambda: st.sampled_from(decomposing_characters())),
    st.sampled_from("aZ1 =か\u0301\u0308\u0323\u0327\u0338\u0345\u034f\u200b\u200d\u3099ﾞ가\u1100\u1161\u11a8αᾳ"),
)


@given(st.text(characters, max_size=30))
@example("ᾳ\u0323")
@example("=\u0338\u0323x")
@example("a\u0308\u034f\u0323")
def test_canonically_equivalent_texts_have_the_same_words(text: str) -> None:
    """Composed and decomposed forms of any text have the same words."""
    expected = words(text)
    assert words(unicodedata.normalize("NFC", text)) == expected
    assert words(unicodedata.normalize("NFD", text)) == expected


nearly_utf8 = st.one_of(
    st.binary(max_size=30),
    st.text(characters, max_size=15).map(str.encode),
    st.lists(st.sampled_from([b"a", b" ", b"\xcc", b"\x81", b"\xe6\x9d\xb1", b"\xff", b"\xf0\x9f"])).map(b"".join),
)


@given(nearly_utf8, nearly_utf8)
def test_a_space_divides_a_text_into_the_words_of_its_parts(one: bytes, other: bytes) -> None:
    """The words of two texts with a space between are those of the first and then those of the second."""
    assert split_words(one + b" " + other) == split_words(one) + split_words(other)


@given(nearly_utf8)
def test_folding_folded_words_changes_nothing(text: bytes) -> None:
    """Folding is idempotent, and no word is empty."""
    assume(count_invalid_bytes(text) == 0)
    found = split_words(text)
    assert all(found)
    assert split_words(b" ".join(found)) == found


@given(nearly_utf8)
def test_count_of_invalid_bytes_is_what_decoding_escapes(text: bytes) -> None:
    """Invalid bytes are those that are lost when errors are ignored."""
    assert count_invalid_bytes(text) == len(text) - len(text.decode("utf-8", "ignore").encode())
