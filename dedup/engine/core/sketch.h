/* A batch, sketched: paragraphs, word hashes, shingles, band keys. Reads settings only: threads may share them. */
#ifndef DEDUP_SKETCH_H
#define DEDUP_SKETCH_H
#include "digits.h"
#include "dispatch.h"
#include "samples.h"

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

#define MANY_LINES 255

typedef struct {
    size_t n, words, long_ones, pieces;
    /* Of every paragraph. */
    uint32_t *start, *end;
    uint32_t *word;     /* n + 1: where each paragraph's words begin in hash */
    uint32_t *line;     /* line ends of its piece before the paragraph */
    uint32_t *row;      /* number of the long paragraph, NO_ROW for short ones */
    uint8_t *inside;    /* line ends in it before the white space at its end, MANY_LINES for so many and more */
    uint64_t *sequence; /* hash of the word sequence; of short ones see hash_few */
    uint8_t *kept;      /* or NULL: which paragraphs are never removed; the caller's */
    /* Of every word. */
    uint32_t *hash;
    uint32_t *shingle; /* paragraph i owns shingle[word[i], word[i] + shingles) */
    /* Of every long paragraph. */
    uint32_t *key;      /* bands of them */
    Classes *classes;   /* that the shingles fall into */
    uint32_t *shingles; /* how many there are, repeated ones included */
    uint64_t *digits;   /* or NULL: see digit_map */
    Samples samples;    /* where digits are wanted, too */
    /* Of every piece. */
    size_t *piece;     /* pieces + 1: first paragraph of each */
    uint64_t *invalid; /* bytes that are not UTF-8 */
    size_t *lines;     /* line ends in it */
    /* The memory: arrays of one length stand end to end, and a sketch that is done with serves for another batch. */
    uint64_t *by_paragraph, *by_row, *by_piece;
    size_t paragraph_room, row_room, piece_room, shingle_room;
    Lanes *lanes; /* its output is hash */
    Offsets offsets;
    uint32_t *mixed; /* scratch: the longest paragraph's shingles, and a signature */
    size_t mixed_room;
} Sketch;

static void sketch_free(Sketch *s) {
    free(s->by_paragraph);
    free(s->by_row);
    free(s->by_piece);
    free(s->shingle);
    free(s->kept);
    free(s->mixed);
    samples_free(&s->samples);
    free(s->offsets.at);
    if (s->lanes) {
        word_free(&s->lanes->word);
        free(s->lanes->out);
        free(s->lanes);
    }
    memset(s, 0, sizeof *s);
}

/* Bytes that a sketch holds, nearly. */
static size_t sketch_bytes(const Sketch *s) {
    return 8 * (s->paragraph_room + s->row_room + s->piece_room) + s->samples.sample_room * sizeof(Sample) + 4 * (s->shingle_room + (s->lanes ? s->lanes->room : 0));
}

/* Room for `want` values, what was there being lost. */
static int renew(void **at, size_t *room, size_t want, size_t size) {
    if (want <= *room) return 1;
    free(*at);
    *room = want + want / 8 + 64;
    *at = malloc(*room * size);
    if (!*at) *room = 0;
    return *at != NULL;
}

static int room_for_pieces(Sketch *s, size_t n) {
    if (!renew((void **)&s->by_piece, &s->piece_room, 3 * n + 1, sizeof *s->by_piece)) return 0;
    s->invalid = s->by_piece;
    s->lines = (size_t *)(s->by_piece + n);
    s->piece = (size_t *)(s->by_piece + 2 * n);
    memset(s->by_piece, 0, 2 * n * sizeof *s->by_piece);
    return 1;
}

static int room_for_paragraphs(Sketch *s, size_t n) {
    size_t wide = n / 2 + 1; /* in units of eight bytes, with one value to spare */
    if (!renew((void **)&s->by_paragraph, &s->paragraph_room, n + 5 * wide + n / 8 + 1, sizeof *s->by_paragraph)) return 0;
    s->sequence = s->by_paragraph;
    s->start = (uint32_t *)(s->by_paragraph + n);
    s->end = s->start + 2 * wide;
    s->word = s->end + 2 * wide;
    s->line = s->word + 2 * wide;
    s->row = s->line + 2 * wide;
    s->inside = (uint8_t *)(s->row + 2 * wide);
    return 1;
}

