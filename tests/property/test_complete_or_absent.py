"""G6: an output file is complete or absent, whatever goes wrong on the way."""

from __future__ import annotations

import io
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dedup import api
from dedup.errors import DedupError, ReadError, WriteError
from dedup.sinks.atomic import FileSink

ARTICLE = b"".join(b"Senator number %d voted on the bill early this week, said a spokesman.\n" % i for i in range(50))
OLD = b"what stood there before\n"


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    """A file with text in a directory of its own: after the test it is as it was, alone."""
    folder = tmp_path / "target"
    folder.mkdir()
    path = folder / "out.txt"
    path.write_bytes(OLD)
    yield path
    assert path.read_bytes() == OLD
    assert list(folder.iterdir()) == [path]


class Broken(io.BytesIO):
    """Gives some text, then what is no text."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(ARTICLE)
        self.error = error

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() == len(ARTICLE):
            raise self.error
        return super().read(min(size or 100, 100))


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (OSError(5, "Input/output error"), ReadError),
        (RuntimeError("a bug"), RuntimeError),
        (MemoryError(), MemoryError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_reading_fails_in_the_middle(target: Path, error: BaseException, raised: type[BaseException]) -> None:
    """An error or Ctrl-C while text comes in."""
    report = target.with_name("report.json")
    with pytest.raises(raised):
        api.clean(Broken(error), target, report=report)


def test_report_has_no_room(target: Path) -> None:
    """A report that cannot be written takes the output with it."""
    with pytest.raises(WriteError, match="No space left"):
        api.clean(ARTICLE, target, report="/dev/full")


def test_report_has_no_directory(target: Path) -> None:
    """It shows before anything is read."""
    source = Broken(RuntimeError("read"))
    with pytest.raises(WriteError, match="No such file or directory"):
        api.clean(source, target, report=target.parent / "missing" / "report.json")
    assert source.tell() == 0


def test_output_has_no_directory(dedup: Callable, tmp_path: Path, target: Path) -> None:
    """The message names the remedy; neither output nor report appears."""
    done = dedup("clean", "-o", "missing/out.txt", "--report", target.with_name("r.json"), text=ARTICLE)
    assert done.returncode == 4
    assert b"cannot write missing/out.txt: No such file or directory" in done.stderr
    assert b"Create the directory first" in done.stderr
    assert done.stdout == b""
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("arguments", [["-o", "/dev/full"], ["--report", "/dev/full", "-o", "target/out.txt"]])
def test_full_disk(dedup: Callable, target: Path, arguments: list[str]) -> None:
    """The status is 4, and the message says what is full."""
    done = dedup("clean", *arguments, text=ARTICLE)
    assert done.returncode == 4
    assert b"cannot write /dev/full: No space left on device" in done.stderr


def test_full_standard_output(dedup: Callable, target: Path) -> None:
    """A report is not written for text that could not be."""
    with open("/dev/full", "wb") as full:
        done = dedup("clean", "--report", target.with_name("r.json"), text=ARTICLE, stdout=full)
    assert done.returncode == 4
    assert b"cannot write standard output: No space left on device" in done.stderr


def test_parquet_that_has_no_room_or_no_reader(dedup: Callable, tmp_path: Path) -> None:
    """Its first bytes are written before its first row: what the sink says of them counts as well."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"text": [ARTICLE.decode()]}), tmp_path / "in.parquet")
    with open("/dev/full", "wb") as full:
        done = [dedup("clean", "in.parquet", "-o", "/dev/full"), dedup("clean", "in.parquet", stdout=full)]
    assert [one.returncode for one in done] == [4, 4]
    assert all(b": No space left on device" in one.stderr for one in done)
    reader, writer = os.pipe()
    os.close(reader)
    gone = dedup("clean", "in.parquet", stdout=writer)
    os.close(writer)
    assert (gone.returncode, gone.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP)]
)
def test_interrupted(command: list[str], environment: dict[str, str], tmp_path: Path, number: int, status: int) -> None:
    """Ctrl-C in the middle leaves the old text and says so; so do a time limit and a closed terminal, in silence."""
    target = tmp_path / "out.txt"
    target.write_bytes(OLD)
    with subprocess.Popen(
        [*command, "clean", "-o", target.name, "--report", "r.json"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
        bufsize=0,
        preexec_fn=lambda: signal.signal(
            number, signal.SIG_DFL
        ),  # a job in the background is started with Ctrl-C ignored
    ) as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write(ARTICLE * 20)
        deadline = time.monotonic() + 30
        while len(list(tmp_path.iterdir())) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)  # until both temporary files are there: the run has begun
        time.sleep(0.2)
        process.send_signal(number)
        assert process.wait(30) == status
        message = process.stderr.read()
    assert target.read_bytes() == OLD
    assert not (tmp_path / "r.json").exists()
    assert list(tmp_path.iterdir()) == [target]
    assert message == (b"dedup: interrupted\n" if number == signal.SIGINT else b"")


