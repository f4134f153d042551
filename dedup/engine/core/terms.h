/* Terms: what a paragraph says, in canonical form. The native half of dedup/rule/terms.py, which explains it; names agree. */
#ifndef DEDUP_TERMS_H
#define DEDUP_TERMS_H
#include "met.h"
#include "room.h"

#define MAX_PHRASE_WORDS 4
#define HEADING_LETTERS 4
#define HEAD_LETTERS 4
#define MISREAD_LETTERS 4
#define MARK_DIGITS 3
#define FOREIGN_SHARE 4
#define CLITIC_LETTERS 2

enum { GAP_NONE, GAP_SOFT, GAP_CLAUSE, GAP_SENTENCE };
enum { LANGUAGE_NONE, LANGUAGE_ENGLISH, LANGUAGE_OTHER };

typedef struct {
    uint32_t start, end;      /* in the text */
    uint32_t folded, n;       /* in Terms.word_bytes; one space follows */
    uint8_t capital, figure;
    uint8_t tells; /* its first letter tells how words are written here, and it is long enough */
} PlacedWord;

typedef struct {
    uint64_t key;
    uint32_t start, end;
    uint32_t folded, n; /* in Terms.bytes */
    uint8_t kind, gap, capital, in_words;
    uint8_t language, abbreviates; /* of a function word: a LANGUAGE; it ends in an abbreviation */
    uint8_t looks; /* what it is, the words after it may have told */
} Term;

/* A stretch of a paragraph that another has, too, so many bytes farther on; if there it stands before, the sum wraps around. */
typedef struct {
    size_t from, to;
    uint32_t there;
} Shared;

#define MOST_SHARED 12

typedef struct Terms {
    const uint8_t *text; /* of SHORT_TEXT at most: its own, see keep_text */
    size_t size;
    uint8_t *own;
    size_t own_room;
    PlacedWord *word;
    size_t words, word_room;
    uint8_t *word_bytes;
    size_t word_bytes_n, word_bytes_room;
    Term *term;
    size_t n, room;
    uint8_t *bytes;
    size_t bytes_n, bytes_room;
    uint8_t *form, *moved; /* a figure in the making */
    size_t form_n, form_room, moved_room;
    /* Of the word that is being folded. */
    uint32_t offset, start;
    int capital, code_capital;
    /* Of the reading. */
    int gap, after_abbreviation, casing, looks;
    Met *met; /* see met.h */
    size_t capitals, large, small; /* words with a capital; and of those that tell the case, with one and without */
    size_t next, end; /* the word that is read next, and where what was read ends */
    int whole;        /* all is read */
    const struct Terms *other; /* see begin_terms; and, in shared.h: */
    Shared shared[MOST_SHARED];
    size_t shareds, in; /* in: the first that was not passed */
    size_t passed;      /* terms of the other that end before what is read, or were taken */
    int failed;
} Terms;

static uint64_t key_about; /* about 20 bounds the figure, about it says nothing */

static void terms_free(Terms *t) {
    free(t->own);
    free(t->word);
    free(t->word_bytes);
    free(t->term);
    free(t->bytes);
    free(t->form);
    free(t->moved);
}

#include "placed.h"

/* ---- Terms ---- */

static int room_for_term(Terms *t, size_t n) {
    if (grow((void **)&t->term, &t->room, t->n + 1, sizeof *t->term) &&
        grow((void **)&t->bytes, &t->bytes_room, t->bytes_n + n + SHORT_BYTES, 1))
        return 1;
    t->failed = 1;
    return 0;
}

/* Adds a term, for which there is room and whose bytes are copied. */
static inline Term *term_put(Terms *t, uint64_t key, int kind, size_t start, size_t end, size_t n, int capital) {
    Term *added = &t->term[t->n++];
    *added = (Term){key, (uint32_t)start, (uint32_t)end, (uint32_t)t->bytes_n, (uint32_t)n,
                    (uint8_t)kind, (uint8_t)t->gap, (uint8_t)capital, 0, LANGUAGE_NONE, 0, 1};
    t->bytes_n += n;
    t->gap = GAP_SOFT;
    t->after_abbreviation = 0;
    return added;
}

