/** What was entered on this phone: sent, waiting, or refused; each can be confirmed, changed or deleted. */
import { canChange, measureUrl, measurementOf } from "../children.js";
import { addItems, fillTemplate, formatDay, formatValues, say, setChip } from "../template.js";
import { listMeasurementsOf } from "./new_child.js";

const KINDS = { waiting: "none", sending: "none", received: "good", fix: "watch" };

/** @param {Workspace} app */
export async function openPage(app) {
  if (!app.session.encryption) await app.village.ensureRoster({ village: "" });
  if (app.session.encryption) drawOutbox(app, await app.loadSync());
}

/** @param {Workspace} app @param {PhoneSync} sync */
function drawOutbox(app, sync) {
  const { entries } = app.session;
  const drawn = fillTemplate("t-outbox", { empty: entries.length === 0, roster: "/roster/" });
  const list = document.createElement("ul");
  list.className = "rows entries";
  list.append(...[...entries].reverse().map((entry) => drawEntry(app, sync, entry)));
  drawn.slots.entries.append(list);
  drawn.find("[data-do=save-file]").addEventListener("click", () => saveFile(app, sync.outbox));
  drawn.find("input[type=file]").addEventListener("change", async (/** @type {any} */ event) => {
    const [file] = event.target.files;
    if (file) await sync.readFile(await file.text());
  });
  app.show(drawn);
}

/** @param {Workspace} app @param {PhoneSync} sync @param {OutboxEntry} entry */
function drawEntry(app, sync, entry) {
  const { body, kind, state } = entry;
  const answer = entry.answer || {};
  const isRefused = state === "fix";
  const doubts = (isRefused && answer.doubts) || [];
  const alike = (isRefused && answer.children) || [];
  const isMeasurement = kind === "measurement";
  const edit = isMeasurement ? measureUrl(entry.child, entry) : `/children/new/?entry=${entry.id}`;
  const drawn = fillTemplate("t-entry", {
    name: entry.name,
    state: say(`state_${state}`),
    values: isMeasurement ? `${formatDay(body.measured_on)}: ${formatValues(measurementOf(entry))}` : say("new_child"),
    why: ((isRefused || answer.code === "rival") && answer.detail) || explainWaiting(app, entry),
    confirm: doubts.length > 0 || (alike.length > 0 && answer.code !== "nik_used"),
    edit: canChange(entry) && edit,
    remove: canChange(entry),
  });
  setChip(drawn.root, KINDS[state]);
  addItems(drawn.slots.reasons, doubts.map((doubt) => doubt.message));
  drawn.slots.reasons.append(...alike.map((other) => drawSame(app, sync, entry, other)));
  const codes = doubts.length ? doubts.map((doubt) => doubt.code) : alike.map((child) => child.id);
  const confirm = drawn.find("[data-do=confirm]");
  if (confirm) confirm.addEventListener("click", () => confirmEntry(sync, entry, codes));
  const remove = drawn.find("[data-do=delete]");
  if (remove) remove.addEventListener("click", () => deleteEntry(app, sync, entry));
  return drawn.root;
}

/** @param {PhoneSync} sync @param {OutboxEntry} entry @param {string[]} codes what is confirmed */
async function confirmEntry(sync, entry, codes) {
  const confirmed = [...new Set([...(entry.body.confirmed || []), ...codes])];
  await sync.outbox.save({ ...entry, body: { ...entry.body, confirmed } }, { undo: false });
  await sync.sendNow();
}

/**
 * Why an entry is not sent although there is a network: its new child has to be put right first.
 * @param {Workspace} app @param {OutboxEntry} entry
 */
function explainWaiting(app, { kind, child, state }) {
  const isHeldBack = kind === "measurement" && state === "waiting"
    && app.session.entries.some((e) => e.kind === "child" && e.id === child && e.state === "fix");
  return isHeldBack && say("waits_for_child");
}

/**
 * After a question: an entry, and with a new child what was measured of it.
 * @param {Workspace} app @param {PhoneSync} sync @param {OutboxEntry} entry
 */
async function deleteEntry(app, { outbox }, entry) {
  const measurements = entry.kind === "child" ? listMeasurementsOf(app, entry.id) : [];
  if (!window.confirm(say(measurements.length ? "delete_child" : "delete", { name: entry.name }))) return;
  for (const measurement of measurements) await outbox.remove(measurement.id);
  await outbox.remove(entry.id);
}

/**
 * A child of the register who may be the new one: one tap gives it what was measured, and enrols nobody.
 * @param {Workspace} app @param {PhoneSync} sync @param {OutboxEntry} entry
 * @param {{id: string, name: string, sex?: string, birth_date: string, parent_name?: string}} other
 */
function drawSame(app, sync, entry, other) {
  const places = {
    name: other.name, date: formatDay(other.birth_date), parent: other.parent_name || "\u2013",
    sex: say(other.sex === "L" ? "boy" : "girl"),
  };
  const drawn = fillTemplate("t-same", { text: say("alike_sex", places) });
  drawn.find("button").addEventListener("click", async () => {
    const { outbox } = sync;
    for (const measurement of listMeasurementsOf(app, entry.id)) {
      const body = { ...measurement.body, child: other.id };
      await outbox.save({ ...measurement, child: other.id, name: other.name, body }, { undo: false });
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
