"""G2: the output and the removals file give the input back; what loses nothing is as it was."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dedup
from dedup import api
from dedup.compression import compressor
from dedup.errors import IntegrityError, ReadError, UsageError, WriteError
from dedup.settings import Settings
from dedup.sinks.likeness import allowed_by
from dedup.sinks.removals import BEGIN, CLOSE, END, FIRST_LINE, varint

from ..parity.documents import settings_for
from .makers import FORMATS, Made, make


def check(made: Made, folder: Path, batch: str = "") -> dedup.Report:
    """Clean a file and restore it; assert that the input is there again."""
    cleaned, removals = folder / f"cleaned{batch}", folder / f"removals{batch}"
    report = api.clean(made.path, cleaned, removals=removals, settings=made.settings)
    if made.format == "parquet":
        check_parquet(made, cleaned, removals)
    else:
        restored = io.BytesIO()
        done = dedup.restore(cleaned, removals, restored)
        assert restored.getvalue() == made.content
        assert done == (1, len(made.content))
    return report


def check_parquet(made: Made, cleaned: Path, removals: Path) -> None:
    """Assert equal values, schema and row groups."""
    pq = pytest.importorskip("pyarrow.parquet")
    restored = cleaned.with_name("restored")
    dedup.restore(cleaned, removals, restored)
    before, after = (pq.ParquetFile(path) for path in (made.path, restored))
    with before, after:
        assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
        assert after.read().to_pylist() == before.read().to_pylist()
        sizes = [[file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] for file in (before, after)]
        assert sizes[0] == sizes[1]


@pytest.mark.parametrize("format_name", FORMATS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_the_input_comes_back(tmp_path: Path, format_name: str, seed: int) -> None:
    """Over formats, units, encodings, line ends and compressions."""
    made = make(tmp_path, seed, format_name)
    report = check(made, tmp_path)
    assert report.totals.documents == report.files[0].documents


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=30), max_size=6), st.integers(0, 1000), st.sampled_from(["text", "jsonl", "csv"]))
def test_any_bytes_come_back(tmp_path: Path, parts: list[bytes], number: int, format_name: str) -> None:
    """Bytes that are no text, no records and no table; a table needs its header."""
    content = b"\n".join(parts + parts)
    content = b"text\n" + content if format_name == "csv" else b"\n" + content
    path = tmp_path / "any"
    path.write_bytes(content)
    check(Made(path, content, settings_for(number, format=format_name, min_words=1), format_name), tmp_path)


@pytest.mark.parametrize("seed", range(12))
def test_a_tree_comes_back(tmp_path: Path, seed: int) -> None:
    """One removals file for the files of an output directory."""
    (tmp_path / "in").mkdir()
    made = [make(tmp_path / "in", seed, name) for name in ("text", "jsonl", "csv", "warc")]
    chosen = settings_for(seed, format="auto")
    paths = [one.path for one in made if not one.settings.encoding]
    if not paths:
        return
    api.clean(paths, output_dir=tmp_path / "out", removals=tmp_path / "removals", settings=chosen)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in paths)
    done = dedup.restore(tmp_path / "out", tmp_path / "removals", output_dir=tmp_path / "back")
    assert done.files == len(paths)
    for path in paths:
        again = tmp_path / "back" / path.name
        assert _contents(again) == _contents(path)


def _contents(path: Path) -> bytes:
    """What is in a file below its compression."""
    from dedup.removals.restoring import Cleaned

    file, parts = Cleaned(str(path)), []
    while not file.at_end():
        parts.append(bytes(file.read(1 << 20)))
    file.close()
    return b"".join(parts)


def test_two_inputs_of_one_name_do_not_replace_each_other(tmp_path: Path, seed: bytes) -> None:
    """Of one output: end to end they come back, below a folder there is one place for both."""
    texts = [seed, seed.replace(b"\n", b"\r\n")]
    for number, text in enumerate(texts):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "x.txt").write_bytes(text)
    output, removals, whole = tmp_path / "out", tmp_path / "removals", io.BytesIO()
    dedup.clean([tmp_path / "0" / "x.txt", tmp_path / "1" / "x.txt"], output, removals=removals)
    assert dedup.restore(output, removals, whole).files == 2
    assert whole.getvalue() == b"".join(texts)
    with pytest.raises(UsageError, match=r"two inputs of the run would become .*x\.txt"):
        dedup.restore(output, removals, output_dir=tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_one_file_of_a_tree_is_told_from_others_of_its_name(tmp_path: Path, seed: bytes) -> None:
    """The whole path counts, not its end; and a folder does not go into one file, each in the place of the last."""
    texts = {"x.txt": seed, "b/x.txt": b"One more line.\n" + seed, "b/b/x.txt": seed + b"\nThe end.\n"}
    for name, text in texts.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(text)
    cleaned, removals = tmp_path / "cleaned", tmp_path / "removals"
    dedup.clean(tmp_path / "in", output_dir=cleaned, removals=removals)
    for name, text in texts.items():
        restored = io.BytesIO()
        assert dedup.restore(cleaned / name, removals, restored) == (1, len(text))
        assert restored.getvalue() == text
    with pytest.raises(UsageError, match="is a folder: its files do not go into one"):
        dedup.restore(cleaned, removals, tmp_path / "one.txt")
    assert not (tmp_path / "one.txt").exists()


def test_a_cleaned_file_of_another_name_is_known_by_its_digest(tmp_path: Path, alike: dict[str, bytes]) -> None:
    """Somebody moved it, or expanded it. Of two that are alike it could be either, and none is given back."""
    for name in alike:
        (tmp_path / "moved.txt.gz").write_bytes(gzip.compress((tmp_path / "b" / name).read_bytes()))
        dedup.restore(tmp_path / "moved.txt.gz", tmp_path / "removals", tmp_path / "again")
        assert (tmp_path / "again").read_bytes() == alike[name]
    (tmp_path / "moved.txt.gz").write_bytes(alike["b/x.txt"])
    with pytest.raises(IntegrityError, match=r"knows nothing of .*moved"):
        dedup.restore(tmp_path / "moved.txt.gz", tmp_path / "removals", tmp_path / "again")
    with pytest.raises(ReadError, match="No such file"):
        dedup.restore(tmp_path / "nothing", tmp_path / "removals", tmp_path / "again")
    for name in ("x.txt", "y.txt", "z.txt"):
        (tmp_path / name).write_bytes(alike["x.txt"])
    dedup.clean([tmp_path / f"{name}.txt" for name in "xyz"], output_dir=tmp_path / "c", removals=tmp_path / "removals")
    assert (tmp_path / "c" / "y.txt").read_bytes() == (tmp_path / "c" / "z.txt").read_bytes() == b""
    (tmp_path / "c" / "y.txt").rename(tmp_path / "moved.txt")
    with pytest.raises(IntegrityError, match=r"knows nothing of .*moved"):
        dedup.restore(tmp_path / "moved.txt", tmp_path / "removals", tmp_path / "again")


@pytest.fixture
def alike(tmp_path: Path, seed: bytes) -> dict[str, bytes]:
    """A folder `in` with files of one name at two depths, cleaned in place and into `b`."""
    texts = {"x.txt": seed, "b/x.txt": b"One more line.\n" + seed}
    (tmp_path / "in" / "b").mkdir(parents=True)
    for name, text in texts.items():
        (tmp_path / "in" / name).write_bytes(text)
    dedup.clean(tmp_path / "in", output_dir=tmp_path / "b", removals=tmp_path / "removals")
    dedup.clean(tmp_path / "in", in_place=True, removals=tmp_path / "in place")
    return texts


def test_a_name_that_fits_twice_is_told_by_what_is_there(tmp_path: Path, alike: dict[str, bytes]) -> None:
    """`b/x.txt` is one of the outputs, and `x.txt` below an output directory `b`; so is `b` a part, or the whole."""
    for name in alike:
        dedup.restore(tmp_path / "b" / name, tmp_path / "removals", tmp_path / "again")
        assert (tmp_path / "again").read_bytes() == alike[name]
    dedup.restore(tmp_path / "b", tmp_path / "removals", output_dir=tmp_path / "all")
    assert everything_in(tmp_path / "all") == alike
    dedup.restore(tmp_path / "in" / "b", tmp_path / "in place", output_dir=tmp_path / "part")
    assert everything_in(tmp_path / "part") == {"x.txt": alike["b/x.txt"]}


@pytest.mark.parametrize(("cleaned", "folder"), [("in/b", "in"), ("in", "in/b")])
def test_another_cleaned_file_is_not_replaced(
    tmp_path: Path, alike: dict[str, bytes], cleaned: str, folder: str
) -> None:
    """With it the text of its input would be gone."""
    before = everything_in(tmp_path)
    with pytest.raises(UsageError, match=r"x\.txt is another cleaned file of the run, which would be replaced"):
        dedup.restore(tmp_path / cleaned, tmp_path / "in place", output_dir=tmp_path / folder)
    assert everything_in(tmp_path) == before
    dedup.restore(tmp_path / "in", tmp_path / "in place", output_dir=tmp_path / "in")
    assert everything_in(tmp_path / "in") == alike


def test_a_changed_file_is_refused(tmp_path: Path, seed_path: Path) -> None:
    """One letter, a byte less, a byte more: nothing is restored, and nothing is left behind."""
    cleaned, removals = tmp_path / "cleaned.txt", tmp_path / "removals"
    api.clean(seed_path, cleaned, removals=removals)
    good = cleaned.read_bytes()
    for bad in (good.replace(b"NATO", b"nato", 1), good[:-1], good + b"\n", b""):
        cleaned.write_bytes(bad)
        with pytest.raises(IntegrityError, match=r"cleaned\.txt .* was changed since"):
            dedup.restore(cleaned, removals, tmp_path / "restored.txt")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cleaned.txt", "removals"]


@pytest.fixture
def in_place(tmp_path: Path, seed: bytes) -> dict[str, bytes]:
    """A folder `in` that was cleaned in place, with `removals`; gives what was there before, uncompressed."""
    texts = {"a.txt": seed, "b.txt": b"One more line.\n" + seed, "c/c.txt.gz": seed, "d.txt": b"Short.\n"}
    texts["e.jsonl"] = json.dumps({"text": seed.decode()}).encode() + b"\n"
    for name, text in texts.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    api.clean(tmp_path / "in", in_place=True, removals=tmp_path / "removals", settings=Settings(scope="document"))
    return texts


def everything_in(folder: Path) -> dict[str, bytes]:
    """Every file, hidden ones too, below its compression."""
    return {str(path.relative_to(folder)): _contents(path) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("back", ["in", "back"])
def test_a_folder_comes_back_whole_or_not_at_all(tmp_path: Path, in_place: dict[str, bytes], back: str) -> None:
    """One file that was edited keeps all others from their places; when it is mended, all of them come."""
    edited = tmp_path / "in" / "b.txt"
    good = edited.read_bytes()
    edited.write_bytes(good.replace(b"NATO", b"nato", 1))
    before = everything_in(tmp_path / "in")
    with pytest.raises(IntegrityError, match=r"b\.txt .* was changed since"):
        dedup.restore(tmp_path / "in", tmp_path / "removals", output_dir=tmp_path / back)
    assert everything_in(tmp_path / "in") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "removals"]
    edited.write_bytes(good)
    assert dedup.restore(tmp_path / "in", tmp_path / "removals", output_dir=tmp_path / back).files == len(in_place)
    assert everything_in(tmp_path / back) == in_place


@pytest.mark.parametrize("done", range(4))
def test_a_restore_that_was_broken_off_goes_on(
    tmp_path: Path, in_place: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    """After any number of files: those that are in the place of the cleaned ones are known by their digests."""
    replace, calls = os.replace, []

    def fail(source: str, target: str) -> None:
        calls.append(target)
        if len(calls) > done:
            raise OSError(5, "Input/output error")
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fail)
        with pytest.raises(WriteError):
            dedup.restore(tmp_path / "in", tmp_path / "removals", output_dir=tmp_path / "in")
    found = everything_in(tmp_path / "in")
    assert found.keys() == in_place.keys()
    assert sum(found[name] == in_place[name] for name in found) == done + 1  # d.txt lost nothing
    sizes = sum(map(len, in_place.values()))
    assert dedup.restore(tmp_path / "in", tmp_path / "removals", output_dir=tmp_path / "in") == (5, sizes)
    assert everything_in(tmp_path / "in") == in_place
    with pytest.raises(IntegrityError, match=r"a\.txt .* was changed since"):
        dedup.restore(tmp_path / "in", tmp_path / "removals", output_dir=tmp_path / "back")


def test_what_lost_nothing_is_not_written_anew(tmp_path: Path, seed: bytes) -> None:
    """Clean left it alone, and what is undone in place leaves it, too: compressed anew it would have other bytes."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt.gz").write_bytes(gzip.compress(seed, 1))
    (folder / "b.txt.gz").write_bytes(gzip.compress(b"One line.\n", 1))
    pq.write_table(pa.table({"text": ["One row."]}), folder / "c.parquet", compression="none")
    dedup.clean(folder, in_place=True, removals=tmp_path / "removals")
    before = {path: (path.stat().st_ino, path.read_bytes()) for path in sorted(folder.iterdir())[1:]}
    assert dedup.restore(folder, tmp_path / "removals", output_dir=folder).files == 3
    assert {path: (path.stat().st_ino, path.read_bytes()) for path in before} == before
    assert gzip.decompress((folder / "a.txt.gz").read_bytes()) == seed


