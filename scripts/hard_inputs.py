"""Runs inputs that are hard and prints what came of them: `python scripts/hard_inputs.py [--scale 1.0] [NAME ...]`.

Each case has the exit status, the message and the bound on memory that it must keep, and looks at what stands on
the disk afterwards. Ends with status 1 if one of them does not hold. At scale 1 it writes up to 5 GB below TMPDIR
and takes some minutes; parts that need root or a package that is missing are left out, and say so.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gzip
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

GIB = 1 << 30
MIB = 1 << 20
SMALL_RUN_MB = 120
"""Peak memory of a run on little text, with room."""
COMMAND = [sys.executable, "-m", "dedup", "clean"]
NOBODY = 65534
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
"""Of Linux: prctl(2), capabilities(7)."""
OLD = b"what stood there before\n"


class Done(NamedTuple):
    """A run that ended."""

    status: int
    message: str
    out_bytes: int
    peak_mb: float
    seconds: float


class Failed(Exception):
    """Something is not as it must be."""


class NotHere(Exception):
    """A case that cannot be tried on this machine."""


class Scene:
    """A folder of its own for one case, and how to run the command in it."""

    def __init__(self, folder: Path, scale: float) -> None:
        self.folder = folder
        self.scale = scale
        self.done: Done | None = None

    def size(self, full: int) -> int:
        """Bytes at this scale."""
        return int(full * self.scale)

    def run(
        self,
        *arguments: str,
        feed: Callable[[IO[bytes]], None] | None = None,
        during: Callable[[subprocess.Popen[bytes]], None] | None = None,
        **more: Any,
    ) -> Done:
        """Run the command; its output is counted.

        Args:
            arguments: of `dedup clean`.
            feed: writes standard input.
            during: does something while it runs.
            more: for Popen.
        """
        started = time.monotonic()
        process: subprocess.Popen[bytes] = subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.folder,
            stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **more,
        )
        counted: list[int] = []
        messages: list[bytes] = []
        threads = [threading.Thread(target=lambda: counted.append(drain(process.stdout)))]
        threads.append(threading.Thread(target=lambda: messages.append(process.stderr.read())))  # type: ignore[union-attr]
        if feed:
            threads.append(threading.Thread(target=lambda: pour(process.stdin, feed)))
        for thread in threads:
            thread.start()
        if during:
            during(process)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        for thread in threads:
            thread.join()
        self.done = Done(
            process.returncode,
            messages[0].decode(errors="replace").strip(),
            counted[0],
            usage.ru_maxrss / 1024,
            time.monotonic() - started,
        )
        return self.done

    def files(self) -> list[str]:
        """Names of all that is in the folder, hidden or not."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))


def drain(pipe: IO[bytes] | None) -> int:
    """Read to the end; gives how many bytes came."""
    total = 0
    while pipe and (part := pipe.read(MIB)):
        total += len(part)
    return total


def pour(pipe: IO[bytes] | None, feed: Callable[[IO[bytes]], None]) -> None:
    """Write what `feed` writes; a reader that has gone is no failure of ours."""
    with contextlib.suppress(BrokenPipeError):
        assert pipe
        feed(pipe)
    with contextlib.suppress(BrokenPipeError):
        assert pipe
        pipe.close()


def words(size: int) -> Iterator[bytes]:
    """Text without a line end and without repeats, about a MiB at a time."""
    draw = random.Random(1)
    while size > 0:
        block = draw.randbytes(465_000).hex(" ", 4).encode() + b" "
        yield block[:size]
        size -= len(block)


def lines(count: int, start: int = 0) -> bytes:
    """Lines that are like no other."""
    return b"".join(
        b"Line %d says that %d barrels went to %d places this week.\n" % (n, n * 7, n * 13)
        for n in range(start, start + count)
    )


def expect(good: bool, what: str) -> None:
    """Fail if it is not so."""
    if not good:
        raise Failed(what)


def expect_done(done: Done, status: int, message: str = "", peak_mb: float = SMALL_RUN_MB) -> None:
    """The status, a part of the message and the bound on memory."""
    expect(done.status == status, f"status {done.status} instead of {status}: {done.message[-300:]}")
    expect(message in done.message, f"no {message!r} in {done.message[-300:]!r}")
    expect("bug" not in done.message, done.message)
    expect(done.peak_mb <= peak_mb, f"{done.peak_mb:.0f} MB at the peak, more than {peak_mb:.0f}")


