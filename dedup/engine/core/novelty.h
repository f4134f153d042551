/* What one paragraph adds to another. The native half of dedup/rule/novelty.py, which explains the rule; names agree. */
#ifndef DEDUP_NOVELTY_H
#define DEDUP_NOVELTY_H
#include "moves.h"
#include "spelling.h"

#define ACRONYM_LETTERS 3

enum { RULE_NONE, RULE_FIGURE, RULE_NAME, RULE_NEGATION, RULE_WORD, RULE_ORDER };

typedef struct {
    Side p, other; /* the paragraph, and an original whose terms nobody keeps */
    Side *q;       /* the original in hand */
    Reading reading;
    Alignment aligned;
    int told; /* capitals tell the names of one of the two at least */
    uint32_t *mine, *theirs, *content; /* terms of a difference that are left to judge: numbers of weighty terms */
    size_t mine_room, theirs_room, content_room;
    uint8_t *joined[2], *place; /* place: see moves.h */
    size_t joined_room[2], place_room;
    int telling; /* the new terms are wanted */
    /* The answer. */
    int untold;      /* there are new terms, and they are not in added */
    uint32_t *added; /* the new terms */
    size_t n_added, added_room;
    int failed;
} Novelty;

static uint64_t key_united_states, key_senate, key_congress;

static uint64_t key_of(const char *form) { return xxh64((const uint8_t *)form, strlen(form)); }

static void novelty_open(void) {
    key_united_states = key_of("united states");
    key_senate = key_of("senate");
    key_congress = key_of("congress");
    key_possessive = key_of("s");
    key_about = key_of("about");
    moves_open();
}

static void novelty_free(Novelty *v) {
    side_free(&v->p);
    side_free(&v->other);
    reading_free(&v->reading);
    alignment_free(&v->aligned);
    free(v->mine);
    free(v->theirs);
    free(v->content);
    free(v->joined[0]);
    free(v->joined[1]);
    free(v->place);
    free(v->added);
}

static int scratch(Novelty *v, size_t n, size_t m) {
    if (grow((void **)&v->joined[0], &v->joined_room[0], n, 1) && grow((void **)&v->joined[1], &v->joined_room[1], m, 1))
        return 1;
    v->failed = 1;
    return 0;
}

/* Whether two terms are one ordinary word in two spellings; english if both texts are. */
static int is_spelling_in(const Novelty *v, const Term *one, const Term *other, int english) {
    Spelled a = {.bytes = term_folded(&v->p, one), .n = one->n}, b = {.bytes = term_folded(v->q, other), .n = other->n};
    if (one->kind == TERM_FIGURE || other->kind == TERM_FIGURE)
        return (one->kind == TERM_FIGURE && is_digit_slip(&a, &b, other->kind, other->capital)) ||
               (other->kind == TERM_FIGURE && is_digit_slip(&b, &a, one->kind, one->capital));
    return is_spelled(&a, &b, one->kind, other->kind, one->capital || other->capital, english);
}

static int is_spelling(const Novelty *v, const Term *one, const Term *other) {
    return is_spelling_in(v, one, other, v->p.english && v->q->english);
}

/* The words of all terms from `from` to `to` end to end; 0 if two figures would run into one. */
static size_t join_terms(Novelty *v, int which, const Side *s, const uint32_t *at, size_t from, size_t to) {
    size_t i, n = 0;
    for (i = from; i < to; i++) n += s->all.term[at ? at[i] : i].n;
    if (!grow((void **)&v->joined[which], &v->joined_room[which], n + 1, 1)) {
        v->failed = 1;
        return 0;
    }
    for (i = from, n = 0; i < to; i++) {
        const Term *t = &s->all.term[at ? at[i] : i];
        const uint8_t *w = term_folded(s, t);
        if (i > from && n && is_digit(v->joined[which][n - 1]) && t->n && is_digit(w[0])) return 0;
        memcpy(v->joined[which] + n, w, t->n);
        n += t->n;
    }
    return n;
}

static int same_joined(Novelty *v, size_t n, size_t m) {
    return n && n == m && memcmp(v->joined[0], v->joined[1], n) == 0;
}

