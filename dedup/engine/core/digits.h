/* The figures of a text as a map of bits: what has not all bits of another has not all its figures. */
#ifndef DEDUP_DIGITS_H
#define DEDUP_DIGITS_H
#include "split.h"
#include "xxh.h"

#define DIGITS_KNOWN (1ull << 63)

/* Whether none of eight bytes is an ASCII digit. */
static inline int without_digits(const uint8_t *p) {
    uint64_t t = load64(p) ^ 0x3030303030303030ull;
    return !(~(((t & 0x7F7F7F7F7F7F7F7Full) + 0x7676767676767676ull) | t) & 0x8080808080808080ull);
}

/* The runs of ASCII digits in a text, each as one of 63 bits. */
static uint64_t digit_map(const uint8_t *p, size_t n) {
    uint64_t map = DIGITS_KNOWN;
    size_t i = 0, k;
    while (i < n) {
        if (i + 8 <= n && without_digits(p + i)) {
            i += 8;
            continue;
        }
        if (!is_digit(p[i])) {
            i++;
            continue;
        }
        for (k = i; k < n && is_digit(p[k]); k++) {}
        map |= 1ull << (xxh32(p + i, k - i) % 63);
        i = k;
    }
    return map;
}
#endif
