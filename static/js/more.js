// @ts-check
/** The pages that open now and then: a paper list, a new child, what was sent, signing out. */
import { LAST_DAY, Position, ageInDays, expectedPosition } from "./growth.js";
import { lookalikes, seenOf } from "./children.js";
import {
  age, amount, day, draw, filled, items, say, setChip, typedNumber, values, words,
} from "./draw.js";
import { mayChange } from "./outbox.js";
import {
  doubtsOf, measureUrl, once, read, rosterUrl, save, showErrors, showRefusal, targetOf,
} from "./views.js";

// --- a paper list typed afterwards: a row a child, Tab and Enter only -------------------------------------

const CELLS = {
  haz_flag: ["lenhei_cm"], shorter: ["lenhei_cm"], length_jump: ["lenhei_cm"], waz_flag: ["weight_kg"],
  weight_jump: ["weight_kg"], whz_flag: ["weight_kg", "lenhei_cm"], baz_flag: ["weight_kg", "lenhei_cm"],
};

export function drawGrid(app) {
  const { roster } = app.state;
  const drawn = draw("t-grid", { village: roster.village.name, roster: rosterUrl(app) });
  const date = drawn.find("[name=measured_on]");
  Object.assign(date, { value: app.state.gridDay || app.today(), max: app.today() });
  const body = drawn.find("tbody");
  // Only once the whole date is there: each key of it is a change, too.
  const fill = () => {
    const on = date.value;
    if (!on || on > app.today() || body.dataset.on === on) return;
    app.state.gridDay = on;
    body.dataset.on = on;
    const children = app.children().filter((c) => c.born <= on && ageInDays(c.born, on) <= LAST_DAY);
    body.replaceChildren(...children.map((child) => gridRow(app, child, on)));
  };
  // The rows are new ones after another date: who was on the way to a cell of the old ones gets there.
  date.addEventListener("blur", ({ relatedTarget }) => {
    const cells = cellsOf(body);
    const at = cells.indexOf(relatedTarget);
    fill();
    if (at >= 0 && !cells[at].isConnected) setTimeout(() => cellsOf(body)[at] && cellsOf(body)[at].focus());
  });
  date.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    fill();
    if (cellsOf(body)[0]) cellsOf(body)[0].focus();
  });
  fill();
  app.show(drawn);
  const first = [...body.querySelectorAll("[name=weight_kg]")].find((input) => input.value === "");
  if (first) first.focus();
}

const cellsOf = (body) => [...body.querySelectorAll("input, select")];

function gridRow(app, child, on) {
  const last = child.seen.filter((m) => m.on < on).pop() || {};
  const drawn = draw("t-grid-row", { name: child.name, age: age(ageInDays(child.born, on)) });
  const row = drawn.find("tr");
  row.querySelectorAll("input").forEach((input) => {
    input.setAttribute("aria-label", `${child.name}: ${input.getAttribute("aria-label")}`);
    const key = input.name === "weight_kg" ? "kg" : "cm";
    if (typeof last[key] === "number") input.placeholder = amount(last[key]);
  });
  const confirm = row.querySelector("button");
  let typed = "";
  const show = () => {
    showKnown(app, row, child, on);
    typed = textOf(row);
  };
  show();
  const changed = () => {
    if (!row.isConnected) document.removeEventListener("entries", changed);
    else if (textOf(row) === typed) show();
  };
  document.addEventListener("entries", changed);
  /** Save the row if it was changed; `on` is called as soon as it is known that nothing is left to do in it. */
  const keep = async (confirmed, moveOn = () => {}) => {
    if (row.dataset.busy) return; // hiding the button that has the focus is itself a leaving of the row
    if (textOf(row) === typed && !confirmed) {
      moveOn();
      return;
    }
    const written = textOf(row);
    await once(row, async () => {
      const storing = checkedRow(app, child.id, row, on, confirmed);
      if (!storing) return;
      moveOn(); // before it is stored: the next keys are the next child's
      if (await storing()) typed = written;
    });
  };
  row.addEventListener("focusout", (event) => {
    if (!row.contains(event.relatedTarget)) keep(false);
  });
  row.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter" || event.target === confirm) return;
    event.preventDefault();
    await keep(false, () => nextRow(row));
    if (row.contains(document.activeElement) && !confirm.hidden) confirm.focus();
  });
  confirm.addEventListener("click", () => keep(true, () => nextRow(row)));
  return drawn.root;
}

