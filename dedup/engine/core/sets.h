/* Sets of shingles. */
#ifndef DEDUP_SETS_H
#define DEDUP_SETS_H
#include "room.h"

/* Which of 256 classes hold an odd number of values: two maps differ in no more bits than the sets in values, so a
 * large distance proves a low similarity (the bitmap filter of Sandes, Teodoro and Melo 2020). */
#define PARITY_WORDS 4

static inline void parity_flip(uint64_t *parity, uint32_t v) { parity[v >> 6 & (PARITY_WORDS - 1)] ^= 1ull << (v & 63); }

/* The distinct shingles of a paragraph, for membership tests. */
typedef struct {
    uint64_t *slot; /* stamp << 32 | shingle */
    size_t room, mask; /* slots there are, and a power of two less 1: those in use, however large the sets before were */
    size_t n;          /* distinct shingles */
    uint32_t stamp;
    uint32_t *bit;  /* a bit map of them, 32 to 64 bits a shingle: a clear bit proves absence */
    size_t bit_words;
    uint64_t parity[PARITY_WORDS];
} ShingleSet;

static inline size_t set_slot(const ShingleSet *s, uint32_t v) { return v & s->mask; }

/* Adds v; returns 1 if it is new. */
static inline int set_add(ShingleSet *s, uint32_t v) {
    uint64_t want = (uint64_t)s->stamp << 32 | v;
    size_t i = set_slot(s, v);
    while (s->slot[i] >> 32 == s->stamp) {
        if (s->slot[i] == want) return 0;
        i = (i + 1) & s->mask;
    }
    s->slot[i] = want;
    s->n++;
    parity_flip(s->parity, v);
    return 1;
}

static inline int set_has(const ShingleSet *s, uint32_t v) {
    uint64_t want = (uint64_t)s->stamp << 32 | v;
    size_t i = set_slot(s, v);
    while (s->slot[i] >> 32 == s->stamp) {
        if (s->slot[i] == want) return 1;
        i = (i + 1) & s->mask;
    }
    return 0;
}

#define FEW_VALUES 256

/* Empties the set and makes room for n values. Few have so many slots that nearly all stand where they are looked for
 * first: a miss that has to look on is one that the processor did not foresee. */
static int set_begin(ShingleSet *s, size_t n) {
    size_t size = 64, least = n <= FEW_VALUES ? 8 * n : 2 * n;
    while (size < least) size *= 2;
    s->mask = size - 1;
    if (size > s->room || s->stamp == 0xFFFFFFFFu) {
        uint64_t *slot;
        if (size < s->room) size = s->room;
        slot = calloc(size, sizeof *slot);
        if (!slot) return 0;
        free(s->slot);
        s->slot = slot;
        s->room = size;
        s->stamp = 0;
    }
    s->stamp++;
    s->n = 0;
    memset(s->parity, 0, sizeof s->parity);
    return 1;
}

/* Draws the bit map of the first n values. */
static int set_draw(ShingleSet *s, const uint32_t *v, size_t n) {
    size_t words = 128, i;
    while (words < 2 * n) words *= 2;
    if (words > s->bit_words) {
        uint32_t *bit = realloc(s->bit, words * sizeof *bit);
        if (!bit) return 0;
        s->bit = bit;
    }
    s->bit_words = words;
    memset(s->bit, 0, words * sizeof *s->bit);
    for (i = 0; i < n; i++) s->bit[v[i] >> 5 & (words - 1)] |= 1u << (v[i] & 31);
    return 1;
}

static void set_free(ShingleSet *s) {
    free(s->slot);
    free(s->bit);
}
#endif