def test_what_is_restored_does_not_take_the_place_of_the_removals(tmp_path: Path, seed_path: Path) -> None:
    """They are the way back to other files of the run as well."""
    removals = tmp_path / "removals"
    api.clean([seed_path], output_dir=tmp_path / "out", removals=removals)
    before = removals.read_bytes()
    (tmp_path / "link").symlink_to("removals")
    for name in ("removals", "link"):
        with pytest.raises(UsageError, match="is the removals file: the output would take its place"):
            dedup.restore(tmp_path / "out" / seed_path.name, removals, tmp_path / name)
    assert removals.read_bytes() == before


@pytest.mark.parametrize("link", [False, True])
def test_nor_does_a_file_that_is_restored_below_a_folder(tmp_path: Path, seed: bytes, link: bool) -> None:
    """One of the inputs had the name that the removals have, which shows when the files before it are written."""
    texts = {"a.txt": seed, "run.txt": b"One more line.\n" + seed}
    (tmp_path / "in").mkdir()
    for name, text in texts.items():
        (tmp_path / "in" / name).write_bytes(text)
    back, removals = tmp_path / "back", tmp_path / ("removals" if link else "back/run.txt")
    back.mkdir()
    api.clean(tmp_path / "in", output_dir=tmp_path / "out", removals=removals)
    before = removals.read_bytes()
    if link:
        (back / "run.txt").symlink_to(removals)
    with pytest.raises(UsageError, match=r"is the removals file: the input run\.txt would take its place"):
        dedup.restore(tmp_path / "out", removals, output_dir=back)
    assert removals.read_bytes() == before
    assert [path.name for path in back.iterdir()] == ["run.txt"]


@pytest.mark.parametrize("name", ["clean.txt", "removals"])
def test_nothing_is_appended_to_what_is_restored_from(
    request: pytest.FixtureRequest, tmp_path: Path, seed_path: Path, name: str
) -> None:
    """`dedup restore clean.txt --removals removals >> removals` was the end of the way back."""
    api.clean(seed_path, tmp_path / "clean.txt", removals=tmp_path / "removals")
    before = (tmp_path / name).read_bytes()
    with open(tmp_path / name, "ab") as file:
        done = request.getfixturevalue("dedup")("restore", "clean.txt", "--removals", "removals", stdout=file)
        assert (done.returncode, f"{name} is the output as well" in done.stderr.decode()) == (4, True)
        with pytest.raises(ReadError, match="is the output as well"):
            dedup.restore(tmp_path / "clean.txt", tmp_path / "removals", file)
    assert (tmp_path / name).read_bytes() == before
    with open(tmp_path / "back", "wb") as file:
        dedup.restore(tmp_path / "clean.txt", tmp_path / "removals", file)
    assert (tmp_path / "back").read_bytes() == seed_path.read_bytes()


def test_standard_input_is_one_of_both() -> None:
    """It is read once."""
    with pytest.raises(UsageError, match="standard input cannot be both the cleaned file and its removals"):
        dedup.restore("-", "-", io.BytesIO())


