# cython: language_level=3, boundscheck=False, wraparound=False
"""Findings as the rows of reports, in C over flat numbers (`dedup.flat`): what the Python renderers beside it write.

Those say what a format is, and are what serves where this was not built. `tests/parity/test_rows.py` holds the two
together. The C lives in core/: found.h has the numbers, passages.h the texts, json.h and formats.h the rows.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.memoryview cimport PyMemoryView_FromMemory
from cpython.buffer cimport PyBUF_READ
from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy, memset

from array import array

from dedup.report import content as sizes
from dedup.report.content import Content, Passage as Text, Texts
from dedup.report.reading import RunText

cdef extern from "core/formats.h" nogil:
    ctypedef struct Buffer:
        uint8_t *at
        size_t n, room
        int failed
    ctypedef struct Passage:
        uint64_t at
        uint32_t before, text, after, cut
    ctypedef struct Piece:
        const uint8_t *at
        size_t n
    ctypedef struct Sums:
        pass
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
    ctypedef struct CNames "Names":
        const Piece *text
        const Piece *head
        const uint64_t *line
        const uint32_t *file
    uint64_t NO_TEXT
    Sums add_up(const Found *, size_t)
    void buffer_free(Buffer *)
    void put(Buffer *, const void *, size_t)
    void put_byte(Buffer *, uint8_t)
    void put_json_row(Buffer *, const Found *, size_t, const CNames *)
    void put_texts(Buffer *, const Found *, size_t)
    void put_line(Buffer *, const Found *, size_t, Piece)
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
    ctypedef struct Ranked:
        uint64_t words
        uint32_t position
    void sort_places(const Found *, uint32_t *, uint32_t *, size_t)
    void rank(const Found *, Ranked *, size_t)
    void keep_largest(const Found *, const Ranked *, uint32_t *, size_t, size_t, uint8_t *)
    void sort_rows(const Found *, uint32_t *, uint32_t *, size_t, uint64_t *)
cdef extern from "core/again.h" nogil:
    ctypedef int64_t (*ReadText)(void *, uint64_t, uint64_t, uint64_t, uint8_t *) noexcept
    ctypedef struct CAgain "Again":
        const Found *f
        size_t n
        ReadText read
        void *whose
        const uint8_t *whole
        size_t around, full, excerpt
        int texts
        size_t room
        Passage *passage
    size_t NONE_READ
    size_t room_for(const CAgain *, size_t)
    void choose_whole(const Found *, size_t, uint64_t, uint64_t, uint64_t, Ranked *, uint8_t *)
    size_t read_findings(const CAgain *, size_t, size_t, size_t, Buffer *, Buffer *, Buffer *, size_t *, size_t)

ctypedef struct EngineReader:
    # What the capsule of `Matcher.reader` holds.
    int (*read)(void *, uint64_t, size_t, uint8_t *) noexcept nogil
    void *whose

ctypedef struct RunReader:
    const EngineReader *engine
    const uint64_t *starts  # of each document, and the end of the last

cdef enum:
    COLUMNS = 16
    REPEAT_COLUMNS = 14
    CHUNK_BYTES = 1 << 18
    MOST_READ = 1024

_NO_NUMBER = array("Q", [0])


cdef const uint64_t[::1] _view(numbers):
    return numbers if len(numbers) else _NO_NUMBER


def in_order(numbers) -> array:
    """The rows of a table of `dedup.flat` by their places, equal ones as they are: what `Table.sort` makes of them."""
    cdef const uint64_t[::1] rows = _view(numbers)
    cdef size_t n = len(numbers) // COLUMNS
    cdef Found f
    cdef uint32_t *at = <uint32_t *>malloc((2 * n + 1) * sizeof(uint32_t))
    if at == NULL:
        raise MemoryError()
    ordered = array("Q", numbers)
    cdef uint64_t[::1] to = ordered if n else array("Q", [0])
    memset(&f, 0, sizeof(f))
    f.block, f.blocks = &rows[0], n
    with nogil:
        sort_rows(&f, at, at + n, n, &to[0])
    free(at)
    return ordered


cdef class Contents:
    """The contents of findings, in flat buffers; each `Content` is made when it is asked for."""

    cdef Buffer heap
    cdef Buffer ids
    cdef Passage *passage
    cdef uint64_t *id_end
    cdef size_t n
    cdef readonly bint texts
    """Whether any finding has texts."""

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
    cdef RunReader run

    def __init__(self, text_of):
        self.text_of = text_of
        self.run.engine = NULL
        if isinstance(text_of, RunText) and text_of.reader is not None:
            self.starts = text_of.starts
            self.run.starts = &self.starts[0]
            self.run.engine = <const EngineReader *>PyCapsule_GetPointer(text_of.reader, b"dedup.EngineReader")

    cdef bytes call(self, uint64_t document, uint64_t start, uint64_t end):
        return self.text_of(document, start, end)


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

    cdef object held, hashes
    cdef const uint64_t[::1] block, repeat, variant
    cdef TextAgain again
    cdef Contents made
    cdef Found f
    cdef CAgain a
    cdef bytearray whole

    def __init__(self, blocks, variants, text_of, level, around):
        """
        Args:
            blocks, variants: tables of `dedup.flat`.
            text_of: gives bytes [start, end) of a document.
            level: one of `dedup.report.reading.LEVELS`.
            around: with `full`, also what stands around a passage.
        """
        cdef size_t n = len(blocks) + len(variants), i
        self.held = blocks, variants
        self.again = TextAgain(text_of)
        self.block, self.variant, self.repeat = _view(blocks.numbers), _view(variants.numbers), _view(blocks.repeats)
        self.f.block, self.f.variant, self.f.repeat = &self.block[0], &self.variant[0], &self.repeat[0]
        self.f.blocks, self.f.variants = len(blocks), len(variants)
        self.a.f, self.a.n, self.a.texts = &self.f, n, level != "none"
        if self.again.run.engine != NULL:
            self.a.read, self.a.whose = _read_engine, &self.again.run
        else:
            self.a.read, self.a.whose = _read_call, <void *>self.again
        self.a.around, self.a.full, self.a.excerpt = around and sizes.AROUND_BYTES, sizes.FULL_BYTES, sizes.EXCERPT_BYTES
        self.whole = bytearray(n + 1)
        self.a.whole = <const uint8_t *>PyByteArray_AS_STRING(self.whole)
        if level == "full":
            self.choose()
        self.made = Contents(n)
        self.made.texts = self.a.texts and n
        self.hashes = [None] * n
        self.a.passage = self.made.passage
        for i in range(n):
            self.a.room += room_for(&self.a, i)
        self.made.heap.at = <uint8_t *>malloc(self.a.room + 1)
        if self.made.heap.at == NULL:
            raise MemoryError("no memory for the texts of a report")
        self.made.heap.n = self.made.heap.room = self.a.room

    def __len__(self):
        return self.a.n

    @property
    def shared(self) -> bool:
        """Whether several threads can read at once."""
        return self.again.run.engine != NULL

    cdef choose(self):
        cdef Ranked *ranked = <Ranked *>malloc((self.a.n + 1) * sizeof(Ranked))
        if ranked == NULL:
            raise MemoryError()
        choose_whole(&self.f, self.a.n, sizes.TOTAL_BYTES, sizes.FULL_BYTES, 4 * sizes.AROUND_BYTES, ranked,
                     <uint8_t *>PyByteArray_AS_STRING(self.whole))
        free(ranked)

    def read(self, size_t first, size_t last) -> None:
        """Reads findings [first, last); several threads may read ranges of their own.

        Raises:
            OSError: the text is gone.
        """
        from xxhash import xxh3_64_hexdigest

        cdef Buffer heap = self.made.heap, data, bare
        cdef size_t ends[MOST_READ]
        cdef size_t i, start, following
        memset(&data, 0, sizeof(data))
        memset(&bare, 0, sizeof(bare))
        heap.n = 0
        for i in range(first):
            heap.n += room_for(&self.a, i)
        try:
            while first < last:
                with nogil:
                    following = read_findings(&self.a, first, last, CHUNK_BYTES, &heap, &data, &bare, ends, MOST_READ)
                if following == NONE_READ:
                    self.fail(first, bare.failed or data.failed)
                start = 0
                for i in range(following - first):
                    identity = PyBytes_FromStringAndSize(<char *>bare.at + start, ends[i] - start)
                    self.hashes[first + i] = xxh3_64_hexdigest(identity)
                    start = ends[i]
                first = following
        finally:
            buffer_free(&data)
            buffer_free(&bare)

    cdef fail(self, size_t number, int memory):
        if self.again.error is not None:
            raise self.again.error
        if memory:
            raise MemoryError("no memory for the texts of a report")
        self.again.call(self.block[0], 0, 0)  # raises what the engine has noted
        raise OSError(0, "the text is gone")

    def contents(self) -> Contents:
        """All of them, when all ranges were read."""
        cdef dict seen = {}
        cdef size_t i = 0
        for identity in self.hashes:
            times = seen.get(identity, 0) + 1
            seen[identity] = times
            self.made.name(i, (identity if times == 1 else f"{identity}-{times}").encode("ascii"))
            i += 1
        self.made.n = i
        return self.made


cdef class Names:
    """What a format calls the documents that findings name, in the order of `Rows.documents`."""

    cdef CNames names
    cdef Piece *pieces
    cdef object held
    cdef const uint64_t[::1] lines
    cdef const uint32_t[::1] files

    def __init__(self, list texts, list heads, lines, files):
        """
        Args:
            texts: each name in the form of the format.
            heads: what stands before the lines of a place.
            lines: array of "Q": of a record the line it begins on, at least 1; 0 for a whole file.
            files: array of "I": equal for documents in files of the same name.
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
            self.lines, self.files = lines, files
            self.names.line, self.names.file = &self.lines[0], &self.files[0]

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
        self.block, self.variant = _view(blocks.numbers), _view(variants.numbers)
        self.repeat, self.ends = _view(blocks.repeats), _view(variants.ends)
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
        self.ranked = <Ranked *>malloc((self.n + 1) * sizeof(Ranked))
        if self.ranked == NULL:
            raise MemoryError()
        rank(&self.f, self.ranked, self.n)

    cdef number(self):
        """Numbers the documents that are named densely."""
        cdef size_t i, most = 0
        cdef uint32_t count = 0
        cdef const uint64_t *row
        for i in range(self.n):
            row = self.row(i)
            most = max(most, row[0] + 1, row[5] + 1)
        self.dense = <uint32_t *>calloc(most + 1, sizeof(uint32_t))
        if self.dense == NULL:
            raise MemoryError()
        for i in range(self.n):
            row = self.row(i)
            self.dense[row[0]] = self.dense[row[5]] = 1
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
        cdef size_t i, n = 0
        cdef uint32_t k
        chosen = array("I", bytes(4 * self.n))
        cdef uint32_t[::1] to = chosen if self.n else array("I", [0])
        cdef bytearray marks
        for i in range(self.n):
            k = self.order[i]
            if k < self.f.blocks:
                if kind == 1 or (kind == 2 and not self.row(k)[12]):
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
        return Chunks(self, None, b"L", self.which(3), b"", 0)

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
        return sorted({self.row(number)[k] for number in which for k in (0, 5)})

    def matches(self, which) -> list:
        """How many of these findings have the same words, are nearly so, or are variants."""
        cdef uint32_t number
        cdef Finding one
        counted = [0, 0, 0]
        for number in which:
            one = finding_of(&self.f, number)
            counted[match_of(&one)] += 1
        return counted

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
            An iterator of bytes.
        """
        return PageChunks(self, which, limit, size)


cdef class PageChunks:
    """Texts for the page of the HTML report."""

    cdef Rows rows
    cdef Page page
    cdef Buffer out
    cdef const uint32_t[::1] which
    cdef size_t at, n, limit, size

    def __init__(self, Rows rows, which, size_t limit, size_t size):
        self.rows, self.limit, self.size, self.n = rows, limit, size, len(which)
        self.which = which if self.n else array("I", [0])

    def __dealloc__(self):
        page_free(&self.page)
        buffer_free(&self.out)

    def __iter__(self):
        return self

    def __next__(self) -> bytes:
        cdef size_t n = min(self.size, self.n - self.at)
        if not n:
            raise StopIteration
        self.out.n = 0
        with nogil:
            put_page_chunk(&self.out, &self.page, &self.rows.f, &self.which[self.at], n, self.limit)
        self.at += n
        if self.out.failed:
            raise MemoryError("no memory to write a report")
        return PyBytes_FromStringAndSize(<char *>self.out.at, self.out.n)


cdef _memory(const uint8_t *at, size_t n):
    return PyMemoryView_FromMemory(<char *>at, n, PyBUF_READ) if n else memoryview(b"")


cdef class Chunks:
    """Rows in pieces of about 256 KiB; each piece is gone when the next is asked for."""

    cdef Rows rows
    cdef Names names
    cdef Buffer out, scratch
    cdef const uint32_t[::1] which
    cdef size_t at, n
    cdef char form
    cdef Piece between
    cdef bytes held
    cdef uint64_t major_words

    def __init__(self, Rows rows, Names names, bytes form, which, bytes between, uint64_t major_words):
        self.rows, self.names, self.form = rows, names, form[0]
        self.held, self.between = between, _piece(between)
        self.major_words = major_words
        self.n = len(which)
        self.which = (which if isinstance(which, array) else array("I", which)) if self.n else array("I", [0])

    def __dealloc__(self):
        buffer_free(&self.out)
        buffer_free(&self.scratch)

    def __iter__(self):
        return self

    def __next__(self) -> memoryview:
        if self.at == self.n:
            raise StopIteration
        self.out.n = 0
        with nogil:
            while self.at < self.n and self.out.n < CHUNK_BYTES:
                self.one(self.which[self.at])
                self.at += 1
        if self.out.failed or self.scratch.failed:
            raise MemoryError("no memory to write a report")
        return _memory(self.out.at, self.out.n)

    cdef void test_case(self, size_t i) noexcept nogil:
        """A case of JUnit, and the suite where its file begins and ends."""
        cdef const Found *f = &self.rows.f
        cdef const CNames *names = &self.names.names
        cdef size_t end = self.at + 1
        if not self.at or self.file(self.at - 1) != self.file(self.at):
            while end < self.n and self.file(end) == self.file(self.at):
                end += 1
            put_junit_suite(&self.out, f, names, i, end - self.at)
        put_junit(&self.out, &self.scratch, f, names, i)
        if self.at + 1 == self.n or self.file(self.at + 1) != self.file(self.at):
            put(&self.out, <const char *>b"</testsuite>\n", 13)

    cdef uint32_t file(self, size_t i) noexcept nogil:
        return file_of(&self.rows.f, &self.names.names, self.which[i])

    cdef void one(self, size_t i) noexcept nogil:
        cdef Piece row
        cdef const Found *f = &self.rows.f
        cdef const CNames *names = &self.names.names
        if self.at:
            put(&self.out, self.between.at, self.between.n)
        if self.form == c"J":
            row = self.rows.json_row(i)
            put(&self.out, row.at, row.n - 1)
            put_texts(&self.out, f, i)
            put_byte(&self.out, c"}")
        elif self.form == c"L":
            put_line(&self.out, f, i, self.rows.json_row(i))
        elif self.form == c"C":
            put_csv_row(&self.out, &self.scratch, f, names, i)
        elif self.form == c"T":
            put_plain(&self.out, f, names, i)
        elif self.form == c"H":
            put_github(&self.out, f, names, i)
        elif self.form == c"G":
            put_gitlab(&self.out, &self.scratch, f, names, i, self.major_words)
        elif self.form == c"U":
            self.test_case(i)
        elif self.form == c"S":
            put_sarif(&self.out, &self.scratch, f, names, i)
