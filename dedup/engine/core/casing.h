/* Whether capital letters tell names, and words that a line end has cut. The native half of dedup/rule/casing.py and of
 * join_cut_words in dedup/placed.py, which explain them; names agree. Part of terms.h. */
#ifndef DEDUP_CASING_H
#define DEDUP_CASING_H

#define SMALL_SHARE 8

enum { CASE_MIXED, CASE_TITLE, CASE_CAPITALS, CASE_NONE };

static int is_shouted(const Terms *t, const PlacedWord *w) {
    uint32_t i;
    for (i = w->start; i < w->end; i++)
        if (t->text[i] < 'A' || t->text[i] > 'Z') return 0;
    return w->end - w->start > 1;
}

static int find_case(const Terms *t) {
    size_t i, shouted = 0;
    if (!t->capitals) return CASE_NONE;
    if (!t->large || t->small * SMALL_SHARE > t->large) return CASE_MIXED;
    for (i = 0; i < t->words; i++) shouted += t->word[i].capital && is_shouted(t, &t->word[i]);
    return 2 * shouted > t->capitals ? CASE_CAPITALS : CASE_TITLE;
}

/* Whether a hyphen at the end of a line stands between two words, and parts of one on both sides. */
static int is_cut(const Terms *t, const PlacedWord *one, const PlacedWord *other) {
    const uint8_t *p = t->text + one->end, *end = t->text + other->start;
    if (end - p < 2) return 0;
    if (*p == '-') p++;
    else if (end - p > 3 && p[0] == 0xE2 && p[1] == 0x80 && p[2] == 0x90) p += 3;
    else return 0;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r')) p++;
    if (p == end || *p++ != '\n') return 0;
    while (p < end && (*p == ' ' || *p == '\t')) p++;
    return p == end && !other->capital && !one->figure && !other->figure && is_cased(t, one) && is_cased(t, other);
}

/* Whether a hyphen may stand at the end of a line that is not the last. */
static int has_cut_lines(const uint8_t *p, size_t n) {
    const uint8_t *start = p, *end = p + n, *at;
    for (; (p = memchr(p, '\n', (size_t)(end - p))) && p + 1 < end; p++) {
        for (at = p; at > start && (at[-1] == ' ' || at[-1] == '\t' || at[-1] == '\r'); at--) {}
        if (at > start && (at[-1] == '-' || at[-1] >= 0x80)) return 1;
    }
    return 0;
}

/* Puts together the words that a hyphen at the end of a line has cut. */
static void join_cut_words(Terms *t) {
    size_t i = 1, kept;
    if (!has_cut_lines(t->text, t->size)) return;
    while (i < t->words && !is_cut(t, &t->word[i - 1], &t->word[i])) i++;
    if (i >= t->words) return;
    for (kept = i; i < t->words; i++) {
        PlacedWord w = t->word[i], *last = &t->word[kept - 1];
        int cut = is_cut(t, last, &w);
        uint32_t to = last->folded + last->n + !cut; /* the space stays, or falls */
        memmove(t->word_bytes + to, t->word_bytes + w.folded, w.n + 1);
        if (cut) {
            last->n += w.n;
            last->end = w.end;
            last->tells = tells_case(t, last);
        } else {
            w.folded = to;
            t->word[kept++] = w;
        }
    }
    t->words = kept;
    t->capitals = t->large = t->small = 0;
    for (i = 0; i < kept; i++) count_case(t, &t->word[i]);
    t->word_bytes_n = t->word[kept - 1].folded + t->word[kept - 1].n + 1;
}
#endif
