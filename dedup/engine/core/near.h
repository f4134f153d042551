/* Exact similarity: the shingles of a paragraph beside those of an original, read again or remembered. */
#ifndef DEDUP_NEAR_H
#define DEDUP_NEAR_H
#include "comparer.h"

#define SEEN_BITS 8192u /* so many that few shingles seldom meet in one */
#define SEEN_MOST 64

/* The shingles of the paragraph in hand, repeated ones included. */
static const uint32_t *my_shingles(const Comparer *c, size_t *n) {
    const Sketch *s = c->m->batch;
    size_t first = s->word[c->paragraph];
    *n = shingles_of(&c->m->sketch, s->word[c->paragraph + 1] - first);
    return s->shingle + first;
}

/* The distinct shingles of the paragraph in hand, to be counted. */
static int gather_mine(Comparer *c) {
    size_t i, n;
    const uint32_t *shingle = my_shingles(c, &n);
    if (c->mine_ready) return 1;
    if (!set_begin(&c->mine, n)) {
        c->failed = 1;
        return 0;
    }
    for (i = 0; i < n; i++) set_add(&c->mine, shingle[i]);
    c->mine_ready = GATHERED;
    return 1;
}

/* How many distinct shingles the paragraph in hand has. Of few of them one look at a bit map mostly tells that no two are
 * the same: an exact repeat is told with their number, and needs no set. */
static uint32_t count_mine(Comparer *c) {
    uint64_t seen[SEEN_BITS / 64], twice = 0;
    size_t i, n;
    const uint32_t *shingle = my_shingles(c, &n);
    if (!c->mine_ready && n <= SEEN_MOST) {
        memset(seen, 0, sizeof seen);
        for (i = 0; i < n; i++) {
            uint32_t bit = shingle[i] % SEEN_BITS;
            twice |= seen[bit / 64] >> bit % 64 & 1;
            seen[bit / 64] |= 1ull << bit % 64;
        }
        if (!twice) return (uint32_t)n;
    }
    return gather_mine(c) ? (uint32_t)c->mine.n : 0;
}

/* The distinct shingles with their bit map, to be compared. */
static int ready_mine(Comparer *c) {
    size_t n;
    const uint32_t *shingle = my_shingles(c, &n);
    if (c->mine_ready == DRAWN) return 1;
    if (!gather_mine(c)) return 0;
    if (!set_draw(&c->mine, shingle, n)) {
        c->failed = 1;
        return 0;
    }
    c->mine_ready = DRAWN;
    return 1;
}

/* Leaves the distinct ones of n shingles in c->shingle and theirs. */
static int distinct(Comparer *c, const uint32_t *shingle, size_t n, uint32_t *count) {
    size_t i, k;
    if (!grow((void **)&c->shingle, &c->shingle_room, n + 16, 4) || !set_begin(&c->theirs, n)) {
        c->failed = 1;
        return 0;
    }
    if (shingle != c->shingle) memcpy(c->shingle, shingle, n * sizeof *shingle);
    for (i = k = 0; i < n; i++)
        if (set_add(&c->theirs, c->shingle[i])) c->shingle[k++] = c->shingle[i];
    *count = (uint32_t)k;
    return 1;
}

/* The distinct shingles of a row of the batch in hand; NULL on failure. */
static const uint32_t *row_shingles(Comparer *c, size_t row, uint32_t *count) {
    const Sketch *s = c->m->batch;
    size_t i = c->m->paragraph[row];
    return distinct(c, s->shingle + s->word[i], s->shingles[row], count) ? c->shingle : NULL;
}

/* The distinct shingles of an original, from the cache or from its text; NULL on failure. */
static const uint32_t *original_shingles(Comparer *c, uint32_t id, uint32_t *count) {
    uint32_t key = id + c->m->forgotten;
    Cached *kept = &c->cache[key & (CACHE_SLOTS - 1)];
    Sketch s = {0};
    const uint8_t *text;
    uint64_t invalid = 0;
    size_t n, k;
    uint32_t words, *to;
    if (kept->n && kept->id == key) {
        *count = kept->n;
        kept->spared = 1;
        return kept->shingle;
    }
    if (id >= c->m->first_fresh) return row_shingles(c, c->m->fresh[id - c->m->first_fresh], count);
    text = fetch_place(c, c->m->where[id].place, &n, &c->read_b, &c->read_b_room);
    if (!text) return NULL;
    c->lanes.n = c->lanes.done = c->lanes.patched = 0;
    c->lanes.readable = text == c->read_b ? text + n + 64 : text + n;
    kernels.hash_words(&c->lanes, text, n, &invalid);
    lanes_flush(&c->lanes);
    words = (uint32_t)c->lanes.done;
    if (c->lanes.word.failed || !grow((void **)&c->shingle, &c->shingle_room, words + 16, 4)) {
        c->failed = 1;
        return NULL;
    }
    s.words = words;
    s.n = 1;
    s.hash = c->lanes.out;
    s.shingle = c->shingle;
    s.word = (uint32_t[]){0, words};
    sketch_shingles(&s, &c->m->sketch);
    if (!distinct(c, c->shingle, shingles_of(&c->m->sketch, words), count)) return NULL;
    k = *count;
    if (kept->n && kept->spared) { /* what is asked for often is not put out by what is asked for once */
        kept->spared = 0;
        return c->shingle;
    }
    if (k > kept->room) {
        if ((k - kept->room) * sizeof *to > c->cache_left) return c->shingle;
        to = realloc(kept->shingle, k * sizeof *to);
        if (!to) return c->shingle;
        c->cache_left -= (k - kept->room) * sizeof *to;
        kept->shingle = to;
        kept->room = (uint32_t)k;
    }
    memcpy(kept->shingle, c->shingle, k * sizeof *c->shingle);
    memcpy(kept->parity, c->theirs.parity, sizeof kept->parity);
    kept->id = key;
    kept->n = (uint32_t)k;
    return kept->shingle;
}