/* Whether the first of the terms of both, p and q in all, tells that their words end to end are not the same. */
static inline int begin_apart(const Novelty *v, size_t p, size_t q) {
    const Side *mine = &v->p, *theirs = v->q;
    const Term *a, *b;
    if (p >= mine->all.n || q >= theirs->all.n) return 0;
    a = &mine->all.term[p];
    b = &theirs->all.term[q];
    return a->n && b->n && *term_folded(mine, a) != *term_folded(theirs, b);
}

/* Whether the two differ at a place in where words end only, with function words or without. */
static int differ_in_ends(Novelty *v, const Difference *d) {
    const Side *p = &v->p, *q = v->q;
    size_t p_to = around_to(p, d->p_end), q_to = around_to(q, d->q_end);
    size_t p_from = around_from(p, d->p), q_from = around_from(q, d->q);
    if (d->p < d->p_end && d->q < d->q_end && !begin_apart(v, p->at[d->p], q->at[d->q])) {
        if (same_joined(v, join_terms(v, 0, p, p->at, d->p, d->p_end), join_terms(v, 1, q, q->at, d->q, d->q_end))) return 1;
        if (same_joined(v, join_terms(v, 0, p, NULL, p->at[d->p], p_to), join_terms(v, 1, q, NULL, q->at[d->q], q_to)))
            return 1;
    }
    if (begin_apart(v, p_from, q_from)) return 0;
    return same_joined(v, join_terms(v, 0, p, NULL, p_from, p_to), join_terms(v, 1, q, NULL, q_from, q_to));
}

/* Leaves out of mine and theirs (numbers of weighty terms) the terms that pair off, in order. */
static void leave_spellings(Novelty *v, size_t *mine, size_t *theirs) {
    size_t i, left = 0, start = 0, j, k;
    for (i = 0; i < *mine; i++) {
        uint32_t p = v->mine[i];
        for (j = start; j < *theirs; j++) {
            uint32_t q = v->theirs[j];
            if (is_spelling(v, side_term(&v->p, p), side_term(v->q, q))) break;
        }
        if (j == *theirs) {
            v->mine[left++] = p;
            continue;
        }
        for (k = j + 1; k < *theirs; k++) v->theirs[k - 1] = v->theirs[k];
        --*theirs;
        start = j;
    }
    *mine = left;
}

/* The same against the function words that the original has at the place. */
static void leave_functions(Novelty *v, const Difference *d, size_t *mine) {
    size_t first = around_from(v->q, d->q), stop = around_to(v->q, d->q_end);
    size_t i, left = 0, count = 0, j, start = 0;
    if (!grow((void **)&v->content, &v->content_room, stop - first, sizeof *v->content)) {
        v->failed = 1;
        return;
    }
    for (i = first; i < stop; i++)
        if (v->q->all.term[i].kind == TERM_FUNCTION) v->content[count++] = (uint32_t)i;
    for (i = 0; i < *mine; i++) {
        uint32_t p = v->mine[i];
        for (j = start; j < count; j++) {
            const Term *q = &v->q->all.term[v->content[j]];
            if (is_spelling(v, side_term(&v->p, p), q)) break;
        }
        if (j == count) {
            v->mine[left++] = p;
            continue;
        }
        memmove(v->content + j, v->content + j + 1, (count - j - 1) * sizeof *v->content);
        count--;
        start = j;
    }
    *mine = left;
}

/* ---- Judging ---- */

static int answer(Novelty *v, int rule, const uint32_t *terms, size_t n) {
    if (!grow((void **)&v->added, &v->added_room, n, sizeof *v->added)) v->failed = 1;
    else memcpy(v->added, terms, n * sizeof *terms);
    v->n_added = v->failed ? 0 : n;
    return rule;
}

static int is_form_of_address(const Novelty *v, uint32_t p, int replaces) {
    const Term *t = side_term(&v->p, p), *after = adjoin(&v->p, p) ? side_term(&v->p, p + 1) : NULL;
    if (t->kind == TERM_TITLE) return !replaces || (after && may_name(&v->p, after, v->q));
    if (t->key != key_united_states || !after) return 0;
    return after->kind == TERM_TITLE || after->key == key_senate || after->key == key_congress;
}

