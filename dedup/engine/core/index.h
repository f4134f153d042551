/* What matching remembers: band tables, originals, where the text can be read again. */
#ifndef DEDUP_INDEX_H
#define DEDUP_INDEX_H
#include <errno.h>
#include <sched.h>
#include <unistd.h>
#include "sketch.h"

/* ---- Growing arrays: realloc by a half more; pages not yet touched cost nothing. ---- */

static int grow_more(void **at, size_t *room, size_t want, size_t size) {
    size_t more;
    void *grown;
    more = want + want / 2 + 64;
    grown = realloc(*at, more * size);
    if (!grown) return 0;
    *at = grown;
    *room = more;
    return 1;
}

static inline int grow(void **at, size_t *room, size_t want, size_t size) {
    return want <= *room || grow_more(at, room, want, size);
}

/* ---- Table: keys of one band to originals. ----
 *
 * Open addressing in whole cache lines: a key's home is a line, and a line that is full runs over into the next.
 * Lines fill from the left and nothing is ever taken out, so the entries of a key stand in input order along its
 * lines, a look-up ends at the first gap, and that gap is where the key would be inserted: most look-ups and
 * inserts touch one line. The home grows with the key, so growing reads and writes in order. Measured against
 * sorted linear probing at the same load: a third of the time. Chains would cost eight bytes an entry more, and
 * a power-of-two size would leave the table half empty on average. */

#define LINE_SLOTS 8
#define NO_ID 0xFFFFFFFFu
#define TABLE_FIRST 8

typedef struct {
    uint32_t key[LINE_SLOTS], id[LINE_SLOTS];
} Line;

typedef struct {
    void *memory;
    Line *line;   /* in memory, at a cache line's start */
    size_t homes; /* home of key: key * homes >> 32 */
    size_t lines; /* homes + room for what runs over the end */
    size_t count;
} Table;

static inline size_t table_home(const Table *t, uint32_t key) { return (size_t)((uint64_t)key * t->homes >> 32); }

/* Bit i is set where slot i has the value. */
static inline unsigned line_mask(const uint32_t *slot, uint32_t value) {
#ifdef DEDUP_X86
    __m128i v = _mm_set1_epi32((int)value);
    __m128i low = _mm_cmpeq_epi32(_mm_load_si128((const __m128i *)slot), v);
    __m128i high = _mm_cmpeq_epi32(_mm_load_si128((const __m128i *)slot + 1), v);
    return (unsigned)_mm_movemask_ps(_mm_castsi128_ps(low)) | (unsigned)_mm_movemask_ps(_mm_castsi128_ps(high)) << 4;
#else
    unsigned i, mask = 0;
    for (i = 0; i < LINE_SLOTS; i++) mask |= (unsigned)(slot[i] == value) << i;
    return mask;
#endif
}

/* The first gap from a line on: slot number, or the table's end. */
static inline size_t table_gap_from(const Table *t, size_t i) {
    unsigned empty = 0;
    while (i < t->lines && !(empty = line_mask(t->line[i].id, NO_ID))) i++;
    return i < t->lines ? i * LINE_SLOTS + (size_t)__builtin_ctz(empty) : t->lines * LINE_SLOTS;
}

static inline size_t table_gap(const Table *t, uint32_t key) { return table_gap_from(t, table_home(t, key)); }

/* Makes room for `lines` lines: those that are there move along, the rest is undefined. */
static int table_room(Table *t, size_t lines) {
    size_t shift = t->memory ? (size_t)((char *)t->line - (char *)t->memory) : 0, now;
    char *memory = realloc(t->memory, (lines + 1) * sizeof(Line));
    if (!memory) return 0;
    now = (0 - (uintptr_t)memory) % sizeof(Line);
    if (now != shift) memmove(memory + now, memory + shift, t->lines * sizeof(Line));
    t->memory = memory;
    t->line = (Line *)(memory + now);
    return 1;
}

/* Grows inside the same memory. The old lines are moved to the far end and laid out again from the front; an entry
 * never lands behind the line that it is read from, because its home moves by no more than the table grows. */