static Term *term_add(Terms *t, uint64_t key, int kind, size_t start, size_t end, const uint8_t *folded, size_t n,
                      int capital) {
    if (!room_for_term(t, n)) return NULL;
    memcpy(t->bytes + t->bytes_n, folded, n);
    return term_put(t, key, kind, start, end, n, capital);
}

/* As term_add, of a placed word, after which SHORT_BYTES may be read. */
static inline Term *term_add_word(Terms *t, uint64_t key, int kind, const PlacedWord *w, int capital) {
    const uint8_t *folded = t->word_bytes + w->folded;
    if (!room_for_term(t, w->n)) return NULL;
    memcpy(t->bytes + t->bytes_n, folded, SHORT_BYTES);
    if (w->n > SHORT_BYTES) memcpy(t->bytes + t->bytes_n, folded, w->n);
    return term_put(t, key, kind, w->start, w->end, w->n, capital);
}

static int is_currency(uint32_t c) {
    return c == '$' || c == 0x20AC || c == 0xA3 || c == 0xA5 || c == 0x20B9 || c == 0x20BD || c == 0xA2;
}

static void read_signs(Terms *t, size_t start, size_t end, size_t i) {
    const uint8_t *p = t->text + start, *stop = t->text + end;
    int kind = start == 0 ? GAP_SENTENCE : gap_of(p, end - start), figure = i < t->words && t->word[i].figure;
    t->gap = t->after_abbreviation && kind == GAP_SENTENCE && start ? GAP_SOFT : kind;
    while (p < stop) {
        uint32_t code = 0;
        int n = decode(p, stop, &code);
        size_t at = (size_t)(p - t->text);
        if (!n) return;
        if (code == '%') term_add(t, xxh64((const uint8_t *)"percent", 7), TERM_WORD, at, at + 1, p, 1, 0);
        else if (is_currency(code) && !(figure && p + n == stop))
            term_add(t, xxh64(p, (size_t)n), TERM_WORD, at, at + (size_t)n, p, (size_t)n, 0);
        p += n;
    }
}

/* Reads what stands between two words, the second of which is word i. */
static inline void read_gap(Terms *t, size_t start, size_t end, size_t i) {
    const uint8_t *p = t->text + start;
    if (start && end == start + 1 && *p == ' ') t->gap = GAP_SOFT; /* as most are */
    else if (start && end == start + 2 && p[1] == ' ' && (*p == ',' || *p == '.')) /* and most others */
        t->gap = *p == ',' ? GAP_CLAUSE : t->after_abbreviation ? GAP_SOFT : GAP_SENTENCE;
    else read_signs(t, start, end, i);
}

/* The word in which a scanner has read o as 0, s as 5, or l or i as 1, in `form`; returns 0 if there is none. */
static int is_misread(Terms *t, size_t i) {
    const uint8_t *w = folded_of(t, i);
    size_t n = t->word[i].n, k, one, letters = 0;
    for (k = 0; k < n; k++) letters += !is_digit(w[k]);
    if (letters < MISREAD_LETTERS) return 0; /* 10th is no loth */
    if (!grow((void **)&t->form, &t->form_room, n, 1)) {
        t->failed = 1;
        return 0;
    }
    for (one = 0; one < 2; one++) {
        for (k = 0; k < n; k++) {
            t->form[k] = w[k] == '0' ? 'o' : w[k] == '5' ? 's' : w[k] == '1' ? (one ? 'i' : 'l') : w[k];
            if (is_digit(t->form[k])) return 0;
        }
        if (is_known(t->form, n)) return 1;
    }
    return 0;
}

#include "figures.h"

/* ---- Words ---- */

/* Looks a folded word up with a sign of condition before it. */
static int look_up_signed(char sign, const uint8_t *folded, size_t n, Slot *found) {
    uint8_t phrase[LONGEST_PHRASE + 1];
    if (n + 1 > LONGEST_PHRASE) return 0;
    phrase[0] = (uint8_t)sign;
    memcpy(phrase + 1, folded, n);
    return look_up(phrase, n + 1, found);
}

static int conditional(const Terms *t, size_t i, Slot *found) {
    const PlacedWord *w = &t->word[i];
    if (!w->capital || t->casing == CASE_CAPITALS) return 0;
    if (is_shouted(t, w) && look_up_signed('^', folded_of(t, i), w->n, found)) return 1;
    if (t->casing == CASE_TITLE && !(w->end < t->size && t->text[w->end] == '.')) return 0;
    return look_up_signed('~', folded_of(t, i), w->n, found);
}

