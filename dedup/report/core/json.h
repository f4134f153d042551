/* The rows of the JSON report; what each field is stands in dedup/report/json.py, whose bytes these are. */
#ifndef DEDUP_JSON_H
#define DEDUP_JSON_H

#include "found.h"

static inline void put_field(Buffer *b, const char *name, uint64_t value) {
    size_t n = strlen(name);
    uint8_t *to = buffer_room(b, n + MOST_DIGITS);
    if (to == NULL) return;
    memcpy(to, name, n);
    b->n = (size_t)(write_number(to + n, value) - b->at);
}

static void put_similarity(Buffer *b, uint64_t intersection, uint64_t whole) {
    if (whole)
        put_share(b, ten_thousandths(intersection, whole));
    else
        PUT(b, "null");
}

/* Writers at a pointer, for which the caller has made room: a row has twenty numbers, and to look for room before each
   took as long as to write it. */
#define WRITE(to, literal) (memcpy((to), (literal), sizeof(literal) - 1), (to) + sizeof(literal) - 1)

static inline uint8_t *write_piece(uint8_t *to, Piece piece) {
    memcpy(to, piece.at, piece.n);
    return to + piece.n;
}

static void put_repeat(Buffer *b, const uint64_t *r) {
    uint8_t *start = buffer_room(b, R_COLUMNS * (MOST_DIGITS + 1) + 8), *to = start;
    if (to == NULL) return;
    *to++ = '[';
    for (int i = R_START; i < R_COLUMNS - 1; i++) {
        if (i == R_KIND) {
            *to++ = '"';
            to = write_piece(to, repeat_kinds[r[i]]);
            *to++ = '"';
        } else {
            to = write_number(to, r[i]);
        }
        *to++ = ',';
    }
    to = r[R_REMOVED] ? WRITE(to, "true]") : WRITE(to, "false]");
    b->n += (size_t)(to - start);
}

static void put_new_words(Buffer *b, const Found *f, const uint64_t *row) {
    PUT(b, "[");
    for (uint64_t i = 0; i < row[MANY]; i++) {
        Piece word = word_of(f, row[FIRST] + i);
        if (i) PUT(b, ",");
        put_json(b, word.at, word.n);
    }
    PUT(b, "]");
}

static inline uint8_t *write_pair(uint8_t *to, uint64_t first, uint64_t last) {
    to = write_number(to, first);
    *to++ = ',';
    return write_number(to, last);
}

#define ROW_BYTES 640 /* names and ids beside */

/* Where a finding stands. */
static void put_row_place(Buffer *b, const uint64_t *row, Piece id, Piece name, int variant) {
    uint8_t *start = buffer_room(b, ROW_BYTES + id.n + name.n), *to = start;
    if (to == NULL) return;
    to = write_pair(WRITE(to, "{\"bytes\":["), row[START], row[END]);
    to = write_number(WRITE(to, "],\"document\":"), row[DOCUMENT]);
    to = write_piece(WRITE(to, ",\"id\":\""), id);
    *to++ = '"';
    if (variant) to = write_number(WRITE(to, ",\"intersection\":"), row[INTERSECTION]);
    to = write_pair(WRITE(to, ",\"lines\":["), row[LINE], row[LAST_LINE]);
    to = write_piece(WRITE(to, "],\"name\":"), name);
    b->n += (size_t)(to - start);
}

/* Where its original stands, and of a block how much of it there is. */
static void put_row_original(Buffer *b, const uint64_t *row, Piece name, int variant) {
    const uint64_t *place = row + ORIGINAL;
    uint8_t *start = buffer_room(b, ROW_BYTES + name.n), *to = start;
    if (to == NULL) return;
    to = write_pair(WRITE(to, ",\"original\":{\"bytes\":["), place[START], place[END]);
    to = write_number(WRITE(to, "],\"document\":"), place[DOCUMENT]);
    to = write_pair(WRITE(to, ",\"lines\":["), place[LINE], place[LAST_LINE]);
    to = write_piece(WRITE(to, "],\"name\":"), name);
    *to++ = '}';
    if (!variant) {
        to = write_number(WRITE(to, ",\"paragraphs\":"), row[PARAGRAPHS]);
        to = write_number(WRITE(to, ",\"removed\":{\"paragraphs\":"), row[REMOVED_PARAGRAPHS]);
        to = write_number(WRITE(to, ",\"words\":"), row[REMOVED_WORDS]);
        to = WRITE(to, "},\"repeats\":[");
    }
    b->n += (size_t)(to - start);
}

