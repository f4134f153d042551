/* Samples of long paragraphs. Their shingles fall into most of the classes, so those tell little of a pair; but where a
 * paragraph must add nothing, a long one may lack a few shingles only, and one that lacks more than those of an original's
 * sample is not near, whatever their texts say. */
#ifndef DEDUP_SAMPLES_H
#define DEDUP_SAMPLES_H
#include "room.h"
#include "sieve.h"
#include "x86.h"

#define LONG_SHINGLES 128 /* a paragraph of more must be contained where it must add nothing, but for a twentieth ... */
#define MOST_LACKING 16   /* ... and no more than so many */

#define SAMPLE_BITS 256
#define SAMPLED_BELOW 28
#define SAMPLED (1u << SAMPLED_BELOW) /* shingles below this: one in sixteen */

typedef struct {
    uint64_t bit[SAMPLE_BITS / 64];
} Sample;

/* Samples, in the order of the rows or of the originals that they are of. */
typedef struct {
    uint32_t *id;
    Sample *sample;
    size_t n, id_room, sample_room;
} Samples;

static void samples_free(Samples *s) {
    free(s->id);
    free(s->sample);
}

static inline void sample_add(Sample *s, uint32_t shingle) {
    uint32_t at = shingle / (SAMPLED / SAMPLE_BITS);
    s->bit[at / 64] |= 1ull << (at % 64);
}

#ifdef DEDUP_X86
/* Which of four shingles are sampled. */
static inline unsigned sampled_in(const uint32_t *shingle) {
    __m128i above = _mm_srli_epi32(_mm_loadu_si128((const __m128i *)shingle), SAMPLED_BELOW);
    return (unsigned)_mm_movemask_ps(_mm_castsi128_ps(_mm_cmpeq_epi32(above, _mm_setzero_si128())));
}
#endif

static Sample sample_of(const uint32_t *shingle, size_t n) {
    Sample s = {{0}};
    size_t i = 0;
#ifdef DEDUP_X86
    for (; i + 8 <= n; i += 8) {
        unsigned in = sampled_in(shingle + i) | sampled_in(shingle + i + 4) << 4;
        for (; in; in &= in - 1) sample_add(&s, shingle[i + (size_t)__builtin_ctz(in)]);
    }
#endif
    for (; i < n; i++)
        if (shingle[i] < SAMPLED) sample_add(&s, shingle[i]);
    return s;
}

static int samples_add(Samples *s, uint32_t id, const Sample *sample) {
    if (!grow((void **)&s->id, &s->id_room, s->n + 1, sizeof *s->id) ||
        !grow((void **)&s->sample, &s->sample_room, s->n + 1, sizeof *s->sample))
        return 0;
    s->id[s->n] = id;
    s->sample[s->n++] = *sample;
    return 1;
}

/* The sample of a row or an original, or NULL if it is not a long one. */
static const Sample *sample_find(const Samples *s, uint32_t id) {
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (s->id[middle] < id) low = middle + 1;
        else high = middle;
    }
    return low < s->n && s->id[low] == id ? &s->sample[low] : NULL;
}

/* Whether n shingles, repeated ones included, are more than LONG_SHINGLES distinct ones. May say no where they are. */
static int surely_long(const uint32_t *shingle, size_t n) {
    uint64_t bit[8] = {0};
    size_t i, distinct = 0, most = n < 4 * LONG_SHINGLES ? n : 4 * LONG_SHINGLES;
    if (n <= LONG_SHINGLES) return 0;
    for (i = 0; i < most; i++) bit[shingle[i] >> 29] |= 1ull << (shingle[i] >> 23 & 63);
    for (i = 0; i < 8; i++) distinct += (size_t)ones(bit[i]);
    return distinct > LONG_SHINGLES;
}

/* Whether a long paragraph of so many shingles, repeated ones included, lacks more of an original than it may. */
static int lacks_sample(const Sample *mine, size_t n, const Sample *theirs) {
    size_t i, lacking = 0, most = n / 20 < MOST_LACKING ? n / 20 : MOST_LACKING;
    for (i = 0; i < SAMPLE_BITS / 64; i++) lacking += (size_t)ones(mine->bit[i] & ~theirs->bit[i]);
    return lacking > most;
}
#endif
