"""One report through every renderer: snapshots, official forms, and nothing hostile gets through.

With DEDUP_UPDATE_GOLDEN=1 the snapshots are written anew; look at them with `git diff`.
"""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import os
import re
import xml.etree.ElementTree as ElementTree
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import xmlschema

from dedup.api import clean, render_report, scan
from dedup.errors import UsageError
from dedup.report.content import Passage, Texts
from dedup.report.finding import findings
from dedup.report.formats import HEAD_BYTES, RENDERERS, is_report
from dedup.report.github import MOST_LOGGED
from dedup.report.gitlab import MOST_ISSUES
from dedup.report.junit import MOST_CASES
from dedup.report.load import from_json
from dedup.report.model import Report
from dedup.report.renderers import render, write
from dedup.report.sarif import MOST_RESULTS
from dedup.settings import Settings
from dedup.sinks.stream import ObjectSink

from .fixture import BLOCK, make_report

SNAPSHOTS = Path(__file__).parent / "report"
SCHEMAS = Path(__file__).parent.parent / "schemas"
OURS = Path(__file__).parent.parent.parent / "docs" / "report.schema.json"
SNAPPED = [name for name in RENDERERS if name != "html"]


@pytest.fixture(autouse=True)
def outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Platforms are told of files from the root of a repository: here the names are told as they are."""
    monkeypatch.chdir(tmp_path)


def rendered(format: str, report: Report | None = None) -> bytes:
    file = io.BytesIO()
    write(report or make_report(), format, ObjectSink(file))
    return file.getvalue()


@pytest.mark.parametrize("format", RENDERERS)
def test_a_report_is_known_by_its_beginning(format: str) -> None:
    """With and without findings: where it stands in a folder that is read, it is no input."""
    full = rendered(format)[:HEAD_BYTES]
    none = rendered(format, scan(b"A line that repeats nothing.\n"))[:HEAD_BYTES]
    line = b"The committee will meet on Thursday to vote on the farm bill and its amendments.\n"
    assert is_report(full)
    assert is_report(rendered(format, scan(line * 2))[:HEAD_BYTES])
    assert is_report(rendered(format, scan(line + line.replace(b"Thursday", b"Friday")))[:HEAD_BYTES])
    assert is_report(none) or not none
    assert not is_report(b"<!doctype html>\n<html>\n<head>\n<title>An article</title>\n")
    assert not is_report(b'{"text": "a record", "kind": "article"}\n')


def schema(name: str) -> dict:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text())


@pytest.mark.parametrize("format", SNAPPED)
def test_snapshot(format: str) -> None:
    """What a format looks like is decided by people who look at it."""
    path = SNAPSHOTS / f"report.{format}"
    if os.environ.get("DEDUP_UPDATE_GOLDEN"):
        path.write_bytes(rendered(format))
    assert rendered(format) == path.read_bytes()


@pytest.mark.parametrize("format", SNAPPED)
def test_a_stored_report_renders_as_the_first_one(format: str) -> None:
    """`dedup report` needs nothing but the JSON."""
    stored = from_json(rendered("json"), "report.json")
    assert rendered(format, stored) == rendered(format)


@pytest.mark.parametrize("format", RENDERERS)
@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("documents", 0, "name"), 7),
        (("documents", 0, "words"), 0),
        (("documents", 0, "document"), 1.5),
        (("documents",), []),
        (("blocks", 0, "document"), 9),
        (("blocks", 0, "id"), "\ud800"),
        (("blocks", 0, "texts", "repeat", "text"), ["x"]),
        (("variants", 0, "new"), [7]),
        (("totals", "words"), "many"),
        (("settings",), [1]),
    ],
)
def test_a_stored_report_that_was_edited_by_hand(tmp_path: Path, format: str, where: tuple, value: object) -> None:
    """It is rendered, or refused as damaged, and then nothing is written."""
    facts = json.loads(rendered("json"))
    last = facts
    for key in where[:-1]:
        last = last[key]
    last[where[-1]] = value
    (tmp_path / "r.json").write_text(json.dumps(facts))
    out = tmp_path / "out"
    with suppress(UsageError):  # anything else is a bug
        render_report(tmp_path / "r.json", out, format)
    assert not out.exists() or out.read_bytes()


def test_damage_that_shows_when_it_is_rendered_is_damage(tmp_path: Path) -> None:
    facts = json.loads(rendered("json"))
    facts["documents"].pop()
    (tmp_path / "r.json").write_text(json.dumps(facts))
    with pytest.raises(UsageError, match=r"r\.json is a damaged report: "):
        render_report(tmp_path / "r.json", tmp_path / "out", "text")


@pytest.mark.parametrize("format", SNAPPED)
def test_a_report_without_findings(format: str) -> None:
    """Every format has a form for nothing, which is no empty file unless the form is a list of lines."""
    nothing = replace(make_report(), blocks=[], variants=[], contents=[], skipped=[])
    assert rendered(format, nothing) or format == "text"


@pytest.mark.parametrize("format", ["text", "md", "junit", "github", "gitlab", "sarif", "badge"])
def test_no_control_character_gets_out(format: str) -> None:
    """Terminals, logs and parsers see neither escapes nor NUL nor a turned direction of writing."""
    text = rendered(format).decode()
    assert not set(text) & {"\x1b", "\x00", "\u202e", "\r"}


def test_every_format_has_a_help_and_a_known_level() -> None:
    for renderer in RENDERERS.values():
        assert renderer.help
        assert renderer.texts in ("none", "excerpt", "full")


def test_sarif_is_valid() -> None:
    jsonschema.validate(json.loads(rendered("sarif")), schema("sarif"))


def many_blocks(number: int) -> Report:
    """A report with so many blocks, each larger by a word than the one before it."""
    report = make_report()
    many = [BLOCK._replace(words=n) for n in range(number)]
    contents = [report.contents[0]._replace(id=f"{n:016x}") for n in range(number)]
    return replace(report, blocks=many, variants=[], contents=contents)


def test_sarif_keeps_to_the_limit_and_counts_the_rest() -> None:
    """The largest 5,000, in the order of the input."""
    log = json.loads(rendered("sarif", many_blocks(MOST_RESULTS + 7)))
    (run,) = log["runs"]
    assert [one["properties"]["words"] for one in run["results"]] == list(range(7, MOST_RESULTS + 7))
    notes = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert notes[0] == "7 more findings: only the 5,000 largest are results"


def test_sarif_fingerprints_tell_equal_findings_apart() -> None:
    results = json.loads(rendered("sarif"))["runs"][0]["results"]
    prints = [one["partialFingerprints"]["primaryLocationLineHash"] for one in results]
    assert prints == ["00000000000000aa:1", "00000000000000bb:1", "00000000000000bb:2", "00000000000000cc:1"]


def test_sarif_counts_bytes_of_files_and_of_nothing_else(tmp_path: Path) -> None:
    """Where a file was recoded or expanded, lines and columns alone can be found in it; so in a stored report."""
    text = "".join(f"Клуб открыл сезон номер {n} большой выставкой старых карт города и гавани.\n" for n in range(9))
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "b.txt").write_text(text, encoding="utf-16")
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    (tmp_path / "d.txt").write_text(text, encoding="utf-8")
    report = scan(tmp_path, texts="excerpt")
    stored = from_json(json.dumps(report.to_dict()).encode(), "stored")
    for one in (report, stored):
        results = json.loads(rendered("sarif", one))["runs"][0]["results"]
        regions = {}
        for result in results:
            for location in (result["locations"][0], result["relatedLocations"][0]):
                place = location["physicalLocation"]
                regions[place["artifactLocation"]["uri"].rpartition("/")[2]] = place["region"]
        assert {name: region.get("byteLength") for name, region in regions.items()} == {
            "a.txt": len(text.encode()),
            "b.txt": None,
            "c.txt.gz": None,
            "d.txt": len(text.encode()),
        }
        assert not any("byteOffset" in regions[name] for name in ("b.txt", "c.txt.gz"))
        assert regions["b.txt"]["endLine"] == 9


def test_gitlab_is_valid() -> None:
    issues = json.loads(rendered("gitlab"))
    jsonschema.validate(issues, schema("gitlab-code-quality"))
    assert len({one["fingerprint"] for one in issues}) == len(issues) == 4


def test_junit_is_valid() -> None:
    text = rendered("junit").decode()
    xmlschema.XMLSchema(SCHEMAS / "junit.xsd").validate(text)
    root = ElementTree.fromstring(text)
    assert int(root.get("failures", "")) == len(root.findall(".//failure")) == 2


def test_junit_names_the_record_of_a_finding(tmp_path: Path, seed_path: Path) -> None:
    """Lines alone are those of the text in it: nobody would find them in the file."""
    path = tmp_path / "news.jsonl"
    path.write_text(json.dumps({"id": 'A<1> "x"', "text": seed_path.read_text(encoding="utf-8")}) + "\n")
    report = scan(path, settings=Settings(id_field="id"))
    (case,) = ElementTree.fromstring(rendered("junit", report).decode()).iter("testcase")
    assert f'at {path}:1 (id A<1> "x", text lines 18-34)' in case.get("name", "")


def test_gitlab_counts_what_it_does_not_list() -> None:
    """The largest 5,000, and one more issue that says how many there are besides."""
    *listed, rest = issues = json.loads(rendered("gitlab", many_blocks(MOST_ISSUES + 7)))
    jsonschema.validate(issues, schema("gitlab-code-quality"))
    assert [one["fingerprint"] for one in listed] == [f"{n:016x}" for n in range(7, MOST_ISSUES + 7)]
    assert rest["description"] == "7 more findings: only the 5,000 largest are listed"
    assert rest["location"]["path"] == listed[0]["location"]["path"]


def test_junit_counts_what_it_does_not_list() -> None:
    """The largest 5,000 are cases, and one more failure says how many there are besides."""
    text = rendered("junit", many_blocks(MOST_CASES + 1)).decode()
    xmlschema.XMLSchema(SCHEMAS / "junit.xsd").validate(text)
    root = ElementTree.fromstring(text)
    failures = root.findall(".//failure")
    assert int(root.get("failures", "")) == int(root.get("tests", "")) == len(failures) == MOST_CASES + 1
    assert failures[-1].get("message") == "1 more repeat"
    assert "0000000000000000" not in text


def test_the_log_of_a_step_has_an_end() -> None:
    """Ten annotations, the next largest as lines, the rest as a number."""
    *lines, notice, _ = rendered("github", many_blocks(MOST_LOGGED + 5)).decode().splitlines()
    assert [line.startswith("::warning ") for line in lines] == [False] * (MOST_LOGGED - 10) + [True] * 10
    assert notice == "::notice::990 more repeats in the log of this step, and 5 smaller ones not listed"


def test_json_is_valid() -> None:
    ours = json.loads(OURS.read_text())
    jsonschema.Draft202012Validator.check_schema(ours)
    jsonschema.validate(json.loads(rendered("json")), ours)


def test_jsonl_lines_are_those_of_the_report() -> None:
    """Each finding once, in order, then the documents, and the summary that counts them."""
    lines = [json.loads(line) for line in rendered("jsonl").splitlines()]
    assert [line["kind"] for line in lines] == ["block", *["paragraph"] * 2, "variant", *["document"] * 3, "summary"]
    assert [line["id"] for line in lines[:4]] == [one.id for one in findings(make_report())]
    assert lines[-1]["findings"] == 4
    whole = json.loads(rendered("json"))
    assert lines[-1]["totals"] == whole["totals"]
    assert {**lines[0]} == {"kind": "block", **whole["blocks"][0]}


def test_a_check_that_had_nothing_to_look_at_is_no_test_that_passed() -> None:
    check = {"failed": ["nothing to check: no words in 0 documents"], "gates": {}, "known": 0, "suppressed": 0}
    nothing = replace(make_report(), blocks=[], variants=[], contents=[], check=check)
    text = rendered("junit", nothing).decode()
    xmlschema.XMLSchema(str(SCHEMAS / "junit.xsd")).validate(text)
    root = ElementTree.fromstring(text)
    assert (root.get("tests"), root.get("failures"), root.find(".//failure") is None) == ("1", "1", False)


def test_a_check_that_passed_is_no_test_that_failed() -> None:
    """Whatever repeats within its limits: a runner takes a failed case for a failed check."""
    check = {"failed": [], "gates": {"max_percent": 50.0}, "known": 0, "suppressed": 0}
    text = rendered("junit", replace(make_report(), check=check)).decode()
    xmlschema.XMLSchema(str(SCHEMAS / "junit.xsd")).validate(text)
    root = ElementTree.fromstring(text)
    assert (root.get("tests"), root.get("failures"), root.find(".//failure")) == ("1", "0", None)
    assert [one.get("name") for one in root.iter("testcase")] == [
        f"{make_report().totals.blocks} repeats within the limits"
    ]
    failed = rendered("junit", replace(make_report(), check={**check, "failed": ["2 repeats, --max-blocks is 1"]}))
    assert failed == rendered("junit")


def test_markdown_of_a_check_says_whether_it_passed() -> None:
    """It is what a job's summary shows."""
    check = {"failed": ["[x]: 3 words repeat"], "gates": {}, "known": 1, "suppressed": 2}
    failed = rendered("md", replace(make_report(), check=check)).decode()
    assert "1 known and 2 accepted do not count.\n\n**The check did not pass:**\n\n- \\[x\\]: 3 words repeat" in failed
    passed = rendered("md", replace(make_report(), check={**check, "failed": [], "known": 0, "suppressed": 1})).decode()
    assert "1 accepted does not count.\n\nThe check passed.\n" in passed
    assert "check" not in rendered("md").decode()


