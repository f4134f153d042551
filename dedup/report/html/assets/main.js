// Joins the parts: filters, list, map and comparison show the same findings and the same selection.

// `picked` is false until somebody chooses a finding: the map of a fresh page has no favourite.
const state = { selected: -1, picked: false, shown: [], needle: "" };
const list = new FindingList(byId("list"), (i) => pick(i, true));
const map = new RepeatMap(byId("chart"), (i) => pick(i, true));
const compare = byId("compare");
const narrow = matchMedia("(max-width: 860px)");

// ---- The selection. ----

// Select a finding; `open` also brings both places into view.
function pick(i, open) {
  if (i >= 0 && list.positionOf(i) < 0) {
    clearFilters();
  }
  state.selected = i;
  state.picked = true;
  list.select(i);
  map.select(i);
  drawComparison();
  if (i >= 0) {
    // One step of history for all findings: back leads to the map.
    const first = open && !location.hash;
    history[first ? "pushState" : "replaceState"](null, "", `#${findings.id[i]}`);
  }
  if (i >= 0 && open) {
    openComparison();
  }
}

function openComparison() {
  if (narrow.matches) {
    coverPage(true);
    compare.focus({ preventScroll: true });
  } else {
    byId("findings").scrollIntoView({ block: "start" });
  }
}

// On a narrow screen the comparison lies on top of the page: what is below it can be neither read out nor reached by Tab.
function coverPage(covered) {
  compare.classList.toggle("open", covered);
  document.body.style.overflow = covered ? "hidden" : "";
  if (covered) {
    compare.setAttribute("role", "dialog");
    compare.setAttribute("aria-modal", "true");
  } else {
    compare.removeAttribute("role");
    compare.removeAttribute("aria-modal");
  }
  for (let inner = compare; inner !== document.body; inner = inner.parentElement) {
    for (const beside of inner.parentElement.children) {
      beside.inert = covered && beside !== inner && beside !== byId("help");
    }
  }
}

// Enter in the list: the keys that scroll go to the texts.
function readBoth() {
  openComparison();
  compare.focus({ preventScroll: true });
}

function closeComparison() {
  const was = compare.classList.contains("open");
  const within = compare.contains(document.activeElement);
  coverPage(false);
  if (was || within) {
    byId("list").focus({ preventScroll: true });
  }
  return was || within;
}

function step(by) {
  if (state.shown.length) {
    const at = list.positionOf(state.selected);
    const unseen = Math.abs(by) === 1 && !state.picked && byId("list").getBoundingClientRect().top > innerHeight;
    const next = at < 0 ? 0 : unseen ? at : Math.min(state.shown.length - 1, Math.max(0, at + by));
    pick(state.shown[next], false);
    if (compare.classList.contains("open")) {
      compare.focus({ preventScroll: true }); // the button that was pressed is drawn anew
    } else {
      byId("list").focus({ preventScroll: true }); // a screen reader says the row
      byId("findings").scrollIntoView({ block: "start" });
    }
  }
}

function drawComparison() {
  const i = state.selected;
  compare.scrollTop = 0;
  if (i < 0) {
    compare.replaceChildren(make("p", { class: "empty" }, count ? "Choose a finding to see both places side by side." : "Nothing repeats."));
    return;
  }
  const at = list.positionOf(i);
  const button = (label, text, action, off, kind) => make("button", { type: "button", class: kind, "aria-label": label, title: label, disabled: off, onclick: action }, text);
  const buttons = [
    button("Previous finding (k)", "↑", () => step(-1), at <= 0, "quiet"),
    button("Next finding (j)", "↓", () => step(1), at < 0 || at + 1 >= state.shown.length, "quiet"),
    button("Back to the list (Esc)", "✕", () => closeComparison(), false, "quiet back"),
  ];
  compare.replaceChildren(
    make("div", { class: "head" },
      make("div", { class: "steps" }, ...buttons),
      make("div", null, make("h3", null, titleOf(i)), make("div", { class: "facts" }, ...factsOf(i)))),
    comparison(i, state.needle));
}

// ---- The filters. ----

function wanted() {
  const form = new FormData(byId("filters"));
  return {
    text: plain(form.get("text").trim()),
    file: (form.get("file") || "").trim(),
    match: [SAME, NEARLY, ADDS].map((match) => form.has(MATCH_CLASS[match])),
    kind: Number(form.get("kind")),
    words: Number(form.get("words")),
    order: form.get("order"),
  };
}

function applyFilters() {
  const filter = wanted();
  state.needle = filter.text;
  state.shown = filtered(filter);
  list.show(state.shown);
  map.show(state.shown);
  byId("count").textContent = `${number(state.shown.length)} of ${number(count)}`;
  byId("clear").hidden = state.shown.length === count;
  byId("none").hidden = state.shown.length > 0 || !count;
  if (list.positionOf(state.selected) < 0) {
    state.selected = state.shown.length ? state.shown[0] : -1;
  }
  list.select(state.selected);
  map.select(state.picked ? state.selected : -1);
  drawComparison();
}

function clearFilters() {
  byId("filters").reset();
  applyFilters();
}

