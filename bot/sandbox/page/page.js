// The playground: draws what the sandbox tells and sends back what people do. No message text ever becomes markup.

const WORDS = {
  uk: {
    name: "Вісник", tagline: "Новини — у Telegram і Viber: перевірені, вчасно, кожному один раз",
    steps: "Як це працює",
    step1: "Оберіть статтю під чатом Олени або напишіть свою",
    step2: "Натисніть «Опублікувати зараз» або призначте час",
    tries: "Що спробувати",
    try1: "Увімкніть для Viber «рве зв’язок» й опублікуйте статтю: Вісник не повторить допис, а спитає редакцію, чи він з’явився.",
    try2: "Вбийте бота одразу після публікації: після перезапуску нічого не загубиться й не прийде двічі.",
    try3: "Вимкніть Viber, опублікуйте, увімкніть знову: допис дочекається.",
    try4: "Поставте статтю в чергу кнопкою «Наступний час» і перескочте туди годинником.",
    try5: "Заблокуйте бота на телефоні Івана: у підсумку для Олени буде на одного читача менше.",
    language: "Мова", strip: "Керування", phones: "Телефони",
    hour: "+1 год", skip: "До {time}", skipLong: "Перескочити до наступного часу публікації, {time}",
    slow: "повільно", refuse: "429", "5xx": "502", drop: "рве зв’язок", offline: "офлайн",
    slowLong: "{platform}: кожна відповідь іде дві секунди", refuseLong: "{platform}: на кожен запит «забагато запитів»",
    "5xxLong": "{platform}: на кожен запит «502 Bad Gateway»", offlineLong: "{platform}: бот не може з’єднатися",
    dropLong: "{platform}: допис приймає, але зв’язок рве до відповіді",
    restart: "Вбити й запустити", botRunning: "Бот працює", botStarting: "Бот запускається…", botDown: "Бота вбито",
    botWhy: "Бот не може запуститися: {why}",
    score: "На {n} з {all} телефонів, на кожному один раз: «{headline}»",
    scoreOnWay: "Поки на {n} з {all} телефонів: «{headline}»",
    scoreTwice: "На {n} з {all} телефонів, двічі — на {twice}: «{headline}»",
    scoreNone: "Вона на кожному телефоні — рівно один раз",
    got: "остання стаття тут {n} раз(и)",
    log: "Що бачать платформи", logSum: "Запитів: {count} · «забагато запитів»: {limited}", dropped: "обрив",
    lost: "Демо зупинено. Запустіть make demo знову — сторінка підключиться сама.",
    forwardTitle: "Переслати боту від імені", close: "Закрити", forward: "Переслати боту",
    bot: "бот", channel: "канал", block: "{name}: заблокувати бота", unblock: "Розблокувати",
    unsubscribe: "{name}: не отримувати повідомлень", subscribe: "Отримувати повідомлення",
    start: "Почати", openChat: "Відкрити чат", write: "Повідомлення", writeAs: "Повідомлення боту від: {name}", send: "Надіслати",
    sendAs: "{name}: надіслати", commands: "{name}: команди бота", samples: "Вставити статтю:", chat: "Чат: {name}",
    edited: "змінено", silent: "без звуку", from: "Переслано: {name}", video: "Відео", photo: "Фото",
    arrived: "{name}: нове повідомлення", unread: "непрочитаних: {n}", keyboard: "Кнопки",
  },
  en: {
    name: "Visnyk", tagline: "News on Telegram and Viber: verified, on time, once to everyone",
    steps: "How it works",
    step1: "Pick an article below Olena’s chat, or write one",
    step2: "Press “Publish now”, or give it a time",
    tries: "Things to try",
    try1: "Turn on “hangs up” for Viber and publish: Visnyk does not repeat the post, it asks the desk whether it appeared.",
    try2: "Kill the bot right after publishing: when it is back, nothing is lost and nothing comes twice.",
    try3: "Take Viber offline, publish, bring it back: the post waits for it.",
    try4: "Queue an article with “Next slot” and skip the clock to that time.",
    try5: "Block the bot on Ivan’s phone: Olena’s summary counts one reader less.",
    language: "Language", strip: "Controls", phones: "Phones",
    hour: "+1 h", skip: "Skip to {time}", skipLong: "Skip to the next posting time, {time}",
    slow: "slow", refuse: "429", "5xx": "502", drop: "hangs up", offline: "offline",
    slowLong: "{platform}: every answer takes two seconds", refuseLong: "{platform}: “too many requests” to every request",
    "5xxLong": "{platform}: “502 Bad Gateway” to every request", offlineLong: "{platform}: the bot can’t reach it",
    dropLong: "{platform}: takes the post and hangs up before the answer",
    restart: "Kill and restart", botRunning: "The bot runs", botStarting: "The bot is starting…", botDown: "The bot is killed",
    botWhy: "The bot can’t start: {why}",
    score: "On {n} of {all} phones, once on each: “{headline}”",
    scoreOnWay: "On {n} of {all} phones so far: “{headline}”",
    scoreTwice: "On {n} of {all} phones, twice on {twice}: “{headline}”",
    scoreNone: "It is on every phone, exactly once",
    got: "the latest article is here {n} time(s)",
    log: "What the platforms see", logSum: "Requests: {count} · “too many requests”: {limited}", dropped: "cut",
    lost: "The demo has ended. Run make demo again: this page reconnects by itself.",
    forwardTitle: "Forward to the bot as", close: "Close", forward: "Forward to the bot",
    bot: "bot", channel: "channel", block: "{name}: block the bot", unblock: "Unblock",
    unsubscribe: "{name}: stop receiving messages", subscribe: "Receive messages",
    start: "Start", openChat: "Open the chat", write: "Message", writeAs: "Message to the bot from {name}", send: "Send",
    sendAs: "{name}: send", commands: "{name}: the bot’s commands", samples: "Paste an article:", chat: "Chat: {name}",
    edited: "edited", silent: "silent", from: "Forwarded from {name}", video: "Video", photo: "Photo",
    arrived: "{name}: a new message", unread: "unread: {n}", keyboard: "Buttons",
  },
};