/** What is known of the child on that day; what the register has already is put right on the child's page. */
function showKnown(app, row, child, on) {
  const known = knownOn(app, app.childOf(child.id) || child, on);
  const lying = expectedPosition(ageInDays(child.born, on)) === Position.LYING;
  row.querySelector("[name=position]").value = (known && known.position) || (lying ? Position.LYING : Position.STANDING);
  row.querySelector("[name=weight_kg]").value = known && typeof known.kg === "number" ? amount(known.kg) : "";
  row.querySelector("[name=lenhei_cm]").value = known && typeof known.cm === "number" ? amount(known.cm) : "";
  const closed = Boolean(known) && !known.isOpen;
  row.querySelectorAll("input, select").forEach((input) => { input.disabled = closed; });
  mark(row, []);
  const state = known && (known.entry ? known.entry.state : "received");
  if (state === "fix") tell(row, "watch", [say("state_fix"), known.entry.answer && known.entry.answer.detail].filter(Boolean).join(": "));
  else tell(row, state === "received" ? "good" : "none", state ? say(`state_${state}`) : "");
}

/** The values of that day: those of the entry that may still be changed (`isOpen`), else what else is known. */
function knownOn(app, child, on) {
  const { entry } = targetOf(app, child, on);
  return entry ? { ...seenOf(entry), isOpen: true } : child.seen.find((m) => m.on === on);
}

const textOf = (row) => [...row.querySelectorAll("input, select")].map((input) => input.value).join("|");

/**
 * What stores a row, to be called; null when its cells cannot be or are doubtful, which is then marked. What it
 * stores was read before anything is awaited.
 */
function checkedRow(app, id, row, on, confirmed) {
  const child = app.childOf(id);
  const value = (name) => row.querySelector(`[name=${name}]`).value;
  const known = knownOn(app, child, on);
  if (known && !known.isOpen) {
    return async () => {
      showKnown(app, row, child, on);
      tell(row, "watch", say("grid_received"));
      return true;
    };
  }
  if (value("weight_kg").trim() === "" && value("lenhei_cm").trim() === "") {
    mark(row, []);
    tell(row, "", "");
    return async () => !known || app.state.outbox.remove(known.entry.id);
  }
  const fields = { measured_on: on, weight_kg: value("weight_kg"), lenhei_cm: value("lenhei_cm"), muac_cm: "", head_cm: "",
    position: value("position"), oedema: false };
  const { seen, errors } = read(app, child, fields);
  if (Object.keys(errors).length) {
    mark(row, Object.keys(errors));
    tell(row, "act", Object.values(errors).join(" "));
    return null;
  }
  if (known) Object.assign(seen, { muac: known.muac, head: known.head, oedema: Boolean(known.oedema) });
  const target = targetOf(app, child, on);
  const doubts = doubtsOf(app, child, seen, target);
  if (doubts.length && !confirmed) {
    mark(row, doubts.flatMap((code) => CELLS[code]));
    tell(row, "watch", [...new Set(doubts.map((code) => words.doubts[code]))].join(" "), true);
    return null;
  }
  return async () => {
    if (!await save(app, child, seen, doubts, target, target.entry && target.entry.body.reason)) {
      tell(row, "act", say("not_saved"));
      return false;
    }
    mark(row, []);
    tell(row, "none", say("state_waiting"));
    return true;
  };
}

function mark(row, names) {
  row.querySelectorAll("input").forEach((input) => {
    input.setAttribute("aria-invalid", String(names.includes(input.name)));
  });
}

function tell(row, kind, text, confirm = false) {
  const place = row.querySelector("[data-slot=state]");
  place.replaceChildren();
  if (text) {
    const drawn = draw("t-chip", { word: text });
    setChip(drawn.root, kind);
    place.append(drawn.root);
  }
  row.querySelector("button").hidden = !confirm;
}

function nextRow(row) {
  const rows = [...row.parentNode.children];
  const next = rows.slice(rows.indexOf(row) + 1).find((other) => !other.querySelector("input").disabled);
  if (next) next.querySelector("input").focus();
}

// --- a new child -------------------------------------------------------------------------------------------

/** `editing`: the entry of a child that is opened again. */
export function drawNewChild(app, editing) {
  const { roster } = app.state;
  const drawn = draw("t-new-child", { village: roster.village.name });
  const form = drawn.find("form");
  roster.posyandu.forEach(({ id, name }) => form.elements.posyandu.append(new Option(name, id)));
  form.elements.birth_date.max = app.today();
  if (editing) fillChild(form, editing.body);
  app.keepTyped(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(form, () => submitChild(app, form, (editing && editing.body.confirmed) || [], editing));
  });
  app.show(drawn);
  form.elements.name.focus();
  if (editing && editing.answer) showRefusal(form, editing.answer);
}

