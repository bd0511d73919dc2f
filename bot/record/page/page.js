// What people see of the page; everything that decides is above.
const WORDS = {
  en: { title: "Is this ours?", lead: "Paste a text, or drop a .tlog-proof file. Nothing of it leaves this page; only our own files are fetched.", ask: "Check", text: "The text", drop: "or choose a proof file",
    same: "✅ Yes, this is ours, word for word.", proved: "✅ Proved: this was published by us.", letters: "🟡 It reads like ours, but letters of another alphabet stand in it.", marks: "🟡 The words are ours, punctuation is not.", excerpt: "🟡 A part of ours, word for word.",
    gaps: "🟡 Ours, with sentences left out:", added: "🔴 Ours with something that is not.", altered: "🔴 Altered. Compare:", retold: "⚪ This is not our text. The nearest of ours:", unknown: "⚪ Not found in our record. That does not mean that it is false.", door: "This is our text. Compare it with what you have, or paste yours.",
    corrected: "We have corrected it since.", newer: "There is a newer version of it.", retracted: "⛔ We took it back. Please do not pass it on.", checking: "⚠️ We are checking it right now. Please do not pass it on.", withdrawn: "Its text was removed by law.", sound: "",
    key: "🔴 The record is not signed by our key. Do not trust it, and tell us.", record: "🔴 The record does not fit what it should prove. Do not trust it, and tell us.", cut: "⚪ This proof is cut or is no proof. Ask for it again.", code: "⚪ There is nothing of ours under this code.", site: "⚪ Our record can’t be reached right now. Nothing can be told without it.",
    old: "Your browser can’t check signatures. Use a newer one, or check by hand as described below.", theirs: "Here", ours: "Ours", at: "Published", offline: "Checked without the site: what became of it since is not known here.", never: "This page says what we published, never that it is true.", places: "Only these channels and bots are ours", working: "Checking…" },
  uk: { title: "Це справді наше?", lead: "Вставте текст або перетягніть файл .tlog-proof. Він не покидає цієї сторінки: з мережі беремо лише власні файли.", ask: "Перевірити", text: "Текст", drop: "або виберіть файл доказу",
    same: "✅ Так, це наше, слово в слово.", proved: "✅ Доведено: це опублікували ми.", letters: "🟡 Схоже на наше, але набрано літерами іншої абетки.", marks: "🟡 Слова наші, а розділові знаки ні.", excerpt: "🟡 Це частина нашого тексту, слово в слово.",
    gaps: "🟡 Це наше, але без деяких речень:", added: "🔴 Наш текст, але дещо в ньому не наше.", altered: "🔴 Змінено. Порівняйте:", retold: "⚪ Це не наш текст. Найближче з нашого:", unknown: "⚪ У нашому реєстрі такого немає. Це не означає, що це неправда.", door: "Ось наш текст. Порівняйте його з тим, що маєте, або вставте свій.",
    corrected: "Відтоді ми це виправили.", newer: "Відтоді є новіша версія.", retracted: "⛔ Ми це відкликали. Просимо не поширювати.", checking: "⚠️ Ми це зараз перевіряємо. Поки що не поширюйте.", withdrawn: "Текст вилучено за законом.", sound: "",
    key: "🔴 Реєстр підписано не нашим ключем. Не довіряйте йому й скажіть нам.", record: "🔴 Реєстр не збігається з тим, що має доводити. Не довіряйте йому й скажіть нам.", cut: "⚪ Доказ обрізано, або це не доказ. Попросіть його ще раз.", code: "⚪ За цим кодом нічого нашого немає.", site: "⚪ Наш реєстр зараз недоступний. Без нього нічого не скажеш.",
    old: "Ваш браузер не вміє перевіряти підписи. Візьміть новіший або перевірте вручну, як описано нижче.", theirs: "Тут", ours: "У нас", at: "Опубліковано", offline: "Перевірено без сайту: що було з текстом потім, тут не видно.", never: "Ця сторінка каже, що ми опублікували, а не що це правда.", places: "Лише ці канали й боти наші", working: "Перевіряємо…" },
};

function start(house) {
  const language = (navigator.languages || [navigator.language]).some((each) => each.startsWith("uk")) ? "uk" : "en", say = WORDS[language];
  const $ = (id) => document.getElementById(id), made = (tag, text, kind = "") => Object.assign(document.createElement(tag), { textContent: text, className: kind });
  document.documentElement.lang = language;
  for (const id of ["title", "lead", "ask", "text", "drop", "never", "places"]) $(`say-${id}`).textContent = say[id];
  $("places").hidden = !$("places").querySelector("li");
  document.title = `${say.title} ${house.name}`;
  const get = async (path) => { const answer = await fetch(new URL(path, house.base || location.href)); if (!answer.ok) throw Error(answer.status === 404 ? "none" : "site"); return new Uint8Array(await answer.arrayBuffer()); };
  const check = checker({ rules: house.rules, keys: house.keys, get });

  function show(found) {
    const parts = [made("p", say[found.verdict] || say.site, "verdict")];
    const isAnother = found.verdict === "retold", standing = found.entry && !isAnother ? say[standingOf(found)] : "";
    if (standing) parts.push(made("p", standing, "standing"));
    // What has only a template in common with ours is shown where it differs; what was retold differs everywhere.
    for (const { theirs, ours } of isAnother && found.share < house.rules.altered_from ? [] : found.differences || []) {
      const line = made("p", "", "difference");
      if (theirs) line.append(made("span", `${say.theirs}: `), made("del", theirs), document.createTextNode(" "));
      if (ours) line.append(made("span", `${say.ours}: `), made("ins", ours));
      parts.push(line);
    }
    if (found.document) {
      parts.push(made("h2", found.document.headline));
      for (const each of found.document.text.split("\n")) parts.push(made("p", each, "ours"));
      parts.push(made("p", `${say.at}: ${new Date(found.entry.at).toLocaleString(language)}`, "small"));
    }
    if (found.isOffline) parts.push(made("p", say.offline, "small"));
    $("answer").replaceChildren(...parts);
    $("answer").dataset.colour = found.colour || "grey";
  }

  async function answered(work) {
    $("answer").replaceChildren(made("p", say.working));
    delete $("answer").dataset.colour;
    try { show(await work()); } catch (error) {
      const why = ["key", "record", "cut", "code"].includes(error.message) ? error.message : error instanceof SyntaxError || error.name === "InvalidCharacterError" ? "cut" : "site";
      show({ verdict: why, colour: ["key", "record"].includes(why) ? "red" : "grey" });
    }
    document.body.dataset.ready = "answered";
  }

  let proof = "";
  const ask = () => { const given = $("given").value.trim(); if (!given && !proof) return;
    if (given.startsWith("c2sp.org/tlog-proof@v1")) answered(() => check.askedProof(given));
    else answered(() => (proof ? check.askedProof(proof, given) : check.askedText(given))); };
  const take = async (file) => { if (!file) return; proof = await file.text(); ask(); };
  $("form").addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  $("file").addEventListener("change", () => take($("file").files[0]));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files[0]); });
  if (!globalThis.crypto?.subtle || typeof BigInt === "undefined") { show({ verdict: "old" }); return; }
  const code = location.hash.slice(1);
  if (/^[0-9A-Za-z-]{6,12}$/.test(code)) answered(() => check.askedCode(code));
  document.body.dataset.ready = "yes";
}

start(JSON.parse(document.getElementById("house").textContent));
