"""Which document survives: the preferred order is the order of the walk, and nothing else changes."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from xxhash import xxh3_128_hexdigest

from dedup import api
from dedup.errors import ReadError, UsageError
from dedup.run.dates import OLDEST, read_date
from dedup.settings import Settings

from ..parity.documents import Author

ARTICLE = "".join(f"Senator number {i} voted on the bill early this week, said a spokesman.\n" for i in range(9))


def records(seed: int) -> list[dict[str, str]]:
    """Documents of which many are like others, each with a date, or none, or no real one."""
    draw = random.Random(seed)
    author = Author(seed)
    texts = [author.document().decode(errors="replace") for _ in range(draw.randint(1, 12))]
    found = []
    for text in texts + draw.choices(texts, k=8):
        words = text.split(" ")
        words[draw.randrange(len(words))] += draw.choice(["", "", " more"])
        date = draw.choice(["2004", "2004-05-01", "2004-05-01T10:00:00Z", "2005", "then", ""])
        found.append({"text": " ".join(words), "date": date})
    draw.shuffle(found)
    return found


def clean(found: list[dict[str, str]], **settings: object) -> tuple[list[str], list[tuple[int, int]], str]:
    """The texts that are left, the pairs of repeat and original, and the digest."""
    data = b"".join(json.dumps(one).encode() + b"\n" for one in found)
    output = io.BytesIO()
    chosen = Settings(unit="document", format="jsonl", min_block_words=0, min_words=3, **settings)
    report = api.clean(data, output, settings=chosen)
    texts = [json.loads(line)["text"] for line in output.getvalue().splitlines()]
    pairs = sorted((block.place.document, block.original.document) for block in report.blocks)
    assert [one.document for one in report.documents] == list(range(len(found)))
    everything = "".join(one["text"] for one in found).encode()
    assert (report.input.bytes, report.input.xxh3_128) == (len(everything), xxh3_128_hexdigest(everything))
    return texts, pairs, report.digest


def ranked(found: list[dict[str, str]], prefer: str) -> list[int]:
    """The documents in the order of preference, said as plainly as it can be."""

    def rank(number: int) -> tuple[float, int]:
        record = found[number]
        best = len(record["text"].encode()) if prefer == "longest" else read_date(record["date"])
        return (best if prefer == "oldest" and best != OLDEST else -best), number

    return sorted(range(len(found)), key=rank)


@pytest.mark.parametrize("prefer", ["longest", "newest", "oldest"])
@pytest.mark.parametrize("seed", range(12))
def test_the_answer_is_that_of_the_documents_in_the_preferred_order(engine: str, seed: int, prefer: str) -> None:
    """Put the documents in that order, take the first of each, put them back: the same."""
    found = records(seed)
    order = ranked(found, prefer)
    expected, pairs, _ = clean([found[number] for number in order], engine=engine)
    texts, its_pairs, _ = clean(found, engine=engine, prefer=prefer, date_field="date")
    assert [texts[number] for number in order] == expected
    assert its_pairs == sorted((order[one], order[other]) for one, other in pairs)


@pytest.mark.parametrize("prefer", ["longest", "newest", "oldest"])
def test_engines_and_threads_agree(prefer: str) -> None:
    """To the digest of the report."""
    found = records(77)
    answers = {
        clean(found, engine=engine, threads=threads, prefer=prefer, date_field="date")[2]
        for engine in ("auto", "reference")
        for threads in (1, 3)
    }
    assert len(answers) == 1


def test_large_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is larger than a bundle is read in parts, and the longer of two survives."""
    body = "".join(f"Line {i} says that the vote number {i * 7} was held in the chamber.\n" for i in range(4000))
    found = [{"text": ARTICLE}, {"text": body}, {"text": body + ARTICLE}, {"text": ARTICLE + "And more.\n"}]
    texts, pairs, _ = clean(found, prefer="longest")
    assert texts == ["", "", body + ARTICLE, ARTICLE + "And more.\n"]
    assert pairs == [(0, 3), (1, 2)]


