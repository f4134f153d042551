"""`dedup explain` as it is installed: reports, passages, pipes, and everything that can be wrong."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

ORIGINAL = "The sum of $1,200 was paid to the city of Boston on May 3, said the secretary of the treasury.\n"
FIGURE = ORIGINAL.replace("1,200", "1,300")


@pytest.fixture
def report(dedup: Callable, tmp_path: Path, seed: bytes) -> Path:
    """The report on a copy of the seed."""
    (tmp_path / "a.txt").write_bytes(seed)
    assert dedup("clean", "a.txt", "--report", "r.json", "-o", "clean.txt").returncode == 0
    return tmp_path / "r.json"


def identity(report: Path) -> str:
    (block,) = json.loads(report.read_text())["blocks"]
    return str(block["id"])


def test_without_an_id_the_findings_are_listed(dedup: Callable, report: Path) -> None:
    done = dedup("explain", "r.json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().split() == [
        *(identity(report), "removed", "exact", "561", "words", "a.txt:18-34", "repeats", "a.txt:1-17")
    ]


def test_a_finding_by_its_id(dedup: Callable, report: Path) -> None:
    """The beginning of the id will do; every paragraph of the block is shown."""
    done = dedup("explain", "r.json", identity(report))
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (0, b"")
    assert lines[0].endswith("a.txt:18-34 repeats a.txt:1-17: 17 paragraphs, 561 words, all removed")
    assert [part.strip() for part in lines[2].split(" | ")] == ["a.txt:1", "a.txt:18"]
    assert sum(line.startswith("removed: the same words in the same order") for line in lines) == 17
    assert b"\x1b" not in done.stdout
    assert dedup("explain", "r.json", identity(report)[:6]).stdout == done.stdout


def test_the_list_has_columns(dedup: Callable, tmp_path: Path, seed: bytes) -> None:
    """Also where findings of the same text have a number behind their id."""
    (tmp_path / "a.txt").write_bytes(seed)
    (tmp_path / "b.txt").write_bytes(seed[: len(seed) // 2])
    assert dedup("clean", "a.txt", "b.txt", "--report", "r.json", "-o", "clean.txt").returncode == 0
    lines = dedup("explain", "r.json").stdout.decode().splitlines()
    assert len(lines) == 2
    assert len({line.index("removed") for line in lines}) == 1


def test_a_check_has_removed_nothing(dedup: Callable, tmp_path: Path, report: Path) -> None:
    """Its repeats count, whether they are listed, told one by one, or their text has changed since."""
    assert dedup("check", "a.txt", "--report", "r.json").returncode == 1
    found = identity(report)
    assert dedup("explain", "r.json").stdout.decode().split()[:3] == [found, "counts", "exact"]
    told = dedup("explain", "r.json", found).stdout.decode()
    assert ": 17 paragraphs, 561 words, all counted (a check removes nothing)\n" in told
    assert told.count("\ncounts: the same words in the same order\n") == 17
    assert "removed" not in told
    assert json.loads(dedup("explain", "r.json", found, "--json").stdout)["findings"][0]["checked"]
    (tmp_path / "a.txt").write_bytes(b"x")
    assert b"Write the report again with dedup check --report." in dedup("explain", "r.json", found).stderr


def test_what_shares_a_line_with_its_original_is_told_in_bytes(dedup: Callable, tmp_path: Path, seed: bytes) -> None:
    """An article on one line repeats itself there: `a.txt:1 repeats a.txt:1` said nothing."""
    (tmp_path / "a.txt").write_bytes(seed.replace(b"\n", b" "))
    record = json.dumps({"text": (tmp_path / "a.txt").read_text("utf-8")})
    (tmp_path / "b.jsonl").write_text(f"{record}\n")
    reports = ("--report", "r.json", "--report", "r.html")
    for name, place in (("a.txt", "a.txt:1 ({})"), ("b.jsonl", "b.jsonl:1 (text {})")):
        told = dedup("clean", name, "-o", "clean", "--report", "text:-", *reports).stdout.decode()
        here, there = place.format("bytes 3464-6927"), place.format("bytes 0-3464")
        assert told.startswith(f"{here}: repeats {there}: 561 words")
        assert f"{here} repeats {there}" in dedup("explain", "r.json").stdout.decode()
        first = dedup("explain", "r.json", "--lines", "1").stdout.decode().splitlines()[2]
        assert [part.strip() for part in first.split(" | ")] == [
            *(place.format("bytes 0-152"), place.format("bytes 3464-3616"))
        ]
        assert "ytes 3,464–6,927" in (tmp_path / "r.html").read_text("utf-8").partition("<script")[0]


def test_a_short_paragraph_that_says_something_else_stays_as_it_is_told(dedup: Callable, tmp_path: Path) -> None:
    """Inside a block, too: it was said to depend on what is around it."""
    around = ["The boat to the outer islands will sail once a day from October, the company said in a letter.\n" * 2]
    around += ["Passengers asked for the early one to be kept, since the school begins at eight on the mainland.\n" * 2]
    blocks = [around[0].replace("\n", " ", 1) + one + around[1].replace("\n", " ", 1) for one in (ORIGINAL, FIGURE)]
    (tmp_path / "a.txt").write_text("".join(blocks))
    for mode in ("exact", "redundant", "similar"):
        cleaned = dedup("clean", "a.txt", "--remove", mode, "--min-words", "30").stdout.decode()
        assert cleaned == blocks[0] + FIGURE
    told = dedup("explain", "a.txt:5", "a.txt:2", "--min-words", "30").stdout.decode().splitlines()
    said = {line.split("  ")[1]: line for line in told if line.startswith("  --")}
    assert all(" keeps " in line for line in said.values()), said


@pytest.mark.parametrize("written", ["{}", "[{}]", "{:.1}"])
def test_an_id_as_it_is_printed(dedup: Callable, report: Path, written: str) -> None:
    """In brackets, in capitals, or its first digit."""
    known = identity(report)
    for one in (known, known.upper()):
        done = dedup("explain", "r.json", written.format(one))
        assert (done.returncode, done.stdout[:16]) == (0, known.encode())


@pytest.mark.parametrize(("name", "line"), [("a.jsonl", "2"), ("a.csv", "3")])
def test_records_are_found_again(dedup: Callable, tmp_path: Path, name: str, line: str) -> None:
    """Also where the first document is one; by the line of the file that the finding is told with."""
    text = " ".join(f"word{number}" for number in range(50))
    row = json.dumps({"text": text}) if name == "a.jsonl" else text
    head = "" if name == "a.jsonl" else "text\n"
    (tmp_path / name).write_text(f"{head}{row}\n{row}\n")
    assert dedup("clean", name, "-o", f"clean-{name}", "--report", "r.json").returncode == 0
    done = dedup("explain", "r.json", "--lines", line)
    assert (done.returncode, done.stderr) == (0, b"")
    assert f"{name}:{line} (text line 1) repeats".encode() in done.stdout
    assert dedup("explain", "r.json", "--lines", "1").returncode == 2


def test_a_finding_by_its_lines(dedup: Callable, report: Path) -> None:
    assert dedup("explain", "r.json", "--lines", "20").stdout == dedup("explain", "r.json", identity(report)).stdout


def test_json_has_everything(dedup: Callable, report: Path) -> None:
    done = dedup("explain", "r.json", identity(report), "--json")
    (found,) = json.loads(done.stdout)["findings"]
    assert found["place"] == {"name": "a.txt", "document": 0, "lines": [18, 34], "bytes": [3464, 6927]}
    assert len(found["pairs"]) == 17
    first = found["pairs"][0]
    assert (first["similarity"], first["intersection"], first["union"], first["words"]) == (1.0, 20, 20, 22)
    assert first["diff"][0]["original"].startswith("NATO leaders")
    assert {case["option"]: case["removes"] for case in first["cases"]}["--remove exact"] is True


@pytest.fixture
def folder(dedup: Callable, tmp_path: Path, seed: bytes) -> Path:
    """A folder of three articles, of which two repeat themselves, and the report on it."""
    for name in ("news/a.txt", "news/b.txt", "old/b.txt"):
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
    half, lines = seed[: len(seed) // 2], seed.splitlines(keepends=True)
    (tmp_path / "site" / "news" / "a.txt").write_bytes(half)
    (tmp_path / "site" / "news" / "b.txt").write_bytes(b"".join(lines[:5]))
    (tmp_path / "site" / "old" / "b.txt").write_bytes(b"A line of its own\n" + b"".join(lines[:9]))
    assert dedup("clean", "site", "--report", "r.json", "-o", "clean.txt").returncode == 0
    return tmp_path / "site"


@pytest.mark.parametrize("name", ["site/old/b.txt", "./site/old/b.txt", "old/b.txt"])
@pytest.mark.parametrize("there", [True, False])
def test_the_findings_of_one_file_are_listed(dedup: Callable, folder: Path, name: str, there: bool) -> None:
    """By its path or the end of it, whether or not it is still there: a list reads the report alone."""
    if not there:
        (folder / "old" / "b.txt").unlink()
    done = dedup("explain", "r.json", name)
    (line,) = done.stdout.decode().splitlines()
    assert (done.returncode, line.split()[5]) == (0, "site/old/b.txt:2-10")
    (found,) = json.loads(dedup("explain", "r.json", name, "--json").stdout)["findings"]
    assert found["place"] == "site/old/b.txt:2-10"
    assert dedup("explain", "r.json", "news/a.txt").stdout == b"no findings\n"


def test_the_findings_in_lines_of_one_file_are_explained(dedup: Callable, folder: Path) -> None:
    """And not those in the same lines of other files."""
    done = dedup("explain", "r.json", "site/old/b.txt:3-4")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b" all removed\n") == 1
    assert b"news/b.txt" not in done.stdout
    assert dedup("explain", "r.json", "site/old/b.txt", "--lines", "3-4").stdout == done.stdout
    assert dedup("explain", "r.json", "--lines", "3-4").stdout.count(b" all removed\n") == 2
    assert b"nothing in line 1 of site/old/b.txt repeats" in dedup("explain", "r.json", "old/b.txt:1").stderr
    several = dedup("explain", "r.json", "b.txt")
    assert several.returncode == 2
    assert b"2 files of the report end with b.txt: site/news/b.txt, site/old/b.txt\n" in several.stderr


def test_the_file_that_changed_is_named(dedup: Callable, folder: Path) -> None:
    """Where sizes tell it; else it is one of all."""
    text = (folder / "old" / "b.txt").read_bytes()
    (folder / "old" / "b.txt").write_bytes(text + b"more")
    done = dedup("explain", "r.json", "old/b.txt:3")
    assert (done.returncode, done.stdout) == (4, b"")
    assert b"dedup: site/old/b.txt changed since the report was written: " in done.stderr
    (folder / "old" / "b.txt").write_bytes(text.replace(b"NATO", b"nato"))
    done = dedup("explain", "r.json", "old/b.txt:3")
    assert b"dedup: one of 3 inputs (site/news/a.txt, site/news/b.txt, site/old/b.txt) changed since" in done.stderr


@pytest.mark.parametrize("changed", [b"more", b""], ids=["longer", "same length"])
def test_an_input_that_changed_stops_it(dedup: Callable, tmp_path: Path, report: Path, changed: bytes) -> None:
    """The report's digest of the input tells."""
    text = (tmp_path / "a.txt").read_bytes()
    (tmp_path / "a.txt").write_bytes(text + changed if changed else text.replace(b"NATO", b"nato"))
    done = dedup("explain", "r.json", identity(report))
    assert (done.returncode, done.stdout) == (4, b"")
    assert b"dedup: a.txt changed since the report was written" in done.stderr
    assert b"--report" in done.stderr


