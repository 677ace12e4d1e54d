/** A paper list that is typed afterwards: a row a child, Tab and Enter only. */
import { findAlike, measurementOf, placeAlike } from "../children.js";
import { findTarget } from "../entry_target.js";
import { listDoubts, readMeasurement, saveMeasurement } from "../measurement_form.js";
import { PosyanduDay } from "../store.js";
import { fillShort, fillTemplate, fillWho, formatAmount, redrawOnEntries, runOnce, say, setChip, words } from "../template.js";
import { Position, ageInDays, expectedPosition, rules } from "../zscores.js";
import { drawVillages } from "./roster.js";

/** How many are shown at first; the next come with Enter. */
const HIGH_ROWS = 15;
/** The cells that a doubt is about. @type {Record<string, string[]>} */
const CELLS = {
  haz_flag: ["lenhei_cm"], shorter: ["lenhei_cm"], length_jump: ["lenhei_cm"], waz_flag: ["weight_kg"],
  weight_jump: ["weight_kg"], whz_flag: ["weight_kg", "lenhei_cm"], baz_flag: ["weight_kg", "lenhei_cm"],
};

let lastDay = ""; // the day of the list that was typed last: the next one is of the same

/** @param {Workspace} app @param {URLSearchParams} query */
export async function openPage(app, query) {
  if (await app.village.ensureRoster({ village: query.get("village") || "" })) drawGrid(app);
  else if (app.village.options) drawVillages(app, app.village.options);
}

/** @param {Workspace} app */
function drawGrid(app) {
  const { today } = app.session;
  const posyandu = PosyanduDay.of(app);
  const village = [app.village.open.village.name, posyandu.name].filter(Boolean).join(", ");
  const drawn = fillTemplate("t-grid", { village, roster: app.village.url, choosable: posyandu.isChoosable });
  const date = drawn.find("[name=measured_on]");
  Object.assign(date, { value: lastDay || posyandu.day, max: today });
  const body = drawn.find("tbody");
  const fill = () => fillRows(app, body, date.value);
  // The rows are new ones after another date: who was on the way to a cell of the old ones gets there.
  date.addEventListener("blur", (/** @type {FocusEvent} */ { relatedTarget }) => {
    const cells = cellsOf(body);
    const at = cells.findIndex((cell) => cell === relatedTarget);
    fill();
    if (at >= 0 && !cells[at].isConnected) setTimeout(() => cellsOf(body)[at] && cellsOf(body)[at].focus());
  });
  date.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    fill();
    if (cellsOf(body)[0]) cellsOf(body)[0].focus();
  });
  fill();
  app.show(drawn);
  const first = cellsOf(body).find((cell) => cell.name === "weight_kg" && cell.value === "");
  if (first) first.focus();
}

/** Only once the whole date is there: each key of it is a change, too. @param {Workspace} app @param {HTMLElement} body @param {string} on */
function fillRows(app, body, on) {
  if (!on || on > app.session.today || body.dataset.on === on) return;
  lastDay = on;
  body.dataset.on = on;
  const { children } = app.village;
  const posyandu = PosyanduDay.of(app);
  const alike = findAlike(children, words.names);
  const listed = children.filter((c) => posyandu.has(c) && c.born <= on && ageInDays(c.born, on) <= rules.lastDay);
  const rows = placeAlike(listed.map((child) => ({ child })), alike);
  const list = body.closest("table");
  body.replaceChildren();
  if (list?.nextElementSibling) list.nextElementSibling.remove();
  fillShort(body, rows, ({ child }) => new GridRow(app, child, on, alike.get(child.id)?.differing).root,
    { least: HIGH_ROWS, canShorten: false });
}

/** @param {ParentNode} part @returns {HTMLInputElement[]} */
const cellsOf = (part) => [...part.querySelectorAll(/** @type {"input"} */ ("input, select"))];

