# cython: language_level=3, boundscheck=False, wraparound=False
"""The texts of findings, read again in C by several threads: what `dedup.report.content.read_contents` gives."""

from cpython.bytearray cimport PyByteArray_AS_STRING
from cpython.bytes cimport PyBytes_AS_STRING
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy, memset

from dedup.engine.capsules cimport EngineReader

from array import array

from dedup.report import content as sizes
from dedup.report.content import Content, Passage as Text, Texts
from dedup.report.reading import RunText

cdef extern from "core/again.h" nogil:
    ctypedef int64_t (*ReadText)(void *, uint64_t, uint64_t, uint64_t, uint8_t *) noexcept
    ctypedef const uint8_t *(*SeeText)(void *, uint64_t, uint64_t, uint64_t, size_t *) noexcept
    ctypedef struct CAgain "Again":
        const Found *f
        size_t n
        ReadText read
        SeeText see
        void *whose
        const uint8_t *whole
        size_t around, full, excerpt
        int texts, again
        size_t room
        Passage *passage
        uint64_t *hash
    void squeeze_prepare()
    void put_id(Buffer *, uint64_t, uint64_t)
    ctypedef struct Seen:
        pass
    uint64_t count_seen(Seen *, size_t, uint64_t)
    size_t room_for(const CAgain *, size_t)
    uint64_t choose(const Found *, size_t, uint64_t, uint64_t, uint64_t, size_t, Ranked *, uint64_t *, uint8_t *)
    ctypedef struct Scratch:
        pass
    void scratch_forget(Scratch *)
    int scratch_failed(const Scratch *)
    void scratch_free(Scratch *)
    int read_findings(const CAgain *, size_t, size_t, Buffer *, Scratch *)

ctypedef struct RunReader:
    const EngineReader *engine
    const uint64_t *starts  # of each document, and the end of the last
    const uint8_t *at_hand
    uint64_t first, last  # of what is at hand

squeeze_prepare()

_NO_NUMBER = array("Q", [0])


cdef const uint64_t[::1] view_of(numbers):
    return numbers if len(numbers) else _NO_NUMBER


cdef class Contents:
    """The contents of findings, in flat buffers; each `Content` is made when it is asked for.

    `texts` tells whether any finding has texts.
    """

    def __cinit__(self, size_t n):
        self.passage = <Passage *>malloc((2 * n + 1) * sizeof(Passage))
        self.id_end = <uint64_t *>malloc((n + 1) * sizeof(uint64_t))
        if self.passage == NULL or self.id_end == NULL:
            raise MemoryError()

    def __dealloc__(self):
        buffer_free(&self.heap)
        buffer_free(&self.ids)
        free(self.passage)
        free(self.id_end)

    @staticmethod
    def of(found):
        """The same in flat buffers.

        Raises:
            ValueError: a text or an id that no run can have found.
        """
        cdef Contents made = Contents(len(found))
        cdef size_t i
        for i, one in enumerate(found):
            made.passage[2 * i].at = made.passage[2 * i + 1].at = NO_TEXT
            if one.texts is not None:
                made.copy(&made.passage[2 * i], one.texts.repeat)
                made.copy(&made.passage[2 * i + 1], one.texts.original)
                made.texts = True
            made.name(i, one.id.encode("ascii"))
        made.n = len(found)
        return made

    cdef copy(self, Passage *p, passage):
        p.at, p.cut = self.heap.n, bool(passage.cut)
        p.before, p.text, p.after = self.append(passage.before), self.append(passage.text), self.append(passage.after)

    cdef size_t append(self, str text) except? 0:
        cdef bytes data = text.encode("utf-8", "surrogateescape")
        if not text.isascii() and data.decode("utf-8", "surrogateescape") != text:
            raise ValueError("surrogates that stand for no byte")
        put(&self.heap, PyBytes_AS_STRING(data), len(data))
        self.check()
        return len(data)

    cdef name(self, size_t i, bytes identity):
        put(&self.ids, PyBytes_AS_STRING(identity), len(identity))
        self.id_end[i] = self.ids.n
        self.check()

    cdef check(self):
        if self.heap.failed or self.ids.failed:
            raise MemoryError("no memory for the texts of a report")

    def __len__(self):
        return self.n

    def __getitem__(self, number):
        if isinstance(number, slice):
            return [self.content(i) for i in range(*number.indices(self.n))]
        if not -<Py_ssize_t>self.n <= number < <Py_ssize_t>self.n:
            raise IndexError(number)
        return self.content(number % self.n)

    def __eq__(self, other):
        return hasattr(other, "__len__") and list(self) == list(other)

    cdef content(self, size_t i):
        cdef uint64_t start = self.id_end[i - 1] if i else 0
        cdef bytes identity = (<char *>self.ids.at)[start : self.id_end[i]]
        if self.passage[2 * i].at == NO_TEXT:
            return Content(identity.decode("ascii"))
        texts = Texts(self.text(&self.passage[2 * i]), self.text(&self.passage[2 * i + 1]))
        return Content(identity.decode("ascii"), texts)

    cdef text(self, Passage *p):
        cdef char *at = <char *>self.heap.at + p.at
        cdef bytes before = at[: p.before]
        cdef bytes text = at[p.before : p.before + p.text]
        cdef bytes after = at[p.before + p.text : p.before + p.text + p.after]
        return Text(
            text.decode("utf-8", "surrogateescape"), before.decode("utf-8", "surrogateescape"),
            after.decode("utf-8", "surrogateescape"), bool(p.cut),
        )


