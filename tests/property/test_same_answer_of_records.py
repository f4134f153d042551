"""G3 for files of records: the same bytes, report and removals for any batch, thread count and engine."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from dedup.removals.file import read_removals
from dedup.report.model import Outcome
from dedup.run import pipeline
from dedup.sinks import open_sink
from dedup.sinks.outputs import OneOutput
from dedup.sinks.removals import Removals
from dedup.sources.source import PathSource, from_bytes

from .makers import FORMATS, Made, make


def run(made: Made, batch_bytes: int) -> tuple[Any, ...]:
    """Everything that must not depend on how a run is done."""
    output, kept = io.BytesIO(), io.BytesIO()
    removals = Removals(open_sink(kept))
    outputs = OneOutput(open_sink(output), removals)
    outcome: Outcome = pipeline.run([PathSource(str(made.path))], outputs, made.settings, batch_bytes=batch_bytes)
    removals.close()
    operations = [one for one in read_removals(from_bytes(kept.getvalue(), "removals")) if made.format != "parquet"]
    file = outcome.files[0]
    return (
        output.getvalue(),
        list(outcome.documents),
        list(outcome.origins),
        sorted(outcome.blocks),
        outcome.input,
        outcome.output,
        operations,
        (file.format, file.encoding, file.documents, file.passed, file.problems),
    )


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("seed", range(6))
def test_batches_and_threads(tmp_path: Path, engine: str, format_name: str, seed: int) -> None:
    """From a few bytes to everything in a batch, with and without a thread that reads ahead."""
    made = make(tmp_path, seed, format_name, engine=engine)
    whole = run(made, 1 << 20)
    for batch_bytes, threads in ((1, 1), (50, 3), (700, 2), (5000, 1)):
        again = made._replace(settings=make(tmp_path, seed, format_name, engine=engine, threads=threads).settings)
        assert run(again, batch_bytes) == whole, (batch_bytes, threads)
