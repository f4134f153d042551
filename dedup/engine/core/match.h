/* Comparing one paragraph with the originals: the same words, or enough of the same shingles. */
#ifndef DEDUP_MATCH_H
#define DEDUP_MATCH_H
#include "novelty.h"
#include "probe.h"

#define NONE 0xFFFFFFFFu
#define PROTECTED 0xFFFFFFFEu

typedef struct {
    uint32_t max_gap, bucket_capacity, similar, redundant, scope_document;
    uint64_t min_block_words, threshold_ppm;
} MatchSettings;

/* An original that the paragraph in hand was examined against, and what it adds. */
typedef struct {
    uint32_t id, intersection, all;
    int rule;
} Examined;

/* A paragraph of a template is near to hundreds of originals and adds something to each: so many are examined, and
 * of those that lack some of its digits so many more. */
#define MAX_EXAMINED 8
#define MAX_LACKING 2

/* Originals, their tables, and what it takes to read and compare them again. */
typedef struct {
    SketchSettings sketch;
    MatchSettings set;
    Store store;
    Table exact, *band;
    Original *original;
    size_t originals, original_room;
    uint64_t all_originals, full_buckets;
    /* Places: every paragraph of the run (of the document, under scope document) by number. */
    uint32_t *link; /* its original's id; NONE: short; PROTECTED: never removed */
    size_t link_room;
    uint32_t *offset; /* start less base[place >> 10] */
    size_t offset_room;
    uint64_t *base;
    size_t base_room, places;
    uint64_t end; /* of the last place */
    /* The batch in hand. */
    const uint8_t *text;
    uint64_t text_start, text_end;
    const Sketch *batch;
    /* Scratch. */
    ShingleSet mine, theirs;
    int mine_ready;
    size_t paragraph; /* in the batch */
    Lanes lanes;
    uint32_t *shingle;
    size_t shingle_room;
    uint8_t *read_a, *read_b;
    size_t read_a_room, read_b_room;
    Folded fold_a, fold_b;
    Cached *cache;
    size_t cache_left; /* bytes that its shingles may still take */
    /* The range in hand: what the tables said of its rows, and which of them became originals. */
    Probed exact_probed, *probed;
    uint32_t *sequence; /* of each row, the halves of its sequence hash: the upper one is the key in the table */
    size_t sequence_room, from, to;
    uint8_t *skip; /* rows that look exact: their bands are asked for only if they are not */
    size_t skip_room;
    uint32_t *fresh; /* rows of the originals from id first_fresh on */
    size_t fresh_room, first_fresh;
    Turns turns;
    Sieve sieve;
    /* The buckets that the paragraph in hand falls into: found[first[b]] to found[first[b + 1]] for band b. */
    Ids found, equal;
    size_t *first, *front;
    uint32_t *head, bands_padded;
    /* What the paragraph in hand adds to originals. */
    const uint8_t *hand;
    size_t hand_n;
    Novelty novelty;
    int hand_read; /* its terms are there */
    Examined examined[MAX_EXAMINED];
    size_t n_examined;
    uint32_t *lacking;
    size_t lacking_n, lacking_room;
    int failed; /* out of memory, or store.error is set */
} Memory;

static inline uint64_t place_start(const Memory *m, size_t place) {
    return place < m->places ? m->base[place >> 10] + m->offset[place] : m->end;
}

static int place_add(Memory *m, uint64_t start, uint64_t end, uint32_t link) {
    size_t n = m->places;
    if (!grow((void **)&m->link, &m->link_room, n + 1, 4) || !grow((void **)&m->offset, &m->offset_room, n + 1, 4) ||
        !grow((void **)&m->base, &m->base_room, (n >> 10) + 1, 8))
        return 0;
    if ((n & 1023) == 0) m->base[n >> 10] = start;
    m->offset[n] = (uint32_t)(start - m->base[n >> 10]);
    m->link[n] = link;
    m->places = n + 1;
    m->end = end;
    return 1;
}

