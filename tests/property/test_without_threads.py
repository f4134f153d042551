"""Where the system has no threads left, the same is done by those that are there."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
from pathlib import Path
from threading import Thread

import pytest

import dedup
from dedup.settings import Settings


@pytest.fixture(params=[0, 1, 3])
def few_threads(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> list[Thread]:
    """So many can be started; gives those for which there was no room."""
    left, start, refused = request.param, Thread.start, []

    def start_one(self: Thread) -> None:
        nonlocal left
        if not left:
            refused.append(self)
            raise RuntimeError("can't start new thread")
        left -= 1
        start(self)

    monkeypatch.setattr(Thread, "start", start_one)
    return refused


@pytest.fixture
def inputs(tmp_path: Path, seed: bytes) -> list[Path]:
    """Larger than one batch, each, and more than fit into one bundle."""
    text = b"".join(seed.replace(b"NATO", b"NATO%d" % number) for number in range(400))
    (tmp_path / "a.txt").write_bytes(text)
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(text))
    lines = (json.dumps({"text": article.decode()}).encode() for article in text.split(b"\n\n"))
    (tmp_path / "c.jsonl").write_bytes(b"\n".join(lines))
    return [tmp_path / name for name in ("a.txt", "b.txt.gz", "c.jsonl")]


def _products(inputs: list[Path], folder: Path, threads: int) -> dict[str, bytes]:
    """All that a run writes that does not tell how many threads there were."""
    folder.mkdir()
    reports = [folder / name for name in ("r.html", "r.sarif", "r.csv")]
    dedup.clean(
        inputs,
        output_dir=folder / "out",
        report=reports,
        removals=folder / "removals",
        settings=Settings(threads=threads),
    )
    names = ["removals", "r.sarif", "r.csv", *(f"out/{path.name}" for path in inputs)]
    return {name: (folder / name).read_bytes() for name in names}


def test_the_answer_is_the_same(tmp_path: Path, inputs: list[Path], few_threads: list[Thread]) -> None:
    """Of files that are cut, compressed, kept for verification and reported."""
    alone = _products(inputs, tmp_path / "alone", 1)
    assert _products(inputs, tmp_path / "few", 4) == alone
    assert few_threads


def test_a_compressed_pipe_is_read(tmp_path: Path, inputs: list[Path], few_threads: list[Thread]) -> None:
    """It is expanded ahead where that can be."""
    whole, piped = io.BytesIO(), io.BytesIO()
    dedup.clean(inputs[0], whole)
    with subprocess.Popen(["cat", inputs[1]], stdout=subprocess.PIPE) as producer:
        assert producer.stdout is not None
        dedup.clean(f"/dev/fd/{producer.stdout.fileno()}", piped)
    assert piped.getvalue() == whole.getvalue()
    assert few_threads
