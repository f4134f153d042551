/* The walk: repeats, the blocks they form, and what is removed, one paragraph after the other.
 *
 * The native half of dedup/repeats.py and dedup/blocks.py, which explain the rules; names agree.
 */
#ifndef DEDUP_WALK_H
#define DEDUP_WALK_H
#include "match.h"

#define MAX_PENDING 256
#define MAX_EDGE 16
#define LARGEST 16
#define MERGED 16
#define LIST_WORDS 16 /* a line of a list has fewer words */
#define LIST_RUN 6    /* so many such lines in a row are a list */

enum { KIND_EXACT, KIND_NEAR, KIND_SHORT };
enum { OPEN, KEEP, REMOVE };

/* A paragraph between being read and being decided. */
typedef struct {
    uint64_t start, end;
    size_t place;
    uint32_t line, words;
    uint32_t original; /* id, of a long repeat; place in the passage, of a short one */
    uint32_t intersection, all;
    int32_t block; /* -1: in none */
    uint8_t is_long, kind, state, confirmed;
} Entry;

typedef struct {
    uint64_t start, end, original_start, original_end;
    uint32_t line, last_line, original_line, original_last_line, original_document;
    uint32_t words, intersection, all;
    uint8_t kind, removed;
} Detail;

typedef struct {
    size_t first, g, h, anchor_g, anchor_h, first_h; /* places here (g) and in the earlier passage (h) */
    size_t marked;                                   /* members before it are decided */
    size_t document, passage_document;               /* positions in Walk.document */
    uint64_t words, paragraphs, long_members, pending, waiting;
    uint64_t start, end, removed_words, removed_paragraphs;
    uint32_t line, last_line, only_original;
    int in_use, open, whole, told;
    Detail *detail;
    size_t details, detail_room;
} Run;

typedef struct {
    size_t first_place;
    uint64_t start; /* offset in the run */
    uint32_t number, unit;
} Document;

typedef struct {
    uint64_t bytes, paragraphs, words, removed_bytes, removed_paragraphs, removed_words, exact, near_, short_;
    uint64_t kept_repeats, blocks, invalid, variants;
    uint32_t document, unit;
} Totals;

typedef struct {
    uint64_t start, end, original_start, original_end; /* in their documents */
    uint32_t document, original_document, line, last_line, original_line, original_last_line;
    uint64_t paragraphs, words, removed_paragraphs, removed_words;
    Detail *detail;
    size_t details;
} Finding;

typedef struct {
    uint64_t start, end;
} Span;

/* A near match that stays; its new words are new_word[first] to new_word[last]. */
typedef struct {
    uint64_t start, end, original_start, original_end; /* in their documents */
    uint32_t document, original_document, line, last_line, original_line, original_last_line;
    uint32_t words, intersection, all;
    int rule;
    size_t first, last;
} FoundVariant;

typedef struct {
    uint32_t place, root;
} Root;

typedef struct {
    Memory m;
    int details;
    Document *document;
    size_t documents, document_room;
    uint64_t lines; /* line ends of the document in hand before the piece in hand */
    uint64_t list_lines; /* short lines in a row, up to the paragraph in hand */
    uint32_t line_words[LIST_WORDS]; /* words of the last paragraphs, by place modulo LIST_WORDS */
    Totals now;
    Entry *queue; /* entries [head, tail), their places consecutive */
    size_t head, tail, queue_room;
    size_t last_long;     /* place + 1 of the last long paragraph */
    Run *run;
    size_t runs, run_room;
    int32_t *open; /* open blocks, oldest first */
    size_t opens, open_room;
    Root *root; /* removed short paragraphs, by place */
    size_t roots, root_room;
    /* What was settled since the last call. */
    Span *keep;
    size_t keeps, keep_room;
    uint64_t until;
    Totals *total;
    size_t totals, total_room;
    Finding *finding;
    size_t findings, finding_room;
    Finding largest[LARGEST + 1];
    size_t largests;
    void (*announce)(void *); /* tells other threads that there are turns to take; NULL if there are none */
    void *whom;
    FoundVariant *variant;
    size_t variants, variant_room;
    uint8_t *newness; /* the words that variants add, end to end */
    size_t newness_n, newness_room;
    Span *new_word; /* in newness */
    size_t new_words, new_word_room;
    uint64_t variants_by_rule[6];
} Walk;

#define FAIL(w) ((w)->m.failed = 1)

