# A part of again.pyx: what is read of findings while the run goes on.

cdef class Early:
    """Hashes and excerpts of findings in the order they came, from readers of some at a time."""

    cdef Buffer heap
    cdef Buffer passage[2]  # of blocks, and of variants
    cdef Buffer hash[2]
    cdef Scratch scratch

    def __dealloc__(self):
        buffer_free(&self.heap)
        scratch_free(&self.scratch)
        for i in range(2):
            buffer_free(&self.passage[i])
            buffer_free(&self.hash[i])

    cdef size_t count(self, size_t of):
        return self.hash[of].n // sizeof(uint64_t)

    def add(self, Reader part) -> None:
        """Takes what a reader has read, which was given this, of findings that follow."""
        cdef size_t blocks = part.f.blocks, variants = part.f.variants
        self.heap = part.made.heap
        self.heap.n = part.used
        memset(&part.made.heap, 0, sizeof(part.made.heap))
        put(&self.passage[0], part.made.passage, 2 * blocks * sizeof(Passage))
        put(&self.passage[1], part.made.passage + 2 * blocks, 2 * variants * sizeof(Passage))
        put(&self.hash[0], part.hash, blocks * sizeof(uint64_t))
        put(&self.hash[1], part.hash + blocks, variants * sizeof(uint64_t))
        for i in range(2):
            if self.passage[i].failed or self.hash[i].failed:
                raise MemoryError("no memory for the texts of a report")
