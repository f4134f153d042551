"""What tests of the command share."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .checking import article


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of twenty articles, so many that they are read in bundles; nothing in it repeats."""
    news = tmp_path / "news"
    news.mkdir()
    for number in range(20):
        (news / f"a{number:02}.txt").write_text(article(number))
    return news


@pytest.fixture
def git(tmp_path: Path, environment: dict[str, str]) -> Callable[..., None]:
    """Run git in the fresh directory, with an identity and without the user's configuration."""
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def run(*arguments: str, cwd: Path = tmp_path) -> None:
        subprocess.run(["git", *arguments], cwd=cwd, env={**environment, **settings, **names}, check=True, timeout=60)

    return run
