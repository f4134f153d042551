"""Text in other encodings: recoded to UTF-8 for matching, and mapped back to its own bytes for the output."""

from __future__ import annotations

import codecs
import re
from collections import deque
from typing import Any

from dedup.errors import UsageError
from dedup.sources import detect
from dedup.sources.source import Source

KEEP = "dedup-keep"
"""The error handler that keeps what does not decode."""
_STEPS = (4096, 256, 16, 1)
_REFUSED = ("utf-7", "hz", "punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem")
"""Cut between a shift and the shift back, UTF-7 and HZ are other text; with escapes a text could be anything."""
_LABELS = {
    "x-sjis": "cp932",
    "x-gbk": "gbk",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-roman": "mac_roman",
    "windows-874": "cp874",
    "utf8mb4": "utf-8",
    "unicode": "utf-16",
}
"""Labels of the WHATWG encoding standard, and others often met, that Python does not know. x-cp1251 is cp1251."""
_ESCAPES = re.compile(rb"\x1b[\x20-\x2f]*[\x30-\x7e]|[\x0e\x0f]")
"""How ISO 2022 switches character sets."""


def _keep(error: UnicodeError) -> tuple[str, int]:
    """Bytes that do not decode become themselves: ASCII as it is, others as `surrogateescape` has them."""
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.end]
    return "".join(chr(byte if byte < 0x80 else 0xDC00 + byte) for byte in bad), error.end


codecs.register_error(KEEP, _keep)


def canonical(name: str, head: bytes) -> str:
    """The codec for a name that a user gave.

    Args:
        name: a Python codec or a WHATWG label.
        head: the first bytes of the file, which decide the byte order of `utf-16` and `utf-32`.
    Raises:
        UsageError: there is no such encoding of text, or it is one that cannot be cut.
    """
    wanted = name.strip().lower()
    wanted = _LABELS.get(wanted, wanted.removeprefix("x-") if wanted.startswith("x-cp") else wanted)
    try:
        codec = codecs.lookup(wanted)
    except (LookupError, ValueError):
        codec = None
    if codec is None or not codec._is_text_encoding or codec.name.replace("_", "-") in _REFUSED:
        raise UsageError(
            f"--encoding cannot be {name!r}: that is no encoding of text known here",
            "Give one such as windows-1252, shift_jis, gb18030, koi8-r or utf-16; iconv can make UTF-8 of the others.",
        )
    if codec.name in ("utf-8", "utf-8-sig", "ascii"):
        return "utf-8"
    if codec.name in ("utf-16", "utf-32"):
        marked = next((known for mark, known in detect.ENCODINGS_BY_BOM if head.startswith(mark)), "")
        return marked if marked.startswith(codec.name) else f"{codec.name}-le"
    return codec.name


class _Block:
    """Bytes of the file with the size of their text."""

    __slots__ = ("at", "raw", "size", "state", "taken")

    def __init__(self, raw: bytes, size: int, state: Any) -> None:
        self.raw = raw
        self.size = size
        self.state = state
        """Of the decoder before these bytes."""
        self.at = 0
        """Bytes that were taken."""
        self.taken = 0
        """Bytes of text that were taken."""


class Recoded(Source):
    """A source as UTF-8. It remembers the bytes it was made from until they are taken."""

    def __init__(self, source: Source, encoding: str) -> None:
        self.name = source.name
        self.may_pause = source.may_pause
        self._source = source
        self._codec = codecs.lookup(encoding)
        self._decoder: Any = self._codec.incrementaldecoder(KEEP)
        self._blocks: deque[_Block] = deque()
        self._raw = b""
        """Bytes that have no text yet."""
        self._ended = False
        self._switches = self._codec.name.startswith("iso2022")

    # ---- The source ----

    def read(self, size: int) -> bytes:
        """Text of about `size` bytes of the file; empty at the end."""
        while not self._ended:
            state = self._decoder.getstate()
            part = self._source.read(max(size, 1))
            self._ended = not part
            text = utf8(self._decoder.decode(part, not part))
            raw = self._raw + part
            pending = b"" if self._ended else self._decoder.getstate()[0]
            self._raw = raw[len(raw) - len(pending) :]
            raw = raw[: len(raw) - len(pending)]
            if text:
                self._blocks.append(_Block(raw, len(text), (b"", state[1])))
                return text
            self._raw = raw + self._raw
        return b""

    def pauses(self) -> bool:
        """As the source."""
        return self._source.pauses()

    def close(self) -> None:
        """Close the source."""
        self._source.close()

    # ---- The map back ----

    def take(self, text: bytes | bytearray | memoryview) -> memoryview:
        """The bytes of the file for the next stretch of its text, which is given."""
        view = memoryview(text)
        parts: list[memoryview] = []
        while len(view):
            block = self._blocks[0]
            left = block.size - block.taken
            if len(view) >= left:
                parts.append(memoryview(block.raw)[block.at :])
                self._blocks.popleft()
            else:
                end = self._after(block, bytes(view))
                parts.append(memoryview(block.raw)[block.at : end])
                block.at, block.taken = end, block.taken + len(view)
            view = view[left:]
        return parts[0] if len(parts) == 1 else memoryview(b"".join(parts))

    def rest(self) -> bytes:
        """Bytes at the end of the file that make no text."""
        return self._raw

    def encode(self, text: bytes) -> bytes:
        """Bytes of the file's encoding for new text."""
        return self._codec.encode(text.decode())[0]

    def kept_of(self, removed: memoryview) -> list[tuple[memoryview, bool]]:
        """Cut removed bytes into what has to stay all the same (True) and what goes.

        Where escape sequences switch character sets, the text behind must find the set that it is written in.
        """
        if not self._switches:
            return [(removed, False)]
        pieces, position = [], 0
        for escape in _ESCAPES.finditer(removed):
            pieces += [(removed[position : escape.start()], False), (removed[escape.start() : escape.end()], True)]
            position = escape.end()
        return [*pieces, (removed[position:], False)]

    def _after(self, block: _Block, text: bytes) -> int:
        """Where `text`, the next of a block, ends in its bytes."""
        encoded = self._encoded(text)
        if encoded and block.raw.startswith(encoded, block.at):
            return block.at + len(encoded)
        return self._walk(block, block.taken + len(text))

    def _encoded(self, text: bytes) -> bytes:
        """How the text is usually written, if it can be written and read back; that is most often how it stands."""
        try:
            encoded = self._codec.encode(text.decode("utf-8", "surrogateescape"), "surrogateescape")[0]
            again = self._codec.decode(encoded, KEEP)[0]
        except UnicodeError:
            return b""
        return encoded if not self._switches and utf8(again) == text else b""

    def _walk(self, block: _Block, target: int) -> int:
        """Decode a block again, in ever smaller steps, up to `target` bytes of text."""
        decoder: Any = self._codec.incrementaldecoder(KEEP)
        decoder.setstate(block.state)
        at = size = 0
        for step in _STEPS:
            while at + step <= len(block.raw):
                state = decoder.getstate()
                more = len(utf8(decoder.decode(block.raw[at : at + step])))
                if size + more > target:
                    decoder.setstate(state)
                    break
                at, size = at + step, size + more
        return at - len(decoder.getstate()[0])


def utf8(text: str) -> bytes:
    """UTF-8, with bytes that did not decode as they were."""
    return text.encode("utf-8", "surrogateescape")
