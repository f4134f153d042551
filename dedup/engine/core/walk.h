/* The walk: tells originals from repeats, one paragraph after the other in input order.
 *
 * The native half of dedup/matching/repeats.py, which explains the rules; names agree.
 */
#ifndef DEDUP_WALK_H
#define DEDUP_WALK_H
#include "blocks.h"
#include "variants.h"

#define LIST_RUN 6 /* so many lines of fewer than LIST_WORDS in a row are a list */

/* ---- Repeats ---- */

/* Counts the lines of a list up to and with the paragraph in hand. */
static void count_list(Walk *w, const Entry *e) {
    w->list_lines = e->words < LIST_WORDS ? w->list_lines + 1 : 0;
    w->line_words[e->place % LIST_WORDS] = e->words;
}

/* Whether a paragraph repeats original o, one of the lines just before it in a list: no farther than its own length. */
static int is_listed(const Walk *w, const Entry *e, uint32_t o) {
    size_t i = w->m.where[o].place, lines = e->place - i + 1;
    uint64_t words = 0;
    if (lines > LIST_WORDS || w->list_lines < LIST_RUN || w->list_lines < lines) return 0;
    while (++i < e->place) words += w->line_words[i % LIST_WORDS];
    return words <= e->words;
}

/* Whether the long paragraph in hand, whose equal is `exact`, repeats original o, which stands where a block goes on:
 * then it need be no candidate. */
static int accepted(Walk *w, uint32_t o, uint32_t exact, Entry *e) {
    if (exact != NONE) return o == exact;
    return w->m.sketch.bands && repeats(own(w), o, &e->intersection, &e->all);
}

/* Tries to go on with block b from (g, h); *to gets the place. */
static int continues(Walk *w, const Run *b, size_t g, size_t h, uint32_t exact, Entry *e, size_t *to) {
    size_t i, end = document_end(w, b->passage_document), last = h + 1 + w->m.set.max_gap;
    if (e->place - g - 1 > w->m.set.max_gap) return 0;
    if (end > b->first) end = b->first;
    for (i = h + 1; i <= last && i < end; i++) {
        uint32_t o = w->m.link[i];
        if (o >= NO_ORIGINAL || is_listed(w, e, o) || !accepted(w, o, exact, e)) continue;
        e->original = o;
        *to = i;
        return 1;
    }
    return 0;
}

static int continue_any(Walk *w, uint32_t exact, Entry *e) {
    size_t i, h;
    for (i = 0; i < w->opens; i++) {
        Run *b = &w->run[w->open[i]];
        if (continues(w, b, b->g, b->h, exact, e, &h)) {
            join(w, b, e, h, 0);
            return 1;
        }
        if (b->g != b->anchor_g && continues(w, b, b->anchor_g, b->anchor_h, exact, e, &h)) {
            join(w, b, e, h, 1);
            return 1;
        }
    }
    return 0;
}

/* The earliest accepted candidate, or NONE. Originals of the range, which were not seen ahead, may be closer than those
 * that were compared, but none of them is earlier. */
static uint32_t find_original(Walk *w, const Foreseen *f, Entry *e) {
    Comparer *c = own(w);
    if (f->seen && !c->n_examined) { /* ids of the range come after all others */
        int nothing_new = c->found.n == f->candidates;
        if ((f->near_ != NONE && !w->m.set.redundant) || nothing_new) {
            e->intersection = f->intersection;
            e->all = f->all;
            if (f->weighed) memcpy(c->examined, w->m.comparer[f->by]->weighed.at + f->first, f->weighed * sizeof *c->examined);
            c->n_examined = f->weighed;
            return f->near_;
        }
    }
    return find_near(c, f->seen && f->near_ == NONE && !f->weighed ? (uint32_t)w->m.first_fresh : 0, &e->intersection, &e->all);
}

/* The original with the same words, or NONE. */
static uint32_t find_equal(Walk *w, const Foreseen *f, size_t row, Entry *e) {
    Comparer *c = own(w);
    uint32_t exact = f->seen == SEEN ? f->exact : find_exact(c, row);
    e->kind = exact == NONE ? KIND_NEAR : KIND_EXACT;
    if (exact == NONE || !w->m.details) return exact;
    if (f->seen == SEEN) e->intersection = e->all = f->all;
    else e->intersection = e->all = count_mine(c);
    return exact;
}

static void step_long(Walk *w, Entry *e, size_t paragraph) {
    Memory *m = &w->m;
    Comparer *c = own(w);
    size_t row = m->batch->row[paragraph];
    const Foreseen *f = &m->foreseen[row];
    uint32_t exact;
    take_in_hand(c, paragraph);
    exact = find_equal(w, f, row, e);
    if (exact == NONE && !(f->seen && !(f->buckets & SHARED) && !f->candidates)) find_buckets_again(c, row, f);
    if (exact != NONE || c->found.n || w->opens) {
        if (!continue_any(w, exact, e)) {
            uint32_t o = exact != NONE ? exact : find_original(w, f, e);
            if (o == NONE) goto original;
            e->original = o;
            if (is_listed(w, e, o)) e->state = KEEP;
            else if (!reanchor(w, e, m->where[o].place)) open_block(w, e, m->where[o].place);
        }
        m->link[m->places - 1] = e->original;
        return;
    }
original:
    if (f->seen == SEEN_NEAR) find_buckets(c, row); /* of which its equal was asked alone */
    e->state = KEEP;
    if (c->n_examined) add_variant(w, e);
    m->link[m->places - 1] = (uint32_t)m->originals;
    if (!remember(m, paragraph)) FAIL(w);
}

/* Lets the first open block whose passage continues with the same take a short paragraph; 0 if none does. */
static int place_short(Walk *w, Entry *e) {
    size_t i, h;
    for (i = 0; i < w->opens; i++) {
        Run *b = &w->run[w->open[i]];
        size_t end = document_end(w, b->passage_document);
        if (e->place - b->g - 1 > w->m.set.max_gap) continue; /* a stray holds it open */
        if (end > b->first) end = b->first;
        for (h = b->h + 1; h <= b->h + 1 + w->m.set.max_gap && h < end; h++) {
            if (!equal_short(w, h, e)) continue;
            e->block = w->open[i];
            e->kind = KIND_SHORT;
            e->original = (uint32_t)h;
            b->waiting++;
            if (b->g == b->anchor_g && e->place == b->g + 1 && h == b->h + 1) {
                confirm(w, b, e, h);
                b->anchor_g = e->place;
                b->anchor_h = h;
            } else {
                Borrowing *s = &w->borrowing[b->borrowing];
                e->follows = s->last + 1 == e->place;
                if (e->follows) s->last = e->place;
                b->pending++;
            }
            b->g = e->place;
            b->h = h;
            mark_whole(w, b);
            return 1;
        }
    }
    return 0;
}

/* A place in reach of a borrowing that short paragraph e equals, and nothing else does yet, or NONE. */
static size_t find_spare(Walk *w, const Borrowing *s, const Entry *e) {
    size_t h = w->document[s->document].first_place, end = document_end(w, s->document);
    if (h + REACH < s->first) h = s->first - REACH;
    if (end > s->first + REACH) end = s->first + REACH;
    for (; h < end; h++)
        if (is_spare(s, h) && equal_short(w, h, e)) return h;
    return NONE;
}

/* Lets a short paragraph that directly follows what is borrowed go with that, if it equals a place in reach. */
static void place_stray(Walk *w, Entry *e) {
    size_t i, h;
    for (i = 0; i < w->opens; i++) {
        Run *b = &w->run[w->open[i]];
        Borrowing *s = &w->borrowing[b->borrowing];
        if (s->last + 1 != e->place || (h = find_spare(w, s, e)) == NONE) continue;
        e->block = w->open[i];
        e->kind = KIND_SHORT;
        e->original = (uint32_t)h;
        b->waiting++;
        s->last = e->place;
        hold_stray(w, b, e);
        weigh_borrowing(w, b->borrowing);
        return;
    }
}

static void step_short(Walk *w, Entry *e) {
    if (!place_short(w, e) && e->words) place_stray(w, e);
}

/* ---- Documents and batches ---- */

static void begin_document(Walk *w, uint32_t number, uint32_t unit, uint64_t start) {
    if (w->m.set.scope_document) w->documents = w->roots = 0; /* the memory is cleared before */
    if (!grow((void **)&w->document, &w->document_room, w->documents + 1, sizeof *w->document)) {
        FAIL(w);
        return;
    }
    if (w->m.places == 0) w->m.end = start;
    w->document[w->documents++] = (Document){w->m.places, start, number, unit};
    w->lines = 0;
    w->list_lines = 0;
    w->last_long = 0;
    memset(&w->now, 0, sizeof w->now);
    w->now.document = number;
    w->now.unit = unit;
}

static void end_document(Walk *w) {
    while (w->opens) close_block(w, 0);
    settle_queue(w, 1);
    if (!grow((void **)&w->total, &w->total_room, w->totals + 1, sizeof *w->total)) {
        FAIL(w);
        return;
    }
    w->total[w->totals++] = w->now;
}

