# What both halves of the report's C know: findings as flat numbers, buffers, and the texts of findings.
from libc.stdint cimport uint8_t, uint32_t, uint64_t

cdef extern from "core/order.h" nogil:
    ctypedef struct Buffer:
        uint8_t *at
        size_t n, room
        int failed
    ctypedef struct Passage:
        uint64_t at
        uint32_t before, text, after, cut
    ctypedef struct Sums:
        uint64_t intersection, whole
        int near
    ctypedef struct Found:
        const uint64_t *block
        const uint64_t *repeat
        const uint64_t *variant
        size_t blocks, variants
        const uint8_t *word
        const uint64_t *word_end
        const uint8_t *ids
        const uint64_t *id_end
        const uint8_t *heap
        const Passage *passage
        const uint32_t *order
        const uint32_t *dense
        const Sums *sums
    ctypedef struct Ranked:
        pass
    uint64_t NO_TEXT
    void buffer_free(Buffer *)
    void put(Buffer *, const void *, size_t)
    uint8_t *buffer_room(Buffer *, size_t)
    void pages_prefer_huge(void *, size_t)

cdef class Contents:
    cdef Buffer heap
    cdef Buffer ids
    cdef Passage *passage
    cdef uint64_t *id_end
    cdef size_t n
    cdef readonly bint texts
    cdef copy(self, Passage *p, passage)
    cdef size_t append(self, str text) except? 0
    cdef name(self, size_t i, bytes identity)
    cdef check(self)
    cdef content(self, size_t i)
    cdef text(self, Passage *p)

cdef const uint64_t[::1] view_of(numbers)
