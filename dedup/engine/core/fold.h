/* Folding one code point at a time: the path for text that is not plain ASCII.
 *
 * The table is dedup/engine/folding.bin, written by scripts/make_folding.py; its layout is described there.
 */
#ifndef DEDUP_FOLD_H
#define DEDUP_FOLD_H
#include <stdlib.h>
#include "utf8.h"
#include "xxh.h"

enum { FOLD_SEPARATOR = 0, FOLD_IGNORED = 1, FOLD_SELF = 2, FOLD_SEQUENCE = 3 };

static struct {
    const uint16_t *stage1;
    const uint32_t *stage2;
    const uint32_t *pool;
} folding;

/* Points the reader at the table's bytes, which must stay alive. Returns 0 if they are not such a table. */
static int folding_open(const uint8_t *data, size_t n) {
    uint32_t blocks, pool;
    if (n < 24 + 2 * 17408 || memcmp(data, "dedupfld", 8) != 0 || load32(data + 8) != 1) return 0;
    blocks = load32(data + 16);
    pool = load32(data + 20);
    if (n != 24 + 2 * (size_t)17408 + 4 * ((size_t)blocks * 64 + pool)) return 0;
    folding.stage1 = (const uint16_t *)(data + 24);
    folding.stage2 = (const uint32_t *)(data + 24 + 2 * 17408);
    folding.pool = folding.stage2 + (size_t)blocks * 64;
    return 1;
}

static inline uint32_t folding_entry(uint32_t c) { return folding.stage2[(size_t)folding.stage1[c >> 6] * 64 + (c & 63)]; }

/* The word being gathered: folded code points in canonical order; an opaque byte b is OPAQUE + b. */
#define OPAQUE 0x110000u
#define CODE_POINT 0x1FFFFFu

typedef struct {
    uint32_t *chars; /* code point | combining class << 24 */
    size_t n, room;
    int open, alone;
    uint8_t *bytes; /* the word as UTF-8 once it is finished */
    size_t bytes_room;
    int failed; /* out of memory */
} Word;

static void word_free(Word *w) {
    free(w->chars);
    free(w->bytes);
}

static void word_push(Word *w, uint32_t code, uint32_t combining) {
    size_t at;
    if (w->n == w->room) {
        size_t room = w->room ? w->room * 2 : 64;
        uint32_t *grown = realloc(w->chars, room * sizeof *grown);
        if (!grown) {
            w->failed = 1;
            return;
        }
        w->chars = grown;
        w->room = room;
    }
    at = w->n++;
    if (combining)
        for (; at > 0 && (w->chars[at - 1] >> 24) > combining; at--) w->chars[at] = w->chars[at - 1];
    w->chars[at] = code | combining << 24;
}

/* Encodes the gathered characters; returns the number of bytes in w->bytes. */
static size_t word_encode(Word *w) {
    size_t i;
    uint8_t *out;
    if (w->n * 4 > w->bytes_room) {
        uint8_t *grown = realloc(w->bytes, w->n * 8);
        if (!grown) {
            w->failed = 1;
            return 0;
        }
        w->bytes = grown;
        w->bytes_room = w->n * 8;
    }
    out = w->bytes;
    for (i = 0; i < w->n; i++) {
        uint32_t c = w->chars[i] & CODE_POINT;
        if (c >= OPAQUE) *out++ = (uint8_t)(c - OPAQUE);
        else out = write_utf8(out, c);
    }
    return (size_t)(out - w->bytes);
}

/* Decodes one code point of strict UTF-8 at p < end; its length, or 0 if the byte belongs to no valid sequence. */
static inline int decode(const uint8_t *p, const uint8_t *end, uint32_t *code) {
    uint32_t a = p[0];
    if (a < 0x80) {
        *code = a;
        return 1;
    }
    if (a < 0xC2) return 0;
    if (a < 0xE0) {
        if (end - p < 2 || (p[1] & 0xC0) != 0x80) return 0;
        *code = (a & 31) << 6 | (p[1] & 63);
        return 2;
    }
    if (a < 0xF0) {
        if (end - p < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80) return 0;
        *code = (a & 15) << 12 | (uint32_t)(p[1] & 63) << 6 | (p[2] & 63);
        return *code >= 0x800 && (*code < 0xD800 || *code > 0xDFFF) ? 3 : 0;
    }
    if (a < 0xF5) {
        if (end - p < 4 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 || (p[3] & 0xC0) != 0x80) return 0;
        *code = (a & 7) << 18 | (uint32_t)(p[1] & 63) << 12 | (uint32_t)(p[2] & 63) << 6 | (p[3] & 63);
        return *code >= 0x10000 && *code < 0x110000 ? 4 : 0;
    }
    return 0;
}