static Entry *push(Walk *w, uint64_t start, uint64_t end, uint32_t line, uint32_t words, int is_long, uint32_t link) {
    Entry *e;
    if (w->head > 4096 && w->head > w->tail / 2) {
        memmove(w->queue, w->queue + w->head, (w->tail - w->head) * sizeof *w->queue);
        w->tail -= w->head;
        w->head = 0;
    }
    if (!grow((void **)&w->queue, &w->queue_room, w->tail + 1, sizeof *w->queue) ||
        !place_add(&w->m, start, end, link, line, w->document[w->documents - 1].first_place)) {
        FAIL(w);
        return NULL;
    }
    e = &w->queue[w->tail++];
    *e = (Entry){start, end, w->m.places - 1, line, words, 0, 0, 0, -1, (uint8_t)is_long, 0, OPEN, 0};
    return e;
}

static void walk_piece(Walk *w, size_t p) {
    Memory *m = &w->m;
    const Sketch *s = m->batch;
    size_t i;
    for (i = s->piece[p]; i < s->piece[p + 1] && !m->failed; i++) {
        uint32_t words = s->word[i + 1] - s->word[i];
        Entry *e = push(w, m->text_start + s->start[i], m->text_start + s->end[i],
                        (uint32_t)(w->lines + s->line[i] + 1), words, s->row[i] != NO_ROW, short_link(s->sequence[i]));
        if (!e) return;
        if (m->details) m->inside[e->place] = s->inside[i];
        w->now.paragraphs++;
        w->now.words += words;
        w->now.bytes += e->end - e->start;
        count_list(w, e);
        if (w->opens) close_passed(w, e->place);
        if (s->kept && s->kept[i]) {
            e->is_long = 0;
            e->state = KEEP;
            m->link[m->places - 1] = PROTECTED;
        } else if (e->is_long) {
            step_long(w, e, i);
            w->last_long = m->places;
        } else if (w->opens) {
            step_short(w, e);
        }
        settle_queue(w, 0);
        m->failed |= own(w)->failed;
    }
    w->lines += s->lines[p];
    w->now.invalid += s->invalid[p];
}

typedef struct {
    uint32_t document;
    int first, last;
} WalkPiece;

/* One past the last piece that is looked up in one go with piece p: under scope document, of the same document. */
static size_t range_end(const Walk *w, const Sketch *s, const WalkPiece *more, size_t p) {
    size_t q = p + 1;
    while (q < s->pieces && !(w->m.set.scope_document && more[q].first)) q++;
    return q;
}

/* Walks a sketched batch, in input order. Afterwards keep, total and finding hold what was settled; the caller
 * empties them. Returns 0 on failure: store.error tells a read error from a lack of memory. */
static int walk(Walk *w, const uint8_t *text, uint64_t text_start, size_t n, const Sketch *s, const SketchPiece *pieces,
                const WalkPiece *more) {
    size_t p, q;
    w->m.text = text;
    w->m.text_start = text_start;
    w->m.text_end = text_start + n;
    w->m.batch = s;
    for (p = 0; p < s->pieces && !w->m.failed; p = q) {
        q = range_end(w, s, more, p);
        if (w->m.set.scope_document && more[p].first && !memory_clear(&w->m)) FAIL(w);
        if (w->m.failed || !begin_range(&w->m, s->piece[p], s->piece[q], w->announce, w->whom)) FAIL(w);
        for (; p < q && !w->m.failed; p++) {
            if (more[p].first) begin_document(w, more[p].document, pieces[p].unit, text_start + pieces[p].start);
            if (!w->m.failed) walk_piece(w, p);
            if (more[p].last && !w->m.failed) end_document(w);
        }
        if (!w->m.failed && !end_range(&w->m, w->announce, w->whom)) FAIL(w);
    }
    w->m.text = NULL;
    w->m.text_start = w->m.text_end = 0;
    w->m.batch = NULL;
    return !w->m.failed;
}

static void walk_forget(Walk *w) {
    size_t i;
    for (i = 0; i < w->findings; i++) free(w->finding[i].detail);
    w->keeps = w->totals = w->findings = w->variants = w->newness_n = w->new_words = 0;
}

static void walk_free(Walk *w) {
    size_t i;
    walk_forget(w);
    for (i = 0; i < w->runs; i++) free(w->run[i].detail);
    memory_free(&w->m);
    free(w->document);
    free(w->queue);
    free(w->run);
    free(w->open);
    free(w->borrowing);
    free(w->root);
    free(w->keep);
    free(w->total);
    free(w->finding);
    free(w->variant);
    free(w->newness);
    free(w->new_word);
}
#endif
