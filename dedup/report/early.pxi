# A part of again.pyx: what is read of findings while the run goes on.

cdef class Early:
    """Hashes and excerpts of findings in the order they came, from readers of some at a time."""

    cdef Buffer heap
    cdef Buffer passage[2]  # of blocks, and of variants
    cdef Buffer hash[2]

    def __dealloc__(self):
        buffer_free(&self.heap)
        for i in range(2):
            buffer_free(&self.passage[i])
            buffer_free(&self.hash[i])

    cdef size_t count(self, size_t of):
        return self.hash[of].n // sizeof(uint64_t)

    def add(self, Reader part) -> None:
        """Takes what a reader has read of the findings that follow."""
        cdef size_t i, n = part.f.blocks
        cdef Passage *p = part.made.passage
        for i in range(2 * part.a.n):
            if p[i].at != NO_TEXT:
                p[i].at += self.heap.n
        put(&self.heap, part.made.heap.at, part.used)
        put(&self.passage[0], p, 2 * n * sizeof(Passage))
        put(&self.passage[1], p + 2 * n, 2 * part.f.variants * sizeof(Passage))
        put(&self.hash[0], part.hash, n * sizeof(uint64_t))
        put(&self.hash[1], part.hash + n, part.f.variants * sizeof(uint64_t))
        if self.heap.failed or self.passage[0].failed or self.passage[1].failed or self.hash[0].failed or self.hash[1].failed:
            raise MemoryError("no memory for the texts of a report")
