/* Borrowings: neighbouring blocks from one earlier document, which count together.
 *
 * The native half of dedup/borrowings.py, which explains the rules, and of what dedup/blocks.py does with them.
 */
#ifndef DEDUP_BORROWINGS_H
#define DEDUP_BORROWINGS_H
#include "settle.h"

#define REACH 32 /* bit 0 of Borrowing.covered is so many places before the first; there are twice as many bits */

static int lacks_place(const Borrowing *s, size_t h) {
    size_t bit = h + REACH - s->first;
    return h + REACH >= s->first && bit < 2 * REACH && !(s->covered >> bit & 1);
}

static void count_place(Borrowing *s, size_t h, uint32_t words) {
    if (!lacks_place(s, h)) return;
    s->covered |= 1ull << (h + REACH - s->first);
    s->words += words;
}

/* Whether there are enough words, and their places fill half of the passage from first to last. */
static int proves(const Walk *w, const Borrowing *s) {
    int passage;
    if (s->words < w->m.set.min_block_words || !s->covered) return 0;
    passage = 64 - __builtin_clzll(s->covered) - __builtin_ctzll(s->covered);
    return 2 * __builtin_popcountll(s->covered) >= passage;
}

static int in_borrowing(const Walk *w, const Entry *e, uint32_t s) {
    return e->block >= 0 && e->state == OPEN && w->run[e->block].borrowing == s;
}

/* Removes the members of all its blocks so far. */
static void remove_borrowed(Walk *w, uint32_t s) {
    size_t i;
    for (i = undecided(w, w->borrowing[s].begin); i < w->m.places; i++) {
        Entry *e = entry_at(w, i);
        if (in_borrowing(w, e, s) && e->confirmed) e->state = REMOVE;
    }
}

/* A repeat that stands too alone goes only if its own document has shown the same before. */
static void judge_alone(Walk *w, Entry *e) {
    const Document *here = &w->document[w->run[e->block].document];
    Original *o;
    e->state = KEEP;
    if (!e->is_long) return;
    o = &w->m.original[e->original];
    if (o->place >= here->first_place || o->shown_in == here->number + 1) e->state = REMOVE;
    else o->shown_in = here->number + 1;
}

/* Judges what its closed blocks have left, once no block beside them waits for more words, as they do. */
static void judge_borrowing(Walk *w, uint32_t s) {
    size_t i;
    for (i = 0; i < w->opens; i++) {
        const Run *b = &w->run[w->open[i]];
        if (b->borrowing == s && !b->whole) return;
    }
    for (i = undecided(w, w->borrowing[s].begin); i < w->m.places; i++) {
        Entry *e = entry_at(w, i);
        if (in_borrowing(w, e, s) && !w->run[e->block].open) judge_alone(w, e);
    }
}

static uint32_t new_borrowing(Walk *w, const Run *b, size_t h) {
    size_t i;
    for (i = 0; i < w->borrowings && w->borrowing[i].open; i++) {}
    if (i == w->borrowings) {
        if (!grow((void **)&w->borrowing, &w->borrowing_room, w->borrowings + 1, sizeof *w->borrowing)) {
            FAIL(w);
            return 0;
        }
        w->borrowings++;
    }
    w->borrowing[i] = (Borrowing){.begin = b->first, .document = b->passage_document, .first = h};
    return (uint32_t)i;
}

/* Lets open block b count together with an open one from the same earlier document, if its place h is another. */
static void borrow(Walk *w, Run *b, size_t h) {
    uint32_t found = NONE;
    size_t i;
    for (i = 0; i < w->opens && found == NONE; i++) {
        const Run *other = &w->run[w->open[i]];
        const Borrowing *s;
        if (other == b) continue;
        s = &w->borrowing[other->borrowing];
        if (s->document == b->passage_document && lacks_place(s, h)) found = other->borrowing;
    }
    b->borrowing = found == NONE ? new_borrowing(w, b, h) : found;
    if (w->m.failed) return;
    w->borrowing[b->borrowing].blocks++;
    w->borrowing[b->borrowing].open++;
    if (w->borrowing[b->borrowing].begin > b->first) w->borrowing[b->borrowing].begin = b->first;
}

/* Open block b, of one member, has moved to place h. What it counted stays counted: that is in its old passage, too. */
static void change_borrowing(Walk *w, Run *b, size_t h) {
    uint32_t left = b->borrowing;
    w->borrowing[left].open--;
    b->borrowing = NONE; /* so that its entry is in none of both */
    judge_borrowing(w, left);
    borrow(w, b, h);
    if (!w->m.failed) count_place(&w->borrowing[b->borrowing], h, (uint32_t)b->words);
}

/* Removes and judges what is certain after block b took new members; alone it proves no more than it is whole. */
static void weigh_borrowing(Walk *w, const Run *b) {
    const Borrowing *s = &w->borrowing[b->borrowing];
    if (s->blocks < 2) return;
    if (proves(w, s)) remove_borrowed(w, b->borrowing);
    judge_borrowing(w, b->borrowing);
}
#endif
