/**
 * Fills the templates of the page, which are the same online and offline: no markup is written in JavaScript.
 * Numbers, dates and ages as people write them, and what every form does.
 *
 *   data-t="key"     the element's text
 *   data-href="key"  the link's address
 *   data-if="key"    the element is left out when the value is empty
 *   data-slot="key"  a place for other elements
 */

import { ageWords, fillPlaces, zscoreWords } from "./children.js";
import { ageInDays } from "./zscores.js";

export { fillPlaces };

/** @type {Record<string, string>} */
const ICONS = { good: "check", watch: "watch", again: "again", none: "none", act: "act", now: "act", info: "info",
  check: "check" };
const TIME_ZONE = "Asia/Jakarta"; // the posyandu's, wherever the phone thinks it is

/** A part of the page that is always there. @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** What the page carries as JSON. @param {string} id */
export const jsonOf = (id) => JSON.parse(byId(id).textContent || "");

/** @type {Words} */
export const words = jsonOf("words");
/** @type {Map<string, string>} */
const sentences = new Map();
document.querySelectorAll("template").forEach((template) => {
  /** @type {NodeListOf<HTMLElement>} */ (template.content.querySelectorAll("[data-word]")).forEach((element) => {
    sentences.set(`${template.id}.${element.dataset.word}`, element.textContent || "");
  });
});

/** A sentence of the page with its {places} filled. @param {string} key @param {Record<string, any>} [values] */
export function say(key, values = {}, template = "t-words") {
  const sentence = sentences.get(`${template}.${key}`);
  if (sentence === undefined) throw new Error(`no sentence ${template}.${key}`);
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/**
 * A copy of a template, filled; its elements by data-slot are on `.slots`.
 * @param {string} id @param {Record<string, any>} [data] @returns {Drawing}
 */
export function fillTemplate(id, data = {}) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const root = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  /** @param {string} name @param {(element: HTMLElement, key: string) => void} act */
  const each = (name, act) => root.querySelectorAll(`[data-${name}]`).forEach((element) => {
    act(/** @type {HTMLElement} */ (element), element.getAttribute(`data-${name}`) || "");
  });
  /** @type {Record<string, HTMLElement>} */
  const slots = {};
  each("if", (element, key) => {
    const value = data[key];
    if (!value || (Array.isArray(value) && value.length === 0)) element.remove();
  });
  each("t", (element, key) => { element.textContent = data[key] === undefined ? "" : data[key]; });
  each("href", (element, key) => { if (data[key]) element.setAttribute("href", data[key]); });
  each("slot", (element, key) => { slots[key] = element; });
  return { root, slots, find: (selector) => root.querySelector(selector) };
}

/** Set the first picture without one, by the kind of what it says. @param {ParentNode} root @param {string} kind */
export function setIcon(root, kind) {
  const use = root.querySelector("use:not([href])");
  if (use) use.setAttribute("href", `#${ICONS[kind] || kind}`);
}

/** Set a chip's colour and picture; "again" looks as "watch" does. @param {ParentNode} root @param {string} kind */
export function setChip(root, kind, selector = ".chip") {
  const chip = /** @type {HTMLElement} */ (root.querySelector(selector));
  const look = kind === "again" ? "watch" : kind;
  chip.classList.add(`${selector.slice(1)}--${look}`);
  setIcon(chip, kind);
}

/** @param {Element} list @param {string[]} texts */
export function addItems(list, texts) {
  texts.forEach((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    list.append(item);
  });
}

/**
 * Draw again when entries come and go, until what was drawn is off the page.
 * @param {() => boolean} isShown @param {() => void} redraw
 */
export function redrawOnEntries(isShown, redraw) {
  const onEntries = () => {
    if (isShown()) redraw();
    else document.removeEventListener("entries", onEntries);
  };
  document.addEventListener("entries", onEntries);
}

/** @param {string} text */
export const capitalise = (text) => text[0].toUpperCase() + text.slice(1);