static int room_for_rows(Sketch *s, size_t n, size_t bands, int digits) {
    size_t wide = n * (bands + 1) / 2 + 1;
    if (!renew((void **)&s->by_row, &s->row_room, 3 * n + wide, sizeof *s->by_row)) return 0;
    s->classes = (Classes *)s->by_row;
    s->digits = digits ? s->by_row + 2 * n : NULL;
    s->shingles = (uint32_t *)(s->by_row + 3 * n);
    s->key = s->shingles + n;
    return 1;
}

static inline uint32_t shingles_of(const SketchSettings *set, uint32_t words) {
    return words >= set->shingle_words ? words - set->shingle_words + 1 : words > 0;
}

/* Splits every piece and fills start, end and piece. */
static int sketch_split(Sketch *s, const uint8_t *text, const SketchPiece *pieces, size_t count) {
    Offsets *at = &s->offsets;
    size_t p, i, n = 0;
    at->n = 0;
    at->failed = 0;
    if (!room_for_pieces(s, count)) return 0;
    for (p = 0; p < count; p++) {
        size_t first = at->n;
        s->piece[p] = n;
        split_paragraphs(at, text + pieces[p].start, pieces[p].end - pieces[p].start, (int)pieces[p].unit, 1);
        n += at->n > first ? at->n - first - 1 : 0;
    }
    s->piece[count] = s->n = n;
    if (at->failed || !room_for_paragraphs(s, n)) return 0;
    for (p = 0, i = 0, n = 0; p < count; p++) {
        for (; n < s->piece[p + 1]; n++, i++) {
            s->start[n] = (uint32_t)pieces[p].start + at->at[i];
            s->end[n] = (uint32_t)pieces[p].start + at->at[i + 1];
        }
        i += s->piece[p + 1] > s->piece[p];
    }
    return 1;
}

/* Of `lines` line ends in n bytes, those before the white space at their end. */
static uint8_t count_inside(const uint8_t *text, size_t n, size_t lines) {
    size_t last = n;
    if (!lines) return 0;
    while (last && (is_space(text[last - 1]) || is_end(text[last - 1]))) last--;
    lines -= kernels.count_lines(text + last, n - last);
    return (uint8_t)(lines < MANY_LINES ? lines : MANY_LINES);
}

