"""`dedup tune` as it is installed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest


def test_a_table_a_plot_and_a_line_to_paste(dedup: Callable, tmp_path: Path, data: Path) -> None:
    """Plain text in a pipe; the line that is recommended runs."""
    done = dedup("tune", data / "sotu.txt", "--articles", "12")
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "\x1b" not in text
    assert "copies planted into a sample of 12 articles" in text
    assert "--remove exact " in text
    assert "changed facts lost" in text
    assert "threshold" in text
    (advice, *_) = [line.split() for line in text.splitlines() if line.startswith("  dedup clean ")]
    assert dedup(*advice[1:], text=(data / "sotu.txt").read_bytes()).returncode == 0


def test_json_and_the_seed(dedup: Callable, data: Path) -> None:
    first, again, other = (
        dedup("tune", data / "sotu.txt", "--articles", "10", "--json", "--seed", seed) for seed in ("4", "4", "5")
    )
    assert first.stdout == again.stdout
    assert first.stdout != other.stdout
    found = json.loads(first.stdout)
    assert (found["seed"], found["bytes"]) == (4, 61331)
    assert found["settings"][0]["options"] == "--remove exact"
    assert found["settings"][0]["by_noise"]["clean"] == 1.0
    assert found["careful"] in [one["options"] for one in found["settings"]]


def test_standard_input_and_other_options(dedup: Callable, data: Path) -> None:
    done = dedup("tune", "-", "--articles", "10", "--json", "--min-words", "20", text=(data / "sotu.txt").read_bytes())
    assert done.returncode == 0
    assert json.loads(done.stdout)["bytes"] == 61331


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--threshold", "0.5"], b"--threshold is what tune finds out"),
        (["--remove", "exact"], b"--remove is what tune finds out"),
        (["--articles", "0"], b"--articles cannot be 0"),
        (["--min-words", "0"], b"--min-words cannot be 0"),
    ],
)
def test_what_is_wrong_is_told(dedup: Callable, data: Path, arguments: list[str], message: bytes) -> None:
    done = dedup("tune", data / "sotu.txt", *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in done.stderr


def test_too_little_text(dedup: Callable, seed_path: Path) -> None:
    done = dedup("tune", seed_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"too little to plant copies in" in done.stderr


def test_why_there_is_too_little_text(dedup: Callable, tmp_path: Path) -> None:
    """A field that is not there, and text without spaces between words, are no matter of more text."""
    line = "这部法律自公布之日起施行，以前的规定同时废止，各地不得另行规定。"
    (tmp_path / "laws.jsonl").write_text("".join(json.dumps({"text": f"{line}\n" * 9}) + "\n" for _ in range(9)))
    done = dedup("tune", "laws.jsonl", "--text-field", "body")
    assert done.returncode == 2
    assert b"in 0 bytes" in done.stderr
    assert b"--text-field names the field that holds it" in done.stderr
    done = dedup("tune", "laws.jsonl")
    assert done.returncode == 2
    assert b"0 articles with 3 paragraphs of 12 words or more in" in done.stderr
    assert b"Words are counted by the spaces between them" in done.stderr


def test_what_cannot_be_read_is_named_where_it_leaves_too_little(dedup: Callable, seed_path: Path) -> None:
    """A wrong name alone is no usage error but status 4, as of the other commands."""
    done = dedup("tune", "none.txt")
    assert done.returncode == 4
    assert b"no input could be read: none.txt: No such file or directory" in done.stderr
    done = dedup("tune", seed_path, "none.txt")
    assert done.returncode == 2
    assert b"it takes 8; none.txt could not be read: No such file or directory" in done.stderr


def test_an_input_that_cannot_be_read_is_told(dedup: Callable, data: Path) -> None:
    """The rest is measured; the exit status tells."""
    done = dedup("tune", data / "sotu.txt", "none.txt", "--articles", "10", "--json")
    assert done.returncode == 3
    assert b"dedup: skipped none.txt: No such file or directory" in done.stderr
    assert json.loads(done.stdout)["skipped"] == [{"path": "none.txt", "reason": "No such file or directory"}]
