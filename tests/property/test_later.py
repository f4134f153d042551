"""What comes later changes nothing before it: an archive comes out as it did when new articles follow it."""

from __future__ import annotations

import io
import json
from itertools import pairwise

import pytest

from dedup import api
from dedup.settings import Settings

from .test_prefer import records


def cleaned(found: list[dict[str, str]], engine: str) -> list[bytes]:
    """The records that are left, one for each."""
    output = io.BytesIO()
    settings = Settings(engine=engine, format="jsonl", unit="line", min_words=3, min_block_words=12)
    api.clean(b"".join(json.dumps(one).encode() + b"\n" for one in found), output, settings=settings)
    return output.getvalue().splitlines()


@pytest.mark.parametrize("seed", range(3))
def test_what_comes_later_changes_nothing_before_it(engine: str, seed: int) -> None:
    found = [one for number in range(4) for one in records(seed * 4 + number)]
    whole = cleaned(found, engine)
    assert len(whole) == len(found)
    assert any(json.loads(line) != one for line, one in zip(whole, found, strict=True))
    for _, until in pairwise(range(0, len(found), 13)):
        assert cleaned(found[:until], engine) == whole[:until]
