// Two texts word by word. As in dedup itself, letters, digits and marks count and the rest only separates:
// a difference in punctuation or case alone is shown softly.

const MOST_EDITS = 2000; // beyond it nothing is marked, and the page says so; time and memory grow with its square
const PIECE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|\s+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])\S)+/gu;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

// Pieces of a text: {text, key}; the key is what is compared, empty for what only separates.
function piecesOf(text) {
  return (text.match(PIECE) || []).map((piece) => {
    const words = piece.normalize("NFKC").toLowerCase().match(WORD);
    return { text: piece, key: words ? words.join(" ") : "" };
  });
}

// Two lists of [text, how] with how one of "" (in both), "soft" (other punctuation or case) or "new"
// (in this one alone); null when the texts are too different to be compared word by word.
function diffWords(first, second) {
  const left = piecesOf(first), right = piecesOf(second);
  const leftWords = left.flatMap((piece, at) => (piece.key ? [at] : []));
  const rightWords = right.flatMap((piece, at) => (piece.key ? [at] : []));
  const pairs = commonPairs(leftWords.map((at) => left[at].key), rightWords.map((at) => right[at].key));
  if (pairs === null) {
    return null;
  }
  const leftHow = new Array(left.length).fill("new"), rightHow = new Array(right.length).fill("new");
  for (const [i, j] of pairs) {
    const how = left[leftWords[i]].text === right[rightWords[j]].text ? "" : "soft";
    leftHow[leftWords[i]] = how;
    rightHow[rightWords[j]] = how;
  }
  softenGaps(left, leftHow, right, rightHow, pairs.map(([i, j]) => [leftWords[i], rightWords[j]]));
  return [runs(left, leftHow), runs(right, rightHow)];
}

// What stands by itself between two words in common, a dash or a Chinese comma, is soft where it is not the same.
function softenGaps(left, leftHow, right, rightHow, pairs) {
  let i = -1, j = -1;
  for (const [nextI, nextJ] of [...pairs, [left.length, right.length]]) {
    const one = signsBetween(left, i + 1, nextI), other = signsBetween(right, j + 1, nextJ);
    const both = () => one.length && other.length;
    while (both() && left[one[0]].text === right[other[0]].text) {
      one.shift();
      other.shift();
    }
    while (both() && left[one.at(-1)].text === right[other.at(-1)].text) {
      one.pop();
      other.pop();
    }
    one.forEach((at) => { leftHow[at] = "soft"; });
    other.forEach((at) => { rightHow[at] = "soft"; });
    i = nextI;
    j = nextJ;
  }
}

function signsBetween(pieces, from, to) {
  const found = [];
  for (let at = from; at < to; at++) {
    if (!pieces[at].key && pieces[at].text.trim()) {
      found.push(at);
    }
  }
  return found;
}

// Runs of pieces alike; what separates two new words (space, a dash) is new with them, elsewhere it is soft or in both.
function runs(pieces, how) {
  const joined = [];
  const after = new Array(pieces.length);
  for (let at = pieces.length - 1, next = ""; at >= 0; at--) {
    after[at] = next;
    next = pieces[at].key ? how[at] : next;
  }
  let before = "";
  pieces.forEach((piece, at) => {
    const kind = piece.key ? how[at] : before === "new" && after[at] === "new" ? "new" : how[at] === "soft" ? "soft" : "";
    before = piece.key ? kind : before;
    const last = joined[joined.length - 1];
    if (last && last[1] === kind && kind !== "soft") {
      last[0] += piece.text;
    } else {
      joined.push([piece.text, kind]);
    }
  });
  return joined;
}

// Pairs of positions of a longest common subsequence, after Myers, "An O(ND) difference algorithm" (1986).
function commonPairs(a, b) {
  let head = 0, tail = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) {
    head++;
  }
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) {
    tail++;
  }
  const middle = shortestEdit(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  if (middle === null) {
    return null;
  }
  const pairs = [];
  for (let i = 0; i < head; i++) {
    pairs.push([i, i]);
  }
  pairs.push(...middle.map(([i, j]) => [i + head, j + head]));
  for (let i = tail; i > 0; i--) {
    pairs.push([a.length - i, b.length - i]);
  }
  return pairs;
}

function shortestEdit(a, b) {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const furthest = new Int32Array(2 * most + 3);
  const history = [];
  for (let edits = 0; edits <= most; edits++) {
    history.push(furthest.slice(most - edits, most + edits + 3));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && furthest[most + k] < furthest[most + k + 2]);
      let x = down ? furthest[most + k + 2] : furthest[most + k] + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) {
        x++;
      }
      furthest[most + k + 1] = x;
      if (x >= a.length && x - k >= b.length) {
        return walkBack(history, a, b);
      }
    }
  }
  return null;
}

// history[e] holds diagonals -e-1 to e+1 as they were before step e, so diagonal k stands at k + e + 1.
function walkBack(history, a, b) {
  const pairs = [];
  let x = a.length, y = b.length;
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const was = history[edits], k = x - y;
    const down = k === -edits || (k !== edits && was[k + edits] < was[k + edits + 2]);
    const from = down ? k + 1 : k - 1;
    const fromX = edits ? was[from + edits + 1] : 0, fromY = edits ? fromX - from : 0;
    while (x > fromX && y > fromY && a[x - 1] === b[y - 1]) {
      pairs.push([--x, --y]);
    }
    x = fromX;
    y = fromY;
  }
  return pairs.reverse();
}
