"""Real releases whose body stands twice: what must go and what must stay, found by reading them. Unit auto."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from dedup import api
from dedup.settings import Settings


class Case(NamedTuple):
    """One release."""

    id: str
    once: tuple[str, ...]
    """Phrases that stand twice in the release and must stand once in the output."""
    stays: tuple[str, ...]
    """Phrases that stand once, outside the copy."""
    first_bytes: int
    """The output begins with so many bytes of the release, up to the copy."""


CASES = (
    Case(
        "senate-27Oct2005Biden10",
        ("I never got a chance to get to know Harriett Miers", "she is a woman of accomplishment", "litmus tests"),
        ("Statement by U.S. Senator Joe Biden on Harriet Miers Withdrawal", "October 27, 2005"),
        650,
    ),
    Case(
        "senate-3Nov2006Coleman477",
        ("showing 92,000 new jobs", "five-year low is by no accident", "148,000 jobs were created"),
        ("Leroy Coleman, 202/224-5641.OCTOBER JOBS REPORT", "Contact: Leroy Coleman"),
        1400,
    ),
    Case(
        "senate-16Apr2007Bennett81",
        ("on behalf of the people of Utah our great sympathy", "known for its system of colleges"),
        ("Senator Bennett Expresses Great Sympathy", "# # #", "http://bennett.senate.gov/"),
        990,
    ),
    Case(
        "senate-15Sep2006Biden4",
        ("Preserving high-paying union jobs", "Fords announcement underscores"),
        ("Senator Biden on Ford Motor Company's Announcement", "September 15, 2006"),
        520,
    ),
    Case(
        "senate-1Nov2004Talent495",
        ("I am very pleased to announce", "first line of defense", "turn-out gear", "$750 million in firefighter"),
        ("awarded a $62,100 grant", "twenty complete sets of bunker gear"),
        1700,
    ),
    Case(
        "senate-06Mar2007Casey0",
        ("I am very disappointed", "more than a million dollars", "50 most at-risk", "I will continue to stand up"),
        ("Senator Casey is a cosponsor of the amendment.", "Press Contact", "Kendra Barkoff (202) 228-6367"),
        950,
    ),
    Case(
        "senate-28Jan2008Roberts38",
        ("It was good to meet with Steve", "spotlight on the spirit of the people"),
        ("his wife Kim Hewitt", "Hewitt presented Senator Roberts", "Contact: Sarah Ross Little"),
        700,
    ),
    Case(
        "senate-26Jun2007Casey8",
        ("Washington has ignored the problem", "coercive tactics by employers", "up-or-down vote"),
        ("Casey on Employee Free Choice Act and Immigration Votes", "Press Contact", "Larry Smar (202) 228-6367"),
        900,
    ),
)


@pytest.fixture(scope="module")
def releases(data: Path) -> dict[str, str]:
    """The releases by their ids."""
    rows = map(json.loads, (data / "doubled.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["text"] for row in rows}


def test_every_release_has_a_case(releases: dict[str, str]) -> None:
    """None is in the file for nothing."""
    assert sorted(releases) == sorted(case.id for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_doubled_release(engine: str, releases: dict[str, str], case: Case) -> None:
    """The second copy goes; what is said once stays, and the beginning is untouched."""
    text = releases[case.id]
    assert all(text.count(phrase) >= 2 for phrase in case.once)
    cleaned, report = api.clean_text(text, settings=Settings(engine=engine))
    for phrase in case.once:
        assert cleaned.count(phrase) == 1, phrase
    for phrase in case.stays:
        assert phrase in cleaned, phrase
    assert cleaned.startswith(text[: case.first_bytes])
    assert report.totals.removed_bytes == len(text.encode()) - len(cleaned.encode())
