# A part of rows.pyx: findings written some at a time, without the interpreter's lock.

cdef class PageChunks:
    """Texts for the page of the HTML report; each chunk is gone when the next is asked for."""

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

    def __next__(self) -> memoryview:
        cdef size_t n = min(self.size, self.n - self.at)
        if not n:
            raise StopIteration
        self.out.n = 0
        with nogil:
            put_page_chunk(&self.out, &self.page, &self.rows.f, &self.which[self.at], n, self.limit)
        self.at += n
        if self.out.failed:
            raise MemoryError("no memory to write a report")
        return _memory(self.out.at, self.out.n)


cdef _memory(const uint8_t *at, size_t n):
    return PyMemoryView_FromMemory(<char *>at, n, PyBUF_READ) if n else memoryview(b"")


cdef class Chunks:
    """Rows in pieces of about 1 MiB; each piece is gone when the next is asked for."""

    cdef Rows rows
    cdef Names names
    cdef Buffer out, scratch
    cdef const uint32_t[::1] which
    cdef size_t at, n
    cdef char form
    cdef Piece between
    cdef bytes held
    cdef uint64_t limit  # words, or bytes of an excerpt: as the format has it

    def __init__(self, Rows rows, Names names, bytes form, which, bytes between, uint64_t limit):
        self.rows, self.names, self.form = rows, names, form[0]
        self.held, self.between = between, _piece(between)
        self.limit = limit
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
            put_texts(&self.out, f, f.passage + 2 * i, f.passage + 2 * i + 1)
            put_byte(&self.out, c"}")
        elif self.form == c"L":
            put_line(&self.out, f, i, self.rows.json_row(i), self.limit)
        elif self.form == c"C":
            put_csv_row(&self.out, &self.scratch, f, names, i)
        elif self.form == c"T":
            put_plain(&self.out, f, names, i)
        elif self.form == c"H":
            put_github(&self.out, f, names, i)
        elif self.form == c"G":
            put_gitlab(&self.out, &self.scratch, f, names, i, self.limit)
        elif self.form == c"U":
            self.test_case(i)
        elif self.form == c"S":
            put_sarif(&self.out, &self.scratch, f, names, i)
