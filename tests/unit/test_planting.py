"""Planting remembers what it planted, and the score counts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedup.engine.select import select
from dedup.planting import facts
from dedup.planting.articles import Article, make_articles, sample, without_exact_repeats
from dedup.planting.cleaning import clean_planted
from dedup.planting.noises import make_noises
from dedup.planting.plant import (
    BLOCK,
    BLOCK_WORDS,
    BODY,
    LEVELS,
    OTHER,
    PARAGRAPH,
    PLACES,
    SAME,
    Kind,
    Part,
    Planted,
    choose_passage,
    find_change,
    plant,
    unplanted,
)
from dedup.planting.score import score, shares
from dedup.settings import OPTIONS, Settings

PARAGRAPHS = 5


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    """Real prose, five paragraphs an article, nothing twice."""
    path = Path(__file__).resolve().parents[1] / "data" / "sotu.txt"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if len(line.split()) >= 12]
    groups = [lines[first : first + PARAGRAPHS] for first in range(0, len(lines), PARAGRAPHS)]
    found = [Article(str(number), tuple(group)) for number, group in enumerate(groups) if len(group) == PARAGRAPHS]
    assert len(found) >= 20
    return list(without_exact_repeats(found))


@pytest.fixture(scope="module")
def noises(articles: list[Article]):
    return {noise.name: noise for noise in make_noises(facts.collect(t for a in articles for t in a.paragraphs))}


def planted_with(articles, noises, name, rounds=6):
    """Rounds of planting one noise alone."""
    return [plant(articles, [noises[name]], 1, number) for number in range(rounds)]


def test_the_same_seed_plants_the_same(articles, noises) -> None:
    table = list(noises.values())
    assert plant(articles, table, 3) == plant(articles, table, 3)
    assert plant(articles, table, 3) != plant(articles, table, 4)
    assert plant(articles, table, 3, 1) != plant(articles, table, 3, 2)


def test_what_was_there_stays_in_its_order(articles, noises) -> None:
    """Without the copies the documents are the articles."""
    for document, article in zip(plant(articles, list(noises.values()), 5), articles, strict=True):
        assert tuple(part.text for part in document.parts if part.kind is None) == article.paragraphs


def test_a_copy_stands_after_what_it_copies(articles, noises) -> None:
    """In its own document after the passage, in another one that comes later."""
    seen = set()
    for documents in planted_with(articles, noises, "clean"):
        for number, document in enumerate(documents):
            for place, part in enumerate(document.parts):
                if part.kind is None:
                    continue
                source, paragraph = part.source
                assert part.text == articles[source].paragraphs[paragraph]
                assert part.changed is None
                seen.add(part.kind)
                if part.kind.place == SAME:
                    assert source == number
                    assert part.source in [one.source for one in document.parts[:place] if one.kind is None]
                else:
                    assert source < number
    assert seen == {Kind("clean", level, place) for level in LEVELS for place in PLACES}


def test_passages_have_their_size(articles) -> None:
    from random import Random

    for seed in range(50):
        for article in articles:
            assert choose_passage(article, BODY, Random(seed)) == (0, PARAGRAPHS)
            first, last = choose_passage(article, PARAGRAPH, Random(seed))
            assert last == first + 1
            first, last = choose_passage(article, BLOCK, Random(seed))
            words = sum(len(text.split()) for text in article.paragraphs[first:last])
            assert words >= BLOCK_WORDS or (first, last) == (0, PARAGRAPHS)


def test_spans_tile_the_text(articles, noises) -> None:
    for document in plant(articles, list(noises.values()), 2):
        text, spans = document.text, document.spans
        assert b"".join(text[start:end] for start, end in spans) == text
        for part, (start, end) in zip(document.parts, spans, strict=True):
            assert text[start:end].decode() == part.text + "\n\n"


def test_the_change_of_a_text_is_found() -> None:
    assert find_change("täglich 12", "täglich 13") == (10, 11)
    assert find_change("no", "no no") == (2, 5)


def test_a_clean_body_is_removed_whole(articles, noises) -> None:
    """Recall 1 for bodies and blocks, in the same and in other documents, whatever the mode."""
    for mode in OPTIONS["remove"].choices:
        settings = Settings(remove=mode)
        base = unplanted(articles)
        natural = shares(base, clean_planted(base, settings))
        for documents in planted_with(articles, noises, "clean", 3):
            found = score(documents, clean_planted(documents, settings), natural)
            for level in (BODY, BLOCK):
                for place in PLACES:
                    cell = found.select("clean", level, place)
                    assert cell.plants > 0
                    assert cell.recall == 1.0
            assert found.select("clean", PARAGRAPH, SAME).recall == 1.0
            assert found.false_words == 0


@pytest.mark.parametrize("name", ["case", "quotes", "dashes", "spacing"])
def test_other_looks_are_removed_too(articles, noises, name: str) -> None:
    for mode in OPTIONS["remove"].choices:
        for documents in planted_with(articles, noises, name, 2):
            found = score(documents, clean_planted(documents, Settings(remove=mode)), {})
            assert found.select(name, BODY).recall == 1.0


@pytest.mark.parametrize("name", ["changed figure", "changed name", "changed negation"])
def test_no_changed_fact_is_removed_as_redundant(articles, noises, name: str) -> None:
    """`similar` removes most of them: the measure would see it."""
    lost = dict.fromkeys(OPTIONS["remove"].choices, 0)
    changed = 0
    for documents in planted_with(articles, noises, name):
        for mode in lost:
            cell = score(documents, clean_planted(documents, Settings(remove=mode)), {}).select(name)
            lost[mode] += cell.removed_changed
            changed += cell.changed_paragraphs
    assert changed > 50
    assert lost["exact"] == 0
    assert lost["similar"] > changed / len(lost) / 2
    assert lost.get("redundant", 0) == 0


def test_the_score_counts_words_by_what_was_removed() -> None:
    """One copy half removed, one other paragraph gone because of it, one gone anyway."""
    kind = Kind("changed figure", BODY, OTHER)
    parts = (
        Part("one two three", (0, 0)),
        Part("four five", (0, 1)),
        Part("aaaa bbbb 1234", (1, 0), kind, (10, 14)),
    )
    document = Planted("a", parts)
    spans = document.spans
    half = (spans[2][0], spans[2][0] + 8)
    found = score([document], [[*spans[:2], half]], {(0, 1): 1.0})
    cell = found.cells[kind]
    assert (cell.plants, cell.paragraphs, cell.words) == (1, 1, 3)
    assert cell.removed_words == pytest.approx(1.5)
    assert (cell.changed_paragraphs, cell.removed_changed) == (1, 0)
    assert (found.other_words, found.natural_words, found.false_words) == (5, 2, 3)
    whole = score([document], [spans], {(0, 1): 1.0})
    assert (whole.cells[kind].recall, whole.cells[kind].removed_changed) == (1.0, 1)


def test_shares_are_of_what_was_there(articles) -> None:
    document = unplanted(articles)[0]
    first = document.spans[0]
    assert shares([document], [[first]]) == {(0, 0): 1.0}


def test_exact_repeats_are_taken_out_of_articles() -> None:
    one, other = Article("a", ("Same  words.", "x")), Article("b", ("same words.", "X", "y"))
    assert list(without_exact_repeats([one, other])) == [one, Article("b", ("y",))]


def test_a_long_document_becomes_several_articles() -> None:
    text = b"".join(b"Line %d of a long document\n" % number for number in range(60))
    found = list(make_articles("a", text, select("auto", Settings())))
    assert [len(article.paragraphs) for article in found] == [24, 24, 12]
    assert [article.name for article in found] == ["a", "a:1", "a:2"]


def test_a_sample_is_seeded_and_in_order() -> None:
    numbers = range(1000)
    taken = sample(numbers, 50, 1)
    assert taken == sorted(set(taken)) == sample(numbers, 50, 1) != sample(numbers, 50, 2)
    assert sample(range(5), 50, 1) == [0, 1, 2, 3, 4]
    assert 300 < sum(taken) / len(taken) < 700
