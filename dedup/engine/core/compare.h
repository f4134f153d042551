/* Comparing one paragraph with the originals: the same words, or enough of the same shingles and nothing new.
 *
 * Every thread that compares has a comparer of its own; what they share, memory.h, none of them changes. */
#ifndef DEDUP_COMPARE_H
#define DEDUP_COMPARE_H
#include "memory.h"
#include "novelty.h"

/* An original that the paragraph in hand was examined against, and what it adds. */
typedef struct {
    uint32_t id, intersection, all;
    int rule;
} Examined;

/* A paragraph of a template is near to hundreds of originals and adds something to each: so many are examined, and
 * of those that lack some of its digits so many more. */
#define MAX_EXAMINED 8
#define MAX_LACKING 2
#define PICKED 16 /* candidates that are picked one by one before the rest is sorted */

/* The terms of originals that were examined lately: a template is examined against the same few again and again. */
#define SIDE_SLOTS 512
#define SIDE_BYTES 1024 /* of a paragraph whose terms are kept */

typedef struct {
    uint32_t id;
    int in_use;
    Side side;
} ReadSide;

struct Comparer {
    Memory *m;
    Blocks blocks;
    ShingleSet mine, theirs;
    int mine_ready;
    Lanes lanes;
    uint32_t *shingle;
    size_t shingle_room;
    uint8_t *read_a, *read_b;
    size_t read_a_room, read_b_room;
    Folded fold_a, fold_b;
    Cached *cache;
    size_t cache_left; /* bytes that its shingles may still take */
    ReadSide *side;
    /* The paragraph in hand. */
    size_t paragraph; /* in the batch */
    const uint8_t *hand;
    size_t hand_n;
    int hand_read; /* its terms are there */
    Ids found, lacking, equal; /* originals in its buckets, those that lack digits of it, those in its words */
    /* What it adds to originals. */
    Novelty novelty;
    Examined examined[MAX_EXAMINED];
    size_t n_examined;
    Examined *weighed; /* near originals of the rows that were foreseen with this comparer */
    size_t n_weighed, weighed_room;
    uint32_t number;
    int failed; /* out of memory, or store.error is set */
};

static void take_in_hand(Comparer *c, size_t paragraph) {
    const Sketch *s = c->m->batch;
    c->paragraph = paragraph;
    c->hand = c->m->text + s->start[paragraph];
    c->hand_n = s->end[paragraph] - s->start[paragraph];
    c->hand_read = 0;
    c->n_examined = 0;
    c->mine_ready = 0;
    c->found.n = 0;
}

/* The run's bytes [start, start + n): from the batch in hand, or read again into the buffer; NULL on failure. */
static const uint8_t *fetch(Comparer *c, uint64_t start, size_t n, uint8_t **buffer, size_t *room) {
    if (start >= c->m->text_start && start + n <= c->m->text_end) return c->m->text + (start - c->m->text_start);
    if (!grow((void **)buffer, room, n + 64, 1) || !store_read(&c->m->store, &c->blocks, start, n, *buffer)) {
        c->failed = 1;
        return NULL;
    }
    return *buffer;
}