def line_from_a_pipe(scene: Scene) -> None:
    """A line of 2 GB that comes through a pipe."""
    size = scene.size(2 * GIB)

    def feed(pipe: IO[bytes]) -> None:
        for block in words(size):
            pipe.write(block)

    done = scene.run(feed=feed)
    expect_done(done, 0, peak_mb=400)
    expect(done.out_bytes == size, f"{done.out_bytes} of {size} bytes came out")


def sparse_line(scene: Scene) -> None:
    """A file of 2 GB that is one line of NULs, most of it a hole."""
    size = scene.size(2 * GIB)
    with open(scene.folder / "holes", "wb") as file:
        file.truncate(size)
    done = scene.run("holes")
    expect_done(done, 0, peak_mb=250)
    expect(done.out_bytes in (size, MIB), f"{done.out_bytes} of {size} bytes came out")


def large_record(scene: Scene) -> None:
    """A JSONL record of 500 MB between two small ones."""
    size = scene.size(500 * MIB)
    with open(scene.folder / "large.jsonl", "wb") as file:
        file.write(b'{"text":"one"}\n{"text":"')
        for block in words(size):
            file.write(block)
        file.write(b'"}\n{"text":"two"}\n')
    done = scene.run("large.jsonl")
    expect_done(done, 0, peak_mb=150 + 2.5 * size / MIB)
    expect(done.out_bytes == os.path.getsize(scene.folder / "large.jsonl"), f"{done.out_bytes} bytes came out")


def bomb(scene: Scene) -> None:
    """A .zst of some KB that holds 4 GB of one line."""
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        try:
            from backports import zstd
        except ImportError as error:
            raise NotHere("needs backports.zstd") from error
    line = b"The senate voted on the same bill in the same words all over again this week.\n"
    block, left = line * 10_000, scene.size(4 * GIB)
    with zstd.open(scene.folder / "bomb.txt.zst", "wb") as file:
        while left > 0:
            file.write(block)
            left -= len(block)
    done = scene.run("bomb.txt.zst", "-o", "out.txt")
    paragraphs = scene.size(4 * GIB) / len(line)
    # Where each paragraph begins and which original it repeats: 8 bytes. What is expanded is never held.
    expect_done(done, 0, peak_mb=150 + 8 * paragraphs / MIB)
    expect((scene.folder / "out.txt").read_bytes() == line, "the line does not stand there once")


def cut_off(scene: Scene) -> None:
    """A .gz that ends in the middle."""
    (scene.folder / "cut.txt.gz").write_bytes(gzip.compress(lines(20_000))[:-2000])
    (scene.folder / "out.txt").write_bytes(OLD)
    done = scene.run("cut.txt.gz", "-o", "out.txt")
    expect_done(done, 4, "too soon")
    expect((scene.folder / "out.txt").read_bytes() == OLD, "the target was replaced")
    expect(scene.files() == ["cut.txt.gz", "out.txt"], f"left: {scene.files()}")


def no_record(scene: Scene) -> None:
    """A JSON line that is none."""
    text = b'{"text":"one"}\n{"text":"tw\n{"text":"three"}\n'
    (scene.folder / "a.jsonl").write_bytes(text)
    done = scene.run("a.jsonl", "-o", "out.jsonl")
    expect_done(done, 3, "line 2")
    expect((scene.folder / "out.jsonl").read_bytes() == text, "the line was not passed through")
    expect_done(scene.run("a.jsonl", "--strict", "-o", "strict.jsonl"), 4, "--strict")
    expect(not (scene.folder / "strict.jsonl").exists(), "a target appeared")


def ragged_table(scene: Scene) -> None:
    """A CSV row with another number of columns."""
    text = b"id,text\n1,one\n2,two,three\n4,four\n"
    (scene.folder / "a.csv").write_bytes(text)
    done = scene.run("a.csv", "-o", "out.csv")
    expect_done(done, 3, "line 3")
    expect((scene.folder / "out.csv").read_bytes() == text, "the row was not passed through")