const FAULTS = ["slow", "refuse", "5xx", "drop", "offline"];
const BUBBLES_KEPT = 80; // on each phone; older ones leave the page
const REQUESTS_KEPT = 60;
const RUSH = 4; // so many bubbles in one frame: nobody reads them one by one
const LOG_EVERY = 250; // ms: nobody reads faster
const SCORE_EVERY = 100; // ms
const TOAST = 3500; // ms

const $ = (selector, root = document) => root.querySelector(selector);
const phones = new Map();
const drafts = new Map(); // what is typed survives a redraw
let language = localStorage.getItem("language") ?? (navigator.language.startsWith("uk") ? "uk" : "en");
let stage = { now: Date.now(), faults: [] };
let zone = "Europe/Kyiv";
let ahead = 0; // ms: the demo's clock before this machine's

const t = (key, values = {}) => (WORDS[language][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "class") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

async function act(name, body) {
  const headers = { "Content-Type": "application/json" };
  await fetch(`/page/${name}`, { method: "POST", headers, body: JSON.stringify(body) });
}

// -- time

const clockText = (ms, options) =>
  new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: "h23", ...options }).format(ms);
const short = (ms) => clockText(ms, { hour: "2-digit", minute: "2-digit" });

function tick() {
  const now = Date.now() + ahead;
  $("#time").textContent = clockText(now, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  $("#date").textContent = clockText(now, { weekday: "long", day: "numeric", month: "long" });
}

// -- text: spans are in code points, elements are built, never parsed

const STYLES = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", strike: "s", code: "code", pre: "code", mono: "code",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const LINK = /https?:\/\/[^\s]+/g;

function webLink(address) {
  try {
    const url = new URL(address.includes("://") ? address : `https://${address}`);
    return ["http:", "https:", "viber:", "tg:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function formatted(phone, text, spans) {
  const points = Array.from(text);
  const all = phone.platform === "viber" ? [...spans, ...bareLinks(text)] : spans;
  const cuts = [...new Set([0, points.length, ...all.flatMap(([, start, end]) => [start, end])])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index];
    const piece = points.slice(start, end).join("");
    const over = all.filter((span) => span[1] <= start && span[2] >= end);
    return over.reduce((inner, [kind, from, to, url]) => {
      const whole = points.slice(from, to).join("");
      if (kind === "text_link" || kind === "url") {
        const href = webLink(url || whole);
        return href ? element("a", { href, target: "_blank", rel: "noopener noreferrer" }, inner) : inner;
      }
      if (kind === "bot_command" && !phone.channel) {
        return element("button", { type: "button", class: "command", onclick: () => say(phone, whole) }, inner);
      }
      return STYLES[kind] ? element(STYLES[kind], {}, inner) : inner;
    }, document.createTextNode(piece));
  });
}

function bareLinks(text) {
  return [...text.matchAll(LINK)].map((match) => {
    const start = Array.from(text.slice(0, match.index)).length;
    return ["url", start, start + Array.from(match[0]).length, match[0]];
  });
}

// -- bubbles

function drawBubble(phone, bubble) {
  const own = bubble.from === "person";
  const made = element("article", { class: `bubble ${own ? "out" : "in"}` });
  made.dataset.id = bubble.id;
  if (bubble.forwarded) made.append(element("p", { class: "origin" }, t("from", { name: bubble.forwarded })));
  if (bubble.photo) made.append(picture(bubble.photo, "photo"));
  if (bubble.video) made.append(picture(bubble.video, "video"));
  if (bubble.text) made.append(element("div", { class: "text" }, ...formatted(phone, bubble.text, bubble.spans)));
  made.append(meta(bubble, own));
  if (!own) made.append(forwardButton(phone, bubble));
  return element("div", { class: "row" }, made, ...inlineButtons(phone, bubble));
}

function picture(name, kind) {
  const image = element("img", { alt: t(kind), loading: "lazy", src: `/page/picture?of=${encodeURIComponent(name)}` });
  image.onerror = () => image.remove();
  const play = kind === "video" ? element("span", { class: "play", "aria-hidden": "true" }, "▶") : "";
  return element("div", { class: `picture ${kind}` }, image, play);
}

function meta(bubble, own) {
  const line = element("p", { class: "meta" });
  if (bubble.silent) line.append(element("span", { class: "silent", title: t("silent") }, `🔕 ${t("silent")}`));
  if (bubble.edited) line.append(element("span", { class: "edited" }, t("edited")));
  line.append(element("time", {}, short(bubble.at)));
  if (own) line.append(element("span", { class: "ticks", "aria-hidden": "true" }, "✓✓"));
  return line;
}

function inlineButtons(phone, bubble) {
  return bubble.buttons.map((row) =>
    element("div", { class: "inline" }, ...row.map(([label, action]) => {
      const href = /^https?:/.test(action) ? webLink(action) : null;
      if (href) return element("a", { href, target: "_blank", rel: "noopener noreferrer" }, label);
      const onclick = () => act("press", { phone: phone.key, message: bubble.id, action });
      return element("button", { type: "button", onclick }, label);
    })),
  );
}

function forwardButton(phone, bubble) {
  const onclick = () => chooseForwarder(phone, bubble);
  const button = element("button", { type: "button", class: "forward", title: t("forward"), onclick }, "↪");
  button.setAttribute("aria-label", t("forward"));
  return button;
}

function chooseForwarder(source, bubble) {
  const dialog = $("#forward");
  const people = [...phones.values()].filter((phone) => !phone.channel && phone.platform === source.platform);
  $(".people", dialog).replaceChildren(...people.map((phone) =>
    element("button", { type: "button", onclick: () => {
      dialog.close();
      act("forward", { phone: phone.key, source: source.key, message: bubble.id });
    } }, phone.name)));
  dialog.showModal();
}

// -- phones

function makePhone(told) {
  const root = $("#phone").content.firstElementChild.cloneNode(true);
  const phone = { ...told, key: told.phone, root, bubbles: $(".bubbles", root), drawn: new Map(), waiting: [], unread: 0 };
  const title = `name-${phones.size}`;
  root.classList.add(phone.platform, phone.channel ? "public" : "private", phone.desk ? "desk" : "reads");
  root.setAttribute("aria-labelledby", title);
  $("h2", root).id = title;
  $(".name", root).textContent = phone.name;
  $(".role", root).textContent = phone.role[language] ?? "";
  $(".platform", root).textContent = phone.platform === "telegram" ? "Telegram" : "Viber";
  $(".who b", root).textContent = phone.channel ? phone.name : "Вісник";
  $(".who small", root).textContent = phone.channel ? t("channel") : t("bot");
  $(".face", root).textContent = "В";
  const chat = $(".chat", root);
  chat.setAttribute("aria-label", t("chat", { name: phone.name }));
  // Only the chat that somebody is in speaks: eight at once would be noise.
  root.addEventListener("focusin", () => { chat.setAttribute("aria-live", "polite"); wasRead(phone); });
  root.addEventListener("focusout", () => chat.setAttribute("aria-live", "off"));
  root.addEventListener("pointerdown", () => wasRead(phone));
  for (const kind of ["wheel", "touchmove", "keydown"]) {
    chat.addEventListener(kind, () => { phone.held = true; }, { passive: true });
  }
  chat.addEventListener("scroll", () => { if (chat.scrollTop > -20) phone.held = false; }, { passive: true });
  if (!phone.channel) makeComposer(phone);
  else $(".block", root).remove();
  phones.set(phone.key, phone);
  return phone;
}

function makeComposer(phone) {
  const { root, name } = phone;
  const box = $("textarea", root);
  box.placeholder = t("write");
  box.setAttribute("aria-label", t("writeAs", { name }));
  box.value = drafts.get(phone.key) ?? "";
  const fit = () => { box.rows = Math.min(6, box.value.split("\n").length); };
  box.addEventListener("input", () => { drafts.set(phone.key, box.value); fit(); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $("form", root).requestSubmit();
    }
  });
  $("form", root).addEventListener("submit", (event) => {
    event.preventDefault();
    if (!box.value.trim()) return;
    say(phone, box.value);
    box.value = "";
    drafts.delete(phone.key);
    fit();
  });
  $(".send", root).setAttribute("aria-label", t("sendAs", { name }));
  makeMenu(phone);
  const telegram = phone.platform === "telegram";
  const block = $(".block", root);
  block.title = t(telegram ? "block" : "unsubscribe", { name });
  block.setAttribute("aria-label", block.title);
  block.onclick = () => act("block", { phone: phone.key });
}

