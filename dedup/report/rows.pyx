# cython: language_level=3, boundscheck=False, wraparound=False
"""Findings as the rows of reports, in C over flat numbers (`dedup.flat`): what the Python renderers beside it write.

Those say what a format is, and are what serves where this was not built. `tests/parity/test_rows.py` holds the two
together. The C lives in core/: found.h has the numbers, json.h and formats.h the rows; again.pyx has the texts,
chunks.pxi what hands out rows some at a time, gathered.pxi what findings are gathered in.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.memoryview cimport PyMemoryView_FromMemory
from cpython.buffer cimport PyBUF_READ
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy, memset

cimport cpython.array

from array import array

from dedup.report.again cimport Buffer, Contents, Found, Ranked, Sums, buffer_free, pages_prefer_huge, put, view_of
from dedup.report.written cimport (
    COLUMNS, DOCUMENT, FIRST, MANY, ORIGINAL, REMOVED_PARAGRAPHS, R_COLUMNS, CNames, Finding, Page, Piece,
    add_up, file_of, finding_of, keep_largest, match_of, page_free, put_byte, put_csv_row, put_github, put_gitlab,
    put_json_row, put_junit, put_junit_suite, put_line, put_page_chunk, put_page_columns, put_plain, put_sarif,
    put_texts, rank, sort_places, sort_rows, text_size,
)

from dedup import flat
from dedup.report import again, content as sizes

if (COLUMNS, R_COLUMNS) != (flat.COLUMNS, flat.REPEAT_COLUMNS):
    raise ImportError("dedup.report.rows was built for tables that dedup/flat.py does not have: build it again")

cdef enum:
    CHUNK_BYTES = 1 << 20

cdef cpython.array.array _numbers = array("Q")


cdef cpython.array.array _room_for(size_t n):
    """An array of so many numbers, which are to be written."""
    made = cpython.array.clone(_numbers, n, False)
    pages_prefer_huge(made.data.as_voidptr, n * sizeof(uint64_t))
    return made


def in_order(numbers) -> tuple:
    """The rows of a table of `dedup.flat` by their places, equal ones as they are, and which each of them was.

    That is what `Table.sort` makes of them, and gives.
    """
    cdef const uint64_t[::1] rows = view_of(numbers)
    cdef size_t n = len(numbers) // COLUMNS
    cdef Found f
    order = array("I", bytes(8 * n + 8))
    cdef uint32_t[::1] at = order
    ordered = _room_for(n * COLUMNS)
    cdef uint64_t[::1] to = ordered if n else array("Q", [0])
    memset(&f, 0, sizeof(f))
    f.block, f.blocks = &rows[0], n
    with nogil:
        sort_rows(&f, &at[0], &at[0] + n, n, &to[0])
    return ordered, order[:n]


cdef class Names:
    """What a format calls the documents that findings name, in the order of `Rows.documents`."""

    cdef CNames names
    cdef Piece *pieces
    cdef object held
    cdef const uint64_t[::1] lines
    cdef const uint32_t[::1] files
    cdef const uint8_t[::1] own

    def __init__(self, list texts, list heads, lines, files, own):
        """
        Args:
            texts: each name in the form of the format.
            heads: what stands before the lines of a place.
            lines: array of "Q": of a record the line it begins on, at least 1; 0 for a whole file.
            files: array of "I": equal for documents in files of the same name.
            own: array of "B": 1 where the bytes of a place are those of the file.
        """
        cdef size_t n = len(texts), i
        self.held = texts, heads
        self.pieces = <Piece *>calloc(2 * n + 1, sizeof(Piece))
        if self.pieces == NULL:
            raise MemoryError()
        for i in range(n):
            self.pieces[i] = _piece(texts[i])
            self.pieces[n + i] = _piece(heads[i])
        self.names.text, self.names.head = self.pieces, self.pieces + n
        if n:
            self.lines, self.files, self.own = lines, files, own
            self.names.line, self.names.file, self.names.bytes = &self.lines[0], &self.files[0], &self.own[0]

    def __dealloc__(self):
        free(self.pieces)


cdef Piece _piece(bytes text):
    cdef Piece made
    made.at, made.n = <const uint8_t *>PyBytes_AS_STRING(text), len(text)
    return made


cdef class Rows:
    """The findings of a report, ready to be written in any format."""

    cdef Found f
    cdef object held
    cdef Contents contents
    cdef const uint64_t[::1] block, repeat, variant, ends
    cdef uint32_t *order
    cdef Ranked *ranked
    cdef uint32_t *dense
    cdef Sums *sums
    cdef size_t n
    cdef Buffer json
    cdef uint64_t *json_end
    cdef dict chosen  # what `which` gave
    cdef readonly list documents
    """Numbers of the documents that findings name, rising."""

    def __init__(self, blocks, variants, Contents contents):
        """
        Args:
            blocks, variants: tables of `dedup.flat`.
            contents: those of the blocks, then of the variants.
        """
        if len(blocks) + len(variants) != len(contents):
            raise ValueError("every finding has one content")
        cdef size_t i
        words = bytes(variants.words)
        self.held = words
        self.contents = contents
        self.n = len(contents)
        self.block, self.variant = view_of(blocks.numbers), view_of(variants.numbers)
        self.repeat, self.ends = view_of(blocks.repeats), view_of(variants.ends)
        self.f.block, self.f.variant, self.f.repeat = &self.block[0], &self.variant[0], &self.repeat[0]
        self.f.blocks, self.f.variants, self.f.word_end = len(blocks), len(variants), &self.ends[0]
        self.f.word = <const uint8_t *>PyBytes_AS_STRING(words)
        self.f.ids, self.f.id_end = contents.ids.at, contents.id_end
        self.f.heap, self.f.passage = contents.heap.at, contents.passage
        self.sums = <Sums *>malloc((self.f.blocks + 1) * sizeof(Sums))
        if self.sums == NULL:
            raise MemoryError()
        for i in range(self.f.blocks):
            self.sums[i] = add_up(&self.f, i)
        self.f.sums = self.sums
        self.chosen = {}
        self.sort()
        self.number()

    def __dealloc__(self):
        free(self.order)
        free(self.ranked)
        free(self.dense)
        free(self.sums)
        free(self.json_end)
        buffer_free(&self.json)

    cdef sort(self):
        cdef size_t i
        cdef uint32_t *spare = <uint32_t *>malloc((self.n + 1) * sizeof(uint32_t))
        self.order = <uint32_t *>malloc((self.n + 1) * sizeof(uint32_t))
        try:
            if self.order == NULL or spare == NULL:
                raise MemoryError()
            for i in range(self.n):
                self.order[i] = i
            sort_places(&self.f, self.order, spare, self.n)
        finally:
            free(spare)
        self.f.order = self.order
        self.ranked = <Ranked *>malloc((2 * self.n + 1) * sizeof(Ranked))
        if self.ranked == NULL:
            raise MemoryError()
        rank(&self.f, self.ranked, self.ranked + self.n, self.n)

    cdef number(self):
        """Numbers the documents that are named densely."""
        cdef size_t i, most = 0
        cdef uint32_t count = 0
        cdef const uint64_t *row
        for i in range(self.n):
            row = self.row(i)
            most = max(most, row[DOCUMENT] + 1, row[ORIGINAL] + 1)
        self.dense = <uint32_t *>calloc(most + 1, sizeof(uint32_t))
        if self.dense == NULL:
            raise MemoryError()
        for i in range(self.n):
            row = self.row(i)
            self.dense[row[DOCUMENT]] = self.dense[row[ORIGINAL]] = 1
        self.documents = []
        for i in range(most):
            if self.dense[i]:
                self.dense[i] = count
                self.documents.append(i)
                count += 1
        self.f.dense = self.dense

    cdef const uint64_t *row(self, size_t i):
        return self.f.block + i * COLUMNS if i < self.f.blocks else self.f.variant + (i - self.f.blocks) * COLUMNS

    def __len__(self):
        return self.n

    def which(self, int kind, most=None) -> array:
        """Numbers of findings in input order: blocks from 0 on, then variants.

        Args:
            kind: `REPEATS`, `VARIANTS`, `REMOVED` or `ALL` of `dedup.report.compiled`.
            most: the largest alone, so many.
        """
        if (kind, most) not in self.chosen:
            self.chosen[kind, most] = self.choose(kind, most)
        return self.chosen[kind, most]

    cdef choose(self, int kind, most):
        cdef size_t i, n = 0
        cdef uint32_t k
        chosen = array("I", bytes(4 * self.n))
        cdef uint32_t[::1] to = chosen if self.n else array("I", [0])
        cdef bytearray marks
        for i in range(self.n):
            k = self.order[i]
            if k < self.f.blocks:
                if kind == 1 or (kind == 2 and not self.row(k)[REMOVED_PARAGRAPHS]):
                    continue
            elif kind == 0 or kind == 2:
                continue
            to[n] = k
            n += 1
        if most is not None and most < n:
            marks = bytearray(self.n)
            keep_largest(&self.f, self.ranked, &to[0], n, most, <uint8_t *>PyByteArray_AS_STRING(marks))
            n = most
        return chosen[:n]

    def make_json(self, Names names) -> tuple:
        """Makes the rows of the JSON report without their texts, once.

        Returns:
            Those of the blocks and those of the variants, with commas between them, as views on this object's memory.
        """
        cdef size_t i, blocks = 0
        if self.json_end == NULL:
            self.json_end = <uint64_t *>malloc((self.n + 1) * sizeof(uint64_t))
            if self.json_end == NULL:
                raise MemoryError()
            with nogil:
                for i in range(self.n):
                    put_json_row(&self.json, &self.f, i, &names.names)
                    put_byte(&self.json, c",")
                    self.json_end[i] = self.json.n
            if self.json.failed:
                raise MemoryError("no memory for the rows of a report")
        if self.f.blocks:
            blocks = self.json_end[self.f.blocks - 1]
        return (
            _memory(self.json.at, blocks - 1 if blocks else 0),
            _memory(self.json.at + blocks, self.json.n - blocks - 1 if self.f.variants else 0),
        )

    cdef Piece json_row(self, size_t i) noexcept nogil:
        cdef Piece made
        cdef uint64_t start = self.json_end[i - 1] if i else 0
        made.at, made.n = self.json.at + start, self.json_end[i] - start - 1
        return made

    def json_rows(self, bint variants) -> Chunks:
        """The rows of the blocks or of the variants with their texts; `make_json` comes before."""
        return Chunks(self, None, b"J", range(self.f.blocks, self.n) if variants else range(self.f.blocks), b",\n", 0)

    def lines(self) -> Chunks:
        """The lines of the JSON Lines report; `make_json` comes before."""
        return Chunks(self, None, b"L", self.which(3), b"", sizes.EXCERPT_BYTES)

    def csv(self, Names names) -> Chunks:
        """The rows of the CSV report; texts are the file and the record as two fields."""
        return Chunks(self, names, b"C", self.which(3), b"", 0)

    def github(self, Names names, which) -> Chunks:
        """Lines of a log for findings."""
        return Chunks(self, names, b"H", which, b"", 0)

    def gitlab(self, Names names, which, uint64_t major_words) -> Chunks:
        """The issues of GitLab's report; texts are paths as JSON."""
        return Chunks(self, names, b"G", which, b",\n", major_words)

    def text(self, Names names) -> Chunks:
        """Lines for people and editors."""
        return Chunks(self, names, b"T", self.which(3), b"", 0)

    def sarif(self, Names names, which) -> Chunks:
        """The results of SARIF; texts are paths as URIs."""
        return Chunks(self, names, b"S", which, b",\n", 0)

    def junit(self, Names names, which) -> Chunks:
        """The suites of JUnit; texts are files for an attribute."""
        return Chunks(self, names, b"U", which, b"", 0)

    def documents_of(self, which) -> list:
        """Numbers of the documents that some findings name, rising."""
        cdef uint32_t number
        cdef bytearray named = bytearray(len(self.documents))
        for number in which:
            named[self.dense[self.row(number)[DOCUMENT]]] = named[self.dense[self.row(number)[ORIGINAL]]] = 1
        return [document for document, one in zip(self.documents, named) if one]

    def matches(self, which) -> list:
        """How many of these findings have the same words, are nearly so, or are variants."""
        cdef uint32_t number
        cdef Finding one
        counted = [0, 0, 0]
        for number in which:
            one = finding_of(&self.f, number)
            counted[match_of(&one)] += 1
        return counted

    def members(self, which) -> int:
        """How many paragraphs the blocks among these findings have, those of one paragraph left out."""
        cdef uint32_t number
        cdef uint64_t found = 0
        for number in which:
            if number < self.f.blocks and self.row(number)[MANY] > 1:
                found += self.row(number)[MANY]
        return found

    def sums_of(self, size_t number) -> tuple:
        """What `dedup.report.finding.add_up` gives of a block."""
        cdef Sums sums = self.sums[number]
        return "near" if sums.near else "exact", sums.intersection, sums.whole

    def text_sizes(self, which) -> list:
        """About how many bytes of text each of these findings has to show on the page."""
        cdef uint32_t number
        return [text_size(&self.f, number) for number in which]

    def page_columns(self, numbers, which) -> bytes:
        """The findings of the page in columns, as JSON.

        Args:
            numbers: array of "I": what the page calls each of `documents`.
            which: array of "I".
        """
        cdef Buffer out, scratch
        cdef size_t n = len(which)
        cdef const uint32_t[::1] number = numbers if len(numbers) else array("I", [0])
        cdef const uint32_t[::1] chosen = which if n else array("I", [0])
        memset(&out, 0, sizeof(out))
        memset(&scratch, 0, sizeof(scratch))
        try:
            with nogil:
                put_page_columns(&out, &scratch, &self.f, &number[0], &chosen[0], n)
            if out.failed or scratch.failed:
                raise MemoryError("no memory to write a report")
            return PyBytes_FromStringAndSize(<char *>out.at, out.n)
        finally:
            buffer_free(&out)
            buffer_free(&scratch)

    def page_chunks(self, which, size_t limit, size_t size):
        """The texts of `size` findings at a time, each cut to `limit` bytes, as JSON for a script element.

        Returns:
            An iterator of memory, each of which is gone when the next is asked for.
        """
        return PageChunks(self, which, limit, size)


include "chunks.pxi"
include "gathered.pxi"
