/* Paragraph boundaries: the native half of dedup/paragraphs.py, which says what each unit means. */
#ifndef DEDUP_SPLIT_H
#define DEDUP_SPLIT_H
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "x86.h"

enum { UNIT_LINE, UNIT_BLANK, UNIT_INDENT, UNIT_SENTENCE, UNIT_SENTENCE_WRAPPED, UNIT_DOCUMENT };
#define MAX_PARAGRAPH_BYTES ((size_t)1 << 20)
#define MAX_DOCUMENT_BYTES ((size_t)1 << 26)

static inline int is_space(uint8_t c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }
static inline int is_end(uint8_t c) { return c == '\n' || c == '\r'; }
static inline int is_letter(uint8_t c) { return (uint8_t)((c | 0x20) - 'a') < 26; }
static inline int is_digit(uint8_t c) { return (uint8_t)(c - '0') < 10; }

typedef struct {
    uint32_t *at;
    size_t n, room;
    int failed;
} Offsets;

static inline void offsets_add(Offsets *o, size_t value) {
    if (o->n == o->room) {
        size_t room = o->room ? o->room * 2 : 1024;
        uint32_t *grown = realloc(o->at, room * sizeof *grown);
        if (!grown) {
            o->failed = 1;
            return;
        }
        o->at = grown;
        o->room = room;
    }
    o->at[o->n++] = (uint32_t)value;
}

typedef struct {
    const uint8_t *t;
    size_t n;
    int unit, at_end;
    size_t feed;    /* the next "\n" at or after the place last asked for */
    size_t start;   /* of the paragraph in hand */
    int touched;    /* a decision wanted bytes that are not there yet */
} Splitter;

/* One past the line end of the line at s, or n. */
static size_t next_line(Splitter *p, size_t s) {
    const uint8_t *found;
    size_t feed;
    if (p->feed < s || p->feed == 0) {
        found = memchr(p->t + s, '\n', p->n - s);
        p->feed = found ? (size_t)(found - p->t) : p->n;
    }
    feed = p->feed;
    found = memchr(p->t + s, '\r', feed - s);
    if (!found) return feed < p->n ? feed + 1 : p->n;
    s = (size_t)(found - p->t) + 1;
    return s == feed && feed < p->n ? s + 1 : s;
}

static size_t skip_space(const Splitter *p, size_t i) {
    while (i < p->n && is_space(p->t[i])) i++;
    return i;
}

/* First non-blank line at or after the line start s; *blank tells whether blank lines were passed. */
static size_t next_text(Splitter *p, size_t s, int *blank) {
    *blank = 0;
    for (;;) {
        size_t i = skip_space(p, s);
        if (i >= p->n) return p->n;
        if (!is_end(p->t[i]) && i - s < MAX_PARAGRAPH_BYTES) return s; /* bounded: a cut must not hide the line's start */
        *blank = is_end(p->t[i]);
        s = next_line(p, i);
    }
}

#define LISTED_BITS 8

/* Words of up to eight ASCII bytes, each in one number, at its hash or behind: every sentence end asks for one. */
typedef struct {
    uint64_t word[1 << LISTED_BITS];
} Listed;

static Listed abbreviations, abbreviations_before_digit;

/* Where a word stands, or would. */
static uint64_t *listed_at(Listed *list, uint64_t word) {
    size_t i = (size_t)(word * 0x9E3779B97F4A7C15ull >> (64 - LISTED_BITS));
    while (list->word[i] && list->word[i] != word) i = (i + 1) & ((1 << LISTED_BITS) - 1);
    return &list->word[i];
}

static void list_words(Listed *list, const char *words) {
    uint64_t word = 0;
    memset(list, 0, sizeof *list);
    for (; *words; words++) {
        if (*words != ' ') word = word << 8 | (uint8_t)*words;
        if (words[1] && words[1] != ' ') continue;
        if (word) *listed_at(list, word) = word;
        word = 0;
    }
}

static void split_open(void) {
    list_words(&abbreviations,
               "mr mrs ms messrs dr prof sen rep reps sens gov gen col lt sgt capt cmdr adm maj pvt rev hon pres st mt ft jr sr "
               "inc corp co ltd bros vs etc cf al approx dept est ave blvd jan feb mar apr jun jul aug sep sept oct nov dec z.b "
               "bzw usw ca bspw vgl hr fr nr mme mlle sra sig dott");
    list_words(&abbreviations_before_digit, "no nos p pp vol vols fig figs art arts sec secs ch par stat");
}

