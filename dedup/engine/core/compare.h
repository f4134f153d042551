/* Comparing one paragraph with the originals: the same words, or enough of the same shingles and nothing new. */
#ifndef DEDUP_COMPARE_H
#define DEDUP_COMPARE_H
#include "near.h"
#include "weigh.h"

/* The original with the same words as the long paragraph in hand, or NONE. */
static uint32_t find_exact(Comparer *c, size_t row) {
    const uint8_t *p = c->hand;
    uint32_t sequence = (uint32_t)c->m->batch->sequence[c->paragraph]; /* the other half is the key */
    size_t i, n = c->hand_n;
    if (!probed_size(&c->m->exact_probed, row)) return NONE;
    c->equal.n = 0;
    if (!probed_take(&c->m->exact_probed, row, &c->equal) || !probed_take_fresh(&c->m->exact_probed, row, &c->equal))
        c->failed = 1;
    for (i = 0; i < c->equal.n; i++) {
        uint32_t id = c->equal.id[i], whole;
        const uint8_t *q;
        size_t k;
        if (c->m->where[id].sequence != sequence) continue;
        q = fetch_place(c, c->m->where[id].place, &k, &c->read_a, &c->read_a_room);
        if (!q) continue;
        if (n == k && memcmp(p, q, n) == 0) return id;
        if (c->m->set.redundant && same_but_for_space(p, n, q, k)) return id;
        if (!same_words(c, p, n, q, k)) continue;
        if (!c->m->set.redundant) return id;
        whole = c->m->details ? count_mine(c) : 1; /* one of one is all of it, too, where nobody asks for more */
        if (!adds(c, id, whole, whole, NULL)) return id;
    }
    return NONE;
}

enum { SHARED = 1, CROWDED = 2 };

/* Finds the buckets of a row. Returns whether another row of the range may yet come into one of them, and whether one of
 * them has room for no more than one original. */
static uint8_t find_buckets(Comparer *c, size_t row) {
    uint32_t band, most = c->m->set.bucket_capacity;
    uint8_t found = 0;
    c->found.n = 0;
    for (band = 0; band < c->m->sketch.bands; band++) {
        Probed *p = &c->m->probed[band];
        if (has_bit(p->news, row)) {
            if (p->line[row] == UNASKED && /* it looked exact, and is not */
                !probe_row(p, &c->m->band[band], c->m->batch->key[row * c->m->sketch.bands + band], row, &c->m->sieve))
                c->failed = 1;
            if (!probed_take(p, row, &c->found)) c->failed = 1;
            if (p->size[row] + 1 >= most) found |= CROWDED;
        }
        if (!has_bit(p->shared, row)) continue;
        if (!probed_take_fresh(p, row, &c->found)) c->failed = 1;
        found |= SHARED;
    }
    return found;
}

/* As find_buckets, of a row that was seen ahead of the walk: of the originals before the range the closest alone. */
static void find_buckets_again(Comparer *c, size_t row, const Foreseen *f) {
    uint32_t band;
    if (!c->m->set.redundant || !f->seen || (c->m->skip[row] && f->seen != SEEN_NEAR)) {
        find_buckets(c, row);
        return;
    }
    c->found.n = 0;
    if (f->candidates) {
        if (!grow((void **)&c->found.id, &c->found.room, f->candidates, sizeof *c->found.id)) {
            c->failed = 1;
            return;
        }
        memcpy(c->found.id, f->closest, f->candidates * sizeof *f->closest);
        c->found.n = f->candidates;
    }
    for (band = 0; band < c->m->sketch.bands; band++)
        if (!probed_take_fresh(&c->m->probed[band], row, &c->found)) c->failed = 1;
}

static const Examined *listed_under(const Examined *e, uint32_t n, uint32_t id) {
    for (; n; n--, e++)
        if (e->id == id) return e;
    return NULL;
}

/* What was found out of the paragraph in hand and an original ahead of the walk, or NULL. */
static const Examined *weighed_before(const Comparer *c, uint32_t id) {
    const Memory *m = c->m;
    const Foreseen *f = &m->foreseen[m->batch->row[c->paragraph]];
    const Examined *e = NULL;
    if (id < m->first_fresh) {
        if (f->weighed) e = listed_under(m->comparer[f->by]->weighed.at + f->first, f->weighed, id);
        if (!e && f->weighed_next) e = listed_under(m->comparer[f->next_by]->more.at + f->first_next, f->weighed_next, id);
        return e;
    }
    if (!f->weighed_rows) return NULL;
    return listed_under(m->comparer[f->rows_by]->more.at + f->first_row, f->weighed_rows, m->fresh[id - m->first_fresh]);
}

/* Whether the paragraph in hand repeats an original: it is near, and adds nothing. */
static int repeats(Comparer *c, uint32_t id, uint32_t *intersection, uint32_t *all) {
    const Examined *known = weighed_before(c, id);
    if (!known) return verify(c, id, intersection, all) && !adds(c, id, *intersection, *all, NULL);
    if (!known->all) return 0;
    *intersection = known->intersection;
    *all = known->all;
    return !adds(c, id, *intersection, *all, known);
}

/* ---- Candidates ---- */

/* Leaves the closest of the candidates in found, each once. */
static void keep_closest(Comparer *c) {
    size_t i = 1, n = c->found.n;
    while (i < n && c->found.id[i] == c->found.id[0]) i++;
    if (i >= n) { /* one, in a bucket or in several, or none */
        c->found.n = n > 0;
        return;
    }
    if (!grow((void **)&c->apart, &c->apart_room, n, sizeof *c->apart)) {
        c->failed = 1;
        return;
    }
    n = kernels.measure(&c->m->sieve, c->m->batch->row[c->paragraph], c->found.id, n, c->apart) ? n : 0;
    c->found.n = keep_nearest(c->found.id, c->apart, n);
}

/* The earliest from `from` on, or NONE. */
static uint32_t least_from(const Ids *ids, uint32_t from) {
    uint32_t least = NONE;
    size_t i;
    for (i = 0; i < ids->n; i++) {
        uint32_t id = ids->id[i] >= from ? ids->id[i] : NONE;
        least = id < least ? id : least;
    }
    return least;
}

/* The earliest of the candidates in found that the paragraph repeats, or NONE; originals before `first` are known not to
 * be near. Where it must add nothing, the closest are compared alone: hundreds of a template share a bucket with it. */
static uint32_t find_near(Comparer *c, uint32_t first, uint32_t *intersection, uint32_t *all) {
    uint32_t id;
    if (c->m->set.redundant) keep_closest(c);
    for (id = least_from(&c->found, first); id != NONE && !c->failed; id = least_from(&c->found, id + 1))
        if (repeats(c, id, intersection, all)) return id;
    return NONE;
}
#endif
