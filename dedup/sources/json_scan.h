/* JSON Lines without an object a value: lines are validated, and the strings at two paths are found.

   A line that is anything but plain is left to the caller, who parses it and decides what it is. Every line taken
   here is JSON to orjson and to Python's json, and its text is what they say; the tests hold it to that. */
#ifndef DEDUP_JSON_SCAN_H
#define DEDUP_JSON_SCAN_H

#include <stdint.h>
#include <string.h>

#include "../engine/core/utf8.h"

enum { MOST_NESTED = 64, LONGEST_NUMBER = 256, MOST_KEYS = 16 };

/* Bytes [start, end). */
typedef struct {
    const uint8_t *start, *end;
} Stretch;

/* The keys that lead to a value, from the outside in; none: nobody asks for it. */
typedef struct {
    Stretch key[MOST_KEYS];
    size_t keys;
} JsonPath;

/* What a line has that was asked for. */
typedef struct {
    Stretch text, identity; /* strings without their quotes, or an integer; NULL where there is none */
    int escaped;            /* the text has escapes */
} JsonLine;

static int is_json_space(uint8_t c) { return c == ' ' || c == '\t' || c == '\r'; }

static const uint8_t *skip_space(const uint8_t *p, const uint8_t *end) {
    while (p < end && is_json_space(*p)) p++;
    return p;
}

/* Whether eight bytes have none that ends a string, begins an escape or another character, or may not stand there. */
static int are_plain_bytes(const uint8_t *p) {
    const uint64_t ones = 0x0101010101010101ull, high = 0x8080808080808080ull;
    uint64_t x, quote, slash;
    memcpy(&x, p, 8);
    quote = x ^ (ones * '"');
    slash = x ^ (ones * '\\');
    return !((x | (x - ones * 0x20) | (quote - ones) | (slash - ones)) & high);
}