/** How many rows of a list are shown at first, and how many more a tap shows. */
const FIRST_ROWS = 20;
const MORE_ROWS = 100;
/** So few more are shown at once. */
const FEW_MORE = 5;

/**
 * Show the first of many rows, and below them a button for more; at the end it shortens the list again, if it may.
 * Only what is shown is drawn.
 * @template Row @param {Element} list @param {Row[]} rows @param {(row: Row) => Node} draw
 * @param {{least?: number, atFirst?: number, canShorten?: boolean}} [options] `atFirst`: as many as were shown before
 */
export function fillShort(list, rows, draw, { least = FIRST_ROWS, atFirst = least, canShorten = true } = {}) {
  const button = fillTemplate("t-more").find("button");
  const show = (/** @type {number} */ until) => {
    list.append(...rows.slice(list.children.length, until).map(draw));
    [...list.children].slice(until).forEach((row) => row.remove());
    const left = rows.length - list.children.length;
    const places = { count: MORE_ROWS, total: rows.length };
    button.textContent = left ? say(left > MORE_ROWS ? "show_more" : "show_all", places) : say("show_fewer");
    button.hidden = left === 0 && (!canShorten || rows.length <= least + FEW_MORE);
  };
  button.addEventListener("click", () => {
    const count = list.children.length;
    show(count < rows.length ? count + MORE_ROWS : least);
    if (list.children.length < count) button.scrollIntoView({ block: "center" });
    else /** @type {HTMLElement | null} */ (list.children[count].querySelector("a, input"))?.focus();
  });
  show(rows.length <= least + FEW_MORE ? rows.length : Math.max(atFirst, least));
  (list.closest("table") || list).after(button);
}

/**
 * Who a child is beside its name: parent, birth date with age on a day, posyandu.
 * @param {PhoneChild} child @param {string} on @returns {[string, string][]}
 */
function listWho(child, on) {
  const age = formatAge(ageInDays(child.born, on < child.born ? child.born : on));
  const born = say(child.estimated ? "born_about" : "born_short", { date: dayOfYear.format(new Date(`${child.born}T00:00:00Z`)), age });
  return [["parent", child.parent || say("no_parent")], ["born", born], ["posyandu", child.posyandu || ""]];
}

/** The same in a line. @param {PhoneChild} child @param {string} on */
export const describeWho = (child, on) => listWho(child, on).map(([, text]) => text).filter(Boolean).join(" \u00b7 ");

/**
 * Write it into a place, in bold what tells the child from those with its name.
 * @param {Element} place @param {PhoneChild} child @param {string} on @param {string[]} [differing] @param {string[]} [more] what else is said
 */
export function fillWho(place, child, on, differing = [], more = []) {
  const parts = [...listWho(child, on), ...more.map((text) => ["", text])];
  parts.filter(([, text]) => text).forEach(([key, text], i) => {
    const part = document.createElement(differing.includes(key) ? "strong" : "span");
    part.textContent = text;
    place.append(i ? " \u00b7 " : "", part);
  });
}

/** Whose home it is and where: parent, posyandu, RT and RW. @param {PhoneChild | PhoneServed} person */
export function describeHome({ parent, posyandu, rt, rw }) {
  const home = (rt || rw) && say("home", { rt: rt || "\u2013", rw: rw || "\u2013" }, "t-case-words");
  return [parent, posyandu, home].filter(Boolean).join(", ");
}

// --- numbers, dates and ages as people write them -------------------------------------------------------

const locale = words.language === "en" ? "en-GB" : "id-ID";
const amounts = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 3, useGrouping: false });
const long = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const dayOfYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const short = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
const monthYear = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
  hourCycle: "h23", timeZone: TIME_ZONE });
const isoDay = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: TIME_ZONE });