_AGAIN = """
import os, signal, sys
from dedup import cli
from dedup.sinks import open_sink
sink = open_sink("out.txt")
cli._run = cli.{where} = lambda *_: os.kill(os.getpid(), signal.SIGINT)
sys.exit(cli.main())
"""


@pytest.mark.parametrize("where", ["_as_known", "_say_known", "leave"])
def test_interrupted_again(environment: dict[str, str], tmp_path: Path, where: str) -> None:
    """Another Ctrl-C on the way out ends it at once, without a traceback and without what is half written."""
    done = subprocess.run(
        [sys.executable, "-c", _AGAIN.format(where=where)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (130, b"", [])
    assert done.stderr in (b"", b"dedup: interrupted\n")


def test_output_is_the_input(dedup: Callable, tmp_path: Path) -> None:
    """A file can be cleaned in place: it is replaced when all of it has been read."""
    path = tmp_path / "text.txt"
    path.write_bytes(ARTICLE * 2)
    path.chmod(0o640)
    assert dedup("clean", path, "-o", path).returncode == 0
    assert path.read_bytes() == ARTICLE
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("change", ["write", "replace", "remove"])
@pytest.mark.parametrize("by_name", [True, False])
def test_an_input_that_changes_before_it_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, by_name: bool
) -> None:
    """What somebody wrote meanwhile is not overwritten, also where the input is standard input."""
    path, prepare = tmp_path / "text.txt", FileSink.prepare
    path.write_bytes(ARTICLE * 2)

    def change_before(self: FileSink) -> None:
        prepare(self)
        if change != "write":
            path.unlink()
        if change != "remove":
            path.write_bytes(OLD)

    monkeypatch.setattr(FileSink, "prepare", change_before)
    kept = os.dup(0)
    try:
        with path.open("rb") as file:
            os.dup2(file.fileno(), 0)
        with pytest.raises(ReadError, match=r"text\.txt changed while it was read"):
            api.clean(path if by_name else "-", path)
    finally:
        os.dup2(kept, 0)
        os.close(kept)
    assert [(one, one.read_bytes()) for one in tmp_path.iterdir()] == [(path, OLD)] * (change != "remove")


def test_output_and_report_are_refused_if_one_file(target: Path) -> None:
    """Not even by another spelling of the name."""
    with pytest.raises(DedupError, match="the same file"):
        api.clean(ARTICLE, target, report=target.parent / ".." / target.parent.name / target.name)


def test_link_is_followed(dedup: Callable, tmp_path: Path) -> None:
    """An output that is a symbolic link stays one; the file behind it gets the text."""
    (tmp_path / "real.txt").write_bytes(OLD)
    os.symlink("real.txt", tmp_path / "link.txt")
    assert dedup("clean", "-o", "link.txt", text=ARTICLE).returncode == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_bytes() == ARTICLE


def test_nothing_is_done_on_wrong_usage(dedup: Callable, target: Path) -> None:
    """A value out of range: nothing is read, nothing is written."""
    done = dedup("clean", "--threshold", "2", "-o", "target/out.txt", text=ARTICLE)
    assert done.returncode == 2
    assert b"--threshold" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["clean", "{0}/n.txt", "--output-dir", "x"],
        ["clean", "{0}/n.txt", "-o", "{0}/x", "--report", "x.json"],
        ["clean", "{0}/n.txt", "-o", "{0}/x", "--removals", "x"],
        ["restore", "{0}/c.txt", "--removals", "{0}/r", "-o", "x"],
        ["restore", "{0}/c.txt", "--removals", "{0}/r", "--output-dir", "x"],
    ],
)
def test_nothing_can_be_written_where_the_working_directory_was_deleted(
    command: list[str], environment: dict[str, str], tmp_path: Path, seed: bytes, arguments: list[str]
) -> None:
    """It is told, as of any other folder that is not there."""
    (tmp_path / "n.txt").write_bytes(seed)
    api.clean(tmp_path / "n.txt", tmp_path / "c.txt", removals=tmp_path / "r")
    before = sorted(path.name for path in tmp_path.iterdir())
    run = shlex.join([*command, *(one.format(tmp_path) for one in arguments)])
    script = f"mkdir gone; cd gone; rmdir ../gone; exec {run}"
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 4
    assert b"dedup: cannot write x" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == before
