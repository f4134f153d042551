/* What two paragraphs have in common, and so need not be read twice: most that are near to one another differ in a few words.
 * Part of terms.h. */
#ifndef DEDUP_SHARED_H
#define DEDUP_SHARED_H

#define LOOK_AHEAD 6     /* words after a term that may tell what it is, of those that look at any */
#define SHARED_BYTES 16  /* of a stretch at least, but for those at the ends */
#define MOST_TRIES 4     /* words after a difference at which the two may be the same again */

/* Space between two ASCII words: no word goes on there, and none is cut. */
static inline int parts_words(const uint8_t *s, size_t at) {
    return s[at] == ' ' && is_ascii_word(s[at - 1]) && is_ascii_word(s[at + 1]);
}

/* How many bytes are the same from a and b on, of `most`. */
static inline size_t same_bytes(const uint8_t *a, const uint8_t *b, size_t most) {
    size_t n = 0;
    while (n + 8 <= most && load64(a + n) == load64(b + n)) n += 8;
    while (n < most && a[n] == b[n]) n++;
    return n;
}

/* The same before a and b. */
static inline size_t same_bytes_before(const uint8_t *a, const uint8_t *b, size_t most) {
    size_t n = 0;
    while (n + 8 <= most && load64(a - n - 8) == load64(b - n - 8)) n += 8;
    while (n < most && a[-1 - (ptrdiff_t)n] == b[-1 - (ptrdiff_t)n]) n++;
    return n;
}

/* Where n bytes that are the same from `a` on end in a space between words; 0 if nowhere. */
static inline size_t ends_between(const uint8_t *a, size_t n) {
    for (; n > 2; n--)
        if (parts_words(a, n - 2)) return n - 2;
    return 0;
}

static inline void add_shared(Terms *t, size_t from, size_t to, size_t there) {
    t->shared[t->shareds++] = (Shared){from, to, (uint32_t)there - (uint32_t)from};
}

/* Where the SHARED_BYTES at `a` stand in b first, between words and not before `from`; `to` if nowhere. */
static size_t find_bytes(const uint8_t *a, const uint8_t *b, size_t from, size_t to) {
    uint64_t one = load64(a), other = load64(a + 8);
#ifdef DEDUP_X86
    __m128i all = _mm_loadu_si128((const __m128i *)a), first = _mm_set1_epi8((char)a[0]), second = _mm_set1_epi8((char)a[1]);
    for (; from + SHARED_BYTES + 16 < to; from += 16) { /* sixteen places at once: where the first two bytes stand */
        __m128i here = _mm_loadu_si128((const __m128i *)(b + from)), next = _mm_loadu_si128((const __m128i *)(b + from + 1));
        __m128i both = _mm_and_si128(_mm_cmpeq_epi8(here, first), _mm_cmpeq_epi8(next, second));
        unsigned found = (unsigned)_mm_movemask_epi8(both);
        for (; found; found &= found - 1) {
            size_t at = from + (size_t)__builtin_ctz(found);
            here = _mm_loadu_si128((const __m128i *)(b + at));
            if (_mm_movemask_epi8(_mm_cmpeq_epi8(here, all)) == 0xFFFF && parts_words(b, at)) return at;
        }
    }
#endif
    for (; from + SHARED_BYTES < to; from++)
        if (load64(b + from) == one && load64(b + from + 8) == other && parts_words(b, from)) return from;
    return to;
}

/* Finds the stretches that both have between those at the ends, from x and y on and up to `to` and `there`. */
static void find_shared_inside(Terms *t, const Terms *other, size_t x, size_t y, size_t to, size_t there) {
    const uint8_t *a = t->text, *b = other->text;
    size_t tries = 0, at, n;
    while (t->shareds + 1 < MOST_SHARED && tries++ < MOST_TRIES) {
        for (x++; x + SHARED_BYTES < to && !parts_words(a, x); x++) {}
        if (x + SHARED_BYTES >= to) return;
        if ((at = find_bytes(a + x, b, y + 1, there)) == there) continue;
        n = ends_between(a + x, same_bytes(a + x, b + at, to - x < there - at ? to - x : there - at));
        if (n < SHARED_BYTES / 2) continue;
        add_shared(t, x, x + n, at);
        x += n;
        y = at + n;
        tries = 0;
    }
}

