/* What a run remembers: the originals with their tables, where every paragraph stands, and what the tables say of the
 * paragraphs in hand. Threads that compare read it; only the walk changes it, and the turns that share a change out. */
#ifndef DEDUP_MEMORY_H
#define DEDUP_MEMORY_H
#include "probe.h"
#include "sketch.h"
#include "store.h"

#define NONE 0xFFFFFFFFu

/* What the link of a place says if no original is there, all of whose ids are below. */
#define NO_ORIGINAL 0xC0000000u
#define PROTECTED 0xFFFFFFFEu
#define SHORT_BITS 29 /* of the hash of a short paragraph's words, added to NO_ORIGINAL */

#define MAX_COMPARERS 64
#define FAR_LINE UINT16_MAX

/* 2^6 places have a base in common: with documents of the largest size the last begins within 32 bits of it, too. */
#define BASE_SHIFT 6
_Static_assert(MAX_DOCUMENT_BYTES <= (UINT64_C(1) << 32) >> BASE_SHIFT, "the offset of a place has 32 bits");

typedef struct {
    uint32_t max_gap, bucket_capacity, redundant, scope_document;
    uint64_t min_block_words, threshold_ppm;
} MatchSettings;

/* Where an original stands. */
typedef struct {
    uint32_t place;    /* number of the paragraph */
    uint32_t sequence; /* the lower half of the hash of its words */
} Where;

/* What so many places have in common. */
typedef struct {
    uint64_t start; /* of the first of them */
    uint32_t line;  /* on which it starts, from 1 in its document */
} Base;

typedef struct Comparer Comparer;

enum { SEEN = 1, SEEN_NEAR }; /* SEEN_NEAR: all but `exact`, of which there is none before the range */

/* What was found out of a row before the walk, from the originals before the range. */
typedef struct {
    uint32_t exact;             /* the original with the same words, or NONE */
    uint32_t near_;             /* the earliest original that it is near to and adds nothing to, or NONE */
    uint32_t intersection, all; /* of the one or the other */
    uint32_t candidates;        /* how many there were; where it must add nothing, ... */
    uint32_t closest[MAX_COMPARED]; /* ... these, the closest alone */
    uint32_t first, weighed;    /* the near ones that were weighed, in `weighed` of comparer `by` */
    uint32_t first_row, weighed_rows; /* the same of rows of the range, in `more` of `rows_by`; all 0: it is not near */
    uint32_t stands;                   /* the place that a block probably has it at, or NONE */
    uint32_t first_next, weighed_next; /* the same of originals where a block may go on, in `more` of `next_by` */
    uint8_t by, rows_by, next_by, seen; /* seen: how much of this holds */
    uint8_t buckets;            /* what find_buckets says of them */
} Foreseen;

typedef struct {
    SketchSettings sketch;
    MatchSettings set;
    Store store;
    Table exact, *band;
    Original *original;
    Where *where;
    size_t originals, original_room, where_room;
    Samples samples; /* where a repeat must add nothing */
    uint64_t all_originals, full_buckets;
    uint32_t forgotten; /* originals of documents before, under scope document: id + forgotten is nobody else's */
    int details; /* repeats are told with their similarity */
    /* Places: every paragraph of the run (of the document, under scope document) by number. */
    uint32_t *link; /* its original's id; PROTECTED: never removed; or what short_link says */
    size_t link_room;
    uint32_t *offset; /* start less that of base[place >> BASE_SHIFT] */
    size_t offset_room;
    Base *base;
    size_t base_room, places;
    uint16_t *line;  /* with details: lines from where they are counted, FAR_LINE for so many and more */
    uint8_t *inside; /* with details: line ends inside, see Sketch */
    size_t line_room, inside_room;
    uint64_t end; /* of the last place */
    /* The batch in hand. */
    const uint8_t *text;
    uint64_t text_start, text_end;
    const Sketch *batch;
    /* The range in hand: what the tables said of its rows, and which of them became originals. */
    Probed exact_probed, *probed;
    uint32_t *sequence; /* of each row, the halves of its sequence hash: the upper one is the key in the table */
    size_t sequence_room, from, to, first_paragraph, last_paragraph;
    uint8_t *skip; /* rows that look exact: their bands are asked for only if they are not */
    size_t skip_room;
    uint32_t *paragraph; /* of each row */
    size_t paragraph_room;
    uint32_t *fresh; /* rows of the originals from id first_fresh on */
    size_t fresh_room, first_fresh;
    Turns turns;
    Sieve sieve;
    Foreseen *foreseen; /* of each row */
    size_t foreseen_room;
    Comparer *comparer[MAX_COMPARERS]; /* the first is the walk's */
    uint8_t taken[MAX_COMPARERS];      /* a thread is at work with it */
    int gone;   /* all but the store is freed */
    int failed; /* out of memory, or store.error is set */
} Memory;

