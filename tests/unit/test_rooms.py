"""Imports follow the data: what computes knows nothing of files, and nothing knows those that call it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import dedup

ROOT = Path(dedup.__file__).parent
COMPUTING = {
    "rule": {"rule", "placed", "words"},
    "matching": {"matching", "rule"},
    "paragraphs": {"columns", "unit"},
    "placed": {"words"},
    "words": set(),
}
"""Rooms that compute, and the rooms that they may know."""
FILES = {"sources", "sinks", "removals", "report"}
CALLERS = {"run", "api", "checks", "explain", "planting", "tuning", "cli"}
UNKNOWN = {
    "engine": FILES | CALLERS,
    "sources": {"report", "removals"} | CALLERS,
    "sinks": CALLERS,
    "removals": CALLERS,
    "report": CALLERS,
    "run": CALLERS - {"run"},
}
"""Rooms that text flows through, and those that they must not know."""


def imported(file: Path) -> Iterator[str]:
    """The modules of the package that a file imports anywhere, without the name of the package before them."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            names = [node.module] if node.module != "dedup" else [f"dedup.{one.name}" for one in node.names]
        elif isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        else:
            continue
        yield from (name.removeprefix("dedup.") for name in names if name.startswith("dedup."))


def files(room: str) -> list[Path]:
    """The modules of a room, which is a folder or one module."""
    folder = ROOT / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{room}.py"]


@pytest.mark.parametrize("room", COMPUTING)
def test_what_computes_knows_its_neighbours_alone(room: str) -> None:
    """No module in it imports a source, a sink, a report or the command line."""
    known = {name.partition(".")[0] for file in files(room) for name in imported(file)}
    assert known <= COMPUTING[room]


@pytest.mark.parametrize("room", UNKNOWN)
def test_what_is_called_does_not_know_its_callers(room: str) -> None:
    """Text flows from the sources through an engine to sinks and reports, by the loop that joins them."""
    known = {name.partition(".")[0] for file in files(room) for name in imported(file)}
    assert known
    assert known & UNKNOWN[room] == set()


def test_nothing_imports_the_command_line() -> None:
    """But `python -m dedup`, and the command line itself."""
    others = [file for file in ROOT.rglob("*.py") if file.parent.name != "cli" and file.name != "__main__.py"]
    assert len(others) > 100
    assert [file for file in others if any(name.partition(".")[0] == "cli" for name in imported(file))] == []