/* Whether the paragraph in hand and an original are long, and what is remembered of the two tells that they are not near. */
static int told_apart(Comparer *c, uint32_t id) {
    const Sketch *s = c->m->batch;
    size_t row = s->row[c->paragraph], n = s->shingles[row];
    const Sample *mine, *theirs;
    if (!c->m->set.redundant || n <= LONG_SHINGLES || !(theirs = sample_find(&c->m->samples, id))) return 0;
    mine = sample_find(&s->samples, (uint32_t)row);
    return mine && lacks_sample(mine, n, theirs) && surely_long(s->shingle + s->word[c->paragraph], n);
}

/* Shingles that two sets of `both` in all must share to reach a threshold. */
static inline uint64_t shared_for(uint64_t threshold_ppm, uint64_t both) {
    return (threshold_ppm * both + 999999 + threshold_ppm) / (1000000 + threshold_ppm);
}

/* Shingles that a set of n must share with the paragraph in hand to be near. The same in Python: dedup/matching/nearness.py. */
static inline uint64_t shared_at_least(const Comparer *c, uint64_t n) {
    uint64_t mine = c->mine.n, t = c->m->set.threshold_ppm, near = shared_for(t, mine + n), contained, least;
    int is_long = mine > LONG_SHINGLES;
    if (!c->m->set.redundant) return near;
    if (n < mine) near = shared_for(t, 2 * mine); /* an original that says less counts as one that says as much */
    contained = is_long ? (19 * mine + 19) / 20 : (9 * mine + 9) / 10;
    if (is_long && contained + MOST_LACKING < mine) contained = mine - MOST_LACKING;
    least = shared_for(t / 2, mine + n);
    if (contained < least) contained = least;
    return near < contained && !is_long ? near : contained;
}

/* Whether an original can reach the threshold as far as its size and parity map tell, if they are at hand; else only how
 * many shingles it has, of which some may be repeated. */
static inline int plausible(Comparer *c, uint32_t id) {
    uint32_t key = id + c->m->forgotten, n;
    Cached *kept = &c->cache[key & (CACHE_SLOTS - 1)];
    int known = kept->id == key && kept->n;
    uint64_t need;
    n = known ? kept->n : c->m->original[id].shingles;
    need = shared_at_least(c, n);
    if (need > n) return 0; /* nor would fewer reach it */
    if (!known) return 1;
    if (need > c->mine.n) return 0;
    kept->spared = 1;
    return kernels.parity_distance(c->mine.parity, kept->parity) <= c->mine.n + kept->n - 2 * need;
}

/* Exact Jaccard similarity of the paragraph in hand and an original, in integers; stops as soon as it cannot be near
 * any more. Returns whether it is. */
static int is_near(Comparer *c, const uint32_t *theirs, uint32_t n, uint32_t *intersection, uint32_t *all) {
    uint32_t i, hits = 0, misses_left;
    uint64_t need = shared_at_least(c, n);
    if (need > n || need > c->mine.n) return 0;
    misses_left = n - (uint32_t)need;
    if (kernels.lacks(c->mine.bit, (uint32_t)(c->mine.bit_words - 1), theirs, n, misses_left)) return 0;
    for (i = 0; i < n; i++) {
        if (set_has(&c->mine, theirs[i])) hits++;
        else if (misses_left-- == 0) return 0;
    }
    *intersection = hits;
    *all = (uint32_t)(c->mine.n + n - hits);
    return 1;
}

/* The same of an original. */
static int verify(Comparer *c, uint32_t id, uint32_t *intersection, uint32_t *all) {
    const uint32_t *theirs;
    uint32_t n;
    if (!may_reach(&c->m->sieve, id, c->m->batch->row[c->paragraph])) return 0;
    if (told_apart(c, id) || !ready_mine(c) || !plausible(c, id)) return 0;
    theirs = original_shingles(c, id, &n);
    return theirs && is_near(c, theirs, n, intersection, all);
}
#endif
