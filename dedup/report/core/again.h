/* The texts of findings, read again: a range of findings at a time, so that threads can share the reading. */
#ifndef DEDUP_AGAIN_H
#define DEDUP_AGAIN_H

#include "order.h"
#include "passages.h"

/* Reads what there is of bytes [start, end) of a document: how many, or less than 0 if they are gone. */
typedef int64_t (*ReadText)(void *whose, uint64_t document, uint64_t start, uint64_t end, uint8_t *to);

typedef struct {
    const Found *f;
    size_t n;
    ReadText read;
    void *whose;
    const uint8_t *whole; /* of each finding */
    size_t around, full, excerpt;
    int texts;
    size_t room; /* for the most that all of them can take */
    Passage *passage;
} Again;

static size_t limit_of(const Again *a, size_t number) { return a->whole[number] ? a->full : a->excerpt; }

static size_t around_of(const Again *a, size_t number) { return a->whole[number] ? a->around : 0; }

/* The most that the texts of a finding can take. */
static size_t room_for(const Again *a, size_t number) {
    const uint64_t *row = row_of(a->f, number);
    size_t limit = limit_of(a, number);
    if (!a->texts) return 0;
    return at_most(row[END] - row[START], limit) + at_most(row[ORIGINAL + END] - row[ORIGINAL + START], limit) +
           4 * around_of(a, number);
}

/* The native half of dedup.report.content.choose_whole. `ranked` has room for all findings; `sides` are the bytes around
   both sides of one. */
static void choose_whole(const Found *f, size_t n, uint64_t total, uint64_t full, uint64_t sides, Ranked *ranked,
                         uint8_t *whole) {
    uint64_t sum = 0, left = total;
    for (size_t i = 0; i < n; i++) {
        const uint64_t *row = row_of(f, i);
        uint64_t here = row[END] - row[START], there = row[ORIGINAL + END] - row[ORIGINAL + START];
        ranked[i] = (Ranked){i < f->blocks ? row[WORDS] : row[VARIANT_WORDS], (uint32_t)i};
        sum += (here < full ? here : full) + (there < full ? there : full) + sides;
    }
    memset(whole, sum <= total, n);
    if (sum <= total) return;
    qsort(ranked, n, sizeof *ranked, compare_ranked);
    for (size_t i = 0; i < n; i++) {
        const uint64_t *row = row_of(f, ranked[i].position);
        uint64_t here = row[END] - row[START], there = row[ORIGINAL + END] - row[ORIGINAL + START];
        uint64_t size = (here < full ? here : full) + (there < full ? there : full) + sides;
        if (size > left) return;
        left -= size;
        whole[ranked[i].position] = 1;
    }
}

/* Reads a side into `data`: how many bytes, or less than 0. */
static int64_t read_side(const Again *a, Buffer *data, uint64_t document, uint64_t start, uint64_t end) {
    data->n = 0;
    uint8_t *to = buffer_room(data, (size_t)(end - start) + 1);
    return to == NULL ? -1 : a->read(a->whose, document, start, end, to);
}

/* The part of `data`, which begins at `base`, that is bytes [start, end) of the document, without white space. */
static void put_bare_part(Buffer *bare, const Buffer *data, size_t n, uint64_t base, uint64_t start, uint64_t end,
                          int first) {
    size_t from = at_most((size_t)(start - base), n), to = at_most((size_t)(end - base), n);
    put_bare(bare, data->at + from, to > from ? to - from : 0, first);
}

/* What the id of a finding is made from, at the end of `bare`. */
static void put_identity(const Again *a, Buffer *bare, const Buffer *data, size_t n, uint64_t base, size_t number) {
    const uint64_t *row = row_of(a->f, number), *repeat = a->f->repeat + row[FIRST] * R_COLUMNS;
    if (number >= a->f->blocks) { /* behind an empty paragraph */
        put_bare_part(bare, data, n, base, row[START], row[END], 0);
        return;
    }
    for (uint64_t i = 0; i < row[MANY]; i++, repeat += R_COLUMNS)
        put_bare_part(bare, data, n, base, repeat[R_START], repeat[R_END], i == 0);
}

/* Reads findings from `number` on, before `last`, until what their ids are made from is `enough` bytes, and gives where
   it ends; NONE_READ if a text is gone or there is no memory. `ends` gets where each ends in `bare`, `heap` their texts. */
#define NONE_READ SIZE_MAX
static size_t read_findings(const Again *a, size_t number, size_t last, size_t enough, Buffer *heap, Buffer *data,
                            Buffer *bare, size_t *ends, size_t most) {
    size_t first = number;
    bare->n = 0;
    for (; number < last && number - first < most && bare->n < enough; number++) {
        const uint64_t *row = row_of(a->f, number), *there = row + ORIGINAL;
        size_t around = around_of(a, number), limit = limit_of(a, number);
        uint64_t base = row[START] > around ? row[START] - around : 0;
        int64_t n = read_side(a, data, row[DOCUMENT], base, row[END] + around);
        if (n < 0) return NONE_READ;
        put_identity(a, bare, data, (size_t)n, base, number);
        ends[number - first] = bare->n;
        a->passage[2 * number].at = a->passage[2 * number + 1].at = NO_TEXT;
        if (!a->texts) continue;
        take_passage(heap, &a->passage[2 * number], data->at, (size_t)n, base, row[START], row[END], around, limit);
        base = there[START] > around ? there[START] - around : 0;
        uint64_t end = there[END] + around, shown = there[START] + limit + around;
        n = read_side(a, data, there[DOCUMENT], base, end < shown ? end : shown);
        if (n < 0) return NONE_READ;
        take_passage(heap, &a->passage[2 * number + 1], data->at, (size_t)n, base, there[START], there[END], around,
                     limit);
    }
    return bare->failed || data->failed ? NONE_READ : number;
}

#endif
