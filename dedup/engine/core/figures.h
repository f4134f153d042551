/* Figures: numbers with their sign, currency, time and magnitude in one form. Part of terms.h, as in dedup/rule/terms.py. */
#ifndef DEDUP_FIGURES_H
#define DEDUP_FIGURES_H

static size_t digits_at(const uint8_t *s, size_t n, size_t at) {
    size_t k = at;
    while (k < n && is_digit(s[k])) k++;
    return k - at;
}

/* [0-9]+(\.[0-9]+)? */
static int is_decimal(const uint8_t *s, size_t n) {
    size_t whole = digits_at(s, n, 0), rest;
    if (!whole) return 0;
    if (whole == n) return 1;
    if (s[whole] != '.') return 0;
    rest = digits_at(s, n, whole + 1);
    return rest && whole + 1 + rest == n;
}

static int has_thousands(const uint8_t *s, size_t n) {
    size_t at = digits_at(s, n, 0), groups = 0;
    if (at < 1 || at > 3) return 0;
    for (; at < n && s[at] == ','; at += 4, groups++)
        if (digits_at(s, n, at + 1) < 3) return 0;
    if (!groups) return 0;
    if (at == n) return 1;
    return s[at] == '.' && digits_at(s, n, at + 1) && at + 1 + digits_at(s, n, at + 1) == n;
}

static const char *const fractions[][2] = {{"1/2", "5"},   {"1/4", "25"},  {"3/4", "75"}, {"1/8", "125"},
                                           {"3/8", "375"}, {"5/8", "625"}, {"7/8", "875"}};

/* One form for the same number, in place; the form has room for two bytes more. */
static void normalise_figure(Terms *t) {
    uint8_t *s = t->form;
    size_t n = t->form_n, i, k;
    if (has_thousands(s, n)) {
        for (i = k = 0; i < n; i++)
            if (s[i] != ',') s[k++] = s[i];
        t->form_n = n = k;
    }
    k = digits_at(s, n, 0);
    if ((k == 1 || k == 2) && n == k + 3 && s[k] == ':' && digits_at(s, n, k + 1) == 2) {
        s[k] = s[k + 1];
        s[k + 1] = s[k + 2];
        n--;
        if (k == 1) {
            memmove(s + 1, s, n);
            s[0] = '0';
            n++;
        }
        t->form_n = n;
        return;
    }
    k = n >= 5 && s[n - 4] == '-' && digits_at(s, n, 0) == n - 4 ? n - 3 : 0; /* where the fraction begins */
    if (n - k == 3 && is_digit(s[k]) && s[k + 1] == '/' && is_digit(s[k + 2])) {
        for (i = 0; i < sizeof fractions / sizeof *fractions; i++) {
            size_t length = strlen(fractions[i][1]);
            if (memcmp(s + k, fractions[i][0], 3) != 0) continue;
            if (!k) s[k++] = '0';
            else k--; /* the hyphen */
            s[k++] = '.';
            memcpy(s + k, fractions[i][1], length);
            t->form_n = k + length;
            return;
        }
        return;
    }
    k = digits_at(s, n, 0); /* a whole number of dollars: 5.00 */
    if (k && (n == k + 2 || n == k + 3) && s[k] == '.' && s[k + 1] == '0' && s[n - 1] == '0') t->form_n = k;
}

/* A time of day with the a.m. or p.m. after word i: four digits. Returns the last word taken. */
static size_t with_half_day(Terms *t, size_t i) {
    size_t n = t->form_n, last = i + 1;
    uint8_t *s = t->form, half;
    unsigned hour;
    if (digits_at(s, n, 0) != n || !(n == 1 || n == 2 || n == 4) || !is_soft(t, i)) return i;
    if ((word_is(t, last, "a") || word_is(t, last, "p")) && last + 1 < t->words && between_is(t, last, ".")) {
        if (!word_is(t, last + 1, "m")) return i;
        half = folded_of(t, last)[0];
        last++;
    } else if (word_is(t, last, "am") || word_is(t, last, "pm")) {
        half = folded_of(t, last)[0];
    } else {
        return i;
    }
    hour = n == 1 ? (unsigned)(s[0] - '0') : (unsigned)(s[0] - '0') * 10 + (unsigned)(s[1] - '0');
    if (hour < 1 || hour > 12) return i;
    if (n != 4) s[2] = s[3] = '0';
    hour = hour % 12 + 12 * (half == 'p');
    s[0] = (uint8_t)('0' + hour / 10);
    s[1] = (uint8_t)('0' + hour % 10);
    t->form_n = 4;
    return last;
}

