"""What counts as new: laws on groups of repeats, on real scans and on generated ones."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from dedup.checks.baseline import baseline_lines, read_baseline
from dedup.checks.known import Known
from dedup.checks.repeats import Candidate, candidates
from dedup.checks.run import only_new, reading
from dedup.checks.suppress import Suppressions
from dedup.report.model import Report
from dedup.run import pipeline
from dedup.settings import Settings
from dedup.sinks.stream import NullSink
from dedup.sources.source import from_bytes

WORDS = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"]


def paragraph(seed: int) -> str:
    """Thirty words that no other seed has in this order."""
    return " ".join(random.Random(seed).choices(WORDS, k=30))


def nearly(text: str) -> str:
    """The same with one word more."""
    return f"{text} indeed"


def found(*articles: list[str]) -> list[Candidate]:
    """The repeats in one document of these articles, a paragraph a line."""
    text = "\n".join(line for article in articles for line in article) + "\n"
    settings = Settings(unit="line", remove="similar")
    sources = [from_bytes(text.encode(), "text")]
    outcome = pipeline.run(sources, NullSink(), settings, reading=reading(Suppressions(), "excerpt"))
    return candidates(Report.build(settings, outcome, detailed=True))


def article(first: int, size: int = 4) -> list[str]:
    return [paragraph(number) for number in range(first, first + size)]


A, B, C = article(0), article(100), article(200)


def new(before: list[list[str]], after: list[list[str]]) -> list[int]:
    """How many paragraphs each new finding has."""
    return [len(one.paragraphs) for one in only_new(found(*after), Known.of(found(*before)))]


@pytest.mark.parametrize(
    "after",
    [
        [A, A, B, C],
        [B, C, A, A],
        [A, C, A, B],
        [A, A[:2], B, A[2:], C],
        [A[:2], A, A[2:], B, C],
        [A, B, C],
        [A, A[2:], A[:2], B, C],
        [A, C, article(300), A, B],
        [A, [nearly(A[0]), *A[1:]], B, C],
        [[nearly(A[0]), *A[1:]], A, B, C],
    ],
    ids=[
        "as it was",
        "moved together",
        "moved apart",
        "a copy torn apart",
        "the original torn apart",
        "a copy gone",
        "a copy in another order",
        "other text between",
        "a copy edited",
        "the original edited",
    ],
)
def test_what_was_there_is_not_new(after: list[list[str]]) -> None:
    assert new([A, A, B, C], after) == []


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([A, A, A, B], [4]),
        ([A, A, B, B], [4]),
        ([A, A, B, B[1:3]], [2]),
        ([A, A, B, C, C, A], [4, 4]),
        ([A, A, B, A, C, A], [4, 4]),
        ([A, A, [nearly(A[0])], B], [1]),
        ([A, A, B, [nearly(B[0])]], [1]),
    ],
    ids=[
        "one copy more",
        "the first copy of another",
        "a part",
        "two at once",
        "two copies more",
        "nearly a copy of what is known",
        "nearly a copy",
    ],
)
def test_what_is_added_is_new(after: list[list[str]], expected: list[int]) -> None:
    assert new([A, A, B], after) == expected


def test_a_copy_before_the_original_is_one_finding() -> None:
    """The newcomer becomes the original, and still the group has grown by one."""
    assert new([B, C, A], [A, B, C, A]) == [4]
    assert new([B, [nearly(A[0])], A[:1]], [[f"{A[0]} so"], B, [nearly(A[0])], A[:1]]) == [1]


def test_a_sentence_of_many_articles_does_not_spread() -> None:
    """A new article that ends with a known repeated line is one finding, not several."""
    footer = [paragraph(999)]
    many = [[*article(1000 + 10 * n), *footer] for n in range(5)]
    before = [*many, A, footer]
    assert new(before, [*before, [*article(3000), *footer]]) == [1]
    assert new(before, [*before, many[2]]) == [5]


@how(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_an_order_is_never_new(numbers: list[int], rng: random.Random) -> None:
    """Any shuffle of articles: the same groups, nothing new."""
    before = [article(20 * number, 2) for number in numbers]
    after = before[:]
    rng.shuffle(after)
    assert new(before, after) == []


@how(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.data())
def test_each_copy_added_is_one_finding(numbers: list[int], data: st.DataObject) -> None:
    """Wherever copies go in, as many findings' paragraphs are new as paragraphs were added."""
    before = [article(20 * number, 2) for number in numbers]
    after = before[:]
    copies = data.draw(st.lists(st.sampled_from(before), max_size=3))
    for copy in copies:
        after.insert(data.draw(st.integers(0, len(after))), copy)
    assert sum(new(before, after)) == 2 * len(copies)


def test_a_baseline_comes_back(tmp_path) -> None:
    known = Known.of(found(A, A, [nearly(A[0])], B, B))
    path = tmp_path / "base"
    path.write_text("".join(baseline_lines(known)))
    again = read_baseline(path)
    assert again.texts == known.texts
    assert only_new(found(B, B, A, A, [nearly(A[0])]), again) == []
    assert [len(one.paragraphs) for one in only_new(found(A, A, A, [nearly(A[0])], B, B), again)] == [4]


@pytest.mark.parametrize("swapped", [False, True])
def test_of_lines_that_a_union_of_git_leaves_the_larger_count_holds(tmp_path: Path, swapped: bool) -> None:
    """Whichever comes last; and no copy passes that neither branch had."""
    base, ours, theirs = [A, A, B], [A, A, B, A, A, C, C], [B, A, A, B, A]
    for name, corpus in (("base", base), ("ours", ours), ("theirs", theirs)):
        (tmp_path / name).write_text("".join(baseline_lines(Known.of(found(*corpus)))))
    sides = ["theirs", "ours"] if swapped else ["ours", "theirs"]
    subprocess.run(["git", "merge-file", "--union", sides[0], "base", sides[1]], cwd=tmp_path, check=True)
    lines = (tmp_path / sides[0]).read_text().splitlines()
    assert len({line.split()[1] for line in lines if line.startswith("text")}) < sum("text" in line for line in lines)
    known = read_baseline(tmp_path / sides[0])
    assert known.texts == Known.of(found(A, A, A, A, B, B, C, C)).texts
    assert only_new(found(*ours), known) == only_new(found(*theirs), known) == []
    assert [len(one.paragraphs) for one in only_new(found(*ours, A), known)] == [len(A)]


def test_a_baseline_does_not_depend_on_the_order() -> None:
    """Moving text makes no difference under version control, whichever copy is the original then."""
    one = list(baseline_lines(Known.of(found(A, [nearly(A[0])], B, A, C, B))))
    other = list(baseline_lines(Known.of(found(B, A, A, C, B, [nearly(A[0])]))))
    texts = [[line for line in lines if line.startswith("text")] for lines in (one, other)]
    assert texts[0] == texts[1]
    assert one == [one[0], *sorted(one[1:])]
