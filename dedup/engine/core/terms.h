/* Terms: what a paragraph says, in canonical form. The native half of dedup/terms.py, which explains it; names agree. */
#ifndef DEDUP_TERMS_H
#define DEDUP_TERMS_H
#include "index.h"
#include "languages.h"

#define MAX_PHRASE_WORDS 4
#define HEADING_LETTERS 4
#define HEAD_LETTERS 4
#define MISREAD_LETTERS 4
#define MARK_DIGITS 3
#define FOREIGN_SHARE 4

enum { GAP_NONE, GAP_SOFT, GAP_CLAUSE, GAP_SENTENCE };

typedef struct {
    uint32_t start, end;      /* in the text */
    uint32_t folded, n;       /* in Terms.word_bytes; one space follows */
    uint8_t capital, figure;
} PlacedWord;

typedef struct {
    uint64_t key;
    uint32_t start, end;
    uint32_t folded, n; /* in Terms.bytes */
    uint8_t kind, gap, capital, in_words;
} Term;

typedef struct {
    const uint8_t *text;
    size_t size;
    PlacedWord *word;
    size_t words, word_room;
    uint8_t *word_bytes;
    size_t word_bytes_n, word_bytes_room;
    Term *term;
    size_t n, room;
    uint8_t *bytes;
    size_t bytes_n, bytes_room;
    uint8_t *form, *moved; /* a figure in the making */
    size_t form_n, form_room, moved_room;
    /* Of the word that is being folded. */
    uint32_t offset, start;
    int capital, code_capital;
    /* Of the reading. */
    int gap, after_abbreviation, casing;
    size_t english, foreign; /* function words */
    int failed;
} Terms;

static uint64_t key_about; /* about 20 bounds the figure, about it says nothing */

static void terms_free(Terms *t) {
    free(t->word);
    free(t->word_bytes);
    free(t->term);
    free(t->bytes);
    free(t->form);
    free(t->moved);
}

/* ---- Words with their places ---- */


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

static void places_sink(void *to, const uint8_t *bytes, size_t n) {
    Terms *t = to;
    PlacedWord *w;
    size_t i;
    if (!grow((void **)&t->word, &t->word_room, t->words + 1, sizeof *t->word) ||
        !grow((void **)&t->word_bytes, &t->word_bytes_room, t->word_bytes_n + n + 1, 1)) {
        t->failed = 1;
        return;
    }
    w = &t->word[t->words++];
    *w = (PlacedWord){t->start, t->offset, (uint32_t)t->word_bytes_n, (uint32_t)n, (uint8_t)t->capital, 0};
    for (i = 0; i < n; i++) w->figure |= is_digit(bytes[i]);
    memcpy(t->word_bytes + t->word_bytes_n, bytes, n);
    t->word_bytes_n += n;
    t->word_bytes[t->word_bytes_n++] = ' ';
    t->start = t->offset;
    t->capital = t->code_capital;
}

static inline int is_ascii_word(uint8_t c) { return (uint8_t)((c | 0x20) - 'a') < 26 || is_digit(c); }

/* A word at p that ends before any character that is not ASCII, without the folding table; returns its end or p. */
static const uint8_t *place_ascii(Terms *t, const uint8_t *p, const uint8_t *end) {
    size_t n = 0, most = (size_t)(end - p);
    uint8_t *to, least = 'a';
    if (!grow((void **)&t->word, &t->word_room, t->words + 1, sizeof *t->word) ||
        !grow((void **)&t->word_bytes, &t->word_bytes_room, t->word_bytes_n + most + 1, 1)) {
        t->failed = 1;
        return end;
    }
    to = t->word_bytes + t->word_bytes_n;
#ifdef DEDUP_X86
    if (most >= 16) {
        __m128i text = _mm_loadu_si128((const __m128i *)p), low = _mm_or_si128(text, _mm_set1_epi8(0x20));
        __m128i letter = _mm_sub_epi8(low, _mm_set1_epi8('a')), digit = _mm_sub_epi8(text, _mm_set1_epi8('0'));
        __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter);
        __m128i is_figure = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
        unsigned figures = (unsigned)_mm_movemask_epi8(is_figure);
        n = (size_t)__builtin_ctz(~((unsigned)_mm_movemask_epi8(is_letter) | figures));
        _mm_storeu_si128((__m128i *)to, low);
        if (figures & ((1u << n) - 1)) least = '0';
    }
    if (n == 0 || n == 16)
