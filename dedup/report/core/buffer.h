/* Output that grows, and numbers as text. */
#ifndef DEDUP_BUFFER_H
#define DEDUP_BUFFER_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../../engine/core/room.h"

/* Texts and rows of a large report are 50 MB that are written once: with pages of 4 KB the system took as long to give
   them out as it took to write them. */
typedef struct {
    uint8_t *at;
    size_t n, room;
    int failed; /* there was no memory; what follows is lost */
} Buffer;

static void buffer_free(Buffer *b) {
    pages_free(b->at, b->room);
    memset(b, 0, sizeof *b);
}

/* Room for n more bytes; NULL if there is no memory. */
static inline uint8_t *buffer_room(Buffer *b, size_t n) {
    if (b->n + n > b->room) {
        size_t room = pages_size(b->room + b->room / 2 + n + 4096);
        uint8_t *at = b->failed ? NULL : (uint8_t *)pages_resize(b->at, b->room, room);
        if (at == NULL) {
            b->failed = 1;
            return NULL;
        }
        b->at = at;
        b->room = room;
    }
    return b->at + b->n;
}

static inline void put(Buffer *b, const void *text, size_t n) {
    uint8_t *to = buffer_room(b, n);
    if (to == NULL || !n) return;
    memcpy(to, text, n);
    b->n += n;
}

#define PUT(b, literal) put((b), (literal), sizeof(literal) - 1)

static inline void put_byte(Buffer *b, uint8_t c) {
    uint8_t *to = buffer_room(b, 1);
    if (to == NULL) return;
    *to = c;
    b->n++;
}

/* Eight digits of a number below 100,000,000, a byte each, the first the lowest: quadruples, then pairs, then digits are
   parted in all of the word at once. */
static inline uint64_t eight_digits(uint64_t value) {
    uint64_t four = value / 10000 | value % 10000 << 32;
    uint64_t hundreds = four * 10486 >> 20 & 0x0000007F0000007Full, two = hundreds | (four - 100 * hundreds) << 16;
    uint64_t tens = two * 103 >> 10 & 0x000F000F000F000Full;
    return tens | (two - 10 * tens) << 8;
}

/* The digits of a number at `to`, which has room for MOST_DIGITS; gives where they end. */
#define MOST_DIGITS 24
static inline uint8_t *write_number(uint8_t *to, uint64_t value) {
    const uint64_t most = 100000000;
    unsigned left_out = 0;
    uint64_t digits;
    if (value < 10) {
        *to = (uint8_t)('0' + value);
        return to + 1;
    }
    if (value < most) {
        digits = eight_digits(value);
        left_out = (unsigned)__builtin_ctzll(digits) / 8;
    } else {
        to = write_number(to, value / most);
        digits = eight_digits(value % most);
    }
    digits = (digits | 0x3030303030303030ull) >> 8 * left_out;
    for (int i = 0; i < 8; i++) to[i] = (uint8_t)(digits >> 8 * i); /* one store */
    return to + 8 - left_out;
}

static inline void put_number(Buffer *b, uint64_t value) {
    uint8_t *to = buffer_room(b, MOST_DIGITS);
    if (to != NULL) b->n += (size_t)(write_number(to, value) - to);
}

/* 46,597 */
static void put_grouped(Buffer *b, uint64_t value) {
    if (value >= 1000) {
        put_grouped(b, value / 1000);
        uint8_t rest[4] = {',', (uint8_t)('0' + value / 100 % 10), (uint8_t)('0' + value / 10 % 10),
                           (uint8_t)('0' + value % 10)};
        put(b, rest, 4);
    } else {
        put_number(b, value);
    }
}

/* "46,597 paragraphs": the native half of dedup.counts.count */
static void put_count(Buffer *b, uint64_t value, const char *noun) {
    put_grouped(b, value);
    put_byte(b, ' ');
    put(b, noun, strlen(noun));
    if (value != 1) put_byte(b, 's');
}

/* The digits of a number as printf writes it; of what it writes only they are read, for the point depends on the locale. */
static unsigned printed_digits(const char *format, double value) {
    char text[32];
    unsigned digits = 0;
    snprintf(text, sizeof text, format, value);
    for (const char *c = text; *c; c++)
        if (*c >= '0' && *c <= '9') digits = digits * 10 + (unsigned)(*c - '0');
    return digits;
}

/* Ten thousandths of part / whole, as Python's round(part / whole, 4) rounds. Halfway it depends on how the quotient was
   rounded, and printf rounds as exactly as Python; elsewhere the quotient is too near to its true value to matter. */
static unsigned ten_thousandths(uint64_t part, uint64_t whole) {
    if (part >= whole) return 10000;
    uint64_t twice = 20000 * (part >> 40 ? 0 : part);
    if (whole >> 40 || (twice % whole == 0 && (twice / whole & 1)))
        return printed_digits("%.4f", (double)part / (double)whole);
    return (unsigned)((twice / whole + 1) / 2);
}

/* 0.8333, 0.5, 1.0: as Python's repr writes a number of four decimals */
static void put_share(Buffer *b, unsigned digits) {
    uint8_t text[6] = {(uint8_t)('0' + digits / 10000),     '.',
                       (uint8_t)('0' + digits / 1000 % 10), (uint8_t)('0' + digits / 100 % 10),
                       (uint8_t)('0' + digits / 10 % 10),   (uint8_t)('0' + digits % 10)};
    size_t n = 6;
    while (n > 3 && text[n - 1] == '0') n--;
    put(b, text, n);
}

/* 0.83: as Python's format(share, ".2f") rounds the nearest double of four decimals */
static void put_percent(Buffer *b, unsigned digits) {
    unsigned rounded = digits % 100 == 50 ? printed_digits("%.2f", digits / 10000.0) : (digits + 50) / 100;
    uint8_t out[4] = {(uint8_t)('0' + rounded / 100), '.', (uint8_t)('0' + rounded / 10 % 10),
                      (uint8_t)('0' + rounded % 10)};
    put(b, out, 4);
}

#endif
