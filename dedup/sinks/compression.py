"""Compressed outputs: another sink with a compressor before it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from dedup.compression import compressor
from dedup.sinks import Data, Sink
from dedup.sinks.background import Background


class CompressedSink:
    """Compresses what goes to a sink, as one gzip member, bzip2 or xz stream, or zstd frame, in a thread."""

    def __init__(self, sink: Sink, compression: str) -> None:
        self._sink = sink
        self._compressor = compressor(compression)
        self._finished = False
        self._background = Background()

    @property
    def target(self) -> Sink:
        """Where the compressed bytes go."""
        return self._sink

    def write(self, data: Data) -> None:
        """Compress bytes. Raises WriteError, ReaderGone, also for bytes of an earlier call."""
        self._background.do(lambda: self._pass(self._compressor.compress(data)))

    def write_many(self, parts: Sequence[Data]) -> None:
        """Compress the pieces in order."""
        self.write(b"".join(parts))

    def prepare(self) -> None:
        """Write the end of the compressed data, and prepare the sink."""
        if not self._finished:
            self._finished = True
            self._background.wait()
            self._pass(self._compressor.flush())
        self._sink.prepare()

    def commit(self) -> None:
        """Commit the sink."""
        self.prepare()
        self._sink.commit()

    def abort(self) -> None:
        """Abort the sink."""
        with suppress(Exception):  # the error that caused it is told
            self._background.wait()
        self._sink.abort()

    def _pass(self, data: bytes) -> None:
        if data:
            self._sink.write(data)


def compressed(sink: Sink, compression: str) -> Sink:
    """The sink with a compressor before it; the sink itself if `compression` is empty."""
    return CompressedSink(sink, compression) if compression else sink
