// The list of findings: filters, order, and only the rows that are in view.

const ROW_PIXELS = 84;
const SPARE_ROWS = 6;

const haystacks = new Array(count).fill(null);

// Everything of a finding that a search looks at, in lower case; made when first asked for.
function haystackOf(i) {
  if (haystacks[i] === null) {
    const texts = textsOf(i);
    if (texts === NO_TEXTS) {
      return "";
    }
    const parts = texts.rows.flatMap(([original, repeat]) => (original === repeat ? [repeat] : [original, repeat]));
    parts.push(nameOf(i), originNameOf(i), findings.id[i]);
    haystacks[i] = plain(parts.filter((part) => part !== null).join("\n"));
  }
  return haystacks[i];
}

// Which findings are wanted, in the order that is wanted.
function filtered(wanted) {
  const found = [];
  const isFile = fileTest(wanted.file);
  for (let i = 0; i < count; i++) {
    if (!wanted.match[findings.match[i]] || findings.words[i] < wanted.words) {
      continue;
    }
    if (wanted.kind >= 0 && findings.kind[i] !== wanted.kind) {
      continue;
    }
    if (!isFile(nameOf(i)) && !isFile(originNameOf(i))) {
      continue;
    }
    if (!wanted.text || haystackOf(i).includes(wanted.text)) {
      found.push(i);
    }
  }
  return ordered(found, wanted.order);
}

// A whole name means that file and no other; anything else is looked for in the names.
function fileTest(wanted) {
  if (!wanted || documents.name.includes(wanted)) {
    return (name) => !wanted || name === wanted;
  }
  const part = plain(wanted);
  return (name) => plain(name).includes(part);
}

function ordered(found, order) {
  if (order === "words") {
    return found.sort((i, j) => findings.words[j] - findings.words[i] || i - j);
  }
  if (order === "similarity") {
    return found.sort((i, j) => (findings.similarity[i] ?? 1000) - (findings.similarity[j] ?? 1000) || i - j);
  }
  return found; // the table is in the order of the input
}

class FindingList {
  constructor(box, onPick) {
    this.box = box;
    this.track = make("div", { class: "track", role: "presentation" });
    this.onPick = onPick;
    this.shown = [];
    this.selected = -1;
    this.rows = new Map();
    box.append(this.track);
    box.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(box);
  }

  show(shown) {
    this.shown = shown;
    this.positions = new Map(shown.map((i, at) => [i, at]));
    this.track.style.height = `${shown.length * ROW_PIXELS}px`;
    this.box.style.setProperty("--rows", `${Math.max(2, shown.length) * ROW_PIXELS + 2}px`);
    this.track.replaceChildren();
    this.rows.clear();
    this.box.scrollTop = 0;
    this.draw();
  }

  positionOf(i) {
    return this.positions.get(i) ?? -1;
  }

  select(i) {
    this.rows.get(this.selected)?.setAttribute("aria-selected", "false");
    this.selected = i;
    const at = this.positionOf(i);
    if (at >= 0) {
      const top = at * ROW_PIXELS;
      if (top < this.box.scrollTop || top + ROW_PIXELS > this.box.scrollTop + this.box.clientHeight) {
        this.box.scrollTop = top - this.box.clientHeight / 2 + ROW_PIXELS / 2;
      }
      this.draw();
      this.rows.get(i)?.setAttribute("aria-selected", "true");
      this.box.setAttribute("aria-activedescendant", `row-${i}`);
    } else {
      this.box.removeAttribute("aria-activedescendant");
    }
  }

  draw() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW_PIXELS) - SPARE_ROWS);
    const last = Math.min(this.shown.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW_PIXELS) + SPARE_ROWS);
    const wanted = new Set(this.shown.slice(first, last));
    for (const [i, row] of this.rows) {
      if (!wanted.has(i) && i !== this.selected) {
        row.remove();
        this.rows.delete(i);
      }
    }
    for (let at = first; at < last; at++) {
      if (!this.rows.has(this.shown[at])) {
        this.add(this.shown[at], at);
      }
    }
  }

  add(i, at) {
    const row = make("div", {
      class: `row ${MATCH_CLASS[findings.match[i]]}`, id: `row-${i}`, role: "option",
      "aria-selected": String(i === this.selected), "aria-setsize": this.shown.length, "aria-posinset": at + 1,
      onclick: () => this.onPick(i),
    }, ...rowOf(i));
    row.style.top = `${at * ROW_PIXELS}px`;
    this.rows.set(i, row);
    this.track.append(row);
  }
}

function rowOf(i) {
  const here = findings.document[i], there = findings.odocument[i];
  const name = (document) => make("span", { class: "tail", title: documents.name[document] }, make("bdi", null, shortName(document)));
  const first = several ? name(here) : make("strong", { class: "clip" }, capital(placeOf(i)));
  const second = make("div", { class: "where clip" }, several ? `${placeOf(i)} ← ` : "← ", make("span", { class: "visually-hidden" }, findings.kind[i] === 2 ? "is near to " : "repeats "));
  second.append(...(sameDocument(i) ? [originOf(i)] : [name(there), `, ${originOf(i)}`]));
  second.append(make("span", { class: "visually-hidden" }, `, ${MATCH_NAME[findings.match[i]]}`));
  const said = textsOf(i).rows.find(([, repeat]) => repeat !== null);
  return [
    make("div", { class: "top" }, first, make("span", { class: "number" }, amount(findings.words[i], "word"))),
    second,
    make("div", { class: "said clip", dir: "auto" }, inOneLine(said ? said[1] : "")),
  ];
}
