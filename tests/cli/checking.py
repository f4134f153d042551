"""What the tests of `dedup check` share: articles that have nothing in common, and whether git is there."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SCHEMA = Path(__file__).resolve().parent.parent.parent / "docs" / "report.schema.json"
WORDS = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"]
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def article(number: int) -> str:
    """An article of 200 words that no other number has: five lines, each a paragraph."""
    rng = random.Random(number)
    return "".join(" ".join(rng.choices(WORDS, k=words)).capitalize() + ".\n" for words in (24, 57, 31, 70, 18))


def first_commit(git: Callable[..., None]) -> None:
    """Make a repository of the fresh directory, with all that is in it."""
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
