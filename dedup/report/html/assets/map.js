// The map: the input from left to right, and an arch from every repeat to the passage it repeats.
// Arches join places in a text after Wattenberg, "Arc diagrams: visualizing structure in strings" (2002).

const MOST_ARCHES = 1500; // more are a grey wall; the largest in view are drawn, the bar below counts all
const MOST_PARTS = 600; // up to here every paragraph of a block has an arch of its own
const BAR_PIXELS = 18;
const LABEL_PIXELS = 22;
const THIN = 1.2;
const NEAR_PIXELS = 5;

class RepeatMap {
  constructor(chart, onPick) {
    this.chart = chart;
    this.base = chart.querySelector(".base").getContext("2d");
    this.over = chart.querySelector(".over").getContext("2d");
    this.tip = chart.querySelector(".tip");
    this.onPick = onPick;
    this.view = [0, page.bytes];
    this.shown = [];
    this.selected = -1;
    this.pointed = -1;
    this.brush = null;
    this.colours = {};
    this.listen();
  }

  // ---- What it is told. ----

  show(shown) {
    this.shown = shown;
    this.draw();
  }

  select(i) {
    this.selected = i;
    this.drawOver();
  }

  zoom(factor) {
    const [from, to] = this.view;
    const middle = this.selected >= 0 ? this.middleOf(this.selected) : (from + to) / 2;
    this.look(middle - ((to - from) * factor) / 2, middle + ((to - from) * factor) / 2);
  }

  look(from, to) {
    const width = Math.min(page.bytes, Math.max(to - from, 20));
    const start = Math.min(Math.max(0, from), page.bytes - width);
    this.view = [start, start + width];
    this.draw();
  }

  whole() {
    this.look(0, page.bytes);
  }

  get zoomed() {
    return this.view[1] - this.view[0] < page.bytes;
  }

  // ---- Places. ----

  at(column, document, i) {
    return documents.at[findings[document][i]] + findings[column][i];
  }

  feet(i) {
    return [this.at("ostart", "odocument", i), this.at("oend", "odocument", i),
      this.at("start", "document", i), this.at("end", "document", i)];
  }

  middleOf(i) {
    const feet = this.feet(i);
    return (feet[2] + feet[3]) / 2;
  }

  x(at) {
    return ((at - this.view[0]) / (this.view[1] - this.view[0])) * this.width;
  }

  // The height of an arch: it grows slower than the distance, so that near and far are both seen.
  rise(distance) {
    return this.room * Math.min(1, Math.pow(Math.abs(distance) / this.farthest, 0.6));
  }

  inView([from, , , to]) {
    return to >= this.view[0] && from <= this.view[1];
  }

  // ---- Drawing. ----

  measure() {
    const scale = Math.min(3, window.devicePixelRatio || 1);
    this.width = this.chart.clientWidth;
    this.height = this.chart.clientHeight;
    this.ground = this.height - BAR_PIXELS - LABEL_PIXELS;
    this.room = this.ground - 10;
    for (const context of [this.base, this.over]) {
      context.canvas.width = Math.round(this.width * scale);
      context.canvas.height = Math.round(this.height * scale);
      context.setTransform(scale, 0, 0, scale, 0, 0);
    }
    const probe = make("span", { hidden: true });
    this.chart.append(probe);
    for (const name of ["exact", "near", "variant", "ink", "muted", "line", "raised", "card", "edge"]) {
      probe.style.color = `var(--${name})`;
      this.colours[name] = getComputedStyle(probe).color;
    }
    probe.remove();
    this.tints = [this.colours.exact, this.colours.near, this.colours.variant];
  }

  draw() {
    this.measure();
    if (!this.width) {
      return;
    }
    this.drawBar();
    this.drawArches();
    this.drawLabels();
    this.drawOver();
    this.chart.dispatchEvent(new CustomEvent("drawn"));
  }