function filterFile(name) {
  byId("filters").reset();
  byId("file").value = name;
  applyFilters();
  byId("findings").scrollIntoView({ block: "start" });
}

// ---- Keys. ----

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Home: () => step(-count),
  End: () => step(count),
  Enter: () => readBoth(),
  "/": () => { closeComparison(); byId("findings").scrollIntoView({ block: "start" }); byId("text").select(); },
  "?": () => byId("help").showModal(),
};

function onKey(event) {
  const typing = event.target.closest("input, select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || byId("help").open) {
    return;
  }
  if (event.key === "Escape") {
    escape(typing);
    return;
  }
  const onButton = event.target.closest("button, a, summary");
  const inList = event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End";
  const action = KEYS[event.key];
  if (!action || typing || (event.key === "Enter" && onButton) || (inList && event.target !== byId("list"))) {
    return;
  }
  event.preventDefault();
  action();
}

// One step back at a time: the comparison, the field, the filters, the zoom.
function escape(typing) {
  if (closeComparison()) {
    return;
  }
  if (typing) {
    typing.blur();
  } else if (state.shown.length !== count) {
    clearFilters();
  } else if (map.zoomed) {
    map.whole();
  }
}

// ---- Light and dark, print. ----

function remembered(value) {
  try {
    if (value !== undefined) {
      localStorage.setItem("dedup-theme", value);
    }
    return localStorage.getItem("dedup-theme");
  } catch {
    return null; // a file opened from a disk may have no storage
  }
}

function switchTheme() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  setTheme(dark ? "light" : "dark");
  remembered(document.documentElement.dataset.theme);
}

function setTheme(theme) {
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
  map.draw();
}

const MOST_PRINTED = 20;

// On paper: the findings of the list, the first of them with both places.
function preparePrint() {
  const printed = byId("printed");
  const some = state.shown.slice(0, MOST_PRINTED);
  const note = some.length < state.shown.length ? `The first ${some.length} of ${amount(state.shown.length, "finding")}.` : "";
  printed.replaceChildren(make("p", null, note), ...some.map((i) => make("article", { class: "compare" },
    make("div", { class: "head" }, make("h3", null, titleOf(i)), make("div", { class: "facts" }, ...factsOf(i))), comparison(i, ""))));
  byId("chart").append(map.toSvg());
}

function endPrint() {
  byId("printed").replaceChildren();
  byId("chart").querySelectorAll(".paper").forEach((drawing) => drawing.remove());
}

// ---- Start. ----

function start() {
  const later = (action, wait) => {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(action, wait);
    };
  };
  byId("filters").addEventListener("input", later(applyFilters, 120));
  byId("filters").addEventListener("submit", (event) => { event.preventDefault(); applyFilters(); });
  byId("clear").addEventListener("click", clearFilters);
  byId("none").querySelector("button").addEventListener("click", clearFilters);
  byId("theme").addEventListener("click", switchTheme);
  byId("keys").addEventListener("click", () => byId("help").showModal());
  byId("closer").addEventListener("click", () => map.zoom(0.5));
  byId("farther").addEventListener("click", () => map.zoom(2));
  byId("all").addEventListener("click", () => map.whole());
  byId("chart").addEventListener("drawn", () => {
    const share = (100 * (map.view[1] - map.view[0])) / page.bytes;
    byId("inview").textContent = map.zoomed ? `, ${share < 1 ? share.toPrecision(1) : Math.round(share)} % in view` : "";
    byId("all").disabled = byId("farther").disabled = !map.zoomed;
    byId("hidden").textContent = map.hidden ? `${number(MOST_ARCHES)} largest drawn, ${number(map.hidden)} smaller ones only in the bar; zoom in to see them. ` : "";
  });
  for (const button of document.querySelectorAll("button[data-file]")) {
    button.addEventListener("click", () => filterFile(button.dataset.file));
  }
  for (const button of document.querySelectorAll("button[data-finding]")) {
    button.addEventListener("click", () => pick(Number(button.dataset.finding), true));
  }
  document.addEventListener("keydown", onKey);
  window.addEventListener("resize", later(() => map.draw(), 60));
  window.addEventListener("beforeprint", preparePrint);
  window.addEventListener("afterprint", endPrint);
  window.addEventListener("hashchange", openHash);
  window.addEventListener("popstate", () => location.hash || unpick());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.draw());
  // A wide window has the comparison beside the list, and no button to close it.
  narrow.addEventListener("change", () => closeComparison() && openComparison());
  setTheme(remembered());
  applyFilters();
  openHash();
  const ready = () => { document.documentElement.dataset.ready = "true"; };
  if (allHere()) {
    ready();
  } else {
    document.addEventListener("DOMContentLoaded", () => {
      if (state.needle) {
        applyFilters(); // over the texts that were not here
      } else {
        list.show(state.shown);
        list.select(state.selected);
      }
      ready();
    });
  }
  performance.mark("drawn");
}

// Back on the first screen, which the browser scrolls to.
function unpick() {
  closeComparison();
  state.picked = false;
  map.select(-1);
}

function openHash() {
  const i = findings.id.indexOf(location.hash.slice(1));
  if (i >= 0 && (i !== state.selected || !state.picked)) {
    pick(i, true);
  }
}

start();