def test_files_and_places(dedup: Callable, tmp_path: Path) -> None:
    """The longest of the files stays, in its own output; the report names them by their place in the input."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(ARTICLE)
    (folder / "b.txt").write_text(ARTICLE + "A last sentence that only this one has.\n")
    done = dedup("clean", "in", "--unit", "document", "--prefer", "longest", "--output-dir", "out", "--report", "r")
    assert done.returncode == 0
    assert (tmp_path / "out" / "a.txt").read_text() == ""
    assert (tmp_path / "out" / "b.txt").read_text() == (folder / "b.txt").read_text()
    block = json.loads((tmp_path / "r").read_text())["blocks"][0]
    assert (block["document"], block["original"]["document"]) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-", "--unit", "document", "--prefer", "longest"], "<stdin> can be read once only"),
        (["a.txt", "--prefer", "longest"], "chooses between whole documents"),
        (["a.txt", "--unit", "document", "--prefer", "newest"], "--date-field"),
        (["a.txt", "--unit", "document", "--prefer", "oldest"], "--prefer oldest needs to know where"),
        (["a.txt", "--unit", "document", "--prefer", "newest", "--date-field", "d"], "is a text and has no date"),
    ],
)
def test_what_cannot_be_preferred_is_refused(
    dedup: Callable, tmp_path: Path, arguments: list[str], message: str
) -> None:
    """Status 2, with what to do; nothing is written."""
    (tmp_path / "a.txt").write_text(ARTICLE)
    done = dedup("clean", *arguments, "-o", "out", text=b"text\n")
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert not (tmp_path / "out").exists()


def test_records_without_a_date_are_told(dedup: Callable, tmp_path: Path) -> None:
    """They are the last to be kept: the oldest where the newest stays, and the other way round."""
    (tmp_path / "a.jsonl").write_text('{"text":"one","date":"2004"}\n{"text":"two"}\n')
    done = dedup("clean", "a.jsonl", "--unit", "document", "--prefer", "newest", "--date-field", "date")
    assert b"1 of 2 records have no date in date: they count as the oldest" in done.stderr
    done = dedup("clean", "a.jsonl", "--unit", "document", "--prefer", "oldest", "--date-field", "date")
    assert b"1 of 2 records have no date in date: they count as the newest" in done.stderr
    (tmp_path / "a.jsonl").write_text('{"text":"one"}\n{"text":"two","date":"Montag, 3. Mai 2004"}\n')
    done = dedup("clean", "a.jsonl", "--unit", "document", "--prefer", "newest", "--date-field", "date")
    assert (
        b"no date in date in ISO 8601, as in mail or in Unix time (one has 'Montag, 3. Mai 2004'): they" in done.stderr
    )


def test_the_date_inside_a_field_counts_in_parquet_as_in_json_lines(tmp_path: Path) -> None:
    """The same records, the same answer."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    found = [{"text": ARTICLE, "id": year, "meta": {"date": year}} for year in ("2020", "2021")]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(one) + "\n" for one in found))
    pq.write_table(pa.Table.from_pylist(found), tmp_path / "a.parquet")
    chosen = Settings(unit="document", prefer="newest", date_field="meta.date", id_field="id", empty="drop")
    for name in ("a.jsonl", "a.parquet"):
        report = api.clean(tmp_path / name, tmp_path / f"out-{name}", settings=chosen)
        assert [origin.id for origin in report.origins] == ["2020", "2021"]
        assert report.notes == []
    assert json.loads((tmp_path / "out-a.jsonl").read_text())["id"] == "2021"
    assert pq.read_table(tmp_path / "out-a.parquet").column("id").to_pylist() == ["2021"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_the_oldest_of_like_records_stays(tmp_path: Path, name: str) -> None:
    """In every format, wherever it stands; one without a date stays alone."""
    dates = ["2021-05-01", "", "2019-12-31", "2020-01-01"]
    found = [{"text": ARTICLE.replace("\n", " "), "date": date, "desk": f"desk {date}"} for date in dates]
    path, out = tmp_path / name, tmp_path / f"out-{name}"
    if name == "a.parquet":
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        pq.write_table(pa.Table.from_pylist(found), path)
    elif name == "a.csv":
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(found[0]))
            writer.writeheader()
            writer.writerows(found)
    else:
        path.write_text("".join(json.dumps(one) + "\n" for one in found))
    chosen = Settings(unit="document", prefer="oldest", date_field="date", empty="drop")
    report = api.clean(path, out, settings=chosen)
    assert report.notes == ["1 of 4 records have no date in date: they count as the newest"]
    if name == "a.parquet":
        left = pq.read_table(out).to_pylist()
    elif name == "a.csv":
        left = list(csv.DictReader(out.read_text().splitlines()))
    else:
        left = [json.loads(line) for line in out.read_text().splitlines()]
    assert left == [found[2]]


@pytest.mark.parametrize(("option", "field"), [("--date-field", "date"), ("--id-field", "id")])
def test_a_table_without_the_column_of_the_date_or_the_id_is_skipped(
    dedup: Callable, tmp_path: Path, option: str, field: str
) -> None:
    """Both times it is read, with the option that names the column."""
    (tmp_path / "a.csv").write_text("text,id,date\none,1,2004\n")
    (tmp_path / "b.csv").write_text("text,id,date\ntwo,2,2005\n".replace(f",{field}", ",other"))
    options = ["--unit", "document", "--prefer", "newest", "--date-field", "date", "--id-field", "id"]
    done = dedup("clean", "a.csv", "b.csv", *options)
    assert (done.returncode, done.stdout) == (3, (tmp_path / "a.csv").read_bytes())
    told = f"skipped b.csv: its header has no column {field} ({option}); it has text, "
    assert told in done.stderr.decode()