/* The longest phrase of the table that begins with word i, of which m is known; returns its words, 1 with *has 0 if there
 * is none. */
static size_t longest_phrase(const Terms *t, size_t i, const Met *m, Slot *found, int *has) {
    size_t n = 1, longest = 1, bytes;
    Slot entry;
    int there = m->listed != NULL;
    *has = 0;
    if (!there) return 1;
    entry = slot_at(m->listed);
    if (slot_signed(&entry)) *has = conditional(t, i, found);
    if (!*has && entry.key) {
        *found = entry;
        *has = 1;
    }
    while (there && slot_begins(&entry) && n < MAX_PHRASE_WORDS && is_soft(t, i + n - 1)) {
        bytes = t->word[i + n].folded + t->word[i + n].n - t->word[i].folded;
        n++;
        there = look_up(folded_of(t, i), bytes, &entry);
        if (there && entry.key) {
            *found = entry;
            *has = 1;
            longest = n;
        }
    }
    return longest;
}

/* The words from i to j end to end, in form. */
static int join_words(Terms *t, size_t i, size_t j) {
    t->form_n = 0;
    for (; i < j; i++)
        if (!form_append(t, folded_of(t, i), t->word[i].n)) return 0;
    return 1;
}

static size_t end_of_acronym(const Terms *t, size_t i) {
    while (is_letter_word(t, i) && i + 1 < t->words && between_is(t, i, ".")) {
        if (!is_letter_word(t, i + 1)) break;
        i++;
    }
    return i + 1;
}

static size_t read_acronym(Terms *t, size_t i, size_t j) {
    Slot entry;
    size_t k;
    int capital = 1, has;
    if (!join_words(t, i, j)) return j;
    for (k = i; k < j; k++) capital = capital && t->word[k].capital;
    has = (capital || t->casing == CASE_NONE) && look_up_signed('^', t->form, t->form_n, &entry);
    capital = capital && t->casing == CASE_MIXED;
    term_add(t, has ? entry.key : xxh64(t->form, t->form_n), capital ? TERM_NAME : TERM_WORD, t->word[i].start,
             t->word[j - 1].end, t->form, t->form_n, capital);
    t->after_abbreviation = 1;
    return j;
}

static int is_clitic(const Terms *t, size_t i) {
    static const char *const clitic[] = {"s", "d", "ll", "re", "ve", "m"};
    size_t k;
    if (!i || t->text[t->word[i].start - 1] == ' ' || !(between_is(t, i - 1, "'") || between_is(t, i - 1, "\xE2\x80\x99"))) return 0;
    for (k = 0; k < 6; k++)
        if (word_is(t, i, clitic[k])) return 1;
    return 0;
}

static int is_name(const Terms *t, size_t i, size_t n, int kind, const Slot *entry) {
    const PlacedWord *w = &t->word[i];
    if (kind == TERM_FUNCTION && n == 1 && w->n == 1) return !word_is(t, i, "i") && t->gap != GAP_SENTENCE;
    if (kind == TERM_FUNCTION) return !(entry && slot_english(entry) && w->n <= HEADING_LETTERS) && t->gap <= GAP_CLAUSE;
    if (kind != TERM_WORD) return 0;
    return entry || !(t->gap == GAP_SENTENCE && w->n >= HEAD_LETTERS && is_known(folded_of(t, i), w->n));
}

static int is_number(const Terms *t, size_t i) {
    Slot entry;
    return t->word[i].figure || (look_up(folded_of(t, i), t->word[i].n, &entry) && entry.key && slot_kind(&entry) == TERM_FIGURE);
}

