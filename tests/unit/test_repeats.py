"""Originals are found by their words or their bands, and verified on exact sets."""

from __future__ import annotations

from dedup.matching.blocks import Blocks
from dedup.matching.classes import classes_of
from dedup.matching.members import Places
from dedup.matching.nearness import Similarity, jaccard
from dedup.matching.repeats import Index, Sketch, Walk
from dedup.rule.novelty import map_digits
from dedup.settings import Settings
from dedup.words import hash_sequence, hash_words, shingle, split_words


def sketch(text: str, *band_keys: int) -> Sketch:
    """Sketch a text with band keys made up for the test."""
    words = split_words(text.encode())
    hashes = hash_words(words)
    shingles = shingle(hashes, 3)
    return Sketch(
        tuple(words),
        hash_sequence(hashes),
        frozenset(shingles),
        band_keys,
        text.encode(),
        map_digits(text.encode()),
        classes_of(shingles),
        len(shingles),
    )


PAID = "Brazil suspended interest payments on its 68 billion dollar foreign bank debt on February 22"
PAID_EARLIER = "Brazil suspended interest payments on its 68 billion dollar foreign bank debt on February 20"
OTHER = "The House of Representatives approved the trade bill on Thursday by a large majority"


def walk(*sketches: Sketch, **chosen: float | str) -> list[int]:
    """Give the links of a document's paragraphs."""
    settings = Settings(**{"min_words": 4, "remove": "similar", **chosen})  # type: ignore[arg-type]
    places = Places()
    walked = Walk(settings, places, Blocks(settings, places, lambda g, h: False))
    for each in sketches:
        walked.place(0, each)
    return places.link


def test_similarity_is_compared_in_integers() -> None:
    """Exactly at the threshold counts, whatever a float would make of 0.7."""
    assert Similarity(7, 10).reaches(700_000)
    assert not Similarity(699_999, 1_000_000).reaches(700_000)
    assert jaccard(frozenset({1, 2}), frozenset({3})) == (0, 3)


def test_the_same_words_repeat_whatever_the_bands() -> None:
    assert walk(sketch(PAID, 1), sketch(PAID.upper() + "!", 2)) == [0, 0]


def test_a_candidate_is_no_repeat_by_itself() -> None:
    """A shared band only brings two paragraphs to the comparison."""
    assert walk(sketch(PAID, 1), sketch(OTHER, 1)) == [0, 1]


def test_similar_paragraphs_repeat_if_they_share_a_band() -> None:
    assert walk(sketch(PAID, 1, 2), sketch(PAID_EARLIER, 3, 2)) == [0, 0]
    assert walk(sketch(PAID, 1, 2), sketch(PAID_EARLIER, 2, 1)) == [0, 1]


def test_where_a_block_goes_on_no_shared_band_is_asked_for() -> None:
    """Chance has no part in it; elsewhere, and where nothing near is looked for, it has."""
    article = [sketch(OTHER, 1), sketch(PAID, 2)]
    assert walk(*article, sketch(OTHER, 3), sketch(PAID_EARLIER, 4)) == [0, 1, 0, 1]
    assert walk(*article, sketch(PAID_EARLIER, 4), sketch(OTHER, 3)) == [0, 1, 2, 0]
    assert walk(*article, sketch(OTHER), sketch(PAID_EARLIER)) == [0, 1, 0, 3]
    assert walk(*article, sketch(OTHER, 3), sketch(PAID_EARLIER, 4), remove="redundant") == [0, 1, 0, 3]


def test_a_repeat_is_no_original() -> None:
    """C is like B and B like A, but C is not like A: nothing removes C."""
    words = [f"w{i}" for i in range(40)]
    a, b, c = (sketch(" ".join(words[shift : shift + 20]), 1) for shift in (0, 3, 6))
    assert walk(a, b, c, threshold=0.7) == [0, 0, 2]


def test_short_paragraphs_have_no_original() -> None:
    assert walk(sketch("Read more"), sketch("Read more"), sketch("")) == [-1, -1, -1]


def test_a_paragraph_without_words_is_short_even_at_one_word() -> None:
    assert walk(sketch("* * *"), sketch("* * *"), min_words=1) == [-1, -1]


def test_the_exact_original_comes_before_an_earlier_similar_one() -> None:
    """Apart from bands, the later original has the same words."""
    assert walk(sketch(PAID, 1), sketch(PAID_EARLIER, 2), sketch(PAID_EARLIER, 1)) == [0, 1, 1]


def test_another_date_is_no_repeat_where_what_adds_nothing_is_asked_for() -> None:
    assert walk(sketch(PAID, 1), sketch(PAID_EARLIER, 1), remove="redundant") == [0, 1]
    assert walk(sketch(PAID, 1), sketch("Also, " + PAID, 1), remove="redundant") == [0, 0]


def test_equal_words_with_another_sign_are_no_repeat() -> None:
    """$5 and -5 are one word and two figures; a third paragraph finds the one it equals."""
    dollars, minus = "it fell to $5 from the other day", "it fell to -5 from the other day"
    assert walk(sketch(dollars), sketch(minus), sketch(minus.upper()), remove="redundant") == [0, 1, 1]
    assert walk(sketch(dollars), sketch(minus)) == [0, 0]


