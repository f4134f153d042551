"""Planted copies: rounds of planting, every way of cleaning on the same documents, and the bars."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from dedup.planting import facts, noises
from dedup.planting.articles import Article, count_words
from dedup.planting.cleaning import clean_planted
from dedup.planting.noises import Noise
from dedup.planting.plant import BLOCK, BODY, Kind, plant, unplanted
from dedup.planting.score import Cell, Score, score, shares
from dedup.settings import Settings

from .contenders import Clean

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
JUDGED = ("changed figure", "changed name", "changed negation")
WORD_BARS = {"changed words 3%": 0.97, "changed words 8%": 0.90, "changed words 15%": 0.60}
"""What `similar` must reach at its best threshold."""
MOST_FACT_ROUNDS = 12


class Plan(NamedTuple):
    """How much to plant."""

    seed: int
    rounds: int
    """With every noise."""
    changed: int
    """Paragraphs that each of the judged changes of facts must have; rounds with these alone are added."""


class Results(NamedTuple):
    """What every way of cleaning made of the same documents."""

    noises: list[Noise]
    articles: int
    paragraphs: int
    words: int
    rounds: int
    scores: dict[str, Score]


def ways(settings: Settings, modes: Iterable[str], contenders: dict[str, Clean]) -> dict[str, Clean]:
    """Every way of cleaning by name; `similar` at several thresholds."""
    found: dict[str, Clean] = {}
    for mode in modes:
        if mode == "similar":
            found |= {f"similar {t}": _way(settings, mode, t) for t in THRESHOLDS}
        else:
            found[mode] = _way(settings, mode, settings.threshold)
    return {**found, **contenders}


def _way(settings: Settings, mode: str, threshold: float) -> Clean:
    from dataclasses import replace

    chosen = replace(settings, remove=mode, threshold=threshold).validate()
    return lambda documents: clean_planted(documents, chosen)


def evaluate(
    articles: Sequence[Article], cleaning: dict[str, Clean], plan: Plan, tell: Callable[[str], None]
) -> Results:
    """Plant and clean.

    Args:
        articles: plantable ones.
        cleaning: the ways by name.
        plan: how much to plant.
        tell: is told what is being done.
    """
    vocabulary = facts.collect(text for article in articles for text in article.paragraphs)
    table = noises.make_noises(vocabulary)
    natural = {}
    base = unplanted(articles)
    for name, clean in cleaning.items():
        tell(f"without copies: {name}")
        natural[name] = shares(base, clean(base))
    scores = {name: Score() for name in cleaning}
    done = 0
    for chosen in _rounds(table, plan, lambda: scores):
        documents = plant(articles, chosen, plan.seed, done)
        done += 1
        for name, clean in cleaning.items():
            tell(f"round {done}: {name}")
            scores[name].merge(score(documents, clean(documents), natural[name]))
    paragraphs = sum(len(article.paragraphs) for article in articles)
    return Results(table, len(articles), paragraphs, count_words(articles), done, scores)


def _rounds(table: list[Noise], plan: Plan, scores: Callable[[], dict[str, Score]]) -> Iterator[list[Noise]]:
    """The noises of each round: all of them, then the judged changes until there are enough."""
    for _ in range(plan.rounds):
        yield table
    for _ in range(MOST_FACT_ROUNDS):
        one = next(iter(scores().values()))
        lacking = [noise for noise in table if noise.name in JUDGED and _changed(one, noise.name) < plan.changed]
        if not lacking:
            return
        yield lacking


def _changed(one: Score, noise: str) -> int:
    return one.select(noise).changed_paragraphs


class Bar(NamedTuple):
    """One demand and what was found."""

    name: str
    demand: str
    found: float | None
    met: bool | None
    """None where there was nothing to measure."""


def bars(results: Results) -> list[Bar]:
    """The demands on `redundant`, and on `similar` at its best threshold; none on a mode that did not run."""
    found = []
    if (redundant := results.scores.get("redundant")) is not None:
        found += [
            _recall_bar("redundant", redundant, noise.name, _least(noise)) for noise in results.noises if _least(noise)
        ]
        found += [_kept_bar(redundant, name) for name in JUDGED]
        found.append(_false_bar(redundant))
    if (threshold := best_threshold(results)) is not None:
        similar = results.scores[f"similar {threshold}"]
        found += [_recall_bar(f"similar {threshold}", similar, noise, least) for noise, least in WORD_BARS.items()]
    return found


_SLIPS = {"1%": 0.99, "3%": 0.95, "8%": 0.80}


def _least(noise: Noise) -> float:
    """The least recall that is asked of `redundant`; 0 if none is."""
    if noise.name in ("hyphenated",) or noise.group in (noises.WORDS, noises.FACTS):
        return 0.0
    if noise.group == noises.ERRORS:
        return _SLIPS.get(noise.name.rsplit(" ", 1)[-1], 0.0)
    return 0.98 if noise.name == "dropped sentence" else 1.0


def _recall_bar(way: str, one: Score, noise: str, least: float) -> Bar:
    """Bodies and blocks, in the same and in other documents; a recall is compared to two decimals."""
    cell = bodies_and_blocks(one, noise)
    met = None if cell.recall is None else round(cell.recall, 2) >= least
    return Bar(f"{way}: recall of bodies and blocks, {noise}", f">= {least:.2f}", cell.recall, met)


def bodies_and_blocks(one: Score, noise: str) -> Cell:
    """The cells of a noise at both levels, into the same and into other documents."""
    return one.total(kind for kind in one.cells if kind.noise == noise and kind.level in (BODY, BLOCK))


def _kept_bar(one: Score, noise: str) -> Bar:
    cell = one.select(noise)
    met = cell.removed_changed == 0 if cell.changed_paragraphs else None
    name = f"redundant: removed of {cell.changed_paragraphs:,} paragraphs with a {noise}"
    return Bar(name, "0", float(cell.removed_changed), met)


def _false_bar(one: Score) -> Bar:
    return Bar("redundant: other words removed because of copies", "0", one.false_words, one.false_words == 0)


def best_threshold(results: Results) -> float | None:
    """The highest threshold at which `similar` meets its bars; where none does, the one that finds most."""
    known = [threshold for threshold in THRESHOLDS if f"similar {threshold}" in results.scores]
    found = {t: [_word_recall(results.scores[f"similar {t}"], noise) for noise in WORD_BARS] for t in known}
    good = [t for t in known if all(map(operator.ge, found[t], WORD_BARS.values()))]
    return max(good) if good else max(known, key=lambda t: sum(found[t]), default=None)


def _word_recall(one: Score, noise: str) -> float:
    return bodies_and_blocks(one, noise).recall or 0.0


def as_dict(results: Results) -> dict[str, object]:
    """Everything that was counted, as plain values."""
    return {
        "articles": results.articles,
        "paragraphs": results.paragraphs,
        "words": results.words,
        "rounds": results.rounds,
        "ways": {
            name: {
                "other_words": one.other_words,
                "false_words": one.false_words,
                "natural_words": one.natural_words,
                "kinds": [_kind_dict(kind, cell) for kind, cell in sorted(one.cells.items())],
            }
            for name, one in results.scores.items()
        },
    }


def _kind_dict(kind: Kind, cell: Cell) -> dict[str, object]:
    counts = {name: getattr(cell, name) for name in cell.__slots__}
    return {**kind._asdict(), **counts, "recall": cell.recall}
