// @ts-check
/** The pages that open at every posyandu: the roster, and the entry with its result. The others are in more.js. */
import { Position, ageInDays, expectedPosition } from "./growth.js";
import { mayChange } from "./outbox.js";
import {
  addMonths, adviceOn, doubtsAbout, matches, nextToMeasure, sameMonth, sections, seenOf,
} from "./children.js";
import {
  age, amount, day, draw, filled, items, month as monthWords, say, setChip, time, typedNumber, values,
  words, zscore,
} from "./draw.js";

export const rosterUrl = (app) => `/roster/?village=${app.state.roster.village.code}`;
const sexWord = (child) => say(child.sex === 1 ? "boy" : "girl");

// --- roster --------------------------------------------------------------------------------------------

export function drawRoster(app, month, isPast) {
  const { roster, growth } = app.state;
  const before = document.getElementById("q");
  const typed = before ? before.value : "";
  const wasTyping = before && before === document.activeElement;
  const found = sections(growth, app.children(), month, app.today(), words);
  const done = found.again.length + found.done.length;
  const total = done + found.todo.length;
  const next = addMonths(month, 1);
  const link = (at) => `${rosterUrl(app)}&month=${at.slice(0, 7)}`;
  const isLast = sameMonth(next, app.today()) || next > app.today();
  const drawn = draw("t-roster", {
    title: `${roster.village.name}, ${monthWords(month)}`,
    counted: say("measured", { done, total }),
    enrol: `/children/new/?village=${roster.village.code}`,
    grid: `/grid/?village=${roster.village.code}`,
    follow_up: `/follow-up/?village=${roster.village.code}`,
    skdn: `/skdn/?village=${roster.village.code}&month=${month.slice(0, 7)}`,
    list: `/children/?village=${roster.village.code}&month=${month.slice(0, 7)}`,
    previous: link(addMonths(month, -1)),
    previous_words: monthWords(addMonths(month, -1)),
    next: isPast && next <= app.today() && (isLast ? rosterUrl(app) : link(next)),
    next_words: monthWords(next),
    choose: roster.several && "/roster/",
    kept_at: app.state.trouble && say("kept_at", { time: time(roster.at) }),
    nobody: total + found.leaving.length === 0,
    unmatched: true,
  });
  drawn.find("progress").max = Math.max(total, 1);
  drawn.find("progress").value = done;
  const [search, unmatched] = [drawn.find("#q"), drawn.find("[data-if=unmatched]")];
  const place = drawn.slots.sections;
  const list = () => {
    const lists = Object.entries(found).map(([name, rows]) => section(name, rows, search.value)).filter(Boolean);
    place.replaceChildren(...lists);
    unmatched.hidden = lists.length > 0 || search.value.trim() === "";
  };
  search.value = typed;
  list();
  search.addEventListener("input", list);
  search.form.addEventListener("submit", (event) => event.preventDefault());
  app.show(drawn);
  if (wasTyping) search.focus();
}

function section(name, rows, search) {
  const shown = rows.filter((row) => matches(row.child.name, search));
  if (shown.length === 0) return null;
  const sentence = say("rows", { words: say(name, {}, "t-section-words"), count: shown.length });
  const drawn = draw("t-section", { words: sentence });
  const heading = drawn.find("h2");
  heading.id = name;
  drawn.find("section").setAttribute("aria-labelledby", name);
  drawn.find("ul").append(...shown.map((row) => rosterRow(row, name === "again" || name === "done")));
  return drawn.root;
}

/** Where a child is measured; an entry that may still be changed is opened itself. */
export const measureUrl = (child, entry) => (
  `/children/${child.id}/measure/${entry && mayChange(entry) ? `?entry=${entry.id}` : ""}`
);

function rosterRow({ child, last, ageDays, kind, word }, isDone) {
  const said = [age(ageDays)];
  if (last && typeof last.kg === "number") said.push(`${amount(last.kg)}\u00a0kg`);
  if (last && typeof last.cm === "number") said.push(`${amount(last.cm)}\u00a0cm`);
  const entry = last && last.entry;
  if (entry && entry.state !== "received") said.push(say(`state_${entry.state}`));
  // Whoever waits is one tap from the scale; whoever was measured opens with what was found.
  const measured = isDone && !(entry && entry.state !== "received") && !child.isNew;
  const url = measured ? `/children/${child.id}/` : measureUrl(child, entry);
  const drawn = draw("t-row", { url, name: child.name, values: said.join(" \u00b7 "), word });
  setChip(drawn.root, kind);
  return drawn.root;
}

