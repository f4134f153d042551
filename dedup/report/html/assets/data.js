// What the page knows: the table of findings at once, the texts in parts when somebody looks at them.

const SAME = 0, NEARLY = 1, ADDS = 2;
const MATCH_CLASS = ["same", "nearly", "adds"];
const MATCH_NAME = ["same words", "nearly the same words", "adds something"];
const KIND_NAME = ["Block", "Paragraph", "Variant"];

const byId = (id) => document.getElementById(id);

const readJson = (id) => JSON.parse(byId(id).textContent);

const page = readJson("table");
const documents = page.documents; // columns: name, at, bytes, record
const findings = page.findings; // columns: id, kind, match, document, lines, ...
const several = page.several;
const count = findings.id.length;

const chunks = new Map();
const NO_TEXTS = { before: [null, null], rows: [], after: [null, null], more: 0 };

// This script stands before most of the texts: the first screen does not wait for them.
const allHere = () => document.readyState !== "loading";

// The texts of finding i: {before, rows, after, more}, every text a string, null where a side has none.
function textsOf(i) {
  const number = Math.floor(i / page.chunk);
  if (!chunks.has(number)) {
    if (!allHere() && !byId(`texts-${number + 1}`) && number > 0) {
      return NO_TEXTS; // not read yet, or not to its end
    }
    chunks.set(number, readJson(`texts-${number}`));
  }
  const chunk = chunks.get(number);
  const text = (at) => (at < 0 ? null : chunk.texts[at]);
  const [before, rows, after, more] = chunk.of[i - number * page.chunk];
  const pair = ([original, repeat, ...rest]) => [text(original), text(repeat), ...rest];
  return { before: pair(before), rows: rows.map(pair), after: pair(after), more };
}

const number = (value) => value.toLocaleString("en-US");
const amount = (value, noun) => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
const lines = (first, last) => (first === last ? `line ${number(first)}` : `lines ${number(first)}–${number(last)}`);
// In lines; where both places share a line, as in an article on one line, in bytes.
const shareALine = (i) => sameDocument(i) && findings.olast[i] >= findings.line[i];
const bytes = (first, last) => `bytes ${number(first)}–${number(last)}`;
const ofText = (document) => (documents.record[document] ? "text " : ""); // lines of a record are not those of its file
const placeOf = (i) => ofText(findings.document[i]) +
  (shareALine(i) ? bytes(findings.start[i], findings.end[i]) : lines(findings.line[i], findings.last[i]));
const originOf = (i) => ofText(findings.odocument[i]) +
  (shareALine(i) ? bytes(findings.ostart[i], findings.oend[i]) : lines(findings.oline[i], findings.olast[i]));
const nameOf = (i) => documents.name[findings.document[i]];
const originNameOf = (i) => documents.name[findings.odocument[i]];
// Names without the folders that all of them share.
const shortName = (document) => documents.name[document].slice(page.shared);
const sameDocument = (i) => findings.document[i] === findings.odocument[i];
const percent = (i) => (findings.similarity[i] === null ? "" : `${(findings.similarity[i] / 10).toFixed(findings.similarity[i] % 10 ? 1 : 0)} %`);

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function titleOf(i) {
  const verb = findings.kind[i] === 2 ? (findings.line[i] === findings.last[i] ? "is near to" : "are near to") :
    (findings.line[i] === findings.last[i] ? "repeats" : "repeat");
  const of = (document) => ` of ${shorten(shortName(document), 48)}`;
  const here = several ? of(findings.document[i]) : "", there = sameDocument(i) ? "" : of(findings.odocument[i]);
  return capital(`${placeOf(i)}${here} ${verb} ${originOf(i)}${there}`);
}

// A new element; attributes that start with "on" are listeners, text is only ever text.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

// Characters that draw nothing, or turn the text around them: control codes, bidirectional overrides, BOM.
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]/g;
const CONTROL_NAMES = {
  0: "NUL", 27: "ESC", 0x202a: "LRE", 0x202b: "RLE", 0x202c: "PDF", 0x202d: "LRO", 0x202e: "RLO",
  0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0xfeff: "BOM",
};

function controlName(character) {
  const code = character.codePointAt(0);
  return CONTROL_NAMES[code] || `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

const inOneLine = (text) => text.slice(0, 400).replace(UNSEEN, (c) => `[${controlName(c)}]`).replace(/\s+/g, " ").trim();

// The words of the search in a passage, case aside, and where a line was wrapped.
const plain = (text) => text.toLowerCase().replace(/\s+/g, " ");
const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// Text as nodes: unseen characters spelled out, what was searched for marked.
function nodesOf(text, needle) {
  const nodes = [];
  let at = 0;
  const visible = (part) => (needle ? marked(part, needle) : [part]);
  for (const found of text.matchAll(UNSEEN)) {
    nodes.push(...visible(text.slice(at, found.index)), make("span", { class: "control" }, controlName(found[0])));
    at = found.index + 1;
  }
  nodes.push(...visible(text.slice(at)));
  return nodes.filter((node) => node !== "");
}

function marked(text, needle) {
  const lower = text.toLowerCase();
  if (lower.length !== text.length) {
    return [text]; // lower case moved the positions, as for the Turkish İ
  }
  const wanted = new RegExp(needle.split(" ").map(escaped).join("\\s+"), "g");
  const nodes = [];
  let at = 0;
  for (const { 0: hit, index } of lower.matchAll(wanted)) {
    nodes.push(text.slice(at, index), make("mark", null, text.slice(index, index + hit.length)));
    at = index + hit.length;
  }
  return [...nodes, text.slice(at)];
}
