"""Who cannot read an input cannot read what a run makes of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import dedup
from dedup import api
from dedup.checks.api import check
from dedup.sinks import likeness, made_folders
from dedup.sinks.likeness import allowed_by
from dedup.sinks.made_folders import MadeFolders
from dedup.sources.paths import place_of


@pytest.fixture
def open_umask() -> Iterator[None]:
    """A umask that lets all read."""
    old = os.umask(0o022)
    yield
    os.umask(old)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("private", ["a.txt", "b.txt"])
@pytest.mark.usefixtures("open_umask")
def test_one_output_and_reports_with_text_are_as_private_as_any_input(
    tmp_path: Path, seed_path: Path, private: str
) -> None:
    """Text of a private file is for nobody else, wherever it goes; what holds none of it is as the umask says."""
    inputs = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in inputs:
        path.write_bytes(seed_path.read_bytes())
        path.chmod(0o600 if path.name == private else 0o644)
    modes = {"out.txt": 0o600, "out.txt.gz": 0o600, "r.json": 0o600, "r.csv": 0o600, "r.svg": 0o644}
    for name in ("out.txt", "out.txt.gz"):
        reports = [tmp_path / one for one in ("r.json", "r.csv", "r.svg")]
        api.clean(inputs, tmp_path / name, report=reports, removals=tmp_path / "removals")
    assert {name: _mode(tmp_path / name) for name in modes} == modes
    api.clean(inputs, tmp_path / "plain.txt", report=tmp_path / "none.json", report_text="none")
    assert _mode(tmp_path / "none.json") == 0o644
    api.render_report(tmp_path / "r.json", tmp_path / "page.html", "html")
    dedup.restore(tmp_path / "out.txt", tmp_path / "removals", tmp_path / "back.txt")
    check(inputs, report=tmp_path / "check.jsonl", baseline=tmp_path / "known", update_baseline=True)
    assert [_mode(tmp_path / one) for one in ("page.html", "back.txt", "check.jsonl", "known")] == [0o600] * 4
    (tmp_path / "out.txt").chmod(0o640)
    (tmp_path / "r.json").chmod(0o664)
    api.clean(inputs, tmp_path / "out.txt", report=tmp_path / "r.json")
    assert (_mode(tmp_path / "out.txt"), _mode(tmp_path / "r.json")) == (0o640, 0o664), "they were there"


@pytest.mark.usefixtures("open_umask")
def test_an_output_of_open_inputs_is_what_the_umask_leaves(tmp_path: Path, seed_path: Path) -> None:
    """Nothing is taken that the inputs give, nor where they are no files."""
    (tmp_path / "a.txt").write_bytes(seed_path.read_bytes())
    api.clean(tmp_path / "a.txt", tmp_path / "one.txt", report=tmp_path / "r.html")
    api.clean(seed_path.read_bytes(), tmp_path / "two.txt")
    assert [_mode(tmp_path / name) for name in ("one.txt", "r.html", "two.txt")] == [0o644] * 3


@pytest.mark.usefixtures("open_umask")
def test_folders_of_copies_are_as_private_as_those_of_the_inputs(tmp_path: Path, seed_path: Path) -> None:
    """A folder that keeps others from its files does so with their copies, and with what is restored of them."""
    modes = {"": 0o750, "open": 0o755, "secret": 0o700, "secret/deeper": 0o755, "read only": 0o555}
    for name in modes:
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "a.txt").write_bytes(seed_path.read_bytes())
    for name, mode in modes.items():
        (tmp_path / "in" / name).chmod(mode)
    expected = {**modes, "read only": 0o755}
    api.clean(tmp_path / "in", output_dir=tmp_path / "out", report=tmp_path / "out/r.json", removals=tmp_path / "log")
    assert {name: _mode(tmp_path / "out" / name) for name in modes} == expected
    dedup.restore(tmp_path / "out", tmp_path / "log", output_dir=tmp_path / "back")
    dedup.restore(tmp_path / "out/secret/a.txt", tmp_path / "log", output_dir=tmp_path / "one")
    assert {name: _mode(tmp_path / "back" / name) for name in modes} == expected
    assert _mode(tmp_path / "one/secret") == 0o700
    (tmp_path / "there").mkdir()
    api.clean(tmp_path / "in", output_dir=tmp_path / "there")
    api.clean(tmp_path / "in/a.txt", output_dir=tmp_path / "new")
    assert [_mode(tmp_path / name) for name in ("there", "new", "there/secret")] == [0o755, 0o755, 0o700]


@pytest.mark.usefixtures("open_umask")
def test_each_input_is_asked_once_for_all_outputs(
    tmp_path: Path, seed_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inputs may be a million, and reports ten."""
    inputs = [tmp_path / f"{number}.txt" for number in range(5)]
    for path in inputs:
        path.write_bytes(seed_path.read_bytes())
    asked: list[str] = []
    monkeypatch.setattr(likeness, "allowed_by", lambda name, group: asked.append(name) or allowed_by(name, group))
    reports = [tmp_path / "r.json", tmp_path / "r.csv", tmp_path / "r.html"]
    api.clean(inputs, tmp_path / "out.txt.gz", report=reports)
    assert asked == [str(path) for path in inputs]


def test_folders_that_are_made_are_found_again_without_a_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tree may have a hundred thousand folders: each was compared with all that were made before it."""
    compared = 0

    class Place(str):
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

    monkeypatch.setattr(made_folders, "place_of", lambda path: Place(place_of(path)))
    folders = MadeFolders()
    for number in range(200):
        for root in ("in", "out"):
            (folders if root == "out" else MadeFolders()).make(str(tmp_path / root / str(number)))
        folders.limit(str(tmp_path / "out"), str(tmp_path / "in"), f"{number}/a.txt")
    folders.remove_empty()
    assert compared < 2000
    assert not (tmp_path / "out").exists()
