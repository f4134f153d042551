"""The report: what was read, what was removed and why. Renderers read this and never the sources."""

# Without `from __future__ import annotations`, which would have every start compile each annotation from a string.

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from dedup.errors import InputSkipped
from dedup.findings import MOST_INVALID, Block, DocumentTable, DocumentTotals, Variant
from dedup.origins import document_name
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.minhash import Bands
    from dedup.origins import Origin
    from dedup.report.content import Content
    from dedup.report.markers import Marker
    from dedup.sources.container import Container

SCHEMA = 1
"""Rises when a field changes its meaning or goes; new fields do not raise it."""
LARGEST = 10
"""Blocks that a summary may want to show."""


class Stream(NamedTuple):
    """A whole text that went in or came out."""

    bytes: int
    xxh3_128: str
    """32 hexadecimal digits over all bytes, documents end to end."""


class Passed(NamedTuple):
    """A line, row or record that holds no text to look at, and is in the output as it was."""

    line: int
    """First line in the file, from 1; 0 where a format has no lines."""
    record: int
    """Its number among the records, from 0."""
    reason: str


class InputFile(NamedTuple):
    """One file that was read."""

    name: str
    format: str
    compression: str
    """`gz`, `bz2`, `xz` or `zst`; empty for none."""
    encoding: str
    documents: int
    bytes: int
    """Uncompressed."""
    passed: dict[str, int]
    """How many lines, rows or records were passed through as they are, by the reason."""
    first_passed: list[Passed]
    """The first of them."""

    @classmethod
    def of(cls, container: "Container | InputFile") -> "InputFile":
        """What is known of a file after the run."""
        if isinstance(container, InputFile):
            return container
        return cls(
            container.name,
            container.format,
            container.compression,
            container.encoding,
            container.documents,
            container.bytes,
            dict(sorted(container.passed.items())),
            [Passed(*problem) for problem in container.problems],
        )


class InputFiles(Sequence[InputFile]):
    """Every file of a run; there may be very many, and each is described when it is asked for.

    Of a report that was stored or sent nothing else is left than what is said of them.
    """

    def __init__(self, containers: "Sequence[Container] | Sequence[InputFile]") -> None:
        self._containers = containers

    def __len__(self) -> int:
        return len(self._containers)

    @overload
    def __getitem__(self, number: int) -> InputFile: ...
    @overload
    def __getitem__(self, number: slice) -> list[InputFile]: ...
    def __getitem__(self, number: int | slice) -> InputFile | list[InputFile]:
        if isinstance(number, slice):
            return [InputFile.of(container) for container in self._containers[number]]
        return InputFile.of(self._containers[number])

    @cached_property
    def recoded(self) -> frozenset[str]:
        """Names of the files whose bytes are not those of their text: compressed, or in another encoding."""
        return frozenset(one.name for one in self._containers if one.compression or one.encoding != "utf-8")

    @property
    def names(self) -> list[str]:
        """Their names alone."""
        return [one.name for one in self._containers]

    @property
    def any_passed(self) -> bool:
        """Whether a line, row or record was passed through unread."""
        return any(container.passed for container in self._containers)

    def __reduce__(self) -> tuple[Any, ...]:
        return InputFiles, (list(self),)


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
    """Buckets of the index that hold as many originals as they may."""
    invalid_bytes: int
    variants: int
    """Near matches that stay because they add something."""
    variants_by_rule: dict[str, int]
    """By what they add: `figure`, `name`, `negation`, `word`, `order`; rules that found none are left out."""


class Outcome(NamedTuple):
    """What the pipeline hands over when the last document is decided."""

    names: Sequence[str]
    """Name of each document's file, by the number of the document."""
    documents: Sequence[DocumentTotals]
    """Totals of each document; empty unless details were asked for."""
    blocks: Sequence[Block]
    """All blocks with their repeats, in input order; empty unless details were asked for."""
    largest: list[Block]
    """The few largest blocks, for the summary; always there."""
    originals: int
    full_buckets: int
    bands: "Bands"
    input: Stream
    output: Stream
    engine: str
    threads: int
    seconds: float
    variants_by_rule: dict[str, int]
    """How many variants there are by what they add; always there."""
    removed_map: Sequence[float] = ()
    """1000 shares from 0 to 1, see `dedup.report.removed_map`; empty if nobody asked."""
    skipped: Sequence[InputSkipped] = ()
    contents: "Sequence[Content]" = ()
    """Of each block, then of each variant."""
    markers: "Sequence[Marker]" = ()
    variants: Sequence[Variant] = ()
    """All near matches that stay, in input order; empty unless details were asked for."""
    origins: "Sequence[Origin]" = ()
    """File, record, id and line of each document."""
    files: "Sequence[Container]" = ()
    """Every file that was read."""
    notes: Sequence[str] = ()
    """What the summary should say besides."""