static inline Entry *entry_at(Walk *w, size_t place) { return &w->queue[w->head + (place - w->queue[w->head].place)]; }

/* The first place from `place` on that is still undecided; decided ones have left the queue. */
static inline size_t undecided(const Walk *w, size_t place) {
    size_t first = w->head < w->tail ? w->queue[w->head].place : w->m.places;
    return place > first ? place : first;
}

static size_t document_of(const Walk *w, size_t place) {
    size_t low = 0, high = w->documents;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (w->document[middle].first_place <= place) low = middle;
        else high = middle;
    }
    return low;
}

/* One past the last place of a document so far. */
static size_t document_end(const Walk *w, size_t document) {
    return document + 1 < w->documents ? w->document[document + 1].first_place : w->m.places;
}

/* ---- Lines ---- */

static uint64_t lines_between(Walk *w, uint64_t start, uint64_t end) {
    uint64_t n = 0;
    while (start < end && !w->m.failed) {
        size_t part = end - start > (1u << 20) ? (1u << 20) : (size_t)(end - start);
        const uint8_t *text;
        text = fetch(&w->m, start, part, &w->m.read_a, &w->m.read_a_room);
        if (!text) break;
        if (part == (1u << 20) && text[part - 1] == '\r') part--; /* keep "\r\n" in one piece */
        n += kernels.count_lines(text, part);
        start += part;
    }
    return n;
}

/* Line ends inside the text of a paragraph, the white space after it left out. */
static uint32_t lines_inside(Walk *w, size_t document, uint64_t start, uint64_t end) {
    size_t n = (size_t)(end - start);
    const uint8_t *text;
    if (w->document[document].unit == UNIT_LINE) return 0;
    text = fetch(&w->m, start, n, &w->m.read_a, &w->m.read_a_room);
    if (!text) return 0;
    while (n && (is_space(text[n - 1]) || is_end(text[n - 1]))) n--;
    return (uint32_t)kernels.count_lines(text, n);
}

/* The line on which a place starts, counted from the nearest original before it. */
static uint32_t line_of(Walk *w, size_t document, size_t place) {
    size_t low = 0, high = w->m.originals;
    uint64_t from = w->document[document].start;
    uint32_t line = 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (w->m.original[middle].place <= place) low = middle + 1;
        else high = middle;
    }
    if (low && w->m.original[low - 1].place >= w->document[document].first_place) {
        line = w->m.original[low - 1].line;
        from = place_start(&w->m, w->m.original[low - 1].place);
    }
    return line + (uint32_t)lines_between(w, from, place_start(&w->m, place));
}

/* ---- Blocks ---- */

static size_t root_of(const Walk *w, size_t place) {
    size_t low = 0, high = w->roots;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (w->root[middle].place < place) low = middle + 1;
        else high = middle;
    }
    return low < w->roots && w->root[low].place == place ? w->root[low].root : place;
}

static void leave_block(Walk *w, Entry *e) {
    w->run[e->block].waiting--;
    e->block = -1;
}

static void drop_pending(Walk *w, Run *b) {
    size_t i;
    for (i = undecided(w, b->anchor_g + 1); b->pending && i <= b->g; i++) {
        Entry *e = entry_at(w, i);
        if (e->block == (int32_t)(b - w->run) && !e->confirmed) {
            leave_block(w, e);
            b->pending--;
        }
    }
    b->pending = 0;
    b->g = b->anchor_g;
    b->h = b->anchor_h;
}

/* Removes the confirmed members of a whole block that are not decided yet. */
static void mark_whole(Walk *w, Run *b) {
    size_t i = undecided(w, b->marked);
    if (!b->whole) b->whole = b->document == b->passage_document || b->words >= w->m.set.min_block_words;
    if (!b->whole) return;
    for (; i <= b->anchor_g; i++) {
        Entry *e = entry_at(w, i);
        if (e->block == (int32_t)(b - w->run) && e->confirmed && e->state == OPEN) e->state = REMOVE;
    }
    b->marked = b->anchor_g + 1;
}

static void confirm(Run *b, Entry *e) {
    e->confirmed = 1;
    b->words += e->words;
    b->paragraphs++;
    b->long_members += e->is_long;
}

static void confirm_pending(Walk *w, Run *b) {
    size_t i;
    for (i = undecided(w, b->anchor_g + 1); b->pending && i <= b->g; i++) {
        Entry *e = entry_at(w, i);
        if (e->block != (int32_t)(b - w->run) || e->confirmed) continue;
        confirm(b, e);
        b->pending--;
    }
}

/* A long repeat e goes on with block b at place h of the passage. */
static void join(Walk *w, Run *b, Entry *e, size_t h, int from_anchor) {
    if (from_anchor) drop_pending(w, b);
    else confirm_pending(w, b);
    e->block = (int32_t)(b - w->run);
    b->waiting++;
    confirm(b, e);
    b->g = b->anchor_g = e->place;
    b->h = b->anchor_h = h;
    mark_whole(w, b);
}

static int equal_short(Walk *w, size_t place, const Entry *e) {
    size_t n, k = (size_t)(e->end - e->start);
    const uint8_t *q, *p;
    if (w->m.link[place] != NONE) return 0;
    q = fetch_place(&w->m, place, &n, &w->m.read_a, &w->m.read_a_room);
    p = q ? fetch(&w->m, e->start, k, &w->m.read_b, &w->m.read_b_room) : NULL;
    if (!p || !same_words(&w->m, p, k, q, n)) return 0;
    if (e->words) return !adds_to_short(&w->m, p, k, q, n);
    while (n && (is_space(q[n - 1]) || is_end(q[n - 1]))) n--;
    while (k && (is_space(p[k - 1]) || is_end(p[k - 1]))) k--;
    while (n && (is_space(*q) || is_end(*q))) q++, n--;
    while (k && (is_space(*p) || is_end(*p))) p++, k--;
    return n && n == k && memcmp(p, q, n) == 0;
}

/* The short paragraphs right before a new block that stand right before its passage, too. */
static void extend_left(Walk *w, Run *b) {
    size_t i, h = b->first_h, g = b->first;
    for (i = 1; i <= MAX_EDGE; i++) {
        Entry *e;
        if (g == undecided(w, 0) || h == w->document[b->passage_document].first_place || h > g - 1) break;
        /* every place of the passage lies before the block: also after it grew */
        if (b->h >= g - 1) break;
        e = entry_at(w, g - 1);
        if (e->is_long || e->state != OPEN || e->block >= 0 || !equal_short(w, h - 1, e)) break;
        g--;
        h--;
        e->block = (int32_t)(b - w->run);
        e->kind = KIND_SHORT;
        e->original = (uint32_t)h;
        b->waiting++;
        confirm(b, e);
    }
    b->first = b->marked = g;
    b->first_h = h;
}

static int32_t new_run(Walk *w) {
    size_t i;
    for (i = 0; i < w->runs && w->run[i].in_use; i++) {}
    if (i == w->runs) {
        if (!grow((void **)&w->run, &w->run_room, w->runs + 1, sizeof *w->run)) {
            FAIL(w);
            return -1;
        }
        w->runs++;
    }
    memset(&w->run[i], 0, sizeof w->run[i]);
    w->run[i].in_use = w->run[i].open = 1;
    return (int32_t)i;
}

static void open_block(Walk *w, Entry *e, size_t h) {
    int32_t i = new_run(w);
    Run *b;
    if (i < 0 || !grow((void **)&w->open, &w->open_room, w->opens + 1, sizeof *w->open)) {
        FAIL(w);
        return;
    }
    w->open[w->opens++] = i;
    b = &w->run[i];
    b->first = b->g = b->anchor_g = b->marked = e->place;
    b->h = b->anchor_h = b->first_h = h;
    b->document = w->documents - 1;
    b->passage_document = document_of(w, h);
    b->only_original = e->original;
    e->block = i;
    b->waiting++;
    confirm(b, e);
    extend_left(w, b);
    mark_whole(w, b);
}

static void finish_block(Walk *w, Run *b);

static void close_block(Walk *w, size_t position) {
    Run *b = &w->run[w->open[position]];
    size_t i;
    drop_pending(w, b);
    for (i = undecided(w, b->marked); !b->whole && i <= b->anchor_g; i++) {
        Entry *e = entry_at(w, i);
        Original *o;
        if (e->block != (int32_t)(b - w->run) || e->state != OPEN) continue;
        e->state = KEEP;
        if (!e->is_long) continue;
        o = &w->m.original[e->original];
        if (o->place >= w->document[b->document].first_place || o->shown_in == w->document[b->document].number + 1)
            e->state = REMOVE;
        else
            o->shown_in = w->document[b->document].number + 1;
    }
    b->open = 0;
    memmove(w->open + position, w->open + position + 1, (w->opens - position - 1) * sizeof *w->open);
    w->opens--;
    if (b->waiting == 0) finish_block(w, b);
}

