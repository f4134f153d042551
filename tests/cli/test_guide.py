"""The guide shows what its commands print."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script():
    """scripts/run_guide.py as a module."""
    spec = importlib.util.spec_from_file_location("run_guide", ROOT / "scripts" / "run_guide.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_outputs_in_the_guide_are_those_of_now(script, tmp_path, command):
    """If not: python scripts/run_guide.py, and look at the difference."""
    text = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    path = os.pathsep.join([str(Path(command[0]).parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    assert script.rewritten(text, tmp_path, path) == text


def test_a_wrong_output_is_seen(script, tmp_path):
    text = "# Guide\n\n```console\n$ echo one \\\ntwo\nthree\n$ echo\n```\n"
    made = script.rewritten(text, tmp_path, os.environ["PATH"])
    assert made == "# Guide\n\n```console\n$ echo one \\\ntwo\none two\n$ echo\n\n```\n"


def test_links_between_the_documents_lead_somewhere():
    broken = []
    for document in [*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            if not (document.parent / target).exists():
                broken.append(f"{document.name}: {target}")
    assert broken == []
