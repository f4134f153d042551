"""Paragraphs that are never removed: `--keep-pattern`, `--protect`, and the lines of a list."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = subprocess.CompletedProcess[bytes]

REFRAIN = "Praise the Lord, all ye nations; praise him, all ye people.\n"
FOOTER = "Section 1. This act shall take effect on the day of its publication.\n"
VERSES = [
    f"Verse {name} of the song tells of the deeds of the {name} king and of his house.\n" for name in ("old", "new")
]
SONG = VERSES[0] + REFRAIN + VERSES[1] + "And here the choir rests for the length of a long breath before it goes on.\n"
AGAIN = SONG + REFRAIN + FOOTER + "A paragraph that stands between two sections of the code of procedure.\n" + FOOTER


@pytest.fixture
def clean(engine: str, dedup: Callable[..., Run]) -> Callable[..., Run]:
    """Run `dedup clean` with an engine on text from standard input."""
    return lambda text, *options: dedup("clean", "--engine", engine, *options, text=text.encode())


def test_without_protection_repeats_go(clean: Callable[..., Run]) -> None:
    done = clean(AGAIN)
    assert done.stdout.decode().count(REFRAIN) == 1
    assert done.stdout.decode().count(FOOTER) == 1


def test_what_matches_the_pattern_stays(clean: Callable[..., Run]) -> None:
    """A refrain stays at both places; the legal footer still goes."""
    done = clean(AGAIN, "--keep-pattern", "^Praise")
    assert done.stdout.decode().count(REFRAIN) == 2
    assert done.stdout.decode().count(FOOTER) == 1


def test_what_stands_in_the_file_stays(clean: Callable[..., Run], tmp_path: Path) -> None:
    """However it is written: the words count."""
    (tmp_path / "keep.txt").write_text("SECTION 1 -- this act shall take effect on the day of its publication\n\n")
    done = clean(AGAIN, "--protect", "keep.txt")
    assert done.stdout.decode().count(FOOTER) == 2
    assert done.stdout.decode().count(REFRAIN) == 1


def test_a_configured_file_counts_from_the_folder_of_the_configuration(
    command: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    """Also where the command runs in a folder below; what the command line names counts from there."""
    (tmp_path / "keep.txt").write_text(FOOTER)
    (tmp_path / "dedup.toml").write_text('protect = "keep.txt"\n')
    below = tmp_path / "below"
    below.mkdir()
    (below / "refrain.txt").write_text(REFRAIN)

    def left(folder: Path, *options: str) -> tuple[int, int]:
        done = subprocess.run(
            [*command, "clean", *options],
            input=AGAIN.encode(),
            cwd=folder,
            env=environment,
            capture_output=True,
            timeout=60,
            check=True,
        )
        return done.stdout.decode().count(REFRAIN), done.stdout.decode().count(FOOTER)

    assert left(tmp_path) == left(below) == (1, 2)
    assert left(below, "--protect", "refrain.txt") == (2, 1)


@pytest.mark.parametrize(
    ("encoding", "end", "options"),
    [("utf-8-sig", "\r", []), ("utf-16", "\n", []), ("utf-16-be", "\r\n", ["--encoding", "utf-16-be"])],
)
def test_the_file_is_read_as_an_input_is(
    dedup: Callable[..., Run], tmp_path: Path, encoding: str, end: str, options: list[str]
) -> None:
    """Its encoding and its line ends are those that inputs may have."""
    (tmp_path / "keep.txt").write_bytes(f"{FOOTER[:-1]}{end}{REFRAIN}".encode(encoding))
    (tmp_path / "in.txt").write_bytes(AGAIN.encode(encoding))
    assert dedup("clean", "in.txt", "--protect", "keep.txt", *options).stdout == AGAIN.encode(encoding)
    assert dedup("clean", "in.txt", *options).stdout != AGAIN.encode(encoding)


@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-15", "utf-16-le", "cp850"])
@pytest.mark.parametrize("written", ["utf-8", "utf-8-sig", "utf-16", ""])
def test_the_file_may_be_in_utf8_whatever_the_texts_are_in(
    dedup: Callable[..., Run], tmp_path: Path, encoding: str, written: str
) -> None:
    """Or has a byte order mark; else it is as they are."""
    footer = "Das Gesetz über Maße und Gewichte tritt für alle Länder am Tage der Verkündung in Kraft.\n"
    text = "".join([footer, VERSES[0], VERSES[1], footer]).encode(encoding)
    (tmp_path / "keep.txt").write_bytes(footer.encode(written or encoding))
    (tmp_path / "in.txt").write_bytes(text)
    options = ["in.txt", "--encoding", encoding]
    assert dedup("clean", *options, "--protect", "keep.txt").stdout == text
    assert dedup("clean", *options).stdout != text


@pytest.mark.parametrize("written", ["utf-8", "iso2022_jp"])
def test_a_file_in_an_encoding_of_escapes(dedup: Callable[..., Run], tmp_path: Path, written: str) -> None:
    """Its bytes are ASCII, and would be UTF-8 as well."""
    footer = "この法律は公布の日から施行する\n"
    text = (footer + VERSES[0] + footer).encode("iso2022_jp")
    (tmp_path / "keep.txt").write_bytes(footer.encode(written))
    options = ["--encoding", "iso2022_jp"]
    assert dedup("clean", *options, "--protect", "keep.txt", text=text).stdout == text
    assert dedup("clean", *options, text=text).stdout != text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32-be"])
def test_a_file_whose_encoding_nothing_tells_is_refused(
    clean: Callable[..., Run], tmp_path: Path, encoding: str
) -> None:
    """It would protect nothing, without a word."""
    (tmp_path / "keep.txt").write_bytes(FOOTER.encode(encoding))
    done = clean(AGAIN, "--protect", "keep.txt")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "keep.txt: it has NUL bytes, as UTF-16 without a byte order mark has" in done.stderr.decode()


def test_lines_that_are_no_utf8_are_told(dedup: Callable[..., Run], tmp_path: Path) -> None:
    """They protect no text in UTF-8, and one that has their bytes."""
    footer = "Das Gesetz über Maße und Gewichte tritt für alle Länder am Tage der Verkündung in Kraft.\n"
    (tmp_path / "keep.txt").write_bytes((FOOTER + footer + VERSES[0] + footer).encode("latin-1"))
    text = (footer + VERSES[0] + footer).encode()
    done = dedup("clean", "-", "--protect", "keep.txt", text=text)
    assert (done.returncode, done.stdout) == (0, text[: text.rindex(b"Das")])
    told = "--protect keep.txt: 2 lines (the first is line 2) are not UTF-8: only text with the same bytes"
    assert told in done.stderr.decode()
    assert told in dedup("check", "-", "--protect", "keep.txt", text=text).stderr.decode()
    same = (footer + VERSES[0] + footer).encode("latin-1")
    assert dedup("clean", "-", "--protect", "keep.txt", text=same).stdout == same
    done = dedup("clean", "-", "--protect", "keep.txt", "--encoding", "latin-1", text=same)
    assert (done.stdout, done.stderr.count(b"--protect")) == (same, 0)


def test_a_protected_line_inside_a_doubled_article_does_not_save_the_rest(clean: Callable[..., Run]) -> None:
    article = "".join(f"Paragraph {name} of an article about the {name} river and its mills.\n" for name in "abcdef")
    done = clean(article * 2, "--keep-pattern", "c river")
    assert done.stdout.decode() == article + "Paragraph c of an article about the c river and its mills.\n"


def test_a_bad_pattern_and_a_missing_file_are_told(clean: Callable[..., Run]) -> None:
    done = clean("x", "--keep-pattern", "(")
    assert done.returncode == 2
    assert "--keep-pattern is no regular expression" in done.stderr.decode()
    done = clean("x", "--protect", "nowhere.txt")
    assert done.returncode == 2
    assert "--protect cannot read nowhere.txt" in done.stderr.decode()


def test_lines_of_a_table_that_repeat_close_by_stay(clean: Callable[..., Run]) -> None:
    """Two rows of a list say the same; the same list pasted again at the end goes."""
    rows = [
        f"{name} county, one hundred dollars, one school, two teachers\n"
        for name in ("Adams", "Brown", "Clark", "Darke", "Erie", "Erie", "Gallia", "Hardin", "Jackson")
    ]
    done = clean("".join(rows))
    assert done.stdout.decode() == "".join(rows)
    done = clean("".join(rows * 2))
    assert done.stdout.decode() == "".join(rows)


def test_a_line_of_several_sentences_protects_them_in_an_article_on_one_line(
    clean: Callable[..., Run], tmp_path: Path
) -> None:
    """There a sentence is a paragraph: the line of the file is none as a whole, and protected nothing."""
    notice = (
        "This release is issued by the office of the Senator for the use of the press alone. "
        "Questions about any part of it may be sent to the office in Charleston in writing."
    )
    body = (
        "The Senator announced today that the county has been granted funds to repair its oldest bridge. "
        "Work on the bridge is to begin in the spring, and it will stay open to traffic meanwhile. "
    )
    article = f"{body}{notice} {body}{notice}\n"
    (tmp_path / "keep.txt").write_text(f"{notice}\n")
    assert clean(article).stdout.decode().count(notice) == 1
    kept = clean(article, "--protect", "keep.txt").stdout.decode()
    assert kept.count(notice) == 2
    assert kept.count(body) == 1
