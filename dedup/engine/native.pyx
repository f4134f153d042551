# cython: language_level=3, boundscheck=False, wraparound=False
"""The native engine: the functions of the reference engine in C, over flat buffers.

The C lives in dedup/engine/core/: one header for each step; native.pxd declares what is used of it here. Matching, which
follows sketching, is in matcher.pxi: the headers keep tables that both use, so it is no module of its own. What it
must give is what `dedup.engine.reference` gives, bit for bit; `tests/parity` holds the two together.
"""

cimport cpython.array
cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.pycapsule cimport PyCapsule_New
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memset

from dedup.engine.capsules cimport EngineReader

import os
from array import array

from dedup import flat
from dedup.findings import Block, Decided, DocumentTotals, Place, Repeat
from dedup.minhash import permutations
from dedup.unit import Unit

with open(os.path.join(os.path.dirname(__file__), "folding.bin"), "rb") as _file:
    _folding = _file.read()
if not folding_open(<const uint8_t *>PyBytes_AS_STRING(_folding), len(_folding)):
    raise ImportError("dedup/engine/folding.bin is damaged: reinstall dedup-text")
with open(os.path.join(os.path.dirname(__file__), "languages.bin"), "rb") as _file:
    _languages = _file.read()
if not languages_open(<const uint8_t *>PyBytes_AS_STRING(_languages), len(_languages)):
    raise ImportError("dedup/engine/languages.bin is damaged: reinstall dedup-text")
novelty_open()
split_open()
if not kernels_select(NULL):
    raise ImportError("no instruction set of the native engine runs on this processor")


def instruction_set() -> str:
    """Name of the instruction set in force: `baseline`, `avx2` or `avx512`."""
    return (<bytes>kernels.name).decode()


def instruction_sets() -> list:
    """Names of all instruction sets that run on this processor, the narrowest first."""
    return [name for name in ("baseline", "avx2", "avx512") if kernels_run(name.encode())]


def use_instruction_set(name: str) -> None:
    """Puts an instruction set in force, for tests and measurements; not while another thread sketches.

    Raises:
        ValueError: it does not run on this processor.
    """
    if not kernels_select(name.encode()):
        raise ValueError(f"instruction set {name!r} does not run here; these do: {', '.join(instruction_sets())}")


_rules = (None, *flat.RULES)


def added(bytes p_text, bytes q_text):
    """As `dedup.rule.novelty.added`, but gives a pair of the rule and the new words.

    Raises:
        AssertionError: what was told before all was read is not so.
    """
    cdef Novelty v
    cdef Term *t
    cdef size_t i
    memset(&v, 0, sizeof(v))
    try:
        if not side_read(&v.other, &v.reading, <const uint8_t *>PyBytes_AS_STRING(q_text), len(q_text), NULL) or not side_begin(
            &v.p, &v.reading, <const uint8_t *>PyBytes_AS_STRING(p_text), len(p_text), &v.other
        ):
            raise MemoryError()
        rule = judge(&v, &v.other)
        if v.untold:
            v.telling = 1
            told, rule = rule, judge(&v, &v.other)
            if told != rule and not v.failed:
                raise AssertionError(f"told as {_rules[told]}, and it is {_rules[rule]}")
        if v.failed:
            raise MemoryError()
        if not rule:
            return None
        new = []
        for i in range(v.n_added):
            t = &v.p.all.term[v.p.at[v.added[i]]]
            new.append(p_text[t.start : t.end].decode("utf-8", "replace"))
        return _rules[rule], tuple(new)
    finally:
        novelty_free(&v)


def terms(bytes text, bytes other=b"") -> list:
    """Key, kind, start, end and gap of every term, as `dedup.rule.terms.find_terms` finds them.

    What the text has in common with another at either end is taken from the terms of that one.
    """
    cdef Novelty v
    cdef Term *t
    cdef size_t i
    memset(&v, 0, sizeof(v))
    try:
        if not side_read(&v.other, &v.reading, <const uint8_t *>PyBytes_AS_STRING(other), len(other), NULL) or not side_read(
            &v.p, &v.reading, <const uint8_t *>PyBytes_AS_STRING(text), len(text), &v.other
        ):
            raise MemoryError()
        found = []
        for i in range(v.p.all.n):
            t = &v.p.all.term[i]
            found.append((t.key, t.kind, t.start, t.end, t.gap))
        return found
    finally:
        novelty_free(&v)


