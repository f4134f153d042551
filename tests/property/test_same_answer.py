"""G3: the same bytes and the same digest for any batch, thread count, engine, hash seed and way of reading."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.settings import Settings

from ..parity.documents import Author, run, settings_for


@pytest.mark.parametrize("seed", range(40))
def test_batches(engine: str, seed: int) -> None:
    """From one byte to everything in a batch."""
    sources, chosen = Author(seed).documents(), settings_for(seed, engine=engine)
    whole = run(sources, chosen)
    for batch_bytes in (1, 2, 17, 100, 1000, 4096):
        assert run(sources, chosen, batch_bytes=batch_bytes) == whole, batch_bytes


@pytest.mark.parametrize("seed", range(15))
def test_threads(engine: str, seed: int) -> None:
    """Threads sketch ahead of the matching, and change nothing."""
    sources = Author(seed).documents()
    one, two, three = (
        run(sources, settings_for(seed, engine=engine, threads=threads), batch_bytes=50) for threads in (1, 2, 3)
    )
    assert one == two == three


def test_real_text_in_small_batches(data: Path) -> None:
    """Text that repeats itself over the borders of batches, in threads."""
    text = (data / "sotu.txt").read_bytes() * 2
    whole = run([text], Settings(threads=1))
    assert 0.95 * len(text) < 2 * len(whole.kept) <= len(text)
    for batch_bytes, threads in itertools.product((300, 5000, 64_000), (1, 2, 3)):
        assert run([text], Settings(threads=threads), batch_bytes=batch_bytes) == whole


@pytest.mark.parametrize("remove", ["redundant", "similar"])
def test_forms_in_small_batches(data: Path, engine: str, remove: str) -> None:
    """Lines that are near to an earlier one and equal to one another, so that blocks go on among variants."""
    rng = random.Random(7)
    words = (data / "sotu.txt").read_bytes().split()
    form = words[100:130]
    lines = [[*form[:10], b"and", b"honorable", *form[10:]]]
    for _ in range(150):
        line = list(form)
        for place in rng.sample(range(len(line)), rng.choice((0, 0, 0, 1, 2))):
            line[place] = rng.choice(words)
        lines.append(line)
    text = b"\n".join(b" ".join(line) for line in lines)
    whole = run([text], Settings(engine=engine, remove=remove, unit="line", threads=1), batch_bytes=1)
    assert 30 < len(lines) - len(whole.kept.splitlines()) < 140
    for batch_bytes, threads in itertools.product((700, 3000, 100_000), (1, 2)):
        assert (
            run([text], Settings(engine=engine, remove=remove, unit="line", threads=threads), batch_bytes=batch_bytes)
            == whole
        )


@pytest.fixture
def article(seed: bytes, tmp_path: Path) -> Path:
    """A document with exact, near and short repeats."""
    lines = seed.replace(b"\nThe ", b"\nADVERTISEMENT\nThe ").split(b"\n")
    again = [line.replace(b" the ", b" a ", 1) for line in lines]
    path = tmp_path / "article.txt"
    path.write_bytes(b"\n".join(lines + again))
    return path


def digest(path: Path) -> str:
    """Digest of a report without the names, which tell how the text was read."""
    report = json.loads(path.read_text())
    names = {document["name"] for document in report["documents"]}
    assert len(names) == 1
    return json.dumps({name: report[name] for name in report if name not in ("digest", "run")}).replace(
        json.dumps(names.pop()), '"NAME"'
    )


def test_hash_seed_engine_and_threads(dedup: Callable, tmp_path: Path, article: Path) -> None:
    """The installed command says the same, digest included, whatever surrounds it."""
    answers = set()
    for hash_seed, threads in (("0", 1), ("1", 2), ("4242", 3)):
        done = dedup(*("clean", article, "--report", "r.json", "--threads", threads), env={"PYTHONHASHSEED": hash_seed})
        assert done.returncode == 0
        answers.add((done.stdout, done.stderr, json.loads((tmp_path / "r.json").read_text())["digest"]))
    assert len(answers) == 1


def test_engines(dedup: Callable, tmp_path: Path, article: Path, engine: str) -> None:
    """Every engine gives the digest of the one that is taken by default."""
    done = [dedup("clean", article, "--report", f"{name}.json", "--engine", name) for name in ("auto", engine)]
    assert [one.returncode for one in done] == [0, 0]
    assert done[0].stdout == done[1].stdout
    reports = [json.loads((tmp_path / f"{name}.json").read_text()) for name in ("auto", engine)]
    assert reports[1]["run"]["engine"] == engine
    assert reports[0]["digest"] == reports[1]["digest"]


def test_pipe_and_file(dedup: Callable, tmp_path: Path, article: Path) -> None:
    """A file by name, a file as standard input, a file not read from its start, and a pipe."""
    text = article.read_bytes()
    by_name = dedup("clean", article, "--report", "name.json")
    by_pipe = dedup("clean", "--report", "pipe.json", text=text)
    with article.open("rb") as file:
        by_input = dedup("clean", "--report", "input.json", stdin=file)
    shifted = tmp_path / "shifted.txt"
    shifted.write_bytes(b"skipped" + text)
    with shifted.open("rb", buffering=0) as file:
        os.lseek(file.fileno(), 7, os.SEEK_SET)
        by_place = dedup("clean", "-", "--report", "place.json", stdin=file)
    assert by_name.stdout == by_pipe.stdout == by_input.stdout == by_place.stdout
    assert len({digest(tmp_path / f"{name}.json") for name in ("name", "pipe", "input", "place")}) == 1


@pytest.mark.parametrize("unit", ["auto", "line", "sentence"])
@pytest.mark.parametrize("sizes", [(1, 7, 3000), (2000, 1, 1), (64, 5000, 333)])
def test_odd_chunks_with_pauses(
    command: list[str],
    environment: dict[str, str],
    tmp_path: Path,
    article: Path,
    unit: str,
    sizes: tuple[int, ...],
) -> None:
    """A pipe that is written in odd pieces, with pauses in which text goes out early."""
    text = article.read_bytes()
    arguments = [*command, "clean", "--unit", unit, "--report"]
    whole = subprocess.run(
        [*arguments, "whole.json"], input=text, capture_output=True, cwd=tmp_path, env=environment, check=True
    )
    with subprocess.Popen(
        [*arguments, "odd.json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
        bufsize=0,
    ) as process:
        assert process.stdin
        position = 0
        for i, size in enumerate(itertools.cycle(sizes)):
            process.stdin.write(text[position : position + size])
            position += size
            if i < 8:
                time.sleep(0.06)  # longer than the patience of the reader
            if position >= len(text):
                break
        output, _ = process.communicate()
    assert process.returncode == 0
    assert output == whole.stdout
    reports = [json.loads((tmp_path / name).read_text()) for name in ("whole.json", "odd.json")]
    assert reports[0]["digest"] == reports[1]["digest"]
