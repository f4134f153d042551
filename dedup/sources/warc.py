"""WARC and WET: each record of plain text is a document; everything else is passed through.

Read here and not by a library: what is kept has to stay byte for byte, and of a record that loses text only
the lines of its head change that tell its length and digest.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from itertools import accumulate

from dedup.errors import InputSkipped, ReadError
from dedup.parts import Edit, Product, Records, Span, is_emptied, left_of, write_edited
from dedup.settings import Settings
from dedup.sources.container import Chunk, Problem, RecordFormat
from dedup.sources.detect import WARC_BYTES, begins_warc
from dedup.sources.source import Source

MOST_HEAD_BYTES = 1 << 20
MOST_LENGTH_DIGITS = 18
"""No file has as many bytes as a longer number says, and Python does not read one of thousands of digits."""
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"(?im)^Content-Length:[ \t]*([0-9]+)[ \t]*\r?$")
_TYPE = re.compile(rb"(?im)^Content-Type:[ \t]*text/plain\b(?![^\r\n]*charset[ \t]*=[ \t]*\"?utf-?(?:16|32))")
"""Line ends of UTF-16 are no bytes of their own: that is passed through."""
_KIND = re.compile(rb"(?im)^WARC-Type:[ \t]*(conversion|resource)[ \t]*\r?$")
_ID = re.compile(rb"(?im)^WARC-Record-ID:[ \t]*<?([^>\r\n]*)>?")
_DATE = re.compile(rb"(?im)^WARC-Date:[ \t]*([^\r\n]*)")
_DIGEST = re.compile(rb"(?im)^WARC-(?:Block|Payload)-Digest:[ \t]*(md5|sha-?(?:1|256|384|512)):([^\r\n]*?)[ \t]*\r?$")


class Warc(RecordFormat):
    """Reads records: a head of named fields, a blank line, as many bytes as it says, two line ends."""

    def __init__(self, source: Source, settings: Settings, dated: bool = False) -> None:
        """
        Args:
            source: of the bytes, expanded.
            settings: validated; any name of a field for ids asks for the WARC-Record-ID.
            dated: the id of a record is its WARC-Date.
        """
        self._source = source
        self._drop_empty = settings.empty == "drop"
        self._id = _DATE if dated else _ID if settings.id_field else None
        self._number = 0
        self._read_bytes = 0

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Whole records, about `size` bytes of them at a time."""
        unread, ended, want = bytearray(), False, size
        while not ended or unread:
            while not ended and len(unread) < want:
                part = self._source.read(want - len(unread))
                ended = not part
                unread += part
            raw = bytes(unread)
            if not self._number and (ended or len(raw) >= WARC_BYTES):
                self._refuse_others(raw)
            chunk, end = self._chunk(raw)
            if not end and ended:
                raise self._damaged(0)
            if end:
                self._read_bytes += end
                del unread[:end]
                yield chunk
            want = size if end else max(2 * len(raw), size)

    def _refuse_others(self, raw: bytes) -> None:
        """Raise InputSkipped if the file is none of records from its first line on."""
        if not begins_warc(raw):
            reason = "it has no first line such as WARC/1.0" if raw else "it is empty"
            raise InputSkipped(self._source.name, f"it is no WARC: {reason}")

    def _chunk(self, raw: bytes) -> tuple[Chunk, int]:
        """The whole records at the start of some bytes, and where they end."""
        records = WarcRecords(raw, self._drop_empty)
        numbers: list[int] = []
        ids: list[str | None] = []
        start = 0
        while (found := self._record(raw, start)) is not None:
            head_end, block_end, end = found
            head = raw[start:head_end]
            if _TYPE.search(head) and _KIND.search(head):
                records.places.append((start, head_end, block_end, end))
                numbers.append(self._number)
                if self._id:
                    name = self._id.search(head)
                    ids.append(name[1].decode("utf-8", "replace") if name else None)
            self._number += 1
            start = end
        texts = [raw[first:last] for _, first, last, _ in records.places]
        records.ends = list(accumulate(map(len, texts)))
        records.raw = raw[:start]
        problems: list[Problem] = []
        return Chunk(b"".join(texts), records.ends, numbers, [0] * len(numbers), ids, records, problems, start), start

    def _record(self, raw: bytes, start: int) -> tuple[int, int, int] | None:
        """Where the head, the block and the record at `start` end; None if it is not whole."""
        head = _BLANK_LINE.search(raw, start, start + MOST_HEAD_BYTES)
        if head is None:
            if len(raw) - start >= MOST_HEAD_BYTES:
                raise self._damaged(start)
            return None
        length = _LENGTH.search(raw, start, head.end())
        if not raw.startswith(b"WARC/", start) or length is None:
            raise self._damaged(start)
        digits = length[1].lstrip(b"0")
        if len(digits) > MOST_LENGTH_DIGITS:
            raise self._damaged(start, f": its Content-Length has {len(digits):,} digits")
        block_end = head.end() + int(digits or b"0")
        ending = _BLANK_LINE.match(raw, block_end)
        if ending is None:
            if len(raw) >= block_end + 4:
                raise self._damaged(start)
            return None
        return head.end(), block_end, ending.end()

    def _damaged(self, offset: int, why: str = "") -> ReadError:
        return ReadError(
            f"cannot read {self._source.name}: no whole WARC record {self._number} at byte "
            f"{self._read_bytes + offset:,} (uncompressed){why}",
            "Fetch the file again; no target was replaced.",
        )


class WarcRecords(Records):
    """The records of a chunk, and where the texts among them are."""

    def __init__(self, raw: bytes, drop_empty: bool) -> None:
        self.raw = raw
        self.ends: list[int] = []
        self.places: list[tuple[int, int, int, int]] = []
        """Of each text record where it begins, where its head and its block end, and where it ends."""
        self._drop_empty = drop_empty

    def write(self, removed: dict[int, list[Span]], product: Product) -> None:
        """Write the records, with a new length and new digests where text is removed."""
        edits: list[Edit] = []
        for record, spans in removed.items():
            start, first, last, end = self.places[record]
            if self._drop_empty and is_emptied(self.raw[first:last], spans):
                edits.append(Edit(start, end))
            else:
                edits += self._head_edits(start, first, last, spans)
                edits += [Edit(first + one, first + two) for one, two in spans]
        write_edited(self.raw, edits, product)

    def _head_edits(self, start: int, first: int, last: int, spans: list[Span]) -> list[Edit]:
        head, block = self.raw[start:first], self.raw[first:last]
        left = b"".join(block[one:two] for one, two in left_of(0, len(block), spans))
        fields = [(length.span(1), b"%d" % len(left)) for length in list(_LENGTH.finditer(head))[:1]]
        fields += [(found.span(2), _digest(found[1], left, found[2])) for found in _DIGEST.finditer(head)]
        return [Edit(start + one, start + two, new) for (one, two), new in sorted(fields)]


def _digest(algorithm: bytes, block: bytes, old: bytes) -> bytes:
    """The digest of a block, written as the old one is: in hexadecimal digits, or in base 32."""
    name = algorithm.decode().lower().replace("-", "")
    new = hashlib.new(name, block, usedforsecurity=False)
    if len(old) == 2 * new.digest_size and not old.endswith(b"="):
        digits = new.hexdigest().encode()
        return digits.upper() if old.isupper() else digits
    encoded = base64.b32encode(new.digest())
    return encoded if old.endswith(b"=") else encoded.rstrip(b"=")
