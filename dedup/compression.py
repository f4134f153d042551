"""gzip, bzip2, xz and zstd behind one interface, all of it from well-kept libraries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

FULL_NAMES = {"gz": "gzip", "bz2": "bzip2", "xz": "xz", "zst": "zstd"}


class Decompressor(Protocol):
    """Expands one gzip member, bzip2 or xz stream, or zstd frame."""

    @property
    def eof(self) -> bool:
        """The end was reached."""

    @property
    def unused_data(self) -> bytes:
        """What follows the end."""

    @property
    def needs_input(self) -> bool:
        """Nothing more comes out without more going in."""

    def decompress(self, data: bytes, /, max_length: int) -> bytes:
        """At most `max_length` bytes more, given `data` more."""


class Compressor(Protocol):
    """Compresses a stream."""

    def compress(self, data: Any) -> bytes:
        """Take bytes; gives what is ready."""

    def flush(self) -> bytes:
        """The end of the stream."""


class _Gunzip:
    """zlib's decompressor with the interface of the others."""

    def __init__(self) -> None:
        self._inner: Any = _zlib().decompressobj(31)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof)

    @property
    def unused_data(self) -> bytes:
        rest: bytes = self._inner.unused_data
        return rest

    def decompress(self, data: bytes, max_length: int) -> bytes:
        text: bytes = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self.needs_input = not self._inner.unconsumed_tail and len(text) < max_length
        return text


def decompressor(name: str) -> Callable[[], Decompressor]:
    """Makes a decompressor for the next member, stream or frame.

    Args:
        name: `gz`, `bz2`, `xz` or `zst`.
    """
    if name == "gz":
        return _Gunzip
    if name == "bz2":
        import bz2

        return bz2.BZ2Decompressor
    if name == "xz":
        import lzma

        return lzma.LZMADecompressor
    made: Callable[[], Decompressor] = _zstd().ZstdDecompressor
    return made


def compressor(name: str) -> Compressor:
    """A compressor at the level that the command of the same name takes by default; no time stamp in gzip."""
    if name == "gz":
        zlib = _zlib()
        made: Compressor = zlib.compressobj(6, zlib.DEFLATED, 31)
        return made
    if name == "bz2":
        import bz2

        return bz2.BZ2Compressor()
    if name == "xz":
        import lzma

        return lzma.LZMACompressor()
    zstd = _zstd()
    made = zstd.ZstdCompressor(options={zstd.CompressionParameter.checksum_flag: 1})
    return made


def data_errors() -> tuple[type[Exception], ...]:
    """What the decompressors raise for damaged data (bz2 raises OSError and ValueError)."""
    import lzma
    import zlib

    known: tuple[type[Exception], ...] = (zlib.error, _zlib().error, lzma.LZMAError, OSError, ValueError, EOFError)
    try:
        return (*known, _zstd().ZstdError)
    except ImportError:
        return known


def _zlib() -> Any:
    """zlib-ng where it is installed, else zlib: the same interface and messages, and the same text in half the time."""
    try:
        from zlib_ng import zlib_ng
    except ImportError:
        import zlib

        return zlib
    return zlib_ng


def _zstd() -> Any:
    """The zstd of the standard library from Python 3.14 on, before that its backport."""
    import sys

    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd
