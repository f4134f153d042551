/* Borrowings: neighbouring blocks from one earlier document, which count together.
 *
 * The native half of dedup/matching/borrowings.py, which explains the rules, and of what dedup/matching/blocks.py does with them.
 */
#ifndef DEDUP_BORROWINGS_H
#define DEDUP_BORROWINGS_H
#include "settle.h"

#define REACH 32 /* bit 0 of Borrowing.covered is so many places before the first; there are twice as many bits */

static int reaches(const Borrowing *s, size_t h) { return h + REACH >= s->first && h < s->first + REACH; }

static int lacks_place(const Borrowing *s, size_t h) {
    return reaches(s, h) && !(s->covered >> (h + REACH - s->first) & 1);
}

static void count_place(Borrowing *s, size_t h, uint32_t words) {
    if (!lacks_place(s, h)) return;
    s->covered |= 1ull << (h + REACH - s->first);
    s->words += words;
}

/* Paragraph g is sure to be borrowed, if all is. */
static void follow(Borrowing *s, size_t g) {
    if (g > s->last) s->last = g;
}

/* The first and one past the last of the places that blocks repeat, as bits. */
static int first_bit(const Borrowing *s) { return __builtin_ctzll(s->covered); }
static int end_bit(const Borrowing *s) { return 64 - __builtin_clzll(s->covered); }

/* Whether there are enough words, and their places and the strays' fill half of the passage. */
static int proves(const Walk *w, const Borrowing *s) {
    uint64_t passage;
    if (s->words < w->m.set.min_block_words || !s->covered) return 0;
    passage = (~0ull >> (64 - end_bit(s))) & (~0ull << first_bit(s));
    return 2 * __builtin_popcountll((s->covered | s->spent) & passage) >= end_bit(s) - first_bit(s);
}

/* Whether place h is in the passage from the first that a block repeats to the last, or beside it. */
static int adjoins(const Borrowing *s, size_t h) {
    int bit = (int)(h + REACH - s->first);
    return first_bit(s) - 1 <= bit && bit <= end_bit(s);
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

/* Whether a stray may equal place h: no block repeats it, and no other stray. */
static int is_spare(const Borrowing *s, size_t h) {
    return h < s->begin && lacks_place(s, h) && !(s->spent >> (h + REACH - s->first) & 1);
}

/* Short paragraph e, which equals place e->original, is a stray that came to block b. */
static void hold_stray(Walk *w, Run *b, Entry *e) {
    Borrowing *s = &w->borrowing[b->borrowing];
    e->stray = 1;
    if (e->place > b->reach) b->reach = e->place;
    s->spent |= 1ull << (e->original + REACH - s->first);
    s->strays++;
}

/* The entry is no stray any more; the caller says what it is. */
static void release_stray(Walk *w, Entry *e) {
    w->borrowing[w->run[e->block].borrowing].strays--;
    e->stray = 0;
}

/* A stray stays, and is in no block. */
static void drop_stray(Walk *w, Entry *e) {
    Run *b = &w->run[e->block];
    release_stray(w, e);
    e->block = -1;
    if (--b->waiting == 0 && !b->open) finish_block(w, b);
}

/* Removes the strays of a passage that is proved to be borrowed. */
static void free_strays(Walk *w, uint32_t s) {
    size_t i;
    for (i = undecided(w, w->borrowing[s].begin); w->borrowing[s].strays && i < w->m.places; i++) {
        Entry *e = entry_at(w, i);
        if (!in_borrowing(w, e, s) || !e->stray || !adjoins(&w->borrowing[s], e->original)) continue;
        release_stray(w, e);
        e->state = REMOVE;
        w->run[e->block].strays++;
        w->run[e->block].stray_words += e->words;
    }
}

/* A repeat that stands too alone goes only if its own document has shown the same before. */
static void judge_alone(Walk *w, Entry *e) {
    const Document *here = &w->document[w->run[e->block].document];
    Original *o;
    e->state = KEEP;
    if (!e->is_long) return;
    o = &w->m.original[e->original];
    if (w->m.where[e->original].place >= here->first_place || o->shown_in == here->number + 1) e->state = REMOVE;
    else o->shown_in = here->number + 1;
}

/* Judges what its closed blocks have left, once no block beside them may bring more words. */
static void judge_borrowing(Walk *w, uint32_t s) {
    size_t i;
    for (i = 0; i < w->opens; i++) {
        const Run *b = &w->run[w->open[i]];
        if (b->borrowing == s && (!b->whole || reaches(&w->borrowing[s], b->anchor_h))) return;
    }
    for (i = undecided(w, w->borrowing[s].begin); i < w->m.places; i++) {
        Entry *e = entry_at(w, i);
        if (!in_borrowing(w, e, s) || w->run[e->block].open) continue;
        if (e->stray) drop_stray(w, e);
        else judge_alone(w, e);
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
    if (!w->m.failed) follow(&w->borrowing[b->borrowing], b->anchor_g);
}

/* Removes what blocks prove together, and judges what is left if nothing more can be proved. */
static void weigh_borrowing(Walk *w, uint32_t s) {
    if (w->borrowing[s].blocks > 1 && proves(w, &w->borrowing[s])) {
        remove_borrowed(w, s);
        free_strays(w, s);
    }
    judge_borrowing(w, s);
}
#endif