/* The run's bytes [start, start + n): from the batch in hand, or read again into the buffer; NULL on failure. */
static const uint8_t *fetch(Memory *m, uint64_t start, size_t n, uint8_t **buffer, size_t *room) {
    if (start >= m->text_start && start + n <= m->text_end) return m->text + (start - m->text_start);
    if (!grow((void **)buffer, room, n + 64, 1) || !store_read(&m->store, start, n, *buffer)) {
        m->failed = 1;
        return NULL;
    }
    return *buffer;
}

static const uint8_t *fetch_place(Memory *m, size_t place, size_t *n, uint8_t **buffer, size_t *room) {
    uint64_t start = place_start(m, place);
    *n = (size_t)(place_start(m, place + 1) - start);
    return fetch(m, start, *n, buffer, room);
}

/* Passes what separates ASCII words: how many bytes, or -1 at a byte that is not ASCII. */
static inline ptrdiff_t pass_gap(const uint8_t *p, size_t n) {
    size_t i = 0;
    while (i < n && !is_ascii_word(p[i])) {
        if (p[i] & 0x80) return -1;
        i++;
    }
    return (ptrdiff_t)i;
}

/* As same_words, without folding: 1 or 0, or -1 if a byte that is not ASCII stands before the answer. */
static int same_ascii_words(const uint8_t *a, size_t n, const uint8_t *b, size_t k) {
    size_t i = 0, j = 0;
    int first = 1;
    for (;; first = 0) {
        ptrdiff_t in_a = pass_gap(a + i, n - i), in_b = pass_gap(b + j, k - j);
        if (in_a < 0 || in_b < 0) return -1;
        i += (size_t)in_a;
        j += (size_t)in_b;
        if (i == n || j == k) return i == n && j == k;
        if (!first && !in_a != !in_b) return 0;
        while (i < n && j < k && is_ascii_word(a[i]) && is_ascii_word(b[j]))
            if ((a[i++] | 0x20) != (b[j++] | 0x20)) return 0;
    }
}

/* Whether two texts have the same words in the same order, compared on the folded words themselves. */
static int same_words(Memory *m, const uint8_t *a, size_t n, const uint8_t *b, size_t k) {
    int same;
    if (n == k && memcmp(a, b, n) == 0) return 1;
    if ((same = same_ascii_words(a, n, b, k)) >= 0) return same;
    fold_text(&m->fold_a, &m->lanes.word, a, n);
    fold_text(&m->fold_b, &m->lanes.word, b, k);
    if (m->fold_a.failed || m->fold_b.failed || m->lanes.word.failed) m->failed = 1;
    return m->fold_a.n == m->fold_b.n && memcmp(m->fold_a.bytes, m->fold_b.bytes, m->fold_a.n) == 0;
}

/* The distinct shingles of the paragraph in hand. */
static int ready_mine(Memory *m) {
    const Sketch *s = m->batch;
    size_t i, first = s->word[m->paragraph], n = shingles_of(&m->sketch, s->word[m->paragraph + 1] - s->word[m->paragraph]);
    if (m->mine_ready) return 1;
    if (!set_begin(&m->mine, n)) {
        m->failed = 1;
        return 0;
    }
    for (i = 0; i < n; i++) set_add(&m->mine, s->shingle[first + i]);
    if (!set_draw(&m->mine, s->shingle + first, n)) {
        m->failed = 1;
        return 0;
    }
    return m->mine_ready = 1;
}

/* ---- What is added ---- */

