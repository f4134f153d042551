"""A pipe shows its first output before the input ends."""

from __future__ import annotations

import os
import random
import select
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE_SECONDS = 10
"""Bound of the wait; the text comes within a fraction of a second."""


@pytest.fixture
def lines(data: Path) -> list[bytes]:
    """Long paragraphs of real prose."""
    return [line for line in (data / "sotu.txt").read_bytes().splitlines(keepends=True) if len(line) > 200]


def receive(process: subprocess.Popen[bytes], size: int) -> bytes:
    """What arrives, until it is `size` bytes or nothing came for too long."""
    assert process.stdout
    got, deadline = b"", time.monotonic() + PATIENCE_SECONDS
    while len(got) < size and (left := deadline - time.monotonic()) > 0:
        if not select.select([process.stdout], [], [], left)[0]:
            break
        part = os.read(process.stdout.fileno(), 1 << 16)
        if not part:
            break
        got += part
    return got


@pytest.fixture
def start(command: list[str], environment: dict[str, str], tmp_path: Path) -> Iterator:
    """Start `dedup clean` with pipes at both ends; what still runs at the end of the test is stopped."""
    begun: list[subprocess.Popen[bytes]] = []

    def popen(*arguments: str) -> subprocess.Popen[bytes]:
        begun.append(
            subprocess.Popen(
                [*command, "clean", "--quiet", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=tmp_path,
                env=environment,
                bufsize=0,
            )
        )
        return begun[-1]

    yield popen
    for process in begun:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def take(lines: list[bytes], size: int, skip: int = 0) -> bytes:
    """An article of at least `size` bytes."""
    text = b""
    for line in lines[skip:]:
        text += line
        if len(text) >= size:
            return text
    raise AssertionError("not enough text")


@pytest.mark.parametrize("unit", ["auto", "line", "sentence"])
@pytest.mark.parametrize("size", [1000, 8000, 20_000])
def test_first_article_arrives_while_the_writer_sleeps(start, lines: list[bytes], unit: str, size: int) -> None:
    """Two articles have been sent, the second a copy of the first with a new end: the first one's text is there."""
    process = start("--unit", unit)
    first = take(lines, size)
    process.stdin.write(first + first)
    process.stdin.flush()
    assert receive(process, len(first)).startswith(first[: len(first) - len(lines[0])])
    process.stdin.close()
    process.wait(PATIENCE_SECONDS)


def shuffled(lines: list[bytes]) -> list[bytes]:
    """More text of the same words, in which nothing repeats."""
    draw = random.Random(1)
    words = b" ".join(lines).split()
    return [b"The " + b" ".join(draw.choices(words, k=100)) + b".\n" for _ in range(1000)]


@pytest.mark.parametrize("unit", ["auto", "line"])
@pytest.mark.parametrize("size", [1000, 20_000, 200_000])
def test_article_by_article(start, lines: list[bytes], unit: str, size: int) -> None:
    """After each of two articles and a pause, all of it but its last paragraph has come; the copy never comes."""
    process = start("--unit", unit)
    first = take(lines, size) if size < 60_000 else take(shuffled(lines), size)
    process.stdin.write(first)
    last = first.splitlines(keepends=True)[-1]
    got = receive(process, len(first) - len(last))
    assert first.startswith(got)
    assert len(got) >= len(first) - len(last)
    process.stdin.write(first)
    process.stdin.write(b"Something new that nobody said before in all of these long addresses.\n")
    process.stdin.close()
    rest = receive(process, 1 << 24)
    assert process.wait(PATIENCE_SECONDS) == 0
    whole = got + rest
    assert whole.endswith(b"long addresses.\n")
    assert len(whole) < 1.1 * len(first) + 100


@pytest.mark.parametrize("unit", ["line", "auto"])
def test_line_by_line(start, unit: str) -> None:
    """A writer that sends line after line with short pauses sees them come out one paragraph late at most."""
    process = start("--unit", unit)
    sent = whole = b""
    for number in range(6):
        line = f"In the year {number * 37} the senate voted for the {number}th time on bill {number * 101}.\n".encode()
        process.stdin.write(line)
        whole += receive(process, len(sent) - len(whole))
        assert len(whole) >= len(sent), "the paragraphs before this one"
        sent += line
        assert sent.startswith(whole)
    process.stdin.close()
    whole += receive(process, len(sent) - len(whole) + 1)
    assert whole == sent
    assert process.wait(PATIENCE_SECONDS) == 0


def test_reader_that_leaves_stops_the_run(start, lines: list[bytes]) -> None:
    """When nobody reads any more, the run ends by itself with status 0, though its input goes on."""
    process = start("--unit", "line")
    process.stdin.write(b"".join(lines[:5]))
    receive(process, 100)
    process.stdout.close()
    deadline = time.monotonic() + PATIENCE_SECONDS
    number = 0
    while process.poll() is None and time.monotonic() < deadline:
        number += 1
        try:
            process.stdin.write(b"Line number %d of a text that has no end as far as anybody knows.\n" % number)
        except BrokenPipeError:
            break
    assert process.wait(PATIENCE_SECONDS) == 0
