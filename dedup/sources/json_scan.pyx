# cython: language_level=3, boundscheck=False, wraparound=False
"""The texts of a block of JSON Lines in one go, without the interpreter's lock."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.object cimport PyObject
from cpython.ref cimport Py_DECREF
from libc.stdint cimport int64_t, uint8_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memchr, memcpy

cdef extern from "Python.h":
    PyObject *new_bytes "PyBytes_FromStringAndSize"(const char *, Py_ssize_t) except NULL
    int _PyBytes_Resize(PyObject **, Py_ssize_t) except -1

cdef extern from "json_scan.h" nogil:
    int MOST_KEYS
    ctypedef struct Stretch:
        const uint8_t *start
        const uint8_t *end
    ctypedef struct JsonPath:
        Stretch key[16]
        size_t keys
    ctypedef struct JsonLine:
        Stretch text, identity
        int escaped
    int read_json_line(const uint8_t *, const uint8_t *, const JsonPath *, const JsonPath *, JsonLine *)
    uint8_t *write_meaning(uint8_t *, Stretch, int)
    void literal_places(const uint8_t *, size_t, int64_t *, size_t)

cdef struct Row:
    size_t start   # of the line, in the block
    int64_t line, record
    size_t end     # of the text, in the text of all
    JsonLine found

cdef struct Scan:
    const uint8_t *raw
    size_t size, at
    uint8_t *text
    size_t written
    JsonPath path, identity
    Row *row
    size_t rows, room
    int64_t line, record


def scan_lines(bytes raw, size_t start, tuple path, tuple id_path, int64_t line, int64_t record, read_line):
    """Reads the records of whole lines.

    Args:
        raw: the lines.
        start: where the first of them begins.
        path: the keys that lead to the text, in UTF-8.
        id_path: those that lead to the identity; empty if nobody asks for it.
        line: number of the first line.
        record: number of the first record.
        read_line: called with a line that is anything but plain; gives its text, which is None if it is no
            record with a text, and its identity.
    Returns:
        The texts end to end; for each record where its text ends, where its line begins, where its literal begins
        and ends (-1 where `read_line` read it), its number and its line; the identities, none if nobody asked;
        the lines without a text as (start, end, line, record); how many records and how many line feeds there were.
    Raises:
        MemoryError: the arrays do not fit.
        ValueError: a path has more keys than this can follow.
    """
    cdef Scan scan
    cdef PyObject *made = new_bytes(NULL, PyBytes_GET_SIZE(raw))
    scan.raw = <const uint8_t *>PyBytes_AS_STRING(raw)
    scan.size, scan.at = PyBytes_GET_SIZE(raw), start
    scan.text, scan.written = <uint8_t *>PyBytes_AS_STRING(<object>made), 0
    scan.row, scan.rows, scan.room = NULL, 0, 0
    scan.line, scan.record = line, record
    try:
        _set_path(&scan.path, path)
        _set_path(&scan.identity, id_path)
        identities, none = _scan_all(&scan, raw, read_line)
        rows = _columns(&scan, identities, bool(id_path))
        _PyBytes_Resize(&made, scan.written)
        return (<object>made, *rows, none, scan.record - record, scan.line - line)
    finally:
        free(scan.row)
        if made != NULL:
            Py_DECREF(<object>made)


def places(bytes raw, size_t start, size_t end, list offsets):
    """As `json_fields.Places` for offsets in order: where they are in the literal raw[start:end]."""
    cdef size_t n = len(offsets), i
    cdef int64_t *at = <int64_t *>malloc((n + 1) * sizeof(int64_t))
    if at == NULL:
        raise MemoryError()
    try:
        for i in range(n):
            at[i] = offsets[i]
        literal_places(<const uint8_t *>PyBytes_AS_STRING(raw) + start, end - start, at, n)
        return [at[i] for i in range(n)]
    finally:
        free(at)


cdef _set_path(JsonPath *to, tuple keys):
    cdef size_t i
    to.keys = len(keys)
    if to.keys > <size_t>MOST_KEYS:
        raise ValueError(f"more than {MOST_KEYS} keys in a path")
    to.key[0] = Stretch(NULL, NULL)
    for i in range(to.keys):
        to.key[i].start = <const uint8_t *>PyBytes_AS_STRING(keys[i])
        to.key[i].end = to.key[i].start + PyBytes_GET_SIZE(keys[i])


cdef _scan_all(Scan *s, bytes raw, read_line):
    """Fills the rows; gives the identities that `read_line` found, by row, and the lines without a text."""
    cdef size_t end
    cdef Row *row
    identities, none = {}, []
    while True:
        with nogil:
            end = _scan_plain(s)
        if end > s.size:
            raise MemoryError()
        if s.at == s.size:
            return identities, none
        text, identity = read_line(raw[s.at : end])
        if text is None:
            none.append((s.at, end, s.line, s.record))
        else:
            row = _add_row(s)
            if row == NULL:
                raise MemoryError()
            identities[s.rows - 1] = identity
            memcpy(s.text + s.written, PyBytes_AS_STRING(text), PyBytes_GET_SIZE(text))
            s.written += PyBytes_GET_SIZE(text)
            row.end = s.written
            row.found.text = Stretch(NULL, NULL)
        s.record += 1
        _next_line(s, end)


cdef size_t _scan_plain(Scan *s) noexcept nogil:
    """Reads lines until one is not plain: `at` is where it begins. Gives its end; more than all if memory runs out."""
    cdef const uint8_t *feed
    cdef size_t end
    cdef JsonLine found
    cdef Row *row
    while s.at < s.size:
        feed = <const uint8_t *>memchr(s.raw + s.at, 10, s.size - s.at)
        end = feed - s.raw if feed != NULL else s.size
        if not _is_blank(s.raw + s.at, end - s.at):
            if not read_json_line(s.raw + s.at, s.raw + end, &s.path, &s.identity, &found):
                return end
            row = _add_row(s)
            if row == NULL:
                return s.size + 1
            row.found = found
            s.written = write_meaning(s.text + s.written, found.text, found.escaped) - s.text
            row.end = s.written
            s.record += 1
        _next_line(s, end)
    return s.size


cdef bint _is_blank(const uint8_t *line, size_t n) noexcept nogil:
    cdef size_t i = 0
    while i < n and (line[i] == 32 or 9 <= line[i] <= 13):
        i += 1
    return i == n


cdef void _next_line(Scan *s, size_t end) noexcept nogil:
    s.line += end < s.size
    s.at = end + 1 if end < s.size else s.size


cdef Row *_add_row(Scan *s) noexcept nogil:
    """A new row for the line in hand; NULL if memory runs out."""
    cdef Row *grown
    if s.rows == s.room:
        grown = <Row *>realloc(s.row, (2 * s.room + 64) * sizeof(Row))
        if grown == NULL:
            return NULL
        s.row = grown
        s.room = 2 * s.room + 64
    grown = &s.row[s.rows]
    grown.start, grown.line, grown.record = s.at, s.line, s.record
    s.rows += 1
    return grown


cdef tuple _columns(Scan *s, dict identities, bint identified):
    """The rows as lists."""
    cdef size_t i
    ends = [s.row[i].end for i in range(s.rows)]
    starts = [s.row[i].start for i in range(s.rows)]
    literals = [_span(s, s.row[i].found.text) for i in range(s.rows)]
    numbers = [s.row[i].record for i in range(s.rows)]
    lines = [s.row[i].line for i in range(s.rows)]
    ids = [_identity(&s.row[i].found) for i in range(s.rows)] if identified else []
    if identified:
        for row, identity in identities.items():
            ids[row] = identity
    return ends, starts, literals, numbers, lines, ids


cdef tuple _span(Scan *s, Stretch stretch):
    if stretch.start == NULL:
        return (-1, -1)
    return (stretch.start - s.raw, stretch.end - s.raw)


cdef _identity(JsonLine *found):
    if found.text.start == NULL or found.identity.start == NULL:
        return None
    return (<const char *>found.identity.start)[: found.identity.end - found.identity.start].decode()
