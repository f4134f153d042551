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

#define DIGIT 11 /* bits; two digits are enough for nearly all */

/* The most words first, equal ones as they are: a radix sort, in one or two passes. `spare` has room for n. */
static void sort_ranked(Ranked *ranked, Ranked *spare, size_t n) {
    uint64_t all = 0;
    for (size_t i = 0; i < n; i++) all |= ranked[i].words;
    for (unsigned shift = 0; shift < 64 && all >> shift; shift += DIGIT) {
        size_t start[1 << DIGIT] = {0}, at = 0;
        for (size_t i = 0; i < n; i++) start[ranked[i].words >> shift & ((1 << DIGIT) - 1)]++;
        for (size_t digit = 1 << DIGIT; digit--;) {
            size_t many = start[digit];
            start[digit] = at;
            at += many;
        }
        for (size_t i = 0; i < n; i++) spare[start[ranked[i].words >> shift & ((1 << DIGIT) - 1)]++] = ranked[i];
        memcpy(ranked, spare, n * sizeof *ranked);
    }
}

/* All findings by their words, the most first, equal ones by their places. */
static void rank(const Found *f, Ranked *ranked, Ranked *spare, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const uint64_t *row = row_of(f, f->order[i]);
        ranked[i] = (Ranked){f->order[i] < f->blocks ? row[WORDS] : row[VARIANT_WORDS], (uint32_t)i};
    }
    sort_ranked(ranked, spare, n);
}

/* Leaves of `which`, findings in their order, those with the most words: so many. `chosen` has a byte for each finding. */
static void keep_largest(const Found *f, const Ranked *ranked, uint32_t *which, size_t n, size_t most, uint8_t *chosen) {
    size_t kept = 0;
    memset(chosen, 0, f->blocks + f->variants);
    for (size_t i = 0; i < n; i++) chosen[which[i]] = 1;
    for (; most; ranked++) {
        uint32_t number = f->order[ranked->position];
        most -= chosen[number];
        chosen[number] *= 2;
    }
    for (size_t i = 0; i < n; i++)
        if (chosen[which[i]] == 2) which[kept++] = which[i];
}

/* The rows of a table in the order of their places. */
static void sort_rows(const Found *f, uint32_t *at, uint32_t *spare, size_t n, uint64_t *to) {
    for (size_t i = 0; i < n; i++) at[i] = (uint32_t)i;
    sort_places(f, at, spare, n);
    for (size_t i = 0; i < n; i++) memcpy(to + i * COLUMNS, f->block + at[i] * COLUMNS, COLUMNS * sizeof *to);
}

#endif
