"""The report: what was read, what was removed and why. Renderers read this and never the sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.errors import InputSkipped
from dedup.findings import Block, DocumentTotals, Variant
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.minhash import Bands

SCHEMA = 1
"""Rises when a field changes its meaning or goes; new fields do not raise it."""


class Stream(NamedTuple):
    """A whole text that went in or came out."""

    bytes: int
    xxh3_128: str
    """32 hexadecimal digits over all bytes, documents end to end."""


class Method(NamedTuple):
    """How candidates were found: enough to recompute every signature with datasketch."""

    scheme: str
    seed: int
    permutations: int
    bands: int
    rows: int
    word_hash: str
    shingle_hash: str


class Totals(NamedTuple):
    """Sums over all documents; paragraphs and words count the input, removed ones included."""

    documents: int
    paragraphs: int
    words: int
    bytes: int
    originals: int
    """Paragraphs that entered the index."""
    removed_paragraphs: int
    removed_words: int
    removed_bytes: int
    removed_exact: int
    removed_near: int
    removed_short: int
    kept_repeats: int
    blocks: int
    """Blocks of which at least one paragraph was removed."""
    full_buckets: int
    """Buckets of the index that turned originals away."""
    invalid_bytes: int
    variants: int
    """Near matches that stay because they add something."""
    variants_by_rule: dict[str, int]
    """By what they add: `figure`, `name`, `negation`, `word`, `order`; rules that found none are left out."""


@dataclass(slots=True)
class Outcome:
    """What the pipeline hands over when the last document is decided."""

    names: list[str]
    """Name of each document, by its number."""
    documents: list[DocumentTotals]
    blocks: list[Block]
    """All blocks with their repeats, in input order; empty unless details were asked for."""
    largest: list[Block]
    """The few largest blocks, for the summary; always there."""
    originals: int
    full_buckets: int
    bands: Bands
    input: Stream
    output: Stream
    engine: str
    threads: int
    seconds: float
    removed_map: list[float] = field(default_factory=list)
    """1000 shares from 0 to 1, see `dedup.report.removed_map`; empty if nobody asked."""
    skipped: list[InputSkipped] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)
    """All near matches that stay, in input order; empty unless details were asked for."""
    variants_by_rule: dict[str, int] = field(default_factory=dict)
    """How many there are by what they add; always there."""


class Run(NamedTuple):
    """Facts of this run that the answer does not depend on; not in the digest."""

    engine: str
    threads: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a run found. `digest` is equal wherever the answer is."""

    version: str
    settings: Settings
    method: Method
    totals: Totals
    names: list[str]
    documents: list[DocumentTotals]
    blocks: list[Block]
    variants: list[Variant]
    largest: list[Block]
    skipped: list[InputSkipped]
    input: Stream
    output: Stream
    run: Run
    removed_map: list[float]
    detailed: bool
    """Whether `blocks` was collected; without it there is no list of blocks, not an empty one."""

    @classmethod
    def build(
        cls,
        settings: Settings,
        outcome: Outcome,
        *,
        detailed: bool,
        skipped: list[InputSkipped] | None = None,
    ) -> Report:
        """Sum up an outcome.

        Args:
            settings: those of the run.
            outcome: from the pipeline.
            detailed: blocks were collected.
            skipped: inputs that were skipped before the pipeline began; the outcome's follow them.
        """
        from dedup import __version__

        return cls(
            version=__version__,
            settings=settings,
            method=_method(outcome),
            totals=_totals(outcome),
            names=outcome.names,
            documents=outcome.documents,
            blocks=outcome.blocks,
            variants=outcome.variants,
            largest=outcome.largest,
            skipped=[*(skipped or []), *outcome.skipped],
            input=outcome.input,
            output=outcome.output,
            run=Run(outcome.engine, outcome.threads, outcome.seconds),
            removed_map=outcome.removed_map,
            detailed=detailed,
        )

    @property
    def digest(self) -> str:
        """xxh3_128 of the canonical JSON of the answer; see docs/report.md.

        Cost: renders the report; 50,000 blocks take about half a second.
        """
        from dedup.report.json import digest

        return digest(self)

    def to_dict(self) -> dict[str, Any]:
        """The report as its JSON form has it (schema 1), the digest and the run included."""
        from dedup.report.json import to_dict

        return to_dict(self)

    @property
    def exit_status(self) -> int:
        """0, or 3 when inputs were skipped."""
        return 3 if self.skipped else 0


def _method(outcome: Outcome) -> Method:
    return Method(
        scheme="affine32",
        seed=1,
        permutations=outcome.bands.bands * outcome.bands.rows,
        bands=outcome.bands.bands,
        rows=outcome.bands.rows,
        word_hash="xxh32",
        shingle_hash="xxh32",
    )


def _totals(outcome: Outcome) -> Totals:
    def total(name: str) -> int:
        position = DocumentTotals._fields.index(name)
        return sum(document[position] for document in outcome.documents)  # type: ignore[misc]

    summed = {name: total(name) for name in Totals._fields if name in DocumentTotals._fields}
    return Totals(
        documents=len(outcome.documents),
        originals=outcome.originals,
        full_buckets=outcome.full_buckets,
        variants_by_rule=dict(sorted(outcome.variants_by_rule.items())),
        **summed,
    )
