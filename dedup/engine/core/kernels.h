/* The loops that SIMD pays for, compiled once for each instruction set.
 *
 * dispatch.h includes this file several times with KERNEL(name) and KERNEL_MASKS set; the loops are plain C
 * that the compiler vectorises for the target in force, but for the byte masks, which need intrinsics.
 * Included without a guard on purpose.
 */

/* Bit i of *word is set where p[i] is an ASCII letter or digit, of *high where it is not ASCII; 64 bytes. */
static inline void KERNEL(masks)(const uint8_t *p, uint64_t *word, uint64_t *high) {
#if KERNEL_MASKS == 512
    __m512i v = _mm512_loadu_si512(p);
    __m512i low = _mm512_or_si512(v, _mm512_set1_epi8(0x20));
    *high = _mm512_movepi8_mask(v);
    *word = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(low, _mm512_set1_epi8('a')), _mm512_set1_epi8(26)) |
            _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8('0')), _mm512_set1_epi8(10));
#elif KERNEL_MASKS == 256
    int half;
    *word = *high = 0;
    for (half = 0; half < 2; half++) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(p + 32 * half));
        __m256i letter = _mm256_sub_epi8(_mm256_or_si256(v, _mm256_set1_epi8(0x20)), _mm256_set1_epi8('a'));
        __m256i digit = _mm256_sub_epi8(v, _mm256_set1_epi8('0'));
        __m256i is_letter = _mm256_cmpeq_epi8(_mm256_min_epu8(letter, _mm256_set1_epi8(25)), letter);
        __m256i is_digit = _mm256_cmpeq_epi8(_mm256_min_epu8(digit, _mm256_set1_epi8(9)), digit);
        *high |= (uint64_t)(uint32_t)_mm256_movemask_epi8(v) << (32 * half);
        *word |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_or_si256(is_letter, is_digit)) << (32 * half);
    }
#elif KERNEL_MASKS == 128
    int part;
    *word = *high = 0;
    for (part = 0; part < 4; part++) {
        __m128i v = _mm_loadu_si128((const __m128i *)(p + 16 * part));
        __m128i letter = _mm_sub_epi8(_mm_or_si128(v, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
        __m128i digit = _mm_sub_epi8(v, _mm_set1_epi8('0'));
        __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter);
        __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
        *high |= (uint64_t)(uint32_t)_mm_movemask_epi8(v) << (16 * part);
        *word |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_or_si128(is_letter, is_digit)) << (16 * part);
    }
#else
    int i;
    *word = *high = 0;
    for (i = 0; i < 64; i++) {
        uint32_t c = p[i];
        *word |= (uint64_t)((c | 0x20) - 'a' < 26 || c - '0' < 10) << i;
        *high |= (uint64_t)(c >> 7) << i;
    }
#endif
}

/* xxh32 of `count` words of at most 15 bytes, given as four zero-padded little-endian lanes each. */
static void KERNEL(hash_lanes)(const uint32_t *restrict w0, const uint32_t *restrict w1, const uint32_t *restrict w2,
                               const uint32_t *restrict w3, const uint32_t *restrict length, size_t count,
                               uint32_t *restrict out) {
    size_t i;
    for (i = 0; i < count; i++) {
        uint32_t n = length[i], rest = n & 3, h = XXH_P5 + n;
        uint32_t tail = n < 4 ? w0[i] : n < 8 ? w1[i] : n < 12 ? w2[i] : w3[i];
        uint32_t a = rotl32(h + w0[i] * XXH_P3, 17) * XXH_P4, b, c;
        h = n >= 4 ? a : h;
        b = rotl32(h + w1[i] * XXH_P3, 17) * XXH_P4;
        h = n >= 8 ? b : h;
        c = rotl32(h + w2[i] * XXH_P3, 17) * XXH_P4;
        h = n >= 12 ? c : h;
        a = rotl32(h + (tail & 255) * XXH_P5, 11) * XXH_P1;
        h = rest > 0 ? a : h;
        b = rotl32(h + (tail >> 8 & 255) * XXH_P5, 11) * XXH_P1;
        h = rest > 1 ? b : h;
        c = rotl32(h + (tail >> 16 & 255) * XXH_P5, 11) * XXH_P1;
        h = rest > 2 ? c : h;
        h ^= h >> 15;
        h *= XXH_P2;
        h ^= h >> 13;
        h *= XXH_P3;
        out[i] = h ^ h >> 16;
    }
}

