"""Limits: which of them a report does not pass, and how that is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dedup.checks.gates import Gates, failures

from ..golden.fixture import make_report


def told(**limits: object) -> list[str]:
    return failures(make_report(), Gates(**limits).in_force())  # type: ignore[arg-type]


def test_without_a_limit_nothing_may_repeat() -> None:
    assert told() == ["2 repeats, --max-blocks is 0"]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"max_blocks": 2}, []),
        ({"max_blocks": 1}, ["2 repeats, --max-blocks is 1"]),
        ({"max_words": 33}, []),
        ({"max_words": 32}, ["33 words repeat, --max-words is 32"]),
        ({"max_percent": 18.34}, []),
        ({"max_percent": 18.3}, ["18.33 % of the words repeat, --max-percent is 18.3"]),
        ({"max_percent": 18.33}, ["18.333 % of the words repeat, --max-percent is 18.33"]),
        ({"max_percent": 18.3333333}, ["18.33333333 % of the words repeat, --max-percent is 18.3333333"]),
        ({"max_blocks_per_file": 1}, []),
        ({"max_words_per_file": 23}, []),
        ({"max_words_per_file": 22}, ["news/a.txt: 23 words repeat, --max-words-per-file is 22"]),
        ({"max_percent_per_file": 40, "max_words": 40}, []),
    ],
)
def test_a_limit_may_be_reached_and_not_passed(limits: dict, expected: list[str]) -> None:
    assert told(**limits) == expected


def test_every_gate_that_is_not_passed_is_told() -> None:
    found = told(max_blocks=0, max_words=0, max_percent=0, max_words_per_file=0)
    assert [line.split(", ")[-1].split(" ")[0] for line in found] == [
        *("--max-percent", "--max-blocks", "--max-words", "--max-words-per-file", "and")
    ]


def test_nothing_to_check_is_a_failure() -> None:
    report = make_report()
    empty = replace(report, totals=report.totals._replace(words=0))
    assert failures(empty, Gates(max_blocks=9)) == ["nothing to check: no words in 3 documents"]
    assert failures(empty, Gates(max_blocks=9, fail_on_empty=False)) == []
