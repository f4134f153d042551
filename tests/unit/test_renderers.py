"""Several reports at once: files side by side, what goes to one stream in order, and errors that come out."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from dedup.errors import WriteError
from dedup.report.formats import RENDERERS, Request
from dedup.report.renderers import prepare, write, write_all
from dedup.sinks import open_sink
from dedup.sinks.atomic import FileSink, sync_directories_once
from dedup.sinks.stream import ObjectSink

from ..golden.fixture import make_report


def expected(format: str) -> bytes:
    file = io.BytesIO()
    write(make_report(), format, ObjectSink(file))
    return file.getvalue()


@pytest.mark.parametrize("threads", [1, 2])
def test_every_format_at_once(tmp_path: Path, threads: int) -> None:
    requests = [Request(format, str(tmp_path / format)) for format in RENDERERS]
    sinks = [open_sink(one.path) for one in requests]
    sync_directories_once(sinks)
    write_all(make_report(), requests, sinks, threads)
    for sink in reversed(sinks):
        sink.commit()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {one: expected(one) for one in RENDERERS}


def test_two_reports_for_one_stream_follow_each_other() -> None:
    stream = io.BytesIO()
    requests = [Request(format, "-") for format in ("text", "csv", "text")]
    write_all(make_report(), requests, [ObjectSink(stream)] * 3, threads=2)
    assert stream.getvalue() == expected("text") + expected("csv") + expected("text")


def test_a_disk_that_refuses_fails_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever thread meets it; nothing is put in its place."""
    requests = [Request(format, str(tmp_path / format)) for format in ("json", "csv", "md")]
    sinks = [open_sink(one.path) for one in requests]

    def refuse(self: FileSink, data: object) -> None:
        raise WriteError("no room", "Make some.")

    monkeypatch.setattr(FileSink, "write", refuse)
    with pytest.raises(WriteError, match="no room"):
        write_all(make_report(), requests, sinks, threads=2)
    for sink in sinks:
        sink.abort()
    assert list(tmp_path.iterdir()) == []


def test_a_directory_is_left_to_the_file_that_is_committed_last(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    sinks = [open_sink(str(tmp_path / name)) for name in ("a", "more/b", "c", "more/d")]
    sync_directories_once(sinks)
    assert [sink.syncs_directory for sink in sinks if isinstance(sink, FileSink)] == [True, True, False, False]
    for sink in sinks:
        sink.abort()


def test_preparing_loads_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("dedup.report.html.page", "dedup.report.csv"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    prepare([Request("html", "a.html"), Request("csv", "a.csv")]).join()
    assert {"dedup.report.html.page", "dedup.report.csv"} <= sys.modules.keys()