/* Whether some letters stand among others in their order. */
static int has_in_order(const uint8_t *letters, size_t n, const uint8_t *some, size_t m) {
    size_t i, k = 0;
    for (i = 0; i < n && k < m; i++) k += letters[i] == some[k];
    return k == m;
}

/* The words of a side from first to last, end to end in joined[0], and their first bytes in joined[1]. */
static int join_all(Novelty *v, const Side *s, size_t first, size_t last, size_t *letters, size_t *initials) {
    size_t i, size = 0;
    for (i = first; i <= last; i++) size += s->all.term[i].n;
    if (!scratch(v, size, last + 1 - first)) return 0;
    for (i = first, *letters = *initials = 0; i <= last; i++) {
        const Term *t = &s->all.term[i];
        if (!t->n) continue;
        memcpy(v->joined[0] + *letters, term_folded(s, t), t->n);
        *letters += t->n;
        v->joined[1][(*initials)++] = *term_folded(s, t);
    }
    return 1;
}

/* Whether the paragraph itself says in brackets what it calls the n names in content, as the original does. */
static int defines(Novelty *v, size_t n) {
    const Side *p = &v->p;
    size_t first = p->at[v->content[0]], last = p->at[v->content[n - 1]], i, k, letters, initials;
    const Term *after = last + 1 < p->all.n ? &p->all.term[last + 1] : NULL;
    const uint8_t *called;
    if (!after || after->kind != TERM_NAME || !has_key(v->q, after->key)) return 0;
    if (!after->start || p->all.text[after->start - 1] != '(' || after->n < ACRONYM_LETTERS) return 0;
    if (!join_all(v, p, first, last, &letters, &initials)) return 0;
    called = term_folded(p, after);
    if (after->n == initials && memcmp(called, v->joined[1], initials) == 0) return 1;
    if (n < ACRONYM_LETTERS || called[0] != *term_folded(p, side_term(p, v->content[0]))) return 0;
    for (i = k = 0; i < n; i++)
        if (side_term(p, v->content[i])->n) v->joined[1][k++] = *term_folded(p, side_term(p, v->content[i]));
    return has_in_order(called, after->n, v->joined[1], k) && has_in_order(v->joined[0], letters, called, after->n);
}

/* Whether the original has the initials of the names in content, and nothing else in their place. */
static int spells_out(Novelty *v, size_t n, size_t theirs) {
    uint64_t key;
    size_t i;
    while (n && has_key(v->q, v->p.key[v->content[n - 1]])) n--;
    if (!n || !scratch(v, n, 0)) return 0;
    for (i = 0; i < n; i++) {
        const Term *t = side_term(&v->p, v->content[i]);
        if (t->kind != TERM_NAME) return 0;
        v->joined[0][i] = term_folded(&v->p, t)[0];
    }
    key = xxh64(v->joined[0], n);
    if (n < ACRONYM_LETTERS || !has_key(v->q, key)) return !theirs && defines(v, n);
    for (i = 0; i < theirs; i++)
        if (v->q->key[v->theirs[i]] != key) return 0;
    return 1;
}

/* The rule by which a new term is told; a capital makes a name of a word. */
static int rule_of(const Term *t) {
    if (t->kind == TERM_FIGURE) return RULE_FIGURE;
    if (t->kind == TERM_NEGATION) return RULE_NEGATION;
    return t->kind == TERM_NAME || (t->kind == TERM_WORD && t->capital) ? RULE_NAME : RULE_WORD;
}

