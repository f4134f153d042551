# A part of native.pyx: the matcher, which decides what is removed.

cdef int _read(void *store, uint64_t start, size_t n, uint8_t *to) noexcept nogil:
    return store_read(<Store *>store, NULL, start, n, to)


cdef void _announce(void *matcher) noexcept with gil:
    cdef Matcher announcing = <Matcher>matcher
    try:
        announcing.announce(announcing.take_part)
    except BaseException as error:  # Ctrl-C, mostly; no exception passes through C
        announcing.interrupted = error


cdef tuple _units = tuple(Unit)
cdef tuple _kinds = flat.KINDS

cdef enum:
    COLUMNS = 16
    REPEAT_COLUMNS = 14

if (COLUMNS, REPEAT_COLUMNS) != (flat.COLUMNS, flat.REPEAT_COLUMNS):
    raise ImportError("the native engine was built for tables that dedup/flat.py does not have: build it again")


cdef class Matcher:
    """Walks sketched batches in input order and decides what is removed. For one thread at a time."""

    cdef Walk w
    cdef NativeEngine engine
    cdef list texts
    cdef object announce
    cdef object interrupted  # what was raised while it announced
    cdef EngineReader read_again

    def __init__(self, NativeEngine engine, details, announce):
        self.engine = engine
        self.texts = []
        self.announce = announce
        self.w.m.details = details
        if announce is not None:
            self.w.announce = _announce
            self.w.whom = <void *>self
            engine.beside = self
        if not memory_open(&self.w.m, &engine.sketching, &engine.matching):
            raise MemoryError()

    def __dealloc__(self):
        walk_free(&self.w)

    def match(self, batch, Sketches sketches) -> Decided:
        """Walks one batch.

        Args:
            batch: its `file` is a descriptor from which `pread` gives its bytes again, or -1: then the text is kept.
            sketches: what `sketch` gave for it.
        Returns:
            What is settled now.
        Raises:
            OSError: text could not be read again.
            MemoryError: the index does not fit.
            ValueError: it has finished.
        """
        cdef const uint8_t[::1] text = memoryview(batch.text).cast("B") if len(batch.text) else b"\0"
        cdef const uint8_t *at = &text[0]
        cdef uint64_t start = batch.start
        cdef size_t size = batch.size
        cdef int ok
        if self.w.m.gone:
            raise ValueError("a matcher that has finished takes no more text")
        if batch.file < 0:
            self.texts.append(batch.text)
        if size and not store_add(&self.w.m.store, start, size, batch.file, batch.file_offset, at):
            raise MemoryError()
        with nogil:
            ok = walk(&self.w, at, start, size, &sketches.sketch, sketches.pieces, sketches.more)
        if self.interrupted is not None:
            error, self.interrupted = self.interrupted, None
            raise error
        if not ok:
            self.fail()
        return self.settled()

    def take_part(self) -> None:
        """Takes a share in what `match` is doing in another thread, if there is one left."""
        with nogil:
            take_turns(&self.w.m, NULL)

    def finish(self) -> Decided:
        """What is left after the last batch; every document has ended by then. What was matched can still be read."""
        if self.engine.beside is self:
            self.engine.beside = None
        decided = self.settled()
        with nogil:
            memory_let_go(&self.w.m)
        return decided

    @property
    def originals(self) -> int:
        """Paragraphs that repeat nothing and are long enough to be repeated."""
        return self.w.m.all_originals

    @property
    def full_buckets(self) -> int:
        """Buckets that took their last original."""
        return self.w.m.full_buckets

    @property
    def variants_by_rule(self) -> dict:
        """How many near matches stay because they add something, by what they add."""
        return {rule: n for rule, n in zip(_rules, self.w.variants_by_rule, strict=True) if n}

    def largest(self, int n) -> list:
        """The n blocks with the most removed words, at most 16, the earlier first among equals."""
        return [_block(&self.w.largest[i]) for i in range(min(n, <int>self.w.largests))]

    def text(self, uint64_t start, uint64_t end) -> bytes:
        """Bytes [start, end) of the run's text, which must have been matched.

        Raises:
            OSError: they, or others before, from whichever thread, could not be read again.
        """
        cdef bytes read = PyBytes_FromStringAndSize(NULL, end - start)
        cdef uint8_t *to = <uint8_t *>PyBytes_AS_STRING(read)
        cdef size_t n = end - start
        cdef int ok
        with nogil:
            ok = store_read(&self.w.m.store, NULL, start, n, to)
        if not ok or self.w.m.store.error:
            self.fail()
        return read

    def reader(self):
        """A capsule with what reads the run's text again from any thread, as `text` does; it lives while this does."""
        self.read_again.read, self.read_again.whose = _read, &self.w.m.store
        return PyCapsule_New(&self.read_again, b"dedup.EngineReader", NULL)

    cdef fail(self):
        error = self.w.m.store.error
        if error > 0:
            raise OSError(error, os.strerror(error))
        if error < 0:
            raise OSError(0, "the file has become shorter while it was read")
        raise MemoryError("no memory left for the index")

    cdef settled(self):
        cdef size_t i
        keep = [(self.w.keep[i].start, self.w.keep[i].end) for i in range(self.w.keeps)]
        blocks = _blocks(self.w.finding, self.w.findings)
        documents = [_totals(&self.w.total[i]) for i in range(self.w.totals)]
        variants = _variants(&self.w)
        walk_forget(&self.w)
        return Decided(self.w.until, keep, blocks, documents, variants)


