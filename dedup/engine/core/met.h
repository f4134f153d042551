/* Words met lately, with what the table of languages says of them: a few thousand make up most of any text. */
#ifndef DEDUP_MET_H
#define DEDUP_MET_H
#include "languages.h"

#define MET_BITS 10
#define MET_WORDS (1u << MET_BITS)
#define SHORT_BYTES 16 /* of a word that is kept; as many may be read after the first of any */

typedef struct {
    uint64_t first, second; /* its bytes, and zeros */
    uint64_t hash;
    const uint8_t *listed; /* where the table has it, or NULL; all that it says would be more than the first cache holds */
} Met;

/* What reads paragraphs. */
typedef struct {
    Word word;
    Met *met; /* MET_WORDS, each where its bytes say, and one more for a word that is longer */
} Reading;

static int reading_open(Reading *r) { return r->met || (r->met = calloc(MET_WORDS + 1, sizeof *r->met)); }

static void reading_free(Reading *r) {
    word_free(&r->word);
    free(r->met);
}

static const Met *meet_anew(Met *m, const uint8_t *word, size_t n) {
    m->hash = xxh64(word, n);
    m->listed = n <= LONGEST_PHRASE ? find_slot(m->hash) : NULL;
    return m;
}

/* The first n of eight bytes; n may be more. */
static inline uint64_t first_bytes(const uint8_t *p, size_t n) { return n < 8 ? load64(p) & ((1ull << 8 * n) - 1) : load64(p); }

/* What is known of a folded word; good until the next is asked for. */
static const Met *meet(Met *met, const uint8_t *word, size_t n) {
    uint64_t first, second;
    Met *m;
    if (n > SHORT_BYTES) return meet_anew(&met[MET_WORDS], word, n);
    first = first_bytes(word, n);
    second = n > 8 ? first_bytes(word + 8, n - 8) : 0;
    m = &met[(first * XXH_Q1 + second * XXH_Q2) >> (64 - MET_BITS)];
    if (m->first == first && m->second == second) return m;
    m->first = first;
    m->second = second;
    return meet_anew(m, word, n);
}
#endif
