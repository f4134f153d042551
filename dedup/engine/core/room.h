/* Room for what grows.
 *
 * An array grows by half at a time; pages not yet touched cost nothing. What is large and asked here and there, the tables
 * above all, has pages of its own, and asks the system for huge ones: with pages of 4 KB most look-ups miss the
 * processor's page map too (a sixth of the time of a run over 200 MB). */
#ifndef DEDUP_ROOM_H
#define DEDUP_ROOM_H
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static int grow_by(void **at, size_t *room, size_t want, size_t more, size_t size) {
    void *grown = realloc(*at, (want + more) * size);
    if (!grown) return 0;
    *at = grown;
    *room = want + more;
    return 1;
}

static inline int grow(void **at, size_t *room, size_t want, size_t size) {
    return want <= *room || grow_by(at, room, want, want / 2 + 64, size);
}

/* As grow, for arrays that are many and mostly hold one thing. */
static inline int grow_few(void **at, size_t *room, size_t want, size_t size) {
    return want <= *room || grow_by(at, room, want, want - 1, size);
}

/* ---- Pages ---- */

#define CACHE_LINE ((size_t)64)
#define PAGE ((size_t)4096)
#define HUGE_PAGE ((size_t)2 << 20)

/* Whether n bytes are pages of their own; what is smaller comes from malloc. */
static inline int has_pages(size_t n) { return n > 32 * PAGE - CACHE_LINE; }

/* The bytes that n take: of large memory, huge pages to the end, so use all of them. */
static inline size_t pages_size(size_t n) {
    size_t unit = n > HUGE_PAGE / 2 ? HUGE_PAGE : has_pages(n) ? PAGE : CACHE_LINE;
    return (n + unit - 1) / unit * unit;
}

#ifdef MREMAP_FIXED
/* n bytes of addresses that begin at a huge page, or NULL. */
static void *pages_reserve(size_t n, int access) {
    size_t more = n + HUGE_PAGE, lead;
    char *at = mmap(NULL, more, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) return NULL;
    lead = (0 - (uintptr_t)at) % HUGE_PAGE;
    if (lead) munmap(at, lead);
    munmap(at + lead + n, more - lead - n);
    return at + lead;
}

/* Large memory grown in place, or else moved without copying; NULL if neither can be. */
static void *pages_grow(void *at, size_t had, size_t want) {
    void *to = mremap(at, had, want, 0);
    if (to != MAP_FAILED) return to;
    if (!(to = pages_reserve(want, PROT_NONE))) return NULL;
    if (mremap(at, had, want, MREMAP_MAYMOVE | MREMAP_FIXED, to) != MAP_FAILED) return to;
    munmap(to, want);
    return NULL;
}
#endif

/* Asks for huge pages where n bytes from anywhere are large. */
static inline void pages_prefer_huge(void *at, size_t n) {
#ifdef MREMAP_FIXED
    uintptr_t first = ((uintptr_t)at + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE, last = (uintptr_t)at + n;
    if (last > first + HUGE_PAGE) madvise((void *)first, (last - first) / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
#else
    (void)at, (void)n;
#endif
}

/* Frees `had` bytes that came from pages_resize. */
static void pages_free(void *at, size_t had) {
#ifdef MREMAP_FIXED
    if (has_pages(had)) {
        munmap(at, pages_size(had));
        return;
    }
#endif
    (void)had;
    free(at);
}

/* Makes `had` bytes that came from here, or none, at least `want` bytes that begin a cache line; the memory, or NULL with
 * the old one as it was. */
static void *pages_resize(void *at, size_t had, size_t want) {
    void *to = NULL;
    size_t size = pages_size(want);
#ifdef MREMAP_FIXED
    if (has_pages(want)) {
        int grows = has_pages(had) && (size < HUGE_PAGE || had > HUGE_PAGE / 2); /* small pages stay small where they grow */
        to = grows ? pages_grow(at, pages_size(had), size) : pages_reserve(size, PROT_READ | PROT_WRITE);
        if (!to) return NULL;
        if (size >= HUGE_PAGE) madvise(to, size, MADV_HUGEPAGE);
        if (grows) return to;
    }
#endif
    if (!to && posix_memalign(&to, CACHE_LINE, size)) return NULL;
    if (had) memcpy(to, at, had < want ? had : want);
    pages_free(at, had);
    return to;
}

/* As grow, for an array that becomes large and is freed with pages_free. */
static inline int grow_pages(void **at, size_t *room, size_t want, size_t size) {
    size_t bytes;
    void *grown;
    if (want <= *room) return 1;
    bytes = pages_size((want + want / 2 + 64) * size);
    grown = pages_resize(*at, *room * size, bytes);
    if (!grown) return 0;
    *at = grown;
    *room = bytes / size;
    return 1;
}
#endif
