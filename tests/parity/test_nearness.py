"""Both engines draw the bounds of nearness at the same place, where nothing may be added."""

from __future__ import annotations

from itertools import islice, product
from random import Random

import pytest

from dedup import Settings, scan
from dedup.rule.novelty import added

from .documents import run

WORDS = [
    "".join(parts) for parts in islice(product("bdfgklmnprst", "aeiou", "bdfgklmnprst", "aeiou", "lmnrt"), 0, None, 7)
]
"""Of no language, none a spelling of the next."""
FUNCTION_WORDS = [
    "the",
    "of",
    "a",
    "that",
    "is",
    "this",
    "was",
    "the",
    "it",
    "a",
    "is",
    "the",
    "that",
    "of",
    "was",
    "this",
    "it",
    "of",
]


def removed(engine: str, original: list[str], repeat: list[str]) -> bool:
    """Whether a run takes the second paragraph out, which adds nothing to the first."""
    one, other = (" ".join(words).encode() for words in (original, repeat))
    assert added(other, one) is None
    report = scan(one + b"\n" + other + b"\n", settings=Settings(engine=engine, unit="line"))
    assert report.totals.paragraphs == 2
    return report.totals.removed_paragraphs == 1


def with_function_word(words: list[str], one: str, places: int) -> list[str]:
    """The words with a function word at so many places, far apart: three shingles have it each time."""
    step = len(words) // places
    return [one if n % step == step // 2 and n < step * places else word for n, word in enumerate(words)]


@pytest.mark.parametrize(
    ("shingles", "lacking", "goes"),
    [
        (128, 27, True),  # not long: 101 of 155 are enough
        (129, 6, True),  # a twentieth
        (129, 9, False),
        (300, 15, True),
        (300, 18, False),
        (600, 15, True),  # sixteen, though a twentieth is thirty
        (600, 18, False),
    ],
)
def test_a_long_paragraph_is_contained(engine: str, shingles: int, lacking: int, goes: bool) -> None:
    original, repeat = (with_function_word(WORDS[: shingles + 2], one, lacking // 3) for one in ("the", "a"))
    assert removed(engine, original, repeat) is goes


@pytest.mark.parametrize(("more", "goes"), [(0, True), (9, True), (13, True), (14, False), (18, False)])
def test_an_original_that_says_less_counts_as_one_that_says_as_much(engine: str, more: int, goes: bool) -> None:
    """Of 40 shingles beside 40 + n the similarity is 40 / (40 + n), and 40 / (40 + 2 n) counts."""
    words = WORDS[:42]
    assert removed(engine, words, words + FUNCTION_WORDS[:more]) is goes


def test_what_an_original_says_more_does_not_count(engine: str) -> None:
    """Half of the threshold is enough for a paragraph that stands in it, long or not."""
    for size in (40, 200):
        sentences = [word.capitalize() if n % 20 == 0 else word for n, word in enumerate(WORDS[: 2 * size])]
        sentences = [word + "." if n % 20 == 19 else word for n, word in enumerate(sentences)]
        assert removed(engine, sentences, sentences[:size])


def test_what_a_sample_tells_of_long_paragraphs_is_so(engine: str) -> None:
    """Originals of a batch before are known by a sample of their shingles, which turns none away that is near."""
    random = Random(1)
    texts = [random.sample(WORDS, 252) for _ in range(100)]
    originals, repeats = (
        b"".join(" ".join(with_function_word(words, one, 4)).encode() + b"\n" for words in texts)
        for one in ("the", "a")
    )
    settings = Settings(engine=engine, unit="line", recall=0.999)
    (done,) = run([originals + repeats], settings, batch_bytes=len(originals) // 10).documents
    assert (done.paragraphs, done.removed_paragraphs) == (200, 100)
