/* What a paragraph of a document is, by its first 64 KiB: dedup.paragraphs.line_statistics and choose_unit. */

#ifndef DEDUP_UNIT_H
#define DEDUP_UNIT_H

#include "split.h"
#include "utf8.h"

enum { UNIT_HEAD_BYTES = 64 << 10 };

typedef struct {
    size_t lines, words, longest, blank_runs, indented, pairs, continued, cut;
} LineStatistics;

/* One line, and what of it the next one is compared with. */
typedef struct {
    const uint8_t *text;
    size_t bytes;    /* without the white space at its end */
    size_t words;
    size_t width;    /* characters of them; counted in a column only */
    int alone;       /* it is one word by white space */
    uint8_t first;   /* its first byte, for the indent */
    uint8_t last;    /* its last byte that is no white space */
    int lower;       /* it begins with a lower-case letter, after spaces and tabs */
} HeadLine;

static int is_blank_byte(uint8_t c) { return c == ' ' || (c >= 9 && c <= 13); }

enum { COUNTED = 240 }; /* bytes counted in one byte; the compiler does sixteen and more of them side by side */

/* Bytes of s[1..n) that begin a word. */
static size_t count_word_starts(const uint8_t *s, size_t n) {
    size_t i = 1, found = 0;
    while (i < n) {
        size_t end = n - i < COUNTED ? n : i + COUNTED;
        uint8_t here = 0;
        for (; i < end; i++) here += (uint8_t)((!is_blank_byte(s[i])) & is_blank_byte(s[i - 1]));
        found += here;
    }
    return found;
}

/* Characters of Han or Kana: no byte of one can begin another. */
static size_t count_han(const uint8_t *s, size_t n) {
    size_t i = 0, found = 0;
    if (is_ascii(s, n)) return 0;
    while (i + 2 < n) {
        size_t end = n - 2 - i < COUNTED ? n - 2 : i + COUNTED;
        uint8_t here = 0;
        for (; i < end; i++)
            here += (uint8_t)(((uint8_t)(s[i] - 0xE3) <= 6) & ((s[i + 1] & 0xC0) == 0x80) &
                              ((s[i + 2] & 0xC0) == 0x80));
        found += here;
    }
    return found;
}

/* Words by white space, and two characters of Han or Kana as one more; 0 words means that the line is blank. */
static HeadLine read_head_line(const uint8_t *s, size_t n) {
    HeadLine line = {s, 0, 0, 0, 0, n ? s[0] : 0, 0, 0};
    size_t i = 0, runs;
    while (i < n && (s[i] == ' ' || s[i] == '\t')) i++;
    line.lower = begins_lower(s + i, n - i);
    while (n && is_blank_byte(s[n - 1])) n--;
    if (!n) return line;
    line.last = s[n - 1];
    line.bytes = n;
    runs = !is_blank_byte(s[0]) + count_word_starts(s, n);
    line.alone = runs == 1;
    line.words = runs + count_han(s, n) / 2;
    return line;
}

static int begins_blank(const HeadLine *line, size_t at) { return at < line->bytes && is_blank_byte(line->text[at]); }

/* Whether two lines are the same but for the white space around them. */
static int are_copies(const HeadLine *one, const HeadLine *other) {
    size_t i = 0, j = 0;
    while (begins_blank(one, i)) i++;
    while (begins_blank(other, j)) j++;
    return one->bytes - i == other->bytes - j && !memcmp(one->text + i, other->text + j, one->bytes - i);
}

/* dedup.paragraphs._goes_on */
static int goes_on(const HeadLine *one, const HeadLine *other) {
    int seems = one->last == ',' || one->last == '-' || one->last == ';' || other->lower;
    return seems && !are_copies(one, other);
}

/* ---- dedup.columns ---- */

enum { NARROWEST = 40, WIDEST = 120, CHARACTER_BYTES = 4 }; /* characters; bytes of one */

/* A run of lines without a blank one inside. */
typedef struct {
    size_t pairs;
    size_t widest;   /* characters of its widest line that is not one word */
    size_t tightest; /* the least that a line and the first word of the next have, with a space between */
} Column;

static const Column NO_COLUMN = {0, 0, SIZE_MAX};

static size_t count_characters(const uint8_t *s, size_t n) {
    size_t i = 0, found = 0;
    while (i < n) {
        size_t end = n - i < COUNTED ? n : i + COUNTED;
        uint8_t here = 0;
        for (; i < end; i++) here += (uint8_t)((s[i] & 0xC0) != 0x80);
        found += here;
    }
    return found;
}

static size_t first_word_width(const HeadLine *line) {
    size_t start = 0, end;
    while (start < line->bytes && is_blank_byte(line->text[start])) start++;
    for (end = start; end < line->bytes && !is_blank_byte(line->text[end]); end++) {}
    return count_characters(line->text + start, end - start);
}

