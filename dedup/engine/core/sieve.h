/* What is remembered of each original, and what that tells of a pair before its text is read. */
#ifndef DEDUP_SIEVE_H
#define DEDUP_SIEVE_H
#include <stdint.h>

/* Which of 128 classes the shingles of a paragraph fall into; the two halves together are 64 coarser ones. */
typedef struct {
    uint64_t half[2];
} Classes;

/* Two of them are a line of the cache: whole buckets are measured by them. */
typedef struct {
    Classes classes;
    uint64_t digits;    /* see digit_map */
    uint32_t shingles;  /* repeated ones included */
    uint32_t shown_in;  /* the last document + 1 that kept a repeat of it */
} Original;
_Static_assert(sizeof(Original) == 32, "none lies across two lines of the cache");

static inline uint64_t coarse(Classes c) { return c.half[0] | c.half[1]; }

static inline int ones(uint64_t v) {
    v -= v >> 1 & 0x5555555555555555ull;
    v = (v & 0x3333333333333333ull) + (v >> 2 & 0x3333333333333333ull);
    return (int)(((v + (v >> 4)) & 0x0F0F0F0F0F0F0F0Full) * 0x0101010101010101ull >> 56);
}

/* Whether a paragraph of so many shingles may be near to an original of so many classes, of which it has `lacking` that the
 * original lacks, and lacks `more`. Where what is contained is near, too, it may be if it lacks no more classes than a tenth
 * of its shingles, and the original has no more than leave it half of the threshold; else it must not lack more than one of
 * its own length could. The same in Python: may_reach in dedup/matching/classes.py. */
static inline int may_be_near(uint32_t lacking, uint32_t more, uint32_t classes, uint64_t original, uint64_t shingles,
                              uint64_t threshold_ppm, int contained) {
    uint64_t all = 1000000 + threshold_ppm, none = 1000000 - threshold_ppm, half = threshold_ppm / 2;
    int near = (lacking + more) * all <= none * (original + shingles);
    if (!contained) return near;
    return (near && lacking * all <= none * shingles) ||
           (10 * lacking <= shingles && lacking * (1000000 + half) + classes * half <= 1000000 * shingles);
}

/* Two sets differ in at least as many values as their classes differ in bits. Needs no distinct values, so it costs
 * little to make, and clears most false candidates before their text is read. By all 128 classes, where Python has the
 * coarse ones: it changes no answer, as which originals are compared hangs on `measure` alone. */
static inline int classes_agree(Classes a, uint32_t a_shingles, Classes b, uint32_t b_shingles, uint64_t threshold_ppm,
                                int contained) {
    uint32_t lacking = 0, more = 0, all = 0;
    int i;
    for (i = 0; i < 2; i++) {
        lacking += (uint32_t)ones(b.half[i] & ~a.half[i]);
        more += (uint32_t)ones(a.half[i] & ~b.half[i]);
        all += (uint32_t)ones(a.half[i]);
    }
    return may_be_near(lacking, more, all, a_shingles, b_shingles, threshold_ppm, contained);
}

/* What can be said of a pair before its text is read. */
typedef struct {
    const Original *original;
    const Classes *classes;   /* of rows; NULL: nothing can be said */
    const uint32_t *shingles; /* of rows */
    const uint64_t *digits;   /* of rows */
    uint64_t threshold_ppm;
    int contained; /* what is contained is near, too */
} Sieve;

/* Whether original id may reach the threshold with a row. */
static inline int may_reach(const Sieve *v, uint32_t id, size_t row) {
    const Original *o = &v->original[id];
    return classes_agree(o->classes, o->shingles, v->classes[row], v->shingles[row], v->threshold_ppm, v->contained);
}

#define TOO_FAR 0xFFFFFFFFu /* cannot reach the threshold */
#define LACKING (1u << 16)  /* and more: lacks digits of the row */

/* Originals that a paragraph is compared with where it must add nothing: hundreds of a template share a bucket. */
#define MAX_COMPARED 3
_Static_assert(MAX_COMPARED == 3, "keep_nearest has them one by one");

/* Leaves the closest of n originals, each once, at the front of id, and of equals the earliest; where all lack digits
 * the closest alone. Gives how many. */
static size_t keep_nearest(uint32_t *id, const uint32_t *apart, size_t n) {
    const uint64_t none = UINT64_MAX;
    uint64_t nearest[MAX_COMPARED] = {none, none, none}, lacking = (uint64_t)TOO_FAR << 32; /* how far, and the number */
    size_t i, kept = 0;
    for (i = 0; i < n; i++) {
        uint64_t far = (uint64_t)apart[i] << 32 | id[i];
        if (apart[i] >= LACKING) {
            lacking = far < lacking ? far : lacking;
            continue;
        }
        if (far >= nearest[2] || far == nearest[1] || far == nearest[0]) continue;
        nearest[2] = far < nearest[1] ? nearest[1] : far;
        if (far >= nearest[1]) continue;
        nearest[1] = far < nearest[0] ? nearest[0] : far;
        if (far < nearest[0]) nearest[0] = far;
    }
    if (nearest[0] == none && lacking >> 32 != TOO_FAR) nearest[0] = lacking;
    while (kept < MAX_COMPARED && nearest[kept] != none) {
        id[kept] = (uint32_t)nearest[kept];
        kept++;
    }
    return kept;
}
#endif