static int hex_value(uint8_t c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four hexadecimal digits at p, or -1. */
static int32_t hex4(const uint8_t *p, const uint8_t *end) {
    int32_t value = 0;
    int i;
    if (end - p < 4) return -1;
    for (i = 0; i < 4; i++) {
        int digit = hex_value(p[i]);
        if (digit < 0) return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* Bytes of the escape at p, 0 if it is none or half of a surrogate pair; *code is the character it stands for. */
static size_t read_escape(const uint8_t *p, const uint8_t *end, uint32_t *code) {
    int32_t unit, low;
    if (end - p < 2) return 0;
    switch (p[1]) {
    case '"': case '\\': case '/': *code = p[1]; return 2;
    case 'b': *code = '\b'; return 2;
    case 'f': *code = '\f'; return 2;
    case 'n': *code = '\n'; return 2;
    case 'r': *code = '\r'; return 2;
    case 't': *code = '\t'; return 2;
    case 'u': break;
    default: return 0;
    }
    unit = hex4(p + 2, end);
    if (unit < 0 || (unit & 0xFC00) == 0xDC00) return 0;
    *code = (uint32_t)unit;
    if ((unit & 0xFC00) != 0xD800) return 6;
    if (end - p < 12 || p[6] != '\\' || p[7] != 'u') return 0;
    low = hex4(p + 8, end);
    if (low < 0 || (low & 0xFC00) != 0xDC00) return 0;
    *code = 0x10000 + (((uint32_t)unit & 0x3FF) << 10) + ((uint32_t)low & 0x3FF);
    return 12;
}

/* Bytes of the character at p that is no ASCII; 0 if it is no UTF-8. */
static size_t utf8_length(const uint8_t *p, const uint8_t *end) {
    size_t n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4, i;
    if (p[0] < 0xC2 || p[0] > 0xF4 || (size_t)(end - p) < n) return 0;
    for (i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F)) return 0;
    if ((p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F)) return 0;
    return n;
}

/* The closing quote of the string whose first byte is p; NULL if it is not a plain one. Notes escapes. */
static const uint8_t *end_of_string(const uint8_t *p, const uint8_t *end, int *escaped) {
    while (p < end) {
        uint32_t code;
        size_t n;
        while (end - p >= 8 && are_plain_bytes(p)) p += 8;
        if (p == end) return NULL;
        if (*p == '"') return p;
        if (*p < 0x20) return NULL;
        if (*p == '\\') {
            *escaped = 1;
            n = read_escape(p, end, &code);
        } else {
            n = *p < 0x80 ? 1 : utf8_length(p, end);
        }
        if (!n) return NULL;
        p += n;
    }
    return NULL;
}

static const uint8_t *skip_digits(const uint8_t *p, const uint8_t *end) {
    while (p < end && *p >= '0' && *p <= '9') p++;
    return p;
}

/* Past the number at p; NULL if it is none, or longer than any parser is sure to take. */
static const uint8_t *end_of_number(const uint8_t *p, const uint8_t *end) {
    const uint8_t *start = p, *digits;
    if (p < end && *p == '-') p++;
    digits = p;
    p = skip_digits(p, end);
    if (p == digits || (*digits == '0' && p > digits + 1)) return NULL;
    if (p < end && *p == '.') {
        digits = ++p;
        p = skip_digits(p, end);
        if (p == digits) return NULL;
    }
    if (p < end && (*p | 0x20) == 'e') {
        p++;
        if (p < end && (*p == '+' || *p == '-')) p++;
        digits = p;
        p = skip_digits(p, end);
        if (p == digits) return NULL;
    }
    return p - start > LONGEST_NUMBER ? NULL : p;
}

static const uint8_t *end_of_word(const uint8_t *p, const uint8_t *end, const char *word, size_t n) {
    return (size_t)(end - p) >= n && memcmp(p, word, n) == 0 ? p + n : NULL;
}

static const uint8_t *end_of_object(const uint8_t *p, const uint8_t *end, int depth, const Stretch *wanted,
                                    const uint8_t **found, size_t count);

static const uint8_t *end_of_array(const uint8_t *p, const uint8_t *end, int depth);

/* Past the value at p, NULL if it is not plain JSON. */
static const uint8_t *end_of_value(const uint8_t *p, const uint8_t *end, int depth) {
    int escaped = 0;
    if (p == end) return NULL;
    switch (*p) {
    case '"':
        p = end_of_string(p + 1, end, &escaped);
        return p ? p + 1 : NULL;
    case '{': return depth < MOST_NESTED ? end_of_object(p, end, depth + 1, NULL, NULL, 0) : NULL;
    case '[': return depth < MOST_NESTED ? end_of_array(p, end, depth + 1) : NULL;
    case 't': return end_of_word(p, end, "true", 4);
    case 'f': return end_of_word(p, end, "false", 5);
    case 'n': return end_of_word(p, end, "null", 4);
    default: return end_of_number(p, end);
    }
}

/* Past the array that opens at p. */
static const uint8_t *end_of_array(const uint8_t *p, const uint8_t *end, int depth) {
    p = skip_space(p + 1, end);
    if (p < end && *p == ']') return p + 1;
    while ((p = end_of_value(p, end, depth))) {
        p = skip_space(p, end);
        if (p == end || (*p != ',' && *p != ']')) return NULL;
        if (*p == ']') return p + 1;
        p = skip_space(p + 1, end);
    }
    return NULL;
}

/* Past the object that opens at p. found[i] becomes where the last value of the key wanted[i] begins. A key that is
   written with escapes may be any: where keys are wanted the line is not plain. */
static const uint8_t *end_of_object(const uint8_t *p, const uint8_t *end, int depth, const Stretch *wanted,
                                    const uint8_t **found, size_t count) {
    p = skip_space(p + 1, end);
    if (p < end && *p == '}') return p + 1;
    for (;;) {
        int escaped = 0;
        const uint8_t *key = p + 1, *close;
        size_t i;
        if (p == end || *p != '"') return NULL;
        close = end_of_string(key, end, &escaped);
        if (!close || (escaped && count)) return NULL;
        p = skip_space(close + 1, end);
        if (p == end || *p != ':') return NULL;
        p = skip_space(p + 1, end);
        for (i = 0; i < count; i++) {
            size_t n = (size_t)(wanted[i].end - wanted[i].start);
            if ((size_t)(close - key) == n && memcmp(key, wanted[i].start, n) == 0) found[i] = p;
        }
        p = end_of_value(p, end, depth);
        if (!p) return NULL;
        p = skip_space(p, end);
        if (p == end || (*p != ',' && *p != '}')) return NULL;
        if (*p == '}') return p + 1;
        p = skip_space(p + 1, end);
    }
}

/* Follows a path from the value of its first key: where its value begins, NULL if there is none; *failed if the
   line is not plain after all. */
static const uint8_t *follow_path(const uint8_t *value, const uint8_t *end, const JsonPath *path, int *failed) {
    size_t i;
    for (i = 1; value && i < path->keys; i++) {
        const uint8_t *inner = NULL;
        if (*value != '{') return NULL;
        if (!end_of_object(value, end, 1, &path->key[i], &inner, 1)) *failed = 1;
        value = inner;
    }
    return value;
}

/* The identity of a record: a string without escapes, or an integer that is written as Python writes it. */
static int read_identity(JsonLine *line, const uint8_t *value, const uint8_t *end) {
    int escaped = 0;
    const uint8_t *stop;
    if (!value || *value == 'n') return 1;
    if (*value == '"') {
        stop = end_of_string(value + 1, end, &escaped);
        line->identity = (Stretch){value + 1, stop};
        return !escaped;
    }
    stop = skip_digits(value, end);
    if (stop == value || stop - value > 15 || (stop < end && (*stop == '.' || (*stop | 0x20) == 'e'))) return 0;
    line->identity = (Stretch){value, stop};
    return 1;
}

/* Reads the line [p, end) of JSON; 0 if it is not a plain object with a string where the text should be. */
static int read_json_line(const uint8_t *p, const uint8_t *end, const JsonPath *text, const JsonPath *identity,
                          JsonLine *line) {
    const Stretch wanted[2] = {text->key[0], identity->key[0]};
    const uint8_t *found[2] = {NULL, NULL}, *stop;
    int failed = 0;
    memset(line, 0, sizeof *line);
    p = skip_space(p, end);
    if (p == end || *p != '{') return 0;
    stop = end_of_object(p, end, 1, wanted, found, identity->keys ? 2 : 1);
    if (!stop || skip_space(stop, end) != end) return 0;
    found[0] = follow_path(found[0], end, text, &failed);
    found[1] = follow_path(found[1], end, identity, &failed);
    if (failed || !found[0] || *found[0] != '"') return 0;
    line->text.start = found[0] + 1;
    line->text.end = end_of_string(found[0] + 1, end, &line->escaped);
    return read_identity(line, found[1], end);
}

/* Writes what a literal means; gives the end of it. The text is never longer than the literal. */
static uint8_t *write_meaning(uint8_t *to, Stretch literal, int escaped) {
    const uint8_t *p = literal.start;
    while (p < literal.end) {
        const uint8_t *slash = escaped ? memchr(p, '\\', (size_t)(literal.end - p)) : NULL;
        size_t n = (size_t)((slash ? slash : literal.end) - p);
        uint32_t code = 0;
        memcpy(to, p, n);
        to += n;
        p += n;
        if (slash) {
            p += read_escape(p, literal.end, &code);
            to = write_utf8(to, code);
        }
    }
    return to;
}

/* Where the next escape of a literal begins and ends, and the size of what it stands for. */
typedef struct {
    size_t start, end, meaning;
} Escape;

/* As the pattern in json_fields.py: half of a surrogate pair is an escape of its own, of three bytes. */
static Escape next_escape(const uint8_t *literal, size_t at, size_t n) {
    const uint8_t *slash = memchr(literal + at, '\\', n - at), *end = literal + n;
    Escape found = {n, n, 0};
    uint32_t code = 0;
    size_t size;
    if (!slash || end - slash < 2) return found;
    size = read_escape(slash, end, &code);
    if (!size) {
        size = end - slash >= 6 && slash[1] == 'u' && hex4(slash + 2, end) >= 0 ? 6 : 2;
        code = size == 6 ? 0xD800 : 0;
    }
    found.start = (size_t)(slash - literal);
    found.end = found.start + size;
    found.meaning = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    return found;
}

/* json_fields.Places: offsets in a text, in order, become offsets in its literal of n bytes. */
static void literal_places(const uint8_t *literal, size_t n, int64_t *offset, size_t count) {
    size_t text = 0, written = 0, i;
    Escape next = next_escape(literal, 0, n);
    for (i = 0; i < count; i++) {
        size_t wanted = (size_t)offset[i];
        int inside = 0;
        while (next.start < n) {
            size_t after = text + next.start - written + next.meaning;
            if (after > wanted) {
                inside = wanted > after - next.meaning;
                break;
            }
            text = after;
            written = next.end;
            next = next_escape(literal, written, n);
        }
        offset[i] = (int64_t)(inside ? next.start : written + wanted - text);
    }
}

#endif