const TEXTS = ["name", "parent_name", "nik", "rt", "rw", "address"];
const BIRTH = { birth_weight_kg: [0.3, 7], birth_length_cm: [20, 70] };

function fillChild(form, body) {
  [...TEXTS, "birth_date"].forEach((name) => { form.elements[name].value = body[name] || ""; });
  Object.keys(BIRTH).forEach((name) => { form.elements[name].value = body[name] === null ? "" : amount(body[name]); });
  form.elements.sex.value = body.sex === "L" ? "1" : "2";
  form.elements.posyandu.value = body.posyandu || "";
  form.elements.growth_book.value = typeof body.growth_book === "boolean" ? String(Number(body.growth_book)) : "";
}

/** What was typed of a child as the API takes it, and a sentence for each field that cannot be. */
function readChild(app, fields) {
  const errors = {};
  const body = { village: app.state.roster.village.code, birth_date: fields.birth_date.value };
  TEXTS.forEach((name) => { body[name] = fields[name].value.trim(); });
  Object.entries(BIRTH).forEach(([name, [low, high]]) => {
    const number = typedNumber(fields[name].value);
    if (number === undefined) errors[name] = filled(words.refused.number, { text: fields[name].value.slice(0, 12) });
    else if (number !== null && (number < low || number > high)) errors[name] = words.refused[name];
    else body[name] = number;
  });
  body.posyandu = fields.posyandu.value ? Number(fields.posyandu.value) : null;
  body.growth_book = { 1: true, 0: false }[fields.growth_book.value];
  if (body.growth_book === undefined) body.growth_book = null;
  if (!/[\p{L}\p{N}]/u.test(body.name)) errors.name = words.refused.name_missing;
  if (!fields.sex.value) errors.sex = words.refused.sex_missing;
  if (!body.birth_date) errors.birth_date = words.refused.date_missing;
  else if (body.birth_date > app.today()) errors.birth_date = words.refused.born_in_future;
  const digits = body.nik.replace(/\D/g, "").length;
  if (body.nik && digits !== 16) errors.nik = filled(words.refused.nik, { count: digits });
  body.sex = fields.sex.value === "1" ? "L" : "P";
  return { body, errors };
}

async function submitChild(app, form, confirmed, editing) {
  const { body, errors } = readChild(app, form.elements);
  const its = editing ? measuredOf(app, editing.id) : [];
  const first = its.map((entry) => entry.body.measured_on).sort()[0];
  if (first && first < body.birth_date) errors.birth_date = filled(words.refused.measured_before, { date: day(first) });
  if (showErrors(form, errors)) return;
  const id = editing ? editing.id : crypto.randomUUID();
  const who = { name: body.name, sex: body.sex === "L" ? 1 : 2, born: body.birth_date, parent: body.parent_name };
  const others = app.children().filter((child) => child.id !== id);
  const alike = lookalikes(others, who).filter((child) => !confirmed.includes(child.id));
  if (alike.length) {
    const all = [...confirmed, ...alike.map((child) => child.id)];
    showAlike(form, alike, () => once(form, () => submitChild(app, form, all, editing)));
    return;
  }
  const entry = { id, kind: "child", child: id, name: body.name, village: body.village, body: { ...body, id, confirmed },
    ...(editing && { at: editing.at, rev: editing.rev }) };
  if (!await app.keep(entry)) return;
  app.forgetTyped(form);
  for (const measured of its.filter(mayChange)) {
    await app.state.outbox.save({ ...measured, name: body.name }, { undo: false });
  }
  app.go(editing ? "/outbox/" : `/children/${id}/measure/`);
}

/** What waits on this phone of a child that is new. */
const measuredOf = (app, child) => app.state.entries.filter((e) => e.kind === "measurement" && e.child === child);

function showAlike(form, alike, confirm) {
  const drawn = draw("t-alike");
  drawn.find("ul").append(...alike.map((child) => draw("t-village", {
    url: `/children/${child.id}/measure/`,
    name: say("alike", { name: child.name, date: day(child.born), parent: child.parent || "\u2013" }),
  }).root));
  drawn.find("[data-confirm]").addEventListener("click", confirm);
  const place = form.querySelector("[data-slot=alike]");
  place.replaceChildren(drawn.root);
  place.scrollIntoView({ block: "center" });
}

