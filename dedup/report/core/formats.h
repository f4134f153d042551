/* One finding in the formats that list them all. The Python modules beside this folder explain each form; these are
   their bytes. */
#ifndef DEDUP_FORMATS_H
#define DEDUP_FORMATS_H

#include "json.h"

/* `18-34`, or `18` for one line */
static void put_lines(Buffer *b, const uint64_t *place) {
    put_number(b, place[LINE]);
    if (place[LAST_LINE] > place[LINE]) {
        put_byte(b, '-');
        put_number(b, place[LAST_LINE]);
    }
}

static inline int share_a_line(const uint64_t *row) {
    return row[DOCUMENT] == row[ORIGINAL] && row[LINE] <= row[ORIGINAL + LAST_LINE];
}

static void put_byte_span(Buffer *b, const uint64_t *place) {
    put_field(b, "bytes ", place[START]);
    put_field(b, "-", place[END]);
}

/* str(Side) of the repeat or, `at` ORIGINAL, of the original, fit to be shown */
static void put_place(Buffer *b, const Found *f, const Names *names, const uint64_t *row, size_t at) {
    const uint64_t *place = row + at;
    uint32_t document = f->dense[place[DOCUMENT]];
    int record = names->line[document] > 0, in_bytes = share_a_line(row);
    put_piece(b, names->head[document]);
    if (record && !in_bytes) put_text(b, place[LAST_LINE] > place[LINE] ? "lines " : "line ");
    if (!record || !in_bytes) put_lines(b, place);
    if (!record && in_bytes) PUT(b, " (");
    if (in_bytes) put_byte_span(b, place);
    if (record || in_bytes) PUT(b, ")");
}

/* Side.file_lines */
static void file_lines(const Found *f, const Names *names, const uint64_t *place, uint64_t *first, uint64_t *last) {
    uint64_t line = names->line[f->dense[place[DOCUMENT]]];
    *first = line ? line : place[LINE];
    *last = line || place[LAST_LINE] < place[LINE] ? *first : place[LAST_LINE];
}

static void put_similar(Buffer *b, const Finding *one) {
    if (!one->whole) return;
    PUT(b, " (similarity ");
    put_percent(b, ten_thousandths(one->intersection, one->whole));
    PUT(b, ")");
}

static void put_added(Buffer *b, const Found *f, const Finding *one) {
    uint64_t many = one->row[MANY];
    put_piece(b, rules[one->row[RULE]]);
    for (uint64_t i = 0; i < many && i < 5; i++) {
        Piece word = word_of(f, one->row[FIRST] + i);
        put_text(b, i ? ", \"" : " \"");
        put_visible(b, word.at, word.n);
        PUT(b, "\"");
    }
    if (many > 5) {
        PUT(b, " and ");
        put_number(b, many - 5);
        PUT(b, " more");
    }
}

/* dedup.report.phrases.message */
static void put_message(Buffer *b, const Found *f, const Names *names, const Finding *one) {
    put_text(b, one->kind == VARIANT ? "near to " : "repeats ");
    put_place(b, f, names, one->row, ORIGINAL);
    if (one->kind == VARIANT) {
        put_similar(b, one);
        PUT(b, ", but adds ");
        put_added(b, f, one);
        return;
    }
    PUT(b, ": ");
    put_count(b, one->words, "word");
    PUT(b, " in ");
    put_count(b, one->paragraphs, "paragraph");
    PUT(b, ", ");
    if (one->near) {
        PUT(b, "near");
        put_similar(b, one);
    } else {
        PUT(b, "the same words");
    }
    if (!one->removed) PUT(b, "; too short to remove");
}

static void put_excerpt_of(Buffer *b, const Found *f, size_t number) {
    const Passage *p = f->passage + 2 * number;
    if (p->at != NO_TEXT) put_excerpt(b, f->heap + p->at + p->before, p->text, (int)p->cut);
}

static inline uint8_t *write_field(uint8_t *to, uint64_t value) {
    *to = ',';
    return write_number(to + 1, value);
}

/* `name` is the file and the record as two fields of CSV. */
static inline uint8_t *write_csv_side(uint8_t *to, Piece name, const uint64_t *place) {
    *to = ',';
    to = write_field(write_field(write_piece(to + 1, name), place[LINE]), place[LAST_LINE]);
    return write_field(write_field(to, place[START]), place[END]);
}

#define CSV_BYTES 512 /* names and ids beside */

