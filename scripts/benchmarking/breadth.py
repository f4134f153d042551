"""Beyond near-duplicates in one plain file: the rule, other formats, many files, reports."""

from __future__ import annotations

from benchmarking.bars import Bar, Section, quotient
from benchmarking.bench import Bench
from benchmarking.corpus import FULL
from benchmarking.forms import FIGURES_FILE
from benchmarking.places import MB

TEXT = "senate.txt"


def rule(bench: Bench) -> Section:
    """What the rule `redundant` costs beside `similar`, and on a form letter whose copies differ in figures."""
    jobs = [("dedup-2", TEXT), ("dedup-similar", TEXT), ("dedup-2", "seed"), ("dedup-2", FIGURES_FILE)]
    bench.measure(jobs, afresh=True)
    ratio = quotient(bench.wall("dedup-2", TEXT), bench.wall("dedup-similar", TEXT))
    costs = [
        quotient(bench.net_wall("dedup-2", file), bench.totals(file).get("paragraphs")) for file in (TEXT, FIGURES_FILE)
    ]
    kept = bench.totals(FIGURES_FILE)
    return Section(
        "rule",
        jobs,
        [
            Bar("wall time, redundant / similar", ratio, "<=", 1.1),
            Bar("us a paragraph, figures / Senate", quotient(costs[1], costs[0]), "<=", 3.0, "less start-up"),
            Bar("paragraphs removed though their figures differ", _removed(kept), "<=", 0),
        ],
    )


def _removed(totals: dict[str, float]) -> float | None:
    removed: dict[str, float] = totals.get("removed", {})  # type: ignore[assignment]  # a table inside the totals
    return removed.get("paragraphs")


def formats(bench: Bench) -> Section:
    """The same text as records and compressed."""
    text, zst = bench.path(TEXT), "senate.jsonl.zst"
    packed = {"senate.txt.gz": "gzip", "senate.txt.bz2": "bzip2", "senate.txt.xz": "xz", "senate.txt.zst": "zstd"}
    records = ["senate.jsonl", "senate.parquet"]
    present = [file for file in [*records, *packed, zst] if bench.path(file).is_file()]
    jobs = [("dedup-2", file) for file in [TEXT, *present]]
    jobs += [("orjson", "senate.jsonl"), *((tool, file) for file, tool in packed.items() if file in present)]
    bench.measure(jobs)
    plain = bench.wall("dedup-2", TEXT)
    bars = [
        Bar(f"speed, {file} / {TEXT}", quotient(plain, bench.wall("dedup-2", file)), ">=", limit)
        for file, limit in zip(records, (0.6, 0.8), strict=True)
    ]
    for file, tool in packed.items():
        alone = bench.wall(tool, file)
        slower = max(plain, alone) if plain and alone else None
        note = f"the slower of {tool} alone and plain text"
        bars.append(Bar(f"speed, {file}", quotient(slower, bench.wall("dedup-2", file)), ">=", 0.8, note))
    originals = bench.totals(zst).get("originals") if zst in present else None
    limit = None if originals is None else (100 * MB + 160 * originals) / MB
    bars.append(
        Bar(f"peak MB, {zst}", bench.peak_mb("dedup-2", zst), "<=", limit, f"{text.stat().st_size:,} bytes of text")
    )
    return Section("formats", jobs, bars)


def files(bench: Bench) -> Section:
    """Small files in a folder beside the same bytes in one file, both by lines."""
    jobs = [("dedup-line", "small"), ("dedup-line", "small.txt")]
    bench.measure(jobs)
    ratio = quotient(bench.wall("dedup-line", "small.txt"), bench.wall("dedup-line", "small"))
    return Section("files", jobs, [Bar(f"speed, {FULL.small_files:,} files / one", ratio, ">=", 0.5)])


def reports(bench: Bench) -> Section:
    """All reports at once beside none."""
    jobs = [("dedup-2", TEXT), ("dedup-reports", TEXT)]
    bench.measure(jobs, afresh=True)
    ratio = quotient(bench.wall("dedup-reports", TEXT), bench.wall("dedup-2", TEXT))
    return Section("reports", jobs, [Bar("wall time, all reports / none", ratio, "<=", 1.15)])