#endif
    for (; n < most && is_ascii_word(p[n]); n++) {
        uint8_t c = p[n] | 0x20; /* digits have the bit already */
        to[n] = c;
        least = c < least ? c : least;
    }
    if (n == 0 || (n < most && p[n] >= 0x80)) return p;
    to[n] = ' ';
    t->word[t->words++] = (PlacedWord){(uint32_t)(p - t->text), (uint32_t)(p - t->text + (ptrdiff_t)n),
                                       (uint32_t)t->word_bytes_n, (uint32_t)n, *p >= 'A' && *p <= 'Z', least < 'a'};
    t->word_bytes_n += n + 1;
    return p + n;
}

static void place_words(Terms *t, Word *w) {
    const uint8_t *p = t->text, *end = p + t->size;
    t->words = t->word_bytes_n = 0;
    while (p < end) {
        uint32_t code;
        int n;
        if (!w->open && *p < 0x80) {
            const uint8_t *q = place_ascii(t, p, end);
            if (q == p && !is_ascii_word(*p)) q++; /* a separator */
            if (q != p) {
                p = q;
                continue;
            }
        }
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
    t->offset = (uint32_t)t->size;
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

/* ---- Terms ---- */

static Term *term_add(Terms *t, uint64_t key, int kind, size_t start, size_t end, const uint8_t *folded, size_t n,
                      int capital) {
    Term *added;
    if (!grow((void **)&t->term, &t->room, t->n + 1, sizeof *t->term) ||
        !grow((void **)&t->bytes, &t->bytes_room, t->bytes_n + n, 1)) {
        t->failed = 1;
        return NULL;
    }
    added = &t->term[t->n++];
    *added = (Term){key, (uint32_t)start, (uint32_t)end, (uint32_t)t->bytes_n, (uint32_t)n,
                    (uint8_t)kind, (uint8_t)t->gap, (uint8_t)capital, 0};
    memcpy(t->bytes + t->bytes_n, folded, n);
    t->bytes_n += n;
    t->gap = GAP_SOFT;
    t->after_abbreviation = 0;
    return added;
}

static int is_currency(uint32_t c) {
    return c == '$' || c == 0x20AC || c == 0xA3 || c == 0xA5 || c == 0x20B9 || c == 0x20BD || c == 0xA2;
}

static void read_gap(Terms *t, size_t start, size_t end, size_t i) {
    const uint8_t *p = t->text + start, *stop = t->text + end;
    int kind, figure;
    if (start && end == start + 1 && *p == ' ') { /* as most are */
        t->gap = GAP_SOFT;
        return;
    }
    kind = start == 0 ? GAP_SENTENCE : gap_of(p, end - start);
    figure = i < t->words && t->word[i].figure;
    t->gap = t->after_abbreviation && kind == GAP_SENTENCE && start ? GAP_SOFT : kind;
    while (p < stop) {
        uint32_t code = 0;
        int n = decode(p, stop, &code);
        size_t at = (size_t)(p - t->text);
        if (!n) return;
        if (code == '%') term_add(t, xxh64((const uint8_t *)"percent", 7), TERM_WORD, at, at + 1, p, 1, 0);
        else if (is_currency(code) && !(figure && p + n == stop))
            term_add(t, xxh64(p, (size_t)n), TERM_WORD, at, at + (size_t)n, p, (size_t)n, 0);
        p += n;
    }
}

/* The word in which a scanner has read o as 0, s as 5, or l or i as 1, in `form`; returns 0 if there is none. */
static int is_misread(Terms *t, size_t i) {
    const uint8_t *w = folded_of(t, i);
    size_t n = t->word[i].n, k, one, letters = 0;
    for (k = 0; k < n; k++) letters += !is_digit(w[k]);
    if (letters < MISREAD_LETTERS) return 0; /* 10th is no loth */
    if (!grow((void **)&t->form, &t->form_room, n, 1)) {
        t->failed = 1;
        return 0;
    }
    for (one = 0; one < 2; one++) {
        for (k = 0; k < n; k++) {
            t->form[k] = w[k] == '0' ? 'o' : w[k] == '5' ? 's' : w[k] == '1' ? (one ? 'i' : 'l') : w[k];
            if (is_digit(t->form[k])) return 0;
        }
        if (is_known(t->form, n)) return 1;
    }
    return 0;
}

/* ---- Figures ---- */

static size_t digits_at(const uint8_t *s, size_t n, size_t at) {
    size_t k = at;
    while (k < n && is_digit(s[k])) k++;
    return k - at;
}

/* [0-9]+(\.[0-9]+)? */
static int is_decimal(const uint8_t *s, size_t n) {
    size_t whole = digits_at(s, n, 0), rest;
    if (!whole) return 0;
    if (whole == n) return 1;
    if (s[whole] != '.') return 0;
    rest = digits_at(s, n, whole + 1);
    return rest && whole + 1 + rest == n;
}

static int has_thousands(const uint8_t *s, size_t n) {
    size_t at = digits_at(s, n, 0), groups = 0;
    if (at < 1 || at > 3) return 0;
    for (; at < n && s[at] == ','; at += 4, groups++)
        if (digits_at(s, n, at + 1) < 3) return 0;
    if (!groups) return 0;
    if (at == n) return 1;
    return s[at] == '.' && digits_at(s, n, at + 1) && at + 1 + digits_at(s, n, at + 1) == n;
}

static const char *const fractions[][2] = {{"1/2", "5"},   {"1/4", "25"},  {"3/4", "75"}, {"1/8", "125"},
                                           {"3/8", "375"}, {"5/8", "625"}, {"7/8", "875"}};

/* One form for the same number, in place; the form has room for two bytes more. */
static void normalise_figure(Terms *t) {
    uint8_t *s = t->form;
    size_t n = t->form_n, i, k;
    if (has_thousands(s, n)) {
        for (i = k = 0; i < n; i++)
            if (s[i] != ',') s[k++] = s[i];
        t->form_n = n = k;
    }
    k = digits_at(s, n, 0);
    if ((k == 1 || k == 2) && n == k + 3 && s[k] == ':' && digits_at(s, n, k + 1) == 2) {
        s[k] = s[k + 1];
        s[k + 1] = s[k + 2];
        n--;
        if (k == 1) {
            memmove(s + 1, s, n);
            s[0] = '0';
            n++;
        }
        t->form_n = n;
        return;
    }
    k = n >= 5 && s[n - 4] == '-' && digits_at(s, n, 0) == n - 4 ? n - 3 : 0; /* where the fraction begins */
    if (n - k == 3 && is_digit(s[k]) && s[k + 1] == '/' && is_digit(s[k + 2])) {
        for (i = 0; i < sizeof fractions / sizeof *fractions; i++) {
            size_t length = strlen(fractions[i][1]);
            if (memcmp(s + k, fractions[i][0], 3) != 0) continue;
            if (!k) s[k++] = '0';
            else k--; /* the hyphen */
            s[k++] = '.';
            memcpy(s + k, fractions[i][1], length);
            t->form_n = k + length;
            return;
        }
        return;
    }
    k = digits_at(s, n, 0); /* a whole number of dollars: 5.00 */
    if (k && (n == k + 2 || n == k + 3) && s[k] == '.' && s[k + 1] == '0' && s[n - 1] == '0') t->form_n = k;
}

/* A time of day with the a.m. or p.m. after word i: four digits. Returns the last word taken. */
static size_t with_half_day(Terms *t, size_t i) {
    size_t n = t->form_n, last = i + 1;
    uint8_t *s = t->form, half;
    unsigned hour;
    if (digits_at(s, n, 0) != n || !(n == 1 || n == 2 || n == 4) || !is_soft(t, i)) return i;
    if ((word_is(t, last, "a") || word_is(t, last, "p")) && last + 1 < t->words && between_is(t, last, ".")) {
        if (!word_is(t, last + 1, "m")) return i;
        half = folded_of(t, last)[0];
        last++;
    } else if (word_is(t, last, "am") || word_is(t, last, "pm")) {
        half = folded_of(t, last)[0];
    } else {
        return i;
    }
    hour = n == 1 ? (unsigned)(s[0] - '0') : (unsigned)(s[0] - '0') * 10 + (unsigned)(s[1] - '0');
    if (hour < 1 || hour > 12) return i;
    if (n != 4) s[2] = s[3] = '0';
    hour = hour % 12 + 12 * (half == 'p');
    s[0] = (uint8_t)('0' + hour / 10);
    s[1] = (uint8_t)('0' + hour % 10);
    t->form_n = 4;
    return last;
}

/* A number times the million after word i. Returns the last word taken. */
static size_t with_magnitude(Terms *t, size_t i) {
    Slot entry;
    size_t n = t->form_n, whole, rest, power, k, out = 0;
    uint8_t *s = t->form, *to;
    if (!is_decimal(s, n) || !is_soft(t, i)) return i;
    if (!look_up(folded_of(t, i + 1), t->word[i + 1].n, &entry) || !slot_magnitude(&entry)) return i;
    power = (size_t)slot_magnitude(&entry);
    whole = digits_at(s, n, 0);
    rest = whole < n ? n - whole - 1 : 0;
    if (!grow((void **)&t->moved, &t->moved_room, n + power + 2, 1)) {
        t->failed = 1;
        return i;
    }
    to = t->moved;
    for (k = 0; k < whole; k++)
        if (out || s[k] != '0') to[out++] = s[k];
    for (k = 0; k < power; k++) {
        uint8_t c = k < rest ? s[whole + 1 + k] : '0';
        if (out || c != '0') to[out++] = c;
    }
    if (rest > power) {
        to[out++] = '.';
        memcpy(to + out, s + whole + 1 + power, rest - power);
        out += rest - power;
    }
    if (!grow((void **)&t->form, &t->form_room, out + 16, 1)) {
        t->failed = 1;
        return i;
    }
    memcpy(t->form, to, out);
    t->form_n = out;
    return i + 1;
}

/* The currency and the minus before the figure at word i, put before the form. Returns where they start. */
static size_t with_sign(Terms *t, size_t i) {
    size_t left = i ? t->word[i - 1].end : 0, start = t->word[i].start, n = 0, k;
    uint8_t currency[4], sign[8];
    size_t currency_n = 0;
    int minus = 0;
    while (start > left) {
        size_t at = start - 1;
        uint32_t code;
        int size;
        while (at > left && (t->text[at] & 0xC0) == 0x80) at--;
        size = decode(t->text + at, t->text + start, &code);
        if (!size) break;
        if (is_currency(code) && !currency_n) {
            currency_n = (size_t)size;
            memcpy(currency, t->text + at, currency_n);
        } else if ((code == '-' || code == 0x2212) && !minus && (at > left || !i)) {
            minus = 1;
        } else {
            break;
        }
        start = at;
    }
    memcpy(sign, currency, currency_n);
    n = currency_n;
    if (minus) sign[n++] = '-';
    if (!n) return start;
    for (k = t->form_n; k-- > 0;) t->form[k + n] = t->form[k];
    memcpy(t->form, sign, n);
    t->form_n += n;
    return start;
}

static int kind_of_mark(const Terms *t, size_t first, size_t last) {
    size_t left = first ? t->word[first - 1].end : 0, start = t->word[first].start, end = t->word[last].end;
    const uint8_t *s = t->text;
    if (first != last || t->word[first].n > MARK_DIGITS) return TERM_FIGURE;
    if (start > left && s[start - 1] == '[' && end < t->size && s[end] == ']') return TERM_TITLE;
    if (first == 0 && end + 1 < t->size && (s[end] == '.' || s[end] == ')') && s[end + 1] == ' ') return TERM_TITLE;
    return TERM_FIGURE;
}

static int form_append(Terms *t, const uint8_t *s, size_t n) {
    if (!grow((void **)&t->form, &t->form_room, t->form_n + n + 16, 1)) {
        t->failed = 1;
        return 0;
    }
    memcpy(t->form + t->form_n, s, n);
    t->form_n += n;
    return 1;
}

static int joins(const Terms *t, size_t i) {
    size_t n;
    const uint8_t *b;
    if (i + 1 >= t->words || !is_digit(folded_of(t, i + 1)[0])) return 0;
    b = between(t, i, &n);
    return n == 0 || (n == 1 && (*b == '.' || *b == ',' || *b == ':' || *b == '/' || *b == '-'));
}

static size_t read_figure(Terms *t, size_t i) {
    size_t first = i, start, n;
    const uint8_t *b;
    t->form_n = 0;
    if (!form_append(t, folded_of(t, i), t->word[i].n)) return i + 1;
    for (; joins(t, i); i++) {
        b = between(t, i, &n);
        if (!form_append(t, n ? b : (const uint8_t *)"/", 1)) return i + 1;
        if (!form_append(t, folded_of(t, i + 1), t->word[i + 1].n)) return i + 1;
    }
    normalise_figure(t);
    i = with_half_day(t, i);
    i = with_magnitude(t, i);
    start = with_sign(t, first);
    term_add(t, xxh64(t->form, t->form_n), kind_of_mark(t, first, i), start, t->word[i].end, t->form, t->form_n, 0);
    return i + 1;
}

static size_t read_number_word(Terms *t, size_t i, size_t n, const Slot *entry) {
    size_t start = t->word[i].start, last = i + n - 1;
    char digits[16];
    Term *added;
    int k;
    t->form_n = 0;
    if (slot_magnitude(entry)) {
        if (!form_append(t, (const uint8_t *)"1", 1)) return last + 1;
        for (k = 0; k < slot_magnitude(entry); k++)
            if (!form_append(t, (const uint8_t *)"0", 1)) return last + 1;
    } else {
        uint32_t value = slot_value(entry);
        k = 16;
        do digits[--k] = (char)('0' + value % 10);
        while (value /= 10);
        if (!form_append(t, (const uint8_t *)digits + k, (size_t)(16 - k))) return last + 1;
        last = with_magnitude(t, last);
    }
    added = term_add(t, xxh64(t->form, t->form_n), TERM_FIGURE, start, t->word[last].end, t->form, t->form_n, 0);
    if (added) added->in_words = 1;
    return last + 1;
}

/* ---- Words ---- */

/* Looks a folded word up with a sign of condition before it. */
static int look_up_signed(const Terms *t, char sign, const uint8_t *folded, size_t n, Slot *found) {
    uint8_t phrase[LONGEST_PHRASE + 1];
    (void)t;
    if (n + 1 > LONGEST_PHRASE) return 0;
    phrase[0] = (uint8_t)sign;
    memcpy(phrase + 1, folded, n);
    return look_up(phrase, n + 1, found);
}

static int conditional(const Terms *t, size_t i, Slot *found) {
    const PlacedWord *w = &t->word[i];
    if (!w->capital || t->casing == CASE_CAPITALS) return 0;
    if (is_shouted(t, w) && look_up_signed(t, '^', folded_of(t, i), w->n, found)) return 1;
    if (t->casing == CASE_TITLE && !(w->end < t->size && t->text[w->end] == '.')) return 0;
    return look_up_signed(t, '~', folded_of(t, i), w->n, found);
}

/* The longest phrase of the table that begins with word i; returns its words, 1 with *has 0 if there is none. */
static size_t longest_phrase(const Terms *t, size_t i, uint64_t hash, Slot *found, int *has) {
    size_t n = 1, longest = 1, bytes = t->word[i].n;
    Slot entry;
    int there;
    *has = conditional(t, i, found);
    there = bytes <= LONGEST_PHRASE && look_up_hash(hash, &entry);
    if (!*has && there && entry.key) {
        *found = entry;
        *has = 1;
    }
    while (there && slot_begins(&entry) && n < MAX_PHRASE_WORDS && is_soft(t, i + n - 1)) {
        bytes = t->word[i + n].folded + t->word[i + n].n - t->word[i].folded;
        n++;
        there = look_up(folded_of(t, i), bytes, &entry);
        if (there && entry.key) {
            *found = entry;
            *has = 1;
            longest = n;
        }
    }
    return longest;
}

/* The words from i to j end to end, in form. */
static int join_words(Terms *t, size_t i, size_t j) {
    t->form_n = 0;
    for (; i < j; i++)
        if (!form_append(t, folded_of(t, i), t->word[i].n)) return 0;
    return 1;
}

static size_t end_of_acronym(const Terms *t, size_t i) {
    while (is_letter_word(t, i) && i + 1 < t->words && between_is(t, i, ".")) {
        if (!is_letter_word(t, i + 1)) break;
        i++;
    }
    return i + 1;
}

static size_t read_acronym(Terms *t, size_t i, size_t j) {
    Slot entry;
    size_t k;
    int capital = 1, has;
    if (!join_words(t, i, j)) return j;
    for (k = i; k < j; k++) capital = capital && t->word[k].capital;
    has = (capital || t->casing == CASE_NONE) && look_up_signed(t, '^', t->form, t->form_n, &entry);
    capital = capital && t->casing == CASE_MIXED;
    term_add(t, has ? entry.key : xxh64(t->form, t->form_n), capital ? TERM_NAME : TERM_WORD, t->word[i].start,
             t->word[j - 1].end, t->form, t->form_n, capital);
    t->after_abbreviation = 1;
    return j;
}

static int is_clitic(const Terms *t, size_t i) {
    static const char *const clitic[] = {"s", "d", "ll", "re", "ve", "m"};
    size_t k;
    if (!i || !(between_is(t, i - 1, "'") || between_is(t, i - 1, "\xE2\x80\x99"))) return 0;
    for (k = 0; k < 6; k++)
        if (word_is(t, i, clitic[k])) return 1;
    return 0;
}

static int is_name(const Terms *t, size_t i, size_t n, int kind, const Slot *entry) {
    const PlacedWord *w = &t->word[i];
    if (kind == TERM_FUNCTION && n == 1 && w->n == 1) return !word_is(t, i, "i") && t->gap != GAP_SENTENCE;
    if (kind == TERM_FUNCTION) return !(entry && slot_english(entry) && w->n <= HEADING_LETTERS) && t->gap <= GAP_CLAUSE;
    if (kind != TERM_WORD) return 0;
    return entry || !(t->gap == GAP_SENTENCE && w->n >= HEAD_LETTERS && is_known(folded_of(t, i), w->n));
}

static int is_number(const Terms *t, size_t i) {
    Slot entry;
    return t->word[i].figure || (look_up(folded_of(t, i), t->word[i].n, &entry) && entry.key && slot_kind(&entry) == TERM_FIGURE);
}

static size_t read_word(Terms *t, size_t i) {
    const PlacedWord *w = &t->word[i];
    const uint8_t *folded;
    size_t j, n, size;
    Slot entry;
    uint64_t key;
    int has, kind, capital = w->capital && t->casing == CASE_MIXED;
    if (w->figure) {
        if (!is_misread(t, i)) return read_figure(t, i);
        term_add(t, xxh64(t->form, w->n), TERM_WORD, w->start, w->end, t->form, w->n, capital);
        return i + 1;
    }
    j = end_of_acronym(t, i);
    if (j > i + 1) return read_acronym(t, i, j);
    if (is_clitic(t, i)) {
        term_add(t, xxh64(folded_of(t, i), w->n), TERM_FUNCTION, w->start, w->end, folded_of(t, i), w->n, 0);
        return i + 1;
    }
    folded = folded_of(t, i);
    size = w->n;
    key = xxh64(folded, size);
    n = longest_phrase(t, i, key, &entry, &has);
    if (has && slot_kind(&entry) == TERM_FIGURE) return read_number_word(t, i, n, &entry);
    if (n > 1) {
        if (!join_words(t, i, i + n)) return i + n;
        folded = t->form;
        size = t->form_n;
    }
    kind = has ? slot_kind(&entry) : TERM_WORD;
    if (kind == TERM_FUNCTION && slot_english(&entry)) t->english++;
    else if (kind == TERM_FUNCTION) t->foreign++;
    if (capital && is_name(t, i, n, kind, has ? &entry : NULL)) kind = TERM_NAME;
    if (has) key = entry.key;
    if (key == key_about && is_soft(t, i) && is_number(t, i + 1)) kind = TERM_MEASURE;
    term_add(t, key, kind, w->start, t->word[i + n - 1].end, folded, size, capital);
    t->after_abbreviation = w->capital && ((has && slot_abbreviates(&entry)) || size == 1);
    return i + n;
}

/* The terms of a paragraph in order. Returns 0 when memory runs out. */
static int find_terms(Terms *t, Word *w, const uint8_t *text, size_t size) {
    size_t i = 0, end = 0;
    t->text = text;
    t->size = size;
    t->n = t->bytes_n = 0;
    t->gap = GAP_SENTENCE;
    t->after_abbreviation = 0;
    place_words(t, w);
    join_cut_words(t);
    t->casing = find_case(t);
    t->english = t->foreign = 0;
    while (i < t->words && !t->failed) {
        read_gap(t, end, t->word[i].start, i);
        i = read_word(t, i);
        end = t->word[i - 1].end;
    }
    read_gap(t, end, size, t->words);
    return !t->failed && !w->failed;
}
#endif