cdef _block(Finding *f):
    cdef size_t i
    cdef Detail *d
    repeats = []
    for i in range(f.details):
        d = &f.detail[i]
        repeats.append(
            Repeat(
                Place(f.document, d.start, d.end, d.line, d.last_line),
                Place(d.original_document, d.original_start, d.original_end, d.original_line, d.original_last_line),
                _kinds[d.kind], d.words, d.intersection, d.all, bool(d.removed),
            )
        )
    return Block(
        Place(f.document, f.start, f.end, f.line, f.last_line),
        Place(f.original_document, f.original_start, f.original_end, f.original_line, f.original_last_line),
        f.paragraphs, f.words, f.removed_paragraphs, f.removed_words, tuple(repeats),
    )


cdef cpython.array.array _empty = array("Q")


cdef _blocks(Finding *finding, size_t n):
    """A table of blocks; its columns are those of `dedup.flat`."""
    cdef size_t i, k, details = 0
    cdef Finding *f
    cdef Detail *d
    cdef uint64_t *row
    for i in range(n):
        details += finding[i].details
    cdef cpython.array.array numbers = cpython.array.clone(_empty, n * COLUMNS, False)
    cdef cpython.array.array repeats = cpython.array.clone(_empty, details * REPEAT_COLUMNS, False)
    cdef uint64_t *block = <uint64_t *>numbers.data.as_ulonglongs
    cdef uint64_t *repeat = <uint64_t *>repeats.data.as_ulonglongs
    details = 0
    for i in range(n):
        f = &finding[i]
        row = block + COLUMNS * i
        row[0], row[1], row[2], row[3], row[4] = f.document, f.start, f.end, f.line, f.last_line
        row[5], row[6], row[7] = f.original_document, f.original_start, f.original_end
        row[8], row[9], row[10], row[11] = f.original_line, f.original_last_line, f.paragraphs, f.words
        row[12], row[13], row[14], row[15] = f.removed_paragraphs, f.removed_words, details, f.details
        for k in range(f.details):
            d = &f.detail[k]
            row = repeat + REPEAT_COLUMNS * details
            row[0], row[1], row[2], row[3] = d.start, d.end, d.line, d.last_line
            row[4], row[5], row[6] = d.original_document, d.original_start, d.original_end
            row[7], row[8], row[9], row[10] = d.original_line, d.original_last_line, d.kind, d.words
            row[11], row[12], row[13] = d.intersection, d.all, d.removed != 0
            details += 1
    return flat.Blocks.of(numbers, repeats)


cdef _variants(Walk *w):
    """A table of variants; its columns are those of `dedup.flat`."""
    cdef size_t i, k, n = w.variants
    cdef FoundVariant *f
    cdef uint64_t *row
    cdef bytes numbers = PyBytes_FromStringAndSize(NULL, n * COLUMNS * sizeof(uint64_t))
    cdef uint64_t *variant = <uint64_t *>PyBytes_AS_STRING(numbers)
    words, ends = bytearray(), array("Q")
    for i in range(n):
        f = &w.variant[i]
        row = variant + COLUMNS * i
        row[0], row[1], row[2], row[3], row[4] = f.document, f.start, f.end, f.line, f.last_line
        row[5], row[6], row[7] = f.original_document, f.original_start, f.original_end
        row[8], row[9], row[10], row[11] = f.original_line, f.original_last_line, f.rule - 1, f.words
        row[12], row[13], row[14], row[15] = f.intersection, f.all, len(ends), f.last - f.first
        for k in range(f.first, f.last):
            word = (<const char *>w.newness)[w.new_word[k].start : w.new_word[k].end]
            words += word if word.isascii() else word.decode("utf-8", "replace").encode("utf-8")
            ends.append(len(words))
    return flat.Variants.of(numbers, words, ends)


cdef tuple _labels = tuple(unit.label for unit in Unit)


cdef _totals(Totals *t):
    # As DocumentTotals(...) does, without the function of Python that a named tuple has for it: one for each record.
    return tuple.__new__(DocumentTotals, (
        t.document, _labels[t.unit], t.bytes, t.paragraphs, t.words, t.removed_bytes, t.removed_paragraphs,
        t.removed_words, t.exact, t.near_, t.short_, t.kept_repeats, t.blocks, t.invalid, t.variants,
    ))
