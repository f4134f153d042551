/* Comparing one paragraph with the originals: the same words, or enough of the same shingles and nothing new. */
#ifndef DEDUP_COMPARE_H
#define DEDUP_COMPARE_H
#include "near.h"
#include "weigh.h"

#define PICKED 16 /* candidates that are picked one by one before the rest is sorted */

/* The original with the same words as the long paragraph in hand, or NONE. */
static uint32_t find_exact(Comparer *c, size_t row) {
    const uint8_t *p = c->hand;
    uint64_t sequence = c->m->batch->sequence[c->paragraph];
    size_t i, n = c->hand_n;
    if (!probed_size(&c->m->exact_probed, row)) return NONE;
    c->equal.n = 0;
    if (!probed_take(&c->m->exact_probed, row, &c->equal)) c->failed = 1;
    for (i = 0; i < c->equal.n; i++) {
        uint32_t id = c->equal.id[i];
        const uint8_t *q;
        size_t k;
        if (c->m->original[id].sequence != sequence) continue;
        q = fetch_place(c, c->m->original[id].place, &k, &c->read_a, &c->read_a_room);
        if (!q || !same_words(c, p, n, q, k)) continue;
        if (!c->m->set.redundant || (n == k && memcmp(p, q, n) == 0)) return id;
        if (ready_mine(c) && !adds(c, id, (uint32_t)c->mine.n, (uint32_t)c->mine.n, NULL)) return id;
    }
    return NONE;
}

/* Finds the buckets of a row. */
static void find_buckets(Comparer *c, size_t row) {
    uint32_t band;
    c->found.n = 0;
    for (band = 0; band < c->m->sketch.bands; band++) {
        Probed *p = &c->m->probed[band];
        if (p->line[row] == UNASKED && /* it looked exact, and is not */
            !probe_row(p, &c->m->band[band], c->m->batch->key[row * c->m->sketch.bands + band], row, &c->m->sieve))
            c->failed = 1;
        if (!probed_take(p, row, &c->found)) c->failed = 1;
    }
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
    if (id < m->first_fresh)
        return f->weighed ? listed_under(m->comparer[f->by]->weighed + f->first, f->weighed, id) : NULL;
    if (!f->weighed_rows) return NULL;
    return listed_under(m->comparer[f->rows_by]->weighed + f->first_row, f->weighed_rows, m->fresh[id - m->first_fresh]);
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

/* ---- Candidates in input order ---- */

/* Most repeats have their original among the first few candidates, which are picked one by one; a variant of a template
 * meets hundreds in vain, and what is left of those is sifted and sorted once. */
typedef struct {
    uint32_t *id; /* in no order, some more than once */
    size_t n, at;
    uint32_t from; /* those below were given */
    int picked;
} Order;

static int by_id(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t least_from(const uint32_t *id, size_t n, uint32_t from) {
    uint32_t least = NONE;
    size_t i;
    for (i = 0; i < n; i++) {
        uint32_t v = id[i] >= from ? id[i] : NONE;
        least = v < least ? v : least;
    }
    return least;
}

/* Leaves those that were not given and are plausible, sorted. */
static void sort_rest(Comparer *c, Order *o) {
    size_t i, kept = 0;
    for (i = 0; i < o->n; i++)
        if (o->id[i] >= o->from && plausible(c, o->id[i])) o->id[kept++] = o->id[i];
    o->n = kept;
    o->at = 0;
    if (kept > 1) qsort(o->id, kept, sizeof *o->id, by_id);
}

/* The next candidate, each once, or NONE; the paragraph's shingles must be ready. */
static uint32_t next_candidate(Comparer *c, Order *o) {
    uint32_t id;
    if (o->picked < PICKED) {
        o->picked++;
        id = least_from(o->id, o->n, o->from);
        o->from = id + 1;
        return id;
    }
    if (o->picked++ == PICKED) sort_rest(c, o);
    while (o->at < o->n && o->id[o->at] < o->from) o->at++;
    if (o->at == o->n) return NONE;
    o->from = o->id[o->at] + 1;
    return o->id[o->at];
}

/* Takes the candidates that lack some digits of the paragraph in hand out of found; those of them whose shingles fall
 * into the most similar classes are left in lacking, at most MAX_LACKING, in input order. */
static void set_lacking_apart(Comparer *c) {
    const Sieve *v = &c->m->sieve;
    size_t row = c->m->batch->row[c->paragraph], i, k, kept = 0;
    uint64_t mine = c->m->batch->digits[row];
    int apart[MAX_LACKING], d;
    c->n_lacking = 0;
    if (c->found.n < 2 || mine == DIGITS_KNOWN) return;
    for (i = 0; i < c->found.n; i++) {
        uint32_t id = c->found.id[i];
        if (!(mine & ~v->original[id].digits)) {
            c->found.id[kept++] = id;
            continue;
        }
        d = ones(v->original[id].classes ^ v->classes[row]);
        for (k = 0; k < c->n_lacking && (apart[k] < d || (apart[k] == d && c->lacking[k] < id)); k++) {}
        if (k == MAX_LACKING || (k < c->n_lacking && c->lacking[k] == id) || !may_reach(v, id, row)) continue;
        if (c->n_lacking < MAX_LACKING) c->n_lacking++;
        memmove(apart + k + 1, apart + k, (c->n_lacking - k - 1) * sizeof *apart);
        memmove(c->lacking + k + 1, c->lacking + k, (c->n_lacking - k - 1) * sizeof *c->lacking);
        apart[k] = d;
        c->lacking[k] = id;
    }
    c->found.n = kept;
    qsort(c->lacking, c->n_lacking, sizeof *c->lacking, by_id);
}

/* Takes those out that are known not to be near. */
static size_t keep_from(uint32_t *id, size_t n, uint32_t first) {
    size_t i, kept = 0;
    for (i = 0; i < n; i++)
        if (id[i] >= first) id[kept++] = id[i];
    return kept;
}

/* The first of the candidates that is accepted before `most` originals were examined, or NONE. */
static uint32_t first_accepted(Comparer *c, uint32_t *candidate, size_t n, size_t most, uint32_t *intersection, uint32_t *all) {
    Order order = {candidate, n, 0, 0, 0};
    uint32_t id;
    if (!n || !ready_mine(c)) return NONE;
    while (c->n_examined < most && !c->failed && (id = next_candidate(c, &order)) != NONE)
        if (repeats(c, id, intersection, all)) return id;
    return NONE;
}

/* The earliest of the candidates in found that the paragraph repeats, or NONE; originals before `first` are known not to
 * be near. With the rule in force, those that have all digits of the paragraph are tried first, and a few of the others
 * after them: most variants have other figures. */
static uint32_t find_near(Comparer *c, uint32_t first, uint32_t *intersection, uint32_t *all) {
    uint32_t id;
    c->n_lacking = 0;
    if (c->m->set.redundant) set_lacking_apart(c);
    if (first) {
        c->found.n = keep_from(c->found.id, c->found.n, first);
        c->n_lacking = keep_from(c->lacking, c->n_lacking, first);
    }
    id = first_accepted(c, c->found.id, c->found.n, MAX_EXAMINED, intersection, all);
    if (id != NONE) return id;
    return first_accepted(c, c->lacking, c->n_lacking, MAX_EXAMINED, intersection, all);
}
#endif
