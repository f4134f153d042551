"""A figure beside what it should be."""

from __future__ import annotations

from typing import NamedTuple


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
