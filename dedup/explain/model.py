"""An explanation as values: what the command shows and `--json` writes."""

from __future__ import annotations

from typing import Any, NamedTuple

from dedup.explain.diff import Piece, diff_words
from dedup.explain.judge import Case, Comparison, Setting, cases, compare
from dedup.report.finding import Side
from dedup.settings import Settings


class Pair(NamedTuple):
    """One paragraph and the original that it was compared with."""

    place: Side
    original: Side
    kind: str
    """`exact`, `near`, `short`, or `variant`; of two passages without a report also `different`."""
    removed: bool
    why: str
    comparison: Comparison
    pieces: list[Piece]
    cases: list[Case]


class Explanation(NamedTuple):
    """A finding, or two passages, paragraph by paragraph."""

    id: str
    """Of the finding; empty where there is no report."""
    kind: str
    place: Side
    original: Side
    summary: str
    """One sentence."""
    pairs: list[Pair]
    alone: list[Side]
    """Paragraphs of the passage that repeat none of the other; only without a report."""
    checked: bool = False
    """Found by a check, which removes nothing: what `removed` says counts there."""


def make_pair(
    sides: tuple[Side, Side],
    texts: tuple[bytes, bytes],
    settings: Settings,
    setting: Setting,
    outcome: tuple[str, bool, str],
) -> Pair:
    """Put a pair together.

    Args:
        sides: of the repeat and of its original.
        texts: the same.
        settings: of the run.
        setting: where the repeat stands.
        outcome: its kind, whether it was removed, and why.
    """
    (place, origin), (repeat, original), (kind, removed, why) = sides, texts, outcome
    comparison = compare(original, repeat, settings)
    found = cases(comparison, settings, setting)
    return Pair(place, origin, kind, removed, why, comparison, diff_words(original, repeat), found)


def as_dict(explanation: Explanation) -> dict[str, Any]:
    """Plain values for JSON."""
    return {
        "id": explanation.id,
        "kind": explanation.kind,
        "place": side_dict(explanation.place),
        "original": side_dict(explanation.original),
        "summary": explanation.summary,
        "checked": explanation.checked,
        "pairs": [_pair_dict(pair) for pair in explanation.pairs],
        "alone": [side_dict(side) for side in explanation.alone],
    }


def side_dict(side: Side) -> dict[str, Any]:
    """A place with the keys of the report."""
    lines, span = [side.line, side.last_line], [side.start, side.end]
    place = {"name": side.file, "document": side.document, "lines": lines, "bytes": span}
    if side.record is not None:
        place |= {"record": side.record, "record_line": side.record_line, "record_id": side.record_id}
    return place


def _pair_dict(pair: Pair) -> dict[str, Any]:
    compared = pair.comparison
    addition = compared.addition
    return {
        "place": side_dict(pair.place),
        "original": side_dict(pair.original),
        "kind": pair.kind,
        "removed": pair.removed,
        "why": pair.why,
        "words": compared.words,
        "original_words": compared.original_words,
        "intersection": compared.similarity.intersection,
        "union": compared.similarity.union,
        "similarity": round(compared.jaccard, 4),
        "same_words": compared.same_words,
        "adds": None if addition is None else {"rule": addition.rule, "new": list(addition.new)},
        "diff": [{"same": piece.same, "original": piece.original, "repeat": piece.repeat} for piece in pair.pieces],
        "cases": [case._asdict() for case in pair.cases],
    }
