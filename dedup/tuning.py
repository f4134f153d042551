"""Which settings suit a text: copies are planted into a sample of it, and every setting has to find them.

The plants are known, so that what is found can be counted; so can the paragraphs with another figure, name or
negation that are taken for repeats. See dedup/planting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.counts import count
from dedup.errors import InputSkipped, UsageError
from dedup.planting import facts
from dedup.planting.articles import FEWEST_LONG, LONG_WORDS
from dedup.planting.noises import FACTS, WORDS, Noise, make_noises
from dedup.planting.plant import OTHER, PARAGRAPH, Kind, plant, unplanted
from dedup.planting.score import Cell, Score, score, shares
from dedup.settings import OPTIONS, Settings, validated

if TYPE_CHECKING:
    from dedup.planting.articles import Article
    from dedup.planting.plant import Planted
    from dedup.planting.reading import Sample
    from dedup.sources.paths import Listing

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
ARTICLES = 1000
FEWEST_ARTICLES = 8
PLANTS = 800
"""Copies that there should be; a small sample is planted several times, differently."""
MOST_ROUNDS = 12
LEFT_OUT = ("re-wrapped", "hyphenated", "8%", "short words too")
"""Noises that say more about the unit, or about hopeless copies, than about a threshold."""

_REMEDY = "Give more text, or another --unit. Words are counted by the spaces between them: without, none is planted."
_NO_TEXT = "No text was found: if these are records, --text-field names the field that holds it."
CAREFUL_LOSS = 0.01
"""A setting that takes more of the changed facts for repeats is not careful."""
EQUAL = 0.01
"""Settings that find so nearly the same are equally good; the higher threshold is the faster one."""

Observe = Callable[[int, int], None]
"""Is told how many runs are done, of how many."""


class Point(NamedTuple):
    """What one setting makes of the planted copies."""

    remove: str
    threshold: float | None
    """None where it does not matter."""
    found: float
    """Share of the words of copies that say nothing new that is removed."""
    reworded: float
    """The same of copies with other words in them."""
    changed: int
    """Paragraphs with another figure, name or negation."""
    lost: int
    """Of those, how many are removed."""
    rest: float
    """Share of the words that were not planted that is removed too: repeats the text had, or mistakes."""
    by_noise: dict[str, float]

    @property
    def loss(self) -> float:
        """Share of the changed facts that is lost; 0 where there are none."""
        return self.lost / self.changed if self.changed else 0.0

    @property
    def options(self) -> str:
        """As they are written on a command line."""
        return f"--remove {self.remove}" + ("" if self.threshold is None else f" --threshold {self.threshold:g}")


class Tuning(NamedTuple):
    """The answer of `tune`."""

    seed: int
    bytes: int
    """Of the inputs."""
    articles: int
    words: int
    """Of the sample."""
    copies: int
    points: list[Point]
    careful: Point
    """Finds most of those that lose no facts."""
    thorough: Point
    """Finds most whatever is lost."""
    skipped: list[InputSkipped]


def tune(
    source: str | Sequence[str] | Listing,
    *,
    settings: Settings | None = None,
    seed: int = 1,
    articles: int = ARTICLES,
    observe: Observe | None = None,
) -> Tuning:
    """Measure settings on a sample of a text.

    Args:
        source: files and folders as for `clean`.
        settings: what is not varied; `remove` and `threshold` are.
        seed: of the sample and of the copies.
        articles: in the sample, at most.
        observe: called after every run.
    Raises:
        UsageError: there is too little text.
        ReadError: reading failed.
    Cost: one pass over the inputs, some thirty runs over the sample.
    """
    from dedup.engine.select import select
    from dedup.planting.reading import sample_articles
    from dedup.run.protection import read_protection
    from dedup.run.start import nothing_read
    from dedup.sources.paths import Listing, list_files

    settings = validated(settings)
    skipped: list[InputSkipped] = []
    listing = source if isinstance(source, Listing) else list_files([source] if isinstance(source, str) else source)
    engine = select(settings.engine, settings, read_protection(settings))
    sample = sample_articles(listing, settings, engine, articles, seed, skipped)
    if skipped and not sample.bytes:
        raise nothing_read(skipped)
    if len(sample.articles) < FEWEST_ARTICLES:
        raise UsageError(_too_little(sample, skipped), _REMEDY if sample.bytes else _NO_TEXT)
    return measure(sample, settings, seed, skipped, observe or (lambda _done, _all: None))


def _too_little(sample: Sample, skipped: list[InputSkipped]) -> str:
    unread = "".join(f"; {one.path} could not be read: {one.reason}" for one in skipped[:3])
    if len(skipped) > 3:
        unread += f"; and {count(len(skipped) - 3, 'more input')}"
    return (
        f"{count(len(sample.articles), 'article')} with {FEWEST_LONG} paragraphs of {LONG_WORDS} words or more in "
        f"{sample.bytes:,} bytes: too little to plant copies in, it takes {FEWEST_ARTICLES}{unread}"
    )


def measure(sample: Sample, settings: Settings, seed: int, skipped: list[InputSkipped], observe: Observe) -> Tuning:
    """Plant, clean with every setting, count, recommend."""
    articles = sample.articles
    noises = _noises(articles)
    rounds = _plan(articles, noises, seed)
    base = unplanted(articles)
    chosen = _settings(settings)
    points = []
    for number, one in enumerate(chosen):
        points.append(_point(one, noises, _score(base, rounds, one)))
        observe(number + 1, len(chosen))
    return Tuning(
        seed=seed,
        bytes=sample.bytes,
        articles=len(articles),
        words=sum(article.words for article in articles),
        copies=sum(_copies(documents) for documents in rounds),
        points=points,
        careful=recommend_careful(points),
        thorough=recommend_thorough(points),
        skipped=skipped,
    )


def _noises(articles: Sequence[Article]) -> list[Noise]:
    vocabulary = facts.collect(text for article in articles for text in article.paragraphs)
    reworded = (WORDS, FACTS)
    return [noise for noise in make_noises(vocabulary) if noise.group in reworded or not noise.name.endswith(LEFT_OUT)]


def _plan(articles: Sequence[Article], noises: Sequence[Noise], seed: int) -> list[list[Planted]]:
    """Rounds of planted documents until there are enough copies."""
    rounds: list[list[Planted]] = []
    copies = 0
    while copies < PLANTS and len(rounds) < MOST_ROUNDS:
        rounds.append(plant(articles, noises, seed, len(rounds)))
        copies += _copies(rounds[-1])
    return rounds


def _copies(documents: Iterable[Planted]) -> int:
    return sum(any(part.kind for part in document.parts) for document in documents)


def _settings(settings: Settings) -> list[Settings]:
    """Every mode with every threshold; `exact` has none."""
    modes = [mode for mode in ("redundant", "similar") if mode in OPTIONS["remove"].choices]
    return [
        replace(settings, remove="exact"),
        *(replace(settings, remove=mode, threshold=threshold) for mode in modes for threshold in THRESHOLDS),
    ]


def _score(base: Sequence[Planted], rounds: Sequence[list[Planted]], settings: Settings) -> Score:
    from dedup.planting.cleaning import clean_planted

    natural = shares(base, clean_planted(base, settings))
    total = Score()
    for documents in rounds:
        total.merge(score(documents, clean_planted(documents, settings), natural))
    return total


def _point(settings: Settings, noises: Sequence[Noise], found: Score) -> Point:
    changed = _cells(found, [noise for noise in noises if noise.group == FACTS])
    return Point(
        remove=settings.remove,
        threshold=None if settings.remove == "exact" else settings.threshold,
        found=_cells(found, [noise for noise in noises if noise.keeps_facts]).recall or 0.0,
        reworded=_cells(found, [noise for noise in noises if noise.group == WORDS]).recall or 0.0,
        changed=changed.changed_paragraphs,
        lost=changed.removed_changed,
        rest=(found.natural_words + found.false_words) / max(found.other_words, 1),
        by_noise={noise.name: recall for noise in noises if (recall := _cells(found, [noise]).recall) is not None},
    )


def _cells(found: Score, noises: Sequence[Noise]) -> Cell:
    """The cells of some noises; a paragraph alone in another document stays by design and is left out."""
    names = {noise.name for noise in noises}
    return found.total(kind for kind in found.cells if kind.noise in names and not _alone(kind))


def _alone(kind: Kind) -> bool:
    return kind.level == PARAGRAPH and kind.place == OTHER


def recommend_careful(points: Sequence[Point]) -> Point:
    """Of the settings that lose next to no changed facts, the one that finds most copies."""
    if not any(point.changed for point in points):
        # Nothing was measured, which is not the same as nothing lost: `similar` never looks at facts.
        return _fastest([point for point in points if point.remove != "similar"] or points, lambda point: point.found)
    least = min(point.loss for point in points)
    careful = [point for point in points if point.loss <= max(CAREFUL_LOSS, least)]
    return _fastest(careful, lambda point: point.found)


def recommend_thorough(points: Sequence[Point]) -> Point:
    """The one that finds most copies, reworded ones too."""
    return _fastest(points, lambda point: (point.found + point.reworded) / 2)


def _fastest(points: Sequence[Point], worth: Callable[[Point], float]) -> Point:
    """The highest threshold of those that are as good as the best."""
    best = max(map(worth, points))
    good = [point for point in points if worth(point) >= best - EQUAL]
    return max(good, key=lambda point: 2.0 if point.threshold is None else point.threshold)


def as_dict(tuning: Tuning) -> dict[str, Any]:
    """Plain values for JSON."""
    return {
        "seed": tuning.seed,
        "bytes": tuning.bytes,
        "articles": tuning.articles,
        "words": tuning.words,
        "copies": tuning.copies,
        "settings": [{**point._asdict(), "options": point.options} for point in tuning.points],
        "careful": tuning.careful.options,
        "thorough": tuning.thorough.options,
        "skipped": [{"path": one.path, "reason": one.reason} for one in tuning.skipped],
    }
