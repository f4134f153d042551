/* Chooses, when the module loads, the widest instruction set that both the compiler and the processor know. */
#ifndef DEDUP_DISPATCH_H
#define DEDUP_DISPATCH_H
#include "fold.h"
#include "sieve.h"
#include "x86.h"

#define LANES 1024

/* Words of a paragraph on their way to a hash: short ASCII words wait here to be hashed side by side. */
typedef struct {
    uint32_t w0[LANES], w1[LANES], w2[LANES], w3[LANES], length[LANES];
    const uint8_t *readable; /* end of the buffer that the text is in */
    size_t n;        /* words waiting */
    size_t done;     /* words written to out */
    uint32_t *out;   /* grown as needed */
    size_t room;
    size_t patched;  /* words among those waiting whose hash is known already: position and hash */
    uint32_t patch_at[LANES], patch_hash[LANES];
    Word word;
} Lanes;

typedef void (*HashLanes)(const uint32_t *, const uint32_t *, const uint32_t *, const uint32_t *, const uint32_t *,
                          size_t, uint32_t *);

static HashLanes lanes_hash; /* the kernel in force */

/* Hashes in whole vectors: out keeps room for LANES values more than there are words. */
static void lanes_flush(Lanes *l) {
    size_t i;
    if (l->done + 2 * LANES > l->room) {
        size_t room = (l->done + 2 * LANES) * 2;
        uint32_t *grown = realloc(l->out, room * sizeof *grown);
        if (!grown) {
            l->word.failed = 1;
            l->n = l->patched = 0;
            return;
        }
        l->out = grown;
        l->room = room;
    }
    lanes_hash(l->w0, l->w1, l->w2, l->w3, l->length, (l->n + 15) & ~(size_t)15, l->out + l->done);
    for (i = 0; i < l->patched; i++) l->out[l->done + l->patch_at[i]] = l->patch_hash[i];
    l->done += l->n;
    l->n = l->patched = 0;
}

static inline void lanes_known(Lanes *l, uint32_t hash) {
    if (l->n == LANES) lanes_flush(l);
    l->length[l->n] = 0;
    l->patch_at[l->patched] = (uint32_t)l->n++;
    l->patch_hash[l->patched++] = hash;
}

static void lanes_sink(void *to, const uint8_t *bytes, size_t n) { lanes_known(to, xxh32(bytes, n)); }

static void lanes_long(Lanes *l, const uint8_t *p, size_t n) {
    uint8_t small[256] = {0}, *lower = n <= sizeof small ? small : malloc(n);
    size_t i;
    if (!lower) {
        l->word.failed = 1;
        return;
    }
    for (i = 0; i < n; i++) lower[i] = p[i] | 0x20;
    lanes_known(l, xxh32(lower, n));
    if (lower != small) free(lower);
}

/* Keeps the first n bytes of sixteen; setting 0x20 lowers letters and leaves digits as they are. */
static inline void lanes_word(Lanes *l, const uint8_t *p, size_t n) {
    uint64_t a, b;
    size_t i = l->n;
    if (n > 15) {
        lanes_long(l, p, n);
        return;
    }
    a = load64(p) | 0x2020202020202020ull;
    b = load64(p + 8) | 0x2020202020202020ull;
    if (n < 8) {
        a &= (1ull << (n * 8)) - 1;
        b = 0;
    } else {
        b &= (1ull << (n * 8 - 64)) - 1;
    }
    l->w0[i] = (uint32_t)a;
    l->w1[i] = (uint32_t)(a >> 32);
    l->w2[i] = (uint32_t)b;
    l->w3[i] = (uint32_t)(b >> 32);
    l->length[i] = (uint32_t)n;
    l->n = i + 1;
}

#define KERNEL(name) name##_baseline
#ifdef DEDUP_X86
#define KERNEL_MASKS 128
#else
#define KERNEL_MASKS 0
#endif
#include "kernels.h"
#undef KERNEL
#undef KERNEL_MASKS

#ifdef DEDUP_X86
#define KERNEL(name) name##_avx2
#define KERNEL_MASKS 256
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#endif
#include "kernels.h"
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#undef KERNEL
#undef KERNEL_MASKS

#define KERNEL(name) name##_avx512
#define KERNEL_MASKS 512
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2,lzcnt,popcnt,prefer-256-bit"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2,lzcnt,popcnt,prefer-vector-width=512")
#endif
#include "kernels.h"
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#undef KERNEL
#undef KERNEL_MASKS
#endif

typedef struct {
    const char *name;
    void (*hash_words)(Lanes *, const uint8_t *, size_t, uint64_t *);
    HashLanes hash_lanes;
    void (*hash_triples)(const uint32_t *, size_t, uint32_t *);
    void (*sign)(const uint32_t *, size_t, const uint32_t *, const uint32_t *, size_t, uint32_t *, uint32_t *);
    int (*lacks)(const uint32_t *, uint32_t, const uint32_t *, size_t, uint32_t);
    uint32_t (*parity_distance)(const uint64_t *, const uint64_t *);
    size_t (*count_lines)(const uint8_t *, size_t);
    size_t (*measure)(const Sieve *, size_t, const uint32_t *, size_t, uint32_t *);
} Kernels;

#define KERNEL_SET(isa) \
    {#isa,          hash_words_##isa, hash_lanes_##isa, hash_triples_##isa, \
     sign_##isa,    lacks_##isa,      parity_distance_##isa, count_lines_##isa, \
     measure_##isa}

static const Kernels kernel_sets[] = {
    KERNEL_SET(baseline),
#ifdef DEDUP_X86
    KERNEL_SET(avx2),
    KERNEL_SET(avx512),
#endif
};

static Kernels kernels;

static int kernels_run(const char *name) {
#ifdef DEDUP_X86
    __builtin_cpu_init();
    if (strcmp(name, "avx2") == 0) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
    if (strcmp(name, "avx512") == 0)
        return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2");
#endif
    return strcmp(name, "baseline") == 0;
}

/* Puts the named set in force, or the widest that runs for NULL. Returns 0 if it cannot run here. */
static int kernels_select(const char *name) {
    size_t i = sizeof kernel_sets / sizeof kernel_sets[0];
    while (i-- > 0) {
        if (name ? strcmp(name, kernel_sets[i].name) != 0 : !kernels_run(kernel_sets[i].name)) continue;
        if (!kernels_run(kernel_sets[i].name)) return 0;
        kernels = kernel_sets[i];
        lanes_hash = kernels.hash_lanes;
        return 1;
    }
    return 0;
}
#endif
