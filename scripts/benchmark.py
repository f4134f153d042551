"""Measure `dedup` as whole processes beside the tools it wants to be as fast as.

    python scripts/benchmark.py corpus FOLDER --out DIR    build the files to measure on
    python scripts/benchmark.py run DIR                    measure; tables on standard output

`--quick` builds and runs everything a thousand times smaller, to see that it works; its figures mean nothing.

How it is measured. Contenders run in turn (A B C A B C ...), after one warm-up each; figures are medians.
Every contender reads a file by name and writes standard output over the same file in the scratch folder
(shared memory where it has room, else the temporary folder), so that all of them pay for writing, but not for
fresh memory; the digest (xxh3_128) of what was written is taken outside the measured time. Processes start
through `contenders/launch.py`, which is small, so that the peak memory is the contender's own; 1 MB is 10**6
bytes. The locale is C.UTF-8 (in which `wc -w` is faster than in C), and C for sort and awk. The current
folder is the scratch folder: the installed `dedup` is measured, not the checkout.

Exit status: 0 measured (whether bars are met or missed), 1 a contender failed or contenders that should agree
did not, 2 usage.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import IO, NamedTuple

import xxhash

ROOT = Path(__file__).resolve().parent.parent
CONTENDERS = ROOT / "scripts" / "contenders"
SEED_FILE = ROOT / "seeds" / "nato-summit-pasted-twice.txt"
MB = 1_000_000


# Corpus: files of real text, the same bytes for everyone with the same folder -------------------------------


class Sizes(NamedTuple):
    """How large the files of a corpus are."""

    senate_bytes: int
    mixed_bytes: int
    prefix_bytes: Mapping[str, int]
    """Prefixes of mixed.txt by file name."""
    pipeline_bytes: Mapping[str, int]
    """Samples of senate.txt by file name, for contenders that would take minutes on all of it."""
    template_copies: Mapping[str, int]


FULL = Sizes(
    senate_bytes=200 * MB,
    mixed_bytes=1000 * MB,
    prefix_bytes={f"mixed-{n}mb.txt": n * MB for n in (10, 50, 100, 200)},
    pipeline_bytes={"senate-2mb.txt": 2 * MB, "senate-20mb.txt": 20 * MB},
    template_copies={"templates-50k.txt": 50_000, "templates-1m.txt": 1_000_000},
)
QUICK = Sizes(
    senate_bytes=FULL.senate_bytes // 1000,
    mixed_bytes=FULL.mixed_bytes // 1000,
    prefix_bytes={name: size // 1000 for name, size in FULL.prefix_bytes.items()},
    pipeline_bytes={name: size // 1000 for name, size in FULL.pipeline_bytes.items()},
    template_copies={name: copies // 1000 for name, copies in FULL.template_copies.items()},
)
TEMPLATE_WORDS = 60
TEMPLATE_CHANGES = 4
SENTENCE_END = re.compile("([.!?][\"'\u201d\u2019)\\]]*) +")
PIECE_CHARACTERS = 32_000
HOW_MADE = {
    "senate.txt": "the texts of senate_press (else of the first source) in order, each ending in a newline",
    "mixed.txt": "all sources in passes, the same text from two sources once, long texts cut at line ends "
    f"into pieces of about {PIECE_CHARACTERS:,} characters, in a new seeded order in each pass; a piece "
    "takes another view in each of the first four passes (as it is; a sentence a line; hard-wrapped at 40 to "
    "100 columns, blank lines between; words shuffled within each paragraph), later passes shuffle anew",
    "mixed-": "the first bytes of mixed.txt, to a line end",
    "senate-": "every so many-th text of senate.txt, so that about this size results: its first texts alone "
    "have much longer lines than the rest, which flatters tools with a high cost a line",
    "templates-": f"one real paragraph of {TEMPLATE_WORDS} words, a line a copy, zero to {TEMPLATE_CHANGES} "
    "words of each replaced by other real words; the smaller file is a prefix of the larger",
}


def open_lines(path: Path) -> IO[str]:
    """A text file, decompressed where its name ends in .zst."""
    if path.suffix != ".zst":
        return path.open(encoding="utf-8")
    import zstandard

    lines: IO[str] = zstandard.open(path, "rt", encoding="utf-8")
    return lines


def read_texts(path: Path) -> Iterator[str]:
    """The field `text` of every record of a .jsonl or .jsonl.zst file that has one."""
    with open_lines(path) as lines:
        for line in lines:
            text = json.loads(line).get("text")
            if isinstance(text, str) and text.strip():
                yield text


def find_sources(folder: Path) -> list[Path]:
    """The corpora of a folder, by name."""
    sources = sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.zst")])
    if not sources:
        raise SystemExit(f"benchmark: no *.jsonl or *.jsonl.zst in {folder}")
    return sources


def end_line(text: str) -> str:
    """The text with a newline at its end."""
    return text if text.endswith("\n") else text + "\n"


def write_texts(path: Path, texts: Iterable[str], limit_bytes: int) -> None:
    """Write texts end to end until `limit_bytes`, cutting the last one at a line end."""
    room = limit_bytes
    with path.open("wb") as out:
        for text in texts:
            data = text.encode("utf-8", "replace")
            if len(data) > room:
                out.write(data[: data.rfind(b"\n", 0, room) + 1])
                return
            out.write(data)
            room -= len(data)


def write_prefix(source: Path, path: Path, size: int) -> None:
    """The first `size` bytes of a file, cut at a line end."""
    with source.open("rb") as lines:
        data = lines.read(size)
    path.write_bytes(data[: data.rfind(b"\n") + 1])


def as_it_is(text: str, _: random.Random) -> str:
    """The text itself."""
    return end_line(text)


def sentence_a_line(text: str, _: random.Random) -> str:
    """A line break after every sentence."""
    return end_line(SENTENCE_END.sub(r"\1\n", text))


def hard_wrapped(text: str, rng: random.Random) -> str:
    """Lines of at most 40 to 100 columns, blank lines between paragraphs."""
    width = rng.randint(40, 100)
    return "\n\n".join(wrap(line, width) for line in text.split("\n") if line.strip()) + "\n\n"


def wrap(paragraph: str, width: int) -> str:
    """Break at the last space within `width`, by hand: textwrap would take an hour for a gigabyte."""
    lines, start = [], 0
    while len(paragraph) - start > width:
        cut = paragraph.rfind(" ", start + 1, start + width + 1)
        cut = cut if cut > 0 else paragraph.find(" ", start + width)
        if cut < 0:
            break
        lines.append(paragraph[start:cut])
        start = cut + 1
    return "\n".join([*lines, paragraph[start:]])


def shuffled(text: str, rng: random.Random) -> str:
    """The words of every paragraph in another order."""
    lines = [line.split() for line in text.split("\n")]
    for words in lines:
        rng.shuffle(words)
    return end_line("\n".join(" ".join(words) for words in lines))


def shuffled_and_wrapped(text: str, rng: random.Random) -> str:
    """The words of every paragraph in another order, hard-wrapped."""
    return hard_wrapped(shuffled(text, rng), rng)


View = Callable[[str, random.Random], str]
FIRST_VIEWS: tuple[View, ...] = (as_it_is, sentence_a_line, hard_wrapped, shuffled)
LATER_VIEWS: tuple[View, ...] = (shuffled, shuffled_and_wrapped)


def cut_long(text: str) -> Iterator[str]:
    """A text in pieces that end at line ends: so a prefix of the file holds the same mixture as all of it."""
    start = 0
    while len(text) - start > PIECE_CHARACTERS:
        cut = text.find("\n", start + PIECE_CHARACTERS) + 1
        if not cut:
            break
        yield text[start:cut]
        start = cut
    if start < len(text):
        yield text[start:]


def mixed_texts(sources: Sequence[Path], seed: int) -> Iterator[str]:
    """Every piece of text again and again, each time in another view, without end; all texts in memory."""
    whole = dict.fromkeys(text for source in sources for text in read_texts(source))
    pieces = [piece for text in whole for piece in cut_long(text)]
    for turn in count():
        order = list(range(len(pieces)))
        random.Random(f"{seed} {turn}").shuffle(order)
        views = FIRST_VIEWS if turn < len(FIRST_VIEWS) else LATER_VIEWS
        for number in order:
            rng = random.Random(f"{seed} {turn} {number}")
            yield views[(turn + number) % len(views)](pieces[number], rng)


def pick_template(senate: Path) -> tuple[list[str], list[str]]:
    """The words of one real paragraph, and other real words to put in their places."""
    with senate.open(encoding="utf-8") as file:
        lines = [line.split() for line in file.readlines(20 * MB)]
    exact = (w for w in lines if len(w) == TEMPLATE_WORDS and w[0][0].isupper() and w[-1].endswith("."))
    longer = (words[:TEMPLATE_WORDS] for words in lines if len(words) > TEMPLATE_WORDS)
    every = [word for words in lines for word in words]
    paragraph = next(exact, None) or next(longer, None) or every[:TEMPLATE_WORDS]
    others = sorted({word for word in every if word.isascii() and word.isalpha()} - set(paragraph))
    return paragraph, others


def templates(paragraph: Sequence[str], others: Sequence[str], seed: int) -> Iterator[str]:
    """Copies of the paragraph with zero to four words replaced; without end."""
    rng = random.Random(f"{seed} templates")
    while True:
        words = list(paragraph)
        for place in rng.sample(range(len(words)), rng.randint(0, TEMPLATE_CHANGES)):
            words[place] = rng.choice(others)
        yield " ".join(words) + "\n"


def digest_file(path: Path, size: int = sys.maxsize) -> str:
    """xxh3_128 of the first `size` bytes of a file."""
    state = xxhash.xxh3_128()
    with path.open("rb") as file:
        while data := file.read(min(size, 1 << 20)):
            state.update(data)
            size -= len(data)
    return state.hexdigest()


def describe(path: Path) -> dict[str, object]:
    """Size, lines, digest and origin of a corpus file."""
    made = next(how for name, how in HOW_MADE.items() if path.name.startswith(name))
    with path.open("rb") as file:
        lines = sum(data.count(b"\n") for data in iter(lambda: file.read(1 << 20), b""))
    size = path.stat().st_size
    return {"file": path.name, "bytes": size, "lines": lines, "xxh3_128": digest_file(path), "made": made}


def build_corpus(folder: Path, out: Path, sizes: Sizes, seed: int) -> None:
    """Write every file of the corpus and corpus.json, which says what each one is."""
    sources = find_sources(folder)
    main = next((s for s in sources if s.name.startswith("senate_press.jsonl")), sources[0])
    out.mkdir(parents=True, exist_ok=True)
    senate, mixed = out / "senate.txt", out / "mixed.txt"
    write_texts(senate, map(end_line, read_texts(main)), sizes.senate_bytes)
    write_texts(mixed, mixed_texts(sources, seed), sizes.mixed_bytes)
    for name, size in sizes.prefix_bytes.items():
        write_prefix(mixed, out / name, size)
    for name, size in sizes.pipeline_bytes.items():
        sample = islice(read_texts(main), 0, None, sizes.senate_bytes // size)
        write_texts(out / name, map(end_line, sample), size)
    paragraph, others = pick_template(senate)
    for name, copies in sizes.template_copies.items():
        write_texts(out / name, islice(templates(paragraph, others, seed), copies), sys.maxsize)
    names = [senate.name, mixed.name, *sizes.prefix_bytes, *sizes.pipeline_bytes, *sizes.template_copies]
    files = [describe(out / name) for name in names]
    manifest = {"seed": seed, "sources": [source.name for source in sources], "files": files}
    (out / "corpus.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    for entry in files:
        print(f"{entry['xxh3_128']}  {entry['bytes']:>13,} bytes  {entry['lines']:>10,} lines  {entry['file']}")


# Contenders -------------------------------------------------------------------------------------------------


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
        # The pipelines take lines as paragraphs; `auto` takes sentences in the Senate file, twice as many.
        Contender("dedup-line", (*dedup, "--threads", "2", "--unit", "line"), missing=missing),
        Contender("dedup-exact", (*dedup, "--threads", "2", "--remove", "exact"), missing=missing),
        Contender("typer", (sys.executable, "-c", "import typer"), missing=why_not_importable("typer")),
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


# Measuring --------------------------------------------------------------------------------------------------


class Sample(NamedTuple):
    """One run of one contender."""

    wall_s: float
    cpu_s: float
    peak_bytes: int
    digest: str


@dataclass
class Measurement:
    """The runs of one contender on one file."""

    contender: str
    file: str
    bytes: int
    command: str
    samples: list[Sample] = field(default_factory=list)
    failed: str = ""

    @property
    def wall_s(self) -> float:
        """Median wall time in seconds."""
        return median(sample.wall_s for sample in self.samples)

    @property
    def cpu_s(self) -> float:
        """Median of user + system time in seconds."""
        return median(sample.cpu_s for sample in self.samples)

    @property
    def peak_bytes(self) -> int:
        """The highest peak of all runs."""
        return max(sample.peak_bytes for sample in self.samples)

    @property
    def mb_per_s(self) -> float:
        """Input read per second of wall time."""
        return self.bytes / MB / self.wall_s


@dataclass
class Bench:
    """Runs contenders, remembers what they took, and notes what went wrong."""

    folder: Path
    scratch: Path
    runs: int
    warm_up: bool
    contenders: dict[str, Contender]
    chosen: set[str]
    done: dict[tuple[str, str], Measurement] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    reported: dict[str, dict[str, float]] = field(default_factory=dict)

    def measure(self, jobs: Sequence[tuple[str, str]], runs: int = 0) -> None:
        """Run the chosen ones of (contender, file) in turn; those measured before are not run again."""
        new = []
        for name, file in jobs:
            contender = self.contenders[name]
            if name in self.chosen and not contender.missing and (name, file) not in self.done:
                path = self.path(file)
                command = shlex.join(contender.arguments(path))
                self.done[name, file] = Measurement(name, file, path.stat().st_size, command)
                new.append((contender, self.done[name, file]))
        for turn in range(-1 if self.warm_up else 0, runs or self.runs):
            for contender, measurement in new:
                if not measurement.failed:
                    self.run_once(contender, measurement, keep=turn >= 0)
        self.check_agreement({file for _, file in jobs})

    def path(self, file: str) -> Path:
        """Where a corpus file is; `seed` is the document of the repository."""
        return SEED_FILE if file == "seed" else self.folder / file

    def run_once(self, contender: Contender, measurement: Measurement, keep: bool) -> None:
        """One run; a warm-up is not kept."""
        command = contender.arguments(self.path(measurement.file))
        print(f"benchmark: {contender.name} on {measurement.file}", file=sys.stderr)
        try:
            sample = self.launch(command, contender.locale)
        except subprocess.CalledProcessError as error:
            measurement.failed = f"exit status {error.returncode}: {error.stderr}"
            self.problems.append(f"{contender.name} on {measurement.file}: {measurement.failed}")
            return
        if keep:
            measurement.samples.append(sample)

    def launch(self, command: Sequence[str], locale: str = "C.UTF-8") -> Sample:
        """Run one command through the launcher.

        Raises:
            subprocess.CalledProcessError: the command could not start or its exit status is not 0.
        """
        out, err = self.scratch / "stdout", self.scratch / "stderr"
        launcher = [sys.executable, "-I", "-S", str(CONTENDERS / "launch.py"), str(out), str(err)]
        env = {**os.environ, "LC_ALL": locale}
        told = subprocess.run([*launcher, *command], cwd=self.scratch, env=env, capture_output=True, text=True)
        if told.returncode:
            raise subprocess.CalledProcessError(told.returncode, command, stderr=told.stderr.strip()[-300:])
        status, wall, cpu, peak, written = told.stdout.split()
        if status != "0":
            said = err.read_text(errors="replace").strip()[-300:]
            raise subprocess.CalledProcessError(int(status), command, stderr=said)
        return Sample(float(wall), float(cpu), int(peak), digest_file(out, int(written)))

    def check_agreement(self, files: Iterable[str]) -> None:
        """Note contenders that printed other bytes than those that they should agree with, or than before."""
        for file in files:
            groups: dict[str, dict[str, set[str]]] = defaultdict(dict)
            for (name, measured), measurement in self.done.items():
                if measured == file and measurement.samples:
                    digests = {sample.digest for sample in measurement.samples}
                    groups[self.contenders[name].agrees or name][name] = digests
            for group, members in groups.items():
                if len(set().union(*members.values())) > 1:
                    told = ", ".join(f"{name} {'/'.join(sorted(d))}" for name, d in members.items())
                    problem = f"disagreement ({group}) on {file}: {told}"
                    if problem not in self.problems:
                        self.problems.append(problem)

    def get(self, name: str, file: str) -> Measurement | None:
        """What was measured, if it was."""
        found = self.done.get((name, file))
        return found if found and found.samples and not found.failed else None

    def wall(self, name: str, file: str) -> float | None:
        """Median wall time, if measured."""
        found = self.get(name, file)
        return found.wall_s if found else None

    def peak_mb(self, name: str, file: str) -> float | None:
        """Highest peak memory in MB, if measured."""
        found = self.get(name, file)
        return found.peak_bytes / MB if found else None

    def net_wall(self, name: str, file: str) -> float | None:
        """Median wall time less that of the same contender on the seed, which is its start-up."""
        wall, start = self.wall(name, file), self.wall(name, "seed")
        return None if wall is None or start is None else max(wall - start, 1e-9)

    def totals(self, file: str) -> dict[str, float]:
        """`totals` of the JSON report of `dedup-2`, from a run of its own; empty where it cannot run."""
        if file not in self.reported:
            self.reported[file] = self.read_totals(file) if self.get("dedup-2", file) else {}
        return self.reported[file]

    def read_totals(self, file: str) -> dict[str, float]:
        """Run `dedup-2` with --report and read its totals."""
        report = self.scratch / "report.json"
        try:
            self.launch([*self.contenders["dedup-2"].arguments(self.path(file)), "--report", str(report)])
            totals: dict[str, float] = json.loads(report.read_bytes())["totals"]
            return totals
        except (subprocess.CalledProcessError, OSError, ValueError, KeyError) as error:
            self.problems.append(f"dedup-2 --report on {file}: {error!r}")
            return {}
        finally:
            report.unlink(missing_ok=True)


# Sections: what is compared with which bar ------------------------------------------------------------------


class Bar(NamedTuple):
    """A figure beside what it should be."""

    what: str
    value: float | None
    relation: str = ""
    """`<=`, `>=`, `<`; empty where there is no bar."""
    limit: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """`meets`, `misses`, or why neither can be said."""
        if self.value is None:
            return "not measured"
        if self.limit is None:
            return "" if not self.relation else "not measured"
        met = {"<=": self.value <= self.limit, ">=": self.value >= self.limit, "<": self.value < self.limit}
        return "meets" if met[self.relation] else "misses"


class Section(NamedTuple):
    """A table of contenders and a table of bars."""

    name: str
    jobs: list[tuple[str, str]]
    bars: list[Bar]


def quotient(a: float | None, b: float | None) -> float | None:
    """a / b where both were measured."""
    return None if a is None or b is None else a / b


LINE_TOOLS = ["wc", "sort", "awk", "gawk", "mawk"]


def senate(bench: Bench) -> Section:
    """200 MB of press releases beside the line tools."""
    jobs = [(name, "senate.txt") for name in [*LINE_TOOLS, "dedup-1", "dedup-2", "dedup-line", "dedup-exact"]]
    bench.measure(jobs)
    ratio = quotient(bench.wall("dedup-2", "senate.txt"), bench.wall("wc", "senate.txt"))
    return Section("senate", jobs, [Bar("wall time, dedup-2 / wc", ratio, "<=", 2.0, "aim 1.0")])


def threads(bench: Bench) -> Section:
    """Two threads beside one."""
    jobs = [("dedup-1", "senate.txt"), ("dedup-2", "senate.txt")]
    bench.measure(jobs)
    ratio = quotient(bench.wall("dedup-1", "senate.txt"), bench.wall("dedup-2", "senate.txt"))
    return Section("threads", jobs, [Bar("wall time, dedup-1 / dedup-2", ratio, ">=", 1.6)])


def flat(bench: Bench) -> Section:
    """Cost per byte from 10 MB to 1 GB, start-up taken off."""
    files = [*FULL.prefix_bytes, "mixed.txt"]
    jobs = [("dedup-2", file) for file in ["seed", *files]]
    bench.measure(jobs)
    sizes = [bench.path(file).stat().st_size for file in files]
    costs = [quotient(bench.net_wall("dedup-2", f), size) for f, size in zip(files, sizes, strict=True)]
    bars = [Bar(f"ns per byte, {f}", c and c * 1e9, note="less start-up") for f, c in zip(files, costs, strict=True)]
    known = [cost for cost in costs if cost is not None]
    spread = max(known) / min(known) if len(known) == len(costs) else None
    return Section("flat", jobs, [*bars, Bar("highest / lowest", spread, "<=", 1.3)])


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
}


# Showing ----------------------------------------------------------------------------------------------------

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


# Command line -----------------------------------------------------------------------------------------------


def choose(only: Sequence[str], contenders: Iterable[str]) -> tuple[list[str], set[str]]:
    """Sections and contenders named by --only; all of a kind where none is named.

    `dedup` names every dedup-... as well.

    Raises:
        SystemExit: a name is neither, status 2.
    """
    names = {name for part in only for name in part.split(",") if name}
    sections = [section for section in SECTIONS if section in names]
    chosen = {contender for contender in contenders if names & {contender, contender.partition("-")[0]}}
    known = {*sections, *chosen, *(contender.partition("-")[0] for contender in chosen)}
    if names - known:
        print(f"benchmark: --only: no section or contender {', '.join(sorted(names - known))}", file=sys.stderr)
        raise SystemExit(2)
    return sections or list(SECTIONS), chosen or set(contenders)


def find_scratch(folder: Path) -> Path:
    """Shared memory where three times the largest file fits, else the temporary folder."""
    shared = Path("/dev/shm")
    largest = max((file.stat().st_size for file in folder.iterdir()), default=0)
    if shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 3 * largest:
        return shared
    return Path(tempfile.gettempdir())


def run(arguments: argparse.Namespace) -> int:
    """Measure the chosen sections and print them."""
    folder: Path = arguments.folder.resolve()
    if not (folder / "corpus.json").is_file():
        print(
            f"benchmark: no corpus in {folder}; build it: benchmark.py corpus FOLDER --out DIR",
            file=sys.stderr,
        )
        return 2
    contenders = find_contenders()
    names, chosen = choose(arguments.only, contenders)
    runs, warm_up = (1, False) if arguments.quick else (arguments.runs, True)
    with tempfile.TemporaryDirectory(prefix="dedup-benchmark-", dir=find_scratch(folder)) as scratch:
        bench = Bench(folder, Path(scratch), runs, warm_up, contenders, chosen)
        machine = describe_machine(bench)
        if arguments.quick:
            print("Quick: the figures mean nothing.\n")
        print(table([["what", "measured with"], *map(list, machine.items())], arguments.markdown) + "\n")
        print(show_contenders(bench, arguments.markdown))
        sections = []
        for name in names:
            sections.append(SECTIONS[name](bench))
            print(show_section(bench, sections[-1], arguments.markdown), flush=True)
        if arguments.json:
            arguments.json.write_text(as_json(bench, machine, sections, arguments.quick), encoding="utf-8")
    for problem in bench.problems:
        print(f"benchmark: {problem}", file=sys.stderr)
    return 1 if bench.problems else 0


def corpus(arguments: argparse.Namespace) -> int:
    """Build the corpus."""
    build_corpus(arguments.folder, arguments.out, QUICK if arguments.quick else FULL, arguments.seed)
    return 0


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    summary, _, details = (__doc__ or "").partition("\n")
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=summary, epilog=details, formatter_class=plain)
    commands = parser.add_subparsers(required=True, metavar="corpus|run")
    build = commands.add_parser("corpus", help="build the files to measure on")
    build.add_argument("folder", type=Path, help="*.jsonl and *.jsonl.zst with a field `text`")
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the files go (2.2 GB)")
    build.add_argument("--seed", type=int, default=1, help="of every random choice (default 1)")
    build.add_argument("--quick", action="store_true", help="a thousand times smaller")
    build.set_defaults(command=corpus)
    measure = commands.add_parser("run", help="measure")
    measure.add_argument("folder", type=Path, metavar="DIR", help="what `corpus` built")
    measure.add_argument("--runs", type=int, default=5, metavar="N", help="of each contender (default 5)")
    measure.add_argument("--only", nargs="+", default=[], metavar="NAME", help="sections and contenders")
    measure.add_argument("--json", type=Path, metavar="FILE", help="write every sample to a file")
    measure.add_argument("--markdown", action="store_true", help="print Markdown tables")
    measure.add_argument("--quick", action="store_true", help="one run, no warm-up: only to see that it works")
    measure.set_defaults(command=run)
    return parser.parse_args(argv)


def main() -> int:
    """Exit status of the command."""
    arguments = parse()
    status: int = arguments.command(arguments)
    return status


if __name__ == "__main__":
    sys.exit(main())