@pytest.mark.parametrize("prefer", ["longest", "newest", "oldest"])
@pytest.mark.parametrize(("content", "status"), [(b"", 0), (b"no record\n", 3), (None, 4)])
def test_nothing_to_choose_between(
    dedup: Callable, tmp_path: Path, prefer: str, content: bytes | None, status: int
) -> None:
    """A file without documents, one without a record, one that is not there: as without a preference."""
    if content is not None:
        (tmp_path / "a.jsonl").write_bytes(content)
    done = dedup("clean", "a.jsonl", "--unit", "document", "--prefer", prefer, "--date-field", "date")
    assert (done.returncode, done.stdout) == (status, content or b"")
    assert api.scan([], settings=Settings(unit="document", prefer=prefer, date_field="date")).totals.documents == 0


def test_a_file_that_changes_between_the_readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written."""
    from dedup.run import prefer

    path, output = tmp_path / "a.txt", tmp_path / "out"
    path.write_text(ARTICLE)
    order = prefer.Survey.order

    def write_between(survey: object) -> list[int]:
        path.write_text(ARTICLE * 2)
        return order(survey)  # type: ignore[arg-type]

    monkeypatch.setattr(prefer.Survey, "order", write_between)
    with pytest.raises(ReadError, match="changed while it was read"):
        api.clean(path, output, settings=Settings(unit="document", prefer="longest"))
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_object_cannot_be_read_twice() -> None:
    """It is the caller's, and stands where it stands."""
    with pytest.raises(UsageError, match="once only"):
        api.clean(io.BytesIO(b"text"), io.BytesIO(), settings=Settings(unit="document", prefer="longest"))


def test_records_of_a_warc_have_their_date_in_their_head(tmp_path: Path) -> None:
    """Whatever the field is called."""
    body, records = ARTICLE.encode(), []
    for date in ("2021-05-01T00:00:00Z", "2019-12-31T23:59:59Z", None):
        dated = f"WARC-Date: {date}\r\n" if date else ""
        kind = f"WARC/1.0\r\nWARC-Type: conversion\r\n{dated}Content-Type: text/plain\r\n"
        head = f"{kind}Content-Length: {len(body)}\r\n\r\n"
        records.append(head.encode() + body + b"\r\n\r\n")
    path, out = tmp_path / "a.warc", tmp_path / "out.warc"
    path.write_bytes(b"".join(records))
    chosen = Settings(unit="document", prefer="oldest", date_field="WARC-Date", empty="drop")
    report = api.clean(path, out, settings=chosen)
    assert report.notes == ["1 of 3 records have no date in WARC-Date: they count as the newest"]
    assert out.read_bytes() == records[1]


def test_dates_that_cannot_be_read_are_the_oldest() -> None:
    """Older than any."""
    assert read_date("yesterday") == OLDEST < read_date("0001-01-01") < read_date("1987") < read_date("1987-02-20")


@pytest.mark.parametrize(
    ("date", "same"),
    [
        ("Wed, 26 Nov 2025 08:00:00 +0000", "2025-11-26T08:00Z"),
        ("Wed, 26 Nov 2025 08:00:00 GMT", "2025-11-26T08:00Z"),
        ("Wed, 26 Nov 2025 08:00:00 EST", "2025-11-26T13:00Z"),
        ("wed, 26 nov 2025 8:00:00 -0330 (NST)", "2025-11-26T11:30Z"),
        ("26 Nov 25 08:00 CET", "2025-11-26T08:00Z"),
    ],
)
def test_dates_as_in_mail_and_feeds(date: str, same: str) -> None:
    """`pubDate` of RSS has them."""
    assert read_date(date) == read_date(same) != OLDEST


@pytest.mark.parametrize(
    ("date", "same"),
    [
        ("2024-061", "2024-03-01"),
        ("2023-061", "2023-03-02"),
        ("2024366", "2024-12-31"),
        ("2024-061T08:30:00+01:00", "2024-03-01T07:30Z"),
        ("2024-061t24:00", "2024-03-02"),
        ("2024-W09-5", "2024-03-01"),
        ("2024W095T0830", "2024-03-01T08:30"),
        ("2024-W09", "2024-02-26"),
    ],
)
def test_days_of_a_year_and_of_a_week(date: str, same: str) -> None:
    """ISO 8601 has them as well."""
    assert read_date(date) == read_date(same) != OLDEST


@pytest.mark.parametrize(
    "date", ["2023-366", "2024-000", "2024-367", "0000-001", "9999-366", "2024-W54-1", "2024-W10-8"]
)
def test_a_day_that_no_year_has_is_none(date: str) -> None:
    """No error, and not a day of the next one."""
    assert read_date(date) == OLDEST


@pytest.mark.parametrize(
    "date",
    [
        "Wed, 26 Nov 2025",
        "Wed, 31 Nov 2025 08:00:00 GMT",
        "26 Nov 2025 25:00",
        "1 Nov 2025 08:00 +9999",
        "26 Dez 2025 8:00",
    ],
)
def test_what_is_no_date_of_mail_is_none(date: str) -> None:
    """No error either."""
    assert read_date(date) == OLDEST