static int examine(Memory *m, uint32_t id, uint32_t intersection, uint32_t all) {
    Examined *e;
    const uint8_t *q;
    size_t n, i;
    for (i = 0; i < m->n_examined; i++)
        if (m->examined[i].id == id) return m->examined[i].rule;
    if (m->n_examined == MAX_EXAMINED) return RULE_WORD;
    q = fetch_place(m, m->original[id].place, &n, &m->read_a, &m->read_a_room);
    if (!q) return RULE_WORD;
    e = &m->examined[m->n_examined++];
    *e = (Examined){id, intersection, all, RULE_NONE};
    if (n == m->hand_n && memcmp(q, m->hand, n) == 0) return RULE_NONE;
    if (!m->hand_read && !side_read(&m->novelty.p, &m->lanes.word, m->hand, m->hand_n)) m->failed = 1;
    m->hand_read = 1;
    if (m->failed || !side_read(&m->novelty.q, &m->lanes.word, q, n)) {
        m->failed = 1;
        return RULE_WORD;
    }
    e->rule = judge(&m->novelty);
    if (m->novelty.failed) m->failed = 1;
    return e->rule;
}

/* What the paragraph in hand, near to an original, adds to it; nothing counts where --remove does not ask for it. */
static int adds(Memory *m, uint32_t id, uint32_t intersection, uint32_t all) {
    return m->set.redundant ? examine(m, id, intersection, all) != RULE_NONE : 0;
}

/* Whether short paragraph p, in the words of q, adds nothing but for that: $5 and -5 are one word. */
static int adds_to_short(Memory *m, const uint8_t *p, size_t n, const uint8_t *q, size_t k) {
    int rule;
    if (!m->set.redundant || (n == k && memcmp(p, q, n) == 0)) return 0;
    m->hand_read = 0;
    if (!side_read(&m->novelty.p, &m->lanes.word, p, n) || !side_read(&m->novelty.q, &m->lanes.word, q, k)) {
        m->failed = 1;
        return 1;
    }
    rule = judge(&m->novelty);
    if (m->novelty.failed) m->failed = 1;
    return rule != RULE_NONE;
}

/* The original with the same words as the long paragraph in hand, or NONE. */
static uint32_t find_exact(Memory *m, size_t row, const uint8_t *p, size_t n, uint64_t sequence) {
    size_t i;
    if (!probed_size(&m->exact_probed, row)) return NONE;
    m->equal.n = 0;
    if (!probed_take(&m->exact_probed, row, &m->equal)) m->failed = 1;
    for (i = 0; i < m->equal.n; i++) {
        uint32_t id = m->equal.id[i];
        const uint8_t *q;
        size_t k;
        if (m->original[id].sequence != sequence) continue;
        q = fetch_place(m, m->original[id].place, &k, &m->read_a, &m->read_a_room);
        if (!q || !same_words(m, p, n, q, k)) continue;
        if (!m->set.redundant || (n == k && memcmp(p, q, n) == 0)) return id;
        if (ready_mine(m) && !adds(m, id, (uint32_t)m->mine.n, (uint32_t)m->mine.n)) return id;
    }
    return NONE;
}

/* Finds the buckets of a row. */
static void find_buckets(Memory *m, size_t row) {
    uint32_t band;
    m->found.n = 0;
    m->sieve.original = m->original;
    for (band = 0; band < m->sketch.bands; band++) {
        Probed *p = &m->probed[band];
        m->first[band] = m->found.n;
        if (p->line[row] == UNASKED && /* it looked exact, and is not */
            !probe_row(p, &m->band[band], m->batch->key[row * m->sketch.bands + band], row, &m->sieve))
            m->failed = 1;
        if (!probed_take(p, row, &m->found)) m->failed = 1;
    }
    m->first[band] = m->found.n;
}


static int is_candidate(const Memory *m, uint32_t id) {
    size_t i;
    for (i = 0; i < m->found.n; i++)
        if (m->found.id[i] == id) return 1;
    return 0;
}

/* Sets the merge of the buckets to their fronts: head[b] is the next id of band b, NONE at its end. */
static void begin_merge(Memory *m) {
    uint32_t band;
    for (band = 0; band < m->bands_padded; band++) m->head[band] = NONE;
    for (band = 0; band < m->sketch.bands; band++) {
        m->front[band] = m->first[band];
        if (m->first[band + 1] > m->first[band]) m->head[band] = m->found.id[m->first[band]];
    }
}