class Run(NamedTuple):
    """Facts of this run that the answer does not depend on; not in the digest."""

    engine: str
    threads: int
    seconds: float
    left_out: Mapping[str, int] = MappingProxyType({})
    """Files in folders that `dedup check` did not read, by the reason: `binary`, `ignored` and so on."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # a report is long, and written in other ways
class Report:
    """Everything a run found. `digest` is equal wherever the answer is."""

    version: str
    settings: Settings
    method: Method
    totals: Totals
    names: Sequence[str]
    origins: "Sequence[Origin]"
    """File, record, id and line of each document; empty in a report that was stored without them."""
    files: InputFiles
    documents: Sequence[DocumentTotals]
    blocks: Sequence[Block]
    variants: Sequence[Variant]
    contents: "Sequence[Content]"
    """Id and text of each block, then of each variant; `dedup.report.finding` joins them."""
    largest: list[Block]
    skipped: list[InputSkipped]
    input: Stream
    output: Stream
    run: Run
    removed_map: Sequence[float]
    detailed: bool
    """Whether `blocks` was collected; without it there is no list of blocks, not an empty one."""
    markers: "Sequence[Marker]" = ()
    """Marks in the text that protect it, if they were looked for."""
    check: dict[str, Any] | None = None
    """What `dedup check` made of it: the findings are then the new ones alone."""
    views: dict[str, Any] = field(default_factory=dict, init=False)
    """What renderers have made of it and others can use again, by name."""
    notes: list[str] = field(default_factory=list)
    """What the summary says of the files of this run besides; not in the JSON form."""

    @classmethod
    def build(
        cls,
        settings: Settings,
        outcome: Outcome,
        *,
        detailed: bool,
        skipped: Sequence[InputSkipped] = (),
    ) -> "Report":
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
            origins=outcome.origins,
            files=InputFiles(outcome.files),
            documents=outcome.documents,
            blocks=outcome.blocks,
            variants=outcome.variants,
            contents=outcome.contents,
            largest=outcome.largest,
            skipped=[*skipped, *outcome.skipped],
            input=outcome.input,
            output=outcome.output,
            run=Run(outcome.engine, outcome.threads, outcome.seconds, {}),
            removed_map=outcome.removed_map,
            detailed=detailed,
            markers=outcome.markers,
            notes=list(outcome.notes),
        )

    def __repr__(self) -> str:
        from dedup.report.headline import headline

        return f"<dedup.Report: {headline(self)}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickle and copy: processes that share work send their reports to each other."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if one.init}
        given["contents"] = list(self.contents)
        given["run"] = self.run._replace(left_out=dict(self.run.left_out))
        return _made_again, (given,)

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

    def where(self, document: int) -> str:
        """A document's name for people, as `dedup.origins.document_name` gives it."""
        origin = self.origins[document] if document < len(self.origins) else None
        return document_name(self.names[document], origin)

    def first_invalid(self) -> list[int]:
        """The first documents with bytes that are not of their encoding, at most `MOST_INVALID`."""
        if isinstance(self.documents, DocumentTable):
            return self.documents.first_invalid
        return [one.document for one in self.documents if one.invalid_bytes][:MOST_INVALID]

    @property
    def exit_status(self) -> int:
        """0, or 3 when inputs were skipped or records passed through unread."""
        return 3 if self.skipped or self.files.any_passed else 0


def _made_again(given: dict[str, Any]) -> Report:
    return Report(**given)


def without_words(report: Report) -> Report:
    """The report without the words that variants add: the one thing it says of the text where no texts were read."""
    from dedup.report.compiled import tables

    return replace(report, variants=tables(report)[1].without_words())


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
    table = outcome.documents
    if not isinstance(table, DocumentTable):
        table = DocumentTable()
        table.extend(outcome.documents)
    summed = {name: table.total(name) for name in Totals._fields if name in DocumentTotals._fields}
    return Totals(
        documents=table.taken,
        originals=outcome.originals,
        full_buckets=outcome.full_buckets,
        variants_by_rule=dict(sorted(outcome.variants_by_rule.items())),
        **summed,
    )


def largest_of(blocks: Iterable[Block]) -> list[Block]:
    """The blocks that lose most words, as many as a summary may want to show; of equal ones the first."""
    return sorted(blocks, key=lambda block: -block.removed_words)[:LARGEST]
