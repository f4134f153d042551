/* A batch, sketched: paragraphs, word hashes, shingles, band keys. Reads settings only: threads may share them. */
#ifndef DEDUP_SKETCH_H
#define DEDUP_SKETCH_H
#include "digits.h"
#include "dispatch.h"

#define NO_ROW 0xFFFFFFFFu

typedef struct {
    uint32_t shingle_words, min_words, bands, rows; /* bands 0: only equal words are looked for */
    uint32_t figures;                               /* digits are wanted */
    const uint32_t *a, *b;                          /* permutations, bands * rows each */
} SketchSettings;

typedef struct {
    size_t start, end;
    uint32_t unit;
} SketchPiece;

/* What a thread does now and then while it sketches: somebody may wait for it. */
typedef struct {
    void (*call)(void *); /* or NULL */
    void *whom;
} Meanwhile;

static inline void meanwhile(const Meanwhile *m, size_t i) {
    if (i % 64 == 0 && m->call) m->call(m->whom);
}

typedef struct {
    size_t n, words, long_ones;
    uint32_t *start;   /* n + pieces: first byte of each paragraph; the end of a piece's last one is its end */
    uint32_t *end;     /* n */
    uint32_t *word;    /* n + 1: where each paragraph's words begin in hash */
    uint32_t *line;    /* n: line ends of its piece before the paragraph */
    uint32_t *hash;    /* word hashes */
    uint32_t *shingle; /* paragraph i owns shingle[word[i], word[i] + shingles) */
    uint64_t *sequence; /* n: hash of the word sequence, of long paragraphs */
    uint32_t *row;     /* n: number of the paragraph's band keys, NO_ROW for short ones */
    uint32_t *key;     /* long_ones * bands */
    uint64_t *classes; /* long_ones: which of 64 classes the shingles fall into */
    uint32_t *shingles; /* long_ones: how many there are, repeated ones included */
    uint64_t *digits;  /* long_ones, or NULL: see digit_map */
    size_t *piece;     /* pieces + 1: first paragraph of each */
    uint64_t *invalid; /* pieces: bytes that are not UTF-8 */
    size_t *lines;     /* pieces: line ends in it */
    uint8_t *kept;     /* n, or NULL: which paragraphs are never removed; the caller's */
    size_t pieces;
} Sketch;

static void sketch_free(Sketch *s) {
    free(s->start);
    free(s->end);
    free(s->word);
    free(s->line);
    free(s->hash);
    free(s->shingle);
    free(s->sequence);
    free(s->row);
    free(s->key);
    free(s->classes);
    free(s->shingles);
    free(s->digits);
    free(s->piece);
    free(s->invalid);
    free(s->lines);
    free(s->kept);
    memset(s, 0, sizeof *s);
}

static inline uint32_t shingles_of(const SketchSettings *set, uint32_t words) {
    return words >= set->shingle_words ? words - set->shingle_words + 1 : words > 0;
}

/* Splits every piece and fills start, end and piece. */
static int sketch_split(Sketch *s, const uint8_t *text, const SketchPiece *pieces, size_t count) {
    Offsets at = {0};
    size_t p, i, n = 0;
    s->piece = malloc((count + 1) * sizeof *s->piece);
    if (!s->piece) return 0;
    for (p = 0; p < count; p++) {
        size_t first = at.n;
        s->piece[p] = n;
        split_paragraphs(&at, text + pieces[p].start, pieces[p].end - pieces[p].start, (int)pieces[p].unit, 1);
        n += at.n > first ? at.n - first - 1 : 0;
    }
    s->piece[count] = s->n = n;
    s->start = malloc((n + 1) * sizeof *s->start);
    s->end = malloc((n + 1) * sizeof *s->end);
    if (at.failed || !s->start || !s->end) {
        free(at.at);
        return 0;
    }
    for (p = 0, i = 0, n = 0; p < count; p++) {
        for (; n < s->piece[p + 1]; n++, i++) {
            s->start[n] = (uint32_t)pieces[p].start + at.at[i];
            s->end[n] = (uint32_t)pieces[p].start + at.at[i + 1];
        }
        i += s->piece[p + 1] > s->piece[p];
    }
    free(at.at);
    return 1;
}

/* Hashes the words of every paragraph and counts lines. */
static int sketch_words(Sketch *s, const uint8_t *text, size_t size, const SketchPiece *pieces, const Meanwhile *more) {
    Lanes *lanes = calloc(1, sizeof *lanes);
    size_t p, i;
    int ok;
    if (!lanes) return 0;
    lanes->readable = text + size;
    for (p = 0; p < s->pieces; p++) {
        size_t lines = 0;
        for (i = s->piece[p]; i < s->piece[p + 1]; i++) {
            meanwhile(more, i);
            s->word[i] = (uint32_t)(lanes->done + lanes->n);
            s->line[i] = (uint32_t)lines;
            kernels.hash_words(lanes, text + s->start[i], s->end[i] - s->start[i], &s->invalid[p]);
            lines += kernels.count_lines(text + s->start[i], s->end[i] - s->start[i]);
        }
        s->lines[p] = lines;
    }
    s->words = lanes->done + lanes->n;
    s->word[s->n] = (uint32_t)s->words;
    lanes_flush(lanes);
    ok = !lanes->word.failed;
    s->hash = lanes->out;
    word_free(&lanes->word);
    free(lanes);
    return ok;
}

