/* Comparing ahead of the walk: what the originals that were there before a range, and its own rows, say of each row, and
 * the originals where blocks will probably go on. The walk takes it as known; it finds the same without. */
#ifndef DEDUP_AHEAD_H
#define DEDUP_AHEAD_H
#include "compare.h"

#define MAX_PAIRS 4  /* rows of the range that a paragraph is compared with ahead of the walk, ... */
#define MAX_STEPS 16 /* ... found among so many in each band */
#define MAX_NEXT 4   /* originals that it is compared with because a block may go on there */

static void keep_weighed(Comparer *c, Weighed *to, const Examined *e, size_t n, uint32_t *first, uint32_t *weighed,
                         uint8_t *by) {
    if (!grow((void **)&to->at, &to->room, to->n + n, sizeof *to->at)) {
        c->failed = 1;
        return;
    }
    *by = (uint8_t)c->number;
    *first = (uint32_t)to->n;
    *weighed = (uint32_t)n;
    if (n) memcpy(to->at + to->n, e, n * sizeof *e);
    to->n += n;
}

/* Compares paragraph i with the originals that were there before the range; the result depends on them alone, so it
 * holds when the walk comes by. */
static void foresee(Comparer *c, size_t i) {
    Memory *m = c->m;
    size_t row = m->batch->row[i];
    Foreseen *f = &m->foreseen[row];
    take_in_hand(c, i);
    if (m->skip[row]) {
        uint32_t exact = m->exact_probed.size[row] ? find_exact(c, row) : NONE;
        if (exact == NONE) return; /* it may equal one of the range: the walk will see */
        if (m->details) f->intersection = f->all = count_mine(c);
        f->exact = exact;
        f->seen = SEEN;
        return;
    }
    f->exact = f->near_ = NONE;
    f->seen = SEEN;
    f->buckets = find_buckets(c, row);
    if (!c->found.n) return;
    f->near_ = find_near(c, 0, &f->intersection, &f->all);
    f->candidates = (uint32_t)c->found.n;
    if (!m->set.redundant) return;
    if (f->near_ == NONE && c->n_examined) tell_added(c);
    memcpy(f->closest, c->found.id, c->found.n * sizeof *f->closest);
    keep_weighed(c, &c->weighed, c->examined, c->n_examined, &f->first, &f->weighed, &f->by);
}

/* Rows of the range before `row` that may become originals and share a band with it, each once, in order; how many. */
static size_t earlier_rows(const Memory *m, size_t row, uint32_t *found) {
    const Sketch *s = m->batch;
    size_t n = 0, i, k;
    uint32_t band, steps, r;
    for (band = 0; band < m->sketch.bands; band++) {
        const Probed *p = &m->probed[band];
        if (!has_bit(p->shared, row) || p->size[row] >= m->set.bucket_capacity) continue; /* no row enters a full bucket */
        for (r = (uint32_t)row, steps = 0; r != p->group[row] && steps < MAX_STEPS && n < MAX_PAIRS; steps++) {
            r = p->before[r];
            if (m->skip[r] || m->foreseen[r].near_ != NONE) continue; /* a repeat itself */
            if (!classes_agree(s->classes[r], s->shingles[r], s->classes[row], s->shingles[row], m->sieve.threshold_ppm,
                               m->sieve.contained))
                continue;
            for (i = 0; i < n && found[i] < r; i++) {}
            if (i < n && found[i] == r) continue;
            for (k = n++; k > i; k--) found[k] = found[k - 1];
            found[i] = r;
        }
    }
    return n;
}

/* Compares paragraph i with those before it in the range; it holds for the ones that become originals. */
static void foresee_pairs(Comparer *c, size_t i) {
    Memory *m = c->m;
    const Sketch *s = m->batch;
    size_t row = s->row[i], n, k;
    Foreseen *f = &m->foreseen[row];
    uint32_t found[MAX_PAIRS], count;
    Examined e[MAX_PAIRS];
    const uint32_t *theirs;
    if (m->skip[row] || f->near_ != NONE || f->weighed) return; /* what is near to others the walk compares */
    if (!(f->buckets & SHARED)) return;
    n = earlier_rows(m, row, found);
    if (!n) return;
    take_in_hand(c, i);
    if (!ready_mine(c)) return;
    for (k = 0; k < n; k++) {
        size_t other = m->paragraph[found[k]], size = s->end[other] - s->start[other];
        theirs = row_shingles(c, found[k], &count);
        if (!theirs) return;
        e[k] = (Examined){found[k], 0, 0, RULE_NONE, 0, 0, 0};
        if (!is_near(c, theirs, count, &e[k].intersection, &e[k].all)) continue;
        if (m->set.redundant) {
            e[k].rule = weigh_text(c, &c->novelty.other, m->text + s->start[other], size, 0);
            keep_added(c, &e[k]);
        }
        if (e[k].rule == RULE_NONE) {
            k++;
            break;
        }
    }
    keep_weighed(c, &c->more, e, k, &f->first_row, &f->weighed_rows, &f->rows_by);
}