export function drawVillages(app) {
  const drawn = draw("t-villages");
  const groups = new Map();
  app.state.villages.forEach((village) => {
    groups.set(village.kecamatan, [...(groups.get(village.kecamatan) || []), village]);
  });
  groups.forEach((villages, name) => {
    const group = draw("t-kecamatan", { name });
    group.find("ul").append(...villages.map((village) => (
      draw("t-village", { url: `${location.pathname}?village=${village.code}`, name: village.name }).root
    )));
    drawn.slots.groups.append(group.root);
  });
  app.show(drawn);
}

// --- entry ---------------------------------------------------------------------------------------------

const NUMBERS = ["weight_kg", "lenhei_cm", "muac_cm", "head_cm"];
const KEYS = { weight_kg: "kg", lenhei_cm: "cm", muac_cm: "muac", head_cm: "head" };

/**
 * The form of a child. `editing`: the entry on this phone that is opened again; `corrects`: the id of the
 * measurement that is put right, whatever day is written in the form.
 */
export function drawMeasure(app, id, editing, corrects = "") {
  const child = app.childOf(id);
  const { state } = app;
  const old = child.seen.find((m) => m.id === corrects);
  const on = (editing && editing.body.measured_on) || (old && old.on) || (state.saved && state.saved.on) || app.today();
  const drawn = draw("t-measure", {
    name: child.name,
    village: state.roster.village.name,
    roster: rosterUrl(app),
    page: !child.isNew && `/children/${child.id}/`,
    correcting: true,
    reason: true,
    next: !corrects,
  });
  const form = drawn.find("form");
  if (corrects) drawn.find("[value=stay]").classList.remove("button--quiet");
  const mustBeSeen = state.saved && savedPart(app, state.saved);
  if (mustBeSeen) drawn.slots.saved.append(mustBeSeen.root);
  state.saved = null;
  form.elements.measured_on.max = app.today();
  form.elements.measured_on.value = on;
  const page = { app, id, form, editing, corrects, touched: new Set(), who: drawn.find("[data-t=who]"),
    notice: drawn.find("[data-if=correcting]") };
  form.addEventListener("input", (event) => {
    page.touched.add(event.target.name);
    form.querySelector("[data-slot=doubts]").replaceChildren(); // they were about other numbers
  });
  form.elements.weight_kg.enterKeyHint = "next";
  form.elements.weight_kg.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return; // the big key of the phone: on to the length, not to the next child
    event.preventDefault();
    form.elements.lenhei_cm.focus();
  });
  form.elements.measured_on.addEventListener("change", () => fitTheDay(page));
  const changed = () => (form.isConnected ? fitTheDay(page) : document.removeEventListener("entries", changed));
  document.addEventListener("entries", changed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const then = event.submitter && event.submitter.value === "next" ? "next" : "stay";
    once(form, () => submitMeasure(page, { then, confirmed: [] }));
  });
  app.keepTyped(form, (name) => page.touched.add(name));
  fitTheDay(page);
  app.show(drawn);
  const { entry } = targetOf(app, child, on, page);
  if (entry && entry.state === "fix" && entry.answer) showRefusal(form, entry.answer);
  if (mustBeSeen && mustBeSeen.isUrgent) document.querySelector(".just-saved").focus();
  else form.elements.weight_kg.focus({ preventScroll: true });
}

/** A tap that comes twice is one. */
export async function once(form, act) {
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  try {
    await act();
  } finally {
    delete form.dataset.busy;
  }
}

const whoIs = (child, on) => [
  sexWord(child), age(ageInDays(child.born, on < child.born ? child.born : on)), say("born", { date: day(child.born) }),
].join(", ");

function hint(form, name, before, sentence) {
  const last = before.filter((m) => typeof m[KEYS[name]] === "number").pop();
  const place = form.elements[name].closest(".field").querySelector(".hint");
  place.textContent = last ? say(sentence, { value: amount(last[KEYS[name]]), date: day(last.on) }) : "";
  form.elements[name].setAttribute("aria-describedby", place.id);
}

/**
 * Age, last values and position for the day of the form; and whether that day already has values, which are
 * then put right. What was typed stays.
 */