/* The row of a finding without its texts; `names` are JSON already. */
static void put_json_row(Buffer *b, const Found *f, size_t number, const Names *names) {
    const uint64_t *row = row_of(f, number);
    int variant = number >= f->blocks;
    put_row_place(b, row, id_of(f, number), text_of(f, names, row[DOCUMENT]), variant);
    if (variant) {
        PUT(b, ",\"new\":");
        put_new_words(b, f, row);
    }
    put_row_original(b, row, text_of(f, names, row[ORIGINAL]), variant);
    if (variant) {
        PUT(b, ",\"rule\":\"");
        put_piece(b, rules[row[RULE]]);
        PUT(b, "\",\"similarity\":");
        put_similarity(b, row[INTERSECTION], row[UNION]);
        put_field(b, ",\"union\":", row[UNION]);
        put_field(b, ",\"words\":", row[VARIANT_WORDS]);
        PUT(b, "}");
        return;
    }
    for (uint64_t i = 0; i < row[MANY]; i++) {
        if (i) PUT(b, ",");
        put_repeat(b, f->repeat + (row[FIRST] + i) * R_COLUMNS);
    }
    put_text(b, f->sums[number].near ? "],\"rule\":\"near\",\"similarity\":" : "],\"rule\":\"exact\",\"similarity\":");
    put_similarity(b, f->sums[number].intersection, f->sums[number].whole);
    put_field(b, ",\"words\":", row[WORDS]);
    PUT(b, "}");
}

/* A passage without what is empty; `told`: with its text. */
static void put_passage(Buffer *b, const Found *f, const Passage *p, int told) {
    const uint8_t *before = f->heap + p->at, *text = before + p->before, *after = text + p->text;
    const char *comma = "";
    if (p->after) {
        PUT(b, "\"after\":");
        put_json(b, after, p->after);
        comma = ",";
    }
    if (p->before) {
        put_text(b, comma);
        PUT(b, "\"before\":");
        put_json(b, before, p->before);
        comma = ",";
    }
    if (!told) return;
    put_text(b, comma);
    put_text(b, p->cut ? "\"cut\":true,\"text\":" : "\"text\":");
    put_json(b, text, p->text);
}

static int same_passage(const Found *f, const Passage *p, const Passage *q) {
    return p->cut == q->cut && p->text == q->text &&
           !memcmp(f->heap + p->at + p->before, f->heap + q->at + q->before, p->text);
}

/* Texts as the last member of a row, that of an original only if it is not that of the repeat; nothing if there are
   none. */
static void put_texts(Buffer *b, const Found *f, const Passage *repeat, const Passage *original) {
    if (repeat->at == NO_TEXT) return;
    PUT(b, ",\"texts\":{\"original\":{");
    put_passage(b, f, original, !same_passage(f, repeat, original));
    PUT(b, "},\"repeat\":{");
    put_passage(b, f, repeat, 1);
    PUT(b, "}}");
}

/* The native half of dedup.report.content.excerpts, for one side. */
static Passage excerpt_of(const Found *f, const Passage *p, size_t most) {
    Passage made = {p->at + p->before, 0, p->text, 0, p->cut};
    if (p->at == NO_TEXT) return *p;
    if (p->text > most) {
        made.text = (uint32_t)whole(f->heap + made.at, most);
        made.cut = 1;
    }
    return made;
}

/* One line of JSON Lines, from a row that was made before, with excerpts of so many bytes. */
static void put_line(Buffer *b, const Found *f, size_t number, Piece row, size_t most) {
    Passage repeat = excerpt_of(f, f->passage + 2 * number, most);
    Passage original = says_the_same(f, number) ? repeat : excerpt_of(f, f->passage + 2 * number + 1, most);
    int kind = number >= f->blocks ? VARIANT : row_of(f, number)[PARAGRAPHS] == 1 ? PARAGRAPH : BLOCK;
    PUT(b, "{\"kind\":\"");
    put_piece(b, kinds[kind]);
    PUT(b, "\",");
    put(b, row.at + 1, row.n - 2);
    put_texts(b, f, &repeat, &original);
    PUT(b, "}\n");
}

#endif