static const uint8_t *fetch_place(Comparer *c, size_t place, size_t *n, uint8_t **buffer, size_t *room) {
    uint64_t start = place_start(c->m, place);
    *n = (size_t)(place_start(c->m, place + 1) - start);
    return fetch(c, start, *n, buffer, room);
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
static int same_words(Comparer *c, const uint8_t *a, size_t n, const uint8_t *b, size_t k) {
    int same;
    if (n == k && memcmp(a, b, n) == 0) return 1;
    if ((same = same_ascii_words(a, n, b, k)) >= 0) return same;
    fold_text(&c->fold_a, &c->lanes.word, a, n);
    fold_text(&c->fold_b, &c->lanes.word, b, k);
    if (c->fold_a.failed || c->fold_b.failed || c->lanes.word.failed) c->failed = 1;
    return c->fold_a.n == c->fold_b.n && memcmp(c->fold_a.bytes, c->fold_b.bytes, c->fold_a.n) == 0;
}

/* The distinct shingles of the paragraph in hand. */
static int ready_mine(Comparer *c) {
    const Sketch *s = c->m->batch;
    size_t i, first = s->word[c->paragraph], n = shingles_of(&c->m->sketch, s->word[c->paragraph + 1] - s->word[c->paragraph]);
    if (c->mine_ready) return 1;
    if (!set_begin(&c->mine, n)) {
        c->failed = 1;
        return 0;
    }
    for (i = 0; i < n; i++) set_add(&c->mine, s->shingle[first + i]);
    if (!set_draw(&c->mine, s->shingle + first, n)) {
        c->failed = 1;
        return 0;
    }
    return c->mine_ready = 1;
}

/* ---- What is added ---- */

static inline int is_blank(uint8_t c) { return is_space(c) || is_end(c); }

/* Whether two texts differ in the width of their white space only; where a line end may have cut a word, it is not told. */
static int same_but_for_space(const uint8_t *a, size_t n, const uint8_t *b, size_t k) {
    size_t i = 0, j = 0;
    for (;;) {
        size_t in_a = i, in_b = j;
        while (i < n && is_blank(a[i])) i++;
        while (j < k && is_blank(b[j])) j++;
        if (i == n || j == k) return i == n && j == k;
        if ((i > in_a) != (j > in_b) && in_a) return 0;
        if (i > in_a && in_a && (a[in_a - 1] == '-' || a[in_a - 1] >= 0x80)) return 0;
        while (i < n && j < k && !is_blank(a[i]) && !is_blank(b[j]))
            if (a[i++] != b[j++]) return 0;
    }
}

/* Judges what the paragraph in hand adds to q, whose terms may be there already. */
static int weigh_text(Comparer *c, const uint8_t *q, size_t n, int there) {
    int rule;
    if (!c->hand_read && !side_read(&c->novelty.p, &c->lanes.word, c->hand, c->hand_n)) c->failed = 1;
    c->hand_read = 1;
    if (!c->failed && !there && !side_read(&c->novelty.q, &c->lanes.word, q, n)) c->failed = 1;
    rule = c->failed ? RULE_WORD : judge(&c->novelty);
    if (c->novelty.failed) c->failed = 1;
    return rule;
}

/* Judges what the paragraph in hand adds to original id. */
static int weigh(Comparer *c, uint32_t id) {
    uint32_t key = id + c->m->forgotten;
    ReadSide *kept = &c->side[key & (SIDE_SLOTS - 1)];
    Side scratch = c->novelty.q;
    const uint8_t *q = NULL;
    size_t n = 0;
    int rule, there = kept->in_use && kept->id == key;
    if (!there && !(q = fetch_place(c, c->m->original[id].place, &n, &c->read_a, &c->read_a_room))) return RULE_WORD;
    if (n > SIDE_BYTES) return weigh_text(c, q, n, 0);
    c->novelty.q = kept->side;
    rule = weigh_text(c, q, n, there);
    kept->side = c->novelty.q;
    kept->id = key;
    kept->in_use = !c->failed;
    c->novelty.q = scratch;
    return rule;
}

/* Examines the paragraph in hand against an original, or remembers what came of it. */
static int examine(Comparer *c, uint32_t id, uint32_t intersection, uint32_t all, const Examined *known) {
    Examined *e;
    const uint8_t *q;
    size_t n, i;
    for (i = 0; i < c->n_examined; i++)
        if (c->examined[i].id == id) return c->examined[i].rule;
    if (c->n_examined == MAX_EXAMINED) return RULE_WORD;
    e = &c->examined[c->n_examined++];
    *e = (Examined){id, intersection, all, known ? known->rule : RULE_NONE};
    if (known) return e->rule;
    if (intersection == all) { /* perhaps the same words */
        q = fetch_place(c, c->m->original[id].place, &n, &c->read_a, &c->read_a_room);
        if (q && same_but_for_space(c->hand, c->hand_n, q, n)) return RULE_NONE;
    }
    return e->rule = weigh(c, id);
}

/* What the paragraph in hand, near to an original, adds to it; nothing counts where --remove does not ask for it. */
static int adds(Comparer *c, uint32_t id, uint32_t intersection, uint32_t all, const Examined *known) {
    return c->m->set.redundant ? examine(c, id, intersection, all, known) != RULE_NONE : 0;
}

/* Whether short paragraph p, in the words of q, adds nothing but for that: $5 and -5 are one word. */
static int adds_to_short(Comparer *c, const uint8_t *p, size_t n, const uint8_t *q, size_t k) {
    int rule;
    if (!c->m->set.redundant || (n == k && memcmp(p, q, n) == 0)) return 0;
    c->hand_read = 0;
    if (!side_read(&c->novelty.p, &c->lanes.word, p, n) || !side_read(&c->novelty.q, &c->lanes.word, q, k)) {
        c->failed = 1;
        return 1;
    }
    rule = judge(&c->novelty);
    if (c->novelty.failed) c->failed = 1;
    return rule != RULE_NONE;
}

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

static int is_candidate(const Comparer *c, uint32_t id) {
    size_t i;
    for (i = 0; i < c->found.n; i++)
        if (c->found.id[i] == id) return 1;
    return 0;
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
    text = fetch_place(c, c->m->original[id].place, &n, &c->read_b, &c->read_b_room);
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
    original_compared(&c->m->original[id], *count);
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

/* Shingles that two sets of `both` in all must share to reach a threshold. */
static inline uint64_t shared_for(uint64_t threshold_ppm, uint64_t both) {
    return (threshold_ppm * both + 999999 + threshold_ppm) / (1000000 + threshold_ppm);
}

/* Shingles that a set of n must share with the paragraph in hand to be near: by the threshold, or by half of it
 * and nine tenths of the paragraph where that may be contained. */
static inline uint64_t shared_at_least(const Comparer *c, uint64_t n) {
    uint64_t t = c->m->set.threshold_ppm, near = shared_for(t, c->mine.n + n), contained = (9 * c->mine.n + 9) / 10;
    uint64_t least = shared_for(t / 2, c->mine.n + n);
    if (!c->m->set.redundant) return near;
    if (contained < least) contained = least;
    return near < contained ? near : contained;
}

/* Whether an original can reach the threshold as far as its size and parity map tell, if they are at hand. */
static inline int plausible(Comparer *c, uint32_t id) {
    uint32_t key = id + c->m->forgotten;
    Cached *kept = &c->cache[key & (CACHE_SLOTS - 1)];
    uint64_t n = original_size(&c->m->original[id]), need;
    if (!(n & COMPARED)) return 1;
    n &= ~COMPARED;
    need = shared_at_least(c, n);
    if (need > n || need > c->mine.n) return 0;
    if (kept->id != key || !kept->n) return 1;
    kept->spared = 1;
    return kernels.parity_distance(c->mine.parity, kept->parity) <= c->mine.n + n - 2 * need;
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
    size_t row = c->m->batch->row[c->paragraph];
    if (!may_reach(&c->m->original[id], c->m->batch->classes[row], c->m->batch->shingles[row], c->m->sieve.share,
                   c->m->sieve.contained))
        return 0;
    if (!ready_mine(c) || !plausible(c, id)) return 0;
    theirs = original_shingles(c, id, &n);
    return theirs && is_near(c, theirs, n, intersection, all);
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

/* Whether the paragraph in hand repeats a candidate: it is near, and adds nothing. */
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

/* Moves the candidates in found that lack some digits of the paragraph in hand to lacking. */
static void set_lacking_apart(Comparer *c) {
    size_t i, kept = 0;
    uint64_t mine;
    c->lacking.n = 0;
    if (c->found.n < 2) return;
    mine = c->m->batch->digits[c->m->batch->row[c->paragraph]];
    if (mine == DIGITS_KNOWN) return;
    if (!grow((void **)&c->lacking.id, &c->lacking.room, c->found.n, sizeof *c->lacking.id)) {
        c->failed = 1;
        return;
    }
    for (i = 0; i < c->found.n && !c->failed; i++) {
        uint32_t id = c->found.id[i];
        if (mine & ~c->m->original[id].digits) c->lacking.id[c->lacking.n++] = id;
        else c->found.id[kept++] = id;
    }
    c->found.n = kept;
}

/* The first of the candidates that is accepted before `most` originals were examined, or NONE. */
static uint32_t first_accepted(Comparer *c, Ids found, size_t most, uint32_t *intersection, uint32_t *all) {
    Order order = {found.id, found.n, 0, 0, 0};
    uint32_t id;
    if (!found.n || !ready_mine(c)) return NONE;
    while (c->n_examined < most && !c->failed && (id = next_candidate(c, &order)) != NONE)
        if (repeats(c, id, intersection, all)) return id;
    return NONE;
}

/* The earliest of the candidates in found that the paragraph repeats, or NONE; with the rule in force, those that have
 * all digits of the paragraph are tried first: most variants have other figures. */
static uint32_t find_near(Comparer *c, uint32_t *intersection, uint32_t *all) {
    uint32_t id;
    size_t most;
    if (!c->m->set.redundant) return first_accepted(c, c->found, MAX_EXAMINED, intersection, all);
    set_lacking_apart(c);
    id = first_accepted(c, c->found, MAX_EXAMINED, intersection, all);
    if (id != NONE || !c->lacking.n) return id;
    most = c->n_examined + MAX_LACKING < MAX_EXAMINED ? c->n_examined + MAX_LACKING : MAX_EXAMINED;
    return first_accepted(c, c->lacking, most, intersection, all);
}

static Comparer *comparer_new(Memory *m, uint32_t number) {
    Comparer *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->m = m;
    c->number = number;
    c->cache = calloc(CACHE_SLOTS, sizeof *c->cache);
    c->cache_left = CACHE_BYTES;
    c->side = calloc(SIDE_SLOTS, sizeof *c->side);
    c->failed = !c->cache || !c->side;
    return c;
}

static void comparer_free(Comparer *c) {
    size_t i;
    if (!c) return;
    for (i = 0; c->cache && i < CACHE_SLOTS; i++) free(c->cache[i].shingle);
    for (i = 0; c->side && i < SIDE_SLOTS; i++) side_free(&c->side[i].side);
    blocks_free(&c->blocks);
    word_free(&c->lanes.word);
    free(c->lanes.out);
    set_free(&c->mine);
    set_free(&c->theirs);
    novelty_free(&c->novelty);
    free(c->shingle);
    free(c->read_a);
    free(c->read_b);
    free(c->fold_a.bytes);
    free(c->fold_b.bytes);
    free(c->cache);
    free(c->side);
    free(c->found.id);
    free(c->equal.id);
    free(c->lacking.id);
    free(c->weighed);
    free(c);
}
#endif