function fitTheDay(page) {
  const { app, id, form, touched, who, notice } = page;
  const on = form.elements.measured_on.value;
  const child = app.childOf(id);
  if (!child || !on || on < child.born) return;
  const lying = expectedPosition(ageInDays(child.born, on)) === Position.LYING;
  const box = form.querySelector(".position");
  box.classList.toggle("position--lying", lying);
  box.classList.toggle("position--standing", !lying);
  box.querySelector(".hint").textContent = say(lying ? "lying" : "standing", {}, "t-position-words");
  box.querySelector("[data-t=position_why]").textContent = say(lying ? "lying_why" : "standing_why", {}, "t-position-words");
  who.textContent = whoIs(child, on);
  const target = targetOf(app, child, on, openOf(page));
  const before = beforeDay(child, on, target);
  hint(form, "weight_kg", before, "last_kg");
  hint(form, "lenhei_cm", before, "last_cm");
  notice.hidden = !target.corrects;
  const reason = form.querySelector("#f_reason");
  reason.closest(".field").hidden = !target.corrects;
  if (!reason.value && target.entry) reason.value = target.entry.body.reason || "";
  const start = target.entry ? seenOf(target.entry) : child.seen.find((m) => m.id === target.corrects) || {};
  fillIn(form, { ...start, position: start.position || (lying ? Position.LYING : Position.STANDING) }, touched);
}

/** What the form was opened for, as it is now: an entry on its way can no longer be changed. */
function openOf({ app, editing, corrects }) {
  const now = editing && app.state.entries.find((entry) => entry.id === editing.id);
  return { editing: now && mayChange(now) ? now : null, corrects };
}

/**
 * What saving values of a day changes: {entry, corrects, taken}. entry: the one on this phone that may still be
 * changed (opened again, or of that day, also one that was refused), else null. corrects: the id of what the
 * register has and this puts right, which a reason must go with, else "". An entry that is a correction stays
 * one. taken: why these values cannot go to that day, else "".
 */
export function targetOf(app, child, on, { editing = null, corrects = "" } = {}) {
  const entry = editing || (corrects ? null : openEntryOf(app, child, on));
  const puts = corrects || correctedBy(entry);
  const waiting = openEntryOf(app, child, on);
  if (waiting && entry && waiting.id !== entry.id) return { entry, corrects: puts, taken: words.refused.day_waiting };
  const known = child.seen.find((m) => m.on === on && !(m.entry && mayChange(m.entry)));
  if (puts) return { entry, corrects: puts, taken: known && known.id !== puts ? words.refused.day_taken : "" };
  return { entry, corrects: known ? known.id : "", taken: "" };
}

/** What an entry puts right, unless the register has said that somebody else has put it right already. */
function correctedBy(entry) {
  if (!entry || !entry.body.corrects) return "";
  return entry.state === "fix" && entry.answer && entry.answer.code === "not_in_force" ? "" : entry.body.corrects;
}

function openEntryOf(app, child, on) {
  const ofTheDay = (e) => e.kind === "measurement" && e.child === child.id && e.body.measured_on === on;
  return app.state.entries.filter((entry) => ofTheDay(entry) && mayChange(entry)).pop() || null;
}

/** The measurements before a day without those that are being changed, oldest first. */
function beforeDay(child, on, { entry, corrects }) {
  return child.seen.filter((m) => m.on < on && m.id !== corrects && !(entry && m.id === entry.id));
}

/** It is on this phone and may still be changed there. */
export const canChange = (m) => Boolean(m.entry) && mayChange(m.entry);

function fillIn(form, m, touched) {
  NUMBERS.filter((name) => !touched.has(name)).forEach((name) => {
    const value = m[KEYS[name]];
    form.elements[name].value = typeof value === "number" ? amount(value) : "";
  });
  if (!touched.has("oedema")) form.elements.oedema.checked = Boolean(m.oedema);
  if (!touched.has("position")) form.elements.position.value = m.position;
  if (typeof m.muac === "number" || typeof m.head === "number" || m.oedema) form.querySelector("details").open = true;
}

/**
 * What was typed, and a sentence for each field that cannot be: {seen, errors}. fields: text by the names of
 * the form; `oedema` is true or false.
 */