  // All arches in view, the largest first; a block of few paragraphs is drawn paragraph by paragraph.
  arches() {
    const visible = this.shown.filter((i) => this.inView(this.feet(i)));
    if (visible.length > MOST_ARCHES) {
      // Of findings alike in size some from everywhere, and not those of the first documents alone.
      const mixed = (i) => Math.imul(i, 0x9e3779b1) >>> 0;
      visible.sort((i, j) => findings.words[j] - findings.words[i] || mixed(i) - mixed(j));
    } else {
      visible.sort((i, j) => findings.words[j] - findings.words[i]);
    }
    this.hidden = Math.max(0, visible.length - MOST_ARCHES);
    const drawn = visible.slice(0, MOST_ARCHES);
    const parts = drawn.reduce((sum, i) => sum + (page.parts[i] || [0]).length, 0);
    if (parts > MOST_PARTS) {
      return drawn.map((i) => ({ i, feet: this.feet(i), match: findings.match[i] }));
    }
    return drawn.flatMap((i) => this.partsOf(i));
  }

  partsOf(i) {
    const parts = page.parts[i];
    if (!parts) {
      return [{ i, feet: this.feet(i), match: findings.match[i] }];
    }
    const from = documents.at[findings.odocument[i]], to = documents.at[findings.document[i]];
    return parts.map(([start, end, first, last, match]) => (
      { i, feet: [from + start, from + end, to + first, to + last], match }));
  }

  drawArches() {
    const context = this.base;
    this.drawn = this.arches();
    this.farthest = Math.max(60, ...this.drawn.map(({ feet }) => this.x(feet[3]) - this.x(feet[0])));
    const strength = this.strength = Math.max(0.16, Math.min(0.5, 3.2 / Math.sqrt(this.drawn.length + 20)));
    const grain = (8 * (this.view[1] - this.view[0])) / this.width;
    context.globalAlpha = strength;
    context.strokeStyle = this.colours.card;
    context.lineWidth = 1;
    context.save();
    context.beginPath();
    context.rect(0, 0, this.width, this.ground);
    context.clip();
    for (const { feet, match } of this.drawn) {
      context.fillStyle = this.tints[match];
      const outline = new Path2D(this.outline(feet));
      context.fill(outline, "evenodd");
      if (feet[3] - feet[2] > grain) {
        context.stroke(outline); // a seam, so that neighbours can be told apart
      }
    }
    context.restore();
    context.globalAlpha = 1;
  }

  // The outline of an arch as an SVG path: half an ellipse over the outer feet, another over the inner ones.
  outline(feet) {
    const [outerLeft, innerLeft, innerRight, outerRight] = this.arch(feet);
    const half = (left, right) => {
      const [from, to, across, up] = [left, right, (right - left) / 2, this.rise(right - left)].map((one) => one.toFixed(2));
      return `M${from} ${this.ground}A${across} ${up} 0 0 1 ${to} ${this.ground}`;
    };
    return half(outerLeft, outerRight) + half(innerLeft, Math.max(innerLeft, innerRight));
  }

  arch(feet) {
    const [a, b, c, d] = feet.map((at) => this.x(at));
    const wide = (from, to) => (to - from >= THIN ? [from, to] : [(from + to - THIN) / 2, (from + to + THIN) / 2]);
    const [outerLeft, innerLeft] = wide(a, b), [innerRight, outerRight] = wide(c, d);
    return [outerLeft, innerLeft, innerRight, outerRight];
  }

  // The bar is the text: documents end to end, and in colour what of each place is a repeat.
  drawBar() {
    const context = this.base, top = this.ground + 1;
    context.clearRect(0, 0, this.width, this.height);
    context.fillStyle = this.colours.raised;
    context.fillRect(0, top, this.width, BAR_PIXELS);
    for (const [column, y, height, match] of this.columns(top)) {
      context.fillStyle = this.tints[match];
      context.fillRect(column, y, 1, height);
    }
    this.drawSeams(top);
  }

  // What of each column of the bar repeats, as [x, y, height, match].
  columns(top) {
    const columns = Math.ceil(this.width), parts = [];
    const shares = [new Float32Array(columns), new Float32Array(columns), new Float32Array(columns)];
    for (const i of this.shown) {
      const feet = this.feet(i);
      this.cover(shares[findings.match[i]], this.x(feet[2]), this.x(feet[3]));
    }
    for (let column = 0; column < columns; column++) {
      let level = top + BAR_PIXELS;
      for (const match of [SAME, NEARLY, ADDS]) {
        const share = Math.min(1, shares[match][column]) * BAR_PIXELS;
        const seen = share > 0 ? Math.max(1.5, share) : 0; // the least repeat must be seen
        if (seen && level > top) {
          parts.push([column, Math.max(top, level - seen), Math.min(seen, level - top), match]);
        }
        level = Math.max(top, level - seen);
      }
    }
    return parts;
  }