def test_a_damaged_removals_file_is_refused(tmp_path: Path, seed_path: Path) -> None:
    """Cut off, of another version, something else."""
    cleaned, removals = tmp_path / "cleaned.txt", tmp_path / "removals"
    api.clean(seed_path, cleaned, removals=removals)
    good = removals.read_bytes()
    for bad in (good[:-4], good.replace(b"removals 1", b"removals 9", 1), b"something else", b""):
        removals.write_bytes(bad)
        with pytest.raises(dedup.DedupError) as caught:
            dedup.restore(cleaned, removals, tmp_path / "restored.txt")
        assert caught.value.exit_status == 4
    assert not (tmp_path / "restored.txt").exists()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (BEGIN, b'{"name":"a","output":"","format":"text","encoding":"","text_field":""}'),
        (BEGIN, b'{"name":"a","output":"","format":"text","compression":"zip","encoding":"","text_field":""}'),
        (BEGIN, b'{"name":1,"output":"","format":"text","compression":"","encoding":"","text_field":""}'),
        (BEGIN, b'{"name":'),
        (BEGIN, b"\xff"),
        (BEGIN, b"[" * 100_000),
        (END, b'{"input":{}}'),
        (END, b"[]"),
    ],
)
def test_a_removals_file_that_does_not_say_what_it_should_is_refused(tmp_path: Path, kind: int, data: bytes) -> None:
    """It is whole, but nothing that `clean` writes."""
    begin = b'{"name":"a","output":"","format":"text","compression":"","encoding":"","text_field":""}'
    parts = [(BEGIN, begin), (END, data)] if kind == END else [(BEGIN, data)]
    operations = b"".join(bytes([one]) + varint(len(facts)) + facts for one, facts in parts)
    packer = compressor("zst")
    (tmp_path / "cleaned.txt").write_bytes(b"")
    (tmp_path / "removals").write_bytes(FIRST_LINE + packer.compress(operations + bytes([CLOSE])) + packer.flush())
    with pytest.raises(IntegrityError, match="removals is damaged: a file does not begin or end as it should"):
        dedup.restore(tmp_path / "cleaned.txt", tmp_path / "removals", tmp_path / "restored.txt")
    assert not (tmp_path / "restored.txt").exists()