export function read(app, child, fields) {
  const errors = {};
  const seen = { on: fields.measured_on, oedema: fields.oedema };
  NUMBERS.forEach((name) => {
    const number = typedNumber(fields[name]);
    const [low, high, step] = words.limits[name];
    if (number === undefined) errors[name] = filled(words.refused.number, { text: fields[name].slice(0, 12) });
    else if (number !== null && (number < low || number > high)) errors[name] = words.refused[name];
    else if (number !== null) seen[KEYS[name]] = rounded(number, step);
  });
  if (NUMBERS.every((name) => fields[name].trim() === "")) errors.weight_kg = words.refused.empty;
  if (!seen.on) errors.measured_on = words.refused.date_missing;
  else if (seen.on > app.today()) errors.measured_on = words.refused.future;
  else if (seen.on < child.born) errors.measured_on = filled(words.refused.before_birth, { birth: day(child.born) });
  seen.position = typeof seen.cm === "number" ? fields.position : "";
  return { seen, errors };
}

/** In the register's precision, halves up: 12.45 of arm is 12.5. */
function rounded(number, step) {
  const steps = Math.round(1 / step);
  return Math.round(number * steps + 1e-9) / steps;
}

function fieldsOf(form) {
  const fields = { oedema: form.elements.oedema.checked };
  [...NUMBERS, "measured_on", "position"].forEach((name) => { fields[name] = form.elements[name].value; });
  return fields;
}

/** Put each sentence beside its field and go to the first; true when there was one. */
export function showErrors(form, errors) {
  form.querySelectorAll(".error").forEach((old) => old.remove());
  form.querySelectorAll(".field--wrong").forEach((field) => field.classList.remove("field--wrong"));
  form.querySelectorAll("[aria-invalid]").forEach((input) => {
    input.removeAttribute("aria-invalid");
    const described = (input.getAttribute("aria-describedby") || "").split(" ").filter((id) => !id.startsWith("error_"));
    input.setAttribute("aria-describedby", described.join(" "));
  });
  const wrong = Object.entries(errors).filter(([name]) => form.elements[name]).map(([name, text]) => {
    const input = form.elements[name] instanceof RadioNodeList ? form.elements[name][0] : form.elements[name];
    const field = input.closest(".field");
    const { root } = draw("t-error", { text });
    const error = root.firstElementChild;
    error.id = `error_${name}`;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") || ""} ${error.id}`.trim());
    field.classList.add("field--wrong");
    if (field.closest("details")) field.closest("details").open = true;
    field.querySelector("label, legend").after(root);
    return input;
  });
  if (wrong.length) wrong[0].focus();
  return wrong.length > 0;
}

/** What the register said of an entry, beside its fields; above them what is about none of them. */
export function showRefusal(form, answer) {
  const errors = Object.fromEntries(Object.entries(answer.errors || {}).map(([name, [first]]) => [name, first]));
  if (showErrors(form, errors) || !answer.detail) return;
  const drawn = draw("t-error", { text: answer.detail });
  form.querySelector("[data-slot=doubts], [data-slot=alike]").replaceChildren(drawn.root);
}

async function submitMeasure(page, { then, confirmed }) {
  const { app, form } = page;
  app.state.entries = await app.state.outbox.entries(); // as they are now, also when a sending has just ended
  const child = app.childOf(page.id);
  const { seen, errors } = read(app, child, fieldsOf(form));
  if (showErrors(form, errors)) return;
  const target = targetOf(app, child, seen.on, openOf(page));
  if (target.taken) {
    showErrors(form, { measured_on: target.taken });
    return;
  }
  const reason = form.elements.reason.value.trim();
  if (target.corrects && !reason) {
    fitTheDay(page);
    showErrors(form, { reason: words.refused.reason_missing });
    return;
  }
  if (target.corrects && isSame(child.seen.find((m) => m.id === target.corrects), seen)) {
    showErrors(form, { weight_kg: words.refused.unchanged });
    return;
  }
  const doubts = doubtsOf(app, child, seen, target);
  if (doubts.some((code) => !confirmed.includes(code))) {
    askAgain(form, doubts, () => once(form, () => submitMeasure(page, { then, confirmed: doubts })));
    return;
  }
  if (!await save(app, child, seen, doubts, target, reason)) return;
  app.forgetTyped(form);
  afterMeasure(app, child, seen, then);
}

/** These are the very values that are there already. */
function isSame(old, seen) {
  if (!old || old.on !== seen.on || (old.position || "") !== seen.position) return false;
  return Object.values(KEYS).every((key) => old[key] === seen[key]) && Boolean(old.oedema) === seen.oedema;
}

export function doubtsOf(app, child, seen, target) {
  return doubtsAbout(app.state.growth, child, seen, beforeDay(child, seen.on, target), words);
}