/** Kilograms or centimetres as read off the scale: at least one decimal. @param {number} value */
export const formatAmount = (value) => amounts.format(value);
/** A z-score with its two decimals and a true minus sign. @param {number | null} z */
export const formatZscore = (z) => (z === null ? "\u2013" : zscoreWords(z, words));
/** "2024-08-05" in words. @param {string} iso */
export const formatDay = (iso) => long.format(new Date(`${iso}T00:00:00Z`));
/** "2024-08-05" as "5 Agu". @param {string} iso */
export const formatShortDay = (iso) => short.format(new Date(`${iso}T00:00:00Z`));
/** The month of "2024-08-01" in words. @param {string} iso */
export const formatMonth = (iso) => monthYear.format(new Date(`${iso.slice(0, 7)}-01T00:00:00Z`));
/** A moment (ms) at the posyandu. @param {number} ms */
export const formatTime = (ms) => clock.format(new Date(ms));
/** The day at the posyandu at a moment (ms), as "2024-08-05". @param {number} ms */
export const dayAt = (ms) => isoDay.format(new Date(ms));

/** An age as the field says it. @param {number} days */
export const formatAge = (days) => ageWords(days, words);

/** A measurement's values on one line. @param {PhoneMeasurement} m */
export function formatValues(m) {
  /** @type {string[]} */
  const parts = [];
  if (typeof m.kg === "number") parts.push(`${formatAmount(m.kg)}\u00a0kg`);
  if (typeof m.cm === "number") parts.push(`${formatAmount(m.cm)}\u00a0cm ${m.position ? words.positions[m.position] : ""}`.trim());
  if (typeof m.muac === "number") parts.push(`${say("muac")} ${formatAmount(m.muac)}\u00a0cm`);
  if (typeof m.head === "number") parts.push(`${say("head")} ${formatAmount(m.head)}\u00a0cm`);
  if (m.oedema) parts.push(say("oedema"));
  if (m.confirmed) parts.push(say("confirmed"));
  return parts.join(", ");
}

/** That a measurement is what counts now. @param {PhoneMeasurement} m */
export const sayWhatCounts = (m) => say("counts_now", { values: formatValues(m), date: formatDay(m.on) });

/** What the line above everything says: what waits, and why the register was not reached. @param {PhoneSession} session @param {PhoneUser} me */
export function describeSending(session, me) {
  const { trouble, hasEnded } = session;
  const [waiting, sending, mustFix] = [session.count("waiting", "sending"), session.count("sending"), session.count("fix")];
  const places = { count: waiting, time: formatTime(me.syncedAt), since: formatTime(me.silentSince || Date.now()) };
  let sentence = waiting ? say("waiting", places) : sayNothingWaits(session, places);
  if (sending) sentence = say("sending", { count: sending });
  if (trouble === "signed_out" || trouble === "refused") sentence = say(trouble, places);
  // That all is safe on the phone is said only where it is.
  else if (trouble && waiting && session.store.isKept) sentence = say(trouble, places);
  else if (trouble) sentence = [say(`${trouble}_none`, places), session.isAllSent ? "" : sentence].join(" ").trim();
  if (hasEnded && !me.starts && waiting) sentence = say("ended", places);
  else if (hasEnded && !me.starts && session.isAllSent) sentence = say("ended_none");
  return mustFix ? `${sentence} ${say("fix", { count: mustFix })}` : sentence;
}

/** Only of a store that was opened and read is it said that all is sent. @param {PhoneSession} session @param {Record<string, any>} places */
function sayNothingWaits(session, places) {
  if (!session.areEntriesRead) return say("not_read");
  if (session.lostCount) return say("lost", { count: session.lostCount });
  if (!session.store.isKept) return say("not_opened");
  return session.isAllSent ? say("synced", places) : say("heard", places);
}

/**
 * A number as a cadre types it, comma or point, never a thousands mark. null when empty; undefined when it is
 * no number.
 * @param {string} text
 */
export function parseNumber(text) {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const match = /^(\d{1,4})(?:[.,](\d{0,3}))?$/.exec(trimmed);
  return match ? Number(`${match[1]}.${match[2] || 0}`) : undefined;
}

