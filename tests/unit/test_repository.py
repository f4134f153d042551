"""Paths for platforms: from the root of the repository, wherever a command runs and however a file is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedup.report.repository import path_in_repository


@pytest.fixture
def below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in a repository, and the working directory."""
    folder = tmp_path / "project" / "news"
    folder.mkdir(parents=True)
    (tmp_path / "project" / ".git").write_text("gitdir: elsewhere\n")
    monkeypatch.chdir(folder)
    return folder


def test_a_name_counts_from_the_root(below: Path) -> None:
    names = ["a.txt", "./a.txt", ".//a.txt", "../news/a.txt", f"{below}/a.txt", f"{below}//x/../a.txt"]
    assert {path_in_repository(name) for name in names} == {"news/a.txt"}
    assert path_in_repository("../b.txt") == "b.txt"


def test_what_lies_outside_keeps_its_name(below: Path, tmp_path: Path) -> None:
    outside = ["../../project-2/a.txt", f"{tmp_path}/a.txt", "<stdin>"]
    assert [path_in_repository(name) for name in outside] == outside


def test_without_a_repository_names_are_tidied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert path_in_repository("./x//../a.txt") == "a.txt"
    assert path_in_repository(f"{tmp_path}/a.txt") == f"{tmp_path}/a.txt"
