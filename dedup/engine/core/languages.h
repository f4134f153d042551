/* What is known of languages: the native half of dedup/rule/languages.py. The table is dedup/engine/languages.bin, written
 * by scripts/make_languages.py; its layout is described there. */
#ifndef DEDUP_LANGUAGES_H
#define DEDUP_LANGUAGES_H
#include "fold.h"

enum { TERM_WORD, TERM_FUNCTION, TERM_NEGATION, TERM_MODAL, TERM_TITLE, TERM_FIGURE, TERM_MEASURE, TERM_NAME,
       TERM_RELATION };

#define LONGEST_PHRASE 96 /* bytes; make_languages.py has none that is longer */

#define PRESENT_BITS (1u << 16)

typedef struct {
    uint64_t phrase, key, info; /* info: see make_languages.py */
} Slot;

static struct {
    const uint8_t *slot, *known, *listed;
    uint64_t slots, known_bits, listed_bits;
    uint64_t present[PRESENT_BITS / 64]; /* of the phrases' hashes: most words are in no table, and this stays in the first cache */
} languages;

static inline int is_present(uint64_t h) { return languages.present[h >> 6 & (PRESENT_BITS / 64 - 1)] >> (h & 63) & 1; }

/* Points the reader at the table's bytes, which must stay alive. Returns 0 if they are not such a table. */
static int languages_open(const uint8_t *data, size_t n) {
    uint64_t slots, known, listed, at;
    if (n < 24 || memcmp(data, "deduplng", 8) != 0 || load32(data + 8) != 3) return 0;
    slots = load32(data + 12);
    known = load32(data + 16);
    listed = load32(data + 20);
    if (n != 24 + 24 * slots + known / 8 + listed / 8) return 0;
    languages.slot = data + 24;
    languages.slots = slots;
    languages.known = languages.slot + 24 * slots;
    languages.known_bits = known;
    languages.listed = languages.known + known / 8;
    languages.listed_bits = listed;
    memset(languages.present, 0, sizeof languages.present);
    for (at = 0; at < slots; at++) {
        uint64_t h = load64(languages.slot + 24 * at);
        if (h) languages.present[h >> 6 & (PRESENT_BITS / 64 - 1)] |= 1ull << (h & 63);
    }
    return 1;
}

static inline int slot_begins(const Slot *s) { return s->info >> 16 & 1; }
static inline int slot_abbreviates(const Slot *s) { return s->info >> 17 & 1; }
static inline int slot_english(const Slot *s) { return s->info >> 18 & 1; }
static inline int slot_signed(const Slot *s) { return s->info >> 19 & 1; }
static inline int slot_kind(const Slot *s) { return (int)(s->info & 255); }
static inline int slot_magnitude(const Slot *s) { return (int)(s->info >> 8 & 255); }
static inline uint32_t slot_value(const Slot *s) { return (uint32_t)(s->info >> 32); }

/* Where the table has the phrase with a hash, or NULL. */
static inline const uint8_t *find_slot(uint64_t h) {
    uint64_t at, phrase;
    if (!is_present(h)) return NULL;
    for (at = h & (languages.slots - 1);; at = (at + 1) & (languages.slots - 1)) {
        if (!(phrase = load64(languages.slot + 24 * at))) return NULL;
        if (phrase == h) return languages.slot + 24 * at;
    }
}

static inline Slot slot_at(const uint8_t *p) { return (Slot){load64(p), load64(p + 8), load64(p + 16)}; }

/* Whether phrases begin with what stands there. */
static inline int begins_at(const uint8_t *p) {
    Slot s = slot_at(p);
    return slot_begins(&s);
}

/* What the table says of the phrase with a hash; returns 0 if it has none. */
static inline int look_up_hash(uint64_t h, Slot *found) {
    const uint8_t *at = find_slot(h);
    if (at) *found = slot_at(at);
    return at != NULL;
}

static int look_up(const uint8_t *phrase, size_t n, Slot *found) {
    return n <= LONGEST_PHRASE && look_up_hash(xxh64(phrase, n), found);
}

static int filter_has(const uint8_t *bits, uint64_t n, const uint8_t *word, size_t length) {
    uint64_t h = xxh64(word, length), step = h >> 32 | 1, i;
    for (i = 0; i < 7; i++) {
        uint64_t at = (h + i * step) & (n - 1);
        if (!(bits[at >> 3] >> (at & 7) & 1)) return 0;
    }
    return 1;
}

static int is_known(const uint8_t *word, size_t n) { return filter_has(languages.known, languages.known_bits, word, n); }

static int language_lists(const char *language, const uint8_t *word, size_t n) {
    uint8_t entry[LONGEST_PHRASE + 3] = {(uint8_t)language[0], (uint8_t)language[1], ' '};
    memcpy(entry + 3, word, n);
    return filter_has(languages.listed, languages.listed_bits, entry, n + 3);
}

/* Whether English has one rarely and the other every day. */
static int is_rarer(const uint8_t *a, size_t n, const uint8_t *b, size_t m) {
    return language_lists("e-", a, n) && language_lists("e+", b, m);
}

/* Whether two words that differ in a letter may be one: some language lists one of them, and none lists both;
 * with `english` no other is asked. */
static int are_one(const uint8_t *a, size_t n, const uint8_t *b, size_t m, int english) {
    static const char *const name[] = {"en", "de", "es", "fr", "it", "pt", "nl", "ru", "ar"};
    int any = 0;
    size_t i;
    if (n > LONGEST_PHRASE || m > LONGEST_PHRASE) return 0;
    for (i = 0; i < (english ? 1 : sizeof name / sizeof *name); i++) {
        int one = language_lists(name[i], a, n), other = language_lists(name[i], b, m);
        if (one && other) return i == 0 && (is_rarer(a, n, b, m) || is_rarer(b, m, a, n));
        any |= one | other;
    }
    return any;
}
#endif
