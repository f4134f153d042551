"""WARC and WET: records of text lose text, and their heads say so; all others stay."""

from __future__ import annotations

import base64
import hashlib
import io
from pathlib import Path

import pytest

from dedup import api
from dedup.errors import ReadError
from dedup.settings import Settings

SENTENCE = b"The House voted on the bill early this week, said a spokesman for the committee.\n"
INFO = (
    b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Type: application/warc-fields\r\nContent-Length: 10\r\n\r\n"
    b"a: b\r\nc: d\r\n\r\n"
)
CHOSEN = {"unit": "line", "min_block_words": 0, "id_field": "WARC-Record-ID"}


def record(block: bytes, number: int) -> bytes:
    """A record of text with its digest."""
    digest = base64.b32encode(hashlib.sha1(block).digest())
    return (
        b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:%d>\r\nContent-Type: text/plain\r\n"
        b"WARC-Block-Digest: sha1:%s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (number, digest, len(block), block)
    )


def test_length_and_digest_follow_the_text() -> None:
    """What comes out is the WARC of the shorter texts, byte for byte."""
    content = INFO + record(SENTENCE + b"One.\n", 1) + INFO + record(SENTENCE * 2 + b"Two.\r\n\r\n", 2)
    output = io.BytesIO()
    report = api.clean(content, output, settings=Settings(**CHOSEN))
    assert output.getvalue() == INFO + record(SENTENCE + b"One.\n", 1) + INFO + record(b"Two.\r\n\r\n", 2)
    assert [(origin.record, origin.id) for origin in report.origins] == [(1, "urn:uuid:1"), (3, "urn:uuid:2")]
    assert report.exit_status == 0


@pytest.mark.parametrize("algorithm", ["sha1", "SHA-256", "sha512", "md5"])
@pytest.mark.parametrize("written", ["hex", "HEX", "base32", "base32="])
def test_digests_stay_of_their_kind(algorithm: str, written: str) -> None:
    """Any algorithm that is in use, in either way of writing; a digest that is wrong says that the text is damaged."""

    def digested(block: bytes) -> bytes:
        new = hashlib.new(algorithm.lower().replace("-", ""), block)
        encoded = base64.b32encode(new.digest()).decode()
        ways = {"hex": new.hexdigest(), "HEX": new.hexdigest().upper(), "base32=": encoded}
        digest = ways.get(written, encoded.rstrip("="))
        old = base64.b32encode(hashlib.sha1(block).digest()).decode()
        return record(block, 1).replace(f"sha1:{old}".encode(), f"{algorithm}:{digest}".encode())

    output = io.BytesIO()
    api.clean(digested(SENTENCE * 2), output, settings=Settings(**CHOSEN))
    assert output.getvalue() == digested(SENTENCE)


@pytest.mark.parametrize("charset", ["utf-16", '"UTF-32LE"'])
def test_a_charset_whose_line_ends_are_no_bytes_is_passed_through(charset: str) -> None:
    """Its lines would be cut in the middle of a letter."""
    block = (SENTENCE * 2).decode().encode(charset.strip('"'))
    content = INFO + record(block, 1).replace(b"text/plain", f"text/plain; charset={charset}".encode())
    output = io.BytesIO()
    report = api.clean(content, output, settings=Settings(**CHOSEN))
    assert (output.getvalue(), report.totals.documents) == (content, 0)


@pytest.mark.parametrize("content", [b"", b"\r\n", SENTENCE, b"WARC/WET files hold text.\n", b"WARC/1.0"])
def test_what_does_not_begin_as_a_warc_is_skipped(tmp_path: Path, content: bytes) -> None:
    """Whatever its name says; without a name it is a text."""
    (tmp_path / "x.warc").write_bytes(content)
    (tmp_path / "good.txt").write_bytes(SENTENCE)
    report = api.scan([tmp_path / "x.warc", tmp_path / "good.txt"])
    assert [one.reason[:13] for one in report.skipped] == ["it is no WARC"]
    assert (report.exit_status, report.totals.documents) == (3, 1)
    output = io.BytesIO()
    assert api.clean(content, output).files[0].format == "text"
    assert output.getvalue() == content


@pytest.mark.parametrize("end", [10, 60, 150, -1])
def test_a_record_that_is_cut_off_is_an_error(end: int) -> None:
    """With the number of the record and where it begins."""
    content = INFO + record(SENTENCE, 1)
    bad = content[: len(INFO) + end] if end > 0 else content[:end]
    with pytest.raises(ReadError, match=f"no whole WARC record 1 at byte {len(INFO)} "):
        api.scan(bad)


@pytest.mark.parametrize(("digits", "told"), [(19, "19"), (5000, "5,000")])
def test_a_length_that_no_file_can_have_is_an_error(digits: int, told: str) -> None:
    """Of any number of digits; zeros before the first are none."""
    bad = record(SENTENCE, 1).replace(b"Content-Length: ", b"Content-Length: " + b"1" * (digits - 2))
    with pytest.raises(
        ReadError, match=f"no whole WARC record 1 at byte {len(INFO)} .*Content-Length has {told} digits"
    ):
        api.scan(INFO + bad)
    padded = record(SENTENCE, 1).replace(b"Content-Length: ", b"Content-Length: " + b"0" * digits)
    assert api.scan(INFO + padded).totals.documents == 1
