/* What one paragraph adds to another. The native half of dedup/novelty.py, which explains the rule; names agree. */
#ifndef DEDUP_NOVELTY_H
#define DEDUP_NOVELTY_H
#include "terms.h"

#define MAX_DIFFERENCES 512
#define SPELLED_LETTERS 5
#define STEM_LETTERS 4
#define ACRONYM_LETTERS 3

enum { RULE_NONE, RULE_FIGURE, RULE_NAME, RULE_NEGATION, RULE_WORD, RULE_ORDER };

/* The terms of a paragraph that weigh: all but the function words. */
typedef struct {
    Terms all;
    uint32_t *at; /* where each stands in all */
    uint8_t *gap; /* the widest since the one before */
    size_t n, at_room, gap_room;
} Side;

typedef struct {
    size_t p, p_end, q, q_end;
} Difference;

typedef struct {
    Side p, q;
    Difference *difference;
    size_t differences, difference_room;
    int32_t *furthest, *round; /* of Myers' algorithm: now, and after each round */
    size_t furthest_room, round_room;
    uint32_t *mine, *theirs, *content; /* terms of a difference that are left to judge: numbers of weighty terms */
    size_t mine_room, theirs_room, content_room;
    uint8_t *joined[2];
    size_t joined_room[2];
    /* The answer. */
    uint32_t *added; /* the new terms */
    size_t n_added, added_room;
    int failed;
} Novelty;

static uint64_t key_united_states, key_possessive;

static void novelty_open(void) {
    key_united_states = xxh64((const uint8_t *)"united states", 13);
    key_possessive = xxh64((const uint8_t *)"s", 1);
}

static void side_free(Side *s) {
    terms_free(&s->all);
    free(s->at);
    free(s->gap);
}

static void novelty_free(Novelty *v) {
    side_free(&v->p);
    side_free(&v->q);
    free(v->difference);
    free(v->furthest);
    free(v->round);
    free(v->mine);
    free(v->theirs);
    free(v->content);
    free(v->joined[0]);
    free(v->joined[1]);
    free(v->added);
}

static int side_read(Side *s, Word *w, const uint8_t *text, size_t size) {
    size_t i;
    uint8_t gap = GAP_NONE;
    if (!find_terms(&s->all, w, text, size) || !grow((void **)&s->at, &s->at_room, s->all.n, sizeof *s->at) ||
        !grow((void **)&s->gap, &s->gap_room, s->all.n, 1))
        return 0;
    for (i = s->n = 0; i < s->all.n; i++) {
        if (s->all.term[i].gap > gap) gap = s->all.term[i].gap;
        if (s->all.term[i].kind == TERM_FUNCTION) continue;
        s->at[s->n] = (uint32_t)i;
        s->gap[s->n++] = gap;
        gap = GAP_NONE;
    }
    return 1;
}

static inline const Term *side_term(const Side *s, size_t i) { return &s->all.term[s->at[i]]; }
static inline const uint8_t *term_folded(const Side *s, const Term *t) { return s->all.bytes + t->folded; }

/* Whether terms i and i + 1 are there and nothing but space stands between. */
static int adjoin(const Side *s, size_t i) {
    return i + 1 < s->n && s->at[i + 1] == s->at[i] + 1 && s->gap[i + 1] <= GAP_SOFT;
}

/* Whether a possessive 's follows term i. */
static int owns(const Side *s, size_t i) {
    size_t after = (size_t)s->at[i] + 1;
    return after < s->all.n && s->all.term[after].key == key_possessive && s->all.term[after].kind == TERM_FUNCTION;
}

static int begins(const Side *s, size_t i) { return i == s->n || s->gap[i] == GAP_SENTENCE; }

static int has_key(const Side *s, uint64_t key) {
    size_t i;
    for (i = 0; i < s->n; i++)
        if (side_term(s, i)->key == key) return 1;
    return 0;
}

/* ---- Aligning: Myers 1986 ---- */

static int add_difference(Novelty *v, size_t p, size_t p_end, size_t q, size_t q_end) {
    if (!grow((void **)&v->difference, &v->difference_room, v->differences + 1, sizeof *v->difference)) {
        v->failed = 1;
        return 0;
    }
    v->difference[v->differences++] = (Difference){p, p_end, q, q_end};
    return 1;
}