cdef class TextAgain:
    """Reads text again: without the interpreter's lock from the engine, if a `RunText` says how, else by a call."""

    cdef object text_of, error
    cdef const uint64_t[::1] starts
    cdef const uint8_t[::1] at_hand
    cdef RunReader run

    def __init__(self, text_of):
        self.text_of = text_of
        self.run.engine = NULL
        if isinstance(text_of, RunText) and text_of.reader is not None:
            self.starts = text_of.starts
            self.run.starts = &self.starts[0]
            self.run.first, text = text_of.at_hand
            if len(text):
                self.at_hand = memoryview(text).cast("B")
                self.run.at_hand = &self.at_hand[0]
            self.run.last = self.run.first + len(text)
            self.run.engine = <const EngineReader *>PyCapsule_GetPointer(text_of.reader, b"dedup.EngineReader")

    cdef bytes call(self, uint64_t document, uint64_t start, uint64_t end):
        return self.text_of(document, start, end)


cdef const uint8_t *_see(void *whose, uint64_t document, uint64_t start, uint64_t end, size_t *n) noexcept nogil:
    # Text that is at hand.
    cdef RunReader *run = <RunReader *>whose
    cdef uint64_t base = run.starts[document]
    start, end = base + start, min(base + end, run.starts[document + 1])
    if end < start or start < run.first or end > run.last:
        return NULL
    n[0] = end - start
    return run.at_hand + (start - run.first)


cdef int64_t _read_engine(void *whose, uint64_t document, uint64_t start, uint64_t end, uint8_t *to) noexcept nogil:
    cdef RunReader *run = <RunReader *>whose
    cdef uint64_t base = run.starts[document]
    start, end = base + start, min(base + end, run.starts[document + 1])
    if end <= start:
        return 0
    return <int64_t>(end - start) if run.engine.read(run.engine.whose, start, end - start, to) else -1


cdef int64_t _read_call(void *whose, uint64_t document, uint64_t start, uint64_t end, uint8_t *to) noexcept with gil:
    cdef TextAgain again = <TextAgain>whose
    cdef bytes data
    try:
        data = again.call(document, start, end)
    except BaseException as error:
        again.error = error
        return -1
    memcpy(to, PyBytes_AS_STRING(data), min(<uint64_t>len(data), end - start))
    return min(<uint64_t>len(data), end - start)


