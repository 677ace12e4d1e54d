/** What saving values of a day changes, given what the register has and what waits on this phone. */
import { canChange, compareNames, placeAlike } from "./children.js";

/** Fields of a form that hold a number, and what they are called in a measurement. */
export const NUMBER_FIELDS = /** @type {const} */ ([
  ["weight_kg", "kg"], ["lenhei_cm", "cm"], ["muac_cm", "muac"], ["head_cm", "head"],
]);

/**
 * What saving values of a day changes. entry: the one on this phone that may still be changed (opened again, or
 * of that day, also one that was refused, but for what was overtaken), else null. corrects: the id of what the register has and this puts
 * right, which a reason must go with, else "". An entry that is a correction stays one. taken: why these values
 * cannot go to that day, else "".
 * @param {PhoneChild} child @param {string} on @param {OutboxEntry[]} entries @param {Words} words
 * @param {{editing?: OutboxEntry | null, corrects?: string}} [opened] what the form was opened for
 * @returns {EntryTarget}
 */
export function findTarget(child, on, entries, words, { editing = null, corrects = "" } = {}) {
  const waiting = findOpenEntry(child, on, entries);
  const entry = editing || (corrects ? null : waiting);
  const puts = corrects || correctedBy(entry);
  if (waiting && entry && waiting.id !== entry.id) return { entry, corrects: puts, taken: words.refused.day_waiting };
  const known = child.seen.find((m) => m.on === on && !(m.entry && canChange(m.entry)));
  if (puts) return { entry, corrects: puts, taken: known && known.id !== puts ? words.refused.day_taken : "" };
  return { entry, corrects: known ? known.id : "", taken: "" };
}

/** The register has said that what an entry puts right no longer counts: the outbox asks which value does. @param {OutboxEntry} entry */
export const isOvertaken = (entry) => entry.state === "fix" && entry.answer?.code === "not_in_force";

/** What an entry puts right. @param {OutboxEntry | null} entry */
const correctedBy = (entry) => entry?.body.corrects || "";

/** @param {PhoneChild} child @param {string} on @param {OutboxEntry[]} entries */
function findOpenEntry(child, on, entries) {
  const isOfDay = (/** @type {OutboxEntry} */ e) => e.kind === "measurement" && e.child === child.id && e.body.measured_on === on;
  return entries.filter((entry) => isOfDay(entry) && canChange(entry) && !isOvertaken(entry)).pop() || null;
}

/**
 * The measurements before a day without those that are being changed, oldest first.
 * @param {PhoneChild} child @param {string} on @param {EntryTarget} target
 */
export function listBefore(child, on, { entry, corrects }) {
  return child.seen.filter((m) => m.on < on && m.id !== corrects && !(entry && m.id === entry.id));
}

/**
 * The next child still to be measured, in the order of the list and then from its start.
 * @param {Sections} found @param {PhoneChild} after @param {AlikeNames} alike
 */
export function findNextChild({ todo }, after, alike) {
  const left = todo.map(({ child }) => ({ child })).filter(({ child }) => child.id !== after.id);
  const order = [...left, { child: after }].sort((one, other) => compareNames(one.child, other.child));
  const placed = placeAlike(order, alike).map(({ child }) => child);
  const next = placed[placed.indexOf(after) + 1] || placed[0];
  return next === after ? undefined : next;
}