/** Keep a measurement on the phone: new, under the id of its entry, or as a correction with its reason. True if kept. */
export async function save(app, child, seen, doubts, { entry, corrects }, reason) {
  const id = entry ? entry.id : crypto.randomUUID();
  const about = corrects ? { corrects, reason } : { child: child.id, client_time: new Date().toISOString() };
  return app.keep({
    id,
    kind: "measurement",
    child: child.id,
    name: child.name,
    village: app.state.roster.village.code,
    body: { ...bodyOf(seen, doubts, about), id },
    ...(entry && { at: entry.at, rev: entry.rev }),
  });
}

function bodyOf(seen, confirmed, about) {
  return {
    ...about,
    measured_on: seen.on,
    weight_kg: orNull(seen.kg),
    lenhei_cm: orNull(seen.cm),
    position: seen.position,
    muac_cm: orNull(seen.muac),
    head_cm: orNull(seen.head),
    oedema: seen.oedema,
    confirmed,
  };
}

const orNull = (value) => (typeof value === "number" ? value : null);

function askAgain(form, doubts, confirm) {
  const drawn = draw("t-doubts");
  // BMI for age says nothing more than weight for length has said.
  const told = doubts.filter((code) => !(code === "baz_flag" && doubts.includes("whz_flag")));
  items(drawn.find("ul"), told.map((code) => words.doubts[code]));
  const button = drawn.find("[data-confirm]");
  button.addEventListener("click", confirm);
  const place = form.querySelector("[data-slot=doubts]");
  place.replaceChildren(drawn.root);
  place.scrollIntoView({ block: "center" });
}

/** To the next child who waits, with this result above its form; else to the result itself. */
function afterMeasure(app, child, seen, then) {
  const { state } = app;
  state.saved = { id: child.id, on: seen.on };
  const month = `${seen.on.slice(0, 7)}-01`;
  const next = then === "next" && nextToMeasure(sections(state.growth, app.children(), month, seen.on, words), child);
  if (next) {
    app.go(`/children/${next.id}/measure/`);
    return;
  }
  const drawn = draw("t-done", {
    name: child.name, who: whoIs(child, seen.on), roster: rosterUrl(app),
    page: !child.isNew && `/children/${child.id}/`,
  });
  drawn.slots.saved.append(savedPart(app, state.saved).root);
  state.saved = null;
  app.show(drawn);
  if (then === "next") app.note(say("all_measured"));
  scrollTo(0, 0);
  document.querySelector("#work h1").focus();
}

/** What was saved a moment ago: the values, the word, and what to do next; and whether that must not be missed. */
function savedPart(app, { id, on }) {
  const child = app.childOf(id);
  const m = child.seen.find((one) => one.on === on);
  const drawn = draw("t-saved", {
    saved: say("saved", { name: child.name }),
    values: values(m),
    edit: canChange(m) && measureUrl(child, m.entry),
  });
  const advice = adviceOn(app.state.growth, child, m, words);
  if (child.gone) advice.steps = []; // nobody is asked back who died or has left
  drawn.slots.result.append(resultPart(advice));
  return { root: drawn.root, isUrgent: ["act", "now", "again"].includes(advice.kind) };
}

function resultPart(advice) {
  const drawn = draw("t-result", advice);
  setChip(drawn.root, advice.kind, ".result");
  if (drawn.slots.steps) items(drawn.slots.steps, advice.steps);
  advice.notes.forEach((note) => {
    const line = document.createElement("p");
    line.className = "soft";
    line.textContent = note;
    drawn.slots.notes.append(line);
  });
  const table = drawn.find("tbody");
  if (table) table.append(...advice.findings.map((f) => draw("t-finding", { ...f, z: zscore(f.z) }).root));
  return drawn.root;
}

/** What the phone knows of a child, where the page of the register cannot be had. */
export function drawKeptChild(app, id) {
  const child = app.childOf(id);
  const last = child.seen[child.seen.length - 1];
  const drawn = draw("t-kept-child", {
    name: child.name,
    who: whoIs(child, app.today()),
    measure: measureUrl(child, last && last.on === app.today() ? last.entry : null),
    roster: rosterUrl(app),
  });
  if (last) drawn.slots.result.append(resultPart(adviceOn(app.state.growth, child, last, words)));
  [...child.seen].reverse().forEach((m) => {
    const line = draw("t-kept-value", {
      day: day(m.on),
      values: values(m),
      url: canChange(m) ? measureUrl(child, m.entry) : `/children/${id}/measure/?corrects=${m.id}`,
    });
    drawn.slots.values.append(line.root);
  });
  app.show(drawn);
}
