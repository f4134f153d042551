/* xxHash, 32 and 64 bits, seed 0, from the published specification (Yann Collet, XXH32 and XXH64). */
#ifndef DEDUP_XXH_H
#define DEDUP_XXH_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the native engine reads words as little-endian; on this machine the reference engine serves"
#endif

#define XXH_P1 2654435761u
#define XXH_P2 2246822519u
#define XXH_P3 3266489917u
#define XXH_P4 668265263u
#define XXH_P5 374761393u

static inline uint32_t rotl32(uint32_t x, int r) { return (x << r) | (x >> (32 - r)); }
static inline uint64_t rotl64(uint64_t x, int r) { return (x << r) | (x >> (64 - r)); }

static inline uint32_t load32(const void *p) {
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}

static inline uint64_t load64(const void *p) {
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

static inline uint32_t xxh32_round(uint32_t acc, uint32_t word) { return rotl32(acc + word * XXH_P2, 13) * XXH_P1; }

static inline uint32_t xxh32_avalanche(uint32_t h) {
    h ^= h >> 15;
    h *= XXH_P2;
    h ^= h >> 13;
    h *= XXH_P3;
    return h ^ (h >> 16);
}

/* xxh32 of two words of four bytes. */
static inline uint32_t xxh32_pair(uint32_t one, uint32_t other) {
    uint32_t h = rotl32(XXH_P5 + 8 + one * XXH_P3, 17) * XXH_P4;
    return xxh32_avalanche(rotl32(h + other * XXH_P3, 17) * XXH_P4);
}

static uint32_t xxh32(const uint8_t *p, size_t n) {
    const uint8_t *end = p + n;
    uint32_t h;
    if (n >= 16) {
        uint32_t a = XXH_P1 + XXH_P2, b = XXH_P2, c = 0, d = 0u - XXH_P1;
        for (; end - p >= 16; p += 16) {
            a = xxh32_round(a, load32(p));
            b = xxh32_round(b, load32(p + 4));
            c = xxh32_round(c, load32(p + 8));
            d = xxh32_round(d, load32(p + 12));
        }
        h = rotl32(a, 1) + rotl32(b, 7) + rotl32(c, 12) + rotl32(d, 18);
    } else {
        h = XXH_P5;
    }
    h += (uint32_t)n;
    for (; end - p >= 4; p += 4) h = rotl32(h + load32(p) * XXH_P3, 17) * XXH_P4;
    for (; p < end; p++) h = rotl32(h + *p * XXH_P5, 11) * XXH_P1;
    return xxh32_avalanche(h);
}

#define XXH_Q1 11400714785074694791ull
#define XXH_Q2 14029467366897019727ull
#define XXH_Q3 1609587929392839161ull
#define XXH_Q4 9650029242287828579ull
#define XXH_Q5 2870177450012600261ull

static inline uint64_t xxh64_round(uint64_t acc, uint64_t word) { return rotl64(acc + word * XXH_Q2, 31) * XXH_Q1; }
static inline uint64_t xxh64_merge(uint64_t h, uint64_t acc) { return (h ^ xxh64_round(0, acc)) * XXH_Q1 + XXH_Q4; }

/* The stripes of 32 bytes in p, which has one at least; it gets what follows them. */
static uint64_t xxh64_stripes(const uint8_t **p, const uint8_t *end) {
    uint64_t h, a = XXH_Q1 + XXH_Q2, b = XXH_Q2, c = 0, d = 0ull - XXH_Q1;
    for (; end - *p >= 32; *p += 32) {
        a = xxh64_round(a, load64(*p));
        b = xxh64_round(b, load64(*p + 8));
        c = xxh64_round(c, load64(*p + 16));
        d = xxh64_round(d, load64(*p + 24));
    }
    h = rotl64(a, 1) + rotl64(b, 7) + rotl64(c, 12) + rotl64(d, 18);
    return xxh64_merge(xxh64_merge(xxh64_merge(xxh64_merge(h, a), b), c), d);
}

static inline uint64_t xxh64(const uint8_t *p, size_t n) {
    const uint8_t *end = p + n;
    uint64_t h = n >= 32 ? xxh64_stripes(&p, end) : XXH_Q5;
    h += (uint64_t)n;
    for (; end - p >= 8; p += 8) h = rotl64(h ^ xxh64_round(0, load64(p)), 27) * XXH_Q1 + XXH_Q4;
    if (end - p >= 4) {
        h = rotl64(h ^ (load32(p) * XXH_Q1), 23) * XXH_Q2 + XXH_Q3;
        p += 4;
    }
    for (; p < end; p++) h = rotl64(h ^ (*p * XXH_Q5), 11) * XXH_Q1;
    h ^= h >> 33;
    h *= XXH_Q2;
    h ^= h >> 29;
    h *= XXH_Q3;
    return h ^ (h >> 32);
}
#endif