static int listed(Listed *list, const uint8_t *token, size_t n) {
    uint64_t word = 0;
    size_t i;
    if (n == 0 || n > 8) return 0;
    for (i = 0; i < n; i++) {
        if (token[i] >= 0x80 || is_space(token[i])) return 0;
        word = word << 8 | (is_letter(token[i]) ? token[i] | 0x20u : token[i]);
    }
    return *listed_at(list, word) == word;
}

/* "J", "U.S", "Ph.D": one letter, or letter groups of one or two joined by full stops. */
static int is_initials(const uint8_t *token, size_t n) {
    size_t i, group = 0, dots = 0;
    for (i = 0; i < n; i++) {
        if (token[i] == '.') {
            if (group == 0) return 0;
            dots++;
            group = 0;
        } else if (!is_letter(token[i]) || ++group > 2) {
            return 0;
        }
    }
    return group > 0 && (dots > 0 || n == 1);
}

/* The token right before a single full stop at `dot`, judged with what follows at `next`. */
static int is_abbreviation(const Splitter *p, size_t dot, size_t next) {
    size_t s = dot, first = p->start, i;
    const uint8_t *t = p->t;
    while (s > p->start && dot - s < 32 && (is_letter(t[s - 1]) || is_digit(t[s - 1]) || t[s - 1] == '.' || t[s - 1] >= 0x80)) s--;
    for (i = s; i + 1 < dot; i++) { /* a quotation mark or a no-break space before the token is not part of it */
        if (t[i] == 0xC2 && (t[i + 1] & 0xC0) == 0x80) s = i + 2;
        else if (i + 2 < dot && t[i] == 0xE2 && t[i + 1] == 0x80 && (t[i + 2] & 0xC0) == 0x80) s = i + 3;
    }
    if (is_initials(t + s, dot - s) || listed(&abbreviations, t + s, dot - s)) return 1;
    if (next < p->n && is_digit(t[next]) && listed(&abbreviations_before_digit, t + s, dot - s)) return 1;
    while (first < dot && (is_space(t[first]) || is_end(t[first]))) first++;
    if (s != first || dot - s < 1 || dot - s > 3) return 0;
    for (i = s; i < dot; i++)
        if (!is_digit(t[i])) return 0;
    return 1;
}

/* Length of a terminator at i, 0 if none; *latin stays set only for . ! ? and the ellipsis. */
static size_t terminator(const Splitter *p, size_t i, int *latin) {
    const uint8_t *t = p->t + i;
    size_t left = p->n - i;
    if (left == 0) return 0;
    if (t[0] == '.' || t[0] == '!' || t[0] == '?') return 1;
    if (left >= 3 && t[0] == 0xE2) return t[1] == 0x80 && t[2] == 0xA6 ? 3 : 0;
    if (left >= 3 && ((t[0] == 0xE3 && t[1] == 0x80 && t[2] == 0x82) ||
                      (t[0] == 0xEF && t[1] == 0xBC && (t[2] == 0x81 || t[2] == 0x9F || t[2] == 0x8E)) ||
                      (t[0] == 0xEF && t[1] == 0xBD && t[2] == 0xA1) ||
                      (t[0] == 0xE0 && t[1] == 0xA5 && (t[2] == 0xA4 || t[2] == 0xA5)))) {
        *latin = 0;
        return 3;
    }
    if (left >= 2 && ((t[0] == 0xD8 && t[1] == 0x9F) || (t[0] == 0xDB && t[1] == 0x94))) {
        *latin = 0;
        return 2;
    }
    return 0;
}

static size_t closer(const Splitter *p, size_t i) {
    const uint8_t *t = p->t + i;
    size_t left = p->n - i;
    if (left == 0) return 0;
    if (t[0] == '"' || t[0] == '\'' || t[0] == ')' || t[0] == ']' || t[0] == '}') return 1;
    if (left >= 2 && t[0] == 0xC2 && t[1] == 0xBB) return 2;
    if (left < 3) return 0;
    if (t[0] == 0xE2 && t[1] == 0x80 && (t[2] == 0x99 || t[2] == 0x9D || t[2] == 0xBA)) return 3;
    if (t[0] == 0xE3 && t[1] == 0x80 && (t[2] == 0x8D || t[2] == 0x8F || t[2] == 0x91 || t[2] == 0x8B || t[2] == 0x89))
        return 3;
    return t[0] == 0xEF && t[1] == 0xBC && t[2] == 0x89 ? 3 : 0;
}

