"""Explanations: the diff is the texts, the similarity is exact, and what is said of options is what they do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from dedup.api import scan
from dedup.cli.sides import GONE, NEW, Span, render
from dedup.errors import UsageError
from dedup.explain.diff import diff_words
from dedup.explain.judge import Setting, cases, compare, matches
from dedup.explain.passages import explain_passages, read_passage
from dedup.settings import OPTIONS, Settings

ORIGINAL = b"The sum of $1,200 was paid to the city of Boston on May 3, said the secretary of the treasury.\n"
FIGURE = ORIGINAL.replace(b"1,200", b"1,300")
LOOKS = ORIGINAL.replace(b"The sum", b"THE  SUM").replace(b"Boston", "Boſton".encode())
NEAR = ORIGINAL.replace(b"said the", b"says the")
OTHER = b"Nothing of this has anything in common with what was said before, neither here nor there.\n"
LONGER = ORIGINAL[:-2] + b", and so it was to be then.\n"
PART = ORIGINAL.replace(b", said the secretary of the treasury", b"")
SAME_DOCUMENT = Setting(True, 18)


def options(found) -> dict[str, bool | None]:
    return {case.option: case.removes for case in found}


@pytest.mark.parametrize("repeat", [FIGURE, LOOKS, NEAR, OTHER, b"", b"...\n", b"Caf\xe9 " + ORIGINAL])
def test_the_pieces_end_to_end_are_the_texts(repeat: bytes) -> None:
    pieces = diff_words(ORIGINAL, repeat)
    has_words = repeat.strip(b".\n")
    assert "".join(piece.original for piece in pieces).encode() == ORIGINAL
    assert "".join(piece.repeat for piece in pieces).encode("utf-8", "surrogateescape") == (
        repeat if has_words else b""
    )


def test_only_what_differs_is_different() -> None:
    """Case and long s are the same words to the comparison."""
    assert [piece.same for piece in diff_words(ORIGINAL, LOOKS)] == [True]
    (different,) = [piece for piece in diff_words(ORIGINAL, FIGURE) if not piece.same]
    assert (different.original.strip(), different.repeat.strip()) == ("$1,200", "$1,300")


def test_the_pieces_of_shuffled_words_are_the_texts() -> None:
    words = ORIGINAL.split()
    for seed in range(50):
        shuffled = list(words)
        Random(seed).shuffle(shuffled)
        text = b" ".join(shuffled[: Random(seed).randrange(1, len(shuffled))])
        pieces = diff_words(ORIGINAL, text)
        assert "".join(piece.repeat for piece in pieces).encode() == text


def test_the_similarity_is_that_of_the_report() -> None:
    report = scan(ORIGINAL + NEAR, settings=Settings(threshold=0.5, remove="similar"))
    ((repeat,),) = [block.repeats for block in report.blocks]
    found = compare(ORIGINAL, NEAR, report.settings)
    assert found.similarity == (repeat.intersection, repeat.union)
    assert found.words == repeat.words


@pytest.mark.parametrize("repeat", [FIGURE, LOOKS, NEAR, PART, LONGER, OTHER])
@pytest.mark.parametrize("threshold", [0.3, 0.6, 0.7, 0.9])
def test_what_is_said_of_a_mode_is_what_it_does(repeat: bytes, threshold: float) -> None:
    """A run over the two paragraphs agrees with every case that names a mode."""
    settings = Settings(threshold=threshold, unit="line")
    said = options(cases(compare(ORIGINAL, repeat, settings), settings, SAME_DOCUMENT))
    for mode in OPTIONS["remove"].choices:
        report = scan(ORIGINAL + repeat, settings=replace(settings, remove=mode))
        assert said[f"--remove {mode}"] == bool(report.totals.removed_paragraphs)


def test_half_of_the_threshold_is_enough_for_what_stands_in_the_original() -> None:
    """If it adds nothing: the threshold that is named is twice the similarity."""
    rest = b" It was to be spent on the schools and on the roads of the harbour, and the rest kept for another year."
    longer = ORIGINAL[:-1] + rest + b"\n"
    settings = Settings()
    found = compare(longer, ORIGINAL, settings)
    said = options(cases(found, settings, SAME_DOCUMENT))
    (least,) = [option.split()[1] for option in said if option.startswith("--threshold") and option.endswith("or less")]
    assert 1.9 * found.jaccard < float(least) < 1
    assert matches(found, replace(settings, threshold=float(least)))
    assert not matches(found, replace(settings, threshold=float(least) + 0.001))
    assert not matches(found, replace(settings, remove="similar"))


def test_an_original_that_says_less_counts_as_one_that_says_as_much() -> None:
    settings = Settings(threshold=0.62)
    found = compare(ORIGINAL, LONGER, settings)
    assert found.addition is None
    assert found.jaccard > 0.62
    said = {case.option: case for case in cases(found, settings, SAME_DOCUMENT)}
    assert said["--remove similar"].removes
    assert not said["--remove redundant"].removes
    assert "since the original says less, and is under --threshold 0.62" in said["--remove redundant"].why
    (least,) = [option.split()[1] for option in said if option.startswith("--threshold") and option.endswith("or less")]
    assert float(least) < 0.62 < found.jaccard
    assert matches(found, replace(settings, threshold=float(least)))
    assert not matches(found, replace(settings, threshold=float(least) + 0.001))


def test_a_long_repeat_has_to_stand_in_the_original() -> None:
    """The run says so, and no threshold helps."""
    words = [f"word{n}" for n in range(300)]
    changed = [word if n % 20 else "of" for n, word in enumerate(words)]
    one, other = (" ".join(each).encode() + b"\n" for each in (words, changed))
    settings = Settings(unit="line", threshold=0.5)
    said = {case.option: case for case in cases(compare(one, other, settings), settings, SAME_DOCUMENT)}
    assert said["--remove similar"].removes
    assert not said["--remove redundant"].removes
    assert not said["any --threshold"].removes
    assert said["any --threshold"].why.startswith("43 of its 298 shingles are not in the original")
    assert scan(one + other, settings=settings).totals.removed_paragraphs == 0


@pytest.mark.parametrize("repeat", [FIGURE, PART])
def test_the_threshold_that_is_named_tips_the_scales(repeat: bytes) -> None:
    settings = Settings(remove="similar", unit="line")
    said = options(cases(compare(ORIGINAL, repeat, settings), settings, SAME_DOCUMENT))
    (least,) = [option.split()[1] for option in said if option.endswith(" or less")]
    assert said[f"--threshold {least} or less"] is True
    assert said[f"--threshold over {least}"] is False
    for threshold, removed in ((float(least), 1), (float(least) + 0.001, 0)):
        report = scan(ORIGINAL + repeat, settings=replace(settings, threshold=threshold))
        assert report.totals.removed_paragraphs == removed


def test_min_words_and_min_block_words_are_named_with_the_numbers_that_tip() -> None:
    settings = Settings(remove="similar", threshold=0.5)
    found = compare(ORIGINAL, NEAR, settings)
    said = options(cases(found, settings, Setting(False, 45)))
    assert said[f"--min-words {found.words + 1} or more"] is False  # a short one goes in the same words only
    same = options(cases(compare(ORIGINAL, ORIGINAL, settings), settings, Setting(False, 45)))
    assert same[f"--min-words {found.words + 1} or more"] is None  # it depends on what is around it
    assert said["--min-block-words 45 or less"] is True
    assert said["--min-block-words over 45"] is False
    assert said["--scope document"] is False
    assert not matches(found, replace(settings, min_words=found.words + 1))
    assert matches(found, replace(settings, min_words=found.words))


def test_a_repeat_of_another_document_in_a_short_block_is_kept_by_every_mode() -> None:
    settings = Settings(remove="similar")
    said = options(cases(compare(ORIGINAL, LOOKS, settings), settings, Setting(False, 19)))
    assert {said[f"--remove {mode}"] for mode in OPTIONS["remove"].choices} == {False}
    shown = options(cases(compare(ORIGINAL, LOOKS, settings), settings, Setting(False, 19, shown=True)))
    assert shown["--remove similar"] is True


def test_passages_are_paired_with_what_is_most_like_them(tmp_path: Path) -> None:
    """Whatever their order; what has nothing in common stands alone."""
    (tmp_path / "a.txt").write_bytes(b"first line\n" + NEAR + OTHER)
    (tmp_path / "b.txt").write_bytes(b"Quite another sentence that says nothing of the matter at all.\n" + ORIGINAL)
    sides = [read_passage(f"{tmp_path}/{name}", n, Settings()) for n, name in enumerate(("a.txt:2-3", "b.txt"))]
    found = explain_passages(sides[0], sides[1], Settings(threshold=0.5, min_block_words=0, remove="similar"))
    (pair,) = found.pairs
    assert (pair.place.line, pair.original.line, pair.removed, pair.kind) == (2, 2, True, "near")
    assert [side.line for side in found.alone] == [3]
    assert pair.place.start == len(b"first line\n")


@pytest.mark.parametrize("lines", ["4", "2-9", "3-2", "0"])
def test_lines_that_a_file_does_not_have_are_refused(tmp_path: Path, lines: str) -> None:
    (tmp_path / "a.txt").write_bytes(ORIGINAL * 3)
    with pytest.raises(UsageError, match="has 3 lines"):
        read_passage(f"{tmp_path}/a.txt:{lines}", 0, Settings())


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_no_line_of_the_texts_is_wider_than_the_page(tmp_path: Path, width: int) -> None:
    """Wide characters, long words and marks included."""
    from rich.cells import cell_len

    (tmp_path / "a.txt").write_bytes("東京 に 行く ".encode() * 30 + b"x" * 300 + b"\n" + NEAR)
    (tmp_path / "b.txt").write_bytes("東京 に 行った ".encode() * 30 + b"y" * 300 + b"\n" + ORIGINAL)
    passages = [read_passage(f"{tmp_path}/{name}", n, Settings()) for n, name in enumerate(("a.txt", "b.txt"))]
    found = explain_passages(passages[0], passages[1], Settings())
    rows = ["".join(span.text for span in line) for line in render([found], width, marked=True, full=True)]
    columns = [row for row in rows if " | " in row]
    assert len(columns) > 10
    assert max(map(cell_len, columns)) <= width


def test_a_text_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"[bold]red[/bold] :smile: \x1b[2J words that are the same on both sides here\n")
    passage = read_passage(f"{tmp_path}/a.txt", 0, Settings())
    spans = [
        span for line in render([explain_passages(passage, passage, Settings())], 100, marked=False) for span in line
    ]
    text = " ".join(span.text for span in spans)
    assert "\x1b" not in text
    assert "[bold]red[/bold]" in text
    assert ":smile:" in text


def test_marks_and_colours_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(FIGURE)
    (tmp_path / "b.txt").write_bytes(ORIGINAL)
    passages = [read_passage(f"{tmp_path}/{name}", n, Settings()) for n, name in enumerate(("a.txt", "b.txt"))]
    found = explain_passages(passages[0], passages[1], Settings())
    marked = [span for line in render([found], 100, marked=True) for span in line]
    coloured = [span for line in render([found], 100, marked=False) for span in line]
    assert Span("[-$1,200-]", GONE) in marked
    assert Span("{+$1,300+}", NEW) in marked
    assert Span("$1,200", GONE) in coloured
    assert Span("$1,300", NEW) in coloured


def test_long_equal_stretches_are_shortened_unless_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b" ".join(b"word%d" % number for number in range(200)) + b"\n")
    passage = read_passage(f"{tmp_path}/a.txt", 0, Settings())
    found = explain_passages(passage, passage, Settings())
    short, full = (
        " ".join(span.text for line in render([found], 100, marked=True, full=full) for span in line)
        for full in (False, True)
    )
    assert "[... 176 equal words ...]" in short
    assert "word100" not in short
    assert "word100" in full
