"""The installed command on records, archives and folders of outputs, and `dedup restore`."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup import api
from dedup.errors import UsageError


@pytest.fixture
def line(seed: bytes) -> bytes:
    """A record whose text stands in it twice."""
    return json.dumps({"id": "a1", "text": seed.decode()}).encode() + b"\n"


def test_jsonl_through_a_pipe(dedup: Callable, seed: bytes, line: bytes) -> None:
    """The format is known by its first line; records go out as they come in."""
    done = dedup("clean", text=line + b'{"text":"x"}\n')
    assert done.returncode == 0
    first, second = done.stdout.splitlines()
    assert json.loads(first)["text"] == "".join(seed.decode().splitlines(keepends=True)[:17])
    assert second == b'{"text":"x"}'
    assert done.stderr == b"dedup: removed 17 of 35 paragraphs, 50 % of the words, in 1 block\n"


def test_compressed_in_and_out(dedup: Callable, tmp_path: Path, line: bytes) -> None:
    """By content in, by name out."""
    (tmp_path / "news.jsonl.gz").write_bytes(gzip.compress(line))
    assert dedup("clean", "news.jsonl.gz", "-o", "out.jsonl.gz").returncode == 0
    assert json.loads(gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes()))["id"] == "a1"
    assert dedup("clean", text=gzip.compress(line)).stdout == gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes())


def test_a_tree_and_back(dedup: Callable, tmp_path: Path, seed: bytes, line: bytes) -> None:
    """Names and compression stay; one removals file gives all of it back, or one file alone."""
    (tmp_path / "a.txt").write_bytes(seed)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(line))
    done = dedup("clean", "a.txt", "b.jsonl.gz", "--output-dir", "out", "--removals", "r")
    assert (done.returncode, done.stdout) == (0, b"")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.txt", "b.jsonl.gz"]
    done = dedup("restore", "out", "--removals", "r", "--output-dir", "back")
    assert done.returncode == 0
    assert done.stderr.decode() == f"dedup: restored 2 files, {len(seed) + len(line):,} bytes, as they were\n"
    assert (tmp_path / "back" / "a.txt").read_bytes() == seed
    assert gzip.decompress((tmp_path / "back" / "b.jsonl.gz").read_bytes()) == line
    assert dedup("restore", "out/b.jsonl.gz", "--removals", "r").stdout == line


def test_an_edited_file_is_not_restored(dedup: Callable, tmp_path: Path, seed_path: Path) -> None:
    """Status 4, and no output."""
    assert dedup("clean", seed_path, "-o", "out.txt", "--removals", "r").returncode == 0
    (tmp_path / "out.txt").write_bytes((tmp_path / "out.txt").read_bytes().replace(b"NATO", b"nato"))
    done = dedup("restore", "out.txt", "--removals", "r", "-o", "back.txt")
    assert done.returncode == 4
    assert b"out.txt is not what the removals file was written for: it was changed since" in done.stderr
    assert not (tmp_path / "back.txt").exists()


def test_lines_that_are_no_records_are_told(dedup: Callable, tmp_path: Path, line: bytes) -> None:
    """On standard error, in the report and in the exit status, also with --quiet."""
    (tmp_path / "n.jsonl").write_bytes(line + b"no json\n{}\nno json\n")
    for quiet in ([], ["--quiet"]):
        done = dedup("clean", "n.jsonl", "--report", "r.json", *quiet)
        assert done.returncode == 3
        assert done.stdout.endswith(b"no json\n{}\nno json\n")
        assert b"dedup: n.jsonl: passed through line 2 and 1 more: not JSON\n" in done.stderr
        assert b"dedup: n.jsonl: passed through line 3: no field text\n" in done.stderr
    (file,) = json.loads((tmp_path / "r.json").read_text())["files"]
    assert file["passed"] == {"no field text": 1, "not JSON": 2}
    assert (file["format"], file["documents"], file["encoding"]) == ("jsonl", 1, "utf-8")


def test_a_truncated_archive(dedup: Callable, tmp_path: Path) -> None:
    """Status 4 in the middle; a file that cannot even begin is skipped beside others."""
    packed = gzip.compress(b"".join(b"line %d\n" % (i * 7919) for i in range(400_000)))
    (tmp_path / "cut.gz").write_bytes(packed[: len(packed) // 2])
    done = dedup("clean", "cut.gz", "-o", "out.txt")
    assert done.returncode == 4
    assert b"cut.gz: the gzip data end too soon: the file is cut off" in done.stderr
    assert not (tmp_path / "out.txt").exists()
    (tmp_path / "cut.gz").write_bytes(packed[:15])
    (tmp_path / "good.txt").write_bytes(b"good\n")
    done = dedup("clean", "cut.gz", "good.txt")
    assert (done.returncode, done.stdout) == (3, b"good\n")


def test_a_field_that_no_record_has(dedup: Callable, tmp_path: Path, line: bytes) -> None:
    """What to do is told once; where some records have it, it is the others that are odd."""
    (tmp_path / "b.jsonl").write_bytes(line)
    remedy = b"b.jsonl: no record has a text: --text-field names the field that holds it\n"
    done = dedup("clean", "b.jsonl", "--text-field", "body", "-o", "out")
    assert (done.returncode, done.stderr.count(remedy)) == (3, 1)
    (tmp_path / "b.jsonl").write_bytes(line + b'{"body": ""}\n')
    done = dedup("clean", "b.jsonl", "--text-field", "body", "-o", "out")
    assert (done.returncode, done.stderr.count(remedy)) == (3, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a.txt", "b.jsonl", "-o", "out"), "a.txt is text and b.jsonl is jsonl: they cannot stand in one output"),
        (("a.txt", "sub/a.txt", "--output-dir", "out"), "a.txt and sub/a.txt would both become out/a.txt"),
        (("a.txt", "--output-dir", "."), "a.txt would replace itself"),
        (("a.txt", "--output-dir", "out", "-o", "x"), "--output-dir gives every file a name"),
        (("a.txt", "-o", "x", "--removals", "x"), "output and removals file are the same file: x"),
        (("a.txt", "-o", "x", "--encoding", "none"), "--encoding cannot be 'none'"),
        (("b.jsonl", "-o", "x.csv"), "b.jsonl is jsonl, and x.csv says csv: the output has the format of the input"),
        (("a.txt", "-o", "x/"), "cannot write x/: it is the name of a folder"),
        (("a.txt", "-o", "y", "--removals", "x/"), "cannot write x/: it is the name of a folder"),
        (
            ("a.txt", "-o", "sub"),
            "cannot write sub: it is a folder\n       Give the name of a file, such as sub/NAME.",
        ),
        (("a.txt", "-o", "y", "--report", "sub"), "cannot write sub: it is a folder\n       Give the name of a file"),
        (("a.txt", "-o", "y", "--removals", "sub"), "cannot write sub: it is a folder\n       Give the name of a file"),
        (("a.txt", "-o", "x.jsonl.gz"), "a.txt is text, and x.jsonl.gz says jsonl"),
    ],
)
def test_misuse(dedup: Callable, tmp_path: Path, line: bytes, arguments: tuple[str, ...], message: str) -> None:
    """Status 2, and no output in its place."""
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "sub/a.txt"):
        (tmp_path / name).write_bytes(b"text\n")
    (tmp_path / "b.jsonl").write_bytes(line)
    done = dedup("clean", *arguments)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert not (tmp_path / "out").is_file()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("x")] == []


@pytest.mark.parametrize("inputs", [["a.txt", "sub/a.txt"], ["sub", "a.txt"], ["a.txt", "a.txt"]])
def test_two_inputs_of_one_name_are_refused_before_anything_is_read(tmp_path: Path, inputs: list[str]) -> None:
    """An hour would be lost; but what is skipped anyway (a picture, what is not there) has no copy."""
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "sub/a.txt"):
        (tmp_path / name).write_bytes(f"The text of {name}.\n".encode())
    read: list[int] = []
    with pytest.raises(UsageError, match=r"a\.txt would both become .*out/a\.txt"):
        api.clean([tmp_path / name for name in inputs], output_dir=tmp_path / "out", observe=read.append)
    assert read == []
    (tmp_path / "sub/logo").write_bytes(b"\0\1\2")
    (tmp_path / "logo").write_bytes(b"A logo in words.\n")
    report = api.clean([tmp_path / name for name in ("sub/logo", "no/logo", "logo")], output_dir=tmp_path / "out")
    assert (len(report.skipped), (tmp_path / "out/logo").read_bytes()) == (2, b"A logo in words.\n")


@pytest.mark.parametrize("inputs", [["one", "two"], ["two", "one"], ["two", "one/notes"]])
def test_a_file_and_a_folder_of_one_name_are_refused_before_anything_is_read(tmp_path: Path, inputs: list[str]) -> None:
    """Whichever comes first; but what is skipped anyway becomes no file."""
    for name in ("one/notes", "two/notes/of/may.txt"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(name.encode() + b"\n")
    read: list[int] = []
    with pytest.raises(UsageError, match=r"out/notes would be a file, from .*one/notes, and the folder of .*may\.txt"):
        api.clean([tmp_path / name for name in inputs], output_dir=tmp_path / "out", observe=read.append)
    assert read == []
    (tmp_path / "one/notes").write_bytes(b"\0\1\2")
    report = api.clean([tmp_path / name for name in inputs], output_dir=tmp_path / "out")
    assert ([one.path for one in report.skipped], (tmp_path / "out/notes").is_dir()) == (
        [str(tmp_path / "one/notes")],
        True,
    )


def test_a_folder_in_the_place_of_a_file_below_the_output_directory(dedup: Callable, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text\n")
    (tmp_path / "out" / "a.txt").mkdir(parents=True)
    done = dedup("clean", "a.txt", "--output-dir", "out")
    assert done.returncode == 4
    assert b"cannot write out/a.txt: it is a folder\n       Move it away" in done.stderr


def test_a_file_and_a_folder_of_one_name_below_the_output_directory(dedup: Callable, tmp_path: Path) -> None:
    """Told before the first file takes its place, and not in the middle, when one could not; what there was stays."""
    for name in ("one/A", "one/notes", "two/notes/of/may.txt", "out/A"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode() + b"\n")
    done = dedup("clean", "one", "two", "--output-dir", "out", "--removals", "removals")
    assert done.returncode == 2
    assert b"out/notes would be a file, from one/notes, and the folder of what becomes of two/notes/of" in done.stderr
    assert dedup("clean", "two", "one", "--output-dir", "out", "--removals", "removals").returncode == 2
    assert (tmp_path / "out/A").read_bytes() == b"out/A\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "out", "two"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["A"]


def test_an_output_under_a_name_that_fits(dedup: Callable, tmp_path: Path, line: bytes) -> None:
    """A name that says nothing fits all; one that says what the input's name says was meant."""
    (tmp_path / "b.jsonl").write_bytes(line)
    for arguments in (("-o", "x"), ("-o", "x.ndjson"), ("-o", "x.out.gz"), ("--format", "text", "-o", "x.jsonl")):
        assert dedup("clean", "b.jsonl", *arguments).returncode == 0
    done = dedup("clean", "-o", "x.csv", text=b"text\nrow\n")
    assert done.returncode == 2
    assert b"<stdin> is text, and x.csv says csv" in done.stderr
    assert dedup("clean", "--format", "csv", "-o", "x.csv", text=b"text\nrow\n").returncode == 0


