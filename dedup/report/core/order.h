/* In which order findings are told, and which of them are the largest. */
#ifndef DEDUP_ORDER_H
#define DEDUP_ORDER_H

#include "found.h"

static int place_before(const uint64_t *p, const uint64_t *q) {
    for (int i = DOCUMENT; i <= LAST_LINE; i++)
        if (p[i] != q[i]) return p[i] < q[i];
    return 0;
}

/* Merge sort: equal places keep their order. `spare` has room for n. */
static void sort_places(const Found *f, uint32_t *at, uint32_t *spare, size_t n) {
    size_t half = n / 2, i = 0, k = half;
    if (n < 2) return;
    sort_places(f, at, spare, half);
    sort_places(f, at + half, spare, n - half);
    if (!place_before(row_of(f, at[half]), row_of(f, at[half - 1]))) return;
    for (size_t to = 0; to < n; to++) {
        int second = i == half || (k < n && place_before(row_of(f, at[k]), row_of(f, at[i])));
        spare[to] = second ? at[k++] : at[i++];
    }
    memcpy(at, spare, n * sizeof *at);
}

typedef struct {
    uint64_t words;
    uint32_t position;
} Ranked;

static int compare_ranked(const void *p, const void *q) {
    const Ranked *a = (const Ranked *)p, *b = (const Ranked *)q;
    if (a->words != b->words) return a->words < b->words ? 1 : -1;
    return a->position < b->position ? -1 : a->position > b->position;
}

static int compare_positions(const void *p, const void *q) {
    const Ranked *a = (const Ranked *)p, *b = (const Ranked *)q;
    return a->position < b->position ? -1 : a->position > b->position;
}

/* Those of `which` with the most words, in the order they have there; gives how many, at most `most`. `ranked` has
   room for n. */
static size_t largest(const Found *f, uint32_t *which, size_t n, size_t most, Ranked *ranked) {
    if (n <= most) return n;
    for (size_t i = 0; i < n; i++) {
        const uint64_t *row = row_of(f, which[i]);
        ranked[i] = (Ranked){which[i] < f->blocks ? row[WORDS] : row[VARIANT_WORDS], (uint32_t)i};
    }
    qsort(ranked, n, sizeof *ranked, compare_ranked);
    qsort(ranked, most, sizeof *ranked, compare_positions);
    for (size_t i = 0; i < most; i++) which[i] = which[ranked[i].position]; /* never behind where it reads */
    return most;
}

#endif
