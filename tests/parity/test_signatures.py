"""Signatures are datasketch's, bit for bit."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from dedup.engine.select import native_missing
from dedup.settings import Settings

datasketch = pytest.importorskip("datasketch")
native = pytest.importorskip("dedup.engine.native", reason=native_missing(), exc_type=ImportError)

SHAPES = [(1, 1), (1, 2), (3, 5), (4, 4), (17, 1), (11, 3), (16, 4), (17, 4), (25, 5), (9, 13), (64, 4)]


@pytest.fixture(params=native.instruction_sets())
def instruction_set(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each instruction set that runs here, in force during the test."""
    before = native.instruction_set()
    native.use_instruction_set(request.param)
    assert native.instruction_set() == request.param
    yield request.param
    native.use_instruction_set(before)


def sign(shingles: list[int], permutations: int) -> list[int]:
    """As a user of datasketch would."""
    signature = datasketch.MinHash(permutations, seed=1, scheme="affine32", hashfunc=int)
    signature.update_batch(shingles)
    return signature.hashvalues.tolist()


@pytest.mark.parametrize(("bands", "rows"), SHAPES)
@pytest.mark.parametrize("count", [0, 1, 2, 15, 16, 17, 31, 32, 33, 100])
def test_signature_is_that_of_datasketch(instruction_set: str, count: int, bands: int, rows: int) -> None:
    """For any number of shingles, repeated ones too, and any number of permutations."""
    draw = random.Random(count * 1000 + bands * rows)
    engine = native.NativeEngine(Settings(), bands, rows)
    extremes = [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]
    for shingles in (
        [draw.getrandbits(32) for _ in range(count)],
        [draw.choice(extremes) for _ in range(count)],
    ):
        given = list(shingles)
        assert engine.sign(shingles) == sign(shingles, bands * rows)
        assert shingles == given
