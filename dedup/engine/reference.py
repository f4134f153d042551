"""The reference engine: the contract in readable Python, on datasketch and xxhash.

It keeps the text and the sketches of the run in memory and takes its time. Whatever the native engine does,
it does the same; where the two differ, this one is right.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

import xxhash

from dedup.batches import Batch, Piece
from dedup.engine.contract import Text
from dedup.findings import Block, Decided, DocumentTotals, Place, Repeat, Variant
from dedup.matching.blocks import Blocks, BlockSettings
from dedup.matching.classes import classes_of
from dedup.matching.members import Member, OpenBlock, Places
from dedup.matching.repeats import Near, RepeatSettings, Sketch, Walk
from dedup.minhash import choose_bands
from dedup.paragraphs import resolve_unit, resolve_units, split_paragraphs
from dedup.rule.novelty import added, map_digits
from dedup.unit import Unit
from dedup.words import count_invalid_bytes, hash_sequence, hash_words, shingle, split_words

if TYPE_CHECKING:
    from dedup.protection import Protection


class EngineSettings(BlockSettings, RepeatSettings, Protocol):
    """The settings that an engine reads."""

    @property
    def recall(self) -> float: ...

    @property
    def shingle_words(self) -> int: ...

    @property
    def scope(self) -> str: ...


class Paragraph(NamedTuple):
    """One paragraph of a batch with its sketch."""

    text: bytes
    sketch: Sketch


class Sketches(NamedTuple):
    """The paragraphs of a batch, a list for each of its pieces."""

    pieces: list[list[Paragraph]]

    def word_hashes(self, i: int) -> list[int]:
        """Give xxh32 of the words of paragraph i."""
        return hash_words(self._paragraph(i).sketch.words)

    def band_keys(self, i: int, bands: int) -> list[int]:
        """Give the band keys of paragraph i; empty for a short one."""
        return list(self._paragraph(i).sketch.band_keys[:bands])

    def _paragraph(self, i: int) -> Paragraph:
        return [paragraph for piece in self.pieces for paragraph in piece][i]


class ReferenceEngine:
    """Sketches batches and hands out matchers; the settings do not change."""

    name = "reference"

    def __init__(self, settings: EngineSettings, protection: Protection | None = None) -> None:
        """Read the settings and import datasketch.

        Raises:
            ValueError: no bands reach the recall at the threshold.
        """
        from datasketch import MinHash

        self.settings = settings
        self.protection = protection
        self.bands, self.rows = choose_bands(settings.threshold, settings.recall)
        self._blank = MinHash(self.bands * self.rows, seed=1, scheme="affine32", hashfunc=int)

    def sketch(self, batch: Batch) -> Sketches:
        """Split a batch into paragraphs and sketch each; threads may call it at once."""
        return Sketches([list(self._sketch_piece(bytes(batch.text[p.start : p.end]), p.unit)) for p in batch.pieces])

    def _sketch_piece(self, text: bytes, unit: Unit) -> Iterator[Paragraph]:
        for start, end in pairwise(split_paragraphs(text, unit, at_end=True)):
            yield Paragraph(text[start:end], self._sketch_paragraph(text[start:end]))

    def _sketch_paragraph(self, text: bytes) -> Sketch:
        words = split_words(text)
        hashes = hash_words(words)
        windows = shingle(hashes, self.settings.shingle_words)
        shingles = frozenset(windows)
        signed = self.settings.remove != "exact" and len(words) >= max(self.settings.min_words, 1)
        keys = self._band_keys(shingles) if signed else ()
        sequence = hash_sequence(hashes)
        protected = self.protection is not None and self.protection.covers(text, sequence)
        return Sketch(
            tuple(words),
            sequence,
            shingles,
            keys,
            text,
            map_digits(text),
            classes_of(shingles),
            len(windows),
            protected,
        )

    def _band_keys(self, shingles: frozenset[int]) -> tuple[int, ...]:
        """Sign the shingles and hash each band: xxh32 over its rows, uint32 little-endian."""
        signature = self._blank.copy()
        signature.update_batch(sorted(shingles))
        rows = signature.hashvalues.astype("<u4").reshape(self.bands, self.rows)
        return tuple(xxhash.xxh32_intdigest(row.tobytes()) for row in rows)

    def cut(self, buffer: Text, unit: Unit) -> int:
        """Give the offset up to which the buffer is whole paragraphs, whatever follows."""
        return split_paragraphs(bytes(buffer), unit, at_end=False)[-1]

    def split(self, text: bytes, unit: Unit, at_end: bool) -> list[int]:
        """Give the starts of paragraphs, as `dedup.paragraphs.split_paragraphs` does."""
        return split_paragraphs(bytes(text), unit, at_end)

    def resolve_unit(self, name: str, head: Text, whole: bool) -> Unit:
        """Choose what a paragraph of a document is, by the option and the document's beginning."""
        return resolve_unit(name, bytes(head), whole)

    def resolve_units(self, name: str, text: Text, ends: list[int]) -> list[Unit]:
        """Choose what a paragraph of each of several whole documents is."""
        return resolve_units(name, memoryview(text), ends)

    def matcher(self, details: bool = False, announce: object = None) -> ReferenceMatcher:
        """Begin a run; with `details` every call gives the blocks it closed, with their repeats.

        `announce` is for engines whose matching can be shared among threads; this one has no use for it.
        """
        return ReferenceMatcher(self.settings, details)


