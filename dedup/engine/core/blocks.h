/* Blocks: runs of repeats parallel to one earlier passage, and what of them is removed.
 *
 * The native half of dedup/matching/blocks.py, which explains the rules; names agree.
 */
#ifndef DEDUP_BLOCKS_H
#define DEDUP_BLOCKS_H
#include "borrowings.h"

static void leave_block(Walk *w, Entry *e) {
    w->run[e->block].waiting--;
    e->block = -1;
}

/* Whether entry e waits in block b for a long one that confirms it. */
static int is_pending(const Walk *w, const Run *b, const Entry *e) {
    return e->block == (int32_t)(b - w->run) && e->state == OPEN && !e->confirmed && !e->stray;
}

static void drop_pending(Walk *w, Run *b) {
    size_t i;
    for (i = undecided(w, b->anchor_g + 1); b->pending && i <= b->g; i++) {
        Entry *e = entry_at(w, i);
        if (!is_pending(w, b, e)) continue;
        leave_block(w, e);
        b->pending--;
    }
    b->g = b->anchor_g;
    b->h = b->anchor_h;
}

/* Pending ones are none; those that directly followed what was borrowed may be strays at their places. */
static void give_up_pending(Walk *w, Run *b) {
    size_t i;
    for (i = undecided(w, b->anchor_g + 1); b->pending && i <= b->g; i++) {
        Entry *e = entry_at(w, i);
        if (!is_pending(w, b, e)) continue;
        b->pending--;
        if (e->follows && e->words && is_spare(&w->borrowing[b->borrowing], e->original)) hold_stray(w, b, e);
        else leave_block(w, e);
    }
    b->g = b->anchor_g;
    b->h = b->anchor_h;
}

/* Removes the confirmed members of a whole block that are not decided yet, and what it proves with those beside it. */
static void mark_whole(Walk *w, Run *b) {
    size_t i = undecided(w, b->marked);
    if (!b->whole) b->whole = b->document == b->passage_document || b->words >= w->m.set.min_block_words;
    for (; b->whole && i <= b->anchor_g; i++) {
        Entry *e = entry_at(w, i);
        if (e->block == (int32_t)(b - w->run) && e->confirmed && e->state == OPEN) e->state = REMOVE;
    }
    if (b->whole) b->marked = b->anchor_g + 1;
    weigh_borrowing(w, b->borrowing);
}

/* Member e of block b is sure; h is its place in the passage. */
static void confirm(Walk *w, Run *b, Entry *e, size_t h) {
    count_place(&w->borrowing[b->borrowing], h, e->words);
    follow(&w->borrowing[b->borrowing], e->place);
    e->confirmed = 1;
    b->words += e->words;
    b->paragraphs++;
}

static void confirm_pending(Walk *w, Run *b) {
    size_t i;
    for (i = undecided(w, b->anchor_g + 1); b->pending && i <= b->g; i++) {
        Entry *e = entry_at(w, i);
        if (!is_pending(w, b, e)) continue;
        confirm(w, b, e, e->original);
        b->pending--;
    }
}

/* A long repeat e goes on with block b at place h of the passage. */
static void join(Walk *w, Run *b, Entry *e, size_t h, int from_anchor) {
    if (from_anchor) give_up_pending(w, b);
    else confirm_pending(w, b);
    e->block = (int32_t)(b - w->run);
    b->waiting++;
    confirm(w, b, e, h);
    b->g = b->anchor_g = e->place;
    b->h = b->anchor_h = h;
    mark_whole(w, b);
}

static int equal_short(Walk *w, size_t place, const Entry *e) {
    Comparer *c = own(w);
    size_t n, k = (size_t)(e->end - e->start);
    const uint8_t *q, *p;
    if (!is_short_link(w->m.link[place]) || w->m.link[place] != w->m.link[e->place]) return 0;
    q = fetch_place(c, place, &n, &c->read_a, &c->read_a_room);
    p = q ? fetch(c, e->start, k, &c->read_b, &c->read_b_room) : NULL;
    if (!p || !same_words(c, p, k, q, n)) return 0;
    if (e->words) return !adds_to_short(c, p, k, q, n);
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
        if (e->is_long || e->state != OPEN || (e->block >= 0 && !e->stray) || !equal_short(w, h - 1, e)) break;
        if (e->stray) drop_stray(w, e);
        g--;
        h--;
        e->block = (int32_t)(b - w->run);
        e->kind = KIND_SHORT;
        e->original = (uint32_t)h;
        b->waiting++;
        confirm(w, b, e, h);
    }
    b->first = b->marked = g;
    b->first_h = h;
    if (w->borrowing[b->borrowing].begin > g) w->borrowing[b->borrowing].begin = g;
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
    borrow(w, b, h);
    if (w->m.failed) return;
    confirm(w, b, e, h);
    extend_left(w, b);
    mark_whole(w, b);
}

static void close_block(Walk *w, size_t position) {
    Run *b = &w->run[w->open[position]];
    give_up_pending(w, b);
    b->open = 0;
    memmove(w->open + position, w->open + position + 1, (w->opens - position - 1) * sizeof *w->open);
    w->opens--;
    w->borrowing[b->borrowing].open--;
    weigh_borrowing(w, b->borrowing);
    if (b->in_use && b->waiting == 0) finish_block(w, b);
}

static void close_passed(Walk *w, size_t place) {
    size_t i = 0;
    while (i < w->opens) {
        Run *b = &w->run[w->open[i]];
        if (place - (b->g > b->reach ? b->g : b->reach) - 1 > w->m.set.max_gap || b->pending >= MAX_PENDING) close_block(w, i);
        else i++;
    }
}

/* The strays that came to block b stay: it leaves what they are borrowed with. */
static void drop_strays(Walk *w, const Run *b) {
    size_t i;
    for (i = undecided(w, b->anchor_g + 1); i <= b->reach && i < w->m.places; i++) {
        Entry *e = entry_at(w, i);
        if (e->block == (int32_t)(b - w->run) && e->stray) drop_stray(w, e);
    }
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
            drop_strays(w, b);
            b->h = b->anchor_h = b->first_h = j;
            b->passage_document = document;
            change_borrowing(w, b, j);
            mark_whole(w, b);
            join(w, b, e, h, 0);
            return 1;
        }
    }
    return 0;
}
#endif
