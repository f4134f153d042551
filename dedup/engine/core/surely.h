/* What a paragraph surely adds to an original, told by the first term in which the two differ: nine of ten near copies of a
 * template add something, and that mostly tells it, before the rest is read and the two are aligned. Part of novelty.h.
 *
 * The first difference of an alignment begins at that term, wherever it ends. So a term that the original has nowhere is among
 * what is judged, and the first that is new: unless something takes it for no word of its own, which is told here for all
 * that may be in the difference. */
#ifndef DEDUP_SURELY_H
#define DEDUP_SURELY_H

#define MOST_INITIALS 32

/* The first weighty term in which the two differ, read on to; p's number of terms if there is none. */
static size_t first_apart(Novelty *v) {
    Side *p = &v->p;
    const Side *q = v->q;
    size_t i = 0;
    for (;;) {
        while (i < p->n && i < q->n && p->key[i] == q->key[i]) i++;
        if (i < p->n || p->all.whole) return i;
        if (!side_read_on(p)) {
            v->failed = 1;
            return p->n;
        }
    }
}

/* Whether p can have so few terms that the two can be aligned: at most one for each word, and for each byte between words. */
static int can_be_aligned(const Novelty *v) {
    const Terms *t = &v->p.all;
    size_t most = t->size, i;
    if (most + v->q->n <= MAX_DIFFERENCES) return 1;
    for (i = 0; i < t->words; i++) most -= t->word[i].end - t->word[i].start - 1;
    return most + v->q->n <= MAX_DIFFERENCES;
}

/* Whether words end to end that begin where the two differ, at term i, cannot be the same, with the function words before
 * them or without. */
static int differ_at_once(const Novelty *v, size_t i) {
    const Side *p = &v->p, *q = v->q;
    const Term *a = &p->all.term[around_from(p, i)], *mine = side_term(p, i), *b, *theirs;
    size_t first = around_from(q, i), last = i < q->n ? q->at[i] : q->all.n - 1, n, m;
    if (first >= q->all.n) return 1; /* the original has nothing here */
    b = &q->all.term[first];
    theirs = &q->all.term[last];
    n = mine->folded + mine->n - a->folded;
    m = theirs->folded + theirs->n - b->folded;
    if (memcmp(p->all.bytes + a->folded, q->all.bytes + b->folded, n < m ? n : m) == 0) return 0;
    n = mine->n < theirs->n ? mine->n : theirs->n;
    return i >= q->n || memcmp(term_folded(p, mine), term_folded(q, theirs), n) != 0;
}

/* Whether two words have so much in common that they may be one in two spellings: all of the first, which is ASCII, but for
 * two letters, or the beginnings of what their endings are left out of. */
static inline int may_be_spelling(const uint8_t *a, size_t n, const uint8_t *b, size_t m) {
    size_t first = 0, last = 0, least = n < m ? n : m;
    if (n > m + MOST_BYTES || m > n + MOST_BYTES) return 0;
    while (first < least && first < STEM_LETTERS && a[first] == b[first]) first++;
    if (first == STEM_LETTERS) return 1;
    while (first + last + 2 < n && last < m && a[n - 1 - last] == b[m - 1 - last]) last++;
    return first + last + 2 >= n;
}

/* The bits of the first four bytes that a word of n shares with another if the last byte of both is not the same, and
 * may_be_spelling. */
_Static_assert(STEM_LETTERS == 4, "a word that shares so many has all the bits");
static inline uint32_t bits_shared(size_t n) {
    size_t bytes = n < 2 ? 0 : n - 2 < STEM_LETTERS ? n - 2 : STEM_LETTERS;
    return (uint32_t)((1ull << 8 * bytes) - 1);
}

/* Whether term t of p, no name, may be a spelling of a term that q has where the two differ, at term i, or behind. */
static int is_perhaps_spelled(Novelty *v, const Term *t, size_t i) {
    Side *q = v->q;
    const uint8_t *word = term_folded(&v->p, t);
    int ascii = is_ascii(word, t->n);
    uint32_t head = (uint32_t)first_bytes(word, t->n < 4 ? t->n : 4), last = t->n ? word[t->n - 1] : 0;
    uint32_t bits = ascii ? bits_shared(t->n) : 0;
    size_t k = around_from(q, i);
    if (!side_ends(q)) {
        v->failed = 1;
        return 1;
    }
    for (; (k = next_with_ends(q, k, bits, head, last)) < q->all.n; k++) {
        const Term *other = &q->all.term[k];
        if (other->kind == TERM_NAME) continue;
        if (ascii && !may_be_spelling(word, t->n, term_folded(q, other), other->n)) continue;
        if (is_spelling_in(v, t, other, 0) || is_spelling_in(v, t, other, 1)) return 1;
    }
    return 0;
}

/* Whether q may have the initials of names of p, the first of which is term i, or p may say in brackets what it calls them. */
static int is_perhaps_spelled_out(Novelty *v, size_t i) {
    const Term *t = side_term(&v->p, i);
    const Terms *all = &v->p.all;
    uint8_t initials[MOST_INITIALS];
    size_t k, n = 0;
    if (memchr(all->text + t->end, '(', all->size - t->end)) return 1;
    for (k = all->words; k > 0 && all->word[k - 1].start >= t->end; k--) n += all->word[k - 1].capital;
    if (n + 1 < ACRONYM_LETTERS) return 0; /* every name begins with a capital */
    if (!side_finish(&v->p)) v->failed = 1;
    for (n = 0; i < v->p.n && !v->failed; i++) {
        t = side_term(&v->p, i);
        if (t->kind != TERM_NAME) continue;
        if (n == MOST_INITIALS || !t->n || t->key == key_united_states) return 1;
        initials[n++] = *term_folded(&v->p, t);
        if (n >= ACRONYM_LETTERS && has_key(v->q, xxh64(initials, n))) return 1;
    }
    return v->failed;
}

/* The rule of what the paragraph surely adds; RULE_NONE if that cannot be told so soon. */
static int surely_adds(Novelty *v) {
    size_t i = first_apart(v);
    const Term *t;
    int kind;
    if (v->failed || i >= v->p.n) return RULE_NONE;
    t = side_term(&v->p, i);
    kind = t->kind;
    if (kind == TERM_TITLE || t->key == key_united_states || has_key(v->q, t->key)) return RULE_NONE;
    if (!can_be_aligned(v) || !differ_at_once(v, i)) return RULE_NONE;
    if (kind == TERM_NAME ? is_perhaps_spelled_out(v, i) : v->told && is_perhaps_spelled(v, t, i)) return RULE_NONE;
    return rule_of(side_term(&v->p, i));
}
#endif