@pytest.mark.parametrize("seed", range(20))
def test_records_that_lose_nothing_are_as_they_were(tmp_path: Path, seed: int) -> None:
    """A line of JSON stays byte for byte; of one that loses text only the text changes."""
    made = make(tmp_path, seed, "jsonl", encoding="utf-8", empty="keep")
    lines = made.content.split(b"\n")
    output = io.BytesIO()
    report = api.clean(made.content, output, settings=made.settings)
    after = output.getvalue().split(b"\n")
    assert len(after) == len(lines)
    lost = {report.origins[one.document].line for one in report.documents if one.removed_bytes}
    for number, (one, two) in enumerate(zip(lines, after, strict=True), 1):
        if number not in lost:
            assert one == two
        else:
            before, now = (json.loads(line.decode("utf-8", "surrogateescape").lstrip("\ufeff")) for line in (one, two))
            assert list(before) == list(now)
            assert {**before, "text": ""} == {**now, "text": ""}
            assert len(now["text"]) < len(before["text"])


def test_a_record_left_empty_is_dropped_or_kept(tmp_path: Path, seed: bytes) -> None:
    """`--empty` decides about the whole record."""
    line = json.dumps({"id": 7, "text": seed.decode()}).encode() + b"\n"
    for empty, count in (("keep", 2), ("drop", 1)):
        output = io.BytesIO()
        api.clean(line * 2, output, settings=Settings(empty=empty))
        records = [json.loads(one) for one in output.getvalue().splitlines()]
        assert [record["id"] for record in records] == [7] * count
        assert [record["text"] for record in records[1:]] == [""] * (count - 1)


