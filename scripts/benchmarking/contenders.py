"""Who is measured: the command lines, and why one cannot run here."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarking.places import CONTENDERS

PARSE = "import sys, orjson\nfor line in open(sys.argv[1], 'rb'): orjson.loads(line)"
TWICE = '"$@" > /dev/null & "$@" && wait $!'
"""A shell script that runs its arguments as two processes at once; one of them writes to standard output."""
REPORTS = ("json", "jsonl", "html", "md", "csv", "sarif", "junit", "github", "gitlab", "badge")


def every_report() -> list[str]:
    """Options for a report in every format; they land beside the output, in the current folder."""
    return [part for name in REPORTS for part in ("--report", f"{name}:report.{name}")]


@dataclass(frozen=True)
class Contender:
    """A command that reads one file."""

    name: str
    command: tuple[str, ...]
    """Arguments; `{file}` stands for the input."""
    agrees: str = ""
    """Contenders with the same word here must print the same bytes."""
    locale: str = "C.UTF-8"
    missing: str = ""
    """Why it cannot run here."""

    def arguments(self, file: Path) -> list[str]:
        """The command line for one input."""
        return [part.replace("{file}", str(file)) for part in self.command]


def find_contenders() -> dict[str, Contender]:
    """Every contender by name, those that cannot run here with the reason."""
    dedup = (sys.executable, "-m", "dedup", "clean", "{file}", "--quiet")
    missing = why_not_dedup()
    similar = "dedup, any number of threads"
    found = [
        tool("wc", "wc", "-w", "{file}"),
        tool("sort", "sort", "-u", "{file}", locale="C"),
        *find_awks(),
        Contender("dedup", dedup, similar, missing=missing),
        Contender("dedup-1", (*dedup, "--threads", "1"), similar, missing=missing),
        Contender("dedup-2", (*dedup, "--threads", "2"), similar, missing=missing),
        Contender("dedup-1-twice", ("sh", "-c", TWICE, "sh", *dedup, "--threads", "1"), similar, missing=missing),
        # The pipelines take lines as paragraphs; `auto` takes sentences in the Senate file, twice as many.
        Contender("dedup-line", (*dedup, "--threads", "2", "--unit", "line"), missing=missing),
        Contender("dedup-similar", (*dedup, "--threads", "2", "--remove", "similar"), missing=missing),
        Contender("dedup-reports", (*dedup, "--threads", "2", *every_report()), similar, missing=missing),
        Contender("dedup-exact", (*dedup, "--threads", "2", "--remove", "exact"), missing=missing),
        Contender("typer", (sys.executable, "-c", "import typer"), missing=why_not_importable("typer")),
        Contender("orjson", (sys.executable, "-c", PARSE, "{file}"), missing=why_not_importable("orjson")),
        *(tool(name, name, "-dc", "{file}") for name in ("gzip", "bzip2", "xz", "zstd")),
        *(pipeline(name) for name in ("datasketch", "rensa", "gaoya")),
    ]
    return {contender.name: contender for contender in found}


def tool(name: str, *command: str, agrees: str = "", locale: str = "C.UTF-8") -> Contender:
    """A contender that is a program on PATH."""
    missing = "" if shutil.which(command[0]) else "not on PATH"
    return Contender(name, command, agrees, locale, missing)


def find_awks() -> Iterator[Contender]:
    """awk, gawk and mawk on exact lines; a name that is the same program as one before is not run again."""
    seen: dict[str, str] = {}
    for name in ("awk", "gawk", "mawk"):
        awk = tool(name, name, "!seen[$0]++", "{file}", agrees="exact lines", locale="C")
        program = os.path.realpath(shutil.which(name) or name)
        if not awk.missing and program in seen:
            awk = Contender(name, awk.command, missing=f"is {seen[program]} here")
        seen.setdefault(program, name)
        yield awk


def pipeline(name: str) -> Contender:
    """A contender that is a script in contenders/ on a package of the same name."""
    command = (sys.executable, str(CONTENDERS / f"{name}_pipeline.py"), "{file}")
    return Contender(name, command, missing=why_not_importable(name))


def why_not_importable(module: str) -> str:
    """Empty where a module is installed."""
    return "" if importlib.util.find_spec(module) else "not installed"


def why_not_dedup() -> str:
    """Empty where `python -m dedup clean` works outside the checkout, else what it says last."""
    with tempfile.TemporaryDirectory() as folder:
        done = run_quietly([sys.executable, "-m", "dedup", "clean", os.devnull, "--quiet"], folder)
    said = (done.stderr.strip().splitlines() or ["no message"])[-1]
    return "" if done.returncode == 0 else f"exit status {done.returncode}: {said}"


def run_quietly(command: Sequence[str], folder: str | Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command for what it says."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
