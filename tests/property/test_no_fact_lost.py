"""G7: no removal loses a fact. Paragraphs of real text with one figure, name or negation changed always stay."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import dedup
from dedup.settings import Settings

SEED = 20_061
FIGURE = re.compile(r"\b[0-9]+\b")
NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{3,}\b")
VERB = re.compile(r"\b(is|are|was|were|has|have|had|will)\b")


def change_figure(text: str, draw: random.Random) -> str:
    found = draw.choice(list(FIGURE.finditer(text)) or [None])
    return (
        text if found is None else text[: found.start()] + str(int(found[0]) + draw.randint(1, 9)) + text[found.end() :]
    )


def change_name(text: str, draw: random.Random) -> str:
    found = draw.choice(list(NAME.finditer(text)) or [None])
    if found is None:
        return text
    other = "".join(draw.choices("aeioulnrst", k=9)).capitalize()  # of its own: two changed copies must not be alike
    return text[: found.start()] + other + text[found.end() :]


def negate(text: str, draw: random.Random) -> str:
    found = draw.choice(list(VERB.finditer(text)) or [None])
    return text if found is None else text[: found.end()] + " not" + text[found.end() :]


CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "figure": change_figure,
    "name": change_name,
    "negation": negate,
}


@pytest.fixture(scope="module")
def paragraphs(data: Path) -> list[str]:
    """Old addresses, with many names, and press releases, with many figures."""
    pairs = (data / "labelled_pairs.jsonl").read_text(encoding="utf-8").splitlines()
    releases = [" ".join(json.loads(pair)["kept"].split()) for pair in pairs]
    addresses = (data / "sotu.txt").read_text(encoding="utf-8").splitlines()
    return [text for text in (*addresses[:200], *releases) if 20 <= len(text.split()) <= 200]


@pytest.mark.parametrize("kind", CHANGES)
def test_a_changed_paragraph_stays(engine: str, kind: str, paragraphs: list[str]) -> None:
    """In the output stand all paragraphs of the changed copy that differ from the original."""
    draw = random.Random(SEED)
    changed = [CHANGES[kind](text, draw) for text in paragraphs]
    different = [one for one, other in zip(changed, paragraphs, strict=True) if one != other]
    assert len(different) > 150
    settings = Settings(engine=engine, unit="line", threads=1)
    kept, report = dedup.clean_text("\n".join(paragraphs + changed), settings=settings)
    assert set(different) <= set(kept.split("\n"))
    assert report.totals.removed_paragraphs >= (len(paragraphs) - len(different)) // 2
    assert report.totals.variants > len(different) // 2


def test_what_similarity_alone_would_delete(paragraphs: list[str]) -> None:
    """The same changes are no obstacle for `--remove similar`: the test above is not empty."""
    draw = random.Random(SEED)
    changed = [change_figure(text, draw) for text in paragraphs]
    kept, report = dedup.clean_text("\n".join(paragraphs + changed), settings=Settings(unit="line", remove="similar"))
    assert report.totals.removed_near > 20
    assert report.totals.variants == 0
    assert len(kept) < len("\n".join(paragraphs + changed))


def test_text_without_near_repeats_loses_what_is_said_again_word_for_word(engine: str, data: Path) -> None:
    """Addresses to the same two houses: the salutation goes where it is the same, unless it is protected."""
    text = (data / "sotu.txt").read_bytes()
    report = dedup.scan(text, settings=Settings(engine=engine))
    assert report.totals.removed_exact == report.totals.removed_paragraphs == 8
    kept = dedup.scan(text, settings=Settings(engine=engine, keep_pattern="^(Fellow[- ]Citizens|Gentlemen) of the"))
    assert kept.totals.removed_paragraphs == 0