static int table_grow(Table *t) {
    size_t homes = t->homes < 4096 ? t->homes * 2 : t->homes + t->homes / 4, old = t->lines, i, k;
    size_t lines = homes + homes / 64 + 8;
    uint8_t *fill = calloc(lines, 1); /* entries in each new line: asking the lines themselves takes twice as long */
    if (!fill || !table_room(t, lines)) {
        free(fill);
        return 0;
    }
    memmove(t->line + (lines - old), t->line, old * sizeof(Line));
    memset(t->line, 0xFF, (lines - old) * sizeof(Line));
    t->homes = homes;
    t->lines = lines;
    for (i = lines - old; i < lines; i++) {
        Line from = t->line[i];
        memset(&t->line[i], 0xFF, sizeof(Line));
        for (k = 0; k < LINE_SLOTS && from.id[k] != NO_ID; k++) {
            size_t to = table_home(t, from.key[k]);
            while (fill[to] == LINE_SLOTS) to++;
            t->line[to].key[fill[to]] = from.key[k];
            t->line[to].id[fill[to]++] = from.id[k];
        }
    }
    free(fill);
    return 1;
}

static void table_free(Table *t) {
    free(t->memory);
    memset(t, 0, sizeof *t);
}

static int table_clear(Table *t) {
    if (t->homes != TABLE_FIRST) {
        table_free(t);
        if (!table_room(t, TABLE_FIRST + 8)) return 0;
        t->homes = TABLE_FIRST;
        t->lines = TABLE_FIRST + 8;
    }
    memset(t->line, 0xFF, t->lines * sizeof(Line));
    t->count = 0;
    return 1;
}

/* Puts id, larger than every id before it, into the gap that a look-up of key ended at. */
static int table_insert(Table *t, uint32_t key, uint32_t id, size_t gap) {
    while (t->count * 10 >= t->homes * LINE_SLOTS * 9 || gap >= t->lines * LINE_SLOTS) {
        if (!table_grow(t)) return 0;
        gap = table_gap(t, key);
    }
    t->line[gap / LINE_SLOTS].key[gap % LINE_SLOTS] = key;
    t->line[gap / LINE_SLOTS].id[gap % LINE_SLOTS] = id;
    t->count++;
    return 1;
}

/* The originals that share a key, oldest first. */
typedef struct {
    uint32_t *id;
    size_t n, room;
} Ids;

/* Appends the originals under a key; returns where the look-up ended, or the table's end when memory runs out. */
static inline size_t table_find(const Table *t, uint32_t key, Ids *found) {
    size_t i = table_home(t, key);
    for (; i < t->lines; i++) {
        const Line *line = &t->line[i];
        unsigned hits = line_mask(line->key, key), empty = line_mask(line->id, NO_ID);
        if (empty) hits &= (empty & -empty) - 1; /* a gap's key is no key */
        if (!hits) goto next;
        if (!grow((void **)&found->id, &found->room, found->n + LINE_SLOTS, sizeof *found->id)) return (size_t)-1;
        if (hits == (1u << LINE_SLOTS) - 1) { /* the middle of a large bucket */
            memcpy(found->id + found->n, line->id, sizeof line->id);
            found->n += LINE_SLOTS;
            continue;
        }
        for (; hits; hits &= hits - 1) found->id[found->n++] = line->id[__builtin_ctz(hits)];
    next:
        if (empty) return i * LINE_SLOTS + (size_t)__builtin_ctz(empty);
    }
    return t->lines * LINE_SLOTS;
}

/* ---- Text that was seen: by its offset in the run, from a file, or from memory. ---- */

typedef struct {
    uint64_t start, end;
    int file;              /* -1: in memory */
    uint64_t file_offset;
    const uint8_t *memory;
} Segment;

/* Blocks of files that were read lately. The next repeat of a block repeats the next original: one call to the system
 * serves dozens of them (on a gigabyte of mixed text two million calls took a sixth of the time). */
#define BLOCK_BYTES ((size_t)4096)
#define BLOCKS 1024

typedef struct {
    uint64_t number; /* of the block in its file */
    uint32_t n;      /* bytes that are there */
    int file;
} BlockTag;

typedef struct {
    BlockTag *tag;
    uint8_t *block;
} Blocks;

static void blocks_free(Blocks *b) {
    free(b->tag);
    free(b->block);
}

typedef struct {
    Segment *segment;
    size_t n, room;
    int error; /* errno of a failed read; -1: the file has become shorter */
} Store;

static inline void store_fail(Store *s, int error) { __atomic_store_n(&s->error, error, __ATOMIC_RELAXED); }

static int store_add(Store *s, uint64_t start, uint64_t n, int file, uint64_t file_offset, const uint8_t *memory) {
    if (s->n && file >= 0) { /* one segment for a file that is read from end to end */
        Segment *last = &s->segment[s->n - 1];
        if (last->file == file && last->end == start && last->file_offset + (last->end - last->start) == file_offset) {
            last->end += n;
            return 1;
        }
    }
    if (!grow((void **)&s->segment, &s->room, s->n + 1, sizeof *s->segment)) return 0;
    s->segment[s->n++] = (Segment){start, start + n, file, file_offset, memory};
    return 1;
}

