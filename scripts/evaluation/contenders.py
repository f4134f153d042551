"""datasketch and rensa as straightforward pipelines, inside this process.

They do what contenders/datasketch_pipeline.py and contenders/rensa_pipeline.py do to the lines of a file, with
the same shingles, permutations, bands and threshold; but they are handed the paragraphs, so that wrapped text
costs them nothing. A signature is kept for the next run: most paragraphs come again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

from dedup.planting.plant import Planted
from dedup.planting.score import Removed

Clean = Callable[[Sequence[Planted]], Removed]
_WORD = re.compile(r"\w+")


def available() -> dict[str, Clean]:
    """The pipelines whose library is installed here."""
    makers = {"datasketch": _datasketch, "rensa": _rensa}
    return {name: make() for name, make in makers.items() if find_spec(name)}


def shingles(text: str) -> list[str]:
    """The distinct runs of three words; all its words where it has fewer than three."""
    words = _WORD.findall(text.lower())
    return list({" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))})


def _datasketch() -> Clean:
    from datasketch import MinHash, MinHashLSH

    @cache
    def sign(text: str) -> Any:
        signature = MinHash(num_perm=128, seed=1, scheme="affine32")
        signature.update_batch([one.encode("utf-8", "surrogateescape") for one in shingles(text)])
        return signature

    return lambda documents: _drop(documents, MinHashLSH(threshold=0.8, num_perm=128), sign)


def _rensa() -> Clean:
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found,import-untyped,unused-ignore]

    @cache
    def sign(text: str) -> Any:
        signature = RMinHash(128, 1)
        signature.update(shingles(text.encode("utf-8", "replace").decode()))
        return signature

    return lambda documents: _drop(documents, RMinHashLSH(0.8, 128, 16), sign)


def _drop(documents: Sequence[Planted], index: Any, sign: Callable[[str], Any]) -> Removed:
    """Drop every paragraph that an earlier kept one resembles."""
    numbers: Iterator[int] = iter(range(1 << 62))
    removed: Removed = []
    for document in documents:
        gone = []
        for part, span in zip(document.parts, document.spans, strict=True):
            signature = sign(part.text)
            if index.query(signature):
                gone.append(span)
            else:
                index.insert(next(numbers), signature)
        removed.append(gone)
    return removed
