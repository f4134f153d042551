"""The installed command on the seed, on rubbish and under misuse: output, messages, exit status."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dedup import api

SENTENCE = b"The House voted on the bill early this week, said a spokesman.\n"
REMOVED = "dedup: removed {} of {} paragraphs, {} of the words, in 1 block\n"


@pytest.fixture
def lines(seed: bytes) -> list[bytes]:
    """The 34 lines of the seed; the last one has no line end."""
    found = seed.splitlines(keepends=True)
    assert len(found) == 34
    assert found[:16] == found[17:33]
    return found


def spans(report: Path) -> list[tuple[list[int], list[int]]]:
    """The lines of each block and of its original."""
    return [(block["lines"], block["original"]["lines"]) for block in json.loads(report.read_text())["blocks"]]


# --- the seed and its variants


def test_seed(dedup: Callable, tmp_path: Path, seed_path: Path, lines: list[bytes]) -> None:
    """The first 17 paragraphs come out byte for byte; one block: lines 18-34 repeat lines 1-17."""
    done = dedup("clean", seed_path, "--report", "r.json")
    assert done.stdout == b"".join(lines[:17])
    assert done.stderr.decode() == REMOVED.format(17, 34, "50 %")
    assert done.returncode == 0
    (block,) = json.loads((tmp_path / "r.json").read_text())["blocks"]
    assert (block["lines"], block["original"]["lines"], block["paragraphs"]) == ([18, 34], [1, 17], 17)


def test_seed_as_a_filter(dedup: Callable, tmp_path: Path, seed: bytes, lines: list[bytes]) -> None:
    """`cat article.txt | dedup clean` needs no arguments and leaves no files."""
    done = dedup("clean", text=seed)
    assert (done.returncode, done.stdout) == (0, b"".join(lines[:17]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine_name", ["auto", "native", "reference"])
def test_second_copy_on_one_line(dedup: Callable, tmp_path: Path, lines: list[bytes], engine_name: str) -> None:
    """The first copy has a line for each paragraph, the second one for all."""
    first = b"".join(lines[:17])
    text = first + b" ".join(line.strip() for line in lines[17:]) + b"\n"
    done = dedup("clean", "--report", "r.json", "--engine", engine_name, text=text)
    assert done.returncode == 0
    assert done.stdout == first
    ((place, original),) = spans(tmp_path / "r.json")
    assert (place, original) == ([18, 18], [1, 17])


@pytest.mark.parametrize("which", ["both", "second"])
def test_carriage_returns(dedup: Callable, tmp_path: Path, lines: list[bytes], which: str) -> None:
    """CRLF everywhere, or in the second copy only."""
    first, second = ([line.rstrip(b"\n") + b"\r\n" for line in lines[start : start + 17]] for start in (0, 17))
    first = first if which == "both" else lines[:17]
    done = dedup("clean", "--report", "r.json", text=b"".join(first + second))
    assert done.stdout == b"".join(first)
    assert spans(tmp_path / "r.json") == [([18, 34], [1, 17])]


def test_straight_quotes(dedup: Callable, tmp_path: Path, lines: list[bytes]) -> None:
    """Typographic quotes in the first copy, straight ones in the second."""
    second = b"".join(lines[17:]).decode()
    for typographic, straight in ("“”", '""'), ("‘’", "''"):
        second = second.translate(str.maketrans(typographic, straight))
    assert second.encode() != b"".join(lines[17:])
    done = dedup("clean", "--report", "r.json", text=b"".join(lines[:17]) + second.encode())
    assert done.stdout == b"".join(lines[:17])
    assert spans(tmp_path / "r.json") == [([18, 34], [1, 17])]


def test_advertisements_stay(dedup: Callable, tmp_path: Path, lines: list[bytes]) -> None:
    """A line put between the paragraphs of the second copy repeats nothing there, and stays."""
    second = []
    for number, line in enumerate(lines[17:]):
        if number and number % 3 == 0:
            second.append(b"ADVERTISEMENT\n")
        second.append(line)
    done = dedup("clean", "--report", "r.json", text=b"".join(lines[:17] + second))
    assert done.stdout == b"".join(lines[:17]) + b"ADVERTISEMENT\n" * 5
    assert spans(tmp_path / "r.json") == [([18, 39], [1, 17])]


def test_a_changed_word_in_each_paragraph(dedup: Callable, tmp_path: Path, lines: list[bytes]) -> None:
    """With `--remove similar` paragraphs go that differ in a word; with `exact` they stay."""
    second = []
    for line in lines[17:]:
        words = line.split(b" ")
        if len(words) >= 20:
            words[len(words) // 2] = b"changed"
        second.append(b" ".join(words))
    text = b"".join(lines[:17] + second)
    similar = dedup("clean", "--remove", "similar", "--report", "r.json", text=text)
    assert similar.stdout == b"".join(lines[:17])
    assert spans(tmp_path / "r.json") == [([18, 34], [1, 17])]
    exact = dedup("clean", "--remove", "exact", text=text).stdout
    assert all(line in exact for line in second if b"changed" in line)


# --- what is on which stream


def test_nothing_to_remove(dedup: Callable) -> None:
    """The text comes out as it was, and one line says so."""
    done = dedup("clean", text=SENTENCE)
    assert (done.returncode, done.stdout) == (0, SENTENCE)
    assert done.stderr == b"dedup: no repeats in 1 paragraph\n"


def test_quiet(dedup: Callable, seed: bytes) -> None:
    """With --quiet nothing is said."""
    for flag in ("--quiet", "-q"):
        done = dedup("clean", flag, text=seed)
        assert (done.returncode, done.stderr, len(done.stdout)) == (0, b"", 3464)


def test_output_file(dedup: Callable, tmp_path: Path, seed: bytes) -> None:
    """With -o nothing is on standard output."""
    done = dedup("clean", "-o", "clean.txt", text=seed)
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "clean.txt").read_bytes() == seed[:3464]
    assert dedup("clean", "-o", "/dev/null", text=seed).returncode == 0
    assert dedup("clean", "-o", "-", text=seed).stdout == seed[:3464]
    assert dedup("clean", "-o", "/dev/stdout", text=seed).stdout == seed[:3464]


def test_several_files(dedup: Callable, tmp_path: Path, seed: bytes) -> None:
    """Files are documents; standard input may be one of them; what an earlier one said is not repeated."""
    (tmp_path / "a.txt").write_bytes(SENTENCE)
    (tmp_path / "b.txt").write_bytes(seed[:3464])
    done = dedup("clean", "a.txt", "-", "b.txt", text=seed)
    assert done.returncode == 0
    assert done.stdout == SENTENCE + seed[:3464]


def test_progress_when_asked_for(dedup: Callable, seed: bytes) -> None:
    """Lines on standard error, not among the text."""
    done = dedup("clean", "--progress", text=seed)
    assert done.stdout == seed[:3464]
    assert b"dedup: read 0.0 MB" in done.stderr
    assert b"MB" not in dedup("clean", "--no-progress", text=seed).stderr


# --- rubbish


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        b"\r\r\r",
        b"\0" * 1000,
        b"\xff\xfe\x80" * 50,
        b"a\0b\n" * 3,
        SENTENCE.rstrip(),
        b"\xef\xbb\xbf" + SENTENCE,
        b"lone\rcarriage\rreturns\r",
        "e\u0301 é\u200b\u00ad\n".encode(),
        bytes(range(256)),
    ],
    ids=range(11),
)
def test_text_without_repeats_passes_through(dedup: Callable, engine: str, text: bytes) -> None:
    """Whatever the bytes are."""
    done = dedup("clean", "--engine", engine, text=text)
    assert (done.returncode, done.stdout) == (0, text)
    assert done.stderr.startswith(b"dedup: no repeats in ")


def test_lone_carriage_returns_end_lines(dedup: Callable, tmp_path: Path, lines: list[bytes]) -> None:
    """As in files from old Macs."""
    text = b"".join(lines).replace(b"\n", b"\r")
    done = dedup("clean", "--report", "r.json", text=text)
    assert done.stdout == text[:3464]
    assert spans(tmp_path / "r.json") == [([18, 34], [1, 17])]


def test_broken_bytes_in_a_copy(dedup: Callable) -> None:
    """Equal broken bytes are equal; they are told."""
    line = b"The Caf\xe9 on the corner was closed by the police early this \xff week.\n"
    done = dedup("clean", text=line + b"Something else.\n" + line)
    assert done.stdout == line + b"Something else.\n"
    assert b"kept 4 bytes that are not UTF-8" in done.stderr


@pytest.mark.parametrize("pattern", [b"x", b"word ", b"one sentence. And another of them! ", "東京".encode(), b"\0"])
def test_some_megabytes_without_a_line_end(dedup: Callable, tmp_path: Path, pattern: bytes) -> None:
    """A file and a pipe give the same; what stays is from the text, and all is read."""
    text = pattern * (3_000_000 // len(pattern))
    (tmp_path / "long.txt").write_bytes(text)
    by_name, by_pipe = dedup("clean", "long.txt", "--report", "r.json"), dedup("clean", text=text)
    assert by_name.returncode == by_pipe.returncode == 0
    assert by_name.stdout == by_pipe.stdout
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["input"]["bytes"] == len(text)
    assert 0 < len(by_name.stdout) <= len(text)
    assert pattern in by_name.stdout


def test_missing_file_among_good_ones(dedup: Callable, tmp_path: Path) -> None:
    """The good ones are cleaned; the status is 3."""
    (tmp_path / "good.txt").write_bytes(SENTENCE)
    done = dedup("clean", "good.txt", "missing.txt", "good.txt")
    assert (done.returncode, done.stdout) == (3, SENTENCE * 2)
    assert done.stderr.decode().splitlines()[-1] == "dedup: skipped missing.txt: No such file or directory"


def test_empty_folder_as_input(dedup: Callable, tmp_path: Path) -> None:
    """There is nothing to do, and that is told."""
    (tmp_path / ".hidden").write_bytes(SENTENCE)
    done = dedup("clean", tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"no file to read in {tmp_path}: 1 hidden" in done.stderr.decode()


def test_control_characters_in_a_name(dedup: Callable) -> None:
    """A file name does not drive the terminal."""
    done = dedup("clean", "bad\x1b[2J\n.txt")
    assert done.returncode == 4
    assert b"\x1b" not in done.stderr


# --- pipes and signals


def test_reader_leaves_early(command: list[str], environment: dict[str, str], tmp_path: Path) -> None:
    """`dedup clean | head -1` ends with status 0 and no message."""
    lines = (b"%d: the senate voted on bill %d of the year %d this week.\n" % (i, i * 7, i * 13) for i in range(60_000))
    (tmp_path / "long.txt").write_bytes(b"".join(lines))
    with subprocess.Popen(
        [*command, "clean", "long.txt"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == b"0: the senate voted on bill 0 of the year 0 this week.\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_help_into_a_closed_pipe(command: list[str], environment: dict[str, str]) -> None:
    """No traceback either."""
    with subprocess.Popen(
        [*command, "clean", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


@pytest.fixture
def unblocked() -> Iterator[Callable[[bytes], int]]:
    """Gives the reading end of a pipe that does not block; the two halves of what goes through come late."""
    ends: list[int] = []
    writers: list[threading.Thread] = []

    def write(end: int, data: bytes) -> None:
        for part in (data[: len(data) // 2], data[len(data) // 2 :]):
            time.sleep(0.5)
            os.write(end, part)
        os.close(end)

    def pipe(data: bytes) -> int:
        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        ends.append(read_end)
        writers.append(threading.Thread(target=write, args=(write_end, data)))
        writers[-1].start()
        return read_end

    yield pipe
    for writer in writers:
        writer.join()
    for end in ends:
        os.close(end)


def test_input_that_does_not_block_is_waited_for(
    dedup: Callable, unblocked: Callable, tmp_path: Path, seed: bytes, seed_path: Path, lines: list[bytes]
) -> None:
    """A text, a list of files, a report: nothing is there at once, and half of it is not all."""
    done = dedup("clean", "--report", "r.json", stdin=unblocked(seed))
    assert (done.returncode, done.stdout) == (0, b"".join(lines[:17])), done.stderr
    done = dedup("clean", "--files-from", "-", stdin=unblocked(b"%b\n" % os.fsencode(seed_path)))
    assert (done.returncode, done.stdout) == (0, b"".join(lines[:17])), done.stderr
    done = dedup("report", "-", "--to", "csv", stdin=unblocked((tmp_path / "r.json").read_bytes()))
    assert (done.returncode, done.stdout) == (0, dedup("report", "r.json", "--to", "csv").stdout), done.stderr


def test_an_object_that_does_not_block_is_waited_for(unblocked: Callable, seed: bytes, lines: list[bytes]) -> None:
    """A raw file says None where it has nothing yet."""
    output = io.BytesIO()
    with open(unblocked(seed), "rb", buffering=0, closefd=False) as file:
        api.clean(file, output)
    assert output.getvalue() == b"".join(lines[:17])


@pytest.mark.parametrize(("descriptor", "status"), [(0, 4), (1, 4), (2, 0)])
def test_a_standard_stream_is_closed(
    dedup: Callable, seed_path: Path, lines: list[bytes], descriptor: int, status: int
) -> None:
    """Without input or output nothing can be done; without standard error nothing can be told."""
    arguments = [] if descriptor == 0 else [seed_path]
    done = dedup("clean", *arguments, stdin=None, preexec_fn=lambda: os.close(descriptor))
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
    assert b"a bug in dedup" not in done.stderr
    assert bool(done.stderr) == (descriptor != 2)
    assert done.stdout == (b"".join(lines[:17]) if descriptor == 2 else b"")


@pytest.mark.parametrize("descriptor", [0, 1, 2])
def test_no_file_takes_the_number_of_a_closed_stream(
    dedup: Callable, tmp_path: Path, seed_path: Path, descriptor: int
) -> None:
    """Nothing that was meant for a stream goes into a file, and no file is read for standard input."""
    arguments = [seed_path, "-"] if descriptor == 0 else [seed_path, "--report", "report.json"]
    done = dedup("clean", *arguments, stdin=None, preexec_fn=lambda: os.close(descriptor))
    assert done.returncode == (4, 4, 0)[descriptor]
    if descriptor == 2:
        assert json.loads((tmp_path / "report.json").read_bytes())["totals"]["removed"]["paragraphs"] == 17
    else:
        assert not (tmp_path / "report.json").exists()


@pytest.mark.parametrize("arguments", [["version"], ["--help"], ["config"], ["tune", "--articles", "10", "sotu.txt"]])
def test_what_is_printed_does_not_vanish(dedup: Callable, data: Path, tmp_path: Path, arguments: list[str]) -> None:
    """Where standard output is closed; a table ended as a bug, and all else with status 0."""
    (tmp_path / "sotu.txt").write_bytes((data / "sotu.txt").read_bytes())
    done = dedup(*arguments, preexec_fn=lambda: os.close(1))
    assert (done.returncode, done.stdout) == (4, b"")
    assert b"cannot write standard output: Bad file descriptor" in done.stderr


def test_closed_input_makes_no_output_file(dedup: Callable, tmp_path: Path) -> None:
    """The target does not appear."""
    done = dedup("clean", "-o", "out.txt", stdin=None, preexec_fn=lambda: os.close(0))
    assert done.returncode == 4
    assert not (tmp_path / "out.txt").exists()


# --- usage


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--threshold", "2"], "--threshold cannot be 2.0: it is a number from 0.1 to 1.0"),
        (["--threshold", "nan"], "--threshold cannot be nan"),
        (["--threshold", "much"], "'much' is not a number"),
        (["--min-words", "0"], "--min-words cannot be 0: it is a whole number from 1 to 10,000"),
        (["--min-words", "2.5"], "'2.5' is not a whole number"),
        (["--max-gap", "-1"], "--max-gap cannot be -1"),
        (["--unit", "chapter"], "'chapter' is not one of auto, line, blank, indent, sentence, document"),
        (["--engine", "quantum"], "'quantum' is not one of auto, native, reference"),
        (["--remove", "all"], "'all' is not one of"),
        (["--bucket-capacity", "0"], "--bucket-capacity cannot be 0"),
        (["--threads", "-2"], "--threads cannot be -2"),
        (["--text-field", ""], "--text-field cannot be ''"),
        ([""], "an input has an empty name"),
        (["-o", ""], "the output has an empty name"),
        (["--report", "json:"], "has no file"),
        (["--removals", ""], "the removals file has an empty name"),
        (["--recall", "1"], "--recall cannot be 1.0"),
        (["--no-such-option"], "no such option: --no-such-option"),
        (["--output"], "--output"),
    ],
)
def test_usage_errors(dedup: Callable, tmp_path: Path, arguments: list[str], message: str) -> None:
    """Status 2, what is wrong and what to do, on standard error; nothing is written."""
    done = dedup("clean", *(["-o", "out.txt"] if arguments != ["--output"] else []), *arguments, text=SENTENCE)
    assert (done.returncode, done.stdout) == (2, b"")
    first, second, *rest = done.stderr.decode().splitlines()
    assert first.lower().startswith("dedup: ")
    assert message.lower() in first.lower()
    assert second.strip()
    assert rest == []
    assert list(tmp_path.iterdir()) == []


def test_no_command_and_unknown_command(dedup: Callable) -> None:
    """Both have status 2."""
    assert dedup().returncode == 2
    done = dedup("clena")
    assert done.returncode == 2
    assert b"clena" in done.stderr


@pytest.mark.parametrize("name", ["threshold", "recall", "shingle-words", "min-words", "max-gap", "min-block-words"])
def test_help_names_every_option(dedup: Callable, name: str) -> None:
    """Help goes to standard output, with status 0."""
    done = dedup("clean", "--help", env={"COLUMNS": "120"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert f"--{name}" in done.stdout.decode()


# --- the other commands, and the start


def test_self_test(dedup: Callable) -> None:
    """Known answers are right on every engine here."""
    done = dedup("self-test")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"WRONG" not in done.stdout
    assert done.stdout.count(b"ok  ") >= 7


def test_version(dedup: Callable) -> None:
    """-v names engines and what they run on."""
    from dedup import __version__

    assert dedup("version").stdout.decode() == f"dedup {__version__}\n"
    assert dedup("--version").stdout.decode() == f"dedup {__version__}\n"
    verbose = dedup("version", "-v").stdout.decode()
    for name in ("python", "engine", "native", "reference", "datasketch", "xxhash"):
        assert name in verbose


def test_a_plain_run_imports_little(environment: dict[str, str], seed_path: Path, tmp_path: Path) -> None:
    """Nothing is imported that a run on the native engine without a report does without."""
    pytest.importorskip("dedup.engine.native", exc_type=ImportError)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "dedup", "clean", str(seed_path)],
        capture_output=True,
        env=environment,
        cwd=tmp_path,
        check=True,
    )
    imported = {line.split("|")[-1].strip() for line in done.stderr.decode().splitlines() if "|" in line}
    packages = {name.partition(".")[0] for name in imported}
    assert "dedup" in packages
    assert packages & {"numpy", "scipy", "datasketch", "pyarrow", "rich", "pydantic", "hypothesis", "random"} == set()
    ours = {name.removeprefix("dedup.") for name in imported if name.startswith("dedup.")}
    of_reports = {name.removeprefix("report.") for name in ours if name.startswith("report.")}
    assert of_reports == {"formats", "headline", "model", "reading"}
    assert ours & {"paragraphs", "words", "engine.reference", "cli.page", "checks", "restoring", "json"} == set()


@pytest.mark.parametrize("arguments", [["clean", "--help"], ["version", "-v"], ["--version"]])
def test_full_disk_under_other_output(dedup: Callable, arguments: list[str]) -> None:
    """What is no text fails in the same way: status 4 and what the system said, no bug of ours."""
    with open("/dev/full", "wb") as full:
        done = dedup(*arguments, stdout=full)
    assert done.returncode == 4
    assert b"No space left on device" in done.stderr
    assert b"bug" not in done.stderr


def test_an_output_in_a_folder_that_is_read_is_told_where_something_is_replaced(
    dedup: Callable, tmp_path: Path, seed: bytes
) -> None:
    """A second run gives the same as the first, and does not pass over a file in silence; one that is named is read."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news/a.txt").write_bytes(seed)
    note = b"dedup: news/all.txt is the output and was not read: what it held has been replaced\n"
    first = dedup("clean", "news", "-o", "news/all.txt")
    text = (tmp_path / "news/all.txt").read_bytes()
    second = dedup("clean", "news", "-o", "news/all.txt")
    assert (first.returncode, second.returncode) == (0, 0)
    assert (note in first.stderr, second.stderr) == (False, first.stderr + note)
    assert (tmp_path / "news/all.txt").read_bytes() == text
    (tmp_path / "news/all.txt").write_bytes(
        text + b"A line that stands in this file alone, and in no other of the folder.\n"
    )
    third = dedup("clean", "news", "news/all.txt", "-o", "news/all.txt")
    assert (third.returncode, note in third.stderr) == (0, False)
    assert (tmp_path / "news/all.txt").read_bytes().endswith(b"and in no other of the folder.\n")


@pytest.mark.parametrize(
    ("arguments", "where"),
    [(["clean", "--unit"], "dedup clean"), (["check", "--quiet=3"], "dedup check"), (["--config"], "dedup")],
)
def test_a_word_that_cannot_be_parsed_leads_to_the_help_of_its_command(
    dedup: Callable, arguments: list[str], where: str
) -> None:
    """As one that is not known does."""
    done = dedup(*arguments)
    assert (done.returncode, done.stderr.decode().splitlines()[1].strip()) == (2, f"See: {where} --help")