/* Where finished words go: called with the folded bytes of each. */
typedef void (*WordSink)(void *to, const uint8_t *bytes, size_t n);

static inline void word_end(Word *w, WordSink sink, void *to) {
    size_t n;
    if (!w->open) return;
    n = word_encode(w);
    if (!w->failed) sink(to, w->bytes, n);
    w->n = 0;
    w->open = w->alone = 0;
}

static inline void word_add(Word *w, uint32_t code, int alone, int mark, uint32_t combining, WordSink sink, void *to) {
    if (mark && !w->open) return; /* it combines with a separator */
    if (alone || (w->alone && !mark)) word_end(w, sink, to);
    w->open = 1;
    if (alone) w->alone = 1;
    word_push(w, code, combining);
}

static void fold_hangul(Word *w, uint32_t code, WordSink sink, void *to) {
    uint32_t s = code - 0xAC00;
    word_add(w, 0x1100 + s / 588, 0, 0, 0, sink, to);
    word_add(w, 0x1161 + s % 588 / 28, 0, 0, 0, sink, to);
    if (s % 28) word_add(w, 0x11A7 + s % 28, 0, 0, 0, sink, to);
}

/* Folds one code point into the word being gathered. */
static inline void fold_code(Word *w, uint32_t code, WordSink sink, void *to) {
    uint32_t entry, i, n;
    if (code < 0x80) {
        uint32_t low = code | 0x20;
        if (low - 'a' < 26 || code - '0' < 10)
            word_add(w, code - 'A' < 26 ? low : code, 0, 0, 0, sink, to);
        else
            word_end(w, sink, to);
        return;
    }
    entry = folding_entry(code);
    switch (entry & 3) {
    case FOLD_SEPARATOR:
        word_end(w, sink, to);
        return;
    case FOLD_IGNORED:
        return;
    case FOLD_SELF:
        if (code - 0xAC00 < 11172)
            fold_hangul(w, code, sink, to);
        else
            word_add(w, code, entry >> 3 & 1, entry >> 4 & 1, entry >> 8 & 255, sink, to);
        return;
    }
    n = entry >> 3 & 31;
    for (i = 0; i < n; i++) {
        uint32_t item = folding.pool[(entry >> 8) + i];
        if (item >> 30 & 1)
            word_end(w, sink, to);
        else
            word_add(w, item & CODE_POINT, item >> 21 & 1, item >> 31, item >> 22 & 255, sink, to);
    }
}

/* Folds from p, at a word's start or at a character that is not ASCII, to the first place after a finished word
 * where plain ASCII goes on, or to end. Returns that place; *invalid counts the bytes that are not UTF-8. */
static const uint8_t *fold_run(Word *w, const uint8_t *p, const uint8_t *end, WordSink sink, void *to, uint64_t *invalid) {
    while (p < end) {
        uint32_t code;
        int n = decode(p, end, &code);
        if (n == 0) {
            ++*invalid;
            word_add(w, OPAQUE + *p++, 0, 0, 0, sink, to);
            continue;
        }
        p += n;
        fold_code(w, code, sink, to);
        if (!w->open && p < end && *p < 0x80) return p;
    }
    word_end(w, sink, to);
    return p;
}

/* All words of a text, folded, each followed by a line feed, end to end: what "the same words" compares. */
typedef struct {
    uint8_t *bytes;
    size_t n, room;
    int failed;
} Folded;

static void folded_sink(void *to, const uint8_t *bytes, size_t n) {
    Folded *f = to;
    if (f->n + n + 1 > f->room) {
        size_t room = (f->n + n + 1) * 2;
        uint8_t *grown = realloc(f->bytes, room);
        if (!grown) {
            f->failed = 1;
            return;
        }
        f->bytes = grown;
        f->room = room;
    }
    memcpy(f->bytes + f->n, bytes, n);
    f->n += n;
    f->bytes[f->n++] = '\n';
}

static void fold_text(Folded *f, Word *w, const uint8_t *p, size_t n) {
    const uint8_t *end = p + n;
    uint64_t invalid = 0;
    f->n = 0;
    while (p < end) p = fold_run(w, p, end, folded_sink, f, &invalid);
}
#endif
