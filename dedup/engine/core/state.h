/* What the walk knows: paragraphs that wait, open blocks, documents, and what was settled since the last call. */
#ifndef DEDUP_STATE_H
#define DEDUP_STATE_H
#include "range.h"

#define MAX_PENDING 256
#define MAX_EDGE 16
#define LARGEST 16
#define LIST_WORDS 16 /* a line of a list has fewer words */

enum { KIND_EXACT, KIND_NEAR, KIND_SHORT };
enum { OPEN, KEEP, REMOVE };

/* A paragraph between being read and being decided. */
typedef struct {
    uint64_t start, end;
    size_t place;
    uint32_t line, words;
    uint32_t original; /* id, of a long repeat; place in the passage, of a short one */
    uint32_t intersection, all;
    int32_t block; /* -1: in none */
    uint8_t is_long, kind, state, confirmed;
    uint8_t follows; /* a pending one that directly followed what was borrowed */
    uint8_t stray;   /* a short one that equals another place of what is borrowed, and whose fate is open */
} Entry;

typedef struct {
    uint64_t start, end, original_start, original_end;
    uint32_t line, last_line, original_line, original_last_line, original_document;
    uint32_t words, intersection, all;
    uint8_t kind, removed;
} Detail;

typedef struct {
    size_t first, g, h, anchor_g, anchor_h, first_h; /* places here (g) and in the earlier passage (h) */
    size_t marked;                                   /* members before it are decided */
    size_t reach;                                    /* the last stray that came to it */
    size_t document, passage_document;               /* positions in Walk.document */
    uint64_t words, paragraphs, pending, waiting;
    uint64_t start, end, removed_words, removed_paragraphs;
    uint64_t strays, stray_words; /* those that are removed */
    uint32_t line, last_line, only_original;         /* last_line: the first of the last member */
    size_t last_place;
    uint32_t borrowing; /* position in Walk.borrowing */
    int in_use, open, whole, told;
    Detail *detail;
    size_t details, detail_room;
} Run;

/* What neighbouring blocks repeat of one earlier document. */
typedef struct {
    size_t begin;    /* no block of it begins before this place */
    size_t document; /* the earlier one: position in Walk.document */
    size_t first;    /* place there that came first */
    size_t last;     /* the last paragraph here that is sure to be borrowed, if all is */
    uint64_t covered, words;
    uint64_t spent;  /* places that strays equal */
    uint32_t blocks, open; /* that ever were in it; that are open: 0 leaves it free */
    uint32_t strays; /* whose fate is open */
} Borrowing;

typedef struct {
    size_t first_place;
    uint64_t start; /* offset in the run */
    uint32_t number, unit;
} Document;

typedef struct {
    uint64_t bytes, paragraphs, words, removed_bytes, removed_paragraphs, removed_words, exact, near_, short_;
    uint64_t kept_repeats, blocks, invalid, variants;
    uint32_t document, unit;
} Totals;

typedef struct {
    uint64_t start, end, original_start, original_end; /* in their documents */
    uint32_t document, original_document, line, last_line, original_line, original_last_line;
    uint64_t paragraphs, words, removed_paragraphs, removed_words;
    Detail *detail;
    size_t details;
} Finding;

typedef struct {
    uint64_t start, end;
} Span;

/* A near match that stays; its new words are new_word[first] to new_word[last]. */
typedef struct {
    uint64_t start, end, original_start, original_end; /* in their documents */
    uint32_t document, original_document, line, last_line, original_line, original_last_line;
    uint32_t words, intersection, all;
    int rule;
    size_t first, last;
} FoundVariant;

typedef struct {
    uint32_t place, root;
} Root;

