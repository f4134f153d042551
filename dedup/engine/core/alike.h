/* Whether two texts have the same words, or differ in their white space only. */
#ifndef DEDUP_ALIKE_H
#define DEDUP_ALIKE_H
#include "comparer.h"

/* Passes what separates ASCII words: how many bytes, or -1 at a byte that is not ASCII. */
static inline ptrdiff_t pass_gap(const uint8_t *p, size_t n) {
    size_t i = 0;
    while (i < n && !is_ascii_word(p[i])) {
        if (p[i] & 0x80) return -1;
        i++;
    }
    return (ptrdiff_t)i;
}

/* As same_words, without folding: 1 or 0, or -1 if a byte that is not ASCII stands before the answer. */
static int same_ascii_words(const uint8_t *a, size_t n, const uint8_t *b, size_t k) {
    size_t i = 0, j = 0;
    int first = 1;
    for (;; first = 0) {
        ptrdiff_t in_a = pass_gap(a + i, n - i), in_b = pass_gap(b + j, k - j);
        if (in_a < 0 || in_b < 0) return -1;
        i += (size_t)in_a;
        j += (size_t)in_b;
        if (i == n || j == k) return i == n && j == k;
        if (!first && !in_a != !in_b) return 0;
        while (i < n && j < k && is_ascii_word(a[i]) && is_ascii_word(b[j]))
            if ((a[i++] | 0x20) != (b[j++] | 0x20)) return 0;
    }
}

/* Whether two texts have the same words in the same order, compared on the folded words themselves. */
static int same_words(Comparer *c, const uint8_t *a, size_t n, const uint8_t *b, size_t k) {
    int same;
    if (n == k && memcmp(a, b, n) == 0) return 1;
    if ((same = same_ascii_words(a, n, b, k)) >= 0) return same;
    fold_text(&c->fold_a, &c->lanes.word, a, n);
    fold_text(&c->fold_b, &c->lanes.word, b, k);
    if (c->fold_a.failed || c->fold_b.failed || c->lanes.word.failed) c->failed = 1;
    return c->fold_a.n == c->fold_b.n && memcmp(c->fold_a.bytes, c->fold_b.bytes, c->fold_a.n) == 0;
}

/* Whether a text is ASCII, and no figure, percent or currency sign is in it, nor a word that a line end has cut: what
 * such texts say hangs on their words alone. */
static int is_plain(const uint8_t *p, size_t n) {
    size_t i;
    for (i = 0; i < n; i++)
        if (p[i] >= 0x80 || is_digit(p[i]) || p[i] == '%' || p[i] == '$') return 0;
    return !has_cut_lines(p, n);
}

/* Whether two texts are plain and have the same words. */
static int same_plain_words(const uint8_t *a, size_t n, const uint8_t *b, size_t k) {
    return is_plain(a, n) && is_plain(b, k) && same_ascii_words(a, n, b, k) == 1;
}

static inline int is_blank(uint8_t c) { return is_space(c) || is_end(c); }

/* Leaves out white space at both ends. */
static const uint8_t *strip(const uint8_t *text, size_t *n) {
    while (*n && is_blank(text[*n - 1])) --*n;
    for (; *n && is_blank(*text); text++) --*n;
    return text;
}

/* Whether two texts differ in the width of their white space only; where a line end may have cut a word, it is not told.
 * Most that do differ in how many line ends follow. */
static int same_but_for_space(const uint8_t *a, size_t n, const uint8_t *b, size_t k) {
    size_t i = 0, j = 0;
    a = strip(a, &n);
    b = strip(b, &k);
    if (n == k && memcmp(a, b, n) == 0) return 1;
    for (;;) {
        size_t in_a = i, in_b = j;
        while (i < n && is_blank(a[i])) i++;
        while (j < k && is_blank(b[j])) j++;
        if (i == n || j == k) return i == n && j == k;
        if ((i > in_a) != (j > in_b)) return 0;
        if (i > in_a && (a[in_a - 1] == '-' || a[in_a - 1] >= 0x80)) return 0;
        while (i < n && j < k && !is_blank(a[i]) && !is_blank(b[j]))
            if (a[i++] != b[j++]) return 0;
    }
}
#endif
