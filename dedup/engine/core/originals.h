/* Originals that were compared lately. */
#ifndef DEDUP_ORIGINALS_H
#define DEDUP_ORIGINALS_H
#include "sets.h"

/* Distinct shingles of originals compared lately: templates compare with the same few again and again. */
#define CACHE_SLOTS 16384
#define CACHE_BYTES ((size_t)3 << 20)

typedef struct {
    uint32_t id, n, room;
    uint32_t spared; /* asked for since another original wanted its place */
    uint32_t *shingle;
    uint64_t parity[PARITY_WORDS];
} Cached;
#endif