static void put_csv_row(Buffer *b, Buffer *scratch, const Found *f, const Names *names, size_t number) {
    Finding one = finding_of(f, number);
    int variant = one.kind == VARIANT;
    Piece here = text_of(f, names, one.row[DOCUMENT]), there = text_of(f, names, one.row[ORIGINAL]);
    uint8_t *to = buffer_room(b, CSV_BYTES + one.id.n + here.n + there.n);
    if (to == NULL) return;
    to = write_piece(to, one.id);
    *to++ = ',';
    to = write_piece(to, kinds[one.kind]);
    *to++ = ',';
    to = write_csv_side(write_piece(to, rule_of(&one)), here, one.row);
    to = write_csv_side(to, there, one.row + ORIGINAL);
    to = write_field(write_field(to, one.paragraphs), one.words);
    to = write_field(to, variant ? 0 : one.row[REMOVED_PARAGRAPHS]);
    to = write_field(to, variant ? 0 : one.row[REMOVED_WORDS]);
    *to++ = ',';
    b->n = (size_t)(to - b->at);
    if (one.whole) put_share(b, ten_thousandths(one.intersection, one.whole));
    put_byte(b, ',');
    scratch->n = 0;
    for (uint64_t i = 0; variant && i < one.row[MANY]; i++) {
        if (i) put_byte(scratch, ' ');
        put_piece(scratch, word_of(f, one.row[FIRST] + i));
    }
    put_csv(b, scratch->at, scratch->n);
    PUT(b, "\r\n");
}

/* A finding for people, with its place first, and how it begins. */
static void put_plain(Buffer *b, const Found *f, const Names *names, size_t number) {
    Finding one = finding_of(f, number);
    size_t before;
    put_place(b, f, names, one.row, 0);
    PUT(b, ": ");
    put_message(b, f, names, &one);
    PUT(b, " [");
    put_piece(b, one.id);
    PUT(b, "]\n    ");
    before = b->n;
    put_excerpt_of(b, f, number);
    if (b->n > before) PUT(b, "\n");
    else b->n = before - 4;
}

/* A repeat in the log of a step, as `github.py` has it. */
static void put_github(Buffer *b, const Found *f, const Names *names, size_t number) {
    Finding one = finding_of(f, number);
    PUT(b, "- ");
    put_place(b, f, names, one.row, 0);
    PUT(b, ": ");
    put_message(b, f, names, &one);
    PUT(b, "\n");
}

/* `names->text` is the path as JSON. */
static void put_gitlab_location(Buffer *b, const Found *f, const Names *names, const uint64_t *place) {
    uint64_t first, last;
    file_lines(f, names, place, &first, &last);
    PUT(b, "{\"path\": ");
    put_piece(b, text_of(f, names, place[DOCUMENT]));
    put_field(b, ", \"lines\": {\"begin\": ", first);
    put_field(b, ", \"end\": ", last);
    PUT(b, "}}");
}

static void put_gitlab(Buffer *b, Buffer *scratch, const Found *f, const Names *names, size_t number,
                       uint64_t major_words) {
    Finding one = finding_of(f, number);
    scratch->n = 0;
    put_piece(scratch, titles[one.kind]);
    PUT(scratch, ": ");
    put_message(scratch, f, names, &one);
    PUT(b, "{\"type\": \"issue\", \"check_name\": \"dedup-");
    put_piece(b, kinds[one.kind]);
    PUT(b, "\", \"description\": ");
    put_json(b, scratch->at, scratch->n);
    PUT(b, ", \"categories\": [\"Duplication\"], \"severity\": \"");
    put_text(b, !one.removed ? "info" : one.words >= major_words ? "major" : "minor");
    PUT(b, "\", \"fingerprint\": \"");
    put_piece(b, one.id);
    PUT(b, "\", \"location\": ");
    put_gitlab_location(b, f, names, one.row);
    PUT(b, ", \"other_locations\": [");
    put_gitlab_location(b, f, names, one.row + ORIGINAL);
    PUT(b, "]}");
}

/* `names->text` is the file for an attribute. */
static void put_junit(Buffer *b, Buffer *scratch, const Found *f, const Names *names, size_t number) {
    Finding one = finding_of(f, number);
    PUT(b, "<testcase name=\"");
    put_piece(b, titles[one.kind]);
    PUT(b, " ");
    put_piece(b, one.id);
    PUT(b, " at ");
    scratch->n = 0;
    put_place(scratch, f, names, one.row, 0);
    put_xml(b, scratch->at, scratch->n);
    PUT(b, "\" classname=\"");
    put_piece(b, text_of(f, names, one.row[DOCUMENT]));
    PUT(b, "\">\n<failure message=\"");
    scratch->n = 0;
    put_message(scratch, f, names, &one);
    put_xml(b, scratch->at, scratch->n);
    PUT(b, "\" type=\"");
    put_piece(b, kinds[one.kind]);
    PUT(b, "\">");
    scratch->n = 0;
    put_place(scratch, f, names, one.row, 0);
    PUT(scratch, ": ");
    put_message(scratch, f, names, &one);
    size_t told = scratch->n;
    PUT(scratch, "\n");
    put_excerpt_of(scratch, f, number);
    if (scratch->n == told + 1) scratch->n = told;
    put_xml(b, scratch->at, scratch->n);
    PUT(b, "</failure>\n</testcase>\n");
}

