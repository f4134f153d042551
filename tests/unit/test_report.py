"""The report model and its JSON: totals, digest, ids, and what is not part of the answer."""

from __future__ import annotations

import copy
import dataclasses
import gzip
import io
import json
import pickle
from pathlib import Path
from typing import NamedTuple

import pytest
import xxhash

import dedup
from dedup.errors import InputSkipped, UsageError
from dedup.findings import Block, DocumentTable, DocumentTotals, Place, Repeat
from dedup.report.content import Content
from dedup.report.formats import RENDERERS
from dedup.report.json import REPEAT_COLUMNS, render, to_dict
from dedup.report.model import Outcome, Report, Stream
from dedup.report.removed_map import RemovedMap
from dedup.report.renderers import write
from dedup.settings import Settings
from dedup.sinks.stream import ObjectSink

ROOT = Path(__file__).parents[2]


class Bands(NamedTuple):
    bands: int
    rows: int


def document(number=0, **changes):
    facts = dict.fromkeys(DocumentTotals._fields, 0)
    return DocumentTotals(**{**facts, "document": number, "unit": "line", "bytes": 200, "words": 40, **changes})


def block(start=100, original=0, words=20, document=0):
    """One paragraph of 100 bytes that repeats another."""
    place = Place(document, start, start + 100, start // 100 + 1, start // 100 + 1)
    source = Place(document, original, original + 100, original // 100 + 1, original // 100 + 1)
    repeat = Repeat(place, source, "near", words, 14, 18, True)
    return Block(place, source, 1, words, 1, words, (repeat,))


def table(rows):
    filled = DocumentTable()
    filled.extend(rows)
    return filled


def outcome(blocks=(), documents=None, **changes):
    facts = {
        "names": ["a.txt", "b.txt"],
        "documents": table(documents or [document(0, removed_words=20, removed_near=1), document(1, invalid_bytes=3)]),
        "blocks": list(blocks),
        "contents": [Content(f"{number:016x}") for number in range(len(blocks))],
        "largest": list(blocks)[:5],
        "originals": 3,
        "full_buckets": 0,
        "bands": Bands(11, 3),
        "input": Stream(400, "0" * 32),
        "output": Stream(300, "1" * 32),
        "engine": "native",
        "threads": 2,
        "seconds": 0.25,
        "variants_by_rule": {},
    }
    return Outcome(**{**facts, **changes})


def report(*blocks, settings=None, detailed=True, skipped=(), **changes):
    return Report.build(settings or Settings(), outcome(blocks, **changes), detailed=detailed, skipped=skipped)


def written(found):
    return "".join(render(found)).encode("ascii")


def test_the_file_holds_what_the_dictionary_holds():
    found = report(block(), skipped=[InputSkipped("c.txt", "No such file or directory")])
    assert json.loads(written(found)) == found.to_dict() == to_dict(found)


def test_a_repeat_has_its_place_its_original_and_why():
    (row,) = report(block()).to_dict()["blocks"]
    assert row["name"] == "a.txt"
    assert row["lines"] == [2, 2]
    assert row["bytes"] == [100, 200]
    assert row["original"] == {"name": "a.txt", "document": 0, "lines": [1, 1], "bytes": [0, 100]}
    assert (row["rule"], row["similarity"]) == ("near", 0.7778)
    (repeat,) = row["repeats"]
    assert dict(zip(REPEAT_COLUMNS, repeat, strict=True)) == {
        "start": 100,
        "end": 200,
        "line": 2,
        "last_line": 2,
        "original_document": 0,
        "original_start": 0,
        "original_end": 100,
        "original_line": 1,
        "original_last_line": 1,
        "kind": "near",
        "words": 20,
        "intersection": 14,
        "union": 18,
        "removed": True,
    }


def test_the_file_names_the_columns_of_a_repeat():
    assert report(block()).to_dict()["repeat_columns"] == list(REPEAT_COLUMNS)


def test_a_short_repeat_has_no_similarity():
    short = block()
    short = short._replace(repeats=(short.repeats[0]._replace(kind="short", intersection=0, union=0),))
    assert report(short).to_dict()["blocks"][0]["similarity"] is None


def test_totals_are_sums_over_documents():
    totals = report().to_dict()["totals"]
    assert totals["documents"] == 2
    assert totals["bytes"] == 400
    assert totals["words"] == 80
    assert totals["invalid_bytes"] == 3
    assert totals["removed"] == {"paragraphs": 0, "words": 20, "bytes": 0, "exact": 0, "near": 1, "short": 0}


def test_the_digest_is_that_of_the_canonical_json():
    """Anyone can check it with the two lines that docs/report.md gives."""
    found = report(block(), block(300, 200))
    facts = json.loads(written(found))
    del facts["run"]
    claimed = facts.pop("digest")
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    assert claimed == found.digest == xxhash.xxh3_128_hexdigest(canonical.encode())


@pytest.mark.parametrize(
    "changes",
    [
        {"engine": "reference"},
        {"threads": 1},
        {"seconds": 9.0},
        {"removed_map": [0.5] * 1000},
        {"settings": Settings(engine="reference", threads=9)},
    ],
)
def test_facts_of_the_run_are_not_in_the_digest(changes):
    assert report(block(), **changes).digest == report(block()).digest


@pytest.mark.parametrize(
    "changes",
    [
        {"settings": Settings(threshold=0.8)},
        {"names": ["a.txt", "c.txt"]},
        {"output": Stream(300, "2" * 32)},
        {"skipped": [InputSkipped("c.txt", "gone")]},
        {"full_buckets": 1},
    ],
)
def test_facts_of_the_answer_are_in_the_digest(changes):
    assert report(block(), **changes).digest != report(block()).digest


def test_without_details_there_is_no_list_of_blocks():
    """An empty list would say that nothing was found."""
    assert "blocks" not in report(detailed=False).to_dict()
    assert report(detailed=True).to_dict()["blocks"] == []


def test_skipped_inputs_set_the_exit_status():
    assert report().exit_status == 0
    assert report(skipped=[InputSkipped("a", "gone")]).exit_status == 3
    assert report(skipped=[InputSkipped("a", "gone")]).exit_status == 3


def test_skipped_before_and_during_the_run_are_both_listed():
    first, second = InputSkipped("a", "gone"), InputSkipped("b", "gone")
    built = Report.build(Settings(), outcome(skipped=[second]), detailed=False, skipped=[first])
    assert [one["path"] for one in built.to_dict()["skipped"]] == ["a", "b"]


def test_a_name_that_is_not_utf8_is_written_and_read_back():
    found = report(names=["caf\udce9.txt", "[b]\n.txt"])
    names = [row["name"] for row in json.loads(written(found))["documents"]]
    assert names == ["caf\udce9.txt", "[b]\n.txt"]


def test_one_block_is_one_line():
    lines = written(report(block(), block(300, 200))).decode().splitlines()
    assert sum(line.startswith('{"bytes":') and '"repeats":' in line for line in lines) == 2


def test_the_report_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        report().version = "9"


def naive_shares(spans, total):
    removed = [False] * total
    for start, end in spans:
        removed[start:end] = [True] * (end - start)
    return removed


@pytest.mark.parametrize("total", [1000, 8000, 64_000, 256_000])
def test_the_map_agrees_with_a_count_of_every_byte(total):
    """Where slots do not straddle cells the shares are exact, however often slots doubled."""
    spans = [(start, start + 37) for start in range(5, total - 40, 91)]
    found = RemovedMap()
    for start, end in spans:
        found.add(start, end)
    removed, size = naive_shares(spans, total), total // 1000
    expected = [sum(removed[i * size : (i + 1) * size]) / size for i in range(1000)]
    assert found.shares(total) == pytest.approx(expected)


@pytest.mark.parametrize("total", [1, 7, 999, 1001, 8001, 123_457, 10**9 + 7])
def test_the_map_loses_no_byte(total):
    found = RemovedMap()
    found.add(total // 3, total)
    shares = found.shares(total)
    assert len(shares) == 1000
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in shares)
    assert sum(shares) * total / 1000 == pytest.approx(total - total // 3)


def test_an_empty_input_has_an_empty_map():
    assert RemovedMap().shares(0) == [0.0] * 1000


def test_a_scan_refuses_a_level_of_text_that_there_is_not():
    """It would have had no text, and nobody would have been told."""
    with pytest.raises(UsageError, match="texts cannot be 'all': it is one of none, excerpt, full"):
        dedup.scan(b"text", texts="all")


def test_a_report_can_be_sent_to_another_process(tmp_path):
    """`multiprocessing` and `copy` take it apart and put it together: it says the same, in every format."""
    text = (ROOT / "seeds" / "nato-summit-pasted-twice.txt").read_text(encoding="utf-8")
    rows = [json.dumps({"id": number, "text": one}) + "\n" for number, one in enumerate((text, text[:3000], ""))]
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress("".join([*rows, "no record\n"]).encode()))
    (tmp_path / "b.txt").write_bytes(text.replace("30 national", "31 national").encode("utf-16"))
    output = tmp_path / "report.json"
    settings = dedup.Settings(id_field="id", format="auto")
    files = [str(tmp_path / name) for name in ("a.jsonl.gz", "b.txt", "missing.txt")]
    report = dedup.clean(files, output_dir=tmp_path / "out", report=output, settings=settings, report_text="full")
    assert report.blocks
    assert report.variants
    for again in (pickle.loads(pickle.dumps(report)), copy.deepcopy(report), copy.copy(report)):
        assert again.to_dict() == report.to_dict()
        assert (again.digest, again.exit_status, again.notes) == (report.digest, 3, report.notes)
        for name in RENDERERS:
            assert rendered(again, name) == rendered(report, name), name


def test_a_report_shows_what_it_found_in_a_notebook():
    report = dedup.scan(ROOT / "seeds" / "nato-summit-pasted-twice.txt")
    assert repr(report) == "<dedup.Report: removed 17 of 34 paragraphs, 50 % of the words, in 1 block>"


def rendered(report, name):
    written = io.BytesIO()
    write(report, name, ObjectSink(written))
    return written.getvalue()


@pytest.mark.parametrize("texts", ["none", "full"])
def test_a_report_can_be_copied_and_taken_apart(seed, texts):
    """With what C holds of it; what is copied can be written again."""
    report = dedup.scan(seed, texts=texts)
    parts = dataclasses.asdict(report)
    assert (list(parts["contents"]), parts["run"]) == (list(report.contents), report.run)
    for other in (copy.deepcopy(report), pickle.loads(pickle.dumps(report))):
        assert list(other.contents) == list(report.contents)
        assert "".join(render(other)) == "".join(render(report))
