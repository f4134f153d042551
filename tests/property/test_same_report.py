"""G3 for reports: ids, texts, marks and what is new are the same for any engine, batch and thread count."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from dedup.checks.baseline import baseline_lines
from dedup.checks.known import Known
from dedup.checks.repeats import candidates
from dedup.report.formats import RENDERERS
from dedup.report.jsonl import FindingLines
from dedup.report.load import from_json
from dedup.report.model import Report, Run
from dedup.report.reading import Reading
from dedup.report.renderers import write
from dedup.run import pipeline
from dedup.settings import Settings
from dedup.sinks.stream import NullSink, ObjectSink
from dedup.sources.source import from_bytes

from ..parity.documents import Author, settings_for


def report(sources: list[bytes], settings: Settings, batch_bytes: int = 1 << 20) -> Report:
    documents = [from_bytes(data, f"d{number}") for number, data in enumerate(sources)]
    reading = Reading("full", members=True, accepts=lambda text: b"oil" in text, markers=True)
    outcome = pipeline.run(documents, NullSink(), settings, batch_bytes=batch_bytes, reading=reading)
    return replace(Report.build(settings, outcome, detailed=True), run=Run("", 1, 0.0))


def rendered(found: Report, format: str) -> bytes:
    file = io.BytesIO()
    write(found, format, ObjectSink(file))
    return file.getvalue()


def everything(found: Report) -> tuple[object, ...]:
    baseline = list(baseline_lines(Known.of(candidates(found))))
    return rendered(found, "json"), found.contents, found.markers, baseline


def sources(seed: int) -> list[bytes]:
    marks = (b"dedup: keep\n", b"<!-- dedup: keep-begin -->\n", b"")
    return [marks[number % 3] + text for number, text in enumerate(Author(seed).documents())]


@pytest.mark.parametrize("seed", range(12))
def test_batches_threads_and_engines(engine: str, seed: int) -> None:
    whole = everything(report(sources(seed), settings_for(seed, engine="reference")))
    for batch_bytes, threads in ((1, 1), (50, 3), (1000, 2)):
        settings = settings_for(seed, engine=engine, threads=threads)
        assert everything(report(sources(seed), settings, batch_bytes)) == whole


@pytest.mark.parametrize("seed", range(6))
def test_every_format_of_a_stored_report(seed: int) -> None:
    """What is rendered from the JSON is what was rendered from the run."""
    found = report(sources(seed), settings_for(seed))
    stored = from_json(rendered(found, "json"), "stored")
    for format in RENDERERS:
        if format != "html":  # shows where removed text lies, which the JSON does not carry
            assert rendered(stored, format) == rendered(found, format), format


@pytest.mark.parametrize("seed", range(12))
def test_texts_are_those_of_the_documents(engine: str, seed: int) -> None:
    """Byte for byte, where they were not cut."""
    texts = sources(seed)
    found = report(texts, settings_for(seed, engine=engine))
    entries = [*found.blocks, *found.variants]
    for one, content in zip(entries, found.contents, strict=True):
        assert content.texts is not None
        for place, side in ((one.place, content.texts.repeat), (one.original, content.texts.original)):
            document = texts[place.document]
            before, text, after = (
                part.encode("utf-8", "surrogateescape") for part in (side.before, side.text, side.after)
            )
            assert document[place.start : place.end] == text
            assert document[: place.start].endswith(before)
            assert document[place.end :].startswith(after)
    assert len({content.id for content in found.contents}) == len(entries)
    assert json.loads(rendered(found, "json"))["digest"] == found.digest


def streamed(sources: list[bytes], settings: Settings, batch_bytes: int = 1 << 20) -> bytes:
    """The findings as they go out while the run goes on, without the closing lines."""
    file = io.BytesIO()
    lines = FindingLines(ObjectSink(file), "full")
    documents = [from_bytes(data, f"d{number}") for number, data in enumerate(sources)]
    outcome = pipeline.run(
        documents, NullSink(), settings, batch_bytes=batch_bytes, reading=Reading("full", stream=lines)
    )
    assert (outcome.blocks, outcome.variants) == ([], [])
    lines.close(replace(Report.build(settings, outcome, detailed=False), run=Run("", 1, 0.0)))
    return file.getvalue()


@pytest.mark.parametrize("seed", range(25))
def test_streamed_findings_are_those_of_the_report(engine: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same order, with the same ids and texts, whatever the batches are."""
    monkeypatch.setattr("dedup.report.jsonl.PART", 1 + seed)
    monkeypatch.setattr("dedup.report.content.EXCERPT_BYTES", (20, 60, 240)[seed % 3])
    settings = settings_for(seed, engine=engine)
    whole = rendered(report(sources(seed), settings), "jsonl")
    for batch_bytes, threads in ((1 << 20, 1), (1, 1), (60, 3)):
        lines = streamed(sources(seed), replace(settings, threads=threads), batch_bytes)
        assert lines == whole