@pytest.mark.parametrize("format", ["md", "html", "sarif"])
def test_records_that_were_passed_through_are_in_reports_for_people(format: str) -> None:
    """As inputs that were skipped are: neither is looked at."""
    facts = json.loads(rendered("json"))
    first = {"line": 3, "record": 2, "reason": "not JSON"}
    fields = {"format": "jsonl", "compression": "", "encoding": "utf-8", "documents": 1, "bytes": 9}
    facts["files"] = [{"name": "r.jsonl", **fields, "passed": {"not JSON": 4}, "first_passed": [first]}]
    text = rendered(format, from_json(json.dumps(facts).encode(), "r")).decode()
    assert "passed through line 3 and 3 more: not JSON" in text
    assert format != "html" or "1 input that could not be read and 4 records without text." in text


@pytest.mark.parametrize("format", RENDERERS)
@pytest.mark.parametrize("compiled", [True, False])
def test_a_report_without_text_says_no_word_of_it(
    tmp_path: Path, format: str, compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even the figure that a variant adds; by default it is there."""
    if not compiled:
        monkeypatch.setattr("dedup.report.compiled.MODULE", "dedup.report.rows_that_are_not_there")
    one = b"The sum of $1,200 was paid to the city of Boston on May 3, said the secretary of the treasury.\n"
    path = tmp_path / "report"
    for level, told in (("auto", format not in ("junit", "github", "badge")), ("none", False)):
        clean(
            one + one.replace(b"1,200", b"7,391"),
            io.BytesIO(),
            settings=Settings(unit="line"),
            report=f"{format}:{path}",
            report_text=level,
        )
        assert (b"7,391" in path.read_bytes()) == told


def test_csv_is_read_back() -> None:
    rows = list(csv.DictReader(io.StringIO(rendered("csv").decode(), newline="")))
    assert [row["id"] for row in rows] == [one.id for one in findings(make_report())]
    assert rows[1]["file"] == "b,c:d%\n::error::[x](y)`<i>?.txt"
    assert rows[3]["new"] == '$5 "</a>"'


def test_github_commands_cannot_be_forged() -> None:
    """A name with a line end and `::error::` in it stays inside the command it belongs to."""
    lines = rendered("github").decode().splitlines()
    assert [line.split("::")[1].split(" ")[0] for line in lines] == ["warning", "warning", "notice"]
    assert "file=b%2Cc%3Ad%25%0A%3A%3Aerror" in lines[1]


@pytest.mark.parametrize("compiled", [True, False])
def test_a_line_of_the_log_is_no_command(compiled: bool) -> None:
    """The runner takes `::` behind white space for a command, and the older `##[` wherever it stands."""
    report = many_blocks(30)
    report = replace(report, names=[f"::error::{name}##[error]" for name in report.names])
    if not compiled:
        report.views["compiled"] = None
    lines = rendered("github", report).decode().splitlines()
    plain = [line for line in lines if not line.startswith(("::warning ", "::notice"))]
    assert len(plain) == 20
    assert all(line.startswith("- ::error::") and "##[" not in line for line in plain)


def test_markdown_shows_markup_as_text() -> None:
    text = rendered("md").decode()
    assert "<script>" not in text
    assert "\\[x\\](y)" in text


@pytest.mark.parametrize("text", ["# Heading", "- item", "+ item", "* item", "1. item", "12) item", "=> quote", "> q"])
def test_markdown_quotes_what_would_be_a_block_of_its_own(text: str) -> None:
    """The text of a finding is a paragraph of its quotation, and reads as it stands in the document."""
    report = make_report()
    contents = [one._replace(texts=Texts(Passage(text), Passage(text))) for one in report.contents]
    page = rendered("md", replace(report, contents=contents)).decode()
    quoted = page.partition("\n  > ")[2].partition("\n")[0]
    assert not re.match(r"[-+*#>] |\d+[.)] ", quoted)
    assert html.unescape(quoted).replace("\\", "") == text


def test_badge_is_an_image_with_a_name() -> None:
    root = ElementTree.fromstring(rendered("badge"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("aria-label") == "removed text: 18 %"


def test_rendering_is_lazy() -> None:
    """A renderer gives pieces; a huge report need not be one string."""
    assert len(list(render(make_report(), "jsonl"))) > 4
