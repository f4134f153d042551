"""Input files of every format, made from a seed, with texts that repeat each other."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import random
from pathlib import Path
from typing import Any, NamedTuple

from dedup.settings import Settings

from ..parity.documents import Author, settings_for

FORMATS = ("text", "jsonl", "csv", "tsv", "parquet", "warc")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-be", "cp1252", "shift_jis", "gb18030", "iso2022_jp")
COMPRESSIONS = ("", ".gz", ".bz2", ".xz", ".zst")


class Made(NamedTuple):
    """A file and the settings to clean it with."""

    path: Path
    content: bytes
    """Uncompressed."""
    settings: Settings
    format: str


def make(folder: Path, seed: int, format_name: str, **fixed: Any) -> Made:
    """Write a file; the same seed writes the same one."""
    draw = random.Random(seed)
    texts = [_text(document) for document in Author(seed).documents() * draw.randint(1, 2)]
    encoding = draw.choice(ENCODINGS) if format_name in ("text", "jsonl", "csv", "tsv") else "utf-8"
    chosen: dict[str, Any] = {"format": format_name, "empty": draw.choice(["keep", "drop"]), "text_field": "text"}
    if encoding not in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        chosen["encoding"] = encoding
    content = _WRITERS[format_name](draw, texts, encoding)
    compression = draw.choice(COMPRESSIONS) if format_name != "parquet" else ""
    path = folder / f"made.{format_name}{compression}"
    path.write_bytes(compress(content, compression))
    return Made(path, content, settings_for(seed, **{**chosen, **fixed}), format_name)


def compress(content: bytes, ending: str) -> bytes:
    """Compressed in two members, where there is a compression."""
    half = len(content) // 2
    if ending == ".gz":
        return gzip.compress(content[:half], mtime=0) + gzip.compress(content[half:], mtime=0)
    if ending == ".bz2":
        return bz2.compress(content[:half]) + bz2.compress(content[half:])
    if ending == ".xz":
        return lzma.compress(content[:half]) + lzma.compress(content[half:])
    if ending == ".zst":
        from dedup.compression import compressor

        frames = []
        for part in (content[:half], content[half:]):
            one = compressor("zst")
            frames.append(one.compress(part) + one.flush())
        return b"".join(frames)
    return content


def _text(document: bytes) -> str:
    return document.decode("utf-8", "replace")


def _encode(text: str, encoding: str) -> bytes:
    if "\0" not in text and encoding in ("utf-16", "utf-32"):
        text += " "  # without a NUL byte the mark is not believed
    return text.encode(encoding, "replace")


def _write_text(draw: random.Random, texts: list[str], encoding: str) -> bytes:
    damage = draw.choice([b"", b"", b"\xff", b"\x81\n"]) if encoding not in ("utf-16", "utf-32") else b""
    return _encode("\n".join(texts), encoding) + damage


def _write_jsonl(draw: random.Random, texts: list[str], encoding: str) -> bytes:
    lines = []
    for number, text in enumerate(texts):
        record = {"id": number, "n": draw.choice([1.50, 10**20, None, [1, {"text": "x"}]]), "text": text + _odd(draw)}
        if draw.random() < 0.3:
            record = dict(reversed(record.items()))
        line = json.dumps(
            record, ensure_ascii=draw.random() < 0.5, separators=draw.choice([None, (",", ":"), (" , ", " : ")])
        )
        lines.append(line.replace("/", "\\/") if draw.random() < 0.2 else line)
        if draw.random() < 0.2:
            lines.append(draw.choice(["", "not json", '{"text": 5}', "[1]", '{"other": "x"}', " "]))
    end = draw.choice(["\n", "\r\n"])
    return _encode(end.join(lines) + draw.choice(["", end]), encoding)


def _odd(draw: random.Random) -> str:
    return draw.choice(["", "", "", '"', "\\", "\t", "\U0001f600", "\ud800" if draw.random() < 0.2 else "é"])


def _write_csv(draw: random.Random, texts: list[str], encoding: str, delimiter: str = "") -> bytes:
    file = io.StringIO()
    delimiter = delimiter or draw.choice(",;|")
    writer = csv.writer(
        file,
        delimiter=delimiter,
        lineterminator=draw.choice(["\n", "\r\n"]),
        quoting=draw.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    )
    alone = draw.random() < 0.2
    writer.writerow(["text"] if alone else ["id", "text", "more"])
    for number, text in enumerate(texts):
        if delimiter == "\t":
            text = " ".join(text.split())
        writer.writerow([text + draw.choice(["", '"'])] if alone else [number, text, 'a "b"'])
        if draw.random() < 0.1:
            file.write(draw.choice(["a;b;c,d,e,f\n", "\n", 'x"y\n']))
    return _encode(file.getvalue(), encoding)


def _write_parquet(draw: random.Random, texts: list[str], encoding: str) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kind = draw.choice([pa.string(), pa.large_string()])
    values = [None if draw.random() < 0.1 else text for text in texts]
    table = pa.table({"id": list(range(len(texts))), "text": pa.array(values, kind), "l": [[1]] * len(texts)})
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({"k": "v"}), sink, row_group_size=draw.randint(1, 4))
    return sink.getvalue()


def _write_warc(draw: random.Random, texts: list[str], encoding: str) -> bytes:
    records = [b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\nabcd\r\n\r\n"]
    for number, text in enumerate(texts):
        block = text.encode()
        records.append(
            b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:%d>\r\nContent-Type: text/plain\r\n"
            b"WARC-Block-Digest: sha1:ABC\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (number, len(block), block)
        )
    return b"".join(records)


_WRITERS: dict[str, Any] = {
    "text": _write_text,
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "tsv": lambda draw, texts, encoding: _write_csv(draw, texts, encoding, "\t"),
    "parquet": _write_parquet,
    "warc": _write_warc,
}