static void close_passed(Walk *w, size_t place) {
    size_t i = 0;
    while (i < w->opens) {
        Run *b = &w->run[w->open[i]];
        if (place - b->g - 1 > w->m.set.max_gap || b->pending >= MAX_PENDING) close_block(w, i);
        else i++;
    }
}

/* ---- Repeats ---- */

/* Counts the lines of a list up to and with the paragraph in hand. */
static void count_list(Walk *w, const Entry *e) {
    w->list_lines = e->words < LIST_WORDS ? w->list_lines + 1 : 0;
    w->line_words[e->place % LIST_WORDS] = e->words;
}

/* Whether a paragraph repeats original o, one of the lines just before it in a list: no farther than its own length. */
static int is_listed(const Walk *w, const Entry *e, uint32_t o) {
    size_t i = w->m.original[o].place, lines = e->place - i + 1;
    uint64_t words = 0;
    if (lines > LIST_WORDS || w->list_lines < LIST_RUN || w->list_lines < lines) return 0;
    while (++i < e->place) words += w->line_words[i % LIST_WORDS];
    return words <= e->words;
}

/* Whether the long paragraph in hand, whose equal is `exact`, repeats original o. */
static int accepted(Walk *w, uint32_t o, uint32_t exact, Entry *e) {
    if (exact != NONE) return o == exact;
    return is_candidate(&w->m, o) && repeats(&w->m, o, &e->intersection, &e->all);
}

/* Tries to go on with block b from (g, h); *to gets the place. */
static int continues(Walk *w, const Run *b, size_t g, size_t h, uint32_t exact, Entry *e, size_t *to) {
    size_t i, end = document_end(w, b->passage_document), last = h + 1 + w->m.set.max_gap;
    if (e->place - g - 1 > w->m.set.max_gap) return 0;
    if (end > b->first) end = b->first;
    for (i = h + 1; i <= last && i < end; i++) {
        uint32_t o = w->m.link[i];
        if (o == NONE || o == PROTECTED || is_listed(w, e, o) || !accepted(w, o, exact, e)) continue;
        e->original = o;
        *to = i;
        return 1;
    }
    return 0;
}

static int continue_any(Walk *w, uint32_t exact, Entry *e) {
    size_t i, h;
    for (i = 0; i < w->opens; i++) {
        Run *b = &w->run[w->open[i]];
        if (continues(w, b, b->g, b->h, exact, e, &h)) {
            join(w, b, e, h, 0);
            return 1;
        }
        if (b->g != b->anchor_g && continues(w, b, b->anchor_g, b->anchor_h, exact, e, &h)) {
            join(w, b, e, h, 1);
            return 1;
        }
    }
    return 0;
}

/* A block of one paragraph whose original also stands right before h is part of the same copy: moves it there. */
static int reanchor(Walk *w, Entry *e, size_t h) {
    size_t i, back, document = document_of(w, h);
    for (i = 0; i < w->opens; i++) {
        Run *b = &w->run[w->open[i]];
        if (b->paragraphs != 1 || e->place - b->anchor_g - 1 > w->m.set.max_gap) continue;
        for (back = 1; back <= 1 + w->m.set.max_gap && back <= h; back++) {
            size_t j = h - back;
            if (j < w->document[document].first_place) break;
            if (h >= b->first || w->m.link[j] != b->only_original) continue;
            drop_pending(w, b);
            b->h = b->anchor_h = b->first_h = j;
            b->passage_document = document;
            b->whole = 0;
            join(w, b, e, h, 0);
            return 1;
        }
    }
    return 0;
}

/* Those of the candidates that have all digits of the paragraph first: most variants have other figures. */
static uint32_t find_redundant(Walk *w, Entry *e) {
    Memory *m = &w->m;
    size_t i, kept, most;
    set_lacking_apart(m);
    kept = sift_ids(m, m->found.id, m->found.n);
    for (i = 0; i < kept && m->n_examined < MAX_EXAMINED && !m->failed; i++) {
        if (i && m->found.id[i] == m->found.id[i - 1]) continue;
        if (repeats(m, m->found.id[i], &e->intersection, &e->all)) return m->found.id[i];
    }
    most = m->n_examined + MAX_LACKING < MAX_EXAMINED ? m->n_examined + MAX_LACKING : MAX_EXAMINED;
    if (m->lacking_n && m->n_examined < most) kept = sift_ids(m, m->lacking, m->lacking_n);
    else kept = 0;
    for (i = 0; i < kept && m->n_examined < most && !m->failed; i++) {
        if (i && m->lacking[i] == m->lacking[i - 1]) continue;
        if (repeats(m, m->lacking[i], &e->intersection, &e->all)) return m->lacking[i];
    }
    return NONE;
}

