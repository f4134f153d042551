"""What is known of a corpus: which of its repeats were there before, however they have moved since.

Text that says the same, or nearly so, is a group: an original and the paragraphs that repeat it. What is
counted is how large a group is. A paragraph that moves, a block that is torn apart, a copy that is edited: the
group is as large as before, and nothing is new. A further copy makes it larger by one, and that one is new,
also where the text was repeated before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dedup.checks.repeats import Candidate, Paragraph
from dedup.findings import Place


class KnownBlock(NamedTuple):
    """A block as a baseline has it."""

    times: int
    words: int
    excerpt: str


@dataclass(slots=True)
class Known:
    """The repeats of a corpus at some time."""

    blocks: dict[str, KnownBlock] = field(default_factory=dict)
    """By the id of their text."""
    texts: Counter[str] = field(default_factory=Counter)
    """How often each text stood in the corpus, by its fingerprint; those alone that are repeated or repeats."""
    group: dict[str, str] = field(default_factory=dict)
    """Of each text its group, named by one of its texts."""

    @classmethod
    def of(cls, found: Sequence[Candidate]) -> Known:
        """What a corpus with these repeats is known for."""
        known, groups = cls(), _Union()
        for one in found:
            before = known.blocks.get(one.base_id, KnownBlock(0, one.words, _excerpt(one)))
            known.blocks[one.base_id] = before._replace(times=before.times + 1)
        for members in _groups(found).values():
            name = members[0][1].original
            known.texts[name] += 1
            known.texts.update(member.fingerprint for _, member in members)
            for _, member in members:
                groups.join(name, member.fingerprint)
        known.group = {text: groups.find(text) for text in known.texts}
        return known


class _Union:
    """Texts in groups; a text in two groups makes them one (union-find, Tarjan 1975)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, text: str) -> str:
        parent = self._parent
        parent.setdefault(text, text)
        while parent[text] != text:
            parent[text] = text = parent[parent[text]]
        return text

    def join(self, one: str, other: str) -> None:
        self._parent[self.find(other)] = self.find(one)


def new_paragraphs(found: Sequence[Candidate], known: Known) -> set[int]:
    """Which paragraphs are new, numbered through all candidates.

    Args:
        found: in input order.
        known: what was there before.
    Cost: O(paragraphs).
    """
    settled = _in_known_blocks(found, known)
    room = Counter[str]()
    for text, count in known.texts.items():
        room[known.group[text]] += count
    new: set[int] = set()
    for members in _groups(found).values():
        new.update(_new_of_group(members, known, room, settled))
    return new


def _new_of_group(
    members: list[tuple[int, Paragraph]], known: Known, room: Counter[str], settled: set[int]
) -> list[int]:
    """The new members of one group; `room` is what is left of the groups that were known, and shrinks."""
    texts = {members[0][1].original, *(member.fingerprint for _, member in members)}
    before = sorted({known.group[text] for text in texts if text in known.group})
    size = len(members) + 1
    for name in before:
        taken = min(size, room[name])
        room[name] -= taken
        size -= taken
    if not before:
        size -= 1  # the original itself
    return _choose(members, known, settled)[: max(size, 0)]


def _choose(members: list[tuple[int, Paragraph]], known: Known, settled: set[int]) -> list[int]:
    """The members of a group, those first that are most likely the new ones: of a new text, then the latest."""
    left = Counter({text: known.texts[text] for text in {member.fingerprint for _, member in members}})
    left[members[0][1].original] -= 1
    ranked = []
    for number, member in sorted(members, key=lambda pair: pair[0] not in settled):
        left[member.fingerprint] -= 1
        ranked.append((number in settled, left[member.fingerprint] >= 0, -number, number))
    return [entry[-1] for entry in sorted(ranked)]


def _in_known_blocks(found: Sequence[Candidate], known: Known) -> set[int]:
    """The paragraphs of blocks that were there before as they are; of equal ones the first."""
    left = Counter({name: block.times for name, block in known.blocks.items()})
    settled: set[int] = set()
    number = 0
    for one in found:
        if left[one.base_id] > 0:
            left[one.base_id] -= 1
            settled.update(range(number, number + len(one.paragraphs)))
        number += len(one.paragraphs)
    return settled


def _groups(found: Iterable[Candidate]) -> dict[Place, list[tuple[int, Paragraph]]]:
    """The paragraphs by the original that they repeat, each with its number among those of all candidates."""
    groups: dict[Place, list[tuple[int, Paragraph]]] = defaultdict(list)
    for number, member in enumerate(member for one in found for member in one.paragraphs):
        if member.counts:
            groups[member.repeat.original].append((number, member))
    return groups


def _excerpt(one: Candidate, characters: int = 60) -> str:
    texts = one.content.texts
    if texts is None:
        return ""
    from dedup.report.phrases import visible

    return " ".join(visible(texts.repeat.text).split())[:characters].rstrip()