def broken_footer(scene: Scene) -> None:
    """A Parquet file whose footer is broken."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise NotHere("needs pyarrow") from error
    path = scene.folder / "a.parquet"
    parquet.write_table(pa.table({"text": ["one", "two"]}), path)
    path.write_bytes(path.read_bytes()[:-20] + b"\0" * 12 + b"PAR1")
    done = scene.run("a.parquet", "-o", "out.parquet")
    expect_done(done, 4, "a.parquet", peak_mb=400)
    expect(scene.files() == ["a.parquet"], f"left: {scene.files()}")


APPENDED = 30
"""Lines added to a file while it is read, one in ten milliseconds."""


def changing_file(scene: Scene) -> None:
    """A file that somebody writes to while it is read."""
    path = scene.folder / "log.txt"
    with open(path, "wb") as text:
        for start in range(0, scene.size(2_000_000), 10_000):  # what this process holds counts for the run as well
            text.write(lines(10_000, start))

    def write(process: subprocess.Popen[bytes]) -> None:
        while not opened(process.pid, path):
            time.sleep(0.001)
        # More than once: what is written before the process asks how large the file is belongs to it.
        for _ in range(APPENDED):
            with open(path, "ab") as file:
                file.write(b"a line more\n")
            time.sleep(0.01)

    if not os.path.isdir("/proc/self/fd"):
        raise NotHere("needs /proc to know when the file is open")
    done = scene.run("log.txt", "-o", "out.txt", during=write)
    expect_done(done, 4, "changed while it was read", peak_mb=400)
    expect(scene.files() == ["log.txt"], f"left: {scene.files()}")


def opened(pid: int, path: Path) -> bool:
    """Whether a process has a file open; True as well if it has ended."""
    folder = f"/proc/{pid}/fd"
    try:
        return any(os.path.realpath(f"{folder}/{number}") == str(path) for number in os.listdir(folder))
    except OSError:
        return True


def unreadable(scene: Scene) -> None:
    """A file and a folder that may not be read, beside one that may."""
    folder = scene.folder / "in"
    locked, secret = folder / "locked", folder / "secret.txt"
    locked.mkdir(parents=True)
    for path in (locked / "a.txt", secret, folder / "open.txt"):
        path.write_bytes(OLD)
    for path in (locked, secret):
        path.chmod(0)
    plain: dict[str, Any] = {}
    if os.geteuid() == 0:
        # Root reads all but what belongs to others, once it has given up to be above all rights. Another user would
        # have to be able to read the interpreter as well, which may lie below root's home.
        for path in (locked, secret):
            os.chown(path, NOBODY, NOBODY)
        plain["preexec_fn"] = give_up_root
    try:
        done = scene.run("in", **plain)
    except subprocess.SubprocessError as error:
        raise NotHere("root cannot give up its rights here") from error
    finally:
        locked.chmod(0o700)
    expect_done(done, 3, "skipped in/secret.txt: Permission denied")
    expect("skipped in/locked: Permission denied" in done.message, done.message)
    expect(done.out_bytes == len(OLD), f"{done.out_bytes} bytes came out")


def give_up_root() -> None:
    """Have the program that this process will run respect permissions, though it is root's. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")


def loops(scene: Scene) -> None:
    """A folder with links to itself and to nothing, and a FIFO."""
    (scene.folder / "in" / "deep").mkdir(parents=True)
    (scene.folder / "in" / "a.txt").write_bytes(OLD)
    (scene.folder / "in" / "deep" / "loop").symlink_to("..")
    (scene.folder / "in" / "nowhere").symlink_to("missing")
    os.mkfifo(scene.folder / "in" / "fifo")
    done = scene.run("in")
    expect_done(done, 0, "2 symbolic links")
    expect(done.out_bytes == len(OLD), f"{done.out_bytes} bytes came out")
    expect_done(scene.run("in", "--follow"), 3, "skipped in/nowhere: No such file")


def output_is_an_input(scene: Scene) -> None:
    """The output is one of the inputs."""
    one, other = lines(50), lines(50, 1000)
    (scene.folder / "a.txt").write_bytes(one)
    (scene.folder / "b.txt").write_bytes(other + one)
    expect_done(scene.run("a.txt", "b.txt", "-o", "a.txt"), 0)
    expect((scene.folder / "a.txt").read_bytes() == one + other, "the text is not that of both")
    with open(scene.folder / "b.txt", "ab") as file:
        process = subprocess.run(
            [*COMMAND, "b.txt"], cwd=scene.folder, stdout=file, stderr=subprocess.PIPE, timeout=60, check=False
        )
    expect(process.returncode == 4, f"status {process.returncode} for an output appended to its input")
    expect((scene.folder / "b.txt").read_bytes() == other + one, "the input was written to")


