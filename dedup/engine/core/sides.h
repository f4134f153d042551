/* One paragraph of two that are compared. The native half of dedup/rule/sides.py, which explains it; names agree. */
#ifndef DEDUP_SIDES_H
#define DEDUP_SIDES_H
#include "terms.h"

/* The terms of a paragraph that weigh: all but the function words. */
typedef struct {
    Terms all;
    uint32_t *at; /* where each stands in all */
    uint8_t *gap; /* the widest since the one before */
    uint64_t *key;
    uint32_t *head, *last; /* of all, if they were asked for: the first four bytes or zeros behind them, and the last byte */
    size_t n, at_room, gap_room, key_room, head_room, last_room;
    int has_ends;
    int cased;   /* capital letters tell names */
    int english; /* by its function words; known when all is read */
    /* Of the reading. */
    size_t taken; /* terms that were looked at */
    uint8_t widest;
    size_t language[3];
} Side;

static uint64_t key_possessive;

static void side_free(Side *s) {
    terms_free(&s->all);
    free(s->at);
    free(s->gap);
    free(s->key);
    free(s->head);
    free(s->last);
}

/* Takes in the terms that were read since. */
static int side_take(Side *s) {
    size_t i, n = s->n;
    uint8_t widest = s->widest;
    if (!grow((void **)&s->at, &s->at_room, s->all.n, sizeof *s->at) || !grow((void **)&s->gap, &s->gap_room, s->all.n, 1) ||
        !grow((void **)&s->key, &s->key_room, s->all.n, sizeof *s->key))
        return 0;
    for (i = s->taken; i < s->all.n; i++) {
        const Term *t = &s->all.term[i];
        int weighs = t->kind != TERM_FUNCTION;
        s->language[t->language]++;
        if (t->gap > widest) widest = t->gap;
        s->at[n] = (uint32_t)i;
        s->key[n] = t->key;
        s->gap[n] = widest;
        n += weighs;
        widest = weighs ? GAP_NONE : widest;
    }
    s->n = n;
    s->taken = i;
    s->widest = widest;
    s->english = s->language[LANGUAGE_ENGLISH] > FOREIGN_SHARE * s->language[LANGUAGE_OTHER];
    return !s->all.failed;
}

/* Begins to read a paragraph; what it has in common with another that was read, or NULL, is not read again. */
static int side_begin(Side *s, Reading *r, const uint8_t *text, size_t size, const Side *other) {
    if (!begin_terms(&s->all, r, text, size, other ? &other->all : NULL)) return 0;
    s->n = s->taken = 0;
    s->has_ends = 0;
    s->widest = GAP_NONE;
    memset(s->language, 0, sizeof s->language);
    s->cased = s->all.casing == CASE_MIXED;
    return side_take(s);
}

/* Reads on by a word or two. */
static int side_read_on(Side *s) {
    read_on(&s->all);
    return side_take(s);
}

/* Reads what is left. */
static int side_finish(Side *s) {
    while (!s->all.whole && !s->all.failed) read_on(&s->all);
    return side_take(s);
}

static int side_read(Side *s, Reading *r, const uint8_t *text, size_t size, const Side *other) {
    return side_begin(s, r, text, size, other) && side_finish(s);
}

static inline const Term *side_term(const Side *s, size_t i) { return &s->all.term[s->at[i]]; }
static inline const uint8_t *term_folded(const Side *s, const Term *t) { return s->all.bytes + t->folded; }

/* Where the terms between those before and after the weighty terms from `first` to `end` begin and end in all. */
static inline size_t around_from(const Side *s, size_t first) { return first ? (size_t)s->at[first - 1] + 1 : 0; }
static inline size_t around_to(const Side *s, size_t end) { return end < s->n ? s->at[end] : s->all.n; }

/* Whether terms i and i + 1 are there and nothing but space stands between. */
static int adjoin(const Side *s, size_t i) {
    return i + 1 < s->n && s->at[i + 1] == s->at[i] + 1 && s->gap[i + 1] <= GAP_SOFT;
}

/* Whether a possessive 's follows term i. */
static int owns(const Side *s, size_t i) {
    size_t after = (size_t)s->at[i] + 1;
    return after < s->all.n && s->all.term[after].key == key_possessive && s->all.term[after].kind == TERM_FUNCTION;
}