/* The next candidate in input order, each once, or NONE. */
static uint32_t next_candidate(Memory *m) {
    uint32_t least = NONE, band;
    for (band = 0; band < m->bands_padded; band++) least = m->head[band] < least ? m->head[band] : least;
    for (band = 0; least != NONE && band < m->sketch.bands; band++) {
        if (m->head[band] != least) continue;
        m->front[band]++;
        m->head[band] = m->front[band] < m->first[band + 1] ? m->found.id[m->front[band]] : NONE;
    }
    return least;
}

/* The distinct shingles of an original, from the cache or from its text; NULL on failure. */
static const uint32_t *original_shingles(Memory *m, uint32_t id, uint32_t *count) {
    Cached *c = &m->cache[id & (CACHE_SLOTS - 1)];
    Sketch s = {0};
    const uint8_t *text;
    uint64_t invalid = 0;
    size_t n, i, k;
    uint32_t words, *to;
    if (c->n && c->id == id) {
        *count = c->n;
        c->spared = 1;
        return c->shingle;
    }
    text = fetch_place(m, m->original[id].place, &n, &m->read_b, &m->read_b_room);
    if (!text) return NULL;
    m->lanes.n = m->lanes.done = m->lanes.patched = 0;
    m->lanes.readable = text == m->read_b ? text + n + 64 : text + n;
    kernels.hash_words(&m->lanes, text, n, &invalid);
    lanes_flush(&m->lanes);
    words = (uint32_t)m->lanes.done;
    if (m->lanes.word.failed || !grow((void **)&m->shingle, &m->shingle_room, words + 16, 4) ||
        !set_begin(&m->theirs, words)) {
        m->failed = 1;
        return NULL;
    }
    s.words = words;
    s.n = 1;
    s.hash = m->lanes.out;
    s.shingle = m->shingle;
    s.word = (uint32_t[]){0, words};
    sketch_shingles(&s, &m->sketch);
    for (i = k = 0; i < shingles_of(&m->sketch, words); i++)
        if (set_add(&m->theirs, m->shingle[i])) m->shingle[k++] = m->shingle[i];
    *count = (uint32_t)k;
    m->original[id].shingles = COMPARED | *count;
    if (c->n && c->spared) { /* what is asked for often is not put out by what is asked for once */
        c->spared = 0;
        return m->shingle;
    }
    if (k > c->room) {
        if ((k - c->room) * sizeof *to > m->cache_left) return m->shingle;
        to = realloc(c->shingle, k * sizeof *to);
        if (!to) return m->shingle;
        m->cache_left -= (k - c->room) * sizeof *to;
        c->shingle = to;
        c->room = (uint32_t)k;
    }
    memcpy(c->shingle, m->shingle, k * sizeof *m->shingle);
    memcpy(c->parity, m->theirs.parity, sizeof c->parity);
    c->id = id;
    c->n = (uint32_t)k;
    return c->shingle;
}

/* Shingles that two sets of `both` in all must share to reach a threshold. */
static inline uint64_t shared_for(uint64_t threshold_ppm, uint64_t both) {
    return (threshold_ppm * both + 999999 + threshold_ppm) / (1000000 + threshold_ppm);
}

/* Shingles that a set of n must share with the paragraph in hand to be near: by the threshold, or by three quarters of
 * it and nine tenths of the paragraph where that may be contained. */
static inline uint64_t shared_at_least(const Memory *m, uint64_t n) {
    uint64_t t = m->set.threshold_ppm, near = shared_for(t, m->mine.n + n), contained = (9 * m->mine.n + 9) / 10;
    uint64_t least = shared_for(t * 3 / 4, m->mine.n + n);
    if (!m->set.redundant) return near;
    if (contained < least) contained = least;
    return near < contained ? near : contained;
}