def test_an_input_that_moved(dedup: Callable, tmp_path: Path, report: Path) -> None:
    before = dedup("explain", "r.json", identity(report)).stdout
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    gone = dedup("explain", "r.json", identity(report))
    assert (gone.returncode, gone.stdout) == (4, b"")
    assert b"cannot read a.txt: No such file or directory" in gone.stderr
    assert b"--source" in gone.stderr
    assert dedup("explain", "r.json", identity(report), "--source", "b.txt").stdout == before


def test_a_list_of_protected_paragraphs_is_not_asked_for_again(dedup: Callable, tmp_path: Path, seed: bytes) -> None:
    """The report says what stayed: a list that is gone since keeps nobody from reading it."""
    (tmp_path / "a.txt").write_bytes(seed)
    (tmp_path / "keep.txt").write_text("A paragraph that stands nowhere else.\n")
    assert dedup("clean", "a.txt", "--protect", "keep.txt", "--report", "r.json", "-o", "clean.txt").returncode == 0
    before = dedup("explain", "r.json", found := identity(tmp_path / "r.json"))
    (tmp_path / "keep.txt").unlink()
    after = dedup("explain", "r.json", found)
    assert (after.returncode, after.stdout, after.stderr) == (0, before.stdout, b"")


def test_a_report_on_standard_input_asks_for_the_text(dedup: Callable, tmp_path: Path, seed: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(seed)
    dedup("clean", "--report", "r.json", text=seed)
    done = dedup("explain", "r.json", "--lines", "18-34")
    assert done.returncode == 4
    assert b"--source FILE" in done.stderr
    assert dedup("explain", "r.json", "--lines", "18-34", "--source", "a.txt").returncode == 0


def test_several_documents_and_a_repeat_that_stands_too_alone(dedup: Callable, tmp_path: Path) -> None:
    """It was kept; the number that would have removed it is named, and removes it."""
    (tmp_path / "a.txt").write_text(ORIGINAL)
    (tmp_path / "b.txt").write_text("Another line of text that has nothing to do with it.\n" + ORIGINAL)
    dedup("clean", "a.txt", "b.txt", "--report", "r.json", "-o", "c.txt")
    done = dedup("explain", "r.json", "--lines", "2")
    text = done.stdout.decode()
    assert "b.txt:2 repeats a.txt:1" in text
    assert "kept: too short to remove: its block has 21 words" in text
    assert "--min-block-words 21 or less  removes" in text
    removed = dedup("clean", "a.txt", "b.txt", "--min-block-words", "21").stderr
    assert b"removed 1 of 3" in removed
    assert b"removed nothing" in dedup("clean", "a.txt", "b.txt", "--min-block-words", "22").stderr


def test_a_variant(dedup: Callable, tmp_path: Path) -> None:
    """It stays under the rule that kept it at any threshold; without the rule it would have gone."""
    (tmp_path / "a.txt").write_text(ORIGINAL + "Another line of text that has nothing to do with it.\n" + FIGURE)
    done = dedup("clean", "a.txt", "--remove", "redundant", "--report", "r.json")
    assert done.stdout == (tmp_path / "a.txt").read_bytes()
    assert b"figure" in dedup("explain", "r.json").stdout
    text = dedup("explain", "r.json", "--lines", "3").stdout.decode()
    assert "a.txt:3 is near to a.txt:1 and stays" in text
    assert "kept: adds a figure: $1,300" in text
    cases = {line.split("  ")[1]: line.split()[2:] for line in text.splitlines() if line.startswith("  --remove")}
    assert {option: words[0] for option, words in cases.items()} == {
        "--remove exact": "keeps",
        "--remove redundant": "keeps",
        "--remove similar": "removes",
    }
    assert "any --threshold" in text


def test_a_variant_of_a_report_without_text(dedup: Callable, tmp_path: Path) -> None:
    """The words are in the sources."""
    (tmp_path / "a.txt").write_text(ORIGINAL + FIGURE)
    dedup("clean", "a.txt", "--report", "r.json", "--report-text", "none")
    assert "1,300" not in (tmp_path / "r.json").read_text()
    assert "kept: adds a figure: $1,300" in dedup("explain", "r.json", "--lines", "2").stdout.decode()


def test_two_passages(dedup: Callable, tmp_path: Path) -> None:
    """Marks show the figure, and the similarity is given with its counts."""
    (tmp_path / "a.txt").write_text("A line before.\n" + FIGURE)
    (tmp_path / "b.txt").write_text(ORIGINAL)
    done = dedup("explain", "a.txt:2", "b.txt:1-1")
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "[-$1,200-]" in text
    assert "{+$1,300+}" in text
    assert "Jaccard similarity 0.7272: 16 of 22 shingles in common; 21 words, 21 words" in text
    assert "--remove redundant" in text
    similar = dedup("explain", "a.txt:2", "b.txt:1-1", "--remove", "similar", "--min-block-words", "0").stdout.decode()
    assert "--threshold 0.7272 or less" in similar
    assert "\nremoved: similarity 0.7272, at least 0.6; 7 bands of 2 rows find such a pair with" in similar


def test_two_passages_say_how_surely_they_are_compared(dedup: Callable, tmp_path: Path) -> None:
    """Half of a high threshold is enough for what stands in its original, but few bands look so far down."""
    housing = "The program helps to expand the supply of housing to low-income{} families by providing grants to states"
    (tmp_path / "a.txt").write_text(housing.format(" and very-low income") + ".\n" + housing.format("") + ".\n")
    text = dedup("explain", "a.txt:2", "a.txt:1", "--threshold", "0.9").stdout.decode()
    assert "removed: similarity 0.8000, it stands in the original, and adds nothing; 2 bands of 2 rows find" in text
    assert "\n  --threshold 1.0000 or less  removes  1 band of 4 rows finds such a pair with probability 0." in text


def test_a_protected_passage_stays(dedup: Callable, tmp_path: Path) -> None:
    """As a run has it: what is protected neither goes nor is an original, whatever the other options are."""
    (tmp_path / "a.txt").write_text(ORIGINAL)
    (tmp_path / "list").write_text(ORIGINAL)
    (tmp_path / "b.txt").write_text(ORIGINAL)
    options = ["--min-block-words", "0"]
    assert b"1 of 1 paragraphs would go" in dedup("explain", "a.txt", "b.txt", *options).stdout
    for protect in (["--protect", "list"], ["--keep-pattern", ORIGINAL.split()[0]]):
        text = dedup("explain", "a.txt", "b.txt", *options, *protect).stdout.decode()
        assert "0 of 1 paragraphs would go" in text
        assert "\nkept: it is protected, or its original is (--keep-pattern, --protect)\n" in text
        assert "--remove exact" not in text
        kept = dedup("clean", "a.txt", "b.txt", "--unit", "line", *options, *protect)
        assert kept.stdout.decode() == 2 * ORIGINAL
    refused = dedup("explain", "a.txt", "b.txt", "--protect", "none")
    assert (refused.returncode, refused.stdout) == (2, b"")


@pytest.mark.parametrize("name", ["b.txt.gz", "utf-16.txt", "utf-16-le.txt"])
def test_passages_are_read_as_a_run_reads_them(dedup: Callable, tmp_path: Path, name: str) -> None:
    """Below a compression, by the mark of an encoding or as the option says; lines are those of the text."""
    text, options = "A line before.\n" + FIGURE, []
    (tmp_path / "a.txt").write_text(ORIGINAL)
    if name.endswith(".gz"):
        (tmp_path / name).write_bytes(gzip.compress(text.encode()))
    else:
        (tmp_path / name).write_bytes(text.encode(name.removesuffix(".txt")))
        options = ["--encoding", "utf-16"] * name.startswith("utf-16-le")
    done = dedup("explain", f"{name}:2", f"{name}:1-2" if options else "a.txt", *options)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "The sum of" in done.stdout.decode()
    assert f"{name}:2 beside" in done.stdout.decode()


def test_settings_belong_to_passages(dedup: Callable, tmp_path: Path, report: Path) -> None:
    """A report brings its own."""
    (tmp_path / "x.txt").write_text(FIGURE * 2)
    strict = dedup("explain", "x.txt:1", "x.txt:2", "--remove", "exact", "--min-words", "50")
    assert b"too few to match alone (--min-words 50)" in strict.stdout
    refused = dedup("explain", "r.json", identity(report), "--threshold", "0.5")
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"--threshold with a report" in refused.stderr


def test_a_configuration_is_no_option(dedup: Callable, tmp_path: Path, report: Path) -> None:
    """The report keeps its settings; two passages take those of the configuration."""
    before = dedup("explain", "r.json", identity(report)).stdout
    (tmp_path / "dedup.toml").write_text("min-words = 50\n")
    after = dedup("explain", "r.json", identity(report))
    assert (after.returncode, after.stdout) == (0, before)
    assert b"--min-words 50" in dedup("explain", "a.txt:18", "a.txt:1").stdout


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["r.json", "0123456789abcdef"], 2, b"the report has no finding 0123456789abcdef: it has 1 finding"),
        (["r.json", "zzz"], 2, b"zzz is neither the id of a finding in r.json nor a file"),
        (["r.json", "zzz:1-3"], 2, b"zzz:1-3 is neither the id of a finding in r.json nor a file"),
        (["r.json", "r.json"], 2, b"r.json is neither the id of a finding in r.json nor a file in it"),
        (["r.json", "a.txt:20-3"], 2, b"a.txt:20-3 ends before it begins"),
        (["a.txt", "zzz"], 4, b"cannot read zzz: No such file or directory"),
        (["r.json", "--lines", "2-3"], 2, b"nothing in lines 2-3 repeats"),
        (["r.json", "--lines", "2"], 2, b"nothing in line 2 repeats"),
        (["r.json", "--lines", "x"], 2, b"--lines cannot be 'x'"),
        (["r.json", "a", "b"], 2, b"3 arguments"),
        (["r.json", "--lines", "20", "--source", "a.txt", "--source", "a.txt"], 2, b"about 1 input, and 2 were given"),
        (["a.txt"], 2, b"is no JSON"),
        (["none.json"], 4, b"cannot read none.json"),
        (["a.txt:1", "none.txt:1"], 4, b"cannot read none.txt"),
        (["a.txt:14"], 2, b"a.txt:14 is one passage, and it takes two"),
        (["a.txt:14", "--lines", "3"], 2, b"a.txt:14 is one passage, and it takes two"),
        (["a.txt:14", "b3"], 4, b"cannot read b3: No such file or directory"),
        (["a.txt:99", "a.txt:1"], 2, b"a.txt has 34 lines, not 99\n"),
        (["a.txt:1", "a.txt:2", "--lines", "3"], 2, b"belong to a report"),
        ([], 2, b"missing argument"),
    ],
)
def test_what_is_wrong_is_told(
    dedup: Callable, report: Path, arguments: list[str], status: int, message: bytes
) -> None:
    done = dedup("explain", *arguments)
    assert (done.returncode, done.stdout) == (status, b"")
    assert message in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_input_is_known_by_any_path_to_it(dedup: Callable, tmp_path: Path, report: Path) -> None:
    """As a shell or an editor gives it."""
    wanted = dedup("explain", "r.json", "a.txt")
    assert (wanted.returncode, wanted.stderr) == (0, b"")
    for path in (str(tmp_path / "a.txt"), f"../{tmp_path.name}/a.txt"):
        assert dedup("explain", "r.json", path).stdout == wanted.stdout
        assert dedup("explain", "r.json", f"{path}:20").stdout == dedup("explain", "r.json", "a.txt:20").stdout


def test_an_id_that_is_close_is_named(dedup: Callable, report: Path) -> None:
    """For what can be no id, and for an id that the report does not have."""
    known = identity(report)
    for slip in (f"{known}x", f"x{known}", f"{known[:6]}{known[7:]}", known[:15] + "10"[known[15] == "1"]):
        done = dedup("explain", "r.json", slip)
        assert (done.returncode, done.stdout) == (2, b"")
        assert f"Did you mean {known}?".encode() in done.stderr
    done = dedup("explain", "-", f"{known}x", text=report.read_bytes())
    assert f"{known}x is neither the id of a finding in <stdin> nor a file".encode() in done.stderr


def test_bytes_that_are_no_text_are_spelled_out(dedup: Callable, tmp_path: Path) -> None:
    line = b"Caf\xe9 [bold]red[/bold] \x1b[2J :smile: and some more words to have enough of them here\n"
    (tmp_path / "a.txt").write_bytes(line * 2)
    done = dedup("explain", "a.txt:2", "a.txt:1")
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert b"[bold]red[/bold]" in done.stdout
    assert b"Caf\\udce9" in done.stdout