static inline int same_key(const Novelty *v, size_t i, size_t j) {
    return side_term(&v->p, i)->key == side_term(&v->q, j)->key;
}

/* Furthest points after round d, where k runs from -d to d in steps of two. */
static inline int32_t *after_round(Novelty *v, size_t d, long k) {
    return v->round + d * (d + 1) / 2 + (size_t)(k + (long)d) / 2;
}

/* Walks back along the furthest points; differences come out last first. */
static void trace(Novelty *v, size_t rounds, size_t first, size_t n, size_t m) {
    long x = (long)n, y = (long)m, right = x, below = y; /* the pair after what is being looked at */
    size_t d, i;
    for (d = rounds; d > 0; d--) {
        long k = x - y, before, start;
        long left = k > -(long)d ? *after_round(v, d - 1, k - 1) : -1;
        int down = k == -(long)d || (k != (long)d && left < *after_round(v, d - 1, k + 1));
        before = down ? k + 1 : k - 1;
        start = down ? *after_round(v, d - 1, before) : left + 1;
        if (x > start) { /* matched pairs from start to x - 1 */
            if (right > x || below > y) add_difference(v, first + (size_t)x, first + (size_t)right, first + (size_t)y, first + (size_t)below);
            right = start;
            below = start - k;
        }
        x = *after_round(v, d - 1, before);
        y = x - before;
    }
    if (x > 0) {
        if (right > x || below > y) add_difference(v, first + (size_t)x, first + (size_t)right, first + (size_t)y, first + (size_t)below);
        right = below = 0;
    }
    if (right > 0 || below > 0) add_difference(v, first, first + (size_t)right, first, first + (size_t)below);
    for (i = 0; i < v->differences / 2; i++) {
        Difference swap = v->difference[i];
        v->difference[i] = v->difference[v->differences - 1 - i];
        v->difference[v->differences - 1 - i] = swap;
    }
}

/* Fills difference; returns 0 if there are more than MAX_DIFFERENCES. */
static int align(Novelty *v) {
    size_t n = v->p.n, m = v->q.n, first = 0, d, most;
    int32_t *f;
    v->differences = 0;
    while (first < n && first < m && same_key(v, first, first)) first++;
    while (n > first && m > first && same_key(v, n - 1, m - 1)) n--, m--;
    n -= first;
    m -= first;
    most = n + m < MAX_DIFFERENCES ? n + m : MAX_DIFFERENCES;
    if (!grow((void **)&v->furthest, &v->furthest_room, 2 * most + 4, sizeof *v->furthest)) {
        v->failed = 1;
        return 0;
    }
    f = v->furthest + most + 1; /* f[k] */
    f[1] = 0;
    for (d = 0; d <= most; d++) {
        long k, deep = (long)d;
        if (!grow((void **)&v->round, &v->round_room, (d + 1) * (d + 2) / 2, sizeof *v->round)) {
            v->failed = 1;
            return 0;
        }
        for (k = -deep; k <= deep; k += 2) {
            int down = k == -deep || (k != deep && f[k - 1] < f[k + 1]);
            long x = down ? f[k + 1] : f[k - 1] + 1;
            while (x < (long)n && x - k < (long)m && same_key(v, first + (size_t)x, first + (size_t)(x - k))) x++;
            f[k] = (int32_t)x;
            *after_round(v, d, k) = (int32_t)x;
            if (x >= (long)n && x - k >= (long)m) {
                trace(v, d, first, n, m);
                return 1;
            }
        }
    }
    return 0;
}

/* ---- Spellings ---- */

static int one_edit(const uint8_t *a, size_t n, const uint8_t *b, size_t m) {
    size_t first = 0, last = 0, least = n < m ? n : m;
    if (n > m + 1 || m > n + 1) return 0;
    while (first < least && a[first] == b[first]) first++;
    while (last < least - first && a[n - 1 - last] == b[m - 1 - last]) last++;
    n -= first + last;
    m -= first + last;
    if (n <= 1 && m <= 1) return 1;
    return n == 2 && m == 2 && a[first] == b[first + 1] && a[first + 1] == b[first];
}