@cython.no_gc_clear  # its memory goes back to the engine
cdef class Sketches:
    """A batch's paragraphs with their word hashes, shingles and band keys, in C arrays."""

    cdef NativeEngine engine
    cdef Sketch sketch
    cdef SketchPiece *pieces
    cdef WalkPiece *more

    def __cinit__(self, NativeEngine engine):
        self.engine = engine
        if engine.spares:
            engine.spares -= 1
            self.sketch = engine.spare[engine.spares]

    def __dealloc__(self):
        free(self.sketch.kept)
        self.sketch.kept = NULL
        if self.engine.spares < MOST_SPARE and sketch_bytes(&self.sketch) < MOST_SPARE_BYTES:
            self.engine.spare[self.engine.spares] = self.sketch
            self.engine.spares += 1
        else:
            sketch_free(&self.sketch)
        free(self.pieces)
        free(self.more)

    @property
    def paragraphs(self) -> int:
        """How many paragraphs the batch has."""
        return self.sketch.n

    def spans(self) -> list:
        """Start and end of every paragraph in the batch's text."""
        return [(self.sketch.start[i], self.sketch.end[i]) for i in range(self.sketch.n)]

    def word_hashes(self, size_t i) -> list:
        """xxh32 of the words of paragraph i."""
        return [self.sketch.hash[k] for k in range(self.sketch.word[i], self.sketch.word[i + 1])]

    def band_keys(self, size_t i, size_t bands) -> list:
        """Band keys of paragraph i; empty for a short one."""
        if self.sketch.row[i] == 0xFFFFFFFF or self.sketch.key == NULL:
            return []
        return [self.sketch.key[self.sketch.row[i] * bands + k] for k in range(bands)]


