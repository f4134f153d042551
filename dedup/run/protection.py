"""The list of `--protect`, read: the paragraphs that an engine never removes.

A line of several sentences protects each of them: in an article on one line they are the paragraphs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import pairwise

from dedup.arguments import path_of
from dedup.errors import InputSkipped, UsageError
from dedup.protection import Protection, compile_pattern
from dedup.settings import Settings


def read_protection(settings: Settings) -> Protection | None:
    """Compile the pattern and read the file of the settings; None if there are neither.

    Raises:
        UsageError: the pattern is no regular expression, or the file cannot be read.
    """
    if not settings.keep_pattern and not settings.protect:
        return None
    return Protection(compile_pattern(settings.keep_pattern), _read_sequences(settings))


def protection_notes(settings: Settings) -> list[str]:
    """What to say of the file that `read_protection` has read: lines that are no text in the encoding it should have.

    A pipe is not asked: it is read once.
    """
    path = settings.protect
    if not path or not os.path.isfile(path):
        return []
    bad = [number for number, line in enumerate(_read_lines(settings), 1) if not _decodes(line)]
    if not bad:
        return []
    lines = f"line {bad[0]:,} is" if len(bad) == 1 else f"{len(bad):,} lines (the first is line {bad[0]:,}) are"
    return [
        f"--protect {path}: {lines} not {settings.encoding or 'UTF-8'}: only text with the same bytes is protected. "
        "Save it as UTF-8, or give --encoding NAME if the texts are in its encoding too"
    ]


def _read_sequences(settings: Settings) -> frozenset[int]:
    if not settings.protect:
        return frozenset()
    lines = _read_lines(settings)
    if settings.unit in ("auto", "sentence"):  # where a sentence is a paragraph, several on a line are several
        lines += list(_sentences(lines))
    return frozenset(_sequences(lines))


def _read_lines(settings: Settings) -> list[bytes]:
    path = settings.protect
    path_of(path, "--protect")
    try:
        with open(path, "rb") as file:
            text = _read_text(file.read(), path, settings.encoding)
    except (OSError, InputSkipped) as error:
        reason = error.reason if isinstance(error, InputSkipped) else error.strerror
        raise UsageError(f"--protect cannot read {path}: {reason}", "Give a file with one paragraph a line.") from None
    if b"\0" in text:  # a letter beside each: no word would be one of the inputs'
        raise UsageError(
            f"--protect cannot read {path}: it has NUL bytes, as UTF-16 without a byte order mark has",
            "Save it as UTF-8 or with the mark, or name the encoding of all files with --encoding.",
        )
    return text.splitlines()


def _read_text(data: bytes, path: str, encoding: str) -> bytes:
    """The text of a file in UTF-8: it is that, or what its byte order mark says, or else what the option says.

    The list belongs to who cleans and the option to what is cleaned: a list in UTF-8 goes with texts in any encoding.
    """
    text = _decoded(data, path, "")
    return text if not encoding or _is_utf8(text) else _decoded(data, path, encoding)


def _is_utf8(text: bytes) -> bool:
    """Whether bytes are text in UTF-8, and not in UTF-16 or ISO 2022, which has escapes."""
    return _decodes(text) and b"\0" not in text and b"\x1b" not in text


def _decodes(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes, path: str, encoding: str) -> bytes:
    """What is below the compression of a file, made UTF-8 from its byte order mark or an encoding."""
    from dedup.sources.container import open_container
    from dedup.sources.source import PIPE_BYTES, from_bytes

    source = open_container(from_bytes(data, path), Settings(format="text", encoding=encoding)).source
    parts = []
    while part := source.read(PIPE_BYTES):
        parts.append(part)
    return b"".join(parts)


def _sentences(lines: Iterable[bytes]) -> Iterator[bytes]:
    from dedup.paragraphs import split_paragraphs
    from dedup.unit import Unit

    for line in lines:
        starts = split_paragraphs(line, Unit.SENTENCE, at_end=True)
        for start, end in pairwise(starts):
            yield line[start:end]


def _sequences(lines: Iterable[bytes]) -> Iterable[int]:
    from dedup.words import hash_sequence, hash_words, split_words

    for line in lines:
        if words := split_words(line):
            yield hash_sequence(hash_words(words))