class GridRow {
  /** @param {Workspace} app @param {PhoneChild} child @param {string} on @param {string[]} [differing] */
  constructor(app, child, on, differing) {
    this.app = app;
    this.on = on;
    this._child = child;
    this._typed = ""; // as it was stored or shown last
    const drawn = fillTemplate("t-grid-row", { name: child.name });
    fillWho(drawn.slots.who, child, on, differing);
    /** @type {DocumentFragment} */
    this.root = drawn.root;
    /** @type {HTMLElement} */
    this.row = drawn.find("tr");
    /** @type {HTMLButtonElement} */
    this.confirm = drawn.find("button");
    this._showLast();
    this.show();
    this._listen();
  }

  /** As it is known now. */
  get child() {
    return this.app.village.findChild(this._child.id) || this._child;
  }

  /** @param {string} name */
  cell(name) {
    return /** @type {HTMLInputElement} */ (this.row.querySelector(`[name=${name}]`));
  }

  /** All that is typed, as one text. */
  get text() {
    return cellsOf(this.row).map((cell) => cell.value).join("|");
  }

  /** What saving the row would change. */
  get target() {
    return findTarget(this.child, this.on, this.app.session.entries, words);
  }

  /** The values of that day: those of the entry that may still be changed (`isOpen`), else what else is known. */
  get known() {
    const { child, target: { entry } } = this;
    if (entry) return { ...measurementOf(entry), isOpen: true };
    const received = child.seen.find((m) => m.on === this.on);
    return received && { ...received, isOpen: false };
  }

  /** Name each cell by the child, and show the values of the time before in grey. */
  _showLast() {
    const last = this._child.seen.filter((m) => m.on < this.on).pop();
    this.row.querySelectorAll("input").forEach((input) => {
      input.setAttribute("aria-label", `${this._child.name}: ${input.getAttribute("aria-label")}`);
      const value = last && last[input.name === "weight_kg" ? "kg" : "cm"];
      if (typeof value === "number") input.placeholder = formatAmount(value);
    });
  }

  /** Show what is known of that day; what the register has already is put right on the child's page. */
  show() {
    const { known, on } = this;
    const isLying = expectedPosition(ageInDays(this._child.born, on)) === Position.LYING;
    const textOf = (/** @type {any} */ value) => (typeof value === "number" ? formatAmount(value) : "");
    this.cell("position").value = (known && known.position) || (isLying ? Position.LYING : Position.STANDING);
    this.cell("weight_kg").value = textOf(known && known.kg);
    this.cell("lenhei_cm").value = textOf(known && known.cm);
    cellsOf(this.row).forEach((cell) => { cell.disabled = Boolean(known) && !known?.isOpen; });
    this.mark([]);
    const state = known && (known.entry ? known.entry.state : "received");
    const detail = known?.entry?.answer?.detail;
    if (state === "fix") this.say("watch", [say("state_fix"), detail].filter(Boolean).join(": "));
    else {
      const mark = known?.confirmed ? [say("confirmed")] : [];
      this.say(state === "received" ? "good" : "none", state ? [say(`state_${state}`), ...mark].join(", ") : "");
    }
    this._typed = this.text;
  }

  _listen() {
    const { confirm, row } = this;
    redrawOnEntries(() => row.isConnected, () => {
      if (this.text === this._typed) this.show();
    });
    row.addEventListener("focusout", (event) => {
      if (!row.contains(/** @type {Node | null} */ (event.relatedTarget))) this.keep(false);
    });
    row.addEventListener("keydown", async (event) => {
      if (event.key !== "Enter" || event.target === confirm) return;
      event.preventDefault();
      await this.keep(false, () => this.focusNext());
      if (row.contains(document.activeElement) && !confirm.hidden) confirm.focus();
    });
    confirm.addEventListener("click", () => this.keep(true, () => this.focusNext()));
  }

