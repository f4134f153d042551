/* Names that change places. The native half of dedup/rule/moves.py, which explains it; names agree. */
#ifndef DEDUP_MOVES_H
#define DEDUP_MOVES_H
#include "align.h"

enum { PLACE_KEPT, PLACE_MOVED, PLACE_REPEATED };

#define DATES 19

static uint64_t key_and, key_date[DATES];

static void moves_open(void) {
    static const char *const date[DATES] = {"month 1", "month 2",  "month 3",  "month 4",  "month 5", "month 6", "month 7",
                                            "month 8", "month 9",  "month 10", "month 11", "month 12", "day 0",  "day 1",
                                            "day 2",   "day 3",    "day 4",    "day 5",    "day 6"};
    int i;
    key_and = xxh64((const uint8_t *)"and", 3);
    for (i = 0; i < DATES; i++) key_date[i] = xxh64((const uint8_t *)date[i], strlen(date[i]));
}

static int is_date(uint64_t key) {
    int i;
    for (i = 0; i < DATES; i++)
        if (key_date[i] == key) return 1;
    return 0;
}

static int is_moved_name(const Alignment *v, const Term *t) {
    return may_name(v->p, t, v->q) || (t->kind == TERM_WORD && t->capital && has_name(v->q, t->key));
}

/* Whether the original has a term with this key at a place that differs. */
static int is_left(const Alignment *v, uint64_t key) {
    size_t d, i;
    for (d = 0; d < v->differences; d++)
        for (i = v->difference[d].q; i < v->difference[d].q_end; i++)
            if (v->q->key[i] == key) return 1;
    return 0;
}

/* Whether nothing but commas, `and` and titles stand between terms i and j, and one of the first two does. */
static int is_list(const Side *p, size_t i, size_t j) {
    const uint8_t *gap = p->all.text + side_term(p, i)->end, *end = p->all.text + side_term(p, j)->start;
    int listed = 0;
    size_t k;
    for (k = (size_t)p->at[i] + 1; k < p->at[j]; k++) {
        const Term *t = &p->all.term[k];
        if (t->key == key_and) listed = 1;
        else if (t->kind != TERM_TITLE) return 0;
    }
    for (; gap < end; gap++) {
        uint8_t c = *gap;
        listed |= c == ',';
        if (!((uint8_t)((c | 0x20) - 'a') < 26 || c >= 0x80 || c == ' ' || c == ',' || c == '.' || c == '\t' || c == '\r' ||
              c == '\n'))
            return 0;
    }
    return listed;
}

/* Whether the terms of the original from `from` to `to` have term i before j and what moved in between. */
static int span_has_order(const Alignment *v, const uint8_t *place, size_t i, size_t j, size_t from, size_t to) {
    uint64_t one = v->p->key[i], other = v->p->key[j];
    size_t first = from, last = to, k, at;
    while (first < to && v->q->key[first] != one) first++;
    while (last > from && v->q->key[last - 1] != other) last--;
    if (first == to || last-- == from || first >= last) return 0;
    for (k = i + 1; k < j; k++) {
        if (place[k] == PLACE_KEPT) continue;
        for (at = first; at < last && v->q->key[at] != v->p->key[k]; at++) {}
        if (at == last) return 0;
    }
    return 1;
}

/* Whether a sentence of the original, or two, have term i before j and what moved in between. */
static int has_order(const Alignment *v, const uint8_t *place, size_t i, size_t j) {
    size_t before = 0, start = 0, k;
    for (k = 1; k <= v->q->n; k++) {
        if (!begins(v->q, k)) continue;
        if (span_has_order(v, place, i, j, before, k)) return 1;
        before = start;
        start = k;
    }
    return 0;
}

/* Whether names i and j of the paragraph stand in no such order in the original. */
static int is_moved(const Alignment *v, const uint8_t *place, size_t i, size_t j) {
    size_t k;
    int anew = place[i] && place[j];
    for (k = i; k <= j; k++) anew |= place[k] == PLACE_MOVED || (place[k] && k > i && k < j);
    if (!anew) return 0;
    for (k = i + 1; k <= j; k++)
        if (begins(v->p, k)) return 0;
    return v->p->key[i] != v->p->key[j] && !is_list(v->p, i, j) && !has_order(v, place, i, j);
}

/* Marks what stands elsewhere or was repeated in place, which has room for every weighty term; 0 if nothing does. */
static int mark_places(const Alignment *v, uint8_t *place) {
    size_t d, i;
    int any = 0;
    memset(place, PLACE_KEPT, v->p->n);
    for (d = 0; d < v->differences; d++)
        for (i = v->difference[d].p; i < v->difference[d].p_end; i++) {
            const Term *t = side_term(v->p, i);
            if ((t->kind != TERM_WORD && t->kind != TERM_NAME) || !has_key(v->q, t->key)) continue;
            place[i] = is_left(v, t->key) ? PLACE_MOVED : PLACE_REPEATED;
            any = 1;
        }
    return any;
}

/* Finds two names of one sentence of the paragraph that no sentence of the original has in that order. */
static int find_moved_names(const Alignment *v, uint8_t *place, uint32_t *moved) {
    size_t i, last;
    int dates;
    if (!v->p->n || !mark_places(v, place)) return 0;
    for (dates = 0; dates < 2; dates++)
        for (i = 0, last = v->p->n; i < v->p->n; i++) {
            const Term *t = side_term(v->p, i);
            if (is_date(t->key) != dates || !is_moved_name(v, t)) continue;
            if (last < i && is_moved(v, place, last, i)) {
                moved[0] = (uint32_t)last;
                moved[1] = (uint32_t)i;
                return 1;
            }
            last = i;
        }
    return 0;
}
#endif
