/* What one thread needs to compare paragraphs with the originals. What the threads share, memory.h, none of them
 * changes while they compare. */
#ifndef DEDUP_COMPARER_H
#define DEDUP_COMPARER_H
#include "memory.h"
#include "novelty.h"

/* An original that the paragraph in hand was examined against, and what it adds: the new terms, if they are wanted, are
 * n_added from `added` on of comparer `by`. */
typedef struct {
    uint32_t id, intersection, all;
    int rule;
    uint32_t by, added, n_added;
} Examined;

#define UNTOLD 0xFFFFFFFFu /* new terms that were not asked for */

typedef struct {
    Examined *at;
    size_t n, room;
} Weighed;

/* A stretch of a paragraph. */
typedef struct {
    uint32_t start, end;
} Stretch;

/* Originals that a paragraph is examined against for what it adds, those included where a block goes on. */
#define MAX_EXAMINED 8

/* The terms of originals that were examined lately: a template is examined against the same few again and again. */
#define SIDE_SLOTS 512
#define SIDE_BYTES 1024 /* of a paragraph whose terms are kept */
_Static_assert(SIDE_BYTES <= SHORT_TEXT, "they outlive the text that they were read from");

typedef struct {
    uint32_t id;
    int in_use;
    Side side;
} ReadSide;

enum { GATHERED = 1, DRAWN };

struct Comparer {
    Memory *m;
    Blocks blocks;
    ShingleSet mine, theirs;
    int mine_ready; /* whether mine is that of the paragraph in hand: not, GATHERED, or DRAWN */
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
    int hand_read; /* its terms are there, or some of them */
    Ids found, equal; /* originals in its buckets, and those in its words */
    uint32_t *apart;  /* scratch: how far it is from those found */
    size_t apart_room;
    /* What it adds to originals. */
    Novelty novelty;
    Examined examined[MAX_EXAMINED];
    size_t n_examined;
    Weighed weighed; /* near originals of the rows that were foreseen with this comparer */
    Weighed more;    /* and what was found of them when all were: then others read `weighed`, which must stay where it is */
    Stretch *added; /* what those add */
    size_t n_added, added_room;
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
    free(c->apart);
    free(c->weighed.at);
    free(c->more.at);
    free(c->added);
    free(c);
}
#endif
