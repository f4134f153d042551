/* The differences between two paragraphs: Myers 1986. The native half of dedup/rule/alignment.py; names agree. */
#ifndef DEDUP_ALIGN_H
#define DEDUP_ALIGN_H
#include "sides.h"

#define MAX_DIFFERENCES 512

typedef struct {
    size_t p, p_end, q, q_end;
} Difference;

typedef struct {
    const Side *p, *q;
    Difference *difference;
    size_t differences, difference_room;
    int32_t *furthest, *round; /* now, and after each round */
    size_t furthest_room, round_room;
    int failed;
} Alignment;

static void alignment_free(Alignment *v) {
    free(v->difference);
    free(v->furthest);
    free(v->round);
}

static int add_difference(Alignment *v, size_t p, size_t p_end, size_t q, size_t q_end) {
    if (!grow((void **)&v->difference, &v->difference_room, v->differences + 1, sizeof *v->difference)) {
        v->failed = 1;
        return 0;
    }
    v->difference[v->differences++] = (Difference){p, p_end, q, q_end};
    return 1;
}

static inline int same_key(const Alignment *v, size_t i, size_t j) {
    return v->p->key[i] == v->q->key[j];
}

/* Furthest points after round d, where k runs from -d to d in steps of two. */
static inline int32_t *after_round(Alignment *v, size_t d, long k) {
    return v->round + d * (d + 1) / 2 + (size_t)(k + (long)d) / 2;
}

/* Walks back along the furthest points; differences come out last first. */
static void trace(Alignment *v, size_t rounds, size_t first, size_t n, size_t m) {
    long x = (long)n, y = (long)m, right = x, below = y; /* the pair after what is being looked at */
    size_t d, i;
    for (d = rounds; d > 0; d--) {
        long k = x - y, before, start;
        long left = k > -(long)d ? *after_round(v, d - 1, k - 1) : -1;
        int down = k == -(long)d || (k != (long)d && left < *after_round(v, d - 1, k + 1));
        before = down ? k + 1 : k - 1;
        start = down ? *after_round(v, d - 1, before) : left + 1;
        if (x > start) { /* matched pairs from start to x - 1 */
            if (right > x || below > y)
                add_difference(v, first + (size_t)x, first + (size_t)right, first + (size_t)y, first + (size_t)below);
            right = start;
            below = start - k;
        }
        x = *after_round(v, d - 1, before);
        y = x - before;
    }
    if (x > 0) {
        if (right > x || below > y)
                add_difference(v, first + (size_t)x, first + (size_t)right, first + (size_t)y, first + (size_t)below);
        right = below = 0;
    }
    if (right > 0 || below > 0) add_difference(v, first, first + (size_t)right, first, first + (size_t)below);
    for (i = 0; i < v->differences / 2; i++) {
        Difference swap = v->difference[i];
        v->difference[i] = v->difference[v->differences - 1 - i];
        v->difference[v->differences - 1 - i] = swap;
    }
}

/* Fills difference; returns 0 if there are more than MAX_DIFFERENCES. */
static int align(Alignment *v, const Side *p, const Side *q) {
    size_t n = p->n, m = q->n, first = 0, d, most;
    int32_t *f;
    v->p = p;
    v->q = q;
    v->failed = 0;
    v->differences = 0;
    while (first < n && first < m && same_key(v, first, first)) first++;
    while (n > first && m > first && same_key(v, n - 1, m - 1)) n--, m--;
    n -= first;
    m -= first;
    most = n + m < MAX_DIFFERENCES ? n + m : MAX_DIFFERENCES;
    if (!grow((void **)&v->furthest, &v->furthest_room, 2 * most + 4, sizeof *v->furthest)) {
        v->failed = 1;
        return 0;
    }
    f = v->furthest + most + 1; /* f[k] */
    f[1] = 0;
    for (d = 0; d <= most; d++) {
        long k, deep = (long)d;
        if (!grow((void **)&v->round, &v->round_room, (d + 1) * (d + 2) / 2, sizeof *v->round)) {
            v->failed = 1;
            return 0;
        }
        for (k = -deep; k <= deep; k += 2) {
            int down = k == -deep || (k != deep && f[k - 1] < f[k + 1]);
            long x = down ? f[k + 1] : f[k - 1] + 1;
            while (x < (long)n && x - k < (long)m && same_key(v, first + (size_t)x, first + (size_t)(x - k))) x++;
            f[k] = (int32_t)x;
            *after_round(v, d, k) = (int32_t)x;
            if (x >= (long)n && x - k >= (long)m) {
                trace(v, d, first, n, m);
                return 1;
            }
        }
    }
    return 0;
}
#endif