@pytest.mark.parametrize("format_name", ["jsonl", "csv", "warc", "parquet"])
def test_a_record_of_which_white_space_is_left_is_dropped(tmp_path: Path, seed: bytes, format_name: str) -> None:
    """Blank lines before an article repeat nothing and stay; a record of nothing else was kept."""
    article, note = seed.decode(), "A note of the editor's own stands above the copy of the article here."
    white = "\n \N{IDEOGRAPHIC SPACE}\r\n\n"
    texts = [white + article, white + article, article, f"{note}\n{article}", ""]
    path, cleaned, removals, restored = (tmp_path / name for name in (f"in.{format_name}", "out", "removals", "back"))
    _write_records(path, texts)
    api.clean(path, cleaned, removals=removals, settings=Settings(format=format_name, empty="drop"))
    left = _read_texts(cleaned, format_name)
    assert [text.strip() for text in left[-2:]] == [note, ""]
    assert len(left) == 3
    dedup.restore(cleaned, removals, restored)
    if format_name == "parquet":
        assert _read_texts(restored, format_name) == texts
    else:
        assert restored.read_bytes() == path.read_bytes()


def _write_records(path: Path, texts: list[str]) -> None:
    """A file of records, in the format of its name."""
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    elif path.suffix == ".warc":
        head = "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: "
        blocks = (text.encode() for text in texts)
        path.write_bytes(b"".join(b"%s%d\r\n\r\n%s\r\n\r\n" % (head.encode(), len(one), one) for one in blocks))
    elif path.suffix == ".parquet":
        pq = pytest.importorskip("pyarrow.parquet")
        pq.write_table(pytest.importorskip("pyarrow").table({"text": texts}), path)
    else:
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerows([["text", "id"], *([text, "1"] for text in texts)])


def _read_texts(path: Path, format_name: str) -> list[str]:
    """The texts of all records."""
    data = path.read_bytes()
    if format_name == "jsonl":
        return [json.loads(line)["text"] for line in data.splitlines()]
    if format_name == "warc":
        return [part.partition(b"\r\n\r\n")[2][:-4].decode() for part in data.split(b"WARC/1.0\r\n")[1:]]
    if format_name == "parquet":
        texts: list[str] = pytest.importorskip("pyarrow.parquet").read_table(path)["text"].to_pylist()
        return texts
    rows = csv.reader(io.StringIO(data.decode(), newline=""))
    return [row[0] for row in list(rows)[1:]]


@pytest.mark.parametrize("private", ["a.txt", "b.txt"])
def test_who_cannot_read_an_input_cannot_read_what_is_made_of_it(tmp_path: Path, seed_path: Path, private: str) -> None:
    """Its copy and the way back from it are as private as it is; what holds no text of it is not."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (
        ("a.txt", seed_path.read_bytes()),
        ("b.txt", b"A text of its own, of which nothing is removed.\n"),
    ):
        (folder / name).write_bytes(text)
        (folder / name).chmod(0o600 if name == private else 0o664)
    umask = os.umask(0o022)
    try:
        api.clean(folder, output_dir=tmp_path / "out", removals=tmp_path / "removals")
        api.clean(folder / "a.txt", tmp_path / "one.txt", removals=tmp_path / "one.removals")
        dedup.restore(tmp_path / "out", tmp_path / "removals", output_dir=tmp_path / "back")
    finally:
        os.umask(umask)

    def mode(path: str) -> int:
        return stat.S_IMODE((tmp_path / path).stat().st_mode)

    other = "b.txt" if private == "a.txt" else "a.txt"
    kept = 0o600 if private == "a.txt" else 0o644
    assert [mode(f"out/{private}"), mode(f"back/{private}"), mode(f"out/{other}")] == [0o600, 0o600, 0o644]
    assert [mode("removals"), mode("one.removals"), mode(f"back/{other}")] == [kept, kept, kept]
    (tmp_path / "removals").chmod(0o640)
    api.clean(folder, output_dir=tmp_path / "out", removals=tmp_path / "removals")
    assert mode("removals") == 0o640, "a file that was there keeps its permissions"


def test_the_group_of_a_copy_is_others_to_an_input_of_another_group(tmp_path: Path) -> None:
    """`root:secret` may be read by the group `secret` alone."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"text\n")
    mine = path.stat().st_gid
    for mode, same, another in ((0o640, 0o640, 0o600), (0o644, 0o644, 0o644), (0o400, 0o600, 0o600)):
        path.chmod(mode)
        assert (allowed_by(str(path), mine), allowed_by(str(path), mine + 1)) == (same, another)
    assert allowed_by("<bytes>", mine) == allowed_by(str(tmp_path), mine) == 0o777
