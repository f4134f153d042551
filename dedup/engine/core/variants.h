/* Variants: paragraphs that stay although they are near to an original, with what they add. */
#ifndef DEDUP_VARIANTS_H
#define DEDUP_VARIANTS_H
#include "state.h"

/* Counts the paragraph in hand, an original that was examined in vain, as a variant of the most similar one. */
static void add_variant(Walk *w, const Entry *e) {
    Memory *m = &w->m;
    Comparer *c = own(w);
    const Examined *best = most_similar(c);
    const Document *here = &w->document[w->documents - 1], *there;
    size_t i, document, place;
    FoundVariant *f;
    w->now.variants++;
    w->variants_by_rule[best->rule]++;
    if (!w->m.details) return;
    tell_added(c);
    if (!grow((void **)&w->variant, &w->variant_room, w->variants + 1, sizeof *w->variant)) {
        FAIL(w);
        return;
    }
    f = &w->variant[w->variants++];
    f->first = w->new_words;
    for (i = 0; i < best->n_added; i++) {
        const Stretch *t = &m->comparer[best->by]->added[best->added + i];
        size_t n = t->end - t->start;
        if (!grow((void **)&w->newness, &w->newness_room, w->newness_n + n, 1) ||
            !grow((void **)&w->new_word, &w->new_word_room, w->new_words + 1, sizeof *w->new_word)) {
            FAIL(w);
            return;
        }
        memcpy(w->newness + w->newness_n, c->hand + t->start, n);
        w->new_word[w->new_words++] = (Span){w->newness_n, w->newness_n + n};
        w->newness_n += n;
    }
    f->last = w->new_words;
    place = m->where[best->id].place;
    document = document_of(w, place);
    there = &w->document[document];
    f->document = here->number;
    f->original_document = there->number;
    f->start = e->start - here->start;
    f->end = e->end - here->start;
    f->line = e->line;
    f->last_line = e->line + lines_inside(w, w->documents - 1, e->place);
    f->original_start = place_start(m, place) - there->start;
    f->original_end = place_start(m, place + 1) - there->start;
    f->original_line = line_of(w, document, place);
    f->original_last_line = f->original_line + lines_inside(w, document, place);
    f->words = e->words;
    f->intersection = best->intersection;
    f->all = best->all;
    f->rule = best->rule;
}
#endif