function makeMenu(phone) {
  const button = $(".menu", phone.root);
  const list = $(".commands", phone.root);
  button.setAttribute("aria-label", t("commands", { name: phone.name }));
  const open = (yes) => { list.hidden = !yes; button.setAttribute("aria-expanded", String(yes)); };
  button.onclick = () => { open(list.hidden); if (!list.hidden) $("button", list)?.focus(); };
  phone.root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { open(false); button.focus(); }
  });
  list.addEventListener("click", () => { open(false); $("textarea", phone.root).focus(); });
}

/** Whoever queues articles first of all: the samples are at hand there. */
const firstDesk = () => [...phones.values()].find((phone) => phone.desk);

function makeSamples(phone, samples) {
  const place = $(".samples", phone.root);
  place.hidden = !samples.length;
  place.replaceChildren(element("span", {}, t("samples")), ...samples.map((sample) =>
    element("button", {
      type: "button", lang: sample.language,
      onclick: () => act("sample", { phone: phone.key, sample: sample.key }),
    }, sample.title)));
}

function say(phone, text) {
  return act("say", { phone: phone.key, text });
}

/** What is around the bubbles: may they talk, and what can be pressed. */
function setState(phone, state) {
  Object.assign(phone, { talks: state.talks });
  const { root } = phone;
  root.classList.toggle("silenced", phone.talks === "blocked");
  if (phone.channel) return;
  const talking = phone.talks === "yes";
  const telegram = phone.platform === "telegram";
  const typing = talking || (!telegram && phone.talks === "new");
  $("form", root).hidden = !typing;
  $(".block", root).hidden = !talking;
  const talk = $(".talk", root);
  talk.hidden = typing;
  talk.textContent = phone.talks === "new" ? t("start") : t(telegram ? "unblock" : "subscribe");
  talk.onclick = () => (phone.talks === "new" ? say(phone, "/start") : act("unblock", { phone: phone.key }));
  setKeyboard(phone, talking ? state.keyboard : []);
  $(".menu", root).hidden = !state.commands.length;
  const menu = JSON.stringify(state.commands);
  if (phone.menu === menu) return; // somebody may be in it
  phone.menu = menu;
  $(".commands", root).replaceChildren(...state.commands.map(({ command, description }) =>
    element("button", { type: "button", onclick: () => say(phone, `/${command}`) },
      element("b", {}, `/${command}`), " ", description)));
}