/* The earliest accepted candidate, or NONE. Most repeats have theirs among the first few; a variant of a template
 * meets hundreds in vain, and those are sifted all at once. */
static uint32_t find_original(Walk *w, uint32_t exact, Entry *e) {
    Memory *m = &w->m;
    uint32_t id = NONE;
    size_t i;
    if (exact != NONE || !m->found.n) return exact;
    if (m->set.redundant) return ready_mine(m) ? find_redundant(w, e) : NONE;
    begin_merge(m);
    for (i = 0; i < MERGED && (id = next_candidate(m)) != NONE && !m->failed; i++)
        if (verify(m, id, &e->intersection, &e->all)) return id;
    if (id == NONE || m->failed) return NONE;
    keep_plausible(m);
    for (i = 0; i < m->found.n && !m->failed; i++) {
        if (i && m->found.id[i] == m->found.id[i - 1]) continue;
        if (verify(m, m->found.id[i], &e->intersection, &e->all)) return m->found.id[i];
    }
    return NONE;
}

/* Counts the paragraph in hand, an original that was examined in vain, as a variant of the most similar one. */
static void add_variant(Walk *w, const Entry *e) {
    Memory *m = &w->m;
    const Examined *best = m->examined;
    const Document *here = &w->document[w->documents - 1], *there;
    size_t i, document, place;
    FoundVariant *f;
    const uint8_t *q;
    for (i = 1; i < m->n_examined; i++) {
        const Examined *x = &m->examined[i];
        uint64_t more = (uint64_t)x->intersection * best->all, less = (uint64_t)best->intersection * x->all;
        if (more > less || (more == less && x->id < best->id)) best = x;
    }
    w->now.variants++;
    w->variants_by_rule[best->rule]++;
    if (!w->details) return;
    q = fetch_place(m, m->original[best->id].place, &i, &m->read_a, &m->read_a_room);
    if (!q || !side_read(&m->novelty.q, &m->lanes.word, q, i) ||
        !grow((void **)&w->variant, &w->variant_room, w->variants + 1, sizeof *w->variant)) {
        FAIL(w);
        return;
    }
    judge(&m->novelty);
    f = &w->variant[w->variants++];
    f->first = w->new_words;
    for (i = 0; i < m->novelty.n_added; i++) {
        const Term *t = side_term(&m->novelty.p, m->novelty.added[i]);
        size_t n = t->end - t->start;
        if (!grow((void **)&w->newness, &w->newness_room, w->newness_n + n, 1) ||
            !grow((void **)&w->new_word, &w->new_word_room, w->new_words + 1, sizeof *w->new_word)) {
            FAIL(w);
            return;
        }
        memcpy(w->newness + w->newness_n, m->hand + t->start, n);
        w->new_word[w->new_words++] = (Span){w->newness_n, w->newness_n + n};
        w->newness_n += n;
    }
    f->last = w->new_words;
    place = m->original[best->id].place;
    document = document_of(w, place);
    there = &w->document[document];
    f->document = here->number;
    f->original_document = there->number;
    f->start = e->start - here->start;
    f->end = e->end - here->start;
    f->line = e->line;
    f->last_line = e->line + lines_inside(w, w->documents - 1, e->start, e->end);
    f->original_start = place_start(m, place) - there->start;
    f->original_end = place_start(m, place + 1) - there->start;
    f->original_line = m->original[best->id].line;
    f->original_last_line = f->original_line + lines_inside(w, document, place_start(m, place), place_start(m, place + 1));
    f->words = e->words;
    f->intersection = best->intersection;
    f->all = best->all;
    f->rule = best->rule;
}

