"use strict";
// The search: sections that hold every typed word, those with it in their heading first.
const box = document.querySelector("input[type=search]");
const place = document.querySelector(".found");
const MOST = 12;

function found(typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const holds = (text) => words.every((word) => text.toLowerCase().includes(word));
  const hits = SECTIONS.filter((each) => holds(`${each.page} ${each.title} ${each.text}`));
  return hits.sort((one, other) => holds(other.title) - holds(one.title)).slice(0, MOST);
}

function shown(section) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = document.body.dataset.up + section.at;
  link.textContent = section.page === section.title ? section.title : `${section.page}: ${section.title}`;
  item.append(link);
  return item;
}

box.addEventListener("input", () => place.replaceChildren(...found(box.value).map(shown)));
box.form.addEventListener("submit", (event) => {
  event.preventDefault();
  place.querySelector("a")?.click();
});