  /**
   * Save the row if it was changed; `moveOn` is called as soon as it is known that nothing is left to do in it.
   * @param {boolean} isConfirmed
   */
  async keep(isConfirmed, moveOn = () => {}) {
    if (this.row.dataset.busy) return; // hiding the button that has the focus is itself a leaving of the row
    const written = this.text;
    if (written === this._typed && !isConfirmed) {
      moveOn();
      return;
    }
    await runOnce(this.row, async () => {
      const store = this.check(isConfirmed);
      if (!store) return;
      moveOn(); // before it is stored: the next keys are the next child's
      if (await store()) this._typed = written;
    });
  }

  /**
   * What stores the row, to be called; null when its cells cannot be or are doubtful, which is then marked. What
   * it stores was read before anything is awaited.
   * @param {boolean} isConfirmed @returns {(() => Promise<boolean>) | null}
   */
  check(isConfirmed) {
    const { app, child, known, on, target } = this;
    if (known && !known.isOpen) return async () => this.refuseReceived();
    const [weight_kg, lenhei_cm, position] = ["weight_kg", "lenhei_cm", "position"].map((name) => this.cell(name).value);
    if (weight_kg.trim() === "" && lenhei_cm.trim() === "") {
      this.mark([]);
      this.say("", "");
      return async () => !known || (await app.loadSync()).outbox.remove(known.id);
    }
    const fields = { measured_on: on, weight_kg, lenhei_cm, muac_cm: "", head_cm: "", position, oedema: false };
    const { m, errors } = readMeasurement(app.session.today, child, fields);
    if (Object.keys(errors).length) {
      this.mark(Object.keys(errors));
      this.say("act", Object.values(errors).join(" "));
      return null;
    }
    if (known) Object.assign(m, { muac: known.muac, head: known.head, oedema: Boolean(known.oedema) });
    const doubts = listDoubts(app, child, m, target);
    if (doubts.length && !isConfirmed) {
      this.mark(doubts.flatMap((code) => CELLS[code]));
      this.say("watch", [...new Set(doubts.map((code) => words.doubts[code]))].join(" "), true);
      return null;
    }
    return () => this.store(child, m, doubts, target);
  }

  /** What the register has already is put right on the child's page. */
  refuseReceived() {
    this.show();
    this.say("watch", say("grid_received"));
    return true;
  }

  /** @param {PhoneChild} child @param {PhoneMeasurement} m @param {string[]} doubts @param {EntryTarget} target */
  async store(child, m, doubts, target) {
    if (!await saveMeasurement(this.app, child, m, doubts, target, target.entry?.body.reason)) {
      this.say("act", say("not_saved"));
      return false;
    }
    this.mark([]);
    this.say("none", [say("state_waiting"), ...(doubts.length ? [say("confirmed")] : [])].join(", "));
    return true;
  }

  /** Mark the cells that are wrong. @param {string[]} names */
  mark(names) {
    this.row.querySelectorAll("input").forEach((input) => {
      input.setAttribute("aria-invalid", String(names.includes(input.name)));
    });
  }

  /** @param {string} kind @param {string} text @param {boolean} asks whether the values are right */
  say(kind, text, asks = false) {
    const place = /** @type {HTMLElement} */ (this.row.querySelector("[data-slot=state]"));
    place.replaceChildren();
    if (text) {
      const drawn = fillTemplate("t-chip", { word: text });
      setChip(drawn.root, kind);
      place.append(drawn.root);
    }
    this.confirm.hidden = !asks;
  }

  focusNext() {
    const more = /** @type {HTMLButtonElement | null} */ (this.row.closest("table")?.nextElementSibling);
    while (!this.findNext() && more && !more.hidden) more.click();
    this.findNext()?.focus();
  }

  /** The first field of the next child that can be typed in. */
  findNext() {
    const rows = [.../** @type {HTMLElement} */ (this.row.parentNode).children];
    const inputs = rows.slice(rows.indexOf(this.row) + 1).map((row) => row.querySelector("input"));
    return inputs.find((input) => input && !input.disabled);
  }
}