@contextlib.contextmanager
def small_disk(scene: Scene, size: int) -> Iterator[Path]:
    """A file system of `size` bytes."""
    place = scene.folder / "disk"
    place.mkdir()
    mounted = os.geteuid() == 0 and shutil.which("mount")
    if not mounted:
        raise NotHere("needs root to mount a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place)], check=False).returncode:
        raise NotHere("no tmpfs can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def full_disk(scene: Scene) -> None:
    """A disk that is full before all outputs are written: an output directory, in place, one file."""
    with small_disk(scene, 2 * MIB) as disk:
        (disk / "in").mkdir()
        for number in range(20):
            text = lines(1000, 1000 * number)
            (disk / "in" / f"{number:02}.txt").write_bytes(text + text[:300])
        before = {path: path.read_bytes() for path in disk.rglob("*") if path.is_file()}
        for arguments in (["--output-dir", "disk/out"], ["--in-place"], ["-o", "disk/in/00.txt"]):
            done = scene.run("disk/in", *arguments)
            expect_done(done, 4, "No space left on device")
            after = {path: path.read_bytes() for path in disk.rglob("*") if path.is_file()}
            expect(after == before, f"{arguments}: {sorted(set(after) ^ set(before)) or 'a file changed'}")
            expect(not (disk / "out").exists(), "a folder was left")


def full_spool(scene: Scene) -> None:
    """The temporary directory is too small for text from a pipe."""
    with small_disk(scene, 4 * MIB) as disk:
        done = scene.run(
            "-o", "out.txt", feed=lambda pipe: pipe.writelines(words(80 * MIB)), env={**os.environ, "TMPDIR": str(disk)}
        )
        expect_done(done, 4, "No space left on device", peak_mb=300)
        expect("TMPDIR" in done.message, done.message)
        expect(list(disk.iterdir()) == [], "something is left in the temporary directory")
        expect(not (scene.folder / "out.txt").exists(), "a target appeared")


def file_size_limit(scene: Scene) -> None:
    """A limit on the size of files, as a quota without root."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    (scene.folder / "in.txt").write_bytes(lines(10_000))
    (scene.folder / "out.txt").write_bytes(OLD)
    done = scene.run("in.txt", "-o", "out.txt", preexec_fn=limit)
    expect_done(done, 4, "File too large")
    expect((scene.folder / "out.txt").read_bytes() == OLD, "the target was replaced")
    expect(scene.files() == ["in.txt", "out.txt"], f"left: {scene.files()}")


def interrupted(scene: Scene) -> None:
    """Ctrl-C while files are cleaned in place."""
    folder = scene.folder / "in"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number}.txt").write_bytes(lines(20_000) + lines(5000, number * 30_000))
    before = {path: path.read_bytes() for path in folder.iterdir()}

    def interrupt(process: subprocess.Popen[bytes]) -> None:
        while len(list(folder.iterdir())) == len(before) and opened(process.pid, folder) is False:
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)

    done = scene.run("in", "--in-place", "--threads", "1", during=interrupt)
    if done.status == 0:
        raise NotHere("the run was faster than Ctrl-C")
    expect_done(done, 130, "interrupted", peak_mb=300)
    expect({path: path.read_bytes() for path in folder.iterdir()} == before, "a file changed or was left")


def reader_leaves(scene: Scene) -> None:
    """The reader of the output closes the pipe."""
    (scene.folder / "in.txt").write_bytes(lines(200_000))
    process = subprocess.Popen([*COMMAND, "in.txt"], cwd=scene.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    process.stdout.close()
    message = process.stderr.read()
    expect((process.wait(60), message) == (0, b""), f"status {process.returncode}, {message!r}")


CASES = (
    line_from_a_pipe,
    sparse_line,
    large_record,
    bomb,
    cut_off,
    no_record,
    ragged_table,
    broken_footer,
    changing_file,
    unreadable,
    loops,
    output_is_an_input,
    full_disk,
    full_spool,
    file_size_limit,
    interrupted,
    reader_leaves,
)


def attempt(case: Callable[[Scene], None], scale: float) -> tuple[str, str, Done | None]:
    """Run one case; gives `ok`, `FAILED` or `left out`, why, and the last run of it."""
    with tempfile.TemporaryDirectory(prefix="dedup-hard-") as folder:
        scene = Scene(Path(folder).resolve(), scale)
        try:
            case(scene)
        except Failed as failure:
            return "FAILED", str(failure), scene.done
        except NotHere as reason:
            return "left out", str(reason), scene.done
        return "ok", "", scene.done


def main() -> int:
    """Run the cases, print a line for each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="cases to run; all of them by default")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the large inputs")
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    given = parser.parse_args()
    chosen = [case for case in CASES if not given.names or case.__name__ in given.names]
    failed = False
    for case in chosen:
        result, why, done = attempt(case, given.scale)
        failed |= result == "FAILED"
        what = (case.__doc__ or "").strip()
        if given.json:
            print(json.dumps({"case": case.__name__, "result": result, "why": why, **(done._asdict() if done else {})}))
            continue
        figures = f"status {done.status}, {done.peak_mb:.0f} MB, {done.seconds:.1f} s" if done else ""
        print(f"{result:8} {case.__name__:18} {what} {figures} {why}".rstrip(), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
