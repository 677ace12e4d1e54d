/** What was entered on this phone: sent, waiting, or refused; each can be confirmed, changed or deleted. */
import { canChange, measureUrl, measurementOf } from "../children.js";
import { isOvertaken } from "../entry_target.js";
import {
  addItems, describeWho, fieldOf, fillShort, fillTemplate, formatDay, formatTime, formatValues, runOnce, say, sayWhatCounts,
  setChip, showErrors, words,
} from "../template.js";
import { listEntriesOf } from "./new_child.js";

const KINDS = { waiting: "none", sending: "none", received: "good", fix: "watch" };

/** @param {Workspace} app */
export async function openPage(app) {
  if (!app.session.encryption) await app.village.ensureRoster({ village: "" });
  else if (!app.village.data) await app.village.loadFromPhone({}); // who the children are
  if (app.session.encryption) drawOutbox(app, await app.loadSync());
}

/** @param {Workspace} app @param {PhoneSync} sync */
function drawOutbox(app, sync) {
  const { entries, isAllSent } = app.session;
  const isEmpty = entries.length === 0;
  const drawn = fillTemplate("t-outbox", { empty: isEmpty && isAllSent, unknown: isEmpty && !isAllSent, roster: "/roster/" });
  const list = document.createElement("ul");
  list.className = "rows entries";
  drawn.slots.entries.append(list);
  fillShort(list, [...entries].reverse(), (entry) => drawEntry(app, sync, entry));
  drawn.find("[data-do=save-file]").addEventListener("click", () => saveFile(app, sync.outbox));
  drawn.find("input[type=file]").addEventListener("change", async (/** @type {any} */ event) => {
    const [file] = event.target.files;
    if (file) await sync.readFile(await file.text());
  });
  app.show(drawn);
}

/** @param {Workspace} app @param {PhoneSync} sync @param {OutboxEntry} entry */
function drawEntry(app, sync, entry) {
  const { kind, state } = entry;
  const answer = entry.answer || {};
  const conflict = isOvertaken(entry) && answer.current;
  const isRefused = state === "fix";
  const doubts = (isRefused && answer.doubts) || [];
  const alike = (isRefused && answer.children) || [];
  const isPosted = kind !== "measurement" && kind !== "child";
  const drawn = fillTemplate("t-entry", {
    name: entry.name,
    who: describeChildOf(app, entry),
    state: say(`state_${state}`),
    values: describeEntry(entry),
    why: ((isRefused || answer.code === "rival") && answer.detail) || explainWaiting(app, entry),
    confirm: doubts.length > 0 || (alike.length > 0 && answer.code !== "nik_used"),
    edit: canChange(entry) && !isPosted && !conflict && editUrl(entry),
    again: isRefused && isPosted && doubts.length === 0,
    remove: canChange(entry) && !conflict,
  });
  if (conflict) drawn.slots.conflict.append(drawConflict(app, sync, entry, conflict));
  setChip(drawn.root, KINDS[state]);
  addItems(drawn.slots.reasons, doubts.map((doubt) => doubt.message));
  // The form of a child or measurement says them next to its fields.
  if (isRefused && isPosted) addItems(drawn.slots.reasons, Object.values(answer.errors || {}).flat());
  drawn.slots.reasons.append(...alike.map((other) => drawSame(app, sync, entry, other)));
  const codes = doubts.length ? doubts.map((doubt) => doubt.code) : alike.map((child) => child.id);
  const confirm = drawn.find("[data-do=confirm]");
  if (confirm) confirm.addEventListener("click", () => confirmEntry(sync, entry, codes));
  const again = drawn.find("[data-do=again]");
  if (again) again.addEventListener("click", () => confirmEntry(sync, entry, []));
  const remove = drawn.find("[data-do=delete]");
  if (remove) remove.addEventListener("click", () => deleteEntry(app, sync, entry));
  return drawn.root;
}

/** Who the child of an entry is, where the phone knows it. @param {Workspace} app @param {OutboxEntry} entry */
function describeChildOf(app, { kind, id, child }) {
  const known = app.village.findChild(kind === "child" ? id : child);
  return known && describeWho(known, app.session.today);
}

/** Where an entry is put right. One that was overtaken, where nobody knows by what, is typed over what counts now. @param {OutboxEntry} entry */
function editUrl(entry) {
  if (entry.kind === "child") return `/children/new/?entry=${entry.id}`;
  return measureUrl(entry.child, isOvertaken(entry) ? undefined : entry);
}

/**
 * A correction beside what somebody else made of the same measurement meanwhile: which of them counts is for her to say.
 * @param {Workspace} app @param {PhoneSync} sync @param {OutboxEntry} entry @param {CurrentMeasurement} current
 */
