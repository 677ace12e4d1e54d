// @ts-check
/**
 * Drawing from the templates of the page: one set, online and offline. No markup is written in JavaScript.
 *
 *   data-t="key"     the element's text
 *   data-href="key"  the link's address
 *   data-if="key"    the element is left out when the value is empty
 *   data-slot="key"  a place for other elements
 */

const ICONS = { good: "check", watch: "watch", again: "again", none: "none", act: "act", now: "act", info: "info",
  check: "check" };
const MINUS = "\u2212";
const TIME_ZONE = "Asia/Jakarta"; // the posyandu's, wherever the phone thinks it is

export const words = JSON.parse(document.getElementById("words").textContent);
const sentences = new Map();
document.querySelectorAll("template").forEach((template) => {
  template.content.querySelectorAll("[data-word]").forEach((element) => {
    sentences.set(`${template.id}.${element.dataset.word}`, element.textContent);
  });
});

/** A sentence of the page with its {places} filled. */
export function say(key, values = {}, template = "t-words") {
  const sentence = sentences.get(`${template}.${key}`);
  if (sentence === undefined) throw new Error(`no sentence ${template}.${key}`);
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** A sentence from the register, whose places are written %(name)s. */
export function filled(sentence, values) {
  return sentence.replace(/%\((\w+)\)[sd]/g, (_whole, name) => values[name]);
}

/** A copy of a template, filled; its elements by data-slot are on `.slots`. */
export function draw(id, data = {}) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const root = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const slots = {};
  root.querySelectorAll("[data-if]").forEach((element) => {
    const value = data[element.dataset.if];
    if (!value || (Array.isArray(value) && value.length === 0)) element.remove();
  });
  root.querySelectorAll("[data-t]").forEach((element) => {
    element.textContent = data[element.dataset.t] === undefined ? "" : data[element.dataset.t];
  });
  root.querySelectorAll("[data-href]").forEach((element) => {
    if (data[element.dataset.href]) element.setAttribute("href", data[element.dataset.href]);
  });
  root.querySelectorAll("[data-slot]").forEach((element) => { slots[element.dataset.slot] = element; });
  return { root, slots, find: (selector) => root.querySelector(selector) };
}

/** The first picture without one in what was drawn, by the kind of what it says. */
export function setIcon(root, kind) {
  const use = root.querySelector("use:not([href])");
  if (use) use.setAttribute("href", `#${ICONS[kind] || kind}`);
}

/** A chip: its colour and picture by kind; "again" looks as "watch" does. */
export function setChip(root, kind, selector = ".chip") {
  const chip = root.querySelector(selector);
  const look = kind === "again" ? "watch" : kind;
  chip.classList.add(`${selector.slice(1)}--${look}`);
  setIcon(chip, kind);
}

export function items(list, texts) {
  texts.forEach((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    list.append(item);
  });
}

// --- numbers, dates and ages as people write them -------------------------------------------------------

const locale = words.language === "en" ? "en-GB" : "id-ID";
const amounts = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 3, useGrouping: false });
const scores = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const long = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const monthYear = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
  hourCycle: "h23", timeZone: TIME_ZONE });
const isoDay = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: TIME_ZONE });

/** Kilograms or centimetres as read off the scale: at least one decimal. */
export const amount = (value) => amounts.format(value);
/** A z-score with its two decimals and a true minus sign. */
export const zscore = (z) => (z === null ? "\u2013" : (z < 0 ? MINUS : "") + scores.format(Math.abs(z)));
/** "2024-08-05" in words. */
export const day = (iso) => long.format(new Date(`${iso}T00:00:00Z`));
/** The month of "2024-08-01" in words. */
export const month = (iso) => monthYear.format(new Date(`${iso.slice(0, 7)}-01T00:00:00Z`));
/** A moment (ms) at the posyandu. */
export const time = (ms) => clock.format(new Date(ms));
/** The day at the posyandu at a moment (ms), as "2024-08-05". */
export const dayAt = (ms) => isoDay.format(new Date(ms));

/** An age as the field says it: days in the first month, completed months after. */
export function age(days) {
  const months = Math.floor((days * 16) / 487);
  const [count, one, many] = months === 0
    ? [days, words.ages.day, words.ages.days]
    : [months, words.ages.month, words.ages.months];
  return filled(count === 1 ? one : many, { count });
}

/** A measurement's values on one line. */
export function values(m) {
  const said = [];
  if (typeof m.kg === "number") said.push(`${amount(m.kg)}\u00a0kg`);
  if (typeof m.cm === "number") said.push(`${amount(m.cm)}\u00a0cm ${m.position ? words.positions[m.position] : ""}`.trim());
  if (typeof m.muac === "number") said.push(`${say("muac")} ${amount(m.muac)}\u00a0cm`);
  if (typeof m.head === "number") said.push(`${say("head")} ${amount(m.head)}\u00a0cm`);
  if (m.oedema) said.push(say("oedema"));
  return said.join(", ");
}

/**
 * A number as a cadre types it, comma or point, never a thousands mark. null when empty; undefined when it is
 * no number.
 */
export function typedNumber(text) {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const match = /^(\d{1,4})(?:[.,](\d{0,3}))?$/.exec(trimmed);
  return match ? Number(`${match[1]}.${match[2] || 0}`) : undefined;
}
