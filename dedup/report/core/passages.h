/* The texts of findings, cut as dedup/report/content.py cuts them, and what their ids are made from. */
#ifndef DEDUP_PASSAGES_H
#define DEDUP_PASSAGES_H

#include "found.h"
#include "squeeze.h"

static size_t first_character(const uint8_t *text, size_t n) {
    size_t at = 0;
    while (at < n && at < 3 && (text[at] & 0xC0) == 0x80) at++;
    return at;
}

/* One side of a finding from `data`, which begins at `base` of its document. `around` is 0 or more, `limit` how much of
   the text is shown. */
static void take_passage(Buffer *heap, Passage *p, const uint8_t *data, size_t n, uint64_t base, uint64_t start,
                         uint64_t end, size_t around, size_t limit) {
    size_t first = at_most((size_t)(start - base), n), last = at_most((size_t)(end - base), n);
    int cut = end - start > limit;
    if (cut) last = at_most(first + limit, n);
    size_t before = around ? first : 0, behind = around && !cut ? at_most(last + around, n) : last;
    size_t skipped = base && before ? first_character(data, before) : 0;
    p->cut = (uint32_t)cut;
    p->at = heap->n;
    p->before = (uint32_t)(before - skipped);
    p->text = (uint32_t)(cut ? whole(data + first, last - first) : last - first);
    p->after = (uint32_t)whole(data + last, behind - last);
    put(heap, data + skipped, p->before);
    put(heap, data + first, p->text);
    put(heap, data + last, p->after);
}

/* A paragraph without its white space, behind a line end if it is not the first. */
static void put_bare(Buffer *b, const uint8_t *text, size_t n, int first) {
    uint8_t *to = buffer_room(b, n + 1), *from = to;
    if (to == NULL) return;
    if (!first) *to++ = '\n';
    to = squeeze(to, text, n);
    b->n += (size_t)(to - from);
}

#endif
