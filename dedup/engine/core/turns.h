/* Turns: work shared out among threads; whoever is free draws the next share. */
#ifndef DEDUP_TURNS_H
#define DEDUP_TURNS_H
#include <sched.h>
#include <stdint.h>

enum { AT_REST, ASKING, COMPARING, PAIRING, ENTERING };

typedef struct {
    uint64_t ticket; /* what is done << 56 | how many shares << 28 | the next share: in one word, for a thread may draw
                      * the one behind the last when the next work begins */
    uint32_t done, shares;
} Turns;

static inline uint32_t turns_what(uint64_t ticket) { return (uint32_t)(ticket >> 56); }

static inline uint32_t turns_share(uint64_t ticket) { return (uint32_t)ticket & 0xFFFFFFF; }

/* Whether a ticket is one for a share. */
static inline int turns_valid(uint64_t ticket) {
    return turns_what(ticket) != AT_REST && turns_share(ticket) < turns_share(ticket >> 28);
}

static inline void turns_begin(Turns *t, uint64_t what, uint32_t shares) {
    __atomic_store_n(&t->done, 0, __ATOMIC_RELAXED);
    t->shares = shares;
    __atomic_store_n(&t->ticket, what << 56 | (uint64_t)shares << 28, __ATOMIC_RELEASE);
}

/* Draws a share; 0 when all are drawn. */
static inline int turns_draw(Turns *t, uint32_t *what, uint32_t *share) {
    uint64_t ticket = __atomic_fetch_add(&t->ticket, 1, __ATOMIC_ACQ_REL);
    *what = turns_what(ticket);
    *share = turns_share(ticket);
    return turns_valid(ticket);
}

/* Whether there is a share to be drawn. */
static inline int turns_left(const Turns *t) {
    return turns_valid(__atomic_load_n(&t->ticket, __ATOMIC_RELAXED));
}

static inline void turns_did(Turns *t) { __atomic_fetch_add(&t->done, 1, __ATOMIC_RELEASE); }

/* Waits until the shares that others drew are done: each is a fraction of a millisecond. */
static inline void turns_end(Turns *t) {
    while (__atomic_load_n(&t->done, __ATOMIC_ACQUIRE) < t->shares) sched_yield();
    __atomic_store_n(&t->ticket, 0, __ATOMIC_RELEASE);
}
#endif
