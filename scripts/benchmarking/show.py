"""Tables and JSON of what was measured, and on what machine."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import platform
import re
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarking.bench import Bench
from benchmarking.contenders import run_quietly
from benchmarking.places import MB, ROOT
from benchmarking.sections import SECTIONS, Bar, Section, quotient

HEADINGS = ["contender", "file", "wall s", "min-max", "cpu s", "peak MB", "MB/s", "x wc", "digest"]


def row(bench: Bench, name: str, file: str) -> list[str]:
    """One line of a section's table; what was not measured says why."""
    found = bench.done.get((name, file))
    if found is None or found.failed or not found.samples:
        why = bench.contenders[name].missing
        told = f"missing: {why}" if why else "FAILED" if found else "not chosen"
        return [name, file, told, *[""] * (len(HEADINGS) - 3)]
    walls = [sample.wall_s for sample in found.samples]
    ratio = quotient(found.wall_s, bench.wall("wc", file))
    return [
        name,
        file,
        f"{found.wall_s:.3f}",
        f"{min(walls):.3f}-{max(walls):.3f}",
        f"{found.cpu_s:.3f}",
        f"{found.peak_bytes / MB:.0f}",
        f"{found.mb_per_s:.1f}",
        "" if ratio is None else f"{ratio:.2f}",
        found.samples[0].digest[:12],
    ]


def bar_row(bar: Bar) -> list[str]:
    """One line of a table of bars."""
    value = "" if bar.value is None else f"{bar.value:.2f}"
    limit = "" if bar.limit is None else f"{bar.relation} {bar.limit:.2f}"
    return [bar.what, value, limit, bar.verdict, bar.note]


def table(rows: Sequence[Sequence[str]], markdown: bool) -> str:
    """Rows under their first one as heading, as Markdown or as columns."""
    if markdown:
        lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in rows]
        return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
    short = [cells for cells in rows if not any(cell.startswith("missing:") for cell in cells)]
    widths = [max(map(len, column)) for column in zip(*(short or rows), strict=True)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) for cells in rows)
    return "\n".join(line.rstrip() for line in padded)


def show_section(bench: Bench, section: Section, markdown: bool) -> str:
    """Both tables of a section."""
    note = SECTIONS[section.name].__doc__ or ""
    rows = [HEADINGS, *(row(bench, name, file) for name, file in section.jobs)]
    bars = [["figure", "value", "bar", "verdict", "note"], *map(bar_row, section.bars)]
    return f"## {section.name}\n{note}\n\n{table(rows, markdown)}\n\n{table(bars, markdown)}\n"


def show_contenders(bench: Bench, markdown: bool) -> str:
    """Every contender's command line; those that cannot run with the reason."""
    rows = [["contender", "command", "locale", "state"]]
    for name, contender in bench.contenders.items():
        command = shlex.join(contender.command)
        state = (
            f"missing: {contender.missing}" if contender.missing else "ran" if name in bench.chosen else "not chosen"
        )
        rows.append([name, f"`{command}`" if markdown else command, contender.locale, state])
    return f"## contenders\n\n{table(rows, markdown)}\n"


def describe_machine(bench: Bench) -> dict[str, str]:
    """When, where and with what it was measured."""
    commit = run_quietly(["git", "-C", str(ROOT), "describe", "--always", "--dirty"]).stdout.strip()
    version = run_quietly([sys.executable, "-m", "dedup", "version", "-v"], bench.scratch)
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit or "none",
        "cpu": cpu_model(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.1f} GB",
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "wc, sort": first_line(["wc", "--version"]),
        "awk": os.path.realpath(shutil.which("awk") or "missing"),
        "installed": "; ".join(" ".join(line.split()) for line in version.stdout.splitlines())
        if version.returncode == 0
        else "missing",
        "packages": ", ".join(map(package_version, ("datasketch", "rensa", "gaoya", "numpy", "xxhash", "typer"))),
        "output to": f"one file in {bench.scratch.parent}, overwritten by each run, read back for the digest",
        "lowest readable peak": f"{launcher_peak(bench)} MB (the launcher's own)",
        "runs": f"{bench.runs}, {'after a warm-up' if bench.warm_up else 'no warm-up'}",
    }


def cpu_model() -> str:
    """The processor's name."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    named = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return named.group(1) if named else platform.machine()


def first_line(command: Sequence[str]) -> str:
    """The first line a command prints."""
    try:
        return (run_quietly(command).stdout.splitlines() or ["unknown"])[0]
    except OSError:
        return "missing"


def package_version(name: str) -> str:
    """Name and version of an installed distribution."""
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        return f"{name} missing"


def launcher_peak(bench: Bench) -> int:
    """The peak that a process of no size reads as, in MB."""
    return round(bench.launch(["true"]).peak_bytes / MB)


def as_json(bench: Bench, machine: Mapping[str, str], sections: Sequence[Section], quick: bool) -> str:
    """Everything that was measured."""
    corpus = json.loads((bench.folder / "corpus.json").read_bytes())
    told = {
        "schema": 1,
        "quick": quick,
        "machine": machine,
        "contenders": {name: asdict(contender) for name, contender in bench.contenders.items()},
        "corpus": corpus,
        "measurements": [
            {**asdict(m), "samples": [sample._asdict() for sample in m.samples]} for m in bench.done.values()
        ],
        "sections": [
            {
                "name": s.name,
                "jobs": s.jobs,
                "bars": [{**bar._asdict(), "verdict": bar.verdict} for bar in s.bars],
            }
            for s in sections
        ],
        "problems": bench.problems,
    }
    return json.dumps(told, indent=1) + "\n"
