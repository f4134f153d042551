/* What a paragraph adds to an original that it is near to. */
#ifndef DEDUP_WEIGH_H
#define DEDUP_WEIGH_H
#include "alike.h"

/* Judges what the paragraph in hand adds to q, whose terms go into `theirs` unless they are there already. The paragraph
 * itself is read as far as that asks for. */
static int weigh_text(Comparer *c, Side *theirs, const uint8_t *q, size_t n, int there) {
    Novelty *v = &c->novelty;
    int rule = RULE_WORD;
    if (!there && c->hand_read && !side_finish(&v->p)) c->failed = 1;
    if (!there && !c->failed && !side_read(theirs, &v->reading, q, n, c->hand_read ? &v->p : NULL)) c->failed = 1;
    if (!c->hand_read && !c->failed && !side_begin(&v->p, &v->reading, c->hand, c->hand_n, theirs)) c->failed = 1;
    c->hand_read = 1;
    if (!c->failed) rule = judge(v, theirs);
    forget_other(&v->p.all);
    if (v->failed) c->failed = 1;
    return rule;
}

/* Judges what the paragraph in hand adds to original id. */
static int weigh(Comparer *c, uint32_t id) {
    uint32_t key = id + c->m->forgotten;
    ReadSide *kept = &c->side[key & (SIDE_SLOTS - 1)];
    const uint8_t *q = NULL;
    size_t n = 0;
    int rule, there = kept->in_use && kept->id == key;
    if (!there && !(q = fetch_place(c, c->m->where[id].place, &n, &c->read_a, &c->read_a_room))) return RULE_WORD;
    if (n > SIDE_BYTES) return weigh_text(c, &c->novelty.other, q, n, 0);
    rule = weigh_text(c, &kept->side, q, n, there);
    kept->id = key;
    kept->in_use = !c->failed;
    return rule;
}

/* Keeps the terms that were just found to be new, if they are to be told: to find them again takes as long. */
static void keep_added(Comparer *c, Examined *e) {
    size_t i, n = c->m->details && e->rule != RULE_NONE ? c->novelty.n_added : 0;
    e->by = c->number;
    e->added = (uint32_t)c->n_added;
    e->n_added = c->novelty.untold ? UNTOLD : (uint32_t)n;
    if (!grow((void **)&c->added, &c->added_room, c->n_added + n, sizeof *c->added)) {
        c->failed = 1;
        return;
    }
    for (i = 0; i < n; i++) {
        const Term *t = side_term(&c->novelty.p, c->novelty.added[i]);
        c->added[c->n_added++] = (Stretch){t->start, t->end};
    }
}

/* The most similar of the originals that the paragraph in hand was examined against, of equals the earliest. */
static Examined *most_similar(Comparer *c) {
    Examined *best = c->examined;
    size_t i;
    for (i = 1; i < c->n_examined; i++) {
        Examined *x = &c->examined[i];
        uint64_t more = (uint64_t)x->intersection * best->all, less = (uint64_t)best->intersection * x->all;
        if (more > less || (more == less && x->id < best->id)) best = x;
    }
    return best;
}

/* Finds the terms that are new beside the most similar original, if they are to be told. */
static void tell_added(Comparer *c) {
    Examined *e;
    if (!c->m->details || (e = most_similar(c))->n_added != UNTOLD) return;
    c->novelty.telling = 1;
    weigh(c, e->id);
    c->novelty.telling = 0;
    keep_added(c, e);
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
    if (known) {
        *e = *known;
        e->id = id;
        return e->rule;
    }
    *e = (Examined){id, intersection, all, RULE_NONE, 0, 0, 0};
    if (intersection == all) { /* perhaps the same words */
        q = fetch_place(c, c->m->where[id].place, &n, &c->read_a, &c->read_a_room);
        if (q && (same_but_for_space(c->hand, c->hand_n, q, n) || same_plain_words(c->hand, c->hand_n, q, n))) return RULE_NONE;
    }
    e->rule = weigh(c, id);
    keep_added(c, e);
    return e->rule;
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
    if (!side_read(&c->novelty.p, &c->novelty.reading, p, n, NULL) ||
        !side_read(&c->novelty.other, &c->novelty.reading, q, k, &c->novelty.p)) {
        c->failed = 1;
        return 1;
    }
    rule = judge(&c->novelty, &c->novelty.other);
    if (c->novelty.failed) c->failed = 1;
    return rule != RULE_NONE;
}
#endif