@pytest.mark.parametrize("many", [2, 40])
def test_nothing_is_written_of_files_that_do_not_fit_together(dedup: Callable, tmp_path: Path, many: int) -> None:
    """Seen by their names however many they are, and by what is in them where there are few."""
    for number in range(many):
        (tmp_path / f"a{number:02}.txt").write_bytes(b"text\n")
    (tmp_path / "z.jsonl").write_bytes(b'{"text":"x"}\n')
    done = dedup("clean", ".", "--text-field", "text")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"a00.txt is text and ./z.jsonl is jsonl: they cannot stand in one output" in done.stderr
    (tmp_path / "z.jsonl").rename(tmp_path / "z")
    done = dedup("clean", ".")
    assert done.returncode == 2
    assert (done.stdout == b"") == (many == 2)


def test_encodings_are_looked_at_before_the_run(dedup: Callable, tmp_path: Path) -> None:
    """UTF-16 beside UTF-8 on standard output: status 2, and not a byte."""
    (tmp_path / "a.txt").write_bytes(b"text\n")
    (tmp_path / "b.txt").write_bytes("text\n".encode("utf-16"))
    done = dedup("clean", "a.txt", "b.txt")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"a.txt is utf-8 and b.txt is utf-16-le" in done.stderr


def test_encoding_in_and_out(dedup: Callable, tmp_path: Path, seed: bytes) -> None:
    """UTF-16 by its mark, others by their names."""
    text = seed.decode()
    once = "".join(text.splitlines(keepends=True)[:17])
    assert dedup("clean", text=text.encode("utf-16")).stdout == once.encode("utf-16")
    assert dedup("clean", "--encoding", "windows-1252", text=text.encode("cp1252")).stdout == once.encode("cp1252")


def test_bytes_that_do_not_decode_are_told_by_their_encoding(dedup: Callable) -> None:
    """It is not UTF-8 that they should have been."""
    done = dedup("clean", "--encoding", "shift_jis", text="会議は木曜日".encode("shift_jis") + b"\xff.\n")
    assert b"dedup: kept 1 byte that is not shift_jis\n" in done.stderr
