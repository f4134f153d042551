"""Small files that are read in bundles give what files read one by one give."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup import api
from dedup.errors import DedupError, ReadError
from dedup.settings import Settings
from dedup.sources import bundles
from dedup.sources.container import Container, PlainFile
from dedup.sources.paths import list_files
from dedup.sources.source import BufferSource, PathSource

from ..parity.documents import Author

small_files = pytest.importorskip("dedup.sources.small_files", exc_type=ImportError)


def make(folder: Path, seed: int, copies: int = 30) -> Path:
    """Forty files as folders hold them: text, empty files, other encodings, archives, records, a large one."""
    folder.mkdir()
    author = Author(seed)
    texts = [author.document() for _ in range(36)]
    for number, text in enumerate(texts):
        (folder / f"{number:02}{'.md' if number % 7 == 3 else '.txt'}").write_bytes(text)
    (folder / "05.txt").write_bytes(b"")
    (folder / "07.txt").write_bytes(gzip.compress(texts[6]))
    (folder / "11.txt").write_bytes(b"\xff\xfe" + "A text in UTF-16.\n".encode("utf-16-le"))
    (folder / "13").write_bytes(b'{"text": "no record: the field is another", "id": 1}\n' + texts[12])
    (folder / "deep").mkdir()
    for name in ("07.txt", "11.txt"):
        (folder / "deep" / name).write_bytes((folder / name).read_bytes())
    (folder / "15.txt").write_bytes(b"".join(texts) * copies)
    return folder


def answer(folder: Path, **settings: object) -> tuple[bytes, str]:
    """What is kept, and the digest of the report."""
    output = io.BytesIO()
    report = api.clean(folder, output, settings=Settings(**settings))
    return output.getvalue(), report.digest


def tree(folder: Path) -> dict[str, bytes]:
    """Every file."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("seed", range(4))
def test_one_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, seed: int, threads: int) -> None:
    """The same bytes and the same digest; what is no plain text goes its own way, in its place."""
    folder = make(tmp_path / "in", seed, copies=30 if engine == "native" else 1)
    (folder / "11.txt").unlink()
    (folder / "deep" / "11.txt").unlink()  # one output has one encoding
    (folder / "13").unlink()
    monkeypatch.setattr(bundles, "BUNDLE_BYTES", 3000)
    bundled = answer(folder, engine=engine, threads=threads)
    monkeypatch.setattr(bundles, "FEW", 10**9)
    assert answer(folder, engine=engine, threads=threads) == bundled


@pytest.mark.parametrize("seed", range(4))
def test_an_output_for_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Every file has its own product, in its own compression and encoding."""
    folder = make(tmp_path / "in", seed)
    monkeypatch.setattr(bundles, "BUNDLE_BYTES", 3000)
    first = api.clean(folder, output_dir=tmp_path / "bundled")
    monkeypatch.setattr(bundles, "FEW", 10**9)
    second = api.clean(folder, output_dir=tmp_path / "single")
    assert first.digest == second.digest
    assert [file.name for file in first.files] == [file.name for file in second.files]
    assert [file.encoding for file in first.files] == [file.encoding for file in second.files]
    assert tree(tmp_path / "bundled") == tree(tmp_path / "single")
    assert tree(tmp_path / "bundled").keys() == tree(folder).keys()


def test_what_cannot_be_read_is_skipped_in_its_place(tmp_path: Path) -> None:
    """Missing files among small ones are told in the order of the input."""
    names = []
    for number in range(60):
        path = tmp_path / f"{number:02}"
        if number % 20 != 7:
            path.write_bytes(b"The text of number %d stands here and in no other place.\n" % number)
        names.append(str(path))
    output = io.BytesIO()
    report = api.clean(names, output)
    assert [one.path for one in report.skipped] == [names[7], names[27], names[47]]
    assert output.getvalue().count(b"\n") == 57
    assert [int(name[-2:]) for name in report.names] == [n for n in range(60) if n % 20 != 7]


def test_bundles_hold_whole_files_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file stands in one bundle, or comes by itself if it is large; a FIFO does not make it wait."""
    monkeypatch.setattr(bundles, "GROUP", 10)
    monkeypatch.setattr(bundles, "FEW", 2)
    monkeypatch.setattr(bundles, "BUNDLE_BYTES", 100)
    monkeypatch.setattr(bundles, "SMALL_BYTES", 60)
    names = [str(tmp_path / str(number)) for number in range(35)]
    for number, name in enumerate(names):
        Path(name).write_bytes(b"%d," % number * (number % 30))
    names.insert(5, "-")
    seen: list[str] = []
    for opened in bundles.open_each(list_files(names)):
        if isinstance(opened, PathSource):
            seen.append(opened.name)
            assert opened.name == "-" or Path(opened.name).stat().st_size > 60
            continue
        seen += opened.names
        assert opened.text == b"".join(Path(name).read_bytes() for name in opened.names)
        assert [facts[0] for facts in opened.facts] == [Path(name).stat().st_size for name in opened.names]
        assert [facts[1] for facts in opened.facts] == [Path(name).stat().st_mtime_ns for name in opened.names]
    assert seen == names