function setKeyboard(phone, rows) {
  const place = $(".keyboard", phone.root);
  place.hidden = !rows.length;
  place.replaceChildren(...rows.map((row) =>
    element("div", {}, ...row.map(([label, action]) => {
      const press = () => act("press", { phone: phone.key, message: "0", action });
      const onclick = phone.platform === "viber" ? press : () => say(phone, label);
      return element("button", { type: "button", onclick }, label);
    }))));
}

function wasRead(phone) {
  const newest = [...phone.drawn.keys()].pop();
  if (newest) localStorage.setItem(`read ${phone.key}`, newest);
  if (!phone.unread) return;
  phone.unread = 0;
  showUnread(phone);
  act("read", { phone: phone.key });
}

function showUnread(phone) {
  const mark = $(".unread", phone.root);
  mark.hidden = !phone.unread;
  mark.textContent = phone.unread > 99 ? "99+" : String(phone.unread);
  mark.title = t("unread", { n: phone.unread });
}

/** Since this browser last touched the phone; at its first visit all counts as read, also when nothing is there yet. */
function countUnread(phone, bubbles) {
  const read = localStorage.getItem(`read ${phone.key}`);
  const last = bubbles.findIndex((bubble) => bubble.id === read);
  const known = last >= 0 || read === "none";
  phone.unread = known ? bubbles.slice(last + 1).filter((bubble) => bubble.from !== "person").length : 0;
  if (!known) localStorage.setItem(`read ${phone.key}`, bubbles.at(-1)?.id ?? "none");
  showUnread(phone);
}

