/* Text that was seen: by its offset in the run, from a file, or from memory. */
#ifndef DEDUP_STORE_H
#define DEDUP_STORE_H
#include <errno.h>
#include <unistd.h>
#include "room.h"

typedef struct {
    uint64_t start, end;
    int file;              /* -1: in memory */
    uint64_t file_offset;
    const uint8_t *memory;
} Segment;

/* Blocks of files that were read lately. The next repeat of a block repeats the next original: one call to the system
 * serves several of them, and copies little that nobody asks for. */
#define BLOCK_BYTES ((size_t)1024)
#define BLOCKS 2048

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
    Segment *outgrown[64];
    int outgrowns;
} Store;

static inline void store_fail(Store *s, int error) { __atomic_store_n(&s->error, error, __ATOMIC_RELAXED); }

/* Room for one more. Other threads read beside the walk what was there before: it stays where they found it. */
static int store_grow(Store *s) {
    Segment *more;
    if (s->n < s->room) return 1;
    more = malloc((2 * s->room + 64) * sizeof *more);
    if (!more) return 0;
    if (s->n) memcpy(more, s->segment, s->n * sizeof *more);
    s->outgrown[s->outgrowns++] = s->segment;
    __atomic_store_n(&s->segment, more, __ATOMIC_RELEASE);
    s->room = 2 * s->room + 64;
    return 1;
}

static void store_free(Store *s) {
    while (s->outgrowns) free(s->outgrown[--s->outgrowns]);
    free(s->segment);
}

static int store_add(Store *s, uint64_t start, uint64_t n, int file, uint64_t file_offset, const uint8_t *memory) {
    if (s->n && file >= 0) { /* one segment for a file that is read from end to end */
        Segment *last = &s->segment[s->n - 1];
        if (last->file == file && last->end == start && last->file_offset + (last->end - last->start) == file_offset) {
            __atomic_store_n(&last->end, start + n, __ATOMIC_RELEASE);
            return 1;
        }
    }
    if (!store_grow(s)) return 0;
    s->segment[s->n] = (Segment){start, start + n, file, file_offset, memory};
    __atomic_store_n(&s->n, s->n + 1, __ATOMIC_RELEASE);
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
    size_t slot = (size_t)(number * 0x9E3779B97F4A7C15ull >> 53) ^ ((size_t)file & (BLOCKS - 1));
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

/* Reads n bytes of a file at an offset: through the blocks, or by itself what is long or comes without any. */
static int store_read_file(Store *s, Blocks *b, int file, uint64_t offset, size_t n, uint8_t *to) {
    if (!b || n > 2 * BLOCK_BYTES) {
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

/* Reads n bytes from `start` on of what was added before; from any thread, also while more is added. */
static int store_read(Store *s, Blocks *b, uint64_t start, size_t n, uint8_t *to) {
    size_t many = __atomic_load_n(&s->n, __ATOMIC_ACQUIRE), low = 0, high = many;
    const Segment *segment = __atomic_load_n(&s->segment, __ATOMIC_ACQUIRE);
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (segment[middle].start <= start) low = middle;
        else high = middle;
    }
    for (; n > 0 && low < many; low++) {
        const Segment *g = &segment[low];
        uint64_t end = __atomic_load_n(&g->end, __ATOMIC_ACQUIRE);
        size_t part = end - start < n ? (size_t)(end - start) : n;
        if (end <= start) continue;
        if (g->file < 0) memcpy(to, g->memory + (start - g->start), part);
        else if (!store_read_file(s, b, g->file, g->file_offset + (start - g->start), part, to)) return 0;
        to += part;
        start += part;
        n -= part;
    }
    if (n) store_fail(s, -1);
    return n == 0;
}
#endif