/* Hashes the words of every paragraph and counts lines. */
static int sketch_words(Sketch *s, const uint8_t *text, size_t size, const Meanwhile *more) {
    Lanes *lanes = s->lanes;
    size_t p, i;
    lanes->readable = text + size;
    lanes->n = lanes->done = lanes->patched = 0;
    lanes->word.failed = 0;
    for (p = 0; p < s->pieces; p++) {
        size_t lines = 0;
        for (i = s->piece[p]; i < s->piece[p + 1]; i++) {
            meanwhile(more, i);
            s->word[i] = (uint32_t)(lanes->done + lanes->n);
            s->line[i] = (uint32_t)lines;
            kernels.hash_words(lanes, text + s->start[i], s->end[i] - s->start[i], &s->invalid[p]);
            size_t ends = kernels.count_lines(text + s->start[i], s->end[i] - s->start[i]);
            s->inside[i] = count_inside(text + s->start[i], s->end[i] - s->start[i], ends);
            lines += ends;
        }
        s->lines[p] = lines;
    }
    s->words = lanes->done + lanes->n;
    s->word[s->n] = (uint32_t)s->words;
    lanes_flush(lanes);
    s->hash = lanes->out;
    return !lanes->word.failed;
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

static Classes classes_of(const uint32_t *shingle, size_t n) {
    Classes a = {{0}}, b = {{0}}; /* two are filled in turn: the second need not wait for the first */
    size_t i;
    for (i = 0; i + 2 <= n; i += 2) {
        a.half[shingle[i] >> 6 & 1] |= 1ull << (shingle[i] & 63);
        b.half[shingle[i + 1] >> 6 & 1] |= 1ull << (shingle[i + 1] & 63);
    }
    if (i < n) a.half[shingle[i] >> 6 & 1] |= 1ull << (shingle[i] & 63);
    return (Classes){{a.half[0] | b.half[0], a.half[1] | b.half[1]}};
}

static void band_keys(const SketchSettings *set, const uint32_t *signature, uint32_t *key) {
    uint32_t band;
    if (set->rows == 2) { /* as by default */
        for (band = 0; band < set->bands; band++) key[band] = xxh32_pair(signature[2 * band], signature[2 * band + 1]);
        return;
    }
    for (band = 0; band < set->bands; band++)
        key[band] = xxh32((const uint8_t *)(signature + (size_t)band * set->rows), 4 * (size_t)set->rows);
}

/* A hash of the words of a short paragraph, 0 of none: equal ones have the same, and most others have not. */
static inline uint32_t hash_few(const uint32_t *hash, size_t n) {
    uint32_t all = 0;
    size_t i;
    for (i = 0; i < n; i++) all = (all ^ hash[i]) * XXH_P1 + (all >> 15);
    return all;
}

/* Sequence hashes, and band keys of the long paragraphs. */
static int sketch_keys(Sketch *s, const SketchSettings *set, const uint8_t *text, const Meanwhile *more) {
    size_t i, longest = 0, permutations = (size_t)set->bands * set->rows;
    uint32_t *signature;
    Sample sample;
    s->long_ones = s->samples.n = 0;
    for (i = 0; i < s->n; i++) {
        uint32_t words = s->word[i + 1] - s->word[i];
        s->row[i] = NO_ROW;
        if (words < set->min_words || words == 0) {
            s->sequence[i] = hash_few(s->hash + s->word[i], words);
            continue;
        }
        s->row[i] = (uint32_t)s->long_ones++;
        s->sequence[i] = xxh64((const uint8_t *)(s->hash + s->word[i]), 4 * (size_t)words);
        if (words > longest) longest = words;
    }
    if (!set->bands) return 1;
    if (!room_for_rows(s, s->long_ones, set->bands, (int)set->figures) ||
        !renew((void **)&s->mixed, &s->mixed_room, longest + 16 + permutations, sizeof *s->mixed))
        return 0;
    signature = s->mixed + longest + 16;
    for (i = 0; i < s->n; i++) {
        const uint32_t *shingle = s->shingle + s->word[i];
        uint32_t row = s->row[i], count = shingles_of(set, s->word[i + 1] - s->word[i]);
        meanwhile(more, i);
        if (row == NO_ROW) continue;
        kernels.sign(shingle, count, set->a, set->b, permutations, s->mixed, signature);
        band_keys(set, signature, s->key + (size_t)row * set->bands);
        s->classes[row] = classes_of(shingle, count);
        s->shingles[row] = count;
        if (!s->digits) continue;
        s->digits[row] = digit_map(text + s->start[i], s->end[i] - s->start[i]);
        if (count <= LONG_SHINGLES) continue;
        sample = sample_of(shingle, count);
        if (!samples_add(&s->samples, row, &sample)) return 0;
    }
    return 1;
}

/* Sketches a batch into a sketch that is blank or done with. Returns 0 when memory runs out. */
static int sketch(Sketch *s, const SketchSettings *set, const uint8_t *text, size_t size, const SketchPiece *pieces,
                  size_t count, const Meanwhile *more) {
    s->pieces = count;
    if (!s->lanes && !(s->lanes = calloc(1, sizeof *s->lanes))) return 0;
    if (!sketch_split(s, text, pieces, count) || !sketch_words(s, text, size, more) ||
        !renew((void **)&s->shingle, &s->shingle_room, s->words + 16, sizeof *s->shingle))
        return 0;
    sketch_shingles(s, set);
    return sketch_keys(s, set, text, more);
}
#endif