// -- changes wait for the next frame, however many come

let frame = 0;
let scoring = 0;
const dirty = new Set();

function later(phone, kind, bubble) {
  phone.waiting.push([kind, bubble]);
  dirty.add(phone);
  frame ||= requestAnimationFrame(draw);
}

function draw() {
  frame = 0;
  for (const phone of dirty) drawChanges(phone);
  dirty.clear();
  scoring ||= setTimeout(showScore, SCORE_EVERY);
}

function drawChanges(phone) {
  const changes = phone.waiting.splice(0);
  const opening = !phone.drawn.size;
  const fresh = changes.filter(([kind]) => kind === "shown").length;
  let skip = fresh - BUBBLES_KEPT; // these would leave the page at once
  const rows = document.createDocumentFragment();
  for (const [kind, bubble] of changes) {
    if (kind === "shown" && skip-- > 0) continue;
    const before = phone.drawn.get(bubble.id);
    if (kind === "deleted" || bubble.deleted) {
      before?.row.remove();
      phone.drawn.delete(bubble.id);
      continue;
    }
    const row = drawBubble(phone, bubble);
    row.classList.toggle("arrives", fresh < RUSH && !before);
    if (before) before.row.replaceWith(row);
    else rows.append(row);
    phone.drawn.set(bubble.id, { row, head: headOf(bubble), bubble });
  }
  const last = rows.lastElementChild;
  phone.bubbles.append(rows);
  if (last && (opening || fresh < RUSH)) showBeginning(phone, last);
  for (const [id, { row }] of phone.drawn) {
    if (phone.drawn.size <= BUBBLES_KEPT) break;
    row.remove();
    phone.drawn.delete(id);
  }
  if (phone.unread) showUnread(phone);
}

