"""What tests of the command share."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def git(tmp_path: Path, environment: dict[str, str]) -> Callable[..., None]:
    """Run git in the fresh directory, with an identity and without the user's configuration."""
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def run(*arguments: str, cwd: Path = tmp_path) -> None:
        subprocess.run(["git", *arguments], cwd=cwd, env={**environment, **settings, **names}, check=True, timeout=60)

    return run
