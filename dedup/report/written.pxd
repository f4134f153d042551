# What the report's C writes: findings in the formats that list them, the page, and their order.
from libc.stdint cimport uint8_t, uint32_t, uint64_t

from dedup.report.again cimport Buffer, Found, Passage, Ranked, Sums

cdef extern from "core/formats.h" nogil:
    enum:
        DOCUMENT, ORIGINAL, COLUMNS, REMOVED_PARAGRAPHS, FIRST, MANY, R_COLUMNS  # see found.h
    ctypedef struct Piece:
        const uint8_t *at
        size_t n
    ctypedef struct CNames "Names":
        const Piece *text
        const Piece *head
        const uint64_t *line
        const uint32_t *file
        const uint8_t *bytes
    Sums add_up(const Found *, size_t)
    void put_byte(Buffer *, uint8_t)
    void put_json_row(Buffer *, const Found *, size_t, const CNames *)
    void put_texts(Buffer *, const Found *, const Passage *, const Passage *)
    void put_line(Buffer *, const Found *, size_t, Piece, size_t)
    void put_csv_row(Buffer *, Buffer *, const Found *, const CNames *, size_t)
    void put_plain(Buffer *, const Found *, const CNames *, size_t)
    void put_github(Buffer *, const Found *, const CNames *, size_t)
    void put_gitlab(Buffer *, Buffer *, const Found *, const CNames *, size_t, uint64_t)
    void put_junit(Buffer *, Buffer *, const Found *, const CNames *, size_t)
    void put_junit_suite(Buffer *, const Found *, const CNames *, size_t, uint64_t)
    void put_sarif(Buffer *, Buffer *, const Found *, const CNames *, size_t)
    uint32_t file_of(const Found *, const CNames *, size_t)
cdef extern from "core/html.h" nogil:
    ctypedef struct Page:
        pass
    void page_free(Page *)
    void put_page_chunk(Buffer *, Page *, const Found *, const uint32_t *, size_t, size_t)
    void put_page_columns(Buffer *, Buffer *, const Found *, const uint32_t *, const uint32_t *, size_t)
    uint64_t text_size(const Found *, size_t)
    ctypedef struct Finding:
        pass
    Finding finding_of(const Found *, size_t)
    int match_of(const Finding *)
cdef extern from "core/order.h" nogil:
    void sort_places(const Found *, uint32_t *, uint32_t *, size_t)
    void rank(const Found *, Ranked *, Ranked *, size_t)
    void keep_largest(const Found *, const Ranked *, uint32_t *, size_t, size_t, uint8_t *)
    void sort_rows(const Found *, uint32_t *, uint32_t *, size_t, uint64_t *)
