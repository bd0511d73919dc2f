// The playground: draws what the sandbox tells and sends back what people do. No message text ever becomes markup.

const LANGUAGES = ["uk", "en"];
const WORDS = {
  name: ["Вісник", "Visnyk"],
  tagline: [
    "Новини — у Telegram і Viber: перевірені, вчасно, кожному один раз",
    "News on Telegram and Viber: verified, on time, once to everyone",
  ],
  steps: ["Як це працює", "How it works"],
  step1: [
    "Оберіть статтю під чатом Олени й натисніть «Надіслати на погодження»",
    "Pick an article below Olena’s chat, then press “📨 Submit for approval”",
  ],
  step2: [
    "Тарас на своєму телефоні натискає «Погодити»",
    "Taras presses “✅ Approve” on his phone",
  ],
  step3: [
    "Олена — «Опублікувати зараз»; десять секунд ще можна зупинити",
    "Olena presses “🚀 Publish now”; ten seconds to stop it",
  ],
  tries: ["Що спробувати", "Things to try"],
  try1: [
    "Погоджену статтю опублікуйте, увімкнувши для Viber «рве зв’язок»: Вісник не повторить допис, а спитає редакцію, чи він з’явився.",
    "Turn on “hangs up” for Viber and publish what is approved: Visnyk does not repeat the post, it asks the desk whether it appeared.",
  ],
  try2: [
    "Вбийте бота, щойно мине відлік: після перезапуску нічого не загубиться й не прийде двічі.",
    "Kill the bot as soon as the countdown ends: when it is back, nothing is lost and nothing comes twice.",
  ],
  try3: [
    "Перед публікацією вимкніть Viber («офлайн»), потім увімкніть знову: допис дочекається.",
    "Take Viber offline before you publish, then bring it back: the post waits for it.",
  ],
  try4: [
    "Дайте статті час кнопкою «Найближчий час», погодьте й перескочте туди годинником.",
    "Give an article the “Next slot”, approve it, and skip the clock to that time.",
  ],
  try5: [
    "Змініть погоджену статтю: «Змінити», а тоді рядок «заголовок: …». Погодження скасується.",
    "Change what is approved: “Edit”, then a line “headline: …”. The approval is void.",
  ],
  try6: [
    "Хай Тарас натисне «Доопрацювати» й напише чому: Олена дізнається причину.",
    "Let Taras press “Ask for changes” and write why: Olena learns the reason.",
  ],
  try7: [
    "Заблокуйте бота на телефоні Івана: у підсумку для Олени буде на одного читача менше.",
    "Block the bot on Ivan’s phone: Olena’s summary counts one reader less.",
  ],
  try8: [
    "Виправте те, що вийшло: Олена пише «/виправити 1 заголовок: …», тоді речення для читачів, Тарас погоджує. «/відкликати 1» відкликає.",
    "Correct what is out: Olena types “/correct 1 headline: …”, then a sentence for readers, Taras approves. “/retract 1” takes it back.",
  ],
  try9: [
    "Внизу сторінки — канал-підробка: хай змінить у нашому дописі цифру. Перешліть боту три дописи й порівняйте відповіді.",
    "Below is a fake channel: let it change a figure in our post. Forward three posts to the bot and compare the answers.",
  ],
  proofTitle: ["Наше чи підробка?", "Ours or a fake?"],
  proof1: [
    "Опублікуйте статтю й натисніть «Підробити наш допис» у каналі ліворуч: він змінить одну цифру.",
    "Publish an article, then press “Fake our post” in the channel on the left: it changes one figure.",
  ],
  proof2: [
    "Справжній допис: натисніть ↪ у каналі «Вісник» і перешліть боту від Івана. Відповідь: так, це наше.",
    "The genuine post: press ↪ in the channel “Вісник” and forward it to the bot as Ivan. The answer: yes, this is ours.",
  ],
  proof3: [
    "Допис зі зміненою цифрою: перешліть його з підробки. Бот покаже, що стояло в нас.",
    "The post with the changed figure: forward it from the fake. The bot shows what ours says.",
  ],
  proof4: [
    "Чужий допис про банкомати: бот скаже, що ми такого не публікували, і що канал лише схожий на наш.",
    "The foreign post about cash machines: the bot says that we never published it, and that the channel only looks like ours.",
  ],
  verify: ["Перевірити текст без бота ↗", "Check a text without the bot ↗"],
  fake: ["Підробити наш допис", "Fake our post"],
  language: ["Мова", "Language"],
  strip: ["Керування", "Controls"],
  phones: ["Телефони", "Phones"],
  hour: ["+1 год", "+1 h"],
  skip: ["До {time}", "Skip to {time}"],
  skipLong: ["Перескочити до наступного часу публікації, {time}", "Skip to the next posting time, {time}"],
  slow: ["повільно", "slow"],
  refuse: ["429", "429"],
  "5xx": ["502", "502"],
  drop: ["рве зв’язок", "hangs up"],
  offline: ["офлайн", "offline"],
  slowLong: ["{platform}: кожна відповідь іде дві секунди", "{platform}: every answer takes two seconds"],
  refuseLong: ["{platform}: на кожен запит «забагато запитів»", "{platform}: “too many requests” to every request"],
  "5xxLong": ["{platform}: на кожен запит «502 Bad Gateway»", "{platform}: “502 Bad Gateway” to every request"],
  offlineLong: [
    "{platform} і бот не бачать одне одного; що люди пишуть, дійде згодом",
    "{platform} and the bot can’t reach each other; what people write arrives later",
  ],
  dropLong: [
    "{platform}: допис приймає, але зв’язок рве до відповіді",
    "{platform}: takes the post and hangs up before the answer",
  ],
  restart: ["Вбити й запустити", "Kill and restart"],
  botRunning: ["Бот працює", "The bot runs"],
  botStarting: ["Бот запускається…", "The bot is starting…"],
  botDown: ["Бота вбито", "The bot is killed"],
  botWhy: ["Бот не може запуститися: {why}", "The bot can’t start: {why}"],
  score: [
    "На {n} з {all} телефонів, на кожному один раз: «{headline}»",
    "On {n} of {all} phones, once on each: “{headline}”",
  ],
  scoreOnWay: ["Поки на {n} з {all} телефонів: «{headline}»", "On {n} of {all} phones so far: “{headline}”"],
  scoreTwice: [
    "На {n} з {all} телефонів, двічі — на {twice}: «{headline}»",
    "On {n} of {all} phones, twice on {twice}: “{headline}”",
  ],
  scoreChange: ["{sign} Зміна — на {n} з {all} телефонів", "{sign} The change is on {n} of {all} phones"],
  scoreLeaving: ["Виходить за {n} с — Олена ще може зупинити", "Goes out in {n} s: Olena can still stop it"],
  scoreNone: ["Вона на кожному телефоні — рівно один раз", "It is on every phone, exactly once"],
  got: ["остання стаття тут {n} раз(и)", "the latest article is here {n} time(s)"],
  log: ["Що бачать платформи", "What the platforms see"],
  logSum: ["Запитів: {count} · «забагато запитів»: {limited}", "Requests: {count} · “too many requests”: {limited}"],
  dropped: ["обрив", "cut"],
  lost: [
    "Демо зупинено. Запустіть make demo знову — сторінка підключиться сама.",
    "The demo has ended. Run make demo again: this page reconnects by itself.",
  ],
  forwardTitle: ["Переслати боту від імені", "Forward to the bot as"],
  close: ["Закрити", "Close"],
  forward: ["Переслати боту", "Forward to the bot"],
  bot: ["бот", "bot"],
  channel: ["канал", "channel"],
  noPosts: ["Дописів ще немає", "No posts yet"],
  noWords: ["Тут поки тихо", "Nothing has been said here yet"],
  block: ["{name}: заблокувати бота", "{name}: block the bot"],
  unblock: ["Розблокувати", "Unblock"],
  unsubscribe: ["{name}: не отримувати повідомлень", "{name}: stop receiving messages"],
  subscribe: ["Отримувати повідомлення", "Receive messages"],
  start: ["Почати", "Start"],
  write: ["Повідомлення", "Message"],
  writeAs: ["Повідомлення боту від: {name}", "Message to the bot from {name}"],
  send: ["Надіслати", "Send"],
  sendAs: ["{name}: надіслати", "{name}: send"],
  commands: ["{name}: команди бота", "{name}: the bot’s commands"],
  samples: ["Вставити статтю:", "Paste an article:"],
  chat: ["Чат: {name}", "Chat: {name}"],
  edited: ["змінено", "edited"],
  silent: ["без звуку", "silent"],
  from: ["Переслано: {name}", "Forwarded from {name}"],
  video: ["Відео", "Video"],
  photo: ["Фото", "Photo"],
  arrived: ["{name}: нове повідомлення", "{name}: a new message"],
  unread: ["непрочитаних: {n}", "unread: {n}"],
  keyboard: ["Кнопки", "Buttons"],
};

