/** The form of a child's measurement: new, changed before it is sent, or a correction. Saving is in entry_save.js. */
import { canChange, findAlike, measurementOf } from "../children.js";
import { NUMBER_FIELDS, findTarget, isOvertaken, listBefore } from "../entry_target.js";
import { PosyanduDay } from "../store.js";
import {
  describeChild, fieldOf, fillTemplate, formatAmount, formatDay, redrawOnEntries, runOnce, say, sayWhatCounts, showRefusal,
  words,
} from "../template.js";
import { Position, ageInDays, completedMonths, expectedPosition, rules } from "../zscores.js";

/** @param {Workspace} app @param {URLSearchParams} query @param {string} id */
export async function openPage(app, query, id) {
  const { village } = app;
  const { turn } = app;
  // What was measured last is in the roster of this month, not in that of a month gone by.
  if (village.data && village.data.asked.month) village.data = null;
  village.whole = null;
  const corrects = query.get("corrects") || "";
  const opened = app.session.entries.find((e) => (corrects ? e.body.corrects === corrects : e.id === query.get("entry")));
  const editing = opened && canChange(opened) ? opened : null;
  // Which of two values counts is asked there: a form would put hers over the other.
  if (editing && isOvertaken(editing)) return app.go("/outbox/");
  const wanted = corrects && !editing ? { child: id, corrects } : { child: id };
  const asked = opened && !corrects ? { village: opened.village } : wanted;
  if (!village.hasChild(wanted) && !await village.ensureRoster(asked)) return;
  // The register has said that another value counts by now: without a signal the one that is known is shown.
  const isBehind = app.session.entries.some((e) => e.child === id && isOvertaken(e) && village.open.at < Number(e.receivedAt));
  if (isBehind) await village.loadFromRegister(asked);
  const saved = app.lastSaved && (await import("../result.js")).drawSaved(app, app.lastSaved, { isBrief: true });
  if (turn !== app.turn) return;
  if (village.hasChild(wanted)) {
    new EntryForm(app, id, editing, corrects).draw(saved);
    Promise.all([import("./entry_save.js"), app.loadSync()]).catch(() => {}); // there before the last figure is typed
  } else if (village.hasChild({ child: id })) app.show(fillTemplate("t-changed", { page: `/children/${id}/` }));
  else if (village.data && village.data.kept) app.go(`/children/${village.data.kept}/measure/`);
  else app.showRefused();
}

/** The form while it is open; what was typed in it (`touched`) is never overwritten. */
export class EntryForm {
  /**
   * @param {Workspace} app @param {string} id the child's @param {OutboxEntry | null} editing the entry on this phone
   *   that is opened again @param {string} corrects the id of the measurement that is put right, whatever day is
   *   written in the form
   */
  constructor(app, id, editing, corrects) {
    this.app = app;
    this.id = id;
    this.editing = editing;
    this.corrects = corrects;
    /** @type {Set<string>} */
    this.touched = new Set();
    /** The id of the measurement that the form said it would replace. */
    this.shown = "";
    const { child } = this;
    const alike = findAlike(app.village.children, words.names).get(id);
    this.drawn = fillTemplate("t-measure", {
      name: child.name,
      alike: alike && say("alike_names", { count: alike.count - 1 }),
      edit: !child.posyandu && !child.isNew && app.village.open.posyandu.length > 0 && `/children/${id}/edit/`,
      village: app.village.open.village.name,
      roster: app.village.url,
      page: !child.isNew && `/children/${child.id}/`,
      correcting: true,
      reason: true,
      next: !corrects,
    });
    /** @type {HTMLFormElement} */
    this.form = this.drawn.find("form");
    this.who = this.drawn.find("[data-t=who]");
    this.drawn.slots.parent.textContent = child.parent || say("no_parent");
    this.otherDay = this.drawn.find("[data-t=other_day]");
    this.notice = this.drawn.find("[data-if=correcting]");
    this.counts = this.drawn.find("[data-t=counts]");
  }

  /** As the child is known now. */
  get child() {
    return this.app.village.getChild(this.id);
  }

  get day() {
    return fieldOf(this.form, "measured_on").value;
  }

  /** What saving values of a day changes. @param {string} on */
  targetOn(on) {
    const { app, child, corrects, editing } = this;
    // An entry that is on its way by now can no longer be changed.
    const now = editing && app.session.entries.find((entry) => entry.id === editing.id);
    const opened = { editing: now && canChange(now) && !isOvertaken(now) ? now : null, corrects };
    return findTarget(child, on, app.session.entries, words, opened);
  }

  /** What saving would replace that others have recorded since the form showed what it replaces. @param {EntryTarget} target */
  findUnseen({ corrects }) {
    if (corrects === this.shown || this.app.session.entries.some((entry) => entry.id === corrects)) return undefined;
    return this.child.seen.find((m) => m.id === corrects);
  }

  /** Show the day as it is known now: what is saved after that replaces what was shown. */
  showDay() {
    this.fitDay();
    this.shown = this.day && this.targetOn(this.day).corrects;
  }