/* Judges what the paragraph has at a place and the original does not. */
static int judge_mine(Novelty *v, size_t mine, size_t theirs) {
    size_t i, content = 0, new = 0;
    int titled = 0;
    if (!mine) return RULE_NONE;
    for (i = 0; i < theirs; i++) {
        titled |= side_term(v->q, v->theirs[i])->kind == TERM_TITLE;
    }
    if (!grow((void **)&v->content, &v->content_room, mine, sizeof *v->content)) {
        v->failed = 1;
        return RULE_WORD;
    }
    for (i = 0; i < mine; i++)
        if (titled || !is_form_of_address(v, v->mine[i], theirs > 0)) v->content[content++] = v->mine[i];
    for (i = 0; i < content; i++)
        if (!has_key(v->q, v->p.key[v->content[i]])) v->mine[new++] = v->content[i];
    if (new) {
        if (spells_out(v, content, theirs)) return RULE_NONE;
        return answer(v, rule_of(side_term(&v->p, v->mine[0])), v->mine, new);
    }
    for (i = 0; i < content; i++) {
        int kind = side_term(&v->p, v->content[i])->kind;
        if (kind == TERM_NEGATION) return answer(v, RULE_NEGATION, v->content + i, 1);
        if (kind == TERM_FIGURE || kind == TERM_MODAL) return answer(v, RULE_ORDER, v->content + i, 1);
    }
    for (i = 0; content && i < theirs; i++) /* in place of something else */
        if (side_term(v->q, v->theirs[i])->kind != TERM_TITLE) return answer(v, RULE_ORDER, v->content, content);
    return RULE_NONE;
}

/* Whether terms that only the original has are whole sentences, here or where they could as well be cut out. */
static int says_more(const Side *q, size_t first, size_t last) {
    size_t start = first, stop = last;
    if (begins(q, start) && begins(q, stop)) return 1;
    while (start > 0 && q->key[start - 1] == q->key[stop - 1]) {
        start--, stop--;
        if (begins(q, start) && begins(q, stop)) return 1;
    }
    start = first, stop = last;
    while (stop < q->n && q->key[start] == q->key[stop]) {
        start++, stop++;
        if (begins(q, start) && begins(q, stop)) return 1;
    }
    return 0;
}

/* Whether term i is the `over` in `over 20`. */
static int bounds(const Side *q, size_t i) {
    return side_term(q, i)->kind == TERM_MEASURE && i + 1 < q->n && side_term(q, i + 1)->kind == TERM_FIGURE;
}

/* Whether the paragraph has a function word at a place that the original has not there: `for` beside `against`. */
static int replaces(const Novelty *v, const Difference *d) {
    size_t i, k, from = around_from(v->q, d->q), to = around_to(v->q, d->q_end);
    for (i = around_from(&v->p, d->p); i < around_to(&v->p, d->p_end); i++) {
        const Term *t = &v->p.all.term[i];
        if (t->kind != TERM_FUNCTION) continue;
        for (k = from; k < to && v->q->all.term[k].key != t->key; k++) {}
        if (k == to) return 1;
    }
    return 0;
}

/* Whether terms i and i + 1 of the original are parts of one name. */
static int one_name(const Novelty *v, size_t i) {
    const Side *q = v->q;
    const Term *one, *other;
    if (!adjoin(q, i)) return 0;
    one = side_term(q, i);
    other = side_term(q, i + 1);
    if (one->key == key_united_states || other->key == key_united_states || !may_name(q, other, &v->p)) return 0;
    return may_name(q, one, &v->p) || (one->kind == TERM_WORD && one->capital);
}

/* The rule of a difference that is nothing but negations and modals: no sentence says that alone. */
static int only_turns(const Side *q, const Difference *d) {
    size_t i;
    int negates = 0;
    for (i = d->q; i < d->q_end; i++) {
        int kind = side_term(q, i)->kind;
        if (kind != TERM_NEGATION && kind != TERM_MODAL) return RULE_NONE;
        negates |= kind == TERM_NEGATION;
    }
    return negates ? RULE_NEGATION : RULE_WORD;
}

/* Whether a term of the paragraph may stand in the place of another one of the original. */
static int is_instead(const Novelty *v, size_t p, size_t q) {
    int kind = side_term(&v->p, p)->kind;
    return (kind == TERM_FIGURE || kind == TERM_NAME) && side_term(v->q, q)->kind == kind && v->p.key[p] != v->q->key[q];
}

/* Whether the paragraph has a figure or name in place of another, from another sentence of the original. */
static int runs_together(const Novelty *v, const Difference *d) {
    size_t i;
    if (d->p == 0 || d->p == v->p.n || begins(&v->p, d->p)) return 0;
    if (!is_instead(v, d->p, d->q) && !is_instead(v, d->p - 1, d->q_end - 1)) return 0;
    for (i = d->q; i < d->q_end; i++)
        if (begins(v->q, i)) return 1;
    return 0;
}

