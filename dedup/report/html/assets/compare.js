// Original and repeat side by side, word by word, with what stands around them.

function comparison(i, needle) {
  const texts = textsOf(i);
  const body = make("tbody");
  addContext(body, i, texts.before, "before");
  for (const row of texts.rows) {
    body.append(pairRow(i, row, needle));
  }
  if (texts !== NO_TEXTS && !texts.rows.length) {
    body.append(asideRow(`The report has no text (--report-text none): dedup explain REPORT.json ${findings.id[i]} reads it in the files.`));
  }
  if (texts.more) {
    body.append(asideRow(`${amount(texts.more, "more paragraph")} of this block: dedup explain REPORT.json ${findings.id[i]} reads them in the files.`));
  }
  addContext(body, i, texts.after, "after");
  return make("table", null,
    make("caption", { class: "visually-hidden" }, titleOf(i)),
    make("thead", null, make("tr", null,
      headCell("Original", originNameOf(i), originOf(i)),
      headCell(whatIs(i), nameOf(i), placeOf(i)))),
    body);
}

function whatIs(i) {
  return findings.kind[i] === 2 ? "Variant" : "Repeat";
}

function headCell(what, name, place) {
  const small = make("small", null, several ? make("bdi", null, name) : "", several ? ", " : "", place);
  return make("th", { scope: "col" }, what, small);
}

function addContext(body, i, [original, repeat], where) {
  if (original !== null || repeat !== null) {
    body.append(make("tr", { class: "context" }, contextCell(original, "Original", where), contextCell(repeat, whatIs(i), where)));
  }
}

function contextCell(text, side, where) {
  if (text === null) {
    return make("td", null, make("span", { class: "at", "data-side": side }, `nothing ${where}`));
  }
  return make("td", null, make("span", { class: "at", "data-side": side }, where), make("p", { dir: "auto" }, ...nodesOf(text, "")));
}

function asideRow(text) {
  return make("tr", { class: "aside" }, make("td", { colspan: 2 }, text));
}

const BETWEEN = "between", ELSEWHERE = "elsewhere";

// Some originals in a block stand in another document, or in another order.
const placeThere = (oline, line) => (oline ? `line ${number(oline)}` : line ? ELSEWHERE : BETWEEN);

// One pair of paragraphs: [original, repeat, line there, line here, cut].
function pairRow(i, [original, repeat, oline, line, cut], needle) {
  const row = make("tr", { class: original === repeat ? "alike" : null });
  const comparable = original !== null && repeat !== null && original !== repeat;
  const different = comparable ? diffWords(original, repeat) : null;
  if (different && cut) {
    forgetTheCut(...different);
  }
  row.append(
    sideCell(original, different && different[0], "del", "Original", placeThere(oline, line), needle),
    sideCell(repeat, different && different[1], "ins", whatIs(i), line ? `line ${number(line)}` : BETWEEN, needle));
  if (original === repeat && oline !== line) {
    row.lastChild.querySelector(".at").dataset.there = `${placeThere(oline, line)} and `; // a narrow screen has one cell for both
  }
  const notes = [cut && "… the paragraph goes on", comparable && !different && "Too different to be marked word by word."];
  for (const note of notes.filter(Boolean)) {
    for (const cell of row.children) {
      cell.append(make("span", { class: "at" }, note));
    }
  }
  return row;
}

// Both sides are cut at the same length: what one of them has more at its end may stand in the other behind the cut,
// where that one ends in what both have, or in a word that was cut.
function forgetTheCut(...sides) {
  const ends = sides.map((side) => side.findLast(([part]) => wordsIn(part))).filter((run) => run?.[1] === "new");
  if (ends.length < 2 || ends.some(([part]) => wordsIn(part) === 1)) {
    ends.forEach((run) => { run[1] = ""; });
  }
}

const wordsIn = (text) => piecesOf(text).filter((piece) => piece.key).length;

function sideCell(text, runs, tag, side, place, needle) {
  if (text === null) {
    return make("td", null, make("span", { class: "absent" }, place === ELSEWHERE ? "its original stands elsewhere" : "no paragraph here"));
  }
  const passage = make("p", { dir: "auto" });
  if (runs === null) {
    passage.append(...nodesOf(text, needle));
  } else {
    for (const [part, how] of runs) {
      passage.append(...(how === "" ? nodesOf(part, needle) : [marking(part, how, tag, needle)]));
    }
  }
  return make("td", null, make("span", { class: "at", "data-side": side }, place), passage);
}

function marking(part, how, tag, needle) {
  const nodes = nodesOf(part, needle);
  return how === "new" ? make(tag, null, ...nodes) :
    make("span", { class: "soft", title: "differs in punctuation or case only" }, ...nodes);
}

// What is known of a finding besides its texts.
function factsOf(i) {
  const facts = [make("span", { class: MATCH_CLASS[findings.match[i]] }, `${KIND_NAME[findings.kind[i]]}, ${MATCH_NAME[findings.match[i]]}`)];
  if (findings.similarity[i] !== null && findings.match[i] !== SAME) {
    facts.push(make("span", null, `${percent(i)} alike`));
  }
  facts.push(make("span", null, `${amount(findings.paragraphs[i], "paragraph")}, ${amount(findings.words[i], "word")}`));
  facts.push(make("span", null, page.check ? "" : findings.state[i] || "")); // a check removes nothing
  if (findings.note[i]) {
    facts.push(make("span", { class: "adds" }, make("bdi", null, findings.note[i])));
  }
  facts.push(make("span", null, "id ", make("code", null, findings.id[i])));
  return facts.filter((fact) => fact.textContent);
}
