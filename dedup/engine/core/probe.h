/* The tables asked for many paragraphs at once, one table after the other.
 *
 * Every table of a large index is larger than the caches, and a look-up there waits for memory. Asked paragraph by
 * paragraph, a walk waits eight times for each; asked table by table, many look-ups are under way at once, and the
 * tables are shared out among threads. So a range of paragraphs (a batch, or one document of it) is looked up before it
 * is walked, and its originals are entered afterwards; what paragraphs of the range have in common is kept beside. */
#ifndef DEDUP_PROBE_H
#define DEDUP_PROBE_H
#include "originals.h"
#include "table.h"
#include "turns.h"

#define UNASKED 0xFFFFFFFFu  /* line: the table was not asked for this row */
#define TURNED_AWAY 0xFFFFFFFFu /* size: the bucket has no room for the row */
#define NO_ROOM ((size_t)-1)
#define AHEAD 32

typedef struct {
    uint32_t id, next; /* next: node number + 1, 0 at the end */
} Node;

/* What one table says to each row of the range; rows are long paragraphs, numbered from 0 in their batch. */
typedef struct {
    uint32_t *size;  /* originals under the row's key, before the range */
    uint32_t *first; /* the first of them in ids, which has those that may reach the threshold ... */
    uint32_t *taken; /* ... and how many they are */
    uint32_t *line;  /* where the look-up ended */
    uint32_t *group; /* of a row that shares its key with others: the first of them */
    uint32_t *count; /* at a group's first row: originals of the range that entered the bucket so far ... */
    uint32_t *head, *tail; /* ... and the list of them: node number + 1 */
    uint32_t *before; /* in a group, but for its first row: the row before with the same key */
    uint32_t *block; /* the memory of the nine */
    /* A bit for each row: most have neither, and one look tells. */
    uint64_t *news;   /* the table has something to say of it */
    uint64_t *shared; /* it shares its key with others of the range */
    size_t news_room, shared_room, rows;
    Ids ids;
    Node *node;
    size_t nodes, node_room;
    uint32_t *slot; /* scratch: row + 1 by key */
    size_t slot_room;
    uint32_t *apart; /* scratch: how far the row in hand is from each original */
    size_t apart_room;
    size_t homes;   /* of the table when it was asked */
    int failed;
} Probed;

static void probed_free(Probed *p) {
    free(p->block);
    free(p->news);
    free(p->shared);
    free(p->ids.id);
    free(p->node);
    free(p->slot);
    free(p->apart);
}

/* Makes room for rows [0, rows) and forgets the last range. */
static int probed_begin(Probed *p, size_t rows) {
    p->ids.n = p->nodes = 0;
    p->failed = 0;
    if (!grow((void **)&p->news, &p->news_room, rows / 64 + 1, sizeof *p->news) ||
        !grow((void **)&p->shared, &p->shared_room, rows / 64 + 1, sizeof *p->shared))
        return 0;
    if (rows > p->rows) {
        size_t room = rows + rows / 4 + 64;
        uint32_t *block = malloc(9 * room * sizeof *block);
        if (!block) return 0;
        free(p->block);
        p->block = block;
        p->rows = room;
        p->size = block;
        p->first = block + room;
        p->line = block + 2 * room;
        p->group = block + 3 * room;
        p->count = block + 4 * room;
        p->head = block + 5 * room;
        p->tail = block + 6 * room;
        p->taken = block + 7 * room;
        p->before = block + 8 * room;
    }
    return 1;
}

static inline int has_bit(const uint64_t *bits, size_t row) { return (int)(bits[row / 64] >> row % 64 & 1); }

static inline void set_bit(uint64_t *bits, size_t row, int value) { bits[row / 64] |= (uint64_t)value << row % 64; }

static void clear_bits(uint64_t *bits, size_t from, size_t to) {
    memset(bits + from / 64, 0, (to / 64 - from / 64 + 1) * sizeof *bits);
}