class ReferenceMatcher:
    """Matches the batches of one run in input order."""

    def __init__(self, settings: EngineSettings, details: bool) -> None:
        """Begin a run; see `ReferenceEngine.matcher`."""
        self._details = details
        self._per_document = settings.scope == "document"
        self._redundant = settings.remove == "redundant"
        self._places = Places()
        self._blocks = Blocks(settings, self._places, self._equal_shorts)
        self._walk = Walk(settings, self._places, self._blocks)
        self._texts: list[bytes] = []
        self._sketches: list[Sketch] = []
        self._spots: list[Place] = []
        self._offsets: list[int] = []
        """Where each paragraph begins in the text of the run."""
        self._document = _OpenDocument(Piece(0, 0, 0, Unit.LINE, True, False), 0)
        self._end = 0
        self._delivered = 0
        self._found: list[Block] = []
        self._reported = 0
        self._told = 0

    @property
    def originals(self) -> int:
        """Originals so far."""
        return self._walk.index.originals

    @property
    def full_buckets(self) -> int:
        """Buckets that hold as many originals as they may."""
        return self._walk.index.full_buckets

    @property
    def variants_by_rule(self) -> dict[str, int]:
        """How many near matches stay because they add something, by what they add."""
        return dict(Counter(near.addition.rule for near in self._walk.variants if near.addition))

    def largest(self, n: int) -> list[Block]:
        """Give the n closed blocks with the most words removed, the earlier first among equals."""
        removed = [block for block in self._found if block.removed_paragraphs]
        ranked = sorted(removed, key=lambda block: -block.removed_words)
        return [block._replace(repeats=()) for block in ranked[:n]]

    def match(self, batch: Batch, sketches: Sketches) -> Decided:
        """Walk the paragraphs of the next batch and tell what is settled."""
        documents = []
        for piece, paragraphs in zip(batch.pieces, sketches.pieces, strict=True):
            self._match_piece(piece, batch.start, paragraphs)
            if piece.last:
                documents.append(self._end_document())
        self._end = batch.start + batch.size
        return self._decide(documents, ended=not batch.pieces or batch.pieces[-1].last)

    def finish(self) -> Decided:
        """Settle what is left."""
        self._blocks.end_document()
        return self._decide([], ended=True)

    def text(self, start: int, end: int) -> bytes:
        """Give bytes [start, end) of the text of the run."""
        first, last = bisect_right(self._offsets, start) - 1, bisect_left(self._offsets, end)
        joined = b"".join(self._texts[first:last])
        return joined[start - self._offsets[first] :][: end - start] if start < end else b""

    def _match_piece(self, piece: Piece, batch_start: int, paragraphs: list[Paragraph]) -> None:
        if piece.first:
            self._document = _OpenDocument(piece, len(self._spots))
            if self._per_document:
                self._walk.index.clear()
        offset = batch_start + piece.start
        for paragraph in paragraphs:
            self._offsets.append(offset)
            offset += len(paragraph.text)
            self._texts.append(paragraph.text)
            self._sketches.append(paragraph.sketch)
            self._spots.append(self._document.spot(paragraph.text))
            self._walk.place(piece.document, paragraph.sketch)

    def _equal_shorts(self, g: int, h: int) -> bool:
        """Tell whether two short paragraphs say the same; without words, whether they look the same."""
        if self._sketches[g].protected or self._sketches[h].protected:
            return False
        one, other = self._sketches[g].words, self._sketches[h].words
        if one or other:
            return one == other and not (self._redundant and added(self._texts[g], self._texts[h]))
        text = self._texts[g].strip()
        return text != b"" and text == self._texts[h].strip()

    def _end_document(self) -> DocumentTotals:
        self._blocks.end_document()
        self._take_blocks()
        total = self._document.total(self._sketches, self._blocks, self._texts)
        return total._replace(variants=sum(near.g >= self._document.first for near in self._walk.variants))

    def _take_blocks(self) -> None:
        for closed in self._blocks.take_closed():
            block = self._describe(closed)
            self._found.append(block)
            self._document.blocks += block.removed_paragraphs > 0

    def _describe(self, block: OpenBlock) -> Block:
        """Put a closed block in terms of places."""
        parts = block.parts
        removed = [member for member in parts if member.g in self._blocks.removed]
        return Block(
            place=self._stretch([member.g for member in parts]),
            original=self._stretch([member.h for member in block.members]),
            paragraphs=len(parts),
            words=sum(member.words for member in parts),
            removed_paragraphs=len(removed),
            removed_words=sum(member.words for member in removed),
            repeats=tuple(map(self._repeat, parts)) if self._details else (),
        )

    def _stretch(self, paragraphs: list[int]) -> Place:
        first, last = self._spots[paragraphs[0]], self._spots[paragraphs[-1]]
        return first._replace(end=last.end, last_line=last.last_line)

    def _repeat(self, member: Member) -> Repeat:
        return Repeat(
            place=self._spots[member.g],
            original=self._spots[self._blocks.kept_original(member)],
            kind=member.kind,
            words=member.words,
            intersection=member.intersection,
            union=member.union,
            removed=member.g in self._blocks.removed,
        )

    def _decide(self, documents: list[DocumentTotals], ended: bool) -> Decided:
        """Hand over what this call settled.

        Args:
            documents: those that ended.
            ended: the last one did, so that nothing waits for what comes.
        """
        self._take_blocks()
        n = len(self._texts)
        until = n if ended else self._blocks.first_undecided(n)
        keep = self._kept_spans(self._delivered, until)
        self._delivered = until
        blocks = self._found[self._reported :] if self._details else []
        self._reported = len(self._found)
        new = self._walk.variants[self._told :]
        self._told += len(new)
        variants = list(map(self._variant, new)) if self._details else []
        return Decided(self._offsets[until] if until < n else self._end, keep, blocks, documents, variants)

    def _variant(self, near: Near) -> Variant:
        assert near.addition is not None
        place, original = self._spots[near.g], self._spots[near.original]
        return Variant(place, original, *near.addition, len(self._sketches[near.g].words), *near.similarity)

    def _kept_spans(self, first: int, last: int) -> list[tuple[int, int]]:
        """Join the paragraphs from `first` to `last` that are kept into spans."""
        spans: list[tuple[int, int]] = []
        for g in range(first, last):
            start, end = self._offsets[g], self._offsets[g] + len(self._texts[g])
            if g in self._blocks.removed:
                continue
            if spans and spans[-1][1] == start:
                start = spans.pop()[0]
            spans.append((start, end))
        return spans


