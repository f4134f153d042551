"""Threads that sketch ahead: they end with the run, whatever its end is."""

from __future__ import annotations

import gzip
import io
import os
import threading
from contextlib import nullcontext
from pathlib import Path

import pytest

from dedup.batches import Batch, Piece
from dedup.errors import ReadError
from dedup.run import pipeline, prefer
from dedup.run.workers import Workers
from dedup.settings import Settings
from dedup.sinks import open_sink
from dedup.sinks.outputs import OneOutput
from dedup.sources.source import PathSource
from dedup.unit import Unit


class Engine:
    """Sketches a batch of the text `bad` not at all."""

    def sketch(self, batch: Batch) -> bytes:
        if batch.text == b"bad":
            raise IndexError("no such word")
        return bytes(batch.text)


def batch(text: bytes) -> Batch:
    return Batch(text, [Piece(0, len(text), 0, Unit.LINE, True, True)], 0)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_come_by_their_tasks_and_the_threads_end(threads: int) -> None:
    before = threading.active_count()
    prepared: list[bytes | memoryview] = []
    workers = Workers(Engine(), threads, lambda one: prepared.append(one.text))
    texts = [b"%d" % number for number in range(20)]
    tasks = [workers.submit(batch(text)) for text in texts]
    assert threading.active_count() == before + threads - 1
    assert [workers.result(task) for task in tasks] == texts
    workers.close()
    assert threading.active_count() == before
    assert sorted(map(bytes, prepared)) == sorted(texts)


@pytest.mark.parametrize("threads", [1, 3])
def test_what_sketching_raises_comes_out_of_its_result(threads: int) -> None:
    workers = Workers(Engine(), threads, lambda one: None)
    tasks = [workers.submit(batch(text)) for text in (b"one", b"bad", b"two")]
    assert workers.result(tasks[2]) == b"two"
    with pytest.raises(IndexError, match="no such word"):
        workers.result(tasks[1])
    assert workers.result(tasks[0]) == b"one"
    workers.close()


def test_close_leaves_what_nobody_has_begun() -> None:
    sketching, go_on = threading.Event(), threading.Event()

    def wait(one: Batch) -> None:
        sketching.set()
        go_on.wait()

    workers = Workers(Engine(), 2, wait)
    tasks = [workers.submit(batch(b"text")) for _ in range(9)]
    sketching.wait()
    threading.Timer(0.05, go_on.set).start()
    workers.close()
    assert 1 <= sum(task.done.is_set() for task in tasks) < 9


@pytest.mark.parametrize("preferred", ["first", "longest"])
def test_no_thread_is_left_behind_by_a_run(
    engine: str, preferred: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by one that succeeds nor by one that fails."""
    names = [str(tmp_path / f"{number}") for number in range(4)]
    for number, name in enumerate(names):
        lines = (b"Town number %d opened harbour %d on a rainy day in May.\n" % (n, number) for n in range(1300))
        Path(name).write_bytes(b"".join(lines))
    (tmp_path / "cut").write_bytes(gzip.compress(os.urandom(9000))[:-9])
    settings = Settings(engine=engine, threads=3, prefer=preferred, unit="document" if preferred != "first" else "line")
    before, ended = threading.active_count(), []
    close = Workers.close
    monkeypatch.setattr(Workers, "close", lambda self: (ended.append(len(self._threads)), close(self)))
    for inputs in (names, [*names, str(tmp_path / "cut")]):
        sources, outputs = [PathSource(name) for name in inputs], OneOutput(open_sink(io.BytesIO()))
        with pytest.raises(ReadError, match="cut off") if inputs != names else nullcontext():
            if preferred == "first":
                pipeline.run(sources, outputs, settings, batch_bytes=1000)
            else:
                prefer.run(lambda sources=sources: sources, outputs, settings, batch_bytes=1000)  # type: ignore[misc]
        assert threading.active_count() == before
    assert set(ended) == {2}