/* What holds of the first of equal rows holds of the row, if that one will hardly become an original: else the row equals it. */
static void see_as_first(Memory *m, size_t row) {
    const Sketch *s = m->batch;
    const Probed *p = &m->exact_probed;
    size_t first, i, k, n;
    if (m->foreseen[row].seen || p->size[row] || !has_bit(p->shared, row)) return;
    first = p->group[row];
    if (m->foreseen[first].seen != SEEN || m->foreseen[first].near_ == NONE) return;
    i = m->paragraph[row];
    k = m->paragraph[first];
    n = s->end[i] - s->start[i];
    if (s->end[k] - s->start[k] != n || memcmp(m->text + s->start[i], m->text + s->start[k], n) != 0) return;
    m->foreseen[row] = m->foreseen[first];
    m->foreseen[row].seen = SEEN_NEAR;
}

/* Foretells where blocks will have the repeats of the range: behind the repeat before, if the same original stands there,
 * or else at the original itself. Sees what is to be compared yet. */
static void foretell_places(Memory *m) {
    const Sketch *s = m->batch;
    size_t i, g = 0, h = NONE, place, last;
    for (i = m->first_paragraph; i < m->last_paragraph; i++) {
        Foreseen *f;
        uint32_t original;
        if (s->row[i] == NO_ROW) continue;
        see_as_first(m, s->row[i]);
        f = &m->foreseen[s->row[i]];
        original = !f->seen ? NONE : f->exact != NONE ? f->exact : f->near_;
        f->stands = NONE;
        if (original == NONE) continue;
        if (h != NONE && i - g - 1 <= m->set.max_gap)
            for (place = h + 1, last = place + m->set.max_gap; place <= last && place < m->places; place++)
                if (m->link[place] == original) {
                    f->stands = (uint32_t)place;
                    break;
                }
        if (f->stands == NONE) f->stands = m->where[original].place;
        g = i;
        h = f->stands;
    }
}

/* Finds the originals that paragraph i is compared with if a block goes on to it: those behind the places of the repeats
 * just before it; each once, but for those it was compared with. How many. */
static size_t next_originals(const Memory *m, size_t i, uint32_t *found) {
    const Sketch *s = m->batch;
    const Foreseen *f = &m->foreseen[s->row[i]];
    const Examined *weighed = f->weighed ? m->comparer[f->by]->weighed.at + f->first : NULL;
    size_t n = 0, back, place, last, k;
    for (back = 1; back <= 1 + (size_t)m->set.max_gap && i >= m->first_paragraph + back && n < MAX_NEXT; back++) {
        uint32_t row = s->row[i - back];
        if (row == NO_ROW || m->foreseen[row].stands == NONE) continue;
        place = m->foreseen[row].stands + 1u;
        for (last = place + m->set.max_gap; place <= last && place < m->places && n < MAX_NEXT; place++) {
            uint32_t id = m->link[place];
            if (id >= NO_ORIGINAL || listed_under(weighed, f->weighed, id)) continue;
            for (k = 0; k < n && found[k] != id; k++) {}
            if (k == n) found[n++] = id;
        }
    }
    return n;
}

/* Compares paragraph i with the originals where a block may go on to it: there it need be no candidate. */
static void foresee_next(Comparer *c, size_t i) {
    Memory *m = c->m;
    size_t row = m->batch->row[i], n, k;
    Foreseen *f = &m->foreseen[row];
    uint32_t found[MAX_NEXT];
    Examined e[MAX_NEXT];
    if ((m->skip[row] && f->seen != SEEN_NEAR) || !(n = next_originals(m, i, found))) return;
    take_in_hand(c, i);
    for (k = 0; k < n && !c->failed; k++) {
        e[k] = (Examined){found[k], 0, 0, RULE_NONE, 0, 0, 0};
        if (!verify(c, found[k], &e[k].intersection, &e[k].all) || !m->set.redundant) continue;
        examine(c, found[k], e[k].intersection, e[k].all, NULL);
        e[k] = c->examined[c->n_examined - 1];
    }
    keep_weighed(c, &c->more, e, k, &f->first_next, &f->weighed_next, &f->next_by);
}

/* What is compared after all of the range were with the originals. */
static void foresee_more(Comparer *c, size_t i) {
    foresee_pairs(c, i);
    foresee_next(c, i);
}
#endif