class _OpenDocument:
    """The document that is being walked: where its next paragraph stands, and at its end the totals."""

    def __init__(self, piece: Piece, first: int) -> None:
        self.number = piece.document
        self.unit = piece.unit
        self.first = first
        """Number of its first paragraph."""
        self.blocks = 0
        self._offset = 0
        self._line = 1
        self._after_return = False

    def spot(self, text: bytes) -> Place:
        """Give the place of the next paragraph and go past it."""
        start, line = self._offset, self._line
        last_line = line + _count_line_ends(text.rstrip(), self._after_return)
        self._offset += len(text)
        self._line += _count_line_ends(text, self._after_return)
        self._after_return = text.endswith(b"\r")
        return Place(self.number, start, self._offset, line, last_line)

    def total(self, sketches: list[Sketch], blocks: Blocks, texts: list[bytes]) -> DocumentTotals:
        """Count what became of the document's paragraphs."""
        paragraphs = range(self.first, len(texts))
        removed = [blocks.removed[g] for g in paragraphs if g in blocks.removed]
        kinds = [member.kind for member in removed]
        return DocumentTotals(
            document=self.number,
            unit=self.unit.label,
            bytes=self._offset,
            paragraphs=len(paragraphs),
            words=sum(len(sketches[g].words) for g in paragraphs),
            removed_bytes=sum(len(texts[member.g]) for member in removed),
            removed_paragraphs=len(removed),
            removed_words=sum(member.words for member in removed),
            removed_exact=kinds.count("exact"),
            removed_near=kinds.count("near"),
            removed_short=kinds.count("short"),
            kept_repeats=sum(g in blocks.kept_repeats for g in paragraphs),
            blocks=self.blocks,
            invalid_bytes=sum(count_invalid_bytes(texts[g]) for g in paragraphs),
        )


def _count_line_ends(text: bytes, after_return: bool) -> int:
    """Count line ends; LF after CR is none of its own, even if a paragraph ended between them."""
    halves = text.count(b"\r\n") + (after_return and text[:1] == b"\n")
    return text.count(b"\r") + text.count(b"\n") - halves