static void step_long(Walk *w, Entry *e) {
    Memory *m = &w->m;
    const Sketch *s = m->batch;
    size_t row = s->row[m->paragraph];
    uint32_t exact;
    m->hand = m->text + (e->start - m->text_start);
    m->hand_n = (size_t)(e->end - e->start);
    m->hand_read = 0;
    m->n_examined = 0;
    m->mine_ready = 0;
    m->found.n = 0;
    exact = find_exact(m, row, m->hand, m->hand_n, s->sequence[m->paragraph]);
    e->kind = exact == NONE ? KIND_NEAR : KIND_EXACT;
    if (exact == NONE) find_buckets(m, row);
    if (exact != NONE || m->found.n) {
        if (exact != NONE && w->details && ready_mine(m)) e->intersection = e->all = (uint32_t)m->mine.n;
        if (!continue_any(w, exact, e)) {
            uint32_t o = find_original(w, exact, e);
            if (o == NONE) goto original;
            e->original = o;
            if (is_listed(w, e, o)) e->state = KEEP;
            else if (!reanchor(w, e, m->original[o].place)) open_block(w, e, m->original[o].place);
        }
        m->link[m->places - 1] = e->original;
        return;
    }
original:
    e->state = KEEP;
    if (m->n_examined) add_variant(w, e);
    m->link[m->places - 1] = (uint32_t)m->originals;
    if (!remember(m, e->line, row)) FAIL(w);
}

static void step_short(Walk *w, Entry *e) {
    size_t i, h;
    for (i = 0; i < w->opens; i++) {
        Run *b = &w->run[w->open[i]];
        size_t end = document_end(w, b->passage_document);
        if (end > b->first) end = b->first;
        for (h = b->h + 1; h <= b->h + 1 + w->m.set.max_gap && h < end; h++) {
            if (!equal_short(w, h, e)) continue;
            e->block = w->open[i];
            e->kind = KIND_SHORT;
            e->original = (uint32_t)h;
            b->waiting++;
            if (b->g == b->anchor_g && e->place == b->g + 1 && h == b->h + 1) {
                confirm(b, e);
                b->anchor_g = e->place;
                b->anchor_h = h;
            } else {
                b->pending++;
            }
            b->g = e->place;
            b->h = h;
            mark_whole(w, b);
            return;
        }
    }
}

/* ---- Settling ---- */

static void add_detail(Walk *w, Run *b, const Entry *e) {
    size_t place = e->is_long ? w->m.original[e->original].place : root_of(w, e->original);
    size_t document = document_of(w, place);
    const Document *here = &w->document[b->document], *there = &w->document[document];
    Detail *d;
    if (!grow((void **)&b->detail, &b->detail_room, b->details + 1, sizeof *b->detail)) {
        FAIL(w);
        return;
    }
    d = &b->detail[b->details++];
    d->start = e->start - here->start;
    d->end = e->end - here->start;
    d->line = e->line;
    d->last_line = e->line + lines_inside(w, b->document, e->start, e->end);
    d->original_start = place_start(&w->m, place) - there->start;
    d->original_end = place_start(&w->m, place + 1) - there->start;
    d->original_line = e->is_long ? w->m.original[e->original].line : line_of(w, document, place);
    d->original_last_line = d->original_line + lines_inside(w, document, d->original_start + there->start,
                                                            d->original_end + there->start);
    d->original_document = there->number;
    d->words = e->words;
    d->intersection = e->is_long ? e->intersection : 0;
    d->all = e->is_long ? e->all : 0;
    d->kind = e->kind;
    d->removed = e->state == REMOVE;
}

static void count_removed(Walk *w, const Entry *e) {
    Totals *t = &w->now;
    t->removed_bytes += e->end - e->start;
    t->removed_paragraphs++;
    t->removed_words += e->words;
    t->exact += e->kind == KIND_EXACT;
    t->near_ += e->kind == KIND_NEAR;
    t->short_ += e->kind == KIND_SHORT;
}

/* A decided paragraph leaves the queue. */
static void settle(Walk *w, const Entry *e) {
    w->until = e->end;
    if (e->state == KEEP) {
        if (w->keeps && w->keep[w->keeps - 1].end == e->start) {
            w->keep[w->keeps - 1].end = e->end;
        } else if (grow((void **)&w->keep, &w->keep_room, w->keeps + 1, sizeof *w->keep)) {
            w->keep[w->keeps++] = (Span){e->start, e->end};
        } else {
            FAIL(w);
        }
    } else {
        count_removed(w, e);
    }
    if (e->block >= 0) {
        Run *b = &w->run[e->block];
        if (!b->told) {
            b->told = 1;
            b->start = e->start;
            b->line = e->line;
        }
        b->end = e->end;
        b->last_line = e->line + lines_inside(w, b->document, e->start, e->end);
        if (e->state == REMOVE) {
            b->removed_paragraphs++;
            b->removed_words += e->words;
        } else {
            w->now.kept_repeats += e->is_long;
        }
        if (!e->is_long && e->state == REMOVE) {
            if (!grow((void **)&w->root, &w->root_room, w->roots + 1, sizeof *w->root)) {
                FAIL(w);
                return;
            }
            w->root[w->roots] = (Root){(uint32_t)e->place, (uint32_t)root_of(w, e->original)};
            w->roots++;
        }
        if (w->details) add_detail(w, b, e);
        if (--b->waiting == 0 && !b->open) finish_block(w, b);
    }
}