/* Reads up to n bytes of a file at an offset: what is there, or -1 with errno set. */
static ssize_t read_fully(int file, uint64_t offset, size_t n, uint8_t *to) {
    size_t got = 0;
    while (got < n) {
        ssize_t r = pread(file, to + got, n - got, (off_t)(offset + got));
        if (r < 0 && errno == EINTR) continue;
        if (r < 0) return -1;
        if (r == 0) break;
        got += (size_t)r;
    }
    return (ssize_t)got;
}

/* The block of a file with at least `least` bytes in it; NULL with error set if there are not so many. */
static const uint8_t *store_block(Store *s, Blocks *b, int file, uint64_t number, size_t least) {
    size_t slot = (size_t)(number * 0x9E3779B97F4A7C15ull >> 54) ^ ((size_t)file & (BLOCKS - 1));
    BlockTag *tag;
    uint8_t *block;
    ssize_t n;
    if (!b->tag) {
        b->tag = calloc(BLOCKS, sizeof *b->tag);
        b->block = malloc(BLOCKS * BLOCK_BYTES);
        if (!b->tag || !b->block) {
            store_fail(s, ENOMEM);
            return NULL;
        }
    }
    tag = &b->tag[slot];
    block = b->block + slot * BLOCK_BYTES;
    if (tag->n >= least && tag->file == file && tag->number == number) return block;
    n = read_fully(file, number * BLOCK_BYTES, BLOCK_BYTES, block);
    *tag = (BlockTag){number, n > 0 ? (uint32_t)n : 0, file};
    if (n < 0) store_fail(s, errno);
    else if ((size_t)n < least) store_fail(s, -1);
    return n >= 0 && (size_t)n >= least ? block : NULL;
}

/* Reads n bytes of a file at an offset: through the blocks, or a long stretch by itself. */
static int store_read_file(Store *s, Blocks *b, int file, uint64_t offset, size_t n, uint8_t *to) {
    if (n > 2 * BLOCK_BYTES) {
        ssize_t got = read_fully(file, offset, n, to);
        if (got != (ssize_t)n) store_fail(s, got < 0 ? errno : -1);
        return got == (ssize_t)n;
    }
    while (n) {
        size_t at = (size_t)(offset % BLOCK_BYTES), part = BLOCK_BYTES - at < n ? BLOCK_BYTES - at : n;
        const uint8_t *block = store_block(s, b, file, offset / BLOCK_BYTES, at + part);
        if (!block) return 0;
        memcpy(to, block + at, part);
        to += part;
        offset += part;
        n -= part;
    }
    return 1;
}

static int store_read(Store *s, Blocks *b, uint64_t start, size_t n, uint8_t *to) {
    size_t low = 0, high = s->n;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (s->segment[middle].start <= start) low = middle;
        else high = middle;
    }
    for (; n > 0 && low < s->n; low++) {
        const Segment *g = &s->segment[low];
        size_t part = g->end - start < n ? (size_t)(g->end - start) : n;
        if (g->end <= start) continue;
        if (g->file < 0) memcpy(to, g->memory + (start - g->start), part);
        else if (!store_read_file(s, b, g->file, g->file_offset + (start - g->start), part, to)) return 0;
        to += part;
        start += part;
        n -= part;
    }
    if (n) store_fail(s, -1);
    return n == 0;
}

/* ---- Sets of shingles. ---- */

/* Which of 256 classes hold an odd number of values: two maps differ in no more bits than the sets in values, so a
 * large distance proves a low similarity (the bitmap filter of Sandes, Teodoro and Melo 2020). */
#define PARITY_WORDS 4

static inline void parity_flip(uint64_t *parity, uint32_t v) { parity[v >> 6 & (PARITY_WORDS - 1)] ^= 1ull << (v & 63); }

/* The distinct shingles of a paragraph, for membership tests. */
typedef struct {
    uint64_t *slot; /* stamp << 32 | shingle */
    size_t size, n; /* n: distinct shingles */
    uint32_t stamp;
    uint32_t *bit;  /* a bit map of them, 32 to 64 bits a shingle: a clear bit proves absence */
    size_t bit_words;
    uint64_t parity[PARITY_WORDS];
} ShingleSet;

static inline size_t set_slot(const ShingleSet *s, uint32_t v) { return v & (s->size - 1); }

