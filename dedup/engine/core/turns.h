/* Turns: work shared out among threads; whoever is free draws the next share. */
#ifndef DEDUP_TURNS_H
#define DEDUP_TURNS_H
#include <sched.h>
#include <stdint.h>

enum { AT_REST, ASKING, COMPARING, PAIRING, ENTERING };

typedef struct {
    uint64_t ticket; /* what is done << 32 | the next share */
    uint32_t done, shares;
} Turns;

static inline void turns_begin(Turns *t, uint64_t what, uint32_t shares) {
    __atomic_store_n(&t->done, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&t->shares, shares, __ATOMIC_RELAXED);
    __atomic_store_n(&t->ticket, what << 32, __ATOMIC_RELEASE);
}

/* Draws a share; 0 when all are drawn. */
static inline int turns_draw(Turns *t, uint32_t *what, uint32_t *share) {
    uint64_t ticket = __atomic_fetch_add(&t->ticket, 1, __ATOMIC_ACQ_REL);
    *what = (uint32_t)(ticket >> 32);
    *share = (uint32_t)ticket;
    return *what != AT_REST && *share < __atomic_load_n(&t->shares, __ATOMIC_RELAXED);
}

/* Whether there is a share to be drawn. */
static inline int turns_left(const Turns *t) {
    uint64_t ticket = __atomic_load_n(&t->ticket, __ATOMIC_RELAXED);
    return ticket >> 32 != AT_REST && (uint32_t)ticket < __atomic_load_n(&t->shares, __ATOMIC_RELAXED);
}

static inline void turns_did(Turns *t) { __atomic_fetch_add(&t->done, 1, __ATOMIC_RELEASE); }

/* Waits until the shares that others drew are done: each is a fraction of a millisecond. */
static inline void turns_end(Turns *t) {
    while (__atomic_load_n(&t->done, __ATOMIC_ACQUIRE) < t->shares) sched_yield();
    __atomic_store_n(&t->ticket, 0, __ATOMIC_RELEASE);
}
#endif
