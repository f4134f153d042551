/* Words with their places, and what stands between them. The native half of dedup/placed.py; names agree. Part of
 * terms.h. */
#ifndef DEDUP_PLACED_H
#define DEDUP_PLACED_H

static int is_capital(uint32_t code) {
    uint32_t entry, first;
    if (code < 0x80) return code >= 'A' && code <= 'Z';
    if (code - 0xAC00 < 11172) return 0;
    entry = folding_entry(code);
    if (entry >> 2 & 1 || (entry & 3) != FOLD_SEQUENCE) return 0; /* what folds to itself is no capital */
    if ((entry >> 3 & 31) == 0) return 0;
    first = folding.pool[entry >> 8];
    if (first >> 30 & 1 || first >> 21 & 1 || first >> 31) return 0;
    first &= CODE_POINT;
    return first != code && !(first >= '0' && first <= '9');
}

#define LONG_BYTES 4
#define SHORT_TEXT 4096 /* bytes of a text for whose words there is room at once */

/* Whether a word begins with a letter that may be a capital or a small one. */
static inline int is_cased(const Terms *t, const PlacedWord *w) {
    uint8_t first = t->word_bytes[w->folded];
    return (first >= 'a' && first <= 'z') || (first >= 0xC3 && first < 0xD7);
}

static inline uint8_t tells_case(const Terms *t, const PlacedWord *w) {
    return w->n >= LONG_BYTES && !w->figure && is_cased(t, w);
}

static inline void count_case(Terms *t, const PlacedWord *w) {
    t->capitals += w->capital;
    t->large += w->tells & w->capital;
    t->small += w->tells & !w->capital;
}

/* Room for more words, of n bytes in all. */
static inline int room_for_words(Terms *t, size_t words, size_t n) {
    if (grow((void **)&t->word, &t->word_room, t->words + words, sizeof *t->word) &&
        grow((void **)&t->word_bytes, &t->word_bytes_room, t->word_bytes_n + n + words + SHORT_BYTES, 1))
        return 1;
    t->failed = 1;
    return 0;
}

static void places_sink(void *to, const uint8_t *bytes, size_t n) {
    Terms *t = to;
    PlacedWord *w;
    size_t i;
    if (!room_for_words(t, 1, n)) return;
    w = &t->word[t->words++];
    *w = (PlacedWord){t->start, t->offset, (uint32_t)t->word_bytes_n, (uint32_t)n, (uint8_t)t->capital, 0, 0};
    for (i = 0; i < n; i++) w->figure |= is_digit(bytes[i]);
    memcpy(t->word_bytes + t->word_bytes_n, bytes, n);
    w->tells = tells_case(t, w);
    count_case(t, w);
    t->word_bytes_n += n;
    t->word_bytes[t->word_bytes_n++] = ' ';
    t->start = t->offset;
    t->capital = t->code_capital;
}

static inline int is_ascii_letter(uint8_t c) { return (uint8_t)((c | 0x20) - 'a') < 26; }

static inline int is_ascii_word(uint8_t c) { return is_ascii_letter(c) || is_digit(c); }

/* A word in ASCII, as it is written. */
typedef struct {
    size_t n, next; /* its bytes, and those up to the next word if that begins among the first 16 */
    int figure;
} Lowered;

/* Writes the word at p, which ends before what is no ASCII letter or digit, in small letters; SHORT_BYTES may be written. */
static inline Lowered lower_ascii(const uint8_t *p, const uint8_t *end, uint8_t *to) {
    Lowered l = {0, 0, 0};
    size_t most = (size_t)(end - p);
#ifdef DEDUP_X86
    if (most >= 16) {
        __m128i text = _mm_loadu_si128((const __m128i *)p), low = _mm_or_si128(text, _mm_set1_epi8(0x20));
        __m128i letter = _mm_sub_epi8(low, _mm_set1_epi8('a')), digit = _mm_sub_epi8(text, _mm_set1_epi8('0'));
        __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter);
        __m128i is_figure = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
        unsigned figures = (unsigned)_mm_movemask_epi8(is_figure), words = (unsigned)_mm_movemask_epi8(is_letter) | figures;
        unsigned other, wide = (unsigned)_mm_movemask_epi8(text);
        l.n = (size_t)__builtin_ctz(~words);
        _mm_storeu_si128((__m128i *)to, low); /* digits have the bit already */
        if (l.n < 16) {
            l.figure = (figures & ((1u << l.n) - 1)) != 0;
            other = (words | wide | 1u << 16) >> l.n;
            l.next = l.n + (size_t)__builtin_ctz(other);
            return l;
        }
    }
#endif
    for (l.n = 0; l.n < most && is_ascii_word(p[l.n]); l.n++) {
        to[l.n] = p[l.n] | 0x20;
        l.figure |= is_digit(p[l.n]);
    }
    l.next = l.n;
    return l;
}

