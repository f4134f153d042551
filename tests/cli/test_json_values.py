"""The installed command on files that are one JSON value: taking lines out of them would break them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

ARTICLE = "The senator said on Tuesday that the committee would vote on the bill next week, aides said."
ARTICLES = [{"id": number, "text": ARTICLE} for number in range(3)]
VALUES = {
    "an array over several lines": json.dumps(ARTICLES, indent=2),
    "an array of a line for each": "[\n" + ",\n".join(map(json.dumps, ARTICLES)) + "\n]\n",
    "an array on one line": json.dumps(ARTICLES),
    "an object over several lines": json.dumps({"articles": ARTICLES}, indent=4),
    "a large one": json.dumps(ARTICLES * 1000, indent=2),
    "a large one with escapes": json.dumps([{"text": f"{ARTICLE} Хорошо {n:05}"} for n in range(3000)], indent=1),
    "one behind a mark and white space": "\ufeff\n" + json.dumps(ARTICLES, indent=2),
}
TEXTS = {
    "a footnote": f"[1] {ARTICLE}\n\n[2] {ARTICLE}\n",
    "a brace": "{" + f"{ARTICLE}\n\n{ARTICLE}\n",
    "empty brackets": "[]\n",
    "a short remark": "[sic",
}


@pytest.mark.parametrize("name", ["data.json", "data", ""])
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_json_value_is_not_cleaned(dedup: Callable, tmp_path: Path, value: str, name: str) -> None:
    """It is told what to do, and there is no output that could be taken for JSON."""
    data = value.encode()
    if name:
        (tmp_path / name).write_bytes(data)
        done = dedup("clean", name, "-o", "out")
    else:
        done = dedup("clean", "-o", "out", text=data)
    assert done.returncode == 4
    assert f"{name or '<stdin>'}: it is one JSON value" in done.stderr.decode()
    assert b"--format text" in done.stderr
    assert not (tmp_path / "out").exists()


def test_it_is_text_to_those_who_say_so(dedup: Callable, tmp_path: Path) -> None:
    """By the option, or by the name."""
    data = VALUES["an array over several lines"].encode()
    for name, options in (("data.json", ["--format", "text"]), ("data.txt", [])):
        (tmp_path / name).write_bytes(data)
        done = dedup("clean", name, *options)
        assert done.returncode == 0
        assert done.stdout.count(ARTICLE.encode()) == 1


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_texts_that_look_a_little_like_it(dedup: Callable, tmp_path: Path, text: str) -> None:
    """They are cleaned as ever."""
    (tmp_path / "text").write_bytes(text.encode())
    assert dedup("clean", "text").returncode == 0
    assert dedup("clean", text=text.encode()).returncode == 0


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("options", [[], ["--unit", "document", "--prefer", "longest"]], ids=["once", "twice read"])
def test_a_folder_with_some(dedup: Callable, tmp_path: Path, threads: str, options: list[str]) -> None:
    """The others are cleaned; what was not read is told, and is as it was."""
    folder = tmp_path / "in"
    folder.mkdir()
    values = list(VALUES.values())
    for number, value in enumerate(values):
        (folder / f"{number}.json").write_bytes(value.encode())
    (folder / "a.txt").write_bytes(f"{ARTICLE}\n".encode())
    (folder / "notes").write_bytes(TEXTS["a footnote"].encode())
    done = dedup("clean", "in", "--output-dir", "out", "--threads", threads, *options)
    assert done.returncode == 3
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.txt", "notes"]
    assert done.stderr.count(b"it is one JSON value") == 5  # and the others are counted
    assert len(values) == 7
    assert b"dedup: skipped 2 more inputs\n" in done.stderr
    assert dedup("clean", "in", "--in-place", "--on-error", "stop").returncode == 4
    assert [(folder / f"{n}.json").read_bytes().decode() for n in range(len(values))] == values


def test_to_look_at_one_breaks_nothing(dedup: Callable, tmp_path: Path) -> None:
    """`check` writes none of it, and reads it as text."""
    for name, value in (("value", VALUES["an array over several lines"]), ("lines", '{"version": "1"}\n')):
        (tmp_path / f"{name}.json").write_text(value)
    done = dedup("check", "value.json")
    assert done.returncode == 1
    assert b"value.json" in done.stdout
    assert dedup("check", ".", "--max-blocks", "2").returncode == 0


@pytest.mark.parametrize("name", ["data.json", "data.jsonl", ""])
def test_json_lines_without_the_field_are_no_text(dedup: Callable, tmp_path: Path, name: str) -> None:
    """Long lines would be cut into sentences; the field is asked for instead, and everything goes on as it is."""
    body = "".join(
        f"On day {n} the minister met farmers of village {n} and promised them new roads. " for n in range(30)
    )
    lines = "".join(json.dumps({"id": n, "body": f"{body}{body}"}) + "\n" for n in range(3)).encode()
    if name:
        (tmp_path / name).write_bytes(lines)
    done = dedup("clean", *[name] * bool(name), text=b"" if name else lines)
    assert (done.returncode, done.stdout) == (3, lines)
    assert b"--text-field names the field" in done.stderr
    done = dedup("clean", *[name] * bool(name), "--text-field", "body", text=b"" if name else lines)
    assert done.returncode == 0
    assert [json.loads(line)["body"] for line in done.stdout.splitlines()] == [body, "", ""]