const FAULTS = ["slow", "refuse", "5xx", "drop", "offline"];
const BUBBLES_KEPT = 80; // on each phone; older ones leave the page
const REQUESTS_KEPT = 60;
const RUSH = 4; // bubbles in one frame that nobody reads one by one
const FRAME = 8; // ms of a frame for bubbles: the other 8 are for the person who types
const LOG_EVERY = 250; // ms: nobody reads faster
const SCORE_EVERY = 100; // ms
const TOAST = 3500; // ms
const RECONNECT = 2000; // ms

const $ = (selector, root = document) => root.querySelector(selector);
const phones = new Map();
const drafts = new Map(); // what is typed survives a redraw
let language = localStorage.getItem("language") ?? (navigator.language.startsWith("uk") ? "uk" : "en");
let stage = { now: Date.now(), faults: [] };
let zone = "Europe/Kyiv";
let ahead = 0; // ms: the demo's clock before this machine's

const t = (key, values = {}) => (WORDS[key]?.[LANGUAGES.indexOf(language)] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

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

const clocks = new Map(); // kept, as making one takes longer than drawing a bubble

function clockText(ms, options) {
  const key = [language, zone, ...Object.keys(options)].join();
  if (!clocks.has(key)) {
    clocks.set(key, new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: "h23", ...options }));
  }
  return clocks.get(key).format(ms);
}

