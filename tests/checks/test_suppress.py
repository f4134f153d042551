"""What is accepted, and that rules without use are told."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import dedup
from dedup.checks.suppress import parse_rule, read_sidecar, rules_of
from dedup.errors import UsageError
from dedup.report.markers import find_markers
from dedup.settings import Settings

LINES = [" ".join(random.Random(n).choices(["abcdefghij", "klmno", "pqrst", "uvw", "xyz"], k=3) * 4) for n in range(12)]
ARTICLE, OTHER = LINES[:4], LINES[4:7]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def run(*lines: str, rules=(), name: str = "a.txt"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("\n".join(lines) + "\n")
        return dedup.check([name], settings=Settings(unit="line"), rules=rules)

    return run


def left(verdict) -> list[tuple[int, int]]:
    """Lines of the findings that are left."""
    return [(block.place.line, block.place.last_line) for block in verdict.report.blocks]


def test_without_rules_everything_counts(check) -> None:
    verdict = check(*ARTICLE, *OTHER, *ARTICLE)
    assert left(verdict) == [(8, 11)]
    assert (verdict.suppressed, verdict.unused, verdict.exit_status) == (0, [], 1)


@pytest.mark.parametrize("glob", ["legal/*.txt", "legal/", "legal/**", "*.txt", "**/old.txt", "/legal/old.txt"])
def test_a_glob_accepts_a_file(check, glob: str) -> None:
    verdict = check(*ARTICLE, *ARTICLE, name="legal/old.txt", rules=rules_of([glob], []))
    assert (left(verdict), verdict.suppressed, verdict.unused) == ([], 1, [])
    assert verdict.exit_status == 0


def test_a_glob_that_accepts_nothing_is_told(check) -> None:
    """Also where it names a file that was read: the finding is in another one."""
    check(*ARTICLE, name="old.txt")
    check(*ARTICLE, name="b.txt")
    rules = rules_of(["old.txt", "gone.txt"], [])
    verdict = dedup.check(["old.txt", "b.txt"], settings=Settings(unit="line", min_block_words=8), rules=rules)
    assert left(verdict) == [(1, 4)]
    assert (verdict.suppressed, verdict.unused) == (0, ["--ignore: old.txt", "--ignore: gone.txt"])


@pytest.mark.parametrize("glob", ["./legal/old.txt", "./legal/", "./legal/*.txt"])
def test_a_glob_may_begin_as_files_are_told(check, glob: str) -> None:
    """`dedup check .` tells `./legal/old.txt`, which is to be copied."""
    verdict = check(*ARTICLE, *ARTICLE, name="legal/old.txt", rules=rules_of([glob], []))
    assert (left(verdict), verdict.unused) == ([], [])
    assert left(check(*ARTICLE, *ARTICLE, name="a/legal/old.txt", rules=rules_of([glob], []))) == [(5, 8)]


@pytest.mark.parametrize(
    ("globs", "unused"),
    [
        (["legal/**", "!legal/new.txt"], []),
        (["*.txt", "!new.txt"], []),
        (["./legal/*.txt", "!./legal/new.txt"], []),
        (["!new.txt", "old.txt"], []),
        (["legal/*", "!new.txt", "!gone.txt"], ["--ignore: !gone.txt"]),
    ],
)
def test_globs_are_taken_back_as_in_gitignore(check, globs: list[str], unused: list[str]) -> None:
    """The last one that matches decides; a file that is taken back by none is no use of its glob."""
    check(*ARTICLE, *ARTICLE, name="legal/old.txt")
    check(*OTHER, *OTHER, name="legal/new.txt")
    paths = ["legal/old.txt", "legal/new.txt"]
    verdict = dedup.check(paths, settings=Settings(unit="line"), rules=rules_of(globs, []))
    assert [verdict.report.names[block.place.document] for block in verdict.report.blocks] == ["legal/new.txt"]
    assert (verdict.suppressed, verdict.unused) == (1, unused)


def test_nothing_is_taken_back_from_a_folder_that_matches(check) -> None:
    """Git does not look into it; that the line is of no use is told."""
    rules = rules_of(["legal/", "!legal/new.txt"], [])
    verdict = check(*ARTICLE, *ARTICLE, name="legal/new.txt", rules=rules)
    assert (left(verdict), verdict.unused) == ([], ["--ignore: !legal/new.txt"])


def test_a_sidecar_takes_back_its_own_globs_alone(check) -> None:
    Path(".dedupignore").write_text("legal/*\n!old.txt\n")
    rules = [*rules_of(["legal/*"], []), *read_sidecar()]
    assert left(check(*ARTICLE, *ARTICLE, name="legal/old.txt", rules=read_sidecar())) == [(5, 8)]
    assert left(check(*ARTICLE, *ARTICLE, name="legal/old.txt", rules=rules)) == []


def test_an_id_accepts_a_text_wherever_it_is(check) -> None:
    """Also a further copy of it: the text is accepted, not the place."""
    (block,) = check(*ARTICLE, *OTHER, *ARTICLE).report.contents
    rules = [parse_rule(f"id:{block.id}", ".dedupignore:1")]
    again = check("before", *OTHER, *ARTICLE, *ARTICLE, "between", *ARTICLE, rules=rules)
    assert (left(again), again.suppressed) == ([], 2)


def test_a_pattern_accepts_paragraphs(check) -> None:
    """The rest of a block counts as before, with its own words."""
    first, second, *_ = ARTICLE
    verdict = check(*ARTICLE, *OTHER, *ARTICLE, rules=rules_of([], [f"^{first}$", f"^{second}$"]))
    assert left(verdict) == [(10, 11)]
    assert verdict.report.totals.removed_paragraphs == 2
    assert verdict.suppressed == 0


def test_a_pattern_for_all_of_it_accepts_a_block(check) -> None:
    verdict = check(*ARTICLE, *ARTICLE, rules=rules_of([], ["."]))
    assert (left(verdict), verdict.suppressed) == ([], 1)


@pytest.mark.parametrize("pattern", ["^[ÉÀ]dition", "^.dition", r"^\wdition", "(?i)^édition", r"xyz\.$"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_pattern_reads_text_as_that_for_kept_paragraphs_does(check, pattern: str, end: str) -> None:
    """Characters and not bytes, without the end of the line."""
    text = end.join([f"Édition {line} xyz." for line in ARTICLE] * 2) + end
    Path("a.txt").write_bytes(text.encode())
    verdict = dedup.check("a.txt", settings=Settings(unit="line"), rules=rules_of([], [pattern]))
    assert (left(verdict), verdict.suppressed, verdict.unused) == ([], 1, [])
    kept, _ = dedup.clean_text(text, settings=Settings(unit="line", keep_pattern=pattern))
    assert kept == text


def test_unused_rules_are_told(check) -> None:
    rules = [*rules_of([], ["no such text"]), parse_rule("id:0123456789abcdef", ".dedupignore:7")]
    verdict = check(*ARTICLE, *ARTICLE, rules=rules)
    assert verdict.unused == ["--ignore-pattern: no such text", ".dedupignore:7: 0123456789abcdef"]
    assert left(verdict) == [(5, 8)]


@pytest.mark.parametrize(
    "mark", ["dedup: keep", "<!-- dedup: keep -->", "# dedup:keep", "  // dedup: keep  ", "% dedup: keep"]
)
def test_a_mark_accepts_the_finding_that_follows(check, mark: str) -> None:
    verdict = check(*ARTICLE, *OTHER, mark, *ARTICLE)
    assert (left(verdict), verdict.suppressed, verdict.unused) == ([], 1, [])


@pytest.mark.parametrize("text", ["We say dedup: keep here", "dedup: keeper", "dedup: keep it", "dedup: keep-all"])
def test_a_text_about_marks_is_no_mark(check, text: str) -> None:
    verdict = check(*ARTICLE, *OTHER, text, *ARTICLE)
    assert left(verdict) == [(9, 12)]
    assert verdict.unused == []


@pytest.mark.parametrize(
    "written",
    [
        *("dedup: kep", "dedup: keepp", "dedup: kepe", "Dedup: keep", "dedup: Keep", "dedup : keep", "dedup = keep"),
        *("dedup: keep.", "dedup: keep_begin", "dedup: keep end", "dedup: keepend", "dedup: keep-start"),
        *("dedup:kee-end", "dedup: keepbegin"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "<!-- {} -->", "  # {}"])
def test_a_mark_with_a_slip_is_told(check, written: str, around: str) -> None:
    """It accepts nothing, also where a mark would have nothing to accept."""
    told = f"a.txt:8: {written} is no mark; these are dedup: keep, dedup: keep-begin and dedup: keep-end"
    verdict = check(*ARTICLE, *OTHER, around.format(written), *ARTICLE)
    assert (left(verdict), verdict.unused) == ([(9, 12)], [told])
    assert check(*ARTICLE, *OTHER, around.format(written)).unused == [told]


@pytest.mark.parametrize(
    "text",
    [
        *("dedup: removed 17 of 34", "dedup: no repeats in 3 paragraphs", "dedup: keeps", "dedup: kept", "dedup: deep"),
        *("Dedup: keeping", "dedup keep", "dedup: keep all of it", "see dedup: kep", "- `dedup: kep`"),
        "dedup: keep-alive",
    ],
)
def test_text_that_begins_as_a_mark_does_is_not_told(check, text: str) -> None:
    assert check(*ARTICLE, text, *OTHER, text).unused == []


@pytest.mark.parametrize("unit", ["blank", "sentence", "line"])
@pytest.mark.parametrize("behind", ["", "\n"])
def test_a_mark_right_above_a_paragraph_of_several_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unit: str, behind: str
) -> None:
    """It is part of that paragraph, which then says more than its original; the finding begins with the next one."""
    monkeypatch.chdir(tmp_path)
    wrapped = "\n\n".join(f"{line} and\n{line[::-1]}." for line in ARTICLE)
    for mark, expected in ((f"<!-- dedup: keep -->\n{behind}", 0), ("", 1)):
        Path("a.txt").write_text(f"{wrapped}\n\nA line between.\n\n{mark}{wrapped}\n")
        verdict = dedup.check(["a.txt"], settings=Settings(unit=unit))
        assert (len(left(verdict)), verdict.unused, verdict.exit_status) == (expected, [], expected)


def test_a_mark_reaches_no_further_than_the_next_paragraph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = "\n\n".join([*ARTICLE, "dedup: keep\nOne more.", "And one.", *ARTICLE])
    Path("a.txt").write_text(text)
    verdict = dedup.check(["a.txt"], settings=Settings(unit="blank"))
    assert (len(left(verdict)), verdict.unused) == (1, ["a.txt:9: dedup: keep"])


def test_a_mark_inside_of_a_block_accepts_one_paragraph(check) -> None:
    verdict = check(*ARTICLE, *OTHER, *ARTICLE[:2], "dedup: keep", *ARTICLE[2:])
    assert verdict.report.totals.removed_paragraphs == 3


def test_a_stretch_accepts_what_is_in_it(check) -> None:
    lines = [*ARTICLE, *OTHER, "dedup: keep-begin", *ARTICLE, "dedup: keep-end", *OTHER]
    verdict = check(*lines)
    assert left(verdict) == [(14, 16)]
    assert verdict.report.totals.removed_paragraphs == len(OTHER)
    assert verdict.unused == []


def test_the_end_of_no_stretch_is_told(check) -> None:
    """The beginning has a slip, or stands below."""
    verdict = check("dedup: keep-end", *ARTICLE, *OTHER, "dedup: keep-begin", *ARTICLE, "dedup: keep-end")
    assert left(verdict) == []
    assert verdict.unused == ["a.txt:1: dedup: keep-end ends nothing: no dedup: keep-begin stands above it"]


def test_an_unused_mark_is_told_with_its_line(check) -> None:
    verdict = check(*ARTICLE, "dedup: keep", *OTHER)
    assert verdict.unused == ["a.txt:5: dedup: keep"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_behind_a_byte_order_mark_is_one(check, encoding: str) -> None:
    text = "\n".join(["# dedup: keep-begin", *ARTICLE, *ARTICLE, ""])
    Path("a.txt").write_bytes(text.encode(encoding))
    verdict = dedup.check(["a.txt"], settings=Settings(unit="line"))
    assert (left(verdict), verdict.unused) == ([], [])


def test_a_sidecar_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "rules").write_bytes(b"\xef\xbb\xbflegal/**\r\n")
    assert [rule.value for rule in read_sidecar(str(tmp_path / "rules"))] == ["legal/**"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_marks_are_found(end: bytes) -> None:
    """A stretch without its end goes on to the end; a mark covers the next line with text."""
    text = end.join([b"one", b"dedup: keep", b"", b"two", b"<!-- dedup: keep-begin -->", b"three"])
    keep, stretch = find_markers(3, text, "line")
    assert (keep.line, keep.stretch, stretch.line, stretch.stretch) == (2, False, 5, True)
    assert text[keep.start : keep.end] == b"dedup: keep" + end * 2 + b"t"
    assert stretch.end == len(text)
    assert {keep.document, stretch.document} == {3}


def test_the_sidecar_has_a_rule_a_line(tmp_path: Path) -> None:
    path = tmp_path / ".dedupignore"
    path.write_text("# why\n\nlegal/**\n id:0123456789abcdef \nre:^Copyright \\d+\n")
    rules = read_sidecar(str(path))
    assert [(one.kind, one.value) for one in rules] == [
        ("glob", "legal/**"),
        ("id", "0123456789abcdef"),
        ("pattern", "^Copyright \\d+"),
    ]
    assert [one.where.rpartition(":")[2] for one in rules] == ["3", "4", "5"]
    assert read_sidecar(str(tmp_path / "none")) == []


@pytest.mark.parametrize("identity", ["0123456789abcdef", "0123456789abcdef-2"])
def test_an_id_may_be_copied_as_it_is_printed(identity: str) -> None:
    """The text report has it in brackets."""
    assert parse_rule(f"id:[{identity}]", "x:1") == parse_rule(f"id:{identity}", "x:1")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("id:xyz", "no id"),
        ("id:[0123456789abcdef", "no id"),
        ("re:(", "no regular expression"),
        ("re: ", "an empty pattern"),
    ],
)
def test_a_wrong_rule_is_named_with_its_place(check, line: str, problem: str) -> None:
    with pytest.raises(UsageError, match=rf"\.dedupignore:4: .*{problem}"):
        check(*ARTICLE, rules=[parse_rule(line, ".dedupignore:4")])
