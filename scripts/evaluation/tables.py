"""The results as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dedup.planting.plant import LEVELS, PLACES
from dedup.planting.score import Score
from dedup.settings import DEFAULTS

from .natural import Removal
from .pairs import Pair, Verdict
from .planted import JUDGED, Bar, Results, bodies_and_blocks

PAIRS_SHOWN = 60
TEXT_SHOWN = 600


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, its columns padded so that it can be read as it is.

    Args:
        head: names of the columns; all but the first are aligned to the right.
        rows: as many cells each.
    """
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_line(row, widths) for row in [cells[0], rule, *cells[1:]])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = row
    padded = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
    return f"| {' | '.join(padded)} |"


def share(value: float | None) -> str:
    """Three places; a dash where there was nothing to measure."""
    return "-" if value is None else f"{value:.3f}"


def pairs_tables(
    verdicts: Sequence[Verdict], wrong: Sequence[tuple[Pair, bool]], *, show: bool = False
) -> Iterator[str]:
    """Precision and recall of every rule, and how often the last one is wrong; with `show`, where."""
    yield table(
        ("rule", "removed", "precision", "recall"),
        ((v.rule, f"{v.removed:,}", share(v.precision), share(v.recall)) for v in verdicts),
    )
    lost = [pair for pair, removed in wrong if removed]
    missed = [pair for pair, removed in wrong if not removed]
    yield f"Wrongly removed by the last rule: {len(lost)}; could have gone and stays: {len(missed)}."
    for title, chosen in (("Wrongly removed", lost), ("Could have gone", missed)):
        for pair in chosen[:PAIRS_SHOWN] if show else ():
            yield f"{title}: pair {pair.number}, {pair.label}, J {pair.similarity:.2f}\n\n{_two(pair)}"


def _two(pair: Pair) -> str:
    return f"    kept  {pair.kept}\n    other {pair.candidate}"


def recall_table(results: Results, level: str) -> str:
    """Recall of every noise at a level: for each way of cleaning into the same / into another document."""
    shown = {way: score for way, score in results.scores.items() if way not in _other_thresholds(results)}
    rows = []
    for noise in results.noises:
        cells = (_both(score, noise.name, level) for score in shown.values())
        rows.append((noise.name, *cells))
    return table((f"{level}: noise", *shown), rows)


def _other_thresholds(results: Results) -> set[str]:
    """The ways that have a table of their own."""
    return {way for way in results.scores if way.startswith("similar ") and way != f"similar {DEFAULTS['threshold']}"}


def threshold_table(results: Results) -> str:
    """Recall of `similar` in bodies and blocks, in the same and in other documents, by threshold."""
    shown = {way: score for way, score in results.scores.items() if way.startswith("similar ")}
    rows: list[tuple[str, ...]] = [
        (noise.name, *(share(bodies_and_blocks(score, noise.name).recall) for score in shown.values()))
        for noise in results.noises
    ]
    rows.append(("other words that go, share", *(share(_lost(score)) for score in shown.values())))
    return table(("bodies and blocks: noise", *shown), rows)


def _lost(score: Score) -> float:
    return (score.natural_words + score.false_words) / max(score.other_words, 1)


def _both(score: Score, noise: str, level: str) -> str:
    return " / ".join(share(score.select(noise, level, place).recall) for place in PLACES)


def facts_table(results: Results) -> str:
    """How many paragraphs with another fact each way removes, of how many."""
    names = (*JUDGED, "swapped figures")
    rows = []
    for way, score in results.scores.items():
        cells = [score.select(name) for name in names]
        rows.append((way, *(f"{cell.removed_changed:,} of {cell.changed_paragraphs:,}" for cell in cells)))
    return table(("way", *names), rows)


def other_table(results: Results) -> str:
    """What goes of the words that were not planted."""
    rows = (
        (way, f"{score.other_words:,}", f"{score.false_words:,.0f}", f"{score.natural_words:,.0f}")
        for way, score in results.scores.items()
    )
    return table(("way", "words not planted", "removed because of copies", "removed without copies too"), rows)


def planted_tables(results: Results) -> Iterator[str]:
    """All tables of planted copies."""
    yield (
        f"{results.articles:,} articles, {results.paragraphs:,} paragraphs, {results.words:,} words; "
        f"{results.rounds} rounds. Recall: share of the planted words that are removed, for copies put into "
        "the same / into another document."
    )
    for level in LEVELS:
        yield recall_table(results, level)
    yield threshold_table(results)
    yield "Paragraphs with another fact that were removed:"
    yield facts_table(results)
    yield "Words that were not planted:"
    yield other_table(results)


def bars_table(found: Sequence[Bar]) -> str:
    """Each demand, what was found, and whether it is met."""
    words = {True: "met", False: "MISSED", None: "not measured"}
    return table(("bar", "demand", "found", ""), ((one.name, one.demand, _found(one), words[one.met]) for one in found))


def _found(one: Bar) -> str:
    if one.found is None:
        return "-"
    return f"{one.found:.4f}" if one.demand.startswith(">") else f"{one.found:,.0f}"


def removals_list(removals: Sequence[Removal], paragraphs: int) -> Iterator[str]:
    """Every removed paragraph with its original, to be read."""
    yield f"{paragraphs:,} different paragraphs; {len(removals):,} were removed. Each with its original:"
    for number, one in enumerate(removals, 1):
        where = "same document" if one.same_document else "another document"
        both = f"    kept    {_cut(one.original)}\n    removed {_cut(one.text)}"
        yield f"{number}. J {one.similarity:.2f}, {where}\n\n{both}"


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_SHOWN else f"{text[:TEXT_SHOWN]} ... ({len(text)} characters)"
