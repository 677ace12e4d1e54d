/** Saving a measurement from its form: refused, doubted, or kept; then on to the next child or to the result. */
import { findAlike, sortIntoSections } from "../children.js";
import { findNextChild } from "../entry_target.js";
import { isSame, listDoubts, readMeasurement, saveMeasurement } from "../measurement_form.js";
import { drawSaved } from "../result.js";
import { PosyanduDay } from "../store.js";
import {
  addItems, byId, describeWho, fieldOf, fillTemplate, runOnce, say, sayWhatCounts, showErrors, showQuestion, words,
} from "../template.js";

/**
 * Save what stands in the form, or say why not.
 * @param {OpenEntryForm} page @param {boolean} goesOn to the next child @param {string[]} confirmed doubts
 */
export async function submitEntry(page, goesOn, confirmed) {
  const { app, form } = page;
  await app.session.refreshEntries(); // as they are now, also when a sending has just ended
  const { child, fields } = page;
  const { m, errors } = readMeasurement(app.session.today, child, fields);
  if (showErrors(form, errors)) return;
  const target = page.targetOn(m.on);
  const reason = fieldOf(form, "reason").value.trim();
  const unseen = page.findUnseen(target);
  if (unseen) {
    page.showDay();
    fieldOf(form, "reason").value = "";
    showErrors(form, { reason: [say("changed_meanwhile"), sayWhatCounts(unseen)].join(" ") });
    return;
  }
  if (target.corrects && !reason && !target.taken) page.fitDay();
  if (showErrors(form, refuse(child, m, target, reason))) return;
  const doubts = listDoubts(app, child, m, target);
  if (doubts.some((code) => !confirmed.includes(code))) {
    askAgain(form, `${child.name}: ${describeWho(child, m.on)}`, doubts, () => runOnce(form, () => submitEntry(page, goesOn, doubts)));
    return;
  }
  if (!await saveMeasurement(app, child, m, doubts, target, reason)) return;
  app.forgetDraft(form);
  openNext(app, child, m.on, goesOn);
}

/**
 * Why values that are right in themselves cannot be saved, by field; empty when they can.
 * @param {PhoneChild} child @param {PhoneMeasurement} m @param {EntryTarget} target @param {string} reason
 * @returns {Record<string, string>}
 */
function refuse(child, m, { corrects, taken }, reason) {
  if (taken) return { measured_on: taken };
  if (corrects && !reason) return { reason: words.refused.reason_missing };
  const old = corrects ? child.seen.find((one) => one.id === corrects) : undefined;
  return isSame(old, m) ? { weight_kg: words.refused.unchanged } : {};
}

/** @param {HTMLFormElement} form @param {string} who @param {string[]} doubts @param {() => void} confirm */
function askAgain(form, who, doubts, confirm) {
  const drawn = fillTemplate("t-doubts", { who });
  // BMI for age says nothing more than weight for length has said.
  const shown = doubts.filter((code) => !(code === "baz_flag" && doubts.includes("whz_flag")));
  addItems(drawn.find("ul"), shown.map((code) => words.doubts[code]));
  drawn.find("[data-confirm]").addEventListener("click", confirm);
  showQuestion(form, drawn);
}

/**
 * Go to the next child of the list who waits, with this result above its form; else to the result itself.
 * @param {Workspace} app @param {PhoneChild} child @param {string} on @param {boolean} goesOn
 */
function openNext(app, child, on, goesOn) {
  app.lastSaved = { id: child.id, on };
  const next = goesOn && findNext(app, child, on);
  if (next) {
    app.go(`/children/${next.id}/measure/`);
    return;
  }
  const drawn = fillTemplate("t-done", {
    name: child.name,
    who: describeWho(child, on),
    roster: app.village.url,
    page: !child.isNew && `/children/${child.id}/`,
  });
  drawn.slots.saved.append(drawSaved(app, app.lastSaved).root);
  app.lastSaved = null;
  app.show(drawn);
  if (goesOn) app.note("info", say("all_measured"));
  scrollTo(0, 0);
  /** @type {HTMLElement} */ (byId("work").querySelector("h1")).focus();
}

/** @param {Workspace} app @param {PhoneChild} child @param {string} on */
function findNext(app, child, on) {
  const { children } = app.village;
  const day = PosyanduDay.of(app);
  const listed = children.filter((one) => day.has(one));
  const sections = sortIntoSections(app.growth, listed, `${on.slice(0, 7)}-01`, on, words);
  return findNextChild(sections, children.find(({ id }) => id === child.id) || child, findAlike(children, words.names));
}