cdef class NativeEngine:
    """Sketching and matching in C. Threads may share it: what changes, the spare memory, does so under the interpreter's lock."""

    name = "native"
    cdef SketchSettings sketching
    cdef MatchSettings matching
    cdef bytes permuted
    cdef object protection
    cdef Matcher beside
    cdef Sketch spare[MOST_SPARE]
    cdef int spares

    def __init__(self, settings, int bands, int rows, protection=None):
        similar = settings.remove != "exact"
        self.protection = protection
        self.spares = 0
        self.permuted = permutations(bands * rows)
        self.sketching.shingle_words = settings.shingle_words
        self.sketching.min_words = settings.min_words
        self.sketching.bands = bands if similar else 0
        self.sketching.rows = rows
        self.sketching.a = <const uint32_t *><char *>self.permuted
        self.sketching.b = self.sketching.a + bands * rows
        self.matching.max_gap = settings.max_gap
        self.matching.bucket_capacity = settings.bucket_capacity
        self.matching.redundant = settings.remove == "redundant"
        self.sketching.figures = self.matching.redundant
        self.matching.scope_document = settings.scope == "document"
        self.matching.min_block_words = settings.min_block_words
        self.matching.threshold_ppm = round(settings.threshold * 1_000_000)

    def __dealloc__(self):
        for i in range(self.spares):
            sketch_free(&self.spare[i])

    def sketch(self, batch) -> Sketches:
        """Sketches one batch; runs without the interpreter's lock, and takes a share in the matching now and then.

        Raises:
            MemoryError: the arrays do not fit.
        """
        cdef Sketches s = Sketches(self)
        cdef const uint8_t[::1] text = memoryview(batch.text).cast("B") if len(batch.text) else b"\0"
        cdef const uint8_t *at = &text[0]
        cdef size_t size = len(batch.text), count = len(batch.pieces), i = 0
        cdef int ok
        cdef Matcher beside = self.beside
        cdef Meanwhile more = Meanwhile(NULL, NULL)
        if beside is not None:
            more = Meanwhile(take_turns_left, &beside.w.m)
        s.pieces = <SketchPiece *>calloc(count + 1, sizeof(SketchPiece))
        s.more = <WalkPiece *>calloc(count + 1, sizeof(WalkPiece))
        if s.pieces == NULL or s.more == NULL:
            raise MemoryError()
        for start, end, document, unit, first, last in batch.pieces:
            s.pieces[i] = SketchPiece(start, end, unit)
            s.more[i] = WalkPiece(document, first, last)
            i += 1
        with nogil:
            ok = sketch(&s.sketch, &self.sketching, at, size, s.pieces, count, &more)
        if not ok:
            raise MemoryError(f"no memory to sketch a batch of {size} bytes")
        if self.protection is not None:
            self.protect(s, batch.text)
        return s

    cdef protect(self, Sketches s, text):
        """Marks the paragraphs that are never removed; here, and only here, Python runs for every paragraph."""
        from dedup.words import hash_sequence

        cdef size_t i
        s.sketch.kept = <uint8_t *>calloc(s.sketch.n + 1, 1)
        if s.sketch.kept == NULL:
            raise MemoryError()
        for i in range(s.sketch.n):
            sequence = hash_sequence(s.word_hashes(i)) if self.protection.sequences else 0
            paragraph = bytes(text[s.sketch.start[i] : s.sketch.end[i]])
            s.sketch.kept[i] = self.protection.covers(paragraph, sequence)

    def cut(self, text, int unit) -> int:
        """Offset of a paragraph boundary of `text`, 0 if none: what is before it is whole, whatever follows."""
        if not len(text):
            return 0
        cdef const uint8_t[::1] view = memoryview(text).cast("B")
        cdef const uint8_t *at = &view[0]
        cdef size_t n = len(text), found
        cdef int failed = 0
        with nogil:
            found = cut(at, n, unit, &failed)
        if failed:
            raise MemoryError(f"no memory to split {n} bytes")
        return found

    def split(self, text, int unit, bint at_end) -> list:
        """As `dedup.paragraphs.split_paragraphs`."""
        if not len(text):
            return [0]
        cdef Offsets starts
        memset(&starts, 0, sizeof(starts))
        cdef const uint8_t[::1] view = memoryview(text).cast("B")
        split_paragraphs(&starts, &view[0], len(text), unit, at_end)
        try:
            if starts.failed:
                raise MemoryError(f"no memory to split {len(text)} bytes")
            return [starts.at[i] for i in range(starts.n)]
        finally:
            free(starts.at)

    def resolve_unit(self, name, head, whole):
        """As `dedup.paragraphs.resolve_unit`."""
        if name not in ("auto", "sentence"):
            return Unit[name.upper()]
        cdef const uint8_t[::1] view = memoryview(head).cast("B") if len(head) else b"\0"
        return _units[choose_unit(&view[0], len(head), whole, name == "sentence")]

    def resolve_units(self, name, text, ends):
        """As `dedup.paragraphs.resolve_units`."""
        if name not in ("auto", "sentence"):
            return [Unit[name.upper()]] * len(ends)
        cdef const uint8_t[::1] view = memoryview(text).cast("B") if len(text) else b"\0"
        cdef const uint8_t *at = &view[0]
        cdef size_t n = len(ends), start = 0, i
        cdef int sentence = name == "sentence"
        chosen = array("i", [0]) * n
        cdef const int64_t[::1] end = array("q", ends)
        cdef int[::1] unit = chosen
        with nogil:
            for i in range(n):
                unit[i] = choose_unit(at + start, <size_t>end[i] - start, 1, sentence)
                start = <size_t>end[i]
        return [_units[number] for number in chosen]

    def sign(self, hashes: list) -> list:
        """The MinHash signature of a set of shingle hashes: datasketch's `hashvalues` at scheme affine32, seed 1."""
        cdef size_t n = len(hashes), k = self.sketching.bands * self.sketching.rows, i
        cdef uint32_t *shingle = <uint32_t *>malloc((n + 1) * 4)
        cdef uint32_t *mixed = <uint32_t *>malloc((n + 16) * 4)
        cdef uint32_t *row = <uint32_t *>malloc((k + 1) * 4)
        try:
            if shingle == NULL or mixed == NULL or row == NULL:
                raise MemoryError()
            for i in range(n):
                shingle[i] = hashes[i]
            kernels.sign(shingle, n, self.sketching.a, self.sketching.b, k, mixed, row)
            return [row[i] for i in range(k)]
        finally:
            free(shingle)
            free(mixed)
            free(row)

    def matcher(self, details=False, announce=None):
        """A matcher that has seen nothing yet.

        Args:
            details: list every block and repeat.
            announce: called with a function that other threads may call at once to take part in the matching.
        """
        return Matcher(self, details, announce)


include "matcher.pxi"