function drawConflict(app, sync, entry, current) {
  const isVoid = current.state === "void";
  const theirs = measurementOf({ ...entry, body: current });
  const mine = describeEntry(entry);
  const drawn = fillTemplate("t-conflict", {
    mine,
    mine_when: formatTime(entry.at),
    theirs: isVoid ? say("voided", {}, "t-conflict-words") : describeMeasurement(theirs),
    theirs_when: `${current.by}, ${formatTime(Date.parse(current.at))}`,
    theirs_why: current.reason && say("why", { reason: current.reason }, "t-conflict-words"),
    differs: isVoid || mine !== describeMeasurement(theirs),
    mine_why: !isVoid,
  });
  drawn.find("[data-do=theirs]").addEventListener("click", async () => {
    await sync.outbox.remove(entry.id);
    app.note("info", [say("kept_theirs", {}, "t-conflict-words"), isVoid ? "" : sayWhatCounts(theirs)].join(" ").trim());
  });
  /** @type {HTMLFormElement | null} */
  const form = drawn.find("form");
  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      runOnce(form, () => keepMine(sync, entry, current, isVoid ? "" : fieldOf(form, "reason").value.trim(), form));
    });
  }
  return drawn.root;
}

/**
 * Send her values as a correction of what counts now, for a reason; as new ones where nothing does.
 * @param {PhoneSync} sync @param {OutboxEntry} entry @param {CurrentMeasurement} current @param {string} reason @param {HTMLFormElement} form
 */
async function keepMine(sync, entry, current, reason, form) {
  const isVoid = current.state === "void";
  if (!isVoid && showErrors(form, reason ? {} : { reason: words.refused.reason_missing })) return;
  const { corrects: _corrects, reason: _reason, ...values } = entry.body;
  const about = isVoid ? { child: entry.child } : { corrects: current.id, reason };
  await sync.outbox.save({ ...entry, body: { ...values, ...about } }, { undo: false });
  await sync.sendNow();
}

/** @param {PhoneMeasurement} m */
const describeMeasurement = (m) => `${formatDay(m.on)}: ${formatValues(m)}`;

/** What an entry says, in a line. @param {OutboxEntry} entry */
function describeEntry(entry) {
  if (entry.kind === "child") return say("new_child");
  if (entry.kind !== "measurement") return entry.words || "";
  return describeMeasurement(measurementOf(entry));
}

/** Send an entry again, as it is where nothing is confirmed. @param {PhoneSync} sync @param {OutboxEntry} entry @param {string[]} codes */
async function confirmEntry(sync, entry, codes) {
  const confirmed = [...new Set([...(entry.body.confirmed || []), ...codes])];
  const body = codes.length ? { ...entry.body, confirmed } : entry.body;
  await sync.outbox.save({ ...entry, body }, { undo: false });
  await sync.sendNow();
}

/**
 * Why an entry is not sent although there is a network: its new child has to be put right first.
 * @param {Workspace} app @param {OutboxEntry} entry
 */
function explainWaiting(app, { kind, child, state }) {
  const isHeldBack = kind !== "child" && state === "waiting"
    && app.session.entries.some((e) => e.kind === "child" && e.id === child && e.state === "fix");
  return isHeldBack && say("waits_for_child");
}

/**
 * After a question: an entry, and with a new child what was entered of it.
 * @param {Workspace} app @param {PhoneSync} sync @param {OutboxEntry} entry
 */
async function deleteEntry(app, { outbox }, entry) {
  const others = entry.kind === "child" ? listEntriesOf(app, entry.id) : [];
  if (!window.confirm(say(others.length ? "delete_child" : "delete", { name: entry.name }))) return;
  for (const other of others) await outbox.remove(other.id);
  await outbox.remove(entry.id);
}

/**
 * A child of the register who may be the new one: one tap gives it what was entered, and enrols nobody.
 * @param {Workspace} app @param {PhoneSync} sync @param {OutboxEntry} entry
 * @param {{id: string, name: string, sex?: string, birth_date: string, parent_name?: string}} other
 */
function drawSame(app, sync, entry, other) {
  const places = {
    name: other.name, date: formatDay(other.birth_date), parent: other.parent_name || "\u2013",
    sex: say(other.sex === "L" ? "boy" : "girl"),
  };
  const known = describeChildOf(app, { ...entry, kind: "child", id: other.id });
  const drawn = fillTemplate("t-same", { text: known ? `${other.name} \u00b7 ${known}` : say("alike_sex", places) });
  drawn.find("button").addEventListener("click", async () => {
    const { outbox } = sync;
    for (const one of listEntriesOf(app, entry.id)) {
      const body = { ...one.body, child: other.id };
      await outbox.save({ ...one, child: other.id, name: other.name, body }, { undo: false });
    }
    await outbox.remove(entry.id);
    await sync.sendNow();
  });
  return drawn.root;
}

/** @param {Workspace} app @param {import("../outbox.js").Outbox} outbox */
export async function saveFile(app, outbox) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await outbox.toFile()], { type: "application/json" }));
  link.download = `kiriman-${app.session.today}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
