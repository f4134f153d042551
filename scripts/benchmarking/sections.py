"""What is compared with what, and the bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from benchmarking.bars import Bar, Section, quotient
from benchmarking.bench import Bench
from benchmarking.breadth import files, formats, reports, rule
from benchmarking.contenders import run_quietly
from benchmarking.corpus import FULL
from benchmarking.places import MB, SEED_FILE

LINE_TOOLS = ["wc", "sort", "awk", "gawk", "mawk"]


def senate(bench: Bench) -> Section:
    """200 MB of press releases beside the line tools."""
    jobs = [(name, "senate.txt") for name in [*LINE_TOOLS, "dedup-1", "dedup-2", "dedup-line", "dedup-exact"]]
    bench.measure(jobs)
    ratio = quotient(bench.wall("dedup-2", "senate.txt"), bench.wall("wc", "senate.txt"))
    return Section("senate", jobs, [Bar("wall time, dedup-2 / wc", ratio, "<=", 2.0, "aim 1.0")])


def threads(bench: Bench) -> Section:
    """Two threads beside one, and what two processes gain that share nothing but the machine."""
    jobs = [(name, "senate.txt") for name in ("dedup-1", "dedup-2", "dedup-1-twice")]
    bench.measure(jobs)
    one, two, twice = (bench.wall(*job) for job in jobs)
    most = quotient(one and 2 * one, twice)
    bars = [
        Bar("wall time, dedup-1 / dedup-2", quotient(one, two), ">=", 1.6),
        Bar("2 x dedup-1 / two dedup-1 at once", most, note="what the processors give to two"),
    ]
    return Section("threads", jobs, bars)


def flat(bench: Bench) -> Section:
    """Cost per byte from 10 MB to 1 GB, start-up taken off: of mixed text, and of as much in which nothing repeats."""
    files = [*FULL.prefix_bytes, "mixed.txt"]
    unlike = [*FULL.shuffled_prefix_bytes, "shuffled.txt"]
    jobs = [("dedup-2", file) for file in ["seed", *files, *unlike]]
    bench.measure(jobs)
    costs = {file: byte_cost(bench, file) for file in [*files, *unlike]}
    bars = [Bar(f"ns per byte, {f}", cost and cost * 1e9, note="less start-up") for f, cost in costs.items()]
    spreads = [
        Bar("highest / lowest, mixed", spread(costs[file] for file in files), "<=", 1.3),
        Bar("highest / lowest, shuffled", spread(costs[file] for file in unlike), note="what size costs by itself"),
    ]
    return Section("flat", jobs, [*bars, *spreads])


def byte_cost(bench: Bench, file: str) -> float | None:
    """Seconds a byte of a file took, start-up taken off, if measured."""
    return quotient(bench.net_wall("dedup-2", file), bench.path(file).stat().st_size)


def spread(costs: Iterable[float | None]) -> float | None:
    """The highest beside the lowest, if all were measured."""
    found = list(costs)
    known = [cost for cost in found if cost is not None]
    return max(known) / min(known) if known and len(known) == len(found) else None


def mixed(bench: Bench) -> Section:
    """A gigabyte of lines of all kinds beside `sort -u`."""
    jobs = [(name, "mixed.txt") for name in ("wc", "sort", "dedup-2")]
    bench.measure(jobs)
    figures = {"wall s": bench.wall, "peak MB": bench.peak_mb}
    bars = [
        Bar(f"{what}, dedup-2; bar: sort", figure("dedup-2", "mixed.txt"), "<", figure("sort", "mixed.txt"))
        for what, figure in figures.items()
    ]
    return Section("mixed", jobs, bars)


def templates_section(bench: Bench) -> Section:
    """Time a paragraph where every paragraph is nearly every other, beside the Senate text."""
    files = ["senate.txt", *FULL.template_copies]
    jobs = [("dedup-2", file) for file in ["seed", *files]]
    bench.measure(jobs)
    costs = [quotient(bench.net_wall("dedup-2", f), bench.totals(f).get("paragraphs")) for f in files]
    note = "less start-up"
    bars = [Bar(f"us a paragraph, {f}", c and c * 1e6, note=note) for f, c in zip(files, costs, strict=True)]
    base, small, large = costs
    bars += [Bar(f"{f} / senate.txt", quotient(c, base), "<=", 3.0) for f, c in ((files[1], small), (files[2], large))]
    return Section("templates", jobs, [*bars, Bar("1m / 50k", quotient(large, small), "<=", 1.3, "flat")])


def startup(bench: Bench) -> Section:
    """The seed beside importing Typer, and what that imports."""
    jobs = [("typer", "seed"), ("dedup", "seed")]
    bench.measure(jobs, runs=4 * bench.runs)
    ratio = quotient(bench.wall("dedup", "seed"), bench.wall("typer", "seed"))
    heavy = heavy_imports(bench) if bench.get("dedup", "seed") else None
    found = "imported: " + ", ".join(heavy) if heavy else ""
    bars = [
        Bar("wall time, dedup clean seed / import typer", ratio, "<=", 1.6),
        Bar(
            "of numpy, scipy, datasketch, pyarrow imported",
            None if heavy is None else len(heavy),
            "<=",
            0,
            found,
        ),
    ]
    return Section("startup", jobs, bars)


def heavy_imports(bench: Bench) -> list[str]:
    """Which slow packages `dedup clean` on the seed imports, by `python -X importtime`."""
    python, *rest = bench.contenders["dedup"].arguments(SEED_FILE)
    told = run_quietly([python, "-X", "importtime", *rest], bench.scratch).stderr
    names = {line.rpartition("|")[2].strip() for line in told.splitlines() if line.startswith("import time:")}
    return sorted(names & {"numpy", "scipy", "datasketch", "pyarrow"})


def memory(bench: Bench) -> Section:
    """Peak memory beside 100 MB + 160 bytes per original paragraph."""
    jobs = [("dedup-2", file) for file in ("senate.txt", "mixed.txt", "templates-1m.txt")]
    bench.measure(jobs)
    return Section("memory", jobs, [memory_bar(bench, name, file) for name, file in jobs])


def memory_bar(bench: Bench, name: str, file: str) -> Bar:
    """The peak on one file; originals are the report's `totals.originals`."""
    originals = bench.totals(file).get("originals")
    limit = None if originals is None else (100 * MB + 160 * originals) / MB
    note = "" if originals is None else f"{originals:,} originals"
    return Bar(f"peak MB, {name} on {file}", bench.peak_mb(name, file), "<=", limit, note)


