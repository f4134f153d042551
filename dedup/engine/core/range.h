/* Ranges: the paragraphs of a batch, or of one document of it, that are looked up before they are walked. The tables
 * are asked for all of them, then each is compared with the originals that were found, and after the walk those that
 * became originals are entered. Threads share all three; the walk between them only follows blocks. */
#ifndef DEDUP_RANGE_H
#define DEDUP_RANGE_H
#include "ahead.h"

#define SHARE 32 /* paragraphs that a thread compares at a turn */

/* ---- Turns ---- */

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
    for (i = 0; i < MAX_COMPARERS && m->comparer[i]; i++)
        m->comparer[i]->weighed.n = m->comparer[i]->more.n = m->comparer[i]->n_added = 0;
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
    pages_free(m->where, m->where_room * sizeof *m->where);
    samples_free(&m->samples);
    pages_free(m->link, m->link_room * sizeof *m->link);
    pages_free(m->offset, m->offset_room * sizeof *m->offset);
    free(m->base);
    free(m->line);
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
