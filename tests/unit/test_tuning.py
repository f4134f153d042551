"""What tune recommends, and how it shows what it found."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedup.cli.tune_table import lines, plot, table
from dedup.errors import UsageError
from dedup.tuning import Point, Tuning, as_dict, recommend_careful, recommend_thorough, tune


def point(remove: str, threshold: float | None, found: float, reworded: float, lost: int) -> Point:
    return Point(remove, threshold, found, reworded, 200, lost, 0.001, {})


EXACT = point("exact", None, 0.7, 0.1, 0)
REDUNDANT = [
    point("redundant", t, found, 0.1, lost) for t, found, lost in ((0.3, 0.99, 1), (0.4, 0.985, 0), (0.7, 0.9, 0))
]
SIMILAR = [point("similar", t, found, found, 150) for t, found in ((0.3, 0.99), (0.5, 0.985), (0.7, 0.8))]


def test_the_careful_setting_loses_nothing_and_is_the_fastest_of_equals() -> None:
    assert recommend_careful([EXACT, *REDUNDANT, *SIMILAR]) == REDUNDANT[1]
    assert recommend_careful([EXACT, *SIMILAR]) == EXACT


def test_without_a_careful_setting_the_least_loss_counts() -> None:
    risky = [point("similar", 0.5, 0.9, 0.9, 100), point("similar", 0.9, 0.8, 0.5, 20)]
    assert recommend_careful(risky) == risky[1]


def test_what_was_not_measured_is_not_harmless() -> None:
    """In a text without figures, names and negations nothing can be lost, and nothing is promised."""
    points = [one._replace(changed=0, lost=0) for one in (EXACT, *REDUNDANT, *SIMILAR)]
    careful, thorough = recommend_careful(points), recommend_thorough(points)
    assert careful == points[2]
    shown = "\n".join(lines(Tuning(1, 1000, 10, 200, 40, points, careful, thorough, [])))
    assert "what is lost was not measured" in shown
    assert shown.count("not measured") == len(points) + 1
    assert " of 0 " not in shown
    assert "x" not in "".join(row.partition("|")[2] for row in plot("similar", points[4:]))


def test_the_thorough_setting_finds_most() -> None:
    assert recommend_thorough([EXACT, *REDUNDANT, *SIMILAR]) == SIMILAR[1]


def test_the_table_has_a_line_for_each_setting() -> None:
    *above, head, first, second, third, fourth = table([EXACT, *SIMILAR])
    rows = [first, second, third, fourth]
    assert [line.split("  ")[0] for line in (*above, head)] == ["", "", "setting"]
    assert rows[0].startswith("--remove exact ")
    assert rows[2].split() == [
        *SIMILAR[1].options.split(),
        "98.5",
        "%",
        "98.5",
        "%",
        "150",
        "of",
        "200",
        "(75",
        "%)",
        "0.10",
        "%",
    ]
    assert len({len(row) for row in (*above, head, *rows)}) == 1


def test_the_table_fits_a_terminal_of_80_columns() -> None:
    """A folded table cannot be read; these are the numbers of a sample of the default size."""
    measured = [
        Point("redundant", 0.3, 1.0, 1.0, 645, 533, 0.0064, {}),
        Point("exact", None, 0.78, 0.26, 645, 0, 0.0, {}),
    ]
    assert max(map(len, table(measured))) <= 80


def test_the_plot_puts_marks_at_their_height() -> None:
    drawn = list(plot("similar", SIMILAR))
    rows = {row.split("|")[0].strip(): row.split("|")[1] for row in drawn[1:-1]}
    assert rows["100 %"].split() == ["o", "o"]
    assert rows["80 %"].replace(" ", "") in ("xxo", "xx*", "xx")  # 0.75 lies between two rows
    assert drawn[-1].count("0.") == 3
    assert drawn[-1].endswith("threshold")


def test_one_row_for_both_marks() -> None:
    drawn = "\n".join(plot("similar", [point("similar", 0.5, 0.4, 0.4, 80)]))
    assert " 40 % |   *" in drawn


@pytest.fixture(scope="module")
def tuning(tmp_path_factory: pytest.TempPathFactory):
    """The State of the Union addresses, tuned."""
    path = Path(__file__).resolve().parents[1] / "data" / "sotu.txt"
    return tune([str(path)], seed=2)


def test_real_text_is_tuned(tuning) -> None:
    """exact finds the clean copies and loses nothing; a lower threshold never finds less than a higher one by much."""
    exact, *others = tuning.points
    assert exact.options == "--remove exact"
    assert exact.by_noise["clean"] == 1.0
    assert exact.lost == 0
    assert exact.changed > 40
    similar = [one for one in others if one.remove == "similar"]
    assert similar[0].reworded > similar[-1].reworded + 0.2
    assert all(one.by_noise["clean"] == 1.0 for one in others)
    assert tuning.careful.loss <= 0.01
    assert tuning.copies >= 100


def test_the_same_seed_gives_the_same_answer(tuning, data: Path) -> None:
    assert as_dict(tune([str(data / "sotu.txt")], seed=2)) == as_dict(tuning)


def test_what_is_shown_can_be_pasted(tuning) -> None:
    shown = list(lines(tuning))
    assert f"  dedup clean {tuning.careful.options}" in shown
    assert "seed 2" in shown[0]
    assert "0.1 MB" in shown[0]


def test_too_little_text_is_refused(tmp_path: Path, seed_path: Path) -> None:
    with pytest.raises(UsageError, match="too little"):
        tune([str(seed_path)])