/* Finds the rows of [from, to) that share a key; `key` and `check` are strided, and both must agree. */
static int group_rows(Probed *p, const uint32_t *key, const uint32_t *check, size_t stride, size_t from, size_t to) {
    size_t slots = 64, r;
    unsigned shift = 26;
    for (; slots < 2 * (to - from); slots *= 2) shift--;
    if (!grow((void **)&p->slot, &p->slot_room, slots, sizeof *p->slot)) return 0;
    memset(p->slot, 0, slots * sizeof *p->slot);
    clear_bits(p->shared, from, to);
    for (r = from; r < to; r++) {
        size_t i = key[r * stride] * 0x9E3779B1u >> shift;
        while (p->slot[i]) {
            size_t last = p->slot[i] - 1;
            if (key[last * stride] == key[r * stride] && check[last * stride] == check[r * stride]) {
                if (!has_bit(p->shared, last)) {
                    p->group[last] = (uint32_t)last;
                    p->count[last] = p->head[last] = p->tail[last] = 0;
                    set_bit(p->shared, last, 1);
                }
                set_bit(p->shared, r, 1);
                p->group[r] = p->group[last];
                p->before[r] = (uint32_t)last;
                break;
            }
            i = (i + 1) & (slots - 1);
        }
        p->slot[i] = (uint32_t)r + 1;
    }
    return 1;
}

/* Looks a row up: its originals are the last in ids. 0 when memory runs out. */
static inline int ask_row(Probed *p, const Table *t, uint32_t key, size_t row) {
    size_t before = p->ids.n, gap = table_find(t, key, &p->ids);
    if (gap == (size_t)-1) return 0;
    p->first[row] = (uint32_t)before;
    p->size[row] = p->taken[row] = (uint32_t)(p->ids.n - before);
    p->line[row] = (uint32_t)(gap / LINE_SLOTS);
    return 1;
}

/* Takes the originals that cannot reach the threshold out of what was found for the row, where a row may add nothing
 * all but the closest, and moves the others to `to`; gives where they end, or NO_ROOM. */
static inline size_t sift_row(Probed *p, const Sieve *v, size_t row, size_t to) {
    uint32_t *id = p->ids.id + p->first[row];
    size_t i, n = p->taken[row], first = to;
    if (v->classes && n) {
        if (!grow((void **)&p->apart, &p->apart_room, n, sizeof *p->apart)) return NO_ROOM;
        if (!kernels.measure(v, row, id, n, p->apart)) {
            n = 0;
        } else if (v->contained && n > 1) {
            n = keep_nearest(id, p->apart, n);
        } else {
            size_t kept = 0;
            for (i = 0; i < n; i++)
                if (p->apart[i] != TOO_FAR) id[kept++] = id[i];
            n = kept;
        }
    }
    if (to != p->first[row]) memmove(p->ids.id + to, id, n * sizeof *id);
    p->first[row] = (uint32_t)first;
    p->taken[row] = (uint32_t)n;
    return to + n;
}

static int probe_row(Probed *p, const Table *t, uint32_t key, size_t row, const Sieve *v) {
    size_t end;
    if (!ask_row(p, t, key, row) || (end = sift_row(p, v, row, p->first[row])) == NO_ROOM) return 0;
    p->ids.n = end;
    return 1;
}

/* Looks the rows of [from, to) up in a table, but for those to be skipped; the originals that are found are fetched for
 * some rows before they are sifted. A bucket has room for `most`. There is news of a row that was not asked for, too, and
 * of one whose bucket has room for no more than one original. */