/* Adds v; returns 1 if it is new. */
static inline int set_add(ShingleSet *s, uint32_t v) {
    uint64_t want = (uint64_t)s->stamp << 32 | v;
    size_t i = set_slot(s, v);
    while (s->slot[i] >> 32 == s->stamp) {
        if (s->slot[i] == want) return 0;
        i = (i + 1) & (s->size - 1);
    }
    s->slot[i] = want;
    s->n++;
    parity_flip(s->parity, v);
    return 1;
}

static inline int set_has(const ShingleSet *s, uint32_t v) {
    uint64_t want = (uint64_t)s->stamp << 32 | v;
    size_t i = set_slot(s, v);
    while (s->slot[i] >> 32 == s->stamp) {
        if (s->slot[i] == want) return 1;
        i = (i + 1) & (s->size - 1);
    }
    return 0;
}

/* Empties the set and makes room for n values. */
static int set_begin(ShingleSet *s, size_t n) {
    size_t size = 64;
    while (size < 2 * n) size *= 2;
    if (size > s->size || s->stamp == 0xFFFFFFFFu) {
        uint64_t *slot;
        if (size < s->size) size = s->size;
        slot = calloc(size, sizeof *slot);
        if (!slot) return 0;
        free(s->slot);
        s->slot = slot;
        s->size = size;
        s->stamp = 0;
    }
    s->stamp++;
    s->n = 0;
    memset(s->parity, 0, sizeof s->parity);
    return 1;
}

/* Draws the bit map of the first n values. */
static int set_draw(ShingleSet *s, const uint32_t *v, size_t n) {
    size_t words = 128, i;
    while (words < 2 * n) words *= 2;
    if (words > s->bit_words) {
        uint32_t *bit = realloc(s->bit, words * sizeof *bit);
        if (!bit) return 0;
        s->bit = bit;
    }
    s->bit_words = words;
    memset(s->bit, 0, words * sizeof *s->bit);
    for (i = 0; i < n; i++) s->bit[v[i] >> 5 & (words - 1)] |= 1u << (v[i] & 31);
    return 1;
}

static void set_free(ShingleSet *s) {
    free(s->slot);
    free(s->bit);
}

/* ---- Originals. ---- */

typedef struct {
    uint64_t sequence;  /* hash of its word sequence */
    uint32_t place;     /* number of the paragraph, less Matcher.first_place */
    uint32_t line;      /* from 1 in its document */
    uint32_t shown_in;  /* the last document + 1 that kept a repeat of it */
    uint32_t shingles;  /* repeated ones included; from the first comparison on the distinct ones, with COMPARED set */
    uint64_t classes;   /* which of 64 classes its shingles fall into */
    uint64_t digits;    /* see digit_map */
} Original;

#define COMPARED 0x80000000u

/* Any thread may have compared it. */
static inline uint32_t original_size(const Original *o) { return __atomic_load_n(&o->shingles, __ATOMIC_RELAXED); }
static inline void original_compared(Original *o, uint32_t distinct) {
    __atomic_store_n(&o->shingles, COMPARED | distinct, __ATOMIC_RELAXED);
}

static inline int ones(uint64_t v) {
    v -= v >> 1 & 0x5555555555555555ull;
    v = (v & 0x3333333333333333ull) + (v >> 2 & 0x3333333333333333ull);
    return (int)(((v + (v >> 4)) & 0x0F0F0F0F0F0F0F0Full) * 0x0101010101010101ull >> 56);
}

/* Two sets differ in at least as many values as their classes differ in bits. Needs no distinct values, so it costs
 * little to make, and clears nearly all false candidates of up to some sixty shingles before their text is read.
 * Where what is contained is near, too: b may be if it lacks no more classes than a tenth of its shingles. */
static inline int classes_agree(uint64_t a, uint32_t a_shingles, uint64_t b, uint32_t b_shingles, float share, int contained) {
    if ((float)ones(a ^ b) <= share * (float)(a_shingles + b_shingles) + 0.01f) return 1;
    return contained && 10 * (uint32_t)ones(b & ~a) <= b_shingles;
}

static inline int may_reach(const Original *o, uint64_t classes, uint32_t shingles, float share, int contained) {
    return classes_agree(o->classes, original_size(o) & ~COMPARED, classes, shingles, share, contained);
}

/* Distinct shingles of originals compared lately: templates compare with the same few again and again. */
#define CACHE_SLOTS 32768
#define CACHE_BYTES ((size_t)8 << 20)

typedef struct {
    uint32_t id, n, room;
    uint32_t spared; /* asked for since another original wanted its place */
    uint32_t *shingle;
    uint64_t parity[PARITY_WORDS];
} Cached;
#endif