// --- what was sent, and signing out --------------------------------------------------------------------------

const ENTRY_KINDS = { waiting: "none", sending: "none", received: "good", fix: "watch" };

export function drawOutbox(app) {
  const { entries } = app.state;
  const drawn = draw("t-outbox", { empty: entries.length === 0, roster: "/roster/" });
  const list = document.createElement("ul");
  list.className = "rows entries";
  list.append(...[...entries].reverse().map((entry) => entryPart(app, entry)));
  drawn.slots.entries.append(list);
  drawn.find("[data-do=save-file]").addEventListener("click", () => saveFile(app));
  drawn.find("input[type=file]").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) await app.readFile(await file.text());
  });
  app.show(drawn);
}

function entryPart(app, entry) {
  const { answer, body, kind, state } = entry;
  const refused = state === "fix" && answer;
  const doubts = (refused && answer.doubts) || [];
  const alike = (refused && answer.children) || [];
  const isMeasurement = kind === "measurement";
  const drawn = draw("t-entry", {
    name: entry.name,
    state: say(`state_${state}`),
    values: isMeasurement ? `${day(body.measured_on)}: ${values(seenOf(entry))}` : say("new_child"),
    why: (refused && answer.detail) || (answer && answer.code === "rival" && answer.detail) || waitsFor(app, entry),
    confirm: doubts.length > 0 || (alike.length > 0 && answer.code !== "nik_used"),
    edit: mayChange(entry) && (isMeasurement ? measureUrl({ id: entry.child }, entry) : `/children/new/?entry=${entry.id}`),
    remove: mayChange(entry),
  });
  setChip(drawn.root, ENTRY_KINDS[state]);
  items(drawn.slots.reasons, doubts.map((doubt) => doubt.message));
  const confirm = drawn.find("[data-do=confirm]");
  const codes = doubts.length ? doubts.map((doubt) => doubt.code) : alike.map((child) => child.id);
  if (confirm) {
    confirm.addEventListener("click", async () => {
      const all = [...(body.confirmed || []), ...codes];
      await app.state.outbox.save({ ...entry, body: { ...body, confirmed: [...new Set(all)] } }, { undo: false });
      await app.sendNow();
    });
  }
  alike.forEach((other) => drawn.slots.reasons.append(samePart(app, entry, other)));
  const remove = drawn.find("[data-do=delete]");
  if (remove) remove.addEventListener("click", () => throwAway(app, entry));
  return drawn.root;
}

/** Why an entry is not sent although there is a network: its new child has to be put right first. */
function waitsFor(app, { kind, child, state }) {
  const isHeldBack = kind === "measurement" && state === "waiting"
    && app.state.entries.some((e) => e.kind === "child" && e.id === child && e.state === "fix");
  return isHeldBack && say("waits_for_child");
}

/** After a question: an entry, and with a new child what was measured of it. */
async function throwAway(app, entry) {
  const { outbox } = app.state;
  const its = entry.kind === "child" ? measuredOf(app, entry.id) : [];
  if (!confirm(say(its.length ? "delete_child" : "delete", { name: entry.name }))) return;
  for (const measured of its) await outbox.remove(measured.id);
  await outbox.remove(entry.id);
}

/** A child of the register who may be the new one: one tap gives it what was measured, and enrols nobody. */
function samePart(app, entry, other) {
  const text = say("alike", { name: other.name, date: day(other.birth_date), parent: other.parent_name || "\u2013" });
  const drawn = draw("t-same", { text });
  drawn.find("button").addEventListener("click", async () => {
    const { outbox } = app.state;
    for (const measured of measuredOf(app, entry.id)) {
      const body = { ...measured.body, child: other.id };
      await outbox.save({ ...measured, child: other.id, name: other.name, body }, { undo: false });
    }
    await outbox.remove(entry.id);
    await app.sendNow();
  });
  return drawn.root;
}

async function saveFile(app) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await app.state.outbox.toFile()], { type: "application/json" }));
  link.download = `kiriman-${app.today()}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function drawSignOut(app) {
  const count = app.state.entries.filter((entry) => entry.state !== "received").length;
  const drawn = draw("t-sign-out", { waiting: count > 0 && say("wait_count", { count }), roster: "/roster/" });
  drawn.find("[data-do=leave]").addEventListener("click", app.leave);
  const send = drawn.find("[data-do=send]");
  if (send) send.addEventListener("click", async () => { await app.sendNow(); drawSignOut(app); });
  app.show(drawn);
}
