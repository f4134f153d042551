"""Files cleaned where they lie: each is the old or the new one, whole, and nothing else stays."""

from __future__ import annotations

import gzip
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import api, restore
from dedup.counts import count
from dedup.errors import ReadError, UsageError, WriteError
from dedup.sinks import in_place
from dedup.sinks.atomic import FileSink
from dedup.sources.paths import list_files

ARTICLE = b"".join(b"Senator number %d voted on the bill early this week, said a spokesman.\n" % i for i in range(20))
OTHER = b"".join(b"The house sat for %d hours on the matter of the %d barrels.\n" % (i, i * 7) for i in range(20))
OLD = {
    "a.txt": ARTICLE,
    "b.txt": OTHER + ARTICLE,
    "c/d.txt": ARTICLE + ARTICLE,
    "c/e.txt": b"Something else that nobody has said before.\n",
}
NEW = {"a.txt": ARTICLE, "b.txt": OTHER, "c/d.txt": b"", "c/e.txt": OLD["c/e.txt"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four files, of which two change."""
    for name, text in OLD.items():
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return tmp_path / "corpus"


def content(folder: Path) -> dict[str, bytes]:
    """Every file, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_changes_is_replaced_and_nothing_else_is_touched(dedup: Callable, folder: Path) -> None:
    """Files that stay as they are keep their inode and their time; the mode of the others is kept."""
    (folder / "b.txt").chmod(0o640)
    before = {name: (folder / name).stat() for name in OLD}
    done = dedup("clean", folder, "--in-place")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"replaced 2 of 4 files" in done.stderr
    assert content(folder) == NEW
    for name in ("a.txt", "c/e.txt"):
        after = (folder / name).stat()
        assert (after.st_ino, after.st_mtime_ns) == (before[name].st_ino, before[name].st_mtime_ns)
    assert stat.S_IMODE((folder / "b.txt").stat().st_mode) == 0o640
    again = dedup("clean", folder, "-i")
    assert b"replaced 0 of 4 files" in again.stderr
    assert content(folder) == NEW


def test_backups(dedup: Callable, folder: Path) -> None:
    """The old file stays under its name and the suffix, and is left out the next time."""
    assert dedup("clean", folder, "-i", "--backup", ".orig").returncode == 0
    assert content(folder) == {**NEW, "b.txt.orig": OLD["b.txt"], "c/d.txt.orig": OLD["c/d.txt"]}
    done = dedup("clean", folder, "-i", "--backup", ".orig")
    assert b"replaced 0 of 4 files" in done.stderr


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from([ARTICLE, OTHER, ARTICLE * 2, OTHER + ARTICLE]), min_size=1, max_size=5),
    st.sampled_from([".bak", "~", ".0.txt"]),
    st.sampled_from([lambda path: path, lambda path: [Path(path)], lambda path: list_files([path])]),
)
def test_a_second_run_changes_nothing(texts: list[bytes], suffix: str, source: Callable) -> None:
    """Backups are no inputs, by whatever name their folder is given: they would be found to repeat, and be emptied."""
    with TemporaryDirectory() as name:
        for number, text in enumerate(texts):
            (Path(name) / f"{number}.txt").write_bytes(text)
        api.clean(source(name), in_place=True, backup=suffix)
        first = content(Path(name))
        again = api.clean(source(name), in_place=True, backup=suffix)
        assert content(Path(name)) == first
        assert again.notes == [f"replaced 0 of {count(len(texts), 'file')}"]


def test_a_backup_never_replaces_a_file(dedup: Callable, folder: Path) -> None:
    """Not even an older backup; no file is replaced then."""
    (folder / "b.txt.orig").write_bytes(b"precious")
    done = dedup("clean", folder, "-i", "--backup", ".orig")
    assert done.returncode == 2
    assert b"b.txt.orig is there already" in done.stderr
    assert content(folder) == {**OLD, "b.txt.orig": b"precious"}


