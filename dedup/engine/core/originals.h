/* What is remembered of each original, and of those that were compared lately. */
#ifndef DEDUP_ORIGINALS_H
#define DEDUP_ORIGINALS_H
#include "sets.h"

typedef struct {
    uint64_t sequence;  /* hash of its word sequence */
    uint32_t place;     /* number of the paragraph, less Matcher.first_place */
    uint32_t line;      /* from 1 in its document */
    uint32_t shown_in;  /* the last document + 1 that kept a repeat of it */
    uint32_t shingles;  /* repeated ones included */
    uint64_t classes;   /* which of 64 classes its shingles fall into */
    uint64_t digits;    /* see digit_map */
} Original;

static inline int ones(uint64_t v) {
    v -= v >> 1 & 0x5555555555555555ull;
    v = (v & 0x3333333333333333ull) + (v >> 2 & 0x3333333333333333ull);
    return (int)(((v + (v >> 4)) & 0x0F0F0F0F0F0F0F0Full) * 0x0101010101010101ull >> 56);
}

/* Two sets differ in at least as many values as their classes differ in bits. Needs no distinct values, so it costs
 * little to make, and clears nearly all false candidates of up to some sixty shingles before their text is read.
 * Where what is contained is near, too: b may be if it lacks no more classes than a tenth of its shingles.
 * The same in Python: dedup/classes.py. */
static inline int classes_agree(uint64_t a, uint32_t a_shingles, uint64_t b, uint32_t b_shingles, uint64_t threshold_ppm,
                                int contained) {
    if ((uint64_t)ones(a ^ b) * (1000000 + threshold_ppm) <= (1000000 - threshold_ppm) * ((uint64_t)a_shingles + b_shingles))
        return 1;
    return contained && 10 * (uint32_t)ones(b & ~a) <= b_shingles;
}

/* What can be said of a pair before its text is read. */
typedef struct {
    const Original *original;
    const uint64_t *classes;  /* of rows; NULL: nothing can be said */
    const uint32_t *shingles; /* of rows */
    uint64_t threshold_ppm;
    int contained; /* what is contained is near, too */
} Sieve;

/* Whether original id may reach the threshold with a row. */
static inline int may_reach(const Sieve *v, uint32_t id, size_t row) {
    const Original *o = &v->original[id];
    return classes_agree(o->classes, o->shingles, v->classes[row], v->shingles[row], v->threshold_ppm, v->contained);
}

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