static void settle_queue(Walk *w, int document_ended) {
    while (w->head < w->tail) {
        Entry *e = &w->queue[w->head];
        if (e->state == OPEN) {
            if (e->block >= 0) break;
            if (!document_ended && e->place >= w->last_long && w->m.places - e->place <= MAX_EDGE) break;
            e->state = KEEP;
        }
        settle(w, e);
        w->head++;
    }
    if (w->head == w->tail) w->head = w->tail = 0;
}

static int larger(const Finding *a, const Finding *b) {
    if (a->removed_words != b->removed_words) return a->removed_words > b->removed_words;
    if (a->document != b->document) return a->document < b->document;
    return a->start < b->start;
}

static void keep_largest(Walk *w, const Finding *f) {
    size_t i = w->largests;
    for (; i > 0 && larger(f, &w->largest[i - 1]); i--) w->largest[i] = w->largest[i - 1];
    w->largest[i] = *f;
    w->largest[i].detail = NULL;
    w->largest[i].details = 0;
    if (w->largests < LARGEST) w->largests++;
}

/* A closed block all of whose members are decided becomes a finding. */
static void finish_block(Walk *w, Run *b) {
    const Document *here = &w->document[b->document], *there = &w->document[b->passage_document];
    Finding f = {0};
    int large;
    f.document = here->number;
    f.start = b->start - here->start;
    f.removed_words = b->removed_words;
    large = b->removed_words > 0 && (w->largests < LARGEST || larger(&f, &w->largest[LARGEST - 1]));
    w->now.blocks += b->removed_paragraphs > 0;
    if (large || w->details) {
        f.end = b->end - here->start;
        f.line = b->line;
        f.last_line = b->last_line;
        f.original_document = there->number;
        f.original_start = place_start(&w->m, b->first_h) - there->start;
        f.original_end = place_start(&w->m, b->anchor_h + 1) - there->start;
        f.original_line = line_of(w, b->passage_document, b->first_h);
        f.original_last_line = f.original_line +
                               (uint32_t)lines_between(w, f.original_start + there->start,
                                                       place_start(&w->m, b->anchor_h)) +
                               lines_inside(w, b->passage_document, place_start(&w->m, b->anchor_h),
                                            place_start(&w->m, b->anchor_h + 1));
        f.paragraphs = b->paragraphs;
        f.words = b->words;
        f.removed_paragraphs = b->removed_paragraphs;
        if (large) keep_largest(w, &f);
    }
    if (w->details && grow((void **)&w->finding, &w->finding_room, w->findings + 1, sizeof *w->finding)) {
        f.detail = b->detail;
        f.details = b->details;
        w->finding[w->findings++] = f;
    } else {
        if (w->details) FAIL(w);
        free(b->detail);
    }
    b->in_use = 0;
    b->detail = NULL;
}

/* ---- Documents and batches ---- */

static void begin_document(Walk *w, uint32_t number, uint32_t unit, uint64_t start) {
    if (w->m.set.scope_document) w->documents = w->roots = 0; /* the memory is cleared before */
    if (!grow((void **)&w->document, &w->document_room, w->documents + 1, sizeof *w->document)) {
        FAIL(w);
        return;
    }
    if (w->m.places == 0) w->m.end = start;
    w->document[w->documents++] = (Document){w->m.places, start, number, unit};
    w->lines = 0;
    w->list_lines = 0;
    w->last_long = 0;
    memset(&w->now, 0, sizeof w->now);
    w->now.document = number;
    w->now.unit = unit;
}

static void end_document(Walk *w) {
    while (w->opens) close_block(w, 0);
    settle_queue(w, 1);
    if (!grow((void **)&w->total, &w->total_room, w->totals + 1, sizeof *w->total)) {
        FAIL(w);
        return;
    }
    w->total[w->totals++] = w->now;
}

