"""Progress on a terminal and off it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dedup.cli import progress

PROGRAM = """
from dedup.cli import progress
progress.PATIENCE_SECONDS = 0.0
with progress.Progress(2000, shown=True) as bar:
    bar.advance(1000)
    bar.advance(1000)
"""


def test_on_a_terminal_a_bar_is_drawn_and_taken_away(environment: dict[str, str], tmp_path: Path) -> None:
    """A run that takes longer than the patience shows how much was read, and no error."""
    master, slave = os.openpty()
    env = {**environment, "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], stderr=slave, env=env, cwd=tmp_path, check=True)
    os.close(slave)
    shown = os.read(master, 65536)
    os.close(master)
    assert done.returncode == 0
    assert b"MB/s" in shown
    assert b"%" in shown


def test_off_a_terminal_lines_are_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked for elsewhere, progress is a line a second and one at the end."""
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.0)
    with progress.Progress(2_000_000, shown=True) as bar:
        bar.advance(1_000_000)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("dedup: read 1.0 MB (50 %)")


def test_short_runs_show_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Not shown is not shown, however often it advances."""
    with progress.Progress(None, shown=False) as bar:
        bar.advance(1)
    assert capsys.readouterr().err == ""
