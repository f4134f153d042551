/* The texts of findings, read again: a range of findings at a time, so that threads can share the reading. */
#ifndef DEDUP_AGAIN_H
#define DEDUP_AGAIN_H

#include "../../engine/core/xxh.h"
#include "order.h"
#include "passages.h"

/* Reads what there is of bytes [start, end) of a document: how many, or less than 0 if they are gone. */
typedef int64_t (*ReadText)(void *whose, uint64_t document, uint64_t start, uint64_t end, uint8_t *to);

/* Where those bytes stand in memory, and in `n` how many there are; NULL if they do not. */
typedef const uint8_t *(*SeeText)(void *whose, uint64_t document, uint64_t start, uint64_t end, size_t *n);

typedef struct {
    const Found *f;
    size_t n;
    ReadText read;
    SeeText see; /* or NULL */
    void *whose;
    const uint8_t *whole; /* of each finding */
    size_t around, full, excerpt;
    int texts;
    int again; /* ids and excerpts are there: those are read whose texts are to be whole */
    size_t room; /* for the most that all of them can take */
    Passage *passage;
    uint64_t *hash; /* what the id of each finding is made from */
} Again;

/* What was read last of a document: bytes from `base` on, of which `n` are there up to `end`. */
typedef struct {
    Buffer text;
    uint64_t document, base, end;
    size_t n;
} Window;

/* What is used again and again while texts are read. */
typedef struct {
    Window here, there; /* of repeats, and of originals */
    Buffer bare;        /* a text without its white space */
} Scratch;

static void scratch_forget(Scratch *s) {
    s->here.base = s->here.end = s->there.base = s->there.end = 0;
    s->here.document = s->there.document = UINT64_MAX;
}

static int scratch_failed(const Scratch *s) { return s->bare.failed || s->here.text.failed || s->there.text.failed; }

static void scratch_free(Scratch *s) {
    buffer_free(&s->here.text);
    buffer_free(&s->there.text);
    buffer_free(&s->bare);
}

/* The next findings stand near to the one that is read, in the order of their places; and where a text is repeated, so is
   often the next one. A call to the system takes as long as copying some thousand bytes. */
#define NEAR_BYTES 2048
#define WINDOW_BYTES 32768

static size_t limit_of(const Again *a, size_t number) { return a->whole[number] ? a->full : a->excerpt; }

static size_t around_of(const Again *a, size_t number) { return a->whole[number] ? a->around : 0; }

/* The most that the texts of a finding can take. */
static size_t room_for(const Again *a, size_t number) {
    const uint64_t *row = row_of(a->f, number);
    size_t limit = limit_of(a, number);
    if (!a->texts || (a->again && !a->whole[number])) return 0;
    return at_most(row[END] - row[START], limit) + at_most(row[ORIGINAL + END] - row[ORIGINAL + START], limit) +
           4 * around_of(a, number);
}

static int compare_sizes(const void *p, const void *q) {
    uint64_t a = *(const uint64_t *)p, b = *(const uint64_t *)q;
    return a < b ? -1 : a > b;
}

/* The native half of dedup.report.content.fair_limit; puts the sizes in order. */
static uint64_t fair_limit(uint64_t *size, size_t n, uint64_t total) {
    uint64_t left = total;
    qsort(size, n, sizeof *size, compare_sizes);
    for (size_t i = 0; i < n; i++) {
        uint64_t limit = left / (n - i);
        if (size[i] > limit) return limit;
        left -= size[i];
    }
    return total;
}

/* The bytes of both texts of a finding at level `full`: dedup.report.content.sides. */
static void sides_of(const Found *f, size_t number, uint64_t full, uint64_t *size) {
    const uint64_t *row = row_of(f, number);
    size[0] = row[END] - row[START] < full ? row[END] - row[START] : full;
    size[1] = row[ORIGINAL + END] - row[ORIGINAL + START];
    if (size[1] > full) size[1] = full;
}

/* The native half of dedup.report.content.choose: marks in `whole` the findings at level `full`, at most `sharing` of them
   where all are more than `total`, and gives the limit that they have then; 0 if they need none. `ranked` has room for
   all findings twice, `size` for two numbers of each. */
static uint64_t choose(const Found *f, size_t n, uint64_t total, uint64_t full, uint64_t around, size_t sharing,
                       Ranked *ranked, uint64_t *size, uint8_t *whole) {
    uint64_t sum = 4 * around * n;
    for (size_t i = 0; i < n; i++) {
        const uint64_t *row = row_of(f, i);
        ranked[i] = (Ranked){i < f->blocks ? row[WORDS] : row[VARIANT_WORDS], (uint32_t)i};
        sides_of(f, i, full, size);
        sum += size[0] + size[1];
    }
    memset(whole, sum <= total, n);
    if (sum <= total) return 0;
    sort_ranked(ranked, ranked + n, n);
    if (sharing > n) sharing = n;
    for (size_t i = 0; i < sharing; i++) {
        sides_of(f, ranked[i].position, full, size + 2 * i);
        whole[ranked[i].position] = 1;
    }
    return fair_limit(size, 2 * sharing, total);
}

/* Bytes [start, end) of a document, read with those up to `until`: where they are, and in `n` how many; NULL if they are
   gone or there is no memory. */
