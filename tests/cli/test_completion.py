"""`dedup completion`: the scripts are read by the shells themselves, and complete what is there."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from dedup.cli.app import COMMANDS
from dedup.cli.tree import command_lines
from dedup.settings import OPTIONS, flag

SHELLS = ("bash", "zsh", "fish")


def shell(name, *arguments):
    """Run a shell without anybody's settings, or skip where it is not installed."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return done.stdout


@pytest.fixture
def script(dedup, tmp_path):
    """The path of the script for a shell."""

    def write(name):
        path = tmp_path / f"completion.{name}"
        path.write_bytes(dedup("completion", name).stdout)
        return path

    return write


@pytest.mark.parametrize("name", SHELLS)
def test_the_script_is_a_program_of_its_shell(script, name):
    assert shell(name, "-n", str(script(name))) == ""


@pytest.mark.parametrize("name", SHELLS)
def test_every_command_and_every_setting_is_in_the_script(script, name):
    text = script(name).read_text()
    for command in command_lines()[1:]:
        assert command.name in text
    for setting in OPTIONS:
        assert (flag(setting) if name != "fish" else f"-l {flag(setting)[2:]} ") in text


def bash_completes(script, *words):
    """What bash offers for the last of some words."""
    ask = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dedup; printf "%s\\n" "${COMPREPLY[@]}"'
    return shell("bash", "--noprofile", "--norc", "-c", ask, str(script("bash")), "dedup", *words).split()


def test_bash_completes_commands_options_and_values(script):
    assert "clean" in bash_completes(script, "")
    assert bash_completes(script, "cl") == ["clean"]
    assert sorted(bash_completes(script, "clean", "--thr")) == ["--threads", "--threshold"]
    assert bash_completes(script, "clean", "--unit", "s") == ["sentence"]
    assert bash_completes(script, "completion", "") == list(SHELLS)
    assert bash_completes(script, "clean", "no-such-file") == []


@pytest.mark.parametrize("words", [("--unit", "=", "{}"), ("--unit", "="), ("--unit={}",)])
def test_bash_completes_values_behind_an_equals_sign(script, words):
    """Bash parts words at `=`, unless it was taken out of COMP_WORDBREAKS: then it wants the whole word."""
    before = "--unit=" if words == ("--unit={}",) else ""
    every = [f"{before}{choice}" for choice in OPTIONS["unit"].choices]
    assert bash_completes(script, "clean", *(word.format("") for word in words)) == every
    if "{}" in words[-1]:
        assert bash_completes(script, "clean", *(word.format("s") for word in words)) == [f"{before}sentence"]


@pytest.mark.parametrize("words", [("--output-dir", "=", ""), ("--output-dir=",), ("--output-dir", "=")])
def test_bash_completes_files_behind_an_equals_sign(script, words):
    """By itself, where the script offers nothing."""
    assert bash_completes(script, "clean", *words) == []


def test_fish_completes_commands_options_and_values(script):
    def completes(line):
        ask = f"source {script('fish')}; complete -C '{line}'"
        return [one.split("\t")[0] for one in shell("fish", "--no-config", "-c", ask).splitlines()]

    assert completes("dedup cl") == ["clean"]
    assert completes("dedup clean --unit s") == ["sentence"]
    assert "--threshold" in completes("dedup clean --th")


def test_an_unknown_shell_is_a_usage_error(dedup):
    done = dedup("completion", "cmd")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"'cmd' is not one of bash, zsh, fish" in done.stderr


def test_every_command_has_examples_in_its_help():
    for command in command_lines()[1:]:
        assert command.examples, command.name
        assert any(f"dedup {command.name}" in one for one in command.examples), command.examples


@pytest.mark.parametrize("verb", COMMANDS)
def test_help_in_eighty_columns_cuts_nothing_off(dedup, verb):
    """The terminal's width where it is not known, and the pager's of many."""
    done = dedup(verb, "--help", env={"COLUMNS": "80"})
    lines = done.stdout.decode().splitlines()
    assert max(map(len, lines)) <= 80
    assert "…" not in done.stdout.decode()
