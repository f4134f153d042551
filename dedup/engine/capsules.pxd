# What extensions hand each other in capsules.
from libc.stdint cimport uint8_t, uint64_t

ctypedef struct EngineReader:
    # Of `Matcher.reader`, named "dedup.EngineReader": reads n bytes of the run's text from `start` on; 0 when it fails.
    int (*read)(void *, uint64_t, size_t, uint8_t *) noexcept nogil
    void *whose