/* Length of the word without an ending that changes no fact. */
static size_t stem(const uint8_t *w, size_t n) {
    static const char *const ending[] = {"ing", "es", "s", "e"};
    size_t i;
    int hisses = n > 1 && w[n - 1] == 's' && w[n - 2] == 's';
    for (i = 0; i < 4; i++) {
        size_t k = strlen(ending[i]);
        if (!hisses && n >= k + STEM_LETTERS && memcmp(w + n - k, ending[i], k) == 0) return n - k;
    }
    return n;
}

/* The word with what scanners take for one another made one, as Python's chained replace does. */
static size_t misread(const uint8_t *w, size_t n, uint8_t *to) {
    static const char *const pair[] = {"rn", "cl", "vv"};
    static const uint8_t single[] = {'m', 'd', 'w'};
    size_t i, j, k;
    memcpy(to, w, n);
    for (k = 0; k < 3; k++) {
        for (i = j = 0; i < n; j++) {
            int both = i + 1 < n && to[i] == (uint8_t)pair[k][0] && to[i + 1] == (uint8_t)pair[k][1];
            to[j] = both ? single[k] : to[i];
            i += both ? 2 : 1;
        }
        n = j;
    }
    return n;
}

/* The same for z and s, then apart from that for our and or. */
static size_t english(const uint8_t *w, size_t n, uint8_t *to, int our) {
    size_t i, j;
    for (i = j = 0; i < n; i++) {
        if (our && i + 2 < n && w[i] == 'o' && w[i + 1] == 'u' && w[i + 2] == 'r') {
            to[j++] = 'o';
            to[j++] = 'r';
            i += 2;
        } else {
            to[j++] = !our && w[i] == 'z' ? 's' : w[i];
        }
    }
    return j;
}

static int scratch(Novelty *v, size_t n, size_t m) {
    if (grow((void **)&v->joined[0], &v->joined_room[0], n, 1) && grow((void **)&v->joined[1], &v->joined_room[1], m, 1))
        return 1;
    v->failed = 1;
    return 0;
}

static int is_slip(Novelty *v, const uint8_t *a, size_t n, const uint8_t *b, size_t m) {
    int our;
    for (our = 0; our < 2; our++) {
        size_t j = english(a, n, v->joined[0], our), k = english(b, m, v->joined[1], our);
        if (j == k && memcmp(v->joined[0], v->joined[1], j) == 0) return 1;
    }
    return is_known(a, n) != is_known(b, m) || is_common(a, n) != is_common(b, m);
}

/* Whether a term can be a slip: no figure, and no name but at the head of a sentence. */
static int is_ordinary(int kind, int other, int both_begin) {
    if (kind != TERM_FIGURE && kind != TERM_NAME) return 1;
    return kind == TERM_NAME && both_begin && other == TERM_WORD;
}

