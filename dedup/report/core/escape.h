/* Text of the input in the forms that formats want. Bytes that are not UTF-8 count as one character each, as Python's
   `surrogateescape` has them. */
#ifndef DEDUP_ESCAPE_H
#define DEDUP_ESCAPE_H

#include "../../engine/core/utf8.h"
#include "../../engine/core/x86.h"
#include "buffer.h"

#define EACH(x) ((x) * 0x0101010101010101ull)

/* The character at `at`, and in `size` its bytes; one that is not UTF-8 is 0xDC00 + byte. */
static inline uint32_t character(const uint8_t *at, const uint8_t *end, unsigned *size) {
    uint32_t c = *at;
    size_t left = (size_t)(end - at);
    *size = 1;
    if (c < 0x80) return c;
    if (c >= 0xC2 && c <= 0xDF && left >= 2 && (at[1] & 0xC0) == 0x80) {
        *size = 2;
        return (c & 0x1F) << 6 | (at[1] & 0x3F);
    }
    if ((c & 0xF0) == 0xE0 && left >= 3 && (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80) {
        uint32_t value = (c & 0x0F) << 12 | (uint32_t)(at[1] & 0x3F) << 6 | (at[2] & 0x3F);
        if (value >= 0x800 && (value < 0xD800 || value > 0xDFFF)) {
            *size = 3;
            return value;
        }
    }
    if (c >= 0xF0 && c <= 0xF4 && left >= 4 && (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80 &&
        (at[3] & 0xC0) == 0x80) {
        uint32_t value = (c & 0x07) << 18 | (uint32_t)(at[1] & 0x3F) << 12 | (uint32_t)(at[2] & 0x3F) << 6 |
                         (at[3] & 0x3F);
        if (value >= 0x10000 && value <= 0x10FFFF) {
            *size = 4;
            return value;
        }
    }
    return 0xDC00 + c;
}

static size_t at_most(size_t n, size_t most) { return n < most ? n : most; }

/* The native half of content._whole: the length of a text without a last character that was cut through. */
static size_t whole(const uint8_t *text, size_t n) {
    for (size_t back = 1; back <= 4 && back <= n; back++) {
        uint8_t lead = text[n - back];
        if ((lead & 0xC0) == 0x80) continue;
        size_t size = lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 1;
        return size > back ? n - back : n;
    }
    return n;
}

/* Where a run of ASCII from `at` on ends, in steps of sixteen bytes or eight: it may go on for seven more. */
static inline const uint8_t *skip_ascii(const uint8_t *at, const uint8_t *end) {
#ifdef DEDUP_X86
    for (; end - at >= 16 && !_mm_movemask_epi8(_mm_loadu_si128((const __m128i *)at)); at += 16) {}
#endif
    for (uint64_t w; end - at >= 8 && (memcpy(&w, at, 8), !(w & EACH(0x80)));) at += 8;
    return at;
}

/* Where the character after the next `most` begins, or the end; in *passed, if it is not NULL, how many there were. */
static const uint8_t *skip_characters(const uint8_t *at, const uint8_t *end, size_t most, size_t *passed) {
    size_t left = most;
    while (at < end && left) {
        unsigned size;
        const uint8_t *plain = skip_ascii(at, (size_t)(end - at) > left ? at + left : end);
        if (plain > at) {
            left -= (size_t)(plain - at);
            at = plain;
            continue;
        }
        character(at, end, &size);
        at += size;
        left--;
    }
    if (passed) *passed = most - left;
    return at;
}

static void put_utf8(Buffer *b, uint32_t c) {
    uint8_t *to = buffer_room(b, 4);
    if (to != NULL) b->n += (size_t)(write_utf8(to, c) - to);
}

static const char hexadecimal[] = "0123456789abcdef";

static void put_escape(Buffer *b, uint32_t unit) {
    char text[6] = {'\\', 'u', hexadecimal[unit >> 12 & 15], hexadecimal[unit >> 8 & 15], hexadecimal[unit >> 4 & 15],
                    hexadecimal[unit & 15]};
    put(b, text, 6);
}

static void put_json_character(Buffer *b, uint32_t c) {
    static const char names[] = "\"\"\\\\\nn\rr\tt\bb\ff";
    for (const char *name = names; c < 0x80 && *name; name += 2)
        if (c == (uint8_t)*name) {
            put_byte(b, '\\');
            put_byte(b, (uint8_t)name[1]);
            return;
        }
    if (c < 0x10000) {
        put_escape(b, c);
    } else {
        put_escape(b, 0xD800 + ((c - 0x10000) >> 10));
        put_escape(b, 0xDC00 + (c & 0x3FF));
    }
}

/* Plain in a JSON string of ASCII. */
static inline int json_plain(uint8_t c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

/* Copies the plain bytes from `at` on, sixteen at a time or eight (Mycroft's test for a zero byte); gives how many. `to`
   has room for all. */
static inline size_t copy_plain(uint8_t *to, const uint8_t *at, const uint8_t *end) {
    const uint8_t *start = at;
#ifdef DEDUP_X86
    for (; end - at >= 16; at += 16, to += 16) {
        __m128i w = _mm_loadu_si128((const __m128i *)at);
        __m128i letter = _mm_and_si128(_mm_cmpgt_epi8(w, _mm_set1_epi8(0x1F)), _mm_cmplt_epi8(w, _mm_set1_epi8(0x7F)));
        __m128i other = _mm_or_si128(_mm_cmpeq_epi8(w, _mm_set1_epi8('"')), _mm_cmpeq_epi8(w, _mm_set1_epi8('\\')));
        unsigned plain = (unsigned)_mm_movemask_epi8(_mm_andnot_si128(other, letter));
        _mm_storeu_si128((__m128i *)to, w);
        if (plain != 0xFFFF) return (size_t)(at - start) + (size_t)__builtin_ctz(~plain);
    }
#endif
    while (end - at >= 8) {
        uint64_t w, quote, slash, high;
        memcpy(&w, at, 8);
        quote = w ^ EACH('"');
        slash = w ^ EACH('\\');
        high = w | (w - EACH(0x20)) | (w + EACH(0x01)) | ((quote - EACH(0x01)) & ~quote) |
               ((slash - EACH(0x01)) & ~slash);
        if (high & EACH(0x80)) break; /* perhaps: a borrow can say so of a byte too many, and then each is looked at */
        memcpy(to, &w, 8);
        at += 8;
        to += 8;
    }
    while (at < end && json_plain(*at)) *to++ = *at++;
    return (size_t)(at - start);
}

/* The inside of a JSON string, as json.encoder.encode_basestring_ascii writes it. */
static void put_json_inside(Buffer *b, const uint8_t *text, size_t n) {
    const uint8_t *end = text + n;
    while (text < end) {
        uint8_t *to = buffer_room(b, (size_t)(end - text));
        if (to == NULL) return;
        size_t plain = copy_plain(to, text, end);
        b->n += plain;
        text += plain;
        if (text < end) {
            unsigned size;
            uint32_t c = character(text, end, &size);
            put_json_character(b, c);
            text += size;
        }
    }
}

static void put_json(Buffer *b, const uint8_t *text, size_t n) {
    put_byte(b, '"');
    put_json_inside(b, text, n);
    put_byte(b, '"');
}

/* The native half of dedup.report.phrases.visible: what a character becomes, 0 for nothing. */
static inline uint32_t visible_character(uint32_t c) {
    if (c >= 0x20 && c < 0x7F) return c;
    if ((c >= 9 && c <= 13) || c == 0x85 || c == 0x2028 || c == 0x2029) return ' ';
    if (c < 0xA0 || (c >= 0xD800 && c <= 0xDFFF) || c == 0xFFFE || c == 0xFFFF) return 0xFFFD;
    if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) return 0;
    return c;
}

static void put_visible(Buffer *b, const uint8_t *text, size_t n) {
    const uint8_t *end = text + n;
    while (text < end) {
        unsigned size;
        uint32_t c = visible_character(character(text, end, &size));
        text += size;
        if (c) put_utf8(b, c);
    }
}

/* What str.split and str.rstrip take for white space. */
static inline int is_space(uint32_t c) {
    if (c < 0x80) return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x1F);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

#define EXCERPT 120

/* How many of the sixteen bytes at `at` are words of visible ASCII with one space between them, as an excerpt has them, up
   to the end of a word. */
static inline unsigned plain_words(const uint8_t *at) {
#ifdef DEDUP_X86
    __m128i w = _mm_loadu_si128((const __m128i *)at);
    unsigned other = (unsigned)_mm_movemask_epi8(
        _mm_or_si128(_mm_cmplt_epi8(w, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(w, _mm_set1_epi8(0x7F))));
    unsigned space = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(w, _mm_set1_epi8(' ')));
    unsigned n = (unsigned)__builtin_ctz(other | (space & space >> 1) | 1u << 16);
    return n && space >> (n - 1) & 1 ? n - 1 : n;
#else
    (void)at;
    return 0;
#endif
}

/* The native half of dedup.report.phrases.excerpt: words with one space between them, cut at EXCERPT characters. */
static void put_excerpt(Buffer *b, const uint8_t *text, size_t n, int cut) {
    const uint8_t *end = text + n;
    size_t read = 0, written = 0, kept = b->n;
    int begun = 0, in_word = 0;
    for (; text < end && read < 2 * EXCERPT && written <= EXCERPT; read++) {
        unsigned size;
        uint32_t c;
        if (in_word && end - text >= 16 && written + 16 <= EXCERPT && read + 16 <= 2 * EXCERPT) { /* as most are */
            unsigned words = plain_words(text);
            if (words) {
                put(b, text, words);
                kept = b->n;
                text += words;
                written += words;
                read += words - 1;
                continue;
            }
        }
        if (in_word && *text > ' ' && *text <= '~') {
            if (++written <= EXCERPT) {
                put_byte(b, *text);
                kept = b->n;
            }
            text++;
            continue;
        }
        c = character(text, end, &size);
        text += size;
        if (is_space(c)) {
            in_word = 0;
            continue;
        }
        if (!in_word && begun && ++written <= EXCERPT) put_byte(b, ' ');
        begun = in_word = 1;
        if ((c = visible_character(c)) && ++written <= EXCERPT) {
            put_utf8(b, c);
            kept = b->n;
        }
    }
    b->n = kept;
    if (written > EXCERPT || text < end || cut) PUT(b, "\xE2\x80\xA6");
}

/* Where a run from `at` on ends that has no markup, no quotation mark, no backslash and no control character: a byte
   of those, or fewer than sixteen bytes, or eight, before the end. */
static inline const uint8_t *skip_unmarked(const uint8_t *at, const uint8_t *end) {
#ifdef DEDUP_X86
    for (; end - at >= 16; at += 16) {
        __m128i w = _mm_loadu_si128((const __m128i *)at);
        __m128i angle = _mm_cmpeq_epi8(_mm_or_si128(w, _mm_set1_epi8(0x02)), _mm_set1_epi8('>')); /* '<' too */
        __m128i quote = _mm_cmpeq_epi8(_mm_or_si128(w, _mm_set1_epi8(0x04)), _mm_set1_epi8('&')); /* '"' too */
        __m128i slash = _mm_cmpeq_epi8(w, _mm_set1_epi8('\\')), low = _mm_cmpeq_epi8(_mm_min_epu8(w, _mm_set1_epi8(0x1F)), w);
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(angle, quote), _mm_or_si128(slash, low)));
        if (found) return at + __builtin_ctz(found);
    }
    return at;
#else
    for (; end - at >= 8; at += 8) {
        uint64_t w, angle, quote, slash, low;
        memcpy(&w, at, 8);
        angle = (w | EACH(0x02)) ^ EACH('>');
        quote = (w | EACH(0x04)) ^ EACH('&');
        slash = w ^ EACH('\\');
        low = (w - EACH(0x20)) & ~w;
        low |= ((angle - EACH(1)) & ~angle) | ((quote - EACH(1)) & ~quote) | ((slash - EACH(1)) & ~slash);
        if (low & EACH(0x80)) break; /* perhaps */
    }
    return at;
#endif
}

/* For an element or a quoted attribute of XML. */
static void put_xml(Buffer *b, const uint8_t *text, size_t n) {
    const uint8_t *end = text + n, *from = text;
    for (; text < end; text++) {
        text = skip_unmarked(text, end);
        if (text == end) break;
        const char *entity = *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : NULL;
        if (*text == '"') entity = "&quot;";
        if (entity == NULL) continue;
        put(b, from, (size_t)(text - from));
        put(b, entity, strlen(entity));
        from = text + 1;
    }
    put(b, from, (size_t)(end - from));
}

/* A field of CSV, quoted where it must be. */
static void put_csv(Buffer *b, const uint8_t *text, size_t n) {
    size_t i = 0;
    while (i < n && text[i] != ',' && text[i] != '"' && text[i] != '\r' && text[i] != '\n') i++;
    if (i == n) {
        put(b, text, n);
        return;
    }
    put_byte(b, '"');
    for (i = 0; i < n; i++) {
        if (text[i] == '"') put_byte(b, '"');
        put_byte(b, text[i]);
    }
    put_byte(b, '"');
}

#endif