static Entry *push(Walk *w, uint64_t start, uint64_t end, uint32_t line, uint32_t words, int is_long) {
    Entry *e;
    if (w->head > 4096 && w->head > w->tail / 2) {
        memmove(w->queue, w->queue + w->head, (w->tail - w->head) * sizeof *w->queue);
        w->tail -= w->head;
        w->head = 0;
    }
    if (!grow((void **)&w->queue, &w->queue_room, w->tail + 1, sizeof *w->queue) ||
        !place_add(&w->m, start, end, NONE)) {
        FAIL(w);
        return NULL;
    }
    e = &w->queue[w->tail++];
    *e = (Entry){start, end, w->m.places - 1, line, words, 0, 0, 0, -1, (uint8_t)is_long, 0, OPEN, 0};
    return e;
}

static void walk_piece(Walk *w, size_t p) {
    Memory *m = &w->m;
    const Sketch *s = m->batch;
    size_t i;
    for (i = s->piece[p]; i < s->piece[p + 1] && !m->failed; i++) {
        uint32_t words = s->word[i + 1] - s->word[i];
        Entry *e = push(w, m->text_start + s->start[i], m->text_start + s->end[i],
                        (uint32_t)(w->lines + s->line[i] + 1), words, s->row[i] != NO_ROW);
        if (!e) return;
        m->paragraph = i;
        w->now.paragraphs++;
        w->now.words += words;
        w->now.bytes += e->end - e->start;
        count_list(w, e);
        if (w->opens) close_passed(w, e->place);
        if (s->kept && s->kept[i]) {
            e->is_long = 0;
            e->state = KEEP;
            m->link[m->places - 1] = PROTECTED;
        } else if (e->is_long) {
            step_long(w, e);
            w->last_long = m->places;
        } else if (w->opens) {
            step_short(w, e);
        }
        settle_queue(w, 0);
    }
    w->lines += s->lines[p];
    w->now.invalid += s->invalid[p];
}

typedef struct {
    uint32_t document;
    int first, last;
} WalkPiece;

/* One past the last piece that is looked up in one go with piece p: under scope document, of the same document. */
static size_t range_end(const Walk *w, const Sketch *s, const WalkPiece *more, size_t p) {
    size_t q = p + 1;
    while (q < s->pieces && !(w->m.set.scope_document && more[q].first)) q++;
    return q;
}

/* Walks a sketched batch, in input order. Afterwards keep, total and finding hold what was settled; the caller
 * empties them. Returns 0 on failure: store.error tells a read error from a lack of memory. */
static int walk(Walk *w, const uint8_t *text, uint64_t text_start, size_t n, const Sketch *s, const SketchPiece *pieces,
                const WalkPiece *more) {
    size_t p, q;
    w->m.text = text;
    w->m.text_start = text_start;
    w->m.text_end = text_start + n;
    w->m.batch = s;
    for (p = 0; p < s->pieces && !w->m.failed; p = q) {
        q = range_end(w, s, more, p);
        if (w->m.set.scope_document && more[p].first && !memory_clear(&w->m)) FAIL(w);
        if (w->m.failed || !begin_range(&w->m, s->piece[p], s->piece[q], w->announce, w->whom)) FAIL(w);
        for (; p < q && !w->m.failed; p++) {
            if (more[p].first) begin_document(w, more[p].document, pieces[p].unit, text_start + pieces[p].start);
            if (!w->m.failed) walk_piece(w, p);
            if (more[p].last && !w->m.failed) end_document(w);
        }
        if (!w->m.failed && !end_range(&w->m, w->announce, w->whom)) FAIL(w);
    }
    w->m.text = NULL;
    w->m.text_start = w->m.text_end = 0;
    w->m.batch = NULL;
    return !w->m.failed;
}

static void walk_forget(Walk *w) {
    size_t i;
    for (i = 0; i < w->findings; i++) free(w->finding[i].detail);
    w->keeps = w->totals = w->findings = w->variants = w->newness_n = w->new_words = 0;
}

static void walk_free(Walk *w) {
    size_t i;
    walk_forget(w);
    for (i = 0; i < w->runs; i++) free(w->run[i].detail);
    memory_free(&w->m);
    free(w->document);
    free(w->queue);
    free(w->run);
    free(w->open);
    free(w->root);
    free(w->keep);
    free(w->total);
    free(w->finding);
    free(w->variant);
    free(w->newness);
    free(w->new_word);
}
#endif