static const uint8_t *look(const Again *a, Window *w, uint64_t document, uint64_t start, uint64_t end, uint64_t until,
                           size_t *n) {
    if (w->text.at == NULL || w->document != document || start < w->base || end > w->end) {
        uint8_t *to;
        int64_t got;
        w->text.n = w->n = 0;
        w->base = w->end = start;
        to = buffer_room(&w->text, (size_t)(until - start) + 1);
        got = to == NULL ? -1 : a->read(a->whose, document, start, until, to);
        if (got < 0) return NULL;
        w->document = document;
        w->end = until;
        w->n = (size_t)got;
    }
    *n = at_most((size_t)(end - w->base), w->n);
    *n -= at_most((size_t)(start - w->base), *n);
    return w->text.at + (start - w->base);
}

static inline const uint8_t *see(const Again *a, uint64_t document, uint64_t start, uint64_t end, size_t *n) {
    return a->see ? a->see(a->whose, document, start, end, n) : NULL;
}

/* How far to read on from a finding: as far as the next ones are near, and of the same table. */
static uint64_t read_on(const Again *a, size_t number, size_t last, uint64_t base, uint64_t end) {
    const uint64_t *row = row_of(a->f, number);
    for (size_t i = number + 1; i < last && i != a->f->blocks; i++) {
        const uint64_t *next = row_of(a->f, i);
        uint64_t following = next[END] + around_of(a, i);
        if (next[DOCUMENT] != row[DOCUMENT] || next[START] > end + NEAR_BYTES || following > base + WINDOW_BYTES) break;
        if (following > end) end = following;
    }
    return end;
}

/* The part of `data`, which begins at `base`, that is bytes [start, end) of the document, without white space. */
static void put_bare_part(Buffer *bare, const uint8_t *data, size_t n, uint64_t base, uint64_t start, uint64_t end,
                          int first) {
    size_t from = at_most((size_t)(start - base), n), to = at_most((size_t)(end - base), n);
    put_bare(bare, data + from, to > from ? to - from : 0, first);
}

/* The native half of content.fingerprint. */
static uint64_t hash_text_of(const Again *a, Buffer *bare, const uint8_t *data, size_t n, uint64_t base, size_t number) {
    const uint64_t *row = row_of(a->f, number), *repeat = a->f->repeat + row[FIRST] * R_COLUMNS;
    int variant = number >= a->f->blocks;
    bare->n = 0;
    if (variant) put_bare_part(bare, data, n, base, row[START], row[END], 0); /* behind an empty paragraph */
    for (uint64_t i = 0; !variant && i < row[MANY]; i++, repeat += R_COLUMNS)
        put_bare_part(bare, data, n, base, repeat[R_START], repeat[R_END], i == 0);
    return bare->n ? xxh64(bare->at, bare->n) : xxh64((const uint8_t *)"", 0);
}

/* The id of a finding: the hash of its text, and which of those with the same it is if it is not the first. */
static void put_id(Buffer *b, uint64_t hash, uint64_t times) {
    uint8_t digits[16];
    for (int i = 0; i < 16; i++) digits[i] = (uint8_t)hexadecimal[hash >> (60 - 4 * i) & 15];
    put(b, digits, 16);
    if (times == 1) return;
    PUT(b, "-");
    put_number(b, times);
}

/* How often a text was seen, by its hash; 0 times is a free place. */
typedef struct {
    uint64_t hash, times;
} Seen;

/* Counts a text in a table of `places`, a power of two with a free one among them; gives how often it has come now. */
static uint64_t count_seen(Seen *seen, size_t places, uint64_t hash) {
    size_t i = (size_t)hash & (places - 1);
    while (seen[i].times && seen[i].hash != hash) i = (i + 1) & (places - 1);
    seen[i].hash = hash;
    return ++seen[i].times;
}

/* Reads findings [number, last); 0 if a text is gone or there is no memory. `heap` gets their texts. */
static int read_findings(const Again *a, size_t number, size_t last, Buffer *heap, Scratch *s) {
    Window *here = &s->here, *there = &s->there;
    for (; number < last; number++) {
        const uint64_t *row = row_of(a->f, number), *origin = row + ORIGINAL;
        Passage *p = a->passage + 2 * number;
        size_t around = around_of(a, number), limit = limit_of(a, number), n;
        uint64_t base = row[START] > around ? row[START] - around : 0, end = row[END] + around, shown;
        const uint8_t *data;
        if (a->again && !a->whole[number]) continue;
        data = see(a, row[DOCUMENT], base, end, &n);
        if (data == NULL) data = look(a, here, row[DOCUMENT], base, end, read_on(a, number, last, base, end), &n);
        if (data == NULL) return 0;
        if (!a->again) a->hash[number] = hash_text_of(a, &s->bare, data, n, base, number);
        p[0].at = p[1].at = NO_TEXT;
        if (!a->texts) continue;
        take_passage(heap, p, data, n, base, row[START], row[END], around, limit);
        if (!a->whole[number] && says_the_same(a->f, number)) {
            p[1] = p[0];
            continue;
        }
        base = origin[START] > around ? origin[START] - around : 0;
        end = origin[END] + around;
        shown = origin[START] + limit + around;
        if (end > shown) end = shown;
        data = see(a, origin[DOCUMENT], base, end, &n);
        if (data == NULL) data = look(a, there, origin[DOCUMENT], base, end, end + NEAR_BYTES, &n);
        if (data == NULL) return 0;
        take_passage(heap, p + 1, data, n, base, origin[START], origin[END], around, limit);
    }
    return !s->bare.failed;
}

#endif
