// The verification page: is this text the newsroom's? Everything is computed here; the site is only asked for its files.
"use strict";

const text8 = new TextEncoder(), from8 = new TextDecoder();
const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const hexOf = (bytes) => [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
const isEqual = (a, b) => a.length === b.length && a.every((each, at) => each === b[at]);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

const digest = async (kind, ...parts) => new Uint8Array(await crypto.subtle.digest(kind, joined(...parts)));
const sha256 = (...parts) => digest("SHA-256", ...parts);
const leaf = (entry) => sha256(Uint8Array.of(0), entry);
const node = (left, right) => sha256(Uint8Array.of(1), left, right);

// --- Texts: the same rules as the bot's, from the same table ---

function reading(rules) {
  const table = Object.fromEntries(Object.entries(rules.patterns).map(([name, source]) => [name, new RegExp(source, "giu")]));
  const { alike } = rules;
  const folded = (text) => text.toLowerCase().replace(/ß/g, "ss").replace(/ς/g, "σ");
  const count = (pattern, text) => (text.match(pattern) || []).length;
  const put = (word, from, to) => [...word].map((letter) => (from.includes(letter) ? [...to][[...from].indexOf(letter)] : letter)).join("");
  const all = (word, letters) => [...word].every((letter) => letters.includes(letter));

  function oneAlphabet(part, isCyrillic) {
    const cyrillic = count(table.cyrillic, part), latin = count(table.latin, part), greek = count(table.greek, part);
    const toCyrillic = (word) => put(word, alike.latin + alike.greek, alike.cyrillic + alike.greek_as_cyrillic);
    const toLatin = (word) => put(word, alike.cyrillic + alike.greek, alike.latin + alike.greek_as_latin);
    if ((cyrillic && latin) || greek) return cyrillic > latin || (cyrillic === latin && isCyrillic) ? toCyrillic(part) : toLatin(part);
    if (latin && isCyrillic && all(part, alike.latin)) return toCyrillic(part);
    if (cyrillic && !isCyrillic && all(part, alike.cyrillic)) return toLatin(part);
    return part;
  }

  function number(said) {
    const bare = said.replace(/[−–]/g, "-").replace(table.spaces, "");
    const sign = bare.startsWith("-") ? "-" : "";
    let core = bare.slice(sign.length), percent = "";
    if ("%‰".includes(core.slice(-1))) { percent = core.slice(-1); core = core.slice(0, -1); }
    core = /^\d{1,3}([,.])\d{3}(?:\1\d{3})*$/.test(core) ? core.replace(/[.,]/g, "") : core.replace(/,/g, ".");
    return sign + core + percent;
  }

  function wordOf(said, isCyrillic) {
    const plain = folded(said.normalize("NFKC")).replace(table.apostrophes, "'").replace(table.hyphens, "-");
    return [plain.split("-").map((part) => oneAlphabet(part, isCyrillic)).join("-"), plain];
  }

  const mark = (said) => ("?!".includes(said[0]) ? (said.includes("?") ? "?" : "!") : rules.quotes.includes(said) ? '"' : said);

  return function read(text) {
    const shown = text.slice(0, rules.longest).replace(table.breaks, "\n").normalize("NFC").replace(table.hidden, "");
    const lowered = folded(shown), isCyrillic = count(table.cyrillic, lowered) > count(table.latin, lowered);
    let words = [], gaps = [""];
    const links = [];
    for (const found of shown.matchAll(table.token)) {
      const { groups } = found, said = found[0];
      if (groups.link !== undefined) links.push(said);
      else if (groups.mark !== undefined) gaps[gaps.length - 1] += mark(said);
      else if (groups.pause === undefined) {
        const [key, plain] = groups.number !== undefined ? Array(2).fill(number(said)) : wordOf(said, isCyrillic);
        words.push({ key, plain, start: found.index, end: found.index + said.length });
        gaps.push("");
      }
    }
    const whole = text.length <= rules.longest && words.length <= rules.most_words;
    words = words.slice(0, rules.most_words);
    gaps = gaps.slice(0, rules.most_words + 1);
    return { text: shown, words, gaps, links, whole };
  };
}

/** An address as it is compared: host in small letters and its ASCII form, path and query, no scheme. */
function addressing({ hosts, shared }) {
  const folded = (text) => text.toLowerCase();
  return function addressOf(link) {
    if (link.startsWith("@")) return `t.me/${folded(link.slice(1))}`;
    const [, , place, path, query = ""] = /^([a-z][a-z\d+.-]*:\/\/)?([^/?#]*)([^?#]*)(\?[^#]*)?/i.exec(link);
    let host, port;
    try { ({ hostname: host, port } = new URL(`https://${place.slice(place.lastIndexOf("@") + 1)}`)); } catch { return folded(link); }
    host = host.replace(/\.+$/, "");
    host = hosts[host] || host;
    const below = path.replace(/\/+$/, "");
    return host + (port && port !== "80" ? `:${port}` : "") + (host === shared ? folded(below) : below) + (query.length > 1 ? query : "");
  };
}

function between(read, at) {
  return read.text.slice(at ? read.words[at - 1].end : 0, at < read.words.length ? read.words[at].start : undefined);
}

/** Where each sentence or line begins and ends, in words. */
function spansOf(read, { patterns }) {
  const bounds = [0], ends = new RegExp(patterns.ends, "u");
  for (let at = 1; at < read.words.length; at++) if (ends.test(between(read, at))) bounds.push(at);
  bounds.push(read.words.length);
  return bounds.slice(1).map((end, at) => [bounds[at], end]);
}

function sentencesOf(read, rules) {
  return spansOf(read, rules).map(([first, last]) => read.words.slice(first, last).map((word) => word.key)).filter((keys) => keys.length >= rules.phrase);
}

function withoutTail(read, lines, most) {
  const words = [...read.words];
  for (let round = 0; round < most; round++) {
    const tail = lines.find((keys) => keys.length && keys.length <= words.length && keys.every((key, at) => words[words.length - keys.length + at].key === key));
    if (!tail) break;
    words.length -= tail.length;
  }
  return { ...read, words, gaps: read.gaps.slice(0, words.length + 1) };
}

// --- Verdicts: the first four come from nothing but equal words without a break ---

const ORDER = ["same", "letters", "marks", "excerpt", "gaps", "added", "altered", "retold", "unknown"];
const NOT_OURS = { verdict: "unknown", share: 0, differences: [] };

function judge(theirs, ours, rules) {
  const asked = theirs.words.map((word) => word.key), held = ours.words.map((word) => word.key);
  if (!asked.length || !held.length) return NOT_OURS;
  const place = `\0${held.join("\0")}\0`.indexOf(`\0${asked.join("\0")}\0`);
  if (place < 0) return changed(theirs, ours, rules);
  const at = `\0${held.join("\0")}\0`.slice(0, place).split("\0").length - 1;
  const pairs = theirs.words.map((word, index) => [ours.words[at + index], word]);
  const letters = pairs.filter(([own, other]) => own.plain !== other.plain);
  const shown = (read, word) => read.text.slice(word.start, word.end);
  if (letters.length) return { verdict: "letters", differences: letters.map(([own, other]) => ({ ours: shown(ours, own), theirs: shown(theirs, other) })) };
  const isAll = asked.length === held.length && theirs.whole && ours.whole;
  if (haveOtherMarks(theirs, ours, at, isAll)) return { verdict: "marks", differences: [] };
  return { verdict: isAll && asked.length >= rules.least ? "same" : "excerpt", differences: [] };
}

/** At the edges of a text only questions and exclamations count; inside of a part, those and quotes. */
function haveOtherMarks(theirs, ours, at, isAll) {
  const last = theirs.words.length, loud = (marks) => marks.replace(/[^?!]/g, ""), telling = (marks) => marks.replace(/[^?!"]/g, "");
  return theirs.gaps.some((gap, index) => {
    const own = ours.gaps[at + index];
    if (index === 0) return isAll && loud(gap) !== loud(own);
    if (index === last) return loud(gap) !== loud(own);
    return isAll ? gap !== own : telling(gap) !== telling(own);
  });
}

/** Whether these words of ours are whole sentences; the same words at both ends allow several readings. */
function areSentences(ours, from, to) {
  const isEdge = (at) => at === 0 || at === ours.words.length || /[.!?…\n]/.test(between(ours, at));
  for (; !(isEdge(from) && isEdge(to)); from--, to--) if (!from || ours.words[from - 1].key !== ours.words[to - 1].key) return false;
  return true;
}

/** A text that does not stand unbroken in ours: what differs inside of what is ours, beside it, or is left out of it. */
function changed(theirs, ours, rules) {
  const a = ours.words.map((word) => word.key), b = theirs.words.map((word) => word.key), [start, at, length] = longestRun(a, b, rules);
  if (length < rules.run) return NOT_OURS;
  const steps = aligned(a, b, ...windowOf(a.length, b.length, start, at)), runs = steps.filter((step) => step.equal);
  const share = runs.reduce((sum, run) => sum + run.y1 - run.y0, 0) / b.length;
  const isAnEnd = (run) => (run.x0 === 0 && run.y0 === 0) || (run.x1 === a.length && run.y1 === b.length);
  const solid = runs.filter((run) => run.y1 - run.y0 >= rules.run || isAnEnd(run));
  if (share < rules.ours_from || !solid.length) return NOT_OURS;
  const inner = [], beside = [], leftOut = [], first = solid[0], last = solid.at(-1);
  const cut = (read, from, to) => (from < to ? read.text.slice(read.words[from].start, read.words[to - 1].end) : "");
  for (const { equal, x0, x1, y0, y1 } of steps) {
    if (equal || x0 < first.x1 || x1 > last.x0 || y0 < first.y1 || y1 > last.y0) continue;
    (y0 === y1 && areSentences(ours, x0, x1) ? leftOut : inner).push({ theirs: cut(theirs, y0, y1), ours: cut(ours, x0, x1) });
  }
  const head = first.y0, tail = b.length - last.y1;
  for (const [count, x0, x1, y0, y1] of [[head, Math.max(0, first.x0 - head - 2), first.x0, 0, first.y0], [tail, last.x1, Math.min(a.length, last.x1 + tail + 2), last.y1, b.length]]) {
    if (!count) continue;
    const near = new Set(a.slice(x0, x1)), isChanged = near.size && (count <= rules.edge || b.slice(y0, y1).some((key) => near.has(key)));
    (isChanged ? inner : beside).push({ theirs: cut(theirs, y0, y1), ours: isChanged ? cut(ours, x0, x1) : "" });
  }
  const differences = [...inner, ...beside, ...leftOut];
  let verdict = inner.length ? (share >= rules.altered_from ? "altered" : "retold") : beside.length ? "added" : leftOut.length ? "gaps" : "altered";
  if (verdict === "altered" && isAnother(theirs, share, differences, runs, rules)) verdict = "retold";
  return { verdict, share, differences };
}

/** A text that has a template in common with ours, and no sentence, is another text and no altered one. */
function isAnother(theirs, share, differences, runs, rules) {
  if (share >= rules.template_below || differences.length < rules.template_places) return false;
  const whole = spansOf(theirs, rules).filter(([first, last]) => last - first >= rules.template_words);
  return !whole.some(([first, last]) => runs.some((run) => run.y0 <= first && last <= run.y1));
}

/** Where the longest run of equal words begins in ours and in theirs, and how many words it has. */
function longestRun(a, b, { run, run_places: most }) {
  const keyOf = (words, at) => words.slice(at, at + run).join("\0"), places = new Map();
  for (let at = 0; at <= a.length - run; at++) {
    const key = keyOf(a, at), here = places.get(key) || [];
    if (here.length < most) places.set(key, [...here, at]);
  }
  let best = [0, 0, 0], row = new Map();
  for (let at = 0; at <= b.length - run; at++) {
    const next = new Map();
    for (const place of places.get(keyOf(b, at)) || []) {
      const size = (row.get(place - 1) || 0) + 1;
      next.set(place, size);
      if (size + run - 1 > best[2]) best = [place - size + 1, at - size + 1, size + run - 1];
    }
    row = next;
  }
  return best;
}

/** The part of ours that a text is laid beside: a short one lies near its longest run. */
function windowOf(ours, theirs, start, at) {
  if (theirs >= Math.floor(ours / 2)) return [0, ours];
  const slack = Math.floor(theirs / 2) + 6;
  return [Math.max(0, start - at - slack), Math.min(ours, start + theirs - at + slack)];
}

/** The longest common subsequence as stretches that are equal or not, with ties broken as the bot's library does. */
function aligned(a, b, low, high) {
  let head = 0, tail = 0;
  while (low + head < high && head < b.length && a[low + head] === b[head]) head++;
  while (high - tail > low + head && b.length - tail > head && a[high - tail - 1] === b[b.length - tail - 1]) tail++;
  const pairs = [];
  for (let each = 1; each <= tail; each++) pairs.push([high - each, b.length - each]);
  pairs.push(...common(a.slice(low + head, high - tail), b.slice(head, b.length - tail)).map(([x, y]) => [x + low + head, y + head]));
  for (let each = head - 1; each >= 0; each--) pairs.push([low + each, each]);
  const steps = [];
  let x = low, y = 0;
  for (const [px, py] of [...pairs.reverse(), [high, b.length]]) {
    const last = steps.at(-1);
    if (px > x || py > y) steps.push({ equal: false, x0: x, x1: px, y0: y, y1: py });
    if (px === high && py === b.length) break;
    if (last?.equal && px === x && py === y) { last.x1 = px + 1; last.y1 = py + 1; } else steps.push({ equal: true, x0: px, x1: px + 1, y0: py, y1: py + 1 });
    x = px + 1; y = py + 1;
  }
  return steps;
}

/** The pairs of equal words of a longest common subsequence, from the end. */
function common(a, b) {
  // One bit for each pair of words: the subsequence is longer with this word of ours than without it.
  const grows = new Uint8Array(a.length * b.length), pairs = [];
  let before = new Uint16Array(a.length + 1);
  for (let y = 0; y < b.length; y++) {
    const here = new Uint16Array(a.length + 1);
    for (let x = 0; x < a.length; x++) {
      here[x + 1] = a[x] === b[y] ? before[x] + 1 : Math.max(before[x + 1], here[x]);
      grows[y * a.length + x] = here[x + 1] > here[x] ? 1 : 0;
    }
    before = here;
  }
  let x = a.length, y = b.length;
  while (x && y) {
    if (!grows[(y - 1) * a.length + x - 1]) x--;
    else if (--y && grows[(y - 1) * a.length + x - 1]) continue;
    else pairs.push([--x, y]);
  }
  return pairs;
}

// --- Signatures ---

const FIELD = 2n ** 255n - 19n, ORDER_L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (value, by = FIELD) => ((value % by) + by) % by;
function power(base, exponent) { let out = 1n; for (base = mod(base); exponent; exponent >>= 1n, base = mod(base * base)) if (exponent & 1n) out = mod(out * base); return out; }
const inverse = (value) => power(value, FIELD - 2n);
const CURVE = mod(-121665n * inverse(121666n));
const little = (bytes) => [...bytes].reduceRight((sum, each) => (sum << 8n) | BigInt(each), 0n);

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2)), c = mod(2n * t1 * t2 * CURVE), d = mod(2n * z1 * z2);
  return [mod((b - a) * (d - c)), mod((d + c) * (b + a)), mod((d - c) * (d + c)), mod((b - a) * (b + a))];
}

function times(scalar, point) { let out = [0n, 1n, 1n, 0n]; for (; scalar; scalar >>= 1n, point = add(point, point)) if (scalar & 1n) out = add(out, point); return out; }

function pointOf(bytes) {
  const sign = bytes[31] >> 7, y = little(bytes) & (2n ** 255n - 1n);
  if (y >= FIELD) return null;
  const u = mod(y * y - 1n), v = mod(CURVE * y * y + 1n), square = mod(u * inverse(v));
  let x = power(square, (FIELD + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * power(2n, (FIELD - 1n) / 4n));
  if (mod(x * x) !== square || (x === 0n && sign)) return null;
  if (Number(x & 1n) !== sign) x = mod(-x);
  return [x, y, 1n, mod(x * y)];
}

/** Ed25519 for browsers without it in WebCrypto (before May 2025). It only verifies, so its time tells nobody anything. */
async function verifiedByHand(key, signature, message) {
  const own = pointOf(key), given = pointOf(signature.slice(0, 32)), scalar = little(signature.slice(32));
  if (!own || !given || signature.length !== 64 || scalar >= ORDER_L) return false;
  const hash = little(await digest("SHA-512", signature.slice(0, 32), key, message)) % ORDER_L;
  const y = mod(4n * inverse(5n)), base = pointOf(fromHex((y | 0n).toString(16).padStart(64, "0").match(/../g).reverse().join("")));
  const [x1, y1, z1] = times(scalar, base), [x2, y2, z2] = add(given, times(hash, own));
  return mod(x1 * z2) === mod(x2 * z1) && mod(y1 * z2) === mod(y2 * z1);
}

async function isSigned(key, signature, message) {
  try {
    const known = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", known, signature, message);
  } catch {
    return verifiedByHand(key, signature, message);
  }
}

/** The size and root that one of the keys signed. A wrong signature of a known key spoils the whole note. */
async function checkpointIn(note, keys) {
  const gap = note.lastIndexOf("\n\n"), text = note.slice(0, gap + 1), [origin, size, root] = text.split("\n");
  let signed = false;
  for (const line of note.slice(gap + 2).split("\n").filter(Boolean)) {
    const [dash, name, encoded] = line.split(" "), raw = dash === "—" && encoded ? bytesOf(encoded) : null;
    if (!raw) throw Error("record");
    for (const known of keys) {
      const [key, first, until] = known.split(" ");
      if (until && !(Number(size) >= Number(first) && Number(size) <= Number(until))) continue;
      const [own, id, ...rest] = key.split("+");
      if (own !== name || own !== origin || id !== hexOf(raw.slice(0, 4))) continue;
      if (!(await isSigned(bytesOf(rest.join("+")).slice(1), raw.slice(4), text8.encode(text)))) throw Error("key");
      signed = true;
    }
  }
  if (gap < 0 || !signed || !/^(0|[1-9]\d{0,14})$/.test(size)) throw Error("key");
  return { origin, size: Number(size), root: bytesOf(root) };
}

// --- The record's tree ---

const below = (size) => 2 ** Math.floor(Math.log2(size - 1));
const isPower = (size) => Number.isInteger(Math.log2(size));

function spelt(number) {
  let out = String(number % 1000).padStart(3, "0");
  for (number = Math.floor(number / 1000); number; number = Math.floor(number / 1000)) out = `x${String(number % 1000).padStart(3, "0")}/${out}`;
  return out;
}

async function rootOf(hashes) {
  if (hashes.length === 1) return hashes[0];
  const middle = below(hashes.length);
  return node(await rootOf(hashes.slice(0, middle)), await rootOf(hashes.slice(middle)));
}

function treeOf(size, get) {
  const tiles = new Map();
  async function tile(level, number) {
    const place = `${level}/${number}`;
    if (!tiles.has(place)) {
      const width = Math.min(256, Math.floor(size / 256 ** level) - number * 256);
      tiles.set(place, await get(`tile/${level}/${spelt(number)}${width < 256 ? `.p/${width}` : ""}`));
    }
    return tiles.get(place);
  }
  async function stored(height, number) {
    const level = Math.floor(height / 8), count = 2 ** (height % 8), first = number * count;
    const content = await tile(level, Math.floor(first / 256)), start = first % 256, hashes = [];
    for (let each = start; each < start + count; each++) hashes.push(content.slice(32 * each, 32 * each + 32));
    if (hashes.some((hash) => hash.length !== 32)) throw Error("record");
    return rootOf(hashes);
  }
  async function span(low, high) {
    const width = high - low;
    if (isPower(width) && low % width === 0) return stored(Math.log2(width), low / width);
    const middle = low + below(width);
    return node(await span(low, middle), await span(middle, high));
  }
  /** The root with `hash` in the place of the leaf at `index`: proof and check in one. */
  return async function rootWith(index, hash, low = 0, high = size) {
    if (high - low === 1) return hash;
    const middle = low + below(high - low);
    return index < middle ? node(await rootWith(index, hash, low, middle), await span(middle, high)) : node(await span(low, middle), await rootWith(index, hash, middle, high));
  };
}

async function rootByProof(entry, index, size, hashes) {
  let here = index, last = size - 1, found = await leaf(entry);
  for (const each of hashes) {
    if (!last) return new Uint8Array();
    if (here % 2 || here === last) {
      found = await node(each, found);
      while (here % 2 === 0 && here) { here /= 2; last = Math.floor(last / 2); }
    } else found = await node(found, each);
    here = Math.floor(here / 2); last = Math.floor(last / 2);
  }
  return last ? new Uint8Array() : found;
}

const bound = async (kept, entry) => hexOf(await sha256(fromHex(kept.salt), text8.encode(kept.document))) === entry.what;

// --- Questions ---

function checker({ rules, keys, get }) {
  const read = reading(rules), addressOf = addressing(rules);

  function compared(asked, document) {
    const tails = document.furniture.map((line) => read(line).words.map((word) => word.key));
    const shown = (text) => withoutTail(read(text), tails, rules.furniture), theirs = shown(asked);
    const found = Object.values(document.texts).map((each) => judge(theirs, shown(each), rules));
    const best = found.sort((one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict) || one.differences.length - other.differences.length)[0];
    const links = theirs.links.filter((link) => !document.links.includes(addressOf(link)));
    if (!best || ["retold", "unknown"].includes(best.verdict) || !links.length) return best || NOT_OURS;
    return { verdict: best.verdict === "altered" ? "altered" : "added", differences: [...best.differences, ...links.map((link) => ({ theirs: link, ours: "" }))] };
  }

  async function candidates(asked) {
    const hashes = await Promise.all(sentencesOf(read(asked), rules).slice(0, 40).map(async (keys) => hexOf(await sha256(text8.encode(keys.join(" ")))).slice(0, 16)));
    const votes = new Map();
    for (const shard of new Set(hashes.map((hash) => hash.slice(0, 3)))) {
      const lines = await get(`s/${shard}.json`).then((content) => JSON.parse(from8.decode(content)), () => ({}));
      for (const hash of hashes.filter((each) => each.startsWith(shard))) for (const place of lines[hash] || []) votes.set(place, (votes.get(place) || 0) + 1);
    }
    return [...votes].sort((one, other) => other[1] - one[1]).slice(0, 4).map(([place]) => place);
  }

  /** A version as the record has it: the entry is proved in the signed tree, and the text is the one it is bound to. */
  async function proved(place, checkpoint) {
    const kept = JSON.parse(from8.decode(await get(`a/${place}.json`)));
    const rootWith = treeOf(checkpoint.size, get), entries = [];
    for (const { index, entry } of kept.entries) {
      if (!(index < checkpoint.size) || !isEqual(await rootWith(index, await leaf(text8.encode(entry))), checkpoint.root)) throw Error("record");
      entries.push(JSON.parse(entry));
    }
    const own = `${entries[0]?.article}-${kept.version}`, entry = entries.find((each) => each.version === kept.version && each.what);
    if (own !== place || !entry || !(await bound(kept, entry))) throw Error("record");
    return { document: JSON.parse(kept.document), entry, entries, code: kept.code };
  }

  async function askedText(asked) {
    const checkpoint = await checkpointIn(from8.decode(await get("checkpoint")), keys);
    let best = NOT_OURS;
    for (const place of await candidates(asked)) {
      const found = await proved(place, checkpoint), result = { ...compared(asked, found.document), ...found };
      const better = ORDER.indexOf(result.verdict) - ORDER.indexOf(best.verdict);
      if (better < 0 || (!better && best.entry && result.entry.version > best.entry.version)) best = result;
    }
    return { ...best, colour: colourOf(best) };
  }

  async function askedProof(proof, beside = "") {
    const [head, ...rest] = proof.replace(/\r\n/g, "\n").trim().split("\n\n"), lines = head.split("\n").slice(1);
    const extra = lines[0]?.startsWith("extra ") ? JSON.parse(from8.decode(bytesOf(lines.shift().slice(6)))) : null;
    const index = Number(/^index (\d{1,15})$/.exec(lines.shift() || "")?.[1] ?? NaN);
    if (!extra || !Number.isInteger(index) || rest.length !== 2) throw Error("cut");
    const checkpoint = await checkpointIn(`${rest.join("\n\n")}\n`, keys);
    const root = await rootByProof(text8.encode(extra.entry), index, checkpoint.size, lines.map(bytesOf));
    if (!(index < checkpoint.size) || !isEqual(root, checkpoint.root)) throw Error("record");
    const entry = JSON.parse(extra.entry);
    if (!extra.document || !(await bound(extra, entry))) throw Error("cut");
    const document = JSON.parse(extra.document), result = beside ? compared(beside, document) : { verdict: "proved", differences: [] };
    return { ...result, document, entry, entries: [entry], colour: beside ? colourOf({ ...result, entry, entries: [entry] }) : "green", isOffline: true };
  }

  async function askedCode(code) {
    const file = `codes/${code.toUpperCase().replace(/[^0-9A-Z]/g, "")}`, content = await get(file).catch((error) => { throw error.message === "none" ? Error("code") : error; });
    const place = JSON.parse(from8.decode(content));
    const checkpoint = await checkpointIn(from8.decode(await get("checkpoint")), keys);
    const found = await proved(`${place.article}-${place.version}`, checkpoint);
    return { verdict: "door", differences: [], ...found, colour: "grey" };
  }

  return { read, addressOf, askedText, askedProof, askedCode, compared };
}

/** What became of the version since. */
function standingOf({ entry, entries = [] }) {
  const later = entries.filter((each) => each.at >= entry.at).map((each) => each.act);
  const last = later.filter((act) => ["checking", "retracted", "restored", "corrected", "withdrawn"].includes(act)).at(-1);
  if (last === "retracted" || last === "withdrawn" || last === "checking") return last;
  const newer = entries.filter((each) => each.version > entry.version);
  if (!newer.length) return "sound";
  return newer.some((each) => each.act === "corrected") ? "corrected" : "newer";
}

function colourOf(found) {
  if (["retold", "unknown"].includes(found.verdict)) return "grey";
  const standing = standingOf(found);
  if (standing === "retracted" || ["added", "altered"].includes(found.verdict)) return "red";
  return found.verdict === "same" && standing === "sound" ? "green" : "amber";
}
