/* Settling: paragraphs whose fate is sure leave the queue, in order, and become kept spans, totals and findings. */
#ifndef DEDUP_SETTLE_H
#define DEDUP_SETTLE_H
#include "state.h"

static size_t root_of(const Walk *w, size_t place) {
    size_t low = 0, high = w->roots;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (w->root[middle].place < place) low = middle + 1;
        else high = middle;
    }
    return low < w->roots && w->root[low].place == place ? w->root[low].root : place;
}

static void add_detail(Walk *w, Run *b, const Entry *e) {
    size_t place = e->is_long ? w->m.where[e->original].place : root_of(w, e->original);
    size_t document = document_of(w, place);
    const Document *here = &w->document[b->document], *there = &w->document[document];
    Detail *d;
    if (!grow_few((void **)&b->detail, &b->detail_room, b->details + 1, sizeof *b->detail)) {
        FAIL(w);
        return;
    }
    d = &b->detail[b->details++];
    d->start = e->start - here->start;
    d->end = e->end - here->start;
    d->line = e->line;
    d->last_line = e->line + lines_inside(w, b->document, e->place);
    d->original_start = place_start(&w->m, place) - there->start;
    d->original_end = place_start(&w->m, place + 1) - there->start;
    d->original_line = line_of(w, document, place);
    d->original_last_line = d->original_line + lines_inside(w, document, place);
    d->original_document = there->number;
    d->words = e->words;
    d->intersection = e->is_long ? e->intersection : 0;
    d->all = e->is_long ? e->all : 0;
    d->kind = e->kind;
    d->removed = e->state == REMOVE;
}

static void count_removed(Walk *w, const Entry *e) {
    Totals *t = &w->now;
    t->removed_bytes += e->end - e->start;
    t->removed_paragraphs++;
    t->removed_words += e->words;
    t->exact += e->kind == KIND_EXACT;
    t->near_ += e->kind == KIND_NEAR;
    t->short_ += e->kind == KIND_SHORT;
}

static int larger(const Finding *a, const Finding *b) {
    if (a->removed_words != b->removed_words) return a->removed_words > b->removed_words;
    if (a->document != b->document) return a->document < b->document;
    return a->start < b->start;
}

static void keep_largest(Walk *w, const Finding *f) {
    size_t i = w->largests;
    for (; i > 0 && larger(f, &w->largest[i - 1]); i--) w->largest[i] = w->largest[i - 1];
    w->largest[i] = *f;
    w->largest[i].detail = NULL;
    w->largest[i].details = 0;
    if (w->largests < LARGEST) w->largests++;
}

/* A closed block all of whose members are decided becomes a finding. */
static void finish_block(Walk *w, Run *b) {
    const Document *here = &w->document[b->document], *there = &w->document[b->passage_document];
    Finding f = {0};
    int large;
    f.document = here->number;
    f.start = b->start - here->start;
    f.removed_words = b->removed_words;
    large = b->removed_words > 0 && (w->largests < LARGEST || larger(&f, &w->largest[LARGEST - 1]));
    w->now.blocks += b->removed_paragraphs > 0;
    if (large || w->m.details) {
        f.end = b->end - here->start;
        f.line = b->line;
        f.last_line = b->last_line + lines_inside(w, b->document, b->last_place);
        f.original_document = there->number;
        f.original_start = place_start(&w->m, b->first_h) - there->start;
        f.original_end = place_start(&w->m, b->anchor_h + 1) - there->start;
        f.original_line = line_of(w, b->passage_document, b->first_h);
        f.original_last_line =
            line_of(w, b->passage_document, b->anchor_h) + lines_inside(w, b->passage_document, b->anchor_h);
        f.paragraphs = b->paragraphs + b->strays;
        f.words = b->words + b->stray_words;
        f.removed_paragraphs = b->removed_paragraphs;
        if (large) keep_largest(w, &f);
    }
    if (w->m.details && grow((void **)&w->finding, &w->finding_room, w->findings + 1, sizeof *w->finding)) {
        f.detail = b->detail;
        f.details = b->details;
        w->finding[w->findings++] = f;
    } else {
        if (w->m.details) FAIL(w);
        free(b->detail);
    }
    b->in_use = 0;
    b->detail = NULL;
}

/* A decided paragraph leaves the queue. */
static void settle(Walk *w, const Entry *e) {
    w->until = e->end;
    if (e->state == KEEP) {
        if (w->keeps && w->keep[w->keeps - 1].end == e->start) {
            w->keep[w->keeps - 1].end = e->end;
        } else if (grow((void **)&w->keep, &w->keep_room, w->keeps + 1, sizeof *w->keep)) {
            w->keep[w->keeps++] = (Span){e->start, e->end};
        } else {
            FAIL(w);
        }
    } else {
        count_removed(w, e);
    }
    if (e->block >= 0) {
        Run *b = &w->run[e->block];
        if (!b->told) {
            b->told = 1;
            b->start = e->start;
            b->line = e->line;
        }
        b->end = e->end;
        b->last_line = e->line;
        b->last_place = e->place;
        if (e->state == REMOVE) {
            b->removed_paragraphs++;
            b->removed_words += e->words;
        } else {
            w->now.kept_repeats += e->is_long;
        }
        if (!e->is_long && e->state == REMOVE) {
            if (!grow((void **)&w->root, &w->root_room, w->roots + 1, sizeof *w->root)) {
                FAIL(w);
                return;
            }
            w->root[w->roots] = (Root){(uint32_t)e->place, (uint32_t)root_of(w, e->original)};
            w->roots++;
        }
        if (w->m.details) add_detail(w, b, e);
        if (--b->waiting == 0 && !b->open) finish_block(w, b);
    }
}

static void settle_queue(Walk *w, int document_ended) {
    while (w->head < w->tail) {
        Entry *e = &w->queue[w->head];
        if (e->state == OPEN) {
            if (e->block >= 0) break;
            if (!document_ended && e->place >= w->last_long && w->m.places - e->place <= MAX_EDGE) break;
            e->state = KEEP;
        }
        settle(w, e);
        w->head++;
    }
    if (w->head == w->tail) w->head = w->tail = 0;
}
#endif