/* Whether an original can reach the threshold as far as its size and parity map tell, if they are at hand. */
static inline int plausible(Memory *m, uint32_t id) {
    Cached *c = &m->cache[id & (CACHE_SLOTS - 1)];
    uint64_t n = m->original[id].shingles, need;
    if (!(n & COMPARED)) return 1;
    n &= ~COMPARED;
    need = shared_at_least(m, n);
    if (need > n || need > m->mine.n) return 0;
    if (c->id != id || !c->n) return 1;
    c->spared = 1;
    return kernels.parity_distance(m->mine.parity, c->parity) <= m->mine.n + n - 2 * need;
}

/* Exact Jaccard similarity of the paragraph in hand and an original, in integers; stops as soon as the threshold
 * is out of reach. Returns whether it reaches the threshold. */
static int verify(Memory *m, uint32_t id, uint32_t *intersection, uint32_t *all) {
    const uint32_t *theirs;
    uint32_t n, i, hits = 0, misses_left;
    uint64_t need;
    size_t row = m->batch->row[m->paragraph];
    if (!may_reach(&m->original[id], m->batch->classes[row], m->batch->shingles[row], m->sieve.share,
                   m->sieve.contained))
        return 0;
    if (!ready_mine(m) || !plausible(m, id)) return 0;
    theirs = original_shingles(m, id, &n);
    if (!theirs) return 0;
    need = shared_at_least(m, n);
    if (need > n || need > m->mine.n) return 0;
    misses_left = n - (uint32_t)need;
    if (kernels.lacks(m->mine.bit, (uint32_t)(m->mine.bit_words - 1), theirs, n, misses_left)) return 0;
    for (i = 0; i < n; i++) {
        if (set_has(&m->mine, theirs[i])) hits++;
        else if (misses_left-- == 0) return 0;
    }
    *intersection = hits;
    *all = (uint32_t)(m->mine.n + n - hits);
    return 1;
}

/* Whether the paragraph in hand repeats a candidate: it is near, and adds nothing. */
static int repeats(Memory *m, uint32_t id, uint32_t *intersection, uint32_t *all) {
    return verify(m, id, intersection, all) && !adds(m, id, *intersection, *all);
}

