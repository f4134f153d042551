"""Reports to draw: small ones from real runs, large ones made up."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import dedup
from dedup.findings import Block, DocumentTotals, Place, Repeat, Variant
from dedup.report.content import Content, Passage, Texts
from dedup.report.model import Report
from dedup.settings import Settings

HARBOUR = """\
The harbour board met on Tuesday evening and heard the engineer's report on the northern breakwater at length.
Three sections of the wall had moved since the storms of February, he said, and a fourth was likely to follow.
Repairs would take two summers and cost about 4.1 million crowns, of which the state has promised one half.
The chairman thanked him and asked the members for their views on the order in which the work should be done.
"""
FERRY = """\
The ferry to the outer islands will sail once a day from October, the company announced in a letter to the parish.
Passengers asked for the morning boat to be kept, since the school on the mainland begins at a quarter past eight.
"""
CLOSING = (
    "A spokesman for the ministry could not be reached on Wednesday, and the office will reopen after the holiday.\n"
)
HOSTILE = """\
<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2"> the first of the hostile lines
</script><script>window.hacked = 3</script> and the second closes the element of the data
<!-- <svg onload="window.hacked = 4"> --> ]]> {{ 7 * 7 }} {% raw %} ${window.hacked = 5} and \\u003cscript> the third
an override \u202e turns the text around \u2066 and isolates it \ufeff and \x00 ends a string, \x1b[2J clears
"""
HOSTILE_NAMES = ['<img src=x onerror="window.hacked=6">.txt', "a\u202etxt.exe</script><script>window.hacked=7</script>"]


def scanned(folder: Path, **texts: str) -> Report:
    """What a run finds in files with these texts, named by their key."""
    return scanned_files(folder, {f"{name}.txt": text for name, text in texts.items()})


def scanned_files(folder: Path, texts: dict[str, str], *, level: str = "full") -> Report:
    """What a run finds in files with these names and texts, `/` in a name left out."""
    paths = []
    for name, text in texts.items():
        path = folder / name.replace("/", "")
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        paths.append(path)
    return dedup.scan(paths, settings=Settings(remove="similar", threshold=0.7), texts=level)


def town(folder: Path) -> Report:
    """Three articles: b has a's body nearly, c its own lines twice; five findings with the variant."""
    nearly = HARBOUR.replace("4.1 million", "4.2 million").replace("Tuesday evening", "Tuesday night")
    report = scanned(folder, a=HARBOUR + CLOSING, b=FERRY + nearly, c=FERRY.replace("parish", "council") + CLOSING * 2)
    return with_variant(report)


def with_variant(report: Report) -> Report:
    """The report with a variant that adds a figure: the first line of the second document."""
    place, original = Place(1, 0, 40, 1, 1), Place(0, 0, 38, 1, 1)
    variant = Variant(place, original, "figure", ("22",), 9, 7, 9)
    texts = Texts(
        Passage("The council meets on February 22 at noon\n"), Passage("The council meets on February 20 at noon\n")
    )
    return dataclasses.replace(
        report, variants=[*report.variants, variant], contents=[*report.contents, Content("00000000000000ff", texts)]
    )


def with_texts(report: Report, position: int, original: str, repeat: str) -> Report:
    """The report with other texts in one of its blocks, which is one paragraph then."""
    block = report.blocks[position]
    block = block._replace(repeats=block.repeats[:1], paragraphs=1)
    content = report.contents[position]._replace(texts=Texts(Passage(repeat), Passage(original)))
    blocks, contents = list(report.blocks), list(report.contents)
    blocks[position], contents[position] = block, content
    return dataclasses.replace(report, blocks=blocks, contents=contents)


def many(number: int, characters: int = 1600, documents: int = 500) -> Report:
    """A made-up report of so many findings, each with texts of its own on both sides."""
    chance = random.Random(5)
    words = [
        f"{a}{b}"
        for a in ("ka", "lo", "mi", "ren", "so", "tu", "va", "zer")
        for b in ("dan", "fel", "gor", "na", "pit")
    ]
    base = scanned_base()
    size = 4 * characters * max(1, number // documents)
    blocks, contents = [], []
    for i in range(number):
        home = chance.randrange(1, documents)
        start, line = chance.randrange(size - characters), i % 900 + 1
        place = Place(home, start, start + characters, line, line)
        earlier = chance.randrange(home)
        original = Place(earlier, start, start + characters, line, line)
        kind = chance.choice(("exact", "near"))
        repeat = Repeat(place, original, kind, characters // 6, 88, 100, True)
        blocks.append(Block(place, original, 1, characters // 6, 1, characters // 6, (repeat,)))
        text = " ".join(chance.choices(words, k=characters // 6))
        other = text.replace(text.split()[5], "otherwise", 1)
        contents.append(Content(f"{i:016x}", Texts(Passage(text), Passage(other if kind == "near" else text))))
    order = sorted(range(number), key=lambda i: blocks[i].place)
    totals = base.documents[0]
    facts = {"bytes": size, "words": size // 6, "removed_words": size // 60}
    return dataclasses.replace(
        base,
        origins=(),
        names=[f"news/{i // 100:02}/{i:04}.txt" for i in range(documents)],
        documents=[totals._replace(document=i, **facts) for i in range(documents)],
        totals=base.totals._replace(documents=documents, words=size // 6 * documents),
        blocks=[blocks[i] for i in order],
        contents=[contents[i] for i in order],
    )


def scanned_base() -> Report:
    """A report without findings, to be filled."""
    report = dedup.scan(HARBOUR.encode())
    assert not report.blocks
    assert isinstance(report.documents[0], DocumentTotals)
    return report