/** Sex, age on a day and date of birth of a child. @param {PhoneChild} child @param {string} on */
export function describeChild(child, on) {
  const age = formatAge(ageInDays(child.born, on < child.born ? child.born : on));
  return [say(child.sex === 1 ? "boy" : "girl"), age, say(child.estimated ? "estimated" : "born", { date: formatDay(child.born) })].join(", ");
}

// --- forms ---------------------------------------------------------------------------------------------

/** A field of a form by its name. @param {HTMLFormElement} form @param {string} name */
export const fieldOf = (form, name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));

/** Act once, also where the tap comes twice. @param {HTMLElement} form @param {() => Promise<void>} act */
export async function runOnce(form, act) {
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  try {
    await act();
  } finally {
    delete form.dataset.busy;
  }
}

/**
 * Put each sentence next to its field and go to the first; whether there was one.
 * @param {HTMLFormElement} form @param {Record<string, string>} errors
 */
export function showErrors(form, errors) {
  form.querySelectorAll(".error").forEach((old) => old.remove());
  form.querySelectorAll(".field--wrong").forEach((field) => field.classList.remove("field--wrong"));
  form.querySelectorAll("[aria-invalid]").forEach((input) => {
    input.removeAttribute("aria-invalid");
    const described = (input.getAttribute("aria-describedby") || "").split(" ").filter((id) => !id.startsWith("error_"));
    input.setAttribute("aria-describedby", described.join(" "));
  });
  const wrong = Object.entries(errors).filter(([name]) => fieldOf(form, name))
    .map(([name, text]) => showError(form, name, text));
  if (wrong.length) wrong[0].focus();
  return wrong.length > 0;
}

/** @param {HTMLFormElement} form @param {string} name @param {string} text */
function showError(form, name, text) {
  const named = form.elements.namedItem(name);
  const input = /** @type {HTMLInputElement} */ (named instanceof RadioNodeList ? named[0] : named);
  const field = /** @type {HTMLElement} */ (input.closest(".field"));
  const { root } = fillTemplate("t-error", { text });
  const error = /** @type {HTMLElement} */ (root.firstElementChild);
  error.id = `error_${name}`;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") || ""} ${error.id}`.trim());
  field.classList.add("field--wrong");
  const details = field.closest("details");
  if (details) details.open = true;
  /** @type {HTMLElement} */ (field.querySelector("label, legend")).after(root);
  return input;
}

/**
 * What the register said of an entry, next to its fields; above them what is about none of them.
 * @param {HTMLFormElement} form @param {EntryAnswer} answer
 */
export function showRefusal(form, answer) {
  const errors = Object.fromEntries(Object.entries(answer.errors || {}).map(([name, [first]]) => [name, first]));
  if (showErrors(form, errors) || !answer.detail) return;
  const place = form.querySelector("[data-slot=doubts], [data-slot=alike]");
  if (place) place.replaceChildren(fillTemplate("t-error", { text: answer.detail }).root);
}

/** Show a question above the fields, in the middle of the screen. @param {HTMLFormElement} form @param {Drawing} drawn */
export function showQuestion(form, drawn) {
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-slot=doubts], [data-slot=alike]"));
  place.replaceChildren(drawn.root);
  place.scrollIntoView({ block: "center" });
}

// --- another version of the page ------------------------------------------------------------------------------

const MOST_WAIT_MS = 10_000;

/** Whether the page that the newest worker keeps is another version than this one. @param {Urls} urls */
export async function isPageReplaced(urls) {
  const cacheName = (await globalThis.caches?.keys())?.pop(); // those of the worker before may be there still
  const kept = cacheName ? await caches.match(urls.shell, { cacheName }) : undefined;
  return kept !== undefined && !(await kept.text()).includes(`data-version="${urls.version}"`);
}

/** Have the new worker serve the page: until then the old one would come again. */
export async function updateWorker() {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration) return;
  const takenOver = new Promise((done) => {
    navigator.serviceWorker.addEventListener("controllerchange", done, { once: true });
  });
  const waited = new Promise((done) => { setTimeout(done, MOST_WAIT_MS); });
  await Promise.race([registration.update().then(() => takenOver), waited]).catch(() => {});
}
