"""Every noise changes what it says and nothing else, and the same seed gives the same text."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from dedup.planting import errors, facts, surface
from dedup.planting.noises import FACTS, WORDS, make_noises
from dedup.words import split_words

TEXT = (
    'On March 3, 1849, the well-known committee of 14 members -- a small one -- said that "the nation\'s revenue" was '
    "$31,074,347.73, an increase of 12 per cent over the former year in Massachusetts. The expenditure will not "
    "exceed 20 millions, as Secretary Walker reported to the House of Representatives. It's the first time that "
    "considerable improvements were undertaken everywhere between Baltimore and the western settlements."
)
VOCABULARY = facts.Vocabulary(("apples", "kitchen", "ladder", "silver"), ("Dover", "Franklin", "Walker"))
NOISES = {noise.name: noise for noise in make_noises(VOCABULARY)}
SEEDS = range(40)


def words(text: str) -> list[bytes]:
    """As the comparison sees them."""
    return split_words(text.encode())


@pytest.mark.parametrize("name", NOISES)
def test_the_same_seed_gives_the_same_text(name: str) -> None:
    """And the paragraphs stay as many as they were; what is given is not changed."""
    given = [TEXT, "Short.", "", TEXT[:120]]
    before = list(given)
    first, second = (NOISES[name].change(given, Random("seed")) for _ in range(2))
    assert first == second
    assert len(first) == len(given)
    assert given == before


@pytest.mark.parametrize("name", [name for name in NOISES if name != "clean"])
def test_every_noise_does_something(name: str) -> None:
    """On a paragraph that has everything that can be changed, one seed in forty at least shows it."""
    given = [TEXT, TEXT[::-1]]
    assert any(NOISES[name].change(given, Random(seed)) != given for seed in SEEDS)


def test_clean_changes_nothing() -> None:
    assert NOISES["clean"].change([TEXT], Random(1)) == [TEXT]


@pytest.mark.parametrize("change", [surface.change_case, surface.change_quotes, surface.change_spacing, surface.wrap])
def test_looks_leave_the_words_alone(change: errors.Change) -> None:
    """The comparison sees the same words in the same order."""
    for seed in SEEDS:
        changed = change(TEXT, Random(seed))
        assert words(changed) == words(TEXT)


def test_dashes_leave_the_words_alone_and_figures_too() -> None:
    for seed in SEEDS:
        changed = surface.change_dashes(TEXT, Random(seed))
        assert changed != TEXT
        assert words(changed) == words(TEXT)
        assert re.findall(r"[\d.,-]*\d", changed) == re.findall(r"[\d.,-]*\d", TEXT)


def test_spacing_makes_no_line_ends_and_wrapping_nothing_else() -> None:
    for seed in SEEDS:
        assert "\n" not in surface.change_spacing(TEXT, Random(seed))
        wrapped = surface.wrap(TEXT, Random(seed))
        assert wrapped.replace("\n", " ") == TEXT
        assert max(map(len, wrapped.split("\n"))) <= surface.WIDE


def test_hyphenation_cuts_ordinary_words_at_the_ends_of_lines_only() -> None:
    cut = 0
    for seed in SEEDS:
        lines = surface.hyphenate(TEXT, Random(seed)).split("\n")
        assert max(map(len, lines)) <= surface.WIDE
        joined = ""
        for line in lines:
            hyphenated = line.endswith("-") and not line.endswith("--")
            cut += hyphenated
            joined += line[:-1] if hyphenated else f"{line} "
        assert joined.strip() == TEXT
    assert cut > len(SEEDS) // 2


@pytest.mark.parametrize("make", [errors.misspell, errors.misread])
def test_errors_hit_ordinary_words_only(make) -> None:
    """Names, figures, negations, words with apostrophes and all between the words stay; no word comes or goes."""
    for seed in SEEDS:
        changed = make(1.0)(TEXT, Random(seed))
        before, after = TEXT.split(), changed.split()
        assert len(after) == len(before)
        for one, other in zip(before, after, strict=True):
            bare = one.strip('.,"-')
            if not errors.is_ordinary(bare):
                assert other == one


@pytest.mark.parametrize("make", [errors.misspell, errors.misread])
@pytest.mark.parametrize("share", [0.01, 0.08, 0.5])
def test_errors_hit_the_share_of_words_that_was_asked_for(make, share: float) -> None:
    """Within four standard deviations; a few words withstand (an error that is no change is tried again)."""
    text = " ".join(["considerable improvements everywhere undertaken"] * 500)
    before, after = text.split(), make(share)(text, Random(7)).split()
    hit = sum(one != other for one, other in zip(before, after, strict=True))
    deviation = (len(before) * share * (1 - share)) ** 0.5
    assert abs(hit - len(before) * share) <= 4 * deviation


def test_errors_spare_short_words_if_told_to_and_make_no_known_word() -> None:
    for seed in SEEDS:
        assert errors.misspell(1.0, least_letters=9)("the former committee", Random(seed)).startswith("the former ")
        assert errors.misspell(1.0, known={"form", "fro"})("from", Random(seed)) not in ("form", "fro")


def test_a_typing_error_is_one_edit() -> None:
    """A letter swapped with its neighbour, left out, doubled or replaced."""
    for seed in range(200):
        wrong = errors.misspell(1.0)("improvement", Random(seed))
        assert wrong != "improvement"
        assert abs(len(wrong) - len("improvement")) <= 1
        same = sum(one == other for one, other in zip(wrong, "improvement", strict=False))
        backwards = sum(one == other for one, other in zip(wrong[::-1], "improvement"[::-1], strict=False))
        assert same + backwards >= len("improvement") - 2


def test_an_ocr_error_is_one_of_the_known_confusions() -> None:
    for seed in range(200):
        wrong = errors.misread(1.0)("modern", Random(seed))
        assert wrong in {"modern".replace(one, other, 1) for one, other in errors.CONFUSIONS if one in "modern"}


def test_changed_words_are_ordinary_ones() -> None:
    changed = facts.change_words(1.0, VOCABULARY)(TEXT, Random(3)).split()
    for one, other in zip(TEXT.split(), changed, strict=True):
        if one != other:
            assert errors.is_ordinary(one.strip('.,"'))
            assert other.strip('.,"') in VOCABULARY.words


def test_a_changed_figure_is_one_digit() -> None:
    for seed in SEEDS:
        changed = facts.change_figure(TEXT, Random(seed))
        different = [(one, other) for one, other in zip(TEXT, changed, strict=True) if one != other]
        assert len(different) == 1
        assert all(one.isdigit() for one in different[0])


def test_swapped_figures_are_the_same_figures() -> None:
    for seed in SEEDS:
        changed = facts.swap_figures(TEXT, Random(seed))
        found = [re.findall(r"\d[\d,.]*", text) for text in (TEXT, changed)]
        assert found[0] != found[1]
        assert sorted("".join(found[0])) == sorted("".join(found[1]))
        assert re.sub(r"[\d,.]", "", changed) == re.sub(r"[\d,.]", "", TEXT)


def test_a_changed_name_is_one_that_was_not_there() -> None:
    for seed in SEEDS:
        changed = facts.change_name(VOCABULARY)("The report of Secretary Walker was read.", Random(seed))
        assert changed in ("The report of Secretary Dover was read.", "The report of Secretary Franklin was read.")


def test_a_negation_comes_or_goes() -> None:
    assert facts.change_negation(TEXT, Random(1)) == TEXT.replace("will not exceed", "will exceed")
    without = TEXT.replace("will not exceed", "will exceed")
    for seed in SEEDS:
        changed = facts.change_negation(without, Random(seed))
        assert changed.split().count("not") == 1
        assert changed.replace(" not", "", 1) == without


def test_one_sentence_is_dropped_of_three_or_more() -> None:
    sentences = facts.split_sentences(TEXT)
    assert len(sentences) == 3
    for seed in SEEDS:
        left = facts.split_sentences(facts.drop_sentence(TEXT, Random(seed)))
        assert len(left) == 2
        assert all(sentence in sentences for sentence in left)
    assert facts.drop_sentence("One came. Two left.", Random(1)) == "One came. Two left."


def test_reordering_keeps_the_paragraphs() -> None:
    given = ["a", "b", "c", "d"]
    for seed in SEEDS:
        assert sorted(facts.reorder(given, Random(seed))) == given
        assert facts.reorder(given, Random(seed)) != given
    assert facts.reorder(["a"], Random(1)) == ["a"]


def test_facts_and_words_are_said_to_be_new() -> None:
    """Everything else should go."""
    new = {noise.name for noise in NOISES.values() if not noise.keeps_facts}
    assert new == {noise.name for noise in NOISES.values() if noise.group in (WORDS, FACTS)}
    assert {"changed figure", "changed name", "changed negation", "changed words 3%"} <= new
    assert not {"clean", "case", "dropped sentence", "reordered"} & new


def test_names_of_the_text_are_found(data: Path) -> None:
    """In real prose: people and places, no months, no first words of sentences."""
    found = facts.collect((data / "sotu.txt").read_text(encoding="utf-8").splitlines())
    assert {"Virginia", "Carolina", "Europe"} <= set(found.names)
    assert not {"January", "The", "It"} & set(found.names)
    assert {"commerce", "treaty"} <= set(found.words)
    assert list(found.names) == sorted(set(found.names))