typedef struct {
    Memory m;
    Document *document;
    size_t documents, document_room;
    uint64_t lines; /* line ends of the document in hand before the piece in hand */
    uint64_t list_lines; /* short lines in a row, up to the paragraph in hand */
    uint32_t line_words[LIST_WORDS]; /* words of the last paragraphs, by place modulo LIST_WORDS */
    Totals now;
    Entry *queue; /* entries [head, tail), their places consecutive */
    size_t head, tail, queue_room;
    size_t last_long;     /* place + 1 of the last long paragraph */
    Run *run;
    size_t runs, run_room;
    int32_t *open; /* open blocks, oldest first */
    size_t opens, open_room;
    Borrowing *borrowing;
    size_t borrowings, borrowing_room;
    Root *root; /* removed short paragraphs, by place */
    size_t roots, root_room;
    /* What was settled since the last call. */
    Span *keep;
    size_t keeps, keep_room;
    uint64_t until;
    Totals *total;
    size_t totals, total_room;
    Finding *finding;
    size_t findings, finding_room;
    Finding largest[LARGEST + 1];
    size_t largests;
    void (*announce)(void *); /* tells other threads that there are turns to take; NULL if there are none */
    void *whom;
    FoundVariant *variant;
    size_t variants, variant_room;
    uint8_t *newness; /* the words that variants add, end to end */
    size_t newness_n, newness_room;
    Span *new_word; /* in newness */
    size_t new_words, new_word_room;
    uint64_t variants_by_rule[6];
} Walk;

#define FAIL(w) ((w)->m.failed = 1)

static inline Comparer *own(Walk *w) { return w->m.comparer[0]; }

static inline Entry *entry_at(Walk *w, size_t place) { return &w->queue[w->head + (place - w->queue[w->head].place)]; }

/* The first place from `place` on that is still undecided; decided ones have left the queue. */
static inline size_t undecided(const Walk *w, size_t place) {
    size_t first = w->head < w->tail ? w->queue[w->head].place : w->m.places;
    return place > first ? place : first;
}

static size_t document_of(const Walk *w, size_t place) {
    size_t low = 0, high = w->documents;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (w->document[middle].first_place <= place) low = middle;
        else high = middle;
    }
    return low;
}

/* One past the last place of a document so far. */
static size_t document_end(const Walk *w, size_t document) {
    return document + 1 < w->documents ? w->document[document + 1].first_place : w->m.places;
}

/* ---- Lines ---- */

static uint64_t lines_between(Walk *w, uint64_t start, uint64_t end) {
    uint64_t n = 0;
    while (start < end && !w->m.failed) {
        size_t part = end - start > (1u << 20) ? (1u << 20) : (size_t)(end - start);
        const uint8_t *text;
        text = fetch(own(w), start, part, &own(w)->read_a, &own(w)->read_a_room);
        if (!text) break;
        if (part == (1u << 20) && text[part - 1] == '\r') part--; /* keep "\r\n" in one piece */
        n += kernels.count_lines(text, part);
        start += part;
    }
    return n;
}

/* Line ends inside the text of a place, the white space after it left out. */
static uint32_t lines_inside(Walk *w, size_t document, size_t place) {
    uint64_t start = place_start(&w->m, place);
    size_t n = (size_t)(place_start(&w->m, place + 1) - start);
    const uint8_t *text;
    if (w->document[document].unit == UNIT_LINE) return 0;
    if (w->m.details && w->m.inside[place] < MANY_LINES) return w->m.inside[place];
    text = fetch(own(w), start, n, &own(w)->read_a, &own(w)->read_a_room);
    if (!text) return 0;
    while (n && (is_space(text[n - 1]) || is_end(text[n - 1]))) n--;
    return (uint32_t)kernels.count_lines(text, n);
}

/* The line on which a place of a document starts. */
static uint32_t line_of(Walk *w, size_t document, size_t place) {
    const Memory *m = &w->m;
    size_t first = w->document[document].first_place;
    uint32_t line = line_counted_from(m, place, first);
    if (m->details && m->line[place] < FAR_LINE) return line + m->line[place];
    return line + (uint32_t)lines_between(w, place_start(m, counted_from(place, first)), place_start(m, place));
}
#endif
