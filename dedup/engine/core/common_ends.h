/* What two paragraphs have in common at either end, and so need not be read twice: most that are near to one another
 * differ in the middle. Part of terms.h. */
#ifndef DEDUP_COMMON_ENDS_H
#define DEDUP_COMMON_ENDS_H

#define LOOK_AHEAD 6 /* words after a term that may tell what it is */

/* Where, in a paragraph and another, what they have in common ends and begins again: at a space between two ASCII words,
 * so that no word goes on, and none is cut. */
typedef struct {
    size_t head;   /* in both: what stands before is the same; 0 if nothing is */
    size_t tail;   /* in the paragraph: what stands from there on is the same; its size if nothing is */
} Common;

static inline int parts_words(const uint8_t *s, size_t at) {
    return s[at] == ' ' && is_ascii_word(s[at - 1]) && is_ascii_word(s[at + 1]);
}

static Common find_common(const Terms *t, const Terms *other) {
    const uint8_t *a = t->text, *b = other->text;
    size_t n = t->size, m = other->size, least = n < m ? n : m, same = 0, left, k;
    Common c = {0, n};
    while (same + 8 <= least && load64(a + same) == load64(b + same)) same += 8;
    while (same < least && a[same] == b[same]) same++;
    left = least - same; /* that may be the same at the end */
    for (k = same; k > 2 && !c.head; k--)
        if (parts_words(a, k - 2)) c.head = k - 2;
    for (k = 0; k + 8 <= left && load64(a + n - k - 8) == load64(b + m - k - 8);) k += 8;
    while (k < left && a[n - k - 1] == b[m - k - 1]) k++;
    for (; k > 2 && c.tail == n; k--)
        if (parts_words(a, n - k + 1)) c.tail = n - k + 1;
    return c;
}

/* Adds words of the other from `first` to `last`, which stand so many bytes farther on here. */
static void copy_words(Terms *t, const Terms *other, size_t first, size_t last, uint32_t farther) {
    const PlacedWord *from = other->word + first;
    size_t i, n = last - first, start, bytes;
    if (!n) return;
    start = from->folded;
    bytes = from[n - 1].folded + from[n - 1].n + 1 - start;
    if (!grow((void **)&t->word, &t->word_room, t->words + n, sizeof *t->word) ||
        !grow((void **)&t->word_bytes, &t->word_bytes_room, t->word_bytes_n + bytes + SHORT_BYTES, 1)) {
        t->failed = 1;
        return;
    }
    memcpy(t->word_bytes + t->word_bytes_n, other->word_bytes + start, bytes);
    for (i = 0; i < n; i++) {
        PlacedWord *w = &t->word[t->words + i];
        *w = from[i];
        w->start += farther;
        w->end += farther;
        w->folded += (uint32_t)(t->word_bytes_n - start);
        count_case(t, w);
    }
    t->word_bytes_n += bytes;
    t->words += n;
}

static void copy_head_words(Terms *t, const Terms *other, const Common *c) {
    size_t n = 0;
    while (n < other->words && other->word[n].end <= c->head) n++;
    copy_words(t, other, 0, n, 0);
}

/* How many bytes farther on the tail stands here; of a smaller number the sum with it wraps around. */
static inline uint32_t farther(const Terms *t, const Terms *other) { return (uint32_t)t->size - (uint32_t)other->size; }

static void copy_tail_words(Terms *t, const Terms *other, const Common *c) {
    size_t first = other->words, from = c->tail - t->size + other->size;
    while (first && other->word[first - 1].start > from) first--;
    copy_words(t, other, first, other->words, farther(t, other));
}

/* Adds the terms of the other from `first` to `last`. */
static void copy_terms(Terms *t, const Terms *other, size_t first, size_t last, uint32_t farther) {
    const Term *from = other->term + first;
    size_t i, n = last - first, start, bytes;
    if (!n) return;
    start = from->folded;
    bytes = from[n - 1].folded + from[n - 1].n - start;
    if (!grow((void **)&t->term, &t->room, t->n + n, sizeof *t->term) ||
        !grow((void **)&t->bytes, &t->bytes_room, t->bytes_n + bytes, 1)) {
        t->failed = 1;
        return;
    }
    memcpy(t->bytes + t->bytes_n, other->bytes + start, bytes);
    for (i = 0; i < n; i++) {
        Term *term = &t->term[t->n + i];
        *term = from[i];
        term->start += farther;
        term->end += farther;
        term->folded += (uint32_t)(t->bytes_n - start);
    }
    t->bytes_n += bytes;
    t->n += n;
}

/* Adds the terms of the head that nothing after it can change; gives the first word after them. */
static size_t copy_head_terms(Terms *t, const Terms *other, const Common *c) {
    size_t words = 0, taken = 0, after = 0, n = 0, i;
    while (words < t->words && t->word[words].end <= c->head) words++;
    words = words > LOOK_AHEAD ? words - LOOK_AHEAD : 0;
    for (i = 0; i < other->n; i++) {
        while (taken < words && t->word[taken].end < other->term[i].end) taken++;
        if (taken == words) break;
        if (t->word[taken].end != other->term[i].end) continue; /* a sign between two words */
        after = taken + 1;
        n = i + 1;
    }
    copy_terms(t, other, 0, n, 0);
    if (n) t->after_abbreviation = other->term[n - 1].abbreviates;
    return after;
}

/* Adds all terms of the other that follow, if what was just read, up to a word's end in the tail, ends one there, too. */
static int copy_tail_terms(Terms *t) {
    const Terms *other = t->other;
    uint32_t there = (uint32_t)t->end - farther(t, other);
    while (t->passed < other->n && other->term[t->passed].end < there) t->passed++; /* they end before */
    if (t->passed == other->n || other->term[t->passed].end != there) return 0;
    if (other->term[t->passed].abbreviates != t->after_abbreviation) return 0;
    copy_terms(t, other, t->passed + 1, other->n, farther(t, other));
    return 1;
}
#endif
