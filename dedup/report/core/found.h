/* The findings of a report as flat numbers (dedup/flat.py has the columns), with their ids and texts. */
#ifndef DEDUP_FOUND_H
#define DEDUP_FOUND_H

#include "escape.h"

enum { DOCUMENT, START, END, LINE, LAST_LINE, ORIGINAL, COLUMNS = 16 };
enum { PARAGRAPHS = 10, WORDS, REMOVED_PARAGRAPHS, REMOVED_WORDS, FIRST, MANY };      /* of a block */
enum { RULE = 10, VARIANT_WORDS, INTERSECTION, UNION };                              /* of a variant; FIRST and MANY */
enum { R_START, R_END, R_LINE, R_LAST_LINE, R_ORIGINAL, R_KIND = 9, R_WORDS, R_INTERSECTION, R_UNION, R_REMOVED,
       R_COLUMNS };                                                                  /* of a repeat */
enum { BLOCK, PARAGRAPH, VARIANT };

/* A passage in the heap: what is before it, the text, what is after it, end to end. `at` is NO_TEXT if the report
   carries none. */
#define NO_TEXT UINT64_MAX
typedef struct {
    uint64_t at;
    uint32_t before, text, after, cut;
} Passage;

/* Text that is ready to be written. */
typedef struct {
    const uint8_t *at;
    size_t n;
} Piece;

#define TEXT(literal) {(const uint8_t *)(literal), sizeof(literal) - 1}
static const Piece kinds[] = {TEXT("block"), TEXT("paragraph"), TEXT("variant")};
static const Piece titles[] = {TEXT("Repeated block"), TEXT("Repeated paragraph"), TEXT("Variant")};
static const Piece rules[] = {TEXT("figure"), TEXT("name"), TEXT("negation"), TEXT("word"), TEXT("order")};
static const Piece repeat_kinds[] = {TEXT("exact"), TEXT("near"), TEXT("short")};

/* What the repeats of a block come to. */
typedef struct {
    uint64_t intersection, whole;
    int near;
} Sums;

typedef struct {
    const uint64_t *block, *repeat, *variant;
    size_t blocks, variants;
    const uint8_t *word;
    const uint64_t *word_end;
    const uint8_t *ids;
    const uint64_t *id_end;
    const uint8_t *heap;
    const Passage *passage; /* two for each finding: the repeat's, the original's */
    const uint32_t *order;  /* blocks, then variants, by their places */
    const uint32_t *dense;  /* the place of a document among those that findings name */
    const Sums *sums;       /* of each block */
} Found;

/* What formats call the documents that findings name. */
typedef struct {
    const Piece *text;  /* in the form of the format */
    const Piece *head;  /* what stands before the lines of a place: `news/a.txt:` */
    const uint64_t *line; /* of a record: the line it begins on, at least 1; else 0 */
    const uint32_t *file; /* equal for documents in files of the same name */
    const uint8_t *bytes; /* whether the bytes of a place are those of the file */
} Names;

/* What is to be said of a finding; `row` is its numbers. */
typedef struct {
    size_t number;
    const uint64_t *row;
    int kind, near, removed;
    uint64_t words, paragraphs, intersection, whole;
    Piece id;
} Finding;

static inline Piece id_of(const Found *f, size_t number) {
    uint64_t start = number ? f->id_end[number - 1] : 0;
    return (Piece){f->ids + start, (size_t)(f->id_end[number] - start)};
}

static inline const uint64_t *row_of(const Found *f, size_t number) {
    return number < f->blocks ? f->block + number * COLUMNS : f->variant + (number - f->blocks) * COLUMNS;
}

static inline Piece text_of(const Found *f, const Names *names, uint64_t document) {
    return names->text[f->dense[document]];
}

static inline Piece word_of(const Found *f, uint64_t number) {
    uint64_t start = number ? f->word_end[number - 1] : 0;
    return (Piece){f->word + start, (size_t)(f->word_end[number] - start)};
}

static Sums add_up(const Found *f, size_t number) {
    const uint64_t *row = row_of(f, number), *repeat = f->repeat + row[FIRST] * R_COLUMNS;
    Sums sums = {0, 0, 0};
    for (uint64_t i = 0; i < row[MANY]; i++, repeat += R_COLUMNS) {
        sums.near |= repeat[R_KIND] == 1;
        sums.intersection += repeat[R_INTERSECTION];
        sums.whole += repeat[R_UNION];
    }
    return sums;
}

/* The native half of dedup.report.finding.finding. */
static Finding finding_of(const Found *f, size_t number) {
    const uint64_t *row = row_of(f, number);
    Finding one = {number, row, VARIANT, 0, 0, 0, 1, 0, 0, id_of(f, number)};
    if (number >= f->blocks) {
        one.words = row[VARIANT_WORDS];
        one.intersection = row[INTERSECTION];
        one.whole = row[UNION];
        return one;
    }
    one.words = row[WORDS];
    one.paragraphs = row[PARAGRAPHS];
    one.kind = one.paragraphs == 1 ? PARAGRAPH : BLOCK;
    one.removed = row[REMOVED_PARAGRAPHS] > 0;
    one.near = f->sums[number].near;
    one.intersection = f->sums[number].intersection;
    one.whole = f->sums[number].whole;
    return one;
}

/* The native half of dedup.report.content.says_the_same. */
static int says_the_same(const Found *f, size_t number) {
    const uint64_t *row = row_of(f, number), *r = f->repeat + row[FIRST] * R_COLUMNS;
    uint64_t at = row[START], there = row[ORIGINAL + START];
    if (number >= f->blocks) return 0;
    for (uint64_t i = 0; i < row[MANY]; i++, r += R_COLUMNS) {
        if (r[R_KIND] == 1 || r[R_START] != at || r[R_ORIGINAL] != row[ORIGINAL] || r[R_ORIGINAL + START] != there) return 0;
        at = r[R_END];
        there = r[R_ORIGINAL + END];
    }
    return at == row[END] && there == row[ORIGINAL + END];
}

static inline Piece rule_of(const Finding *one) {
    return one->kind == VARIANT ? rules[one->row[RULE]] : repeat_kinds[one->near];
}

static inline void put_text(Buffer *b, const char *text) { put(b, text, strlen(text)); }

static inline void put_piece(Buffer *b, Piece piece) { put(b, piece.at, piece.n); }

#endif
