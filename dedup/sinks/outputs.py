"""Where the product of each input file goes: all into one, or each to a file of its own."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from dedup.errors import UsageError
from dedup.sinks import Sink
from dedup.sinks.product import ByteProduct, Log, RecodedProduct
from dedup.sources.container import Container


@runtime_checkable
class Outputs(Protocol):
    """Gives every input file its product; asked in the order of the files, one at a time."""

    def begin(self, container: Container) -> ByteProduct:
        """The product that a file's parts write to. Raises UsageError, WriteError."""

    def end(self, container: Container) -> None:
        """The file is written whole."""


class OneOutput:
    """All files end to end in one sink, which the caller commits."""

    def __init__(self, sink: Sink, log: Log | None = None) -> None:
        self._sink = sink
        self._log = log
        self._first: Container | None = None
        self._product: ByteProduct | None = None

    @property
    def merges(self) -> bool:
        """Whether nobody wants to know where one file ends and the next begins."""
        return self._log is None

    def begin(self, container: Container) -> ByteProduct:
        """The same product for all; what cannot stand in one file is refused."""
        if self._first is not None:
            _refuse_unlike(self._first, container)
        self._first = self._first or container
        if container.recoding is not None:
            earlier, self._product = self._product, RecodedProduct(self._sink, self._log, container.recoding)
            if earlier is not None:
                self._product.header, self._product._starts_line = earlier.header, earlier.at_line_start
        elif self._product is None:
            self._product = ByteProduct(self._sink, self._log)
        return self._product

    def end(self, container: Container) -> None:
        """Nothing: the next file goes on where this one ends."""


def _refuse_unlike(first: Container, other: Container) -> None:
    for name in ("format", "encoding"):
        one, two = getattr(first, name), getattr(other, name)
        if one != two:
            raise UsageError(
                f"{first.name} is {one} and {other.name} is {two}: they cannot stand in one output",
                "Give --output-dir DIR for an output file each, or clean them one by one.",
            )