def test_a_backup_that_can_have_no_such_name_is_told_before(dedup: Callable, folder: Path) -> None:
    """Of all files that change, and before the first of them is replaced."""
    name = "n" * 250 + ".txt"
    (folder / name).write_bytes(ARTICLE * 2)
    done = dedup("clean", folder, "-i", "--backup", ".orig")
    assert done.returncode == 4
    assert f"{name}.orig: File name too long\n       Give a shorter name." in done.stderr.decode()
    assert content(folder) == {**OLD, name: ARTICLE * 2}


def test_names_that_the_locale_cannot_write(
    command: list[str], environment: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    """In a locale of ASCII alone names are bytes still."""
    (folder / "été.txt").write_bytes(ARTICLE * 2)
    ascii_alone = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    clean = [*command, "clean", "corpus", "-i", "--removals", "r"]
    subprocess.run(clean, cwd=tmp_path, env={**environment, **ascii_alone}, check=True, timeout=60)
    assert content(folder) == {**NEW, "été.txt": b""}


@pytest.mark.parametrize("others", [0, 20])
def test_a_binary_file_is_not_broken(dedup: Callable, folder: Path, tmp_path: Path, others: int) -> None:
    """Found in a folder or named, in a bundle or alone, or below a compression; a name or an option may say text."""
    for number in range(others):
        (folder / f"{number}.md").write_bytes(b"File %d.\n" % number)
    image = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + ARTICLE * 2
    binary = {"image.png": image, "archive.tar.gz": gzip.compress(b"a.txt\0\0" + ARTICLE * 2), "z": ARTICLE * 2 + b"\0"}
    texts = {"nul.txt": b"A\0" + ARTICLE * 2, "wide": (ARTICLE * 2).decode().encode("utf-16")}
    for name, text in {**binary, **texts}.items():
        (folder / name).write_bytes(text)
    done = dedup("clean", folder, folder / "image.png", "-i", "--scope", "document")
    assert done.returncode == 3, done.stderr
    assert done.stderr.count(b"it is binary (it has NUL bytes), and would be broken in place") == 4
    after = content(folder)
    assert {name: after[name] for name in binary} == binary
    done = dedup("clean", folder, "--output-dir", tmp_path / "out")
    assert done.returncode == 3, done.stderr
    assert done.stderr.count(b"it is binary (it has NUL bytes), and its copy would be broken") == 3
    assert content(tmp_path / "out").keys() == after.keys() - binary.keys()
    assert all(len(after[name]) < len(text) for name, text in texts.items())
    assert dedup("clean", folder / "image.png", "-i", "--format", "text").returncode == 0
    assert len((folder / "image.png").read_bytes()) < len(image)


def test_a_run_that_was_killed_after_a_backup_goes_on(folder: Path) -> None:
    """The backup is another name of the file that was to be replaced."""
    os.link(folder / "b.txt", folder / "b.txt.orig")
    files = [folder / name for name in OLD]
    api.clean(files, in_place=True, backup=".orig")
    assert content(folder) == {**NEW, "b.txt.orig": OLD["b.txt"], "c/d.txt.orig": OLD["c/d.txt"]}


def test_backups_without_hard_links(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file system has none the old file is copied."""

    def refuse(*_arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    api.clean(folder / "c" / "d.txt", in_place=True, backup="~")
    assert content(folder / "c") == {"d.txt": ARTICLE, "d.txt~": OLD["c/d.txt"], "e.txt": OLD["c/e.txt"]}


@pytest.mark.parametrize("links", [True, False])
def test_a_backup_whose_name_is_taken_meanwhile(folder: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    """What came to have it stays, and so does the file that would have no backup; another run goes on with it."""
    commit, precious = in_place.InPlaceOutput.commit, folder / "c" / "d.txt.orig"

    def take_before(self: in_place.InPlaceOutput) -> None:
        precious.write_bytes(b"precious")
        commit(self)

    def refuse(*_arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as patched:
        patched.setattr(in_place.InPlaceOutput, "commit", take_before)
        if not links:
            patched.setattr(os, "link", refuse)
        with pytest.raises(WriteError, match=r"d\.txt\.orig came to be during the run: .*, after 1 of 2 files"):
            api.clean(folder, in_place=True, backup=".orig")
    done = {**OLD, "b.txt": NEW["b.txt"], "b.txt.orig": OLD["b.txt"]}
    assert content(folder) == {**done, "c/d.txt.orig": b"precious"}
    precious.unlink()
    api.clean([folder / name for name in OLD], in_place=True, backup=".orig")
    assert content(folder) == {**done, "c/d.txt": b"", "c/d.txt.orig": OLD["c/d.txt"]}


def test_a_symbolic_link_is_no_backup(folder: Path) -> None:
    """It leads to the file that is to be replaced: the old text would have no name."""
    (folder / "b.txt.orig").symlink_to("b.txt")
    with pytest.raises(UsageError, match=r"b\.txt\.orig is there already"):
        api.clean([folder / "a.txt", folder / "b.txt"], in_place=True, backup=".orig")
    assert content(folder) == {**OLD, "b.txt.orig": OLD["b.txt"]}


def test_links(dedup: Callable, folder: Path) -> None:
    """A symbolic link stays and the file behind it changes; a file with two names becomes one of its own."""
    (folder / "link").symlink_to("c/d.txt")
    os.link(folder / "c" / "d.txt", folder / "other")
    done = dedup("clean", folder / "link", "--in-place")
    assert done.returncode == 0
    assert b"had several hard links" in done.stderr
    assert (folder / "link").is_symlink()
    assert (folder / "c" / "d.txt").read_bytes() == ARTICLE
    assert (folder / "other").read_bytes() == OLD["c/d.txt"]


def test_one_file_under_two_names_is_refused(dedup: Callable, folder: Path) -> None:
    """It would be cleaned of itself, and nothing would be left."""
    (folder / "link").symlink_to("a.txt")
    for names in (["a.txt", "link"], ["a.txt", "a.txt"], ["a.txt", "c/../a.txt"]):
        done = dedup("clean", "-i", *(folder / name for name in names))
        assert done.returncode == 2
        assert b"are the same file" in done.stderr
    assert content(folder) == {**OLD, "link": ARTICLE}


def test_two_hard_links_are_two_files(folder: Path) -> None:
    """As two copies would be: the first keeps its text, and it stays on the disk."""
    os.link(folder / "a.txt", folder / "a2.txt")
    api.clean([folder / "a.txt", folder / "a2.txt"], in_place=True)
    assert content(folder) == {**OLD, "a2.txt": b""}


def test_compressed_files_stay_compressed(folder: Path) -> None:
    """And one that does not change stays as it is, to the byte."""
    same, doubled = gzip.compress(OTHER, 1), gzip.compress(ARTICLE * 2)
    (folder / "x.txt.gz").write_bytes(same)
    (folder / "y.gz").write_bytes(doubled)
    api.clean([folder / "x.txt.gz", folder / "y.gz"], in_place=True)
    assert (folder / "x.txt.gz").read_bytes() == same
    assert gzip.decompress((folder / "y.gz").read_bytes()) == ARTICLE


def test_large_files_go_to_the_disk_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever waits in memory is bounded; the answer is the same."""
    monkeypatch.setattr(in_place, "HELD_BYTES", 10)
    api.clean(folder, in_place=True)
    assert content(folder) == NEW


def test_removals_give_everything_back(dedup: Callable, folder: Path, tmp_path: Path) -> None:
    """The way back is on the disk before the first file is replaced."""
    assert dedup("clean", folder, "-i", "--removals", "removals").returncode == 0
    assert dedup("restore", folder, "--removals", "removals", "--output-dir", "back").returncode == 0
    assert content(tmp_path / "back") == OLD


def test_parquet_that_does_not_change_comes_back(folder: Path, tmp_path: Path) -> None:
    """It stays as it is; pyarrow would have written other bytes. So does the folder that it is in."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"text": ["Nobody has said this before."]}), folder / "r.parquet", data_page_version="2.0")
    rows = (folder / "r.parquet").read_bytes()
    api.clean(folder, in_place=True, removals=tmp_path / "removals")
    assert content(folder) == {**NEW, "r.parquet": rows}
    restore(folder, tmp_path / "removals", output_dir=tmp_path / "back")
    assert pq.read_table(tmp_path / "back" / "r.parquet") == pq.read_table(folder / "r.parquet")
    assert content(tmp_path / "back") == {**OLD, "r.parquet": (tmp_path / "back" / "r.parquet").read_bytes()}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-i", "-o", "out"], b"takes no --output"),
        (["-i", "-"], b"no standard input"),
        (["-i", "--output-dir", "out"], b"exclude each other"),
        (["--backup", ".bak"], b"--backup goes with --in-place"),
        (["-i", "--backup", "/bak"], b"it has a slash"),
        (["-i", "/dev/null"], b"it is not a regular file"),
    ],
)
def test_wrong_usage(dedup: Callable, folder: Path, arguments: list[str], message: bytes) -> None:
    """Status 2, and nothing is done."""
    done = dedup("clean", folder, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert content(folder) == OLD


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), OSError(5, "Input/output error")])
@pytest.mark.parametrize("where", ["write_many", "prepare", "sync"])
def test_a_failure_before_the_first_replacement_leaves_everything(
    folder: Path, monkeypatch: pytest.MonkeyPatch, where: str, error: OSError
) -> None:
    """Whichever file it hits, no other is replaced and no temporary one stays."""
    method, calls = getattr(FileSink, where), []

    def fail_second(self: FileSink, *arguments: object) -> None:
        calls.append(self)
        if len(calls) == 2:
            raise WriteError(f"cannot write: {error.strerror}", "Free some space.")
        method(self, *arguments)

    monkeypatch.setattr(FileSink, where, fail_second)
    with pytest.raises(WriteError):
        api.clean(folder, in_place=True)
    assert content(folder) == OLD


def test_a_failure_between_two_replacements_is_told(folder: Path, broken_off: Callable) -> None:
    """Every file is old or new, no temporary one stays, and another run goes on with the rest."""
    with broken_off():
        api.clean(folder, in_place=True)
    assert content(folder) == {**OLD, "b.txt": NEW["b.txt"]}
    api.clean(folder, in_place=True)
    assert content(folder) == NEW


@pytest.mark.parametrize("change", ["write", "replace", "remove"])
def test_a_file_that_changes_before_it_is_replaced(folder: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """What somebody wrote meanwhile is not overwritten."""
    path = folder / "c" / "d.txt"
    prepare = in_place.InPlaceOutput.prepare

    def change_before(self: in_place.InPlaceOutput) -> None:
        if change != "write":
            path.unlink()
        if change != "remove":
            path.write_bytes(b"written meanwhile\n")
        prepare(self)

    monkeypatch.setattr(in_place.InPlaceOutput, "prepare", change_before)
    with pytest.raises(ReadError, match="changed while it was read"):
        api.clean(folder, in_place=True)
    expected = {name: text for name, text in OLD.items() if name != "c/d.txt"}
    assert content(folder) == (expected if change == "remove" else {**expected, "c/d.txt": b"written meanwhile\n"})


def test_library_takes_one_place(folder: Path) -> None:
    """None, or two, is a mistake."""
    for where in ({}, {"in_place": True, "output_dir": "x"}, {"in_place": True, "output": "x"}):
        with pytest.raises(UsageError, match="exclude each other" if where else "clean needs an output"):
            api.clean(folder, **where)


def test_a_pipe_is_refused_before_it_is_opened(dedup: Callable, folder: Path) -> None:
    """Opening one that nobody writes to would wait forever."""
    os.mkfifo(folder / "pipe")
    done = dedup("clean", folder / "a.txt", folder / "pipe", "-i")
    assert done.returncode == 2
    assert b"pipe cannot be cleaned in place: it is not a regular file" in done.stderr


def test_files_of_one_name_from_several_folders_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each by its own path, however it was given; from the folder that all are in, all at once."""
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path / "run")
    names = ["one/x.txt", "two/x.txt", "one/two/x.txt", "../x.txt", f"{tmp_path}/three/x.txt"]
    texts = {name: b"The first line of this file.\n" * number + OTHER * 2 for number, name in enumerate(names)}
    for name, text in texts.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text)
    api.clean(["one", "two", *names[3:]], in_place=True, removals="removals")
    for name, text in texts.items():
        assert Path(name).read_bytes() != text
        restore(name, "removals", tmp_path / "again")
        assert (tmp_path / "again").read_bytes() == text