/* xxh32 over every three neighbours: the shingles of three words. */
static void KERNEL(hash_triples)(const uint32_t *restrict word, size_t count, uint32_t *restrict out) {
    size_t i;
    for (i = 0; i < count; i++) {
        uint32_t h = XXH_P5 + 12;
        h = rotl32(h + word[i] * XXH_P3, 17) * XXH_P4;
        h = rotl32(h + word[i + 1] * XXH_P3, 17) * XXH_P4;
        h = rotl32(h + word[i + 2] * XXH_P3, 17) * XXH_P4;
        h ^= h >> 15;
        h *= XXH_P2;
        h ^= h >> 13;
        h *= XXH_P3;
        out[i] = h ^ h >> 16;
    }
}

/* datasketch's affine32: row[j] = min over the shingles of a[j] * fmix32(h) + b[j]. mixed has room for
 * count + 15 values; a count of 0 gives 0xFFFFFFFF. */
static void KERNEL(sign)(const uint32_t *restrict shingle, size_t count, const uint32_t *restrict a,
                         const uint32_t *restrict b, size_t permutations, uint32_t *restrict mixed,
                         uint32_t *restrict row) {
    size_t i, j, padded = (count + 15) & ~(size_t)15;
    for (i = 0; i < count; i++) {
        uint32_t h = shingle[i];
        h ^= h >> 16;
        h *= 0x85EBCA6Bu;
        h ^= h >> 13;
        h *= 0xC2B2AE35u;
        mixed[i] = h ^ h >> 16;
    }
    for (; i < padded; i++) mixed[i] = mixed[0];
    for (j = 0; j < permutations; j++) {
        uint32_t multiplier = a[j], offset = b[j], least[16];
        size_t k;
        for (k = 0; k < 16; k++) least[k] = 0xFFFFFFFFu;
        for (i = 0; i < padded; i += 16)
            for (k = 0; k < 16; k++) {
                uint32_t v = multiplier * mixed[i + k] + offset;
                least[k] = v < least[k] ? v : least[k];
            }
        for (k = 0; k < 8; k++) least[k] = least[k] < least[k + 8] ? least[k] : least[k + 8];
        for (k = 0; k < 4; k++) least[k] = least[k] < least[k + 4] ? least[k] : least[k + 4];
        least[0] = least[0] < least[2] ? least[0] : least[2];
        least[1] = least[1] < least[3] ? least[1] : least[3];
        row[j] = least[0] < least[1] ? least[0] : least[1];
    }
}

/* Whether more than `most` of n values have a clear bit in a map of `mask` + 1 words; no branch depends on a value. */
static int KERNEL(lacks)(const uint32_t *restrict bit, uint32_t mask, const uint32_t *restrict v, size_t n,
                         uint32_t most) {
    uint32_t absent = 0;
    size_t i = 0, k;
    for (; i + 16 <= n; i += 16) {
        for (k = 0; k < 16; k++) absent += ~(bit[v[i + k] >> 5 & mask] >> (v[i + k] & 31)) & 1;
        if (absent > most) return 1;
    }
    for (; i < n; i++) absent += ~(bit[v[i] >> 5 & mask] >> (v[i] & 31)) & 1;
    return absent > most;
}

/* Bits in which two parity maps differ: no more than there are values in one set only. */
static uint32_t KERNEL(parity_distance)(const uint64_t *a, const uint64_t *b) {
    return (uint32_t)(__builtin_popcountll(a[0] ^ b[0]) + __builtin_popcountll(a[1] ^ b[1]) +
                      __builtin_popcountll(a[2] ^ b[2]) + __builtin_popcountll(a[3] ^ b[3]));
}

