"""Documents that repeat each other and themselves, made from a seed, and runs of the whole pipeline over them."""

from __future__ import annotations

import io
import random
from typing import Any, NamedTuple

from dedup.findings import Block, DocumentTotals, Variant
from dedup.report.model import Outcome
from dedup.run import pipeline
from dedup.settings import Settings
from dedup.sinks import open_sink
from dedup.sources import source

_WORDS = [
    "The",
    "senate",
    "House",
    "voted",
    "on",
    "a",
    "bill",
    "of",
    "New",
    "York",
    "and",
    "7",
    "12",
    "oil",
    "barrels",
    "café",
    "東京",
    "zinc",
    "lead",
    "market",
    "rose",
    "fell",
    "by",
    "3.9",
    "pct",
    "said",
    "spokesman",
    "president",
    "Reuters",
    "U.S.",
    "Sen.",
    "earlier",
    "this",
    "week",
    "naïve",
    "Straße",
]
_SHORT = (b"Read more", b"ADVERTISEMENT", b"* * *", b"READ MORE!", b"-----", b"By Staff", b"7", b"\xff\xfe")
_ENDS = (b"\n", b"\n", b"\n", b"\r\n", b"\r", b"\n\n", b" \n", b"\n   ", b" ", b"\n\n\t")


class Answer(NamedTuple):
    """Everything that must not depend on the engine, the batches or the threads."""

    kept: bytes
    documents: list[DocumentTotals]
    blocks: list[Block]
    largest: list[Block]
    originals: int
    full_buckets: int
    variants: list[Variant]
    variants_by_rule: dict[str, int]
    input: Any
    output: Any


def run(sources: list[bytes], settings: Settings, *, batch_bytes: int = 1 << 20, details: bool = True) -> Answer:
    """Clean documents in memory with the engine that the settings name."""
    output = io.BytesIO()
    documents = [source.from_bytes(data, f"document {number}") for number, data in enumerate(sources)]
    outcome: Outcome = pipeline.run(documents, open_sink(output), settings, batch_bytes=batch_bytes, details=details)
    assert settings.engine in ("auto", outcome.engine)
    return Answer(
        output.getvalue(),
        list(outcome.documents),
        sorted(outcome.blocks),
        outcome.largest,
        outcome.originals,
        outcome.full_buckets,
        list(outcome.variants),
        outcome.variants_by_rule,
        outcome.input,
        outcome.output,
    )


_FORMULA = "The senator announced today the induction of county students to the national honor roll"


def crowd(seed: int) -> bytes:
    """Lines that begin with one formula and go on in other words, some a second time with another word near the end."""
    draw = random.Random(seed)
    lines: list[str] = []
    for number in range(200):
        rest = [f"w{draw.randrange(4000)}" for _ in range(draw.randint(10, 20))]
        lines.append(" ".join([_FORMULA, *rest]))
        if number % 4 == 3:
            first, _, last = draw.choice(lines).rsplit(" ", 2)
            lines.append(f"{first} changed {last}")
    return "\n".join(lines).encode() + b"\n"


def template(seed: int) -> bytes:
    """Lines of sixty words in each of which up to four are others; some have other figures."""
    draw = random.Random(seed)
    words = [draw.choice(_WORDS) for _ in range(60)]
    lines = []
    for _ in range(150):
        line = list(words)
        for _ in range(draw.randint(0, 4)):
            line[draw.randrange(60)] = draw.choice([*_WORDS, str(draw.randrange(100))])
        lines.append(" ".join(line))
    return "\n".join(lines).encode() + b"\n"


_NUMBERS = {"2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine"}


def form(seed: int) -> bytes:
    """Lines of one form in which the figures are others; some stand a second time with the first of them spelt out."""
    draw = random.Random(seed)
    filled: list[list[int]] = []
    lines = []
    for _ in range(200):
        again = bool(filled) and draw.random() < 0.25
        figures = [draw.randint(2, 9), *(draw.randint(10, 99) for _ in range(draw.randint(1, 4)))]
        filled.append(draw.choice(filled) if again else figures)
        first, *others = map(str, filled[-1])
        if again:
            first = _NUMBERS[first]
        sums = ", then ".join(f"{figure} million dollars more than the year before" for figure in [first, *others])
        lines.append(f"The Treasury said on Monday that its balances with the banks had been {sums}")
    return "\n".join(lines).encode() + b"\n"


