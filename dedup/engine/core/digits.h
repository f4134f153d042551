/* The figures of a text as a map of bits: what has not all bits of another has not all its figures. */
#ifndef DEDUP_DIGITS_H
#define DEDUP_DIGITS_H
#include "split.h"

#define DIGITS_KNOWN (1ull << 63)

#ifdef DEDUP_X86
/* Which of sixteen bytes are ASCII digits. */
static inline unsigned digits_in(const uint8_t *p) {
    __m128i value = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)p), _mm_set1_epi8('0'));
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(9)), value));
}
#endif

/* Where the next ASCII digit stands in p[i, n); n if there is none. */
static inline size_t next_digit(const uint8_t *p, size_t i, size_t n) {
#ifdef DEDUP_X86
    unsigned digits;
    for (; i + 16 <= n; i += 16)
        if ((digits = digits_in(p + i))) return i + (size_t)__builtin_ctz(digits);
    if (i < n && n >= 16) { /* the last sixteen again, less those that were passed */
        digits = digits_in(p + n - 16) >> (i + 16 - n);
        return digits ? i + (size_t)__builtin_ctz(digits) : n;
    }
#endif
    while (i < n && !is_digit(p[i])) i++;
    return i;
}

/* The runs of ASCII digits in a text, each as one of 63 bits, by their first eight. */
static uint64_t digit_map(const uint8_t *p, size_t n) {
    uint64_t map = DIGITS_KNOWN, run;
    size_t i = next_digit(p, 0, n), k;
    while (i < n) {
        for (k = 1; i + k < n && is_digit(p[i + k]); k++) {}
        run = 0;
        memcpy(&run, p + i, k < 8 ? k : 8);
        map |= 1ull << ((run * 0x9E3779B97F4A7C15ull >> 32) % 63);
        i = next_digit(p, i + k, n);
    }
    return map;
}
#endif
