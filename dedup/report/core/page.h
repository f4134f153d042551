/* The texts of findings as the page of the HTML report reads them: the native half of chunks in payload.py and of
   texts.py in dedup/report/html/, which explain the forms; names agree. */
#ifndef DEDUP_PAGE_H
#define DEDUP_PAGE_H

#include "formats.h"

#define CONTEXT_BYTES 240
#define LEAST_BYTES 240
#define CUT_CHARACTERS 24
#define NONE SIZE_MAX

/* The inside of a string of JSON in a script element: nothing in it can end the element or be markup. */
static void put_script(Buffer *b, const uint8_t *text, size_t n) {
    const uint8_t *end = text + n, *from = text;
    for (; text < end; text++) {
        text = skip_unmarked(text, end);
        if (text == end) break;
        uint8_t c = *text;
        if (c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&') continue;
        put(b, from, (size_t)(text - from));
        put_json_character(b, c);
        from = text + 1;
    }
    put(b, from, (size_t)(end - from));
}

/* How many bytes at `at` are not UTF-8 together, as Python's decoder counts them: one replacement for each such run. */
static size_t broken_bytes(const uint8_t *at, const uint8_t *end) {
    uint8_t c = *at, low = 0x80, high = 0xBF;
    size_t wanted = c >= 0xC2 && c <= 0xDF ? 2 : (c & 0xF0) == 0xE0 ? 3 : c >= 0xF0 && c <= 0xF4 ? 4 : 1, n = 1;
    if (c == 0xE0) low = 0xA0;
    if (c == 0xED) high = 0x9F;
    if (c == 0xF0) low = 0x90;
    if (c == 0xF4) high = 0x8F;
    for (; n < wanted && at + n < end && at[n] >= low && at[n] <= high; n++) low = 0x80, high = 0xBF;
    return n;
}

/* Whether all of it is UTF-8. */
static int is_readable(const uint8_t *text, size_t n) {
    const uint8_t *end = text + n;
    while ((text = skip_ascii(text, end)) < end) {
        unsigned size;
        uint32_t c = character(text, end, &size);
        if (c >= 0xDC80 && c <= 0xDCFF && size == 1) return 0;
        text += size;
    }
    return 1;
}

/* Text in which what is not UTF-8 is U+FFFD: one for each byte, or one for each broken character. */
static void put_readable(Buffer *b, const uint8_t *text, size_t n, int each_byte) {
    const uint8_t *end = text + n, *from = text;
    while (text < end) {
        unsigned size;
        text = skip_ascii(text, end);
        if (text == end) break;
        if (*text < 0x80) {
            text++;
            continue;
        }
        uint32_t c = character(text, end, &size);
        if (c < 0xDC80 || c > 0xDCFF || size > 1) {
            text += size;
            continue;
        }
        put(b, from, (size_t)(text - from));
        PUT(b, "\xEF\xBF\xBD");
        text += each_byte ? 1 : broken_bytes(text, end);
        from = text;
    }
    put(b, from, (size_t)(end - from));
}

static size_t characters(const uint8_t *text, size_t n) {
    size_t count;
    skip_characters(text, text + n, SIZE_MAX, &count);
    return count;
}

static inline uint64_t at_most_context(uint64_t n) { return n < CONTEXT_BYTES ? n : CONTEXT_BYTES; }

static inline int line_end(uint8_t c) { return c == '\r' || c == '\n'; }

/* A text: its offset and length in the arena of a page, or, with IN_HEAP, in the heap of the findings; one that is not
   there has the offset NONE. */
typedef struct {
    size_t at, n;
} Text;

#define IN_HEAP (SIZE_MAX / 2 + 1)

typedef struct {
    Text original, repeat;
    uint64_t original_line, line;
    int cut;
} Row;

/* The texts of a chunk of findings: each once, numbered as they come. */
typedef struct {
    const uint8_t *heap;
    Buffer *texts, arena, of;
    Row *row;
    size_t rows, row_room;
    Text *pooled;
    size_t pool, pool_room;
    uint32_t *slot; /* number + 1 of a text by its hash, 0 for none */
    size_t slots;
} Page;

static void page_free(Page *p) {
    buffer_free(&p->arena);
    buffer_free(&p->of);
    free(p->row);
    free(p->pooled);
    free(p->slot);
}

static inline const uint8_t *bytes_of(const Page *p, Text text) {
    return text.at & IN_HEAP ? p->heap + (text.at - IN_HEAP) : p->arena.at + text.at;
}

static int same_text(const Page *p, Text a, Text b) {
    if (a.at == NONE || b.at == NONE) return a.at == b.at;
    return a.n == b.n && (a.at == b.at || !memcmp(bytes_of(p, a), bytes_of(p, b), a.n));
}

static size_t hash_text(const uint8_t *text, size_t n) {
    uint64_t hash = 0xCBF29CE484222325ull ^ n, lane[4] = {1, 2, 3, 4}; /* FNV-1a, four times eight bytes at a time */
    for (uint64_t w[4]; n >= 32; text += 32, n -= 32) {
        memcpy(w, text, 32);
        for (int i = 0; i < 4; i++) lane[i] = (lane[i] ^ w[i]) * 0x9E3779B97F4A7C15ull, lane[i] ^= lane[i] >> 29;
    }
    for (int i = 0; i < 4; i++) hash = (hash ^ lane[i]) * 0x9E3779B97F4A7C15ull, hash ^= hash >> 29;
    for (uint64_t w; n >= 8; text += 8, n -= 8) {
        memcpy(&w, text, 8);
        hash = (hash ^ w) * 0x9E3779B97F4A7C15ull;
        hash ^= hash >> 29;
    }
    while (n--) hash = (hash ^ *text++) * 0x100000001B3ull;
    return (size_t)(hash ^ hash >> 32);
}

static int pool_grow(Page *p) {
    size_t room = p->pool_room ? 2 * p->pool_room : 512;
    Text *pooled = (Text *)realloc(p->pooled, room * sizeof *pooled);
    uint32_t *slot = (uint32_t *)calloc(2 * room, sizeof *slot);
    if (pooled) p->pooled = pooled;
    if (!pooled || !slot) {
        free(slot);
        p->of.failed = 1;
        return 0;
    }
    free(p->slot);
    p->slot = slot;
    p->slots = 2 * room;
    p->pool_room = room;
    for (size_t i = 0; i < p->pool; i++) {
        size_t at = hash_text(bytes_of(p, p->pooled[i]), p->pooled[i].n) & (p->slots - 1);
        while (slot[at]) at = (at + 1) & (p->slots - 1);
        slot[at] = (uint32_t)i + 1;
    }
    return 1;
}

static void put_pooled(Page *p, Text text) {
    if (text.at == NONE) {
        PUT(&p->of, "-1");
        return;
    }
    if (p->pool == p->pool_room && !pool_grow(p)) return;
    size_t at = hash_text(bytes_of(p, text), text.n) & (p->slots - 1);
    while (p->slot[at] && !same_text(p, text, p->pooled[p->slot[at] - 1])) at = (at + 1) & (p->slots - 1);
    if (!p->slot[at]) {
        put_text(p->texts, p->pool ? ",\"" : "\"");
        put_script(p->texts, bytes_of(p, text), text.n);
        PUT(p->texts, "\"");
        p->pooled[p->pool++] = text;
        p->slot[at] = (uint32_t)p->pool;
    }
    put_number(&p->of, p->slot[at] - 1);
}

static const Text nothing = {NONE, 0};

/* `text` of the heap made readable, without the line ends behind it. */
static Text shown_text(Page *p, const uint8_t *text, size_t n, int each_byte) {
    Text made = {p->arena.n, n};
    if (is_readable(text, n)) {
        made.at = IN_HEAP + (size_t)(text - p->heap);
    } else {
        put_readable(&p->arena, text, n, each_byte);
        made.n = p->arena.n - made.at;
    }
    while (made.n && line_end(bytes_of(p, made)[made.n - 1])) made.n--;
    return made;
}

static inline const uint8_t *inside(const Found *f, const Passage *p) { return f->heap + p->at + p->before; }

/* One passage, read from its start to its end by byte positions of its document. */
typedef struct {
    const uint8_t *text;
    uint64_t n, start, at;
} Reading;

static inline int spent(const Reading *r) { return r->at >= r->start + r->n; }

static Text read_until(Page *p, Reading *r, uint64_t end) {
    uint64_t first = r->at - r->start, last = end > r->start ? end - r->start : 0;
    if (first > r->n) first = r->n;
    if (last > r->n) last = r->n;
    if (end > r->at) r->at = end;
    return shown_text(p, r->text + first, last > first ? last - first : 0, 0);
}

static void add_row(Page *p, Text original, Text repeat, uint64_t original_line, uint64_t line, int cut) {
    if (p->rows == p->row_room) {
        size_t room = 2 * p->row_room + 64;
        Row *row = (Row *)realloc(p->row, room * sizeof *row);
        if (row == NULL) {
            p->of.failed = 1;
            return;
        }
        p->row = row;
        p->row_room = room;
    }
    p->row[p->rows++] = (Row){original, repeat, original_line, line, cut};
}

static void pair(Page *p, const uint64_t *repeat, Reading *here, Reading *there, int parallel, int cut) {
    Text original = nothing, text;
    if (parallel && !spent(there)) original = read_until(p, there, repeat[R_ORIGINAL + END]);
    text = read_until(p, here, repeat[R_END]);
    if (original.at == NONE && repeat[R_KIND] == 0) original = text; /* it stands elsewhere, in the same words */
    add_row(p, original, text, parallel ? repeat[R_ORIGINAL + LINE] : 0, repeat[R_LINE], cut && spent(here));
}

static void members(Page *p, const Found *f, const Finding *one, const Passage *repeat, const Passage *original) {
    Reading here = {inside(f, repeat), repeat->text, one->row[START], one->row[START]};
    Reading there = {inside(f, original), original->text, one->row[ORIGINAL + START], one->row[ORIGINAL + START]};
    const uint64_t *r = f->repeat + one->row[FIRST] * R_COLUMNS;
    for (uint64_t i = 0; i < one->row[MANY] && !spent(&here); i++, r += R_COLUMNS) {
        int parallel = r[R_ORIGINAL] == one->row[ORIGINAL] && r[R_ORIGINAL + START] >= there.at;
        Text theirs = parallel ? read_until(p, &there, r[R_ORIGINAL + START]) : nothing;
        Text mine = read_until(p, &here, r[R_START]);
        if (!theirs.n) theirs = nothing;
        if (!mine.n) mine = nothing;
        if (theirs.n || mine.n) add_row(p, theirs, mine, 0, 0, 0);
        pair(p, r, &here, &there, parallel, (int)repeat->cut);
    }
}

static void read_rows(Page *p, const Found *f, const Finding *one, const Passage *repeat, const Passage *original) {
    if (one->kind != VARIANT && one->row[MANY] > 1) {
        members(p, f, one, repeat, original);
        return;
    }
    Text there = shown_text(p, inside(f, original), original->text, 1);
    Text here = shown_text(p, inside(f, repeat), repeat->text, 1);
    add_row(p, there, here, one->row[ORIGINAL + LINE], one->row[LINE], repeat->cut || original->cut);
}

static size_t row_size(const Page *p, const Row *row) {
    return row->repeat.n + (same_text(p, row->original, row->repeat) ? 0 : row->original.n);
}

/* The text cut to so many bytes, not through a character. */
static Text beginning(const Page *p, Text text, size_t most) {
    if (text.at == NONE || text.n <= most) return text;
    while (most && (bytes_of(p, text)[most] & 0xC0) == 0x80) most--;
    return (Text){text.at, most};
}

/* Keeps the rows that fit, the last of them cut where it must be; gives the number left out. */
static size_t keep_within(Page *p, size_t limit) {
    size_t all = p->rows;
    for (size_t i = 0; i < all; i++) {
        Row *row = &p->row[i];
        size_t size = row_size(p, row);
        if (size <= limit) {
            limit -= size;
            continue;
        }
        if (i && limit < LEAST_BYTES) {
            p->rows = i;
            return all - i;
        }
        size_t most = same_text(p, row->original, row->repeat) ? limit : limit / 2;
        row->original = beginning(p, row->original, most);
        row->repeat = beginning(p, row->repeat, most);
        row->cut = 1;
        p->rows = i + 1;
        return all - i - 1;
    }
    return 0;
}

/* The start of the last `most` characters. */
static size_t last_characters(const uint8_t *text, size_t n, size_t count, size_t most) {
    return count > most ? (size_t)(skip_characters(text, text + n, count - most, NULL) - text) : 0;
}

/* The bytes of the rest of a word that was cut, if it ends soon; else 0. */
static size_t cut_word(const uint8_t *text, const uint8_t *end) {
    const uint8_t *at = text;
    for (unsigned size, left = CUT_CHARACTERS; at < end && left; left--, at += size)
        if (is_space(character(at, end, &size))) return (size_t)(at - text);
    return 0;
}

static Text text_before(Page *p, const Found *f, const Passage *passage, uint64_t start, size_t most) {
    const uint8_t *text = f->heap + passage->at;
    size_t n = passage->before, count, skipped = 0;
    if (!n) return nothing;
    count = characters(text, n);
    int complete = count <= most && n == start;
    if (!complete) skipped = last_characters(text, n, count, most);
    Text made = {p->arena.n, 0};
    if (!complete) PUT(&p->arena, "\xE2\x80\xA6");
    size_t from = p->arena.n;
    while (skipped < n && line_end(text[skipped])) skipped++;
    while (n > skipped && line_end(text[n - 1])) n--;
    if (!complete) skipped += cut_word(text + skipped, text + n);
    while (!complete && skipped < n) {
        unsigned size;
        if (!is_space(character(text + skipped, text + n, &size))) break;
        skipped += size;
    }
    put_readable(&p->arena, text + skipped, n - skipped, 1);
    made.n = p->arena.n - made.at;
    return p->arena.n == from && complete ? nothing : made;
}

static Text text_after(Page *p, const Found *f, const Passage *passage, size_t most) {
    const uint8_t *text = f->heap + passage->at + passage->before + passage->text, *end = text + passage->after;
    const uint8_t *at = skip_characters(text, end, most, NULL);
    size_t kept = 0;
    while (at > text && line_end(at[-1])) at--;
    while (text < at && line_end(*text)) text++;
    if (text == at) return nothing;
    end = at;
    if (end[-1] < 0x80 && !is_space(end[-1])) kept = (size_t)(end - text); /* as most do */
    for (unsigned size; text + kept < end;) { /* up to the last character that is no white space */
        const uint8_t *c = text + kept;
        size_t run = 0;
        while (c + run < end && is_space(character(c + run, end, &size))) run += size;
        if (c + run == end) break;
        character(c + run, end, &size);
        kept += run + size;
    }
    Text made = {p->arena.n, 0};
    put_readable(&p->arena, text, kept, 1);
    PUT(&p->arena, "\xE2\x80\xA6");
    made.n = p->arena.n - made.at;
    return made;
}

static void put_rows(Page *p) {
    PUT(&p->of, "[");
    for (size_t i = 0; i < p->rows; i++) {
        const Row *row = &p->row[i];
        put_text(&p->of, i ? ",[" : "[");
        put_pooled(p, row->original);
        put_byte(&p->of, ',');
        put_pooled(p, row->repeat);
        put_field(&p->of, ",", row->original_line);
        put_field(&p->of, ",", row->line);
        put_text(&p->of, row->cut ? ",1]" : ",0]");
    }
    PUT(&p->of, "]");
}

/* What the page shows of one finding, cut to `limit` bytes. */
static void put_shown(Page *p, const Found *f, size_t number, size_t limit) {
    const Passage *repeat = f->passage + 2 * number, *original = repeat + 1;
    Finding one = finding_of(f, number);
    Text side[4] = {nothing, nothing, nothing, nothing}; /* before the original and the repeat, after both */
    size_t around = limit / 10 < CONTEXT_BYTES ? limit / 10 : CONTEXT_BYTES, more = 0;
    p->rows = 0;
    if (repeat->at != NO_TEXT) {
        side[0] = text_before(p, f, original, one.row[ORIGINAL + START], around);
        side[1] = text_before(p, f, repeat, one.row[START], around);
        side[2] = text_after(p, f, original, around);
        side[3] = text_after(p, f, repeat, around);
        read_rows(p, f, &one, repeat, original);
        for (int i = 0; i < 4; i++) limit -= side[i].n < limit ? side[i].n : limit;
        more = keep_within(p, limit);
        if (more || (p->rows && p->row[p->rows - 1].cut)) side[2] = side[3] = nothing;
    }
    size_t at = p->of.n;
    put_rows(p); /* texts are numbered in the order in which rows, then sides name them */
    size_t rows = p->of.n - at;
    PUT(&p->of, "[[");
    put_pooled(p, side[0]);
    put_byte(&p->of, ',');
    put_pooled(p, side[1]);
    PUT(&p->of, "],");
    uint8_t *to = buffer_room(&p->of, rows);
    if (to != NULL) {
        memcpy(to, p->of.at + at, rows);
        p->of.n += rows;
    }
    PUT(&p->of, ",[");
    put_pooled(p, side[2]);
    put_byte(&p->of, ',');
    put_pooled(p, side[3]);
    put_field(&p->of, "],", more);
    PUT(&p->of, "]");
    if (p->of.failed) return;
    memmove(p->of.at + at, p->of.at + at + rows, p->of.n - at - rows);
    p->of.n -= rows;
}

/* The texts of n findings as one object. */
static void put_page_chunk(Buffer *b, Page *p, const Found *f, const uint32_t *which, size_t n, size_t limit) {
    p->heap = f->heap;
    p->texts = b;
    p->arena.n = p->of.n = p->pool = 0;
    if (p->slots) memset(p->slot, 0, p->slots * sizeof *p->slot);
    PUT(b, "{\"texts\":[");
    for (size_t i = 0; i < n; i++) {
        if (i) PUT(&p->of, ",");
        put_shown(p, f, which[i], limit);
    }
    PUT(b, "],\"of\":[");
    put(b, p->of.at, p->of.n);
    PUT(b, "]}");
    b->failed |= p->arena.failed | p->of.failed;
}

/* About how many bytes of text a finding has to show. */
static uint64_t text_size(const Found *f, size_t number) {
    const Passage *p = f->passage + 2 * number, *q = p + 1;
    uint64_t size = 0;
    if (p->at == NO_TEXT) return 0;
    for (int i = 0; i < 2; i++) {
        const uint8_t *before = f->heap + p[i].at, *after = before + p[i].before + p[i].text;
        size += at_most_context(characters(before, p[i].before)) + at_most_context(characters(after, p[i].after));
    }
    size += p->text;
    if (p->text != q->text || memcmp(inside(f, p), inside(f, q), p->text)) size += q->text;
    return size;
}

#endif
