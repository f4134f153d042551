"""G4: every repeat that is removed names its original, which is in the output, and why."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
import xxhash

from dedup.findings import Place
from dedup.settings import Settings
from dedup.words import split_words

from ..parity.documents import Answer, Author, run, settings_for


def shingles(text: bytes, size: int) -> set[int]:
    """The shingle hashes of a paragraph with the xxhash package, as the README says they can be had."""
    hashes = [xxhash.xxh32_intdigest(word) for word in split_words(text)]
    runs = [hashes[i : i + size] for i in range(max(1, len(hashes) - size + 1))]
    return {xxhash.xxh32_intdigest(struct.pack(f"<{len(one)}I", *one)) for one in runs}


def check(sources: list[bytes], answer: Answer, chosen: Settings) -> int:
    """Assert the law for every repeat; gives how many were removed."""

    def text(place: Place) -> bytes:
        return sources[place.document][place.start : place.end]

    repeats = [repeat for block in answer.blocks for repeat in block.repeats]
    removed = {(one.place.document, one.place.start, one.place.end) for one in repeats if one.removed}
    assert len(removed) == sum(one.removed for one in repeats)
    for repeat in repeats:
        place, original = repeat.place, repeat.original
        assert (original.document, original.start) < (place.document, place.start)
        gone = [one for one in removed if one[0] == original.document]
        assert not any(start < original.end and original.start < end for _, start, end in gone)
        one, other = text(place), text(original)
        assert repeat.words == len(split_words(one))
        if repeat.kind == "short":
            assert (repeat.intersection, repeat.union) == (0, 0)
            assert split_words(one) == split_words(other)
            assert split_words(one) or one.strip() == other.strip() != b""
            assert repeat.words < chosen.min_words or not repeat.words
            continue
        mine, theirs = shingles(one, chosen.shingle_words), shingles(other, chosen.shingle_words)
        assert (repeat.intersection, repeat.union) == (len(mine & theirs), len(mine | theirs))
        contained = chosen.remove == "redundant" and 10 * repeat.intersection >= 9 * len(mine)
        threshold_ppm = round(chosen.threshold * 1_000_000) // (2 if contained else 1)
        assert repeat.intersection * 1_000_000 >= threshold_ppm * repeat.union
        assert (repeat.kind == "exact") == (split_words(one) == split_words(other))
        assert repeat.kind == "exact" or chosen.remove != "exact"
        assert repeat.words >= chosen.min_words
    return len(removed)


@pytest.mark.parametrize("batch", range(10))
def test_generated_documents(engine: str, batch: int) -> None:
    """Copies of all kinds with all settings: each removal can be verified from the input alone."""
    removed = 0
    for seed in range(batch * 20, batch * 20 + 20):
        sources, chosen = Author(seed).documents(), settings_for(seed, engine=engine)
        removed += check(sources, run(sources, chosen), chosen)
    assert removed > 10


def test_line_numbers(engine: str) -> None:
    """The lines of a repeat are those an editor shows, whatever the line ends."""
    for seed in range(60):
        sources, chosen = Author(seed).documents(), settings_for(seed, engine=engine)
        for block in run(sources, chosen).blocks:
            for place in [block.place, block.original, *(one.place for one in block.repeats)]:
                before = sources[place.document][: place.start]
                whole = sources[place.document][: place.end].rstrip()
                assert place.line == 1 + count_line_ends(before)
                assert place.last_line == max(place.line, 1 + count_line_ends(whole))


def count_line_ends(text: bytes) -> int:
    return text.count(b"\r") + text.count(b"\n") - text.count(b"\r\n")


def test_real_text(engine: str, data: Path) -> None:
    """Copied and changed paragraphs of real prose."""
    lines = (data / "sotu.txt").read_bytes().splitlines(keepends=True)
    changed = [line.replace(b" the ", b" that ", 1) for line in lines[:60]]
    sources, chosen = [b"".join(lines + changed), b"".join(lines[40:70])], Settings(engine=engine)
    assert check(sources, run(sources, chosen), chosen) > 60