def pipelines(bench: Bench) -> Section:
    """MB/s beside near-duplicate pipelines in Python; their start-up is taken off, ours is not."""
    files = {"datasketch": "senate-2mb.txt", "rensa": "senate-20mb.txt", "gaoya": "senate-20mb.txt"}
    jobs = [(name, part) for name, file in files.items() for part in ("seed", file)]
    bench.measure([*jobs, ("dedup-line", "senate.txt")])
    found = bench.get("dedup-line", "senate.txt")
    ours = found.mb_per_s if found else None
    bars = []
    for name, file in files.items():
        size = bench.path(file).stat().st_size / MB
        theirs = quotient(size, bench.net_wall(name, file))
        limit = {"datasketch": 100.0, "rensa": 15.0}.get(name)
        note = "" if theirs is None else f"{theirs:.2f} MB/s less start-up"
        ratio = quotient(ours, theirs)
        bars.append(Bar(f"MB/s, dedup-line / {name}", ratio, ">=" if limit else "", limit, note))
    return Section("pipelines", [*jobs, ("dedup-line", "senate.txt")], bars)


SECTIONS: dict[str, Callable[[Bench], Section]] = {
    "senate": senate,
    "threads": threads,
    "flat": flat,
    "mixed": mixed,
    "templates": templates_section,
    "startup": startup,
    "memory": memory,
    "pipelines": pipelines,
    "rule": rule,
    "formats": formats,
    "files": files,
    "reports": reports,
}