static void probe_table(Probed *p, const Table *t, const uint32_t *key, size_t stride, const uint8_t *skip,
                        const Sieve *v, uint32_t most, size_t from, size_t to) {
    size_t r, i, last, kept;
    p->homes = t->homes;
    clear_bits(p->news, from, to);
    for (; from < to; from = last) {
        last = from + AHEAD < to ? from + AHEAD : to;
        kept = p->ids.n;
        for (r = from; r < last; r++) {
            if (r + AHEAD < to && !skip[r + AHEAD]) {
                const Line *line = t->line + table_home(t, key[(r + AHEAD) * stride]);
                __builtin_prefetch(line, 1);
                __builtin_prefetch(line + 1, 1); /* where the first is full */
            }
            p->size[r] = p->taken[r] = 0;
            p->line[r] = UNASKED;
            if (skip[r]) continue;
            i = p->ids.n;
            if (!ask_row(p, t, key[r * stride], r)) {
                p->failed = 1;
                return;
            }
            if (v->classes)
                for (; i < p->ids.n; i++) __builtin_prefetch(&v->original[p->ids.id[i]].classes);
        }
        for (r = from; r < last; r++) {
            if (p->taken[r] && (kept = sift_row(p, v, r, kept)) == NO_ROOM) {
                p->failed = 1;
                return;
            }
            set_bit(p->news, r, p->taken[r] || p->size[r] + 1 >= most || skip[r]);
        }
        p->ids.n = kept;
    }
}

/* Originals under the row's key: before the range, and in it so far. */
static inline size_t probed_size(const Probed *p, size_t row) {
    return p->size[row] + (has_bit(p->shared, row) ? p->count[p->group[row]] : 0);
}

/* Appends those from before the range that may reach the threshold to `found`, oldest first; 0 when memory runs out. */
static inline int probed_take(const Probed *p, size_t row, Ids *found) {
    size_t n = p->taken[row];
    if (!n) return 1;
    if (!grow((void **)&found->id, &found->room, found->n + n, sizeof *found->id)) return 0;
    memcpy(found->id + found->n, p->ids.id + p->first[row], n * sizeof *found->id);
    found->n += n;
    return 1;
}

/* The same of those that the range has brought so far. */
static inline int probed_take_fresh(const Probed *p, size_t row, Ids *found) {
    uint32_t at;
    if (!p->nodes || !has_bit(p->shared, row)) return 1;
    for (at = p->head[p->group[row]]; at; at = p->node[at - 1].next) {
        if (!grow((void **)&found->id, &found->room, found->n + 1, sizeof *found->id)) return 0;
        found->id[found->n++] = p->node[at - 1].id;
    }
    return 1;
}

/* The row became original `id`: rows of its group that follow find it. */
static int probed_add(Probed *p, size_t row, uint32_t id) {
    uint32_t group, node;
    if (!has_bit(p->shared, row)) return 1;
    group = p->group[row];
    if (!grow((void **)&p->node, &p->node_room, p->nodes + 1, sizeof *p->node)) return 0;
    p->node[p->nodes++] = (Node){id, 0};
    node = (uint32_t)p->nodes;
    if (p->count[group]++) p->node[p->tail[group] - 1].next = node;
    else p->head[group] = node;
    p->tail[group] = node;
    return 1;
}

/* Enters the originals of the range, `fresh[k]` being the row of original `id + k`. */
static void enter_table(Probed *p, Table *t, const uint32_t *key, size_t stride, const uint32_t *fresh, size_t n,
                        uint32_t id) {
    size_t k;
    for (k = 0; k < n; k++) {
        size_t row = fresh[k], gap;
        if (k + AHEAD < n && p->homes == t->homes && p->line[fresh[k + AHEAD]] != UNASKED)
            __builtin_prefetch(t->line + p->line[fresh[k + AHEAD]], 1);
        if (p->size[row] == TURNED_AWAY) continue;
        gap = p->homes == t->homes && p->line[row] != UNASKED ? table_gap_from(t, p->line[row])
                                                              : table_gap(t, key[row * stride]);
        if (!table_insert(t, key[row * stride], id + (uint32_t)k, gap)) {
            p->failed = 1;
            return;
        }
    }
}
#endif
