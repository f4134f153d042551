"""The files to measure on: real text, the same bytes for everyone with the same folder."""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from pathlib import Path
from typing import IO, NamedTuple

import xxhash

from benchmarking.forms import HOW_MADE as FORMS_MADE
from benchmarking.forms import build_forms
from benchmarking.places import MB


class Sizes(NamedTuple):
    """How large the files of a corpus are."""

    senate_bytes: int
    mixed_bytes: int
    prefix_bytes: Mapping[str, int]
    """Prefixes of mixed.txt by file name."""
    shuffled_bytes: int
    shuffled_prefix_bytes: Mapping[str, int]
    """Prefixes of shuffled.txt by file name."""
    pipeline_bytes: Mapping[str, int]
    """Samples of senate.txt by file name, for contenders that would take minutes on all of it."""
    template_copies: Mapping[str, int]
    small_files: int
    figures: int


FULL = Sizes(
    senate_bytes=200 * MB,
    mixed_bytes=1000 * MB,
    prefix_bytes={f"mixed-{n}mb.txt": n * MB for n in (10, 50, 100, 200)},
    shuffled_bytes=1000 * MB,
    shuffled_prefix_bytes={f"shuffled-{n}mb.txt": n * MB for n in (10, 100)},
    pipeline_bytes={"senate-2mb.txt": 2 * MB, "senate-20mb.txt": 20 * MB},
    template_copies={"templates-50k.txt": 50_000, "templates-1m.txt": 1_000_000},
    small_files=100_000,
    figures=100_000,
)
QUICK = Sizes(
    senate_bytes=FULL.senate_bytes // 1000,
    mixed_bytes=FULL.mixed_bytes // 1000,
    prefix_bytes={name: size // 1000 for name, size in FULL.prefix_bytes.items()},
    shuffled_bytes=FULL.shuffled_bytes // 1000,
    shuffled_prefix_bytes={name: size // 1000 for name, size in FULL.shuffled_prefix_bytes.items()},
    pipeline_bytes={name: size // 1000 for name, size in FULL.pipeline_bytes.items()},
    template_copies={name: copies // 1000 for name, copies in FULL.template_copies.items()},
    small_files=FULL.small_files // 1000,
    figures=FULL.figures // 1000,
)
TEMPLATE_WORDS = 60
TEMPLATE_CHANGES = 4
SENTENCE_END = re.compile("([.!?][\"'\u201d\u2019)\\]]*) +")
PIECE_CHARACTERS = 32_000
HOW_MADE = FORMS_MADE | {
    "senate.txt": "the texts of senate_press (else of the first source) in order, each ending in a newline",
    "mixed.txt": "all sources in passes, the same text from two sources once, long texts cut at line ends "
    f"into pieces of about {PIECE_CHARACTERS:,} characters, in a new seeded order in each pass; a piece "
    "takes another view in each of the first four passes (as it is; a sentence a line; hard-wrapped at 40 to "
    "100 columns, blank lines between; words shuffled within each paragraph), later passes shuffle anew",
    "mixed-": "the first bytes of mixed.txt, to a line end",
    "shuffled.txt": "the pieces of mixed.txt in passes, the words of every paragraph in another order in each: as "
    "much text, in which next to nothing repeats",
    "shuffled-": "the first bytes of shuffled.txt, to a line end",
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


def first_texts(texts: Iterable[str], limit_bytes: int) -> Iterator[str]:
    """The texts that `write_texts` writes."""
    for text in texts:
        limit_bytes -= len(end_line(text).encode())
        if limit_bytes < 0:
            return
        yield text


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


def read_pieces(sources: Sequence[Path]) -> list[str]:
    """The texts of all sources, each once, long ones in pieces."""
    whole = dict.fromkeys(text for source in sources for text in read_texts(source))
    return [piece for text in whole for piece in cut_long(text)]


def in_views(pieces: Sequence[str], seed: int, first: Sequence[View], later: Sequence[View]) -> Iterator[str]:
    """Every piece again and again, without end: in `first` views, in as many passes as they are, then in `later`."""
    for turn in count():
        order = list(range(len(pieces)))
        random.Random(f"{seed} {turn}").shuffle(order)
        views = first if turn < len(first) else later
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
    senate, mixed, unlike = (out / name for name in ("senate.txt", "mixed.txt", "shuffled.txt"))
    write_texts(senate, map(end_line, read_texts(main)), sizes.senate_bytes)
    pieces = read_pieces(sources)
    write_texts(mixed, in_views(pieces, seed, FIRST_VIEWS, LATER_VIEWS), sizes.mixed_bytes)
    write_texts(unlike, in_views(pieces, seed, [shuffled], [shuffled]), sizes.shuffled_bytes)
    for whole, parts in ((mixed, sizes.prefix_bytes), (unlike, sizes.shuffled_prefix_bytes)):
        for name, size in parts.items():
            write_prefix(whole, out / name, size)
    for name, size in sizes.pipeline_bytes.items():
        sample = islice(read_texts(main), 0, None, sizes.senate_bytes // size)
        write_texts(out / name, map(end_line, sample), size)
    paragraph, others = pick_template(senate)
    for name, copies in sizes.template_copies.items():
        write_texts(out / name, islice(templates(paragraph, others, seed), copies), sys.maxsize)
    prefixes = [*sizes.prefix_bytes, *sizes.shuffled_prefix_bytes, *sizes.pipeline_bytes]
    names = [senate.name, mixed.name, unlike.name, *prefixes, *sizes.template_copies]
    forms = build_forms(
        first_texts(read_texts(main), sizes.senate_bytes), senate, out, sizes.small_files, sizes.figures
    )
    files = [describe(path) for path in [*(out / name for name in names), *forms]]
    manifest = {"seed": seed, "sources": [source.name for source in sources], "files": files}
    (out / "corpus.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    for entry in files:
        print(f"{entry['xxh3_128']}  {entry['bytes']:>13,} bytes  {entry['lines']:>10,} lines  {entry['file']}")
