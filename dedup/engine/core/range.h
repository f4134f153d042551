/* Ranges: the paragraphs of a batch, or of one document of it, that are looked up before they are walked. The tables
 * are asked for all of them, then each is compared with the originals that were found, and after the walk those that
 * became originals are entered. Threads share all three; the walk between them only follows blocks. */
#ifndef DEDUP_RANGE_H
#define DEDUP_RANGE_H
#include "compare.h"

#define SHARE 32     /* paragraphs that a thread compares at a turn */
#define MAX_PAIRS 4  /* rows of the range that a paragraph is compared with ahead of the walk, ... */
#define MAX_STEPS 16 /* ... found among so many in each band */
#define MAX_NEXT 4   /* originals that it is compared with because a block may go on there */

/* ---- Comparing ahead of the walk ---- */

static void keep_weighed(Comparer *c, const Examined *e, size_t n, uint32_t *first, uint32_t *weighed, uint8_t *by) {
    if (!grow((void **)&c->weighed, &c->weighed_room, c->n_weighed + n, sizeof *c->weighed)) {
        c->failed = 1;
        return;
    }
    *by = (uint8_t)c->number;
    *first = (uint32_t)c->n_weighed;
    *weighed = (uint32_t)n;
    if (n) memcpy(c->weighed + c->n_weighed, e, n * sizeof *e);
    c->n_weighed += n;
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
    f->candidates = (uint32_t)c->found.n;
    if (!c->found.n) return;
    f->near_ = find_near(c, 0, &f->intersection, &f->all);
    if (!m->set.redundant) return;
    keep_weighed(c, c->examined, c->n_examined, &f->first, &f->weighed, &f->by);
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
    keep_weighed(c, e, k, &f->first_row, &f->weighed_rows, &f->rows_by);
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
        if (f->stands == NONE) f->stands = m->original[original].place;
        g = i;
        h = f->stands;
    }
}

/* Finds the originals that paragraph i is compared with if a block goes on to it: those behind the places of the repeats
 * just before it; each once, but for those it was compared with. How many. */
