"""`dedup self-test`: known answers on every engine that is installed here, each asked for by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.engine.contract import Engine

EXAMPLES = """
Examples:

dedup self-test
"""

# Folding must unite the accent, the ligature and the full-width digit, and part the two ideographs.
_PARAGRAPH = "Café „Zinc“, lead; eﬃcient TIN ５ 東京"
_WORD_HASHES = [3430747521, 859861533, 3573987267, 3643091569, 804666832, 475484659, 2061940893, 3711742361]
# datasketch.MinHash(num_perm=14, seed=1, scheme="affine32") over the six shingle hashes
# 4219679482 2819932054 681000289 3189834424 2418252914 1833057855.
_SIGNATURE = """
    221847665 497461776 319354619 493304293 567914375 24056389 36762130 506568681 1353932332 816916918
    661864215 296518254 262786838 679949359
"""

_BANDS = 7

# Abraham Lincoln, 1863; the third line is short and goes with its block.
_ARTICLE = """\
Four score and seven years ago our fathers brought forth on this continent a new nation.
Now we are engaged in a great civil war, testing whether that nation can long endure.
At Gettysburg
We are met on a great battle-field of that war, to dedicate a portion of that field.
The world will little note, nor long remember what we say here, but it can never forget what they did here.
"""
_NEARLY = _ARTICLE.replace("say here, but it can", "say here, it can")


class Check(NamedTuple):
    """One known answer."""

    name: str
    found: Callable[[Engine, Settings], Any]
    """Gives the answer of an engine."""
    expected: Callable[[], Any]


def self_test() -> int:
    """Check known answers on each engine that is installed; exit status 0, or 4 if one is wrong."""
    from dedup.engine import select

    good, there = True, select.available()
    for name, reason in select.describe().items():
        if name not in there:
            print(f"{name:<10} not here  {reason}")
            continue
        for check, problem in run_checks(name):
            good = good and not problem
            print(f"{name:<10} {'WRONG   ' if problem else 'ok      '}  {check}{problem}")
    return 0 if good and there else 4


def run_checks(engine_name: str) -> Iterator[tuple[str, str]]:
    """Every check's name with what is wrong with it, empty if nothing is."""
    from dedup.engine import select

    settings = Settings(engine=engine_name, threads=1, threshold=0.7, recall=0.99)  # of the bands below
    engine = select.select(engine_name, settings)
    for check in CHECKS:
        try:
            found, expected = check.found(engine, settings), check.expected()
        except Exception as error:  # the other checks still tell something
            yield check.name, f": {type(error).__name__}: {error}"
            continue
        yield check.name, "" if found == expected else f": expected {expected!r}, found {found!r}"


def _sketch(engine: Engine) -> Any:
    """The sketches of a batch that holds the known paragraph alone."""
    from dedup.batches import Batch, Piece
    from dedup.unit import Unit

    text = _PARAGRAPH.encode()
    return engine.sketch(Batch(text, [Piece(0, len(text), 0, Unit.LINE, True, True)], 0))


def _word_hashes(engine: Engine) -> list[int]:
    return list(_sketch(engine).word_hashes(0))


def _band_keys(engine: Engine) -> list[int]:
    return list(_sketch(engine).band_keys(0, _BANDS))


def _expected_keys() -> list[int]:
    """xxh32 over each band's rows of the known signature, uint32 little-endian."""
    import struct

    import xxhash

    signature = [int(value) for value in _SIGNATURE.split()]
    rows = len(signature) // _BANDS
    bands = [signature[start : start + rows] for start in range(0, len(signature), rows)]
    return [xxhash.xxh32_intdigest(struct.pack(f"<{rows}I", *band)) for band in bands]


def _cleaned(text: str, settings: Settings) -> str:
    from dedup.api import clean_text

    return clean_text(text, settings=settings)[0]


def _block_lines(settings: Settings) -> list[tuple[int, int, int, int]]:
    from dedup.api import clean_text

    report = clean_text(_ARTICLE + _ARTICLE, settings=settings)[1]
    ends = [(block.place, block.original) for block in report.blocks]
    return [(place.line, place.last_line, original.line, original.last_line) for place, original in ends]


def _ran(settings: Settings) -> str:
    from dedup.api import clean_text

    return clean_text(_ARTICLE, settings=settings)[1].run.engine


CHECKS = (
    Check("words and their hashes", lambda engine, _: _word_hashes(engine), lambda: _WORD_HASHES),
    Check("shingles, signature, band keys", lambda engine, _: _band_keys(engine), _expected_keys),
    Check("the engine asked for runs", lambda engine, asked: _ran(asked) == engine.name, lambda: True),
    Check("a doubled article comes out once", lambda _, asked: _cleaned(_ARTICLE * 2, asked), lambda: _ARTICLE),
    Check("lines 6-10 repeat lines 1-5", lambda _, asked: _block_lines(asked), lambda: [(6, 10, 1, 5)]),
    Check("a changed copy goes too", lambda _, asked: _cleaned(_ARTICLE + _NEARLY, asked), lambda: _ARTICLE),
    Check("a single article stays", lambda _, asked: _cleaned(_ARTICLE, asked), lambda: _ARTICLE),
)