def test_only_the_closest_originals_are_compared() -> None:
    """A paragraph of a template does not look through all of it, but finds the one it repeats wherever that stands."""
    names = ["Peru", "Chad", "Mali", "Cuba", "Fiji", "Iran", "Iraq", "Laos", "Oman", "Togo"]
    others = [sketch(PAID.replace("Brazil", f"Brazil and {name}"), 1) for name in names]
    assert walk(*others, sketch(PAID.replace("Brazil", "Also Brazil and Togo"), 1), remove="redundant")[-1] == 9
    none = sketch(PAID.replace("Brazil", "Brazil and Guam"), 1)
    assert walk(*others, none, remove="redundant")[-1] == len(others)


def test_what_says_far_more_is_not_among_the_closest() -> None:
    """Half of the threshold is out of reach of what is five times as long, however whole the paragraph stands there."""
    said = "The governor of the province said on Monday that the bridge would be open by May"
    longer = [sketch(said + " " + " ".join(f"{n}x{k}" for k in range(60)), 1) for n in ("one", "two", "three")]
    links = walk(*longer, sketch(said.replace("by May", "in May"), 1), sketch(said, 1), remove="redundant")
    assert links == [0, 1, 2, 3, 3]


def test_a_long_paragraph_stands_in_its_original_or_is_none() -> None:
    """Where one word in twenty of 200 is another, nobody reads on; of 100 it is a repeat that adds nothing."""
    words = [f"word{n}" for n in range(200)]
    for size, links in (200, [0, 1]), (100, [0, 0]):
        other = [word if n % 20 else "of" for n, word in enumerate(words[:size])]
        pair = [sketch(" ".join(text), 1) for text in (words[:size], other)]
        assert walk(*pair, remove="redundant", threshold=0.5) == links
        assert walk(*pair, remove="similar", threshold=0.5) == [0, 0]
    assert walk(sketch(" ".join(words), 1), sketch(" ".join(words[9:]), 1), remove="redundant") == [0, 0]
    words = [f"word{n}" for n in range(600)]
    for every, links in (100, [0, 1]), (120, [0, 0]):
        other = [word if n % every != every // 2 else "of" for n, word in enumerate(words)]
        pair = [sketch(" ".join(text), 1) for text in (words, other)]
        assert walk(*pair, remove="redundant", threshold=0.5) == links


def test_a_line_that_repeats_close_by_in_a_list_stays() -> None:
    """It has its original, but is in no block; farther off it is removed."""
    lines = [
        sketch(f"item number {name} costs five dollars")
        for name in ["one", "two", "three", "four", "five", "six", "seven"]
    ]
    places, settings = Places(), Settings(min_words=4, remove="exact")
    blocks = Blocks(settings, places, lambda g, h: False)
    walked = Walk(settings, places, blocks)
    for each in [*lines, lines[5], lines[0]]:
        walked.place(0, each)
    assert places.link[7:] == [5, 0]
    assert list(blocks.removed) == [8]


def test_a_full_bucket_takes_no_more() -> None:
    index = Index(bucket_capacity=2)
    for g, text in enumerate([PAID, PAID_EARLIER, OTHER]):
        index.add(g, sketch(text, 7))
    assert index.find_candidates(sketch("anything", 7)) == [0, 1]
    assert (index.originals, index.full_buckets) == (3, 1)
    assert index.find_exact(sketch(OTHER)) == [2]


def test_equal_hashes_of_other_words_are_not_exact() -> None:
    """The words themselves decide."""
    index = Index(bucket_capacity=2)
    one, other = sketch(PAID), sketch(OTHER)._replace(sequence_hash=sketch(PAID).sequence_hash)
    index.add(0, one)
    assert index.find_exact(other) == []
    index.add(1, other)
    assert index.find_exact(one) == [0]
    assert index.find_exact(other) == [1]


def test_a_cleared_index_knows_nothing() -> None:
    index = Index(bucket_capacity=1)
    index.add(0, sketch(PAID, 7))
    index.clear()
    assert index.find_exact(sketch(PAID, 7)) == []
    assert index.find_candidates(sketch(PAID, 7)) == []
    assert index.originals == 1


def test_of_those_with_other_digits_the_closest_are_compared() -> None:
    """The one that says "seven" for 7 is found behind thirty forms with other figures."""
    said = "The bank of {} said on Monday that it had sold {} tonnes of {} at the price of the day before in {}"
    places = ["Accra", "Bonn", "Cairo", "Dakar", "Essen", "Fargo", "Genoa", "Haifa", "Izmir", "Jaffa"]
    others = [
        said.format(place, n + 10, thing, place) for n, place in enumerate(places) for thing in ("tin", "zinc", "rye")
    ]
    seven, spelt = (said.format("Kiel", n, "oats", "Lagos") for n in ("seven", "7"))
    assert walk(*(sketch(text, 1) for text in [*others, seven, spelt]), remove="redundant", bucket_capacity=64) == [
        *range(31),
        30,
    ]