/* Finds the stretches that both have, in their order. */
static void find_shared(Terms *t, const Terms *other) {
    const uint8_t *a = t->text, *b = other->text;
    size_t n = t->size, m = other->size, least = n < m ? n : m, same = same_bytes(a, b, least), head = ends_between(a, same);
    size_t tail = n, k = same_bytes_before(a + n, b + m, least - same);
    if (head) add_shared(t, 0, head, 0);
    for (; k > 2 && tail == n; k--)
        if (parts_words(a, n - k + 1)) tail = n - k + 1;
    find_shared_inside(t, other, head, head, tail, tail - n + m);
    if (tail < n) add_shared(t, tail, n, tail - n + m);
}

/* Adds the words of the other that stand in a stretch, the first of which is word `first` or one after it; gives the first
 * after them. */
static size_t copy_words(Terms *t, const Terms *other, const Shared *s, size_t first) {
    size_t i, n, last, start, bytes, capitals = 0, large = 0, tells = 0;
    uint32_t from = (uint32_t)s->from + s->there, to = (uint32_t)s->to + s->there;
    while (first < other->words && other->word[first].start < from) first++;
    for (last = first; last < other->words && other->word[last].end <= to; last++) {}
    if (!(n = last - first)) return last;
    start = other->word[first].folded;
    bytes = other->word[last - 1].folded + other->word[last - 1].n + 1 - start;
    if (!grow((void **)&t->word, &t->word_room, t->words + n, sizeof *t->word) ||
        !grow((void **)&t->word_bytes, &t->word_bytes_room, t->word_bytes_n + bytes + SHORT_BYTES, 1)) {
        t->failed = 1;
        return last;
    }
    memcpy(t->word_bytes + t->word_bytes_n, other->word_bytes + start, bytes);
    for (i = 0; i < n; i++) {
        PlacedWord *w = &t->word[t->words + i];
        *w = other->word[first + i];
        w->start -= s->there;
        w->end -= s->there;
        w->folded += (uint32_t)(t->word_bytes_n - start);
        capitals += w->capital;
        large += w->tells & w->capital;
        tells += w->tells;
    }
    t->capitals += capitals;
    t->large += large;
    t->small += tells - large;
    t->word_bytes_n += bytes;
    t->words += n;
    return last;
}

/* Places the words; those of the stretches are the other's. */
static void place_all_words(Terms *t, Word *w) {
    size_t i, at = 0, theirs = 0;
    for (i = 0; i < t->shareds; i++) {
        place_words(t, w, at, t->shared[i].from);
        theirs = copy_words(t, t->other, &t->shared[i], theirs);
        at = t->shared[i].to;
    }
    place_words(t, w, at, t->size);
}

/* Adds the terms of the other from `first` to `last`, which stand so many bytes farther on there. */
static void copy_terms(Terms *t, const Terms *other, size_t first, size_t last, uint32_t there) {
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
        term->start -= there;
        term->end -= there;
        term->folded += (uint32_t)(t->bytes_n - start);
    }
    t->bytes_n += bytes;
    t->n += n;
}

/* Adds the terms of the other from t->passed on that stand in a stretch and nothing after it can change. All before word
 * t->next is read. */
static void copy_shared_terms(Terms *t, const Shared *s) {
    const Terms *other = t->other;
    size_t i, first = t->passed, taken = t->next;
    if (s->to == t->size) {
        copy_terms(t, other, first, other->n, s->there);
        t->whole = 1;
        return;
    }
    for (i = first; i < other->n; i++) {
        uint32_t end = other->term[i].end - s->there;
        while (taken < t->words && t->word[taken].end < end) taken++;
        if (taken == t->words || t->word[taken].end > s->to) break;
        if (t->word[taken].end != end) continue; /* a sign between two words */
        if (other->term[i].looks && (taken + LOOK_AHEAD >= t->words || t->word[taken + LOOK_AHEAD].end > s->to)) break;
        t->passed = i + 1;
        t->next = taken + 1;
    }
    if (t->passed == first) return;
    copy_terms(t, other, first, t->passed, s->there);
    t->end = t->word[t->next - 1].end;
    t->after_abbreviation = other->term[t->passed - 1].abbreviates;
}

/* Adds terms of the other, if what was just read, up to a word's end in a stretch that both have, ends one there, too. */
static void copy_on(Terms *t) {
    const Terms *other = t->other;
    const Shared *s = &t->shared[t->in];
    uint32_t there;
    while (t->end > s->to) {
        if (++t->in == t->shareds) return;
        s++;
    }
    if (t->end <= s->from) return;
    there = (uint32_t)t->end + s->there;
    while (t->passed < other->n && other->term[t->passed].end < there) t->passed++; /* they end before */
    if (t->passed == other->n || other->term[t->passed].end != there) return;
    if (other->term[t->passed].abbreviates != t->after_abbreviation) return;
    t->passed++;
    t->in++;
    copy_shared_terms(t, s);
}
#endif
