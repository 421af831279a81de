// Finds words in the archive. The index lies in files that call sitegen(): docs/search.md.
// Words are cut and folded as in search/words.py.
"use strict";
const JOINED =
  "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3" +
  "\uf900-\ufaff\u{20000}-\u{3ffff}";
const MARKS =
  "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7" +
  "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed";
const IS_JOINED = new RegExp(`^[${JOINED}]`, "u");
const RUN = new RegExp(`([${JOINED}]+|(?:(?![${JOINED}])[\\p{L}\\p{N}${MARKS}\u0900-\u0963\u0966-\u0dff])+)`, "gu");
const MARK = new RegExp(`[${MARKS}]`, "gu");
const UNSEEN = /[\u00ad\u200b\u2060\ufeff\u0640]/g;
const SAME = {
  ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ħ: "h", ı: "i",
  ς: "σ", ى: "ی", ي: "ی", ك: "ک", ة: "ه",
};
const AT_ONCE = 4, STEP = 20, WEIGHTS = [1, 1.6, 2.5, 5];

const byId = (id) => document.getElementById(id);
const form = byId("search"), found = byId("found"), results = byId("results"), more = byId("more"), hint = byId("hint");
const { q, year, section } = form.elements;
const { root } = form.dataset;
const index = form.getAttribute("action").endsWith("index.html") ? "index.html" : "";

// Words

const same = (word) => [...word].map((sign) => SAME[sign] ?? sign).join("");
const small = (text) => text.toLowerCase().normalize("NFC").replace(UNSEEN, "");
const folded = (word) => same(same(word).normalize("NFKD").replace(MARK, "")).replaceAll(" ", "").normalize("NFC");
const signs = (run) => (IS_JOINED.test(run) ? [...run] : []);
const words = (text) =>
  (small(text).match(RUN) ?? []).flatMap((run) => {
    const joined = signs(run);
    if (joined.length > 1) return joined.slice(1).map((sign, at) => joined[at] + sign);
    return joined.length || [...run].length > 1 || /\p{Nd}/u.test(run) ? [run] : [];
  });

function fileOf(bucket, word, shards) {
  const key = signs(word)[0] ?? [...word].slice(0, 3);
  let state = 2166136261;
  for (const sign of key) state = Math.imul(state ^ sign.codePointAt(0), 16777619);
  const shard = (state ^ (state >>> 15)) & (shards - 1);
  return `${bucket}/words/${shards > 256 ? `${shard >> 8}/` : ""}${shard & 255}.js`;
}

// Files: as scripts, which can be read from a disk too

const kept = new Map(), waiting = new Map();
let isBroken = false;
window.sitegen = (name, ...values) => waiting.get(name)?.(values);

function once(key, make) {
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key);
}

const load = (name) =>
  once(name, () => new Promise((resolve) => {
    const onerror = () => resolve((isBroken = true) && [[], []]);
    waiting.set(name, resolve);
    document.head.append(element("script", { onerror, src: `${root}search/${name}` }));
  }));

const open = ([bucket, shards], word) => {
  const file = fileOf(bucket, word, shards);
  return once(`opened ${file}`, async () => {
    const [lines, elsewhere] = await load(file);
    const stems = new Map(), forms = new Map(), places = new Map();
    const add = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value]);
    const pair = (one, stem) => (add(forms, one, stem), add(stems, stem, one));
    for (const [stem, ends, gaps] of lines) {
      places.set(stem, gaps);
      pair(stem, stem);
      for (const end of ends.split(" ")) if (end) pair(end[0] === "=" ? end.slice(1) : stem + end, stem);
    }
    for (const [one, stem] of elsewhere) pair(one, stem);
    return { stems, forms, places };
  });
};

// A search

let known = new Map(); // what is looked for -> its stems, as far as it was learned
const marks = new Set(); // forms to mark

async function learn(bucket, word) {
  const { forms, stems } = await open(bucket, word);
  const like = signs(word).length === 1 ? [...forms.keys()].filter((one) => one.startsWith(word)) : [word];
  for (const stem of like.flatMap((one) => forms.get(one) ?? [])) {
    known.get(word).add(stem);
    for (const one of stems.get(stem)) marks.add(one);
  }
}

// number -> greatest weight
async function articlesWith(bucket, stems) {
  const articles = new Map();
  for (const stem of stems) {
    let next = 0;
    for (const gap of (await open(bucket, stem)).places.get(stem) ?? []) {
      const article = next + (gap >> 2);
      articles.set(article, Math.max(gap & 3, articles.get(article) ?? 0));
      next = article + 1;
    }
  }
  return articles;
}

// Articles of a bucket with all words: the best first, then the newest.
function match(bucket) {
  const [name, , count] = bucket;
  const lesson = [...known].map(([word, stems]) => `${word} ${stems.size}`).join();
  return once(`matched ${name} ${lesson}`, async () => {
    let scores;
    for (const [word, stems] of known) {
      const articles = await articlesWith(bucket, stems);
      const rarity = "/@".includes(word[0]) ? 0 : Math.log(1 + count / articles.size);
      const both = [...articles].filter(([article]) => !scores || scores.has(article));
      scores = new Map(both.map(([one, weight]) => [one, (scores?.get(one) ?? 0) + rarity * WEIGHTS[weight]]));
    }
    return [...scores].sort((a, b) => b[1] - a[1] || b[0] - a[0]).map(([article]) => [name, article]);
  });
}