/** A bubble higher than the phone is read from its beginning; whoever scrolled by hand is left where they are. */
function showBeginning(phone, row) {
  const chat = $(".chat", phone.root);
  if (phone.held || phone.desk) return;
  chat.scrollTop = Math.min(0, chat.clientHeight - row.offsetHeight - 10);
}

// -- the score: how often is the newest post on each phone?

const headOf = (bubble) => (bubble.from === "person" ? "" : bubble.text.trimStart().split("\n", 1)[0]);

function newestHeadline() {
  const posts = [...phones.values()].filter((phone) => phone.channel).flatMap((phone) => [...phone.drawn.values()].slice(-1));
  posts.sort((a, b) => a.bubble.at - b.bubble.at);
  return posts.at(-1)?.head ?? "";
}

function showScore() {
  scoring = 0;
  const headline = newestHeadline();
  const reading = [...phones.values()].filter((phone) => !phone.desk && phone.talks === "yes");
  let there = 0;
  let twice = 0;
  for (const phone of phones.values()) {
    const count = headline && !phone.desk ? [...phone.drawn.values()].filter(({ head }) => head === headline).length : 0;
    const mark = $(".got", phone.root);
    mark.hidden = !count;
    mark.textContent = `${count}×`;
    mark.title = t("got", { n: count });
    mark.classList.toggle("wrong", count > 1);
    if (phone.talks === "yes") { there += count > 0; twice += count > 1; }
  }
  const values = { headline, n: there, all: reading.length, twice };
  const done = there === reading.length;
  const key = !headline ? "scoreNone" : twice ? "scoreTwice" : done ? "score" : "scoreOnWay";
  const score = $("#score");
  $("#goal").className = `goal ${!headline ? "none" : twice ? "wrong" : done ? "done" : "way"}`;
  const text = t(key, values);
  if (score.textContent !== text) score.textContent = text;
}

// -- the strip and the log

function makeFaults() {
  for (const place of document.querySelectorAll(".faults")) {
    const { platform } = place.dataset;
    place.replaceChildren(place.firstElementChild, ...FAULTS.map((fault) => {
      const onchange = (event) => act("fault", { platform, fault, on: event.target.checked });
      const box = element("input", { type: "checkbox", role: "switch", onchange });
      box.dataset.fault = `${platform} ${fault}`;
      const title = t(`${fault}Long`, { platform: place.firstElementChild.textContent });
      return element("label", { title }, box, element("span", {}, t(fault)));
    }));
  }
}

function setStage(told) {
  stage = told;
  ahead = told.now - Date.now();
  for (const box of document.querySelectorAll("[data-fault]")) box.checked = told.faults.includes(box.dataset.fault);
  for (const place of document.querySelectorAll(".faults")) place.classList.toggle("on", Boolean($(":checked", place)));
  const skip = $("[data-action=skip]");
  if (told.next) {
    skip.textContent = `⏭ ${t("skip", { time: short(told.next) })}`;
    skip.title = t("skipLong", { time: clockText(told.next, { weekday: "short", hour: "2-digit", minute: "2-digit" }) });
  }
  const bot = $("#bot");
  bot.hidden = !told.bot;
  bot.dataset.state = told.bot ?? "";
  const state = { running: "botRunning", starting: "botStarting", down: "botDown" }[told.bot];
  $("#bot-state").textContent = told.why ? t("botWhy", { why: told.why }) : state ? t(state) : "";
  tick();
}