static void sketch_shingles(Sketch *s, const SketchSettings *set) {
    size_t i, k = set->shingle_words;
    if (k == 3 && s->words > 2) {
        kernels.hash_triples(s->hash, s->words - 2, s->shingle);
    } else if (s->words >= k) {
        for (i = 0; i + k <= s->words; i++) s->shingle[i] = xxh32((const uint8_t *)(s->hash + i), 4 * k);
    }
    for (i = 0; i < s->n; i++) {
        uint32_t words = s->word[i + 1] - s->word[i];
        if (words && words < k) s->shingle[s->word[i]] = xxh32((const uint8_t *)(s->hash + s->word[i]), 4 * words);
    }
}

static uint64_t classes_of(const uint32_t *shingle, size_t n) {
    uint64_t a = 0, b = 0;
    size_t i;
    for (i = 0; i + 2 <= n; i += 2) {
        a |= 1ull << (shingle[i] & 63);
        b |= 1ull << (shingle[i + 1] & 63);
    }
    return i < n ? a | b | 1ull << (shingle[i] & 63) : a | b;
}

static void band_keys(const SketchSettings *set, const uint32_t *signature, uint32_t *key) {
    uint32_t band;
    for (band = 0; band < set->bands; band++)
        key[band] = xxh32((const uint8_t *)(signature + (size_t)band * set->rows), 4 * (size_t)set->rows);
}

/* Sequence hashes and band keys of the long paragraphs. */
static int sketch_keys(Sketch *s, const SketchSettings *set, const uint8_t *text, const Meanwhile *more) {
    size_t i, longest = 0, permutations = (size_t)set->bands * set->rows;
    uint32_t *mixed, *signature;
    int complete;
    for (i = 0; i < s->n; i++) {
        uint32_t words = s->word[i + 1] - s->word[i];
        s->row[i] = NO_ROW;
        if (words < set->min_words || words == 0) continue;
        s->row[i] = (uint32_t)s->long_ones++;
        s->sequence[i] = xxh64((const uint8_t *)(s->hash + s->word[i]), 4 * (size_t)words);
        if (words > longest) longest = words;
    }
    if (!set->bands) return 1;
    s->key = malloc((s->long_ones * set->bands + 1) * sizeof *s->key);
    s->classes = malloc((s->long_ones + 1) * sizeof *s->classes);
    s->shingles = malloc((s->long_ones + 1) * sizeof *s->shingles);
    if (set->figures) s->digits = malloc((s->long_ones + 1) * sizeof *s->digits);
    mixed = malloc((longest + 16) * sizeof *mixed);
    signature = malloc(permutations * sizeof *signature);
    complete = s->key && s->classes && s->shingles && (s->digits || !set->figures) && mixed && signature;
    if (complete) {
        for (i = 0; i < s->n; i++) {
            const uint32_t *shingle = s->shingle + s->word[i];
            uint32_t row = s->row[i], count = shingles_of(set, s->word[i + 1] - s->word[i]);
            meanwhile(more, i);
            if (row == NO_ROW) continue;
            kernels.sign(shingle, count, set->a, set->b, permutations, mixed, signature);
            band_keys(set, signature, s->key + (size_t)row * set->bands);
            s->classes[row] = classes_of(shingle, count);
            s->shingles[row] = count;
            if (s->digits) s->digits[row] = digit_map(text + s->start[i], s->end[i] - s->start[i]);
        }
    }
    free(mixed);
    free(signature);
    return complete;
}

/* Sketches a batch. Returns 0 when memory runs out. */
static int sketch(Sketch *s, const SketchSettings *set, const uint8_t *text, size_t size, const SketchPiece *pieces,
                  size_t count, const Meanwhile *more) {
    size_t n;
    memset(s, 0, sizeof *s);
    s->pieces = count;
    if (!sketch_split(s, text, pieces, count)) return 0;
    n = s->n;
    s->word = malloc((n + 1) * sizeof *s->word);
    s->line = malloc((n + 1) * sizeof *s->line);
    s->row = malloc((n + 1) * sizeof *s->row);
    s->sequence = malloc((n + 1) * sizeof *s->sequence);
    s->invalid = calloc(count + 1, sizeof *s->invalid);
    s->lines = calloc(count + 1, sizeof *s->lines);
    if (!s->word || !s->line || !s->row || !s->sequence || !s->invalid || !s->lines) return 0;
    if (!sketch_words(s, text, size, pieces, more)) return 0;
    s->shingle = malloc((s->words + 16) * sizeof *s->shingle);
    if (!s->shingle) return 0;
    sketch_shingles(s, set);
    return sketch_keys(s, set, text, more);
}
#endif