  /** @param {{root: DocumentFragment, isUrgent: boolean} | null} saved the result of the child before */
  draw(saved) {
    const { app, child, drawn, editing, form } = this;
    const old = child.seen.find((m) => m.id === this.corrects);
    const day = fieldOf(form, "measured_on");
    day.max = app.session.today;
    day.value = (editing && editing.body.measured_on) || (old && old.on) || app.lastSaved?.on || PosyanduDay.of(app).day;
    if (this.corrects) drawn.find("[value=stay]").classList.remove("button--quiet");
    if (saved) drawn.slots.saved.append(saved.root);
    app.lastSaved = null;
    this._listen();
    app.keepDraft(form, (name) => this.touched.add(name));
    this.showDay();
    // The arm says gizi buruk by itself, and swelling is missed most: not folded away from that age on.
    const months = this.day < child.born ? 0 : completedMonths(ageInDays(child.born, this.day));
    if (months >= rules.muac.fromMonth) /** @type {HTMLDetailsElement} */ (form.querySelector("details")).open = true;
    app.show(drawn);
    const { entry } = findTarget(child, this.day, app.session.entries, words, this);
    if (entry && entry.state === "fix" && entry.answer) showRefusal(form, entry.answer);
    const result = /** @type {HTMLElement | null} */ (document.querySelector(".just-saved"));
    if (saved && saved.isUrgent) result?.focus({ preventScroll: true });
    else fieldOf(form, "weight_kg").focus({ preventScroll: true });
    result?.scrollIntoView(); // and the fields of this child below it
  }

  _listen() {
    const { form } = this;
    form.addEventListener("input", (event) => {
      this.touched.add(/** @type {HTMLInputElement} */ (event.target).name);
      const doubts = form.querySelector("[data-slot=doubts]");
      if (doubts) doubts.replaceChildren(); // they were about other numbers
    });
    const weight = fieldOf(form, "weight_kg");
    weight.enterKeyHint = "next";
    weight.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return; // the big key of the phone: on to the length, not to the next child
      event.preventDefault();
      fieldOf(form, "lenhei_cm").focus();
    });
    fieldOf(form, "measured_on").addEventListener("change", () => this.showDay());
    redrawOnEntries(() => form.isConnected, () => this.fitDay());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
      this._submit(button !== null && button.value === "next");
    });
  }

  /** @param {boolean} goesOn to the next child */
  _submit(goesOn) {
    return runOnce(this.form, async () => {
      const saving = await import("./entry_save.js").catch(() => null);
      if (saving) await saving.submitEntry(this, goesOn, []);
      else this.app.showNoNetwork(); // what was typed is a draft: it is there again when she comes back
    });
  }

  /**
   * Fit age, last values and position to the day of the form, and say whether that day already has values, which
   * are then put right. What was typed stays.
   */
  fitDay() {
    const { day: on, form } = this;
    const child = this.app.village.findChild(this.id);
    if (!child || !on || on < child.born) return;
    const isLying = expectedPosition(ageInDays(child.born, on)) === Position.LYING;
    this._showPosition(isLying);
    this.who.textContent = [describeChild(child, on), child.posyandu].filter(Boolean).join(" \u00b7 ");
    this.otherDay.textContent = say("other_day", { date: formatDay(on) });
    this.otherDay.parentElement.hidden = on === this.app.session.today;
    const target = this.targetOn(on);
    const before = listBefore(child, on, target);
    this._showHint("weight_kg", before.map((m) => ({ on: m.on, value: m.kg })), "last_kg");
    this._showHint("lenhei_cm", before.map((m) => ({ on: m.on, value: m.cm })), "last_cm");
    this.notice.hidden = !target.corrects;
    const reason = fieldOf(form, "reason");
    /** @type {HTMLElement} */ (reason.closest(".field")).hidden = !target.corrects;
    if (!reason.value && target.entry) reason.value = target.entry.body.reason || "";
    const old = child.seen.find((m) => m.id === target.corrects);
    this.counts.textContent = old ? sayWhatCounts(old) : "";
    this._fillIn(target.entry ? measurementOf(target.entry) : old, isLying ? Position.LYING : Position.STANDING);
  }

  /** @param {boolean} isLying */
  _showPosition(isLying) {
    const box = /** @type {HTMLElement} */ (this.form.querySelector(".position"));
    box.classList.toggle("position--lying", isLying);
    box.classList.toggle("position--standing", !isLying);
    const put = (/** @type {string} */ selector, /** @type {string} */ key) => {
      /** @type {HTMLElement} */ (box.querySelector(selector)).textContent = say(key, {}, "t-position-words");
    };
    put(".hint", isLying ? "lying" : "standing");
    put("[data-t=position_why]", isLying ? "lying_why" : "standing_why");
  }

  /** Show the last value next to its field. @param {string} name @param {{on: string, value: any}[]} before @param {string} key */
  _showHint(name, before, key) {
    const last = before.filter(({ value }) => typeof value === "number").pop();
    const field = fieldOf(this.form, name);
    const place = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (field.closest(".field")).querySelector(".hint"));
    place.textContent = last ? say(key, { value: formatAmount(last.value), date: formatDay(last.on) }) : "";
    field.setAttribute("aria-describedby", place.id);
  }

  /** @param {PhoneMeasurement | undefined} m @param {string} position where it has none */
  _fillIn(m, position) {
    const { form, touched } = this;
    NUMBER_FIELDS.filter(([name]) => !touched.has(name)).forEach(([name, key]) => {
      const value = m && m[key];
      fieldOf(form, name).value = typeof value === "number" ? formatAmount(value) : "";
    });
    if (!touched.has("oedema")) fieldOf(form, "oedema").checked = Boolean(m && m.oedema);
    if (!touched.has("position")) fieldOf(form, "position").value = (m && m.position) || position;
    const details = form.querySelector("details");
    if (m && details && (typeof m.muac === "number" || typeof m.head === "number" || m.oedema)) details.open = true;
  }

  /** What stands in the fields, by their names. @returns {Record<string, any>} */
  get fields() {
    const texts = [...NUMBER_FIELDS.map(([name]) => name), "measured_on", "position"];
    const values = texts.map((name) => [name, fieldOf(this.form, name).value]);
    return { ...Object.fromEntries(values), oedema: fieldOf(this.form, "oedema").checked };
  }
}