/* Adds words from p on, as long as they are ASCII and so is what follows each, without the folding table; returns where it
 * stopped. */
static const uint8_t *place_ascii(Terms *t, const uint8_t *p, const uint8_t *end) {
    size_t n = (size_t)(end - p);
    int roomy = n <= SHORT_TEXT && room_for_words(t, n / 2 + 1, n);
    for (;;) {
        PlacedWord *w;
        Lowered l;
        while (p < end && !is_ascii_word(*p)) {
            if (*p >= 0x80) return p;
            p++;
        }
        if (p == end || (!roomy && !room_for_words(t, 1, (size_t)(end - p)))) return p;
        l = lower_ascii(p, end, t->word_bytes + t->word_bytes_n);
        if (p + l.n < end && p[l.n] >= 0x80) return p;
        t->word_bytes[t->word_bytes_n + l.n] = ' ';
        w = &t->word[t->words++];
        w->start = (uint32_t)(p - t->text);
        w->end = (uint32_t)(w->start + l.n);
        w->folded = (uint32_t)t->word_bytes_n;
        w->n = (uint32_t)l.n;
        w->capital = *p >= 'A' && *p <= 'Z';
        w->figure = (uint8_t)l.figure;
        w->tells = l.n >= LONG_BYTES && !l.figure;
        count_case(t, w);
        t->word_bytes_n += l.n + 1;
        p += l.next;
    }
}

/* Adds the words of the text from `from` to `to`, where none goes on. */
static void place_words(Terms *t, Word *w, size_t from, size_t to) {
    const uint8_t *p = t->text + from, *end = t->text + to;
    while (p < end && !t->failed) {
        uint32_t code;
        int n;
        if (!w->open && (p = place_ascii(t, p, end)) == end) break;
        n = decode(p, end, &code);
        t->offset = (uint32_t)(p - t->text);
        t->code_capital = n && is_capital(code);
        if (!w->open) {
            t->start = t->offset;
            t->capital = t->code_capital;
        }
        if (n) {
            fold_code(w, code, places_sink, t);
        } else {
            word_add(w, OPAQUE + *p, 0, 0, 0, places_sink, t);
            n = 1;
        }
        p += n;
    }
    t->offset = (uint32_t)to;
    word_end(w, places_sink, t);
}

#include "casing.h"

static inline const uint8_t *folded_of(const Terms *t, size_t i) { return t->word_bytes + t->word[i].folded; }

static inline int word_is(const Terms *t, size_t i, const char *s) {
    size_t n = strlen(s);
    return t->word[i].n == n && memcmp(folded_of(t, i), s, n) == 0;
}

static inline int is_letter_word(const Terms *t, size_t i) {
    return t->word[i].n == 1 && folded_of(t, i)[0] >= 'a' && folded_of(t, i)[0] <= 'z';
}

/* What stands between word i and the next. */
static inline const uint8_t *between(const Terms *t, size_t i, size_t *n) {
    *n = t->word[i + 1].start - t->word[i].end;
    return t->text + t->word[i].end;
}

static inline int between_is(const Terms *t, size_t i, const char *s) {
    size_t n, k = strlen(s);
    const uint8_t *b = between(t, i, &n);
    return n == k && memcmp(b, s, n) == 0;
}

static int gap_class(uint32_t c) {
    switch (c) {
    case '.': case '!': case '?': case 0x2026: case 0x3002: case 0xFF01: case 0xFF1F: case 0x061F: case 0x0964:
        return GAP_SENTENCE;
    case ',': case ';': case ':': case '(': case ')': case '[': case ']': case '"': case 0x201C: case 0x201D:
    case 0x201E: case 0xAB: case 0xBB: case 0x2013: case 0x2014: case 0x060C: case 0x3001: case 0xFF0C: case 0xFF1B:
    case 0xFF1A:
        return GAP_CLAUSE;
    }
    return GAP_SOFT;
}

static int gap_of(const uint8_t *p, size_t n) {
    const uint8_t *end = p + n;
    int widest = GAP_NONE;
    uint32_t code, before = 0;
    while (p < end) {
        int k = decode(p, end, &code), class;
        if (!k) return GAP_SOFT; /* invalid bytes are letters: they stand in no gap */
        class = code == '-' && before == '-' ? GAP_CLAUSE : gap_class(code);
        if (class > widest) widest = class;
        before = code;
        p += k;
    }
    return widest;
}

/* Whether word i and the next may be parts of one phrase. */
static int is_soft(const Terms *t, size_t i) {
    size_t n;
    const uint8_t *b;
    if (i + 1 >= t->words) return 0;
    b = between(t, i, &n);
    return (n == 1 && *b == ' ') || gap_of(b, n) <= GAP_SOFT;
}
#endif