const log = { rows: [], count: 0, limited: 0, timer: 0 };

function addRequests({ list, count, limited }) {
  log.rows = [...log.rows, ...list].slice(-REQUESTS_KEPT);
  log.count += count;
  log.limited += limited;
  log.timer ||= setTimeout(drawLog, LOG_EVERY);
}

function drawLog() {
  log.timer = 0;
  $("#log").replaceChildren(...log.rows.toReversed().map(([platform, method, status, ms, at, , error]) => {
    const look = status === 429 || error.startsWith("12 ") ? "limited" : status === 200 && !error ? "fine" : "failed";
    const when = clockText(at, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    return element("li", { class: `${platform} ${look}`, title: `${when} ${error}` },
      element("b", {}, method),
      element("span", { class: "status" }, status ? (look === "limited" ? "429" : String(status)) : t("dropped")),
      element("span", { class: "ms" }, `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`));
  }));
  $("#log-sum").textContent = t("logSum", { count: log.count, limited: log.limited });
}

// -- what the sandbox tells

const HEAR = {
  all(told) {
    zone = told.zone;
    for (const phone of phones.values()) phone.root.remove();
    phones.clear();
    translate();
    for (const one of told.phones) {
      const phone = makePhone(one);
      $("#town").append(phone.root);
      setState(phone, one);
      if (phone === firstDesk()) makeSamples(phone, told.samples);
      for (const bubble of one.bubbles) phone.waiting.push(["shown", bubble]);
      drawChanges(phone);
      countUnread(phone, one.bubbles);
    }
    for (const button of document.querySelectorAll("[data-action]")) {
      button.hidden = !told.actions.includes(button.dataset.action);
    }
    Object.assign(log, { rows: [], count: 0, limited: 0 });
    addRequests(told.requests);
    setStage(told.stage);
    showScore();
    document.body.dataset.ready = "yes";
  },
  shown(told) { heardBubble(told); },
  edited(told) { heardBubble(told); },
  deleted(told) { heardBubble(told); },
  person(told) {
    const phone = phones.get(told.phone);
    if (phone) { setState(phone, told); showScore(); }
  },
  toast(told) {
    const phone = phones.get(told.phone);
    if (!phone) return;
    const place = $(".toast", phone.root);
    place.textContent = told.text;
    place.hidden = false;
    clearTimeout(phone.toast);
    phone.toast = setTimeout(() => { place.hidden = true; }, TOAST);
  },
  requests(told) { addRequests(told); },
  stage(told) { setStage(told.stage); },
};

function heardBubble({ kind, phone: key, bubble }) {
  const phone = phones.get(key);
  if (!phone) return;
  later(phone, kind, bubble);
  if (kind !== "shown" || bubble.from === "person") return;
  if (bubble.keyboard.length) setKeyboard(phone, bubble.keyboard);
  if (phone.root.contains(document.activeElement)) return;
  phone.unread += 1;
  if (phone.desk) $("#news").textContent = t("arrived", { name: phone.name });
}

function translate() {
  document.documentElement.lang = language;
  document.title = t("name");
  for (const place of document.querySelectorAll("[data-t]")) place.textContent = t(place.dataset.t);
  for (const place of document.querySelectorAll("[data-label]")) place.setAttribute("aria-label", t(place.dataset.label));
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  makeFaults();
}

let stream;

function connect() {
  stream?.close();
  stream = new EventSource("/page/events");
  stream.onopen = () => { $("#lost").hidden = true; };
  stream.onerror = () => { $("#lost").hidden = false; };
  stream.onmessage = (event) => { for (const told of JSON.parse(event.data)) HEAR[told.kind]?.(told); };
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.onclick = () => {
    language = button.dataset.language;
    localStorage.setItem("language", language);
    connect();
  };
}
for (const button of document.querySelectorAll("[data-action]")) {
  button.onclick = () => act("action", { action: button.dataset.action });
}
$("#forward .close").onclick = () => $("#forward").close();
translate();
connect();
tick();
setInterval(tick, 1000);