/* Whether two terms are one ordinary word in two spellings; the gaps before them are given. */
static int is_spelling(Novelty *v, const Term *one, int one_gap, const Term *other, int other_gap) {
    const uint8_t *a = term_folded(&v->p, one), *b = term_folded(&v->q, other);
    size_t n = one->n, m = other->n, j, k;
    int both_begin = one_gap == GAP_SENTENCE && other_gap == GAP_SENTENCE;
    if (!is_ordinary(one->kind, other->kind, both_begin) || !is_ordinary(other->kind, one->kind, both_begin)) return 0;
    if (one->kind == TERM_WORD && other->kind == TERM_WORD) {
        j = stem(a, n);
        k = stem(b, m);
        if (j == k && memcmp(a, b, j) == 0) return 1;
    }
    if (one->capital || other->capital || (n > m ? n : m) < SPELLED_LETTERS || !scratch(v, n, m)) return 0;
    j = misread(a, n, v->joined[0]);
    k = misread(b, m, v->joined[1]);
    if ((j == k && memcmp(v->joined[0], v->joined[1], j) == 0) || one_edit(a, n, b, m)) return is_slip(v, a, n, b, m);
    return 0;
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

/* Whether two runs of terms differ in where words end only; among the weighty terms, or among all. */
static int same_letters(Novelty *v, const Difference *d, int all) {
    size_t n, m;
    if (d->p == d->p_end || d->q == d->q_end) return 0;
    if (all) {
        n = join_terms(v, 0, &v->p, NULL, v->p.at[d->p], d->p_end < v->p.n ? v->p.at[d->p_end] : v->p.all.n);
        m = join_terms(v, 1, &v->q, NULL, v->q.at[d->q], d->q_end < v->q.n ? v->q.at[d->q_end] : v->q.all.n);
    } else {
        n = join_terms(v, 0, &v->p, v->p.at, d->p, d->p_end);
        m = join_terms(v, 1, &v->q, v->q.at, d->q, d->q_end);
    }
    return n && n == m && memcmp(v->joined[0], v->joined[1], n) == 0;
}

/* Leaves out of mine and theirs (numbers of weighty terms) the terms that pair off, in order. */
static void leave_spellings(Novelty *v, size_t *mine, size_t *theirs) {
    size_t i, left = 0, start = 0, j, k;
    for (i = 0; i < *mine; i++) {
        uint32_t p = v->mine[i];
        for (j = start; j < *theirs; j++) {
            uint32_t q = v->theirs[j];
            if (is_spelling(v, side_term(&v->p, p), v->p.gap[p], side_term(&v->q, q), v->q.gap[q])) break;
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
    size_t first = d->q ? (size_t)v->q.at[d->q - 1] + 1 : 0, stop = d->q_end < v->q.n ? v->q.at[d->q_end] : v->q.all.n;
    size_t i, left = 0, count = 0, j, start = 0;
    if (!grow((void **)&v->content, &v->content_room, stop - first, sizeof *v->content)) {
        v->failed = 1;
        return;
    }
    for (i = first; i < stop; i++)
        if (v->q.all.term[i].kind == TERM_FUNCTION) v->content[count++] = (uint32_t)i;
    for (i = 0; i < *mine; i++) {
        uint32_t p = v->mine[i];
        for (j = start; j < count; j++) {
            const Term *q = &v->q.all.term[v->content[j]];
            if (is_spelling(v, side_term(&v->p, p), v->p.gap[p], q, q->gap)) break;
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

static int is_form_of_address(const Novelty *v, uint32_t p) {
    const Term *t = side_term(&v->p, p);
    if (t->key != key_united_states) return t->kind == TERM_TITLE;
    return adjoin(&v->p, p) && side_term(&v->p, p + 1)->kind == TERM_TITLE;
}

/* Whether the original has the initials of the names in content. */
static int spells_out(Novelty *v, size_t n) {
    size_t i;
    while (n && has_key(&v->q, side_term(&v->p, v->content[n - 1])->key)) n--;
    if (n < ACRONYM_LETTERS || !scratch(v, n, 0)) return 0;
    for (i = 0; i < n; i++) {
        const Term *t = side_term(&v->p, v->content[i]);
        if (t->kind != TERM_NAME) return 0;
        v->joined[0][i] = term_folded(&v->p, t)[0];
    }
    return has_key(&v->q, xxh64(v->joined[0], n));
}

/* The rule by which a new term is told; a capital makes a name of a word. */
static int rule_of(const Term *t) {
    if (t->kind == TERM_FIGURE) return RULE_FIGURE;
    if (t->kind == TERM_NEGATION) return RULE_NEGATION;
    return t->kind == TERM_NAME || (t->kind == TERM_WORD && t->capital) ? RULE_NAME : RULE_WORD;
}

/* Judges what the paragraph has at a place and the original does not. */
static int judge_mine(Novelty *v, size_t mine, size_t theirs) {
    size_t i, content = 0, new = 0, names = 0;
    int titled = 0, their_name = 0;
    if (!mine) return RULE_NONE;
    for (i = 0; i < theirs; i++) {
        titled |= side_term(&v->q, v->theirs[i])->kind == TERM_TITLE;
        their_name |= side_term(&v->q, v->theirs[i])->kind == TERM_NAME;
    }
    if (!grow((void **)&v->content, &v->content_room, mine, sizeof *v->content)) {
        v->failed = 1;
        return RULE_WORD;
    }
    for (i = 0; i < mine; i++)
        if (titled || !is_form_of_address(v, v->mine[i])) v->content[content++] = v->mine[i];
    for (i = 0; i < content; i++)
        if (!has_key(&v->q, side_term(&v->p, v->content[i])->key)) v->mine[new++] = v->content[i];
    if (new) {
        if (spells_out(v, content)) return RULE_NONE;
        return answer(v, rule_of(side_term(&v->p, v->mine[0])), v->mine, new);
    }
    for (i = 0; i < content; i++) {
        int kind = side_term(&v->p, v->content[i])->kind;
        if (kind == TERM_NEGATION) return answer(v, RULE_NEGATION, v->content + i, 1);
        if (kind == TERM_FIGURE || kind == TERM_MODAL) return answer(v, RULE_ORDER, v->content + i, 1);
    }
    for (i = 0; i < content; i++)
        if (side_term(&v->p, v->content[i])->kind == TERM_NAME) v->mine[names++] = v->content[i];
    return names && their_name ? answer(v, RULE_ORDER, v->mine, names) : RULE_NONE;
}

/* Whether terms that only the original has are whole sentences, here or where they could as well be cut out. */
static int says_more(const Side *q, size_t first, size_t last) {
    size_t start = first, stop = last;
    if (begins(q, start) && begins(q, stop)) return 1;
    while (start > 0 && side_term(q, start - 1)->key == side_term(q, stop - 1)->key) {
        start--, stop--;
        if (begins(q, start) && begins(q, stop)) return 1;
    }
    start = first, stop = last;
    while (stop < q->n && side_term(q, start)->key == side_term(q, stop)->key) {
        start++, stop++;
        if (begins(q, start) && begins(q, stop)) return 1;
    }
    return 0;
}

/* Whether term i is the `over` in `over 20`. */
static int bounds(const Side *q, size_t i) {
    return side_term(q, i)->kind == TERM_MEASURE && i + 1 < q->n && side_term(q, i + 1)->kind == TERM_FIGURE;
}

/* Whether terms i and i + 1 of the original are parts of one name. */
static int one_name(const Side *q, size_t i) {
    const Term *one, *other;
    if (!adjoin(q, i)) return 0;
    one = side_term(q, i);
    other = side_term(q, i + 1);
    if (one->key == key_united_states || other->key == key_united_states || other->kind != TERM_NAME) return 0;
    return one->kind == TERM_NAME || (one->kind == TERM_WORD && one->capital);
}

/* Judges what the original has at a place and the paragraph does not. */
static int judge_theirs(Novelty *v, const Difference *d, size_t theirs) {
    const Side *q = &v->q;
    size_t i, j, first = d->q_end + 1, last = 0;
    if (!theirs || (d->p == d->p_end && says_more(q, d->q, d->q_end))) return RULE_NONE;
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
    }
    if (one_name(q, d->q_end - 1) || (d->q > 0 && one_name(q, d->q - 1))) return answer(v, RULE_NAME, NULL, 0);
    if (d->p == d->p_end && d->q > 0 && owns(q, d->q - 1) && !(d->p > 0 && owns(&v->p, d->p - 1)))
        return answer(v, RULE_WORD, NULL, 0);
    return RULE_NONE;
}

static int judge_difference(Novelty *v, const Difference *d) {
    size_t mine = d->p_end - d->p, theirs = d->q_end - d->q, i;
    int rule;
    if (same_letters(v, d, 0) || same_letters(v, d, 1)) return RULE_NONE;
    if (!grow((void **)&v->mine, &v->mine_room, mine, sizeof *v->mine) ||
        !grow((void **)&v->theirs, &v->theirs_room, theirs, sizeof *v->theirs)) {
        v->failed = 1;
        return RULE_WORD;
    }
    for (i = 0; i < mine; i++) v->mine[i] = (uint32_t)(d->p + i);
    for (i = 0; i < theirs; i++) v->theirs[i] = (uint32_t)(d->q + i);
    leave_spellings(v, &mine, &theirs);
    if (mine) leave_functions(v, d, &mine);
    rule = judge_mine(v, mine, theirs);
    return rule != RULE_NONE ? rule : judge_theirs(v, d, theirs);
}

/* What the paragraph in side p adds to the original in side q: a rule, with the new terms in added. */
static int judge(Novelty *v) {
    size_t i;
    v->n_added = 0;
    if (!align(v)) return RULE_WORD;
    for (i = 0; i < v->differences && !v->failed; i++) {
        int rule = judge_difference(v, &v->difference[i]);
        if (rule != RULE_NONE) return rule;
    }
    return RULE_NONE;
}
#endif