static inline uint64_t place_start(const Memory *m, size_t place) {
    return place < m->places ? m->base[place >> BASE_SHIFT].start + m->offset[place] : m->end;
}

/* The link of a short paragraph. */
static inline uint32_t short_link(uint64_t sequence) { return NO_ORIGINAL + ((uint32_t)sequence & ((1u << SHORT_BITS) - 1)); }

static inline int is_short_link(uint32_t link) { return link >= NO_ORIGINAL && link < NO_ORIGINAL + (1u << SHORT_BITS); }

/* The place from which the lines of another are counted: the first with the same base, in the document that begins at `first`. */
static inline size_t counted_from(size_t place, size_t first) {
    size_t from = place >> BASE_SHIFT << BASE_SHIFT;
    return from < first ? first : from;
}

/* The line on which that one starts. */
static inline uint32_t line_counted_from(const Memory *m, size_t place, size_t first) {
    return counted_from(place, first) == first ? 1 : m->base[place >> BASE_SHIFT].line;
}

/* Adds a place on a line of the document that begins at place `first`. */
static int place_add(Memory *m, uint64_t start, uint64_t end, uint32_t link, uint32_t line, size_t first) {
    size_t n = m->places, base = n >> BASE_SHIFT;
    if (n == NO_ORIGINAL) return 0; /* its number, and that of an original, must not mean anything else */
    if (!grow_pages((void **)&m->link, &m->link_room, n + 1, 4) ||
        !grow_pages((void **)&m->offset, &m->offset_room, n + 1, 4) ||
        !grow((void **)&m->base, &m->base_room, base + 1, sizeof *m->base) ||
        (m->details && !grow((void **)&m->line, &m->line_room, n + 1, sizeof *m->line)) ||
        (m->details && !grow((void **)&m->inside, &m->inside_room, n + 1, 1)))
        return 0;
    if (base << BASE_SHIFT == n) m->base[base] = (Base){start, line};
    m->offset[n] = (uint32_t)(start - m->base[base].start);
    if (m->details) {
        uint32_t lines = line - line_counted_from(m, n, first);
        m->line[n] = (uint16_t)(lines < FAR_LINE ? lines : FAR_LINE);
    }
    m->link[n] = link;
    m->places = n + 1;
    m->end = end;
    return 1;
}

/* Makes paragraph `i` of the batch, the last place, an original; its buckets must have been found. */
static int remember(Memory *m, size_t i) {
    uint32_t id = (uint32_t)m->originals, band;
    size_t fresh = id - m->first_fresh, row = m->batch->row[i];
    Original *o;
    if (!grow_pages((void **)&m->original, &m->original_room, m->originals + 1, sizeof *m->original)) return 0;
    if (!grow_pages((void **)&m->where, &m->where_room, m->originals + 1, sizeof *m->where)) return 0;
    if (!grow((void **)&m->fresh, &m->fresh_room, fresh + 1, sizeof *m->fresh)) return 0;
    m->fresh[fresh] = (uint32_t)row;
    m->sieve.original = m->original;
    m->where[m->originals] = (Where){(uint32_t)(m->places - 1), (uint32_t)m->batch->sequence[i]};
    o = &m->original[m->originals++];
    memset(o, 0, sizeof *o);
    if (m->sketch.bands) {
        o->classes = m->batch->classes[row];
        o->shingles = m->batch->shingles[row];
        if (m->batch->digits) o->digits = m->batch->digits[row];
    }
    if (m->set.redundant && o->shingles > LONG_SHINGLES &&
        !samples_add(&m->samples, id, sample_find(&m->batch->samples, (uint32_t)row)))
        return 0;
    m->all_originals++;
    if (!probed_add(&m->exact_probed, row, id)) return 0;
    if (m->foreseen[row].seen && !m->foreseen[row].buckets) return 1; /* as of most: it is alone in buckets with room */
    for (band = 0; band < m->sketch.bands; band++) {
        size_t n = probed_size(&m->probed[band], row);
        if (n >= m->set.bucket_capacity) {
            m->probed[band].size[row] = TURNED_AWAY;
            continue;
        }
        if (!probed_add(&m->probed[band], row, id)) return 0;
        m->full_buckets += n + 1 == m->set.bucket_capacity;
    }
    return 1;
}
#endif