def lengthy(seed: int) -> bytes:
    """Lines of some hundred words, most of them another with some of its words in capitals or changed."""
    draw = random.Random(seed)
    lines: list[list[str]] = []
    for number in range(36):
        if number % 6 == 0:
            lines.append([draw.choice([*_WORDS, f"w{draw.randrange(4000)}"]) for _ in range(draw.randint(230, 340))])
            continue
        line = list(lines[-1 - draw.randrange(number % 6)])
        for _ in range(draw.choice([1, 2, 8, 16, 40])):
            at = draw.randrange(len(line))
            line[at] = draw.choice([line[at].title(), line[at] + "s", "the", line[at][1:] or "of"])
        del line[: draw.choice([0, 0, 30])]
        lines.append(line)
    return "\n".join(" ".join(line) for line in lines).encode() + b"\n"


class Author:
    """Writes documents; the same seed writes the same ones."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._known: list[bytes] = []

    def documents(self) -> list[bytes]:
        """One to four documents, some empty."""
        return [self.document() for _ in range(self._draw.randint(1, 4))]

    def document(self) -> bytes:
        """Passages, new and copied, with one sort of line end or with all of them."""
        ends = self._draw.choice([(b"\n",), (b"\n\n",), (b"\r\n",), (b" ",), (b"\n\t",), _ENDS])
        paragraphs = [one for _ in range(self._draw.randint(0, 7)) for one in self.passage()]
        body = b"".join(one + self._draw.choice(ends) for one in paragraphs)
        return body if self._draw.random() < 0.5 else body.rstrip(b"\r\n")

    def passage(self) -> list[bytes]:
        """New paragraphs, or a copy of earlier ones with some edited, dropped, inserted."""
        if not self._known or self._draw.random() < 0.3:
            fresh = [self.paragraph() for _ in range(self._draw.randint(1, 6))]
            self._known += fresh
            return fresh
        start = self._draw.randrange(len(self._known))
        copied = []
        for one in self._known[start : start + self._draw.randint(1, 10)]:
            change = self._draw.choice(("same",) * 6 + ("edit", "edit", "drop", "insert"))
            if change == "insert":
                copied.append(self.paragraph())
            if change != "drop":
                copied.append(self.edit(one) if change == "edit" else one)
        self._known += copied
        return copied

    def paragraph(self) -> bytes:
        """A short line, or sentences."""
        if self._draw.random() < 0.25:
            return self._draw.choice(_SHORT)
        return b" ".join(self.sentence() for _ in range(self._draw.randint(1, 3)))

    def sentence(self) -> bytes:
        """Some words and a full stop."""
        return " ".join(self._draw.choices(_WORDS, k=self._draw.randint(3, 24))).encode() + b"."

    def edit(self, one: bytes) -> bytes:
        """One word changed, dropped or added."""
        words = one.split(b" ")
        at = self._draw.randrange(len(words))
        new = [self._draw.choice(_WORDS).encode()] * self._draw.randint(0, 2)
        return b" ".join(words[:at] + new + words[at + self._draw.randint(0, 1) :]) or b"x"


def settings_for(seed: int, **fixed: Any) -> Settings:
    """Settings drawn from all their ranges."""
    draw = random.Random(seed)
    chosen: dict[str, Any] = {
        "unit": draw.choice(["auto", "line", "blank", "indent", "sentence", "document"]),
        "threshold": draw.choice([0.3, 0.5, 0.7, 0.7, 0.9, 1.0]),
        "recall": draw.choice([0.5, 0.9, 0.99, 0.99]),
        "shingle_words": draw.choice([1, 2, 3, 3, 5]),
        "min_words": draw.choice([1, 4, 8, 8, 12]),
        "max_gap": draw.randint(0, 3),
        "remove": draw.choice(["similar", "redundant", "redundant", "exact"]),
        "scope": draw.choice(["corpus", "corpus", "document"]),
        "min_block_words": draw.choice([0, 10, 40, 40, 100]),
        "bucket_capacity": draw.choice([1, 2, 3, 64]),
        "threads": 1,
    }
    return Settings(**{**chosen, **fixed}).validate()