/* How far a row is from each of n originals as far as the sieve tells: whether they lack digits of it counts before all
 * else, then how many coarse classes they lack, then how many it lacks; TOO_FAR where those tell that it cannot be near.
 * Gives how many can be. The same in Python: dedup/matching/repeats.py. */
static size_t KERNEL(measure)(const Sieve *v, size_t row, const uint32_t *id, size_t n, uint32_t *apart) {
    uint64_t classes = coarse(v->classes[row]), digits = v->digits ? v->digits[row] : 0;
    uint32_t shingles = v->shingles[row];
    size_t i, nears = 0;
    for (i = 0; i < n; i++) {
        const Original *o = &v->original[id[i]];
        uint64_t theirs = coarse(o->classes);
        uint32_t lacking = (uint32_t)__builtin_popcountll(classes & ~theirs);
        uint32_t more = (uint32_t)__builtin_popcountll(theirs & ~classes);
        uint32_t own = (uint32_t)__builtin_popcountll(theirs);
        int near = may_be_near(lacking, more, own, o->shingles, shingles, v->threshold_ppm, v->contained);
        apart[i] = near ? ((digits & ~o->digits) ? LACKING : 0) | lacking << 8 | more : TOO_FAR;
        nears += (size_t)near;
    }
    return nears;
}

/* Line ends in p[0, n): "\n", "\r\n" and a lone "\r" are one each. */
static size_t KERNEL(count_lines)(const uint8_t *p, size_t n) {
    size_t i = 0, ends = 0;
    uint8_t returns = 0;
    while (i < n) { /* counted in bytes, many side by side */
        size_t end = n - i < 240 ? n : i + 240;
        uint8_t feeds = 0;
        for (; i < end; i++) {
            feeds += (uint8_t)(p[i] == '\n');
            returns |= (uint8_t)(p[i] == '\r');
        }
        ends += feeds;
    }
    if (returns)
        for (i = 0; i < n; i++) ends += p[i] == '\r' && !(i + 1 < n && p[i + 1] == '\n');
    return ends;
}

/* Passes the words of one paragraph to the lanes. */
static void KERNEL(hash_words)(Lanes *lanes, const uint8_t *p, size_t n, uint64_t *invalid) {
    const uint8_t *end = p + n, *open = NULL; /* open: start of a word that goes on into the next block */
    while (p < end) {
        uint64_t word, high, starts, ends, bits;
        size_t left = (size_t)(end - p), size = left < 64 ? left : 64;
        if (lanes->readable - p < 80) { /* too near the buffer's end for whole vectors */
            p = fold_run(&lanes->word, open ? open : p, end, lanes_sink, lanes, invalid);
            open = NULL;
            continue;
        }
        KERNEL(masks)(p, &word, &high);
        if (size < 64) {
            word &= (1ull << size) - 1;
            high &= (1ull << size) - 1;
        }
        if (high) {
            size = (size_t)__builtin_ctzll(high);
            word &= (1ull << size) - 1;
        }
        bits = word << 1 | (open != NULL);
        starts = word & ~bits;
        ends = ~word & bits;
        if (size < 64) ends &= (1ull << size) - 1;
        if (open && ends) {
            lanes_word(lanes, open, (size_t)(p + __builtin_ctzll(ends) - open));
            open = NULL;
            ends &= ends - 1;
        }
        while (ends) {
            int s = __builtin_ctzll(starts), e = __builtin_ctzll(ends);
            lanes_word(lanes, p + s, (size_t)(e - s));
            starts &= starts - 1;
            ends &= ends - 1;
        }
        if (starts) open = p + __builtin_ctzll(starts);
        p += size;
        if (high) {
            p = fold_run(&lanes->word, open ? open : p, end, lanes_sink, lanes, invalid);
            open = NULL;
        }
        if (lanes->n > LANES - 64) lanes_flush(lanes);
    }
    if (open) lanes_word(lanes, open, (size_t)(end - open));
}