/* Notes how all terms begin and end. */
static int side_ends(Side *s) {
    size_t i, n = s->all.n;
    if (s->has_ends) return 1;
    if (!grow((void **)&s->head, &s->head_room, n + 4, sizeof *s->head) ||
        !grow((void **)&s->last, &s->last_room, n + 4, sizeof *s->last))
        return 0;
    for (i = 0; i < n; i++) {
        const Term *t = &s->all.term[i];
        const uint8_t *word = term_folded(s, t);
        s->head[i] = (uint32_t)first_bytes(word, t->n < 4 ? t->n : 4);
        s->last[i] = t->n ? word[t->n - 1] : 0;
    }
    s->has_ends = 1;
    return 1;
}

/* The first term from k on that has these bits of the first four bytes, or this last byte; their number if none has. */
static inline size_t next_with_ends(const Side *s, size_t k, uint32_t bits, uint32_t head, uint32_t last) {
    size_t n = s->all.n;
#ifdef DEDUP_X86
    __m128i of = _mm_set1_epi32((int)bits), heads = _mm_set1_epi32((int)(head & bits)), lasts = _mm_set1_epi32((int)last);
    for (; k < n; k += 4) {
        __m128i begin = _mm_cmpeq_epi32(_mm_and_si128(_mm_loadu_si128((const __m128i *)(s->head + k)), of), heads);
        __m128i end = _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)(s->last + k)), lasts);
        unsigned found = (unsigned)_mm_movemask_ps(_mm_castsi128_ps(_mm_or_si128(begin, end)));
        if (found) return k + (size_t)__builtin_ctz(found) < n ? k + (size_t)__builtin_ctz(found) : n;
    }
#else
    for (; k < n; k++)
        if ((s->head[k] & bits) == (head & bits) || s->last[k] == last) return k;
#endif
    return n;
}

static int begins(const Side *s, size_t i) { return i == s->n || s->gap[i] == GAP_SENTENCE; }

static int has_key(const Side *s, uint64_t key) {
    size_t i;
    for (i = 0; i < s->n; i++)
        if (s->key[i] == key) return 1;
    return 0;
}

static int has_name(const Side *s, uint64_t key) {
    size_t i;
    for (i = 0; i < s->n; i++)
        if (s->key[i] == key && side_term(s, i)->kind == TERM_NAME) return 1;
    return 0;
}

static int may_name(const Side *s, const Term *t, const Side *other) {
    if (t->kind != TERM_WORD || s->cased) return t->kind == TERM_NAME;
    return !other->cased || has_name(other, t->key) || !has_key(other, t->key);
}

/* Whether equal letters do not make a term equal. */
static int is_firm(const Side *s, const Term *t, int same_words) {
    const uint8_t *w = term_folded(s, t);
    uint32_t code = 0;
    if (t->kind == TERM_FIGURE) return !(same_words && t->in_words);
    if (t->kind == TERM_NEGATION) return !same_words;
    if (t->kind != TERM_WORD || t->n > 4) return 0;
    return (t->n == 1 && *w == '%') || (decode(w, w + t->n, &code) == (int)t->n && is_currency(code));
}

static int same_firm(const Side *p, const Side *q, int same_words) {
    size_t i = 0, k = 0;
    for (;; i++, k++) {
        while (i < p->n && !is_firm(p, side_term(p, i), same_words)) i++;
        while (k < q->n && !is_firm(q, side_term(q, k), same_words)) k++;
        if (i == p->n || k == q->n) return i == p->n && k == q->n;
        if (p->key[i] != q->key[k]) return 0;
    }
}

enum { SAME_LETTERS = 1, SAME_WORDS };

/* Whether the words of two sides differ in case and in where they end only; SAME_WORDS: not even in that. */
static int sides_have_same_letters(const Side *p, const Side *q) {
    const uint8_t *a = p->all.word_bytes, *b = q->all.word_bytes;
    size_t n = p->all.word_bytes_n, m = q->all.word_bytes_n, i = 0, k = 0;
    if (n == m && (!n || memcmp(a, b, n) == 0)) return SAME_WORDS;
    while (i + 8 <= n && i + 8 <= m && load64(a + i) == load64(b + i)) i += 8;
    for (k = i;; i++, k++) {
        while (i < n && a[i] == ' ') i++;
        while (k < m && b[k] == ' ') k++;
        if (i == n || k == m) return i == n && k == m ? SAME_LETTERS : 0;
        if (a[i] != b[k]) return 0;
    }
}
#endif
