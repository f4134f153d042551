"""Labelled pairs: which rule removes only what may go."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from dedup.matching.nearness import jaccard
from dedup.settings import Settings
from dedup.words import hash_words, shingle, split_words

SHINGLE_WORDS = 3
_DIGITS = re.compile(r"\d+")


class Pair(NamedTuple):
    """Two paragraphs that are nearly alike."""

    number: int
    kept: str
    candidate: str
    label: str
    safe: bool
    """The candidate may go: it says the same, or less."""
    similarity: float


class Verdict(NamedTuple):
    """What a rule did to all pairs."""

    rule: str
    removed: int
    removed_safe: int
    safe: int

    @property
    def precision(self) -> float | None:
        """Of what it removes, the share that may go."""
        return self.removed_safe / self.removed if self.removed else None

    @property
    def recall(self) -> float:
        """Of what may go, the share that it removes."""
        return self.removed_safe / self.safe if self.safe else 0.0


def read_pairs(path: Path) -> list[Pair]:
    """Pairs as JSON Lines: `kept`, `candidate`, and `safe` or `label`, `more`, `both`."""
    with path.open(encoding="utf-8") as lines:
        return [_pair(number, json.loads(line)) for number, line in enumerate(lines)]


def _pair(number: int, record: dict[str, Any]) -> Pair:
    kept, candidate = record["kept"], record["candidate"]
    label = record["label"] if "label" in record else "safe" if record["safe"] else "not safe"
    less = label == "additive" and record.get("more") == "kept" and not record.get("both")
    safe = label in ("redundant", "safe") or less
    return Pair(record.get("id", number), kept, candidate, label, safe, _similarity(kept, candidate))


def _similarity(one: str, other: str) -> float:
    intersection, union = jaccard(_shingles(one), _shingles(other))
    return intersection / union if union else 1.0


def _shingles(text: str) -> frozenset[int]:
    return frozenset(shingle(hash_words(split_words(text.encode("utf-8", "surrogateescape"))), SHINGLE_WORDS))


def judge(pairs: Sequence[Pair], settings: Iterable[Settings]) -> list[Verdict]:
    """The plain rules, then each of the settings as a whole run on the pair."""
    verdicts = [_verdict(f"J >= {least}", pairs, _reaches(least)) for least in (0.7, 0.8, 0.9)]
    verdicts.append(_verdict("J >= 0.7 and the same digits", pairs, _same_digits))
    for chosen in settings:
        name = f"{chosen.remove}, threshold {chosen.threshold:g}, shingles of {chosen.shingle_words}"
        verdicts.append(_verdict(name, pairs, partial(removes, settings=chosen)))
    return verdicts


def _verdict(rule: str, pairs: Sequence[Pair], removes: Callable[[Pair], bool]) -> Verdict:
    removed = [pair for pair in pairs if removes(pair)]
    safe = sum(pair.safe for pair in pairs)
    return Verdict(rule, len(removed), sum(pair.safe for pair in removed), safe)


def _reaches(least: float) -> Callable[[Pair], bool]:
    return lambda pair: pair.similarity >= least


def _same_digits(pair: Pair) -> bool:
    return pair.similarity >= 0.7 and _DIGITS.findall(pair.kept) == _DIGITS.findall(pair.candidate)


def removes(pair: Pair, settings: Settings) -> bool:
    """Whether a run over the two paragraphs as one document removes the second."""
    from dedup.api import scan

    lines = [" ".join(text.split()) for text in (pair.kept, pair.candidate)]
    document = "\n".join([*lines, ""]).encode("utf-8", "surrogateescape")
    chosen = replace(settings, unit="line", min_words=1)
    return scan(document, settings=chosen, details=False).totals.removed_paragraphs == 1


def mistakes(pairs: Sequence[Pair], settings: Settings) -> list[tuple[Pair, bool]]:
    """The pairs that a run gets wrong, with whether it removed the second."""
    judged = [(pair, removes(pair, settings)) for pair in pairs]
    return [(pair, removed) for pair, removed in judged if removed != pair.safe]
