# What dedup/engine/native.pyx uses of the C in core/.
from libc.stdint cimport uint8_t, uint32_t, uint64_t

cdef extern from *:
    """
    #define MOST_SPARE 8                         /* sketches that are kept for other batches, ... */
    #define MOST_SPARE_BYTES ((size_t)16 << 20)  /* ... and what each of them may hold */
    """
    enum: MOST_SPARE
    const size_t MOST_SPARE_BYTES

cdef extern from "core/walk.h" nogil:
    ctypedef struct SketchSettings:
        uint32_t shingle_words, min_words, bands, rows, figures
        const uint32_t *a
        const uint32_t *b
    ctypedef struct SketchPiece:
        size_t start, end
        uint32_t unit
    ctypedef struct Sketch:
        size_t n
        uint32_t *start
        uint32_t *end
        uint32_t *word
        uint32_t *hash
        uint32_t *row
        uint32_t *key
        uint8_t *kept
    ctypedef struct MatchSettings:
        uint32_t max_gap, bucket_capacity, redundant, scope_document
        uint64_t min_block_words, threshold_ppm
    ctypedef struct Store:
        int error
    ctypedef struct Blocks:
        pass
    ctypedef struct Comparer:
        pass
    ctypedef struct Memory:
        Store store
        uint64_t all_originals, full_buckets
        int details, gone
    ctypedef struct Totals:
        uint64_t bytes, paragraphs, words, removed_bytes, removed_paragraphs, removed_words, exact, near_, short_
        uint64_t kept_repeats, blocks, invalid, variants
        uint32_t document, unit
    ctypedef struct Detail:
        uint64_t start, end, original_start, original_end
        uint32_t line, last_line, original_line, original_last_line, original_document
        uint32_t words, intersection, all
        uint8_t kind, removed
    ctypedef struct Finding:
        uint64_t start, end, original_start, original_end
        uint32_t document, original_document, line, last_line, original_line, original_last_line
        uint64_t paragraphs, words, removed_paragraphs, removed_words
        Detail *detail
        size_t details
    ctypedef struct Span:
        uint64_t start, end
    ctypedef struct FoundVariant:
        uint64_t start, end, original_start, original_end
        uint32_t document, original_document, line, last_line, original_line, original_last_line
        uint32_t words, intersection, all
        int rule
        size_t first, last
    ctypedef struct Walk:
        Memory m
        Span *keep
        size_t keeps
        uint64_t until
        Totals *total
        size_t totals
        Finding *finding
        size_t findings
        Finding *largest
        size_t largests
        void (*announce)(void *) noexcept nogil
        void *whom
        FoundVariant *variant
        size_t variants
        uint8_t *newness
        Span *new_word
        uint64_t variants_by_rule[6]
    ctypedef struct WalkPiece:
        uint32_t document
        int first, last
    ctypedef struct Offsets:
        uint32_t *at
        size_t n
        int failed
    ctypedef struct Kernels:
        const char *name
        void (*sign)(const uint32_t *, size_t, const uint32_t *, const uint32_t *, size_t, uint32_t *, uint32_t *)
    ctypedef struct Term:
        uint64_t key
        uint32_t start, end
        uint8_t kind, gap
    ctypedef struct Terms:
        Term *term
        size_t n
    ctypedef struct Side:
        Terms all
        uint32_t *at
    ctypedef struct Reading:
        pass
    ctypedef struct Novelty:
        Side p, other
        Reading reading
        uint32_t *added
        size_t n_added
        int telling, untold, failed
    int languages_open(const uint8_t *, size_t)
    void novelty_open()
    void split_open()
    void novelty_free(Novelty *)
    int side_begin(Side *, Reading *, const uint8_t *, size_t, const Side *)
    int side_read(Side *, Reading *, const uint8_t *, size_t, const Side *)
    int judge(Novelty *, const Side *)
    Kernels kernels
    int kernels_select(const char *)
    int kernels_run(const char *)
    int folding_open(const uint8_t *, size_t)
    ctypedef struct Meanwhile:
        void (*call)(void *) noexcept nogil
        void *whom
    int sketch(Sketch *, const SketchSettings *, const uint8_t *, size_t, const SketchPiece *, size_t, const Meanwhile *)
    void sketch_free(Sketch *)
    size_t sketch_bytes(const Sketch *)
    void split_paragraphs(Offsets *, const uint8_t *, size_t, int, int)
    size_t cut(const uint8_t *, size_t, int, int *)
    int memory_open(Memory *, const SketchSettings *, const MatchSettings *)
    int store_add(Store *, uint64_t, uint64_t, int, uint64_t, const uint8_t *)
    void take_turns(Memory *, Comparer *)
    void take_turns_left(void *) noexcept
    int store_read(Store *, Blocks *, uint64_t, size_t, uint8_t *)
    int walk(Walk *, const uint8_t *, uint64_t, size_t, const Sketch *, const SketchPiece *, const WalkPiece *)
    void memory_let_go(Memory *)
    void walk_forget(Walk *)
    void walk_free(Walk *)
cdef extern from "core/unit.h" nogil:
    int choose_unit(const uint8_t *, size_t, int, int)