def test_a_small_file_says_of_itself_what_any_file_says() -> None:
    """Whatever is known of a file that was opened by itself is known of one that was read with others."""
    opened = Container(BufferSource(b"text\n", "a.txt"), format_name="text", compression="", encoding="utf-8")
    opened.documents, opened.bytes, opened.relative = 1, 5, "a.txt"
    small = PlainFile("", "a.txt", 5, None)
    for name in vars(opened).keys() - {"source", "file"}:
        assert getattr(small, name) == getattr(opened, name), name


def test_few_descriptors_are_enough(dedup: Callable, tmp_path: Path) -> None:
    """Three hundred files are read, and three hundred written, with thirty descriptors."""
    import resource

    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number:03}.txt").write_bytes(b"Number %d says something that no other number says.\n" % number)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (30, 30))

    for engine in ("auto", "reference"):
        done = dedup("clean", "in", "--engine", engine, "--output-dir", "out", preexec_fn=limit)
        assert (done.returncode, b"no repeats in 300 paragraphs" in done.stderr) == (0, True)
        assert tree(tmp_path / "out") == tree(folder)


@pytest.mark.parametrize("size", [2_500_000, 6_000_000])
def test_a_file_that_grows_while_it_is_read(tmp_path: Path, size: int) -> None:
    """An error that names it; nothing is written."""
    path, output = tmp_path / "log.txt", tmp_path / "out.txt"
    line = b"A line of the log that says this and that of the %07d things it has seen.\n"
    path.write_bytes(b"".join(line % number for number in range(size // 70)))

    def write(_bytes: int) -> None:
        with open(path, "ab") as file:
            file.write(b"more\n")

    with pytest.raises(ReadError, match=r"log.txt changed while it was read: from [0-9,]+ to [0-9,]+ bytes"):
        api.clean(path, output, observe=write)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_written_over_while_it_is_read(tmp_path: Path) -> None:
    """With as many bytes as before."""
    import os

    path = tmp_path / "a.txt"
    path.write_bytes(b"One line, and it is all.\n" * 120_000)

    def write(_bytes: int) -> None:
        os.utime(path, ns=(0, 0))

    with pytest.raises(ReadError, match="it was written to"):
        api.scan(path, observe=write)


def test_standard_output_that_is_an_input(dedup: Callable, tmp_path: Path) -> None:
    """`dedup clean a.txt >> a.txt` would never end: it does nothing."""
    for count in (1, 40):
        names = [tmp_path / f"{number}.txt" for number in range(count)]
        for name in names:
            name.write_bytes(b"A line of text that is like no other.\n")
        with open(names[0], "ab") as file:
            done = dedup("clean", *names, stdout=file)
        assert done.returncode == 4
        assert b"0.txt is the output as well" in done.stderr
        assert names[0].read_bytes() == b"A line of text that is like no other.\n"


def test_what_is_left_out_in_folders_is_told(dedup: Callable, tmp_path: Path) -> None:
    """With the options that would take it; nothing takes a FIFO."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_bytes(b"A text of its own.\n")
    os.mkfifo(tmp_path / "in" / "fifo")
    done = dedup("clean", "in")
    assert b"left out in folders: 1 that is not a regular file\n" in done.stderr
    (tmp_path / "in" / "b").symlink_to("a")
    done = dedup("clean", "in")
    told = b"left out in folders: 1 symbolic link, 1 that is not a regular file; see --hidden and --follow\n"
    assert told in done.stderr


def test_lists_of_files(dedup: Callable, tmp_path: Path) -> None:
    """A list says which files, in its order, a name a line or ended by NULs; folders in it count as well."""
    (tmp_path / "in").mkdir()
    for name in ("b", "in/a\nx", "in/c"):
        (tmp_path / name).write_bytes(f"This is the text of {name!r} and no other.\n".encode())
    (tmp_path / "list").write_bytes(b"in\nb\n")
    done = dedup("clean", "--files-from", "list", "--report", "r.json")
    assert done.returncode == 0
    assert [one["name"] for one in json.loads((tmp_path / "r.json").read_text())["documents"]] == [
        "in/a\nx",
        "in/c",
        "b",
    ]
    null = dedup("clean", "in/c", "--files-from", "-", "-0", "--report", "r.json", text=b"b\0in/a\nx\0")
    assert null.returncode == 0
    assert [one["name"] for one in json.loads((tmp_path / "r.json").read_text())["documents"]] == [
        "in/c",
        "b",
        "in/a\nx",
    ]


@pytest.mark.parametrize(
    ("arguments", "text", "message"),
    [
        (["--files-from", "missing"], b"", b"cannot read the list of files missing: No such file or directory"),
        (["--files-from", "-"], b"", b"no file to read in the list -"),
        (["--files-from", "-", "-"], b"a\n", b"both the list of files and a text"),
        (["--files-from", "-"], b"a\n-\n", b"both the list of files and a text"),
        (["--files-from", "-"], b"a\0b\0", b"has a NUL"),
        (["-0"], b"", b"-0 goes with --files-from"),
        (["--include", "[", "."], b"", b"matches nothing"),
        (["--include", "//", "."], b"", b"'//' matches nothing: no file has an empty name"),
        (["--exclude", "!sub/../a", "."], b"", b"matches nothing: no file has an empty name"),
        (["--include", "./a", "."], b"", b"a/b and not ./a//b; /a is at the top"),
        (["--exclude", "[z-a]", "."], b"", b"'[z-a]' is no glob: bad character range"),
        ([".", "--exclude", "*"], b"", b"no file to read in .: 1 not selected"),
    ],
)
def test_lists_and_globs_that_are_wrong(
    dedup: Callable, tmp_path: Path, arguments: list[str], text: bytes, message: bytes
) -> None:
    """Status 2, and nothing is done."""
    (tmp_path / "a").write_bytes(b"text\n")
    done = dedup("clean", *arguments, "-o", "out.txt", text=text)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / "out.txt").exists()


def test_an_output_directory_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails at the last file has put none in its place, and leaves no folder behind."""
    from dedup.sinks.atomic import FileSink

    folder = make(tmp_path / "in", 1)
    write, calls = FileSink.write_many, []

    def fail_late(self: FileSink, parts: list[bytes]) -> None:
        calls.append(self)
        if len(calls) == 25:
            raise OSError(28, "No space left on device")
        write(self, parts)

    monkeypatch.setattr(FileSink, "write_many", fail_late)
    with pytest.raises((DedupError, OSError)):
        api.clean(folder, output_dir=tmp_path / "out" / "deep")
    assert len(calls) == 25
    assert not (tmp_path / "out").exists()


def test_a_limit_on_the_size_of_files(dedup: Callable, tmp_path: Path) -> None:
    """As a full disk: status 4, the target is as it was, and nothing is left."""
    import resource

    (tmp_path / "in.txt").write_bytes(b"".join(b"This is line %d of a text.\n" % number for number in range(9000)))
    (tmp_path / "out.txt").write_bytes(b"old")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    for where in (["-o", "out.txt"], ["--output-dir", "out"]):
        done = dedup("clean", "in.txt", *where, preexec_fn=limit)
        assert done.returncode == 4
        assert b"File too large" in done.stderr
        assert sorted(path.name for path in tmp_path.iterdir()) == ["in.txt", "out.txt"]
    assert (tmp_path / "out.txt").read_bytes() == b"old"