static size_t opener(const Splitter *p, size_t i) {
    const uint8_t *t = p->t + i;
    size_t left = p->n - i;
    if (left == 0) return 0;
    if (t[0] == '"' || t[0] == '\'' || t[0] == '(' || t[0] == '[') return 1;
    if (left >= 2 && t[0] == 0xC2 && (t[1] == 0xAB || t[1] == 0xBF || t[1] == 0xA1)) return 2;
    return left >= 3 && t[0] == 0xE2 && t[1] == 0x80 && (t[2] == 0x98 || t[2] == 0x9C || t[2] == 0xB9) ? 3 : 0;
}

/* dedup.paragraphs._LOWER */
static int begins_lower(const uint8_t *s, size_t n) {
    if (n && s[0] >= 'a' && s[0] <= 'z') return 1;
    if (n < 2) return 0;
    switch (s[0]) {
    case 0xC3: return s[1] >= 0x9F && s[1] <= 0xBF && s[1] != 0xB7;
    case 0xCE: return s[1] >= 0xAC && s[1] <= 0xBF;
    case 0xCF: return s[1] >= 0x80 && s[1] <= 0x8E;
    case 0xD0: return s[1] >= 0xB0 && s[1] <= 0xBF;
    case 0xD1: return s[1] >= 0x80 && s[1] <= 0x9F;
    default: return 0;
    }
}

/* The sentence that may end at the terminator at i: *next gets where scanning goes on. Returns 1 if the paragraph
 * after it starts at *next, 0 if not; sets p->touched if that depends on bytes that are not there yet. */
static int sentence_end(Splitter *p, size_t i, size_t *next) {
    int latin = 1, wrapped = p->unit == UNIT_SENTENCE_WRAPPED;
    size_t dot = i, n, q, run;
    while ((n = terminator(p, i, &latin))) i += n;
    run = i - dot;
    while ((n = closer(p, i))) i += n;
    *next = i;
    q = i;
    for (;;) { /* white space after the sentence */
        if (q < p->n && is_space(p->t[q])) q++;
        else if (q + 1 < p->n && p->t[q] == 0xC2 && p->t[q + 1] == 0xA0) q += 2;
        else if (wrapped && q < p->n && is_end(p->t[q])) q++;
        else break;
    }
    if (q + 16 > p->n && !p->at_end) p->touched = 1;
    if (q >= p->n || is_end(p->t[q])) return 0; /* what follows belongs to this paragraph up to the line boundary */
    if (latin) {
        size_t word = q;
        int openers;
        if (q == i) return 0;
        for (openers = 0; openers < 16 && (n = opener(p, word)); openers++) word += n;
        if (word + 2 > p->n && !p->at_end) p->touched = 1;
        if (begins_lower(p->t + word, p->n - word)) return 0;
        if (run == 1 && p->t[dot] == '.' && i == dot + 1 && is_abbreviation(p, dot, word)) return 0;
    }
    *next = q;
    return 1;
}

/* First terminator in [i, end), or end. */
static size_t find_terminator(const Splitter *p, size_t i, size_t end) {
    static const uint8_t may_start[256] = {['.'] = 1, ['!'] = 1, ['?'] = 1, [0xE2] = 1, [0xE3] = 1,
                                           [0xEF] = 1, [0xE0] = 1, [0xD8] = 1, [0xDB] = 1};
    int latin;
#ifdef DEDUP_X86
    for (; i + 16 <= end; i += 16) {
        __m128i text = _mm_loadu_si128((const __m128i *)(p->t + i));
        __m128i ascii = _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('.')),
                                     _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('!')), _mm_cmpeq_epi8(text, _mm_set1_epi8('?'))));
        unsigned at = (unsigned)_mm_movemask_epi8(_mm_or_si128(ascii, text)); /* and all that is not ASCII */
        for (; at; at &= at - 1) {
            size_t k = i + (size_t)__builtin_ctz(at);
            if (may_start[p->t[k]] && terminator(p, k, &latin)) return k;
        }
    }
#endif
    for (; i < end; i++)
        if (may_start[p->t[i]] && terminator(p, i, &latin)) return i;
    return end;
}

