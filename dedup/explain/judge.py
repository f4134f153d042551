"""What two paragraphs have in common, and what every option would have made of them."""

from __future__ import annotations

from typing import NamedTuple

from dedup.counts import count
from dedup.matching.nearness import LONG_SHINGLES, MILLION, MOST_LACKING, Similarity, is_near, jaccard
from dedup.minhash import candidate_probability, choose_bands
from dedup.rule.novelty import Addition, added
from dedup.settings import OPTIONS, Settings
from dedup.words import hash_words, shingle, split_words

ADDS = {
    "figure": "a figure",
    "name": "a name",
    "negation": "a negation",
    "word": "a word",
    "order": "another order",
}
"""What a rule says in words; `new` follows where there is any."""


class Comparison(NamedTuple):
    """Two paragraphs as the search sees them."""

    words: int
    """Of the repeat."""
    original_words: int
    shingles: int
    """Of the repeat, distinct ones."""
    similarity: Similarity
    same_words: bool
    """In the same order."""
    addition: Addition | None
    """What the repeat adds to the original."""

    @property
    def jaccard(self) -> float:
        """Shingles in common by shingles in all; 0 without any."""
        return self.similarity.intersection / self.similarity.union if self.similarity.union else 0.0


class Case(NamedTuple):
    """What one option would have done."""

    option: str
    """As it is written on the command line, with a value or a range of values."""
    removes: bool | None
    """None where it depends on the paragraphs around: a short one goes with its block."""
    why: str


class Setting(NamedTuple):
    """Where a repeat stands."""

    same_document: bool
    block_words: int
    """Words of all repeats in its block, its own included."""
    shown: bool = False
    """It need not stand in a long block: its own document has shown the same before, or blocks beside it count, too."""

    def enough(self, min_block_words: int) -> bool:
        """Whether a repeat goes that stands here."""
        return self.same_document or self.shown or self.block_words >= min_block_words


def compare(original: bytes, repeat: bytes, settings: Settings) -> Comparison:
    """Take the similarity and the novelty of two paragraphs, exactly, whatever bands would have found."""
    one, other = split_words(original), split_words(repeat)
    sets = [frozenset(shingle(hash_words(words), settings.shingle_words)) for words in (one, other)]
    return Comparison(len(other), len(one), len(sets[1]), jaccard(*sets), one == other, added(repeat, original))


def matches(pair: Comparison, settings: Settings) -> bool:
    """Whether the second repeats the first under these settings, on its own."""
    if pair.words < settings.min_words:
        return False
    if settings.remove == "exact":
        return pair.same_words
    alike = pair.same_words or reaches(pair, settings)
    return alike and (settings.remove == "similar" or pair.addition is None)


def reaches(pair: Comparison, settings: Settings) -> bool:
    """Whether the two are near, as the mode has it."""
    redundant = settings.remove == "redundant"
    return is_near(pair.similarity, pair.shingles, round(settings.threshold * MILLION), redundant=redundant)


def must_be_contained(pair: Comparison, settings: Settings) -> bool:
    """Whether the repeat is too long for its similarity alone to be enough, and does not stand in the original."""
    is_long = settings.remove == "redundant" and pair.shingles > LONG_SHINGLES
    return is_long and not pair.similarity.contains(pair.shingles)


def cases(pair: Comparison, settings: Settings, setting: Setting) -> list[Case]:
    """What would have kept or removed the repeat: each `--remove`, then where other options tip the scales."""
    found = [_mode_case(pair, settings, mode, setting) for mode in OPTIONS["remove"].choices]
    found += _threshold_cases(pair, settings, setting)
    if pair.words:
        found.append(_short_case(pair, f"--min-words {pair.words + 1:,} or more", f"with {pair.words:,} words"))
    return found + _document_cases(pair, settings, setting)


def _short_case(pair: Comparison, option: str, why: str) -> Case:
    """A short paragraph goes with a block, and only where its original says the same."""
    if pair.same_words:
        return Case(option, None, f"{why} it goes only inside a block of longer ones")
    return Case(option, False, f"{why} it goes only inside a block of longer ones, and in the same words")


def _mode_case(pair: Comparison, settings: Settings, mode: str, setting: Setting) -> Case:
    from dataclasses import replace

    chosen, option = replace(settings, remove=mode), f"--remove {mode}"
    if pair.words < settings.min_words:
        return _short_case(pair, option, f"shorter than --min-words {settings.min_words:,}:")
    if matches(pair, chosen) and not setting.enough(settings.min_block_words):
        return Case(option, False, "a repeat of another document, in too short a block (--min-block-words)")
    return Case(option, matches(pair, chosen), _reason(pair, chosen))


