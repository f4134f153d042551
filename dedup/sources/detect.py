"""What a file is: its compression by its first bytes, its format by its name or else by its first bytes."""

from __future__ import annotations

import os

COMPRESSIONS = {"gz": ".gz", "bz2": ".bz2", "xz": ".xz", "zst": ".zst"}
"""Each compression with the ending of its names."""
FORMATS = ("text", "jsonl", "csv", "tsv", "parquet", "warc")
BOM = b"\xef\xbb\xbf"
"""The byte order mark in UTF-8, which says nothing: it stays where it is."""
ENCODINGS_BY_BOM = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
"""In this order: the mark of UTF-32-LE begins with that of UTF-16-LE."""
SNIFF_BYTES = 64 << 10
"""A first line longer than this is not looked at as JSON."""
BINARY_BYTES = 8000
"""As many as git looks at."""
WARC_BYTES = 32
"""The first line of a WARC is shorter."""
JSON_BYTES = 1024
"""Enough to tell JSON over several lines from a text that begins with a bracket."""

_MAGIC = (
    (b"\x1f\x8b\x08", "gz"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
)
_BZIP2 = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
_SKIPPABLE_ZSTD = b"\x2a\x4d\x18"
_ENDINGS = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jl": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".warc": "warc",
    ".wet": "warc",
}
_CONTENT = ((b"PAR1", "parquet"), (b"WARC/", "warc"))
_STARTS = (
    *(magic for magic, _ in _MAGIC),
    *(magic for magic, _ in _CONTENT),
    *(mark for mark, _ in ENCODINGS_BY_BOM),
    *(b"BZh" + level + magic for level in (b"1", b"9") for magic in _BZIP2),
)


_JSON_STARTS = b"{[ \t\r\n\xef"
_PLAIN_STARTS = frozenset(range(256)) - {start[0] for start in _STARTS} - set(range(0x50, 0x60)) - set(_JSON_STARTS)
"""First bytes that say at once that a file is plain text, if its name says nothing else."""


def are_plain_texts(names: list[str], text: bytes, starts: list[int], sizes: list[int]) -> bool:
    """Whether all of very many files are surely text in UTF-8 without compression; False if a closer look is needed.

    Args:
        names: of the files.
        text: holds them.
        starts: where each begins in it.
        sizes: of each.
    """
    if not all(sizes):
        return False
    endings = {"x" + name[name.rfind(".") :] for name in names}
    if any("/" in ending or not is_plain_name(ending) for ending in endings):
        return False
    told = all(format_by_name(ending) == "text" for ending in endings)
    if not told and b"\0" in text:
        return False
    heads = {text[start : start + 4] for start in starts}
    return all(head[0] in _PLAIN_STARTS or _is_plain_head(head, told) for head in heads)


def _is_plain_head(head: bytes, told: bool) -> bool:
    """Whether four bytes begin a plain text; `told` if the name says that it is none but a text."""
    if any(start.startswith(head) or head.startswith(start) for start in _STARTS) or head[1:4] == _SKIPPABLE_ZSTD:
        return False
    return told or head[0] not in _JSON_STARTS


def is_plain_name(name: str) -> bool:
    """Whether a name promises nothing but text without compression.

    >>> is_plain_name("a.txt"), is_plain_name("README"), is_plain_name("a.csv"), is_plain_name("a.txt.gz")
    (True, True, False, False)
    """
    return format_by_name(name) in ("text", "") and not compression_by_name(name)


def is_plain_text(name: str, text: bytes, text_field: str) -> bool:
    """Whether a small file is text in UTF-8 without compression, and no binary file.

    Args:
        name: of the file.
        text: all of it.
        text_field: of records, if it holds some.
    """
    if not is_plain_name(name):
        return False
    if compression_of(text) or encoding_by_mark(text) != "utf-8":
        return False
    if format_by_name(name) == "text":
        return True
    if has_nul(text):
        return False
    json = json_of(text[:SNIFF_BYTES], text_field)
    return not json and format_by_content(text, json) == "text"


def undecided(head: bytes) -> bool:
    """Whether a few bytes more may show a compression, a format or an encoding."""
    return any(len(head) < len(start) and start.startswith(head) for start in _STARTS)


def encoding_by_mark(head: bytes) -> str:
    """The encoding that a byte order mark shows; `utf-8` without one.

    Without a NUL among the first 64 KiB the mark counts for nothing: a text in UTF-16 has one in every line end, space
    and Latin letter, and other files begin with these two bytes, too.

    >>> encoding_by_mark(b"\\xff\\xfea\\0"), encoding_by_mark(b"\\xff\\xfe broken"), encoding_by_mark(b"a\\0")
    ('utf-16-le', 'utf-8', 'utf-8')
    """
    if b"\0" not in head:
        return "utf-8"
    return next((name for mark, name in ENCODINGS_BY_BOM if head.startswith(mark)), "utf-8")


def has_nul(head: bytes) -> bool:
    """Whether a NUL stands near the start of a file, as in no text in UTF-8."""
    return b"\0" in head[:BINARY_BYTES]