static void widen(Column *c, const HeadLine *line) {
    if (!line->alone && line->width > c->widest) c->widest = line->width;
}

static int is_column(const Column *c) { return c->widest <= WIDEST && c->tightest > c->widest; }

/* Takes in a line after the line before it; what is no column already costs nothing more. */
static void add_pair(Column *c, HeadLine *one, HeadLine *other) {
    size_t together;
    c->pairs++;
    if (!is_column(c)) return;
    if ((one->bytes > CHARACTER_BYTES * WIDEST && !one->alone) ||
        (other->bytes > CHARACTER_BYTES * WIDEST && !other->alone)) {
        c->widest = WIDEST + 1;
        return;
    }
    if (c->pairs == 1) {
        one->width = count_characters(one->text, one->bytes);
        widen(c, one);
    }
    other->width = count_characters(other->text, other->bytes);
    widen(c, other);
    together = one->width + 1 + first_word_width(other);
    if (together < c->tightest) c->tightest = together;
}

static size_t end_column(Column *c) {
    size_t pairs = c->widest >= NARROWEST && is_column(c) ? c->pairs : 0;
    *c = NO_COLUMN;
    return pairs;
}

/* Where the next \r or \n is in s[at..n), or n. `feed` is the \n found before, so that no byte is searched twice. */
static size_t find_line_end(const uint8_t *s, size_t at, size_t n, size_t *feed) {
    const uint8_t *found;
    if (*feed < at) {
        found = memchr(s + at, '\n', n - at);
        *feed = found ? (size_t)(found - s) : n;
    }
    found = memchr(s + at, '\r', *feed - at);
    return found ? (size_t)(found - s) : *feed;
}

/* Counts everything but t->cut, or with `columns` that, too. */
static void count_lines(LineStatistics *t, const uint8_t *s, size_t n, int whole, int columns) {
    size_t start = 0, feed = 0;
    int before = 0; /* the line before this one is filled */
    HeadLine previous = {0};
    Column column = NO_COLUMN;
    memset(t, 0, sizeof *t);
    if (n > UNIT_HEAD_BYTES) {
        n = UNIT_HEAD_BYTES;
        whole = 0;
    }
    if (n) {
        const uint8_t *first = memchr(s, '\n', n);
        feed = first ? (size_t)(first - s) : n;
    }
    for (;;) {
        size_t end = find_line_end(s, start, n, &feed);
        HeadLine line;
        if (end == n && !whole && t->lines) break; /* cut off, and not the only one */
        line = read_head_line(s + start, end - start);
        if (line.words) {
            t->lines++;
            t->words += line.words;
            if (line.words > t->longest) t->longest = line.words;
            t->indented += line.first == ' ' || line.first == '\t';
            if (before) {
                t->pairs++;
                t->continued += goes_on(&previous, &line);
                if (columns) add_pair(&column, &previous, &line);
            }
            previous = line;
        } else {
            t->cut += end_column(&column);
        }
        before = line.words > 0;
        if (end == n) break;
        start = end + 1 + (s[end] == '\r' && end + 1 < n && s[end + 1] == '\n');
    }
    t->cut += end_column(&column);
    t->blank_runs = t->lines ? t->lines - 1 - t->pairs : 0;
}

/* dedup.paragraphs.is_wrapped; what is cut is counted only where that is asked. */
static int is_wrapped(LineStatistics *t, const uint8_t *s, size_t n, int whole) {
    if (t->pairs >= 2 && 2 * t->continued >= t->pairs) return 1;
    if (!t->pairs || t->pairs > 8 * t->continued || !t->blank_runs) return 0;
    count_lines(t, s, n, whole, 1);
    return 10 * t->cut >= 9 * t->pairs;
}

/* dedup.paragraphs.choose_unit; with `sentence` only whether its lines are wrapped is open. */
static int choose_unit(const uint8_t *s, size_t n, int whole, int sentence) {
    LineStatistics t;
    int wrapped, article, indented;
    count_lines(&t, s, n, whole, 0);
    wrapped = is_wrapped(&t, s, n, whole);
    if (sentence) return wrapped ? UNIT_SENTENCE_WRAPPED : UNIT_SENTENCE;
    if (!t.lines) return UNIT_LINE;
    article = t.words > 200 * t.lines || (t.longest > 200 && 4 * t.longest >= t.words) ||
              (t.longest > 100 && 3 * t.longest >= 2 * t.words);
    if (article) return wrapped ? UNIT_SENTENCE_WRAPPED : UNIT_SENTENCE;
    if (!wrapped) return UNIT_LINE;
    indented = t.indented >= 2 && 2 * t.indented < t.lines;
    return indented && t.indented > t.blank_runs ? UNIT_INDENT : UNIT_BLANK;
}

#endif