  // The same map as SVG, for paper: a canvas that was just drawn may come out blank there.
  toSvg() {
    const svg = (tag, attributes) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
      return element;
    };
    const top = this.ground + 1;
    const root = svg("svg", { viewBox: `0 0 ${this.width} ${this.height}`, class: "paper", "aria-hidden": "true" });
    root.append(svg("rect", { x: 0, y: top, width: this.width, height: BAR_PIXELS, class: "bare" }));
    for (const { feet, match } of this.drawn || []) {
      root.append(svg("path", { d: this.outline(feet), class: MATCH_CLASS[match], "fill-rule": "evenodd", "fill-opacity": this.strength }));
    }
    for (const [x, y, height, match] of this.columns(top)) {
      root.append(svg("rect", { x, y, width: 1, height, class: MATCH_CLASS[match] }));
    }
    for (const { text, left } of this.placedLabels()) {
      const label = svg("text", { x: left, y: this.height - 6, class: "label" });
      label.append(text);
      root.append(label);
    }
    return root;
  }

  cover(shares, from, to) {
    const last = Math.min(shares.length - 1, Math.floor(to));
    for (let column = Math.max(0, Math.floor(from)); column <= last; column++) {
      shares[column] += Math.max(0, Math.min(to, column + 1) - Math.max(from, column));
    }
  }

  drawSeams(top) {
    if (documents.at.length * 6 > this.width * (page.bytes / (this.view[1] - this.view[0]))) {
      return; // more seam than cloth
    }
    this.base.fillStyle = this.colours.card;
    let before = -9;
    for (const at of documents.at) {
      const x = this.x(at);
      if (x > 0 && x < this.width && x - before >= 5) {
        this.base.fillRect(x - 0.75, top, 1.5, BAR_PIXELS);
        before = x;
      }
    }
  }

  drawLabels() {
    const context = this.base;
    const placed = this.placedLabels();
    context.fillStyle = this.colours.muted;
    placed.forEach(({ text, left }) => context.fillText(text, left, this.height - 6));
  }

  // Those labels that find room, the first ones first.
  placedLabels() {
    const context = this.base, placed = [];
    context.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    let free = 0;
    for (const { x, text, right } of this.labels()) {
      const width = context.measureText(text).width;
      const left = Math.max(0, Math.min(right ? x - width : x, this.width - width));
      if (left >= free) {
        placed.push({ text, left });
        free = left + width + 18;
      }
    }
    return placed;
  }

  // In one document its bytes, in several their names, as many as find room.
  labels() {
    if (!several) {
      const [from, to] = this.view, step = niceStep((to - from) / Math.max(2, this.width / 130));
      const marks = [];
      for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
        marks.push({ x: this.x(at), text: at === 0 ? "start" : size(at) });
      }
      return marks;
    }
    return documents.at.flatMap((at, i) => {
      const x = this.x(at), end = this.x(at + documents.bytes[i]);
      return end < 4 || x > this.width - 4 ? [] : [{ x: Math.max(0, x), text: shorten(shortName(i), 26) }];
    });
  }

  drawOver() {
    const context = this.over;
    context.clearRect(0, 0, this.width, this.height);
    for (const i of new Set([this.selected, this.pointed])) {
      if (i >= 0 && this.inView(this.feet(i))) {
        this.drawStrong(context, i);
      }
    }
    if (this.brush) {
      const [from, to] = [...this.brush].sort((a, b) => a - b);
      context.fillStyle = this.colours.ink;
      context.globalAlpha = 0.1;
      context.fillRect(from, 0, to - from, this.ground + BAR_PIXELS);
      context.globalAlpha = 1;
    }
  }

  drawStrong(context, i) {
    const tint = this.tints[findings.match[i]], [a, b, c, d] = this.arch(this.feet(i));
    context.save();
    context.beginPath();
    context.rect(0, 0, this.width, this.ground + BAR_PIXELS + 3);
    context.clip();
    context.fillStyle = tint;
    context.strokeStyle = tint;
    context.globalAlpha = 0.45;
    const outline = new Path2D(this.outline(this.feet(i)));
    context.fill(outline, "evenodd");
    context.globalAlpha = 1;
    context.lineWidth = 1.5;
    context.stroke(outline);
    context.strokeStyle = this.colours.ink;
    for (const [from, to] of [[a, b], [c, d]]) {
      context.strokeRect(from - 0.5, this.ground, Math.max(2, to - from + 1), BAR_PIXELS + 2);
    }
    context.restore();
  }

  // ---- The pointer. ----

  listen() {
    const chart = this.chart;
    let start = null;
    const place = (event) => {
      const box = chart.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    chart.addEventListener("pointerdown", (event) => {
      start = event.button === 0 ? place(event)[0] : null;
    });
    chart.addEventListener("pointermove", (event) => {
      const [x, y] = place(event);
      if (start !== null && event.pointerType !== "touch" && Math.abs(x - start) > 6) {
        this.brush = [start, x];
        this.point(-1, x, y);
      } else if (!this.brush) {
        this.point(this.hit(x, y), x, y);
      }
    });
    chart.addEventListener("pointerup", (event) => {
      const [x, y] = place(event);
      if (this.brush) {
        this.lookAtBrush();
      } else if (start !== null && this.hit(x, y) >= 0) {
        this.onPick(this.hit(x, y));
      }
      start = null;
    });
    chart.addEventListener("pointerleave", () => {
      this.point(-1, 0, 0);
    });
    window.addEventListener("pointerup", () => {
      start = null;
      if (this.brush) {
        this.lookAtBrush();
      }
    });
  }

  lookAtBrush() {
    const [from, to] = this.brush.map((x) => this.view[0] + (x / this.width) * (this.view[1] - this.view[0]));
    this.brush = null;
    this.look(Math.min(from, to), Math.max(from, to));
  }

  point(i, x, y) {
    const changed = i !== this.pointed;
    this.pointed = i;
    this.chart.classList.toggle("pointing", i >= 0);
    if (changed || this.brush) {
      this.drawOver();
    }
    this.tip.hidden = i < 0;
    if (i >= 0) {
      if (changed) {
        this.tip.replaceChildren(...tipOf(i));
      }
      const width = this.tip.offsetWidth, left = x + 14 + width > this.width ? x - width - 14 : x + 14;
      this.tip.style.left = `${Math.max(0, left)}px`;
      this.tip.style.top = `${Math.max(0, Math.min(y + 10, this.height - this.tip.offsetHeight))}px`;
    }
  }

  // The finding under a point: of the arches whose band it touches, the smallest; in the bar, the shortest there.
  hit(x, y) {
    let best = -1, least = Infinity;
    for (const { i, feet } of this.drawn || []) {
      const words = findings.words[i];
      if (words <= least && this.touches(this.arch(feet), x, y)) {
        best = i;
        least = words;
      }
    }
    return best;
  }

  touches([a, b, c, d], x, y) {
    if (y >= this.ground) {
      return y <= this.ground + BAR_PIXELS && ((x >= a - 2 && x <= b + 2) || (x >= c - 2 && x <= d + 2));
    }
    return this.inside(a, d, x, y, NEAR_PIXELS) && !this.inside(b, c, x, y, -NEAR_PIXELS);
  }

  inside(left, right, x, y, margin) {
    const across = (right - left) / 2 + margin, up = this.rise(right - left) + margin;
    if (across <= 0 || up <= 0) {
      return false;
    }
    return ((x - (left + right) / 2) / across) ** 2 + ((this.ground - y) / up) ** 2 <= 1;
  }
}

function tipOf(i) {
  const head = make("div", null, make("strong", null, titleOf(i)));
  const said = make("div", { class: "clip", dir: "auto" }, inOneLine(textsOf(i).rows[0]?.[1] || ""));
  return [head, said];
}

function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= least);
}

function size(bytes) {
  const [unit, power] = [["GB", 1e9], ["MB", 1e6], ["kB", 1e3], ["bytes", 1]].find(([, one]) => bytes >= one) || ["bytes", 1];
  return `${number(Math.round((bytes / power) * 10) / 10)} ${unit}`;
}

// The end of a long name: that is where paths differ.
const shorten = (name, most) => (name.length > most ? `…${name.slice(1 - most)}` : name);