static size_t read_word(Terms *t, size_t i) {
    const PlacedWord *w = &t->word[i];
    const Met *m;
    size_t j, n;
    Slot entry;
    uint64_t key;
    Term *added;
    int has, kind, language = LANGUAGE_NONE, capital = w->capital && t->casing == CASE_MIXED;
    t->looks = 1;
    if (w->figure) {
        if (!is_misread(t, i)) return read_figure(t, i);
        term_add(t, xxh64(t->form, w->n), TERM_WORD, w->start, w->end, t->form, w->n, capital);
        return i + 1;
    }
    if (w->n == 1 && (j = end_of_acronym(t, i)) > i + 1) return read_acronym(t, i, j);
    if (w->n <= CLITIC_LETTERS && is_clitic(t, i)) {
        term_add_word(t, xxh64(folded_of(t, i), w->n), TERM_FUNCTION, w, 0);
        return i + 1;
    }
    m = meet(t->met, folded_of(t, i), w->n);
    t->looks = w->n == 1 || (m->listed && begins_at(m->listed));
    n = longest_phrase(t, i, m, &entry, &has);
    if (has && slot_kind(&entry) == TERM_FIGURE) {
        t->looks = 1;
        return read_number_word(t, i, n, &entry);
    }
    kind = has ? slot_kind(&entry) : TERM_WORD;
    key = has ? entry.key : m->hash;
    if (kind == TERM_FUNCTION) language = slot_english(&entry) ? LANGUAGE_ENGLISH : LANGUAGE_OTHER;
    if (capital && is_name(t, i, n, kind, has ? &entry : NULL)) kind = TERM_NAME;
    if (key == key_about) {
        t->looks = 1;
        if (is_soft(t, i) && is_number(t, i + 1)) kind = TERM_MEASURE;
    }
    if (n == 1) added = term_add_word(t, key, kind, w, capital);
    else if (!join_words(t, i, i + n)) return i + n;
    else added = term_add(t, key, kind, w->start, t->word[i + n - 1].end, t->form, t->form_n, capital);
    if (added) added->language = (uint8_t)language;
    t->after_abbreviation = w->capital && ((has && slot_abbreviates(&entry)) || (n == 1 && w->n == 1));
    return i + n;
}

#include "shared.h"

/* Keeps a short text, with a space for each line end between two letters: that says the same, and of two copies with their
 * lines broken elsewhere more is the same. */
static int keep_text(Terms *t, const uint8_t *text, size_t size) {
    uint8_t *p, *end;
    t->text = text;
    t->size = size;
    if (size > SHORT_TEXT) return 1;
    if (!grow((void **)&t->own, &t->own_room, size + 1, 1)) return 0;
    memcpy(t->own, text, size);
    t->text = t->own;
    for (p = t->own, end = p + size; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        if (p > t->own && p + 1 < end && is_ascii_letter(p[-1]) && is_ascii_letter(p[1])) *p = ' ';
    return 1;
}

/* Begins to read the terms of a paragraph. What it has in common with another is taken from the terms of that one, if there
 * is one, which must be there until all is read. Returns 0 when memory runs out. */
static int begin_terms(Terms *t, Reading *r, const uint8_t *text, size_t size, const Terms *other) {
    if (!reading_open(r) || !keep_text(t, text, size)) return 0;
    t->met = r->met;
    t->n = t->bytes_n = t->words = t->word_bytes_n = t->capitals = t->large = t->small = t->next = t->end = 0;
    t->shareds = t->in = t->passed = 0;
    t->gap = GAP_SENTENCE;
    t->after_abbreviation = t->whole = 0;
    t->other = other;
    if (other) find_shared(t, other);
    place_all_words(t, &r->word);
    join_cut_words(t);
    t->casing = find_case(t);
    if (other && other->casing != t->casing) t->shareds = 0;
    if (t->shareds && t->shared[0].from == 0) copy_shared_terms(t, &t->shared[t->in++]);
    return !t->failed && !r->word.failed;
}

/* Reads on by a word, or more if they are one term, or to the end. */
static void read_on(Terms *t) {
    if (t->next >= t->words) {
        read_gap(t, t->end, t->size, t->words);
        t->whole = 1;
        return;
    }
    read_gap(t, t->end, t->word[t->next].start, t->next);
    t->next = read_word(t, t->next);
    t->end = t->word[t->next - 1].end;
    if (t->n) {
        t->term[t->n - 1].abbreviates = (uint8_t)t->after_abbreviation;
        t->term[t->n - 1].looks = (uint8_t)t->looks;
    }
    if (t->in < t->shareds) copy_on(t);
}

/* The other paragraph will be gone: what follows is read. */
static void forget_other(Terms *t) { t->shareds = 0; }
#endif
