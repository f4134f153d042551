"""G1: what is kept is the input, byte for byte and in order, minus whole spans that the report names."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xxhash import xxh3_128_hexdigest

from dedup import api
from dedup.batches import Batch, Piece
from dedup.report.model import Report
from dedup.run.tally import InputTally
from dedup.settings import Settings
from dedup.unit import Unit

from ..parity.documents import Author, settings_for


def clean(source: bytes, chosen: Settings) -> tuple[bytes, Report]:
    """The output for one document with its report."""
    output = io.BytesIO()
    report = api.clean(source, output, settings=chosen)
    return output.getvalue(), report


def replay(source: bytes, report: Report, document: int = 0) -> bytes:
    """The input without the spans of the removed repeats, made from the report alone."""
    repeats = [repeat for block in report.blocks for repeat in block.repeats if repeat.removed]
    spans = sorted((one.place.start, one.place.end) for one in repeats if one.place.document == document)
    kept, position = [], 0
    for start, end in spans:
        assert position <= start < end <= len(source)
        kept.append(source[position:start])
        position = end
    return b"".join([*kept, source[position:]])


def check(source: bytes, chosen: Settings) -> None:
    """Assert that the report replays to the output, and that its sums are those of the bytes."""
    output, report = clean(source, chosen)
    assert replay(source, report) == output
    assert report.totals.bytes == report.input.bytes == len(source)
    assert report.input.xxh3_128 == xxh3_128_hexdigest(source)
    assert report.totals.bytes - report.totals.removed_bytes == report.output.bytes == len(output)


@pytest.mark.parametrize("seed", range(60))
def test_report_replays_to_the_output(engine: str, seed: int) -> None:
    """Over copies of all kinds, in all units and settings."""
    check(b"".join(Author(seed).documents()), settings_for(seed, engine=engine))


@pytest.mark.parametrize("seed", range(40))
def test_several_documents(tmp_path: Path, engine: str, seed: int) -> None:
    """Each document replays from its own repeats; the output is their texts end to end."""
    sources = Author(seed).documents()
    paths = [tmp_path / f"{number}.txt" for number in range(len(sources))]
    for path, source in zip(paths, sources, strict=True):
        path.write_bytes(source)
    output = io.BytesIO()
    report = api.clean(paths, output, settings=settings_for(seed, engine=engine))
    assert output.getvalue() == b"".join(replay(source, report, number) for number, source in enumerate(sources))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=30), max_size=6), st.integers(0, 1000))
def test_any_bytes(engine: str, parts: list[bytes], number: int) -> None:
    """Bytes that are no text at all, twice over."""
    source = b"\n".join([b"", *parts, *parts])  # nothing begins with the mark of a format
    check(source, settings_for(number, engine=engine, min_words=1, format="text"))


def test_input_is_not_modified(engine: str) -> None:
    """The caller's buffer is as it was."""
    source = bytearray(b"The House voted on the bill early this week, said a spokesman.\n" * 3)
    before = bytes(source)
    api.clean(source, io.BytesIO(), settings=Settings(engine=engine))
    assert source == before


@pytest.mark.parametrize("seed", range(10))
def test_cleaning_what_is_clean_keeps_it(engine: str, seed: int) -> None:
    """Nothing but exact repeats in one document without lists: a second run finds nothing."""
    chosen = Settings(engine=engine, unit="line", remove="exact", max_gap=0, min_words=1)
    lines = b"\n".join(Author(seed).documents()).splitlines(keepends=True)
    once, _ = clean(b"".join(line for line in lines if len(line.split()) >= 16), chosen)
    twice, report = clean(once, chosen)
    assert twice == once
    assert report.totals.removed_paragraphs == 0


@given(st.lists(st.binary(max_size=9), max_size=8), st.randoms(use_true_random=False))
def test_batches_are_counted_in_order_whichever_thread_has_them_first(texts: list[bytes], draw) -> None:
    """The bytes and the digest are those of the batches, some of them empty, without what follows them in memory."""
    batches = [
        Batch(text + b"more", [Piece(0, len(text), 0, Unit.LINE, True, True)], sum(map(len, texts[:i])))
        for i, text in enumerate(texts)
    ]
    draw.shuffle(batches)
    read = InputTally(True)
    for batch in batches:
        read.take(batch)
    assert read.stream() == (len(b"".join(texts)), xxh3_128_hexdigest(b"".join(texts)))


@pytest.mark.parametrize("text", ["\ud800 x", "\udc80\udcff", "a\udce4\udcb8\udcadb", "\udfff\ud800\r\n中"])
def test_any_string_comes_back(text: str) -> None:
    """Halves of surrogate pairs as well, alone or such that their bytes would be a character."""
    line = f"The committee will meet {text} on Thursday to vote on the farm bill and its amendments.\n"
    assert api.clean_text(text)[0] == text
    assert api.clean_text(line * 2, settings=Settings(unit="document"))[0] == line * 2
    assert api.clean_text(f"{line}{line}", settings=Settings(unit="line"))[0].startswith(line)


@pytest.mark.parametrize(
    "text",
    [
        "[1, 2, 3]\n",
        '{"text": "a"}\n{"text": "b"}\n',
        "WARC/1.1 is a format.\n",
        "PAR100 is a form.\n",
        "\udcff\udcfea\0",
        "BZh91AY&SY is how bzip2 begins.\n",
        "\x1f\udc8b\x08 gzip.\n",
        "\udcfd7zXZ\0 xz.\n",
        "(\udcb5/\udcfd zstd.\n",
        "中文\x85ÿ\n",
    ],
)
def test_a_string_is_one_text(text: str) -> None:
    """What would tell a file's format, compression or encoding is text there; the settings may say otherwise."""
    cleaned, report = api.clean_text(text)
    assert (cleaned, report.totals.documents, report.files[0].format) == (text, 1, "text")
    cleaned, report = api.clean_text(text, settings=Settings(encoding="latin-1"))
    invalid = sum("\udc80" <= letter <= "\udcff" for letter in text)
    assert (cleaned, report.files[0].encoding, report.totals.invalid_bytes) == (text, "utf-8", invalid)


def test_a_string_of_records() -> None:
    """With a format in the settings."""
    line = '{"text": "The committee will meet on Thursday to vote on the farm bill and its amendments."}\n'
    cleaned, report = api.clean_text(line * 2, settings=Settings(format="jsonl", min_block_words=0))
    assert (cleaned, report.totals.documents) == (line + '{"text": ""}\n', 2)