cdef class Reader:
    """Reads the ids and texts of findings again, as `dedup.report.content.read_contents` without members."""

    cdef object held, seen
    cdef uint64_t *hash  # of each finding's text
    cdef const uint64_t[::1] block, repeat, variant
    cdef TextAgain again
    cdef Contents made
    cdef Found f
    cdef CAgain a
    cdef bytearray whole
    cdef Early early
    cdef size_t read_before, used  # bytes of texts that were there, and that are there after the last range

    def __init__(self, blocks, variants, text_of, level, seen=None, Early early=None, orders=None):
        """
        Args:
            blocks, variants: tables of `dedup.flat`.
            text_of: gives bytes [start, end) of a document.
            level: one of `dedup.report.reading.LEVELS`.
            seen: how often texts were seen before, by their fingerprints; is kept up.
            early: what was read before, of other findings; it is to take those read here (`Early.add`).
            orders: of these findings instead: which of its blocks each block is, and which of its variants each
                variant, as arrays of "I". It is empty then.
        """
        cdef size_t n = len(blocks) + len(variants), i
        self.held = blocks, variants
        self.again = TextAgain(text_of)
        self.block, self.variant, self.repeat = view_of(blocks.numbers), view_of(variants.numbers), view_of(blocks.repeats)
        self.f.block, self.f.variant, self.f.repeat = &self.block[0], &self.variant[0], &self.repeat[0]
        self.f.blocks, self.f.variants = len(blocks), len(variants)
        self.a.f, self.a.n, self.a.texts = &self.f, n, level != "none"
        if self.again.run.engine != NULL:
            self.a.read, self.a.whose = _read_engine, &self.again.run
            if self.again.run.at_hand != NULL:
                self.a.see = _see
        else:
            self.a.read, self.a.whose = _read_call, <void *>self.again
        self.a.around, self.a.full, self.a.excerpt = sizes.AROUND_BYTES, sizes.FULL_BYTES, sizes.EXCERPT_BYTES
        self.whole = bytearray(n + 1)
        self.seen = seen
        self.a.whole = <const uint8_t *>PyByteArray_AS_STRING(self.whole)
        if level == "full":
            self.choose()
        self.made = Contents(n)
        self.made.texts = self.a.texts and n
        self.hash = <uint64_t *>malloc((n + 1) * sizeof(uint64_t))
        if self.hash == NULL:
            raise MemoryError()
        self.a.passage, self.a.hash = self.made.passage, self.hash
        if early is not None:
            self.made.heap, self.read_before = early.heap, early.heap.n
            memset(&early.heap, 0, sizeof(early.heap))
            if orders is None:
                self.early = early
            else:
                self.take_over(early, orders[0], orders[1])
        for i in range(n):
            self.a.room += room_for(&self.a, i)
        if buffer_room(&self.made.heap, self.a.room + 1) == NULL:
            raise MemoryError("no memory for the texts of a report")
        self.made.heap.n += self.a.room

    cdef take_over(self, Early early, const uint32_t[:] blocks, const uint32_t[:] variants):
        """What was read of the findings before."""
        cdef size_t i, k, of
        if early.count(0) != self.f.blocks or early.count(1) != self.f.variants:
            raise ValueError("other findings were read before")
        for i in range(self.a.n):
            of = i >= self.f.blocks
            k = variants[i - self.f.blocks] if of else blocks[i]
            memcpy(self.made.passage + 2 * i, early.passage[of].at + 2 * k * sizeof(Passage), 2 * sizeof(Passage))
            self.hash[i] = (<uint64_t *>early.hash[of].at)[k]
        self.a.again = 1

    def __dealloc__(self):
        free(self.hash)

    def __len__(self):
        return self.a.n

    @property
    def shared(self) -> bool:
        """Whether several threads can read at once."""
        return self.again.run.engine != NULL

    cdef choose(self):
        """Which findings have their texts at level `full`, and how much of them."""
        cdef size_t n = self.a.n
        cdef uint64_t limit, *size = <uint64_t *>malloc((2 * n + 2) * sizeof(uint64_t))
        cdef Ranked *ranked = <Ranked *>malloc((2 * n + 1) * sizeof(Ranked))
        try:
            if ranked == NULL or size == NULL:
                raise MemoryError()
            limit = choose(&self.f, n, sizes.TOTAL_BYTES, sizes.FULL_BYTES, sizes.AROUND_BYTES, sizes.SHARING, ranked, size,
                           <uint8_t *>PyByteArray_AS_STRING(self.whole))
        finally:
            free(ranked)
            free(size)
        if limit:
            self.a.full = max(sizes.EXCERPT_BYTES, min(sizes.FULL_BYTES, limit))
            self.a.around = min(self.a.around, self.a.full // 10)

    def read(self, size_t first, size_t last) -> None:
        """Reads findings [first, last); several threads may read ranges of their own.

        Raises:
            OSError: the text is gone.
        """
        cdef Buffer heap = self.made.heap
        cdef Scratch own, *s = &own if self.early is None else &self.early.scratch
        cdef size_t i
        cdef int ok
        memset(&own, 0, sizeof(own))
        scratch_forget(s)
        heap.n = self.read_before
        for i in range(first):
            heap.n += room_for(&self.a, i)
        try:
            with nogil:
                ok = read_findings(&self.a, first, last, &heap, s)
            if not ok:
                self.fail(scratch_failed(s))
            self.used = heap.n
        finally:
            scratch_free(&own)

    cdef fail(self, int memory):
        if self.again.error is not None:
            raise self.again.error
        if memory:
            raise MemoryError("no memory for the texts of a report")
        self.again.call(self.block[0], 0, 0)  # raises what the engine has noted
        raise OSError(0, "the text is gone")

    def contents(self) -> Contents:
        """All of them, when all ranges were read."""
        if self.seen is None:
            self.name_all()
        else:
            self.name_more()
        self.made.check()
        self.made.n = self.a.n
        return self.made

    cdef name_all(self):
        """Ids of findings that are all there are."""
        cdef size_t i, places = 64
        while places < 2 * self.a.n:
            places *= 2
        cdef Seen *seen = <Seen *>calloc(places, sizeof(Seen))
        if seen == NULL:
            raise MemoryError("no memory for the ids of a report")
        for i in range(self.a.n):
            self.name(i, count_seen(seen, places, self.hash[i]))
        free(seen)

    cdef name_more(self):
        """Ids of findings that follow others."""
        cdef size_t i
        cdef dict seen = self.seen
        for i in range(self.a.n):
            identity = self.hash[i]
            seen[identity] = times = seen.get(identity, 0) + 1
            self.name(i, times)

    cdef void name(self, size_t i, uint64_t times) noexcept:
        put_id(&self.made.ids, self.hash[i], times)
        self.made.id_end[i] = self.made.ids.n


include "early.pxi"
