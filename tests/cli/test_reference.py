"""docs/reference.md says what the program says, and every option says something."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from dedup.cli.tree import command_lines
from dedup.settings import OPTIONS, flag

ROOT = Path(__file__).resolve().parents[2]


def made():
    """What the script would write."""
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "scripts" / "make_reference.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script.reference()


def test_the_reference_is_up_to_date():
    """If not: python scripts/make_reference.py."""
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == made()


def test_every_option_of_every_command_has_a_help():
    without = [(one.name, flag.names) for one in command_lines() for flag in one.flags if not flag.help]
    assert without == []


@pytest.mark.parametrize("name", [one.name for one in command_lines() if one.name])
def test_help_on_the_terminal_says_all_that_the_reference_says(dedup, name):
    """Rich took the words `[tool.dedup]` for a style, and they were not there."""
    (said,) = (one.text for one in command_lines() if one.name == name)
    shown = dedup(name, "--help", env={"COLUMNS": "200"}).stdout.decode()
    assert "\\" not in said
    assert "".join(said.split()) in "".join(shown.split())


def test_every_setting_is_in_it_with_its_range():
    text = made()
    for name, option in OPTIONS.items():
        assert f"`{flag(name)}`" in text
        assert option.help.split(";")[0].split("|")[0] in text


def test_every_exit_status_of_the_exceptions_is_in_it():
    text = made().partition("## Exit statuses")[2]
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
    assert [one for one in rows if one.isdigit()] == ["0", "1", "2", "3", "4", "70", "130"]