async function search(buckets, asked) {
  known = new Map(asked.map((word) => [word, new Set()]));
  for (let at = 0, wanted = STEP; ; ) {
    const step = buckets.slice(at, at + AT_ONCE);
    at += step.length;
    await Promise.all(step.flatMap((bucket) => asked.map((word) => learn(bucket, word))));
    const all = (await Promise.all(buckets.slice(0, at).map(match))).flat();
    const isDone = at >= buckets.length;
    await show(all.slice(0, wanted));
    if (wanted > STEP) results.children[wanted - STEP]?.querySelector("a").focus();
    tell(all.length, isDone ? "" : buckets[at - 1][0]);
    if (isDone && all.length <= wanted) return all.length;
    if (all.length < wanted) continue;
    more.hidden = false;
    await new Promise((resolve) => (more.onclick = resolve));
    more.hidden = true;
    wanted += STEP;
  }
}

// What is known nowhere becomes what is most like it.
async function corrected(buckets, asked) {
  const better = await Promise.all(asked.map(async (word) => {
    if (known.get(word).size || word.length < 4) return word;
    let least = word.length > 5 ? 3 : 2, best;
    for (const bucket of buckets) {
      for (const one of (await open(bucket, word)).forms.keys()) {
        const steps = one.startsWith(word) ? 1.5 : distance(word, one, least);
        if (steps < least) [best, least] = [one, steps];
      }
    }
    return best ?? word;
  }));
  return better.some((word, at) => word !== asked[at]) ? better : null;
}

function distance(one, other, limit) {
  if (Math.abs(one.length - other.length) >= limit) return limit;
  let row = [...Array(other.length + 1).keys()];
  for (let a = 0; a < one.length; a += 1) {
    const next = [a + 1];
    for (let b = 0; b < other.length; b += 1) {
      next.push(Math.min(row[b + 1] + 1, next[b] + 1, row[b] + (one[a] !== other[b])));
    }
    row = next;
  }
  return row.at(-1);
}

// What readers see

function tell(count, bucket) {
  const { none, all, part, broken } = found.dataset;
  const text = /^\d/.test(bucket) ? part.replace("{year}", bucket.slice(0, 4).replace("x", "0")) : count ? all : none;
  const number = count.toLocaleString(document.documentElement.lang);
  found.textContent = text.replace("{n}", number) + (isBroken ? ` ${broken}` : "");
}

const rows = [];
async function show(wanted) {
  const texts = await Promise.all(wanted.map(async ([bucket, article]) => {
    const [chunk] = await load(`${bucket}/articles/${article >> 7}.js`);
    return chunk[article & 127] ?? Array(7).fill("");
  }));
  if (rows.some((row, at) => row !== `${wanted[at]}`)) {
    rows.length = 0;
    results.replaceChildren();
  }
  results.append(...texts.slice(rows.length).map(rowOf));
  rows.push(...wanted.slice(rows.length).map(String));
}

function rowOf([title, path, iso, day, name, lang, summary]) {
  const link = element("a", { href: `${root}${path}${index}` }, ...marked(title));
  const when = element("p", { className: "when" });
  const what = element("div", { className: "what", dir: "auto", lang }, element("h2", {}, link));
  if (iso) when.append(element("time", { dateTime: iso }, day), " ");
  if (name) when.append(element("span", { className: "section" }, name));
  if (summary) what.append(element("p", {}, ...marked(summary)));
  return element("li", { className: "card" }, when, what);
}

function element(name, values, ...children) {
  const made = Object.assign(document.createElement(name), values);
  made.append(...children);
  return made;
}

// A text whose words that were looked for are marked.
function marked(text) {
  const isMarked = (word) => marks.has(folded(small(word)));
  const shown = (part, is) => (is ? element("mark", {}, part) : part);
  return text.split(RUN).flatMap((run) => {
    const parts = signs(run);
    if (!parts.length) return [shown(run, isMarked(run))];
    return parts.map((sign, at) =>
      shown(sign, isMarked(sign + (parts[at + 1] ?? "")) || (at && isMarked(parts[at - 1] + sign))));
  });
}

async function begin() {
  const asked = new URLSearchParams(location.search);
  q.value = (asked.get("q") ?? "").slice(0, 1000);
  for (const list of [year, section]) {
    list.value = asked.get(list.name) ?? "";
    if (list.selectedIndex < 0) list.value = "";
  }
  const wanted = [...new Set(words(q.value).map(folded))].slice(0, 16);
  if (!wanted.length) return q.focus();
  document.title = `${q.value.slice(0, 80)} – ${document.title}`;
  found.textContent = found.dataset.busy;
  const filters = [`/${section.value}`, `@${year.value}`].filter((one) => one[1]);
  const [all] = await load("index.js");
  const buckets = all.filter(([name]) => !year.value || year.value.startsWith(name.slice(0, 4).replace("x", "")));
  if (await search(buckets, [...wanted, ...filters])) return;
  const better = await corrected(buckets, wanted);
  if (!better) return;
  hint.textContent = hint.dataset.text.replace("{word}", better.join(" "));
  hint.hidden = !(await search(buckets, [...better, ...filters]));
}
begin();
