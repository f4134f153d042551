"""Encodings: recoded to UTF-8 and mapped back to the bytes of the file."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import api
from dedup.errors import UsageError
from dedup.settings import Settings
from dedup.sources.detect import encoding_by_mark
from dedup.sources.encodings import Recoded, canonical
from dedup.sources.source import from_bytes

ENCODINGS = ("utf-16-le", "utf-16-be", "utf-32-le", "cp1252", "shift_jis", "gb18030", "euc_kr", "iso2022_jp", "koi8-r")


@settings(deadline=None)
@given(
    st.sampled_from(ENCODINGS),
    st.one_of(st.text(st.sampled_from("ab é日本語한국я\n\U0001f600"), max_size=60), st.binary(max_size=60)),
    st.integers(0, 10**6),
)
def test_the_bytes_of_all_stretches_are_the_file(encoding, content, number) -> None:
    """Whatever does not decode, however it is read, wherever the text is cut."""
    raw = content.encode(encoding, "replace") if isinstance(content, str) else content
    draw = random.Random(number)
    source = Recoded(from_bytes(raw, "file"), encoding)
    text = b""
    while part := source.read(draw.randint(1, 20)):
        text += part
    taken, position = b"", 0
    while position < len(text):
        size = draw.randint(1, 30)
        while position + size < len(text) and text[position + size] & 0xC0 == 0x80:
            size += 1
        taken += bytes(source.take(text[position : position + size]))
        position += size
    assert taken + source.rest() == raw
    if isinstance(content, str) and encoding != "iso2022_jp":
        assert text.decode("utf-8", "replace") == raw.decode(encoding, "replace")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-be", "shift_jis", "cp1252", "iso2022_jp"])
def test_the_output_is_in_the_encoding_of_the_input(encoding: str) -> None:
    """A text twice over comes out once, byte for byte; UTF-16 and UTF-32 are known by their marks."""
    japanese = "議会は法案{}号を可決した、と報道官が述べた。\n"
    line = "Café number {} says what it says and no more than that.\n" if encoding == "cp1252" else japanese
    lines = [line.format(number) for number in range(9)]
    whole = "".join(lines * 2).encode(encoding)
    once = "".join(lines).encode(encoding)
    chosen = Settings(encoding="" if encoding in ("utf-16", "utf-32") else encoding, unit="line", remove="exact")
    output = io.BytesIO()
    report = api.clean(whole, output, settings=chosen)
    assert output.getvalue().decode(encoding) == once.decode(encoding)
    assert report.totals.removed_paragraphs == 9
    if encoding != "iso2022_jp":  # its escape sequences stay where they stand
        assert output.getvalue() == once


def test_what_does_not_decode_is_kept_and_counted() -> None:
    """A byte that Shift_JIS does not have."""
    content = "議会は法案を可決した。\n".encode("shift_jis") + b"\xff\n"
    output = io.BytesIO()
    report = api.clean(content, output, settings=Settings(encoding="shift_jis"))
    assert output.getvalue() == content
    assert report.totals.invalid_bytes == 1


@pytest.mark.parametrize(
    ("encoding", "odd"),
    [("utf-16-le", b"\0\xd8"), ("cp932", b"\x87\x9c"), ("cp932", b"\xff"), ("iso2022_jp", "議会".encode("iso2022_jp"))],
)
def test_a_field_that_needs_quotes_keeps_its_bytes(encoding: str, odd: bytes) -> None:
    """Those that do not decode, and those that are not how the encoding writes the letter."""
    sentence = "The House voted on the bill early this week, said a spokesman for the committee."

    def table(second: str) -> bytes:
        parts = f"text|n\n{sentence}|1\n{second}|2\n".split("ODD")
        return odd.join(part.encode(encoding) for part in parts)

    output = io.BytesIO()
    chosen = Settings(encoding=encoding, format="csv", unit="sentence", min_block_words=0)
    api.clean(table(f'{sentence} "Never ODD again," he said to the others.'), output, settings=chosen)
    assert output.getvalue() == table('"""Never ODD again,"" he said to the others."')


@pytest.mark.parametrize(
    ("name", "head", "codec"),
    [
        ("latin1", b"", "iso8859-1"),
        ("x-sjis", b"", "cp932"),
        ("X-CP1251", b"", "cp1251"),
        ("UTF-8", b"", "utf-8"),
        ("utf-8-sig", b"", "utf-8"),
        ("us-ascii", b"", "utf-8"),
        ("utf-16", b"\xfe\xff\0a", "utf-16-be"),
        ("utf-16", b"a\0", "utf-16-le"),
        ("utf-32", b"\xff\xfe\0\0", "utf-32-le"),
        ("macintosh", b"", "mac-roman"),
    ],
)
def test_names_of_encodings(name: str, head: bytes, codec: str) -> None:
    """Python's codecs and the labels of the web."""
    assert canonical(name, head) == codec


@pytest.mark.parametrize(
    "name",
    ["no-such", "utf-7", "hz-gb-2312", "unicode_escape", "raw-unicode-escape", "base64", "rot13", "idna", "a\0b"],
)
def test_what_is_no_encoding_of_text_is_an_error_of_usage(name: str) -> None:
    """Before anything is written."""
    with pytest.raises(UsageError, match="--encoding cannot be"):
        api.scan(b"text", settings=Settings(encoding=name))


def test_a_mark_without_a_nul_is_no_mark() -> None:
    """Two invalid bytes at the start of a text are not UTF-16."""
    assert encoding_by_mark("a\n".encode("utf-16")) == "utf-16-le"
    assert encoding_by_mark(b"\xff\xfe" + b"text of the file") == "utf-8"
