/* Which words that differ in letters are one. The native half of dedup/rule/spelling.py, which explains it; names agree. */
#ifndef DEDUP_SPELLING_H
#define DEDUP_SPELLING_H
#include "languages.h"

#define SPELLED_LETTERS 5
#define MOST_BYTES 4
#define READ_LETTERS 3
#define STEM_LETTERS 4
#define HEAD_STEM_LETTERS 6

/* A folded word, and what is left of it without the letters that both of two begin and end with. */
typedef struct {
    const uint8_t *bytes, *differing;
    size_t n, differing_n;
} Spelled;

/* Whether a letter goes on here. */
static inline int is_inside(const Spelled *w, size_t at) { return at < w->n && (w->bytes[at] & 0xC0) == 0x80; }

static size_t count_letters(const uint8_t *w, size_t n) {
    size_t i, letters = 0;
    for (i = 0; i < n; i++) letters += (w[i] & 0xC0) != 0x80;
    return letters;
}

static void find_differing(Spelled *a, Spelled *b) {
    size_t first = 0, last = 0, least = a->n < b->n ? a->n : b->n;
    while (first < least && a->bytes[first] == b->bytes[first]) first++;
    while (first && (is_inside(a, first) || is_inside(b, first))) first--;
    while (last < least - first && a->bytes[a->n - 1 - last] == b->bytes[b->n - 1 - last]) last++;
    while (last && (is_inside(a, a->n - last) || is_inside(b, b->n - last))) last--;
    a->differing = a->bytes + first;
    b->differing = b->bytes + first;
    a->differing_n = a->n - last - first;
    b->differing_n = b->n - last - first;
}

/* One letter changed, left out or added, or two neighbours swapped. */
static int one_edit(const Spelled *a, const Spelled *b) {
    size_t n = a->differing_n, m = b->differing_n, second = 1, letters = count_letters(a->differing, n);
    if (letters <= 1 && count_letters(b->differing, m) <= 1) return 1;
    if (letters != 2 || n != m) return 0;
    while ((a->differing[second] & 0xC0) == 0x80) second++;
    return memcmp(a->differing + second, b->differing, n - second) == 0 &&
           memcmp(a->differing, b->differing + n - second, second) == 0;
}

/* What differs of a word as a number, if it is one letter of ASCII or two. */
static inline uint32_t few_letters(const Spelled *w) {
    return w->differing_n == 1 ? w->differing[0] : w->differing_n == 2 ? w->differing[0] << 8 | w->differing[1] : 0;
}

#define TWO(a, b) ((a) << 8 | (b))

/* Whether scanners take one for the other. */
static int look_alike(const Spelled *a, const Spelled *b) {
    static const uint16_t alike[][2] = {{TWO('r', 'n'), 'm'}, {TWO('c', 'l'), 'd'}, {TWO('l', 'i'), 'h'},
                                        {TWO('v', 'v'), 'w'}, {TWO('i', 'n'), 'm'}, {TWO('r', 'i'), 'n'},
                                        {TWO('i', 'i'), 'u'}, {'e', 'c'},           {'f', 't'},
                                        {'u', 'n'},           {'b', 'h'},           {'i', 'l'},
                                        {'a', 'o'},           {'e', 'o'},           {'c', 'o'}};
    uint32_t one = few_letters(a), other = few_letters(b);
    size_t i;
    if (!one || !other) return 0;
    for (i = 0; i < sizeof alike / sizeof *alike; i++)
        if ((one == alike[i][0] && other == alike[i][1]) || (one == alike[i][1] && other == alike[i][0])) return 1;
    return 0;
}

/* The byte at i of the word with z for s, or of that with or for our, which moves i on. */
static uint8_t english_at(const Spelled *w, size_t *i, int our) {
    uint8_t byte = w->bytes[(*i)++];
    if (!our) return byte == 'z' ? 's' : byte;
    if (byte == 'o' && *i + 1 < w->n && w->bytes[*i] == 'u' && w->bytes[*i + 1] == 'r') ++*i;
    return byte;
}

static int same_english(const Spelled *a, const Spelled *b, int our) {
    size_t i = 0, k = 0;
    while (i < a->n && k < b->n)
        if (english_at(a, &i, our) != english_at(b, &k, our)) return 0;
    return i == a->n && k == b->n;
}

/* Whether two words all but alike are one: no language knows both. */
static int is_slip(const Spelled *a, const Spelled *b, int english) {
    return same_english(a, b, 0) || same_english(a, b, 1) || are_one(a->bytes, a->n, b->bytes, b->n, english);
}

/* Length of the word without an ending that changes no fact. */
static size_t stem(const Spelled *w) {
    static const char *const ending[] = {"ing", "es", "s", "e"};
    const uint8_t *s = w->bytes;
    size_t i, n = w->n;
    int hisses = n > 1 && s[n - 1] == 's' && s[n - 2] == 's';
    for (i = 0; i < 4; i++) {
        size_t k = strlen(ending[i]);
        if (!hisses && n >= k + STEM_LETTERS && memcmp(s + n - k, ending[i], k) == 0) return n - k;
    }
    return n;
}

static int same_stem(const Spelled *a, const Spelled *b, int capital) {
    size_t n = stem(a);
    return n >= (capital ? HEAD_STEM_LETTERS : 1) && n == stem(b) && memcmp(a->bytes, b->bytes, n) == 0;
}

/* Whether a word stands where a scanner has read a digit in it, given the word's kind and capital. */
static int is_digit_slip(Spelled *figure, Spelled *word, int kind, int capital) {
    size_t n = figure->n;
    uint8_t digit, letter;
    if (kind == TERM_FIGURE || kind == TERM_NAME || kind == TERM_NEGATION || capital) return 0;
    if (n != word->n || n < 2) return 0;
    if (n < READ_LETTERS && kind != TERM_FUNCTION && kind != TERM_MODAL && kind != TERM_RELATION) return 0;
    if (n == 3 && memcmp(figure->bytes, "1st", 3) == 0) return 0;
    find_differing(figure, word);
    if (figure->differing_n != 1 || word->differing_n != 1) return 0;
    digit = *figure->differing;
    letter = *word->differing;
    return (digit == '1' && (letter == 'l' || letter == 'i')) || (digit == '0' && letter == 'o') ||
           (digit == '5' && letter == 's');
}

/* Whether two words of these kinds are one ordinary word in two spellings; capital if one of them begins with one,
 * english if both texts are. */
static int is_spelled(Spelled *a, Spelled *b, int kind, int other, int capital, int english) {
    size_t n, m, longest;
    if (kind == TERM_NAME || other == TERM_NAME || a->n > b->n + MOST_BYTES || b->n > a->n + MOST_BYTES) return 0;
    if (kind == TERM_WORD && other == TERM_WORD && same_stem(a, b, capital)) return 1;
    if (capital) return 0;
    find_differing(a, b);
    n = count_letters(a->bytes, a->n);
    m = count_letters(b->bytes, b->n);
    longest = n > m ? n : m;
    if (longest >= SPELLED_LETTERS) return (one_edit(a, b) || look_alike(a, b)) && is_slip(a, b, english);
    if (kind == TERM_NEGATION || other == TERM_NEGATION || !look_alike(a, b)) return 0;
    return kind == TERM_FUNCTION || other == TERM_FUNCTION || (longest >= READ_LETTERS && is_slip(a, b, english));
}
#endif
