"""The scripts that kill runs and that try hard inputs, small."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = ROOT / "scripts"


def run(script: str, *arguments: str, environment: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a script with this interpreter and the package that the tests import."""
    return subprocess.run(
        [sys.executable, str(SCRIPTS / script), *arguments],
        cwd=cwd,
        env={**environment, "TMPDIR": str(cwd)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_killed_runs(tmp_path: Path, environment: dict[str, str]) -> None:
    """Every file is old or new, and the next run completes."""
    done = run("kill_test.py", "--runs", "6", "--files", "30", environment=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["in-place", "output-dir"]


@pytest.mark.parametrize("name", ["cut_off", "output_is_an_input", "unreadable", "loops", "changing_file", "full_disk"])
def test_hard_inputs(tmp_path: Path, environment: dict[str, str], name: str) -> None:
    """Each keeps its exit status, its message and what stands on the disk."""
    done = run("hard_inputs.py", name, "--scale", "0.05", environment=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith(("ok", "left out"))
