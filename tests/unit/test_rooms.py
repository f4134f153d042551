"""Imports follow the data: what computes knows nothing of files, and nothing knows those that call it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "dedup"
"""Of the sources: an installed package has no Cython."""
STOREYS = (
    {"columns", "compression", "counts", "errors", "findings", "minhash", "origins", "parts", "threads"}
    | {"unit", "words"},
    {"arguments", "batches", "flat", "paragraphs", "placed", "protection", "settings"},
    {"rule"},
    {"matching"},
    {"engine"},
    {"sources"},
    {"sinks"},
    {"removals", "report"},
    {"run"},
    {"api", "checks", "explain", "planting"},
    {"config", "tuning"},
    {"cli"},
    {"__main__"},
)
"""All rooms, from the ground up: each may know those below it, and none beside it. The package itself names what is
public, and belongs to no storey."""
COMPUTING = {
    "columns": set(),
    "findings": set(),
    "matching": {"rule"},
    "minhash": set(),
    "paragraphs": {"columns", "unit"},
    "placed": {"words"},
    "protection": {"errors"},
    "rule": {"placed"},
    "unit": set(),
    "words": set(),
    "engine": {
        *("batches", "errors", "findings", "flat", "matching", "minhash", "paragraphs", "protection", "rule"),
        *("settings", "unit", "words"),
    },
}
"""Rooms that compute, and the rooms that they may know."""
OPENING = {"io", "os", "pathlib", "shutil", "socket", "subprocess", "tempfile"}
"""Modules of the standard library that reach files."""
ROOMS = sorted(set().union(*STOREYS))
_CYTHON = re.compile(r"^\s*(?:from\s+(dedup[\w.]*)\s+c?import\s+(.+)|c?import\s+(dedup[\w.]*))", re.MULTILINE)


def imported(file: Path) -> Iterator[str]:
    """The modules that a file imports anywhere: when it is loaded, in a function, or for its types alone."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        yield from imported_by_python(ast.parse(text))
        return
    for module, names, alone in _CYTHON.findall(text):
        yield from of_package(names.split(",")) if module == "dedup" else [module or alone]


def imported_by_python(tree: ast.Module) -> Iterator[str]:
    """The same for Python."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "the house spells its imports out"
            names = [one.name for one in node.names]
            yield from of_package(names) if node.module == "dedup" else [node.module or ""]
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names)


def of_package(names: list[str]) -> Iterator[str]:
    """Modules that are imported from the package; its version is everybody's."""
    first = (name.split()[0] for name in names)
    return (f"dedup.{name}" for name in first if name != "__version__")


def known(room: str) -> set[str]:
    """The other rooms that a room knows."""
    names = [name.split(".") for file in files(room) for name in imported(file)]
    assert ["dedup"] not in names, "the package itself names all that is public"
    return {parts[1] for parts in names if parts[0] == "dedup"} - {room}


def files(room: str) -> list[Path]:
    """The modules of a room, which is a folder or one module; in Python and in Cython."""
    folder = ROOT / room
    if not folder.is_dir():
        return [ROOT / f"{room}.py"]
    return sorted(file for file in folder.rglob("*") if file.suffix in (".py", ".pyx", ".pxi", ".pxd"))


def test_every_room_has_its_place() -> None:
    """One, so that a new room is put on a storey."""
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    modules = {path.stem for path in ROOT.glob("*.py")} - {"__init__"}
    assert sorted(name for storey in STOREYS for name in storey) == sorted(folders | modules)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_knows_those_below_it(room: str) -> None:
    """Text flows from the sources through an engine to sinks and reports, by the loop that joins them: no way leads
    back, however long, not even for a type."""
    height = next(i for i, storey in enumerate(STOREYS) if room in storey)
    assert known(room) <= set().union(*STOREYS[:height])


@pytest.mark.parametrize("room", COMPUTING)
def test_what_computes_knows_its_neighbours_alone(room: str) -> None:
    """No module in it imports a source, a sink, a report or the command line."""
    assert known(room) <= COMPUTING[room]


@pytest.mark.parametrize("room", COMPUTING)
def test_what_computes_opens_no_file(room: str) -> None:
    """But the tables of the package, which are its resources; the native engine reads them when it is loaded."""
    for file in files(room):
        if file.suffix == ".py":
            tree = ast.parse(file.read_text(encoding="utf-8"))
            calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and hasattr(node.func, "id")}
            assert "open" not in calls
            assert OPENING.isdisjoint(name.partition(".")[0] for name in imported_by_python(tree))


def test_cython_is_looked_into() -> None:
    """Both ways in which it imports are seen."""
    found = set(imported(ROOT / "engine" / "native.pyx"))
    assert {"dedup.engine.capsules", "dedup.flat", "dedup.findings", "dedup.words"} <= found
    assert {"dedup.report.again", "dedup.flat"} <= set(imported(ROOT / "report" / "rows.pyx"))