static size_t next_originals(const Memory *m, size_t i, uint32_t *found) {
    const Sketch *s = m->batch;
    const Foreseen *f = &m->foreseen[s->row[i]];
    const Examined *weighed = f->weighed ? m->comparer[f->by]->weighed + f->first : NULL;
    size_t n = 0, back, place, last, k;
    for (back = 1; back <= 1 + (size_t)m->set.max_gap && i >= m->first_paragraph + back && n < MAX_NEXT; back++) {
        uint32_t row = s->row[i - back];
        if (row == NO_ROW || m->foreseen[row].stands == NONE) continue;
        place = m->foreseen[row].stands + 1u;
        for (last = place + m->set.max_gap; place <= last && place < m->places && n < MAX_NEXT; place++) {
            uint32_t id = m->link[place];
            if (id == NONE || id == PROTECTED || listed_under(weighed, f->weighed, id)) continue;
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
        uint32_t intersection, all;
        e[k] = (Examined){found[k], 0, 0, RULE_NONE, 0, 0, 0};
        if (!verify(c, found[k], &intersection, &all)) continue;
        adds(c, found[k], intersection, all, NULL);
        if (m->set.redundant) e[k] = c->examined[c->n_examined - 1];
        else e[k] = (Examined){found[k], intersection, all, RULE_NONE, 0, 0, 0};
    }
    keep_weighed(c, e, k, &f->first_next, &f->weighed_next, &f->next_by);
}

/* What is compared after all of the range were with the originals. */
static void foresee_more(Comparer *c, size_t i) {
    foresee_pairs(c, i);
    foresee_next(c, i);
}

static Comparer *borrow_comparer(Memory *m) {
    uint32_t i;
    for (i = 0; i < MAX_COMPARERS; i++) {
        if (__atomic_exchange_n(&m->taken[i], 1, __ATOMIC_ACQUIRE)) continue;
        if (!m->comparer[i]) m->comparer[i] = comparer_new(m, i);
        if (m->comparer[i]) return m->comparer[i];
        __atomic_store_n(&m->taken[i], 0, __ATOMIC_RELEASE);
        return NULL;
    }
    return NULL;
}

static void compare_share(Memory *m, Comparer *c, void (*compare)(Comparer *, size_t), uint32_t share) {
    size_t i = m->first_paragraph + (size_t)share * SHARE, stop = i + SHARE;
    if (stop > m->last_paragraph) stop = m->last_paragraph;
    for (; i < stop && !c->failed; i++)
        if (m->batch->row[i] != NO_ROW) compare(c, i);
}

/* ---- Turns ---- */

/* One table's share of the work on the range; table 0 is that of exact repeats. */
static void take_table(Memory *m, uint32_t what, uint32_t table) {
    size_t bands = m->sketch.bands, fresh = m->originals - m->first_fresh;
    Probed *p = table ? &m->probed[table - 1] : &m->exact_probed;
    Table *t = table ? &m->band[table - 1] : &m->exact;
    const uint32_t *key = table ? m->batch->key + (table - 1) : m->sequence;
    size_t stride = table ? bands : 2;
    if (what == ENTERING) {
        enter_table(p, t, key, stride, m->fresh, fresh, (uint32_t)m->first_fresh);
    } else if (table) {
        if (group_rows(p, key, key, stride, m->from, m->to))
            probe_table(p, t, key, stride, m->skip, &m->sieve, m->set.bucket_capacity, m->from, m->to);
        else p->failed = 1;
    }
}

/* Takes turns until there are none left; any thread may. `own` is the walk's comparer, NULL in other threads. */
static void take_turns(Memory *m, Comparer *own) {
    uint32_t what, share, number = 0;
    Comparer *c = own;
    while (turns_draw(&m->turns, &what, &share)) {
        if (what == ASKING || what == ENTERING) {
            take_table(m, what, share);
        } else if (c || (c = borrow_comparer(m))) {
            number = c->number;
            compare_share(m, c, what == COMPARING ? foresee : foresee_more, share);
        } /* else the walk compares them */
        turns_did(&m->turns);
    }
    if (c && !own) __atomic_store_n(&m->taken[number], 0, __ATOMIC_RELEASE); /* it may be gone with the last turn */
}

/* What a thread that sketches does meanwhile: the matching waits for its turns, and what is sketched waits for that. */
static void take_turns_left(void *memory) {
    Memory *m = memory;
    if (turns_left(&m->turns)) take_turns(m, NULL);
}

/* Does a piece of work in shares; `announce`, if any, tells other threads that there are some. */
static int share_turns(Memory *m, uint32_t what, uint32_t shares, void (*announce)(void *), void *whom) {
    uint32_t i;
    turns_begin(&m->turns, what, shares);
    if (announce && shares > 1) announce(whom);
    take_turns(m, m->comparer[0]);
    turns_end(&m->turns);
    for (i = 0; i < m->sketch.bands; i++) m->failed |= m->probed[i].failed;
    for (i = 0; i < MAX_COMPARERS && m->comparer[i]; i++) m->failed |= m->comparer[i]->failed;
    m->failed |= m->exact_probed.failed;
    return !m->failed;
}

/* ---- Before and after the walk ---- */

static int make_room(Memory *m) {
    uint32_t band;
    if (!grow((void **)&m->sequence, &m->sequence_room, 2 * m->to, sizeof *m->sequence) ||
        !grow((void **)&m->skip, &m->skip_room, m->to, 1) ||
        !grow((void **)&m->paragraph, &m->paragraph_room, m->to, sizeof *m->paragraph) || !probed_begin(&m->exact_probed, m->to) ||
        !grow((void **)&m->foreseen, &m->foreseen_room, m->to, sizeof *m->foreseen))
        return 0;
    for (band = 0; band < m->sketch.bands; band++)
        if (!probed_begin(&m->probed[band], m->to)) return 0;
    memset(m->skip + m->from, 0, m->to - m->from);
    memset(m->foreseen + m->from, 0, (m->to - m->from) * sizeof *m->foreseen);
    return 1;
}

/* Asks the tables for the long paragraphs among [from, to) of the batch in hand, and compares what they find. */
static int begin_range(Memory *m, size_t from, size_t to, void (*announce)(void *), void *whom) {
    const Sketch *s = m->batch;
    Probed *e = &m->exact_probed;
    size_t i, row = 0;
    uint32_t shares;
    m->first_fresh = m->originals;
    m->sieve = (Sieve){m->original, s->classes, s->shingles, s->digits, m->set.threshold_ppm, (int)m->set.redundant};
    while (from < to && s->row[from] == NO_ROW) from++;
    while (to > from && s->row[to - 1] == NO_ROW) to--;
    m->first_paragraph = from;
    m->last_paragraph = to;
    m->from = from < to ? s->row[from] : 0;
    m->to = from < to ? s->row[to - 1] + 1u : 0;
    if (m->from == m->to) return 1;
    if (!make_room(m)) return 0;
    for (i = from; i < to; i++) {
        if ((row = s->row[i]) == NO_ROW) continue;
        m->paragraph[row] = (uint32_t)i;
        m->sequence[2 * row] = (uint32_t)(s->sequence[i] >> 32);
        m->sequence[2 * row + 1] = (uint32_t)s->sequence[i];
    }
    if (!group_rows(e, m->sequence, m->sequence + 1, 2, m->from, m->to)) return 0;
    probe_table(e, &m->exact, m->sequence, 2, m->skip, &(Sieve){0}, UINT32_MAX, m->from, m->to);
    for (row = m->from; row < m->to; row++)
        m->skip[row] = e->size[row] || (has_bit(e->shared, row) && e->group[row] != row);
    for (i = 0; i < MAX_COMPARERS && m->comparer[i]; i++) m->comparer[i]->n_weighed = m->comparer[i]->n_added = 0;
    shares = (uint32_t)((to - from + SHARE - 1) / SHARE);
    if (!share_turns(m, ASKING, m->sketch.bands + 1, announce, whom) ||
        !share_turns(m, COMPARING, shares, announce, whom))
        return 0;
    if (!m->sketch.bands) return 1;
    foretell_places(m);
    return share_turns(m, PAIRING, shares, announce, whom);
}

/* Enters the originals of the range into the tables. */
static int end_range(Memory *m, void (*announce)(void *), void *whom) {
    return m->originals == m->first_fresh || share_turns(m, ENTERING, m->sketch.bands + 1, announce, whom);
}

/* ---- The whole ---- */

static int memory_clear(Memory *m) {
    uint32_t band;
    int ok = table_clear(&m->exact);
    for (band = 0; band < m->sketch.bands; band++) ok = ok && table_clear(&m->band[band]);
    m->forgotten += (uint32_t)m->originals;
    m->originals = m->places = m->first_fresh = m->samples.n = 0;
    return ok;
}

static int memory_open(Memory *m, const SketchSettings *sketch, const MatchSettings *set) {
    m->sketch = *sketch;
    m->set = *set;
    m->band = calloc(sketch->bands + 1, sizeof *m->band);
    m->probed = calloc(sketch->bands + 1, sizeof *m->probed);
    m->comparer[0] = comparer_new(m, 0);
    m->taken[0] = 1; /* for good: it is the walk's */
    return m->band && m->probed && m->comparer[0] && !m->comparer[0]->failed && memory_clear(m);
}

/* Frees all but the text that was seen, when nothing more is matched: what a report needs comes from there, and not from
 * pages that were never used, each of which may cost the system microseconds. */
static void memory_let_go(Memory *m) {
    uint32_t i;
    if (m->gone) return;
    m->gone = 1;
    for (i = 0; m->band && i < m->sketch.bands; i++) table_free(&m->band[i]);
    for (i = 0; m->probed && i < m->sketch.bands; i++) probed_free(&m->probed[i]);
    for (i = 0; i < MAX_COMPARERS; i++) comparer_free(m->comparer[i]);
    table_free(&m->exact);
    probed_free(&m->exact_probed);
    free(m->band);
    free(m->probed);
    pages_free(m->original, m->original_room * sizeof *m->original);
    samples_free(&m->samples);
    free(m->link);
    free(m->offset);
    free(m->base);
    free(m->inside);
    free(m->sequence);
    free(m->skip);
    free(m->fresh);
    free(m->foreseen);
    free(m->paragraph);
}

static void memory_free(Memory *m) {
    memory_let_go(m);
    store_free(&m->store);
}
#endif
