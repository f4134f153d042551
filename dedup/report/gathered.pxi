# A part of rows.pyx: the findings of a run as they come.

cdef class Gathered:
    """As `dedup.report.compiled.Gathered`: in memory that grows where it is, in huge pages where the system has some."""

    cdef Buffer block, repeat, variant, end, word

    def __dealloc__(self):
        self.forget()

    def add(self, blocks, variants) -> None:
        """Appends tables of findings, or others that have them."""
        if blocks:
            self.add_blocks(blocks if isinstance(blocks, flat.Blocks) else flat.Blocks(blocks))
        if variants:
            self.add_variants(variants if isinstance(variants, flat.Variants) else flat.Variants(variants))
        if self.block.failed or self.repeat.failed or self.variant.failed or self.end.failed or self.word.failed:
            raise MemoryError("no memory for the findings of a report")

    cdef add_blocks(self, table):
        cdef size_t first = self.repeat.n // (R_COLUMNS * sizeof(uint64_t))
        put_numbers(&self.repeat, table.repeats)
        put_rows(&self.block, table.numbers, first)

    cdef add_variants(self, table):
        cdef size_t first = self.end.n // sizeof(uint64_t), start = self.word.n, n = len(table.words), i
        cdef uint64_t *end
        put(&self.word, PyByteArray_AS_STRING(table.words), n)
        put_numbers(&self.end, table.ends)
        if not self.end.failed:
            end = <uint64_t *>self.end.at
            for i in range(first, self.end.n // sizeof(uint64_t)):
                end[i] += start
        put_rows(&self.variant, table.numbers, first)

    def tables(self) -> tuple:
        """All blocks and all variants; afterwards it has none."""
        cdef size_t words = self.word.n
        blocks = flat.Blocks.of(numbers_of(&self.block), numbers_of(&self.repeat))
        variants = flat.Variants()
        variants.numbers, variants.ends = numbers_of(&self.variant), numbers_of(&self.end)
        variants.words += _memory(self.word.at, words)
        self.forget()
        return blocks, variants

    cdef forget(self):
        buffer_free(&self.block)
        buffer_free(&self.repeat)
        buffer_free(&self.variant)
        buffer_free(&self.end)
        buffer_free(&self.word)


cdef put_numbers(Buffer *to, numbers):
    cdef const uint64_t[::1] from_ = view_of(numbers)
    put(to, &from_[0], len(numbers) * sizeof(uint64_t))


cdef put_rows(Buffer *to, numbers, size_t shift):
    """Rows of a table, whose repeats or words come behind so many."""
    cdef size_t before = to.n // sizeof(uint64_t), i
    cdef uint64_t *row
    put_numbers(to, numbers)
    if to.failed:
        return
    row = <uint64_t *>to.at
    for i in range(before + FIRST, to.n // sizeof(uint64_t), COLUMNS):
        row[i] += shift


cdef numbers_of(Buffer *gathered):
    """What was gathered as an array; frees it."""
    cdef size_t n = gathered.n // sizeof(uint64_t)
    cdef cpython.array.array made = _room_for(n)
    memcpy(made.data.as_voidptr, gathered.at, n * sizeof(uint64_t))
    buffer_free(gathered)
    return made