/* A number times the million after word i. Returns the last word taken. */
static size_t with_magnitude(Terms *t, size_t i) {
    Slot entry;
    size_t n = t->form_n, whole, rest, power, k, out = 0;
    uint8_t *s = t->form, *to;
    if (!is_decimal(s, n) || !is_soft(t, i)) return i;
    if (!look_up(folded_of(t, i + 1), t->word[i + 1].n, &entry) || !slot_magnitude(&entry)) return i;
    power = (size_t)slot_magnitude(&entry);
    whole = digits_at(s, n, 0);
    rest = whole < n ? n - whole - 1 : 0;
    if (!grow((void **)&t->moved, &t->moved_room, n + power + 2, 1)) {
        t->failed = 1;
        return i;
    }
    to = t->moved;
    for (k = 0; k < whole; k++)
        if (out || s[k] != '0') to[out++] = s[k];
    for (k = 0; k < power; k++) {
        uint8_t c = k < rest ? s[whole + 1 + k] : '0';
        if (out || c != '0') to[out++] = c;
    }
    if (rest > power) {
        to[out++] = '.';
        memcpy(to + out, s + whole + 1 + power, rest - power);
        out += rest - power;
    }
    if (!grow((void **)&t->form, &t->form_room, out + 16, 1)) {
        t->failed = 1;
        return i;
    }
    memcpy(t->form, to, out);
    t->form_n = out;
    return i + 1;
}

/* The currency and the minus before the figure at word i, put before the form. Returns where they start. */
static size_t with_sign(Terms *t, size_t i) {
    size_t left = i ? t->word[i - 1].end : 0, start = t->word[i].start, n = 0, k;
    uint8_t currency[4], sign[8];
    size_t currency_n = 0;
    int minus = 0;
    while (start > left) {
        size_t at = start - 1;
        uint32_t code;
        int size;
        while (at > left && (t->text[at] & 0xC0) == 0x80) at--;
        size = decode(t->text + at, t->text + start, &code);
        if (!size) break;
        if (is_currency(code) && !currency_n) {
            currency_n = (size_t)size;
            memcpy(currency, t->text + at, currency_n);
        } else if ((code == '-' || code == 0x2212) && !minus && (at > left || !i)) {
            minus = 1;
        } else {
            break;
        }
        start = at;
    }
    memcpy(sign, currency, currency_n);
    n = currency_n;
    if (minus) sign[n++] = '-';
    if (!n) return start;
    for (k = t->form_n; k-- > 0;) t->form[k + n] = t->form[k];
    memcpy(t->form, sign, n);
    t->form_n += n;
    return start;
}

static int kind_of_mark(const Terms *t, size_t first, size_t last) {
    size_t left = first ? t->word[first - 1].end : 0, start = t->word[first].start, end = t->word[last].end;
    const uint8_t *s = t->text;
    if (first != last || t->word[first].n > MARK_DIGITS) return TERM_FIGURE;
    if (start > left && s[start - 1] == '[' && end < t->size && s[end] == ']') return TERM_TITLE;
    if (first == 0 && end + 1 < t->size && (s[end] == '.' || s[end] == ')') && s[end + 1] == ' ') return TERM_TITLE;
    return TERM_FIGURE;
}

static int form_append(Terms *t, const uint8_t *s, size_t n) {
    if (!grow((void **)&t->form, &t->form_room, t->form_n + n + 16, 1)) {
        t->failed = 1;
        return 0;
    }
    memcpy(t->form + t->form_n, s, n);
    t->form_n += n;
    return 1;
}

static int joins(const Terms *t, size_t i) {
    size_t n;
    const uint8_t *b;
    if (i + 1 >= t->words || !is_digit(folded_of(t, i + 1)[0])) return 0;
    b = between(t, i, &n);
    return n == 0 || (n == 1 && (*b == '.' || *b == ',' || *b == ':' || *b == '/' || *b == '-'));
}

static size_t read_figure(Terms *t, size_t i) {
    size_t first = i, start, n;
    const uint8_t *b;
    t->form_n = 0;
    if (!form_append(t, folded_of(t, i), t->word[i].n)) return i + 1;
    for (; joins(t, i); i++) {
        b = between(t, i, &n);
        if (!form_append(t, n ? b : (const uint8_t *)"/", 1)) return i + 1;
        if (!form_append(t, folded_of(t, i + 1), t->word[i + 1].n)) return i + 1;
    }
    normalise_figure(t);
    i = with_half_day(t, i);
    i = with_magnitude(t, i);
    start = with_sign(t, first);
    term_add(t, xxh64(t->form, t->form_n), kind_of_mark(t, first, i), start, t->word[i].end, t->form, t->form_n, 0);
    return i + 1;
}

static size_t read_number_word(Terms *t, size_t i, size_t n, const Slot *entry) {
    size_t start = t->word[i].start, last = i + n - 1;
    char digits[16];
    Term *added;
    int k;
    t->form_n = 0;
    if (slot_magnitude(entry)) {
        if (!form_append(t, (const uint8_t *)"1", 1)) return last + 1;
        for (k = 0; k < slot_magnitude(entry); k++)
            if (!form_append(t, (const uint8_t *)"0", 1)) return last + 1;
    } else {
        uint32_t value = slot_value(entry);
        k = 16;
        do digits[--k] = (char)('0' + value % 10);
        while (value /= 10);
        if (!form_append(t, (const uint8_t *)digits + k, (size_t)(16 - k))) return last + 1;
        last = with_magnitude(t, last);
    }
    added = term_add(t, xxh64(t->form, t->form_n), TERM_FIGURE, start, t->word[last].end, t->form, t->form_n, 0);
    if (added) added->in_words = 1;
    return last + 1;
}
#endif
