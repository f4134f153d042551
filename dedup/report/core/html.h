/* The findings in columns, as the page of the HTML report reads them: the native half of columns in
   dedup/report/html/payload.py. */
#ifndef DEDUP_HTML_H
#define DEDUP_HTML_H

#include <math.h>

#include "page.h"

#define NOTE_CHARACTERS 120

enum { EXACT_MATCH, NEAR_MATCH, VARIANT_MATCH };

static inline int match_of(const Finding *one) {
    return one->kind == VARIANT ? VARIANT_MATCH : one->near ? NEAR_MATCH : EXACT_MATCH;
}

static void put_state(Buffer *b, const Finding *one) {
    uint64_t removed = one->kind == VARIANT ? 0 : one->row[REMOVED_PARAGRAPHS];
    PUT(b, "\"");
    if (one->kind == VARIANT) {
        PUT(b, "kept");
    } else if (removed == one->paragraphs) {
        PUT(b, "removed");
    } else if (!removed) {
        PUT(b, "not removed");
    } else {
        put_number(b, removed);
        put_field(b, " of ", one->paragraphs);
        PUT(b, " removed");
    }
    PUT(b, "\"");
}

static void put_note(Buffer *b, Buffer *scratch, const Found *f, const Finding *one) {
    PUT(b, "\"");
    if (one->kind == VARIANT) {
        put_piece(b, rules[one->row[RULE]]);
        scratch->n = 0;
        for (uint64_t i = 0; i < one->row[MANY]; i++) {
            Piece word = word_of(f, one->row[FIRST] + i);
            if (i) PUT(scratch, ", ");
            put_visible(scratch, word.at, word.n);
        }
        if (one->row[MANY]) PUT(b, ": ");
        const uint8_t *at = scratch->at, *end = at + scratch->n;
        size_t most = NOTE_CHARACTERS;
        for (unsigned size; at < end && most; most--, at += size) character(at, end, &size);
        put_script(b, scratch->at, (size_t)(at - scratch->at));
    }
    PUT(b, "\"");
}

typedef struct {
    const char *name;
    int column; /* of the flat numbers; or one of those below */
} PageColumn;

enum { ID = 100, KIND, MATCH, WORD_COUNT, PARAGRAPH_COUNT, SIMILARITY, NOTE, STATE };

static const PageColumn page_columns[] = {
    {"document", DOCUMENT}, {"odocument", ORIGINAL + DOCUMENT}, {"start", START}, {"ostart", ORIGINAL + START},
    {"end", END}, {"oend", ORIGINAL + END}, {"line", LINE}, {"oline", ORIGINAL + LINE}, {"last", LAST_LINE},
    {"olast", ORIGINAL + LAST_LINE}, {"id", ID}, {"kind", KIND}, {"match", MATCH}, {"words", WORD_COUNT},
    {"paragraphs", PARAGRAPH_COUNT}, {"similarity", SIMILARITY}, {"note", NOTE}, {"state", STATE},
};

static void put_page_value(Buffer *b, Buffer *scratch, const Found *f, const uint32_t *number, const Finding *one,
                           int column) {
    switch (column) {
    case DOCUMENT:
    case ORIGINAL:
        put_number(b, number[f->dense[one->row[column]]]);
        break;
    case ID:
        PUT(b, "\"");
        put_script(b, one->id.at, one->id.n);
        PUT(b, "\"");
        break;
    case KIND: put_number(b, (uint64_t)one->kind); break;
    case MATCH: put_number(b, (uint64_t)match_of(one)); break;
    case WORD_COUNT: put_number(b, one->words); break;
    case PARAGRAPH_COUNT: put_number(b, one->paragraphs); break;
    case SIMILARITY:
        if (one->whole)
            put_number(b, (uint64_t)nearbyint(1000.0 * (ten_thousandths(one->intersection, one->whole) / 10000.0)));
        else
            PUT(b, "null");
        break;
    case NOTE: put_note(b, scratch, f, one); break;
    case STATE: put_state(b, one); break;
    default: put_number(b, one->row[column]);
    }
}

/* The findings in columns; `number` renumbers documents (by their dense numbers). */
static void put_page_columns(Buffer *b, Buffer *scratch, const Found *f, const uint32_t *number,
                             const uint32_t *which, size_t n) {
    Finding *found = (Finding *)malloc((n + 1) * sizeof *found);
    b->failed |= !found;
    for (size_t i = 0; found && i < n; i++) found[i] = finding_of(f, which[i]);
    for (size_t c = 0; found && c < sizeof page_columns / sizeof *page_columns; c++) {
        put_text(b, c ? ",\"" : "{\"");
        put_text(b, page_columns[c].name);
        PUT(b, "\":[");
        for (size_t i = 0; i < n; i++) {
            if (i) PUT(b, ",");
            put_page_value(b, scratch, f, number, &found[i], page_columns[c].column);
        }
        PUT(b, "]");
    }
    PUT(b, "}");
    free(found);
}

#endif