def is_binary(name: str, head: bytes) -> bool:
    """Whether a file is no text and nothing else that is read here: it has a NUL near its start, as git tells it.

    >>> is_binary("a.png", b"\\x89PNG\\r\\n\\0"), is_binary("a.txt", b"text"), is_binary("a.txt", b"\\xff\\xfea\\0")
    (True, False, False)
    """
    if not has_nul(head) or encoding_by_mark(head) != "utf-8" or compression_of(head):
        return False
    told = compression_by_name(name) or format_by_name(name) not in ("", "text")
    return not told and not any(head.startswith(magic) for magic, _ in _CONTENT)


def compression_of(head: bytes) -> str:
    """`gz`, `bz2`, `xz` or `zst` by a file's first bytes; empty for none.

    >>> compression_of(b"\\x1f\\x8b\\x08\\x00"), compression_of(b"BZhang and others")
    ('gz', '')
    """
    if head[:3] == b"BZh" and head[4:10] in _BZIP2:
        return "bz2"
    if head[1:4] == _SKIPPABLE_ZSTD and head[:1] and 0x50 <= head[0] <= 0x5F:
        return "zst"
    return next((name for magic, name in _MAGIC if head.startswith(magic)), "")


def compression_by_name(path: str) -> str:
    """What the ending of a name promises.

    >>> compression_by_name("a/b.jsonl.gz"), compression_by_name("b.txt")
    ('gz', '')
    """
    ending = os.path.splitext(path)[1].lower()
    return next((name for name, known in COMPRESSIONS.items() if ending == known), "")


def format_by_name(path: str) -> str:
    """The format that a name promises, whatever compression it ends with; empty if it promises none.

    >>> format_by_name("news.JSONL.zst"), format_by_name("archive.tar.gz"), format_by_name("CC-MAIN.warc.wet.gz")
    ('jsonl', '', 'warc')
    """
    if compression_by_name(path):
        path = os.path.splitext(path)[0]
    return _ENDINGS.get(os.path.splitext(path)[1].lower(), "")


def format_by_content(head: bytes, json: str) -> str:
    """The format of what a name tells nothing about: Parquet, WARC, JSONL, or else text. CSV is never guessed.

    `json` is what `json_of` says of it.
    """
    for magic, name in _CONTENT:
        if head.startswith(magic) and (name != "warc" or begins_warc(head)):
            return name
    return "jsonl" if json in ("records", "lines") else "text"


def begins_warc(head: bytes) -> bool:
    r"""Whether a file begins as a WARC does: with a line that has its version.

    >>> begins_warc(b"WARC/1.0\r\nWARC-Type: warcinfo\r\n"), begins_warc(b"WARC/WET files\nhold text.\n")
    (True, False)
    """
    line, end, _ = head[:WARC_BYTES].partition(b"\n")
    return line.startswith(b"WARC/") and line[5:].strip().replace(b".", b"").isdigit() and bool(end)


def json_of(head: bytes, text_field: str) -> str:
    r"""What JSON a file begins with: `records` with the text field, other `lines`, or one `value`; empty for none.

    As a text, a value would be broken without some of its lines, and a long line without some of its sentences.

    >>> json_of(b'{"text": "a"}\n{"text": "b"}\n', "text"), json_of(b'{"body": "a"}\n', "text")
    ('records', 'lines')
    >>> json_of(b'[\n  {"text": "a"},\n  {"te', "text"), json_of(b"[1] Smith, p. 7", "text")
    ('value', '')
    """
    text = _after_mark(head)
    if text[:1] == b"{":
        from dedup.sources.json_fields import field_of

        value = field_of(text.split(b"\n", 1)[0], text_field)
        if value is not None:
            return "records" if isinstance(value, str) else "lines"
    return "value" if _is_json_value(text) else ""


def _is_json_value(head: bytes) -> bool:
    """Whether this is one JSON object or array, or the beginning of one."""
    text = head.decode("utf-8", "replace")
    if text[:1] not in ("{", "["):
        return False
    import json

    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:  # cut, in a string, in an escape or elsewhere; or no JSON
        rest = text[error.pos :]
        in_string = error.msg.startswith("Unterminated string")
        in_escape = error.msg.startswith("Invalid \\") and len(rest) < len(r"\u12345")
        in_word = any(word.startswith(rest) for word in ("true", "false", "null", "-", ".", "e+", "e-"))
        cut = in_string or in_escape or in_word
        return cut and not text[1:].isspace() and len(text) > 1
    except RecursionError:
        return False
    return bool(value) and not text[end:].strip()


def needs_more(head: bytes) -> bool:
    """Whether the format can be told only when more has come: a whole first line, or enough to look like JSON."""
    if head.startswith(b"WARC/") and b"\n" not in head and len(head) < WARC_BYTES:
        return True
    text = _after_mark(head)
    if text[:1] == b"{" and b"\n" not in text and len(head) < SNIFF_BYTES:
        return True
    return text[:1] in (b"{", b"[") and len(text) < JSON_BYTES and (not text[1:].strip() or _is_json_value(text))


def _after_mark(head: bytes) -> bytes:
    """What follows a byte order mark and white space."""
    return head.removeprefix(BOM).lstrip(b" \t\r\n")