/* Judges what the original has at a place and the paragraph does not. */
static int judge_theirs(Novelty *v, const Difference *d, size_t theirs) {
    const Side *q = v->q;
    size_t i, j, first = d->q_end + 1, last = 0;
    int rule;
    if (!theirs) return RULE_NONE;
    if ((rule = only_turns(q, d)) != RULE_NONE) return answer(v, rule, NULL, 0);
    if (d->p == d->p_end) {
        if (says_more(q, d->q, d->q_end)) return RULE_NONE;
        if (runs_together(v, d)) return answer(v, RULE_ORDER, NULL, 0);
    }
    for (i = d->q; i <= d->q_end; i++) {
        if (!begins(q, i)) continue;
        if (first > i) first = i;
        last = i;
    }
    for (i = d->q, j = 0; i < d->q_end; i++) {
        const Term *t = side_term(q, i);
        if (j == theirs || v->theirs[j] != i) continue; /* it is a spelling */
        j++;
        if (first <= d->q_end && i >= first && i < last) continue; /* it is in a whole sentence */
        if (t->kind == TERM_NEGATION) return answer(v, RULE_NEGATION, NULL, 0);
        if (t->kind == TERM_MODAL || (i + 1 == d->q_end && bounds(q, i))) return answer(v, RULE_WORD, NULL, 0);
        if ((t->kind == TERM_RELATION || t->kind == TERM_MEASURE) && replaces(v, d)) return answer(v, RULE_WORD, NULL, 0);
    }
    if (one_name(v, d->q_end - 1) || (d->q > 0 && one_name(v, d->q - 1))) return answer(v, RULE_NAME, NULL, 0);
    if (d->p == d->p_end && d->q > 0 && owns(q, d->q - 1) && !(d->p > 0 && owns(&v->p, d->p - 1)))
        return answer(v, RULE_WORD, NULL, 0);
    return RULE_NONE;
}

static int judge_difference(Novelty *v, const Difference *d) {
    size_t mine = d->p_end - d->p, theirs = d->q_end - d->q, i;
    int rule;
    if (differ_in_ends(v, d)) return RULE_NONE;
    if (!grow((void **)&v->mine, &v->mine_room, mine, sizeof *v->mine) ||
        !grow((void **)&v->theirs, &v->theirs_room, theirs, sizeof *v->theirs)) {
        v->failed = 1;
        return RULE_WORD;
    }
    for (i = 0; i < mine; i++) v->mine[i] = (uint32_t)(d->p + i);
    for (i = 0; i < theirs; i++) v->theirs[i] = (uint32_t)(d->q + i);
    if (v->told) leave_spellings(v, &mine, &theirs);
    if (v->told && mine) leave_functions(v, d, &mine);
    rule = judge_mine(v, mine, theirs);
    return rule != RULE_NONE ? rule : judge_theirs(v, d, theirs);
}

#include "surely.h"

/* What the paragraph in side p, which may have been begun only, adds to an original: a rule, with the new terms in added. */
static int judge(Novelty *v, Side *q) {
    uint32_t moved[2];
    size_t i;
    int same, rule;
    v->q = q;
    v->n_added = 0;
    v->told = v->p.cased || q->cased;
    same = sides_have_same_letters(&v->p, q);
    v->untold = !v->telling && !same && (rule = surely_adds(v)) != RULE_NONE;
    if (v->untold) return rule;
    if (v->failed || !side_finish(&v->p)) {
        v->failed = 1;
        return RULE_WORD;
    }
    if (same && same_firm(&v->p, q, same == SAME_WORDS)) return RULE_NONE;
    if (!align(&v->aligned, &v->p, q)) {
        v->failed |= v->aligned.failed;
        return RULE_WORD;
    }
    for (i = 0; i < v->aligned.differences && !v->failed; i++) {
        rule = judge_difference(v, &v->aligned.difference[i]);
        if (rule != RULE_NONE) return rule;
    }
    if (!grow((void **)&v->place, &v->place_room, v->p.n, 1)) v->failed = 1;
    if (v->failed || !find_moved_names(&v->aligned, v->place, moved)) return RULE_NONE;
    return answer(v, RULE_ORDER, moved, 2);
}
#endif
