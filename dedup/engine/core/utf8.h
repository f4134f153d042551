/* Characters as bytes. */
#ifndef DEDUP_UTF8_H
#define DEDUP_UTF8_H
#include <stddef.h>
#include <stdint.h>

/* Writes a character in one to four bytes, also half of a surrogate pair; gives where they end. */
static inline uint8_t *write_utf8(uint8_t *to, uint32_t c) {
    if (c < 0x80) {
        *to++ = (uint8_t)c;
    } else if (c < 0x800) {
        *to++ = (uint8_t)(0xC0 | c >> 6);
        *to++ = (uint8_t)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        *to++ = (uint8_t)(0xE0 | c >> 12);
        *to++ = (uint8_t)(0x80 | (c >> 6 & 63));
        *to++ = (uint8_t)(0x80 | (c & 63));
    } else {
        *to++ = (uint8_t)(0xF0 | c >> 18);
        *to++ = (uint8_t)(0x80 | (c >> 12 & 63));
        *to++ = (uint8_t)(0x80 | (c >> 6 & 63));
        *to++ = (uint8_t)(0x80 | (c & 63));
    }
    return to;
}

/* Whether no byte is part of a longer character. */
static inline int is_ascii(const uint8_t *s, size_t n) {
    uint8_t any = 0;
    size_t i;
    for (i = 0; i < n; i++) any |= s[i];
    return any < 0x80;
}
#endif
