"""A git repository with articles, and the environment in which CI parts find the installed command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEW = "The council will meet on the second Thursday of each month, the mayor told the press this week.\n"
OLD = (
    "The harbour board met on Tuesday evening and heard the engineer's report on the northern breakwater.\n"
    "Three sections of the wall had moved since the storms of February, and a fourth was likely to follow.\n"
    "Repairs would take two summers and cost about 4.1 million, of which the state has promised one half.\n"
)


@pytest.fixture
def environment(environment: dict[str, str], command: list[str], tmp_path: Path) -> dict[str, str]:
    """Of the outer fixture, with the command and its interpreter first on PATH, and no settings of the user's git."""
    home = tmp_path / "home"
    home.mkdir()
    folders = [str(Path(command[0]).parent), str(Path(sys.executable).parent), environment["PATH"]]
    git = {f"GIT_{who}_{what}": "test@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {**environment, **git, "PATH": os.pathsep.join(folders), "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}


@pytest.fixture
def repository(tmp_path: Path, environment: dict[str, str]) -> Repository:
    """A repository whose first commit has one article, and an old repeat of its first lines."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path / "work"
    (folder / "articles").mkdir(parents=True)
    made = Repository(folder, environment)
    made.git("init", "--quiet", "--initial-branch=main")
    made.write("articles/harbour.txt", OLD + NEW)
    made.write("articles/reprint.txt", OLD)
    made.commit("articles")
    return made


class Repository:
    """A git repository to work in."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment

    def git(self, *arguments: str) -> str:
        """Run git; it must succeed."""
        done = self.run(["git", *arguments])
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    def write(self, name: str, text: str) -> None:
        """Put text into a file of the repository."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def commit(self, message: str) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def run(self, arguments: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a program there and give what it said."""
        return subprocess.run(
            arguments, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False, **more
        )
