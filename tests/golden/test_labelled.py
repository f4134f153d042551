"""Pairs of paragraphs that a person has judged: what the rule removes may be removed, and it finds enough of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dedup.engine.select import available
from dedup.rule.novelty import added


class Score(NamedTuple):
    precision: float
    recall: float


def read_pairs(data: Path) -> list[dict[str, Any]]:
    lines = (data / "labelled_pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def score(pairs: list[dict[str, Any]], removed: list[bool]) -> Score:
    right = sum(gone and pair["safe"] for pair, gone in zip(pairs, removed, strict=True))
    return Score(right / max(sum(removed), 1), right / sum(pair["safe"] for pair in pairs))


def test_no_fact_is_lost_and_most_repeats_are_found(data: Path) -> None:
    """At least 95 of 100 removals are right, and 60 of 100 that would be right are made."""
    pairs = read_pairs(data)
    removed = [added(pair["candidate"].encode(), pair["kept"].encode()) is None for pair in pairs]
    assert len(pairs) == 420
    found = score(pairs, removed)
    assert found.precision >= 0.95
    assert found.recall >= 0.60


def test_similarity_alone_would_lose_facts(data: Path) -> None:
    """What MinHash tools do is wrong more often than right on these pairs."""
    pairs = read_pairs(data)
    assert score(pairs, [pair["jaccard"] >= 0.7 for pair in pairs]).precision < 0.5
    assert score(pairs, [pair["jaccard"] >= 0.9 for pair in pairs]).precision < 0.7


@pytest.mark.skipif("native" not in available(), reason="the native engine does not run here")
def test_the_native_rule_is_the_same(data: Path) -> None:
    from dedup.engine import native

    for pair in read_pairs(data):
        p, q = pair["candidate"].encode(), pair["kept"].encode()
        assert native.added(p, q) == added(p, q)