def test_each_of_several_folders_comes_back(dedup: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that was given, one below it, or that in which all of them lie; a part of it is not all."""
    monkeypatch.chdir(tmp_path)
    texts = {
        name: b"Only in %s.\n" % name.encode() + OTHER * 2 for name in ("x/s/a.txt", "y/s/a.txt", "y/b.txt", "c.txt")
    }
    for name, text in texts.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text)
    assert dedup("clean", "x", "./y", "c.txt", "-i", "--removals", "r").returncode == 0
    for folder, prefix in (("x", "x/"), (str(tmp_path / "y"), "y/"), ("y/s", "y/s/"), (".", "")):
        back = tmp_path / f"back{prefix.count('/')}{prefix[:1]}"
        done = dedup("restore", folder, "--removals", "r", "--output-dir", back)
        assert done.returncode == 0, done.stderr
        wanted = {name.removeprefix(prefix): text for name, text in texts.items() if name.startswith(prefix)}
        assert {str(path.relative_to(back)): path.read_bytes() for path in back.rglob("*.txt")} == wanted
    Path("y/b.txt").unlink()
    done = dedup("restore", "y", "--removals", "r", "--output-dir", tmp_path / "none")
    assert done.returncode == 4
    assert b"cannot read y/b.txt" in done.stderr
    assert not (tmp_path / "none").exists()


def test_removals_of_an_earlier_run_are_kept(folder: Path, tmp_path: Path) -> None:
    """A second run has nothing to remove, and its removals would be the end of what the first one removed."""
    removals = tmp_path / "removals"
    api.clean(folder, in_place=True, removals=removals)
    first = removals.read_bytes()
    (folder / "new.txt").write_bytes(ARTICLE * 2)
    with pytest.raises(UsageError, match="removals is there already: it may be the only way back"):
        api.clean(folder, in_place=True, removals=removals)
    assert content(folder) == {**NEW, "new.txt": ARTICLE * 2}
    restore(folder / "c" / "d.txt", removals, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == OLD["c/d.txt"]
    assert removals.read_bytes() == first


@pytest.mark.parametrize("given", ["text.txt", "link.txt", "-"])
def test_removals_of_an_earlier_run_are_kept_where_the_output_is_an_input(
    dedup: Callable, tmp_path: Path, given: str
) -> None:
    """Under whatever name; where it is none, a second run writes the same again."""
    path, removals = tmp_path / "text.txt", tmp_path / "removals"
    path.write_bytes(ARTICLE * 2)
    (tmp_path / "link.txt").symlink_to("text.txt")
    arguments = ["clean", given, "-o", "text.txt", "--removals", "removals"]
    runs = []
    for _ in range(2):
        with path.open("rb") as file:
            runs.append(dedup(*arguments, stdin=file))
    assert [one.returncode for one in runs] == [0, 2]
    assert b"removals is there already: it may be the only way back" in runs[1].stderr
    restore(path, removals, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == ARTICLE * 2
    for _ in range(2):
        assert dedup("clean", "again", "-o", "text.txt", "--removals", "removals").returncode == 0
        with path.open("rb") as file:  # standard output is another file than standard input
            assert dedup("clean", "--removals", "removals", stdin=file).returncode == 0
