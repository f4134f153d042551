"""The evaluation script runs end to end on real prose, and its bars can be missed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dedup.settings import OPTIONS

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "evaluate.py"
PARAGRAPHS = 5


def run_script(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real prose, a file of five paragraphs an article."""
    path = tmp_path_factory.mktemp("articles")
    text = (ROOT / "tests" / "data" / "sotu.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if len(line.split()) >= 12]
    for first in range(0, len(lines) - PARAGRAPHS, PARAGRAPHS):
        (path / f"{first:03}.txt").write_text("\n".join(lines[first : first + PARAGRAPHS]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def planted(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict]:
    """A small evaluation without the public pipelines: what was printed, and all counts."""
    out = tmp_path_factory.mktemp("out") / "counts.json"
    done = run_script("planted", folder, "--rounds", "8", "--changed", "50", "--no-contenders", "--json", out)
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(out.read_text())


def cells(counts: dict, way: str, noise: str) -> list[dict]:
    return [cell for cell in counts["ways"][way]["kinds"] if cell["noise"] == noise]


def test_clean_bodies_and_blocks_are_found_whole(planted: tuple[str, dict]) -> None:
    """In every mode, in the same and in other documents."""
    _, counts = planted
    for way in counts["ways"]:
        found = [cell for cell in cells(counts, way, "clean") if cell["level"] in ("body", "block")]
        assert {cell["level"] for cell in found} == {"body", "block"}
        assert {cell["place"] for cell in found} == {"same", "other"}
        assert {cell["recall"] for cell in found} == {1.0}


def test_changed_facts_are_counted(planted: tuple[str, dict]) -> None:
    """exact keeps all of them, redundant too; similar removes most."""
    _, counts = planted
    for noise in ("changed figure", "changed name", "changed negation"):
        changed = sum(cell["changed_paragraphs"] for cell in cells(counts, "exact", noise))
        removed = {way: sum(cell["removed_changed"] for cell in cells(counts, way, noise)) for way in counts["ways"]}
        assert changed >= 30
        assert removed["exact"] == 0
        assert removed.get("redundant", 0) == 0
        assert removed["similar 0.5"] > changed / 2


def test_nothing_else_is_removed_because_of_copies(planted: tuple[str, dict]) -> None:
    _, counts = planted
    for one in counts["ways"].values():
        assert one["other_words"] > 10_000
        assert one["false_words"] == 0


def test_the_tables_have_every_mode(planted: tuple[str, dict]) -> None:
    printed, _ = planted
    heads = [line for line in printed.splitlines() if line.startswith("| body: noise")]
    assert len(heads) == 1
    assert all(mode in heads[0] for mode in OPTIONS["remove"].choices)
    assert "| changed figure" in printed
    assert "| similar 0.9 |" in printed.replace("  ", " ").replace("  ", " ")


def pair(kept: str, candidate: str, label: str, **more: object) -> str:
    return json.dumps({"kept": kept, "candidate": candidate, "label": label, **more}) + "\n"


SENTENCE = "The committee met in the house of the governor on Monday and spoke about the canal for an hour or so"


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """One that may go, one that may not: similar removes both."""
    path = tmp_path / "pairs.jsonl"
    other = SENTENCE.replace("Monday", "Tuesday")
    path.write_text(
        pair(SENTENCE, SENTENCE.upper(), "redundant")
        + pair(SENTENCE, other, "variant")
        + pair(SENTENCE + ". It agreed.", SENTENCE + ".", "additive", more="kept", both=False)
        + pair(SENTENCE, SENTENCE + ". It agreed.", "additive", more="candidate", both=False)
    )
    return path


def test_plain_rules_on_labelled_pairs(pairs: Path, tmp_path: Path) -> None:
    done = run_script("pairs", pairs, "--json", tmp_path / "out.json", "--mistakes")
    assert done.returncode == 0, done.stderr
    rules = {row["rule"]: row for row in json.loads((tmp_path / "out.json").read_text())["pairs"]}
    assert (rules["J >= 0.7"]["removed"], rules["J >= 0.7"]["precision"], rules["J >= 0.7"]["recall"]) == (4, 0.5, 1.0)
    assert rules["J >= 0.9"]["removed"] == 3  # a day more or less is J 0.74
    similar = next(row for rule, row in rules.items() if rule.startswith("similar"))
    assert (similar["removed"], similar["removed_safe"]) == (4, 2)


def test_the_pairs_of_the_repository_are_the_default() -> None:
    done = run_script("pairs", "--bars")
    assert done.returncode == 0, done.stderr
    assert "MISSED" not in done.stdout


def test_a_bar_that_is_missed_shows_in_the_exit_status(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(pair(SENTENCE, SENTENCE.lower(), "variant"))
    done = run_script("pairs", path, "--bars")
    assert done.returncode == 1
    assert "MISSED" in done.stdout
    assert run_script("pairs", path).returncode == 0


def test_natural_removals_are_listed_with_their_originals(tmp_path: Path, folder: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    for number, file in enumerate(sorted(folder.iterdir())[:2] * 2):
        text = file.read_text(encoding="utf-8")
        (more / f"{number}.txt").write_text(
            text if number < 2 else text.replace(" the ", " that ", 9), encoding="utf-8"
        )
    done = run_script("natural", more, "--remove", "similar")
    assert done.returncode == 0, done.stderr
    assert "    removed " in done.stdout
    assert "another document" in done.stdout
    assert "different paragraphs; " in done.stdout
    alone = run_script("natural", folder, "--remove", "similar")
    assert "; 0 were removed" in alone.stdout


def test_too_few_articles_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One line.\n")
    done = run_script("planted", tmp_path / "a.txt")
    assert done.returncode == 2
    assert "only 0 articles" in done.stderr
