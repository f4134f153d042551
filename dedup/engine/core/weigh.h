/* What a paragraph adds to an original that it is near to. */
#ifndef DEDUP_WEIGH_H
#define DEDUP_WEIGH_H
#include "alike.h"

/* Judges what the paragraph in hand adds to q, whose terms go into `theirs` unless they are there already. */
static int weigh_text(Comparer *c, Side *theirs, const uint8_t *q, size_t n, int there) {
    Side *mine = &c->novelty.p;
    int rule;
    if (!c->hand_read && !side_read(mine, &c->novelty.reading, c->hand, c->hand_n, there ? theirs : NULL)) c->failed = 1;
    c->hand_read = 1;
    if (!c->failed && !there && !side_read(theirs, &c->novelty.reading, q, n, mine)) c->failed = 1;
    rule = c->failed ? RULE_WORD : judge(&c->novelty, theirs);
    if (c->novelty.failed) c->failed = 1;
    return rule;
}

/* Keeps the text of terms that outlive it. */
static int keep_text(Terms *t, const uint8_t *text, size_t n, uint8_t **kept, size_t *room) {
    if (!grow((void **)kept, room, n, 1)) return 0;
    memcpy(*kept, text, n);
    t->text = *kept;
    return 1;
}

/* Judges what the paragraph in hand adds to original id. */
static int weigh(Comparer *c, uint32_t id) {
    uint32_t key = id + c->m->forgotten;
    ReadSide *kept = &c->side[key & (SIDE_SLOTS - 1)];
    const uint8_t *q = NULL;
    size_t n = 0;
    int rule, there = kept->in_use && kept->id == key;
    if (!there && !(q = fetch_place(c, c->m->original[id].place, &n, &c->read_a, &c->read_a_room))) return RULE_WORD;
    if (n > SIDE_BYTES) return weigh_text(c, &c->novelty.other, q, n, 0);
    rule = weigh_text(c, &kept->side, q, n, there);
    if (!there && !keep_text(&kept->side.all, q, n, &kept->text, &kept->text_room)) c->failed = 1;
    kept->id = key;
    kept->in_use = !c->failed;
    return rule;
}

/* Keeps the terms that were just found to be new, if they are to be told: to find them again takes as long. */
static void keep_added(Comparer *c, Examined *e) {
    size_t i, n = c->m->details && e->rule != RULE_NONE ? c->novelty.n_added : 0;
    e->by = c->number;
    e->added = (uint32_t)c->n_added;
    e->n_added = (uint32_t)n;
    if (!grow((void **)&c->added, &c->added_room, c->n_added + n, sizeof *c->added)) {
        c->failed = 1;
        return;
    }
    for (i = 0; i < n; i++) {
        const Term *t = side_term(&c->novelty.p, c->novelty.added[i]);
        c->added[c->n_added++] = (Stretch){t->start, t->end};
    }
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
        q = fetch_place(c, c->m->original[id].place, &n, &c->read_a, &c->read_a_room);
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