def _reason(pair: Comparison, settings: Settings) -> str:
    """Why a mode removes or keeps."""
    if settings.remove == "exact":
        return "the same words in the same order" if pair.same_words else "the words are not all the same"
    if not pair.same_words and must_be_contained(pair, settings):
        return apart(pair)
    if not pair.same_words and not reaches(pair, settings):
        return too_far(pair, settings)
    if settings.remove == "similar":
        return "the same words" if pair.same_words else f"similarity {floor(pair.jaccard)} is enough"
    return "adds nothing to the original" if pair.addition is None else adds(pair.addition)


def adds(addition: Addition) -> str:
    """What a repeat adds, in words.

    >>> adds(Addition("figure", ("22",))), adds(Addition("negation", ()))
    ('adds a figure: 22', 'differs from the original by a negation')
    """
    what = ADDS.get(addition.rule, addition.rule)
    if not addition.new:
        return f"differs from the original by {what}"
    return f"adds {what}: {', '.join(addition.new)}"


def nearness(pair: Comparison, settings: Settings) -> float:
    """The similarity that counts: where nothing may be added, an original that says less is taken to say as much."""
    counted = pair.similarity.beside_less(pair.shingles) if settings.remove == "redundant" else pair.similarity
    return counted.intersection / counted.union if counted.union else 0.0


def too_far(pair: Comparison, settings: Settings) -> str:
    """Why the similarity is not enough."""
    counted = nearness(pair, settings)
    counts = f" counts as {floor(counted)}, since the original says less, and" if counted < pair.jaccard else ""
    return f"similarity {floor(pair.jaccard)}{counts} is under --threshold {settings.threshold:g}"


def apart(pair: Comparison) -> str:
    """In how much of it a long repeat differs."""
    missing = pair.shingles - pair.similarity.intersection
    lacks = f"{missing:,} of its {pair.shingles:,} shingles are not in the original"
    return f"{lacks}, and so long a paragraph may lack a twentieth, {MOST_LACKING} at most"


def how_near(similarity: Similarity, settings: Settings) -> str:
    """Why the similarity of a near paragraph is enough."""
    near = similarity.reaches(round(settings.threshold * MILLION))
    enough = f"at least {settings.threshold:g}" if near else "it stands in the original"
    reached = f"similarity {floor(similarity.intersection / similarity.union)}, {enough}"
    return f"{reached}, and adds nothing" if settings.remove == "redundant" else reached


def floor(similarity: float) -> str:
    """Four places, never rounded up: what is printed is a threshold that still finds the pair.

    >>> floor(2 / 3), floor(1.0)
    ('0.6666', '1.0000')
    """
    return f"{int(similarity * 10_000 + 1e-9) / 10_000:.4f}"


def _threshold_cases(pair: Comparison, settings: Settings, setting: Setting) -> list[Case]:
    """Where the threshold tips; nothing for equal words or where the mode does not ask for it."""
    if pair.same_words or settings.remove == "exact":
        return []
    if settings.remove == "redundant" and pair.addition is not None:
        return [Case("any --threshold", False, adds(pair.addition))]
    if must_be_contained(pair, settings):
        return [Case("any --threshold", False, apart(pair))]
    contained = settings.remove == "redundant" and pair.similarity.contains(pair.shingles)
    least = floor(min(1.0, 2 * pair.jaccard if contained else nearness(pair, settings)))
    lowest = OPTIONS["threshold"].minimum or 0
    if float(least) < lowest:
        return []
    option = f"--threshold {least} or less"
    if not setting.enough(settings.min_block_words):
        option += f", --min-block-words {setting.block_words:,} or less"
    found = [Case(option, True, chance(pair, float(least), settings))]
    if float(least) < 1:
        found.append(Case(f"--threshold over {least}", False, "not similar enough"))
    return found


def chance(pair: Comparison, threshold: float, settings: Settings) -> str:
    """How surely such a pair is compared at all."""
    bands = choose_bands(threshold, settings.recall)
    found = candidate_probability(pair.jaccard, *bands)
    finds = "band of {} finds" if bands.bands == 1 else "bands of {} find"
    return f"{bands.bands} {finds.format(count(bands.rows, 'row'))} such a pair with probability {found:.3f}"


def _document_cases(pair: Comparison, settings: Settings, setting: Setting) -> list[Case]:
    """What only repeats of other documents are asked for."""
    if setting.same_document or not matches(pair, settings):
        return []
    words = f"{setting.block_words:,}"
    more = "too few words in its block"
    return [
        Case(f"--min-block-words {words} or less", True, f"its block has {words} words"),
        Case(
            f"--min-block-words over {words}",
            setting.shown,
            "its document has shown the same, or blocks beside it count, too" if setting.shown else more,
        ),
        Case("--scope document", False, "the original is in another document"),
    ]