/* The end of the paragraph that starts at p->start, for the units that go by lines; n if it may go on. */
static size_t line_boundary(Splitter *p, size_t from) {
    int blank;
    size_t text = next_text(p, from, &blank), s = text;
    /* A paragraph that begins with blank lines (at the document's start, after a cut) is without words. */
    if (blank || text >= p->n) return text;
    for (;;) {
        s = next_line(p, s);
        text = next_text(p, s, &blank);
        if (text >= p->n) return p->n;
        if (p->unit == UNIT_LINE || p->unit == UNIT_SENTENCE || blank ||
            (p->unit == UNIT_INDENT && (p->t[text] == ' ' || p->t[text] == '\t')))
            return text;
        s = text;
    }
}

static size_t cap_cut(const Splitter *p, size_t cap) {
    size_t i, edge = p->start + cap, text = p->start;
    while (text < edge && (is_space(p->t[text]) || is_end(p->t[text]))) text++;
    for (i = edge; i > text + 1; i--)
        if (is_space(p->t[i - 1]) || is_end(p->t[i - 1])) return i;
    for (i = edge; i > edge - 3 && (p->t[i] & 0xC0) == 0x80; i--) {}
    return (p->t[i] & 0xC0) == 0x80 ? edge : i;
}

/* The starts of all paragraphs of t[0, n), then n if the document (or a piece cut at a boundary) ends there;
 * otherwise the last one is the start of the paragraph that may still go on. */
static void split_paragraphs(Offsets *out, const uint8_t *t, size_t n, int unit, int at_end) {
    Splitter p = {t, n, unit, at_end, 0, 0, 0};
    int sentences = unit == UNIT_SENTENCE || unit == UNIT_SENTENCE_WRAPPED;
    size_t cap = unit == UNIT_DOCUMENT ? MAX_DOCUMENT_BYTES : MAX_PARAGRAPH_BYTES;
    size_t hard = 0; /* the next line boundary, valid while it lies after p.start */
    if (n == 0) return;
    offsets_add(out, 0);
    while (p.start < n) {
        size_t end = n;
        if (unit != UNIT_DOCUMENT) {
            if (hard <= p.start) hard = line_boundary(&p, p.start);
            end = hard;
        }
        if (sentences) {
            size_t i = p.start, next, limit = hard - p.start > cap ? p.start + cap : hard;
            while ((i = find_terminator(&p, i, limit)) < limit) {
                if (sentence_end(&p, i, &next)) {
                    if (next < end) end = next;
                    break;
                }
                if (p.touched) break;
                i = next;
            }
        }
        if (p.touched && n - p.start <= cap + 64) return;
        p.touched = 0;
        if (end - p.start > cap) {
            if (end == n && !at_end && n - p.start <= cap + 64) return;
            end = p.start + cap < n ? cap_cut(&p, cap) : n;
            hard = p.feed = 0; /* what starts inside a line is judged anew */
        }
        if (end >= n) {
            if (at_end) offsets_add(out, n);
            return;
        }
        offsets_add(out, end);
        p.start = end;
    }
}

static int follows_blank_line(const uint8_t *t, size_t s) {
    size_t i = s - 1; /* the line feed that ends the line before */
    if (i > 0 && t[i - 1] == '\r') i--;
    while (i > 0 && is_space(t[i - 1])) i--;
    return i > 0 && is_end(t[i - 1]);
}

/* A paragraph boundary inside t[0, n), 0 if there is none: everything before it is whole paragraphs whatever
 * follows. Looks for a line boundary from the back, and splits from the front only where that finds none. */
static size_t cut(const uint8_t *t, size_t n, int unit, int *failed) {
    size_t s, found;
    Offsets starts = {0};
    int any = unit == UNIT_LINE || unit == UNIT_SENTENCE;
    for (s = n; unit != UNIT_DOCUMENT && s > n / 2; s--) {
        size_t i = s;
        if (t[s - 1] != '\n') continue;
        while (i < n && is_space(t[i])) i++;
        if (i >= n || is_end(t[i])) continue;
        if (any || follows_blank_line(t, s) || (unit == UNIT_INDENT && i > s && (t[s] == ' ' || t[s] == '\t'))) return s;
    }
    split_paragraphs(&starts, t, n, unit, 0);
    found = starts.n ? starts.at[starts.n - 1] : 0;
    *failed = starts.failed;
    free(starts.at);
    return found;
}
#endif