static void put_junit_suite(Buffer *b, const Found *f, const Names *names, size_t number, uint64_t cases) {
    PUT(b, "<testsuite name=\"");
    put_piece(b, text_of(f, names, row_of(f, number)[DOCUMENT]));
    put_field(b, "\" tests=\"", cases);
    put_field(b, "\" failures=\"", cases);
    PUT(b, "\" errors=\"0\" skipped=\"0\">\n");
}

static inline uint32_t file_of(const Found *f, const Names *names, size_t number) {
    return names->file[f->dense[row_of(f, number)[DOCUMENT]]];
}

/* dedup.report.sarif._sentence, as a JSON string with the link to the original behind it */
static void put_sentence(Buffer *b, const uint8_t *text, size_t n) {
    PUT(b, "\"");
    for (size_t from = 0, i = 0; i <= n; i++) {
        if (i < n && text[i] != '[' && text[i] != ']' && text[i] != '\\') continue;
        put_json_inside(b, text + from, i - from);
        if (i == n) break;
        PUT(b, "\\\\");
        from = i;
    }
    PUT(b, ". [Original](1).\"");
}

/* `names->text` is the path as a URI. */
static void put_sarif_location(Buffer *b, const Found *f, const Names *names, const uint64_t *place) {
    uint64_t first, last;
    file_lines(f, names, place, &first, &last);
    PUT(b, "\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"");
    put_piece(b, text_of(f, names, place[DOCUMENT]));
    put_field(b, "\"},\"region\":{\"startLine\":", first);
    put_field(b, ",\"endLine\":", last);
    if (names->bytes[f->dense[place[DOCUMENT]]]) {
        put_field(b, ",\"byteOffset\":", place[START]);
        put_field(b, ",\"byteLength\":", place[END] - place[START]);
    }
}

static void put_sarif_properties(Buffer *b, Buffer *scratch, const Found *f, const Finding *one) {
    PUT(b, "{\"rule\":\"");
    put_piece(b, rule_of(one));
    put_field(b, "\",\"words\":", one->words);
    put_field(b, ",\"paragraphs\":", one->paragraphs);
    put_text(b, one->removed ? ",\"removed\":true" : ",\"removed\":false");
    if (one->whole) {
        PUT(b, ",\"similarity\":");
        put_share(b, ten_thousandths(one->intersection, one->whole));
    }
    for (uint64_t i = 0; one->kind == VARIANT && i < one->row[MANY]; i++) {
        Piece word = word_of(f, one->row[FIRST] + i);
        put_text(b, i ? ", " : ",\"new\":[");
        scratch->n = 0;
        put_visible(scratch, word.at, word.n);
        put_json(b, scratch->at, scratch->n);
    }
    put_text(b, one->kind == VARIANT && one->row[MANY] ? "]}" : "}");
}

static void put_sarif(Buffer *b, Buffer *scratch, const Found *f, const Names *names, size_t number) {
    Finding one = finding_of(f, number);
    const uint8_t *dash = (const uint8_t *)memchr(one.id.at, '-', one.id.n);
    Piece base = {one.id.at, dash ? (size_t)(dash - one.id.at) : one.id.n};
    PUT(b, "{\"ruleId\":\"");
    put_piece(b, kinds[one.kind]);
    put_field(b, "\",\"ruleIndex\":", (uint64_t)one.kind);
    put_text(b, one.removed ? ",\"level\":\"warning\"" : ",\"level\":\"note\"");
    PUT(b, ",\"message\":{\"text\":");
    scratch->n = 0;
    put_message(scratch, f, names, &one);
    if (scratch->n) scratch->at[0] = (uint8_t)(scratch->at[0] - 'a' + 'A'); /* a message begins with a small letter */
    put_sentence(b, scratch->at, scratch->n);
    PUT(b, "},\"locations\":[{");
    put_sarif_location(b, f, names, one.row);
    scratch->n = 0;
    put_excerpt_of(scratch, f, number);
    if (scratch->n) {
        PUT(b, ",\"snippet\":{\"text\":");
        put_json(b, scratch->at, scratch->n);
        PUT(b, "}");
    }
    PUT(b, "}}}],\"relatedLocations\":[{\"id\":1,\"message\":{\"text\":\"the original\"},");
    put_sarif_location(b, f, names, one.row + ORIGINAL);
    PUT(b, "}}}],\"partialFingerprints\":{\"primaryLocationLineHash\":\"");
    put_piece(b, base);
    PUT(b, ":");
    if (dash && base.n + 1 < one.id.n)
        put(b, dash + 1, one.id.n - base.n - 1);
    else
        PUT(b, "1");
    PUT(b, "\",\"dedupText/v1\":\"");
    put_piece(b, one.id);
    PUT(b, "\"},\"properties\":");
    put_sarif_properties(b, scratch, f, &one);
    PUT(b, "}");
}

#endif
