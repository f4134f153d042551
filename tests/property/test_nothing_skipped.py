"""G5: what could not be read is on standard error, in the report and in the exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup import api
from dedup.errors import ReadError

GOOD = b"The House voted on the bill early this week, said a spokesman.\n"


@pytest.fixture
def names(tmp_path: Path) -> list[str]:
    """Two good files, and what cannot be read: a missing one, a link to nothing, one behind a file."""
    (tmp_path / "good.txt").write_bytes(GOOD)
    (tmp_path / "last.txt").write_bytes(b"Another text.\n")
    (tmp_path / "link").symlink_to("nowhere")
    return ["good.txt", "missing.txt", "link", "good.txt/below", "last.txt"]


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_each_skipped_input_is_told_three_times(
    dedup: Callable, tmp_path: Path, names: list[str], quiet: list[str]
) -> None:
    """Good inputs are cleaned, bad ones named with the reason; the status is 3, also with --quiet."""
    done = dedup("clean", *names, *quiet, "--report", "r.json")
    assert done.returncode == 3
    assert done.stdout == GOOD + b"Another text.\n"
    skipped = json.loads((tmp_path / "r.json").read_text())["skipped"]
    assert [one["path"] for one in skipped] == names[1:4]
    for one in skipped:
        assert f"skipped {one['path']}: {one['reason']}" in done.stderr.decode()


def test_nothing_could_be_read(dedup: Callable, tmp_path: Path) -> None:
    """Without one good input the run fails and writes nothing."""
    done = dedup("clean", "missing.txt", "-o", "out.txt", "--report", "r.json")
    assert done.returncode == 4
    assert b"missing.txt: No such file or directory" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_library_lists_what_it_skipped(tmp_path: Path, names: list[str]) -> None:
    """`scan` says the same to Python users."""
    report = api.scan([tmp_path / name for name in names])
    assert [Path(one.path).name for one in report.skipped] == ["missing.txt", "link", "below"]
    assert report.exit_status == 3
    assert report.totals.documents == 2
    with pytest.raises(ReadError, match="no input could be read"):
        api.scan(tmp_path / "missing.txt")


def test_bytes_that_are_no_text_are_told(dedup: Callable, tmp_path: Path) -> None:
    """Invalid UTF-8 is kept and counted."""
    text = GOOD + b"\xff\xfe broken\n"
    done = dedup("clean", "--report", "r.json", text=text)
    assert done.returncode == 0
    assert done.stdout == text
    assert b"kept 2 bytes that are not UTF-8" in done.stderr
    assert json.loads((tmp_path / "r.json").read_text())["totals"]["invalid_bytes"] == 2


@pytest.mark.parametrize(
    ("arguments", "verb"),
    [
        (("clean",), "kept"),
        (("clean", "--engine", "reference"), "kept"),
        (("clean", "--prefer", "longest", "--unit", "document"), "kept"),
        (("check",), "read"),
    ],
)
def test_files_with_bytes_that_are_no_text_are_named(
    dedup: Callable, tmp_path: Path, arguments: tuple[str, ...], verb: str
) -> None:
    """In a large folder nobody would find them; and no more than three of them."""
    files = tmp_path / "in"
    files.mkdir()
    for number in range(1, 7):
        (files / f"{number}.txt").write_bytes(b"Caf\xe9 of the harbour, in Latin-1\n" if number != 2 else GOOD)
    told = dedup(*arguments, "in").stderr.decode()
    assert f"dedup: {verb} 5 bytes that are not UTF-8 in in/1.txt, in/3.txt, in/4.txt and others: if the text" in told
    told = dedup(*arguments, "in/1.txt", "in/2.txt").stderr.decode()
    assert f"dedup: {verb} 1 byte that is not UTF-8 in in/1.txt: if the text" in told
    assert "UTF-8" not in dedup(*arguments, "in/2.txt").stderr.decode()


def test_many_skipped_inputs(dedup: Callable, tmp_path: Path) -> None:
    """Five are told one by one, then how many more; the report has all."""
    (tmp_path / "good.txt").write_bytes(GOOD)
    done = dedup("clean", "good.txt", *(f"missing{i}" for i in range(9)), "--report", "r.json")
    assert done.returncode == 3
    assert done.stderr.count(b"skipped missing") == 5
    assert b"skipped 4 more inputs" in done.stderr
    assert len(json.loads((tmp_path / "r.json").read_text())["skipped"]) == 9


@pytest.mark.parametrize(
    ("option", "message"), [("--strict", b"inputs skipped: 3"), ("--on-error=stop", b"missing.txt")]
)
def test_soft_errors_can_end_the_run(
    dedup: Callable, tmp_path: Path, names: list[str], option: str, message: bytes
) -> None:
    """At its end, with all of them counted, or at the first; no target is replaced."""
    done = dedup("clean", *names, option, "-o", "out.txt", "--report", "r.json")
    assert done.returncode == 4
    assert message in done.stderr
    assert not (tmp_path / "out.txt").exists()
    assert not (tmp_path / "r.json").exists()


@pytest.mark.parametrize(("option", "status"), [("--strict", 4), ("--on-error=stop", 4), ("--on-error=skip", 3)])
def test_records_that_are_none_are_soft_errors(dedup: Callable, tmp_path: Path, option: str, status: int) -> None:
    """A line that is not JSON is passed through and told, or fails the run."""
    text = b'{"text":"one"}\nno record\n{"text":"two"}\n'
    done = dedup("clean", "--format", "jsonl", option, "-o", "out.jsonl", text=text)
    assert done.returncode == status
    assert b"line 2" in done.stderr or b"records not understood: 1" in done.stderr
    assert (tmp_path / "out.jsonl").exists() == (status == 3)


def test_strict_says_nothing_where_nothing_is_wrong(dedup: Callable, tmp_path: Path) -> None:
    """Bytes that are no text are no error: they are kept."""
    done = dedup("clean", "--strict", text=GOOD + b"\xff\n")
    assert (done.returncode, done.stdout) == (0, GOOD + b"\xff\n")


def test_a_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is listed with the files that were skipped."""
    import os

    (tmp_path / "good.txt").write_bytes(GOOD)
    (tmp_path / "locked").mkdir()
    scan = os.scandir

    def scan_or_fail(path: bytes) -> object:
        if os.fsdecode(path).endswith("locked/"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", scan_or_fail)
    report = api.scan(tmp_path)
    assert [(one.path, one.reason) for one in report.skipped] == [(str(tmp_path / "locked"), "Permission denied")]
    assert (report.exit_status, report.totals.documents) == (3, 1)