static int by_id(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Leaves the plausible ones of the candidates that were not merged yet, in input order, in found. */
static void keep_plausible(Memory *m) {
    uint32_t band;
    size_t i, kept = 0;
    for (band = 0; band < m->sketch.bands; band++)
        for (i = m->front[band]; i < m->first[band + 1]; i++)
            if (plausible(m, m->found.id[i])) m->found.id[kept++] = m->found.id[i];
    m->found.n = kept;
    if (kept > 1) qsort(m->found.id, kept, sizeof *m->found.id, by_id);
}

/* Makes the paragraph in hand an original; its place must have been added, its buckets found. */
static int remember(Memory *m, uint32_t line, size_t row) {
    uint32_t id = (uint32_t)m->originals, band;
    size_t fresh = id - m->first_fresh;
    Original *o;
    if (!grow((void **)&m->original, &m->original_room, m->originals + 1, sizeof *m->original)) return 0;
    if (!grow((void **)&m->fresh, &m->fresh_room, fresh + 1, sizeof *m->fresh)) return 0;
    m->fresh[fresh] = (uint32_t)row;
    o = &m->original[m->originals++];
    *o = (Original){m->batch->sequence[m->paragraph], (uint32_t)(m->places - 1), line, 0, 0, 0, 0};
    if (m->sketch.bands) {
        o->classes = m->batch->classes[row];
        o->shingles = m->batch->shingles[row];
    }
    if (m->set.redundant) o->digits = digit_map(m->hand, m->hand_n); /* its text is at hand now */
    m->all_originals++;
    if (!probed_add(&m->exact_probed, row, id)) return 0;
    for (band = 0; band < m->sketch.bands; band++) {
        size_t n = probed_size(&m->probed[band], row);
        if (n >= m->set.bucket_capacity) {
            m->probed[band].size[row] = TURNED_AWAY;
            continue;
        }
        if (!probed_add(&m->probed[band], row, id)) return 0;
        m->full_buckets += n + 1 == m->set.bucket_capacity;
    }
    return 1;
}

/* ---- Ranges: asked for before they are walked, entered afterwards. ---- */

/* One table's share of the work on the range; table 0 is that of exact repeats. */
static void take_turn(Memory *m, uint32_t what, uint32_t table) {
    size_t bands = m->sketch.bands, fresh = m->originals - m->first_fresh;
    Probed *p = table ? &m->probed[table - 1] : &m->exact_probed;
    Table *t = table ? &m->band[table - 1] : &m->exact;
    const uint32_t *key = table ? m->batch->key + (table - 1) : m->sequence;
    size_t stride = table ? bands : 2;
    if (what == ENTERING) {
        enter_table(p, t, key, stride, m->fresh, fresh, (uint32_t)m->first_fresh);
    } else if (table) {
        if (group_rows(p, key, key, stride, m->from, m->to))
            probe_table(p, t, key, stride, m->skip, &m->sieve, m->from, m->to);
        else p->failed = 1;
    }
}

/* Takes turns until there are none left; any thread may. */
static void take_turns(Memory *m) {
    uint32_t what, table;
    while (turns_draw(&m->turns, &what, &table)) {
        take_turn(m, what, table);
        turns_did(&m->turns);
    }
}

/* Does a piece of work on all tables; `announce`, if any, tells other threads that there is some. */
static int share_turns(Memory *m, uint32_t what, void (*announce)(void *), void *whom) {
    uint32_t band;
    turns_begin(&m->turns, what, m->sketch.bands + 1);
    if (announce) announce(whom);
    take_turns(m);
    turns_end(&m->turns);
    for (band = 0; band < m->sketch.bands; band++)
        if (m->probed[band].failed) m->failed = 1;
    if (m->exact_probed.failed) m->failed = 1;
    return !m->failed;
}

/* Asks the tables for the long paragraphs among [from, to) of the batch in hand. */
static int begin_range(Memory *m, size_t from, size_t to, void (*announce)(void *), void *whom) {
    const Sketch *s = m->batch;
    Probed *e = &m->exact_probed;
    size_t i, row = 0;
    uint32_t band;
    m->first_fresh = m->originals;
    m->sieve = (Sieve){m->original, s->classes, s->shingles,
                       (float)(1000000 - m->set.threshold_ppm) / (float)(1000000 + m->set.threshold_ppm),
                       (int)m->set.redundant};
    while (from < to && s->row[from] == NO_ROW) from++;
    while (to > from && s->row[to - 1] == NO_ROW) to--;
    m->from = from < to ? s->row[from] : 0;
    m->to = from < to ? s->row[to - 1] + 1u : 0;
    if (m->from == m->to) return 1;
    if (!grow((void **)&m->sequence, &m->sequence_room, 2 * m->to, sizeof *m->sequence) ||
        !grow((void **)&m->skip, &m->skip_room, m->to, 1) || !probed_begin(e, m->to))
        return 0;
    for (band = 0; band < m->sketch.bands; band++)
        if (!probed_begin(&m->probed[band], m->to)) return 0;
    for (i = from; i < to; i++) {
        if ((row = s->row[i]) == NO_ROW) continue;
        m->sequence[2 * row] = (uint32_t)(s->sequence[i] >> 32);
        m->sequence[2 * row + 1] = (uint32_t)s->sequence[i];
    }
    memset(m->skip + m->from, 0, m->to - m->from);
    if (!group_rows(e, m->sequence, m->sequence + 1, 2, m->from, m->to)) return 0;
    probe_table(e, &m->exact, m->sequence, 2, m->skip, &(Sieve){0}, m->from, m->to);
    for (row = m->from; row < m->to; row++)
        m->skip[row] = e->size[row] || (e->group[row] != ALONE && e->group[row] != row);
    return share_turns(m, ASKING, announce, whom);
}

/* Enters the originals of the range into the tables. */
static int end_range(Memory *m, void (*announce)(void *), void *whom) {
    return m->originals == m->first_fresh || share_turns(m, ENTERING, announce, whom);
}

static uint64_t original_digits(Memory *m, uint32_t id) {
    Original *o = &m->original[id];
    const uint8_t *text;
    size_t n;
    if (o->digits) return o->digits;
    text = fetch_place(m, o->place, &n, &m->read_b, &m->read_b_room);
    return o->digits = text ? digit_map(text, n) : 0;
}

/* Moves the candidates in found that lack some digits of the paragraph in hand to lacking. */
static void set_lacking_apart(Memory *m) {
    size_t i, kept = 0;
    uint64_t mine;
    m->lacking_n = 0;
    if (m->found.n < 2) return;
    mine = digit_map(m->hand, m->hand_n);
    if (mine == DIGITS_KNOWN) return;
    if (!grow((void **)&m->lacking, &m->lacking_room, m->found.n, sizeof *m->lacking)) {
        m->failed = 1;
        return;
    }
    for (i = 0; i < m->found.n && !m->failed; i++) {
        uint32_t id = m->found.id[i];
        if (mine & ~original_digits(m, id)) m->lacking[m->lacking_n++] = id;
        else m->found.id[kept++] = id;
    }
    m->found.n = kept;
}

/* Leaves the plausible ones of n originals, in input order; returns how many. */
static size_t sift_ids(Memory *m, uint32_t *id, size_t n) {
    size_t i, kept = 0;
    for (i = 0; i < n; i++)
        if (plausible(m, id[i])) id[kept++] = id[i];
    if (kept > 1) qsort(id, kept, sizeof *id, by_id);
    return kept;
}

static int memory_clear(Memory *m) {
    uint32_t band;
    int ok = table_clear(&m->exact);
    for (band = 0; band < m->sketch.bands; band++) ok = ok && table_clear(&m->band[band]);
    for (band = 0; band < CACHE_SLOTS; band++) m->cache[band].n = 0;
    m->originals = m->places = m->first_fresh = 0;
    return ok;
}

static int memory_open(Memory *m, const SketchSettings *sketch, const MatchSettings *set) {
    m->sketch = *sketch;
    m->set = *set;
    m->band = calloc(sketch->bands + 1, sizeof *m->band);
    m->cache = calloc(CACHE_SLOTS, sizeof *m->cache);
    m->cache_left = CACHE_BYTES;
    m->first = calloc(sketch->bands + 2, sizeof *m->first);
    m->front = calloc(sketch->bands + 1, sizeof *m->front);
    m->bands_padded = (sketch->bands + 15) & ~15u;
    m->head = calloc(m->bands_padded + 1, sizeof *m->head);
    m->probed = calloc(sketch->bands + 1, sizeof *m->probed);
    return m->band && m->cache && m->first && m->front && m->head && m->probed && memory_clear(m);
}

static void memory_free(Memory *m) {
    uint32_t i;
    for (i = 0; m->band && i < m->sketch.bands; i++) table_free(&m->band[i]);
    for (i = 0; m->cache && i < CACHE_SLOTS; i++) free(m->cache[i].shingle);
    word_free(&m->lanes.word);
    free(m->lanes.out);
    table_free(&m->exact);
    free(m->band);
    free(m->original);
    free(m->link);
    free(m->offset);
    free(m->base);
    free(m->store.segment);
    free(m->store.tag);
    free(m->store.block);
    set_free(&m->mine);
    set_free(&m->theirs);
    free(m->shingle);
    free(m->lacking);
    novelty_free(&m->novelty);
    free(m->read_a);
    free(m->read_b);
    free(m->fold_a.bytes);
    free(m->fold_b.bytes);
    free(m->cache);
    free(m->found.id);
    free(m->equal.id);
    free(m->first);
    free(m->front);
    free(m->head);
    for (i = 0; m->probed && i < m->sketch.bands; i++) probed_free(&m->probed[i]);
    free(m->probed);
    probed_free(&m->exact_probed);
    free(m->sequence);
    free(m->skip);
    free(m->fresh);
}
#endif
