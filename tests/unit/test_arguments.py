"""What Python callers give that is no path, no bytes and no binary file object is refused with what to give."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dedup
from dedup.errors import ReadError, UsageError

TEXT = b"The House voted on the bill early this week, said a spokesman for the committee.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a text in it."""
    (tmp_path / "a.txt").write_bytes(TEXT * 2)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def into(**given: object) -> Callable[[], object]:
    return lambda: dedup.clean("a.txt", **given)


WRONG = {
    "a NUL in an input": (lambda: dedup.scan("a\0b"), "the input cannot be 'a\\x00b': no path has a NUL"),
    "in one of several": (lambda: dedup.scan(["a.txt", Path("a\0b")]), "inputs cannot be 'a\\x00b': no path has a NUL"),
    "in an output": (into(output="a\0b"), "the output cannot be 'a\\x00b': no path has a NUL"),
    "in a folder": (into(output_dir=Path("a\0b")), "the output directory cannot be 'a\\x00b'"),
    "in a report": (into(output="b", report="json:a\0b"), "a report cannot be 'json:a\\x00b'"),
    "in a removals file": (into(output="b", removals="a\0b"), "the removals file cannot be 'a\\x00b'"),
    "in a suffix": (into(in_place=True, backup="\0"), "the suffix of backups cannot be '\\x00'"),
    "in a setting": (into(output="b", settings=dedup.Settings(protect="a\0b")), "--protect cannot be 'a\\x00b'"),
    "settings as a dict": (into(output="b", settings={"unit": "line"}), "settings cannot be an object of type dict"),
    "for text": (lambda: dedup.clean_text("a", settings="line"), "settings cannot be an object of type str"),
    "for a check": (lambda: dedup.check("a.txt", settings={}), "settings cannot be an object of type dict"),
    "in a baseline": (lambda: dedup.check("a.txt", baseline="a\0b"), "the baseline cannot be 'a\\x00b'"),
    "in removals to restore": (lambda: dedup.restore("a.txt", "a\0b", "c"), "the removals file cannot be 'a\\x00b'"),
    "text": (lambda: dedup.scan(io.StringIO("x")), "StringIO: it gives str, and bytes are read"),
    "a text file": (lambda: dedup.check(io.TextIOWrapper(io.BytesIO(TEXT))), "TextIOWrapper: it gives str"),
    "an output for text": (into(output=io.StringIO()), "StringIO: it takes str, and bytes are written"),
    "a report for text": (into(output="b", report=io.StringIO()), "a report cannot be an object of type StringIO"),
    "restored text": (lambda: dedup.restore("a.txt", "a.txt", io.StringIO()), "StringIO: it takes str"),
    "an article for its path": (lambda: dedup.scan("First line.\n" + "More. " * 900), "name 'First line.\\nMore. "),
    "nowhere to write": (lambda: dedup.clean("a.txt"), "clean needs an output, an output directory, or to be in"),
    "a number": (lambda: dedup.scan(5), "the input cannot be an object of type int"),
    "None": (lambda: dedup.scan(None), "the input cannot be None"),
    "several objects": (lambda: dedup.scan([io.BytesIO(TEXT)]), "several inputs cannot be an object of type BytesIO"),
    "bytes for a path": (into(output=b"b"), "the output cannot be an object of type bytes"),
    "bytes as text": (lambda: dedup.clean_text(TEXT), "clean_text takes a str, and not bytes"),
    "bytes to a folder": (lambda: dedup.clean(TEXT, output_dir="out"), "bytes has no name for a file below"),
    "an object to a folder": (lambda: dedup.clean(io.BytesIO(TEXT), output_dir="out"), "BytesIO has no name"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_a_usage_error(folder: Path, case: str) -> None:
    """It names what was given and says what to give; nothing is written."""
    call, message = WRONG[case]
    with pytest.raises(UsageError) as raised:
        call()
    assert message in raised.value.message
    assert raised.value.remedy
    assert os.listdir(folder) == ["a.txt"]
    assert (folder / "a.txt").read_bytes() == TEXT * 2


def test_an_object_that_gives_text_after_all(folder: Path) -> None:
    """One that is no text file by its type shows when it is read."""

    class Words:
        def read(self, size: int) -> str:
            return "words"

    with pytest.raises(UsageError, match="type Words: it gives str"):
        dedup.clean(Words(), "out.txt")
    assert os.listdir(folder) == ["a.txt"]


@pytest.mark.parametrize("name", ["a.txt", b"a.txt"])
def test_an_open_file_has_a_name_below_a_folder(folder: Path, name: str | bytes) -> None:
    """That of the file; so it stays."""
    with open(name, "rb") as file:
        report = dedup.clean(file, output_dir="out", settings=dedup.Settings(min_block_words=0))
    assert [one.name for one in report.files] == ["a.txt"]
    assert (folder / "out" / "a.txt").read_bytes() == TEXT


@pytest.mark.parametrize("given", [TEXT, bytearray(TEXT), memoryview(TEXT)])
def test_bytes_of_every_kind(given: bytes) -> None:
    assert dedup.scan(given).totals.documents == 1


@pytest.mark.parametrize("prefer", ["first", "longest"])
@pytest.mark.parametrize("mode", ["ab", "r+b"])
@pytest.mark.parametrize("given", ["a.txt", ["b.txt", "link.txt"], None])
def test_an_open_file_that_is_an_input_is_no_output(
    folder: Path, given: str | list[str] | None, mode: str, prefer: str
) -> None:
    """Text that is written to the file it is read from is read again, or takes its place before it was."""
    (folder / "b.txt").write_bytes(TEXT)
    (folder / "link.txt").symlink_to("a.txt")
    settings = dedup.Settings(prefer=prefer, unit="document")
    with (
        open("a.txt", "rb") as source,
        open("a.txt", mode, buffering=0) as output,
        pytest.raises(ReadError, match="is the output as well"),
    ):
        dedup.clean(given or source, output, settings=settings)
    assert (folder / "a.txt").read_bytes().startswith(TEXT * 2)
    with open("c.txt", "wb") as output:
        dedup.clean("a.txt", output, settings=settings)
    assert (folder / "c.txt").read_bytes() == (folder / "a.txt").read_bytes()
    both = io.BytesIO(TEXT)
    with pytest.raises(ReadError, match="is the output as well"):
        dedup.clean(both, both)


def test_an_output_that_is_the_second_input_is_refused_before_it_is_written(folder: Path) -> None:
    """The text of the first input would be at its end when its own turn comes."""
    lines = [f"Line {number} of the first text says {number * 7919} and no more.\n" for number in range(150_000)]
    (folder / "first.txt").write_text("".join(lines))
    before = (folder / "a.txt").read_bytes()
    with open("a.txt", "ab") as output, pytest.raises(ReadError, match=r"a\.txt is the output as well"):
        dedup.clean(["first.txt", "./a.txt"], output, settings=dedup.Settings(threads=1))
    assert (folder / "a.txt").read_bytes() == before


@pytest.mark.parametrize("output", ["-", "/dev/stdout"])
@pytest.mark.parametrize("mode", ["ab", "r+b"])
def test_an_open_file_that_standard_output_goes_to_is_refused(folder: Path, output: str, mode: str) -> None:
    """As `dedup clean a.txt >> a.txt` is: the file would grow by what is read of it."""
    before = (folder / "a.txt").read_bytes()
    code = f"import dedup; dedup.clean(open('a.txt', 'rb'), {output!r})"
    with open("a.txt", mode) as stdout:
        done = subprocess.run([sys.executable, "-c", code], stdout=stdout, stderr=subprocess.PIPE, timeout=60)
    assert b"ReadError: a.txt is the output as well" in done.stderr
    assert (folder / "a.txt").read_bytes() == before
    with open("b.txt", "ab") as stdout:
        subprocess.run([sys.executable, "-c", code], stdout=stdout, check=True, timeout=60)
    assert 0 < len((folder / "b.txt").read_bytes()) < len(before)


@pytest.mark.parametrize("module", [bz2, gzip, lzma])
def test_a_file_object_over_data_that_are_cut_off_is_a_read_error(folder: Path, module: Any) -> None:
    """As with a path: who catches the errors of dedup catches this, and the output is not replaced."""
    (folder / "cut").write_bytes(module.compress(b"".join(b"Line %d of the article.\n" % i for i in range(9999)))[:-40])
    with module.open("cut") as file, pytest.raises(ReadError, match=r"cannot read .*ended before"):
        dedup.clean(file, "a.txt")
    assert (folder / "a.txt").read_bytes() == TEXT * 2