const TO_MINUTES = { hour: "2-digit", minute: "2-digit" };
const TO_SECONDS = { ...TO_MINUTES, second: "2-digit" };
const short = (ms) => clockText(ms, TO_MINUTES);

function tick() {
  const now = Date.now() + ahead;
  $("#time").textContent = clockText(now, TO_SECONDS);
  $("#date").textContent = clockText(now, { weekday: "long", day: "numeric", month: "long" });
  if (stage.leaving || leaving) showScore();
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
  root.classList.add(phone.platform, phone.channel ? "public" : "private", phone.desk ? "desk" : phone.foreign ? "foreign" : "reads");
  root.setAttribute("aria-labelledby", title);
  $("h2", root).id = title;
  phone.title = phone.name;
  phone.name = phone.names[language] ?? phone.name;
  $(".name", root).textContent = phone.name;
  $(".role", root).textContent = phone.role[language] ?? "";
  $(".platform", root).textContent = phone.platform === "telegram" ? "Telegram" : "Viber";
  $(".who b", root).textContent = phone.channel ? phone.title : "Вісник";
  $(".who small", root).textContent = phone.channel ? t("channel") : t("bot");
  $(".face", root).textContent = "В";
  phone.bubbles.dataset.empty = t(phone.channel ? "noPosts" : "noWords");
  const chat = $(".chat", root);
  chat.setAttribute("aria-label", t("chat", { name: phone.name }));
  // Only the chat in use is read out: eight at once would be noise.
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

/** The first phone that can queue articles: the samples are at hand there. */
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

/** Draw the frame around the bubbles: whether this person may talk, and what can be pressed. */
function setState(phone, state) {
  Object.assign(phone, { talks: state.talks });
  const { root } = phone;
  root.classList.toggle("silenced", phone.talks === "blocked");
  if (phone.foreign) setFake(phone);
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
  if (phone.menu === menu) return; // it may be in use
  phone.menu = menu;
  $(".commands", root).replaceChildren(...state.commands.map(({ command, description }) =>
    element("button", { type: "button", onclick: () => say(phone, `/${command}`) },
      element("b", {}, `/${command}`), " ", description)));
}

function setFake(phone) {
  const button = $(".talk", phone.root);
  button.textContent = t("fake");
  button.onclick = () => act("action", { action: "fake" });
}

function setKeyboard(phone, rows) {
  const shown = JSON.stringify(rows);
  if (phone.keyboard === shown) return; // a finger may be on it, and a button that is replaced hears no click
  phone.keyboard = shown;
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

/** The bubbles since this browser last touched the phone. At its first visit everything counts as read. */
function countUnread(phone, bubbles) {
  const read = localStorage.getItem(`read ${phone.key}`);
  const last = bubbles.findIndex((bubble) => bubble.id === read);
  const known = last >= 0 || read === "none";
  phone.unread = known ? bubbles.slice(last + 1).filter((bubble) => bubble.from !== "person").length : 0;
  if (!known) localStorage.setItem(`read ${phone.key}`, bubbles.at(-1)?.id ?? "none");
  showUnread(phone);
}

// -- changes wait for the next frame, and for the one after it if there are too many

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
  const end = performance.now() + FRAME;
  for (const phone of [...dirty]) {
    dirty.delete(phone);
    drawChanges(phone, end);
    if (phone.waiting.length) dirty.add(phone); // behind the others: each gets its turn
  }
  if (dirty.size) frame = requestAnimationFrame(draw);
  scoring ||= setTimeout(showScore, SCORE_EVERY);
}

function drawChanges(phone, end = Infinity) {
  const opening = !phone.drawn.size;
  const fresh = phone.waiting.filter(([kind]) => kind === "shown").length;
  let skip = fresh - BUBBLES_KEPT; // these would leave the page at once
  let done = 0;
  const rows = document.createDocumentFragment();
  for (const [kind, bubble] of phone.waiting) {
    if (performance.now() > end) break;
    done += 1;
    if (kind === "shown" && skip-- > 0) continue;
    const before = phone.drawn.get(bubble.id);
    if (kind === "edited" && !before) continue; // it left the page before
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
  phone.waiting.splice(0, done);
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

/** Show a bubble taller than the phone from its beginning; a chat scrolled by hand stays where it is. */
function showBeginning(phone, row) {
  const chat = $(".chat", phone.root);
  if (phone.held || phone.desk) return;
  chat.scrollTop = Math.min(0, chat.clientHeight - row.offsetHeight - 10);
}

// -- the score: how many times the newest post is on each phone, or for how long it can still be stopped

let leaving = false;

// What stands above the headline of a changed post, and what begins the word to those who have one.
const MARK = /^(⚠️|✏️|🔄|❗|⛔|✅)/u;

const lineOf = (bubble, at) => bubble.text.trimStart().split("\n")[at] ?? "";

function headOf(bubble) {
  if (bubble.from === "person") return "";
  return bubble.edited && MARK.test(lineOf(bubble, 0)) ? lineOf(bubble, 1).replace(/^«(.*)»$/u, "$1") : lineOf(bubble, 0);
}

const noticeOf = ({ bubble }) => (bubble.from !== "person" && !bubble.edited && MARK.exec(lineOf(bubble, 0))?.[0]) || "";

/** Whether the newest post should be on a phone: the desk has its own news, and a foreign channel none of ours. */
const isCounted = (phone) => !phone.desk && !phone.foreign && phone.talks === "yes";

function newestNotice() {
  const last = newestPost();
  return last ? noticeOf(last) : "";
}

function newestPost() {
  const posts = [...phones.values()].filter((phone) => phone.channel && !phone.foreign).flatMap((phone) => [...phone.drawn.values()].slice(-1));
  posts.sort((a, b) => a.bubble.at - b.bubble.at);
  return posts.at(-1);
}

/** How many phones have as many notices with this sign as a channel has. */
function told(sign) {
  const counts = (phone) => [...phone.drawn.values()].filter((drawn) => noticeOf(drawn) === sign).length;
  const most = Math.max(...[...phones.values()].filter((phone) => phone.channel && !phone.foreign).map(counts));
  return [...phones.values()].filter((phone) => isCounted(phone) && counts(phone) >= most).length;
}

function showScore() {
  scoring = 0;
  const left = stage.leaving ? Math.ceil((stage.leaving - Date.now() - ahead) / 1000) : 0;
  leaving = left > 0;
  const sign = newestNotice();
  const headline = sign ? "" : newestPost()?.head ?? "";
  const reading = [...phones.values()].filter(isCounted);
  let there = 0;
  let twice = 0;
  for (const phone of phones.values()) {
    const count = headline && !phone.desk && !phone.foreign ? [...phone.drawn.values()].filter(({ head }) => head === headline).length : 0;
    const mark = $(".got", phone.root);
    mark.hidden = !count;
    mark.textContent = `${count}×`;
    mark.title = t("got", { n: count });
    mark.classList.toggle("wrong", count > 1);
    if (isCounted(phone)) { there += count > 0; twice += count > 1; }
  }
  for (const phone of phones.values()) if (phone.foreign) $(".talk", phone.root).hidden = !headline && !sign;
  if (sign) there = told(sign);
  const values = { headline, sign, n: leaving ? left : there, all: reading.length, twice };
  const done = there === reading.length;
  const key = leaving ? "scoreLeaving" : sign ? "scoreChange" : !headline ? "scoreNone" : twice ? "scoreTwice" : done ? "score" : "scoreOnWay";
  const score = $("#score");
  $("#goal").className = `goal ${leaving ? "way" : !headline && !sign ? "none" : twice ? "wrong" : done ? "done" : "way"}`;
  const text = t(key, values);
  score.ariaLive = leaving ? "off" : "polite"; // nobody wants to hear every second
  if (score.textContent !== text) score.textContent = text;
}

// -- the strip and the log

function makeFaults() {
  for (const place of document.querySelectorAll(".faults")) {
    const { platform } = place.dataset;
    place.replaceChildren(place.firstElementChild, ...FAULTS.map((fault) => {
      const name = `${platform} ${fault}`;
      const onchange = ({ target: { checked } }) => {
        wanted.set(name, checked);
        act("fault", { platform, fault, on: checked });
      };
      const box = element("input", { type: "checkbox", role: "switch", onchange });
      box.dataset.fault = name;
      const title = t(`${fault}Long`, { platform: place.firstElementChild.textContent });
      return element("label", { title }, box, element("span", {}, t(fault)));
    }));
  }
}

const wanted = new Map(); // switches that were just pressed: news from before the press must not turn them back

function setStage(told) {
  stage = told;
  ahead = told.now - Date.now();
  for (const box of document.querySelectorAll("[data-fault]")) {
    const { fault } = box.dataset;
    const on = told.faults.includes(fault);
    if (wanted.get(fault) === on) wanted.delete(fault);
    box.checked = wanted.get(fault) ?? on;
  }
  for (const place of document.querySelectorAll(".faults")) place.classList.toggle("on", Boolean($(":checked", place)));
  const skip = $("[data-action=skip]");
  if (told.next) {
    skip.textContent = `⏭ ${t("skip", { time: short(told.next) })}`;
    skip.title = t("skipLong", { time: clockText(told.next, { weekday: "short", hour: "2-digit", minute: "2-digit" }) });
  }
  for (const link of document.querySelectorAll("[data-verify]")) {
    link.hidden = !told.verify;
    link.href = told.verify ?? "";
  }
  const bot = $("#bot");
  bot.hidden = !told.bot;
  bot.dataset.state = told.bot ?? "";
  const state = { running: "botRunning", starting: "botStarting", down: "botDown" }[told.bot];
  $("#bot-state").textContent = told.why ? t("botWhy", { why: told.why }) : state ? t(state) : "";
  tick();
}

function logRow([platform, method, status, ms, at, , error]) {
  const look = status === 429 || error.startsWith("12 ") ? "limited" : status === 200 && !error ? "fine" : "failed";
  return element("li", { class: `${platform} ${look}`, title: `${clockText(at, TO_SECONDS)} ${error}` },
    element("b", {}, method),
    element("span", { class: "status" }, status ? (look === "limited" ? "429" : String(status)) : t("dropped")),
    element("span", { class: "ms" }, `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`));
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
  const list = $("#log");
  list.prepend(...log.rows.splice(0).toReversed().map(logRow));
  while (list.children.length > REQUESTS_KEPT) list.lastElementChild.remove();
  $("#log-sum").textContent = t("logSum", { count: log.count, limited: log.limited });
}

// -- what the sandbox tells

const HEAR = {
  all(told) {
    wanted.clear();
    zone = told.zone;
    const town = $("#town");
    const place = document.body.dataset.ready ? town.scrollLeft : 0; // a phone's width snaps to what was there first
    for (const phone of phones.values()) phone.root.remove();
    phones.clear();
    $("#proof").hidden = !told.phones.some((one) => one.foreign);
    translate();
    for (const one of told.phones) {
      const phone = makePhone(one);
      town.append(phone.root);
      setState(phone, one);
      if (phone === firstDesk()) makeSamples(phone, told.samples);
      for (const bubble of one.bubbles) phone.waiting.push(["shown", bubble]);
      drawChanges(phone);
      countUnread(phone, one.bubbles);
    }
    for (const button of document.querySelectorAll("[data-action]")) {
      button.hidden = !told.actions.includes(button.dataset.action);
    }
    $("#log").replaceChildren();
    Object.assign(log, { rows: [], count: 0, limited: 0 });
    addRequests(told.requests);
    setStage(told.stage);
    showScore();
    town.scrollLeft = place;
    if (!document.body.dataset.ready && firstDesk() && !firstDesk().drawn.size) act("language", { language });
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
  stream.onerror = () => {
    $("#lost").hidden = false;
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, RECONNECT); // some browsers give up by themselves
  };
  stream.onmessage = (event) => { for (const told of JSON.parse(event.data)) HEAR[told.kind]?.(told); };
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.onclick = () => {
    language = button.dataset.language;
    localStorage.setItem("language", language);
    act("language", { language }).finally(connect); // the phones turn too
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
